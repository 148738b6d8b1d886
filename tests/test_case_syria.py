"""The bundled case: what the sources say must be what the history answers.

The expectations are written down by hand from the sources of the case, not taken from its files.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline._resources import geodata_path
from frontline.cases import Case, load

GOV = "Syrian government"
HTS = "HTS-led opposition"
SNA = "Syrian National Army"
SOUTH = "Southern Operations Room"
JOINT = "SDF and Syrian government"
FOLDER = geodata_path("syria-2024")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def case() -> Case:
    return load("syria-2024")


@pytest.fixture(scope="module")
def plain() -> Case:
    return load("syria-2024", infill=False)


@pytest.fixture(scope="module")
def sites() -> pd.DataFrame:
    table = pd.DataFrame(rows("sites.csv"))
    return table.astype({"lon": float, "lat": float})


def holder(case: Case, lon: float, lat: float, *when: str) -> list[str | None]:
    points = gpd.GeoSeries([shapely.Point(lon, lat)] * len(when), crs=4326)
    times = pd.Series(pd.to_datetime(list(when), utc=True, format="ISO8601"))
    answer = case.history.holder(points, times)
    return [None if pd.isna(each) else each for each in answer]


def spot(sites: pd.DataFrame, name: str, near: tuple[float, float]) -> tuple[float, float]:
    """The site of a name within 4 km of a printed coordinate (lat, lon)."""
    lat, lon = near
    apart = np.hypot((sites.lon - lon) * 90.5, (sites.lat - lat) * 111.2)
    found = sites[(sites.name == name) & (apart < 4)]
    assert len(found) == 1, f"{name}: {len(found)} sites"
    return float(found.lon.iloc[0]), float(found.lat.iloc[0])


def gained(case: Case, when: str) -> float:
    area = [
        case.history.at(t, by=("actor",)).set_index("actor")["area_km2"][HTS]
        for t in ("2024-11-26", when)
    ]
    return float(area[1] - area[0])


# --- the files --------------------------------------------------------------------------------


def test_references_resolve() -> None:
    sources = {row["id"] for row in rows("sources.csv")}
    actors = {row["actor"] for row in rows("actors.csv")}
    places = {row["site"] for row in rows("sites.csv")}
    assert len(places) == len(rows("sites.csv")) > 4_800
    for name in ("initial.csv", "reports.csv", "unplaced.csv", "events.csv", "sites.csv"):
        assert {row["source"] for row in rows(name)} <= sources, name
    for name in ("initial.csv", "reports.csv", "unplaced.csv"):
        assert {row["actor"] for row in rows(name)} - {""} <= actors, name
    assert {row["site"] for row in rows("initial.csv")} == places
    assert {row["site"] for row in rows("reports.csv")} - {""} <= places


def test_a_report_is_about_one_site_or_one_area() -> None:
    reports = rows("reports.csv")
    assert all(bool(row["site"]) != bool(row["area"]) for row in reports)
    assert len({row["report"] for row in reports}) == len(reports)
    utc = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00Z")
    for row in reports:
        assert utc.fullmatch(row["valid_from"]), row
        assert utc.fullmatch(row["recorded_at"]), row
        assert row["recorded_at"] >= row["valid_from"][:10], row
        assert row["precision"] in {"minute", "hour", "part", "day"}
        assert row["precision"] != "day" or row["valid_from"].endswith("T00:00:00Z")
        assert row["basis"] in {"confirmed", "reported", "assessed", "claimed"}


def test_nothing_of_the_facts_table_is_lost() -> None:
    # 317 rows; a statement on two districts of Aleppo speaks for two sites.
    facts = [row for row in rows("reports.csv") if row["from_actor"]]
    assert len(facts) - 1 + len(rows("unplaced.csv")) == 317
    assert all(row["reason"] for row in rows("unplaced.csv"))


def test_ratings_are_not_invented() -> None:
    for row in rows("sources.csv"):
        assert row["reliability"] in set("ABCDEF")
        assert row["credibility"] in set("123456")
        assert row["licence"]
        assert row["publisher"]


# --- the state of 26 November -------------------------------------------------------------------

OPENING = {
    HTS: [
        (35.814, 36.320), (35.814, 36.610), (35.931, 36.634), (36.139, 36.825), (36.282, 36.852),
        (36.010, 36.672), (35.957, 36.714), (35.904, 36.725), (36.212, 36.520), (35.812, 36.196),
    ],  # Jisr al-Shughur, Ariha, Idlib, Atarib, Darat Izza, Maarat Misrin, Binnish, Sarmin ..
    GOV: [
        (35.648, 36.677), (35.864, 36.806), (35.442, 36.651), (35.614, 36.564), (36.295, 37.044),
        (36.322, 37.059), (36.172, 37.044), (35.996, 36.998), (36.063, 36.871), (35.375, 36.600),
        (36.201, 37.161), (35.132, 36.758), (34.724, 36.726), (33.510, 36.291), (35.531, 35.791),
        (34.889, 35.887), (32.709, 36.570), (32.619, 36.102), (33.126, 35.825), (34.562, 38.284),
        (35.336, 40.141), (34.452, 40.919), (36.379, 36.993), (33.572, 36.403), (34.927, 36.732),
        (36.077, 37.373), (36.348, 37.531), (35.258, 36.756), (34.885, 38.871),
    ],  # Maarat al-Numan .. Anadan, Hayyan, Khan al-Asal, al-Eis .. Tadef, Maardis, Sukhnah
    SNA: [
        (36.512, 36.870), (36.587, 37.046), (36.818, 38.011), (36.371, 37.516), (36.596, 39.130),
        (36.850, 40.071), (36.483, 37.197),
    ],  # Afrin, Azaz, Jarabulus, al-Bab, Suluk, Ras al-Ayn, Mare'
    "SDF": [
        (35.953, 39.008), (36.502, 40.748), (36.588, 38.298), (36.528, 37.955), (36.386, 38.862),
        (36.656, 40.371), (35.838, 38.548), (34.461, 40.947), (34.695, 40.831), (36.2375, 37.1475),
    ],  # Raqqa, Hasakah, Sarrin, Manbij, Ayn Issa, Tall Tamr, Tabqa, Baghuz, Hajin, Sheikh Maqsoud
    JOINT: [(36.472, 37.095), (36.521, 37.041), (36.445, 37.028)],  # Tell Rifaat .. Dayr Jamal
    "Syrian Free Army": [(33.506, 38.618)],  # al-Tanf
}  # fmt: skip


@pytest.mark.parametrize("actor", OPENING)
def test_named_localities_on_26_november(case: Case, actor: str) -> None:
    for lat, lon in OPENING[actor]:
        assert holder(case, lon, lat, "2024-11-26") == [actor], (lat, lon)


def test_the_zone_of_al_tanf_is_a_circle_of_55_km(case: Case) -> None:
    from frontline.geodesy import forward

    for azimuth in (270, 300, 330, 0, 20):
        for distance_m, inside in ((54_000, True), (56_000, False)):
            there = forward(38.618, 33.506, azimuth, distance_m)
            found = holder(case, there.lon, there.lat, "2024-11-26")[0]
            assert (found == "Syrian Free Army") is inside, (azimuth, distance_m)


# --- the sequences ------------------------------------------------------------------------------

TOWNS = {
    "Halfaya": (35.261, 36.606),
    "Taybat al-Imam": (35.267, 36.711),
    "Maardis": (35.258, 36.756),
    "Souran": (35.291, 36.747),
}


@pytest.mark.parametrize("town", TOWNS)
def test_lost_retaken_lost(case: Case, town: str) -> None:
    lat, lon = TOWNS[town]
    days = ["2024-11-29", "2024-11-30T20:00", "2024-12-02", "2024-12-03T12:00", "2024-12-11"]
    if town == "Taybat al-Imam":  # no source says when it was lost the first time; the area does
        days[1] = "2024-11-30T21:00"
    assert holder(case, lon, lat, *days) == [GOV, HTS, GOV, HTS, HTS]


def test_qalaat_al_madiq_is_an_open_contradiction(case: Case) -> None:
    days = ["2024-11-29", "2024-11-30T20:00", "2024-12-01T12:00", "2024-12-02T12:00"]
    assert holder(case, 36.39, 35.415, *days) == [GOV, HTS, GOV, GOV]
    said = case.history.reports
    said = said[said.source.isin(["novinite-229717", "sohr-sadanews-181272"])]
    said = said[shapely.distance(said.geometry.array, shapely.Point(36.3909, 35.4147)) < 0.01]
    assert set(said.actor) == {HTS, GOV}


@pytest.mark.parametrize(
    ("lat", "lon"), [(35.385, 36.488), (35.337, 36.513), (35.305, 36.519), (35.323, 36.488)]
)
def test_claimed_by_both_in_one_night(case: Case, lat: float, lon: float) -> None:
    # Karnaz, Jubbayn, Tal Mallah, Jalma: SANA in the evening, SOHR in the night
    when = ["2024-12-02T12:00", "2024-12-02T18:00", "2024-12-02T23:00"]
    assert holder(case, lon, lat, *when) == [HTS, GOV, HTS]


def test_khanasir_is_lost_for_less_than_48_hours(case: Case) -> None:
    when = ["2024-11-30", "2024-12-01T07:00", "2024-12-02T23:00", "2024-12-03T01:00"]
    assert holder(case, 37.49919, 35.78159, *when) == [GOV, HTS, HTS, GOV]


@pytest.mark.parametrize(("lat", "lon"), [(35.2184, 36.8075), (35.207, 36.853)])
def test_three_states_in_a_day(case: Case, lat: float, lon: float) -> None:
    # Kafraa, Maar Shahur; UTC, three hours behind local time
    when = ["2024-12-03T12:00", "2024-12-03T21:00", "2024-12-04T01:00", "2024-12-04T06:00"]
    assert holder(case, lon, lat, *when) == [GOV, HTS, GOV, HTS]


@pytest.mark.parametrize(("lat", "lon"), [(35.203, 36.767), (35.198, 36.733)])
def test_the_pocket_holds_until_the_city_has_fallen(case: Case, lat: float, lon: float) -> None:
    # Jabal Zayn al-Abidin and Qomhana, although a report of 3 December says withdrawn
    days = pd.date_range("2024-12-01", "2024-12-05T15:00", freq="3h").strftime("%Y-%m-%dT%H:%M")
    assert set(holder(case, lon, lat, *days)) == {GOV}
    assert holder(case, lon, lat, "2024-12-05T16:30") == [HTS]
    assert holder(case, 36.75783, 35.13179, "2024-12-05T15:55") == [HTS]
    said = case.history.reports
    said = said[shapely.distance(said.geometry.array, shapely.Point(lon, lat)) < 1e-4]
    assert HTS in set(said.actor[said.source == "isw-20241203"])


def test_the_withdrawn_report_was_believed_on_its_day(case: Case) -> None:
    at = case.history.at("2024-12-03T12:00", as_of="2024-12-03T12:00", by=("actor",))
    point = shapely.Point(36.733, 35.198)
    assert at[at.intersects(point)].actor.tolist() == [HTS]


def test_al_saan_changes_hands_three_days_running(case: Case) -> None:
    when = ["2024-12-03T12:00", "2024-12-04T12:00", "2024-12-05T12:00"]
    assert holder(case, 37.374, 35.264, *when) == [GOV, HTS, GOV]


def test_aleppo_airport_changes_hands_twice_on_30_november(case: Case) -> None:
    when = ["2024-11-30T00:00", "2024-11-30T12:00", "2024-11-30T20:00"]
    assert holder(case, 37.229, 36.174, *when) == [GOV, "SDF", HTS]


@pytest.mark.parametrize(
    ("name", "minute"),
    [
        ("al-Arbaeen (Hama)", "2024-12-05T08:14Z"),
        ("Kazu (Hama)", "2024-12-05T11:46Z"),
        ("al-Barnawi (Hama)", "2024-12-05T11:46Z"),
        ("Hama Central Prison", "2024-12-05T11:53Z"),
        ("Hama", "2024-12-05T15:50Z"),
    ],
)
def test_hama_by_the_minute(case: Case, sites: pd.DataFrame, name: str, minute: str) -> None:
    # local 11:14, 14:46, 14:53, 18:50
    lon, lat = spot(sites, name, (35.14, 36.755))
    at = pd.Timestamp(minute)
    before, after = (str(at - pd.Timedelta("1min")), str(at))
    assert holder(case, lon, lat, before, after) == [GOV, HTS]


def test_whoever_loses_a_place_held_it_before(case: Case, sites: pd.DataFrame) -> None:
    reports = pd.DataFrame(rows("reports.csv"))
    facts = reports[(reports.from_actor != "") & (reports.review == "accepted")]
    facts = facts[facts.status != "contested"]
    where = sites.set_index("site").loc[facts.site]
    points = gpd.GeoSeries(gpd.points_from_xy(where.lon, where.lat), crs=4326)
    eve = pd.to_datetime(facts.valid_from, utc=True).reset_index(drop=True)
    before = case.history.holder(points, eve - pd.Timedelta("1s"))
    differs = before.to_numpy() != facts.from_actor.to_numpy()
    assert set(where.name.to_numpy()[differs]) == {
        "Al-Khafsah",  # the SDF is assessed to have come first
        "Kafin",  # the module has the government there, the report both
        "Thermal power station (Aleppo)",  # lies outside the pocket that the report names
        "Khirbat al-Hajama",  # no source says when it was lost
        "Khattab",  # two sources, a day apart
        "Al-Sanamayn",  # the governorate's report is of the evening before
    }


# --- the whole ----------------------------------------------------------------------------------


def test_sums_to_the_theatre_at_every_change(case: Case) -> None:
    spells = case.history.spells
    times = pd.Series(pd.concat([spells.valid_from, spells.valid_to.dropna()]).unique())
    assert len(times) > 40
    whole = case.history.cells.area_km2.sum()
    assert whole == pytest.approx(185_940, rel=1e-3)  # Natural Earth's Syria
    for when in times:
        assert case.history.at(when, by=("actor",)).area_km2.sum() == pytest.approx(whole, abs=1e-6)


def test_no_hole_but_where_the_army_left_and_nobody_is_named(case: Case) -> None:
    for day in ("2024-11-26", "2024-12-05", "2024-12-11T12:00"):
        assert not case.history.at(day, by=("actor",)).actor.isna().any(), day
    on_7 = case.history.at("2024-12-07T12:00", by=("actor",))
    assert 5_000 < on_7[on_7.actor.isna()].area_km2.sum() < 15_000  # desert of Deir ez-Zor


def test_the_government_is_gone_by_11_december(case: Case) -> None:
    for when in ("2024-12-09T20:00", "2024-12-11T12:00"):
        assert GOV not in set(case.history.at(when, by=("actor",)).actor)


def test_the_readmes_count_what_there_is() -> None:
    folder = geodata_path("syria-2024")
    reports = pd.read_csv(folder / "reports.csv")
    own, all_data = (
        path.read_text("utf-8") for path in (folder / "README.md", folder.parent / "README.md")
    )
    assert f"{len(reports)} dated statements" in own
    areas = reports.area.dropna()
    assert f"{len(areas)} statements on {areas.nunique()} areas" in own
    claims = (reports.basis == "claimed").sum()
    assert f"{claims} of the {len(reports)}" in all_data


def test_last_days(case: Case) -> None:
    noon = "2024-12-11T12:00"
    for lat, lon, actor in (
        (33.510, 36.291, HTS), (34.724, 36.726, HTS), (35.531, 35.791, HTS), (34.889, 35.887, HTS),
        (35.336, 40.141, HTS), (34.452, 40.919, HTS), (36.528, 37.955, SNA), (36.472, 37.095, SNA),
        (34.562, 38.284, "Syrian Free Army"), (32.619, 36.102, SOUTH),
        (32.709, 36.570, "local factions"), (36.588, 38.298, "SDF"), (35.953, 39.008, "SDF"),
        (36.2375, 37.1475, "SDF"),
    ):  # fmt: skip
        assert holder(case, lon, lat, noon) == [actor], (lat, lon)
    assert holder(case, 40.14084, 35.33588, "2024-12-06T18:00", "2024-12-10T12:00") == ["SDF"] * 2


@pytest.mark.parametrize(
    ("when", "claimed_km2"),
    [("2024-11-27T18:00", 245), ("2024-11-28T18:00", 400), ("2024-11-29T06:00", 550)],
)
def test_area_claimed(case: Case, plain: Case, when: str, claimed_km2: float) -> None:
    assert gained(case, when) == pytest.approx(claimed_km2, rel=0.15)
    assert gained(plain, when) < gained(case, when)


@pytest.mark.parametrize(
    "when", ["2024-11-27T18:00", "2024-11-29T18:00", "2024-12-01T18:00", "2024-12-05T18:00"]
)
def test_a_front_and_no_rash_of_islands(case: Case, when: str) -> None:
    zone = case.history.at(when, by=("actor",)).set_index("actor").geometry[HTS]
    parts = shapely.get_parts(zone)
    share = max(shapely.area(parts)) / shapely.area(zone)
    assert len(parts) <= 8
    assert share > 0.95


def test_infill_never_speaks_over_a_report(case: Case, plain: Case) -> None:
    said = case.history.reports
    filled = said[said.kind == "infill"]
    assert len(filled) > 0
    assert set(filled.basis) == {"assessed"}
    assert (plain.history.reports.kind != "infill").all()
    for lat, lon in ((35.203, 36.767), (35.198, 36.733)):
        times = [f"2024-12-0{day}T12:00" for day in (2, 3, 4, 5)]
        assert holder(case, lon, lat, *times) == holder(plain, lon, lat, *times)


def test_events_are_never_control(case: Case) -> None:
    statements = {
        (row["source"], row["site"]) for row in rows("reports.csv") if "Hama" in row["site"]
    }
    assert not {each for each in statements if each[0] == "turkiye-today-88740"}
    assert holder(case, 36.7578, 35.1318, "2024-12-03T12:00", "2024-12-04T12:00") == [GOV, GOV]
    sources = {row["source"] for row in rows("reports.csv")}
    assert "agency-report-20241204" not in sources
    assert len(case.events) == len(rows("events.csv"))
    seed = case.events[
        case.events.locality == "approximately five kilometers northeast of Hama's borders"
    ]
    assert len(seed) == 1
    region = seed.geometry.iloc[0]
    assert region.contains(shapely.Point(36.835, 35.1735))  # the site of Brigade 87
    assert not region.contains(shapely.Point(36.75783, 35.13179))


def test_rules_and_areas_are_what_the_scripts_make() -> None:
    build = Path(__file__).parents[1] / "geodata" / "build"
    sys.path.insert(0, str(build))
    try:
        import syria_2024_areas
        import syria_2024_initial
    finally:
        sys.path.remove(str(build))
    chosen = syria_2024_initial.decide(rows("sites.csv"))
    assert [rule.name for rule in chosen] == [row["rule"] for row in rows("initial.csv")]
    drawn = gpd.read_file(FOLDER / "areas.geojson").set_index("area")
    made = syria_2024_areas.areas()
    assert set(made) == set(drawn.index)
    for key, (shape, cut, _) in made.items():
        assert bool(drawn.cut[key]) is cut
        assert shapely.area(shapely.symmetric_difference(shape, drawn.geometry[key])) < 1e-3


# --- measures on the case ---------------------------------------------------------------------


def test_the_changes_of_the_case_close(case: Case) -> None:
    history, start, end = case.history, "2024-11-26", "2024-12-12"
    table = history.changes(start, end, freq="D", min_area_km2=1.0)
    total = table["area_km2"] + table["slivers_km2"]
    net = total.groupby(table["to_actor"]).sum() - total.groupby(table["from_actor"]).sum()
    first, last = (
        history.at(day, by=("actor",)).set_index("actor")["area_km2"] for day in (start, end)
    )
    assert net[HTS] == pytest.approx(last[HTS] - first[HTS], abs=1e-6)
    assert net[SNA] == pytest.approx(last[SNA] - first[SNA], abs=1e-6)
    assert (table["slivers_km2"] > 0).any()


def test_the_front_came_nearer_to_hama_from_every_side(case: Case) -> None:
    table = case.history.advance("Hama", start="2024-11-27", end="2024-12-05")
    assert table["distance_km"].is_monotonic_decreasing
    assert (table["lag_days"].dropna() >= 0).all()
    # The M5 leads from Aleppo, long lost, to Hama, still held: it was cut for the government.
    road = case.history.cut("M5", "2024-12-04", holder=GOV)
    assert road.attrs["cut"] is True
    assert road["actor"].iloc[0] == HTS
    assert road["to_km"].iloc[-1] == pytest.approx(road.attrs["path_km"])
    south = case.history.cut("M5", "2024-12-09", holder=GOV)
    assert south.attrs["held_km"] == 0.0


def test_what_was_shut_in_is_a_pocket_and_what_stood_on_the_hama_road_is_none(case: Case) -> None:
    pockets = case.history.pockets("2024-12-04")
    # Sheikh Maqsoud, Kurdish quarter of Aleppo, was among the government's then the opposition's.
    quarter = pockets[pockets["actor"] == "SDF"]
    assert ("HTS-led opposition",) in set(quarter["encircled_by"])
    before = case.history.pockets("2024-11-27", actor="SDF")
    assert (GOV,) in set(before["encircled_by"])
    # Qomhana and Jabal Zayn al-Abidin, which accounts call a pocket, held out with government
    # ground behind them up to Hama, and were given up with it: a salient, never shut in.
    spots = shapely.points([(36.733, 35.198), (36.767, 35.203)])
    for when in ("2024-12-04", "2024-12-05 12:00", "2024-12-05 15:55"):
        assert set(case.history.holder(spots, when)) == {GOV}
        shut = case.history.pockets(when, actor=GOV)
        held = [spot for spot in spots if shapely.intersects(shut.geometry, spot).any()]
        assert not held
