"""Localities on the ground: points, regions, radii and what they are made of."""

from __future__ import annotations

import dataclasses
import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from frontline.errors import (
    AmbiguousPlaceError,
    InputError,
    LocalitySyntaxError,
    UnknownPlaceError,
    UnresolvedFeatureError,
)
from frontline.gazetteer import Gazetteer
from frontline.geodesy import inverse
from frontline.locality import (
    coordinate_precision_m,
    locate,
    locate_all,
    maximum_uncertainty_m,
    parse,
)

GEOD = Geod(ellps="WGS84")
HAMA = (36.75783, 35.13179)
HOMS = (36.72339, 34.72682)
RADIUS_M = 3358.0
SQUARE = shapely.Polygon([(36.70, 35.10), (36.82, 35.10), (36.82, 35.16), (36.70, 35.16)])


@pytest.fixture(scope="module")
def places():
    frame = gpd.GeoDataFrame(
        {
            "name": ["Hama", "Homs", "Suran", "Suran", "Squareton", "Dateline", "Polar"],
            "population": [460_602, 775_404, 30_000, 6_000, 50_000, 1_000, 100],
            "country": ["SY", "SY", "SY", "SY", "SY", "FJ", "NO"],
            "admin1": ["Hama", "Homs", "Hama", "Aleppo", "Hama", "", ""],
            "radius_m": [RADIUS_M, 4000.0, 900.0, 500.0, np.nan, 700.0, 300.0],
        },
        geometry=[
            shapely.Point(HAMA),
            shapely.Point(HOMS),
            shapely.Point(36.75, 35.29),
            shapely.Point(37.21, 36.57),
            SQUARE,
            shapely.Point(179.99, -16.5),
            shapely.Point(20.0, 89.97),
        ],
        crs=4326,
    )
    return Gazetteer.from_frame(frame)


def away_m(point, lon, lat):
    return GEOD.inv(point.x, point.y, lon, lat)[2]


def reach_m(found):
    xy = shapely.get_coordinates(found.region)
    n = len(xy)
    return GEOD.inv(np.full(n, found.point.x), np.full(n, found.point.y), xy[:, 0], xy[:, 1])[2]


@pytest.mark.parametrize("method", ["calibrated", "standard"])
@pytest.mark.parametrize(
    ("phrase", "azimuth", "metres"),
    [
        ("5 km northeast of Hama", 45, 5000),
        ("twelve kilometres SSW of Hama", 202.5, 12_000),
        ("10-15 km north of Hama", 0, 12_500),
        ("half a mile west of Hama", 270, 804.672),
        ("100 nautical miles E by N of Hama", 78.75, 185_200),
        ("5 km at 137 degrees from Hama", 137, 5000),
        ("five kilometres northeast of Hama's borders", 45, 5000 + RADIUS_M),
        ("7 km south of the edge of Hama", 180, 7000 + RADIUS_M),
    ],
)
def test_point_is_the_geodesic_forward(places, phrase, azimuth, metres, method):
    found = locate(phrase, places, method=method)
    lon, lat, _ = GEOD.fwd(*HAMA, azimuth, metres)
    assert away_m(found.point, lon, lat) < 0.001
    assert found.region.covers(found.point)
    if method == "standard":  # calibrated, region and circle are two statements
        assert reach_m(found).max() <= found.uncertainty_m * (1 + 1e-9) + 0.001
    assert sum(found.parts.values()) == pytest.approx(found.uncertainty_m, rel=1e-9)
    assert all(value >= 0 for value in found.parts.values())


def test_the_seed_phrase(places):
    """Five kilometres northeast of Hama's borders: Brigade 87, not the town, not Homs."""
    found = locate("approximately five kilometers northeast of Hama's borders", places)
    assert away_m(found.point, *HAMA) == pytest.approx(8358, abs=0.01)
    brigade = shapely.Point(GEOD.fwd(*HAMA, 57, 8400)[:2])
    assert found.region.covers(brigade)
    assert not found.region.covers(shapely.Point(HAMA))
    assert not found.region.covers(shapely.Point(HOMS))
    assert "edge of Hama" in found.explanation


