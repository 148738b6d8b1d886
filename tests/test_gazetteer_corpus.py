"""The golden corpus of names: what was written, in which context, and what it must mean."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from frontline.errors import AmbiguousPlaceError, UnknownPlaceError
from frontline.gazetteer import place

CORPUS = Path(__file__).parent / "corpus" / "names.csv"
CONTEXT = ("near", "country", "admin1", "kind")


def cases():
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return [
            pytest.param(row, id=f"{n}-{row['input']!a}")
            for n, row in enumerate(csv.DictReader(file), 2)
        ]


@pytest.mark.parametrize("row", cases())
def test_a_name_means_what_the_corpus_says(row):
    context = {name: row[name] for name in CONTEXT if row[name]}
    try:
        found = place(row["input"], **context).place_id
    except AmbiguousPlaceError:
        found = "ambiguous"
    except UnknownPlaceError:
        found = "unknown"
    assert found == row["expected"], row["note"]
