"""A column of phrases at a time: read by templates, looked up once, laid off in arrays.

The numbers are those of `locate` for every phrase alone: the rules stand in `fixes`, which hands
rows out, and in `sectors`, which computes one row or many.
"""

from __future__ import annotations

import gc
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely

from frontline.errors import FrontlineError, InputError
from frontline.locality import fixes, regions, sectors
from frontline.locality.features import Remembering
from frontline.locality.grammar import parse
from frontline.locality.model import Locality
from frontline.locality.resolve import fix, task_of
from frontline.locality.templates import TemplateReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.locality.calibration import Calibration
    from frontline.locality.features import Context
    from frontline.locality.progress import Bar

#: Fewer phrases than this are read one by one: learning templates takes the lexicons of all
#: languages.
TEMPLATES_FROM = 100
_CHUNK = 4_000


@dataclass(slots=True)
class Rows:
    """What was found, one row a phrase.

    Attributes
    ----------
    kinds, reasons
        Texts or None.
    lon, lat, radius_m
        Degrees and metres, NaN where nothing was found.
    regions
        Geometries or None; empty if they were not asked for.
    """

    kinds: np.ndarray
    reasons: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    radius_m: np.ndarray
    regions: np.ndarray

    @classmethod
    def empty(cls, count: int) -> Rows:
        """Return rows in which nothing is found."""

        def objects() -> np.ndarray:
            return np.full(count, None, dtype=object)

        def floats() -> np.ndarray:
            return np.full(count, np.nan)

        return cls(objects(), objects(), floats(), floats(), floats(), objects())

    def points(self) -> np.ndarray:
        """Return the points, None where nothing was found."""
        out = np.full(len(self.lon), None, dtype=object)
        found = np.flatnonzero(~np.isnan(self.lon))
        out[found] = shapely.points(self.lon[found], self.lat[found])
        return out


@dataclass(frozen=True, slots=True)
class _Together:
    """How rows of one kind are laid off in arrays."""

    table: Any
    row: Callable[[fixes.Task], tuple[tuple[float, ...], tuple[str, ...]]]
    points: Callable[[Any], tuple[Any, Any]]
    radius_m: Callable[[Any, Calibration], Any]
    regions: Callable[[Any, Calibration], Any]
    reach_m: Callable[[Any, Calibration], Any]


_TOGETHER = {
    "offset": _Together(
        sectors.Offsets,
        fixes.offset_row,
        sectors.offset_points,
        sectors.offset_radius_m,
        sectors.offset_regions,
        sectors.offset_reach_m,
    ),
    "distance": _Together(
        sectors.Rings,
        fixes.ring_row,
        lambda rings: (rings.lon, rings.lat),
        sectors.ring_radius_m,
        sectors.ring_regions,
        lambda rings, numbers: rings.start_m + sectors.ring_bounds_m(rings, numbers)[1],
    ),
}


