"""What `read` knows of a language beside its lexicon of localities: `words/<code>.toml`.

Classes of words that tell a language, a place and a person apart, ordinary words that are names
of places, and the verbs of claims. Words only; a language is added by a file.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontline.errors import DataFileError
from frontline.gazetteer.context import COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent / "words"
_TABLES = ("claims", "facility")
_CLASSES = (
    *("function", "before", "towards", "apposition", "behind", "title", "organisation"),
    "ordinary",
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The classes of one language, all in small letters.

    Attributes
    ----------
    code
        ``"en"``.
    function
        Small frequent words, which tell the language.
    before, apposition, behind
        What stands before a place, says before it what it is, stands behind it.
    towards
        What stands before the place where a movement leads.
    title, organisation
        What stands before a person, and what makes a name one of an organisation.
    ordinary
        Ordinary words that are places somewhere, and names of persons.
    facility
        Patterns of words for things that bear a place's name, by sort; see
        `frontline.reports.things`.
    claims
        The verbs of claims and the words that bound them; see `frontline.reports.claims`.
    """

    code: str
    function: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    towards: frozenset[str] = frozenset()
    apposition: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    organisation: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    facility: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)


@functools.cache
def vocabularies() -> dict[str, Vocabulary]:
    """Return the vocabulary of every language that has one.

    Examples
    --------
    >>> "towards" in vocabularies()["en"].before
    True
    """
    codes = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "any")
    return {code: _vocabulary(code) for code in codes}


def _vocabulary(code: str) -> Vocabulary:
    data = _read(code)
    unknown = sorted(set(data) - {*_CLASSES, *_TABLES})
    if unknown:
        raise DataFileError(
            f"words/{code}.toml has unknown classes: {', '.join(unknown)}", path=f"{code}.toml"
        )
    sets = {name: frozenset(data.get(name, ())) for name in _CLASSES}
    sets["before"] |= _ends_of_verbs(data.get("claims", {}))
    facility, claims = data.get("facility", {}), data.get("claims", {})
    return Vocabulary(code, **sets, facility=facility, claims=claims)


def _ends_of_verbs(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the last words of the verbs of claims: a place follows, if the language says so."""
    if "after" not in claims.get("words", {}).get("order", ["after"]):
        return frozenset()
    phrases = [p for each in claims.values() if isinstance(each, list) for p in each]
    return frozenset(phrase.lower().split(" ... ")[0].split()[-1] for phrase in phrases)


@functools.cache
def given_names() -> frozenset[str]:
    """Return names of persons that are also names of places, in small letters."""
    return frozenset(_read("any")["given"])


@functools.cache
def name_heads() -> frozenset[str]:
    """Return words that begin names of places in many lands: "Khan", "Kafr", "New"."""
    return frozenset(_read("any")["heads"])


@functools.cache
def countries() -> dict[str, str]:
    """Return the ISO code of every country that has an outline, by name in any language.

    Examples
    --------
    >>> countries()["Syria"], countries()["Syrien"]
    ('SY', 'SY')
    """
    own = _read("any")["countries"]
    return {
        name: code for table in (COUNTRIES, own) for code, names in table.items() for name in names
    }


def _read(code: str) -> dict[str, Any]:
    path = FOLDER / f"{code}.toml"
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(
            f"{path.name} cannot be read ({error}); install frontline-maps again", path=path
        ) from error
