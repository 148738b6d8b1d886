"""The composite: shared vertices, shared edges, exact partitions."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from frontline.composite import (
    GRID_DEG,
    Composite,
    coverage_faults,
    edges_of,
    faces_from_linework,
    merge_faces,
)
from frontline.edges import area_m2, length_m
from frontline.errors import InputError


def grid_cells(columns, rows):
    lines = [shapely.LineString([(x, 0), (x, rows)]) for x in range(columns + 1)]
    lines += [shapely.LineString([(0, y), (columns, y)]) for y in range(rows + 1)]
    return faces_from_linework(lines)


def test_grid_has_the_edges_that_can_be_counted():
    composite = Composite.from_polygons(grid_cells(3, 2))
    # Inside: 2 columns of borders x 2 rows + 1 row of borders x 3 columns; outside: 6 cells,
    # the corners' two outer sides are one chain each: 4 corners + 2 middle ones.
    assert (composite.edges["right"] >= 0).sum() == 7
    assert (composite.edges["right"] == -1).sum() == 6
    assert composite.cells.index.name == "cell"


def test_left_is_left_when_walking_the_line():
    composite = Composite.from_polygons(grid_cells(3, 2))
    for edge in composite.edges.itertuples():
        (x0, y0), (x1, y1) = edge.geometry.coords[0], edge.geometry.coords[1]
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        normal = np.array([-(y1 - y0), x1 - x0]) / np.hypot(x1 - x0, y1 - y0) * 0.1
        spots = shapely.points([middle + normal, middle - normal])
        assert composite.cells_at(spots).tolist() == [edge.left, edge.right]


def test_island_and_its_ring_are_two_whole_rings():
    lines = [shapely.box(0, 0, 4, 4).exterior, shapely.box(1, 1, 2, 3).exterior]
    composite = Composite.from_polygons(faces_from_linework(lines))
    assert len(composite) == 2
    assert len(composite.edges) == 2
    assert all(line.is_ring for line in composite.lines)


def test_lengths_and_areas_are_those_of_the_whole():
    composite = Composite.from_polygons(grid_cells(3, 2))
    outer = composite.edges[composite.edges["right"] == -1]
    whole = shapely.box(0, 0, 3, 2)
    assert outer["length_km"].sum() == pytest.approx(length_m(whole.exterior) / 1e3, rel=1e-12)
    assert composite.area_km2.sum() == pytest.approx(area_m2(whole) / 1e6, rel=1e-12)


def test_overlapping_cells_are_refused():
    with pytest.raises(InputError, match="overlap"):
        edges_of(np.array([shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1)]))


def test_a_point_a_step_outside_belongs_to_the_cell_and_one_farther_to_none():
    composite = Composite.from_polygons(grid_cells(2, 1))
    spots = shapely.points([[-0.9e-6, 0.5], [2 + 0.9e-6, 0.5], [1.0, 1 + 0.9e-6], [-2e-6, 0.5]])
    assert composite.cells_at(spots).tolist() == [0, 1, 0, -1]
    assert composite.cells_at(spots, reach_deg=0.0).tolist() == [-1] * 4


def test_dissolve_leaves_negative_codes_out():
    composite = Composite.from_polygons(grid_cells(2, 1))
    codes, shapes = composite.dissolve(np.array([-1, 4]))
    assert codes.tolist() == [4]
    assert shapes[0].equals(composite.polygons[1])
    codes, shapes = composite.dissolve(np.array([7, 7]))
    assert shapes[0].equals(shapely.box(0, 0, 2, 1))


def test_faces_of_one_key_merge_and_slivers_go_to_their_longest_neighbour():
    lines = [
        shapely.box(0, 0, 2, 1).exterior,
        shapely.LineString([(1, 0), (1, 1)]),
        shapely.LineString([(1, 0), (1.00001, 0.5), (1, 1)]),
    ]
    faces = faces_from_linework(lines)
    assert len(faces) == 3
    keys = (shapely.get_x(shapely.centroid(faces)) > 1.1).astype(np.int64)
    keys[np.argmin(shapely.area(faces))] = 9
    polygons, merged, _ = merge_faces(faces, keys, sliver_deg2=1e-4)
    assert sorted(merged.tolist()) == [0, 1]
    assert coverage_faults(polygons) == 0
    assert shapely.area(polygons).sum() == pytest.approx(2.0)


def test_faults_are_overlaps_and_borders_with_other_vertices_only():
    # A hole that touches its own outline where a third polygon ends: sound, though GEOS 3.14
    # calls its neighbour invalid.
    touching = faces_from_linework(
        [
            shapely.box(0, 0, 1, 1).exterior,
            shapely.LineString([(0, 1), (0.5, 0.75), (0.5, 0.875), (0, 1), (1, 0)]),
        ]
    )
    assert len(touching) == 3
    assert coverage_faults(touching) == 0
    left = shapely.box(0, 0, 1, 1)
    right = shapely.box(1, 0, 2, 1)
    with_a_vertex_more = shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])
    whole, filling = shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)
    across = shapely.box(0.5, -1, 0.7, 2)
    for polygons, faults in (
        ([left, right], 0),
        ([left, with_a_vertex_more], 2),
        ([left, left], 2),
        ([left, right, across], 2),
        ([left, shapely.box(0.2, 0.2, 0.4, 0.4)], 2),
        # A hole that is filled exactly, beside an overlap.
        ([shapely.difference(whole, filling), filling, shapely.box(3, 3, 5, 5)], 2),
        ([left, shapely.multipolygons([shapely.box(3, 0, 4, 1), with_a_vertex_more])], 2),
    ):
        assert coverage_faults(np.array(polygons)) == faults


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=12))
@example([(0.0, 1.0), (0.5, 0.75), (0.5, 0.875), (0.0, 1.0), (1.0, 0.0)])
def test_any_linework_gives_an_exact_partition_on_the_grid(points):
    box = shapely.box(0, 0, 1, 1)
    lines = [box.exterior, shapely.LineString(points)]
    faces = faces_from_linework(lines)
    composite = Composite.from_polygons(faces)
    assert coverage_faults(faces) == 0
    assert shapely.area(faces).sum() == pytest.approx(1.0, abs=1e-9)
    xy = shapely.get_coordinates(faces) / GRID_DEG
    assert np.abs(xy - np.rint(xy)).max() < 1e-3
    # Every cell's outline is exactly the edges beside it.
    sides = composite.sides
    for i, polygon in enumerate(composite.polygons):
        beside = (sides == i).any(axis=1)
        assert shapely.length(composite.lines[beside]).sum() == pytest.approx(
            shapely.length(shapely.boundary(polygon))
        )


def test_areas_drawn_from_borders_are_the_unions_of_their_cells(monkeypatch):
    rng = np.random.default_rng(11)
    grid = [shapely.box(i, j, i + 1, j + 1) for i in range(14) for j in range(14)]
    composite = Composite.from_polygons(np.array(grid, dtype=object))
    for _ in range(10):
        codes = rng.integers(-1, 3, len(composite))
        monkeypatch.setattr("frontline.composite._FEW", 10**9)
        wanted, unions = composite.dissolve(codes)
        monkeypatch.setattr("frontline.composite._FEW", 0)
        again, drawn = composite.dissolve(codes)
        assert wanted.tolist() == again.tolist()
        assert shapely.is_valid(drawn).all()
        assert shapely.equals(unions, drawn).all()
