"""The payload, read back: outlines, areas, changes, texts."""

import gzip
from types import SimpleNamespace

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from frontline.composite import Composite
from frontline.control import ControlHistory
from frontline.edges import areas_m2, lengths_m
from frontline.errors import CRSError, InputError
from frontline.maps import payload_of, varint
from frontline.maps.arcs import arcs_of
from frontline.maps.decode import decode_payload
from frontline.maps.payload import party_of
from frontline.scene.content import kind_of_state
from tests.browser.map_case import START, STATES, Board, board_case


@pytest.fixture(scope="module")
def case():
    return board_case()


@pytest.fixture(scope="module")
def decoded(case):
    return decode_payload(payload_of(case).blob)


def states_like(decoded, kind, actor=None):
    names = [row["name"] for row in decoded.head["actors"]]
    return {
        i
        for i, (number, what, _) in enumerate(decoded.head["states"])
        if what == kind and (actor is None or (number >= 0 and names[number] == actor))
    }


@pytest.mark.parametrize(
    ("kind", "actor", "codes"),
    [("held", "Reds", [0]), ("held", "Blues", [1]), ("claimed", "Blues", [2]),
     ("contested", "Blues", [3]), ("no_data", None, [4])],
)  # fmt: skip
def test_outlines_come_back(case, decoded, kind, actor, codes):
    history = case.history
    expected_codes, _ = history.state_codes(decoded.times)
    for frame in range(len(decoded.times)):
        cells = history.cells.geometry.array[np.isin(expected_codes[frame], codes)]
        expected = shapely.union_all(cells)
        outline = decoded.outline(frame, states_like(decoded, kind, actor))
        assert outline.symmetric_difference(expected).area < 1e-12
        if len(cells):
            area_m2 = areas_m2([outline])[0]
            assert area_m2 == pytest.approx(areas_m2(cells).sum(), rel=1e-6)


def test_outlines_come_back_from_cells_off_the_grid():
    rng = np.random.default_rng(3)
    points = shapely.MultiPoint(rng.uniform([36, 35], [37, 36], (300, 2)))
    window = shapely.box(36.05, 35.05, 36.95, 35.95)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=window))
    cells = shapely.intersection(shapely.set_precision(cells, 1e-6), window)
    composite = Composite.from_polygons(cells)
    codes = rng.integers(0, 3, (4, len(composite.cells))).astype(np.int32)
    codes[1] = codes[0]
    arcs = arcs_of(composite.edges, codes, quantum_deg=1e-5)
    polygons = composite.cells.geometry.array
    for frame in range(4):
        for state in range(3):
            lines = [
                shapely.LineString(line / 1e5)
                for line, runs in zip(arcs.lines, arcs.runs, strict=True)
                for start, count, left, right in runs.tolist()
                if start <= frame < start + count and (left == state) != (right == state)
            ]
            # Each line carries the state on one side: every end must meet an even number of them.
            ends = np.concatenate([shapely.get_coordinates(line)[[0, -1]] for line in lines])
            _, counts = np.unique(ends, axis=0, return_counts=True)
            assert (counts % 2 == 0).all()
            expected = shapely.union_all(polygons[codes[frame] == state])
            drift_deg = shapely.hausdorff_distance(shapely.union_all(lines), expected.boundary)
            assert drift_deg < 1e-5
    assert (
        sum(len(line) for line in arcs.lines)
        < shapely.get_num_coordinates(composite.edges.geometry.array).sum()
    )


def test_sides_are_as_seen_walking_the_line(case, decoded):
    tree = shapely.STRtree(case.history.cells.geometry.array)
    codes, _ = case.history.state_codes(decoded.times)
    checked = 0
    for line, runs in zip(decoded.arcs.lines, decoded.arcs.runs, strict=True):
        (x0, y0), (x1, y1) = line[:2] / decoded.head["per_degree"]
        # Somewhere within: a line passes many corners of the board.
        middle = np.array([x0 + 0.373 * (x1 - x0), y0 + 0.373 * (y1 - y0)])
        away = np.array([-(y1 - y0), x1 - x0])
        left = middle + 0.01 * away / np.hypot(*away)
        cell = tree.query(shapely.Point(left), predicate="within")
        for start, count, state, _ in runs.tolist():
            frames = range(start, start + count)
            expected = {int(codes[f, cell[0]]) for f in frames} if len(cell) else {-1}
            names = {STATES[i][:2] if i >= 0 else "outside" for i in expected}
            assert len(names) == 1
            assert (state == -1) == (names == {"outside"})
            checked += 1
    assert checked > 50


