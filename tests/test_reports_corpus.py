"""Own texts in ten languages, their mentions marked by hand: tests/corpus/texts/*.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from frontline.reports import read

FOLDER = Path(__file__).parent / "corpus" / "texts"
MARK = re.compile(r"\{([^|{}]*)\|([a-z]*)\|([^{}]*)\}")


def texts():
    for path in sorted(FOLDER.glob("*.toml")):
        for number, text in enumerate(tomllib.loads(path.read_text("utf-8"))["texts"]):
            yield pytest.param(text, id=f"{path.stem}-{number}")


def plain(marked):
    """Return the text without its marks, and what they say: start, end, kind, features."""
    out, said, at = "", [], 0
    for mark in MARK.finditer(marked):
        out += marked[at : mark.start()]
        start = len(out)
        out += mark[1]
        features = tuple(mark[3].split(";")) if mark[3] else ()
        said.append((start, len(out), mark[2] or None, features))
        at = mark.end()
    return out + marked[at:], said


@pytest.mark.parametrize("marked", list(texts()))
def test_the_mentions_are_those_marked(marked):
    text, said = plain(marked)
    frame = read(text).mentions
    found = [
        (row.start, row.end, row.kind if isinstance(row.kind, str) else None, row.features)
        for row in frame.itertuples()
    ]
    assert [each[2:] for each in found] == [each[2:] for each in said], found
    for (start, end, *_), (wanted_start, wanted_end, *_) in zip(found, said, strict=True):
        assert start < wanted_end, text[start:end]
        assert wanted_start < end, text[start:end]
