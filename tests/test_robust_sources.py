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
    acled,
    deepstate,
    deepstate_history,
    delimited,
    format_of,
    geojson,
    isw,
    kml,
    liveuamap,
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
