"""Areas, gains, losses and front lengths over time, as one tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.frames import names_among, object_series
from frontline.control.steps import state_blocks

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
    """Return area, gross gain and loss, churn and front length of every actor at every instant."""
    timeline, composite = fronts.timeline, fronts.composite
    count = len(timeline.actors)
    belongs = counted(timeline, include)
    area = np.zeros((len(whens), count))
    gained, lost, front = area.copy(), area.copy(), area.copy()
    size, length = composite.area_km2, composite.length_km
    for first, states in state_blocks(timeline, whens, as_of=as_of):
        actors = timeline.actor_of_state[states]
        totals = np.where(belongs[states], actors, 0)
        rows = slice(first, first + len(states))
        index = np.arange(len(states))[:, None] * count + totals
        area[rows] = np.bincount(
            index.ravel(),
            weights=np.broadcast_to(size, totals.shape).ravel(),
            minlength=len(states) * count,
        ).reshape(-1, count)
        step, cell = np.nonzero(totals[1:] != totals[:-1])
        for table, side in ((gained, totals[1:]), (lost, totals[:-1])):
            moved = (first + 1 + step) * count + side[step, cell]
            table.ravel()[:] += np.bincount(moved, weights=size[cell], minlength=table.size)
        moved_at = (actors[1:] != actors[:-1]).any(axis=1)
        for i in range(1 if first else 0, len(states)):
            if i and not moved_at[i - 1]:
                front[first + i] = front[first + i - 1]
                continue
            edge, *beside = fronts.sides(actors[i])
            for side in beside:
                front[first + i] += np.bincount(side, weights=length[edge], minlength=count)
    named = slice(1, None)
    return pd.DataFrame(
        {
            "date": whens.repeat(count - 1),
            "actor": object_series(timeline.actors[1:] * len(whens)),
            "area_km2": area[:, named].ravel(),
            "gained_km2": gained[:, named].ravel(),
            "lost_km2": lost[:, named].ravel(),
            "front_km": front[:, named].ravel(),
            "churn_km2": (gained + lost)[:, named].ravel(),
        }
    )
