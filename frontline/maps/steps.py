"""Lines and points as differences from one to the next, in bytes that compress well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from frontline.maps import varint

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FINE", "HALF", "coded_lines", "coded_steps"]

IntArray = npt.NDArray[np.int64]

#: A step is so many times a coarse part, which is mostly small, and a fine part of one byte, which
#: may be anything. Apart from each other they compress better than mixed.
FINE, HALF = 256, 128


def coded_steps(steps: IntArray) -> bytes:
    """Write steps, shape (n, 2): their count, coarse parts as pairs, fine parts of x, then of y.

    A step is ``coarse * FINE + fine - HALF``.

    Examples
    --------
    >>> list(coded_steps(np.array([[1, -2], [300, 0]])))
    [4, 0, 0, 2, 0, 129, 172, 126, 128]
    """
    coarse = (steps + HALF) // FINE
    fine = (steps + HALF - coarse * FINE).astype(np.uint8)
    return varint.encode(np.append(len(steps), coarse.ravel())) + fine.T.tobytes()


def coded_lines(lines: Sequence[IntArray]) -> bytes:
    """Write the count of lines, the points of each, and steps that run through all of them.

    Examples
    --------
    >>> list(coded_lines([np.array([[10, 5], [11, 5]])]))
    [2, 4, 4, 0, 0, 0, 0, 138, 129, 133, 128]
    >>> list(coded_lines([]))
    [0, 0]
    """
    counts = np.array([len(line) for line in lines], dtype=np.int64)
    points = np.concatenate([np.zeros((1, 2), dtype=np.int64), *lines])
    return varint.encode(np.append(len(lines), counts)) + coded_steps(np.diff(points, axis=0))
