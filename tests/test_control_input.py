"""Whatever is given in place of what is meant is told, and never a traceback."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from frontline.control import ControlHistory, Infill
from frontline.errors import CRSError, DateError, InputError

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)
DAY = "2024-12-02"


def frame(**columns):
    rows = {"actor": ["A", "B"], "valid_from": ["2024-12-01"] * 2, **columns}
    points = gpd.points_from_xy([36.1, 36.3], [35.2, 35.2])
    return gpd.GeoDataFrame(rows, geometry=points, crs=4326)


@pytest.fixture(scope="module")
def h():
    return ControlHistory.from_places(frame(), outline=BOX)


@pytest.mark.parametrize("which", ["max_km", "contested_km"])
@pytest.mark.parametrize("bad", ["20", [3], "3", True, np.nan, np.inf, 0, -1, np.array([3.0])])
def test_lengths_are_numbers_above_zero(which, bad):
    with pytest.raises(InputError, match=which):
        ControlHistory.from_places(frame(), outline=BOX, **{which: bad})


def test_an_outline_needs_finite_coordinates():
    corner = BOX.bounds[2:]
    broken = shapely.transform(
        BOX, lambda xy: np.where((xy == corner).all(axis=1)[:, None], np.nan, xy)
    )
    for outline in (broken, gpd.GeoSeries([BOX, broken], crs=4326)):
        with pytest.raises(InputError, match="outline has coordinates that are not finite"):
            ControlHistory.from_places(frame(), outline=outline)


def test_a_rank_is_a_list():
    for rank in ("abc", 5):
        with pytest.raises(InputError, match="rank="):
            ControlHistory.from_places(frame(), outline=BOX, resolve="source-rank", rank=rank)


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda h: h.holder(None, DAY), InputError, "points must be"),
        (lambda h: h.holder(5, DAY), InputError, "points must be"),
        (lambda h: h.holder("Hama", DAY), InputError, "no point"),
        (lambda h: h.holder([(36, 35)], None), DateError, "missing"),
        (lambda h: h.distance_to_front(None, DAY), InputError, "points must be"),
        (lambda h: h.front(DAY, between=5), InputError, "two actors"),
        (lambda h: h.front(DAY, between="AB"), InputError, "two actors"),
        (lambda h: h.front(DAY, between=("A",)), InputError, "two actors"),
        (lambda h: h.measures(3), DateError, "step forward"),
        (lambda h: h.measures(None), DateError, "step forward"),
        (lambda h: h.measures("0D"), DateError, "step forward"),
        (lambda h: h.measures("-1D"), DateError, "step forward"),
        (lambda h: h.measures(include=None), InputError, "include=None"),
        (lambda h: h.measures(include=[["claimed"]]), InputError, "include="),
        (lambda h: h.at(DAY, by=None), InputError, "by=None"),
        (lambda h: h.at(DAY, by=()), InputError, "by="),
        (lambda h: h.at(5), DateError, "no date"),
        (lambda h: h.advance(5), InputError, "no point"),
        (lambda h: h.conflicts(within=[1]), InputError, "within"),
        (lambda h: h.save(None), InputError, "path"),
        (lambda _: ControlHistory.open(None), InputError, "path"),
        (lambda _: ControlHistory.open(5), InputError, "path"),
    ],
)
def test_a_wrong_question_is_an_error_of_ours(h, ask, error, words):
    with pytest.raises(error, match=words):
        ask(h)


def test_numbers_of_numpy_can_be_given_and_saved(tmp_path):
    rule = Infill(share=np.float32(0.5), nearest=np.int64(2), fill_empty=np.bool_(True))
    options = {"max_km": np.float32(20), "contested_km": np.int64(1), "infill": rule}
    given = frame(source=[1, 2])
    ranked = {"resolve": "source-rank", "rank": np.array([2, 1])}
    h = ControlHistory.from_places(given, outline=BOX, **options, **ranked)
    assert ControlHistory.open(h.save(tmp_path / "h.gpkg")).meta == h.meta
    assert h.meta["rank"] == ["2", "1"]


def test_a_gazetteer_is_something_that_finds_places():
    with pytest.raises(InputError, match="gazetteer must have place"):
        ControlHistory.from_places(frame(), outline=BOX, gazetteer=5)


# --- both sides of 180 degrees ----------------------------------------------------------------


def test_a_theatre_across_180_degrees_is_refused():
    points = gpd.points_from_xy([179.5, -179.5], [65.0, 65.0])
    sites = frame().set_geometry(points, crs=4326)
    outline = shapely.union(shapely.box(179, 64, 180, 66), shapely.box(-180, 64, -179, 66))
    east = gpd.GeoDataFrame(sites.iloc[:1])
    areas = east.set_geometry([outline], crs=4326)
    margin = sites.set_geometry(gpd.points_from_xy([179.9, 179.99], [65, 65]), crs=4326)
    for reports, options in (
        (sites, {}),
        (sites, {"outline": outline}),
        (east, {"outline": outline}),
        (areas, {}),
        (margin, {}),  # the hull of 20 km round the sites reaches across
    ):
        with pytest.raises(InputError, match="crosses 180 degrees; not supported yet"):
            ControlHistory.from_places(reports, **options)
    near = sites.set_geometry(gpd.points_from_xy([179.0, 179.5], [65.0, 65.0]), crs=4326)
    assert len(ControlHistory.from_places(near, max_km=10).cells) >= 2


# --- frames and columns ------------------------------------------------------------------------


def test_the_geometry_column_may_bear_any_name(h):
    renamed = frame().rename_geometry("where")
    again = ControlHistory.from_places(renamed, outline=BOX)
    assert_frame_equal(again.at(DAY), h.at(DAY))
    both = renamed.assign(geometry=[None, None])
    assert_frame_equal(ControlHistory.from_places(both, outline=BOX).at(DAY), h.at(DAY))


def test_a_frame_without_a_geometry_is_a_plain_one():
    places = gpd.GeoDataFrame(
        {"name": ["x", "y"]}, geometry=gpd.points_from_xy([36.1, 36.3], [35.2, 35.2]), crs=4326
    )
    bare = gpd.GeoDataFrame(
        {"actor": ["A", "B"], "valid_from": ["2024-12-01"] * 2, "place": ["x", "y"]}
    )
    assert bare.active_geometry_name is None
    h = ControlHistory.from_places(bare, places=places, outline=BOX)
    assert h.holder((36.1, 35.2), DAY).tolist() == ["A"]
    for options in ({"places": bare.assign(name="x")}, {"outline": bare}):
        with pytest.raises(InputError, match="has no geometry column"):
            ControlHistory.from_places(frame(), **options)
    with pytest.raises(InputError, match="has no geometry column"):
        h.holder(bare, DAY)
    with pytest.raises(CRSError):
        ControlHistory.from_places(frame().set_crs(None, allow_override=True), outline=BOX)


def test_columns_of_mixed_types_are_text_and_can_be_saved(tmp_path):
    mixed = frame(place=[7, "Hama"], source=["s1", 2], note=[pd.Timestamp("2024-12-01"), None])
    places = gpd.GeoDataFrame(
        {"name": [1, "two"], "place_id": [3.5, None]},
        geometry=gpd.points_from_xy([36.05, 36.35], [35.05, 35.35]),
        crs=4326,
    )
    h = ControlHistory.from_places(mixed, outline=BOX, places=places, resolve="latest")
    assert h.reports["place"].tolist() == ["7", "Hama"]
    assert h.reports["source"].tolist() == ["s1", "2"]
    assert h.reports["note"].tolist() == ["2024-12-01 00:00:00", None]
    for name in ("h.gpkg", "folder"):
        h.save(tmp_path / name)
        again = ControlHistory.open(tmp_path / name)
        for each in ("cells", "spells", "reports"):
            assert_frame_equal(getattr(again, each), getattr(h, each))
    ranked = ControlHistory.from_places(mixed, outline=BOX, resolve="source-rank", rank=[2, "s1"])
    assert ranked.holder((36.3, 35.2), DAY).tolist() == ["B"]


def test_a_list_is_no_text():
    bad = frame(place=[["Hama"], None], source=[None, {"a": 1}], note=[(1, 2), b"x"])
    with pytest.raises(InputError, match="4 faults") as caught:
        ControlHistory.from_places(bad, outline=BOX)
    assert "row 0: place is a list, not a text" in str(caught.value)
    assert "row 1: source is a dict, not a text" in str(caught.value)


# --- nothing accepted ---------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"infill": True, "contested_km": 1, "max_km": 5}])
def test_without_an_accepted_statement_nobody_holds_anything(tmp_path, options):
    h = ControlHistory.from_places(frame(review="conflict"), outline=BOX, **options)
    assert len(h.spells) == 0
    assert h.actors == []
    assert "0 spells of 0 actors, no dates" in repr(h)
    assert h.at(DAY)["actor"].tolist() == [None]
    assert h.front(DAY).empty
    assert h.changes("2024-12-01", DAY).empty
    assert h.measures().empty
    assert h.measures(start="2024-12-01", end=DAY).empty
    assert h.holder([(36.1, 35.2)], DAY).tolist() == [None]
    assert np.isnan(h.distance_to_front([(36.1, 35.2)], DAY)).all()
    assert h.advance((36.1, 35.2)).empty
    assert h.advance((36.1, 35.2), start="2024-12-01", end=DAY)["holder"].tolist() == [None, None]
    assert len(h.without_infill().spells) == 0
    for name in ("h.gpkg", "folder"):
        h.save(tmp_path / name)
        again = ControlHistory.open(tmp_path / name)
        for each in ("cells", "spells", "reports"):
            assert_frame_equal(getattr(again, each), getattr(h, each))
        assert again.at(DAY)["actor"].tolist() == [None]
