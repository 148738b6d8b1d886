"""Lengths, areas and changes: by hand on squares of the graticule, and by brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.control import ControlHistory, steps
from frontline.edges import areas_m2, lengths_m
from frontline.errors import InputError
from frontline.geodesy import forward
from tests.patchwork import LAT, meridian_km, parallel_km, patchwork, square_km2

DAY1, DAY2, DAY3 = "2024-12-01", "2024-12-02", "2024-12-03"
M2 = 1e-6


@st.composite
def pictures(draw, *, dates=3, letters="ABC."):
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    line = st.text(letters, min_size=columns, max_size=columns)
    grid = st.lists(line, min_size=rows, max_size=rows)
    days = pd.date_range(DAY1, periods=dates, freq="D")
    return {f"{day:%Y-%m-%d}": draw(grid) for day in days}


def moved(frame, column):
    """Sum the areas of changes by actor, slivers included."""
    total = frame["area_km2"] + frame["slivers_km2"]
    return total.groupby(frame[column].fillna(".")).sum()


# --- the front --------------------------------------------------------------------------------


def test_the_front_of_two_squares_is_an_arc_of_the_meridian():
    h = patchwork({DAY1: ["AB"]})
    row = h.front(DAY1).iloc[0]
    assert row.length_km == pytest.approx(meridian_km(LAT, LAT + 0.1), abs=M2)
    assert (row.actor_left, row.actor_right) == ("A", "B")
    # A lies to the west, so with A on the left one walks north.
    assert shapely.get_coordinates(row.geometry).tolist() == [[36.1, 35.0], [36.1, 35.1]]
    assert row.confirmed_on is pd.NaT


def test_a_front_joins_its_edges_to_one_line_and_closes_rings():
    h = patchwork({DAY1: ["AAAA", "ABBA", "AAAA"]})
    row = h.front(DAY1).iloc[0]
    assert row.geometry.geom_type == "LineString"
    assert row.geometry.is_ring
    # A is on the left outside of the ring, so it runs clockwise.
    assert not shapely.is_ccw(row.geometry)
    sides = 2 * meridian_km(35.1, 35.2) + parallel_km(35.1, 0.2) + parallel_km(35.2, 0.2)
    assert row.length_km == pytest.approx(sides, abs=M2)


@settings(max_examples=25)
@given(pictures(dates=1))
def test_the_front_is_what_lies_between_unlike_squares(case):
    h = patchwork(case)
    front, parts = h.front(DAY1), h.stretches(DAY1)
    cells = h.cells.assign(actor=h.holder(h.cells.representative_point(), DAY1))
    for row in front.itertuples():
        sides = [
            shapely.union_all(cells.geometry[cells["actor"] == name].to_numpy())
            for name in (row.actor_left, row.actor_right)
        ]
        border = shapely.line_merge(shapely.intersection(*sides))
        lines = shapely.get_parts(border)
        lines = lines[shapely.get_dimensions(lines) == 1]
        assert shapely.equals(row.geometry, shapely.union_all(lines))
        assert row.length_km == pytest.approx(lengths_m(lines).sum() / 1e3, abs=1e-9)
        # The left actor is on the left of every piece.
        for line in shapely.get_parts(row.geometry):
            xy = shapely.get_coordinates(line)
            middle, way = (xy[:-1] + xy[1:]) / 2, np.diff(xy, axis=0)
            left = middle + np.column_stack([-way[:, 1], way[:, 0]]) / 4
            assert set(h.holder(shapely.points(left), DAY1)) == {row.actor_left}
    assert parts["length_km"].sum() == pytest.approx(front["length_km"].sum(), abs=1e-9)
    for pair, rows in parts.groupby(["actor_left", "actor_right"]):
        whole = front.set_index(["actor_left", "actor_right"]).geometry[pair]
        assert shapely.equals(shapely.union_all(rows.geometry.to_numpy()), whole)
        # Connected within, apart from each other.
        shapes = rows.geometry.to_list()
        assert all(shapely.disjoint(a, b) for i, a in enumerate(shapes) for b in shapes[i + 1 :])
        for shape in shapes:
            merged = shapely.union_all(shapely.buffer(shapely.get_parts(shape), 1e-3))
            assert merged.geom_type == "Polygon"


def test_stretches_say_since_when_they_are_front():
    h = patchwork(
        {
            DAY1: ["AAB", "AAB", "AAB"],
            DAY2: ["AAB", "ABB", "AAB"],
            DAY3: ["AAB", "ABB", "AAC"],
        }
    )
    table = h.stretches(DAY3)
    assert (table["actor_left"] + table["actor_right"]).tolist() == ["AB", "AC", "BC"]
    at = [pd.Timestamp(each, tz="UTC") for each in (DAY2, DAY3, DAY3)]
    assert table["since"].tolist() == at
    assert table["confirmed_on"].isna().all()
    assert table["staleness_days"].isna().all()
    split = h.stretches(DAY3, split_by_since=True, between=("A", "B"))
    # North of the dent the front is as old as the record, the three sides of it a day younger.
    first = pd.Timestamp(DAY1, tz="UTC")
    by_age = split.set_index("since")["length_km"]
    assert by_age[first] == pytest.approx(meridian_km(35.2, 35.3), abs=M2)
    dent = parallel_km(35.1, 0.1) + parallel_km(35.2, 0.1) + meridian_km(35.1, 35.2)
    assert by_age[at[0]] == pytest.approx(dent, abs=M2)
    assert split["length_km"].sum() == pytest.approx(table["length_km"].iloc[0], abs=1e-9)


def test_a_stretch_tells_its_latest_report():
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B", "B"], "valid_from": [DAY1, DAY1, DAY3]},
        geometry=gpd.points_from_xy([36.0, 36.2, 36.2], [35.0, 35.0, 35.0]),
        crs=4326,
    )
    h = ControlHistory.from_places(frame, outline=shapely.box(35.9, 34.9, 36.3, 35.1))
    row = h.stretches("2024-12-05").iloc[0]
    assert row.confirmed_on == pd.Timestamp(DAY3, tz="UTC")
    assert row.staleness_days == 2.0
    assert row.since == pd.Timestamp(DAY1, tz="UTC")


def test_a_map_confirms_all_that_it_shows():
    h = patchwork({DAY1: ["AB"]})
    maps = pd.DataFrame(
        {
            "kind": "snapshot",
            "review": "accepted",
            "valid_from": pd.to_datetime([DAY1, DAY3], utc=True),
            "recorded_from": pd.to_datetime([None, "2024-12-06"], utc=True),
            "recorded_to": pd.to_datetime([None, None], utc=True),
        }
    )
    h = replace(h, _reports=maps)
    assert h.stretches(DAY2)["staleness_days"].tolist() == [1.0]
    assert h.stretches("2024-12-05")["staleness_days"].tolist() == [2.0]
    assert h.stretches("2024-12-05", as_of="2024-12-05")["staleness_days"].tolist() == [4.0]
    assert h.stretches("2024-11-30").empty


# --- changes and measures ---------------------------------------------------------------------


def test_changes_of_squares_by_hand():
    h = patchwork({DAY1: ["AAB", "AAB"], DAY2: ["ABB", "BAA"]})
    table = h.changes(DAY1, DAY2)
    north, south = square_km2(35.1, 35.2, 0.1), square_km2(35.0, 35.1, 0.1)
    # Two squares that touch at a corner are two parts.
    assert table[["from_actor", "to_actor", "parts"]].to_numpy().tolist() == [
        ["A", "B", 2],
        ["B", "A", 1],
    ]
    assert table["area_km2"].tolist() == pytest.approx([north + south, south], abs=M2)
    assert table["slivers_km2"].tolist() == [0.0, 0.0]
    assert table.geometry.iloc[0].geom_type == "MultiPolygon"


def test_slivers_are_left_out_and_kept_in_the_sum():
    h = patchwork({DAY1: ["AAA", "AAB"], DAY2: ["BBA", "ABA"]})
    two, one = square_km2(35.1, 35.2, 0.2), square_km2(35.0, 35.1, 0.1)
    table = h.changes(DAY1, DAY2, min_area_km2=1.5 * one)
    assert table[["from_actor", "to_actor", "parts"]].to_numpy().tolist() == [
        ["A", "B", 1],
        ["B", "A", 0],
    ]
    assert table["area_km2"].tolist() == pytest.approx([two + one, 0], abs=M2)
    assert table["slivers_km2"].tolist() == pytest.approx([0, one], abs=M2)
    assert table.geometry.iloc[1].is_empty
    with pytest.raises(InputError, match="min_area_km2"):
        h.changes(DAY1, DAY2, min_area_km2=-1)


@settings(max_examples=25)
@given(pictures(), st.sampled_from([0.0, 90.0, 150.0]))
def test_changes_close(case, min_area_km2):
    h = patchwork(case)
    whole = areas_m2(h.cells.geometry).sum() / 1e6
    areas = {}
    for day in case:
        now = h.at(day, by=("actor",))
        assert now["area_km2"].sum() == pytest.approx(whole, abs=M2)
        areas[day] = now.set_index(now["actor"].fillna("."))["area_km2"]
    for a, b in [(DAY1, DAY2), (DAY2, DAY3), (DAY1, DAY3)]:
        table = h.changes(a, b, min_area_km2=min_area_km2)
        net = moved(table, "to_actor").sub(moved(table, "from_actor"), fill_value=0)
        wanted = areas[b].sub(areas[a], fill_value=0)
        for name, value in wanted.items():
            assert net.get(name, 0.0) == pytest.approx(value, abs=M2)
        drawn = areas_m2(table.geometry) / 1e6
        assert table["area_km2"].to_numpy() == pytest.approx(drawn, abs=M2)
        for part in shapely.get_parts(table.geometry.to_numpy()):
            assert areas_m2([part])[0] / 1e6 >= min_area_km2 - M2


@settings(max_examples=20)
@given(pictures())
def test_two_changes_compose_to_one(case):
    h = patchwork(case)
    spots = h.cells.representative_point()
    holder = np.array(h.holder(spots, DAY1), dtype=object)
    direct = holder.copy()
    for table, now in (
        (h.changes(DAY1, DAY2), holder),
        (h.changes(DAY2, DAY3), holder),
        (h.changes(DAY1, DAY3), direct),
    ):
        before = now.copy()
        for row in table.itertuples():
            inside = shapely.intersects(row.geometry, spots.to_numpy())
            assert set(before[inside]) == {row.from_actor}
            now[inside] = row.to_actor
    assert holder.tolist() == direct.tolist() == h.holder(spots, DAY3).tolist()


@settings(max_examples=20)
@given(pictures(dates=4))
def test_every_step_at_once_is_every_step_by_itself(case):
    h = patchwork(case)
    days = list(case)
    every = h.changes(days[0], days[-1], freq="D", min_area_km2=100.0)
    for a, b in pairwise(days):
        alone = h.changes(a, b, min_area_km2=100.0)
        rows = every[every["date"] == pd.Timestamp(b, tz="UTC")].drop(columns="date")
        assert_geodataframe_equal(rows.reset_index(drop=True), alone)


def test_steps_begin_and_end_where_asked():
    h = patchwork({DAY1: ["AB"], "2024-12-05 18:00": ["BB"]})
    table = h.changes(DAY1, "2024-12-05 20:00", freq="2D")
    assert table["date"].tolist() == [pd.Timestamp("2024-12-05 20:00", tz="UTC")]
    assert h.changes(DAY2, DAY2, freq="D").empty
    assert h.changes(DAY1, DAY2).columns.tolist() == [
        "from_actor", "to_actor", "area_km2", "parts", "slivers_km2", "geometry",
    ]  # fmt: skip


@settings(max_examples=15)
@given(pictures(dates=5), st.sampled_from([1, 40]))
def test_measures_are_those_of_each_date(case, block):
    h = patchwork(case)
    kept = steps._BLOCK
    steps._BLOCK = block  # one step a block must not differ from all at once
    try:
        table = h.measures("18h")
        changes = h.changes(*table["date"].iloc[[0, -1]], freq="18h") if len(table) else None
    finally:
        steps._BLOCK = kept
    size, spots = h.cells["area_km2"].to_numpy(), h.cells.representative_point()
    before = {}
    for date, rows in table.groupby("date"):
        holder = h.holder(spots, date).to_numpy(dtype=object)
        front = h.front(date)
        step = changes[changes["date"] == date]
        for row in rows.itertuples():
            area = size[holder == row.actor].sum()
            assert row.area_km2 == pytest.approx(area, abs=M2)
            mine = (front["actor_left"] == row.actor) | (front["actor_right"] == row.actor)
            assert row.front_km == pytest.approx(front["length_km"][mine].sum(), abs=1e-9)
            assert row.churn_km2 == row.gained_km2 + row.lost_km2
            gained = step["area_km2"][step["to_actor"] == row.actor].sum()
            assert row.gained_km2 == pytest.approx(gained, abs=M2)
            net = row.gained_km2 - row.lost_km2
            assert net == pytest.approx(area - before.get(row.actor, area), abs=M2)
            before[row.actor] = area


# --- sectors ----------------------------------------------------------------------------------

HALVES = gpd.GeoDataFrame(
    {"name": ["south", "north"]},
    geometry=[shapely.box(35.9, 34.9, 36.5, 35.15), shapely.box(35.9, 35.15, 36.5, 35.25)],
    crs=4326,
)


def test_sectors_cut_the_front_and_the_changes_exactly():
    h = patchwork({DAY1: ["AAB", "AAB", "AAB"], DAY2: ["AAB", "ABB", "AAB"]})
    table = h.sectors(DAY2, HALVES, since=DAY1)
    assert table["sector"].tolist() == ["south", "north", None]
    south = meridian_km(35.0, 35.1) + parallel_km(35.1, 0.1) + meridian_km(35.1, 35.15)
    north = meridian_km(35.15, 35.2) + parallel_km(35.2, 0.1) + meridian_km(35.2, 35.25)
    wanted = [south, north, meridian_km(35.25, 35.3)]
    assert table["length_km"].tolist() == pytest.approx(wanted, abs=M2)
    halves = [square_km2(35.1, 35.15, 0.1), square_km2(35.15, 35.2, 0.1), 0]
    assert table["to_right_km2"].tolist() == pytest.approx(halves, abs=M2)
    assert table["to_left_km2"].tolist() == [0, 0, 0]
    assert lengths_m(table.geometry) / 1e3 == pytest.approx(wanted, abs=M2)


@settings(max_examples=15)
@given(pictures(dates=2), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4,
                                   min_size=1, unique=True))  # fmt: skip
def test_sectors_add_up(case, spots):
    h = patchwork(case)
    corners = {f"s{i}": shapely.Point(36 + x / 100, 35 + y / 100) for i, (x, y) in enumerate(spots)}
    overlapping = {name: each.buffer(0.15) for name, each in corners.items()}
    front, change = h.front(DAY2), h.changes(DAY1, DAY2)
    for by in (corners, overlapping):
        table = h.sectors(DAY2, by, since=DAY1)
        assert table["length_km"].sum() == pytest.approx(front["length_km"].sum(), abs=1e-7)
        total = table["to_left_km2"].sum() + table["to_right_km2"].sum()
        assert total == pytest.approx(change["area_km2"].sum(), abs=M2)
        assert set(table["sector"].dropna()) == set(by)


def test_sectors_of_points_hold_what_is_nearest():
    h = patchwork({DAY1: ["AB", "AB", "AB", "AB"]})
    points = gpd.GeoDataFrame(
        {"name": ["south", "north", "far"]},
        geometry=gpd.points_from_xy([36.1, 36.1, 37.5], [35.0, 35.4, 35.0]),
        crs=4326,
    )
    table = h.sectors(DAY1, points).set_index("sector")
    # The middle of the meridian's arc between the two, not that of its degrees.
    arc = meridian_km(35.0, 35.4)
    assert table["length_km"]["south"] == pytest.approx(arc / 2, abs=0.012)
    assert table["length_km"].sum() == pytest.approx(arc, abs=M2)
    assert table["length_km"]["far"] == 0.0
    assert table["actor_left"]["far"] is None


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (HALVES.drop(columns="name"), "'name'"),
        (HALVES.iloc[:0], "no sector"),
        ({"a": shapely.LineString([(36, 35), (37, 35)])}, "an area or a point"),
        ({"a": shapely.Point(36, 35), "b": shapely.box(36, 35, 37, 36)}, "not both"),
        ({"a": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}, "not valid"),
        (5, "a list of places"),
    ],
)
def test_sectors_say_what_is_wrong(by, words):
    with pytest.raises(InputError, match=words):
        patchwork({DAY1: ["AB"]}).sectors(DAY1, by)


# --- advance ----------------------------------------------------------------------------------

GRID = {DAY1: ["BBBB", "AAAA", "AAAA"], DAY2: ["BBBB", "BBAA", "AAAA"]}


def one(h, when, **how):
    return h.advance(start=when, end=when, **how).iloc[0]


def test_advance_along_a_meridian():
    h = patchwork(GRID)
    table = h.advance(azimuth_deg=0.0, origin=(36.05, 35.01), start=DAY1, end=DAY2)
    wanted = [meridian_km(35.01, 35.2), meridian_km(35.01, 35.1)]
    assert table["distance_km"].tolist() == pytest.approx(wanted, abs=M2)
    assert table["rate_km_per_day"].iloc[1] == pytest.approx(wanted[1] - wanted[0], abs=M2)
    assert table["holder"].tolist() == ["A", "A"]
    # Along the front itself, away from it, and from a place on it.
    assert np.isnan(one(h, DAY1, azimuth_deg=180.0, origin=(36.05, 35.01)).distance_km)
    assert one(h, DAY1, azimuth_deg=180.0, origin=(36.05, 35.2)).distance_km == 0.0
    along = one(h, DAY2, azimuth_deg=0.0, origin=(36.2, 35.02)).distance_km
    assert along == pytest.approx(meridian_km(35.02, 35.1), abs=M2)


@settings(max_examples=20)
@given(st.floats(0, 360, exclude_max=True), st.floats(36.01, 36.39), st.floats(35.01, 35.19))
def test_advance_along_an_azimuth_is_the_first_crossing_of_the_geodesic(azimuth_deg, lon, lat):
    h = patchwork(GRID)
    found = one(h, DAY2, azimuth_deg=azimuth_deg, origin=(lon, lat)).distance_km
    # Brute force: walk the geodesic in steps of 10 m and see whose ground it is.
    steps_m = np.arange(0.0, 60_000.0, 10.0)
    x, y, _ = forward(lon, lat, azimuth_deg, steps_m)
    seen = h.holder(shapely.points(x, y), DAY2).to_numpy(dtype=object)
    crossed = np.flatnonzero((seen[1:] != seen[:-1]) & (seen[1:] != None) & (seen[:-1] != None))  # noqa: E711
    if len(crossed) and (np.isnan(found) or abs(steps_m[crossed[0]] / 1e3 - found) > 0.0101):
        # The walk may step over a corner that the ray cuts.
        assert found < steps_m[crossed[0]] / 1e3
        seen_at = forward(lon, lat, azimuth_deg, found * 1e3)
        front = h.front(DAY2).geometry.iloc[0]
        assert shapely.distance(front, shapely.Point(seen_at[:2])) < 3e-9
    if not np.isnan(found):
        x, y, _ = forward(lon, lat, azimuth_deg, found * 1e3)
        front = h.front(DAY2).geometry.iloc[0]
        assert shapely.distance(front, shapely.Point(x, y)) < 3e-9  # degrees: 0.3 mm
        nearest = one(h, DAY2, towards=(lon, lat)).distance_km
        assert found >= nearest - M2
    else:
        assert not len(crossed)


def test_advance_along_an_azimuth_meets_long_edges_where_they_are():
    # The front is one edge of 12 degrees along a parallel, far from any geodesic.
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B"], "valid_from": [DAY1, DAY1]},
        geometry=[shapely.box(30, 50, 42, 55), shapely.box(30, 55, 42, 60)],
        crs=4326,
    )
    h = ControlHistory.from_places(frame, outline=shapely.box(30, 50, 42, 60))
    found = one(h, DAY2, azimuth_deg=20.0, origin=(33.0, 51.0)).distance_km
    lon, lat, _ = forward(33.0, 51.0, 20.0, found * 1e3)
    assert lat == pytest.approx(55.0, abs=1e-9)
    assert 30 < lon < 42


def test_advance_along_a_path():
    h = patchwork(GRID)
    path = shapely.LineString([(36.35, 35.05), (36.05, 35.05), (36.05, 35.29)])
    table = h.advance(path=path, start=DAY1, end=DAY2)
    to_turn = parallel_km(35.05, 0.3)
    wanted = [to_turn + meridian_km(35.05, 35.2), to_turn + meridian_km(35.05, 35.1)]
    assert table["distance_km"].tolist() == pytest.approx(wanted, abs=M2)
    away = shapely.LineString([(36.35, 35.05), (36.05, 35.05)])
    assert np.isnan(one(h, DAY2, path=away).distance_km)
    bundled = one(h, DAY2, path="M5")  # nowhere near
    assert np.isnan(bundled.distance_km)


def test_advance_names_the_lag_of_publication():
    h = patchwork(GRID, recorded={DAY1: "2024-12-01 06:00", DAY2: "2024-12-03 12:00"})
    table = h.advance((36.05, 35.05), start=DAY1, end=DAY3)
    assert table["lag_days"].tolist() == [0.25, 1.5, 1.5]
    assert table["staleness_days"].isna().all()  # nobody reported: there are no statements
    known = h.advance((36.05, 35.05), start=DAY1, end=DAY2, as_of=DAY2)
    assert known["lag_days"].tolist() == [0.25, 0.25]
    assert patchwork(GRID).advance((36.05, 35.05))["lag_days"].isna().all()


def test_advance_wants_one_thing():
    h = patchwork(GRID)
    for wrong in ({}, {"azimuth_deg": 3}, {"towards": (36, 35), "origin": (36, 35)},
                  {"towards": (36, 35), "path": "M5"}):  # fmt: skip
        with pytest.raises(InputError, match="give one of"):
            h.advance(**wrong)
    with pytest.raises(InputError, match="azimuth_deg"):
        h.advance(azimuth_deg="north", origin=(36, 35))
    with pytest.raises(InputError, match="no bundled road"):
        h.advance(path="Route 66")