def test_the_seed_phrase_with_the_bundled_gazetteer():
    found = locate("approximately five kilometers northeast of Hama's borders")
    hama = found.features[0]
    assert away_m(found.point, hama.lon, hama.lat) == pytest.approx(5000 + hama.radius_m, abs=0.01)
    assert found.region.covers(shapely.Point(GEOD.fwd(hama.lon, hama.lat, 57, 8400)[:2]))
    assert not found.region.covers(hama.point)
    assert not found.region.covers(shapely.Point(HOMS))


@pytest.mark.parametrize(
    ("phrase", "kind", "terms"),
    [
        (
            "9 km northeast of Hama",
            "offset",
            {"offset_m": 9000, "half_angle_deg": 22.5, "distance_precision_m": 500},
        ),
        (
            "100 km NNE of Hama",
            "offset",
            {"offset_m": 100_000, "half_angle_deg": 11.25, "distance_precision_m": 5000},
        ),
        (
            "9.5 km N by E of Hama",
            "offset",
            {"offset_m": 9500, "half_angle_deg": 5.625, "distance_precision_m": 250},
        ),
        (
            "about 10 km south of Hama",
            "offset",
            {"offset_m": 10_000, "half_angle_deg": 45, "distance_precision_m": 500},
        ),
        (
            "5 km at 30 degrees from Hama",
            "offset",
            {"offset_m": 5000, "half_angle_deg": 1, "distance_precision_m": 500},
        ),
        ("15 km from Hama", "distance", {"offset_m": 15_000, "distance_precision_m": 500}),
        ("6 km N and 4 km W of Hama", "orthogonal", {"distance_precision_m": 500}),
        ("Hama", "feature", {}),
    ],
)
def test_standard_radius_is_the_formula(places, phrase, kind, terms):
    found = locate(phrase, places, method="standard")
    expected = maximum_uncertainty_m(kind, extent_m=RADIUS_M, **terms)
    assert found.uncertainty_m == pytest.approx(expected, rel=1e-6)
    assert found.method == "standard"


def test_standard_region_is_its_circle(places):
    found = locate("10 km NE of Hama", places, method="standard")
    rim = shapely.get_coordinates(found.region)
    away = inverse(np.full(len(rim), found.point.x), np.full(len(rim), found.point.y), *rim.T)
    assert away.distance_m == pytest.approx(found.uncertainty_m, abs=1e-3)


def test_standard_between_is_half_the_distance(places):
    found = locate("between Hama and Homs", places, method="standard")
    apart = GEOD.inv(*HAMA, *HOMS)[2]
    assert found.uncertainty_m == pytest.approx(apart / 2, rel=1e-6)
    assert away_m(found.point, *HAMA) == pytest.approx(apart / 2, abs=0.01)
    assert [place.name for place in found.features] == ["Hama", "Homs"]


def test_standard_coordinates(places):
    found = locate("10.27N 36.80E", places, method="standard")
    assert found.uncertainty_m == pytest.approx(coordinate_precision_m(10.27, 0.01), rel=1e-9)
    assert (found.point.x, found.point.y) == (36.80, 10.27)
    assert found.region.covers(found.point)


def test_calibrated_reaches_where_the_standard_under_covers(places):
    """Half of all writers of "NE" are off by more than 12 degrees, one in ten by more than 27."""
    for wind, turn in (("NE", 27), ("N", 27)):
        found = locate(f"20 km {wind} of Homs", places)
        azimuth = parse(f"20 km {wind} of Homs").azimuth_deg
        for side in (-1, 1):
            for off, inside in ((0, True), (turn, True), (90, False)):
                lon, lat, _ = GEOD.fwd(*HOMS, azimuth + side * off, 19_000)
                assert found.region.covers(shapely.Point(lon, lat)) is inside
        for share, inside in ((0.7, True), (1.05, True), (0.2, False), (1.6, False)):
            lon, lat, _ = GEOD.fwd(*HOMS, azimuth, 20_000 * share)
            assert found.region.covers(shapely.Point(lon, lat)) is inside


