"""Whatever stands in a file: a reader gives data, or an error of this library, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from frontline.errors import FrontlineError
from frontline.sources import (
    acled,
    cshapes,
    geoconfirmed,
    geonames,
    liveuamap,
    nzz,
    uawardata,
    ucdp,
    viina,
)
from frontline.sources.model import Data, Peek

MODULES = (acled, cshapes, geoconfirmed, geonames, liveuamap, nzz, uawardata, ucdp, viina)


def table(names, *rows):
    """Return a header and rows as lists of cells; what a row does not say is empty."""
    names = list(names)
    return [names, *([str(row.get(name, "")) for name in names] for row in rows)]


DAYS = {"event_date": "2024-12-05", "date_start": "2024-12-05", "date_end": "2024-12-06"}
SPOT = {"latitude": 35.1, "longitude": 36.7, "lat": 35.1, "lng": 36.7}
EVENT = DAYS | SPOT | {
    "event_id_cnty": "X1", "time_precision": 2, "geo_precision": 1, "event_type": "Battles",
    "sub_event_type": "Attack", "actor1": "A", "timestamp": 1733443200, "fatalities": 1,
    "id": 1, "type_of_violence": 1, "where_prec": 1, "date_prec": 1, "event_clarity": 1, "best": 2,
    "low": 1, "high": 3, "side_a": "A", "side_b": "B", "number_of_sources": -1,
}  # fmt: skip
STATE = {"cntry_name": "A", "gwcode": 2, "gwsdate": "01.01.1900 00:00:00",
         "gwedate": "31.12.2019 00:00:00",
         "the_geom": '"POLYGON ((0 0, 1 1, 1 0, 0 0))"'}  # fmt: skip
CONTROL = {"geonameid": 1, "date": "20220301", "status_wiki": "UA", "status": "CONTESTED"}
TABLES = {
    "acled": table(acled.COLUMNS, EVENT, EVENT | {"time_precision": 3}),
    "cshapes": table(STATE, *(STATE,) * 2),
    "geonames": table(
        geonames.COLUMNS,
        *(SPOT | {"geonameid": n, "name": "Town", "feature_class": "P", "country_code": "SY",
                  "population": 5, "modification_date": "2020-01-01"} for n in (1, 2)),
    ),
    "uawardata": table(uawardata.COLUMNS, *(SPOT | {"date": "2022-03-04", "country": "ru"},) * 2),
    "ucdp": table(ucdp.COLUMNS, EVENT, EVENT),
    "viina long": table(("geonameid", "date", *viina.SOURCES, "status"), CONTROL, CONTROL),
    "viina wide": table(
        ("geonameid", "name", "longitude", "latitude", "ctr_20220224060000", "ctr_20220224120000"),
        SPOT | {"geonameid": 1, "name": "x", "ctr_20220224060000": "UA"},
        SPOT | {"geonameid": 2, "name": "y", "ctr_20220224120000": "RU"},
    ),
    "viina events": table(
        ("event_id", "date", "longitude", "latitude", "GEO_PRECISION", "t_mil_b"),
        *(SPOT | {"event_id": 1, "date": "20220301", "GEO_PRECISION": "ADM1", "t_mil_b": 1},) * 2,
    ),
}  # fmt: skip
KEYS = (
    "fields", "points", "name", "lat", "lng", "value", "features", "type", "geometry", "properties",
    "coordinates", "_datefrom", "_dateto", "id", "items", "data", "gwcode", "cntry_name",
    "gwsdate", "gwedate", "event_id_cnty", "dateCreated",
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "-1", "35.1", "181", "1e999", "nan", "2024-12-05", "05/12/2024", "now", "12:30",
         "20240230", "RU", "CONTESTED", '"', "\t", "\r", "\n", "0x10", "1_000", "9" * 400, "=1+1",
         "${x}", "</script>", "\u202e", "\u0661\u0662", "2024-12-05T25:00", "99999-01-01",
         "-0044-03-15", "2024-W05", "2024-12-05 00:00 EST", "POLYGON ((0 0, 1 1", "true"]
    ),
    st.text(max_size=8),
    st.integers().map(str),
    st.floats().map(str),
)  # fmt: skip
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), CELLS,
        st.sampled_from(["Polygon", "MultiPolygon", "Point", "FeatureCollection", "gains"]),
    ),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip
DECODERS = [pytest.param(module, id=module.FORMAT.name) for module in MODULES]


def survives(module, content):
    """Decode in every way; only the library's own errors are caught."""
    options = {"date": "2022-03-01"} if module is liveuamap else {}
    with suppress(FrontlineError):
        found = module.decode(content, **options)
        assert isinstance(found, Data)
        with suppress(FrontlineError):
            module.encode(found)
    if module not in (liveuamap, nzz):
        with suppress(FrontlineError):
            assert isinstance(module.decode(content, invalid="drop"), Data)
    assert 0.0 <= module.detect(Peek("x", "", content[:65_536])) <= 1.0


