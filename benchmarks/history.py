"""Print what a control history of years of daily polygons costs: ``python benchmarks/history.py``.

Everything is measured on a made archive (archive.py) or, with ``--real FOLDER``, on a folder of
daily GeoJSON files; peers run in the same process on the same data, PostGIS on a server that is
started for it. Beside each speed stands whether the answer is right, held against something
that owes nothing to the library; a wrong answer ends the run with an error, a slow one does not.
``--days-x10`` and ``--vertices-x10`` show how cost grows.
"""

from __future__ import annotations

import argparse
import inspect
import itertools
import json
import signal
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import archive
import geopandas as gpd
import numpy as np
import pandas as pd
import peers
import postgis
import shapely
from measuring import Table, cpu_s, in_fresh_process, peak_mb

import frontline as fl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

SOME = 60  # steps or days on which a slow peer is measured
SLOW_S = 0.5  # for so few points: then all of them are not asked
TRUTH = 200  # points whose distance is solved independently
#: Metres that a rounded vertex may lie off: half a step, or one to join one of an earlier day.
SNAP_M = 0.2


@dataclass
class Data:
    """An archive, as arrays and as what the library takes."""

    frames: list[tuple[dt.date, shapely.MultiPolygon]]
    share: float = 1.0  # of the points that are asked about

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """One row a day."""
        return archive.to_frame(self.frames)

    @cached_property
    def zones(self) -> np.ndarray:
        """The polygons."""
        return np.array([zone for _, zone in self.frames], dtype=object)

    @cached_property
    def snapped(self) -> np.ndarray:
        """The polygons rounded to the grid of the library."""
        return peers.snapped(self.zones)

    @property
    def days(self) -> pd.DatetimeIndex:
        """The dates."""
        return pd.DatetimeIndex(self.frame["date"])

    def write(self, path: Path) -> Path:
        """Write a line a day: the date and the polygon as hexadecimal WKB."""
        with path.open("w", encoding="utf-8") as out:
            for day, zone in self.frames:
                out.write(f"{day:%Y-%m-%d}\t{shapely.to_wkb(zone, hex=True)}\n")
        return path


def read(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the days of a file that `Data.write` wrote, one at a time."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            day, _, wkb = line.rstrip("\n").partition("\t")
            yield day, shapely.from_wkb(wkb)


def points_near(zone: Any, count: int, reach_km: float, seed: int) -> np.ndarray:
    """Return points whose distance from the line is at most about so many kilometres."""
    rng = np.random.default_rng(seed)
    edges = peers.edges_of(zone)
    some = edges[rng.integers(0, len(edges), count)]
    spot = some[:, 0] + rng.random((count, 1)) * (some[:, 1] - some[:, 0])
    away_km, turn = reach_km * rng.random(count), rng.uniform(0, 2 * np.pi, count)
    east = away_km * np.cos(turn) / 111.2 / np.cos(np.radians(spot[:, 1]))
    return spot + np.column_stack([east, away_km * np.sin(turn) / 111.2])


def points_wide(count: int, seed: int) -> np.ndarray:
    """Return points over more than a thousand kilometres around the line."""
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.uniform(22, 46, count), rng.uniform(43, 55, count)])


def series(lonlat: np.ndarray) -> gpd.GeoSeries:
    """Return points as the library and geopandas take them."""
    return gpd.GeoSeries(shapely.points(lonlat), crs=4326)


# --- building: in a process of its own, for its memory --------------------------------------------


def child(what: str, path: Path) -> None:
    """Build once, from frames in memory or from a stream, and say what it took."""
    if what == "stream":
        before = peak_mb()
        start = time.process_time()
        h = fl.ControlHistory.from_snapshots(read(path), actor=archive.ACTOR)
    else:
        data = Data([(pd.Timestamp(day).date(), zone) for day, zone in read(path)])
        frame = data.frame
        before = peak_mb()
        start = time.process_time()
        h = fl.ControlHistory.from_snapshots(frame)
    taken = time.process_time() - start
    found = {"seconds": taken, "before_mb": before, "peak_mb": peak_mb()}
    print(json.dumps(found | {"cells": len(h.cells), "spells": len(h.spells)}))


