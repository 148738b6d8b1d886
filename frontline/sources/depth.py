"""How deeply geometry is nested, found before GEOS sees it: it recurses until its stack is gone."""

from __future__ import annotations

import re
import struct
from typing import Any

import numpy as np
import shapely

MAX_NESTED = 20
# A collection opens one bracket a level, the areas within open three more.
_MAX_BRACKETS = MAX_NESTED + 4
_BRACKETS = re.compile(r"[()]")
TOO_DEEP = f"collections nested more than {MAX_NESTED} deep"

# Kinds by their number in well-known binary (OGC 06-103r4, ISO 19125).
_POINT = 1
_LINES = (2, 8)
_AREA = 3
_HOLDERS = (4, 5, 6, 7, 9, 10, 11, 12)  # several of a kind, collections, compound curves
_HEAD_BYTES = 5
_COUNT_BYTES = 4
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000


def wkt_too_deep(text: str) -> bool:
    """Say whether well-known text opens more brackets within each other than GEOS can bear.

    Examples
    --------
    >>> wkt_too_deep("POINT (1 2)"), wkt_too_deep("GEOMETRYCOLLECTION (" * 50)
    (False, True)
    """
    if text.count("(") <= _MAX_BRACKETS:
        return False
    depth = 0
    for each in _BRACKETS.finditer(text):
        depth += 1 if each[0] == "(" else -1
        if depth > _MAX_BRACKETS:
            return True
    return False


def wkb_too_deep(content: bytes) -> bool:
    """Say whether well-known binary holds collections within collections beyond the limit.

    Only the headers are looked at; one that is cut short ends the walk, as it ends that of
    GEOS, which then says what is wrong.

    Examples
    --------
    >>> deep = shapely.Point(1, 2)
    >>> for _ in range(30):
    ...     deep = shapely.GeometryCollection([deep])
    >>> wkb_too_deep(shapely.to_wkb(deep)), wkb_too_deep(shapely.to_wkb(deep.geoms[0].centroid))
    (True, False)
    """
    try:
        return _walk(content)
    except struct.error:
        return False


def _walk(content: bytes) -> bool:
    lacking: list[int] = []  # how many parts each geometry round this one still lacks
    at = 0
    while True:
        order, kind, dimensions, at = _header(content, at)
        if kind in _HOLDERS:
            lacking.append(struct.unpack_from(f"{order}I", content, at)[0])
            at += _COUNT_BYTES
            if len(lacking) > MAX_NESTED:
                return True
        elif lacking:
            at = _behind(content, at, order, kind, 8 * dimensions)
            lacking[-1] -= 1
        while lacking and lacking[-1] == 0:
            lacking.pop()
            if lacking:
                lacking[-1] -= 1
        if not lacking:
            return False


def _header(content: bytes, at: int) -> tuple[str, int, int, int]:
    order = "<" if content[at : at + 1] == b"\x01" else ">"
    (code,) = struct.unpack_from(f"{order}I", content, at + 1)
    at += _HEAD_BYTES + (_COUNT_BYTES if code & _EWKB_SRID else 0)
    iso, kind = divmod(code & 0x0FFFFFFF, 1000)  # of thousands: 1 heights, 2 measures, 3 both
    height, measure = code & _EWKB_Z or iso in (1, 3), code & _EWKB_M or iso in (2, 3)
    return order, kind, 2 + bool(height) + bool(measure), at


def _behind(content: bytes, at: int, order: str, kind: int, position_bytes: int) -> int:
    """Return where a geometry that holds no others ends; `at` is behind its header."""
    if kind == _POINT:
        return at + position_bytes
    if kind not in (*_LINES, _AREA):
        raise struct.error("no such kind")
    (count,) = struct.unpack_from(f"{order}I", content, at)
    at += _COUNT_BYTES
    if kind in _LINES:
        return at + int(count) * position_bytes
    for _ in range(count):
        (size,) = struct.unpack_from(f"{order}I", content, at)
        at += _COUNT_BYTES + size * position_bytes
    return at


def deep_rows(values: Any) -> list[int]:
    """Return the rows of a column of well-known binary, or of it in hexadecimal, too deep."""
    return [at for at, each in enumerate(values) if each is not None and _deep(each)]


def _deep(value: Any) -> bool:
    if isinstance(value, str):
        try:
            value = bytes.fromhex(value)
        except ValueError:
            return False
    return isinstance(value, bytes) and wkb_too_deep(value)


def from_wkt(texts: Any) -> tuple[np.ndarray, list[int]]:
    """Read well-known text; also return the rows that are nested too deeply, left as None."""
    given = np.array(texts, dtype=object)
    deep = [at for at, each in enumerate(given) if isinstance(each, str) and wkt_too_deep(each)]
    given[deep] = None
    with np.errstate(all="ignore"):  # what is no number is found, and named, later on
        return shapely.from_wkt(given, on_invalid="ignore"), deep


def from_wkb(values: Any) -> tuple[np.ndarray, list[int]]:
    """Read well-known binary; also return the rows that are nested too deeply, left as None."""
    given = np.array(values, dtype=object)
    deep = deep_rows(given)
    given[deep] = None
    with np.errstate(all="ignore"):  # what is no number is found, and named, later on
        return shapely.from_wkb(given, on_invalid="ignore"), deep
