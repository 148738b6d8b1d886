"""Geometry as paths of matplotlib, thousands of rings at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.path import Path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["EMPTY", "Way", "path_of_area", "path_of_lines", "path_of_parts"]

EMPTY = Path(np.zeros((0, 2)))


@dataclass(frozen=True, slots=True)
class Way:
    """The way from longitude and latitude to the coordinates of a map.

    Attributes
    ----------
    transform : callable
        From an (n, 2) array of degrees to the map.
    step_deg : float
        How long a piece of a line may be that is drawn straight; 0: as long as it is. A parallel
        is no straight line on a plane.
    """

    transform: Callable[[Floats], Floats]
    step_deg: float = 0.0

    def __call__(self, lonlat: Floats) -> Floats:
        """Take longitudes and latitudes, shape (n, 2), to the map."""
        return self.transform(lonlat)

    def bent(self, geometries: Any) -> Any:
        """Give lines, in degrees, as many vertices as they need to bend on the map."""
        return shapely.segmentize(geometries, self.step_deg) if self.step_deg else geometries


def path_of_area(geometry: Any, forward: Way | None = None) -> Path:
    """Return polygons as one path that is filled right whatever their holes.

    Parameters
    ----------
    geometry : shapely geometry or array of them
        In longitude and latitude; what is no polygon is left out.
    forward : Way, optional
        To the coordinates of the map.

    Examples
    --------
    >>> ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    >>> len(path_of_area(ring))
    10
    """
    parts = shapely.get_parts(shapely.get_parts(geometry))
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]  # noqa: PLR2004
    # Shells one way and holes the other: Agg fills by counting turns.
    rings = shapely.get_rings(shapely.orient_polygons(parts, exterior_cw=False))
    return _path(rings, forward, closed=True)


def path_of_lines(geometry: Any, forward: Way | None = None) -> Path:
    """Return lines as one path; polygons count by their boundaries."""
    parts = shapely.get_parts(geometry)
    polygonal = np.isin(shapely.get_type_id(parts), (3, 6))
    parts[polygonal] = shapely.boundary(parts[polygonal])
    lines = shapely.get_parts(parts)
    lines = lines[np.isin(shapely.get_type_id(lines), (1, 2)) & ~shapely.is_empty(lines)]
    return _path(lines, forward, closed=False)


def path_of_parts(parts: Sequence[Floats], forward: Way | None = None, *, closed: bool) -> Path:
    """Return arrays of points, each of shape (n, 2), as one path of lines or of rings."""
    if not len(parts):
        return EMPTY
    if closed:
        parts = [np.concatenate([part, part[:1]]) for part in parts]
    if forward is not None and forward.step_deg:
        return _path(
            np.array([shapely.LineString(part) for part in parts if len(part) > 1]),
            forward,
            closed=closed,
        )
    lengths = np.array([len(part) for part in parts])
    return _joined(np.concatenate(parts).astype(float), lengths, forward, closed=closed)


def _path(lines: Any, forward: Way | None, *, closed: bool) -> Path:
    if not len(lines):
        return EMPTY
    if forward is not None:
        lines = forward.bent(lines)
    xy = shapely.get_coordinates(lines)
    return _joined(xy, shapely.get_num_coordinates(lines), forward, closed=closed)


def _joined(xy: Floats, lengths: Any, forward: Way | None, *, closed: bool) -> Path:
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    ends = np.cumsum(lengths)
    codes[ends - lengths] = Path.MOVETO
    if closed:
        codes[ends - 1] = Path.CLOSEPOLY
    return Path(xy if forward is None else forward(xy), codes)
