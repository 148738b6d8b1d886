"""Instants and half-open intervals in UTC. A naive date means UTC; an open end is NaT."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

from frontline.errors import DateError

# Every text that is read has a year of four digits, and one order of day and month.
_YEAR_FIRST = re.compile(r"(\d{4})(?:([/.\-])(\d{1,2})(?:\2(\d{1,2}))?)?(?!\d|[/.\-]\d)", re.ASCII)
_COMPACT = re.compile(r"\d{8}(?!\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_NUMBERS_ONLY = re.compile(r"\d{1,2}[\s/.\-]+\d{1,2}[\s/.\-]+\d{2,4}(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<![\d:+])[1-9]\d{3}(?![\d:])", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+")
_MONTH_NAMES = {
    *"jan feb mar apr may jun jul aug sep sept oct nov dec january february march april".split(),
    *"june july august september october november december".split(),
}
_WORDS = _MONTH_NAMES | {
    *"mon tue wed thu fri sat sun monday tuesday wednesday thursday friday".split(),
    *"saturday sunday t z utc gmt am pm st nd rd th of".split(),
}
_MISSING = {"nan", "nat"}
_MONTHS = 12
_NONE = pd.DatetimeIndex([], tz="UTC").as_unit("us")


def to_utc(value: Any, *, what: str = "date", allow_nat: bool = False) -> pd.Timestamp:
    """Read an instant; naive means UTC, another zone is converted.

    Parameters
    ----------
    value
        A text, a date, a datetime, a `pandas.Timestamp` or a `numpy.datetime64`. A bare
        date is its first instant, 00:00 UTC.
    what
        How an error names the value.
    allow_nat
        Whether a missing value is an open end (NaT) and no error.

    Raises
    ------
    DateError
        The value is no date, does not exist (30 February) or can be read in two ways
        (05/12/2024), has no year of four digits (5.12.24, Dec 5), names a zone by letters other
        than UTC, depends on today ("now", "12:30"), or is a bare number.

    Examples
    --------
    >>> to_utc("2024-12-05 18:50+03:00")
    Timestamp('2024-12-05 15:50:00+0000', tz='UTC')
    >>> to_utc("2024-11-31")
    Traceback (most recent call last):
    frontline.errors.DateError: date '2024-11-31' does not exist or cannot be read...
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        if allow_nat:
            return pd.NaT  # type: ignore[return-value]  # pandas types NaT apart from Timestamp
        raise DateError(f"the {what} is missing; write it as 2024-12-03 or 2024-12-03T14:30Z")
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return to_utc(None, what=what, allow_nat=allow_nat)
        if value.lower() in _MISSING:
            return to_utc(None, what=what, allow_nat=allow_nat)
        value = _one_reading(value, what)
    elif not isinstance(value, (dt.date, np.datetime64)):
        raise DateError(f"{what} {value!r} is no date; write it as 2024-12-03 or 2024-12-03T14:30Z")
    try:
        stamp = pd.Timestamp(value)
    except (ValueError, OverflowError):
        raise DateError(
            f"{what} {str(value)[:60]!r} does not exist or cannot be read; "
            "write it as 2024-12-03 or 2024-12-03T14:30Z"
        ) from None
    if str(stamp) == "NaT":
        return to_utc(None, what=what, allow_nat=allow_nat)
    stamp = stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")
    return stamp.as_unit("us")


def _one_reading(text: str, what: str) -> str:
    """Return a text that can be read in one way only, the year first where it is all numbers.

    Raises
    ------
    DateError
        It could be read in two ways, or only by guessing.
    """
    words = {word.lower() for word in _WORD.findall(text)}
    last = _YEAR_LAST.match(text)
    if last:
        first, second = int(last[1]), int(last[3])
        if max(first, second) <= _MONTHS and first != second:
            raise _two_ways(text, what)
        day, month = (second, first) if second > _MONTHS else (first, second)
        text = f"{last[4]}-{month:02d}-{day:02d}{text[last.end() :]}"
    elif _NUMBERS_ONLY.match(text):
        raise _two_ways(text, what)
    year = _YEAR_FIRST.match(text)
    known = (
        (year and (year[3] is None or 1 <= int(year[3]) <= _MONTHS))
        or _COMPACT.match(text)
        or (not year and words & _MONTH_NAMES and _YEAR.search(text))
    )
    if not known or not words <= _WORDS:
        raise DateError(
            f"{what} {text[:60]!r} does not exist or cannot be read without guessing; "
            "write it as 2024-12-03 or 2024-12-03T14:30Z"
        )
    return text


def _two_ways(text: str, what: str) -> DateError:
    return DateError(
        f"{what} {text[:60]!r} can be read with the day or the month first; write it as 2024-12-03"
    )


