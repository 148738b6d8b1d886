"""Text to tokens: words, numbers and signs with their places, in one pass and in linear time."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

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
_DROP = re.compile("[\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]")


class Token(NamedTuple):
    """A word, number, fraction sign or other sign of a text.

    `folded` is what the lexicon sees: NFKC, without Arabic points, lower case, one dash.
    `cased` tells a word with a capital, or in a script that has none.
    """

    kind: str
    text: str
    folded: str
    start: int
    end: int
    cased: bool
    possessive: bool


def fold(text: str) -> str:
    """Fold a word for comparison with the lexicon.

    Examples
    --------
    >>> fold("Kilometres"), fold("\uff2bM")
    ('kilometres', 'km')
    """
    if text.isascii():
        return text.lower()
    folded = _DROP.sub("", unicodedata.normalize("NFKC", text))
    for each in _APOSTROPHES[1:]:
        folded = folded.replace(each, "'")
    return folded.casefold()


def _cased(word: str) -> bool:
    # A capital anywhere ("al-Bab", "eZor"), or a script without capitals.
    return any(letter.isupper() or not letter.islower() for letter in word if letter.isalpha())


def _elided(folded: str, elisions: tuple[str, ...]) -> int:
    """Return the length of the shortened word that a word begins with, 0 if there is none."""
    for each in elisions:
        if folded.startswith(each) and len(folded) > len(each):
            return len(each)
    return 0


def tokenize(
    text: str, possessives: tuple[str, ...] = (), *, elisions: tuple[str, ...] = ()
) -> list[Token]:
    """Split a text into tokens.

    Parameters
    ----------
    text
        Any text.
    possessives
        Endings that mark a possessor, with their apostrophe: ``("'s",)``. They are taken off
        the word, and a bare apostrophe after a word counts as one.
    elisions
        Shortened words that are written onto the next one: ``("d'",)``. Each becomes a token.

    Examples
    --------
    >>> [token.text for token in tokenize("5km NE of Hama's borders", ("'s",))]
    ['5', 'km', 'NE', 'of', 'Hama', 'borders']
    """
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        raw = match[0]
        start, end = match.span()
        if kind == "word":
            folded = fold(raw)
            while cut := _elided(folded, elisions):
                tokens.append(
                    Token(kind, raw[:cut], folded[:cut], start, start + cut, False, False)
                )
                raw, start = raw[cut:], start + cut
                folded = fold(raw)
            possessive = False
            for ending in possessives:
                if folded.endswith(ending) and len(raw) > len(ending):
                    raw, folded = raw[: -len(ending)], fold(raw[: -len(ending)])
                    end -= len(ending)
                    possessive = True
                    break
            tokens.append(Token(kind, raw, folded, start, end, _cased(raw), possessive))
        elif kind == "sign" and raw in _DASHES:
            tokens.append(Token("dash", raw, "-", start, end, cased=False, possessive=False))
        elif (
            kind == "sign"
            and raw in _APOSTROPHES
            and tokens
            and tokens[-1].end == start
            and f"{tokens[-1].folded}'" in elisions
        ):
            tokens[-1] = tokens[-1]._replace(
                text=tokens[-1].text + raw, folded=f"{tokens[-1].folded}'", end=end, cased=False
            )
        elif (
            kind == "sign"
            and possessives
            and raw in _APOSTROPHES
            and tokens
            and tokens[-1].kind == "word"
            and tokens[-1].end == start
        ):
            tokens[-1] = tokens[-1]._replace(possessive=True)
        else:
            folded = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
            tokens.append(Token(kind, raw, folded, start, end, cased=False, possessive=False))
    return tokens
