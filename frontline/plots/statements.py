"""What was said about the distance to a place, by whom and when, beside the front on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch

from frontline.dates import to_utc
from frontline.errors import FrontlineError, InputError
from frontline.geodesy import forward as walk
from frontline.locality import locate
from frontline.plots.days import date_words, short_day
from frontline.plots.furniture import (
    LEGEND,
    add_legend,
    beside,
    front_handle,
    height_pt,
    measuring,
    side_handle,
)
from frontline.plots.located import (
    TINTS,
    circle_handle,
    draw_circle,
    draw_region,
    region_handle,
)
from frontline.plots.looks import INK, SOFT
from frontline.plots.paths import path_of_lines
from frontline.plots.record import OnRecord
from frontline.plots.stage import last_moment, new_axes, point_of, stage_of
from frontline.plots.words import Words, clean, wrapped
from frontline.scene.content import content_of
from frontline.shapes import ring

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from frontline.plots.stage import Stage
    from frontline.scene.content import Content

__all__ = ["Statement", "plot_statements", "statements_about"]

_COLUMN_PT = 262.0
_AZIMUTHS = (118.0, 242.0)  # between which the numbers stand on their rings
_MOST = 20
_FIGSIZE = (11.4, 7.4)
_FULL = "#54278f"  # of the number of the statement that is drawn in full
_MARGIN = 1.12  # of the widest ring


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about where something was.

    Attributes
    ----------
    text : str
        What was said, as it is to be told.
    phrase : str
        The locality in it.
    source : str
        Who said so.
    date, until : pandas.Timestamp or None
        When, and until when.
    location : Location
        Where that is.
    """

    text: str
    phrase: str
    source: str
    date: pd.Timestamp | None
    location: Any
    until: pd.Timestamp | None = None

    @property
    def band_km(self) -> tuple[float, float] | None:
        """The least and the largest distance stated; None if a direction was stated too."""
        locality = self.location.locality
        if locality.kind != "distance" or locality.distance_high_m is None:
            return None
        low = locality.distance_low_m or 0.0
        return low / 1000.0, locality.distance_high_m / 1000.0


def statements_about(
    content: Content, about: str, *, from_: Any = None, to: Any = None
) -> list[Statement]:
    """Return the statements of a case that give a distance from a place, the first one first.

    Parameters
    ----------
    content : Content
        The parts of a map.
    about : str
        The place.
    from_, to : date, optional
        The first day and the last one.
    """
    first = to_utc(from_, what="from_") if from_ is not None else None
    last = to_utc(to, what="to").normalize() + pd.Timedelta(days=1) if to is not None else None
    publishers = {row["id"]: row["publisher"] or row["title"] for row in content.sources}
    out = []
    for event in content.events:
        date = event["from"]
        if not event["locality"] or date is None:
            continue
        if (first is not None and date < first) or (last is not None and date >= last):
            continue
        location = _located(event["locality"])
        if location is None or not _is_distance(location, about):
            continue
        source = "; ".join(publishers.get(each, each) for each in event["sources"])
        text = event["title"]
        if not any(letter.isdigit() for letter in text):  # the distance is not in the title
            text = f"{text}: {event['locality']}"
        out.append(Statement(text, event["locality"], source, date, location, event["to"]))
    return sorted(out, key=lambda each: (each.date, each.text))


