"""The shapes that localities take on the ground, and how far they reach from a point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline import geodesy, shapes
from frontline.errors import InputError
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place

#: Beyond a quarter of the globe a sector has no simple outline.
MAX_REACH_M = 9_990_000.0
_MIN_M = 1.0


def extent_of(place: Place) -> Any:
    """Return the polygon of a place, a disc of a metre if it is a mere point."""
    extent = place.extent
    if extent.geom_type in {"Polygon", "MultiPolygon"}:
        return extent
    return shapes.ring(place.lon, place.lat, _MIN_M)


def radial_m(place: Place) -> float:
    """Return how far the extent reaches from the place's point (the geographic radial)."""
    if place.outline_wkb is None:
        return place.radius_m
    return reach_m(place.lon, place.lat, place.extent)


def reach_m(lon: float, lat: float, region: Any) -> float:
    """Return the distance to the farthest vertex of a region, metres."""
    xy = shapely.get_coordinates(region)
    count = np.zeros(len(xy))
    return float(geodesy.inverse(lon + count, lat + count, xy[:, 0], xy[:, 1]).distance_m.max())


def crossings_m(place: Place, azimuths_deg: np.ndarray) -> np.ndarray:
    """Return where rays from the place's point leave its extent for good, metres.

    Azimuths and distances from the centre are true in an azimuthal equidistant plane, so the
    last crossing of the geodesic with the outline is that of a straight ray.
    """
    if place.outline_wkb is None:
        return np.full(len(azimuths_deg), place.radius_m)
    plane = LocalPlane.around(place.lon, place.lat)
    outline = shapely.boundary(plane.forward(place.extent))
    far = 2.0 * float(np.abs(outline.bounds).max()) + 1.0
    turn = np.radians(azimuths_deg)
    ends = np.column_stack([np.sin(turn), np.cos(turn)]) * far
    rays = shapely.linestrings(np.stack([np.zeros_like(ends), ends], axis=1))
    hits = shapely.intersection(rays, outline)
    out = np.zeros(len(azimuths_deg))
    for number, hit in enumerate(hits):
        xy = shapely.get_coordinates(hit)
        if len(xy):
            out[number] = np.hypot(xy[:, 0], xy[:, 1]).max()
    return out


def band(
    place: Place, azimuth_deg: float, half_angle_deg: float, low_m: float, high_m: float
) -> Any:
    """Return what lies from `low_m` to `high_m` beyond the extent's edge, within an angle.

    Every heading is measured from where it leaves the extent; negative values lie inside.
    """
    if place.outline_wkb is None:
        radius = place.radius_m
        return wedge(
            (place.lon, place.lat), azimuth_deg, half_angle_deg, radius + low_m, radius + high_m
        )
    whole = half_angle_deg >= 180.0  # noqa: PLR2004
    count = max(math.ceil(2.0 * min(half_angle_deg, 180.0)), 2) + 1
    angles = azimuth_deg + np.linspace(half_angle_deg, -half_angle_deg, count)
    if whole:
        angles = azimuth_deg + np.linspace(180.0, -180.0, count)[:-1]
    edges = crossings_m(place, angles)
    outer = np.maximum(edges + high_m, _MIN_M)
    inner = np.maximum(edges + low_m, 0.0)
    check_reach(float(outer.max()))
    if whole:
        shell = polar((place.lon, place.lat), angles, outer)
        if not inner.min() > 0.0:
            return shell
        return shapely.difference(shell, polar((place.lon, place.lat), angles, inner))
    return polar(
        (place.lon, place.lat),
        np.concatenate([angles, angles[::-1]]),
        np.concatenate([outer, inner[::-1]]),
    )


def bean_band(
    place: Place,
    azimuth_deg: float,
    turns_deg: np.ndarray,
    low_m: np.ndarray,
    high_m: np.ndarray,
) -> Any:
    """Return a region beyond an outline whose depth depends on the turn off the heading.

    Every heading is measured from where it leaves the extent.
    """
    angles = azimuth_deg + turns_deg
    edges = crossings_m(place, angles)
    inner = np.maximum(edges + low_m, 0.0)
    outer = np.maximum(edges + high_m, inner + _MIN_M / 2.0)
    check_reach(float(outer.max()))
    return polar(
        (place.lon, place.lat),
        np.concatenate([angles, angles[-2:0:-1]]),
        np.concatenate([outer, inner[-2:0:-1]]),
    )


def polar(centre: tuple[float, float], azimuths_deg: np.ndarray, distances_m: np.ndarray) -> Any:
    """Return the polygon through points given by azimuth and distance from a centre."""
    lons, lats, _ = geodesy.forward(*centre, azimuths_deg, distances_m)
    return shapes.closed_path(lons, lats)


def wedge(
    centre: tuple[float, float],
    azimuth_deg: float,
    half_angle_deg: float,
    inner_m: float,
    outer_m: float,
) -> Any:
    """Return a ring sector that is never empty."""
    outer_m = max(outer_m, _MIN_M)
    check_reach(outer_m)
    inner_m = min(max(inner_m, 0.0), outer_m - _MIN_M / 2.0)
    return shapes.sector(*centre, azimuth_deg, half_angle_deg, inner_m, outer_m)


def check_reach(outer_m: float) -> None:
    """Raise for what reaches over more than a quarter of the globe."""
    if outer_m > MAX_REACH_M:
        raise InputError(
            f"the locality reaches {outer_m / 1000:,.0f} km from its feature; name one that is "
            "nearer (the limit is 9,990 km)"
        )


def corner_m(at_m: float, half_angle_deg: float, inner_m: float, outer_m: float) -> float:
    """Return how far the corners of a ring sector are from a point on its axis, in the plane.

    On the ellipsoid they are nearer, so a circle of this radius encloses the sector.
    """
    turn = math.radians(min(half_angle_deg, 180.0))
    inner_m = max(inner_m, 0.0)

    def away(distance_m: float) -> float:
        square = at_m**2 + distance_m**2 - 2.0 * at_m * distance_m * math.cos(turn)
        return math.sqrt(max(square, 0.0))

    return max(away(inner_m), away(outer_m), abs(at_m - inner_m), abs(outer_m - at_m))


def lens(first: Place, second: Place, width: float) -> Any:
    """Return a lens with its tips at two places, `width` times their distance wide.

    It lies within the circle whose diameter is the way between them.
    """
    way = geodesy.inverse(first.lon, first.lat, second.lon, second.lat)
    steps = np.linspace(0.0, 1.0, 65)
    axis = geodesy.forward(
        np.full(65, first.lon), np.full(65, first.lat), way.azimuth_deg, steps * way.distance_m
    )
    half = 2.0 * width * way.distance_m * steps * (1.0 - steps)
    onward = np.mod(axis.back_azimuth_deg + 180.0, 360.0)
    onward[0] = way.azimuth_deg
    left = geodesy.forward(axis.lon, axis.lat, onward - 90.0, half)
    right = geodesy.forward(axis.lon, axis.lat, onward + 90.0, half)
    return shapes.closed_path(
        np.concatenate([right.lon, left.lon[-2:0:-1]]),
        np.concatenate([right.lat, left.lat[-2:0:-1]]),
    )
