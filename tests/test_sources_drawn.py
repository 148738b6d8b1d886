"""Formats of maps that others draw: every reader against a small file of our own making."""

import importlib.util
import io
import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from frontline.control import ControlHistory
from frontline.control.statements import BASES, STATUSES
from frontline.errors import DataFileError, InputError
from frontline.sources import (
    Data,
    Limits,
    Origin,
    deepstate,
    deepstate_history,
    isw,
    kml,
    registry,
    wikipedia,
)
from frontline.sources.deepstate_history import Status
from frontline.sources.isw import Layer
from frontline.sources.lua import Name, tables_of, walk
from frontline.sources.model import Peek
from tests.timing import processor_time

SQUARE = [[37.0, 48.0], [38.0, 48.0], [38.0, 49.0], [37.0, 49.0], [37.0, 48.0]]
UTC = "UTC"


def moved(east):
    return [[x + east, y] for x, y in SQUARE]


def polygon(ring):
    return {"type": "Polygon", "coordinates": [ring]}


# --- DeepState, daily -----------------------------------------------------------------------


def daily(*rings, **properties):
    parts = [[ring] for ring in rings]
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": "MultiPolygon", "coordinates": parts},
                }
            ],
        }
    ).encode()


def test_deepstate_day():
    data = deepstate.decode(daily(SQUARE, moved(2)), name="deepstatemap_data_20241205.geojson")
    assert data.kind == "snapshots"
    (row,) = data.frame.to_dict("records")
    assert row["date"] == pd.Timestamp("2024-12-05", tz=UTC)
    assert (row["actor"], row["status"], row["basis"]) == ("Russia", "controlled", "assessed")
    assert row["geometry"].area == pytest.approx(2.0)
    assert data.origin.redistributable is False
    assert any("grey zone" in remark for remark in data.remarks)


def test_deepstate_schema_drift_is_named():
    with pytest.raises(DataFileError, match="properties fill; expected none"):
        deepstate.decode(daily(SQUARE, fill="#a52714"), date="2024-12-05")
    nothing = b'{"type": "FeatureCollection", "features": []}'
    with pytest.raises(DataFileError, match="no feature; expected one area"):
        deepstate.decode(nothing, date="2024-12-05")
    with pytest.raises(DataFileError, match="give its date="):
        deepstate.decode(daily(SQUARE), name="day.geojson")


def test_deepstate_swapped_coordinates_are_seen():
    swapped = [[y, x] for x, y in SQUARE]
    with pytest.raises(ValueError, match="look swapped"):
        deepstate.decode(daily(swapped), date="2024-12-05")


@pytest.fixture
def days(tmp_path):
    for day, east in (("20241205", 0.2), ("20241203", 0.0), ("20241206", 0.3)):
        file = tmp_path / f"deepstatemap_data_{day}.geojson"
        file.write_bytes(daily(moved(east)))
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    return tmp_path


def test_deepstate_folder_and_its_gaps(days):
    data = deepstate.read(days, limits=Limits())
    assert data.frame["date"].dt.day.tolist() == [3, 5, 6]
    assert "days without a file: 1 (2024-12-04)" in data.remarks


def test_deepstate_streams_one_day_at_a_time(days):
    stream = deepstate.stream(days)
    first = next(stream)
    assert len(first.frame) == 1
    # What comes later is not read yet: it may even be gone.
    (days / "deepstatemap_data_20241206.geojson").unlink()
    assert next(stream).frame["date"].dt.day.tolist() == [5]
    with pytest.raises(DataFileError, match="does not exist"):
        next(stream)
    files = sorted(days.glob("*.geojson"))
    assert [each.frame["date"].iloc[0].day for each in deepstate.stream(files)] == [3, 5]


def test_deepstate_zip_round_trip(days, tmp_path):
    data = deepstate.read(days, limits=Limits())
    file = deepstate.write(data, tmp_path / "days.zip")
    again = deepstate.read(file, limits=Limits())
    assert again.frame["date"].tolist() == data.frame["date"].tolist()
    assert again.frame.geometry.geom_equals(data.frame.geometry).all()
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        document = json.loads(archive.read(names[0]))
    assert names[0] == "deepstatemap_data_20241203.geojson"
    assert document["features"][0]["properties"] == {}


