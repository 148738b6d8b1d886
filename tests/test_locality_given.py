"""Coordinates as what a locality starts from."""

from __future__ import annotations

import pytest
from pyproj import Geod

from frontline.errors import LocalitySyntaxError, UnresolvedFeatureError
from frontline.locality import locate, locate_all, parse
from frontline.locality.coordinates import pairs, written_place
from frontline.locality.grammar import localities

GEOD = Geod(ellps="WGS84")
PAIR = "35.16N 36.80E"

# phrase, kind, features, distance in km, wind
SAID = [
    ("5 km north of 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("10 km NE of 37SBU7989", "offset", ("37SBU7989",), 10, "NE"),
    ("10 km north of grid 37SBU7989", "offset", ("37SBU7989",), 10, "N"),
    ("within 50 km of 35.16N 36.80E", "distance", (PAIR,), 50, None),
    ("5 km from 35.16N 36.80E", "distance", (PAIR,), 5, None),
    ("near 35.16N 36.80E", "near", (PAIR,), None, None),
    ("near the point 35.16N 36.80E.", "near", (PAIR,), None, None),
    ("north of 35.16N 36.80E", "heading", (PAIR,), None, "N"),
    ("between 35.16N 36.80E and Homs", "between", (PAIR, "Homs"), None, None),
    (
        "between 35.16N 36.80E and 34.73N 36.71E",
        "between",
        (PAIR, "34.73N 36.71E"),
        None,
        None,
    ),
    ("on the M5 10 km south of 35.16N 36.80E", "along", (PAIR,), 10, "S"),
    ("35.16N 36.80E, 5 km north", "offset", (PAIR,), 5, "N"),
    ("5 km à l'est de 35.16N 36.80E", "offset", (PAIR,), 5, "E"),
    ("5 km nördlich der Koordinaten 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("a 5 km al norte de 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("a 5 km a norte de 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("в 5 км к северу от точки 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("за 5 км на північ від 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("على بعد 5 كم شمال النقطة 35.16N 36.80E", "offset", (PAIR,), 5, "N"),
    ("35.16N 36.80E'nin 5 km kuzeyinde", "offset", (PAIR,), 5, "N"),
    ("35.16N 36.80E koordinatlarının 5 km kuzeyinde", "offset", (PAIR,), 5, "N"),
    ("35.16N 36.80E-dən 5 km şimalda", "offset", (PAIR,), 5, "N"),
]


@pytest.mark.parametrize(("phrase", "kind", "features", "km", "wind"), SAID)
def test_a_relation_to_coordinates_is_kept(phrase, kind, features, km, wind):
    found = parse(phrase)
    assert (found.kind, found.features, found.wind) == (kind, features, wind)
    assert found.distance_m == (km * 1000 if km else None)


def test_the_point_is_laid_off_from_the_coordinates():
    found = locate("10 km northeast of 35.16N 36.80E", method="standard")
    lon, lat, _ = GEOD.fwd(36.80, 35.16, 45.0, 10_000.0)
    assert GEOD.inv(lon, lat, found.point.x, found.point.y)[2] < 1e-3
    # The standard adds what the coordinates leave open as it adds an extent.
    exact = locate("10 km northeast of 35.160000N 36.800000E", method="standard")
    alone = locate(PAIR).uncertainty_m
    assert exact.uncertainty_m < found.uncertainty_m <= exact.uncertainty_m + alone
    assert [place.kind for place in found.features] == ["coordinates"]
    assert any("WGS84" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    "phrase",
    [
        "35.16N 36.80E",
        "a strike at 35.16N 36.80E",
        "the coordinates of the strike: 35.16N 36.80E",
        "coordinates of 35.16N 36.80E",
        "Hama, 35.16N 36.80E",
        "a 5 km convoy stood at 35.16N 36.80E",
    ],
)
def test_without_a_relation_they_stand_for_themselves(phrase):
    found = parse(phrase)
    assert (found.kind, found.features, str(found)) == ("coordinates", (), PAIR)


@pytest.mark.parametrize(
    "phrase",
    [
        "advanced 5 km north of 35.16N 36.80E",
        "five villages near 35.16N 36.80E",
        "not near 35.16N 36.80E",
        "three leagues north of 35.16N 36.80E",
        "5 km north of somewhere near 35.16N 36.80E and",
    ],
)
def test_what_is_not_understood_of_coordinates_is_no_place_at_them(phrase):
    try:
        found = parse(phrase)
    except LocalitySyntaxError:
        return
    assert found.kind != "coordinates"


def test_what_else_is_said_beside_coordinates_is_noted():
    found = parse("5 km north of Hama (35.16N 36.80E)")
    assert found.kind == "coordinates"
    assert found.remarks == ("'5 km north of Hama' is not read: the coordinates are taken",)


def test_sentences_give_coordinates_in_their_order():
    text = "Strikes 5 km north of Hama and at 35.16N 36.80E; later near 35.20N 36.90E. No more."
    found = [(str(each), each.kind) for each in localities(text)]
    assert found == [
        ("5 km north of Hama", "offset"),
        (PAIR, "coordinates"),
        ("near 35.20N 36.90E", "near"),
    ]


def test_pairs_and_places():
    assert [pair.lat for pair in pairs(f"{PAIR}, 34.73N 36.71E")] == [35.16, 34.73]
    assert pairs("5 km north of Hama") == ()
    assert len(pairs(" ".join([PAIR] * 9))) == 4
    assert written_place("Brigade 87") is None
    assert written_place(f"north of {PAIR}") is None
    german = written_place("35,16 N 36,80 O", "de")
    assert (german.lon, german.lat) == (36.8, 35.16)


def test_columns_lay_off_from_coordinates_as_single_phrases_do():
    phrases = [f"{n} km north of 35.{10 + n}N 36.80E" for n in range(1, 75)]
    phrases += [f"{n} km NE of 37SBU79{10 + n}" for n in range(1, 75)]
    found = locate_all(phrases, regions=False)
    for phrase, point, radius in zip(phrases, found.point, found.uncertainty_m, strict=True):
        alone = locate(phrase)
        assert GEOD.inv(point.x, point.y, alone.point.x, alone.point.y)[2] < 1e-3
        assert radius == pytest.approx(alone.uncertainty_m)


# A facility is not the town that it belongs to; its noun in the base form, the rest as written.
@pytest.mark.parametrize(
    ("phrase", "kind", "feature"),
    [
        ("у аэропорта Донецка", "near", "аэропорт Донецка"),
        ("в 5 км севернее аэропорта Донецка", "offset", "аэропорт Донецка"),
        ("в 10 км от авиабазы Хмеймим", "distance", "авиабаза Хмеймим"),
        (
            "в районе международного аэропорта Алеппо",
            "near",
            "международный аэропорт Алеппо",
        ),
        ("в 3 км от Донецкого аэропорта", "distance", "Донецкий аэропорт"),
        ("у аеропорту Донецька", "inside", "аеропорт Донецька"),
        ("біля авіабази Хмеймім", "near", "авіабаза Хмеймім"),
        ("біля Донецького аеропорту", "near", "Донецький аеропорт"),
        ("в Донецке аэропорт разрушен", "inside", "Донецк"),
        ("у города Донецка", "near", "Донецк"),
    ],
)
def test_airports_and_bases_in_any_case_keep_their_noun(phrase, kind, feature):
    found = parse(phrase)
    assert (found.kind, found.features) == (kind, (feature,))


def test_an_airport_without_a_name_names_no_place():
    with pytest.raises(UnresolvedFeatureError):
        parse("в 10 км от авиабазы")


@pytest.mark.parametrize(
    ("phrase", "noted"),
    [
        ("southern Idlib", True),
        ("northern Aleppo", True),
        ("southern Idlib city", False),
        ("northern outskirts of Aleppo", False),
        ("southern Idlib countryside", False),
        ("northern Manbij", False),
    ],
)
def test_a_city_whose_governorate_has_its_name_is_said_to_be_one(phrase, noted):
    found = locate(phrase)
    assert any(remark.startswith("read as the city") for remark in found.remarks) is noted
