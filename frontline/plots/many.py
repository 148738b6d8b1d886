"""Several instants side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.dates import to_utc
from frontline.errors import InputError
from frontline.plots.board import Board
from frontline.plots.days import date_words, day_words
from frontline.plots.furniture import (
    DOUBT_PT,
    LEGEND,
    NOTE,
    TITLE,
    ScaleBar,
    add_doubt,
    add_legend,
    credits_of,
    fit_doubt,
    height_pt,
    is_small,
    measuring,
    shrink,
)
from frontline.plots.ground import Ground, theatre_of, window_of
from frontline.plots.looks import INK, SOFT
from frontline.plots.names import PlaceNames, in_order
from frontline.plots.record import OnRecord
from frontline.plots.sides import Sides
from frontline.plots.stage import entries_of, known_places, new_figure, point_of
from frontline.plots.words import Words, wrapped
from frontline.scene.content import content_of
from frontline.scene.frames import frame_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["plot_many"]

_MOST = 40
_WIDTH_IN = 10.4
_PAD_PT, _GAP_PT, _HEAD_PT = 12.0, 10.0, 15.0


def plot_many(
    thing: Any,
    when: Any = 6,
    *,
    columns: int | None = None,
    figsize: tuple[float, float] | None = None,
    figure: Any = None,
    legend: bool = True,
    legend_kwds: dict[str, Any] | None = None,
    title: str | None = None,
    extent: Any = None,
    around: Any = None,
    within_km: float = 50.0,
    crs: Any = None,
    names: bool | int = 5,
    credits: bool = True,  # noqa: A002 - what it is
    as_of: Any = None,
) -> NDArray[np.object_]:
    """Draw several instants side by side, with one legend.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to draw.
    when : int or iterable of date
        The instants, or how many, spread evenly over the days of the case.
    columns : int, optional
        How many stand in a row.
    figsize : tuple of float, optional
        Inches of the new figure.
    figure : matplotlib.figure.Figure, optional
        Where to draw; by default on a new figure of pyplot.
    legend, legend_kwds, title, extent, around, within_km, crs, credits, as_of
        As in `frontline.plots.plot`.
    names : bool or int
        How many places to name on each map.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes
        One an instant, in order. Below a date without a map, or outside the record, that is said.

    Raises
    ------
    InputError
        No date, or more than 40.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from matplotlib.figure import Figure
    >>> from frontline.control import ControlHistory
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-03"], "actor": ["A", "A"]},
    ...     geometry=[shapely.box(36, 35, 37, 36), shapely.box(36, 35, 38, 36)], crs=4326)
    >>> axes = plot_many(ControlHistory.from_snapshots(days), 3, figure=Figure())
    >>> [ax.get_title(loc="left") for ax in axes]
    ['1 December 2024', '2 December 2024', '3 December 2024']
    """
    content = content_of(thing, title=title)
    times = _times(content, when)
    sides = Sides.of(content)
    bounds = theatre_of(content.history)
    middle = point_of(around, sides) if around is not None else None
    window = window_of(bounds, extent=extent, around=middle, within_km=within_km)
    ground = Ground.of(window, crs, wraps=bounds[2] > 180.0)  # noqa: PLR2004 - degrees
    left, right, bottom, top = ground.limits()
    ratio = (top - bottom) * ground.aspect / (right - left)
    across = columns or _columns(len(times), ratio)
    down = -(-len(times) // across)
    if figure is None:
        wide_in = figsize[0] if figsize else _WIDTH_IN
        high_in = figsize[1] if figsize else wide_in / across * ratio * down + 0.22 * down + 1.6
        figure = new_figure((wide_in, high_in))
    axes = [figure.add_subplot(down, across, i + 1) for i in range(len(times))]
    heading = content.meta["title"] if title is None else title
    shots = [sides.shot(moment, as_of=as_of) for moment in times]
    record = OnRecord.of(content)
    doubts = [record.doubt(moment) for moment in times]
    head_pt = _HEAD_PT + (DOUBT_PT + 2.0 if any(doubts) else 0.0)
    below = _below(
        figure,
        axes[0],
        sides,
        shots,
        credits_of(content, short=is_small(figure)) if credits else "",
    )
    foot_pt = below(None) if not legend else below({**(legend_kwds or {})})
    _arrange(figure, axes, across, head=bool(heading), foot_pt=foot_pt, head_pt=head_pt)
    if heading:
        _heading(figure, heading)
    places = in_order(content.places or known_places(window, bounds))
    bar = ScaleBar(ground)
    for ax, moment, shot, doubt in zip(axes, times, shots, doubts, strict=True):
        board = Board.on(ax, ground, sides)
        board.show(shot)
        midnight = moment == moment.normalize()
        words = day_words(moment) if midnight else date_words(moment).split(" ", 1)[1]
        ax.set_title(words, loc="left", fontsize=9.5, color=INK, pad=3.0 + head_pt - _HEAD_PT)
        if doubt:
            fit_doubt(add_doubt(ax, doubt), doubt, ax.get_window_extent().width)
        if names is not False:
            most = None if names is True else int(names)
            avoid = [bar.boxes] if ax is axes[0] else []
            ax.add_artist(PlaceNames(ground, places, most=most, scale=0.9, avoid=avoid))
    axes[0].add_artist(bar)
    return np.array(axes, dtype=object)


def _times(content: Any, when: Any) -> pd.DatetimeIndex:
    if isinstance(when, (int, np.integer)):
        if not 1 <= int(when) <= _MOST:
            raise InputError(f"{int(when)} maps are no picture; ask for 1 to {_MOST}")
        starts, ends = content.window
        every = frame_times(
            content.history.change_times(), freq="D", from_=starts or None, to=ends or None
        )
        chosen = np.unique(np.linspace(0, len(every) - 1, int(when)).round().astype(int))
        return every[chosen]
    given = [when] if isinstance(when, str) else list(when)
    if not 1 <= len(given) <= _MOST:
        raise InputError(f"{len(given)} dates are no picture; give 1 to {_MOST}")
    return pd.DatetimeIndex([to_utc(value, what="a date") for value in given])


def _columns(count: int, ratio: float) -> int:
    """Return the columns for which the whole comes nearest to three wide by two high."""
    best = min(
        range(1, count + 1),
        key=lambda across: abs(np.log(across / (-(-count // across) * ratio) / 1.5)),
    )
    return int(best)


def _below(figure: Any, ax: Any, sides: Sides, shots: list[Any], note: str) -> Any:
    """Return a function that draws legend and small print at the foot and says how high."""

    def draw(options: dict[str, Any] | None) -> float:
        wide_pt, high_pt = (value / figure.dpi * 72.0 for value in figure.bbox.size)
        up_pt = _PAD_PT
        if note:
            words = Words(
                _PAD_PT / wide_pt, 0, "", fontsize=NOTE, color=SOFT, va="bottom", most=10_000
            )
            words.set_gid("credits")
            words.set_transform(figure.transFigure)
            words.set_linespacing(1.35)
            figure.add_artist(words)
            room = (wide_pt - 2 * _PAD_PT) / 72.0 * figure.dpi
            wrapped(words, note, room, measuring(figure), lines=4)
            words.set_y(up_pt * 0.8 / high_pt)
            up_pt += height_pt(words) + 4.0
        if options is not None:
            board = Board(ax, Ground.of((0, 0, 1, 1)), sides)
            board.lines = {"front": [None], "unsure": [None]}  # type: ignore[list-item]
            groups = {number for shot in shots for number in shot.areas}
            lines = [k for k in ("front", "unsure") if any(len(s.lines[k]) for s in shots)]
            entries = entries_of(board, groups, lines)
            legend = add_legend(
                ax, entries, where="figure", at=(_PAD_PT / wide_pt, up_pt / high_pt), **options
            )
            up_pt += height_pt(legend) + LEGEND
        return up_pt

    return draw


def _arrange(
    figure: Any, axes: list[Any], across: int, *, head: bool, foot_pt: float, head_pt: float
) -> None:
    wide_pt, high_pt = (value / figure.dpi * 72.0 for value in figure.bbox.size)
    down = -(-len(axes) // across)
    top_pt = _PAD_PT + (TITLE * 1.6 if head else 0.0)
    width = (wide_pt - 2 * _PAD_PT - (across - 1) * _GAP_PT) / across
    room = high_pt - top_pt - foot_pt - down * head_pt - (down - 1) * 4.0
    height = max(room / down, 20.0)
    for i, ax in enumerate(axes):
        row, column = divmod(i, across)
        x = _PAD_PT + column * (width + _GAP_PT)
        y = high_pt - top_pt - (row + 1) * (head_pt + height) - row * 4.0
        ax.set_position((x / wide_pt, y / high_pt, width / wide_pt, height / high_pt))


def _heading(figure: Any, text: str) -> None:
    wide_pt, high_pt = (value / figure.dpi * 72.0 for value in figure.bbox.size)
    words = Words(
        _PAD_PT / wide_pt,
        1 - _PAD_PT / high_pt,
        text,
        fontsize=TITLE,
        fontweight="bold",
        color=INK,
        va="top",
    )
    words.set_transform(figure.transFigure)
    words.set_gid("title")
    figure.add_artist(words)
    shrink(words, LEGEND)
