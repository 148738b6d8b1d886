"""Geometry in longitude and latitude whose lengths, areas and outlines are true on the ellipsoid.

An edge of a geometry is straight in longitude and latitude (RFC 7946) unless
``edges="geodesic"`` says otherwise. Outlines that cross the antimeridian are cut there, and
outlines round a pole are closed along it, as RFC 7946 asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely import MultiPolygon, Polygon

from frontline.errors import InputError
from frontline.geodesy import (
    GEOD,
    check_lonlat,
    forward,
    inverse,
    planar_edge_areas_m2,
    planar_edge_lengths_m,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Edges = Literal["planar", "geodesic"]

#: Beyond a quarter of the globe an outline on it is no longer simple.
MAX_RADIUS_M = 10_000_000.0

_ROUND = 359.0  # a closed path whose longitudes advance by more goes round a pole


# --- outlines -------------------------------------------------------------------------------


def closed_path(lons: np.ndarray, lats: np.ndarray) -> Polygon | MultiPolygon:
    """Make a polygon of a closed path on the globe, whatever it crosses or goes round."""
    lons = np.unwrap(np.append(lons, lons[0]), period=360.0)
    lats = np.append(lats, lats[0])
    turn = lons[-1] - lons[0]
    if abs(turn) > _ROUND:
        pole = 90.0 if lats.mean() > 0 else -90.0
        lons = np.concatenate([lons, [lons[-1], lons[0]]])
        lats = np.concatenate([lats, [pole, pole]])
    return _on_globe(Polygon(np.column_stack([lons, lats])))


def _on_globe(geometry: Any) -> Any:
    """Cut what lies beyond the antimeridian and put it back between -180 and 180 degrees."""
    west, _, east, _ = geometry.bounds
    if west >= -180.0 and east <= 180.0:  # noqa: PLR2004 - the bounds of longitude
        return geometry if geometry.is_valid else shapely.make_valid(geometry)
    geometry = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = []
    for turns in range(int(np.floor((west + 180.0) / 360.0)), int(np.ceil((east + 180.0) / 360.0))):
        window = shapely.box(-180.0 + 360.0 * turns, -90.0, 180.0 + 360.0 * turns, 90.0)
        part = shapely.intersection(geometry, window)
        if not part.is_empty and part.area > 0.0:
            parts.append(shapely.transform(part, lambda xy, t=turns: xy - [360.0 * t, 0.0]))
    return shapely.union_all(parts)


def _check_radius(radius_m: float, what: str) -> None:
    if not (0.0 < radius_m < MAX_RADIUS_M):
        raise InputError(f"{what} must be more than 0 and less than 10,000 km, not {radius_m} m")


def ring(lon: float, lat: float, radius_m: float, *, vertices: int = 180) -> Polygon | MultiPolygon:
    """Return the geodesic disc round a point.

    Parameters
    ----------
    lon, lat
        Centre, degrees.
    radius_m
        Radius, metres, below 10,000 km.
    vertices
        How many vertices its outline has; they lie on the true circle.

    Raises
    ------
    InputError
        The centre is not on the globe or the radius is out of range.

    Examples
    --------
    >>> disc = ring(36.75783, 35.13179, 5000)
    >>> round(area_m2(disc) / 1e6, 2)  # pi r^2 = 78.54, less what the 180 chords cut off
    78.52
    """
    check_lonlat(lon, lat, what="centre")
    _check_radius(radius_m, "radius_m")
    azimuths = np.arange(vertices) * (-360.0 / vertices)  # counter-clockwise, as RFC 7946 asks
    lons, lats, _ = forward(lon, lat, azimuths, radius_m)
    return closed_path(lons, lats)


def sector(
    lon: float,
    lat: float,
    azimuth_deg: float,
    half_angle_deg: float,
    inner_m: float,
    outer_m: float,
    *,
    step_deg: float = 1.0,
) -> Polygon | MultiPolygon:
    """Return the part of a geodesic ring that lies within an angle of an azimuth.

    Parameters
    ----------
    lon, lat
        Centre, degrees.
    azimuth_deg, half_angle_deg
        The sector reaches `half_angle_deg` to both sides; 180 or more gives the whole ring.
    inner_m, outer_m
        Nearest and farthest distance from the centre, metres; an inner distance of 0 or less
        gives the whole wedge.
    step_deg
        Angle between the vertices of the arcs.

    Raises
    ------
    InputError
        Values that are out of range, or an outer distance not beyond the inner one.

    Examples
    --------
    >>> region = sector(36.75783, 35.13179, 45.0, 22.5, 4000.0, 6000.0)
    >>> bool(region.contains(shapely.Point(*forward(36.75783, 35.13179, 45, 5000)[:2])))
    True
    """
    check_lonlat(lon, lat, what="centre")
    inner_m = max(inner_m, 0.0)
    _check_radius(outer_m, "outer_m")
    if outer_m <= inner_m:
        raise InputError(f"outer_m ({outer_m}) must be beyond inner_m ({inner_m})")
    if half_angle_deg >= 180.0:  # noqa: PLR2004 - all the way round
        whole = ring(lon, lat, outer_m, vertices=round(360.0 / step_deg))
        if inner_m == 0.0:
            return whole
        hole = ring(lon, lat, inner_m, vertices=round(360.0 / step_deg))
        return shapely.difference(whole, hole)
    count = max(int(np.ceil(2.0 * half_angle_deg / step_deg)), 2) + 1
    angles = azimuth_deg + np.linspace(half_angle_deg, -half_angle_deg, count)
    sides = max(int((outer_m - inner_m) // 5_000.0), 16) + 1  # the straight sides are geodesics
    ways = np.linspace(inner_m, outer_m, sides)
    inner = np.full(count, inner_m) if inner_m > 0.0 else np.zeros(1)
    inner_angles = angles[::-1] if inner_m > 0.0 else angles[-1:]
    azimuths = np.concatenate(
        [
            angles,
            np.full(sides - 2, angles[-1]),
            inner_angles,
            np.full(sides - 2, angles[0]),
        ]
    )
    distances = np.concatenate([np.full(count, outer_m), ways[-2:0:-1], inner, ways[1:-1]])
    lons, lats, _ = forward(lon, lat, azimuths, distances)
    return closed_path(lons, lats)


# --- measures -------------------------------------------------------------------------------


def _edge_table(geometries: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all edges as (k, 4) lon1 lat1 lon2 lat2, their geometry's number, their sign.

    The sign is that of an edge's part in the area: rings that bound from outside count with
    their own direction, holes against it, so that it does not matter how a ring is wound.
    """
    parts, part_owner = shapely.get_parts(geometries, return_index=True)
    polygonal = shapely.get_type_id(parts) == 3  # noqa: PLR2004 - shapely's number for Polygon
    rings, ring_part = shapely.get_rings(parts[polygonal], return_index=True)
    owner = part_owner[polygonal][ring_part]
    first = np.ones(len(rings), dtype=bool)
    first[1:] = ring_part[1:] != ring_part[:-1]
    lines = parts[~polygonal]
    curves = np.concatenate([rings, lines]) if len(lines) else rings
    owner = np.concatenate([owner, part_owner[~polygonal]]) if len(lines) else owner
    clockwise = ~shapely.is_ccw(rings) if len(rings) else np.zeros(0, dtype=bool)
    sign = np.where(clockwise == first, 1.0, -1.0)
    sign = np.concatenate([sign, np.zeros(len(lines))])
    xy, curve = shapely.get_coordinates(curves, return_index=True)
    joined = curve[1:] == curve[:-1]
    edges = np.hstack([xy[:-1], xy[1:]])[joined]
    index = curve[:-1][joined]
    return edges, owner[index], sign[index]


