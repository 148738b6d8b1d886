"""From running text to mentions: names, localities, and which of them are places here."""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline.locality.lexicon import lexicon
from frontline.reports import coordinates, languages
from frontline.reports import roles as r
from frontline.reports.accept import Accepting
from frontline.reports.dictionary import dictionary
from frontline.reports.forms import forms_of
from frontline.reports.judging import Judge
from frontline.reports.matching import Matcher, Word, word_of
from frontline.reports.resolving import Resolver
from frontline.reports.tokens import JOIN, Text
from frontline.reports.vocabulary import Vocabulary, vocabularies
from frontline.reports.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.reports.dictionary import Dictionary
    from frontline.reports.mention import Mention
    from frontline.reports.tokens import Flags

_NO_FORMS = Word((), cased=False, capital=False, article=False)


@functools.cache
def _triggers(code: str) -> frozenset[str]:
    """Return the words of a language that may belong to a locality with an unknown name."""
    words = lexicon(code).entries
    asked = {"unit", "wind", "road"}
    return frozenset(word for word, group in words.items() if asked & group.single.keys())


class Scan:
    """One text, read.

    Attributes
    ----------
    text
        The words.
    mentions
        Localities and features, from left to right.
    """

    def __init__(
        self,
        text: str,
        gazetteer: Gazetteer,
        *,
        lang: str | None = None,
        country: str | None = None,
        near: Any = None,
    ) -> None:
        self.text = Text(text)
        self.gazetteer = gazetteer
        self.resolver = Resolver(gazetteer, near=near, country=country)
        self.codes: tuple[str, ...]
        self._of_sentence: list[int]
        self.codes, self._of_sentence = self._languages(lang)
        self._sentences: list[int] = self.text.sentences.tolist()
        self._ids: list[int] = self.text.ids.tolist()
        self._bits: dict[tuple[int, int], int] = {}
        self.mentions: list[Mention] = self._read() if self.text.words else []

    def _languages(self, lang: str | None) -> tuple[tuple[str, ...], list[int]]:
        if lang is not None:
            count = int(self.text.sentences[-1]) + 1 if self.text.words else 1
            return (lang,), [0] * count
        codes, chosen = languages.languages_of(self.text)
        return codes, chosen.tolist()

    def lang(self, i: int) -> str:
        """Return the language of the sentence of a word."""
        return self.codes[self._of_sentence[self._sentences[i]]]

    def sentence(self, i: int) -> int:
        """Return the number of the sentence of a word."""
        return self._sentences[i]

    def bounds(self, i: int) -> tuple[int, int]:
        """Return the first and last word of the sentence of a word."""
        number = self._sentences[i]
        return (
            bisect_left(self._sentences, number),
            bisect_right(self._sentences, number) - 1,
        )

    def vocabulary(self, i: int) -> Vocabulary:
        """Return the vocabulary of the sentence of a word."""
        code = self.lang(i)
        return vocabularies().get(code) or Vocabulary(code)

    def bits(self, i: int) -> int:
        """Return what the word at a position can be in a locality; see `roles`."""
        key = (self._ids[i], self._of_sentence[self._sentences[i]])
        found = self._bits.get(key)
        if found is None:
            found = self._bits[key] = r.roles(self.text.words[i], self.codes[key[1]])
        return found

    def _follows(self, i: int) -> bool:
        return lexicon(self.lang(i)).postpositions

    def _read(self) -> list[Mention]:
        met = tuple(self.codes[k] for k in sorted(set(self._of_sentence)))
        names = dictionary(self.gazetteer)
        words, hot, triggers = self._look(met, names)
        hits = Matcher(self.text, names, words, hot).hits()
        self.named = [False] * (len(self._ids) + 1)
        for hit in hits:
            self.named[hit.first : hit.last + 1] = [True] * (hit.last - hit.first + 1)
        judge = Judge(self.text, self.bits, self.vocabulary, self.named)
        capital = [word[:1] != word[:1].lower() for word in self.text.distinct]
        large = [capital[k] for k in self._ids]
        starters = [int(i) for i in np.flatnonzero(triggers[self.text.ids]) if self._leads(int(i))]
        windows = Windows(self.text, self.bits, large, self._follows).around(hits, starters)
        accepting = Accepting(self, hits, [judge.surface(hit) for hit in hits])
        found = accepting.mentions(windows)
        return coordinates.merged(found, self.text, self.lang)

    def _look(self, met: Sequence[str], names: Dictionary) -> tuple[list[Word], Flags, Flags]:
        """Look at every distinct word once: its forms, whether it may begin a name or locality."""
        lexicons = {
            script: tuple(map(lexicon, languages.of_script(script, met)))
            for script in ("Latin", "Cyrillic", "Arabic")
        }
        triggers = frozenset().union(*map(_triggers, met))
        fronts = tuple(
            f for code in met for f in (*lexicon(code).proclitics, *lexicon(code).elisions)
        )
        words: list[Word] = []
        hot = np.zeros(len(self.text.distinct), np.bool_)
        leads = np.zeros(len(self.text.distinct), np.bool_)
        lengths = names.lengths
        for k, word in enumerate(self.text.distinct):
            small = word.lower()
            if small in triggers:
                leads[k] = True
            elif fronts and small.startswith(fronts):
                leads[k] = any(small[len(f) :] in triggers for f in fronts if small.startswith(f))
            if small == word and small != word.upper() and small.isascii():
                # Small Latin letters begin no name; one may still go on with them.
                words.append(word_of(word, forms_of(word, ())) if len(word) <= 3 else _SMALL)  # noqa: PLR2004
                continue
            known = word_of(word, forms_of(word, lexicons[languages.script(word[0])]))
            words.append(known)
            hot[k] = any(first in lengths for _, first in known.forms)
        return words, hot, leads

    def _leads(self, i: int) -> bool:
        """Tell whether a unit, wind or road here may belong to a locality."""
        bits = self.bits(i)
        if bits & r.UNIT and not bits & r.WIND:
            return i > 0 and bool(self.bits(i - 1) & r.NUMBER)
        if i + 1 >= len(self._ids) or self.text.gaps[i + 1] != JOIN:
            return False
        behind = self.text.words[i + 1]
        if bits & r.WIND:
            if bits & r.WIND and self.bits(i + 1) & r.LINK:
                return True
            return lexicon(self.lang(i)).direct and not self.named[i + 1]
        return bool(bits & r.ROAD) and behind[:1].isupper()


_SMALL = Word((), cased=True, capital=False, article=False)
