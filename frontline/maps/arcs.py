"""The lines of an animated map: every shared border once, with the frames in which it divides.

A border between two cells matters only while its two sides differ. Each is written once, with its
runs: from which frame, for how many, and which state lies to its left and right. The outline of a
state in a frame is then the set of lines that have it on exactly one side; filled by the even-odd
rule, the order in which they are joined cannot matter. So lines may be joined wherever they have
the same runs, even where others cross.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["OUTSIDE", "Arcs", "arcs_of"]

OUTSIDE = -1
"""The state of what lies outside the theatre."""

#: Where lines of other dates cross, a line has a vertex that bends it by nothing: one that lies
#: within so many steps of the grid beside the straight line is left out.
_STRAIGHT = 0.25
_CHUNK = 2_048  # pairs of cells whose frames are compared at once

IntArray = npt.NDArray[np.int64]
States = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Arcs:
    """Lines with the frames in which they divide two states.

    Attributes
    ----------
    lines : list of numpy.ndarray of int64, shape (n, 2)
        Coordinates in quanta: longitude and latitude, divided by the quantum and rounded.
    runs : list of numpy.ndarray of int64, shape (m, 4)
        Per line, by time: first frame, number of frames, state to the left, state to the right.
    """

    lines: list[IntArray]
    runs: list[IntArray]


@dataclass(frozen=True, slots=True)
class _Lives:
    """What becomes of each line: the number of its runs, and whether they are turned round."""

    number: IntArray  # -1 where a line never divides
    turned: npt.NDArray[np.bool_]
    runs: list[IntArray]


def arcs_of(edges: gpd.GeoDataFrame, codes: States, *, quantum_deg: float) -> Arcs:
    """Build the lines of a map from the edges of a composite.

    Parameters
    ----------
    edges : geopandas.GeoDataFrame
        Columns left and right (cell ids, -1 outside the theatre) and geometry.
    codes : numpy.ndarray of int32, shape (frames, cells)
        The state of each cell in each frame; `OUTSIDE` for what is not drawn.
    quantum_deg : float
        The grid of the coordinates in degrees.

    Returns
    -------
    Arcs
        Lines that divide two states in at least one frame, joined where they continue each other.
        One that shrinks to a point on the grid is left out (its ends then coincide).
    """
    parts = edges[["left", "right", "geometry"]].explode(index_parts=False)
    sides = parts[["left", "right"]].to_numpy(dtype=np.int64)
    lives = _lives(codes, sides)
    ever = np.flatnonzero(lives.number >= 0)
    xy, owner = shapely.get_coordinates(
        np.asarray(parts.geometry.array, dtype=object)[ever], return_index=True
    )
    bounds = np.searchsorted(owner, np.arange(len(ever) + 1))
    number, turned = lives.number[ever], lives.turned[ever]
    chains = _chains(xy[bounds[:-1]], xy[bounds[1:] - 1], number, turned)
    lines = _snapped([_joined(xy, bounds, chain) for chain in chains], quantum_deg)
    arcs = Arcs([], [])
    for line, chain in zip(lines, chains, strict=True):
        if len(line) < 2:  # noqa: PLR2004 - a point
            continue
        edge, backwards = chain[0]
        runs = lives.runs[number[edge]]
        arcs.lines.append(line)
        arcs.runs.append(runs if turned[edge] == backwards else runs[:, [0, 1, 3, 2]])
    return arcs


# --- lives: cells of one life have the same neighbours in every frame -----------------------------


def _lives(codes: States, sides: IntArray) -> _Lives:
    """Return the runs of every line; equal ones, also seen from the other side, are one."""
    # A frame in which nothing changes is as the one before: the work is on the others.
    changed = np.ones(len(codes), dtype=bool)
    changed[1:] = (codes[1:] != codes[:-1]).any(axis=1)
    frames = np.append(np.flatnonzero(changed), len(codes))
    known: dict[bytes, int] = {}
    lived = np.ascontiguousarray(codes[changed].T)
    life = np.array([known.setdefault(row.tobytes(), len(known)) for row in lived], dtype=np.int64)
    distinct = np.full((len(known) + 1, lived.shape[1]), OUTSIDE, dtype=np.int32)
    distinct[life] = lived
    # The last row is what lies outside: index -1 then picks it without a branch.
    life = np.append(life, len(known))
    left, right = life[sides].T
    turned = left > right
    low, high = np.where(turned, right, left), np.where(turned, left, right)
    pairs, of_pair = np.unique(low * len(distinct) + high, return_inverse=True)
    low, high = pairs // len(distinct), pairs % len(distinct)
    tables: list[IntArray] = []
    for at in range(0, len(pairs), _CHUNK):
        part = slice(at, at + _CHUNK)
        tables += _runs(distinct[low[part]], distinct[high[part]], frames)
    number = np.full(len(pairs), -1, dtype=np.int64)
    other_way = np.zeros(len(pairs), dtype=bool)
    numbers: dict[bytes, int] = {}
    runs: list[IntArray] = []
    for i, table in enumerate(tables):
        if not len(table):
            continue
        here, there = table.tobytes(), table[:, [0, 1, 3, 2]].tobytes()
        if here not in numbers and there in numbers:
            number[i], other_way[i] = numbers[there], True
            continue
        number[i] = numbers.setdefault(here, len(runs))
        if number[i] == len(runs):
            runs.append(table)
    return _Lives(number[of_pair], turned ^ other_way[of_pair], runs)


def _runs(left: States, right: States, frames: IntArray) -> list[IntArray]:
    """Return, for each row, first frame, number of frames, left, right of every stretch.

    `frames` are the first frames of each column, and at last the number of frames.
    """
    begins = np.ones(left.shape, dtype=bool)
    begins[:, 1:] = (left[:, 1:] != left[:, :-1]) | (right[:, 1:] != right[:, :-1])
    row, column = np.nonzero(begins)
    last = np.append(row[1:] != row[:-1], True)
    until = np.where(last, left.shape[1], np.append(column[1:], 0))
    a, b = left[row, column], right[row, column]
    table = np.column_stack([frames[column], frames[until] - frames[column], a, b])
    divides = a != b
    ends = np.cumsum(np.bincount(row[divides], minlength=len(left)))
    return np.split(table[divides].astype(np.int64), ends[:-1])


# --- chains: lines of one life, end to end --------------------------------------------------------


def _chains(
    first: npt.NDArray[np.float64],
    last: npt.NDArray[np.float64],
    number: IntArray,
    turned: npt.NDArray[np.bool_],
) -> list[list[tuple[int, bool]]]:
    """Join lines of one life: lists of (line, run backwards) in walking order."""
    count = len(first)
    _, node = np.unique(np.concatenate([first, last]), axis=0, return_inverse=True)
    # Seen from its node, a line leads away with its life as it is, or turned round. One of each
    # kind continue each other; which of several are taken does not matter.
    away = np.concatenate([turned, ~turned])
    life = np.concatenate([number, number])
    order = np.lexsort((away, life, node.ravel()))
    group = (node.ravel()[order] != np.roll(node.ravel()[order], 1)) | (
        life[order] != np.roll(life[order], 1)
    )
    starts = np.append(np.flatnonzero(group), 2 * count).tolist()
    mate = [-1] * (2 * count)
    ordered, kinds = order.tolist(), away.tolist()
    for a, b in pairwise(starts):
        here = ordered[a:b]
        plain = [half for half in here if not kinds[half]]
        for one, two in zip(plain, here[len(plain) :], strict=False):
            mate[one], mate[two] = two, one
    used = [False] * count

    def walk(half: int) -> list[tuple[int, bool]]:
        """Follow a chain from one end of a line: ends from `count` on are last ones."""
        found = []
        while (following := mate[half]) >= 0 and not used[following % count]:
            used[following % count] = True
            found.append((following % count, following >= count))
            half = following + count if following < count else following - count
        return found

    chains = []
    for i in range(count):
        if used[i]:
            continue
        used[i] = True
        ahead = walk(i + count)
        behind = [(j, not backwards) for j, backwards in reversed(walk(i))]
        chains.append([*behind, (i, False), *ahead])
    return chains


def _joined(
    xy: npt.NDArray[np.float64], bounds: IntArray, chain: list[tuple[int, bool]]
) -> npt.NDArray[np.float64]:
    pieces = []
    for i, backwards in chain:
        piece = xy[bounds[i] : bounds[i + 1]]
        pieces.append(piece[::-1] if backwards else piece)
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _snapped(lines: list[npt.NDArray[np.float64]], quantum_deg: float) -> list[IntArray]:
    """Put lines on the grid, without vertices that bend nothing and without repeats."""
    if not lines:
        return []
    owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    drawn = shapely.linestrings(np.concatenate(lines), indices=owner)
    plain = shapely.simplify(drawn, _STRAIGHT * quantum_deg, preserve_topology=False)
    xy, owner = shapely.get_coordinates(plain, return_index=True)
    grid = np.rint(xy * round(1 / quantum_deg)).astype(np.int64)
    fresh = np.ones(len(grid), dtype=bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (grid[1:] != grid[:-1]).any(axis=1)
    ends = np.cumsum(np.bincount(owner[fresh], minlength=len(lines)))
    return np.split(grid[fresh], ends[:-1])
