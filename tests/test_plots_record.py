"""What pictures say about the record: held back, not mapped, ended."""

from __future__ import annotations

import av
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.figure import Figure
from PIL import Image

import frontline as fl
from frontline.control import ControlHistory
from frontline.publication import publish
from tests import plots_case

KINDS = ["map", "many", "changes", "areas", "advance", "statements"]
THEATRE = shapely.box(36, 35, 37, 36)


def maps(*rows, **options) -> ControlHistory:
    """Return a history of maps, each a date and how far east A then reached."""
    frame = gpd.GeoDataFrame(
        {"date": [row[0] for row in rows], "actor": "A"},
        geometry=[shapely.box(36, 35, row[1], 36) for row in rows],
        crs=4326,
    )
    return ControlHistory.from_snapshots(frame, **{"rest": "B", "outline": THEATRE, **options})


@pytest.fixture(scope="module")
def held_back():
    history = maps(("2024-12-01", 36.5), ("2024-12-02", 36.6), ("2024-12-05", 36.9))
    return publish(history, delay="2 days", made_on="2024-12-06", coarsen=0.01)


@pytest.mark.parametrize("credits", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_what_was_held_back_says_so(held_back, tmp_path, kind, credits):  # noqa: A002
    options = {"credits": credits} if kind != "statements" else {}
    if kind == "statements":
        options["statements"] = [("5 km northeast of Hama", "somebody", "2024-12-02")]
    towards = "Hama" if kind == "statements" else (36.8, 35.5)
    fl.picture(held_back, tmp_path / "x.png", kind=kind, towards=towards, **options)
    with Image.open(tmp_path / "x.png") as image:
        told = image.text["Copyright"]
    assert told.startswith("Published with a delay of 2 days: nothing after 4 December 2024")
    assert "generalised to 0.01 degrees" in told
    fl.picture(held_back, tmp_path / "x.svg", kind=kind, towards=towards, **options)
    drawn = (tmp_path / "x.svg").read_text().split("</metadata>")[1]
    shown = "Published with a delay of 2 days" in drawn
    assert shown == (credits or kind == "statements")


@pytest.mark.parametrize("suffix", ["gif", "apng", "mp4"])
def test_an_animation_of_what_was_held_back_says_so(held_back, tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    fl.animate(held_back, path, size=(640, 400), freq="D")
    if suffix == "mp4":
        with av.open(str(path)) as video:
            told = " ".join(video.metadata.values())
    else:
        with Image.open(path) as image:
            told = " ".join(str(value) for value in image.info.values())
    assert "Published with a delay of 2 days" in told
