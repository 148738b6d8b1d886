"""From control reports per place to cells and spells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.composite import Composite, merge_faces
from frontline.control.frames import objects
from frontline.cutting import cut_cells
from frontline.errors import InputError
from frontline.tessellation import check_span, thiessen

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from frontline.tessellation import Tessellation

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

#: Faces below about 100 m2 arise where two borders were meant to be one.
SLIVER_DEG2 = 1e-8


@dataclass(frozen=True, eq=False)
class Ground:
    """The cells of a theatre and who may speak for them.

    Attributes
    ----------
    composite : Composite
        Cells with `site`, `place` and `beyond` beside their area.
    spoke : pandas.DataFrame
        `report` and `cell`, sorted: which statement speaks for which cell.
    outline : shapely geometry
        The theatre.
    """

    composite: Composite
    spoke: pd.DataFrame
    outline: Any


def lay_ground(
    table: gpd.GeoDataFrame,
    *,
    places: gpd.GeoDataFrame,
    outline: Any,
    max_km: float | None,
) -> Ground:
    """Draw the cells of all sites, cut by all reported areas, and match the statements.

    Parameters
    ----------
    table
        Statements, as `read_statements` returns them.
    places
        Further localities, as `read_places` returns them.
    outline, max_km
        See `frontline.tessellation.thiessen`.
    """
    shapes = np.asarray(table.geometry.array, dtype=object)
    pointed = np.flatnonzero(table["kind"] == "point")
    drawn = np.flatnonzero(table["kind"].isin(["area", "sites"]))
    spots = np.concatenate([np.asarray(places.geometry.array, dtype=object), shapes[pointed]])
    check_span(np.concatenate([spots, shapes[drawn]]))
    areas = _Areas.of(shapes[drawn], (table["kind"].to_numpy() == "area")[drawn])
    names = [*places["name"], *table["place"].to_numpy()[pointed]]
    alone = not len(spots)
    if alone:  # areas alone: one cell for all the rest, far from any site
        if not areas.cut.all():
            raise InputError(
                "reports: areas with cut=False speak for the sites inside, and there are no sites; "
                "give places or reports on points, or leave cut out"
            )
        outline = shapely.union_all(areas.shapes) if outline is None else outline
        spots = np.array([shapely.point_on_surface(outline)], dtype=object)
        names = [None]
        max_km = None
    elif outline is None and len(areas.shapes):
        hull = thiessen(*_lonlat(spots), max_km=max_km).outline
        outline = shapely.union_all(np.append(areas.shapes, hull))
    cells = thiessen(*_lonlat(spots), outline=outline, max_km=max_km)
    composite, inside = _cells(cells, areas, alone=alone)
    site = composite.cells["site"].to_numpy()
    named = _site_names(cells.site_of, names, count=len(cells.lon))
    composite.cells.insert(1, "place", pd.Series(named[site], dtype=object))
    # Where nothing is cut the site speaks for its whole cell, as far as max_km.
    near = np.flatnonzero(~composite.cells["beyond"].to_numpy())
    uncut, home = areas.holding(shapely.points(cells.lon, cells.lat), ~areas.cut)
    inside = np.concatenate([inside, joined(uncut, home, site[near], near)])
    of_report = cells.site_of[len(places) : len(places) + len(pointed)]
    pairs = [
        joined(pointed, of_report, site[near], near),
        joined(drawn, areas.of_report, *inside.T),
    ]
    spoke = pd.DataFrame(np.concatenate(pairs), columns=["report", "cell"])
    spoke = spoke.sort_values(["report", "cell"], ignore_index=True)
    return Ground(composite, spoke, cells.outline)


def _cells(cells: Tessellation, areas: _Areas, *, alone: bool) -> tuple[Composite, Ints]:
    """Cut the cells along the areas' borders; return also which area holds which cell."""
    found = cut_cells(
        cells.rings,
        cells.outline,
        np.concatenate([cells.arcs, shapely.get_parts(shapely.boundary(areas.shapes[areas.cut]))]),
        nearest=cells.nearest,
        least_deg2=SLIVER_DEG2,
    )
    whole = len(found.whole)
    site, beyond = cells.origins(found.spots)
    site = np.concatenate([found.whole, site])
    beyond = np.concatenate([np.zeros(whole, dtype=bool), beyond])
    # A whole cell lies on one side of every line, and so does its site.
    homes = shapely.points(cells.lon[found.whole], cells.lat[found.whole])
    area, face = areas.holding(np.concatenate([homes, found.spots]), areas.cut)
    if alone:
        beyond = ~np.isin(np.arange(len(site)), face)
    torn = face >= whole
    keys = _keys(site[whole:] * 2 + beyond[whole:], face[torn] - whole, area[torn])
    merged, _, source = merge_faces(found.faces, keys, sliver_deg2=SLIVER_DEG2)
    source = np.concatenate([np.arange(whole), whole + source])
    order = np.lexsort((source, beyond[source], site[source]))
    composite = Composite.from_polygons(np.concatenate([found.polygons, merged])[order])
    source = source[order]
    composite.cells.insert(0, "site", site[source])
    composite.cells.insert(1, "beyond", beyond[source])
    cell_of = np.full(len(site), -1, dtype=np.int64)
    cell_of[source] = np.arange(len(source))
    inside = np.column_stack([area, cell_of[face]])
    return composite, inside[inside[:, 1] >= 0]


