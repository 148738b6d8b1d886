"""Histories drawn as letters: a square of the graticule a letter, a picture a date."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from frontline.composite import Composite
from frontline.control import ControlHistory
from frontline.control.claims import SPELL_COLUMNS
from frontline.geodesy import GEOD

LON, LAT, STEP = 36.0, 35.0, 0.1


def square(row, column, *, rows):
    """Return the square of a letter; the first row is the northernmost."""
    south = LAT + STEP * (rows - 1 - row)
    west = LON + STEP * column
    corners = np.round([west, south, west + STEP, south + STEP], 6)
    return shapely.box(*corners)


def patchwork(pictures, *, recorded=None):
    """Build a history without any statement from pictures by date.

    `pictures` maps a date to rows of letters, "." standing for nobody; `recorded` maps a date
    to when its picture went on record.
    """
    dates = [pd.Timestamp(each, tz="UTC") for each in pictures]
    grids = [np.array([list(line) for line in lines]) for lines in pictures.values()]
    rows, columns = grids[0].shape
    cells = [square(r, c, rows=rows) for r in range(rows) for c in range(columns)]
    spells = []
    for cell in range(rows * columns):
        letters = [grid.ravel()[cell] for grid in grids]
        for i, letter in enumerate(letters):
            if i and letters[i - 1] == letter:
                continue
            later = (j for j in range(i + 1, len(letters)) if letters[j] != letter)
            end = next((dates[j] for j in later), pd.NaT)
            on_record = pd.NaT
            if recorded is not None:
                on_record = pd.Timestamp(list(recorded.values())[i], tz="UTC")
            if letter != ".":
                spells.append((cell, letter, "controlled", "reported", dates[i], end, on_record))
    table = pd.DataFrame(spells, columns=list(SPELL_COLUMNS[:7]))
    table["recorded_to"] = pd.NaT
    for name in ("valid_from", "valid_to", "recorded_from", "recorded_to"):
        table[name] = pd.to_datetime(table[name], utc=True).dt.as_unit("us")
    nothing = dict.fromkeys(("valid_from_edtf", "valid_to_edtf", "source"))
    table = table.assign(confidence=np.nan, report=-1, **nothing)[list(SPELL_COLUMNS)]
    spoke = pd.DataFrame({"report": [], "cell": []}, dtype="int64")
    beside = pd.DataFrame({"cell": [], "beside": []}, dtype="int64")
    return ControlHistory(
        Composite.from_polygons(cells),
        table,
        pd.DataFrame(),
        spoke,
        pd.DataFrame(),
        {"outline_given": True},
        beside,
    )


def meridian_km(south, north):
    """Return the length of a meridian's arc, by the geodesic that it is."""
    return GEOD.inv(0.0, south, 0.0, north)[2] / 1e3


def parallel_km(lat, degrees):
    """Return the length of a parallel's arc: N cos(phi) times the angle."""
    phi = np.radians(lat)
    return (
        GEOD.a / np.sqrt(1 - GEOD.es * np.sin(phi) ** 2) * np.cos(phi) * np.radians(degrees) / 1e3
    )


def square_km2(south, north, degrees):
    """Return the area between two parallels (Snyder 1987, eq. 3-12 and 4-20)."""

    def q(lat):
        e, s = np.sqrt(GEOD.es), np.sin(np.radians(lat))
        return (1 - GEOD.es) * (
            s / (1 - GEOD.es * s**2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e)
        )

    return GEOD.a**2 * np.radians(degrees) * (q(north) - q(south)) / 2 / 1e6