def build_rows(table: Table, data: Data, path: Path) -> Any:
    """Measure building and appending; return the history."""
    table.section("a history from all maps")
    for what, reach in (("memory", "6 s, 700 MB"), ("stream", "")):
        found = in_fresh_process("--child", what, "--file", str(path))
        name = "frames in memory" if what == "memory" else "a stream of maps"
        size = f"{found['cells']:,} cells, {found['spells']:,} spells"
        table.row(f"from_snapshots, {name}", f"{found['seconds']:.2f} s", reach, size)
        note = f"{found['before_mb']:.0f} MB before"
        table.row("  peak memory of a fresh process", f"{found['peak_mb']:.0f} MB", "", note)
    h = fl.ControlHistory.from_snapshots(data.frame)
    tail = 5
    longer = fl.ControlHistory.from_snapshots(data.frame.iloc[:-tail])
    taken = []
    for i in range(len(data.frame) - tail, len(data.frame)):
        start = time.process_time()
        longer = longer.append(data.frame.iloc[i : i + 1])
        taken.append(time.process_time() - start)
    value = f"{1e3 * statistics.median(taken):.0f} ms"
    table.row(f"append of a day, median of {tail}", value, "50 ms", f"worst {1e3 * max(taken):.0f}")
    last = data.days[-1]
    # New lines are cut on a grid of 1e-7 degrees, in another order than when all are known.
    off = abs(held_km2(longer, last) / held_km2(h, last) - 1)
    table.check("appended days end as built ones do", held=off < 1e-9, found=f"{off:.1e} apart")
    area_check(table, h, data)
    return h


def held_km2(h: Any, when: Any) -> float:
    """Return the area of the archive's actor at an instant."""
    now = h.at(when)
    return float(now.loc[now["actor"].notna(), "area_km2"].sum())


def areas_by_day(h: Any, data: Data) -> np.ndarray:
    """Return what the archive's actor holds on every day, km2."""
    found = h.measures(freq="D", start=data.days[0], end=data.days[-1])
    found = found[found["actor"].notna()].groupby("date")["area_km2"].sum()
    return found.reindex(data.days).to_numpy()


def area_check(table: Table, h: Any, data: Data) -> None:
    """Hold the area of every zone against that of the polygon it was drawn as."""
    found = areas_by_day(h, data)
    source = np.array([peers.area_km2(zone) for zone in data.snapped])
    raw = np.array([peers.area_km2(zone) for zone in data.zones])
    off = np.abs(found / source - 1)
    text = (
        f"at most {off.max():.1e} off the rounded source (median {np.median(off):.1e}; "
        "reach 1e-9), "
        f"{abs(found / raw - 1).max():.1e} off the raw one"
    )
    # Lines that cross meet on a grid of 1e-7 degrees, which bends edges of tens of kilometres.
    table.check("area of every zone, relative", held=bool(off.max() <= 5e-9), found=text)


# --- views --------------------------------------------------------------------------------------


def view_rows(table: Table, h: Any, data: Data) -> None:
    """Measure the views of an instant and the file."""
    table.section("views")
    some = data.days[np.linspace(0, len(data.days) - 1, SOME).astype(int)]
    h.at(some[0]), h.front(some[0])
    for name, view, reach in (("at(t)", h.at, "20 ms"), ("front(t)", h.front, "5 ms")):
        taken = [cpu_s(lambda v=view, t=when: v(t), runs=1)[0] for when in some]
        worst = f"worst {1e3 * max(taken):.1f} ms"
        table.row(name, f"{1e3 * statistics.median(taken):.1f} ms", reach, worst)
    line = shapely.union_all(h.front(data.days[-1]).geometry.to_numpy())
    source = shapely.boundary(data.snapped[-1])
    # A front is drawn with the vertices of all days, so lines are compared, not vertices.
    apart = shapely.hausdorff_distance(line, source) * 111_200
    table.check("the front is the line of the source", held=apart < SNAP_M, found=f"{apart:.2g} m")
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "history"
        taken, _ = cpu_s(lambda: h.save(path), runs=1)
        size = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
        table.row("save to a folder of GeoParquet", f"{taken:.2f} s")
        geojson = sum(len(shapely.to_geojson(zone)) for zone in data.zones)
        source = f"the maps as GeoJSON {geojson / 1e6:.1f} MB"
        table.row("  its size", f"{size / 1e6:.2f} MB", "1 MB", source)
        taken, again = cpu_s(lambda: fl.ControlHistory.open(path))
        table.row("  open", f"{1e3 * taken:.0f} ms", "200 ms")
        last = data.days[-1]
        same = held_km2(again, last) == held_km2(h, last)
        table.check("an opened file answers alike", held=same, found=f"{held_km2(h, last):.3f} km2")


