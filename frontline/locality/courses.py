"""The course of a road or river on the ellipsoid: where a way along it leads."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely

from frontline import geodesy, shapes
from frontline.geodesy import planar_edge_lengths_m
from frontline.planes import LocalPlane

#: An edge is straight in longitude and latitude (RFC 7946). Of so short a piece of one, a share is
#: that share of its length to a millimetre, and so is the geodesic beside it below 80 degrees.
_STEP_M = 2_000.0
#: A buffer of a longer stretch is drawn piece by piece, each in a plane of its own.
_PIECE_M = 200_000.0


_SIDE_M = 10_000.0


class Crossing(NamedTuple):
    """Where a path passes a place: how far along it, how far from the place, in metres."""

    at_m: float
    aside_m: float


@dataclass(frozen=True, slots=True)
class Course:
    """One unbroken line, with the way along it at every vertex.

    Longitudes are unwrapped: they count on beyond 180 degrees where the line crosses it.
    """

    xy: np.ndarray
    ways_m: np.ndarray

    @classmethod
    def of(cls, line: Any) -> Course:
        """Make the course of a LineString in longitude and latitude."""
        xy = shapely.get_coordinates(line)
        xy[:, 0] = np.unwrap(xy[:, 0], period=360.0)
        xy = _dense(xy)
        lons = _wrapped(xy[:, 0])
        lats = xy[:, 1]
        steps = geodesy.inverse(lons[:-1], lats[:-1], lons[1:], lats[1:]).distance_m
        return cls(xy, np.concatenate([[0.0], np.cumsum(steps)]))

    @property
    def length_m(self) -> float:
        """The whole way along it."""
        return float(self.ways_m[-1])

    def at(self, way_m: float) -> tuple[float, float]:
        """Return longitude and latitude of the point so far along."""
        lon = float(np.interp(way_m, self.ways_m, self.xy[:, 0]))
        return float(_wrapped(lon)), float(np.interp(way_m, self.ways_m, self.xy[:, 1]))

    def crossing(self, lon: float, lat: float, extent: Any = None) -> Crossing:
        """Return where the path crosses an extent, in its middle; else where it passes nearest."""
        plane, line = self._flat(lon, lat)
        here = shapely.Point(0.0, 0.0)
        aside = float(shapely.distance(line, here))
        if extent is not None and extent.geom_type in {"Polygon", "MultiPolygon"}:
            inside = shapely.intersection(line, plane.forward(extent))
            if inside.length > 0.0:
                ends = self._ways(line, shapely.points(shapely.get_coordinates(inside)))
                return Crossing(float(ends.min() + ends.max()) / 2.0, aside)
        return Crossing(float(self._ways(line, here)), aside)

    def passing(self, lon: float, lat: float, lonlat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how far along the path passes each of some points near one, and how far aside."""
        plane, line = self._flat(lon, lat)
        points = shapely.points(plane.forward_xy(lonlat))
        return self._ways(line, points), shapely.distance(line, points)

    def _flat(self, lon: float, lat: float) -> tuple[LocalPlane, Any]:
        plane = LocalPlane.around(lon, lat)
        flat = plane.forward_xy(np.column_stack([_wrapped(self.xy[:, 0]), self.xy[:, 1]]))
        return plane, shapely.LineString(flat)

    def _ways(self, line: Any, points: Any) -> Any:
        """Return how far along the points of a flat line nearest to others are on the globe."""
        xy = shapely.get_coordinates(line)
        flat = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        return np.interp(shapely.line_locate_point(line, points), flat, self.ways_m)

    def around(self, first_m: float, last_m: float, width_m: float) -> Any:
        """Return everything within a distance of a stretch."""
        first_m, last_m = max(first_m, 0.0), min(last_m, self.length_m)
        count = max(int(np.ceil((last_m - first_m) / _PIECE_M)), 1)
        bounds = np.linspace(first_m, last_m, count + 1)
        return shapely.union_all(
            [self._piece(a, b, width_m) for a, b in itertools.pairwise(bounds)]
        )

    def _piece(self, first_m: float, last_m: float, width_m: float) -> Any:
        inner = (self.ways_m > first_m) & (self.ways_m < last_m)
        ends = [
            [np.interp(way, self.ways_m, self.xy[:, axis]) for axis in (0, 1)]
            for way in (first_m, last_m)
        ]
        xy = np.vstack([ends[:1], self.xy[inner], ends[1:]])
        plane = LocalPlane.around(*self.at((first_m + last_m) / 2.0))
        flat = plane.forward_xy(np.column_stack([_wrapped(xy[:, 0]), xy[:, 1]]))
        line = shapely.LineString(flat)
        grown = shapely.buffer(line if line.length > 0.0 else shapely.Point(flat[0]), width_m)
        # Long sides get vertices, for they are straight in the plane only.
        return shapes.from_plane(shapely.segmentize(grown, _SIDE_M), plane)


@functools.lru_cache(maxsize=32)
def courses(line: Any) -> tuple[Course, ...]:
    """Return the unbroken parts of a line, joined end to end, the longest first."""
    merged = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    found = [Course.of(part) for part in shapely.get_parts(merged) if part.length > 0.0]
    return tuple(sorted(found, key=lambda course: -course.length_m))


def _dense(xy: np.ndarray) -> np.ndarray:
    """Cut the edges into short pieces."""
    lengths = planar_edge_lengths_m(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    count = np.maximum(np.ceil(lengths / _STEP_M), 1).astype(int)
    start = np.repeat(np.arange(len(count)), count)
    share = np.concatenate([np.arange(each) / each for each in count])
    inner = xy[start] + (xy[start + 1] - xy[start]) * share[:, None]
    return np.vstack([inner, xy[-1:]])


def _wrapped(lon: Any) -> Any:
    return lon - 360.0 * np.round(np.asarray(lon) / 360.0)
