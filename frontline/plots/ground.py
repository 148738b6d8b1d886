"""The sheet on which a map is drawn: its coordinates, its window, and the base map on it.

By default a map is drawn in degrees, with the aspect 1 / cos(middle latitude), as geopandas does:
what else is drawn on the same axes in EPSG:4326 falls into place. For other coordinates there is
``crs=``; ``"local"`` is an azimuthal equidistant plane about the middle of the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from frontline.errors import CRSError, InputError
from frontline.geodesy import forward as walk
from frontline.planes import LocalPlane
from frontline.plots.looks import BASE, LAND
from frontline.plots.paths import Way, path_of_parts
from frontline.scene.basemap import base_layers

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Ground", "Window", "draw_base", "theatre_of", "window_of"]

Window = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

LOCAL = "local"
_MARGIN = 0.05  # of the theatre, on every side
_MOST_KM = 2_000.0
_STEPS = 25  # points on a side of a window whose bounds are sought in other coordinates
_EAST, _WEST = 90.0, 270.0
_HALF = 180.0
_PIECES = 120  # into how many a straight line across the window is bent


@dataclass(frozen=True, slots=True)
class Ground:
    """Coordinates of a map.

    Attributes
    ----------
    window : tuple of float
        What has to be seen: west, south, east, north in degrees.
    project, unproject : callable or None
        From an (n, 2) array of longitudes and latitudes to the map and back; None: it is in
        degrees.
    wraps : bool
        Whether it is in degrees that count on beyond 180 or -180.
    """

    window: Window
    project: Way | None
    unproject: Callable[[Floats], Floats] | None
    wraps: bool = False

    @classmethod
    def of(cls, window: Window, crs: Any = None, *, wraps: bool = False) -> Ground:
        """Make the coordinates for a window.

        Parameters
        ----------
        window : tuple of float
            West, south, east, north in degrees.
        crs : str or anything that pyproj reads, optional
            None for degrees, ``"local"`` for a plane about the middle of the window.
        wraps : bool
            Whether the theatre lies on both sides of 180 degrees.

        Raises
        ------
        CRSError
            Pyproj does not know it.
        """
        west, south, east, north = window
        if crs is None and not wraps and west >= -_HALF and east <= _HALF:
            return cls(window, None, None)
        if crs is None:
            cut = (west + east) / 2 - _HALF
            return cls(window, Way(lambda at: _counted_from(cut, at)), _usual, wraps=True)
        step_deg = max(east - west, north - south) / _PIECES
        if isinstance(crs, str) and crs == LOCAL:
            middle = _usual(np.array([[(west + east) / 2, (south + north) / 2]]))[0]
            plane = LocalPlane.around(float(middle[0]), float(middle[1]))
            return cls(window, Way(plane.forward_xy, step_deg), plane.inverse_xy)
        try:
            there = Transformer.from_crs("EPSG:4326", CRS.from_user_input(crs), always_xy=True)
        except ProjError as error:
            raise CRSError(f"crs={str(crs)[:80]!r} is not known to pyproj: {error}") from error
        back = there.transform
        return cls(
            window,
            Way(
                lambda lonlat: np.column_stack(there.transform(lonlat[:, 0], lonlat[:, 1])),
                step_deg,
            ),
            lambda xy: np.column_stack(back(xy[:, 0], xy[:, 1], direction="INVERSE")),
        )

    def forward(self, lonlat: Any) -> Floats:
        """Take longitudes and latitudes, shape (n, 2), to the map."""
        given = np.asarray(lonlat, dtype=float).reshape(-1, 2)
        return given if self.project is None else self.project(given)

    def inverse(self, xy: Any) -> Floats:
        """Take places on the map, shape (n, 2), to longitudes and latitudes."""
        given = np.asarray(xy, dtype=float).reshape(-1, 2)
        return given if self.unproject is None else self.unproject(given)

    @property
    def aspect(self) -> float:
        """Height of a unit upwards by the width of a unit to the right."""
        if self.project is not None and not self.wraps:
            return 1.0
        middle = np.radians((self.window[1] + self.window[3]) / 2)
        return float(1.0 / max(np.cos(middle), 0.05))

    def limits(self) -> tuple[float, float, float, float]:
        """Return the window on the map: left, right, bottom, top."""
        return self.reach(self.window)

    def reach(self, bounds: Window) -> tuple[float, float, float, float]:
        """Return how far bounds in degrees reach on the map: left, right, bottom, top."""
        west, south, east, north = bounds
        if self.project is None:
            return west, east, south, north
        t = np.linspace(0, 1, _STEPS)
        x, y = west + (east - west) * t, south + (north - south) * t
        rim = np.concatenate(
            [np.column_stack([x, np.full(_STEPS, lat)]) for lat in (south, north)]
            + [np.column_stack([np.full(_STEPS, lon), y]) for lon in (west, east)]
        )
        xy = self.forward(rim)
        if not np.isfinite(xy).all():
            raise CRSError("the window of the map does not lie where that crs is defined")
        (left, bottom), (right, top) = xy.min(axis=0), xy.max(axis=0)
        return float(left), float(right), float(bottom), float(top)

    def fill(self, ax: Axes) -> None:
        """Set the limits of axes so that the window is seen and the axes are full."""
        left, right, bottom, top = self.limits()
        box = ax.get_window_extent()
        wide, high = right - left, (top - bottom) * self.aspect
        want = box.width / box.height if box.height > 0 else 1.0
        if wide / high < want:
            more = (high * want - wide) / 2
            left, right = left - more, right + more
        else:
            more = (wide / want - high) / 2 / self.aspect
            bottom, top = bottom - more, top + more
        ax.set_xlim(left, right)
        ax.set_ylim(bottom, top)
        ax.set_aspect(self.aspect, adjustable="datalim")

    def units_per_km(self, ax: Axes, km: float) -> tuple[float, float]:
        """Return where a line of so many km to the east begins and ends, in the map's middle.

        It is as long on the ellipsoid, along the geodesic, at the middle of what is seen.
        """
        middle = [sum(ax.get_xlim()) / 2, sum(ax.get_ylim()) / 2]
        lon, lat = self.inverse([middle])[0]
        ends = [walk(lon, lat, azimuth, km * 500.0)[:2] for azimuth in (_WEST, _EAST)]
        west, east = self.forward(ends)[:, 0]
        return float(west), float(east)


def window_of(
    bounds: Any, *, extent: Any = None, around: Any = None, within_km: float = 50.0
) -> Window:
    """Choose what a map shows.

    Parameters
    ----------
    bounds : sequence of float
        West, south, east, north of the theatre.
    extent : sequence of float, optional
        The window itself.
    around : (lon, lat), optional
        Its middle, `within_km` from each of its sides.
    within_km : float
        Kilometres.

    Raises
    ------
    InputError
        `extent` is no window, or both are given.

    Examples
    --------
    >>> [round(value, 2) for value in window_of((36, 35, 37, 36))]
    [35.95, 34.95, 37.05, 36.05]
    >>> [round(value, 2) for value in window_of((36, 35, 37, 36), around=(36, 35), within_km=10)]
    [35.89, 34.91, 36.11, 35.09]
    """
    if extent is not None and around is not None:
        raise InputError("extent= and around= exclude each other; give one of them")
    if around is not None:
        if not 0 < within_km < _MOST_KM:
            raise InputError(f"within_km={within_km!r} must be a distance under 2,000 km")
        lon, lat = around
        sides = [walk(lon, lat, azimuth, within_km * 1e3)[:2] for azimuth in (270, 180, 90, 0)]
        west, east = float(sides[0][0]), float(sides[2][0])
        return west, float(sides[1][1]), east + 360.0 * (east < west), float(sides[3][1])
    if extent is not None:
        try:
            west, south, east, north = (float(value) for value in extent)
        except (TypeError, ValueError):
            raise InputError(f"extent={extent!r} is not west, south, east, north") from None
        if not (west < east and south < north and south > -90 and north < 90):  # noqa: PLR2004
            raise InputError(f"extent={extent!r} is not west, south, east, north in degrees")
        return west, south, east, north
    west, south, east, north = (float(value) for value in bounds)
    x, y = max(east - west, 0.05) * _MARGIN, max(north - south, 0.05) * _MARGIN
    return west - x, max(south - y, -89.0), east + x, min(north + y, 89.0)


def theatre_of(history: Any) -> Window:
    """Return the bounds of a history's cells; on both sides of 180 degrees they count on beyond it.

    The largest gap in longitude lies outside.

    Returns
    -------
    tuple of float
        West, south, east, north; east is over 180 if the theatre reaches across.
    """
    boxes = np.asarray(shapely.bounds(history.composite.polygons), dtype=float)
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    if east - west > _HALF:
        order = np.argsort(boxes[:, 0])
        starts, ends = boxes[order, 0], np.maximum.accumulate(boxes[order, 2])
        gaps = starts[1:] - ends[:-1]
        if len(gaps) and gaps.max() > 2 * _HALF - (east - west):
            widest = int(gaps.argmax())
            west, east = starts[widest + 1], ends[widest] + 2 * _HALF
    return float(west), float(south), float(east), float(north)


def _counted_from(cut_deg: float, lonlat: Floats) -> Floats:
    """Return longitudes between a meridian and the same one a turn later."""
    lon = cut_deg + (lonlat[:, 0] - cut_deg) % (2 * _HALF)
    return np.column_stack([lon, lonlat[:, 1]])


def _usual(lonlat: Floats) -> Floats:
    """Return longitudes between -180 and 180."""
    return _counted_from(-_HALF, lonlat)


def draw_base(ax: Axes, ground: Ground, bounds: Window) -> None:
    """Draw land, sea, borders and rivers below everything else."""
    ax.set_facecolor(LAND)
    for i, layer in enumerate(base_layers(bounds)):
        fill, colour, width_pt, dashed = BASE.get(layer.name, (None, "#c8c8c8", 0.6, False))
        parts = [line / layer.per_degree for line in layer.lines]
        patch = PathPatch(
            path_of_parts(parts, ground.project, closed=layer.closed),
            facecolor=fill or "none",
            edgecolor=colour,
            linewidth=width_pt,
            linestyle=(0, (4, 3)) if dashed else "solid",
            zorder=0.1 + 0.01 * i,
            gid=f"base-{layer.name}",
        )
        ax.add_artist(patch)
        patch.set_clip_path(ax.patch)
