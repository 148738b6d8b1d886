"""The words of a language, read from `lexicon/<code>.toml` and checked once."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from frontline import compass
from frontline.errors import DataFileError, InputError
from frontline.locality.tokens import tokenize
from frontline.units import M_PER

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent / "lexicon"

#: Every class of words that a lexicon may fill; the grammar asks for no other.
WORD_CLASSES = frozenset(
    "article determiner anaphor approx approx_after at_most at_least at_least_after range between "
    "from and of link distance_link radius_link before_wind after_wind within radius near inside "
    "at edge centre part central countryside governorate settlement generic name_noun road on "
    "around halfway of_the_way bearing degrees movement movement_noun length_noun counted stop "
    "common time particle name_of edge_link negation other_unit no_number".split()
)


class WindWord(NamedTuple):
    """A word for a wind: which one, and whether as noun, adjective, adverb or abbreviation."""

    wind: compass.Wind
    form: str


class Entry(NamedTuple):
    """An entry: its words, its class and what it stands for."""

    words: tuple[str, ...]
    role: str
    value: Any


class Group(NamedTuple):
    """The entries that begin with one word: those of one word, the others by their second."""

    single: Mapping[str, Any]
    longer: Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    Attributes
    ----------
    code, name
        ``"en"``, ``"English"``.
    possessives
        Endings of a possessor, with their apostrophe.
    decimal
        The decimal sign.
    cased
        True if names are written with capitals.
    entries
        All entries by their first word.
    phrases
        Templates of `describe`.
    """

    code: str
    name: str
    possessives: tuple[str, ...]
    decimal: str
    cased: bool
    entries: Mapping[str, Group]
    phrases: Mapping[str, str]
    wind_names: Mapping[str, str]
    unit_names: Mapping[str, tuple[str, ...]]


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a lexicon.

    Examples
    --------
    >>> "en" in languages()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@functools.cache
def lexicon(code: str = "en") -> Lexicon:
    """Return the lexicon of a language.

    Raises
    ------
    InputError
        No lexicon has that code.
    DataFileError
        The lexicon's file is wrong; every fault is listed.

    Examples
    --------
    >>> lexicon("en").name
    'English'
    """
    if code not in languages():
        raise InputError(f"no lexicon for {code!r}; there is one for {', '.join(languages())}")
    path = FOLDER / f"{code}.toml"
    with path.open("rb") as file:
        return build(tomllib.load(file), path=str(path))


