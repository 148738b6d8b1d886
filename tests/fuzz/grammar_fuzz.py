"""Fuzz the reading of text with atheris: no exception but our own, whatever the bytes.

Run it for a minute, with findings and the corpus kept in a folder::

    python tests/fuzz/grammar_fuzz.py -max_total_time=60 FOLDER

The first byte of an input chooses the function, the second the language; the rest is text, half of
the time woven from words that mean something to the grammar.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["frontline"]):
    from frontline.errors import FrontlineError
    from frontline.gazetteer import Gazetteer
    from frontline.locality import coordinates, describe, locate, parse
    from frontline.locality.lexicon import languages, lexicon
    from frontline.reports import read

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "phrases"
EXTRA = (
    "37S BU 79 89",
    "35.16N 36.80E",
    "geo:35.1,36.8",
    "M5",
    "5",
    "-",
    "\u2013",
    "(",
    ")",
    ",",
    "Hama",
    "\u062d\u0645\u0627\u0629",
    "\u202e",
    "\u0301",
    "\x00",
    "\ud800",
    "1e999",
    "9" * 30,
)


def words() -> list[str]:
    """Return the phrases of the corpora and the first words of every entry of the lexicons."""
    found = list(EXTRA)
    for path in sorted(CORPUS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += [row[0] for row in csv.reader(file) if row]
    for code in languages():
        found += list(lexicon(code).entries)[:2_000]
    return found


WORDS = words()
PLACES = Gazetteer.bundled()
LANGUAGES = (None, *languages())


def text_of(data: atheris.FuzzedDataProvider) -> str:
    """Return any text, or one woven from words."""
    if data.ConsumeBool():
        return str(data.ConsumeUnicode(data.ConsumeIntInRange(0, 400)))
    parts = []
    for _ in range(data.ConsumeIntInRange(1, 14)):
        parts.append(WORDS[data.ConsumeIntInRange(0, len(WORDS) - 1)])
        if data.ConsumeIntInRange(0, 7) == 0:
            parts.append(str(data.ConsumeUnicode(3)))
        parts.append(data.PickValueInList([" ", " ", " ", "", "-", ", "]))
    return "".join(parts)


def one(raw: bytes) -> None:
    """Run one input."""
    data = atheris.FuzzedDataProvider(raw)
    task = data.ConsumeIntInRange(0, 4)
    lang = LANGUAGES[data.ConsumeIntInRange(0, len(LANGUAGES) - 1)]
    try:
        if task == 0:
            parse(text_of(data), lang=lang)
        elif task == 1:
            method = data.PickValueInList(["calibrated", "standard"])
            found = locate(text_of(data), PLACES, lang=lang, method=method)
            if not found.region.is_valid or not found.uncertainty_m >= 0.0:
                raise AssertionError(f"{found.locality.text!r}: {found!r}")
        elif task == 2:
            read(text_of(data), lang=lang)
        elif task == 3:
            point = data.ConsumeFloatInRange(-200.0, 200.0), data.ConsumeFloatInRange(-100.0, 100.0)
            winds = data.PickValueInList([4, 8, 16, 32])
            where = describe(point, PLACES, winds=winds, lang=lang or "en")
            locate(str(where), PLACES, lang=lang or "en")
        else:
            coordinates.coordinates(text_of(data), lang=lang)
    except FrontlineError:
        pass


def main() -> None:
    """Fuzz until libFuzzer's arguments say stop."""
    # Long inputs from the start: a phrase of three words takes thirty bytes.
    atheris.Setup([sys.argv[0], "-max_len=400", "-len_control=0", *sys.argv[1:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
