"""The nearest spot on lines: bounds, completeness and distances against solves of another kind."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from shapely import LineString, MultiLineString, MultiPoint, Point

from frontline.chords import (
    LARGEST_RADIUS_M,
    LEAST_RADIUS_M,
    LONGEST_M,
    geocentric,
    geodetic,
    longest_chord_m,
    longest_geodesic_m,
)
from frontline.errors import InputError
from frontline.geodesy import GEOD
from frontline.pieces import Pieces
from frontline.segments import CHUNK, SegmentIndex

WGS84 = Geodesic.WGS84
lons = st.floats(-180, 180)
lats = st.floats(-90, 90)


# --- the bounds ------------------------------------------------------------------------------


def test_radii_of_curvature_are_the_published_ones():
    # Moritz 2000, Geodetic Reference System 1980: polar radius of curvature c = 6 399 593.6259 m
    # (WGS84 differs by 0.1 mm in b); NIMA TR8350.2: meridian at the equator 6 335 439 m.
    assert pytest.approx(6_399_593.626, abs=0.01) == LARGEST_RADIUS_M
    assert pytest.approx(6_335_439.327, abs=0.01) == LEAST_RADIUS_M


def chord_of(lon1, lat1, lon2, lat2):
    return np.linalg.norm(geocentric(lon1, lat1) - geocentric(lon2, lat2), axis=0)


@given(lons, lats, lons, lats, st.sampled_from([1.0, 1e-2, 1e-5]))
@settings(max_examples=300)
def test_no_pair_breaks_the_bounds(lon1, lat1, lon2, lat2, share):
    lon2, lat2 = lon1 + (lon2 - lon1) * share, lat1 + (lat2 - lat1) * share
    chord = chord_of(lon1, lat1, lon2, lat2)
    way = WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"]
    assert way <= longest_geodesic_m(chord + 1e-6)
    assert chord <= longest_chord_m(way) + 1e-6


def test_no_pair_near_the_antipode_breaks_the_bounds():
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(-180, 180, 20_000), np.degrees(np.arcsin(rng.uniform(-1, 1, 20_000)))
    away = 10.0 ** rng.uniform(-6, 1, (2, 20_000))
    lon2, lat2 = lon + 180.0 + away[0], np.clip(-lat + away[1], -90, 90)
    chord, way = chord_of(lon, lat, lon2, lat2), GEOD.inv(lon, lat, lon2, lat2)[2]
    assert (way <= longest_geodesic_m(chord + 1e-6)).all()
    assert (chord <= longest_chord_m(way) + 1e-6).all()
    assert way.max() < LONGEST_M


def test_the_bounds_are_as_sharp_as_can_be():
    # Along the meridian at the equator the ellipsoid curves most, over a pole least.
    south, north = GEOD.fwd(0, 0, 180, 50_000), GEOD.fwd(0, 0, 0, 50_000)
    slack = longest_geodesic_m(chord_of(*south[:2], *north[:2])) - 100_000
    assert 0 <= slack < 1e-4
    a, b = GEOD.fwd(0, 90, 0, 50_000), GEOD.fwd(0, 90, 180, 50_000)
    assert 0 <= longest_chord_m(100_000.0) - chord_of(*a[:2], *b[:2]) < 1e-4


@given(lons, lats, st.floats(-100, 100))
def test_geodetic_undoes_geocentric(lon, lat, height):
    up = np.array([np.cos(np.radians(lat)) * np.cos(np.radians(lon)),
                   np.cos(np.radians(lat)) * np.sin(np.radians(lon)),
                   np.sin(np.radians(lat))])  # fmt: skip
    found = geodetic(*(geocentric(lon, lat) + up * height))
    assert GEOD.inv(lon, lat, *map(float, found))[2] < 1e-6


@pytest.mark.parametrize("edges", ["planar", "geodesic"])
@pytest.mark.parametrize(
    "line",
    [[(20, 48), (31, 48), (35, 10)], [(-170, 89), (170, 89.99), (20, 90)], [(0, -1), (9, 80)]],
)
def test_pieces_stay_within_their_bulge_and_meet(line, edges):
    pieces = Pieces.of([LineString(line)], edges)
    number = np.arange(len(pieces))
    for t in np.linspace(0, 1, 9):
        spot = geocentric(*pieces.at(number, np.full(len(number), t)))
        chord = np.array([pieces.x + pieces.dx * t, pieces.y + pieces.dy * t,
                          pieces.z + pieces.dz * t])  # fmt: skip
        assert np.linalg.norm(spot - chord, axis=0).max() <= pieces.bulge_m + 1e-6
    assert pieces.joined[1:].all()
    assert np.unique(pieces.segment).tolist() == list(range(len(line) - 1))
    assert pieces.length_m.max() <= 2_000.0 + 1e-6


# --- distances -------------------------------------------------------------------------------


def curve(row, edges):
    """Return the spot of an edge at a share of it as lat, lon, by geographiclib."""
    lon1, lat1, lon2, lat2 = row
    if edges == "planar":
        return lambda t: (lat1 + (lat2 - lat1) * t, lon1 + (lon2 - lon1) * t)
    way = WGS84.InverseLine(lat1, lon1, lat2, lon2)

    def spot(t):
        found = way.Position(way.s13 * t)
        return found["lat2"], found["lon2"]

    return spot


def solved(line, edges, lon, lat, samples=17):
    """Return the distance by geographiclib: each edge sampled, then Brent's method in between."""
    xy = np.asarray(line, dtype=float)
    best = np.inf
    for row in np.hstack([xy[:-1], xy[1:]]):
        spot = curve(row, edges)

        def way(t, spot=spot):
            return WGS84.Inverse(lat, lon, *spot(t))["s12"]

        grid = np.linspace(0, 1, samples)
        values = np.array([way(t) for t in grid])
        best = min(best, values.min())
        for i in np.argsort(values)[:2]:
            ends = grid[max(i - 1, 0)], grid[min(i + 1, samples - 1)]
            found = minimize_scalar(way, bounds=ends, method="bounded", options={"xatol": 1e-11})
            best = min(best, found.fun)
    return best


