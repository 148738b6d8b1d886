"""What stands on and round a map: scale bar, legend, title, date, credits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Bbox, IdentityTransform, ScaledTranslation

from frontline.palette import NOBODY
from frontline.plots.looks import INK, SOFT, dress, symbol
from frontline.plots.record import short_doubt
from frontline.plots.words import Words, adopt, clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

    from frontline.plots.ground import Ground
    from frontline.scene.content import Content

__all__ = [
    "DOUBT_PT",
    "ScaleBar",
    "add_doubt",
    "add_legend",
    "add_note",
    "add_title",
    "beside",
    "columns_for",
    "credits_of",
    "event_handle",
    "fit_doubt",
    "front_handle",
    "height_pt",
    "is_small",
    "kind_handle",
    "measuring",
    "shrink",
    "side_handle",
]

_STEPS = (1.0, 2.0, 5.0)
_SHARE = 0.2  # of the width of the map, at most, for the scale bar
_CREDIT_LINES = 4
_SMALL_PT = 480.0  # a figure narrower than this has short credits, of so many letters
_SHORT = 70
#: Size of letters, points.
TITLE, DATE, LEGEND, NOTE = 13.0, 10.5, 8.6, 6.8
_DOUBT = 9.0
DOUBT_PT = _DOUBT * 1.35
"""Height of a line that says what the record lacks."""


class ScaleBar(Artist):
    """A bar of a round length, right in the middle of what is seen, on the ellipsoid.

    Parameters
    ----------
    ground : Ground
        The coordinates of the map.
    right : bool
        Whether it stands in the lower right corner instead of the lower left one.
    """

    def __init__(self, ground: Ground, *, right: bool = False) -> None:
        super().__init__()
        self.set_zorder(6)
        self.set_in_layout(False)
        self.ground = ground
        self.right = right

    def length(self) -> tuple[float, float]:
        """Return the length in km and in units of the map."""
        ax = self._on()
        width = abs(ax.get_xlim()[1] - ax.get_xlim()[0])
        per_km = np.ptp(self.ground.units_per_km(ax, 1.0))
        most = width * _SHARE / per_km
        power = 10.0 ** np.floor(np.log10(most))
        km = float(max(step * power for step in _STEPS if step * power <= most))
        west, east = self.ground.units_per_km(ax, km)
        return km, east - west

    def parts(self, renderer: Any) -> tuple[float, float, float, Words]:
        """Return the bar's left end, right end and height in pixels, and its text."""
        ax = self._on()
        km, units = self.length()
        px = renderer.points_to_pixels(1.0)
        view = ax.get_window_extent(renderer)
        wide = units / abs(ax.get_xlim()[1] - ax.get_xlim()[0]) * view.width
        left = view.x1 - 12 * px - wide if self.right else view.x0 + 12 * px
        low = view.y0 + 11 * px
        text = Words(
            left + wide / 2,
            low + 3 * px,
            f"{km:,.0f} km" if km >= 1 else f"{km * 1000:,.0f} m",
            fontsize=8,
            color=INK,
            ha="center",
            va="bottom",
            halo_pt=2.4,
        )
        text.set_figure(ax.figure)
        text.set_transform(IdentityTransform())
        return left, left + wide, low, text

    def boxes(self, renderer: Any) -> list[Bbox]:
        """Return what it covers, in pixels."""
        left, right, low, text = self.parts(renderer)
        top = text.get_window_extent(renderer).y1
        pad = 5 * renderer.points_to_pixels(1.0)
        return [Bbox([[left - pad, low - pad], [right + pad, top + pad]])]

    def draw(self, renderer: Any) -> None:
        """Draw the bar with a tick at each end, and its length."""
        if not self.get_visible():
            return
        renderer.open_group("scale-bar")
        left, right, low, text = self.parts(renderer)
        tick = 4 * renderer.points_to_pixels(1.0)
        corners = [(left, low + tick), (left, low), (right, low), (right, low + tick)]
        for width_pt, colour in ((4.0, (1, 1, 1, 0.9)), (1.6, INK)):
            line = PathPatch(
                Path(corners),
                facecolor="none",
                edgecolor=colour,
                linewidth=width_pt,
                capstyle="projecting",
            )
            line.set_figure(self._on().figure)
            line.set_transform(IdentityTransform())
            line.draw(renderer)
        text.draw(renderer)
        renderer.close_group("scale-bar")
        self.stale = False

    def _on(self) -> Any:
        assert self.axes is not None  # noqa: S101 - an artist is drawn on axes
        return self.axes


def side_handle(colour: str, kind: str = "held") -> PathPatch:
    """Return the legend's patch of a side's land."""
    return dress(PathPatch(Path.unit_rectangle()), kind, colour)


