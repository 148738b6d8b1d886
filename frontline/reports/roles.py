"""What a word can be in a locality, by language: a few bits for each distinct word."""

from __future__ import annotations

import functools

from frontline.locality.lexicon import lexicon
from frontline.locality.morphology import bare, separated
from frontline.locality.tokens import fold

#: It can stand in a locality; it says where; it starts a distance; a wind; a unit.
MATTER, RELATION, NUMBER, WIND, UNIT = 1, 2, 4, 8, 16
#: It ends any locality; it is an ordinary word; it is a month or a day; it names a sort of place.
STOP, COMMON, TIME, GENERIC, ARTICLE = 32, 64, 128, 256, 512
#: A road; it leads from a relation to a name; it counts things; it denies or moves.
ROAD, LINK, DEMONYM, AND = 1024, 2048, 4096, 8192
#: It can only stand before what it governs.
PREPOSITION = 16384
#: It names a sort of settlement.
SETTLEMENT = 32768

_BITS = {
    "wind": RELATION | WIND,
    "wind_letters": WIND,
    "unit": UNIT,
    "number": NUMBER,
    "scale": NUMBER,
    "fraction": NUMBER,
    "vague": NUMBER,
    "stop": STOP,
    "common": COMMON,
    "time": TIME,
    "generic": GENERIC,
    "settlement": GENERIC | SETTLEMENT,
    "governorate": GENERIC,
    "article": ARTICLE,
    "road": ROAD,
    "of": LINK,
    "link": LINK,
    "demonym": DEMONYM,
    "and": AND,
} | dict.fromkeys(
    (
        "near inside at edge centre part central countryside on halfway between within land_part"
    ).split(),
    RELATION,
)
_PREPOSITIONS = frozenset(
    "near inside at on between within of link distance_link radius_link from before_wind approx "
    "at_most at_least".split()
)
for _role in _PREPOSITIONS:
    _BITS[_role] = _BITS.get(_role, 0) | PREPOSITION
#: What an entry of several words is only as a whole.
_WHOLE = UNIT | NUMBER | WIND | COMMON | RELATION
#: Classes that alone carry no locality on.
_NO_MATTER = frozenset({"stop", "common", "time", "particle", "name_noun", "direction_name"})


@functools.cache
def _inner(code: str) -> dict[str, int]:
    """Return the bits of the words inside the lexicon's longer entries ("in *vicinity* of")."""
    found: dict[str, int] = {}
    for group in lexicon(code).entries.values():
        for entries in group.longer.values():
            for entry in entries:
                bits = _of_role(entry.role)
                for word in entry.words:
                    found[word] = found.get(word, 0) | (bits & ~_WHOLE)
    return found


@functools.cache
def _is_bare(code: str) -> bool:
    """Tell whether nothing is written onto the words of a language."""
    words = lexicon(code)
    return not (words.proclitics or words.joined_articles or words.elisions)


def _of_role(role: str) -> int:
    bits = _BITS.get(role, 0)
    return bits if role in _NO_MATTER else bits | MATTER


@functools.lru_cache(maxsize=1 << 17)
def roles(word: str, code: str) -> int:
    """Return the bits of a word in a language.

    Examples
    --------
    >>> bool(roles("northeast", "en") & WIND), bool(roles("clashes", "en") & MATTER)
    (True, False)
    """
    words = lexicon(code)
    folded = fold(word)
    if folded.isdecimal():
        return MATTER | NUMBER
    if folded[:1].isdecimal():
        return _of_measure(folded, code)
    bits = _inner(code).get(folded, 0)
    if not _is_bare(code) or folded in words.entries:
        bits |= _of_parts(folded, code)
    if bits & WIND and not bits & RELATION and not word.isupper():
        bits &= ~WIND  # "s", "e": letters of winds are written large
    return bits


def _of_measure(folded: str, code: str) -> int:
    """Return the bits of digits with a unit written onto them: "3km"."""
    first = next((k for k, letter in enumerate(folded) if letter.isalpha()), len(folded))
    group = lexicon(code).entries.get(folded[first:])
    return MATTER | NUMBER | UNIT if group is not None and "unit" in group.single else 0


def _of_parts(folded: str, code: str) -> int:
    """Return the bits of a word, what is written onto it taken apart."""
    words, bits = lexicon(code), 0
    for each in separated(folded, words) or (folded,):
        group = words.entries.get(each) or words.entries.get(bare(each, words))
        if group is not None:
            for role in group.single:
                bits |= _of_role(role)
            for entries in group.longer.values():
                for entry in entries:
                    bits |= _of_role(entry.role) & (MATTER | RELATION)
    for front in words.elisions:
        if folded.startswith(front):
            bits |= MATTER
            bits |= roles(folded[len(front) :], code)
    return bits


@functools.lru_cache(maxsize=1 << 14)
def is_preposition(word: str, code: str) -> bool:
    """Tell whether a word by itself can govern what follows it, and is no noun.

    Examples
    --------
    >>> is_preposition("near", "en"), is_preposition("road", "en")
    (True, False)
    """
    group = lexicon(code).entries.get(fold(word))
    if group is None:
        return False
    nouns = {"road", "generic", "settlement", "unit", "name_noun", "name_head", "governorate"}
    return bool(group.single.keys() & (_PREPOSITIONS - {"of", "link"})) and not (
        group.single.keys() & nouns
    )
