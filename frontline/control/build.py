"""From control reports per place to cells and spells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.composite import Composite, faces_from_linework, merge_faces
from frontline.control.frames import object_series, objects
from frontline.errors import InputError
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
    faces = faces_from_linework(np.concatenate([cells.linework, borders]))
    spot = shapely.point_on_surface(faces)
    shapely.prepare(cells.outline)
    within = shapely.intersects(cells.outline, spot)
    faces, spot = faces[within], spot[within]
    site, beyond = cells.origins(spot)
    inside = _membership(spot, areas)
    # Where nothing is cut the site speaks for its whole cell, as far as max_km.
    if alone:
        beyond = np.asarray(~inside.any(axis=1), dtype=bool)
    at_site = _membership(shapely.points(cells.lon, cells.lat), areas[~cut])[site]
    inside[:, ~cut] = at_site & ~beyond[:, None]
    keys = _keys(site, beyond, inside)
    polygons, _, source = merge_faces(faces, keys, sliver_deg2=SLIVER_DEG2)
    order = np.lexsort((source, beyond[source], site[source]))
    polygons, source = polygons[order], source[order]
    site, beyond, inside = site[source], beyond[source], inside[source]
    composite = Composite.from_polygons(polygons)
    named = _site_names(cells.site_of, names)
    composite.cells.insert(0, "site", site)
    composite.cells.insert(1, "place", object_series(named[s] for s in site))
    composite.cells.insert(2, "beyond", beyond)
    of_report = cells.site_of[len(places) : len(places) + len(pointed)]
    pairs = [
        _point_pairs(pointed, of_report, site, beyond, count=len(cells.lon)),
        _area_pairs(drawn, area_of, inside),
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


def _membership(spots: Geometries, areas: Geometries) -> NDArray[np.bool_]:
    inside = np.zeros((len(spots), len(areas)), dtype=bool)
    if len(areas):
        area, spot = shapely.STRtree(spots).query(areas, predicate="intersects")
        inside[spot, area] = True
    return inside


def _keys(site: Ints, beyond: NDArray[np.bool_], inside: NDArray[np.bool_]) -> Ints:
    origin = np.column_stack([site.astype(">i8").view(np.uint8).reshape(len(site), 8), beyond])
    rows = np.column_stack([origin.astype(np.uint8), np.packbits(inside, axis=1)])
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    return np.unique(packed, return_inverse=True)[1].astype(np.int64)


def _site_names(site_of: Ints, given: list[Any]) -> dict[int, Any]:
    names: dict[int, Any] = {}
    for site, name in zip(site_of.tolist(), given, strict=True):
        if names.get(site) is None:
            names[site] = name
    return names


def _point_pairs(
    reports: Ints, site_of: Ints, site: Ints, beyond: NDArray[np.bool_], *, count: int
) -> Ints:
    near = np.flatnonzero(~beyond)
    order = near[np.argsort(site[near], kind="stable")]
    begin = np.searchsorted(site[order], np.arange(count))
    size = np.searchsorted(site[order], np.arange(count), side="right") - begin
    size, begin = size[site_of], begin[site_of]
    step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    cell = order[np.repeat(begin, size) + step]
    return np.column_stack([np.repeat(reports, size), cell]).astype(np.int64)


def _area_pairs(reports: Ints, area_of: Ints, inside: NDArray[np.bool_]) -> Ints:
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for report, area in zip(reports, area_of, strict=True):
        cell = np.flatnonzero(inside[:, area])
        pairs.append(np.column_stack([np.full(len(cell), report), cell]))
    return np.concatenate(pairs)
