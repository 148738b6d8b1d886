"""Fit the calibrated method to pairs of statements and true places: the arithmetic.

The shape (exponents, centre, widths, half-angles) maximises the likelihood of a density on the
ground that falls with the score of `frontline.locality.calibrated` as a mixture of three
exponentials: a sharp core, a wide body, and the statements that are wrong. Its contours are the
regions. Their levels, the radii of the circles and the rest are quantile regressions, so that
each holds what it says whatever the density is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog, minimize
from scipy.special import gamma

from frontline.compass import wind
from frontline.gazetteer.extents import radius_m
from frontline.geodesy import inverse
from frontline.locality import distance_precision_m
from frontline.locality.calibrated import Model, model_of

LEVELS = (0.5, 0.68, 0.9, 0.95)
CLASSES = (4, 8, 16)
KNOTS_M = np.array([4e3, 8e3, 15e3, 35e3, 75e3, 200e3])
_K = len(KNOTS_M)
_GAUSS = np.polynomial.legendre.leggauss(12)
_X, _W = (_GAUSS[0] + 1.0) / 2.0, _GAUSS[1] / 2.0
_TURNS = np.linspace(0.0, np.pi, 400)
_STIFF = 0.002
_FEW = 20

# Vector of the shape: centre, log inner, log outer (at the knots), log half-angles (4, 8, 16),
# log exponents (inner, angle of 4 winds, angle of finer ones, outer at the knots), log extent
# inwards and outwards, log precision, and of the mixture two log steps in scale, two log weights.
_START = np.concatenate(
    [
        np.linspace(1.0, 0.9, _K),
        np.log([0.1, 0.12, 0.14, 0.18, 0.22, 0.2]),
        np.log([0.05, 0.04, 0.03, 0.03, 0.04, 0.06]),
        np.log([0.4, 0.4, 0.2]),
        np.log([1.6, 2.0, 2.5, *[1.2] * _K]),
        np.log([0.05, 0.25, 0.5]),
        [1.5, 2.5, -2.0, -3.5],
    ]
)
_BOUNDS = [
    *[(0.7, 1.0)] * _K,
    *[(np.log(0.01), np.log(1.5))] * (2 * _K),
    *[(np.log(0.02), np.log(2.0))] * 3,
    *[(0.0, np.log(6.0))] * 3,
    *[(np.log(0.4), np.log(3.0))] * _K,
    *[(np.log(0.001), np.log(2.0))] * 3,
    *[(0.01, 3.0)] * 2,
    *[(-6.0, 3.0)] * 2,
]


@dataclass(frozen=True)
class Pairs:
    """Statements and true places as columns: metres, degrees."""

    stated: np.ndarray
    extent: np.ndarray
    precision: np.ndarray
    points: np.ndarray
    true: np.ndarray
    off: np.ndarray
    anchor: np.ndarray

    def take(self, rows: np.ndarray) -> Pairs:
        """Return some of the rows."""
        return Pairs(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def statement(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """What `Model.score` takes."""
        return self.stated, self.extent, self.precision, self.points

    @property
    def error_m(self) -> np.ndarray:
        """From the nominal point to the true place, in the plane round the anchor."""
        cosine = np.cos(np.radians(self.off))
        square = self.stated**2 + self.true**2 - 2.0 * self.stated * self.true * cosine
        return np.sqrt(np.maximum(square, 0.0))


def read_pairs(table: pd.DataFrame) -> Pairs:
    """Read a table of pairs: extents by the gazetteer's rule, precision by the library's."""
    table = table[table["stated_km"] > 0]
    winds = [wind(each) for each in table["direction"]]
    columns = [table[f"{end}_{axis}"].to_numpy() for end in ("anchor", "target") for axis in _AXES]
    way = inverse(*columns)
    azimuths = np.array([each.azimuth_deg for each in winds])
    people = table["anchor_population"].fillna(0).astype(int)
    anchors = table["anchor"] + table["anchor_lat"].astype(str) + table["anchor_lon"].astype(str)
    return Pairs(
        stated=table["stated_km"].to_numpy(dtype=float) * 1000.0,
        extent=np.array([radius_m("settlement", each)[0] for each in people]),
        precision=np.array(
            [
                distance_precision_m(*each)
                for each in zip(table["number"], table["unit"], strict=True)
            ]
        ),
        points=np.array([each.points for each in winds]),
        true=way.distance_m,
        off=(way.azimuth_deg - azimuths + 180.0) % 360.0 - 180.0,
        anchor=pd.factorize(anchors)[0],
    )


_AXES = ("lon", "lat")


def hats(distance_m: np.ndarray) -> np.ndarray:
    """Return how much each knot counts for each distance."""
    x, knots = np.log(distance_m), np.log(KNOTS_M)
    return np.column_stack([np.interp(x, knots, row) for row in np.eye(_K)])


def quantile_fit(
    design: np.ndarray,
    values: np.ndarray,
    level: float,
    *,
    weights: np.ndarray | None = None,
    least: np.ndarray | None = None,
    most: np.ndarray | None = None,
) -> np.ndarray:
    """Return the coefficients of a linear quantile regression, between `least` and `most`."""
    rows, columns = design.shape
    weight = np.ones(rows) if weights is None else weights
    cost = np.concatenate([np.zeros(columns), level * weight, (1.0 - level) * weight]) / rows
    eye = sparse.identity(rows)
    lower = [None] * columns if least is None else list(least)
    upper = [None] * columns if most is None else list(most)
    found = linprog(
        cost,
        A_eq=sparse.hstack([sparse.csr_matrix(design), eye, -eye], format="csr"),
        b_eq=values,
        bounds=[*zip(lower, upper, strict=True), *[(0, None)] * (2 * rows)],
        method="highs",
    )
    if found.x is None:
        raise RuntimeError(f"the quantile regression failed: {found.message}")
    return np.asarray(found.x[:columns])


@dataclass(frozen=True)
class Variant:
    """What of the shape is held fixed, to see what it is worth."""

    name: str = "chosen"
    extent: bool = True
    precision: bool = True
    exponents: str = "free"  # free | one | two


def _shape(x: np.ndarray, variant: Variant) -> dict[str, Any]:
    outer = np.exp(x[2 * _K : 3 * _K])
    rest = np.exp(x[3 * _K : 4 * _K + 9])
    inwards, angle, outwards = rest[3], rest[[4, 5, 5]], rest[6 : 6 + _K]
    if variant.exponents == "one":
        inwards, angle, outwards = angle[0], np.full(3, angle[0]), np.full(_K, angle[0])
    if variant.exponents == "two":
        inwards, angle, outwards = 2.0, np.full(3, 2.0), np.full(_K, 2.0)
    return {
        "exponents": (inwards, outwards, angle),
        "centre": x[:_K],
        "inner": np.exp(x[_K : 2 * _K]),
        "outer": outer,
        "half_angle": rest[:3],
        "extents": rest[_K + 6 : _K + 8] * variant.extent,
        "precision": rest[_K + 8] * variant.precision,
        "scales": np.concatenate([[1.0], np.exp(np.cumsum(x[-4:-2]))]),
        "weights": np.exp(np.append(0.0, x[-2:])) / np.exp(np.append(0.0, x[-2:])).sum(),
    }


def _negative_log_likelihood(
    x: np.ndarray, pairs: Pairs, basis: np.ndarray, variant: Variant
) -> float:
    """Return minus the mean log density, per square metre on the ground."""
    shape = _shape(x, variant)
    inwards, outwards, b = shape["exponents"]
    outwards = basis @ outwards
    known = shape["precision"] * pairs.precision
    centre = basis @ shape["centre"] * pairs.stated
    inner = basis @ shape["inner"] * pairs.stated + shape["extents"][0] * pairs.extent + known
    outer = basis @ shape["outer"] * pairs.stated + shape["extents"][1] * pairs.extent + known
    number = np.searchsorted(CLASSES, pairs.points)
    z = np.abs(pairs.true - centre) / np.where(pairs.true < centre, inner, outer)
    angle = np.abs(np.radians(pairs.off)) / shape["half_angle"][number]
    score = (z + 1e-9) ** np.where(pairs.true < centre, inwards, outwards) + angle ** b[number]
    steps = ((centre / inner)[:, None] * _X) ** inwards
    away = centre[:, None] * (1.0 - _X)
    density = np.zeros(len(z))
    for scale, weight in zip(shape["scales"], shape["weights"], strict=True):
        fan = np.array(
            [
                2.0 * np.trapezoid(np.exp(-((_TURNS / h) ** e) / scale), _TURNS)
                for h, e in zip(shape["half_angle"], b, strict=True)
            ]
        )[number]
        near = (away * np.exp(-steps / scale)) @ _W * centre
        far = centre * outer * scale ** (1.0 / outwards) * gamma(1.0 + 1.0 / outwards)
        far += outer**2 * scale ** (2.0 / outwards) * gamma(1.0 + 2.0 / outwards) / 2.0
        density += weight * np.exp(-score / scale) / (fan * (near + far))
    rough = np.sum(np.diff(x[: 3 * _K].reshape(3, _K), axis=1) ** 2)
    return float(-np.mean(np.log(density + 1e-300)) + _STIFF * rough)


def fit_shape(pairs: Pairs, variant: Variant, steps: int = 100) -> dict[str, Any]:
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
        "outer_exponent": shape["exponents"][1].tolist(),
        "angle_exponent": {str(name): value for name, value in exponents.items()},
        "centre": shape["centre"].tolist(),
        "inner": shape["inner"].tolist(),
        "outer": shape["outer"].tolist(),
        "inner_extent": shape["extents"][0],
        "outer_extent": shape["extents"][1],
        "precision": shape["precision"],
        "half_angle_deg": {str(name): value for name, value in angles.items()},
        "region_levels": {},
        "ring_levels": {},
        "heading_deg": {},
        "circle": {},
    }
    model = model_of(parameters)
    score, along = model.score(pairs.statement, pairs.true, pairs.off)
    parameters["region_levels"] = fit_levels(pairs, score)
    _fit_fine_winds(parameters, pairs)
    parameters["ring_levels"] = _ring_levels(pairs, along)
    parameters["heading_deg"] = _headings(pairs)
    parameters["circle"] = _circles(pairs, parameters["heading_deg"])
    return parameters


def few_quantile(values: np.ndarray, level: float) -> float:
    """Return the quantile that holds the next value so often, however few there are."""
    return float(np.quantile(values, min(level * (len(values) + 1) / len(values), 1.0)))


def fit_levels(pairs: Pairs, score: np.ndarray) -> dict[str, dict[str, list[float]]]:
    """Return the bounds of the score by level, class and knot; finer winds share those of 8."""
    logs, basis = np.log(np.maximum(score, 1e-12)), hats(pairs.stated)
    least: dict[int, np.ndarray] = {}
    levels: dict[str, dict[str, list[float]]] = {}
    for level in LEVELS:
        for name in (4, 8):
            rows = pairs.points == name
            least[name] = quantile_fit(basis[rows], logs[rows], level, least=least.get(name))
        found = {4: least[4], 8: least[8], 16: least[8], 32: least[8], 0: least[8]}
        levels[str(level)] = {str(k): np.exp(v).tolist() for k, v in found.items()}
    return levels


def _fit_fine_winds(parameters: dict[str, Any], pairs: Pairs) -> None:
    """Give 16 winds the half-angle and exponent with which the bounds of 8 hold them.

    They are too few for bounds of their own; their angles are small with a heavy tail.
    """
    fine = pairs.take(np.flatnonzero(pairs.points == 16))
    if len(fine.stated) < _FEW:
        return
    base, count = model_of(parameters), len(fine.stated)
    bounds = [base.region_level(level, fine.points, fine.stated) for level in LEVELS]
    wanted = [min(level * (count + 1) / count, 1.0) for level in LEVELS]
    best = np.inf
    for angle in np.arange(4.0, 30.0, 0.25):
        for exponent in np.arange(1.0, 3.0, 0.05):
            model = replace(base, half_angle_deg={16: angle}, angle_exponent={16: exponent})
            score = model.score(fine.statement, fine.true, fine.off)[0]
            held = [(score <= each).mean() for each in bounds]
            off = sum(
                (found - share) ** 2 / (level * (1.0 - level))
                for found, share, level in zip(held, wanted, LEVELS, strict=True)
            )
            if off < best - 1e-9:
                best = off
                for name, share in (("16", 1.0), ("32", 1.0), ("0", 0.5)):
                    parameters["half_angle_deg"][name] = float(angle) * share
                    parameters["angle_exponent"][name] = float(exponent)


def _ring_levels(pairs: Pairs, along: np.ndarray) -> dict[str, list[float]]:
    logs, basis, least = np.log(np.maximum(along, 1e-12)), hats(pairs.stated), None
    levels = {}
    for level in LEVELS:
        least = quantile_fit(basis, logs, level, least=least)
        levels[str(level)] = np.exp(least).tolist()
    return levels


def _headings(pairs: Pairs) -> dict[str, dict[str, float]]:
    levels = {}
    for level in LEVELS:
        found = {}
        for name in CLASSES:
            rows = pairs.points == name
            found[name] = few_quantile(np.abs(pairs.off[rows]), level) if rows.any() else 0.0
        found |= {32: found[16], 0: found[16] / 2.0}
        levels[str(level)] = {str(k): v for k, v in found.items()}
    return levels


def _circles(pairs: Pairs, headings: dict[str, dict[str, float]]) -> dict[str, dict[str, Any]]:
    """Return the radii: a share of the distance by class, and of extent and half step."""
    basis = hats(pairs.stated) * pairs.stated[:, None]
    coarse = pairs.points == 4
    design = np.column_stack(
        [basis * coarse[:, None], basis * ~coarse[:, None], pairs.extent, pairs.precision]
    )
    fitted = pairs.points < 16
    weights = 1.0 / pairs.stated
    least = np.zeros(design.shape[1])
    # No source counts more than once; what is left belongs to the distance and the heading.
    most = np.append(np.full(2 * _K, np.inf), [1.0, 1.0])
    factor = 0.0
    levels: dict[str, dict[str, Any]] = {}
    before = bearing = np.zeros(_K)
    for level in LEVELS:
        # Rows are scaled by their distance, so that a kilometre counts by what it is a share of.
        rows = design[fitted] * weights[fitted, None]
        values = pairs.error_m[fitted] * weights[fitted]
        least = quantile_fit(rows, values, level, least=least, most=most)
        fine = pairs.points == 16
        if fine.any():
            rest = pairs.error_m - design[:, -2:] @ least[-2:]
            shares = rest[fine] / (basis @ least[_K : 2 * _K])[fine]
            factor = max(few_quantile(shares, level), 0.0)
        own = np.maximum(factor * least[_K : 2 * _K], before)
        before = own
        chord = [2.0 * np.sin(np.radians(headings[str(level)][k]) / 2.0) for k in ("16", "0")]
        bearing = np.maximum(bearing, np.maximum(own - (chord[0] - chord[1]), own / 2.0))
        levels[str(level)] = {
            "4": least[:_K].tolist(),
            "8": least[_K : 2 * _K].tolist(),
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
