"""The Arabic name of a place among its other spellings."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from frontline.gazetteer.forms import form

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place

__all__ = ["arabic_name"]

# The letters of Arabic itself: not those of Persian or Kurdish, no vowel signs.
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a ]+")
_TEH_MARBUTA = "\u0629"


def arabic_name(place: Place) -> str:
    r"""Return the Arabic spelling that is closest to the name of a place, "" if it has none.

    Of several, that with the same consonants comes first, then one of no more words, then one with
    the article and with the feminine ending that the bare variants of gazetteers drop.

    Examples
    --------
    >>> from frontline.gazetteer.model import Place
    >>> names = ("Rakka", "\u0631\u0642\u0647", "\u0627\u0644\u0631\u0642\u0629")
    >>> arabic_name(Place("Raqqa", 39.0, 35.95, names=names)) == names[2]
    True
    >>> arabic_name(Place("Nowhere", 39.0, 35.95, names=("Nirgends",)))
    ''
    """
    own = form(place.name)
    most = len(place.name.replace("-", " ").split())

    def closeness(name: str) -> tuple[bool, bool, bool, bool, float, str]:
        given = form(name)
        likeness = difflib.SequenceMatcher(None, own.heard, given.heard).ratio()
        return (
            bool(own.bones & given.bones),
            len(name.split()) <= most,
            given.article,
            _TEH_MARBUTA in name,
            likeness,
            name,  # equal so far: the order is no matter of chance
        )

    return max((n for n in place.names if _ARABIC.fullmatch(n)), key=closeness, default="")
