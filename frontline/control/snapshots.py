"""Dated maps of control as they come in: checked, repaired with a report, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.claims import BEFORE, micros
from frontline.control.frames import Faults, in_degrees, object_series, objects
from frontline.control.statements import BASES, STATUSES
from frontline.dates import instants, to_utc, to_utc_series
from frontline.edges import areas_m2, bend_edges
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]

#: (actor, status, basis) of a zone that is drawn; nobody draws zones of no data.
Layer = tuple[str | None, str, str]
FINDINGS = ("date", "kind", "actor", "area_km2", "note")

_DEFAULT = {"status": "controlled", "basis": "assessed"}
_CHOICES = {"status": STATUSES, "basis": BASES}
_AREA = 2
_POLYGONS = (3, 6)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The zones of one date, as one publication draws them.

    Attributes
    ----------
    moment, recorded : int
        Valid and recorded time in microseconds since 1970; the earliest number there is for
        "always known".
    zones : dict
        Valid polygons in longitude and latitude for every (actor, status, basis).
    source : str or None
        Who says so.
    """

    moment: int
    recorded: int
    zones: dict[Layer, Geometries]
    source: str | None


@dataclass
class Findings:
    """What was repaired, left out or decided while a history was built.

    `origins` are the tables of sources that came with the maps.
    """

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    origins: list[pd.DataFrame] = field(default_factory=list)

    def add(self, moment: int, kind: str, actor: str | None, area_km2: float, note: str) -> None:
        """Note one finding."""
        self.rows.append((moment, kind, actor, area_km2, note))

    def frame(self) -> pd.DataFrame:
        """Return the findings as a table, in order of date."""
        table = pd.DataFrame(self.rows, columns=list(FINDINGS))
        when = table["date"].to_numpy(dtype="int64").astype("datetime64[us]")
        table["date"] = pd.DatetimeIndex(when).tz_localize("UTC")
        table["area_km2"] = table["area_km2"].astype(float)
        for name in ("kind", "actor", "note"):
            table[name] = object_series(table[name])
        return table.sort_values("date", kind="stable", ignore_index=True)


def read_snapshots(
    given: Any, *, actor: str | None, edges: str, findings: Findings
) -> Iterator[Snapshot]:
    """Read dated maps one after the other.

    Parameters
    ----------
    given
        A GeoDataFrame with `date`, `actor`, geometry, or an iterable of such frames or of
        (date, frame or geometry) pairs; see `ControlHistory.from_snapshots`.
    actor
        Whose zones they are where nothing else says so.
    edges
        ``"planar"`` or ``"geodesic"``.
    findings
        Where repairs are noted.

    Raises
    ------
    InputError
        A frame that cannot be used, with everything that is wrong with it.
    """
    if edges not in ("planar", "geodesic"):
        raise InputError(f"edges={edges!r} must be 'planar' or 'geodesic'")
    if isinstance(given, pd.DataFrame) or _is_data(given):
        parts: Iterable[Any] = [given]
        if isinstance(given, pd.DataFrame) and not len(given):
            raise InputError("snapshots is empty; a history needs at least one dated map")
    elif isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise InputError(
            "snapshots must be a GeoDataFrame with date, actor and geometry, or an iterable of "
            f"(date, frame) pairs, not {type(given).__name__}"
        )
    else:
        parts = given
    last: dict[str, Any] = {}
    for number, part in enumerate(parts):
        if _is_data(part):
            findings.origins.append(part.sources())
            part = part.frame  # noqa: PLW2901 - the map in it
        nothing = _empty_map(part, number)
        if nothing is not None:
            findings.add(nothing.moment, "empty", None, 0.0, "a map without any zone")
            yield nothing
            continue
        frame = _frame(part, number, actor)
        yield from _dated(frame, edges, findings, last)


def _is_data(part: Any) -> bool:
    """Say whether something is what `open_source` returns: a frame with where it is from."""
    return hasattr(part, "frame") and callable(getattr(part, "sources", None))


def _empty_map(part: Any, number: int) -> Snapshot | None:
    """Return the snapshot of a date with an empty frame: on it nobody is drawn."""
    if not (isinstance(part, tuple) and len(part) == 2):  # noqa: PLR2004 - a pair
        return None
    date, frame = part
    if not isinstance(frame, (pd.DataFrame, gpd.GeoSeries)) or len(frame):
        return None
    when = to_utc(date, what=f"date of snapshot {number}")
    return Snapshot(int(micros([when], open_end=BEFORE)[0]), BEFORE, {}, None)