def test_deepstate_two_files_of_a_day(days):
    (days / "old_deepstatemap_data_20241203.geojson").write_bytes(daily(SQUARE))
    with pytest.raises(DataFileError, match="same day"):
        deepstate.read(days, limits=Limits())


def test_deepstate_encode_holds_one_actor():
    frame = gpd.GeoDataFrame(
        {"date": pd.to_datetime(["2024-12-05"] * 2, utc=True), "actor": ["A", "B"]},
        geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4326,
    )  # fmt: skip
    with pytest.raises(InputError, match="one actor"):
        deepstate.encode(Data("snapshots", frame, deepstate.ORIGIN))


# --- DeepState, live ------------------------------------------------------------------------


def feature(name, geometry, **properties):
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": geometry}


def live(*features, **top):
    document = {"map": {"type": "FeatureCollection", "features": list(features)}, **top}
    return json.dumps(document, ensure_ascii=False).encode()


HEIGHTS = [[*spot, 0] for spot in SQUARE]
LIVE = live(
    feature("Окуповано /// Occupied\xa0/// geoJSON.status.occupied\n", polygon(HEIGHTS)),
    feature("ОРДЛО /// CADR and CALR /// geoJSON.territories.ordlo", polygon(moved(1))),
    feature("Звільнено 25.03 /// Liberated 25.03 /// geoJSON.status.dismissed_at {{at:25.03}}",
            polygon(moved(-1))),
    feature("Невідомо /// Unknown status /// geoJSON.status.unknown", polygon(moved(-2))),
    feature("Окупована Абхазія /// Abkhazia /// geoJSON.territories.abkhazia",
            polygon(moved(4))),
    feature("Звільнено /// Liberated", polygon(moved(-3)), fill="#0F9D58"),
    feature("Нове /// Something new /// geoJSON.status.novelty", polygon(moved(-4))),
    feature("Напрям удару /// Direction of attack /// geoJSON.status.attack_direction",
            {"type": "Point", "coordinates": [37.5, 48.5, 0]}, description="{icon=arrow_4}"),
    feature("1 бр /// 1st brigade /// geoJSON.units.brigade",
            {"type": "Point", "coordinates": [37.6, 48.5, 0]}, description="icon=enemy"),
    id=1733400000,
    datetime="2024-12-05T12:00:00Z",
)  # fmt: skip


def test_deepstate_live_areas():
    data = deepstate_history.decode(LIVE)
    frame = data.frame.set_index("name")
    assert frame.loc["Occupied", ["actor", "status"]].tolist() == ["Russia", "controlled"]
    assert frame.loc["CADR and CALR", ["actor", "status"]].tolist() == ["Russia", "controlled"]
    assert frame.loc["Liberated 25.03", ["actor", "key"]].tolist() == [
        "Ukraine", "status.dismissed_at",
    ]  # fmt: skip
    assert frame.loc["Liberated", "actor"] == "Ukraine"  # by its fill alone
    assert frame.loc["Unknown status", ["actor", "status"]].tolist() == ["unknown", "contested"]
    assert set(frame.index) == {
        "Occupied", "CADR and CALR", "Liberated 25.03", "Liberated", "Unknown status",
    }  # fmt: skip
    assert data.frame["date"].unique().tolist() == [pd.Timestamp("2024-12-05 12:00", tz=UTC)]
    assert not data.frame.geometry.has_z.any()
    assert "points kept apart (part='points'): 2" in data.remarks
    assert "areas of unknown status left out: 1 (status.novelty)" in data.remarks
    assert "areas outside this war left out: 1 (Abkhazia)" in data.remarks


