"""Spells as arrays: the state of every cell at an instant, without a loop over cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.claims import AFTER, BEFORE, TIMES, micros
from frontline.control.deferred import Deferred
from frontline.control.frames import objects
from frontline.dates import to_utc

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
class Timeline(Deferred):
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
        number = np.zeros(len(self.spells), dtype=np.int64)
        for column in columns:
            part, distinct = pd.factorize(column, use_na_sentinel=False)
            number = number * len(distinct) + part
        number, numbers = pd.factorize(number)
        first = np.full(len(numbers), len(number))
        np.minimum.at(first, number, np.arange(len(number)))
        code: dict[State, int] = {NO_DATA: 0}
        found: Iterable[State] = zip(*(column[first] for column in columns), strict=True)
        place = np.array([code.setdefault(state, len(code)) for state in found], dtype=np.int32)
        return list(code), place[number]

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

    @cached_property
    def _now(self) -> tuple[Ints, Ints, Ints, Ints, Codes]:
        return self._cut(self.current())

    def _cut(self, rows: Ints) -> tuple[Ints, Ints, Ints, Ints, Codes]:
        begin, end = self.times["valid_from"][rows], self.times["valid_to"][rows]
        return rows, begin, end, self.cell[rows], self._coded[1][rows]

    def replaced(self, cells: Ints, spells: pd.DataFrame) -> Timeline:
        """Return the timeline in which some cells have other spells.

        Its frame of spells is put together only when somebody asks for it.

        Parameters
        ----------
        cells
            Cells whose spells are replaced.
        spells
            All spells of these cells, sorted as `resolve_spells` sorts them.
        """
        gone = np.zeros(self.n_cells, dtype=bool)
        gone[cells] = True
        keep = np.flatnonzero(~gone[self.cell])
        new = Timeline(self.n_cells, spells)
        # The new ones are put where the others of their cell would stand.
        at = np.searchsorted(self.cell[keep], new.cell)
        number = {state: i for i, state in enumerate(self.states)}
        code = [number.setdefault(state, len(number)) for state in new.states]

        def put(old: NDArray[Any], more: NDArray[Any]) -> NDArray[Any]:
            return np.insert(old[keep], at, more)

        states = list(number)
        whole = put(np.arange(len(self.cell)), len(self.cell) + np.arange(len(new.cell)))
        return Timeline.deferred(
            {
                "n_cells": self.n_cells,
                "cell": put(self.cell, new.cell),
                "times": {name: put(self.times[name], new.times[name]) for name in TIMES},
                "_coded": (
                    states,
                    put(self._coded[1], np.array(code, dtype=np.int32)[new._coded[1]]),
                ),
            },
            {
                "spells": lambda: (
                    pd.concat([self.spells, spells], ignore_index=True)
                    .iloc[whole]
                    .reset_index(drop=True)
                    .rename_axis("spell")
                )
            },
        )

    def current(self, as_of: Any = None) -> Ints:
        """Return the spells that are believed at a record time; they overlap no more."""
        known = known_at(as_of)
        return np.flatnonzero(
            (self.times["recorded_from"] <= known) & (known < self.times["recorded_to"])
        )

    def codes(self, whens: Iterable[Any], *, as_of: Any = None) -> Codes:
        """Return the state of every cell at every instant, shape (instants, cells)."""
        moments = [instant(when) for when in whens]
        _, begin, end, cell, code = self._now if as_of is None else self._cut(self.current(as_of))
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
