"""Which places have a name that sounds like the one asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.gazetteer.forms import Form, form, form_of_words
from frontline.gazetteer.names import skeletons_of_words, sounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.gazetteer.model import Place
    from frontline.gazetteer.store import Store

# How much of the sound must agree, in percent, by the number of consonants.
LEAST_LIKENESS = {2: 100.0, 3: 90.0}
LIKENESS, ARABIC_LIKENESS, ACROSS_SCRIPTS = 70.0, 85.0, 4
# With so few consonants, a vowel before the first one tells names apart: Adra is not Daraa.
FEW_CONSONANTS = 3
_AIN, _AIN_KEPT = "\u0639", "3"  # as it is written where only Latin letters can be typed


def spelled_alike(
    store: Store, parts: list[str], keeps: Callable[[Place], bool] | None = None
) -> list[tuple[Place, float]]:
    """Return the places with the same consonants whose spelling is also close.

    Consonants alone would take Hama for Homa; so the vowels must agree too, the more the
    fewer consonants there are: 2 need the same, 3 a likeness of 90 %, more one of 70 %. Up
    to 3 consonants, both names must begin with a vowel or neither, and so must the place's
    own name: Daraa is called Adraa too, but is not Adra.

    Parameters
    ----------
    store : Store
    parts : list of str
        What `frontline.gazetteer.names.words` returned.
    keeps : callable, optional
        Which places are asked for; asked before any name is compared.

    Returns
    -------
    list of (Place, float)
        With the likeness in percent.
    """
    asked: Form | None = None
    found: dict[str, tuple[Place, float]] = {}
    for bones in skeletons_of_words(parts):
        if len(bones) == 1:
            continue
        least = LEAST_LIKENESS.get(len(bones), LIKENESS)
        for place in store.by_skeleton(bones):
            if keeps is not None and not keeps(place):
                continue
            asked = asked or form_of_words(parts)
            score = _likeness(asked, bones, place)
            best = found.get(place.place_id)
            if score >= least and (best is None or best[1] < score):
                found[place.place_id] = (place, score)
    return list(found.values())


def _likeness(asked: Form, bones: str, place: Place) -> float:
    from rapidfuzz import fuzz

    few = len(bones) <= FEW_CONSONANTS
    if few and asked.opens != form(place.name).opens:
        return 0.0
    latin = asked.key.isascii()
    best = 0.0
    for name in (place.name, *place.names):
        other = form(name)
        if bones not in other.bones:
            continue
        if asked.heard.endswith("ia") != other.heard.endswith("ia"):
            continue  # Nayrab is not Nayrabiyah
        if few and asked.opens != other.opens:
            continue
        score = float(fuzz.ratio(asked.heard, other.heard))
        if latin != other.key.isascii():
            # Arabic leaves out short vowels only: what it writes must all be heard
            written, spoken = (other.heard, asked.heard) if latin else (asked.heard, other.heard)
            if len(written) < ACROSS_SCRIPTS or not _is_within(written, spoken):
                continue
        elif not latin:
            score = float(fuzz.ratio(_with_ain(asked.key), _with_ain(other.key)))
            if score < ARABIC_LIKENESS:
                continue
        best = max(best, score)
    return best


def _with_ain(name_key: str) -> str:
    """Return how Arabic sounds with the letter ain, which Latin spellings leave out."""
    return sounds(name_key.replace(_AIN, _AIN_KEPT))


def _is_within(written: str, spoken: str) -> bool:
    """Tell whether all letters of the first occur in the second, in that order."""
    rest = iter(spoken)
    return all(letter in rest for letter in written)
