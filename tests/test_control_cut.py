"""Who holds a road: by hand on squares of the graticule, and against intersections."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.edges import lengths_m
from frontline.errors import InputError
from tests.patchwork import meridian_km, parallel_km, patchwork

DAY = "2024-12-01"
H = patchwork({DAY: ["ABBA", "AB.A", "AAAA"]})
KM = 1e-6


def test_a_road_along_a_parallel():
    road = shapely.LineString([(36.05, 35.25), (36.35, 35.25)])
    table = H.cut(road, DAY, holder="A")
    assert table["actor"].tolist() == ["A", "B", "A"]
    assert table["status"].tolist() == ["controlled"] * 3
    km = [parallel_km(35.25, degrees) for degrees in (0.05, 0.2, 0.05)]
    assert table["length_km"].tolist() == pytest.approx(km, abs=KM)
    assert table["from_km"].tolist() == pytest.approx([0, km[0], km[0] + km[1]], abs=KM)
    assert table["to_km"].tolist() == pytest.approx(np.cumsum(km), abs=KM)
    assert table.attrs["cut"] is True
    assert table.attrs["severed"] is True
    assert table.attrs["held_km"] == pytest.approx(2 * km[0], abs=KM)
    assert table.attrs["first_cut_km"] == pytest.approx(km[0], abs=KM)
    other = table.attrs["by_actor"]["B"]
    assert other["cut"] is True
    assert other["severed"] is False
    assert shapely.get_coordinates(table.geometry.iloc[1]).round(9).tolist() == [
        [36.1, 35.25],
        [36.3, 35.25],
    ]


def test_a_road_that_turns_inside_a_cell():
    road = shapely.LineString([(36.05, 35.05), (36.15, 35.05), (36.15, 35.28)])
    table = H.cut(road, DAY)
    first = parallel_km(35.05, 0.1) + meridian_km(35.05, 35.1)
    assert table["actor"].tolist() == ["A", "B"]
    assert table["length_km"].tolist() == pytest.approx([first, meridian_km(35.1, 35.28)], abs=KM)
    assert "cut" not in table.attrs
    # A passes from one of its cells to another without a vertex.
    long = shapely.LineString([(36.05, 35.05), (36.05, 35.29)])
    assert shapely.equals_identical(H.cut(long, DAY).geometry.iloc[0], long)
    whole = H.cut(shapely.LineString([(36.05, 35.01), (36.05, 35.29)]), DAY, holder="A")
    assert whole.attrs["cut"] is False
    assert whole.attrs["first_cut_km"] is None


def test_nobody_and_the_outside_leave_it_open_whether_it_is_cut():
    road = shapely.LineString([(36.25, 35.05), (36.25, 35.15)])
    table = H.cut(road, DAY, holder="A")
    assert table["actor"].tolist() == ["A", None]
    assert table["status"].tolist() == ["controlled", "no_data"]
    assert table.attrs["cut"] is None
    out = H.cut(shapely.LineString([(35.9, 35.05), (36.05, 35.05)]), DAY, holder="A")
    assert out["actor"].tolist() == [None, "A"]
    assert out["status"].tolist() == [None, "controlled"]
    assert out["length_km"].iloc[0] == pytest.approx(parallel_km(35.05, 0.1), abs=KM)
    assert out.attrs["cut"] is None
    assert H.cut(road, "2024-11-01")["actor"].tolist() == [None]


def test_a_road_along_a_border_counts_once():
    border = shapely.LineString([(36.1, 35.12), (36.1, 35.28)])
    table = H.cut(border, DAY)
    assert table["length_km"].sum() == pytest.approx(meridian_km(35.12, 35.28), abs=KM)
    assert len(table) == 1


def test_a_road_in_parts_and_back_again():
    parts = shapely.MultiLineString(
        [[(36.05, 35.25), (36.15, 35.25)], [(36.15, 35.05), (36.05, 35.05)]]
    )
    table = H.cut(parts, DAY)
    assert table["actor"].tolist() == ["A", "B", "A"]
    assert table["to_km"].iloc[-1] == pytest.approx(
        parallel_km(35.25, 0.1) + parallel_km(35.05, 0.1), abs=KM
    )
    again = shapely.LineString([(36.05, 35.25), (36.15, 35.25), (36.05, 35.25)])
    table = H.cut(again, DAY, holder="A")
    assert table["actor"].tolist() == ["A", "B", "A"]
    apart = shapely.MultiLineString(
        [[(36.01, 35.05), (36.05, 35.05)], [(36.35, 35.05), (36.39, 35.05)]]
    )
    assert H.cut(apart, DAY).geometry.iloc[0].geom_type == "MultiLineString"


spots = st.tuples(st.floats(35.95, 36.45), st.floats(34.95, 35.35))


@settings(max_examples=40)
@given(st.lists(spots, min_size=2, max_size=6, unique=True))
def test_stretches_of_a_road_are_what_lies_on_each_holder_s_ground(points):
    # To the micrometre: denormal numbers are no coordinates.
    road = shapely.LineString(np.round(points, 9))
    if road.length < 1e-6 or not road.is_simple:
        return
    table = H.cut(road, DAY)
    assert table["length_km"].sum() == pytest.approx(lengths_m([road])[0] / 1e3, abs=1e-8)
    assert table["from_km"].iloc[0] == 0
    assert table["from_km"].tolist()[1:] == table["to_km"].tolist()[:-1]
    assert lengths_m(table.geometry) / 1e3 == pytest.approx(table["length_km"], abs=1e-8)
    ground = H.at(DAY, by=("actor",))
    for row in ground.itertuples():
        inside = shapely.intersection(road, row.geometry)
        own = table["actor"].isna() if row.actor is None else table["actor"] == row.actor
        own &= table["status"].notna()
        # What runs along a border belongs to either side; nothing drawn at random does.
        assert table["length_km"][own].sum() == pytest.approx(
            lengths_m([inside])[0] / 1e3, abs=1e-6
        )


def test_a_bundled_road_by_its_name():
    table = H.cut("the M5", DAY)
    assert table.attrs["path"] == "M5"
    assert table.attrs["path_uncertainty_m"] == 2500.0
    assert table["to_km"].iloc[-1] == pytest.approx(table.attrs["path_km"])


def test_a_frame_is_taken_in_its_own_system():
    road = gpd.GeoSeries([shapely.LineString([(36.05, 35.25), (36.35, 35.25)])], crs=4326)
    table = H.cut(road.to_crs(32637), DAY)
    assert table["actor"].tolist() == ["A", "B", "A"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Route 66", "no bundled road"),
        (shapely.Point(36, 35), "LineString"),
        (shapely.LineString(), "LineString"),
        (None, "LineString"),
        (shapely.LineString([(36, 35), (36, 135)]), "globe"),
        (shapely.LineString([(36, 35), (36, 35)]), "no length"),
        (gpd.GeoSeries([], crs=4326), "LineString"),
    ],
)
def test_what_is_no_path_is_said(path, words):
    with pytest.raises(InputError, match=words):
        H.cut(path, DAY)


def test_a_holder_must_hold_something():
    with pytest.raises(InputError, match="holder names 'X'"):
        H.cut("M5", DAY, holder="X")
