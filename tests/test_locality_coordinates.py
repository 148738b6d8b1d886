"""Coordinates and grid references in text."""

from __future__ import annotations

import math

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from frontline.errors import LocalitySyntaxError
from frontline.locality import coordinate_precision_m, locate
from frontline.locality.coordinates import coordinates

GEOD = Geod(ellps="WGS84")
# Eastings and northings of the cells' middles, by hand: square BU of zone 37 begins at 200 km
# east and 3,800 km north.
CELLS = {
    "37SBU": (250_000, 3_850_000, 100_000),
    "37SBU78": (275_000, 3_885_000, 10_000),
    "37SBU7989": (279_500, 3_889_500, 1_000),
    "37SBU798899": (279_850, 3_889_950, 100),
    "37SBU79808990": (279_805, 3_889_905, 10),
    "37SBU7980089900": (279_800.5, 3_889_900.5, 1),
}


@pytest.mark.parametrize("written", CELLS)
def test_cells_of_every_size(written):
    east, north, size = CELLS[written]
    to_globe = pyproj.Transformer.from_crs(32637, 4326, always_xy=True)
    lon, lat = to_globe.transform(east, north)
    found = coordinates(f"MGRS {written}")
    assert GEOD.inv(lon, lat, found.lon, found.lat)[2] < 0.01
    radius = coordinate_precision_m(found.lat, found.precision_deg)
    assert radius == pytest.approx(size / 2 * math.sqrt(2), rel=1e-9)


@pytest.mark.parametrize(
    "written",
    [
        "37S BU 79 89",
        "37SBU7989",
        "37S BU 7989",
        "37SBU 79 89",
        "37sbu7989",
        "37s bu 79 89",
        "a strike at 37S BU 79 89, west of the town",
        "grid reference: 37S BU 79 89",
        "\u0663\u0667S BU \u0667\u0669 \u0668\u0669",
    ],
)
def test_spellings_of_a_cell(written):
    found = coordinates(written)
    assert (round(found.lon, 5), round(found.lat, 5)) == (36.58019, 35.12423)
    assert found.remarks == ("MGRS: the middle of a cell of 1 km",)


@pytest.mark.parametrize(
    "text",
    [
        "a 9M133 Kornet",
        "two 2S19 Msta howitzers",
        "the 9K720 near Hama",
        "a car with the plate 34 KLM 12",
        "plates 34KLM12 and 06 AB 1234",
        "a Su-24 and 30mm 2A42 guns",
        "BM-21 rockets",
        "Brigade 47 and the 104th",
        "they fired 12s at 10 20",
        "2 d, 3 d",
        "5.5 k 7.5 k",
        "between 5 and 10 km north",
        "2,500 men and 3,500 men",
        "1.5 km, 2.5 km",
        "37SBU798",
    ],
)
def test_what_only_looks_like_a_reference(text):
    found = coordinates(text)
    assert found is None


def test_a_cell_that_is_none_is_said_where_the_words_ask_for_one():
    with pytest.raises(LocalitySyntaxError, match="no such cell"):
        coordinates("MGRS 37SZB1212")


@pytest.mark.parametrize(
    ("written", "step_m"),
    [("37S 279000 3890000", 1000), ("37S 279123 3890456", 1), ("37N 279000mE 3890450mN", 10)],
)
def test_utm(written, step_m):
    east, north = (float("".join(filter(str.isdigit, part))) for part in written.split()[1:])
    to_globe = pyproj.Transformer.from_crs(32637, 4326, always_xy=True)
    found = coordinates(written)
    assert (found.lon, found.lat) == pytest.approx(to_globe.transform(east, north), abs=1e-9)
    radius = coordinate_precision_m(found.lat, found.precision_deg)
    assert radius == pytest.approx(step_m * math.sqrt(0.5))


def test_southern_hemisphere_of_utm():
    to_globe = pyproj.Transformer.from_crs(32736, 4326, always_xy=True)
    found = coordinates("36S 500000 9600000")
    assert (found.lon, found.lat) == pytest.approx(to_globe.transform(500_000, 9_600_000))


