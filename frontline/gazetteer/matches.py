"""A place that a name may mean, and what was said about it beside its name."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from frontline.gazetteer.context import same_admin1

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place

SETTLEMENTS = frozenset(("city", "town", "village", "settlement"))
_EARTH_KM = 6371.0088
# How many people stand for a place whose population nobody gives.
USUAL_SIZE = {
    "city": 30_000,
    "crossing": 12_000,
    "town": 6_000,
    "village": 1_000,
    "settlement": 6_000,  # GeoNames lists it because it is a seat
}


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a search found.

    Attributes
    ----------
    place : Place
    score : float
        100 for the name itself, less for farther spellings.
    how : str
        "name", "alternate name", "spelling" (same consonants) or "similar" (a guess).
    """

    place: Place
    score: float
    how: str


@dataclass(slots=True)
class Context:
    """What was said about the place beside its name, and what the gazetteer is for.

    ``home`` is the country the gazetteer is about, if any; ``overshadowing`` tells whether a
    larger place of almost the same name makes a name ambiguous.
    """

    near: tuple[float, float] | None = None
    near_text: str = ""
    country: str | None = None
    admin1: str | None = None
    kind: str | None = None
    home: str = ""
    overshadowing: bool = True
    remarks: list[str] = field(default_factory=list)

    def keeps(self, place: Place) -> bool:
        """Tell whether a place fits the country, the governorate and the kind."""
        return (
            (self.country is None or place.country == self.country)
            and (self.admin1 is None or same_admin1(self.admin1, place.admin1))
            and (self.kind is None or fits_kind(place.kind, self.kind))
        )


def fits_kind(kind: str, asked: str) -> bool:
    """Tell whether a kind fits the one asked for; "settlement" takes any size."""
    return kind == asked or (asked == "settlement" and kind in SETTLEMENTS)


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the distance on a sphere, good enough to rank namesakes."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2 + (
        math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def size_of(place: Place) -> int:
    """Return the population, or what is usual for the kind."""
    return place.population or USUAL_SIZE.get(place.kind, 100)


def label(place: Place) -> str:
    """Return a place as a list of candidates shows it."""
    where = f"{place.lat:.3f} N {place.lon:.3f} E"
    parts = (place.kind, place.admin1, place.country, where)
    return f"{place.name} ({', '.join(part for part in parts if part)})"
