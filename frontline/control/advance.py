"""How far the front is from a place, along an azimuth or along a path, and how that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.claims import AFTER, BEFORE, micros
from frontline.control.meeting import nearest_in_plane_m
from frontline.control.runs import DAY_US
from frontline.control.steps import actor_rows
from frontline.nearness import distance_m

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


# What `nearest_in_plane_m` may be wrong by, so that no edge is left out that may be nearest.
_SURE, _MARGIN_M = 1.00001, 20.0


def advance_to(
    fronts: Fronts, point: Any, whens: pd.DatetimeIndex, *, between: Any, as_of: Any
) -> pd.DataFrame:
    """Follow the geodesic distance of the front from a point; see `followed`."""
    lines = fronts.composite.lines
    near = nearest_in_plane_m(lines, point.x, point.y)
    exact: dict[int, float] = {}

    def nearest(edge: Ints) -> tuple[int, float]:
        close = edge[near[edge] <= near[edge].min() * _SURE + _MARGIN_M].tolist()
        for each in close:
            if each not in exact:
                exact[each] = distance_m(point, lines[each])
        best = min(close, key=exact.__getitem__)
        return best, exact[best]

    return followed(fronts, nearest, whens, between=between, as_of=as_of)


def advance_along(
    fronts: Fronts, met_m: Floats, whens: pd.DatetimeIndex, *, between: Any, as_of: Any
) -> pd.DataFrame:
    """Follow how far along a way the front is first met; `met_m` says it of every edge."""

    def first(edge: Ints) -> tuple[int, float]:
        best = int(edge[np.argmin(met_m[edge])])
        return best, float(met_m[best])

    return followed(fronts, first, whens, between=between, as_of=as_of)


def followed(
    fronts: Fronts,
    measure: Callable[[Ints], tuple[int, float]],
    whens: pd.DatetimeIndex,
    *,
    between: Any,
    as_of: Any,
) -> pd.DataFrame:
    """Measure to the front at many instants.

    Parameters
    ----------
    fronts
        The fronts.
    measure
        Given the edges of a front, says which of them counts and its distance in metres;
        infinity: none is met.
    whens
        The instants.
    between, as_of
        As in `Fronts.sides_at`.

    Returns
    -------
    pandas.DataFrame
        `date`, `distance_km`, `rate_km_per_day`, `staleness_days`, `lag_days`; NaN where
        there is no front to measure to.
    """
    count = len(whens)
    best = np.full(count, -1, dtype=np.int64)
    metres = np.full(count, np.nan)
    last = None
    for i, now in enumerate(actor_rows(fronts.timeline, whens, as_of=as_of)):
        same = last is not None and np.array_equal(now, last)
        last = now
        if same:
            best[i], metres[i] = best[i - 1], metres[i - 1]
            continue
        edge, _, _ = fronts.sides(now, between=between)
        if len(edge):
            number, way = measure(edge)
            if np.isfinite(way):
                best[i], metres[i] = number, way
    moments = micros(whens, open_end=BEFORE)
    days = np.diff(moments) / DAY_US
    rate = np.append(np.nan, np.diff(metres / 1e3) / days) if count else metres
    met = best >= 0
    staleness, lag = np.full(count, np.nan), np.full(count, np.nan)
    beside = fronts.composite.sides[best[met]]
    at = moments[met]
    seen = np.maximum(
        *(fronts.confirmed(cells, at, as_of=as_of) for cells in (beside[:, 0], beside[:, 1]))
    )
    staleness[met] = np.where(seen == BEFORE, np.nan, (at - seen) / DAY_US)
    lag[met] = _lag_days(fronts, beside, at, as_of=as_of)
    return pd.DataFrame(
        {
            "date": whens,
            "distance_km": metres / 1e3,
            "rate_km_per_day": rate,
            "staleness_days": staleness,
            "lag_days": lag,
        }
    )


def _lag_days(fronts: Fronts, beside: Ints, at: Ints, *, as_of: Any) -> Floats:
    """Return how long after it began the later state beside an edge was on record, days."""
    times = fronts.timeline.times
    begin = np.append(times["valid_from"], BEFORE)  # the last stands for "no spell"
    record = np.append(times["recorded_from"], BEFORE)
    spells = np.stack(
        [
            fronts.timeline.spells_of(cells, at, as_of=as_of)
            for cells in (beside[:, 0], beside[:, 1])
        ]
    )
    later = np.where(begin[spells[0]] >= begin[spells[1]], spells[0], spells[1])
    known = (begin[later] > BEFORE) & (record[later] > BEFORE) & (record[later] < AFTER)
    return np.where(known, (record[later] - begin[later]) / DAY_US, np.nan)