def test_edge_of_an_outline_is_where_the_heading_leaves_it(places):
    found = locate("5 km east of Squareton's borders", places)
    square = places.place("Squareton")
    # Due east of the middle the geodesic leaves the square at its eastern side.
    crossing = GEOD.inv(square.lon, square.lat, 36.82, square.lat)[2]
    start = away_m(found.point, square.lon, square.lat) - 5000
    assert start == pytest.approx(crossing, abs=1.0)
    assert found.region.covers(found.point)
    assert not found.region.intersects(square.extent.buffer(-0.001))
    # On the heading's other side no shape of the edge puts it.
    assert not found.region.covers(shapely.Point(GEOD.fwd(square.lon, square.lat, 180, 8000)[:2]))


def test_distance_only_is_a_ring(places):
    found = locate("15 km from Hama", places)
    assert away_m(found.point, *HAMA) < 0.001
    for share, inside in ((0.2, False), (0.9, True), (1.0, True), (2.0, False)):
        at = shapely.Point(GEOD.fwd(*HAMA, 300, 15_000 * share)[:2])
        assert found.region.covers(at) is inside
    whole = locate("within 15 km of Hama", places)
    assert whole.region.covers(shapely.Point(HAMA))


def test_explanations_of_rings_say_that_the_point_is_not_meant(places):
    for phrase in ("15 km from Hama", "15 km from the borders of Hama"):
        text = locate(phrase, places).explanation
        assert "lies on a ring 15.0 km from" in text
        assert "not at the point" in text
    assert "not at the point" in locate("on the outskirts of Hama", places).explanation
    disc = locate("within 15 km of Hama", places).explanation
    assert "up to 15.0 km from Hama" in disc
    assert "ring" not in disc


def test_names_of_one_letter():
    frame = gpd.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Point(HAMA)], crs=4326)
    found = locate("5 km north of A", Gazetteer.from_frame(frame))
    assert away_m(found.point, *HAMA) == pytest.approx(5000, abs=0.001)
    assert found.features[0].name == "A"


def test_a_bearing_before_the_distance_is_not_lost(places):
    found = locate("at 45 degrees 5 km from Hama", places, method="standard")
    assert (found.locality.kind, found.locality.half_angle_deg) == ("offset", 1.0)
    lon, lat, _ = GEOD.fwd(*HAMA, 45, 5000)
    assert away_m(found.point, lon, lat) < 0.001


def test_an_unknown_method_comes_before_unknown_names():
    for phrase in ("5 km north of Nowhereville", "no place at all", 5):
        with pytest.raises(InputError, match="method must be"):
            locate(phrase, method="foo")
    with pytest.raises(InputError, match="method must be"):
        locate_all(["5 km north of Nowhereville"], method="foo")


def test_near_inside_and_part(places):
    inside = locate("in Hama", places)
    assert inside.uncertainty_m == RADIUS_M
    near = locate("near Hama", places)
    assert near.uncertainty_m > inside.uncertainty_m
    assert near.region.covers(inside.region)
    north = locate("northern Squareton", places)
    square = places.place("Squareton")
    assert square.extent.buffer(1e-9).covers(north.region)
    assert north.point.y > square.lat
    assert north.region.covers(north.point)
    rim = locate("the southern outskirts of Hama", places)
    assert away_m(rim.point, *HAMA) == pytest.approx(RADIUS_M, abs=0.01)
    assert rim.point.y < HAMA[1]
    assert rim.region.covers(rim.point)


def test_countryside_means_the_governorate():
    found = locate("northern Hama countryside")
    assert found.features[0].kind == "governorate"
    assert found.region.covers(found.point)
    assert found.point.y > 35.13
    assert locate("southern Hama countryside").point.y < found.point.y