def test_deepstate_live_points():
    data = deepstate_history.decode(LIVE, part="points")
    assert data.kind == "events"
    assert data.frame["icon"].tolist() == ["arrow_4", "enemy"]
    assert data.frame["heading_deg"].tolist()[0] == 90.0
    assert data.frame["heading_deg"].isna().tolist() == [False, True]
    assert data.frame["name_uk"].tolist() == ["Напрям удару", "1 бр"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"date": "2026-03-01"}, ("Russia", "infiltration")),
        ({"date": "2025-12-31"}, ("unknown", "contested")),
        ({"date": "2025-12-31", "grey": "infiltration"}, ("Russia", "infiltration")),
    ],
)
def test_deepstate_grey_zone_changed_its_meaning(options, expected):
    frame = deepstate_history.decode(LIVE, **options).frame.set_index("name")
    assert tuple(frame.loc["Unknown status", ["actor", "status"]]) == expected


def test_deepstate_live_date():
    area = feature("x /// y /// geoJSON.status.occupied", polygon(SQUARE))
    data = deepstate_history.decode(live(area, id=1733400000, datetime="5 грудня"))
    assert data.frame["date"].iloc[0] == pd.Timestamp("2024-12-05 12:00", tz=UTC)
    assert any("version's id" in remark for remark in data.remarks)
    with pytest.raises(DataFileError, match="give date="):
        deepstate_history.decode(live(area, id=7))
    bare = json.dumps({"type": "FeatureCollection", "features": [area]}).encode()
    assert len(deepstate_history.decode(bare, date="2024-12-05").frame) == 1


def test_deepstate_live_schema_drift():
    plain = {"type": "Feature", "properties": {"title": "x"}, "geometry": polygon(SQUARE)}
    with pytest.raises(DataFileError, match="no feature has the property name"):
        deepstate_history.decode(live(plain), date="2024-12-05")
    with pytest.raises(InputError, match="part="):
        deepstate_history.decode(LIVE, part="lines")


def test_deepstate_every_fill_has_a_meaning():
    for fill, status in deepstate_history.FILLS.items():
        assert isinstance(status, Status)
        assert deepstate_history.status_of("", fill.upper()) is status
    assert deepstate_history.status_of("", "#123456") is None


def test_deepstate_makes_histories(days):
    live = deepstate_history.decode(LIVE)
    history = live.history()
    when = pd.Timestamp("2024-12-05 13:00", tz=UTC)
    held = dict(zip(live.frame["name"], history.holder(_middles(live), when), strict=True))
    assert held["Occupied"] == "Russia"
    assert held["Liberated"] == "Ukraine"
    assert history.sources["redistributable"].tolist() == ["no"]
    frames = (day.frame for day in deepstate.stream(days))
    streamed = ControlHistory.from_snapshots(frames, rest="Ukraine")
    assert [each.day for each in streamed.gaps] == [4]


def _middles(data):
    return list(data.frame.geometry.representative_point())


# --- ISW ------------------------------------------------------------------------------------

EDITED_MS = 1733400000000  # 2024-12-05 12:00 UTC


def isw_geojson(**properties):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": polygon(SQUARE),
                    "properties": {"OBJECTID": 1, "GlobalID_2": "x", "EditDate": EDITED_MS}
                    | properties,
                }
            ],
        }
    ).encode()