def test_areas_are_sums_of_cells(case, decoded):
    codes, _ = case.history.state_codes(decoded.times)
    areas_km2 = case.history.cells["area_km2"].to_numpy()
    total = decoded.areas_km2.sum(axis=1)
    assert total == pytest.approx(np.full(len(total), areas_km2.sum()), abs=0.05)
    (held,) = states_like(decoded, "held", "Blues")
    for frame in range(len(codes)):
        expected = areas_km2[codes[frame] == 1].sum()
        assert decoded.areas_km2[frame, held] == pytest.approx(expected, abs=0.006)


def test_changes_close(decoded):
    """What a side gains and loses from frame to frame adds up to its net change."""
    (held,) = states_like(decoded, "held", "Blues")
    names = [row["name"] for row in decoded.head["actors"]]
    blues = names.index("Blues")
    changes = decoded.changes
    gained = changes.loc[changes["after"] == blues, "area_km2"].sum()
    lost = changes.loc[changes["before"] == blues, "area_km2"].sum()
    net = decoded.areas_km2[-1, held] - decoded.areas_km2[0, held]
    assert gained - lost == pytest.approx(net, abs=0.2)
    assert gained > 1_000
    # The Blues take a column every six hours, after it was contested and claimed.
    first = changes[changes["after"] == blues].iloc[0]
    assert first["when"] == START + pd.Timedelta(hours=6)
    assert party_of(first["before"]) == (blues, "contested")
    contested = changes[changes["after"] == first["before"]]
    assert {party_of(number) for number in contested["before"]} == {(blues, "claimed")}


def test_changes_keep_their_instants_between_frames(case):
    daily = decode_payload(payload_of(case, freq="D").blob)
    three_hourly = decode_payload(payload_of(case).blob)
    assert len(daily.times) == 3
    assert daily.changes.equals(three_hourly.changes)


def test_frames_and_texts_come_back(decoded):
    assert decoded.times[0] == START
    assert len(decoded.times) == 17
    head = decoded.head
    assert head["meta"]["title"] == "Board"
    assert head["meta"]["as_of"] == "2024-12-01"
    assert head["actors"][0].keys() == {"name", "label", "colour"}
    assert head["places"][0][0] == "Big City"
    assert head["events"][0]["region"] == 0
    assert head["events"][0]["at"] == pytest.approx([36.52, 35.28], abs=1e-4)
    assert "to" not in head["events"][1]
    assert decoded.regions[0][0].shape[1] == 2
    assert {layer[0] for layer in head["layers"]} >= {"sea", "borders", "districts", "rivers"}


def test_equal_input_gives_equal_bytes(case):
    first, second = payload_of(case).blob, payload_of(case).blob
    assert first == second
    assert first[4:8] == b"\0\0\0\0"  # gzip's time stamp


def test_a_payload_can_get_another_title(case):
    payload = payload_of(case).retitled("Another")
    assert decode_payload(payload.text).head["meta"]["title"] == "Another"
    assert payload.title == "Another"


def test_lines_that_never_divide_are_left_out(case, decoded):
    inner = ((case.history.edges["left"] >= 0) & (case.history.edges["right"] >= 0)).sum()
    assert len(decoded.arcs.lines) < inner
    points = np.concatenate([line / 1e5 for line in decoded.arcs.lines])
    assert points[:, 0].min() == pytest.approx(36.0)
    assert points[:, 1].max() == pytest.approx(35.6)


