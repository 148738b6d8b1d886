"""Phrases read by templates are read as by the grammar, in every language, told and found out."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontline.errors import FrontlineError
from frontline.gazetteer import Gazetteer
from frontline.locality import templates
from frontline.locality.grammar import parse
from frontline.locality.patterns import PatternReader
from frontline.locality.templates import TemplateReader
from frontline.locality.wordclasses import WordClasses, number_label, other_numbers

CORPORA = sorted((Path(__file__).parent / "corpus" / "phrases").glob("*.csv"))
SCRIPTS = {"ru": "[\u0400-\u04ff]", "uk": "[\u0400-\u04ff]", "ar": "[\u0600-\u06ff]"}
CASES = {"ru": "ыиойомеуа", "uk": "ииоюомеуа"}


def read(reader, phrase, **options):
    """Return the reading, or the error's sort and words."""
    try:
        return reader(phrase, **options)
    except FrontlineError as error:
        return type(error).__name__, str(error)


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pattern_read(reader, phrase):
    """Read by the pattern if there is one, else learn."""
    found = reader.known(phrase)
    return found[0].fill(phrase, found[1]) if found else read(reader.read, phrase)


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
@pytest.mark.parametrize("told", [True, False], ids=["told", "found out"])
def test_the_corpus_is_read_as_by_the_grammar(path, told):
    lang = path.stem if told else None
    reader, patterns = TemplateReader(lang), PatternReader(lang)
    for row in rows(path):
        expected = read(parse, row["phrase"], lang=lang)
        for _ in range(3):  # by the grammar, to learn a template, by the template
            assert read(reader.read, row["phrase"]) == expected, row["phrase"]
            assert pattern_read(patterns, row["phrase"]) == expected, row["phrase"]


def varied(path, seed, count):
    """Return phrases of a corpus with other names in other cases and other numbers."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, and no secret
    lang = path.stem
    letters = re.compile(SCRIPTS.get(lang, "[A-Za-z]"))
    names = [name for name, _ in Gazetteer.bundled().spellings() if letters.match(name)]
    named = [row for row in rows(path) if row["features"]]
    out = []
    for row in chance.choices(named, k=count):
        phrase = row["phrase"]
        for feature in row["features"].split(";"):
            name = chance.choice(names)
            if lang in CASES and chance.random() < 0.6:
                name = name[:-1] + chance.choice(CASES[lang])
            phrase = phrase.replace(feature[: max(3, len(feature) - 1)], name, 1)
        out.append(
            re.sub(
                r"\d+", lambda _: chance.choice("1 2 5 7 12 15 45 60 120 350 1500".split()), phrase
            )
        )
    return out


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_other_names_and_numbers_are_read_as_by_the_grammar(path):
    told, found = TemplateReader(path.stem), TemplateReader()
    patterns_told, patterns_found = PatternReader(path.stem), PatternReader()
    for phrase in varied(path, seed=path.stem, count=150):
        expected = read(parse, phrase, lang=path.stem)
        assert read(told.read, phrase) == expected, phrase
        assert pattern_read(patterns_told, phrase) == expected, phrase
        expected = read(parse, phrase)
        assert read(found.read, phrase) == expected, phrase
        assert pattern_read(patterns_found, phrase) == expected, phrase


FRAMES = (
    "{n} km {wind} of {name}", "{n} km from {name}'s borders",
    "within {n} km of {name} and {other}",
    "fighting {n} to {more} miles {wind} of {name}, north of {other}", "{wind} of {name}",
    "between {name} and {other}", "{name}, {n} km {wind} of {other}", "near {name} ({other})",
    "the {wind} outskirts of {name}", "à {n} km au nord de {name}", "{n} km östlich von {name}",
    "a {n} km al norte de {name}", "{name} şehrinin {n} km kuzeyinde",
    "{name} şəhərinin {n} km şimalında",
)  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_names_of_any_shape_are_read_as_by_the_grammar(frame):
    chance = random.Random(frame)  # noqa: S311 - repeatable, and no secret
    names = sorted({place.name for place in Gazetteer.bundled()})
    reader, known = PatternReader(), 0
    for _ in range(400):
        phrase = frame.format(
            n=chance.randint(2, 60),
            more=chance.randint(61, 90),
            wind=chance.choice(["north", "NNE", "southwest"]),
            name=chance.choice(names),
            other=chance.choice(names),
        )
        known += reader.known(phrase) is not None
        assert pattern_read(reader, phrase) == read(parse, phrase), phrase
    assert known > 0


WORDS = st.sampled_from(
    "north south-east NNE of from near between and to about over less than within km miles m half "
    "five the city village eastern northern outskirts countryside Hama's Suran, ( ) at by road "
    "Qomhana Tell Rifaat al-Bab Ma'arrat Saraqib's Homs Xyz ma 3 7 12 45 120 1500 7.5 0.5 5-7 2024 "
    "Hama'nın kuzeyinde à l'est d'Alep östlich von севернее Хамы شمال حماة".split()
)  # fmt: skip
READER, PATTERNS = TemplateReader(), PatternReader()


@given(st.lists(WORDS, min_size=1, max_size=9).map(" ".join))
def test_any_words_are_read_as_by_the_grammar(phrase):
    expected = read(parse, phrase)
    for _ in range(3):
        assert read(READER.read, phrase) == expected
        assert pattern_read(PATTERNS, phrase) == expected


def test_a_template_is_shared(monkeypatch):
    reader = TemplateReader("en")
    for number, name in ((12, "Qomhana"), (48, "Saraqib"), (51, "Tell Rifaat")):
        reader.read(f"{number} km north of {name}")
    asked = []
    monkeypatch.setattr(templates, "parse", lambda *args, **_: asked.append(args))
    found = reader.read("5 km north of Hama")
    assert (found.features, found.distance_m, found.distance_precision_m) == (
        ("Hama",),
        5000.0,
        500.0,
    )
    assert reader.read("7 km north of Tell Abyad").features == ("Tell Abyad",)
    assert asked == []


def test_the_smaller_of_two_numbers_is_told_from_the_first():
    reader = TemplateReader("en")
    for low, high in ((3, 45), (12, 50), (60, 20), (9, 10)):
        phrase = f"{low}-{high} km north of Hama"
        assert reader.read(phrase) == parse(phrase, lang="en")
    for km, miles in ((30, 19), (20, 30), (40, 25)):
        phrase = f"{km} km ({miles} miles) north of Hama"
        assert reader.read(phrase) == parse(phrase, lang="en")


def test_classes_of_words_and_numbers():
    classes = WordClasses(["en"])
    assert classes.word("Qomhana").label == classes.word("Saraqib").label
    assert classes.word("Saraqib").label != classes.word("saraqib").label
    assert classes.word("north") is None
    assert classes.word("NATO") is None
    assert number_label("15") == number_label("7") != number_label("150")
    assert number_label("1") is number_label("2024") is number_label("007") is None
    assert other_numbers(["7", "7"]) is None
