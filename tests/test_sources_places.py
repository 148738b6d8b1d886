"""Readers of points: GeoNames dumps, GeoConfirmed placemarks, units of uawardata."""

from __future__ import annotations

import json
import zipfile

import pandas as pd
import pytest

import frontline as fl
from frontline.errors import DataFileError, InputError
from frontline.sources import geoconfirmed, geonames, uawardata
from frontline.sources.model import Peek
from frontline.sources.safety import Limits


def line(*, number="1", name="Town", names="", lat="35.1", lon="36.7", sort="P", code="PPL",
         country="SY", admin1="05", population="0", day="2019-01-01"):  # fmt: skip
    cells = [number, name, name, names, lat, lon, sort, code, country, "", admin1, "", "", ""]
    return "\t".join([*cells, population, "", "276", "Asia/Damascus", day])


def dump(*lines):
    return ("\n".join(lines) + "\n").encode()


PLACES = dump(
    line(number="1", name='The "Old" Town', names="Town,,-,المدينة,_", population="60000"),
    line(number="2", name="Hamlet", population="900", lat="35.2"),
    line(number="3", name="Unknown", code="PPLX"),
    line(number="4", name="Field", sort="S", code="AIRB"),
    line(number="5", name="Province", sort="A", code="ADM1"),
    line(number="6", name="River", sort="H", code="STM"),
    line(number="7", name="Abroad", country="TR", lat="39.0", lon="35.0"),
)


