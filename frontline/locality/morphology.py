"""Forms of names: endings that show a case, and the base forms that an inflected name may have.

Nothing here knows a language; the rules are data of the lexicon. What the rules cannot decide is
handed on as further readings, to be settled by who knows the places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frontline.locality.tokens import fold, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frontline.locality.vocabulary import Inflection, Lexicon

#: No stem is shorter: a rule that leaves less is none of this name's.
_MIN_STEM = 2
_MAX_READINGS = 6
#: "and with the": no more words are written onto one.
_MAX_FRONTS = 3
_LAST_WORD = re.compile(r"[\w\u0300-\u036f'\u2019\u02bc]+\W*\Z")


def _undone(word: str, met: str, base: str) -> str | None:
    """Return a word with its ending made the base form's, None if it ends otherwise."""
    cut = len(word) - len(met)
    if cut < _MIN_STEM or fold(word[cut:]) != met:
        return None
    return word[:cut] + (base.upper() if len(word) > 1 and word.isupper() else base)


def _stems(word: str, rules: Iterable[tuple[str, str]]) -> list[str]:
    found = []
    for met, base in rules:
        stem = _undone(word, met, base)
        if stem is not None and stem not in found:
            found.append(stem)
    return found


def base_names(name: str, cases: Iterable[str], words: Lexicon) -> tuple[str, ...]:
    """Return the base forms that a name may have in one of the cases, the likeliest first.

    The last word follows the rules of the case, words before it the rules for modifiers; after
    all of them comes the name as written. With no rule for it a name stays as it is.

    Examples
    --------
    >>> from frontline.locality.lexicon import lexicon
    >>> base_names("Hama", ("genitive",), lexicon("en"))
    ('Hama',)
    """
    exception = words.exceptions.get(fold(name))
    found = [exception] if exception else []
    at = _LAST_WORD.search(name)
    head, last = (name[: at.start()], at[0]) if at else ("", name)
    for case in cases:
        inflection = words.inflections.get(case)
        if inflection is None:
            continue
        before = modified(head, inflection)
        found += [before + stem for stem in _stems(last, inflection.rules)]
        if before != head:
            found.append(before + last)
    return tuple(dict.fromkeys((*found[:_MAX_READINGS], name)))


def modified(head: str, inflection: Inflection) -> str:
    """Return the words before the last one in their base forms; those before a dash stay."""
    if not head or not inflection.modifiers or not head.endswith(" "):
        return head
    made = [next(iter(_stems(each, inflection.modifiers)), each) for each in head.split()]
    return " ".join(made) + " "


def suffix_forms(word: str, words: Lexicon) -> list[tuple[str, str]]:
    """Return (base form, case) for every ending of the lexicon that a word has, longest first."""
    found: list[tuple[str, str]] = []
    for ending, case in words.suffixes:
        stem = _undone(word, ending, "")
        if stem is None:
            continue
        stem = stem.rstrip("'\u2019\u02bc\u2018")
        inflection = words.inflections.get(case)
        bases = _stems(stem, inflection.rules) if inflection else []
        for base in (*bases, stem):
            if (base, case) not in found:
                found.append((base, case))
    return found


def base_forms(word: str, words: Lexicon) -> tuple[tuple[str, int, int], ...]:
    """Return what one word of a text may be the form of, itself first.

    Each is ``(base, start_cut, end_cut)``: the base form, and how many letters of the word are
    cut off at its front (an elision, a proclitic) and lie behind the name at its end.

    Examples
    --------
    >>> from frontline.locality.lexicon import lexicon
    >>> base_forms("Hama's", lexicon("en"))
    (("Hama's", 0, 0), ('Hama', 0, 2))
    """
    found = [(word, 0, 0)]
    folded = fold(word)
    found += [
        (word[len(front) :], len(front), 0)
        for front in (*words.elisions, *words.proclitics)
        if folded.startswith(front) and len(word) - len(front) >= _MIN_STEM
    ]
    token = tokenize(word, words.endings)[:1]
    if token and token[0].case:
        found.append((token[0].text, 0, len(word) - len(token[0].text)))
    for base, _ in suffix_forms(word, words):
        end = len(word) - len(base) if word.startswith(base) else 0
        found.append((base, 0, max(end, 0)))
    for case in words.inflections:
        found += [(base, 0, 0) for base in base_names(word, (case,), words)]
    return tuple(dict.fromkeys(found))


def separated(folded: str, words: Lexicon, most: int = _MAX_FRONTS) -> list[str]:
    """Cut the words off that are written onto a known word; an empty list if nothing is to cut.

    ``"والشمال"`` gives "and" and "the north" with the Arabic lexicon, for both are its words.
    """
    if most == 0 or known(folded, words):
        return []
    for front in words.proclitics:
        rest = folded[len(front) :]
        if len(rest) < _MIN_STEM or not folded.startswith(front):
            continue
        if known(rest, words):
            return [front, rest]
        further = separated(rest, words, most - 1) if len(rest) > _MIN_STEM else []
        if further:
            return [front, *further]
    return []


def known(folded: str, words: Lexicon) -> bool:
    """Tell whether an entry of the lexicon begins with a word, its article aside."""
    return folded in words.entries or bare(folded, words) in words.entries


def bare(folded: str, words: Lexicon) -> str:
    """Return a word without the article that is written onto it."""
    for article in words.joined_articles:
        if folded.startswith(article) and len(folded) > len(article) + 1:
            return folded[len(article) :]
    return folded
