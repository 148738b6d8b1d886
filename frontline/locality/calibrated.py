"""The fitted model of what writers mean by "12 km southwest of X": widths, angles and levels.

A true place at distance r and angle t off the heading has the score ``|z|^a + |t / h|^b``, where
z is r less the centre ``m(d) d``, divided by the width on its side (inner or outer, each with its
exponent a). The widths are a share of the stated distance d and of the extent and the written
precision, and a least width: nobody knows better than that where a village is. h is the
half-angle of the wind's class, larger beside the feature. A region of a level is what scores up
to a bound: a ring sector with round corners.
The radius of the circle is a quantile fitted for itself. The numbers come from
``geodata/calibration.json``, which ``geodata/build/calibration.py`` writes; see docs/method.md.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from frontline._resources import geodata_path
from frontline.errors import InputError

#: A column of numbers.
Floats: TypeAlias = NDArray[np.float64]

#: Roses by their points; 0 is a bearing in degrees.
CLASSES = (4, 8, 16, 32, 0)
LEAST_M = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters of the calibrated method.

    Attributes
    ----------
    knots_m
        Distances at which what depends on distance is given; between them it is linear in the
        logarithm of the distance, beyond them constant.
    inner_exponent, outer_exponent, angle_exponent
        Of the score: the distance's inwards and outwards; the angle's by the points of the rose.
    centre, inner, outer
        At the knots: centre and widths as a share of the stated distance.
    inner_least_m, outer_least_m
        Widths at no distance from a mere point.
    inner_extent, outer_extent, precision
        What the widths gain of the extent and of the half step of the number.
    half_angle_deg
        By the points of the rose, far from the feature.
    turn_m, turn_extent, turn_from_m
        How the half-angles grow beside the feature: by the share
        ``(turn_m + turn_extent * extent) / (d + turn_from_m + extent)``.
    region_levels, ring_levels
        By coverage: bounds of the score at the knots, by points; for a ring without a heading.
    heading_deg
        By coverage and points: half the angle of a heading without a distance.
    circle_knots_m
        Distances, from 0 on, at which radii are given; between them they are linear in the
        distance, beyond them in proportion to it.
    circle_m
        By coverage and points: radius at these knots; it never falls.
    circle_extent, circle_precision
        By coverage: what the radius gains of the extent and of the half step.
    """

    knots_m: Floats
    inner_exponent: float
    outer_exponent: float
    angle_exponent: dict[int, float]
    centre: Floats
    inner: Floats
    outer: Floats
    inner_least_m: float
    outer_least_m: float
    inner_extent: float
    outer_extent: float
    precision: float
    half_angle_deg: dict[int, float]
    turn_m: float
    turn_extent: float
    turn_from_m: float
    region_levels: dict[float, dict[int, Floats]]
    ring_levels: dict[float, Floats]
    heading_deg: dict[float, dict[int, float]]
    circle_knots_m: Floats
    circle_m: dict[float, dict[int, Floats]]
    circle_extent: dict[float, float]
    circle_precision: dict[float, float]

    def at(self, values: Floats, distance_m: Floats) -> Floats:
        """Return what is given at the knots for other distances."""
        return np.interp(np.log(np.maximum(distance_m, 1.0)), np.log(self.knots_m), values)

    def of_class(self, table: dict[int, Floats], points: Floats, distance_m: Floats) -> Floats:
        """Return what depends on the class of the wind and on the distance."""
        found = np.empty(len(points))
        for name in np.unique(points):
            rows = points == name
            found[rows] = self.at(table[int(name)], distance_m[rows])
        return found

    def centre_m(self, distance_m: Floats) -> Floats:
        """Return the distance that is most often meant."""
        return self.at(self.centre, distance_m) * distance_m

    def inner_m(self, distance_m: Floats, extent_m: Floats, precision_m: Floats) -> Floats:
        """Return the width from the centre inwards for a score of one."""
        own = self.at(self.inner, distance_m) * distance_m + self.inner_least_m
        return own + self.inner_extent * extent_m + self.precision * precision_m

    def outer_m(self, distance_m: Floats, extent_m: Floats, precision_m: Floats) -> Floats:
        """Return the width from the centre outwards for a score of one."""
        own = self.at(self.outer, distance_m) * distance_m + self.outer_least_m
        return own + self.outer_extent * extent_m + self.precision * precision_m

    def half_angles_deg(self, points: Floats, distance_m: Floats, extent_m: Floats) -> Floats:
        """Return the half-angle of a score of one."""
        far = np.array([self.half_angle_deg[int(each)] for each in points])
        turn = self.turn_m + self.turn_extent * extent_m
        return far * (1.0 + turn / (distance_m + self.turn_from_m + extent_m))

    def angle_exponents(self, points: Floats) -> Floats:
        """Return the exponent of the angle in the score."""
        return np.array([self.angle_exponent[int(each)] for each in points])

    def headings_deg(self, coverage: float, points: Floats) -> Floats:
        """Return half the angle that holds a heading's true azimuth so often."""
        table = self.heading_deg[coverage]
        return np.array([table[int(each)] for each in points])

    def radii_m(self, coverage: float, points: Floats, distance_m: Floats) -> Floats:
        """Return the radius of the circle for a mere point and an exact number."""
        table, knots = self.circle_m[coverage], self.circle_knots_m
        beyond = np.maximum(distance_m / knots[-1], 1.0)
        found = np.empty(len(points))
        for name in np.unique(points):
            rows = points == name
            found[rows] = np.interp(distance_m[rows], knots, table[int(name)])
        found *= beyond
        return found

    def region_level(self, coverage: float, points: Floats, reach_m: Floats) -> Floats:
        """Return the bound of the score that holds the true place so often.

        `reach_m` is the distance and the extent together: short is what is short for a place.
        """
        return self.of_class(self.region_levels[coverage], points, reach_m)

    def score(
        self,
        stated: tuple[Floats, Floats, Floats, Floats],
        true_m: Floats,
        off_deg: Floats,
    ) -> tuple[Floats, Floats]:
        """Return the scores of true places, and what the distance alone adds to them.

        `stated` is distance, extent and precision in metres, and the points of the rose. Regions
        always reach out to the point, though long distances are most often meant shorter: what
        lies between centre and point has the score at which the region comes to hold it.
        """
        distance_m, extent_m, precision_m, points = stated
        centre = self.centre_m(distance_m)
        beyond = true_m - centre
        width = np.where(
            beyond < 0.0,
            self.inner_m(distance_m, extent_m, precision_m),
            self.outer_m(distance_m, extent_m, precision_m),
        )
        outwards = self.outer_exponent
        along = (np.abs(beyond) / width) ** np.where(beyond < 0.0, self.inner_exponent, outwards)
        half = self.half_angles_deg(points, distance_m, extent_m)
        across = (np.abs(off_deg) / half) ** self.angle_exponents(points)
        gap = self.gap_m(distance_m)
        share = np.clip(beyond / gap, 0.0, 1.0) ** outwards
        held = np.where(
            (beyond > 0.0) & (share < 1.0), across / np.maximum(1.0 - share, 1e-9), np.inf
        )
        return np.minimum(along + across, held), along

    def gap_m(self, distance_m: Floats) -> Floats:
        """Return how far a region reaches beyond the centre at least: a little past the point."""
        short = np.maximum(distance_m - self.centre_m(distance_m), 0.0)
        return short * (1.0 + 1e-6) + LEAST_M


