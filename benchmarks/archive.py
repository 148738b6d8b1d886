"""A made archive of daily control polygons with the statistics of a real one.

``python benchmarks/archive.py`` prints what the archive is like beside what it is meant to be like.
The targets are those of a public archive of 769 days whose data may not be shipped. Nothing here
is taken from it but these numbers: the line is drawn at random in roughly the same place.

One side holds a zone that is closed by a border which never moves. The front changes in places:
a stretch of it bulges outward (an advance) or inward (a removal) by a given area, or is digitised
again a few metres off. Small parts lie beyond it; they appear, grow and move. On some days nothing
changes at all. On jitter days about half of the vertices have another last digit (1e-7 degrees).
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from zone import VERTICES, Editor, first_zone

from frontline.edges import areas_m2, edge_table
from frontline.geodesy import inverse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd

    Frames = Iterable[tuple[dt.date, shapely.MultiPolygon]]

FIRST = dt.date(2024, 7, 8)
#: First and last day of each gap.
GAPS = (
    (dt.date(2024, 8, 18), dt.date(2024, 8, 19)),
    (dt.date(2025, 1, 1), dt.date(2025, 1, 1)),
    (dt.date(2025, 3, 31), dt.date(2025, 4, 1)),
    (dt.date(2025, 11, 26), dt.date(2025, 11, 26)),
    (dt.date(2026, 7, 9), dt.date(2026, 7, 9)),
)
DAYS, STEPS = 769, 768
GAINED_KM2, LOST_KM2 = 8_263.0, 629.0
#: What is gained and lost beside the plan, where a line is digitised again.
BY_THE_WAY_KM2, LARGEST_LOSS_KM2 = 170.0, 119.8
ACTOR = "A"
#: Vertices, and parts, through the archive: share of the time, number.
VERTICES_IN_TIME = ((0, 0.12, 0.4, 0.57, 0.68, 1), (2938, 2745, 2939, 3200, 2940, 2931))
PARTS_IN_TIME = ((0, 0.1, 0.5, 0.75, 0.95, 1), (7, 5, 10, 12, 19, 21))
HOLES_IN_TIME = ((0.3, 0), (0.387, 1), (0.7, 2), (0.722, 1))


# --- the archive --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What each day is to change, one number a step from one day to the next."""

    same: np.ndarray
    gain_km2: np.ndarray
    loss_km2: np.ndarray
    edges: np.ndarray
    looks: list[tuple[int, ...]]  # one a day

    @classmethod
    def draw(cls, rng: np.random.Generator, days: int, *, jitter: bool) -> Plan:
        """Draw how much changes on every day."""
        steps = days - 1
        other, lasting = jitter_days(days) if jitter else (set(), days)
        busy = {day - 1 for each in (other, {each + 1 for each in other}) for day in each}
        quiet = [step for step in range(steps) if step not in busy and step != lasting - 1]
        same = np.zeros(steps, dtype=bool)
        idle = min(round(113 / STEPS * steps), len(quiet))
        same[rng.permutation(np.array(quiet, dtype=np.int64))[:idle]] = True
        z = rng.normal(size=(2, steps))
        edges = np.maximum(18.0 * np.exp(0.68 * z[0]), 2.0)
        gain = np.exp(0.8 * (0.6 * z[0] + 0.8 * z[1])) * (rng.random(steps) > 0.02) * ~same
        loss = rng.lognormal(0.0, 1.3, steps) * (rng.random(steps) < 0.13) * ~same
        # A longer archive tells the same advance in smaller steps.
        part = min(steps / STEPS, 1.0)
        gain *= (GAINED_KM2 - BY_THE_WAY_KM2) * part / gain.sum()
        gain = np.minimum(gain, 91.7)
        planned = LOST_KM2 - BY_THE_WAY_KM2 - LARGEST_LOSS_KM2
        loss *= planned * part / max(loss.sum(), 1e-9)
        if steps >= STEPS // 2:
            loss[np.flatnonzero(~same)[int(0.987 * (~same).sum())]] = LARGEST_LOSS_KM2
        looks = [
            (lasting,) * (day >= lasting) + ((days + day,) if day in other else ())
            for day in range(days)
        ]
        return cls(same, gain, loss, edges, looks)


