"""What strangers do to the files of the known formats: nothing is guessed, nothing is lost."""

import json
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from frontline.errors import CRSError, DataFileError, InputError
from frontline.sources import (
    Data,
    Limits,
    Origin,
    acled,
    deepstate,
    deepstate_history,
    delimited,
    format_of,
    geojson,
    isw,
    kml,
    liveuamap,
    nzz,
    open_source,
    ucdp,
)
from frontline.sources.columns import UNKNOWN
from frontline.sources.faults import separator_of

ACLED = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,latitude,"
    "longitude,geo_precision,country,notes\n"
    "SYR1,2024-12-05,2024,2,Battles,Non-state actor overtakes territory,A,35.13,36.76,1,Syria,x\n"
)


def square(x, y, size=0.2):
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(*shapes, **properties):
    features = [{"type": "Feature", "properties": properties, "geometry": g} for g in shapes]
    return {"type": "FeatureCollection", "features": features}


@pytest.mark.parametrize("sep", [";", "\t", "|"])
@pytest.mark.parametrize("quoted", [False, True])
def test_tables_with_other_separators_keep_their_publisher(tmp_path, sep, quoted):
    file = tmp_path / "x.csv"
    file.write_text(_quoted(ACLED, sep) if quoted else ACLED.replace(",", sep))
    data = open_source(file)
    assert data.origin == acled.ORIGIN
    assert data.frame.geo_precision.tolist() == [acled.GeoPrecision.TOWN]


def _quoted(text, sep):
    return "".join(
        sep.join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in text.splitlines()
    )


def test_a_table_all_in_quotes_is_plain_csv(tmp_path):
    file = tmp_path / "q.txt"
    file.write_text('"lon";"lat";"actor";"valid_from"\n"36.7";"35.1";"A, B";"2024-12-05"\n')
    assert format_of(file).name == "csv"
    assert open_source(file).frame.actor.tolist() == ["A, B"]
    assert separator_of('"a,b,c";"d"') == ";"


def test_a_table_of_coded_events_comes_back(tmp_path):
    data = acled.decode(ACLED.encode())
    file = delimited.write(data, tmp_path / "events.csv")
    again = open_source(file)
    assert again.origin == acled.ORIGIN
    assert again.frame.time_precision.tolist() == data.frame.time_precision.tolist()
    assert again.frame.valid_from.tolist() == data.frame.valid_from.tolist()
    assert open_source(geojson.write(data, tmp_path / "e.geojson")).origin == acled.ORIGIN
    assert ("ucdp where 1", "1") in ucdp.words_of(ucdp.WherePrecision)


def dbf(folder, texts, encoding, *, cpg):
    frame = gpd.GeoDataFrame(
        {"side": texts, "day": ["2024-12-05"] * len(texts)},
        geometry=[shapely.box(36 + n, 35, 36.2 + n, 35.2) for n in range(len(texts))],
        crs=4326,
    )
    frame.to_file(folder / "x.shp", encoding=encoding)
    table = bytearray((folder / "x.dbf").read_bytes())
    table[29] = 0
    (folder / "x.dbf").write_bytes(table)
    if not cpg:
        (folder / "x.cpg").unlink(missing_ok=True)
    return folder / "x.shp"


def test_a_shapefile_that_does_not_name_its_encoding(tmp_path):
    mapping = {"columns": {"actor": "side", "date": "day"}}
    file = dbf(tmp_path, ["حماة", "Київ"], "utf-8", cpg=False)
    assert open_source(file, **mapping).frame.actor.tolist() == ["حماة", "Київ"]
    file = dbf(tmp_path, ["حماة", "حلب"], "cp1256", cpg=False)
    with pytest.raises(DataFileError, match="encoding='cp1256'"):
        open_source(file, **mapping)
    named = open_source(file, encoding="cp1256", **mapping)
    assert named.frame.actor.tolist() == ["حماة", "حلب"]


def test_a_link_beside_a_shapefile_does_not_matter(tmp_path):
    folder = tmp_path / "shapes"
    folder.mkdir()
    file = dbf(folder, ["A"], "utf-8", cpg=True)
    (folder / "other.txt").symlink_to(tmp_path)
    assert len(open_source(file).frame) == 1
    (folder / "x.prj").unlink()
    (tmp_path / "secret").write_text("x")
    (folder / "x.prj").symlink_to(tmp_path / "secret")
    with pytest.raises(DataFileError, match="leads out of its folder"):
        open_source(file)