def _frame(part: Any, number: int, actor: str | None) -> gpd.GeoDataFrame:
    """Return an item of a stream as a frame with date, actor and geometry."""
    date = None
    if isinstance(part, tuple) and len(part) == 2:  # noqa: PLR2004 - a pair
        date, part = part
    if isinstance(part, shapely.Geometry):
        part = gpd.GeoDataFrame(geometry=[part], crs="EPSG:4326")
    if isinstance(part, gpd.GeoSeries):
        part = part.to_frame("geometry")
    if not isinstance(part, gpd.GeoDataFrame):
        raise InputError(
            f"snapshot {number}: a map must be a GeoDataFrame or a polygon, "
            f"not {type(part).__name__}"
        )
    if date is not None:
        part = part.assign(date=to_utc(date, what=f"date of snapshot {number}"))
    if "date" not in part:
        raise InputError(
            f"snapshot {number}: the column date is missing; found: "
            f"{', '.join(map(str, part.columns))}"
        )
    if "actor" not in part:
        if actor is None:
            raise InputError(
                f"snapshot {number}: nothing says whose zones these are; give a column actor, "
                "or actor='...' for all"
            )
        part = part.assign(actor=actor)
    return in_degrees(part, what="snapshots")


def _dated(
    frame: gpd.GeoDataFrame, edges: str, findings: Findings, last: dict[str, Any]
) -> Iterator[Snapshot]:
    """Check a frame and yield its snapshots in order of date and record."""
    faults = Faults("snapshots")
    moment = micros(
        to_utc_series(frame["date"], what="date", allow_nat=False).reset_index(drop=True),
        open_end=BEFORE,
    )
    recorded = np.full(len(frame), BEFORE, dtype=np.int64)
    if "recorded_from" in frame:
        stamps = to_utc_series(frame["recorded_from"], what="recorded_from")
        recorded = micros(stamps.reset_index(drop=True), open_end=BEFORE)
    actors = objects(frame["actor"])
    labels = list(frame.index)
    words = {name: _words(frame, name, labels, faults) for name in _CHOICES}
    for i in np.flatnonzero([not isinstance(each, str) for each in actors]):
        if actors[i] is not None or words["status"][i] != "no_data":
            faults.add(
                f"row {labels[i]}: actor {actors[i]!r} is no name; only a zone of the status "
                "no_data is nobody's"
            )
    for name in {each for each in actors if isinstance(each, str) and not _storable(each)}:
        faults.add(f"actor {name!r} holds what no file can: a NUL or half a character")
    sources = objects(frame["source"]) if "source" in frame else objects([None] * len(frame))
    shapes = np.asarray(frame.geometry.array, dtype=object)
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1) | shapely.is_empty(shapes)
    finite |= shapely.is_missing(shapes)
    for i in np.flatnonzero(~finite):
        faults.add(f"row {labels[i]}: the geometry has coordinates that are not finite")
    faults.raise_if_any()
    order = np.lexsort((recorded, moment))
    breaks = np.flatnonzero(
        np.diff(moment[order], prepend=moment[order][:1] - 1)
        | np.diff(recorded[order], prepend=recorded[order][:1])
    )
    for begin, end in pairwise([*breaks.tolist(), len(order)]):
        rows = order[begin:end]
        when = int(moment[rows[0]])
        groups: dict[Layer, list[int]] = {}
        for row in rows.tolist():
            layer = (actors[row], words["status"][row], words["basis"][row])
            groups.setdefault(layer, []).append(row)
        zones = {}
        for layer, members in groups.items():
            same = last.get("shapes", {}).get(layer)
            raw = shapes[members]
            if same is not None and _alike(same[0], raw):
                zones[layer] = same[1]
            else:
                zones[layer] = _polygons(raw, layer[0], when, edges, findings)
            last.setdefault("shapes", {})[layer] = (raw, zones[layer])
        said = {str(sources[row]) for row in rows.tolist() if sources[row] is not None}
        yield Snapshot(when, int(recorded[rows[0]]), zones, "; ".join(sorted(said)) or None)


def _storable(text: str) -> bool:
    return "\0" not in text and text.encode("utf-8", "replace").decode() == text


