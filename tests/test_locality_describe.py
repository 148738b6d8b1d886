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
    assert GEOD.inv(back.point.x, back.point.y, lon, lat)[2] <= back.uncertainty_m


@given(lon=st.floats(35.7, 42.3), lat=st.floats(32.4, 37.3))
@settings(max_examples=40)
def test_the_words_lead_back_with_the_bundled_gazetteer(lon, lat):
    back = locate(str(describe((lon, lat))))
    assert back.region.covers(shapely.Point(lon, lat))


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
