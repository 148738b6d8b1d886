"""Spells as arrays: the state of every cell at an instant, without a loop over cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.claims import AFTER, BEFORE, TIMES, micros
from frontline.control.frames import objects
from frontline.dates import to_utc
from frontline.partitions import Lean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Codes = NDArray[np.int32]

State = tuple[str | None, str, str | None]
#: What holds where and when no statement speaks; always state 0.
NO_DATA: State = (None, "no_data", None)


def instant(when: Any, *, what: str = "date") -> int:
    """Return a date as microseconds since 1970 UTC."""
    return int(to_utc(when, what=what).asm8.astype("datetime64[us]").astype(np.int64))


def known_at(as_of: Any) -> int:
    """Return the record time of a view: the last instant there is when `as_of` is None."""
    return AFTER - 1 if as_of is None else instant(as_of, what="as_of date")


@dataclass(frozen=True, eq=False)
class Timeline(Lean):
    """The spells of `n_cells` cells, coded.

    Attributes
    ----------
    n_cells : int
        How many cells there are.
    spells : pandas.DataFrame
        As `resolve_spells` returns them.
    also : tuple of str
        Actors that may hold no cell, such as who holds what lies beyond all cells.
    """

    n_cells: int
    spells: pd.DataFrame
    also: tuple[str, ...] = ()

    @cached_property
    def _coded(self) -> tuple[list[State], Codes]:
        columns = [objects(self.spells[name]) for name in ("actor", "status", "basis")]
        code: dict[State, int] = {NO_DATA: 0}
        rows = [code.setdefault(state, len(code)) for state in zip(*columns, strict=True)]
        return list(code), np.array(rows, dtype=np.int32)

    @property
    def states(self) -> list[State]:
        """All (actor, status, basis) that occur; the first is no data."""
        return self._coded[0]

    @cached_property
    def actors(self) -> list[str | None]:
        """All actors, nobody (None) first, then by the alphabet."""
        named = sorted({*self.also, *(state[0] for state in self.states if state[0] is not None)})
        return [None, *named]

    @cached_property
    def actor_of_state(self) -> Codes:
        """For every state the number of its actor in `actors`."""
        number = {actor: i for i, actor in enumerate(self.actors)}
        return np.array([number[actor] for actor, _, _ in self.states], dtype=np.int32)

    @cached_property
    def cell(self) -> Ints:
        """The cell of every spell."""
        return self.spells["cell"].to_numpy(dtype=np.int64)

    @cached_property
    def times(self) -> dict[str, Ints]:
        """The four times of every spell in microseconds, open ends closed with the extremes."""
        return {
            name: micros(self.spells[name], open_end=BEFORE if name.endswith("from") else AFTER)
            for name in TIMES
        }

    def current(self, as_of: Any = None) -> Ints:
        """Return the spells that are believed at a record time; they overlap no more."""
        known = known_at(as_of)
        return np.flatnonzero(
            (self.times["recorded_from"] <= known) & (known < self.times["recorded_to"])
        )

    def codes(self, whens: Iterable[Any], *, as_of: Any = None) -> Codes:
        """Return the state of every cell at every instant, shape (instants, cells)."""
        moments = [instant(when) for when in whens]
        rows = self.current(as_of)
        begin, end = self.times["valid_from"][rows], self.times["valid_to"][rows]
        cell, code = self.cell[rows], self._coded[1][rows]
        out = np.zeros((len(moments), self.n_cells), dtype=np.int32)
        for line, moment in zip(out, moments, strict=True):
            now = (begin <= moment) & (moment < end)
            line[cell[now]] = code[now]
        return out

    def actor_codes(self, whens: Iterable[Any], *, as_of: Any = None) -> Codes:
        """Return the number of every cell's actor at every instant, shape (instants, cells)."""
        return np.asarray(self.actor_of_state[self.codes(whens, as_of=as_of)], dtype=np.int32)

    def changes(self, as_of: Any = None) -> pd.DatetimeIndex:
        """Return the instants at which a cell's state may change, in order."""
        rows = self.current(as_of)
        both = pd.concat([self.spells["valid_from"].iloc[rows], self.spells["valid_to"].iloc[rows]])
        return pd.DatetimeIndex(both.dropna().unique()).sort_values()

    def spells_of(self, cell: Ints, moments: Ints, *, as_of: Any = None) -> Ints:
        """Return the spell of each of many dated cells, -1 where none holds.

        Parameters
        ----------
        cell, moments
            Aligned arrays; a cell of -1 has no spell.
        as_of
            Record time.
        """
        rows = self.current(as_of)
        begin = self.times["valid_from"][rows]
        starts = np.unique(begin)
        # (cell, rank of the start) as one number: a single sorted search serves all.
        stride = len(starts) + 1
        key = self.cell[rows] * stride + np.searchsorted(starts, begin) + 1
        order = np.argsort(key)
        wanted = cell * stride + np.searchsorted(starts, moments, side="right")
        at = np.searchsorted(key[order], wanted, side="right") - 1
        out = np.full(len(cell), -1, dtype=np.int64)
        if not len(rows):
            return out
        found = rows[order[np.maximum(at, 0)]]
        good = (at >= 0) & (self.cell[found] == cell) & (moments < self.times["valid_to"][found])
        out[good] = found[good]
        return out
