"""Which words of a phrase could be any other of their sort without its being read otherwise.

The grammar knows the words of its lexicons; of all others it sees the script, the capitals and
the endings by which a language inflects names. A word is therefore split into what the grammar
may look at (`head`, `tail` and the class) and a `stem` that it can only copy.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.compounds import compound
from frontline.locality.facilities import ends_in_body
from frontline.locality.lexicon import lexicon
from frontline.locality.tokens import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frontline.locality.vocabulary import Lexicon

APOSTROPHES = "'\u2019\u02bc\u02bb\u02bf\u02be\u2018`\u00b4"
#: Numbers, and words without what follows an apostrophe inside them.
PIECES = re.compile(rf"(\d+(?:[.,]\d+)*|(?:(?<=\w)[{APOSTROPHES}])?[^\W\d_][\w\u0300-\u036f]*)")

_SCRIPTS = {
    "L": re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff]+"),
    "C": re.compile("[\u0400-\u045f\u0490-\u0491]+"),
    "A": re.compile("[\u0621-\u063a\u0641-\u064a]+"),
}
#: Letters that no ending is made of, to build words from that mean nothing.
_BLANKS = {
    "L": "wxvzj",
    "C": "\u0449\u0444\u0446\u0445\u0436",
    "A": "\u0638\u063a\u0636\u0630\u062b",
}
#: The labels of words and of numbers begin so; no part of a text is a label by chance.
WORD, NUMBER = "\0", "\1"
_MARKED = "\u0175"
_SHORT, _LEAST_STEM, _MOST_HEADS = 3, 2, 3  # letters, letters, small words
_WHOLE = re.compile(r"[2-9]|[1-9][0-9]{1,2}")
_DECIMAL = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{1,2}")


class Word(NamedTuple):
    """A word that stands for all of its class: what is fixed about it, and its stem."""

    label: str
    head: str
    stem: str
    tail: str


class WordClasses:
    """The classes of words that the lexicons of some languages tell apart.

    Parameters
    ----------
    codes
        The languages that are tried.
    inflected
        False leaves endings out of account, which matter only once the language is known.
    """

    def __init__(self, codes: Sequence[str], *, inflected: bool = True) -> None:
        lexicons = [lexicon(code) for code in codes]
        self._joining = [each for each in lexicons if each.compounds]
        self._postposed = any(each.postpositions for each in lexicons)
        self._cased = [each for each in lexicons if each.nouns_cased]
        self._known: set[str] = set()
        endings: set[str] = set()
        self._heads: tuple[str, ...] = ()
        telling: set[str] = set()
        for each in lexicons:
            self._known |= _words_of(each)
            endings |= _endings_of(each)
            self._heads += (*each.proclitics, *each.joined_articles)
            telling |= {letter.casefold() for letter in each.letters}
        only = {word for word in self._known if _only_particle(lexicons, word)}
        #: Small words that belong to names and mean nothing else, whatever name follows.
        self.particles = frozenset(
            word
            for word in only
            if not any(
                only & each.entries[word].longer.keys() for each in lexicons if word in each.entries
            )
        )
        self._known |= {ending.lstrip(APOSTROPHES) for ending in endings}
        # one with an apostrophe is a part of its own
        self._endings = frozenset(
            each for each in endings if inflected and each and each[0] not in APOSTROPHES
        )
        #: Whether no name has an ending, but for the possessive, or a word written onto it.
        self.uninflected = not (
            endings - {"'s"} or self._heads or any(each.elisions for each in lexicons)
        )
        self._longest = max(map(len, self._endings), default=0)
        self._telling = frozenset(telling)

    def word(self, text: str) -> Word | None:
        """Return the class of a word, None if the grammar may know this very word.

        Examples
        --------
        >>> classes = WordClasses(["en"])
        >>> classes.word("Qomhana").stem, classes.word("north"), classes.word("NATO")
        ('Qomhana', None, None)
        """
        mark = text[0] if text[0] in APOSTROPHES else ""
        bare = text[len(mark) :]
        script, case = _shape(bare)
        if not case or (mark and case != "T"):  # an apostrophe before small letters: an ending
            return None
        small = fold(bare)
        if len(small) != len(bare) or small in self._known:
            return None
        if any(compound(small, each) is not None for each in self._joining):
            return None
        if any(ends_in_body(small, each) for each in self._cased):
            return None
        head = self._head(small) if script == "A" else 0
        end = len(bare) - self._tail(small)
        if head < 0 or end - head < _LEAST_STEM:
            return None
        stem = bare[head:end]
        told = "".join(each for each in stem.casefold() if each in self._telling)
        kind = _kind(script, stem)
        label = f"{WORD}{script}{case}{mark}|{bare[:head]}|{bare[end:]}|{told}|{kind}"
        return Word(label, mark + bare[:head], stem, bare[end:])

    def goes_on(self, before: str, text: str) -> bool:
        """Tell whether what follows an apostrophe belongs to an unknown word: "Ma'arrat"."""
        bare = text[1:]
        if text[0] not in APOSTROPHES or _shape(bare)[1] != "l":
            return False
        small = fold(bare)
        known = small in self._known or fold(before + text) in self._known
        return not known and not self._ends(small) and _shape(before)[0] == _shape(bare)[0]

    def joined(self, name: str, words: list[Word]) -> Word:
        """Return the class of a name of several words without endings: that of one word."""
        told = "".join(word.label.rsplit("|", 2)[1] for word in words)
        script = words[0].label[1]
        # Where relation words follow, what stands before a name's last word may be a noun.
        several = "+" if self._postposed else ""
        return Word(f"{WORD}{script}T||{several}|{told}|{_kind(script, name)}", "", name, "")

    def blank(self, word: Word, number: int) -> str | None:
        """Return a stem that means nothing and is of the same class; None if there is none."""
        script, case = word.label[1], word.label[2]
        told = word.label.rsplit("|", 2)[1]
        letters = [each for each in _BLANKS[script] if each not in self._telling]
        if len(letters) < _SHORT:
            return None
        a, b, c = (letters[(number + turn) % len(letters)] for turn in range(3))
        length = min(len(word.stem), _SHORT)
        fill = (a + b) if length < _SHORT else a + b + c + a * (number // len(letters))
        fill += _MARKED if word.label[-1] == _MARKED else ""
        stem = fill[0] + told + fill[1:] if len(told) < len(fill) else told + fill
        stem = stem.capitalize() if case == "T" and not word.head.strip(APOSTROPHES) else stem
        again = self.word(word.head + stem + word.tail)
        return stem if again is not None and again == word._replace(stem=stem) else None

    def _ends(self, small: str) -> list[int]:
        """Return the lengths of all endings that a word has."""
        most = min(self._longest, len(small) - 1)
        return [n for n in range(1, most + 1) if small[-n:] in self._endings]

    def _tail(self, small: str) -> int:
        """Return how much of the end counts: an ending, and one more before it."""
        found = 0
        for length in self._ends(small):
            found = max(found, length + max(self._ends(small[:-length]), default=0))
        return found

    def _head(self, small: str) -> int:
        """Return how much of the start may be small words written onto it; -1 if one is known."""
        head = 0
        for _ in range(_MOST_HEADS):
            rest = small[head:]
            step = max((len(h) for h in self._heads if rest.startswith(h)), default=0)
            if not step:
                break
            head += step
        if any(small[n:] in self._known for n in range(1, head + 1)):
            return -1
        return head


@functools.lru_cache(maxsize=64)
def word_classes(codes: tuple[str, ...], *, inflected: bool = True) -> WordClasses:
    """Return the classes of some languages, made once."""
    return WordClasses(codes, inflected=inflected)


def _kind(script: str, stem: str) -> str:
    """Return whether a stem is short, and whether it is marked: detection looks at ASCII first."""
    return f"{min(len(stem), _SHORT)}{'' if stem.isascii() or script != 'L' else _MARKED}"


def scripts(text: str) -> list[str]:
    """Return the scripts whose letters stand in a text.

    Examples
    --------
    >>> scripts("5 km"), scripts("Хама 5 km")
    (['L'], ['L', 'C'])
    """
    return [script for script, letters in _SCRIPTS.items() if letters.search(text)]


def _shape(bare: str) -> tuple[str, str]:
    """Return a word's script and how it is written: T, l, a; nothing for any other word."""
    script = next((s for s, letters in _SCRIPTS.items() if letters.fullmatch(bare)), "")
    if not script or len(bare) < _LEAST_STEM or bare != unicodedata.normalize("NFKC", bare):
        return "", ""
    if script == "A":
        return script, "a"
    if bare.islower():
        return script, "l"
    return script, "T" if bare[0].isupper() and bare[1:].islower() else ""