def kind_handle(kind: str) -> PathPatch:
    """Return the legend's patch of a kind of control, in the grey that stands for any side."""
    return dress(PathPatch(Path.unit_rectangle()), kind, NOBODY if kind == "no_data" else SOFT)


def front_handle(kind: str) -> Line2D:
    """Return the legend's line of a front, or of one that is not sure."""
    if kind == "unsure":
        return Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 2.5)))
    return Line2D([], [], color=INK, linewidth=1.9)


def event_handle(shape: str) -> Line2D:
    """Return the legend's symbol of a kind of event."""
    return Line2D([], [], marker=symbol(shape), color=INK, linestyle="none", markersize=7)


def add_legend(
    ax: Axes,
    entries: Sequence[tuple[Artist, str]],
    *,
    where: str = "inside",
    at: tuple[float, float] = (0.0, 0.0),
    down_pt: float = 0.0,
    **options: Any,
) -> Legend | None:
    """Put a legend inside axes, ``"beside"`` or ``"below"`` them, its labels shown as they are.

    Beside axes it begins so many points below their top. With ``"figure"`` its lower left corner
    stands at a spot of the figure, and it is as wide.
    """
    if not entries:
        return None
    settings: dict[str, Any] = {
        "fontsize": LEGEND,
        "framealpha": 0.95,
        "edgecolor": "#b9bfc5",
        "fancybox": False,
        "borderpad": 0.7,
        "handlelength": 1.9,
        "handleheight": 1.1,
        "labelspacing": 0.45,
        "labelcolor": INK,
        "alignment": "left",
        "loc": "lower right",
    }
    if where == "figure":
        figure = ax.figure
        settings |= {
            "loc": "lower left",
            "bbox_to_anchor": at,
            "bbox_transform": figure.transFigure,
            "frameon": False,
            "borderaxespad": 0.0,
            "borderpad": 0.0,
            "ncols": columns_for(ax, [label for _, label in entries], figure.bbox.width * 0.96),
        }
    elif where != "inside":
        below = where == "below"
        away = (0.0, -7.0 / 72.0) if below else (12.0 / 72.0, -down_pt / 72.0)
        settings |= {
            "loc": "upper left",
            "bbox_to_anchor": (0.0, 0.0) if below else (1.0, 1.0),
            "bbox_transform": ax.transAxes + ScaledTranslation(*away, ax.figure.dpi_scale_trans),
            "frameon": False,
            "borderaxespad": 0.0,
            "borderpad": 0.0,
            "ncols": columns_for(ax, [text for _, text in entries]) if below else 1,
        }
    handles, labels = zip(*entries, strict=True)
    if where == "beside":
        labels = tuple(_in_column(ax, labels))
    legend = ax.legend(list(handles), [""] * len(labels), **(settings | options))
    for text, label in zip(legend.get_texts(), labels, strict=True):
        text.set_text(label)
        adopt(text)
    adopt(legend.get_title())
    legend.set_zorder(7)
    return legend


def _in_column(ax: Axes, labels: Sequence[str]) -> list[str]:
    """Break labels into lines that find room to the right of axes."""
    renderer = measuring(ax.figure)
    trial = Words(0, 0, "", fontsize=LEGEND)
    trial.set_figure(ax.figure)
    px = renderer.points_to_pixels(1.0)
    left = ax.get_window_extent(renderer).x1 + (12.0 + 2.8 * LEGEND) * px
    room = max(ax.figure.bbox.x1 - left - 6.0 * px, 40.0 * px)
    return [
        "\n".join(wrapped(trial, line, room, renderer, lines=3) for line in label.split("\n"))
        for label in labels
    ]


def columns_for(ax: Axes, labels: Sequence[str], width_px: float | None = None) -> int:
    """Return in how many columns labels find room below axes, or in a width."""
    renderer = measuring(ax.figure)
    trial = Words(0, 0, "", fontsize=LEGEND)
    trial.set_figure(ax.figure)
    widest = 0.0
    for label in labels:
        trial.set_text(label)
        widest = max(widest, trial.get_window_extent(renderer).width)
    em = LEGEND * renderer.points_to_pixels(1.0)
    room = width_px or ax.get_window_extent(renderer).width
    return max(1, min(len(labels), int((room + 2 * em) / (widest + 4.8 * em))))


def add_doubt(ax: Axes, text: str) -> Words:
    """Say over axes, in a line below the date, what the record lacks of it."""
    words = beside(
        ax, 0.0, 1.0, 0.0, 4.0, text, fontsize=_DOUBT, fontweight="bold", color=INK, va="bottom"
    )
    words.set_gid("record")
    return words


