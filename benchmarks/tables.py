"""How long big public tables take to read, and how much memory: made-up rows, one core.

Run: ``python benchmarks/tables.py [rows]`` (a million if it is not said).
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from frontline.sources import acled, geonames, ucdp, viina
from frontline.sources.safety import Limits

DAYS = pd.date_range("2020-01-01", periods=1500).strftime("%Y-%m-%d").to_numpy()


def acled_rows(count: int, draw: np.random.Generator) -> bytes:
    """Return an export of events, with a sentence of notes in each."""
    number = np.arange(count)
    day = DAYS[draw.integers(0, len(DAYS), count)]
    cells = dict.fromkeys(acled.COLUMNS, "some text of a label")
    cells |= {
        "event_id_cnty": pd.Series(number).astype(str).radd("EXA"),
        "event_date": day,
        "year": pd.Series(day).str[:4],
        "time_precision": draw.integers(1, 4, count),
        "geo_precision": draw.integers(1, 4, count),
        "event_type": "Battles",
        "latitude": draw.uniform(-60, 60, count).round(4),
        "longitude": draw.uniform(-170, 170, count).round(4),
        "notes": pd.Series(number).astype(str).radd("On this day, sides met near the town, " * 4),
        "fatalities": draw.integers(0, 30, count),
        "timestamp": draw.integers(1_500_000_000, 1_700_000_000, count),
    }
    return pd.DataFrame(cells, columns=list(acled.COLUMNS)).to_csv(index=False).encode()


def ucdp_rows(count: int, draw: np.random.Generator) -> bytes:
    """Return a release of events."""
    day = DAYS[draw.integers(0, len(DAYS), count)]
    cells = dict.fromkeys(ucdp.COLUMNS, "some text of a label")
    cells |= {
        "id": np.arange(count), "year": 2020, "type_of_violence": 1, "where_prec": 2,
        "date_prec": 1, "event_clarity": 1, "number_of_sources": -1, "deaths_a": 1, "deaths_b": 1,
        "deaths_civilians": 0, "deaths_unknown": 0, "low": 1, "best": 2, "high": 3,
        "date_start": day, "date_end": day,
        "latitude": draw.uniform(-60, 60, count).round(4),
        "longitude": draw.uniform(-170, 170, count).round(4),
    }  # fmt: skip
    return pd.DataFrame(cells, columns=list(ucdp.COLUMNS)).to_csv(index=False).encode()


def viina_rows(count: int, draw: np.random.Generator) -> bytes:
    """Return a panel of control 2.0: places by days."""
    days = pd.Series(DAYS[:365]).str.replace("-", "")
    place = np.arange(count) // len(days)
    states = np.array(["UA", "RU", "CONTESTED"])
    cells = {"geonameid": place, "date": days.take(np.arange(count) % len(days)).to_numpy()}
    for name in (*viina.SOURCES, "status"):
        cells[name] = states[np.minimum(draw.geometric(0.8, count) - 1, 2)]
    return pd.DataFrame(cells).to_csv(index=False).encode()


def geonames_rows(count: int, draw: np.random.Generator) -> bytes:
    """Return a dump of places."""
    number = pd.Series(np.arange(count)).astype(str)
    cells = dict.fromkeys(geonames.COLUMNS, "")
    cells |= {
        "geonameid": number, "name": "Town " + number, "asciiname": "Town " + number,
        "alternatenames": "Tawn " + number + ",Toun " + number, "feature_class": "P",
        "feature_code": "PPL", "country_code": "SY", "admin1_code": "05",
        "population": draw.integers(0, 9000, count), "modification_date": "2020-01-01",
        "latitude": draw.uniform(-60, 60, count).round(5),
        "longitude": draw.uniform(-170, 170, count).round(5),
    }  # fmt: skip
    frame = pd.DataFrame(cells, columns=list(geonames.COLUMNS))
    return frame.to_csv(index=False, header=False, sep="\t").encode()


def main() -> None:
    """Print a line for each format."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    limits = Limits(max_bytes=10**10, max_features=10**9)
    makers = {"acled": (acled, acled_rows), "ucdp": (ucdp, ucdp_rows),
              "viina": (viina, viina_rows), "geonames": (geonames, geonames_rows)}  # fmt: skip
    for name, (module, make) in makers.items():
        content = make(count, np.random.default_rng(7))
        before = time.process_time()
        rows = len(module.decode(content, limits=limits).frame)
        seconds = time.process_time() - before
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name}: {rows:,} rows, {len(content) / 1e6:,.0f} MB in {seconds:.1f} s, "
            f"{rows / seconds:,.0f} rows/s; peak of the process so far {peak_mb:,.0f} MB"
        )


if __name__ == "__main__":
    main()
