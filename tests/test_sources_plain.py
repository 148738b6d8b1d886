"""Plain files by column mapping, the registry, and what all readers share."""

import io
import json
import sqlite3
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import frontline as fl
from frontline.errors import CRSError, DataFileError, InputError
from frontline.sources import (
    Data,
    Format,
    Limits,
    Origin,
    delimited,
    geojson,
    open_source,
    registry,
)
from frontline.sources.columns import UNKNOWN
from frontline.sources.model import KINDS

ORIGIN = Origin("days", "me", "https://example.org", "CC BY 4.0", "me", True, "note")
AREA = shapely.box(36, 35, 37, 36)


def table(**columns):
    return pd.DataFrame(columns)


# --- the registry ---------------------------------------------------------------------------


def test_every_listed_format_is_there_and_whole():
    found = registry.formats()
    assert set(found) == set(registry.MODULES)
    for name, form in found.items():
        assert isinstance(form, Format), name
        assert form.name == name
        assert form.title, name
        assert form.kind in KINDS, name
        assert form.suffixes, name
        assert all(each.startswith(".") for each in form.suffixes), name
        assert form.origin.licence, name
        assert callable(form.detect), name
        assert callable(form.read), name


def test_the_face_opens_sources():
    assert fl.open_source is open_source
    with pytest.raises(InputError, match="format='shape' is none of"):
        fl.open_source(__file__, "shape")


# --- the same rows in every container --------------------------------------------------------


@pytest.fixture
def frame():
    return gpd.GeoDataFrame(
        {
            "side": ["A", "B"],
            "day": ["2024-12-03", "2024-12-05T12:00+03:00"],
            "state": ["held", "held"],
            "count": [1, 2],
        },
        geometry=[AREA, shapely.box(37, 35, 38, 36)],
        crs=4326,
    )


MAPPING = {
    "columns": {"actor": "side", "date": "day", "status": "state"},
    "values": {"status": {"held": "controlled"}},
    "constants": {"source": "me"},
}


def saved(frame, folder, form):
    file = folder / f"a.{form}"
    if form == "parquet":
        frame.to_parquet(file)
    elif form == "csv":
        pd.DataFrame(frame).assign(geometry=frame.geometry.to_wkt()).to_csv(file, index=False)
    elif form == "zip":
        frame.to_file(folder / "a.shp")
        with zipfile.ZipFile(file, "w") as archive:
            for part in ("shp", "shx", "dbf", "prj", "cpg"):
                archive.write(folder / f"a.{part}", f"inner/a.{part.upper()}")
    else:
        frame.to_file(file)
    return file


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "csv", "zip"])
def test_column_mapping(tmp_path, frame, form):
    name = {"parquet": "geoparquet", "zip": "shapefile"}.get(form, form)
    data = open_source(saved(frame, tmp_path, form), name, origin=ORIGIN, **MAPPING)
    assert data.kind == "snapshots"
    assert data.origin is ORIGIN
    assert data.frame["actor"].tolist() == ["A", "B"]
    assert data.frame["date"].tolist() == [
        pd.Timestamp("2024-12-03", tz="UTC"), pd.Timestamp("2024-12-05 09:00", tz="UTC"),
    ]  # fmt: skip
    assert data.frame["status"].tolist() == ["controlled", "controlled"]
    assert data.frame["source"].tolist() == ["me", "me"]
    assert [int(each) for each in data.frame["count"]] == [1, 2]
    assert not {"side", "day", "state"} & set(data.frame.columns)
    assert data.frame.geometry.geom_equals(frame.geometry).all()
    assert data.frame.crs.to_epsg() == 4326


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet", "csv"])
def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path, frame, form):
    name = {"parquet": "geoparquet"}.get(form, form)
    with pytest.raises(DataFileError, match=r"no column 'sides'.*side, day.*did you mean side"):
        open_source(saved(frame, tmp_path, form), name, columns={"actor": "sides"})


def test_faults_of_a_mapping():
    text = b"lon,lat,side,day\n36,35,A,2024-13-01\n36,35,B,05/12/2024\n"
    names = {"actor": "side", "valid_from": "day"}
    with pytest.raises(DataFileError, match=r"(?s)does not exist.*day or the month first"):
        delimited.decode(text, columns=names)
    good = b"lon,lat,side,day\n36,35,A,2024-12-01\n"
    with pytest.raises(DataFileError, match="status: gone is none of controlled"):
        delimited.decode(good, columns=names, constants={"status": "gone"})
    with pytest.raises(InputError, match="has a column side already"):
        delimited.decode(good, constants={"side": "A"})
    with pytest.raises(InputError, match="need the columns date"):
        delimited.decode(good, columns={"actor": "side"}, kind="snapshots")
    with pytest.raises(InputError, match="kind='x' is none of"):
        delimited.decode(good, kind="x")
    with pytest.raises(InputError, match=r"columns=.* must map texts to texts"):
        delimited.decode(good, columns=["side"])
    with pytest.raises(InputError, match="no column status"):
        delimited.decode(good, values={"status": {}})


