"""`ControlHistory`: cells that never change and the spells during which somebody held them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd

from frontline import _doors
from frontline.control.claims import contradictions
from frontline.control.measures import measure
from frontline.control.partitions import dated
from frontline.control.reach import Reach
from frontline.control.roads import Roads
from frontline.control.views import changed_between, control_at, holder_of, points_of
from frontline.partitions import is_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd

    from frontline.control.timeline import State


@dataclass(frozen=True, eq=False, repr=False)
class ControlHistory(Roads, Reach):
    """The record of who held what in a theatre.

    Make one with `from_places` or `open`; every question is then a view.

    Notes
    -----
    Dates are anything pandas reads; naive means UTC. Intervals are half-open, [from, to).

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> reports = gpd.GeoDataFrame(
    ...     {"actor": ["A", "B", "A"],
    ...      "valid_from": ["2024-12-01", "2024-12-01", "2024-12-03 14:00"],
    ...      "recorded_from": ["2024-12-01", "2024-12-01", "2024-12-04"]},
    ...     geometry=gpd.points_from_xy([36.0, 36.2, 36.2], [35.0, 35.0, 35.0]), crs=4326)
    >>> h = ControlHistory.from_places(reports, outline=shapely.box(35.9, 34.9, 36.3, 35.1))
    >>> h
    ControlHistory('': 2 cells, 4 spells of 2 actors, 2024-12-01 to 2024-12-03)
    >>> h.front("2024-12-02")[["actor_left", "actor_right", "length_km"]].round(1)
      actor_left actor_right  length_km
    0          A           B       22.2
    >>> h.changes("2024-12-02", "2024-12-04")[["from_actor", "to_actor", "area_km2"]].round(1)
      from_actor to_actor  area_km2
    0          B        A     405.1
    >>> h.holder([(36.2, 35.0)], "2024-12-03 15:00").tolist()
    ['A']
    >>> h.holder([(36.2, 35.0)], "2024-12-03 15:00", as_of="2024-12-03 16:00").tolist()
    ['B']
    >>> h.measures().query("actor == 'A'")["gained_km2"].round(1).tolist()
    [0.0, 0.0, 0.0, 405.1]
    >>> h.distance_to_front([(36.0, 35.0)], "2024-12-02").round(-1).tolist()
    [9130.0]
    """

    # --- views ------------------------------------------------------------------------------

    def at(
        self, when: Any, *, as_of: Any = None, by: Sequence[str] = ("actor", "status")
    ) -> gpd.GeoDataFrame:
        """Return who held what at an instant: a partition of the whole theatre.

        Parameters
        ----------
        when
            The instant.
        as_of
            What was known then; None: what is known now.
        by
            Which of actor, status and basis to tell apart.

        Returns
        -------
        geopandas.GeoDataFrame
            `actor` (None: nobody known), `status`, `area_km2`, geometry in EPSG:4326.
        """
        return control_at(self.composite, self.timeline, when, as_of=as_of, by=by)

    def front(self, when: Any, *, between: Any = None, as_of: Any = None) -> gpd.GeoDataFrame:
        """Return the front at an instant, one row for each pair of actors.

        Parameters
        ----------
        when, as_of
            As in `at`.
        between
            Two actors, to see their front alone.

        Returns
        -------
        geopandas.GeoDataFrame
            `actor_left`, `actor_right` (as seen walking the lines), `length_km`,
            `confirmed_on` (the latest report on a cell beside it), geometry. The outline is
            never front; an edge against nobody is only in a history without an outline.
        """
        return self._fronts.front(when, between=between, as_of=as_of)

    def changes(self, t0: Any, t1: Any, *, as_of: Any = None) -> gpd.GeoDataFrame:
        """Return what changed hands between two instants, both directions apart.

        Returns
        -------
        geopandas.GeoDataFrame
            `from_actor`, `to_actor` (None: nobody), `area_km2`, geometry; largest first.
        """
        return changed_between(self.composite, self.timeline, t0, t1, as_of=as_of)

    def measures(
        self,
        freq: str = "D",
        *,
        start: Any = None,
        end: Any = None,
        as_of: Any = None,
        include: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Return areas, gains, losses and front lengths as one tidy table.

        Parameters
        ----------
        freq
            Step in time, a pandas frequency.
        start, end
            First and last instant; if None those of the case, or else the day of the first
            and the day after the last change.
        as_of
            As in `at`.
        include
            Which of contested, infiltration and claimed areas count for their actor; without
            it none does.

        Returns
        -------
        pandas.DataFrame
            `date`, `actor`, `area_km2` at that instant (a date is its midnight, UTC),
            `gained_km2` and `lost_km2` between the instant before and this one, both gross,
            so that gained - lost is the difference of the areas, and `front_km`.
        """
        whens = self._instants(start, end, freq, as_of)
        return measure(self._fronts, whens, as_of=as_of, include=include)

    def holder(self, points: Any, when: Any, *, as_of: Any = None) -> pd.Series[Any]:
        """Return who held each point.

        Parameters
        ----------
        points
            A GeoSeries or GeoDataFrame, a frame with the columns `lon` and `lat`, shapely points
            or (lon, lat) pairs; or a Dask Series or DataFrame of these, which is answered
            partition by partition when it is computed.
        when
            One date, or one for each point; for Dask points a Dask Series with the same
            partitions.
        as_of
            As in `at`.

        Returns
        -------
        pandas.Series
            Actors, aligned with `points`; None where nobody is known to hold it. A Dask
            Series of them for Dask points.
        """
        if is_lazy(points, when):
            return cast(
                "pd.Series[Any]",
                dated(ControlHistory.holder, self, points, when, {"as_of": as_of}),
            )
        return holder_of(self.composite, self.timeline, points, when, as_of=as_of)

    def advance(
        self,
        towards: Any,
        *,
        start: Any = None,
        end: Any = None,
        freq: str = "D",
        between: Any = None,
        as_of: Any = None,
    ) -> pd.DataFrame:
        """Return how the front moved with respect to a place.

        Parameters
        ----------
        towards
            A point, (lon, lat), or a name: of a place in the reports, of one in `places`, or
            else of one in the gazetteer with which the history was built. A file keeps the
            first two; a history from `open` asks the bundled gazetteer for other names.
        start, end, freq, as_of
            As in `measures`.
        between
            Two actors, to follow their front alone.

        Returns
        -------
        pandas.DataFrame
            `date`, `distance_km` of the nearest front, `rate_km_per_day` since the instant
            before (negative: it came nearer), `staleness_days` since a cell beside the
            nearest stretch was last reported on, and `holder` of the place.

        Raises
        ------
        AmbiguousPlaceError
            The name stands for several points of the history.
        UnknownPlaceError
            No place has that name.
        """
        point = self._point_of(towards)
        whens = self._instants(start, end, freq, as_of)
        frame = self._fronts.advance(point, whens, between=between, as_of=as_of)
        at = gpd.GeoSeries([point] * len(whens), crs=4326)
        frame["holder"] = self.holder(at, list(whens), as_of=as_of) if len(whens) else None
        return frame

    def conflicts(self, *, within: Any = "1D") -> pd.DataFrame:
        """List the statements that name different holders of a cell at nearly the same time.

        Parameters
        ----------
        within
            How near the two `valid_from` must be.
        """
        return contradictions(self._reports, self._spoke, within=within)

    def state_codes(
        self, times: Iterable[Any], *, as_of: Any = None
    ) -> tuple[np.ndarray, list[State]]:
        """Return the state of every cell at many instants as numbers.

        Returns
        -------
        codes, states
            An int32 array of shape (times, cells), and the (actor, status, basis) that each
            number stands for; 0 is no data.
        """
        return self.timeline.codes(times, as_of=as_of), list(self.timeline.states)

    def change_times(self, *, as_of: Any = None) -> pd.DatetimeIndex:
        """Return the instants at which the state of some cell may change."""
        return self.timeline.changes(as_of)

    def _point_of(self, where: Any) -> Any:
        if not isinstance(where, str):
            return points_of(where if hasattr(where, "point") else [where]).iloc[0]
        from frontline.control.assemble import point_named

        return point_named(where, self)

    # --- doors ------------------------------------------------------------------------------

    def map(self, **options: Any) -> Any:
        """Return a `folium.Map` with the time control; see `frontline.maps`."""
        return _doors.map_of(self, **options)
