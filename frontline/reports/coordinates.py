"""Coordinates in running text."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from frontline.errors import FrontlineError
from frontline.locality.grammar import parse
from frontline.reports.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
_REACH = 60


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
    starts = text.starts
    for sign in _SIGN.finditer(text.text):
        begin = sign.start()
        while begin > max(sign.start() - _BEFORE, 0) and text.text[begin - 1] in _NUMERIC:
            begin -= 1
        if begin < free or not _LIKELY.match(text.text, begin):
            continue
        at = min(bisect_left(starts, begin), len(starts) - 1)
        piece = text.text[begin : begin + _REACH]
        code = lang(at)
        try:
            read = parse(piece.split("\n")[0], lang=code)
        except FrontlineError:
            continue
        if read.kind != "coordinates":
            continue
        start, end = (begin + each for each in read.span)
        last = max(min(bisect_left(starts, end), len(starts)) - 1, at)
        out.append(Mention(start, end, "coordinates", code, at, last, locality=read))
        free = end
    return out