@pytest.mark.parametrize(
    ("name", "layer", "actor", "status", "basis"),
    [
        ("VIEW_RussiaCoTinUkraine_V3", "control", "Russia", "controlled", "assessed"),
        ("AssessedRussianAdvanceInUkraine_V2_view", "advance", "Russia", "advance", "assessed"),
        ("MDS_AssessedRussianAdvanceInUkraine_view", "advance", "Russia", "advance", "assessed"),
        ("View_AssessedRussianInfiltrationAreasinUkraine_V4", "infiltration", "Russia",
         "infiltration", "assessed"),
        ("VIEW_ClaimedRussianTerritoryinUkraine_V2", "claimed_russian", "Russia", "controlled",
         "claimed"),
        ("Claimed_Russian_Advances_in_Russia_View", "claimed_russian", "Russia", "controlled",
         "claimed"),
        ("VIEW_ClaimedUkrainianCounteroffensives_V2", "claimed_ukrainian", "Ukraine", "advance",
         "claimed"),
        ("Claimed_Limit_of_Ukrainian_Advance_VIEW", "claimed_ukrainian", "Ukraine", "advance",
         "claimed"),
        ("Assessed_Russian_Gains_in_the_Past_24_Hours_view", "gains_24h", "Russia", "advance",
         "assessed"),
        ("VIEW_Russian_controlled_Ukrainian_Territory_before_February_24_2022", "before_2022",
         "Russia", "controlled", "assessed"),
    ],
)  # fmt: skip
def test_isw_layers_keep_their_meaning(name, layer, actor, status, basis):
    data = isw.decode(isw_geojson(), name=f"{name}.geojson")
    (row,) = data.frame.to_dict("records")
    said = (row["layer"], row["actor"], row["status"], row["basis"])
    assert said == (layer, actor, status, basis)
    assert row["date"] == row["edited"] == pd.Timestamp("2024-12-05 12:00", tz=UTC)
    assert data.origin.redistributable is False


def test_isw_layers_that_are_no_control_are_events():
    line = {"type": "LineString", "coordinates": SQUARE[:3]}
    shape = {"type": "Feature", "geometry": line, "properties": {"FID": 1, "Name": "x"}}
    content = json.dumps({"type": "FeatureCollection", "features": [shape]}).encode()
    data = isw.decode(content, name="RUAF_Field_Fortifications_Polylines.json", date="2024-12-05")
    assert data.kind == "events"
    assert "status" not in data.frame
    assert data.frame.geometry.iloc[0].geom_type == "LineString"
    with pytest.raises(InputError, match="no record of control"):
        data.history()


def test_isw_every_layer_has_a_meaning_in_our_words():
    assert set(isw.MEANINGS) == set(Layer)
    for meaning in isw.MEANINGS.values():
        assert meaning.status in (None, *STATUSES)
        assert meaning.basis in (None, *BASES)


def test_isw_layer_and_date_have_to_be_known():
    with pytest.raises(DataFileError, match="layer=, one of control, advance"):
        isw.decode(isw_geojson(), name="query.json")
    with pytest.raises(InputError, match="is none of"):
        isw.decode(isw_geojson(), layer="front")
    with pytest.raises(DataFileError, match="give its date="):
        isw.decode(isw_geojson(EditDate=None), layer="control")
    data = isw.decode(isw_geojson(EditDate=None), layer=Layer.CONTROL, date="2024-12-06")
    assert data.frame["date"].dt.day.tolist() == [6]
    assert data.frame["edited"].isna().all()


def test_isw_feature_server():
    hole = [[37.4, 48.4], [37.6, 48.4], [37.6, 48.6], [37.4, 48.6], [37.4, 48.4]]
    rings = [SQUARE[::-1], hole]  # clockwise is outer
    content = json.dumps(
        {
            "objectIdFieldName": "OBJECTID",
            "geometryType": "esriGeometryPolygon",
            "spatialReference": {"wkid": 4326, "latestWkid": 4326},
            "features": [
                {"attributes": {"OBJECTID": 1, "EditDate": EDITED_MS}, "geometry": {"rings": rings}}
            ],
        }
    ).encode()
    data = isw.decode(content, layer="control")
    assert data.frame.geometry.iloc[0].equals(shapely.Polygon(SQUARE, [hole]))


def test_isw_shapefile_in_a_zip(tmp_path):
    frame = gpd.GeoDataFrame(
        {"pub_date": ["2024-12-05"]}, geometry=[shapely.Polygon(SQUARE)], crs=4326
    ).to_crs(3857)
    frame.to_file(tmp_path / "AssessedRussianControl.shp")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in tmp_path.glob("Assessed*"):
            archive.write(part, f"layers/{part.name}")
    file = tmp_path / "AssessedRussianControl.zip"
    file.write_bytes(out.getvalue())
    data = isw.read(file, limits=Limits())
    assert data.frame["date"].iloc[0] == pd.Timestamp("2024-12-05", tz=UTC)
    found = data.frame.geometry.iloc[0]
    assert shapely.hausdorff_distance(found, shapely.Polygon(SQUARE)) < 1e-9