LINES = {
    "middle latitudes": [(36.0, 48.0), (36.03, 48.01), (36.02, 48.07), (36.2, 48.06)],
    "a parallel of 500 km": [(33.0, 48.0), (39.7, 48.0)],
    "500 km each": [(36, 35), (41, 36.5), (38, 40.5), (43, 42)],
    "over 180 degrees": [(179.5, 10), (179.99, 10.2), (180.4, 10.1), (181, 10.6)],
    "round the pole": [(-170, 88), (-60, 89.5), (40, 88.7), (160, 89.9)],
    "close by the pole": [(0, 89.999), (120, 89.9995), (240, 89.9992)],
    "over the south pole": [(20, -89.9), (20, -90), (100, -90), (100, -89.5)],
    "on the equator": [(20, 0), (24, 0), (25, -0.5)],
    "a few metres": [(36, 48), (36.00002, 48.00001), (36.00001, 48.00004)],
}


@pytest.mark.parametrize("edges", ["planar", "geodesic"])
@pytest.mark.parametrize("name", LINES)
def test_distances_are_true_to_a_tenth_of_a_millimetre(name, edges):
    line = LINES[name]
    index = SegmentIndex.of([LineString(line)], edges)
    rng = np.random.default_rng(len(name))
    xy = np.asarray(line)[rng.integers(0, len(line), 7)]
    far = np.array([0.3, 20.0, 900.0, 3e4, 2.5e5, 1.5e6, 6e6])
    lon, lat, _ = GEOD.fwd(*xy.T, rng.uniform(0, 360, 7), far)
    found = index.query(lon, lat)
    exact = [solved(line, edges, x, y) for x, y in zip(lon, lat, strict=True)]
    np.testing.assert_allclose(found.distance_m, exact, rtol=0, atol=1e-4)
    # The spot that it names is there, and in the direction that it says.
    azimuth, _, way = GEOD.inv(lon, lat, found.lon, found.lat)
    np.testing.assert_allclose(way, exact, rtol=0, atol=1e-4)
    turn = np.radians((azimuth - found.azimuth_deg + 180) % 360 - 180)
    assert (np.abs(turn) * way < np.maximum(way * 1e-4, 1e-4)).all()
    assert (np.abs(found.lon) <= 180).all()


