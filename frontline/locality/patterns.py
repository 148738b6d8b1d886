"""Phrases as patterns: whole names and numbers are slots, the words between them are fixed.

`templates` parts a phrase into words. Here a name is one slot, of however many words it is made:
"12 km north of Qomhana" and "48 km north of Tall al-Hawa Sharqi" have one pattern. That a name of
some shape is read as one, where it stands between these sorts of words, is not assumed: one phrase
is read by the grammar and compared before others follow it. What has no pattern is left to
`templates`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from frontline.errors import FrontlineError
from frontline.locality.detection import FIRST, settled
from frontline.locality.filling import Template, UnfollowedError, Variable
from frontline.locality.grammar import parse
from frontline.locality.lexicon import languages, lexicon
from frontline.locality.templates import PieceLabels, TemplateReader, of_one_script
from frontline.locality.tokens import fold
from frontline.locality.wordclasses import (
    APOSTROPHES,
    PIECES,
    WORD,
    Word,
    number_label,
    other_numbers,
    word_classes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from frontline.locality.model import Locality
    from frontline.locality.templates import Labels
    from frontline.locality.wordclasses import WordClasses

    #: Between which words the names of a phrase stand, and how the names are made up.
    Contacts: TypeAlias = frozenset[tuple[str, ...]]
    Found: TypeAlias = tuple[Template, list[str]]

_CAPITALS = "".join(
    chr(code) for code in (*range(0x250), *range(0x400, 0x500)) if chr(code).isupper()
)
_SMALL = (
    "al el as ash ad adh at ath ar an az ed er en es esh et ez ul ol abu abi umm um bin ibn ben"
)
_LED = rf"(?:(?:{'|'.join(_SMALL.split())})[ -])*"
_CAPITAL = (
    rf"[{_CAPITALS}][\w\u0300-\u036f]*"
    rf"(?:[{APOSTROPHES}](?!s\b)[^\W\d_][\w\u0300-\u036f]*)*(?:[{APOSTROPHES}](?=[ -]))?"
)
#: Numbers, and names of capitals with small words between them.
SLOTS = re.compile(
    rf"((?<!\w)\d+(?:[.,]\d+)*"
    rf"|(?<!\w){_LED}{_CAPITAL}(?:[ -]{_LED}[{APOSTROPHES}]?{_CAPITAL}){{0,6}})"
)
_MOST_SLOTS, _MOST_TRIES = 33, 4
_NAME = "\2"
_JOINTS = frozenset((" ", "-"))
_PLAIN = tuple(f"||{length}" for length in range(10))
#: A name of so many words is one of many.
_MANY = 3


class PatternReader:
    """Reads phrases as `parse` does, and tells which of them share a reading.

    Parameters
    ----------
    lang
        As in `parse`.

    Examples
    --------
    >>> reader = PatternReader("en")
    >>> names = "Qomhana", "Saraqib", "Tell Rifaat", "Tall Sharqi", "Khan Sharqi"
    >>> found = [reader.read(f"33 km north of {name}") for name in names]
    >>> template, parts = reader.known("7 km north of Tell Abyad")
    >>> template.fill("7 km north of Tell Abyad", parts).features
    ('Tell Abyad',)
    """

    def __init__(self, lang: str | None = None) -> None:
        self._lang = lang
        self._templates = TemplateReader(lang)
        self._patterns: dict[tuple[str, ...], _Patterns] = {}
        self._small: dict[str, str] = _SmallWords()
        self._heard: dict[str, str] | None = None
        self._settled: dict[Labels, bool] = {}
        self._likely: dict[Labels, _Patterns] = {}
        self._told = None if lang is None else self._of((lang,))
        self._first = self._of((FIRST,)) if lang is None else self._told

    def known(self, phrase: str) -> Found | None:
        """Return the template of a phrase with the parts that fill it, if it is known by now."""
        parts = SLOTS.split(phrase)
        patterns = self._told or self._language(phrase, parts)
        template = patterns.ready.get(tuple(map(patterns.labels.__getitem__, parts)))
        return (template, parts) if template else None

    def read(self, phrase: str) -> Locality:
        """Read a phrase, and learn from it.

        Raises
        ------
        LocalitySyntaxError, UnresolvedFeatureError, InputError
            As `parse` does.
        """
        parts = SLOTS.split(phrase)
        patterns = self._told or self._language(phrase, parts)
        if len(parts) > _MOST_SLOTS or not of_one_script(phrase):
            return self._templates.read(phrase)
        return patterns.learn(phrase, parts) or self._templates.read(phrase)

    def _of(self, codes: tuple[str, ...]) -> _Patterns:
        found = self._patterns.get(codes)
        if found is None:
            found = self._patterns[codes] = _Patterns(codes, self._lang)
        return found

    def _language(self, phrase: str, parts: list[str]) -> _Patterns:
        """Return the patterns of the languages that are tried; it is asked once a pattern."""
        if phrase.isascii():
            small = tuple(map(self._small.__getitem__, parts))
            sure = self._settled.get(small)
            if sure is None:
                sure = self._settled[small] = settled(phrase)
            if sure and self._first is not None:
                return self._first
        if not any(map(str.islower, parts)):  # told by how many words there are
            return self._of(self._templates.likely(phrase, PIECES.split(phrase)))
        if self._heard is None:
            self._heard = _Heard(PieceLabels(word_classes(languages(), inflected=False)))
        labels = tuple(map(self._heard.__getitem__, parts))
        found = self._likely.get(labels)
        if found is None:
            found = self._of(self._templates.likely(phrase, PIECES.split(phrase)))
            if len(parts) <= _MOST_SLOTS and of_one_script(phrase):
                self._likely[labels] = found
        return found


class _Patterns:
    """The patterns of phrases for which the same languages are tried."""

    def __init__(self, codes: tuple[str, ...], lang: str | None) -> None:
        self._lang = lang
        self._entries = [lexicon(code).entries for code in codes]
        self._classes = word_classes(codes)
        self.labels = _Slots(self._classes)
        #: Templates by the exact labels of a phrase; None where there is none.
        self.ready: dict[Labels, Template | None] = {}
        #: Templates by labels in which every name is the same.
        self._made: dict[Labels, Template] = {}
        #: How often such labels were met without one.
        self._met: dict[Labels, int] = {}
        #: Whether names of a shape are read as one, between words of some sorts.
        self._one: dict[tuple[str, ...], bool] = {}

    def learn(self, phrase: str, parts: list[str]) -> Locality | None:
        """Read a phrase by a pattern or to have one; None for what has none."""
        labels = tuple(map(self.labels.__getitem__, parts))
        if labels in self.ready:
            return None
        alike = tuple(map(self.labels.alike, parts))
        contacts = self._contacts(labels, alike, parts)
        template, met = self._made.get(alike), self._met.get(alike, 0)
        if met == _MOST_TRIES or any(self._one.get(each) is False for each in contacts):
            self.ready[labels] = None
            return None
        unproved = [each for each in contacts if each not in self._one]
        if template is not None and not unproved:
            self.ready[labels] = template
            return template.fill(phrase, parts)
        read = parse(phrase, lang=self._lang)  # what raises is read anew every time
        if template is None:
            self._met[alike] = met + 1
            if not met:  # it may stay the only one
                return read
            template = self._template(alike, parts, read)
            if template is None:
                self.ready[labels] = None
                return read
            self._made[alike] = template
            self._met[alike] = 0
        same = template.fill(phrase, parts) == read
        if same or len(unproved) == 1:
            self._one.update(dict.fromkeys(unproved, same))
        self.ready[labels] = template if same else None
        return read

    def _template(self, labels: Labels, parts: list[str], read: Locality) -> Template | None:
        """Make the template of a pattern, if the reading of a phrase can be followed."""
        if read.kind == "coordinates":
            return None
        made = list(parts)
        variables: list[Variable] = []
        numbers: dict[str, list[int]] = {}
        for at in range(1, len(parts), 2):
            if labels[at] == parts[at]:
                continue
            word = self.labels.words.get(parts[at])
            if word is None:
                numbers.setdefault(labels[at], []).append(at)
                continue
            blank = self._classes.blank(word, len(variables))
            if blank is None:
                return None
            made[at] = word.head + blank + word.tail
            variables.append(Variable(at, word, blank))
        for places in numbers.values():
            blanks = other_numbers([parts[at] for at in places])
            if blanks is None:
                return None
            for at, each in zip(places, blanks, strict=True):
                made[at] = each
                variables.append(Variable(at, None, each))
        try:
            pattern = parse("".join(made), lang=self._lang)
            return Template(made, variables, pattern, (parts, read))
        except (FrontlineError, UnfollowedError):
            return None

    def _contacts(self, labels: Labels, alike: Labels, parts: list[str]) -> Contacts:
        """Return the names of several words, each with the sorts of words beside it."""
        return frozenset(
            (labels[at], *self._before(alike, parts, at), *_after(alike, parts, at))
            for at in range(1, len(parts), 2)
            if labels[at][:1] == _NAME
        )

    def _before(self, alike: Labels, parts: list[str], at: int) -> tuple[str, ...]:
        last = parts[at - 1].split()[-2:]
        if at > 1 and len(last) < 2:  # noqa: PLR2004 - there is a slot before
            last = [alike[at - 2], *last]
        return tuple(map(self._sort, last))

    def _sort(self, word: str) -> str:
        """Return what the lexicons know of a word: two that are known as the same are alike."""
        groups = [entries.get(fold(word)) for entries in self._entries]
        if not any(groups):
            return word
        return "|".join(_sort_of(group.single) if group else "" for group in groups)


def _sort_of(roles: Iterable[str]) -> str:
    """Return the classes of a word as one text; a wind is a wind however it is written."""
    known = set(roles) - {"common"}
    return "wind" if known & {"wind", "wind_letters"} else ",".join(sorted(known))


def _after(alike: Labels, parts: list[str], at: int) -> tuple[str, ...]:
    rest = parts[at + 1]
    words = rest.split()[:2]
    slot = alike[at + 2] if at + 2 < len(parts) and len(words) < 2 else ""  # noqa: PLR2004
    return (rest[:1], *words, slot)


class _SmallWords(dict[str, str]):
    """The small words of a part, which settle a language."""

    def __missing__(self, part: str) -> str:
        found = self[part] = " ".join(filter(str.islower, PIECES.split(part)))
        return found


class _Heard(dict[str, str]):
    """The labels of parts by which languages are told apart."""

    def __init__(self, labels: PieceLabels) -> None:
        self._labels = labels

    def __missing__(self, part: str) -> str:
        pieces = PIECES.split(part)
        if SLOTS.fullmatch(part):  # words that no language knows say something by letters only
            pieces = [each for each in map(self._labels.__getitem__, pieces) if not _unheard(each)]
        found = self[part] = "\4".join(pieces)
        return found


def _unheard(label: str) -> bool:
    """Tell whether a word is of no language, and no letter of it tells one."""
    return label in _JOINTS or (label[:1] == WORD and label.endswith(_PLAIN))


class _Slots(dict[str, str]):
    """The labels of parts: of a name its shape, of a number its class, else the part itself."""

    def __init__(self, classes: WordClasses) -> None:
        self._classes = classes
        self._pieces = PieceLabels(classes)
        self.words: dict[str, Word] = {}
        self._alike: dict[str, str] = {}

    def __missing__(self, part: str) -> str:
        label = part
        if part[:1].isdecimal() and SLOTS.fullmatch(part):
            label = number_label(part) or part
        elif SLOTS.fullmatch(part):
            label = self._name(part)
        self[part] = label
        return label

    def alike(self, part: str) -> str:
        """Return the label of a part in which the shape of a name is left out."""
        label = self[part]
        return self._alike.get(part, label)

    def _name(self, name: str) -> str:
        pieces = PIECES.split(name)
        labels = [self._pieces[piece] for piece in pieces]
        if len(pieces) == 3 and not pieces[0] and not pieces[2]:  # noqa: PLR2004 - one word
            word = self._pieces.words.get(name)
            if word is not None:
                self.words[name] = word
            return labels[1]
        words = [self._pieces.words[piece] for piece in pieces if piece in self._pieces.words]
        if not words:  # "Tall Sharqi": every word is known
            return name
        joined = self.words[name] = self._classes.joined(name, words)
        self._alike[name] = joined.label
        return _NAME + "\4".join(self._shape(pieces, labels))

    def _shape(self, pieces: list[str], labels: list[str]) -> Iterator[str]:
        """Yield what a name is made of; runs of words that nobody knows count as one."""
        run: list[str] = []
        joints: set[str] = set()
        for at in range(1, len(pieces), 2):
            piece, joint = pieces[at], pieces[at - 1]
            if run and not joint and piece[0] in APOSTROPHES and self._goes_on(piece):
                continue
            sort = self._sort(piece, labels[at])
            if run and sort and joint in _JOINTS:
                joints.add(joint)
                run.append(sort)
                continue
            if run:
                yield _run(run, joints)
            run, joints = [sort] if sort else [], set()
            yield joint
            if not sort:
                yield labels[at]
        if run:
            yield _run(run, joints)
        yield pieces[-1]

    def _sort(self, piece: str, label: str) -> str:
        """Return the sort of a word that means nothing: unknown, or a particle; else nothing."""
        if piece.lower() in self._classes.particles:
            return "P" if piece[:1].isupper() else "p"
        word = self._pieces.words.get(piece)
        plain = word is not None and label[2] == "T" and not word.head and not word.tail
        return label.rsplit("|", 2)[1] + label[1] if plain else ""

    def _goes_on(self, piece: str) -> bool:
        """Tell whether what follows an apostrophe belongs to the word before it."""
        return self._classes.uninflected and piece[1:].lower() != "s"


def _run(sorts: list[str], joints: set[str]) -> str:
    """Return the shape of a run of words: how it begins and ends, its joints, its length."""
    return "".join(["+", sorts[0], *sorted(joints), sorts[-1], str(min(len(sorts), _MANY))])
