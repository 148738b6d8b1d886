"""Geodesics, lengths and areas against published figures, brute force and hand calculation."""

import math

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from frontline.errors import InputError
from frontline.geodesy import (
    GEOD,
    azimuth_difference_deg,
    check_lonlat,
    forward,
    inverse,
    midpoint,
    planar_edge_lengths_m,
)

# C. F. F. Karney, Algorithms for geodesics (2013), tables 2 and 3, WGS84:
# a shortest geodesic from latitude 40 with azimuth 30 over 10,000 km.
KARNEY_LON, KARNEY_LAT = 137.84490004377, 41.79331020506
LATS = st.floats(-90, 90)
LONS = st.floats(-180, 180)


def test_published_direct_problem():
    lon, lat, back = forward(0.0, 40.0, 30.0, 10_000_000.0)
    assert lon == pytest.approx(KARNEY_LON, abs=1e-11)
    assert lat == pytest.approx(KARNEY_LAT, abs=1e-11)
    assert back == pytest.approx(149.09016931807 + 180.0, abs=1e-10)


def test_published_inverse_problem():
    # The same paper, table 4: (-30.12345, 0) to (-30.12344, 0.00005).
    way = inverse(0.0, -30.12345, 0.00005, -30.12344)
    assert way.distance_m == pytest.approx(4.944208, abs=1e-6)
    assert way.azimuth_deg == pytest.approx(77.04353354237, abs=1e-7)


def test_antipodal_published():
    # The same paper, table 5: a nearly antipodal pair.
    assert inverse(0.0, -30.0, 179.8, 29.9).distance_m == pytest.approx(19_989_832.827610, abs=1e-5)


def test_measured_ways_of_the_case():
    hama = (36.75783, 35.13179)
    assert inverse(37.16117, 36.20124, *hama).distance_m / 1000 == pytest.approx(124.2, abs=0.05)
    assert inverse(*hama, 36.72559, 34.72405).distance_m / 1000 == pytest.approx(45.3, abs=0.05)
    lon, lat, _ = forward(*hama, 45, 5000)
    assert (lon, lat) == pytest.approx((36.796637, 35.163652), abs=1e-6)
    lon, lat, _ = forward(*hama, 45, 8300)
    assert (lon, lat) == pytest.approx((36.822266, 35.184674), abs=1e-6)


@given(LONS, LATS, st.floats(0, 360), st.floats(0, 15_000_000))
def test_forward_agrees_with_geographiclib(lon, lat, azimuth, distance):
    expected = Geodesic.WGS84.Direct(lat, lon, azimuth, distance)
    there = forward(lon, lat, azimuth, distance)
    off = Geodesic.WGS84.Inverse(there.lat, there.lon, expected["lat2"], expected["lon2"])["s12"]
    assert off < 1e-6


@given(LONS, LATS, LONS, LATS)
def test_there_and_back(lon1, lat1, lon2, lat2):
    way = inverse(lon1, lat1, lon2, lat2)
    assert 0.0 <= way.azimuth_deg < 360.0 + 1e-12
    again = forward(lon1, lat1, way.azimuth_deg, way.distance_m)
    assert inverse(again.lon, again.lat, lon2, lat2).distance_m < 1e-5


def test_antimeridian_and_poles():
    assert inverse(179.9, 0, -179.9, 0).distance_m == pytest.approx(22_263.9, abs=0.1)
    assert inverse(0, 90, 123, 90).distance_m == pytest.approx(0.0, abs=1e-6)
    lon, lat, _ = forward(10, 89.9, 0, 22_338.6)  # 0.1 degrees beyond the pole
    assert lon == pytest.approx(-170.0, abs=1e-6)
    assert lat == pytest.approx(89.9, abs=1e-4)


def test_scalars_and_arrays_keep_their_kind():
    assert isinstance(inverse(36, 35, 37, 35).distance_m, float)
    several = forward([36.0, 37.0], 35.0, 90.0, 1000.0)
    assert several.lon.shape == several.lat.shape == (2,)


def test_midpoint_halves_the_way():
    half = midpoint(37.16117, 36.20124, 36.75783, 35.13179)
    first = inverse(37.16117, 36.20124, half.lon, half.lat).distance_m
    second = inverse(half.lon, half.lat, 36.75783, 35.13179).distance_m
    assert first == pytest.approx(second, abs=1e-6)


@given(st.floats(-720, 720), st.floats(-720, 720))
def test_azimuth_difference_is_a_turn(first, second):
    turn = azimuth_difference_deg(first, second)
    assert -180 <= turn < 180
    assert math.cos(math.radians(second + turn - first)) == pytest.approx(1.0, abs=1e-9)


def test_planar_edges_against_brute_force():
    edge = shapely.LineString([(36, 35), (38.5, 37.2)])
    brute = GEOD.geometry_length(shapely.segmentize(edge, 1e-4))
    assert planar_edge_lengths_m(36.0, 35.0, 38.5, 37.2) == pytest.approx(brute, rel=1e-9)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(36, 91), (361, 0), (math.nan, 1), (1, math.inf), ("a", 1), ([1, 2], [1, 2, 3]), (None, 1)],
)
def test_off_the_globe(lon, lat):
    with pytest.raises(InputError):
        check_lonlat(lon, lat)


def test_forward_wants_numbers():
    with pytest.raises(InputError, match="finite"):
        forward(0, 0, math.nan, 1)
    with pytest.raises(InputError, match="finite"):
        forward(0, 0, 1, np.array([1.0, math.inf]))
