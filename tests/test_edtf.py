"""Uncertain dates against the standard's own examples and the package `edtf`."""

from __future__ import annotations

import calendar

import edtf
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.edtf import looks_like_edtf, parse
from frontline.errors import DateError


def utc(text):
    return pd.Timestamp(text, tz="UTC")


# By hand from the specification of the Library of Congress (levels 0 and 1).
@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1985-04-12", "1985-04-12", "1985-04-13"),
        ("1985-04", "1985-04-01", "1985-05-01"),
        ("1985", "1985-01-01", "1986-01-01"),
        ("1985-04-12T23:20:30Z", "1985-04-12 23:20:30", "1985-04-12 23:20:31"),
        ("1985-04-12T23:20:30+03:00", "1985-04-12 20:20:30", "1985-04-12 20:20:31"),
        ("1985-04-12T23:20:30-04", "1985-04-13 03:20:30", "1985-04-13 03:20:31"),
        ("1964/2008", "1964-01-01", "2009-01-01"),
        ("2004-02-01/2005", "2004-02-01", "2006-01-01"),
        ("201X", "2010-01-01", "2020-01-01"),
        ("20XX", "2000-01-01", "2100-01-01"),
        ("2004-XX", "2004-01-01", "2005-01-01"),
        ("1985-04-XX", "1985-04-01", "1985-05-01"),
        ("1985-XX-XX", "1985-01-01", "1986-01-01"),
        ("2024-1X-04", "2024-10-04", "2024-12-05"),
        ("2024-02-2X", "2024-02-20", "2024-03-01"),
        ("2023-XX-31", "2023-01-31", "2024-01-01"),
        ("20XX-02-29", "2000-02-29", "2096-03-01"),
    ],
)
def test_bounds(text, earliest, latest):
    found = parse(text)
    assert (found.earliest, found.latest) == (utc(earliest), utc(latest))
    assert found.text == text
    assert not found.approximate
    assert not found.uncertain


@pytest.mark.parametrize(
    ("mark", "says"), [("~", (True, False)), ("?", (False, True)), ("%", (True, True))]
)
def test_marks(mark, says):
    found = parse(f" 2024-12-04{mark} ")
    assert (found.approximate, found.uncertain) == says
    assert found.text == f"2024-12-04{mark}"
    assert (found.doubt_from, found.doubt_to) == (utc("2024-12-03"), utc("2024-12-06"))
    month = parse(f"2024-12{mark}")
    assert (month.doubt_from, month.doubt_to) == (utc("2024-11-01"), utc("2025-02-01"))


@pytest.mark.parametrize("end", ["..", ""])
def test_open_and_unknown_ends(end):
    later = parse(f"2024-12-04/{end}")
    assert later.earliest == later.instant == later.doubt_from == utc("2024-12-04")
    assert later.latest is pd.NaT
    assert later.doubt_to is pd.NaT
    before = parse(f"{end}/2024-12-04")
    assert before.earliest is before.doubt_from is pd.NaT
    assert before.instant == utc("2024-12-04")
    assert before.latest == utc("2024-12-05")


def test_only_a_plain_day_or_instant_is_exact():
    assert parse("2024-12-04").exact
    assert parse("2024-12-04T18:50Z").exact
    for text in ("2024-12", "2024", "2024-12-04~", "2024-12-XX", "2024-12-04/2024-12-05"):
        assert not parse(text).exact


def test_the_marks_of_an_interval_widen_their_own_side():
    found = parse("2024-12-01~/2025-01")
    assert (found.doubt_from, found.doubt_to) == (utc("2024-11-30"), utc("2025-02-01"))


@pytest.mark.parametrize(
    "text",
    ["", "/", "../..", "2024-13", "2024-02-30", "2023-02-29", "2024-12-32", "2024-12-04T25:00Z",
     "2024-12-04/2024-12-03", "2024-21", "Y20240", "[2024,2025]", "2024-?12-04", "0000", "XXXX",
     "9999", "-0044", "12/05/2024", "2024-12-04 10:00", "2024-12-XXT10:00Z", "2024-02-3X",
     "٢٠٢٤-12-04", "2024-12-04~~", "2024-12-04/2024-12-05/2024-12-06", "1" * 10_000],
)  # fmt: skip
def test_what_is_not_read_says_so(text):
    with pytest.raises(DateError):
        parse(text)


def test_what_is_no_text_is_refused():
    with pytest.raises(DateError, match="no text"):
        parse(2024)


YEARS = st.integers(1000, 2999)


@settings(max_examples=60)
@given(
    YEARS,
    st.integers(1, 12),
    st.integers(1, 31),
    st.sampled_from(["", "~", "?", "%"]),
    st.integers(1, 3),
)
def test_bounds_of_single_dates_are_those_of_the_package_edtf(year, month, day, mark, parts):
    day = min(day, calendar.monthrange(year, month)[1])
    text = "-".join([f"{year:04d}", f"{month:02d}", f"{day:02d}"][:parts]) + mark
    theirs = edtf.parse_edtf(text)
    ours = parse(text)
    low, high = (tuple(bound)[:3] for bound in (theirs.lower_strict(), theirs.upper_strict()))
    assert (ours.earliest.year, ours.earliest.month, ours.earliest.day) == low
    last = ours.latest - pd.Timedelta("1D")
    assert (last.year, last.month, last.day) == high


@settings(max_examples=60)
@given(YEARS, st.integers(1, 12), st.integers(0, 400), st.integers(2, 3))
def test_bounds_of_intervals_are_those_of_the_package_edtf(year, month, span, parts):
    start = pd.Timestamp(year=year, month=month, day=1)
    end = start + pd.Timedelta(days=span)
    form = "%Y-%m-%d" if parts == 3 else "%Y-%m"
    text = f"{start.strftime(form)}/{end.strftime(form)}"
    theirs, ours = edtf.parse_edtf(text), parse(text)
    assert tuple(theirs.lower_strict())[:3] == (start.year, start.month, start.day)
    assert ours.earliest == start.tz_localize("UTC")
    last = ours.latest - pd.Timedelta("1D")
    assert tuple(theirs.upper_strict())[:3] == (last.year, last.month, last.day)


@given(st.text(alphabet="0123456789X-/.~?%TZ:+ ", max_size=24))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse(text)
    except DateError:
        return
    assert found.instant is not pd.NaT
    assert not found.latest <= found.earliest
    assert not found.doubt_from > found.earliest
    assert found.exact or not found.doubt_to < found.latest


@pytest.mark.parametrize(
    ("text", "marked"),
    [("2024", True), ("2024-12", True), ("2024-12-XX", True), ("2024-12-04?", True),
     ("2024-12-04/..", True), ("../2024-12-04", True), ("2024-12-01/2024-12-05", True),
     ("2024-12-04", False), ("2024-12-04T10:00Z", False), ("2024/12/04", False),
     ("04/12/2024", False), ("4 December 2024", False), ("20241204", False)],
)  # fmt: skip
def test_what_looks_uncertain(text, marked):
    assert looks_like_edtf(text) is marked
