"""Who says so, in the payload: what is written comes back, and is what the history believes."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import frontline as fl
from frontline.maps import payload_of
from frontline.maps.decode import decode_payload
from tests.browser.map_case import SimpleNamespace, board_case


def moment(text):
    return pd.Timestamp(text, tz="UTC")


def history(rows, **options):
    names = ["place", "actor", "valid_from", "valid_to", "source", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=names), geometry="geometry", crs=4326)
    outline = shapely.box(36, 35, 37, 36)
    return fl.ControlHistory.from_places(frame, outline=outline, **options)


def told(case, **options):
    decoded = decode_payload(payload_of(case, **options).blob)
    return decoded, decoded.statements


WEST, EAST = shapely.Point(36.25, 35.5), shapely.Point(36.75, 35.5)


def test_statements_stand_with_their_place_in_order_of_time():
    h = history(
        [
            ("West", "A", "2024-11-01", None, "S1", WEST),
            ("West", "B", "2024-12-02 06:30", None, "S2; S1", WEST),
            ("East", "B", "2024-11-01", "2024-12-03", "a letter", EAST),
        ],
        sources=pd.DataFrame({"id": ["S1", "S2"]}),
    )
    decoded, statements = told(h, from_="2024-12-01", to="2024-12-05")
    names = [state[0] for state in decoded.head["states"]]
    actors = [actor["name"] for actor in decoded.head["actors"]]
    sites = {site[0]: site[1:] for site in statements.sites}
    assert set(sites) == {"West", "East"}
    assert sites["West"][:2] == (36.25, 35.5)
    ((first, second),) = sites["West"][2]
    assert first[0] < moment("2024-12-01")  # how much earlier is not told
    assert (actors[names[first[1]]], first[2:]) == ("A", ("point", ["S1"]))
    assert second[0] == moment("2024-12-02 06:30")
    assert (actors[names[second[1]]], second[2:]) == ("B", ("point", ["S2", "S1"]))
    ((held, ended),) = sites["East"][2]
    assert held[2:] == ("point", ["a letter"])
    assert (ended[0], ended[2:]) == (moment("2024-12-03"), ("silence", []))
    assert decoded.head["states"][ended[1]][1] == "no_data"


def test_parts_that_areas_cut_off_stand_behind_the_place_s_own_cell():
    h = history(
        [
            ("West", "A", "2024-11-01", None, "S1", WEST),
            (None, "C", "2024-12-02", None, "S2", shapely.box(36.6, 35.6, 36.9, 35.9)),
            ("East", "B", "2024-11-01", None, "S1", EAST),
        ]
    )
    _, statements = told(h, from_="2024-12-01", to="2024-12-05")
    east = next(site for site in statements.sites if site[0] == "East")
    own, cut = east[3]
    assert [each[2] for each in own] == ["point"]
    assert [each[2] for each in cut] == ["point", "area"]


def test_places_of_a_case_are_not_written_twice():
    h = history([("West", "A", "2024-11-01", None, "S1", WEST)])
    places = gpd.GeoDataFrame(
        {"name": ["West", "Elsewhere"]}, geometry=[WEST, shapely.Point(36.9, 35.1)], crs=4326
    )
    window = {"starts": "2024-12-01", "ends": "2024-12-05"}
    decoded, statements = told(SimpleNamespace(history=h, places=places, meta=window))
    assert "named" not in decoded.head["statements"]
    assert [site[0] for site in statements.sites] == ["West"]


def test_maps_carry_their_dates_and_sources():
    maps = gpd.GeoDataFrame(
        {
            "date": ["2024-12-01", "2024-12-02", "2024-12-04"],
            "actor": "A",
            "source": ["p", "q", "p"],
        },
        geometry=[shapely.box(36, 35, x, 36) for x in (36.5, 36.6, 36.7)],
        crs=4326,
    )
    h = fl.ControlHistory.from_snapshots(maps, rest="B", outline=shapely.box(36, 35, 37, 36))
    _, statements = told(h)
    days = ["2024-12-01", "2024-12-02", "2024-12-04"]
    assert statements.maps == [(moment(d), [s]) for d, s in zip(days, "pqp", strict=True)]
    _, later = told(h, from_="2024-12-03")  # with the map that is in force then
    assert later.maps == statements.maps[1:]


def test_without_statements_nothing_is_written():
    decoded, statements = told(board_case())
    assert statements is None
    assert "statements" not in decoded.head


def test_the_bundled_case_costs_little():
    case = fl.load("syria-2024")
    whole = payload_of(case)
    bare = SimpleNamespace(
        cells=case.history.cells, edges=case.history.edges, sources=case.history.sources,
        state_codes=case.history.state_codes, change_times=case.history.change_times,
    )  # fmt: skip
    parts = {
        name: getattr(case, name) for name in ("places", "events", "sources", "actors", "meta")
    }
    without = payload_of(SimpleNamespace(history=bare, **parts))
    assert 1_000 < len(whole.blob) - len(without.blob) < 12_000
    sites = decode_payload(whole.blob).statements.sites
    assert len(sites) == len(case.places) == pytest.approx(5_439, abs=200)