def test_an_unknown_key_is_not_read_by_its_colour():
    assert deepstate_history.status_of("status.claimed", "#a52714") is None
    assert deepstate_history.status_of("", "#a52714") is deepstate_history.Status.OCCUPIED


def test_half_swapped_outlines_are_seen():
    def daily(*shapes):
        return json.dumps(collection(*shapes)).encode()

    both = [square(37, 48)["coordinates"], square(55, 37)["coordinates"]]
    half = daily({"type": "MultiPolygon", "coordinates": both})
    with pytest.raises(CRSError, match=r"feature 1 lies outside .* look swapped"):
        deepstate.decode(half, date="2024-12-05")
    far = deepstate.decode(daily(square(37, 48), square(-70, 10)), date="2024-12-05")
    assert any("features with parts outside" in each for each in far.remarks)


def test_all_must_lie_within(tmp_path):
    file = tmp_path / "points.csv"
    rows = ["36.7,35.1,a", "35.2,36.9,b", "34.5,38.4,swapped", "13,52,berlin"]
    file.write_text("lon,lat,name\n" + "\n".join(rows))
    with pytest.raises(CRSError) as error:
        open_source(file, within=(35.0, 32.0, 42.4, 37.3))
    assert "feature 3 lies outside" in str(error.value)
    assert str(error.value).count("look swapped") == 1
    assert "feature 4 lies outside" in str(error.value)
    assert "2 faults" in str(error.value)


def test_deepstate_files_hold_only_what_they_can_say():
    data = deepstate.decode(json.dumps(collection(square(37, 48))).encode(), date="2024-12-05")
    assert len(deepstate.encode(data)) == 1
    claims = isw.decode(
        json.dumps(collection(square(37, 48), EditDate=1_733_400_000_000)).encode(),
        layer="claimed_russian",
    )
    with pytest.raises(InputError, match="from Institute for the Study of War"):
        deepstate.encode(claims)
    for column, value in (("status", "advance"), ("basis", "claimed")):
        other = Data("snapshots", data.frame.assign(**{column: value}), data.origin)
        with pytest.raises(InputError, match=f"the {column} {value} would be lost"):
            deepstate.encode(other)
    later = data.frame.assign(date=pd.Timestamp("2024-12-05T18:00Z"))
    twice = pd.concat([data.frame, later], ignore_index=True)
    with pytest.raises(InputError, match="several instants"):
        deepstate.encode(Data("snapshots", twice, data.origin))


def test_only_the_name_of_a_member_dates_it(tmp_path):
    answer = json.dumps({"fields": {"7": {"name": "A", "points": [46, 32, 46, 33, 47, 33]}}})
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for day in ("2022-03-01", "2022-03-02"):
            archive.writestr(f"export-1700000000/{day}.json", answer)
    found = open_source(file, "liveuamap").frame.date.dt.strftime("%Y-%m-%d").tolist()
    assert found == ["2022-03-01", "2022-03-02"]
    with pytest.raises(InputError, match="names two days, 2023-11-14 and 2022-03-01"):
        liveuamap.decode(answer.encode(), name="1700000000_2022-03-01.json")


@pytest.mark.parametrize("module", [geojson, kml, delimited])
def test_every_file_is_written_in_degrees(module):
    frame = gpd.GeoDataFrame(
        {"actor": ["A"], "date": pd.to_datetime(["2024-12-05"], utc=True)},
        geometry=[shapely.box(36, 35, 36.2, 35.2)],
        crs=4326,
    )
    written = module.encode(Data("snapshots", frame.to_crs(3857), UNKNOWN))
    back = module.decode(written).frame
    assert shapely.hausdorff_distance(back.geometry[0], frame.geometry[0]) < 1e-6


