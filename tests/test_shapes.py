"""Outlines, areas and distances on the ellipsoid, the antimeridian and the poles included."""

import math

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from frontline.edges import area_m2, areas_m2, length_m, split_edges
from frontline.errors import InputError
from frontline.geodesy import forward, inverse, midpoint
from frontline.nearness import distance_m, nearest
from frontline.planes import LocalPlane
from frontline.shapes import buffer_m, ring, sector

SPOTS = [(36.75783, 35.13179), (179.95, 10), (-179.9, -60), (0, 89.8), (50, -89.5), (12, 0)]


def brute_area_m2(polygon):
    """Area by geographiclib over edges densified to about 50 m."""
    total = 0.0
    for index, line in enumerate(shapely.get_rings(shapely.segmentize(polygon, 0.0005))):
        tool = Geodesic.WGS84.Polygon()
        for lon, lat in shapely.get_coordinates(line)[:-1]:
            tool.AddPoint(lat, lon)
        area = abs(tool.Compute()[2])
        total += area if index == 0 else -area
    return total


def test_area_against_brute_force():
    holed = Polygon(
        [(36, 35), (36.6, 35.1), (36.4, 35.5)],
        [[(36.3, 35.15), (36.4, 35.15), (36.35, 35.3)]],
    )
    assert area_m2(holed) == pytest.approx(brute_area_m2(holed), rel=1e-9)
    assert area_m2(holed.reverse()) == pytest.approx(area_m2(holed), rel=1e-12)


def test_area_of_the_globe():
    # WGS84 surface, 510,065,621.724 km2 (NIMA TR8350.2).
    assert area_m2(box(-180, -90, 180, 90)) / 1e6 == pytest.approx(510_065_621.724, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=8, max_size=20))
@settings(max_examples=50)
def test_areas_of_neighbours_close(points):
    sites = shapely.multipoints(np.array(points) / 100.0 + [34.0, 32.0])
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=box(34, 32, 38, 36)))
    cells = shapely.intersection(cells, box(34, 32, 38, 36))
    cells = cells[shapely.area(cells) > 0]
    if len(np.unique(points, axis=0)) > 2:
        assert areas_m2(cells).sum() == pytest.approx(area_m2(box(34, 32, 38, 36)), rel=1e-9)


def test_geodesic_edges_differ_from_planar_ones():
    wide = box(30, 40, 40, 50)
    assert area_m2(wide, edges="geodesic") != pytest.approx(area_m2(wide), rel=1e-6)
    edge = LineString([(30, 40), (40, 40)])
    assert length_m(edge, edges="geodesic") == pytest.approx(
        inverse(30, 40, 40, 40).distance_m, abs=1e-6
    )
    assert length_m(edge) > length_m(edge, edges="geodesic")


def test_nothing_has_no_area():
    assert (
        areas_m2([None, Polygon(), Point(1, 2), LineString([(0, 0), (1, 1)])]).tolist() == [0] * 4
    )


@pytest.mark.parametrize(("lon", "lat"), SPOTS)
def test_ring_is_the_disc(lon, lat):
    disc = ring(lon, lat, 50_000, vertices=720)
    assert disc.is_valid
    assert area_m2(disc) == pytest.approx(math.pi * 50_000**2, rel=2e-4)
    assert distance_m(Point(lon, lat), disc) == 0.0
    edge = shapely.get_coordinates(disc)
    edge = edge[(np.abs(edge[:, 0]) < 180) & (np.abs(edge[:, 1]) < 90)]
    away = inverse(np.full(len(edge), lon), np.full(len(edge), lat), *edge.T).distance_m
    assert away == pytest.approx(50_000, abs=250)  # cut at the antimeridian between vertices


def test_ring_crossing_is_cut():
    assert isinstance(ring(179.95, 10, 50_000), MultiPolygon)
    west, south, east, north = ring(0, 89.8, 50_000).bounds
    assert (west, east, north) == (-180, 180, 90)
    assert south < 89.8


@pytest.mark.parametrize(("lon", "lat"), SPOTS)
@pytest.mark.parametrize(("half", "inner"), [(22.5, 3000), (45, 0), (180, 3000), (11.25, 5999)])
def test_sector_holds_what_it_means(lon, lat, half, inner):
    region = sector(lon, lat, 30.0, half, inner, 9000.0)
    assert region.is_valid
    expected = math.pi * (9000**2 - inner**2) * half / 180
    assert area_m2(region) == pytest.approx(expected, rel=0.005)
    for azimuth, way, inside in [
        (30, (inner + 9000) / 2, True),
        (30 + half * 0.9, 8900, True),
        (30, 9100, False),
        (30 + half + 5, 8000, half >= 180),
    ]:
        spot = Point(*forward(lon, lat, azimuth, way)[:2])
        assert region.buffer(0).contains(spot) is inside, (azimuth, way)


