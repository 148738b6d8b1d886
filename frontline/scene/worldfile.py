"""The bundled base map of the world: a file of tiles, each read on its own.

`geodata/basemap/world.bin` is made by geodata/build/world.py. Its form, whole numbers lowest byte
first:

1. ``FLW1``, the length of the head (four bytes), the head: compressed JSON with the levels, each
   with its `tile_deg`, `per_degree` and tiles as [column, row, length], in the order of the file
2. the tiles, compressed (zlib). A tile holds for every layer of `LAYERS` three counts (four bytes
   each: polygons or lines, rings or lines, points), the rings of each polygon but for lines, the
   points of each ring or line (four bytes each); then the x and y of all points, counted in grid
   steps from the tile's lower left corner, as differences whose sign is in the lowest bit: first
   the low, then the high bytes of all x, then of all y

Column 0 begins at 180 W, row 0 at 90 S. A tile is at most 32,767 steps wide.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["LAYERS", "Level", "World", "open_world", "write_world"]

MAGIC = b"FLW1"
LAYERS: tuple[tuple[str, bool], ...] = (
    ("sea", True),
    ("lakes", True),
    ("small lakes", True),
    ("rivers", False),
    ("small rivers", False),
    ("borders", False),
    ("disputed", False),
)
"""Names of the layers in the file, and whether they are areas."""

_MOST_STEPS = 32_767
_ROUND_DEG = 360


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of detail.

    Attributes
    ----------
    tile_deg : int
        Width and height of a tile, a divisor of 180.
    per_degree : int
        Grid steps in a degree.
    """

    tile_deg: int
    per_degree: int


@dataclass(frozen=True, slots=True)
class World:
    """The opened file.

    Attributes
    ----------
    blob : bytes
        The whole file.
    levels : tuple of Level
        The most detailed first.
    places : tuple of dict of (column, row) to (start, end)
        Where each level's tiles stand in the file.
    """

    blob: bytes
    levels: tuple[Level, ...]
    places: tuple[dict[tuple[int, int], tuple[int, int]], ...]

    def tiles(
        self, window: tuple[float, float, float, float], *, level: int = 0
    ) -> dict[str, list[Any]]:
        """Read the tiles that a window touches.

        Parameters
        ----------
        window : tuple of float
            West, south, east, north in degrees. It may reach beyond 180 degrees east or west:
            the shapes beyond are given there.
        level : int
            0 for the most detailed.

        Returns
        -------
        dict of str to list of shapely geometries
            By layer. Areas end at the edges of the tiles.
        """
        tile_deg = self.levels[level].tile_deg
        west, south, east, north = window
        found: dict[str, list[Any]] = {name: [] for name, _ in LAYERS}
        around = _ROUND_DEG // tile_deg
        for column in range(*_span(west + 180, east + 180, tile_deg)):
            turns, stored = divmod(column, around)
            for row in range(*_span(south + 90, north + 90, tile_deg)):
                if (stored, row) not in self.places[level]:
                    continue
                for name, shapes in self._tile(level, stored, row, turns * _ROUND_DEG).items():
                    found[name].extend(shapes)
        return found

    def _tile(self, level: int, column: int, row: int, east_deg: int) -> dict[str, Any]:
        start, end = self.places[level][column, row]
        raw = zlib.decompress(self.blob[start:end])
        detail = self.levels[level]
        corner = np.array(
            [column * detail.tile_deg - 180 + east_deg, row * detail.tile_deg - 90], dtype=float
        )
        out = {}
        at = 0
        for name, closed in LAYERS:
            wholes, parts, points = np.frombuffer(raw, "<u4", 3, at).tolist()
            at += 12
            rings = np.frombuffer(raw, "<u4", wholes if closed else 0, at)
            at += rings.nbytes
            lengths = np.frombuffer(raw, "<u4", parts, at)
            at += lengths.nbytes
            planes = np.frombuffer(raw, np.uint8, points * 4, at).reshape(2, 2, points)
            at += planes.nbytes
            if not parts:
                continue
            signs = planes[:, 0].astype(np.int32) | planes[:, 1].astype(np.int32) << 8
            steps = (signs >> 1) ^ -(signs & 1)
            xy = np.ascontiguousarray(np.cumsum(steps, axis=1).T) / detail.per_degree + corner
            ends = _offsets(lengths)
            if closed:
                whole = (ends, _offsets(rings))
                out[name] = shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, whole)
            else:
                out[name] = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, xy, (ends,))
        return out


