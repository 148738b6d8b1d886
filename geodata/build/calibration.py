"""Fit ``method="calibrated"`` and write ``geodata/calibration.json`` with the report of the fit.

    python geodata/build/calibration.py PAIRS.csv

PAIRS.csv has one statement with its true place a row: number, unit, direction, stated_km, anchor,
anchor_population, anchor_lat, anchor_lon, target_lat, target_lon. The table that the bundled file
was fitted on is not ours to give away whole; its sha256 is in the report. The same table gives the
same parameters. What is written and what it means: docs/method.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
from calibration_fit import LEVELS, fit, parameters_as_written
from calibration_pairs import read_pairs
from calibration_report import report

from frontline._resources import atomic_write

TARGET = Path(__file__).parents[1] / "calibration.json"
SOURCE = {
    "statements": "Wikipedia's English text by way of the GeoCoDe corpus (Laparra & Bethard, "
    "COLING 2020): '12 km southwest of X' in articles on settlements; facts only, no text",
    "positions": "GeoNames (CC BY 4.0): both ends matched by name",
    "left_out": "Italy and Poland (written by bots), ranges, and pairs with the true distance "
    "beyond five times the stated one and 20 km more (taken for namesakes)",
}
ASSUMED = [
    "Distances from an edge have the errors of distances from a centre, beginning at the edge.",
    "Each bound of a range, 'within' and 'more than' has the errors of a single number.",
    "A distance without a heading has the distance errors of one with a heading.",
    "A heading without a distance has the angle errors of one with a distance; how far it goes.",
    "A heading of several winds has the errors of one, beyond the outermost.",
    "Each leg of an orthogonal pair has the errors of a distance without a heading.",
    "32 winds are taken to be no better than 16; a bearing in degrees has half their angles.",
    "Near, inside, part, between, along and coordinates follow the standard or a stated rule.",
    "Encyclopaedias say where settlements lie; battle reports may err otherwise.",
]


def build(table: pd.DataFrame, *, repeats: int, variants: bool) -> dict[str, Any]:
    """Return what the file holds, without the file the table came from."""
    pairs = read_pairs(table)
    return {
        "format": 1,
        "parameters": parameters_as_written(fit(pairs)),
        "report": {
            "levels": list(LEVELS),
            "source": SOURCE,
            "assumed_not_fitted": ASSUMED,
            **report(pairs, repeats=repeats, variants=variants),
        },
    }


def as_text(found: dict[str, Any]) -> str:
    """Return JSON with the report's rows on a line each."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    return _compact(text) + "\n"


def _compact(text: str) -> str:
    """Put lists that hold no other list on one line."""
    out: list[str] = []
    inside: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if inside and (bare.startswith(("]", "[")) or bare.endswith(("[", "{")) or '"' in bare):
            if bare.startswith("]") and not bare.startswith("["):
                out.append(inside[0] + " ".join(each.strip() for each in inside[1:]) + bare)
                inside = []
                continue
            out.extend(inside)
            inside = []
        if bare.endswith("["):
            inside = [line]
        elif inside:
            inside.append(line)
        else:
            out.append(line)
    return "\n".join(out + inside)


def main() -> None:
    """Fit, validate, print the report and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--repeats", type=int, default=2, help="of the cross-validation")
    parser.add_argument("--quick", action="store_true", help="leave the other shapes out")
    given = parser.parse_args()
    table = pd.read_csv(given.pairs, dtype={"number": str})
    found = build(table, repeats=given.repeats, variants=not given.quick)
    found["report"] |= {
        "sha256": hashlib.sha256(given.pairs.read_bytes()).hexdigest(),
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }
    with atomic_write(given.out) as path:
        path.write_text(as_text(found), encoding="utf-8")
    print(as_text(found["report"]))


if __name__ == "__main__":
    main()
