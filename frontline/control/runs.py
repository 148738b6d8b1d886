"""Dated marks on cells, and the runs during which a cell had one actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.claims import AFTER, BEFORE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.timeline import Timeline

    Ints = NDArray[np.int64]


DAY_US = 86_400_000_000


@dataclass(frozen=True, eq=False)
class Marks:
    """Instants that belong to cells, to be searched for the last one by a date.

    Attributes
    ----------
    times : numpy.ndarray
        All distinct instants, in order.
    keys : numpy.ndarray
        (cell, rank of the instant) as one number each, in order.
    """

    times: Ints
    keys: Ints

    @classmethod
    def of(cls, cell: Ints, moment: Ints) -> Marks:
        """Take marks given as aligned arrays, moments in microseconds since 1970.

        Examples
        --------
        >>> marks = Marks.of(np.array([0, 0, 3]), np.array([10, 20, 15]))
        >>> found = marks.last(np.array([0, 0, 3, 1]), np.array([19, 20, 14, 99]))
        >>> [None if each == BEFORE else int(each) for each in found]
        [10, 20, None, None]
        """
        times, rank = np.unique(moment, return_inverse=True)
        return cls(times, np.sort(cell * (len(times) + 1) + rank + 1))

    def last(self, cells: Ints, moments: Ints | int) -> Ints:
        """Return each cell's last mark at or before a moment; `BEFORE` where it has none.

        `moments` is one for all, or one a cell.
        The outside, which is no cell, has none.
        """
        out = np.full(len(cells), BEFORE, dtype=np.int64)
        if not len(self.keys):
            return out
        stride = len(self.times) + 1
        wanted = cells * stride + np.searchsorted(self.times, moments, side="right")
        at = np.searchsorted(self.keys, wanted, side="right") - 1
        best = self.keys[np.maximum(at, 0)]
        good = (at >= 0) & (best // stride == cells)
        out[good] = self.times[best[good] % stride - 1]
        return out


def actor_marks(timeline: Timeline, as_of: Any) -> Marks:
    """Return the instants at which each cell passed from one actor to another.

    That a cell fell to nobody, or was nobody's before, counts; that only its status or the
    statement behind it changed does not.
    """
    rows = timeline.current(as_of)
    cell = timeline.cell[rows]
    begin, end = timeline.times["valid_from"][rows], timeline.times["valid_to"][rows]
    named = pd.Categorical(timeline.spells["actor"].iloc[rows], categories=timeline.actors[1:])
    actor = np.asarray(named.codes, dtype=np.int64) + 1
    order = np.lexsort((begin, cell))
    cell, begin, end, actor = cell[order], begin[order], end[order], actor[order]
    goes_on = np.append((cell[1:] == cell[:-1]) & (begin[1:] == end[:-1]), False)
    gap = ~goes_on & (end < AFTER)
    cell = np.concatenate([cell, cell[gap]])
    begin = np.concatenate([begin, end[gap]])
    actor = np.concatenate([actor, np.zeros(int(gap.sum()), dtype=np.int64)])
    order = np.lexsort((begin, cell))
    cell, begin, actor = cell[order], begin[order], actor[order]
    # Before its first spell a cell is nobody's.
    before = np.append(0, np.where(cell[1:] == cell[:-1], actor[:-1], 0))
    moved = (actor != before) & (begin > BEFORE)
    return Marks.of(cell[moved], begin[moved])
