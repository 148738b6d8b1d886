"""What a history says, in the formats of others: the same ground at every instant, safe to open."""

from __future__ import annotations

import json
import re
import sqlite3
import xml.etree.ElementTree as ET  # our own output
import zipfile
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
import shapely

import frontline as fl
from frontline.control.qgis import write_style
from frontline.errors import CRSError, InputError
from frontline.exports import tabulate, writers
from frontline.palette import OKABE_ITO
from frontline.sources import Origin

FORMULA = '=HYPERLINK("http://example.org")'
MARKUP = "</kml><script>&'\" ]]> {{ 7*7 }}"
KML = "{http://www.opengis.net/kml/2.2}"
FILES = ("a.geojson", "a.parquet", "a.gpkg", "a.kml", "a.kmz", "a.csv")


@pytest.fixture(scope="module")
def history():
    """Points and areas of four actors, corrected once, with spells that begin and end at random."""
    rng = np.random.default_rng(5)
    count = 40
    spots = shapely.points(rng.uniform(36, 37, count), rng.uniform(35, 36, count))
    hours = rng.integers(0, 200, count)
    reports = gpd.GeoDataFrame(
        {
            "actor": rng.choice(["A", FORMULA, MARKUP], count),
            "valid_from": pd.Timestamp("2024-12-01", tz="UTC") + pd.to_timedelta(hours, "h"),
            "valid_to": [pd.NaT] * (count - 5) + [pd.Timestamp("2024-12-20", tz="UTC")] * 5,
            "recorded_from": [pd.NaT] * (count - 3) + [pd.Timestamp("2024-12-15", tz="UTC")] * 3,
            "status": rng.choice(["controlled", "contested", "advance"], count, p=[0.8, 0.1, 0.1]),
        },
        geometry=rng.choice(spots[:15], count),
        crs=4326,
    )
    return fl.ControlHistory.from_places(
        reports, outline=shapely.box(35.9, 34.9, 37.1, 36.1), name="made up"
    )


def valid(frame, when):
    starts = frame["valid_from"].isna() | (frame["valid_from"] <= when)
    ends = frame["valid_to"].isna() | (frame["valid_to"] > when)
    return frame[starts & ends]


@pytest.mark.parametrize("as_of", [None, "2024-12-10"])
@pytest.mark.parametrize("per", ["state", "spell"])
def test_zones_cover_the_same_ground_at_every_instant(history, per, as_of):
    frame = tabulate(history, per=per, as_of=as_of)
    changes = history.change_times(as_of=as_of)
    step = pd.Timedelta(1, "us")
    for when in [changes[0] - step, *changes[::4], changes[-1] - step, changes[-1] + step]:
        expected = history.at(when, as_of=as_of).query("status != 'no_data'")
        found = valid(frame, when)
        keys = ["actor", "status"]
        areas = found.groupby(keys, dropna=False)["area_km2"].sum()
        pd.testing.assert_series_equal(
            areas, expected.set_index(keys)["area_km2"].sort_index(), check_index_type=False
        )
        zones = expected.set_index(keys).geometry
        for key, part in found.groupby(keys):
            zone = zones.loc[key]
            union = shapely.union_all(part.geometry.to_numpy())
            assert shapely.symmetric_difference(union, zone).area < 1e-12
    if per == "state":  # no row ends where an equal one begins
        ends = frame.dropna(subset=["valid_to"])
        following = ends.merge(
            frame,
            left_on=["actor", "status", "valid_to"],
            right_on=["actor", "status", "valid_from"],
        )
        assert len(following) > 5
        assert not shapely.equals(
            following["geometry_x"].to_numpy(), following["geometry_y"].to_numpy()
        ).any()


def test_changes_and_fronts_are_those_of_the_history(history):
    changes = tabulate(history, "changes")
    for when in history.change_times():
        expected = history.changes(when - pd.Timedelta(1, "us"), when)["area_km2"].sum()
        assert changes[changes["date"] == when]["area_km2"].sum() == pytest.approx(expected)
    fronts = tabulate(history, "front")
    for when in history.change_times()[::5]:
        lengths = valid(fronts, when)["length_km"].sum()
        assert lengths == pytest.approx(history.front(when)["length_km"].sum())
    one = tabulate(history, "changes", start="2024-12-02", end="2024-12-05")
    assert one["area_km2"].tolist() == history.changes("2024-12-02", "2024-12-05").area_km2.tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"what": "areas"}, "none of zones, front"),
        ({"what": "changes", "at": "2024-12-03"}, "at= is for zones and front"),
        ({"start": "2024-12-03"}, "for changes and measures"),
        ({"what": "changes", "start": "2024-12-03"}, "both start= and end="),
        ({"per": "day"}, "neither 'state' nor 'spell'"),
        ({"by": "actor"}, "one or more of actor, status, basis"),
    ],
)
def test_options_that_do_not_fit(history, options, message):
    with pytest.raises(InputError, match=message):
        tabulate(history, **options)