# --- Wikipedia ------------------------------------------------------------------------------

MODULE = """
local m = mw.loadData('Module:Some conflicts map marks')
local own = { town = "Location dot teal.svg", ["gov_x"] = 'Location dot red.svg' }
--[==[ A long comment; the brackets of a link do not end it
{ lat = 1, long = 2, mark = m.gov, marksize = 5, label = "[[Dead]]" },
]==]
return {
  secondaryModules = { "Module:Another map" },
  marks = {
    { lat = 35.1, long = 36.7, mark = "Map of roads.svg", marksize = 2500 }, -- a picture
    { lat = "35.13", long = "36.75", mark = m.gov, marksize = "9", label = "[[Hama]]" },
    { lat = 36.2, long = 37.1, mark = m.opp_hill, label = "'''[[Jat, Syria|Jat]]'''", link="Jat" },
    -- { lat = 1, long = 2, mark = m.gov, label = "Hidden" },
    { lat = 35.5, long = 36.5, mark = m["stable_opp_JaN"], label = [[A "B" &amp; {C}]] };
    { lat = 35.6, long = 36.6, mark = "80x80-red-lime-anim.gif", marksize = 6, label = "Fight" },
    { lat = 35.7, long = 36.7, mark = own.town, label = "T" .. "wo" },
    { lat = 35.8, long = -36.8, mark = own.gov_x, label = 'It\\'s' },
    { lat = 35.9, long = 36.9, mark = m.martians, label = "Unknown" },
    { lat = 35.9, long = 36.9, mark = m.martians },
    { lat = 361, long = 36.9, mark = m.gov, label = "Off the globe" },
    { lat = 35.9, long = 36.9, mark = f(m.gov, { 1 }), label = "Computed" },
  },
  containerArgs = { "Syria", float = "right" },
}
"""


def module(**options):
    return wikipedia.decode(
        MODULE.encode(), date="2018-01-02T03:04Z", colours={"red": "government", "lime": "rebels"},
        legend={"Location dot teal.svg": "townsmen"}, **options,
    )  # fmt: skip


def test_wikipedia_marks():
    frame = module().frame.set_index("place")
    assert frame.index.tolist() == ["Hama", "Jat", 'A "B" & {C}', "Fight", "Two", "It's"]
    assert frame["actor"].tolist() == [
        "government", "opposition", "opposition", "government", "townsmen", "government",
    ]  # fmt: skip
    assert frame["status"].tolist() == [
        "controlled", "controlled", "contested", "contested", "controlled", "controlled",
    ]  # fmt: skip
    assert frame.loc['A "B" & {C}', "note"] == "held together: opposition, Jabhat al-Nusra"
    assert frame.loc["Fight", "note"] == "between government and rebels"
    assert frame.loc["Jat", ["site", "link", "icon"]].tolist() == ["hill", "Jat", "m.opp_hill"]
    assert (frame.loc["Hama", "geometry"].x, frame.loc["Hama", "geometry"].y) == (36.75, 35.13)
    assert frame.loc["It's", "geometry"].x == -36.8
    assert frame.loc["Hama", "population_class"] == 9
    assert frame["valid_from"].unique().tolist() == [pd.Timestamp("2018-01-02 03:04", tz=UTC)]


def test_wikipedia_nothing_is_lost_silently():
    remarks = "\n".join(module().remarks)
    assert "marks of unknown icons left out: 2 (martians 2)" in remarks
    assert "pictures of a map left out: 1" in remarks
    assert re.search(r"without a usable lat and long left out: 1 \(line \d+\)", remarks)
    assert "marks without an icon left out: 1" in remarks


def test_wikipedia_makes_a_history():
    history = module().history(outline=shapely.box(-40, 34, 40, 37))
    (point,) = module().frame.query("place == 'Hama'").geometry
    assert history.holder([point], "2018-02-01").tolist() == ["government"]


