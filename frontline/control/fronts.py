"""The front: edges whose two sides are held by different actors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from frontline.composite import OUTSIDE
from frontline.control.claims import AFTER, BEFORE, micros, stamps
from frontline.control.frames import geo_frame, objects
from frontline.control.network import Network, gathered, sums
from frontline.control.runs import Marks, actor_marks
from frontline.control.timeline import instant, known_at
from frontline.dates import instants, to_utc
from frontline.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from frontline.composite import Composite
    from frontline.control.timeline import Timeline

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_KEPT = 8  # views of the record, of each kind, whose marks are kept


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

    def land_beyond(self, as_of: Any) -> tuple[str, int] | None:
        """Return who holds what lies outside of all cells, and from which microsecond on."""
        if not self.unbounded or self.beyond is None:
            return None
        on_record = micros(self.table["recorded_from"], open_end=BEFORE) <= known_at(as_of)
        dates = micros(self.table["valid_from"], open_end=BEFORE)[on_record]
        return (self.beyond, int(dates.min())) if len(dates) else None

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
            one, two = self.pair(between)
            front &= ((a == one) & (b == two)) | ((a == two) & (b == one))
        edge = np.flatnonzero(front)
        return edge, a[edge], b[edge]

    def pair(self, between: Any) -> tuple[int, int]:
        """Return the numbers of the two actors that `between` names."""
        several = isinstance(between, Iterable) and not isinstance(between, str)
        between = tuple(between) if several else ()
        if len(between) != 2:  # noqa: PLR2004 - a pair
            raise InputError("between must name two actors, such as ('A', 'B')")
        one, two = (self.number_of(name, what="between") for name in between)
        return one, two

    def number_of(self, actor: Any, *, what: str) -> int:
        """Return the number of an actor.

        Raises
        ------
        InputError
            It holds nothing at any time.
        """
        actors = self.timeline.actors
        if actor not in actors:
            named = ", ".join(str(name) for name in actors[1:])
            raise InputError(f"{what} names {actor!r}, who holds nothing here; use {named}")
        return actors.index(actor)

    @cached_property
    def network(self) -> Network:
        """The edges as a graph."""
        return Network(self.composite)

    def confirmed(self, cells: Ints, moments: Ints | int, *, as_of: Any = None) -> Ints:
        """Return when each cell was last reported on by an instant, in microseconds.

        Assessments by infill confirm nothing, nor does what was withdrawn by then. A map
        confirms all that it shows. Without any report: the earliest number there is.
        """
        if self._of_maps:
            cells = np.zeros_like(cells)
        return self._marks("reports", as_of).last(cells, moments)

    def since(self, edge: Ints, moment: int, *, as_of: Any = None) -> Ints:
        """Return since when each edge has had the actors beside it that it has, microseconds."""
        beside = self._marks("actors", as_of).last(self.composite.sides[edge].ravel(), moment)
        return np.asarray(beside.reshape(-1, 2).max(axis=1))

    @cached_property
    def _known_marks(self) -> dict[tuple[str, int], Marks]:
        return {}

    def _marks(self, kind: Literal["reports", "actors"], as_of: Any) -> Marks:
        key = (kind, known_at(as_of))
        found = self._known_marks.get(key)
        if found is None:
            if len(self._known_marks) >= _KEPT:
                self._known_marks.clear()
            found = actor_marks(self.timeline, as_of) if kind == "actors" else self._said(key[1])
            self._known_marks[key] = found
        return found

    @property
    def _of_maps(self) -> bool:
        """Whether the statements are whole maps, which speak for every cell."""
        return len(self.table) > 0 and self.table["kind"].iloc[0] == "snapshot"

    def _said(self, known: int) -> Marks:
        if not len(self.table):
            none = np.array([], dtype=np.int64)
            return Marks.of(none, none)
        said = micros(self.table["recorded_from"], open_end=BEFORE) <= known
        said &= known < micros(self.table["recorded_to"], open_end=AFTER)
        said &= (self.table["kind"] != "infill").to_numpy()
        said &= (self.table["review"] == "accepted").to_numpy()
        date = micros(self.table["valid_from"], open_end=BEFORE)
        if self._of_maps:
            return Marks.of(np.zeros(int(said.sum()), dtype=np.int64), date[said])
        report = self.spoke["report"].to_numpy(dtype=np.int64)
        keep = said[report]
        date = date[report[keep]]
        return Marks.of(self.spoke["cell"].to_numpy(dtype=np.int64)[keep], date)

    def oriented(self, left: Ints, right: Ints) -> tuple[Flags, Ints, Ints]:
        """Put each pair of actors in one order: by the alphabet, nobody last.

        Returns
        -------
        turned, left, right
            Which edges must run backwards for it, and the actors beside them then.
        """
        order = np.append(len(self.timeline.actors), np.arange(1, len(self.timeline.actors)))
        turned = order[left] > order[right]
        return turned, np.where(turned, right, left), np.where(turned, left, right)

    def confirmed_beside(self, edge: Ints, moment: int, *, as_of: Any) -> Ints:
        """Return the latest report on a cell beside each edge, microseconds."""
        beside = self.confirmed(self.composite.sides[edge].ravel(), moment, as_of=as_of)
        return np.asarray(beside.reshape(-1, 2).max(axis=1))

    def front(self, when: Any, *, between: Any, as_of: Any) -> gpd.GeoDataFrame:
        """Return the front at an instant, one row a pair of actors."""
        edge, left, right = self.sides_at(when, between=between, as_of=as_of)
        turned, left, right = self.oriented(left, right)
        actors = objects(self.timeline.actors)
        pairs, group = np.unique(left * len(actors) + right, return_inverse=True)
        drawn = self.network.draw(edge, turned, group)
        date = self.confirmed_beside(edge, instant(when), as_of=as_of)
        latest = np.full(len(pairs), BEFORE, dtype=np.int64)
        np.maximum.at(latest, group, date)
        length = self.composite.length_km[edge]
        return geo_frame(
            {
                "actor_left": pd.Series(actors[pairs // len(actors)], dtype=object),
                "actor_right": pd.Series(actors[pairs % len(actors)], dtype=object),
                "length_km": sums(group, length, len(pairs)),
                "confirmed_on": stamps(latest),
            },
            gathered(drawn.lines, drawn.group, len(pairs)),
        )


def grid(timeline: Timeline, *, start: Any, end: Any, freq: str, as_of: Any) -> pd.DatetimeIndex:
    """Return regular instants; by default from before the first change to after the last."""
    changes = timeline.changes(as_of)
    if not len(changes) and (start is None or end is None):
        return pd.DatetimeIndex([], tz="UTC").as_unit("us")
    first = changes[0].floor("D") if start is None else to_utc(start, what="start")
    last = changes[-1].ceil("D") if end is None else to_utc(end, what="end")
    return instants(first, last, freq)
