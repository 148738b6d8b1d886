"""VIINA: panels of control, wide and long, with a column for each source; events."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.control.panels import statements_from_panel
from frontline.errors import DataFileError, InputError
from frontline.sources import viina
from frontline.sources.model import Peek
from frontline.sources.safety import Limits

LONG = (
    b"geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status,vcontrol_version\n"
    b"1,20220301,UA,UA,UA,,UA,v1\n"
    b"1,20220302,UA,RU,RU,,RU,v1\n"
    b"1,20220303,UA,RU,RU,,RU,v1\n"
    b"2e+00,20220301,RU,CONTESTED,UA,,UA,v1\n"
    b"2e+00,20220302,RU,CONTESTED,UA,RU,RU,v1\n"
)
WIDE = (
    "geonameid,name,asciiname,alternatenames,longitude,latitude,feature_code,"
    "ctr_20220224060000,ctr_20220224120000,ctr_20220224180000\n"
    "1,Місто,Misto,,37.5,48.1,PPL,UA,UA,CONTESTED\n"
    '2,Two,Two,"A, B",37.6,48.2,PPL,RU,,RU\n'
).encode()
EVENTS = (
    "viina_version,event_id,date,time,geonameid,feature_code,asciiname,longitude,latitude,"
    "GEO_PRECISION,GEO_API,report_id,source,url,text,lang,t_mil_b,t_control_pred\n"
    'b1,10,20220301,12:30,461727.0,PPL,Misto,37.5,48.1,ADM3,Y,5,paper,x,"Бої, бої",ua,1,0.7\n'
    "b1,11,20220302,,,,,,,ADM1,Y,6,paper,https://y,Zwei,ru,0,0.1\n"
    "b1,12,20220302,,,,,37.5,48.1,COUNTRY,Y,6,paper,https://y,Drei,ru,,\n"
).encode()


def test_every_source_keeps_its_column():
    data = viina.decode(LONG)
    assert data.kind == "panel"
    frame = data.frame
    assert frame.geonameid.tolist() == [1, 1, 1, 2, 2]
    assert frame.status_wiki.tolist() == ["UA", "UA", "UA", "RU", "RU"]
    assert frame.status_isw.isna().tolist() == [True, True, True, True, False]
    assert str(frame.date[1]) == "2022-03-02 00:00:00+00:00"
    assert set(viina.SOURCES) < set(frame.columns)
    assert viina.TIE in viina.SOURCES.values()
    assert data.origin.licence.startswith("Open Database License")


def test_a_panel_can_be_cut_to_its_changes():
    data = viina.decode(LONG, only_changes=True)
    assert data.frame.date.dt.day.tolist() == [1, 2, 1, 2]
    assert any("left out: 1" in remark for remark in data.remarks)
    # The limit counts what is kept.
    viina.decode(LONG, only_changes=True, limits=Limits(max_features=4))
    with pytest.raises(DataFileError, match="max_features"):
        viina.decode(LONG, limits=Limits(max_features=4))


def test_the_register_of_places_is_another_key():
    data = viina.decode(LONG.replace(b"geonameid", b"kod").replace(b"\n1,", b"\nUA01,"))
    assert data.frame.kod.astype(str).tolist() == ["UA01"] * 3 + ["2e+00"] * 2


def test_a_long_round_trip():
    data = viina.decode(LONG)
    written = viina.encode(data)
    assert written == LONG.replace(b"2e+00", b"2")
    pd.testing.assert_frame_equal(viina.decode(written).frame, data.frame)


def test_the_wide_table_becomes_long():
    data = viina.decode(WIDE)
    frame = data.frame
    assert frame.status.tolist() == ["UA", "UA", "CONTESTED", "RU", "RU"]
    assert frame.date.dt.hour.tolist() == [6, 12, 18, 6, 18]
    assert frame.geometry.x.tolist() == [37.5] * 3 + [37.6] * 2
    assert frame["name"].tolist()[0] == "Місто"
    assert any("cells without a status: 1" in remark for remark in data.remarks)
    changes = viina.decode(WIDE, only_changes=True).frame
    assert changes.date.dt.hour.tolist() == [6, 18, 6, 18]


def test_a_wide_round_trip():
    data = viina.decode(WIDE)
    written = viina.encode(data, version=1)
    assert written == WIDE
    twice = pd.concat([data.frame, data.frame.head(1)])
    with pytest.raises(InputError, match="two statuses at one instant"):
        viina.encode(twice, version=1)


def test_a_column_that_names_no_instant_is_refused():
    with pytest.raises(DataFileError, match="ctr_20229924060000"):
        viina.decode(WIDE.replace(b"ctr_20220224060000", b"ctr_20229924060000"))


def test_an_unknown_status_is_refused_with_its_line():
    with pytest.raises(DataFileError) as caught:
        viina.decode(LONG.replace(b"UA,UA,UA,,UA", b"UA,XX,UA,,UA"))
    assert caught.value.problems == (
        "line 2, column status_boost: 'XX' is not one of UA, RU, CONTESTED",
    )


def test_a_table_of_other_columns_is_refused():
    with pytest.raises(DataFileError, match="column status_dsm is missing; status_dsmap may be it"):
        viina.decode(LONG.replace(b"status_dsm", b"status_dsmap"))
    with pytest.raises(DataFileError, match=r"expected geonameid or kod.*found a, b"):
        viina.decode(b"a,b\n1,2\n")


def test_places_are_joined_by_their_number():
    places = gpd.GeoDataFrame(
        {"geonameid": [2.0, 1.0], "name": ["Two", "One"]},
        geometry=[shapely.box(2, 0, 3, 1), shapely.box(0, 0, 1, 1)],
        crs=4326,
    )
    out = viina.at_places(viina.decode(LONG), places)
    assert out["name"].tolist() == ["One"] * 3 + ["Two"] * 2
    assert out.geometry.bounds.minx.tolist() == [0.0] * 3 + [2.0] * 2
    named = places.assign(place_id=["geonames:2", "geonames:1"]).drop(columns="geonameid")
    assert viina.at_places(viina.decode(LONG), named).geometry.equals(out.geometry)
    few = viina.at_places(viina.decode(LONG), places.head(1))
    assert few.geometry.isna().tolist() == [True] * 3 + [False] * 2


def test_events_are_read_and_no_control_is_made_of_them():
    data = viina.decode(EVENTS)
    frame = data.frame
    assert data.kind == "events"
    assert "status" not in frame
    assert frame.geometry.isna().tolist() == [False, True, False]
    assert frame.title[0] == "Бої, бої"
    assert frame.GEO_PRECISION[0] == viina.GeoPrecision.ADM3
    assert (frame.GEO_PRECISION <= viina.GeoPrecision.ADM2).tolist() == [True, False, False]
    assert f"{frame.valid_to[0]:%Y-%m-%d}" == "2022-03-02"
    assert frame.t_control_pred.tolist()[:2] == [0.7, 0.1]
    assert any("not known, left empty: ['COUNTRY']" in remark for remark in data.remarks)
    assert any("rows without coordinates: 1" in remark for remark in data.remarks)


def test_an_events_round_trip():
    data = viina.decode(EVENTS.replace(b"COUNTRY", b"ADM2"))
    written = viina.encode(data)
    assert written.splitlines()[0] == EVENTS.splitlines()[0]
    pd.testing.assert_frame_equal(viina.decode(written).frame, data.frame)


def test_yearly_files_of_an_archive_are_put_together(tmp_path):
    path = tmp_path / "control_latest.zip"
    later = LONG.replace(b",2022", b",2023").replace(b"v1", b"v2")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("control_latest_2022.csv", LONG)
        archive.writestr("control_latest_2023.csv", later)
        archive.writestr("README.md", "text")
    data = viina.read(path, limits=Limits())
    assert len(data.frame) == 10
    assert data.frame.vcontrol_version.tolist() == ["v1"] * 5 + ["v2"] * 5
    assert data.frame.status.tolist() == viina.decode(LONG).frame.status.tolist() * 2
    written = viina.write(data, tmp_path / "out.csv")
    assert len(viina.read(written, limits=Limits()).frame) == 10


def test_detection_is_by_content():
    for content in (LONG, WIDE, EVENTS):
        assert viina.detect(Peek("x", "", content)) > 0.9
    assert viina.detect(Peek("x.zip", ".zip", b"PK\x03\x04", ("control_latest_2022.csv",))) > 0.8
    assert viina.detect(Peek("x.csv", ".csv", b"geonameid,date\n")) == 0.0


def test_a_panel_becomes_a_history_by_its_rule():
    # The steps of docs/source-tables.md.
    rows = ["geonameid,date," + ",".join(viina.SOURCES) + ",status"]
    rows += ["1,20220301,RU,RU,RU,RU,RU", "2,20220301,UA,UA,RU,RU,RU", "2,20220302,UA,UA,UA,RU,UA"]
    panel = viina.decode("\n".join(rows).encode())
    places = gpd.GeoDataFrame(
        {"geonameid": [1, 2], "name": ["A", "B"]},
        geometry=[shapely.Point(30, 50), shapely.Point(31, 50)],
        crs=4326,
    )
    placed = viina.at_places(panel, places)
    said = statements_from_panel(
        placed, sources=viina.SOURCES, actors=viina.ACTORS, place="geonameid", carry=("geometry",)
    )
    history = ControlHistory.from_places(
        gpd.GeoDataFrame(said, geometry="geometry", crs=placed.crs),
        resolve="vote",
        rank=[viina.TIE, *(each for each in viina.SOURCES.values() if each != viina.TIE)],
    )
    # Two against two: the tie goes to DeepStateMap, as VIINA says of its own column `status`.
    held = [
        history.holder([(30, 50), (31, 50)], day).tolist() for day in ("2022-03-01", "2022-03-02")
    ]
    assert held == [["Russia", "Russia"], ["Russia", "Ukraine"]]
