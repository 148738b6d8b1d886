"""Names of places on a map: the important ones first, and none that touches another.

The spots are chosen when the map is drawn, for the size that it then has: of a map that is
zoomed or saved larger, more names find room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox, IdentityTransform

from frontline.plots.looks import INK
from frontline.plots.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from frontline.plots.ground import Ground

__all__ = ["PlaceNames", "Spot", "in_order"]

_ROOM_PT2 = 6_000.0  # square points of map for each name
_GAP_PT = 2.2
_LARGE, _MIDDLING = 500_000, 100_000
_COUNTRY = "#8b8f94"
_TRIED = 1_500  # places, after which no more is looked at


@dataclass(frozen=True, slots=True)
class Spot:
    """A name where it stands, in pixels.

    Attributes
    ----------
    name : str
        Of the place.
    at : tuple of float
        Where the place is.
    left, middle : float
        The left end of the text and the middle of its height.
    box : Bbox
        Of the text.
    """

    name: str
    at: tuple[float, float]
    left: float
    middle: float
    box: Bbox
    style: tuple[float, str, float]


class PlaceNames(Artist):
    """Dots and names of places.

    Parameters
    ----------
    ground : Ground
        The coordinates of the map.
    places : sequence of dict
        `name`, `lon`, `lat` and `population`, the most important first.
    most : int or None
        The most names; None: as many as the map has room for.
    avoid : sequence of callables
        Each takes a renderer and returns boxes in pixels that must stay free.
    symbols : sequence of (lon, lat)
        Where symbols are drawn: names make way for them, dots stay.
    scale : float
        Of the letters, by the usual size.
    countries : sequence of (name, spots)
        Neighbours, from `frontline.scene.basemap.neighbours`.
    """

    def __init__(
        self,
        ground: Ground,
        places: Sequence[dict[str, Any]],
        *,
        most: int | None = None,
        avoid: Sequence[Callable[[Any], list[Bbox]]] = (),
        symbols: Sequence[tuple[float, float]] = (),
        scale: float = 1.0,
        countries: Sequence[tuple[str, Sequence[tuple[float, float, float]]]] = (),
    ) -> None:
        super().__init__()
        self.set_zorder(4)
        self.set_in_layout(False)
        self.ground = ground
        self.places = list(places)[:_TRIED]
        self.most = most
        self.avoid = list(avoid)
        self.symbols = list(symbols)
        self.scale = scale
        self.countries = list(countries)

    def draw(self, renderer: Any) -> None:
        """Choose the spots and draw them."""
        if not self.get_visible() or self.axes is None:
            return
        renderer.open_group("place-names")
        for text, _ in self.country_spots(renderer):
            text.draw(renderer)
        spots = self.spots(renderer)
        for spot in spots:
            dot = Line2D(
                *([value] for value in spot.at),
                marker="o",
                markersize=spot.style[2] * self.scale,
                markerfacecolor="white",
                markeredgecolor=INK,
                markeredgewidth=0.9,
                linestyle="none",
            )
            self._drawn(dot, renderer)
        for spot in spots:
            if spot.name:
                text = self._text(spot.name, spot.style)
                text.set_position((spot.left, spot.middle))
                self._drawn(text, renderer)
        renderer.close_group("place-names")
        self.stale = False

    def _drawn(self, artist: Artist, renderer: Any) -> None:
        figure = self.figure
        if figure is not None:
            artist.set_figure(figure)
        artist.set_transform(IdentityTransform())
        artist.draw(renderer)

    def _text(self, name: str, style: tuple[float, str, float]) -> Words:
        text = Words(
            0,
            0,
            name,
            fontsize=style[0] * self.scale,
            fontweight=style[1],
            color=INK,
            va="center",
            ha="left",
            halo_pt=2.6 * self.scale,
        )
        figure = self.figure
        if figure is not None:
            text.set_figure(figure)
        return text

    def spots(self, renderer: Any) -> list[Spot]:
        """Choose the names and where they stand. One without a name has room for its dot alone."""
        ax: Any = self.axes
        if ax is None or not self.places:
            return []
        px = renderer.points_to_pixels(1.0)
        view = ax.get_window_extent(renderer)
        room = _ROOM_PT2 * self.scale**2 * px**2
        most = max(6, round(view.width * view.height / room)) if self.most is None else self.most
        taken = [box for boxes in self.avoid for box in boxes(renderer)]
        taken += [box for _, box in self.country_spots(renderer)]
        reach = 6.5 * px
        events = [
            _around(float(spot[0]), float(spot[1]), reach) for spot in self._pixels(self.symbols)
        ]
        lonlat = [(place["lon"], place["lat"]) for place in self.places]
        out: list[Spot] = []
        named = 0
        for i, (at, place) in enumerate(zip(self._pixels(lonlat), self.places, strict=True)):
            if named >= most:
                break
            x, y = float(at[0]), float(at[1])
            if not (view.x0 < x < view.x1 and view.y0 < y < view.y1):
                continue
            style = _style(i, place.get("population") or 0)
            dot = _around(x, y, style[2] / 2 * px + px)
            if any(_near(dot, other, 0.0) for other in taken):
                continue
            text = self._text(place["name"], style)
            size = text.get_window_extent(renderer)
            hidden = any(_near(dot, box, 0.0) for box in events)
            away = (reach if hidden else style[2] / 2 * px) + 3 * px
            spot = None
            for left, middle, box in _positions(x, y, size.width, size.height, away):
                inside = view.x0 + 3 < box.x0 and box.x1 < view.x1 - 3
                inside = inside and view.y0 + 3 < box.y0 and box.y1 < view.y1 - 3
                if inside and not any(_near(box, other, _GAP_PT * px) for other in taken + events):
                    spot = Spot(text.get_text(), (x, y), left, middle, box, style)
                    break
            if spot is None:
                continue
            taken += [spot.box, dot]
            out.append(spot)
            named += 1
        return out

    def country_spots(self, renderer: Any) -> list[tuple[Words, Bbox]]:
        """Return the names of the neighbours, each in the first room that is wide enough."""
        if self.axes is None:
            return []
        view = self.axes.get_window_extent(renderer)
        taken = [box for boxes in self.avoid for box in boxes(renderer)]
        out: list[tuple[Words, Bbox]] = []
        for name, spots in self.countries:
            text = Words(
                0,
                0,
                "\u200a\u200a".join(name.upper()),
                fontsize=7.6 * self.scale,
                fontweight="bold",
                color=_COUNTRY,
                ha="center",
                va="center",
            )
            if self.figure is not None:
                text.set_figure(self.figure)
            text.set_transform(IdentityTransform())
            for lon, lat, room_deg in spots:
                x, y = self._pixels([(lon, lat)])[0]
                text.set_position((x, y))
                box = text.get_window_extent(renderer)
                wide = abs(self._pixels([(lon + room_deg, lat)])[0][0] - x)
                fits = view.x0 < box.x0 and box.x1 < view.x1
                fits = fits and view.y0 + 8 < y < view.y1 - 8 and wide >= box.width * 0.45
                if fits and not any(_near(box, other, 3.0) for other in taken):
                    taken.append(box)
                    out.append((text, box))
                    break
        return out

    def _pixels(self, lonlat: Sequence[Any]) -> Any:
        if not len(lonlat) or self.axes is None:
            return np.zeros((0, 2))
        return self.axes.transData.transform(self.ground.forward(lonlat))


def in_order(places: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put places in the order in which they are named: by rank, then by population."""
    return sorted(
        places, key=lambda p: (p.get("rank") or 99.0, -(p.get("population") or 0.0), p["name"])
    )


