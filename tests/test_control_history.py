"""`ControlHistory.from_places` and its views on theatres small enough to work out by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.errors import CRSError, DateError, InputError
from frontline.shapes import area_m2, length_m

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)


def frame(rows, columns=("lon", "lat", "actor", "valid_from")):
    table = pd.DataFrame(rows, columns=list(columns))
    points = gpd.points_from_xy(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


@pytest.fixture
def square():
    """Four sites in a square, all A's; B takes the south-east, then the north-east."""
    sites = [(36.1, 35.1), (36.3, 35.1), (36.1, 35.3), (36.3, 35.3)]
    rows = [(*site, "A", "2024-12-01") for site in sites]
    rows += [(36.3, 35.1, "B", "2024-12-03 06:00"), (36.3, 35.3, "B", "2024-12-05")]
    return ControlHistory.from_places(frame(rows), outline=BOX)


def test_two_by_two_partition(square):
    assert len(square.cells) == 4
    # Four outer edges of two sides each are four chains, four inner ones meet in the middle.
    assert (square.edges["right"] >= 0).sum() == 4
    total = area_m2(BOX) / 1e6
    for when in ("2024-11-01", "2024-12-02", "2024-12-04", "2024-12-06"):
        zones = square.at(when)
        assert zones["area_km2"].sum() == pytest.approx(total, abs=1e-6)
        assert shapely.coverage_is_valid(zones.geometry.array)
    assert square.at("2024-11-01")["actor"].tolist() == [None]
    assert square.at("2024-11-01")["status"].tolist() == ["no_data"]


def test_states_change_at_the_instant(square):
    assert square.at("2024-12-03 05:59:59")["actor"].tolist() == ["A"]
    assert square.at("2024-12-03 06:00")["actor"].tolist() == ["A", "B"]
    assert square.at("2024-12-03 09:00+03:00")["actor"].tolist() == ["A", "B"]


def test_front_is_the_edge_that_the_hand_draws(square):
    front = square.front("2024-12-06")
    assert front[["actor_left", "actor_right"]].values.tolist() == [["A", "B"]]
    middle = shapely.LineString([(36.2, 35.0), (36.2, 35.4)])
    assert front["length_km"].iloc[0] == pytest.approx(length_m(middle) / 1e3, rel=1e-5)
    # A, in the west, lies to the left of who walks the line: it runs north.
    line = front.geometry.iloc[0]
    assert line.geom_type == "LineString"
    assert line.coords[0][1] < line.coords[-1][1]
    assert front["confirmed_on"].iloc[0] == pd.Timestamp("2024-12-05", tz="UTC")
    assert square.front("2024-12-02").empty


def test_changes_tell_gains_and_losses_apart(square):
    changes = square.changes("2024-12-02", "2024-12-06")
    assert changes[["from_actor", "to_actor"]].values.tolist() == [["A", "B"]]
    assert changes["area_km2"].iloc[0] == pytest.approx(area_m2(BOX) / 2e6, rel=1e-5)
    assert square.changes("2024-12-06", "2024-12-07").empty


def test_measures_close(square):
    table = square.measures()
    assert table.columns.tolist() == [
        "date", "actor", "area_km2", "gained_km2", "lost_km2", "front_km",
    ]  # fmt: skip
    for _, rows in table.groupby("actor"):
        net = rows["area_km2"].diff().iloc[1:]
        assert np.allclose(rows["gained_km2"].iloc[1:] - rows["lost_km2"].iloc[1:], net, atol=1e-9)


def test_holder_of_points_and_dates(square):
    points = gpd.GeoSeries.from_xy([36.35, 36.35, 36.05, 0.0], [35.05] * 4, crs=4326)
    points.index = ["a", "b", "c", "d"]
    whens = pd.Series(["2024-12-02", "2024-12-04", "2024-12-04", "2024-12-04"], index=points.index)
    held = square.holder(points, whens)
    assert held.index.tolist() == ["a", "b", "c", "d"]
    assert held.tolist() == ["A", "B", "A", None]
