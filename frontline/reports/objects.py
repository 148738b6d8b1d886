"""What a verb is said of: a place, and nothing that only bears its name.

From the verb to the name nothing may stand but articles, adjectives that change nothing and the
sort of settlement ("the strategic town of"); and behind the name only what ends the phrase: a
comma, "and", a preposition, a day. "Hama hostages", "parts of Hama", "Hama's governor", "eastern
Toretsk" are no Hama.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.locality.lexicon import lexicon
from frontline.reports import roles as r
from frontline.reports.tokens import CLAUSE, COMMA, JOIN
from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    from frontline.reports.clauses import Clause
    from frontline.reports.matching import Hit

_MOST = 6
_QUOTES = frozenset("\"'\u2018\u201a\u201b\u201c\u201e\u201f\u00ab\u2039")
_ENDS = frozenset(".,;:!?\u060c\u061b)")


def object_at(clause: Clause, i: int, *, linked: bool = False) -> tuple[Hit, int] | None:
    """Return the name that a phrase beginning at a word is of, and the word behind the phrase.

    `linked` allows a joining word at the front: "s'emparer *de* Hama".
    """
    town, placed = linked, False
    for k in range(i, min(i + _MOST, clause.last + 1)):
        if k > i and clause.gap(k) != JOIN:
            return None
        hit = clause.hits.get(k)
        if hit is not None:
            return None if placed else _whole(clause, hit)
        bits = clause.bits(k)
        settled = bool(bits & r.SETTLEMENT) or clause.is_in(k, "settlements")
        if settled:
            town, placed = True, False
        elif bits & r.WIND or clause.is_in(k, "placed"):
            placed = True  # "the northern city of Aleppo", but not "northern Aleppo"
        elif not (
            (bits & r.LINK and town) or bits & r.ARTICLE or clause.is_in(k, "adjectives", "whole")
        ):
            return None
        else:
            town = (town and bool(bits & r.ARTICLE)) or clause.is_in(k, "whole")
    return None


def objects_from(clause: Clause, i: int, *, linked: bool = False) -> list[Hit]:
    """Return the places that follow a verb, and those joined to them; none if one is none."""
    out: list[Hit] = []
    found = object_at(clause, i, linked=linked)
    while found is not None:
        hit, k = found
        if out and _describes(clause, hit):
            break
        out.append(hit)
        found = None
        if k > clause.last or clause.gap(k) >= CLAUSE:
            break
        joined = bool(clause.bits(k) & r.AND) or _joined_on(clause, k)
        if not joined and clause.gap(k) != COMMA:
            break
        step = k + (joined and not _joined_on(clause, k))
        if step > clause.last:
            break
        found = object_at(clause, step, linked=linked)
        if found is None and clause.hits.get(step) is not None and joined:
            return []  # "Hama and Homs hostages"
    return out


def _joined_on(clause: Clause, k: int) -> bool:
    """Tell whether "and" is written onto a name: "وصوران"."""
    hit = clause.hits.get(k)
    if hit is None or clause.scan.lang(k) != "ar":
        return False
    return hit.start > clause.scan.text.starts[k] and clause.scan.text.word(k).startswith("و")


def _whole(clause: Clause, hit: Hit) -> tuple[Hit, int] | None:
    """Return a name and the word behind it if the name is all there is to its phrase."""
    text, code = clause.scan.text, clause.scan.lang(hit.last)
    words = lexicon(code)
    cut = text.ends[hit.last] - hit.end
    if cut and any(text.word(hit.last).lower().endswith(each) for each in words.possessives):
        return None
    k = hit.last + 1
    if k > clause.last:
        return hit, k
    if clause.gap(k) == JOIN and (clause.bits(k) & r.SETTLEMENT or clause.is_in(k, "settlements")):
        k += 1
    if k > clause.last or clause.gap(k) >= COMMA:
        signs = clause.between(k) if k <= clause.last else ""
        if _QUOTES & set(signs) and not _ENDS & set(signs):
            return None
        return hit, k
    if text.hyphens[k] or not _ends_phrase(clause, k) or _QUOTES & set(clause.between(k)):
        return None
    return hit, k


def _ends_phrase(clause: Clause, k: int) -> bool:  # noqa: PLR0911 - a list of what may follow
    """Tell whether a word behind a name does not belong to it."""
    bits, word = clause.bits(k), clause.small[k - clause.first]
    if word == "to":  # "the Hama to Homs road"
        ahead = range(k + 1, min(k + 5, clause.last + 1))
        return not any(clause.bits(j) & (r.ROAD | r.GENERIC) for j in ahead)
    if bits & (r.ROAD | r.GENERIC):
        return False
    if bits & (r.AND | r.TIME | r.NUMBER) or word.isdecimal():
        return True
    if clause.is_in(k, "openers", "past", "today", "yesterday", "said", "pronouns", "auxiliary"):
        return True
    if clause.is_in(k, "closers", "months", "by", "passive", "object_before", "blockers"):
        return True
    if r.is_preposition(word, clause.scan.lang(k)) and not bits & r.LINK:
        return True
    if word.endswith("ly") and clause.scan.lang(k) == "en":
        return True
    if clause.scan.lang(k) == "ar" and (word.startswith("و") or bits & (r.WIND | r.DEMONYM)):
        return True
    vocabulary = vocabularies()[clause.scan.lang(k)]
    if bits & r.WIND and k < clause.last and clause.bits(k + 1) & r.LINK:
        return True
    return word in vocabulary.function and not bits & r.LINK


def _describes(clause: Clause, hit: Hit) -> bool:
    """Tell whether a name after a comma says more about the one before: ", Syria's second"."""
    if clause.gap(hit.first) != COMMA:
        return False
    found = clause.scan.resolver.place(hit.name, hit.first).place
    return found is not None and found.kind in {"country", "governorate"}


def objects_before(  # noqa: C901, PLR0911 - a list of what speaks against an object
    clause: Clause, i: int
) -> list[Hit]:
    """Return the objects before a verb that ends its clause: "*Hama kentini* ele geçirdi"."""
    out: list[Hit] = []
    by_last = {hit.last: hit for hit in _hits(clause)}
    k = i - 1
    while k >= clause.first:
        bare = True
        while (
            k > clause.first and k not in by_last and i - k <= _MOST and clause.gap(k + 1) == JOIN
        ):
            if not clause.is_in(k, "settlements", "adjectives", "auxiliary"):
                return []
            bare, k = False, k - 1
        hit = by_last.get(k)
        if hit is None or clause.gap(k + 1) >= CLAUSE or (not out and clause.gap(k + 1) >= COMMA):
            return []
        if bare and _is_possessive(clause, hit):
            return []
        if bare and not out and not clause.is_in(i, "owned") and _is_genitive(clause, k):
            return []
        front = hit.first
        while (
            front > clause.first
            and clause.gap(front) == JOIN
            and (
                clause.bits(front - 1) & (r.ARTICLE | r.SETTLEMENT)
                or clause.is_in(front - 1, "adjectives", "settlements")
            )
        ):
            front -= 1
        led = front > clause.first and clause.gap(front) == JOIN
        governed = r.PREPOSITION | r.LINK | r.WIND
        if (
            led
            and clause.bits(front - 1) & governed
            and not clause.is_in(front - 1, "before_object")
        ):
            return []
        out.insert(0, hit)
        if front > clause.first and clause.gap(front) == JOIN and clause.bits(front - 1) & r.AND:
            if front - 2 not in by_last:
                return out if clause.scan.lang(k) != "de" else []
            k = front - 2
            continue
        if (
            front > clause.first
            and clause.gap(front) == COMMA
            and front - 1 in by_last
            and len(out) > 1
        ):
            k = front - 1
            continue
        return out
    return out


def _is_genitive(clause: Clause, k: int) -> bool:
    endings = tuple(clause.words.get("possessors", ()))
    return clause.small[k - clause.first].endswith(endings)


def subjects_before(clause: Clause, i: int) -> list[Hit]:
    """Return the places that are the subject before a word: "*Morek and Suran* were captured"."""
    out: list[Hit] = []
    by_last = {hit.last: hit for hit in _hits(clause)}
    k = i - 1
    while k >= clause.first:
        skipped = 0
        while (
            k not in by_last
            and k > clause.first
            and skipped < _MOST
            and clause.gap(k + 1) == JOIN
            and (
                clause.is_in(k, "auxiliary", "settlements")
                or clause.bits(k) & r.SETTLEMENT
                or clause.small[k - clause.first].endswith("ly")
            )
        ):
            k, skipped = k - 1, skipped + 1
        hit = by_last.get(k)
        if hit is None or clause.gap(k + 1) >= COMMA or _is_possessive(clause, hit):
            return []
        front = _front(clause, hit.first)
        if front is None:
            return []
        out.insert(0, hit)
        if front > clause.first and clause.gap(front) == JOIN and clause.bits(front - 1) & r.AND:
            if front - 2 < clause.first or front - 2 not in by_last:
                return [] if front - 2 >= clause.first and clause.gap(front - 1) == JOIN else out
            k = front - 2
            continue
        return out
    return out


def _hits(clause: Clause) -> list[Hit]:
    hits = clause.hits
    return [hits[k] for k in range(clause.first, clause.last + 1) if k in hits]


def _is_possessive(clause: Clause, hit: Hit) -> bool:
    text, code = clause.scan.text, clause.scan.lang(hit.last)
    word = text.word(hit.last).lower()
    cut = text.ends[hit.last] > hit.end
    return cut and any(word.endswith(each) for each in lexicon(code).possessives)


def _front(clause: Clause, first: int) -> int | None:
    """Return where the phrase of a subject begins; None if it is governed by something else."""
    k = first
    while k > clause.first and clause.gap(k) == JOIN:
        i = k - 1
        bits = clause.bits(i)
        if bits & r.LINK and not clause.is_in(i, "openers_of_subject"):
            town = i > clause.first and clause.gap(i) == JOIN
            if not town or not (
                clause.bits(i - 1) & r.SETTLEMENT or clause.is_in(i - 1, "settlements")
            ):
                return None
            k = i - 1
            continue
        if (
            bits & (r.ARTICLE | r.SETTLEMENT)
            or clause.is_in(i, "settlements")
            or (clause.is_in(i, "adjectives") and not bits & r.RELATION)
        ):
            k = i
            continue
        break
    if k == clause.first or clause.gap(k) >= COMMA:
        return k
    i = k - 1
    bits = clause.bits(i)
    if clause.is_in(i, "said", "pronouns", "auxiliary", "past", "today", "yesterday"):
        return k
    if bits & (r.AND | r.TIME) or clause.small[i - clause.first].isdecimal():
        return k
    if clause.is_in(i, "openers") and not bits & (r.PREPOSITION | r.RELATION):
        return k
    return None
