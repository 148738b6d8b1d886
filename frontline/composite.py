"""The space-time composite: atomic cells that never split, and the edges that they share.

Langran and Chrisman's composite keeps the geometry of a changing map once. Every border that
is ever needed is drawn and noded a single time; what changes later is only who holds a cell.
This module knows nothing of wars or dates: lines go in, a partition with shared vertices
comes out.

All coordinates lie on a grid of 1e-6 degrees (about 0.1 m). Edges are straight in
longitude and latitude (RFC 7946), in lengths and in areas alike, so that sums close.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from frontline.edges import areas_m2, lengths_m
from frontline.errors import InputError
from frontline.locator import Locator
from frontline.partitions import Lean, computed_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]
    Ints = NDArray[np.int64]

GRID_DEG = 1e-6
#: Where lines of dated maps cross they lie on a finer grid; see `frontline.drawing`.
FINE_DEG = 1e-7
CRS = "EPSG:4326"
OUTSIDE = -1

_AREA = 2
#: Of more cells the areas of one holder are drawn from their borders.
_FEW = 1_000
#: For so many points a grid is worth being laid.
_MANY = 20_000


@dataclass(frozen=True, eq=False)
class Composite(Lean):
    """A partition of a theatre into cells, with the edges between them.

    Attributes
    ----------
    cells : geopandas.GeoDataFrame
        Index `cell` (0 .. n-1), `area_km2` on the ellipsoid, geometry `Polygon`.
    edges : geopandas.GeoDataFrame
        `left` and `right` (cell ids as seen walking the line, -1 outside the theatre),
        `length_km`, geometry `LineString`: each the longest chain between the same two cells.
    """

    cells: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame

    @classmethod
    def from_polygons(cls, polygons: Sequence[Any] | Geometries) -> Composite:
        """Build the composite of polygons that already share their vertices.

        Parameters
        ----------
        polygons
            Polygons in longitude and latitude on the grid of 1e-6 degrees, as
            `faces_from_linework` and `merge_faces` return them.

        Raises
        ------
        InputError
            Two polygons overlap.

        Examples
        --------
        >>> import shapely
        >>> squares = [shapely.box(36, 35, 37, 36), shapely.box(37, 35, 38, 36)]
        >>> pair = Composite.from_polygons(squares)
        >>> len(pair.cells), len(pair.edges)
        (2, 3)
        >>> inner = pair.edges[pair.edges["right"] >= 0].iloc[0]
        >>> round(float(inner.length_km), 1)
        110.9
        """
        polys: Geometries = np.asarray(polygons, dtype=object)
        left, right, lines = edges_of(polys)
        cells = gpd.GeoDataFrame(
            {"area_km2": areas_m2(polys) / 1e6}, geometry=polys, crs=CRS
        ).rename_axis("cell")
        edges = gpd.GeoDataFrame(
            {"left": left, "right": right, "length_km": lengths_m(lines) / 1e3},
            geometry=lines,
            crs=CRS,
        ).rename_axis("edge")
        return cls(cells, edges)

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def polygons(self) -> Geometries:
        """The cells' geometries as an array."""
        return np.asarray(self.cells.geometry.array, dtype=object)

    @cached_property
    def lines(self) -> Geometries:
        """The edges' geometries as an array."""
        return np.asarray(self.edges.geometry.array, dtype=object)

    @cached_property
    def area_km2(self) -> NDArray[np.float64]:
        """Area of every cell."""
        return np.asarray(self.cells["area_km2"], dtype=np.float64)

    @cached_property
    def length_km(self) -> NDArray[np.float64]:
        """Length of every edge."""
        return np.asarray(self.edges["length_km"], dtype=np.float64)

    @cached_property
    def sides(self) -> Ints:
        """Cell ids to the left and right of every edge, shape (edges, 2)."""
        return np.asarray(self.edges[["left", "right"]], dtype=np.int64)

    @computed_once
    def tree(self) -> shapely.STRtree:
        """Search tree over the cells."""
        return shapely.STRtree(self.polygons)

    def cells_at(self, points: Geometries, *, reach_deg: float = GRID_DEG) -> Ints:
        """Return the cell that holds each point, -1 where none does.

        A point on a border belongs to the cell with the lower number.

        Parameters
        ----------
        points
            In longitude and latitude.
        reach_deg
            How far outside of all cells a point may lie and still belong to one: cells lie
            on the grid, so a point on the outline as it was given may miss them by a step.

        Examples
        --------
        >>> import shapely
        >>> one = Composite.from_polygons([shapely.box(36, 35, 37, 36)])
        >>> one.cells_at(shapely.points([[36.5, 35.5], [0.0, 0.0]])).tolist()
        [0, -1]
        """
        if len(points) >= _MANY and len(self):
            return self.cells_of(*shapely.get_coordinates(points).T, reach_deg=reach_deg)
        found = self._holding(points)
        if reach_deg > 0:
            missed = np.flatnonzero(found == OUTSIDE)
            found[missed] = self._beside(points[missed], reach_deg)
        return found

    def cells_of(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], *, reach_deg: float = GRID_DEG
    ) -> Ints:
        """Return the cell at each pair of coordinates, as `cells_at` does for points.

        Millions of pairs are answered without a geometry being made of each.
        """
        if len(lon) < _MANY or not len(self):
            return self.cells_at(shapely.points(lon, lat), reach_deg=reach_deg)
        found: Ints
        found, doubt = self.locator.cells_of(lon, lat, reach_deg=reach_deg)
        if reach_deg > 0:
            missed = np.flatnonzero(doubt)
            found[missed] = self._beside(shapely.points(lon[missed], lat[missed]), reach_deg)
        return found

    def _beside(self, points: Geometries, reach_deg: float) -> Ints:
        nearest = np.full(len(points), len(self), dtype=np.int64)
        if len(points):
            where, cell = self.tree.query(points, predicate="dwithin", distance=reach_deg)
            np.minimum.at(nearest, where, cell)
        nearest[nearest == len(self)] = OUTSIDE
        return nearest

    def _holding(self, points: Geometries) -> Ints:
        found = np.full(len(points), len(self), dtype=np.int64)
        where, cell = self.tree.query(points, predicate="intersects")
        np.minimum.at(found, where, cell)
        found[found == len(self)] = OUTSIDE
        return found

    @computed_once
    def locator(self) -> Locator:
        """A grid that finds the cells of many points."""
        return Locator(self.lines, self.sides, self._holding)

    def dissolve(self, codes: Ints) -> tuple[Ints, Geometries]:
        """Merge the cells of equal code.

        Parameters
        ----------
        codes
            One integer a cell; cells with a negative code are left out.

        Returns
        -------
        codes, geometries
            The distinct codes in ascending order, and one (multi)polygon for each.
        """
        wanted = np.unique(codes[codes >= 0])
        if len(self) > _FEW:
            return wanted, self._between_borders(codes, wanted)
        merged = [shapely.coverage_union_all(self.polygons[codes == code]) for code in wanted]
        return wanted, np.array([_flat(m) for m in merged], dtype=object)

    def _between_borders(self, codes: Ints, wanted: Ints) -> Geometries:
        """Draw the areas of equal code from the edges whose sides differ; most do not."""
        codes = np.append(np.maximum(codes, OUTSIDE), OUTSIDE)  # the last stands for outside
        left, right = codes[self.sides].T
        border = np.flatnonzero(left != right)
        drawn = shapely.polygonize(self.lines[border])
        faces = shapely.orient_polygons(shapely.get_parts(drawn), exterior_cw=False)
        # A face lies on the left of its ring: its first segment is one of an edge, or of one back.
        lines, line = shapely.get_coordinates(self.lines[border], return_index=True)
        shells, shell = shapely.get_coordinates(shapely.get_exterior_ring(faces), return_index=True)
        node = _node_ids(np.concatenate([lines, shells]))
        begin = np.flatnonzero(line[1:] == line[:-1])
        first = len(lines) + np.searchsorted(shell, np.arange(len(faces)))
        stride = int(node.max(initial=0)) + 1
        one, two, edge = node[begin], node[begin + 1], border[line[begin]]
        key = np.concatenate([one * stride + two, two * stride + one])
        code = np.concatenate([left[edge], right[edge]])
        order = np.argsort(key)
        found = order[np.searchsorted(key[order], node[first] * stride + node[first + 1])]
        of_face = code[found]
        out = np.empty(len(wanted), dtype=object)
        for i, each in enumerate(wanted.tolist()):
            parts = faces[of_face == each]
            out[i] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
        return out


