"""A made-up case for the tests of pictures: every kind of control, a hole, events, names."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control import ControlHistory

OUTLINE = shapely.box(36.0, 35.0, 38.0, 36.5)
HOLE = shapely.box(36.3, 35.3, 36.5, 35.5)
HOSTILE = (
    "$x^2$ \\alpha \\$",
    "two\nlines\tand a tab",
    "حماة",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} ${x} `y`",
    "%s %d {0} {name}",
    "half \ud800 a pair \x00\x1b[0m",
    "漢字 \N{GRINNING FACE} \u202eabc",
    "&amp; ]]> --> \"quoted\" 'too'",
    "long " * 60,
)


def history(**options) -> ControlHistory:
    """Return a history: the Reds hold all, the Blues take the west on 3 December."""
    west = shapely.box(36.0, 35.0, 36.9, 36.0).difference(HOLE)
    rows = [
        ("Reds", "controlled", "confirmed", "2024-12-01", OUTLINE),
        ("Blues", "controlled", "confirmed", "2024-12-03", west),
        ("Blues", "contested", "reported", "2024-12-03", shapely.box(36.9, 35.0, 37.1, 36.0)),
        ("Blues", "controlled", "claimed", "2024-12-04", shapely.box(37.1, 35.0, 37.3, 36.0)),
        ("Blues", "controlled", "confirmed", "2024-12-05", shapely.box(36.9, 35.0, 37.1, 36.0)),
        ("Greens", "controlled", "confirmed", "2024-12-02", shapely.box(37.5, 36.1, 38.0, 36.5)),
    ]
    names = ("actor", "status", "basis", "valid_from")
    table = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    frame = gpd.GeoDataFrame(table, geometry=[row[-1] for row in rows], crs=4326)
    return ControlHistory.from_places(frame, outline=OUTLINE, **options)


def places(names, seed: int = 1) -> gpd.GeoDataFrame:
    """Return places at random spots of the theatre."""
    rng = np.random.default_rng(seed)
    return gpd.GeoDataFrame(
        {
            "name": pd.Series(list(names), dtype=object),  # else halves of a pair are refused
            "population": rng.integers(100, 900_000, len(names)),
        },
        geometry=gpd.points_from_xy(
            rng.uniform(36, 38, len(names)), rng.uniform(35, 36.5, len(names))
        ),
        crs=4326,
    )


def case(names=("Alpha", "Beta", "Gamma"), *, title: str = "A made-up advance", **more):
    """Return what a `Case` has, made up."""
    events = gpd.GeoDataFrame(
        {
            "title": ["Clash", "Strike", "Said"],
            "kind": ["clashes", "airstrike", "statement"],
            "valid_from": ["2024-12-03T06:00Z", "2024-12-03T20:00Z", "2024-12-04T00:00Z"],
            "valid_to": [None, "2024-12-04T02:00Z", None],
            "locality": ["", "", "somewhere"],
            "source": ["", "", ""],
        },
        geometry=[
            shapely.Point(36.7, 35.7),
            shapely.Point(37.2, 35.2),
            shapely.Point(36.6, 35.9).buffer(0.2),
        ],
        crs=4326,
    )
    values = {
        "history": history(),
        "name": "made-up",
        "places": places(names),
        "events": events,
        "sources": pd.DataFrame({"id": []}),
        "actors": pd.DataFrame(
            {
                "name": ["Reds", "Blues", "Greens"],
                "label": ["The Reds", "The Blues", "The Greens"],
                "colour": ["#D55E00", "#0072B2", "#009E73"],
            }
        ),
        "meta": {
            "title": title,
            "licence": "CC BY 4.0",
            "attribution": "made up for a test",
            "starts": "2024-12-01",
            "ends": "2024-12-06T00:00Z",
        },
    }
    return SimpleNamespace(**(values | more))
