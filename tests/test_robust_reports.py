"""Geometry of reports as strangers send it: taken as meant, or refused with its row."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import wkt

from frontline.composite import coverage_faults
from frontline.control import ControlHistory
from frontline.errors import CRSError, InputError

OUTLINE = shapely.box(35.0, 34.0, 38.0, 37.0)


def built(shape, *, crs=4326, outline=OUTLINE):
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B"], "valid_from": ["2024-11-01", "2024-12-01"]},
        geometry=[shapely.Point(36.5, 35.5), shape],
        crs=crs,
    )
    return ControlHistory.from_places(frame, outline=outline)


def moved(to):
    """An area one of whose corners lies nowhere."""
    with np.errstate(invalid="ignore"):
        return shapely.transform(
            shapely.box(36, 35, 37, 36),
            lambda xy: np.where((xy == [36, 36]).all(axis=1)[:, None], to, xy),
        )


AREAS = {
    "a bow-tie": "POLYGON((36 35, 37 36, 37 35, 36 36, 36 35))",
    "a ring that touches itself": "POLYGON((36 35, 37 35, 36.5 35.5, 37 36, 36 36, 36.5 35.5, "
    "36 35))",
    "a hole outside": "POLYGON((36 35, 37 35, 37 36, 36 36, 36 35), "
    "(37.2 35.2, 37.4 35.2, 37.4 35.4, 37.2 35.2))",
    "points twice": "POLYGON((36 35, 36 35, 37 35, 37 35, 37 36, 36 36, 36 35))",
    "wound the wrong way": "POLYGON((36 35, 36 36, 37 36, 37 35, 36 35))",
    "three dimensions": "POLYGON Z((36 35 900, 37 35 900, 37 36 900, 36 36 900, 36 35 900))",
    "with measures": "POLYGON M((36 35 1, 37 35 1, 37 36 1, 36 36 1, 36 35 1))",
    "reaching past the outline": "POLYGON((37 35, 41 35, 41 36, 37 36, 37 35))",
}


@pytest.mark.parametrize("kind", AREAS)
def test_an_area_is_taken_as_meant(kind):
    h = built(wkt.loads(AREAS[kind]))
    shapes = h.at("2024-12-02").set_index("actor").geometry
    meant = shapely.make_valid(shapely.force_2d(wkt.loads(AREAS[kind]))).intersection(OUTLINE)
    assert shapes["B"].symmetric_difference(meant).area == pytest.approx(0.0, abs=1e-5)
    assert coverage_faults(h.composite.polygons) == 0
    assert shapely.area(shapes.to_numpy()).sum() == pytest.approx(OUTLINE.area, abs=1e-5)


NOTHING = {
    "none": (None, "neither place nor geometry"),
    "an empty point": (shapely.Point(), "empty"),
    "an empty polygon": (shapely.Polygon(), "empty"),
    "no extent": (shapely.Polygon([(36, 35), (37, 36), (36, 35)]), "holds no area"),
    "not a number": (moved(np.nan), "not finite"),
    "without end": (moved(np.inf), "not finite"),
    "a line": (shapely.LineString([(36, 35), (37, 36)]), "LineString"),
    "a collection": (shapely.GeometryCollection([shapely.Point(36, 35)]), "GeometryCollection"),
    "elsewhere": (shapely.box(10, 10, 11, 11), "outside the outline"),
    "swapped": (shapely.Point(35.5, 37.5), "swapped it would be inside"),
    "a text": ("POINT(36 35)", "not a shapely geometry"),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_what_is_no_place_is_refused_with_its_row(kind):
    shape, words = NOTHING[kind]
    frame = pd.DataFrame(
        {
            "actor": ["A", "B"],
            "valid_from": ["2024-12-01"] * 2,
            "geometry": [shapely.Point(36.5, 35.5), shape],
        }
    )
    with pytest.raises(InputError, match=f"row 1.*{words}"):
        ControlHistory.from_places(frame, outline=OUTLINE)


@pytest.mark.parametrize(
    ("shape", "crs", "error"),
    [
        (shapely.Point(396.5, 35.5), 4326, CRSError),  # counted on past the date line
        (shapely.Point(181.0, 35.5), 4326, CRSError),
        (shapely.Point(3_000_000, 4_000_000), 4326, CRSError),  # metres labelled as degrees
        (shapely.Point(36.5, 35.6), None, CRSError),
    ],
)
def test_numbers_that_do_not_fit_their_reference_system(shape, crs, error):
    with pytest.raises(error):
        built(shape, crs=crs)


def test_feet_are_taken_to_degrees():
    point = gpd.GeoSeries([shapely.Point(-119.0, 35.5), shapely.Point(-119.2, 35.5)], crs=4326)
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B"], "valid_from": ["2024-12-01"] * 2}, geometry=point
    ).to_crs(2229)  # California zone 5, US survey feet
    h = ControlHistory.from_places(frame, max_km=20)
    assert h.holder(list(point), "2024-12-02").tolist() == ["A", "B"]


def test_a_theatre_round_the_date_line_is_refused_and_one_near_the_pole_is_not():
    def at(lon, lat):
        frame = gpd.GeoDataFrame(
            {"actor": ["A", "B"], "valid_from": ["2024-12-01"] * 2},
            geometry=gpd.points_from_xy(lon, lat),
            crs=4326,
        )
        return ControlHistory.from_places(frame, max_km=10)

    with pytest.raises(InputError, match="180 degrees"):
        at([179.9, -179.9], [65.0, 65.0])
    north = at([20.0, 20.5], [85.0, 85.0])
    assert coverage_faults(north.composite.polygons) == 0
    assert north.holder([(20.0, 85.0), (20.5, 85.0)], "2024-12-02").tolist() == ["A", "B"]


def test_an_area_of_many_vertices():
    angle = np.linspace(0, 2 * np.pi, 50_000, endpoint=False)
    radius = 0.5 + 0.01 * np.sin(500 * angle)
    lonlat = [36.5 + radius * np.cos(angle), 35.5 + radius * np.sin(angle)]
    area = shapely.Polygon(np.column_stack(lonlat))
    h = built(area)
    shapes = h.at("2024-12-02").set_index("actor").geometry
    assert shapes["B"].area == pytest.approx(area.area, rel=1e-5)


def test_sites_a_step_of_the_grid_apart():
    rng = np.random.default_rng(4)
    base = rng.uniform([35.5, 34.5], [37.5, 36.5], (40, 2))
    sites = np.concatenate([base, base + np.array([1e-6, 0]), base + np.array([0, 1e-6]), base[:5]])
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B", "C"] * 41 + ["A", "B"], "valid_from": "2024-12-01"},
        geometry=shapely.points(sites),
        crs=4326,
    )
    h = ControlHistory.from_places(frame, outline=OUTLINE)
    assert coverage_faults(h.composite.polygons) == 0
    assert h.composite.area_km2.sum() == pytest.approx(10066.275 * 9, rel=0.05)
    assert shapely.area(h.composite.polygons).sum() == pytest.approx(OUTLINE.area, abs=1e-9)