@dataclass(slots=True)
class _Pile:
    """Rows of one kind: where they stand, and their values one after the other."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


@dataclass(slots=True)
class Column:
    """Locates the distinct phrases of a column.

    Attributes
    ----------
    gazetteer, context, numbers, paths, lang
        As `locate` has them, checked.
    wants_regions
        Whether regions are drawn.
    """

    gazetteer: Gazetteer
    context: Context
    numbers: Calibration
    paths: Mapping[str, Any] | None
    lang: str | None
    wants_regions: bool

    def locate(self, phrases: Sequence[Any], bar: Bar) -> Rows:
        """Return a row for every phrase."""
        collecting = gc.isenabled()
        gc.disable()  # nothing here goes in circles, and what is remembered grows
        try:
            return self._locate(phrases, bar)
        finally:
            if collecting:
                gc.enable()

    def _locate(self, phrases: Sequence[Any], bar: Bar) -> Rows:
        rows = Rows.empty(len(phrases))
        memory = Remembering(self.gazetteer, self.context)
        read = self._reader(len(phrases))

        def task_for(phrase: Any) -> fixes.Task:
            locality = phrase if isinstance(phrase, Locality) else read(phrase)
            places, _ = memory.places_of(locality)
            return task_of(locality, places, self.numbers, cast("Gazetteer", memory), self.paths)

        piles = {kind: _Pile() for kind in _TOGETHER}
        for row, phrase in enumerate(bar.over(phrases, "reading")):
            try:
                task = task_for(phrase)
                locality = task.locality
                kind = locality.kind
                pile = piles.get(kind)
                if pile is None or (locality.reference == "edge" and task.places[0].outline_wkb):
                    self._alone(rows, row, task)
                else:
                    pile.values.extend(_TOGETHER[kind].row(task)[0])
                    pile.rows.append(row)
            except FrontlineError as error:
                rows.reasons[row] = str(error)
                continue
            rows.kinds[row] = kind
        for kind, pile in piles.items():
            for row in self._together(rows, pile, _TOGETHER[kind], bar):
                try:  # it reaches too far and says so by itself
                    self._alone(rows, row, task_for(phrases[row]))
                except FrontlineError as error:
                    rows.reasons[row], rows.kinds[row] = str(error), None
        return rows

    def _reader(self, count: int) -> Callable[[Any], Locality]:
        templates = TemplateReader(self.lang) if count >= TEMPLATES_FROM else None

        def read(phrase: Any) -> Locality:
            if not isinstance(phrase, str):
                raise InputError("no phrase given")
            return templates.read(phrase) if templates else parse(phrase, lang=self.lang)

        return read

    def _alone(self, rows: Rows, row: int, task: fixes.Task) -> None:
        found = fix(task)
        if self.wants_regions:
            rows.regions[row] = found.region()
        rows.lon[row], rows.lat[row] = found.lon, found.lat
        rows.radius_m[row] = found.radius_m

    def _together(self, rows: Rows, pile: _Pile, how: _Together, bar: Bar) -> list[int]:
        """Lay rows of one kind off in arrays; return those whose regions reach too far."""
        too_far: list[int] = []
        if not pile.rows:
            return too_far
        all_rows = np.array(pile.rows, dtype=np.intp)
        all_values = np.array(pile.values).reshape(len(all_rows), -1)
        starts = range(0, len(all_rows), _CHUNK)
        for start in bar.over(starts, "drawing" if self.wants_regions else "laying off"):
            values, numbers = all_values[start : start + _CHUNK], all_rows[start : start + _CHUNK]
            table = how.table(*values.T)
            if self.wants_regions:
                far = how.reach_m(table, self.numbers) > regions.MAX_REACH_M
                too_far += numbers[far].tolist()
                numbers, table = numbers[~far], how.table(*values[~far].T)
                if not len(numbers):
                    continue
                rows.regions[numbers] = how.regions(table, self.numbers)
            rows.lon[numbers], rows.lat[numbers] = how.points(table)
            rows.radius_m[numbers] = how.radius_m(table, self.numbers)
        return too_far


def frame_of(column: Any, codes: np.ndarray, rows: Rows, *, regions: bool) -> Any:
    """Return the table of a column: row `codes[i]` of what was found for its element `i`."""
    import geopandas as gpd
    import pandas as pd

    index = column.index

    def texts(values: np.ndarray) -> Any:
        return pd.Series(values[codes], index=index, dtype=object)

    points = rows.points()
    shapes = rows.regions if regions else points
    return gpd.GeoDataFrame(
        {
            "phrase": column.to_numpy(),
            "kind": texts(rows.kinds),
            "uncertainty_m": pd.Series(rows.radius_m[codes], index=index, dtype=float),
            "geometry": gpd.GeoSeries(shapes[codes], index=index, crs=4326),
            "point": gpd.GeoSeries(points[codes], index=index, crs=4326),
            "reason": texts(rows.reasons),
        },
        geometry="geometry",
        index=index,
    )
