"""The forms that a word of running text may stand for: endings, cases, clitics cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.morphology import base_forms

if TYPE_CHECKING:
    from frontline.locality.vocabulary import Lexicon

_LONGEST = 60


class Form(NamedTuple):
    """A base form, and how much of the word at its start and end does not belong to it."""

    base: str
    cut_start: int
    cut_end: int
    capital: bool


def forms_of(word: str, lexicons: tuple[Lexicon, ...]) -> tuple[Form, ...]:
    """Return what a word may stand for, the word as written first.

    Examples
    --------
    >>> from frontline.locality.lexicon import lexicon
    >>> [form.base for form in forms_of("Hama's", (lexicon("en"),))]
    ["Hama's", 'Hama']
    """
    found = {word: Form(word, 0, 0, _capital(word))}
    if len(word) <= _LONGEST:
        for each in lexicons:
            for base, start, end in base_forms(word, each):
                if base and base not in found:
                    found[base] = Form(base, start, end, _capital(base))
    return tuple(found.values())


def _capital(word: str) -> bool:
    return word != word.lower()
