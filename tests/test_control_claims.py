"""Statements that follow, correct and contradict each other."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from frontline.control import ControlHistory
from frontline.control.claims import paint
from frontline.errors import InputError

BOX = shapely.box(36.0, 35.0, 36.4, 35.2)
PLACES = gpd.GeoDataFrame(
    {"name": ["Kafraa", "Karnaz"]},
    geometry=gpd.points_from_xy([36.1, 36.3], [35.1, 35.1]),
    crs=4326,
)
GOV, OPP = "Government", "Opposition"


def history(rows, **options):
    table = pd.DataFrame(rows)
    return ControlHistory.from_places(table, places=PLACES, outline=BOX, **options)


def say(place, actor, valid_from, **more):
    return {"place": place, "actor": actor, "valid_from": valid_from, **more}


def holder(h, place, when, **options):
    point = PLACES.set_index("name").geometry[place]
    return h.holder([point], when, **options).iloc[0]


def test_three_states_in_a_day():
    h = history(
        [
            say("Kafraa", GOV, "2024-11-26"),
            say("Kafraa", OPP, "2024-12-03 22:00"),
            say("Kafraa", GOV, "2024-12-04 04:00"),
            say("Kafraa", OPP, "2024-12-04 09:00"),
        ]
    )
    whens = ["2024-12-03 12:00", "2024-12-03 23:00", "2024-12-04 05:00", "2024-12-04 10:00"]
    assert [holder(h, "Kafraa", when) for when in whens] == [GOV, OPP, GOV, OPP]
    spells = h.spells
    assert spells["valid_to"].isna().sum() == 1
    assert spells["valid_to"].tolist()[:-1] == spells["valid_from"].tolist()[1:]
    # The day before to the day after sees one change; the steps between see all three.
    assert h.changes("2024-12-03", "2024-12-05")["to_actor"].tolist() == [OPP]
    hourly = h.measures("h", start="2024-12-03", end="2024-12-05")
    gained = hourly.groupby("actor")[["gained_km2", "lost_km2"]].sum()
    half = h.cells["area_km2"].iloc[0]
    assert gained.loc[OPP].tolist() == pytest.approx([2 * half, half])


def test_claims_of_one_night_stand_side_by_side_and_the_rule_picks_the_view():
    rows = [
        say("Karnaz", GOV, "2024-12-02 20:00", basis="claimed", source="SANA"),
        say("Karnaz", OPP, "2024-12-02 23:00", basis="reported", source="SOHR"),
    ]
    h = history(rows)
    assert holder(h, "Karnaz", "2024-12-03") == OPP
    trusting = history(rows, resolve="source-rank", rank=["SANA", "SOHR"])
    assert holder(trusting, "Karnaz", "2024-12-03") == GOV
    found = h.conflicts(within="1D")
    assert found[["source_a", "source_b", "cells"]].to_numpy().tolist() == [["SANA", "SOHR", 1]]
    assert h.conflicts(within="1h").empty
    assert len(h.reports) == 2
    assert [len(cells) for cells in h.reports["cells"]] == [1, 1]


@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [
        ({"basis": "claimed"}, {"basis": "confirmed"}, "second"),
        ({"basis": "confirmed"}, {"basis": "claimed"}, "first"),
        ({"basis": "reported"}, {"basis": "assessed"}, "first"),
        ({"recorded_from": "2024-12-06"}, {"recorded_from": "2024-12-05"}, "first"),
        ({}, {}, "second"),
        ({}, {"geometry": BOX}, "first"),  # a point beats an area of the same instant
        ({}, {"geometry": BOX, "valid_from": "2024-12-01 01:00"}, "second"),
    ],
)
def test_latest_then_point_then_basis_then_record_then_row(first, second, wins):
    point = shapely.Point(36.1, 35.1)
    rows = [
        {"actor": name, "valid_from": "2024-12-01", "geometry": point, **row}
        for name, row in (("first", first), ("second", second))
    ]
    h = history(rows)
    assert holder(h, "Kafraa", "2024-12-10") == wins


def test_what_was_believed_on_a_day():
    h = history(
        [
            say("Kafraa", GOV, "2024-11-26", recorded_from="2024-11-26"),
            say("Kafraa", OPP, "2024-12-03", recorded_from="2024-12-03 12:00"),
            # Two days later it is learnt that the place never fell on the 3rd, only on the 4th.
            say("Kafraa", GOV, "2024-12-03", recorded_from="2024-12-05"),
            say("Kafraa", OPP, "2024-12-04", recorded_from="2024-12-05"),
        ]
    )
    asked = "2024-12-03 18:00"
    assert holder(h, "Kafraa", asked, as_of="2024-12-03 11:00") == GOV
    assert holder(h, "Kafraa", asked, as_of="2024-12-03 12:00") == OPP
    assert holder(h, "Kafraa", asked, as_of="2024-12-04 12:00") == OPP
    assert holder(h, "Kafraa", asked, as_of="2024-12-05") == GOV
    assert holder(h, "Kafraa", asked) == GOV
    assert holder(h, "Kafraa", asked, as_of="2024-11-01") is None
    assert h.at(asked, as_of="2024-12-04")["actor"].tolist() == [OPP, None]
    # Nothing was overwritten: the belief of those two days is a spell that was closed.
    spells = h.spells
    old = spells[(spells["actor"] == OPP) & spells["recorded_to"].notna()]
    assert (old["recorded_to"] == pd.Timestamp("2024-12-05", tz="UTC")).all()


def test_a_withdrawn_statement_is_known_only_until_then():
    h = history(
        [
            say("Kafraa", GOV, "2024-11-26"),
            say("Kafraa", OPP, "2024-12-01", recorded_from="2024-12-01", recorded_to="2024-12-02"),
        ]
    )
    assert holder(h, "Kafraa", "2024-12-01 12:00", as_of="2024-12-01 12:00") == OPP
    assert holder(h, "Kafraa", "2024-12-01 12:00") == GOV


def test_contested_keeps_the_holder_of_record():
    h = history(
        [
            say("Kafraa", GOV, "2024-11-26"),
            say("Kafraa", OPP, "2024-12-03", status="contested", valid_to="2024-12-05"),
            say("Karnaz", OPP, "2024-12-03", status="contested"),
        ]
    )
    zones = h.at("2024-12-04")
    assert zones[["actor", "status"]].to_numpy().tolist() == [
        [GOV, "contested"],
        [OPP, "contested"],
    ]
    assert h.at("2024-12-06")[["actor", "status"]].to_numpy().tolist() == [
        [GOV, "controlled"],
        [OPP, "contested"],
    ]
    plain = h.measures(start="2024-12-04", end="2024-12-04").set_index("actor")["area_km2"]
    assert plain.tolist() == [0, 0]
    asked = h.measures(start="2024-12-04", end="2024-12-04", include=("contested",))
    assert asked["area_km2"].sum() == pytest.approx(h.cells["area_km2"].sum())


def test_claims_stay_out_of_totals_unless_asked():
    h = history(
        [say("Kafraa", GOV, "2024-12-01"), say("Karnaz", OPP, "2024-12-01", basis="claimed")]
    )
    half = h.cells["area_km2"].tolist()
    day = {"start": "2024-12-02", "end": "2024-12-02"}
    assert h.measures(**day)["area_km2"].tolist() == pytest.approx([half[0], 0])
    asked = h.measures(**day, include="claimed")
    assert asked["area_km2"].tolist() == pytest.approx(half)
    with pytest.raises(InputError, match="include"):
        h.measures(include="rumours")


def test_nobody_and_open_ends():
    h = history(
        [
            say("Kafraa", GOV, "2024-12-01", valid_to="2024-12-03"),
            say("Karnaz", GOV, "2024-12-01"),
            say("Karnaz", None, "2024-12-04"),
        ]
    )
    assert h.at("2024-12-03")["actor"].tolist() == [GOV, None]
    assert h.at("2024-12-05")[["actor", "status"]].to_numpy().tolist() == [[None, "no_data"]]
    assert h.front("2024-12-03").empty  # with an outline, nobody has no front


def test_a_report_under_review_is_kept_but_not_believed():
    h = history(
        [say("Kafraa", GOV, "2024-12-01"), say("Kafraa", OPP, "2024-12-02", review="conflict")]
    )
    assert holder(h, "Kafraa", "2024-12-03") == GOV
    assert len(h.reports) == 2
    assert len(h.conflicts(within="2D")) == 1


rectangles = st.tuples(
    st.integers(0, 7), st.integers(1, 5), st.integers(0, 7), st.integers(1, 5), st.integers(0, 3)
).map(lambda r: (r[0], r[0] + r[1], r[2], r[2] + r[3], r[4]))


@given(st.lists(rectangles, min_size=1, max_size=8))
def test_paint_shows_the_topmost_layer_at_every_spot(layers):
    canvas = np.full((13, 13), -1)
    for x0, x1, y0, y1, value in layers:
        canvas[x0:x1, y0:y1] = value
    seen = np.full((13, 13), -1)
    for x0, x1, y0, y1, value in paint(layers):
        assert (seen[x0:x1, y0:y1] == -1).all()
        seen[x0:x1, y0:y1] = value
    assert (seen == canvas).all()
