"""What is known of the distinct words of a text, each looked at when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from frontline.locality.lexicon import lexicon
from frontline.reports import languages
from frontline.reports.dictionary import norm
from frontline.reports.forms import forms_of
from frontline.reports.matching import Word, word_of
from frontline.reports.roles import roles
from frontline.reports.tokens import APOSTROPHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.locality.vocabulary import Lexicon
    from frontline.reports.dictionary import Dictionary
    from frontline.reports.tokens import Flags, Text

_QUOTES = frozenset(APOSTROPHES)


class Roles(dict[int, int]):
    """The roles of the distinct words in one language, by number; see `roles`."""

    def __init__(self, distinct: Sequence[str], code: str) -> None:
        super().__init__()
        self._distinct, self._code = distinct, code

    def __missing__(self, number: int) -> int:
        found = self[number] = roles(self._distinct[number], self._code)
        return found


class Words(dict[int, Word]):
    """What matching knows of the distinct words, by number, in the languages that are met."""

    def __init__(self, text: Text, met: Sequence[str]) -> None:
        super().__init__()
        self._distinct = text.distinct
        self._lexicons = {
            script: tuple(map(lexicon, languages.of_script(script, met)))
            for script in languages.SCRIPTS
        }
        self._plain = {
            script: not any(map(_cuts_words, each)) for script, each in self._lexicons.items()
        }

    def __missing__(self, number: int) -> Word:
        word = self._distinct[number]
        lexicons: tuple[Lexicon, ...] = ()
        if not (word.islower() and word.isascii()):  # small Latin letters bear no ending
            lexicons = self._lexicons[languages.script(word[0])]
        found = self[number] = word_of(word, forms_of(word, lexicons))
        return found

    def hot(self, names: Dictionary) -> Flags:
        """Tell by distinct word whether it may begin a name: small letters begin none."""
        flags = np.zeros(len(self._distinct), np.bool_)
        lengths = names.lengths
        for k, word in enumerate(self._distinct):
            if word.islower():
                continue
            plain = self._plain[languages.script(word[0])] and _QUOTES.isdisjoint(word)
            if plain:
                flags[k] = norm(word) in lengths
            else:
                flags[k] = any(first in lengths for _, first in self[k].forms)
        return flags


def _cuts_words(words: Lexicon) -> bool:
    """Tell whether a word without an apostrophe may be a name and something more."""
    return bool(words.proclitics or words.elisions or words.suffixes or words.inflections)
