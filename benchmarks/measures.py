"""Print what the questions of a history cost: ``python benchmarks/measures.py [--places 4870]``.

A made-up history: places at random in a box, a front that sways through them for 776 days. Times
are those of this process (`time.process_time`), medians of several runs, with the caches that a
history keeps warm, and once cold for the first question asked. The peer for changes is what one
would write without cells: the zones of two days, dissolved, and GEOS's difference both ways; its
areas must agree.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control import ControlHistory
from frontline.edges import areas_m2

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, DAYS = "2024-07-08", 776
BOX = shapely.box(30, 46, 40, 52)
WHEN = "2025-06-01"
ROAD = shapely.LineString([(33, 49), (38, 50)])


def made_up(places: int) -> ControlHistory:
    """Return a history of two actors."""
    chance = np.random.default_rng(1)
    lon, lat = chance.uniform(30, 40, places), chance.uniform(46, 52, places)
    days = pd.date_range(FIRST, periods=DAYS, freq="D")
    line = 36 + 0.3 * np.sin(lat * 4)
    rows = []
    for i in range(places):
        holder = "R" if lon[i] > line[i] else "U"
        rows.append((i, holder, days[0]))
        if -0.3 < line[i] - lon[i] < 1.6:
            for day in np.sort(chance.integers(1, DAYS, chance.integers(1, 8))):
                holder = "U" if holder == "R" else "R"
                rows.append((i, holder, days[day]))
    table = pd.DataFrame(rows, columns=["place", "actor", "valid_from"])
    points = gpd.points_from_xy(lon[table["place"]], lat[table["place"]])
    frame = gpd.GeoDataFrame(table.drop(columns="place"), geometry=points, crs=4326)
    return ControlHistory.from_places(frame, outline=BOX)


def seconds(ask: Callable[[], object], repeats: int) -> float:
    """Return the median time of a question, once asked before."""
    ask()
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        ask()
        times.append(time.process_time() - begin)
    return float(np.median(times))


def peer(h: ControlHistory, days: pd.DatetimeIndex) -> tuple[float, float]:
    """Return seconds a step of GEOS differences, and the largest difference of area, m2."""
    zones = []
    for day in days:
        now = h.at(day, by=("actor",)).set_index("actor").geometry
        zones.append(now["R"])
    begin = time.process_time()
    parts = [(shapely.difference(b, a), shapely.difference(a, b)) for a, b in pairwise(zones)]
    spent = (time.process_time() - begin) / len(parts)
    ours = h.changes(days[0], days[-1], freq="D")
    worst = 0.0
    for day, (gained, lost) in zip(days[1:], parts, strict=True):
        rows = ours[ours["date"] == day].set_index("to_actor")["area_km2"]
        for actor, shape in (("R", gained), ("U", lost)):
            worst = max(worst, abs(rows.get(actor, 0.0) * 1e6 - areas_m2([shape])[0]))
    return spent, worst


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--places", type=int, default=4870)
    h = made_up(parser.parse_args().places)
    last = pd.Timestamp(FIRST, tz="UTC") + pd.Timedelta(days=DAYS - 1)
    begin = time.process_time()
    front = h.front(WHEN)
    cold = time.process_time() - begin
    edges = len(h._fronts.sides_at(WHEN)[0])  # noqa: SLF001 - only to say how long the front is
    print(f"{h}\n{len(h.edges):,} edges, front of {edges:,} ({front['length_km'].sum():,.0f} km)")
    print(f"{'first front(t)':36}{cold * 1e3:10.1f} ms")
    for what, repeats, ask in (
        ("front(t)", 50, lambda: h.front(WHEN)),
        ("stretches(t)", 20, lambda: h.stretches(WHEN)),
        ("changes(t0, t1)", 20, lambda: h.changes(WHEN, "2025-07-01")),
        ("changes, every day", 3, lambda: h.changes(FIRST, last, freq="D")),
        ("measures, every day", 3, h.measures),
        ("advance towards a place", 3, lambda: h.advance((34.0, 49.0))),
        ("advance along an azimuth", 3, lambda: h.advance(azimuth_deg=70, origin=(34, 49))),
        ("advance along a path", 3, lambda: h.advance(path=ROAD)),
        (f"pockets(t), {len(h.pockets(WHEN))} of them", 3, lambda: h.pockets(WHEN)),
        ("cut(road, t)", 10, lambda: h.cut(ROAD, WHEN)),
    ):
        print(f"{what:36}{seconds(ask, repeats) * 1e3:10.1f} ms")
    days = pd.date_range(WHEN, periods=31, freq="D", tz="UTC")
    spent, worst = peer(h, days)
    ours = seconds(lambda: h.changes(days[0], days[-1], freq="D"), 5) / (len(days) - 1)
    print(f"{'a step of change':36}{ours * 1e3:10.2f} ms; GEOS difference both ways of zones that")
    print(f"{'':36}{spent * 1e3:10.2f} ms  are dissolved already; areas agree to {worst:.1e} m2")


if __name__ == "__main__":
    main()
