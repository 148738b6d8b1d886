"""A map's segments on the vertices of a composite, and which cells its rings wind round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from frontline.composite import OUTSIDE
from frontline.drawing import FINE, grid_steps
from frontline.noding import pixel_key
from frontline.patching import Patch, first_segments, low_end_first, segments_of, unique_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.composite import Composite

    Ints = NDArray[np.int64]

_MOST_STEPS = 500
_NEAR = [(x * FINE, y * FINE) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]


class Drawn(NamedTuple):
    """Segments with their lower end first, and how often each is drawn more this way than back."""

    segments: Ints
    times: Ints


class Web:
    """The vertices and segments of a composite, to find those that a map has in common with it."""

    def __init__(self, composite: Composite) -> None:
        segments = segments_of(composite.lines)
        ends = segments.reshape(-1, 2)
        self._vertices, first, number = np.unique(
            pixel_key(ends), return_index=True, return_inverse=True
        )
        self._spots = ends[first]
        self._present = self._codes(segments)
        # The neighbours of every vertex, one run of `_beside` each.
        a, b = number.reshape(-1, 2).T
        source = np.concatenate([a, b])
        order = np.argsort(source, kind="stable")
        self._beside = np.concatenate([b, a])[order]
        self._runs = np.searchsorted(source[order], np.arange(len(first) + 1))

    def drawn(self, polygons: NDArray[np.object_]) -> Drawn:
        """Return the segments of polygons, vertices moved onto those that they lie beside."""
        oriented = shapely.orient_polygons(polygons, exterior_cw=False)
        xy, ring = shapely.get_coordinates(shapely.get_rings(oriented), return_index=True)
        spots = grid_steps(xy) * FINE
        strange = np.flatnonzero(~_among(pixel_key(spots), self._vertices))
        for dx, dy in _NEAR:
            beside = spots[strange] + (dx, dy)
            hit = _among(pixel_key(beside), self._vertices)
            spots[strange[hit]] = beside[hit]
            strange = strange[~hit]
        begin = np.flatnonzero((ring[1:] == ring[:-1]) & (spots[1:] != spots[:-1]).any(axis=1))
        whole = _summed(
            np.hstack([spots[begin], spots[begin + 1]]), np.ones(len(begin), dtype=np.int64)
        )
        return self._in_pieces(whole)

    def _in_pieces(self, layer: Drawn) -> Drawn:
        """Replace segments that the composite has in pieces, for other lines cross them there."""
        keys = pixel_key(layer.segments[:, :2]), pixel_key(layer.segments[:, 2:])
        known = _among(keys[0], self._vertices) & _among(keys[1], self._vertices)
        known &= ~np.isin(self._codes(layer.segments), self._present)
        rows = np.flatnonzero(known)
        if not len(rows):
            return layer
        start, goal = (np.searchsorted(self._vertices, key[rows]) for key in keys)
        reached, row, a, b = self._walked(start, goal)
        use = reached[row]
        pieces = np.hstack([self._spots[a[use]], self._spots[b[use]]])
        rest = np.ones(len(layer.times), dtype=bool)
        rest[rows[reached]] = False
        return _summed(
            np.vstack([layer.segments[rest], pieces]),
            np.concatenate([layer.times[rest], layer.times[rows[row[use]]]]),
        )

    def _walked(self, start: Ints, goal: Ints) -> tuple[NDArray[np.bool_], Ints, Ints, Ints]:
        """Walk from vertices towards others along segments that keep to the straight line.

        Returns
        -------
        reached, row, a, b
            Which walks arrive, and their steps: the walk, from which vertex, to which.
        """
        origin, way = self._spots[start], (self._spots[goal] - self._spots[start]).astype(float)
        length2 = (way * way).sum(axis=1)
        at, share = start.copy(), np.zeros(len(start))
        going = np.arange(len(start))
        steps: list[tuple[Ints, Ints, Ints]] = []
        for _ in range(_MOST_STEPS):
            begin = self._runs[at[going]]
            many = self._runs[at[going] + 1] - begin
            owner = np.repeat(going, many)
            step = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
            beside = self._beside[np.repeat(begin, many) + step]
            gap = (self._spots[beside] - origin[owner]).astype(float)
            along = (gap * way[owner]).sum(axis=1) / length2[owner]
            off = np.abs(way[owner, 0] * gap[:, 1] - way[owner, 1] * gap[:, 0])
            near = off < np.abs(way[owner]).sum(axis=1)  # within a step of the grid
            good = np.flatnonzero(near & (along > share[owner]) & (along <= 1.0))
            order = good[np.lexsort((along[good], owner[good]))]
            _, first = np.unique(owner[order], return_index=True)
            best = order[first]
            going = owner[best]
            steps.append((going, at[going], beside[best]))
            at[going], share[going] = beside[best], along[best]
            going = going[at[going] != goal[going]]
            if not len(going):
                break
        row, a, b = (np.concatenate(each) for each in zip(*steps, strict=True))
        return at == goal, row, a, b

    def fresh(self, segments: Ints) -> Ints:
        """Return the segments that the composite has not."""
        return segments[~np.isin(self._codes(segments), self._present)]

    def _codes(self, segments: Ints) -> Ints:
        return codes_of(self._vertices, segments)


def codes_of(vertices: Ints, segments: Ints) -> Ints:
    """Return a number for every segment between known vertices, -1 for others."""
    a, b = pixel_key(segments[:, :2]), pixel_key(segments[:, 2:])
    known = _among(a, vertices) & _among(b, vertices)
    low = np.searchsorted(vertices, np.minimum(a, b))
    high = np.searchsorted(vertices, np.maximum(a, b))
    return np.where(known, low * len(vertices) + high, -1)


def memberships(
    patched: Patch, drawn: list[Drawn], zones: list[NDArray[np.object_]], *, bounded: bool
) -> NDArray[np.bool_]:
    """Say which cells lie in which layers, shape (layers, cells), by windings.

    Parameters
    ----------
    patched
        A composite that holds all the layers' lines.
    drawn
        The segments of each layer, as `Web.drawn` returned them.
    zones
        The polygons of each layer.
    bounded
        Whether an outline ends the theatre: a zone that reaches beyond it winds round land
        outside, so the count begins in a cell and not there.
    """
    composite = patched.composite
    # All segments of an edge have the same cells beside them, so one stands for it.
    starts = first_segments(composite.lines)
    vertices = np.unique(pixel_key(starts.reshape(-1, 2)))
    codes = codes_of(vertices, starts)
    order = np.argsort(codes)
    forward = pixel_key(starts[:, :2]) < pixel_key(starts[:, 2:])
    out = np.zeros((len(drawn), len(composite)), dtype=bool)
    walk = _walk(composite, bounded=bounded)
    spots = shapely.point_on_surface(composite.polygons[np.array(walk.roots, dtype=np.int64)])
    for row, layer in enumerate(drawn):
        segments, times = _pieces_of(layer, patched)
        code = codes_of(vertices, segments)
        use = code >= 0
        at = np.minimum(np.searchsorted(codes[order], code[use]), len(order) - 1)
        hit = codes[order[at]] == code[use]
        across = np.zeros(len(starts), dtype=np.int64)
        across[order[at[hit]]] = times[use][hit]
        steps = np.where(forward, across, -across)
        begin = [int(shapely.contains(zones[row], spot).sum()) for spot in spots]
        out[row] = _windings(walk, steps, len(composite), begin) > 0
    return out


def _among(keys: Ints, known: Ints) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[at] == keys)


def _summed(segments: Ints, times: Ints) -> Drawn:
    turned, swapped = low_end_first(segments)
    distinct, inverse = unique_rows(turned)
    signed = np.where(swapped, -times, times)
    total = np.bincount(inverse, weights=signed, minlength=len(distinct)).astype(np.int64)
    return Drawn(distinct[total != 0], total[total != 0])


def _pieces_of(layer: Drawn, patched: Patch) -> Drawn:
    """Return a layer's segments with those that were cut replaced by their pieces."""
    count = len(patched.segments)
    if not count:
        return layer
    cut, swapped = low_end_first(patched.segments)
    _, inverse = unique_rows(np.vstack([cut, layer.segments]))
    number = np.full(int(inverse.max()) + 1, -1, dtype=np.int64)
    number[inverse[:count]] = np.arange(count)
    parent = number[inverse[count:]]
    rows = np.flatnonzero(parent >= 0)
    size = np.bincount(patched.pieces.parent, minlength=count)
    offset = np.cumsum(size) - size
    many = size[parent[rows]]
    owner = np.repeat(rows, many)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(many) - many, many)
    piece = offset[parent[owner]] + step
    # A piece runs the way of its parent, which may be against the layer's.
    times = np.where(swapped[parent[owner]], -1, 1) * layer.times[owner]
    ends = np.hstack([patched.pieces.start[piece], patched.pieces.end[piece]])
    whole = parent < 0
    return _summed(
        np.vstack([layer.segments[whole], ends]), np.concatenate([layer.times[whole], times])
    )


