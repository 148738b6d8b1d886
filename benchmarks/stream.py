"""Stream dated points through a history, on one machine: ``python benchmarks/stream.py``.

Points are made partition by partition, asked who held them and how far the front was, and counted;
no more than a partition a worker is ever in memory, so their number is limited by patience alone:
``--points 100_000_000``. The history is that of `distance.py`: a ragged front that moves for 769
days. Every partition holds the points of a stretch of time, as an archive in files of dates does.

The same work is done three ways: in a plain loop, by Dask's threads, and by Dask's processes on a
LocalCluster. Printed are points a second of wall time, what the ways cost beside the loop, and the
most memory that all processes took together (resident, sampled ten times a second, so that pages
that processes share count several times). All ways must give the same sums.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import threading
import time
from typing import TYPE_CHECKING, NamedTuple, Self

import cloudpickle
import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import psutil
from distance import DAYS, moving_front
from distributed import Client, LocalCluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontline.control import ControlHistory

START = pd.Timestamp("2024-07-08", tz="UTC")
WAYS = ("loop", "threads", "processes")
MB = 2**20


class Peak:
    """The most memory that this process and its children had while a block ran."""

    def __enter__(self) -> Self:
        self.bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while True:
            total = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.bytes = max(self.bytes, total)
            if self._done.wait(0.1):
                return


class Plan(NamedTuple):
    """How many points there are, and in how many partitions."""

    points: int
    partitions: int

    def make(self, number: int) -> pd.DataFrame:
        """Return one partition: `lon`, `lat`, `date`."""
        rng = np.random.default_rng([11, number])
        begin, end = (self.points * i // self.partitions for i in (number, number + 1))
        count = end - begin
        day = (number + rng.uniform(0.0, 1.0, count)) * DAYS / self.partitions
        return pd.DataFrame(
            {
                "lon": rng.uniform(33, 40, count),
                "lat": rng.uniform(46, 51, count),
                "date": START + pd.to_timedelta((day * 86_400).astype(np.int64), unit="s"),
            },
            index=pd.RangeIndex(begin, end),
        )


def summed(holder: pd.Series, distance_m: pd.Series | None) -> pd.DataFrame:
    """Return a line of sums on a partition."""
    counts = holder.value_counts()
    line = {"points": len(holder), "A": counts.get("A", 0), "B": counts.get("B", 0)}
    known = pd.Series(dtype=float) if distance_m is None else distance_m.dropna()
    return pd.DataFrame([{**line, "measured": len(known), "metres": math.fsum(known)}])


def loop(h: ControlHistory, plan: Plan, *, distance: bool) -> pd.DataFrame:
    """Do the work one partition after the other."""

    def lines() -> Iterator[pd.DataFrame]:
        for number in range(plan.partitions):
            part = plan.make(number)
            metres = h.distance_to_front(part, part.date) if distance else None
            yield summed(h.holder(part, part.date), metres)

    return pd.concat(list(lines()), ignore_index=True)


def lazily(h: ControlHistory, plan: Plan, *, distance: bool) -> dd.DataFrame:
    """Return the same work as a graph of Dask."""
    points = dd.from_map(plan.make, range(plan.partitions), meta=plan.make(0).iloc[:0])
    held = h.holder(points, points.date)
    metres = h.distance_to_front(points, points.date) if distance else None
    form = summed(pd.Series(dtype=object), None)
    return held.map_partitions(summed, metres, meta=form, align_dataframes=False)


def run(
    way: str, h: ControlHistory, plan: Plan, *, distance: bool, workers: int
) -> tuple[float, float, float, pd.DataFrame]:
    """Return seconds to start, seconds of work, the most MB in memory, and the sums."""
    with Peak() as peak:
        begin = time.perf_counter()
        if way == "loop":
            ready = begin
            sums = loop(h, plan, distance=distance)
        elif way == "threads":
            ready = begin
            graph = lazily(h, plan, distance=distance)
            sums = graph.compute(scheduler="threads", num_workers=workers)
        else:
            with (
                tempfile.TemporaryDirectory() as folder,
                dask.config.set({"temporary-directory": folder}),
                LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                ) as cluster,
                Client(cluster) as client,
            ):
                client.wait_for_workers(workers)
                ready = time.perf_counter()
                sums = client.compute(lazily(h, plan, distance=distance)).result()
                done = time.perf_counter()
        if way != "processes":
            done = time.perf_counter()
    return ready - begin, done - ready, peak.bytes / MB, sums.reset_index(drop=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--points", type=int, default=2_000_000)
    parser.add_argument("--points-a-partition", type=int, default=500_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--no-distance", action="store_true", help="ask for holders alone")
    parser.add_argument("--scale", type=int, default=1, help="a history so many times smaller")
    chosen = parser.parse_args()
    plan = Plan(chosen.points, max(-(-chosen.points // chosen.points_a_partition), 1))
    h = moving_front(chosen.scale)
    print(h)
    print(
        f"{plan.points:,} points in {plan.partitions} partitions, holder"
        f"{'' if chosen.no_distance else ' and distance'}; {chosen.workers} workers on "
        f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}; "
        f"the history travels as {len(cloudpickle.dumps(h)) / MB:.1f} MB"
    )
    first = None
    for way in chosen.ways:
        start_s, taken_s, most_mb, sums = run(
            way, h, plan, distance=not chosen.no_distance, workers=chosen.workers
        )
        if first is None:
            first = sums
        pd.testing.assert_frame_equal(first, sums, check_exact=True, check_dtype=False)
        print(
            f"  {way:<10} {plan.points / taken_s:>10,.0f} points a second  {taken_s:8.1f} s of work"
            f"  {start_s:5.1f} s to start  peak {most_mb:6,.0f} MB",
            flush=True,
        )
    total = first.sum()
    print(
        f"  same sums every way: A held {total.A:,.0f}, B {total.B:,.0f} of {total.points:,.0f}"
        + ("" if chosen.no_distance else f"; mean {total.metres / total.measured / 1e3:.3f} km")
    )


if __name__ == "__main__":
    main()
