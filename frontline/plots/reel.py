"""The frames of an animation: one figure, of which only what moves is drawn anew.

The base map below and the names above the data are drawn once, as pixels. A frame is the picture
below, the land and lines of that instant, its date, and the pixels above laid over them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from frontline.errors import InputError
from frontline.plots.days import date_words
from frontline.plots.furniture import NOTE, fit_doubt
from frontline.plots.record import OnRecord
from frontline.plots.sides import Sides
from frontline.plots.stage import entries_of, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.artist import Artist
    from numpy.typing import NDArray

    from frontline.plots.board import Board
    from frontline.scene.content import Content

    Pixels = NDArray[np.uint8]

__all__ = ["Reel", "dpi_for", "size_of"]

_LEAST_PX, _MOST_PX = 200, 4_096
_USUAL = 1280 * 800
_USUAL_DPI = 100.0
_LEAST_TEXT_PX = 8.0
_DAY = pd.Timedelta(days=1)


@dataclass
class Reel:
    """An animation whose frames can be drawn in any order.

    Attributes
    ----------
    times : pandas.DatetimeIndex
        The instants.
    size : tuple of int
        Width and height in pixels.
    """

    times: pd.DatetimeIndex
    size: tuple[int, int]
    board: Board
    events: bool
    as_of: Any
    _canvas: FigureCanvasAgg
    _date: Any
    _doubt: Any = field(default=None)
    _doubts: tuple[str, ...] = ()
    _below: Any = field(default=None)
    _spots: Any = field(default=None)
    _above: Any = field(default=None)
    _rest: Any = field(default=None)
    _shown: Any = field(default=None)

    @classmethod
    def of(
        cls,
        content: Content,
        times: pd.DatetimeIndex,
        *,
        size: tuple[int, int],
        legend: bool = True,
        events: bool = True,
        as_of: Any = None,
        **options: Any,
    ) -> Reel:
        """Set the figure up and draw what stands still.

        Parameters
        ----------
        content : Content
            The parts of the map.
        times : pandas.DatetimeIndex
            The instants.
        size : tuple of int
            Width and height in pixels.
        **options
            As `frontline.plots.stage.stage_of` takes them.
        """
        dpi = dpi_for(size)
        figure = Figure(figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi)
        canvas = FigureCanvasAgg(figure)
        sides = Sides.of(content)
        shown = [event for i in range(len(times)) for event in _events(content, times, i)]
        record = OnRecord.of(content)
        doubts = tuple(record.doubt(moment) for moment in times)
        stage = stage_of(
            content,
            figure.add_subplot(),
            own=True,
            date=date_words(times[0]),
            doubt="" if any(doubts) else None,
            legend=legend,
            sides=sides,
            symbols=sorted({(event["lon"], event["lat"]) for event in shown}) if events else (),
            **options,
        )
        board = stage.board
        if legend:
            groups = _groups_seen(board, times, as_of)
            unsure = any(sides.groups[i][1] in ("claimed", "infiltration") for i in groups)
            seen = [event for event in shown if board.sees(event["lon"], event["lat"])]
            lines = ("front", "unsure") if unsure else ("front",)
            stage.legend(entries_of(board, groups, lines, seen if events else ()))
        date = next(text for text in board.ax.texts if text.get_gid() == "date")
        reel = cls(times, size, board, events, as_of, canvas, date, stage.doubt, doubts)
        still: list[Artist] = [each for each in (stage.names, stage.bar) if each is not None]
        still += [*board.ax.spines.values()]
        inside = board.ax.get_legend() if stage.legend_at == "inside" else None
        reel._draw_still([*still, *([inside] if inside is not None else [])])
        return reel

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Pixels]:
        return (self.frame(i) for i in range(len(self)))

    def frame(self, index: int) -> Pixels:
        """Return the pixels of a frame, shape (height, width, 4); the last one is opaque."""
        board, moment = self.board, self.times[index]
        group = board.sides.groups_at(moment, as_of=self.as_of)
        if self._shown is None or not np.array_equal(group, self._shown):
            board.show(board.sides.shot_of(group))
            self._shown = group
        if self.events:
            board.show_events(_events(board.sides.content, self.times, index))
        self._date.set_text(date_words(moment))
        if self._doubt is not None:
            fit_doubt(self._doubt, self._doubts[index], self.size[0] * 0.96)
        canvas: Any = self._canvas
        canvas.restore_region(self._below)
        renderer = canvas.get_renderer()
        for artist in (*board.moving(), *self._texts()):
            artist.draw(renderer)
        pixels = np.array(canvas.buffer_rgba())
        flat = pixels.reshape(-1, 4)
        under = flat[self._spots, :3]
        flat[self._spots, :3] = under * self._rest + self._above
        flat[:, 3] = 255
        return pixels

    def _texts(self) -> list[Artist]:
        """Return the lines over the map that change from frame to frame."""
        return [text for text in (self._date, self._doubt) if text is not None]

    def _draw_still(self, above: list[Artist]) -> None:
        """Draw what lies below the data and what lies above them, each as pixels."""
        moving = [*self.board.moving(), *self._texts()]
        for artist in (*moving, *above):
            artist.set_visible(False)
        canvas: Any = self._canvas
        canvas.draw()
        self._below = canvas.copy_from_bbox(self.board.ax.figure.bbox)
        for artist in (*moving, *above):
            artist.set_visible(True)
        renderer = canvas.get_renderer()
        renderer.clear()
        for artist in sorted(above, key=lambda each: each.get_zorder()):
            artist.draw(renderer)
        pixels = np.array(canvas.buffer_rgba()).reshape(-1, 4)
        self._spots = np.flatnonzero(pixels[:, 3])
        share = pixels[self._spots, 3:].astype(np.float32) / 255.0
        self._above = pixels[self._spots, :3] * share + 0.5  # cutting off then rounds
        self._rest = 1.0 - share


def dpi_for(size: tuple[int, int]) -> float:
    """Return the dots per inch at which letters have their usual share of a picture.

    In a small picture their share is larger: none is less than 8 pixels high.

    Examples
    --------
    >>> dpi_for((1280, 800)), round(dpi_for((1920, 1080))), round(dpi_for((480, 360)))
    (100.0, 142, 85)
    """
    usual = _USUAL_DPI * np.sqrt(size[0] * size[1] / _USUAL)
    return float(max(usual, _LEAST_TEXT_PX * 72.0 / NOTE))


def size_of(size: Any, *, even: bool = False) -> tuple[int, int]:
    """Check a size in pixels.

    Raises
    ------
    InputError
        It is no pair of numbers between 200 and 4,096, or not even where it must be.

    Examples
    --------
    >>> size_of([1280, 800])
    (1280, 800)
    """
    try:
        width, height = (int(value) for value in size)
    except (TypeError, ValueError):
        raise InputError(f"size={size!r} is not width and height in pixels") from None
    if not all(_LEAST_PX <= value <= _MOST_PX for value in (width, height)):
        raise InputError(
            f"size={size!r}: width and height must lie between {_LEAST_PX} and {_MOST_PX} pixels"
        )
    if even and (width % 2 or height % 2):
        raise InputError(f"size={size!r}: a video needs an even width and height")
    return width, height


def _events(content: Content, times: pd.DatetimeIndex, index: int) -> list[dict[str, Any]]:
    """Return the events that last at a frame, or began since the frame before it."""
    now = times[index]
    before = times[index - 1] if index else None
    out = []
    for event in content.events:
        begins = event["from"]
        if begins is not None:
            ends = event["to"] if event["to"] is not None else begins + _DAY
            lately = before is not None and begins > before
            if begins > now or not (ends > now or lately):
                continue
        out.append(event)
    return out


def _groups_seen(board: Board, times: pd.DatetimeIndex, as_of: Any) -> set[int]:
    """Return the groups of which anything is ever seen."""
    seen = board.cells_seen()
    out: set[int] = set()
    for moment in times:
        groups = board.sides.groups_at(moment, as_of=as_of)
        out |= {int(value) for value in np.unique(groups[seen])}
    return out
