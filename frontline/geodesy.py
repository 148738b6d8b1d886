"""Distances and directions on the WGS84 ellipsoid, by pyproj's geodesics (Karney 2013).

Longitudes and latitudes are degrees, azimuths degrees clockwise from north in [0, 360),
distances metres. Every function takes scalars or arrays (which broadcast) and gives back
the same kind. This module needs numpy and pyproj only, so that a distance costs no more.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pyproj import Geod

from frontline.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ELLIPSOID = "WGS84"
GEOD = Geod(ellps=ELLIPSOID)

_MAX_LAT_DEG = 90.0


class Forward(NamedTuple):
    """Where a geodesic arrives: longitude, latitude, and the azimuth back to the start."""

    lon: Any
    lat: Any
    back_azimuth_deg: Any


class Inverse(NamedTuple):
    """The geodesic between two points: azimuth at the first, azimuth back, length."""

    azimuth_deg: Any
    back_azimuth_deg: Any
    distance_m: Any


def check_lonlat(
    lon: ArrayLike, lat: ArrayLike, *, what: str = "point", max_lon_deg: float = 360.0
) -> None:
    """Raise `InputError` unless every longitude and latitude is a number on the globe.

    Raises
    ------
    InputError
        NaN, infinity, a latitude beyond 90 or a longitude beyond `max_lon_deg` degrees.

    Examples
    --------
    >>> check_lonlat(36.76, 35.13)
    >>> check_lonlat(36.76, 95.0)
    Traceback (most recent call last):
    frontline.errors.InputError: the point (lon 36.76, lat 95.0) is not on the globe: ...
    """
    try:
        lon_array, lat_array = np.broadcast_arrays(
            np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        )
    except (TypeError, ValueError) as error:
        raise InputError(f"the {what} needs numbers, longitude and latitude: {error}") from None
    good = (np.abs(lat_array) <= _MAX_LAT_DEG) & (np.abs(lon_array) <= max_lon_deg)
    if not good.all():
        first = int(np.flatnonzero(~good.ravel())[0])
        raise InputError(
            f"the {what} (lon {lon_array.ravel()[first]}, lat {lat_array.ravel()[first]}) is not "
            f"on the globe: give (longitude, latitude) in degrees, within {max_lon_deg:g} and 90"
        )


def _like(template: tuple[Any, ...], values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give plain floats back when every input was a scalar."""
    if all(np.ndim(each) == 0 for each in template):
        return tuple(float(each) for each in values)
    return tuple(np.asarray(each) for each in values)


def forward(lon: Any, lat: Any, azimuth_deg: Any, distance_m: Any) -> Forward:
    """Go a distance along a geodesic (the forward problem).

    Parameters
    ----------
    lon, lat
        Start, degrees.
    azimuth_deg
        Direction at the start, degrees clockwise from north.
    distance_m
        Length of the way, metres.

    Returns
    -------
    Forward
        ``(lon, lat, back_azimuth_deg)``; longitudes in [-180, 180].

    Raises
    ------
    InputError
        A start that is not on the globe, or a direction or length that is no number.

    References
    ----------
    C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 43-55 (2013).

    Examples
    --------
    >>> lon, lat, _ = forward(36.75783, 35.13179, 45, 5000)
    >>> round(lon, 6), round(lat, 6)
    (36.796637, 35.163652)
    """
    check_lonlat(lon, lat, what="start")
    if not (np.isfinite(azimuth_deg).all() and np.isfinite(distance_m).all()):
        raise InputError("azimuth_deg and distance_m must be finite numbers")
    arguments = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in (lon, lat, azimuth_deg, distance_m))
    )
    lons, lats, azimuths, ways = (np.array(each) for each in arguments)
    lon2, lat2, back = GEOD.fwd(lons, lats, azimuths, ways)
    return Forward(*_like((lon, lat, azimuth_deg, distance_m), (lon2, lat2, np.mod(back, 360.0))))


