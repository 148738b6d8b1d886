"""How fast `read` is on running text that does not repeat.

Two texts are made: news (2-4 % of the words are names of places, a locality in every sixth
sentence) and dense (a locality in every sentence). Words follow a long-tailed distribution; the
names of an article are a few places near each other, drawn by size with a long tail.

    PYTHONPATH=. python benchmarks/read.py [--world] [--megabytes 5]

Times are of the processor, one thread, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from typing import TYPE_CHECKING

from frontline.gazetteer import Gazetteer
from frontline.reports import read

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALL = (
    "the of and to in a that was for on with as by at from it said had were have has been which "
    "after their not its they but also this who would more two one over when against while"
).split()
CONTENT = (
    "forces army rebels government officials fighters troops civilians residents attack strike "
    "shelling clashes positions hospital road families aid convoy offensive ceasefire report "
    "statement military commander soldiers night morning week month years people children homes "
    "water power supplies market school damage fire several dozens hundreds killed wounded fled"
).split()
SYLLABLES = (
    "ba co de fi gra hu in ki lo mer ne or pla qui re sto tu ul ven wi ex zo ment tion al".split()
)
WINDS = (
    "north south east west northeast northwest southeast southwest north-northeast "
    "east-southeast".split()
)
TEMPLATES = (
    "{n} km {w} of {p}",
    "{n} kilometres to the {w} of {p}",
    "near {p}",
    "between {p} and {q}",
    "about {n} miles from {p}",
    "in the northern countryside of {p}",
    "on the {w}ern outskirts of {p}",
    "{n} km {w} of the town of {p}",
)
PLAIN = ("in {p}", "from {p}", "{p}", "to {p}", "towards {p}", "the city of {p}", "captured {p}")


class Maker:
    """Makes text of a density of places."""

    def __init__(self, gazetteer: Gazetteer, seed: int = 7) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - made-up text, no secret
        places = [
            p for p in gazetteer if p.name.isascii() and p.kind in {"city", "town", "village"}
        ]
        places.sort(key=lambda p: -(p.population or 0))
        self.places = places[:20_000]
        vocabulary = {
            "".join(self.rng.choices(SYLLABLES, k=self.rng.randint(1, 4))) for _ in range(60_000)
        }
        self.words = [*SMALL, *CONTENT, *sorted(vocabulary - set(SMALL))]
        tail = self.words[len(SMALL) + len(CONTENT) :]
        self.rng.shuffle(tail)
        self.words[len(SMALL) + len(CONTENT) :] = tail
        self.weights = [1.0 / (k + 3) for k in range(len(self.words))]
        self.by_size = [1.0 / (k + 20) for k in range(len(self.places))]

    def article(self, *, dense: bool) -> Iterator[str]:
        """Yield the sentences of an article."""
        rng = self.rng
        some = rng.choices(self.places, self.by_size, k=rng.randint(4, 9))
        for _ in range(rng.randint(12, 25)):
            words = rng.choices(self.words, self.weights, k=rng.randint(14, 30))
            p, q = rng.choice(some).name, rng.choice(some).name
            at = rng.randint(3, len(words) - 1)
            if dense or rng.random() < 1 / 6:
                words.insert(at, self._filled(rng.choice(TEMPLATES), p, q))
            elif rng.random() < 0.5:
                words.insert(at, rng.choice(PLAIN).format(p=p))
            if rng.random() < 0.1:
                words.insert(
                    1,
                    rng.choice(SYLLABLES).capitalize()
                    + " "
                    + rng.choice(tuple(SYLLABLES)).capitalize()
                    + "son",
                )
            words[0] = words[0].capitalize()
            yield " ".join(words) + rng.choice((". ", ". ", ". ", ".\n\n"))

    def _filled(self, template: str, p: str, q: str) -> str:
        number = self.rng.choice((str(self.rng.randint(2, 60)), f"{self.rng.randint(1, 90) / 2:g}"))
        return template.format(n=number, w=self.rng.choice(WINDS), p=p, q=q)

    def text(self, size: int, *, dense: bool) -> str:
        """Return a text of about so many characters."""
        parts: list[str] = []
        length = 0
        while length < size:
            sentences = list(self.article(dense=dense))
            parts += sentences
            length += sum(map(len, sentences))
        return "".join(parts)


def main() -> None:
    """Make the texts, read them, print the rates."""
    options = argparse.ArgumentParser()
    options.add_argument("--world", action="store_true")
    options.add_argument("--megabytes", type=float, default=5.0)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    gazetteer = Gazetteer.world() if given.world else Gazetteer.bundled()
    maker = Maker(gazetteer)
    start = time.process_time()
    read(maker.text(20_000, dense=True), gazetteer=gazetteer)
    out = sys.stdout
    out.write(f"load and first read: {time.process_time() - start:.1f} s\n")
    for name, dense in (("news", False), ("dense", True)):
        best = [float("inf")] * 3
        for run in range(given.runs):
            # Every run reads another text: nothing that is remembered of one helps the next.
            text = Maker(gazetteer, seed=100 + run).text(int(given.megabytes * 1e6), dense=dense)
            size = len(text.encode()) / 1e6
            begun = time.process_time()
            reading = read(text, "2024-12-04", gazetteer=gazetteer)
            scanned = time.process_time()
            table = reading.mentions
            laid = time.process_time()
            reading.claims  # noqa: B018 - made when it is asked for
            done = time.process_time()
            times = (scanned - begun, laid - begun, done - begun)
            best = [min(a, b / size) for a, b in zip(best, times, strict=True)]
        words = len(text.split())
        share = sum(len(f) for f in table["features"]) / words
        kinds = (table["kind"] != "feature").sum()
        out.write(
            f"{name}: {size:.1f} MB, {len(table):,} mentions ({kinds:,} localities; names are "
            f"{share:.1%} of the words, {table['reason'].notna().mean():.1%} not placed)\n"
            f"  read {1 / best[0]:.1f} MB/s; with .mentions and regions {1 / best[1]:.1f} MB/s; "
            f"with .claims too {1 / best[2]:.1f} MB/s\n"
        )


if __name__ == "__main__":
    main()
