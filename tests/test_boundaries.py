"""The boundary and base map files against published facts about Syria."""

from __future__ import annotations

import csv
import json

import pytest
import shapely
from pyproj import Geod

from frontline._resources import geodata_path

GEOD = Geod(ellps="WGS84")

# GeoNames coordinates of the governorates' seats (lon, lat), found by hand.
SEATS = {
    "Aleppo": (37.16117, 36.20124),
    "Damascus": (36.29128, 33.5102),
    "Daraa": (36.10213, 32.61889),
    "Deir ez-Zor": (40.14084, 35.33588),
    "Hama": (36.75783, 35.13179),
    "Hasakah": (40.74772, 36.50237),
    "Homs": (36.72559, 34.72405),
    "Idlib": (36.63393, 35.93062),
    "Latakia": (35.79088, 35.53125),
    "Quneitra": (35.82461, 33.12595),
    "Raqqa": (39.00788, 35.95283),
    "Rif Dimashq": (36.4027, 33.57175),  # Duma: the seat, Damascus, is a governorate of its own
    "Suwayda": (36.56951, 32.70896),
    "Tartus": (35.88659, 34.88902),
}
FILES = (
    *("boundaries/countries", "boundaries/syria-adm1", "boundaries/syria-outline"),
    *("basemap/borders", "basemap/sea", "basemap/rivers", "basemap/lakes"),
)


def features(name: str) -> list[dict]:
    text = geodata_path(*f"{name}.geojson".split("/")).read_text(encoding="utf-8")
    return json.loads(text)["features"]


def shapes(name: str) -> dict[str, shapely.Geometry]:
    return {
        row["properties"]["name"]: shapely.geometry.shape(row["geometry"]) for row in features(name)
    }


