"""What keeps a larger distance from having a smaller region: areas, and how bounds may fall.

The area of a region grows with the distance at a fixed bound of the score, and with the bound at
a fixed distance. A bound may therefore fall with the distance, but no faster than this.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from frontline.locality import sectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.locality.calibrated import Floats, Model

    #: Distance, extent, half step and points of the rose, as `Model.score` takes them.
    Statement = tuple[Floats, Floats, Floats, Floats]

#: Where areas are to grow with the distance: extents as shares of distance and extent together,
#: and half steps in metres (large ones belong to large numbers).
_EXTENTS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)
_HALF_STEPS_M = (0.0, 500.0, 5_000.0)
_COARSE = 0.1
_FINE_M = 1_000.0
_MOST_EXTENT_M = 30_000.0
_STEPS_M = (0.0, 500.0, 5_000.0)
_COARSE = 0.1
_FINE_M = 1_000.0
_MOST_EXTENT_M = 30_000.0
_BOUNDS = np.geomspace(0.3, 14.0, 8)
_STEPS_M = (0.0, 500.0, 5_000.0)
_BOUNDS = np.geomspace(0.3, 20.0, 9)
_STEP = 1e-3
#: How far from what is expected the bounds may be.
_WIDE = 1.1
#: How much slower than the limit a bound falls, for what lies between the points of the grid.
_SPARE = 0.02


def bean_areas_m2(statement: Statement, model: Model, bounds: Floats) -> Floats:
    """Return areas of the outlines with given bounds of the score, in the plane."""
    stated, extent, precision, points = statement
    across, outwards = model.angle_exponents(points), model.outer_exponent
    centre = model.centre_m(stated)
    inner = model.inner_m(stated, extent, precision) * bounds ** (1.0 / model.inner_exponent)
    outer = model.outer_m(stated, extent, precision) * bounds ** (1.0 / outwards)
    half = model.half_angles_deg(points, stated, extent) * bounds ** (1.0 / across)
    found = sectors.Beans(
        centre,
        centre,
        inner,
        np.maximum(outer, model.gap_m(stated)),
        np.minimum(half, 180.0),
        model.inner_exponent,
        outwards,
        across,
    )
    share = np.cos(np.linspace(0.0, np.pi, 65))
    low, high = found.bounds_m(share)
    turns = np.radians(found.half_angle_deg)[:, None] * share
    return -np.trapezoid((high**2 - np.maximum(low, 0.0) ** 2) / 2.0, turns, axis=1)


def _far_m(statement: Statement, model: Model, bounds: Floats) -> Floats:
    """Return how far a ring with given bounds reaches."""
    stated, extent, precision, _ = statement
    outer = model.outer_m(stated, extent, precision) * bounds ** (1.0 / model.outer_exponent)
    return model.centre_m(stated) + np.maximum(outer, model.gap_m(stated))


def _ring_areas_m2(statement: Statement, model: Model, bounds: Floats) -> Floats:
    stated, extent, precision, _ = statement
    inner = model.inner_m(stated, extent, precision) * bounds ** (1.0 / model.inner_exponent)
    near = np.maximum(model.centre_m(stated) - inner, 0.0)
    return np.pi * (_far_m(statement, model, bounds) ** 2 - near**2)


def slopes(model: Model, bounds: Floats, points: int | None) -> Floats:
    """Return the least slopes of the log bound by the log of distance and extent, by segment.

    `bounds` are what the bounds at the knots are like; `points` None stands for rings.
    """
    measures: tuple[Callable[[Statement, Model, Floats], Floats], ...] = (bean_areas_m2,)
    if points is None:
        measures = (_ring_areas_m2, _far_m)
    out = []
    ends = zip(itertools.pairwise(model.knots_m), itertools.pairwise(bounds), strict=True)
    for (low, high), pair in ends:
        levels = np.geomspace(min(pair) / _WIDE, max(pair) * _WIDE, 5)
        axes = np.geomspace(low, high, 7), _EXTENTS, _HALF_STEPS_M, levels
        both, share, step, bound = (a.ravel() for a in np.meshgrid(*axes, indexing="ij"))
        keep = (share * both <= _MOST_EXTENT_M) & (step <= np.maximum(_COARSE * both, _FINE_M))
        both, share, step, bound = (a[keep] for a in (both, share, step, bound))
        stated, extent = both * (1.0 - share), both * share
        statement = (stated, extent, step, np.full(len(both), points or 4))
        farther = (stated * (1.0 + _STEP), *statement[1:])
        limit = -np.inf
        for measure in measures:
            plain = np.log(measure(statement, model, bound))
            by_way = np.log(measure(farther, model, bound)) - plain
            by_bound = np.log(measure(statement, model, bound * (1.0 + _STEP))) - plain
            # The bound falls by the sum of distance and extent, of which the distance is a part.
            ratio = by_way / np.maximum(by_bound, 1e-9) / (1.0 - share)
            limit = max(limit, float(-ratio.min()))
        out.append(limit + _SPARE)
    return np.array(out)