def plot_statements(
    thing: Any,
    about: str,
    *,
    phrase: str | None = None,
    statements: Iterable[tuple[str, str, Any]] | None = None,
    from_: Any = None,
    to: Any = None,
    front: Any = None,
    figsize: tuple[float, float] | None = None,
    figure: Figure | None = None,
    within_km: float | None = None,
    title: str | None = None,
    crs: Any = "local",
    as_of: Any = None,
) -> Axes:
    """Draw competing statements of a distance from a place, and the front as the history has it.

    A distance alone is a ring; a distance with a direction is the region in which 95 of 100 such
    places lie. Each has a number, and beside the map stand what was said, by whom and when. One
    phrase is drawn in full: its region by the calibrated method, and the circle of the
    point-radius standard.

    Parameters
    ----------
    thing : ControlHistory or Case
        The front's history; a case also gives the statements.
    about : str
        The place.
    phrase : str, optional
        The phrase to draw in full, such as ``"5 km northeast of Hama's borders"``. By default the
        first statement with a direction.
    statements : iterable of (phrase, source, date), optional
        Instead of those of the case.
    from_, to : date, optional
        First and last day of the case's statements.
    front : date, optional
        The instant at which land and front are drawn; by default that of the statement that is
        drawn in full, to the day.
    figsize, figure, title, crs, as_of
        As in `frontline.plots.plot`.
    within_km : float, optional
        From the place to the sides of the map; by default as far as the widest ring.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        There is no statement to draw.
    """
    content = content_of(thing, title=title)
    found = _given(statements) if statements is not None else None
    if found is None:
        found = statements_about(content, about, from_=from_, to=to)
    found = found[:_MOST]
    if not found:
        raise InputError(f"no statement gives a distance from {about!r} in that time")
    chosen = _full(found, phrase)
    moment = to_utc(front, what="front") if front is not None else _moment(content, chosen, found)
    widest = max((each.band_km[1] for each in found if each.band_km), default=10.0)
    centre = point_of(about)
    heading = f"How far from {about}? What was said, and what the record has"
    stage = stage_of(
        content,
        new_axes(figsize or _FIGSIZE, figure),
        own=True,
        title=heading if title is None else title,
        date=f"Land and front as of {date_words(moment)}",
        doubt=OnRecord.of(content).doubt(moment) or None,
        around=centre,
        within_km=within_km or widest * _MARGIN,
        crs=crs,
        column_pt=_COLUMN_PT,
    )
    board = stage.board
    board.show(board.sides.shot(moment, as_of=as_of))
    board.fade(0.45)
    full = _draw_full(stage, chosen.location if chosen else None, phrase)
    places = _draw_rings(stage, found, chosen, centre)
    known = _distance_of_front(thing, about, moment, as_of)
    bottom = _draw_list(stage, found, places, known)
    entries: list[tuple[Any, str]] = [
        (side_handle(board.sides.colours[actor]), clean(board.sides.label_of(actor), most=36))
        for actor in board.sides.actors
        if any(board.sides.groups[number][0] == actor for number in board.seen_now())
    ]
    entries += [(front_handle("front"), "front on record"), *full]
    entries.append(
        (Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (5, 2))), "distance stated")
    )
    add_legend(board.ax, entries, where="beside", down_pt=bottom)
    return board.ax


def _given(statements: Iterable[tuple[str, str, Any]]) -> list[Statement]:
    out = []
    for phrase, source, date in statements:
        moment = to_utc(date, what="the date of a statement") if date is not None else None
        out.append(Statement(phrase, phrase, source, moment, locate(phrase)))
    return out


def _located(phrase: str) -> Any:
    try:
        return locate(phrase)
    except FrontlineError:  # an event may lie where no words lead
        return None


def _is_distance(location: Any, about: str) -> bool:
    named = any(about in (place.name, *place.names) for place in location.features)
    return named and location.locality.kind in ("distance", "offset")


def _full(found: list[Statement], phrase: str | None) -> Statement | None:
    """Return the statement that is drawn in full."""
    if phrase is not None:
        alike = [each for each in found if phrase in (each.phrase, each.text)]
        if alike:
            return alike[0]
        return Statement(phrase, phrase, "", None, locate(phrase))
    with_heading = [each for each in found if each.band_km is None]
    return with_heading[0] if with_heading else None


def _moment(content: Content, chosen: Statement | None, found: list[Statement]) -> Any:
    dates = [each.date for each in ([chosen] if chosen else []) + found if each.date is not None]
    return dates[0] if dates else last_moment(content)


def _draw_full(stage: Stage, location: Any, phrase: str | None) -> list[tuple[Any, str]]:
    """Draw a phrase by both methods, and return what the legend says of it."""
    if location is None:
        return []
    board = stage.board
    text = phrase or str(location.locality)
    half, standard = locate(text, coverage=0.5), locate(text, method="standard")
    draw_region(board, location.region, TINTS[0.95])
    draw_region(board, half.region, TINTS[0.5])
    draw_circle(board, standard)
    entries: list[tuple[Any, str]] = []
    if location.coverage is not None:
        entries.append((region_handle(TINTS[0.95]), f"calibrated region, {location.coverage:.0%}"))
        entries.append((region_handle(TINTS[0.5]), "calibrated region, 50%"))
    else:
        entries.append((region_handle(TINTS[0.95]), "region of the phrase"))
    km = standard.uncertainty_m / 1000.0
    return [*entries, (circle_handle(), f"point-radius standard, {km:.1f} km")]


