"""What changed hands between two instants, as a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from frontline.dates import to_utc
from frontline.palette import NOBODY
from frontline.plots.days import day_words
from frontline.plots.furniture import front_handle, is_small
from frontline.plots.looks import INK, SOFT
from frontline.plots.paths import path_of_area, path_of_lines
from frontline.plots.record import OnRecord
from frontline.plots.sides import Sides
from frontline.plots.stage import new_axes, stage_of
from frontline.plots.words import area_words, clean
from frontline.scene.content import content_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_changes"]

_PALE = 0.35  # of the usual strength, for land that did not change hands
_STRONG = 0.85
_MOST_SMALL = 4
_OTHERS = "#bdb9b0"
_DOTS = (0, (1, 2))


def plot_changes(
    thing: Any,
    t0: Any,
    t1: Any,
    *,
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
    figure: Figure | None = None,
    legend: bool = True,
    legend_kwds: dict[str, Any] | None = None,
    title: str | None = None,
    extent: Any = None,
    around: Any = None,
    within_km: float = 50.0,
    crs: Any = None,
    names: bool | int = True,
    credits: bool = True,  # noqa: A002 - what it is
    most: int = 8,
    min_area_km2: float = 0.0,
    as_of: Any = None,
) -> Axes:
    """Draw who gained what from whom between two instants.

    What was gained has the colour of the side that gained it, striped in the colour of the one
    that lost it; the legend tells the areas. All other land is pale.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to draw.
    t0, t1 : date
        The two instants. The front of the first is dotted, that of the second a line.
    ax, figsize, figure, legend, legend_kwds, title, extent, around, within_km, crs, names, credits,
    as_of
        As in `frontline.plots.plot`.
    most : int
        How many pairs of sides are told apart; smaller changes are drawn as one. In a small figure
        four at most.
    min_area_km2 : float
        As in `ControlHistory.changes`.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from matplotlib.figure import Figure
    >>> from frontline.control import ControlHistory
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-02"], "actor": ["A", "A"]},
    ...     geometry=[shapely.box(36, 35, 37, 36), shapely.box(36, 35, 38, 36)], crs=4326)
    >>> h = ControlHistory.from_snapshots(days, rest="B", outline=shapely.box(36, 35, 38, 36))
    >>> ax = plot_changes(h, "2024-12-01", "2024-12-02", ax=Figure().add_subplot())
    >>> print(ax.get_legend().get_texts()[0].get_text())
    A: 10,066 km²
    from B
    """
    content = content_of(thing, title=title)
    first, second = to_utc(t0, what="t0"), to_utc(t1, what="t1")
    rows = content.history.changes(first, second, min_area_km2=min_area_km2, as_of=as_of)
    sides = Sides.of(content)
    own = ax is None
    ax = ax if ax is not None else new_axes(figsize, figure)
    small = own and is_small(ax.figure)
    most = min(most, _MOST_SMALL) if small else most
    stage = stage_of(
        content,
        ax,
        own=own,
        title=title,
        date=f"{'' if small else 'What changed hands, '}{_span(first, second)}{_counted(sides)}",
        doubt=OnRecord.of(content).doubt_of((first, second)) or None,
        extent=extent,
        around=around,
        within_km=within_km,
        crs=crs,
        names=names,
        credits=credits,
        legend=legend,
        sides=sides,
    )
    board = stage.board
    board.show(sides.shot(second, as_of=as_of))
    board.fade(_PALE)
    for patch in board.areas.values():
        patch.set_hatch("")
    before = path_of_lines(
        board.off_seam(sides.shot(first, as_of=as_of).lines["front"]), board.ground.project
    )
    board.put(
        PathPatch(
            before,
            facecolor="none",
            edgecolor=INK,
            linewidth=1.3,
            linestyle=_DOTS,
            zorder=2.5,
            gid="line-before",
        )
    )
    entries: list[tuple[Any, str]] = []
    shown, others = rows.iloc[:most], rows.iloc[most:]
    for i, row in enumerate(shown.itertuples(index=False)):
        style = _style(sides, row.from_actor, row.to_actor)
        path = path_of_area(row.geometry, board.ground.project)
        board.put(_dressed(PathPatch(path, zorder=1.5, gid=f"change-{i}"), style))
        gained = clean(sides.label_of(row.to_actor), most=30)
        lost = clean(sides.label_of(row.from_actor), most=30)
        text = f"{gained}: {area_words(row.area_km2)}\nfrom {lost}"
        entries.append((_dressed(PathPatch(Path.unit_rectangle()), style), text))
    if len(others):
        style = (_OTHERS, "none")
        path = path_of_area(np.asarray(others.geometry.array), board.ground.project)
        board.put(_dressed(PathPatch(path, zorder=1.5, gid="change-others"), style))
        text = f"{len(others)} smaller changes: {area_words(others['area_km2'].sum())}"
        entries.append((_dressed(PathPatch(Path.unit_rectangle()), style), text))
    if not len(rows):
        nothing = _dressed(PathPatch(Path.unit_rectangle()), ("none", "none"))
        entries.append((nothing, "nothing changed hands"))
    entries += [
        (Line2D([], [], color=INK, linewidth=1.3, linestyle=_DOTS), f"front, {_day(first)}"),
        (front_handle("front"), f"front, {_day(second)}"),
    ]
    if legend:
        stage.legend(entries, legend_kwds)
    return board.ax


def _style(sides: Sides, lost: Any, gained: Any) -> tuple[Any, Any]:
    """Return the fill of who gained and the stripes of who lost; nobody has pale grey."""
    fill = to_rgba(sides.colours.get(gained, "#ffffff"), _STRONG)
    stripe = to_rgba(sides.colours.get(lost, NOBODY) if lost is not None else SOFT, 0.9)
    return fill, stripe


def _dressed(patch: PathPatch, style: tuple[Any, Any]) -> PathPatch:
    fill, stripe = style
    patch.set_facecolor(fill)
    patch.set_linewidth(0.0)
    patch.set_edgecolor(stripe)
    if not isinstance(stripe, str):
        patch.set_hatch("///")
        if hasattr(patch, "set_hatch_linewidth"):  # from matplotlib 3.10 on
            patch.set_hatch_linewidth(1.3)
    return patch


def _counted(sides: Sides) -> str:
    """Say so where the areas hold more than what is held: `changes` counts by actor alone."""
    unsure = any(kind in ("contested", "claimed", "infiltration") for _, kind in sides.groups)
    return "; claimed and contested land counted" if unsure else ""


def _span(first: pd.Timestamp, second: pd.Timestamp) -> str:
    return f"{_day(first)} to {_day(second)} (UTC)"


def _day(moment: pd.Timestamp) -> str:
    clock = "" if moment == moment.normalize() else f" {moment:%H:%M}"
    return day_words(moment) + clock