def test_heading_ends_half_way_to_the_next_like_feature(places):
    found = locate("south of Hama", places)
    apart = GEOD.inv(*HAMA, *HOMS)[2]
    for share, inside in ((0.1, True), (0.49, True), (0.51, False)):
        at = shapely.Point(GEOD.fwd(*HAMA, 180, apart * share)[:2])
        assert found.region.covers(at) is inside
    assert "half-way to Homs" in found.explanation
    assert reach_m(found).max() <= found.uncertainty_m * (1 + 1e-9)


def test_orthogonal_pair(places):
    found = locate("6 km N and 4 km W of Hama", places)
    assert away_m(found.point, *HAMA) == pytest.approx(math.hypot(6000, 4000), abs=0.001)
    azimuth = GEOD.inv(*HAMA, found.point.x, found.point.y)[0] % 360
    assert azimuth == pytest.approx(360 - math.degrees(math.atan2(4, 6)), abs=1e-6)


def test_a_path_needs_its_course(places):
    with pytest.raises(UnresolvedFeatureError, match="paths="):
        locate("on the M99 10 km south of Hama", places)
    road = shapely.LineString([(36.75783, 35.5), (36.75783, 34.7)])
    found = locate("on the M5 10 km south of Hama", places, paths={"M5": road})
    lon, lat, _ = GEOD.fwd(*HAMA, 180, 10_000)
    assert away_m(found.point, lon, lat) < 1.0
    assert found.region.covers(found.point)
    assert reach_m(found).max() <= found.uncertainty_m * (1 + 1e-9)
    assert sum(found.parts.values()) == pytest.approx(found.uncertainty_m)
    westward = shapely.LineString([(36.75783, 35.13179), (36.4, 35.13179)])
    with pytest.raises(UnresolvedFeatureError, match="lead"):
        locate("on the M5 10 km east of Hama", places, paths={"M5": westward})


def test_context_decides_between_namesakes(places):
    with pytest.raises(AmbiguousPlaceError):
        locate("5 km north of Suran", places)
    for found in (
        locate("5 km north of Suran", places, admin1="Aleppo"),
        locate("5 km north of Suran", places, near=(37.2, 36.5)),
        locate("5 km north of Suran in Aleppo province", places),
        locate("5 km north of Suran (Aleppo)", places),
    ):
        assert found.features[0].admin1 == "Aleppo"
    near_hama = locate("Suran, 18 km north of Hama", places)
    assert near_hama.features[0].admin1 == "Hama"
    assert near_hama.remarks


def test_what_cannot_be_located_raises(places):
    for phrase, error in (
        ("5 km north of Nowhereville", UnknownPlaceError),
        ("15 km from the city", UnresolvedFeatureError),
        ("advanced 2 km", LocalitySyntaxError),
        ("19000 km north of Hama", InputError),
        ("between Hama and Hama", UnresolvedFeatureError),
    ):
        with pytest.raises(error):
            locate(phrase, places)
    with pytest.raises(InputError, match="method"):
        locate("Hama", places, method="guess")
    with pytest.raises(InputError):
        locate(5, places)
    with pytest.raises(InputError, match="gazetteer"):
        locate("Hama", {"Hama": HAMA})


PHRASES = st.sampled_from(
    [
        *("{d} km {w} of {p}", "{d} km from {p}", "within {d} km of {p}", "{w} of {p}", "near {p}"),
        *("{d} km {w} of the borders of {p}", "{p}", "in {p}", "{w} of the outskirts of {p}"),
        *("{d} km north and {d} km E of {p}", "between {p} and Hama", "the outskirts of {p}"),
    ]
)


