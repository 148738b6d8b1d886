"""What the views answer where the geometry or the record is awkward."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.errors import AmbiguousPlaceError, UnknownPlaceError

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)


def sites(rows, **columns):
    table = pd.DataFrame(rows, columns=["lon", "lat", "actor", "valid_from"]).assign(**columns)
    points = gpd.points_from_xy(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


@pytest.mark.parametrize(
    ("outline", "halves", "towards"),
    [
        # A border of 12 degrees along a parallel, and one along a meridian, both of one edge.
        ((30, 50, 42, 60), [(30, 50, 42, 55), (30, 55, 42, 60)], (36.0, 55.5)),
        ((30, 50, 42, 60), [(30, 50, 42, 55), (30, 55, 42, 60)], (36.0, 40.0)),
        ((30, 20, 50, 32), [(30, 20, 40, 32), (40, 20, 50, 32)], (36.0, 26.0)),
        ((30, 20, 50, 32), [(30, 20, 40, 32), (40, 20, 50, 32)], (10.0, 26.0)),
    ],
)
def test_advance_is_the_distance_to_the_front_where_edges_are_long(outline, halves, towards):
    dents = [shapely.box(*halves[0]), shapely.box(*halves[1])]
    # A small pocket makes a second, short edge that must not win by a wrong preselection.
    pocket = shapely.Point(dents[1].bounds[2] - 0.5, dents[1].bounds[3] - 0.5).buffer(0.3)
    frame = gpd.GeoDataFrame(
        {"actor": ["A", "B", "A"], "valid_from": ["2024-12-01"] * 3},
        geometry=[*dents, pocket],
        crs=4326,
    )
    h = ControlHistory.from_places(frame, outline=shapely.box(*outline))
    exact = h.distance_to_front([towards], "2024-12-02").iloc[0] / 1e3
    table = h.advance(towards, start="2024-12-02", end="2024-12-02")
    assert table["distance_km"].iloc[0] == pytest.approx(exact, abs=1e-6)


def test_what_was_withdrawn_confirms_nothing():
    rows = sites(
        [
            (36.1, 35.2, "A", "2024-12-01"),
            (36.3, 35.2, "B", "2024-12-01"),
            (36.3, 35.2, "B", "2024-12-04"),
        ],
        recorded_from=["2024-12-01", "2024-12-01", "2024-12-04"],
        recorded_to=[None, None, "2024-12-06"],
    )
    h = ControlHistory.from_places(rows, outline=BOX)
    first, then = pd.Timestamp("2024-12-01", tz="UTC"), pd.Timestamp("2024-12-04", tz="UTC")
    assert h.front("2024-12-08")["confirmed_on"].tolist() == [first]
    assert h.front("2024-12-08", as_of="2024-12-05")["confirmed_on"].tolist() == [then]
    assert h.front("2024-12-08", as_of="2024-12-06")["confirmed_on"].tolist() == [first]
    table = h.advance((36.1, 35.2), start="2024-12-08", end="2024-12-08")
    assert table["staleness_days"].tolist() == [7.0]
    assert np.isfinite(table["distance_km"]).all()


def test_a_site_on_the_outline_is_held():
    # A third is on no grid: the cells' own border runs beside such a point.
    corners = [(36 + 1 / 3, 35.0), (36.7, 35 + 1 / 3), (36 + 2 / 3, 35.7), (36.0, 35 + 2 / 3)]
    outline = shapely.Polygon(corners)
    on_sides = np.asarray(corners) * 6 / 7 + np.roll(corners, -1, axis=0) / 7
    rim = [*corners, *map(tuple, on_sides.tolist())]
    rows = sites([(36.3, 35.3, "A", "2024-12-01"), (36.5, 35.5, "B", "2024-12-01")])
    h = ControlHistory.from_places(rows, outline=outline)
    assert set(h.holder(rim, "2024-12-02")) <= {"A", "B"}
    assert h.holder([(36.0, 35.0)], "2024-12-02").tolist() == [None]
    exact = h.composite.cells_at(shapely.points(rim), reach_deg=0.0)
    assert (exact == -1).any()


def test_points_keep_their_index():
    rows = sites([(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "B", "2024-12-01")])
    h = ControlHistory.from_places(rows, outline=BOX)
    points = pd.Series([shapely.Point(36.1, 35.2), (36.3, 35.2)], index=["x", "y"])
    assert h.holder(points, "2024-12-02").to_dict() == {"x": "A", "y": "B"}
    assert h.distance_to_front(points, "2024-12-02").index.tolist() == ["x", "y"]
    whens = pd.Series(["2024-12-02", "2024-11-01"], index=["y", "x"])
    assert h.holder(points, whens).to_dict() == {"x": None, "y": "B"}


@pytest.mark.parametrize("kind", [float, np.float32, np.float64, np.int64])
def test_a_pair_of_any_numbers_is_one_point(kind):
    rows = sites([(37, 35, "A", "2024-12-01"), (39, 35, "B", "2024-12-01")])
    h = ControlHistory.from_places(rows, outline=shapely.box(36, 34, 40, 36))
    assert h.holder((kind(37), kind(35)), "2024-12-02").tolist() == ["A"]


# --- names ---------------------------------------------------------------------------------


class Atlas:
    """A gazetteer of one place."""

    def place(self, name):
        if name != "Nowhere":
            raise UnknownPlaceError(f"{name!r} is unknown", name=name)
        return SimpleNamespace(point=shapely.Point(36.35, 35.35))


PLACES = gpd.GeoDataFrame(
    {"name": ["Hama", "Suran", "Suran"], "place_id": ["p1", "p2", "p3"]},
    geometry=gpd.points_from_xy([36.1, 36.2, 36.3], [35.2, 35.35, 35.35]),
    crs=4326,
)


def named(**options):
    rows = sites([(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "B", "2024-12-01")])
    return ControlHistory.from_places(rows, outline=BOX, **options)


def distance(h, towards):
    return h.advance(towards, start="2024-12-02", end="2024-12-02")["distance_km"].iloc[0]


def test_a_name_means_the_history_s_own_place_first(tmp_path):
    # The Hama of these places is not where the bundled gazetteer has it.
    h = named(places=PLACES, gazetteer=Atlas())
    assert distance(h, "Hama") == distance(h, (36.1, 35.2)) == distance(h, "p1")
    assert distance(h, "Nowhere") == distance(h, (36.35, 35.35))
    with pytest.raises(UnknownPlaceError):
        h.advance("Homs")
    for name in ("h.gpkg", "folder"):
        h.save(tmp_path / name)
        again = ControlHistory.open(tmp_path / name)
        assert distance(again, "Hama") == distance(h, "Hama")
        assert distance(again, "Homs") > 50  # the bundled gazetteer's


def test_a_name_of_several_points_is_not_guessed():
    h = named(places=PLACES)
    with pytest.raises(AmbiguousPlaceError, match=r"'Suran' names 2 points") as caught:
        h.advance("Suran")
    assert {point.x for point in caught.value.candidates} == {36.2, 36.3}
    rows = sites([(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "B", "2024-12-01")], place="Twin")
    with pytest.raises(AmbiguousPlaceError, match="'Twin' names 2 points"):
        ControlHistory.from_places(rows, outline=BOX).advance("Twin")


def test_the_reports_point_comes_before_the_places_one():
    rows = sites([(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "B", "2024-12-01")])
    rows["place"] = [None, "Hama"]
    h = ControlHistory.from_places(rows, outline=BOX, places=PLACES)
    assert distance(h, " Hama ") == distance(h, (36.3, 35.2))
