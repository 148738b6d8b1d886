"""All names of a gazetteer as a dictionary of word sequences, for the longest match in text."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from frontline._resources import atomic_write, cache_dir
from frontline.gazetteer import names as folding
from frontline.gazetteer.names import fold, key_of_words, words
from frontline.reports import tokens
from frontline.reports.collection import no_collection
from frontline.reports.tokens import WORD
from frontline.reports.vocabulary import countries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frontline.gazetteer import Gazetteer

_ARTICLES = frozenset(("al", "el", "ul", "il"))
_ASSIMILATED = re.compile(r"^[aeiu](dh|th|sh|ch|[dtnrszl])$")
_CODE, _SHORTEST, _LONGEST = 4, 2, 6
#: From here on the dictionary is kept on disk.
MANY_PLACES = 100_000


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


def is_plain_article(word: str) -> bool:
    """Tell whether a word in small letters is an article that takes on no other's consonant."""
    return word in _ARTICLES


def sequence(name: str) -> tuple[str, ...]:
    """Return the words of a name in the form that text is compared in.

    Examples
    --------
    >>> sequence("Deir ez-Zor") == sequence("Dayr az Zawr")
    False
    >>> sequence("Deir ez-Zor") == sequence("Dayr az-Zor") == ("dayr", "zor")
    True
    """
    if name.isalpha() and name.isascii():  # most names, and nothing to take apart
        return tuple(filter(None, (norm(name),)))
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
    for name in dict.fromkeys(names):
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


def kept(names: Sequence[str]) -> Dictionary:
    """Return the dictionary of names from the cache folder, or make it and put it there.

    It stands under a digest of the names and of the rules by which they are compared, so that
    what is read there can be nothing else; what cannot be read is made anew.
    """
    digest = hashlib.sha256("\n".join(names).encode("utf-8", "surrogatepass"))
    for file in (folding.__file__, tokens.__file__, __file__):
        digest.update(Path(file).read_bytes())
    path = cache_dir() / f"names-{digest.hexdigest()[:24]}.json"
    try:
        return _loaded(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        made = build(names)
    with suppress(OSError), atomic_write(path) as part:
        part.write_bytes(_saved(made))
    return made


def _saved(made: Dictionary) -> bytes:
    by_lengths: dict[str, list[str]] = {}
    for first, many in made.lengths.items():
        by_lengths.setdefault(" ".join(map(str, many)), []).append(first)
    tables = {"single": sorted(made.single), "longer": sorted(made.longer), "lengths": by_lengths}
    return json.dumps(tables, separators=(",", ":")).encode()


def _loaded(data: bytes) -> Dictionary:
    tables = json.loads(data)
    lengths: dict[str, tuple[int, ...]] = {}
    for many, firsts in tables["lengths"].items():
        lengths.update(dict.fromkeys(firsts, tuple(map(int, many.split()))))
    return Dictionary(frozenset(tables["single"]), frozenset(tables["longer"]), lengths)


_BUILT: WeakKeyDictionary[Gazetteer, Dictionary] = WeakKeyDictionary()


def dictionary(gazetteer: Gazetteer) -> Dictionary:
    """Return the dictionary of a gazetteer, made when it is first asked for.

    One of very many names is kept in the user's cache folder.
    """
    made = _BUILT.get(gazetteer)
    if made is None:
        with no_collection():
            if len(gazetteer) < MANY_PLACES:
                made = build(_names(gazetteer))
            else:
                made = kept(tuple(_names(gazetteer)))
        _BUILT[gazetteer] = made
    return made


def _names(gazetteer: Gazetteer) -> Iterable[str]:
    for name, _ in gazetteer.spellings():
        yield name
    yield from countries()
