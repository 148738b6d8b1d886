"""The front: edges whose two sides are held by different actors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import CRS, OUTSIDE
from frontline.control.claims import AFTER, BEFORE, micros, stamps
from frontline.control.frames import object_series
from frontline.control.timeline import instant, known_at
from frontline.dates import instants, to_utc
from frontline.errors import InputError
from frontline.nearness import distance_m
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.composite import Composite
    from frontline.control.timeline import Timeline

    Ints = NDArray[np.int64]

_DAY_US = 86_400_000_000
_STRAIGHT_DEG = 0.1  # an edge so short is straight in the plane to a few metres


@dataclass(frozen=True, eq=False)
class Fronts:
    """What the views of a front need, together.

    Attributes
    ----------
    composite, timeline
        Cells and their spells.
    table, spoke
        Statements and the cells for which they spoke.
    against_nobody : bool
        Whether an edge against nobody is front.
    unbounded : bool
        Whether there is no outline, so that what lies outside of all cells is land as well.
    beyond : str or None
        Who holds it then.
    """

    composite: Composite
    timeline: Timeline
    table: pd.DataFrame
    spoke: pd.DataFrame
    against_nobody: bool
    unbounded: bool = False
    beyond: str | None = None

    def sides_at(
        self, when: Any, *, between: Any = None, as_of: Any = None
    ) -> tuple[Ints, Ints, Ints]:
        """Return the front's edges at an instant and the actors left and right of each."""
        codes = self.timeline.actor_codes([when], as_of=as_of)[0]
        return self.sides(codes, between=between)

    def sides(self, codes: Any, *, between: Any = None) -> tuple[Ints, Ints, Ints]:
        """Return the front's edges for given actors of the cells, and the actors beside them."""
        left, right = self.composite.sides.T
        a, b = codes[left].astype(np.int64), codes[right].astype(np.int64)
        outside = right == OUTSIDE
        if self.unbounded:
            b[outside] = self.timeline.actors.index(self.beyond)
            front = a != b
        else:
            front = ~outside & (a != b)
        if between is None:
            if not self.against_nobody:
                front &= (a != 0) & (b != 0)
        else:
            one, two = self._pair(between)
            front &= ((a == one) & (b == two)) | ((a == two) & (b == one))
        edge = np.flatnonzero(front)
        return edge, a[edge], b[edge]

    def _pair(self, between: Any) -> tuple[int, int]:
        several = isinstance(between, Iterable) and not isinstance(between, str)
        between = tuple(between) if several else ()
        if len(between) != 2:  # noqa: PLR2004 - a pair
            raise InputError("between must name two actors, such as ('A', 'B')")
        actors = self.timeline.actors
        unknown = [name for name in between if name not in actors]
        if unknown:
            named = ", ".join(str(name) for name in actors[1:])
            raise InputError(f"between names {unknown[0]!r}, who holds nothing here; use {named}")
        one, two = (actors.index(name) for name in between)
        return one, two

    def confirmed(self, cells: Ints, moments: Ints, *, as_of: Any = None) -> Ints:
        """Return when each cell was last reported on by an instant, in microseconds.

        Assessments by infill confirm nothing, nor does what was withdrawn by then. Without any
        report: the earliest number there is.
        """
        known = known_at(as_of)
        said = micros(self.table["recorded_from"], open_end=BEFORE) <= known
        said &= known < micros(self.table["recorded_to"], open_end=AFTER)
        said &= (self.table["kind"] != "infill").to_numpy()
        said &= (self.table["review"] == "accepted").to_numpy()
        if len(self.table) and self.table["kind"].iloc[0] == "snapshot":
            return self._drawn(said, cells, moments)
        report, cell = self.spoke["report"].to_numpy(), self.spoke["cell"].to_numpy()
        keep = said[report]
        date = micros(self.table["valid_from"], open_end=BEFORE)[report[keep]]
        days = np.unique(date)
        stride = len(days) + 1
        key = np.sort(cell[keep] * stride + np.searchsorted(days, date) + 1)
        wanted = cells * stride + np.searchsorted(days, moments, side="right")
        at = np.searchsorted(key, wanted, side="right") - 1
        out = np.full(len(cells), BEFORE, dtype=np.int64)
        if len(key):
            best = key[np.maximum(at, 0)]
            good = (at >= 0) & (best // stride == cells)
            out[good] = days[best[good] % stride - 1]
        return out

    def _drawn(self, said: Any, cells: Ints, moments: Ints) -> Ints:
        """Return the last map by an instant; each map confirms all that it shows."""
        dates = np.unique(micros(self.table["valid_from"], open_end=BEFORE)[said])
        at = np.searchsorted(dates, np.broadcast_to(moments, cells.shape), side="right")
        return np.asarray(np.concatenate([[BEFORE], dates])[at], dtype=np.int64)

    def front(self, when: Any, *, between: Any, as_of: Any) -> gpd.GeoDataFrame:
        """Return the front at an instant, one row a pair of actors."""
        edge, left, right = self.sides_at(when, between=between, as_of=as_of)
        actors = self.timeline.actors
        count = len(actors)
        # Each pair in one order, nobody last; lines are turned to run with the first on the left.
        order = np.append(count, np.arange(1, count))
        turned = order[left] > order[right]
        lines = self.composite.lines[edge]
        lines[turned] = shapely.reverse(lines[turned])
        left, right = np.where(turned, right, left), np.where(turned, left, right)
        pair = left * count + right
        groups = np.unique(pair)
        moment = np.full(len(edge), instant(when), dtype=np.int64)
        sides = self.composite.sides[edge]
        date = np.maximum(
            self.confirmed(sides[:, 0], moment, as_of=as_of),
            self.confirmed(sides[:, 1], moment, as_of=as_of),
        )
        length = self.composite.length_km[edge]
        shapes = np.empty(len(groups), dtype=object)
        latest = np.full(len(groups), BEFORE, dtype=np.int64)
        total = np.zeros(len(groups))
        for i, group in enumerate(groups):
            rows = pair == group
            shapes[i] = shapely.line_merge(shapely.multilinestrings(lines[rows]), directed=True)
            latest[i], total[i] = date[rows].max(), length[rows].sum()
        return gpd.GeoDataFrame(
            {
                "actor_left": object_series(actors[i] for i in (groups // count).tolist()),
                "actor_right": object_series(actors[i] for i in (groups % count).tolist()),
                "length_km": total,
                "confirmed_on": stamps(latest),
            },
            geometry=shapes,
            crs=CRS,
        )

    def advance(
        self, point: Any, whens: pd.DatetimeIndex, *, between: Any, as_of: Any
    ) -> pd.DataFrame:
        """Return the distance of the front from a place at each instant, its rate and its age."""
        # Distances from the centre of this plane are true: it picks the few edges worth solving.
        plane = LocalPlane.around(point.x, point.y)
        lines = self.composite.lines
        # Meridians too are curves in it, so what counts is how long a piece is, not its sagitta.
        pieces = plane.forward(shapely.segmentize(lines, _STRAIGHT_DEG))
        near = shapely.distance(pieces, shapely.Point(0.0, 0.0))
        exact: dict[int, float] = {}
        rows: list[tuple[float, float]] = []
        for codes, when in zip(self.timeline.actor_codes(whens, as_of=as_of), whens, strict=True):
            edge, _, _ = self.sides(codes, between=between)
            if not len(edge):
                rows.append((np.nan, np.nan))
                continue
            close = edge[near[edge] <= near[edge].min() * 1.001 + 100.0]
            for e in close.tolist():
                exact.setdefault(e, distance_m(point, lines[e]))
            best = min(close.tolist(), key=exact.__getitem__)
            moment = instant(when)
            beside = self.composite.sides[best]
            seen = self.confirmed(beside, np.full(2, moment, dtype=np.int64), as_of=as_of).max()
            age = np.nan if seen == BEFORE else (moment - seen) / _DAY_US
            rows.append((exact[best] / 1e3, age))
        distance = np.array([row[0] for row in rows])
        days = np.diff(micros(whens, open_end=BEFORE)) / _DAY_US
        rate = np.append(np.nan, np.diff(distance) / days) if len(whens) else distance
        return pd.DataFrame(
            {
                "date": whens,
                "distance_km": distance,
                "rate_km_per_day": rate,
                "staleness_days": [row[1] for row in rows],
            }
        )


def grid(timeline: Timeline, *, start: Any, end: Any, freq: str, as_of: Any) -> pd.DatetimeIndex:
    """Return regular instants; by default from before the first change to after the last."""
    changes = timeline.changes(as_of)
    if not len(changes) and (start is None or end is None):
        return pd.DatetimeIndex([], tz="UTC").as_unit("us")
    first = changes[0].floor("D") if start is None else to_utc(start, what="start")
    last = changes[-1].ceil("D") if end is None else to_utc(end, what="end")
    return instants(first, last, freq)
