"""The grammar: from words to a `Locality`, the same for every language.

A recursive descent over the lexicon's classes of words. Every rule looks a bounded number of
tokens ahead, so that reading takes time in proportion to the length of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.errors import (
    DataFileError,
    FrontlineError,
    InputError,
    LocalitySyntaxError,
    UnresolvedFeatureError,
)
from frontline.locality.detection import likely
from frontline.locality.lexicon import languages
from frontline.locality.reading import Reading

if TYPE_CHECKING:
    from frontline.locality.model import Locality

#: A phrase is no page; running text is for a reader of text.
MAX_PHRASE = 5_000


def parse(text: str, *, lang: str | None = None) -> Locality:
    """Read a phrase that says where something is.

    One phrase, words around it allowed; the most specific statement wins. Nothing is looked up
    and nothing is guessed: what is no place raises.

    Parameters
    ----------
    text
        ``"fierce clashes approximately five kilometers northeast of Hama's borders"``.
    lang
        Code of the language; None tries every lexicon there is.

    Returns
    -------
    Locality
        Lengths in metres, angles in degrees clockwise from north.

    Raises
    ------
    LocalitySyntaxError
        The phrase is no locality; `column` says from where on.
    UnresolvedFeatureError
        It is one, but what it starts from is not named ("15 km from the city").
    InputError
        `text` is no text, or `lang` has no lexicon.

    References
    ----------
    Wieczorek J., Guo Q. & Hijmans R. J. (2004), IJGIS 18:745-767, for the kinds of locality.

    Examples
    --------
    >>> found = parse("approximately five kilometers northeast of Hama's borders")
    >>> found.kind, found.features, found.distance_m, found.azimuth_deg, found.reference
    ('offset', ('Hama',), 5000.0, 45.0, 'edge')
    """
    if not isinstance(text, str):
        raise InputError(f"a phrase must be text, not {type(text).__name__}")
    # Spans count in the text as given, so the ends are skipped and not cut off.
    body = text.strip()
    if len(body) > MAX_PHRASE:
        raise LocalitySyntaxError(
            f"a phrase has at most {MAX_PHRASE} characters, this text has {len(body)}; "
            "cut it into phrases",
            text=text,
            column=MAX_PHRASE,
        )
    if not body:
        raise LocalitySyntaxError(
            "the phrase is empty; write one such as '5 km northeast of Hama'", text=text, column=0
        )
    codes = (lang,) if lang is not None else likely(text) or languages()
    first: FrontlineError | None = None
    denied, reading = len(text), None
    for code in codes:
        try:
            reading = Reading(text, code, told=lang is not None)
            found = reading.locality()
            # What is a denial in the likelier language is none of the place's own words.
            if found.span[0] <= denied or not found.unit:
                return found
            break
        except (LocalitySyntaxError, UnresolvedFeatureError, DataFileError) as error:
            # The likeliest language says best why a phrase is none, and a fault of one lexicon
            # keeps nobody from reading the others.
            if first is None or isinstance(first, DataFileError):
                first = error
            if isinstance(error, LocalitySyntaxError) and reading and reading.denied:
                denied = min(denied, error.column)
    if first is None:
        raise InputError("no lexicon is installed; reinstall frontline-maps")
    raise first


def localities(text: str, lang: str | None = None) -> list[Locality]:
    """Read every locality of a sentence, from left to right.

    Counts, movements, lengths and anchors that name no place are stepped over; a clause that
    narrows a locality stands in its `within` and not by itself. Bare names are no localities
    here: which words are places only a gazetteer knows.

    Parameters
    ----------
    text
        A sentence, at most 5,000 characters.
    lang
        Code of the language; None takes the likeliest one.

    Returns
    -------
    list of Locality
        Not overlapping; their spans count in `text`.

    Raises
    ------
    InputError
        `text` is no text or too long, or `lang` has no lexicon.

    Examples
    --------
    >>> found = localities("Clashes near Morek, five villages fell; 5 km N of Suran")
    >>> [str(each) for each in found]
    ['near Morek', '5 km N of Suran']
    """
    if not isinstance(text, str):
        raise InputError(f"a sentence must be text, not {type(text).__name__}")
    if len(text) > MAX_PHRASE:
        raise InputError(f"a sentence has at most {MAX_PHRASE} characters, not {len(text)}")
    codes = (lang,) if lang is not None else likely(text)
    return list(Reading(text, codes[0], told=lang is not None).all()) if codes else []
