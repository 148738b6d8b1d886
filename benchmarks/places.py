"""Measure a history of 100,000 places, the peer beside it in the same run.

    python benchmarks/places.py [places]

Seconds of one core (process time), the best of several runs. The peer is what one would write
with shapely and geopandas: Voronoi polygons in the same plane, cut to the outline, dissolved
by actor for one date; it keeps no time, no edges and no sources. The first line says how fast
the machine is, as pyproj's inverse problem.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from frontline import ControlHistory
from frontline.control.panels import statements_from_panel
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = {"status_wiki": "wiki", "status_boost": "boost", "status_dsm": "dsm", "status_isw": "isw"}


def seconds(call: Callable[[], Any], runs: int = 3) -> float:
    """Return the least process time of some runs."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken)


def theatre(count: int) -> tuple[gpd.GeoDataFrame, Any]:
    """Make places in an irregular outline, three actors, one to three reports a place."""
    rng = np.random.default_rng(0)
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    radius = 1 + 0.25 * np.sin(3 * angle) + 0.1 * rng.random(60)
    outline = shapely.Polygon(
        np.column_stack([31.5 + 8 * radius * np.cos(angle), 47.5 + 4.5 * radius * np.sin(angle)])
    )
    shapely.prepare(outline)
    lonlat = np.column_stack([rng.uniform(20, 43, 4 * count), rng.uniform(41, 54, 4 * count)])
    lonlat = lonlat[shapely.contains_xy(outline, *lonlat.T)][:count]
    times = rng.integers(1, 4, count)
    site = np.repeat(np.arange(count), times)
    nth = np.arange(len(site)) - np.repeat(np.cumsum(times) - times, times)
    lon, lat = lonlat[site].T
    east = (lon - 31.5) / 10 + 0.3 * np.sin(lat) + rng.normal(0, 0.05, len(site))
    actor = np.array(["A", "B", "C"], dtype=object)[
        np.clip((east + 1).astype(int) + (lat > 50), 0, 2)
    ]
    days = nth * 200 + rng.integers(0, 200, len(site))
    reports = gpd.GeoDataFrame(
        {
            "actor": actor,
            "valid_from": pd.Timestamp("2022-02-24") + pd.to_timedelta(days, unit="D"),
            "source": "made up",
        },
        geometry=shapely.points(lonlat[site]),
        crs=4326,
    )
    return reports, outline


def peer(reports: gpd.GeoDataFrame, outline: Any) -> gpd.GeoDataFrame:
    """Draw one date with shapely and geopandas."""
    last = reports.sort_values("valid_from").groupby(reports.geometry.to_wkb()).tail(1)
    plane = LocalPlane.of([outline])
    points = plane.forward(np.asarray(last.geometry.array))
    edge = plane.forward(shapely.segmentize(outline, 0.1))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=edge, ordered=True)
    )
    frame = gpd.GeoDataFrame({"actor": last["actor"].to_numpy()}, geometry=cells)
    return frame.clip(edge).dissolve("actor")


def row(work: str, value: str, beside: str = "") -> None:
    """Print one line of the table."""
    print(f"{work:<52} {value:>12}  {beside}", flush=True)


def main(count: int) -> None:
    """Measure and print."""
    rng = np.random.default_rng(1)
    ends = rng.uniform(30, 40, (4, 200_000))
    pace = 200_000 / seconds(lambda: Geod(ellps="WGS84").inv(*ends))
    row("this machine: pyproj Geod.inv", f"{pace / 1e6:.2f} M/s", "the targets assume 1.5 to 2.1")
    reports, outline = theatre(count)
    took = seconds(lambda: ControlHistory.from_places(reports, outline=outline))
    other = seconds(lambda: peer(reports, outline), runs=1)
    row(
        f"from_places, {count:,} places",
        f"{took:.2f} s",
        f"shapely + geopandas, one date: {other:.2f} s",
    )
    h = ControlHistory.from_places(reports, outline=outline)
    row("  a valid coverage", str(bool(shapely.coverage_is_valid(h.composite.polygons))))
    flips = reports.drop_duplicates("geometry").iloc[:: count // 10][:10].copy()
    flips["actor"] = ["A", "B"] * 5
    flips["valid_from"] = pd.Timestamp("2024-05-01")
    h.with_reports(flips).changes("2024-04-30", "2024-05-02")  # what is made once
    took = seconds(lambda: h.with_reports(flips), runs=9)
    row("ten places flip", f"{1000 * took:.1f} ms")
    later = h.with_reports(flips)
    took = seconds(lambda: later.changes("2024-04-30", "2024-05-02"), runs=9)
    row("  and what they changed", f"{1000 * took:.1f} ms")
    row("at(t)", f"{1000 * seconds(lambda: h.at('2023-01-01')):.0f} ms")
    row("conflicts(within=None)", f"{1000 * seconds(lambda: h.conflicts(within=None)):.0f} ms")
    panel = wide_panel(30_000, 365)
    melt = lambda: statements_from_panel(  # noqa: E731 - timed twice
        panel, sources=SOURCES, actors={"UA": "Ukraine", "RU": "Russia", "CONTESTED": "contested"}
    )
    took = seconds(melt, runs=1)
    row(
        f"a panel of {len(panel):,} rows, four sources, melted",
        f"{took:.2f} s",
        f"to {len(melt()):,}",
    )


def wide_panel(places: int, days: int) -> pd.DataFrame:
    """Make a panel in which each source changes its mind once in 500 days."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "place": np.repeat(np.arange(places), days),
            "date": np.tile(pd.date_range("2022-02-24", periods=days), places),
        }
    )
    for column in SOURCES:
        changed = rng.random((places, days)) < 1 / 500
        first = rng.integers(0, 3, (places, 1))
        code = (first + np.cumsum(changed, axis=1)) % 3
        frame[column] = pd.Categorical.from_codes(code.ravel(), ["RU", "UA", "CONTESTED"])
    return frame


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