def fit_doubt(words: Words, text: str, width_px: float) -> int:
    """Show what the record lacks, in fewer letters where there is little room; return the lines."""
    renderer = measuring(words.figure)
    words.set_text(text)
    if words.get_window_extent(renderer).width > width_px:
        wrapped(words, short_doubt(text), width_px, renderer, lines=2)
    return words.get_text().count("\n") + 1


def add_title(ax: Axes, title: str, date: str = "", *, up_pt: float = 0.0) -> tuple[Words, Words]:
    """Put a title and a line with the date over axes, so many points higher than usual."""
    top = up_pt + (7.0 if date else 4.0)
    second = beside(ax, 0.0, 1.0, 0.0, 6.0 + up_pt, date, fontsize=DATE, color=SOFT, va="baseline")
    first = beside(
        ax,
        0.0,
        1.0,
        0.0,
        top + (DATE * 1.25 if date else 0.0),
        title,
        fontsize=TITLE,
        fontweight="bold",
        color=INK,
        va="baseline",
    )
    for words, least in ((first, LEGEND), (second, NOTE)):
        shrink(words, least)
    first.set_gid("title")
    second.set_gid("date")
    return first, second


def shrink(words: Words, least_pt: float) -> None:
    """Make a line over a map smaller, and cut it at last, until it ends within the figure."""
    figure: Any = words.figure
    renderer = measuring(figure)
    extent = words.get_window_extent(renderer)
    room = figure.bbox.x1 - extent.x0 - 4.0 * renderer.points_to_pixels(1.0)
    if not words.get_text() or extent.width <= room:
        return
    size: Any = words.get_fontsize()
    words.set_fontsize(max(size * room / extent.width * 0.99, least_pt))
    if words.get_window_extent(renderer).width > room:
        wrapped(words, words.get_text(), room * 0.98, renderer, lines=1)


def add_note(ax: Axes, text: str, *, width_px: float, down_pt: float = 0.0) -> Words:
    """Put small print under axes, broken into lines of a width."""
    note = beside(
        ax, 0.0, 0.0, 0.0, -5.0 - down_pt, "", fontsize=NOTE, color=SOFT, va="top", most=10_000
    )
    note.set_linespacing(1.35)
    note.set_gid("credits")
    wrapped(note, text, width_px, measuring(ax.figure), lines=_CREDIT_LINES)
    return note


def height_pt(artist: Any) -> float:
    """Return the height of an artist in points."""
    figure = artist.figure
    extent = artist.get_window_extent(measuring(figure))
    return float(extent.height / figure.dpi * 72.0)


def is_small(figure: Any) -> bool:
    """Say whether a figure has little room for small print."""
    wide, high = (value / figure.dpi * 72.0 for value in figure.bbox.size)
    return bool(wide < _SMALL_PT or high < _SMALL_PT / 2)


def credits_of(content: Content, *, short: bool = False) -> str:
    """Return what was held back, credits, licence and disclaimer of a map as one text.

    In short: credits are cut, and the base map is not named.
    """
    meta = content.meta
    parts = []
    if meta.get("published"):  # first: small print that is too long is cut at its end
        parts.append(meta["published"].rstrip(".") + ".")
    if meta.get("credits"):
        named = clean(meta["credits"].rstrip("."), most=_SHORT) if short else meta["credits"]
        parts.append(
            f"{named}."
            if named.startswith("Place names")
            else f"Data: {named}" + "." * (not named.endswith("\N{HORIZONTAL ELLIPSIS}"))
        )
    if meta.get("licence"):
        parts.append(f"Licence: {meta['licence']}.")
    if meta.get("as_of"):
        parts.append(f"As known on {meta['as_of']}.")
    if meta.get("disclaimer"):
        parts.append(meta["disclaimer"].rstrip(".") + ".")
    if not short:
        parts.append("Base map: Natural Earth. Drawn with frontline.")
    return " ".join(part.replace("..", ".") for part in parts)


def measuring(figure: Any) -> Any:
    """Return a renderer that can measure text on a figure, whatever its canvas is."""
    root = figure.figure if figure.figure is not None else figure
    width, height = root.bbox.size
    agg: Any = RendererAgg
    return agg(max(int(width), 1), max(int(height), 1), root.dpi)


def beside(
    ax: Axes, x: float, y: float, right_pt: float, up_pt: float, text: str, **style: Any
) -> Words:
    """Put words at a corner of axes, moved by points."""
    figure = ax.figure
    moved = ScaledTranslation(right_pt / 72.0, up_pt / 72.0, figure.dpi_scale_trans)
    words = Words(x, y, text, transform=ax.transAxes + moved, ha="left", **style)
    words.set_clip_on(False)
    ax.add_artist(words)
    return words