def snap(geometries: Any) -> Any:
    """Round coordinates to the grid of 1e-6 degrees without touching the topology."""
    return shapely.transform(geometries, _to_grid)


def faces_from_linework(lines: Sequence[Any] | Geometries) -> Geometries:
    """Node lines once on the grid and return the polygons between them.

    Parameters
    ----------
    lines
        Lines in longitude and latitude. Ends that hang loose are dropped, so a line may run
        a little past the one that it should meet.

    Notes
    -----
    Noding is snap rounding (Hobby 1999, in GEOS OverlayNG): every crossing is put on the grid
    at once, so neighbours share each vertex exactly and no second rounding is needed.

    Examples
    --------
    >>> import shapely
    >>> cross = [shapely.box(0, 0, 2, 2).exterior, shapely.LineString([(1, -1), (1, 3)])]
    >>> len(faces_from_linework(cross))
    2
    """
    rounded = snap(np.asarray(lines, dtype=object))
    noded = shapely.union_all(rounded[shapely.length(rounded) > 0], grid_size=GRID_DEG)
    faces: Geometries = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return faces


def merge_faces(
    faces: Geometries, keys: Ints, *, sliver_deg2: float = 0.0
) -> tuple[Geometries, Ints, Ints]:
    """Merge neighbouring faces of equal key, and slivers with their longest neighbour.

    Parameters
    ----------
    faces, keys
        The faces and one integer each, which says what a face belongs to.
    sliver_deg2
        Faces smaller than this take over the key of the neighbour with which they share most.

    Returns
    -------
    polygons, keys, source
        The merged polygons, their keys, and for each the number of a face in it (the largest).
    """
    if not len(faces):
        return faces, keys, np.arange(0)
    left, right, lines = edges_of(faces)
    inner = right >= 0
    left, right, weight = left[inner], right[inner], shapely.length(lines[inner])
    size = shapely.area(faces)
    keys = keys.copy()
    owner = np.arange(len(faces))
    if sliver_deg2 > 0:
        both = np.concatenate([np.c_[left, right], np.c_[right, left]])
        heavy = np.concatenate([weight, weight])
        usable = (size[both[:, 0]] < sliver_deg2) & (size[both[:, 1]] >= sliver_deg2)
        order = np.argsort(heavy[usable])
        chosen = both[usable][order]  # the longest comes last and stays
        owner[chosen[:, 0]] = chosen[:, 1]
        keys = keys[owner]
    same = keys[left] == keys[right]
    graph = coo_array(
        (np.ones(same.sum()), (left[same], right[same])), shape=(len(faces), len(faces))
    )
    count, part = connected_components(graph, directed=False)
    order = np.lexsort((-size, part))
    starts = np.searchsorted(part[order], np.arange(count))
    source = order[starts]
    ends = np.append(starts[1:], len(order))
    polygons = faces[source].copy()
    for i in np.flatnonzero(ends - starts > 1):
        merged = shapely.coverage_union_all(faces[order[starts[i] : ends[i]]])
        polygons[i] = _flat(merged)
    return polygons, keys[source], source


