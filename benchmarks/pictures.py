"""Measure the pictures: ``python benchmarks/pictures.py``.

Thirty frames of 1280 x 800 pixels, drawn from thirty days of the made archive (about 2,900 vertices
a day), as GIF, APNG and MP4; the peer draws each frame with geopandas on a figure of its own and
writes it with the same encoder.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import archive, to_frame
from matplotlib.figure import Figure
from measuring import Table, cpu_s
from PIL import Image

import frontline as fl

if TYPE_CHECKING:
    import geopandas as gpd

FRAMES, SIZE = 30, (1280, 800)
REACH = {"gif": "< 1.5 s", "apng": "", "mp4": "< 1 s"}


def peer(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Draw every day with geopandas on a new figure, then write a GIF."""
    images = []
    for _, rows in frame.groupby("date"):
        figure = Figure(figsize=(12.8, 8), dpi=100)
        ax = figure.add_subplot()
        rows.plot(ax=ax, color="#0072B2", edgecolor="black")
        ax.set_title(str(rows["date"].iloc[0]))
        figure.savefig(path.with_suffix(".png"))
        with Image.open(path.with_suffix(".png")) as image:
            images.append(image.convert("RGB").quantize(32, dither=Image.Dither.NONE))
    images[0].save(path, save_all=True, append_images=images[1:], duration=250, loop=0)


def main() -> None:
    """Print what the pictures take, the peer beside them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="the median of so many counts")
    runs = parser.parse_args().runs
    frame = to_frame(archive(days=FRAMES, jitter=False))
    history = fl.ControlHistory.from_snapshots(frame)
    table = Table("Pictures")
    table.head()
    table.section(f"{FRAMES} frames of {SIZE[0]} x {SIZE[1]}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        figures: dict[str, float] = {}
        for kind, reach in REACH.items():
            path = work / f"x.{kind}"

            def write(path: Path = path) -> Any:
                return fl.animate(history, path, freq="D", size=SIZE, names=False)

            write()  # fonts and data that are read once
            figures[kind], _ = cpu_s(write, runs)
            said = f"{figures[kind]:.2f} s"
            table.row(f"{kind.upper()}, {path.stat().st_size / 1000:,.0f} kB", said, reach)
        seconds, _ = cpu_s(lambda: peer(frame, work / "peer.gif"), 1)
        table.row("geopandas.plot a frame, then a GIF", "", "", f"{seconds:.2f} s")
        still, _ = cpu_s(lambda: fl.picture(history, work / "x.png", size=SIZE), runs)
        table.row("one map, PNG", f"{still:.2f} s")
        with Image.open(work / "x.gif") as image:
            table.check(
                "frames of the GIF", held=image.n_frames == FRAMES, found=str(image.n_frames)
            )
    table.end()


if __name__ == "__main__":
    main()
