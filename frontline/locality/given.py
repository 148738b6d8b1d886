"""Coordinates in a phrase: places that are given and not named, alone or to start from."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from frontline.locality.coordinates import Coordinates, pairs
from frontline.locality.model import Locality
from frontline.locality.phrase import Given, Phrase

if TYPE_CHECKING:
    from frontline.errors import LocalitySyntaxError
    from frontline.locality.vocabulary import Lexicon

#: Nouns for the pair itself, in the languages of the lexicons; they say nothing that it does not.
_NOUNS = (
    "mgrs utm grid ref reference square coords? coordinates? point position lat lon latitude "
    "longitude coordonnées position point koordinaten? punkte?s? coordenadas punto posición "
    "posição ponto koordinatlar\\w? nokta\\w{0,2} nöqtə\\w{0,2} координат\\w{0,4} точк\\w{0,3} "
    "(?:ال)?إحداثيات (?:ال)?احداثيات (?:ال)?نقطة"
)
#: Before these nouns "at", though it is "near" before a name.
_AT = "عند|за|bei(?:m|\\s+den|\\s+der)?"
_LEADS = re.compile(
    rf"(?<!\w)(?:(?:{_AT})\s+)?(?:(?:{'|'.join(_NOUNS.split())})\.?[\s:(=]{{1,3}}){{1,3}}\Z",
    re.IGNORECASE,
)
#: The same, where they follow the pair and bear its ending.
_TRAILS = re.compile(r"['\u2019]?\s?(?:koordinat|nokta|n\u00f6qt\u0259)\w{0,12}", re.IGNORECASE)
_LOOK_BACK = 40
_BACK = 4
#: A relation, wherever one of these classes ends before the pair.
_RELATIONS = ("near", "between", "around", "towards", "halfway")
#: A relation, if what it relates stands before them.
_LINKS = ("link", "distance_link", "radius_link", "edge_link", "of")
_LINKED = ("unit", "edge", "centre", "part", "countryside", "radius", "of_the_way", "after_wind")
_PLACES_THEMSELVES = frozenset({"feature", "inside"})


def phrase_with(text: str, words: Lexicon, *, told: bool) -> tuple[Phrase, tuple[Coordinates, ...]]:
    """Return a phrase in which every pair of coordinates is one token, and the pairs.

    Raises
    ------
    LocalitySyntaxError
        What is written like coordinates is none; see `coordinates`.
    """
    p = Phrase(text, words)
    found = pairs(text, lang=words.code if told else None)
    found = tuple(each for each in found if not p.unit(p.after(each.span[1])))
    if not found:
        return p, ()
    return Phrase(text, words, [Given(each.span, _around(text, each)) for each in found]), found


def _around(text: str, pair: Coordinates) -> tuple[int, int]:
    """Return the span of a pair with the words that only say that coordinates stand there."""
    start, end = pair.span
    leads = _LEADS.search(text[max(start - _LOOK_BACK, 0) : start])
    trails = _TRAILS.match(text, end)
    return start - len(leads[0]) if leads else start, trails.end() if trails else end


def itself(p: Phrase, pair: Coordinates) -> Locality:
    """Make the locality that is a pair of coordinates."""
    return Locality(
        p.text,
        "coordinates",
        lang=p.words.code,
        span=pair.span,
        lon=pair.lon,
        lat=pair.lat,
        precision_deg=pair.precision_deg,
        remarks=pair.remarks,
    )


def starts_from(found: Locality, given: tuple[Coordinates, ...]) -> Coordinates | None:
    """Return the first pair that a locality names as its feature, None if it names none."""
    for pair in given:
        if found.text[slice(*pair.span)] in found.features:
            return pair
    return None


def is_itself(found: Locality) -> bool:
    """Tell whether a locality with a pair for its feature says no more than the pair."""
    return found.kind in _PLACES_THEMSELVES and found.reference is None


def check_relation(p: Phrase, pair: Coordinates) -> None:
    """Raise if words beside a pair relate something to it, and nothing has read them.

    Raises
    ------
    LocalitySyntaxError
        So that what lies off the pair is not taken for the pair.
    """
    i = p.after(pair.span[0])
    before = i - 1 if p.at(i - 1, "article") == i else i
    for k in range(max(before - _BACK, 0), before):
        if any(p.at(k, role) == before for role in _RELATIONS):
            raise _unread(p, k, i)
        if any(p.at(k, role) == before for role in _LINKS) and _is_linked(p, k):
            raise _unread(p, k - 1, i)
        wind = p.wind(k)
        if wind and wind[1] == before:
            raise _unread(p, k, i)
    after = p.wind(i + 1)
    if p.words.postpositions and (
        p.at(i + 1, "near") or (after and after[0].forms & {"governing", "adverb"})
    ):
        raise _unread(p, i, i + 1)


def _is_linked(p: Phrase, k: int) -> bool:
    for j in range(max(k - _BACK, 0), k):
        if any(p.at(j, role) == k for role in _LINKED):
            return True
        wind = p.wind(j)
        if wind and wind[1] == k:
            return True
    return False


def _unread(p: Phrase, start: int, i: int) -> LocalitySyntaxError:
    return p.wrong(
        f"what {p.slice(start, i + 1)!r} says of the coordinates is not understood; write it as "
        "'5 km north of 35.16N 36.80E', or give the coordinates alone",
        start,
    )


def with_remark(found: Locality, aside: list[Locality]) -> Locality:
    """Say which other localities a phrase holds beside its coordinates."""
    notes = tuple(f"{str(each)!r} is not read: the coordinates are taken" for each in aside)
    return dataclasses.replace(found, remarks=(*found.remarks, *notes))