class TestGeonames:
    def test_features_become_places(self):
        data = geonames.decode(PLACES, admin1={"SY.05": "Province"})
        frame = data.frame
        assert data.kind == "places"
        assert frame.place_id.tolist() == [f"geonames:{n}" for n in (1, 2, 3, 4, 5, 7)]
        assert frame.kind.tolist() == [
            "city", "village", "settlement", "airfield", "governorate", "settlement",
        ]  # fmt: skip
        assert frame["name"][0] == 'The "Old" Town'
        assert frame.alternate_names[0] == "Town;المدينة"
        assert frame.population.isna().tolist() == [False, False, True, True, True, True]
        assert frame.admin1.tolist()[:5] == ["Province"] * 5
        assert frame.geometry.y.tolist()[:2] == [35.1, 35.2]
        assert any("left out: 1 (STM 1)" in remark for remark in data.remarks)

    def test_a_gazetteer_takes_them(self):
        data = geonames.decode(PLACES, admin1={"SY.05": "Province"}, countries=["SY"])
        gazetteer = fl.Gazetteer.from_frame(data.frame)
        found = gazetteer.place("المدينة")
        assert (found.name, found.kind, found.country) == ('The "Old" Town', "city", "SY")
        assert found.licence == "CC BY 4.0"

    def test_countries_and_other_features_are_a_choice(self):
        assert len(geonames.decode(PLACES, countries=["TR"]).frame) == 1
        everything = geonames.decode(PLACES, features="all").frame
        assert len(everything) == 7
        assert everything.kind.isna().sum() == 1
        with pytest.raises(InputError, match="two capital letters"):
            geonames.decode(PLACES, countries=["Syria"])
        with pytest.raises(InputError, match="'places' or 'all'"):
            geonames.decode(PLACES, features="some")

    def test_a_round_trip_gives_the_same_places(self):
        data = geonames.decode(PLACES, features="all")
        written = geonames.encode(data)
        again = geonames.decode(written, features="all")
        pd.testing.assert_frame_equal(again.frame, data.frame)
        original = PLACES.decode().replace("Town,,-,المدينة,_", "Town,المدينة")
        assert written.decode() == original

    def test_a_tab_in_a_name_is_not_written(self):
        frame = geonames.decode(PLACES).frame
        with pytest.raises(InputError, match="tabs or line breaks"):
            geonames.encode(frame.assign(name="a\tb"))

    def test_rows_with_faults_are_told_with_their_lines(self):
        bad = PLACES + dump(line(number="x", lat="95"), "8\tShort")
        with pytest.raises(DataFileError) as caught:
            geonames.decode(bad)
        assert caught.value.problems[:2] == (
            "line 8, column geonameid: 'x' is not a whole number of at least 0",
            "line 8, column latitude: '95' is not a number from -90 to 90",
        )
        assert any("line 9, column latitude: empty" in each for each in caught.value.problems)
        assert len(geonames.decode(bad, invalid="drop").frame) == 6

    def test_names_that_cannot_be_looked_up_are_left_out_and_counted(self):
        data = geonames.decode(dump(line(name="\u0640\u0640"), line(number="2", name="a\x07b"),
                                    line(number="3", name="Good")))  # fmt: skip
        assert data.frame["name"].tolist() == ["Good"]
        assert any("control characters, left out: 2" in remark for remark in data.remarks)

    def test_a_table_of_other_columns_is_refused(self):
        with pytest.raises(
            DataFileError, match="has 3 columns between tabs; a GeoNames dump has 19"
        ):
            geonames.decode(b"a\tb\tc\n")

    def test_alternate_names_are_added_by_language(self):
        names = dump(
            "1\t1\tar\tالبلدة القديمة\t1\t\t\t\t\t",
            "2\t1\ten\tTown\t\t\t\t\t\t",
            "3\t2\ttr\tMezra\t\t\t\t\t\t",
            "4\t2\tlink\thttps://example.org\t\t\t\t\t\t",
            "5\t99\ten\tElsewhere\t\t\t\t\t\t",
        )
        table = geonames.decode_alternate_names(names)
        assert table.alternate_name.tolist() == ["البلدة القديمة", "Town", "Mezra", "Elsewhere"]
        longer = geonames.with_alternate_names(geonames.decode(PLACES), table)
        assert longer.frame.alternate_names.tolist()[:3] == [
            "Town;المدينة;البلدة القديمة", "Mezra", "",
        ]  # fmt: skip
        assert "alternate names: 2" in longer.remarks[-1]
        arabic = geonames.decode_alternate_names(names, languages=["ar"])
        assert arabic.isolanguage.tolist() == ["ar"]

    def test_an_archive_is_read_without_its_readme(self, tmp_path):
        path = tmp_path / "SY.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "The columns are ...")
            archive.writestr("SY.txt", PLACES)
        assert len(geonames.read(path, limits=Limits()).frame) == 6
        saved = geonames.write(geonames.decode(PLACES), tmp_path / "mine.txt")
        assert len(geonames.read(saved, limits=Limits()).frame) == 6

    def test_detection_is_by_content(self):
        assert geonames.detect(Peek("x", "", PLACES)) > 0.9
        assert geonames.detect(Peek("x.txt", ".txt", b"a\tb\n")) == 0.0
        assert geonames.detect(Peek("a.zip", ".zip", b"PK", ("SY.txt", "readme.txt"))) > 0.8


PLACEMARKS = [
    {"id": "a", "name": "Clip one", "description": "<b>x</b>", "lat": 48.1, "lng": 37.5,
     "dateCreated": "2023-06-12T10:20:30Z", "gear": "APC", "sources": "https://a\nhttps://b",
     "plusCode": "8GXX"},
    {"id": "b", "name": "Clip two", "lat": "48.2", "lng": 37.6, "date": "2023-06-01",
     "dateCreated": "2023-06-13T00:00:00+03:00"},
]  # fmt: skip