@given(
    phrase=PHRASES,
    d=st.sampled_from(["0", "0.5", "3", "10", "140", "900", "3000"]),
    w=st.sampled_from(["north", "NE", "ESE", "S by W", "west"]),
    p=st.sampled_from(["Homs", "Squareton", "Dateline", "Polar"]),
    method=st.sampled_from(["standard", "calibrated"]),
)
@settings(max_examples=200)
def test_regions_hold_everywhere(places, phrase, d, w, p, method):
    """Antimeridian and pole included: valid, on the globe, within the radius."""
    found = locate(phrase.format(d=d, w=w, p=p), places, method=method)
    assert found.region.is_valid
    assert found.region.area > 0
    west, south, east, north = found.region.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert sum(found.parts.values()) == pytest.approx(found.uncertainty_m, abs=1e-6)
    if method == "calibrated" and found.locality.kind == "offset":
        return  # whose region is no part of its circle
    ring = found.locality.kind == "distance" or "outskirts" in phrase
    if not ring:  # which does not hold its centre
        assert shapely.distance(found.region, found.point) < 1e-9
    xy = shapely.get_coordinates(found.region)
    xy = xy[np.abs(xy[:, 1]) < 90]  # outlines round a pole are closed along it
    cut = np.abs(np.abs(xy[:, 0]) - 180) < 1e-9  # and along the antimeridian
    far = GEOD.inv(*(np.full(len(xy), v) for v in (found.point.x, found.point.y)), *xy.T)[2]
    assert far[~cut].max() <= found.uncertainty_m * (1 + 1e-6) + 1.0


def test_as_json_and_html(places):
    found = locate("5 km northeast of Hama", places)
    values = json.loads(json.dumps(found.to_dict()))
    assert values["point"]["type"] == "Point"
    assert values["locality"]["kind"] == "offset"
    assert values["uncertainty_m"] == found.uncertainty_m
    assert values["features"][0]["name"] == "Hama"
    feature = found.__geo_interface__
    assert feature["type"] == "Feature"
    assert shapely.geometry.shape(feature["geometry"]).equals(found.region)
    frame = gpd.GeoDataFrame.from_features([feature], crs=4326)
    assert frame.method.tolist() == ["calibrated"]
    assert "<table>" in found._repr_html_()


def test_html_never_carries_markup():
    hostile = "<img src=x onerror=alert(1)>"
    locality = dataclasses.replace(
        parse("near Hama"), text=hostile, span=(0, len(hostile)), features=(hostile,)
    )
    assert "<img" not in locality._repr_html_()
    assert "&#60;img" in locality._repr_html_()


def test_explanation_is_one_sentence(places):
    text = locate("5 km northeast of Hama", places).explanation
    assert text.endswith(".")
    assert "direction" in text
    assert "extent" in text


def test_locate_all_keeps_the_index_and_the_reasons(places):
    column = pd.Series(
        ["5 km north of Hama", "15 km from the city", None, "5 km north of Hama", "near Nowhere"],
        index=[9, 7, 7, 3, 1],
    )
    frame = locate_all(column, places)
    assert list(frame.columns) == [
        "phrase", "kind", "uncertainty_m", "geometry", "point", "reason"
    ]  # fmt: skip
    assert frame.index.tolist() == [9, 7, 7, 3, 1]
    assert frame.crs == 4326
    assert frame.reason.isna().tolist() == [True, False, False, True, False]
    assert "names no place" in frame.reason.iloc[1]
    single = locate("5 km north of Hama", places)
    assert frame.geometry.iloc[0].equals(single.region)
    assert frame.point.iloc[3].equals(single.point)
    assert frame.uncertainty_m.iloc[0] == single.uncertainty_m
    points = locate_all(column, places, regions=False)
    assert points.geometry.iloc[0].equals(single.point)
    assert points.uncertainty_m.iloc[0] == single.uncertainty_m


def test_locate_all_of_nothing(places):
    assert len(locate_all([], places)) == 0
    assert locate_all([None], places).reason.tolist() == ["no phrase given"]
    with pytest.raises(InputError):
        locate_all("5 km north of Hama", places)


def test_located_phrases_survive_a_round_trip_to_a_file(places, tmp_path):
    frame = locate_all(["5 km north of Hama", "near Homs"], places).drop(columns="point")
    frame.to_file(tmp_path / "located.gpkg")
    again = gpd.read_file(tmp_path / "located.gpkg")
    assert again.phrase.tolist() == frame.phrase.tolist()
