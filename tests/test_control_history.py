"""`ControlHistory.from_places` and its views on theatres small enough to work out by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.control import ControlHistory
from frontline.edges import area_m2, length_m
from frontline.errors import CRSError, DateError, InputError, UnknownPlaceError
from frontline.nearness import distance_m

BOX = shapely.box(36.0, 35.0, 36.4, 35.4)


def frame(rows, columns=("lon", "lat", "actor", "valid_from")):
    table = pd.DataFrame(rows, columns=list(columns))
    points = gpd.points_from_xy(table.pop("lon"), table.pop("lat"))
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


@pytest.fixture
def square():
    """Four sites in a square, all A's; B takes the south-east, then the north-east."""
    sites = [(36.1, 35.1), (36.3, 35.1), (36.1, 35.3), (36.3, 35.3)]
    rows = [(*site, "A", "2024-12-01") for site in sites]
    rows += [(36.3, 35.1, "B", "2024-12-03 06:00"), (36.3, 35.3, "B", "2024-12-05")]
    return ControlHistory.from_places(frame(rows), outline=BOX)


def test_two_by_two_partition(square):
    assert len(square.cells) == 4
    # Four outer edges of two sides each are four chains, four inner ones meet in the middle.
    assert (square.edges["right"] >= 0).sum() == 4
    total = area_m2(BOX) / 1e6
    for when in ("2024-11-01", "2024-12-02", "2024-12-04", "2024-12-06"):
        zones = square.at(when)
        assert zones["area_km2"].sum() == pytest.approx(total, abs=1e-6)
        assert shapely.coverage_is_valid(zones.geometry.array)
    assert square.at("2024-11-01")["actor"].tolist() == [None]
    assert square.at("2024-11-01")["status"].tolist() == ["no_data"]


def test_states_change_at_the_instant(square):
    assert square.at("2024-12-03 05:59:59")["actor"].tolist() == ["A"]
    assert square.at("2024-12-03 06:00")["actor"].tolist() == ["A", "B"]
    assert square.at("2024-12-03 09:00+03:00")["actor"].tolist() == ["A", "B"]


def test_front_is_the_edge_that_the_hand_draws(square):
    front = square.front("2024-12-06")
    assert front[["actor_left", "actor_right"]].to_numpy().tolist() == [["A", "B"]]
    middle = shapely.LineString([(36.2, 35.0), (36.2, 35.4)])
    assert front["length_km"].iloc[0] == pytest.approx(length_m(middle) / 1e3, rel=1e-5)
    # A, in the west, lies to the left of who walks the line: it runs north.
    line = front.geometry.iloc[0]
    assert line.geom_type == "LineString"
    assert line.coords[0][1] < line.coords[-1][1]
    assert front["confirmed_on"].iloc[0] == pd.Timestamp("2024-12-05", tz="UTC")
    assert square.front("2024-12-02").empty


def test_changes_tell_gains_and_losses_apart(square):
    changes = square.changes("2024-12-02", "2024-12-06")
    assert changes[["from_actor", "to_actor"]].to_numpy().tolist() == [["A", "B"]]
    assert changes["area_km2"].iloc[0] == pytest.approx(area_m2(BOX) / 2e6, rel=1e-5)
    assert square.changes("2024-12-06", "2024-12-07").empty


def test_measures_close(square):
    table = square.measures()
    assert table.columns.tolist() == [
        "date", "actor", "area_km2", "gained_km2", "lost_km2", "front_km", "churn_km2",
    ]  # fmt: skip
    for _, rows in table.groupby("actor"):
        net = rows["area_km2"].diff().iloc[1:]
        assert np.allclose(rows["gained_km2"].iloc[1:] - rows["lost_km2"].iloc[1:], net, atol=1e-9)


def test_holder_of_points_and_dates(square):
    points = gpd.GeoSeries.from_xy([36.35, 36.35, 36.05, 0.0], [35.05] * 4, crs=4326)
    points.index = ["a", "b", "c", "d"]
    whens = pd.Series(["2024-12-02", "2024-12-04", "2024-12-04", "2024-12-04"], index=points.index)
    held = square.holder(points, whens)
    assert held.index.tolist() == ["a", "b", "c", "d"]
    assert held.tolist() == ["A", "B", "A", None]


# --- a theatre with everything in it ---------------------------------------------------------

WIDE = shapely.box(36.0, 35.0, 37.0, 36.0)
DAYS = pd.date_range("2024-11-26", periods=20, freq="D")


