"""Bundled cases through the public face."""

import json
import shutil

import geopandas as gpd
import pandas as pd
import pytest

import frontline as fl
from frontline import cases
from frontline._resources import geodata_path


@pytest.fixture(scope="module")
def case():
    return fl.load("syria-2024")


def test_what_a_case_holds(case):
    assert case.name == "syria-2024"
    assert isinstance(case.history, fl.ControlHistory)
    for frame in (case.places, case.events):
        assert isinstance(frame, gpd.GeoDataFrame)
        assert frame.crs.to_epsg() == 4326
    assert {"title", "kind", "valid_from", "valid_to", "locality", "source", "note"} <= set(
        case.events.columns
    )
    assert set(case.events["source"]) <= set(case.sources["id"])
    assert {"name", "label", "colour"} <= set(case.actors.columns)
    assert set(case.history.actors) <= set(case.actors["name"])
    assert "2024" in repr(case)
    assert "<table>" in case._repr_html_()


def test_a_phrase_is_a_region_and_no_pin(case):
    phrases = case.events[case.events["locality"].notna()]
    assert len(phrases) > 5
    assert set(phrases.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert (phrases["uncertainty_m"] > 1000).all()
    clashes = phrases[phrases["locality"].str.contains("borders")].iloc[0]
    assert fl.distance(clashes["point"], "Hama").km == pytest.approx(5 + 3.36, abs=0.05)


def test_important_places_rank_first(case):
    seats = set(case.places.loc[case.places["rank"] == 1, "name"])
    assert {"Aleppo", "Hama", "Homs", "Damascus", "Idlib", "Raqqa", "Daraa"} <= seats
    assert len(seats) <= 14


def test_without_infill(case):
    bare = fl.load("syria-2024", infill=False).history
    assert "infill rule" not in set(bare.spells["source"])
    assert "infill rule" in set(case.history.spells["source"])
    when = "2024-12-04"
    assert bare.at(when)["area_km2"].sum() == pytest.approx(case.history.at(when)["area_km2"].sum())
    pd.testing.assert_frame_equal(
        case.history.without_infill().at(when).drop(columns="geometry"),
        bare.at(when).drop(columns="geometry"),
    )


def test_unknown_cases(tmp_path):
    with pytest.raises(fl.UnknownCaseError, match="syria-2024"):
        fl.load("atlantis-2024")
    with pytest.raises(LookupError, match="reports"):
        cases.open_any(tmp_path / "none.csv")
    with pytest.raises(fl.FrontlineError):
        cases.open_any(tmp_path)


def test_saved_histories_open(case, tmp_path):
    path = tmp_path / "case.gpkg"
    case.history.save(path)
    again = cases.open_any(path)
    expected = case.history.at("2024-12-05")
    pd.testing.assert_frame_equal(
        again.at("2024-12-05").drop(columns="geometry"), expected.drop(columns="geometry")
    )


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Return a copy of geodata/ that a test may damage."""
    root = tmp_path / "geodata"
    root.mkdir()
    for name in ("syria-2024", "boundaries"):
        shutil.copytree(geodata_path(name), root / name)
    shutil.copy(geodata_path("places.csv"), root)
    monkeypatch.setattr(cases, "geodata_path", root.joinpath)
    return root / "syria-2024"


def test_a_broken_row_is_named(copied):
    reports = copied / "reports.csv"
    lines = reports.read_text("utf-8").splitlines()
    lines[4] = lines[4].replace("2024", "20x4")
    reports.write_text("\n".join(lines), "utf-8")
    with pytest.raises(fl.DataFileError, match="line 5, column valid_from"):
        fl.load("syria-2024")


def test_strangers_are_named(copied):
    sources = copied / "sources.csv"
    lines = sources.read_text("utf-8").splitlines()
    sources.write_text("\n".join(lines[:40]), "utf-8")
    with pytest.raises(fl.InputError, match="source not in its table"):
        fl.load("syria-2024")


def test_missing_areas_are_named(copied):
    areas = copied / "areas.geojson"
    collection = json.loads(areas.read_text("utf-8"))
    gone = collection["features"].pop()["properties"]["area"]
    areas.write_text(json.dumps(collection), "utf-8")
    with pytest.raises(fl.InputError, match=gone):
        fl.load("syria-2024")
