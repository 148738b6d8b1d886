"""Further lines in a composite: only the cells that they touch are cut, the rest stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import CRS, OUTSIDE, Composite, edges_of
from frontline.drawing import PER_DEG
from frontline.edges import areas_m2, lengths_m
from frontline.noding import Noded, distinct_pairs, node_segments, pixel_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

_REACH_DEG = 3e-7
_UNKNOWN = -2
_MOST_ROUNDS = 50


@dataclass(frozen=True, eq=False)
class Patch:
    """A composite with further lines in it.

    Attributes
    ----------
    composite : Composite
        Cells that were not cut keep their numbers, and so does the largest part of one that
        was; other parts and new cells stand behind them.
    origin : numpy.ndarray
        For every cell the old cell that it is part of, -1 where there was none.
    segments, pieces
        Segments that were cut, the new ones among them, as grid coordinates (x1, y1, x2, y2),
        and their pieces.
    """

    composite: Composite
    origin: Ints
    segments: Ints
    pieces: Noded


def grid_of(lonlat: NDArray[np.float64]) -> Ints:
    """Return coordinates of a composite as steps of 1e-7 degrees."""
    return np.rint(lonlat * PER_DEG).astype(np.int64)


def segments_of(geometries: Geometries) -> Ints:
    """Return the segments of rings or lines on the grid, shape (segments, 4)."""
    xy, part = shapely.get_coordinates(geometries, return_index=True)
    steps = grid_of(xy)
    begin = np.flatnonzero(part[1:] == part[:-1])
    return np.hstack([steps[begin], steps[begin + 1]])


def first_segments(lines: Geometries) -> Ints:
    """Return the first segment of every line on the grid, shape (lines, 4)."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(line, np.arange(len(lines)))
    return np.hstack([grid_of(xy[first]), grid_of(xy[first + 1])])


