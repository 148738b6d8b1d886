"""`ControlHistory`: cells that never change and the spells during which somebody held them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from frontline import _doors
from frontline.control.disputes import contradictions
from frontline.control.fronts import grid
from frontline.control.measures import measure
from frontline.control.record import Record
from frontline.control.views import changed_between, control_at, holder_of, points_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd

    from frontline.control.infill import Infill
    from frontline.control.timeline import State


@dataclass(frozen=True, eq=False, repr=False)
class ControlHistory(Record):
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

    # --- roads in -------------------------------------------------------------------------

    @classmethod
    def from_places(
        cls,
        reports: pd.DataFrame,
        *,
        outline: Any = None,
        max_km: float | None = None,
        contested_km: float | None = None,
        places: gpd.GeoDataFrame | None = None,
        gazetteer: Any = None,
        resolve: str = "latest",
        rank: Sequence[str] | None = None,
        sources: pd.DataFrame | None = None,
        infill: Infill | bool | None = None,
        name: str | None = None,
    ) -> ControlHistory:
        """Build a history from dated control reports on places and areas.

        Parameters
        ----------
        reports
            One row a statement. Needed: `actor` (None: nobody is known to hold it),
            `valid_from`, and `place` (a name in `places` or in the gazetteer) or `geometry`
            (a point: that site; a polygon: all that lies inside, cut exactly, or with a
            column `cut` that is False the cells of the sites inside). Optional: `valid_to`;
            `status` (controlled, advance, infiltration, contested, no_data); `basis`
            (confirmed, reported, assessed, claimed); `valid_from_edtf` and `valid_to_edtf` for
            uncertain dates (EDTF may stand in `valid_from` too); `review` (accepted, or
            conflict: kept beside the others, never believed); `recorded_from` and
            `recorded_to`, when the statement was known and when it was withdrawn (missing:
            always known); `confidence`, `source`, `note`. A geometry column of a plain
            DataFrame is in longitude and latitude.
        outline
            The theatre, a polygon or frame. Without it: the hull of the sites widened by
            `max_km` (or 20 km), together with the reported areas. It may not reach across
            180 degrees of longitude yet.
        max_km
            How far a site speaks for its Thiessen cell. What lies farther is no data unless
            a report on an area speaks for it. In a history of areas alone nothing else is.
        contested_km
            Width of the strip that is contested on either side of a front between two
            actors; it never reaches past the cells that touch the front.
        places
            Further localities (`name` and/or `place_id`, points) that have a cell of their
            own even if no report names them. Those outside the outline are left out.
        gazetteer
            Anything with ``place(name)``; the bundled `Gazetteer` if None.
        resolve, rank
            Which of several statements on a cell is believed: ``"latest"``;
            ``"source-rank"`` or ``"vote"`` (a tie goes to the most trusted of the tied) with
            the sources in `rank`, most trusted first; ``"most-cautious"``: contested while
            the sources disagree, and the weakest basis where they agree. See
            `frontline.control.verdicts`.
        sources
            A frame on the sources, kept as it is and shown by `sources`.
        infill
            Assess cells between the reported ones; see `frontline.control.infill.Infill`.
            None or False: no cell follows without a report.
        name
            What the history is called.

        Raises
        ------
        InputError
            Faults in the reports, all of them in one message with their rows.
        CRSError
            A frame has no CRS, or its numbers do not fit it.

        Notes
        -----
        ``"latest"``: among the statements valid at t the one with the latest `valid_from` is
        believed; of the same instant a report on a point beats one on an area, then the
        basis decides, then what was recorded later, then the later row. A status
        ``contested`` leaves the cell with its last holder and marks it; where there is none,
        the actor that the statement names stands. "Repelled" is a statement that the holder
        still holds.

        Examples
        --------
        >>> import geopandas as gpd, shapely
        >>> reports = gpd.GeoDataFrame(
        ...     {"actor": ["A", "B", "A"],
        ...      "valid_from": ["2024-12-01", "2024-12-01", "2024-12-03 14:00"]},
        ...     geometry=gpd.points_from_xy([36.0, 36.2, 36.2], [35.0, 35.0, 35.0]), crs=4326)
        >>> h = ControlHistory.from_places(reports, outline=shapely.box(35.9, 34.9, 36.3, 35.1))
        >>> h.at("2024-12-02")[["actor", "area_km2"]].round(1).values.tolist()
        [['A', 405.1], ['B', 405.1]]
        >>> h.at("2024-12-04")["actor"].tolist()
        ['A']
        """
        from frontline.control.assemble import history_from_places

        return history_from_places(
            cls,
            reports,
            outline=outline,
            max_km=max_km,
            contested_km=contested_km,
            places=places,
            gazetteer=gazetteer,
            resolve=resolve,
            rank=rank,
            sources=sources,
            infill=infill,
            name=name,
        )

    @classmethod
    def open(cls, path: Path | str) -> ControlHistory:
        """Open a history that `save` wrote.

        Raises
        ------
        DataFileError
            The file is no history, or not one of a format that this version reads.
        """
        from frontline.control.store import open_history

        return open_history(cls, path)

    def save(self, path: Path | str) -> Path:
        """Write the history to a GeoPackage (``.gpkg``) or a folder of GeoParquet files.

        Parameters
        ----------
        path
            A name that ends in ``.gpkg``, or the name of a folder. What stands there is
            replaced only when everything is written.

        Raises
        ------
        InputError
            The place cannot be written to, or holds something that is no history.
        MissingDependencyError
            GeoParquet without the extra ``parquet``.
        """
        from frontline.control.store import save_history

        return save_history(self, path)

    def with_reports(self, more: pd.DataFrame) -> ControlHistory:
        """Return the history with further reports on its sites, as if built with them.

        Only the cells of these sites are resolved again, however large the history is.

        Parameters
        ----------
        more
            Reports as in `from_places`, each on a point of a report or place of this history.

        Raises
        ------
        InputError
            Faults in the reports; a report that would draw new cells; a history with infill
            or contested strips, which its reports draw.
        """
        from frontline.control.amend import history_with

        return history_with(self, more)

    def without_infill(self) -> ControlHistory:
        """Return the same history without what the infill rule assessed."""
        from frontline.control.assemble import strip_infill

        return strip_infill(self)

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
            Which of actor, status, basis and dating to tell apart. The dating of an area is
            ``"unsure"`` where a report's date leaves open whether it held at the instant.

        Returns
        -------
        geopandas.GeoDataFrame
            `actor` (None: nobody known), `status`, `area_km2`, geometry in EPSG:4326.
        """
        unsure = self._unsure(when, as_of)
        return control_at(self.composite, self.timeline, when, as_of=as_of, by=by, unsure=unsure)

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
            A GeoSeries, or shapely points or (lon, lat) pairs.
        when
            One date, or one for each point.
        as_of
            As in `at`.

        Returns
        -------
        pandas.Series
            Actors, aligned with `points`; None where nobody is known to hold it.
        """
        return holder_of(self.composite, self.timeline, points, when, as_of=as_of)

    def distance_to_front(
        self, points: Any, when: Any, *, between: Any = None, as_of: Any = None
    ) -> pd.Series[Any]:
        """Return the geodesic distance of points to the front in metres, NaN where there is none.

        Parameters
        ----------
        points, when, as_of
            As in `holder`.
        between
            Two actors, to measure to their front alone.
        """
        return self._fronts.distance_to_front(points, when, between=between, as_of=as_of)

    def _instants(self, start: Any, end: Any, freq: str, as_of: Any) -> pd.DatetimeIndex:
        # A case opens with a state of its own, which is no change that anybody reported.
        start = self.meta.get("starts") if start is None else start
        end = self.meta.get("ends") if end is None else end
        return grid(self.timeline, start=start, end=end, freq=freq, as_of=as_of)

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
            How near the two `valid_from` must be; None: however far, while both stand, each
            until its own source says something else.

        Returns
        -------
        pandas.DataFrame
            One row a pair: `report_a` and `report_b` (a is not later than b), `place`, actor,
            status, date and source of both, `cells` in how many they meet, and `believed`,
            who holds the first of these once both are said.
        """
        return contradictions(self._reports, self._spoke, within=within, timeline=self.timeline)

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
