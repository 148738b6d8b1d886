"""Histories in files: what is opened is what was saved."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pandas.testing import assert_frame_equal

from frontline.control import ControlHistory
from frontline.control import store as store_module
from frontline.errors import DataFileError, InputError, MissingDependencyError


@pytest.fixture(scope="module")
def history():
    reports = gpd.GeoDataFrame(
        {
            "place": ["Hama", None, "{{ 7*7 }}", "حماة"],
            "actor": ["A", "B", None, "Ä"],
            "valid_from": ["2024-12-01", "2024-12-03 06:00:00.000001", "2024-12-04", "2024-12-05"],
            "valid_to": [None, "2024-12-09", None, None],
            "recorded_from": [None, "2024-12-03 07:30+03:00", None, None],
            "status": [None, "contested", None, "advance"],
            "confidence": [0.5, None, "low", 3],
            "source": ["s1", "s2", None, "s1"],
        },
        geometry=[
            shapely.Point(36.1, 35.1),
            shapely.box(36.15, 35.0, 36.35, 35.15),
            shapely.Point(36.3, 35.1),
            shapely.Point(36.2, 35.2),
        ],
        crs=4326,
    )
    sources = pd.DataFrame({"id": ["s1", "s2"], "licence": ["CC BY 4.0", None], "rank": [1, 2]})
    return ControlHistory.from_places(
        reports, max_km=15, contested_km=1, sources=sources, name="small", infill=True
    )


@pytest.mark.parametrize("name", ["history.gpkg", "history"])
def test_round_trip_is_exact(history, tmp_path, name):
    path = tmp_path / name
    assert history.save(path) == path
    history.save(path)  # replaces what it wrote itself
    assert [each.name for each in tmp_path.iterdir()] == [name]
    again = ControlHistory.open(path)
    assert again.name == "small"
    assert again.meta == history.meta
    for frame in ("cells", "edges", "spells", "reports", "sources"):
        assert_frame_equal(getattr(again, frame), getattr(history, frame))
    for when in ("2024-11-30", "2024-12-03 06:00", "2024-12-03 06:00:00.000001", "2024-12-10"):
        assert_frame_equal(again.at(when), history.at(when))
        assert_frame_equal(again.front(when), history.front(when))
    assert any(actor is None for actor in again.spells["actor"])
    assert str(again.spells["valid_from"].dtype) == "datetime64[us, UTC]"


def test_geopackage_has_layers_that_play_in_qgis(history, tmp_path):
    history.save(tmp_path / "h.gpkg")
    layers = set(pyogrio.list_layers(tmp_path / "h.gpkg")[:, 0])
    assert {"cells", "edges", "spells", "spells_cells", "frontline_metadata"} <= layers
    played = gpd.read_file(tmp_path / "h.gpkg", layer="spells_cells")
    assert played.crs.to_epsg() == 4326
    assert isinstance(played["start"].dtype, pd.DatetimeTZDtype)
    assert isinstance(played["end"].dtype, pd.DatetimeTZDtype)
    assert {"actor", "status", "basis", "source"} <= set(played.columns)


def test_opening_something_else_says_what_it_is_not(history, tmp_path):
    with pytest.raises(DataFileError, match="does not exist"):
        ControlHistory.open(tmp_path / "none.gpkg")
    (tmp_path / "text.gpkg").write_text("no database")
    with pytest.raises(DataFileError, match="no GeoPackage"):
        ControlHistory.open(tmp_path / "text.gpkg")
    history.cells.to_file(tmp_path / "other.gpkg", layer="villages")
    with pytest.raises(DataFileError, match=r"no frontline control history.*villages"):
        ControlHistory.open(tmp_path / "other.gpkg")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataFileError, match="frontline_metadata"):
        ControlHistory.open(tmp_path / "folder")


def test_newer_and_damaged_files_are_refused(history, tmp_path):
    history.save(tmp_path / "new.gpkg")
    with sqlite3.connect(tmp_path / "new.gpkg") as base:
        base.execute("UPDATE frontline_metadata SET value = '99' WHERE key = 'version'")
    base.close()
    with pytest.raises(DataFileError, match=r"version 99.*update"):
        ControlHistory.open(tmp_path / "new.gpkg")
    history.save(tmp_path / "folder")
    (tmp_path / "folder" / "spells.parquet").unlink()
    with pytest.raises(DataFileError, match="spells missing"):
        ControlHistory.open(tmp_path / "folder")
    (tmp_path / "folder" / "spells.parquet").write_bytes(b"torn")
    with pytest.raises(DataFileError, match="cannot be read"):
        ControlHistory.open(tmp_path / "folder")


def test_a_file_from_before_places_were_kept_opens(history, tmp_path):
    history.save(tmp_path / "old.gpkg")
    with sqlite3.connect(tmp_path / "old.gpkg") as base:
        base.execute("DELETE FROM frontline_metadata WHERE key = 'places'")
    base.close()
    again = ControlHistory.open(tmp_path / "old.gpkg")
    days = {"start": "2024-12-03", "end": "2024-12-05"}
    assert_frame_equal(again.advance("Hama", **days), history.advance("Hama", **days))


def test_a_failed_save_leaves_what_was_there(history, tmp_path, monkeypatch):
    history.save(tmp_path / "h.gpkg")
    before = (tmp_path / "h.gpkg").read_bytes()

    def fail(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(store_module, "_write_gpkg", fail)
    with pytest.raises(OSError, match="disk full"):
        history.save(tmp_path / "h.gpkg")
    assert (tmp_path / "h.gpkg").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["h.gpkg"]


def test_saving_where_it_must_not(history, tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        history.save(tmp_path / "no" / "such.gpkg")
    with pytest.raises(InputError, match=r"\.gpkg or to a folder"):
        history.save(tmp_path / "h.shp")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="other files"):
        history.save(tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_geoparquet_without_its_package_says_what_to_install(history, tmp_path, monkeypatch):
    def refuse(module, extra):
        raise MissingDependencyError(f"{module} comes with frontline-maps[{extra}]")

    monkeypatch.setattr(store_module, "import_optional", refuse)
    with pytest.raises(MissingDependencyError, match=r"\[parquet\]"):
        history.save(tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
