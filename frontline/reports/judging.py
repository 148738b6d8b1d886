"""Is a word that names a place somewhere a place here? Judged by what stands around it.

The score of a name: its size and length speak for it, and so do a relation word before it
("in", "near", "captured"), an apposition ("the town of"), places beside it; against it speak an
ordinary word, a person's name, a capital that the start of a sentence explains, and a longer
name that it is part of ("Jordan Smith"). What is not sure is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.lexicon import languages as lexicons
from frontline.locality.lexicon import lexicon
from frontline.reports import roles as r
from frontline.reports.things import is_part_of_more
from frontline.reports.tokens import COMMA, JOIN
from frontline.reports.vocabulary import given_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.reports.matching import Hit
    from frontline.reports.tokens import Text
    from frontline.reports.vocabulary import Vocabulary

#: From here on a name is a place.
ENOUGH = 2.0
_LONG_KEY, _ACRONYM, _TINY = 8, 4, 2
_APPOSITION = 4.0
_NO_NAME = -9.0


class Surface(NamedTuple):
    """What the words around a name say for and against it."""

    score: float
    risky: bool
    #: A relation word or an apposition governs it.
    governed: bool


class Judge:
    """Judges the names of a text by the words around them."""

    def __init__(
        self,
        text: Text,
        bits: Callable[[int], int],
        vocabulary: Callable[[int], Vocabulary],
        named: bytearray,
    ) -> None:
        self._text, self._bits, self._vocabulary, self._named = text, bits, vocabulary, named
        self._gaps, self._ids, self._opens = text.gaps, text.ids, text.opens
        self._given = given_names()

    def surface(self, hit: Hit) -> Surface:
        """Judge a name by its words and those beside them."""
        voc = self._vocabulary(hit.first)
        single = " " not in (hit.base or hit.key)
        score, governed = (0.0 if single else 1.0), False
        if not single and len(hit.key) >= _LONG_KEY:
            score += 0.5
        before = self._before(hit, voc)
        if before:
            score, governed = score + before, before > 0
        score += self._behind(hit, voc)
        risk = self._risk(hit, voc) if single else self._risk_of_person(hit)
        if before >= _APPOSITION:  # "the town of Of" says what it is
            risk = min(risk, 2.0)
        if single and is_part_of_more(self._text, hit, lambda i: self._is_word(i, voc)):
            return Surface(_NO_NAME, True, governed)
        return Surface(score - risk, risk > 0, governed)

    def _risk_of_person(self, hit: Hit) -> float:
        parts = hit.name.lower().split()
        return 3.0 if all(part in self._given for part in parts) else 0.0

    def _risk(self, hit: Hit, voc: Vocabulary) -> float:
        """Return what speaks against a name of one word, whatever stands beside it."""
        base = (hit.base or hit.name).lower()
        word = base if hit.base else self._text.word(hit.last).lower()
        bits = 0 if hit.base else self._bits(hit.last)
        cased = base != base.upper()
        ordinary = base in voc.ordinary or word in voc.ordinary
        known = bits & (r.STOP | r.COMMON) or (bits & r.MATTER and not bits & r.DEMONYM)
        written = hit.base or self._text.word(hit.last)
        # A month or a day; an ordinary word; one that the text writes small elsewhere; a name of
        # persons; two letters; an abbreviation.
        risk = 4.0 if bits & r.TIME else 2.0 if ordinary or known else 0.0
        risk += 2.0 * (cased and (self._is_written(base) or self._is_written(word)))
        risk += 1.0 * (base in self._given)
        risk += 2.0 * (cased and self._opens(hit.first) and risk > 0)
        risk += 1.0 * (cased and len(base) <= _TINY)
        return risk + 3.0 * (cased and written.isupper() and 1 < len(written) <= _ACRONYM)

    def _before(  # noqa: C901, PLR0911, PLR0912 - a list of what can stand before a name
        self, hit: Hit, voc: Vocabulary
    ) -> float:
        i = hit.first - 1
        if i < 0 or self._opens(hit.first) or self._gaps[hit.first] > COMMA:
            return 0.5 if hit.start > self._text.starts[hit.last] else 0.0
        word = self._text.word(i).lower()
        if self._gaps[hit.first] == COMMA:
            return 0.0
        bits = self._bits(i)
        if word in voc.title:
            return -4.0
        cut = hit.start > self._text.starts[hit.first]
        found = 2.0 if cut else 0.0  # a preposition is written onto it
        if word in voc.apposition:
            return _APPOSITION
        capital = self._is_capital(i)
        if word in voc.organisation and capital:
            return -2.0
        if word in voc.before or bits & (r.RELATION | r.LINK):
            k = i - 1
            beyond = self._text.word(k).lower() if k >= 0 and self._gaps[i] == JOIN else ""
            if beyond in voc.apposition:
                return _APPOSITION
            return max(found, 2.0)
        if i and f"{self._text.word(i - 1)} {word}" in voc.before:  # "as far as Van"
            return 2.0
        if bits & r.ARTICLE or bits & r.DEMONYM:
            return found
        noun = capital and i > 0 and bool(self._bits(i - 1) & r.ARTICLE)
        german = lexicon(voc.code) if capital and voc.code in lexicons() else None
        if (
            german
            and german.nouns_cased
            and (noun or word.endswith(german.noun_endings or ("en",)))
        ):
            return found  # "haben die Rebellen Hama": the language writes nouns large
        if capital and not self._named[i] and not self._opens(i) and not bits & r.MATTER:
            return -3.0  # "Michael Jordan"
        if capital and self._opens(i) and word in self._given:
            return -3.0
        if capital and self._text.hyphens[hit.first] and not self._named[i]:
            return -2.0
        return found

    def _behind(  # noqa: PLR0911 - a list of what can stand behind a name
        self, hit: Hit, voc: Vocabulary
    ) -> float:
        i = hit.last + 1
        if i >= len(self._ids) or self._gaps[i] != JOIN:
            return 0.0
        word = self._text.word(i).lower()
        if word in voc.behind or self._is_taken(i, word, voc):
            return 2.0
        if word in voc.organisation and "before" in voc.claims.get("words", {}).get("order", ()):
            return -6.0  # "Suriye ordusu": the name of an army, and no place
        if not self._is_capital(i) or self._named[i]:
            return 0.0
        if word in voc.organisation:
            return -0.5
        if self._bits(i) & (r.MATTER | r.COMMON | r.STOP | r.TIME):
            return 0.0
        return -3.0 if hit.name.lower() in self._given else -2.0

    def _is_taken(self, i: int, word: str, voc: Vocabulary) -> bool:
        """Tell whether something is said of a place that is said of places: "was recaptured"."""
        if word in voc.claims.get("words", {}).get("participles", ()):
            return True
        passive = voc.claims.get("passive", {})
        if word not in passive.get("auxiliary", ()) or i + 1 >= len(self._ids):
            return False
        return self._text.word(i + 1).lower() in passive.get("verbs", ())

    def _is_word(self, i: int, voc: Vocabulary) -> bool:
        """Tell whether a word is known as something that is no part of a name."""
        if self._bits(i) & (r.MATTER | r.COMMON | r.STOP | r.TIME | r.PREPOSITION):
            return True
        word = self._text.word(i).lower()
        known = (voc.function, voc.before, voc.behind, voc.apposition, voc.title, voc.organisation)
        return any(word in each for each in known) or self._is_written(word)

    def _is_capital(self, i: int) -> bool:
        return self._text.word(i)[:1].isupper()

    def _is_written(self, small: str) -> bool:
        """Tell whether the text has a word in small letters."""
        return small in self._text.numbers and small.islower()
