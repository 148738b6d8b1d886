"""What a control history holds inside, and the frames that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import shapely

from frontline.control.deferred import Deferred
from frontline.control.doubt import doubtful
from frontline.control.fronts import Fronts, grid
from frontline.control.snapshots import Findings, map_dates, missing_dates, missing_spans
from frontline.control.timeline import Timeline
from frontline.rings import pack_lonlat

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd

    from frontline.composite import Composite


#: What `publish` notes of a history; what is added to it later makes the note untrue.
_PUBLISHED = ("published", "ends")

H = TypeVar("H", bound="Record")


def unpublished(meta: dict[str, Any]) -> dict[str, Any]:
    """Return what a history says of itself without the record of a publication."""
    hidden = _PUBLISHED if meta.get("published") else ()
    return {name: value for name, value in meta.items() if name not in hidden}


@dataclass(frozen=True, eq=False, repr=False)
class Record(Deferred):
    """Cells, spells and statements of a theatre; see `ControlHistory` for the questions.

    Attributes
    ----------
    composite : Composite
        The cells and their edges.
    meta : dict
        Name and the parameters with which the history was built.
    """

    composite: Composite
    _spells: pd.DataFrame = field(repr=False)
    _reports: gpd.GeoDataFrame = field(repr=False)
    _spoke: pd.DataFrame = field(repr=False)
    _sources: pd.DataFrame = field(repr=False)
    meta: dict[str, Any]
    _beside: pd.DataFrame = field(repr=False)
    _places: pd.DataFrame | None = field(default=None, repr=False)
    _gazetteer: Any = field(default=None, repr=False)
    _findings: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """What the history is called."""
        return str(self.meta.get("name") or "")

    @property
    def cells(self) -> gpd.GeoDataFrame:
        """The cells (a copy): site, place, beyond, area_km2, geometry."""
        return self.composite.cells.copy()

    @property
    def edges(self) -> gpd.GeoDataFrame:
        """The shared edges (a copy): left, right (-1 outside), length_km, geometry."""
        return self.composite.edges.copy()

    @property
    def spells(self) -> pd.DataFrame:
        """The resolved spells (a copy), one at most for a cell at an instant of both times."""
        return self._spells.copy()

    @property
    def reports(self) -> gpd.GeoDataFrame:
        """Every statement as given (a copy), and in `cells` those for which it spoke."""
        frame = self._reports.copy()
        cell = self._spoke["cell"].to_numpy()
        ends = np.searchsorted(self._spoke["report"].to_numpy(), np.arange(len(frame) + 1))
        column = np.empty(len(frame), dtype=object)
        column[:] = [tuple(cell[a:b].tolist()) for a, b in pairwise(ends)]
        frame["cells"] = column
        return frame

    @property
    def sources(self) -> pd.DataFrame:
        """The sources as given (a copy)."""
        return self._sources.copy()

    @property
    def findings(self) -> pd.DataFrame:
        """What was repaired, decided or left out while the history was built (a copy).

        `date`, `kind`, `actor`, `area_km2` and `note`; one row a finding.
        """
        if self._findings is None:
            return Findings().frame()
        return self._findings.copy()

    @property
    def gaps(self) -> pd.DatetimeIndex:
        """The dates for which a map is missing between the first and the last one.

        The step is `freq` if one was given, else the most frequent one between two maps. On a
        date that is missing the last map before it holds; nothing is interpolated.
        """
        return missing_dates(self._reports, self.meta.get("freq"))

    @property
    def map_dates(self) -> pd.DatetimeIndex:
        """The dates of the maps (snapshots) from which the history was made, in their order."""
        return map_dates(self._reports)

    @property
    def gap_spans(self) -> pd.IntervalIndex:
        """The missing dates as stretches: from the first of them to the next map there is."""
        return missing_spans(self._reports, self.meta.get("freq"))

    @property
    def actors(self) -> list[str]:
        """All actors that hold something at some time, by the alphabet."""
        return [actor for actor in self.timeline.actors if actor is not None]

    @cached_property
    def timeline(self) -> Timeline:
        """The spells as arrays."""
        rest = self.meta.get("rest")
        return Timeline(len(self.composite), self._spells, () if rest is None else (rest,))

    def _unsure(self, when: Any, as_of: Any) -> Callable[[], np.ndarray]:
        return partial(doubtful, self._reports, self._spoke, len(self.composite), when, as_of=as_of)

    @cached_property
    def _sites(self) -> np.ndarray:
        table, places = self._reports, self._places
        points = np.asarray(table.geometry.array, dtype=object)[
            (table["kind"] == "point").to_numpy()
        ]
        lonlat = [shapely.get_coordinates(points)]
        if places is not None:
            lonlat.append(places[["lon", "lat"]].to_numpy(dtype=float))
        return np.unique(pack_lonlat(np.concatenate(lonlat)))

    @cached_property
    def _fronts(self) -> Fronts:
        return Fronts(
            self.composite,
            self.timeline,
            self._reports,
            self._spoke,
            against_nobody=self.against_nobody,
            unbounded=self.unbounded,
            beyond=self.rest,
        )

    @property
    def rest(self) -> str | None:
        """Who holds what no map shows as anybody's."""
        return self.meta.get("rest")

    @property
    def against_nobody(self) -> bool:
        """Whether an edge against nobody is front: neither `rest` nor an outline was given."""
        return self._open and self.rest is None

    @property
    def unbounded(self) -> bool:
        """Whether what lies outside of all cells is land as well, the rest's or nobody's."""
        return self._open and self.meta.get("made_from") == "snapshots"

    @property
    def _open(self) -> bool:
        return not self.meta.get("outline_given", False)

    def _instants(self, start: Any, end: Any, freq: str, as_of: Any) -> pd.DatetimeIndex:
        # A case opens with a state of its own, which is no change that anybody reported.
        start = self.meta.get("starts") if start is None else start
        changes = self.timeline.changes(as_of)
        if start is None and self.meta.get("made_from") == "snapshots" and len(changes):
            # Before the first map there is no record, and its beginning is nobody's gain.
            start = changes[0].ceil("D")
        end = self.meta.get("ends") if end is None else end
        return grid(self.timeline, start=start, end=end, freq=freq, as_of=as_of)

    def _span(self) -> str:
        from frontline.control.summary import span_of

        return span_of(self.timeline.changes())

    def __repr__(self) -> str:
        return (
            f"ControlHistory({self.name!r}: {len(self.composite):,} cells, "
            f"{len(self._spells):,} spells of {len(self.actors)} actors, {self._span()})"
        )

    def _repr_html_(self) -> str:
        """Return a table, the areas held and a sketch for notebooks; every value is escaped."""
        from frontline.control.summary import summary_of
        from frontline.markup import card, stack, table

        shown = summary_of(self)
        rows = (
            ("span", shown.span),
            ("record", f"{len(self.composite):,} cells, {len(self._spells):,} spells"),
            ("from", f"{len(self._reports):,} statements, {len(self._sources):,} sources"),
        )
        title = f"Control history: {self.name}" if self.name else "Control history"
        return card(stack(table(title, rows), shown.areas), shown.picture)
