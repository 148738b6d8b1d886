"""The front and what changed hands, sector by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import CRS, faces_from_linework
from frontline.control.changes import changed_cells
from frontline.control.claims import BEFORE, stamps
from frontline.control.frames import Faults, in_degrees, objects
from frontline.control.network import gathered, sums
from frontline.control.timeline import instant
from frontline.dates import to_utc
from frontline.edges import areas_m2, lengths_m
from frontline.errors import InputError
from frontline.tessellation import thiessen

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts

    Flags = NDArray[np.bool_]
    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]

_MARGIN_DEG = 0.1
_LINE, _AREA = 1, 2
#: What rounding may leave over where a border is met: 0.1 mm of a line, 1 dm2 of an area.
_NOTHING = {_LINE: 1e-9, _AREA: 1e-12}


def sectors_of(
    fronts: Fronts, by: Any, point_of: Callable[[Any], Any]
) -> tuple[list[Any], Geometries]:
    """Return the names of sectors and their areas.

    Parameters
    ----------
    fronts
        Their cells say how far sectors of points must reach.
    by
        A GeoDataFrame with `name`, of areas or of points; a mapping of names to geometries; or
        names of places. Round a point the sector is what is nearer to it than to any other.
    point_of
        Finds the point of a place by its name.

    Raises
    ------
    InputError
        Something else, or areas and points together; all faults at once.
    """
    names, shapes = _named(by, point_of)
    faults = Faults("by")
    kinds = np.array([shapely.get_dimensions(each) if each else -1 for each in shapes])
    for i in np.flatnonzero((kinds != 0) & (kinds != _AREA)):
        faults.add(f"sector {names[i]!r}: give an area or a point")
    for i in np.flatnonzero((kinds == _AREA) & ~shapely.is_valid(shapes)):
        faults.add(f"sector {names[i]!r}: the area is not valid; repair it with make_valid()")
    if len({*kinds.tolist()} & {0, _AREA}) > 1:
        faults.add("give areas or points, not both")
    if not len(names):
        faults.add("names no sector")
    faults.raise_if_any()
    if kinds[0] == 0:
        return names, _nearest_areas(fronts, shapes)
    return names, shapes


def _named(by: Any, point_of: Callable[[Any], Any]) -> tuple[list[Any], Geometries]:
    if isinstance(by, gpd.GeoDataFrame):
        if "name" not in by.columns:
            raise InputError("by lacks the column 'name'")
        frame = in_degrees(by, what="by")
        return list(frame["name"]), np.asarray(frame.geometry.array, dtype=object)
    if hasattr(by, "items") and not isinstance(by, pd.DataFrame):
        listed = dict(by.items())
        shapes = [each if isinstance(each, shapely.Geometry) else None for each in listed.values()]
        return list(listed), objects(shapes)
    if isinstance(by, (list, tuple)):
        return [getattr(each, "name", each) for each in by], objects(point_of(each) for each in by)
    raise InputError(
        "by must be a GeoDataFrame with a column 'name', a mapping of names to geometries, or a "
        f"list of places, not {type(by).__name__}"
    )


def _nearest_areas(fronts: Fronts, points: Geometries) -> Geometries:
    """Return for each point what is nearer to it than to the others, round all cells."""
    xy = shapely.get_coordinates(points)
    bounds = np.array([*fronts.composite.cells.total_bounds, *xy.min(axis=0), *xy.max(axis=0)])
    low, high = bounds.reshape(-1, 2).min(axis=0), bounds.reshape(-1, 2).max(axis=0)
    frame = shapely.box(*(low - _MARGIN_DEG), *(high + _MARGIN_DEG))
    cells = thiessen(xy[:, 0], xy[:, 1], outline=frame)
    faces = faces_from_linework(cells.linework)
    owner, _ = cells.origins(shapely.point_on_surface(faces))
    return objects(
        shapely.coverage_union_all(faces[owner == site]) for site in cells.site_of.tolist()
    )


def sectors_at(
    fronts: Fronts,
    when: Any,
    sectors: tuple[list[Any], Geometries],
    *,
    since: Any,
    between: Any,
    as_of: Any,
) -> gpd.GeoDataFrame:
    """Return front and changes of every sector, one row a pair of actors.

    Parameters
    ----------
    fronts
        The fronts.
    when, between, as_of
        As in `Fronts.sides_at`.
    sectors
        As `sectors_of` returns them.
    since
        From when on changes count; None: none do.

    Returns
    -------
    geopandas.GeoDataFrame
        As `ControlHistory.sectors` says.
    """
    names, areas = sectors
    count = len(fronts.timeline.actors)
    edge, left, right = fronts.sides_at(when, between=between, as_of=as_of)
    turned, left, right = fronts.oriented(left, right)
    lines = fronts.composite.lines[edge]
    lines[turned] = shapely.reverse(lines[turned])
    drawn, row, sector, whole = _shared(lines, areas, dimension=_LINE)
    length = np.where(whole, fronts.composite.length_km[edge[row]], 0.0)
    length[~whole] = lengths_m(drawn[~whole]) / 1e3
    seen = fronts.confirmed_beside(edge, instant(when), as_of=as_of)[row]
    changed = _changed(fronts, areas, since, when, as_of=as_of)
    if between is not None:
        pair_asked = set(fronts.pair(between))
        changed = [each for each in changed if {each[1], each[2]} == pair_asked]
    keys = sector * count**2 + left[row] * count + right[row]
    gains: dict[tuple[int, int], float] = {}
    for number, before, after, km2 in changed:
        flip, a, b = fronts.oriented(np.array([before]), np.array([after]))
        key = number * count**2 + int(a[0]) * count + int(b[0])
        # Turned: it went from the right of the pair to the left.
        gains[key, int(flip[0])] = gains.get((key, int(flip[0])), 0.0) + km2
    every = np.unique([*keys.tolist(), *(key for key, _ in gains)]).astype(np.int64)
    empty = np.setdiff1d(np.arange(len(names)), every // count**2)
    at = np.searchsorted(every, keys)
    confirmed = np.full(len(every), BEFORE, dtype=np.int64)
    np.maximum.at(confirmed, at, seen)
    sort = np.argsort(at, kind="stable")
    parts, owner = shapely.get_parts(drawn[sort], return_index=True)
    shapes = gathered(parts, at[sort][owner], len(every))
    shapes = objects(
        each if each.geom_type == "LineString" else shapely.line_merge(each, directed=True)
        for each in shapes
    )
    actors = objects(fronts.timeline.actors)
    labels = objects([*names, None])
    blank = len(empty)
    frame = gpd.GeoDataFrame(
        {
            "sector": pd.Series(labels[np.append(every // count**2, empty)], dtype=object),
            "actor_left": pd.Series(
                np.append(actors[every // count % count], [None] * blank), dtype=object
            ),
            "actor_right": pd.Series(
                np.append(actors[every % count], [None] * blank), dtype=object
            ),
            "length_km": np.append(sums(at, length, len(every)), np.zeros(blank)),
            "confirmed_on": stamps(np.append(confirmed, np.full(blank, BEFORE))),
            "to_left_km2": [gains.get((key, 1), 0.0) for key in every.tolist()] + [0.0] * blank,
            "to_right_km2": [gains.get((key, 0), 0.0) for key in every.tolist()] + [0.0] * blank,
        },
        geometry=np.append(shapes, objects([shapely.MultiLineString()] * blank)),
        crs=CRS,
    )
    order = np.argsort(np.append(every // count**2, empty), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _shared(
    shapes: Geometries, areas: Geometries, *, dimension: int
) -> tuple[Geometries, Ints, Ints, Flags]:
    """Share shapes out to areas: what lies in several goes to the first, what in none last.

    Returns
    -------
    pieces, shape, area, whole
        The pieces, the number of the shape of each, that of the area (the number after the
        last stands for outside of all), and whether the piece is the whole shape.
    """
    rest = shapes.copy()
    whole = np.ones(len(shapes), dtype=bool)
    found: list[tuple[Geometries, Ints, Ints, Flags]] = []
    for number, area in enumerate(areas):
        shapely.prepare(area)
        near = np.flatnonzero(shapely.intersects(area, rest))
        inside = shapely.covers(area, rest[near])
        inner, across = near[inside], near[~inside]
        found.append((rest[inner], inner, np.full(len(inner), number), whole[inner]))
        whole[across] = False
        cut = shapely.intersection(rest[across], area)
        found.append((cut, across, np.full(len(across), number), whole[across]))
        rest[across] = shapely.difference(rest[across], area)
        rest[inner] = None
    left = np.flatnonzero(~(shapely.is_missing(rest) | shapely.is_empty(rest)))
    found.append((rest[left], left, np.full(len(left), len(areas)), whole[left]))
    pieces, shape, area_of, is_whole = (np.concatenate(each) for each in zip(*found, strict=True))
    # Where a line only touches an area, or areas meet along a line, nothing is shared.
    flat, owner = shapely.get_parts(pieces, return_index=True)
    good = shapely.get_dimensions(flat) == dimension
    size = shapely.area(flat) if dimension == _AREA else shapely.length(flat)
    good &= size > _NOTHING[dimension]
    owner = owner[good]
    return flat[good], shape[owner], area_of[owner], is_whole[owner]


def _changed(
    fronts: Fronts, areas: Geometries, since: Any, when: Any, *, as_of: Any
) -> list[tuple[int, int, int, float]]:
    """Return (sector, from, to, km2) of what changed hands."""
    if since is None:
        return []
    if instant(since) > instant(when):
        raise InputError(f"since={since!r} is after the instant of the front, {when}")
    whens = pd.DatetimeIndex([to_utc(since), to_utc(when)])
    _, cell, before, after = changed_cells(fronts.timeline, whens, as_of=as_of)
    polygons = fronts.composite.polygons[cell]
    pieces, row, sector, whole = _shared(polygons, areas, dimension=_AREA)
    km2 = np.where(whole, fronts.composite.area_km2[cell[row]], 0.0)
    km2[~whole] = areas_m2(pieces[~whole]) / 1e6
    ways, way = np.unique(
        np.column_stack([sector, before[row], after[row]]), axis=0, return_inverse=True
    )
    total = sums(way.ravel(), km2, len(ways))
    return [(s, a, b, each) for (s, a, b), each in zip(ways.tolist(), total.tolist(), strict=True)]
