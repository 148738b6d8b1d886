"""Cells cut along lines, noded only where something runs through them.

To node a whole tessellation anew costs ten times as much as to draw it, and changes nothing
where no line runs: rings that are simple, wound alike and paired segment by segment are a
partition already. That much is proven for every cell, and only the others are noded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.composite import faces_from_linework, snap
from frontline.rings import GRID_DEG, PER_DEG, pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from frontline.rings import Rings

    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_PIECE_DEG = 0.1  # lines are looked up in pieces, for the box of a long one holds everything


@dataclass(frozen=True, eq=False)
class CutCells:
    """A theatre's cells: those that no line runs through, and the faces of the others.

    Attributes
    ----------
    whole : numpy.ndarray
        The numbers of the cells that stayed whole.
    polygons : numpy.ndarray
        Their polygons.
    faces : numpy.ndarray
        The faces into which all other cells fall.
    spots : numpy.ndarray
        A point in each of these faces.
    """

    whole: Ints
    polygons: Geometries
    faces: Geometries
    spots: Geometries


def cut_cells(
    rings: Rings,
    outline: Any,
    lines: Geometries,
    *,
    nearest: Callable[[Geometries], Ints],
    least_deg2: float = 0.0,
) -> CutCells:
    """Cut cells at the outline and along lines.

    Parameters
    ----------
    rings
        The cells, drawn past the outline.
    outline
        The theatre, longitude and latitude. Faces outside of it are dropped.
    lines
        Further lines; ends that hang loose are dropped.
    nearest
        Says for points in which cell they lie.
    least_deg2
        Cells smaller than this are noded with their neighbours, so that they come as faces.

    Notes
    -----
    Let every whole cell be a simple ring wound counter-clockwise, and let the reverse of each
    of its segments belong to one cell or face and no more. Then the winding numbers of all
    rings add up to that of the rim, which is one: cells and faces neither overlap nor leave a
    gap. Where that fails, because rounding or noding moved a vertex, the cell is noded too.
    """
    border = np.concatenate([shapely.get_parts(shapely.boundary(outline)), lines])
    polygons = rings.polygons()
    drawn = ~shapely.is_missing(polygons)
    crossed = ~drawn
    crossed[_crossed(polygons, border)] = True
    shapely.prepare(outline)
    inner = ~crossed
    corner = np.zeros(rings.count, dtype=np.int64)  # what no line runs through lies on one side
    corner[rings.ring] = rings.node
    lonlat = rings.grid[corner[inner]] / PER_DEG
    inner[inner] = shapely.intersects_xy(outline, *lonlat.T)
    outer = ~crossed & ~inner
    torn = ~drawn | (rings.area2 <= 0) | (rings.area2 * GRID_DEG**2 < 2.0 * least_deg2)
    torn |= ~shapely.is_valid(polygons)
    torn[rings.ring[rings.across < 0]] = True
    torn &= ~outer
    noded = rings.touching(torn) | crossed
    while True:
        faces, spots = _faces(rings, noded, border, outline, nearest)
        loose = _loose(rings, noded | outer, inner & ~noded, faces)
        if not loose.any():
            break
        noded |= rings.touching(loose)
    whole = np.flatnonzero(inner & ~noded)
    return CutCells(whole, polygons[whole], faces, spots)


def _crossed(polygons: Geometries, lines: Geometries) -> Ints:
    """Return the cells that some line touches."""
    if not len(lines):
        return np.array([], dtype=np.int64)
    xy, line = shapely.get_coordinates(
        shapely.segmentize(snap(lines), _PIECE_DEG), return_index=True
    )
    start = np.flatnonzero(line[1:] == line[:-1])
    pieces = shapely.linestrings(np.stack([xy[start], xy[start + 1]], axis=1))
    _, cell = shapely.STRtree(polygons).query(pieces, predicate="dwithin", distance=GRID_DEG)
    return np.unique(cell)


def _faces(
    rings: Rings,
    noded: Bools,
    border: Geometries,
    outline: Any,
    nearest: Callable[[Geometries], Ints],
) -> tuple[Geometries, Geometries]:
    """Return the faces of the cells to be noded, and a point in each."""
    if not noded.any():
        nothing = np.array([], dtype=object)
        return nothing, nothing
    faces = faces_from_linework(np.concatenate([border, rings.segments(noded)]))
    spots = shapely.point_on_surface(faces)
    shapely.prepare(outline)
    within = shapely.intersects(outline, spots)
    faces, spots = faces[within], spots[within]
    if not noded.all():  # faces may close round cells that stay whole
        own = noded[nearest(spots)]
        faces, spots = faces[own], spots[own]
    return faces, spots


def _loose(rings: Rings, beside: Bools, whole: Bools, faces: Geometries) -> Bools:
    """Say which whole cells do not meet the faces beside them segment by segment."""
    out = np.zeros(rings.count, dtype=bool)
    seam = np.flatnonzero(whole[rings.ring])
    seam = seam[beside[rings.across[seam]]]
    if not len(seam):
        return out
    sides = shapely.get_rings(shapely.orient_polygons(faces, exterior_cw=False))
    xy, ring = shapely.get_coordinates(sides, return_index=True)
    place = pack(np.rint(xy / GRID_DEG).astype(np.int64))
    start = np.flatnonzero(ring[1:] == ring[:-1])
    ends = np.concatenate([rings.node[seam], rings.node[rings.following[seam]]])
    spot = pd.factorize(np.concatenate([pack(rings.grid[ends]), place]))[0]
    head, tail, place = np.split(spot, [len(seam), 2 * len(seam)])
    count = int(spot.max()) + 1
    drawn = place[start] * count + place[start + 1]
    met = np.isin(tail * count + head, drawn) & ~np.isin(head * count + tail, drawn)
    out[rings.ring[seam[~met]]] = True
    return out
