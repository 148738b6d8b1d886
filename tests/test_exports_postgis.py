"""A history in PostGIS: a real server gives back what was written, whatever it is called."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import sqlalchemy
from pandas.testing import assert_frame_equal

import frontline as fl
from frontline.errors import DataFileError, InputError

HOSTILE = "'); DROP TABLE frontline_cells; --"


@pytest.fixture(scope="module")
def history():
    reports = gpd.GeoDataFrame(
        {
            "place": ["Hama", None, HOSTILE, "حماة"],
            "actor": ["A", 'B"; DROP SCHEMA public; --', None, "Ä"],
            "valid_from": ["2024-12-01", "2024-12-03 06:00:00.000001", "2024-12-04", "2024-12-05"],
            "valid_to": [None, "2024-12-09", None, None],
            "recorded_from": [None, "2024-12-03 07:30+03:00", None, None],
            "status": [None, "contested", None, "advance"],
            "confidence": [0.1 + 0.2, None, "low", 3],
            "source": ["s1", "s2", None, "s1"],
            "note": ["first\n\\.\nlast", "", 'a,b\t"c"\\N', "%s {x} $1 :schema"],
        },
        geometry=[
            shapely.Point(36.1, 35.1),
            shapely.box(36.15, 35.0, 36.35, 35.15),
            shapely.Point(36.3, 35.1),
            shapely.Point(36.2, 35.2),
        ],
        crs=4326,
    )
    sources = pd.DataFrame(
        {"id": ["s1"], "licence": ["none"], "redistributable": ["no"], "scope": ["data"]}
    )
    return fl.ControlHistory.from_places(
        reports, max_km=15, contested_km=1, sources=sources, name="small", infill=True
    )


@pytest.fixture(scope="module")
def engine(postgis_socket):
    made = sqlalchemy.create_engine(
        f"postgresql+psycopg://frontline@/postgres?host={postgis_socket}",
        connect_args={"options": "-c timezone=Asia/Damascus"},
    )
    with made.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE EXTENSION IF NOT EXISTS postgis"))
        connection.execute(sqlalchemy.text("CREATE SCHEMA IF NOT EXISTS other"))
    yield made
    made.dispose()


def test_round_trip_is_exact(history, engine):
    names = fl.to_postgis(history, engine, prefix="a_")
    assert {"a_cells", "a_spells", "a_spells_cells"} <= set(names)
    again = fl.from_postgis(engine, prefix="a_")
    assert again.name == "small"
    assert again.meta == history.meta
    for frame in ("cells", "edges", "spells", "reports"):
        assert_frame_equal(getattr(again, frame), getattr(history, frame))
    assert_frame_equal(again.sources, history.sources, check_dtype=False)
    for when in ("2024-12-03 06:00", "2024-12-03 06:00:00.000001", "2024-12-10"):
        assert_frame_equal(again.at(when), history.at(when))
        assert_frame_equal(again.front(when), history.front(when))


def test_terms_come_back_and_still_hold(history, engine, tmp_path):
    fl.to_postgis(history, engine, prefix="b_")
    with pytest.raises(fl.RestrictedDataError, match="s1"):
        fl.export(fl.from_postgis(engine, prefix="b_"), tmp_path / "x.geojson")


def test_findings_of_maps_survive(engine):
    maps = gpd.GeoDataFrame(
        {"date": ["2024-12-01", "2024-12-01", "2024-12-02"], "actor": ["A", "B", "A"]},
        geometry=[shapely.box(36, 35, 37, 36), shapely.box(36.5, 35, 38, 36),
                  shapely.box(36, 35, 37.5, 36)],
        crs=4326,
    )  # fmt: skip
    history = fl.ControlHistory.from_snapshots(maps, overlap="contested")
    assert len(history.findings)
    fl.to_postgis(history, engine, schema="other")
    again = fl.from_postgis(engine, schema="other")
    assert_frame_equal(again.findings, history.findings)
    assert_frame_equal(again.measures(), history.measures())


def test_geopandas_and_the_server_agree_with_it(history, engine):
    fl.to_postgis(history, engine, prefix="c_")
    people = gpd.read_postgis(
        sqlalchemy.text("SELECT * FROM c_spells_cells WHERE actor = :actor"),
        engine, geom_col="geometry", params={"actor": "Ä"},
    )  # fmt: skip
    assert people.crs == "EPSG:4326"
    assert len(people) == (history.spells["actor"] == "Ä").sum()
    area = sqlalchemy.text("SELECT sum(ST_Area(geometry::geography)) / 1e6 FROM c_cells")
    with engine.connect() as connection:
        # Geodesic edges there, straight ones here: they differ by little on small cells.
        assert connection.execute(area).scalar() == pytest.approx(
            history.cells["area_km2"].sum(), rel=1e-4
        )
        kinds = connection.execute(
            sqlalchemy.text(
                "SELECT data_type FROM information_schema.columns "
                "WHERE table_name = 'c_spells_cells' AND column_name = 'start'"
            )
        )
        assert kinds.scalar() == "timestamp with time zone"
        indexes = sqlalchemy.text("SELECT count(*) FROM pg_indexes WHERE tablename = 'c_cells'")
        assert connection.execute(indexes).scalar() == 1


def test_nothing_is_replaced_unless_asked(history, engine):
    fl.to_postgis(history, engine, prefix="d_")
    with pytest.raises(InputError, match=r"d_cells.*another prefix, or replace=True"):
        fl.to_postgis(history, engine, prefix="d_")
    fl.to_postgis(history, engine, prefix="d_", replace=True)
    with pytest.raises(DataFileError, match="no history under the prefix 'e_'"):
        fl.from_postgis(engine, prefix="e_")


def test_all_tables_or_none(history, engine, monkeypatch):
    from frontline.exports import postgis

    written = []
    real = postgis._write

    def fails(frame, name, connection, schema):
        written.append(name)
        if len(written) > 2:
            raise RuntimeError("the line broke")
        real(frame, name, connection, schema)

    monkeypatch.setattr(postgis, "_write", fails)
    with pytest.raises(RuntimeError, match="the line broke"):
        fl.to_postgis(history, engine, prefix="f_")
    assert not any(name.startswith("f_") for name in sqlalchemy.inspect(engine).get_table_names())


def test_a_missing_table_is_named(history, engine):
    fl.to_postgis(history, engine, prefix="g_")
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DROP TABLE g_spoke"))
    with pytest.raises(DataFileError, match="lacks the table g_spoke"):
        fl.from_postgis(engine, prefix="g_")


@pytest.mark.parametrize("name", ['x"; DROP TABLE y; --', "", "a" * 41, "1a", "ä", "a b", None])
def test_names_are_plain_identifiers(history, name):
    engine = sqlalchemy.create_engine("postgresql+psycopg://nobody@/nowhere")
    for argument in ("schema", "prefix"):
        with pytest.raises(InputError, match=f"{argument}="):
            fl.to_postgis(history, engine, **{argument: name})
        with pytest.raises(InputError, match=f"{argument}="):
            fl.from_postgis(engine, **{argument: name})


def test_other_engines_are_refused(history):
    with pytest.raises(InputError, match=r"postgresql\+psycopg"):
        fl.to_postgis(history, sqlalchemy.create_engine("sqlite://"))
    with pytest.raises(InputError, match="a str is no engine"):
        fl.to_postgis(history, "postgresql://localhost")
    with pytest.raises(InputError, match="not a DataFrame"):
        fl.to_postgis(pd.DataFrame(), None)
