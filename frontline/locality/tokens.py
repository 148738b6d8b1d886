"""Text to tokens: words, numbers and signs with their places, in one pass and in linear time."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from frontline.gazetteer.homoglyphs import to_latin

# Marks that belong to the letter before them: combining accents, Arabic and Hebrew points,
# tatweel, and the joiners that Persian puts inside words.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200c\u200d"
)
_APOSTROPHES = "'\u2019\u02bc\u02bb\u02bf\u02be\u2018`\u00b4"

# Quotation marks and bidirectional controls separate words and mean nothing else here.
# Every alternative begins with another class of characters and repeats one class only, so
# the expression cannot backtrack.
_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,\u066b\u066c]\d+)*)"
    rf"|(?P<fraction>[\u00bc-\u00be\u2150-\u215e])"
    rf"|(?P<word>[^\W\d_][\w{_MARKS}]*(?:[{_APOSTROPHES}][^\W\d_][\w{_MARKS}]*)*)"
    rf"|(?P<sign>[^\s\"\u201c-\u201f\u00ab\u00bb\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff])"
)

_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d")
_DROP = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]")
_UNSEEN = re.compile(
    "[\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# Letters that are written for one another, and the apostrophes.
_SAME = str.maketrans(
    dict.fromkeys(_APOSTROPHES[1:], "'")
    | dict.fromkeys("\u0623\u0625\u0622\u0671", "\u0627")
    | {"\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647"}
    | {"\u0451": "\u0435", "\u0131": "i"}
)
# Latin and Cyrillic letters that look the same, for words that mix the two.
_LOOK_ALIKE = str.maketrans(
    "aceopxyikmthb",
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u043a\u043c\u0442\u043d\u0432",
)
_LOOK_LATIN = {value: key for key, value in _LOOK_ALIKE.items()} | str.maketrans(
    "\u0458\u0455\u0501\u04bb\u051b\u051d\u0475\u04cf", "jsdhqwvl"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")


class Token(NamedTuple):
    """A word, number, fraction sign or other sign of a text.

    `folded` is what the lexicon sees: NFKC, without Arabic points, lower case, one dash.
    `cased` tells a word with a capital, or in a script that has none. `case` is the case that
    an ending with an apostrophe shows; the ending is not part of the token.
    """

    kind: str
    text: str
    folded: str
    start: int
    end: int
    cased: bool = False
    case: str = ""

    @property
    def possessive(self) -> bool:
        """Whether the word is a possessor ("Hama's")."""
        return self.case == "genitive"


def fold(text: str) -> str:
    """Fold a word for comparison with the lexicon.

    Examples
    --------
    >>> fold("Kilometres"), fold("\uff2bM"), fold("\u0130dlib")
    ('kilometres', 'km', 'idlib')
    """
    return text.lower() if text.isascii() else _fold(text)


def plain(text: str) -> str:
    """Return a name without tatweel, Arabic vowel points, joiners and bidirectional controls.

    Examples
    --------
    >>> plain("\u062d\u0645\u0640\u0640\u0627\u0629") == "\u062d\u0645\u0627\u0629"
    True
    """
    return text if text.isascii() else _UNSEEN.sub("", text)


@functools.lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    folded = to_latin(unicodedata.normalize("NFKC", text), only_greek=True).casefold()
    folded = _DROP.sub("", unicodedata.normalize("NFC", folded)).translate(_SAME)
    if _LATIN.search(folded):
        cyrillic = len(_CYRILLIC.findall(folded))
        if cyrillic:
            more = 2 * cyrillic >= len(folded)
            folded = folded.translate(_LOOK_ALIKE if more else _LOOK_LATIN)
    return folded


def _cased(word: str) -> bool:
    # A capital anywhere ("al-Bab", "eZor"), or a script without capitals.
    if word.isascii():
        return not word.islower()
    return any(letter.isupper() or not letter.islower() for letter in word if letter.isalpha())


def _elided(folded: str, elisions: tuple[str, ...]) -> int:
    """Return the length of the shortened word that a word begins with, 0 if there is none."""
    for each in elisions:
        if folded.startswith(each) and len(folded) > len(each):
            return len(each)
    return 0


def tokenize(
    text: str, endings: tuple[tuple[str, str], ...] = (), *, elisions: tuple[str, ...] = ()
) -> list[Token]:
    """Split a text into tokens.

    Parameters
    ----------
    text
        Any text.
    endings
        Endings with their apostrophe and the case that each shows: ``(("'s", "genitive"),)``.
        They are taken off the word. If one is a genitive, a bare apostrophe after a word is too.
    elisions
        Shortened words that are written onto the next one: ``("d'",)``. Each becomes a token.

    Examples
    --------
    >>> [token.text for token in tokenize("5km NE of Hama's borders", (("'s", "genitive"),))]
    ['5', 'km', 'NE', 'of', 'Hama', 'borders']
    """
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        raw = match[0]
        start, end = match.span()
        if kind == "word":
            folded = fold(raw)
            while elisions and (cut := _elided(folded, elisions)):
                tokens.append(Token(kind, raw[:cut], folded[:cut], start, start + cut))
                raw, start = raw[cut:], start + cut
                folded = fold(raw)
            case = ""
            for ending, shown in endings:
                if folded.endswith(ending) and len(raw) > len(ending):
                    raw, folded = raw[: -len(ending)], fold(raw[: -len(ending)])
                    end -= len(ending)
                    case = shown
                    break
            tokens.append(Token(kind, raw, folded, start, end, _cased(raw), case))
        elif kind == "sign" and raw in _DASHES:
            tokens.append(Token("dash", raw, "-", start, end))
        elif kind == "sign" and raw in _APOSTROPHES and _joins(tokens, start):
            before = tokens[-1]
            if f"{before.folded}'" in elisions:  # "d'" alone, or with a space after it
                tokens[-1] = Token(
                    "word", before.text + raw, f"{before.folded}'", before.start, end
                )
            elif any(case == "genitive" for _, case in endings):
                tokens[-1] = before._replace(case="genitive")
            else:
                tokens.append(Token(kind, raw, raw, start, end))
        else:
            folded = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
            tokens.append(Token(kind, raw, folded, start, end))
    return tokens


def _joins(tokens: list[Token], start: int) -> bool:
    return bool(tokens) and tokens[-1].kind == "word" and tokens[-1].end == start
