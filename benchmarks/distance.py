"""Print how fast and how true distances to a front are: ``python benchmarks/distance.py``.

The front is generated: 2,931 edges of 4,550 km, a fractal line through Ukraine's east and south.
100,000 points within 50 km of it, or spread over 1,900 by 1,300 km, are measured to it by this
library, by geopandas (``to_crs`` to UTM and ``sjoin_nearest``), and, as the least that an exact
distance costs, by one inverse geodesic a point. All take turns in the same run, on one core;
printed are medians of processor time. Errors are against geographiclib: every edge that may be
nearest is minimised by Brent's method. Then come 5,488 places over 769 days, geometries against
geometries, and the centre of a ring, with the memory that it takes.

With ``--quick`` everything is ten times smaller.
"""

from __future__ import annotations

import argparse
import statistics
import time
import tracemalloc
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geographiclib.geodesic import Geodesic
from scipy.optimize import minimize_scalar

from frontline.control import ControlHistory
from frontline.geodesy import GEOD
from frontline.nearness import nearest
from frontline.segments import SegmentIndex

if TYPE_CHECKING:
    from collections.abc import Callable

EDGES, LENGTH_KM = 2_931, 4_550
ANCHORS = [(38.2, 50.1), (37.9, 49.0), (38.1, 48.3), (37.2, 47.7), (35.4, 47.4), (32.3, 46.5)]
DAYS, PLACES, SITES = 769, 5_488, 8_000
UTM = "EPSG:32637"
REPEATS = 3