def test_sector_sides_are_geodesics():
    region = sector(36.76, 35.13, 45, 22.5, 0, 400_000)
    side = Point(*forward(36.76, 35.13, 45 + 22.4, 200_000)[:2])
    beyond = Point(*forward(36.76, 35.13, 45 + 22.6, 200_000)[:2])
    assert region.contains(side)
    assert not region.contains(beyond)


@pytest.mark.parametrize("bad", [(0, 0, 0, 45, 5, 5), (0, 0, 0, 45, 0, 2e7), (0, 95, 0, 45, 0, 1)])
def test_impossible_sectors(bad):
    with pytest.raises(InputError):
        sector(*bad)


def test_split_edges_keeps_the_meaning():
    edge = LineString([(34, 36), (39.5, 36.9)])
    split = shapely.get_coordinates(split_edges(edge))
    middle = (split[:-1] + split[1:]) / 2
    geodesic = midpoint(*split[:-1].T, *split[1:].T)
    assert inverse(*middle.T, geodesic.lon, geodesic.lat).distance_m.max() < 0.002
    assert split_edges([None, Point(1, 1)])[1] == Point(1, 1)


def test_distance_against_brute_force():
    line = LineString([(36.0, 35.0), (38.0, 36.5), (39.0, 34.0)])
    dense = shapely.get_coordinates(shapely.segmentize(line, 0.00002))
    for lon, lat in [(36.9, 36.4), (38.9, 36.2), (35.0, 33.0), (37.9, 36.0)]:
        brute = inverse(np.full(len(dense), lon), np.full(len(dense), lat), *dense.T).distance_m
        way = nearest(Point(lon, lat), line)
        assert way.distance_m == pytest.approx(brute.min(), abs=0.01)
        assert way.distance_m <= brute.min() + 1e-6
        assert inverse(way.lon1, way.lat1, way.lon2, way.lat2).distance_m == way.distance_m


def test_distance_over_the_antimeridian():
    assert nearest(Point(179.9, 0), LineString([(-179.9, -1), (-179.9, 1)])).distance_m == (
        pytest.approx(inverse(179.9, 0, -179.9, 0).distance_m, abs=1e-4)
    )


def test_distance_between_areas():
    a, b = box(36, 35, 36.5, 35.5), box(37, 35.2, 37.5, 36)
    # The nearest edges are two meridians; the gap is narrowest at the northern common latitude.
    # Nearest lies a little south of it on the other meridian, so from a corner to an edge.
    gap = inverse(36.5, 35.5, 37, np.linspace(35.4, 35.6, 20_001)).distance_m.min()
    assert distance_m(a, b) == pytest.approx(gap, abs=1e-3)
    assert distance_m(b, a) == pytest.approx(distance_m(a, b), abs=1e-3)
    assert distance_m(a, box(36.2, 35.2, 40, 40)) == 0.0
    assert distance_m(Point(36.1, 35.1), a) == 0.0


def test_distance_to_nothing():
    with pytest.raises(InputError, match="empty"):
        distance_m(Point(0, 0), Polygon())


@pytest.mark.parametrize(("lon", "lat"), SPOTS)
def test_buffer_of_a_short_line(lon, lat):
    other = forward(lon, lat, 90, 100.0)
    around = buffer_m(LineString([(lon, lat), (lon + 1e-6, lat)]), 30_000)
    assert area_m2(around) == pytest.approx(math.pi * 30_000**2, rel=1e-3)
    assert distance_m(Point(other.lon, other.lat), around) == 0.0


def test_buffer_with_a_hole_and_shrunk():
    frame = box(36, 35, 37, 36).difference(box(36.3, 35.3, 36.7, 35.7))
    grown = buffer_m(frame, 5000)
    assert area_m2(grown) > area_m2(frame)
    assert len(grown.interiors) == 1
    assert buffer_m(box(36, 35, 36.01, 35.01), -5000).is_empty


def test_local_plane_round_trip():
    plane = LocalPlane.of([box(35, 32, 42, 37)])
    xy = np.array([[36.75783, 35.13179], [41.0, 33.0]])
    assert plane.inverse_xy(plane.forward_xy(xy)) == pytest.approx(xy, abs=1e-9)
    assert np.hypot(*plane.forward_xy(xy)[0]) == pytest.approx(
        inverse(plane.lon, plane.lat, *xy[0]).distance_m, abs=1e-6
    )