def test_reports_make_a_history():
    text = b"lon,lat,side,day\n36.2,35.5,A,2024-12-01\n36.8,35.5,B,2024-12-01\n"
    data = delimited.decode(text, columns={"actor": "side", "valid_from": "day"})
    history = data.history(outline=AREA)
    assert history.holder([(36.2, 35.5), (36.8, 35.5)], "2024-12-02").tolist() == ["A", "B"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("actor,date", "snapshots"), ("actor,valid_from", "reports"), ("date,x", "events"),
        ("name,x", "places"), ("x,y", "panel"),
    ],
)  # fmt: skip
def test_kinds_follow_from_the_columns(header, kind):
    data = delimited.decode(f"{header}\n2024-12-05,2024-12-05\n".encode())
    assert data.kind == kind


def test_what_nobody_asked_for_may_be_anything():
    data = delimited.decode(b"name,date,status\nx,yesterday,open\n", kind="places")
    assert data.frame.loc[0, ["date", "status"]].tolist() == ["yesterday", "open"]
    assert any("date was left as it is" in remark for remark in data.remarks)
    with pytest.raises(DataFileError, match="yesterday"):
        delimited.decode(b"name,day\nx,yesterday\n", columns={"date": "day"}, kind="places")


# --- CSV ------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter):
    text = delimiter.join(["name", "lon", "lat"]) + "\n" + delimiter.join(["x", "36", "35"])
    data = delimited.decode(text.encode())
    assert data.frame["name"].tolist() == ["x"]
    assert (data.frame.geometry.iloc[0].x, data.frame.geometry.iloc[0].y) == (36.0, 35.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1\n1,2,3\n", r"(?s)line 2: 1 fields where the header has 2.*line 3: 3 fields"),
        ("a,a\n1,2\n", "'a' are there more than once"),
        ("\n", "header is missing"),
        ('a,b\n"x,1\n', "line 2"),
        ("lon,lat\nx,1\n2,\n", r"(?s)row 1: lon 'x' is no number.*row 2: lon without lat"),
        ("geometry\nPOINT (1)\n", "row 1: 'POINT .1.' is no geometry"),
    ],
)
def test_faults_of_a_table(text, words):
    with pytest.raises(DataFileError, match=words):
        delimited.decode(text.encode())


def test_csv_round_trip(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["x", None], "valid_from": pd.to_datetime(["2024-12-05T01:02:03Z", None])},
        geometry=[shapely.Point(0.1 + 0.2, -1e-7), None], crs=4326,
    )  # fmt: skip
    file = delimited.write(Data("places", frame, ORIGIN), tmp_path / "a.csv")
    again = delimited.read(file, limits=Limits()).frame
    assert again["name"].tolist() == ["x", None]
    assert again["valid_from"].tolist() == frame["valid_from"].tolist()
    assert again.geometry.iloc[0].equals(frame.geometry.iloc[0])
    assert again.geometry.iloc[1] is None
    about = json.loads((tmp_path / "a.csv-metadata.json").read_text("utf-8"))
    assert about["dc:license"] == "CC BY 4.0"
    assert about["dc:rights"] == "me"


def test_csv_round_trip_of_areas():
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[AREA], crs=4326)
    again = delimited.decode(delimited.encode(Data("places", frame, ORIGIN))).frame
    assert again.geometry.iloc[0].equals(AREA)


# --- GeoJSON --------------------------------------------------------------------------------


def test_geojson_round_trip_keeps_the_origin(tmp_path, frame):
    data = Data("panel", frame.assign(x=[{"a": [1, None]}, float("nan")]), ORIGIN)
    file = geojson.write(data, tmp_path / "a.geojson")
    again = geojson.read(file, limits=Limits())
    assert again.origin == ORIGIN
    assert again.frame["x"].tolist() == [{"a": [1, None]}, None]
    assert again.frame["count"].tolist() == [1, 2]
    assert again.frame.geometry.geom_equals(frame.geometry).all()
    forged = json.loads(file.read_text("utf-8"))
    forged["origin"]["redistributable"] = "yes"
    assert geojson.decode(json.dumps(forged).encode()).origin == UNKNOWN


def test_a_property_called_geometry_is_kept_under_another_name():
    text = {
        "type": "Feature", "properties": {"geometry": "flat"},
        "geometry": {"type": "Point", "coordinates": [1, 2]},
    }  # fmt: skip
    data = geojson.decode(json.dumps(text).encode())
    assert data.frame["geometry_property"].tolist() == ["flat"]
    assert data.frame.geometry.iloc[0].x == 1


