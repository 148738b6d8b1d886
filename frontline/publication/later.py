"""Dates in running text that are later than a given instant.

A note may tell what its row must not. Dates are found as people write them: in numbers, with the
names of months in the languages that are read, without a year, in addresses and archive stamps.
What might be later counts as later: a note too many is left out rather than a date left in.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["names_later", "tells_later"]

_CLOCK = r"(?:[T ,]{1,2}(\d{1,2}):?(\d{2})(?::?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}})([-/._ ])(\d{{1,2}})\2(\d{{1,2}})(?!\d){_CLOCK}")
_UNSURE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d)X")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/._ ])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})[T_-]?(?:(\d{2})(\d{2})(?:\d{2})?)?(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)(\d{4})[-/._](\d{1,2})(?!\d)")
_MONTH_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})[/.](\d{4})(?!\d)")
_YEAR = re.compile(r"(?<![\d.,:])(\d{4})(?!\d|[.,:]\d)")
_EPOCH = re.compile(r"(?<![\d.])(\d{10})(?:\d{3})?(?![\d.])")
_LAST_YEAR = 2100
#: A date without a year that lies so shortly ahead is one of the coming year.
_AHEAD = dt.timedelta(days=45)
_EPOCH_YEARS = dt.timedelta(days=3653)
_ABBREVIATED = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
_NOMINATIVE = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


def tells_later(text: str, until: pd.Timestamp) -> bool:
    """Say whether a text may tell a date later than an instant, however it is written.

    Parameters
    ----------
    text
        A note, a title, an address.
    until
        In UTC.

    Examples
    --------
    >>> from frontline.dates import to_utc
    >>> until = to_utc("2024-11-28")
    >>> tells_later("reached on 5 December", until), tells_later("held since 2016", until)
    (True, False)
    >>> tells_later("https://web.archive.org/web/20241203101500/x", until)
    True
    >>> tells_later("5-7 km from 28 Nov 2024", until)
    False
    """
    plain = _plain(text)
    return any(_is_later(found, until) for found in (*_dated(plain), *_vague(plain, until)))


def names_later(text: str, until: pd.Timestamp) -> bool:
    """Say whether a name holds a whole date, with its year, later than an instant.

    Names of heights and streets hold numbers and days that are no dates of the record.

    Examples
    --------
    >>> from frontline.dates import to_utc
    >>> [names_later(name, to_utc("2024-11-28")) for name in ("Hill 2030", "map 2024-12-05")]
    [False, True]
    """
    return any(_is_later(found, until) for found in _dated(_plain(text)))


def _is_later(found: dt.datetime, until: pd.Timestamp) -> bool:
    return found > until.to_pydatetime(warn=False)


def _plain(text: str) -> str:
    """Bring digits of all scripts to 0-9 and letters to one form."""
    folded = unicodedata.normalize("NFKC", text)
    digits = "".join(
        str(unicodedata.digit(each)) if each.isdigit() and not each.isascii() else each
        for each in folded
    )
    return re.sub(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u2010-\u2015]", _mark, digits)


def _mark(found: re.Match[str]) -> str:
    return "-" if "\u2010" <= found[0] <= "\u2015" else ""


def _made(
    year: object, month: object, day: object, hour: object = 0, minute: object = 0
) -> list[dt.datetime]:
    numbers = [int(str(each or 0)) for each in (year, month, day, hour, minute)]
    try:
        return [dt.datetime(*numbers, tzinfo=dt.UTC)]  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        return []


def _dated(text: str) -> Iterator[dt.datetime]:
    """Yield the first instant of every date that has a year."""
    for year, _, month, day, hour, minute in _YEAR_FIRST.findall(text):
        yield from _made(year, month, day, hour, minute) or _made(year, month, day)
    for year, month, tens in _UNSURE.findall(text):
        yield from _made(year, month, max(int(tens) * 10, 1))
    for first, _, second, year in _YEAR_LAST.findall(text):
        whole = year if len(year) == 4 else f"20{year}"  # noqa: PLR2004 - digits of a year
        # Day or month first: nobody knows, so both.
        yield from (*_made(whole, second, first), *_made(whole, first, second))
    for year, month, day, hour, minute in _COMPACT.findall(text):
        yield from _made(year, month, day, hour, minute) or _made(year, month, day)
    for year, month in _YEAR_MONTH.findall(text):
        yield from _made(year, month, 1)
    for month, year in _MONTH_YEAR.findall(text):
        yield from _made(year, month, 1)
    for month, days, year in _worded(text):
        if year:
            for day in days or [1]:
                yield from _made(year, month, day)


def _vague(text: str, until: pd.Timestamp) -> Iterator[dt.datetime]:
    """Yield what may be a date: days without a year, lone years, seconds since 1970."""
    now = until.to_pydatetime(warn=False)
    for month, days, year in _worded(text):
        if not year:
            for day in days:
                yield from _made(now.year, month, day)
                yield from (each for each in _made(now.year + 1, month, day) if each - now < _AHEAD)
    for year in _YEAR.findall(text):
        if int(year) <= _LAST_YEAR:
            yield from _made(year, 1, 1)
    for seconds in _EPOCH.findall(text):
        moment = dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)
        if moment - now < _EPOCH_YEARS:
            yield moment


def _worded(text: str) -> Iterator[tuple[int, list[int], str]]:
    """Yield month, days and year of every date with a month's name, the day on either side."""
    names, *patterns = _months()
    small = text.lower()
    for pattern in patterns:
        for found in pattern.finditer(small):
            days = [int(each) for each in found.group("one", "two") if each]
            if days or found["year"]:
                yield names[found["month"]], days, found["year"] or ""


@cache
def _months() -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Return the numbers of months by name, and dates with the day before and behind it."""
    lists = [_ABBREVIATED, _LEVANT, _NOMINATIVE]
    lists += [
        tuple(each.claims.get("words", {}).get("months", ())) for each in vocabularies().values()
    ]
    names = {
        unicodedata.normalize("NFKC", name).lower(): number
        for months in lists
        for number, name in enumerate(months, start=1)
    } | {"sept": 9}
    choice = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    month = rf"(?<![^\W\d_])(?P<month>{choice})\.?(?![^\W\d_])"
    first, second = (rf"(?P<{name}>\d{{1,2}})(?:st|nd|rd|th|er|\.)?" for name in ("one", "two"))
    days = rf"{first}(?:\s*(?:-|and|to|/|,)\s*{second})?"
    year = r"(?:[\s_,.-]*(?:de\s+|del\s+)?(?P<year>\d{4})(?!\d))?"
    before = rf"(?:(?<!\d){days}(?:\s+(?:of|de|do|\u0645\u0646))?[\s_-]*)?{month}{year}"
    behind = rf"{month}[\s_-]+{days}(?![\d:]){year}"
    return names, re.compile(before), re.compile(behind)
