"""Points to phrases: the feature a reader would know, and a distance no finer than it deserves."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from frontline import compass, geodesy
from frontline.errors import FrontlineError, InputError
from frontline.locality import wording
from frontline.locality.lexicon import Lexicon, lexicon
from frontline.locality.model import Description

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place

#: Farther away no feature tells a reader anything; coordinates do.
MAX_KM = 3_000.0
_TRIES = 12
_EARTH_KM = 6371.0

#: What a place of unknown population counts for.
_POPULATION = {"city": 50_000, "town": 5_000, "village": 800, "settlement": 300}
_OTHER_POPULATION = 100
#: A governorate's seat is better known than its size says.
_SEAT = 3.0
_FINEST_WINDS = 16
#: What counts for this share of the best counts for about as much.
_NEAR_EQUAL = 0.5


def describe(
    point: Any,
    gazetteer: Gazetteer | None = None,
    *,
    winds: int = 8,
    country: str | None = None,
    lang: str = "en",
    reference: str = "centre",
) -> Description:
    """Say in words where a point is.

    The feature is the one with the largest population over the square of its distance (a
    governorate's seat counts threefold), among those whose name leads back to them. The words are
    read and located again before they are given, in the same language and with the same
    gazetteer: the point lies in the region that they mean.

    Parameters
    ----------
    point
        ``(lon, lat)`` in degrees, or a shapely Point.
    gazetteer
        Where features are looked for; None takes the bundled one.
    winds
        4, 8, 16 or 32 winds in the words; 16 instead of 32 where the language has no more.
    country
        Take only features of this country (ISO code or name).
    lang
        Language of the words; names are those of its script, if the gazetteer has them.
    reference
        ``"centre"``, or ``"edge"``: the distance runs from where the heading leaves the
        feature's extent ("3 km north of the edge of Hama").

    Returns
    -------
    Description
        `str` gives the words. Farther than 3,000 km from any feature they are coordinates.

    Raises
    ------
    InputError
        NaN, infinity, a latitude beyond 90 (swapped?), an unknown number of winds, an unknown
        reference, or a language without a lexicon or without templates in it.

    Examples
    --------
    >>> print(describe((36.80, 35.16)))
    5 km northeast of Hama
    """
    from frontline.locality.georeference import _gazetteer

    lon, lat = _lon_lat(point)
    winds = _rose(winds)
    if reference not in {"centre", "edge"}:
        raise InputError(f"reference must be 'centre' or 'edge', not {reference!r}")
    words = lexicon(lang)
    if not words.phrases.get("offset"):
        raise InputError(
            f"the lexicon {lang}.toml has no templates under [describe]; add them, "
            "or take another lang"
        )
    tool = _gazetteer(gazetteer)
    for place, azimuth, distance_m in _candidates(tool, lon, lat, country, words):
        way = _Way(place, azimuth, distance_m, _edge_m(place, azimuth, reference))
        for name in wording.names_in(place, words):
            found = _say(way, name, winds, words)
            if found and _holds(found, tool, lon, lat, lang):
                return found
    return Description(_coordinates(lon, lat), None, None, None, None, None)


def _rose(winds: Any) -> int:
    # 8.0 is 8 to Python, but no number of winds to a table of them; a NumPy 8 is.
    if isinstance(winds, (int, np.integer)) and winds in (4, 8, 16, 32):
        return int(winds)
    raise InputError(f"winds must be 4, 8, 16 or 32, not {winds!r}")


class _Way(NamedTuple):
    """From a feature to the point, and how much of it lies within the feature's extent."""

    place: Place
    azimuth_deg: float
    distance_m: float
    edge_m: float | None


def _edge_m(place: Place, azimuth: float, reference: str) -> float | None:
    if reference != "edge":
        return None
    from frontline.locality.regions import crossings_m

    return float(crossings_m(place, np.array([azimuth]))[0])


def _lon_lat(point: Any) -> tuple[float, float]:
    if hasattr(point, "geom_type"):
        if point.geom_type != "Point" or point.is_empty:
            raise InputError(f"describe takes a point, not a {point.geom_type}")
        point = (point.x, point.y)
    try:
        lon, lat = (_number(each) for each in point)
    except (TypeError, ValueError):
        raise InputError(
            f"describe takes (longitude, latitude) or a shapely Point, not {str(point)[:60]!r}"
        ) from None
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise InputError(f"the point ({lon}, {lat}) has a coordinate that is no number")
    if abs(lat) > 90.0 >= abs(lon):  # noqa: PLR2004
        raise InputError(
            f"the latitude {lat} is beyond 90; the order is (longitude, latitude): swapped?"
        )
    if abs(lat) > 90.0 or abs(lon) > 180.0:  # noqa: PLR2004
        raise InputError(
            f"({lon}, {lat}) is not on the globe; give longitude -180 to 180, latitude -90 to 90"
        )
    return lon, lat


def _number(value: Any) -> float:
    # True is 1 to Python, and no longitude; text is what a parser reads.
    if isinstance(value, (bool, np.bool_, str, bytes)):
        raise TypeError
    return float(value)


class _Table(NamedTuple):
    """What the choice of a feature needs of all places of a gazetteer."""

    lon_deg: np.ndarray
    lat_deg: np.ndarray
    people: np.ndarray
    radius_km: np.ndarray
    country: np.ndarray


_TABLES: weakref.WeakKeyDictionary[Any, _Table] = weakref.WeakKeyDictionary()


def _table(gazetteer: Gazetteer) -> _Table:
    # Gazetteers over one store, as every call of `Gazetteer.world` makes one, share their table.
    store = getattr(gazetteer, "_store", gazetteer)
    found = _TABLES.get(store)
    if found is None:
        rows, countries = [], []
        for place in gazetteer:
            rows.append((place.lon, place.lat, _weight(place), place.radius_m / 1000.0))
            countries.append(place.country)
        lon, lat, people, radius = np.array(rows, dtype=float).reshape(-1, 4).T
        found = _Table(lon, lat, people, radius, np.array(countries, dtype=object))
        _TABLES[store] = found
    return found


def _weight(place: Place) -> float:
    """Return for how many people's town a reader takes a place."""
    people = place.population or _POPULATION.get(place.kind, _OTHER_POPULATION)
    seat = place.name.casefold() == place.admin1.casefold()
    return people * (_SEAT if seat else 1.0)


def _candidates(
    gazetteer: Gazetteer, lon: float, lat: float, country: str | None, words: Lexicon
) -> list[tuple[Place, float, float]]:
    """Return features, the one a reader would know best first, with azimuth and distance."""
    table = _table(gazetteer)
    phi, phi0 = np.radians(table.lat_deg), math.radians(lat)
    half = (
        np.sin((phi - phi0) / 2.0) ** 2
        + np.cos(phi) * math.cos(phi0) * np.sin(np.radians(table.lon_deg - lon) / 2.0) ** 2
    )
    km = 2.0 * _EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    # A point inside a large city is as near to it as can be.
    score = table.people / np.maximum(km - table.radius_km / 2.0, 1.0) ** 2
    score[km > MAX_KM] = 0.0
    if country is not None:
        from frontline.gazetteer.context import country_code

        score[table.country != country_code(country)] = 0.0
    most = min(_TRIES, len(score))
    best = np.argpartition(-score, most - 1)[:most] if most else np.zeros(0, dtype=int)
    best = best[score[best] > 0.0]
    best = best[np.lexsort((best, -score[best]))]
    rows = []
    for place in _known_first(gazetteer.take(best.tolist()), score[best], words):
        way = geodesy.inverse(place.lon, place.lat, lon, lat)
        rows.append((place, float(way.azimuth_deg), float(way.distance_m)))
    return rows


def _known_first(places: Sequence[Place], scores: np.ndarray, words: Lexicon) -> list[Place]:
    """Put those that a reader knows before others that count for about as much.

    What has a name in the script, and names in many languages, is known: Basra, and not the
    entry of its old town with as many people.
    """
    if not places:
        return []
    near = int(np.count_nonzero(scores >= _NEAR_EQUAL * scores[0]))

    def known(i: int) -> tuple[bool, float]:
        own = wording.has_own_name(places[i], words)
        return not own, -float(scores[i]) * math.log(2.0 + len(places[i].names))

    first = sorted(range(near), key=known)
    return [places[i] for i in (*first, *range(near, len(places)))]


def rounded_km(distance_m: float) -> float:
    """Round a distance to what a wind's name can honour.

    Examples
    --------
    >>> [rounded_km(each) for each in (140, 860, 4_950, 12_300, 47_000, 233_000, 1_234_000)]
    [0.1, 0.9, 5.0, 12.0, 45.0, 230.0, 1200.0]
    """
    km = distance_m / 1000.0
    steps = ((0.95, 0.1), (30.0, 1.0), (100.0, 5.0), (1000.0, 10.0))
    step = next((step for limit, step in steps if km < limit), 100.0)
    return max(round(round(km / step) * step, 1), 0.1)


def _say(way: _Way, name: str, winds: int, words: Lexicon) -> Description | None:
    place, azimuth, distance_m, edge_m = way
    if distance_m <= (place.radius_m if edge_m is None else edge_m):
        text = wording.inside(place, name, words)
        return Description(text, 0.0, distance_m, None, azimuth, place, None)
    wind = compass.nearest_wind(azimuth, winds)
    if wording.wind_name(wind, words) is None:
        wind = compass.nearest_wind(azimuth, _FINEST_WINDS)
    stated_m = distance_m - (edge_m or 0.0)
    km = rounded_km(stated_m)
    said = wording.offset(place, name, km, wind, words, edge=edge_m is not None)
    if said is None:
        return None
    reference = "centre" if edge_m is None else "edge"
    return Description(said, km, stated_m, wind.abbreviation, azimuth, place, reference)


def _holds(found: Description, gazetteer: Gazetteer, lon: float, lat: float, lang: str) -> bool:
    """Tell whether the words lead back to the place and to a region that holds the point."""
    import shapely

    from frontline.locality.georeference import locate

    try:
        back = locate(found.text, gazetteer, lang=lang)
    except FrontlineError:
        return False
    return bool(
        back.features == (found.place,) and shapely.covers(back.region, shapely.Point(lon, lat))
    )


def _coordinates(lon: float, lat: float) -> str:
    return f"{abs(lat):.5f}{'N' if lat >= 0 else 'S'} {abs(lon):.5f}{'E' if lon >= 0 else 'W'}"
