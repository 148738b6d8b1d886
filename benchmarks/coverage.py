"""Print how often located phrases hold the true place: ``python benchmarks/coverage.py PAIRS.csv``.

The table needs the columns number, unit, direction, stated_km, anchor_lat, anchor_lon,
anchor_population, target_lat and target_lon. Every row is read as a phrase and located through
`locate_all`, by the standard and by the calibrated method at each of its levels. Printed are the
coverage per class of winds, per band of distance and per both, of circles and of regions, with
median areas, and the proper score of geodata/build/calibration_report.py (mean log density that
the levels imply at the truth, nats per km2; higher is better), so that a huge circle cannot win.
On the table that the parameters were fitted on, the coverage is not held back: for that see the
report in geodata/calibration.json. With ``--people-per-km2`` extents follow another rule than the
library's, with ``--no-extents`` every anchor is a mere point: how much hangs on the rule. Last come
the metres by which points laid off on a plane at Hama, as the reference calculator does it, miss
the geodesic's.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import frontline as fl
from frontline.compass import wind
from frontline.geodesy import forward, inverse
from frontline.locality.calibration import COVERAGES

BANDS_KM = [0, 5, 10, 20, 50, 100, np.inf]
LEAST_ROWS = 200


def code_names(count: int) -> list[str]:
    """Return names that no two of which sound alike: Badabadabada, Badabadabala and so on."""
    odd, even = ("ba", "fa", "ka", "ma"), ("da", "la", "na", "ra")
    syllables = itertools.product(*(odd, even) * 3, odd)
    return ["".join(each).capitalize() for each in itertools.islice(syllables, count)]


def read(path: Path, people_per_km2: float | None = None) -> tuple[pd.DataFrame, fl.Gazetteer]:
    """Return the pairs with their phrases, and a gazetteer of their anchors.

    Extents are the library's, or discs of so many people per square kilometre; infinitely many
    make points.
    """
    pairs = pd.read_csv(path, dtype={"number": str})
    pairs = pairs[pairs["stated_km"] > 0]
    keys = ["anchor_lat", "anchor_lon", "anchor_population"]
    anchors = pairs[keys].drop_duplicates().reset_index(drop=True)
    anchors["name"] = code_names(len(anchors))
    pairs = pairs.merge(anchors, on=keys)
    points = gpd.points_from_xy(anchors.anchor_lon, anchors.anchor_lat)
    frame = gpd.GeoDataFrame({"name": anchors["name"]}, geometry=points, crs="EPSG:4326")
    frame["population"] = anchors.anchor_population
    if people_per_km2 is not None:
        # Within the limits of the library's rule, except that a mere point is allowed.
        disc_m = np.sqrt(anchors.anchor_population.fillna(0) / people_per_km2 / np.pi) * 1000.0
        least_m = 0.0 if np.isinf(people_per_km2) else 500.0
        frame["radius_m"] = disc_m.clip(least_m, 25_000.0)
    pairs["phrase"] = (
        pairs.number + " " + pairs.unit + " " + pairs.direction + " of " + pairs["name"]
    )
    pairs = pairs.sort_values("stated_km", kind="stable", ignore_index=True)
    pairs["winds"] = [f"{wind(each).points} winds" for each in pairs.direction]
    bands = pd.cut(pairs.stated_km, BANDS_KM)
    pairs["band"] = [f"{each.left:g}-{each.right:g} km" for each in bands]
    return pairs, fl.Gazetteer.from_frame(frame)


def locate(
    pairs: pd.DataFrame, gazetteer: fl.Gazetteer, *, method: str, coverage: float
) -> dict[str, np.ndarray]:
    """Return which circles and regions hold the target, their areas and the errors."""
    found = fl.locate_all(pairs["phrase"], gazetteer, method=method, coverage=coverage)
    lost = found[found["reason"].notna()]
    if len(lost):
        print(f"{len(lost)} not located, e.g.", *lost[["phrase", "reason"]].to_numpy()[:3])
        raise SystemExit(1)
    spots, radii = found["point"].to_numpy(), found["uncertainty_m"].to_numpy()
    lon, lat = shapely.get_x(spots), shapely.get_y(spots)
    error = inverse(lon, lat, pairs.target_lon.to_numpy(), pairs.target_lat.to_numpy()).distance_m
    targets = shapely.points(pairs.target_lon, pairs.target_lat)
    return {
        "circle": error <= radii,
        "region": shapely.covers(found.geometry.to_numpy(), targets),
        "circle_km2": np.pi * (radii / 1000.0) ** 2,
        "region_km2": found.geometry.to_crs("ESRI:54034").area.to_numpy() / 1e6,
        "error_m": error,
    }


def density_score(inside: list[np.ndarray], areas_km2: list[np.ndarray]) -> float:
    """Return the mean log density that nested levels imply, outside the last as if at its edge.

    What a level adds is spread evenly over the area that it adds; a truth outside of all counts
    as if the missing share were spread over twice the last area.
    """
    count = len(areas_km2[0])
    density, below, mass = np.full(count, np.nan), np.zeros(count), 0.0
    for level, held, area in zip(COVERAGES, inside, areas_km2, strict=True):
        rows = np.isnan(density) & held
        density[rows] = ((level - mass) / np.maximum(area - below, 1e-6))[rows]
        below, mass = area, level
    density = np.where(np.isnan(density), (1.0 - mass) / below, density)
    return float(np.log(density).mean())


def plane_misses_m(lon: float, lat: float, metres: float) -> tuple[float, float]:
    """Return least and greatest miss of a point laid off on a plane, over all headings.

    The plane has the lengths of a degree of latitude and longitude of where it starts (WGS84).
    """
    a, e2 = 6_378_137.0, 0.006_694_379_990_141
    w = 1.0 - e2 * np.sin(np.radians(lat)) ** 2
    north_m = np.radians(1.0) * a * (1.0 - e2) / w**1.5
    east_m = np.radians(1.0) * a / w**0.5 * np.cos(np.radians(lat))
    azimuth = np.arange(0.0, 360.0, 1.0)
    turn, here = np.radians(azimuth), np.zeros(360)
    there = forward(lon + here, lat + here, azimuth, metres + here)
    flat = lon + metres * np.sin(turn) / east_m, lat + metres * np.cos(turn) / north_m
    off = inverse(there.lon, there.lat, *flat).distance_m
    return float(off.min()), float(off.max())


def main() -> None:
    """Locate every phrase by both methods and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    rule = parser.add_mutually_exclusive_group()
    rule.add_argument("--people-per-km2", type=float, help="instead of the library's rule")
    rule.add_argument("--no-extents", action="store_true", help="every anchor is a point")
    given = parser.parse_args()
    people = np.inf if given.no_extents else given.people_per_km2
    pairs, gazetteer = read(given.pairs, people)
    standard = locate(pairs, gazetteer, method="standard", coverage=0.95)
    levels = {
        each: locate(pairs, gazetteer, method="calibrated", coverage=each) for each in COVERAGES
    }
    table = pairs[["winds", "band"]].copy()
    table["standard"] = standard["circle"]
    for level, shape in itertools.product(COVERAGES, ("region", "circle")):
        table[f"{shape} {level:.0%}"] = levels[level][shape]
    columns = table.columns[2:]
    groups = {
        "all": pd.Series("all", table.index),
        "winds": table["winds"],
        "band": table["band"],
        "both": table["winds"] + ", " + table["band"],
    }
    rows = []
    for kind, names in groups.items():
        by_band = kind == "band"  # which come in order; the others are sorted by name
        shares = table[columns].groupby(names, sort=not by_band).mean().round(3)
        shares.insert(0, "n", table.groupby(names, sort=not by_band).size())
        rows.append(shares[shares["n"] >= LEAST_ROWS] if kind == "both" else shares)
    print(pd.concat(rows).to_string(), "\n")
    best = levels[COVERAGES[-1]]
    reached = best["region"].mean()
    ratio = standard["error_m"] / np.sqrt(standard["circle_km2"] / np.pi) / 1000.0
    factor = float(np.quantile(ratio, reached))
    equal = np.median(standard["circle_km2"]) * factor**2
    print(f"median of the 95 % region     {np.median(best['region_km2']):9.1f} km2")
    print(f"median of the 95 % circle     {np.median(best['circle_km2']):9.1f} km2")
    print(f"median of the standard circle {np.median(standard['circle_km2']):9.1f} km2")
    print(f"the same scaled by {factor:.3f} to hold {reached:.1%} {equal:9.1f} km2")
    print(f"region / standard at equal coverage {np.median(best['region_km2']) / equal:.3f}")
    scaled = [float(np.quantile(ratio, each)) for each in COVERAGES]
    area, error = standard["circle_km2"], ratio
    print("\nmean log density at the truth, nats per km2 (higher is better)")
    for name in ("region", "circle"):
        held, areas = ([levels[c][key] for c in COVERAGES] for key in (name, f"{name}_km2"))
        print(f"  calibrated {name:20s} {density_score(held, areas):8.3f}")
    score = density_score([error <= each for each in scaled], [area * each**2 for each in scaled])
    print(f"  standard, scaled to the levels  {score:8.3f}")
    print("\na point on a plane at Hama misses the geodesic's, at the worst heading, by")
    for km in (10, 50, 100):
        print(f"  {km:4d} km  {plane_misses_m(36.75783, 35.13179, km * 1000.0)[1]:8.1f} m")


if __name__ == "__main__":
    main()
