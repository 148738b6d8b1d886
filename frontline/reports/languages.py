"""The language of every sentence, by its small words; a vote, all sentences at once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from frontline.locality.detection import detect
from frontline.locality.lexicon import languages, lexicon
from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.reports.tokens import Numbers, Text

_NEIGHBOURS, _WHOLE, _SCRIPT, _LETTER = 0.3, 0.5, 0.2, 1.0
#: So close, and the small words have not decided; so many sentences are looked at twice.
_CLOSE, _MOST_CLOSE, _PIECE = 0.6, 200, 400
SCRIPTS = ("Latin", "Cyrillic", "Arabic")


def script(letter: str) -> str:
    r"""Return the script of a letter, as far as the lexicons tell them apart.

    Examples
    --------
    >>> script("H"), script("\u0428"), script("ح")
    ('Latin', 'Cyrillic', 'Arabic')
    """
    if "\u0400" <= letter <= "\u052f":
        return "Cyrillic"
    if "\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufefc":
        return "Arabic"
    return "Latin"


@functools.cache
def readable() -> tuple[str, ...]:
    """Return the languages that have both a lexicon and a vocabulary, English first."""
    both = set(languages()) & set(vocabularies())
    return tuple(sorted(both, key=lambda code: (code != "en", code)))


@functools.cache
def _votes() -> dict[str, tuple[float, ...]]:
    """Return by small word what it says for each language; a word of many says less."""
    codes = readable()
    holders: dict[str, list[int]] = {}
    for number, code in enumerate(codes):
        for word in vocabularies()[code].function:
            holders.setdefault(word, []).append(number)
    return {
        word: tuple(1.0 / len(many) if k in many else 0.0 for k in range(len(codes)))
        for word, many in holders.items()
    }


def languages_of(text: Text) -> tuple[tuple[str, ...], Numbers]:
    """Return the languages that are met, and by sentence which of them it is in."""
    codes = readable()
    if not len(text):
        return codes[:1], np.zeros(1, np.int64)
    known, none = _votes(), (0.0,) * len(codes)
    by_script = {
        name: tuple(_SCRIPT * (script_of(code) == name) for code in codes) for name in SCRIPTS
    }
    letters = [lexicon(code).letters for code in codes]
    rows = []
    for word in text.distinct:
        row = known.get(word) or known.get(word.lower())
        if row is None and word.isascii():
            row = none if word.isdecimal() else by_script["Latin"]
        elif row is None:
            row = by_script[script(word[0])]
            said = [_LETTER * any(letter in word for letter in own) for own in letters]
            if any(said):
                row = tuple(a + b for a, b in zip(row, said, strict=True))
        rows.append(row)
    table = np.array(rows, np.float64)
    sentences, ids = np.asarray(text.sentences), np.asarray(text.ids)
    first = np.flatnonzero(np.diff(sentences, prepend=-1))
    votes = np.stack([np.add.reduceat(table[:, k][ids], first) for k in range(len(codes))], axis=1)
    beside = votes.copy()
    beside[1:] += _NEIGHBOURS * votes[:-1]
    beside[:-1] += _NEIGHBOURS * votes[1:]
    whole = votes.sum(axis=0)
    beside += _WHOLE * whole / max(whole.sum(), 1.0)
    chosen = beside.argmax(axis=1)
    _settle_close(text, beside, chosen, first)
    by_sentence = np.zeros(text.sentences[-1] + 1, np.int64)
    by_sentence[sentences[first]] = chosen
    return codes, by_sentence


def _settle_close(text: Text, votes: NDArray[np.float64], chosen: Numbers, first: Numbers) -> None:
    """Ask the detection of languages where the small words leave it open."""
    codes = readable()
    ordered = np.sort(votes, axis=1)
    close = np.flatnonzero(ordered[:, -1] - ordered[:, -2] < _CLOSE)
    ends = np.append(first[1:], len(text)) - 1
    for k in close[:_MOST_CLOSE].tolist():
        begin, end = text.starts[first[k]], text.ends[ends[k]]
        found = detect(text.text[begin : min(end, begin + _PIECE)])[:1]
        if found and found[0] in codes and votes[k, codes.index(found[0])] > 0:
            chosen[k] = codes.index(found[0])


@functools.cache
def script_of(code: str) -> str:
    """Return the script that a language is written in."""
    return lexicon(code).script


def of_script(name: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Return those of the languages that are written in a script."""
    return tuple(code for code in codes if script_of(code) == name)
