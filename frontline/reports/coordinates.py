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

# Bounded repeats only: a megabyte of digits is read once.
_LIKELY = re.compile(
    r"(?<![\d.,])-?\d{1,3}(?:[.,]\d{2,12})?\s{0,2}[\u00b0\u00ba]"
    r"|(?<![\d.,])-?\d{1,3}[.,]\d{2,12}\s{0,2}[NSEW\u0421\u042e\u0412\u0417](?!\w)"
    r"|(?<![\d.,])-?\d{1,3}\.\d{3,12}[,;]\s{0,2}-?\d{1,3}\.\d{3,12}(?!\d)"
    r"|(?<!\w)\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V]\s{0,2}\d{2}"
)
_REACH, _MOST = 60, 5_000


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
    starts = text.starts.tolist() if len(out) < _MOST else []
    for match in _LIKELY.finditer(text.text):
        if match.start() < free or not starts:
            continue
        at = min(bisect_left(starts, match.start()), len(starts) - 1)
        piece = text.text[match.start() : match.start() + _REACH]
        code = lang(at)
        try:
            read = parse(piece.split("\n")[0], lang=code)
        except FrontlineError:
            continue
        if read.kind != "coordinates":
            continue
        start, end = (match.start() + each for each in read.span)
        last = max(min(bisect_left(starts, end), len(starts)) - 1, at)
        out.append(Mention(start, end, "coordinates", code, at, last, locality=read))
        free = end
    return out