@dataclass(frozen=True, eq=False)
class _Areas:
    """The distinct areas of the reports.

    An area along which some reports cut and others do not counts as two.
    """

    shapes: Geometries
    cut: NDArray[np.bool_]
    of_report: Ints

    @classmethod
    def of(cls, shapes: Geometries, cutting: NDArray[np.bool_]) -> _Areas:
        if not len(shapes):
            return cls(shapes, cutting, np.arange(0))
        outlines = shapely.to_wkb(shapely.normalize(shapes))
        codes, _ = pd.factorize(objects(zip(cutting.tolist(), outlines, strict=True)))
        first = np.unique(codes, return_index=True)[1]
        return cls(shapes[first], cutting[first], codes.astype(np.int64))

    def holding(self, spots: Geometries, which: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """Return which of the areas marked holds which spot: the areas' numbers, the spots'."""
        number = np.flatnonzero(which)
        if not len(number):
            return np.arange(0), np.arange(0)
        area, spot = shapely.STRtree(spots).query(self.shapes[number], predicate="intersects")
        return number[area], np.asarray(spot, dtype=np.int64)


def _lonlat(points: Geometries) -> tuple[Any, Any]:
    return shapely.get_x(points), shapely.get_y(points)


def _keys(origin: Ints, face: Ints, area: Ints) -> Ints:
    """Give faces of one origin that lie in the same areas the same number."""
    keys = pd.factorize(origin)[0].astype(np.int64)
    order = np.lexsort((area, face))
    face, area = face[order], area[order]
    nth = np.arange(len(face)) - np.searchsorted(face, face)
    # The first area splits what has one, the second what has two, and so on.
    for step in range(int(nth.max(initial=-1)) + 1):
        now = nth == step
        pair = keys[face[now]] * (int(area.max()) + 1) + area[now]
        keys[face[now]] = int(keys.max()) + 1 + pd.factorize(pair)[0]
    return keys


def _site_names(site_of: Ints, given: list[Any], *, count: int) -> NDArray[np.object_]:
    """Return the first name that was given for each site, None where none was."""
    names = np.full(count, None, dtype=object)
    listed = objects(given)
    said = np.flatnonzero(~pd.isna(listed))[::-1]  # the first comes last and stays
    names[site_of[said]] = listed[said]
    return names


def joined(left: Ints, key: Ints, other: Ints, right: Ints) -> Ints:
    """Return all pairs of a left and a right value whose keys are equal, shape (n, 2)."""
    order = np.argsort(other, kind="stable")
    begin = np.searchsorted(other[order], key)
    size = np.searchsorted(other[order], key, side="right") - begin
    step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    found = right[order[np.repeat(begin, size) + step]]
    return np.column_stack([np.repeat(left, size), found]).astype(np.int64)
