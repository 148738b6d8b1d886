"""Print how much the borders of a coarsened history tell of its sites.

Run ``python benchmarks/borders.py``; it takes some seconds.

Control between sites is drawn nearest-site, so a border lies half-way between two of them. A reader
who knows the rule can search for the sites within their cells that fit all published borders best.
Sites are made at random; the search is least squares from the middles of the cells.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import least_squares

import frontline as fl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WEST, SOUTH, SIDE_DEG = 36.0, 35.0, 1.0
SHRINK = math.cos(math.radians(SOUTH + SIDE_DEG / 2))  # of a degree of longitude
ROUNDED = 1 / math.sqrt(12)  # steps: of a vertex put on the grid, root mean square
CASES = ((0.1, 12), (0.01, 30), (0.01, 100), (0.001, 100))


def published(sites: Floats, step_deg: float) -> fl.ControlHistory:
    """Return a history of sites of four sides, on a grid."""
    count = len(sites)
    reports = gpd.GeoDataFrame(
        {
            "place": [f"site {i}" for i in range(count)],
            "actor": np.random.default_rng(1).choice(["A", "B", "C", "D"], count),
            "valid_from": pd.Timestamp("2024-11-20", tz="UTC"),
        },
        geometry=shapely.points(sites),
        crs=4326,
    )
    outline = shapely.box(WEST, SOUTH, WEST + SIDE_DEG, SOUTH + SIDE_DEG)
    history = fl.ControlHistory.from_places(reports, outline=outline)
    given: fl.ControlHistory = fl.publish(history, coarsen=step_deg)
    return given


def searched(given: fl.ControlHistory, middles: Floats, step_deg: float) -> Floats:
    """Return where a reader would look for the sites."""
    site = given.cells["place"].str.removeprefix("site ").astype(int).to_numpy()
    edges = given.edges[(given.edges["left"] >= 0) & (given.edges["right"] >= 0)]
    size = shapely.get_num_points(edges.geometry.array)
    one, other = (np.repeat(site[edges[name].to_numpy()], size) for name in ("left", "right"))
    spots = shapely.get_coordinates(edges.geometry.array) * [SHRINK, 1]

    def misfit(flat: Floats) -> Floats:
        xy = flat.reshape(-1, 2) * [SHRINK, 1]
        apart = np.linalg.norm(xy[one] - xy[other], axis=1) + 1e-12
        squares = ((spots - xy[one]) ** 2 - (spots - xy[other]) ** 2).sum(axis=1)
        off_border = squares / (2 * apart) / (ROUNDED * step_deg)
        off_middle = (flat - middles.ravel()) / (ROUNDED * step_deg)
        return np.concatenate([off_border, off_middle])

    sides = ((middles + side * step_deg / 2).ravel() for side in (-1, 1))
    found: Floats = least_squares(misfit, middles.ravel(), bounds=tuple(sides)).x
    return found.reshape(-1, 2)


def main() -> None:
    """Print a row for each grid and number of sites."""
    print("grid, degrees   sites   off by, root mean square, in steps: the middle   the search")
    for step_deg, count in CASES:
        rng = np.random.default_rng(3)
        sites = rng.uniform([WEST, SOUTH], [WEST + SIDE_DEG, SOUTH + SIDE_DEG], (count, 2))
        middles = (np.floor(sites / step_deg) + 0.5) * step_deg
        found = searched(published(sites, step_deg), middles, step_deg)
        off = [
            math.sqrt(float((((each - sites) * [SHRINK, 1]) ** 2).sum(axis=1).mean())) / step_deg
            for each in (middles, found)
        ]
        print(f"{step_deg:<15g} {count:<7} {off[0]:>45.2f} {off[1]:>12.2f}")


if __name__ == "__main__":
    main()