def test_distance_against_a_line_with_a_vertex_every_two_metres():
    line = LineString([(36.0, 35.0), (36.3, 35.2), (36.25, 35.4)])
    dense = shapely.get_coordinates(shapely.segmentize(line, 0.00002))
    index = SegmentIndex.of([line])
    for lon, lat in [(36.2, 35.3), (36.26, 35.19), (35.0, 36.0), (36.27, 35.41)]:
        brute = GEOD.inv(np.full(len(dense), lon), np.full(len(dense), lat), *dense.T)[2].min()
        assert 0 <= brute - index.query(lon, lat).distance_m[0] < 1e-3


def test_half_the_earth_away():
    line = LINES["middle latitudes"]
    index = SegmentIndex.of([LineString(line)])
    lon, lat = np.array([-144.0, -143.9, -140.0, 100.0]), np.array([-48.0, -48.1, -47.0, -60.0])
    exact = [solved(line, "planar", x, y, samples=200) for x, y in zip(lon, lat, strict=True)]
    np.testing.assert_allclose(index.query(lon, lat).distance_m, exact, rtol=0, atol=1e-3)


@given(st.integers(0, 10_000), st.floats(2, 6.5), st.floats(0, 7), st.sampled_from([30, 48, 85]))
@settings(max_examples=25)
def test_no_piece_is_missed(seed, size, reach, lat):
    """The index agrees with every edge asked alone, which needs no certificate."""
    rng = np.random.default_rng(seed)
    turns = np.cumsum(rng.normal(0, 60, 25))
    xy = [(36.0, float(lat))]
    for turn, step in zip(turns, rng.exponential(10**size / 10, 25), strict=True):
        x, y, _ = GEOD.fwd(*xy[-1], turn, step)
        xy.append((xy[-1][0] + (x - xy[-1][0] + 180) % 360 - 180, y))
    lines = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    lines = lines[np.abs(shapely.bounds(lines)[:, [0, 2]]).max(axis=1) < 360]
    at = np.asarray(xy)[rng.integers(0, 25, 20)]
    lon, y, _ = GEOD.fwd(*at.T, rng.uniform(0, 360, 20), rng.uniform(0, 10**reach, 20))
    found = SegmentIndex.of(lines).query(lon, y)
    alone = np.array([SegmentIndex.of([line]).query(lon, y).distance_m for line in lines])
    np.testing.assert_allclose(found.distance_m, alone.min(axis=0), rtol=0, atol=1e-5)
    named = alone[found.line, np.arange(20)]
    np.testing.assert_allclose(named, alone.min(axis=0), rtol=0, atol=1e-5)


def ring(count, radius_m=50_000.0):
    around = np.linspace(0, 360, count + 1)
    spot = np.full_like(around, 36.0), np.full_like(around, 48.0)
    lon, lat, _ = GEOD.fwd(*spot, around, np.full_like(around, radius_m))
    return LineString(np.column_stack([lon, lat]))


def test_the_centre_of_a_ring_takes_little_memory():
    index = SegmentIndex.of([ring(4_000)])
    rng = np.random.default_rng(2)
    lon, lat = rng.normal(36, 1e-5, 300), rng.normal(48, 1e-5, 300)
    index.query(36.0, 48.0)
    tracemalloc.start()
    found = index.query(lon, lat)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # all 1.2 million pairs at once are ten times as much
    # From a spot e from the centre the ring is 50 km - e away, less the sagitta of its edges.
    off = GEOD.inv(np.full(300, 36.0), np.full(300, 48.0), lon, lat)[2]
    np.testing.assert_allclose(found.distance_m, 50_000 - off, rtol=0, atol=0.02)