def areas_m2(geometries: Any, *, edges: Edges = "planar") -> np.ndarray:
    """Return the areas of geometries on the ellipsoid, square metres.

    Parameters
    ----------
    geometries
        An array or series of shapely geometries in longitude and latitude.
    edges
        What an edge means: ``"planar"``, straight in longitude and latitude, or ``"geodesic"``.

    Returns
    -------
    numpy.ndarray
        One area per geometry; 0 for points, lines, empty and missing ones. Neighbours that
        share their vertices have areas that sum to that of their union, to rounding.

    Examples
    --------
    >>> boxes = [shapely.box(36, 35, 37, 36), shapely.Polygon(), None]
    >>> (areas_m2(boxes) / 1e6).round(3).tolist()
    [10066.275, 0.0, 0.0]
    """
    array = np.asarray(geometries, dtype=object).ravel()
    if edges == "geodesic":
        return np.array(
            [
                0.0
                if each is None or each.is_empty
                else abs(
                    GEOD.geometry_area_perimeter(shapely.normalize(shapely.orient_polygons(each)))[
                        0
                    ]
                )
                for each in array
            ]
        )
    table, owner, sign = _edge_table(array)
    parts = planar_edge_areas_m2(*table.T) * sign if len(table) else np.zeros(0)
    return np.bincount(owner, weights=parts, minlength=len(array)).astype(float)


