"""Text for people, JSON for programs, CSV that a spreadsheet cannot be tricked by."""

import csv
import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.output import plain, records, to_csv, to_geojson, to_json, to_text


def frame():
    return gpd.GeoDataFrame(
        {
            "actor": ["A", None],
            "area_km2": [1.25, float("nan")],
            "since": pd.to_datetime(["2024-12-03T05:30Z", None]),
        },
        geometry=[shapely.Point(36.123456789, 35.0), None],
        crs="EPSG:4326",
    )


def test_plain_knows_no_nan():
    value = {"a": np.float64("inf"), "b": [np.int64(3), pd.NaT], "c": np.bool_(True), "d": object}
    found = json.loads(to_json(value))
    assert found["a"] is None
    assert found["b"] == [3, None]
    assert found["c"] is True
    assert isinstance(found["d"], str)


def test_geometry_becomes_geojson():
    assert plain(shapely.Point(1, 2)) == {"type": "Point", "coordinates": [1.0, 2.0]}


def test_geojson_is_rfc_7946():
    found = json.loads(to_geojson(frame()))
    first, second = found["features"]
    assert first["geometry"]["coordinates"] == [36.123457, 35.0]
    assert first["properties"] == {"actor": "A", "area_km2": 1.25, "since": "2024-12-03T05:30:00Z"}
    assert second["geometry"] is None
    assert second["properties"]["area_km2"] is None


def test_records_have_no_geometry():
    assert all("geometry" not in row for row in records(frame()))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_formulas_are_harmless(start):
    hostile = f'{start}HYPERLINK("http://x")'
    out = to_csv(pd.DataFrame({"place": [hostile], hostile: [-1.5]}))
    header, row = list(csv.reader(io.StringIO(out)))
    assert row == [f"'{hostile}", "-1.5"]
    assert header[1].startswith("'")


def test_csv_cells_keep_their_line_ends():
    text = "two\rlines"
    out = to_csv(pd.DataFrame({"place": [text, "Hama"], "km": [1.0, 2.0]}))
    assert list(csv.reader(io.StringIO(out, newline=""))) == [
        ["place", "km"],
        [text, "1.0"],
        ["Hama", "2.0"],
    ]


def test_text_survives_hostile_names():
    out = to_text(pd.DataFrame({"place": ["a\x1b[31mb\u202ec\nd"], "km": [1234.5]}))
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert len(out.splitlines()) == 2
    assert "1,234.5" in out


def test_empty_frame():
    empty = frame().iloc[:0]
    assert json.loads(to_geojson(empty))["features"] == []
    assert to_csv(empty).splitlines() == ["actor,area_km2,since"]
    assert to_text(empty).split() == ["actor", "area_km2", "since"]
