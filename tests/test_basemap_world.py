"""The base map of the world and its names of cities, against facts of geography."""

from __future__ import annotations

import gzip
import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline._resources import geodata_path
from frontline.control import ControlHistory
from frontline.errors import InputError
from frontline.maps.steps import coded_lines
from frontline.scene import basemap
from frontline.scene.basemap import base_layers, drawn_window, neighbours
from frontline.scene.cities import CREDIT, cities
from frontline.scene.content import content_of
from frontline.scene.worldfile import LAYERS, Level, open_world, write_world

UKRAINE = (22.0, 44.0, 40.0, 52.5)
GAZA = (34.2, 31.2, 34.6, 31.6)
KHARTOUM = (32.3, 15.3, 32.9, 15.9)
KARABAKH = (46.0, 39.0, 47.5, 40.5)


def shape_of(bounds, name):
    """The layer as lines, or as the area that its rings fill even-odd; empty without it."""
    for layer in base_layers(bounds):
        if layer.name == name:
            lines = [np.asarray(line) / layer.per_degree for line in layer.lines]
            if not layer.closed:
                return shapely.MultiLineString(lines)
            filled = shapely.Polygon()
            for ring in sorted(map(shapely.Polygon, lines), key=lambda p: -p.area):
                filled = shapely.symmetric_difference(filled, shapely.make_valid(ring))
            return filled
    return shapely.GeometryCollection()


def countries():
    return dict(basemap._world_countries())


@pytest.mark.parametrize(
    ("country", "lon", "lat"),
    [
        ("Ukraine", 30.52, 50.45),  # Kyiv
        ("Sudan", 32.53, 15.55),  # Khartoum
        ("Myanmar", 96.15, 16.85),  # Yangon
        ("Azerbaijan", 46.75, 39.82),  # Stepanakert, Khankendi
        ("Palestine", 34.35, 31.42),  # the Gaza Strip
        ("South Sudan", 31.58, 4.86),  # Juba
        ("Kosovo", 21.17, 42.66),  # Pristina
    ],
)
def test_a_country_holds_its_town(country, lon, lat):
    held_by = [name for name, area in countries().items() if area.contains(shapely.Point(lon, lat))]
    assert held_by == [country]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (34.1, 45.2),  # Crimea
        (35.78, 33.0),  # the Golan
    ],
)
def test_no_country_is_named_over_land_that_the_editions_give_to_two(lon, lat):
    spot = shapely.Point(lon, lat)
    assert not [name for name, area in countries().items() if area.contains(spot)]


def test_the_sea_is_where_it_is():
    sea = shape_of(UKRAINE, "sea")
    for lon, lat in [(31.0, 43.5), (36.5, 46.0), (20.0, 39.0)]:  # Black Sea, Azov, Ionian Sea
        assert sea.contains(shapely.Point(lon, lat))
    for lon, lat in [(30.52, 50.45), (34.1, 45.2), (33.36, 47.0)]:  # Kyiv, Crimea, the steppe
        assert not sea.contains(shapely.Point(lon, lat))


def test_the_gaza_strip_lies_between_sea_and_border():
    sea, disputed = shape_of(GAZA, "sea"), shape_of(GAZA, "disputed")
    strip = shapely.Point(34.35, 31.42)
    assert not sea.contains(strip)
    assert sea.contains(shapely.Point(34.2, 31.5))
    # The strip is 6 to 12 km wide: 0.06 to 0.13 degrees of longitude.
    assert 0.005 < sea.distance(strip) < 0.13
    assert 0.01 < disputed.distance(strip) < 0.13
    # Walked from the sea to the southeast the border is crossed once.
    walk = shapely.LineString([(34.25, 31.5), (34.55, 31.3)])
    assert len(shapely.get_parts(shapely.intersection(walk, disputed))) == 1