def _style(order: int, population: float) -> tuple[float, str, float]:
    """Return size of the letters, weight and size of the dot, points."""
    if population >= _LARGE or order < 4:  # noqa: PLR2004 - the first few
        return 10.0, "bold", 4.6
    if population >= _MIDDLING or order < 14:  # noqa: PLR2004
        return 8.6, "bold", 3.8
    return 7.6, "normal", 2.9


def _positions(
    x: float, y: float, width: float, height: float, away: float
) -> Iterator[tuple[float, float, Bbox]]:
    """Yield the spots beside a dot: right, left, above, below, and aslant."""
    for left, middle in (
        (x + away, y),
        (x - away - width, y),
        (x - width / 2, y + away + height / 2),
        (x - width / 2, y - away - height / 2),
        (x + away * 0.7, y + height * 0.7),
        (x + away * 0.7, y - height * 0.7),
        (x - away * 0.7 - width, y + height * 0.7),
        (x - away * 0.7 - width, y - height * 0.7),
    ):
        yield left, middle, Bbox([[left, middle - height / 2], [left + width, middle + height / 2]])


def _around(x: float, y: float, reach: float) -> Bbox:
    return Bbox([[x - reach, y - reach], [x + reach, y + reach]])


def _near(a: Bbox, b: Bbox, gap: float) -> bool:
    return bool(a.x0 < b.x1 + gap and b.x0 < a.x1 + gap and a.y0 < b.y1 + gap and b.y0 < a.y1 + gap)
