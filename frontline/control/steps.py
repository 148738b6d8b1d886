"""A history step by step: the states of all cells at many instants, a block at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from frontline.control.timeline import Timeline

    Codes = NDArray[np.int32]

_BLOCK = 4_000_000  # cells times instants held at once


def state_blocks(
    timeline: Timeline, whens: pd.DatetimeIndex, *, as_of: Any
) -> Iterator[tuple[int, Codes]]:
    """Return the states of the cells at many instants without holding all of them at once.

    Yields
    ------
    first, states
        The number of a block's first instant, and states of shape (instants, cells). A block
        begins with the instant with which the one before ended, so that every step lies in one.
    """
    size = max(2, _BLOCK // max(timeline.n_cells, 1))
    first = 0
    while first < len(whens):
        yield first, timeline.codes(whens[first : first + size], as_of=as_of)
        if first + size >= len(whens):
            return
        first += size - 1


def actor_rows(timeline: Timeline, whens: pd.DatetimeIndex, *, as_of: Any) -> Iterator[Codes]:
    """Yield the number of every cell's actor, instant after instant."""
    for first, states in state_blocks(timeline, whens, as_of=as_of):
        yield from timeline.actor_of_state[states[1 if first else 0 :]]
