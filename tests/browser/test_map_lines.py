"""Lines as a browser decodes and draws them: held to the history, and to what is drawn anew."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import frontline as fl
from frontline.composite import Composite
from frontline.maps import payload_of, save
from frontline.maps.decode import decode_payload
from tests.browser.map_case import board_case

pytestmark = pytest.mark.browser

# Every line as the viewer has it: points in degrees, and the runs.
LINES = """(parts) => {
    const { length, world, offset, run } = parts.model.arcs;
    const lines = Array.from({ length }, () => ({ points: [], runs: [] }));
    for (let a = 0; a < length; a++) {
        for (let i = offset[a]; i < offset[a + 1]; i += 2) {
            const south = Math.atan(Math.exp(Math.PI * (1 - 2 * world[i + 1])));
            lines[a].points.push([world[i] * 360 - 180, (360 / Math.PI) * south - 90]);
        }
    }
    for (let r = 0; r < run.arc.length; r++) {
        const [first, end] = [run.first[r], run.end[r]];
        lines[run.arc[r]].runs.push([first, end - first, run.left[r], run.right[r]]);
    }
    return lines.map((line) => [line.points, line.runs]);
}"""

# The area of an actor in a frame, in the browser, from the lines beside it: the integral of the
# sine of the authalic latitude (Snyder 1987, 3-12) along edges that are straight in degrees.
AREA = """(parts, [actor, frame]) => {
    const [a, f] = [6378137, 1 / 298.257223563];
    const e2 = f * (2 - f), e = Math.sqrt(e2);
    const q = (lat) => {
        const s = Math.sin(lat);
        return (1 - e2) * (s / (1 - e2 * s * s) + Math.atanh(e * s) / e);
    };
    const model = parts.model;
    const { world, offset } = model.arcs;
    const kinds = ["held", "advance", "claimed"]; // a claim is control whose basis is one
    const mine = model.states.map(([who, kind]) => who === actor && kinds.includes(kind));
    model.sides(frame);
    let sum = 0;
    for (let k = 0; k < model.living; k++) {
        const line = model.alive[k];
        const sign = (mine[model.left[line]] ? 1 : 0) - (mine[model.right[line]] ? 1 : 0);
        if (!sign) continue;
        const lat = (i) => 2 * Math.atan(Math.exp(Math.PI * (1 - 2 * world[i + 1]))) - Math.PI / 2;
        for (let i = offset[line]; i + 3 < offset[line + 1]; i += 2) {
            const [one, two] = [lat(i), lat(i + 2)];
            const wide = (world[i + 2] - world[i]) * 2 * Math.PI;
            // Simpson's rule over eight parts.
            let mean = 0;
            for (let n = 0; n <= 8; n++) {
                const weight = n === 0 || n === 8 ? 1 : n % 2 ? 4 : 2;
                mean += (weight * q(one + ((two - one) * n) / 8)) / 24;
            }
            sum -= sign * wide * mean;
        }
    }
    return (sum * a * a) / 2 / 1e6;
}"""

# Step through frames as asked, then compare with all of it drawn anew: in how many pixels a frame
# differs at most by more than a trifle, and in how many anything is drawn.
STEPPED = """(parts, frames) => {
    const layer = parts.layer;
    const canvas = document.querySelector(".fl-canvas-data");
    const { width, height } = canvas;
    const pixels = () => canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let worst = 0;
    let seen = 0;
    for (const frame of frames) {
        layer.show(frame);
        const stepped = pixels();
        layer.redraw();
        const anew = pixels();
        let unlike = 0;
        for (let i = 0; i < anew.length; i += 4) {
            const [was, is] = [stepped[i + 3], anew[i + 3]];
            if (is) seen++;
            const at = [i, i + 1, i + 2];
            const off = at.map((c) => Math.abs(stepped[c] * was - anew[c] * is) / 255);
            if (Math.max(Math.abs(was - is), ...off) > 8) unlike++;
        }
        worst = Math.max(worst, unlike);
    }
    return [worst, seen];
}"""


def patchwork(days=24, **theatre):
    """Return a history of three actors, with holes and islands, from maps of some days."""
    rng = np.random.default_rng(11)
    window = shapely.box(36.0, 35.0, 37.2, 36.0)
    seeds = shapely.MultiPoint(rng.uniform([36.0, 35.0], [37.2, 36.0], (160, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=window))
    cells = shapely.set_precision(shapely.intersection(cells, window), 1e-6)
    x = shapely.get_x(shapely.centroid(cells))
    holder = np.searchsorted([36.35, 36.7, 37.05], x)  # A, B, C and nobody
    rows = []
    for day in pd.date_range("2024-11-01", periods=days):
        for number, actor in enumerate("ABC"):
            shape = shapely.union_all(cells[holder == number])
            rows.append({"date": day, "actor": actor, "geometry": shape})
        some = rng.integers(0, len(cells), 9)
        holder = holder.copy()
        holder[some] = rng.integers(0, 4, 9)
    return fl.ControlHistory.from_snapshots(gpd.GeoDataFrame(rows, crs=4326), **theatre)


THEATRES = {
    "endless": {},
    "with a rest": {"rest": "D"},
    "bounded": {"outline": shapely.box(36.1, 35.1, 37.1, 35.9)},
}


@pytest.fixture(scope="module", params=[*THEATRES, "bundled"])
def told(request, tmp_path_factory):
    """Return a history, its payload as decoded in Python, and its page."""
    if request.param == "bundled":
        thing = fl.load("syria-2024")
        history = thing.history
    else:
        thing = history = patchwork(**THEATRES[request.param])
    fine = {"precision_deg": 1e-7} if request.param == "bounded" else {}
    path = save(thing, tmp_path_factory.mktemp("lines") / "page.html", **fine)
    return history, decode_payload(payload_of(thing, **fine).blob), path


def test_a_browser_reads_what_python_reads(told, open_page):
    _, decoded, path = told
    lines = open_page(path).view(LINES)
    per_degree = decoded.head["per_degree"]
    assert len(lines) == len(decoded.arcs.lines) > 100
    for (points, runs), line, expected in zip(
        lines, decoded.arcs.lines, decoded.arcs.runs, strict=True
    ):
        found = np.array(points) * per_degree
        assert np.abs(found - line).max() < 1e-3  # of a step: rounding of the projection
        assert runs == expected.tolist()


def moved_km2(shapes, per_degree):
    """Return by how much areas may change when each vertex is moved to the grid: four sigma.

    A vertex moves by a step over the root of twelve, and takes half of both its edges along.
    """
    xy = shapely.get_coordinates(shapely.boundary(shapely.union_all(shapes)))
    edges_km = 111.2 * np.hypot(*np.diff(xy, axis=0).T)
    return 4 * 111.2 / per_degree / np.sqrt(12) * np.sqrt((edges_km**2).sum())


def test_areas_in_the_browser_are_those_of_the_history(told, open_page):
    history, decoded, path = told
    page = open_page(path)
    names = [actor["name"] for actor in decoded.head["actors"]]
    frames = np.linspace(0, len(decoded.times) - 1, 5).astype(int).tolist()
    checked = 0
    for frame in frames:
        now = history.at(decoded.times[frame])
        held = now[now["status"].isin(["controlled", "advance"])]
        for actor, name in enumerate(names):
            mine = held[held["actor"] == name]
            expected = mine["area_km2"].sum()
            found = page.view(AREA, [actor, frame])
            snapping_km2 = moved_km2(mine.geometry.array, decoded.head["per_degree"])
            assert found == pytest.approx(expected, rel=1e-6, abs=snapping_km2), (name, frame)
            checked += expected > 100
    assert checked >= 8


def test_outlines_are_the_source_within_the_grid(told):
    history, decoded, _ = told
    names = [actor["name"] for actor in decoded.head["actors"]]
    step_deg = 1 / decoded.head["per_degree"]
    for frame in (0, len(decoded.times) // 2):
        now = history.at(decoded.times[frame])
        for actor, name in enumerate(names):
            states = {i for i, state in enumerate(decoded.head["states"]) if state[0] == actor}
            expected = shapely.union_all(now.geometry[(now["actor"] == name).to_numpy()])
            if expected.is_empty:
                continue
            found = decoded.outline(frame, states)
            apart_deg = shapely.hausdorff_distance(found.boundary, expected.boundary)
            # Half a step each way, and a quarter of one for vertices that bend nothing.
            assert apart_deg < 1.1 * step_deg, (name, frame)


def test_a_step_draws_what_is_drawn_anew(told, open_page):
    _, decoded, path = told
    page = open_page(path)
    last = len(decoded.times) - 1
    frames = [0, 1, 2, 3, 5, 4, 3, last // 2, last // 2 + 1, last, 0, last - 1, last]
    worst, seen = page.view(STEPPED, frames)
    # A browser smooths paths of many points in another way than those of few, which shows in some
    # scattered pixels; a line that was left out would show in hundreds.
    assert seen > 100_000
    assert worst < 100
    page.view("(parts) => parts.map.setZoom(parts.map.getZoom() + 3, { animate: false })")
    worst, _ = page.view(STEPPED, frames)
    assert worst < 100


# Every line in pixels: all of its points, and those that are drawn.
PIXELS = """(parts) => {
    const { arcs } = parts.model;
    const { ref, scale } = parts.layer.outlines;
    return Array.from({ length: arcs.length }, function (_, a) {
        const all = [...arcs.world.subarray(arcs.offset[a], arcs.offset[a + 1])];
        return [all.map((at, i) => (at - ref[i & 1]) * scale), [...parts.layer.outlines.line(a)]];
    });
}"""


def test_no_point_that_is_left_out_could_be_seen(told, open_page):
    path = told[2]
    page = open_page(path)
    left_out = 0
    for by in (-1, 3):
        page.view("({ map }, by) => void map.setZoom(map.getZoom() + by, { animate: false })", by)
        for every, drawn in page.view(PIXELS):
            whole, line = (np.array(each).reshape(-1, 2) for each in (every, drawn))
            assert line[[0, -1]] == pytest.approx(whole[[0, -1]], abs=0.01)  # lines still meet
            away = shapely.distance(shapely.points(whole), shapely.linestrings(line))
            assert away.max() < 0.41
            left_out += len(whole) - len(line)
    assert left_out > 0


class Claims:
    """Thirteen days: in the land of Reds a claim of Greens takes over one of Blues, row by row.

    Each row is lower than a dash is long, and its border comes on a day of its own.
    """

    STATES = (
        ("Reds", "controlled", "confirmed"),
        ("Blues", "controlled", "claimed"),
        ("Greens", "controlled", "claimed"),
        ("Greens", "infiltration", "reported"),
    )
    START, DAYS, STEP_DEG, COLUMNS, ROWS = pd.Timestamp("2024-11-01", tz="UTC"), 13, 1 / 80, 72, 64
    MIDDLE, RIGHT = 36.5, 36.7

    def __init__(self):
        across, down = np.meshgrid(np.arange(self.COLUMNS), np.arange(self.ROWS))
        west, south = 36 + across * self.STEP_DEG, 35 + down * self.STEP_DEG
        squares = shapely.box(west, south, west + self.STEP_DEG, south + self.STEP_DEG)
        composite = Composite.from_polygons(list(squares.ravel()))
        self.cells, self.edges = composite.cells, composite.edges
        self.sources = pd.DataFrame({"id": []})
        inside = self.cells.geometry.representative_point()
        x = inside.x.to_numpy()
        row = np.floor((inside.y.to_numpy() - 35) / self.STEP_DEG)
        claimed = (row >= 12) & (row < 52)
        codes = np.zeros((self.DAYS, len(row)), dtype=np.int32)
        for day in range(self.DAYS):
            come = self.STEP_DEG * (row % (self.DAYS - 1) >= day)  # a column later
            codes[day, claimed & (x > 36.3)] = 1
            codes[day, claimed & (x > self.MIDDLE + come)] = 2
            codes[day, claimed & (x > self.RIGHT + come)] = 0
            codes[day, (row >= 20) & (row < 22 + day) & (x > 36.75) & (x < 36.82)] = 3
        self.codes = codes

    def state_codes(self, times):
        days = [max(0, min((time - self.START).days, self.DAYS - 1)) for time in times]
        return self.codes[days], list(self.STATES)

    def change_times(self):
        return pd.date_range(self.START, periods=self.DAYS, freq="D")


def test_borders_of_claims_are_dashed_also_against_each_other(open_page, tmp_path):
    """A line without gaps means a confirmed front."""
    page = open_page(save(board_case(history=Claims()), tmp_path / "claims.html"))
    page.view("({ map }) => void map.setZoom(map.getZoom() - 1, { animate: false })")
    last = Claims.DAYS - 1
    worst, seen = page.view(STEPPED, [0, 1, 2, 3, 2, 6, last - 1, last])
    assert seen > 100_000
    assert worst < 100
    lengths = page.view(
        """(parts) => {
            const { outlines, model } = parts.layer;
            const out = [];
            model.sides(model.times.length - 1);
            for (let k = 0; k < model.living; k++) {
                const px = outlines.line(model.alive[k]);
                out.push(Math.hypot(px.at(-2) - px[0], px.at(-1) - px[1]));
            }
            return out;
        }"""
    )
    assert np.median(lengths) < 7  # pixels: with its round ends a dash is as long
    for lon in (Claims.MIDDLE, Claims.RIGHT):
        beside = lon + np.linspace(-0.01, 0.01, 9)  # about two pixels
        ink = np.array(
            [
                min(sum(page.pixel(float(each), lat)[:3]) for each in beside)
                for lat in np.linspace(35.2, 35.6, 160)
            ]
        )
        dark = ink < 250
        assert 0.3 < dark.mean() < 0.85, lon
        assert np.count_nonzero(np.diff(dark.astype(int))) >= 3, lon  # gaps, not an end


def test_the_front_is_drawn_against_land_beyond_all_cells(open_page, tmp_path):
    zone = shapely.box(36.0, 35.0, 36.6, 35.6)
    maps = gpd.GeoDataFrame({"date": ["2024-11-01"], "actor": ["A"]}, geometry=[zone], crs=4326)
    inks = []
    for given in ({}, {"outline": zone}):
        history = fl.ControlHistory.from_snapshots(maps, **given)
        assert (history.front("2024-11-01").shape[0] == 1) is not bool(given)
        page = open_page(save(history, tmp_path / f"{len(given)}.html", frames=["2024-11-01"]))
        inks.append(page.pixel(36.3, 35.6))
    dark, pale = (sum(ink[:3]) for ink in inks)
    assert dark < 200 < pale