def change_rows(table: Table, h: Any | None, data: Data, session: Any | None) -> None:
    """Measure all changes from one day to the next."""
    steps = len(data.zones) - 1
    table.section(f"all {steps:,} changes from one day to the next, both ways")
    taken, geos = peers.geos_changes(data.snapped)
    notes = [f"GEOS differences {taken:.1f} s"]
    some = np.linspace(0, steps - 1, min(SOME, steps)).astype(int)
    each = peers.overlay_changes(data.frame, some) / len(some)
    notes.append(f"geopandas overlay {each * steps:.0f} s (from {len(some)})")
    if session:
        each = peers.postgis_changes(session, some) / len(some)
        notes.append(f"PostGIS {each * steps:.0f} s (from {len(some)})")
    peer = "; ".join(notes)
    if h is None:
        table.row("changes", "-", "1 s", peer)
        return
    days = data.days

    def loop() -> list[Any]:
        return [h.changes(a, b) for a, b in itertools.pairwise(days)]

    if "freq" in inspect.signature(h.changes).parameters:
        taken, _ = cpu_s(lambda: h.changes(days[0], days[-1], freq="D"), runs=1)
        table.row('changes(first, last, freq="D")', f"{taken:.2f} s", "1 s", peer)
    taken, lists = cpu_s(loop, runs=1)
    table.row("changes(a, b) in a loop", f"{taken:.2f} s", "1 s", peer)
    own = np.array(
        [
            [
                found.loc[found["from_actor"].isna(), "area_km2"].sum(),
                found.loc[found["to_actor"].isna(), "area_km2"].sum(),
            ]
            for found in lists
        ]
    )
    off = np.abs(own - geos).max() * 1e6
    text = f"{off:.2g} m2 at most; gained {own[:, 0].sum():,.1f}, lost {own[:, 1].sum():,.1f} km2"
    table.check("gained and lost against GEOS, every step", held=off < 1e3, found=text)
    closure = np.abs(own[:, 0] - own[:, 1] - np.diff(areas_by_day(h, data))).max() * 1e6
    text = f"{closure:.2g} m2 at most"
    table.check("gained - lost = net, every step", held=closure < 1.0, found=text)


# --- points -------------------------------------------------------------------------------------


def holder_rows(table: Table, h: Any | None, data: Data, session: Any | None, work: Path) -> None:
    """Measure who held dated points."""
    count = int(1_000_000 * data.share)
    table.section(f"who held {count:,} dated points")
    rng = np.random.default_rng(3)
    near = points_near(data.zones[-1], int(0.7 * count), 50.0, 4)
    lonlat = rng.permutation(np.vstack([near, points_wide(count - len(near), 5)]))
    day = rng.integers(0, len(data.zones), count)
    truth, loop_s = None, 0.0
    start = time.process_time()
    truth = peers.holders_by_day(data.zones, lonlat, day)
    loop_s = time.process_time() - start
    points = series(lonlat)
    some = gpd.GeoDataFrame({"day": day}, geometry=points)
    notes = [f"geopandas sjoin by day {count / peers.sjoin_by_day(data.frame, some):,.0f} /s"]
    notes.append(f"prepared contains_xy by day {count / loop_s:,.0f} /s")
    if session:
        few = count // 5
        peers.fill_points(session, "dated", lonlat[:few], day[:few], work / "dated.tsv")
        taken, inside = peers.postgis_holders(session)
        notes.append(f"PostGIS {few / taken:,.0f} /s")
        same = abs(inside - int(truth[:few].sum()))
        table.check("PostGIS and GEOS agree", held=same <= 2, found=f"{same} of {few:,} apart")
    peer = "; ".join(notes)
    if h is None:
        table.row("holder", "-", "3,000,000 /s", peer)
        return
    when = pd.Series(data.days[day])
    h.holder(points.iloc[:10], when.iloc[:10])
    taken, found = cpu_s(lambda: h.holder(points, when), runs=2)
    table.row("holder", f"{count / taken:,.0f} /s", "3,000,000 /s", peer)
    apart = np.flatnonzero(found.notna().to_numpy() != truth)
    off = [
        shapely.distance(points.iloc[i], shapely.boundary(data.zones[day[i]])) * 111_200
        for i in apart[:1000]
    ]
    held = len(apart) <= 1000 and (not off or max(off) < SNAP_M)
    text = f"{len(apart)} apart, on the line itself: {max(off, default=0.0):.2g} m at most"
    table.check("holder as point in polygon, day by day", held=held, found=text)


