"""What the views answer where the geometry or the record is awkward."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)


def sites(rows, **columns):
    table = pd.DataFrame(rows, columns=["lon", "lat", "actor", "valid_from"]).assign(**columns)
    points = gpd.points_from_xy(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


@pytest.mark.parametrize(
    ("outline", "halves", "towards"),
    [
        # A border of 12 degrees along a parallel, and one along a meridian, both of one edge.
        ((30, 50, 42, 60), [(30, 50, 42, 55), (30, 55, 42, 60)], (36.0, 55.5)),
        ((30, 50, 42, 60), [(30, 50, 42, 55), (30, 55, 42, 60)], (36.0, 40.0)),
        ((30, 20, 50, 32), [(30, 20, 40, 32), (40, 20, 50, 32)], (36.0, 26.0)),
        ((30, 20, 50, 32), [(30, 20, 40, 32), (40, 20, 50, 32)], (10.0, 26.0)),
    ],
)
def test_advance_is_the_distance_to_the_front_where_edges_are_long(outline, halves, towards):
    dents = [shapely.box(*halves[0]), shapely.box(*halves[1])]
    # A small pocket makes a second, short edge that must not win by a wrong preselection.
    pocket = shapely.Point(dents[1].bounds[2] - 0.5, dents[1].bounds[3] - 0.5).buffer(0.3)
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B", "A"], "valid_from": ["2024-12-01"] * 3},
        geometry=[*dents, pocket],
        crs=4326,
    )
    h = ControlHistory.from_places(frame, outline=shapely.box(*outline))
    exact = h.distance_to_front([towards], "2024-12-02").iloc[0] / 1e3
    table = h.advance(towards, start="2024-12-02", end="2024-12-02")
    assert table["distance_km"].iloc[0] == pytest.approx(exact, abs=1e-6)


def test_what_was_withdrawn_confirms_nothing():
    rows = sites(
        [
            (36.1, 35.2, "A", "2024-12-01"),
            (36.3, 35.2, "B", "2024-12-01"),
            (36.3, 35.2, "B", "2024-12-04"),
        ],
        recorded_from=["2024-12-01", "2024-12-01", "2024-12-04"],
        recorded_to=[None, None, "2024-12-06"],
    )
    h = ControlHistory.from_places(rows, outline=BOX)
    first, then = pd.Timestamp("2024-12-01", tz="UTC"), pd.Timestamp("2024-12-04", tz="UTC")
    assert h.front("2024-12-08")["confirmed_on"].tolist() == [first]
    assert h.front("2024-12-08", as_of="2024-12-05")["confirmed_on"].tolist() == [then]
    assert h.front("2024-12-08", as_of="2024-12-06")["confirmed_on"].tolist() == [first]
    table = h.advance((36.1, 35.2), start="2024-12-08", end="2024-12-08")
    assert table["staleness_days"].tolist() == [7.0]
    assert np.isfinite(table["distance_km"]).all()