def jitter_days(days: int) -> tuple[set[int], int]:
    """Return the days that differ from both neighbours, and the one from which on all differ."""
    count = max(1, round(4 * days / DAYS))
    return {int((each + 0.4) / count * days) for each in range(count)}, int(0.56 * days)


def dates(days: int) -> list[dt.date]:
    """Return so many days, without those that are missing."""
    gone = {
        first + dt.timedelta(each)
        for first, last in GAPS
        for each in range((last - first).days + 1)
    }
    found = (FIRST + dt.timedelta(each) for each in range(days + len(gone)))
    return [each for each in found if each not in gone][:days]


def archive(
    days: int = DAYS, vertices: int = VERTICES, seed: int = 1, *, jitter: bool = True
) -> Iterator[tuple[dt.date, shapely.MultiPolygon]]:
    """Yield date and zone of one day after another; the same arguments give the same archive.

    Parameters
    ----------
    days
        How many days; seven more than that pass if there are enough of them.
    vertices
        About how many vertices a day has.
    seed
        Of the random numbers.
    jitter
        Whether there are days on which only last digits differ.
    """
    rng = np.random.default_rng(seed)
    plan = Plan.draw(rng, days, jitter=jitter)
    zone = first_zone(rng, vertices)
    editor = Editor(rng, vertices / VERTICES, zone)
    editor.set_holes(1)
    calendar = dates(days)
    shown = zone.polygon(plan.looks[0])
    yield calendar[0], shown
    owed = np.zeros(2)
    for day in range(1, days):
        if not plan.same[day - 1]:
            owed += plan.gain_km2[day - 1], plan.loss_km2[day - 1]
            share = day / max(days - 1, STEPS)  # a short archive is the beginning of the long one
            owed = change(editor, share, plan.edges[day - 1], owed, plan.looks[day])
            shown = editor.zone.polygon(plan.looks[day])
        yield calendar[day], shown


def change(
    editor: Editor, share: float, edges: float, owed: np.ndarray, look: tuple[int, ...]
) -> np.ndarray:
    """Change the zone of a day; return the areas that could not be gained and lost."""
    kept = editor.zone
    for _ in range(20):
        editor.zone = kept.copy()
        rest = attempt_change(editor, share, edges, owed.copy())
        if editor.zone.same_as(kept):
            editor.redigitise(2)
        if shapely.is_valid(editor.zone.polygon(look)):
            return rest
    editor.zone = kept
    return owed


def attempt_change(editor: Editor, share: float, edges: float, owed: np.ndarray) -> np.ndarray:
    """Change the zone once; it may have become invalid where parts touch."""
    rng, scale = editor.rng, editor.scale
    left = edges * scale
    wanted = round(float(np.interp(share, *PARTS_IN_TIME)))
    gained, new = editor.set_parts(wanted)
    owed[0 if gained > 0 else 1] -= abs(gained)
    left -= new
    editor.set_holes([1, *(count for since, count in HOLES_IN_TIME if share >= since)][-1])
    target = np.interp(share, *VERTICES_IN_TIME) * scale
    if rng.random() < 0.3:
        gained, new = editor.grow_part()
        owed[0 if gained > 0 else 1] -= abs(gained)
        left -= new
    if rng.random() < 0.15:
        left -= editor.redigitise(int(0.2 * left))
    for sign, side in ((-1, 1), (1, 0)):
        pieces = max(1, round(rng.uniform(0.1, 0.25) * left / scale)) if side == 0 else 1
        pieces = max(pieces, int(owed[side] / 40) + 1)
        for area in (owed[side] * rng.dirichlet(np.full(pieces, 2.0))).tolist():
            if area <= 0:
                continue
            surplus = round(editor.zone.count() - target)
            moved = int(rng.uniform(0.6, 1.2) * max(left, 3) / pieces) if side == 0 else 3
            done, _ = editor.bulge(sign * area, moved, surplus)
            owed[side] -= abs(done)
    return owed


# --- as others take it --------------------------------------------------------------------------


