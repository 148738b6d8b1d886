"""The places nearest to a point, by geodesic distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from frontline import geodesy

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place
    from frontline.gazetteer.store import Store

# A sphere of mean radius errs by less than 0.57 % of a geodesic's length.
_MEAN_RADIUS_M = 6_371_008.8
_MARGIN = 1.012


def nearest(
    store: Store,
    lon: float,
    lat: float,
    count: int,
    max_km: float | None,
    kinds: frozenset[str] | None,
) -> list[Place]:
    """Return up to `count` places, nearest first.

    Parameters
    ----------
    store : Store
    lon, lat : float
        Degrees.
    count : int
    max_km : float or None
    kinds : frozenset of str or None

    Returns
    -------
    list of Place

    Notes
    -----
    Central angles on a sphere sort the places roughly; those that could be among the nearest, given
    how far a sphere may err, are measured on the ellipsoid.
    """
    lons, lats = store.lon_lat()
    if not len(lons):
        return []
    angles = _angles(lons, lats, lon, lat)
    keep = count
    while True:
        rough = np.argsort(angles, kind="stable")[:keep]
        if kinds is not None:
            kept = [
                (n, p)
                for n, p in zip(rough, store.take(rough.tolist()), strict=True)
                if p.kind in kinds
            ]
            if len(kept) < count and keep < len(angles):
                keep *= 4
                continue
            rough = np.array([n for n, _ in kept], dtype=np.intp)
        break
    if not len(rough):
        return []
    limit = angles[rough[:count]].max() * _MARGIN + 1e-9
    near = np.flatnonzero(angles <= limit)
    distances_m = np.atleast_1d(geodesy.inverse(lon, lat, lons[near], lats[near]).distance_m)
    order = np.lexsort((near, distances_m))
    found = []
    for position in order:
        if max_km is not None and distances_m[position] > max_km * 1000:
            break
        place = store.take([int(near[position])])[0]
        if kinds is None or place.kind in kinds:
            found.append(place)
            if len(found) == count:
                break
    return found


def _angles(lons: np.ndarray, lats: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """Return central angles on a sphere, radians."""
    phi, phi0 = np.radians(lats), np.radians(lat)
    half = (
        np.sin((phi - phi0) / 2) ** 2
        + np.cos(phi) * np.cos(phi0) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    angles: np.ndarray = 2 * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return angles
