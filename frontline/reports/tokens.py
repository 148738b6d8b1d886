"""Running text to words at the speed of C: one split at spaces, every distinct piece once.

A text of a megabyte has some 170,000 words and a tenth as many distinct ones. What costs time
(patterns, folding, dictionaries) is done to the distinct ones; the rest is arrays of numbers.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
_ASCII = re.compile(r"[A-Za-z]+(?:['`][A-Za-z]+)*|[0-9]+")
_LETTERS = rf"[^\W\d_][^\W\d_{_MARKS}]*(?:[{_MARKS}{APOSTROPHES}]+[^\W\d_]+)*[{_MARKS}]*"
#: A word or a number.
WORD = re.compile(rf"{_LETTERS}|\d+")
_ENDS = re.compile(r"[.!?\u2026\u061f\u06d4\u3002]")
_CLAUSES = re.compile(r"[;:\"\u201c-\u201f\u00ab\u00bb\u061b|/*\u2022]|\s[-\u2013\u2014]+\s|\u2014")
_COMMAS = re.compile(r"[,()\[\]\u060c\u2013\u2026.!?\u061f\u06d4]")
_LONG_LINE, _MANY_LINES = 120, 3
_SPACE, _LAST_SPACE = 0x20, 0x3000
_ASCII_WORD = bytes(not chr(n).isspace() for n in range(256))
#: A word with a full stop behind it that ends no sentence.
_SHORT_FORMS = frozenset(
    "st gen dr mr mrs ms col lt sgt capt maj no km mi ft m nr ca bzw dt sr sra prof rev vs approx "
    "mt ste mme mlle \u0433 \u043a\u043c \u0441 \u0434 \u0440 \u0438\u043c \u0441\u0442".split()
)


class Text:
    """A text as words.

    Of the words only the distinct ones are kept as such; the rest is numbers, held so that one
    of them is cheap to ask for. `numpy.asarray` makes arrays of them without a copy.

    Attributes
    ----------
    text
        As given.
    starts, ends
        Where the words and numbers stand.
    gaps
        By word, the class of what stands before it; one more at the end of the text.
    hyphens
        By word, whether nothing but a hyphen or nothing at all stands before it.
    distinct
        The distinct words.
    numbers
        The number of each distinct word.
    ids
        By word, which of the distinct ones it is.
    sentences
        By word, the number of its sentence.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        codes = _codes(text)
        chunks = text.split()
        number: defaultdict[str, int] = defaultdict(count().__next__)
        which = np.fromiter(map(number.__getitem__, chunks), np.int64, len(chunks))
        self.numbers: dict[str, int]
        self.numbers, inside = _words_of_chunks(number)
        self.distinct: list[str] = list(self.numbers)
        starts, ends, ids = _spread(_begins(codes), which, inside)
        before, after = np.append(0, ends), np.append(starts, len(text))
        gaps, hyphens = np.full(len(before), JOIN), np.zeros(len(before), np.bool_)
        # A single space between two words is all there is to most gaps.
        length = after - before
        other = np.flatnonzero((length != 1) | (codes[np.minimum(before, len(text) - 1)] != _SPACE))
        dotted = self._classify(gaps, hyphens, (before, after), other)
        self.starts, self.ends = _view(starts), _view(ends)
        self.ids = _view(ids)
        self._go_on(gaps, dotted)
        self.gaps, self.hyphens = _view(gaps), _view(hyphens)
        self.sentences = _view(np.cumsum(gaps[:-1] == STOP))

    def __len__(self) -> int:
        return len(self.ids)

    def word(self, i: int) -> str:
        """Return the word at a position."""
        return self.distinct[self.ids[i]]

    def opens(self, i: int) -> bool:
        """Tell whether a sentence begins with the word at a position."""
        return i == 0 or self.gaps[i] == STOP

    def _classify(
        self, gaps: Numbers, hyphens: Flags, spans: tuple[Numbers, Numbers], other: Numbers
    ) -> list[int]:
        """Classify the gaps that are no single space; return those with a full stop."""
        begins, stops = spans[0][other].tolist(), spans[1][other].tolist()
        between = [self.text[a:b] for a, b in zip(begins, stops, strict=True)]
        number: defaultdict[str, int] = defaultdict(count().__next__)
        which = np.fromiter(map(number.__getitem__, between), np.int64, len(between))
        if not number:
            return []
        newline = CLAUSE if is_wrapped(self.text) else STOP
        gaps[other] = np.array([_gap(each, newline) for each in number], np.int64)[which]
        hyphens[other] = np.array([each in _TIGHT for each in number], np.bool_)[which]
        dotted = np.array(["." in each for each in number], np.bool_)[which]
        found: list[int] = other[dotted & (gaps[other] == STOP)].tolist()
        return found

    def _go_on(self, gaps: Numbers, dotted: Sequence[int]) -> None:
        """Let "Gen. Smith" and "5 km. of" go on: their full stop ends no sentence."""
        words, ids = self.distinct, self.ids
        for i in dotted:
            if 0 < i < len(ids) and (_is_short(words[ids[i - 1]]) or words[ids[i]][0].islower()):
                gaps[i] = JOIN