@lru_cache(maxsize=2)
def open_world(path: Path) -> World:
    """Read the file of the world; its tiles are decoded when they are asked for.

    Raises
    ------
    InputError
        If the file is none of these.
    """
    blob = path.read_bytes()
    if blob[:4] != MAGIC:
        raise InputError(f"{path} is no base map of the world; reinstall frontline-maps")
    at = 8 + int.from_bytes(blob[4:8], "little")
    levels, places = [], []
    for given in json.loads(zlib.decompress(blob[8:at])):
        levels.append(Level(given["tile_deg"], given["per_degree"]))
        where = {}
        for column, row, length in given["tiles"]:
            where[column, row] = (at, at + length)
            at += length
        places.append(where)
    return World(blob, tuple(levels), tuple(places))


def write_world(
    path: Path, levels: Sequence[tuple[Level, Mapping[str, Sequence[Any]]]]
) -> dict[str, int]:
    """Write the file, and return how many bytes each level and layer takes.

    Parameters
    ----------
    path : Path
        Where to write.
    levels : sequence of (Level, dict of str to sequence of geometries)
        The shapes of each layer of `LAYERS`, the most detailed level first.
    """
    head, body = [], []
    sizes: dict[str, int] = {}
    for number, (level, layers) in enumerate(levels):
        if level.tile_deg * level.per_degree > _MOST_STEPS:
            raise InputError(f"{level} has more than {_MOST_STEPS} steps in a tile")
        tiles = []
        cut = {name: _by_tile(layers[name], level.tile_deg) for name, _ in LAYERS}
        for column, row in sorted({key for found in cut.values() for key in found}):
            parts = []
            for name, closed in LAYERS:
                shape = cut[name].get((column, row))
                coded = _coded(shape, level, (column, row), closed=closed)
                key = f"level {number}, {name}"
                sizes[key] = sizes.get(key, 0) + len(zlib.compress(coded, 9))
                parts.append(coded)
            if any(any(part) for part in parts):  # not nothing but counts of 0
                packed = zlib.compress(b"".join(parts), 9)
                tiles.append((column, row, len(packed)))
                body.append(packed)
        head.append({"tile_deg": level.tile_deg, "per_degree": level.per_degree, "tiles": tiles})
    coded_head = zlib.compress(json.dumps(head, separators=(",", ":")).encode(), 9)
    path.write_bytes(b"".join([MAGIC, len(coded_head).to_bytes(4, "little"), coded_head, *body]))
    return sizes


def _offsets(counts: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return where each begins, and the end."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)))


def _span(low_deg: float, high_deg: float, tile_deg: int) -> tuple[int, int]:
    return int(np.floor(low_deg / tile_deg)), int(np.ceil(high_deg / tile_deg))


def _by_tile(shapes: Sequence[Any], tile_deg: int) -> dict[tuple[int, int], Any]:
    """Cut shapes into tiles."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    tree = shapely.STRtree(parts)
    out = {}
    for row in range(180 // tile_deg):
        for column in range(_ROUND_DEG // tile_deg):
            west, south = column * tile_deg - 180, row * tile_deg - 90
            box = shapely.box(west, south, west + tile_deg, south + tile_deg)
            near = parts[tree.query(box, predicate="intersects")]
            if len(near):
                pieces = shapely.intersection(near, box)
                out[column, row] = shapely.union_all(pieces[~shapely.is_empty(pieces)])
    return out


def _coded(shape: Any, level: Level, tile: tuple[int, int], *, closed: bool) -> bytes:
    """Return one layer of one tile before compression."""
    corner = np.array([tile[0] * level.tile_deg - 180, tile[1] * level.tile_deg - 90])
    wholes: list[list[npt.NDArray[np.int64]]] = []
    if shape is not None:
        steps = shapely.transform(shape, lambda xy: (xy - corner) * level.per_degree)
        # On the grid and valid there: a reader need not mend anything.
        snapped = shapely.set_precision(steps, 1.0)
        for part in shapely.get_parts(snapped):
            if shapely.get_dimensions(part) != (2 if closed else 1):
                continue
            rings = shapely.get_rings(part) if closed else [part]
            wholes.append([shapely.get_coordinates(r).round().astype(np.int64) for r in rings])
    lines = [line for whole in wholes for line in whole]
    counts = [len(wholes), len(lines), sum(map(len, lines))]
    lengths = [*(len(whole) for whole in wholes if closed), *map(len, lines)]
    head = np.array([*counts, *lengths], dtype="<u4").tobytes()
    if not lines:
        return head
    points = np.concatenate(lines).T
    differences = points.copy()
    differences[:, 1:] -= points[:, :-1]
    signs = (differences << 1) ^ (differences >> 63)
    if signs.max() > 2 * _MOST_STEPS + 1:
        raise InputError(f"tile {tile} holds a step over {_MOST_STEPS}")
    return head + np.stack([signs & 0xFF, signs >> 8], axis=1).astype(np.uint8).tobytes()