@pytest.fixture(scope="module", params=[(0.0, 0.0), (-80.0, 25.0), (110.0, -68.0)])
def busy(request):
    """A made-up war at three latitudes: points, areas, claims, bands, infill, no data."""
    east, north = request.param
    rng = np.random.default_rng(5)
    n = 60
    x, y = rng.uniform(36, 37, n) + east, rng.uniform(35, 36, n) + north
    rows = [(x[i], y[i], rng.choice(["A", "B"]), "2024-11-26") for i in range(n - 5)]
    for _ in range(120):
        i = int(rng.integers(n))
        rows.append((x[i], y[i], rng.choice(["A", "B", "C"]), DAYS[rng.integers(1, 20)]))
    table = frame(rows)
    table["basis"] = rng.choice(["reported", "claimed"], len(table), p=[0.9, 0.1])
    table["status"] = rng.choice(["controlled", "contested"], len(table), p=[0.95, 0.05])
    table["recorded_from"] = pd.to_datetime(table["valid_from"]) + pd.to_timedelta(
        rng.integers(0, 48, len(table)), unit="h"
    )
    area = shapely.transform(
        shapely.Point(36.5, 35.5).buffer(0.2, quad_segs=3), lambda xy: np.add(xy, [east, north])
    )
    extra = gpd.GeoDataFrame(
        {"actor": ["C"], "valid_from": ["2024-12-03"]}, geometry=[area], crs=4326
    )
    outline = shapely.transform(WIDE, lambda xy: np.add(xy, [east, north]))
    return ControlHistory.from_places(
        pd.concat([table, extra], ignore_index=True),
        outline=outline,
        max_km=9,
        contested_km=1,
        infill=True,
    ), outline


@given(hours=st.integers(-24, 24 * 21), lag=st.none() | st.integers(0, 24 * 22))
@settings(max_examples=25, deadline=None)
def test_a_partition_at_every_instant(busy, hours, lag):
    h, outline = busy
    when = DAYS[0] + pd.Timedelta(hours=hours)
    as_of = None if lag is None else DAYS[0] + pd.Timedelta(hours=lag)
    zones = h.at(when, as_of=as_of, by=("actor", "status", "basis"))
    assert zones["area_km2"].sum() * 1e6 == pytest.approx(area_m2(outline), abs=1.0)
    assert shapely.coverage_is_valid(zones.geometry.array)
    assert not shapely.is_empty(zones.geometry.array).any()
    assert zones.geometry.is_valid.all()
    areas = np.array([area_m2(shape) for shape in zones.geometry])
    assert np.allclose(areas, zones["area_km2"] * 1e6, atol=0.01)


def test_spells_never_overlap_in_both_times(busy):
    h, _ = busy
    far = pd.Timestamp("2200-01-01", tz="UTC")
    past = pd.Timestamp("1800-01-01", tz="UTC")
    for _, rows in h.spells.groupby("cell"):
        box = list(
            zip(
                rows["valid_from"],
                rows["valid_to"].fillna(far),
                rows["recorded_from"].fillna(past),
                rows["recorded_to"].fillna(far),
                strict=True,
            )
        )
        for i, a in enumerate(box):
            for b in box[:i]:
                assert not (a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3])


def test_gained_less_lost_is_net_to_the_square_metre(busy):
    h, _ = busy
    for include in ((), ("contested", "claimed", "infiltration")):
        table = h.measures("12h", include=include)
        for _, rows in table.groupby("actor"):
            net = rows["area_km2"].diff().iloc[1:]
            close = rows["gained_km2"].iloc[1:] - rows["lost_km2"].iloc[1:] - net
            assert np.abs(close).max() < 1e-6
    moved = h.changes(DAYS[3], DAYS[9])
    zones = [h.at(day, by="actor").set_index("actor")["area_km2"] for day in (DAYS[3], DAYS[9])]
    for actor in h.actors:
        gained = moved.loc[moved["to_actor"] == actor, "area_km2"].sum()
        lost = moved.loc[moved["from_actor"] == actor, "area_km2"].sum()
        assert gained - lost == pytest.approx(
            zones[1].get(actor, 0) - zones[0].get(actor, 0), abs=1e-6
        )


def test_front_is_what_zones_share(busy):
    h, _ = busy
    when = DAYS[8]
    zones = h.at(when, by="actor").set_index("actor").geometry
    for row in h.front(when).itertuples():
        shared = shapely.intersection(
            shapely.boundary(zones[row.actor_left]), shapely.boundary(zones[row.actor_right])
        )
        assert shapely.length(shared) == pytest.approx(shapely.length(row.geometry), rel=1e-9)
        assert length_m(row.geometry) / 1e3 == pytest.approx(row.length_km, rel=1e-9)


