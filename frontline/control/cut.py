"""Who holds a road: a path cut where it crosses from one holder's cells into another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import geo_frame, in_degrees, objects
from frontline.control.meeting import crossings, part_lengths_m, segments_of
from frontline.control.network import gathered, sums
from frontline.errors import InputError
from frontline.geodesy import check_lonlat
from frontline.locality.known_paths import Path, path_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_DIGITS = 13  # crossings that agree so far along a piece are one: below a micrometre


def path_given(path: Any) -> Path:
    """Return a path: of a bundled road or river by its name, or a line as it is.

    Raises
    ------
    InputError
        Nothing bundled has that name, or what is given is no line on the globe.

    Examples
    --------
    >>> path_given("the M5").name
    'M5'
    """
    if isinstance(path, Path):
        return path
    if isinstance(path, str):
        found = path_of(path, {})
        if found is None:
            raise InputError(f"no bundled road or river is called {path!r}; give a LineString")
        return found
    if isinstance(path, (gpd.GeoSeries, gpd.GeoDataFrame)):
        lines = np.asarray(in_degrees(path, what="path").geometry.array, dtype=object)
        path = shapely.multilinestrings(shapely.get_parts(lines)) if len(lines) else None
    if getattr(path, "geom_type", "") not in {"LineString", "MultiLineString"} or path.is_empty:
        raise InputError(
            f"path must be a LineString or the name of a road or river, not {str(path)[:60]!r}"
        )
    check_lonlat(*shapely.get_coordinates(path).T, what="path's vertex")
    if not len(segments_of(path)[0]):
        raise InputError("the path has no length")
    return Path("", "line", path)


def cut_at(
    fronts: Fronts, path: Any, when: Any, *, holder: str | None, as_of: Any
) -> gpd.GeoDataFrame:
    """Return who holds a path, stretch by stretch.

    Parameters
    ----------
    fronts
        Cells and spells.
    path
        As `path_given` takes it.
    when, as_of
        The instant, and what was known.
    holder
        For whom the path may be cut.

    Returns
    -------
    geopandas.GeoDataFrame
        As `ControlHistory.cut` says.
    """
    given = path_given(path)
    if holder is not None:
        fronts.number_of(holder, what="holder")
    table, piece, begin, end, cell = _pieces(fronts, given.line)
    metres = part_lengths_m(table, piece, begin, end)
    timeline = fronts.timeline
    # The last state stands for what lies outside the theatre.
    states = [*timeline.states, (None, None, None)]
    codes = timeline.codes([when], as_of=as_of)[0]
    code = np.append(codes, len(states) - 1)[cell]
    held = {state[:2]: i for i, state in enumerate(dict.fromkeys(s[:2] for s in states))}
    kind = np.array([held[state[:2]] for state in states])[code]
    run = np.cumsum(np.append(True, kind[1:] != kind[:-1])) - 1
    count = int(run[-1]) + 1
    first = np.flatnonzero(np.append(True, run[1:] != run[:-1]))
    to_km = np.cumsum(metres)[np.append(first[1:], len(run)) - 1] / 1e3
    from_km = np.append(0.0, to_km[:-1])
    kinds = list(held)
    frame = geo_frame(
        {
            "actor": pd.Series(objects(kinds[i][0] for i in kind[first].tolist()), dtype=object),
            "status": pd.Series(objects(kinds[i][1] for i in kind[first].tolist()), dtype=object),
            "from_km": from_km,
            "to_km": to_km,
            "length_km": sums(run, metres, count) / 1e3,
        },
        _drawn(table, piece, begin, end, run, count),
    )
    by_actor = {
        name: _for_actor(frame, name)
        for name in sorted({*frame["actor"].dropna(), *([holder] if holder else [])})
    }
    frame.attrs.update(
        path=given.name,
        path_km=float(to_km[-1]),
        path_uncertainty_m=given.uncertainty_m,
        by_actor=by_actor,
    )
    if holder is not None:
        frame.attrs.update(holder=holder, **by_actor[holder])
    return frame


def _pieces(fronts: Fronts, line: Any) -> tuple[Floats, Ints, Floats, Floats, Ints]:
    """Cut a path at every border of cells; return its pieces and the cell of each."""
    table, _ = segments_of(line)
    piece, fraction, _ = crossings(table, fronts.composite.lines, fronts.network.tree)
    every = np.arange(len(table))
    ends = np.concatenate([np.zeros(len(table)), np.round(fraction, _DIGITS), np.ones(len(table))])
    stops = np.unique(np.column_stack([np.concatenate([every, piece, every]), ends]), axis=0)
    of, at = stops[:, 0].astype(np.int64), stops[:, 1]
    whole = of[1:] == of[:-1]
    piece, begin, end = of[:-1][whole], at[:-1][whole], at[1:][whole]
    middle = table[piece, :2] + (table[piece, 2:] - table[piece, :2]) * (
        (begin + end) / 2.0
    ).reshape(-1, 1)
    return table, piece, begin, end, fronts.composite.cells_at(shapely.points(middle))


def _drawn(
    table: Floats, piece: Ints, begin: Floats, end: Floats, run: Ints, count: int
) -> NDArray[np.object_]:
    start, move = table[piece, :2], table[piece, 2:] - table[piece, :2]
    a, b = (
        start + move * begin[:, None],
        np.where(end[:, None] == 1.0, table[piece, 2:], start + move * end[:, None]),
    )
    breaks = np.append(True, (run[1:] != run[:-1]) | (a[1:] != b[:-1]).any(axis=1))
    line = np.cumsum(breaks) - 1
    heads = np.flatnonzero(breaks)
    # Where it only passes from cell to cell of one holder it needs no vertex.
    kept = np.append(breaks[1:] | (piece[1:] != piece[:-1]), True)
    points = np.concatenate([a[heads], b[kept]])
    number = np.concatenate([line[heads], line[kept]])
    sort = np.argsort(number, kind="stable")
    lines = shapely.linestrings(points[sort], indices=number[sort])
    return gathered(lines, run[heads], count)


def _for_actor(frame: gpd.GeoDataFrame, actor: str) -> dict[str, Any]:
    """Say how much of a path an actor holds and whether it is cut for it."""
    own = (frame["actor"] == actor).to_numpy(dtype=bool)
    other = frame["actor"].notna().to_numpy(dtype=bool) & ~own
    held = np.flatnonzero(own)
    gaps = other[held[0] : held[-1]] if len(held) else other[:0]
    return {
        "held_km": float(frame["length_km"].to_numpy()[own].sum()),
        "cut": True if other.any() else (False if own.all() else None),
        "severed": bool(gaps.any()),
        "first_cut_km": float(frame["from_km"].to_numpy()[other][0]) if other.any() else None,
    }
