"""Snap rounding: nothing crosses afterwards, nothing moves by more than a pixel."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.errors import InputError
from frontline.noding import LARGEST, node_segments
from frontline.windings import faces_between, winding_changes


def lines_of(start, end):
    return shapely.linestrings(np.stack([start, end], axis=1).astype(float))


def crossings(pieces):
    """Count pairs of distinct pieces whose insides meet anything of the other."""
    ends = np.sort(np.hstack([pieces.start, pieces.end]).reshape(-1, 2, 2).view("i8,i8"), axis=1)
    ends = np.unique(ends.view(np.int64).reshape(-1, 4), axis=0)
    lines = lines_of(ends[:, :2], ends[:, 2:])
    one, two = shapely.STRtree(lines).query(lines)
    relation = shapely.relate(lines[one[one < two]], lines[two[one < two]])
    # II, IB and BI of the matrix: only ends may meet ends.
    return sum(each[0] != "F" or each[1] != "F" or each[3] != "F" for each in relation)


segments = st.integers(2, 40).flatmap(
    lambda count: st.lists(
        st.tuples(*[st.integers(0, 30)] * 4), min_size=count, max_size=count
    ).map(np.array)
)


@given(segments)
@settings(max_examples=150, deadline=None)
def test_pieces_meet_at_their_ends_only_and_keep_to_their_parents(table):
    start, end = table[:, :2], table[:, 2:]
    pieces = node_segments(start, end)
    assert crossings(pieces) == 0
    parent = lines_of(start, end)[pieces.parent]
    for spots in (pieces.start, pieces.end):
        off = shapely.distance(parent, shapely.points(spots.astype(float)))
        assert (off <= 2.0).all()
    for number in np.unique(pieces.parent):
        mine = pieces.parent == number
        chain = np.vstack([pieces.start[mine], pieces.end[mine][-1:]])
        assert (chain[1:-1] == pieces.end[mine][:-1]).all()
        assert (chain[0] == start[number]).all()
        assert (chain[-1] == end[number]).all()


def test_the_published_example_of_a_crossing_off_the_grid_is_rounded():
    # (0,0)-(3,1) and (0,1)-(3,0) cross at (1.5, 0.5); rint rounds halves to even: (2, 0).
    pieces = node_segments(np.array([[0, 0], [0, 1]]), np.array([[3, 1], [3, 0]]))
    assert [2, 0] in pieces.end.tolist()
    assert crossings(pieces) == 0


def test_sides_are_exact_where_floating_point_is_not():
    # The middle spot misses the long line by a part in 1e18; twice its product exceeds 2**53.
    big = (1 << 30) - 1
    pieces = node_segments(
        np.array([[0, 0], [big // 2, big // 2 + 1]]), np.array([[big, big], [big // 2, big]])
    )
    assert crossings(pieces) == 0


def test_coordinates_beyond_the_grid_are_refused():
    with pytest.raises(InputError, match="must stay below"):
        node_segments(np.array([[LARGEST[0], 0]]), np.array([[0, 0]]))


def square(x, y, size):
    ring = np.array([[x, y], [x + size, y], [x + size, y + size], [x, y + size]])
    return ring, np.roll(ring, -1, axis=0)


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 8)), min_size=1, max_size=6
    )
)
@settings(max_examples=80, deadline=None)
def test_windings_are_those_of_points_in_squares(squares):
    rings = [square(*each) for each in squares]
    start = np.vstack([ring[0] for ring in rings])
    end = np.vstack([ring[1] for ring in rings])
    pieces = node_segments(start, end)
    faces = faces_between(pieces)
    frame = pieces.parent // 4  # square i is drawn from frame i on
    drawn = np.where(faces.forward, 1, -1)
    changes = winding_changes(
        faces, np.zeros(len(frame), dtype=np.int64), frame, faces.edge_of, drawn
    )
    last = np.zeros(len(faces.polygons), dtype=np.int64)
    for face, winding in zip(changes.face, changes.winding, strict=True):
        last[face] = winding
    spots = shapely.point_on_surface(faces.polygons)
    boxes = [shapely.box(x, y, x + size, y + size) for x, y, size in squares]
    assert last.tolist() == [sum(box.contains(spot) for box in boxes) for spot in spots]
