"""Names of cities for maps whose history brings no places of its own."""

from __future__ import annotations

import csv
import gzip
import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from frontline._resources import geodata_path

__all__ = ["CREDIT", "cities"]

CREDIT = "Place names: GeoNames, CC BY 4.0"
"""What a map says that shows one of these names."""

_STEPS = 1000  # in a degree
_AROUND = 0.25  # of the theatre's width and height, on every side
_LEAST_DEG = 0.05
_CAPITAL_TIMES = 4  # a capital counts as this much larger
_INSIDE_TIMES = 4  # and so does a place in the theatre, beside one around it


def cities(bounds: tuple[float, float, float, float], most: int = 150) -> list[dict[str, Any]]:
    """Return the towns in and around a theatre, the most important first.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of the theatre in degrees.
    most : int
        How many at most.

    Returns
    -------
    list of dict
        name, lon, lat, rank (1 of a capital, else None), population, ar (empty). Longitudes follow
        the bounds where these reach beyond 180 degrees.

    Examples
    --------
    >>> [place["name"] for place in cities((34.2, 31.2, 34.6, 31.6), most=2)]
    ['Gaza', 'Khān Yūnis']
    >>> cities((-30.0, 40.0, -29.0, 41.0))
    []
    """
    names, numbers = _places()
    west, south, east, north = bounds
    wide = max((east - west) * _AROUND, _LEAST_DEG)
    high = max((north - south) * _AROUND, _LEAST_DEG)
    lat = numbers[:, 1] / _STEPS
    weight = numbers[:, 2] * np.where(numbers[:, 3] == 1, _CAPITAL_TIMES, 1)
    found: list[tuple[float, int, float]] = []
    first, last = math.floor((west - wide + 180) / 360), math.floor((east + wide + 180) / 360)
    for turn in range(first, min(last, first + 2) + 1):
        lon = numbers[:, 0] / _STEPS + turn * 360
        near = (lon >= west - wide) & (lon <= east + wide)
        near &= (lat >= south - high) & (lat <= north + high)
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        for place in np.flatnonzero(near).tolist():
            times = _INSIDE_TIMES if inside[place] else 1
            found.append((-float(weight[place] * times), place, float(lon[place])))
    return [
        {
            "name": names[place],
            "lon": lon_deg,
            "lat": float(lat[place]),
            "rank": 1.0 if numbers[place, 3] else None,
            "population": float(numbers[place, 2]),
            "ar": "",
        }
        for _, place, lon_deg in sorted(found)[:most]
    ]


@lru_cache(maxsize=1)
def _places() -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the names, and longitude, latitude (in steps), population and whether a capital."""
    text = gzip.decompress(geodata_path("basemap", "cities.csv.gz").read_bytes()).decode("utf-8")
    _, *rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    numbers = np.array([row[1:] for row in rows], dtype=np.int64)
    return [row[0] for row in rows], numbers
