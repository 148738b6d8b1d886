"""Uncertain dates in reports: kept, shown, and unsure where they leave it open."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from frontline.control import ControlHistory
from frontline.errors import DateError


def history(rows, **columns):
    lon, actor, valid_from = zip(*rows, strict=True)
    frame = gpd.GeoDataFrame(
        {"actor": actor, "valid_from": valid_from, **columns},
        geometry=gpd.points_from_xy(lon, [35.0] * len(lon)),
        crs=4326,
    )
    return ControlHistory.from_places(frame)


def test_the_text_is_kept_and_the_earliest_instant_is_the_views():
    h = history([(36.0, "A", "2024-11"), (36.0, "B", "2024-12-04~"), (36.2, "A", "2024-11-05")])
    assert h.reports["valid_from_edtf"].tolist() == ["2024-11", "2024-12-04~", None]
    spells = h.spells
    assert spells["valid_from"].dt.strftime("%m-%d").tolist() == ["11-01", "12-04", "11-05"]
    assert spells["valid_from_edtf"].tolist() == ["2024-11", "2024-12-04~", None]
    assert spells["valid_to_edtf"].tolist() == ["2024-12-04~", None, None]


@pytest.mark.parametrize(
    ("when", "dating"),
    [
        ("2024-11-15", "unsure"),
        ("2024-12-02 23:59", "sure"),
        ("2024-12-03", "unsure"),
        ("2024-12-05 23:59", "unsure"),
        ("2024-12-06", "sure"),
    ],
)
def test_an_instant_within_the_doubt_is_unsure(when, dating):
    h = history([(36.0, "A", "2024-11"), (36.0, "B", "2024-12-04~")])
    found = h.at(when, by=("actor", "dating"))
    assert found["dating"].tolist() == [dating]
    assert "dating" not in h.at(when)


def test_only_the_cells_of_the_report_are_unsure():
    h = history([(36.0, "A", "2024-12-01/2024-12-05"), (36.2, "A", "2024-12-01")])
    found = h.at("2024-12-03", by=("actor", "dating"))
    assert found["dating"].tolist() == ["sure", "unsure"]
    assert h.at("2024-12-03")["area_km2"].sum() == pytest.approx(found["area_km2"].sum())


def test_the_uncertain_form_may_stand_beside_the_plain_one():
    h = history([(36.0, "A", "2024-12-04")], valid_from_edtf=["2024-12-01/2024-12-05"])
    assert h.spells["valid_from"][0] == pd.Timestamp("2024-12-04", tz="UTC")
    assert h.at("2024-12-02", by="dating")["dating"].tolist() == ["unsure"]
    with pytest.raises(DateError, match=r"row 0: valid_from .2024-12-09 00:00. is not within"):
        history([(36.0, "A", "2024-12-09")], valid_from_edtf=["2024-12-01/2024-12-05"])
    alone = history([(36.0, "A", None)], valid_from_edtf=["../2024-12-04"])
    assert alone.spells["valid_from"][0] == pd.Timestamp("2024-12-04", tz="UTC")
    assert alone.at("2020-01-01", by="dating")["dating"].tolist() == ["unsure"]


def test_an_uncertain_end():
    h = history([(36.0, "A", "2024-12-01")], valid_to=["2024-12-XX"], valid_from_edtf=[None])
    assert h.reports["valid_to_edtf"].tolist() == ["2024-12-XX"]
    assert h.spells["valid_to"].tolist() == [pd.Timestamp("2025-01-01", tz="UTC")]
    assert h.at("2024-12-31", by=("actor", "dating")).iloc[0, :2].tolist() == ["A", "unsure"]
    ends = history([(36.0, "A", "2024-12-01")] * 2, valid_to=["2024-12-05/..", "2024-12-05"])
    assert ends.reports["valid_to"].isna().tolist() == [True, False]


def test_a_withdrawn_report_casts_no_doubt():
    h = history(
        [(36.0, "A", "2024-10-01"), (36.0, "B", "2024-12")],
        recorded_from=["2024-10-01", "2024-12-02"],
        recorded_to=[None, "2024-12-10"],
    )
    seen = [
        h.at("2024-12-15", as_of=d, by="dating")["dating"][0]
        for d in ("2024-12-01", "2024-12-05", "2024-12-20")
    ]
    assert seen == ["sure", "unsure", "sure"]


def test_what_is_no_edtf_is_told_with_its_row():
    with pytest.raises(DateError, match=r"row 1: valid_from_edtf: '2024-13' does not exist"):
        history([(36.0, "A", "2024-12-01"), (36.1, "A", "2024-13")])


def test_a_file_keeps_it(tmp_path):
    h = history([(36.0, "A", "2024-11"), (36.0, "B", "2024-12-04~")])
    again = ControlHistory.open(h.save(tmp_path / "h.gpkg"))
    pd.testing.assert_frame_equal(again.spells, h.spells)
    assert again.at("2024-11-15", by="dating")["dating"].tolist() == ["unsure"]
