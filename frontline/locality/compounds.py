"""Number words written together: "eintausendzweihundert" is 1,200 where the language joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frontline.locality.vocabulary import Lexicon

_MAX_LETTERS = 60
_MAX_FILLER = 5
_AND = ("number_and", "and")


def compound(folded: str, words: Lexicon) -> float | None:
    """Return the number that a word is made of, None if it is made of anything else.

    A scale multiplies what stands before it and adds what stands after it; an "and" may lead on.

    Examples
    --------
    >>> from frontline.locality.lexicon import lexicon
    >>> [compound(word, lexicon("de")) for word in ("zweitausendfünfhundert", "hunderteins")]
    [2500.0, 101.0]
    >>> compound("hundertschaft", lexicon("de")), compound("fivehundred", lexicon("en"))
    (None, None)
    """
    if not words.compounds or len(folded) > _MAX_LETTERS:
        return None
    return _value(folded, words, words.compounds)


def _value(text: str, words: Lexicon, scales: tuple[tuple[str, float], ...]) -> float | None:
    listed = _listed(text, words)
    if listed is not None:
        return listed
    for at, (scale, times) in enumerate(scales):
        front, found, rest = text.partition(scale)
        if not found:
            continue
        whole = _listed(front + scale, words)  # "eintausend" is an entry, "ein" is none
        if whole is None:
            several = _value(front, words, scales[at + 1 :]) if front else 1.0
            whole = several * times if several else None
        more = _rest(rest, words, scales[at + 1 :]) if rest else 0.0
        return None if whole is None or more is None or more >= times else whole + more
    return None


def _listed(text: str, words: Lexicon) -> float | None:
    group = words.entries.get(text)
    found = group is not None and group.single.get("number")
    return None if found is None or found is False else float(found)


def _rest(text: str, words: Lexicon, scales: tuple[tuple[str, float], ...]) -> float | None:
    found = _value(text, words, scales)
    for cut in range(1, _MAX_FILLER):
        if found is not None:
            break
        group = words.entries.get(text[:cut])
        if group is not None and any(role in group.single for role in _AND):
            found = _value(text[cut:], words, scales)
    return found
