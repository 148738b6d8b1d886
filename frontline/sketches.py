"""Small drawings of shapes for notebooks: lines and areas on the ground, with a scale.

A sketch says roughly where and how large; it is no map. Shapes are simplified to what can be
seen, so that a sketch takes a few kilobytes whatever it is of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Drawn", "sketch"]

KM_PER_DEG = 111.2
"""Of latitude, to half a per cent: as much as a bar of a scale shows."""

_UNIT = 2  # steps of the drawing's grid in a pixel
_MARGIN_PX = 8.0
_FOOT_PX = 18.0  # for the scale
_TOLERANCE_PX = 0.6
_LEAST_PX2 = 3.0  # smaller parts are left out
_AREA = 2  # dimensions
_MOST = 1_500  # vertices of a sketch
_DASHES = "6 5"
_SMALLEST_SPAN_DEG = 1e-4
_LEAST_SHRINK = 0.05  # of degrees of longitude, near the poles


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape and how it is drawn.

    Attributes
    ----------
    shape : shapely geometry
        In longitude and latitude; a point becomes a dot.
    fill : str, optional
        Colour of its inside.
    opacity : float
        Of the fill.
    line : str
        Colour of its line.
    width_px : float
        Of the line.
    dashed : bool
        Whether the line is broken.
    radius_px : float
        Of a dot.
    """

    shape: Any
    fill: str | None = None
    opacity: float = 0.25
    line: str = "currentColor"
    width_px: float = 1.0
    dashed: bool = False
    radius_px: float = 3.0


