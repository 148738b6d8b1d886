"""ACLED: the export, its codes of precision, and what is not made of events."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from frontline.errors import DataFileError, InputError
from frontline.sources import acled, ucdp
from frontline.sources.acled import GeoPrecision, TimePrecision
from frontline.sources.model import Peek
from frontline.sources.safety import Limits

HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,"
    "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities,tags,timestamp"
)
ROWS = (
    ('EXA1,2024-12-05,2024,1,Political violence,Battles,Armed clash,"Side A, north",,Rebels,Side B'
    ',,State forces,x,,760,Region,Country,One,,,Town,35.1,36.7,1,Paper; Radio,Local,"He said '
    '""no"".\nTwice.",4,,1733443200'),
    ("EXA2,2024-12-05,2024,2,Strategic developments,Strategic developments,Non-violent transfer of "
    "territory,Side A,,,,,,,,760,Region,Country,One,,,Village,35.2,36.8,2,Paper,Local,,0,,"
    "1733443201"),
    ("EXA3,05 December 2024,2024,3,Political violence,Battles,Non-state actor overtakes territory,"
    "Side A,,,Side B,,,,,760,Region,Country,One,,,Village,35.3,36.9,3,Paper,Local,,,,1733443202"),
)  # fmt: skip


def text(*rows, header=HEADER):
    return "\n".join((header, *rows, "")).encode()


@pytest.fixture(scope="module")
def data():
    return acled.decode(text(*ROWS))


def test_events_lie_where_and_when_the_file_says(data):
    frame = data.frame
    assert data.kind == "events"
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.x.tolist() == [36.7, 36.8, 36.9]
    assert frame.fatalities.tolist()[:2] == [4, 0]
    assert pd.isna(frame.fatalities[2])
    assert frame.notes[0] == 'He said "no".\nTwice.'
    assert str(frame.recorded_from[0]) == "2024-12-06 00:00:00+00:00"  # 1733443200 s


def test_the_time_precision_widens_the_interval(data):
    spans = list(zip(data.frame.valid_from, data.frame.valid_to, strict=True))
    shown = [(f"{a:%Y-%m-%d}", f"{b:%Y-%m-%d}") for a, b in spans]
    assert shown == [
        ("2024-12-05", "2024-12-06"),  # the day
        ("2024-11-29", "2024-12-12"),  # any seven days that hold the 5th
        ("2024-12-01", "2025-01-01"),  # its month
    ]


def test_the_codes_are_types_and_not_numbers(data):
    frame = data.frame
    assert (frame.geo_precision == GeoPrecision.TOWN).tolist() == [True, False, False]
    assert (frame.geo_precision <= GeoPrecision.NEAR_TOWN).tolist() == [True, True, False]
    assert [each.code for each in GeoPrecision] == [1, 2, 3]
    with pytest.raises(TypeError):
        frame.geo_precision <= TimePrecision.WEEK  # noqa: B015 - it is the comparison that fails
    assert GeoPrecision.TOWN != ucdp.WherePrecision.EXACT
    texts = {
        each.value for kind in (GeoPrecision, TimePrecision, *ucdp.CODES.values()) for each in kind
    }
    assert len(texts) == 3 + 3 + 7 + 5 + 2 + 3


def test_territory_is_flagged_and_no_actor_is_an_attacker(data):
    assert data.frame.territory_changing.tolist() == [False, True, True]
    assert not {"status", "attacker", "defender"} & set(data.frame.columns)
    assert any("changed hands: 2" in remark for remark in data.remarks)
    assert any("does not say who attacked" in remark for remark in data.remarks)
    assert data.origin.redistributable is False
    with pytest.raises(InputError, match="no record of control"):
        data.history()


def test_a_round_trip_gives_the_same_events(data):
    written = acled.encode(data)
    assert written.decode().splitlines()[0] == HEADER
    again = acled.decode(written)
    pd.testing.assert_frame_equal(again.frame, data.frame)
    assert acled.encode(again) == written


def test_the_answer_of_the_interface_gives_the_same_events(data, tmp_path):
    frame = pd.DataFrame(data.frame.drop(columns="geometry"))
    exported = pd.read_csv(acled.write(data, tmp_path / "a.csv"), dtype=str, keep_default_na=False)
    rows = exported.to_dict("records")
    rows[0] |= {"latitude": 35.1, "fatalities": 4, "tags": None}
    answer = json.dumps({"status": 200, "data": rows}).encode()
    again = acled.decode(answer)
    pd.testing.assert_frame_equal(pd.DataFrame(again.frame.drop(columns="geometry")), frame)


def test_every_fault_is_told_at_once_with_its_line():
    bad = (
        ROWS[0],  # takes two lines
        ROWS[1].replace(",2,Paper", ",7,Paper").replace("35.2", "135.2"),
        ROWS[2].replace("2024,3,", "2023,3,"),
    )
    with pytest.raises(DataFileError) as caught:
        acled.decode(text(*bad), name="export.csv")
    assert caught.value.problems == (
        "line 4, column geo_precision: '7' is not one of 1, 2, 3",
        "line 4, column latitude: '135.2' is not a number from -90 to 90",
        "line 5: year is not that of event_date",
    )
    dropped = acled.decode(text(*bad), invalid="drop")
    assert dropped.frame.event_id_cnty.tolist() == ["EXA1"]
    assert sum("left out" in remark for remark in dropped.remarks) == 3


def test_a_changed_schema_is_named():
    header = HEADER.replace("geo_precision", "geoprecision").replace(",timestamp", ",stamp,extra")
    with pytest.raises(
        DataFileError, match="column geo_precision is missing; geoprecision may be it"
    ):
        acled.decode(text(header=header))
    header = HEADER.replace(",timestamp", ",stamp")
    remarks = acled.decode(text(ROWS[0], header=header)).remarks
    assert any("not known to have: stamp" in remark for remark in remarks)


def test_releases_differ_by_what_was_added_removed_and_changed(data):
    later = acled.decode(
        text(
            ROWS[0].replace(",4,,", ",5,,").replace("Armed clash", "Attack"),
            ROWS[2],
            ROWS[1].replace("EXA2", "EXA9"),
        )
    )
    found = acled.differences(data, later)
    assert found.to_numpy().tolist() == [
        ["EXA9", "added", ()],
        ["EXA2", "removed", ()],
        ["EXA1", "changed", ("sub_event_type", "fatalities")],
    ]
    assert acled.differences(data, data).empty


def test_more_rows_than_the_limit_are_refused():
    with pytest.raises(DataFileError, match=r"Limits\(max_features="):
        acled.decode(text(*ROWS), limits=Limits(max_features=2))


def test_detection_is_by_content():
    assert acled.detect(Peek("x.txt", ".txt", text(*ROWS))) == 1.0
    assert acled.detect(Peek("acled.csv", ".csv", b"id,date\n1,2\n")) == 0.0


def test_chunks_do_not_change_what_is_read(data, monkeypatch):
    monkeypatch.setattr("frontline.sources.schemas.CHUNK_ROWS", 1)
    again = acled.decode(text(*ROWS)).frame
    for name in data.frame:
        assert again[name].astype(object).equals(data.frame[name].astype(object)), name