def _alike(first: Geometries, second: Geometries) -> bool:
    return len(first) == len(second) and bool(shapely.equals_exact(first, second).all())


def _words(frame: gpd.GeoDataFrame, name: str, labels: list[Any], faults: Faults) -> list[str]:
    if name not in frame:
        return [_DEFAULT[name]] * len(frame)
    words = [_DEFAULT[name] if each is None else str(each) for each in objects(frame[name])]
    for label, word in zip(labels, words, strict=True):
        if word not in _CHOICES[name]:
            faults.add(f"row {label}: {name} {word!r} is unknown; use {', '.join(_CHOICES[name])}")
    return words


def _polygons(
    shapes: Geometries, actor: str | None, when: int, edges: str, findings: Findings
) -> Geometries:
    """Return the valid polygons of geometries, and note what had to be done for it."""
    given = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    lost = len(shapes) - len(given)
    if lost:
        findings.add(when, "empty", actor, 0.0, f"{lost} rows without a geometry left out")
    flat = shapely.force_2d(given)
    bad = ~shapely.is_valid(flat)
    for i in np.flatnonzero(bad):
        mended = shapely.make_valid(flat[i], method="structure", keep_collapsed=False)
        before, after = areas_m2([flat[i], mended]) / 1e6
        reason = shapely.is_valid_reason(flat[i])
        findings.add(when, "repaired", actor, float(abs(after - before)), reason)
        flat[i] = mended
    parts = shapely.get_parts(shapely.get_parts(flat))
    areal = np.isin(shapely.get_type_id(parts), _POLYGONS)
    if not areal.all():
        findings.add(when, "no area", actor, 0.0, f"{int((~areal).sum())} points or lines left out")
    parts = parts[areal & ~shapely.is_empty(parts)]
    return bend_edges(parts) if edges == "geodesic" else parts


def stamps_text(moment: int) -> str:
    """Return microseconds since 1970 as a date and time for a message."""
    return f"{pd.Timestamp(moment, unit='us'):%Y-%m-%d %H:%M}"


def map_dates(reports: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the dates of the snapshots among statements, without repeats, in their order."""
    mine = reports["kind"] == "snapshot"
    return pd.DatetimeIndex(reports.loc[mine, "valid_from"].drop_duplicates()).sort_values()


def missing_dates(reports: pd.DataFrame, freq: str | None) -> pd.DatetimeIndex:
    """Return the dates between the first and the last snapshot that have none.

    Parameters
    ----------
    reports
        Statements; those of the kind ``snapshot`` count.
    freq
        The step between snapshots; if None the most frequent one.
    """
    dates = map_dates(reports)
    none = pd.DatetimeIndex([], tz="UTC").as_unit("us")
    if len(dates) < 2:  # noqa: PLR2004 - no step
        return none
    if freq is not None:
        due = instants(dates[0].floor("D"), dates[-1], freq)
        # A map at any hour of its period will do; publication has no fixed hour.
        at = np.searchsorted(dates.to_numpy(), due.to_numpy(), side="left")
        after = np.searchsorted(dates.to_numpy(), due.to_numpy()[1:], side="left")
        return pd.DatetimeIndex(due[:-1][at[:-1] == after])
    steps = pd.Series(dates[1:] - dates[:-1])
    step = steps.mode().iloc[0]
    if (steps == step).mean() < 0.5:  # noqa: PLR2004 - no step is the usual one
        return none
    found = [
        pd.date_range(before + step, after, freq=step, inclusive="left")
        for before, after in pairwise(dates)
        if after - before > step * 1.5
    ]
    if not found:
        return none
    return pd.DatetimeIndex(np.concatenate([each.to_numpy() for each in found]), tz="UTC").as_unit(
        "us"
    )


def missing_spans(reports: pd.DataFrame, freq: str | None) -> pd.IntervalIndex:
    """Return the missing dates as stretches: from the first of them to the next map there is.

    Parameters
    ----------
    reports, freq
        As in `missing_dates`.
    """
    missing = missing_dates(reports, freq).to_numpy()
    dates = map_dates(reports)
    at = np.searchsorted(dates.to_numpy(), missing, side="right")
    first = np.ones(len(missing), dtype=bool)
    first[1:] = at[1:] != at[:-1]
    index = pd.DatetimeIndex(missing[first], tz="UTC")
    return pd.IntervalIndex.from_arrays(index, dates[at[first]].as_unit(index.unit), closed="left")