def sketch(
    drawn: Sequence[Drawn], *, label: str, width_px: float = 240.0, height_px: float = 190.0
) -> Markup | None:
    """Draw shapes, the first at the bottom, with a bar for the scale.

    Parameters
    ----------
    drawn : sequence of Drawn
        What to draw.
    label : str
        What is to be seen, for those who do not see it.
    width_px, height_px : float
        The room for the drawing; the smaller of both scales counts.

    Returns
    -------
    Markup or None
        An SVG element, or None if there is nothing to draw.

    Examples
    --------
    >>> picture = sketch([Drawn(shapely.box(36, 35, 37, 36), fill="#0072B2")], label="a box")
    >>> picture.startswith('<svg role="img" aria-label="a box"')
    True
    >>> sketch([Drawn(shapely.Point())], label="nothing") is None
    True
    """
    shapes = [each for each in drawn if _finite(each.shape)]
    if not shapes:
        return None
    frame = _Frame.around([each.shape for each in shapes], width_px, height_px)
    pieces = [_piece(each, frame) for each in shapes]
    return element(
        "svg", *pieces, _scale(frame),
        role="img", aria_label=label, stroke_linejoin="round",
        viewBox=f"0 0 {frame.width} {frame.height}",
        width=str(frame.width // _UNIT), height=str(frame.height // _UNIT),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where on the drawing a place lies; in steps of its grid."""

    lon: float  # of the middle
    shrink: float  # of a degree of longitude against one of latitude
    west: float
    north: float
    per_deg: float
    width: int
    height: int

    @classmethod
    def around(cls, shapes: list[Any], width_px: float, height_px: float) -> _Frame:
        xy = shapely.get_coordinates(shapes)
        # The first shape says on which side of the date line the drawing lies.
        lon = float(shapely.get_coordinates(shapes[0])[0, 0])
        xy[:, 0] = _near(xy[:, 0], lon)
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        shrink = max(math.cos(math.radians((south + north) / 2)), _LEAST_SHRINK)
        wide = max((east - west) * shrink, _SMALLEST_SPAN_DEG)
        high = max(north - south, _SMALLEST_SPAN_DEG)
        per_deg_px = min(
            (width_px - 2 * _MARGIN_PX) / wide, (height_px - 2 * _MARGIN_PX - _FOOT_PX) / high
        )
        across_px = max(wide * per_deg_px + 2 * _MARGIN_PX, width_px / 2)
        shift = (across_px - wide * per_deg_px) / 2 / per_deg_px / shrink
        return cls(
            lon=lon,
            shrink=shrink,
            west=float(west - shift),
            north=float(north + _MARGIN_PX / per_deg_px),
            per_deg=_UNIT * per_deg_px,
            width=round(_UNIT * across_px),
            height=round(_UNIT * (high * per_deg_px + 2 * _MARGIN_PX + _FOOT_PX)),
        )

    def place(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.empty_like(lonlat)
        out[:, 0] = (_near(lonlat[:, 0], self.lon) - self.west) * self.shrink * self.per_deg
        out[:, 1] = (self.north - lonlat[:, 1]) * self.per_deg
        return out


def _near(lons: NDArray[np.float64], lon: float) -> NDArray[np.float64]:
    """Bring longitudes to within half a turn of one of them."""
    near: NDArray[np.float64] = lon + (lons - lon + 180.0) % 360.0 - 180.0
    return near


def _finite(shape: Any) -> bool:
    return (
        shape is not None
        and not shape.is_empty
        and bool(np.isfinite(shapely.get_coordinates(shape)).all())
    )


def _piece(each: Drawn, frame: _Frame) -> Markup | None:
    line = {"stroke": each.line, "stroke_width": f"{_UNIT * each.width_px:g}"}
    if each.dashed:
        line["stroke_dasharray"] = _DASHES
    fill = {"fill": each.fill or "none"}
    placed = shapely.transform(shapely.force_2d(each.shape), frame.place)
    if each.shape.geom_type in ("Point", "MultiPoint"):
        dots = (
            element(
                "circle", cx=f"{x:.0f}", cy=f"{y:.0f}", r=f"{_UNIT * each.radius_px:g}",
                **fill, **line,
            )
            for x, y in shapely.get_coordinates(placed)[:_MOST]
        )  # fmt: skip
        return Markup("".join(dots))
    path = _path(_simplified(placed))
    if not path:
        return None
    if each.fill:
        fill |= {"fill_opacity": f"{each.opacity:g}", "fill_rule": "evenodd"}
    return element("path", d=path, **fill, **line)


def _simplified(shape: Any) -> Any:
    """Leave out what cannot be seen, and more where it is still too much."""
    parts = shapely.get_parts(shape)
    seen = shapely.area(parts) >= _LEAST_PX2 * _UNIT**2
    large = parts[seen | (shapely.get_dimensions(parts) < _AREA)]
    parts = large if len(large) else parts[[int(np.argmax(shapely.area(parts)))]]
    tolerance = _TOLERANCE_PX * _UNIT
    simple = shapely.simplify(parts, tolerance)
    while shapely.get_num_coordinates(simple).sum() > _MOST and tolerance < 1_000 * _UNIT:
        tolerance *= 2
        simple = shapely.simplify(parts, tolerance, preserve_topology=False)
        simple = simple[~shapely.is_empty(simple)]
    return simple[:_MOST]


def _path(shapes: Any) -> str:
    """Return lines and rings as moves on the grid, each relative to the one before."""
    commands = []
    areas = shapely.get_dimensions(shapes) == _AREA
    for rings, end in ((shapely.get_rings(shapes[areas]), "z"), (shapes[~areas], "")):
        for ring in shapely.get_parts(rings):
            steps = np.rint(shapely.get_coordinates(ring)).astype(int)
            if end:
                steps = steps[:-1]
            moves = np.diff(steps, axis=0)
            moves = moves[moves.any(axis=1)]
            if not len(moves):
                continue
            start = "M{} {}".format(*steps[0])
            run = " ".join(f"{x} {y}" for x, y in moves.tolist()).replace(" -", "-")
            commands.append(f"{start}l{run}{end}")
    return "".join(commands)


def _scale(frame: _Frame) -> Markup:
    """Return a bar of a round length, at most two fifths of the drawing, with its length."""
    per_km = frame.per_deg / KM_PER_DEG
    most_km = 0.4 * frame.width / per_km
    power = 10.0 ** math.floor(math.log10(most_km))
    length_km = next(step * power for step in (5, 2, 1) if step * power <= most_km)
    left, bottom = _UNIT * _MARGIN_PX, frame.height - _UNIT * 4
    right, tick = left + length_km * per_km, _UNIT * 3
    text = f"{length_km:,.0f} km" if length_km >= 1 else f"{length_km * 1000:,.0f} m"
    return element(
        "g",
        element(
            "path", d=f"M{left:.0f} {bottom - tick}v{tick}H{right:.0f}v-{tick}",
            fill="none", stroke="currentColor", stroke_width=str(_UNIT),
        ),
        element(
            "text", text, x=f"{right + _UNIT * 4:.0f}", y=f"{bottom + _UNIT:.0f}",
            fill="currentColor", font_size=str(_UNIT * 11),
        ),
        aria_hidden="true",
    )  # fmt: skip
