# ruff: noqa: RUF001  (letters that look alike are the subject of this module)
"""Names as other languages write them: Cyrillic, Turkish, Azerbaijani and German spellings.

A report in Russian writes Тель-Рифаат, one in Turkish Han Şeyhun, one in German Chan Schaichun.
Each is rewritten as an English report would have it, as far as the script or its letters show the
language; the result is a candidate for a likeness and never a key.
"""

from __future__ import annotations

import itertools
import re

from frontline.gazetteer.names import fold, words

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґ]")
# Arabic has no v: the letter stands for a w.
_LETTERS = "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя"
_LATIN = "a b w g g d e ye yo j z i i yi y k l m n o p r s t u f h ts ch sh sh _ i _ e yu ya"
_LATIN_OF_CYRILLIC = dict(zip(_LETTERS, _LATIN.split(), strict=True))
_TURKIC = re.compile("[şçğıəİŞÇĞƏ]")
_TURKIC_LETTERS = str.maketrans(
    {"ş": "sh", "ç": "ch", "ğ": "gh", "c": "j", "x": "kh", "ə": "a", "ı": "i", "j": "zh"}
)
_GERMAN = re.compile("sch", re.IGNORECASE)
_MOST_H = 3


def respelled(name: str) -> list[list[str]]:
    """Return the words of a name as English would spell them, in the ways that may be meant.

    An h of these languages may stand for h or kh.

    Parameters
    ----------
    name : str
        As written.

    Returns
    -------
    list of list of str
        As `frontline.gazetteer.names.words` returns them; empty for a name whose letters do not
        show that it is spelled otherwise.

    Examples
    --------
    >>> respelled("Тель-Рифаат")
    [['tall', 'rifaat']]
    >>> ["khan", "sheykhun"] in respelled("Han Şeyhun"), respelled("Hama")
    (True, [])
    """
    if _CYRILLIC.search(name):
        text = _of_cyrillic(fold(name))
    elif _TURKIC.search(name):
        text = fold(name.replace("İ", "i").lower().translate(_TURKIC_LETTERS))
    elif _GERMAN.search(name):
        text = _of_german(fold(name))
    else:
        return []
    return [words(way) for way in _with_kh(text)] if text.isascii() else []


def _of_cyrillic(folded: str) -> str:
    text = folded.replace("дж", "ж").replace("кх", "х")
    if _UKRAINIAN.search(text):
        text = text.replace("г", "х")
    text = "".join(_LATIN_OF_CYRILLIC.get(letter, letter) for letter in text)
    return text.replace("_", "")


def _of_german(folded: str) -> str:
    text = folded.replace("dsch", "\1").replace("tsch", "\2").replace("sch", "\3")
    text = text.replace("ch", "kh").replace("j", "y").replace("z", "s").replace("w", "v")
    return text.replace("\1", "j").replace("\2", "ch").replace("\3", "sh")


def _with_kh(text: str) -> list[str]:
    """Return a text with every h that stands alone read as h and as kh."""
    pieces = re.split(r"(?<![ksgtcdz])h", text)
    if len(pieces) - 1 > _MOST_H:
        return [text]
    return [
        "".join(itertools.chain.from_iterable(zip(pieces, (*ways, ""), strict=True)))
        for ways in itertools.product(("h", "kh"), repeat=len(pieces) - 1)
    ]
