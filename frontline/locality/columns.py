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
from frontline.gazetteer.model import Place
from frontline.locality import fixes, regions, sectors
from frontline.locality.features import Remembering
from frontline.locality.grammar import parse
from frontline.locality.model import Locality
from frontline.locality.patterns import PatternReader
from frontline.locality.resolve import fix, task_of
from frontline.locality.stacks import Names, Places, Stack, stated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.locality.calibration import Calibration
    from frontline.locality.features import Context
    from frontline.locality.filling import Template
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
    #: Which columns of a row come of the place.
    of_place: tuple[int, ...]
    points: Callable[[Any], tuple[Any, Any]]
    radius_m: Callable[[Any, Calibration], Any]
    regions: Callable[[Any, Calibration], Any]
    reach_m: Callable[[Any, Calibration], Any]


_TOGETHER = {
    "offset": _Together(
        sectors.Offsets,
        fixes.offset_row,
        (0, 1, 7, 10),
        sectors.offset_points,
        sectors.offset_radius_m,
        sectors.offset_regions,
        sectors.offset_reach_m,
    ),
    "distance": _Together(
        sectors.Rings,
        fixes.ring_row,
        (0, 1, 5, 6),
        lambda rings: (rings.lon, rings.lat),
        sectors.ring_radius_m,
        sectors.ring_regions,
        lambda rings, numbers: rings.start_m + sectors.ring_bounds_m(rings, numbers)[1],
    ),
}


#: Where the words alone are asked for.
_ANYWHERE = Place("", 0.0, 0.0)
#: Kinds whose fixes hang on nothing but the places and these attributes.
_REPEATED = frozenset(("feature", "inside", "near", "heading", "between"))


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
            return _Work(self, phrases, bar).done()
        finally:
            if collecting:
                gc.enable()


