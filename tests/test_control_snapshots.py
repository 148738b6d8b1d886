"""Histories of dated maps: areas, overlaps, gaps, jitter, corrections, and one map more."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.composite import coverage_faults
from frontline.control import ControlHistory
from frontline.edges import areas_m2
from frontline.errors import CRSError, DateError, InputError

DAYS = pd.date_range("2024-12-01", periods=12, freq="D").strftime("%Y-%m-%d").tolist()
THEATRE = shapely.box(36, 35, 37, 36)


def maps(rows, **columns):
    """Return a frame of (day, actor, polygon)."""
    day, actor, shape = zip(*rows, strict=True)
    table = {"date": list(day), "actor": list(actor), **columns}
    return gpd.GeoDataFrame(table, geometry=list(shape), crs=4326)


def held(history, day, **options):
    table = history.at(day, **options)
    return table.groupby("actor", dropna=False)["area_km2"].sum().to_dict()


def km2(*shapes):
    return float(areas_m2([shapely.union_all(shapes)])[0] / 1e6)


# --- areas and fronts -----------------------------------------------------------------------


def test_two_actors_and_the_rest_share_the_theatre_without_overlap_or_gap():
    a, b = shapely.box(36, 35, 36.4, 36), shapely.box(36.4, 35, 36.7, 35.5)
    history = ControlHistory.from_snapshots(
        maps([(DAYS[0], "A", a), (DAYS[0], "B", b)]), rest="C", outline=THEATRE
    )
    found = held(history, DAYS[0])
    assert found["A"] == pytest.approx(km2(a), rel=1e-12)
    assert found["B"] == pytest.approx(km2(b), rel=1e-12)
    assert sum(found.values()) == pytest.approx(km2(THEATRE), rel=1e-12)
    assert coverage_faults(np.asarray(history.cells.geometry.array)) == 0
    front = history.front(DAYS[0]).set_index(["actor_left", "actor_right"])["length_km"]
    # A-B along the meridian 36.4 for half a degree, A-C for the other half.
    assert front["A", "B"] == pytest.approx(55.46, abs=0.05)
    assert front["A", "C"] == pytest.approx(55.48, abs=0.05)


def test_without_an_outline_what_lies_outside_is_front_against_the_rest():
    square = shapely.box(36, 35, 36.5, 35.5)
    history = ControlHistory.from_snapshots([(DAYS[0], square)], actor="A", rest="B")
    front = history.front(DAYS[0])
    assert front[["actor_left", "actor_right"]].to_numpy().tolist() == [["A", "B"]]
    ring = 2 * 55.47 + 45.64 + 45.37  # two meridian arcs, parallels of 35 and 35.5
    assert front["length_km"].iloc[0] == pytest.approx(ring, abs=0.1)
    far = [(36.25, 35.25), (40.0, 40.0)]
    assert history.holder(far, DAYS[1]).tolist() == ["A", "B"]
    assert history.holder(far, "2024-11-01").tolist() == [None, None]
    assert (history.distance_to_front(far, DAYS[1], signed="B") < 0).tolist() == [False, True]
    nobody = ControlHistory.from_snapshots([(DAYS[0], square)], actor="A").front(DAYS[0])
    assert nobody["actor_right"].tolist() == [None]


def test_the_outline_itself_is_never_front():
    history = ControlHistory.from_snapshots(
        [(DAYS[0], shapely.box(35, 34, 36.5, 37))], actor="A", rest="B", outline=THEATRE
    )
    assert history.front(DAYS[0])["length_km"].iloc[0] == pytest.approx(110.95, abs=0.05)
    outside = history.findings.set_index("kind").loc["outside"]
    drawn = km2(shapely.box(35, 34, 36.5, 37)) - km2(shapely.box(36, 35, 36.5, 36))
    assert outside["area_km2"] == pytest.approx(drawn, rel=1e-9)


def test_a_hole_and_an_enclave_are_kept():
    ring = shapely.difference(shapely.box(36, 35, 37, 36), shapely.box(36.4, 35.4, 36.6, 35.6))
    core = shapely.box(36.45, 35.45, 36.55, 35.55)
    history = ControlHistory.from_snapshots(
        maps([(DAYS[0], "A", ring), (DAYS[0], "B", core)]), rest="C", outline=THEATRE
    )
    found = held(history, DAYS[0])
    assert found["A"] == pytest.approx(km2(ring), rel=1e-12)
    assert found["B"] == pytest.approx(km2(core), rel=1e-12)


def test_rows_of_one_actor_that_overlap_or_touch_count_once():
    one, two = shapely.box(36, 35, 36.5, 36), shapely.box(36.3, 35.2, 36.9, 35.8)
    three = shapely.box(36.5, 35.8, 36.9, 36)
    history = ControlHistory.from_snapshots(
        maps([(DAYS[0], "A", each) for each in (one, two, three)])
    )
    assert held(history, DAYS[0])["A"] == pytest.approx(km2(one, two, three), rel=1e-9)


# --- time -------------------------------------------------------------------------------------


def test_the_last_map_holds_over_missing_days_which_are_named_and_not_interpolated():
    small, large = shapely.box(36, 35, 36.2, 36), shapely.box(36, 35, 36.8, 36)
    frame = maps([(DAYS[0], "A", small), (DAYS[1], "A", small), (DAYS[4], "A", large)])
    history = ControlHistory.from_snapshots(frame)
    assert history.gaps.strftime("%Y-%m-%d").tolist() == [DAYS[2], DAYS[3]]
    assert held(history, "2024-12-04 23:59")["A"] == pytest.approx(km2(small))
    assert held(history, DAYS[4])["A"] == pytest.approx(km2(large))
    assert held(history, "2024-11-30").get("A") is None
    assert len(history.spells[history.spells["actor"] == "A"]) == 2
    weekly = ControlHistory.from_snapshots(frame, freq="2D")
    assert weekly.gaps.strftime("%Y-%m-%d").tolist() == [DAYS[2]]


def test_maps_at_odd_hours_leave_no_gaps_on_days_that_have_one():
    hours = ("01 06:00", "02 07:00", "03 06:10", "05 06:10")
    steps = [(f"2024-12-{hour}", THEATRE) for hour in hours]
    daily = ControlHistory.from_snapshots(steps, actor="A", freq="D")
    assert daily.gaps.strftime("%Y-%m-%d").tolist() == ["2024-12-04"]
    assert len(ControlHistory.from_snapshots(steps, actor="A").gaps) == 0  # no usual step


def test_each_map_confirms_the_front_that_it_shows():
    box = shapely.box(36, 35, 36.2, 36)
    history = ControlHistory.from_snapshots([(DAYS[0], box), (DAYS[3], box)], actor="A")
    assert history.front(DAYS[2])["confirmed_on"].iloc[0] == pd.Timestamp(DAYS[0], tz="UTC")
    assert history.front(DAYS[5])["confirmed_on"].iloc[0] == pd.Timestamp(DAYS[3], tz="UTC")


def test_jitter_in_the_last_digit_is_no_change():
    rng = np.random.default_rng(3)
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = np.c_[36.5 + 0.3 * np.cos(angle), 35.5 + 0.3 * np.sin(angle)].round(7)
    days = [(day, shapely.Polygon(ring + rng.uniform(-2e-7, 2e-7, ring.shape))) for day in DAYS]
    history = ControlHistory.from_snapshots(days, actor="A")
    assert len(history.cells) == 1
    assert len(history.spells) == 1
    assert len(history.change_times()) == 1


def test_identical_days_cost_no_spells_and_keep_their_row():
    box = shapely.box(36, 35, 36.2, 36)
    history = ControlHistory.from_snapshots([(day, box) for day in DAYS], actor="A")
    assert (len(history.cells), len(history.spells), len(history.reports)) == (1, 1, 12)


def test_a_correction_closes_the_record_and_overwrites_nothing():
    small, large = shapely.box(36, 35, 36.2, 36), shapely.box(36, 35, 36.6, 36)
    frame = maps(
        [
            (DAYS[0], "A", small),
            (DAYS[1], "A", small),
            (DAYS[1], "A", large),
            (DAYS[2], "A", large),
        ],
        recorded_from=["2024-12-02", "2024-12-03", "2024-12-05", "2024-12-06"],
    )
    history = ControlHistory.from_snapshots(frame)
    for as_of, day, shape in (
        ("2024-12-04", DAYS[1], small),  # before the correction
        ("2024-12-05", DAYS[1], large),  # with it
        ("2024-12-05", DAYS[0], small),
        (None, DAYS[1], large),
        ("2024-12-04", DAYS[9], small),  # what was believed then of all days to come
        (None, DAYS[9], large),
    ):
        assert held(history, day, as_of=as_of)["A"] == pytest.approx(km2(shape)), (as_of, day)
    assert held(history, DAYS[0], as_of="2024-12-01").get("A") is None
    withdrawn = history.reports["recorded_to"].dropna()
    assert withdrawn.tolist() == [pd.Timestamp("2024-12-05", tz="UTC")]


def test_times_within_a_day_are_kept():
    box = shapely.box(36, 35, 36.2, 36)
    steps = [("2024-12-05 11:14", box), ("2024-12-05 18:50+00:00", box.buffer(0.1))]
    history = ControlHistory.from_snapshots(steps, actor="A")
    assert held(history, "2024-12-05 18:49")["A"] == pytest.approx(km2(box))
    assert held(history, "2024-12-05 18:50")["A"] > 2 * km2(box)


# --- contradictions and repairs --------------------------------------------------------------


OVERLAP = [
    (DAYS[0], "A", shapely.box(36, 35, 36.6, 36)),
    (DAYS[0], "B", shapely.box(36.6, 35, 37, 36)),
    (DAYS[1], "A", shapely.box(36, 35, 36.6, 36)),
    (DAYS[1], "B", shapely.box(36.5, 35, 37, 36)),
]
COMMON = shapely.box(36.5, 35, 36.6, 36)


def test_zones_that_overlap_raise_and_the_message_says_when_who_where_and_how_much():
    with pytest.raises(
        InputError, match=r"2024-12-02 00:00: A and B overlap on \d+\.\d+ km2"
    ) as error:
        ControlHistory.from_snapshots(maps(OVERLAP))
    assert f"{km2(COMMON):.3f} km2" in str(error.value)
    assert "36.5" in str(error.value)


@pytest.mark.parametrize(("first", "second"), [("A", "B"), ("B", "A")])
def test_priority_gives_the_overlap_to_the_first(first, second):
    history = ControlHistory.from_snapshots(
        maps(OVERLAP), overlap="priority", priority=[first, second]
    )
    whole = km2(OVERLAP[2][2]) if first == "A" else km2(OVERLAP[3][2])
    assert held(history, DAYS[1])[first] == pytest.approx(whole)
    finding = history.findings.iloc[0]
    assert (finding["kind"], finding["actor"]) == ("overlap", first)
    assert finding["area_km2"] == pytest.approx(km2(COMMON))


def test_a_contested_overlap_stays_with_its_last_holder():
    history = ControlHistory.from_snapshots(maps(OVERLAP), overlap="contested")
    table = history.at(DAYS[1]).set_index(["actor", "status"])["area_km2"]
    assert table["A", "contested"] == pytest.approx(km2(COMMON))


def test_what_was_the_rests_stays_with_it_when_it_is_contested():
    rows = [(DAYS[0], "A", shapely.box(36, 35, 36.4, 36)), (DAYS[1], *OVERLAP[2][1:])]
    rows.append((DAYS[1], *OVERLAP[3][1:]))
    options = {"overlap": "contested", "rest": "B", "outline": THEATRE}
    whole = ControlHistory.from_snapshots(maps(rows), **options)
    grown = ControlHistory.from_snapshots(maps(rows[:1]), **options).append(maps(rows[1:]))
    for history in (whole, grown):
        table = history.at(DAYS[1]).set_index(["actor", "status"])["area_km2"]
        assert table["B", "contested"] == pytest.approx(km2(COMMON))


def test_new_actors_keep_their_rank_when_maps_are_appended():
    half = shapely.box(36.2, 35, 36.8, 36)
    rows = [(DAYS[0], "A", THEATRE), (DAYS[1], "C", half)]
    rows += [(DAYS[2], "B", THEATRE), (DAYS[2], "C", half)]
    options = {"overlap": "priority", "priority": ["A"]}
    whole = ControlHistory.from_snapshots(maps(rows), **options)
    grown = ControlHistory.from_snapshots(maps(rows[:1]), **options)
    for part in (rows[1:2], rows[2:]):
        grown = grown.append(maps(part))
    assert held(whole, DAYS[2]) == pytest.approx(held(grown, DAYS[2]))
    assert held(grown, DAYS[2])["C"] == pytest.approx(km2(half))


def test_a_border_drawn_twice_is_a_sliver_and_no_contradiction():
    a, b = shapely.box(36, 35, 36.5, 36), shapely.box(36.49999, 35, 37, 35.01)
    history = ControlHistory.from_snapshots(maps([(DAYS[0], "A", a), (DAYS[0], "B", b)]))
    assert held(history, DAYS[0])["A"] == pytest.approx(km2(a))
    assert history.findings["kind"].tolist() == ["sliver"]


def test_a_claim_gives_way_to_an_assessment_and_stays_out_of_totals():
    a, b = shapely.box(36, 35, 36.5, 36), shapely.box(36.3, 35, 37, 36)
    history = ControlHistory.from_snapshots(
        maps([(DAYS[0], "A", a), (DAYS[0], "B", b)], basis=["assessed", "claimed"])
    )
    assert held(history, DAYS[0])["A"] == pytest.approx(km2(a))
    totals = history.measures(start=DAYS[0], end=DAYS[0]).set_index("actor")["area_km2"]
    assert totals["A"] == pytest.approx(km2(a))
    assert totals["B"] == 0


def test_a_zone_of_no_data_is_nobodys_and_not_the_rests():
    a, grey = shapely.box(36, 35, 36.5, 36), shapely.box(36.4, 35, 36.7, 36)
    frame = maps([(DAYS[0], "A", a), (DAYS[0], None, grey)], status=["controlled", "no_data"])
    found = held(ControlHistory.from_snapshots(frame, rest="B", outline=THEATRE), DAYS[0])
    assert found["A"] == pytest.approx(km2(a))
    assert found["B"] == pytest.approx(km2(shapely.box(36.7, 35, 37, 36)))


def test_the_beginning_of_the_record_is_nobodys_gain():
    steps = [("2024-12-05 06:00", THEATRE), ("2024-12-07 06:00", THEATRE)]
    measures = ControlHistory.from_snapshots(steps, actor="A").measures()
    assert measures["date"].iloc[0] == pd.Timestamp("2024-12-06", tz="UTC")
    assert measures["gained_km2"].tolist() == [0.0] * len(measures)


def test_what_a_reader_returns_is_taken_with_its_origin():
    class Data:
        def __init__(self, day, maker):
            self.frame = maps([(day, "A", THEATRE)], source=[maker])
            self.maker = maker

        def sources(self):
            return pd.DataFrame({"id": [self.maker], "licence": ["CC0"]})

    history = ControlHistory.from_snapshots([Data(DAYS[0], "maker"), Data(DAYS[1], "maker")])
    history = history.append(Data(DAYS[2], "other"))
    assert history.sources["id"].tolist() == ["maker", "other"]


def test_a_bow_tie_is_repaired_with_both_lobes_and_reported():
    bow = shapely.Polygon([(36, 35), (36.4, 35.4), (36.4, 35), (36, 35.4)])
    history = ControlHistory.from_snapshots([(DAYS[0], bow)], actor="A")
    assert held(history, DAYS[0])["A"] == pytest.approx(km2(shapely.make_valid(bow)), rel=1e-6)
    finding = history.findings.iloc[0]
    assert finding["kind"] == "repaired"
    assert "Self-intersection" in finding["note"]


def test_geodesic_edges_are_drawn_as_such():
    wide = shapely.Polygon([(30, 50), (40, 50), (40, 45), (30, 45)])
    planar, geodesic = (
        held(ControlHistory.from_snapshots([(DAYS[0], wide)], actor="A", edges=each), DAYS[0])["A"]
        for each in ("planar", "geodesic")
    )
    expected = float(areas_m2([wide], edges="geodesic")[0] / 1e6)
    assert geodesic == pytest.approx(expected, rel=1e-6)
    assert abs(planar - expected) > 100


def good(**columns):
    return maps([(DAYS[0], "A", THEATRE)]).assign(**columns)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (lambda: maps([(DAYS[0], "A", THEATRE)]).iloc[:0], InputError, "is empty"),
        (lambda: 7, InputError, "must be a GeoDataFrame"),
        (lambda: "x.geojson", InputError, "must be a GeoDataFrame"),
        (list, InputError, "no dated map"),
        (lambda: good().drop(columns="date"), InputError, "date is missing"),
        (lambda: good().drop(columns="actor"), InputError, "whose zones"),
        (lambda: good(actor=None), InputError, "row 0: actor None is no name"),
        (lambda: good(actor="A\0B"), InputError, "holds what no file can"),
        (lambda: good(date="05/12/2024"), DateError, "day or the month first"),
        (lambda: good(status="lost"), InputError, "status 'lost'"),
        (lambda: good().set_crs(None, allow_override=True), CRSError, "no CRS"),
        (lambda: [(DAYS[1], THEATRE), (DAYS[0], THEATRE)], InputError, "in order of date"),
        (
            lambda: maps([(DAYS[0], "A", shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)]))]),
            InputError,
            "not finite",
        ),
    ],
)  # fmt: skip
def test_bad_maps_are_refused_in_a_sentence(given, error, message):
    with pytest.raises(error, match=message):
        ControlHistory.from_snapshots(given(), actor="A" if isinstance(given(), list) else None)


def test_empty_and_missing_geometries_are_reported_and_nothing_else_is_lost():
    rows = [(DAYS[0], "A", THEATRE), (DAYS[0], "A", None), (DAYS[0], "A", shapely.Polygon())]
    rows.append((DAYS[0], "A", shapely.Point(36, 35)))
    history = ControlHistory.from_snapshots(maps(rows))
    assert held(history, DAYS[0])["A"] == pytest.approx(km2(THEATRE))
    assert sorted(history.findings["kind"]) == ["empty", "no area"]


# --- any patchwork ----------------------------------------------------------------------------


boxes = st.tuples(*[st.integers(0, 9)] * 2, *[st.integers(1, 5)] * 2).map(
    lambda b: shapely.box(b[0] / 10, b[1] / 10, (b[0] + b[2]) / 10, (b[1] + b[3]) / 10)
)
slants = st.lists(st.tuples(st.integers(0, 997), st.integers(0, 991)), min_size=3, max_size=6).map(
    lambda spots: shapely.convex_hull(shapely.multipoints(np.array(spots) / 700))
)
shapes = st.one_of(boxes, slants).filter(lambda shape: shape.area > 1e-3)
archives = st.lists(st.lists(shapes, max_size=3), min_size=1, max_size=6)


def days_of(archive):
    return [
        (day, shapely.union_all(each) if each else shapely.Polygon())
        for day, each in zip(DAYS, archive, strict=False)
    ]


@given(archives, st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_day_has_the_area_of_its_map(archive, bounded):
    days = days_of(archive)
    theatre = shapely.box(-0.1, -0.1, 1.6, 1.6)
    options = {"rest": "B", "outline": theatre} if bounded else {}
    history = ControlHistory.from_snapshots(days, actor="A", **options)
    for day, shape in days:
        found = held(history, day)
        # A vertex moves by 0.06 m at most, along a border of at most 1,500 km.
        assert found.get("A", 0.0) == pytest.approx(km2(shape), abs=0.1)
        if bounded:
            assert sum(found.values()) == pytest.approx(km2(theatre), rel=1e-11)
    assert coverage_faults(np.asarray(history.cells.geometry.array)) == 0


@given(archives, st.sampled_from([None, "B"]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_map_appended_is_a_map_built_in(archive, rest, bounded):
    days = days_of(archive)
    options = {"actor": "A", "rest": rest}
    if bounded:
        options["outline"] = shapely.box(-0.1, -0.1, 1.6, 1.6)
    whole = ControlHistory.from_snapshots(days, **options)
    grown = ControlHistory.from_snapshots(days[:1], **options)
    for day in days[1:]:
        grown = grown.append(day)
    for day, _ in days:
        one, two = held(whole, day), held(grown, day)
        assert one.get("A", 0.0) == pytest.approx(two.get("A", 0.0), abs=0.1)
        lengths = [h.front(day)["length_km"].sum() for h in (whole, grown)]
        assert lengths[0] == pytest.approx(lengths[1], abs=0.5)
    fresh = type(grown.composite).from_polygons(
        np.asarray(grown.cells.geometry.array)[grown.cells["area_km2"] > 0]
    )
    assert fresh.length_km.sum() == pytest.approx(grown.composite.length_km.sum(), rel=1e-9)


def test_appended_maps_may_reach_beyond_the_outline():
    beyond = [shapely.box(35, 34, x, 37) for x in (36.5, 36.7, 38)]
    days = list(zip(DAYS, beyond, strict=False))
    options = {"actor": "A", "rest": "B", "outline": THEATRE}
    grown = ControlHistory.from_snapshots(days[:1], **options)
    for day in days[1:]:
        grown = grown.append(day)
    for day, shape in days:
        found = held(grown, day)["A"]
        assert found == pytest.approx(km2(shapely.intersection(shape, THEATRE)), rel=1e-9)
    assert grown.findings["kind"].tolist() == ["outside"] * 3
    assert grown.findings["date"].dt.strftime("%Y-%m-%d").tolist() == DAYS[:3]


def test_a_hole_that_was_nobodys_may_be_filled():
    hole = shapely.box(36.3, 35.3, 36.7, 35.7)
    ring = shapely.difference(THEATRE, hole)
    history = ControlHistory.from_snapshots(maps([(DAYS[0], "A", ring)]))
    whole = history.append(maps([(DAYS[1], "A", THEATRE)]))
    assert held(whole, DAYS[1])["A"] == pytest.approx(km2(THEATRE))
    both = history.append(maps([(DAYS[1], "A", ring), (DAYS[1], "B", hole)]))
    assert held(both, DAYS[1])["B"] == pytest.approx(km2(hole))


def test_a_map_without_zones_takes_them_all_away():
    full = maps([(DAYS[0], "A", THEATRE)]).drop(columns="date")
    for empty in (full.iloc[:0], shapely.Polygon()):
        history = ControlHistory.from_snapshots([(DAYS[0], full), (DAYS[1], empty)], actor="A")
        assert held(history, DAYS[2]).get("A") is None
        assert history.findings["kind"].tolist() == ["empty"]


def test_slivers_are_counted_map_by_map():
    rows = []
    for i, day in enumerate(DAYS[:2]):
        x = 36.5 + i / 1000
        rows += [
            (day, "A", shapely.box(36, 35, x, 36)),
            (day, "B", shapely.box(x - 1e-5, 35, 37, 36)),
        ]
    history = ControlHistory.from_snapshots(maps(rows), sliver_km2=0.15)
    assert history.findings["kind"].tolist() == ["sliver", "sliver"]


def test_infiltration_takes_nothing_from_who_holds_it():
    b, a = shapely.box(36, 35, 36.6, 36), shapely.box(36.4, 35, 36.8, 36)
    frame = maps([(DAYS[0], "B", b), (DAYS[0], "A", a)], status=["controlled", "infiltration"])
    frame["basis"] = ["assessed", "confirmed"]
    assert held(ControlHistory.from_snapshots(frame), DAYS[0])["B"] == pytest.approx(km2(b))


def test_questions_that_do_not_fit_are_refused():
    history = ControlHistory.from_snapshots([(DAYS[0], THEATRE)], actor="A")
    report = gpd.GeoDataFrame(
        {"actor": ["B"], "valid_from": DAYS[1]}, geometry=[shapely.Point(36.5, 35.5)], crs=4326
    )
    with pytest.raises(InputError, match="from_places built"):
        history.with_reports(report)
    with pytest.raises(InputError, match="sliver_km2"):
        ControlHistory.from_snapshots([(DAYS[0], THEATRE)], actor="A", sliver_km2=None)


def test_append_takes_corrections_and_refuses_the_past():
    small, large = shapely.box(36, 35, 36.2, 36), shapely.box(36, 35, 36.6, 36)
    frame = maps([(DAYS[0], "A", small)], recorded_from=["2024-12-02"])
    history = ControlHistory.from_snapshots(frame)
    right = maps([(DAYS[0], "A", large)], recorded_from=["2024-12-04"])
    mended = history.append(right)
    assert held(mended, DAYS[0], as_of="2024-12-03")["A"] == pytest.approx(km2(small))
    assert held(mended, DAYS[0])["A"] == pytest.approx(km2(large))
    assert held(history, DAYS[0])["A"] == pytest.approx(km2(small))
    with pytest.raises(InputError, match="already"):
        mended.append(right)
    with pytest.raises(InputError, match="older than the last one"):
        mended.append(maps([("2024-11-01", "A", large)], recorded_from=["2024-12-05"]))


def test_a_stream_is_read_once_and_not_held():
    alive = []

    def stream():
        for i, day in enumerate(DAYS):
            shape = shapely.box(36, 35, 36.2 + i / 100, 36)
            alive.append(shape)
            yield day, shape

    history = ControlHistory.from_snapshots(stream(), actor="A")
    assert len(alive) == len(history.reports) == 12
    assert len(history.cells) == 12


@pytest.mark.parametrize("name", ["case.gpkg", "case"])
def test_saved_and_opened_it_is_the_same_history(tmp_path, name):
    rows = [*OVERLAP, (DAYS[3], "A", shapely.box(36, 35, 36.9, 36))]
    frame = maps(rows, recorded_from=["2024-12-02"] * 2 + ["2024-12-03"] * 2 + ["2024-12-05"])
    history = ControlHistory.from_snapshots(frame, overlap="contested", rest="C", name="test")
    again = ControlHistory.open(history.save(tmp_path / name))
    for day in DAYS[:5]:
        for as_of in (None, "2024-12-03 12:00"):
            pd.testing.assert_frame_equal(
                again.at(day, as_of=as_of), history.at(day, as_of=as_of), check_like=True
            )
    pd.testing.assert_frame_equal(again.findings, history.findings)
    pd.testing.assert_frame_equal(again.front(DAYS[1]), history.front(DAYS[1]))
    assert again.gaps.equals(history.gaps)
    longer = again.append(maps([(DAYS[4], "A", THEATRE)], recorded_from=["2024-12-06"]))
    assert held(longer, DAYS[4])["A"] == pytest.approx(km2(THEATRE), rel=1e-9)