class _Collector:
    """Gathers entries and every fault in them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.problems: list[str] = []

    def add(self, phrase: str, role: str, value: Any = None) -> None:
        """Add one entry."""
        words = tuple(t.folded for t in tokenize(phrase) if t.kind != "dash")
        if words:
            self.entries.append(Entry(words, role, value))
        else:
            self.problems.append(f"an entry of {role} has no word")

    def numbers(self, table: Mapping[str, Any]) -> None:
        """Add number words, scales, fractions and vague numbers."""
        for role, name in (("number", "words"), ("scale", "scales")):
            for word, value in table.get(name, {}).items():
                self.add(word, role, value)
        for word, (numerator, denominator) in table.get("fractions", {}).items():
            self.add(word, "fraction", (numerator, denominator))
        for word, (low, high) in table.get("vague", {}).items():
            if not 0 <= low < high:
                self.problems.append(f"[numbers.vague] {word}: bounds must rise")
            self.add(word, "vague", (float(low), float(high)))

    def units(self, table: Mapping[str, Any]) -> None:
        """Add the spellings of units."""
        for unit, words in table.items():
            if unit not in M_PER:
                self.problems.append(f"[units] {unit} is none of {', '.join(M_PER)}")
            for word in words:
                self.add(word, "unit", unit)

    def words(self, table: Mapping[str, Any]) -> None:
        """Add the classes of words."""
        for role, words in table.items():
            if role not in WORD_CLASSES:
                self.problems.append(f"[words] {role} is no class of words")
            for word in words:
                self.add(word, role, word)

    def winds(self, table: Mapping[str, Any]) -> dict[str, str]:
        """Add the names of the winds with their endings; return each wind's first name."""
        first: dict[str, str] = {}
        endings = {
            "noun": ("",),
            "adjective": tuple(table.get("adjective_endings", ())),
            "adverb": tuple(table.get("adverb_endings", ())),
        }
        for abbreviation, names in table.get("names", {}).items():
            wind = self._wind(abbreviation, "names")
            for name in names if wind else ():
                first.setdefault(abbreviation, name)
                for form, tails in endings.items():
                    for tail in tails:
                        self.add(name + tail, "wind", WindWord(wind, form))
        for abbreviation, names in table.get("adjectives", {}).items():
            wind = self._wind(abbreviation, "adjectives")
            for name in names if wind else ():
                self.add(name, "wind", WindWord(wind, "adjective"))
        return first

    def abbreviations(self, table: Mapping[str, Any]) -> None:
        """Add the abbreviations of the winds, with full stops ("N.E.") and spelled-out by."""
        letters = table.get("abbreviations", {})
        for wind in compass.WINDS:
            written = "".join(letters.get(letter, letter) for letter in wind.abbreviation)
            value = WindWord(wind, "abbreviation")
            self.add(written, "wind_letters", value)
            if len(written) > 1:  # the stops between are skipped when words are compared
                self.add(" ".join(written), "wind_letters", value)
                self.add(f"{written[0]} {written[1:]}", "wind_letters", value)  # "N-NE"
            head, by, tail = written.partition("b")
            if by and "by" in table:
                self.add(f"{head} {table['by']} {tail}", "wind_letters", value)

    def _wind(self, abbreviation: str, table: str) -> Any:
        found = next((w for w in compass.WINDS if w.abbreviation == abbreviation), None)
        if found is None:
            self.problems.append(f"[winds.{table}] {abbreviation} is no wind of the compass")
        return found


def _group(entries: list[Entry]) -> Group:
    single: dict[str, Any] = {}
    longer: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: -len(entry.words)):
        if len(entry.words) == 1:
            single.setdefault(entry.role, entry.value)
        else:
            longer.setdefault(entry.words[1], []).append(entry)
    return Group(single, {word: tuple(each) for word, each in longer.items()})


def build(data: Mapping[str, Any], *, path: str = "") -> Lexicon:
    """Make a lexicon of the tables of its file.

    Raises
    ------
    DataFileError
        Listing every fault.
    """
    language = data.get("language", {})
    keys = ("code", "name", "possessives", "decimal", "cased")
    found = _Collector()
    found.problems += [f"[language] lacks {key}" for key in keys if key not in language]
    found.numbers(data.get("numbers", {}))
    found.units(data.get("units", {}))
    found.words(data.get("words", {}))
    wind_names = found.winds(data.get("winds", {}))
    found.abbreviations(data.get("winds", {}))
    for name in data.get("names", {}).get("with_direction", ()):
        found.add(name, "direction_name", name)
    for word, country in data.get("demonyms", {}).items():
        found.add(word, "demonym", country)
    if found.problems:
        raise DataFileError(
            f"the lexicon {path or language.get('code', '?')} is wrong: "
            f"{'; '.join(found.problems)}",
            path=path,
            problems=found.problems,
        )
    index: dict[str, list[Entry]] = {}
    for entry in found.entries:
        index.setdefault(entry.words[0], []).append(entry)
    return Lexicon(
        code=language["code"],
        name=language["name"],
        possessives=tuple(language["possessives"]),
        decimal=language["decimal"],
        cased=language["cased"],
        entries={word: _group(entries) for word, entries in index.items()},
        phrases=dict(data.get("describe", {})),
        wind_names=wind_names,
        unit_names={unit: tuple(words) for unit, words in data.get("units", {}).items()},
    )