def test_holder_state_codes_and_at_tell_the_same(busy):
    h, outline = busy
    rng = np.random.default_rng(0)
    west, south, east, north = outline.bounds
    points = gpd.GeoSeries.from_xy(
        rng.uniform(west, east, 300), rng.uniform(south, north, 300), crs=4326
    )
    whens = pd.Series(DAYS[rng.integers(0, 5, 300) * 4])
    held = h.holder(points, whens)
    codes, states = h.state_codes(DAYS)
    assert codes.dtype == np.int32
    assert codes.shape == (20, len(h.cells))
    assert states[0] == (None, "no_data", None)
    cells = h.composite.cells_at(np.asarray(points.array))
    at = {when: h.at(when, by="actor") for when in whens.unique()}
    for i, (point, when) in enumerate(zip(points, whens, strict=True)):
        zones = at[when]
        assert zones.loc[zones.intersects(point), "actor"].iloc[0] == held[i]
        assert states[codes[DAYS.get_loc(when), cells[i]]][0] == held[i]


def test_bands_never_reach_past_the_cells_at_the_front(busy):
    h, _ = busy
    when = DAYS[8]
    band = h.at(when, by="status").set_index("status").geometry["contested"]
    front = h.front(when).geometry.union_all()
    # Some cells are reported contested as a whole; all else keeps to the width of the band.
    told = h.spells[h.spells["report"].isin(h.reports.index[h.reports["status"] == "contested"])]
    told = shapely.union_all(h.composite.polygons[told["cell"].unique()])
    reach = shapely.hausdorff_distance(front, shapely.difference(band, told.buffer(1e-6)))
    assert reach > 0
    rest = shapely.get_coordinates(shapely.difference(band, told.buffer(1e-6)))[::40]
    far = max(distance_m(shapely.Point(xy), front) for xy in rest)
    assert far < 1_030  # a kilometre, the grid and the chords' rounding


def test_bands_do_not_change_who_holds():
    rows = [(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "B", "2024-12-01")]
    h = ControlHistory.from_places(frame(rows), outline=BOX, contested_km=2)
    zones = h.at("2024-12-02").set_index(["actor", "status"])["area_km2"]
    side = length_m(shapely.LineString([(36.2, 35.0), (36.2, 35.4)])) / 1e3
    assert zones["A", "contested"] == pytest.approx(2 * side, rel=2e-3)
    assert zones["B", "contested"] == pytest.approx(2 * side, rel=2e-3)
    assert zones.sum() == pytest.approx(area_m2(BOX) / 1e6, rel=1e-9)
    assert len(h.front("2024-12-02")) == 1


def test_beyond_max_km_is_no_data_until_an_area_report_speaks():
    table = frame([(36.5, 35.5, "A", "2024-12-01")])
    area = gpd.GeoDataFrame(
        {"actor": ["B"], "valid_from": ["2024-12-05"]}, geometry=[WIDE], crs=4326
    )
    h = ControlHistory.from_places(
        pd.concat([table, area], ignore_index=True), outline=WIDE, max_km=20
    )
    early = h.at("2024-12-02").set_index("actor")["area_km2"]
    assert early["A"] == pytest.approx(np.pi * 400, rel=1e-3)
    assert h.at("2024-12-06")["actor"].tolist() == ["B"]
    assert h.front("2024-12-02").empty


def test_an_area_report_cuts_exactly_or_speaks_for_its_sites():
    sites = frame([(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "A", "2024-12-01")])
    shape = shapely.box(36.15, 35.1, 36.39, 35.3)
    area = gpd.GeoDataFrame(
        {"actor": ["B"], "valid_from": ["2024-12-02"]}, geometry=[shape], crs=4326
    )
    cut = ControlHistory.from_places(pd.concat([sites, area], ignore_index=True), outline=BOX)
    held = cut.at("2024-12-03").set_index("actor").geometry["B"]
    assert held.symmetric_difference(shape).area < 1e-9
    whole = ControlHistory.from_places(
        pd.concat([sites, area.assign(cut=False)], ignore_index=True), outline=BOX
    )
    held = whole.at("2024-12-03").set_index("actor")["area_km2"]
    assert held["B"] == pytest.approx(area_m2(BOX) / 2e6, rel=1e-4)
    assert len(whole.cells) == 2


def test_without_an_outline_an_edge_against_nobody_is_front():
    rows = [(36.1, 35.1, "A", "2024-12-01"), (36.3, 35.1, "B", "2024-12-05")]
    h = ControlHistory.from_places(frame(rows))
    front = h.front("2024-12-02")
    assert front[["actor_left", "actor_right"]].to_numpy().tolist() == [["A", None]]
    assert h.front("2024-12-06")[["actor_left", "actor_right"]].to_numpy().tolist() == [["A", "B"]]
    between = h.front("2024-12-06", between=("B", "A"))
    assert len(between) == 1
    with pytest.raises(InputError, match="holds nothing"):
        h.front("2024-12-06", between=("A", "Z"))


