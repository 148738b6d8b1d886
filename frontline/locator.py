"""Which cell of a partition holds a point, for millions of points.

A grid of pixels is laid over the lines. Pixels that no line enters lie in one cell each, found
once for every patch of them. In the others the nearest line of the pixel decides: nothing lies
between a point and the nearest line, so the point is in the cell on its side of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.ndimage import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

OUTSIDE = -1

_MIXED = -2
_PIXELS_PER_SEGMENT = 48
_MOST_PIXELS = 4_000_000
_LEAST_PIXELS = 4_096
_TOUCHING_DEG = 1e-9
_CHUNK = 1 << 17


class Locator:
    """A grid over the lines of a partition.

    Parameters
    ----------
    lines
        The edges of the partition, every border once, in longitude and latitude.
    sides
        Cells to the left and right of each line, -1 outside; shape (lines, 2).
    exact
        Finds the cells of an array of points; it is asked for one point of every patch, and
        for points that lie on a line.
    """

    def __init__(
        self, lines: NDArray[np.object_], sides: Ints, exact: Callable[[Any], Ints]
    ) -> None:
        self._exact = exact
        xy, line = shapely.get_coordinates(lines, return_index=True)
        begin = np.flatnonzero(line[1:] == line[:-1])
        self._a, self._b = xy[begin], xy[begin + 1]
        self._sides = sides[line[begin]]
        self._low = xy.min(axis=0)
        extent = np.maximum(xy.max(axis=0) - self._low, 1e-6)
        wanted = np.clip(_PIXELS_PER_SEGMENT * len(begin), _LEAST_PIXELS, _MOST_PIXELS)
        self._pixel = float(np.sqrt(extent[0] * extent[1] / wanted))
        self._shape = (np.floor(extent / self._pixel) + 1).astype(np.int64)
        self._lay()

    def _lay(self) -> None:
        """Find the pixels that lines enter, and the cells of all others."""
        pixel, segment = self._entered()
        order = np.argsort(pixel, kind="stable")
        self._segment = segment[order]
        count = int(self._shape.prod())
        self._first = np.searchsorted(pixel[order], np.arange(count + 1))
        mixed = np.diff(self._first) > 0
        patches, number = label(~mixed.reshape(self._shape))
        flat = patches.ravel()
        _, one = np.unique(flat, return_index=True)
        one = one[flat[one] > 0]
        x, y = np.divmod(one, self._shape[1])
        middle = self._low + (np.column_stack([x, y]) + 0.5) * self._pixel
        cell = np.full(number + 1, _MIXED, dtype=np.int64)
        cell[flat[one]] = self._exact(shapely.points(middle))
        self._cell = cell[flat]

    def _entered(self) -> tuple[Ints, Ints]:
        """Return every pixel that a segment enters, with the segment."""
        a, b = (self._a - self._low) / self._pixel, (self._b - self._low) / self._pixel
        # Where a segment crosses the lines of the grid; between two crossings is one pixel.
        owners, shares = [], []
        for axis in (0, 1):
            low = np.floor(np.minimum(a[:, axis], b[:, axis])).astype(np.int64) + 1
            many = np.maximum(np.ceil(np.maximum(a[:, axis], b[:, axis])).astype(np.int64) - low, 0)
            owner = np.repeat(np.arange(len(a)), many)
            step = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
            run = (b - a)[owner, axis]
            share = (low[owner] + step - a[owner, axis]) / np.where(run == 0, 1, run)
            owners.append(owner)
            shares.append(np.clip(share, 0, 1))
        every = np.arange(len(a))
        owner = np.concatenate([every, *owners, every])
        share = np.concatenate([np.zeros(len(a)), *shares, np.ones(len(a))])
        order = np.lexsort((share, owner))
        owner, share = owner[order], share[order]
        same = np.flatnonzero(owner[1:] == owner[:-1])
        middle = (share[same] + share[same + 1]) / 2
        owner = owner[same]
        spot = a[owner] + (b - a)[owner] * middle[:, None]
        # Ends as well: a middle of a piece of no length says nothing of the pixel beyond.
        spot = np.vstack([spot, a, b])
        owner = np.concatenate([owner, every, every])
        x, y = np.clip(np.floor(spot).astype(np.int64), 0, self._shape - 1).T
        pairs = np.unique((x * self._shape[1] + y) * len(a) + owner)
        return pairs // len(a), pairs % len(a)

    def cells_of(self, lon: Floats, lat: Floats, *, reach_deg: float) -> tuple[Ints, Bools]:
        """Return the cell of each point, -1 outside of all, and which points need another look.

        Parameters
        ----------
        lon, lat
            Degrees, shape (points,).
        reach_deg
            How near to a line a point outside must be to be looked at again.
        """
        cells = np.full(len(lon), OUTSIDE, dtype=np.int64)
        doubt = np.zeros(len(lon), dtype=bool)
        for start in range(0, len(lon), _CHUNK):  # so that the work stays in the cache
            part = slice(start, start + _CHUNK)
            cells[part], doubt[part] = self._part(lon[part], lat[part], reach_deg)
        return cells, doubt

    def _pixels(self, lon: Floats, lat: Floats) -> tuple[Ints, Bools]:
        """Return the pixels of points, and which points lie on the grid at all."""
        x = np.floor((lon - self._low[0]) / self._pixel)
        y = np.floor((lat - self._low[1]) / self._pixel)
        inside = (x >= 0) & (y >= 0) & (x < self._shape[0]) & (y < self._shape[1])
        return np.where(inside, x * self._shape[1] + y, 0).astype(np.int64), inside

    def _part(self, lon: Floats, lat: Floats, reach_deg: float) -> tuple[Ints, Bools]:
        pixel, inside = self._pixels(lon, lat)
        out = np.where(inside, self._cell[pixel], OUTSIDE)
        doubt = np.zeros(len(out), dtype=bool)
        mixed = np.flatnonzero(out == _MIXED)
        if reach_deg > 0:
            rows = np.flatnonzero(out == OUTSIDE)
            for dx in (-reach_deg, reach_deg):
                for dy in (-reach_deg, reach_deg):
                    beside, on = self._pixels(lon[rows] + dx, lat[rows] + dy)
                    doubt[rows] |= on & (self._cell[beside] == _MIXED)
        if len(mixed):
            spots = np.column_stack([lon[mixed], lat[mixed]])
            out[mixed], off_deg = self._beside(spots, pixel[mixed])
            doubt[mixed] = (out[mixed] == OUTSIDE) & (off_deg <= reach_deg)
        return out, doubt

    def _beside(self, spots: Floats, pixel: Ints) -> tuple[Ints, Floats]:
        """Return the cells of points in pixels that lines enter, and how far the nearest is."""
        begin = self._first[pixel]
        many = self._first[pixel + 1] - begin
        offset = np.cumsum(many) - many
        owner = np.repeat(np.arange(len(pixel)), many)
        segment = self._segment[np.arange(len(owner)) - np.repeat(offset - begin, many)]
        a, move = self._a[segment], (self._b - self._a)[segment]
        gap = spots[owner] - a
        length2 = (move * move).sum(axis=1)
        # Only what lies in the pixel counts, for other lines may lie between beyond it.
        low, high = self._within(a, move, pixel[owner])
        held = np.clip((gap * move).sum(axis=1) / length2, low, high)
        off = gap - move * held[:, None]
        square = (off * off).sum(axis=1)
        least = np.minimum.reduceat(square, offset)
        # Where several segments meet in the nearest spot, the one next in direction decides.
        near = square <= least[owner] * (1 + 1e-9) + _TOUCHING_DEG**2 * 1e-6
        outwards = np.where(held <= 0, 1.0, np.where(held >= 1, -1.0, 0.0))
        turn = outwards * (off * move).sum(axis=1) / np.sqrt(length2)
        best = np.lexsort((-turn, ~near, owner))[offset]
        cross = move[best, 0] * gap[best, 1] - move[best, 1] * gap[best, 0]
        out = self._sides[segment[best], np.where(cross > 0, 0, 1)]
        unsure = np.flatnonzero(least < _TOUCHING_DEG**2)
        if len(unsure):
            out[unsure] = self._exact(shapely.points(spots[unsure]))
        return out, np.sqrt(least)

    def _within(self, a: Floats, move: Floats, pixel: Ints) -> tuple[Floats, Floats]:
        """Return between which shares segments run in a pixel, or a trifle beyond it."""
        x, y = np.divmod(pixel, self._shape[1])
        corner = self._low + np.column_stack([x, y]) * self._pixel
        low, high = np.zeros(len(a)), np.ones(len(a))
        with np.errstate(divide="ignore", invalid="ignore"):
            for axis in (0, 1):
                one = (corner[:, axis] - a[:, axis]) / move[:, axis]
                two = (corner[:, axis] + self._pixel - a[:, axis]) / move[:, axis]
                flat = move[:, axis] == 0
                low = np.where(flat, low, np.maximum(low, np.minimum(one, two)))
                high = np.where(flat, high, np.minimum(high, np.maximum(one, two)))
        return np.minimum(low, high), np.maximum(high, low)
