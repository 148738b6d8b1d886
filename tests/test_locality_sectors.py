"""Offsets and rings as columns: the same numbers as one by one, everywhere on Earth."""

from __future__ import annotations

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from frontline.errors import InputError
from frontline.gazetteer import Gazetteer
from frontline.locality import calibration as cal
from frontline.locality import locate, sectors

GEOD = Geod(ellps="WGS84")
METHODS = [cal.calibration("standard")] + [
    cal.calibration("calibrated", coverage=each) for each in cal.COVERAGES
]
HOMS = (36.72339, 34.72682)

rows = st.builds(
    lambda lon, lat, azimuth, stated, points, extent, extra, start: sectors.Offsets.of(
        lon, lat, azimuth, stated, stated, stated, 500.0, extent, points, extra, start
    ),
    st.floats(-180, 180),
    st.floats(-89, 89),
    st.floats(0, 360),
    st.floats(0, 400_000),
    st.sampled_from([4, 8, 16, 32, 0]),
    st.floats(0, 25_000),
    st.sampled_from([0.0, 0.0, 22.5]),
    st.sampled_from([0.0, 0.0, 5000.0]),
)


def row(stated, points=8, azimuth=45.0, extent=3358.0, centre=HOMS, **other):
    values = sectors.Offsets.of(
        *centre, azimuth, stated, stated, stated, 500.0, extent, points, 0.0, 0.0
    )
    return dataclasses.replace(values, **{k: np.array([v]) for k, v in other.items()})


@given(st.lists(rows, min_size=1, max_size=5), st.sampled_from(METHODS))
@settings(max_examples=150, deadline=None)
def test_a_column_is_its_rows(column, numbers):
    whole = sectors.stack(column)
    radii, regions = (f(whole, numbers) for f in (sectors.offset_radius_m, sectors.offset_regions))
    parts = sectors.offset_parts(whole, numbers)
    assert sum(parts.values()) == pytest.approx(radii, rel=1e-12)
    assert all((part >= -1e-9).all() for part in parts.values())
    for number, one in enumerate(column):
        assert sectors.offset_radius_m(one, numbers)[0] == radii[number]
        if not np.delete(whole.extra_deg, number).any() and not one.extra_deg[0]:
            assert sectors.offset_regions(one, numbers)[0].equals(regions[number])


@given(rows, st.sampled_from(METHODS))
@settings(max_examples=200, deadline=None)
def test_regions_are_valid_and_hold_the_point(one, numbers):
    region = sectors.offset_regions(one, numbers)[0]
    lon, lat = (float(each[0]) for each in sectors.offset_points(one))
    assert region.is_valid
    west, south, east, north = region.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert region.area > 0
    if abs(abs(lon) - 180) > 1e-6:
        assert shapely.distance(region, shapely.Point(lon, lat)) < 1e-5


@pytest.mark.parametrize("points", [4, 8, 16, 32, 0])
@pytest.mark.parametrize("stated", [500.0, 4e3, 7e3, 12e3, 30e3, 60e3, 120e3, 900e3])
def test_levels_lie_in_each_other(stated, points):
    regions, radii = [], []
    for level in cal.COVERAGES:
        numbers = cal.calibration("calibrated", coverage=level)
        one = row(stated, points)
        regions.append(sectors.offset_regions(one, numbers)[0])
        radii.append(float(sectors.offset_radius_m(one, numbers)[0]))
        lon, lat = (float(each[0]) for each in sectors.offset_points(one))
        assert shapely.covers(regions[-1], shapely.Point(lon, lat))
    assert radii == sorted(radii)
    for inner, outer in itertools.pairwise(regions):
        # Both outlines are polygons of chords; what a chord cuts off is no more than this.
        assert shapely.difference(inner, outer).area <= 0.003 * inner.area
        assert inner.area < outer.area


WALK_M = np.geomspace(100.0, 500_000.0, 120)
EXTENTS_M = (0.0, 500.0, 3358.0, 25_000.0)


def walk(points, extent):
    one = np.ones(len(WALK_M))
    lon, lat = one * HOMS[0], one * HOMS[1]
    return sectors.Offsets(
        *(lon, lat, one * 45.0, WALK_M, WALK_M, WALK_M, one * 500.0, one * extent),
        *(one * points, one * 0.0, one * 0.0),
    )


def areas_m2(regions):
    return np.array([abs(GEOD.geometry_area_perimeter(each)[0]) for each in regions])


@pytest.mark.parametrize("numbers", METHODS[1:], ids=lambda each: f"{each.coverage}")
@pytest.mark.parametrize("points", [4, 8, 16, 32, 0])
def test_farther_is_never_surer(points, numbers):
    """On a walk away from a place, circle and region grow with every step."""
    for extent in EXTENTS_M:
        column = walk(points, extent)
        radii = sectors.offset_radius_m(column, numbers)
        assert (np.diff(radii) >= -1e-9 * radii[:-1]).all()
        areas = areas_m2(sectors.offset_regions(column, numbers))
        assert (np.diff(areas) > -1e-4 * areas[:-1]).all()


@pytest.mark.parametrize("numbers", METHODS[1:], ids=lambda each: f"{each.coverage}")
def test_rings_grow_with_their_distance(numbers):
    for extent in EXTENTS_M:
        column = walk(8, extent)
        rings = sectors.Rings(
            *(column.lon, column.lat, WALK_M, WALK_M, column.precision_m, column.extent_m),
            column.start_m,
        )
        assert (np.diff(sectors.ring_radius_m(rings, numbers)) > 0).all()
        assert (np.diff(areas_m2(sectors.ring_regions(rings, numbers))) > 0).all()


