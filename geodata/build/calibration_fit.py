"""Fit the calibrated method to pairs of statements and true places: the arithmetic.

The shape (exponents, centre, widths, half-angles) maximises the likelihood of a density on the
ground that falls with the score of `frontline.locality.calibrated` as a mixture of three
exponentials: a sharp core, a wide body, and the statements that are wrong. Its contours are the
regions. Their levels, the radii of the circles and the rest are quantile regressions, so that
each holds what it says whatever the density is; a larger distance never has a smaller region or
circle, nor a finer wind a larger one than a coarser (see calibration_order.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from calibration_order import slopes
from calibration_quantiles import few_quantile, quantile_fit
from scipy.optimize import minimize
from scipy.special import gamma, gammainc

from frontline.locality.calibrated import Model, model_of

if TYPE_CHECKING:
    from calibration_pairs import Pairs

#: Matrices of the bounds at the knots and the level before, by class; None stands for rings.
Curves: TypeAlias = dict[int | None, tuple[np.ndarray, np.ndarray]]

LEVELS = (0.5, 0.68, 0.9, 0.95)
CLASSES = (4, 8, 16)
KNOTS_M = np.array([4e3, 9e3, 25e3, 75e3, 200e3])
CIRCLE_KNOTS_M = np.array([0.0, 5e3, 10e3, 30e3, 80e3, 250e3])
_CLASSES_KNOTS_M = np.array([9e3, 200e3])
_K = len(KNOTS_M)
_STIFF = 0.002
_FEW = 20
_PASSES = 2
_SHORT_M = 9e3
_KM = 1000.0

# Vector of the shape: centre, log inner, log outer (at the knots), log half-angles (4, 8, 16),
# log exponents (inner, angle of 4 winds, angle of finer ones, outer), log extent inwards and
# outwards, log precision, log least widths inwards and outwards (km), log growth of the angle
# beside the feature (km, of the extent), and of the mixture two log steps in scale, two log
# weights.
_START = np.concatenate(
    [
        [1.0, 1.0, 1.0, 0.99, 0.92],
        np.log([0.12, 0.13, 0.17, 0.27, 0.23]),
        np.log([0.02, 0.02, 0.02, 0.025, 0.045]),
        np.log([0.36, 0.39, 0.23]),
        np.log([1.76, 1.8, 2.36, 1.22]),
        np.log([0.02, 0.2, 0.53]),
        np.log([0.07, 0.15]),
        np.log([0.26, 0.16]),
        [1.0, 3.0, -1.3, -3.5],
    ]
)
_BOUNDS = [
    *[(0.7, 1.0)] * _K,
    *[(np.log(0.01), np.log(1.5))] * (2 * _K),
    *[(np.log(0.02), np.log(2.0))] * 3,
    *[(0.0, np.log(6.0))] * 3,
    (np.log(0.4), np.log(3.0)),
    *[(np.log(0.001), np.log(2.0))] * 3,
    *[(np.log(0.001), np.log(2.0))] * 2,
    *[(np.log(0.001), np.log(2.0))] * 2,
    *[(0.01, 4.0)] * 2,
    *[(-6.0, 3.0)] * 2,
]
#: Half-angles grow towards the feature as one over the distance from this far behind it.
TURN_FROM_M = 2000.0


def hats(distance_m: np.ndarray) -> np.ndarray:
    """Return how much each knot counts for each distance."""
    x, knots = np.log(distance_m), np.log(KNOTS_M)
    return np.column_stack([np.interp(x, knots, row) for row in np.eye(_K)])


def circle_hats(distance_m: np.ndarray) -> np.ndarray:
    """Return how much the radius at each knot counts for each distance."""
    beyond = np.maximum(distance_m / CIRCLE_KNOTS_M[-1], 1.0)
    eye = np.eye(len(CIRCLE_KNOTS_M))
    return np.column_stack([np.interp(distance_m, CIRCLE_KNOTS_M, row) * beyond for row in eye])


@dataclass(frozen=True)
class Variant:
    """What of the shape is held fixed, to see what it is worth."""

    name: str = "chosen"
    extent: bool = True
    precision: bool = True
    least: bool = True
    exponents: str = "free"  # free | one | two


def _shape(x: np.ndarray, variant: Variant) -> dict[str, Any]:
    rest = np.exp(x[3 * _K : -4])
    inwards, angle, outwards = rest[3], rest[[4, 5, 5]], rest[6]
    if variant.exponents == "one":
        inwards, angle, outwards = angle[0], np.full(3, angle[0]), angle[0]
    if variant.exponents == "two":
        inwards, angle, outwards = 2.0, np.full(3, 2.0), 2.0
    return {
        "exponents": (inwards, outwards, angle),
        "centre": x[:_K],
        "inner": np.exp(x[_K : 2 * _K]),
        "outer": np.exp(x[2 * _K : 3 * _K]),
        "half_angle": rest[:3],
        "extents": rest[7:9] * variant.extent,
        "precision": rest[9] * variant.precision,
        "least": rest[10:12] * _KM * variant.least,
        "turn_m": rest[12] * _KM * variant.least,
        "turn_extent": rest[13] * variant.extent,
        "scales": np.concatenate([[1.0], np.exp(np.cumsum(x[-4:-2]))]),
        "weights": np.exp(np.append(0.0, x[-2:])) / np.exp(np.append(0.0, x[-2:])).sum(),
    }


def _moment(width: np.ndarray, exponent: Any, scale: float, power: int, end: Any) -> np.ndarray:
    """Return the integral of ``u^(power - 1) exp(-(u / width)^exponent / scale)`` from 0 to end."""
    order = power / exponent
    share = gammainc(order, (end / width) ** exponent / scale)
    return width**power * scale**order * gamma(order) / exponent * share


def _negative_log_likelihood(
    x: np.ndarray, pairs: Pairs, basis: np.ndarray, variant: Variant
) -> float:
    """Return minus the mean log density, per square metre on the ground."""
    shape = _shape(x, variant)
    inwards, outwards, b = shape["exponents"]
    known = shape["precision"] * pairs.precision
    centre = basis @ shape["centre"] * pairs.stated
    inner = basis @ shape["inner"] * pairs.stated + shape["extents"][0] * pairs.extent + known
    outer = basis @ shape["outer"] * pairs.stated + shape["extents"][1] * pairs.extent + known
    inner, outer = inner + shape["least"][0], outer + shape["least"][1]
    number = np.searchsorted(CLASSES, pairs.points)
    turn = shape["turn_m"] + shape["turn_extent"] * pairs.extent
    half = shape["half_angle"][number] * (1.0 + turn / (pairs.stated + TURN_FROM_M + pairs.extent))
    z = np.abs(pairs.true - centre) / np.where(pairs.true < centre, inner, outer)
    angle = np.abs(np.radians(pairs.off)) / half
    score = (z + 1e-9) ** np.where(pairs.true < centre, inwards, outwards) + angle ** b[number]
    density = np.zeros(len(z))
    for scale, weight in zip(shape["scales"], shape["weights"], strict=True):
        fan = 2.0 * _moment(half, b[number], scale, 1, np.pi)
        near = centre * _moment(inner, inwards, scale, 1, centre)
        near -= _moment(inner, inwards, scale, 2, centre)
        far = centre * outer * scale ** (1.0 / outwards) * gamma(1.0 + 1.0 / outwards)
        far += outer**2 * scale ** (2.0 / outwards) * gamma(1.0 + 2.0 / outwards) / 2.0
        density += weight * np.exp(-score / scale) / (fan * (near + far))
    rough = np.sum(np.diff(x[: 3 * _K].reshape(3, _K), axis=1) ** 2)
    return float(-np.mean(np.log(density + 1e-300)) + _STIFF * rough)


def fit_shape(pairs: Pairs, variant: Variant, steps: int = 60) -> dict[str, Any]:
    """Return the shape that makes the pairs most likely."""
    found = minimize(
        _negative_log_likelihood,
        _START,
        args=(pairs, hats(pairs.stated), variant),
        method="L-BFGS-B",
        bounds=_BOUNDS,
        options={"maxiter": steps, "ftol": 1e-7},
    )
    return _shape(found.x, variant)


def fit(pairs: Pairs, variant: Variant | None = None) -> dict[str, Any]:
    """Fit everything and return the ``parameters`` of the file, not yet rounded."""
    shape = fit_shape(pairs, variant or Variant())
    angles = dict(zip(CLASSES, np.degrees(shape["half_angle"]), strict=True))
    angles |= {32: angles[16], 0: angles[16] / 2.0}
    exponents = dict(zip(CLASSES, shape["exponents"][2], strict=True))
    exponents |= {32: exponents[16], 0: exponents[16]}
    parameters: dict[str, Any] = {
        "knots_m": KNOTS_M.tolist(),
        "inner_exponent": shape["exponents"][0],
        "outer_exponent": shape["exponents"][1],
        "angle_exponent": {str(name): value for name, value in exponents.items()},
        "centre": shape["centre"].tolist(),
        "inner": shape["inner"].tolist(),
        "outer": shape["outer"].tolist(),
        "inner_least_m": shape["least"][0],
        "outer_least_m": shape["least"][1],
        "inner_extent": shape["extents"][0],
        "outer_extent": shape["extents"][1],
        "precision": shape["precision"],
        "half_angle_deg": {str(name): value for name, value in angles.items()},
        "turn_m": shape["turn_m"],
        "turn_extent": shape["turn_extent"],
        "turn_from_m": TURN_FROM_M,
        "region_levels": {},
        "ring_levels": {},
        "heading_deg": {},
        "circle_knots_m": CIRCLE_KNOTS_M.tolist(),
        "circle": {},
    }
    model = model_of(parameters)
    score, along = model.score(pairs.statement, pairs.true, pairs.off)
    parameters["region_levels"] = fit_levels(model, pairs, score)
    _fit_fine_winds(parameters, pairs)
    parameters["ring_levels"] = _ring_levels(model, pairs, along)
    parameters["heading_deg"] = _headings(pairs)
    parameters["circle"] = _circles(pairs, parameters["heading_deg"])
    return parameters


def _rising_fit(
    model: Model,
    design: np.ndarray,
    values: tuple[np.ndarray, np.ndarray],
    level: float,
    curves: Curves,
) -> np.ndarray:
    """Return coefficients of log bounds with which no larger distance has a smaller region.

    `curves` makes bounds at the knots of coefficients, for each class of winds (none: rings);
    each is no lower than at the level before. `values` are log scores and what they count.
    """
    logs, weights = values
    # The factor between the classes is no less than one: coarse winds have the larger bounds.
    least = np.append(np.full(_K, -np.inf), np.zeros(design.shape[1] - _K))
    steps = np.diff(np.log(KNOTS_M))
    best = quantile_fit(design, logs, level, weights=weights, least=least)
    for _ in range(_PASSES):  # how fast a bound may fall depends on how high it is
        rows, limits = [], []
        for points, (matrix, before) in curves.items():
            bounds = np.exp(np.maximum(matrix @ best, before))
            rows += [np.diff(matrix, axis=0), matrix]
            limits += [slopes(model, bounds, points) * steps, np.maximum(before, -30.0)]
        above = np.vstack(rows), np.concatenate(limits)
        best = quantile_fit(design, logs, level, weights=weights, least=least, rising=above)
    return best


def _weights(pairs: Pairs) -> np.ndarray:
    """Return what pairs count for bounds: short distances, which are few, count for more."""
    return 1.0 + (_SHORT_M / (pairs.stated + pairs.extent)) ** 2


def _reach_hats(pairs: Pairs) -> np.ndarray:
    return hats(pairs.stated + pairs.extent)


def fit_levels(model: Model, pairs: Pairs, score: np.ndarray) -> dict[str, dict[str, list[float]]]:
    """Return the bounds of the score by level, class and knot; finer winds share those of 8.

    The classes differ by a factor that changes slowly with the distance.
    """
    fitted, coarse = pairs.points < 16, pairs.points == 4
    own, change = np.eye(_K), _classes_hats(KNOTS_M)
    design = [_reach_hats(pairs), _classes_hats(pairs.stated + pairs.extent) * coarse[:, None]]
    rows = np.column_stack(design)[fitted]
    values = np.log(np.maximum(score, 1e-12))[fitted], _weights(pairs)[fitted]
    matrices = {8: np.column_stack([own, change * 0.0]), 4: np.column_stack([own, change])}
    found = {name: np.full(_K, -np.inf) for name in matrices}
    levels: dict[str, dict[str, list[float]]] = {}
    for level in LEVELS:
        curves = {name: (matrices[name], found[name]) for name in matrices}
        best = _rising_fit(model, rows, values, level, curves)
        found = {name: matrices[name] @ best for name in matrices}
        both = {name: np.exp(found[name]).tolist() for name in matrices}
        levels[str(level)] = {str(k): both[min(k, 8) or 8] for k in (4, 8, 16, 32, 0)}
    return levels


def _classes_hats(reach_m: np.ndarray) -> np.ndarray:
    """Return how much the factor between classes at each of its knots counts."""
    x, knots = np.log(reach_m), np.log(_CLASSES_KNOTS_M)
    return np.column_stack([np.interp(x, knots, row) for row in np.eye(len(knots))])


def _fit_fine_winds(parameters: dict[str, Any], pairs: Pairs) -> None:
    """Give 16 winds the half-angle with which the bounds of 8 hold them best.

    They are too few for bounds and an exponent of their own, and some of them are said the
    wrong way round: no finer wind is given a larger angle than a coarser.
    """
    fine = pairs.take(np.flatnonzero(pairs.points == 16))
    if len(fine.stated) < _FEW:
        return
    base, count = model_of(parameters), len(fine.stated)
    bounds = [base.region_level(level, fine.points, fine.stated + fine.extent) for level in LEVELS]
    wanted = [min(level * (count + 1) / count, 1.0) for level in LEVELS]
    best = np.inf
    for share in np.arange(1.0, 0.19, -0.01):
        angle = base.half_angle_deg[8] * share
        model = replace(base, half_angle_deg={16: angle})
        score = model.score(fine.statement, fine.true, fine.off)[0]
        held = [(score <= each).mean() for each in bounds]
        off = sum(
            (found - share) ** 2 / (level * (1.0 - level))
            for found, share, level in zip(held, wanted, LEVELS, strict=True)
        )
        if off < best - 1e-9:
            best = off
            for name, part in (("16", 1.0), ("32", 1.0), ("0", 0.5)):
                parameters["half_angle_deg"][name] = float(angle) * part


def _ring_levels(model: Model, pairs: Pairs, along: np.ndarray) -> dict[str, list[float]]:
    values = np.log(np.maximum(along, 1e-12)), _weights(pairs)
    basis, found = _reach_hats(pairs), np.full(_K, -np.inf)
    levels = {}
    for level in LEVELS:
        found = _rising_fit(model, basis, values, level, {None: (np.eye(_K), found)})
        levels[str(level)] = np.exp(found).tolist()
    return levels


def _headings(pairs: Pairs) -> dict[str, dict[str, float]]:
    levels = {}
    for level in LEVELS:
        found = {}
        for name in CLASSES:
            rows = pairs.points == name
            found[name] = few_quantile(np.abs(pairs.off[rows]), level) if rows.any() else 0.0
        found[16] = min(found[16], found[8])
        found |= {32: found[16], 0: found[16] / 2.0}
        levels[str(level)] = {str(k): v for k, v in found.items()}
    return levels


def _circles(pairs: Pairs, headings: dict[str, dict[str, float]]) -> dict[str, dict[str, Any]]:
    """Return the radii at the knots by class, and what they gain of extent and half step."""
    basis, size = circle_hats(pairs.stated), len(CIRCLE_KNOTS_M)
    coarse = (pairs.points == 4) * pairs.stated / _KM
    fitted = pairs.points < 16
    design = np.column_stack([basis, coarse, pairs.extent / _KM, pairs.precision / _KM])
    # Rows are divided by their distance, so that a kilometre counts by what it is a share of.
    rows = design[fitted] / (pairs.stated[fitted, None] / _KM)
    values = pairs.error_m[fitted] / pairs.stated[fitted]
    # No source counts more than once; what is left belongs to the distance and the heading.
    most = np.append(np.full(size + 1, np.inf), [1.0, 1.0])
    of_8 = np.pad(np.eye(size), ((0, 0), (0, 3)))
    of_4 = of_8.copy()
    of_4[:, size] = CIRCLE_KNOTS_M / _KM
    # A radius at a knot is no less than at the one before, nor than that of the level before.
    above = np.vstack([np.diff(of_8, axis=0), np.diff(of_4, axis=0), of_8, of_4])
    least = np.zeros(size + 3)
    levels: dict[str, dict[str, Any]] = {}
    before = bearing = np.zeros(size)
    for level in LEVELS:
        limits = np.concatenate([np.zeros(2 * size - 2), of_8 @ least, of_4 @ least])
        floor = np.append(np.append(np.zeros(size), -np.inf), least[-2:])
        least = quantile_fit(rows, values, level, least=floor, most=most, rising=(above, limits))
        coarse_m, own_m = (each @ least * _KM for each in (of_4, of_8))
        fine, factor = pairs.points == 16, 1.0
        if fine.any():
            rest = pairs.error_m - design[:, -2:] @ least[-2:] * _KM
            factor = few_quantile(rest[fine] / (basis @ own_m)[fine], level)
        own = np.maximum(min(max(factor, 0.0), 1.0) * own_m, before)
        before = own
        chord = [2.0 * np.sin(np.radians(headings[str(level)][k]) / 2.0) for k in ("16", "0")]
        rest = np.maximum(own - (chord[0] - chord[1]) * CIRCLE_KNOTS_M, own / 2.0)
        bearing = np.maximum(bearing, np.maximum.accumulate(rest))
        levels[str(level)] = {
            "4": coarse_m.tolist(),
            "8": own_m.tolist(),
            "16": own.tolist(),
            "32": own.tolist(),
            "0": bearing.tolist(),
            "extent": float(least[-2]),
            "precision": float(least[-1]),
        }
    return levels


def parameters_as_written(parameters: dict[str, Any]) -> dict[str, Any]:
    """Round to five decimals, which is what the file holds."""

    def rounded(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: rounded(each) for name, each in value.items()}
        if isinstance(value, list):
            return [rounded(each) for each in value]
        return round(float(value), 5)

    return dict(rounded(parameters))


def fitted_model(pairs: Pairs, variant: Variant | None = None) -> Model:
    """Fit and make the model of it."""
    return model_of(parameters_as_written(fit(pairs, variant)))
