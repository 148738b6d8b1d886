"""Maps by matplotlib: what is drawn against the geometry, names, scale bar, window, sides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.path import Path

import frontline as fl
from frontline.errors import CRSError, DateError, InputError
from frontline.maps import payload_of
from frontline.maps.decode import decode_payload
from frontline.plots import plot, plot_changes, plot_many
from frontline.plots.furniture import ScaleBar, measuring
from frontline.plots.ground import Ground, window_of
from frontline.plots.looks import FILL, LAND, shapes_of
from frontline.plots.names import PlaceNames
from frontline.plots.sides import Sides
from frontline.scene.content import content_of
from tests import plots_case


@pytest.fixture(scope="module")
def case():
    return plots_case.case()


def empty(size=(9, 6), dpi=100):
    figure = Figure(figsize=size, dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def enclosed(path: Path) -> float:
    """Return the area that a path fills, holes left out: the sum over its rings."""
    total = 0.0
    starts = np.append(np.flatnonzero(path.codes == Path.MOVETO), len(path.codes))
    for first, last in itertools.pairwise(starts):
        x, y = path.vertices[first:last].T
        total += float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2
    return total


def artists(ax, start):
    return {a.get_gid(): a for a in ax.get_children() if str(a.get_gid() or "").startswith(start)}


@pytest.mark.parametrize("when", ["2024-12-02", "2024-12-03", "2024-12-04 12:00", "2024-12-05"])
def test_drawn_land_is_what_the_history_says(case, when):
    ax = plot(case, when, figure=empty())
    drawn = sorted(
        enclosed(patch.get_path())
        for patch in artists(ax, "land-").values()
        if len(patch.get_path())
    )
    frame = case.history.at(when, by=("actor", "status", "basis"))
    assert drawn == pytest.approx(sorted(shapely.area(frame.geometry.array)), rel=1e-9)
    assert sum(drawn) == pytest.approx(plots_case.OUTLINE.area, rel=1e-6)


def test_a_hole_is_left_open_and_colours_are_those_of_the_sides(case):
    figure = empty((10, 7))
    ax = plot(case, "2024-12-05", figure=figure, names=False, events=False)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())

    def colour_at(lon, lat):
        x, y = ax.transData.transform((lon, lat))
        return pixels[pixels.shape[0] - 1 - int(y), int(x), :3].astype(float)

    paper = np.array([int(LAND[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)
    for lon, lat, own in ((36.6, 35.7, "0072B2"), (36.4, 35.4, "D55E00"), (37.7, 36.3, "009E73")):
        side = np.array([int(own[i : i + 2], 16) for i in (0, 2, 4)], dtype=float)
        mixed = side * FILL["held"] + paper * (1 - FILL["held"])
        assert colour_at(lon, lat) == pytest.approx(mixed, abs=2.0), (lon, lat)


@pytest.mark.parametrize("name", ["made", "syria-2024"])
def test_page_and_picture_put_sides_in_one_order_and_colour(case, name):
    thing = case if name == "made" else fl.load(name)
    page = decode_payload(payload_of(thing).blob).head["actors"]
    picture = Sides.of(content_of(thing))
    assert len(page) >= 3
    assert [side["name"] for side in page] == list(picture.actors)
    assert {side["name"]: side["colour"] for side in page} == picture.colours
    assert [side["label"] for side in page] == [picture.labels[n] for n in picture.actors]


def test_the_front_is_as_long_as_the_history_says(case):
    ax = plot(case, "2024-12-03", figure=empty())
    path = artists(ax, "line-front")["line-front"].get_path()
    codes, points = path.codes, path.vertices
    steps = np.flatnonzero(codes == Path.LINETO)
    km = (
        sum(Geodesic.WGS84.Inverse(*points[i - 1][::-1], *points[i][::-1])["s12"] for i in steps)
        / 1000
    )
    # The west-east edges are no geodesics: over 0.9 degrees they differ by under a metre.
    assert km == pytest.approx(case.history.front("2024-12-03")["length_km"].sum(), rel=1e-4)


def test_the_front_of_a_claim_is_dashed_and_not_a_front(case):
    ax = plot(case, "2024-12-04 12:00", figure=empty())
    unsure = artists(ax, "line-unsure")["line-unsure"].get_path()
    assert unsure.vertices[:, 0].min() >= 37.1 - 1e-9
    assert unsure.vertices[:, 0].max() <= 37.3 + 1e-9


def test_the_legend_tells_areas_kinds_and_events(case):
    ax = plot(case, "2024-12-04", figure=empty((11, 7)))
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    held = case.history.measures(start="2024-12-04", end="2024-12-04").set_index("actor")
    for actor, label in (("Reds", "The Reds"), ("Blues", "The Blues"), ("Greens", "The Greens")):
        assert f"{label}: {held.loc[actor, 'area_km2']:,.0f} km²" in texts
    assert {"contested", "claimed, not confirmed", "front line", "front, not confirmed"} < {*texts}
    assert {"clashes", "airstrike", "statement"} < {*texts}


def test_a_day_shows_the_events_of_the_whole_day_an_instant_those_that_last(case):
    def kinds(when):
        ax = plot(case, when, figure=empty((11, 7)))
        return {text.get_text() for text in ax.get_legend().get_texts()} & {
            "clashes", "airstrike", "statement"
        }  # fmt: skip

    assert kinds("2024-12-03") == {"clashes", "airstrike"}
    assert kinds("2024-12-03 05:00") == set()
    assert kinds("2024-12-03 07:00") == {"clashes"}
    assert kinds("2024-12-04 01:00") == {"clashes", "airstrike", "statement"}
    assert kinds("2024-12-06") == set()


@pytest.mark.parametrize("crs", [None, "local", "EPSG:3857", "EPSG:32637"])
@pytest.mark.parametrize("around", [None, (36.9, 35.6)])
def test_the_scale_bar_is_right_on_the_ellipsoid(case, crs, around):
    ax = plot(case, "2024-12-03", figure=empty(), crs=crs, around=around, within_km=17)
    (bar,) = [artist for artist in ax.get_children() if isinstance(artist, ScaleBar)]
    renderer = measuring(ax.figure)
    left, right, _, text = bar.parts(renderer)
    box = ax.get_window_extent(renderer)
    middle = (box.y0 + box.y1) / 2
    wide = (right - left) / 2
    centre = (box.x0 + box.x1) / 2
    ends = ax.transData.inverted().transform([(centre - wide, middle), (centre + wide, middle)])
    (lon0, lat0), (lon1, lat1) = bar.ground.inverse(ends)
    km = Geodesic.WGS84.Inverse(lat0, lon0, lat1, lon1)["s12"] / 1000
    assert float(text.get_text().removesuffix(" km")) == pytest.approx(km, rel=2e-3)


def test_a_local_plane_keeps_shapes(case):
    """A degree north and its like east are as long on the map as on the ground."""
    ground = Ground.of((36, 35, 38, 36.5), "local")
    across, along = 50_000.0, 50_000.0
    east = Geodesic.WGS84.Direct(35.75, 37.0, 90, across)
    north = Geodesic.WGS84.Direct(35.75, 37.0, 0, along)
    xy = ground.forward([(east["lon2"], east["lat2"]), (north["lon2"], north["lat2"])])
    assert np.hypot(*xy[0]) == pytest.approx(across, abs=0.01)
    assert np.hypot(*xy[1]) == pytest.approx(along, abs=0.01)


@pytest.mark.parametrize(("size", "dpi"), [((9, 6), 100), ((5, 6), 72), ((13, 9), 144)])
@pytest.mark.parametrize("seed", range(3))
def test_names_never_touch_each_other_nor_what_stands_on_the_map(size, dpi, seed):
    many = plots_case.places([f"Place number {i}" for i in range(300)], seed)
    case = plots_case.case(places=many)
    figure = empty(size, dpi)
    ax = plot(case, "2024-12-03", ax=figure.add_subplot())
    renderer = measuring(figure)
    (names,) = [artist for artist in ax.get_children() if isinstance(artist, PlaceNames)]
    spots = names.spots(renderer)
    assert len(spots) >= 6
    (bar,) = [artist for artist in ax.get_children() if isinstance(artist, ScaleBar)]
    legend = ax.get_legend().get_window_extent(renderer)
    boxes = [shapely.box(*spot.box.extents) for spot in spots]
    others = [shapely.box(*legend.extents), shapely.box(*bar.boxes(renderer)[0].extents)]
    view = shapely.box(*ax.get_window_extent(renderer).extents)
    for i, box in enumerate(boxes):
        assert view.contains(box)
        assert not any(box.intersects(other) for other in boxes[i + 1 :] + others)
    for spot, box in zip(spots, boxes, strict=True):
        dots = [shapely.Point(other.at) for other in spots]
        assert not any(box.contains(dot) for dot in dots), spot.name


def test_the_larger_place_is_named_first():
    two = plots_case.places(["Large", "Small"])
    two["population"] = [900_000, 500]
    spots = [shapely.Point(37, 35.7), shapely.Point(37.001, 35.7)]
    two = two.set_geometry(spots, crs=4326)
    ax = plot(plots_case.case(places=two), "2024-12-03", figure=empty((7, 7)), events=False)
    (names,) = [artist for artist in ax.get_children() if isinstance(artist, PlaceNames)]
    assert [spot.name for spot in names.spots(measuring(ax.figure))] == ["Large"]


def test_a_frame_of_geopandas_falls_into_place(case):
    ax = plot(case, "2024-12-03", figure=empty())
    limits = ax.get_xlim(), ax.get_ylim()
    spots = plots_case.places(["a", "b"])
    assert ax.get_aspect() == pytest.approx(1 / np.cos(np.radians(35.75)), rel=1e-3)
    spots.plot(ax=ax)
    points = ax.collections[-1].get_offsets()
    assert np.asarray(points) == pytest.approx(
        np.column_stack([spots.geometry.x, spots.geometry.y])
    )
    assert limits == (ax.get_xlim(), ax.get_ylim())


def test_the_window_is_seen_and_the_axes_are_full(case):
    for size in ((12, 4), (4, 9)):
        ax = plot(case, "2024-12-03", figure=empty(size))
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        west, south, east, north = window_of(case.history.cells.total_bounds)
        assert left <= west + 1e-9
        assert right >= east - 1e-9
        assert bottom <= south + 1e-9
        assert top >= north - 1e-9
        box = ax.get_window_extent()
        ratio = (top - bottom) * ax.get_aspect() / (right - left)
        assert ratio == pytest.approx(box.height / box.width, rel=1e-6)


def test_changes_have_the_areas_of_the_history_in_the_legend(case):
    ax = plot_changes(case, "2024-12-02", "2024-12-05", figure=empty((11, 7)))
    rows = case.history.changes("2024-12-02", "2024-12-05")
    texts = [" ".join(text.get_text().split()) for text in ax.get_legend().get_texts()]
    for row in rows.itertuples():
        told = f"The {row.to_actor}: {row.area_km2:,.0f} km² from The {row.from_actor}"
        assert told in texts
    drawn = [enclosed(patch.get_path()) for patch in artists(ax, "change-").values()]
    assert sorted(drawn) == pytest.approx(sorted(shapely.area(rows.geometry.array)), rel=1e-9)


def test_smaller_changes_are_drawn_as_one(case):
    ax = plot_changes(case, "2024-12-01", "2024-12-05", figure=empty((11, 7)), most=1)
    rows = case.history.changes("2024-12-01", "2024-12-05")
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    rest = rows["area_km2"].iloc[1:].sum()
    assert f"{len(rows) - 1} smaller changes: {rest:,.0f} km²" in texts


def test_nothing_changed_is_said(case):
    ax = plot_changes(case, "2024-12-05 06:00", "2024-12-05 07:00", figure=empty())
    assert "nothing changed hands" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_many_dates_share_one_legend_and_one_window(case):
    axes = plot_many(case, ["2024-12-01", "2024-12-03", "2024-12-05 06:00"], figure=empty((9, 5)))
    titles = [ax.get_title(loc="left") for ax in axes]
    assert titles == ["1 December 2024", "3 December 2024", "5 December 2024, 06:00 UTC"]
    assert sum(ax.get_legend() is not None for ax in axes) == 1
    assert len({ax.get_xlim() for ax in axes}) == 1
    boxes = [shapely.box(*ax.get_position().extents) for ax in axes]
    legend = axes[0].get_legend().get_window_extent(measuring(axes[0].figure))
    ends = axes[0].figure.transFigure.inverted().transform(legend.extents.reshape(2, 2))
    boxes.append(shapely.box(*ends.ravel()))
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"extent": (1, 2, 3)}, InputError),
        ({"extent": (38, 35, 36, 36)}, InputError),
        ({"extent": (36, 35, 38, 36), "around": (36, 35)}, InputError),
        ({"around": (36, 35), "within_km": float("nan")}, InputError),
        ({"around": (36, 350)}, InputError),
        ({"around": object()}, InputError),
        ({"crs": "no such crs"}, CRSError),
        ({"when": "no date"}, DateError),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(case, options, error):
    with pytest.raises(error):
        plot(case, options.pop("when", "2024-12-03"), figure=empty(), **options)


@pytest.mark.parametrize("count", [0, 41, []])
def test_too_many_or_no_dates_are_refused(case, count):
    with pytest.raises(InputError, match="no picture"):
        plot_many(case, count, figure=empty())


def test_every_kind_of_event_has_a_shape_of_its_own_while_there_are_any():
    kinds = ["clashes", "airstrike", "capture", "withdrawal", "statement", "rally", "x", "y"]
    shapes = shapes_of(kinds)
    assert sorted(shapes) == sorted(kinds)
    assert len({shapes[kind] for kind in kinds[:7]}) == 7
