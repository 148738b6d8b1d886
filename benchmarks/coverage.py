"""Print how often located phrases hold the true place: ``python benchmarks/coverage.py PAIRS.csv``.

The table needs the columns number, unit, direction, anchor_lat, anchor_lon,
anchor_population, target_lat and target_lon. Every row is read as a phrase, located from its
anchor and compared with where the target lies.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

import frontline as fl
from frontline.compass import wind
from frontline.geodesy import inverse


def code_names(count: int) -> list[str]:
    """Return names that no two of which sound alike: Badabadabada, Badabadabala and so on."""
    odd, even = ("ba", "fa", "ka", "ma"), ("da", "la", "na", "ra")
    syllables = itertools.product(*(odd, even) * 3, odd)
    return ["".join(each).capitalize() for each in itertools.islice(syllables, count)]


def main() -> None:
    """Locate every phrase by both methods and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    pairs = pd.read_csv(parser.parse_args().pairs, dtype={"number": str})
    keys = ["anchor_lat", "anchor_lon", "anchor_population"]
    anchors = pairs[keys].drop_duplicates().reset_index(drop=True)
    anchors["name"] = code_names(len(anchors))
    pairs = pairs.merge(anchors, on=keys)
    points = gpd.points_from_xy(anchors.anchor_lon, anchors.anchor_lat)
    frame = gpd.GeoDataFrame({"name": anchors["name"]}, geometry=points, crs="EPSG:4326")
    frame["population"] = anchors.anchor_population
    gazetteer = fl.Gazetteer.from_frame(frame)
    phrases = pairs.number + " " + pairs.unit + " " + pairs.direction + " of " + pairs["name"]
    targets = shapely.points(pairs.target_lon, pairs.target_lat)
    table = pd.DataFrame({"winds": [wind(each).points for each in pairs.direction]})
    for method in ("standard", "calibrated"):
        found = fl.locate_all(phrases, gazetteer, method=method)
        lost = found[found["reason"].notna()]
        if len(lost):
            print(f"{len(lost)} not located, e.g.", *lost[["phrase", "reason"]].to_numpy()[:3])
            raise SystemExit(1)
        spots = found["point"].to_numpy()
        away = inverse(
            shapely.get_x(spots), shapely.get_y(spots), pairs.target_lon, pairs.target_lat
        ).distance_m
        table[f"{method} circle"] = away <= found.uncertainty_m.to_numpy()
        table[f"{method} region"] = shapely.covers(found.geometry.to_numpy(), targets)
    shares = table.groupby("winds").mean()
    shares.loc["all"] = table.drop(columns="winds").mean()
    shares.insert(0, "statements", [*table.groupby("winds").size(), len(table)])
    print((shares.round(3)).to_string())


if __name__ == "__main__":
    main()