def area_m2(geometry: BaseGeometry, *, edges: Edges = "planar") -> float:
    """Return the area of one geometry on the ellipsoid; see `areas_m2`.

    Examples
    --------
    >>> round(area_m2(shapely.box(36, 35, 37, 36)) / 1e6, 3)
    10066.275
    """
    return float(areas_m2([geometry], edges=edges)[0])


def lengths_m(geometries: Any, *, edges: Edges = "planar") -> np.ndarray:
    """Return the lengths of lines, or the perimeters of polygons, on the ellipsoid in metres.

    Examples
    --------
    >>> lengths_m([shapely.LineString([(36, 35), (37, 35)]), None]).round(2).tolist()
    [91288.17, 0.0]
    """
    array = np.asarray(geometries, dtype=object).ravel()
    table, owner, _ = _edge_table(array)
    if not len(table):
        return np.zeros(len(array))
    if edges == "geodesic":
        parts = inverse(*table.T).distance_m
    else:
        parts = planar_edge_lengths_m(*table.T)
    return np.bincount(owner, weights=parts, minlength=len(array)).astype(float)


def length_m(geometry: BaseGeometry, *, edges: Edges = "planar") -> float:
    """Return the length of one geometry on the ellipsoid; see `lengths_m`.

    Examples
    --------
    >>> round(length_m(shapely.LineString([(36, 35), (37, 35)]), edges="geodesic"), 2)
    91287.79
    """
    return float(lengths_m([geometry], edges=edges)[0])


def split_edges(geometry: Any, *, sagitta_m: float = 0.001) -> Any:
    """Split planar edges until the geodesic between their ends stays within `sagitta_m`.

    A tool that draws geodesics between vertices then draws what a planar edge means. Takes
    one geometry or an array.

    Examples
    --------
    >>> parallel = shapely.LineString([(36, 35), (37, 35)])
    >>> split = split_edges(parallel)
    >>> abs(length_m(split, edges="geodesic") - length_m(parallel)) < 0.001
    True
    """

    # Half the curvature times the square of half the edge; curvature of a line that is straight
    # in longitude and latitude against the geodesic, bounded on a sphere of equatorial radius.
    def pieces(xy: np.ndarray) -> np.ndarray:
        d_lam, d_phi = np.abs(np.radians(np.diff(xy, axis=0))).T
        sine = np.abs(np.sin(np.radians(np.maximum(np.abs(xy[:-1, 1]), np.abs(xy[1:, 1])))))
        sagitta = GEOD.a / 8.0 * d_lam * sine * (d_lam + 2.0 * d_phi)
        return np.asarray(np.maximum(np.ceil(np.sqrt(sagitta / sagitta_m)), 1), dtype=int)

    def curve(xy: np.ndarray) -> np.ndarray:
        count = pieces(xy)
        start = np.repeat(np.arange(len(count)), count)
        step = np.concatenate([np.arange(each) / each for each in count])
        inner = xy[start] + (xy[start + 1] - xy[start]) * step[:, None]
        return np.vstack([inner, xy[-1:]])

    def one(each: Any) -> Any:
        if each is None or each.is_empty:
            return each
        if each.geom_type == "Polygon":
            return Polygon(
                curve(shapely.get_coordinates(each.exterior)),
                [curve(shapely.get_coordinates(hole)) for hole in each.interiors],
            )
        if each.geom_type in ("LineString", "LinearRing"):
            return shapely.LineString(curve(shapely.get_coordinates(each)))
        if hasattr(each, "geoms"):
            return type(each)([one(part) for part in each.geoms])
        return each

    if isinstance(geometry, shapely.Geometry) or geometry is None:
        return one(geometry)
    out = np.empty(len(geometry), dtype=object)
    out[:] = [one(each) for each in geometry]
    return out


