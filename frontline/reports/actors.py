"""The words of a sentence that say who acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.reports import roles as r
from frontline.reports.tokens import COMMA

if TYPE_CHECKING:
    from frontline.reports.claims import Clause

_LONGEST = 8


def actor_before(clause: Clause, i: int) -> tuple[int, int] | None:
    """Return the first and last word of the actor that stands before a verb.

    None for a pronoun: whom it stands for is not guessed.
    """
    last = i - 1
    while last >= clause.first and (
        clause.is_in(last, "auxiliary") or clause.small[last - clause.first].endswith("ly")
    ):
        last -= 1
    if last < clause.first or clause.gap(last + 1) >= COMMA:
        return None
    first = last + 1
    while first > clause.first and first > last - _LONGEST + 1:
        k = first - 1
        if clause.is_in(k, "said", "pronouns", "openers", "claimed"):
            break
        first = k
        if clause.gap(k) >= COMMA:
            break
    if clause.is_in(last, "pronouns", "said", "openers"):
        return None
    return _trimmed(clause, first, last)


def actor_behind(clause: Clause, i: int) -> tuple[int, int] | None:
    """Return the actor that begins at a word: "fell to *the insurgents*"."""
    if i > clause.last or clause.is_in(i, "pronouns"):
        return None
    last = i - 1
    while last < clause.last and last - i < _LONGEST:
        k = last + 1
        if k > i and (clause.gap(k) >= COMMA or _ends(clause, k)):
            break
        last = k
    return _trimmed(clause, i, last) if last >= i else None


def actor_by(clause: Clause, i: int) -> tuple[int, int] | None:
    """Return the actor of a passive: "by *the army*"."""
    if i <= clause.last and clause.is_in(i, "by"):
        return actor_behind(clause, i + 1)
    return None


def _ends(clause: Clause, k: int) -> bool:
    bits = clause.scan.bits(k)
    if k in clause.mentions or clause.is_in(k, "openers", "said", "auxiliary"):
        return True
    return bool(bits & (r.STOP | r.TIME)) and not bits & (r.LINK | r.ARTICLE | r.AND)


def _trimmed(clause: Clause, first: int, last: int) -> tuple[int, int] | None:
    """Take articles off the front and joining words off both ends."""
    while first <= last and (
        clause.scan.bits(first) & (r.ARTICLE | r.AND) or clause.is_in(first, "openers")
    ):
        first += 1
    while first <= last and clause.scan.bits(last) & (r.AND | r.LINK | r.ARTICLE):
        last -= 1
    return (first, last) if first <= last else None
