"""What is published tells nothing later and nothing finer: in any byte of any file."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import re
import sqlite3
import struct
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

import frontline as fl
from frontline.composite import coverage_faults
from frontline.errors import InputError
from frontline.publication.grid import Grid
from tests.commands import run
from tests.leaks import dates_in, later_dates, not_centred, off_grid, told_by

UNTIL = dt.datetime(2024, 11, 28, tzinfo=dt.UTC)
GEOD = Geod(ellps="WGS84")
FILES = ("a.geojson", "a.parquet", "a.gpkg", "a.kml", "a.kmz", "a.csv")
BOX = shapely.box(36.0, 35.0, 37.0, 36.0)


def reports():
    """Reports on points and areas, some valid, recorded, ended or corrected only later."""
    rng = np.random.default_rng(11)
    count = 30
    spots = shapely.points(rng.uniform(36.05, 36.95, count), rng.uniform(35.05, 35.95, count))
    start = pd.Timestamp("2024-11-20", tz="UTC") + pd.to_timedelta(
        rng.integers(0, 15 * 24, count), "h"
    )
    lag = pd.to_timedelta(rng.integers(0, 60, count), "h")
    frame = gpd.GeoDataFrame(
        {
            "place": [f"site-{i}@{p.y:.4f},{p.x:.4f}" for i, p in enumerate(spots)],
            "actor": rng.choice(["north", "south", "east"], count),
            "status": rng.choice(["controlled", "controlled", "contested"], count),
            "valid_from": start,
            "recorded_from": start + lag,
            "source": [f"s{i % 6}" for i in range(count)],
            "note": [None, "until 5 December", "at 35.51234, 36.41234", "quiet"] * 7 + [None] * 2,
            "confidence": 0.5,
        },
        geometry=spots,
        crs=4326,
    )
    frame.loc[3, "valid_to"] = pd.Timestamp("2024-12-09", tz="UTC")
    frame.loc[4, "recorded_to"] = frame.loc[4, "recorded_from"] + pd.Timedelta(days=40)
    frame["valid_to"] = pd.to_datetime(frame["valid_to"], utc=True)
    frame["recorded_to"] = pd.to_datetime(frame["recorded_to"], utc=True)
    frame.loc[5, ["source", "valid_from", "recorded_from"]] = [
        "agency-20241205",
        pd.Timestamp("2024-11-21", tz="UTC"),
        pd.Timestamp("2024-11-21", tz="UTC"),
    ]
    early, late = (
        shapely.box(36.2123, 35.2123, 36.4321, 35.6543),
        shapely.box(36.61234, 35.61234, 36.81234, 35.91234),
    )
    areas = gpd.GeoDataFrame(
        {
            "actor": ["west", "late comers"],
            "valid_from": pd.to_datetime(["2024-11-21", "2024-12-02"], utc=True),
            "recorded_from": pd.to_datetime(["2024-11-22", "2024-12-02"], utc=True),
            "source": ["s1", "only-late"],
        },
        geometry=[early, late],
        crs=4326,
    )
    return pd.concat([frame, areas], ignore_index=True)


def sources():
    return pd.DataFrame(
        {
            "id": [*(f"s{i}" for i in range(6)), "agency-20241205", "only-late"],
            "publisher": ["P"] * 8,
            "title": [
                "t",
                "Fighting on 3 December 2024",
                "26 November - 11 December 2024",
                *"xxxxx",
            ],
            "url": [
                "https://example.org/2024/12/05/x",
                "https://web.archive.org/web/20241209101500/https://example.org",
                "https://example.org/@35.51234,36.41234,12z",
                *["https://example.org/a"] * 5,
            ],
            "accessed": ["2026-11-22"] * 8,
            "licence": ["CC0"] * 8,
        }
    )


@pytest.fixture(scope="module")
def case():
    history = fl.ControlHistory.from_places(
        reports(), outline=BOX, max_km=60, contested_km=1.5, sources=sources(), name="net",
        infill=True,
    )  # fmt: skip
    region = fl.locate("5 km northeast of Hama").region
    events = gpd.GeoDataFrame(
        {
            "title": [
                "clash",
                "seen again on 4 December",
                "at 35.51234 36.41234",
                "later",
                "strike",
            ],
            "kind": ["fight"] * 5,
            "valid_from": pd.to_datetime(
                ["2024-11-25", "2024-11-26", "2024-11-27", "2024-12-01", "2024-11-24"], utc=True
            ),
            "valid_to": pd.to_datetime([None, None, "2024-12-03", None, "2024-11-25"], utc=True),
            "locality": ["5 km northeast of Hama", None, "by the mill", None, None],
            "admin1": ["Hama"] * 5,
            "source": ["s0", "s1", "s2", "only-late", "agency-20241205"],
            "note": ["quiet", "x", "follow-up due 2024-12-20", None, "MGRS 37SBV 12345 67890"],
            "uncertainty_m": [2400.0, np.nan, np.nan, np.nan, 150.0],
            "point": [region.centroid, None, None, None, shapely.Point(36.61234, 35.41234)],
            "lon": [36.71234] * 5,
        },
        geometry=[
            region,
            shapely.Point(36.41234, 35.51234),
            shapely.Point(36.31234, 35.21234),
            shapely.Point(36.5, 35.5),
            shapely.Point(36.61234, 35.41234),
        ],
        crs=4326,
    )
    places = gpd.GeoDataFrame(
        {
            "name": ["A", "B"],
            "place_id": ["x:a@35.41234,36.21234", "x:b"],
            "note": ["taken on 9 December", None],
            "population": [5000, None],
        },
        geometry=gpd.points_from_xy([36.21234, 36.71234], [35.41234, 35.81234]),
        crs=4326,
    )
    names = ["north", "south", "east", "west", "late comers"]
    actors = pd.DataFrame(
        {"name": names, "label": names, "colour": None, "note": ["from 8 December", *[None] * 4]}
    )
    meta = {
        "title": "Net, 20 November - 9 December 2024",
        "licence": "CC0",
        "as_of": "2024-12-10",
        "starts": "2024-11-20",
        "ends": "2024-12-10",
        "view": {"centre": [36.51234, 35.51234], "zoom": 8},
        "method": "drawn on 10 December 2024",
    }
    return fl.Case("net", history, places, events, sources(), actors, meta)


@pytest.fixture(scope="module")
def maps():
    """A front that moves over days, later days cutting the borders of earlier ones."""
    rng = np.random.default_rng(3)
    rows = []
    for day in range(14):
        x = np.linspace(36.0, 37.0, 12)
        y = 35.3 + 0.03 * day + rng.uniform(-0.05, 0.05, 12)
        ring = [*zip(x, y, strict=True), (37.0, 35.0), (36.0, 35.0)]
        rows.append((f"2024-11-{20 + day}" if day < 11 else f"2024-12-{day - 10:02d}", ring))
    return gpd.GeoDataFrame(
        {"date": [date for date, _ in rows], "actor": "south", "source": "maps"},
        geometry=[shapely.Polygon(ring) for _, ring in rows],
        crs=4326,
    )


@pytest.fixture(scope="module")
def snapshots(maps):
    origin = pd.DataFrame({"id": ["maps"], "scope": ["data"], "accessed": ["2026-01-02"]})
    return fl.ControlHistory.from_snapshots(maps, rest="north", outline=BOX, sources=origin)


def written(thing, folder, **options):
    """Write a history or a case in every way there is; return the files."""
    history = getattr(thing, "history", thing)
    out = [history.save(folder / "h.gpkg"), history.save(folder / "h")]
    for what in ("zones", "front", "changes"):
        for name in FILES:
            if what != "zones" and name.endswith((".kmz", ".csv")):
                continue
            out.append(fl.export(thing, folder / f"{what}-{name}", what=what, **options))
    out.append(fl.export(thing, folder / "m.csv", what="measures", **options))
    out.append(fl.export(thing, folder / "m.parquet", what="measures", **options))
    for name in ("events", "places"):
        frame = getattr(thing, name, None)
        if frame is not None and frame.geometry.notna().all():
            out += [fl.export(frame, folder / f"{name}-{file}", **options) for file in FILES]
    out.append(fl.save(thing, folder / "page.html", **options))
    return out


@pytest.mark.parametrize(
    ("kind", "step_deg"),
    [("case", 0.1), ("case", 0.001), ("snapshots", 0.01)],
)
def test_no_byte_tells_a_later_date_or_a_finer_place(request, kind, step_deg, tmp_path):
    thing = request.getfixturevalue(kind)
    given = fl.publish(thing, delay="7 days", coarsen=step_deg, made_on="2024-12-05")
    for file in written(given, tmp_path):
        told = told_by(file)
        assert told.texts, file
        assert later_dates(told, UNTIL) == [], file
        assert off_grid(told, step_deg) == [], file
        if file.name.startswith("places") or file.suffix == ".html":
            assert not_centred(told, step_deg) == [], file


@pytest.mark.parametrize("kind", ["case", "snapshots"])
def test_the_search_finds_what_was_not_left_out(request, kind, tmp_path):
    """The walk over the bytes would see a leak: it does in the files of what is not published."""
    thing = request.getfixturevalue(kind)
    for file in written(thing, tmp_path):
        told = told_by(file)
        assert later_dates(told, UNTIL), file
        if file.name not in ("m.csv", "m.parquet", "zones-a.csv"):
            assert off_grid(told, 0.01), file


def test_dates_of_the_tests_are_read_as_written():
    text = "3 Dec 2024, December 4, 2024/12/05, 20241206T1200, 7.12.2024"
    found = {each.day for each in dates_in(text, 2024)}
    assert {3, 4, 5, 6, 7} <= found


@pytest.mark.parametrize("name", ["h.gpkg", "h"])
def test_the_record_is_kept_and_shown(case, tmp_path, name):
    given = case.publish(delay=7, coarsen=0.01, made_on="2024-12-05")
    again = fl.ControlHistory.open(given.history.save(tmp_path / name))
    record = again.meta["published"]
    assert record == given.meta["published"] == given.history.meta["published"]
    assert record["until"] == "2024-11-28T00:00:00Z"
    assert (record["delay_days"], record["coarsen_deg"], record["withheld"]) == (7, 0.01, False)
    # Of five events one is later, and one has a later date in its title.
    assert record["removed"]["events"] == 2
    assert record["removed"]["sources"] == 1
    assert record["removed"]["spells"] > 0
    text = (
        "Published with a delay of 7 days: nothing after 28 November 2024, 00:00 UTC. "
        "Coordinates generalised to 0.01 degrees (about 1 km)."
    )
    assert record["text"] == text
    exported = json.loads(fl.export(again, tmp_path / "z.geojson").read_text("utf-8"))
    assert exported["published"] == record
    assert text in exported["origin"]["note"]
    page = told_by(fl.save(again, tmp_path / "p.html"))
    assert text in page.texts
    with closing(sqlite3.connect(fl.export(again, tmp_path / "z.gpkg"))) as database:
        rows = dict(database.execute("SELECT key, value FROM frontline_origin"))
        changed = {row[0] for row in database.execute("SELECT last_change FROM gpkg_contents")}
    assert json.loads(rows["published"]) == record
    assert changed == {"2024-11-28T00:00:00Z"}


def test_texts_that_tell_too_much_go_and_others_stay(case):
    given = fl.publish(case, delay=7, coarsen=0.01, made_on="2024-12-05")
    assert given.events["title"].tolist() == ["clash", "fight", "strike"]
    assert given.events["note"].isna().tolist() == [False, True, True]
    assert given.events["admin1"].tolist() == ["Hama"] * 3
    # The phrase is vaguer than a cell of 1 km; "by the mill" is not known to be.
    assert given.events["locality"].tolist() == ["5 km northeast of Hama", None, None]
    assert given.places["place_id"].tolist() == [None, "x:b"]
    assert "late comers" not in given.actors["name"].tolist()
    assert "only-late" not in given.sources["id"].tolist()
    assert "agency-20241205" not in given.sources["id"].tolist()
    cited = set(given.history.spells["source"]) | set(given.history.reports["source"])
    assert cited - {"infill rule"} <= set(given.sources["id"])
    assert set(given.history.reports["note"].dropna()) >= {"quiet"}
    assert not any("December" in note for note in given.history.reports["note"].dropna())
    assert "title" not in given.meta  # it tells the last day; the name stands in
    assert "method" not in given.meta
    assert case.events["title"].tolist()[1] == "seen again on 4 December"  # untouched


def test_withheld_events_have_no_place(case, tmp_path):
    given = fl.publish(case, coarsen="withhold")
    assert given.events.geometry.isna().all()
    assert given.events["point"].isna().all()
    assert given.events["lon"].isna().all()
    assert given.events["uncertainty_m"].isna().all()
    assert given.events["locality"].isna().all()
    assert given.events["title"].notna().all()
    assert len(given.events) == len(case.events)
    for file in (given.history.save(tmp_path / "h.gpkg"), fl.save(given, tmp_path / "p.html")):
        assert off_grid(told_by(file), 0.1) == [], file


def test_a_history_of_reports_is_the_one_that_could_be_written_then(case):
    """The same as built from the reports that were there, cells and strips and all."""
    given = fl.publish(case.history, until="2024-11-28")
    table = reports()
    until = pd.Timestamp("2024-11-28", tz="UTC")
    early = table[(table["valid_from"] <= until) & (table["recorded_from"] <= until)].copy()
    for name in ("valid_to", "recorded_to"):
        early[name] = early[name].mask(early[name] > until)
    built = fl.ControlHistory.from_places(
        early, outline=BOX, max_km=60, contested_km=1.5, infill=True
    )
    assert len(given.cells) == len(built.cells) < len(case.history.cells)
    for day in pd.date_range("2024-11-21", "2024-11-28"):
        one, two = (each.at(day).drop(columns="geometry") for each in (given, built))
        pd.testing.assert_frame_equal(one, two, rtol=1e-6)
    near = shapely.MultiPoint(shapely.get_coordinates(built.cells.geometry.array))
    spots = shapely.points(shapely.get_coordinates(given.cells.geometry.array))
    assert shapely.distance(spots, near).max() < 3e-6


def test_a_history_of_maps_keeps_no_vertex_of_later_lines(maps, snapshots):
    given = fl.publish(snapshots, until="2024-11-28")
    early = maps[maps["date"] <= "2024-11-28"]
    built = fl.ControlHistory.from_snapshots(early, rest="north", outline=BOX)
    assert len(given.cells) == len(built.cells) < len(snapshots.cells)
    allowed = shapely.MultiPoint(shapely.get_coordinates(built.cells.geometry.array))
    spots = shapely.points(shapely.get_coordinates(given.cells.geometry.array))
    assert shapely.distance(spots, allowed).max() < 3e-7
    for date in early["date"]:
        one, two = (each.at(date).drop(columns="geometry") for each in (given, built))
        pd.testing.assert_frame_equal(one, two, rtol=1e-6)
    assert given.change_times().max() <= pd.Timestamp(UNTIL)
    assert len(given.reports) == len(early)


def test_what_is_recorded_later_is_not_known(maps):
    corrected = pd.concat(
        [maps.iloc[:3], maps.iloc[[2]].set_geometry([maps.geometry.iloc[9]])], ignore_index=True
    )
    corrected["recorded_from"] = ["2024-11-20", "2024-11-21", "2024-11-22", "2024-11-30"]
    history = fl.ControlHistory.from_snapshots(corrected, rest="north", outline=BOX)
    given = fl.publish(history, until="2024-11-28")
    then = history.at("2024-11-23", as_of="2024-11-28")
    now = given.at("2024-11-23")
    assert now["area_km2"].tolist() == pytest.approx(then["area_km2"].tolist(), rel=1e-6)
    assert history.at("2024-11-23")["area_km2"].tolist() != pytest.approx(
        then["area_km2"].tolist(), rel=1e-3
    )
    assert not (given.spells["recorded_to"] > UNTIL).any()


def test_what_is_added_later_takes_the_note_away(maps, snapshots):
    given = fl.publish(snapshots, until="2024-11-28")
    longer = given.append(("2024-11-29", maps.geometry.iloc[9]))
    assert "published" not in longer.meta
    assert longer.at("2024-11-30").shape[0] == 2


def test_twice_published_is_the_stricter_of_both(snapshots):
    one = fl.publish(snapshots, until="2024-11-28")
    two = fl.publish(fl.publish(one, coarsen=0.1), until="2024-12-01", coarsen=0.01)
    record = two.meta["published"]
    assert (record["until"], record["coarsen_deg"]) == ("2024-11-28T00:00:00Z", 0.1)
    assert record["removed"]["spells"] == one.meta["published"]["removed"]["spells"]
    both = fl.publish(snapshots, until="2024-11-28", coarsen=0.1)
    assert shapely.equals(
        shapely.union_all(two.cells.geometry.array), shapely.union_all(both.cells.geometry.array)
    )


def test_equal_input_gives_equal_bytes(snapshots, tmp_path):
    files = [
        fl.save(fl.publish(snapshots, until="2024-11-28", coarsen=0.01), tmp_path / f"{n}.html")
        for n in "ab"
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


@settings(max_examples=60)
@example(lon=0.0, lat=-1.5e-9, step_deg=0.1)
@given(
    lon=st.floats(-179.9, 179.9), lat=st.floats(-89.8, 89.8),
    step_deg=st.sampled_from([0.1, 0.01, 0.001]),
)  # fmt: skip
def test_a_point_lies_in_its_cell_and_within_the_radius(lon, lat, step_deg):
    grid = Grid(step_deg)
    centre = grid.centres([lon, lat])
    on_it = 1e-6 * step_deg + 1e-9  # so near to a side, a point counts as written on it
    assert np.abs(centre - [lon, lat]).max() <= step_deg / 2 + on_it
    metres = GEOD.inv(lon, lat, *centre)[2]
    # The parallels of a cell are not equally long: near a pole the outer corner is farther.
    assert metres <= grid.half_diagonal_m(max(abs(lat) - step_deg, 0.0)) * 1.001
    region = grid.region(shapely.Point(lon, lat), shapely.Point(lon, lat))
    assert region.buffer(on_it).covers(shapely.Point(lon, lat))
    assert region.centroid.distance(shapely.Point(centre)) < 1e-9


@settings(max_examples=40)
@given(
    lon=st.floats(-150, 150), lat=st.floats(-70, 70), size=st.floats(1e-4, 0.5),
    dx=st.floats(0, 0.0099), dy=st.floats(0, 0.0099), step_deg=st.sampled_from([0.1, 0.01]),
)  # fmt: skip
def test_a_region_holds_the_truth_and_tells_only_its_cell(lon, lat, size, dx, dy, step_deg):
    grid = Grid(step_deg)
    corner = np.floor(np.array([lon, lat]) / step_deg) * step_deg
    inside = corner + step_deg * np.array([[0.02, 0.02], [0.02 + dx * 90, 0.02 + dy * 90]])
    shapes = [shapely.Point(xy).buffer(size) for xy in inside]
    regions = [grid.region(s, shapely.Point(xy)) for s, xy in zip(shapes, inside, strict=True)]
    for shape, region in zip(shapes, regions, strict=True):
        assert region.covers(shape)
    # Two points of one cell with equal regions cannot be told apart.
    assert regions[0].equals(regions[1])


@st.composite
def stories(draw):
    """A few boxes in a row of days, with coordinates of six decimals."""
    number = st.integers(1, 999_999)
    rows = []
    for day in range(draw(st.integers(2, 5))):
        for actor in "AB"[: draw(st.integers(1, 2))]:
            x, y = sorted((draw(number), draw(number))), sorted((draw(number), draw(number)))
            if x[1] - x[0] > 100 and y[1] - y[0] > 100:
                shape = shapely.box(
                    36 + x[0] / 1e6, 35 + y[0] / 1e6, 36 + x[1] / 1e6, 35 + y[1] / 1e6
                )
                rows.append((f"2024-11-{20 + day}", actor, shape))
    if not rows or rows[0][0] != "2024-11-20":
        rows.insert(0, ("2024-11-20", "A", shapely.box(36.1, 35.1, 36.9, 35.9)))
    date, actor, shape = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"date": date, "actor": actor}, geometry=list(shape), crs=4326)


@settings(max_examples=40)
@given(frame=stories(), days=st.integers(0, 4), step_deg=st.sampled_from([0.1, 0.01, 0.001]))
def test_a_published_history_tiles_its_grid(frame, days, step_deg):
    history = fl.ControlHistory.from_snapshots(
        frame, rest="rest", outline=BOX, overlap="priority", priority=["A", "B"]
    )
    until = pd.Timestamp("2024-11-20", tz="UTC") + pd.Timedelta(days=days)
    given_out = fl.publish(history, until=until, coarsen=step_deg)
    polygons = np.asarray(given_out.cells.geometry.array, dtype=object)
    assert coverage_faults(polygons) == 0
    assert shapely.is_valid(polygons).all()
    steps = shapely.get_coordinates(polygons) / step_deg
    assert np.abs(steps - np.rint(steps)).max() < 1e-6
    # The theatre is a degree wide and its corners are on the grid: nothing of it is lost.
    assert shapely.area(polygons).sum() == pytest.approx(1.0, abs=1e-9)
    for name in ("valid_from", "valid_to", "recorded_from", "recorded_to"):
        assert not (given_out.spells[name] > until).any()
    # Whoever holds a point farther than a cell from any border holds it still.
    rng = np.random.default_rng(days)
    spots = shapely.points(rng.uniform(36, 37, 60), rng.uniform(35, 36, 60))
    far = shapely.distance(spots, shapely.union_all(history.edges.geometry.array)) > step_deg * 1.5
    when = min(until, pd.Timestamp("2024-11-24", tz="UTC"))
    assert (
        given_out.holder(spots[far], when).tolist()
        == history.holder(spots[far], when, as_of=until).tolist()
    )


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "nothing to leave out"),
        ({"delay": 3, "until": "2024-11-25"}, "exclude each other"),
        ({"delay": "soon"}, "no length of time"),
        ({"delay": -1}, "must not be negative"),
        ({"coarsen": 0.02}, "no preset"),
        ({"coarsen": True}, "no preset"),
        ({"until": "2020-01-01"}, "choose a shorter delay"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(snapshots, terms, message):
    with pytest.raises(InputError, match=message):
        fl.publish(snapshots, **terms)


def test_a_name_with_a_later_date_is_refused(maps):
    history = fl.ControlHistory.from_snapshots(
        maps.assign(actor="group of 2024-12-05"), rest="north", outline=BOX
    )
    with pytest.raises(InputError, match="rename it"):
        fl.publish(history, until="2024-11-28")


def test_only_histories_and_cases_are_published(maps):
    with pytest.raises(InputError, match="GeoDataFrame cannot be published"):
        fl.publish(maps, delay=1)


def test_a_theatre_smaller_than_the_grid_is_refused():
    box = shapely.box(36.02, 35.02, 36.03, 35.03)
    history = fl.ControlHistory.from_snapshots([("2024-11-20", box)], actor="A")
    with pytest.raises(InputError, match="vanishes"):
        fl.publish(history, coarsen=0.1)


def test_the_commands_publish(snapshots, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved = str(snapshots.save(tmp_path / "h.gpkg"))
    terms = ["--until", "2024-11-28", "--coarsen", "0.01"]
    for words in (
        ["map", saved, "-o", "m.html"],
        ["convert", saved, "z.geojson"],
        ["plot", saved, "-o", "p.png"],
    ):
        done = run(*words, *terms)
        assert done.returncode == 0, done.stderr
        assert "Published with nothing after 28 November 2024, 00:00 UTC." in done.stderr
        if words[0] == "plot":  # it shows what the published history shows
            given = fl.publish(snapshots, until="2024-11-28", coarsen=0.01)
            same = fl.picture(given, tmp_path / "q.png", size=(1280, 800))
            assert (tmp_path / "p.png").read_bytes() == same.read_bytes()
            continue
        told = told_by(tmp_path / words[-1])
        assert later_dates(told, UNTIL) == []
        assert off_grid(told, 0.01) == []


def test_columns_that_nobody_knows_go_and_are_named(case, tmp_path):
    """A pair in a tuple, a day as a number: what is not known cannot be made safe."""
    count = len(case.events)
    odd = case.events.assign(
        lng=36.757213, latitude_deg=35.131988, coords=[(36.757213, 35.131988)] * count,
        arr=[np.array([36.757213, 35.131988])] * count, where=[fl.locate("Hama")] * count,
        updated=20241209, stamp=1733788800, seen=pd.Timestamp("2024-12-09"),
        note=[(36.757213, 35.131988), 20241209, 35.131988, "quiet", fl.locate("Hama")],
        event=[1, 20241209, 35.131988, 4, 5],
        kind=pd.Categorical(["fight", "at 35.131988", "fight", "fight", "on 9 December"]),
    )  # fmt: skip
    odd["seen 2024-12-09"] = 1
    odd.attrs["made"] = "2024-12-20 at 35.131988"
    places = case.places.assign(lng=36.757213, updated=20241209)
    given = fl.publish(
        fl.Case(
            case.name, case.history, places, odd, case.sources.assign(updated=20241209),
            case.actors.assign(base=[(36.757213, 35.131988)] * len(case.actors)),
            {**case.meta, "lat": 35.131988, "updated": 20241209, "2024-12-09": "x", "edition": 3},
        ),
        until="2024-11-28", coarsen=0.01,
    )  # fmt: skip
    assert set(given.events.columns) <= set(case.events.columns) | {"event"}
    assert given.events["note"].isna().all()
    assert given.events["event"].tolist()[0] == 1
    assert given.events["event"].isna().sum() == 1
    assert given.events["kind"].tolist() == ["fight", "fight", "event"]
    record = given.meta["published"]
    odd_ones = "? arr coords latitude_deg lng seen stamp updated where"
    named = [f"events.{name}" for name in odd_ones.split()]
    others = ["actors.base", "places.lng", "places.updated", "sources.updated"]
    assert record["columns"] == sorted([*named, *others])
    assert record["removed"]["columns"] == len(record["columns"])
    assert list(given.events.attrs) == list(given.places.attrs) == ["published"]
    assert given.meta["edition"] == 3
    assert not {"lat", "updated", "2024-12-09"} & set(given.meta)
    assert "lng" in odd  # untouched
    assert "made" in odd.attrs
    whole = pickle.dumps((given.events, given.places, given.sources, given.actors, given.meta))
    for secret in (b"757213", b"131988", b"2024-12-09", struct.pack("<d", 36.757213),
                   struct.pack("<q", 20241209), struct.pack("<q", 1733788800)):  # fmt: skip
        assert secret not in whole
    assert struct.pack("<d", 36.757213) in pickle.dumps(odd)  # it would have been seen


def test_a_name_with_a_fine_coordinate_is_refused(maps):
    history = fl.ControlHistory.from_snapshots(
        maps.assign(actor="post 35.13192"), rest="north", outline=BOX
    )
    with pytest.raises(InputError, match="finer than"):
        fl.publish(history, coarsen=0.01)


def test_what_a_grid_does_to_areas_is_said(tmp_path):
    """In a theatre of 4 km a grid of 1 km changes a side by a third: the record says how much."""
    theatre = shapely.box(36.0033, 35.0041, 36.0463, 35.0413)
    early, late = (shapely.box(36.0033, 35.0041, x, 35.0413) for x in (36.0243, 36.0163))
    history = fl.ControlHistory.from_snapshots(
        [("2024-11-20", early), ("2024-11-24", late)], actor="Y", rest="X", outline=theatre
    )
    given = fl.publish(history, coarsen=0.01)
    shares = {}
    for day in ("2024-11-21", "2024-11-25"):
        one, two = (h.at(day).set_index("actor")["area_km2"] for h in (history, given))
        for actor in "XY":
            share = abs(two[actor] - one[actor]) / one[actor]
            shares[actor] = max(shares.get(actor, 0.0), share)
    largest = max(shares.values())
    record = given.meta["published"]
    assert largest > 0.1
    assert record["area_change"] == pytest.approx(largest, abs=6e-4)
    words = f"Areas of sides differ by up to {100 * largest:.0f} % from the ungeneralised ones."
    assert record["text"].endswith(words)
    found = given.findings[given.findings["actor"].notna()].set_index("actor")
    assert set(found.index) == {actor for actor, share in shares.items() if share > 0.05}
    for actor, note in found["note"].items():
        assert f"up to {100 * shares[actor]:.0f} %" in note
    again = fl.ControlHistory.open(given.save(tmp_path / "h.gpkg"))
    assert again.meta["published"] == record
    assert fl.publish(given, coarsen=0.01).meta["published"]["area_change"] == record["area_change"]


def test_what_a_grid_hardly_changes_is_not_said(snapshots):
    record = fl.publish(snapshots, coarsen=0.01).meta["published"]
    assert 0 < record["area_change"] < 0.05
    assert "Areas" not in record["text"]


def wars_alike_until_a_day():
    """Yield two histories of maps and two of reports; either pair differs from a day on."""
    for later in (shapely.box(36.5, 35.2, 36.9, 35.8), shapely.box(36.1, 35.1, 36.55, 35.4)):
        grown = [shapely.box(36.1, 35.1, 36.3 + 0.05 * day, 35.6) for day in range(5)]
        dates = pd.date_range("2024-11-24", periods=8).strftime("%Y-%m-%d")
        maps = [*grown, later, later.buffer(0.05), later.buffer(0.1)]
        maps = list(zip(dates, maps, strict=True))
        given = fl.ControlHistory.from_snapshots(maps, actor="A", outline=BOX)
        rows = reports()
        late = (rows["valid_from"].dt.day.isin([29, 30]) | (rows["valid_from"].dt.month == 12)) & (
            rows.index < 30
        )
        rows.loc[late, "actor"] = "north" if later.bounds[0] > 36.2 else "nobody knew"
        yield given, fl.ControlHistory.from_places(rows, outline=BOX, max_km=60, sources=sources())


@pytest.mark.parametrize("kind", [0, 1], ids=["maps", "reports"])
@pytest.mark.parametrize("suffix", ["html", "png", "svg", "pdf", "gif", "apng", "mp4", "gpkg"])
def test_what_is_held_back_shows_in_no_byte(tmp_path, suffix, kind):
    """What is published of both wars is one file, but for how many spells were held back."""
    written = []
    for pair in wars_alike_until_a_day():
        given = fl.publish(pair[kind], until="2024-11-28")
        path = tmp_path / f"{len(written)}.{suffix}"
        if suffix in ("gif", "apng", "mp4"):
            fl.animate(given, path, size=(320, 240), freq="D")
        elif suffix == "gpkg":
            given.save(path)
        elif suffix == "html":
            fl.save(given, path)
        else:
            fl.picture(given, path, date="2024-11-28", size=(640, 480))
        content = path.read_bytes()
        if suffix == "gpkg":
            with closing(sqlite3.connect(path)) as base:
                content = "\n".join(base.iterdump()).encode()
            content, count = re.subn(rb'"removed": \{"spells": \d+', b"", content)
            assert count == 1
        written.append(content)
    assert written[0] == written[1]
    assert len(written[0]) > 1_000


def overlapping_war(seed):
    """Maps of ten days: zones of three sides that grow and shrink, overlap and nearly touch."""
    rng = np.random.default_rng(seed)

    def piece():
        at, size = rng.uniform([36.15, 35.15], [36.85, 35.85]), rng.uniform(0.05, 0.25)
        if rng.random() < 0.5:
            return shapely.Point(at).buffer(size, quad_segs=int(rng.choice([2, 6])))
        return shapely.Polygon([at, at + size * np.array([1, 0.3]), at + size * np.array([0.2, 1])])

    zones = {actor: piece() for actor in "ABC"}
    rows = []
    for day in pd.date_range("2024-11-01", periods=10):
        for actor in "ABC":
            change = piece()
            turn = rng.integers(0, 4)
            if turn == 0:
                zones[actor] = shapely.union(zones[actor], change)
            elif turn == 1 and not shapely.covers(change, zones[actor]):
                zones[actor] = shapely.difference(zones[actor], change)
            rows.append({"date": day, "actor": actor, "geometry": zones[actor]})
    return gpd.GeoDataFrame(rows, crs=4326)


@pytest.mark.parametrize("theatre", [{}, {"outline": BOX}], ids=["endless", "bounded"])
@pytest.mark.parametrize("seed", range(12))
def test_published_maps_that_overlap_keep_every_holder(seed, theatre):
    """Between zones that nearly touch lie slivers: no land may be lost with those."""
    history = fl.ControlHistory.from_snapshots(
        overlapping_war(seed), overlap="contested", **theatre
    )
    given = fl.publish(history, until="2024-11-06T12:00")
    xy = np.random.default_rng(seed).uniform([36, 35], [37, 36], (300, 2))
    for when in ("2024-11-01", "2024-11-03", "2024-11-06T12:00"):
        held, published = (each.holder(shapely.points(xy), when) for each in (history, given))
        assert published.fillna("-").tolist() == held.fillna("-").tolist()
        before, after = (
            each.at(when, by=("actor", "status")).set_index(["actor", "status"])["area_km2"]
            for each in (history, given)
        )
        before = before[before.index.get_level_values("actor").notna()]
        found = after.reindex(before.index, fill_value=0.0).to_numpy()
        assert found == pytest.approx(before.to_numpy(), rel=1e-4, abs=1e-3)
