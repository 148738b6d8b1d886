"""The shortest way between two geometries: against dense lines and calculation by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from frontline.errors import InputError
from frontline.geodesy import GEOD
from frontline.nearness import distance_m, nearest
from tests.timing import processor_time


def dense(line, step_deg):
    return shapely.get_coordinates(shapely.segmentize(line, step_deg))


def brute(first, second, step_deg):
    """Return the least distance of two dense rows of spots."""
    a, b = dense(first, step_deg), dense(second, step_deg)
    best = np.inf
    for lon, lat in a:
        best = min(best, GEOD.inv(np.full(len(b), lon), np.full(len(b), lat), *b.T)[2].min())
    return best


PAIRS = {
    "beside each other": ([(36, 48), (36.02, 48.01), (36.05, 48.0)],
                          [(36.0, 48.03), (36.03, 48.02), (36.06, 48.04)], 1e-4),
    "end to edge": ([(36, 48), (36.01, 48.0)], [(36.03, 47.98), (36.02, 48.03)], 5e-5),
    "over 180 degrees": ([(179.96, 10), (179.98, 10.02)],
                         [(-179.97, 10.0), (-179.98, 10.03)], 1e-4),
    "beyond 180 degrees": ([(180.01, 10), (180.03, 10.02)],
                           [(-179.9, 10.0), (-179.94, 10.03)], 1e-4),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_lines_against_dense_lines(name):
    a, b, step = PAIRS[name]
    one, other = LineString(a), LineString(b)
    way, back = nearest(one, other), nearest(other, one)
    exact = brute(one, other, step)
    # The least of dense spots is longer than the least, by about step^2 / 8 of the distance.
    assert -1e-6 < exact - way.distance_m < 0.01
    assert back.distance_m == pytest.approx(way.distance_m, abs=1e-6)
    ends = way.lon1, way.lat1, way.lon2, way.lat2
    assert GEOD.inv(*ends)[2] == pytest.approx(way.distance_m, abs=1e-6)
    turn = (way.azimuth_deg - GEOD.inv(*ends)[0] + 180) % 360 - 180
    assert abs(turn) < 1e-6


def test_two_parallels_are_a_piece_of_meridian_apart():
    way = nearest(LineString([(20, 60), (40, 60)]), LineString([(25.123, 62), (33.7, 62)]))
    assert way.distance_m == pytest.approx(GEOD.inv(0, 60, 0, 62)[2], abs=1e-4)
    # Geodesics that start side by side draw nearer: two meridians, at their ends nearest the pole.
    way = nearest(LineString([(20, 10), (20, 60)]), LineString([(21, 12), (21, 70)]))
    spots = np.linspace(55, 62, 70_001)
    exact = GEOD.inv(np.full_like(spots, 20.0), np.full_like(spots, 60.0),
                     np.full_like(spots, 21.0), spots)[2].min()  # fmt: skip
    assert way.distance_m == pytest.approx(exact, abs=1e-3)


def test_areas_round_the_poles():
    cap = box(-180, 89, 180, 90)
    assert distance_m(cap, Point(17, 90)) == 0.0
    far = distance_m(cap, box(10, 60, 20, 70))
    assert far == pytest.approx(GEOD.inv(0, 70, 0, 89)[2], abs=1e-3)
    assert distance_m(cap, Point(15, -40)) == pytest.approx(GEOD.inv(0, 89, 0, -40)[2], abs=1e-3)
    # Over the pole: two spots on opposite meridians.
    ends = MultiPoint([(0, 89.5)]), LineString([(180, 89), (180, 88)])
    assert distance_m(*ends) == pytest.approx(GEOD.inv(0, 89.5, 180, 89)[2], abs=1e-6)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (box(36, 48, 37, 49), box(36.2, 48.2, 36.3, 48.3)),
        (box(36, 48, 37, 49), LineString([(35, 48.5), (38, 48.5)])),
        (LineString([(36, 48), (37, 49)]), LineString([(36, 49), (37, 48)])),
        (box(179, 0, 181, 1), box(-180, 0.2, -179.5, 0.5)),
        (LineString([(179.9, 0), (180.1, 0)]), LineString([(-180, -1), (-180, 1)])),
        (Point(190, 0), Point(-170, 0)),
        (MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), Point(5.5, 5.5)),
    ],
)
def test_what_meets_is_nothing_apart(first, second):
    for way in (nearest(first, second), nearest(second, first)):
        assert way.distance_m == 0.0
        assert np.isnan(way.azimuth_deg)
        assert GEOD.inv(way.lon1, way.lat1, way.lon2, way.lat2)[2] == 0.0


def test_an_area_that_crosses_itself_is_measured_all_the_same():
    bow = Polygon([(36, 48), (37, 49), (37, 48), (36, 49)])
    assert distance_m(bow, Point(38, 48.5)) > 0
    assert distance_m(bow, LineString([(36.5, 48.5), (40, 48.5)])) == 0.0


def test_collections_of_points_and_lines():
    both = GeometryCollection([Point(36, 48), LineString([(38, 48), (38, 49)])])
    exact = GEOD.inv(36.2, 48, 36, 48)[2]
    assert distance_m(both, Point(36.2, 48)) == pytest.approx(exact, abs=1e-6)
    ends = MultiPoint([(36.2, 48), (30, 40)])
    assert distance_m(both, ends) == pytest.approx(exact, abs=1e-6)


def test_a_hole_has_a_border_too():
    land = box(36, 48, 38, 50).difference(box(36.5, 48.5, 37.5, 49.5))
    exact = distance_m(Point(37, 49), LineString([(36.5, 48.5), (36.5, 49.5)]))
    assert distance_m(land, Point(37, 49)) == pytest.approx(exact, abs=1e-6)
    assert distance_m(Point(37, 49).buffer(0.1), land) < exact


def test_two_fronts_of_thousands_of_vertices():
    x = np.linspace(20, 40, 4_000)
    y = 50 + 0.3 * np.sin(x * 3)
    lines = [LineString(np.column_stack([x, y + up])) for up in (0, 0.5)]
    with processor_time() as spent:
        way = nearest(*lines)
    assert spent.seconds < 10.0  # all pairs of edges would take minutes
    some = [LineString(dense(line, 1)[900:2000]) for line in lines]
    assert nearest(*some).distance_m >= way.distance_m - 1e-4
    at = np.searchsorted(x, way.lon1)
    near = [LineString(np.column_stack([x, y + up])[at - 80 : at + 80]) for up in (0, 0.5)]
    assert -1e-6 < brute(*near, 1e-3) - way.distance_m < 1.0


def test_nothing_and_nowhere():
    with pytest.raises(InputError, match="empty"):
        nearest(Point(0, 0), LineString())
    with pytest.raises(InputError, match="not on the globe"):
        nearest(Point(0, 0), LineString([(0, 0), (0, 91)]))
