"""The questions that a control history answers; each is a view on its cells and spells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from frontline.control.changes import changed_between
from frontline.control.disputes import contradictions
from frontline.control.front_questions import FrontQuestions
from frontline.control.measures import measure
from frontline.control.partitions import dated
from frontline.control.views import control_at, holder_of
from frontline.partitions import is_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import numpy as np
    import pandas as pd

    from frontline.control.timeline import State


class Questions(FrontQuestions):
    """What can be asked of a `ControlHistory`."""

    def at(
        self, when: Any, *, as_of: Any = None, by: Sequence[str] = ("actor", "status")
    ) -> gpd.GeoDataFrame:
        """Return who held what at an instant: a partition of the whole theatre.

        Claims and infiltration are in it, with the actor that they name; ``"basis"`` in `by`
        tells claims apart. `measures` leaves both out of areas unless asked.

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

    def changes(
        self,
        t0: Any,
        t1: Any,
        *,
        as_of: Any = None,
        freq: str | None = None,
        min_area_km2: float = 0.0,
    ) -> gpd.GeoDataFrame:
        """Return what changed hands between two instants, both directions apart.

        Parameters
        ----------
        t0, t1
            The two instants.
        as_of
            As in `at`.
        freq
            A pandas frequency, to have every step between the two apart: a change that was
            undone later shows in its steps. `t0` and `t1` begin the first and end the last.
        min_area_km2
            Connected parts that are smaller are slivers.

        Returns
        -------
        geopandas.GeoDataFrame
            With `freq` the `date` at which a step ends. `from_actor`, `to_actor` (None:
            nobody), `area_km2` on the ellipsoid without slivers, `parts` (connected pieces
            that it consists of), `slivers_km2` (what was left out, so that both together are
            all that changed hands), geometry without slivers; largest first. Cells count by
            actor, whatever their status, which sets this apart from `measures`.

        Raises
        ------
        InputError
            `t1` is before `t0`, or `min_area_km2` is no area.
        """
        return changed_between(
            self._fronts, t0, t1, freq=freq, min_area_km2=min_area_km2, as_of=as_of
        )

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
            so that gained - lost is the difference of the areas; `front_km`, the length of
            its front with all others; and `churn_km2`, gained + lost. Areas and lengths are
            on the ellipsoid. A cell that changes hands twice within a step is not seen in
            it: a finer `freq` sees more.
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
            Actors, aligned with `points`; None where nobody is known to hold it. In a history
            of maps with a `rest` and no outline that holds all land outside too. A Dask
            Series of them for Dask points.
        """
        if is_lazy(points, when):
            options = {"as_of": as_of}
            return cast("pd.Series[Any]", dated(Questions.holder, self, points, when, options))
        beyond = self._fronts.land_beyond(as_of)
        return holder_of(self.composite, self.timeline, points, when, as_of=as_of, beyond=beyond)

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