class _Work:
    """The phrases of one column on their way to rows."""

    def __init__(self, column: Column, phrases: Sequence[Any], bar: Bar) -> None:
        self._numbers = column.numbers
        self._paths = column.paths
        self._lang = column.lang
        self._wants_regions = column.wants_regions
        self._phrases, self._bar = phrases, bar
        self._rows = Rows.empty(len(phrases))
        self._memory = Remembering(column.gazetteer, column.context)
        self._patterns = PatternReader(column.lang) if len(phrases) >= TEMPLATES_FROM else None
        self._piles = {kind: _Pile() for kind in _TOGETHER}
        self._names: dict[Any, Names] = {}
        self._places: dict[Any, Places] = {}
        self._fixed: dict[Any, tuple[float, float, float, Any]] = {}

    def done(self) -> Rows:
        """Return a row for every phrase."""
        stacks: dict[Template, Stack] = {}
        known = self._patterns.known if self._patterns else None
        for row, phrase in enumerate(self._bar.over(self._phrases, "reading")):
            found = known(phrase) if known and isinstance(phrase, str) else None
            if found is None:
                self._one(row)
                continue
            template, parts = found
            if template.name_at is None or template.kind not in _TOGETHER:
                self._one(row, template.fill(phrase, parts))
                continue
            stack = stacks.get(template)
            if stack is None:
                stack = stacks[template] = Stack()
            stack.rows.append(row)
            stack.parts.append(parts)
        for template, stack in stacks.items():
            self._stacked(template, stack)
        for kind, pile in self._piles.items():
            for row in self._together(pile, _TOGETHER[kind]):
                self._one(row, alone=True)  # it reaches too far and says so by itself
        return self._rows

    def _one(self, row: int, locality: Locality | None = None, *, alone: bool = False) -> None:
        """Read a phrase, and put it on its pile or locate it."""
        rows = self._rows
        try:
            task = self._task(locality or self._read(self._phrases[row]))
            kind = task.locality.kind
            values = None if alone else self._values(task)
            if values is None:
                self._alone(row, task)
            else:
                pile = self._piles[kind]
                pile.values.extend(values)
                pile.rows.append(row)
            rows.kinds[row] = kind
        except FrontlineError as error:
            rows.reasons[row], rows.kinds[row] = str(error), None

    def _read(self, phrase: Any) -> Locality:
        if isinstance(phrase, Locality):
            return phrase
        if not isinstance(phrase, str):
            raise InputError("no phrase given")
        return self._patterns.read(phrase) if self._patterns else parse(phrase, lang=self._lang)

    def _task(self, locality: Locality) -> fixes.Task:
        places, _ = self._memory.places_of(locality)
        memory = cast("Gazetteer", self._memory)
        return task_of(locality, places, self._numbers, memory, self._paths)

    def _values(self, task: fixes.Task) -> tuple[float, ...] | None:
        """Return the row of what is laid off in arrays; None for what is not."""
        how = _TOGETHER.get(task.locality.kind)
        if how is None or (task.locality.reference == "edge" and task.places[0].outline_wkb):
            return None
        return how.row(task)[0]

    def _stacked(self, template: Template, stack: Stack) -> None:
        """Put the rows of a template on their pile, its names and numbers worked out once."""
        how, at = _TOGETHER[template.kind], template.name_at or 0
        example = template.fill(self._phrases[stack.rows[0]], stack.parts[0])
        shared = (template.kind, example.reference, example.area, example.readings)
        names = self._names.get(shared)
        if names is None:
            places = self._places.get(shared[2:])
            if places is None:
                places = self._places[shared[2:]] = Places(example, self._place)
            names = self._names[shared] = Names(example, places, self._row_at, how.of_place)
        said, codes = stated(template, stack, self._phrases, self._anywhere)
        numbers = np.array([names[parts[at]] for parts in stack.parts], dtype=np.intp)
        rows = np.array(stack.rows, dtype=np.intp)
        by_itself = codes < 0
        for number in np.flatnonzero((numbers < 0) & ~by_itself):
            reason = names.reasons[-numbers[number] - 1]
            by_itself[number] = reason is None
            self._rows.reasons[rows[number]] = reason
        for row in rows[by_itself]:
            self._one(int(row), alone=True)
        good = (numbers >= 0) & ~by_itself
        if not good.any():
            return
        values = said[codes[good]]
        values[:, how.of_place] = np.array(names.found)[numbers[good]]
        pile = self._piles[template.kind]
        pile.rows.frombytes(rows[good].astype(np.int64).tobytes())
        pile.values.frombytes(np.ascontiguousarray(values).tobytes())
        self._rows.kinds[rows[good]] = template.kind

    def _place(self, locality: Locality) -> Place:
        return self._memory.places_of(locality)[0][0]

    def _row_at(self, locality: Locality, place: Place) -> tuple[float, ...] | None:
        memory = cast("Gazetteer", self._memory)
        return self._values(task_of(locality, [place], self._numbers, memory, None))

    def _anywhere(self, locality: Locality) -> tuple[float, ...] | None:
        try:
            return self._row_at(locality, _ANYWHERE)
        except FrontlineError:
            return None

    def _alone(self, row: int, task: fixes.Task) -> None:
        rows, said = self._rows, task.locality
        key = None
        if said.kind in _REPEATED:
            key = (
                *(said.kind, said.reference, said.azimuth_deg, said.half_angle_deg, said.points),
                *(said.fraction, *(place.place_id or id(place) for place in task.places)),
            )
        known = self._fixed.get(key) if key else None
        if known is None:
            found = fix(task)
            region = found.region() if self._wants_regions else None
            known = found.lon, found.lat, found.radius_m, region
            if key:
                self._fixed[key] = known
        rows.lon[row], rows.lat[row], rows.radius_m[row], rows.regions[row] = known

    def _together(self, pile: _Pile, how: _Together) -> list[int]:
        """Lay rows of one kind off in arrays; return those whose regions reach too far."""
        too_far: list[int] = []
        rows = self._rows
        if not pile.rows:
            return too_far
        all_rows = np.array(pile.rows, dtype=np.intp)
        all_values = np.array(pile.values).reshape(len(all_rows), -1)
        starts = range(0, len(all_rows), _CHUNK)
        for start in self._bar.over(starts, "drawing" if self._wants_regions else "laying off"):
            values, numbers = all_values[start : start + _CHUNK], all_rows[start : start + _CHUNK]
            table = how.table(*values.T)
            if self._wants_regions:
                far = how.reach_m(table, self._numbers) > regions.MAX_REACH_M
                too_far += numbers[far].tolist()
                numbers, table = numbers[~far], how.table(*values[~far].T)
                if not len(numbers):
                    continue
                rows.regions[numbers] = how.regions(table, self._numbers)
            rows.lon[numbers], rows.lat[numbers] = how.points(table)
            rows.radius_m[numbers] = how.radius_m(table, self._numbers)
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
