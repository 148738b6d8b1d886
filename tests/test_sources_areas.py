"""Readers of areas: NZZ's windows and Liveuamap's fields."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import shapely

from frontline.errors import CRSError, DataFileError, InputError
from frontline.sources import liveuamap, nzz
from frontline.sources.model import Peek
from frontline.sources.safety import Limits


def area(west, south, size=1.0):
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(sort, geometry, start="2023-03-06", end="2023-03-08", **more):
    properties = {"type": sort, "date": end, "_datefrom": start, "_dateto": end, "view": "full"}
    return {"type": "Feature", "properties": properties | more, "geometry": geometry}


def window(*features):
    return json.dumps({"value": {"type": "FeatureCollection", "features": list(features)}}).encode()


AREAS = window(
    feature("nochange", area(37, 48)),
    feature("gains", area(38, 48)),
    feature("losses", area(39, 48)),
)


class TestNzz:
    def test_a_window_is_dated_to_its_end(self):
        data = nzz.decode(AREAS)
        frame = data.frame
        assert data.kind == "snapshots"
        assert frame.actor.tolist() == ["Russia", "Russia", "Ukraine"]
        assert frame.change.tolist() == ["nochange", "gains", "losses"]
        assert {f"{stamp:%Y-%m-%d}" for stamp in frame.date} == {"2023-03-08"}
        assert {f"{stamp:%Y-%m-%d}" for stamp in frame.window_from} == {"2023-03-06"}
        assert frame.geometry.bounds.minx.tolist() == [37.0, 38.0, 39.0]
        assert any("windows of 2 to 2 days are no days" in remark for remark in data.remarks)
        assert data.origin.redistributable is None

    def test_names_of_the_sides_are_a_choice(self):
        assert nzz.decode(AREAS, holder="A", other="B").frame.actor.tolist() == ["A", "A", "B"]
        with pytest.raises(InputError, match="must be names"):
            nzz.decode(AREAS, holder=" ")

    def test_a_round_trip_gives_the_same_areas(self, tmp_path):
        data = nzz.decode(AREAS)
        again = nzz.read(nzz.write(data, tmp_path / "2023-03-08.json"), limits=Limits())
        pd.testing.assert_frame_equal(again.frame, data.frame)
        assert json.loads(nzz.encode(data))["value"]["features"][1]["properties"]["type"] == "gains"

    def test_milliseconds_are_instants_too(self):
        # 2023-03-06 and 2023-03-08 at midnight UTC.
        data = nzz.decode(
            window(feature("gains", area(37, 48), start=1678060800000, end=1678233600000))
        )
        assert str(data.frame.window_from[0]) == "2023-03-06 00:00:00+00:00"
        assert str(data.frame.date[0]) == "2023-03-08 00:00:00+00:00"

    def test_a_changed_schema_and_other_types_are_named(self):
        with pytest.raises(DataFileError, match="column _dateto is missing; _date_to may be it"):
            nzz.decode(AREAS.replace(b"_dateto", b"_date_to"))
        with pytest.raises(DataFileError, match="'taken' is not one of nochange, gains, losses"):
            nzz.decode(AREAS.replace(b'"gains"', b'"taken"'))
        with pytest.raises(DataFileError, match="feature 1: _dateto is before _datefrom"):
            nzz.decode(window(feature("gains", area(37, 48), start="2023-03-09")))
        with pytest.raises(DataFileError, match="no GeoJSON"):
            nzz.decode(b'{"value": {}}')
        with pytest.raises(DataFileError, match="feature 1: coordinates are not lists"):
            nzz.decode(window(feature("gains", {"type": "Polygon", "coordinates": [["x"]]})))

    def test_a_feature_that_says_nothing_is_a_fault_and_no_empty_line(self):
        nothing = {"type": "Feature", "properties": {}, "geometry": None}
        with pytest.raises(DataFileError, match="record 0, column _dateto: empty"):
            nzz.decode(window(nothing, feature("gains", area(37, 48))))

    def test_swapped_coordinates_are_refused(self):
        swapped = {"type": "Polygon", "coordinates": [[[10, 100], [10, 101], [11, 101], [10, 100]]]}
        with pytest.raises(CRSError, match="look swapped"):
            nzz.decode(window(feature("gains", swapped)))

    def test_a_folder_is_a_series(self, tmp_path):
        for end in ("2023-03-08", "2023-03-10"):
            text = window(feature("nochange", area(37, 48), end=end))
            (tmp_path / f"{end}.json").write_bytes(text)
        data = nzz.read(tmp_path, limits=Limits())
        assert [f"{stamp:%d}" for stamp in data.frame.date] == ["08", "10"]
        assert any(remark.startswith("2023-03-10.json: windows") for remark in data.remarks)

    def test_detection_is_by_content(self):
        assert nzz.detect(Peek("a", "", AREAS)) > 0.9
        assert nzz.detect(Peek("a", "", b'{"value": 1}')) == 0.0


FIELDS = {
    "fields": {
        "1": {"name": "East", "description": "d", "points": [
            {"lat": 48, "lng": 37}, {"lat": 48, "lng": 38}, {"lat": 49, "lng": 38}]},
        "2": {"name": "South", "description": "", "points": [46, 34, 46, 35, 47, 35, 46, 34]},
        "3": {"name": "Ukraine recaptured", "points": [
            [50, 30, 50, 31, 51, 31], [52, 30, 52, 31, 53, 31]]},
        "4": {"name": "East", "points": [[48, 39], [48, 40], [49, 40]]},
        "5": {"name": "Speck", "points": [48, 39, 48, 40]},
    }
}  # fmt: skip
ANSWER = json.dumps(FIELDS).encode()


class TestLiveuamap:
    def test_points_in_every_way_give_longitude_first(self):
        data = liveuamap.decode(ANSWER, date="2022-03-01")
        frame = data.frame
        assert frame.field.tolist() == ["1", "2", "3", "4"]
        assert frame.geometry.bounds.to_numpy().tolist() == [
            [37, 48, 38, 49], [34, 46, 35, 47], [30, 50, 31, 53], [39, 48, 40, 49],
        ]  # fmt: skip
        assert shapely.area(frame.geometry).tolist() == [0.5, 0.5, 1.0, 0.5]
        assert any("fewer than three positions" in remark for remark in data.remarks)

    def test_a_name_means_nobody_until_it_is_said(self):
        data = liveuamap.decode(ANSWER, date="2022-03-01")
        assert set(data.frame.status) == {"no_data"}
        assert data.frame.actor.isna().all()
        assert any(
            "'East', 'South', 'Speck', 'Ukraine recaptured'" in each for each in data.remarks
        )
        meant = liveuamap.decode(
            ANSWER, date="2022-03-01",
            actors={"East": "Russia", "South": (None, "contested"),
                    "Ukraine recaptured": "Ukraine"},
        )  # fmt: skip
        assert meant.frame.actor.where(meant.frame.actor.notna(), None).tolist() == [
            "Russia", None, "Ukraine", "Russia",
        ]  # fmt: skip
        assert meant.frame.status.tolist() == [
            "controlled", "contested", "controlled", "controlled",
        ]  # fmt: skip
        with pytest.raises(InputError, match="must be an actor or"):
            liveuamap.decode(ANSWER, date="2022-03-01", actors={"East": ("Russia", "held")})

    def test_the_file_s_name_says_the_date(self, tmp_path):
        # 1646092800 is 2022-03-01T00:00Z.
        for name in ("1646092800.json", "2022-03-01.json"):
            path = tmp_path / name
            path.write_bytes(ANSWER)
            data = liveuamap.read(path, limits=Limits())
            assert str(data.frame.date[0]) == "2022-03-01 00:00:00+00:00"
        with pytest.raises(InputError, match="does not say of when it is"):
            liveuamap.decode(ANSWER)

    def test_a_round_trip_gives_the_same_fields(self, tmp_path):
        data = liveuamap.decode(ANSWER, date="2022-03-01")
        path = liveuamap.write(data, tmp_path / "2022-03-01.json")
        again = liveuamap.read(path, limits=Limits())
        pd.testing.assert_frame_equal(again.frame, data.frame)

    @pytest.mark.parametrize(
        ("points", "problem"),
        [
            ([48, 37, 48], "a flat list must hold a latitude and a longitude in turn"),
            ([{"lat": 48}], "a point has no 'lng'"),
            ([48, "x", 49, 38], "its points are no coordinates"),
            ([48, None, 49, 38, 1, 1], "coordinates are not finite"),
            ({}, "it has no list of points"),
            ([[48, 37], 5], "its points are no coordinates"),
        ],
    )
    def test_points_that_are_none_are_told_by_field(self, points, problem):
        bad = {"fields": {"7": {"name": "x", "points": points}, "8": {"name": "y", "points": 5}}}
        with pytest.raises(DataFileError) as caught:
            liveuamap.decode(json.dumps(bad).encode(), date="2022-03-01")
        assert problem in caught.value.problems[0]
        assert caught.value.problems[0].startswith("field 7: ")
        assert caught.value.problems[1] == "field 8: it has no list of points"

    def test_an_answer_without_fields(self):
        empty = liveuamap.decode(b'{"fields": []}', date="2022-03-01")
        assert len(empty.frame) == 0
        with pytest.raises(DataFileError, match="holds no 'fields'"):
            liveuamap.decode(b'{"venues": []}', date="2022-03-01")

    def test_detection_is_by_content(self):
        assert liveuamap.detect(Peek("a", "", ANSWER)) == 0.9
        assert liveuamap.detect(Peek("a", "", b'{"a": 1}')) == 0.0
