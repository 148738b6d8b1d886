"""The shortest geodesic between two geometries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from frontline.errors import InputError
from frontline.geodesy import check_lonlat, inverse
from frontline.segments import NearestSpots, SegmentIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from frontline.pieces import Pieces

    Floats = NDArray[np.float64]

_MISS_M = 1e-4  # what the nearest of the spots tried may be longer than the least there is


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
        Points, lines or areas in longitude and latitude; edges are planar. What is written
        beyond 180 degrees meets what is written on the other side.

    Returns
    -------
    Nearest
        Its length in metres, the azimuth in degrees at its first end (NaN if it has no length),
        and its ends in longitude and latitude.

    Raises
    ------
    InputError
        One of them is empty or not on the globe.

    Notes
    -----
    A point and a geometry: `SegmentIndex`, true to far less than a millimetre.

    Two extended geometries that do not meet. At a shortest way between inner points of two
    curves it stands upright on both; move both ends alike, and by the second variation of arc
    length the way grows at most with the sum of the bends k1 + k2 of the curves against the
    geodesic (the curvature of the earth only lessens that). So of spots that are s apart on the
    first curve one has a way to the second that is longer by at most (k1 + k2) s^2 / 8; for
    geodesic edges, the ends of edges are enough. The ends of all pieces of both are measured to
    the other one. A way is 1-Lipschitz, so only pieces whose ends add up to less than twice the
    least and the length of the piece can hold a shorter one; those are cut until the miss is
    under 0.1 mm.

    Examples
    --------
    >>> border = shapely.LineString([(36.0, 35.0), (37.0, 35.0)])
    >>> round(nearest(shapely.Point(36.5, 35.5), border).distance_m, 1)
    55472.6
    """
    if first.is_empty or second.is_empty:
        raise InputError("a distance needs two geometries that are not empty")
    for each in (first, second):
        check_lonlat(*shapely.get_coordinates(each).T, what="vertex")
    meeting = _meeting(first, second)
    if meeting is not None:
        return Nearest(0.0, float("nan"), *meeting, *meeting)
    if first.geom_type == "Point" and second.geom_type == "Point":
        return _way(first.x, first.y, second.x, second.y)
    if second.geom_type == "Point":
        return _turned(nearest(second, first))
    if first.geom_type == "Point":
        found = SegmentIndex.of([second]).query(first.x, first.y)
        return _way(first.x, first.y, float(found.lon[0]), float(found.lat[0]))
    return _between(SegmentIndex.of([first]), SegmentIndex.of([second]))


def distance_m(first: BaseGeometry, second: BaseGeometry) -> float:
    """Return the geodesic distance between two geometries, metres; see `nearest`.

    Examples
    --------
    >>> distance_m(shapely.Point(36.5, 35.0), shapely.box(36, 34, 37, 36))
    0.0
    """
    return nearest(first, second).distance_m


def _meeting(first: BaseGeometry, second: BaseGeometry) -> tuple[float, float] | None:
    """Return a spot that both have, also where one counts its longitudes a turn further."""
    west, _, east, _ = first.bounds
    other_west, _, other_east, _ = second.bounds
    for turn in (0.0, 360.0, -360.0, 720.0, -720.0):
        if other_west + turn > east or other_east + turn < west:
            continue
        moved = (
            shapely.transform(second, lambda xy, by=turn: xy + np.array([by, 0.0]))
            if turn
            else second
        )
        if shapely.intersects(first, moved):
            x, y = shapely.get_coordinates(shapely.shortest_line(first, moved))[0]
            return float(x), float(y)
    return None


def _way(lon1: float, lat1: float, lon2: float, lat2: float) -> Nearest:
    way = inverse(lon1, lat1, lon2, lat2)
    azimuth = way.azimuth_deg if way.distance_m > 0 else float("nan")
    return Nearest(way.distance_m, azimuth, lon1, lat1, lon2, lat2)


def _turned(way: Nearest) -> Nearest:
    return _way(way.lon2, way.lat2, way.lon1, way.lat1)


def _between(one: SegmentIndex, other: SegmentIndex) -> Nearest:
    """Return the shortest way between lines that do not meet; see the notes of `nearest`."""
    there, begin1, end1 = _from_ends(one.pieces, other)
    back, begin2, end2 = _from_ends(other.pieces, one)
    best = min(there, _turned(back), key=_length)
    most = best.distance_m - _MISS_M
    may1 = np.flatnonzero((begin1 + end1 - one.pieces.length_m) / 2.0 < most)
    may2 = np.flatnonzero((begin2 + end2 - other.pieces.length_m) / 2.0 < most)
    if not (len(may1) and len(may2)):
        return best
    bend = np.abs(one.pieces.bend[may1]) + np.abs(other.pieces.bend[may2]).max()
    length = one.pieces.length_m[may1]
    cuts = np.ceil(length * np.sqrt(bend / (8.0 * _MISS_M))).astype(np.int64)
    inner = np.maximum(cuts - 1, 0)
    piece = np.repeat(np.arange(len(may1)), inner)
    if not len(piece):
        return best
    step = np.arange(len(piece)) - np.repeat(np.cumsum(inner) - inner, inner) + 1
    lon, lat = one.pieces.at(may1[piece], step / cuts[piece])
    closer = _shortest(other.query(lon, lat), lon, lat)
    return min(best, closer, key=_length)


def _from_ends(pieces: Pieces, other: SegmentIndex) -> tuple[Nearest, Floats, Floats]:
    """Return the shortest way from ends of pieces, and the lengths from each one's two ends."""
    last = np.flatnonzero(~np.append(pieces.joined[1:], False))
    number = np.append(np.arange(len(pieces)), last)
    t = np.repeat([0.0, 1.0], [len(pieces), len(last)])
    lon, lat = pieces.at(number, t)
    found = other.query(lon, lat)
    begin = found.distance_m[: len(pieces)]
    end = np.append(begin[1:], 0.0)
    end[last] = found.distance_m[len(pieces) :]
    return _shortest(found, lon, lat), begin, end


def _shortest(found: NearestSpots, lon: Floats, lat: Floats) -> Nearest:
    row = int(np.argmin(found.distance_m))
    spots = lon[row], lat[row], found.lon[row], found.lat[row]
    return _way(*(float(each) for each in spots))


def _length(way: Nearest) -> float:
    return way.distance_m
