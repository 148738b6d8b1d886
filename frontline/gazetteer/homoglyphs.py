# ruff: noqa: RUF001, RUF002  (letters that look alike are the subject of this module)
"""Letters of other alphabets that look like Latin ones, in words that mix the two.

Names are hostile: "Ηama" with a Greek Eta is on no list, and a reader sees Hama. Capitals and small
letters are told apart, for an Eta looks like H and a small eta like n. Fullwidth and mathematical
letters are none of these: NFKC makes plain letters of them.
"""

from __future__ import annotations

import re

_GREEK = (
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧͿ" + "αγεηικνορτυχωϳ",
    "ABEZHIKMNOPTYXJ" + "ayenikvoptuxwj",
)
_CYRILLIC = (
    "АВЕКМНОРСТУХІЇЈЅԚԜѴӀԀҺЁ" + "авекмнорстухіїјѕԛԝѵӏԁһё",
    "ABEKMHOPCTYXIIJSQWVIDHE" + "abekmhopctyxiijsqwvldhe",
)
_TO_LATIN = str.maketrans(
    _GREEK[0] + _CYRILLIC[0] + "ɑɡ",
    _GREEK[1] + _CYRILLIC[1] + "ag",
)
_GREEK_TO_LATIN = str.maketrans(*_GREEK)
_OTHER = re.compile("[\u0370-\u052f\u0251\u0261]")
_GREEK_LETTER = re.compile("[\u0370-\u03ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W_]+")


def to_latin(text: str, *, only_greek: bool = False) -> str:
    """Write the words of a text that mix alphabets with the Latin letters they look like.

    Parameters
    ----------
    text
        Any text, after NFKC.
    only_greek
        Leave Cyrillic letters: which of the two alphabets such a word means is for others to say.

    Examples
    --------
    >>> to_latin("\u0397ama"), to_latin("H\u0430ma"), to_latin("\u0425\u0430\u043c\u0430")
    ('Hama', 'Hama', 'Хама')
    """
    if text.isascii() or not _OTHER.search(text) or not _LATIN.search(text):
        return text
    if only_greek and not _GREEK_LETTER.search(text):
        return text
    table = _GREEK_TO_LATIN if only_greek else _TO_LATIN
    return _WORD.sub(
        lambda word: word[0].translate(table) if _LATIN.search(word[0]) else word[0], text
    )
