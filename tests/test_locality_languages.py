"""Every language's golden corpus, with the language told and with it found out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from frontline import errors
from frontline.locality import parse
from frontline.locality.lexicon import languages, lexicon
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
