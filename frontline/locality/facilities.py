"""Facilities in names: "Aleppo's airport", "the Zaporizhzhia nuclear power plant".

What belongs to a town is not the town: it has its noun in the name, or names nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frontline.locality.phrase import Phrase
    from frontline.locality.vocabulary import Lexicon

_MAX_BEFORE_NOUN = 3
_MAX_UNKNOWN = 2
_MIN_STEM = 3
#: Words of these classes may stand before a facility's noun that is asked for.
_STEPPED = frozenset({"common", "counted", "length_noun", "body"})
#: Nouns that say what sort of place something is, and not which.
_PLAIN = ("name_noun", "generic", "body")


def facility(p: Phrase, i: int) -> int:
    """Return the position after a facility's noun with the small words before it, or 0.

    Words that the lexicon does not know are stepped over only where an owner or an article
    asks for a noun: "the Kharkiv tractor plant", but not "Hama struck hospital".
    """
    asked = asks(p, i)
    unknown = 0
    for j in range(i, i + _MAX_BEFORE_NOUN + 1):
        end = p.at(j, "name_noun")
        if end > p.at(j, "edge") and not p.at(j, "countryside"):
            return 0 if p.token(j).cased and not p.shouted else end
        token = p.token(j)
        if token.kind != "word" or token.cased:
            return 0
        if not (p.at(j, "adjective") or p.at(j, "central")):
            unknown += 1
            known = not p.roles(j).keys() <= _STEPPED
            if known or not asked or unknown > _MAX_UNKNOWN:
                return 0
    return 0


def asks(p: Phrase, i: int) -> bool:
    """Tell whether a noun must follow the name that ends at a position."""
    if not p.words.possessives or i < 1:
        return False
    if p.token(i - 1).possessive:
        return True
    j = i - 1
    while j > 0 and p.token(j).kind == "word" and p.token(j).cased and i - j < _MAX_BEFORE_NOUN:
        j -= 1
    return p.at(j, "article") == j + 1


def owned(p: Phrase, i: int) -> int:
    """Return the position after a small noun that follows a name and names no place, or 0.

    "Hama's security chief" and "the Hama garrison" are not at Hama.
    """
    token = p.token(i)
    if not p.words.possessives or p.shouted or token.kind != "word" or token.cased:
        return 0
    if p.token(i - 1).possessive:
        taken = p.wind(i) or p.at(i, "stop") or p.at(i, "and")
        return 0 if taken else i + 1 + (p.token(i + 1).kind == "word" and not p.roles(i + 1))
    return i + 1 if asks(p, i) and p.roles(i).keys() <= {"body"} else 0


def is_body(p: Phrase, i: int, end: int, *, sided: bool) -> bool:
    """Tell whether a direction is in the name of who, or of what has no other name.

    "The Southern Military District" is no part of a place "Military District", and "the Eastern
    Bridge" none of a place "Bridge". `sided` says that the direction stands before the name.
    """
    wind = p.wind(i)
    first = wind[1] if wind and wind[1] < end else i
    if not (sided or first > i):
        return _turned_body(p, i, end) or _compound_body(p, i, end)
    ends = any(p.at(k, "body") == end for k in range(first, end))
    return ends or _compound_body(p, end - 1, end) or _plain_nouns(p, first, end)


def _turned_body(p: Phrase, i: int, end: int) -> bool:
    """Tell whether a direction stands behind such a noun: "Frente Sul"."""
    wind = p.wind(p.at(i, "body"))
    return bool(p.at(i, "body") and wind and wind[1] == end)


def _compound_body(p: Phrase, i: int, end: int) -> bool:
    """Tell whether a name is one word that ends in such a noun: "Nordflotte"."""
    return end == i + 1 and ends_in_body(p.token(i).folded, p.words)


def ends_in_body(word: str, words: Lexicon) -> bool:
    """Tell whether a folded word is written together with the noun of a body: "nordflotte"."""
    if not words.nouns_cased:
        return False
    tails = (word[n:] for n in range(_MIN_STEM, len(word) - _MIN_STEM))
    groups = (words.entries.get(tail) for tail in tails)
    return any(group is not None and "body" in group.single for group in groups)


def _plain_nouns(p: Phrase, i: int, end: int) -> bool:
    """Tell whether a name has no word that is not a common noun or an adjective."""
    while i < end:
        noun = max(p.at(i, role) for role in _PLAIN)
        step = max(noun, p.at(i, "adjective"))
        if not step or (step >= end and noun < step):
            return False
        i = step
    return i == end


def noun_base(p: Phrase, i: int, end: int) -> tuple[str, str, int]:
    """Return a facility's noun that ends a name in its base form, its case and where it begins.

    "hava üssüne" is listed, and so is "hava üssü": the shorter entry is the base form. They are
    empty, and the position is 0, where no such noun ends the name.
    """
    for k in range(i + 1, end):
        if p.at(k, "name_noun") != end:
            continue
        words = [p.token(j).folded for j in range(k, end) if p.token(j).kind == "word"]
        last = p.token(end - 1).text
        for n in range(_MIN_STEM, len(words[-1])):
            if _is_noun(p, (*words[:-1], words[-1][:n])):
                return last[:n], _shown(p, words[-1][n:]), k
        return last, "", k
    return "", "", 0


def _is_noun(p: Phrase, words: tuple[str, ...]) -> bool:
    group = p.words.entries.get(words[0])
    if group is None:
        return False
    if len(words) == 1:
        return "name_noun" in group.single
    entries = group.longer.get(words[1], ())
    return any(entry.role == "name_noun" and entry.words == words for entry in entries)


def _shown(p: Phrase, tail: str) -> str:
    """Return the case of an ending, with the letter that joins it or without."""
    for ending, case in (*p.words.endings, *p.words.suffixes):
        if ending.lstrip("'") in {tail, tail[1:]}:
            return case
    return ""
