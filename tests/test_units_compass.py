"""Units are exact by definition; the rose is the rose."""

import pytest

from frontline.compass import WINDS, half_angle_deg, nearest_wind, wind
from frontline.errors import FrontlineError, InputError
from frontline.units import M_PER, from_m, km_text, to_m, unit_name


def test_exact_constants():
    # International yard and pound agreement (1959) and the nautical mile of 1929.
    exact = {"m": 1, "km": 1000, "ft": 0.3048, "yd": 0.9144, "mi": 1609.344, "nmi": 1852}
    assert exact == M_PER
    assert to_m(1, "mi") == to_m(1760, "yd") == to_m(5280, "ft")


@pytest.mark.parametrize("unit", M_PER)
def test_there_and_back(unit):
    assert from_m(to_m(3.25, unit), unit) == pytest.approx(3.25)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("Kilometers", "km"), ("KM.", "km"), ("nautical  miles", "nmi"), ("feet", "ft"), ("m", "m")],
)
def test_spellings(text, unit):
    assert unit_name(text) == unit


def test_no_unit():
    with pytest.raises(InputError, match="no unit of length"):
        unit_name("parsec")
    with pytest.raises(ValueError, match="km"):
        to_m(1, "")


def test_length_in_words():
    assert km_text(124_170.4) == "124.2 km"
    assert km_text(float("nan")) == "unknown"


def test_the_rose():
    assert len(WINDS) == 32
    assert [w.abbreviation for w in WINDS if w.points == 4] == ["N", "E", "S", "W"]
    assert [w.abbreviation for w in WINDS if w.points == 8] == ["NE", "SE", "SW", "NW"]
    assert wind("NEbN").azimuth_deg == 33.75
    assert wind("west-southwest").azimuth_deg == 247.5


@pytest.mark.parametrize("each", WINDS, ids=lambda w: w.abbreviation)
def test_every_spelling(each):
    for text in (
        each.abbreviation, each.abbreviation.lower(), each.name, each.name.title(),
        each.name.replace("-", " "), each.name.replace("-", "\N{EN DASH}"),
    ):  # fmt: skip
        assert wind(text) is each
    for points in (32, each.points):
        assert nearest_wind(each.azimuth_deg, points) is each
    assert nearest_wind(each.azimuth_deg - 360, 32) is each


@pytest.mark.parametrize(
    ("text", "abbreviation"),
    [("north-eastern", "NE"), ("southerly", "S"), ("northwards", "N"), ("N.W.", "NW"),
     ("south eastern", "SE"), ("northward", "N")],
)  # fmt: skip
def test_adjectives(text, abbreviation):
    assert wind(text).abbreviation == abbreviation


@pytest.mark.parametrize("text", ["", "up", "nord", "northsouth", "N" * 100, "NEbNbE"])
def test_no_wind(text):
    with pytest.raises(FrontlineError):
        wind(text)


def test_half_angles():
    assert [half_angle_deg(n) for n in (4, 8, 16, 32)] == [45, 22.5, 11.25, 5.625]
    with pytest.raises(InputError, match="not 12"):
        half_angle_deg(12)
    with pytest.raises(InputError, match="not 12"):
        nearest_wind(0, 12)
