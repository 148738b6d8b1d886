"""Quantile regression as a linear programme, with what its coefficients must keep to."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog


def quantile_fit(
    design: np.ndarray,
    values: np.ndarray,
    level: float,
    *,
    weights: np.ndarray | None = None,
    least: np.ndarray | None = None,
    most: np.ndarray | None = None,
    rising: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """Return the coefficients of a linear quantile regression, between `least` and `most`.

    `rising` is a matrix and what its product with the coefficients must reach at least.
    """
    rows, columns = design.shape
    weight = (np.ones(rows) if weights is None else weights) / rows
    eye, above, limits = np.eye(columns), [np.empty((0, columns))], [np.empty(0)]
    for side, bounds in ((1.0, least), (-1.0, most)):
        if bounds is not None:
            held = np.isfinite(bounds)
            above.append(side * eye[held])
            limits.append(side * bounds[held])
    if rising is not None:
        above.append(rising[0])
        limits.append(rising[1])
    ends, limit = np.vstack(above), np.concatenate(limits)
    # The dual has as few rows as there are coefficients, which are its shadow prices.
    found = linprog(
        -np.concatenate([values, limit]),
        A_eq=np.vstack([design, ends]).T,
        b_eq=np.zeros(columns),
        bounds=[
            *np.column_stack([(level - 1.0) * weight, level * weight]),
            *[(0.0, None)] * len(limit),
        ],
        method="highs",
    )
    if found.x is None:
        raise RuntimeError(f"the quantile regression failed: {found.message}")
    return -np.asarray(found.eqlin.marginals)


def few_quantile(values: np.ndarray, level: float) -> float:
    """Return the quantile that holds the next value so often, however few there are."""
    return float(np.quantile(values, min(level * (len(values) + 1) / len(values), 1.0)))
