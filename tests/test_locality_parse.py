"""Phrases to localities: a golden corpus, the traps, and any text at all."""

from __future__ import annotations

import contextlib
import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontline.errors import (
    DataFileError,
    FrontlineError,
    InputError,
    LocalitySyntaxError,
    UnresolvedFeatureError,
)
from frontline.locality import grammar, parse
from frontline.locality.lexicon import languages, lexicon
from frontline.locality.lexicon_tables import build
from frontline.locality.uncertainty import KINDS

CORPUS = Path(__file__).parent / "corpus" / "phrases" / "en.csv"

with CORPUS.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


def test_corpus_is_large_and_has_every_kind():
    assert len(ROWS) >= 250
    assert {row["kind"] for row in ROWS if row["kind"]} == set(KINDS)
    assert len({row["phrase"] for row in ROWS}) == len(ROWS)
    assert sum(bool(row["error"]) for row in ROWS) >= 40


WINDS = {
    # Every wind's azimuth by hand: 32 points, 11.25 degrees apart, clockwise.
    "north": 0, "north by east": 11.25, "north-northeast": 22.5, "northeast by north": 33.75,
    "northeast": 45, "northeast by east": 56.25, "east-northeast": 67.5, "east by north": 78.75,
    "east": 90, "east by south": 101.25, "east-southeast": 112.5, "southeast by east": 123.75,
    "southeast": 135, "southeast by south": 146.25, "south-southeast": 157.5,
    "south by east": 168.75, "south": 180, "south by west": 191.25, "south-southwest": 202.5,
    "southwest by south": 213.75, "southwest": 225, "southwest by west": 236.25,
    "west-southwest": 247.5, "west by south": 258.75, "west": 270, "west by north": 281.25,
    "west-northwest": 292.5, "northwest by west": 303.75, "northwest": 315,
    "northwest by north": 326.25, "north-northwest": 337.5, "north by west": 348.75,
}  # fmt: skip
ABBREVIATIONS = (
    "N NbE NNE NEbN NE NEbE ENE EbN E EbS ESE SEbE SE SEbS SSE SbE "
    "S SbW SSW SWbS SW SWbW WSW WbS W WbN WNW NWbW NW NWbN NNW NbW"
).split()


@pytest.mark.parametrize(("name", "azimuth"), WINDS.items())
def test_winds_in_all_spellings(name, azimuth):
    half = {0: 45, 4: 22.5, 2: 11.25}.get(round(azimuth / 11.25) % 8, 11.25 / 2)
    half = 11.25 if round(azimuth / 11.25) % 4 == 2 else half
    letters = ABBREVIATIONS[round(azimuth / 11.25)]
    spellings = [
        name,
        name.replace("-", " "),
        name.replace("-", ""),
        name.replace("northeast", "north-east").replace("southwest", "south-west"),
        name.replace("northwest", "north west").replace("southeast", "south east"),
        name.upper(),
        letters,
    ]
    for spelling in spellings:
        found = parse(f"7 km {spelling} of Hama")
        assert (found.azimuth_deg, found.half_angle_deg) == (azimuth, half), spelling
        assert found.wind == letters


