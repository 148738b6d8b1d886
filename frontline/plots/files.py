"""Pictures as files: PNG, SVG and PDF of any figure, and every kind of picture by its name."""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from frontline._resources import atomic_write
from frontline._version import __version__
from frontline.errors import InputError
from frontline.plots.animation import animate
from frontline.plots.changed import plot_changes
from frontline.plots.charts import plot_advance, plot_areas
from frontline.plots.furniture import credits_of
from frontline.plots.many import plot_many
from frontline.plots.reel import dpi_for, size_of
from frontline.plots.statements import plot_statements
from frontline.plots.still import plot
from frontline.plots.words import clean
from frontline.scene.content import content_of
from frontline.scene.frames import frame_times
from frontline.sources.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Kind", "picture", "save_figure"]

Kind = Literal["map", "many", "changes", "areas", "advance", "statements"]
"""What a picture shows."""

_DRAWN_BY: dict[str, Any] = {
    "map": plot,
    "many": plot_many,
    "changes": plot_changes,
    "areas": plot_areas,
    "advance": plot_advance,
    "statements": plot_statements,
}
STILLS = (".png", ".svg", ".pdf")
MOVING = (".gif", ".apng", ".mp4")
_SOFTWARE = f"frontline {__version__}"


def save_figure(
    figure: Any,
    path: str | Path,
    *,
    title: str = "",
    credits: str = "",  # noqa: A002 - what it is
) -> Path:
    """Write a figure as PNG, SVG or PDF. Equal figures give equal bytes.

    In SVG and PDF text stays text: it can be searched, and a graphics desk can set it in another
    font. An SVG holds no script.

    Parameters
    ----------
    figure : matplotlib Figure or Axes
        What to write.
    path : path
        ``.png``, ``.svg`` or ``.pdf``. The file appears when it is complete.
    title, credits : str
        Written into the file's own description.

    Raises
    ------
    InputError
        Another suffix.
    """
    target = Path(path)
    kind = target.suffix.lower()
    if kind not in STILLS:
        raise InputError(f"{target.name!r} is no picture; name it {', '.join(STILLS)}")
    figure = getattr(figure, "figure", None) or figure
    told = {"Title": clean(title), "Copyright": clean(credits, most=2_000)}
    every: dict[str, dict[str, Any]] = {
        ".png": {**told, "Software": _SOFTWARE},
        ".svg": {
            "Title": told["Title"],
            "Rights": told["Copyright"],
            "Creator": _SOFTWARE,
            "Date": None,
        },
        ".pdf": {
            "Title": told["Title"],
            "Subject": told["Copyright"],
            "Creator": _SOFTWARE,
            "Producer": None,
            "CreationDate": None,
        },
    }
    known = {key: value for key, value in every[kind].items() if value or value is None}
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "frontline", "pdf.fonttype": 42}
    with mpl.rc_context(settings), atomic_write(target) as temporary:
        figure.savefig(temporary, format=kind[1:], dpi=figure.dpi, metadata=known)
    return target


