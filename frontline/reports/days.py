"""The day of which a sentence speaks, if it says so or the day of publication is meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from frontline.dates import to_utc
from frontline.errors import DateError

if TYPE_CHECKING:
    import pandas as pd

    from frontline.reports.clauses import Clause

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_FIRST_YEAR, _LAST_YEAR, _DAYS = 1000, 2199, 31


def day_of(clause: Clause, published: pd.Timestamp | None) -> tuple[Any, bool]:
    """Return the instant from which a claim holds, None where the words leave it open.

    A date with its year counts; one without takes the year of publication, if it is not after
    it. Words such as "last week" or a day of the week leave it open. The second value tells
    whether the words put it into a past that may be over: "had captured", "in 2016", "once".
    """
    day = _day(clause, published)
    if day is not None and day != published:
        return day, False
    years = [int(word) for word in clause.small if _is_year(word)]
    older = (
        clause.has("older")
        or _is_over(clause)
        or any(published is None or year != published.year for year in years)
    )
    return (None, True) if older else (day, False)


def _is_over(clause: Clause) -> bool:
    """Tell whether the pluperfect speaks: of what was before, unless somebody says so."""
    return clause.has("pluperfect") and not clause.has("said", "claimed")


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and _FIRST_YEAR < int(word) <= _LAST_YEAR  # noqa: PLR2004 - a year


def _day(clause: Clause, published: pd.Timestamp | None) -> Any:
    text = clause.scan.text
    span = text.text[text.starts[clause.first] : text.ends[clause.last]]
    iso = _ISO.search(span)
    if iso:
        return _made(iso[1], iso[2], iso[3])
    spelled, said = _spelled(clause, published)
    if said:
        return spelled
    if published is None:
        return None
    words = set(clause.small)
    import pandas as pd

    if words & clause.words.get("yesterday", frozenset()):
        return published - pd.Timedelta(days=1)
    if words & clause.words.get("today", frozenset()):
        return published
    return None if words & clause.words.get("past", frozenset()) else published


def _spelled(clause: Clause, published: pd.Timestamp | None) -> tuple[Any, bool]:
    """Return the date that a name of a month belongs to, and whether one was met."""
    months = {name: number for number, name in enumerate(_months(clause), start=1)}
    small = clause.small
    for k, word in enumerate(small):
        if word not in months:
            continue
        beside = [small[j] for j in (k - 1, k - 2, k + 1, k + 2) if 0 <= j < len(small)]
        days = [each for each in beside if each.isdecimal() and 0 < int(each[:4]) <= _DAYS]
        years = [each for each in beside if _is_year(each)]
        if not days:
            if years:
                return None, True
            continue
        if years:
            return _made(years[0], str(months[word]), days[0]), True
        if published is None:
            return None, True
        made = _made(str(published.year), str(months[word]), days[0])
        if made is not None and made > published:
            made = _made(str(published.year - 1), str(months[word]), days[0])
        return made, True
    return None, False


def _months(clause: Clause) -> tuple[str, ...]:
    from frontline.reports.vocabulary import vocabularies

    words = vocabularies()[clause.scan.lang(clause.first)].claims.get("words", {})
    return tuple(words.get("months", ()))


def _made(year: str, month: str, day: str) -> Any:
    try:
        return to_utc(f"{int(year):04}-{int(month):02}-{int(day):02}")
    except (DateError, ValueError):
        return None
