"""The questions about the front: where it runs, how near it is, whom it shuts in, what it cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from frontline.control.advance import advance_along, advance_to
from frontline.control.cut import cut_at, path_given
from frontline.control.frames import is_number
from frontline.control.meeting import along_azimuth_m, along_path_m, segments_of
from frontline.control.pockets import pockets_at
from frontline.control.reach import Reach
from frontline.control.sectors import sectors_at, sectors_of
from frontline.control.stretches import stretches_at
from frontline.control.views import holder_of, points_of
from frontline.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


class FrontQuestions(Reach):
    """What can be asked of a `ControlHistory` about its front.

    Examples
    --------
    >>> import shapely
    >>> from frontline.control import ControlHistory
    >>> areas = gpd.GeoDataFrame(
    ...     {"actor": ["A", "B"], "valid_from": ["2024-12-01", "2024-12-03"]},
    ...     geometry=[shapely.box(36, 35, 37, 36), shapely.box(36.4, 35.4, 36.6, 35.6)], crs=4326)
    >>> h = ControlHistory.from_places(areas, outline=shapely.box(36, 35, 37, 36))
    >>> h.stretches("2024-12-05")[["length_km", "staleness_days"]].round(1).values.tolist()
    [[80.7, 2.0]]
    >>> pocket = h.pockets("2024-12-05").iloc[0]
    >>> pocket["actor"], pocket["encircled_by"], f"{pocket['since']:%Y-%m-%d}"
    ('B', ('A',), '2024-12-03')
    >>> road = shapely.LineString([(36, 35.5), (37, 35.5)])
    >>> h.cut(road, "2024-12-05")[["actor", "from_km", "to_km"]].round(1).values.tolist()
    [['A', 0.0, 36.3], ['B', 36.3, 54.4], ['A', 54.4, 90.7]]
    >>> along = {"azimuth_deg": 0, "origin": (36.5, 35.0), "start": "2024-12-05"}
    >>> h.advance(**along, end="2024-12-05")["distance_km"].round(1).tolist()
    [44.4]
    >>> sector = {"north": shapely.box(36, 35.5, 37, 36)}
    >>> h.sectors("2024-12-05", sector)[["sector", "length_km"]].round(1).values.tolist()
    [['north', 40.3], [None, 40.4]]
    """

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

    def stretches(
        self, when: Any, *, between: Any = None, as_of: Any = None, split_by_since: bool = False
    ) -> gpd.GeoDataFrame:
        """Return the front at an instant, one row a connected stretch between two actors.

        Parameters
        ----------
        when, between, as_of
            As in `front`.
        split_by_since
            Cut stretches too where they are front since another instant, to see how old
            each piece is.

        Returns
        -------
        geopandas.GeoDataFrame
            `actor_left`, `actor_right`, `length_km` on the ellipsoid; `confirmed_on`, the
            latest report on a cell beside it, and `staleness_days` since then (NaT and NaN
            without any); `since`, when the last piece of it came to lie between these two
            (NaT: as long as the record goes back); geometry. Longest first in a pair.
            Stretches of a pair that meet at a point are one.
        """
        return stretches_at(
            self._fronts, when, between=between, as_of=as_of, split_by_since=split_by_since
        )

    def sectors(
        self, when: Any, by: Any, *, since: Any = None, between: Any = None, as_of: Any = None
    ) -> gpd.GeoDataFrame:
        """Return the front, and what changed hands, sector by sector.

        Parameters
        ----------
        when, between, as_of
            As in `front`.
        by
            A GeoDataFrame with `name`: of areas, or of points, each of which has the sector
            that is nearer to it than to the others (drawn to about 12 m); or a mapping of
            names to geometries; or a list of places or their names.
        since
            From which instant to `when` changes count; None: none do.

        Returns
        -------
        geopandas.GeoDataFrame
            A row for each sector and pair of actors: `sector` (None: outside of all),
            `actor_left`, `actor_right`, `length_km` of their front in it, `confirmed_on`,
            `to_left_km2` and `to_right_km2` (what passed between the two since `since`),
            geometry. A sector without either is one row of zeros. What lies in several
            sectors counts in the first, so lengths and areas add up to the whole.
        """
        return sectors_at(
            self._fronts,
            when,
            sectors_of(self._fronts, by, self._point_of),
            since=since,
            between=between,
            as_of=as_of,
        )

    def advance(
        self,
        towards: Any = None,
        *,
        azimuth_deg: float | None = None,
        origin: Any = None,
        path: Any = None,
        start: Any = None,
        end: Any = None,
        freq: str = "D",
        between: Any = None,
        as_of: Any = None,
    ) -> pd.DataFrame:
        """Return how far the front was from a place, along an azimuth or along a path.

        Parameters
        ----------
        towards
            A point, (lon, lat), or a name: of a place in the reports, of one in `places`, or
            else of one in the gazetteer with which the history was built. A file keeps the
            first two; a history from `open` asks the bundled gazetteer for other names.
        azimuth_deg, origin
            Instead: how far one gets from `origin` (as `towards`) on the geodesic that
            leaves it at this azimuth, clockwise from north, before one meets the front.
        path
            Instead: how far one gets on a path, a LineString or the name of a bundled road
            or river, from its beginning. Its edges are straight in longitude and latitude.
        start, end, freq, as_of
            As in `measures`.
        between
            Two actors, to follow their front alone.

        Returns
        -------
        pandas.DataFrame
            `date`; `distance_km` on the ellipsoid to the nearest front, or to the first met;
            `rate_km_per_day` since the instant before (negative: it came nearer; a jump to
            another stretch is a rate too); `staleness_days` since a cell beside that stretch
            was last reported on; `lag_days`, the publication lag: between the beginning of
            the later of the two states beside it and its going on record; `holder` of the
            place, the origin or the beginning of the path. NaN where no front is met.

        Raises
        ------
        AmbiguousPlaceError
            The name stands for several points of the history.
        UnknownPlaceError
            No place has that name.
        InputError
            Not exactly one of a place, an azimuth with its origin, and a path.
        """
        ways = (towards is not None, azimuth_deg is not None, path is not None)
        if sum(ways) != 1 or (azimuth_deg is None) != (origin is None):
            raise InputError("give one of: towards, azimuth_deg together with origin, path")
        whens = self._instants(start, end, freq, as_of)
        view = {"between": between, "as_of": as_of}
        if path is not None:
            line = path_given(path).line
            point = shapely.Point(segments_of(line)[0][0, :2])
            met_m = along_path_m(self.composite.lines, line, tree=self._fronts.network.tree)
            frame = advance_along(self._fronts, met_m, whens, **view)
        elif azimuth_deg is not None:
            if not (is_number(azimuth_deg) and np.isfinite(azimuth_deg)):
                raise InputError(f"azimuth_deg={azimuth_deg!r} must be a number of degrees")
            point = self._point_of(origin)
            met_m = along_azimuth_m(self.composite.lines, point.x, point.y, float(azimuth_deg))
            frame = advance_along(self._fronts, met_m, whens, **view)
        else:
            point = self._point_of(towards)
            frame = advance_to(self._fronts, point, whens, **view)
        at = gpd.GeoSeries([point] * len(whens), crs=4326)
        beyond = self._fronts.land_beyond(as_of)
        frame["holder"] = (
            holder_of(self.composite, self.timeline, at, list(whens), as_of=as_of, beyond=beyond)
            if len(whens)
            else None
        )
        return frame

    def pockets(
        self, when: Any, *, actor: str | None = None, min_area_km2: float = 0.0, as_of: Any = None
    ) -> gpd.GeoDataFrame:
        """Return the zones of an actor that others shut in.

        A zone is a connected part of the theatre that one actor holds. It is a pocket if no
        way leads from it to the outline but through cells that others hold. Cells that touch
        at a point alone are not connected; what nobody is known to hold bars no way; a zone
        at the outline is no pocket, since what lies beyond is not on record.

        Parameters
        ----------
        when, as_of
            As in `at`.
        actor
            Whose pockets; None: everybody's.
        min_area_km2
            Smaller ones are left out.

        Returns
        -------
        geopandas.GeoDataFrame
            `actor`; `area_km2` and `perimeter_km` (holes included) on the ellipsoid;
            `encircled_by`, the actors round it, by the alphabet; `since`, when it closed for
            the last time, followed back through every zone from which it came (or when it
            was taken inside of others' cells); geometry. Largest first.
        """
        return pockets_at(self._fronts, when, actor=actor, min_area_km2=min_area_km2, as_of=as_of)

    def cut(
        self, path: Any, when: Any, *, holder: str | None = None, as_of: Any = None
    ) -> gpd.GeoDataFrame:
        """Return who holds a road or another path, stretch by stretch.

        Parameters
        ----------
        path
            A LineString in longitude and latitude, or the name of a bundled road or river.
        when, as_of
            As in `at`.
        holder
            For whom it may be cut.

        Returns
        -------
        geopandas.GeoDataFrame
            `actor` and `status` (both None outside of the theatre), `from_km`, `to_km` and
            `length_km` along the path from its beginning, on the ellipsoid, geometry. It is
            split where it crosses the cells' borders; along a border it counts for the cell
            with the lower number. Its `attrs` hold the `path`, its `path_km`, its
            `path_uncertainty_m` (how far off a bundled one is drawn, which goes for all
            lengths here), and `by_actor`: `held_km`; `cut`, True if another holds some of
            it, None if no other does but some of it is nobody's; `severed`, whether others
            hold it between two stretches of the actor's; `first_cut_km` from the beginning.
            With `holder` its own stand in `attrs` directly.

        Raises
        ------
        InputError
            No line, no road or river of that name, or an actor that holds nothing.
        """
        return cut_at(self._fronts, path, when, holder=holder, as_of=as_of)

    def _point_of(self, where: Any) -> Any:
        if not isinstance(where, str):
            return points_of(where if hasattr(where, "point") else [where]).iloc[0]
        from frontline.control.assemble import point_named

        return point_named(where, self)
