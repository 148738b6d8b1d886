"""The roads into and out of a history: made from reports or maps, lengthened, saved, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from frontline.control.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from frontline.control.infill import Infill


class Roads(Record):
    """How a `ControlHistory` is made, lengthened, saved and opened."""

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
    ) -> Self:
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
        >>> from frontline.control import ControlHistory
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
    def from_snapshots(
        cls,
        snapshots: Any,
        *,
        rest: str | None = None,
        outline: Any = None,
        actor: str | None = None,
        overlap: str = "raise",
        priority: Sequence[str] | None = None,
        sliver_km2: float = 0.01,
        edges: str = "planar",
        freq: str | None = None,
        sources: pd.DataFrame | None = None,
        name: str | None = None,
    ) -> Self:
        """Build a history from dated maps of control.

        Parameters
        ----------
        snapshots
            A GeoDataFrame with `date`, `actor` and polygons, one or more rows a zone; optional
            `status`, `basis` (see `from_places`; controlled and assessed by default),
            `recorded_from` (when the map was published) and `source`. Or an iterable of such
            frames, or of (date, frame or polygon) pairs in order of date: it is read once, and
            memory follows what changes, not the number of maps. What `open_source` returns
            will do in the place of a frame; its origin becomes a source.
        rest
            Who holds what nobody drew. Without `outline` that is all land outside too, of which
            only what some map drew is a cell: areas of the rest are no totals then.
        outline
            The theatre, a polygon or frame; what is drawn beyond it is left out and reported.
        actor
            Whose the zones are in maps without a column `actor`.
        overlap, priority
            What happens where zones of several actors overlap: ``"raise"``; ``"priority"``,
            the first in `priority` holds it; or ``"contested"``, its last holder keeps it as
            contested. Of two zones with different bases the better one counts without a
            question, and of two of one actor the stronger status.
        sliver_km2
            Overlaps of a smaller area in all are no contradiction; they go by priority.
        edges
            What an edge of the given polygons means: straight in longitude and latitude
            (``"planar"``, RFC 7946), or the geodesic (``"geodesic"``), which is then drawn
            with planar edges to 0.05 m.
        freq
            The step between maps, to tell which dates are missing; see `gaps`.
        sources
            A frame on the sources, kept as it is and shown by `sources`.
        name
            What the history is called.

        Raises
        ------
        InputError
            Faults in the maps, with their rows; overlaps, where the policy is to raise.
        CRSError
            A frame has no CRS, or its numbers do not fit it.

        Notes
        -----
        Vertices are rounded to 1e-6 degrees (0.1 m) before anything is compared; one that lies
        a step beside a vertex of an earlier map is that vertex, so that a file saved again
        changes nothing. Lines are cut where they cross, on a grid of 1e-7 degrees. What a map
        shows holds until the next one; missing dates are `gaps`, and repairs are `findings`.

        A correction is a further map of the same date with a later `recorded_from`.

        Examples
        --------
        >>> import geopandas as gpd, shapely
        >>> from frontline.control import ControlHistory
        >>> maps = gpd.GeoDataFrame(
        ...     {"date": ["2024-12-01", "2024-12-02", "2024-12-04"], "actor": "A"},
        ...     geometry=[shapely.box(36, 35, x, 36) for x in (36.5, 36.6, 36.6)], crs=4326)
        >>> h = ControlHistory.from_snapshots(maps, rest="B", outline=shapely.box(36, 35, 37, 36))
        >>> h.at("2024-12-03")[["actor", "area_km2"]].round(1).values.tolist()
        [['A', 6039.8], ['B', 4026.5]]
        >>> h.changes("2024-12-01", "2024-12-04")[["from_actor", "to_actor"]].values.tolist()
        [['B', 'A']]
        >>> h.gaps.strftime("%Y-%m-%d").tolist()
        ['2024-12-03']
        """
        from frontline.control.assemble_snapshots import history_from_snapshots

        return history_from_snapshots(
            cls,
            snapshots,
            rest=rest,
            outline=outline,
            actor=actor,
            overlap=overlap,
            priority=priority,
            sliver_km2=sliver_km2,
            edges=edges,
            freq=freq,
            sources=sources,
            name=name,
        )

    def append(self, snapshots: Any) -> Self:
        """Return the history with further maps at its end, without building it anew.

        Parameters
        ----------
        snapshots
            One (date, frame or polygon) pair, or what `from_snapshots` takes: maps later than
            the last one, or a correction of the last one with a later `recorded_from`.

        Returns
        -------
        ControlHistory
            A new history; this one stays as it is. Cells keep their numbers, parts of cells
            that are cut stand behind them.

        Raises
        ------
        InputError
            A map is older than the last one, or the history was not made by `from_snapshots`.

        Examples
        --------
        >>> import shapely
        >>> from frontline.control import ControlHistory
        >>> maps = [("2024-12-01", shapely.box(36, 35, 37, 36))]
        >>> h = ControlHistory.from_snapshots(maps, actor="A")
        >>> longer = h.append(("2024-12-02", shapely.box(36, 35, 38, 36)))
        >>> longer.changes("2024-12-01", "2024-12-02")["area_km2"].round(1).tolist()
        [10066.3]
        """
        from frontline.control.append import append_snapshots

        return append_snapshots(self, snapshots)

    @classmethod
    def open(cls, path: Path | str) -> Self:
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

    def with_reports(self, more: pd.DataFrame) -> Self:
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

    def without_infill(self) -> Self:
        """Return the same history without what the infill rule assessed."""
        from frontline.control.assemble import strip_infill

        return strip_infill(self)
