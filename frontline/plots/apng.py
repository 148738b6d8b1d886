"""Animated PNG, frame by frame, so that no more than two frames are ever kept.

Pillow writes animated PNGs too, but looks at every frame before it writes the first. The layout
is that of the PNG specification (third edition): a control chunk before each frame, the first
frame in IDAT and the others in fdAT, each only as large as what changed.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

__all__ = ["write"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTED = 3
_EFFORT = 6  # of zlib


def write(
    file: BinaryIO,
    frames: Iterable[Pixels],
    *,
    palette: Pixels,
    durations_ms: list[int],
    texts: Iterable[tuple[str, str]] = (),
) -> None:
    """Write frames of palette numbers as an animated PNG that plays without end.

    Parameters
    ----------
    file : binary file
        Where to write.
    frames : iterable of numpy.ndarray of uint8, shape (height, width)
        As many as there are durations; a frame equal to the one before is written all the same.
    palette : numpy.ndarray of uint8, shape (n, 3)
        At most 256 colours.
    durations_ms : list of int
        How long each frame stays.
    texts : iterable of (str, str)
        Key words and texts to be told in the file.
    """
    last: Pixels | None = None
    number = 0
    for frame, duration_ms in zip(frames, durations_ms, strict=True):
        if last is None:
            height, width = frame.shape
            file.write(_SIGNATURE)
            _chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _PALETTED, 0, 0, 0))
            _chunk(file, b"acTL", struct.pack(">II", len(durations_ms), 0))
            _chunk(file, b"PLTE", palette.tobytes())
            for key, text in texts:
                head = key.encode("latin-1") + b"\0\0\0\0\0"
                _chunk(file, b"iTXt", head + text.encode("utf-8"))
        x0, y0, x1, y1 = _changed(frame, last)
        part = frame[y0:y1, x0:x1]
        control = struct.pack(">IIIII", number, x1 - x0, y1 - y0, x0, y0)
        _chunk(file, b"fcTL", control + struct.pack(">HHBB", duration_ms, 1000, 0, 0))
        number += 1
        if last is None:
            _chunk(file, b"IDAT", _packed(part))
        else:
            _chunk(file, b"fdAT", struct.pack(">I", number) + _packed(part))
            number += 1
        last = frame
    _chunk(file, b"IEND", b"")


def _changed(frame: Pixels, last: Pixels | None) -> tuple[int, int, int, int]:
    """Return the box of the pixels that are unlike those of the frame before."""
    height, width = frame.shape
    if last is None:
        return 0, 0, width, height
    unlike = frame != last
    rows, columns = np.flatnonzero(unlike.any(axis=1)), np.flatnonzero(unlike.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _packed(part: Pixels) -> bytes:
    """Return rows, each with the number of its filter (none: colours are numbers), compressed."""
    rows = np.zeros((part.shape[0], part.shape[1] + 1), dtype=np.uint8)
    rows[:, 1:] = part
    return zlib.compress(rows.tobytes(), _EFFORT)


def _chunk(file: BinaryIO, name: bytes, data: bytes) -> None:
    file.write(struct.pack(">I", len(data)) + name + data)
    file.write(struct.pack(">I", zlib.crc32(name + data)))
