"""Where edges are first met: going to them from a point, along an azimuth, or along a path.

Each answer is a distance for every edge of a composite at once. An edge stays where it is, so
one answer serves every date; which edges are front on a date is another question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.edges import edge_table
from frontline.geodesy import planar_edge_lengths_m
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]

_PIECE_M = 1_000.0  # an edge is cut to pieces so long: each meets a geodesic once at most
_TOUCH_M = 0.001  # an end of a piece so near to the geodesic lies on it
_STEPS = 60  # of bisection: 1 km shrinks below a nanometre
_FARTHEST_M = 10_000_000.0  # a quarter of the globe: beyond it all geodesics draw together


def along_azimuth_m(lines: Geometries, lon: float, lat: float, azimuth_deg: float) -> Floats:
    """Return how far each line is along the geodesic that leaves a point at an azimuth.

    Parameters
    ----------
    lines
        Lines whose edges are straight in longitude and latitude.
    lon, lat
        Where the geodesic begins, degrees.
    azimuth_deg
        Its direction there, degrees clockwise from north.

    Returns
    -------
    numpy.ndarray
        Metres along the geodesic to where it first meets each line; infinity where it never
        does within 10,000 km.

    Notes
    -----
    In the azimuthal equidistant plane round the point a geodesic from it is a straight line
    and its lengths are true. Edges are cut to pieces of a kilometre; where the ends of one lie
    on two sides of the geodesic, the spot between is found by bisection, each trial being a
    spot of the true edge taken to that plane. Two crossings within one piece, which leaves the
    geodesic by centimetres then, are not seen.

    Examples
    --------
    >>> from frontline.geodesy import inverse
    >>> border = shapely.LineString([(36.0, 36.0), (37.0, 36.0)])
    >>> away = shapely.LineString([(36.0, 34.0), (37.0, 34.0)])
    >>> met = along_azimuth_m(np.array([border, away], dtype=object), 36.5, 35.0, 0.0)
    >>> met.round(1).tolist() == [round(inverse(36.5, 35.0, 36.5, 36.0).distance_m, 1), np.inf]
    True
    """
    out = np.full(len(lines), np.inf)
    table, owner, _ = edge_table(lines)
    if not len(table):
        return out
    plane = LocalPlane.around(lon, lat)
    east, north = np.sin(np.radians(azimuth_deg)), np.cos(np.radians(azimuth_deg))
    count = np.maximum(np.ceil(planar_edge_lengths_m(*table.T) / _PIECE_M), 1).astype(np.int64)
    piece = np.repeat(np.arange(len(table)), count)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    start, move = table[:, :2], table[:, 2:] - table[:, :2]

    def seen(of: Ints, t: Floats) -> tuple[Floats, Floats]:
        """Return how far along the geodesic and how far to its right spots on edges lie."""
        x, y = plane.forward_xy(start[of] + move[of] * t[:, None]).T
        return x * east + y * north, x * north - y * east

    low, high = number / count[piece], (number + 1) / count[piece]
    ahead_low, aside_low = seen(piece, low)
    ahead_high, aside_high = seen(piece, high)
    for ahead, aside in ((ahead_low, aside_low), (ahead_high, aside_high)):
        on = (np.abs(aside) <= _TOUCH_M) & (ahead >= -_TOUCH_M) & (ahead <= _FARTHEST_M)
        np.minimum.at(out, owner[piece[on]], np.maximum(ahead[on], 0.0))
    crossed = (aside_low < 0) != (aside_high < 0)
    crossed &= np.maximum(ahead_low, ahead_high) >= -_TOUCH_M
    crossed &= np.minimum(ahead_low, ahead_high) <= _FARTHEST_M
    of, lo, hi = piece[crossed], low[crossed], high[crossed]
    side = aside_low[crossed] < 0
    for _ in range(_STEPS if len(of) else 0):
        middle = (lo + hi) / 2.0
        same = (seen(of, middle)[1] < 0) == side
        lo, hi = np.where(same, middle, lo), np.where(same, hi, middle)
    if len(of):
        ahead = seen(of, (lo + hi) / 2.0)[0]
        met = (ahead >= -_TOUCH_M) & (ahead <= _FARTHEST_M)
        np.minimum.at(out, owner[of[met]], np.maximum(ahead[met], 0.0))
    return out


def segments_of(path: Any) -> tuple[Floats, Floats]:
    """Return the straight pieces of a path, (k, 4) lon1 lat1 lon2 lat2, and their lengths, metres.

    Examples
    --------
    >>> table, length_m = segments_of(shapely.LineString([(36, 35), (37, 35), (37, 36)]))
    >>> table.shape, length_m.round(1).tolist()
    ((2, 4), [91288.2, 110949.8])
    """
    table, _, _ = edge_table(np.array([path], dtype=object))
    table = table[(table[:, :2] != table[:, 2:]).any(axis=1)]
    return table, planar_edge_lengths_m(*table.T)


def crossings(table: Floats, lines: Geometries, tree: shapely.STRtree) -> tuple[Ints, Floats, Ints]:
    """Return where the pieces of a path meet lines.

    Parameters
    ----------
    table
        The pieces, as `segments_of` returns them.
    lines, tree
        The lines, and a search tree over them.

    Returns
    -------
    piece, fraction, line
        One row a meeting: the piece, how far along it (0 to 1), the line. Where both run
        together there is a row for either end of that.

    Notes
    -----
    Both are straight in longitude and latitude, so they are intersected there.
    """
    pieces = shapely.linestrings(table.reshape(-1, 2, 2))
    piece, line = tree.query(pieces, predicate="intersects")
    spots, pair = shapely.get_coordinates(
        shapely.intersection(pieces[piece], lines[line]), return_index=True
    )
    piece, line = piece[pair], line[pair]
    start, move = table[piece, :2], table[piece, 2:] - table[piece, :2]
    fraction = ((spots - start) * move).sum(axis=1) / (move * move).sum(axis=1)
    return piece.astype(np.int64), np.clip(fraction, 0.0, 1.0), line.astype(np.int64)


def part_lengths_m(table: Floats, piece: Ints, begin: Floats, end: Floats) -> Floats:
    """Return the lengths of parts of pieces, from one fraction of each to another, metres."""
    start, move = table[piece, :2], table[piece, 2:] - table[piece, :2]
    a, b = start + move * begin[:, None], start + move * end[:, None]
    return planar_edge_lengths_m(*a.T, *b.T)


def along_path_m(lines: Geometries, path: Any, *, tree: shapely.STRtree | None = None) -> Floats:
    """Return how far along a path each line is first met.

    Parameters
    ----------
    lines
        Lines whose edges are straight in longitude and latitude, as the path's are.
    path
        A LineString, or a MultiLineString whose parts follow each other; what lies between
        two parts has no length.
    tree
        A search tree over the lines, if there is one.

    Returns
    -------
    numpy.ndarray
        Metres along the path; infinity where it never meets the line.

    Examples
    --------
    >>> border = shapely.LineString([(36.5, 34.0), (36.5, 36.0)])
    >>> path = shapely.LineString([(36, 35), (37, 35)])
    >>> along_path_m(np.array([border], dtype=object), path).round(1).tolist()
    [45644.1]
    """
    out = np.full(len(lines), np.inf)
    table, length_m = segments_of(path)
    if not (len(table) and len(lines)):
        return out
    piece, fraction, line = crossings(table, lines, tree or shapely.STRtree(lines))
    before = np.cumsum(length_m) - length_m
    way = before[piece] + part_lengths_m(table, piece, np.zeros(len(piece)), fraction)
    np.minimum.at(out, line, way)
    return out


def nearest_in_plane_m(lines: Geometries, lon: float, lat: float) -> Floats:
    """Return distances of lines from a point, near enough to choose those worth solving.

    Notes
    -----
    Distances from the centre of an azimuthal equidistant plane are true. Edges are cut to a
    fiftieth of a degree first, since what is straight in degrees is a curve in that plane,
    meridians included: pieces of 2 km depart from it by less than a metre below 85 degrees of
    latitude.
    """
    plane = LocalPlane.around(lon, lat)
    flat = plane.forward(shapely.segmentize(lines, 0.02))
    return np.asarray(shapely.distance(flat, shapely.Point(0.0, 0.0)))
