"""Reading running text: spans, names, homonyms, traps, hostile text."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import xyzservices

from frontline.errors import DateError, FrontlineError, InputError
from frontline.gazetteer import Gazetteer
from frontline.reports import Reading, dictionary, read
from tests.timing import processor_time


def mentioned(text, **options):
    frame = read(text, **options).mentions
    return list(zip(frame["text"], frame["kind"], strict=True))


def test_spans_count_in_the_text_as_given():
    text = "\u200f  Clashes \u2014 5 km northeast of Ham\u0101h\u2019s borders, and in Homs."
    frame = read(text).mentions
    assert [text[a:b] for a, b in zip(frame["start"], frame["end"], strict=True)] == list(
        frame["text"]
    )
    assert frame["kind"].tolist() == ["offset", "inside"]


def test_rows_say_what_locate_says():
    row = read("Shells fell 5 km northeast of Hama's borders.").mentions.iloc[0]
    assert (row.distance_m, row.azimuth_deg, row.reference) == (5000.0, 45.0, "edge")
    assert row.places == ("Hama",)
    assert row.geometry.contains(row.point)
    assert row.uncertainty_m > 0


def test_a_row_is_explained():
    found = read("Shells fell 5 km northeast of Hama.").location(0)
    assert "Hama" in found.explanation


def test_a_row_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="no mention 3"):
        read("Shells fell near Hama.").location(3)


def test_unresolved_localities_keep_their_reason():
    row = read("The column stopped 15 km from the city.").mentions.iloc[0]
    assert row.kind is None or row.kind != row.kind
    assert "names no place" in row.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "The ministers spoke about prices.",
        "He hit the road in March and said much of it was fine.",
        "They were there before. The city was calm.",
        "Michael Jordan and Karim Aziz met.",
    ],
)
def test_text_without_a_place_has_no_mention(text):
    assert mentioned(text) == []


def test_nested_names_are_one_mention():
    assert mentioned("Fighting 5 km northeast of Hama went on.") == [
        ("5 km northeast of Hama", "offset")
    ]


def test_the_longest_name_wins():
    frame = read("They moved from Khan Shaykhun to Deir ez-Zor.").mentions
    assert frame["features"].tolist() == [("Khan Shaykhun",), ("Deir ez-Zor",)]


def test_any_script_and_spelling():
    frame = read("Aid reached Ḩamāh. وصلت المساعدات إلى حماة.").mentions
    assert {each for row in frame["places"] for each in row} == {"Hama"}


def test_homonyms_are_settled_by_the_text():
    places = gpd.GeoDataFrame(
        {"name": ["Suran", "Suran", "Azaz", "Morek"], "country": ["SY"] * 4},
        geometry=gpd.points_from_xy([36.74, 37.21, 37.05, 36.69], [35.29, 36.57, 36.59, 35.37]),
        crs=4326,
    )
    own = Gazetteer.from_frame(places)
    north = read("Shelling in Azaz and in Suran.", gazetteer=own).mentions
    south = read("Shelling in Morek and in Suran.", gazetteer=own).mentions
    assert [round(p.y, 1) for p in north["point"]] == [36.6, 36.6]
    assert [round(p.y, 1) for p in south["point"]] == [35.4, 35.3]
    assert "may be 2 places" in read("Shelling in Suran.", gazetteer=own).mentions["reason"].iloc[0]


def test_country_narrows():
    text = "Shelling in Tripoli."
    assert read(text, country="LB").mentions["places"].tolist() == [("Tripoli",)]
    assert read(text, country="JO").mentions.empty


def test_the_frames_of_an_empty_text_have_their_columns():
    found = read("nothing here")
    assert found.mentions.crs == 4326
    assert {"start", "geometry", "point", "reason"} <= set(found.mentions.columns)
    assert {"actor", "action", "valid_from"} <= set(found.claims.columns)
    assert len(found.table()) == 0


@pytest.mark.parametrize("wrong", [None, 5, b"Hama", ["Hama"]])
def test_only_text_is_read(wrong):
    with pytest.raises(InputError, match="takes a text"):
        read(wrong)


def test_wrong_arguments_are_refused():
    with pytest.raises(DateError):
        read("Hama", "30 February 2024")
    with pytest.raises(InputError):
        read("Hama", lang="xx")
    with pytest.raises(InputError):
        read("Hama", gazetteer=pd.DataFrame())
    with pytest.raises(InputError):
        read("Hama", country="Atlantis")


HOSTILE = {
    "word": "a",
    "capitals": "A",
    "digits": "1",
    "brackets": "(",
    "units": "km ",
    "numbers and units": "5 km ",
    "winds": "north of ",
    "names": "Hama ",
    "articles": "Al al-",
    "apostrophes": "a'",
    "marks": "e\u0301",
    "rtl": "\u200f\u202e",
    "surrogates": "\ud800",
    "surrogates and names": "\ud800Hama",
    "arabic": "وبال",
    "and": "Hama and ",
    "commas": "Hama, ",
    "dots": "1.1",
    "degrees": "1° ",
    "nul": "\0",
    "lines": "Hama\n",
    "verbs": "captured ",
    "in": "in Hama in ",
    "sentence": "5 km north of Hama and ",
    "grid": "37SBU ",
    "joined names": "Hama'",
    "only marks": "\u0301",
}


def operations(text):
    """Return how many calls reading a text takes: the same for the same text, whatever the load."""
    calls = 0

    def count(*_):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_work_in_proportion_to_its_length(unit):
    def text(size):
        return (unit * (size // len(unit) + 1))[:size]

    read(text(1_000))  # what is loaded once
    small, large = operations(text(4_000)), operations(text(16_000))
    assert large < 5 * small + 2_000


@pytest.mark.parametrize("kind", ["word", "names", "units", "sentence", "brackets"])
def test_hostile_text_takes_time_in_proportion_to_its_length(kind):
    def seconds(size):
        text = (HOSTILE[kind] * size)[:size]
        best = float("inf")
        for _ in range(3):
            with processor_time() as spent:
                found = read(text)
                found.mentions, found.claims  # noqa: B018 - made when asked for
            best = min(best, spent.seconds)
        return best

    seconds(4_000)
    assert seconds(64_000) < 12 * seconds(16_000) + 0.02


@pytest.mark.parametrize(
    "text", ["\ud800 in Hama \udfff", "in Hama\0", "\ufeffin Hama", "in Hama\u202e"]
)
def test_odd_characters_do_not_hide_a_place(text):
    assert [kind for _, kind in mentioned(text)] == ["inside"]


def test_names_reach_html_as_text_only():
    places = gpd.GeoDataFrame(
        {"name": ["Hama <script>alert(1)</script> {{7*7}}"]},
        geometry=gpd.points_from_xy([36.7], [35.1]),
        crs=4326,
    )
    text = "Shells fell in Hama <script>alert(1)</script> {{7*7}} and near Hama."
    found = read(text, gazetteer=Gazetteer.from_frame(places))
    assert "<script>" not in found._repr_html_()
    page = found.map(tiles=None).get_root().render()
    assert "alert(1)" not in page
    assert "{{7*7}}" not in page


def test_an_attribution_of_tiles_reaches_html_as_text_only():
    tiles = xyzservices.TileProvider(
        name="x",
        url="https://tiles.example.org/{z}/{x}/{y}.png",
        attribution="{{7*7}} ${window.x} `me`",
    )
    page = read("Shells fell near Hama.").map(tiles=tiles).get_root().render()
    assert "https://tiles.example.org/{z}/{x}/{y}.png" in page
    assert not any(text in page for text in ("{{7*7}}", "49 $", "${window.x}", "`me`"))


def test_a_map_shows_what_was_placed():
    found = read("Shells fell 5 km northeast of Hama and 15 km from the city.")
    page = found.map(tiles=None).get_root().render()
    assert "atob" in page
    assert isinstance(found, Reading)


def test_a_reading_says_what_it_holds():
    found = read("Insurgents captured Aleppo.", "2024-11-30")
    assert repr(found) == "<Reading: 1 mention, 1 claim>"
    assert len(found) == 1
    assert "Aleppo" in found._repr_html_()


def test_no_text_raises_anything_but_our_own_errors():
    for text in ("\U0010ffff" * 100, "".join(map(chr, range(0x2000, 0x2100))), "'" * 500):
        try:
            read(text).mentions  # noqa: B018 - made when asked for
        except FrontlineError:
            pytest.fail("reading text has nothing to refuse")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Les troupes ont avancé vers Homs.", "Homs"),
        ("Las tropas avanzaron hacia Homs.", "Homs"),
        ("As tropas avançaram em direção a Homs.", "Homs"),
        ("Війська рушили в бік Хомса.", "Хомс"),
        ("Fighters advanced towards Homs.", "Homs"),
        ("Shelling reached as far as Van.", "Van"),
    ],
)
def test_where_a_movement_leads_is_a_name_and_no_nearness(text, name):
    frame = read(text).mentions
    assert list(zip(frame["kind"], frame["features"], strict=True)) == [("feature", (name,))]


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        ("Shells fell 10 km north of 35.16N 36.80E.", "10 km north of 35.16N 36.80E", "offset"),
        ("A fire at 35.16N, 36.80E was put out.", "35.16N, 36.80E", "coordinates"),
        ("They camped near 35.1594 N, 36.8018 E.", "near 35.1594 N, 36.8018 E", "near"),
    ],
)
def test_coordinates_are_read_with_what_is_laid_off_them(text, said, kind):
    row = read(text).mentions.iloc[0]
    assert (row["text"], row["kind"], row["reason"]) == (said, kind, None)


def test_the_extent_of_a_feature_is_what_locate_gives():
    found = read("Rebels captured Hama. Shops were closed in Homs and in Idlib governorate.")
    frame = found.mentions
    for row in range(len(frame)):
        one = found.location(row)
        assert one.region.equals_exact(frame.geometry.iloc[row], 1e-9)
        assert one.uncertainty_m == pytest.approx(frame["uncertainty_m"].iloc[row])
        assert one.point.equals_exact(frame["point"].iloc[row], 1e-12)


def test_the_dictionary_on_disk_is_the_one_that_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path))
    names = ("Hama", "حماة", "Deir ez-Zor", "Ras al-Ayn", "Tell Rifaat")
    made = dictionary.kept(names)
    assert made == dictionary.build(names)
    assert dictionary.kept(names) == made
    (file,) = tmp_path.iterdir()
    file.write_text('{"single": 5', encoding="utf-8")
    assert dictionary.kept(names) == made
    assert dictionary.kept((*names, "Homs")) != made


REPORT = os.environ.get("FRONTLINE_SEED_REPORT", "")


@pytest.mark.skipif(not REPORT, reason="FRONTLINE_SEED_REPORT names no report to read")
def test_the_seed_report_is_read_as_a_careful_reader_does():
    text = Path(REPORT).read_text(encoding="utf-8")
    found = read(text, "2024-12-04")
    frame = found.mentions
    laid_off = frame[frame["distance_m"].notna()]
    assert len(laid_off) == 1
    row = laid_off.iloc[0]
    assert (row.kind, row.distance_m, row.azimuth_deg, row.reference, row.places) == (
        "offset", 5000.0, 45.0, "edge", ("Hama",),
    )  # fmt: skip
    assert frame["reason"].isna().all()
    others = frame.drop(row.name)
    assert set(others["kind"]) <= {"feature", "inside", "near"}
    assert {name for names in others["places"] for name in names} == {
        "Hama", "Syria", "Aleppo", "Turkey",
    }  # fmt: skip
    said = found.claims[["actor", "action", "place", "status"]].to_numpy().tolist()
    assert said == [["insurgents", "captured", "Aleppo", "controlled"]]
    assert found.claims["valid_from"].isna().all()  # "previously" leaves the day open
