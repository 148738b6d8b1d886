"""Lookup of places: rules, context, errors, nearness, areas; numbers from outside the code."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from frontline._resources import geodata_path
from frontline.errors import (
    AmbiguousPlaceError,
    FrontlineError,
    InputError,
    UnknownPlaceError,
)
from frontline.gazetteer import Gazetteer, Place, place
from frontline.gazetteer.names import fold, key, skeletons
from frontline.gazetteer.respelling import respelled

# Positions printed by GeoNames, and by Wikipedia's detailed map as rounded there: lat, lon, km.
GEONAMES_KM, MODULE_KM = 0.01, 0.15
POSITIONS = {
    "Aleppo": (36.20124, 37.16117, GEONAMES_KM),
    "Hama": (35.13179, 36.75783, GEONAMES_KM),
    "Homs": (34.72405, 36.72559, GEONAMES_KM),
    "Damascus": (33.5102, 36.29128, GEONAMES_KM),
    "Idlib": (35.93062, 36.63393, GEONAMES_KM),
    "Saraqib": (35.86447, 36.80591, GEONAMES_KM),
    "Maarat al-Numan": (35.6483, 36.67693, GEONAMES_KM),
    "Khan Shaykhun": (35.44208, 36.65095, GEONAMES_KM),
    "Tell Rifaat": (36.47229, 37.09471, GEONAMES_KM),
    "Nubl": (36.37867, 36.99294, GEONAMES_KM),
    "Morek": (35.37615, 36.6897, GEONAMES_KM),
    "Halfaya": (35.26014, 36.60581, GEONAMES_KM),
    "Taybat al-Imam": (35.26592, 36.71219, GEONAMES_KM),
    "Salamiyah": (35.01127, 37.05324, GEONAMES_KM),
    "Rastan": (34.92667, 36.73241, GEONAMES_KM),
    "Deir ez-Zor": (35.33588, 40.14084, GEONAMES_KM),
    "Palmyra": (34.5624, 38.28402, GEONAMES_KM),
    "Raqqa": (35.95283, 39.00788, GEONAMES_KM),
    "Tabqa": (35.83758, 38.54828, GEONAMES_KM),
    "Quneitra": (33.12595, 35.82461, GEONAMES_KM),
    "Jabal Zayn al-Abidin": (35.203, 36.767, MODULE_KM),
    "Qomhana": (35.198, 36.733, MODULE_KM),
    "Jabal Kafra": (35.210, 36.799, MODULE_KM),
    "Kafraa": (35.2184, 36.8075, MODULE_KM),
    "Maar Shahur": (35.207, 36.853, MODULE_KM),
    "Maardis": (35.258, 36.7558, MODULE_KM),
    "Khattab": (35.197, 36.667, MODULE_KM),
    "Jibrin": (35.177, 36.788, MODULE_KM),
    "Hama Military Airport": (35.119, 36.711, MODULE_KM),
    "al-Sa'an": (35.264, 37.374, MODULE_KM),
    "Rahbat Khattab": (35.205, 36.654, MODULE_KM),
    "Khattab depots": (35.2167, 36.649, MODULE_KM),
    "Brigade 87": (35.1735, 36.835, MODULE_KM),
    # Articles' infoboxes, which may mark another corner of the village.
    "Khan al-Asal": (36.16722, 37.03917, 0.8),
    "Anadan": (36.29361, 37.04444, 0.8),
    "Zahraa (Aleppo)": (36.35858, 37.01067, 0.8),
    "Al-Lataminah": (35.32083, 36.6225, 0.8),
    "Urum al-Kubra": (36.14861, 36.95, 0.8),
    "Al-Eis": (35.99639, 37.00056, 0.8),
    "Kafr Halab": (36.0644, 36.8708, 0.8),
    "Shihat Hama": (35.155, 36.68444, 0.8),
}


def km(a: Place, lat: float, lon: float) -> float:
    return Geodesic.WGS84.Inverse(a.lat, a.lon, lat, lon)["s12"] / 1000


@pytest.fixture(scope="module")
def bundled() -> Gazetteer:
    return Gazetteer.bundled()


@pytest.mark.parametrize("name", POSITIONS)
def test_places_stand_where_their_sources_put_them(name):
    lat, lon, within_km = POSITIONS[name]
    assert km(place(name, country="SY"), lat, lon) <= within_km


@pytest.mark.parametrize(
    ("name", "km_away", "azimuth"),
    [
        ("Jabal Zayn al-Abidin", 7.9, 6), ("Qomhana", 7.7, 343), ("Jabal Kafra", 9.5, 23),
        ("Kafraa", 10.6, 25), ("Maar Shahur", 12.0, 46), ("Maardis", 14.0, 359),
        ("Suran, Hama", 17.7, 357), ("Khattab", 11.0, 311), ("Brigade 87", 8.4, 57),
        ("Jibrin", 5.7, 29), ("Hama Military Airport", 4.5, 252), ("al-Sa'an", 58, 75),
        ("Aleppo", 124.2, 17), ("Homs", 45.3, 184),
    ],
)  # fmt: skip
def test_places_around_hama_lie_where_the_record_says(name, km_away, azimuth):
    hama, other = place("Hama"), place(name)
    way = Geodesic.WGS84.Inverse(hama.lat, hama.lon, other.lat, other.lon)
    assert way["s12"] / 1000 == pytest.approx(km_away, abs=0.6 if km_away > 50 else 0.15)
    assert (way["azi1"] - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1.0)


@pytest.mark.parametrize(
    ("name", "radius_m", "source"),
    [
        ("Hama", 3358, "population"),  # sqrt(460,602 / 13,000 / pi) km
        ("Idlib", 1776, "population"),
        ("Aleppo", 7777, "published"),  # sqrt(190 / pi) km
        ("Homs", 3909, "published"),
        ("Maardis", 1000, "kind"),
        ("Kafraa", 500, "kind"),
        ("Hama Military Airport", 1500, "kind"),
    ],
)
def test_extents_say_where_they_come_from(name, radius_m, source):
    found = place(name)
    assert found.radius_m == pytest.approx(radius_m, abs=1)
    assert found.radius_source == source


def test_the_extent_is_the_geodesic_circle_and_leaves_suran_and_khattab_outside():
    hama = place("Hama")
    assert hama.extent.contains(hama.point)
    lon, lat = np.array(hama.extent.exterior.coords).T
    away = [
        Geodesic.WGS84.Inverse(hama.lat, hama.lon, y, x)["s12"]
        for x, y in zip(lon, lat, strict=True)
    ]
    assert np.allclose(away, hama.radius_m, atol=0.5)
    for name in ("Suran, Hama", "Khattab"):
        assert not hama.extent.intersects(place(name).point)


def test_one_place_in_every_spelling_is_equal_and_hashable():
    names = ["Hama", "Hamah", "حماة", "حماه", "Ḩamāh", "Hama, Syria"]
    assert {place(n) for n in names} == {place("Hama")}


def test_context_that_decided_is_said():
    assert "Hama" in place("Suran", admin1="Hama").remarks[0]
    assert "18 km" in place("Suran", near="Hama").remarks[0]
    assert "as written beside" in place("Suran (Hama)").remarks[0]
    assert place("Hama").remarks == ()
    hama = place("Hama")
    by_point = [place("Suran", near=near) for near in (hama, (hama.lon, hama.lat), hama.point)]
    assert {p.place_id for p in by_point} == {"geonames:163915"}


def test_ambiguity_lists_every_candidate_with_kind_governorate_and_position():
    with pytest.raises(AmbiguousPlaceError) as caught:
        place("Suran")
    assert {p.admin1 for p in caught.value.candidates} == {"Hama", "Aleppo"}
    for part in ("city, Hama, SY, 35.292 N 36.748 E", "town, Aleppo, SY", "admin1="):
        assert part in str(caught.value)


def test_every_syrian_place_is_found_beside_itself(bundled):
    """Its own name near its own point means it, or is ambiguous: only a huge neighbour may win."""
    wrong, ambiguous, count = [], 0, 0
    for p in bundled:
        if p.country != "SY":
            continue
        count += 1
        try:
            found = bundled.place(p.name, near=p)
        except AmbiguousPlaceError:
            ambiguous += 1
            continue
        huge = (found.population or 0) >= 100_000
        if km(found, p.lat, p.lon) > 3.1 and not huge:
            wrong.append((p.place_id, found.place_id))
    assert wrong == []
    assert ambiguous < 0.01 * count


def test_a_former_or_foreign_name_takes_no_village_s_name():
    for name in ("Al-Majdal", "Ahras", "Abu Hardub"):  # Ashkelon, Agri and Hajin are called so too
        try:
            assert key(place(name).name) == key(name)
        except AmbiguousPlaceError as error:
            assert len(error.candidates) > 1  # noqa: PT017  (either outcome is right)
    with pytest.raises(AmbiguousPlaceError):
        place("Qunaitra")  # a village in Raqqa is spelled so, the city nearly so


def test_a_hill_is_found_beside_itself_and_not_pinned_to_a_town():
    assert place("Tell Abyad").kind == "town"
    assert place("Tell Abyad", near=(36.5, 35.3), kind="hill").kind == "hill"


def test_what_is_unknown_names_what_is_near():
    with pytest.raises(UnknownPlaceError) as caught:
        place("Maarddiss al-Kabirahh")
    assert caught.value.name == "Maarddiss al-Kabirahh"
    with pytest.raises(UnknownPlaceError) as caught:
        place("Allepo")
    assert "Aleppo" in caught.value.near_names
    with pytest.raises(UnknownPlaceError, match="fits the context given; known is Qomhana"):
        place("Qomhana", admin1="Daraa")


@pytest.mark.parametrize(
    "name",
    [None, 5, 3.2, b"Hama", "", "   ", "\x00", "Ha\x00ma", "x" * 1_000_000,
     "\ud800", "Hama\udfff", "!?", ["Hama"], "\u200b"],
)  # fmt: skip
def test_what_is_no_name_is_one_clear_error(name):
    with pytest.raises(InputError) as caught:
        place(name)
    assert 0 < len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "context",
    [
        {"near": (200, 0)}, {"near": (1,)}, {"near": 3}, {"near": (None, 1)},
        {"near": (float("nan"), 1)}, {"near": shapely.Point()},
        {"near": ""}, {"country": "Atlantis"},
        {"country": 5}, {"admin1": ""}, {"kind": "village green"}, {"kind": ["city"]},
    ],
)  # fmt: skip
def test_context_that_is_none_is_one_clear_error(context):
    with pytest.raises(InputError):
        place("Hama", **context)


@given(st.text(max_size=40))
@example("\u0640")
@example("Hama ()")
@example(", Hama")
@example("(Hama)")
def test_any_text_is_a_place_or_a_frontline_error(text):
    try:
        found = place(text)
    except FrontlineError:
        return
    else:
        assert isinstance(found, Place)


@given(st.text(max_size=30))
def test_folding_is_idempotent_and_keys_do_not_see_case(text):
    assert fold(fold(text)) == fold(text)
    assert key(fold(text)) == key(text)
    assert all(skeletons(text))


def test_the_bundled_keys_are_what_names_computes(bundled):
    with geodata_path("places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(bundled)
    for row in itertools.islice(rows, 0, None, 7):
        names = [row["name"], *filter(None, row["alternate_names"].split(";"))]
        assert set(row["keys"].split(";")) == {key(n) for n in names}, row["place_id"]
        if row["country"] == "SY":
            bones = set().union(*map(skeletons, names))
            assert set(filter(None, row["skeletons"].split(";"))) == bones, row["place_id"]


def test_the_bundled_table_is_sound(bundled):
    places = list(bundled)
    assert len({p.place_id for p in places}) == len(places)
    assert {p.country for p in places} == {"SY", "TR", "LB", "IL", "JO", "IQ", "PS"}
    assert all(p.source and p.licence and p.name and p.radius_m >= 500 for p in places)
    syrian = [p for p in places if p.country == "SY"]
    assert {p.admin1 for p in syrian} == {
        "Aleppo", "Hama", "Homs", "Idlib", "Latakia", "Tartus", "Damascus", "Rif Dimashq", "Daraa",
        "Suwayda", "Quneitra", "Raqqa", "Hasakah", "Deir ez-Zor",
    }  # fmt: skip
    assert len(syrian) > 5000
    assert sum(p.source == "GeoNames" for p in syrian) == 308
    # military sites only where a dated fact names them
    assert sum(p.kind == "military" for p in syrian) < 20


def test_the_provenance_counts_what_the_table_holds(bundled):
    text = (geodata_path("places.csv").parent / "places.md").read_text(encoding="utf-8")
    counts = [
        int(line.split("|")[4])
        for line in text.splitlines()
        if line.count("|") == 5 and "CC BY" in line
    ]
    assert sum(counts) == len(bundled)
    assert "CC BY 4.0" in text
    assert "CC BY-SA 4.0" in text


def test_no_place_stands_twice(bundled):
    """Settlements of one name within a kilometre would be the same one, met in two sources."""
    seen: dict[str, list[Place]] = {}
    for p in bundled:
        if p.country == "SY" and p.kind in ("city", "town", "village", "settlement"):
            seen.setdefault(key(p.name), []).append(p)
    twins = [
        (a.place_id, b.place_id)
        for group in seen.values()
        for a, b in itertools.combinations(group, 2)
        if km(a, b.lat, b.lon) < 1.0
    ]
    assert twins == []


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(36.8, 35.16), (179.99, 0), (-179.99, -45), (0, 90), (120, -90), (36.0, 89.9), (0, 0)],
)
def test_nearest_agrees_with_brute_force_everywhere(bundled, lon, lat):
    lons, lats = [180, -180, 0, 90, 36.7, 10], [0, 0.001, 89.99, -89.99, 35.1, -45]
    frame = gpd.GeoDataFrame(
        {"name": [f"p{n}" for n in range(6)]}, geometry=gpd.points_from_xy(lons, lats), crs=4326
    )
    for gazetteer in (Gazetteer.from_frame(frame), bundled):
        away = sorted(
            (km(p, lat, lon), p.place_id) for p in itertools.islice(gazetteer, 0, None, 1)
        )
        found = gazetteer.nearest(lon, lat, count=5)
        assert [km(p, lat, lon) for p in found] == pytest.approx([d for d, _ in away[:5]], abs=1e-6)


def test_nearest_takes_kinds_and_a_limit(bundled):
    found = bundled.nearest(36.75783, 35.13179, kinds={"airfield"}, count=2)
    assert found[0].name == "Hama Military Airport"
    within = bundled.nearest(36.75783, 35.13179, max_km=6, count=100)
    assert within
    assert all(km(p, 35.13179, 36.75783) <= 6 for p in within)
    assert bundled.nearest(0, -60, max_km=1) == []
    for bad in ({"count": 0}, {"count": 1.5}, {"max_km": -1}, {"kinds": ["castle"]}):
        with pytest.raises(InputError):
            bundled.nearest(36, 35, **bad)
    with pytest.raises(InputError):
        bundled.nearest(361, 35)


@pytest.mark.parametrize(
    ("asked", "name", "kind"),
    [
        ("Hama", "Hama", "governorate"), ("حماة", "Hama", "governorate"),
        ("Idleb", "Idlib", "governorate"),
        ("Rif Dimashq", "Rif Dimashq", "governorate"), ("ريف دمشق", "Rif Dimashq", "governorate"),
        ("Damascus", "Damascus", "governorate"), ("Halab governorate", "Aleppo", "governorate"),
        ("Dayr az-Zawr", "Deir ez-Zor", "governorate"), ("Syria", "Syria", "country"),
        ("Türkiye", "Turkey", "country"),
    ],
)  # fmt: skip
def test_areas_have_outlines_in_any_spelling(bundled, asked, name, kind):
    area = bundled.area(asked)
    assert (area.name, area.kind, area.radius_source) == (name, kind, "polygon")
    assert area.extent.covers(area.point)
    farthest = max(km(area, y, x) for x, y in shapely.get_coordinates(area.extent))
    assert area.radius_m / 1000 == pytest.approx(farthest, abs=0.01)


def test_an_area_that_is_not_bundled_is_said(bundled):
    with pytest.raises(UnknownPlaceError, match="Hama, Hasakah"):
        bundled.area("Bavaria")
    assert bundled.area("Hama").extent.contains(place("Hama").point)


def test_search_ranks_and_says_how(bundled):
    found = bundled.search("Suran", limit=3)
    assert [m.how for m in found] == ["name", "name", "name"]
    assert [m.place.admin1 for m in found[:2]] == ["Hama", "Aleppo"]
    assert bundled.search("Suran", limit=1, near="Azaz")[0].place.admin1 == "Aleppo"
    assert bundled.search("Seraqebb", limit=1)[0].how in ("spelling", "similar")


def test_a_place_in_a_notebook_shows_data_as_text():
    html = Place("<b>{{7*7}}</b>", 36.0, 35.0, source="<script>")._repr_html_()
    assert "<b>" not in html
    assert "<script>" not in html


def test_a_cold_lookup_imports_nothing_heavy():
    code = (
        "import sys; from frontline.gazetteer import place; place('Hama');"
        "heavy = {'pandas', 'geopandas', 'shapely', 'pyproj', 'numpy', 'rapidfuzz', 'folium'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_spellings_name_every_place_and_take_returns_it():
    g = Gazetteer.bundled()
    numbers = [number for name, number in g.spellings() if name in ("Hama", "حماة")]
    assert {p.place_id for p in g.take(numbers)} == {"geonames:170017"}
    mine = Gazetteer.from_frame(
        gpd.GeoDataFrame(
            {"name": ["A", "B"], "alternate_names": ["", "Bee;Beh"]},
            geometry=gpd.points_from_xy([36.0, 37.0], [35.0, 35.0]),
            crs=4326,
        )
    )
    assert list(mine.spellings()) == [("A", 0), ("B", 1), ("Bee", 1), ("Beh", 1)]
    assert [p.name for p in mine.take([1, 0])] == ["B", "A"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Тель-Рифаат", "Tell Rifaat"),
        ("Han Şeyhun", "Khan Shaykhun"),
        ("Chan Schaichun", "Khan Shaykhun"),
        ("Хан-Шейхун", "Khan Shaykhun"),
        ("Ковкаба", "Kawkaba"),
    ],
)
def test_names_are_respelled_as_english_writes_them(written, meant):
    ways = {"".join(parts) for parts in respelled(written)}
    assert ways & skeleton_mates(meant), ways


def skeleton_mates(meant):
    """Return the respellings that share a skeleton with the English name, by brute force."""
    return {
        "".join(parts)
        for way in ("Тель-Рифаат", "Han Şeyhun", "Chan Schaichun", "Хан-Шейхун", "Ковкаба")
        for parts in respelled(way)
        if skeletons(" ".join(parts)) & skeletons(meant)
    }


def test_a_name_in_english_letters_is_not_respelled():
    assert respelled("Hama") == respelled("حماة") == []