def edges_of(polygons: Geometries) -> tuple[Ints, Ints, Geometries]:
    """Return the shared edges of a partition: left cell, right cell, line.

    Parameters
    ----------
    polygons
        Polygons that share their vertices, on the grid.

    Raises
    ------
    InputError
        Two polygons lie on the same side of a segment, so they overlap.
    """
    empty = np.array([], dtype=np.int64)
    if not len(polygons):
        return empty, empty, np.array([], dtype=object)
    # Exteriors counter-clockwise, holes clockwise: the cell is always on the left.
    oriented = shapely.orient_polygons(polygons, exterior_cw=False)
    rings, cell_of_ring = shapely.get_rings(oriented, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    node = _node_ids(xy)
    start = np.flatnonzero(np.append(ring[1:] == ring[:-1], False))
    a, b = node[start], node[start + 1]
    ring, cell = ring[start], cell_of_ring[ring[start]]
    stride = int(node.max()) + 1
    key = a * stride + b
    order = np.argsort(key, kind="stable")
    if (np.diff(key[order]) == 0).any():
        raise InputError("cells overlap: two of them lie on the same side of one border segment")
    twin = np.searchsorted(key, b * stride + a, sorter=order)
    twin = order[np.minimum(twin, len(key) - 1)]
    other = np.where(key[twin] == b * stride + a, cell[twin], OUTSIDE)
    # A chain starts wherever the neighbour changes; a ring's last chain runs on into its first.
    first = np.flatnonzero(np.append(True, ring[1:] != ring[:-1]))
    length = np.diff(np.append(first, len(ring)))
    of_ring = np.repeat(np.arange(len(first)), length)
    before = np.arange(len(ring)) - 1
    before[first] = first + length - 1
    breaks = other != other[before]
    broken = np.bincount(of_ring, weights=breaks, minlength=len(first)) > 0
    since = np.cumsum(breaks)
    head = broken[of_ring] & (since == (since - breaks)[first][of_ring])
    position = np.arange(len(ring)) + np.where(head, length[of_ring], 0)
    walk = np.lexsort((position, of_ring))
    breaks[first[~broken]] = True
    chain = np.cumsum(breaks[walk]) - 1
    opening = np.flatnonzero(breaks[walk])
    closing = np.append(opening[1:], len(walk)) - 1
    tail = walk[closing]
    points = np.concatenate([xy[start[walk]], xy[start[tail] + 1]])
    number = np.concatenate([chain, np.arange(len(opening))])
    sort = np.argsort(number, kind="stable")
    lines = shapely.linestrings(points[sort], indices=number[sort])
    left, right = cell[walk[opening]], other[walk[opening]]
    once = (right == OUTSIDE) | (left < right)
    return left[once], right[once], lines[once]


def coverage_faults(polygons: Geometries) -> int:
    """Count the polygons that overlap another, or share a border with other vertices than it.

    Notes
    -----
    GEOS's check of coverages finds the suspects. It also suspects a polygon beside one whose
    hole touches its own outline in one vertex (GEOS 3.14), so each suspect is held against its
    neighbours by exact predicates: insides must not meet, and borders may run along each other
    only where both have the same segments.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> coverage_faults(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))
    0
    >>> coverage_faults(np.array([shapely.box(0, 0, 1, 1), shapely.box(0.9, 0, 2, 1)]))
    2
    """
    suspect = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(polygons)))
    if not len(suspect):
        return 0
    mine, others = shapely.STRtree(polygons).query(polygons[suspect], predicate="intersects")
    pairs = {(int(i), int(j)) for i, j in zip(suspect[mine], others, strict=True) if i != j}
    return len({i for pair in pairs if _at_odds(*polygons[list(pair)]) for i in pair})


