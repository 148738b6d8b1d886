"""Panels of several sources, VIINA's above all, melted to statements and voted on."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.control.panels import statements_from_panel
from frontline.errors import InputError
from tests.timing import processor_time

COLUMNS = {
    "status_wiki": "wiki",
    "status_boost": "boost",
    "status_dsm": "DeepState",
    "status_isw": "ISW",
}
CODES = {"UA": "Ukraine", "RU": "Russia", "CONTESTED": "contested"}


def panel(rng, places, days):
    """A made-up panel in VIINA's columns: every source changes its mind now and then."""
    shape = (places, days)
    frame = pd.DataFrame(
        {
            "geonameid": np.repeat(np.arange(places), days),
            "date": np.tile(
                pd.date_range("2022-02-24", periods=days).strftime("%Y%m%d").astype(int), places
            ),
        }
    )
    for column in COLUMNS:
        changes = rng.random(shape) < 0.02
        changes[:, 0] = True
        said = rng.choice(["UA", "RU", "CONTESTED"], shape)
        last = np.maximum.accumulate(np.where(changes, np.arange(days), 0), axis=1)
        frame[column] = np.take_along_axis(said, last, axis=1).ravel()
    return frame


def voted(row):
    """VIINA 2.0's rule by itself: the majority of four, a tie goes to DeepState."""
    votes = [row[column] for column in COLUMNS]
    best = max(votes.count(vote) for vote in votes)
    tied = {vote for vote in votes if votes.count(vote) == best}
    if len(tied) == 1:
        return tied.pop()
    return row["status_dsm"] if row["status_dsm"] in tied else row["status_isw"]


def test_the_vote_of_a_panel_is_viinas_on_every_day():
    rng = np.random.default_rng(2)
    frame = panel(rng, 12, 90)
    said = statements_from_panel(frame, sources=COLUMNS, actors=CODES, place="geonameid")
    places = gpd.GeoDataFrame(
        {"place_id": [str(i) for i in range(12)]},
        geometry=shapely.points(30 + rng.random(12), 48 + rng.random(12)),
        crs=4326,
    )
    # DeepState decides ties it is part of; the next in rank those that it is not.
    h = ControlHistory.from_places(said, places=places, resolve="vote", rank=["DeepState", "ISW"])
    dates = pd.date_range("2022-02-24", periods=90)
    codes, states = h.timeline.codes(dates), h.timeline.states
    site_of_place = h.composite.cells_at(np.asarray(places.geometry.array))
    wrong = 0
    for (place, date), row in frame.set_index(["geonameid", "date"]).iterrows():
        day = dates.get_loc(pd.Timestamp(str(date)))
        actor, status, _ = states[codes[day, site_of_place[place]]]
        expected = voted(row)
        wrong += status != "contested" if expected == "CONTESTED" else actor != CODES[expected]
    assert wrong == 0
    disputes = h.conflicts(within=None)
    assert {"actor_a", "status_a", "source_a", "believed"} <= set(disputes.columns)
    assert len(disputes) > 0


def test_only_changes_are_kept_and_silence_changes_nothing():
    frame = pd.DataFrame(
        {
            "place": ["x"] * 5 + ["y"],
            "date": [20220224, 20220225, 20220226, 20220227, 20220228, 20220224],
            "s": ["UA", "UA", None, "UA", "RU", "RU"],
        }
    )
    said = statements_from_panel(
        frame.sample(frac=1, random_state=1), sources={"s": "S"}, actors=CODES
    )
    rows = said[["place", "actor", "valid_from"]].sort_values(["place", "valid_from"])
    assert rows.to_numpy().tolist() == [
        ["x", "Ukraine", pd.Timestamp("2022-02-24", tz="UTC")],
        ["x", "Russia", pd.Timestamp("2022-02-28", tz="UTC")],
        ["y", "Russia", pd.Timestamp("2022-02-24", tz="UTC")],
    ]


def test_faults_are_told_together():
    frame = pd.DataFrame({"place": ["x", "x"], "date": [20220224, 20220224], "s": ["UA", "??"]})
    with pytest.raises(InputError, match=r"(?s)second row.*'\?\?' is not explained"):
        statements_from_panel(frame, sources={"s": "S"}, actors=CODES)
    with pytest.raises(InputError, match="column nothing is missing"):
        statements_from_panel(frame, sources={"nothing": "S"}, actors=CODES)


def test_a_large_panel_is_melted_fast():
    frame = panel(np.random.default_rng(3), 2_000, 200)
    with processor_time() as spent:
        said = statements_from_panel(frame, sources=COLUMNS, actors=CODES, place="geonameid")
    assert spent.seconds < 4.0  # 0.4 M rows; a loop over them takes longer
    assert len(said) < len(frame) / 10
