"""Thiessen cells against brute force on the ellipsoid, at several places of the globe."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from frontline.composite import Composite, coverage_faults, faces_from_linework, merge_faces
from frontline.cutting import cut_cells
from frontline.edges import area_m2
from frontline.errors import InputError
from frontline.tessellation import thiessen

GEOD = Geod(ellps="WGS84")
THEATRES = [(36.0, 33.0, 41.0, 37.0), (24.0, 59.0, 30.0, 61.5), (-60.0, -38.0, -55.0, -34.0)]


def faces_of(cells):
    faces = faces_from_linework(cells.linework)
    spots = shapely.point_on_surface(faces)
    inside = shapely.intersects(cells.outline, spots)
    site, beyond = cells.origins(spots[inside])
    polygons, key, _ = merge_faces(faces[inside], site * 2 + beyond)
    return polygons, key // 2, key % 2 == 1


def distances_m(lon, lat, sites):
    n, k = len(lon), len(sites)
    args = np.repeat(lon, k), np.repeat(lat, k), np.tile(sites[:, 0], n), np.tile(sites[:, 1], n)
    return GEOD.inv(*args)[2].reshape(n, k)


@pytest.mark.parametrize("bounds", THEATRES)
def test_cells_hold_the_points_nearest_to_their_site(bounds):
    rng = np.random.default_rng(7)
    west, south, east, north = bounds
    sites = np.column_stack([rng.uniform(west, east, 250), rng.uniform(south, north, 250)])
    cells = thiessen(*sites.T, outline=shapely.box(*bounds))
    faces, site, beyond = faces_of(cells)
    assert not beyond.any()
    assert coverage_faults(faces) == 0
    lon, lat = rng.uniform(west, east, 4000), rng.uniform(south, north, 4000)
    found = site[Composite.from_polygons(faces).cells_at(shapely.points(lon, lat))]
    away = distances_m(lon, lat, sites)
    two = np.sort(away, axis=1)[:, :2]
    right = found == away.argmin(axis=1)
    assert right.mean() >= 0.998
    # Whatever lies in another cell lies on its border, to a few metres in a hundred kilometres.
    assert (two[~right, 1] - two[~right, 0] < 100.0).all()


@pytest.mark.parametrize("bounds", THEATRES)
def test_cells_with_max_km_are_cut_at_that_distance(bounds):
    rng = np.random.default_rng(3)
    west, south, east, north = bounds
    sites = np.column_stack([rng.uniform(west, east, 40), rng.uniform(south, north, 40)])
    outline = shapely.box(*bounds)
    cells = thiessen(*sites.T, outline=outline, max_km=25)
    faces, _, beyond = faces_of(cells)
    assert coverage_faults(faces) == 0
    composite = Composite.from_polygons(faces)
    assert composite.area_km2.sum() * 1e6 == pytest.approx(area_m2(outline), abs=1.0)
    lon, lat = rng.uniform(west, east, 4000), rng.uniform(south, north, 4000)
    far = beyond[composite.cells_at(shapely.points(lon, lat))]
    nearest = distances_m(lon, lat, sites).min(axis=1)
    # 128 chords a circle: up to 0.0003 of the radius inside it; the plane adds its own.
    clear = np.abs(nearest - 25_000.0) > 50.0
    assert (far == (nearest > 25_000.0))[clear].all()


def test_sites_at_one_spot_are_one_site():
    cells = thiessen(
        [36, 37, 36, 36.0000001], [35, 35, 35, 35], outline=shapely.box(35, 34, 38, 36)
    )
    assert cells.site_of.tolist() == [0, 1, 0, 0]
    faces, site, _ = faces_of(cells)
    assert sorted(site.tolist()) == [0, 1]
    assert len(faces) == 2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_sites_on_a_line_without_an_outline(count):
    cells = thiessen([36, 36.4, 36.8][:count], [35.0] * count, max_km=30)
    faces, site, beyond = faces_of(cells)
    assert set(site.tolist()) == set(range(count))
    assert coverage_faults(faces) == 0
    assert len(faces) < 12
    assert shapely.union_all(faces).contains(shapely.Point(36, 35))
    assert not beyond[[f.contains(shapely.Point(36, 35)) for f in faces]].any()


def test_outline_with_a_hole_and_an_exclave():
    outline = shapely.union_all(
        [
            shapely.box(36, 35, 38, 37).difference(shapely.box(36.8, 35.8, 37.2, 36.2)),
            shapely.box(38.5, 35, 39, 35.5),
        ]
    )
    cells = thiessen([36.5, 37.5, 37.0], [36, 36, 36.9], outline=outline)
    faces, _, _ = faces_of(cells)
    assert coverage_faults(faces) == 0
    assert sum(area_m2(face) for face in faces) == pytest.approx(area_m2(outline), abs=1.0)


@pytest.mark.parametrize(
    ("lon", "lat", "options", "words"),
    [
        ([], [], {}, "at least one site"),
        ([36.0], [np.nan], {}, "finite"),
        ([360.0], [35.0], {}, "degrees"),
        ([36.0], [35.0], {"max_km": 0}, "above 0"),
        ([36.0], [35.0], {"outline": shapely.Polygon()}, "area"),
        ([179.5, -179.5], [65.0, 65.0], {}, "crosses 180 degrees"),
        ([-179.5], [65.0], {"outline": shapely.box(179, 64, 180, 66)}, "crosses 180 degrees"),
        ([179.99], [65.0], {"max_km": 10}, "crosses 180 degrees"),
    ],
)
def test_bad_input(lon, lat, options, words):
    with pytest.raises(InputError, match=words):
        thiessen(lon, lat, **options)


def named(faces):
    return sorted(shapely.to_wkb(shapely.normalize(faces)).tolist())


def scattered(kind, rng):
    if kind == "at random":
        return rng.uniform([36.0, 33.0], [41.0, 37.0], (400, 2))
    if kind == "in a lattice":  # many corners where four cells meet
        return np.stack(
            np.meshgrid(np.arange(36.5, 40.5, 0.25), np.arange(33.5, 36.5, 0.25)), 2
        ).reshape(-1, 2)
    centres = rng.uniform([36.5, 33.5], [40.5, 36.5], (25, 2))  # a few steps of the grid apart
    return np.repeat(centres, 8, axis=0) + rng.integers(-6, 7, (200, 2)) * 1e-6


@pytest.mark.parametrize("kind", ["at random", "in a lattice", "in clusters"])
@pytest.mark.parametrize("max_km", [None, 40.0])
def test_noding_where_lines_run_gives_what_noding_everything_gives(kind, max_km):
    rng = np.random.default_rng(11)
    outline = shapely.Polygon(
        [(35.7, 33), (39, 32.8), (41.2, 34), (40, 37.1), (37, 36), (36, 36.8)]
    )
    outline = outline.difference(shapely.Point(38.5, 35.0).buffer(0.4))
    sites = scattered(kind, rng)
    cells = thiessen(*sites.T, outline=outline, max_km=max_km)
    area = shapely.Polygon([(36.2, 33.1), (38, 34.2), (37.5, 35.4), (36.6, 35)])
    lines = np.append(cells.arcs, shapely.boundary(area))
    found = cut_cells(cells.rings, outline, lines, nearest=cells.nearest)
    ours = np.concatenate([found.polygons, found.faces])
    assert coverage_faults(ours) == 0
    assert shapely.coverage_is_valid(ours)
    # The outline's vertices and crossings move by half a step of the grid.
    assert shapely.area(ours).sum() == pytest.approx(outline.area, abs=outline.length * 1e-6)
    theirs = faces_from_linework(np.append(cells.linework, shapely.boundary(area)))
    theirs = theirs[shapely.intersects(outline, shapely.point_on_surface(theirs))]
    if kind != "in clusters":  # there a vertex may lie on a cell that nothing else touches
        assert named(ours) == named(theirs)
        assert (cells.nearest(shapely.point_on_surface(found.polygons)) == found.whole).all()
        assert max_km or len(found.whole) > len(sites) / 4
    Composite.from_polygons(ours)  # refuses cells that overlap
