"""Coordinates in running text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from frontline.errors import FrontlineError
from frontline.locality.coordinates import coordinates
from frontline.locality.grammar import parse
from frontline.reports.mention import Mention
from frontline.reports.tokens import CLAUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.locality.model import Locality
    from frontline.reports.tokens import Text

# A cheap sign of coordinates first, then a closer look; bounded repeats only, so that a
# megabyte of digits is read once.
_SIGN = re.compile(
    r"[0-9\u0660-\u0669](?:[.,][0-9\u0660-\u0669]{2}| ?[\u00b0\u00ba]|[C-X][A-HJ-NP-Z]{2})"
)
_LIKELY = re.compile(
    r"-?\d{1,3}(?:[.,]\d{1,12})?\s{0,2}[\u00b0\u00ba]"
    r"|-?\d{1,3}[.,]\d{2,12}\s{0,2}[NSEW\u0421\u042e\u0412\u0417](?!\w)"
    r"|-?\d{1,3}\.\d{3,12}[,;]\s{0,2}-?\d{1,3}\.\d{3,12}(?!\d)"
    r"|\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V]\s{0,2}\d{2}"
)
_BEFORE, _NUMERIC = 4, frozenset("0123456789-")
_REACH, _WORDS = 60, 12


def merged(found: Sequence[Mention], text: Text, lang: Callable[[int], str]) -> list[Mention]:
    """Add the coordinates of a text to its mentions."""
    given = _coordinates(text, lang)
    if not given:
        return list(found)
    spans = [(each.start, each.end) for each in given]
    kept = [m for m in found if not any(a < m.end and m.start < b for a, b in spans)]
    return sorted([*kept, *given], key=lambda mention: mention.start)


def _coordinates(text: Text, lang: Callable[[int], str]) -> list[Mention]:
    out: list[Mention] = []
    free = 0
    for sign in _SIGN.finditer(text.text):
        begin = sign.start()
        while begin > max(sign.start() - _BEFORE, 0) and text.text[begin - 1] in _NUMERIC:
            begin -= 1
        if begin < free or not _LIKELY.match(text.text, begin):
            continue
        at = max(bisect_right(text.starts, begin) - 1, 0)
        pair = text.text[begin : begin + _REACH].split("\n")[0]
        stop = _end_of_pair(pair, lang(at))
        if stop == 0:
            continue
        left = max(free, begin - _REACH, text.starts[_opening(text, at)])
        # What stands before may lay something off the pair: "10 km north of 35.16N 36.80E".
        words = text.text[min(left, begin) : begin] + pair
        read = _read(words, lang(at))
        if read is None or read.span[1] <= begin - min(left, begin):
            read = _read(pair, lang(at)) if read else None
            left = begin
        if read is None:
            free = begin + stop
            continue
        start, end = (min(left, begin) + each for each in read.span)
        first = max(bisect_right(text.starts, start) - 1, 0)
        last = max(bisect_left(text.starts, end) - 1, first)
        out.append(
            Mention(start, end, read.kind, lang(at), first, last, read.features, locality=read)
        )
        free = max(end, begin + stop)
    return out


def _opening(text: Text, at: int) -> int:
    """Return the first word of the clause of a word, as far back as is of interest."""
    i = at
    while i > max(at - _WORDS, 0) and text.gaps[i] < CLAUSE:
        i -= 1
    return i


@lru_cache(maxsize=1 << 12)
def _end_of_pair(piece: str, code: str) -> int:
    """Return where a pair of coordinates that a piece begins with ends; 0 if there is none."""
    try:
        found = coordinates(piece, lang=code)
    except FrontlineError:
        return 0
    return found.span[1] if found is not None else 0


@lru_cache(maxsize=1 << 12)
def _read(words: str, code: str) -> Locality | None:
    try:
        read = parse(words, lang=code)
    except FrontlineError:
        return None
    return read if read.kind == "coordinates" or read.features else None
