"""A made-up theatre for the tests of the map: a chessboard of cells whose holders are known."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import Composite

COLUMNS, ROWS = 10, 6
WEST, SOUTH, STEP = 36.0, 35.0, 0.1
START = pd.Timestamp("2024-11-27", tz="UTC")

STATES = [
    ("Reds", "controlled", "confirmed"),
    ("Blues", "controlled", "reported"),
    ("Blues", "controlled", "claimed"),
    ("Blues", "contested", "reported"),
    (None, "no_data", ""),
]


class Board:
    """A history over the chessboard: the Blues advance eastwards, a column every six hours.

    In the column ahead of them land is contested, in the one after that claimed; the last row is
    without data. A hole in the middle stays with the Reds, so outlines have holes.
    """

    def __init__(self, hours: int = 48) -> None:
        boxes = [
            shapely.box(
                round(WEST + i * STEP, 6),
                round(SOUTH + j * STEP, 6),
                round(WEST + (i + 1) * STEP, 6),
                round(SOUTH + (j + 1) * STEP, 6),
            )
            for j in range(ROWS)
            for i in range(COLUMNS)
        ]
        composite = Composite.from_polygons(boxes)
        self.cells = composite.cells
        self.edges = composite.edges
        self.sources = pd.DataFrame({"id": []})
        self.hours = hours
        centres = composite.cells.geometry.representative_point()
        self.column = ((centres.x.to_numpy() - WEST) / STEP).astype(int)
        self.row = ((centres.y.to_numpy() - SOUTH) / STEP).astype(int)

    def state_codes(self, times):
        codes = np.zeros((len(times), len(self.cells)), dtype=np.int32)
        for frame, moment in enumerate(times):
            reached = (moment - START).total_seconds() / 3600 / 6
            codes[frame, self.column < reached] = 1
            codes[frame, (self.column >= reached) & (self.column < reached + 1)] = 3
            codes[frame, (self.column >= reached + 1) & (self.column < reached + 2)] = 2
            codes[frame, (self.column == 4) & (self.row == 2)] = 0
            codes[frame, self.row == ROWS - 1] = 4
        return codes, STATES

    def change_times(self):
        return pd.date_range(START, periods=self.hours // 6 + 1, freq="6h")


def centre(column, row):
    """Return the longitude and latitude of a cell's middle."""
    return WEST + (column + 0.5) * STEP, SOUTH + (row + 0.5) * STEP


def board_case(**changes):
    """Return a case on the board with places, events, sources and actors."""
    history = Board()
    lons, lats = zip(*(centre(i, j) for i in range(COLUMNS) for j in range(ROWS)), strict=True)
    names = [f"Village {i}-{j}" for i in range(COLUMNS) for j in range(ROWS)]
    names[0] = "Big City"
    places = gpd.GeoDataFrame(
        {"name": names, "population": range(90_000, 90_000 - 1_000 * len(names), -1_000)},
        geometry=gpd.points_from_xy(lons, lats),
        crs=4326,
    )
    events = gpd.GeoDataFrame(
        {
            "title": ["Clashes in the north", "Airstrike"],
            "kind": ["clashes", "airstrike"],
            "valid_from": ["2024-11-27 06:00", "2024-11-28 00:00"],
            "valid_to": ["2024-11-27 18:00", None],
            "locality": ["5 km northeast of Big City", ""],
            "source": ["S1", "S1"],
            "note": ["Heavy.", ""],
        },
        geometry=[shapely.Point(36.52, 35.28).buffer(0.06), shapely.Point(36.86, 35.12)],
        crs=4326,
    )
    case = {
        "name": "board",
        "history": history,
        "places": places,
        "events": events,
        "sources": pd.DataFrame(
            {"id": ["S1"], "publisher": ["A Paper"], "url": ["https://example.org/a?b=1&c=2"]}
        ),
        "actors": pd.DataFrame({"name": ["Reds", "Blues"], "label": ["The Reds", "The Blues"]}),
        "meta": {"title": "Board", "licence": "CC0", "as_of": "2024-12-01"},
    }
    return SimpleNamespace(**(case | changes))