def test_more_points_than_a_chunk_keep_their_order():
    index = SegmentIndex.of([ring(50)])
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(34, 38, CHUNK + 904), rng.uniform(46, 50, CHUNK + 904)
    found = index.query(lon, lat)
    for some in (slice(0, 7), slice(CHUNK - 3, CHUNK + 3)):
        again = index.query(lon[some], lat[some])
        np.testing.assert_allclose(again.distance_m, found.distance_m[some], rtol=0, atol=1e-8)
    assert np.isfinite(found.azimuth_deg).all()


def test_numbers_of_lines_and_segments():
    lines = [
        LineString([(36, 48), (36.5, 48), (36.5, 48.5)]),
        LineString([(38, 48), (39, 48)]),
        MultiLineString([[(40, 48), (41, 48)], [(42, 48), (43, 48), (43, 49)]]),
    ]
    found = SegmentIndex.of(lines).query([36.6, 38.4, 43.1], [48.2, 48.1, 48.7])
    assert found.line.tolist() == [0, 1, 2]
    assert found.segment.tolist() == [1, 0, 2]


def test_on_the_line_there_is_no_direction():
    found = SegmentIndex.of([LineString([(0, 0), (2, 0)])]).query([0.0, 1.0], [0.0, 0.0])
    assert found.distance_m.tolist() == [0, 0]
    assert np.isnan(found.azimuth_deg).all()


@pytest.mark.parametrize("off_deg", [0.0, 1e-9, 1e-6, 1e-4])
def test_spots_on_or_by_a_line_are_their_own_nearest(off_deg):
    rng = np.random.default_rng(11)
    for lat, rise in zip(rng.uniform(-60, 60, 20), rng.uniform(-0.3, 0.3, 20), strict=True):
        share = rng.uniform(0, 1, 50)
        lon, y = 10.0 + 0.3 * share, lat + rise * share
        index = SegmentIndex.of([LineString([(10.0, lat), (10.3, lat + rise)])])
        found = index.query(lon, y + off_deg)
        off_m = GEOD.inv(lon, y, lon, y + off_deg)[2]
        slope = np.arctan2(rise, 0.3 * np.cos(np.radians(lat)))
        assert (found.distance_m <= off_m + 1e-5).all()
        assert (found.distance_m >= off_m * np.cos(slope) * 0.98 - 1e-5).all()
        way = GEOD.inv(lon, y + off_deg, found.lon, found.lat)[2]
        np.testing.assert_allclose(way, found.distance_m, rtol=0, atol=1e-4)


def test_points_and_edges_of_no_length_count():
    index = SegmentIndex.of([MultiPoint([(36, 48), (37, 48)]), LineString([(39, 48), (39, 48)])])
    found = index.query([36.9, 38.9], [48.0, 48.0])
    assert found.line.tolist() == [0, 1]
    exact = GEOD.inv([36.9, 38.9], [48, 48], [37, 39], [48, 48])[2]
    np.testing.assert_allclose(found.distance_m, exact, atol=1e-8)


@pytest.mark.parametrize("bad", [(np.nan, 0), (0, 91), (400, 0)])
def test_points_off_the_globe(bad):
    with pytest.raises(InputError, match="not on the globe"):
        SegmentIndex.of([LineString([(0, 0), (1, 1)])]).query(*bad)


def test_lines_that_are_none():
    for lines in ([], [LineString()], [None]):
        with pytest.raises(InputError, match="no line"):
            SegmentIndex.of(lines)
    with pytest.raises(InputError, match="not on the globe"):
        SegmentIndex.of([LineString([(0, 0), (0, 95)])])
    with pytest.raises(InputError, match="'planar' or 'geodesic'"):
        SegmentIndex.of([Point(0, 0)], edges="straight")
