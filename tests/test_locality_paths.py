"""Localities along roads and rivers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from frontline._resources import geodata_path
from frontline.errors import InputError, UnresolvedFeatureError
from frontline.gazetteer import Gazetteer
from frontline.locality import locate, locate_all
from frontline.locality.courses import Course, courses
from frontline.locality.known_paths import bundled_path, known_path, own_paths

GEOD = Geod(ellps="WGS84")
SARAQIB = (36.80591, 35.86447)


def reach_m(found):
    xy = shapely.get_coordinates(found.region)
    x, y = np.full(len(xy), found.point.x), np.full(len(xy), found.point.y)
    return GEOD.inv(x, y, xy[:, 0], xy[:, 1])[2].max()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("M5", "M5"),
        ("the M-5 highway", "M5"),
        ("autoroute M5", "M5"),
        ("\u0442\u0440\u0430\u0441\u0441\u0430 \u041c5", "M5"),
        ("\u0442\u0440\u0430\u0441\u0441\u0435 \u041c-4", "M4"),
        ("\u0627\u0644\u0637\u0631\u064a\u0642 \u0627\u0644\u062f\u0648\u0644\u064a M5", "M5"),
        ("\u0625\u0645 5", "M5"),
        ("M\u0665", "M5"),
        ("the Aleppo-Damascus highway", "M5"),
        ("F\u0131rat nehri", "Euphrates"),
        ("Euphrat", "Euphrates"),
        ("\u0627\u0644\u0641\u0631\u0627\u062a", "Euphrates"),
        ("\u0440\u0435\u043a\u0438 \u0415\u0432\u0444\u0440\u0430\u0442", "Euphrates"),
        ("Dnipro", "Dnieper"),
        ("M50", None),
        ("Euphoria", None),
        ("the", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_names_of_paths(name, path):
    assert known_path(name) == path


def test_the_bundled_paths_are_told_apart_by_their_names():
    data = json.loads(geodata_path("paths.geojson").read_text(encoding="utf-8"))
    for feature in data["features"]:
        facts = feature["properties"]
        assert {"ar", "de", "en", "es", "fr", "pt", "ru", "tr", "uk", "az"} >= set(facts["names"])
        assert facts["uncertainty_m"] >= 1000
        for names in facts["names"].values():
            assert {known_path(name) for name in names} == {facts["name"]}, names


@pytest.mark.parametrize(
    ("path", "place", "within_km"),
    [
        ("M5", "Khan al-Sibel", 2.0),
        ("M5", "Besirin", 2.0),
        ("M4", "Urum al-Jawz", 3.0),
        ("Euphrates", "Raqqa", 4.0),
        ("Euphrates", "Mayadin", 4.0),
        ("Orontes", "Shaizar", 2.0),
    ],
)
def test_paths_pass_the_places_on_them(path, place, within_km):
    course = courses(bundled_path(path).line)[0]
    found = Gazetteer.bundled().place(place)
    assert course.crossing(found.lon, found.lat).aside_m < within_km * 1000


def test_a_distance_along_the_bundled_road():
    found = locate("on the M5 10 km south of Saraqib")
    course = courses(bundled_path("M5").line)[0]
    start = course.crossing(*SARAQIB).at_m
    # By hand: Maarat al-Numan is 26.7 km on, the leg runs straight at its azimuth.
    azimuth = GEOD.inv(*SARAQIB, 36.67693, 35.6483)[0]
    there = GEOD.fwd(*SARAQIB, azimuth, 10_000)[:2]
    assert GEOD.inv(*there, found.point.x, found.point.y)[2] < 20.0  # planar edge against geodesic
    assert course.crossing(found.point.x, found.point.y).at_m == pytest.approx(
        start + 10_000, abs=1
    )
    assert found.parts["course of the path"] == 2500.0
    assert sum(found.parts.values()) == pytest.approx(found.uncertainty_m)
    assert reach_m(found) <= found.uncertainty_m
    assert found.region.covers(found.point)
    assert "schematic" in found.explanation


def test_the_standard_measures_on_the_line_and_adds_no_angle():
    found = locate("on the M5 10 km south of Saraqib", method="standard")
    radial = Gazetteer.bundled().place("Saraqib").radius_m
    # The radial of the start, half the step of "10 km", and how far the line is drawn off.
    assert found.uncertainty_m == pytest.approx(radial + 500.0 + 2500.0, rel=1e-6)
    road = shapely.LineString([(36.80591, 36.2), (36.80591, 35.5)])
    own = gpd.GeoDataFrame({"name": ["M5"], "uncertainty_m": [0.0]}, geometry=[road], crs=4326)
    found = locate("on the M5 10 km south of Saraqib", method="standard", paths=own_paths(own))
    assert found.uncertainty_m == pytest.approx(radial + 500.0, rel=1e-6)
    there = GEOD.fwd(*SARAQIB, 180, 10_000)[:2]
    assert GEOD.inv(*there, found.point.x, found.point.y)[2] < 0.01


def test_the_heading_only_chooses_the_way():
    south = locate("on the M5 10 km south of Saraqib")
    southwest = locate("on the M5 10 km southwest of Saraqib")
    assert south.point.equals(southwest.point)
    north = locate("on the M5 10 km north of Saraqib")
    assert north.point.y > SARAQIB[1]
    with pytest.raises(UnresolvedFeatureError, match=r"lead that way|ends within"):
        locate("on the M5 10 km north of Aleppo")


def test_the_stretch_between_two_places():
    found = locate("on the M5 between Hama and Homs")
    course = courses(bundled_path("M5").line)[0]
    for lon, lat, inside in (
        (36.73241, 34.92667, True),  # Rastan
        (36.73092, 34.84072, True),  # Talbiseh
        (36.74848, 35.29193, False),  # Suran, north of Hama
        (36.742, 34.541, False),  # Shamsin, south of Homs
        (36.68, 34.99, False),  # off the road
    ):
        assert found.region.covers(shapely.Point(lon, lat)) is inside
    ways = [course.crossing(x, y).at_m for x, y in ((36.75783, 35.13179), (36.72559, 34.72405))]
    assert course.crossing(found.point.x, found.point.y).at_m == pytest.approx(sum(ways) / 2, abs=1)


def test_a_heading_ends_half_way_to_the_next_town_on_the_road():
    found = locate("on the M5 south of Saraqib")
    assert "half-way to Maarat al-Numan" in found.explanation
    assert found.region.covers(shapely.Point(36.77, 35.8))
    assert not found.region.covers(shapely.Point(36.68, 35.66))


def test_near_a_town_on_a_river():
    found = locate("on the Euphrates River near Raqqa")
    assert GEOD.inv(39.00788, 35.95283, found.point.x, found.point.y)[2] < 4000
    assert found.parts["course of the path"] == 3500.0


def test_no_heading_means_both_ways():
    found = locate("15 km from Homs along the M5")
    north = GEOD.fwd(36.72559, 34.72405, 2, 15_000)[:2]
    south = GEOD.fwd(36.72559, 34.72405, 181, 15_000)[:2]
    for point in (north, south):
        assert found.region.covers(shapely.Point(point))
    assert not found.region.covers(found.point)
    assert reach_m(found) <= found.uncertainty_m


def test_a_place_far_from_the_path_is_refused():
    with pytest.raises(UnresolvedFeatureError, match="passes"):
        locate("on the M5 10 km south of Qamishli")


def test_own_paths_take_precedence():
    road = shapely.LineString([(36.5, 35.86447), (37.2, 35.86447)])
    found = locate("on the M5 10 km east of Saraqib", paths={"M5": road})
    assert found.point.y == pytest.approx(35.86447, abs=1e-4)
    parts = shapely.MultiLineString([[(36.5, 35.86447), (36.9, 35.86447)], [(40, 36), (41, 36)]])
    found = locate("on the Ring Road 5 km east of Saraqib", paths={"Ring Road": parts})
    assert found.point.x > SARAQIB[0]


def test_own_paths_in_every_shape():
    road = shapely.LineString([(36.5, 35.86), (37.2, 35.86)])
    series = gpd.GeoSeries([road], index=["Ring Road"], crs=4326).to_crs(32637)
    line = own_paths(series)["Ring Road"].line
    assert shapely.get_coordinates(line)[0] == pytest.approx((36.5, 35.86))
    frame = gpd.GeoDataFrame({"name": ["Ring Road"]}, geometry=[road], crs=4326)
    assert own_paths(frame)["Ring Road"].uncertainty_m is None
    assert own_paths(None) == {}


def test_own_paths_are_taken_by_locate_in_every_shape():
    road = shapely.LineString([(36.5, 35.86447), (37.2, 35.86447)])
    frame = gpd.GeoDataFrame(
        {"name": ["Ring Road"], "uncertainty_m": [50.0]}, geometry=[road], crs=4326
    )
    series = gpd.GeoSeries([road], index=["Ring Road"], crs=4326).to_crs(32637)
    phrase = "on the Ring Road 5 km east of Saraqib"
    wanted = locate(phrase, paths={"Ring Road": road}).point
    for paths in (frame, series):
        for point in (
            locate(phrase, paths=paths).point,
            locate_all([phrase], paths=paths, regions=False).point[0],
        ):
            assert GEOD.inv(wanted.x, wanted.y, point.x, point.y)[2] < 1.0
    stated, unstated = (locate(phrase, paths=each) for each in (frame, series))
    assert stated.uncertainty_m < unstated.uncertainty_m


@pytest.mark.parametrize("phrase", ["Hama", "5 km north of Hama", "on the M5 5 km south of Homs"])
def test_what_is_no_path_is_refused_whatever_is_asked(phrase):
    for ask in (locate, lambda phrase, paths: locate_all([phrase], paths=paths)):
        with pytest.raises(InputError, match="paths must be a mapping"):
            ask(phrase, paths=5)


def test_the_stated_figure_is_kept_by_the_towns_that_check_it():
    folder = Path(__file__).parents[1] / "geodata" / "build"
    gazetteer = {place.place_id: (place.lon, place.lat) for place in Gazetteer.bundled()}
    with (folder / "path-waypoints.csv").open(encoding="utf-8", newline="") as file:
        checks = [row for row in csv.DictReader(file) if row["role"] == "check"]
    kept: dict[str, list[bool]] = {}
    for row in checks:
        lon, lat = gazetteer.get(row["place_id"]) or map(
            float, reversed(row["place_id"].rpartition("@")[2].split(","))
        )
        path = bundled_path(row["path"])
        near = min(each.crossing(lon, lat, None).aside_m for each in courses(path.line))
        kept.setdefault(row["path"], []).append(near <= path.uncertainty_m)
    assert sum(map(len, kept.values())) >= 30
    for path, within in kept.items():
        assert np.mean(within) >= 0.95, path


def test_the_figure_is_said_as_what_it_is():
    remark = locate("on the M5 10 km south of Saraqib").remarks[0]
    assert "schematic: usually within 2.5 km;" in remark


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        ([1], "mapping"),
        ({"M5": shapely.Point(36, 35)}, "must be a line"),
        ({"M5": shapely.LineString()}, "must be a line"),
        ({"M5": shapely.LineString([(279_000, 3_890_000), (279_500, 3_890_000)])}, "globe"),
        (gpd.GeoSeries([shapely.LineString([(36, 35), (37, 35)])]), "CRS"),
        (gpd.GeoDataFrame(geometry=[shapely.LineString([(36, 35), (37, 35)])], crs=4326), "name"),
    ],
)
def test_what_is_no_path(paths, words):
    with pytest.raises(InputError, match=words):
        own_paths(paths)


def test_every_fault_of_own_paths_is_named():
    with pytest.raises(InputError, match=r"(?s)'a'.*'b'"):
        own_paths({"a": shapely.Point(36, 35), "b": None})


def test_the_way_along_a_course_is_that_of_the_ellipsoid():
    # geographiclib's direct problem: 1,000 km along the equator and 500 km along a meridian.
    course = Course.of(shapely.LineString([(0, 0), (20, 0)]))
    assert course.at(1_000_000)[0] == pytest.approx(GEOD.fwd(0, 0, 90, 1_000_000)[0], abs=1e-8)
    course = Course.of(shapely.LineString([(36, 30), (36, 40)]))
    assert course.at(500_000)[1] == pytest.approx(GEOD.fwd(36, 30, 0, 500_000)[1], abs=1e-8)
