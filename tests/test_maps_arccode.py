"""Lines of a map, written and read back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.errors import InputError
from frontline.maps.arccode import coded_arcs, read_arcs
from frontline.maps.arcs import Arcs
from frontline.maps.reading import Reader

STATES, FRAMES = 4, 12
SPOT = st.tuples(st.integers(-6, 6), st.integers(-6, 6))
FAR = st.tuples(st.integers(-(2**30), 2**30), st.integers(-(2**29), 2**29))


@st.composite
def lines(draw):
    """Return a line whose points differ from the ones before, and its runs."""
    points = draw(st.lists(st.one_of(SPOT, FAR), min_size=2, max_size=6))
    points = [point for i, point in enumerate(points) if not i or point != points[i - 1]]
    if len(points) < 2:
        points = [points[0], (points[0][0] + 1, points[0][1])]
    ends = sorted(draw(st.sets(st.integers(0, FRAMES), min_size=2, max_size=6)))
    runs = []
    for first, last in zip(ends[::2], ends[1::2], strict=False):
        left, right = draw(st.permutations(range(-1, STATES)))[:2]
        runs.append([first, last - first, left, right])
    return points, runs


def as_told(arcs):
    """Return lines and runs in one order and one direction."""
    out = []
    for line, runs in zip(arcs.lines, arcs.runs, strict=True):
        here = (line.tolist(), runs.tolist())
        there = (line[::-1].tolist(), runs[:, [0, 1, 3, 2]].tolist())
        out.append(min(here, there))
    return sorted(out)


def arcs_from(table):
    return Arcs([np.array(line) for line, _ in table], [np.array(runs) for _, runs in table])


@settings(max_examples=60, deadline=None)
@given(st.lists(lines(), max_size=12))
def test_lines_of_any_kind_come_back(table):
    # Nothing here closes to rings: what is not foretold must come back all the same.
    arcs = arcs_from(table)
    blob = coded_arcs(arcs, states=STATES, frames=FRAMES)
    reader = Reader(blob)
    assert as_told(read_arcs(reader, states=STATES, frames=FRAMES)) == as_told(arcs)
    assert reader.finished


def test_a_ring_that_grows_names_its_ends():
    # A square of state 0; then its eastern side moves: three new edges between known corners.
    side = [(1000, 0), (1000, 1000)]
    rest = [(1000, 1000), (0, 1000), (0, 0), (1000, 0)]
    moved = [(1000, 0), (2000, 0), (2000, 1000), (1000, 1000)]
    table = [(rest, [[0, 2, 0, -1]]), (side, [[0, 1, 0, -1]]), (moved, [[1, 1, 0, -1]])]
    blob = coded_arcs(arcs_from(table), states=1, frames=2)
    reader = Reader(blob)
    reader.take(5)  # two frames, gaps, counts
    starts, between, ends = (reader.take(3).tolist() for _ in range(3))
    assert starts == [-1, 0, 0]  # one corner is written; the others begin where lines are lacking
    assert sorted(between[:2]) == [0, 2]
    assert between[2] == 2
    assert ends[1:] == [2, 2]  # the nearest of the open points
    assert as_told(read_arcs(Reader(blob), states=1, frames=2)) == as_told(arcs_from(table))


@pytest.mark.parametrize("cut", [1, 4, 9, 20])
def test_damaged_lines_are_refused(cut):
    table = [([(0, 0), (5, 0), (5, 5), (0, 0)], [[0, 3, 0, -1]])]
    blob = coded_arcs(arcs_from(table), states=1, frames=3)
    with pytest.raises(InputError):
        read_arcs(Reader(blob[:-cut]), states=1, frames=3)
