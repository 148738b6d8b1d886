"""Straight lines through the earth, and what they say about geodesics: bounds that are proven.

A straight chord is cheap, needs no projection and knows neither poles nor an antimeridian. Let
``c`` be the chord and ``d`` the geodesic between two points P and X of an ellipsoid of revolution
with half axes a > b. With its least and largest radius of curvature, ``r = b^2/a``, ``R = a^2/b``,

    2 r sin(d / 2r)  <=  c  <=  2 R sin(d / 2R).

Proof. The ellipsoid is x'Dx = 1 with D = diag(1/a^2, 1/a^2, 1/b^2); its outward normal at X is
N = DX/|DX|, and 1/a <= |DX| <= 1/b. Walk the geodesic from P at unit speed; put g(s) =
|X(s) - P|^2 / 2. A geodesic turns along the normal only, X'' = -k N, with k = X''DX'/|DX| for its
unit tangent (differentiate x'Dx = 1 twice), so that 1/R <= k <= 1/r. Hence g'' = 1 - k <X - P, N>.
Both points lie on the ellipsoid, so (X - P)'D(X - P) = 2 (X - P)'DX, which gives <X - P, N> =
(X - P)'D(X - P) / (2 |DX|), between g/R and g/r. Therefore 1 - g/r^2 <= g'' <= 1 - g/R^2 with
g(0) = g'(0) = 0. The function G = 2 R^2 sin^2(s/2R), which a sphere of radius R has, satisfies the
right side with equality; u = g - G has u'' + u/R^2 = w <= 0, so u(s) is the integral of
R sin((s - t)/R) w(t), which is not positive while s <= pi R. That is the upper bound; the lower
one is the same with r, for s <= pi r.

No geodesic is longer than pi a, since squeezing a sphere of radius a along its axis lengthens no
way, and a <= R: the upper bound always holds. The lower one may be solved for d if d <= pi r. A
longer d has a chord of more than 2r - pi (a - r), because a chord shrinks by no more than the way
goes on; for chords beyond that, pi a is all that is said of d.

Seen from a chord of 50 km the two bounds on d are 3 mm apart, of 300 km 0.6 m, of 1,000 km 21 m.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from frontline.geodesy import GEOD

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

#: Least and largest radius of curvature, metres: the meridian's at the equator and at the poles.
LEAST_RADIUS_M = GEOD.b**2 / GEOD.a
LARGEST_RADIUS_M = GEOD.a**2 / GEOD.b
#: No geodesic is longer, metres.
LONGEST_M = np.pi * GEOD.a
_FAR_CHORD_M = 2.0 * LEAST_RADIUS_M - np.pi * (GEOD.a - LEAST_RADIUS_M)


def geocentric(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Return points on the ellipsoid in geocentric coordinates, metres, shape (3, n).

    Examples
    --------
    >>> geocentric(0.0, 90.0).round(1).tolist()
    [0.0, 0.0, 6356752.3]
    """
    lam, phi = np.radians(lon), np.radians(lat)
    sine = np.sin(phi)
    prime = GEOD.a / np.sqrt(1.0 - GEOD.es * sine**2)
    around = prime * np.cos(phi)
    return np.array([around * np.cos(lam), around * np.sin(lam), prime * (1.0 - GEOD.es) * sine])


def geodetic(x: Floats, y: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude of points near the ellipsoid, degrees.

    One step of Bowring's iteration, which is exact to rounding within a kilometre of the
    ellipsoid.

    References
    ----------
    B. R. Bowring, Transformation from spatial to geographical coordinates, Survey Review 23
    (181), 323-327 (1976).

    Examples
    --------
    >>> lon, lat = geodetic(*geocentric(36.75783, 35.13179))
    >>> round(float(lon), 9), round(float(lat), 9)
    (36.75783, 35.13179)
    """
    around = np.hypot(x, y)
    scaled, level = GEOD.a * z, GEOD.b * around
    norm = np.hypot(scaled, level)
    norm = np.where(norm == 0.0, 1.0, norm)
    sine, cosine = scaled / norm, level / norm
    second = GEOD.es / (1.0 - GEOD.es)
    lat = np.arctan2(z + second * GEOD.b * sine**3, around - GEOD.es * GEOD.a * cosine**3)
    return np.degrees(np.arctan2(y, x)), np.degrees(lat)


def longest_geodesic_m(chord_m: ArrayLike) -> Floats:
    """Return a length that no geodesic between two points so far apart exceeds, metres.

    Examples
    --------
    >>> chord = float(np.linalg.norm(geocentric(36.0, 35.0) - geocentric(37.0, 36.0)))
    >>> 0.0 < float(longest_geodesic_m(chord)) - GEOD.inv(36.0, 35.0, 37.0, 36.0)[2] < 0.06
    True
    """
    chord = np.asarray(chord_m, dtype=np.float64)
    twice = 2.0 * LEAST_RADIUS_M
    out = twice * np.arcsin(np.minimum(chord / twice, 1.0))
    return np.where(chord < _FAR_CHORD_M, out, LONGEST_M)


def longest_chord_m(distance_m: ArrayLike) -> Floats:
    """Return a length that no chord between two points so far apart on the ellipsoid exceeds.

    Examples
    --------
    >>> longest_chord_m([0.0, 1e6]).round(1).tolist()
    [0.0, 998982.9]
    """
    way = np.minimum(np.asarray(distance_m, dtype=np.float64), LONGEST_M)
    twice = 2.0 * LARGEST_RADIUS_M
    return twice * np.sin(way / twice)