def distance_rows(table: Table, h: Any | None, data: Data, session: Any | None, work: Path) -> None:
    """Measure distances of many points to one front."""
    count = int(100_000 * data.share)
    table.section(f"distance of {count:,} points to one front")
    day = len(data.zones) - 1
    line = shapely.boundary(data.snapped[day])
    sets = {
        "within 50 km": (points_near(data.zones[day], count, 50.0, 6), "500,000 /s"),
        "over 1,000 km": (points_wide(count, 7), "250,000 /s"),
    }
    for name, (lonlat, reach) in sets.items():
        points = series(lonlat)
        truth = peers.distance_m(lonlat[:TRUTH], line)
        taken, found = peers.nearest_in_utm(gpd.GeoSeries([line], crs=4326), points)
        off = np.abs(found[:TRUTH] - truth).max()
        notes = [f"sjoin_nearest in UTM {count / taken:,.0f} /s, {off:,.0f} m off"]
        if session:
            few = count // 5
            kind = f"asked_{name.split()[0]}"
            peers.fill_points(session, kind, lonlat[:few], 0, work / f"{kind}.tsv")
            taken, found = peers.postgis_distances(session, kind, day)
            off = np.abs(found[:TRUTH] - truth[: len(found)]).max()
            notes.append(f"PostGIS geography {few / taken:,.0f} /s, {off:.2g} m off")
        peer = "; ".join(notes)
        if h is None:
            table.row(name, "-", reach, peer)
            continue
        taken, _ = cpu_s(lambda p=points[:TRUTH]: h.distance_to_front(p, data.days[day]), runs=1)
        if taken > SLOW_S:
            points = points[: 5 * TRUTH]
            peer = f"(from {len(points)}) {peer}"
        runs = 1 if taken > SLOW_S else 3
        taken, found = cpu_s(lambda p=points: h.distance_to_front(p, data.days[day]), runs)
        table.row(name, f"{len(points) / taken:,.0f} /s", reach, peer)
        drawn = shapely.union_all(h.front(data.days[day]).geometry.to_numpy())
        own = np.abs(found.to_numpy()[:TRUTH] - peers.distance_m(lonlat[:TRUTH], drawn)).max()
        off = np.abs(found.to_numpy()[:TRUTH] - truth).max()
        text = (
            f"{1e3 * own:.2g} mm at most for the history's line, "
            f"{1e3 * off:.2g} mm for the source's, {TRUTH} points"
        )
        table.check("distance against an independent search", held=own < 1e-3, found=text)


def place_rows(table: Table, h: Any | None, data: Data) -> None:
    """Measure the distance of many places on every day."""
    count, days = int(5_488 * data.share), len(data.zones)
    table.section(f"{count:,} places on {days:,} days")
    rng = np.random.default_rng(8)
    lonlat = np.column_stack([rng.uniform(22.2, 40.2, count), rng.uniform(44.4, 52.3, count)])
    places = series(lonlat)
    some = np.linspace(0, days - 1, min(SOME, days)).astype(int)
    each = statistics.mean(
        peers.nearest_in_utm(
            gpd.GeoSeries([shapely.boundary(data.snapped[day])], crs=4326), places
        )[0]
        for day in some.tolist()
    )
    peer = f"sjoin_nearest in UTM {each * days:.0f} s (from {len(some)})"
    if h is None:
        table.row("distance_to_front", "-", "6 s", peer)
        return
    taken, _ = cpu_s(lambda: h.distance_to_front(places[:TRUTH], data.days[-1]), runs=1)
    if taken > SLOW_S:
        note = f"not run: {TRUTH} points of one day took {taken:.1f} s; {peer}"
        table.row("distance_to_front, in one call", "-", "6 s", note)
        return
    if hasattr(h, "distances_to_front"):
        taken, found = cpu_s(
            lambda: h.distances_to_front(
                places, start=data.days[0], end=data.days[-1], freq="D", wide=True
            ),
            runs=1,
        )
        table.row("distances_to_front, day by day", f"{taken:.1f} s", "6 s", peer)
    asked = places.take(np.tile(np.arange(count), days)).reset_index(drop=True)
    when = pd.Series(data.days.repeat(count))
    taken, found = cpu_s(lambda: h.distance_to_front(asked, when), runs=1)
    table.row("distance_to_front, in one call", f"{taken:.1f} s", "6 s", peer)
    metres = found.to_numpy().reshape(days, count)
    picked = rng.integers(0, count, 5)
    off = max(
        np.abs(metres[day, picked] - peers.distance_m(lonlat[picked], data_line)).max()
        for day, data_line in ((d, shapely.boundary(data.snapped[d])) for d in some[::3])
    )
    text = f"{1e3 * off:.2g} mm at most, {5 * len(some[::3])} places and days"
    table.check("distance against an independent search", held=off < 2e-2, found=text)


