"""Distances to the front: against the geometries themselves, dated, signed, and day by day."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.errors import InputError
from frontline.geodesy import GEOD
from frontline.nearness import distance_m
from frontline.segments import SegmentIndex

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)


@pytest.fixture(scope="module")
def restless():
    """A history of 150 sites that change hands at random among three actors, from nobody on."""
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(36, 38, 150), rng.uniform(34, 36, 150)
    rows = []
    for x, y in zip(lon, lat, strict=True):
        days = np.sort(rng.choice(np.arange(3, 40), rng.integers(1, 4), replace=False))
        names = rng.permutation(["A", "B", "C"])[: len(days)]
        rows += [(x, y, name, day) for name, day in zip(names, days, strict=True)]
    table = pd.DataFrame(rows, columns=["lon", "lat", "actor", "day"])
    frame = gpd.GeoDataFrame(
        {
            "actor": table["actor"],
            "valid_from": pd.Timestamp("2024-12-01") + pd.to_timedelta(table["day"], unit="D"),
        },
        geometry=gpd.points_from_xy(table["lon"], table["lat"]),
        crs=4326,
    )
    return ControlHistory.from_places(frame, outline=shapely.box(35.9, 33.9, 38.1, 36.1))


@pytest.fixture(scope="module")
def places():
    rng = np.random.default_rng(6)
    points = gpd.points_from_xy(rng.uniform(35, 39, 40), rng.uniform(33, 37, 40))
    return gpd.GeoSeries(points, index=[f"p{i}" for i in range(40)], crs=4326)


@pytest.fixture(scope="module")
def halves():
    """A holds the west, B the east, of a box; from 3 December A holds all."""
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B", "A"], "valid_from": ["2024-12-01", "2024-12-01", "2024-12-03"]},
        geometry=[shapely.box(36.0, 35.0, 36.2, 35.4), *[shapely.box(36.2, 35.0, 36.4, 35.4)] * 2],
        crs=4326,
    )
    return ControlHistory.from_places(frame, outline=BOX)


def test_each_point_is_measured_to_the_front_of_its_own_date(restless, places):
    rng = np.random.default_rng(8)
    days = pd.Timestamp("2024-12-01") + pd.to_timedelta(rng.integers(0, 45, 40), unit="D")
    found = restless.distance_to_front(places, list(days))
    assert found.index.equals(places.index)
    assert found.name == "distance_m"
    for label, day in zip(places.index, days, strict=True):
        front = restless.front(day).geometry
        if not len(front):
            assert np.isnan(found[label])
        else:
            exact = distance_m(places[label], front.union_all())
            assert found[label] == pytest.approx(exact, abs=1e-3)
    assert found.isna().any()


def test_within_the_day_and_as_known_then(restless, places):
    found = restless.distance_to_front(places, "2024-12-20 13:45")
    assert found.equals(restless.distance_to_front(places, "2024-12-20"))
    assert restless.distance_to_front(places.iloc[:0], "2024-12-20").empty


def test_details_name_the_spot_and_who_faces_whom(restless, places):
    day = "2024-12-25"
    found = restless.distance_to_front(places, day, details=True)
    assert found.crs == "EPSG:4326"
    assert found.index.equals(places.index)
    assert found["distance_m"].equals(restless.distance_to_front(places, day))
    azimuth, _, way = GEOD.inv(places.x, places.y, found.geometry.x, found.geometry.y)
    np.testing.assert_allclose(way, found["distance_m"], atol=1e-3)
    np.testing.assert_allclose((azimuth - found["azimuth_deg"] + 180) % 360, 180, atol=0.01)
    lines, front = restless.edges.geometry, restless.front(day)
    for row in found.itertuples():
        assert distance_m(row.geometry, lines[row.edge]) < 0.01
        pair = (front["actor_left"] == row.actor_left) & (front["actor_right"] == row.actor_right)
        assert distance_m(row.geometry, front.geometry[pair].iloc[0]) < 0.01


def test_details_where_there_is_no_front(halves):
    found = halves.distance_to_front([(36.1, 35.2)] * 2, ["2024-12-02", "2024-12-04"], details=True)
    assert found["edge"].isna().tolist() == [False, True]
    assert found["distance_m"].isna().tolist() == [False, True]
    assert found["actor_left"].tolist() == ["A", None]
    assert found["actor_right"].tolist() == ["B", None]
    assert found.geometry.iloc[1] is None
    lon = found.geometry.iloc[0].x
    assert lon == pytest.approx(36.2, abs=1e-6)
    assert found["azimuth_deg"].iloc[0] == pytest.approx(90, abs=0.1)


def test_signed_is_negative_inside(halves):
    points = [(36.1, 35.2), (36.3, 35.2), (36.5, 35.2)]
    plain = halves.distance_to_front(points, "2024-12-02")
    own = halves.distance_to_front(points, "2024-12-02", signed="A")
    assert (plain > 0).all()
    assert own.tolist() == [-plain[0], plain[1], plain[2]]
    other = halves.distance_to_front(points, "2024-12-02", signed="B", details=True)
    assert other["distance_m"].tolist() == [plain[0], -plain[1], plain[2]]
    with pytest.raises(InputError, match="'Z', who holds nothing here"):
        halves.distance_to_front(points, "2024-12-02", signed="Z")


def test_between_picks_one_front(restless, places):
    day = "2024-12-25"
    found = restless.distance_to_front(places, day, between=("A", "B"))
    line = restless.front(day, between=("A", "B")).geometry.iloc[0]
    exact = SegmentIndex.of([line]).query(places.x, places.y).distance_m
    np.testing.assert_allclose(found, exact, atol=1e-6)
    assert (found >= restless.distance_to_front(places, day) - 1e-6).all()


@pytest.mark.parametrize("between", [None, ("C", "A")])
def test_many_days_are_the_same_as_each_alone(restless, places, between):
    span = {"start": "2024-12-01", "end": "2025-01-20", "between": between}
    table = restless.distances_to_front(places, **span, wide=True)
    assert table.shape == (51, 40)
    for day, row in table.iterrows():
        alone = restless.distance_to_front(places, day, between=between)
        np.testing.assert_allclose(row, alone, rtol=0, atol=1e-6)
    assert table.isna().all(axis=1).any()
    assert table.notna().all(axis=1).any()
    tidy = restless.distances_to_front(places, **span)
    assert tidy.columns.tolist() == ["date", "place", "distance_m"]
    assert tidy["date"].tolist() == np.repeat(table.index, 40).tolist()
    assert tidy["place"].tolist() == places.index.tolist() * 51
    assert np.array_equal(tidy["distance_m"], table.to_numpy().ravel(), equal_nan=True)


def test_few_places_are_solved_again(restless, places, monkeypatch):
    asked = []
    query = SegmentIndex.query

    def counting(self, lon, lat):
        asked.append(len(lon))
        return query(self, lon, lat)

    monkeypatch.setattr(SegmentIndex, "query", counting)
    restless.distances_to_front(places, start="2024-12-05", end="2025-01-10", freq="6h")
    assert len(asked) > 20
    assert sum(asked) < 40 * 37 * 0.8


def test_dates_and_places_that_are_none(halves):
    nothing = gpd.GeoSeries([], crs=4326)
    assert halves.distances_to_front(nothing, start="2024-12-01", end="2024-12-03").empty
    table = halves.distances_to_front(
        [(36.1, 35.2)], start="2024-12-05", end="2024-12-06", wide=True
    )
    assert table.isna().all(axis=None)
    with pytest.raises(InputError, match="points must be"):
        halves.distances_to_front(None)
