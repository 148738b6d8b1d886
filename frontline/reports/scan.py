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
from frontline.reports.judging import Judge
from frontline.reports.looking import Roles, Words
from frontline.reports.matching import Matcher
from frontline.reports.resolving import Resolver
from frontline.reports.things import Things
from frontline.reports.tokens import JOIN, Text
from frontline.reports.vocabulary import Vocabulary, vocabularies
from frontline.reports.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.reports.matching import Hit
    from frontline.reports.mention import Mention
    from frontline.reports.tokens import Flags


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
    hits
        Names by their first word.
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
        self._sentences, self._ids = self.text.sentences, self.text.ids
        self._tables = [Roles(self.text.distinct, code) for code in self.codes]
        self.hits: dict[int, Hit] = {}
        self.mentions: list[Mention] = self._read() if len(self.text) else []

    def _languages(self, lang: str | None) -> tuple[tuple[str, ...], list[int]]:
        if lang is not None:
            count = self.text.sentences[-1] + 1 if len(self.text) else 1
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

    def table(self, i: int) -> Roles:
        """Return the roles of the distinct words in the language of the word at a position."""
        return self._tables[self._of_sentence[self._sentences[i]]]

    def bits(self, i: int) -> int:
        """Return what the word at a position can be in a locality; see `roles`."""
        return self._tables[self._of_sentence[self._sentences[i]]][self._ids[i]]

    def _follows(self, i: int) -> bool:
        return lexicon(self.lang(i)).postpositions

    def _read(self) -> list[Mention]:
        met = tuple(self.codes[k] for k in sorted(set(self._of_sentence)))
        names = dictionary(self.gazetteer)
        words = Words(self.text, met)
        triggers = self._triggers(met)
        hits = Matcher(self.text, names, words, words.hot(names)).hits()
        things = Things(self.text, names, bits=self.bits, lang=self.lang, called=self._called)
        hits = things.joined(hits)
        self.hits = {hit.first: hit for hit in hits}
        self.named = bytearray(len(self.text) + 1)
        for hit in hits:
            for i in range(hit.first, hit.last + 1):
                self.named[i] = 1
        judge = Judge(self.text, self.bits, self.vocabulary, self.named)
        every = np.flatnonzero(triggers[np.asarray(self._ids)]).tolist()
        starters = [i for i in every if self._leads(i)]
        windows = Windows(self.text, self.table, self._follows, self.named).around(hits, starters)
        accepting = Accepting(self, hits, [judge.surface(hit) for hit in hits])
        found = accepting.mentions(windows)
        return coordinates.merged(found, self.text, self.lang)

    def _called(self, name: str) -> str | None:
        found = self.resolver.found(name).place
        return found.name if found else None

    def _triggers(self, met: Sequence[str]) -> Flags:
        """Tell by distinct word whether it may belong to a locality with an unknown name."""
        triggers = frozenset().union(*map(_triggers, met))
        fronts = tuple(
            f for code in met for f in (*lexicon(code).proclitics, *lexicon(code).elisions)
        )
        known = self.text.numbers
        leads = np.zeros(len(known), np.bool_)
        leads[[known[word] for word in triggers & known.keys()]] = True
        for word, k in known.items():
            if fronts or not word.islower():
                small = word.lower()
                leads[k] = small in triggers or (
                    small.startswith(fronts)
                    and any(small[len(f) :] in triggers for f in fronts if small.startswith(f))
                )
        return leads

    def _leads(self, i: int) -> bool:
        """Tell whether a unit, wind or road here may belong to a locality."""
        bits = self.bits(i)
        if bits & r.UNIT and not bits & r.WIND:
            return i > 0 and bool(self.bits(i - 1) & r.NUMBER)
        if i + 1 >= len(self._ids) or self.text.gaps[i + 1] != JOIN:
            return False
        behind = self.text.word(i + 1)
        if bits & r.WIND:
            if bits & r.WIND and self.bits(i + 1) & r.LINK:
                return True
            return lexicon(self.lang(i)).direct and not self.named[i + 1]
        return bool(bits & r.ROAD) and behind[:1].isupper()