def fractal(edges: int, length_km: float, seed: int = 7) -> np.ndarray:
    """Return a line of so many edges, folded until it is so long, shape (edges + 1, 2)."""
    low, high = 0.0, 1.5
    for _ in range(30):
        rng = np.random.default_rng(seed)
        rough = (low + high) / 2.0
        xy = np.array(ANCHORS)
        while len(xy) <= edges:
            step = np.diff(xy, axis=0)
            size = np.hypot(step[:, 0] * 0.66, step[:, 1]) * rng.lognormal(0.0, 0.8, len(step))
            split = np.sort(np.argsort(size)[-min(edges + 1 - len(xy), len(step)) :])
            split = split[-max(len(split) * 2 // 3, 1) :] if len(xy) > 64 else split
            aside = np.column_stack([-step[split, 1] / 0.66, step[split, 0] * 0.66])
            sway = rng.normal(0.0, rough, (len(split), 1))
            share = rng.uniform(0.35, 0.65, (len(split), 1))
            xy = np.insert(xy, split + 1, xy[split] + step[split] * share + aside * sway, axis=0)
        total = GEOD.line_length(*xy.T) / 1e3
        low, high = (rough, high) if total < length_km else (low, rough)
    return xy


def truth(table: np.ndarray, lon: float, lat: float) -> float:
    """Return the distance by geographiclib: Brent's method on every edge that may be nearest."""
    at = np.full(len(table), lon), np.full(len(table), lat)
    first = GEOD.inv(*at, table[:, 0], table[:, 1])[2]
    last = GEOD.inv(*at, table[:, 2], table[:, 3])[2]
    length = GEOD.inv(*table.T)[2]
    best = min(first.min(), last.min())
    for lon1, lat1, lon2, lat2 in table[(first + last - length * 1.001) / 2.0 < best]:

        def way(
            t: float, a: float = lon1, b: float = lat1, c: float = lon2, d: float = lat2
        ) -> float:
            spot = Geodesic.WGS84.Inverse(lat, lon, b + (d - b) * t, a + (c - a) * t)
            return float(spot["s12"])

        found = minimize_scalar(way, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-9})
        best = min(best, float(found.fun))
    return best


def in_turns(calls: dict[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, float]:
    """Return the median processor seconds of calls that take turns."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            start = time.process_time()
            call()
            taken[name].append(time.process_time() - start)
    return {name: statistics.median(each) for name, each in taken.items()}


def seconds(call: Callable[[], object]) -> float:
    """Return the processor seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def points_to_front(scale: int) -> None:
    """Measure many points to one front."""
    xy = fractal(EDGES, LENGTH_KM)
    line = shapely.LineString(xy)
    table = np.hstack([xy[:-1], xy[1:]])
    edges = gpd.GeoDataFrame(geometry=shapely.linestrings(table.reshape(-1, 2, 2)), crs=4326)
    rng = np.random.default_rng(1)
    count = 100_000 // scale
    near = xy[rng.integers(0, len(xy), count)]
    lon, lat, _ = GEOD.fwd(*near.T, rng.uniform(0, 360, count), rng.uniform(0, 50_000, count))
    sets = {
        "within 50 km": (lon, lat),
        "over 1,900 km": (rng.uniform(22, 46, count), rng.uniform(43, 55, count)),
    }
    built = seconds(lambda: SegmentIndex.of([line]).query(36.0, 48.0))
    print(f"front: {len(table):,} edges, {GEOD.line_length(*xy.T) / 1e3:,.0f} km")
    print(f"index: {1e3 * built:.0f} ms, {len(SegmentIndex.of([line])):,} pieces\n")
    print(
        f"{'points':<15}{'method':<26}{'points/s':>11}{'ratio':>7}{'max error m':>14}{'p99 m':>11}"
    )
    for name, (x, y) in sets.items():
        index = SegmentIndex.of([line])
        frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=4326)

        def peer(frame: gpd.GeoDataFrame = frame) -> pd.Series:
            joined = gpd.sjoin_nearest(frame.to_crs(UTM), edges.to_crs(UTM), distance_col="m")
            return joined["m"].groupby(level=0).first()

        order = rng.permutation(count)
        taken = in_turns(
            {
                "frontline": lambda x=x, y=y, index=index: index.query(x, y),
                "geopandas UTM nearest": peer,
                "one Geod.inv a point": lambda x=x, y=y, z=order: GEOD.inv(x, y, x[z], y[z]),
            }
        )
        sample = rng.choice(count, 200 // min(scale, 4), replace=False)
        exact = np.array([truth(table, x[i], y[i]) for i in sample])
        errors = {
            "frontline": np.abs(index.query(x, y).distance_m[sample] - exact),
            "geopandas UTM nearest": np.abs(peer().to_numpy()[sample] - exact),
        }
        for method, each in taken.items():
            off = errors.get(method)
            text = f"{off.max():>14.2g}{np.quantile(off, 0.99):>11.2g}" if off is not None else ""
            ratio = taken["one Geod.inv a point"] / each
            print(f"{name:<15}{method:<26}{count / each:>11,.0f}{ratio:>7.2f}{text}")


def moving_front(scale: int) -> ControlHistory:
    """Return a history in which a ragged front moves for 769 days, one site after the other."""
    rng = np.random.default_rng(3)
    count = SITES // scale
    lon, lat = rng.uniform(33, 40, count), rng.uniform(46, 51, count)
    day = (lon - 35.5) / 3.0 * DAYS + rng.normal(0.0, 0.45 * DAYS, count)
    start = pd.Timestamp("2024-07-08")
    moved = np.flatnonzero((day > 0) & (day < DAYS))
    first = np.where(day <= 0, "B", "A")
    frame = gpd.GeoDataFrame(
        {
            "actor": np.append(first, np.full(len(moved), "B")),
            "valid_from": [start] * count
            + list(start + pd.to_timedelta(np.ceil(day[moved]), unit="D")),
        },
        geometry=gpd.points_from_xy(np.append(lon, lon[moved]), np.append(lat, lat[moved])),
        crs=4326,
    )
    return ControlHistory.from_places(frame, outline=shapely.box(33, 46, 40, 51))


def years_of_days(scale: int) -> None:
    """Measure places to the front of every day."""
    h = moving_front(scale)
    rng = np.random.default_rng(5)
    count = PLACES // scale
    places = gpd.GeoSeries(
        gpd.points_from_xy(rng.uniform(22, 40, count), rng.uniform(44.4, 52.3, count)), crs=4326
    )
    days = pd.date_range("2024-07-08", periods=DAYS // scale, freq="D", tz="UTC")
    span = {"start": days[0], "end": days[-1]}
    sizes = [shapely.get_num_coordinates(h.front(day).geometry).sum() for day in days[::40]]
    table = h.distances_to_front(places, **span, wide=True)
    taken = seconds(lambda: h.distances_to_front(places, **span, wide=True))
    some = days[:: max(len(days) // 8, 1)]
    fresh = seconds(lambda: [h.distance_to_front(places, day) for day in some]) / len(some)
    off = max(
        np.abs(table.loc[day].to_numpy() - h.distance_to_front(places, day).to_numpy()).max()
        for day in some
    )
    print(
        f"\n{count:,} places x {len(days)} days, "
        f"a front of {int(np.median(sizes)):,} vertices a day"
    )
    print(f"  by what came and went  {taken:7.2f} s  {count * len(days) / taken:>11,.0f} a second")
    print(f"  a fresh index a day    {fresh * len(days):7.2f} s  (from {len(some)} days)")
    print(f"  largest difference between the two {off:.1g} m")


def geometries(scale: int) -> None:
    """Measure lines to lines, and the centre of a ring."""
    front = fractal(EDGES // scale, LENGTH_KM / scale)
    other = fractal(EDGES // scale, LENGTH_KM / scale, seed=8)
    for name, shift in (("a second front 6 degrees east", 6.0), ("25 degrees east", 25.0)):
        a, b = shapely.LineString(front), shapely.LineString(other + np.array([shift, 0.0]))
        way = nearest(a, b)
        taken = seconds(lambda a=a, b=b: nearest(a, b))
        print(f"front to {name}: {way.distance_m:,.3f} m in {1e3 * taken:.0f} ms")
    around = np.linspace(0.0, 360.0, 2_000 // scale + 1)
    spots = np.full_like(around, 36.0), np.full_like(around, 48.0)
    lon, lat, _ = GEOD.fwd(*spots, around, np.full_like(around, 50_000.0))
    index = SegmentIndex.of([shapely.LineString(np.column_stack([lon, lat]))])
    rng = np.random.default_rng(9)
    x, y = rng.normal(36.0, 1e-4, 10_000 // scale), rng.normal(48.0, 1e-4, 10_000 // scale)
    taken = seconds(lambda: index.query(x, y))
    tracemalloc.start()
    index.query(x, y)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(
        f"centre of a ring of {len(around) - 1:,} edges: {len(x) / taken:,.0f} points a second, "
        f"{peak:.0f} MB at most"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    scale = 10 if parser.parse_args().quick else 1
    points_to_front(scale)
    years_of_days(scale)
    print()
    geometries(scale)


if __name__ == "__main__":
    main()
