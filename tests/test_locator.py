"""The grid gives the same cells as asking each polygon."""

from __future__ import annotations

import numpy as np
import shapely

from frontline.composite import Composite, faces_from_linework


def patchwork(rng):
    centres = rng.uniform(0, 10, (60, 2))
    cells = shapely.voronoi_polygons(shapely.multipoints(centres), only_edges=True)
    ring = shapely.Point(5, 5).buffer(3).boundary
    box = shapely.box(0, 0, 10, 10).boundary
    return Composite.from_polygons(faces_from_linework([cells, ring, box]))


def test_the_grid_and_the_polygons_agree_on_random_points_and_on_vertices():
    rng = np.random.default_rng(5)
    composite = patchwork(rng)
    vertices = shapely.get_coordinates(composite.lines)
    spots = np.vstack(
        [
            rng.uniform(-1, 11, (20_000, 2)),
            vertices[rng.integers(0, len(vertices), 20_000)] + rng.normal(0, 1e-3, (20_000, 2)),
            vertices[rng.integers(0, len(vertices), 5_000)] + rng.normal(0, 1e-7, (5_000, 2)),
            vertices[:200],  # on a border: the lowest number
        ]
    )
    points = shapely.points(spots)
    for reach in (0.0, 1e-6):
        many = composite.cells_at(points, reach_deg=reach)
        few = [composite.cells_at(part, reach_deg=reach) for part in np.array_split(points, 9)]
        assert (many == np.concatenate(few)).all()
