"""Dates in running text that are later than a given instant.

A note may tell what its row must not. Dates are found as people write them: in numbers, with the
names of months in the languages that are read, without a year, in addresses and archive stamps.
What might be later counts as later: a note too many is left out rather than a date left in.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

from frontline.publication.months import fold, month_number, month_pattern
from frontline.publication.plain import plain

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
_WEEK = re.compile(r"(?<!\d)(\d{4})-?W(\d{2})(?:-?([1-7]))?(?!\d)", re.IGNORECASE)
_DAY_OF_YEAR = re.compile(r"(?<!\d)(\d{4})[-/._](\d{3})(?!\d)")
_HAN = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")
_ROMAN = re.compile(
    r"(?<![\d.])(\d{1,2})([-./ ])(XII|XI|IX|IV|V?I{1,3}|V|X)(?:\2(\d{4}|\d{2}))?(?![^\W_])",
    re.IGNORECASE,
)
_ROMANS = "I II III IV V VI VII VIII IX X XI XII".split()
_YEAR = re.compile(r"(?<![\d.,:])(\d{4})(?!\d|[.,:]\d)")
# The rest is read only where it comes out near the last instant: most such numbers are no dates.
_YY_FIRST = re.compile(r"(?<!\d)(\d{2})([-/._])(\d{2})\2(\d{2})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_SIX = re.compile(r"(?<![\d.,])(\d{2})(\d{2})(\d{2})(?![\d.,])")
_LONGER = re.compile(r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)\d{1,6}(?!\d)")
_DAY_DOT_MONTH = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(?!\d)")
_DAY_SLASH_MONTH = re.compile(r"(?<![\d.])(?<!\d/)(\d{1,2})/(\d{1,2})(?!\d|/\d)")
_MILITARY = re.compile(r"(?<!\d)(\d{2})\d{4}\s?[a-z]?\s?([a-z]{3})\s?(\d{4}|\d{2})?(?!\d)")
_EPOCH = re.compile(
    r"(?<![\d.])(?:(?=\d{10}(?:\d{3}|\d{6})?(?!\d))|(?<!/)(?=\d{19}(?!\d)))(\d{10})"
)
#: Numbers of posts that hold their instant: the pattern, the bits behind it, units in a second,
#: and what it is counted from, in those units.
_POSTS = (
    (re.compile(r"status(?:es)?/(\d{15,19})(?!\d)", re.IGNORECASE), 22, 1000, 1288834974657),
    (re.compile(r"/@[\w.@-]+/(\d{17,19})(?!\d)"), 16, 1000, 0),
    (re.compile(r"/video/(\d{19})(?!\d)", re.IGNORECASE), 32, 1, 0),
)
_LAST_YEAR = 2100
#: A date without a year that lies so shortly ahead is one of the coming year.
_AHEAD = dt.timedelta(days=45)
_EPOCH_YEARS = dt.timedelta(days=3653)


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
    read = plain(text)
    return any(_is_later(found, until) for found in (*_dated(read), *_vague(read, until)))


def names_later(text: str, until: pd.Timestamp) -> bool:
    """Say whether a name holds a whole date, with its year, later than an instant.

    Names of heights and streets hold numbers and days that are no dates of the record.

    Examples
    --------
    >>> from frontline.dates import to_utc
    >>> [names_later(name, to_utc("2024-11-28")) for name in ("Hill 2030", "map 2024-12-05")]
    [False, True]
    """
    return any(_is_later(found, until) for found in _dated(plain(text)))


def _is_later(found: dt.datetime, until: pd.Timestamp) -> bool:
    return found > until.to_pydatetime(warn=False)


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
        whole = _whole(year)
        # Day or month first: nobody knows, so both.
        yield from (*_made(whole, second, first), *_made(whole, first, second))
    for year, month, day, hour, minute in _COMPACT.findall(text):
        yield from _made(year, month, day, hour, minute) or _made(year, month, day)
    for year, month in _YEAR_MONTH.findall(text):
        yield from _made(year, month, 1)
    for month, year in _MONTH_YEAR.findall(text):
        yield from _made(year, month, 1)
    yield from _otherwise(text)
    for month, days, year in _worded(text):
        if len(year) == _DIGITS:
            for day in days or [1]:
                yield from _made(year, month, day)


def _otherwise(text: str) -> Iterator[dt.datetime]:
    """Yield dates by weeks, by days of the year, in Han and with Roman months."""
    for year, week, day in _WEEK.findall(text):
        yield from _counted(f"{year}-W{week}-{day or 1}", "%G-W%V-%u")
    for year, day in _DAY_OF_YEAR.findall(text):
        yield from _counted(f"{year}-{day}", "%Y-%j")
    for year, month, day in _HAN.findall(text):
        yield from _made(year, month, day or 1)
    for day, _, roman, year in _ROMAN.findall(text):
        if year:
            yield from _made(_whole(year), _ROMANS.index(roman.upper()) + 1, day)


_DIGITS = 4


def _whole(year: str) -> str:
    return year if len(year) == _DIGITS else f"20{year}"


def _counted(text: str, form: str) -> list[dt.datetime]:
    """Read a week or the number of a day in its year."""
    try:
        return [dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)]
    except ValueError:
        return []


def _vague(text: str, until: pd.Timestamp) -> Iterator[dt.datetime]:
    """Yield what may be a date: days without a year, lone years, counts of seconds, bare digits."""
    now = until.to_pydatetime(warn=False)
    for month, days in _without_year(text):
        for day in days:
            yield from _made(now.year, month, day)
            yield from (each for each in _made(now.year + 1, month, day) if each - now < _AHEAD)
    for year in _YEAR.findall(text):
        if int(year) <= _LAST_YEAR:
            yield from _made(year, 1, 1)
    for moment in (*_bare(text), *_ticks(text)):
        if moment - now < _EPOCH_YEARS:
            yield moment
    yield from (moment for moment in _guessed(text) if moment.year - now.year in (0, 1))


def _guessed(text: str) -> Iterator[dt.datetime]:
    """Yield what is more often a count than a date: six digits, two digits behind a month."""
    for one, two, three in _SIX.findall(text):
        yield from (*_made(f"20{one}", two, three), *_made(f"20{three}", two, one))
    for month, days, year in _worded(text):
        if year and len(year) < _DIGITS:
            for day in days or [1]:
                yield from _made(f"20{year}", month, day)


def _without_year(text: str) -> Iterator[tuple[int, list[int]]]:
    """Yield month and days of what has no year; of 12/5 and 5.12. both readings."""
    for month, days, year in _worded(text):
        if len(year) != _DIGITS:
            yield month, days
    for day, mark, roman, year in _ROMAN.findall(text):
        if not year and mark in "./" and roman.isupper():
            yield _ROMANS.index(roman) + 1, [int(day)]
    for pattern in (_DAY_DOT_MONTH, _DAY_SLASH_MONTH):
        for one, two in pattern.findall(text):
            yield int(two), [int(one)]
            yield int(one), [int(two)]


def _bare(text: str) -> Iterator[dt.datetime]:
    """Yield dates that begin with two digits of a year, or have no marks between the digits."""
    for year, _, month, day in _YY_FIRST.findall(text):
        yield from _made(f"20{year}", month, day)
    for one, two, year in _EIGHT.findall(text):
        yield from (*_made(year, two, one), *_made(year, one, two))
    for year, month, day in _LONGER.findall(text):
        yield from _made(year, month, day)
    for day, month, year in _MILITARY.findall(text.lower()):
        if re.fullmatch(month_pattern(), month):
            yield from _made(_whole(year or "0000"), month_number(month), day)


def _ticks(text: str) -> Iterator[dt.datetime]:
    """Yield seconds since 1970, and the instants in the numbers of posts."""
    for seconds in _EPOCH.findall(text):
        yield dt.datetime.fromtimestamp(int(seconds), tz=dt.UTC)
    for pattern, bits, per_s, start in _POSTS:
        for number in pattern.findall(text):
            yield dt.datetime.fromtimestamp(((int(number) >> bits) + start) / per_s, tz=dt.UTC)


def _worded(text: str) -> Iterator[tuple[int, list[int], str]]:
    """Yield month, days and year of every date with a month's name, the day on either side."""
    small = fold(text)
    for pattern in _patterns():
        for found in pattern.finditer(small):
            days = [int(each) for each in found.group("one", "two") if each]
            short = found["year"] and len(found["year"]) < _DIGITS
            # "Nov 27" is a day; of a year of two digits alone the mark tells.
            if days or (found["year"] and (not short or re.search("['\u2019]", found[0]))):
                yield month_number(found["month"]), days, found["year"] or ""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return dates with the day before and behind the month."""
    month = month_pattern()
    ending = r"(?:-?(?:st|nd|rd|th|er|o|a|го|ого|и|е|ое)(?![^\W\d_])|\.)?"  # noqa: RUF001 - Cyrillic
    first, second = (rf"(?P<{name}>\d{{1,2}})(?!\d){ending}" for name in ("one", "two"))
    days = rf"{first}(?:\s*(?:-|and|to|/|,)\s*{second})?"
    year = r"(?:[\s_,.'\u2019-]*(?:de\s+|del\s+|of\s+)?(?P<year>\d{4}|\d{2})(?![\d:]))?"
    before = rf"(?:(?<!\d){days}(?:\s+(?:of|de|do|\u0645\u0646)(?:\s+the)?)?[\s,_-]*)?{month}{year}"
    behind = rf"{month}[\s,_-]+(?:the\s+)?{days}(?![\d:]){year}"
    return re.compile(before), re.compile(behind)