def inverse(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> Inverse:
    """Find the geodesic between two points (the inverse problem).

    Returns
    -------
    Inverse
        ``(azimuth_deg, back_azimuth_deg, distance_m)``.

    Raises
    ------
    InputError
        A point that is not on the globe.

    Examples
    --------
    >>> aleppo, hama = (37.16117, 36.20124), (36.75783, 35.13179)
    >>> way = inverse(*aleppo, *hama)
    >>> round(way.distance_m / 1000, 1), round(way.azimuth_deg, 1)
    (124.2, 197.2)
    """
    check_lonlat(lon1, lat1, what="first point")
    check_lonlat(lon2, lat2, what="second point")
    arguments = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in (lon1, lat1, lon2, lat2))
    )
    lons1, lats1, lons2, lats2 = (np.array(each) for each in arguments)
    azimuth, back, distance = GEOD.inv(lons1, lats1, lons2, lats2)
    return Inverse(
        *_like((lon1, lat1, lon2, lat2), (np.mod(azimuth, 360.0), np.mod(back, 360.0), distance))
    )


def midpoint(lon1: Any, lat1: Any, lon2: Any, lat2: Any, *, fraction: float = 0.5) -> Forward:
    """Find the point at a fraction of the geodesic from the first to the second point.

    Examples
    --------
    >>> half = midpoint(36.0, 35.0, 37.0, 35.0)
    >>> round(half.lon, 6), round(half.lat, 6)
    (36.5, 35.00103)
    """
    way = inverse(lon1, lat1, lon2, lat2)
    return forward(lon1, lat1, way.azimuth_deg, np.multiply(way.distance_m, fraction))


def azimuth_difference_deg(first_deg: Any, second_deg: Any) -> Any:
    """Return the turn from the second azimuth to the first, in [-180, 180).

    Examples
    --------
    >>> azimuth_difference_deg(350.0, 10.0), azimuth_difference_deg(10.0, 350.0)
    (-20.0, 20.0)
    """
    turn = np.mod(np.subtract(first_deg, second_deg) + 180.0, 360.0) - 180.0
    return _like((first_deg, second_deg), (turn,))[0]


@functools.cache
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    nodes, weights = np.polynomial.legendre.leggauss(8)
    return (nodes + 1.0) / 2.0, weights / 2.0


def planar_edge_lengths_m(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> np.ndarray:
    """Return the lengths on the ellipsoid of edges that are straight in longitude and latitude.

    RFC 7946 calls such edges the meaning of GeoJSON. The arc length is integrated by
    Gauss-Legendre quadrature with 8 nodes, so no edge has to be split.

    Examples
    --------
    >>> float(planar_edge_lengths_m(36.0, 35.0, 37.0, 35.0).round(2))  # along the parallel
    91288.17
    """
    lam1, phi1, lam2, phi2 = (
        np.radians(np.asarray(v, dtype=float)) for v in (lon1, lat1, lon2, lat2)
    )
    nodes, weights = _legendre()
    phi = phi1[..., None] + (phi2 - phi1)[..., None] * nodes
    w2 = 1.0 - GEOD.es * np.sin(phi) ** 2
    prime_vertical = GEOD.a / np.sqrt(w2)
    meridian = GEOD.a * (1.0 - GEOD.es) / w2**1.5
    speed = np.hypot(
        meridian * (phi2 - phi1)[..., None],
        prime_vertical * np.cos(phi) * (lam2 - lam1)[..., None],
    )
    return np.asarray(speed @ weights)


def planar_edge_areas_m2(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> np.ndarray:
    """Return the signed areas on the ellipsoid between edges and the equator.

    The edges are straight in longitude and latitude. Summed round a ring they give its area,
    positive when it runs clockwise; an edge run backwards gives exactly the negative, so areas
    of neighbours close to rounding.

    References
    ----------
    J. P. Snyder, Map Projections: A Working Manual, USGS PP 1395 (1987), eq. 3-12 (q of the
    authalic latitude); integrated over each edge by Gauss-Legendre quadrature with 8 nodes.
    """
    lam1, phi1, lam2, phi2 = (
        np.radians(np.asarray(v, dtype=float)) for v in (lon1, lat1, lon2, lat2)
    )
    nodes, weights = _legendre()
    # Symmetric in the two ends, so that both directions see the very same numbers.
    middle, half = (phi1 + phi2) / 2.0, np.abs(phi2 - phi1) / 2.0
    sine = np.sin(middle[..., None] + half[..., None] * (2.0 * nodes - 1.0))
    e = np.sqrt(GEOD.es)
    q = sine / (1.0 - GEOD.es * sine**2) + np.arctanh(e * sine) / e
    mean = q @ weights
    return np.asarray((lam2 - lam1) * mean * GEOD.a**2 * (1.0 - GEOD.es) / 2.0)