@pytest.mark.parametrize("name", FILES)
def test_every_format_reads_back(history, tmp_path, name):
    path = tmp_path / name
    assert fl.export(history, path, per="spell") == path
    data = fl.open_source(path)
    expected = tabulate(history, per="spell")
    assert data.kind == "reports"
    assert data.remarks == ()
    for column in ("actor", "status"):
        assert data.frame[column].tolist() == expected[column].tolist()
    for column in ("valid_from", "valid_to"):
        pd.testing.assert_series_equal(data.frame[column], expected[column], check_dtype=False)
    areas = pd.to_numeric(data.frame["area_km2"]).to_numpy()
    np.testing.assert_allclose(areas, expected["area_km2"].to_numpy(), rtol=1e-12)
    assert shapely.equals(data.frame.geometry.to_numpy(), expected.geometry.to_numpy()).all()
    assert data.origin.name == "made up"
    day = tmp_path / f"day-{name}"
    fl.export(history, day, at="2024-12-05")
    again = fl.open_source(day).history(outline=shapely.box(35.9, 34.9, 37.1, 36.1))
    areas = again.at("2024-12-05").groupby("actor")["area_km2"].sum()
    pd.testing.assert_series_equal(
        areas, history.at("2024-12-05").groupby("actor")["area_km2"].sum(), rtol=1e-6
    )


def test_geojson_follows_rfc_7946(history, tmp_path):
    document = json.loads(fl.export(history, tmp_path / "a.geojson").read_text("utf-8"))
    assert "crs" not in document
    assert list(document)[-1] == "features"
    for feature in document["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)
        for key in ("valid_from", "valid_to"):
            text = feature["properties"][key]
            assert text is None or re.fullmatch(r"2024-12-\d\dT\d\d:\d\d:\d\dZ", text)


def test_kml_has_spans_colours_and_only_text(history, tmp_path):
    root = ET.parse(fl.export(history, tmp_path / "a.kml", per="spell")).getroot()
    frame = tabulate(history, per="spell")
    marks = root.findall(f".//{KML}Placemark")
    assert len(marks) == len(frame)
    styles = {each.get("id"): each for each in root.iter(f"{KML}Style")}
    for mark, row in zip(marks, frame.itertuples(), strict=True):
        assert mark.findtext(f"{KML}name") == row.actor
        begin = mark.findtext(f"{KML}TimeSpan/{KML}begin")
        assert (None if begin is None else pd.Timestamp(begin)) == (row.valid_from or None)
        style = styles[mark.findtext(f"{KML}styleUrl").removeprefix("#")]
        colour = style.findtext(f"{KML}PolyStyle/{KML}color")  # aabbggrr
        assert f"#{colour[6:8]}{colour[4:6]}{colour[2:4]}".upper() in OKABE_ITO
    assert zipfile.ZipFile(fl.export(history, tmp_path / "a.kmz")).namelist() == ["doc.kml"]


def styles_in(path):
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM layer_styles")]


@pytest.mark.parametrize(("saved", "layer"), [(True, "spells_cells"), (False, "zones")])
def test_qgis_finds_a_style_that_plays(history, tmp_path, saved, layer):
    path = tmp_path / "a.gpkg"
    history.save(path) if saved else fl.export(history, path)
    (style,) = styles_in(path)
    assert (style["f_table_name"], style["f_geometry_column"]) == (layer, "geom")
    assert (style["useAsDefault"], style["f_table_schema"]) == (1, "")
    qml = ET.fromstring(style["styleQML"])
    temporal = qml.find("temporal").attrib
    assert (temporal["enabled"], temporal["mode"], temporal["limitMode"]) == ("1", "2", "0")
    start, end = temporal["startField"], temporal["endField"]
    renderer = qml.find("renderer-v2")
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "actor")
    values = [each.get("value") for each in renderer.iter("category")]
    assert set(values) == {"A", FORMULA, MARKUP, ""}
    symbols = {each.get("name"): each for each in renderer.iter("symbol")}
    shown = [symbols[each.get("symbol")].find("layer/Option/Option[@name='color']").get("value")
             for each in renderer.iter("category")]  # fmt: skip
    assert shown[0] == "0,114,178,190"  # the blue of Okabe and Ito
    assert len(set(shown)) == len(shown)
    with closing(sqlite3.connect(path)) as database:
        kinds = {row[1]: row[2] for row in database.execute(f"PRAGMA table_info({layer})")}
        assert (kinds[start], kinds[end]) == ("DATETIME", "DATETIME")
        count, open_ends, texts = database.execute(
            f"SELECT count(*), sum({end} IS NULL), count(DISTINCT typeof({end})) FROM {layer}"
        ).fetchone()
        assert 0 < open_ends < count
        assert texts == 2  # text and null
        listed = "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        assert database.execute(listed).fetchone() == ("attributes",)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_style_of_an_actor_that_xml_cannot_hold(history, tmp_path):
    path = fl.export(history, tmp_path / "a.gpkg")
    write_style(path, "zones", ["a\x00b\ud800"])
    style = ET.fromstring(styles_in(path)[-1]["styleQML"])
    assert style.find(".//category").get("value") == "a\ufffdb\ufffd"
    assert style.find("temporal") is None
    with pytest.raises(InputError, match="no layer 'zone'"):
        write_style(path, "zone", [])


