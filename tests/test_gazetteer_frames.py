"""Gazetteers made from tables: what is read, what is refused, and that it says why."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from frontline.errors import CRSError, InputError, UnknownPlaceError
from frontline.gazetteer import Gazetteer


def frame(geometry, crs=4326, **columns):
    columns.setdefault("name", [f"Place {n}" for n in range(len(geometry))])
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)


def test_columns_are_read():
    g = Gazetteer.from_frame(
        frame(
            [shapely.Point(36.75, 35.13), shapely.Point(37.16, 36.2)],
            name=["Old Fort", "Depot"],
            alternate_names=["Qal'a; القلعة", None],
            population=[13_000, np.nan],
            radius_m=[np.nan, 800.0],
            country=["Syria", "SY"],
            admin1=["Hama", "Aleppo"],
            kind=["town", None],
            source=["me", None],
        )
    )
    fort = g.place("القلعة")
    assert (fort.name, fort.country, fort.admin1, fort.population) == (
        "Old Fort",
        "SY",
        "Hama",
        13_000,
    )
    assert fort.radius_m == pytest.approx(1000 / np.sqrt(np.pi), abs=1)  # 13,000 per km2
    assert fort.radius_source == "population"
    depot = g.place("depot", admin1="Halab")
    assert (depot.radius_m, depot.radius_source, depot.kind) == (800.0, "given", "settlement")
    assert len(g) == 2
    with pytest.raises(UnknownPlaceError):
        g.place("Hama")


def test_alternate_names_may_be_lists():
    g = Gazetteer.from_frame(
        frame([shapely.Point(1, 2)], name=["A1"], alternate_names=[["Bee", "Sea"]])
    )
    assert g.place("sea") == g.place("bee") == g.place("A1")


def test_a_polygon_is_the_extent_and_its_point_the_corrected_centre():
    box = shapely.box(36.0, 35.0, 36.2, 35.1)
    found = Gazetteer.from_frame(frame([box], name=["Box"])).place("Box")
    assert found.extent.equals(box)
    assert found.radius_source == "polygon"
    assert (found.lon, found.lat) == pytest.approx((36.1, 35.05), abs=1e-3)
    corner = max(
        Geodesic.WGS84.Inverse(found.lat, found.lon, y, x)["s12"] for x, y in box.exterior.coords
    )
    assert found.radius_m == pytest.approx(corner, abs=0.01)


def test_the_centre_of_a_hollow_shape_lies_on_it():
    horseshoe = shapely.box(36.0, 35.0, 36.3, 35.3) - shapely.box(36.05, 35.05, 36.25, 35.31)
    found = Gazetteer.from_frame(frame([horseshoe], name=["Bay"])).place("Bay")
    assert shapely.distance(horseshoe, found.point) < 1e-6


def test_another_crs_is_transformed_and_none_refused():
    metric = frame([shapely.Point(36.8, 35.2)], name=["Camp"]).to_crs(32637)
    found = Gazetteer.from_frame(metric).place("Camp")
    assert (found.lon, found.lat) == pytest.approx((36.8, 35.2), abs=1e-9)
    with pytest.raises(CRSError, match="set_crs"):
        Gazetteer.from_frame(frame([shapely.Point(36.8, 35.2)], crs=None))


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (pd.DataFrame({"name": ["A"]}), "GeoDataFrame"),
        (gpd.GeoDataFrame({"name": ["A"]}), "no column geometry"),
        (gpd.GeoDataFrame(geometry=[shapely.Point(1, 1)], crs=4326), "no column name"),
        (frame([]), "no rows"),
        (frame([shapely.Point()]), "empty"),
        (frame([None]), "empty"),
        (frame([shapely.LineString([(0, 0), (1, 1)])]), "LineString"),
        (frame([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])]), "not valid"),
        (frame([shapely.Point(200, 35)]), "out of range"),
        (frame([shapely.Point(35, 95)]), "out of range"),
        (frame([shapely.Point(1, 1)], name=[None]), "must be text"),
        (frame([shapely.Point(1, 1)], name=["\x00"]), "control characters"),
        (frame([shapely.Point(1, 1)], population=[-5]), "population must be 0 or more"),
        (frame([shapely.Point(1, 1)], population=["many"]), "population must be a number"),
        (frame([shapely.Point(1, 1)], radius_m=[np.inf]), "radius_m must be 0 or more"),
        (frame([shapely.Point(1, 1)], country=["Atlantis"]), "two-letter ISO code"),
        (frame([shapely.Point(1, 1)], kind=["castle"]), "castle"),
        (frame([shapely.Point(1, 1)], alternate_names=[7]), "alternate_names"),
    ],
)
def test_what_cannot_be_used_is_said(table, says):
    with pytest.raises(InputError, match=says):
        Gazetteer.from_frame(table)


def test_all_faults_are_gathered_with_their_rows():
    table = frame(
        [shapely.Point(1, 1), shapely.Point(), shapely.Point(999, 1)], name=["", "B", "C"]
    )
    with pytest.raises(InputError) as caught:
        Gazetteer.from_frame(table)
    message = str(caught.value)
    assert message.startswith("3 of 3 rows")
    assert all(f"row {n}" in message for n in range(3))


def test_an_exact_name_in_a_table_wins_over_a_similar_one():
    g = Gazetteer.from_frame(
        frame(
            [shapely.Point(36.8, 35.2), shapely.Point(37.8, 36.2)],
            name=["Zabnox", "Zbnoox"],
            population=[None, 1_000_000],
            country=["SY", "SY"],
        )
    )
    assert g.place("Zabnox").place_id == "row:0"
    assert g.place("Zbnoox").place_id == "row:1"
    with pytest.raises(UnknownPlaceError):
        g.place("Syria")  # a table holds its own places and no areas


def test_swapped_coordinates_are_noticed_where_the_country_is_known():
    swapped = frame([shapely.Point(35.13, 36.76)], name=["Hama"], country=["SY"])
    with pytest.raises(InputError, match=r"outside SY, but with the two swapped it lies inside"):
        Gazetteer.from_frame(swapped)
    assert Gazetteer.from_frame(frame([shapely.Point(36.76, 35.13)], country=["Syria"]))
    assert Gazetteer.from_frame(frame([shapely.Point(35.13, 36.76)]))  # nobody said which country


def test_a_table_comes_back_as_it_went_in():
    table = frame(
        [shapely.Point(36.8, 35.2), shapely.box(36, 35, 36.1, 35.1)],
        name=["A1", "B2"],
        alternate_names=["x;y", ""],
        population=[100, None],
    )
    g = Gazetteer.from_frame(table)
    again = Gazetteer.from_frame(g.to_frame())
    assert [p.name for p in again] == ["A1", "B2"]
    assert again.place("A1").radius_m == g.place("A1").radius_m
    assert again.place("A1").names == ("x", "y")
    assert again.place("B2").extent.equals(g.place("B2").extent)
    assert g.to_frame().crs == "EPSG:4326"


def test_names_are_data_and_nothing_else():
    name = "{{ 7*7 }} <script>alert(1)</script> ${x} `y`"
    found = Gazetteer.from_frame(frame([shapely.Point(1, 1)], name=[name])).place(name)
    assert found.name == name
    assert "<script>" not in found._repr_html_()
