"""Every language's golden corpus, with the language told and with it found out."""

from __future__ import annotations

import contextlib
import csv
import functools
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline import errors
from frontline.locality import detection, grammar, lexicon_tables, parse
from frontline.locality import lexicon as vocabulary_files
from frontline.locality.detection import detect
from frontline.locality.grammar import localities
from frontline.locality.lexicon import languages, lexicon
from frontline.locality.lexicon_tables import WORD_CLASSES
from frontline.locality.uncertainty import KINDS

FOLDER = Path(__file__).parent / "corpus" / "phrases"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CORPORA = {path.stem: rows_of(path) for path in sorted(FOLDER.glob("*.csv"))}
ROWS = [row for rows in CORPORA.values() for row in rows]


def number(text):
    return float(text) if text else None


def name_of(row):
    return f"{row['lang']}: {row['phrase'][:60] or 'empty'}"


def check(row, lang):
    if row["error"]:
        with pytest.raises(getattr(errors, row["error"])):
            parse(row["phrase"], lang=lang)
        return
    found = parse(row["phrase"], lang=lang)
    said = (found.kind, ";".join(found.features), found.reference or "")
    assert said == (row["kind"], row["features"], row["reference"])
    assert found.azimuth_deg == number(row["azimuth_deg"])
    for name in ("distance_m", "low_m", "high_m"):
        attribute = name if name == "distance_m" else f"distance_{name}"
        wanted = number(row[name])
        assert getattr(found, attribute) == (wanted and pytest.approx(wanted, rel=1e-9))
    start, end = found.span
    assert str(found) == row["phrase"][start:end] != ""


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_golden_corpus(row):
    check(row, row["lang"])


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_golden_corpus_with_the_language_found_out(row):
    check(row, None)


@pytest.mark.parametrize("code", sorted(CORPORA))
def test_a_corpus_is_of_its_language_and_says_nothing_twice(code):
    rows = CORPORA[code]
    assert {row["lang"] for row in rows} == {code}
    assert len({row["phrase"] for row in rows}) == len(rows)
    assert {row["kind"] for row in rows if row["kind"]} <= set(KINDS)


@pytest.mark.parametrize("code", languages())
def test_a_lexicon_is_right_and_goes_by_the_name_of_its_file(code):
    assert lexicon(code).code == code


def test_the_corpora_are_large_and_hold_traps():
    assert len(CORPORA) >= 10
    for code, rows in CORPORA.items():
        assert len(rows) >= 75, code
        assert sum(bool(row["error"]) for row in rows) >= 15, code
    assert {row["kind"] for row in ROWS if row["kind"]} == set(KINDS)


@pytest.mark.parametrize("code", languages())
def test_a_lexicon_has_the_numbers_winds_and_units_that_reports_use(code):
    words = lexicon(code)
    singles = [group.single for group in words.entries.values()]
    numbers = {each["number"] for each in singles if "number" in each}
    scales = {each["scale"] for each in singles if "scale" in each}
    assert {*range(1, 11), *range(20, 100, 10)} <= numbers
    assert 100 in numbers | scales
    assert 1000 in numbers | scales
    assert {"N", "NE", "E", "SE", "S", "SW", "W", "NW"} <= set(words.wind_names)
    assert {"km", "m"} <= set(words.unit_names)
    for role in ("near", "inside", "between", "edge", "movement", "counted", "anaphor", "common"):
        assert role in words.classes, role


@pytest.mark.parametrize(
    ("phrase", "lang", "features", "readings"),
    [
        # The case that the preposition demands, undone; what is not the likeliest is kept.
        ("южнее Идлиба", "ru", ("Идлиб",), "Идлиба"),
        ("nördlich Hamas", "de", ("Hama",), "Hamas"),
        # A noun that says what the place is leaves the name as written.
        ("в 5 км от города Хама", "ru", ("Хама",), None),
        # The apostrophe marks where the ending begins.
        ("Hama'nın 5 km kuzeyinde", "tr", ("Hama",), None),
        ("Həmanın 5 km şimalında", "az", ("Həma",), "Həmanın"),
        # A letter that is written onto the name, and may be its own.
        ("قصف بحماة", "ar", ("حماة",), "بحماة"),
    ],
)
def test_names_have_their_base_form_and_keep_the_others(phrase, lang, features, readings):
    found = parse(phrase, lang=lang)
    assert found.features == features
    assert len(found.readings) == len(features)
    assert all(name not in others for name, others in zip(features, found.readings, strict=True))
    if readings:
        assert readings in found.readings[0]


