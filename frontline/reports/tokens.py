"""Running text to words at the speed of C: one split, then every distinct word once.

A text of a megabyte has some 170,000 words and a tenth as many distinct ones. What costs time
(folding, dictionaries) is done to the distinct ones; the rest is arrays of their numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

#: What parts two words: nothing much, a comma or bracket, a clause's end, a sentence's end.
JOIN, COMMA, CLAUSE, STOP = 0, 1, 2, 3

# Combining marks, harakat, tatweel and joiners belong to the letter before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200c\u200d"
)
APOSTROPHES = "'\u2019\u02bc\u02bb\u02bf\u02be\u2018`\u00b4"
# Each alternative begins with a class of its own and repeats one class: no backtracking.
_ASCII = re.compile(r"([A-Za-z]+(?:['`][A-Za-z]+)*|[0-9]+)")
_LETTERS = rf"[^\W\d_][^\W\d_{_MARKS}]*(?:[{_MARKS}{APOSTROPHES}]+[^\W\d_]+)*[{_MARKS}]*"
_ANY = re.compile(rf"({_LETTERS}|\d+)")
#: A word or a number.
WORD = re.compile(rf"{_LETTERS}|\d+")
_ENDS = re.compile(r"[.!?\u2026\u061f\u06d4\u3002]")
_CLAUSES = re.compile(r"[;:\"\u201c-\u201f\u00ab\u00bb\u061b|/*\u2022]|\s[-\u2013\u2014]+\s|\u2014")
_COMMAS = re.compile(r"[,()\[\]\u060c\u2013\u2026.!?\u061f\u06d4]")
_LONG_LINE, _MANY_LINES = 120, 3
#: A word with a full stop behind it that ends no sentence.
_SHORT_FORMS = frozenset(
    "st gen dr mr mrs ms col lt sgt capt maj no km mi ft m nr ca bzw dt sr sra prof rev vs approx "
    "mt ste mme mlle \u0433 \u043a\u043c \u0441 \u0434 \u0440 \u0438\u043c \u0441\u0442".split()
)


class Text:
    """A text as words.

    Attributes
    ----------
    text
        As given.
    words
        The words and numbers.
    starts, ends
        Where they stand.
    gaps
        By word, the class of what stands before it; one more at the end of the text.
    hyphens
        By word, whether nothing but a hyphen or nothing at all stands before it.
    distinct
        The distinct words.
    ids
        By word, which of the distinct ones it is.
    sentences
        By word, the number of its sentence.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        parts = (_ASCII if text.isascii() else _ANY).split(text)
        self.words: list[str] = parts[1::2]
        between: list[str] = parts[0::2]
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        self.ends: Numbers = np.cumsum(lengths)[1::2]
        self.starts: Numbers = self.ends - lengths[1::2]
        self.distinct: list[str] = list(dict.fromkeys(self.words))
        self.ids = _numbered(self.words, self.distinct)
        kinds = list(dict.fromkeys(between))
        newline = CLAUSE if is_wrapped(text) else STOP
        which = _numbered(between, kinds)
        self.gaps: Numbers = np.array([_gap(each, newline) for each in kinds], np.int64)[which]
        self.hyphens: Flags = np.array([each in _TIGHT for each in kinds], np.bool_)[which]
        self.sentences = self._sentences(np.array(["." in e for e in kinds], np.bool_)[which])

    def _sentences(self, dotted: Flags) -> Numbers:
        """Return the number of each word's sentence; "Gen. Smith" and "5 km. of" go on."""
        if not self.words:
            return np.zeros(0, np.int64)
        short = np.array([_is_short(word) for word in self.distinct], np.bool_)[self.ids]
        small = np.array([word[:1].islower() for word in self.distinct], np.bool_)[self.ids]
        goes_on = np.zeros(len(self.words) + 1, np.bool_)
        goes_on[1:-1] = dotted[1:-1] & (short[:-1] | small[1:])
        self.gaps[goes_on & (self.gaps == STOP)] = JOIN
        return np.cumsum(self.gaps[:-1] == STOP)

    def each(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Spread what is known of the distinct words over all words."""
        return values[self.ids]


_TIGHT = frozenset(("", "-", "\u2010", "\u2011", "'", "\u2019"))


def _numbered(every: list[str], distinct: list[str]) -> Numbers:
    numbers = {each: number for number, each in enumerate(distinct)}
    return np.fromiter(map(numbers.__getitem__, every), np.int64, len(every))


def _is_short(word: str) -> bool:
    return (len(word) == 1 and not word.islower()) or word.lower() in _SHORT_FORMS


def _gap(gap: str, newline: int) -> int:  # noqa: PLR0911 - a list of cases
    r"""Say how strongly the signs between two words part them.

    Examples
    --------
    >>> [_gap(each, STOP) for each in (" ", "-", ", ", ": ", ". ", "\n")]
    [0, 0, 1, 2, 3, 3]
    """
    if gap in {" ", "", "-"}:
        return JOIN
    if len(gap) > _LONG_LINE:
        return STOP
    broken = gap.count("\n") + gap.count("\u2029")
    if broken > 1 or (broken and newline == STOP):
        return STOP
    end = _ENDS.search(gap)
    if end and (broken or any(letter.isspace() for letter in gap[end.end() :])):
        return STOP
    if _CLAUSES.search(gap):
        return CLAUSE
    if _COMMAS.search(gap):
        return COMMA
    return JOIN if gap.isspace() or len(gap.strip()) <= 1 else CLAUSE


def is_wrapped(text: str) -> bool:
    r"""Tell whether the lines of a text are cut to a width, so that a line's end means nothing.

    Examples
    --------
    >>> is_wrapped("Fighting went on all night in the hills to the\nnorth of Hama.")
    False
    """
    if "\n" not in text:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < _MANY_LINES or max(map(len, lines)) > _LONG_LINE:
        return False
    open_ends = sum(1 for line in lines if not line.rstrip().endswith((".", "!", "?", ":", '"')))
    longest = max(map(len, lines))
    full = sum(1 for line in lines if 2 * len(line) > longest)
    return 2 * open_ends > len(lines) and 4 * full > 3 * len(lines)
