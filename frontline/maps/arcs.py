"""The lines of an animated map: every shared border once, with the frames in which it divides.

A border between two cells matters only while its two sides differ. Each is written once, with its
runs: from which frame, for how many, and which state lies to its left and right. The outline of a
state in a frame is then the set of lines that have it on exactly one side; filled by the even-odd
rule, the order in which they are joined cannot matter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["OUTSIDE", "Arcs", "arcs_of"]

OUTSIDE = -1
"""The state of what lies outside the theatre."""

_TWO = 2  # lines that meet where one merely continues the other

IntArray = npt.NDArray[np.int64]


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


def arcs_of(edges: gpd.GeoDataFrame, codes: npt.NDArray[np.int32], *, quantum_deg: float) -> Arcs:
    """Build the lines of a map from the edges of a composite.

    Parameters
    ----------
    edges : geopandas.GeoDataFrame
        Columns left and right (cell ids, -1 outside the theatre) and geometry.
    codes : numpy.ndarray of int32, shape (frames, cells)
        The state of each cell in each frame, none of them negative.
    quantum_deg : float
        The grid of the coordinates in degrees.

    Returns
    -------
    Arcs
        Lines that divide two states in at least one frame, joined where they continue each other.
    """
    parts = edges[["left", "right", "geometry"]].explode(index_parts=False)
    left = parts["left"].to_numpy(dtype=np.int64)
    right = parts["right"].to_numpy(dtype=np.int64)
    # A frame in which nothing changes is as the one before: the work is on the others.
    changed = np.ones(len(codes), dtype=bool)
    changed[1:] = (codes[1:] != codes[:-1]).any(axis=1)
    frames = np.append(np.flatnonzero(changed), len(codes))
    pairs, keep = _pairs(codes[changed], left, right)
    pieces, kept = _snapped(parts.geometry.array[keep], quantum_deg)
    lines, signatures = _joined(pieces, pairs[kept])
    order = sorted(range(len(lines)), key=lambda i: _morton(lines[i][0]))
    return Arcs(
        lines=[lines[i] for i in order],
        runs=[_runs(signatures[i], frames) for i in order],
    )


def _pairs(
    codes: npt.NDArray[np.int32], left: IntArray, right: IntArray
) -> tuple[npt.NDArray[np.int64], IntArray]:
    """Return, for edges that ever divide, (edge, frame) -> left * 2**20 + right, or -1 if alike.

    States are shifted by one so that outside (-1) becomes 0.
    """
    # One column more than there are cells: index -1 then picks "outside" without a branch.
    padded = np.concatenate(
        [codes.astype(np.int64), np.full((codes.shape[0], 1), OUTSIDE, dtype=np.int64)], axis=1
    )
    sides_left, sides_right = padded[:, left] + 1, padded[:, right] + 1
    divides = sides_left != sides_right
    keep = np.flatnonzero(divides.any(axis=0))
    pairs = np.where(divides, (sides_left << 20) | sides_right, -1)[:, keep].T
    return np.ascontiguousarray(pairs), keep


def _snapped(
    geometries: npt.NDArray[np.object_], quantum_deg: float
) -> tuple[list[IntArray], IntArray]:
    """Put lines on the grid; one that shrinks to a point is left out (its ends then coincide)."""
    per_degree = round(1 / quantum_deg)
    xy, index = shapely.get_coordinates(np.asarray(geometries, dtype=object), return_index=True)
    grid = np.rint(xy * per_degree).astype(np.int64)
    repeats = np.zeros(len(grid), dtype=bool)
    repeats[1:] = (index[1:] == index[:-1]) & (grid[1:] == grid[:-1]).all(axis=1)
    grid, index = grid[~repeats], index[~repeats]
    cuts = np.flatnonzero(np.diff(index)) + 1
    lines = np.split(grid, cuts) if len(grid) else []
    ids = index[np.concatenate(([0], cuts))] if len(grid) else np.zeros(0, dtype=np.int64)
    whole = [i for i, line in enumerate(lines) if len(line) > 1]
    return [lines[i] for i in whole], ids[whole].astype(np.int64)


def _joined(
    lines: list[IntArray], pairs: npt.NDArray[np.int64]
) -> tuple[list[IntArray], list[npt.NDArray[np.int64]]]:
    """Join lines end to end where exactly two meet and they divide the same states all along."""
    swapped = np.where(pairs < 0, -1, ((pairs & 0xFFFFF) << 20) | (pairs >> 20))
    forward = [row.tobytes() for row in pairs]
    backward = [row.tobytes() for row in swapped]
    meeting: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        meeting[tuple(line[0])].append(i)
        meeting[tuple(line[-1])].append(i)
    used = np.zeros(len(lines), dtype=bool)

    def walk(start: int, *, from_end: bool) -> list[tuple[int, bool]]:
        """Follow a chain from one end of a line; (line, turned round) in walking order."""
        chain: list[tuple[int, bool]] = []
        here, turned = start, not from_end
        sign = backward[here] if turned else forward[here]
        while True:
            line = lines[here]
            node = tuple(line[0] if turned else line[-1])
            others = meeting[node]
            if len(others) != _TWO or others[0] == others[1]:
                return chain
            following = others[0] if others[1] == here else others[1]
            if used[following]:
                return chain
            turned = tuple(lines[following][0]) != node
            if (backward[following] if turned else forward[following]) != sign:
                return chain
            used[following] = True
            chain.append((following, turned))
            here = following

    out_lines: list[IntArray] = []
    out_pairs: list[npt.NDArray[np.int64]] = []
    for i, line in enumerate(lines):
        if used[i]:
            continue
        used[i] = True
        ahead = walk(i, from_end=True)
        behind = [(j, not turned) for j, turned in reversed(walk(i, from_end=False))]
        pieces = [
            lines[j][::-1] if turned else lines[j] for j, turned in [*behind, (i, False), *ahead]
        ]
        out_lines.append(
            np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
            if len(pieces) > 1
            else line
        )
        out_pairs.append(pairs[i])
    return out_lines, out_pairs


def _runs(pairs: npt.NDArray[np.int64], frames: IntArray) -> IntArray:
    """Return first frame, number of frames, left, right for every stretch of one pair of states.

    `frames` are the first frames of each column of pairs, and at last the number of frames.
    """
    starts = np.flatnonzero(np.concatenate(([True], pairs[1:] != pairs[:-1])))
    values = pairs[starts]
    counts = np.diff(frames[np.append(starts, len(pairs))])
    starts = frames[starts]
    dividing = values >= 0
    starts, counts, values = starts[dividing], counts[dividing], values[dividing]
    return np.stack([starts, counts, (values >> 20) - 1, (values & 0xFFFFF) - 1], axis=1)


def _morton(point: IntArray) -> int:
    """Return a key that keeps neighbours together: the bits of both coordinates in turn."""
    key = 0
    lon, lat = int(point[0]) + (1 << 27), int(point[1]) + (1 << 27)
    for bit in range(8, 28):
        key |= ((lon >> bit) & 1) << (2 * bit) | ((lat >> bit) & 1) << (2 * bit + 1)
    return key
