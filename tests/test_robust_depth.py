"""Geometry nested without end is refused in words; GEOS would take the whole process down."""

import json
import sqlite3
import struct
import subprocess
import sys

import geopandas as gpd
import pytest
import shapely

from frontline.errors import DataFileError
from frontline.sources import open_source
from frontline.sources.depth import MAX_NESTED, wkb_too_deep, wkt_too_deep

DEEP = 100_000
# In a process of its own: where the bound fails, there is no exception to catch.
OPEN = """
import sys
from frontline.errors import DataFileError
from frontline.sources import open_source
for form, path in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        open_source(path, form)
    except DataFileError as error:
        print(form, "nested more than 20 deep" in str(error), flush=True)
"""


def deep_wkb(kind, levels=DEEP):
    return struct.pack("<BII", 1, kind, 1) * levels + shapely.to_wkb(shapely.Point(1, 2))


def frame():
    return gpd.GeoDataFrame(
        {"actor": ["A"], "date": ["2024-12-05"]}, geometry=[shapely.Point(1, 2)], crs=4326
    )


def csv(folder):
    file = folder / "deep.csv"
    wkt = "GEOMETRYCOLLECTION(" * DEEP + "POINT(1 2)" + ")" * DEEP
    file.write_text(f'geometry,actor,valid_from\n"{wkt}",A,2024-12-05\n')
    return file


def cshapes(folder):
    file = folder / "deep.csv"
    wkt = "GEOMETRYCOLLECTION(" * DEEP + "POINT(1 2)" + ")" * DEEP
    file.write_text(
        f'cntry_name,gwcode,gwsdate,gwedate,the_geom\nA,1,2000-01-01,2001-01-01,"{wkt}"\n'
    )
    return file


def gpkg(folder, kind=7):
    file = folder / "deep.gpkg"
    frame().to_file(file)
    with sqlite3.connect(file) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall()
        for (name,) in names:
            database.execute(f'DROP TRIGGER "{name}"')
        blob = b"GP\x00\x01" + struct.pack("<i", 4326) + deep_wkb(kind)
        database.execute("UPDATE deep SET geom = ?", (blob,))
    database.close()
    return file


def geoparquet(folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = folder / "deep.parquet"
    frame().to_parquet(file)
    table = pq.read_table(file)
    at = table.column_names.index("geometry")
    table = table.set_column(at, "geometry", pa.array([deep_wkb(7)], pa.binary()))
    meta = json.loads(table.schema.metadata[b"geo"])
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(meta).encode()}), file)
    return file


def test_collections_within_collections(tmp_path):
    arguments = []
    for make in (csv, cshapes, gpkg, geoparquet):
        folder = tmp_path / make.__name__
        folder.mkdir()
        arguments += [make.__name__, str(make(folder))]
    done = subprocess.run(
        [sys.executable, "-c", OPEN, *arguments], capture_output=True, text=True, check=False
    )
    said = "csv True\ncshapes True\ngpkg True\ngeoparquet True\n"
    assert (done.returncode, done.stdout) == (0, said), done.stderr[-300:]


@pytest.mark.parametrize("kind", [4, 5, 6, 9, 10, 11, 12, 1007, 3006])
def test_every_kind_that_holds_others_is_bounded(kind):
    assert wkb_too_deep(deep_wkb(kind, MAX_NESTED + 1))
    assert not wkb_too_deep(deep_wkb(kind, MAX_NESTED))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_deep_part_behind_others_is_found(dimensions):
    box = shapely.force_3d(shapely.box(0, 0, 1, 1)) if dimensions == 3 else shapely.box(0, 0, 1, 1)
    line = shapely.LineString(shapely.get_coordinates(box, include_z=dimensions == 3))
    parts = [box, line, shapely.MultiPolygon([box, box]), shapely.Point(0, 0)]
    for flavor in ("iso", "extended"):
        before = b"".join(
            shapely.to_wkb(each, flavor=flavor, include_srid=flavor == "extended")
            for each in shapely.set_srid(parts, 4326)
        )
        for levels, deep in ((MAX_NESTED - 1, False), (MAX_NESTED, True)):
            content = struct.pack("<BII", 1, 7, 5) + before + deep_wkb(7, levels)
            assert wkb_too_deep(content) is deep


def test_what_is_plain_passes(tmp_path):
    shape = shapely.MultiPolygon([shapely.box(n, 0, n + 0.5, 1) for n in range(50)])
    shape = shapely.GeometryCollection([shapely.GeometryCollection([shape])])
    assert not wkt_too_deep(shape.wkt)
    assert not wkb_too_deep(shape.wkb)
    assert not wkb_too_deep(shape.wkb[:40])
    file = tmp_path / "plain.csv"
    file.write_text(f'geometry,actor,valid_from\n"{shape.wkt}",A,2024-12-05\n')
    assert shapely.area(open_source(file).frame.geometry[0]) == pytest.approx(25.0)
    file.write_text('geometry,actor,valid_from\n"POINT((((",A,2024-12-05\n')
    with pytest.raises(DataFileError, match="no geometry in WKT"):
        open_source(file, "csv")
