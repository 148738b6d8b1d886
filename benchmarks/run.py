"""Print what the main job costs, the peer beside it in the same run: ``make bench``.

Every figure is the median of several runs on the machine at hand. Cold figures are whole
processes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import frontline as fl
from frontline.edges import areas_m2, split_edges

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
PHRASES = 500


def cold_s(*arguments: str) -> float:
    """Return the seconds that a fresh Python takes."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    return warm_s(run)


def warm_s(call: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median seconds of a call, after one that is not counted."""
    call()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def row(work: str, value: str, peer: str = "") -> None:
    """Print one line of the table."""
    print(f"{work:<58} {value:>14}  {peer}")


def main() -> None:
    """Measure and print."""
    row("work", "frontline", "peer")
    peer = cold_s("-c", "import geopandas, folium")
    own = cold_s("-m", "frontline", "distance", "Aleppo", "Hama")
    row(
        "frontline distance Aleppo Hama, cold",
        f"{own:.2f} s",
        f"import geopandas, folium {peer:.2f} s",
    )
    own = cold_s("-c", "import frontline; frontline.place('Hama')")
    row("place('Hama'), cold", f"{own:.2f} s")
    phrases = [f"{i % 40 + 1} km {w} of Hama" for i in range(PHRASES) for w in ("north", "SSE")]
    taken = warm_s(lambda: fl.locate_all(phrases, regions=False), runs=3)
    row("locate_all, points, phrases a second", f"{len(phrases) / taken:,.0f} /s")
    taken = warm_s(lambda: fl.locate_all(phrases), runs=3)
    row("locate_all, regions, phrases a second", f"{len(phrases) / taken:,.0f} /s")
    row("load('syria-2024')", f"{warm_s(lambda: fl.load('syria-2024'), runs=3):.2f} s")
    case = fl.load("syria-2024")
    h = case.history
    row(f"at(t), {len(h.cells):,} cells", f"{1000 * warm_s(lambda: h.at('2024-12-05')):.1f} ms")
    row("front(t)", f"{1000 * warm_s(lambda: h.front('2024-12-05')):.1f} ms")
    changes = warm_s(lambda: h.changes("2024-11-27", "2024-12-05"))
    row("changes(t0, t1)", f"{1000 * changes:.1f} ms")
    row("measures(freq='D')", f"{1000 * warm_s(lambda: h.measures(freq='D'), runs=3):.0f} ms")
    cells = h.cells.geometry.to_numpy()
    own = warm_s(lambda: areas_m2(cells), runs=3)
    peer = warm_s(lambda: areas_m2(split_edges(cells), edges="geodesic"), runs=1)
    off = abs(areas_m2(cells) - areas_m2(split_edges(cells), edges="geodesic")).max()
    split = f"edges split to 1 mm, pyproj {1000 * peer:.0f} ms, differs by {off:.2f} m2 at most"
    row(f"areas of {len(cells):,} cells", f"{1000 * own:.0f} ms", split)
    with tempfile.TemporaryDirectory() as work:
        page = Path(work) / "advance.html"
        row("save(case, page)", f"{warm_s(lambda: fl.save(case, page), runs=3):.2f} s")
        row("the page, one file with everything in it", f"{page.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
