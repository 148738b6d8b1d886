"""Reports appended on known sites, against a history built anew with them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.errors import InputError

OUTLINE = shapely.Polygon([(35.8, 34.8), (38.2, 34.7), (38.4, 36.3), (36.9, 36.6), (35.7, 36.2)])
SOURCES = ["wiki", "isw", "dsm"]


def reports(rng, sites, rows, *, first="2024-01-01"):
    at = rng.integers(0, len(sites), rows)
    days = pd.to_timedelta(rng.integers(0, 300, rows), unit="D")
    return gpd.GeoDataFrame(
        {
            "actor": rng.choice(["A", "B", "C"], rows).astype(object),
            "status": rng.choice(["controlled", "controlled", "contested"], rows).astype(object),
            "basis": rng.choice(["confirmed", "claimed"], rows).astype(object),
            "source": rng.choice(SOURCES, rows).astype(object),
            "valid_from": pd.Timestamp(first) + days,
            "recorded_from": pd.Timestamp(first) + days + pd.Timedelta("1D"),
        },
        geometry=shapely.points(sites[at]),
        crs=4326,
    )


@pytest.mark.parametrize(
    ("rule", "rank"), [("latest", None), ("source-rank", ["isw"]), ("vote", ["dsm"])]
)
def test_it_is_the_history_built_with_all_of_them(rule, rank):
    rng = np.random.default_rng(1)
    sites = np.column_stack([rng.uniform(36, 38, 60), rng.uniform(35, 36, 60)])
    places = gpd.GeoDataFrame(
        {"name": [f"p{i}" for i in range(60)]}, geometry=shapely.points(sites), crs=4326
    )
    options = {"outline": OUTLINE, "places": places, "resolve": rule, "rank": rank, "max_km": 30}
    first, more, last = (reports(rng, sites, n) for n in (150, 8, 5))
    grown = ControlHistory.from_places(first, **options).with_reports(more).with_reports(last)
    anew = ControlHistory.from_places(pd.concat([first, more, last], ignore_index=True), **options)
    pd.testing.assert_frame_equal(grown.spells, anew.spells)
    pd.testing.assert_frame_equal(pd.DataFrame(grown.reports), pd.DataFrame(anew.reports))
    for when in ("2024-03-01", "2024-12-01"):
        for as_of in (None, "2024-06-01"):
            ours, theirs = (h.at(when, as_of=as_of) for h in (grown, anew))
            assert ours.drop(columns="geometry").equals(theirs.drop(columns="geometry"))
            assert ours.geometry.geom_equals(theirs.geometry).all()
    pd.testing.assert_frame_equal(grown.measures("30D"), anew.measures("30D"))


def test_a_place_can_be_named_and_what_was_stays():
    places = gpd.GeoDataFrame(
        {"name": ["Kafraa", "Karnaz"]},
        geometry=gpd.points_from_xy([36.1, 36.3], [35.1, 35.1]),
        crs=4326,
    )
    first = pd.DataFrame({"place": ["Kafraa"], "actor": ["A"], "valid_from": ["2024-12-01"]})
    h = ControlHistory.from_places(first, places=places)
    later = h.with_reports(
        pd.DataFrame({"place": ["Karnaz"], "actor": ["B"], "valid_from": ["2024-12-02 06:30"]})
    )
    assert later.at("2024-12-02 06:29")["actor"].tolist() == ["A", None]
    assert later.at("2024-12-02 06:30")["actor"].tolist() == ["A", "B"]
    assert h.at("2024-12-03")["actor"].tolist() == ["A", None]
    assert later.changes("2024-12-02", "2024-12-03")["to_actor"].tolist() == ["B"]
    assert len(h.reports), len(later.reports) == (1, 2)


def test_what_would_draw_new_cells_is_refused():
    first = gpd.GeoDataFrame(
        {"actor": ["A"], "valid_from": ["2024-12-01"]}, geometry=[shapely.Point(36, 35)], crs=4326
    )
    h = ControlHistory.from_places(first)
    new = gpd.GeoDataFrame(
        {"actor": ["B", "B"], "valid_from": ["2024-12-02"] * 2},
        geometry=[shapely.Point(36.01, 35), shapely.box(36, 35, 36.1, 35.1)],
        crs=4326,
    )
    with pytest.raises(InputError, match=r"row 0: \(36.01, 35\) is no site"):
        h.with_reports(new.iloc[:1])
    with pytest.raises(InputError, match="row 1: an area draws new cells"):
        h.with_reports(new)
    strips = ControlHistory.from_places(first, contested_km=1)
    with pytest.raises(InputError, match="contested_km"):
        strips.with_reports(first)