@pytest.mark.parametrize("content", [b"[]", b"5", b'{"type": "Topology"}', b'{"a": 1}', b'"x"'])
def test_json_that_is_no_geojson(content):
    with pytest.raises(DataFileError, match="no GeoJSON"):
        geojson.decode(content)


def test_data_without_geometry_are_written_as_csv():
    flat = Data("panel", table(a=[1]), ORIGIN)
    with pytest.raises(InputError, match="as CSV"):
        geojson.encode(flat)
    assert delimited.encode(flat) == b"a\n1\n"


# --- GeoPackage and shapefile ----------------------------------------------------------------


def test_layers_of_a_geopackage(tmp_path, frame):
    file = tmp_path / "a.gpkg"
    frame.to_file(file, layer="one")
    frame.iloc[:1].to_file(file, layer="tw\"o'")
    with pytest.raises(DataFileError, match="has the layers one"):
        open_source(file, "gpkg")
    assert len(open_source(file, "gpkg", layer="tw\"o'").frame) == 1
    with pytest.raises(DataFileError, match="no layer 'three'"):
        open_source(file, "gpkg", layer="three")


def test_a_geopackage_in_wal_mode_and_with_bytes(tmp_path, frame):
    file = tmp_path / "a.gpkg"
    frame.to_file(file)
    with sqlite3.connect(file) as base:
        base.execute("ALTER TABLE a ADD COLUMN photo BLOB DEFAULT x'00ff'")
    base.execute("PRAGMA journal_mode = WAL")
    base.close()
    assert file.read_bytes()[18] == 2
    data = open_source(file, "gpkg", **MAPPING)
    assert data.frame["actor"].tolist() == ["A", "B"]
    assert any("'photo' holds bytes" in remark for remark in data.remarks)


def test_sqlite_that_is_no_geopackage(tmp_path):
    file = tmp_path / "a.gpkg"
    with sqlite3.connect(file) as base:
        base.execute("CREATE TABLE t (a)")
    base.close()
    with pytest.raises(DataFileError, match="broken GeoPackage"):
        open_source(file, "gpkg")


def test_a_shapefile_lacks_a_part(tmp_path, frame):
    frame.to_file(tmp_path / "a.shp")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.write(tmp_path / "a.shp", "a.shp")
    file = tmp_path / "b.zip"
    file.write_bytes(out.getvalue())
    with pytest.raises(DataFileError, match=r"lacks the part \.dbf"):
        open_source(file, "shapefile")
    assert len(open_source(tmp_path / "a.shp", "shapefile").frame) == 2


def test_several_shapefiles_in_a_zip(tmp_path, frame):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for stem in ("one", "two"):
            frame.to_file(tmp_path / f"{stem}.shp")
            for part in ("shp", "shx", "dbf", "prj"):
                archive.write(tmp_path / f"{stem}.{part}", f"{stem}.{part}")
    file = tmp_path / "b.zip"
    file.write_bytes(out.getvalue())
    with pytest.raises(DataFileError, match="holds the shapefiles one, two"):
        open_source(file, "shapefile")
    assert len(open_source(file, "shapefile", layer="two").frame) == 2


def test_parquet_without_geometry(tmp_path):
    file = tmp_path / "a.parquet"
    table(lon=[36.0], lat=[35.0], name=["x"]).to_parquet(file)
    data = open_source(file, "geoparquet")
    assert data.frame.geometry.iloc[0].equals(shapely.Point(36, 35))
    wide = tmp_path / "b.parquet"
    table(a=range(50)).to_parquet(wide)
    with pytest.raises(DataFileError, match="max_features"):
        open_source(wide, "geoparquet", limits=Limits(max_features=10))


def test_parquet_that_unpacks_to_more_than_allowed(tmp_path):
    file = tmp_path / "a.parquet"
    table(a=["x" * 1000 + str(n) for n in range(2000)]).to_parquet(file, compression="zstd")
    assert file.stat().st_size < 300_000
    with pytest.raises(DataFileError, match="when unpacked"):
        open_source(file, "geoparquet", limits=Limits(max_bytes=1_000_000))


def test_parquet_that_repeats_one_huge_text(tmp_path):
    file = tmp_path / "a.parquet"
    table(a=["x" * 10_000] * 5_000).to_parquet(file, compression="zstd")
    assert file.stat().st_size < 20_000
    # Its header counts the text once; written out it has 50 MB.
    with pytest.raises(DataFileError, match="50,000,000 bytes when unpacked"):
        open_source(file, "geoparquet", limits=Limits(max_bytes=20_000_000))
    data = open_source(file, "geoparquet", limits=Limits(max_bytes=50_000_000))
    assert data.frame["a"].str.len().sum() == 50_000_000


def test_errors_are_of_the_builtin_kind_too():
    for each in (DataFileError, CRSError, InputError):
        assert issubclass(each, ValueError)