ONES = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(value):
    if value < 10:
        return ONES[value - 1]
    if value < 20:
        return TEENS[value - 10]
    if value == 100:
        return "one hundred"
    ten, one = TENS[value // 10 - 2], value % 10
    return f"{ten}-{ONES[one - 1]}" if one else ten


@pytest.mark.parametrize("value", range(1, 101))
def test_number_words(value):
    for words in (in_words(value), in_words(value).replace("-", " ")):
        assert parse(f"{words} km north of Hama").distance_m == value * 1000
    half = parse(f"{in_words(value)} and a half km north of Hama")
    assert half.distance_m == value * 1000 + 500
    assert half.distance_precision_m == 250


def test_other_digits_and_typography():
    for phrase in (
        "\u0665 km north of Hama",
        "5\u202fkm north of Hama",
        "\uff15 km north of Hama",
        "5 km north\u2011of Hama".replace("\u2011of", " of"),
        "5 km nor\u200dth of Hama".replace("\u200d", ""),
        "\u200f5 km north of \u202bHama\u202c",
        "  5 km north of Hama  ",
    ):
        found = parse(phrase)
        assert (found.distance_m, found.azimuth_deg, found.features) == (5000, 0, ("Hama",))
    assert parse("5\u201310 km north\u2013east of Hama").distance_high_m == 10_000


def test_spans_count_in_the_text_as_given():
    text = "  Fierce clashes 5 km north of Hama\u2019s borders, sources said"
    found = parse(text)
    assert text[slice(*found.span)] == "5 km north of Hama\u2019s borders"


def test_precision_follows_the_way_a_number_is_written():
    assert parse("100 km north of Hama").distance_precision_m == 5000
    assert parse("10.0 km north of Hama").distance_precision_m == 50
    assert parse("a few km north of Hama").distance_precision_m is None


def test_legs_fraction_within_and_path():
    pair = parse("6 km N and 4 km W of Hama")
    assert pair.legs == ((6000.0, 0.0), (4000.0, 270.0))
    assert parse("a third of the way from Hama to Homs").fraction == pytest.approx(1 / 3)
    assert parse("between Hama and Homs").fraction == 0.5
    nested = parse("eastern Karlivka, southeast of Pokrovsk")
    assert (nested.within.kind, nested.within.features) == ("heading", ("Pokrovsk",))
    assert parse("10 km south of Saraqib on the M5").path == "M5"
    assert parse("Suran, Hama").within.features == ("Hama",)


def test_vague_distances_say_how_they_are_read():
    found = parse("a few kilometres north of Hama")
    assert (found.distance_m, found.distance_low_m, found.distance_high_m) == (None, None, None)
    assert found.assumed_m == (1000.0, 10_000.0)
    assert "no number" in found.remarks[0]


@pytest.mark.parametrize(
    ("phrase", "unread"),
    [
        ("10 km northeast of Damascus near Douma", ["near Douma"]),
        ("5 km north of Hama and 10 km south of Khan Shaykhun", ["10 km south of Khan Shaykhun"]),
        ("in Hama and in Homs, and north of Idlib", ["in Homs", "north of Idlib"]),
        ("5 km north of Hama on Tuesday in December", []),
        ("5 km north of Hama, Syria", []),
    ],
)
def test_places_that_are_not_read_are_named(phrase, unread):
    assert list(parse(phrase).remarks) == [f"{each!r} is not read" for each in unread]


def test_a_name_before_a_clause_is_the_feature():
    for phrase, kind, beside in (
        ("Nayrab near Aleppo", "near", "Aleppo"),
        ("Busra in Daraa", "inside", "Daraa"),
        ("Suran north of Hama", "heading", "Hama"),
        ("in Suran north of Hama", "heading", "Hama"),
    ):
        within = parse(phrase).within
        assert (within.kind, within.features) == (kind, (beside,)), phrase


def test_coordinates():
    for phrase in ("35.16, 36.80", "36.80E 35.16N", "35°09'36\"N 36°48'00\"E", "N35.16 E36.80"):
        found = parse(phrase)
        assert (found.lon, found.lat) == pytest.approx((36.80, 35.16))
    assert parse("35.16, 36.80").precision_deg == 0.01
    assert parse("35°09'36\"N 36°48'00\"E").precision_deg == pytest.approx(1 / 3600)
    assert parse("35.16, 36.80").remarks == (
        "the first number is read as the latitude, as is usual in text",
    )
    south_west = parse("35.16S 36.80W")
    assert (south_west.lon, south_west.lat) == (-36.80, -35.16)
    assert parse("136.80, 35.16").lon == 136.80
    with pytest.raises(LocalitySyntaxError, match="twice"):
        parse("35.16N 36.80N")


def test_errors_say_where():
    with pytest.raises(LocalitySyntaxError) as caught:
        parse("clashes 5 km north")
    assert caught.value.column == len("clashes 5 km ")
    assert caught.value.text == "clashes 5 km north"
    with pytest.raises(UnresolvedFeatureError, match="the anchor 'the city' names no place"):
        parse("15 km from the city")
    with pytest.raises(LocalitySyntaxError, match="'five villages' is a count"):
        parse("five villages near Hama")
    with pytest.raises(LocalitySyntaxError, match="is a movement"):
        parse("advanced 2 km")
    with pytest.raises(LocalitySyntaxError, match=r"write 1500 or 1\.5"):
        parse("1.500 m east of Hama")
    with pytest.raises(LocalitySyntaxError, match="'3 leagues' is not understood"):
        parse("fighting 3 leagues east of Hama")
    with pytest.raises(LocalitySyntaxError, match="signed distance"):
        parse("-5 km north of Hama")
    with pytest.raises(LocalitySyntaxError, match="is a length"):
        parse("5 km race in Hama")


@pytest.mark.parametrize("value", [None, 5, b"5 km", ["5 km north of Hama"]])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(InputError):
        parse(value)


def test_languages():
    assert "en" in languages()
    assert parse("5 km north of Hama", lang="en").lang == "en"
    for wrong in ("xx", "../en", "", "EN"):
        with pytest.raises(InputError, match="no lexicon"):
            parse("5 km north of Hama", lang=wrong)


def test_a_lexicon_lists_every_fault():
    with pytest.raises(DataFileError) as caught:
        build(
            {
                "language": {"code": "xx"},
                "units": {"parsec": ["pc"]},
                "winds": {"names": {"Q": ["quorth"]}},
                "words": {"colour": ["red"]},
                "numbers": {"vague": {"few": [5, 1]}},
            }
        )
    problems = " ".join(caught.value.problems)
    for word in ("name", "possessives", "parsec", "Q", "colour", "few"):
        assert word in problems


def test_the_english_lexicon_has_every_wind_and_unit():
    english = lexicon("en")
    assert set(english.wind_names) == set(ABBREVIATIONS)
    assert set(english.unit_names) == {"m", "km", "mi", "nmi", "ft", "yd"}


WORDS = st.sampled_from(
    "5 10 five ten half a and km miles m of from to the north northeast northern NE N Hama Homs "
    "Deir ez-Zor al-Bab near in between on M5 road border borders outskirts city village within "
    "less more than about few ( ) , - . ' 's / 1/2 ½ ° 35.1 36.2 advanced villages 's countryside "
    "حماة five-seven \u0663 radius around bearing degrees third way by".split()
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
@settings(max_examples=400)
def test_any_sequence_of_known_words(text):
    try:
        found = parse(text)
    except FrontlineError:
        return
    assert found.kind in KINDS
    assert all(found.features) or found.kind in {"coordinates", "along"}
    assert 0 <= found.span[0] < found.span[1] <= len(text)
    for value in (found.distance_m, found.distance_low_m, found.distance_high_m):
        assert value is None or 0 <= value <= 20_003_932


@given(st.text(max_size=200))
@example("\u00b2 km north of Hama")
@example("9" * 5000 + " km north of Hama")
@example("5 1 1 1 1/2 km")
@example("\ud800 km north of Hama")
def test_any_text_gives_a_locality_or_our_own_error(text):
    try:
        found = parse(text)
    except FrontlineError:
        return
    assert found.kind in KINDS


@pytest.mark.parametrize(
    "piece",
    [
        *("5 km ", "Hama ", "north ", "of the ", "(", "one ", "half ", "a-", "1/", "35.1, ", "N "),
        *("'s ", "on the road from ", "between 5 and ", "5 villages ", "Hama, ", "in northern "),
        *("x", "1"),
    ],
)
def test_work_grows_with_the_length_only(piece, monkeypatch, count_calls):
    monkeypatch.setattr(grammar, "MAX_PHRASE", 10**9)

    def work(length):
        text = (piece * (length // len(piece) + 1))[:length]
        with contextlib.suppress(FrontlineError):
            parse(text)

    work(400)  # what is loaded once does not count
    # 4 times the text: a quadratic reading would make 16 times as many calls.
    assert count_calls(lambda: work(1_600)) < 8 * count_calls(lambda: work(400)) + 500


def test_a_page_is_no_phrase(count_calls):
    def refuse():
        with pytest.raises(LocalitySyntaxError, match="at most"):
            parse("5 km north of Hama " * 60_000)

    assert count_calls(refuse) < 1_000  # refused before it is read
    assert parse(" " * 1_000_000 + "Hama").features == ("Hama",)


def test_reading_imports_no_heavy_library():
    code = (
        "import sys; from frontline.locality import parse; parse('5 km north of Hama');"
        "heavy = {'pandas', 'geopandas', 'shapely', 'folium', 'matplotlib'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
