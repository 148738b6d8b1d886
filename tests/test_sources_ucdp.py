"""UCDP GED: intervals of days, typed codes, deaths in order, candidate files without a header."""

from __future__ import annotations

import pandas as pd
import pytest

from frontline.errors import DataFileError
from frontline.sources import ucdp
from frontline.sources.model import Peek
from frontline.sources.ucdp import Clarity, DatePrecision, Violence, WherePrecision

VALUES = {
    "id": "1", "relid": "EXA-1", "year": "2024", "active_year": "1", "code_status": "Clear",
    "type_of_violence": "1", "conflict_name": "Conflict", "dyad_name": "A - B",
    "side_a": "Side A", "side_b": "Side B", "number_of_sources": "3",
    "source_article": '"Paper, 2024-12-06, ""Title"""', "where_prec": "2",
    "where_coordinates": "Town", "latitude": "35.1", "longitude": "36.7",
    "geom_wkt": "POINT (36.7 35.1)", "country": "Country", "event_clarity": "1",
    "date_prec": "2", "date_start": "2024-12-03 00:00:00.000",
    "date_end": "2024-12-05 00:00:00.000", "best": "4", "high": "9", "low": "3",
}  # fmt: skip


def row(**values):
    given = VALUES | values
    return ",".join(given.get(name, "") for name in ucdp.COLUMNS)


HEADER = ",".join(ucdp.COLUMNS)


def text(*rows, header=HEADER):
    return "\n".join([*([header] if header else []), *rows, ""]).encode()


def test_there_are_the_49_columns_of_the_releases():
    assert len(ucdp.COLUMNS) == 49


def test_both_days_are_within_the_half_open_interval():
    frame = ucdp.decode(text(row(), row(id="2", date_end=VALUES["date_start"]))).frame
    assert [str(stamp) for stamp in frame.valid_from] == ["2024-12-03 00:00:00+00:00"] * 2
    assert [f"{stamp:%m-%d}" for stamp in frame.valid_to] == ["12-06", "12-04"]


def test_codes_are_typed_and_ordered():
    rows = [row(id=str(n), where_prec=str(n)) for n in range(1, 8)]
    data = ucdp.decode(text(*rows))
    column = data.frame.where_prec
    assert [WherePrecision(value).code for value in column] == [1, 2, 3, 4, 5, 6, 7]
    assert (column <= WherePrecision.NEAR).sum() == 2
    assert data.frame.date_prec[0] == DatePrecision.DAYS
    assert data.frame.event_clarity[0] == Clarity.CLEAR
    assert data.frame.type_of_violence[0] == Violence.STATE_BASED
    assert any("centroid or vague (where_prec 3 to 7): 5" in remark for remark in data.remarks)


def test_minus_one_source_is_missing():
    data = ucdp.decode(text(row(number_of_sources="-1"), row(id="2")))
    assert data.frame.number_of_sources.isna().tolist() == [True, False]
    assert any("number_of_sources is -1, that is missing: 1" in each for each in data.remarks)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"low": "5"}, "line 3: the deaths are not low <= best <= high"),
        ({"high": "3"}, "line 3: the deaths are not low <= best <= high"),
        ({"date_end": "2024-12-02"}, "line 3: date_end is before date_start"),
        ({"best": "-1"}, "line 3, column best: '-1' is not a whole number of at least 0"),
        ({"best": ""}, "line 3, column best: empty, not a whole number of at least 0"),
        ({"date_prec": "6"}, "line 3, column date_prec: '6' is not one of 1, 2, 3, 4, 5"),
        ({"date_start": "2024-11-31"},
         "line 3, column date_start: '2024-11-31' is not a date that can be read in one way"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_with_its_line(values, problem):
    with pytest.raises(DataFileError) as caught:
        ucdp.decode(text(row(), row(id="2", **values)))
    assert caught.value.problems == (problem,)
    data = ucdp.decode(text(row(), row(id="2", **values)), invalid="drop")
    assert data.frame.id.tolist() == [1]


def test_a_round_trip_gives_the_same_events():
    data = ucdp.decode(text(row(), row(id="2", number_of_sources="-1", where_prec="7")))
    written = ucdp.encode(data)
    assert written.decode().splitlines()[0].split(",") == list(ucdp.COLUMNS)
    again = ucdp.decode(written)
    pd.testing.assert_frame_equal(again.frame, data.frame)


def test_a_candidate_file_without_a_header_is_known_by_its_columns():
    data = ucdp.decode(text(row(), row(id="2"), header=None))
    assert data.frame.id.tolist() == [1, 2]
    assert any("no header" in remark for remark in data.remarks)
    assert ucdp.detect(Peek("candidate.csv", ".csv", text(row(), header=None))) == 0.5


def test_older_names_of_the_deaths_are_read_and_said():
    header = HEADER.replace(",best,high,low,", ",best_est,high_est,low_est,")
    data = ucdp.decode(text(row(), header=header))
    assert data.frame.best.tolist() == [4]
    assert any("best_est was read as best" in remark for remark in data.remarks)
    with pytest.raises(DataFileError, match="column best is missing; bests may be it"):
        ucdp.decode(text(row(), header=header.replace("best_est", "bests")))


def test_detection_is_by_content():
    assert ucdp.detect(Peek("a.csv", ".csv", text(row()))) == 1.0
    assert ucdp.detect(Peek("a.csv", ".csv", b"event_id_cnty,event_date\n")) == 0.0
