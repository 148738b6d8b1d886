"""Print what the page of an animated map costs its reader: ``python benchmarks/maps.py``.

A made archive of 769 days (archive.py) or, with ``--real FOLDER``, daily GeoJSON files become one
page, and the same days pages of folium's own Timeline and TimestampedGeoJson. All are opened in a
headless Chromium in one run. A row that misses its reach ends the run with an error.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import archive
import folium
import numpy as np
import shapely
from folium.plugins import Timeline, TimelineSlider, TimestampedGeoJson
from measuring import Table
from webpages import Page, browser_path, chromium, machine, measure, opened, scripts

import frontline as fl
from frontline.maps import payload_of
from frontline.maps.decode import decode_payload
from frontline.maps.payload import build_payload
from frontline.scene.content import content_of
from frontline.scene.frames import frame_times

if TYPE_CHECKING:
    import datetime as dt

    Frames = list[tuple[dt.date, shapely.MultiPolygon]]

KB = 1000.0
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "frontline-benchmarks"
DRAWN = """document.querySelector('.leaflet-overlay-pane path[d*="L"]')"""


class Rows:
    """A table whose rows are held to their reaches."""

    def __init__(self, title: str) -> None:
        self.table = Table(title)

    def row(self, what: str, value: float, unit: str, reach: str, peer: str = "") -> None:
        """Print a row; `reach` is such as ``<= 350``."""
        sign, _, bound = reach.partition(" ")
        limit = float(bound)
        held = value <= limit if sign == "<=" else value >= limit
        text = f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
        self.table.row(what, text.strip(), reach, peer)
        if not held:
            self.table.failed.append(f"{what}: {text.strip()}, not {reach}")
            print("  MISSED", flush=True)


def seconds(day: dt.date) -> int:
    """Return midnight of a day in milliseconds since 1970."""
    return int(np.datetime64(day, "ms").astype(np.int64))


def own_page(history: Any, path: Path) -> Page:
    """Save the history."""
    start = time.process_time()
    fl.save(history, path)
    taken = time.process_time() - start
    frames = len(decode_payload(payload_of(history).blob).times)
    step = "(frame) => frontlineMaps.opened.clock.go(frame)"
    return Page(path, "window.frontlineMaps.opened", step, frames, taken)


def timeline(frames: Frames, path: Path) -> Page:
    """Save the page of folium's Timeline and TimelineSlider."""
    start = time.process_time()
    features = [
        {
            "type": "Feature",
            "properties": {"start": seconds(day), "end": seconds(day) + 86_400_000 - 1},
            "geometry": shapely.geometry.mapping(zone),
        }
        for day, zone in frames
    ]
    m = folium.Map(location=[48, 34], zoom_start=6, tiles=None)
    layer = Timeline({"type": "FeatureCollection", "features": features}).add_to(m)
    slider = TimelineSlider(auto_play=False).add_timelines(layer).add_to(m)
    m.save(path)
    taken = time.process_time() - start
    times = [seconds(day) for day, _ in frames]
    step = f"(frame) => {slider.get_name()}.setTime({times}[frame])"
    return Page(path, DRAWN, step, len(frames), taken)


def timestamped(frames: Frames, path: Path) -> Page:
    """Save the page of folium's TimestampedGeoJson: a time for every part, or parts are lost."""
    start = time.process_time()
    features = [
        {
            "type": "Feature",
            "properties": {"times": [seconds(day)] * shapely.get_num_geometries(zone)},
            "geometry": shapely.geometry.mapping(zone),
        }
        for day, zone in frames
    ]
    m = folium.Map(location=[48, 34], zoom_start=6, tiles=None)
    TimestampedGeoJson(
        {"type": "FeatureCollection", "features": features},
        period="P1D", duration="P1D", auto_play=False, add_last_point=False,
    ).add_to(m)  # fmt: skip
    m.save(path)
    taken = time.process_time() - start
    times = [seconds(day) for day, _ in frames]
    step = f"(frame) => {m.get_name()}.timeDimension.setCurrentTime({times}[frame])"
    return Page(path, DRAWN, step, len(frames), taken)


def ratio(ours: float, peers: dict[str, Page], of: Any, *, more: bool = False) -> str:
    """Say what the peers have, and how many times better ours is."""
    notes = []
    for name, page in peers.items():
        theirs = of(page)
        if theirs is not None:
            times = ours / theirs if more else theirs / ours
            notes.append(f"{name} {theirs:,.4g} ({times:.3g}x)")
    return "; ".join(notes)


def bare_size(history: fl.ControlHistory) -> int:
    """Return the bytes of a payload without the base map."""
    return len(build_payload(content_of(history), frame_times(history.change_times())).blob)