@pytest.mark.parametrize(
    "phrase",
    [
        "\u200f5 كم شمال حماة\u200f",
        "5 كم شَمالَ حماة",
        "٥ كم شمال حمـــاة",
        "۵ كم شمال \u2067حماة\u2069",
    ],
)
def test_arabic_signs_change_nothing(phrase):
    found = parse(phrase)
    assert (found.lang, found.features, found.distance_m) == ("ar", ("حماة",), 5000.0)
    assert found.azimuth_deg == 0.0


def test_scripts_may_mix():
    assert parse("5 km north of حماة").features == ("حماة",)
    assert parse("5 км севернее Hama").features == ("Hama",)
    # A Cyrillic "o" in an English word, a Latin "c" in a Russian one.
    assert parse("5 km n\u043erth of Hama").azimuth_deg == 0.0
    assert parse("5 км \u0063евернее Хамы", lang="ru").azimuth_deg == 0.0


def test_thousands_are_the_languages_own():
    assert parse("1.500 Meter nördlich von Hama", lang="de").distance_m == 1500
    assert parse("1 500 mètres au nord de Hama", lang="fr").distance_m == 1500
    assert parse("1,5 km nördlich von Hama", lang="de").distance_m == 1500
    with pytest.raises(errors.LocalitySyntaxError, match="1500"):
        parse("1.500 m north of Hama", lang="en")


@pytest.mark.parametrize(
    ("phrase", "lang"),
    [
        ("5 km north of Hama", "en"),
        ("à 5 km au nord de Hama", "fr"),
        ("fünf Kilometer nördlich von Hama", "de"),
        ("cinco kilómetros al norte de Hama", "es"),
        ("cinco quilômetros ao norte de Hama", "pt"),
        ("Hama'nın beş kilometre kuzeyinde", "tr"),
        ("Həmanın beş kilometr şimalında", "az"),
        ("в пяти километрах к северу от Хамы", "ru"),
        ("за п'ять кілометрів на північ від Хами", "uk"),
        ("على بعد خمسة كيلومترات شمال حماة", "ar"),
    ],
)
def test_the_language_is_found_out(phrase, lang):
    assert detect(phrase)[0] == lang
    found = parse(phrase)
    assert (found.lang, found.azimuth_deg, found.distance_m) == (lang, 0.0, 5000.0)


def test_every_language_of_a_script_is_named():
    assert set(detect("Хама")) == {code for code in languages() if code in {"ru", "uk"}}
    assert set(detect("")) == set(languages())
    assert "ar" not in detect("Hama")


def test_a_wrong_lexicon_breaks_no_other(tmp_path, monkeypatch):
    for path in vocabulary_files.FOLDER.glob("*.toml"):
        if path.stem in {"en", "fr"}:
            shutil.copy(path, tmp_path)
    (tmp_path / "xx.toml").write_text("[language]\ncode = 'xx'\nname = ", encoding="utf-8")
    (tmp_path / "yy.toml").write_text("[language]\ncode = 'yy'\n[words]\nx = []", encoding="utf-8")
    caches = (languages, lexicon, *detection_caches())
    for module in (vocabulary_files, detection):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    try:
        for cache in caches:
            cache.cache_clear()
        assert languages() == ("en", "fr", "xx", "yy")
        assert parse("près de Hama").lang == "fr"
        with pytest.raises(errors.DataFileError, match="no TOML"):
            parse("près de Hama", lang="xx")
        with pytest.raises(errors.DataFileError) as caught:
            lexicon("yy")
        assert len(caught.value.problems) >= 5
    finally:
        for cache in caches:
            cache.cache_clear()


DOCS = Path(__file__).parents[1] / "docs" / "languages.md"


def test_the_example_of_the_docs_is_a_language(tmp_path, monkeypatch):
    block = DOCS.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "it.toml").write_text(block, encoding="utf-8")
    shutil.copy(vocabulary_files.FOLDER / "en.toml", tmp_path)
    caches = (languages, lexicon, *detection_caches())
    for module in (vocabulary_files, detection):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    try:
        for cache in caches:
            cache.cache_clear()
        for phrase, kind, features, distance_m, azimuth_deg, reference in (
            ("5 km a nord-est di Milano", "offset", ("Milano",), 5000, 45, None),
            ("cinque chilometri e mezzo a sud di Bari", "offset", ("Bari",), 5500, 180, None),
            ("vicino a Roma", "near", ("Roma",), None, None, None),
            ("tra Roma e Napoli", "between", ("Roma", "Napoli"), None, None, None),
            ("alla periferia di Torino", "near", ("Torino",), None, None, "edge"),
            ("12 km dal centro di Bologna", "distance", ("Bologna",), 12_000, None, "centre"),
        ):
            for lang in ("it", None):
                found = parse(phrase, lang=lang)
                assert (found.kind, found.features, found.reference) == (kind, features, reference)
                assert (found.distance_m, found.azimuth_deg) == (distance_m, azimuth_deg)
        for phrase in ("cinque villaggi vicino a Roma", "avanzati di 2 km"):
            with pytest.raises(errors.LocalitySyntaxError):
                parse(phrase)
        with pytest.raises(errors.UnresolvedFeatureError):
            parse("a 5 km dalla città")
    finally:
        for cache in caches:
            cache.cache_clear()


