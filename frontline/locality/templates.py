"""Many phrases read as one: those that differ in numbers and unknown words share a reading.

"12 km northeast of Qomhana" and "48 km northeast of Tell Rifaat" are the same to the grammar but
for what it copies. Such phrases are read once, with words and numbers that stand for all others;
the reading is kept as a template and filled in. What cannot be followed from the phrase into its
reading is left to the grammar itself, and so is a phrase that is met only once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from frontline.errors import FrontlineError
from frontline.locality.coordinates import written_place
from frontline.locality.detection import FIRST, likely, settled
from frontline.locality.filling import Template, UnfollowedError, Variable
from frontline.locality.grammar import parse
from frontline.locality.lexicon import languages
from frontline.locality.wordclasses import (
    APOSTROPHES,
    NUMBER,
    PIECES,
    Word,
    number_label,
    other_numbers,
    scripts,
    word_classes,
)

if TYPE_CHECKING:
    from frontline.locality.model import Locality
    from frontline.locality.wordclasses import WordClasses

    Labels: TypeAlias = tuple[str, ...]
    #: Where the parts of a phrase are joined; None if nowhere.
    Groups: TypeAlias = tuple[tuple[int, int], ...] | None

#: A phrase of more parts is no line of a column.
_MOST_PARTS = 81
_MOST_IN_NAME = 6
_JOINTS = frozenset((" ", "-"))
#: What is known of labels that have no template.
_AS_WRITTEN, _UNSHARED = "numbers stand for themselves", "unshared"


class TemplateReader:
    """Reads phrases as `parse` does, and learns the templates of a column as it goes.

    Parameters
    ----------
    lang
        As in `parse`.

    Examples
    --------
    >>> reader = TemplateReader("en")
    >>> found = [reader.read(f"{n} km north of {name}") for n, name in
    ...          [(12, "Qomhana"), (48, "Saraqib"), (33, "Tell Rifaat")]]
    >>> found[2] == parse("33 km north of Tell Rifaat", lang="en")
    True
    """

    def __init__(self, lang: str | None = None) -> None:
        self._lang = lang
        self._readers: dict[tuple[str, ...], _Reader] = {}
        self._settled: dict[Labels, bool] = {}
        self._codes: dict[Labels, tuple[str, ...]] = {}
        self._labels: PieceLabels | None = None

    def read(self, phrase: str) -> Locality:
        """Read a phrase.

        Raises
        ------
        LocalitySyntaxError, UnresolvedFeatureError, InputError
            As `parse` does.
        """
        parts = PIECES.split(phrase)
        codes = (self._lang,) if self._lang is not None else self.likely(phrase, parts)
        reader = self._readers.get(codes)
        if reader is None:
            reader = self._readers[codes] = _Reader(codes, self._lang)
        return reader.read(phrase, parts)

    def likely(self, phrase: str, parts: list[str]) -> tuple[str, ...]:
        """Return the languages that are tried, as `likely` does; it is asked once a template."""
        if phrase.isascii():
            small = tuple(filter(str.islower, parts))
            if small not in self._settled:
                self._settled[small] = settled(phrase)
            if self._settled[small]:
                return (FIRST,)
        if len(parts) > _MOST_PARTS:
            return likely(phrase)
        if self._labels is None:
            self._labels = PieceLabels(word_classes(languages(), inflected=False))
        labels = tuple(map(self._labels.__getitem__, parts))
        codes = self._codes.get(labels)
        if codes is None:
            codes = likely(phrase)
            if of_one_script(phrase):
                self._codes[labels] = codes
        return codes


class _Reader:
    """Reads phrases for which the same languages are tried."""

    def __init__(self, codes: tuple[str, ...], lang: str | None) -> None:
        self.lang = lang
        self._classes = word_classes(codes)
        self._labels = PieceLabels(self._classes)
        self._ready: dict[Labels, tuple[Template, Groups] | str] = {}
        #: First readings, until a second phrase of those labels asks for a template.
        self._known: dict[Labels, tuple[str, list[str], Locality] | Template | str] = {}
        self._runs: dict[Labels, bool] = {}

    def read(self, phrase: str, parts: list[str]) -> Locality:
        """Read a phrase with its parts."""
        labels = tuple(map(self._labels.__getitem__, parts))
        known = self._ready.get(labels)
        if known == _AS_WRITTEN:
            labels = _with_numbers(labels, parts)
            known = self._ready.get(labels)
        if isinstance(known, tuple):
            template, groups = known
            if groups is not None:
                parts = ["".join(parts[first:last]) for first, last in groups]
            return template.fill(phrase, parts)
        if known == _UNSHARED or len(parts) > _MOST_PARTS:
            return parse(phrase, lang=self.lang)
        return self._first(phrase, parts, labels)

    def _first(self, phrase: str, parts: list[str], labels: Labels) -> Locality:
        """Read a phrase for whose labels nothing is ready yet, and make ready what pays."""
        if not of_one_script(phrase):
            self._ready[labels] = _UNSHARED
            return parse(phrase, lang=self.lang)
        # A name alone is told from its words by how many they are.
        groups = self._groups(parts) if any(map(str.islower, parts)) else None
        own, joined = labels, parts
        if groups is not None:
            joined = ["".join(parts[first:last]) for first, last in groups]
            own = tuple(map(self._labels.__getitem__, joined))
            own = own if NUMBER in "".join(labels) else _with_numbers(own, joined)
        known = self._known.get(own)
        if isinstance(known, tuple):
            known = self._known[own] = self._template(own, *known)
        if known == _UNSHARED:
            numbered = any(label[:1] == NUMBER for label in labels)
            self._ready[labels] = _AS_WRITTEN if numbered else _UNSHARED
            return self.read(phrase, parts)
        if isinstance(known, Template):
            filled = known.fill(phrase, joined)
            shapes = _shapes(labels, groups)
            if shapes not in self._runs:  # whether such names are read as one, in one phrase
                self._runs[shapes] = not shapes or self._same(filled)
            if self._runs[shapes]:
                self._ready[labels] = known, groups
                return filled
        found = parse(phrase, lang=self.lang)  # what raises is read anew every time
        if known is None:
            fits = not any(map(written_place, found.features)) and found.kind != "coordinates"
            self._known[own] = (phrase, joined, found) if fits else _UNSHARED
        elif isinstance(known, Template):
            self._ready[labels] = _UNSHARED
        return found

    def _same(self, filled: Locality) -> bool:
        try:
            return parse(filled.text, lang=self.lang) == filled
        except FrontlineError:
            return False

    def _groups(self, parts: list[str]) -> Groups:
        """Join names of several words: the grammar goes on over words that it does not know."""
        groups: list[tuple[int, int]] = []
        at = 0
        while at < len(parts):
            end = self._name_end(parts, at) if at % 2 else at
            groups.append((at, end + 1))
            at = end + 1
        if len(groups) == len(parts):
            return None
        for first, last in groups:
            if last - first > 1:
                self._labels.add_name("".join(parts[first:last]), parts[first:last])
        return tuple(groups)

    def _name_end(self, parts: list[str], at: int) -> int:
        """Return the last part of a name that begins here, the part itself if it is alone."""
        labels, particles = self._labels, self._classes.particles
        leads = parts[at][:1].isupper() and parts[at].lower() in particles  # "Tell Rifaat"
        if not leads and not labels.may_join(parts[at]):
            return at
        end = last = at
        lead = at if leads else -1
        while end + 2 < len(parts) and end - at < 2 * _MOST_IN_NAME:
            joint, part = parts[end + 1], parts[end + 2]
            if (joint in _JOINTS and labels.may_join(part)) or (
                not joint and last == end != lead and self._classes.goes_on(parts[end], part)
            ):
                last = end = end + 2
            elif joint in _JOINTS and part.lower() in particles:
                end += 2
            else:
                break
        return last if not leads or last > at else at

    def _template(
        self, labels: Labels, phrase: str, parts: list[str], read: Locality
    ) -> Template | str:
        """Make a template of a phrase and its reading, if it can be followed."""
        variables: list[Variable] = []
        made = list(parts)
        numbers: dict[str, list[int]] = {}
        for at in range(1, len(parts), 2):
            if labels[at] == parts[at]:
                continue
            word = self._labels.words.get(parts[at])
            if word is None:
                numbers.setdefault(labels[at], []).append(at)
                continue
            blank = self._classes.blank(word, len(variables))
            if blank is None:
                return _UNSHARED
            made[at] = word.head + blank + word.tail
            variables.append(Variable(at, word, blank))
        for places in numbers.values():
            blanks = other_numbers([parts[at] for at in places])
            if blanks is None:
                return _UNSHARED
            for at, each in zip(places, blanks, strict=True):
                made[at] = each
                variables.append(Variable(at, None, each))
        try:
            pattern = parse("".join(made), lang=self.lang)
            template = Template(made, variables, pattern, (parts, read))
        except (FrontlineError, UnfollowedError):
            return _UNSHARED
        return template if template.fill(phrase, parts) == read else _UNSHARED


def of_one_script(phrase: str) -> bool:
    """Tell whether no letters of two scripts stand in a phrase: their shares decide then."""
    return phrase.isascii() or len(scripts(phrase)) < 2  # noqa: PLR2004 - one, or none


def _with_numbers(labels: Labels, parts: list[str]) -> Labels:
    """Return labels in which the numbers stand for themselves."""
    return tuple(
        [part if label[:1] == NUMBER else label for label, part in zip(labels, parts, strict=True)]
    )


def _shapes(labels: Labels, groups: Groups) -> Labels:
    """Return how the names of several words are made up."""
    return tuple(
        "".join(
            each if each[0] not in APOSTROPHES else each[0] for each in labels[first:last] if each
        )
        for first, last in groups or ()
        if last - first > 1
    )


class PieceLabels(dict[str, str]):
    """The labels of the parts of phrases: the class of a word or number, else the part."""

    def __init__(self, classes: WordClasses) -> None:
        self._classes = classes
        self.words: dict[str, Word] = {}

    def __missing__(self, part: str) -> str:
        label = part
        if part[:1].isdecimal():
            label = number_label(part) or part
        elif PIECES.fullmatch(part):
            word = self._classes.word(part)
            if word is not None:
                label = word.label
                self.words[part] = word
        self[part] = label
        return label

    def may_join(self, part: str) -> bool:
        """Tell whether a part is an unknown word with a capital and nothing to inflect."""
        self[part]
        word = self.words.get(part)
        return word is not None and word.label[2] == "T" and not word.head and not word.tail

    def add_name(self, name: str, parts: list[str]) -> None:
        """Let a name of several words count as one."""
        if name not in self:
            words = [self.words[part] for part in parts if part in self.words]
            word = self._classes.joined(name, words)
            self.words[name] = word
            self[name] = word.label
