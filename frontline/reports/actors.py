"""The words of a sentence that say who acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.reports import roles as r
from frontline.reports.tokens import COMMA

if TYPE_CHECKING:
    from frontline.reports.clauses import Clause

_LONGEST, _INITIALS = 8, 6
#: What a force must be named for: people flee and convoys enter too.
_FORCED = frozenset({"entered", "withdrew"})


def subject_before(clause: Clause, i: int) -> tuple[bool, tuple[int, int] | None]:
    """Return whether a subject stands before a word, and the words of its name.

    None for a pronoun and for what a comma parts from the verb: whom it stands for is not guessed.
    """
    last = i - 1
    while last >= clause.first and (
        clause.is_in(last, "auxiliary") or clause.small[last - clause.first].endswith("ly")
    ):
        last -= 1
    if last < clause.first:
        return False, None
    if clause.gap(last + 1) >= COMMA:
        return clause.gap(last + 1) == COMMA, None
    first = last + 1
    while first > clause.first and first > last - _LONGEST + 1:
        k = first - 1
        if clause.is_in(k, "said", "pronouns", "openers", "claimed"):
            break
        first = k
        if clause.gap(k) >= COMMA:
            break
    if clause.is_in(last, "pronouns") or clause.bits(last) & r.AND:
        begin = clause.begins(last)
        if clause.is_in(last, "impersonal") and last == begin:
            return False, None  # "It took Hama years to recover"
        joined = bool(clause.bits(last) & r.AND)  # "The virus reached Hama and captured Homs"
        return not (joined and any(clause.is_in(k, "things") for k in range(begin, last))), None
    if clause.is_in(last, "said", "openers", "claimed"):
        return False, None
    trimmed = _trimmed(clause, first, last)
    return trimmed is not None, trimmed


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


def is_actor(  # noqa: PLR0911 - a list of what is no force
    clause: Clause, actor: tuple[int, int] | None, action: str
) -> bool:
    """Tell whether words may be those of a force: no towns, no floods, no tourists.

    Whoever enters or leaves must be named as one, for people flee and convoys enter too.
    """
    if actor is None:
        return action not in _FORCED
    first, last = actor
    inside = range(first, last + 1)
    if any(clause.is_in(k, "things") for k in inside):
        return False
    hit = clause.hits.get(first)
    if hit is not None and hit.last >= last:
        place = clause.scan.resolver.place(hit.name, hit.first).place
        if place is None or place.kind != "country":
            return False
    if all(clause.small[k - clause.first].isdecimal() for k in inside):
        return False
    if action not in _FORCED:
        return True
    if hit is not None and hit.last >= last:
        return True
    return any(_is_force(clause, k) for k in inside)


def _is_force(clause: Clause, k: int) -> bool:
    small, word = clause.small[k - clause.first], clause.scan.text.word(k)
    if clause.is_in(k, "peaceful"):
        return False
    stems = clause.words.get("forces", frozenset())
    if any(small.startswith(stem) for stem in stems):
        return True
    return word.isupper() and word.lower() != word.upper() and 1 < len(word) <= _INITIALS


def _ends(clause: Clause, k: int) -> bool:
    bits = clause.bits(k)
    if k in clause.hits or clause.is_in(k, "openers", "said", "auxiliary"):
        return True
    return bool(bits & (r.STOP | r.TIME)) and not bits & (r.LINK | r.ARTICLE | r.AND)


def _trimmed(clause: Clause, first: int, last: int) -> tuple[int, int] | None:
    """Take articles and days off the front and joining words off both ends."""
    while first <= last and (
        clause.bits(first) & (r.ARTICLE | r.AND | r.TIME)
        or clause.is_in(first, "openers", "past", "today", "yesterday", "months")
        or clause.small[first - clause.first].isdecimal()
    ):
        first += 1
    while first <= last and clause.bits(last) & (r.AND | r.LINK | r.ARTICLE):
        last -= 1
    return (first, last) if first <= last else None
