"""A history step by step: the states of all cells at many instants, a block at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from frontline.control.claims import AFTER, BEFORE, micros

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from frontline.control.timeline import Timeline

    Codes = NDArray[np.int32]
    Ints = NDArray[np.int64]

_BLOCK = 4_000_000  # cells times instants held at once


def state_blocks(
    timeline: Timeline, whens: pd.DatetimeIndex, *, as_of: Any
) -> Iterator[tuple[int, Codes]]:
    """Return the states of the cells at many instants without holding all of them at once.

    Parameters
    ----------
    timeline
        The spells.
    whens
        The instants, in order.
    as_of
        Record time.

    Yields
    ------
    first, states
        The number of a block's first instant, and states of shape (instants, cells). A block
        begins with the instant with which the one before ended, so that every step lies in one.
    """
    cell, code, bounds = _turns(timeline, micros(whens, open_end=BEFORE), as_of=as_of)
    size = max(2, _BLOCK // max(timeline.n_cells, 1))
    now = np.zeros(timeline.n_cells, dtype=np.int32)
    done, first = 0, 0
    while first < len(whens):
        block = np.empty((min(size, len(whens) - first), timeline.n_cells), dtype=np.int32)
        for i in range(len(block)):
            if first + i >= done:
                rows = slice(bounds[first + i], bounds[first + i + 1])
                now[cell[rows]] = code[rows]
            block[i] = now
        done = first + len(block)
        yield first, block
        if done == len(whens):
            return
        first = done - 1


def _turns(timeline: Timeline, moments: Ints, *, as_of: Any) -> tuple[Ints, Codes, Ints]:
    """Return which cells take on which state from one instant to the next.

    Returns
    -------
    cell, code, bounds
        Changes in order of the instant by which they have come about, and where those of each
        instant begin. Of several in one step the last counts.
    """
    rows = timeline.current(as_of)
    begin, end = timeline.times["valid_from"][rows], timeline.times["valid_to"][rows]
    ends = np.flatnonzero(end < AFTER)
    state = timeline._coded[1][rows]  # noqa: SLF001 - same package
    time = np.concatenate([end[ends], begin])  # where one spell ends and one begins, that counts
    cell = np.concatenate([timeline.cell[rows[ends]], timeline.cell[rows]])
    code = np.concatenate([np.zeros(len(ends), dtype=np.int32), state])
    step = np.searchsorted(moments, time, side="left")
    order = np.lexsort((time, cell, step))
    step, cell, code = step[order], cell[order], code[order]
    last = np.ones(len(step), dtype=bool)
    last[:-1] = (step[1:] != step[:-1]) | (cell[1:] != cell[:-1])
    step, cell, code = step[last], cell[last], code[last]
    return cell, code, np.searchsorted(step, np.arange(len(moments) + 1))


def actor_rows(timeline: Timeline, whens: pd.DatetimeIndex, *, as_of: Any) -> Iterator[Codes]:
    """Yield the number of every cell's actor, instant after instant."""
    for first, states in state_blocks(timeline, whens, as_of=as_of):
        yield from timeline.actor_of_state[states[1 if first else 0 :]]
