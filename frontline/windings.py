"""Faces between lines, and which of them lie inside rings that come and go.

A face lies inside a set of rings if they wind round it more often to the left than to the right.
Crossing a piece of line changes that number by as often as the piece is drawn one way more than
the other. So a tree that reaches every face from outside tells the numbers of all of them, and
when a piece of line appears only the branch behind it is touched: a day on which little changes
costs little, whatever the size of the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from frontline.noding import Noded, distinct_pairs, pixel_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

OUTSIDE = -1


class Faces(NamedTuple):
    """The faces between noded pieces, and the tree that leads to them from outside.

    Attributes
    ----------
    polygons : numpy.ndarray
        The faces in grid coordinates.
    edge_of : numpy.ndarray
        For every piece the number of its edge; a piece drawn twice is one edge.
    forward : numpy.ndarray
        For every piece, whether it runs from the lower to the higher end of its edge.
    sides : numpy.ndarray
        Faces to the left and right of every edge, -1 outside; shape (edges, 2).
    position, size : numpy.ndarray
        Where a face stands in the order of the tree, and how many stand in its branch.
    gate : numpy.ndarray
        For every edge the face to which the tree crosses it, -1 where it does not.
    """

    polygons: NDArray[np.object_]
    edge_of: Ints
    forward: NDArray[np.bool_]
    sides: Ints
    position: Ints
    size: Ints
    gate: Ints


class Changes(NamedTuple):
    """When rings began or ceased to wind round faces, sorted by layer, face and frame."""

    layer: Ints
    face: Ints
    frame: Ints
    winding: Ints


def faces_between(pieces: Noded) -> Faces:
    """Return the faces between pieces that meet at their ends only.

    Parameters
    ----------
    pieces
        What `node_segments` returned.

    Examples
    --------
    >>> from frontline.noding import node_segments
    >>> square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]])
    >>> ends = np.roll(square, -1, axis=0)
    >>> cut = node_segments(np.vstack([square, [[2, 0]]]), np.vstack([ends, [[2, 4]]]))
    >>> len(faces_between(cut).polygons)
    2
    """
    key_a, key_b = pixel_key(pieces.start), pixel_key(pieces.end)
    forward = key_a < key_b
    low, high = np.minimum(key_a, key_b), np.maximum(key_a, key_b)
    first, edge_of = distinct_pairs(low, high)
    start = np.where(forward[first, None], pieces.start[first], pieces.end[first])
    end = np.where(forward[first, None], pieces.end[first], pieces.start[first])
    lines = shapely.linestrings(np.stack([start, end], axis=1).astype(float))
    polygons = shapely.get_parts(shapely.polygonize(lines))
    sides = _sides(polygons, low[first], high[first])
    position, size, gate = _tree(sides, len(polygons))
    return Faces(polygons, edge_of, forward, sides, position, size, gate)


def _sides(polygons: NDArray[np.object_], low: Ints, high: Ints) -> Ints:
    """Return the faces beside edges whose ends are sorted by (low, high)."""
    sides = np.full((len(low), 2), OUTSIDE, dtype=np.int64)
    if not len(polygons):
        return sides
    oriented = shapely.orient_polygons(polygons, exterior_cw=False)
    rings, face_of_ring = shapely.get_rings(oriented, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    key = pixel_key(np.rint(xy).astype(np.int64))
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    a, b = key[begin], key[begin + 1]
    face = face_of_ring[ring[begin]]
    forward = a < b
    wanted = np.column_stack([np.minimum(a, b), np.maximum(a, b)])
    # Both columns are whole numbers of 61 bits, so pairs are ranked before they are looked up.
    ends = np.unique(np.concatenate([low, high]))
    stride = len(ends)
    code = np.searchsorted(ends, low) * stride + np.searchsorted(ends, high)
    found = np.searchsorted(
        code, np.searchsorted(ends, wanted[:, 0]) * stride + np.searchsorted(ends, wanted[:, 1])
    )
    sides[found, np.where(forward, 0, 1)] = face
    return sides


def _tree(sides: Ints, count: int) -> tuple[Ints, Ints, Ints]:
    """Return the place and the size of every face's branch, and the edges that lead to them."""
    outside = count
    left = np.where(sides[:, 0] == OUTSIDE, outside, sides[:, 0])
    right = np.where(sides[:, 1] == OUTSIDE, outside, sides[:, 1])
    real = left != right
    a, b = left[real], right[real]
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(count + 1, count + 1)).tocsr()
    order, before = breadth_first_order(graph, outside, directed=False)
    size = np.ones(count + 1, dtype=np.int64)
    parents, ordered = before.tolist(), order.tolist()
    sizes = size.tolist()
    for node in reversed(ordered[1:]):
        sizes[parents[node]] += sizes[node]
    # A face stands right behind what leads to it and the branches before its own.
    position, following = [0] * (count + 1), [1] * (count + 1)
    position[outside] = -1
    following[outside] = 0
    for node in ordered[1:]:
        parent = parents[node]
        position[node] = following[parent]
        following[node] = position[node] + 1
        following[parent] += sizes[node]
    gate = np.full(len(sides), OUTSIDE, dtype=np.int64)
    before = np.asarray(before)
    child = np.where(before[b] == a, b, np.where(before[a] == b, a, OUTSIDE))
    # Of several edges between two faces the first is the one that is crossed.
    rows = np.flatnonzero(real)[child >= 0]
    chosen = child[child >= 0]
    _, first = np.unique(chosen, return_index=True)
    gate[rows[first]] = chosen[first]
    return (
        np.array(position[:count], dtype=np.int64),
        np.array(sizes[:count], dtype=np.int64),
        gate,
    )


