"""A sheet on which frame after frame of rings is drawn; only what changes is kept.

Memory follows the distinct lines and their changes, not the number of frames: a year of daily
maps is mostly the same lines again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

#: Vertices are rounded to whole steps of 1e-6 degrees, about 0.1 m, before anything is compared.
STEPS_PER_DEG = 1_000_000
#: Where lines cross they are rounded to 1e-7 degrees, so that long edges keep their course.
FINE = 10
PER_DEG = STEPS_PER_DEG * FINE

_SHIFT = 32
_LOW = (1 << _SHIFT) - 1
_NEAR = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)])
_X_STRIDE = 1 << 31


class Strokes(NamedTuple):
    """Segments, and from which frame on how often they are drawn.

    Attributes
    ----------
    start, end : numpy.ndarray
        The distinct segments in steps of 1e-7 degrees, shape (segments, 2).
    layer, frame, segment, drawn : numpy.ndarray
        From a frame on a segment is drawn so many times more from start to end than back, in a
        layer; one row a change.
    """

    start: Ints
    end: Ints
    layer: Ints
    frame: Ints
    segment: Ints
    drawn: Ints


def grid_steps(lonlat: NDArray[np.float64]) -> Ints:
    """Return longitudes and latitudes as whole steps of 1e-6 degrees.

    Examples
    --------
    >>> grid_steps(np.array([[36.7578349, 35.13]])).tolist()
    [[36757835, 35130000]]
    """
    return np.rint(lonlat * STEPS_PER_DEG).astype(np.int64)


class Sheet:
    """Takes frames in order of time.

    A vertex that lies beside one that an earlier frame had, one step of the grid away at most,
    is that vertex: archives that are saved again jitter in the last digit, and a number near
    the middle between two steps would else be rounded now up, now down.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, dtype=np.int64)  # of the vertices, sorted
        self._ids = np.empty(0, dtype=np.int64)
        self._spots: list[Ints] = []
        self._count = 0
        self._state: dict[int, tuple[Ints, Ints]] = {}  # layer -> sorted segment keys, drawn
        self._events: list[tuple[int, int, Ints, Ints]] = []

    def draw(self, frame: int, layer: int, polygons: Geometries) -> bool:
        """Replace the rings of a layer from a frame on; say whether anything changed.

        Parameters
        ----------
        frame
            Its number; numbers never fall.
        layer
            Whose rings they are.
        polygons
            All polygons of the layer in longitude and latitude; none takes them all away.
            Where they overlap they count once.
        """
        keys, drawn = self._segments(polygons)
        old_keys, old_drawn = self._state.get(layer, (keys[:0], drawn[:0]))
        if np.array_equal(keys, old_keys) and np.array_equal(drawn, old_drawn):
            return False
        self._state[layer] = keys, drawn
        both, inverse = np.unique(np.concatenate([keys, old_keys]), return_inverse=True)
        change = np.bincount(inverse, weights=np.concatenate([drawn, -old_drawn])).astype(np.int64)
        moved = change != 0
        self._events.append((frame, layer, both[moved], change[moved]))
        return True

    def strokes(self) -> Strokes:
        """Return all segments that were ever drawn, and when."""
        spots = FINE * np.concatenate([np.empty((0, 2), dtype=np.int64), *self._spots])
        size = [len(keys) for _, _, keys, _ in self._events]
        keys = np.concatenate([np.empty(0, dtype=np.int64), *(e[2] for e in self._events)])
        drawn = np.concatenate([np.empty(0, dtype=np.int64), *(e[3] for e in self._events)])
        distinct, segment = np.unique(keys, return_inverse=True)
        return Strokes(
            spots[distinct >> _SHIFT],
            spots[distinct & _LOW],
            np.repeat(np.array([e[1] for e in self._events], dtype=np.int64), size),
            np.repeat(np.array([e[0] for e in self._events], dtype=np.int64), size),
            segment.astype(np.int64),
            drawn,
        )

    def _segments(self, polygons: Geometries) -> tuple[Ints, Ints]:
        """Return the keys of a frame's segments and how often each is drawn, sorted by key."""
        oriented = shapely.orient_polygons(polygons, exterior_cw=False)
        xy, ring = shapely.get_coordinates(shapely.get_rings(oriented), return_index=True)
        vertex = self._vertices(grid_steps(xy))
        begin = np.flatnonzero((ring[1:] == ring[:-1]) & (vertex[1:] != vertex[:-1]))
        a, b = vertex[begin], vertex[begin + 1]
        key = (np.minimum(a, b) << _SHIFT) | np.maximum(a, b)
        distinct, inverse = np.unique(key, return_inverse=True)
        drawn = np.bincount(inverse, weights=np.where(a < b, 1, -1), minlength=len(distinct))
        real = drawn != 0  # a border between two polygons of one layer bounds nothing
        return distinct[real], drawn[real].astype(np.int64)

    def _vertices(self, spots: Ints) -> Ints:
        """Return the numbers of vertices; those not met before get new ones."""
        key = spots[:, 0] * _X_STRIDE + spots[:, 1]
        distinct, inverse = np.unique(key, return_inverse=True)
        number = self._look_up(distinct)
        strange = np.flatnonzero(number < 0)
        if len(strange) and self._count:
            for dx, dy in _NEAR.tolist():
                left = strange[number[strange] < 0]
                number[left] = self._look_up(distinct[left] + dx * _X_STRIDE + dy)
            strange = strange[number[strange] < 0]
        if len(strange):
            fresh = distinct[strange]
            number[strange] = np.arange(self._count, self._count + len(fresh))
            where = np.searchsorted(self._keys, fresh)
            self._keys = np.insert(self._keys, where, fresh)
            self._ids = np.insert(self._ids, where, number[strange])
            x = (fresh + _X_STRIDE // 2) // _X_STRIDE
            self._spots.append(np.column_stack([x, fresh - x * _X_STRIDE]))
            self._count += len(fresh)
        return number[inverse]

    def _look_up(self, keys: Ints) -> Ints:
        if not self._count:
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), self._count - 1)
        return np.where(self._keys[at] == keys, self._ids[at], -1)
