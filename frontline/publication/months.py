"""The names of months that are read: in full, cut short, with endings, in eleven languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from frontline.reports.vocabulary import vocabularies

__all__ = ["fold", "month_number", "month_pattern"]

_LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
#: What comes beside the full names of the vocabularies: "a/b" are two ways to write it.
_SHORT = (
    "jan feb mar apr may jun jul aug sep/sept oct nov dec",
    "janv fevr/fev mars avr mai juin juil aout sept oct nov dec",
    "ene feb mar abr may jun jul ago sep/set oct nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "jan/jan feb mar/mrz apr mai jun jul aug sep okt nov dez",
    "oca sub mar nis may haz tem agu eyl eki kas ara",
    "yan fev mar apr may iyn iyl avq sen okt noy dek",
    # Cyrillic, whatever it looks like.
    "янв фев/февр мар апр май июн июл авг сен/сент окт ноя/нояб дек",
    "січ лют бер квіт/кві трав/тра черв/чер лип серп/сер вер/верес жовт/жов лист/лис груд/гру",  # noqa: RUF001
)
#: Stems that take the endings of their cases: "in December", "of December", "from December".
_STEMS = (
    "январ феврал март апрел май июн июл август сентябр октябр ноябр декабр",
    "січн лют березн квітн травн червн липн серпн вересн жовтн листопад грудн",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень - грудень",
    "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
)
_ENDING = 4


def fold(text: str) -> str:
    r"""Return letters without case and accents, so that what is written without them is found.

    Examples
    --------
    >>> fold("D\N{LATIN SMALL LETTER E WITH ACUTE}c. Aral\N{LATIN SMALL LETTER DOTLESS I}k")
    'dec. aralik'
    """
    split = unicodedata.normalize("NFKD", text.lower().replace("\u0131", "i"))
    return "".join(each for each in split if not unicodedata.combining(each))


@cache
def _names() -> dict[str, int]:
    lists = [[_LEVANT[k]] for k in range(12)]
    for each in vocabularies().values():
        for k, name in enumerate(each.claims.get("words", {}).get("months", ())):
            lists[k].append(name)
    for line in _SHORT:
        for k, names in enumerate(line.split()):
            lists[k] += names.split("/")
    return {fold(name): k for k, names in enumerate(lists, start=1) for name in names}


@cache
def _stems() -> dict[str, int]:
    return {
        fold(stem): k
        for line in _STEMS
        for k, stem in enumerate(line.split(), start=1)
        if stem != "-"
    }


def month_number(word: str) -> int:
    """Return the number of a month that `month_pattern` found.

    Examples
    --------
    >>> month_number("dec"), month_number("aralikta")
    (12, 12)
    """
    if word in _names():
        return _names()[word]
    stem = next(word[:end] for end in range(len(word), 0, -1) if word[:end] in _stems())
    return _stems()[stem]


@cache
def month_pattern() -> str:
    """Return the pattern of a month's name in a folded text, its group called `month`."""
    names, stems = (
        "|".join(re.escape(each) for each in sorted(found, key=len, reverse=True))
        for found in (_names(), _stems())
    )
    word = rf"(?:(?:{stems})[^\W\d_]{{0,{_ENDING}}}|{names})"
    return rf"(?<![^\W\d_])(?P<month>{word})\.?(?![^\W\d_])"