@pytest.mark.parametrize(
    ("bounds", "lon", "lat", "within_deg"),
    [
        (KHARTOUM, 32.50, 15.62, 0.05),  # Khartoum, where the two Niles meet
        (UKRAINE, 30.57, 50.44, 0.05),  # the Dnieper in Kyiv
        ((95.0, 16.0, 97.0, 22.5), 96.06, 21.98, 0.06),  # the Irrawaddy at Mandalay
    ],
)
def test_rivers_pass_their_towns(bounds, lon, lat, within_deg):
    water = shapely.union_all([shape_of(bounds, "rivers"), shape_of(bounds, "lakes")])
    assert water.distance(shapely.Point(lon, lat)) < within_deg


@pytest.mark.parametrize(
    ("bounds", "lon", "lat", "within_deg"),
    [
        ((33.0, 45.0, 35.0, 47.0), 33.69, 46.12, 0.05),  # the isthmus of Crimea
        ((36.0, 44.8, 37.0, 45.6), 36.55, 45.3, 0.1),  # the strait of Kerch
        ((20.0, 42.0, 21.8, 43.3), 21.0, 43.15, 0.12),  # Kosovo and Serbia
        ((-13.0, 26.0, -8.0, 29.0), -10.0, 27.667, 0.02),  # Western Sahara and Morocco, 27 40 N
        ((73.5, 34.0, 76.5, 35.5), 74.0, 34.0, 0.4),  # the line of control in Kashmir
        ((33.0, 34.9, 34.0, 35.4), 33.36, 35.18, 0.1),  # the line across Nicosia
    ],
)
def test_disputed_lines_are_drawn_as_such(bounds, lon, lat, within_deg):
    assert shape_of(bounds, "disputed").distance(shapely.Point(lon, lat)) < within_deg


def test_both_lines_of_the_golan_are_disputed():
    disputed = shape_of((35.2, 32.5, 35.62, 33.3), "disputed")  # beside Syria, not in it
    for lon, lat in [(35.64, 33.0), (35.87, 33.0)]:  # the lines of 1949 and of 1974
        assert disputed.distance(shapely.Point(lon, lat)) < 0.06


def test_an_undisputed_border_is_plain():
    bounds = (19.0, 47.5, 23.0, 50.0)
    spot = shapely.Point(22.15, 48.41)  # Slovakia and Ukraine
    assert shape_of(bounds, "borders").distance(spot) < 0.03
    assert shape_of(bounds, "disputed").distance(spot) > 0.5


def test_neighbours_of_ukraine_and_of_gaza():
    names = {name for name, _ in neighbours(UKRAINE)}
    assert {"Russia", "Poland", "Turkey"} <= names
    assert not {"Ukraine", "India", "Portugal", "Sudan"} & names
    assert {"Egypt", "Israel"} <= {name for name, _ in neighbours(GAZA)}


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-200, 200),
    st.floats(-89, 89),
    st.sampled_from([0.0, 0.01, 0.7, 3.0, 20.0]),
    st.sampled_from([0.0, 0.02, 0.6, 2.5]),
)
def test_every_window_of_the_world_is_cut_to_itself(lon, lat, wide, high):
    bounds = (lon, lat, lon + wide, min(lat + high, 90.0))
    window = drawn_window(bounds)
    west, south, east, north = window
    for layer in base_layers(bounds):
        for line in layer.lines:
            assert len(line) >= (3 if layer.closed else 2)
            x, y = (np.asarray(line) / layer.per_degree).T
            step = 1 / layer.per_degree
            assert west - step <= x.min()
            assert x.max() <= east + step
            assert south - step <= y.min()
            assert y.max() <= north + step
    for _, spots in neighbours(bounds):
        assert all(
            west - 1e-3 <= spot[0] <= east + 1e-3 and south - 1e-3 <= spot[1] <= north + 1e-3
            for spot in spots
        )
    named = cities(bounds, most=20)
    assert len(named) <= 20
    assert all(west <= place["lon"] <= east for place in named)


