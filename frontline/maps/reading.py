"""A cursor over a coded map: varints, bytes, steps and lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from frontline.errors import InputError
from frontline.maps import varint
from frontline.maps.steps import FINE, HALF

__all__ = ["Reader"]

IntArray = npt.NDArray[np.int64]

_CUT = "the payload ends too early; the file is cut short"
_MORE = 0x80  # the bit of a byte of a varint that says that more follow


class Reader:
    """Reads what was written one after the other.

    Parameters
    ----------
    blob : bytes
        The coded map, from behind its head.

    Examples
    --------
    >>> reader = Reader(varint.encode([2, 300, -1]))
    >>> reader.take(reader.one()).tolist(), reader.finished
    ([300, -1], True)
    """

    def __init__(self, blob: bytes) -> None:
        self._blob = blob
        self._at = 0
        self._ends = np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) < _MORE)

    def take(self, count: int) -> IntArray:
        """Read so many integers.

        Raises
        ------
        InputError
            If there are not so many.
        """
        if count < 0:
            raise InputError("the payload has a count below zero; the file is damaged")
        if not count:
            return np.zeros(0, dtype=np.int64)
        first = int(np.searchsorted(self._ends, self._at))
        if first + count > len(self._ends):
            raise InputError(_CUT)
        return varint.decode(self.bytes(int(self._ends[first + count - 1]) + 1 - self._at))

    def one(self) -> int:
        """Read one integer."""
        return int(self.take(1)[0])

    def bytes(self, count: int) -> bytes:
        """Read so many bytes.

        Raises
        ------
        InputError
            If there are not so many.
        """
        part = self._blob[self._at : self._at + count]
        if len(part) < count:
            raise InputError(_CUT)
        self._at += count
        return part

    def steps(self) -> IntArray:
        """Read what `coded_steps` wrote: shape (n, 2)."""
        count = self.one()
        coarse = self.take(2 * count).reshape(-1, 2)
        fine = np.frombuffer(self.bytes(2 * count), dtype=np.uint8).reshape(2, -1).T
        return coarse * FINE + fine - HALF

    def lines(self) -> list[IntArray]:
        """Read what `coded_lines` wrote."""
        counts = self.take(self.one())
        points = np.cumsum(self.steps(), axis=0)
        if counts.sum() != len(points) or (counts < 1).any():
            raise InputError("the payload has lines of other lengths than it says")
        return np.split(points, np.cumsum(counts)[:-1]) if len(counts) else []

    @property
    def finished(self) -> bool:
        """Whether all is read."""
        return self._at == len(self._blob)
