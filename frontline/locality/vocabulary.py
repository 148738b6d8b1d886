"""What a lexicon is made of: its entries, what inflects a name, and the language's ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontline import compass


class WindWord(NamedTuple):
    """A word for a wind: which one, and what it can be.

    `forms` holds some of ``noun adjective adverb governing abbreviation``.
    """

    wind: compass.Wind
    forms: frozenset[str]


class Entry(NamedTuple):
    """An entry: its words, its class and what it stands for."""

    words: tuple[str, ...]
    role: str
    value: Any


class Group(NamedTuple):
    """The entries that begin with one word: those of one word, the others by their second."""

    single: Mapping[str, Any]
    longer: Mapping[str, tuple[Entry, ...]]


class Inflection(NamedTuple):
    """How a case changes a name: ordered pairs (ending as met, ending of the base form).

    `rules` hold for the last word of a name, `modifiers` for those before it.
    """

    rules: tuple[tuple[str, str], ...]
    modifiers: tuple[tuple[str, str], ...]


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
    thousands
        Signs that may part thousands.
    cased
        True if names are written with capitals.
    nouns_cased
        True if every noun has a capital, so that one alone marks no name.
    noun_endings
        Endings of nouns that are no names, where every noun has a capital.
    script, letters
        The script, and letters that tell the language from others of its script.
    elisions
        Shortened words that are written onto the next one: ``"d'"``.
    proclitics
        Words that are written onto the next one without a mark: the Arabic "and".
    joined_articles
        Articles that are written onto the next word.
    direct
        True if a relation word takes a name with no link between them.
    postpositions
        True if relation words follow their name.
    ones_first
        True if ones stand before tens: "five and twenty".
    compounds
        Scales that numbers in one word are made of, the largest first; empty if none are.
    entries
        All entries by their first word.
    cases
        The cases that a class of governing words demands of its name, best first.
    inflections
        What a case does to a name, by case.
    articled
        The article of a name that a word before it may hold: "du" is "de Le".
    exceptions
        Forms of names that follow no rule, with the base form.
    endings
        Endings with an apostrophe, possessives among them, with the case that each shows.
    suffixes
        Endings without an apostrophe that show a case on the name itself, longest first.
    length_first
        True if "range 40 km" is a length, the noun before its measure.
    classes
        The classes of words that the file fills.
    governorates
        Words for a governorate; the first of related ones is the base form.
    phrases
        Templates of `describe`.
    wind_names, unit_names
        Each wind's first name; the words for each unit.
    """

    code: str
    name: str
    possessives: tuple[str, ...]
    decimal: str
    thousands: str
    cased: bool
    nouns_cased: bool
    noun_endings: tuple[str, ...]
    script: str
    letters: frozenset[str]
    elisions: tuple[str, ...]
    proclitics: tuple[str, ...]
    joined_articles: tuple[str, ...]
    direct: bool
    postpositions: bool
    ones_first: bool
    compounds: tuple[tuple[str, float], ...]
    entries: Mapping[str, Group]
    cases: Mapping[str, tuple[str, ...]]
    inflections: Mapping[str, Inflection]
    articled: Mapping[str, str]
    exceptions: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]
    suffixes: tuple[tuple[str, str], ...]
    length_first: bool
    classes: frozenset[str]
    governorates: tuple[str, ...]
    phrases: Mapping[str, Any]
    wind_names: Mapping[str, str]
    unit_names: Mapping[str, tuple[str, ...]]
