"""The shortest geodesic between two geometries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from frontline.edges import edge_table, split_edges
from frontline.errors import InputError
from frontline.geodesy import inverse, planar_edge_lengths_m
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Nearest(NamedTuple):
    """The shortest way between two geometries and where it begins and ends."""

    distance_m: float
    azimuth_deg: float
    lon1: float
    lat1: float
    lon2: float
    lat2: float


def nearest(first: BaseGeometry, second: BaseGeometry) -> Nearest:
    """Find the shortest geodesic between two geometries; 0 where they meet.

    Parameters
    ----------
    first, second
        Points, lines or areas in longitude and latitude; edges are planar.

    Raises
    ------
    InputError
        One of them is empty.

    Notes
    -----
    From a point, distances in the equidistant plane round it are exact, so the nearest edge is
    found there and the spot on it by minimising the geodesic itself (better than a millimetre).
    Between two extended geometries the vertices nearest in such a plane are solved so, edges
    being cut to a sagitta of a centimetre first, which is also how true the result is.

    Examples
    --------
    >>> border = shapely.LineString([(36.0, 35.0), (37.0, 35.0)])
    >>> round(nearest(shapely.Point(36.5, 35.5), border).distance_m, 1)
    55472.6
    """
    if first.is_empty or second.is_empty:
        raise InputError("a distance needs two geometries that are not empty")
    if first.geom_type == "Point" and second.geom_type == "Point":
        return _way(first.x, first.y, second.x, second.y)
    if shapely.intersects(first, second):
        x, y = shapely.intersection(first, second).representative_point().coords[0][:2]
        return Nearest(0.0, float("nan"), x, y, x, y)
    if first.geom_type == "Point":
        return _from_point(first.x, first.y, second)
    if second.geom_type == "Point":
        way = _from_point(second.x, second.y, first)
        return _way(way.lon2, way.lat2, way.lon1, way.lat1)
    # In a plane two straight edges that do not cross are nearest at an end of one of them. Cut
    # to short pieces that holds here too, so the ends nearest in the plane are tried exactly.
    plane = LocalPlane.of([first, second])
    flat = [plane.forward(split_edges(each, sagitta_m=0.01)) for each in (first, second)]
    best = Nearest(float("inf"), 0.0, 0.0, 0.0, 0.0, 0.0)
    for one, other, target in ((*flat, second), (*flat[::-1], first)):
        ends = np.unique(shapely.get_coordinates(one), axis=0)
        reach = shapely.distance(shapely.points(ends), other)
        ends = ends[np.argsort(reach, kind="stable")[:16]]
        ways = [_from_point(float(x), float(y), target) for x, y in plane.inverse_xy(ends)]
        way = min(ways, key=lambda each: each.distance_m)
        if way.distance_m < best.distance_m:
            swap = target is first
            best = _way(way.lon2, way.lat2, way.lon1, way.lat1) if swap else way
    return best


def _way(lon1: float, lat1: float, lon2: float, lat2: float) -> Nearest:
    way = inverse(lon1, lat1, lon2, lat2)
    return Nearest(way.distance_m, way.azimuth_deg, lon1, lat1, lon2, lat2)


def _from_point(lon: float, lat: float, target: BaseGeometry) -> Nearest:
    """Solve point to geometry: candidates in the plane, then the geodesic on each edge."""
    plane = LocalPlane.around(lon, lat)
    table, _, _ = edge_table(np.array([target], dtype=object))
    if not len(table):  # points only
        spots = shapely.get_coordinates(target)
        ways = inverse(np.full(len(spots), lon), np.full(len(spots), lat), *spots.T).distance_m
        return _way(lon, lat, *map(float, spots[int(np.argmin(ways))]))
    # Edges are cut to pieces so short that each is straight in the plane to well under a metre;
    # the margin below keeps every piece that could still win.
    count = np.maximum(np.ceil(planar_edge_lengths_m(*table.T) / 1_000.0), 1).astype(int)
    owner = np.repeat(np.arange(len(table)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    begin, end = number / count[owner], (number + 1) / count[owner]
    start, move = table[owner, :2], table[owner, 2:] - table[owner, :2]
    a = plane.forward_xy(start + move * begin[:, None])
    b = plane.forward_xy(start + move * end[:, None])
    d = b - a
    along = np.clip(-(a * d).sum(1) / np.maximum((d * d).sum(1), 1e-300), 0.0, 1.0)
    reach = np.hypot(*(a + d * along[:, None]).T)
    low, high = begin, end
    close = np.flatnonzero(reach <= reach.min() + 5.0 + 1e-5 * reach.min())
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    lo, hi = low[close], high[close]

    def reach_at(t: np.ndarray) -> np.ndarray:
        spots = start[close] + move[close] * t[:, None]
        return np.asarray(inverse(np.full(len(t), lon), np.full(len(t), lat), *spots.T).distance_m)

    for _ in range(60):  # golden section; 1 km shrinks below a nanometre
        left, right = hi - (hi - lo) * golden, lo + (hi - lo) * golden
        shorter = reach_at(left) <= reach_at(right)
        hi, lo = np.where(shorter, right, hi), np.where(shorter, lo, left)
    t = (lo + hi) / 2.0
    best = int(np.argmin(reach_at(t)))
    spot = start[close][best] + move[close][best] * t[best]
    return _way(lon, lat, float(spot[0]), float(spot[1]))


def distance_m(first: BaseGeometry, second: BaseGeometry) -> float:
    """Return the geodesic distance between two geometries, metres; see `nearest`.

    Examples
    --------
    >>> distance_m(shapely.Point(36.5, 35.0), shapely.box(36, 34, 37, 36))
    0.0
    """
    return nearest(first, second).distance_m
