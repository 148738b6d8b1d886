"""Dates that are not known to the day: the part of EDTF that reports need.

The Extended Date/Time Format (Library of Congress, 2019; ISO 8601-2) writes how well a date is
known: ``2024-12`` is some time in December, ``2024-12-04~`` about the fourth, ``2024-12-04?``
perhaps the fourth, ``%`` both, ``2024-12-XX`` a day that nobody knows, ``2024-12-01/2024-12-05``
some time between the two and ``..`` an end that is open. Level 0 is read, and of level 1
these marks, unspecified digits and open or unknown ends.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from frontline.errors import DateError

_DATE = re.compile(
    r"(?P<year>[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2})"
    r"(?:T(?P<hour>[0-9][0-9]):(?P<minute>[0-9][0-9])(?::(?P<second>[0-9][0-9]))?"
    r"(?P<zone>Z|[+-][0-9][0-9](?::?[0-9][0-9])?)?)?)?)?(?P<mark>[~?%])?"
)
_MARKED = re.compile(
    r"[0-9X]{4}(?:-[0-9X]{2})?"  # a year or a month alone
    r"|[0-9X]{4}-[0-9X]{2}-[0-9X]*X[0-9X]*"
    r"|[0-9X]{4}[-0-9XT:+Z]*[~?%]"
    r"|(?:[0-9X]{4}[-0-9XT:+Z]*[~?%]?|\.\.)?/(?:[0-9X]{4}.*|\.\.)?"
)
_LAST_YEAR = 9998  # the instant after a date must exist too
_MONTHS = 12
_DAYS = 31
_OPEN = ("", "..")
_HINT = "write it as 2024-12, 2024-12-04~, 2024-12-XX or 2024-12-01/2024-12-05"


@dataclass(frozen=True, slots=True)
class Edtf:
    """What a date in EDTF says.

    Attributes
    ----------
    text : str
        The text as written, without blanks around it.
    earliest, latest : pandas.Timestamp
        The instants between which it lies, half-open, UTC; NaT where that end is open or
        unknown. The latest is the first instant that is too late: ``2024-12`` ends with
        2025-01-01 00:00.
    approximate, uncertain : bool
        Whether it is marked ``~`` or ``?``; ``%`` is both.
    instant : pandas.Timestamp
        The one instant that stands for it: the earliest, or where that is open the first
        instant of the last date it names.
    doubt_from, doubt_to : pandas.Timestamp
        Between which instants one cannot tell whether it has come yet: the earliest and the
        latest, on a side that is marked moved out by one unit of what was written (a day, a
        month, a year). Equal where the date is plain and to the day or finer.
    """

    text: str
    earliest: pd.Timestamp
    latest: pd.Timestamp
    approximate: bool
    uncertain: bool
    instant: pd.Timestamp
    doubt_from: pd.Timestamp
    doubt_to: pd.Timestamp

    @property
    def end(self) -> pd.Timestamp:
        """The one instant that stands for it where something ends: the latest, NaT if open.

        Of a plain day it is the first instant, as everywhere.
        """
        return self.instant if self.exact else self.latest

    @property
    def exact(self) -> bool:
        """Whether it is a plain date to the day or finer."""
        return bool(self.doubt_from == self.doubt_to)


@dataclass(frozen=True, slots=True)
class _Side:
    earliest: pd.Timestamp
    latest: pd.Timestamp
    mark: str
    unit: pd.DateOffset
    fine: bool


def looks_like_edtf(text: str) -> bool:
    """Say whether a text is no plain date but one whose doubt EDTF writes.

    Examples
    --------
    >>> [looks_like_edtf(text) for text in ("2024-12", "2024-12-04~", "2024-12-04", "2024/12/04")]
    [True, True, False, False]
    """
    return _MARKED.fullmatch(text.strip()) is not None


def parse(text: str) -> Edtf:
    """Read a date in EDTF.

    Parameters
    ----------
    text
        The date. A time of day without a zone is UTC.

    Raises
    ------
    DateError
        The text is no date in the part of EDTF that is read, names a date that does not
        exist, or an interval that ends before it begins.

    Notes
    -----
    Seasons, sets, exponents and marks within a date are not read. A time of day may be marked
    too, and may leave out the seconds, which EDTF does not allow.

    Examples
    --------
    >>> about = parse("2024-12-04~")
    >>> about.earliest.isoformat(), about.latest.isoformat(), about.approximate
    ('2024-12-04T00:00:00+00:00', '2024-12-05T00:00:00+00:00', True)
    >>> about.doubt_from.isoformat()
    '2024-12-03T00:00:00+00:00'
    >>> parse("2024-12/..").latest
    NaT
    """
    if not isinstance(text, str):
        raise DateError(f"{text!r} is no text in EDTF; {_HINT}")
    text = text.strip()
    first, slash, second = text.partition("/")
    if not slash:
        return _single(text, _side(first, text))
    sides = [None if end in _OPEN else _side(end, text) for end in (first, second)]
    begin, end = sides
    if begin is None and end is None:
        raise DateError(f"{text[:60]!r} names no date; {_HINT}")
    if begin is not None and end is not None and begin.earliest >= end.latest:
        raise DateError(f"the interval {text[:60]!r} ends before it begins")
    marks = "".join(side.mark for side in sides if side is not None)
    return Edtf(
        text,
        pd.NaT if begin is None else begin.earliest,  # type: ignore[arg-type]  # NaT is typed apart
        pd.NaT if end is None else end.latest,  # type: ignore[arg-type]
        bool(set(marks) & set("~%")),
        bool(set(marks) & set("?%")),
        begin.earliest if begin is not None else end.earliest,  # type: ignore[union-attr]
        _moved(begin, -1),
        _moved(end, 1),
    )


def _single(text: str, side: _Side) -> Edtf:
    plain = side.fine and not side.mark
    return Edtf(
        text,
        side.earliest,
        side.latest,
        side.mark in ("~", "%"),
        side.mark in ("?", "%"),
        side.earliest,
        _moved(side, -1),
        side.earliest if plain else _moved(side, 1),
    )


def _moved(side: _Side | None, way: int) -> Any:
    if side is None:
        return pd.NaT
    bound = side.earliest if way < 0 else side.latest
    return bound if not side.mark else _stamp(bound + way * side.unit)


def _side(text: str, whole: str) -> _Side:
    """Read a date that is no interval."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise DateError(f"{whole[:60]!r} cannot be read as EDTF; {_HINT}")
    year, month, day = found["year"], found["month"], found["day"]
    try:
        low, high = _first(year, month, day), _last(year, month, day)
    except (ValueError, OverflowError):
        raise DateError(
            f"{whole[:60]!r} does not exist in the years 1 to {_LAST_YEAR}; {_HINT}"
        ) from None
    unspecified = "X" in text
    if found["hour"] is not None:
        if unspecified:
            raise DateError(f"{whole[:60]!r} has a time of day on a day that is not known")
        return _timed(found, low, whole)
    one_day = dt.timedelta(days=1)
    if day is not None:
        unit = pd.DateOffset(days=1)
    elif month is not None:
        unit = pd.DateOffset(months=1)
    else:
        unit = pd.DateOffset(years=10 ** year.count("X"))
    fine = day is not None and not unspecified
    return _Side(_stamp(low), _stamp(high + one_day), found["mark"] or "", unit, fine)