@pytest.mark.parametrize("module", DECODERS)
@settings(max_examples=6, deadline=None)
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x00" * 40)
@example(b"\xff\xfea\x00,\x00")
@example(b'"')
@example(b"[" * 5000)
@example(b'{"fields": {"1": {"points": ' + b"[" * 900 + b"]" * 900 + b"}}}")
def test_arbitrary_bytes(module, content):
    survives(module, content)


@pytest.mark.parametrize("name", sorted(TABLES))
@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), CELLS), max_size=3),
    st.lists(st.tuples(st.integers(0, 10**6), CELLS), max_size=1),
    st.booleans(),
)
def test_good_tables_with_some_odd_cells(name, odd, odd_names, quoted):
    module = next(each for each in MODULES if each.FORMAT.name == name.partition(" ")[0])
    sep = "\t" if name == "geonames" else ","
    names, *rows = (list(row) for row in TABLES[name])
    for at, cell in odd:
        row = rows[at % len(rows)]
        row[at // len(rows) % len(row)] = cell
    for at, cell in odd_names:
        names[at % len(names)] = cell
    lines = rows if name == "geonames" else [names, *rows]
    if quoted and name != "geonames":
        lines = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line] for line in lines]
    survives(module, "\n".join(sep.join(line) for line in lines).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_good_tables_are_good(name):
    module = next(each for each in MODULES if each.FORMAT.name == name.partition(" ")[0])
    sep = "\t" if name == "geonames" else ","
    rows = TABLES[name][name == "geonames" :]
    data = module.decode("\n".join(sep.join(row) for row in rows).encode())
    assert len(data.frame) >= 2


@pytest.mark.parametrize("module", DECODERS)
@settings(max_examples=10, deadline=None)
@given(JSON)
@example([])
@example({"fields": {"1": {"name": "\ud800", "points": [1e308, 1e308, 2, 2, 3, 3]}}})
@example({"features": [{"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
                        "properties": {"type": "gains", "_dateto": 1e400}}]})  # fmt: skip
@example({"data": [{"event_id_cnty": {"a": []}}]})
@example({"items": [{"id": 1, "lat": "1", "lng": "1" * 5000, "dateCreated": True}], "count": "x"})
def test_json_of_any_shape(module, document):
    survives(module, json.dumps(document).encode())


AREAS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.just("Feature"),
            "properties": st.fixed_dictionaries(
                {},
                optional={
                    "type": CELLS | st.just("gains"),
                    "_datefrom": CELLS | st.just("2023-01-01"),
                    "_dateto": CELLS | st.floats() | st.just("2023-01-02"),
                    "cntry_name": CELLS,
                    "gwcode": st.integers(),
                    "gwsdate": CELLS | st.just("01.01.1900 00:00:00"),
                    "gwedate": CELLS | st.just("31.12.2019 00:00:00"),
                    "gwsyear": st.integers(),
                },
            ),
            "geometry": st.none()
            | st.fixed_dictionaries(
                {
                    "type": st.sampled_from(["Polygon", "MultiPolygon", "GeometryCollection"]),
                    "coordinates": st.lists(
                        st.lists(st.lists(st.integers(-200, 200), max_size=4), max_size=5),
                        max_size=2,
                    ),
                }
            ),
        }
    ),
    max_size=3,
)


@pytest.mark.parametrize(
    "module", [pytest.param(nzz, id="nzz"), pytest.param(cshapes, id="cshapes")]
)
@settings(max_examples=15, deadline=None)
@given(AREAS)
def test_features_with_odd_properties(module, features):
    survives(module, json.dumps({"features": features}).encode())
