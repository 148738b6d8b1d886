"""How large a place is when no outline is known.

Published built-up areas of Syrian cities bracket the density that turns a population into
an area: Homs has 16,000 to 19,000 people per km2, Aleppo about 11,000. The rule takes 13,000.
"""

from __future__ import annotations

import math

DENSITY_PER_KM2 = 13_000.0
LEAST_RADIUS_M = 500.0
LARGEST_RADIUS_M = 25_000.0

# Where the population is unknown too, by kind.
RADIUS_OF_KIND_M = {
    "city": 1_500.0,
    "town": 1_000.0,
    "village": 500.0,
    "settlement": 500.0,
    "hill": 500.0,
    "airfield": 1_500.0,
    "crossing": 500.0,
    "military": 500.0,
    "district": 1_000.0,
}


CITY, TOWN = 50_000, 5_000


def kind_of_population(population: int | None) -> str:
    """Return city, town or village by size, or settlement where the size is unknown.

    Parameters
    ----------
    population : int or None

    Returns
    -------
    str

    Examples
    --------
    >>> kind_of_population(460_602), kind_of_population(0)
    ('city', 'settlement')
    """
    if not population or population < 0:
        return "settlement"
    return "city" if population >= CITY else "town" if population >= TOWN else "village"


def equivalent_radius_m(area_km2: float) -> float:
    """Return the radius of the circle with the given area.

    Parameters
    ----------
    area_km2 : float

    Returns
    -------
    float
        Metres.

    Examples
    --------
    >>> round(equivalent_radius_m(190)), round(equivalent_radius_m(48))
    (7777, 3909)
    """
    return math.sqrt(area_km2 / math.pi) * 1000.0


def radius_m(kind: str, population: int | None) -> tuple[float, str]:
    """Return the radius of a place's extent by rule, and which rule.

    Parameters
    ----------
    kind : str
    population : int or None

    Returns
    -------
    radius_m : float
        Metres, to the metre.
    radius_source : str
        "population" (area = population / 13,000 per km2, as a circle of 0.5 to 25 km) or "kind".

    Examples
    --------
    >>> radius_m("city", 460_602), radius_m("village", None)
    ((3358.0, 'population'), (500.0, 'kind'))
    """
    if population:
        by_rule = equivalent_radius_m(population / DENSITY_PER_KM2)
        return round(min(max(by_rule, LEAST_RADIUS_M), LARGEST_RADIUS_M), 0), "population"
    return RADIUS_OF_KIND_M.get(kind, LEAST_RADIUS_M), "kind"
