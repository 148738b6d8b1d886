"""A grid in degrees: points go to the centre of their cell, lines and areas onto its corners.

Where a point goes depends on its cell alone, never on chance: noise can be averaged away, and a
point that is published twice must not come out twice. All results are multiples of half a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.locality.uncertainty import coordinate_precision_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Geometries = NDArray[np.object_]

__all__ = ["Grid"]

#: How far a region is widened, in steps: half a diagonal for the point's move, half a diagonal
#: for the corners' rounding, and a little for the round corners of a buffer of straight lines.
_WIDER = 1.45
_AREA = 2
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of equal size in longitude and latitude, corners at whole multiples of the step.

    Attributes
    ----------
    step_deg : float
        Side of a cell; one of the presets.
    """

    step_deg: float

    @property
    def per_deg(self) -> int:
        """Cells in a degree."""
        return round(1 / self.step_deg)

    def centres(self, lonlat: Any) -> Floats:
        """Return the centre of the cell that holds each point, shape (points, 2) in degrees.

        A point on a side belongs to the cell east or north of it.

        Examples
        --------
        >>> Grid(0.01).centres([[36.757, 35.1319], [-0.001, 0.0]]).tolist()
        [[36.755, 35.135], [-0.005, 0.005]]
        """
        xy = np.asarray(lonlat, dtype=float)
        # The number nearest to what was written decides: 36.29 is 3629 steps, not 3628.9999.
        number = np.floor(np.round(xy * self.per_deg, 6))
        number = np.clip(number, *(side * self.per_deg * _GLOBE for side in (-1, 1))) - (
            number >= self.per_deg * _GLOBE
        )
        return np.asarray((2 * number + 1) / (2 * self.per_deg), dtype=float)

    def corners(self, lonlat: Any) -> Floats:
        """Return the corner nearest to each point, shape (points, 2) in degrees.

        Examples
        --------
        >>> Grid(0.01).corners([[36.757, 35.1319]]).tolist()
        [[36.76, 35.13]]
        """
        return np.asarray(np.rint(np.asarray(lonlat) * self.per_deg) / self.per_deg, dtype=float)

    def cell(self, lonlat: Any) -> Any:
        """Return the cell round its centre as a polygon."""
        low, high = (
            np.rint(np.asarray(lonlat) * self.per_deg + side) / self.per_deg for side in (-0.5, 0.5)
        )
        return shapely.box(*low, *high)

    def half_diagonal_m(self, lat_deg: float) -> float:
        """Return how far a point may be from the centre of its cell, in metres.

        Half of what coordinates written in this step leave open, for a centre is in the middle.

        Examples
        --------
        >>> round(Grid(0.01).half_diagonal_m(35.1))
        718
        """
        return coordinate_precision_m(lat_deg, self.step_deg) / 2

    def points(self, geometries: Geometries) -> Geometries:
        """Return the centres of the cells of points as points; what is missing stays so."""
        out = np.full(len(geometries), None, dtype=object)
        there = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
        out[there] = shapely.points(self.centres(shapely.get_coordinates(geometries[there])))
        return out

    def region(self, geometry: Any, point: Any) -> Any:
        """Return an area on the grid that holds a region wherever in its cell the point lies.

        Parameters
        ----------
        geometry
            The region; a point has its cell.
        point
            The point that the region belongs to.

        Notes
        -----
        The region is moved with its point to the centre of the cell before it is widened and
        rounded. The result then depends on the cell and the region's shape alone. Rounded where
        it lay, the many corners of a circle would together tell its centre far finer than the
        grid.

        Examples
        --------
        >>> import shapely
        >>> circle = shapely.Point(36.7512, 35.1391).buffer(0.03)
        >>> wide = Grid(0.01).region(circle, shapely.Point(36.7512, 35.1391))
        >>> wide.covers(circle), bool(wide.area < 3 * circle.area)
        (True, True)
        """
        xy = shapely.get_coordinates(point)[0]
        centre = self.centres(xy)
        if geometry.geom_type == "Point":
            return self.cell(centre)
        # The last digits would still tell by how much it was moved.
        moved = shapely.transform(
            shapely.force_2d(geometry), lambda each: np.round(each + (centre - xy), _DIGITS)
        )
        wide = shapely.buffer(moved, _WIDER * self.step_deg, quad_segs=16)
        return self.area(wide, centre)

    def area(self, geometry: Any, near: Any) -> Any:
        """Return an area with its corners rounded; one that vanishes becomes the cell near it."""
        snapped = shapely.set_precision(shapely.force_2d(geometry), self.step_deg)
        parts = shapely.get_parts(shapely.get_parts(snapped))
        parts = parts[(shapely.get_dimensions(parts) == _AREA) & ~shapely.is_empty(parts)]
        if not len(parts):
            return self.cell(self.centres(near))
        parts = shapely.transform(parts, self.corners)
        return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


_GLOBE = np.array([180, 90])
