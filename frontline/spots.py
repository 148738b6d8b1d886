"""From the chord to the geodesic: the nearest spot of a piece, mostly by a single inverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from frontline.geodesy import GEOD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.pieces import Pieces

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Answer = tuple[Floats, Floats, Floats]

_MEAN_RADIUS_M = (2.0 * GEOD.a + GEOD.b) / 3.0
_GAIN_M = 2e-4  # what a step may promise and still be believed without measuring again
_STEPS = 12
_LEAST_M = 1e-6  # the curvature of nearer points is not told from noise
_FAR_M = 1.5e7  # beyond, the way to a piece may jump round the earth: it is sampled instead
_SAMPLES = 33


class Solved(NamedTuple):
    """Where on its piece each pair is nearest, how far that is and in what direction."""

    t: Floats
    distance_m: Floats
    azimuth_deg: Floats


def solve(
    pieces: Pieces, lon: Floats, lat: Floats, row: Ints, piece: Ints, t: Floats, chord: Floats
) -> Solved:
    """Find the least geodesic from points to pieces.

    Parameters
    ----------
    pieces
        The pieces.
    lon, lat, row
        Points and their numbers, ascending.
    piece, t, chord
        A piece for each, where on it the chord is nearest, and how near.

    Notes
    -----
    The inverse problem gives the length d of the geodesic to a spot and its direction there. With
    theta the angle between that and the piece, the length changes along the piece by -cos(theta),
    and that, near the foot, by H = cot(d/R) / R less the bend of the piece towards the point (first
    and second variation of arc length; on the sphere, where the ellipsoid is off by less than a
    hundredth). The foot of the chord is so near the true one that this parabola gives the least
    length: its promise is a fraction of a millimetre. Where it promises more it is measured again.
    """
    length = pieces.length_m[piece]
    t = t.copy()
    foot = pieces.at(piece, t)
    azimuth, back, distance = _measure(pieces, lon, lat, row, piece, t, foot, chord)
    turn = np.radians(back) - pieces.direction(piece, *foot)
    move, gain = _step(turn, distance, length, t, pieces.bend[piece])
    again = np.flatnonzero(gain > _believed(distance))
    for _ in range(_STEPS):
        if not len(again):
            break
        some, lengths = piece[again], length[again]
        t[again] = np.clip(t[again] + move[again] / lengths, 0.0, 1.0)
        foot = pieces.at(some, t[again])
        azimuth[again], back, distance[again] = GEOD.inv(lon[again], lat[again], *foot)
        turn[again] = np.radians(back) - pieces.direction(some, *foot)
        move[again], gain[again] = _step(
            turn[again], distance[again], lengths, t[again], pieces.bend[some]
        )
        again = again[gain[again] > _believed(distance[again])]
    # The last step is taken by the parabola alone. Seen from the point it turns the direction.
    across = _MEAN_RADIUS_M * np.sin(distance / _MEAN_RADIUS_M)
    swing = np.divide(move * np.sin(turn), across, out=np.zeros_like(move), where=across > 0.0)
    azimuth = np.remainder(azimuth + np.degrees(swing), 360.0)
    t = np.clip(t + np.divide(move, length, out=np.zeros_like(move), where=length > 0.0), 0.0, 1.0)
    found = np.maximum(distance - gain, 0.0)
    far = np.flatnonzero(distance > _FAR_M)
    if len(far):  # of those only pieces that, at a metre a metre, may come nearer than the best
        least, number = least_of_rows(row, distance)
        far = far[(distance - length)[far] <= distance[least[number[far]]]]
        t[far], found[far], azimuth[far] = _sample(pieces, lon[far], lat[far], piece[far])
    azimuth[found == 0.0] = np.nan
    return Solved(t, found, azimuth)


def _believed(distance: Floats) -> Floats:
    """Return what gain is believed: of the smallest distances only a share."""
    return np.minimum(_GAIN_M, np.maximum(distance / 100.0, 1e-7))


def _measure(
    pieces: Pieces,
    lon: Floats,
    lat: Floats,
    row: Ints,
    piece: Ints,
    t: Floats,
    foot: tuple[Floats, Floats],
    chord: Floats,
) -> Answer:
    """Solve the inverse problem once a spot: two pieces that meet in it share the answer."""
    # Who meets the piece of least chord of the same point in the very foot?
    lead, number = least_of_rows(row, chord)
    lead = lead[number]
    first, at = piece[lead], t[lead]
    after = (piece == first + 1) & pieces.joined[piece] & (t == 0.0) & (at == 1.0)
    before = (piece == first - 1) & pieces.joined[first] & (t == 1.0) & (at == 0.0)
    same = after | before
    if not same.any():
        return _inverse(lon, lat, *foot)
    own = np.flatnonzero(~same)
    azimuth, back, distance = _inverse(lon[own], lat[own], foot[0][own], foot[1][own])
    place = np.cumsum(~same) - 1
    place[same] = place[lead[same]]
    return azimuth[place], back[place], distance[place]


def _inverse(lon: Floats, lat: Floats, lon2: Floats, lat2: Floats) -> Answer:
    """Solve the inverse problem of points that are known to be on the globe."""
    azimuth, back, distance = GEOD.inv(lon, lat, lon2, lat2)
    return np.asarray(azimuth), np.asarray(back), np.asarray(distance)


def least_of_rows(row: Ints, value: Floats) -> tuple[Ints, Ints]:
    """Return which pair has the least value of each row, and the number of each pair's row.

    Parameters
    ----------
    row
        Numbers of rows, those of one row together.
    value
        What to compare.

    Examples
    --------
    >>> least, number = least_of_rows(np.array([4, 4, 9]), np.array([2.0, 1.0, 5.0]))
    >>> least.tolist(), number.tolist()
    ([1, 2], [0, 0, 1])
    """
    begins = np.append(True, row[1:] != row[:-1])
    number = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    if len(starts) == len(row):
        return starts, number
    hit = np.flatnonzero(value == np.minimum.reduceat(value, starts)[number])[::-1]
    least = np.empty(len(starts), dtype=np.int64)
    least[number[hit]] = hit  # of several equal ones the first stays
    return least, number


def _step(
    turn: Floats, distance: Floats, length: Floats, t: Floats, bend: Floats
) -> tuple[Floats, Floats]:
    """Return the best move along each piece by the parabola at a spot, and what it gains."""
    along, aside = np.cos(turn), np.sin(turn)
    # With 1 for sin^2(theta), which it is at the foot: a point nearly on the line beside which
    # the foot was missed would else be promised a way of no end.
    curve = 1.0 / (_MEAN_RADIUS_M * np.tan(np.maximum(distance, _LEAST_M) / _MEAN_RADIUS_M))
    curve -= bend * aside
    low, high = -t * length, (1.0 - t) * length
    move = np.clip(along / np.where(curve > 0.0, curve, 1.0), low, high)
    gain = along * move - curve * move**2 / 2.0
    bad = curve <= 0.0  # the least is at one end: take the better one
    if bad.any():
        ends = np.array([low[bad], high[bad]])
        gains = along[bad] * ends - curve[bad] * ends**2 / 2.0
        better = gains.argmax(axis=0)
        pick = np.arange(len(better))
        move[bad], gain[bad] = ends[better, pick], gains[better, pick]
    worse = ~(gain > 0.0)
    move[worse] = gain[worse] = 0.0
    return move, gain


def _sample(pieces: Pieces, lon: Floats, lat: Floats, piece: Ints) -> tuple[Floats, Floats, Floats]:
    """Try spots all along pieces; so far off none between two of them is 0.1 mm nearer."""
    best = (np.zeros(len(piece)), np.full(len(piece), np.inf), np.zeros(len(piece)))
    for t in np.linspace(0.0, 1.0, _SAMPLES):
        spot = np.full(len(piece), t)
        azimuth, _, distance = GEOD.inv(lon, lat, *pieces.at(piece, spot))
        less = distance < best[1]
        for kept, new in zip(best, (spot, distance, azimuth), strict=True):
            kept[less] = new[less]
    return best
