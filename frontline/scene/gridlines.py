"""Lines and rings on a grid of whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["lines_of"]

IntArray = npt.NDArray[np.int64]


def lines_of(geometry: Any, per_degree: int, *, closed: bool) -> list[IntArray]:
    """Put a geometry's lines, or the rings of its polygons, on a grid.

    Parameters
    ----------
    geometry : shapely geometry
        In longitude and latitude.
    per_degree : int
        Grid steps in a degree.
    closed : bool
        Rings: their last point, which repeats the first, is left out, and points and lines are
        ignored. Otherwise: lines, and the boundaries of polygons.

    Returns
    -------
    list of numpy.ndarray of int64, shape (n, 2)
        Parts that have shrunk to a point (or, of rings, to a line) are left out.
    """
    parts = shapely.get_parts(geometry)
    polygonal = np.isin(shapely.get_type_id(parts), (3, 6))
    if not closed:
        parts[polygonal] = shapely.boundary(parts[polygonal])
        lines = shapely.get_parts(parts)
        lines = lines[np.isin(shapely.get_type_id(lines), (1, 2))]
    else:
        lines = shapely.get_rings(shapely.get_parts(parts[polygonal]))
    out = []
    for line in lines:
        grid = np.rint(shapely.get_coordinates(line) * per_degree).astype(np.int64)
        moved = np.ones(len(grid), dtype=bool)
        moved[1:] = (grid[1:] != grid[:-1]).any(axis=1)
        grid = grid[moved]
        if closed:
            grid = grid[:-1]
        if len(grid) > (2 if closed else 1):
            out.append(grid)
    return out