def sizes(rows: Rows, ours: Page, data: tuple[int, int], peers: dict[str, Page]) -> None:
    """Print what the files weigh and what it takes to make them."""
    rows.table.section("one file that works without a network, base map included")
    kb = ours.size / KB
    note = ratio(kb, peers, lambda page: page.size / KB)
    rows.row("the page", kb, "kB", "<= 350", note)
    packed = ours.packed / KB
    note = ratio(packed, peers, lambda page: page.packed / KB)
    rows.table.row("  after gzip", f"{packed:,.0f} kB", "", note)
    rows.row("  Timeline's page is so many times larger", peers["Timeline"].size / ours.size, "x",
             ">= 150")  # fmt: skip
    bare, whole = data
    rows.row("the data in it, gzip", bare / KB, "kB", "<= 100")
    rows.table.row("  with the base map", f"{whole / KB:,.0f} kB", "")
    note = ratio(ours.build_s, peers, lambda page: page.build_s)
    rows.row("building it from a history, processor", ours.build_s, "s", "<= 3", note)


def speeds(rows: Rows, ours: Page, peers: dict[str, Page]) -> None:
    """Print what the browser measured."""
    rows.table.section("in the browser (a peer's scripts are served from this machine)")

    def row(what: str, name: str, unit: str, reach: str, per: float, *, more: bool = False) -> None:
        value = ours.found[name] / per
        note = ratio(
            value, peers, lambda page: page.found[name] / per if page.found else None, more=more
        )
        rows.row(what, value, unit, reach, note)

    row("first zone painted", "first", "s", "<= 0.6", 1e3)
    row("  with the processor slowed down 6 times", "slow", "s", "<= 1.6", 1e3)
    row("a step in time, JavaScript, p95", "p95", "ms", "<= 0.5", 1)
    rows.table.row("  median", f"{ours.found['median']:.2g} ms")
    row("  all script until the next, mean", "script", "ms", "<= 1", 1)
    row("playback without a cap", "fps", "fps", ">= 300", 1, more=True)
    row("JavaScript heap after a collection", "heap", "MB", "<= 5", 1e6)


def quiet(rows: Rows, page: Page) -> None:
    """Hold that a page asks for nothing and says nothing."""
    with chromium() as browser:
        tab, _ = opened(browser, page, {})
        tab.evaluate(f"({page.step})({page.frames - 1})")
        time.sleep(1.0)
    rows.row("requests but for the file", float(len(page.requests) - 1), "", "<= 0")
    rows.row("messages on the console", float(len(page.said)), "", "<= 0", "; ".join(page.said))


def run(rows: Rows, frames: Frames, *, rounds: int, cache: Path) -> None:
    """Measure everything."""
    print(f"{rows.table.title}\n{machine()}\n")
    print(f"{'':<50} {'here':>15}  {'reach':<12} peers (ours is so many times better)")
    history = fl.ControlHistory.from_snapshots(archive.to_frame(frames))
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        ours = own_page(history, folder / "own.html")
        peers = {
            "Timeline": timeline(frames, folder / "timeline.html"),
            "TimestampedGeoJson": timestamped(frames, folder / "timestamped.html"),
        }
        sizes(rows, ours, (bare_size(history), len(payload_of(history).blob)), peers)
        case = own_page(fl.load("syria-2024"), folder / "case.html")
        rows.row("the page of the bundled case, with events", case.size / KB, "kB", "<= 400")
        if browser_path() is None:
            rows.table.row("no Chromium here", "not measured")
            return
        served = scripts(cache)
        measure(ours, {}, rounds)
        for name, page in peers.items():
            if served:
                measure(page, served, 1)
            else:
                print(f"{name}: its scripts are not here and npm did not fetch them")
        speeds(rows, ours, peers)
        quiet(rows, ours)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="daily GeoJSON files")
    parser.add_argument("--days", type=int, default=archive.DAYS, help="of the made archive")
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts")
    parser.add_argument("--scripts", type=Path, default=CACHE, metavar="FOLDER",
                        help="where the peers' scripts are kept")  # fmt: skip
    given = parser.parse_args()
    if given.real:
        rows = Rows(f"daily files of {given.real.name}")
        frames = archive.read_files(given.real)
    else:
        rows = Rows("a made archive (benchmarks/archive.py)")
        frames = list(archive.archive(given.days))
    run(rows, frames, rounds=given.rounds, cache=given.scripts)
    if rows.table.failed:
        raise SystemExit("missed: " + "; ".join(rows.table.failed))


if __name__ == "__main__":
    main()