def winding_changes(faces: Faces, layer: Ints, frame: Ints, edge: Ints, drawn: Ints) -> Changes:
    """Return how often the rings of each layer wind round each face from which frame on.

    Parameters
    ----------
    faces
        What `faces_between` returned.
    layer, frame, edge, drawn
        From a frame on an edge is drawn so many times more (or less) from its lower to its
        higher end than back, in the rings of a layer. Outside a polygon's edge lies to the
        right: exteriors counter-clockwise, holes clockwise.

    Returns
    -------
    Changes
        One row for every frame in which the number of a face and layer changes.
    """
    gate = faces.gate[edge]
    use = (gate >= 0) & (drawn != 0)
    layer, frame, edge, gate = layer[use], frame[use], edge[use], gate[use]
    inwards = np.where(faces.sides[edge, 0] == gate, drawn[use], -drawn[use])
    begin = faces.position[gate]
    # A branch is a run of positions: add at its begin, take away behind its end.
    at = np.concatenate([begin, begin + faces.size[gate]])
    amount = np.concatenate([inwards, -inwards])
    layer, frame = np.tile(layer, 2), np.tile(frame, 2)
    order = np.lexsort((at, frame, layer))
    at, amount, layer, frame = at[order], amount[order], layer[order], frame[order]
    total = np.cumsum(amount)  # each branch is taken away again, so groups do not leak
    same = np.zeros(len(at), dtype=bool)
    same[:-1] = (layer[1:] == layer[:-1]) & (frame[1:] == frame[:-1])
    run = np.flatnonzero(same & (total != 0))
    run = run[at[run + 1] > at[run]]
    length = at[run + 1] - at[run]
    owner = np.repeat(run, length)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(length) - length, length)
    face_at = np.empty(len(faces.position), dtype=np.int64)
    face_at[faces.position] = np.arange(len(faces.position))
    face = face_at[at[owner] + step]
    order = np.lexsort((frame[owner], face, layer[owner]))
    owner, face = owner[order], face[order]
    winding = np.cumsum(total[owner])
    first = np.ones(len(owner), dtype=bool)
    first[1:] = (layer[owner][1:] != layer[owner][:-1]) | (face[1:] != face[:-1])
    start = np.flatnonzero(first)
    base = np.repeat(winding[start] - total[owner][start], np.diff(np.append(start, len(owner))))
    return Changes(layer[owner], face, frame[owner], winding - base)
