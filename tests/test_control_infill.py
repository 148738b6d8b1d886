"""The infill rule: silent cells follow, reports are never overridden, and it can be undone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from frontline.control import ControlHistory, Infill
from frontline.errors import InputError

#: A chess board of 7 x 7 sites, all A's on 26 November.
SIDE = 7
BOARD = [(36.0 + 0.1 * x, 35.0 + 0.1 * y) for y in range(SIDE) for x in range(SIDE)]
OUTLINE = shapely.box(35.95, 34.95, 36.65, 35.65)


def board(later, **options):
    rows = [(*site, "A", "2024-11-26") for site in BOARD]
    rows += [(*BOARD[y * SIDE + x], actor, when) for x, y, actor, when in later]
    table = pd.DataFrame(rows, columns=["lon", "lat", "actor", "valid_from"])
    points = gpd.points_from_xy(table["lon"], table["lat"])
    frame = gpd.GeoDataFrame(table[["actor", "valid_from"]], geometry=points, crs=4326)
    return ControlHistory.from_places(frame, outline=OUTLINE, **options)


def picture(h, when):
    held = h.holder([BOARD[i] for i in range(SIDE * SIDE)], when).to_numpy()
    return ["".join(row) for row in held.reshape(SIDE, SIDE)]


RING = [(x, y) for x in (2, 3, 4) for y in (2, 3, 4) if (x, y) != (3, 3)]


def test_an_enclosed_cell_follows_when_it_is_enclosed():
    later = [(x, y, "B", "2024-11-28") for x, y in RING]
    bare = board(later)
    assert picture(bare, "2024-11-29")[3] == "AABABAA"
    filled = board(later, infill=True)
    assert picture(filled, "2024-11-27")[3] == "AAAAAAA"
    assert picture(filled, "2024-11-29")[3] == "AABBBAA"
    # Nothing beyond the ring follows: every cell there has a quarter of its border with it.
    assert sum(row.count("B") for row in picture(filled, "2024-11-29")) == 9
    spell = filled.spells[filled.spells["basis"] == "assessed"]
    assert spell["source"].tolist() == ["infill rule"]
    assert spell["actor"].tolist() == ["B"]


def test_a_reported_pocket_holds_out_until_it_is_reported_to_fall():
    later = [(x, y, "B", "2024-12-03") for x, y in RING]
    later += [(3, 3, "A", "2024-12-04"), (3, 3, "B", "2024-12-05")]
    h = board(later, infill=True)
    assert picture(h, "2024-12-03 12:00")[3] == "AABABAA"
    assert picture(h, "2024-12-04 12:00")[3] == "AABABAA"
    assert picture(h, "2024-12-05 12:00")[3] == "AABBBAA"


def test_what_followed_goes_back_when_its_surroundings_do():
    later = [(x, y, "B", "2024-11-28") for x, y in RING]
    later += [(x, y, "A", "2024-12-01") for x, y in RING]
    h = board(later, infill=True)
    assert picture(h, "2024-11-30")[3] == "AABBBAA"
    assert picture(h, "2024-12-02")[3] == "AAAAAAA"


def test_nearest_reports_draw_a_front_between_those_that_fell_and_those_that_held():
    later = [(x, 1, "B", "2024-11-28") for x in (0, 2, 4, 6)]
    later += [(x, 5, "A", "2024-11-28") for x in (0, 2, 4, 6)]
    h = board(later, infill=Infill(nearest=3, reach_km=40))
    assert (
        picture(h, "2024-11-29") == ["B" * 7] * 3 + ["A" * 7] * 4
        or picture(h, "2024-11-29") == ["B" * 7] * 4 + ["A" * 7] * 3
    )


def test_only_the_named_sides_gain():
    later = [(x, y, "B", "2024-11-28") for x, y in RING]
    later += [(0, 0, "C", "2024-12-05")]
    h = board(later, infill=Infill(actors=("C",)))
    assert picture(h, "2024-11-29")[3] == "AABABAA"


def test_an_area_report_ends_what_was_filled():
    rows = [(*site, "A", "2024-11-26") for site in BOARD]
    rows += [(*BOARD[y * SIDE + x], "B", "2024-11-28") for x, y in RING]
    table = pd.DataFrame(rows, columns=["lon", "lat", "actor", "valid_from"])
    frame = gpd.GeoDataFrame(
        table[["actor", "valid_from"]],
        geometry=gpd.points_from_xy(table["lon"], table["lat"]),
        crs=4326,
    )
    area = gpd.GeoDataFrame(
        {"actor": ["C"], "valid_from": ["2024-12-01"]},
        geometry=[shapely.box(36.26, 35.26, 36.34, 35.34)],
        crs=4326,
    )
    h = ControlHistory.from_places(
        pd.concat([frame, area], ignore_index=True), outline=OUTLINE, infill=True
    )
    assert picture(h, "2024-11-30")[3] == "AABBBAA"
    assert picture(h, "2024-12-02")[3] == "AABCBAA"


def test_empty_localities_take_the_side_around_them():
    places = gpd.GeoDataFrame(
        {"name": ["between"]}, geometry=gpd.points_from_xy([36.15], [35.15]), crs=4326
    )
    options = {"places": places, "infill": Infill(start="2024-11-26")}
    spot = [(36.15, 35.15)]
    assert board([], **options).holder(spot, "2024-11-27").tolist() == ["A"]
    assert board([], places=places).holder(spot, "2024-11-27").tolist() == [None]
    options["infill"] = Infill(fill_empty=False)
    assert board([], **options).holder(spot, "2024-11-27").tolist() == [None]


def test_without_infill_is_the_history_without_the_rule():
    later = [(x, y, "B", "2024-11-28") for x, y in RING]
    filled, bare = board(later, infill=True), board(later)
    stripped = filled.without_infill()
    assert_frame_equal(stripped.spells, bare.spells)
    assert_frame_equal(stripped.at("2024-11-29"), bare.at("2024-11-29"))
    assert stripped.without_infill() is stripped
    assert (filled.reports["kind"] == "infill").sum() == 1


def test_infill_is_known_when_the_reports_it_rests_on_are():
    rows = [(*site, "A", "2024-11-26", "2024-11-26") for site in BOARD]
    rows += [(*BOARD[y * SIDE + x], "B", "2024-11-28", "2024-11-30") for x, y in RING]
    table = pd.DataFrame(rows, columns=["lon", "lat", "actor", "valid_from", "recorded_from"])
    points = gpd.points_from_xy(table.pop("lon"), table.pop("lat"))
    h = ControlHistory.from_places(
        gpd.GeoDataFrame(table, geometry=points, crs=4326), outline=OUTLINE, infill=True
    )
    spot = [BOARD[3 * SIDE + 3]]
    assert h.holder(spot, "2024-11-29").tolist() == ["B"]
    assert h.holder(spot, "2024-11-29", as_of="2024-11-29").tolist() == ["A"]


def test_areas_stay_a_partition():
    h = board([(x, y, "B", "2024-11-28") for x, y in RING], infill=True, contested_km=1)
    zones = h.at("2024-11-29")
    assert zones["area_km2"].sum() == pytest.approx(np.sum(h.cells["area_km2"]))
    assert_frame_equal(
        h.without_infill().at("2024-11-27", by="actor").drop(columns="geometry"),
        h.at("2024-11-27", by="actor").drop(columns="geometry"),
    )


def test_without_infill_has_the_bands_of_the_history_without_the_rule():
    later = [(x, y, "B", "2024-11-28") for x, y in RING]
    stripped = board(later, infill=True, contested_km=1).without_infill()
    bare = board(later, contested_km=1)
    area = [h.at("2024-11-29").set_index(["actor", "status"])["area_km2"] for h in (stripped, bare)]
    # The enclosed cell is a front of its own only without the rule.
    assert area[0]["A", "contested"] == pytest.approx(area[1]["A", "contested"], rel=1e-6)
    assert area[0].to_dict() == pytest.approx(area[1].to_dict(), rel=1e-6)


def test_an_actor_of_whom_nobody_speaks_is_refused():
    with pytest.raises(InputError, match=r"'Nobody'.*use A, B"):
        board([(3, 3, "B", "2024-11-28")], infill=Infill(actors=("B", "Nobody")))


@pytest.mark.parametrize(
    "bad",
    [
        {"share": 0},
        {"share": 1.1},
        {"share": "a"},
        {"share": True},
        {"nearest": -1},
        {"nearest": 1.5},
        {"reach_km": 0},
        {"reach_km": None},
        {"rounds": "5"},
        {"fill_empty": "no"},
        {"actors": "BC"},
        {"actors": 5},
        {"actors": (1,)},
    ],
)
def test_parameters_out_of_range(bad):
    with pytest.raises(InputError, match="infill"):
        Infill(**bad)
