"""Print how fast columns of phrases are located: ``python benchmarks/locate.py``.

50,000 distinct phrases over some 5,000 places of the bundled gazetteer, on one core: seconds are
those of this process (`time.process_time`), with everything that a fresh column pays for: reading,
learning templates, looking up every name, geometry. The gazetteer and the lexicons are loaded
before. Beside each figure stands the share of phrases that were located: the rest has names that
several places bear.

No peer resolves such phrases. The one part of the work that another library does too, finding a
name by likeness, is compared: rapidfuzz's `process.extractOne` over the same names.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import time

import pandas as pd
from rapidfuzz import fuzz, process

import frontline as fl
from frontline.errors import FrontlineError
from frontline.locality.grammar import parse

ENGLISH = (
    "{n} km {wind} of {name}", "about {n} km {wind} of {name}", "{n} miles {wind} of {name}",
    "{n} km from {name}", "{n}-{more} km {wind} of {name}", "within {n} km of {name}",
    "fierce clashes {n} km {wind} of {name}'s borders",
)  # fmt: skip
OTHERS = (
    "à {n} km au nord de {name}", "a {n} km al norte de {name}", "{n} km östlich von {name}",
    "a {n} km a norte de {name}", "{name} şehrinin {n} km kuzeyinde",
    "{name} şəhərinin {n} km şimalında",  # noqa: RUF001 - Azerbaijani
)  # fmt: skip
WINDS = "north south east west northeast southeast northwest southwest NNE SSW".split()


def phrases(patterns: tuple[str, ...], count: int) -> pd.Series:
    """Return that many distinct phrases."""
    chance = random.Random(1)  # noqa: S311 - repeatable, and no secret
    names = sorted({place.name for place in fl.Gazetteer.bundled() if place.country == "SY"})
    found: dict[str, None] = {}
    while len(found) < count:
        phrase = chance.choice(patterns).format(
            n=chance.randint(2, 60),
            more=chance.randint(61, 90),
            wind=chance.choice(WINDS),
            name=chance.choice(names),
        )
        found[phrase] = None
    return pd.Series(list(found))


def row(what: str, value: str, note: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<44} {value:>12}  {note}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=50_000)
    count = parser.parse_args().count
    fl.locate_all(["5 km north of Hama", "à 5 km de Hama"] * 100)
    for title, patterns in (("English", ENGLISH), ("seven languages", ENGLISH[:2] + OTHERS)):
        column = phrases(patterns, count)
        fl.locate_all(column[:500])
        for regions in (False, True):
            start = time.process_time()
            found = fl.locate_all(column, regions=regions, progress=False)
            taken = time.process_time() - start
            share = f"{found.reason.isna().mean():.1%} located"
            row(f"{title}, {'regions' if regions else 'points'}", f"{count / taken:,.0f} /s", share)
        few = column[:1_000]
        start = time.process_time()
        for phrase in few:
            with contextlib.suppress(FrontlineError):
                parse(phrase)
        taken = time.process_time() - start
        row(f"{title}, parse alone, one by one", f"{len(few) / taken:,.0f} /s")
    g = fl.Gazetteer.bundled()
    names = [name for name, _ in g.spellings()]
    asked = random.Random(2).sample([p.name for p in g if p.country == "SY"], 300)  # noqa: S311
    start = time.process_time()
    for name in asked:
        g.search(name, limit=1)
    own = (time.process_time() - start) / len(asked)
    start = time.process_time()
    for name in asked:
        process.extractOne(name, names, scorer=fuzz.ratio)
    peer = (time.process_time() - start) / len(asked)
    row("a name", f"{1e6 * own:,.0f} us", f"rapidfuzz extractOne: {1e6 * peer:,.0f} us")


if __name__ == "__main__":
    main()
