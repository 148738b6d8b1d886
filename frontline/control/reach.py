"""How far places are from the front: at an instant, or every day for years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.chords import geocentric, longest_chord_m
from frontline.composite import CRS
from frontline.control.claims import BEFORE, micros, stamps
from frontline.control.frames import object_series
from frontline.control.partitions import dated
from frontline.control.record import Record
from frontline.control.views import holder_of, lonlat_of, moments_of, points_of
from frontline.errors import InputError
from frontline.partitions import is_lazy
from frontline.pieces import Pieces
from frontline.segments import NearestSpots, SegmentIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Sides = tuple[Ints, Ints, Ints]

_BLOCK = 64  # states of all cells that are looked at together
_PAIRS = 1 << 20  # pairs of a place and a new edge that are looked at together
_ROUNDING_M = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class Reach(Record):
    """The questions of a history that are about distances to its front."""

    def distance_to_front(
        self,
        points: Any,
        when: Any,
        *,
        between: Any = None,
        as_of: Any = None,
        signed: str | None = None,
        details: bool = False,
    ) -> pd.Series[Any] | gpd.GeoDataFrame:
        """Return the geodesic distance of points to the front in metres, NaN where there is none.

        Parameters
        ----------
        points, when, as_of
            As in `holder`.
        between
            Two actors, to measure to their front alone.
        signed
            An actor: what lies in the area of that actor gets a negative distance.
        details
            Return where the nearest spot is, too.

        Returns
        -------
        pandas.Series or geopandas.GeoDataFrame
            Metres on WGS84, aligned with `points`, true to less than a millimetre to the edges as
            drawn (straight in longitude and latitude). With `details` a frame: `distance_m`;
            `azimuth_deg` at the point towards the front (NaN on it); `actor_left` and
            `actor_right`, the pair as in `front`; `edge`, its number in `edges`; and the nearest
            spot of the front as geometry. Lazy for Dask points.

        Raises
        ------
        InputError
            No points or dates, or `signed` or `between` name nobody who holds anything.
        """
        if is_lazy(points, when):
            options = {"between": between, "as_of": as_of, "signed": signed, "details": details}
            return cast(
                "gpd.GeoDataFrame", dated(Reach.distance_to_front, self, points, when, options)
            )
        return distances_at(
            self._fronts, points, when, between=between, as_of=as_of, signed=signed, details=details
        )

    def distances_to_front(
        self,
        places: Any,
        *,
        start: Any = None,
        end: Any = None,
        freq: str = "D",
        between: Any = None,
        as_of: Any = None,
        wide: bool = False,
    ) -> pd.DataFrame:
        """Return the geodesic distances of many places to the front at many instants.

        Parameters
        ----------
        places
            Points, as in `holder`.
        start, end, freq, as_of
            As in `measures`.
        between
            Two actors, to measure to their front alone.
        wide
            One row a date and one column a place, instead of one row for each pair.

        Returns
        -------
        pandas.DataFrame
            `date`, `place` (its label in the index of `places`), `distance_m`, by date; or, if
            `wide`, the distances alone. NaN where there is no front.

        Notes
        -----
        From one instant to the next only those places are solved again whose nearest edge is
        front no more, or that an edge new in the front may come nearer to; the answer is the same
        as that of `distance_to_front` at every instant.
        """
        series = points_of(places)
        whens = self._instants(start, end, freq, as_of)
        table = distances_over(self._fronts, series, whens, between=between, as_of=as_of)
        if wide:
            return pd.DataFrame(table, index=whens.rename("date"), columns=series.index)
        return pd.DataFrame(
            {
                "date": whens.repeat(len(series)),
                "place": np.tile(np.asarray(series.index), len(whens)),
                "distance_m": table.ravel(),
            }
        )


def distances_at(
    fronts: Fronts,
    points: Any,
    when: Any,
    *,
    between: Any,
    as_of: Any,
    signed: str | None,
    details: bool,
) -> pd.Series[Any] | gpd.GeoDataFrame:
    """Measure dated points, those with the same front together; see `Reach.distance_to_front`."""
    actors = fronts.timeline.actors
    if signed is not None and signed not in actors[1:]:
        named = ", ".join(str(name) for name in actors[1:])
        raise InputError(f"signed names {signed!r}, who holds nothing here; use one of {named}")
    lon, lat, index = lonlat_of(points)
    moments = moments_of(when, index)
    count = len(index)
    distance, azimuth = np.full(count, np.nan), np.full(count, np.nan)
    spots = np.full((count, 2), np.nan)
    nearest = np.full((3, count), -1)  # edge, left, right
    states, first, state = np.unique(
        _states(fronts, moments, as_of), return_index=True, return_inverse=True
    )
    sides = list(_sides(fronts, moments[first], between=between, as_of=as_of))
    order = np.argsort(state, kind="stable")
    ends = np.searchsorted(state[order], np.arange(len(states) + 1))
    groups: dict[bytes, list[int]] = {}
    for i, (edge, _, _) in enumerate(sides):
        groups.setdefault(edge.tobytes(), []).append(i)
    lines = fronts.composite.lines
    for members in groups.values():
        edge = sides[members[0]][0]
        rows = np.concatenate([order[ends[i] : ends[i + 1]] for i in members])
        if not (len(edge) and len(rows)):
            continue
        found = SegmentIndex.of(lines[edge]).query(lon[rows], lat[rows])
        distance[rows], azimuth[rows] = found.distance_m, found.azimuth_deg
        spots[rows] = np.column_stack([found.lon, found.lat])
        nearest[0, rows] = edge[found.line]
        begins = np.cumsum([0, *(ends[i + 1] - ends[i] for i in members)])
        for i, a, b in zip(members, begins[:-1], begins[1:], strict=True):
            for side in (1, 2):
                nearest[side, rows[a:b]] = sides[i][side][found.line[a:b]]
    if signed is not None:
        beyond = fronts.land_beyond(as_of)
        own = holder_of(fronts.composite, fronts.timeline, points, when, as_of=as_of, beyond=beyond)
        own = own == signed
        distance = np.where(own, -distance, distance)
    if not details:
        return pd.Series(distance, index=index, name="distance_m")
    return _detailed(fronts, index, distance, azimuth, spots, nearest)


def _detailed(
    fronts: Fronts,
    index: pd.Index[Any],
    distance: Floats,
    azimuth: Floats,
    spots: Floats,
    nearest: Ints,
) -> gpd.GeoDataFrame:
    actors = fronts.timeline.actors
    edge, left, right = nearest
    # Each pair in one order, nobody last, as in the table of the front.
    rank = np.append(len(actors), np.arange(1, len(actors)))
    turned = rank[left] > rank[right]
    left, right = np.where(turned, right, left), np.where(turned, left, right)
    there = edge >= 0
    spot = np.full(len(edge), None, dtype=object)
    spot[there] = shapely.points(spots[there])
    frame = gpd.GeoDataFrame(
        {
            "distance_m": distance,
            "azimuth_deg": azimuth,
            "actor_left": object_series(actors[i] if i > 0 else None for i in left.tolist()),
            "actor_right": object_series(actors[i] if i > 0 else None for i in right.tolist()),
            "edge": pd.array(np.where(there, edge, 0), dtype="Int64"),
        },
        geometry=spot,
        crs=CRS,
    )
    frame.loc[~there, "edge"] = pd.NA
    frame.index = index
    return frame


def distances_over(
    fronts: Fronts, series: gpd.GeoSeries, whens: pd.DatetimeIndex, *, between: Any, as_of: Any
) -> Floats:
    """Return the distances of places at instants, in order, shape (instants, places)."""
    out = np.full((len(whens), len(series)), np.nan)
    moments = micros(whens, open_end=BEFORE)
    states, first, state = np.unique(
        _states(fronts, moments, as_of), return_index=True, return_inverse=True
    )
    if not (len(states) and len(series)):
        return out
    edges = [edge for edge, _, _ in _sides(fronts, moments[first], between=between, as_of=as_of)]
    used = np.unique(np.concatenate(edges))
    if not len(used):
        return out
    places = _Places(*_lonlat(series), Pieces.of(fronts.composite.lines[used]))
    rows = [places.go_on(np.searchsorted(used, edge)) for edge in edges]
    return np.asarray(np.stack(rows)[state])


class _Places:
    """Places that remember their nearest line while lines come and go."""

    def __init__(self, lon: Floats, lat: Floats, pieces: Pieces) -> None:
        self._lon, self._lat = lon, lat
        self._xyz = geocentric(lon, lat)
        self._pieces = pieces
        lines = int(pieces.line.max()) + 1
        self._there = np.zeros(lines, dtype=bool)
        self._distance = np.full(len(lon), np.inf)
        self._line = np.full(len(lon), -1)
        # A ball round every line: no spot of it is outside.
        ends = np.array([[pieces.x, pieces.y, pieces.z]] * 2)
        ends[1] += [pieces.dx, pieces.dy, pieces.dz]
        begins = np.searchsorted(pieces.line, np.arange(lines))
        low = np.minimum.reduceat(ends.min(axis=0), begins, axis=1)
        high = np.maximum.reduceat(ends.max(axis=0), begins, axis=1)
        self._centre = (low + high) / 2.0
        away = np.sqrt(((ends - self._centre[:, pieces.line]) ** 2).sum(axis=1)).max(axis=0)
        self._radius = np.maximum.reduceat(away, begins) + pieces.bulge_m + _ROUNDING_M

    def go_on(self, lines: Ints) -> Floats:
        """Let these be the lines that are there, and return the distances, NaN without any."""
        now = np.zeros_like(self._there)
        now[lines] = True
        new, gone = np.flatnonzero(now & ~self._there), self._there & ~now
        lost = (self._line < 0) | gone[self._line]
        self._there = now
        if not len(lines):
            self._line[:], self._distance[:] = -1, np.inf
            return np.full(len(self._lon), np.nan)
        if len(new) and not lost.all():
            rows = np.flatnonzero(~lost)
            self._solve(rows[self._may_gain(rows, new)], new)
        if lost.any():
            self._distance[lost] = np.inf
            self._solve(np.flatnonzero(lost), lines)
        return self._distance.copy()

    def _may_gain(self, rows: Ints, new: Ints) -> NDArray[np.bool_]:
        """Say which places one of the new lines may be nearer to than what they have."""
        limit = longest_chord_m(self._distance[rows])
        out = np.zeros(len(rows), dtype=bool)
        step = max(_PAIRS // len(rows), 1)
        for start in range(0, len(new), step):
            some = new[start : start + step]
            away = [self._xyz[axis, rows, None] - self._centre[axis, some] for axis in range(3)]
            square = away[0] ** 2 + away[1] ** 2 + away[2] ** 2
            reach = limit[:, None] + self._radius[some]
            out |= (square <= reach**2).any(axis=1)
        return out

    def _solve(self, rows: Ints, lines: Ints) -> None:
        if not len(rows):
            return
        some = np.zeros_like(self._there)
        some[lines] = True
        index = SegmentIndex.of_pieces(self._pieces.take(some[self._pieces.line]))
        found: NearestSpots = index.query(self._lon[rows], self._lat[rows])
        nearer = found.distance_m < self._distance[rows]
        self._distance[rows[nearer]] = found.distance_m[nearer]
        self._line[rows[nearer]] = found.line[nearer]


def _lonlat(series: gpd.GeoSeries) -> tuple[Floats, Floats]:
    array = np.asarray(series.array, dtype=object)
    return shapely.get_x(array), shapely.get_y(array)


def _states(fronts: Fronts, moments: Ints, as_of: Any) -> Ints:
    """Return the number of the state of all cells at each moment: between changes it is one."""
    changes = micros(fronts.timeline.changes(as_of), open_end=BEFORE)
    return np.asarray(np.searchsorted(changes, moments, side="right"))


def _sides(fronts: Fronts, moments: Ints, *, between: Any, as_of: Any) -> Iterator[Sides]:
    """Yield the front's edges and the actors beside them at moments, a block of states at once."""
    for start in range(0, len(moments), _BLOCK):
        whens = stamps(moments[start : start + _BLOCK])
        for codes in fronts.timeline.actor_codes(whens, as_of=as_of):
            yield fronts.sides(codes, between=between)
