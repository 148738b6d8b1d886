"""Lengths and areas on the ellipsoid of geometries in longitude and latitude.

An edge is straight in longitude and latitude (RFC 7946) unless ``edges="geodesic"`` says
otherwise; one meaning throughout, or what is gained and lost does not add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from shapely import Polygon

from frontline.errors import InputError
from frontline.geodesy import GEOD, forward, inverse, planar_edge_areas_m2, planar_edge_lengths_m

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Edges = Literal["planar", "geodesic"]

_POLYGON = 3
_SINGLE = (1, 2, _POLYGON)  # lines, rings, polygons


def edge_table(geometries: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all edges as (k, 4) lon1 lat1 lon2 lat2, their geometry's number, their sign.

    The sign is that of an edge's part in the area: rings that bound from outside count with
    their own direction, holes against it, so that it does not matter how a ring is wound.
    """
    kinds = shapely.get_type_id(geometries)
    if np.isin(kinds, _SINGLE).all():  # taking apart would copy every one of them
        parts, part_owner = geometries, np.arange(len(geometries))
    else:
        parts, part_owner = shapely.get_parts(geometries, return_index=True)
        kinds = shapely.get_type_id(parts)
    polygonal = kinds == _POLYGON
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
    table, owner, sign = edge_table(array)
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
    table, owner, _ = edge_table(array)
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

    def curve(xy: np.ndarray) -> np.ndarray:
        count = _pieces(xy, sagitta_m)
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


def _pieces(xy: np.ndarray, sagitta_m: float) -> np.ndarray:
    """Return into how many pieces each edge is cut, so that planar and geodesic hardly differ.

    Half the curvature times the square of half the edge; curvature of a line that is straight in
    longitude and latitude against the geodesic, bounded on a sphere of equatorial radius.
    """
    d_lam, d_phi = np.abs(np.radians(np.diff(xy, axis=0))).T
    sine = np.abs(np.sin(np.radians(np.maximum(np.abs(xy[:-1, 1]), np.abs(xy[1:, 1])))))
    sagitta = GEOD.a / 8.0 * d_lam * sine * (d_lam + 2.0 * d_phi)
    return np.asarray(np.maximum(np.ceil(np.sqrt(sagitta / sagitta_m)), 1), dtype=int)


def bend_edges(polygons: np.ndarray, *, sagitta_m: float = 0.05) -> np.ndarray:
    """Draw geodesic edges with planar ones: split until the two differ by less than `sagitta_m`.

    The opposite of `split_edges`: the new vertices lie on the geodesics.

    Parameters
    ----------
    polygons
        An array of polygons whose edges are geodesics between their vertices.
    sagitta_m
        How far a new edge may miss the geodesic, metres; half a step of the grid of 1e-6
        degrees is 0.05.

    Examples
    --------
    >>> bent = bend_edges(np.array([shapely.box(36, 35, 37, 36)]))[0]
    >>> abs(area_m2(bent) - area_m2(shapely.box(36, 35, 37, 36), edges="geodesic")) < 5000
    True
    """

    def ring(line: Any) -> np.ndarray:
        xy = shapely.get_coordinates(line)
        count = _pieces(xy, sagitta_m)
        start = np.repeat(np.arange(len(count)), count)
        step = np.concatenate([np.arange(each) / each for each in count])
        way = inverse(*xy[:-1].T, *xy[1:].T)
        lon, lat = xy[start].T
        there = forward(lon, lat, way.azimuth_deg[start], way.distance_m[start] * step)
        spots = np.column_stack([there.lon, there.lat])
        spots[step == 0.0] = xy[:-1]
        spots = np.vstack([spots, xy[-1:]])
        if (np.abs(np.diff(spots[:, 0])) > 180.0).any():  # noqa: PLR2004 - half the globe
            raise InputError(
                "a geodesic edge crosses the antimeridian; cut the polygon at 180 degrees first"
            )
        return spots

    out = np.empty(len(polygons), dtype=object)
    for i, each in enumerate(polygons):
        out[i] = Polygon(ring(each.exterior), [ring(hole) for hole in each.interiors])
    return out
