"""CShapes: closed intervals of days become half-open ones, and the end of the data is no end."""

from __future__ import annotations

import json

import pytest

from frontline.errors import CRSError, DataFileError
from frontline.sources import cshapes
from frontline.sources.model import Peek
from frontline.sources.safety import Limits


def square(west, south, size=1.0):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def state(name, code, start, end, geometry, **more):
    properties = {"cntry_name": name, "gwcode": code, "gwsdate": start, "gwedate": end}
    for key, text in (("gws", start), ("gwe", end)):
        day, month, year = (int(part) for part in text[:10].split("."))
        properties |= {f"{key}year": year, f"{key}month": month, f"{key}day": day}
    properties |= {"capname": "Capital", "caplong": 10.5, "caplat": 50.5, "area": 8000.5} | more
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def document(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


FIRST = state("One", 2, "01.01.1900 00:00:00", "05.12.1990 00:00:00", square(10, 50, 2))
SECOND = state("One", 2, "06.12.1990 00:00:00", "31.12.2019 00:00:00", square(10, 50))
THIRD = state("Two", 3, "06.12.1990 00:00:00", "31.12.2019 00:00:00", square(11, 50))


@pytest.fixture(scope="module")
def data():
    return cshapes.decode(document(FIRST, SECOND, THIRD))


def test_the_last_day_is_within_and_the_next_is_not(data):
    frame = data.frame
    assert data.kind == "reports"
    assert [f"{stamp:%Y-%m-%d}" for stamp in frame.valid_from] == [
        "1900-01-01", "1990-12-06", "1990-12-06",
    ]  # fmt: skip
    assert [f"{stamp:%Y-%m-%d}" for stamp in frame.valid_to] == [
        "1990-12-06", "2020-01-01", "2020-01-01",
    ]  # fmt: skip
    # On every day exactly one polygon of a state is valid: no gap and no overlap.
    assert frame.valid_to[0] == frame.valid_from[1]


def test_a_state_that_reaches_the_end_of_the_data_did_not_end_there(data):
    assert data.frame.ends_with_data.tolist() == [False, True, True]
    assert any("the 2 states that reach it did not end there" in each for each in data.remarks)


def test_who_holds_what_is_said_in_the_library_s_words(data):
    frame = data.frame
    assert frame.actor.tolist() == ["One", "One", "Two"]
    assert set(frame.status) == {"controlled"}
    assert set(frame.basis) == {"assessed"}
    assert frame.gwcode.tolist() == [2, 2, 3]
    assert frame.caplong.tolist() == [10.5] * 3
    assert frame.geometry.bounds.maxx.tolist() == [12.0, 11.0, 12.0]


def test_a_history_can_be_built_of_it(data):
    history = data.history()
    early = history.at("1950-01-01")
    assert early[early.actor == "One"].geometry.union_all().area == pytest.approx(4.0)
    late = history.at("1990-12-06")
    assert sorted(late.actor.dropna().unique()) == ["One", "Two"]


def test_a_round_trip_gives_the_same_states(data):
    written = cshapes.encode(data)
    first = json.loads(written)["features"][0]["properties"]
    assert first["gwedate"] == "05.12.1990 00:00:00"
    assert (first["gweyear"], first["gwemonth"], first["gweday"]) == (1990, 12, 5)
    again = cshapes.decode(written).frame
    assert again[data.frame.columns.tolist()].equals(data.frame)


def test_well_known_text_in_a_table_will_do():
    text = (
        "country_name,gwcode,start,end,status,the_geom\n"
        'One,2,1900-01-01,1990-12-05,independent,"POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"\n'
    )
    data = cshapes.decode(text.encode())
    assert data.frame.membership.tolist() == ["independent"]
    assert f"{data.frame.valid_to[0]:%Y-%m-%d}" == "1990-12-06"
    with pytest.raises(DataFileError, match="row 0: the_geom is no well-known text"):
        cshapes.decode(text.replace("POLYGON", "POLY").encode())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gwsday": 2}, "feature 1: gwsdate and gwsyear, gwsmonth, gwsday are different days"),
        ({"gwedate": "30.02.1990", "gweday": 30, "gwemonth": 2}, "feature 1: gwedate is no date"),
        ({"gwsyear": 1995, "gwsdate": "01.01.1995"}, "feature 1: gwedate is before gwsdate"),
    ],
)
def test_dates_that_contradict_themselves_are_refused(change, message):
    bad = {**FIRST, "properties": FIRST["properties"] | change}
    with pytest.raises(DataFileError) as caught:
        cshapes.decode(document(bad, SECOND))
    assert caught.value.problems == (message,)


def test_a_changed_schema_is_named():
    lost = {key: value for key, value in FIRST["properties"].items() if key != "gwcode"}
    with pytest.raises(DataFileError, match="column gwcode is missing; gw_code may be it"):
        cshapes.decode(document({**FIRST, "properties": lost | {"gw_code": 2}}))
    dateless = {key: value for key, value in FIRST["properties"].items() if key[:3] != "gwe"}
    with pytest.raises(DataFileError, match=r"gwedate .or gweyear, gwemonth, gweday. is missing"):
        cshapes.decode(document({**FIRST, "properties": dateless}))


def test_a_bow_tie_is_repaired_and_a_missing_shape_counted():
    tie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    data = cshapes.decode(document({**FIRST, "geometry": tie}, {**SECOND, "geometry": None}, THIRD))
    assert data.frame.actor.tolist() == ["One", "Two"]
    assert data.frame.geometry.is_valid.all()
    assert any("repaired: 1" in each for each in data.remarks)
    assert any("without an area, left out: 1" in each for each in data.remarks)


def test_numbers_that_are_no_degrees_are_refused():
    with pytest.raises(CRSError, match="may be metres"):
        cshapes.decode(document({**FIRST, "geometry": square(500_000, 4_000_000)}))


def test_limits_hold():
    with pytest.raises(DataFileError, match="max_vertices"):
        cshapes.decode(document(FIRST, SECOND), limits=Limits(max_vertices=9))


def test_detection_is_by_content():
    assert cshapes.detect(Peek("x.geojson", ".geojson", document(FIRST))) > 0.9
    assert cshapes.detect(Peek("x.geojson", ".geojson", b'{"type": "FeatureCollection"}')) == 0.0
