"""Outlines on the globe: discs, sectors, buffers, true on the ellipsoid.

Outlines that cross the antimeridian are cut there, and outlines round a pole are closed along
it, as RFC 7946 asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from frontline.edges import split_edges
from frontline.errors import InputError
from frontline.geodesy import check_lonlat, forward
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: Beyond a quarter of the globe an outline on it is no longer simple.
MAX_RADIUS_M = 10_000_000.0

_ROUND = 359.0  # a closed path whose longitudes advance by more goes round a pole


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
    >>> from frontline.edges import area_m2
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


def buffer_m(geometry: BaseGeometry, distance_m: float) -> Any:
    """Return everything within a distance of a geometry (or shrink it, if negative).

    The buffer is drawn in an azimuthal equidistant plane round the geometry's middle; for
    geometries of up to 100 km it is true to about 0.01 %.

    Examples
    --------
    >>> from frontline.edges import area_m2
    >>> around = buffer_m(shapely.Point(36.75783, 35.13179), 5000)
    >>> round(area_m2(around) / 1e6, 1)
    78.5
    """
    plane = LocalPlane.of([geometry])
    grown = plane.forward(split_edges(geometry, sagitta_m=1.0)).buffer(distance_m, quad_segs=45)
    return from_plane(grown, plane)


def from_plane(flat: Any, plane: LocalPlane) -> Any:
    """Take polygons from a plane to the globe, whatever they cross or go round.

    Ring by ring, so that nothing is torn at the antimeridian or at a pole.
    """
    parts = []
    for part in shapely.get_parts(flat):
        if part.is_empty:
            continue
        shell, *holes = (
            closed_path(*plane.inverse_xy(shapely.get_coordinates(line)[:-1]).T)
            for line in shapely.get_rings(part)
        )
        parts.append(shapely.difference(shell, shapely.union_all(holes)) if holes else shell)
    return shapely.union_all(parts)
