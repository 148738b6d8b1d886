"""Texts in one form before they are searched: addresses decoded, one kind of digits and dashes."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

__all__ = ["plain"]

_ROUNDS = 3
#: What stands for a degree sign; NFKC would make letters or blanks of these.
_DEGREES = str.maketrans(dict.fromkeys("\u00ba\u02da\u1d52\u2070\u2218\u25e6", "\u00b0"))
_MARKS = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u2010-\u2015\u2212]")


def plain(text: str) -> str:
    r"""Bring a text to the form that is searched.

    Escapes of addresses and of HTML are taken back, three times at most, for they nest; digits
    of all scripts become 0-9, dashes and minus signs "-", and marks that nobody sees go.

    Examples
    --------
    >>> plain("35.1319%252C%2036.7572")
    '35.1319, 36.7572'
    >>> plain("\N{ARABIC-INDIC DIGIT FIVE}/12, 35\N{RING ABOVE}07'")
    "5/12, 35°07'"
    """
    for _ in range(_ROUNDS):
        decoded = html.unescape(unquote(text))
        if decoded == text:
            break
        text = decoded
    folded = unicodedata.normalize("NFKC", text.translate(_DEGREES))
    digits = "".join(
        str(unicodedata.digit(each)) if each.isdigit() and not each.isascii() else each
        for each in folded
    )
    return _MARKS.sub(_mark, digits)


def _mark(found: re.Match[str]) -> str:
    return "-" if "\u2010" <= found[0] <= "\u2015" or found[0] == "\u2212" else ""
