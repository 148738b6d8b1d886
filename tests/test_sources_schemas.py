"""The schema of columns that readers of big tables share."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.errors import DataFileError, InputError
from frontline.sources import acled, geonames, uawardata
from frontline.sources.cells import checked
from frontline.sources.decoding import joined
from frontline.sources.safety import Limits
from frontline.sources.schemas import Field, read_fields

FIELDS = (
    Field("id", "integer", required=True, filled=True),
    Field("lat", "lat", also=("latitude",)),
    Field("when", "date"),
    Field("side", "label", choices=("UA", "RU")),
)


def read(text, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return read_fields(content, FIELDS, what="it", **options)


def test_cells_become_what_the_schema_says():
    frame = read("id,lat,when,side\n1,35.5,2024-12-05 18:50+03:00,UA\n2,,,\n").frame
    assert frame.id.tolist() == [1, 2]
    assert frame.lat[0] == 35.5
    assert np.isnan(frame.lat[1])
    assert str(frame.when[0]) == "2024-12-05 15:50:00+00:00"
    assert frame.side.tolist()[0] == "UA"
    assert frame.isna().iloc[1].tolist() == [False, True, True, True]


def test_a_fault_names_its_line_even_after_line_breaks_in_quotes():
    text = 'id,note\n1,"a\nb\nc"\n\nx,d\n2,"e\n"\ny,f\n'
    with pytest.raises(DataFileError) as caught:
        read(text)
    # By hand: line 1 the header, 2 to 4 the first row, 5 empty, 6 the first fault, 7-8, 9.
    assert [problem.split(",")[0] for problem in caught.value.problems] == ["line 6", "line 9"]


def test_faults_beyond_many_are_counted():
    with pytest.raises(DataFileError, match=r"it: 3,000 faults[\s\S]*and 2,975 more") as caught:
        read("id\n" + "x\n" * 3000)
    assert len(caught.value.problems) == 50


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (b"\x00\x01", "NUL"),
        ("ID,b\n1,2\n", "column id is missing; ID may be it, renamed"),
        ("id,id\n1,2\n", "the columns id stand there more than once"),
        ("\n\n1\n", "holds no header"),
        ("ID;lat\n1;2\n", "column id is missing; ID may be it"),
        ("id,lat\n1,2,3\n", "rows do not fit the header of 2 columns"),
        ("id,lat\n1,2\n1,2,3\n", "rows do not fit the header of 2 columns"),
        ('id,lat\n1,"2\n', "a quote that is never closed"),
        (b"id\n1\n" + b"\xe3\n", "is not UTF-8"),
    ],
)
def test_a_table_that_is_none_is_refused(text, message):
    with pytest.raises(DataFileError, match=message):
        read(text)


def test_encodings_are_known_by_their_mark_or_named():
    text = "id,note\n1,حماة\n"
    for content in (text.encode("utf-8-sig"), text.encode("utf-16"), text.encode("utf-32")):
        assert read(content).frame.note.tolist() == ["حماة"]
    assert read(text.encode("cp1256"), encoding="cp1256").frame.note.tolist() == ["حماة"]
    with pytest.raises(InputError, match="none that Python knows"):
        read(text.encode("cp1256"), encoding="cp9999")


def test_what_the_schema_does_not_know_is_kept_and_named():
    table = read("id,latitude,more,title\n1,35,x,y\n")
    assert table.frame.columns.tolist() == ["id", "lat", "more", "title_given"]
    assert table.remarks == [
        "column latitude was read as lat",
        "column title was read as title_given: title is the library's word",
        "columns that the format is not known to have: more, title_given",
    ]
    assert read("id,more\n1,x\n", unknown="drop").frame.columns.tolist() == ["id"]


def test_a_label_of_digits_stays_a_text():
    fields = [Field("code", "label")]
    frame = read_fields(b'code\n05\n5\n05\n""\n', fields, what="it").frame
    assert frame.code.astype(object).fillna("").tolist() == ["05", "5", "05"]


def test_a_stream_is_read_like_bytes():
    text = b"id\n1\n2\n"
    assert read_fields(io.BytesIO(text), FIELDS, what="it").frame.id.tolist() == [1, 2]


def test_rows_that_are_not_wanted_do_not_count():
    options = {"keep": lambda chunk: chunk["id"] > 8, "limits": Limits(max_features=2)}
    text = "id\n" + "".join(f"{n}\n" for n in range(10))
    assert read(text, **options).frame.id.tolist() == [9]
    with pytest.raises(DataFileError, match="max_features"):
        read(text, limits=Limits(max_features=2))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-(2**53), 2**53)), st.lists(st.floats(-180, 180)))
def test_numbers_come_through_exactly(whole, degrees):
    column = checked(pd.Series([str(each) for each in whole], dtype="str"), "integer")
    assert column.column.tolist() == whole
    column = checked(pd.Series([repr(each) for each in degrees], dtype="str"), "lon")
    assert column.column.tolist() == degrees


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("integer", ["1.5", "9007199254740994", "1_000", "0x10", "1e400", "nan", "inf", "True"]),
        ("number", ["1,5", "1_000.0", "-inf", "NaN", "--1"]),
        ("lat", ["90.0001", "-91"]),
        ("date", ["now", "today", "12:30", "2023-02-29", "05/12/2024", "2024-12-05 25:00", "24-1-1",
                  "2024-12-05 12:00 EST", "1733443200 s", "2024-13-01"]),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_value_is_none(kind, texts):
    assert checked(pd.Series(texts), kind).bad.tolist() == [True] * len(texts)


SYRIA = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,country,"
SYRIA += "latitude,longitude,geo_precision\n"


def event(number, lat, lon):
    return f"X{number},2024-12-05,1,Battles,Attack,A,Syria,{lat},{lon},1\n"


def test_swapped_coordinates_are_found_by_the_country():
    # Palmyra is at longitude 38.27, latitude 34.56: both orders are numbers, one is in Syria.
    good = SYRIA + event(1, 34.56, 41.9) + event(2, 35.13, 36.76)
    assert len(acled.decode(good.encode()).frame) == 2
    swapped = SYRIA + event(1, 41.9, 34.56) + event(2, 35.13, 36.76) + event(3, 40.8, 35.0)
    with pytest.raises(DataFileError, match="2 of 3 rows of Syria lie outside it, and inside if"):
        acled.decode(swapped.encode())
    some = SYRIA + event(1, 41.9, 34.56) + event(2, 35.13, 36.76)
    assert any("1 of 2 rows of Syria" in remark for remark in acled.decode(some.encode()).remarks)
    line = "1\tA\tA\t\t41.9\t34.56\tP\tPPL\tSY" + "\t" * 9 + "\t2020-01-01\n"
    with pytest.raises(DataFileError, match="1 of 1 rows of SY"):
        geonames.decode(line.encode())


def test_members_of_different_columns_are_said():
    first = uawardata.decode(b"date,lat,lng,unit,country\n2022-03-04,50,30,a,ru\n")
    second = uawardata.decode(b"date,lat,lng,unit,notes,country\n2022-03-05,50,30,b,x,ua\n")
    both = joined([("a.csv", first), ("b.csv", second)])
    assert both.frame.unit.tolist() == ["a", "b"]
    assert both.frame.crs == "EPSG:4326"
    assert both.frame.country.tolist() == ["ru", "ua"]
    assert both.remarks[-1] == "columns that not all members have: notes"
