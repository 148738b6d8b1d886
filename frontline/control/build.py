"""From control reports per place to cells and spells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.composite import Composite, merge_faces
from frontline.control.frames import objects
from frontline.errors import InputError
from frontline.noding import cut_cells
from frontline.tessellation import check_span, thiessen

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

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
    cutting = (table["kind"].to_numpy() == "area")[drawn]
    areas, area_of = _distinct(shapes[drawn], cutting)
    cut = np.zeros(len(areas), dtype=bool)
    cut[area_of] = cutting
    names = [*places["name"], *table["place"].to_numpy()[pointed]]
    alone = not len(spots)
    if alone:  # areas alone: one cell for all the rest, far from any site
        if not cut.all():
            raise InputError(
                "reports: areas with cut=False speak for the sites inside, and there are no sites; "
                "give places or reports on points, or leave cut out"
            )
        outline = shapely.union_all(areas) if outline is None else outline
        spots = np.array([shapely.point_on_surface(outline)], dtype=object)
        names = [None]
        max_km = None
    elif outline is None and len(areas):
        hull = thiessen(*_lonlat(spots), max_km=max_km).outline
        outline = shapely.union_all(np.append(areas, hull))
    cells = thiessen(*_lonlat(spots), outline=outline, max_km=max_km)
    borders = shapely.get_parts(shapely.boundary(areas[cut]))
    found = cut_cells(
        cells.rings,
        cells.outline,
        np.concatenate([cells.arcs, borders]),
        nearest=cells.nearest,
        least_deg2=SLIVER_DEG2,
    )
    # A whole cell lies on one side of every line, and so does its site.
    whole = len(found.whole)
    homes = shapely.points(cells.lon, cells.lat)
    site, beyond = cells.origins(found.spots)
    site = np.concatenate([found.whole, site])
    beyond = np.concatenate([np.zeros(whole, dtype=bool), beyond])
    area, face = _members(np.concatenate([homes[found.whole], found.spots]), areas, cut)
    if alone:
        beyond = ~np.isin(np.arange(len(site)), face)
    torn = face >= whole
    keys = _keys(site[whole:] * 2 + beyond[whole:], face[torn] - whole, area[torn])
    merged, _, source = merge_faces(found.faces, keys, sliver_deg2=SLIVER_DEG2)
    polygons = np.concatenate([found.polygons, merged])
    source = np.concatenate([np.arange(whole), whole + source])
    order = np.lexsort((source, beyond[source], site[source]))
    cell_of = np.full(len(site), -1, dtype=np.int64)
    cell_of[source[order]] = np.arange(len(order))
    site, beyond = site[source[order]], beyond[source[order]]
    composite = Composite.from_polygons(polygons[order])
    named = _site_names(cells.site_of, names, count=len(homes))
    composite.cells.insert(0, "site", site)
    composite.cells.insert(1, "place", pd.Series(named[site], dtype=object))
    composite.cells.insert(2, "beyond", beyond)
    # Where nothing is cut the site speaks for its whole cell, as far as max_km.
    near = np.flatnonzero(~beyond)
    uncut, home = _members(homes, areas, ~cut)
    inside = np.concatenate(
        [
            np.column_stack([area, cell_of[face]])[cell_of[face] >= 0],
            _joined(uncut, home, site[near], near),
        ]
    )
    of_report = cells.site_of[len(places) : len(places) + len(pointed)]
    pairs = [
        _joined(pointed, of_report, site[near], near),
        _joined(drawn, area_of, *inside.T),
    ]
    spoke = pd.DataFrame(np.concatenate(pairs), columns=["report", "cell"])
    spoke = spoke.sort_values(["report", "cell"], ignore_index=True)
    return Ground(composite, spoke, cells.outline)


def _lonlat(points: Geometries) -> tuple[Any, Any]:
    return shapely.get_x(points), shapely.get_y(points)


def _distinct(shapes: Geometries, cutting: NDArray[np.bool_]) -> tuple[Geometries, Ints]:
    """Return the distinct areas, and for each one given the number of its like.

    An area that some reports cut along and others do not counts as two.
    """
    if not len(shapes):
        return shapes, np.arange(0)
    outlines = shapely.to_wkb(shapely.normalize(shapes))
    codes, _ = pd.factorize(objects(zip(cutting.tolist(), outlines, strict=True)))
    first = np.unique(codes, return_index=True)[1]
    return shapes[first], codes.astype(np.int64)


def _members(spots: Geometries, areas: Geometries, which: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return which of some areas holds which spot: the areas' numbers, the spots'."""
    number = np.flatnonzero(which)
    if not len(number):
        return np.arange(0), np.arange(0)
    area, spot = shapely.STRtree(spots).query(areas[number], predicate="intersects")
    return number[area], np.asarray(spot, dtype=np.int64)


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


def _joined(left: Ints, key: Ints, other: Ints, right: Ints) -> Ints:
    """Return all pairs of a left and a right value whose keys are equal, shape (n, 2)."""
    order = np.argsort(other, kind="stable")
    begin = np.searchsorted(other[order], key)
    size = np.searchsorted(other[order], key, side="right") - begin
    step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    found = right[order[np.repeat(begin, size) + step]]
    return np.column_stack([np.repeat(left, size), found]).astype(np.int64)