class TestGeoConfirmed:
    def test_the_day_of_the_placemark_is_not_that_of_the_event(self):
        data = geoconfirmed.decode(json.dumps(PLACEMARKS).encode())
        frame = data.frame
        assert frame.valid_from.isna().tolist() == [True, False]
        assert f"{frame.valid_to[1]:%Y-%m-%d}" == "2023-06-02"
        assert str(frame.recorded_from[0]) == "2023-06-12 10:20:30+00:00"
        assert str(frame.recorded_from[1]) == "2023-06-12 21:00:00+00:00"
        assert frame.geometry.y.tolist() == [48.1, 48.2]
        assert any("without a date of the event: 1" in remark for remark in data.remarks)

    def test_a_page_says_how_much_is_missing(self):
        answer = {"count": 5000, "items": PLACEMARKS}
        remarks = geoconfirmed.decode(json.dumps(answer).encode()).remarks
        assert "this is a page: 2 of 5,000 placemarks" in remarks

    def test_other_names_of_the_coordinates_are_read_and_said(self):
        renamed = [{"id": "a", "la": 48.1, "lo": 37.5, "originalSource": "https://a"}]
        data = geoconfirmed.decode(json.dumps(renamed).encode())
        assert data.frame.geometry.x.tolist() == [37.5]
        assert "column lo was read as lng" in data.remarks

    def test_a_round_trip_gives_the_same_placemarks(self, tmp_path):
        data = geoconfirmed.decode(json.dumps(PLACEMARKS).encode())
        path = geoconfirmed.write(data, tmp_path / "a.json")
        again = geoconfirmed.read(path, limits=Limits())
        pd.testing.assert_frame_equal(again.frame, data.frame)

    def test_faults_are_told_by_record(self):
        bad = [*PLACEMARKS, {"id": "c", "lat": 148, "lng": 37}, {"lat": 1, "lng": None}]
        with pytest.raises(DataFileError) as caught:
            geoconfirmed.decode(json.dumps(bad).encode())
        assert caught.value.problems == (
            "record 2, column lat: '148' is not a number from -90 to 90",
            "record 3, column id: empty, not a text",
            "record 3, column lng: empty, not a number from -180 to 180",
        )
        with pytest.raises(DataFileError, match="record 1 is no object"):
            geoconfirmed.decode(b'[{"id": 1}, 2]')
        with pytest.raises(DataFileError, match="column lng is missing"):
            geoconfirmed.decode(b'[{"id": 1, "lat": 2}]')

    def test_detection_is_by_content(self):
        assert geoconfirmed.detect(Peek("a", "", json.dumps(PLACEMARKS).encode())) > 0.9
        assert geoconfirmed.detect(Peek("a", "", b'[{"id": 1}]')) == 0.0


UNITS = (
    b"date,lat,lng,icon,type,strength,strength_in_btg_number,unit,unitnumber,country,sources_url\n"
    b"2022-03-04,50.6,30.2,SHGP,Infantry,Brigade,1.5,36th,36,ru,https://x\n"
    b"2022-03-04,50.7,30.3,SFGP,Infantry,Brigade,,72nd,72,ua,\n"
    b"2022-03-04,,30.3,SFGP,Infantry,Brigade,,99th,99,xx,\n"
    b"2022-03-05,50.7,30.3,SFGP,Infantry,Brigade,,?,,na,\n"
)


class TestUnits:
    def test_rows_that_cannot_be_used_are_left_out_and_counted(self):
        data = uawardata.decode(UNITS)
        frame = data.frame
        assert frame.unit.tolist() == ["36th", "72nd", "?"]
        assert frame.actor.fillna("nobody").tolist() == ["Russia", "Ukraine", "nobody"]
        assert f"{frame.valid_from[0]:%Y-%m-%d} {frame.valid_to[0]:%Y-%m-%d}" == (
            "2022-03-04 2022-03-05"
        )
        assert any("left out: lat is not a number" in remark for remark in data.remarks)
        assert any("no control" in remark for remark in data.remarks)

    def test_they_can_be_refused_instead(self):
        with pytest.raises(DataFileError) as caught:
            uawardata.decode(UNITS, invalid="raise")
        assert caught.value.problems == (
            "line 4, column country: 'xx' is not one of ru, ua, na",
            "line 4, column lat: empty, not a number from -90 to 90",
        )
        with pytest.raises(InputError, match="'raise' or 'drop'"):
            uawardata.decode(UNITS, invalid="ignore")

    def test_a_round_trip_gives_the_same_units(self, tmp_path):
        data = uawardata.decode(UNITS)
        again = uawardata.read(uawardata.write(data, tmp_path / "u.csv"), limits=Limits())
        pd.testing.assert_frame_equal(
            again.frame.sort_index(axis=1), data.frame.sort_index(axis=1), check_categorical=False
        )

    def test_detection_is_by_content(self):
        assert uawardata.detect(Peek("a", "", UNITS)) > 0.6
        assert uawardata.detect(Peek("a", "", b"date,lat,lng\n")) == 0.0