@pytest.mark.parametrize(
    "options",
    [
        {"limits": 5}, {"values": {"actor": "x"}}, {"values": 5}, {"encoding": 5},
        {"within": (1, 2)}, {"within": "abcd"}, {"within": (10, 10, 5, 20)}, {"origin": "me"},
        {"columns": {"actor": ["a"]}}, {"columns": [1]}, {"format": ["a"]}, {"format": 5},
        {"legend": 5}, {"legend": {"gov": 5}}, {"countries": 5}, {"admin1": 5}, {"constants": 5},
        {"actors": 5}, {"holder": 5},
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(tmp_path, options):
    file = tmp_path / "plain.csv"
    file.write_text("lon,lat,actor,valid_from\n36.7,35.1,A,2024-12-05\n")
    with pytest.raises(InputError, match=next(iter(options))):
        open_source(file, **options)


def test_wrong_options_of_single_formats():
    window = {"type": "gains", "_datefrom": "2024-12-01", "_dateto": "2024-12-05"}
    content = json.dumps({"value": collection(square(37, 48), **window)}).encode()
    with pytest.raises(InputError, match="holder"):
        nzz.decode(content, holder=None)
    fields = b'{"fields": {"7": {"name": "U", "points": [46, 32, 46, 33, 47, 33]}}}'
    with pytest.raises(InputError, match="actors"):
        liveuamap.decode(fields, date="2024-12-05", actors={"U": 5})


def test_objects_are_counted_before_they_are_built(tmp_path):
    file = tmp_path / "many.geojson"
    file.write_text('{"type":"FeatureCollection","features":[' + "{}," * 5000 + "{}]}")
    with pytest.raises(DataFileError, match=r"1,250 features, by its objects.*max_features"):
        open_source(file, limits=Limits(max_features=1000))
    file.write_text('{"type":"Feature","properties":' + "[" * 50 + "]" * 50 + "}")
    with pytest.raises(DataFileError, match="25 vertices, by its lists"):
        open_source(file, limits=Limits(max_vertices=20))


def test_a_table_finds_its_origin_beside_it(tmp_path):
    origin = Origin("Fronts", "me", "https://example.org", "CC BY 4.0", "me", False, "a note")
    frame = pd.DataFrame({"name": ["Hama"], "date": ["2024-12-05"]})
    file = delimited.write(Data("places", frame, origin), tmp_path / "t.csv")
    again = open_source(file)
    assert (again.origin, again.kind) == (origin, "places")
    assert open_source(file, origin=UNKNOWN).origin == UNKNOWN
    other = file.rename(tmp_path / "moved.csv")
    assert open_source(other).origin == UNKNOWN
    (tmp_path / "moved.csv-metadata.json").write_text("[[[")
    assert open_source(other).origin == UNKNOWN


def test_geojson_keeps_what_its_rows_are(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["A"], "date": pd.to_datetime(["2024-12-05"], utc=True)},
        geometry=[shapely.Point(36, 35)],
        crs=4326,
    )
    file = geojson.write(Data("places", frame, UNKNOWN), tmp_path / "p.geojson")
    assert open_source(file).kind == "places"
    assert open_source(file, kind="events").kind == "events"


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("events.csv", ACLED, "acled"),
        ("plain.csv", "lon,lat,actor,valid_from\n36.7,35.1,A,2024-12-05\n", "csv"),
        ("p.json", json.dumps(collection(square(37, 48), actor="A", date="2024-12-05")), "geojson"),
    ],
)
def test_a_zip_of_one_file_is_known_by_what_is_in_it(tmp_path, name, text, form):
    file = tmp_path / "x.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text)
        archive.writestr("__MACOSX/._x", "x")
    assert format_of(file).name == form
    assert len(open_source(file).frame) == 1


def test_what_a_network_link_would_change_is_told():
    mark = "<Placemark><name>A</name><Point><coordinates>36,35</coordinates></Point></Placemark>"
    text = (
        f"<kml><Document><NetworkLinkControl><Update/></NetworkLinkControl>{mark}</Document></kml>"
    )
    data = kml.decode(text.encode())
    assert any("NetworkLinkControl" in each for each in data.remarks)


def test_a_property_called_lat_is_kept_beside_a_shape(tmp_path):
    file = tmp_path / "p.geojson"
    file.write_text(
        json.dumps(collection(square(37, 48), actor="A", date="2024-12-05", lat="48 N"))
    )
    assert open_source(file).frame.lat.tolist() == ["48 N"]
