"""Reports on areas: rings that need a repair, areas without any site, and areas alone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.edges import area_m2
from frontline.errors import InputError

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)
SQUARE = shapely.box(36.05, 35.05, 36.15, 35.15)


def reports(*geometries, actor="A", since="2024-12-01"):
    return gpd.GeoDataFrame(
        {"actor": [actor] * len(geometries), "valid_from": [since] * len(geometries)},
        geometry=list(geometries),
        crs=4326,
    )


def history(shape):
    site = reports(shapely.Point(36.3, 35.3), since="2024-11-30")
    return ControlHistory.from_places(
        pd.concat([site, reports(shape, actor="B")], ignore_index=True), outline=BOX
    )


def test_an_area_with_a_spike_is_cut_like_the_area_without_it():
    spike = shapely.Polygon(
        [(36.05, 35.05), (36.15, 35.05), (36.15, 35.15), (36.2, 35.2), (36.15, 35.15),
         (36.05, 35.15)]
    )  # fmt: skip
    assert not spike.is_valid
    held = history(spike).at("2024-12-02").set_index("actor")["area_km2"]
    assert held["B"] == pytest.approx(area_m2(SQUARE) / 1e6, rel=1e-6)
    assert held["A"] == pytest.approx((area_m2(BOX) - area_m2(SQUARE)) / 1e6, rel=1e-6)


def test_a_bow_tie_is_its_two_triangles():
    tie = shapely.Polygon([(36.05, 35.05), (36.15, 35.15), (36.15, 35.05), (36.05, 35.15)])
    wings = [
        shapely.Polygon([(36.05, 35.05), (36.1, 35.1), (36.05, 35.15)]),
        shapely.Polygon([(36.15, 35.05), (36.1, 35.1), (36.15, 35.15)]),
    ]
    held = history(tie).at("2024-12-02").set_index("actor")["area_km2"]
    assert held["B"] == pytest.approx(sum(area_m2(wing) for wing in wings) / 1e6, rel=1e-6)


def test_a_ring_without_an_area_is_a_fault():
    line = shapely.Polygon([(36.05, 35.05), (36.15, 35.15), (36.05, 35.05), (36.05, 35.05)])
    with pytest.raises(InputError, match=r"row 1: the ring .* holds no area"):
        history(line)


def test_areas_alone_speak_for_themselves_and_for_nothing_else():
    other = shapely.box(36.2, 35.2, 36.3, 35.3)
    h = ControlHistory.from_places(reports(SQUARE, other), outline=BOX, max_km=5)
    held = h.at("2024-12-02").set_index("actor")
    both = (area_m2(SQUARE) + area_m2(other)) / 1e6
    assert held.loc["A", "area_km2"] == pytest.approx(both, rel=1e-6)
    assert held["area_km2"].sum() == pytest.approx(area_m2(BOX) / 1e6, rel=1e-6)
    assert len(h.cells) == 3
    assert h.cells["beyond"].tolist() == [
        not shapely.intersects(shapely.union(SQUARE, other), spot)
        for spot in shapely.point_on_surface(np.asarray(h.cells.geometry.array))
    ]
    assert h.cells["place"].tolist() == [None] * 3


def test_areas_alone_without_an_outline_are_the_theatre():
    h = ControlHistory.from_places(reports(SQUARE), infill=True, contested_km=1)
    assert h.at("2024-12-02")["area_km2"].tolist() == pytest.approx([area_m2(SQUARE) / 1e6])


def test_areas_that_speak_for_sites_need_sites():
    with pytest.raises(InputError, match="there are no sites"):
        ControlHistory.from_places(reports(SQUARE).assign(cut=False), outline=BOX)


def test_one_outline_may_cut_for_one_report_and_not_for_another():
    left, right = shapely.Point(36.1, 35.2), shapely.Point(36.3, 35.2)
    frame = reports(left, right, since="2024-11-30")
    wide = shapely.box(36.0, 35.0, 36.25, 35.4)  # holds the left site and a part of the right cell
    areas = reports(wide, wide, actor="B")
    areas["cut"] = [True, False]
    areas["actor"], areas["valid_from"] = ["B", "C"], ["2024-12-01", "2024-12-02"]
    h = ControlHistory.from_places(pd.concat([frame, areas], ignore_index=True), outline=BOX)
    held = h.at("2024-12-03").set_index("actor")["area_km2"]
    half = area_m2(shapely.box(36.0, 35.0, 36.2, 35.4)) / 1e6
    strip = area_m2(shapely.box(36.2, 35.0, 36.25, 35.4)) / 1e6
    assert held["C"] == pytest.approx(half, rel=1e-4)  # the left site's whole cell
    assert held["B"] == pytest.approx(strip, rel=1e-3)  # cut from the right one's
