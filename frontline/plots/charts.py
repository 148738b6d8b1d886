"""Charts over time: areas held, and the distance of the front to places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from frontline.errors import InputError
from frontline.gazetteer import place as look_up
from frontline.palette import NOBODY
from frontline.plots.furniture import (
    DOUBT_PT,
    LEGEND,
    NOTE,
    add_doubt,
    add_legend,
    add_note,
    add_title,
    credits_of,
    fit_doubt,
    is_small,
)
from frontline.plots.gaps import beyond, broken, date_axis, hatch, hatched, numbers, specks
from frontline.plots.looks import INK, SOFT
from frontline.plots.record import OnRecord, breaks_between, within
from frontline.plots.sides import Sides
from frontline.plots.stage import new_figure
from frontline.plots.words import Words, clean
from frontline.scene.content import content_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

__all__ = ["plot_advance", "plot_areas"]

_GRID = "#e1e4e7"
_LEAST_KM2 = 1.0
_STALE_DAYS = 2.0  # after so many days without a report a distance is drawn as not confirmed
_FIGSIZE = (9.4, 6.2)


def plot_areas(
    thing: Any,
    *,
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
    figure: Figure | None = None,
    freq: str = "D",
    start: Any = None,
    end: Any = None,
    include: Sequence[str] = (),
    changes: bool = True,
    legend: bool = True,
    legend_kwds: dict[str, Any] | None = None,
    title: str | None = None,
    credits: bool = True,  # noqa: A002 - what it is
    as_of: Any = None,
) -> Axes:
    """Draw the area that each side held over time, and below it what each gained and lost.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw the areas alone; by default on a new figure of pyplot.
    figsize : tuple of float, optional
        Inches of the new figure.
    figure : matplotlib.figure.Figure, optional
        Instead: an empty figure to be filled.
    freq, start, end, include, as_of
        As in `ControlHistory.measures`: claims and infiltration count for nobody unless asked.
    changes : bool
        Whether a new figure also shows gains and losses step by step.
    legend, legend_kwds, title, credits
        As in `frontline.plots.plot`.

    Returns
    -------
    matplotlib.axes.Axes
        That of the areas.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from matplotlib.figure import Figure
    >>> from frontline.control import ControlHistory
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-02"], "actor": ["A", "A"]},
    ...     geometry=[shapely.box(36, 35, 37, 36), shapely.box(36, 35, 38, 36)], crs=4326)
    >>> ax = plot_areas(ControlHistory.from_snapshots(days), ax=Figure().add_subplot())
    >>> [round(float(value)) for value in ax.lines[0].get_ydata()]
    [10066, 20133]
    """
    content = content_of(thing, title=title)
    table = content.history.measures(freq=freq, start=start, end=end, as_of=as_of, include=include)
    sides = Sides.of(content)
    own = ax is None
    lower = None
    if ax is None:
        figure = figure if figure is not None else new_figure(figsize or _FIGSIZE)
        if changes:
            ax, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1.5))
        else:
            ax = figure.add_subplot()
    times = pd.DatetimeIndex(sorted(table["date"].unique()))
    shown = _drawn(table, sides)
    record = OnRecord.of(content)
    gaps = record.holes(times[0], times[-1]) if len(times) else []
    for actor in shown:
        rows = table[table["actor"] == actor].sort_values("date")
        ax.plot(
            *broken(rows["date"], rows["area_km2"], gaps),
            color=sides.colours[actor],
            linewidth=2.0,
            drawstyle="default",
            gid=f"area-{sides.actors.index(actor)}",
        )
        specks(ax, rows["date"], rows["area_km2"], gaps, colour=sides.colours[actor])
    _axes_style(ax, "km\N{SUPERSCRIPT TWO} held")
    ax.set_ylim(bottom=0.0)
    hatch(ax, gaps, times)
    if lower is not None:
        hatch(lower, gaps, times)
        _gains(lower, table, sides, shown, times)
        ax.tick_params(labelbottom=False)
    heading = content.meta["title"] if title is None else title
    counted = f"; {', '.join(include)} counted" if include else "; claims count for nobody"
    second = f"Area held by each side{counted}"
    doubt = beyond(record, times)
    _dress(
        ax,
        lower,
        content,
        own=own,
        heading=heading,
        second=second,
        small_print=credits,
        doubt=doubt,
    )
    if legend:
        entries: list[tuple[Any, str]] = [
            (Line2D([], [], color=sides.colours[actor], linewidth=3.0), sides.label_of(actor))
            for actor in shown
        ]
        entries += [(hatched(), "not on record: no map")] if gaps else []
        add_legend(ax, entries, where="beside" if own else "inside", **(legend_kwds or {}))
    return ax


def plot_advance(
    thing: Any,
    towards: Any,
    *,
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
    figure: Figure | None = None,
    freq: str = "D",
    start: Any = None,
    end: Any = None,
    between: Any = None,
    stale_days: float = _STALE_DAYS,
    legend: bool = True,
    legend_kwds: dict[str, Any] | None = None,
    title: str | None = None,
    credits: bool = True,  # noqa: A002 - what it is
    as_of: Any = None,
) -> Axes | NDArray[np.object_]:
    """Draw how far the front was from places over time, and how well that was known.

    The line has the colour of the side that held the place. It is dashed, with hollow dots, where
    no report for more than `stale_days` had borne the front out. The band reaches from the
    middle of the place to the edge of its extent: a city is not a point.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to draw.
    towards : str, Place, (lon, lat) or list of them
        The places; each has a panel of its own.
    ax : matplotlib.axes.Axes, optional
        Where to draw, for one place; by default on a new figure of pyplot.
    figsize : tuple of float, optional
        Inches of the new figure.
    figure : matplotlib.figure.Figure, optional
        Instead: an empty figure to be filled.
    freq, start, end, between, as_of
        As in `ControlHistory.advance`.
    stale_days : float
        After how many days without a report a distance counts as not confirmed.
    legend, legend_kwds, title, credits
        As in `frontline.plots.plot`.

    Returns
    -------
    matplotlib.axes.Axes, or an array of them for several places

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from matplotlib.figure import Figure
    >>> from frontline.control import ControlHistory
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-02"], "actor": ["A", "A"]},
    ...     geometry=[shapely.box(36, 35, 37, 36), shapely.box(36, 35, 38, 36)], crs=4326)
    >>> h = ControlHistory.from_snapshots(days, rest="B", outline=shapely.box(36, 35, 39, 36))
    >>> ax = plot_advance(h, (38.5, 35.5), ax=Figure().add_subplot())
    >>> [round(float(y), 1) for y in ax.collections[-1].get_offsets()[:, 1]]
    [136.1, 45.4]
    """
    several = isinstance(towards, (list, np.ndarray))
    places = list(towards) if several else [towards]
    if not places or (ax is not None and len(places) > 1):
        raise InputError("towards= needs a place; several places need a figure of their own")
    content = content_of(thing, title=title)
    sides = Sides.of(content)
    own = ax is None
    if ax is None:
        size = figsize or (_FIGSIZE[0], 2.2 + 2.3 * len(places))
        figure = figure if figure is not None else new_figure(size)
        axes = list(np.atleast_1d(figure.subplots(len(places), 1, sharex=True)))
    else:
        axes = [ax]
    held: list[str] = []
    view = {"freq": freq, "start": start, "end": end, "between": between, "as_of": as_of}
    record = OnRecord.of(content)
    gaps: list[Any] = []
    for panel, where in zip(axes, places, strict=True):
        frame = content.history.advance(where, **view)
        held += [name for name in frame["holder"] if isinstance(name, str)]
        times = pd.DatetimeIndex(frame["date"])
        gaps = record.holes(times[0], times[-1]) if len(times) else []
        _one_advance(panel, frame, sides, where, stale_days, gaps=gaps, named=own or several)
        hatch(panel, gaps, times)
    date_axis(axes[-1], times)
    for panel in axes[:-1]:
        panel.tick_params(labelbottom=False)
    heading = content.meta["title"] if title is None else title
    second, lowest = "Distance of the front", axes[-1]
    _dress(
        axes[0],
        lowest,
        content,
        own=own,
        heading=heading,
        second=second,
        small_print=credits,
        doubt=beyond(record, times),
    )
    if legend:
        entries = _advance_entries(sides, held, stale_days)
        entries += [(hatched(), "not on record: no map")] if gaps else []
        add_legend(axes[0], entries, where="beside" if own else "inside", **(legend_kwds or {}))
    return np.array(axes, dtype=object) if several else axes[0]


def _one_advance(
    ax: Any,
    frame: pd.DataFrame,
    sides: Sides,
    where: Any,
    stale_days: float,
    *,
    gaps: list[Any],
    named: bool,
) -> None:
    x = numbers(frame["date"])
    unknown = [within(moment, gaps) for moment in frame["date"]]
    y = np.where(unknown, np.nan, frame["distance_km"].to_numpy(dtype=float))
    apart = breaks_between(list(frame["date"]), gaps)
    stale = frame["staleness_days"].fillna(np.inf).to_numpy(dtype=float) > stale_days
    colours = [sides.colours.get(name, NOBODY) for name in frame["holder"]]
    name, radius_km = _called(where)
    if radius_km > 0:
        ax.fill_between(
            x, np.maximum(y - radius_km, 0), y, color="#c9ced3", alpha=0.55, linewidth=0, zorder=1
        )
    for i in range(len(x) - 1):
        if np.isfinite(y[i : i + 2]).all() and not apart[i]:
            ax.plot(
                x[i : i + 2],
                y[i : i + 2],
                color=colours[i],
                linewidth=2.2,
                linestyle=(0, (2.2, 1.4)) if stale[i + 1] else "solid",
                solid_capstyle="round",
                zorder=3,
            )
    known = np.isfinite(y)
    faces = ["white" if old else colour for old, colour in zip(stale, colours, strict=True)]
    ax.scatter(
        x[known],
        y[known],
        s=26,
        c=[face for face, ok in zip(faces, known, strict=True) if ok],
        edgecolors=[colour for colour, ok in zip(colours, known, strict=True) if ok],
        linewidths=1.4,
        zorder=4,
    )
    _axes_style(ax, "km")
    ax.set_ylim(bottom=0.0, top=max(float(np.nanmax(y)) * 1.18, 1.0) if known.any() else 1.0)
    if named and name:
        words = Words(
            0.995,
            0.94,
            f"to {name}",
            transform=ax.transAxes,
            ha="right",
            va="top",
            fontsize=10,
            fontweight="bold",
            color=INK,
        )
        ax.add_artist(words)


def _called(where: Any) -> tuple[str, float]:
    """Return the name of a place and the radius of its extent in km; 0 where none is known."""
    if isinstance(where, str):
        try:
            return where, look_up(where).radius_m / 1000.0
        except LookupError:  # a name that only the history knows
            return where, 0.0
    name = str(getattr(where, "name", "") or "")
    if not name and isinstance(where, (tuple, list)):
        name = ", ".join(f"{float(value):g}" for value in where)
    return name, float(getattr(where, "radius_m", 0.0) or 0.0) / 1000.0


def _advance_entries(sides: Sides, held: list[str], stale_days: float) -> list[tuple[Any, str]]:
    entries: list[tuple[Any, str]] = [
        (
            Line2D([], [], color=sides.colours[actor], linewidth=2.6),
            f"held by {_short(sides, actor)}",
        )
        for actor in sides.actors
        if actor in held
    ]
    hollow = Line2D(
        [], [], color=SOFT, linestyle=(0, (2.2, 1.4)), marker="o", markerfacecolor="white"
    )
    entries.append((hollow, f"no report for over {stale_days:g} days"))
    entries.append(
        (Patch(color="#c9ced3", alpha=0.55, linewidth=0), "middle of the place to its edge")
    )
    return entries


def _short(sides: Sides, actor: str) -> str:
    return clean(sides.label_of(actor), most=30)


def _gains(
    ax: Any, table: pd.DataFrame, sides: Sides, shown: list[str], times: pd.DatetimeIndex
) -> None:
    """Draw gross gains above and gross losses below a line, stacked by side."""
    step = float(np.median(np.diff(numbers(times)))) if len(times) > 1 else 1.0
    for sign, column in ((1.0, "gained_km2"), (-1.0, "lost_km2")):
        base = np.zeros(len(times))
        for actor in shown:
            rows = table[table["actor"] == actor].set_index("date")[column]
            height = sign * rows.reindex(times).fillna(0.0).to_numpy(dtype=float)
            # A bar fills the step in which the change happened: the one before its date.
            ax.bar(
                numbers(times) - step,
                height,
                bottom=base,
                width=step * 0.92,
                align="edge",
                color=sides.colours[actor],
                linewidth=0,
            )
            base += height
    ax.axhline(0.0, color=INK, linewidth=0.8)
    ax.margins(y=0.08)
    _axes_style(ax, "km\N{SUPERSCRIPT TWO} gained, lost")


def _drawn(table: pd.DataFrame, sides: Sides) -> list[str]:
    most = table.groupby("actor")["area_km2"].max()
    return [name for name in sides.actors if most.get(name, 0.0) >= _LEAST_KM2]


def _axes_style(ax: Any, label: str) -> None:
    ax.set_facecolor("white")
    ax.grid(axis="y", color=_GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color("#b9bfc5")
    ax.tick_params(length=0, labelsize=LEGEND, labelcolor=SOFT)
    ax.yaxis.set_major_formatter(lambda value, _: _figure(value))
    ax.set_ylabel(label, fontsize=LEGEND, color=SOFT)


def _figure(value: float) -> str:
    """Return a number for an axis: with decimals only where it has some."""
    text = f"{value:,.0f}" if round(value, 6) == round(value) else f"{value:,.2f}".rstrip("0")
    return text.replace("-", "\N{MINUS SIGN}")


def _dress(
    ax: Any,
    lowest: Any,
    content: Any,
    *,
    own: bool,
    heading: str,
    second: str,
    small_print: bool,
    doubt: str = "",
) -> None:
    """Put title, second line and small print to a chart, and make room for them."""
    figure = ax.figure
    up_pt = 0.0
    if doubt:
        room = figure.bbox.width * 0.9 if own else ax.get_window_extent().width
        up_pt = fit_doubt(add_doubt(ax, doubt), doubt, room) * DOUBT_PT
    if own:
        wide, high = (value / figure.dpi * 72.0 for value in figure.bbox.size)
        figure.subplots_adjust(
            left=58 / wide,
            right=1 - min(210 / wide, 0.36),
            top=1 - (50 + up_pt) / high,
            bottom=min(72 / high, 0.34),
            hspace=0.14,
        )
    add_title(ax, heading or second, second if heading else "", up_pt=up_pt)
    if small_print:
        under = lowest if lowest is not None else ax
        width = figure.bbox.width * 0.9 if own else under.get_window_extent().width
        add_note(
            under, credits_of(content, short=is_small(figure)), width_px=width, down_pt=NOTE + 22.0
        )
