"""What a polygon extent says about a place's point and radius."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from frontline import geodesy
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def centre_and_radius(outline: BaseGeometry) -> tuple[float, float, float]:
    """Return the corrected centre of a shape and its geographic radial.

    The corrected centre is the centre of the smallest enclosing circle or, where that lies
    outside the shape, the point of the shape nearest to it.

    Parameters
    ----------
    outline : Polygon or MultiPolygon
        Degrees, WGS84.

    Returns
    -------
    lon, lat : float
        Degrees.
    radius_m : float
        Geodesic distance from there to the farthest vertex, metres.

    Notes
    -----
    After Wieczorek, Guo and Hijmans 2004, in an azimuthal equidistant plane round the shape.
    """
    plane = LocalPlane.of(outline)
    flat = plane.forward(outline)
    centre = shapely.minimum_bounding_circle(flat).centroid
    if not flat.covers(centre):
        centre = shapely.get_point(shapely.shortest_line(flat, centre), 0)
    point = plane.inverse(centre)
    corners = shapely.get_coordinates(outline)
    distances_m = geodesy.inverse(point.x, point.y, corners[:, 0], corners[:, 1]).distance_m
    return float(point.x), float(point.y), float(np.max(distances_m))
