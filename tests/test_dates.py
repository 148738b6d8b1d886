"""Instants: UTC inside, naive means UTC, nothing read in two ways."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from frontline.dates import check_order, instants, to_utc, to_utc_series
from frontline.errors import DateError


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-12-03", "2024-12-03T00:00Z"),
        (" 2024-12-05 18:50+03:00 ", "2024-12-05T15:50Z"),
        ("3 December 2024", "2024-12-03T00:00Z"),
        (dt.date(2024, 2, 29), "2024-02-29T00:00Z"),
        (dt.datetime(2024, 12, 3, 5, tzinfo=dt.UTC), "2024-12-03T05:00Z"),
        (np.datetime64("2024-12-03T12"), "2024-12-03T12:00Z"),
        (pd.Timestamp("2024-12-03", tz="Asia/Damascus"), "2024-12-02T21:00Z"),
        ("13/12/2024", "2024-12-13T00:00Z"),
        ("05/05/2024", "2024-05-05T00:00Z"),
        ("11-14-2024", "2024-11-14T00:00Z"),
        ("13.12.2024 18:50", "2024-12-13T18:50Z"),
        ("20241205", "2024-12-05T00:00Z"),
        ("20241205T185000Z", "2024-12-05T18:50Z"),
        ("2024/12/5", "2024-12-05T00:00Z"),
        ("2024-12", "2024-12-01T00:00Z"),
        ("5-Dec-2024", "2024-12-05T00:00Z"),
        ("Thursday, December 5th, 2024 6:50 pm", "2024-12-05T18:50Z"),
        ("2024-12-05 18:50 UTC", "2024-12-05T18:50Z"),
        ("2024-12-05 12:00-0300", "2024-12-05T15:00Z"),
    ],
)
def test_read(value, expected):
    assert to_utc(value) == pd.Timestamp(expected)


@pytest.mark.parametrize(
    "value",
    ["2024-11-31", "05/12/2024", "5.12.2024", "yesterday-ish", "", None, 20241203, 45000.5, True,
     "2024-13-01", "9" * 400, "\x00", float("nan"), [], "2023-02-29", "nan"],
)  # fmt: skip
def test_refuse(value):
    with pytest.raises(DateError):
        to_utc(value)


@pytest.mark.parametrize(
    "value",
    ["5.12.24", "05-12-24", "5. 12. 2024", "05/ 12/2024", "5 12 2024", "13/12/24", "12.5.24",
     "Dec 5", "5 Dec", "Dec", "Dec 24", "5 Dec 24", "Dec 5 12:30", "Monday", "12h", "12:30", "24",
     "now", "today", "NOW", "5", "12.2024", "45631", "1733356800", "1e3", "05122024", "20241305",
     "2024/13/05", "2024-340", "Q4 2024", "2024Q4", "2024-12-05 18:50 AST", "2024-12-05 18:50 EET",
     "2024-12-05T10:00:00+25:00", "٠٥/١٢/٢٠٢٤"],
)  # fmt: skip
def test_nothing_is_guessed(value):
    with pytest.raises(DateError):
        to_utc(value)


def test_a_column_has_one_order():
    days = to_utc_series(["13/11/2024", "05/05/2024", None, "14/11/2024"])
    assert days[0] == pd.Timestamp("2024-11-13", tz="UTC")
    with pytest.raises(DateError, match="day first in '13/11/2024' and the month first in '11/14"):
        to_utc_series(["13/11/2024", "11/14/2024"])


def test_open_end():
    assert pd.isna(to_utc(None, allow_nat=True))
    assert pd.isna(to_utc("", allow_nat=True))


def test_series_keeps_index_and_names_rows():
    series = to_utc_series(pd.Series(["2024-12-03", None], index=[7, 9]))
    assert series.index.tolist() == [7, 9]
    assert str(series.dtype) == "datetime64[us, UTC]"
    with pytest.raises(DateError, match=r"row 1: .*row 2: "):
        to_utc_series(["2024-12-03", "2024-11-31", "x"])
    with pytest.raises(DateError, match="row 1: the date is missing"):
        to_utc_series(["2024-12-03", None], allow_nat=False)
    assert to_utc_series([]).empty
    naive = to_utc_series(pd.Series(pd.to_datetime(["2024-12-03"])))
    assert naive[0] == pd.Timestamp("2024-12-03", tz="UTC")
    zoned = pd.Series(pd.to_datetime(["2024-12-03"])).dt.tz_localize("Asia/Damascus")
    assert to_utc_series(zoned)[0] == pd.Timestamp("2024-12-02T21:00Z")


def test_order():
    check_order(to_utc("2024-12-03"), pd.NaT)
    check_order(to_utc("2024-12-03"), to_utc("2024-12-04"))
    with pytest.raises(DateError, match="half-open"):
        check_order(to_utc("2024-12-03"), to_utc("2024-12-03"))


def test_instants():
    days = instants(to_utc("2024-11-27"), to_utc("2024-12-11"), "D")
    assert len(days) == 15
    with pytest.raises(DateError, match="step"):
        instants(days[0], days[1], "fortnightish")
    with pytest.raises(DateError, match="before the first"):
        instants(days[1], days[0], "D")
