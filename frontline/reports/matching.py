"""Names in text: the longest match of the dictionary at every word that can begin one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from frontline.reports.dictionary import is_article, is_plain_article, norm
from frontline.reports.tokens import APOSTROPHES, JOIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontline.reports.dictionary import Dictionary
    from frontline.reports.forms import Form
    from frontline.reports.tokens import Flags, Text

# An article may stand before each word of a name, two by mistake.
_SMALL_INSIDE, _REACH = 3, 3
# What of a name is written small by many: "Zamzam camp".
_NOUNS = frozenset(("camp", "dam", "airport", "airbase", "bridge", "crossing", "junction", "base"))


class Hit(NamedTuple):
    """A name of the dictionary in the text: its words, its span and the name without endings.

    Of a thing that bears a place's name ("Hama airport") `base` is the place's name, and `means`
    the thing's in the gazetteer, if it has it; see `frontline.reports.things`.
    """

    first: int
    last: int
    start: int
    end: int
    name: str
    key: str
    base: str = ""
    means: str = ""

    @property
    def text(self) -> str:
        """Return the name, as the gazetteer is asked for it."""
        return self.name


class Word(NamedTuple):
    """What matching knows of a distinct word: its forms, and how its letters are written."""

    forms: tuple[tuple[Form, str], ...]
    cased: bool
    capital: bool
    article: bool


def word_of(word: str, forms: Sequence[Form]) -> Word:
    """Look at a distinct word once."""
    upper = word != word.lower()
    cased = word.lower() != word.upper()
    return Word(tuple((form, norm(form.base)) for form in forms), cased, upper, is_article(word))


class Matcher:
    """Finds the names of a dictionary in a text."""

    def __init__(
        self, text: Text, names: Dictionary, words: Mapping[int, Word], hot: Flags
    ) -> None:
        self.text, self.names, self.words = text, names, words
        self._at: list[int] = np.flatnonzero(hot[np.asarray(text.ids)]).tolist()
        self._ids = text.ids

    def hits(self) -> list[Hit]:
        """Return the names from left to right; none overlaps another."""
        found: list[Hit] = []
        free = 0
        for i in self._at:
            if i >= free:
                hit = self._longest(i)
                if hit is not None:
                    found.append(hit)
                    free = hit.last + 1
        return found

    def _longest(self, i: int) -> Hit | None:
        word = self.words[self._ids[i]]
        best: tuple[int, int, Form, str, Form | None] | None = None
        for form, first in word.forms:
            if word.cased and not form.capital:
                continue
            for length in self.names.lengths.get(first, ()):
                if best is not None and length <= best[0]:
                    break
                if length == 1:
                    if first in self.names.single:
                        best = (1, i, form, first, None)
                    continue
                found = self._sequence(i, form, first, length)
                if found:
                    best = (length, found[0], form, found[1], found[2])
                    break
        return self._hit(i, best) if best else None

    def _sequence(  # noqa: PLR0911 - a list of what ends a name
        self, i: int, form: Form, first: str, length: int
    ) -> tuple[int, str, Form] | None:
        """Match a name of several words from here; only the last may carry an ending."""
        if form.cut_end:
            return None
        parts, j, count = [first], i, len(self._ids)
        while len(parts) < length:
            j += 1
            if j >= count or j > i + _REACH * length or self.text.gaps[j] != JOIN:
                return None
            word = self.words[self._ids[j]]
            if word.article and j + 1 < count:
                continue
            small = word.cased and not word.capital and not self.text.hyphens[j]
            long = small and len(self.text.word(j)) > _SMALL_INSIDE
            if long and not (len(parts) == length - 1 and self.text.word(j) in _NOUNS):
                return None
            if len(parts) == length - 1:
                for end, last in word.forms:
                    name = " ".join((*parts, last))
                    if not end.cut_start and name in self.names.longer:
                        return j, name, end
                return None
            if not word.forms:  # nothing of it is a letter
                return None
            parts.append(word.forms[0][1])
        return None

    def _articled(self, i: int) -> bool:
        """Tell whether an article stands before a name: "al-Bab", "An Najaf", not "In Aleppo"."""
        text = self.text
        before = self.words[self._ids[i - 1]] if i else None
        if before is None or not before.article or text.gaps[i] != JOIN:
            return False
        if text.hyphens[i]:
            return True
        small = text.word(i - 1).lower()
        if not before.capital or is_plain_article(small):
            return before.capital
        # Its consonant is the name's first one, and no sentence explains the capital.
        return not text.opens(i - 1) and text.word(i).lower().startswith(small[1:])

    def _hit(self, i: int, best: tuple[int, int, Form, str, Form | None]) -> Hit:
        _, last, form, key, end = best
        text = self.text
        first, start = i, text.starts[i] + form.cut_start
        if not form.cut_start and self._articled(i):
            first, start = i - 1, text.starts[i - 1]
        cut = (end or form).cut_end
        stop = text.ends[last] - cut
        name = text.text[start:stop]
        tail = (end or form).base
        whole = text.word(last)
        if cut and not whole.startswith(tail) and last == i:
            name = text.text[start : text.starts[i] + form.cut_start] + tail
        elif not cut and whole[form.cut_start if last == i else 0 :] != tail:
            name = text.text[start : text.starts[last]] + tail
        if last > i and first == i and not form.cut_start and form.base != text.word(i):
            name = form.base + name[len(text.word(i)) :]  # "Часова Яра": both words bear the case
        return Hit(first, last, start, stop, name.strip(APOSTROPHES), key)
