"""The names on a map, in the order of its payload."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["PLACES_PER_DEGREE", "place_table", "places_in_order"]

PLACES_PER_DEGREE = 10_000


def place_table(
    places: list[dict[str, Any]],
) -> tuple[list[list[Any]], list[str], npt.NDArray[np.int64]]:
    """Order the labels: by rank where given (1 first), then the larger population first.

    Those of the lowest rank without a population (the villages, mostly) come apart, from west to
    east, so that their coordinates are small differences; a viewer orders them by name.
    """
    lowest = max((place["rank"] or 0.0 for place in places), default=0.0)
    rows: list[dict[str, Any]] = []
    villages: list[dict[str, Any]] = []
    for place in places:
        plain = not place["population"] and not place["ar"] and (place["rank"] or 0.0) == lowest
        (villages if plain else rows).append(place)
    rows.sort(key=lambda p: (p["rank"] or 99.0, -(p["population"] or 0.0), p["name"]))
    villages.sort(key=lambda p: (round(p["lon"] * PLACES_PER_DEGREE), p["lat"], p["name"]))
    table = [
        [
            place["name"],
            round(place["lon"], 4),
            round(place["lat"], 4),
            int(place["population"] or 0),
            place["ar"],
        ]
        for place in rows
    ]
    spots = np.array([[place["lon"], place["lat"]] for place in villages]).reshape(-1, 2)
    grid = np.rint(spots * PLACES_PER_DEGREE).astype(np.int64)
    return table, [place["name"] for place in villages], np.diff(grid, axis=0, prepend=0)


def places_in_order(
    places: list[dict[str, Any]],
    table: list[list[Any]],
    villages: list[str],
    spots: npt.NDArray[np.int64],
) -> list[tuple[str, float, float]]:
    """Return name, longitude and latitude in the order of the payload, but as given."""
    grid = np.cumsum(spots, axis=0).T / PLACES_PER_DEGREE
    rows = [*((row[0], row[1], row[2]) for row in table), *zip(villages, *grid, strict=True)]
    given: dict[tuple[str, int, int], tuple[str, float, float]] = {}
    for place in places:
        name, lon, lat = place["name"], place["lon"], place["lat"]
        for digits in (4, 12):  # a half is rounded by its digits in the one, by its bits there
            given[_spot(name, round(lon, digits), round(lat, digits))] = (name, lon, lat)
    return [given.get(_spot(*row), row) for row in rows]


def _spot(name: str, lon: float, lat: float) -> tuple[str, int, int]:
    return name, round(lon * PLACES_PER_DEGREE), round(lat * PLACES_PER_DEGREE)