def test_the_licence_travels_into_the_history(tmp_path):
    history = module().history(outline=shapely.box(-40, 34, 40, 37))
    history.save(tmp_path / "a.gpkg")
    (row,) = type(history).open(tmp_path / "a.gpkg").sources.to_dict("records")
    assert (row["id"], row["licence"], row["redistributable"]) == (
        "Wikipedia", "CC BY-SA 4.0", "yes",
    )  # fmt: skip
    own = pd.DataFrame({"id": ["mine"]})
    history = module().history(outline=shapely.box(-40, 34, 40, 37), sources=own)
    assert history.sources["id"].tolist() == ["mine", "Wikipedia"]


def test_wikipedia_needs_a_date_and_marks():
    with pytest.raises(InputError, match="date="):
        wikipedia.decode(MODULE.encode())
    with pytest.raises(DataFileError, match="no marks; expected tables of lat and long"):
        wikipedia.decode(b"return { a = 1 }", date="2024-12-05")


@pytest.mark.parametrize("label", ["[[" * 200_000, "<" * 400_000, "'" * 400_000, "[[|" * 100_000])
def test_wikipedia_labels_made_to_be_slow(label):
    with processor_time() as spent:
        wikipedia.label_of(label)
    assert spent.seconds < 2.0


@pytest.mark.parametrize("part", ["[[", "[=[", '"', "--[[", "{", "(", "-", "a.", "= {", "'\\"])
def test_modules_made_to_be_slow(part):
    with processor_time() as spent, pytest.raises(DataFileError):
        wikipedia.decode((part * 30_000).encode(), date="2024-12-05")
    assert spent.seconds < 5.0


def test_wikipedia_a_module_of_real_size():
    row = '{ lat = 35.%d, long = 36.5, mark = m.gov, marksize = 5, label = "[[Place %d]]" },\n'
    text = "return { marks = {\n" + "".join(row % (n, n) for n in range(6000)) + "} }"
    with processor_time() as spent:
        data = wikipedia.decode(text.encode(), date="2024-12-05")
    assert len(data.frame) == 6000
    assert spent.seconds < 10.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("return {\n{ lat = 1", "line 2: a table is not closed"),
        ('return {\n\n"abc\n}', "line 3: a text is not closed"),
        ("return {\n[[abc\n}", "line 2: a text is not closed"),
        ("{" * 200, "too deep"),
    ],
)
def test_lua_faults_are_named_with_their_line(text, words):
    with pytest.raises(DataFileError, match=words):
        tables_of(text)


def test_lua_values():
    text = r"""x = { a = -1.5e1, ["b c"] = "q\"\065\n", d = 0x10, e = true, f = nil, [3] = 4,
      g = a.b["c"], h = 1 + 2, i = "x" .. "y", j = [==[ ]] ]==], "first"; 'second' }"""
    ((name, table),) = tables_of(text)
    assert name == "x"
    assert table.fields == {
        "a": -15.0, "b c": 'q"A\n', "d": 16.0, "e": True, "f": None, "3.0": 4.0,
        "g": Name(("a", "b", "c")), "h": None, "i": "xy", "j": " ]] ",
    }  # fmt: skip
    assert table.items == ["first", "second"]


def test_lua_tables_come_in_the_order_in_which_they_are_written():
    ((_, table),) = tables_of("{\n a = {},\n b = {\n { c = {} } },\n {} }")
    assert [each.line for each in walk(table)] == [1, 2, 3, 4, 4, 5]


# --- KML ------------------------------------------------------------------------------------


