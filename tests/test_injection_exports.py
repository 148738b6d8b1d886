"""Every kind of text through every file that is written: whole, and of no effect."""

import csv
import html
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET  # our own output
from contextlib import closing

import pyarrow.parquet
import pytest

import frontline as fl
from tests.browser.payloads import (
    EVERYTHING,
    PAYLOADS,
    RESULT,
    hostile_case,
    marked,
    nothing_done,
    on_screen,
)

ACTORS = {marked("actor", text) for text in PAYLOADS}
KML = "{http://www.opengis.net/kml/2.2}"
FORMULA = re.compile(r"\s*[=+@\t\r-]")
TITLE = on_screen(marked("title", EVERYTHING))
NAME = on_screen(marked("history", EVERYTHING))
# What XML 1.0 cannot hold.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@pytest.fixture(scope="module")
def case():
    return hostile_case()


@pytest.fixture(scope="module")
def files(case, tmp_path_factory):
    """Every format of every table, written; Python did nothing on the way."""
    folder = tmp_path_factory.mktemp("files")
    written = {}
    for what in ("zones", "front", "changes"):
        for suffix in ("geojson", "csv", "kml", "kmz", "gpkg", "parquet"):
            path = folder / f"{what}.{suffix}"
            written[what, suffix] = fl.export(case, path, what=what)
    written["measures", "csv"] = fl.export(case, folder / "measures.csv", what="measures")
    assert nothing_done()
    return written


def xml_text(text):
    return NO_XML.sub("\ufffd", on_screen(text))


def test_geojson_keeps_every_text(files):
    text = files["zones", "geojson"].read_text("utf-8")
    document = json.loads(text)
    assert {each["properties"]["actor"] for each in document["features"]} == ACTORS
    assert TITLE in _strings(document)
    assert RESULT not in text


def _strings(value):
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


def test_csv_keeps_every_text_and_begins_no_formula(files):
    for (_, suffix), path in files.items():
        if suffix != "csv":
            continue
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        for row in rows:
            for cell in row:
                number = re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", cell)
                assert number or not FORMULA.match(cell), cell
    back = fl.open_source(files["zones", "csv"]).frame
    assert set(back["actor"]) == {actor.replace("\x00", "\ufffd") for actor in ACTORS}
    path = files["zones", "csv"]
    beside = json.loads(path.with_name(path.name + "-metadata.json").read_text("utf-8"))
    assert TITLE in _strings(beside)


def test_kml_is_text_throughout(files):
    for what in ("zones", "front", "changes"):
        root = ET.parse(files[what, "kml"]).getroot()  # noqa: S314 - our own output
        tags = {each.tag.removeprefix(KML) for each in root.iter()}
        assert tags <= {
            "kml", "Document", "name", "description", "Style", "LineStyle", "PolyStyle", "color",
            "Placemark", "TimeSpan", "begin", "end", "styleUrl", "ExtendedData", "Data", "value",
            "MultiGeometry", "Polygon", "outerBoundaryIs", "innerBoundaryIs", "LinearRing",
            "coordinates", "LineString", "Point",
        }  # fmt: skip
    root = ET.parse(files["zones", "kml"]).getroot()  # noqa: S314 - our own output
    names = {mark.findtext(f"{KML}name") for mark in root.iter(f"{KML}Placemark")}
    assert names == {xml_text(actor) for actor in ACTORS}
    # Who shows KML takes a description for HTML, and nothing else.
    (description,) = (each.text for each in root.iter(f"{KML}description"))
    assert "<" not in description
    assert xml_text(marked("licence", PAYLOADS[0])) in html.unescape(description)
    raw = files["zones", "kml"].read_text("utf-8")
    assert "<![CDATA[" not in raw
    assert "<!DOCTYPE" not in raw
    assert "<!ENTITY" not in raw


def test_databases_keep_every_text(files):
    table = pyarrow.parquet.read_table(files["zones", "parquet"])
    cleaned = {actor.replace("\x00", "\ufffd") for actor in ACTORS}
    assert set(table["actor"].to_pylist()) == cleaned
    with closing(sqlite3.connect(files["zones", "gpkg"])) as database:
        found = {row[0] for row in database.execute("SELECT actor FROM zones")}
        assert found == cleaned
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        assert {"zones", "frontline_origin", "layer_styles"} <= tables
        (style,) = database.execute("SELECT styleQML FROM layer_styles").fetchone()
    root = ET.fromstring(style)  # noqa: S314 - our own output
    values = {each.get("value") for each in root.iter("category")}
    assert {xml_text(actor) for actor in ACTORS} <= values | {""}
    tags = {each.tag.lower() for each in root.iter()}
    assert not tags & {"img", "script", "svg", "iframe", "form", "style"}


@pytest.mark.parametrize("name", ["h.gpkg", "h"])
def test_a_saved_history_comes_back_whole(case, tmp_path, name):
    case.history.save(tmp_path / name)
    back = fl.ControlHistory.open(tmp_path / name)
    assert set(back.actors) == set(case.history.actors) or name.endswith("gpkg")
    assert len(back.actors) == len(ACTORS)
    assert back.name == NAME
    assert nothing_done()


def test_numbers_as_text_for_programs_hold_no_half_character(case):
    from frontline.output import to_json

    text = to_json({"name": case.name, "meta": case.meta})
    assert json.loads(text.encode("utf-8"))["name"] == on_screen(case.name)