def _first_of(text: Any) -> str | None:
    """Say whether a date in numbers has the day or the month first, None if it does not tell."""
    found = _YEAR_LAST.match(text.strip()) if isinstance(text, str) else None
    if not found or found[1] == found[3]:
        return None
    return "day" if int(found[1]) > _MONTHS else "month"


def to_utc_series(values: Any, *, what: str = "date", allow_nat: bool = True) -> pd.Series[Any]:
    """Read a column of instants; see `to_utc`.

    Returns
    -------
    pandas.Series
        ``datetime64[us, UTC]``, with the index of `values` if it has one.

    Raises
    ------
    DateError
        Some values are no dates; the message names every row. Or some have the day first and
        others the month (13/11/2024 and 11/14/2024).

    Examples
    --------
    >>> to_utc_series(["2024-12-03", None]).isna().tolist()
    [False, True]
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        stamps = series.dt.tz_convert("UTC").dt.as_unit("us")
    elif pd.api.types.is_datetime64_dtype(series.dtype):
        stamps = series.dt.tz_localize("UTC").dt.as_unit("us")
    else:
        stamps = _read_each(series, what=what, allow_nat=allow_nat)
    if not allow_nat and stamps.isna().any():
        missing = stamps.index[stamps.isna()].tolist()
        raise DateError(f"the {what} is missing in rows {missing[:20]}")
    return stamps


def _read_each(series: pd.Series[Any], *, what: str, allow_nat: bool) -> pd.Series[Any]:
    """Read values one by one, equal texts only once."""
    values = series.to_numpy(dtype=object)
    code = np.arange(len(values))
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        code, distinct = pd.factorize(values, use_na_sentinel=False)
        values = np.asarray(distinct, dtype=object)
    orders = {first: value for value in values if (first := _first_of(value))}
    if len(orders) > 1:
        raise DateError(
            f"the {what} has the day first in {orders['day'][:40]!r} and the month first in "
            f"{orders['month'][:40]!r}; write all as 2024-12-03"
        )
    out: list[pd.Timestamp] = []
    wrong: dict[int, DateError] = {}
    for i, value in enumerate(values):
        try:
            stamp = to_utc(value, what=what, allow_nat=allow_nat)
        except DateError as error:
            wrong[i] = error
            stamp = pd.NaT  # type: ignore[assignment]  # a place holder, raised below
        out.append(stamp)
    if wrong:
        bad = np.flatnonzero(np.isin(code, list(wrong)))[:20]
        labels = series.index[bad]
        raise DateError(
            "; ".join(f"row {at}: {wrong[i]}" for at, i in zip(labels, code[bad], strict=True))
        )
    stamps = pd.DatetimeIndex(out, tz="UTC").as_unit("us") if out else _NONE
    return pd.Series(stamps.take(code), index=series.index)


def check_order(start: pd.Timestamp, end: pd.Timestamp, *, what: str = "interval") -> None:
    """Raise unless the half-open interval [start, end) holds at least an instant.

    Examples
    --------
    >>> check_order(to_utc("2024-12-05"), to_utc("2024-12-03"))
    Traceback (most recent call last):
    frontline.errors.DateError: the interval ends (2024-12-03 00:00 UTC) before it begins ...
    """
    if end <= start:  # never true where one of them is NaT
        raise DateError(
            f"the {what} ends ({end:%Y-%m-%d %H:%M} UTC) before it begins "
            f"({start:%Y-%m-%d %H:%M} UTC); intervals are half-open, [from, to)"
        )


def instants(start: pd.Timestamp, end: pd.Timestamp, freq: str) -> pd.DatetimeIndex:
    """Return the regular instants from `start` to `end`, both included where the step fits.

    Raises
    ------
    DateError
        `freq` is no pandas frequency (``"D"``, ``"6h"``), or `end` is before `start`.

    Examples
    --------
    >>> len(instants(to_utc("2024-11-27"), to_utc("2024-12-11"), "D"))
    15
    """
    if end < start:
        raise DateError(f"the last date ({end:%Y-%m-%d}) is before the first ({start:%Y-%m-%d})")
    return pd.date_range(start, end, freq=check_freq(freq)).as_unit("us")


def check_freq(freq: Any) -> Any:
    """Return a step in time as pandas has it.

    Raises
    ------
    DateError
        `freq` is no pandas frequency (``"D"``, ``"6h"``), or leads back in time.
    """
    wrong = f"{freq!r} is no step forward in time; use D, 6h, h or W"
    try:
        step = pd.tseries.frequencies.to_offset(freq)
    except (ValueError, TypeError):
        raise DateError(wrong) from None
    # pandas makes no step of None; its type says otherwise.
    if getattr(step, "n", 0) <= 0:
        raise DateError(wrong)
    return step
