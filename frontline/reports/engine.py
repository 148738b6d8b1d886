"""The grammar on a piece of running text: all localities in it, traps stepped over.

Names that the dictionary has found are handed to the grammar as stand-ins, so that pieces which
differ in nothing but their names are read once.
"""

from __future__ import annotations

import dataclasses
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from frontline.errors import FrontlineError, UnresolvedFeatureError
from frontline.locality.grammar import localities
from frontline.locality.templates import TemplateReader
from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.locality.model import Locality

_MOST, _PIECES = 2_000, 8
_LETTERS = "abcdfghjkm"
_STATIC = frozenset({"near", "inside"})
_STAND_IN = re.compile("Qox[abcdfghjkm](?![a-z])")


class Piece(NamedTuple):
    """A locality in a piece of text, or why one that stands there names no place."""

    start: int
    end: int
    locality: Locality | None
    reason: str | None


class Name(NamedTuple):
    """A name of the dictionary in a piece of text: where it stands, and its base form."""

    start: int
    end: int
    base: str


def pieces(text: str, code: str, names: Sequence[Name] = ()) -> list[Piece]:
    """Return the localities of a piece of text, from left to right.

    Examples
    --------
    >>> found = pieces("5 km north of Hama", "en", [Name(14, 18, "Hama")])
    >>> [(str(each.locality), each.locality.features) for each in found]
    [('5 km north of Hama', ('Hama',))]
    """
    if len(text) > _MOST:
        return []
    stand_ins = [
        name
        for name in names[: len(_LETTERS)]
        if text[name.start : name.end] == name.base and name.base[-1:].isascii()
    ]
    # Among capitals alone a stand-in would be the only name, and "OF HAMA" another.
    if not stand_ins or "Qox" in text or text.isupper():
        return list(_read(text, code))
    cut, at = [], 0
    moved = [(0, 0)]
    for number, name in enumerate(stand_ins):
        cut += [text[at : name.start], "Qox" + _LETTERS[number]]
        at = name.end
        moved.append((sum(map(len, cut)), at))
    cut.append(text[at:])
    bases = {"Qox" + _LETTERS[k]: name.base for k, name in enumerate(stand_ins)}
    return [_back(piece, text, moved, bases) for piece in _read("".join(cut), code)]


def _back(
    piece: Piece, text: str, moved: Sequence[tuple[int, int]], bases: dict[str, str]
) -> Piece:
    """Put the names in again, and the spans to where they are in the text."""

    def place(at: int) -> int:
        known = [pair for pair in moved if pair[0] <= at]
        return min(known[-1][1] + at - known[-1][0], len(text))

    def named(words: str) -> str:
        return _STAND_IN.sub(lambda match: bases.get(match[0], match[0]), words)

    def whole(found: Locality) -> Locality:
        return dataclasses.replace(
            found,
            text=text,
            span=(place(found.span[0]), place(found.span[1])),
            features=tuple(map(named, found.features)),
            readings=tuple(tuple(map(named, each)) for each in found.readings),
            remarks=tuple(map(named, found.remarks)),
            path=found.path and named(found.path),
            within=found.within and whole(found.within),
        )

    return Piece(
        place(piece.start),
        place(piece.end),
        piece.locality and whole(piece.locality),
        piece.reason and named(piece.reason),
    )


@cache
def _reader(code: str) -> TemplateReader:
    return TemplateReader(code)


@lru_cache(maxsize=1 << 15)
def _read(text: str, code: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = 0
    while at < len(text) and len(found) < _PIECES:
        rest = text[at:]
        if not rest.strip():
            break
        try:
            locality = _reader(code).read(rest)
        except UnresolvedFeatureError as error:
            if not found:
                found.append(Piece(at, len(text), None, str(error)))
            break
        except FrontlineError:
            # A trap first (a count, a movement): what comes after it may still be a locality.
            found += [
                Piece(at + each.span[0], at + each.span[1], _shifted(each, text, at), None)
                for each in localities(rest, code)
            ]
            break
        start, end = locality.span
        if not (locality.kind in _STATIC and _is_movement(rest[start:end], code)):
            moved = _shifted(locality, text, at) if at else locality
            found.append(Piece(at + start, at + end, moved, None))
        at += max(end, 1)
    return tuple(found)


def _is_movement(words: str, code: str) -> bool:
    """Tell whether words only say where a movement leads: "vers Homs" is not near it."""
    vocabulary = vocabularies().get(code)
    small = words.lower()
    return vocabulary is not None and any(
        small.startswith(each) and not small[len(each) : len(each) + 1].isalpha()
        for each in vocabulary.towards
    )


def _shifted(found: Locality, text: str, by: int) -> Locality:
    span = (found.span[0] + by, found.span[1] + by)
    within = found.within and _shifted(found.within, text, by)
    return dataclasses.replace(found, text=text, span=span, within=within)
