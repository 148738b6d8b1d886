"""Files that no serious library may stumble over: each is read right, or refused in words."""

import errno
import functools
import http.server
import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import frontline as fl
from frontline._resources import atomic_write
from frontline.errors import CRSError, DataFileError, FrontlineError, InputError
from frontline.sources import (
    Data,
    Limits,
    deepstate,
    deepstate_history,
    delimited,
    format_of,
    geojson,
    geoparquet,
    gpkg,
    isw,
    kml,
    open_source,
    registry,
    shapefile,
    wikipedia,
)
from frontline.sources.archives import Member, unzip
from frontline.sources.columns import UNKNOWN
from frontline.sources.safety import checked_path, load_json, magic
from tests.timing import processor_time

POINT = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "حماة"},
            "geometry": {"type": "Point", "coordinates": [36.75, 35.13]},
        }
    ],
}
TEXT = json.dumps(POINT, ensure_ascii=False)
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource>'
    "<SrcLayer>real</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)
KML = (
    "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{}<Placemark><name>A</name>"
    "<Point><coordinates>36.75,35.13</coordinates></Point></Placemark></Document></kml>"
)


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Detect among the formats whose modules are here; that all are is tested elsewhere."""
    there = {k: v for k, v in registry.MODULES.items() if importlib.util.find_spec(v)}
    monkeypatch.setattr(registry, "MODULES", there)


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def archive(members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


# --- what a path may be ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/vsicurl/https://example.org/a.geojson", "address of GDAL"),
        ("/vsizip//etc/a.zip", "address of GDAL"),
        ("\\vsimem\\a", "address of GDAL"),
        (" /VSISTDIN/", "address of GDAL"),
        (VRT, "a document, not a path"),
        (TEXT, "a document, not a path"),
        ("[1, 2]", "a document, not a path"),
        ("https://example.org/a.geojson", "allow_remote=True"),
        ("HTTP://example.org/a.geojson", "allow_remote=True"),
        ("file:///etc/passwd", "an address and no file"),
        ("ftp://example.org/a", "an address and no file"),
        ("GPKG:/etc/a.gpkg:t", "an address and no file"),
        ("PG:dbname=x", "an address and no file"),
        ("", "empty"),
        ("a\x00b", "NUL"),
        ("no/such/file.geojson", "does not exist"),
    ],
)
def test_only_plain_paths_are_opened(path, words):
    with pytest.raises(DataFileError, match=words):
        open_source(path)


def test_a_path_of_another_kind_is_refused():
    for wrong in (3, None, b"/etc/passwd"):
        with pytest.raises(InputError):
            checked_path(wrong)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(DataFileError, match="is a folder"):
        checked_path(tmp_path)
    with pytest.raises(DataFileError, match="has no file with content"):
        open_source(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.geojson")
    with pytest.raises(DataFileError, match="no regular file"):
        open_source(tmp_path / "a.geojson")


def test_a_link_to_a_file_is_read_and_one_to_nowhere_named(put, tmp_path):
    put("real.geojson", TEXT)
    (tmp_path / "link.geojson").symlink_to("real.geojson")
    (tmp_path / "broken.geojson").symlink_to("gone.geojson")
    assert len(open_source(tmp_path / "link.geojson").frame) == 1
    with pytest.raises(DataFileError, match="leads nowhere"):
        open_source(tmp_path / "broken.geojson")


def test_a_link_in_a_folder_does_not_lead_out_of_it(put, tmp_path):
    secret = put("secret.txt", "secret")
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "deepstatemap_data_20241205.geojson").symlink_to(secret)
    with pytest.raises(DataFileError, match="leads out of its folder"):
        open_source(tmp_path / "days", "deepstate")


def test_spaces_and_letters_of_all_scripts_in_a_path(tmp_path):
    folder = tmp_path / "مجلد new Їжак"
    folder.mkdir()
    file = folder / "حماة 5 km?#%20.geojson"
    file.write_text(TEXT, encoding="utf-8")
    data = open_source(file)
    assert data.frame["name"].tolist() == ["حماة"]


def test_an_unreadable_file_is_named(put, monkeypatch):
    file = put("a.geojson", TEXT)

    def denied(*_args, **_options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(DataFileError, match="cannot be read: Permission denied"):
        open_source(file)


# --- what a file may hold -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.geojson", "a.csv", "a.kml", "a.gpkg", "a.zip", "a.parquet"])
def test_no_bytes(put, name):
    file = put(name, b"")
    with pytest.raises(DataFileError, match="empty"):
        open_source(file)
    for each in ("geojson", "csv", "kml", "gpkg", "geoparquet", "shapefile"):
        with pytest.raises(DataFileError):
            open_source(file, each)


def test_a_vrt_is_not_followed_whatever_its_name(put, tmp_path):
    real = put("real.geojson", TEXT)
    file = put("evil.geojson", VRT.format(real))
    # What this guards against: GDAL looks at the content alone and opens the other file.
    assert len(gpd.read_file(file)) == 1
    with pytest.raises(DataFileError, match="a VRT"):
        open_source(file)
    for each in ("geojson", "csv", "kml", "gpkg", "shapefile", "geoparquet", "isw"):
        with pytest.raises(DataFileError):
            open_source(file, each)


def test_a_vrt_in_the_parts_of_a_shapefile(put, tmp_path):
    real = put("real.geojson", TEXT)
    evil = archive({"a.shp": VRT.format(real), "a.dbf": b"", "a.shx": b""})
    with pytest.raises(DataFileError, match=r"\.shp is no shapefile"):
        open_source(put("a.zip", evil), "shapefile")


@pytest.mark.parametrize("cut", [1, 40, -30, -2])
def test_cut_short(put, cut):
    with pytest.raises(DataFileError):
        open_source(put("a.geojson", TEXT.encode()[:cut]), "geojson")


def test_cut_short_says_so():
    with pytest.raises(DataFileError, match="cut short"):
        load_json(TEXT.encode()[:-2])


@pytest.mark.parametrize("size", [200, 2000, -100])
def test_cut_short_in_binary_formats(tmp_path, size):
    frame = gpd.GeoDataFrame({"name": ["x"] * 50}, geometry=[shapely.Point(36, 35)] * 50, crs=4326)
    frame.to_file(tmp_path / "a.gpkg", engine="pyogrio")
    frame.to_parquet(tmp_path / "a.parquet")
    for name in ("a.gpkg", "a.parquet"):
        file = tmp_path / name
        file.write_bytes(file.read_bytes()[:size])
        with pytest.raises(DataFileError):
            open_source(file, {"a.gpkg": "gpkg", "a.parquet": "geoparquet"}[name])


def test_a_wrong_ending_does_not_matter(put):
    assert open_source(put("a.csv", TEXT)).frame["name"].tolist() == ["حماة"]
    assert format_of(put("a.geojson", KML.format(""))).name == "kml"
    assert format_of(put("b.kml", "lon,lat,name\n1,2,x\n")).name == "csv"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04", "zip"), (b"PAR1", "parquet"), (b"\x1f\x8b", "gzip"),
        (b"SQLite format 3\x00", "sqlite"), (b"\x00\x00\x27\x0a" + b"\x00" * 96, "shapefile"),
        (b"%PDF-1.7", "pdf"), (b"\xef\xbb\xbf {", "json"), ("﻿[".encode("utf-16"), "json"),
        (b"  <kml:kml >", "kml"), (b"<html>", "xml"), (b"a,b", "text"), (b"", "empty"),
        (b"\x00\x01\x02", "binary"), ("مرحبا".encode("cp1256"), "text"),
    ],
)  # fmt: skip
def test_magic(content, kind):
    assert magic(content) == kind


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x1f\x8b\x08", b"\x00\x01\x02", b"hello"])
def test_what_is_of_no_format_is_refused_in_words(put, content):
    with pytest.raises(DataFileError, match=r"PDF|gzip|no format that is known"):
        open_source(put("a.geojson", content))


def test_a_file_that_fits_two_formats_lists_them(put, monkeypatch):
    twin = registry.load_format("geojson")
    monkeypatch.setattr(registry, "formats", lambda: {"geojson": twin, "kml": _named(twin, "kml")})
    with pytest.raises(DataFileError, match=r"geojson \(0.50\), kml \(0.50\); name one with"):
        format_of(put("a.geojson", TEXT))


def _named(form, name):
    from dataclasses import replace

    return replace(form, name=name)


def test_an_unknown_format_or_option_is_named(put):
    file = put("a.geojson", TEXT)
    with pytest.raises(InputError, match="none of"):
        open_source(file, "shp")
    with pytest.raises(InputError, match="colour"):
        open_source(file, "geojson", colour="red")


# --- encodings ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marked_encodings(put, encoding):
    data = open_source(put("a.geojson", TEXT.encode(encoding)))
    assert data.frame["name"].tolist() == ["حماة"]


def test_cp1256_is_asked_for(put):
    file = put("a.geojson", TEXT.encode("cp1256"))
    with pytest.raises(DataFileError, match="cp1256"):
        open_source(file)
    assert open_source(file, encoding="cp1256").frame["name"].tolist() == ["حماة"]
    with pytest.raises(InputError, match="none that Python knows"):
        open_source(file, encoding="klingon")
    table = put("a.csv", "lon,lat,name\n36.7,35.1,حماة\n".encode("cp1256"))
    with pytest.raises(DataFileError, match="cp1256"):
        open_source(table)
    assert open_source(table, encoding="cp1256").frame["name"].tolist() == ["حماة"]


def test_cp1256_in_kml_is_declared(put):
    text = "<?xml version='1.0' encoding='windows-1256'?>" + KML.format("").replace("A<", "حماة<")
    assert open_source(put("a.kml", text.encode("cp1256"))).frame["name"].tolist() == ["حماة"]


HOSTILE = [
    "${window.x=1}", "`", "\\", "</script>", "<img src=x onerror=alert(1)>", "{{ 7 * 7 }}",
    "=HYPERLINK(1)", "@SUM(1)", "'quoted'", '"', "a\nb", "\u202eabc", "Hа\u0301ma", "ح\u0651",
    "\u200b", "٣٦", "A" * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("form", ["geojson", "kml", "csv"])
def test_hostile_names_come_back_as_they_are(tmp_path, form):
    frame = gpd.GeoDataFrame(
        {"name": HOSTILE}, geometry=[shapely.Point(36, 35)] * len(HOSTILE), crs=4326
    )
    file = tmp_path / f"a.{form}"
    each = registry.load_format(form)
    each.write(Data("places", frame, UNKNOWN), file)
    assert each.read(file, limits=Limits(), kind="places").frame["name"].tolist() == HOSTILE


@pytest.mark.parametrize("form", ["geojson", "kml", "csv"])
def test_what_no_text_file_can_hold_is_replaced(tmp_path, form):
    name = pd.Series(["a\ud800b"], dtype=object)
    frame = gpd.GeoDataFrame({"name": name}, geometry=[shapely.Point(36, 35)], crs=4326)
    file = tmp_path / f"a.{form}"
    each = registry.load_format(form)
    each.write(Data("places", frame, UNKNOWN), file)
    assert each.read(file, limits=Limits()).frame["name"].tolist() in (["a?b"], ["a\ufffdb"])


def test_formulas_in_a_table_for_spreadsheets():
    cells = ["=1+1", "+1", "-1", "@A1", "\tx", "x=1", "'x", None]
    frame = pd.DataFrame({"name": cells})
    content = delimited.encode(Data("places", frame, UNKNOWN), spreadsheet=True)
    rows = content.decode().splitlines()[1:]
    assert not any(row.lstrip('"').startswith(("=", "+", "-", "@", "\t")) for row in rows)
    assert delimited.decode(content, spreadsheet=True).frame["name"].tolist() == cells


def test_half_a_character_in_json_is_replaced(put):
    file = put("a.geojson", TEXT.replace("حماة", r"a\ud800b \ud83d\ude00"))
    assert open_source(file).frame["name"].tolist() == ["a\ufffdb \U0001f600"]


def test_a_nul_is_no_text(put):
    with pytest.raises(DataFileError, match="NUL"):
        open_source(put("a.csv", b"lon,lat\n1,\x002\n"), "csv")


# --- archives -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../a.kml", "a/../../b.kml", "/etc/a.kml", "..\\a.kml", "C:\\a.kml", "a/..\\..\\b"]
)
def test_zip_slip(put, tmp_path, name):
    file = put("a.kmz", archive({name: KML.format("")}))
    for form in (None, "kml"):
        with pytest.raises(DataFileError, match="leads out of the archive"):
            open_source(file, form)
    assert {each.name for each in tmp_path.iterdir()} == {"a.kmz"}


def test_zip_bomb(put):
    file = put("a.kmz", archive({"doc.kml": b"0" * 20_000_000}))
    assert file.stat().st_size < 25_000
    with pytest.raises(DataFileError, match="-fold when unpacked"):
        open_source(file)
    with pytest.raises(DataFileError, match="max_bytes"):
        open_source(file, limits=Limits(max_bytes=1_000_000))


def test_a_zip_that_lies_about_its_sizes():
    content = bytearray(archive({"doc.kml": b"0" * 5000}))
    at = content.index(b"PK\x01\x02") + 24  # uncompressed size in the central directory
    content[at : at + 4] = (10).to_bytes(4, "little")
    (member,) = unzip(bytes(content))
    with pytest.raises(DataFileError, match=r"unpacked|larger than"):
        member.read()


def test_too_many_members(put):
    file = put("a.zip", archive({f"{n}.txt": b"" for n in range(20)}))
    with pytest.raises(DataFileError, match="max_members"):
        open_source(file, limits=Limits(max_members=10))


def test_a_link_and_a_locked_member_in_a_zip():
    info = zipfile.ZipInfo("doc.kml")
    info.external_attr = (0o120777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(info, "/etc/passwd")
    with pytest.raises(DataFileError, match="is a link"):
        unzip(out.getvalue())
    locked = bytearray(archive({"doc.kml": b"x"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataFileError, match="encrypted"):
        unzip(bytes(locked))


def test_a_member_twice():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.kml", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("a.kml", "2")
    with pytest.raises(DataFileError, match="there twice"):
        unzip(out.getvalue())


# --- XML ------------------------------------------------------------------------------------


def test_entity_bomb(put):
    steps = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE kml [<!ENTITY a0 "ha">{steps}]>' + KML.format("<name>&a9;</name>")
    path = put("a.kml", text)
    with processor_time() as spent, pytest.raises(DataFileError, match="DOCTYPE"):
        open_source(path)
    assert spent.seconds < 1.0


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_external_entity(put, where):
    text = f'<!DOCTYPE kml [<!ENTITY x SYSTEM "{where}">]>' + KML.format("<name>&x;</name>")
    with pytest.raises(DataFileError, match="DOCTYPE"):
        open_source(put("a.kml", text))


def test_network_link(put):
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    file = put("a.kml", KML.format(link))
    with pytest.raises(DataFileError, match="never followed"):
        open_source(file)
    data = open_source(file, skip_links=True)
    assert len(data.frame) == 1
    assert any("NetworkLinks left out: 1" in remark for remark in data.remarks)


def test_xml_nested_without_end(put):
    with pytest.raises(DataFileError, match="too deeply"):
        open_source(put("a.kml", "<kml>" + "<Folder>" * 100_000))


def test_json_nested_without_end(put):
    with pytest.raises(DataFileError, match="too deeply"):
        open_source(put("a.geojson", '{"type": "Feature", "x": ' + "[" * 200_000), "geojson")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "9" * 5000])
def test_numbers_that_are_none_in_json(put, word):
    text = TEXT.replace("36.75", word)
    with pytest.raises(DataFileError):
        open_source(put("a.geojson", text))


# --- size -----------------------------------------------------------------------------------


def test_two_gigabytes_are_refused_before_they_are_read(tmp_path):
    file = tmp_path / "a.geojson"
    file.write_bytes(b'{"type": "FeatureCollection"')
    os.truncate(file, 2 << 30)
    with processor_time() as spent, pytest.raises(DataFileError, match="max_bytes"):
        open_source(file, "geojson")
    assert spent.seconds < 1.0


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_bytes": 50}, "bytes"),
        ({"max_features": 1}, "features"),
        ({"max_vertices": 9}, "vert"),
    ],
)
def test_limits(put, limits, words):
    many = {"type": "FeatureCollection", "features": POINT["features"] * 10}
    with pytest.raises(DataFileError, match=words):
        open_source(put("a.geojson", json.dumps(many)), limits=Limits(**limits))


@pytest.mark.parametrize("wrong", [0, -1, True, "9", float("nan")])
def test_limits_are_numbers(wrong):
    with pytest.raises(InputError):
        Limits(max_bytes=wrong)


def test_rows_of_a_table_are_limited(put):
    with pytest.raises(DataFileError, match="rows"):
        open_source(put("a.csv", "a,b\n" + "1,2\n" * 20), limits=Limits(max_features=10))


# --- the web --------------------------------------------------------------------------------


@pytest.fixture
def server():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(TEXT.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def test_an_address_is_fetched_only_when_asked_for(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DataFileError, match="allow_remote=True"):
        open_source(f"{server}/a.geojson")
    assert len(open_source(f"{server}/a.geojson", allow_remote=True).frame) == 1
    with pytest.raises(DataFileError, match="max_bytes"):
        open_source(f"{server}/a.geojson", allow_remote=True, limits=Limits(max_bytes=10))
    with pytest.raises(DataFileError, match="cannot be fetched"):
        open_source(f"{server}/moved", allow_remote=True)
    with pytest.raises(DataFileError, match="an address and no file"):
        open_source("file:///etc/passwd", allow_remote=True)


# --- writing --------------------------------------------------------------------------------


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    file = tmp_path / "a.geojson"
    file.write_text("before", encoding="utf-8")
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(1, 2)], crs=4326)

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        geojson.write(Data("places", frame, UNKNOWN), file)
    assert file.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_killed_while_writing_leaves_what_was_there(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("before", encoding="utf-8")
    code = (
        "import os, signal, sys\n"
        "from frontline._resources import atomic_write\n"
        "with atomic_write(sys.argv[1]) as temporary:\n"
        "    temporary.write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert file.read_text(encoding="utf-8") == "before"


def test_two_writers_do_not_tear_a_file(tmp_path):
    file = tmp_path / "a.txt"
    texts = [letter * 200_000 for letter in "ab"]
    file.write_text(texts[0], encoding="utf-8")
    torn = []
    done = threading.Event()

    def write(text):
        for _ in range(60):
            with atomic_write(file) as temporary:
                temporary.write_text(text, encoding="utf-8")

    def look():
        while not done.is_set():
            if file.read_text(encoding="utf-8") not in texts:
                torn.append(True)

    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    reader = threading.Thread(target=look)
    for each in (reader, *writers):
        each.start()
    for each in writers:
        each.join()
    done.set()
    reader.join()
    assert not torn
    assert file.read_text(encoding="utf-8") in texts
    assert list(tmp_path.iterdir()) == [file]


def test_a_read_only_file_is_read(put):
    file = put("a.geojson", TEXT)
    file.chmod(0o444)
    assert len(open_source(file).frame) == 1


# --- anything at all ------------------------------------------------------------------------

DECODERS = {
    "geojson": geojson.decode,
    "csv": delimited.decode,
    "gpkg": gpkg.decode,
    "geoparquet": geoparquet.decode,
    "kml": kml.decode,
    "deepstate": lambda content: deepstate.decode(content, date="2024-12-05"),
    "deepstate_history": lambda content: deepstate_history.decode(content, date="2024-12-05"),
    "points": lambda content: deepstate_history.decode(content, date="2024-12-05", part="points"),
    "isw": lambda content: isw.decode(content, layer="control", date="2024-12-05"),
    "wikipedia": lambda content: wikipedia.decode(content, date="2024-12-05"),
}
NUMBERS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers())
WORDS = st.sampled_from(
    ["type", "features", "FeatureCollection", "Feature", "geometry", "properties", "coordinates",
     "Polygon", "MultiPolygon", "Point", "attributes", "rings", "map", "id", "datetime", "name",
     "geoJSON.status.occupied", "crs", "EPSG:3857", "GeometryCollection", "geometries",
     "spatialReference", "wkid", "fill", "EditDate", "date", "lon", "lat", "actor", "x", "y"]
)  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=5), WORDS)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=25,
)
COORDINATES = st.recursive(NUMBERS, lambda inner: st.lists(inner, max_size=5), max_leaves=30)
SHAPES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Point", "Polygon", "MultiPolygon", "LineString", "MultiPoint"]),
        "coordinates": st.one_of(COORDINATES, ANY_JSON),
    }
)
COLLECTIONS = st.builds(
    lambda shapes, rows: {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": row, "geometry": shape}
            for shape, row in zip(shapes, rows, strict=False)
        ],
    },
    st.lists(st.one_of(SHAPES, ANY_JSON), max_size=3),
    st.lists(st.one_of(st.dictionaries(WORDS, LEAVES, max_size=3), LEAVES), min_size=3, max_size=3),
)
ESRI = st.builds(
    lambda shapes: {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4326},
        "features": [{"attributes": {}, "geometry": {"rings": shape}} for shape in shapes],
    },
    st.lists(st.one_of(COORDINATES, st.lists(st.lists(st.tuples(NUMBERS, NUMBERS)))), max_size=3),
)


def survives(decode, content):
    try:
        data = decode(content)
    except FrontlineError:
        return
    assert isinstance(data, Data)


@pytest.mark.parametrize("name", DECODERS)
@settings(max_examples=50)
@given(content=st.binary(max_size=300))
def test_any_bytes_raise_nothing_else(name, content):
    survives(DECODERS[name], content)


@pytest.mark.parametrize("name", [n for n in DECODERS if n not in ("gpkg", "geoparquet", "kml")])
@settings(max_examples=40)
@given(document=st.one_of(ANY_JSON, COLLECTIONS, ESRI))
def test_any_json_raises_nothing_else(name, document):
    survives(DECODERS[name], json.dumps(document).encode())


XML_PARTS = st.lists(
    st.sampled_from(
        ["<kml>", "</kml>", "<Placemark>", "</Placemark>", "<Point>", "</Point>", "<Polygon>",
         "</Polygon>", "<coordinates>", "</coordinates>", "1,2", " 3,4,5", "nan,1", "<name>",
         "</name>", "<TimeSpan><begin>2024</begin></TimeSpan>", "<begin>x</begin>", "&amp;", "&x;",
         "<![CDATA[", "]]>", "<!--", "-->", "<?x y?>", "<MultiGeometry>", "</MultiGeometry>",
         "<outerBoundaryIs><LinearRing>", "</LinearRing></outerBoundaryIs>", "<ExtendedData>",
         "</ExtendedData>", "<Data name='date'><value>5</value></Data>",
         "<Data name='valid_to'><value>x</value></Data>",
         "<Data name='status'><value>z</value></Data>", "<Data name='lon'><value>x</value></Data>",
         "<Data name='geometry'><value>z</value></Data>", "<Folder>", "</Folder>"]
    ),
    max_size=20,
)  # fmt: skip


@given(parts=XML_PARTS)
def test_any_xml_raises_nothing_else(parts):
    survives(kml.decode, "".join(parts).encode())
    survives(kml.decode, f"<kml><Placemark>{''.join(parts)}</Placemark></kml>".encode())


CSV_PARTS = st.lists(
    st.sampled_from(
        ["lon", "lat", "name", "date", "actor", "status", "geometry", ",", ",", "\n", "\n", '"',
         "1", "2.5", "x", "2024-12-05", "POINT (1 2)", "POLYGON EMPTY", "nan", "1e400", ";", "\r"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=60)
@given(parts=CSV_PARTS)
def test_any_table_raises_nothing_else(parts):
    text = "".join(parts)
    survives(delimited.decode, text.encode())
    survives(delimited.decode, f"lon,lat,actor,date,status,geometry\n{text}".encode())


LUA_PARTS = st.lists(
    st.sampled_from(
        ["{", "}", "lat", "=", "long", "1.5", "-", "'36'", '"', "'", "--", "--[[", "]]", "[[", "\n",
         ",", ";", "mark", "m", ".", "gov", "return", "[", "]", "(", ")", "..", "label", "marksize",
         "0x1F", "1e999", "\\", "function", "end", "lat = 1, long = 2, mark = m.gov"]
    ),
    max_size=40,
)  # fmt: skip


@given(parts=LUA_PARTS)
def test_any_lua_raises_nothing_else(parts):
    survives(DECODERS["wikipedia"], " ".join(parts).encode())
    wrapped = "return { marks = { " + " ".join(parts) + " } }"
    survives(DECODERS["wikipedia"], wrapped.encode())


@settings(max_examples=60)
@given(flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=30))
def test_a_damaged_geopackage_raises_nothing_else(flips):
    content = bytearray(small_gpkg())
    for at, value in flips:
        content[at * 7 % len(content)] = value
    survives(gpkg.decode, bytes(content))


@settings(max_examples=30)
@given(flips=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6))
def test_damaged_parquet_and_shapefiles_raise_nothing_else(flips):
    content = bytearray(small_files()[".parquet"])
    parts = {each: bytearray(small_files()[each]) for each in (".shp", ".dbf", ".shx", ".prj")}
    for at, value in flips:
        for each in (content, *parts.values()):
            each[at * 7 % len(each)] = value
    survives(geoparquet.decode, bytes(content))
    members = [Member(f"a{each}", part.copy) for each, part in parts.items()]
    survives(shapefile.decode, members)


@pytest.mark.parametrize("byte", [0, 0xAB, 0xFF])
def test_a_reference_system_in_odd_bytes(byte):
    parts = {each: small_files()[each] for each in (".shp", ".dbf", ".shx", ".prj")}
    parts[".prj"] = parts[".prj"].replace(b"WGS", bytes([byte]) * 3)
    survives(shapefile.decode, [Member(f"a{k}", lambda v=v: v) for k, v in parts.items()])
    survives(geoparquet.decode, small_files()[".parquet"].replace(b'"datum', b'"dat' + b"xx"))


@functools.cache
def small_files():
    shapes = [shapely.box(36 + n, 35, 36.5 + n, 36) for n in range(3)]
    frame = gpd.GeoDataFrame({"name": list("abc")}, geometry=shapes, crs=4326)
    with tempfile.TemporaryDirectory() as folder:
        for each in ("gpkg", "shp"):
            frame.to_file(Path(folder) / f"a.{each}")
        frame.to_parquet(Path(folder) / "a.parquet")
        return {file.suffix: file.read_bytes() for file in Path(folder).iterdir()}


def small_gpkg():
    return small_files()[".gpkg"]


def test_a_view_in_a_geopackage_is_not_run(tmp_path):
    import sqlite3

    file = tmp_path / "a.gpkg"
    file.write_bytes(small_gpkg())
    with sqlite3.connect(file) as base:
        base.execute("ALTER TABLE a RENAME TO hidden")
        base.execute("CREATE VIEW a AS SELECT fid, geom, hex(randomblob(9)) AS name FROM hidden")
        base.execute("UPDATE gpkg_geometry_columns SET table_name = 'a'")
    base.close()
    with pytest.raises(DataFileError, match="views are not run"):
        open_source(file)


def test_a_crs_error_is_one_of_ours():
    assert issubclass(CRSError, FrontlineError)


@pytest.mark.parametrize("name", ["a.html", "a.png", "a.geojson", "a.gpkg", "a"])
def test_a_folder_that_cannot_be_written_to_is_named(name, tmp_path, monkeypatch):
    """The message names the folder that was given, and no hidden file that nobody asked for."""
    history = fl.ControlHistory.from_snapshots(
        [("2024-11-20", shapely.box(36, 35, 37, 36))], actor="A"
    )

    def refuse(*_args, prefix, dir, **_options):  # noqa: A002 - as tempfile
        raise PermissionError(13, "Permission denied", f"{dir}/{prefix}x")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    write = {
        "a.html": lambda path: fl.save(history, path),
        "a.png": lambda path: fl.picture(history, path),
        "a.geojson": lambda path: fl.export(history, path),
    }.get(name, history.save)
    with pytest.raises(InputError, match=r"cannot be written to .*choose another") as caught:
        write(tmp_path / name)
    assert str(tmp_path) in str(caught.value)
    assert f".{Path(name).stem}-" not in str(caught.value)
    assert isinstance(caught.value, OSError)  # who caught that goes on catching it
    assert isinstance(caught.value.__cause__, PermissionError)
    assert not any(tmp_path.iterdir())
