"""Any text gives a locality or an error of our own, in time that grows with its length."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frontline.errors import FrontlineError
from frontline.gazetteer import Gazetteer
from frontline.locality import locate, parse
from frontline.locality.coordinates import coordinates
from frontline.locality.grammar import MAX_PHRASE
from frontline.locality.known_paths import known_path
from frontline.locality.lexicon import languages, lexicon
from frontline.reports import read
from tests.timing import processor_time

PLACES = Gazetteer.bundled()
#: Words that mean something in one language or another, to weave texts from.
WORDS = sorted({word for code in languages() for word in list(lexicon(code).entries)[::7]})
SIGNS = [
    "-",
    "\u2013",
    "(",
    ")",
    ",",
    ".",
    "/",
    "'",
    "\u2019",
    "\u202e",
    "\u0301",
    "\x00",
    "\ud800",
]
NUMBERS = ["5", "5-7", "1/2", "\u0663\u0665", "9" * 40, "1e9", "37S BU 79 89", "35.1N 36.8E", "M5"]
NAMES = ["Hama", "Saraqib", "\u062d\u0645\u0627\u0629", "\u0425\u0430\u043c\u044b", "Hama'n\u0131n"]

any_text = st.text(st.characters(), max_size=120)
woven = st.lists(
    st.sampled_from([*NUMBERS, *NAMES, *SIGNS] * 8 + WORDS), min_size=1, max_size=12
).map(" ".join)
lang = st.sampled_from([None, *languages()])

#: Texts that a careless pattern or search would take square or exponential time for.
FLOODS = {
    "digits": "9",
    "pairs": "35.1 ",
    "degrees": "35\u00b0 ",
    "grid": "37S BU ",
    "spaces": " ",
    "marks": "a\u0301\u0302\u0303",
    "marks alone": "\u0301",
    "bidi": "\u202e\u202d\u2066",
    "surrogates": "\ud800",
    "nul": "\x00",
    "dashes": "-",
    "brackets": "(",
    "quotes": "'\u2019\"",
    "names": "Hama ",
    "names in Arabic": "\u062d\u0645\u0627\u0629 ",
    "proclitics": "\u0648\u0628\u0627\u0644",
    "clauses": "5 km north of ",
    "narrowed": "Hama, north of ",
    "ranges": "5-",
    "numbers": "twenty ",
    "hundreds": "hundred ",
    "fractions": "1/2 ",
    "and": "north and ",
    "paths": "on the M5 ",
    "genitives": "\u043e\u0442 \u0425\u0430\u043c\u044b ",
    "endings": "Hama'n\u0131n ",
    "one long word": "Ham",
    "scripts": "H\u0430\u0645\u0627 ",
    "words of all": " ".join(WORDS[:200]) + " ",
}


def tried(function, *arguments, **keywords):
    """Call a function, expecting an answer or an error of our own."""
    try:
        return function(*arguments, **keywords)
    except FrontlineError as error:
        if not str(error):
            raise AssertionError("an error says what is wrong") from error
        return None


@given(text=st.one_of(any_text, woven), lang=lang)
@example(text="\ud800", lang=None)
@example(text="5 km north of \ud800", lang="en")
@example(text="\u0000 \u0000", lang="ar")
@example(text="5\u0301 km north of Hama", lang=None)
@example(text="\u00b2 km north of Hama", lang=None)
@example(text="\u0f33 km north of Hama", lang=None)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_or_refused(text, lang):
    found = tried(parse, text, lang=lang)
    if found is not None:
        start, end = found.span
        assert 0 <= start <= end <= len(text)
        assert found.text == text
        for value in (found.distance_m, found.distance_low_m, found.distance_high_m):
            assert value is None or value >= 0.0
    tried(coordinates, text, lang=lang)
    tried(known_path, text)


@given(text=woven, lang=lang, method=st.sampled_from(["calibrated", "standard"]))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_are_located_or_refused(text, lang, method):
    found = tried(locate, text, PLACES, lang=lang, method=method)
    if found is not None:
        assert found.region.is_valid
        assert found.uncertainty_m >= 0.0


@given(text=st.one_of(any_text, woven), lang=lang)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_running_text(text, lang):
    found = tried(read, text, lang=lang)
    if found is not None:
        for start, end in zip(found.mentions["start"], found.mentions["end"], strict=True):
            assert 0 <= start < end <= len(text)


def work_of(function, *arguments):
    """Count the lines of our code that a call runs, and the calls into the libraries below.

    A count does not depend on what else the machine does; the time is measured beside it, for
    what a library does within one call (a regular expression, a fold of a string).
    """
    count = 0

    def step(frame, event, argument):
        nonlocal count
        count += 1

    with processor_time() as spent:
        tried(function, *arguments)
    sys.setprofile(step)
    try:
        tried(function, *arguments)
    finally:
        sys.setprofile(None)
    return count, spent.seconds


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.parametrize("function", [parse, coordinates, known_path], ids=lambda f: f.__name__)
def test_a_phrase_takes_time_in_proportion(function, flood):
    piece = FLOODS[flood]
    short = (piece * MAX_PHRASE)[: MAX_PHRASE // 4 - 20]
    long = (piece * MAX_PHRASE)[: MAX_PHRASE - 80]
    tried(function, short)  # what is loaded once is not measured
    few, brief = work_of(function, short)
    many, slow = work_of(function, long)
    assert many <= 8 * few + 2_000, "more than linear in calls"
    assert slow <= 12 * brief + 0.25, "more than linear in time"


@pytest.mark.parametrize("flood", FLOODS)
def test_running_text_takes_time_in_proportion(flood):
    piece = FLOODS[flood]
    short, long = ((piece * size)[:size] for size in (8_000, 32_000))
    tried(read, short)
    few, brief = work_of(read, short)
    many, slow = work_of(read, long)
    assert many <= 8 * few + 20_000, "more than linear in calls"
    assert slow <= 12 * brief + 0.5, "more than linear in time"


#: A megabyte is no phrase and no name: it is refused, or cut, before it is read; of coordinates the
#: whole text is searched, at ten calls a letter at most.
MOST_CALLS = {parse: 500, coordinates: 10_000_000, known_path: 5_000}


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.parametrize("function", [parse, coordinates, known_path], ids=lambda f: f.__name__)
def test_a_megabyte_is_refused_or_read(function, flood):
    piece = FLOODS[flood]
    calls, _ = work_of(function, (piece * (1_000_000 // len(piece) + 1))[:1_000_000])
    assert calls <= MOST_CALLS[function]


@pytest.mark.parametrize(
    "flood",
    ["digits", "spaces", "one long word", "surrogates", "marks alone", "dashes", "brackets"],
)
def test_a_megabyte_of_running_text(flood):
    found = tried(read, (FLOODS[flood] * 1_000_000)[:1_000_000])
    assert found is None or len(found.mentions) == 0
