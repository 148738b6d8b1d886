"""Files are known by their content, whatever they are called, among all formats."""

from __future__ import annotations

import json
import zipfile

import pytest

from frontline.errors import FrontlineError
from frontline.sources import acled, geonames, ucdp, viina
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