def test_distance_and_advance(square):
    spot = shapely.Point(36.05, 35.35)
    far = square.distance_to_front([spot, (36.3, 35.35)], "2024-12-06")
    line = square.front("2024-12-06").geometry.iloc[0]
    assert far.iloc[0] == pytest.approx(distance_m(spot, line), abs=1e-3)
    assert np.isnan(square.distance_to_front([spot], "2024-12-02").iloc[0])
    table = square.advance((36.1, 35.35), start="2024-12-02", end="2024-12-07")
    assert table["date"].dt.day.tolist() == [2, 3, 4, 5, 6, 7]
    assert np.isnan(table["distance_km"].iloc[0])
    for row in table.iloc[2:].itertuples():
        front = square.front(row.date).geometry.union_all()
        exact = distance_m(shapely.Point(36.1, 35.35), front) / 1e3
        assert row.distance_km == pytest.approx(exact, abs=1e-6)
    assert table["rate_km_per_day"].iloc[3] == pytest.approx(
        table["distance_km"].iloc[3] - table["distance_km"].iloc[2]
    )
    assert table["staleness_days"].iloc[2] == pytest.approx(0.75)
    assert table["holder"].tolist() == ["A"] * 6


def test_places_without_a_report_have_a_cell_of_no_data():
    places = gpd.GeoDataFrame(
        {"place_id": ["p1", "p2", "p3"], "name": ["Suran", "Suran", "Hama"]},
        geometry=gpd.points_from_xy([36.1, 36.3, 0.0], [35.2, 35.2, 0.0]),
        crs=4326,
    )
    rows = pd.DataFrame({"place": ["p1"], "actor": ["A"], "valid_from": ["2024-12-01"]})
    h = ControlHistory.from_places(rows, places=places, outline=BOX)
    assert h.cells["place"].tolist() == ["Suran", "Suran"]  # Hama lies outside
    assert h.at("2024-12-02")["actor"].tolist() == ["A", None]
    with pytest.raises(InputError, match=r"row 0: place 'Suran' names 2 places"):
        ControlHistory.from_places(rows.assign(place="Suran"), places=places, outline=BOX)


def test_frames_are_copies(square):
    before = square.at("2024-12-06")["area_km2"].tolist()
    cells, edges, spells, reports = square.cells, square.edges, square.spells, square.reports
    cells.loc[0, "area_km2"] = 0.0
    cells.geometry.array[:] = shapely.Point(0, 0)
    edges["left"] = -1
    spells.loc[:, "actor"] = "X"
    reports.loc[:, "actor"] = "X"
    assert square.at("2024-12-06")["area_km2"].tolist() == before
    assert square.actors == ["A", "B"]


def test_another_crs_is_transformed():
    rows = frame([(36.1, 35.2, "A", "2024-12-01"), (36.3, 35.2, "B", "2024-12-01")])
    outline = gpd.GeoDataFrame(geometry=[BOX], crs=4326)
    plain = ControlHistory.from_places(rows, outline=outline)
    turned = ControlHistory.from_places(rows.to_crs(32637), outline=outline.to_crs(32637))
    assert turned.at("2024-12-02")["area_km2"].tolist() == pytest.approx(
        plain.at("2024-12-02")["area_km2"].tolist(), rel=1e-4
    )


# --- what cannot be used ----------------------------------------------------------------------

GOOD = {"actor": "A", "valid_from": "2024-12-01", "geometry": shapely.Point(36.1, 35.1)}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"valid_from": "2024-11-31"}, DateError, r"row 7: valid_from '2024-11-31'"),
        ({"valid_from": None}, DateError, "row 7: valid_from is missing"),
        ({"valid_to": "2024-12-01"}, DateError, r"row 7: valid_to .* is not after valid_from"),
        ({"status": "taken"}, InputError, "row 7: status 'taken' is unknown; use controlled"),
        ({"basis": "rumour"}, InputError, "row 7: basis 'rumour'"),
        ({"geometry": shapely.Point(35.1, 36.1)}, InputError, "swapped it would be inside"),
        ({"geometry": shapely.Point(1.0, 2.0)}, InputError, "outside the outline"),
        ({"geometry": shapely.Point(4e6, 3e6)}, CRSError, "beyond 180"),
        ({"geometry": shapely.Point(np.nan, np.nan)}, InputError, "row 7"),
        ({"geometry": shapely.Point()}, InputError, "row 7: geometry is empty"),
        ({"geometry": shapely.LineString([(36, 35), (37, 36)])}, InputError, "LineString"),
        ({"geometry": None}, InputError, "neither place nor geometry"),
        ({"geometry": "POINT (36 35)"}, InputError, "not a shapely geometry"),
        ({"actor": 7}, InputError, "actor 7 is no text"),
        ({"cut": "no"}, InputError, "cut 'no'"),
    ],
)
def test_a_bad_row_is_named(change, error, words):
    table = pd.DataFrame([GOOD, {**GOOD, **change}], index=[3, 7])
    with pytest.raises(error, match=words):
        ControlHistory.from_places(table, outline=BOX)


