"""The lines of a map as numbers, and back.

Lines are written in the order in which they are first seen. In every frame those that divide close
to rings, so where some end and others begin, the frame lacks just what is new: a new line mostly
begins at a point that lines now lack, and often ends at another one. Both are named by their place
among the open points, which a reader knows as well, and only points that are new are written out.

A point is open where the states left and right of the lines that leave it do not cancel. Columns:

1. count of the frames in which lines are first seen; gaps between them; how many lines in each
2. of each line: where it starts (-1 a new point, else its place among the open ones: first the end
   of the last line, then in the order in which they opened); how many points lie between its ends;
   where it ends (0 at its start, 1 a new point, from 2 on the open ones by their nearness to the
   point before); how many times more it is seen
3. of each run: frames since the one before of its line, first runs left out; its length, 0 if to
   the last frame; its states as (left + 1) * (states + 1) + right + 1
4. the points as differences from the ones before, see `coded_steps`
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from frontline.errors import InputError
from frontline.maps import varint
from frontline.maps.arcs import Arcs
from frontline.maps.steps import coded_steps

if TYPE_CHECKING:
    from frontline.maps.reading import Reader

__all__ = ["coded_arcs", "read_arcs"]

IntArray = npt.NDArray[np.int64]
Point = tuple[int, int]

_WEIGHTS = 40  # sums of powers of two up to this one are whole numbers in a viewer, too
_NEW_START, _AT_START, _NEW_END, _OPEN_END = -1, 0, 1, 2


@dataclass(slots=True)
class _Seen:
    """The lines seen up to a frame: what they leave open, and when the known ones come and go."""

    frames: int
    open: dict[Point, int] = field(default_factory=dict)
    later: defaultdict[int, list[tuple[Point, Point, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    last: Point | None = None

    def advance(self, frame: int) -> None:
        """Let known lines come and go up to a frame."""
        for due in sorted(each for each in self.later if each <= frame):
            for start, end, weight in self.later.pop(due):
                self._add(start, weight)
                self._add(end, -weight)

    def starts(self) -> list[Point]:
        """Return the open points, where a line is likely to start first."""
        others = [point for point in self.open if point != self.last]
        return [self.last, *others] if self.last in self.open else others

    def begin(self, start: Point, states: tuple[int, int]) -> None:
        """Let a new line leave its start."""
        self._add(start, _weight(*states))

    def ends(self, start: Point, before: Point) -> list[Point]:
        """Return the open points, the nearest to the point before first."""
        found = [point for point in self.open if point != start]
        return sorted(found, key=lambda p: abs(p[0] - before[0]) + abs(p[1] - before[1]))

    def finish(self, start: Point, end: Point, runs: list[list[int]]) -> None:
        """Let a new line arrive, and note when it goes and comes again."""
        self._add(end, -_weight(runs[0][2], runs[0][3]))
        for i, (first, count, left, right) in enumerate(runs):
            weight = _weight(left, right)
            if i:
                self.later[first].append((start, end, weight))
            if first + count < self.frames:
                self.later[first + count].append((start, end, -weight))
        self.last = end

    def _add(self, point: Point, weight: int) -> None:
        total = self.open.get(point, 0) + weight
        if total:
            self.open[point] = total
        else:
            self.open.pop(point, None)


def _weight(left: int, right: int) -> int:
    return int(2 ** ((left + 1) % _WEIGHTS) - 2 ** ((right + 1) % _WEIGHTS))


# --- writing --------------------------------------------------------------------------------------


def coded_arcs(arcs: Arcs, *, states: int, frames: int) -> bytes:
    """Write lines.

    Parameters
    ----------
    arcs : Arcs
        From `arcs_of`.
    states, frames : int
        How many there are.

    Returns
    -------
    bytes
        What `read_arcs` reads. The order of the lines and their directions are not kept.

    Examples
    --------
    >>> from frontline.maps.reading import Reader
    >>> line, runs = np.array([[0, 0], [2, 0], [2, 2], [0, 0]]), np.array([[0, 3, 0, -1]])
    >>> coded = coded_arcs(Arcs([line], [runs]), states=1, frames=3)
    >>> read_arcs(Reader(coded), states=1, frames=3).lines[0].tolist()
    [[0, 0], [2, 0], [2, 2], [0, 0]]
    """
    writer = _Writer(arcs, states, _Seen(frames))
    born: defaultdict[int, list[int]] = defaultdict(list)
    for i in np.argsort(_morton(arcs.lines), kind="stable").tolist():
        born[int(arcs.runs[i][0, 0])].append(i)
    ordered = sorted(born)
    for frame in ordered:
        writer.frame(frame, born[frame])
    columns: list[npt.ArrayLike] = [
        [len(ordered)],
        np.diff(np.array(ordered, dtype=np.int64), prepend=0),
        [len(born[frame]) for frame in ordered],
        *(writer.columns[name] for name in _OF_LINES),
        *(writer.columns[name] for name in _OF_RUNS),
    ]
    points = np.array(writer.points, dtype=np.int64).reshape(-1, 2)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    # Points that are named by number are passed through, not written: their steps are left out.
    written = coded_steps(steps[np.array(writer.fresh, dtype=bool)])
    return b"".join(varint.encode(column) for column in columns) + written


_OF_LINES = ("start", "between", "end", "again")
_OF_RUNS = ("gap", "length", "sides")


class _Writer:
    def __init__(self, arcs: Arcs, states: int, seen: _Seen) -> None:
        self.arcs = arcs
        self.states = states
        self.seen = seen
        self.columns: dict[str, list[int]] = {name: [] for name in _OF_LINES + _OF_RUNS}
        self.points: list[Point] = []
        self.fresh: list[bool] = []

    def frame(self, frame: int, born: list[int]) -> None:
        """Write the lines first seen in a frame."""
        self.seen.advance(frame)
        lines = {i: [(x, y) for x, y in self.arcs.lines[i].tolist()] for i in born}
        at: defaultdict[Point, dict[int, None]] = defaultdict(dict)
        for i, line in lines.items():
            at[line[0]][i] = at[line[-1]][i] = None
        while lines:
            known = enumerate(self.seen.starts())
            place, start = next(((k, p) for k, p in known if at.get(p)), (_NEW_START, None))
            i = next(iter(lines if start is None else at[start]))
            line, runs = lines.pop(i), self.arcs.runs[i]
            at[line[0]].pop(i, None)
            at[line[-1]].pop(i, None)
            if start is not None and line[0] != start:
                line, runs = line[::-1], runs[:, [0, 1, 3, 2]]
            self._line(line, runs.tolist(), place)

    def _line(self, line: list[Point], runs: list[list[int]], place: int) -> None:
        seen, columns = self.seen, self.columns
        start, end = line[0], line[-1]
        columns["start"].append(place)
        columns["between"].append(len(line) - 2)
        columns["again"].append(len(runs) - 1)
        seen.begin(start, (runs[0][2], runs[0][3]))
        near = seen.ends(start, line[-2])
        if end == start:
            code = _AT_START
        else:
            code = _OPEN_END + near.index(end) if end in seen.open else _NEW_END
        columns["end"].append(code)
        self.points += line
        self.fresh += [place == _NEW_START, *(True for _ in line[1:-1]), code == _NEW_END]
        seen.finish(start, end, runs)
        until = None
        for first, count, left, right in runs:
            if until is not None:
                columns["gap"].append(first - until)
            until = first + count
            columns["length"].append(0 if until == seen.frames else count)
            columns["sides"].append((left + 1) * (self.states + 1) + right + 1)


def _morton(lines: list[IntArray]) -> IntArray:
    """Return keys that keep neighbours together: the bits of both coordinates in turn."""
    first = np.array([line[0] for line in lines], dtype=np.int64).reshape(-1, 2)
    first -= first.min(axis=0, initial=0)
    shift = max(int(first.max(initial=0)).bit_length() - 20, 0)  # as fine as 40 bits allow
    keys = np.zeros(len(first), dtype=np.int64)
    for bit in range(20):
        for axis in (0, 1):
            keys |= ((first[:, axis] >> (bit + shift)) & 1) << (2 * bit + axis)
    return keys


# --- reading --------------------------------------------------------------------------------------


def read_arcs(reader: Reader, *, states: int, frames: int) -> Arcs:
    """Read what `coded_arcs` wrote.

    Raises
    ------
    InputError
        If it is cut short or names what is not there.
    """
    count = reader.one()
    when = np.cumsum(reader.take(count)).tolist()
    born = reader.take(count).tolist()
    total = sum(born)
    columns: dict[str, Any] = {name: reader.take(total).tolist() for name in _OF_LINES}
    again = sum(columns["again"])
    for name, size in zip(_OF_RUNS, (again, total + again, total + again), strict=True):
        columns[name] = iter(reader.take(size).tolist())
    steps = iter(reader.steps().tolist())
    seen = _Seen(frames)
    arcs = Arcs([], [])
    pen = (0, 0)

    def moved(from_: Point) -> Point:
        dx, dy = next(steps)
        return from_[0] + dx, from_[1] + dy

    try:
        for i, frame in enumerate(np.repeat(when, born).tolist()):
            seen.advance(frame)
            runs = _read_runs(columns, columns["again"][i], frame, states, frames)
            place = columns["start"][i]
            pen = moved(pen) if place == _NEW_START else seen.starts()[place]
            line = [pen]
            seen.begin(pen, (runs[0][2], runs[0][3]))
            for _ in range(columns["between"][i]):
                line.append(moved(line[-1]))
            code = columns["end"][i]
            if code == _AT_START:
                pen = line[0]
            elif code == _NEW_END:
                pen = moved(line[-1])
            else:
                pen = seen.ends(line[0], line[-1])[code - _OPEN_END]
            line.append(pen)
            seen.finish(line[0], pen, runs)
            arcs.lines.append(np.array(line, dtype=np.int64))
            arcs.runs.append(np.array(runs, dtype=np.int64))
    except (StopIteration, IndexError) as error:
        raise InputError("the payload names lines that it does not hold; it is damaged") from error
    return arcs


def _read_runs(
    columns: dict[str, Any], again: int, frame: int, states: int, frames: int
) -> list[list[int]]:
    runs: list[list[int]] = []
    first = frame
    for i in range(again + 1):
        if i:
            first += next(columns["gap"])
        length, sides = next(columns["length"]), next(columns["sides"])
        left, right = divmod(sides, states + 1)
        runs.append([first, length or frames - first, left - 1, right - 1])
        first += runs[-1][1]
    return runs