def number_label(text: str) -> str | None:
    """Return the class of a number in digits, None for one that may be read in its own way.

    1, which may be an article, numbers of more than three digits, which may be years, and those
    that begin with a 0 stand for themselves; from 100 on there is another class.

    Examples
    --------
    >>> number_label("15") == number_label("40"), number_label("1"), number_label("2024")
    (True, None, None)
    """
    shape = re.sub(r"\d+", "#", text, count=1)
    if not text.isascii():
        zero = ord(text[0]) - int(text[0])
        if any(c.isdigit() and ord(c) - int(c) != zero for c in text):
            return None
        shape += chr(zero)
        text = "".join(str(int(c)) if c.isdigit() else c for c in text)
    if _WHOLE.fullmatch(text):
        return f"{NUMBER}{shape}{'00' * (len(text) > 2)}"  # noqa: PLR2004 - below a hundred, or not
    if _DECIMAL.fullmatch(text):
        return NUMBER + re.sub(r"\d", "#", text)
    return None


def other_numbers(texts: Sequence[str]) -> list[str] | None:
    """Return as many other numbers of the class of some, ordered the other way round.

    So what comes of the first of two numbers is told from what comes of the smaller one. None
    if two of them are equal and have no order.

    Examples
    --------
    >>> other_numbers(["5", "12"]), other_numbers(["7.5"])
    (['94', '83'], ['9.4'])
    """
    values = [float(text.replace(",", ".")) for text in texts]
    if len(set(values)) < len(values):
        return None
    longest = max(texts, key=len)
    zero = ord(longest[0]) - int(longest[0])
    shape = longest if not longest.isdecimal() or len(longest) > 2 else "00"  # noqa: PLR2004
    made: list[str] = []
    for first, other in zip("9876543298765432", "4321987694321876", strict=True):
        row = iter((first + other) * len(shape))
        text = "".join(next(row) if char.isdecimal() else char for char in shape)
        if float(text.replace(",", ".")) not in values and text not in made:
            made.append(text)
    made = sorted(made[: len(values)], key=lambda text: -float(text.replace(",", ".")))
    rising = sorted(range(len(values)), key=values.__getitem__)
    found = dict(zip(rising, made, strict=True))
    written = (found[number] for number in range(len(values)))
    return ["".join(chr(zero + int(c)) if c.isdecimal() else c for c in text) for text in written]


def _words_of(words: Lexicon) -> set[str]:
    """Return all words that a lexicon knows, alone or as part of an entry."""
    found = {tail for group in words.entries.values() for tail in group.longer}
    found.update(words.entries)
    for group in words.entries.values():
        for entries in group.longer.values():
            found.update(word for entry in entries for word in entry.words)
    for form, base in words.exceptions.items():
        found.update((form, fold(base), *form.split(), *form.split("-")))
    return found


def _only_particle(lexicons: Iterable[Lexicon], word: str) -> bool:
    groups = [each.entries[word] for each in lexicons if word in each.entries]
    return bool(groups) and all(set(group.single) == {"particle"} for group in groups)


def _endings_of(words: Lexicon) -> set[str]:
    found = {ending for ending, _ in (*words.suffixes, *words.endings)} | set(words.possessives)
    found |= {fold(ending) for ending in words.noun_endings}
    for each in words.inflections.values():
        found |= {met for pairs in each for met, _ in pairs}
    return found
