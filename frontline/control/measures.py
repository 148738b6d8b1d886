"""Areas, gains, losses and front lengths over time, as one tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.frames import names_among, object_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts
    from frontline.control.timeline import Timeline

#: What stays out of area totals unless asked for.
DISPUTED = ("contested", "infiltration", "claimed")


def counted(timeline: Timeline, include: Sequence[str]) -> NDArray[np.bool_]:
    """Return for every state whether its area belongs to its actor's total."""
    names = names_among(DISPUTED, include, what="include")
    out = set(DISPUTED) - set(names)
    return np.array(
        [status not in out and basis not in out for _, status, basis in timeline.states]
    )


def measure(
    fronts: Fronts, whens: pd.DatetimeIndex, *, as_of: Any, include: Sequence[str]
) -> pd.DataFrame:
    """Return area, gross gain, gross loss and front length of every actor at every instant."""
    timeline, composite = fronts.timeline, fronts.composite
    count = len(timeline.actors)
    states = timeline.codes(whens, as_of=as_of)
    actors = timeline.actor_of_state[states]
    totals = np.where(counted(timeline, include)[states], actors, 0)
    area = np.zeros((len(whens), count))
    gained, lost, front = area.copy(), area.copy(), area.copy()
    size, length = composite.area_km2, composite.length_km
    for i in range(len(whens)):
        area[i] = np.bincount(totals[i], weights=size, minlength=count)
        if i and np.array_equal(actors[i], actors[i - 1]):
            front[i] = front[i - 1]
        else:
            edge, left, right = fronts.sides(actors[i])
            for side in (left, right):
                front[i] += np.bincount(side, weights=length[edge], minlength=count)
        if i:
            moved = totals[i] != totals[i - 1]
            gained[i] = np.bincount(totals[i][moved], weights=size[moved], minlength=count)
            lost[i] = np.bincount(totals[i - 1][moved], weights=size[moved], minlength=count)
    named = slice(1, None)
    return pd.DataFrame(
        {
            "date": whens.repeat(count - 1),
            "actor": object_series(timeline.actors[1:] * len(whens)),
            "area_km2": area[:, named].ravel(),
            "gained_km2": gained[:, named].ravel(),
            "lost_km2": lost[:, named].ravel(),
            "front_km": front[:, named].ravel(),
        }
    )
