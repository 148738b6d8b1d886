"""Lines cut to pieces so short that each is nearly its own chord."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline.chords import LARGEST_RADIUS_M, LEAST_RADIUS_M, geocentric, geodetic
from frontline.edges import edge_table
from frontline.errors import InputError
from frontline.geodesy import GEOD, check_lonlat, planar_edge_lengths_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.edges import Edges

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: Pieces are no longer than this, and than an average edge; but never cut below the least.
MOST_M, LEAST_M = 2_000.0, 100.0
#: How far a piece may lie from its chord, metres: about what the earth rises under `MOST_M`.
_BULGE_M = 0.13
#: How far a piece may turn from the geodesic, radians, unless that moves it less than 0.01 mm.
_TURN = 1e-3
_TURN_M = 1e-5
_ROUNDING_M = 1e-8


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of lines, as chords through the earth and as what they stand for.

    Every array has one entry a piece; a piece is run from `t` = 0 to 1.

    Attributes
    ----------
    x, y, z, dx, dy, dz
        Chord: start and move, geocentric metres.
    lon, lat, dlon, dlat
        Start and move in degrees, along which the piece is straight if `planar`.
    length_m
        Length of the piece.
    bend
        Curvature against the geodesic, radians a metre, positive to the right.
    line, segment
        Which line, and which of its edges, counted from 0, a piece belongs to.
    joined
        Whether it begins where the piece before it ends.
    planar : bool
        Whether pieces are straight in longitude and latitude, or geodesics.
    bulge_m : float
        A proven bound: no point of a piece at `t` is farther from its chord at the same `t`.
    """

    x: Floats
    y: Floats
    z: Floats
    dx: Floats
    dy: Floats
    dz: Floats
    lon: Floats
    lat: Floats
    dlon: Floats
    dlat: Floats
    length_m: Floats
    bend: Floats
    line: Ints
    segment: Ints
    joined: NDArray[np.bool_]
    planar: bool
    bulge_m: float

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: Any) -> Pieces:
        """Return some of the pieces, by a mask or by ascending numbers."""
        rows = np.asarray(rows)
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        arrays = {
            each.name: getattr(self, each.name)[rows]
            for each in fields(self)
            if each.name not in ("planar", "bulge_m")
        }
        # What began at the end of a piece that was left out begins there no more.
        arrays["joined"][:1] = False
        arrays["joined"][1:] &= np.diff(rows) == 1
        return Pieces(**arrays, planar=self.planar, bulge_m=self.bulge_m)

    def at(self, piece: Ints, t: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude of spots on pieces, degrees."""
        if self.planar:
            return self.lon[piece] + self.dlon[piece] * t, self.lat[piece] + self.dlat[piece] * t
        # What lies under a geodesic along the normal of the ellipsoid is its chord.
        return geodetic(
            self.x[piece] + self.dx[piece] * t,
            self.y[piece] + self.dy[piece] * t,
            self.z[piece] + self.dz[piece] * t,
        )

    def direction(self, piece: Ints, lon: Floats, lat: Floats) -> Floats:
        """Return the azimuth of pieces at spots on them, radians."""
        if self.planar:
            return _direction(lat, self.dlon[piece], self.dlat[piece])
        lam, phi = np.radians(lon), np.radians(lat)
        dx, dy = self.dx[piece], self.dy[piece]
        out = np.cos(lam) * dx + np.sin(lam) * dy
        north = np.cos(phi) * self.dz[piece] - np.sin(phi) * out
        return np.asarray(np.arctan2(np.cos(lam) * dy - np.sin(lam) * dx, north))

    @classmethod
    def of(cls, lines: Any, edges: Edges = "planar") -> Pieces:
        """Cut all edges of an array of lines or areas; points stay points."""
        array = np.asarray(lines, dtype=object).ravel()
        table, owner = _edges_and_points(array)
        if edges not in ("planar", "geodesic"):
            raise InputError(f"edges must be 'planar' or 'geodesic', not {edges!r}")
        check_lonlat(table[:, [0, 2]], table[:, [1, 3]], what="vertex")
        starts = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])) if len(owner) else owner
        counts = np.diff(np.append(starts, len(owner)))
        segment = np.arange(len(owner)) - np.repeat(starts, counts)
        return (_planar if edges == "planar" else _geodesic)(table, owner, segment)


def _edges_and_points(array: NDArray[np.object_]) -> tuple[Floats, Ints]:
    """Return edges as lon1 lat1 lon2 lat2, and the line of each; a point is an edge of 0 m."""
    import shapely

    table, owner, _ = edge_table(array)
    parts, part_owner = shapely.get_parts(array, return_index=True)
    inner, inner_owner = shapely.get_parts(parts, return_index=True)  # collections hold multipoints
    spots = (shapely.get_type_id(inner) == 0) & ~shapely.is_empty(inner)
    if spots.any():
        xy = shapely.get_coordinates(inner[spots])
        table = np.vstack([table.reshape(-1, 4), np.hstack([xy, xy])])
        owner = np.concatenate([owner, part_owner[inner_owner[spots]]])
    order = np.argsort(owner, kind="stable")
    return table.reshape(-1, 4)[order], owner[order].astype(np.int64)


def _step_m(length_m: Floats) -> float:
    """Return how long pieces may be: short where edges are, so that the search stays sharp."""
    return float(np.clip(length_m.mean() if len(length_m) else MOST_M, LEAST_M, MOST_M))


def _spread(count: Ints) -> tuple[Ints, Floats, Floats]:
    """Return the edge of every piece, and where on it the piece begins and ends."""
    edge = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    return edge, number / count[edge], (number + 1) / count[edge]


def _planar(table: Floats, owner: Ints, segment: Ints) -> Pieces:
    """Cut edges that are straight in longitude and latitude.

    The bulge: a curve X(t) lies within max |X''| / 8 of the chord of its ends. With p and z the
    distance from the axis and the height of the meridian, X'' consists of (p'', z''), which is
    at most 1.0001 R dphi^2 (its radius of curvature M is at most R, and |dM/dphi| < 0.0102 M),
    of p dlam^2 and of 2 p' dlam, where |p'| = M |sin phi| dphi.
    """
    length = planar_edge_lengths_m(*table.T)
    move = table[:, 2:] - table[:, :2]
    d_lam, d_phi = np.abs(np.radians(move)).T
    low, high = np.sort(np.abs(np.radians(table[:, 1::2])), axis=1).T
    low = np.where(table[:, 1] * table[:, 3] < 0, 0.0, low)
    around = LARGEST_RADIUS_M * np.cos(low)  # the prime vertical's radius is at most R
    sine = np.sin(high)
    second = LARGEST_RADIUS_M * (1.0001 * d_phi**2 + 2.0 * sine * d_phi * d_lam) + around * d_lam**2
    turn = d_lam * sine
    count = np.ceil(
        np.maximum.reduce(
            [
                length / _step_m(length),
                np.sqrt(second / 8.0 / _BULGE_M),
                np.where(turn * length > 8.0 * _TURN_M, turn / _TURN, 0.0),
                np.ones(len(length)),
            ]
        )
    ).astype(np.int64)
    edge, begin, end = _spread(count)
    lon, lat = (table[edge, :2] + move[edge] * begin[:, None]).T
    lon2, lat2 = (table[edge, :2] + move[edge] * end[:, None]).T
    step = move[edge] / count[edge, None]
    first, last = (_direction(each, *step.T) for each in (lat, lat2))
    turned = np.remainder(last - first + np.pi, 2.0 * np.pi) - np.pi
    piece_m = length[edge] / count[edge]
    # Along a geodesic too the azimuth changes, by the convergence of the meridians.
    middle = np.sin(np.radians((lat + lat2) / 2.0)) * np.radians(step[:, 0])
    bend = np.divide(turned - middle, piece_m, out=np.zeros_like(piece_m), where=piece_m > 0)
    bulge = float((second / 8.0 / count**2).max()) if len(count) else 0.0
    return _pieces(
        lon, lat, lon2, lat2, step, piece_m, bend, owner[edge], segment[edge],
        planar=True, bulge_m=bulge,
    )  # fmt: skip


def _direction(lat: Floats, dlon: Floats, dlat: Floats) -> Floats:
    """Return the azimuth of moves in longitude and latitude, radians."""
    phi = np.radians(lat)
    squeeze = 1.0 - GEOD.es * np.sin(phi) ** 2
    return np.asarray(np.arctan2(dlon * np.cos(phi), dlat * (1.0 - GEOD.es) / squeeze))


def _geodesic(table: Floats, owner: Ints, segment: Ints) -> Pieces:
    """Cut geodesic edges; their X'' is at most 1 / r, the normal curvature: that is the bulge."""
    lon1, lat1, last_lon, last_lat = (np.ascontiguousarray(each) for each in table.T)
    azimuth_deg, _, length = GEOD.inv(lon1, lat1, last_lon, last_lat)
    count = np.maximum(np.ceil(length / _step_m(length)), 1).astype(np.int64)
    edge, begin, end = _spread(count)
    lon, lat, _ = GEOD.fwd(lon1[edge], lat1[edge], azimuth_deg[edge], length[edge] * begin)
    lon2, lat2, _ = GEOD.fwd(lon1[edge], lat1[edge], azimuth_deg[edge], length[edge] * end)
    lon2 = np.where(end == 1.0, last_lon[edge], lon2)
    lat2 = np.where(end == 1.0, last_lat[edge], lat2)
    piece_m = length[edge] / count[edge]
    step = np.column_stack([lon2 - lon, lat2 - lat])
    bulge = float(piece_m.max() ** 2 / (8.0 * LEAST_RADIUS_M)) if len(piece_m) else 0.0
    return _pieces(
        lon, lat, lon2, lat2, step, piece_m, np.zeros_like(piece_m), owner[edge], segment[edge],
        planar=False, bulge_m=bulge,
    )  # fmt: skip


def _pieces(
    lon: Floats,
    lat: Floats,
    lon2: Floats,
    lat2: Floats,
    step: Floats,
    length_m: Floats,
    bend: Floats,
    line: Ints,
    segment: Ints,
    *,
    planar: bool,
    bulge_m: float,
) -> Pieces:
    first, last = geocentric(lon, lat), geocentric(lon2, lat2)
    joined = np.zeros(len(lon), dtype=bool)
    joined[1:] = (np.abs(first[:, 1:] - last[:, :-1]).max(axis=0) < _ROUNDING_M) & (
        line[1:] == line[:-1]
    )
    x, y, z = first
    dx, dy, dz = last - first
    dlon, dlat = np.ascontiguousarray(step.T)
    return Pieces(
        x, y, z, dx, dy, dz, lon, lat, dlon, dlat, length_m, bend, line, segment, joined,
        planar, bulge_m,
    )  # fmt: skip