def test_beyond_the_antimeridian_the_map_goes_on():
    # Wrangel Island lies on both sides of it: 178.5 E to 177.4 W.
    from_west, from_east = (178.0, 70.5, 183.0, 72.0), (-182.0, 70.5, -177.0, 72.0)
    first, second = shape_of(from_west, "sea"), shape_of(from_east, "sea")
    moved = shapely.transform(second, lambda xy: xy + np.array([360.0, 0.0]))
    assert shapely.symmetric_difference(first, moved).area < 1e-3 * first.area
    assert not first.contains(shapely.Point(181.0, 71.2))
    assert first.contains(shapely.Point(180.0, 72.2))


def test_the_whole_world_is_drawn_coarsely():
    layers = {layer.name: layer for layer in base_layers((-180.0, -60.0, 180.0, 75.0))}
    assert set(layers) == {"sea", "lakes", "rivers", "borders", "disputed"}
    assert sum(len(line) for layer in layers.values() for line in layer.lines) < 120_000


@pytest.mark.parametrize("bounds", [UKRAINE, GAZA, KHARTOUM, KARABAKH])
def test_layers_are_equal_each_time_and_of_whole_numbers(bounds):
    once, again = base_layers(bounds), base_layers(bounds)
    assert [layer.name for layer in once] == [layer.name for layer in again]
    for one, other in zip(once, again, strict=True):
        assert coded_lines(one.lines) == coded_lines(other.lines)
        assert all(line.dtype == np.int64 for line in one.lines)


def coded_kb(bounds):
    raw = b"".join(coded_lines(layer.lines) for layer in base_layers(bounds))
    return len(gzip.compress(raw, 9, mtime=0)) / 1000


def test_the_base_map_of_a_country_is_small():
    assert coded_kb(UKRAINE) <= 45
    assert coded_kb(GAZA) <= 5


def test_the_files_are_small():
    world, names = (
        geodata_path("basemap", n).stat().st_size for n in ("world.bin", "cities.csv.gz")
    )
    assert world <= 1_100_000
    assert names <= 650_000
    assert geodata_path("basemap", "world-countries.json").stat().st_size <= 300_000


def test_syria_keeps_its_own_map():
    layers = {layer.name: layer for layer in base_layers((36.0, 34.0, 38.0, 36.5))}
    assert "districts" in layers
    assert drawn_window((36.0, 34.0, 42.0, 37.0)) == pytest.approx((30.6, 31.3, 47.4, 39.7))
    assert "districts" not in {layer.name for layer in base_layers(GAZA)}


def test_around_syria_the_map_of_the_world_goes_on():
    bounds = (35.7, 32.3, 42.4, 37.3)
    west, _, east, _ = drawn_window(bounds)
    assert west < 28
    assert east > 50
    sea = shape_of(bounds, "sea")
    for lon in (28.0, 29.99, 30.0, 30.01, 32.0):  # the Mediterranean, whole across the edge
        assert sea.contains(shapely.Point(lon, 33.5)), lon
    assert not sea.contains(shapely.Point(27.5, 38.5))  # Anatolia, the Gulf
    assert sea.contains(shapely.Point(50.5, 28.2))


# --- the file -------------------------------------------------------------------------------


def test_what_is_written_is_read(tmp_path):
    ring = shapely.Polygon(
        [(3, 3), (27, 3), (27, 17), (3, 17)], [[(8, 8), (12, 8), (12, 12), (8, 12)]]
    )
    line = shapely.LineString([(-5.5, -5.25), (14.5, 2.75), (14.5, 31.0)])
    given_ = {name: [ring] if closed else [line] for name, closed in LAYERS}
    write_world(tmp_path / "w.bin", [(Level(10, 100), given_), (Level(60, 100), given_)])
    world = open_world(tmp_path / "w.bin")
    for level in (0, 1):
        found = world.tiles((-20, -20, 40, 40), level=level)
        assert shapely.union_all(found["lakes"]).symmetric_difference(ring).area < 1e-9
        whole = shapely.line_merge(shapely.union_all(found["rivers"]))
        assert whole.length == pytest.approx(line.length, abs=0.02)
        assert shapely.hausdorff_distance(whole, line) <= math.hypot(0.005, 0.005) + 1e-9
    turned = world.tiles((340, -20, 400, 40))
    assert shapely.union_all(turned["sea"]).bounds == pytest.approx((363, 3, 387, 17))
    assert world.tiles((100, 40, 110, 50))["sea"] == []


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "w.bin").write_bytes(b"PK\x03\x04" + bytes(40))
    with pytest.raises(InputError, match="no base map of the world"):
        open_world(tmp_path / "w.bin")
    with pytest.raises(InputError, match="32767"):
        write_world(tmp_path / "v.bin", [(Level(60, 1000), {})])


