"""Governorates, countries, countrysides and borders: areas that words mean or do not mean."""

from __future__ import annotations

import pytest
import shapely
from pyproj import Geod

from frontline.errors import AmbiguousPlaceError, UnknownPlaceError, UnresolvedFeatureError
from frontline.gazetteer import Gazetteer
from frontline.locality import locate, locate_all, parse

GEOD = Geod(ellps="WGS84")

# Towns that reports of 2012-2024 call so.
TOWNS = {
    "northern Hama countryside": (
        "Hama",
        [
            *("Suran", "Morek", "Kafr Zita", "Latamneh", "Taybat al-Imam", "Halfaya", "Khattab"),
            *("Qomhana", "Maardis", "Karnaz"),
        ],
    ),
    "northern Homs countryside": ("Homs", ["Rastan", "Talbiseh"]),
    "southern Homs countryside": ("Homs", ["Qusayr"]),
    "southern Aleppo countryside": ("Aleppo", ["Al-Eis"]),
    "northern Aleppo countryside": ("Aleppo", ["Tell Rifaat", "Nubl", "Anadan"]),
    "eastern Aleppo countryside": ("Aleppo", ["Al-Bab"]),
    "eastern Idlib countryside": ("Idlib", ["Saraqib"]),
}


@pytest.mark.parametrize("phrase", TOWNS)
def test_side_of_a_governorate_holds_the_towns_that_reports_count_to_it(phrase):
    governorate, towns = TOWNS[phrase]
    found = locate(phrase)
    assert (found.features[0].name, found.features[0].kind) == (governorate, "governorate")
    for town in towns:
        place = Gazetteer.bundled().place(town, admin1=governorate)
        assert found.region.covers(place.point), town
    assert found.region.covers(found.point)
    assert f"as seen from the city of {governorate}" in found.explanation
    far = [
        GEOD.inv(found.point.x, found.point.y, *xy)[2]
        for xy in shapely.get_coordinates(found.region)
    ]
    assert max(far) <= found.uncertainty_m * (1 + 1e-9)


def test_a_side_does_not_hold_the_other():
    north, south = locate("northern Homs countryside"), locate("southern Homs countryside")
    places = Gazetteer.bundled()
    assert not north.region.covers(places.place("Al-Qusayr", admin1="Homs").point)
    assert not south.region.covers(places.place("Rastan", admin1="Homs").point)


@pytest.mark.parametrize(
    "phrase",
    ["Suran, Homs governorate", "5 km north of Hama in Aleppo governorate", "Hama, Iraq"],
)
def test_a_context_that_rules_the_place_out_is_not_dropped(phrase):
    with pytest.raises((UnknownPlaceError, AmbiguousPlaceError)):
        locate(phrase)


def test_no_area_stands_in_for_a_place():
    with pytest.raises(UnknownPlaceError):
        locate("Hama", admin1="Aleppo")
    # "Adra" sounds like Daraa.
    try:
        found = locate("Adra, Rif Dimashq")
    except UnknownPlaceError:
        return
    assert found.features[0].admin1 == "Rif Dimashq"


def test_areas_are_found_by_their_own_names():
    assert locate("in Syria").features[0].kind == "country"
    assert locate("northwest Syria", country="SY").features[0].kind == "country"
    for phrase in ("Idleb countryside", "Hama province", "Halab countryside"):
        assert locate(phrase).features[0].kind == "governorate", phrase


@pytest.mark.parametrize(
    "phrase",
    [
        *("Rural Damascus", "Damascus countryside", "the countryside of Damascus"),
        *("rural Damascus", "Rif Dimashq", "Rif Damascus", "Reef Damascus", "in Rif Dimashq"),
    ],
)
def test_the_countryside_of_damascus_is_a_governorate_of_its_own(phrase):
    found = locate(phrase)
    assert found.features[0].name == "Rif Dimashq"
    assert "Rif Dimashq" in " ".join(found.remarks)


def test_sides_of_the_countryside_of_damascus():
    west = locate("western Damascus countryside")
    places = Gazetteer.bundled()
    assert west.features[0].name == "Rif Dimashq"
    assert west.region.covers(places.place("Qatana", admin1="Rif Dimashq").point)
    assert not west.region.covers(places.place("Douma", admin1="Rif Dimashq").point)
    assert locate("eastern Rif Dimashq").region.covers(
        places.place("Douma", admin1="Rif Dimashq").point
    )


def test_the_governorate_of_damascus_is_the_city():
    assert locate("Damascus governorate").features[0].name == "Damascus"
    assert locate("Rif Hama").features[0].name == "Hama"
    assert locate("northern Reef Aleppo").features[0].name == "Aleppo"


@pytest.mark.parametrize(
    "phrase",
    [
        *("5 km south of the Turkish border", "near the Turkish border", "the Iraqi border"),
        *("5 km from the border with Turkey", "north of the Jordanian border"),
        *("at the Lebanese border", "5 km from the borders of Hama province"),
        "on the southern border of Turkey",
    ],
)
def test_a_border_is_a_line(phrase):
    with pytest.raises(UnresolvedFeatureError, match=r"is a line of [\d,.]+ km: name a place"):
        locate(phrase)


def test_an_adjective_of_a_country_names_that_country():
    with pytest.raises(UnresolvedFeatureError, match="the border of Iraq is a line"):
        locate("the Iraqi border")
    reasons = locate_all(["near the Turkish border", "the Iraqi border"]).reason
    assert [reason.split()[3] for reason in reasons] == ["Turkey", "Iraq"]
    assert parse("the Iraqi border").area == "country"


def test_countryside_of_a_town_lies_round_it():
    for name in ("Manbij", "Afrin"):
        town = Gazetteer.bundled().place(name)
        found = locate(f"{name} countryside")
        reach = max(10_000, 5 * town.radius_m)
        for metres, inside in ((0.5, False), (1.1, True)):
            at = GEOD.fwd(town.lon, town.lat, 200, metres * town.radius_m)[:2]
            assert found.region.covers(shapely.Point(at)) is inside
        for metres, inside in ((-50, True), (50, False)):
            at = GEOD.fwd(town.lon, town.lat, 20, town.radius_m + reach + metres)[:2]
            assert found.region.covers(shapely.Point(at)) is inside
        assert "beyond its extent" in found.explanation


def test_one_side_of_the_countryside_of_a_town():
    town = Gazetteer.bundled().place("Salamiyah")
    found = locate("eastern countryside of Salamiyah")
    assert found.region.covers(found.point)
    for azimuth, inside in ((90, True), (45, True), (135, True), (0, False), (270, False)):
        at = GEOD.fwd(town.lon, town.lat, azimuth, town.radius_m + 5000)[:2]
        assert found.region.covers(shapely.Point(at)) is inside


def test_a_name_beside_a_name_is_the_place():
    assert locate("Suran north of Hama").features[0].admin1 == "Hama"
    assert locate("Busra in Daraa").features[0].name == "Busra al-Sham"
    assert locate("Nayrab near Aleppo").features[0].name != "Aleppo"
    for phrase in ("5 km north of Hama, near Qomhana", "in Syria, 5 km north of Hama"):
        assert "is not read" in locate(phrase).explanation, phrase


def test_a_place_that_lies_elsewhere_than_said_is_noted():
    # The nearest Suran to Aleppo lies 20 km east of it.
    assert "another of that name may be meant" in locate("Suran north of Aleppo").explanation
    assert "another of that name may be meant" not in locate("Suran north of Hama").explanation