class Walk(NamedTuple):
    """A way to every cell: the cell, the one before it, the edge between, its direction.

    It begins outside, or in the `roots`, one for each part of a bounded theatre.
    """

    cells: list[int]
    before: list[int]
    edge: Ints
    sign: Ints
    roots: list[int]


def _walk(composite: Composite, *, bounded: bool) -> Walk:
    count = len(composite)
    inner = (composite.sides != OUTSIDE).all(axis=1) if bounded else slice(None)
    number = np.arange(len(composite.sides))[inner]
    sides = np.where(composite.sides == OUTSIDE, count, composite.sides)[inner]
    graph = coo_array(
        (np.ones(len(sides)), (sides[:, 0], sides[:, 1])), shape=(count + 1, count + 1)
    ).tocsr()
    roots: list[int] = []
    if bounded:
        part = connected_components(graph, directed=False)[1][:count]
        large = np.lexsort((-composite.area_km2, part))  # a sliver's middle is hard to tell
        _, first = np.unique(part[large], return_index=True)
        roots = [each for each in large[first].tolist() if composite.area_km2[each] > 0]
    ways = [breadth_first_order(graph, root, directed=False) for root in roots or [count]]
    cells = np.concatenate([np.empty(0, int), *(order[1:] for order, _ in ways)]).astype(np.int64)
    parent = np.concatenate(
        [np.empty(0, int), *(np.asarray(before)[order[1:]] for order, before in ways)]
    ).astype(np.int64)
    code = sides.min(axis=1, initial=count) * (count + 1) + sides.max(axis=1, initial=0)
    sort = np.argsort(code, kind="stable")
    wanted = np.minimum(cells, parent) * (count + 1) + np.maximum(cells, parent)
    edge = sort[np.searchsorted(code[sort], wanted)]
    sign = np.where(sides[edge, 0] == cells, 1, -1)
    return Walk(cells.tolist(), parent.tolist(), number[edge], sign, roots)


def _windings(walk: Walk, across: Ints, count: int, begin: list[int]) -> Ints:
    steps = (across[walk.edge] * walk.sign).tolist()
    out = [0] * (count + 1)  # a cell that has vanished is reached by no way
    for root, winding in zip(walk.roots, begin, strict=True):
        out[root] = winding
    for cell, before, step in zip(walk.cells, walk.before, steps, strict=True):
        out[cell] = out[before] + step
    return np.array(out[:-1], dtype=np.int64)
