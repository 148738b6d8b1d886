"""Rings on a grid that share their vertices by number: a partition before it is proven.

All coordinates are whole steps of 1e-6 degrees (about 0.1 m). A vertex has one number however
many rings run through it, so that neighbours are found by comparing integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

GRID_DEG = 1e-6
PER_DEG = 1e6  # a quotient of whole numbers is the double nearest to the decimal, as in GEOS

_CORNERS = 3


@dataclass(frozen=True, eq=False)
class Rings:
    """Rings through numbered vertices, counter-clockwise wherever rounding left them whole.

    Attributes
    ----------
    count : int
        How many rings there are; some may have lost all their vertices to rounding.
    grid : numpy.ndarray
        Longitude and latitude of every vertex in steps of the grid, shape (vertices, 2).
    node, ring : numpy.ndarray
        The rings' vertices in order, by number, and the ring of each; the first is not repeated.
    """

    count: int
    grid: Ints
    node: Ints
    ring: Ints

    @classmethod
    def of(cls, polygons: Geometries, lonlat_of: Callable[[Any], Any]) -> Rings:
        """Round the outer rings of polygons that share their vertices bit by bit.

        Parameters
        ----------
        polygons
            Polygons without holes in any plane, all wound the same way.
        lonlat_of
            Takes an (n, 2) array of that plane to longitude and latitude.

        Examples
        --------
        >>> pair = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
        >>> rings = Rings.of(np.array(pair), lambda xy: xy)
        >>> len(rings.grid), rings.polygons()[1].equals(pair[1])
        (6, True)
        """
        xy, ring = shapely.get_coordinates(polygons, return_index=True)
        inner = np.append(ring[1:] == ring[:-1], False)  # all but the vertex that closes
        xy, ring = np.ascontiguousarray(xy[inner]), ring[inner].astype(np.int64)
        code, spots = pd.factorize(xy.view(np.complex128).ravel())
        lonlat = lonlat_of(spots.view(np.float64).reshape(-1, 2))
        grid = np.rint(lonlat / GRID_DEG).astype(np.int64)
        number, first = pd.factorize(pack(grid))
        node = number[code].astype(np.int64)
        rings = cls(len(polygons), unpack(np.asarray(first)), node, ring)
        if (rings.area2 < 0).sum() > (rings.area2 > 0).sum():
            order = np.argsort(ring[::-1], kind="stable")
            rings = cls(rings.count, rings.grid, node[::-1][order], ring)
        moved = rings.node != rings.node[rings.following]
        return cls(rings.count, rings.grid, rings.node[moved], rings.ring[moved])

    @cached_property
    def size(self) -> Ints:
        """How many vertices each ring has."""
        return np.bincount(self.ring, minlength=self.count)

    @cached_property
    def following(self) -> Ints:
        """The position of the vertex after each one in its ring."""
        out = np.arange(1, len(self.ring) + 1)
        last = np.cumsum(self.size)[self.size > 0] - 1
        out[last] = last + 1 - self.size[self.size > 0]
        return out

    @cached_property
    def area2(self) -> Ints:
        """Twice the signed area of every ring in squared steps, exact."""
        start = np.zeros(self.count, dtype=np.int64)
        first = np.flatnonzero(np.append(True, self.ring[1:] != self.ring[:-1]))
        start[self.ring[first]] = first
        # Counted from a vertex of the ring itself, or the products would not fit.
        x, y = (self.grid[self.node] - self.grid[self.node[start[self.ring]]]).T
        cross = x * y[self.following] - x[self.following] * y
        total = np.append(0, np.cumsum(cross))
        ends = np.cumsum(self.size)
        return np.asarray(total[ends] - total[ends - self.size])

    @cached_property
    def across(self) -> Ints:
        """The ring on the other side of the segment from each vertex to the next.

        -1 where there is none, -2 where another ring lies on the same side.
        """
        key = self.node * len(self.grid) + self.node[self.following]
        back = self.node[self.following] * len(self.grid) + self.node
        order = np.argsort(key)
        key = key[order]
        at = np.minimum(np.searchsorted(key, back), len(key) - 1)
        out = np.where(key[at] == back, self.ring[order[at]], -1)
        same = np.flatnonzero(key[1:] == key[:-1])
        out[order[same]] = out[order[same + 1]] = -2
        return out

    def polygons(self) -> Geometries:
        """Return the rings as polygons in degrees; None for one without three vertices."""
        out = np.full(self.count, None, dtype=object)
        kept = self.size[self.ring] >= _CORNERS
        if kept.any():
            rings = shapely.linearrings(
                self.grid[self.node[kept]] / PER_DEG,
                indices=np.unique(self.ring[kept], return_inverse=True)[1],
            )
            out[self.size >= _CORNERS] = shapely.polygons(rings)
        return out

    def segments(self, rings: Bools | None = None) -> Geometries:
        """Return the segments of all rings, or of those marked, each once, as lines."""
        at = np.arange(len(self.node)) if rings is None else np.flatnonzero(rings[self.ring])
        ends = np.column_stack([self.node[at], self.node[self.following[at]]])
        ends.sort(axis=1)
        once = np.unique(ends[:, 0] * len(self.grid) + ends[:, 1])
        pair = np.column_stack([once // len(self.grid), once % len(self.grid)])
        lines: Geometries = shapely.linestrings(self.grid[pair] / PER_DEG)
        return lines

    def touching(self, rings: Bools) -> Bools:
        """Say which rings share a vertex with one of those marked, themselves included."""
        marked = np.zeros(len(self.grid), dtype=bool)
        marked[self.node[rings[self.ring]]] = True
        out = rings.copy()
        out[self.ring[marked[self.node]]] = True
        return out


def pack(grid: Ints) -> Ints:
    """Return steps of longitude and latitude as one number each."""
    return np.asarray(grid[:, 0] * 1_000_000_000 + grid[:, 1] + 500_000_000)


def unpack(packed: Ints) -> Ints:
    """Return what `pack` put together, shape (n, 2)."""
    return np.column_stack([packed // 1_000_000_000, packed % 1_000_000_000 - 500_000_000])


def pack_lonlat(lonlat: Any) -> Ints:
    """Return longitudes and latitudes as one number each, equal where they share a step.

    Examples
    --------
    >>> here, near, off = pack_lonlat([[36.0, 35.0], [36.0000001, 35.0], [36.000001, 35.0]])
    >>> bool(here == near), bool(here == off)
    (True, False)
    """
    return pack(np.rint(np.asarray(lonlat, dtype=float) / GRID_DEG).astype(np.int64))