def thiessen_rows(table: Table, count: int) -> None:
    """Measure a history of many places, and ten of them that flip."""
    table.section(f"a history of {count:,} places")
    rng = np.random.default_rng(9)
    lonlat = np.round(np.column_stack([rng.uniform(22, 40, count), rng.uniform(44, 52, count)]), 6)
    columns = {"actor": np.where(lonlat[:, 0] > 34, "A", "B"), "valid_from": "2024-01-01"}
    reports = gpd.GeoDataFrame(columns, geometry=shapely.points(lonlat), crs=4326)
    outline = shapely.box(22, 44, 40, 52)
    start = time.process_time()
    h = fl.ControlHistory.from_places(reports, outline=outline)
    taken = time.process_time() - start
    table.row("from_places", f"{taken:.1f} s", "3 s")
    if not hasattr(h, "with_reports"):
        return
    flips = reports.iloc[rng.choice(count, 10, replace=False)].copy()
    flips["actor"], flips["valid_from"] = "C", "2024-02-01"
    h.with_reports(flips)
    taken, later = cpu_s(lambda: h.with_reports(flips))
    table.row("ten places flip, with_reports", f"{1e3 * taken:.0f} ms", "10 ms")
    found = later.holder(flips.geometry, "2024-02-02")
    table.check("they flip", held=bool((found == "C").all()), found=f"{(found == 'C').sum()} of 10")


# --- the run ------------------------------------------------------------------------------------


def run(table: Table, data: Data) -> None:
    """Measure and print."""
    table.head()
    table.section(
        f"{len(data.zones):,} maps, {data.days[0]:%Y-%m-%d} to {data.days[-1]:%Y-%m-%d}, "
        f"{np.median(shapely.get_num_coordinates(data.zones)):,.0f} vertices"
    )
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        path = data.write(work / "zones.tsv")
        h = None
        if hasattr(fl.ControlHistory, "from_snapshots"):
            h = build_rows(table, data, path)
            view_rows(table, h, data)
        try:
            with postgis.server() as session:
                peers.fill_zones(session, path)
                compared(table, h, data, session, work)
        except postgis.NoServerError as error:
            print(f"\nwithout PostGIS: {error}")
            compared(table, h, data, None, work)
    thiessen_rows(table, int(100_000 * data.share))
    table.end()


def compared(table: Table, h: Any, data: Data, session: Any | None, work: Path) -> None:
    """Measure what peers do too."""
    change_rows(table, h, data, session)
    holder_rows(table, h, data, session, work)
    distance_rows(table, h, data, session, work)
    place_rows(table, h, data)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--real", type=Path, metavar="FOLDER", help="daily GeoJSON files")
    size.add_argument("--days", type=int, default=archive.DAYS, help="of the made archive")
    size.add_argument("--days-x10", action="store_true")
    size.add_argument("--vertices-x10", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the points")
    parser.add_argument("--child", choices=("memory", "stream"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.file)
        return
    # Asked to stop, stop the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    share = 0.05 if given.quick else 1.0
    if given.real:
        run(Table(f"daily files of {given.real.name}"), Data(archive.read_files(given.real), share))
        return
    days = archive.DAYS * 10 if given.days_x10 else given.days
    vertices = archive.VERTICES * (10 if given.vertices_x10 else 1)
    frames = list(archive.archive(days, vertices))
    run(Table("a made archive (benchmarks/archive.py)"), Data(frames, share))


if __name__ == "__main__":
    main()
