"""Mentions laid onto the ground: each distinct one once, the plain ones as one column."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import shapely

from frontline.errors import FrontlineError, UnknownPlaceError
from frontline.locality import locate, locate_all, sectors
from frontline.locality.coordinates import written_place
from frontline.locality.model import Locality
from frontline.reports.resolving import InText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place
    from frontline.locality import Location
    from frontline.reports.mention import Mention
    from frontline.reports.resolving import Resolver


#: Kinds of locality that mean the extent of their feature.
_THEMSELVES = frozenset({"feature", "inside"})


class Grounded(NamedTuple):
    """What a row of the table says of the ground."""

    places: tuple[Place, ...]
    uncertainty_m: float
    point: Any
    region: Any
    reason: str | None
    remarks: tuple[str, ...]


class Settled:
    """A gazetteer of places that are settled already, found by number."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.nearest = gazetteer.nearest
        self._places: dict[str, Place] = {}

    def add(self, place: Place) -> str:
        """Take a place in; return the name under which it is found."""
        name = f"{place.name} {place.place_id} {place.lon!r} {place.lat!r}"
        self._places[name] = place
        return name

    def place(self, name: str, **_: Any) -> Place:
        """Return the place of that name."""
        return self._places[name]

    def area(self, name: str, **_: Any) -> Place:
        """Refuse: areas are settled with the others."""
        raise UnknownPlaceError(f"no area is called {name!r}", name=name)


def as_locality(mention: Mention) -> Locality | None:
    """Return the locality of a mention; a plain feature is one of its name."""
    if mention.locality is not None:
        return mention.locality
    if mention.kind != "feature":
        return None
    name = mention.names[0]
    return Locality(name, "feature", (name,), lang=mention.lang, span=(0, len(name)))


def location(mention: Mention, resolver: Resolver, gazetteer: Gazetteer) -> Location:
    """Locate one mention as its text means it.

    Raises
    ------
    FrontlineError
        Why it cannot be placed.
    """
    locality = as_locality(mention)
    if locality is None:
        raise UnknownPlaceError(mention.reason or "the words name no place")
    return locate(locality, cast("Gazetteer", InText(resolver, gazetteer, mention.at)))


def ground(mentions: Sequence[Mention], resolver: Resolver, gazetteer: Gazetteer) -> list[Grounded]:
    """Lay mentions onto the ground, in their order."""
    settled = Settled(gazetteer)
    batch: dict[Locality, int] = {}
    single: dict[Any, Grounded] = {}
    rows: list[tuple[int | None, Grounded]] = []
    discs: dict[tuple[float, float, float], int] = {}
    alone: list[tuple[int, int]] = []
    for mention in mentions:
        locality = as_locality(mention)
        if locality is None:
            rows.append((None, _nowhere(mention.reason)))
            continue
        if mention.places:
            places, reason = mention.places, None
        else:
            places, reason = _places(locality, resolver, mention.at)
        plain = locality.area in (None, "settlement") and locality.within is None
        if reason is None and plain and locality.kind in _THEMSELVES and not locality.readings:
            place = places[0]
            if place.outline_wkb is None:
                remarks = (*locality.remarks, *place.remarks)
                at = (place.lon, place.lat, max(place.radius_m, 1.0))
                alone.append((len(rows), discs.setdefault(at, len(discs))))
                rows.append((None, Grounded(places, at[2], None, None, None, remarks)))
                continue
        if reason is None and plain and locality.features:
            names = tuple(settled.add(place) for place in places)
            asked = dataclasses.replace(
                locality, text="", span=(0, 0), features=names, readings=(), remarks=()
            )
            number = batch.setdefault(asked, len(batch))
            remarks = (*locality.remarks, *(r for p in places for r in p.remarks))
            rows.append((number, Grounded(places, 0.0, None, None, None, remarks)))
            continue
        beside = locality.within.features if locality.within else ()
        known = [resolver.place(name, mention.at).place for name in beside]
        ids = tuple(p.place_id if p else "" for p in (*places, *known))
        key = (str(locality), locality.kind, locality.lang, ids)
        if key not in single:
            single[key] = _alone(mention, resolver, gazetteer)
        rows.append((None, single[key]))
    return _with_discs(_joined(rows, batch, settled), discs, alone)


def _with_discs(
    rows: list[Grounded],
    discs: dict[tuple[float, float, float], int],
    alone: Sequence[tuple[int, int]],
) -> list[Grounded]:
    """Fill in the features that mean themselves: their extents, each distinct one once."""
    if not discs:
        return rows
    lon, lat, radius_m = np.array(list(discs)).T
    regions = sectors.discs(lon, lat, radius_m)
    points = shapely.points(lon, lat)
    for row, k in alone:
        rows[row] = rows[row]._replace(point=points[k], region=regions[k])
    return rows


def _joined(
    rows: Sequence[tuple[int | None, Grounded]], batch: dict[Locality, int], settled: Settled
) -> list[Grounded]:
    if not batch:
        return [row for _, row in rows]
    frame = locate_all(cast("Any", list(batch)), cast("Gazetteer", settled))
    radius = frame["uncertainty_m"].tolist()
    points, regions = frame["point"].tolist(), frame.geometry.tolist()
    reasons = [reason if isinstance(reason, str) else None for reason in frame["reason"]]
    return [
        row
        if k is None
        else row._replace(
            uncertainty_m=radius[k], point=points[k], region=regions[k], reason=reasons[k]
        )
        for k, row in rows
    ]


def _places(
    locality: Locality, resolver: Resolver, at: int
) -> tuple[tuple[Place, ...], str | None]:
    """Return the places of the features; the forms that a name may have are tried in turn."""
    out = []
    for number, name in enumerate(locality.features):
        forms = locality.readings[number] if number < len(locality.readings) else ()
        found = resolver.place(name, at)
        for form in forms:
            if found.place is not None or found.candidates:
                break
            found = resolver.place(form, at)
        place = found.place
        if place is None and not found.candidates:
            place = written_place(name, locality.lang)
        if place is None:
            return (), found.reason or "its name is not known"
        out.append(place)
    return tuple(out), None


def _alone(mention: Mention, resolver: Resolver, gazetteer: Gazetteer) -> Grounded:
    try:
        found = location(mention, resolver, gazetteer)
    except FrontlineError as error:
        return _nowhere(str(error))
    return Grounded(
        found.features, found.uncertainty_m, found.point, found.region, None, found.remarks
    )


def _nowhere(reason: str | None) -> Grounded:
    return Grounded((), float("nan"), None, None, reason or "it names no place", ())
