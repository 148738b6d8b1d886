"""Signed integers as zigzag varints, a whole array at a time.

The coding is that of Protocol Buffers (``sint64``): the sign moves to the lowest bit, then seven
bits a byte, lowest first, with the high bit set on every byte but the last. Small differences,
which is what the coordinates of a line mostly are, take one or two bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from frontline.errors import InputError

__all__ = ["decode", "encode"]

_MORE = 0x80  # the bit that says that more bytes follow
_MAX_BYTES = 10  # a 64-bit value in groups of seven bits


def encode(values: npt.ArrayLike) -> bytes:
    r"""Write integers as zigzag varints, one after the other.

    Parameters
    ----------
    values : array_like of int
        Any shape; read in C order. Each must fit in 63 bits and a sign.

    Returns
    -------
    bytes
        The coded integers, without a length in front.

    Examples
    --------
    >>> encode([0, -1, 1, -64, 64])
    b'\x00\x01\x02\x7f\x80\x01'
    >>> encode([])
    b''
    """
    signed = np.asarray(values, dtype=np.int64).ravel()
    plain = ((signed << 1) ^ (signed >> 63)).astype(np.uint64)
    if plain.size == 0:
        return b""
    widths = np.ones(plain.size, dtype=np.int64)
    for group in range(1, _MAX_BYTES):
        widths += plain >= np.uint64(1 << (7 * group))
    ends = np.cumsum(widths)
    starts = ends - widths
    out = np.zeros(int(ends[-1]), dtype=np.uint8)
    for group in range(int(widths.max())):
        present = widths > group
        bits = (plain[present] >> np.uint64(7 * group)) & np.uint64(0x7F)
        more = (widths[present] > group + 1).astype(np.uint64) << np.uint64(7)
        out[starts[present] + group] = (bits | more).astype(np.uint8)
    return out.tobytes()


def decode(blob: bytes) -> npt.NDArray[np.int64]:
    """Read back what `encode` wrote.

    Parameters
    ----------
    blob : bytes
        Zigzag varints, one after the other.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)

    Raises
    ------
    InputError
        If the last integer is cut off, or one is longer than 64 bits.

    Examples
    --------
    >>> decode(encode([3, -200, 0])).tolist()
    [3, -200, 0]
    """
    raw = np.frombuffer(blob, dtype=np.uint8)
    if raw.size == 0:
        return np.zeros(0, dtype=np.int64)
    last = raw < _MORE
    if not last[-1]:
        raise InputError("the coded integers end in the middle of one; the file is cut short")
    ends = np.flatnonzero(last)
    starts = np.concatenate(([0], ends[:-1] + 1))
    widths = ends - starts + 1
    if int(widths.max()) > _MAX_BYTES:
        raise InputError("a coded integer is longer than 64 bits; the file is damaged")
    plain = np.zeros(ends.size, dtype=np.uint64)
    for group in range(int(widths.max())):
        present = widths > group
        bits = (raw[starts[present] + group] & 0x7F).astype(np.uint64)
        plain[present] |= bits << np.uint64(7 * group)
    signed: npt.NDArray[np.int64] = (plain >> np.uint64(1)).astype(np.int64) ^ -(
        (plain & np.uint64(1)).astype(np.int64)
    )
    return signed
