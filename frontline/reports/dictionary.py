"""All names of a gazetteer as a dictionary of word sequences, for the longest match in text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from frontline.gazetteer.names import fold, key_of_words, words
from frontline.reports.tokens import WORD
from frontline.reports.vocabulary import countries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frontline.gazetteer import Gazetteer

_ARTICLES = frozenset(("al", "el", "ul", "il"))
_ASSIMILATED = re.compile(r"^[aeiu](dh|th|sh|ch|[dtnrszl])$")
_CODE, _SHORTEST, _LONGEST = 4, 2, 6


class Dictionary(NamedTuple):
    """The names: those of one word, longer ones joined by spaces, and lengths by first word."""

    single: frozenset[str]
    longer: frozenset[str]
    lengths: dict[str, tuple[int, ...]]


@lru_cache(maxsize=1 << 18)
def norm(word: str) -> str:
    """Bring one word of a name to the form in which spellings of it agree.

    Examples
    --------
    >>> norm("Ḩamāh") == norm("Hama") == "hama", norm("Tell"), norm("الزور")
    (True, 'tall', 'زور')
    """
    return key_of_words(words(fold(word)))


@lru_cache(maxsize=1 << 16)
def is_article(word: str) -> bool:
    """Tell whether a word may be an Arabic article written apart, as in Deir *ez*-Zor."""
    small = word.lower()
    return small in _ARTICLES or _ASSIMILATED.match(small) is not None


def sequence(name: str) -> tuple[str, ...]:
    """Return the words of a name in the form that text is compared in.

    Examples
    --------
    >>> sequence("Deir ez-Zor") == sequence("Dayr az Zawr")
    False
    >>> sequence("Deir ez-Zor") == sequence("Dayr az-Zor") == ("dayr", "zor")
    True
    """
    found = WORD.findall(name)
    kept = [w for i, w in enumerate(found) if i == len(found) - 1 or not is_article(w)]
    return tuple(filter(None, map(norm, kept)))


def _is_code(name: str) -> bool:
    """Tell whether a name is a code ("THE", an airport): no text writes a place so."""
    return len(name) <= _CODE and name.isascii() and name.isupper()


def build(names: Iterable[str]) -> Dictionary:
    """Make a dictionary of names.

    Examples
    --------
    >>> made = build(["Hama", "Deir ez-Zor"])
    >>> sorted(made.single), sorted(made.longer), made.lengths["dayr"]
    (['hama'], ['dayr zor'], (2,))
    """
    single: set[str] = set()
    longer: set[str] = set()
    lengths: dict[str, set[int]] = {}
    for name in names:
        if _is_code(name):
            continue
        parts = sequence(name)
        if not 0 < len(parts) <= _LONGEST or "".join(parts).isdecimal():
            continue
        if len(parts) == 1:
            if len(parts[0]) >= _SHORTEST:
                single.add(parts[0])
                lengths.setdefault(parts[0], set()).add(1)
        else:
            longer.add(" ".join(parts))
            lengths.setdefault(parts[0], set()).add(len(parts))
    ordered = {first: tuple(sorted(many, reverse=True)) for first, many in lengths.items()}
    return Dictionary(frozenset(single), frozenset(longer), ordered)


_BUILT: WeakKeyDictionary[Gazetteer, Dictionary] = WeakKeyDictionary()


def dictionary(gazetteer: Gazetteer) -> Dictionary:
    """Return the dictionary of a gazetteer, made when it is first asked for."""
    made = _BUILT.get(gazetteer)
    if made is None:
        made = _BUILT[gazetteer] = build(_names(gazetteer))
    return made


def _names(gazetteer: Gazetteer) -> Iterable[str]:
    for place in gazetteer:
        yield place.name
        yield from place.names
    yield from countries()
