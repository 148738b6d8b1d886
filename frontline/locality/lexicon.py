"""The words of a language, read from `lexicon/<code>.toml` and checked once."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from frontline import compass
from frontline.errors import DataFileError, InputError
from frontline.locality.tokens import fold, tokenize
from frontline.units import M_PER

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent / "lexicon"

#: Every class of words that a lexicon may fill; the grammar asks for no other.
WORD_CLASSES = frozenset(
    "article determiner anaphor approx approx_after at_most at_least at_least_after range between "
    "from and of link distance_link radius_link before_wind after_wind within radius near inside "
    "at edge centre part central countryside governorate settlement generic name_noun road on "
    "halfway of_the_way bearing degrees movement movement_noun length_noun counted stop common "
    "time particle name_of".split()
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
        All entries by their first word, longest first.
    demonyms
        Adjectives of countries and the country's name.
    phrases
        Templates of `describe`.
    """

    code: str
    name: str
    possessives: tuple[str, ...]
    decimal: str
    cased: bool
    entries: Mapping[str, tuple[Entry, ...]]
    demonyms: Mapping[str, str]
    phrases: Mapping[str, str]
    wind_names: Mapping[str, str]
    unit_names: Mapping[str, tuple[str, ...]]


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
    if not isinstance(code, str) or code not in languages():
        raise InputError(f"no lexicon for {code!r}; there is one for {', '.join(languages())}")
    path = FOLDER / f"{code}.toml"
    with path.open("rb") as file:
        return build(tomllib.load(file), path=str(path))


def build(data: Mapping[str, Any], *, path: str = "") -> Lexicon:
    """Make a lexicon of the tables of its file.

    Raises
    ------
    DataFileError
        Listing every fault.
    """
    problems: list[str] = []
    language = data.get("language", {})
    problems += [
        f"[language] lacks {key}"
        for key in ("code", "name", "possessives", "decimal", "cased")
        if key not in language
    ]
    entries: list[Entry] = []

    def add(phrase: str, role: str, value: Any = None) -> None:
        words = tuple(t.folded for t in tokenize(phrase) if t.kind != "dash")
        if words:
            entries.append(Entry(words, role, value))
        else:
            problems.append(f"an entry of {role} has no word")

    numbers = data.get("numbers", {})
    for role, table in (("number", "words"), ("scale", "scales")):
        for word, value in numbers.get(table, {}).items():
            add(word, role, value)
    for word, (numerator, denominator) in numbers.get("fractions", {}).items():
        add(word, "fraction", (numerator, denominator))
    for word, (low, high) in numbers.get("vague", {}).items():
        if not 0 <= low < high:
            problems.append(f"[numbers.vague] {word}: bounds must rise")
        add(word, "vague", (float(low), float(high)))
    for unit, words in data.get("units", {}).items():
        if unit not in M_PER:
            problems.append(f"[units] {unit} is none of {', '.join(M_PER)}")
        for word in words:
            add(word, "unit", unit)
    wind_names = _winds(data.get("winds", {}), add, problems)
    for role, words in data.get("words", {}).items():
        if role not in WORD_CLASSES:
            problems.append(f"[words] {role} is no class of words")
        for word in words:
            add(word, role, word)
    for name in data.get("names", {}).get("with_direction", ()):
        add(name, "direction_name", name)
    for word, country in data.get("demonyms", {}).items():
        add(word, "demonym", country)
    if problems:
        raise DataFileError(
            f"the lexicon {path or language.get('code', '?')} is wrong: {'; '.join(problems)}",
            path=path,
            problems=problems,
        )
    index: dict[str, list[Entry]] = {}
    for entry in entries:
        index.setdefault(entry.words[0], []).append(entry)
    return Lexicon(
        code=language["code"],
        name=language["name"],
        possessives=tuple(language["possessives"]),
        decimal=language["decimal"],
        cased=language["cased"],
        entries={
            word: tuple(sorted(found, key=lambda entry: -len(entry.words)))
            for word, found in index.items()
        },
        demonyms={fold(word): name for word, name in data.get("demonyms", {}).items()},
        phrases=dict(data.get("describe", {})),
        wind_names=wind_names,
        unit_names={unit: tuple(words) for unit, words in data.get("units", {}).items()},
    )


def _winds(table: Mapping[str, Any], add: Any, problems: list[str]) -> dict[str, str]:
    """Add the names of the winds with their endings and abbreviations; return the first names."""
    by_abbreviation = {wind.abbreviation: wind for wind in compass.WINDS}
    first: dict[str, str] = {}
    forms = {
        "noun": ("",),
        "adjective": tuple(table.get("adjective_endings", ())),
        "adverb": tuple(table.get("adverb_endings", ())),
    }
    for form in ("names", "adjectives"):
        for abbreviation, names in table.get(form, {}).items():
            if abbreviation not in by_abbreviation:
                problems.append(f"[winds.{form}] {abbreviation} is no wind of the compass")
                continue
            wind = by_abbreviation[abbreviation]
            for name in names:
                if form == "adjectives":
                    add(name, "wind", WindWord(wind, "adjective"))
                    continue
                first.setdefault(abbreviation, name)
                for kind, endings in forms.items():
                    for ending in endings:
                        add(name + ending, "wind", WindWord(wind, kind))
    letters = table.get("abbreviations", {})
    for abbreviation, wind in by_abbreviation.items():
        written = "".join(letters.get(letter, letter) for letter in abbreviation)
        add(written, "wind_letters", WindWord(wind, "abbreviation"))
        if len(written) > 1:  # "N.E.": the points are skipped when words are compared
            add(" ".join(written), "wind_letters", WindWord(wind, "abbreviation"))
    return first
