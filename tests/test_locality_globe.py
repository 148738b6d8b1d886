"""Localities at the antimeridian and at the poles: every kind, both methods."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from frontline.edges import area_m2
from frontline.gazetteer import Gazetteer
from frontline.locality import locate
from frontline.locality.courses import Course

GEOD = Geod(ellps="WGS84")
RADIUS_M = 3_000.0

#: A phrase of every kind; {a} is the place, {b} lies 60 km away from it.
PHRASES = {
    "feature": "{a}",
    "inside": "in {a}",
    "near": "near {a}",
    "rim": "on the outskirts of {a}",
    "distance": "20 km from {a}",
    "within": "within 20 km of {a}",
    "distance from the edge": "5 km outside the borders of {a}",
    "heading": "north of {a}",
    "heading to the east": "east of {a}",
    "offset": "20 km northeast of {a}",
    "offset of four winds": "40 km west of {a}",
    "offset of sixteen winds": "15 km south-southwest of {a}",
    "offset from the edge": "5 km east of {a}'s borders",
    "range": "10-15 km north of {a}",
    "orthogonal": "6 km north and 14 km east of {a}",
    "between": "between {a} and {b}",
    "halfway": "halfway between {a} and {b}",
    "a third": "a third of the way from {a} to {b}",
    "part": "northern {a} countryside",
    "centre": "in the centre of {a}",
    "along": "on the M5 10 km south of {a}",
    "along without a heading": "on the M5 10 km from {a}",
    "along near": "on the M5 near {a}",
    "along between": "on the M5 between {a} and {b}",
    "along all": "along the M5",
}
SPOTS = {
    "antimeridian": (179.99, 10.0),
    "west of it": (-179.995, -45.0),
    "on it": (180.0, 0.0),
    "far north": (30.0, 89.95),
    "at the north pole": (0.0, 90.0),
    "at the south pole": (0.0, -90.0),
    "far south across": (179.9, -89.9),
    "plain": (36.75783, 35.13179),
}


def places_at(lon, lat):
    """Two towns 60 km apart, and a road through both and beyond."""
    other = GEOD.fwd(lon, lat, 60.0, 60_000)[:2]
    frame = gpd.GeoDataFrame(
        {"name": ["Qormab", "Velsund"], "radius_m": [RADIUS_M] * 2, "population": [50_000] * 2},
        geometry=gpd.points_from_xy([lon, other[0]], [lat, other[1]]),
        crs=4326,
    )
    # Planar edges are no road over a pole: the road is given in short pieces.
    ways = np.linspace(-60_000, 120_000, 181)
    xy = [GEOD.fwd(lon, lat, 60.0 if way >= 0 else 240.0, abs(way))[:2] for way in ways]
    return Gazetteer.from_frame(frame), {"M5": shapely.LineString(xy)}


def holds(region, lon, lat):
    """Tell whether a region holds a point, on whichever side of the antimeridian it is said."""
    turned = lon - 360.0 if lon > 0 else lon + 360.0
    return any(region.distance(shapely.Point(x, lat)) < 1e-6 for x in (lon, turned))


def check(found, kind, lon, lat):
    region = found.region
    assert region.is_valid, shapely.is_valid_reason(region)
    assert not region.is_empty
    west, south, east, north = region.bounds
    assert -180.0 <= west <= east <= 180.0
    assert -90.0 <= south <= north <= 90.0
    # Nothing is torn around the globe: the area is one of its size.
    reach = max(found.uncertainty_m, 1.0) * 3.0 + 1_000.0
    assert 0.0 < area_m2(region) <= 4.0 * reach**2
    xy = shapely.get_coordinates(region)
    xy = xy[np.abs(xy[:, 1]) < 89.999999]
    x, y = found.point.x, found.point.y
    away = GEOD.inv(np.full(len(xy), x), np.full(len(xy), y), xy[:, 0], xy[:, 1])[2]
    assert away.max(initial=0.0) <= reach
    if found.coverage is None and found.locality.kind != "offset":  # nothing is fitted
        assert away.max(initial=0.0) <= found.uncertainty_m * 1.005 + 1.0
    assert sum(found.parts.values()) == pytest.approx(found.uncertainty_m, rel=1e-6)
    rings = {"distance", "distance from the edge", "rim", "along without a heading"}
    # Its circle holds its region, but for what 180 straight edges miss beside a pole.
    if found.method == "standard":
        assert away.max(initial=0.0) <= found.uncertainty_m * 1.005 + 1.0
    if kind not in rings:
        assert holds(region, x, y)
    assert GEOD.inv(lon, lat, x, y)[2] < 70_000


@pytest.mark.parametrize("method", ["calibrated", "standard"])
@pytest.mark.parametrize("kind", PHRASES)
@pytest.mark.parametrize("spot", SPOTS)
def test_every_kind_everywhere(spot, kind, method):
    lon, lat = SPOTS[spot]
    places, paths = places_at(lon, lat)
    phrase = PHRASES[kind].format(a="Qormab", b="Velsund")
    heading = kind == "along" and abs(lat) > 89.0
    if heading:  # every way is south of the north pole: the road leads there on both sides
        phrase = "on the M5 10 km from Qormab"
        kind = "along without a heading"
    found = locate(phrase, places, method=method, paths=paths)
    check(found, kind, lon, lat)


@pytest.mark.parametrize("method", ["calibrated", "standard"])
@given(
    kind=st.sampled_from(sorted(PHRASES.keys() - {"along", "along all"})),
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
)
@example(kind="offset", lon=-180.0, lat=89.9999)
@example(kind="between", lon=180.0, lat=-89.75)
@settings(max_examples=25)
def test_every_kind_at_any_point(method, kind, lon, lat):
    places, paths = places_at(lon, lat)
    phrase = PHRASES[kind].format(a="Qormab", b="Velsund")
    check(locate(phrase, places, method=method, paths=paths), kind, lon, lat)


@pytest.mark.parametrize("method", ["calibrated", "standard"])
@pytest.mark.parametrize("spot", SPOTS)
def test_the_point_of_an_offset_is_the_geodesic_forward(spot, method):
    lon, lat = SPOTS[spot]
    places, _ = places_at(lon, lat)
    found = locate("20 km northeast of Qormab", places, method=method)
    there = GEOD.fwd(lon, lat, 45.0, 20_000)[:2]
    assert GEOD.inv(*there, found.point.x, found.point.y)[2] < 0.001


def test_the_same_shape_on_both_sides_of_the_antimeridian():
    """A region is that of the same place turned away from the antimeridian."""
    for kind, phrase in PHRASES.items():
        areas = []
        for lon in (179.99, 20.0):
            places, paths = places_at(lon, 35.0)
            found = locate(phrase.format(a="Qormab", b="Velsund"), places, paths=paths)
            areas.append(area_m2(found.region))
        assert areas[0] == pytest.approx(areas[1], rel=1e-3), kind


def test_a_road_across_the_antimeridian():
    course = Course.of(shapely.LineString([(179.5, 0.0), (180.5, 0.0)]))
    wrapped = Course.of(shapely.LineString([(179.5, 0.0), (-179.5, 0.0)]))
    metres = GEOD.inv(179.5, 0.0, -179.5, 0.0)[2]
    assert course.length_m == pytest.approx(metres, abs=0.01)
    assert wrapped.length_m == pytest.approx(metres, abs=0.01)
    assert abs(course.at(metres / 2)[0]) == pytest.approx(180.0)
    assert course.crossing(-179.9, 0.1).at_m == pytest.approx(
        GEOD.inv(179.5, 0, -179.9, 0)[2], abs=1
    )