def to_frame(frames: Frames) -> gpd.GeoDataFrame:
    """Return an archive as a frame with the columns date, actor and geometry."""
    import geopandas as gpd
    import pandas as pd

    days, zones = zip(*frames, strict=True)
    columns = {"date": pd.to_datetime(list(days), utc=True), "actor": ACTOR}
    return gpd.GeoDataFrame(columns, geometry=list(zones), crs="EPSG:4326")


def write_files(folder: Path, frames: Frames, *, stem: str = "made_archive") -> list[Path]:
    """Write a GeoJSON file a day: one feature without properties, as daily archives have it."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for day, zone in frames:
        name = f"{stem}_{day:%Y%m%d}"
        feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(zone)}
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
        content = {"type": "FeatureCollection", "name": name, "crs": crs, "features": [feature]}
        paths.append(folder / f"{name}.geojson")
        paths[-1].write_text(json.dumps(content), encoding="utf-8")
    return paths


def read_files(folder: Path) -> list[tuple[dt.date, shapely.MultiPolygon]]:
    """Read a folder of daily GeoJSON files whose names end in the date, as ``_20240708``."""
    frames = []
    for path in sorted(folder.glob("*_[0-9]*.geojson")):
        day = dt.datetime.strptime(path.stem[-8:], "%Y%m%d").replace(tzinfo=dt.UTC).date()
        zone = shapely.from_geojson(path.read_text(encoding="utf-8"))
        polygons = shapely.get_parts(shapely.get_parts(np.array([zone])))
        frames.append((day, shapely.MultiPolygon(polygons.tolist())))
    if not frames:
        raise SystemExit(f"{folder} has no files whose names end in _YYYYMMDD.geojson")
    return frames


# --- what it is like ----------------------------------------------------------------------------

#: What the real archive of 769 days was measured to be like.
TARGETS = {
    "days": 769,
    "missing days": 7,
    "gaps": 5,
    "steps without any change": 113,
    "invalid zones": 0,
    "vertices a day, least": 2722,
    "vertices a day, median": 2939,
    "vertices a day, most": 3213,
    "parts a day, least": 5,
    "parts a day, median": 10,
    "parts a day, most": 21,
    "holes a day, most": 2,
    "changed edges a step, median %": 0.55,
    "changed edges a step, p90 %": 1.4,
    "changed edges a step, max %": 57.0,
    "shared edges on jitter steps, least %": 42.0,
    "jitter steps": 9,
    "new edges on a changed day, median": 20,
    "distinct edges": 21417,
    "distinct edges, rounded to 1e-6 degrees": 17720,
    "edges, last day": 2931,
    "length, last day, km": 4550,
    "edge p50, last day, m": 967,
    "edge p99, last day, m": 9880,
    "edge max, last day, m": 20500,
    "area, first day, km2": 109361,
    "area, last day, km2": 116995,
    "gained, km2": 8263,
    "lost, km2": 629,
    "gain a step, median km2": 7.54,
    "steps that lose > 0.1 km2": 156,
    "steps of net loss": 27,
    "largest gain, km2": 91.7,
    "largest loss, km2": 119.8,
    "change parts": 12805,
    "of them < 1 ha, %": 76.0,
}


def edge_keys(zone: shapely.MultiPolygon) -> np.ndarray:
    """Return the edges of a zone as sorted numbers, whichever way they run."""
    edges, _, _ = edge_table(np.array([zone]))
    bits = np.ascontiguousarray(edges).view(np.uint64).reshape(-1, 2, 2)
    ends = bits[..., 0] * np.uint64(0x9E3779B97F4A7C15) ^ bits[..., 1] * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    ends = (ends ^ (ends >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.unique(ends[:, 0] + ends[:, 1])


def measure(frames: Frames) -> dict[str, float]:
    """Return what an archive is like, under the names of `TARGETS`."""
    days, zones = zip(*frames, strict=True)
    zone = np.array(zones, dtype=object)
    keys = [edge_keys(each) for each in zones]
    new = np.array(
        [len(np.setdiff1d(b, a, assume_unique=True)) for a, b in itertools.pairwise(keys)]
    )
    share = 100.0 * new / np.array([len(each) for each in keys[1:]])
    parts, owner = shapely.get_parts(zone, return_index=True)
    holes = np.bincount(owner, weights=shapely.get_num_interior_rings(parts))
    spans = np.diff(np.array([each.toordinal() for each in days]))
    rounded = shapely.transform(zone, lambda xy: np.rint(xy * 1e6) / 1e6)
    steady = np.unique(np.concatenate([edge_keys(each) for each in rounded]))
    last = inverse(*edge_table(zone[-1:])[0].T).distance_m
    moved = np.flatnonzero(new)
    gained, lost = np.zeros(len(new)), np.zeros(len(new))
    pieces = []
    for out, a, b in ((gained, zone[1:], zone[:-1]), (lost, zone[:-1], zone[1:])):
        found, step = shapely.get_parts(shapely.difference(a[moved], b[moved]), return_index=True)
        sizes = areas_m2(found) / 1e6
        out[moved] = np.bincount(step, weights=sizes, minlength=len(moved))
        pieces.append(sizes)
    sizes = np.concatenate(pieces)
    counts = shapely.get_num_geometries(zone)
    vertices = shapely.get_num_coordinates(zone)
    jitter = share > 30.0
    area = areas_m2(zone[[0, -1]]) / 1e6
    found: dict[str, float] = {
        "days": len(days),
        "missing days": int((spans - 1).sum()),
        "gaps": int((spans > 1).sum()),
        "steps without any change": int((new == 0).sum()),
        "invalid zones": int((~shapely.is_valid(zone)).sum()),
        "vertices a day, least": int(vertices.min()),
        "vertices a day, median": float(np.median(vertices)),
        "vertices a day, most": int(vertices.max()),
        "parts a day, least": int(counts.min()),
        "parts a day, median": float(np.median(counts)),
        "parts a day, most": int(counts.max()),
        "holes a day, most": int(holes.max()),
        "changed edges a step, median %": float(np.median(share)),
        "changed edges a step, p90 %": float(np.quantile(share, 0.9)),
        "changed edges a step, max %": float(share.max()),
        "shared edges on jitter steps, least %": float(100.0 - share.max()),
        "jitter steps": int(jitter.sum()),
        "new edges on a changed day, median": float(np.median(new[moved])),
        "distinct edges": len(np.unique(np.concatenate(keys))),
        "distinct edges, rounded to 1e-6 degrees": len(steady),
        "edges, last day": len(last),
        "length, last day, km": float(last.sum() / 1e3),
        "edge p50, last day, m": float(np.median(last)),
        "edge p99, last day, m": float(np.quantile(last, 0.99)),
        "edge max, last day, m": float(last.max()),
        "area, first day, km2": float(area[0]),
        "area, last day, km2": float(area[1]),
        "gained, km2": float(gained.sum()),
        "lost, km2": float(lost.sum()),
        "gain a step, median km2": float(np.median(gained)),
        "steps that lose > 0.1 km2": int((lost > 0.1).sum()),
        "steps of net loss": int((gained - lost < -1e-4).sum()),
        "largest gain, km2": float(gained.max()),
        "largest loss, km2": float(lost.max()),
        "change parts": len(sizes),
        "of them < 1 ha, %": float(100.0 * (sizes < 0.01).mean()),
    }
    return found


def statistics(frames: Frames) -> dict[str, float]:
    """Print what an archive is like beside what the real one is like, and return it."""
    found = measure(frames)
    print(f"{'':40} {'here':>12} {'target':>12}")
    for name, value in found.items():
        print(f"{name:40} {value:12,.7g} {TARGETS[name]:12,.7g}")
    return found


def main() -> None:
    """Make an archive, print its statistics, write its files if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--vertices", type=int, default=VERTICES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-jitter", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="a GeoJSON file a day")
    parser.add_argument("--of", type=Path, metavar="FOLDER", help="describe these files instead")
    given = parser.parse_args()
    start = time.process_time()
    if given.of:
        frames = read_files(given.of)
    else:
        made = archive(given.days, given.vertices, given.seed, jitter=not given.no_jitter)
        frames = list(made)
    print(f"{len(frames)} days in {time.process_time() - start:.1f} s\n")
    statistics(frames)
    if given.write:
        paths = write_files(given.write, frames)
        size = sum(path.stat().st_size for path in paths)
        print(f"\n{len(paths)} files, {size / 1e6:.1f} MB in {given.write}")


if __name__ == "__main__":
    main()
