"""The grammar: from words to a `Locality`, the same for every language.

A recursive descent over the lexicon's classes of words. Every rule looks a bounded number of
tokens ahead, so that reading takes time in proportion to the length of the text.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from frontline.errors import (
    DataFileError,
    FrontlineError,
    InputError,
    LocalitySyntaxError,
    UnresolvedFeatureError,
)
from frontline.locality import postposed, statics
from frontline.locality.coordinates import coordinates
from frontline.locality.detection import FIRST, likely
from frontline.locality.lexicon import languages, lexicon
from frontline.locality.model import Locality
from frontline.locality.offsets import from_quantity
from frontline.locality.phrase import Phrase
from frontline.locality.quantity import number, quantity, unread
from frontline.locality.rules import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A phrase is no page; running text is for a reader of text.
MAX_PHRASE = 5_000
_COUNTED_WITHIN = 3
_NAME_OF = 3
#: So many words after a locality are searched for places that it does not account for.
_LOOK_AFTER = 60
_CLAUSES = (
    from_quantity,
    statics.between,
    statics.heading_of,
    statics.part,
    statics.inside,
    statics.near,
)


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
    for code in codes:
        try:
            return _Reading(text, code, told=lang is not None).locality()
        except (LocalitySyntaxError, UnresolvedFeatureError, DataFileError) as error:
            # The likeliest language says best why a phrase is none, and a fault of one lexicon
            # keeps nobody from reading the others.
            if first is None or isinstance(first, DataFileError):
                first = error
    if first is None:
        raise InputError("no lexicon is installed; reinstall frontline-maps")
    raise first


class _Reading:
    """One reading of a phrase, from left to right."""

    def __init__(self, text: str, code: str, *, told: bool) -> None:
        self.p = Phrase(text, lexicon(code))
        #: Whether the letters of the winds are this language's for sure.
        self.told = told or code != FIRST
        self.p.clause_rules = (
            statics.inside,
            statics.heading_of,
            statics.near,
            from_quantity,
            statics.part,
            statics.name_alone,
        )
        self.text = text
        #: Failures that count only if nothing better is found further on.
        self.failures: list[FrontlineError] = []
        #: Failures that only an exact statement further on overrules.
        self.counts: list[FrontlineError] = []

    def locality(self) -> Locality:
        """Return the locality, or raise why there is none."""
        found = self._coordinates()
        if found:
            return found
        for found in self._candidates():
            if self.counts and found.azimuth_deg is None and found.distance_m is None:
                break
            if self.counts and found.kind not in {"offset", "orthogonal", "distance", "along"}:
                break
            return self._with_unread(found)
        for failures in (self.counts, self.failures):
            if failures:
                raise failures[0]
        return statics.bare(self.p)

    def _with_unread(self, found: Locality) -> Locality:
        """Say which places the rest of the phrase names without their being read."""
        p = self.p
        i = next((i for i, t in enumerate(p.tokens) if t.start >= found.span[1]), p.count)
        stop = min(i + _LOOK_AFTER, p.count)
        remarks: list[str] = []
        while i < stop:
            another = self._another(i) if p.roles(i) or p.token(i).kind == "number" else None
            if another:
                remarks.append(f"{str(another)!r} is not read")
                while i < stop and p.token(i).start < another.span[1]:
                    i += 1
            else:
                i += 1
        if not remarks:
            return found
        return dataclasses.replace(found, remarks=(*found.remarks, *remarks))

    def _another(self, i: int) -> Locality | None:
        for rule in _CLAUSES:
            try:
                found = rule(self.p, i, MAX_DEPTH)
            except FrontlineError:
                continue
            if found and found.features:
                return found
        return None

    def _coordinates(self) -> Locality | None:
        found = coordinates(self.text, lang=self.p.words.code if self.told else None)
        if not found:
            return None
        start, end = found.span
        after = next((i for i, t in enumerate(self.p.tokens) if t.start >= end), self.p.count)
        if self.p.unit(after):
            return None
        return Locality(
            self.text,
            "coordinates",
            lang=self.p.words.code,
            span=(start, end),
            lon=found.lon,
            lat=found.lat,
            precision_deg=found.precision_deg,
            remarks=found.remarks,
        )

    def _candidates(self) -> Iterator[Locality]:
        i = 0
        while i < self.p.count:
            found = self._at(i)
            if found:
                yield found
            # "Northeast Syria" is one name: no reading begins inside it.
            i = self.p.at(i, "direction_name") or i + 1

    def _at(self, i: int) -> Locality | None:
        p = self.p
        token = p.token(i)
        if token.kind == "sign" and token.text not in "~\u2248\u00b1<>\u2264\u2265":
            return None
        if not p.roles(i) and not (token.cased or token.kind in {"number", "fraction"} or i == 0):
            return None
        if p.at(i, "organisation"):
            self._check_organisation(i)
        if p.words.postpositions:
            return self._postposed(i)
        found = from_quantity(p, i)
        if found:
            return self._affirmed(found, i)
        self._check_quantity(i)
        for rule in statics.RULES:
            try:
                found = rule(p, i, 0)
            except UnresolvedFeatureError as error:
                if rule is statics.heading_of or rule is statics.between:
                    raise
                self.failures.append(error)
                continue
            if found:
                return self._affirmed(found, i)
        self._check_count(i)
        return None

    def _postposed(self, i: int) -> Locality | None:
        """Read what begins here in a language whose relation words follow their name."""
        p = self.p
        for rule in (*postposed.RULES, statics.name_first):
            if rule is statics.name_first:
                if self.failures and quantity(p, i):
                    raise self.failures[-1]
                self._check_quantity(i)
            try:
                found = rule(p, i, 0)
            except UnresolvedFeatureError as error:
                self.failures.append(error)
                continue
            if found:
                return self._affirmed(found, i)
        self._check_count(i)
        return None

    def _check_organisation(self, i: int) -> None:
        """Raise for a direction in the name of who, not where: "Army of the North"."""
        p = self.p
        end = p.at(i, "organisation")
        j = p.skip(end, "of", "article", "part", "to_wind", most=4)
        while p.token(j).kind == "word" and j - end < _NAME_OF and not p.roles(j):
            j += 1
            j = p.skip(j, "of", "article", most=2)
        wind = p.wind(j)
        if wind and not (wind[0].forms & {"governing"} and p.at(wind[1], "link")):
            raise p.wrong(f"{p.slice(i, wind[1])!r} names who, and says no place", i)

    def _affirmed(self, found: Locality, i: int) -> Locality:
        """Return what was read, unless the words before it deny it."""
        for j in range(max(i - 2, 0), i):
            if self.p.at(j, "negation") == i:
                raise self.p.wrong(f"{self.p.slice(j, i)!r} says where something is not", j)
        if found.kind == "heading":
            self._check_unread(i)
        return found

    def _check_unread(self, i: int) -> None:
        """Raise for a distance before a heading that is not understood ("3 leagues east of")."""
        p = self.p
        # "3 leagues to the east of Hama"
        end = next((j for j in range(max(i - 3, 0), i) if p.at(j, "before_wind") == i), i)
        for j in range(max(end - 3, 0), end):
            other = p.at(j, "other_unit") == end
            counted = p.token(j - 1).kind in {"number", "fraction"} or (
                {"number", "scale", "fraction", "vague", "no_number"} & p.roles(j - 1).keys()
            )
            unit = p.unit(j)
            if (other and (counted or end - j > 1)) or (unit and unit[1] == end):
                start = j - 1 if j and (counted or unit) else j
                raise p.wrong(
                    f"the distance {p.slice(start, end)!r} is not understood; write it in km, m, "
                    "mi, nmi, ft or yd",
                    start,
                )
        if unread(p, end) and p.token(end - 1).kind == "word":
            raise p.wrong(f"{p.slice(end - 1, end)!r} is not understood as a distance", end - 1)

    def _check_quantity(self, i: int) -> None:
        """Raise for a distance that leads to no place: a movement, a length, an open end."""
        p = self.p
        found = quantity(p, i)
        if not found:
            return
        end = found.end
        for j in (end, p.dash(end)):
            if p.at(j, "length_noun"):
                raise p.wrong(
                    f"{p.slice(i, p.at(j, 'length_noun'))!r} is a length and no distance from "
                    "a place",
                    i,
                )
        raise p.wrong(
            f"the distance {p.slice(i, end)!r} does not say from which place; write it as "
            "'5 km northeast of Hama'",
            min(end, p.count),
        )

    def _check_count(self, i: int) -> None:
        """Note a number of things ("five villages near Hama"), and a distance without unit."""
        p = self.p
        vague = p.roles(i).get("vague")  # "several towns near Hama"
        found = None if vague else number(p, i)
        before = p.token(i - 1)  # "Brigade 87"
        unit = before.cased and p.words.cased and not p.roles(i - 1)
        if found and (found.value == 1 or unit):
            return
        if not found and not vague:
            return
        end = found.end if found else vague[1] if vague else i
        j = p.skip(end, "of", "article", most=2)
        for _ in range(_COUNTED_WITHIN):
            if p.at(j, "counted"):
                self.counts.append(
                    p.wrong(f"{p.slice(i, p.at(j, 'counted'))!r} is a count, not a distance", i)
                )
                return
            if p.token(j).kind not in {"word", "dash"} or p.at(j, "stop"):
                break
            j += 1
        wind = p.wind(p.skip(end, "before_wind"))
        if found and wind and p.at(wind[1], "link"):
            raise p.wrong(f"{p.slice(i, end)!r} lacks its unit, such as km", end)
