"""What changed hands: cells whose actor differs, in connected parts, slivers apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import geo_frame, is_number, objects
from frontline.control.network import parts_of, sums
from frontline.control.steps import state_blocks
from frontline.control.timeline import instant
from frontline.dates import instants, to_utc
from frontline.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts
    from frontline.control.timeline import Timeline

    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]


def changed_between(
    fronts: Fronts, first: Any, second: Any, *, freq: str | None, min_area_km2: Any, as_of: Any
) -> gpd.GeoDataFrame:
    """Return what passed from whom to whom between two instants, or in every step between.

    Parameters
    ----------
    fronts
        Cells, spells, and the cells as a graph.
    first, second
        The two instants.
    freq
        A pandas frequency: every step between the two apart. They are instants of their own
        where the step does not fit, so nothing that happened between them is lost.
    min_area_km2
        Connected parts smaller than this are slivers.
    as_of
        Record time.

    Returns
    -------
    geopandas.GeoDataFrame
        As `ControlHistory.changes` says.
    """
    if instant(second) < instant(first):
        raise InputError(f"changes from {first} to {second}: the second date is the earlier one")
    if not (is_number(min_area_km2) and np.isfinite(min_area_km2) and min_area_km2 >= 0):
        raise InputError(f"min_area_km2={min_area_km2!r} must be a number of km2, 0 or more")
    begin, end = to_utc(first), to_utc(second)
    whens = pd.DatetimeIndex([begin, end])
    if freq is not None:
        whens = whens.union(instants(begin, end, freq))
    step, cell, before, after = changed_cells(fronts.timeline, whens, as_of=as_of)
    actors = fronts.timeline.actors
    pair = (step * len(actors) + before) * len(actors) + after
    part = _connected(fronts, step, cell, pair)
    size = fronts.composite.area_km2[cell]
    part_area = sums(part, size, int(part.max(initial=-1)) + 1)
    _, lead = np.unique(part, return_index=True)
    big = part_area >= min_area_km2
    group, of_part = np.unique(pair[lead], return_inverse=True)
    shapes = _dissolved(fronts.composite.polygons, cell, part, big, of_part, len(group))
    names = objects(actors)
    frame = geo_frame(
        {
            "date": whens.as_unit("us")[group // len(actors) ** 2 + 1],
            "from_actor": pd.Series(names[group // len(actors) % len(actors)], dtype=object),
            "to_actor": pd.Series(names[group % len(actors)], dtype=object),
            "area_km2": sums(of_part, part_area * big, len(group)),
            "parts": np.bincount(of_part[big], minlength=len(group)),
            "slivers_km2": sums(of_part, part_area * ~big, len(group)),
        },
        shapes,
    )
    frame = frame.sort_values(
        ["date", "area_km2"], ascending=[True, False], kind="stable", ignore_index=True
    )
    return frame if freq is not None else frame.drop(columns="date")


def changed_cells(
    timeline: Timeline, whens: pd.DatetimeIndex, *, as_of: Any
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return which cells changed hands in which step, and the actors before and after.

    Returns
    -------
    step, cell, before, after
        One row a change, in order of step and cell; step i leads from instant i to i + 1, and
        actors are numbers in `Timeline.actors`.
    """
    found = []
    for first, states in state_blocks(timeline, whens, as_of=as_of):
        actors = timeline.actor_of_state[states]
        step, cell = np.nonzero(actors[1:] != actors[:-1])
        found.append((step + first, cell, actors[step, cell], actors[step + 1, cell]))
    step, cell, before, after = (
        np.concatenate([np.asarray(each, dtype=np.int64) for each in column])
        for column in zip(*found, strict=True)
    )
    return step, cell, before, after


def _connected(fronts: Fronts, step: Ints, cell: Ints, pair: Ints) -> Ints:
    """Return the connected part of each change: neighbours that changed alike in one step."""
    other, row = fronts.network.neighbours(cell)
    stride = len(fronts.composite)
    key = step * stride + cell  # rows come in this order
    wanted = step[row] * stride + other
    at = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    alike = (key[at] == wanted) & (pair[at] == pair[row])
    return parts_of(len(cell), row[alike], at[alike])


def _dissolved(
    polygons: Geometries, cell: Ints, part: Ints, big: NDArray[np.bool_], of_part: Ints, count: int
) -> Geometries:
    """Return one polygon or multipolygon a group, of its parts that are no slivers."""
    out = np.empty(count, dtype=object)
    if not count:
        return out
    order = np.argsort(part, kind="stable")
    begins = np.searchsorted(part[order], np.arange(len(big) + 1))
    shapes = polygons[cell[order[begins[:-1]]]]
    for i in np.flatnonzero(big & (np.diff(begins) > 1)):
        shapes[i] = shapely.coverage_union_all(polygons[cell[order[begins[i] : begins[i + 1]]]])
    flat, owner = shapely.get_parts(shapes[big], return_index=True)
    owner = of_part[big][owner]
    sort = np.argsort(owner, kind="stable")
    flat, owner = flat[sort], owner[sort]
    many = np.bincount(owner, minlength=count)
    out[:] = shapely.MultiPolygon()
    single = many[owner] == 1
    out[owner[single]] = flat[single]
    wanted, number = np.unique(owner[~single], return_inverse=True)
    if len(wanted):
        out[wanted] = shapely.multipolygons(flat[~single], indices=number)
    return out