def test_countries_are_plain_json():
    rows = json.loads(geodata_path("basemap", "world-countries.json").read_text(encoding="utf-8"))
    names = [name for name, _ in rows]
    assert len(names) == len(set(names)) > 190
    assert names == sorted(names)


# --- cities ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "names"),
    [
        (UKRAINE, {"Kyiv", "Kharkiv", "Odesa", "Lviv", "Donetsk"}),
        ((22.0, 9.0, 38.5, 22.0), {"Khartoum", "Omdurman", "Port Sudan", "El Obeid"}),
        (GAZA, {"Gaza", "Khān Yūnis"}),
    ],
)
def test_the_large_cities_are_named_where_they_are(bounds, names):
    found = {place["name"]: place for place in cities(bounds)}
    assert names <= set(found)
    if "Kyiv" in names:
        kyiv = found["Kyiv"]
        assert (kyiv["lon"], kyiv["lat"]) == pytest.approx((30.52, 50.45), abs=0.05)
        assert kyiv["rank"] == 1.0
        assert kyiv["population"] > 2_000_000


def test_cities_are_capped_and_the_first_are_the_important():
    assert len(cities(UKRAINE)) == 150
    assert cities(UKRAINE, most=10) == cities(UKRAINE)[:10]
    assert cities(UKRAINE)[0]["name"] == "Kyiv"


@pytest.mark.parametrize(
    ("bounds", "towns"),
    [
        ((36.5, 47.0, 39.0, 49.5), "Bakhmut Lysychansk Pokrovsk Mariupol Vuhledar Soledar Lyman"),
        (KARABAKH, "Khankendi Aghdam Shusha Fuzuli Jabrayil Kalbajar"),
        (GAZA, "Gaza Rafaḩ Jabālyā"),
    ],
)
def test_towns_that_fronts_ran_through_are_named(bounds, towns):
    found = {place["name"] for place in cities(bounds)}
    assert set(towns.split()) <= found


def test_parts_of_cities_are_no_towns():
    """Districts stand in the source as places: one of them is said to be larger than its city."""
    found = {place["name"] for place in cities(UKRAINE, most=2_000)}
    assert "Mariupol" in found
    assert {"Donetsk", "Kharkiv", "Kyiv", "Budapest"} <= {p["name"] for p in cities(UKRAINE)}
    assert not found & {"Pravyi Bereh", "Rutchenkivskyi", "Saltivka", "Tsentralnyi", "Sector 3"}


def test_cities_beyond_the_antimeridian():
    suva = [place for place in cities((176.0, -19.0, 182.0, -16.0)) if place["name"] == "Suva"]
    assert suva[0]["lon"] == pytest.approx(178.44, abs=0.05)
    turned = [place for place in cities((-184.0, -19.0, -178.0, -16.0)) if place["name"] == "Suva"]
    assert turned[0]["lon"] == pytest.approx(178.44 - 360, abs=0.05)


def board(west, south, east, north):
    import geopandas as gpd

    middle = (west + east) / 2
    areas = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    frame = gpd.GeoDataFrame(
        {"date": ["2023-01-01"] * 2, "actor": ["A", "B"]}, geometry=areas, crs="EPSG:4326"
    )
    return ControlHistory.from_snapshots(frame)


def test_a_history_without_places_shows_cities_and_says_whose_names_they_are():
    content = content_of(board(*UKRAINE))
    assert content.places[0]["name"] == "Kyiv"
    assert content.meta["credits"].endswith(CREDIT)
    at_sea = content_of(board(-30.0, 40.0, -29.0, 41.0))
    assert at_sea.places == []
    assert CREDIT not in at_sea.meta.get("credits", "")
