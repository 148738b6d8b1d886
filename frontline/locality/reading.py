"""One reading of a phrase in one language: candidates from left to right, and what denies them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from frontline.errors import FrontlineError, LocalitySyntaxError, UnresolvedFeatureError
from frontline.locality import given, postposed, statics
from frontline.locality.detection import FIRST
from frontline.locality.lexicon import lexicon
from frontline.locality.numerals import number
from frontline.locality.offsets import from_quantity
from frontline.locality.quantity import quantity, unread
from frontline.locality.rules import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontline.locality.model import Locality
    from frontline.locality.phrase import Phrase

_COUNTED_WITHIN = 3
_NAME_OF = 3
_GLUED = 3
#: So many words after a locality are searched for places that it does not account for.
_LOOK_AFTER = 60
#: A denial reaches so far over a verb, to what has a distance or a heading.
_DENIED_FROM = 5
_MEASURED = frozenset({"offset", "orthogonal", "distance", "heading"})
_NO_VERB = frozenset("approx number scale counted and range at_most at_least time".split())
_EXACT = frozenset({"offset", "orthogonal", "distance", "along", "coordinates"})
_CLAUSES = (
    from_quantity,
    statics.between,
    statics.heading_of,
    statics.part,
    statics.inside,
    statics.near,
)


class Reading:
    """One reading of a phrase, from left to right."""

    def __init__(self, text: str, code: str, *, told: bool) -> None:
        # Whether the letters of the winds are this language's for sure.
        sure = told or code != FIRST
        self.p, self.given = given.phrase_with(text, lexicon(code), told=sure)
        self.p.clause_rules = (
            statics.inside,
            statics.heading_of,
            statics.near,
            from_quantity,
            statics.part,
            statics.name_alone,
        )
        self.text = text
        #: Whether a place was found, and the words deny it.
        self.denied = False
        #: Failures that count only if nothing better is found further on.
        self.failures: list[FrontlineError] = []
        #: Failures that only an exact statement further on overrules.
        self.counts: list[FrontlineError] = []

    def locality(self) -> Locality:
        """Return the locality, or raise why there is none."""
        if self.given:
            return self._with_coordinates()
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

    def all(self) -> Iterator[Locality]:
        """Yield every locality from left to right; what names no place is stepped over."""
        p, i = self.p, 0
        while i < p.count:
            if p.sign(i, ".,;:!?"):
                self.counts.clear()
            try:
                found = self._at(i)
            except FrontlineError:
                found, gone = None, quantity_end(p, i)
                i = max(i, gone - 1)
            if self.given:
                found = self._or_coordinates(found, i)
            exact = found and found.kind in _EXACT
            if found and (exact or not self.counts):
                yield found
            i = self._after(found) if found else p.at(i, "direction_name") or i + 1

    def _after(self, found: Locality) -> int:
        """Return the first position behind a locality."""
        return self.p.after(found.span[1])

    def _with_unread(self, found: Locality) -> Locality:
        """Say which places the rest of the phrase names without their being read."""
        p = self.p
        i = self._after(found)
        stop = min(i + _LOOK_AFTER, p.count)
        remarks: list[str] = []
        while i < stop:
            worth = p.roles(i) or p.token(i).kind == "number"
            worth = worth or (p.words.postpositions and p.token(i).cased)
            another = self._another(i) if worth else None
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
        follows = self.p.words.postpositions
        for rule in postposed.RULES if follows else _CLAUSES:
            try:
                found = rule(self.p, i, MAX_DEPTH)
            except FrontlineError:
                continue
            if found and found.features:
                return found
        return None

    def _with_coordinates(self) -> Locality:
        """Return what is said of coordinates, or the coordinates if nothing is."""
        aside: list[Locality] = []
        failure: FrontlineError | None = None
        try:
            for found in self._candidates():
                pair = given.starts_from(found, self.given)
                counted = self.counts and (found.distance_m is None or found.azimuth_deg is None)
                if pair and not given.is_itself(found) and not counted:
                    return self._with_unread(found)
                if not pair and found.kind != "feature":
                    aside.append(found)
        except FrontlineError as error:
            failure = error
        for pair in self.given:
            try:
                given.check_relation(self.p, pair)
            except LocalitySyntaxError as error:
                raise next(iter(self.counts), None) or failure or error from None
        more = [given.itself(self.p, pair) for pair in self.given[1:]]
        return given.with_remark(given.itself(self.p, self.given[0]), aside + more)

    def _or_coordinates(self, found: Locality | None, i: int) -> Locality | None:
        """Return what was found at a position, or the coordinates that stand there."""
        if found:
            pair = given.starts_from(found, self.given)
            return given.itself(self.p, pair) if pair and given.is_itself(found) else found
        pair = next((g for g in self.given if g.span[0] == self.p.token(i).start), None)
        if not pair or not self.p.is_coordinates(i):
            return None
        try:
            given.check_relation(self.p, pair)
        except LocalitySyntaxError:
            return None
        return given.itself(self.p, pair)

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
        self._check_refused(i)
        self._check_milestone(i)
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
        for rule in postposed.RULES:
            try:
                found = rule(p, i, 0)
            except UnresolvedFeatureError as error:
                self.failures.append(error)
                continue
            if found:
                return self._affirmed(found, i)
        if self.failures and quantity(p, i):
            raise self.failures[-1]
        self._check_quantity(i)
        self._check_count(i)
        return None

    def _check_refused(self, i: int, *, who: bool = True) -> None:
        """Raise for words that would have to be known of the ground, or that say who."""
        if self.p.at(i, "refused"):
            raise self.p.wrong(f"{self.p.slice(i, self.p.at(i, 'refused'))!r} cannot be read", i)
        if who and self.p.at(i, "organisation"):
            self._check_organisation(i)

    def _check_milestone(self, i: int) -> None:
        """Raise for "at kilometre 42": where a road begins is not known."""
        p = self.p
        unit = p.unit(i) if i and p.at(i - 1, "at") else None
        if unit and p.token(unit[1]).kind == "number":
            milestone = p.slice(i, unit[1] + 1)
            raise p.wrong(f"{milestone!r} is a milestone, and those are not read", i)

    def _check_organisation(self, i: int) -> None:
        """Raise for a direction in the name of who, not where: "Army of the North"."""
        p = self.p
        end = p.at(i, "organisation")
        # Where an object may follow its subject only what stands directly behind is its name.
        direct = p.words.direct
        j = end if direct else p.skip(end, "of", "article", "part", "to_wind", most=4)
        stop = end + (0 if direct else _NAME_OF)
        while p.token(j).kind == "word" and j < stop and not p.roles(j):
            j += 1
            j = p.skip(j, "of", "article", most=2)
        wind = p.wind(j)
        leads = direct or (wind and p.at(wind[1], "link"))
        if wind and not (wind[0].forms & {"governing", "adverb"} and leads):
            raise p.wrong(f"{p.slice(i, wind[1])!r} names who, and says no place", i)

    def _affirmed(self, found: Locality, i: int) -> Locality:
        """Return what was read, unless the words before it deny it."""
        said = found.kind in _MEASURED
        for j in range(max(i - _DENIED_FROM, 0), i):
            end = self.p.at(j, "negation")
            if end >= i or (end and said and self._is_verb(end, i)):
                self.denied = True
                raise self.p.wrong(f"{self.p.slice(j, i)!r} says where something is not", j)
        if found.kind == "heading":
            self._check_unread(i)
        after = next((j for j in range(i, self.p.count) if self._ends(j, found)), self.p.count)
        self._check_refused(after, who=False)  # "20 km from Raqqa upstream"
        return found

    def _is_verb(self, i: int, end: int) -> bool:
        """Tell whether one word is between a denial and a place: "never reached 5 km north"."""
        p = self.p
        token = p.token(i)
        if token.kind != "word" or not i < end or (token.cased and p.words.cased):
            return False
        if not _NO_VERB.isdisjoint(p.roles(i)):
            return False
        return end in {i + 1, p.skip(i + 1, "to", "inside", "on", "range", "article", most=2)}

    def _ends(self, j: int, found: Locality) -> bool:
        return self.p.token(j).start >= found.span[1]

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
        lone = end >= _GLUED and "unit" in p.roles(end - 1)  # "1e3 m", with a lone letter
        glued = lone and p.token(end - 2).kind == "word" and p.attached(end - 2)
        if glued and p.token(end - 3).kind == "number":
            raise p.wrong(f"{p.slice(end - 3, end)!r} is not understood as a distance", end - 3)
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
        deep = p.at(end, "inside")
        if deep and p.token(deep).kind == "word":
            raise p.wrong(
                f"{p.slice(i, deep)!r} says how deep inside something is, but not behind which "
                "point of its edge",
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
        # A dual: "two villages" in one word; but al-Qaryatayn is a town.
        alone = 0 if p.at(i, "direction_name") else p.at(i, "counted_alone")
        if alone:
            self.counts.append(p.wrong(f"{p.slice(i, alone)!r} is a count, not a distance", i))
            return
        vague = p.roles(i).get("vague")  # "several towns near Hama"
        found = None if vague else number(p, i)
        before = p.token(i - 1)  # "Brigade 87"
        unit = before.cased and p.words.cased and not p.roles(i - 1)
        if found and (found.value == 1 or unit):
            return
        if not found and not vague:
            return
        end = found.end if found else vague[1] if vague else i
        j = p.skip(end, "of", "article", "at_least_after", "at_most_after", most=2)
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


def quantity_end(p: Phrase, i: int) -> int:
    """Return the position after the distance at a position, the position itself if none is."""
    try:
        found = quantity(p, i)
    except FrontlineError:
        return i
    return found.end if found else i
