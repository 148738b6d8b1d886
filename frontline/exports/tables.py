"""What a history says as one dated table: zones, fronts, changes, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from frontline.control.claims import AFTER, BEFORE, micros, stamps
from frontline.control.frames import object_series, objects
from frontline.dates import to_utc
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.control import ControlHistory

    Ints = NDArray[np.int64]

__all__ = ["WHATS", "tabulate"]

CRS = "EPSG:4326"
WHATS = ("zones", "front", "changes", "measures")
FIELDS = ("actor", "status", "basis")
_INSTANT = pd.Timedelta(1, "us")  # the finest step of a history


def tabulate(
    history: ControlHistory,
    what: str = "zones",
    *,
    at: Any = None,
    start: Any = None,
    end: Any = None,
    per: str = "state",
    by: Sequence[str] = ("actor", "status"),
    freq: str = "D",
    between: Any = None,
    as_of: Any = None,
) -> Any:
    """Return what a history says as a table with real times.

    Parameters
    ----------
    history
        Who held what when.
    what
        ``"zones"``, ``"front"``, ``"changes"`` or ``"measures"``.
    at
        Zones and front at one date (column `date`); None: at all times, with `valid_from` and
        `valid_to`, half-open; NaT where that side is open.
    start, end
        Changes between two dates, or the span of the measures; without them every change, with
        its `date`.
    per
        Of dated zones: ``"state"``, a row for each shape that the zone of an actor had, and as
        long as it had it; or ``"spell"``, a row for each patch that changed hands at once, which
        is far smaller where little changes. At every instant both cover the same ground.
    by
        Which of actor, status and basis tell zones apart.
    freq
        The step of measures.
    between, as_of
        As in `ControlHistory.front`.

    Returns
    -------
    geopandas.GeoDataFrame or pandas.DataFrame
        In EPSG:4326. Land of which nothing is known is left out.

    Raises
    ------
    InputError
        Options that do not go together.

    Examples
    --------
    >>> import shapely
    >>> from frontline.control import ControlHistory
    >>> maps = [("2024-12-01", shapely.box(36, 35, 37, 36)),
    ...         ("2024-12-03", shapely.box(36, 35, 36.5, 36))]
    >>> h = ControlHistory.from_snapshots(
    ...     maps, actor="A", rest="B", outline=shapely.box(36, 35, 37, 36))
    >>> t = tabulate(h)
    >>> [(r.actor, f"{r.valid_from:%d}", str(r.valid_to)[8:10]) for r in t.itertuples()]
    [('A', '01', '03'), ('A', '03', ''), ('B', '03', '')]
    """
    if what not in WHATS:
        raise InputError(f"what={what!r} is none of {', '.join(WHATS)}")
    if at is not None and what not in ("zones", "front"):
        raise InputError(f"at= is for zones and front; {what} take start= and end=")
    if (start is not None or end is not None) and what not in ("changes", "measures"):
        raise InputError(f"start= and end= are for changes and measures; {what} take at=")
    if what == "measures":
        return history.measures(freq, start=start, end=end, as_of=as_of)
    if what == "changes":
        return _changes(history, start, end, as_of)
    if what == "front":
        return _fronts(history, at, between, as_of)
    fields = _fields(by)
    if at is not None:
        return _zones_at(history, at, fields, as_of)
    if per == "state":
        return _states(history, fields, as_of)
    if per == "spell":
        return _patches(history, fields, as_of)
    raise InputError(f"per={per!r} is neither 'state' nor 'spell'")


def _fields(by: Sequence[str]) -> list[str]:
    if isinstance(by, str) or not by or set(by) - set(FIELDS):
        raise InputError(f"by={by!r} must name one or more of {', '.join(FIELDS)}")
    return [name for name in FIELDS if name in by]


def _zones_at(history: ControlHistory, at: Any, fields: list[str], as_of: Any) -> Any:
    frame = history.at(at, as_of=as_of, by=sorted({*fields, "status"}, key=FIELDS.index))
    frame = frame[frame["status"] != "no_data"]
    if "status" not in fields:
        frame = history.at(at, as_of=as_of, by=fields).dropna(subset=["actor"])
    frame = frame.reset_index(drop=True)
    frame.insert(0, "date", _column([to_utc(at)] * len(frame)))
    return frame


class _Rows:
    """Zones as they are found: of which kind, from when to when, how large, in which shape."""

    def __init__(self, history: ControlHistory, kinds: list[tuple[str | None, ...]]) -> None:
        self._composite = history.composite
        self._kinds = kinds
        self.kind: list[int] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self._areas: list[float] = []
        self._shapes: list[Any] = []

    def add(self, codes: Ints, kinds: Sequence[int], start: int, ends: Sequence[int]) -> None:
        """Add a row for every code of cells; a code numbers its kind and its end."""
        found, shapes = self._composite.dissolve(codes)
        inside = codes >= 0
        areas = np.bincount(codes[inside], weights=self._composite.area_km2[inside])
        self.kind += [kinds[code] for code in found]
        self.start += [start] * len(found)
        self.end += [ends[code] for code in found]
        self._areas += areas[found].tolist()
        self._shapes += list(shapes)

    def frame(self, fields: list[str]) -> gpd.GeoDataFrame:
        columns: dict[str, Any] = {
            name: object_series(self._kinds[kind][n] for kind in self.kind)
            for n, name in enumerate(fields)
        }
        columns["valid_from"] = stamps(np.array(self.start, dtype=np.int64))
        columns["valid_to"] = stamps(np.array(self.end, dtype=np.int64))
        columns["area_km2"] = np.array(self._areas, dtype=float)
        return gpd.GeoDataFrame(columns, geometry=objects(self._shapes), crs=CRS)


def _column(values: list[Any]) -> pd.Series[Any]:
    return pd.Series(pd.DatetimeIndex(values, tz="UTC").as_unit("us"))


def _kinds(states: Any, fields: list[str]) -> tuple[list[tuple[str | None, ...]], Ints]:
    """Return the distinct kinds of zones, and the kind of each state, -1 where nothing is known."""
    number: dict[tuple[str | None, ...], int] = {}
    places = [FIELDS.index(name) for name in fields]
    kind_of = [
        -1
        if state[1] == "no_data"
        else number.setdefault(tuple(state[place] for place in places), len(number))
        for state in states
    ]
    return list(number), np.array(kind_of, dtype=np.int64)


def _states(history: ControlHistory, fields: list[str], as_of: Any) -> gpd.GeoDataFrame:
    """Follow every zone from one shape to the next; what stays the same is one row."""
    times = history.change_times(as_of=as_of)
    first = times[0] - _INSTANT if len(times) else pd.Timestamp(0, tz="UTC")
    codes, states = history.state_codes([first, *times], as_of=as_of)
    kinds, kind_of = _kinds(states, fields)
    every, open_ends = range(len(kinds)), [AFTER] * len(kinds)
    starts = [BEFORE, *micros(times, open_end=BEFORE).tolist()]
    rows = _Rows(history, kinds)
    running: dict[int, int] = {}
    before = np.full(codes.shape[1], -1, dtype=np.int64)
    for start, line in zip(starts, codes, strict=True):
        now = kind_of[line]
        moved = now != before
        touched = np.union1d(now[moved], before[moved])
        for kind in touched.tolist():
            if kind in running:
                rows.end[running.pop(kind)] = start
        fresh = len(rows.kind)
        rows.add(np.where(np.isin(now, touched), now, -1), every, start, open_ends)
        running.update({kind: fresh + n for n, kind in enumerate(rows.kind[fresh:])})
        before = now
    return rows.frame(fields)


def _patches(history: ControlHistory, fields: list[str], as_of: Any) -> gpd.GeoDataFrame:
    """Put together the cells that became a kind of zone at one instant and ceased at another."""
    timeline = history.timeline
    believed = timeline.current(as_of)
    spells = history.spells.iloc[believed]
    kinds, kind_of = _kinds(zip(*(spells[name] for name in FIELDS), strict=True), fields)
    starts, ends = timeline.times["valid_from"][believed], timeline.times["valid_to"][believed]
    cells = timeline.cell[believed]
    rows = _Rows(history, kinds)
    for start in np.unique(starts).tolist():
        here = (starts == start) & (kind_of >= 0)
        pairs, number = np.unique(
            np.column_stack([kind_of[here], ends[here]]), axis=0, return_inverse=True
        )
        codes = np.full(len(history.composite), -1, dtype=np.int64)
        codes[cells[here]] = number.ravel()
        rows.add(codes, pairs[:, 0].tolist(), start, pairs[:, 1].tolist())
    return rows.frame(fields)


def _fronts(history: ControlHistory, at: Any, between: Any, as_of: Any) -> gpd.GeoDataFrame:
    if at is not None:
        frame = history.front(at, between=between, as_of=as_of)
        frame.insert(0, "date", _column([to_utc(at)] * len(frame)))
        return frame
    times = history.change_times(as_of=as_of)
    parts = []
    for n, when in enumerate(times):
        frame = history.front(when, between=between, as_of=as_of)
        until = times[n + 1] if n + 1 < len(times) else pd.NaT
        frame.insert(0, "valid_from", _column([when] * len(frame)))
        frame.insert(1, "valid_to", _column([until] * len(frame)))
        parts.append(frame)
    return _stacked(parts, history.front(pd.Timestamp(0, tz="UTC")), ("valid_from", "valid_to"))


def _changes(history: ControlHistory, start: Any, end: Any, as_of: Any) -> gpd.GeoDataFrame:
    if (start is None) != (end is None):
        raise InputError("changes take both start= and end=, or neither")
    if start is not None:
        frame = history.changes(start, end, as_of=as_of)
        frame.insert(0, "valid_from", _column([to_utc(start)] * len(frame)))
        frame.insert(1, "valid_to", _column([to_utc(end)] * len(frame)))
        return frame
    parts = []
    for when in history.change_times(as_of=as_of):
        frame = history.changes(when - _INSTANT, when, as_of=as_of)
        frame.insert(0, "date", _column([when] * len(frame)))
        parts.append(frame)
    moment = pd.Timestamp(0, tz="UTC")
    return _stacked(parts, history.changes(moment, moment), ("date",))


def _stacked(parts: list[Any], empty: Any, dates: tuple[str, ...]) -> gpd.GeoDataFrame:
    filled = [part for part in parts if len(part)]
    if filled:
        return gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=CRS)
    out = empty.iloc[:0].copy()
    for place, name in enumerate(dates):
        out.insert(place, name, _column([]))
    return out
