"""The instants at which an animated map shows a history."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.dates import to_utc
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["frame_times", "is_day"]

_FINE_SPAN = pd.Timedelta(days=45)
_DAY = pd.Timedelta(days=1)
_MOST = 5_000
_TIMED = re.compile(r":|\d[T ]\d{1,2}(?:\D|$)")  # a text that names an hour, not only a day


def frame_times(
    changes: Iterable[Any],
    *,
    frames: Iterable[Any] | None = None,
    freq: str | None = None,
    from_: Any = None,
    to: Any = None,
) -> pd.DatetimeIndex:
    """Choose the frames of a map: each is one instant, in UTC.

    Parameters
    ----------
    changes : iterable of date
        The instants at which anything changes (`ControlHistory.change_times`).
    frames : iterable of date, optional
        Exactly these instants, as far as they lie between `from_` and `to`; `freq` must then be
        left out.
    freq : str, optional
        A pandas frequency, such as ``"D"``, ``"6h"`` or ``"W"``. Left out, it is three hours for
        spans of up to 45 days in which something changes within a day, else a day.
    from_, to : date, optional
        The first and the last instant shown, both of them frames whatever the frequency. `to` as a
        bare date means the end of that day, so that the last frame is the midnight after it.

    Returns
    -------
    pandas.DatetimeIndex
        Increasing, without repeats, in UTC.

    Raises
    ------
    InputError
        If there is nothing to show, `from_` lies after `to`, the frequency cannot be read, or more
        than 5,000 frames would be made.
    DateError
        If a date cannot be read.

    Examples
    --------
    >>> frame_times(["2024-11-27", "2024-11-29"]).strftime("%d %b").tolist()
    ['27 Nov', '28 Nov', '29 Nov']
    >>> len(frame_times(["2024-11-27", "2024-11-27 18:00"]))
    7
    >>> frame_times(["2024-11-27", "2024-11-29"], from_="2024-11-29").strftime("%d %b").tolist()
    ['29 Nov']
    >>> frame_times(["2024-11-27", "2024-11-29"], to="2024-11-28").strftime("%d %b").tolist()
    ['27 Nov', '28 Nov', '29 Nov']
    """
    if frames is not None:
        if freq is not None:
            raise InputError("frames= and freq= exclude each other; give one of them")
        given = pd.DatetimeIndex([to_utc(value, what="a frame") for value in frames])
        chosen = _clipped(given.sort_values().unique(), from_, to)
        if chosen.empty:
            raise InputError("frames= holds no date between from_ and to; give at least one")
        return chosen
    known = pd.DatetimeIndex(
        [to_utc(value, what="a change of the history") for value in changes]
    ).sort_values()
    if known.empty and (from_ is None or to is None):
        raise InputError("the history never changes; say what to show with from_= and to=")
    start = to_utc(from_, what="from_") if from_ is not None else known[0]
    end = _last(to) if to is not None else known[-1]
    if start > end or (start == end and is_day(to)):
        raise InputError(f"from_ ({start:%Y-%m-%d %H:%M}) lies after to ({end:%Y-%m-%d %H:%M})")
    if freq is None:
        inside = known[(known >= start) & (known <= end)]
        within_a_day = bool((inside != inside.normalize()).any())
        freq = "3h" if within_a_day and end - start <= _FINE_SPAN else "D"
    times = _grid(start, end, freq, open_end=to is None)
    ends = [start] * (from_ is not None) + [end] * (to is not None)
    return times.union(pd.DatetimeIndex(ends, dtype=times.dtype)) if ends else times


def _last(to: Any) -> pd.Timestamp:
    """Read the last instant: that of a date without a time is the midnight after it."""
    moment = to_utc(to, what="to")
    return moment + _DAY if is_day(to) else moment


def is_day(when: Any) -> bool:
    """Say whether a date was given without a time of day.

    Examples
    --------
    >>> is_day("2024-12-03"), is_day("2024-12-03 06:00")
    (True, False)
    """
    if isinstance(when, str):
        return not _TIMED.search(when.strip())
    return isinstance(when, dt.date) and not isinstance(when, dt.datetime)


def _grid(start: pd.Timestamp, end: pd.Timestamp, freq: str, *, open_end: bool) -> pd.DatetimeIndex:
    """Return a regular grid that starts on the midnight of `start`'s day, cut to what was asked.

    The last frame is the first one at which every change has happened.
    """
    try:
        offset = pd.tseries.frequencies.to_offset(freq)
    except ValueError as error:
        raise InputError(f"freq={freq!r} is no frequency; 'D', '6h' and 'W' are") from error
    until = end.ceil("D") if open_end else end
    count = 0
    times = []
    moment = start.normalize()
    while moment <= until:
        if moment >= start:
            times.append(moment)
            if open_end and moment >= end:
                break
        moment = moment + offset
        count += 1
        if count > _MOST:
            raise InputError(
                f"freq={freq!r} makes more than {_MOST:,} frames between {start:%Y-%m-%d} and "
                f"{end:%Y-%m-%d}; take a coarser one, or limit the map with from_= and to="
            )
    return pd.DatetimeIndex(times or [start])


def _clipped(times: pd.DatetimeIndex, from_: Any, to: Any) -> pd.DatetimeIndex:
    if from_ is not None:
        times = times[times >= to_utc(from_, what="from_")]
    if to is not None:
        end = _last(to)
        times = times[times < end] if is_day(to) else times[times <= end]
    return times