# --- a plane for what must be done in one ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """An azimuthal equidistant plane on WGS84: metres east and north of its centre.

    Distances and directions from the centre are exact; elsewhere they are true to about
    (distance / 6,400 km)^2 / 6.
    """

    lon: float
    lat: float
    _forward: Transformer
    _inverse: Transformer

    @classmethod
    def around(cls, lon: float, lat: float) -> LocalPlane:
        """Make the plane that touches the globe at a point.

        Examples
        --------
        >>> plane = LocalPlane.around(36.75783, 35.13179)
        >>> plane.forward(shapely.Point(36.75783, 35.13179)).coords[0]
        (0.0, 0.0)
        """
        check_lonlat(lon, lat, what="centre")
        plane = CRS.from_proj4(f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +datum=WGS84 +units=m")
        globe = CRS.from_epsg(4326)
        return cls(
            lon,
            lat,
            Transformer.from_crs(globe, plane, always_xy=True),
            Transformer.from_crs(plane, globe, always_xy=True),
        )

    @classmethod
    def of(cls, geometries: Any) -> LocalPlane:
        """Make the plane that touches the globe in the middle of the geometries' bounds."""
        west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object))
        return cls.around(float(west + east) / 2.0, float(south + north) / 2.0)

    def forward(self, geometries: Any) -> Any:
        """Take geometries (one or an array) from longitude and latitude to the plane."""
        return shapely.transform(geometries, lambda xy: self._apply(self._forward, xy))

    def inverse(self, geometries: Any) -> Any:
        """Take geometries (one or an array) from the plane to longitude and latitude."""
        return shapely.transform(geometries, lambda xy: self._apply(self._inverse, xy))

    def forward_xy(self, lonlat: np.ndarray) -> np.ndarray:
        """Take an (n, 2) array of longitudes and latitudes to the plane."""
        return self._apply(self._forward, np.asarray(lonlat, dtype=float))

    def inverse_xy(self, xy: np.ndarray) -> np.ndarray:
        """Take an (n, 2) array of plane metres to longitudes and latitudes."""
        return self._apply(self._inverse, np.asarray(xy, dtype=float))

    @staticmethod
    def _apply(transformer: Transformer, xy: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def buffer_m(geometry: BaseGeometry, distance_m: float) -> Any:
    """Return everything within a distance of a geometry (or shrink it, if negative).

    The buffer is drawn in an azimuthal equidistant plane round the geometry's middle; for
    geometries of up to 100 km it is true to about 0.01 %.

    Examples
    --------
    >>> around = buffer_m(shapely.Point(36.75783, 35.13179), 5000)
    >>> round(area_m2(around) / 1e6, 1)
    78.5
    """
    plane = LocalPlane.of([geometry])
    grown = plane.forward(split_edges(geometry, sagitta_m=1.0)).buffer(distance_m, quad_segs=45)
    parts = []
    for part in shapely.get_parts(grown):
        if part.is_empty:
            continue
        # Ring by ring, so that nothing is torn at the antimeridian or at a pole.
        shell, *holes = (
            closed_path(*plane.inverse_xy(shapely.get_coordinates(line)[:-1]).T)
            for line in shapely.get_rings(part)
        )
        parts.append(shapely.difference(shell, shapely.union_all(holes)) if holes else shell)
    return shapely.union_all(parts)


# --- distance between geometries ------------------------------------------------------------


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
    table, _, _ = _edge_table(np.array([target], dtype=object))
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