@pytest.mark.parametrize("numbers", METHODS[1:], ids=lambda each: f"{each.coverage}")
@pytest.mark.parametrize("extent", EXTENTS_M)
def test_a_finer_wind_is_never_wider(numbers, extent):
    """Of the same distance and level. Of 4 and 8 winds the data say so of the upper levels only."""
    roses = [4, 8, 16, 32, 0] if numbers.coverage >= 0.9 else [8, 16, 32, 0]
    for coarse, fine in itertools.pairwise(roses):
        wide, narrow = walk(coarse, extent), walk(fine, extent)
        for measure in (
            sectors.offset_radius_m,
            lambda column, numbers: sectors.beans(column, numbers).half_angle_deg,
            lambda column, numbers: sectors.heading_half_angle_deg(column.points, numbers),
            lambda column, numbers: areas_m2(sectors.offset_regions(column, numbers)),
        ):
            assert (measure(narrow, numbers) <= measure(wide, numbers) * (1 + 1e-9)).all()


@given(
    st.floats(100.0, 300_000.0), st.floats(0, 25_000), st.floats(0, 5_000), st.sampled_from(METHODS)
)
@settings(max_examples=100, deadline=None)
def test_within_reaches_no_farther_than_from(high, extent, precision, numbers):
    """Both end at the same distance; parts are named for what they are."""
    rings = [
        sectors.Rings.of(*HOMS, low, high, precision, extent, 0.0) for low in (0.0, high / 2, high)
    ]
    radii = [float(sectors.ring_radius_m(each, numbers)[0]) for each in rings]
    assert radii == pytest.approx([radii[0]] * 3, rel=1e-12)
    for ring in rings:
        parts = sectors.ring_parts(ring, numbers)
        assert parts["distance"][0] == high
        assert 0 <= parts["extent"][0] <= extent
        assert 0 <= parts["distance precision"][0] <= precision
        assert min(each[0] for each in parts.values()) >= 0
    offsets = [row(high, low_m=low, extent=extent) for low in (0.0, high / 2, high)]
    if numbers.fitted is not None:
        beans = [sectors.beans(each, numbers) for each in offsets]
        far = [float((each.middle_high_m + each.outer_m)[0]) for each in beans]
        assert far == pytest.approx([far[0]] * 3, rel=1e-5)  # a step beyond the point


def test_rings_and_discs_agree_with_the_phrase():
    frame = gpd.GeoDataFrame(
        {"name": ["Homs"], "radius_m": [4000.0]}, geometry=[shapely.Point(HOMS)], crs=4326
    )
    gazetteer = Gazetteer.from_frame(frame)
    for level in cal.COVERAGES:
        numbers = cal.calibration("calibrated", coverage=level)
        for words, low in (("15 km from Homs", 15_000.0), ("within 15 km of Homs", 0.0)):
            found = locate(words, gazetteer, coverage=level)
            precision = 500.0
            ring = sectors.Rings.of(*HOMS, low, 15_000.0, precision, 4000.0, 0.0)
            assert found.uncertainty_m == sectors.ring_radius_m(ring, numbers)[0]
            assert found.region.equals(sectors.ring_regions(ring, numbers)[0])
        found = locate("15 km NE of Homs", gazetteer, coverage=level)
        one = row(15_000.0, extent=4000.0)
        assert found.uncertainty_m == sectors.offset_radius_m(one, numbers)[0]
        assert found.region.equals(sectors.offset_regions(one, numbers)[0])
        assert found.coverage == level


def test_a_wider_heading_widens_the_region():
    numbers = cal.calibration("calibrated")
    plain, wide = row(20_000.0), row(20_000.0, extra_deg=22.5)
    narrow, broad = (sectors.offset_regions(each, numbers)[0] for each in (plain, wide))
    assert broad.area > 1.3 * narrow.area
    assert shapely.difference(narrow, broad).area < 0.01 * narrow.area
    for side in (-1, 1):
        at = shapely.Point(GEOD.fwd(*HOMS, 45 + side * 60, 19_000)[:2])
        assert broad.covers(at)
        assert not narrow.covers(at)
    assert sectors.offset_radius_m(wide, numbers) > sectors.offset_radius_m(plain, numbers)


def test_across_the_antimeridian_and_at_a_pole():
    numbers = cal.calibration("calibrated")
    over = sectors.offset_regions(row(20e3, azimuth=90.0, centre=(179.9, -16.5)), numbers)[0]
    assert over.geom_type == "MultiPolygon"
    assert over.covers(shapely.Point(GEOD.fwd(179.9, -16.5, 90, 20e3)[:2]))
    polar = sectors.offset_regions(row(20e3, azimuth=0.0, centre=(20.0, 89.95)), numbers)[0]
    assert polar.is_valid
    assert polar.covers(shapely.Point(GEOD.fwd(20.0, 89.95, 0, 20e3)[:2]))


def test_what_reaches_too_far_is_refused():
    numbers = cal.calibration("calibrated")
    far = row(9_500e3)
    assert sectors.offset_reach_m(far, numbers)[0] > 9_990e3
    with pytest.raises(InputError, match="reaches"):
        sectors.offset_regions(far, numbers)
    with pytest.raises(InputError, match="standard"):
        sectors.beans(row(5e3), cal.STANDARD)


@pytest.mark.parametrize("coverage", [0.0, 0.99, 1, True, "0.95", None, float("nan"), [0.5]])
def test_other_coverages_are_refused(coverage):
    with pytest.raises(InputError, match="coverage must be one of"):
        cal.calibration("calibrated", coverage=coverage)


def test_the_standard_has_no_levels():
    assert cal.calibration("standard").coverage is None
    with pytest.raises(InputError, match="no levels"):
        cal.calibration("standard", coverage=0.5)