def test_all_faults_come_at_once():
    rows = [{**GOOD, "status": "x"}, GOOD, {**GOOD, "valid_from": "soon"}, {**GOOD, "basis": "y"}]
    with pytest.raises(InputError, match="3 faults") as caught:
        ControlHistory.from_places(pd.DataFrame(rows), outline=BOX)
    for row in ("row 0", "row 2", "row 3"):
        assert row in str(caught.value)


@pytest.mark.parametrize(
    ("reports", "options", "error", "words"),
    [
        (pd.DataFrame(), {}, InputError, "empty"),
        ([GOOD], {}, InputError, "must be a DataFrame"),
        (pd.DataFrame([{"actor": "A"}]), {}, InputError, "column valid_from is missing"),
        (pd.DataFrame([{"actor": "A", "valid_from": "2024"}]), {}, InputError, "place or geometry"),
        (gpd.GeoDataFrame([GOOD]), {}, CRSError, "reports has no CRS"),
        (pd.DataFrame([GOOD]), {"outline": gpd.GeoSeries([BOX])}, CRSError, "outline has no CRS"),
        (pd.DataFrame([GOOD]), {"outline": gpd.GeoDataFrame(geometry=[], crs=4326)}, InputError,
         "empty frame"),
        (pd.DataFrame([GOOD]), {"outline": shapely.Point(36, 35)}, InputError, "with an area"),
        (pd.DataFrame([GOOD]), {"outline": "Syria"}, InputError, "not str"),
        (pd.DataFrame([GOOD]), {"max_km": -1}, InputError, "max_km"),
        (pd.DataFrame([GOOD]), {"contested_km": float("nan")}, InputError, "contested_km"),
        (pd.DataFrame([GOOD]), {"resolve": "loudest"}, InputError, "resolve 'loudest'"),
        (pd.DataFrame([GOOD]), {"resolve": "source-rank"}, InputError, "rank"),
        (pd.DataFrame([GOOD]), {"infill": 3}, InputError, "infill"),
        (pd.DataFrame([GOOD]), {"sources": "s.csv"}, InputError, "sources"),
    ],
)  # fmt: skip
def test_bad_arguments(reports, options, error, words):
    with pytest.raises(error, match=words):
        ControlHistory.from_places(reports, **options)


def test_an_unknown_place_is_told_with_its_neighbours():
    class Atlas:
        def place(self, name):
            raise UnknownPlaceError("no", name=name, near_names=("Hama", "Homs"))

    table = pd.DataFrame([{"place": "Hamma", "actor": "A", "valid_from": "2024-12-01"}])
    with pytest.raises(
        InputError, match=r"row 0: place 'Hamma' is unknown; near names: Hama, Homs"
    ):
        ControlHistory.from_places(table, gazetteer=Atlas())


def test_bad_questions(square):
    with pytest.raises(DateError):
        square.at("2024-02-30")
    with pytest.raises(InputError, match="by="):
        square.at("2024-12-03", by=("colour",))
    with pytest.raises(InputError, match="the earlier one"):
        square.changes("2024-12-05", "2024-12-03")
    with pytest.raises(CRSError):
        square.holder(gpd.GeoSeries([shapely.Point(36, 35)]), "2024-12-03")
    with pytest.raises(InputError, match="2 dates for 1 points"):
        square.holder([(36.1, 35.1)], ["2024-12-03", "2024-12-04"])
    with pytest.raises(InputError, match="no points"):
        square.holder(gpd.GeoSeries([BOX], crs=4326), "2024-12-03")
    empty = gpd.GeoSeries([shapely.Point(), None], crs=4326, index=["x", "y"])
    with pytest.raises(InputError, match=r"rows \['x', 'y'\] are no points"):
        square.holder(empty, "2024-12-03")
    with pytest.raises(DateError):
        square.measures("fortnight")
