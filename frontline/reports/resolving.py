"""Which place a name of a text means: the gazetteer first, then the other places of the text."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from frontline.errors import AmbiguousPlaceError, FrontlineError
from frontline.reports.vocabulary import countries

if TYPE_CHECKING:
    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place

#: As in the gazetteer's own rule for near=: so near, and the next so much farther.
NEAR_KM, CLEAR_KM, CLEAR_TIMES = 100.0, 10.0, 2.0
#: A place that won by size alone gives way to a namesake near the text's other places.
_FAR_KM = 500.0
_BESIDE = 6
_KM_PER_DEG = 111.2


class Found(NamedTuple):
    """What the gazetteer says to a name: its place, or the bearers of the name, or neither."""

    place: Place | None
    candidates: tuple[Place, ...]
    reason: str | None


def distance_km(first: Place, second: Place) -> float:
    """Return the distance of two places roughly, for comparing; cheap.

    Examples
    --------
    >>> from frontline.gazetteer import place
    >>> 120 < distance_km(place("Aleppo"), place("Hama")) < 130
    True
    """
    dlon = abs(first.lon - second.lon)
    dlon = min(dlon, 360.0 - dlon) * math.cos(math.radians((first.lat + second.lat) / 2.0))
    return _KM_PER_DEG * math.hypot(dlon, first.lat - second.lat)


#: What a gazetteer says to a name alone is the same in every text.
_MOST_KNOWN = 1 << 16
_KNOWN: WeakKeyDictionary[Gazetteer, dict[tuple[str, str | None], Found]] = WeakKeyDictionary()


class Resolver:
    """Looks the names of one text up, each once, and lets sure places settle the others.

    `near`, `country` and `admin1` are what the caller knows about the whole text.
    """

    def __init__(
        self, gazetteer: Gazetteer, *, near: Any = None, country: str | None = None
    ) -> None:
        self._gazetteer, self._near, self._country = gazetteer, near, country
        self._known: dict[tuple[str, str | None], Found] = {}
        if near is None:
            self._known = _KNOWN.setdefault(gazetteer, self._known)
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
        self._told: dict[str, Found] = {}
        self._sure: list[tuple[int, Place]] = []
        self._at: list[int] = []
        self._codes = countries()
        self.nearest = gazetteer.nearest

    def found(self, name: str) -> Found:
        """Look a name up with nothing but what the caller said."""
        if name in self._told:
            return self._told[name]
        known = self._known.get((name, self._country))
        if known is None:
            known = self._known[name, self._country] = self._ask(name)
        return known

    def tell(self, name: str, means: str) -> Found:
        """Settle what a thing means that bears the name of a place; an empty text: not known.

        Nothing like it will do: "Hama Central Prison" is never Hama.
        """
        if name not in self._told:
            unknown = Found(None, (), f"the gazetteer has no place called {name!r}")
            self._told[name] = self.found(means) if means else unknown
        return self._told[name]

    def _ask(self, name: str) -> Found:
        code = self._codes.get(name)
        if code is not None and self._country in (None, code):
            try:
                return Found(self._gazetteer.area(name, country=code), (), None)
            except FrontlineError:
                pass
            try:
                listed = next(n for n, c in self._codes.items() if c == code)
                return Found(self._gazetteer.area(listed, country=code), (), None)
            except FrontlineError:
                pass
        try:
            place = self._gazetteer.place(name, near=self._near, country=self._country)
        except AmbiguousPlaceError as error:
            return Found(None, tuple(error.candidates), str(error))
        except FrontlineError as error:
            return Found(None, (), str(error))
        return Found(place, (), None)

    def settle(self, sure: list[tuple[int, Place]]) -> None:
        """Take the places that are sure, with the words they stand at, as context."""
        self._sure = sorted(sure, key=lambda each: each[0])
        self._at = [at for at, _ in self._sure]

    def beside(self, at: int) -> list[Place]:
        """Return the sure places nearest in the text to a word, nearest first."""
        i = bisect_left(self._at, at)
        some = self._sure[max(i - _BESIDE, 0) : i + _BESIDE]
        return [place for _, place in sorted(some, key=lambda each: abs(each[0] - at))]

    def place(self, name: str, at: int) -> Found:
        """Return the place that a name at a word means, with the text's other places."""
        found = self.found(name)
        if found.candidates:
            return self._among(found, at)
        if found.place is not None and any("by far" in r for r in found.place.remarks):
            return self._nearer(name, found, at)
        return found

    def _among(self, found: Found, at: int) -> Found:
        points = [p for p in self.beside(at) if p.kind not in {"country", "governorate"}]
        for other in points[:3]:
            order = sorted((distance_km(other, p), k) for k, p in enumerate(found.candidates))
            nearest, number = order[0]
            following = order[1][0] if len(order) > 1 else math.inf
            if nearest <= NEAR_KM and following >= max(nearest + CLEAR_KM, CLEAR_TIMES * nearest):
                remark = (
                    f"the nearest of that name to {other.name}, which the text names too "
                    f"({nearest:.0f} km)"
                )
                return _with(found.candidates[number], remark)
        for other in self.beside(at):
            inside = [p for p in found.candidates if _lies_in(p, other)]
            if len(inside) == 1:
                return _with(inside[0], f"the one in {other.name}, which the text names too")
        return found

    def _nearer(self, name: str, found: Found, at: int) -> Found:
        beside = [p for p in self.beside(at) if p.kind != "country"][:3]
        place = found.place
        if place is None or not beside or min(distance_km(place, p) for p in beside) < _FAR_KM:
            return found
        try:
            other = self._gazetteer.place(name, near=beside[0], country=self._country)
        except FrontlineError:
            return found
        return Found(other, (), None) if distance_km(other, beside[0]) <= NEAR_KM else found


def _lies_in(place: Place, other: Place) -> bool:
    if other.kind == "country":
        return place.country == other.country
    if place.country != other.country or not other.admin1:
        return False
    return place.admin1 == other.admin1


def _with(place: Place, remark: str) -> Found:
    return Found(replace(place, remarks=(*place.remarks, remark)), (), None)


class InText:
    """The gazetteer as a locality at one place of a text sees it; `georeference` asks it."""

    def __init__(self, resolver: Resolver, gazetteer: Gazetteer, at: int) -> None:
        self._resolver, self._gazetteer, self._at = resolver, gazetteer, at
        self.nearest = gazetteer.nearest

    def place(
        self,
        name: str,
        *,
        near: Any = None,
        country: str | None = None,
        admin1: str | None = None,
        kind: str | None = None,
    ) -> Place:
        """Look a name up, as `Gazetteer.place` does; the text decides what it leaves open."""
        if near is None and admin1 is None and kind is None:
            found = self._resolver.place(name, self._at)
            if found.place is not None and country in (None, found.place.country):
                return found.place
        try:
            return self._gazetteer.place(name, near=near, country=country, admin1=admin1, kind=kind)
        except AmbiguousPlaceError:
            found = self._resolver.place(name, self._at)
            fits = found.place is not None and country in (None, found.place.country)
            if not fits or found.place is None or admin1 not in (None, found.place.admin1):
                raise
            return found.place

    def area(self, name: str, *, country: str | None = None) -> Place:
        """Look an area up, as `Gazetteer.area` does."""
        return self._gazetteer.area(name, country=country)
