"""Points to phrases: the feature a reader would know, and a distance no finer than it deserves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from frontline import compass, geodesy
from frontline.errors import FrontlineError, InputError
from frontline.locality.lexicon import lexicon
from frontline.locality.model import Description

if TYPE_CHECKING:
    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place

#: Farther away no feature tells a reader anything; coordinates do.
MAX_KM = 3_000.0
_NEAREST = 250
_WIDER = 2_000
_TRIES = 12

#: What a place of unknown population counts for.
_POPULATION = {"city": 50_000, "town": 5_000, "village": 800, "settlement": 300}
_OTHER_POPULATION = 100
_KINDS = ("city", "town", "village", "settlement")


def describe(
    point: Any,
    gazetteer: Gazetteer | None = None,
    *,
    winds: int = 8,
    country: str | None = None,
    lang: str = "en",
) -> Description:
    """Say in words where a point is.

    The feature is the one with the largest population over the square of its distance, among
    those whose name leads back to them. The words are read and located again before they are
    given: the point lies in the region that they mean.

    Parameters
    ----------
    point
        ``(lon, lat)`` in degrees, or a shapely Point.
    gazetteer
        Where features are looked for; None takes the bundled one.
    winds
        4, 8, 16 or 32 winds in the words.
    country
        Take only features of this country (ISO code or name).
    lang
        Language of the words.

    Returns
    -------
    Description
        `str` gives the words. Farther than 3,000 km from any feature they are coordinates.

    Raises
    ------
    InputError
        NaN, infinity, a latitude beyond 90 (swapped?), or an unknown number of winds.

    Examples
    --------
    >>> print(describe((36.80, 35.16)))
    5 km northeast of Hama
    """
    from frontline.locality.georeference import _gazetteer

    lon, lat = _lon_lat(point)
    if winds not in (4, 8, 16, 32):
        raise InputError(f"winds must be 4, 8, 16 or 32, not {winds!r}")
    words = lexicon(lang)
    tool = _gazetteer(gazetteer)
    candidates = _candidates(tool, lon, lat, country)
    for place, azimuth, distance_m in candidates[:_TRIES]:
        found = _say(place, azimuth, distance_m, winds, words)
        if _holds(found, place, tool, lon, lat):
            return found
    return Description(_coordinates(lon, lat), None, None, None, None, None)


def _lon_lat(point: Any) -> tuple[float, float]:
    if hasattr(point, "geom_type"):
        if point.geom_type != "Point" or point.is_empty:
            raise InputError(f"describe takes a point, not a {point.geom_type}")
        point = (point.x, point.y)
    try:
        lon, lat = (float(each) for each in point)
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


def _candidates(
    gazetteer: Gazetteer, lon: float, lat: float, country: str | None
) -> list[tuple[Place, float, float]]:
    """Return features, the one a reader would know best first, with azimuth and distance."""
    found = gazetteer.nearest(lon, lat, count=_NEAREST, kinds=_KINDS, max_km=MAX_KM)
    found += gazetteer.nearest(lon, lat, count=_WIDER, kinds=("city",), max_km=300.0)
    if not found:
        found = gazetteer.nearest(lon, lat, count=_NEAREST, max_km=MAX_KM)
    if country is not None:
        from frontline.gazetteer.context import country_code

        code = country_code(country)
        found = [place for place in found if place.country == code]
    unique = list(dict.fromkeys(found))
    rows = []
    for place in unique:
        way = geodesy.inverse(place.lon, place.lat, lon, lat)
        people = place.population or _POPULATION.get(place.kind, _OTHER_POPULATION)
        # A point inside a large city is as near to it as can be.
        near_km = max((way.distance_m - place.radius_m / 2.0) / 1000.0, 1.0)
        rows.append((-people / near_km**2, place.name, place, way.azimuth_deg, way.distance_m))
    rows.sort(key=lambda row: row[:2])
    return [row[2:] for row in rows]


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


def _say(place: Place, azimuth: float, distance_m: float, winds: int, words: Any) -> Description:
    if distance_m <= place.radius_m:
        text = words.phrases["inside"].format(name=place.name)
        return Description(text, 0.0, distance_m, None, azimuth, place, None)
    wind = compass.nearest_wind(azimuth, winds)
    km = rounded_km(distance_m)
    unit, number = ("km", f"{km:g}") if km >= 1.0 else ("m", f"{km * 1000:g}")
    text = words.phrases["offset"].format(
        distance=number,
        unit=words.unit_names[unit][0],
        wind=words.wind_names[wind.abbreviation],
        name=place.name,
    )
    return Description(text, km, distance_m, wind.abbreviation, azimuth, place, "centre")


def _holds(found: Description, place: Place, gazetteer: Gazetteer, lon: float, lat: float) -> bool:
    """Tell whether the words lead back to the place and to a region that holds the point."""
    import shapely

    from frontline.locality.georeference import locate

    try:
        back = locate(found.text, gazetteer)
    except FrontlineError:
        return False
    return bool(back.features == (place,) and shapely.covers(back.region, shapely.Point(lon, lat)))


def _coordinates(lon: float, lat: float) -> str:
    return f"{abs(lat):.5f}{'N' if lat >= 0 else 'S'} {abs(lon):.5f}{'E' if lon >= 0 else 'W'}"
