"""The benchmarks stand on a made archive and on slow independent answers; both are held here."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def scripts():
    """Return a function that imports a script of benchmarks/, as scripts import each other."""
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def archive(scripts):
    """Return the generator of archives."""
    return scripts("archive")


def test_an_archive_of_sixty_days_is_like_the_real_one(archive):
    # The expectations are those of the real archive for a month or two of it: rates of a
    # day as published in archive.TARGETS, sums in proportion to the days.
    found = archive.measure(archive.archive(60))
    assert found["days"] == 60
    assert (found["gaps"], found["missing days"]) == (1, 2)  # 18 and 19 August 2024
    assert found["invalid zones"] == 0
    assert found["steps without any change"] == 9  # of 59, as 113 of 768
    assert found["vertices a day, median"] == pytest.approx(2900, rel=0.03)
    assert 5 <= found["parts a day, least"] <= found["parts a day, most"] <= 21
    assert found["holes a day, most"] <= 2
    assert found["jitter steps"] in (2, 3)  # there and back; and one that lasts
    assert 40 < found["shared edges on jitter steps, least %"] < 60
    assert found["changed edges a step, median %"] == pytest.approx(0.55, abs=0.15)
    assert found["area, first day, km2"] == pytest.approx(109_361, rel=0.001)
    assert found["gained, km2"] == pytest.approx(8263 * 59 / 768, rel=0.15)
    assert found["length, last day, km"] == pytest.approx(4_200, rel=0.05)  # 4,149 to 4,550
    assert found["edge p50, last day, m"] == pytest.approx(790, rel=0.1)  # 767 to 967
    assert found["edge p99, last day, m"] == pytest.approx(9880, rel=0.15)


def test_the_whole_archive_has_the_days_of_the_real_one(archive):
    days = archive.dates(769)
    assert (days[0], days[-1]) == (dt.date(2024, 7, 8), dt.date(2026, 8, 22))
    assert len(days) == len(set(days)) == 769
    assert (days[-1] - days[0]).days + 1 - len(days) == 7


def test_last_digits_vanish_in_rounding_and_half_of_them_change(scripts):
    zone = scripts("zone")
    rng = np.random.default_rng(5)
    ring = rng.integers([31_000_000, 44_000_000], [40_000_000, 51_000_000], (4_000, 2))
    plain, jittered = zone.written(ring, ()), zone.written(ring, (7,))
    for each in (plain, jittered):
        assert (np.rint(each * 1e6).astype(int) == ring).all()
        assert np.abs(each - ring / 1e6).max() < 4e-7
    moved = (plain != jittered).any(axis=1)
    assert 0.4 < moved.mean() < 0.6


def test_the_same_arguments_give_the_same_archive(archive):
    first, again, other = (list(archive.archive(3, 300, seed)) for seed in (1, 1, 2))
    assert [zone.wkb for _, zone in first] == [zone.wkb for _, zone in again]
    assert first[0][1].wkb != other[0][1].wkb


def test_files_are_read_back_as_they_were_written(archive, tmp_path):
    frames = list(archive.archive(3, 300))
    paths = archive.write_files(tmp_path, frames)
    assert paths[0].name == "made_archive_20240708.geojson"
    again = archive.read_files(tmp_path)
    assert [day for day, _ in again] == [day for day, _ in frames]
    assert all(a.equals_exact(b, 0.0) for (_, a), (_, b) in zip(frames, again, strict=True))
    table = archive.to_frame(frames)
    assert list(table.columns) == ["date", "actor", "geometry"]
    assert table.crs == "EPSG:4326"


def test_independent_areas_and_distances(scripts):
    peers = scripts("peers")
    # The surface of WGS84 as GeographicLib gives it: 510065621724088.44 m2.
    surface = peers.area_km2(shapely.box(-180, -90, 180, 90))
    assert surface == pytest.approx(510_065_621.724, rel=1e-9)
    hollow = shapely.Polygon(shapely.box(0, 0, 2, 2).exterior, [shapely.box(0, 0, 1, 1).exterior])
    ring = peers.area_km2(shapely.box(0, 0, 2, 2)) - peers.area_km2(shapely.box(0, 0, 1, 1))
    assert peers.area_km2(hollow) == pytest.approx(ring, rel=1e-12)
    # A degree of longitude along the equator is a * pi / 180; a meridian is a geodesic.
    meridian = shapely.LineString([(10, -5), (10, 5)])
    found = peers.distance_m(np.array([[11.0, 0.0], [10.0, 6.0]]), meridian)
    assert found[0] == pytest.approx(6_378_137.0 * np.pi / 180, abs=1e-6)
    assert found[1] == pytest.approx(meridian_m(6.0) - meridian_m(5.0), abs=1e-3)


def meridian_m(lat_deg):
    """Return the length of the meridian from the equator (Snyder 1987, equation 3-21)."""
    a, f = 6_378_137.0, 1 / 298.257_223_563
    e2, lat = f * (2 - f), np.radians(lat_deg)
    return a * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * lat
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * np.sin(2 * lat)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * np.sin(4 * lat)
        - (35 * e2**3 / 3072) * np.sin(6 * lat)
    )
