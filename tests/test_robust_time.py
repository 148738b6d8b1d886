"""Dates as strangers write them, in reports: each is read as stated or refused with its row."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from frontline.control import ControlHistory
from frontline.errors import DateError, InputError


def built(valid_from, **columns):
    frame = gpd.GeoDataFrame(
        {"actor": ["A"] * len(valid_from), "valid_from": valid_from, **columns},
        geometry=gpd.points_from_xy(
            36.0 + 0.1 * np.arange(len(valid_from)), [35.0] * len(valid_from)
        ),
        crs=4326,
    )
    return ControlHistory.from_places(frame)


def begins(value):
    return built(pd.Series([value], dtype=object)).spells["valid_from"][0]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-12-04 18:50", "2024-12-04 18:50"),  # naive is UTC
        ("2024-12-04T18:50+03:00", "2024-12-04 15:50"),
        (dt.datetime(2024, 12, 4, 18, 50, tzinfo=ZoneInfo("Asia/Damascus")), "2024-12-04 15:50"),
        # The hour that came twice in Kyiv: the first time and the second.
        (dt.datetime(2022, 10, 27, 23, 30, tzinfo=ZoneInfo("Asia/Damascus")), "2022-10-27 20:30"),
        (
            dt.datetime(2024, 10, 27, 3, 30, tzinfo=ZoneInfo("Europe/Kyiv")),
            "2024-10-27 00:30",
        ),
        (
            dt.datetime(2024, 10, 27, 3, 30, tzinfo=ZoneInfo("Europe/Kyiv"), fold=1),
            "2024-10-27 01:30",
        ),
        ("2024-02-29", "2024-02-29"),
        (dt.date(2024, 12, 4), "2024-12-04"),
        (np.datetime64("2024-12-04T18:50:00.000001"), "2024-12-04 18:50:00.000001"),
        ("2024-12-04T18:50:00.000001Z", "2024-12-04 18:50:00.000001"),
        ("2199-01-01", "2199-01-01"),  # what is to come can be stated too
    ],
)
def test_read_as_stated(written, utc):
    assert begins(written) == pd.Timestamp(utc, tz="UTC")


@pytest.mark.parametrize(
    "written",
    [
        "2023-02-29",
        "2024-11-31",
        "2024-12-04 25:00",
        "05/12/2024",
        "12/05/2024",
        "1446-06-99",
        45_630,
        45_630.5,
        1_733_270_400,
        1_733_270_400_000_000,
        True,
        "soon",
        "2024-13",
        "24:00",
        "n/a",
        float("inf"),
        ["2024-12-04"],
        b"2024-12-04",
    ],
)
def test_refused_with_the_row(written):
    with pytest.raises(InputError, match="row 0"):
        built(pd.Series([written], dtype=object))


def test_mixed_zones_in_a_column_are_one_clock():
    h = built(["2024-12-04T18:50+03:00", "2024-12-04T15:50Z", "2024-12-04 15:50"])
    assert len(set(h.spells["valid_from"])) == 1


@pytest.mark.parametrize("end", ["2024-12-01", "2024-11-30"])
def test_an_end_at_or_before_its_beginning(end):
    with pytest.raises(DateError, match=r"row 0: valid_to .* is not after valid_from"):
        built(["2024-12-01"], valid_to=[end])
    with pytest.raises(DateError, match=r"row 0: recorded_to .* is not after recorded_from"):
        built(["2024-12-01"], recorded_from=["2024-12-01"], recorded_to=[end])


def test_open_ends_hold_for_ever_and_a_microsecond_is_enough():
    h = built(["2024-12-01T00:00:00.000001Z"], valid_to=[None])
    assert h.at("2024-12-01")["status"].tolist() == ["no_data"]
    assert h.at("2024-12-01T00:00:00.000001Z")["actor"].tolist() == ["A"]
    assert h.at("9000-01-01")["actor"].tolist() == ["A"]


def test_a_correction_of_one_hour_is_seen_as_of_each_instant():
    h = ControlHistory.from_places(
        gpd.GeoDataFrame(
            {
                "actor": ["A", "B", "C"],
                "valid_from": ["2024-12-01", "2024-12-05 11:14", "2024-12-05 11:14"],
                "recorded_from": ["2024-12-01", "2024-12-05 12:00", "2024-12-05 13:00"],
                "recorded_to": [None, "2024-12-05 13:00", None],
            },
            geometry=gpd.points_from_xy([36.0] * 3, [35.0] * 3),
            crs=4326,
        )
    )
    asked = ["2024-12-05 11:59", "2024-12-05 12:00", "2024-12-05 12:59:59", "2024-12-05 13:00"]
    seen = [h.at("2024-12-05 11:14", as_of=known)["actor"][0] for known in asked]
    assert seen == ["A", "B", "B", "C"]
    assert h.holder([(36.0, 35.0)], "2024-12-05 11:14", as_of=asked[1]).tolist() == ["B"]
    moved = [
        h.changes("2024-12-05 11:13", "2024-12-06", as_of=known)["to_actor"].tolist()
        for known in asked
    ]
    assert moved == [[], ["B"], ["B"], ["C"]]
    assert h.change_times(as_of=asked[0]).tolist() == [pd.Timestamp("2024-12-01", tz="UTC")]
