"""Offsets, rings and headings as functions on columns: radii with their parts, and regions.

One row or a million: `fixes` calls them with columns of length one, so a phrase alone and the
same phrase in a column give the same numbers. Distances in metres, angles in degrees.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline import geodesy, shapes
from frontline.errors import InputError
from frontline.locality import calibration as cal
from frontline.locality import regions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.locality.calibrated import Floats

#: Half the vertices of an offset's outline; they crowd at its tips.
_HALF = 32
#: Vertices of a disc, as in `shapes.ring`.
_ROUND = 180
_WHOLE_DEG = 180.0
_LEAST_M = 1.0
#: Nearer to a pole than this, outlines are drawn one by one.
_POLAR_LAT_DEG = 89.0


@dataclass(frozen=True, slots=True)
class Offsets:
    """Distances at headings, one a row; every field is an array of the same length.

    Attributes
    ----------
    lon, lat
        Of the feature.
    azimuth_deg, points, extra_deg
        Heading, the class of its wind, and by how much the words widen it ("north to
        northeast"), to both sides.
    stated_m, low_m, high_m, precision_m
        Distance, its stated bounds, and half the step of the number.
    extent_m
        Doubt about where the distance starts.
    start_m
        From the feature's point to where the distance starts: 0, or the edge on that heading.
    """

    lon: Floats
    lat: Floats
    azimuth_deg: Floats
    stated_m: Floats
    low_m: Floats
    high_m: Floats
    precision_m: Floats
    extent_m: Floats
    points: Floats
    extra_deg: Floats
    start_m: Floats

    @classmethod
    def of(cls, *values: float) -> Offsets:
        """Make one row of its fields."""
        return cls(*(np.array([each]) for each in values))

    @property
    def at_m(self) -> Floats:
        """Distance of the nominal point from the feature's."""
        return self.start_m + self.stated_m


@dataclass(frozen=True, slots=True)
class Rings:
    """Distances without a heading, one a row; fields as in `Offsets`."""

    lon: Floats
    lat: Floats
    low_m: Floats
    high_m: Floats
    precision_m: Floats
    extent_m: Floats
    start_m: Floats

    @classmethod
    def of(cls, *values: float) -> Rings:
        """Make one row of its fields."""
        return cls(*(np.array([each]) for each in values))


def stack(rows: Sequence[Any]) -> Any:
    """Put several `Offsets`, or several `Rings`, into one."""
    kind = type(rows[0])
    names = [each.name for each in dataclasses.fields(kind)]
    return kind(*(np.concatenate([getattr(row, name) for row in rows]) for name in names))


def offset_points(offsets: Offsets) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes of the nominal points, on the ellipsoid."""
    found = geodesy.forward(offsets.lon, offsets.lat, offsets.azimuth_deg, offsets.at_m)
    return found.lon, found.lat


def _chord_m(at_m: Floats, angle_deg: Floats) -> Floats:
    return 2.0 * at_m * np.sin(np.radians(np.minimum(angle_deg, _WHOLE_DEG)) / 2.0)


def offset_parts(offsets: Offsets, numbers: cal.Calibration) -> dict[str, Floats]:
    """Return what the radii of offsets are made of; the columns add up to them.

    By the standard each source counts for what it adds to those before it.
    """
    at, ranged = offsets.at_m, (offsets.high_m - offsets.low_m) / 2.0
    if numbers.fitted is not None:
        model, level = numbers.fitted
        angle = model.headings_deg(level, offsets.points)
        own = model.radii_m(level, offsets.points, at)
        direction = np.minimum(_chord_m(at, angle), own)
        wider = _chord_m(at, angle + offsets.extra_deg) - _chord_m(at, angle)
        return {
            "direction": direction + wider,
            "distance": own - direction,
            "distance range": ranged,
            "distance precision": model.circle_precision[level] * offsets.precision_m,
            "extent": model.circle_extent[level] * offsets.extent_m,
        }
    half = np.array([numbers.half_angles_deg[int(each)] for each in offsets.points])
    turn = np.radians(np.minimum(half + offsets.extra_deg, _WHOLE_DEG))
    parts, s, before = {}, np.zeros(len(at)), np.zeros(len(at))
    for name, value in (
        ("direction", np.zeros(len(at))),
        ("distance precision", offsets.precision_m),
        ("distance range", ranged),
        ("extent", offsets.extent_m),
    ):
        s = s + value
        now = np.hypot(at + s - at * np.cos(turn), at * np.sin(turn))
        parts[name] = now - before
        before = now
    return parts


def offset_radius_m(offsets: Offsets, numbers: cal.Calibration) -> Floats:
    """Return the radii of offsets."""
    return sum(offset_parts(offsets, numbers).values(), np.zeros(len(offsets.lon)))


@dataclass(frozen=True, slots=True)
class Beans:
    """Outlines of calibrated offsets in polar coordinates about where the distance starts."""

    middle_low_m: Floats
    middle_high_m: Floats
    inner_m: Floats
    outer_m: Floats
    half_angle_deg: Floats
    inner_exponent: float
    outer_exponent: float
    angle_exponent: Floats

    def bounds_m(self, share: Floats) -> tuple[Floats, Floats]:
        """Return nearest and farthest distance, rows by columns, at shares of the half-angle."""
        left = np.maximum(1.0 - np.abs(share) ** self.angle_exponent[:, None], 0.0)
        inwards = left ** (1.0 / self.inner_exponent)
        outwards = left ** (1.0 / self.outer_exponent)
        low = self.middle_low_m[:, None] - self.inner_m[:, None] * inwards
        high = self.middle_high_m[:, None] + self.outer_m[:, None] * outwards
        return low, high


def beans(offsets: Offsets, numbers: cal.Calibration) -> Beans:
    """Return the outlines of offsets by a calibrated method."""
    if numbers.fitted is None:
        raise InputError("the standard method has circles and no other outlines")
    model, level = numbers.fitted
    points, start, extent = offsets.points, offsets.start_m, offsets.extent_m
    low, high, stated = offsets.low_m, offsets.high_m, offsets.stated_m
    # Each end has the bound of its own distance, the sides that of the point.
    bounds = [
        model.region_level(level, points, start + each + extent) for each in (low, high, stated)
    ]
    across = model.angle_exponents(points)
    middle_high = model.centre_m(high)
    least = np.where(
        low < high, np.maximum(stated - middle_high, 0.0) + _LEAST_M, model.gap_m(high)
    )
    inner = model.inner_m(low, extent, offsets.precision_m)
    inner *= bounds[0] ** (1.0 / model.inner_exponent)
    outer = model.outer_m(high, extent, offsets.precision_m)
    outer *= bounds[1] ** (1.0 / model.outer_exponent)
    half = model.half_angles_deg(points, start + stated, extent)
    return Beans(
        np.minimum(model.centre_m(low), stated),
        middle_high,
        np.where((low > 0.0) | (stated == 0.0), inner, 0.0),
        np.maximum(outer, least),
        half * bounds[2] ** (1.0 / across),
        model.inner_exponent,
        model.outer_exponent,
        across,
    )


def bean(offsets: Offsets, numbers: cal.Calibration) -> tuple[Floats, Floats, Floats]:
    """Return one outline: turns off the heading, nearest and farthest distance for each."""
    found = beans(offsets, numbers)
    share = np.cos(np.linspace(0.0, np.pi, 3 * _HALF + 1))
    low, high = found.bounds_m(share)
    extra = float(offsets.extra_deg[0])
    turns = np.minimum(float(found.half_angle_deg[0]) + extra, _WHOLE_DEG) * share
    if extra:  # the round ends begin where the words end
        own = float(found.half_angle_deg[0])
        low, high = found.bounds_m(np.clip((np.abs(turns) - extra) / own, 0.0, 1.0))
    return turns, low[0], high[0]


def offset_reach_m(offsets: Offsets, numbers: cal.Calibration) -> Floats:
    """Return how far the regions of offsets reach from their features."""
    if numbers.fitted is None:
        return offsets.at_m + offset_radius_m(offsets, numbers)
    found = beans(offsets, numbers)
    return offsets.start_m + found.middle_high_m + found.outer_m


def offset_regions(offsets: Offsets, numbers: cal.Calibration) -> NDArray[np.object_]:
    """Return the regions of offsets: by the standard discs, else ring sectors with round corners.

    Raises
    ------
    InputError
        A region reaches farther than `regions.MAX_REACH_M`; see `offset_reach_m`.
    """
    if numbers.fitted is None:
        return discs(*offset_points(offsets), offset_radius_m(offsets, numbers))
    regions.check_reach(float(offset_reach_m(offsets, numbers).max(initial=0.0)))
    found = beans(offsets, numbers)
    extra = offsets.extra_deg
    share = np.cos(np.linspace(0.0, np.pi, _HALF + 1))
    side = np.sign(np.round(share, 12))
    if extra.any():  # a flat piece between the two round ends
        flat = np.linspace(1.0, -1.0, _HALF + 1)
        half = _HALF // 2
        share = np.concatenate([share[:half], np.zeros(len(flat)), share[half + 1 :]])
        side = np.concatenate([side[:half], flat, side[half + 1 :]])
    low, high = found.bounds_m(share)
    near = np.maximum(offsets.start_m[:, None] + low, 0.0)
    far = np.maximum(offsets.start_m[:, None] + high, near + _LEAST_M / 2.0)
    turns = found.half_angle_deg[:, None] * share + extra[:, None] * side
    whole = found.half_angle_deg + extra >= _WHOLE_DEG
    # The arcs run from one tip to the other and back, counter-clockwise; the tips are the outer's.
    azimuths = offsets.azimuth_deg[:, None] + np.concatenate([turns, turns[:, -2:0:-1]], axis=1)
    ways = np.concatenate([far, near[:, -2:0:-1]], axis=1)
    out = _polygons(offsets.lon, offsets.lat, azimuths, ways)
    for row in np.flatnonzero(whole):
        centre = float(offsets.lon[row]), float(offsets.lat[row])
        out[row] = regions.wedge(centre, 0.0, 180.0, near[row].min(), far[row].max())
    return out


def _polygons(
    lon: Floats, lat: Floats, azimuths_deg: Floats, ways_m: Floats
) -> NDArray[np.object_]:
    """Return polygons through points given by azimuth and distance, rows by vertices."""
    path, hard = _paths(lon, lat, azimuths_deg, ways_m)
    out = np.asarray(shapely.polygons(path), dtype=object)
    for row in np.flatnonzero(hard | ~shapely.is_valid(out)):
        out[row] = shapes.closed_path(*path[row].T)
    return out


def _paths(
    lon: Floats, lat: Floats, azimuths_deg: Floats, ways_m: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return vertices, rows by vertices by two, and which rows no plain polygon can hold."""
    there = geodesy.forward(lon[:, None], lat[:, None], azimuths_deg, ways_m)
    jumps = np.abs(np.diff(there.lon, axis=1, append=there.lon[:, :1])).max(axis=1) > _WHOLE_DEG
    polar = np.abs(there.lat).max(axis=1) > _POLAR_LAT_DEG
    return np.stack([there.lon, there.lat], axis=-1), jumps | polar


def discs(lon: Floats, lat: Floats, radius_m: Floats) -> NDArray[np.object_]:
    """Return geodesic discs, at least a metre in radius."""
    radius = np.maximum(np.asarray(radius_m, dtype=float), _LEAST_M)
    regions.check_reach(float(radius.max(initial=0.0)))
    return _polygons(np.asarray(lon), np.asarray(lat), *_round(radius))


def _round(radius_m: Floats) -> tuple[Floats, Floats]:
    """Return azimuths and distances of the vertices of discs."""
    shape = (len(radius_m), _ROUND)
    azimuths = np.arange(_ROUND) * (-360.0 / _ROUND)
    return np.broadcast_to(azimuths, shape), np.broadcast_to(radius_m[:, None], shape)


def _ring_bound(rings: Rings, distance_m: Floats, numbers: cal.Calibration) -> Floats:
    """Return the bound of the score at one end of rings, which has that of its own distance."""
    if numbers.fitted is None:
        return np.ones(len(distance_m))
    model, level = numbers.fitted
    return model.at(model.ring_levels[level], distance_m + rings.extent_m)


def ring_bounds_m(rings: Rings, numbers: cal.Calibration) -> tuple[Floats, Floats]:
    """Return the nearest and the farthest distance from where it starts; nearest may be negative.

    "Within" has no nearest one: a lower bound of 0 stays 0.
    """
    low, high = rings.low_m, rings.high_m
    if numbers.fitted is None:
        spread = rings.precision_m + rings.extent_m
        near, far = low - spread, high + spread
    else:
        model, _ = numbers.fitted
        extent, precision = rings.extent_m, rings.precision_m
        inwards, outwards = 1.0 / model.inner_exponent, 1.0 / model.outer_exponent
        inner = model.inner_m(low, extent, precision) * _ring_bound(rings, low, numbers) ** inwards
        outer = model.outer_m(high, extent, precision)
        outer *= _ring_bound(rings, high, numbers) ** outwards
        near, far = model.centre_m(low) - inner, np.maximum(model.centre_m(high) + outer, high)
    return np.where(low > 0.0, near, 0.0), far


def ring_parts(rings: Rings, numbers: cal.Calibration) -> dict[str, Floats]:
    """Return what the radii of rings are made of; the columns add up to them."""
    if numbers.fitted is None:
        return {
            "distance": rings.high_m,
            "distance precision": rings.precision_m,
            "extent": rings.extent_m,
            "start": rings.start_m,
        }
    model, _ = numbers.fitted
    grown = _ring_bound(rings, rings.high_m, numbers) ** (1.0 / model.outer_exponent)
    left = ring_bounds_m(rings, numbers)[1] - rings.high_m
    # No source counts more than once; what is left belongs to the distance.
    extent = np.minimum(np.minimum(grown * model.outer_extent, 1.0) * rings.extent_m, left)
    precision = np.minimum(grown * model.precision, 1.0) * rings.precision_m
    precision = np.minimum(precision, left - extent)
    return {
        "distance": rings.high_m,
        "distance error": left - extent - precision,
        "distance precision": precision,
        "extent": extent,
        "start": rings.start_m,
    }


def ring_radius_m(rings: Rings, numbers: cal.Calibration) -> Floats:
    """Return the radii of rings: as far as they reach."""
    return sum(ring_parts(rings, numbers).values(), np.zeros(len(rings.lon)))


def ring_regions(rings: Rings, numbers: cal.Calibration) -> NDArray[np.object_]:
    """Return rings, or discs where the words say "within"."""
    near, far = ring_bounds_m(rings, numbers)
    outer = np.maximum(rings.start_m + far, _LEAST_M)
    inner = np.where((rings.low_m > 0.0) | (near > 0.0), rings.start_m + near, 0.0)
    inner = np.minimum(np.maximum(inner, 0.0), outer - _LEAST_M / 2.0)
    regions.check_reach(float(outer.max(initial=0.0)))
    out = np.empty(len(outer), dtype=object)
    holed = inner > 0.0
    out[~holed] = discs(rings.lon[~holed], rings.lat[~holed], outer[~holed])
    centre = rings.lon[holed], rings.lat[holed]
    shells, hard = _paths(*centre, *_round(outer[holed]))
    holes, hard_too = _paths(*centre, *_round(inner[holed]))
    found = shapely.polygons(shells, holes=shapely.linearrings(holes)[:, None])
    for row in np.flatnonzero(hard | hard_too | ~shapely.is_valid(found)):
        paths = (shapes.closed_path(*each[row].T) for each in (shells, holes))
        found[row] = shapely.difference(*paths)
    out[holed] = found
    return out


def heading_half_angle_deg(points: Floats, numbers: cal.Calibration) -> Floats:
    """Return half the angle that a heading leaves open, by the method."""
    if numbers.fitted is None:
        return np.array([numbers.half_angles_deg[int(each)] for each in points])
    model, level = numbers.fitted
    return model.headings_deg(level, points)
