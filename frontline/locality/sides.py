"""The letters and words for north, south, east and west beside coordinates."""
# ruff: noqa: RUF001 - the letters of other scripts are what this table is about

from __future__ import annotations

import re

#: The same in every language that writes them.
_SIDES = {
    "N": (
        "n north nord norte kuzey ش شمال شمالا şm nördl.br. n.br. nördlicherbreite с.ш. "
        "севернойшироты пн.ш. північноїшироти"
    ),
    "S": (
        "s south sud süd sur sul güney ج جنوب جنوبا südl.br. s.br. südlicherbreite ю.ш. "
        "южнойшироты пд.ш. південноїшироти"
    ),
    "E": (
        "e east est este leste ost doğu ق شرق شرقا östl.l. ö.l. östlicherlänge в.д. "
        "восточнойдолготы сх.д. східноїдовготи"
    ),
    "W": (
        "w west ouest oeste batı غ غرب غربا westl.l. w.l. westlicherlänge з.д. "
        "западнойдолготы зх.д. західноїдовготи"
    ),
}
#: Letters that mean a side in some languages only, or not the same one in all.
OF_LANGUAGE = {
    "o": {"fr": "W", "es": "W", "pt": "W", "de": "E"},
    "l": {"pt": "E"},
    "k": {"tr": "N"},
    "g": {"tr": "S"},
    "d": {"tr": "E"},
    "b": {"tr": "W"},
    "ş": {"az": "E"},
    "c": {"az": "S"},
    "q": {"az": "W"},
}
#: Two words of which the first says the side.
_TWO_WORDS = (
    "nördlicher|südlicher Breite;östlicher|westlicher Länge;северной|южной широты;"
    "восточной|западной долготы;північної|південної широти;східної|західної довготи"
)


def side_of(written: str) -> str:
    """Return N, S, E or W for letters that mean it in every language, "" for others.

    Examples
    --------
    >>> side_of("n. Br."), side_of("Ouest"), side_of("O")
    ('N', 'W', '')
    """
    return _SIDE_OF.get(plain(written), "")


def plain(written: str) -> str:
    """Return letters without case, dots and spaces."""
    return re.sub(r"[.\s]", "", written).casefold().replace("i\u0307", "i")


def _pattern() -> str:
    forms = []
    for words in _SIDES.values():
        for word in words.split():
            parts = [re.escape(part) for part in word.split(".") if part]
            forms.append(r"\.?\s?".join(parts) + (r"\.?" if "." in word else ""))
    for pair in _TWO_WORDS.split(";"):
        firsts, second = pair.split(" ")
        forms += [rf"{first}\s{second}" for first in firsts.split("|")]
    forms += OF_LANGUAGE
    # One look at the first letter spares the search through all the forms nearly everywhere.
    begins = "".join(sorted({form[0] for form in forms}))
    return rf"(?=[{begins}])(?:{'|'.join(sorted(forms, key=lambda form: (-len(form), form)))})"


_SIDE_OF = {plain(word): side for side, words in _SIDES.items() for word in words.split()}
#: A regular expression of all of them, the longest first.
LETTERS = _pattern()