def history_like():
    frame = gpd.GeoDataFrame(
        {
            "date": pd.to_datetime(["2024-12-03", "2024-12-05", "2024-12-05"], utc=True),
            "actor": ["A", "A", "B <&> ${x}"],
            "status": ["controlled", "controlled", "contested"],
            "note": pd.Series([None, 'quotes " and \n lines', "حماة"], dtype=object),
        },
        geometry=[
            shapely.Polygon(SQUARE, [[[37.4, 48.4], [37.6, 48.4], [37.6, 48.6], [37.4, 48.4]]]),
            shapely.MultiPolygon([shapely.Polygon(SQUARE), shapely.Polygon(moved(2))]),
            shapely.Polygon(moved(4)),
        ],
        crs=4326,
    )
    origin = Origin("days", "me", "https://example.org", "CC BY 4.0", "me & co", True, "n")
    return Data("snapshots", frame, origin)


@pytest.mark.parametrize("name", ["a.kml", "a.kmz"])
def test_kml_round_trip(tmp_path, name):
    data = history_like()
    again = kml.read(kml.write(data, tmp_path / name), limits=Limits())
    assert (again.kind, again.origin) == (data.kind, data.origin)
    for column in ("date", "actor", "status", "note"):
        assert again.frame[column].tolist() == data.frame[column].tolist(), column
    assert again.frame.geometry.geom_equals(data.frame.geometry).all()
    assert again.frame["valid_to"].isna().tolist() == [False, True, True]


def test_kml_round_trip_of_reports():
    frame = gpd.GeoDataFrame(
        {
            "place": ["Hama", "Homs"],
            "actor": ["A", "B"],
            "valid_from": pd.to_datetime(
                ["2024-12-05T15:50Z", "2024-12-07"], utc=True, format="ISO8601"
            ),
            "valid_to": pd.to_datetime(["2024-12-06", None], utc=True),
            "confidence": [0.5, 1.0],
        },
        geometry=[shapely.Point(36.75, 35.13), shapely.Point(36.72, 34.73)],
        crs=4326,
    )
    data = Data("reports", frame, history_like().origin)
    again = kml.decode(kml.encode(data))
    assert again.kind == "reports"
    for column in ("place", "actor", "valid_from"):
        assert again.frame[column].tolist() == frame[column].tolist()
    assert again.frame["valid_to"].isna().tolist() == [False, True]
    assert again.frame["confidence"].tolist() == ["0.5", "1.0"]  # KML knows texts alone
    assert again.frame.geometry.geom_equals(frame.geometry).all()


def test_kml_extended_times_that_are_none():
    text = """<kml><Placemark><name>x</name><ExtendedData><Data name="valid_from"><value>soon
    </value></Data></ExtendedData><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"""
    data = kml.decode(text.encode())
    assert data.frame["valid_from"].isna().all()
    assert any("times that cannot be read" in remark for remark in data.remarks)


def test_kml_spans_end_at_the_next_date():
    text = kml.encode(history_like()).decode()
    assert text.count("<begin>2024-12-03T00:00:00Z</begin><end>2024-12-05T00:00:00Z</end>") == 1
    assert text.count("<begin>2024-12-05T00:00:00Z</begin></TimeSpan>") == 2
    assert "B &lt;&amp;&gt; ${x}" in text
    # A description is read as HTML by other programs: text is escaped for it, then for XML.
    assert "me &amp;amp; co (CC BY 4.0)" in text


def test_kml_written_is_what_gdal_reads(tmp_path):
    file = kml.write(history_like(), tmp_path / "a.kml")
    read = gpd.read_file(file, engine="pyogrio")
    assert read.geometry.geom_equals(history_like().frame.geometry).all()
    assert read["begin"].tolist() == history_like().frame["date"].tolist()


