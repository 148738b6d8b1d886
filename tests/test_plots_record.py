"""What pictures say about the record: held back, not mapped, ended."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.figure import Figure
from PIL import Image

import frontline as fl
import frontline.plots
from frontline.control import ControlHistory
from frontline.plots.furniture import measuring
from frontline.plots.reel import Reel
from frontline.publication import publish
from frontline.scene.content import content_of
from tests import plots_case

av = pytest.importorskip("av", reason="the extra 'video' is not installed")

KINDS = ["map", "many", "changes", "areas", "advance", "statements"]
THEATRE = shapely.box(36, 35, 37, 36)


def maps(*rows, **options) -> ControlHistory:
    """Return a history of maps, each a date and how far east A then reached."""
    frame = gpd.GeoDataFrame(
        {"date": [row[0] for row in rows], "actor": "A"},
        geometry=[shapely.box(36, 35, row[1], 36) for row in rows],
        crs=4326,
    )
    return ControlHistory.from_snapshots(frame, **{"rest": "B", "outline": THEATRE, **options})


@pytest.fixture(scope="module")
def held_back():
    history = maps(("2024-12-01", 36.5), ("2024-12-02", 36.6), ("2024-12-05", 36.9))
    return publish(history, delay="2 days", made_on="2024-12-06", coarsen=0.01)


@pytest.mark.parametrize("credits", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_what_was_held_back_says_so(held_back, tmp_path, kind, credits):  # noqa: A002
    options = {"credits": credits} if kind != "statements" else {}
    if kind == "statements":
        options["statements"] = [("5 km northeast of Hama", "somebody", "2024-12-02")]
    towards = "Hama" if kind == "statements" else (36.8, 35.5)
    fl.picture(held_back, tmp_path / "x.png", kind=kind, towards=towards, **options)
    with Image.open(tmp_path / "x.png") as image:
        told = image.text["Copyright"]
    assert told.startswith("Published with a delay of 2 days: nothing after 4 December 2024")
    assert "generalised to 0.01 degrees" in told
    fl.picture(held_back, tmp_path / "x.svg", kind=kind, towards=towards, **options)
    drawn = (tmp_path / "x.svg").read_text().split("</metadata>")[1]
    shown = "Published with a delay of 2 days" in drawn
    assert shown == (credits or kind == "statements")


@pytest.mark.parametrize("suffix", ["gif", "apng", "mp4"])
def test_an_animation_of_what_was_held_back_says_so(held_back, tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    fl.animate(held_back, path, size=(640, 400), freq="D")
    if suffix == "mp4":
        with av.open(str(path)) as video:
            told = " ".join(video.metadata.values())
    else:
        with Image.open(path) as image:
            told = " ".join(str(value) for value in image.info.values())
    assert "Published with a delay of 2 days" in told


# --- dates of which there is no map --------------------------------------------------------------


@pytest.fixture(scope="module")
def gappy():
    return maps(("2024-12-01", 36.5), ("2024-12-02", 36.6), ("2024-12-20", 36.9))


def said_on(ax) -> list[str]:
    """Return what axes say of the record."""
    return [text.get_text() for text in ax.texts if text.get_gid() == "record"]


GAP = "no map of this date; the last is of 2 December 2024"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2024-11-30", ["the record begins on 1 December 2024"]),
        ("2024-12-01", []),
        ("2024-12-01 18:00", []),
        ("2024-12-02 23:59", []),
        ("2024-12-03", [GAP]),
        ("2024-12-19 23:59", [GAP]),
        ("2024-12-20", []),
        ("2024-12-20 23:00", []),
        ("2024-12-21", ["the record ends on 20 December 2024"]),
        ("2030-12-05", ["the record ends on 20 December 2024"]),
    ],
)
def test_a_map_says_what_the_record_lacks(gappy, when, said):
    assert said_on(fl.plots.plot(gappy, when, figure=Figure(), title="", credits=False)) == said


def test_the_end_is_that_of_the_case_or_of_the_last_statement():
    case = plots_case.case()  # ends on 6 December; its last statement is of the 5th
    assert said_on(fl.plots.plot(case, "2024-12-06", figure=Figure())) == []
    late = said_on(fl.plots.plot(case, "2030-12-05", figure=Figure()))
    assert late == ["the record ends on 6 December 2024"]
    alone = said_on(fl.plots.plot(case.history, "2024-12-06", figure=Figure()))
    assert alone == ["the record ends on 5 December 2024"]
    assert said_on(fl.plots.plot(case.history, "2024-12-04 12:00", figure=Figure())) == []


def test_maps_at_no_regular_step_are_told_too():
    history = maps(
        ("2024-12-01", 36.5), ("2024-12-04", 36.6), ("2024-12-09", 36.7), ("2024-12-16", 36.8)
    )
    assert not len(history.gaps)
    ax = fl.plots.plot(history, "2024-12-06", figure=Figure())
    assert said_on(ax) == ["no map of this date; the last is of 4 December 2024"]


def test_maps_side_by_side_say_what_the_record_lacks(gappy):
    days = ["2024-12-02", "2024-12-10", "2024-12-20", "2024-12-25"]
    axes = fl.plots.plot_many(gappy, days, figure=Figure((14, 9)))
    assert [said_on(ax) for ax in axes] == [
        [], [GAP], [], ["the record ends on 20 December 2024"],
    ]  # fmt: skip
    narrow = fl.plots.plot_many(gappy, days, columns=4, figure=Figure((8, 4)))
    words = [said_on(ax) for ax in narrow][1][0].split()
    assert " ".join(words) == "no map; last: 2 December 2024"


def test_changes_name_the_date_that_has_no_map(gappy):
    ax = fl.plots.plot_changes(gappy, "2024-12-10", "2025-01-01", figure=Figure((11, 7)))
    said = ["no map of 10 December 2024; the last is of 2 December 2024"]
    said += ["the record ends on 20 December 2024"]
    assert said_on(ax) == ["; ".join(said)]


def test_frames_say_what_the_record_lacks(gappy):
    times = pd.DatetimeIndex(["2024-12-02", "2024-12-03", "2024-12-20"], tz="UTC")
    reel = Reel.of(content_of(gappy), times, size=(1280, 800))
    (line,) = (text for text in reel.board.ax.texts if text.get_gid() == "record")
    frames, said = [], []
    for i in range(3):
        frames.append(reel.frame(i).copy())
        said.append(line.get_text())
    assert said == ["", GAP, ""]
    reel.frame(1)  # so that the line has its extent again
    box = line.get_window_extent(measuring(line.figure))
    row = slice(800 - int(box.y1), 800 - int(box.y0))
    assert [bool((frame[row, :300, :3] < 100).any()) for frame in frames] == [False, True, False]


def test_charts_break_their_lines_over_a_gap(gappy):
    ax = fl.plots.plot_areas(gappy, end="2024-12-25", figure=Figure())
    day = 1.0
    line = ax.lines[0]
    x, y = line.get_data()
    known = x[np.isfinite(y)]
    first = known.min()
    assert (known - first).tolist() == [0.0, day, 19 * day]  # 1, 2 and 20 December
    spans = [patch for patch in ax.patches if patch.get_gid() == "gap"]
    ends = [patch.get_path().transformed(patch.get_patch_transform()) for patch in spans]
    reach = [sorted({round(float(v - first), 3) for v in path.vertices[:, 0]}) for path in ends]
    assert reach == [[2.0, 19.0], [19.0, 24.0]]
    assert said_on(ax) == ["the record ends on 20 December 2024"]
    alone = ax.collections[0].get_offsets()[:, 0] - first
    assert alone.tolist() == [19.0]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels[-1] == "not on record: no map"


def test_a_distance_is_not_drawn_where_there_is_no_map(gappy):
    ax = fl.plots.plot_advance(gappy, (36.95, 35.5), figure=Figure())
    dots = ax.collections[-1].get_offsets()[:, 0]
    assert (dots - dots.min()).tolist() == [0.0, 1.0, 19.0]
    assert len([line for line in ax.lines if len(line.get_xdata()) == 2]) == 1


def test_charts_without_a_gap_are_whole():
    ax = fl.plots.plot_areas(plots_case.history(), figure=Figure())
    assert not [patch for patch in ax.patches if patch.get_gid() == "gap"]
    assert np.isfinite(ax.lines[0].get_ydata()).all()