def test_the_docs_name_every_key():
    text = DOCS.read_text(encoding="utf-8")
    named = WORD_CLASSES | set(lexicon_tables._OPTIONAL) | lexicon_tables._WIND_KEYS
    assert [each for each in sorted(named) if f"{each}`" not in text] == []


def detection_caches():
    return [each for each in vars(detection).values() if hasattr(each, "cache_clear")]


def test_all_localities_of_a_sentence():
    found = localities(
        "Fierce clashes 5 km north of Hama; five villages near Idlib fell, rebels advanced 10 km, "
        "and shells hit Suran, in northern Hama countryside."
    )
    assert str(found[0]) == "5 km north of Hama"
    assert (found[-1].features, found[-1].within.kind) == (("Suran",), "part")
    assert not any("Idlib" in each.features for each in found)
    ends = [0, *(each.span[1] for each in found)]
    assert all(each.span[0] >= end for each, end in zip(found, ends, strict=False))
    assert localities("") == []
    for wrong in (None, 5, "x" * 5001):
        with pytest.raises(errors.InputError):
            localities(wrong)


@functools.cache
def words_of(code):
    known = [word for word in lexicon(code).entries if word.strip()]
    return [
        *sorted(known),
        *"5 12 2,5 1.500 1/2 ½ ( ) , . - – ' 's ° km м كم Hama Хама حماة M5".split(),
    ]


@given(
    st.sampled_from(languages()).flatmap(
        lambda code: st.tuples(
            st.just(code), st.lists(st.sampled_from(words_of(code)), max_size=12)
        )
    ),
    st.booleans(),
)
@settings(max_examples=600, deadline=None)
def test_any_words_of_a_lexicon(drawn, told):
    code, words = drawn
    text = " ".join(words)
    try:
        found = parse(text, lang=code if told else None)
    except errors.FrontlineError:
        return
    assert found.kind in KINDS
    assert 0 <= found.span[0] < found.span[1] <= len(text)
    assert len(found.readings) in {0, len(found.features)}
    for value in (found.distance_m, found.distance_low_m, found.distance_high_m):
        assert value is None or 0 <= value <= 20_003_932


@given(st.text(max_size=120), st.sampled_from(languages()))
@settings(max_examples=400, deadline=None)
def test_any_text_in_any_language(text, code):
    with contextlib.suppress(errors.FrontlineError):
        assert parse(text, lang=code).kind in KINDS
    assert all(each.kind in KINDS for each in localities(text, code))


PIECES = {
    "ar": ("و", "شمال ", "بحماة ", "خمسة و", "بين حماة و", "ريف حماة ", "5 كم "),
    "az": ("Həmanın ", "5 km ", "şimal ", "Həma və ", "yaxınlığında "),
    "de": ("nördlich der Stadt ", "Stadt ", "zwischen ", "ein ", "Hamas Grenzen "),
    "fr": ("d'", "à ", "au nord de la ", "l'", "1 500 ", "et demi ", "campagne nord de "),
    "ru": ("в ", "от города ", "Хама-", "к северу от ", "пять километров и ", "района "),
    "tr": ("Hama'nın ", "ve ", "5 km kuzey ", "Hama ile ", "kırsalının "),
}


@pytest.mark.parametrize(
    ("code", "piece"), [(code, piece) for code, pieces in PIECES.items() for piece in pieces]
)
@pytest.mark.parametrize("read", ["parse", "localities"])
def test_work_grows_with_the_length_only(code, piece, read, monkeypatch, count_calls):
    monkeypatch.setattr(grammar, "MAX_PHRASE", 10**9)

    def work(length):
        text = (piece * (length // len(piece) + 1))[:length]
        with contextlib.suppress(errors.FrontlineError):
            getattr(grammar, read)(text, lang=code)

    work(1_000)  # what is loaded once does not count
    # 4 times the text: a quadratic reading would make 16 times as many calls.
    assert count_calls(lambda: work(4_000)) < 8 * count_calls(lambda: work(1_000)) + 2_000
