"""Clocks, memory and the table of a benchmark.

Times are of the processor and of this process, so that other work on the machine counts little.
"""

from __future__ import annotations

import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

if TYPE_CHECKING:
    from collections.abc import Callable

#: Pairs a second of `pyproj.Geod.inv` on one core of the machine on which the targets were set.
TARGETS_RATE = "1.5-2.1 M/s"


def cpu_s(call: Callable[[], Any], runs: int = 3) -> tuple[float, Any]:
    """Return the median processor seconds of some calls and what the last one returned."""
    taken, found = [], None
    for _ in range(runs):
        start = time.process_time()
        found = call()
        taken.append(time.process_time() - start)
    return statistics.median(taken), found


def peak_mb() -> float:
    """Return the most memory that this process has had, MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1e6 if sys.platform == "darwin" else 1e3)


def geod_rate() -> float:
    """Return how many geodesics `Geod.inv` solves a second here: the measure of a machine."""
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(22, 46, (2, 200_000)), rng.uniform(43, 55, (2, 200_000))
    geod = pyproj.Geod(ellps="WGS84")
    seconds, _ = cpu_s(lambda: geod.inv(lon[0], lat[0], lon[1], lat[1]))
    return lon.shape[1] / seconds


def in_fresh_process(*arguments: str) -> dict[str, Any]:
    """Run this script again with other arguments and return the JSON of its last line."""
    command = [sys.executable, sys.argv[0], *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


@dataclass
class Table:
    """Prints rows as they are measured, and remembers which checks failed."""

    title: str
    failed: list[str] = field(default_factory=list)

    def head(self) -> None:
        """Print what machine this is."""
        import geopandas as gpd
        import shapely

        versions = (
            f"Python {platform.python_version()}, numpy {np.__version__}, geopandas "
            f"{gpd.__version__}, shapely {shapely.__version__} (GEOS "
            f"{shapely.geos_version_string}), pyproj {pyproj.__version__}"
        )
        print(f"{self.title}\n{versions}")
        print(
            f"Geod.inv here: {geod_rate() / 1e6:.2f} M pairs/s of one core; the targets were set "
            f"where it is {TARGETS_RATE}\n"
        )
        print(f"{'work':<50} {'here':>15}  {'reach':<12} peer")

    def section(self, name: str) -> None:
        """Print a heading."""
        print(f"\n{name}")

    def row(self, work: str, value: str, reach: str = "", peer: str = "") -> None:
        """Print what one piece of work takes."""
        print(f"{work:<50} {value:>15}  {reach:<12} {peer}".rstrip(), flush=True)

    def check(self, what: str, *, held: bool, found: str) -> None:
        """Print whether an answer is right."""
        print(f"  {'ok    ' if held else 'WRONG '} {what}: {found}", flush=True)
        if not held:
            self.failed.append(what)

    def end(self) -> None:
        """Leave with an error if an answer was wrong; a slow one is no error."""
        if self.failed:
            raise SystemExit(f"wrong: {'; '.join(self.failed)}")
