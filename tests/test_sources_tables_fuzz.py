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
HEADERS = {
    "acled": acled.COLUMNS,
    "cshapes": tuple(each.name for each in cshapes.FIELDS),
    "geonames": geonames.COLUMNS,
    "uawardata": uawardata.COLUMNS,
    "ucdp": ucdp.COLUMNS,
    "viina": ("geonameid", "date", *viina.SOURCES, "status", "ctr_20220224060000"),
}
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
@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x00" * 40)
@example(b"\xff\xfea\x00,\x00")
@example(b'"')
@example(b"[" * 5000)
@example(b'{"fields": {"1": {"points": ' + b"[" * 900 + b"]" * 900 + b"}}}")
def test_arbitrary_bytes(module, content):
    survives(module, content)


@pytest.mark.parametrize("name", sorted(HEADERS))
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_tables_of_odd_cells(name, data):
    module = next(each for each in MODULES if each.FORMAT.name == name)
    header = HEADERS[name]
    sep = "\t" if name == "geonames" else ","
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header) + 1),
                              max_size=3))  # fmt: skip
    names = [] if name == "geonames" else [data.draw(st.permutations(header))]
    if names and data.draw(st.booleans()):
        names[0] = names[0][: data.draw(st.integers(0, len(header)))]
    lines = [sep.join(cells[: len(header)]) for cells in (*names, *rows)]
    survives(module, "\n".join(lines).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("module", DECODERS)
@settings(max_examples=20, deadline=None)
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
@settings(max_examples=40, deadline=None)
@given(AREAS)
def test_features_with_odd_properties(module, features):
    survives(module, json.dumps({"features": features}).encode())
