"""Build geodata/syria-2024/sites.csv: the localities that get a cell.

    python geodata/build/syria_2024_sites.py --places SYRIA-PLACES.csv

`--places` is the table read from Wikipedia's "Syrian Civil War detailed map" module (name, lat,
lon, kind, holder_mid_2017). The sites are the Syrian rows of geodata/places.csv but for military
ones, and those of ``syria_2024_extra.csv``: districts of Aleppo and Hama and the few further
sites that a dated fact names, each with its source and its uncertainty.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parent))
from syria_2024_common import CASE, GEODATA, governorates, outline, read_csv, write_csv

KINDS = {"city", "town", "village", "settlement", "hill", "airfield", "crossing"}
COLUMNS = "site place_id name name_ar lon lat kind admin1 source holder_mid_2017 note".split()
SAME_DEG = 0.0012  # two marks closer than about 120 m are one place
SOURCES = {"GeoNames": "geonames"}


def _gazetteer_rows() -> list[dict[str, str]]:
    rows = []
    for place in read_csv(GEODATA / "places.csv"):
        if place["country"] != "SY" or place["kind"] not in KINDS:
            continue
        rows.append(
            {
                "site": place["place_id"],
                "place_id": place["place_id"],
                "name": place["name"],
                "name_ar": "",
                "lon": place["lon"],
                "lat": place["lat"],
                "kind": place["kind"],
                "source": SOURCES.get(place["source"], "wikipedia-detailed-map"),
                "note": "",
            }
        )
    return rows


def _extra_rows() -> list[dict[str, str]]:
    return [
        {**row, "place_id": "", "site": "case:" + row["site"]}
        for row in read_csv(Path(__file__).with_name("syria_2024_extra.csv"))
    ]


def _one_mark_each(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Keep the first of the marks that stand on one spot."""
    kept: list[dict[str, str]] = []
    tree: dict[tuple[int, int], list[dict[str, str]]] = {}
    for row in rows:
        x, y = float(row["lon"]), float(row["lat"])
        cell = (int(x / 0.01), int(y / 0.01))
        near = [
            other
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for other in tree.get((cell[0] + i, cell[1] + j), [])
        ]
        if any(
            abs(float(o["lon"]) - x) < SAME_DEG and abs(float(o["lat"]) - y) < SAME_DEG
            for o in near
        ):
            continue
        tree.setdefault(cell, []).append(row)
        kept.append(row)
    return kept


def build(places: Path) -> list[dict[str, str]]:
    """Return the rows of sites.csv."""
    rank = {"city": 0, "town": 1, "airfield": 2, "crossing": 3, "village": 4, "settlement": 5}
    rows = _extra_rows() + sorted(
        _gazetteer_rows(), key=lambda row: (rank.get(row["kind"], 6), row["site"])
    )
    rows = _one_mark_each(rows)
    points = shapely.points([[float(r["lon"]), float(r["lat"])] for r in rows])
    rows = [
        r for r, inside in zip(rows, shapely.intersects(outline(), points), strict=True) if inside
    ]
    points = shapely.points([[float(r["lon"]), float(r["lat"])] for r in rows])
    for name, shape in governorates().items():
        for i in np.flatnonzero(shapely.intersects(shape, points)):
            rows[i]["admin1"] = name
    nearest = shapely.STRtree(list(governorates().values()))
    names = list(governorates())
    for row, point in zip(rows, points, strict=True):
        row.setdefault("admin1", names[int(nearest.nearest(point))])
    _add_holders(rows, points, places)
    return sorted(rows, key=lambda row: row["site"])


def _add_holders(rows: list[dict[str, str]], points: np.ndarray, places: Path) -> None:
    """Give each site the mid-2017 holder of the module's nearest settlement, hill or airfield."""
    marks = [
        m
        for m in read_csv(places)
        if m["holder_mid_2017"] and m["kind"] in {"settlement", "hill", "airfield"}
    ]
    xy = np.array([[float(m["lon"]) * 0.82, float(m["lat"])] for m in marks])
    tree = shapely.STRtree(shapely.points(xy))
    here = shapely.transform(points, lambda p: p * np.array([0.82, 1.0]))
    for row, i in zip(rows, tree.nearest(here), strict=True):
        row["holder_mid_2017"] = marks[i]["holder_mid_2017"]


def main() -> None:
    """Write sites.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=Path, required=True)
    write_csv(CASE / "sites.csv", COLUMNS, build(parser.parse_args().places))


if __name__ == "__main__":
    main()