def _draw_rings(
    stage: Stage, found: list[Statement], chosen: Statement | None, centre: tuple[float, float]
) -> list[Any]:
    """Draw rings, regions and their numbers; return the colours of the numbers."""
    board = stage.board
    colours = []
    drawn: set[float] = set()
    azimuths = np.linspace(*_AZIMUTHS, max(len(found), 2))
    for number, (each, azimuth) in enumerate(zip(found, azimuths, strict=False), start=1):
        band = each.band_km
        colour = _FULL if each is chosen else INK
        if band is None:
            if each is not chosen:
                path = path_of_lines(each.location.region, board.ground.project)
                _stroke(board, path, INK)
            lon, lat = each.location.point.x, each.location.point.y
        else:
            for km in {value for value in band if value > 0} - drawn:
                outline = ring(*centre, km * 1000.0).exterior
                _stroke(board, path_of_lines(outline, board.ground.project), INK)
                drawn.add(km)
            lon, lat = walk(*centre, float(azimuth), band[1] * 1000.0)[:2]
        _badge(board, (lon, lat), str(number), colour)
        colours.append(colour)
    return colours


def _badge(board: Any, at: tuple[float, float], text: str, colour: str) -> None:
    """Put a number in a disc on a map."""
    x, y = board.ground.forward([at])[0]
    words = Words(
        x,
        y,
        text,
        transform=board.ax.transData,
        ha="center",
        va="center",
        fontsize=8,
        fontweight="bold",
        color="white",
        zorder=6,
        bbox={
            "boxstyle": "circle,pad=0.28",
            "facecolor": colour,
            "edgecolor": "white",
            "linewidth": 1.0,
        },
    )
    words.set_clip_on(True)
    words.set_gid("number")
    board.ax.add_artist(words)


def _stroke(board: Any, path: Any, colour: str) -> None:
    for width_pt, shade, dash in ((2.8, (1, 1, 1, 0.8), "solid"), (1.2, colour, (0, (5, 2)))):
        board.put(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=shade,
                linewidth=width_pt,
                linestyle=dash,
                zorder=3.0,
                gid="ring",
            )
        )


def _distance_of_front(thing: Any, about: str, moment: Any, as_of: Any) -> str:
    history = getattr(thing, "history", thing)
    row = history.advance(about, start=moment, end=moment, as_of=as_of).iloc[0]
    if not np.isfinite(row["distance_km"]):
        return ""
    stale = row["staleness_days"]
    age = ""
    if np.isfinite(stale):
        day = "1 day" if round(stale) == 1 else f"{stale:.0f} days"
        age = ", reported on that day" if stale < 1 else f", last reported on {day} before"
    return f"{row['distance_km']:.1f} km from the middle of {about} to the nearest front{age}"


def _days(each: Statement) -> str:
    """Return the day of a statement, or the two between which it holds."""
    assert each.date is not None  # noqa: S101 - asked of dated ones alone
    last = each.until if each.until is not None else each.date
    if last.normalize() == each.date.normalize():
        return short_day(each.date)
    first = str(each.date.day) if last.month == each.date.month else short_day(each.date)
    return f"{first}\N{EN DASH}{short_day(last)}"


def _draw_list(stage: Stage, found: list[Statement], colours: list[str], known: str) -> float:
    """Write the statements beside the map; return how far down they reach, points."""
    ax = stage.board.ax
    renderer = measuring(ax.figure)
    px = renderer.points_to_pixels(1.0)
    room = (_COLUMN_PT - 48.0) * px
    down = 0.0
    for number, (each, colour) in enumerate(zip(found, colours, strict=True), start=1):
        when = f", {_days(each)}" if each.date is not None else ""
        down = _item(stage, str(number), colour, each.text, f"{each.source}{when}", down, room)
    if known:
        down = _item(stage, "", INK, "On record here", known, down, room)
    return down + 8.0


def _item(
    stage: Stage, number: str, colour: str, first: str, second: str, down: float, room: float
) -> float:
    """Write one numbered item; return where the next one begins, points below the top."""
    ax = stage.board.ax
    renderer = measuring(ax.figure)
    if number:
        mark = beside(
            ax, 1.0, 1.0, 21.0, -down - 5.5, number, fontsize=7.4, fontweight="bold",
            color="white", va="center",
            bbox={"boxstyle": "circle,pad=0.26", "facecolor": colour, "edgecolor": "none"},
        )  # fmt: skip
        mark.set_horizontalalignment("center")
    for text, style in (
        (first, {"fontsize": LEGEND, "fontweight": "bold", "color": INK}),
        (second, {"fontsize": LEGEND - 0.8, "color": SOFT}),
    ):
        words = beside(ax, 1.0, 1.0, 34.0, -down, "", va="top", most=400, **style)
        wrapped(words, text, room, renderer, lines=3)
        down += height_pt(words) + 1.5
    return down + 5.0
