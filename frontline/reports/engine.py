"""The grammar on a piece of running text: all localities in it, traps stepped over."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from frontline.errors import FrontlineError, UnresolvedFeatureError
from frontline.locality.grammar import parse
from frontline.locality.model import Locality

_MOST = 4_000


class Piece(NamedTuple):
    """A locality in a piece of text, or why one that stands there names no place."""

    start: int
    end: int
    locality: Locality | None
    reason: str | None


@lru_cache(maxsize=1 << 15)
def pieces(text: str, code: str) -> tuple[Piece, ...]:
    """Return the localities of a piece of text, from left to right.

    Examples
    --------
    >>> [(str(p.locality), p.locality.kind) for p in pieces("5 km north of Hama", "en")]
    [('5 km north of Hama', 'offset')]
    """
    if len(text) > _MOST:
        return ()
    try:
        found = parse(text, lang=code)
    except UnresolvedFeatureError as error:
        return (Piece(0, len(text), None, str(error)),)
    except FrontlineError:
        return ()
    return (Piece(*found.span, found, None),)
