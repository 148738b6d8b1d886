"""What every map needs before it is drawn: contents, window, axes, places, legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.dates import to_utc
from frontline.errors import InputError
from frontline.gazetteer import Gazetteer
from frontline.gazetteer import place as look_up
from frontline.plots.board import Board
from frontline.plots.furniture import (
    DOUBT_PT,
    ScaleBar,
    add_doubt,
    add_legend,
    add_note,
    add_title,
    credits_of,
    event_handle,
    fit_doubt,
    front_handle,
    height_pt,
    is_small,
    kind_handle,
    measuring,
    side_handle,
)
from frontline.plots.ground import Ground, Window, theatre_of, window_of
from frontline.plots.looks import KINDS
from frontline.plots.names import PlaceNames, in_order
from frontline.plots.sides import Sides
from frontline.plots.words import area_words, clean
from frontline.scene.basemap import neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from frontline.plots.words import Words
    from frontline.scene.content import Content

__all__ = [
    "Stage",
    "entries_of",
    "known_places",
    "last_moment",
    "new_axes",
    "new_figure",
    "point_of",
    "stage_of",
]

FIGSIZE = (10.4, 6.8)
"""Inches of a figure that is made for one map."""

_BESIDE_FROM = 1.15  # width by height of a figure in which the legend stands beside the map
_CORNERS = ("lower right", "lower left", "upper right", "upper left")
_MARGIN_PT = 12.0
_COLUMN_PT = 208.0  # width of the legend beside a map
_COLUMN_SHARE = 0.36  # of the width of a figure, at most
_TOP_PT = 46.0


@dataclass
class Stage:
    """A map that has been set up.

    Attributes
    ----------
    board : Board
        Its artists.
    legend_at : str
        Where the legend has room: ``"beside"``, ``"below"`` or ``"inside"``.
    names : PlaceNames or None
        The names of places.
    bar : ScaleBar or None
        The scale bar.
    note : Words or None
        The small print.
    doubt : Words or None
        What the record lacks of the date.
    """

    board: Board
    legend_at: str
    names: PlaceNames | None
    bar: ScaleBar | None
    note: Words | None
    doubt: Words | None = None

    def legend(
        self, entries: Sequence[tuple[Artist, str]], options: dict[str, Any] | None = None
    ) -> Any:
        """Put the legend where there is room for it, and keep names and bar clear of it."""
        ax = self.board.ax
        options = options or {}
        where = "inside" if {"loc", "bbox_to_anchor"} & set(options) else self.legend_at
        legend = add_legend(ax, entries, where=where, **options)
        if legend is None or where == "beside":
            return legend
        if where == "below":
            self._make_room(height_pt(legend) + 7.0)
            return legend
        if "loc" not in options:
            corner = self._emptiest(legend)
            if hasattr(legend, "set_loc"):  # from matplotlib 3.8 on
                legend.set_loc(corner)
            if self.bar is not None and corner == "lower left":
                self.bar.right = True
        if self.names is not None:
            self.names.avoid.append(lambda renderer: [legend.get_window_extent(renderer)])
        return legend

    def _make_room(self, down_pt: float) -> None:
        """Move the map up and the small print down, for the legend between them."""
        ax = self.board.ax
        x0, y0, width, height = ax.get_position().bounds
        up = down_pt / (ax.figure.bbox.height / ax.figure.dpi * 72.0)
        ax.set_position((x0, y0 + up, width, max(height - up, 0.2)))
        self.board.ground.fill(ax)
        if self.note is not None:
            text = self.note.get_text()
            self.note.remove()
            width_px = ax.get_window_extent().width
            self.note = add_note(ax, text, width_px=width_px, down_pt=down_pt)

    def _emptiest(self, legend: Any) -> Any:
        """Return the corner in which the legend would cover the least of the theatre."""
        ax = self.board.ax
        renderer = measuring(ax.figure)
        size = legend.get_window_extent(renderer).size + 8.0
        view = ax.get_window_extent(renderer)
        composite = self.board.sides.content.history.composite
        middles = shapely.get_coordinates(shapely.centroid(composite.polygons))
        at = ax.transData.transform(self.board.ground.forward(middles))
        weight = composite.area_km2
        covered = {}
        for corner in _CORNERS:
            x0 = view.x1 - size[0] if "right" in corner else view.x0
            y0 = view.y1 - size[1] if "upper" in corner else view.y0
            inside = np.all((at > (x0, y0)) & (at < (x0 + size[0], y0 + size[1])), axis=1)
            covered[corner] = round(float(weight[inside].sum()), 3)
        return min(_CORNERS, key=lambda corner: covered[corner])


def new_figure(figsize: Any = None) -> Any:
    """Make a figure by pyplot, so that a notebook shows it."""
    from matplotlib import pyplot as plt

    size = tuple(float(value) for value in figsize) if figsize is not None else FIGSIZE
    return plt.figure(figsize=size)


def new_axes(figsize: Any = None, figure: Any = None) -> Axes:
    """Put axes on an empty figure, by default on a new one of pyplot."""
    axes: Axes = (figure if figure is not None else new_figure(figsize)).add_subplot()
    return axes


def stage_of(
    content: Content,
    ax: Axes,
    *,
    own: bool,
    title: str | None = None,
    date: str = "",
    doubt: str | None = None,
    extent: Any = None,
    around: Any = None,
    within_km: float = 50.0,
    crs: Any = None,
    names: bool | int = True,
    scale_bar: bool = True,
    credits: bool = True,  # noqa: A002 - what it is
    legend: bool = True,
    front: bool = True,
    sides: Sides | None = None,
    symbols: Sequence[tuple[float, float]] = (),
    scale: float = 1.0,
    column_pt: float = _COLUMN_PT,
) -> Stage:
    """Set a map up on axes: its place in the figure, window, base map, names, bar, small print.

    Parameters
    ----------
    content : Content
        The parts of the map.
    ax : Axes
        Where to draw.
    own : bool
        Whether the figure was made for this map, so that its margins are ours.
    doubt : str, optional
        What the record lacks of the date; ``""`` leaves room for it, for other dates.
    """
    sides = sides or Sides.of(content)
    bounds = theatre_of(content.history)
    middle = point_of(around, sides) if around is not None else None
    window = window_of(bounds, extent=extent, around=middle, within_km=within_km)
    ground = Ground.of(window, crs, wraps=bounds[2] > 180.0)  # noqa: PLR2004 - degrees
    width, height = ax.figure.bbox.size
    wide = width / height >= _BESIDE_FROM
    legend_at = ("beside" if wide else "below") if own and legend else "inside"
    heading = content.meta["title"] if title is None else title
    note = None
    lacking, up_pt = None, 0.0
    if doubt is not None:
        lacking = add_doubt(ax, doubt)
        room = ax.figure.bbox.width if own else ax.get_window_extent().width
        up_pt = fit_doubt(lacking, doubt, room * 0.96) * DOUBT_PT
    if own:
        most_pt = _COLUMN_SHARE * width / ax.figure.dpi * 72.0
        column = min(column_pt, most_pt) if legend_at == "beside" else 0.0
        top = (_TOP_PT if heading or date else _MARGIN_PT) + up_pt
        _place_axes(ax, column_pt=column, top_pt=top)
    if credits:
        note = add_note(
            ax,
            credits_of(content, short=is_small(ax.figure)),
            width_px=ax.get_window_extent().width,
        )
        if own:
            _raise_axes(ax, height_pt(note))
    board = Board.on(ax, ground, sides, front=front)
    if heading or date:
        add_title(ax, heading or date, date if heading else "", up_pt=up_pt)
    bar = ScaleBar(ground) if scale_bar else None
    if bar is not None:
        ax.add_artist(bar)
    labels = None
    if names is not False:
        labels = PlaceNames(
            ground,
            in_order(content.places or known_places(window, bounds)),
            most=None if names is True else int(names),
            avoid=[bar.boxes] if bar is not None else [],
            symbols=symbols,
            scale=scale,
            countries=neighbours(bounds),
        )
        ax.add_artist(labels)
    return Stage(board, legend_at, labels, bar, note, lacking)


def _place_axes(ax: Axes, *, column_pt: float, top_pt: float) -> None:
    """Give axes their place in a figure of their own: room for title and legend."""
    wide, high = (value / ax.figure.dpi * 72.0 for value in ax.figure.bbox.size)
    left, right = _MARGIN_PT / wide, 1 - (_MARGIN_PT + column_pt) / wide
    low = _MARGIN_PT / high
    up = 1 - top_pt / high
    ax.set_position((left, low, max(right - left, 0.2), max(up - low, 0.2)))


def _raise_axes(ax: Axes, note_pt: float) -> None:
    """Leave room for the small print below axes."""
    x0, y0, width, height = ax.get_position().bounds
    up = (note_pt + 5.0) / (ax.figure.bbox.height / ax.figure.dpi * 72.0) + y0 * 0.7 - y0
    ax.set_position((x0, y0 + up, width, max(height - up, 0.2)))


def point_of(where: Any, sides: Sides | None = None) -> tuple[float, float]:
    """Return the longitude and latitude of a place, a point or a name.

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError
        A name that stands for none or for several places.
    InputError
        Something else.
    """
    if isinstance(where, str):
        known = [p for p in (sides.content.places if sides else ()) if p["name"] == where]
        if len(known) == 1:
            return known[0]["lon"], known[0]["lat"]
        found = look_up(where)
        return found.lon, found.lat
    point = getattr(where, "point", where)
    if isinstance(point, shapely.Point) and not point.is_empty:
        return point.x, point.y
    try:
        lon, lat = (float(value) for value in point)
    except (TypeError, ValueError):
        raise InputError(f"{where!r} is no place; give a name, a point or (lon, lat)") from None
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees
        raise InputError(f"{where!r} lies outside the globe; give (lon, lat)")
    return lon, lat


def last_moment(content: Content) -> Any:
    """Return the instant of the last change that the content is about."""
    end = content.window[1]
    changes = content.history.change_times()
    if end:
        limit = to_utc(end, what="the end of the case")
        changes = changes[changes <= limit]
    if not len(changes):
        raise InputError("the history never changes; say which date to draw")
    return changes[-1]


def entries_of(
    board: Board,
    groups: set[int],
    lines: Iterable[str] = ("front",),
    events: Iterable[dict[str, Any]] = (),
    *,
    km2: dict[int, float] | None = None,
) -> list[tuple[Artist, str]]:
    """Return what a legend says: sides, kinds of control, lines, kinds of events.

    Parameters
    ----------
    board : Board
        The map.
    groups : set of int
        What is seen of it.
    lines : iterable of str
        Kinds of lines that are seen.
    events : iterable of dict
        Events that are seen.
    km2 : dict of int to float, optional
        Areas by group, to be told beside the sides.
    """
    sides = board.sides
    out: list[tuple[Artist, str]] = []
    seen = {sides.groups[number] for number in groups}
    for actor in sides.actors:
        if actor not in {who for who, _ in seen}:
            continue
        label = clean(sides.label_of(actor), most=40)
        if km2 is not None:
            held = sum(
                area
                for number, area in km2.items()
                if sides.groups[number] in ((actor, "held"), (actor, "advance"))
            )
            label = f"{label}: {area_words(held)}"
        out.append((side_handle(sides.colours[actor]), label))
    kinds = {kind for _, kind in seen}
    out += [
        (kind_handle(kind), label)
        for kind, label in KINDS.items()
        if kind in kinds and kind != "held"
    ]
    for name, label in (("front", "front line"), ("unsure", "front, not confirmed")):
        if board.lines[name] and name in lines:
            out.append((front_handle(name), label))
    shown = {event["kind"] for event in events}
    out += [
        (event_handle(shape), clean(kind, most=40))
        for kind, shape in board.shapes.items()
        if kind in shown
    ]
    return out


def known_places(
    window: Window, bounds: Any, *, kinds: Sequence[str] | None = ("city", "town")
) -> list[dict[str, Any]]:
    """Return places of the bundled gazetteer, for a history that brings none; kinds: None, all."""
    west, south, east, north = window
    if not shapely.box(*bounds).intersects(shapely.box(*window)):
        return []
    out = []
    for place in Gazetteer.bundled():
        inside = 0 < (place.lon - west) % 360.0 < east - west and south < place.lat < north
        if inside and (kinds is None or place.kind in kinds):
            rank = 1.0 if place.name == place.admin1 else 3.0
            out.append(
                {
                    "name": place.name,
                    "lon": place.lon,
                    "lat": place.lat,
                    "rank": rank,
                    "population": place.population,
                }
            )
    return out
