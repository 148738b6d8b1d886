"""Whose data they are, and whether they may be passed on, goes wherever the data go."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner

import frontline as fl
from frontline.cli import app
from frontline.scene.content import content_of
from frontline.sources import Data, Origin
from frontline.sources.terms import terms_of

CLOSED = Origin(
    name="Days of the front",
    publisher="An institute",
    url="https://example.org/days",
    licence="written consent only",
    attribution="Days of the front, by an institute",
    redistributable=False,
)
OPEN = Origin("Own map", "me", "https://example.org", "CC BY 4.0", "Own map by me", True)
OUTLINE = shapely.box(36, 35, 37, 36)
FILES = ("a.geojson", "a.parquet", "a.gpkg", "a.kml", "a.kmz", "a.csv")


def data_of(origin, **columns):
    frame = gpd.GeoDataFrame(
        {"date": pd.to_datetime(["2024-12-01", "2024-12-02"], utc=True), "actor": "A", **columns},
        geometry=[shapely.box(36, 35, x, 36) for x in (36.5, 36.7)],
        crs=4326,
    )
    return Data("snapshots", frame, origin)


@pytest.fixture(scope="module")
def closed():
    return data_of(CLOSED).history(rest="B", outline=OUTLINE, name="closed")


@pytest.fixture(scope="module")
def open_():
    return data_of(OPEN).history(rest="B", outline=OUTLINE, name="open")


@pytest.mark.parametrize("name", FILES)
def test_restricted_data_are_refused_unless_allowed(closed, tmp_path, name):
    path = tmp_path / name
    for thing in (closed, data_of(CLOSED)):
        with pytest.raises(fl.RestrictedDataError, match=r"Days of the front.*allow_restricted"):
            fl.export(thing, path)
        assert not list(tmp_path.iterdir())
    fl.export(closed, path, allow_restricted=True)
    read = fl.open_source(path)
    assert read.origin.redistributable is False
    assert (read.origin.licence, read.origin.attribution) == (CLOSED.licence, CLOSED.attribution)
    # What was read from the export is as restricted as what it was made of.
    with pytest.raises(fl.RestrictedDataError):
        fl.export(read, tmp_path / "again.geojson")
    with pytest.raises(fl.RestrictedDataError):
        fl.export(read.history(outline=OUTLINE), tmp_path / "again.geojson")


def test_the_error_is_a_value_error_and_names_the_origins(closed, tmp_path):
    with pytest.raises(ValueError, match="written consent only") as caught:
        fl.export(closed, tmp_path / "a.csv")
    assert caught.value.origins == ("Days of the front",)


def test_measures_hold_no_shapes(closed, tmp_path):
    fl.export(closed, tmp_path / "a.csv", what="measures")
    about = json.loads((tmp_path / "a.csv-metadata.json").read_text("utf-8"))
    assert about["dc:rights"] == CLOSED.attribution
    with pytest.raises(fl.RestrictedDataError):
        fl.export(closed, tmp_path / "b.csv", what="front")


@pytest.mark.parametrize("name", ["case.gpkg", "case"])
def test_a_saved_history_keeps_the_mark(closed, tmp_path, name):
    closed.save(tmp_path / name)
    again = fl.ControlHistory.open(tmp_path / name)
    for column in ("id", "licence", "attribution", "redistributable", "scope"):
        assert again.sources[column].tolist() == closed.sources[column].tolist()
    with pytest.raises(fl.RestrictedDataError):
        fl.export(again, tmp_path / "a.geojson")
    with pytest.raises(fl.RestrictedDataError):
        fl.save(again, tmp_path / "a.html")
    longer = again.append(("2024-12-03", shapely.box(36, 35, 36.9, 36)))
    with pytest.raises(fl.RestrictedDataError):
        fl.export(longer, tmp_path / "a.geojson")


def test_sources_of_the_callers_own_do_not_wash_the_terms_off(tmp_path):
    own = pd.DataFrame({"id": ["x"], "licence": ["CC0"], "redistributable": ["yes"]})
    for sources in (own, own.set_index("id")):
        history = data_of(CLOSED, source="x").history(rest="B", outline=OUTLINE, sources=sources)
        assert history.sources["id"].tolist() == ["x", "x"]
        with pytest.raises(fl.RestrictedDataError):
            fl.export(history, tmp_path / "a.geojson")


def test_a_frame_takes_the_terms_that_it_is_given(closed, tmp_path):
    frame = closed.at("2024-12-02")
    for sources in (closed.sources, CLOSED, data_of(CLOSED)):
        with pytest.raises(fl.RestrictedDataError):
            fl.export(frame, tmp_path / "a.geojson", sources=sources)
    with pytest.raises(fl.InputError, match="must be a table of sources"):
        fl.export(frame, tmp_path / "a.geojson", sources="me")


def test_a_published_page_is_refused_unless_allowed(closed, tmp_path):
    page = tmp_path / "a.html"
    for thing in (closed, closed.map()):
        with pytest.raises(fl.RestrictedDataError, match=r"the page a\.html"):
            fl.save(thing, page)
        with pytest.raises(fl.RestrictedDataError):
            fl.save(thing, page, title="another")
        assert not page.exists()
    fl.save(closed.map(), page, allow_restricted=True)
    assert page.stat().st_size > 10_000


def test_origins_arrive_on_the_map(open_):
    content = content_of(open_)
    assert content.meta["licence"] == "CC BY 4.0"
    # The history brings no places: names of cities are those of the base map, with their credit.
    assert content.meta["credits"] == "Own map by me; Place names: GeoNames, CC BY 4.0"
    assert content.sources == [
        {"id": "Own map", "title": "Own map", "publisher": "me", "url": "https://example.org",
         "archived": "", "licence": "CC BY 4.0"}
    ]  # fmt: skip


def test_cited_reports_do_not_restrict_what_is_told_after_them(tmp_path):
    reports = gpd.GeoDataFrame(
        {"actor": ["A"], "valid_from": ["2024-12-01"], "source": ["agency"]},
        geometry=[shapely.Point(36.5, 35.5)],
        crs=4326,
    )
    cited = pd.DataFrame(
        {"id": ["agency"], "publisher": ["An agency"], "licence": ["all rights reserved"],
         "redistributable": ["no"]}
    )  # fmt: skip
    history = fl.ControlHistory.from_places(reports, outline=OUTLINE, sources=cited)
    document = json.loads(fl.export(history, tmp_path / "a.geojson").read_text("utf-8"))
    assert document["attribution"] == "After An agency"
    assert document["sources"][0]["licence"] == "all rights reserved"
    assert document["origin"]["redistributable"] is None
    assert "licence" not in content_of(history).meta  # nobody's licence is taken for ours


def test_several_origins_become_one(open_, closed):
    both = pd.concat([open_.sources, closed.sources])
    terms = terms_of(open_, sources=both)
    assert terms.restricted == ("Days of the front",)
    assert terms.origin.redistributable is False
    assert terms.origin.licence == "CC BY 4.0; written consent only"
    assert len(terms.sources) == 2  # the one that is there twice counts once
    unknown = Origin("u", "p", "", "not stated", "", None)
    assert terms_of(open_, sources=unknown).origin.redistributable is None
    assert terms_of(open_).origin.redistributable is True


def test_every_file_tells_programs_that_do_not_know_us(open_, tmp_path):
    document = json.loads(fl.export(open_, tmp_path / "a.geojson").read_text("utf-8"))
    assert (document["attribution"], document["licence"]) == ("Own map by me", "CC BY 4.0")
    kml = fl.export(open_, tmp_path / "a.kml").read_text("utf-8")
    assert "<description>Own map by me (CC BY 4.0)</description>" in kml
    about = pyarrow.parquet.read_schema(fl.export(open_, tmp_path / "a.parquet")).metadata
    assert json.loads(about[b"frontline_origin"])["attribution"] == "Own map by me"
    assert json.loads(about[b"frontline_sources"])[0]["publisher"] == "me"
    assert gpd.read_parquet(tmp_path / "a.parquet").crs == "EPSG:4326"
    path = fl.export(open_, tmp_path / "a.gpkg")
    described = pyogrio.read_info(path, layer="zones")["layer_metadata"]
    assert described["ATTRIBUTION"] == "Own map by me"
    with closing(sqlite3.connect(path)) as database:
        rows = dict(database.execute("SELECT key, value FROM frontline_origin"))
    assert json.loads(rows["sources"])[0]["licence"] == "CC BY 4.0"
    fl.export(open_, tmp_path / "a.csv")
    companion = json.loads((tmp_path / "a.csv-metadata.json").read_text("utf-8"))
    assert companion["dc:license"] == "CC BY 4.0"


def test_a_case_speaks_for_itself(open_, tmp_path):
    meta = {"title": "A case", "licence": "CC BY-SA 4.0", "attribution": "by us"}
    cited = pd.DataFrame({"id": ["agency"], "redistributable": ["no"]})
    empty = gpd.GeoDataFrame(geometry=[], crs=4326)
    case = fl.Case("case", open_, empty, empty, cited, pd.DataFrame({"name": []}), meta)
    document = json.loads(
        fl.export(case, tmp_path / "a.geojson", at="2024-12-02").read_text("utf-8")
    )
    assert document["licence"] == "CC BY-SA 4.0"
    assert document["attribution"] == "by us"
    assert [row["id"] for row in document["sources"]] == ["agency", "Own map"]


# --- the command line ----------------------------------------------------------------------------


def run(*arguments):
    """Call a command in this process; only what `main` does about errors is done here."""
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    if isinstance(done.exception, fl.FrontlineError):
        return done.exit_code, done.stdout, str(done.exception)
    assert done.exception is None, done.exception
    return done.exit_code, done.stdout, done.stderr


def day(folder, date):
    """Write one of the daily files of a publisher who has allowed nobody to pass them on."""
    ring = [[36, 47], [36.5, 47], [36.5, 48], [36, 48], [36, 47]]
    shape = {"type": "MultiPolygon", "coordinates": [[ring]]}
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = {
        "type": "FeatureCollection", "name": "data", "crs": {"type": "name", **name},
        "features": [{"type": "Feature", "properties": {}, "geometry": shape}],
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    path = folder / f"deepstatemap_data_{date}.geojson"
    path.write_text(json.dumps(text), "utf-8")
    return path


def test_convert_refuses_and_obeys(tmp_path):
    source = day(tmp_path / "days", "20241205")
    day(tmp_path / "days", "20241206")
    target = tmp_path / "zones.kml"
    done = subprocess.run(
        [sys.executable, "-m", "frontline", "convert", source, target],
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert "\nfrontline: the file zones.kml would pass on data of" in done.stderr
    assert not target.exists()
    code, out, _ = run("convert", source, target, "--allow-restricted", "--json")
    assert code == 0
    assert json.loads(out)["bytes"] == target.stat().st_size
    assert run("convert", tmp_path / "days", tmp_path / "saved", "--to", "history")[0] == 0
    assert json.loads(run("at", tmp_path / "saved", "2024-12-06", "--json")[1])[0]["actor"] == (
        "Russia"
    )
    page = tmp_path / "a.html"
    code, _, problem = run("map", tmp_path / "saved", "-o", page)
    assert (code, page.exists()) == (1, False)
    assert "allow_restricted=True" in problem
    assert run("map", tmp_path / "saved", "-o", page, "--allow-restricted")[0] == 0
    assert page.exists()


def test_every_view_takes_a_file_of_a_public_format(tmp_path):
    source = day(tmp_path / "days", "20241205")
    day(tmp_path / "days", "20241206")
    for words in (
        ("at", source, "2024-12-05"),
        ("front", source, "2024-12-05"),
        ("changes", tmp_path / "days", "2024-12-01", "2024-12-06"),
        ("measures", tmp_path / "days"),
    ):
        code, out, _ = run(*words, "--json")
        assert code == 0
        assert json.loads(out)


def test_convert_takes_options_of_the_reader_and_what_is_no_control(tmp_path):
    table = tmp_path / "dots.csv"
    table.write_text("lon,lat,side,day\n36.5,35.5,A,2024-12-01\n", "utf-8")
    target = tmp_path / "dots.geojson"
    words = ("--from", "csv", "--set", "columns.name=side", "--set", "kind=places")
    assert run("convert", table, target, *words)[0] == 0
    (feature,) = json.loads(target.read_text("utf-8"))["features"]
    assert feature["properties"] == {"day": "2024-12-01", "name": "A"}
    for more, message in (
        (("--at", "2024-12-01"), "places are no record of control"),
        (("--set", "layer"), "write it as name=value"),
        (("--set", "kind.x=1"), "kind has a value already"),
        (("--to", "shp"), "format='shp' is none of"),
    ):
        code, _, problem = run("convert", table, target, *words, *more)
        assert code == 1
        assert message in problem
    day(tmp_path / "days", "20241205")
    code, _, problem = run("convert", tmp_path / "days", tmp_path / "saved", "--at", "2024-12-01")
    assert "a saved history holds everything" in problem