def _at_odds(one: Any, other: Any) -> bool:
    if shapely.relate_pattern(one, other, "T********"):
        return True
    ours, theirs = _segments(one), _segments(other)
    if ours <= theirs or theirs <= ours:
        return False
    rest_of_ours, rest_of_theirs = (
        shapely.multilinestrings([list(segment) for segment in segments])
        for segments in (ours - theirs, theirs - ours)
    )
    return bool(shapely.relate_pattern(rest_of_ours, rest_of_theirs, "1********"))


def _segments(polygon: Any) -> set[tuple[tuple[float, float], ...]]:
    """Every segment of the outline and the holes, its lesser end first."""
    return {
        tuple(sorted(pair))
        for ring in shapely.get_rings(shapely.get_parts(polygon))
        for pair in itertools.pairwise(ring.coords)
    }


def _node_ids(xy: NDArray[np.float64]) -> Ints:
    grid = np.rint(xy / FINE_DEG).astype(np.int64)
    return pd.factorize(grid[:, 0] * (1 << 31) + grid[:, 1])[0].astype(np.int64)


def _to_grid(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(xy / GRID_DEG) * GRID_DEG


def _flat(geometry: Any) -> Any:
    """Take a collection or a multipolygon of one apart."""
    parts = shapely.get_parts(geometry)
    polygons = parts[shapely.get_dimensions(parts) == _AREA]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)