class _Inside(NamedTuple):
    """The words in the distinct pieces between spaces: how many, the first one's place below."""

    counts: Numbers
    first: Numbers
    begins: Numbers
    stops: Numbers
    ids: Numbers


def _view(numbers: NDArray[np.generic]) -> memoryview[int]:
    return memoryview(numbers)  # type: ignore[arg-type]  # the stubs know no buffer of numpy


def _codes(text: str) -> NDArray[np.unsignedinteger]:
    if text.isascii():
        return np.frombuffer(text.encode() or b" ", np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


@functools.cache
def _spaces() -> Flags:
    return np.array([*(chr(n).isspace() for n in range(_LAST_SPACE + 1)), False])


def _begins(codes: NDArray[np.unsignedinteger]) -> Numbers:
    """Return where the pieces between spaces begin, as `str.split` parts them."""
    if codes.itemsize == 1:
        # Of the signs of ASCII; translating bytes is the fastest way to a mask.
        word = np.frombuffer(codes.tobytes().translate(_ASCII_WORD), np.bool_)
    else:
        word = ~_spaces()[np.minimum(codes, _LAST_SPACE + 1)]
    begins: Numbers = np.flatnonzero(word[1:] > word[:-1]) + 1
    return np.append(0, begins) if word[:1].any() else begins


def _words_of_chunks(chunks: Iterable[str]) -> tuple[dict[str, int], _Inside]:
    number: defaultdict[str, int] = defaultdict(count().__next__)
    counts: list[int] = []
    begins: list[int] = []
    stops: list[int] = []
    ids: list[int] = []
    for chunk in chunks:
        if chunk.isalpha():
            counts.append(1)
            begins.append(0)
            stops.append(len(chunk))
            ids.append(number[chunk])
            continue
        met = len(ids)
        for match in (_ASCII if chunk.isascii() else WORD).finditer(chunk):
            begin, stop = match.span()
            begins.append(begin)
            stops.append(stop)
            ids.append(number[match[0]])
        counts.append(len(ids) - met)
    many = np.array(counts, np.int64)
    made = (np.array(each, np.int64) for each in (begins, stops, ids))
    return dict(number), _Inside(many, np.cumsum(many) - many, *made)


def _spread(at: Numbers, which: Numbers, inside: _Inside) -> tuple[Numbers, Numbers, Numbers]:
    """Return where the words of a text begin and end, and which of the distinct ones they are."""
    counts = inside.counts[which]
    piece = np.repeat(np.arange(len(which)), counts)
    flat = inside.first[which][piece] + np.arange(len(piece))
    flat -= (np.cumsum(counts) - counts)[piece]
    begin = at[piece]
    return begin + inside.begins[flat], begin + inside.stops[flat], inside.ids[flat]


_TIGHT = frozenset(("", "-", "\u2010", "\u2011", "'", "\u2019"))


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