def area_km2(geometry: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6


@pytest.mark.parametrize("name", FILES)
def test_geometries_are_valid_wound_and_rounded(name):
    rows = features(name)
    assert rows
    for row in rows:
        geometry = shapely.geometry.shape(row["geometry"])
        assert geometry.is_valid
        assert not geometry.is_empty
        assert row["properties"]["source"]
        coordinates = shapely.get_coordinates(geometry)
        assert abs(coordinates - coordinates.round(5)).max() < 1e-12
        for part in shapely.get_parts(geometry):
            if part.geom_type == "Polygon":  # RFC 7946, 3.1.6
                assert part.exterior.is_ccw


def test_there_are_the_14_governorates():
    governorates = shapes("boundaries/syria-adm1")
    assert set(governorates) == set(SEATS)
    names = {
        row["properties"]["name"]: row["properties"] for row in features("boundaries/syria-adm1")
    }
    assert "حماة" in names["Hama"]["names"]
    assert {row["iso2"] for row in names.values()} == {"SY"}
    assert len({row["code"] for row in names.values()}) == 14


@pytest.mark.parametrize("name", sorted(SEATS))
def test_a_governorate_holds_its_seat_and_no_other_does(name):
    seat = shapely.Point(SEATS[name])
    held_by = [key for key, area in shapes("boundaries/syria-adm1").items() if area.contains(seat)]
    assert held_by == [name]


def test_governorates_tile_the_outline_exactly():
    governorates = list(shapes("boundaries/syria-adm1").values())
    outline = shapes("boundaries/syria-outline")["Syria"]
    assert shapely.coverage_is_valid(governorates)
    assert shapely.equals(shapely.coverage_union_all(governorates), outline)
    assert sum(map(area_km2, governorates)) == pytest.approx(area_km2(outline), abs=1e-3)


@pytest.mark.parametrize("name", ["boundaries/countries", "boundaries/syria-outline"])
def test_area_and_west_edge_of_syria_without_the_golan(name):
    syria = shapes(name)["Syria"]
    assert area_km2(syria) == pytest.approx(185_940, rel=0.001)
    assert syria.bounds[0] == pytest.approx(35.72, abs=0.005)


def test_outline_follows_the_border_of_the_countries_layer():
    theatre = shapes("boundaries/syria-outline")["Syria"]
    country = shapes("boundaries/countries")["Syria"]
    # 0.001 deg is about 100 m; 38 m were measured on the ground.
    assert shapely.hausdorff_distance(theatre.boundary, country.boundary, densify=0.1) < 0.001


def test_countries_are_whole():
    countries = shapes("boundaries/countries")
    isos = {row["properties"]["iso2"] for row in features("boundaries/countries")}
    assert isos == {"SY", "TR", "IQ", "JO", "IL", "LB", "PS", "CY"}
    # Published land areas in km2 (rounded); the drawing layer is good to a per cent or so.
    assert area_km2(countries["Turkey"]) == pytest.approx(783_562, rel=0.01)
    assert area_km2(countries["Jordan"]) == pytest.approx(89_342, rel=0.01)
    assert countries["Turkey"].contains(shapely.Point(28.98, 41.01))  # Istanbul, outside the box


def test_golan_belongs_to_no_country_and_is_not_sea():
    golan = shapely.Point(35.78, 33.0)
    layers = [*shapes("boundaries/countries").values(), *shapes("basemap/sea").values()]
    assert not any(layer.contains(golan) for layer in layers)
    disputed = [
        row["properties"]["between"]
        for row in features("basemap/borders")
        if row["properties"]["disputed"]
    ]
    assert ["Syria", "Golan Heights"] in disputed


def test_base_map_is_small_enough_for_a_page():
    sizes = [path.stat().st_size for path in geodata_path("basemap").glob("*.geojson")]
    assert sum(sizes) <= 150_000


def test_sea_is_off_the_coast():
    sea = shapes("basemap/sea")["Mediterranean Sea"]
    assert sea.contains(shapely.Point(35.5, 35.0))
    assert not any(sea.contains(shapely.Point(seat)) for seat in SEATS.values())


def test_lakes_have_their_published_sizes():
    lakes = shapes("basemap/lakes")
    # Areas found in the source before it was simplified, by hand.
    assert area_km2(lakes["Lake Assad"]) == pytest.approx(675, rel=0.02)
    assert area_km2(lakes["Sea of Galilee"]) == pytest.approx(160, rel=0.02)
    assert area_km2(lakes["Ataturk Reservoir"]) == pytest.approx(653, rel=0.02)


@pytest.mark.parametrize(
    ("river", "lon", "lat", "within_km"),
    [
        ("Euphrates", 40.14084, 35.33588, 3.0),  # Deir ez-Zor
        ("Euphrates", 39.00788, 35.95283, 5.0),  # Raqqa
        ("Tigris", 43.1189, 36.335, 4.0),  # Mosul
        ("Orontes", 36.75783, 35.13179, 0.1),  # Hama
        ("Orontes", 36.31983, 35.81418, 0.1),  # Jisr al-Shughur
        ("Khabur", 40.74772, 36.50237, 0.1),  # Hasakah
    ],
)
def test_rivers_pass_their_towns(river, lon, lat, within_km):
    course = shapes("basemap/rivers")[river]
    nearest = shapely.get_point(shapely.shortest_line(course, shapely.Point(lon, lat)), 0)
    assert GEOD.inv(lon, lat, nearest.x, nearest.y)[2] / 1000 < within_km


def test_schematic_rivers_go_through_the_listed_places():
    with geodata_path("basemap", "schematic-rivers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rivers = {
        row["properties"]["name"]: shapely.geometry.shape(row["geometry"])
        for row in features("basemap/rivers")
        if row["properties"]["schematic"]
    }
    assert {row["river"] for row in rows} == set(rivers)
    for row in rows:
        place = shapely.Point(float(row["lon"]), float(row["lat"]))
        assert rivers[row["river"]].distance(place) < 1e-9