def test_runs_of_a_border(decoded):
    """Lengths of lines are kept: the front at a frame is as long as the cells' sides say."""
    names = decoded.head["states"]
    frame = 8  # noon plus twelve hours: four columns taken
    km = 0.0
    for line, runs in zip(decoded.arcs.lines, decoded.arcs.runs, strict=True):
        for start, count, left, right in runs.tolist():
            if not start <= frame < start + count or left < 0 or right < 0:
                continue
            sides = {names[left][0], names[right][0]}
            if len(sides) == 2 and -1 not in sides:
                km += lengths_m([shapely.LineString(line / 1e5)])[0] / 1000
    # Five cells tall (the sixth row has no data), and the cell at (4, 2), whose western side is
    # among the contested column ahead: Blues lie on all four sides of it and east of column five.
    tall_km = lengths_m([shapely.LineString([(36.6, 35.0), (36.6, 35.5)])])[0] / 1000
    hole = shapely.box(36.4, 35.2, 36.5, 35.3)
    assert km == pytest.approx(tall_km + lengths_m([hole.exterior])[0] / 1000, rel=1e-6)


def test_villages_come_back(case):
    places = case.places.assign(rank=[1, 2] + [3] * (len(case.places) - 2), population=None)
    decoded = decode_payload(payload_of(board_case(places=places)).blob)
    assert [row[0] for row in decoded.head["places"][:2]] == places["name"].tolist()[:2]
    got = {row[0]: tuple(row[1:3]) for row in decoded.head["places"]}
    points = zip(places["name"], places.geometry, strict=True)
    for name, point in points:
        assert got[name] == pytest.approx((point.x, point.y), abs=5.1e-5)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (("A", "advance", "assessed"), "advance"),
        (("A", "advance", "claimed"), "claimed"),
        (("A", "infiltration", "claimed"), "infiltration"),
        ((None, "contested", ""), "contested"),
        ((None, "controlled", "reported"), "no_data"),
        (("A", "no_data", ""), "no_data"),
    ],
)
def test_kinds_of_state(state, kind):
    assert kind_of_state(*state) == kind


def test_a_history_from_places_comes_back():
    places = ["north", "south", "east"]
    points = [shapely.Point(36.5, 35.5), shapely.Point(36.5, 35.1), shapely.Point(36.9, 35.3)]
    reports = gpd.GeoDataFrame(
        {
            "place": [*places, "south"],
            "actor": ["Reds", "Reds", "Blues", "Blues"],
            "valid_from": ["2024-11-27", "2024-11-27", "2024-11-27", "2024-11-28 09:00"],
        },
        geometry=[*points, points[1]],
        crs=4326,
    )
    history = ControlHistory.from_places(reports, outline=shapely.box(36.2, 34.9, 37.1, 35.7))
    decoded = decode_payload(payload_of(history).blob)
    assert decoded.times[-1] >= pd.Timestamp("2024-11-28 09:00", tz="UTC")
    for frame in (0, len(decoded.times) - 1):
        expected = history.at(decoded.times[frame])
        for actor in ("Reds", "Blues"):
            rows = expected[(expected["actor"] == actor) & (expected["status"] == "controlled")]
            outline = decoded.outline(frame, states_like(decoded, "held", actor))
            area_km2 = areas_m2([outline])[0] / 1e6
            # Coordinates move by up to half a metre: of 200 km of outline, less than 0.1 km2.
            assert area_km2 == pytest.approx(rows["area_km2"].sum(), abs=0.1)
    assert isinstance(history.map(), folium.Map)


def test_one_location_is_as_good_as_a_list(case):
    place = SimpleNamespace(point=shapely.Point(36.4, 35.3), locality="here")
    single = decode_payload(payload_of(case, locations=place).blob).head["events"]
    assert single == decode_payload(payload_of(case, locations=[place]).blob).head["events"]
    assert single[-1]["title"] == "here"


def test_long_names_are_cut(case):
    events = case.events.assign(kind="k" * 500)
    actors = pd.DataFrame({"name": ["Reds"], "label": ["r" * 500]})
    head = decode_payload(payload_of(board_case(events=events, actors=actors)).blob).head
    assert {len(event["kind"]) for event in head["events"]} == {120}
    assert {len(actor["label"]) for actor in head["actors"]} == {120, len("Blues")}


