"""Located phrases on a map: the region, the circle, the point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from frontline.plots.furniture import ScaleBar, add_legend, add_title
from frontline.plots.ground import Ground, draw_base
from frontline.plots.looks import INK
from frontline.plots.names import PlaceNames, in_order
from frontline.plots.paths import path_of_area, path_of_lines
from frontline.plots.stage import known_places, new_axes
from frontline.shapes import ring
from frontline.units import km_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["circle_handle", "draw_circle", "draw_region", "plot_location", "region_handle"]

#: Fill of a region by the share of true places that it holds.
TINTS = {0.5: "#756bb1", 0.95: "#bcbddc"}
CIRCLE = "#b35806"
_DASH = (0, (5, 2.5))
_ROOM = 0.6  # of the width of the region, on every side
_FIGSIZE = (6.4, 6.0)


def plot_location(
    location: Any,
    *,
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
    figure: Figure | None = None,
    legend: bool = True,
    legend_kwds: dict[str, Any] | None = None,
    title: str | None = None,
    names: bool | int = True,
    crs: Any = None,
) -> Axes:
    """Draw where a phrase may mean: the region, the circle of its uncertainty, the point.

    Parameters
    ----------
    location : Location
        What `frontline.locate` returned.
    ax, figsize, figure, legend, legend_kwds, title, names, crs
        As in `frontline.plots.plot`.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from frontline.locality import locate
    >>> ax = plot_location(locate("5 km northeast of Hama"), ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['the point', 'region, 95%', 'circle, 95%: 7.6 km']
    """
    region, point = location.region, location.point
    circle = ring(point.x, point.y, location.uncertainty_m)
    bounds = shapely.total_bounds(np.array([region, circle], dtype=object))
    wide, high = bounds[2] - bounds[0], bounds[3] - bounds[1]
    west, south = bounds[0] - wide * _ROOM * 0.5, bounds[1] - high * _ROOM * 0.5
    east, north = bounds[2] + wide * _ROOM * 0.5, bounds[3] + high * _ROOM * 0.5
    window = (float(west), max(float(south), -89.0), float(east), min(float(north), 89.0))
    ground = Ground.of(window, crs)
    own = ax is None
    if ax is None:
        ax = new_axes(figsize or _FIGSIZE, figure)
        ax.set_position((0.02, 0.02, 0.96, 0.88))
    ground.fill(ax)
    ax.set_xticks([])
    ax.set_yticks([])
    draw_base(ax, ground, window)
    sheet = _Sheet(ax, ground)
    draw_region(sheet, region, TINTS[0.95])
    draw_circle(sheet, location)
    x, y = ground.forward([(point.x, point.y)])[0]
    ax.plot(
        [x], [y], marker="+", color=INK, markersize=11, markeredgewidth=1.8, zorder=5,
        linestyle="none", scalex=False, scaley=False,
    )  # fmt: skip
    bar = ScaleBar(ground)
    ax.add_artist(bar)
    heading = f"\N{LEFT DOUBLE QUOTATION MARK}{location.locality}\N{RIGHT DOUBLE QUOTATION MARK}"
    if title != "":
        add_title(ax, title or heading, "" if not own else "where that is, and how sure")
    avoid = [bar.boxes]
    if legend:
        share = f", {location.coverage:.0%}" if location.coverage is not None else ""
        key = add_legend(
            ax,
            [
                (
                    Line2D([], [], marker="+", color=INK, linestyle="none", markersize=9),
                    "the point",
                ),
                (region_handle(TINTS[0.95]), f"region{share}"),
                (circle_handle(), f"circle{share}: {km_text(location.uncertainty_m)}"),
            ],
            **{"loc": "upper right", **(legend_kwds or {})},
        )
        if key is not None:
            avoid.append(lambda renderer: [key.get_window_extent(renderer)])
    if names is not False:
        places = in_order(known_places(window, window, kinds=None))
        most = None if names is True else int(names)
        ax.add_artist(PlaceNames(ground, places, most=most, avoid=avoid))
    return ax


class _Sheet:
    """What `draw_region` needs of a map: axes, coordinates, and a way to add a patch."""

    def __init__(self, ax: Axes, ground: Ground) -> None:
        self.ax = ax
        self.ground = ground

    def put(self, patch: PathPatch) -> PathPatch:
        """Add a patch that leaves the window as it is."""
        self.ax.add_artist(patch)
        patch.set_clip_path(self.ax.patch)
        return patch


def draw_region(board: Any, region: Any, colour: str) -> None:
    """Fill the region of a phrase."""
    path = path_of_area(region, board.ground.project)
    board.put(
        PathPatch(
            path,
            facecolor=colour,
            alpha=0.75,
            edgecolor="white",
            linewidth=0.8,
            zorder=2.8,
            gid="located",
        )
    )


def draw_circle(board: Any, location: Any) -> None:
    """Outline the circle of a phrase's uncertainty."""
    circle = ring(location.point.x, location.point.y, location.uncertainty_m)
    path = path_of_lines(circle, board.ground.project)
    for colour, width_pt, dash in ((("white"), 3.0, "solid"), (CIRCLE, 1.6, _DASH)):
        board.put(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=colour,
                linewidth=width_pt,
                linestyle=dash,
                zorder=3.2,
                gid="circle",
            )
        )


def region_handle(colour: str) -> PathPatch:
    """Return the legend's patch of a region."""
    return PathPatch(Path.unit_rectangle(), facecolor=colour, alpha=0.75, linewidth=0)


def circle_handle() -> Line2D:
    """Return the legend's line of a circle."""
    return Line2D([], [], color=CIRCLE, linewidth=1.6, linestyle=_DASH)