HERE = (36.80, 35.16)


@pytest.mark.parametrize(
    ("written", "lang", "step_deg"),
    [
        ("35.16N 36.80E", None, 0.01),
        ("35,16 N 36,80 E", None, 0.01),
        ("35,16; 36,80", None, 0.01),
        ("N35.16 E36.80", None, 0.01),
        ("36.80E, 35.16N", None, 0.01),
        ("35°09′36″N 36°48′00″E", None, 1 / 3600),
        ("35°09.6'N, 36°48.0'E", None, 0.1 / 60),
        ("35 09 36 N 36 48 00 E", None, 1 / 3600),
        ("35.16 degrees north, 36.80 degrees east", None, 0.01),
        ("35,16° nördlicher Breite, 36,80° östlicher Länge", None, 0.01),
        ("35.16° n. Br. 36.80° ö. L.", None, 0.01),
        ("35,16° N, 36,80° O", "de", 0.01),
        ("35,16\u00b0 \u0441. \u0448., 36,80\u00b0 \u0432. \u0434.", None, 0.01),
        ("35,16\u00b0 \u043f\u043d.\u0448. 36,80\u00b0 \u0441\u0445.\u0434.", None, 0.01),
        ("\u0663\u0665\u066b\u0661\u0666 \u0634 \u0663\u0666\u066b\u0668\u0660 \u0642", None, 0.01),
        ("35.16\u00b0K 36.80\u00b0D", "tr", 0.01),
        ("geo:35.16,36.80", None, 0.01),
        ("35.16, 36.80", None, 0.01),
    ],
)
def test_one_place_in_many_notations(written, lang, step_deg):
    found = coordinates(written, lang=lang)
    assert (found.lon, found.lat) == pytest.approx(HERE, abs=1e-12)
    assert found.precision_deg == pytest.approx(step_deg)
    start, end = found.span
    assert written[start:end] == written


def test_west_is_east_in_another_language():
    written = "33°30′ N 7°36′ O"
    assert coordinates(written, lang="fr").lon == pytest.approx(-7.6)
    assert coordinates(written, lang="es").lon == pytest.approx(-7.6)
    assert coordinates(written, lang="pt").lon == pytest.approx(-7.6)
    assert coordinates(written, lang="de").lon == pytest.approx(7.6)
    for lang in (None, "en"):
        with pytest.raises(LocalitySyntaxError, match="no meaning of its own"):
            coordinates(written, lang=lang)


def test_a_geo_uri_says_its_own_uncertainty():
    found = coordinates("geo:35.16,36.80;u=35")
    assert coordinate_precision_m(35.16, found.precision_deg) == pytest.approx(35.0)
    with pytest.raises(LocalitySyntaxError, match="WGS84"):
        coordinates("geo:35.16,36.80;crs=nad27")


@pytest.mark.parametrize(
    "written", ["95.10N 36.80E", "35.10N 36.80N", "35°70'N 36°48'E", "geo:91,0"]
)
def test_what_is_not_on_the_globe(written):
    with pytest.raises(LocalitySyntaxError):
        coordinates(written)


def test_the_published_worked_number_takes_the_full_step():
    # Wieczorek et al. 2004: 10.27 degrees, two decimals, WGS84: 1.5568 km.
    found = locate("10.27N 123.66E", method="standard")
    assert found.uncertainty_m == pytest.approx(1556.8, abs=0.1)


@given(lon=st.floats(-179.999, 179.999), lat=st.floats(-79.9, 83.9), precision=st.integers(0, 5))
def test_any_point_lies_in_its_cell(lon, lat, precision):
    import mgrs

    written = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=precision)
    found = coordinates(f"MGRS {written}")
    radius = coordinate_precision_m(found.lat, found.precision_deg)
    # A cell is a square in UTM, whose scale is off by up to 0.1 % and more beside its zone.
    assert GEOD.inv(lon, lat, found.lon, found.lat)[2] <= radius * 1.003 + 0.01
