"""Files are known by their content, whatever they are called, among all formats."""

from __future__ import annotations

import json
import zipfile

import pytest

from frontline.errors import DataFileError, FrontlineError
from frontline.sources import acled, geojson, geonames, ucdp, viina
from frontline.sources.registry import format_of, load_format, open_source

RING = [[37, 48], [38, 48], [38, 49], [37, 48]]
AREA = {"type": "Polygon", "coordinates": [RING]}


def collection(**properties):
    each = {"type": "Feature", "properties": properties, "geometry": AREA}
    return {"type": "FeatureCollection", "features": [each]}


CONTENTS = {
    "acled": ",".join(acled.COLUMNS) + "\n",
    "ucdp": ",".join(ucdp.COLUMNS) + "\n",
    "viina": ",".join(("geonameid", "date", *viina.SOURCES, "status")) + "\n",
    "uawardata": "date,lat,lng,icon,icon15,type,strength,unit,unitnumber,subordinate_to\n",
    "geonames": "1\tA\tA\t\t35.1\t36.7\tP\tPPL\tSY" + "\t" * 9 + "\t2020-01-01\n",
    "cshapes": json.dumps(
        collection(cntry_name="A", gwcode=2, gwsdate="01.01.1900", gwedate="31.12.2019", gwsyear=1)
    ),
    "nzz": json.dumps({"value": collection(type="gains", _datefrom="x", _dateto="y")}),
    "liveuamap": json.dumps({"fields": {"1": {"name": "A", "points": []}}}),
    "geoconfirmed": json.dumps([{"id": 1, "lat": 1, "lng": 1, "dateCreated": "", "plusCode": ""}]),
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("suffix", ["", ".dat"])
def test_content_decides(name, suffix, tmp_path):
    path = tmp_path / f"file{suffix}"
    path.write_text(CONTENTS[name], encoding="utf-8")
    assert format_of(path).name == name


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_hides_nothing(name, encoding, tmp_path):
    path = tmp_path / "2022-03-01.json"
    path.write_text(CONTENTS[name], encoding=encoding)
    assert format_of(path).name == name
    plain = path.with_name("2022-03-02.json")
    plain.write_text(CONTENTS[name], encoding="utf-8")
    assert read_or_refuse(path) == read_or_refuse(plain)


def read_or_refuse(path):
    """Return what was read as text, or why it was not, without the file's name."""
    try:
        data = open_source(path)
    except FrontlineError as error:
        return str(error).replace(path.name, "")
    return data.frame.drop(columns="date", errors="ignore").to_string()


@pytest.mark.parametrize(
    ("member", "name"),
    [("control_latest_2024.csv", "viina"), ("event_1pd_latest_2024.csv", "viina"),
     ("SY.txt", "geonames"), ("GEDEvent_v25_1.csv", "ucdp")],
)  # fmt: skip
def test_archives_are_known_by_their_members(member, name, tmp_path):
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
        archive.writestr("readme.txt", "x")
    assert format_of(path).name == name


def test_every_format_says_where_its_data_are_from():
    for name in CONTENTS:
        each = load_format(name)
        assert each.name == name
        assert each.origin.name
        assert each.origin.attribution
        assert each.origin.licence
        assert each.write is not None
    assert load_format("acled").origin.redistributable is False
    assert load_format("viina").origin.redistributable is True
    assert geonames.ORIGIN.licence == "CC BY 4.0"


CIRCLE = [[37 + n / 5000, 48.123456 + n / 7000] for n in range(5000)]
LONG = {"type": "Polygon", "coordinates": [[*CIRCLE, [37, 49], CIRCLE[0]]]}


def outline_first(**properties):
    each = {"type": "Feature", "geometry": LONG, "properties": properties}
    return {"type": "FeatureCollection", "features": [each]}


@pytest.mark.parametrize(
    ("name", "document", "expected"),
    [
        ("deepstatemap_data_20241205.geojson", outline_first(), "deepstate"),
        ("query.geojson", outline_first(GlobalID_2="x", EditDate=1_733_400_000_000), "isw"),
        (
            "x.json",
            {"value": outline_first(type="gains", _datefrom="2024-12-01", _dateto="2024-12-05")},
            "nzz",
        ),
        (
            "live.json",
            {"id": 1, "map": outline_first(name="a /// Occupied /// geoJSON.status.occupied")},
            "deepstate_history",
        ),
        ("plain.geojson", outline_first(actor="A", date="2024-12-05"), "geojson"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_outline_longer_than_the_head_hides_nothing(
    name, document, expected, encoding, tmp_path
):
    path = tmp_path / name
    path.write_text(json.dumps(document), encoding=encoding)
    assert path.stat().st_size > 2 * 65_536
    assert format_of(path).name == expected
    assert format_of(tmp_path).name == expected


@pytest.mark.parametrize(
    ("name", "properties"),
    [
        ("contested_areas.geojson", {"actor": "SDF", "status": "controlled", "date": "2024-12-05"}),
        ("ukrainian_fortifications.geojson", {"actor": "UA", "valid_from": "2024-12-05"}),
        ("ukraine_contested.geojson", {"name": "x"}),
        ("my_checkpoints.geojson", {"EditDate": 1, "CreationDate": 1, "actor": "A", "date": "x"}),
        ("syria_control_of_terrain.geojson", {"actor": "A", "date": "x", "pub_date": "x"}),
    ],
)
def test_a_name_does_not_make_a_publisher(name, properties, tmp_path):
    path = tmp_path / name
    path.write_text(json.dumps(collection(**properties)))
    assert format_of(path).name == "geojson"


def test_what_we_wrote_is_ours_whatever_it_is_called(tmp_path):
    path = tmp_path / "View_AssessedRussianInfiltrationAreasinUkraine_V4.geojson"
    path.write_text(json.dumps(collection(EditDate=1_733_400_000_000)))
    data = open_source(path)
    assert data.origin.name.startswith("ISW")
    again = geojson.write(data, tmp_path / "infiltration_out.geojson")
    assert format_of(again).name == "geojson"
    assert open_source(again).origin == data.origin


def test_an_answer_that_the_server_cut_is_refused(tmp_path):
    path = tmp_path / "VIEW_RussiaCoTinUkraine_V3.geojson"
    for top in ({"exceededTransferLimit": True}, {"properties": {"exceededTransferLimit": True}}):
        path.write_text(json.dumps(collection(EditDate=1_733_400_000_000) | top))
        for form in ("isw", "geojson"):
            with pytest.raises(DataFileError, match="ask for all pages"):
                open_source(path, form)
            data = open_source(path, form, partial=True)
            assert any("exceededTransferLimit" in each for each in data.remarks)


def test_curves_of_esri_are_a_fault_of_each_feature(tmp_path):
    path = tmp_path / "query.json"
    curve = {"curveRings": [[[37, 48], {"c": [[38, 49], [37.5, 48.2]]}, [37, 48]]]}
    document = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 4326},
        "features": [
            {"attributes": {"EditDate": 1_733_400_000_000}, "geometry": shape}
            for shape in (curve, {"rings": [RING[::-1]]}, curve)
        ],
    }
    path.write_text(json.dumps(document))
    with pytest.raises(
        DataFileError, match=r"2 faults(.|\n)*feature 1: it has true curves"
    ) as error:
        open_source(path, "isw", layer="control")
    assert "feature 3" in str(error.value)


def test_seconds_are_no_milliseconds(tmp_path):
    path = tmp_path / "VIEW_RussiaCoTinUkraine_V3.geojson"
    path.write_text(json.dumps(collection(EditDate=1_733_400_000)))
    with pytest.raises(DataFileError, match=r"EditDate is 1733400000.*give the date="):
        open_source(path)
    assert open_source(path, date="2024-12-05").frame.date.dt.year.tolist() == [2024]


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("UkraineControlMapAO24NOV2024", "isw"),
        ("AssessedRussianControl_of_Terrain", "isw"),
        ("syria_control_of_terrain", "shapefile"),
        ("contested", "shapefile"),
    ],
)
def test_the_name_of_a_zipped_shapefile(stem, expected, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for suffix in ("shp", "dbf"):
            archive.writestr(f"{stem}.{suffix}", "x")
    assert format_of(path).name == expected