def test_kml_folders_hand_their_time_down():
    text = """<?xml version="1.0"?><kml:kml xmlns:kml="http://www.opengis.net/kml/2.2">
    <kml:Document><kml:Folder><kml:name>Side A</kml:name>
      <kml:TimeSpan><kml:begin>2024</kml:begin><kml:end>2025-02</kml:end></kml:TimeSpan>
      <kml:Placemark><kml:name>one</kml:name><kml:Point>
        <kml:coordinates> 36.75,35.13,10 </kml:coordinates></kml:Point></kml:Placemark>
      <kml:Placemark><kml:name>two</kml:name>
        <kml:TimeStamp><kml:when>2024-12-05T10:00:00+03:00</kml:when></kml:TimeStamp>
        <kml:MultiGeometry><kml:Point><kml:coordinates>1,2</kml:coordinates></kml:Point>
        <kml:LineString><kml:coordinates>1,2 3,4</kml:coordinates></kml:LineString>
        </kml:MultiGeometry></kml:Placemark>
      <kml:Placemark><kml:name>three</kml:name><kml:TimeSpan><kml:begin>soon</kml:begin>
        </kml:TimeSpan><kml:ExtendedData><kml:SchemaData><kml:SimpleData name="side">B
        </kml:SimpleData></kml:SchemaData></kml:ExtendedData></kml:Placemark>
    </kml:Folder><kml:GroundOverlay/></kml:Document></kml:kml>"""
    data = kml.decode(text.encode(), columns={"actor": "folder"})
    frame = data.frame.set_index("name")
    assert data.kind == "reports"
    assert frame["actor"].tolist() == ["Side A"] * 3
    assert frame.loc["one", "valid_from"] == pd.Timestamp("2024-01-01", tz=UTC)
    assert frame.loc["one", "valid_to"] == pd.Timestamp("2025-02-01", tz=UTC)
    assert frame.loc["two", "valid_from"] == pd.Timestamp("2024-12-05 07:00", tz=UTC)
    assert frame.loc["two", "geometry"].geom_type == "GeometryCollection"
    assert pd.isna(frame.loc["three", "valid_from"])
    assert frame.loc["three", "side"].strip() == "B"
    assert "times that cannot be read: 1 (soon)" in data.remarks
    assert "elements GroundOverlay left out: 1" in data.remarks
    assert "without geometry: 1 (feature 3)" in data.remarks


# --- all of them ----------------------------------------------------------------------------


@pytest.mark.parametrize("module", [deepstate, deepstate_history, isw, wikipedia])
def test_every_origin_says_what_has_to_be_said(module):
    origin = module.FORMAT.origin
    assert origin.licence
    assert origin.attribution
    assert origin.url.startswith("https://")
    assert origin.redistributable in (True, False)


@pytest.mark.parametrize(
    ("module", "name", "content"),
    [
        (deepstate, "deepstatemap_data_20241205.geojson", daily(SQUARE)),
        (deepstate_history, "last.json", LIVE),
        (isw, "VIEW_RussiaCoTinUkraine_V3.geojson", isw_geojson()),
        (wikipedia, "module.lua", MODULE.encode()),
        (kml, "a.kml", kml.encode(history_like())),
    ],
)
def test_detection_by_content(module, name, content):
    assert module.FORMAT.detect(Peek(name, Path(name).suffix, content)) >= 0.85
    for other in (deepstate, deepstate_history, isw, wikipedia, kml):
        if other is not module:
            assert other.FORMAT.detect(Peek(name, Path(name).suffix, content)) <= 0.6
    # A name alone convinces nobody.
    assert module.FORMAT.detect(Peek(name, Path(name).suffix, b"hello, world")) == 0.0


@pytest.mark.parametrize(
    ("form", "name", "content", "options"),
    [
        ("deepstate", "deepstatemap_data_20241205.geojson", daily(SQUARE), {}),
        ("deepstate_history", "x", LIVE, {}),
        ("isw", "AssessedRussianControl.json", isw_geojson(), {}),
        ("wikipedia", "x.csv", MODULE.encode(), {"date": "2018-01-02"}),
        ("kml", "x.geojson", kml.encode(history_like()), {}),
    ],
)
def test_open_source_finds_them_among_all(tmp_path, monkeypatch, form, name, content, options):
    there = {k: v for k, v in registry.MODULES.items() if importlib.util.find_spec(v)}
    monkeypatch.setattr(registry, "MODULES", there)
    file = tmp_path / name
    file.write_bytes(content)
    assert registry.format_of(file).name == form
    data = registry.open_source(file, **options)
    assert len(data.frame) > 0
    assert set(data.frame.columns) >= {"actor", "status", "geometry"}
