"""Draw the worked example of method.md: what "5 km northeast of Hama's borders" may mean.

Everything in it comes from the library: the extent, the circle, the regions and the places
around. Called by pictures.py; alone: ``python docs/method_picture.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib import patheffects
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

import frontline as fl
from frontline.locality.calibration import COVERAGES
from frontline.planes import LocalPlane

PHRASE = "5 km northeast of Hama's borders"
#: What the map shows, km east and north of Hama.
WEST, EAST, SOUTH, NORTH = -7.0, 17.0, -6.0, 18.0
TINTS = {0.5: "#08519c", 0.68: "#3182bd", 0.9: "#6baed6", 0.95: "#bdd7e7"}
#: Half the side of a dot's box, pixels.
_DOT = 4.0
_HALO = [patheffects.withStroke(linewidth=1.8, foreground="white")]
GREY, DARK = "#777777", "#222222"


def draw(folder: Path) -> None:
    """Write method-seed.png to a folder."""
    mpl.rcParams |= {"font.size": 9}
    found = {level: fl.locate(PHRASE, coverage=level) for level in COVERAGES}
    standard = fl.locate(PHRASE, method="standard")
    hama = standard.features[0]
    plane = LocalPlane.around(hama.lon, hama.lat)
    figure, axes = plt.subplots(figsize=(7.2, 7.9), dpi=150)
    for level in reversed(COVERAGES):
        _fill(axes, plane, found[level].region, facecolor=TINTS[level], zorder=2)
    _line(axes, plane, standard.region, color="#d95f02", linestyle="--", linewidth=1.4)
    circle = _ring_of(found[COVERAGES[-1]])
    _line(axes, plane, circle, color=TINTS[0.5], linestyle=":", linewidth=1.4)
    _fill(axes, plane, hama.extent, facecolor="#dddddd", edgecolor=GREY, linewidth=1, zorder=3)
    point = np.array(plane.forward(standard.point).coords[0]) / 1000.0
    axes.plot(*point, marker="+", color="black", markersize=11, markeredgewidth=1.8, zorder=7)
    axes.annotate(
        "", point, (0, 0), arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.9}, zorder=4
    )
    _frame(axes)
    _places(figure, axes, plane, hama)
    _legend(axes, standard, found[COVERAGES[-1]])
    axes.set_title(f"“{PHRASE}”: where that is, and how sure", fontsize=11)
    folder.mkdir(exist_ok=True)
    path = folder / "method-seed.png"
    figure.savefig(path, metadata={"Software": None}, bbox_inches="tight")
    plt.close(figure)


def _ring_of(found: Any) -> Any:
    from frontline.shapes import ring

    return ring(found.point.x, found.point.y, found.uncertainty_m)


def _outlines_km(plane: LocalPlane, shape: Any) -> list[np.ndarray]:
    flat = plane.forward(shape)
    return [np.asarray(each.exterior.coords) / 1000.0 for each in shapely.get_parts(flat)]


def _fill(axes: Any, plane: LocalPlane, shape: Any, **style: Any) -> None:
    for outline in _outlines_km(plane, shape):
        axes.fill(*outline.T, **style)


def _line(axes: Any, plane: LocalPlane, shape: Any, **style: Any) -> None:
    for outline in _outlines_km(plane, shape):
        axes.plot(*outline.T, zorder=5, **style)


def _frame(axes: Any) -> None:
    """Set the window, and draw the scale bar and the arrow to the north."""
    axes.set(xlim=(WEST, EAST), ylim=(SOUTH, NORTH), xticks=[], yticks=[], aspect="equal")
    left, low = EAST - 6.0, SOUTH + 0.9
    axes.plot([left, left + 5.0], [low, low], color=DARK, linewidth=2.5, solid_capstyle="butt")
    axes.text(left + 2.5, low + 0.25, "5 km", ha="center", va="bottom", color=DARK)
    arrow = {"arrowstyle": "-|>", "color": DARK}
    axes.annotate(
        "N", (EAST - 1.0, NORTH - 0.6), (EAST - 1.0, NORTH - 2.4), ha="center", arrowprops=arrow
    )


def _places(figure: Any, axes: Any, plane: LocalPlane, hama: Any) -> None:
    """Dot the places around and label as many as have room, the large ones first."""
    gazetteer = fl.Gazetteer.bundled()
    near = gazetteer.nearest(hama.lon, hama.lat, count=400, max_km=25)
    around = sorted(near, key=lambda each: -(each.population or 0))
    around.sort(key=lambda each: each.kind not in {"military", "airfield"})
    renderer = figure.canvas.get_renderer()
    taken = _reserved(axes)
    label = axes.text(
        0, -1.2, f"{hama.name}\n(extent)", ha="center", va="center", weight="bold", zorder=8
    )
    taken.append(label.get_window_extent(renderer))
    spots = []
    for place in around:
        x, y = (each / 1000.0 for each in plane.forward(place.point).coords[0])
        if not (WEST < x < EAST and SOUTH < y < NORTH) or place.name == hama.name:
            continue
        here = axes.transData.transform((x, y))
        dot = mpl.transforms.Bbox([here - _DOT, here + _DOT])
        if any(dot.overlaps(other) for other in taken):
            continue
        spots.append((place, x, y, dot))
    dots = [dot for *_, dot in spots]
    for place, x, y, own in spots:
        special = place.kind in {"military", "airfield"}
        marker = {"marker": "^" if special else "o", "markersize": 5 if special else 3}
        axes.plot(x, y, color=DARK, linestyle="none", zorder=6, **marker)
        for side, shift in (("left", 0.25), ("right", -0.25)):
            text = axes.text(
                x + shift,
                y,
                place.name,
                ha=side,
                va="center",
                fontsize=7,
                zorder=8,
                path_effects=_HALO,
            )
            box = text.get_window_extent(renderer).expanded(1.04, 1.15)
            inside = axes.get_window_extent(renderer)
            fits = box.x0 > inside.x0 and box.x1 < inside.x1
            others = [*taken, *(each for each in dots if each is not own)]
            if fits and not any(box.overlaps(other) for other in others):
                taken.append(box)
                break
            text.remove()


def _reserved(axes: Any) -> list[Any]:
    """Return where no label may stand: the legend, the scale bar, the arrow and the cross."""
    windows = [
        (WEST, NORTH - 6.1, WEST + 10.2, NORTH),
        (EAST - 6.4, SOUTH, EAST, SOUTH + 2.0),
        (EAST - 1.8, NORTH - 3.0, EAST, NORTH),
        (5.4, 5.4, 6.4, 6.4),
    ]
    return [
        mpl.transforms.Bbox(axes.transData.transform([(x0, y0), (x1, y1)]))
        for x0, y0, x1, y1 in windows
    ]


def _legend(axes: Any, standard: Any, widest: Any) -> None:
    handles = [
        Line2D(
            [], [], marker="+", color="black", linestyle="none", markersize=9, markeredgewidth=1.8
        ),
        Line2D([], [], color="#d95f02", linestyle="--"),
        Line2D([], [], color=TINTS[0.5], linestyle=":"),
        *(Patch(facecolor=TINTS[level]) for level in COVERAGES),
        Patch(facecolor="#dddddd", edgecolor=GREY),
    ]
    labels = [
        "the point",
        f"the standard's circle, {standard.uncertainty_m / 1000:.1f} km",
        f"calibrated circle, 95 %, {widest.uncertainty_m / 1000:.1f} km",
        *(f"calibrated region, {level:.0%}".replace("%", " %") for level in COVERAGES),
        "extent of Hama (by its population)",
    ]
    axes.legend(handles, labels, loc="upper left", fontsize=7.5, framealpha=0.95)


if __name__ == "__main__":
    draw(Path(__file__).resolve().parent / "pictures")
