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
    Points = tuple[Floats, Floats, Floats]  # longitudes, latitudes, geocentric (3, n)

CHUNK = 4_096  # points a time: what belongs to them stays in the cache
_LEAF = 32
_FIRST, _GROWTH, _MOST = 10, 2, 40  # neighbours asked for; beyond, all within the proven reach
_HOPE = 40.0  # how many times farther than these neighbours the next ones may still help
_PAIRS = 1 << 16  # pairs of a point and a piece held at once beyond that, or those of one point
_SHARE = 0.2  # of all pieces; from then on all are looked at
_HALF_TURN_DEG = 180.0
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

        return cKDTree(self._middles, leafsize=_LEAF)

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
        out = _unknown(count)
        order = _along_a_curve(lon, lat) if count > CHUNK else np.arange(count)
        for start in range(0, count, CHUNK):
            rows = order[start : start + CHUNK]
            for column, values in zip(out, self._chunk(lon[rows], lat[rows]), strict=True):
                column[rows] = values
        return out

    def _chunk(self, lon: Floats, lat: Floats) -> NearestSpots:
        out = _unknown(len(lon))
        points = lon, lat, geocentric(lon, lat)
        left, ask = np.arange(len(lon)), _FIRST
        reach = np.full(len(lon), np.inf)
        beyond = []
        while len(left) and ask <= _MOST and ask < len(self):
            left, far, hope = self._ask_tree(left, ask, points, out)
            reach[left] = far
            beyond.append(left[~hope])
            left = left[hope]
            ask *= _GROWTH
        rest = np.concatenate([left, *beyond])
        if len(rest):
            self._ask_all_within(rest, reach[rest], points, out)
        return out

    def _ask_tree(
        self, rows: Ints, ask: int, points: Points, out: NearestSpots
    ) -> tuple[Ints, Floats, NDArray[np.bool_]]:
        """Answer what the nearest `ask` pieces answer for certain.

        Returns the rest, how far its pieces may be, and whether a few more may answer it.
        """
        far, piece = self._tree.query(points[2][:, rows].T, k=ask)
        # The middle of a chord is on it, so the first bounds the least of the chords.
        may = far <= (self._limit_m(far[:, 0]) + self._half_m)[:, None]
        at, piece = np.nonzero(may)[0], piece[may]
        t, chord = self._to_chords(points[2][:, rows[at]], piece)
        limit = self._limit_m(_least(chord, may.sum(axis=1)))
        sure = far[:, -1] >= limit + self._half_m
        keep = (chord <= limit[at]) & sure[at]
        self._answer(rows[at[keep]], piece[keep], t[keep], chord[keep], points, out)
        rest, reach = rows[~sure], limit[~sure] + self._half_m
        near, last = far[~sure, 0], far[~sure, -1]
        return rest, reach, reach - near < _HOPE * (last - near)

    def _ask_all_within(self, rows: Ints, reach: Floats, points: Points, out: NearestSpots) -> None:
        """Answer points from all pieces within a reach, in portions."""
        xyz = points[2]
        counts = self._tree.query_ball_point(xyz[:, rows].T, reach, return_length=True)
        many = counts > len(self) * _SHARE
        counts[many] = len(self)
        portion = np.cumsum(counts) // _PAIRS + many * (1 + counts.sum())  # apart, many or few
        for number in np.unique(portion):
            some = rows[portion == number]
            if counts[portion == number][0] == len(self):  # to look up nothing is cheaper
                t, chord = self._to_chords(xyz[:, some, None], slice(None))
                keep = chord <= self._limit_m(chord.min(axis=1))[:, None]
                at, piece = np.nonzero(keep)
                t, chord = t[keep], chord[keep]
            else:
                lists = self._tree.query_ball_point(xyz[:, some].T, reach[portion == number])
                held = [np.asarray(each, dtype=np.int64) for each in lists]
                piece, count = np.concatenate(held), np.array([len(each) for each in held])
                at = np.repeat(np.arange(len(some)), count)
                t, chord = self._to_chords(xyz[:, some[at]], piece)
                keep = chord <= self._limit_m(_least(chord, count))[at]
                at, piece, t, chord = at[keep], piece[keep], t[keep], chord[keep]
            self._answer(some[at], piece, t, chord, points, out)

    def _limit_m(self, chord: Floats) -> Floats:
        """Return how far the chord of a piece may be that holds the nearest spot."""
        slack = self.pieces.bulge_m + _ROUNDING_M
        return longest_chord_m(longest_geodesic_m(chord + slack)) + slack

    def _to_chords(self, xyz: Floats, piece: Ints | slice) -> tuple[Floats, Floats]:
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
        self, rows: Ints, piece: Ints, t: Floats, chord: Floats, points: Points, out: NearestSpots
    ) -> None:
        """Measure pairs, those of a row together, and write down the nearest of each row."""
        if not len(rows):
            return
        lon, lat, _ = points
        found = solve(self.pieces, lon[rows], lat[rows], rows, piece, t, chord)
        first, _ = least_of_rows(rows, found.distance_m)
        p = piece[first]
        spot_lon, spot_lat = self.pieces.at(p, found.t[first])
        turned = np.abs(spot_lon) > _HALF_TURN_DEG
        spot_lon[turned] = np.remainder(spot_lon[turned] + 180.0, 360.0) - 180.0
        answer = (
            found.distance_m[first],
            found.azimuth_deg[first],
            spot_lon,
            spot_lat,
            self.pieces.line[p],
            self.pieces.segment[p],
        )
        for column, values in zip(out, answer, strict=True):
            column[rows[first]] = values


def _unknown(count: int) -> NearestSpots:
    """Return answers yet to be given."""
    number, ints = np.full((4, count), np.nan), np.full((2, count), -1, dtype=np.int64)
    return NearestSpots(number[0], number[1], number[2], number[3], ints[0], ints[1])


def _least(values: Floats, counts: Ints) -> Floats:
    """Return the least of each run of so many values."""
    return np.asarray(np.minimum.reduceat(values, np.cumsum(counts) - counts))


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
    return np.argsort(key.astype(np.uint32))