def _timed(found: re.Match[str], day: dt.datetime, whole: str) -> _Side:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    zone = found["zone"] or "Z"
    shift = dt.timedelta(0)
    if zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        shift = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        shift = -shift if zone[0] == "-" else shift
    unit = pd.DateOffset(minutes=1) if found["second"] is None else pd.DateOffset(seconds=1)
    try:
        start = _stamp(day.replace(hour=hour, minute=minute, second=second) - shift)
    except (ValueError, OverflowError):
        raise DateError(f"{whole[:60]!r} has a time of day that does not exist") from None
    return _Side(start, _stamp(start + unit), found["mark"] or "", unit, True)


def _choices(digits: str | None, least: int, most: int) -> list[int]:
    """Return the numbers from `least` to `most` that may stand for digits with X."""
    if digits is None:
        return list(range(least, most + 1))
    low = max(int(digits.replace("X", "0")), least)
    high = min(int(digits.replace("X", "9")), most)
    return [
        number
        for number in range(low, high + 1)
        if all(a in ("X", b) for a, b in zip(digits, str(number).zfill(len(digits)), strict=True))
    ]


def _dates(year: str, month: str | None, day: str | None, *, backwards: bool) -> dt.datetime:
    step = -1 if backwards else 1
    years = _choices(year, 1, _LAST_YEAR)[::step]
    months = _choices(month, 1, _MONTHS)[::step]
    days = _choices(day, 1, _DAYS)[::step]
    if int(year.replace("X", "9")) > _LAST_YEAR or int(year.replace("X", "0")) < 1:
        raise ValueError(year)
    for date in product(years, months, days):
        try:
            return dt.datetime(*date, tzinfo=dt.UTC)
        except ValueError:
            continue
    raise ValueError(year)


def _first(year: str, month: str | None, day: str | None) -> dt.datetime:
    return _dates(year, month, day, backwards=False)


def _last(year: str, month: str | None, day: str | None) -> dt.datetime:
    return _dates(year, month, day, backwards=True)


def _stamp(moment: Any) -> pd.Timestamp:
    return pd.Timestamp(moment).as_unit("us")