def test_csv_is_safe_for_spreadsheets_and_comes_back(history, tmp_path):
    frame = pd.DataFrame({"actor": ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "'d", "e", ""]})
    safe = fl.export(frame, tmp_path / "safe.csv")
    lines = safe.read_bytes().decode().split("\n")
    assert lines[1] == "'=1+1"
    assert not any(line.strip('"').startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines)
    expected = [*frame["actor"][:-1]]
    assert fl.open_source(safe, "csv").frame["actor"].tolist()[: len(expected)] == expected
    plain = fl.export(frame, tmp_path / "plain.csv", spreadsheet=False)
    assert plain.read_text().split("\n")[1] == "=1+1"
    assert fl.open_source(plain, "csv").frame["actor"].tolist()[:6] == expected[:6]
    (tmp_path / "safe.csv-metadata.json").unlink()
    assert fl.open_source(safe, "csv").frame["actor"][0] == "'=1+1"


@pytest.mark.parametrize("text", ["[", "[]", "{}", '{"url": "safe.csv", "frontline": 7}'])
def test_a_strange_companion_changes_nothing(tmp_path, text):
    safe = fl.export(pd.DataFrame({"name": ["=1"]}), tmp_path / "safe.csv", spreadsheet=False)
    (tmp_path / "safe.csv-metadata.json").write_text(text)
    data = fl.open_source(safe, "csv")
    assert data.origin.publisher == "unknown"
    assert data.frame["name"].tolist() == ["=1"]


def test_tables_without_shapes(history, tmp_path):
    measures = history.measures()
    fl.export(history, tmp_path / "m.csv", what="measures")
    fl.export(history, tmp_path / "m.parquet", what="measures")
    fl.export(history, tmp_path / "m.gpkg", what="measures")
    table = pd.read_csv(tmp_path / "m.csv")
    np.testing.assert_allclose(table["area_km2"], measures["area_km2"], rtol=1e-12)
    assert len(pd.read_parquet(tmp_path / "m.parquet")) == len(measures)
    for name in ("m.geojson", "m.kml"):
        with pytest.raises(InputError, match="write these data as CSV"):
            fl.export(history, tmp_path / name, what="measures")
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", FILES)
def test_frames_of_any_reference_system_and_empty_ones(tmp_path, name):
    origin = Origin("dots", "me", "https://example.org", "CC BY 4.0", "dots by me", True)
    frame = gpd.GeoDataFrame(
        {"name": ["Hama", None], "n": [1, 2], "odd": [{"a": [1]}, "\x00"]},
        geometry=gpd.points_from_xy([36.75, 37], [35.13, 36], crs=4326),
        index=[7, 7],
    )  # fmt: skip
    path = fl.export(frame.to_crs(3857), tmp_path / name, sources=origin)
    data = fl.open_source(path)
    assert data.origin.attribution == "dots by me"
    assert data.origin.redistributable is True
    assert shapely.distance(data.frame.geometry.to_numpy(), frame.geometry.to_numpy()).max() < 1e-9
    assert data.frame["name"][0] == "Hama"
    fl.export(frame.iloc[:0], tmp_path / f"none-{name}")
    with pytest.raises(CRSError, match="no CRS"):
        fl.export(frame.set_crs(None, allow_override=True), path)


def test_a_frame_is_a_table_whatever_its_columns_are_called(tmp_path):
    frame = pd.DataFrame({"history": ["x"], "sources": ["y"], "meta": ["z"], "name": ["w"]})
    assert (
        fl.export(frame, tmp_path / "a.csv").read_text() == "history,sources,meta,name\nx,y,z,w\n"
    )


@pytest.mark.parametrize("name", FILES)
def test_an_error_leaves_what_was_there(history, tmp_path, name, monkeypatch):
    path = tmp_path / name
    path.write_text("before")

    def fails(*_, **__):
        raise OSError("disk full")

    for module, function in (
        (writers.geojson, "encode"), (writers.kml, "encode"), (writers.delimited, "encode"),
        (writers, "write_style"), (pyarrow.parquet, "write_table"),
    ):  # fmt: skip
        monkeypatch.setattr(module, function, fails)
    with pytest.raises(OSError, match="disk full"):
        fl.export(history, path)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_what_cannot_be_exported(history, tmp_path):
    with pytest.raises(InputError, match="no ending of a format"):
        fl.export(history, tmp_path / "a.shp")
    with pytest.raises(InputError, match="format='shp' is none of geojson"):
        fl.export(history, tmp_path / "a.csv", "shp")
    with pytest.raises(InputError, match="no such option"):
        fl.export(history, tmp_path / "a.csv", colour="red")
    with pytest.raises(InputError, match="at: these are for a history"):
        fl.export(pd.DataFrame({"a": [1]}), tmp_path / "a.csv", at="2024-12-03")
    with pytest.raises(InputError, match="a str cannot be exported"):
        fl.export("syria", tmp_path / "a.csv")
    with pytest.raises(InputError, match="does not exist"):
        fl.export(history, tmp_path / "none" / "a.csv")
