"""The composite as a graph: cells beside cells, edges end to end, and lines drawn along them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from frontline.composite import OUTSIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.composite import Composite

    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


_NODE_DEG = 1e-8  # finer than any grid on which cells are made; shared vertices agree exactly


class Drawn(NamedTuple):
    """Edges drawn as lines.

    Attributes
    ----------
    lines
        The lines, those of one group one after the other.
    group
        The group of each line.
    first
        For each line the place, among the edges that were given, of one of its edges.
    """

    lines: Geometries
    group: Ints
    first: Ints


def parts_of(count: int, first: Ints, second: Ints) -> Ints:
    """Return the number of the connected part of each of `count` nodes.

    Examples
    --------
    >>> parts_of(4, np.array([0, 1]), np.array([1, 3])).tolist()
    [0, 0, 1, 0]
    """
    links = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def sums(group: Ints, values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the sum of the values of each of `count` groups, as floats even if there is none.

    Examples
    --------
    >>> sums(np.array([0, 2, 0]), np.array([1.0, 2.0, 4.0]), 3).tolist()
    [5.0, 0.0, 2.0]
    """
    return np.bincount(group, weights=values, minlength=count).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Network:
    """What never changes about a composite's edges, computed when first asked for.

    Attributes
    ----------
    composite : Composite
        The cells and their edges.
    """

    composite: Composite

    @cached_property
    def _vertices(self) -> tuple[NDArray[np.float64], Ints]:
        """All vertices, edge after edge, and where each edge's begin."""
        lines = self.composite.lines
        counts = shapely.get_num_coordinates(lines)
        begins = np.append(0, np.cumsum(counts)).astype(np.int64)
        return shapely.get_coordinates(lines), begins

    @cached_property
    def _ends(self) -> Ints:
        """Numbers of the nodes at which each edge begins and ends, shape (edges, 2)."""
        xy, begins = self._vertices
        ends = xy[np.concatenate([begins[:-1], begins[1:] - 1])]
        lon, lat = (pd.factorize(np.rint(each / _NODE_DEG))[0].astype(np.int64) for each in ends.T)
        node = pd.factorize(lon * (int(lat.max(initial=0)) + 1) + lat)[0]
        return np.asarray(node, dtype=np.int64).reshape(2, -1).T

    @cached_property
    def _count_of_ends(self) -> int:
        return int(self._ends.max(initial=-1)) + 1

    @cached_property
    def inner(self) -> Ints:
        """The edges that have a cell on either side."""
        return np.flatnonzero(self.composite.sides[:, 1] != OUTSIDE)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Search tree over the edges."""
        return shapely.STRtree(self.composite.lines)

    @cached_property
    def on_outline(self) -> Flags:
        """For every cell whether it touches the outline along an edge."""
        out = np.zeros(len(self.composite), dtype=bool)
        left, right = self.composite.sides.T
        out[left[right == OUTSIDE]] = True
        return out

    @cached_property
    def beside(self) -> tuple[Ints, Ints]:
        """Neighbours of the cells, cell after cell, and where each cell's begin."""
        pairs = self.composite.sides[self.inner]
        cell = np.concatenate([pairs[:, 0], pairs[:, 1]])
        other = np.concatenate([pairs[:, 1], pairs[:, 0]])
        order = np.argsort(cell, kind="stable")
        begins = np.searchsorted(cell[order], np.arange(len(self.composite) + 1))
        return other[order], begins.astype(np.int64)

    def neighbours(self, cells: Ints) -> tuple[Ints, Ints]:
        """Return the cells beside some cells, and the place of the cell beside which each is."""
        others, begins = self.beside
        count = begins[cells + 1] - begins[cells]
        row = np.repeat(np.arange(len(cells)), count)
        place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        return others[begins[cells][row] + place], row

    def draw(self, edge: Ints, turned: Flags, group: Ints) -> Drawn:
        """Join edges of a group end to end into lines.

        Parameters
        ----------
        edge
            Numbers of edges, each at most once in a group.
        turned
            Which of them run backwards.
        group
            A number for each; edges of different groups are never joined.

        Notes
        -----
        Where two edges of a group and no more meet they become one line, as long as both
        run the same way; at a crossing lines end. A ring begins at its first edge.
        """
        count = len(edge)
        if not count:
            empty = np.array([], dtype=np.int64)
            return Drawn(np.array([], dtype=object), empty, empty)
        begin, end = self._nodes(edge, turned, group)
        nodes = int(max(begin.max(), end.max())) + 1
        through = (np.bincount(begin, minlength=nodes) == 1) & (
            np.bincount(end, minlength=nodes) == 1
        )
        # The last row stands for "none": its own predecessor, at no distance from itself.
        arrives = np.full(nodes, count, dtype=np.int64)
        arrives[end] = np.arange(count)
        before = np.append(np.where(through[begin], arrives[begin], count), count)
        head = _heads(before)
        before[np.unique(head)] = count
        position = np.append((before[:-1] < count).astype(np.int64), 0)
        while (before < count).any():
            position = position + position[before]
            before = before[before]
        heads, chain = np.unique(head, return_inverse=True)
        in_order = np.argsort(group[heads], kind="stable")
        rank = np.empty(len(heads), dtype=np.int64)
        rank[in_order] = np.arange(len(heads))
        number, place = rank[chain], position[:-1]
        walk = np.lexsort((place, number))
        lines = self._lines(edge[walk], turned[walk], number[walk], place[walk] > 0)
        return Drawn(lines, group[heads[in_order]], heads[in_order])

    def parts(self, edge: Ints, group: Ints) -> Ints:
        """Return the connected part of each edge; edges of different groups share none."""
        if not len(edge):
            return np.array([], dtype=np.int64)
        begin, end = self._nodes(edge, np.zeros(len(edge), dtype=bool), group)
        return parts_of(int(max(begin.max(), end.max())) + 1, begin, end)[begin]

    def _nodes(self, edge: Ints, turned: Flags, group: Ints) -> tuple[Ints, Ints]:
        at = self._ends[edge] + group[:, None] * self._count_of_ends
        at[turned] = at[turned, ::-1]
        node = pd.factorize(at.ravel())[0].astype(np.int64).reshape(-1, 2)
        return node[:, 0], node[:, 1]

    def _lines(self, edge: Ints, turned: Flags, number: Ints, joined: Flags) -> Geometries:
        xy, begins = self._vertices
        counts = begins[edge + 1] - begins[edge]
        skip = joined.astype(np.int64)  # the first vertex is the last of the edge before
        kept = counts - skip
        owner = np.repeat(np.arange(len(edge)), kept)
        step = np.arange(len(owner)) - np.repeat(np.cumsum(kept) - kept, kept) + skip[owner]
        back = counts[owner] - 1 - step
        vertex = begins[edge][owner] + np.where(turned[owner], back, step)
        lines: Geometries = shapely.linestrings(xy[vertex], indices=number[owner])
        return lines


def _heads(before: Ints) -> Ints:
    """Return the first of the chain of each member, given what comes before each.

    The last row stands for "none" and comes before itself. In a ring the first is the lowest.
    """
    count = len(before) - 1
    own = np.arange(count)
    up = np.where(before[:-1] < count, before[:-1], own)
    lowest = own
    for _ in range(count.bit_length()):
        lowest = np.minimum(lowest, lowest[up])
        further = up[up]
        if np.array_equal(further, up):
            break
        up = further
    return np.where(before[up] < count, lowest, up)


def gathered(lines: Geometries, group: Ints, count: int) -> Geometries:
    """Return one geometry a group: a LineString, or a MultiLineString where there are several.

    Parameters
    ----------
    lines, group
        Lines in order of their group, which counts from 0 to `count` - 1 without a gap.
    """
    out = np.empty(count, dtype=object)
    if not count:
        return out
    many = np.bincount(group, minlength=count)
    out[many != 1] = shapely.MultiLineString()
    out[group] = lines
    several = many[group] > 1
    if several.any():
        wanted, number = np.unique(group[several], return_inverse=True)
        out[wanted] = shapely.multilinestrings(lines[several], indices=number)
    return out
