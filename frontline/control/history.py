"""`ControlHistory`: cells that never change and the spells during which somebody held them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontline import _doors
from frontline.control.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from frontline.control.infill import Infill


@dataclass(frozen=True, eq=False, repr=False)
class ControlHistory(Questions):
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
            (confirmed, reported, assessed, claimed); `review` (accepted, or conflict: kept
            beside the others, never believed); `recorded_from` and `recorded_to`, when the
            statement was known and when it was withdrawn (missing: always known);
            `confidence`, `source`, `note`. A geometry column of a plain DataFrame is in
            longitude and latitude.
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
            Which of several statements on a cell is believed: ``"latest"``, or
            ``"source-rank"`` with the sources in `rank`, most trusted first.
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

    def without_infill(self) -> ControlHistory:
        """Return the same history without what the infill rule assessed."""
        from frontline.control.assemble import strip_infill

        return strip_infill(self)

    # --- doors ------------------------------------------------------------------------------

    def map(self, **options: Any) -> Any:
        """Return a `folium.Map` with the time control; see `frontline.maps`."""
        return _doors.map_of(self, **options)
