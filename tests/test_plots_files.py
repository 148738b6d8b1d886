"""Pictures as files: every format opens again, equal input gives equal bytes, names are safe."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from typer.testing import CliRunner

import frontline as fl
from frontline.cli import app
from frontline.errors import InputError, MissingDependencyError, RestrictedDataError
from frontline.plots import apng, encode, plot, plot_areas, plot_location, plot_many
from frontline.plots.reel import Reel
from frontline.plots.words import Words, clean
from frontline.scene.content import content_of
from frontline.sources import Data, Origin
from tests import plots_case

SVG = "{http://www.w3.org/2000/svg}"
SMALL = (320, 240)
av = pytest.importorskip("av", reason="the extra 'video' is not installed")


@pytest.fixture(scope="module")
def case():
    return plots_case.case()


@pytest.fixture(scope="module")
def hostile():
    actors = pd.DataFrame(
        {
            "name": ["Reds", "Blues", "Greens"],
            "label": plots_case.HOSTILE[:3],
            "colour": ["#D55E00", "#0072B2", "#009E73"],
        }
    )
    made = plots_case.case(
        plots_case.HOSTILE, title=" ".join(plots_case.HOSTILE[:5]), actors=actors
    )
    made.meta["attribution"] = made.meta["licence"] = plots_case.HOSTILE[0]
    made.events["kind"] = pd.Series([plots_case.HOSTILE[i] for i in (0, 3, 6)], dtype=object)
    made.events["title"] = pd.Series([plots_case.HOSTILE[i] for i in (3, 4, 6)], dtype=object)
    return made


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", plots_case.HOSTILE)
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_text_is_shown_letter_by_letter(tmp_path, text, suffix):
    figure = Figure()
    words = Words(0.5, 0.5, " ".join(text.split()), halo_pt=2, transform=figure.transFigure)
    figure.add_artist(words)
    fl.plots.save_figure(figure, tmp_path / f"x.{suffix}")
    if suffix == "svg":
        texts = [node.text for node in ET.parse(tmp_path / "x.svg").iter(f"{SVG}text")]
        assert clean(text) in texts


@pytest.mark.parametrize("text", plots_case.HOSTILE[:6])
def test_what_can_be_shown_is_not_changed(text):
    assert clean(text) == " ".join(text.split())


def test_a_hostile_case_is_drawn_by_every_function(hostile, tmp_path):
    for kind in ("map", "many", "changes", "areas", "advance"):
        towards = (36.4, 35.4) if kind == "advance" else None
        for suffix in ("svg", "pdf") if kind == "map" else ("svg",):
            path = tmp_path / f"{kind}.{suffix}"
            fl.picture(hostile, path, kind=kind, towards=towards, size=(640, 480))
            assert path.stat().st_size > 2_000
        text = (tmp_path / f"{kind}.svg").read_text(encoding="utf-8")
        root = ET.fromstring(text)
        tags = {node.tag.removeprefix(SVG).lower() for node in root.iter()}
        assert not tags & {"script", "foreignobject", "iframe", "image"}
        handlers = [key for node in root.iter() for key in node.attrib if key.startswith("on")]
        assert handlers == []
    fl.animate(hostile, tmp_path / "x.gif", size=SMALL)
    fl.animate(hostile, tmp_path / "x.mp4", size=SMALL)
    fl.animate(hostile, tmp_path / "x.apng", size=SMALL)


def test_text_of_an_svg_is_text(case, tmp_path):
    fl.picture(case, tmp_path / "x.svg", date="2024-12-03")
    texts = [node.text for node in ET.parse(tmp_path / "x.svg").iter(f"{SVG}text")]
    assert "A made-up advance" in texts
    assert "Tuesday 3 December 2024, 00:00 UTC" in texts
    assert {"Alpha", "Beta", "Gamma"} & set(texts)
    assert any(text.startswith("Data: made up for a test. Licence: CC BY 4.0.") for text in texts)


# --- stills --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [(kind, "svg") for kind in ("map", "many", "changes", "areas", "advance")]
    + [("map", "png"), ("map", "pdf"), ("areas", "pdf")],
)
def test_equal_input_gives_equal_bytes(case, tmp_path, suffix, kind):
    paths = [tmp_path / f"{i}.{suffix}" for i in range(2)]
    for path in paths:
        fl.picture(case, path, kind=kind, towards=(36.4, 35.4), size=(640, 480))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_picture_has_the_size_and_tells_its_licence(case, tmp_path):
    fl.picture(case, tmp_path / "x.png", size=(801, 603))
    with Image.open(tmp_path / "x.png") as image:
        assert image.size == (801, 603)
        assert "CC BY 4.0" in image.text["Copyright"]
        assert image.text["Title"] == "A made-up advance"
    assert (tmp_path / "x.png").stat().st_size < 150_000


def test_nothing_stays_in_pyplot(case, tmp_path):
    before = plt.get_fignums()
    fl.picture(case, tmp_path / "x.png", size=(640, 480))
    fl.animate(case, tmp_path / "x.gif", size=SMALL)
    plot(case, "2024-12-03", ax=Figure().add_subplot())
    plot_many(case, 2, figure=Figure())
    assert plt.get_fignums() == before
    settings = dict(plt.rcParams)
    fl.picture(case, tmp_path / "x.svg", size=(640, 480))
    assert dict(plt.rcParams) == settings


def test_without_axes_pyplot_shows_the_figure(case):
    before = set(plt.get_fignums())
    ax = plot(case, "2024-12-03", figsize=(4, 3))
    made = set(plt.get_fignums()) - before
    try:
        assert [plt.figure(number) for number in made] == [ax.figure]
        assert tuple(ax.figure.get_size_inches()) == (4, 3)
    finally:
        for number in made:
            plt.close(number)


# --- charts --------------------------------------------------------------------------------------


def test_areas_are_those_of_the_history(case):
    ax = plot_areas(case, ax=Figure().add_subplot())
    table = case.history.measures()
    for line in ax.lines:
        label = line.get_gid()
        assert label.startswith("area-")
        sums = {a: rows["area_km2"].to_numpy() for a, rows in table.groupby("actor")}
        assert any(np.allclose(line.get_ydata(), values) for values in sums.values())
    assert len(ax.lines) == 3


def test_gains_stand_above_and_losses_below(case):
    figure = Figure(figsize=(9, 6))
    plot_areas(case, figure=figure)
    table = case.history.measures()
    heights = np.array([bar.get_height() for bar in figure.axes[1].patches])
    assert heights[heights > 0].sum() == pytest.approx(table["gained_km2"].sum())
    assert -heights[heights < 0].sum() == pytest.approx(table["lost_km2"].sum())


def test_the_distance_of_the_front_is_that_of_the_history(case):
    ax = case_advance(case, (37.9, 35.2))
    frame = case.history.advance((37.9, 35.2))
    drawn = np.asarray(ax.collections[-1].get_offsets())[:, 1]
    assert drawn == pytest.approx(frame["distance_km"].dropna().to_numpy())


def case_advance(case, where):
    from frontline.plots import plot_advance

    return plot_advance(case, where, ax=Figure().add_subplot())


def test_a_located_phrase_can_be_plotted():
    found = fl.locate("5 km northeast of Hama's borders")
    ax = found.plot(ax=Figure().add_subplot())
    (region,) = [a for a in ax.get_children() if a.get_gid() == "located"]
    box = region.get_path().get_extents()
    assert box.extents == pytest.approx(found.region.bounds)
    assert plot_location(found, figure=Figure()).get_legend() is not None


# --- animations ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reel(case):
    times = pd.date_range("2024-12-01", "2024-12-06", tz="UTC")
    return Reel.of(content_of(case), times, size=(640, 400))


def test_a_frame_is_what_a_still_would_be(case, reel):
    """Laid together from three layers, a frame is the same picture as a figure drawn at once."""
    dpi = 8 * 72 / 6.8  # the small print of 6.8 points is then 8 pixels high
    figure = Figure(figsize=(640 / dpi, 400 / dpi), dpi=dpi)
    shown = [(event["lon"], event["lat"]) for event in content_of(case).events]
    canvas = FigureCanvasAgg(figure)
    ax = plot(case, "2024-12-02 00:00", figure=figure)
    assert len(shown) == 3
    canvas.draw()
    whole = np.asarray(canvas.buffer_rgba()).astype(int)
    frame = reel.frame(1).astype(int)
    box = ax.get_window_extent()
    rows = slice(400 - int(box.y1) + 1, 400 - int(box.y0) - 1)
    inside = np.s_[rows, int(box.x0) + 1 : int(box.x1) - 1, :3]
    # Names make way for the events of the whole animation, so a few letters may stand elsewhere.
    unlike = np.abs(whole[inside] - frame[inside]).max(axis=2) > 8
    assert unlike.mean() < 0.03


def test_every_frame_bears_its_date(reel):
    dates = []
    for i in range(len(reel)):
        frame = reel.frame(i)
        assert frame.shape == (400, 640, 4)
        assert (frame[..., 3] == 255).all()
        dates.append(frame[:46].copy())
    for i in range(1, len(dates)):
        assert (dates[i] != dates[i - 1]).any(), i
    again = reel.frame(0)[:46]
    assert (again == dates[0]).all()


def test_frames_can_be_drawn_in_any_order(case, reel):
    first = reel.frame(2).copy()
    reel.frame(5)
    assert (reel.frame(2) == first).all()


@pytest.mark.parametrize("suffix", ["gif", "apng", "png"])
def test_an_animation_opens_again(case, tmp_path, suffix):
    path = fl.animate(case, tmp_path / f"x.{suffix}", freq="D", size=SMALL, fps=5, hold_s=1)
    with Image.open(path) as image:
        assert image.size == SMALL
        assert image.n_frames == 6
        lasts = []
        for number in range(image.n_frames):
            image.seek(number)
            lasts.append(round(image.info["duration"]))
        assert lasts == [200] * 5 + [1200]


def test_a_video_opens_again(case, tmp_path):
    path = fl.animate(case, tmp_path / "x.mp4", freq="D", size=(640, 400), fps=5, hold_s=1)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height) == (640, 400)
        assert float(stream.average_rate) == 5
    assert len(frames) == 6 + 5
    times = pd.date_range("2024-12-01", "2024-12-06", tz="UTC")
    drawn = Reel.of(content_of(case), times, size=(640, 400)).frame(3)[..., :3]
    assert np.abs(frames[3].astype(int) - drawn).mean() < 3.0


@pytest.mark.parametrize("suffix", ["gif", "apng", "mp4"])
def test_equal_animations_are_equal_bytes(case, tmp_path, suffix):
    paths = [tmp_path / f"{i}.{suffix}" for i in range(2)]
    for path in paths:
        fl.animate(case, path, freq="D", size=SMALL)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc fills memory so")
def test_a_video_does_not_depend_on_what_memory_held(tmp_path):
    """The encoder once read what it had not written: a video was then unlike its equal."""
    script = (
        "import sys, frontline as fl; from tests import plots_case;"
        f"fl.animate(plots_case.case(), sys.argv[1], freq='D', size={SMALL})"
    )
    made = set()
    for filling in ("1", "2", "85"):  # with which the C library fills new and freed memory
        path = tmp_path / f"{filling}.mp4"
        subprocess.run(
            [sys.executable, "-c", script, str(path)],
            env={**os.environ, "MALLOC_PERTURB_": filling},
            cwd=Path(__file__).parents[1],
            check=True,
        )
        made.add(path.read_bytes())
    assert len(made) == 1


def test_a_gif_has_the_colours_of_the_frames(case, tmp_path, reel):
    palette = encode.Palette([reel.frame(0), reel.frame(3)])
    frame = reel.frame(3)
    shown = palette.colours[palette.numbers(frame)].astype(int)
    off = np.abs(shown - frame[..., :3]).max(axis=2)
    assert (off <= 4).mean() > 0.97
    assert off.mean() < 2.0


def test_an_apng_of_random_frames_comes_back(tmp_path):
    rng = np.random.default_rng(5)
    palette = rng.integers(0, 256, (40, 3), dtype=np.uint8)
    frames = [rng.integers(0, 40, (30, 50), dtype=np.uint8)]
    for _ in range(6):
        nxt = frames[-1].copy()
        y, x = rng.integers(0, 30), rng.integers(0, 50)
        nxt[y : y + rng.integers(0, 12), x : x + rng.integers(0, 20)] = rng.integers(0, 40)
        frames.append(nxt)
    path = tmp_path / "x.png"
    with path.open("wb") as file:
        apng.write(
            file, frames, palette=palette, durations_ms=[100] * 7, texts=[("Comment", "حماة")]
        )
    with Image.open(path) as image:
        assert image.n_frames == 7
        for number, frame in enumerate(frames):
            image.seek(number)
            assert (np.asarray(image.convert("RGB")) == palette[frame]).all()
    with Image.open(path) as image:
        assert image.text["Comment"] == "حماة"


def test_one_frame_is_an_animation_too(case, tmp_path):
    for suffix in ("gif", "apng", "mp4"):
        path = tmp_path / f"x.{suffix}"
        fl.animate(case, path, frames=["2024-12-03"], size=SMALL)
        assert path.stat().st_size > 500


def test_a_video_without_its_library_says_what_to_install(case, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingDependencyError, match=re.escape("frontline-maps[video]")):
        fl.animate(case, tmp_path / "x.mp4", size=SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("x.webm", {}, "no animation"),
        ("x.gif", {"fps": 0}, "fps"),
        ("x.gif", {"fps": float("nan")}, "fps"),
        ("x.gif", {"size": (10, 10)}, "between 200 and"),
        ("x.gif", {"size": (1280, 100_000)}, "between 200 and"),
        ("x.gif", {"size": "large"}, "width and height"),
        ("x.mp4", {"size": (321, 240)}, "even"),
        ("x.gif", {"hold_s": -1}, "hold_s"),
        ("x.gif", {"freq": "never"}, "frequency"),
    ],
)
def test_animations_that_make_no_sense_are_refused(case, tmp_path, name, options, words):
    with pytest.raises(InputError, match=words):
        fl.animate(case, tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


# --- terms and the command -----------------------------------------------------------------------


def test_restricted_shapes_are_not_drawn_into_files_unasked(tmp_path):
    import geopandas as gpd
    import shapely

    frame = gpd.GeoDataFrame(
        {"date": ["2024-12-01", "2024-12-02"], "actor": ["A", "A"]},
        geometry=[shapely.box(36, 35, 37, 36), shapely.box(36, 35, 38, 36)],
        crs=4326,
    )
    origin = Origin("days", "me", "", "by consent", "by me", False)
    made = Data("snapshots", frame, origin).history()
    for name in ("x.png", "x.gif"):
        with pytest.raises(RestrictedDataError, match="days"):
            fl.picture(made, tmp_path / name, size=SMALL)
        fl.picture(made, tmp_path / name, size=SMALL, allow_restricted=True)
    with pytest.raises(RestrictedDataError):
        fl.picture(made, tmp_path / "c.png", kind="changes", size=SMALL)
    fl.picture(made, tmp_path / "a.png", kind="areas", size=SMALL)


def test_options_that_mean_nothing_are_refused(case, tmp_path):
    for kind, options in (
        ("areas", {"around": "Hama"}),
        ("map", {"colour": "red"}),
        ("advance", {}),
        ("statements", {"towards": ["Hama", "Homs"]}),
        ("poem", {}),
    ):
        with pytest.raises(InputError):
            fl.picture(case, tmp_path / "x.png", kind=kind, **options)
    with pytest.raises(InputError, match="moves"):
        fl.picture(case, tmp_path / "x.gif", kind="areas")
    with pytest.raises(InputError, match="suffix"):
        fl.picture(case, tmp_path / "x.jpg")


def test_the_command_draws_and_tells_what_it_wrote(tmp_path):
    saved = tmp_path / "made.gpkg"
    plots_case.history().save(saved)
    out = tmp_path / "x.png"
    run = CliRunner().invoke(
        app, ["plot", str(saved), "-o", str(out), "--date", "2024-12-03", "--json",
              "--width", "640", "--height", "480"]
    )  # fmt: skip
    assert run.exit_code == 0, run.output
    told = __import__("json").loads(run.stdout)
    assert told == {"path": str(out), "kind": "map", "bytes": out.stat().st_size}
    with Image.open(out) as image:
        assert image.size == (640, 480)
    moving = CliRunner().invoke(
        app, ["plot", str(saved), "-o", str(tmp_path / "x.gif"), "--from", "2024-12-02",
              "--to", "2024-12-04", "--freq", "D", "--width", "320", "--height", "240"]
    )  # fmt: skip
    assert moving.exit_code == 0, moving.output
    wrong = CliRunner().invoke(app, ["plot", str(saved), "-o", str(out), "--kind", "poem"])
    assert wrong.exit_code == 2
    missing = CliRunner().invoke(app, ["plot", str(saved)])
    assert missing.exit_code == 2
