"""The front taken apart: into connected stretches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.claims import BEFORE, stamps
from frontline.control.frames import geo_frame, objects
from frontline.control.network import gathered, sums
from frontline.control.runs import DAY_US
from frontline.control.timeline import instant

if TYPE_CHECKING:
    import geopandas as gpd

    from frontline.control.fronts import Fronts


def stretches_at(
    fronts: Fronts, when: Any, *, between: Any, as_of: Any, split_by_since: bool
) -> gpd.GeoDataFrame:
    """Return the front at an instant, one row a connected stretch between two actors.

    Parameters
    ----------
    fronts
        The fronts.
    when, between, as_of
        As in `Fronts.sides_at`.
    split_by_since
        Cut stretches too where they are front since another instant.

    Returns
    -------
    geopandas.GeoDataFrame
        As `ControlHistory.stretches` says.
    """
    edge, left, right = fronts.sides_at(when, between=between, as_of=as_of)
    turned, left, right = fronts.oriented(left, right)
    moment = instant(when)
    since = fronts.since(edge, moment, as_of=as_of)
    actors = objects(fronts.timeline.actors)
    group = left * len(actors) + right
    if split_by_since:
        ages, age = np.unique(since, return_inverse=True)
        group = group * len(ages) + age
    _, group = np.unique(group, return_inverse=True)
    drawn = fronts.network.draw(edge, turned, group)
    _, first, part = np.unique(
        fronts.network.parts(edge, group), return_index=True, return_inverse=True
    )
    count = len(first)
    length = sums(part, fronts.composite.length_km[edge], count)
    confirmed = np.full(count, BEFORE, dtype=np.int64)
    np.maximum.at(confirmed, part, fronts.confirmed_beside(edge, moment, as_of=as_of))
    latest = np.full(count, BEFORE, dtype=np.int64)
    np.maximum.at(latest, part, since)
    # By the pair of actors, the longest first.
    order = np.lexsort((edge[first], -length, group[first]))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    line_rank = rank[part[drawn.first]]
    sort = np.argsort(line_rank, kind="stable")
    shapes = gathered(drawn.lines[sort], line_rank[sort], count)
    confirmed, first = confirmed[order], first[order]
    return geo_frame(
        {
            "actor_left": pd.Series(actors[left[first]], dtype=object),
            "actor_right": pd.Series(actors[right[first]], dtype=object),
            "length_km": length[order],
            "confirmed_on": stamps(confirmed),
            "since": stamps(latest[order]),
            "staleness_days": np.where(
                confirmed == BEFORE, np.nan, (moment - confirmed.astype(float)) / DAY_US
            ),
        },
        shapes,
    )
