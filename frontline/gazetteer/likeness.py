"""Which places have a name that sounds like the one asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.gazetteer.names import fold, key_of_words, skeletons_of_words, sounds, words

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place
    from frontline.gazetteer.store import Store

# How much of the sound must agree, in percent, by the number of consonants.
LEAST_LIKENESS = {2: 100.0, 3: 90.0}
LIKENESS, ARABIC_LIKENESS, ACROSS_SCRIPTS = 70.0, 85.0, 4
# With so few consonants, a vowel before the first one tells names apart: Adra is not Daraa.
FEW_CONSONANTS = 3
_VOWELS_AT_START = frozenset("aeiou\u0627\u0639")  # and alef and ain
_AIN, _AIN_KEPT = "\u0639", "3"  # as it is written where only Latin letters can be typed


def spelled_alike(store: Store, parts: list[str]) -> list[tuple[Place, float]]:
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

    Returns
    -------
    list of (Place, float)
        With the likeness in percent.
    """
    asked = key_of_words(parts)
    found: dict[str, tuple[Place, float]] = {}
    for bones in skeletons_of_words(parts):
        if len(bones) == 1:
            continue
        least = LEAST_LIKENESS.get(len(bones), LIKENESS)
        for place in store.by_skeleton(bones):
            score = _likeness(asked, bones, place)
            best = found.get(place.place_id)
            if score >= least and (best is None or best[1] < score):
                found[place.place_id] = (place, score)
    return list(found.values())


def _likeness(asked: str, bones: str, place: Place) -> float:
    from rapidfuzz import fuzz

    few = len(bones) <= FEW_CONSONANTS
    start = _starts_open(asked)
    if few and start != _starts_open(key_of_words(words(fold(place.name)))):
        return 0.0
    heard = sounds(asked)
    best = 0.0
    for name in (place.name, *place.names):
        parts = words(fold(name))
        if bones not in skeletons_of_words(parts):
            continue
        each = key_of_words(parts)
        other = sounds(each)
        if heard.endswith("ia") != other.endswith("ia"):
            continue  # Nayrab is not Nayrabiyah
        if few and start != _starts_open(each):
            continue
        score = float(fuzz.ratio(heard, other))
        if asked.isascii() != each.isascii():
            # Arabic leaves out short vowels only: what it writes must all be heard
            written, spoken = (other, heard) if asked.isascii() else (heard, other)
            if len(written) < ACROSS_SCRIPTS or not _is_within(written, spoken):
                continue
        elif not asked.isascii():
            score = float(fuzz.ratio(_with_ain(asked), _with_ain(each)))
            if score < ARABIC_LIKENESS:
                continue
        best = max(best, score)
    return best


def _starts_open(name_key: str) -> bool:
    return name_key[:1] in _VOWELS_AT_START


def _with_ain(name_key: str) -> str:
    """Return how Arabic sounds with the letter ain, which Latin spellings leave out."""
    return sounds(name_key.replace(_AIN, _AIN_KEPT))


def _is_within(written: str, spoken: str) -> bool:
    """Tell whether all letters of the first occur in the second, in that order."""
    rest = iter(spoken)
    return all(letter in rest for letter in written)