def picture(
    thing: Any,
    path: str | Path,
    *,
    kind: Kind = "map",
    date: Any = None,
    from_: Any = None,
    to: Any = None,
    freq: str | None = None,
    towards: Any = None,
    count: int = 6,
    size: tuple[int, int] = (1280, 800),
    fps: float = 4.0,
    allow_restricted: bool = False,
    **options: Any,
) -> Path:
    """Draw a picture into a file; the suffix says in which format.

    Nothing of it stays in pyplot.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to show.
    path : path
        ``.png``, ``.svg`` or ``.pdf``; of the kind ``"map"`` also ``.gif``, ``.apng`` or ``.mp4``.
    kind : str
        ``"map"``, ``"many"``, ``"changes"``, ``"areas"``, ``"advance"`` or ``"statements"``.
    date : date, optional
        Of a map; by default the last change. Of statements: where the front is drawn.
    from_, to : date, optional
        The span of all else; by default that of the case.
    freq : str, optional
        The step in time: of the frames, of the maps side by side, of a chart.
    towards : str, Place, (lon, lat) or list of them
        To where the advance is measured, or what the statements are about.
    count : int
        How many maps stand side by side, if no `freq` is given.
    size : tuple of int
        Width and height in pixels (of SVG and PDF: at 100 dots an inch).
    fps : float
        Frames a second.
    allow_restricted : bool
        Whether shapes whose terms forbid passing them on are drawn into the file all the same.
        The charts of areas and distances hold no shapes and are always allowed.
    **options
        Passed on to `plot`, `plot_many`, `plot_changes`, `plot_areas`, `plot_advance`,
        `plot_statements` or `animate`.

    Raises
    ------
    RestrictedDataError
        The terms of the data forbid that they are passed on.
    InputError
        An argument makes no sense, or the format is not known by its suffix.
    """
    target = Path(path)
    if kind not in get_args(Kind):
        raise InputError(f"kind={kind!r} is none of {', '.join(get_args(Kind))}")
    suffix = target.suffix.lower()
    if suffix in MOVING:
        if kind != "map" or date is not None:
            raise InputError(f"{target.name!r} moves: it takes from_ and to, and the kind 'map'")
        span = {"from_": from_, "to": to, "freq": freq}
        _check_options(animate, options, "an animation")
        options |= {**span, "size": size, "fps": fps, "allow_restricted": allow_restricted}
        return animate(thing, target, **options)
    if suffix not in STILLS:
        raise InputError(f"{target.name!r}: the suffix must be one of {', '.join(STILLS + MOVING)}")
    if kind not in ("areas", "advance"):
        terms_of(thing).check(allow_restricted=allow_restricted, what=f"the picture {target.name}")
    size = size_of(size)
    dpi = dpi_for(size)
    figure = Figure(figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi)
    FigureCanvasAgg(figure)
    _check_options(_DRAWN_BY[kind], options, kind)
    content = content_of(thing, title=options.get("title"))
    step: dict[str, Any] = {"freq": freq, "count": count}
    _DRAWN_BY[kind](
        thing,
        *_arguments(content, kind, date=date, from_=from_, to=to, towards=towards, **step),
        figure=figure,
        **_span(kind, date=date, from_=from_, to=to, freq=freq),
        **options,
    )
    return save_figure(figure, target, title=content.meta["title"], credits=credits_of(content))


def _check_options(draw: Callable[..., Any], options: dict[str, Any], kind: str) -> None:
    known = signature(draw).parameters
    odd = [name for name in options if name not in known]
    if odd:
        raise InputError(f"{', '.join(f'{name}=' for name in odd)} mean nothing for {kind!r}")


def _arguments(
    content: Any,
    kind: Kind,
    *,
    date: Any,
    from_: Any,
    to: Any,
    towards: Any,
    freq: str | None,
    count: int,
) -> tuple[Any, ...]:
    """Return what a kind of picture is asked for: a date, a place, two dates, many."""
    if kind == "map":
        return (date if date is not None else to,)
    if kind in ("advance", "statements"):
        return (_place_asked(kind, towards),)
    if kind == "areas":
        return ()
    starts, ends = content.window
    first = from_ if from_ is not None else starts or None
    last = to if to is not None else ends or None
    if kind == "many":
        return (_dates(content, first, last, freq, count),)
    changes = content.history.change_times()
    if not len(changes) and (first is None or last is None):
        raise InputError("the history never changes; say what to compare with from_= and to=")
    return (changes[0] if first is None else first, changes[-1] if last is None else last)


def _span(kind: Kind, *, date: Any, from_: Any, to: Any, freq: str | None) -> dict[str, Any]:
    """Return the span of a chart or of statements as its function takes it."""
    if kind == "statements":
        return {"from_": from_, "to": to, "front": date}
    if kind in ("areas", "advance"):
        step = {"freq": freq} if freq is not None else {}
        return {"start": from_, "end": to, **step}
    return {}


def _place_asked(kind: Kind, towards: Any) -> Any:
    if towards is None or (isinstance(towards, list) and not towards):
        raise InputError(f"the kind {kind!r} needs a place: towards='Hama'")
    if isinstance(towards, list) and len(towards) == 1:
        return towards[0]
    if isinstance(towards, list) and kind == "statements":
        raise InputError("statements are drawn about one place at a time")
    return towards


def _dates(content: Any, first: Any, last: Any, freq: str | None, count: int) -> list[Any]:
    times = frame_times(content.history.change_times(), freq=freq or "D", from_=first, to=last)
    if freq is None:
        if count < 1:
            raise InputError(f"count={count}: at least one map must be asked for")
        times = times[np.unique(np.linspace(0, len(times) - 1, count).round().astype(int))]
    return list(times)
