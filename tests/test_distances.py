"""Distances between whatever has a place, against geographiclib and hand calculation."""

import math

import geopandas as gpd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

import frontline as fl

HAMA, ALEPPO, HOMS = (36.75783, 35.13179), (37.16117, 36.20124), (36.72559, 34.72405)


def truth_m(a, b):
    return Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"]


def test_aleppo_to_hama():
    way = fl.distance("Aleppo", "Hama")
    assert str(way) == "124.2 km SSW"
    assert way.m == pytest.approx(truth_m(ALEPPO, HAMA), abs=1e-3)
    assert way.km == pytest.approx(124.2, abs=0.05)
    assert way.mi == pytest.approx(way.m / 1609.344)
    assert way.heading == "SSW"
    assert way.low_m < way.m < way.high_m
    # The bounds between centres are the two radii: 7.8 km published, 3.36 km by population.
    assert way.high_m - way.m == pytest.approx(7_777 + 3_358, abs=60)


def test_edges_are_nearer_by_both_radii():
    centres, edges = fl.distance("Hama", "Homs"), fl.distance("Hama", "Homs", between="edges")
    hama, homs = fl.place("Hama"), fl.place("Homs")
    assert edges.m == pytest.approx(centres.m - hama.radius_m - homs.radius_m, abs=1e-6)
    # Homs' area is published, Hama's comes from its population, good to 10 % of the radius.
    assert edges.high_m - edges.m == pytest.approx(0.1 * hama.radius_m)


def test_spellings_and_kinds_agree():
    expected = fl.distance("Hama", "Homs").m
    for first in ("حماة", fl.place("Hamah"), HAMA, shapely.Point(HAMA)):
        assert fl.distance(first, "حمص").m == pytest.approx(expected, abs=1e-6)


def test_phrase_to_place():
    way = fl.distance("5 km northeast of Hama", "Hama")
    assert way.m == pytest.approx(5000, abs=1e-3)
    assert way.heading == "SW"
    edges = fl.distance("5 km northeast of Hama", "Homs", between="edges")
    assert edges.m < fl.distance("5 km northeast of Hama", "Homs").m
    assert fl.distance(fl.locate("5 km northeast of Hama"), "Hama").m == pytest.approx(way.m)
    assert fl.distance(fl.parse("5 km northeast of Hama"), "Hama").m == pytest.approx(way.m)


def test_geometry_to_place():
    box = shapely.box(36.5, 36.0, 37.0, 36.5)
    way = fl.distance(box, HAMA, between="edges")
    # South of the box, so the nearest spot lies on its southern edge at Hama's longitude, nearly.
    assert way.m == pytest.approx(truth_m((36.75783, 36.0), HAMA), abs=30)
    assert way.m <= truth_m((36.75783, 36.0), HAMA)
    assert fl.distance(box, (36.7, 36.2), between="edges").m == 0.0


def test_touching_extents_are_not_negative():
    near = fl.distance("Hama", (36.76, 35.14), between="edges")
    assert near.m == 0.0
    assert near.low_m == 0.0


def test_a_phrase_may_mean_the_far_end_of_its_region():
    phrase = fl.locate("5 km northeast of Hama")
    edges = fl.distance(phrase, "Homs", between="edges")
    homs = fl.place("Homs")
    farthest = max(
        fl.distance(spot, "Homs").m - homs.radius_m
        for spot in shapely.get_coordinates(phrase.region).tolist()
    )
    assert edges.low_m <= edges.m
    assert farthest <= edges.high_m


def test_drawn_borders_are_unsure_by_2_km():
    hama = fl.Gazetteer.bundled().area("Hama")
    beside = fl.distance(hama, fl.Gazetteer.bundled().area("Homs"), between="edges")
    assert (beside.m, beside.high_m) == (0.0, 4000.0)
    assert beside.heading is None


def test_method_is_one_of_two_words():
    with pytest.raises(fl.InputError, match="standard"):
        fl.distance("Hama", "Homs", method="foo")


def test_one_spot_has_no_heading():
    way = fl.distance("Hama", "Hama")
    assert way.m == 0.0
    assert way.heading is None
    assert math.isnan(way.azimuth_deg)
    assert way.to_dict()["azimuth_deg"] is None
    assert str(way) == "0.00 km"


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ("Hamburgistan", fl.UnknownPlaceError),
        ("Suran", fl.AmbiguousPlaceError),
        ("15 km from the city", fl.UnresolvedFeatureError),
        ((36.8, 135.2), fl.InputError),
        ((36.8, math.nan), fl.InputError),
        (None, fl.InputError),
        (shapely.Polygon(), fl.InputError),
        (shapely.Point(math.nan, 1), fl.InputError),
        ((1, 2, 3), fl.InputError),
        ((200.0, 35.0), fl.InputError),
        (shapely.box(170, 30, 200, 40), fl.InputError),
        ("35.16, 36.80", fl.InputError),
        (gpd.GeoSeries([shapely.Point(36.8, 35.1)], crs=4326), fl.InputError),
    ],
)
def test_what_has_no_place(first, error):
    with pytest.raises(error):
        fl.distance(first, "Hama")


def test_between_is_one_of_two_words():
    with pytest.raises(fl.InputError, match="centres"):
        fl.distance("Hama", "Homs", between="walls")


def test_html_is_escaped():
    way = fl.distance(HAMA, HOMS)
    assert "<caption><bdi>45.3 km S</bdi></caption>" in way._repr_html_()
