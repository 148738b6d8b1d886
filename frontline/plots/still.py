"""One map of one instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.dates import to_utc
from frontline.plots.days import date_words, events_at
from frontline.plots.record import OnRecord
from frontline.plots.stage import entries_of, last_moment, new_axes, stage_of
from frontline.scene.content import content_of
from frontline.scene.frames import is_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot"]


def plot(
    thing: Any,
    when: Any = None,
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
    events: bool = True,
    front: bool = True,
    scale_bar: bool = True,
    credits: bool = True,  # noqa: A002 - what it is
    locations: Any = (),
    as_of: Any = None,
) -> Axes:
    """Draw who held what at an instant, with the front, the places and the events of the day.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to draw.
    when : date, optional
        The instant, in UTC. A bare date stands for its midnight, with the events of the whole
        day; by default the last change. Of a date before or after the record, or one between
        maps, a line below the date says so: what is drawn is what held last.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default on a new figure of pyplot.
    figsize : tuple of float, optional
        Inches of the new figure.
    figure : matplotlib.figure.Figure, optional
        Instead: an empty figure that the map is to fill, such as one that pyplot does not know.
    legend : bool
        Whether to draw a legend.
    legend_kwds : dict, optional
        Passed on to `Axes.legend`.
    title : str, optional
        Heading; by default the case's. ``""`` leaves it out.
    extent : sequence of float, optional
        West, south, east, north of what is shown, in degrees.
    around : str, Place or (lon, lat), optional
        Instead: the place in the middle of what is shown.
    within_km : float
        With `around`: how far from there to the sides, km.
    crs : optional
        Coordinates of the map, as pyproj reads them. By default degrees, with the aspect
        1 / cos(latitude), so that frames in EPSG:4326 can be drawn on the same axes; ``"local"``
        is an azimuthal equidistant plane.
    names : bool or int
        Whether to name places, or how many at most.
    events, front, scale_bar, credits : bool
        What else to draw.
    locations : Location or iterable of Location
        Located phrases, drawn with their regions.
    as_of : date, optional
        Draw what was known then.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If `thing` cannot be drawn, or an argument makes no sense.
    DateError
        If a date cannot be read.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from matplotlib.figure import Figure
    >>> from frontline.control import ControlHistory
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01"], "actor": ["A"]}, geometry=[shapely.box(36, 35, 37, 36)],
    ...     crs=4326)
    >>> h = ControlHistory.from_snapshots(days)
    >>> ax = plot(h, "2024-12-01", ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['A: 10,066 km²', 'front line']
    """
    content = content_of(thing, title=title, locations=locations)
    whole_day = when is not None and is_day(when)
    moment = to_utc(when, what="the date") if when is not None else last_moment(content)
    shown = events_at(content, moment, day=whole_day) if events else []
    own = ax is None
    stage = stage_of(
        content,
        ax if ax is not None else new_axes(figsize, figure),
        own=own,
        title=title,
        date=date_words(moment),
        doubt=OnRecord.of(content).doubt(moment) or None,
        extent=extent,
        around=around,
        within_km=within_km,
        crs=crs,
        names=names,
        scale_bar=scale_bar,
        credits=credits,
        legend=legend,
        front=front,
        symbols=[(event["lon"], event["lat"]) for event in shown],
    )
    board = stage.board
    shot = board.sides.shot(moment, as_of=as_of)
    board.show(shot)
    board.show_events(shown)
    if legend:
        entries = entries_of(
            board,
            board.seen_now(),
            [name for name, lines in shot.lines.items() if len(lines)],
            [event for event in shown if board.sees(event["lon"], event["lat"])],
            km2=shot.area_km2 if board.whole() else None,
        )
        stage.legend(entries, legend_kwds)
    return board.ax
