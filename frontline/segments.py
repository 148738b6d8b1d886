"""The nearest spot on lines, exactly, for many points at once.

Chords through the earth find the pieces that may be nearest, the bounds of `frontline.chords`
say when none is missing, and one geodesic a point measures the rest. `docs/distance.md` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from frontline.chords import geocentric, longest_chord_m, longest_geodesic_m
from frontline.errors import InputError
from frontline.geodesy import check_lonlat
from frontline.pieces import Pieces
from frontline.spots import least_of_rows, solve

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy.spatial import cKDTree

    from frontline.edges import Edges

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHUNK = 4_096  # points a time: what belongs to them stays in the cache
_FIRST, _GROWTH, _MOST = 12, 4, 48  # neighbours asked for; beyond, all within the proven reach
_PAIRS = 1 << 19  # pairs of a point and a piece held at once, some 100 MB in all
_ROUNDING_M = 1e-6  # of geocentric coordinates and what is computed from them, amply


class NearestSpots(NamedTuple):
    """For each point the spot of the lines that is nearest.

    Attributes
    ----------
    distance_m
        Geodesic distance on WGS84.
    azimuth_deg
        Direction at the point, clockwise from north; NaN where the point lies on the line.
    lon, lat
        The spot.
    line, segment
        Number of the line in what the index was made of, and of the edge within it.
    """

    distance_m: Floats
    azimuth_deg: Floats
    lon: Floats
    lat: Floats
    line: Ints
    segment: Ints


@dataclass(frozen=True, eq=False)
class SegmentIndex:
    """Lines, ready to be asked which spot of theirs is nearest.

    Make one with `of`.

    Notes
    -----
    Edges are cut to pieces (`frontline.pieces`); a k-d tree over the middles of their chords
    proposes the nearest. Let `u` be what the least chord allows the geodesic to be at most. A
    spot that is no farther than `u` has a chord of at most ``longest_chord_m(u)``, so its piece
    lies within that and the bulge of a piece, and the middle of that piece within half its
    length more: as soon as the tree has been read so far, no piece is missing.

    Examples
    --------
    >>> import shapely
    >>> border = shapely.LineString([(36.0, 35.0), (37.0, 35.0)])
    >>> found = SegmentIndex.of([border]).query([36.5, 38.0], [35.5, 35.0])
    >>> found.distance_m.round(3).tolist()
    [55472.581, 91287.788]
    >>> found.azimuth_deg.round(1).tolist(), found.lon.round(4).tolist()
    ([180.0, 270.3], [36.5, 37.0])
    """

    pieces: Pieces

    @classmethod
    def of(cls, lines: Any, edges: Edges = "planar") -> SegmentIndex:
        """Make the index of an array of lines (or areas: their borders, or points).

        Parameters
        ----------
        lines
            Shapely geometries in longitude and latitude.
        edges
            What an edge means: ``"planar"``, straight in longitude and latitude as RFC 7946 has
            it, also where it runs beyond 180 degrees; or ``"geodesic"``, the shortest way.

        Raises
        ------
        InputError
            No line at all, or a vertex that is not on the globe.
        """
        return cls.of_pieces(Pieces.of(lines, edges))

    @classmethod
    def of_pieces(cls, pieces: Pieces) -> SegmentIndex:
        """Make the index of lines that are cut already."""
        if not len(pieces):
            raise InputError("there is no line to measure to; give at least one that is not empty")
        return cls(pieces)

    def __len__(self) -> int:
        return len(self.pieces)

    @cached_property
    def _middles(self) -> Floats:
        p = self.pieces
        return np.column_stack([p.x + p.dx / 2.0, p.y + p.dy / 2.0, p.z + p.dz / 2.0])

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree

        return cKDTree(self._middles)

    @cached_property
    def _norm(self) -> Floats:
        """The squared chord of every piece; that of a point is 1, so that it may be divided by."""
        p = self.pieces
        square = p.dx**2 + p.dy**2 + p.dz**2
        return np.where(square > 0.0, square, 1.0)

    @cached_property
    def _half_m(self) -> float:
        return float(np.sqrt(self._norm.max())) / 2.0

    def query(self, lon: ArrayLike, lat: ArrayLike) -> NearestSpots:
        """Find the nearest spot of the lines for each point.

        Parameters
        ----------
        lon, lat
            Points, degrees, one-dimensional arrays of n.

        Returns
        -------
        NearestSpots
            Arrays of n. Of spots equally near any may be named.

        Raises
        ------
        InputError
            A point that is not on the globe.

        Notes
        -----
        Points are taken along a space-filling curve, `CHUNK` at a time. Where very many pieces
        are equally near, as from the centre of a ring, the pairs are worked through in
        portions, so that memory does not follow their number.
        """
        check_lonlat(lon, lat)
        lon, lat = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (lon, lat))
        count = len(lon)
        out = NearestSpots(*(np.empty(count) for _ in range(4)), *_empty_ints(2, count))
        order = _along_a_curve(lon, lat) if count > CHUNK else np.arange(count)
        for start in range(0, count, CHUNK):
            rows = order[start : start + CHUNK]
            for column, values in zip(out, self._chunk(lon[rows], lat[rows]), strict=True):
                column[rows] = values
        return out

    def _chunk(self, lon: Floats, lat: Floats) -> NearestSpots:
        out = NearestSpots(*(np.empty(len(lon)) for _ in range(4)), *_empty_ints(2, len(lon)))
        xyz = geocentric(lon, lat)
        left = np.arange(len(lon))
        ask = _FIRST
        reach = np.full(len(lon), np.inf)
        while len(left) and ask <= _MOST and ask < len(self):
            left, reach = self._ask_tree(left, ask, (lon, lat, xyz), out)
            ask *= _GROWTH
        if len(left):
            self._ask_ball(left, reach[left], (lon, lat, xyz), out)
        return out

    def _ask_tree(
        self, rows: Ints, ask: int, points: tuple[Floats, Floats, Floats], out: NearestSpots
    ) -> tuple[Ints, Floats]:
        """Answer what the nearest `ask` pieces answer for certain; return the rest and its reach."""
        lon, lat, xyz = points
        far, piece = self._tree.query(xyz[:, rows].T, k=ask)
        t, chord = self._to_chords(xyz[:, rows, None], piece)
        limit = self._limit_m(chord.min(axis=1))
        sure = far[:, -1] >= limit + self._half_m
        keep = (chord <= limit[:, None]) & sure[:, None]
        at, slot = np.nonzero(keep)
        self._answer(rows[at], piece[at, slot], t[at, slot], chord[at, slot], (lon, lat), out)
        reach = np.full(len(lon), np.inf)
        reach[rows] = limit + self._half_m
        return rows[~sure], reach

    def _ask_ball(
        self, rows: Ints, reach: Floats, points: tuple[Floats, Floats, Floats], out: NearestSpots
    ) -> None:
        """Answer points from all pieces within a reach, in portions."""
        lon, lat, xyz = points
        if len(self) <= _MOST:
            counts = np.full(len(rows), len(self))
        else:
            counts = self._tree.query_ball_point(xyz[:, rows].T, reach, return_length=True)
        portion = np.cumsum(counts) // _PAIRS
        for number in np.unique(portion):
            some = portion == number
            some_rows, some_counts = rows[some], counts[some]
            if len(self) <= _MOST:
                piece = np.tile(np.arange(len(self)), len(some_rows))
            else:
                lists = self._tree.query_ball_point(xyz[:, some_rows].T, reach[some])
                piece = np.concatenate([np.asarray(each, dtype=np.int64) for each in lists])
            at = np.repeat(np.arange(len(some_rows)), some_counts)
            t, chord = self._to_chords(xyz[:, some_rows[at]], piece)
            starts = np.cumsum(some_counts) - some_counts
            limit = self._limit_m(np.minimum.reduceat(chord, starts))
            keep = chord <= limit[at]
            self._answer(some_rows[at[keep]], piece[keep], t[keep], chord[keep], (lon, lat), out)

    def _limit_m(self, chord: Floats) -> Floats:
        """Return how far the chord of a piece may be that holds the nearest spot."""
        slack = self.pieces.bulge_m + _ROUNDING_M
        return longest_chord_m(longest_geodesic_m(chord + slack)) + slack

    def _to_chords(self, xyz: Floats, piece: Ints) -> tuple[Floats, Floats]:
        """Return where on the chords of pieces points are nearest, and how near."""
        p = self.pieces
        x, y, z = xyz[0] - p.x[piece], xyz[1] - p.y[piece], xyz[2] - p.z[piece]
        dx, dy, dz = p.dx[piece], p.dy[piece], p.dz[piece]
        t = (x * dx + y * dy + z * dz) / self._norm[piece]
        np.clip(t, 0.0, 1.0, out=t)
        x -= dx * t
        y -= dy * t
        z -= dz * t
        return t, np.sqrt(x * x + y * y + z * z)

    def _answer(
        self,
        rows: Ints,
        piece: Ints,
        t: Floats,
        chord: Floats,
        points: tuple[Floats, Floats],
        out: NearestSpots,
    ) -> None:
        """Measure pairs, sorted by row, and write down the nearest of each row."""
        if not len(rows):
            return
        lon, lat = points
        found = solve(self.pieces, lon[rows], lat[rows], rows, piece, t, chord)
        first, _ = least_of_rows(rows, found.distance_m)
        at = rows[first]
        p = piece[first]
        spot_lon, spot_lat = self.pieces.at(p, found.t[first])
        out.distance_m[at] = found.distance_m[first]
        out.azimuth_deg[at] = found.azimuth_deg[first]
        out.lon[at] = np.where(
            np.abs(spot_lon) > 180.0, np.remainder(spot_lon + 180.0, 360.0) - 180.0, spot_lon
        )
        out.lat[at] = spot_lat
        out.line[at] = self.pieces.line[p]
        out.segment[at] = self.pieces.segment[p]


def _empty_ints(several: int, count: int) -> list[Ints]:
    return [np.empty(count, dtype=np.int64) for _ in range(several)]


def _along_a_curve(lon: Floats, lat: Floats) -> Ints:
    """Return an order in which points near each other come together (Morton 1966)."""
    key = np.zeros(len(lon), dtype=np.uint64)
    for values, shift in ((lon, 0), (lat, 1)):
        low, high = values.min(), values.max()
        scaled = ((values - low) * (65535.0 / max(high - low, 1e-9))).astype(np.uint64)
        for step, mask in (
            (8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555),
        ):  # fmt: skip
            scaled = (scaled | (scaled << np.uint64(step))) & np.uint64(mask)
        key |= scaled << np.uint64(shift)
    return np.argsort(key, kind="stable")
