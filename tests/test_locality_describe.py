"""Points to phrases and back."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from frontline.errors import InputError
from frontline.gazetteer import Gazetteer
from frontline.locality import describe, locate
from frontline.locality.inverse import rounded_km
from frontline.locality.lexicon import languages, lexicon

GEOD = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def globe():
    """Places all over the globe, at the poles and on both sides of the antimeridian."""
    lons = np.tile(np.arange(-180.0, 180.0, 30.0), 7)
    lats = np.repeat([-89.9, -60.0, -30.0, 0.0, 30.0, 60.0, 89.9], 12)
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [
        "Q" + letters[i // 26] + "ul" + letters[i % 26] + "mor" + letters[(i * 7) % 26]
        for i in range(len(lons))
    ]
    return Gazetteer.from_frame(
        gpd.GeoDataFrame(
            {"name": names, "population": 200_000 + 1000 * np.arange(len(lons))},
            geometry=gpd.points_from_xy(lons, lats),
            crs=4326,
        )
    )


@pytest.fixture(scope="module")
def world():
    return Gazetteer.world()


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ((36.80, 35.16), "5 km northeast of Hama"),
        (shapely.Point(36.80, 35.16), "5 km northeast of Hama"),
        ((36.76, 35.13), "in Hama"),
    ],
)
def test_what_a_reader_would_say(point, words):
    found = describe(point)
    assert str(found) == words
    assert found.place.name == "Hama"


def test_attributes_are_exact():
    found = describe((36.80, 35.16))
    azimuth, _, metres = GEOD.inv(found.place.lon, found.place.lat, 36.80, 35.16)
    assert found.distance_m == pytest.approx(metres, abs=0.001)
    assert found.azimuth_deg == pytest.approx(azimuth % 360, abs=1e-6)
    assert (found.distance_km, found.heading, found.reference) == (5.0, "NE", "centre")
    assert found.to_dict()["place"] == "Hama"
    assert "Hama" in found.explanation


def test_sixteen_winds_are_finer():
    point = GEOD.fwd(36.75783, 35.13179, 22.5, 9000)[:2]
    assert str(describe(point, winds=16)).endswith("north-northeast of Hama")
    assert describe(point, winds=4).heading == "N"


@pytest.mark.parametrize(
    ("metres", "km"),
    [
        (40, 0.1),
        (440, 0.4),
        (1_600, 2),
        (29_400, 29),
        (47_400, 45),
        (233_000, 230),
        (2_449_000, 2400),
    ],
)
def test_distances_are_rounded_to_what_a_wind_can_honour(metres, km):
    assert rounded_km(metres) == km


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    winds=st.sampled_from([4, 8, 16, 32]),
)
@example(lon=180.0, lat=0.0, winds=8)
@example(lon=-180.0, lat=-90.0, winds=8)
@example(lon=0.0, lat=90.0, winds=16)
@example(lon=179.9999, lat=-29.0, winds=4)
@settings(max_examples=150)
def test_the_words_lead_back_to_the_point_anywhere(globe, lon, lat, winds):
    found = describe((lon, lat), globe, winds=winds)
    assert found.place is not None
    back = locate(str(found), globe)
    assert back.features == (found.place,)
    assert back.region.covers(shapely.Point(lon, lat))


@pytest.mark.parametrize("lang", languages())
@given(
    lon=st.floats(35.7, 42.3),
    lat=st.floats(32.4, 37.3),
    winds=st.sampled_from([4, 8, 16, 32]),
    reference=st.sampled_from(["centre", "edge"]),
)
@settings(max_examples=25)
def test_the_words_lead_back_with_the_bundled_gazetteer(lang, lon, lat, winds, reference):
    found = describe((lon, lat), winds=winds, lang=lang, reference=reference)
    back = locate(str(found), lang=lang)
    assert back.features == (() if found.place is None else (found.place,))
    assert back.region.covers(shapely.Point(lon, lat))


@pytest.mark.parametrize("lang", languages())
@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90), winds=st.sampled_from([4, 8, 16, 32]))
@example(lon=180.0, lat=0.0, winds=8)
@example(lon=-180.0, lat=-90.0, winds=8)
@example(lon=0.0, lat=90.0, winds=16)
@settings(max_examples=25)
def test_every_language_leads_back_anywhere(globe, lang, lon, lat, winds):
    found = describe((lon, lat), globe, winds=winds, lang=lang)
    back = locate(str(found), globe, lang=lang)
    assert back.region.covers(shapely.Point(lon, lat))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ar", "على بعد 5 كم شمال شرق مدينة حماة"),
        ("az", "Həma şəhərinin 5 km şimal-şərqində"),
        ("de", "5 km nordöstlich von Hama"),
        ("en", "5 km northeast of Hama"),
        ("es", "a 5 km al noreste de Hama"),
        ("fr", "à 5 km au nord-est de Hama"),
        ("pt", "a 5 km a nordeste de Hama"),
        ("ru", "в 5 км к северо-востоку от города Хама"),
        ("tr", "Hama şehrinin 5 km kuzeydoğusunda"),
        ("uk", "за 5 км на північний схід від міста Хама"),
    ],
)
def test_the_same_point_in_every_language(lang, words):
    found = describe((36.80, 35.16), lang=lang)
    assert str(found) == words
    assert (found.place.name, found.distance_km, found.heading) == ("Hama", 5.0, "NE")


def test_elision_before_a_vowel():
    assert str(describe((37.0, 36.5), lang="fr")) == "à 35 km au nord-ouest d'Alep"


def test_every_language_has_its_templates():
    for code in languages():
        phrases = lexicon(code).phrases
        assert {"offset", "offset_edge", "inside"} <= set(phrases), code


def test_from_the_edge():
    lon, lat, _ = GEOD.fwd(36.75783, 35.13179, 0, 3358 + 3000)
    found = describe((lon, lat), reference="edge")
    assert str(found) == "3 km north of the edge of Hama"
    assert found.distance_m == pytest.approx(3000, abs=0.1)
    assert found.reference == "edge"
    back = locate(str(found))
    assert back.locality.reference == "edge"
    assert GEOD.inv(back.point.x, back.point.y, lon, lat)[2] < 1.0


def test_a_seat_of_a_governorate_before_a_larger_neighbour():
    frame = gpd.GeoDataFrame(
        {
            "name": ["Seatville", "Bigborough"],
            "population": [20_000, 50_000],
            "admin1": ["Seatville", "Seatville"],
            "country": ["SY", "SY"],
        },
        geometry=gpd.points_from_xy([36.0, 36.2], [35.0, 35.0]),
        crs=4326,
    )
    assert describe((36.1, 35.0), Gazetteer.from_frame(frame)).place.name == "Seatville"


def test_thirty_two_winds_where_the_language_has_sixteen():
    point = GEOD.fwd(36.75783, 35.13179, 11.25, 9000)[:2]
    assert describe(point, winds=32).heading == "NbE"
    assert describe(point, winds=32, lang="fr").heading in {"N", "NNE"}


@pytest.mark.parametrize(("argument", "value"), [("reference", "rim"), ("lang", "xx")])
def test_unknown_words_and_references(argument, value):
    with pytest.raises(InputError):
        describe((36.8, 35.16), **{argument: value})


def test_where_nothing_is_known_coordinates_are_said():
    found = describe((-140.0, -45.0))
    assert str(found) == "45.00000S 140.00000W"
    assert found.place is None
    back = locate(str(found))
    assert (back.point.x, back.point.y) == (-140.0, -45.0)


@pytest.mark.parametrize(
    "point",
    [
        (math.nan, 35.0),
        (36.8, math.inf),
        (36.8, 95.0),
        (200.0, 35.0),
        "36.8,35.2",
        (36.8,),
        None,
        shapely.Point(),
        shapely.LineString([(0, 0), (1, 1)]),
    ],
)
def test_what_is_no_point_is_refused(point):
    with pytest.raises(InputError):
        describe(point)


def test_swapped_order_is_named():
    with pytest.raises(InputError, match="swapped"):
        describe((35.0, 136.8))


def test_only_roses_of_four_kinds():
    with pytest.raises(InputError, match="winds"):
        describe((36.8, 35.16), winds=12)


@pytest.mark.parametrize("lang", languages())
def test_the_words_lead_back_with_the_world_gazetteer(world, lang):
    points = np.random.default_rng(7).uniform([-180, -60], [180, 75], size=(6, 2))
    for lon, lat in [*points.tolist(), [32.55, 15.6], [37.8, 48.0], [179.9, -16.5]]:
        found = describe((lon, lat), world, lang=lang)
        back = locate(str(found), world, lang=lang)
        assert back.region.covers(shapely.Point(lon, lat))
        assert back.features == (() if found.place is None else (found.place,))


def test_names_are_those_of_the_language():
    point = (36.9, 33.7)
    assert "Damas" in str(describe(point, lang="fr"))
    assert "\u0414\u0430\u043c\u0430\u0441\u043a" in str(describe(point, lang="ru")).split()
    assert "\u062f\u0645\u0634\u0642" in str(describe(point, lang="ar")).split()


@pytest.mark.parametrize("winds", [8.0, True, 4.0, "8", None, 5])
def test_what_is_no_number_of_winds_is_refused(winds):
    with pytest.raises(InputError, match="winds must be"):
        describe((36.80, 35.16), winds=winds)


@pytest.mark.parametrize("point", [(True, False), (36.8, True), ("36.8", "35.16"), (36.8, None)])
def test_what_is_no_number_is_no_coordinate(point):
    with pytest.raises(InputError, match="describe takes"):
        describe(point)


def test_the_entry_that_readers_know_comes_first():
    # Basra has an entry of its old town with more people; both have names in Arabic.
    assert str(describe((48.5, 30.4))) == "70 km east of Basrah"
    assert "البصرة" in str(describe((48.5, 30.4), lang="ar"))
    assert not any("A" <= each <= "z" for each in str(describe((48.5, 30.4), lang="ar")))


@pytest.mark.parametrize(
    ("point", "lang", "name"),
    [
        ((38.8, 37.2), "tr", "Şanlıurfa"),
        ((38.8, 37.2), "az", "Şanlıurfa"),
        ((40.24, 38.0), "tr", "Diyarbakır"),
        ((40.24, 38.0), "az", "Diyarbəkir"),
    ],
)
def test_names_have_the_letters_of_the_language(point, lang, name):
    assert name in str(describe(point, lang=lang))