def test_codes_below_zero_are_no_data():
    class Gaps(Board):
        def state_codes(self, times):
            codes, states = super().state_codes(times)
            return np.where(codes == 4, -1, codes), states[:4]

    decoded = decode_payload(payload_of(Gaps()).blob)
    assert any(kind == "no_data" for _, kind, _ in decoded.head["states"])


def test_damaged_payloads_are_refused(case):
    raw = gzip.decompress(payload_of(case).blob)
    for damaged in (b"XXXX" + raw[4:], raw[:-3], raw + varint.encode([1])):
        with pytest.raises(InputError):
            decode_payload(gzip.compress(damaged))


def test_what_cannot_be_drawn_is_refused(case, tmp_path):
    with pytest.raises(InputError, match="ControlHistory or a Case"):
        payload_of("syria")
    with pytest.raises(InputError, match="precision"):
        payload_of(case, precision_deg=0.3)
    with pytest.raises(CRSError, match="places"):
        payload_of(board_case(places=case.places.set_crs(None, allow_override=True)))
    for point in (shapely.Point(), shapely.Point(float("nan"), 35.2)):
        with pytest.raises(InputError, match="event"):
            payload_of(board_case(events=case.events.assign(point=[point, point])))
    for odd in ("5 km east of Hama", [3], 3, [SimpleNamespace(point=None)]):
        with pytest.raises(InputError, match="locations="):
            payload_of(case, locations=odd)
    with pytest.raises(InputError, match="colour"):
        payload_of(board_case(actors=case.actors.assign(colour="red; x")))


def dated_maps(**columns):
    widths = {"2024-12-01": 0.5, "2024-12-02": 0.6, "2024-12-04": 0.6, "2024-12-05": 0.7,
              "2024-12-06": 0.8, "2024-12-09": 0.9}  # fmt: skip
    shapes = [shapely.box(36, 35, 36 + width, 36) for width in widths.values()]
    frame = {"date": list(widths), "actor": "A"} | columns
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


def test_days_without_a_map_are_in_the_payload():
    history = ControlHistory.from_snapshots(dated_maps())
    expected = [("2024-12-03", "2024-12-04"), ("2024-12-07", "2024-12-09")]
    seconds = [[int(pd.Timestamp(day, tz="UTC").timestamp()) for day in gap] for gap in expected]
    assert decode_payload(payload_of(history).blob).head["gaps"] == seconds
    assert history.gap_spans.left.tolist() == [pd.Timestamp(gap[0], tz="UTC") for gap in expected]


@pytest.mark.parametrize(
    ("given", "against_nobody", "beyond"),
    [
        ({}, True, -1),
        ({"rest": "B"}, False, 1),  # the number after the only actor who holds a cell
        ({"outline": shapely.box(36, 35, 37, 36)}, False, None),
        ({"rest": "B", "outline": shapely.box(36, 35, 37, 36)}, False, None),
    ],
)
def test_the_payload_says_what_counts_as_front(given, against_nobody, beyond):
    if given == {"rest": "B"}:
        maps = dated_maps().assign(geometry=shapely.box(36, 35, 37, 36))
    else:
        maps = dated_maps()
    history = ControlHistory.from_snapshots(maps, **given)
    head = decode_payload(payload_of(history).blob).head
    assert head["against_nobody"] is against_nobody
    assert head.get("beyond") == beyond


def test_land_that_nobody_holds_yet_is_not_drawn_without_an_outline():
    decoded = decode_payload(payload_of(ControlHistory.from_snapshots(dated_maps())).blob)
    assert [kind for _, kind, _ in decoded.head["states"]] == ["held"]
    # Lines of later days are not there before, so nothing tells where the front will be.
    first = [
        line[:, 0].max()
        for line, runs in zip(decoded.arcs.lines, decoded.arcs.runs, strict=True)
        if runs[0, 0] == 0
    ]
    assert max(first) == 3_650_000
    expected = areas_m2([shapely.box(36, 35, 36.5, 36)])[0] / 1e6
    assert decoded.areas_km2[0] == pytest.approx([expected], abs=0.006)
    assert {party_of(number) for number in decoded.changes["before"]} == {(-1, "no_data")}