def low_end_first(segments: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Return segments with their lower end first, and which of them were turned."""
    swap = pixel_key(segments[:, :2]) > pixel_key(segments[:, 2:])
    return np.where(swap[:, None], segments[:, [2, 3, 0, 1]], segments), swap


def unique_rows(segments: Ints) -> tuple[Ints, Ints]:
    """Return the distinct segments, and the number among them of each."""
    first, inverse = distinct_pairs(pixel_key(segments[:, :2]), pixel_key(segments[:, 2:]))
    return segments[first], inverse


def patch(composite: Composite, segments: Ints, *, keep_voids: bool) -> Patch:
    """Draw segments into a composite.

    Parameters
    ----------
    composite
        Whose vertices lie on the grid of 1e-7 degrees.
    segments
        Grid coordinates (x1, y1, x2, y2), shape (segments, 4); none of them is there yet.
    keep_voids
        Whether faces between the new lines that were in no cell become cells.

    Notes
    -----
    Where a cut moves a border by a step of the grid, the cell beyond it is cut too, so that
    neighbours go on sharing their vertices.
    """
    same = np.arange(len(composite))
    empty = np.empty((0, 2), dtype=np.int64)
    unchanged = Patch(composite, same, segments, Noded(same[:0], empty, empty))
    if not (len(segments) or keep_voids):
        return unchanged
    lines = shapely.linestrings(segments.reshape(-1, 2, 2) / PER_DEG)
    touched = np.unique(composite.tree.query(lines, predicate="dwithin", distance=_REACH_DEG)[1])
    for _ in range(_MOST_ROUNDS):
        # Lines beyond all cells enclose land together with the cells' outer borders, and so do
        # these alone: a hole in which nobody was ever drawn is no cell yet.
        old, sides = _borders(composite, touched, outside=keep_voids)
        drawn = np.vstack([old, segments])
        pieces = _noded(drawn, len(old))
        cut = np.flatnonzero(np.bincount(pieces.parent, minlength=len(drawn))[: len(old)] > 1)
        beyond = np.setdiff1d(sides[cut], np.append(touched, OUTSIDE))
        if not len(beyond):
            break
        touched = np.union1d(touched, beyond)
    faces, owner = _faces(composite, pieces, sides)
    mine = np.isin(owner, touched) | ((owner == OUTSIDE) & keep_voids)
    if not (len(segments) or mine.any()):
        return unchanged
    return _replaced(composite, touched, faces[mine], owner[mine], drawn, pieces)


def _noded(drawn: Ints, old: int) -> Noded:
    """Node segments of which the first `old` are noded among themselves.

    Only those near a new one, or near one that is bent by it, can change.
    """
    low = np.minimum(drawn[:, :2], drawn[:, 2:]) - 2
    high = np.maximum(drawn[:, :2], drawn[:, 2:]) + 2
    boxes = shapely.box(*low[:old].T, *high[:old].T)
    moved = np.arange(old, len(drawn))
    near = np.zeros(len(drawn), dtype=bool)
    near[moved] = True
    tree = shapely.STRtree(boxes)
    while True:
        hit = tree.query(shapely.box(*low[moved].T, *high[moved].T))[1]
        near[hit] = True
        chosen = np.flatnonzero(near)
        part = node_segments(drawn[chosen, :2], drawn[chosen, 2:])
        bent = chosen[np.bincount(part.parent, minlength=len(chosen)) != 1]
        if np.isin(bent, moved).all():
            break
        moved = np.union1d(moved, bent)
    rest = np.flatnonzero(~near)
    parent = np.concatenate([chosen[part.parent], rest])
    order = np.argsort(parent, kind="stable")
    start = np.vstack([part.start, drawn[rest, :2]])[order]
    return Noded(parent[order], start, np.vstack([part.end, drawn[rest, 2:]])[order])


def _borders(composite: Composite, touched: Ints, *, outside: bool) -> tuple[Ints, Ints]:
    """Return the segments on the borders of cells, lower end first, and the cells beside them."""
    was = np.zeros(len(composite) + 1, dtype=bool)
    was[touched] = True
    was[OUTSIDE] = outside
    edge = np.flatnonzero(was[composite.sides].any(axis=1))
    xy, line = shapely.get_coordinates(composite.lines[edge], return_index=True)
    steps = grid_of(xy)
    begin = np.flatnonzero(line[1:] == line[:-1])
    segments, swapped = low_end_first(np.hstack([steps[begin], steps[begin + 1]]))
    sides = composite.sides[edge[line[begin]]]
    return segments, np.where(swapped[:, None], sides[:, ::-1], sides)


def _faces(composite: Composite, pieces: Noded, sides: Ints) -> tuple[Geometries, Ints]:
    """Return the faces between pieces, and the old cell that each lies in.

    Borders tell: a face beside a piece of an old border lies in the cell that was on that side.
    Only what touches no old border, or borders that have become one, is asked by a point.
    """
    lines, of_piece = unique_rows(low_end_first(np.hstack([pieces.start, pieces.end]))[0])
    whole = shapely.polygonize(shapely.linestrings(lines.reshape(-1, 2, 2).astype(float)))
    grid = shapely.orient_polygons(shapely.get_parts(whole), exterior_cw=False)
    faces = shapely.transform(grid, lambda xy: xy / PER_DEG)
    # Left and right of every line, as the old borders have it: _UNKNOWN if none or several do.
    beside = np.full((len(lines), 2), _UNKNOWN, dtype=np.int64)
    old = pieces.parent < len(sides)
    turned = pixel_key(pieces.start[old]) > pixel_key(pieces.end[old])
    told = sides[pieces.parent[old]]
    told = np.where(turned[:, None], told[:, ::-1], told)
    line = of_piece[old]
    single = np.bincount(line, minlength=len(lines)) == 1
    beside[line] = told
    beside[~single] = _UNKNOWN
    rings, face = shapely.get_rings(grid, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.rint(xy).astype(np.int64)
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    wanted, swapped = low_end_first(np.hstack([steps[begin], steps[begin + 1]]))
    _, inverse = unique_rows(np.vstack([lines, wanted]))
    number = np.empty(len(lines), dtype=np.int64)
    number[inverse[: len(lines)]] = np.arange(len(lines))
    claim = beside[number[inverse[len(lines) :]], swapped.astype(np.int64)]
    known = claim != _UNKNOWN
    owner = np.full(len(faces), _UNKNOWN, dtype=np.int64)
    owner[face[ring[begin]][known]] = claim[known]
    asked = np.flatnonzero(owner == _UNKNOWN)
    owner[asked] = composite.cells_at(shapely.point_on_surface(faces[asked]), reach_deg=0.0)
    return faces, owner


def _replaced(
    composite: Composite,
    touched: Ints,
    faces: Geometries,
    owner: Ints,
    drawn: Ints,
    pieces: Noded,
) -> Patch:
    """Put faces in the place of the touched cells."""
    count = len(composite)
    # The largest part of a cell takes its number.
    order = np.lexsort((-shapely.area(faces), owner))
    faces, owner = faces[order], owner[order]
    first = np.ones(len(owner), dtype=bool)
    first[1:] = owner[1:] != owner[:-1]
    first &= owner != OUTSIDE
    number = np.where(first, owner, 0)
    number[~first] = count + np.arange(int((~first).sum()))
    total = count + int((~first).sum())
    polygons = np.empty(total, dtype=object)
    polygons[:count] = composite.polygons
    polygons[touched] = shapely.Polygon()  # a sliver may vanish; its number stays, empty
    polygons[number] = faces
    origin = np.arange(total)
    origin[number] = owner
    cells = pd.DataFrame(
        {
            str(name): _taken(column, origin)
            for name, column in composite.cells.drop(columns="geometry").items()
        }
    )
    area = np.concatenate([composite.area_km2, np.zeros(total - count)])
    area[touched] = 0.0
    area[number] = areas_m2(faces) / 1e6
    cells["area_km2"] = area
    frame = gpd.GeoDataFrame(cells, geometry=polygons, crs=CRS).rename_axis("cell")
    land = faces[owner == OUTSIDE]
    shore = np.unique(composite.tree.query(land, predicate="intersects")[1])
    edges = _edges(composite, polygons, touched, np.setdiff1d(shore, touched), number)
    return Patch(replace(composite, cells=frame, edges=edges), origin, drawn, pieces)


def _taken(column: pd.Series[Any], origin: Ints) -> pd.Series[Any]:
    """Return what a column says of the old cells; of new land it says nothing."""
    nothing = {"i": OUTSIDE, "b": False, "f": 0.0}.get(column.dtype.kind)
    values = column.to_numpy()
    padded = np.append(values, np.array([nothing], dtype=values.dtype))
    return pd.Series(padded[origin], dtype=column.dtype)  # OUTSIDE is the last


def _edges(
    composite: Composite, polygons: Geometries, touched: Ints, shore: Ints, number: Ints
) -> Any:
    """Return the edges of the patched composite.

    Edges between cells that were not touched are as before, but for the outer edges of cells
    on the shore of new land.
    """
    count = len(composite)
    was, near = np.zeros((2, count + 1), dtype=bool)
    was[touched], near[shore] = True, True
    sides = composite.sides
    stale = was[sides].any(axis=1) | (near[sides[:, 0]] & (sides[:, 1] == OUTSIDE))
    around = np.union1d(sides[stale | near[sides].any(axis=1)].ravel(), shore)
    local = np.concatenate([number, np.setdiff1d(around, np.append(touched, OUTSIDE))])
    left, right, lines = edges_of(polygons[local])
    new = len(number)
    coast = np.isin(local, shore)
    coast[:new] = False
    fresh = (left < new) | ((right >= 0) & (right < new)) | (coast[left] & (right == OUTSIDE))
    left, right, lines = left[fresh], right[fresh], lines[fresh]
    left, right = local[left], np.where(right == OUTSIDE, OUTSIDE, local[right])
    turn = (right != OUTSIDE) & (right < left)
    left, right = np.where(turn, right, left), np.where(turn, left, right)
    lines[turn] = shapely.reverse(lines[turn])
    kept = ~stale
    table = pd.DataFrame(
        {
            "left": np.concatenate([sides[kept, 0], left]),
            "right": np.concatenate([sides[kept, 1], right]),
            "length_km": np.concatenate([composite.length_km[kept], lengths_m(lines) / 1e3]),
        }
    )
    shapes = np.concatenate([composite.lines[kept], lines])
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS).rename_axis("edge")


def without(composite: Composite, keep: NDArray[np.bool_]) -> Composite:
    """Return a composite without some of its cells; what they covered lies outside then."""
    if keep.all():
        return composite
    number = np.append(np.where(keep, np.cumsum(keep) - 1, OUTSIDE), OUTSIDE)
    sides, lines = number[composite.sides], composite.lines.copy()
    turn = (sides[:, 0] == OUTSIDE) & (sides[:, 1] != OUTSIDE)
    sides[turn] = sides[turn][:, ::-1]
    lines[turn] = shapely.reverse(lines[turn])
    real = sides[:, 0] != OUTSIDE
    table = pd.DataFrame(
        {
            "left": sides[real, 0],
            "right": sides[real, 1],
            "length_km": composite.length_km[real],
        }
    )
    edges = gpd.GeoDataFrame(table, geometry=lines[real], crs=CRS).rename_axis("edge")
    cells = composite.cells[keep].reset_index(drop=True).rename_axis("cell")
    return replace(composite, cells=cells, edges=edges)
