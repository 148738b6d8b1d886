"""Things that bear the name of a place, and names longer than what the dictionary knows of them.

"Hama military airport", "the citadel of Aleppo", "аэропорт Алеппо" are no city: the words belong
together, and the gazetteer either has the thing or it is unknown. A name of the dictionary in a
longer unknown one ("Khan" in "Khan Tuman") is none.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.lexicon import lexicon
from frontline.reports import roles as r
from frontline.reports.dictionary import sequence
from frontline.reports.tokens import APOSTROPHES, JOIN
from frontline.reports.vocabulary import name_heads, vocabularies

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.reports.dictionary import Dictionary
    from frontline.reports.matching import Hit
    from frontline.reports.tokens import Text

_ADJECTIVES = 3
#: How the gazetteer may call a thing of a sort, behind the name of its place.
_CALLED = {
    "airport": ("Airport", "International Airport", "Military Airport", "Int'l Airport"),
    "airbase": ("Airbase", "Air Base", "Military Airbase", "Military Airport"),
}


class Sorts(NamedTuple):
    """What a language calls things: patterns by sort, adjectives of things, where they stand."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    adjective: re.Pattern[str] | None
    before: bool
    behind: bool


@functools.cache
def sorts(code: str) -> Sorts:
    """Return what a language calls things that bear a place's name."""
    vocabulary = vocabularies().get(code)
    data = dict(vocabulary.facility) if vocabulary else {}
    where = data.pop("stands", ["before", "behind"])
    adjective = data.pop("adjective", [])
    patterns = tuple((sort, _pattern(words)) for sort, words in data.items() if words)
    return Sorts(
        patterns, _pattern(adjective) if adjective else None, "before" in where, "behind" in where
    )


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Return one pattern of words in which a star stands for any letters."""
    return re.compile("|".join(re.escape(word).replace(r"\*", "[\\w'\u2019]*") for word in words))


@functools.lru_cache(maxsize=1 << 16)
def sort_of(word: str, code: str) -> str | None:
    """Return the sort of thing that a word names in a language.

    Examples
    --------
    >>> sort_of("airbase", "en"), sort_of("Militärflughafens", "de"), sort_of("city", "en")
    ('airbase', 'airport', None)
    """
    small = word.lower()
    for sort, pattern in sorts(code).patterns:
        if pattern.fullmatch(small):
            return sort
    return None


@functools.lru_cache(maxsize=1 << 16)
def _is_adjective(word: str, code: str) -> bool:
    pattern = sorts(code).adjective
    return pattern is not None and pattern.fullmatch(word.lower()) is not None


class Things:
    """Joins names to the things that they belong to.

    Parameters
    ----------
    text
    names
        The dictionary.
    bits, lang
        Roles and language of the word at a position.
    called
        What the gazetteer calls the place that a name means.
    """

    def __init__(
        self,
        text: Text,
        names: Dictionary,
        *,
        bits: Callable[[int], int],
        lang: Callable[[int], str],
        called: Callable[[str], str | None],
    ) -> None:
        self._text, self._names = text, names
        self._bits, self._lang, self._called = bits, lang, called

    def joined(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return the names, each with the thing that bears it."""
        out: list[Hit] = []
        for k, hit in enumerate(hits):
            free = out[-1].last + 1 if out else 0
            limit = hits[k + 1].first if k + 1 < len(hits) else len(self._text)
            if hit.first < free:
                continue
            if self._alone(hit) or self._begins(hit, hits[k + 1 : k + 2]):
                continue
            if k and self._begins(hits[k - 1], (hit,)):
                continue
            out.append(self._whole(hit, free, limit))
        return out

    def _begins(self, hit: Hit, behind: Sequence[Hit]) -> bool:
        """Tell whether two names stand together as one that is not known: "Khan Hama"."""
        if not behind or hit.name.lower() not in name_heads():
            return False
        following = behind[0].first
        return following == hit.last + 1 and self._text.gaps[following] == JOIN

    def _alone(self, hit: Hit) -> bool:
        """Tell whether a hit is itself a word for a thing: "the citadel", "سجن"."""
        return (
            hit.first == hit.last
            and sort_of(self._text.word(hit.last), self._lang(hit.last)) is not None
        )

    def _whole(self, hit: Hit, free: int, limit: int) -> Hit:
        code = self._lang(hit.first)
        kind = sorts(code)
        if not kind.patterns or sort_of(hit.name.split()[-1], code):
            return hit
        found = self._behind(hit, limit, code) if kind.behind else None
        if found is None and kind.before:
            found = self._ahead(hit, free, limit, code)
        if found is None:
            return hit
        first, last, sort = found
        text = self._text
        start, end = (
            (text.starts[first], hit.end) if last == hit.last else (hit.start, text.ends[last])
        )
        if first < hit.first and last > hit.last:
            start, end = text.starts[first], text.ends[last]
        for front in lexicon(code).elisions:  # "l'aéroport"
            if start == text.starts[first] and text.word(first).lower().startswith(front):
                start += len(front)
        name = self._known(hit, first, last, sort)
        said = text.text[start:end]
        key = " ".join(sequence(name or said)) or hit.key
        return hit._replace(
            first=first, last=last, start=start, end=end, name=said, key=key,
            base=hit.name, means=name or "",
        )  # fmt: skip

    def _behind(self, hit: Hit, limit: int, code: str) -> tuple[int, int, str] | None:
        """Find "Hama (military) airport", "Hama's airport", "Hama aeroportu"."""
        i = hit.last + 1
        for _ in range(_ADJECTIVES + 1):
            if i >= limit or self._text.gaps[i] != JOIN:
                return None
            word = self._text.word(i)
            sort = sort_of(word, code)
            if sort is not None:
                return hit.first, i, sort
            if not _is_adjective(word, code):
                return None
            i += 1
        return None

    def _ahead(self, hit: Hit, free: int, limit: int, code: str) -> tuple[int, int, str] | None:
        """Find "the airport of Hama", "aéroport militaire de Hama", "مطار حماة العسكري"."""
        i, linked = hit.first - 1, hit.start > self._text.starts[hit.first]
        for _ in range(_ADJECTIVES + 3):
            if i < free or self._text.gaps[i + 1] != JOIN:
                return None
            word = self._text.word(i)
            sort = sort_of(word, code)
            if sort == "everyday" and word.islower():
                return None
            if sort is not None:
                last = hit.last
                while (
                    last + 1 < limit
                    and self._text.gaps[last + 1] == JOIN
                    and _is_adjective(self._text.word(last + 1), code)
                    and code == "ar"
                ):
                    last += 1
                # English and its like need a link: "the bridge Hama".
                return (i, last, sort) if linked or code not in {"en", "fr", "es", "pt"} else None
            bits = self._bits(i)
            if bits & r.LINK:
                linked = True
            elif not (bits & r.ARTICLE or bits & r.SETTLEMENT or _is_adjective(word, code)):
                return None
            i -= 1
        return None

    def _known(self, hit: Hit, first: int, last: int, sort: str) -> str | None:
        """Return the name under which the gazetteer has a thing; None if it has none."""
        text = self._text
        words = [text.word(i).strip(APOSTROPHES) for i in range(first, last + 1)]
        said = [" ".join(words)]
        if last > hit.last:
            said.append(" ".join([hit.name, *words[hit.last + 1 - first :]]))
        place = self._called(hit.name) if sort in _CALLED else None
        if place:
            said += [f"{place} {called}" for called in _CALLED[sort]]
        for name in said:
            if " ".join(sequence(name)) in self._names.longer:
                return name
        return None


def is_part_of_more(text: Text, hit: Hit, knows: Callable[[int], bool]) -> bool:
    """Tell whether a name belongs to a longer one that nobody knows: "Khan" of "Khan Tuman".

    `knows` tells whether a word with a capital is anything but part of a name.
    """
    base = hit.name.lower()
    head = base in name_heads()
    i = hit.last + 1
    if i < len(text) and text.gaps[i] == JOIN:
        word = text.word(i)
        cased = word.lower() != word.upper()
        if cased and word[:1].isupper() and not knows(i):
            return head or bool(text.hyphens[i])
        if not cased and head and not knows(i):
            return True
    return False