def model_of(parameters: dict[str, Any]) -> Model:
    """Make a model of the ``parameters`` of the file.

    Raises
    ------
    InputError
        A parameter is missing or not as it should be.
    """

    def by_class(table: dict[str, Any]) -> dict[int, Floats]:
        return {int(name): np.asarray(values, dtype=float) for name, values in table.items()}

    try:
        own = dict(parameters)
        circle = {float(level): dict(table) for level, table in own["circle"].items()}
        return Model(
            knots_m=np.asarray(own["knots_m"], dtype=float),
            inner_exponent=float(own["inner_exponent"]),
            outer_exponent=float(own["outer_exponent"]),
            angle_exponent={int(k): float(v) for k, v in own["angle_exponent"].items()},
            centre=np.asarray(own["centre"], dtype=float),
            inner=np.asarray(own["inner"], dtype=float),
            outer=np.asarray(own["outer"], dtype=float),
            inner_least_m=float(own["inner_least_m"]),
            outer_least_m=float(own["outer_least_m"]),
            inner_extent=float(own["inner_extent"]),
            outer_extent=float(own["outer_extent"]),
            precision=float(own["precision"]),
            half_angle_deg={int(k): float(v) for k, v in own["half_angle_deg"].items()},
            turn_m=float(own["turn_m"]),
            turn_extent=float(own["turn_extent"]),
            turn_from_m=float(own["turn_from_m"]),
            region_levels={float(k): by_class(v) for k, v in own["region_levels"].items()},
            ring_levels={float(k): np.asarray(v) for k, v in own["ring_levels"].items()},
            heading_deg={
                float(k): {int(points): float(v) for points, v in table.items()}
                for k, table in own["heading_deg"].items()
            },
            circle_knots_m=np.asarray(own["circle_knots_m"], dtype=float),
            circle_extent={level: float(table.pop("extent")) for level, table in circle.items()},
            circle_precision={
                level: float(table.pop("precision")) for level, table in circle.items()
            },
            circle_m={level: by_class(table) for level, table in circle.items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"calibration.json is not as it should be ({error!r}); write it anew with "
            "geodata/build/calibration.py"
        ) from error


@functools.cache
def model() -> Model:
    """Return the bundled model; the file is read once, when first needed."""
    text = geodata_path("calibration.json").read_text(encoding="utf-8")
    return model_of(json.loads(text)["parameters"])
