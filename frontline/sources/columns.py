"""Plain tables: whose columns are called what, the caller says."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.statements import BASES, STATUSES
from frontline.dates import to_utc_series
from frontline.errors import DataFileError, DateError, InputError
from frontline.sources.geometry import tidied, to_degrees
from frontline.sources.model import KINDS, Data, Origin
from frontline.sources.options import check_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontline.sources.notes import Notes
    from frontline.sources.safety import Limits

#: Of a file whose terms nobody has stated.
UNKNOWN = Origin(
    name="a file of unstated origin",
    publisher="unknown",
    url="",
    licence="not stated",
    attribution="",
    redistributable=None,
    note="say where it comes from with origin=Origin(...)",
)

DATES = ("date", "valid_from", "valid_to", "recorded_from", "recorded_to")
_CHOICES = {"status": STATUSES, "basis": BASES}
_NEEDED = {
    "snapshots": ("date", "actor"),
    "reports": ("actor", "valid_from"),
    "places": ("name",),
}
_AREAS = ("Polygon", "MultiPolygon")


class MappingOptions(TypedDict, total=False):
    """The options that all plain formats share; see `mapped`."""

    crs: Any
    columns: Mapping[str, str] | None
    constants: Mapping[str, Any] | None
    values: Mapping[str, Mapping[Any, Any]] | None
    kind: str | None
    longitudes: str
    within: tuple[float, float, float, float] | None
    origin: Origin | None


def mapped(
    frame: pd.DataFrame,
    notes: Notes,
    *,
    limits: Limits,
    shapes: np.ndarray | None = None,
    found_crs: Any = None,
    crs: Any = None,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, Any] | None = None,
    values: Mapping[str, Mapping[Any, Any]] | None = None,
    kind: str | None = None,
    longitudes: str = "-180-180",
    within: tuple[float, float, float, float] | None = None,
    origin: Origin | None = None,
) -> Data:
    """Return a stranger's table under our names.

    Parameters
    ----------
    frame
        The table without its geometry.
    notes
        Takes remarks and faults.
    limits
        How much is allowed.
    shapes, found_crs
        Its geometry and what it says of its reference system. Without: columns `lon` and `lat`.
    crs
        Reference system, where the file names none or a wrong one.
    columns
        From our names to theirs, ``{"actor": "side", "date": "day"}``.
    constants
        Columns that the table lacks, ``{"actor": "A", "date": "2024-12-05"}``.
    values
        From their words to ours, ``{"status": {"occupied": "controlled"}}``.
    kind
        See `Data`; None: snapshots if there are `date` and `actor`, reports if there are
        `valid_from` and `actor`, events if there is only a `date`, places if there is a `name`,
        else a panel.
    longitudes, within
        ``"0-360"`` where longitudes count so; west, south, east and north of where it must lie.
    origin
        Where the data come from; `UNKNOWN` if None.

    Raises
    ------
    DataFileError
        Columns that are not there, dates that cannot be read, words that are no status or basis.
    CRSError
        Numbers that are no degrees.
    InputError
        A mapping or a kind that is none.
    """
    check_options({
        "columns": columns, "constants": constants, "values": values, "within": within,
        "origin": origin, "longitudes": longitudes,
    })  # fmt: skip
    out = _renamed(frame, notes, columns)
    if "geometry" in out and shapes is not None:
        out = out.rename(columns={"geometry": "geometry_property"})
        notes.say("a property called geometry is now geometry_property")
    for name, value in (constants or {}).items():
        if name in out:
            raise InputError(f"constants: the table has a column {name} already")
        out[name] = [value] * len(out)
    for name, words in (values or {}).items():
        if name not in out:
            raise InputError(f"values: there is no column {name}")
        out[name] = [words.get(each, each) if _hashable(each) else each for each in out[name]]
    chosen = _kind(out, kind)
    strict = chosen in _NEEDED and chosen != "places"
    asked = {*(columns or {}), *(constants or {})}
    _read_dates(out, notes, needed=None if strict else asked)
    if strict:
        _check_words(out, notes)
    if shapes is None:
        shapes, found_crs = _points(out, notes), "EPSG:4326"
        out = out.drop(columns=[n for n in ("lon", "lat") if n in out and shapes is not None])
    notes.raise_if_faulty()
    origin = origin or UNKNOWN
    if shapes is None:
        return Data(chosen, out, origin, notes.remarks())
    degrees = to_degrees(shapes, found_crs if crs is None else crs, name=notes.name)
    tidy = tidied(
        degrees, notes, limits=limits, areas=chosen == "snapshots", longitudes=longitudes,
        theatre=within, strict=True,
    )  # fmt: skip
    geo = gpd.GeoDataFrame(out, geometry=gpd.GeoSeries(tidy, index=out.index), crs="EPSG:4326")
    if chosen == "snapshots":
        geo = geo[geo.geometry.notna()].reset_index(drop=True)
    return Data(chosen, geo, origin, notes.remarks())


def _renamed(frame: pd.DataFrame, notes: Notes, columns: Mapping[str, str] | None) -> pd.DataFrame:
    if columns is None:
        return frame.copy()
    there = [str(name) for name in frame.columns]
    for ours, theirs in columns.items():
        if theirs not in frame.columns:
            near = difflib.get_close_matches(str(theirs), there, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            notes.fault(
                f"there is no column {theirs!r} for {ours}; it has {', '.join(there)}{hint}"
            )
    notes.raise_if_faulty()
    out = frame.copy()
    taken = {ours: frame[theirs] for ours, theirs in columns.items()}
    out = out.drop(columns=[each for each in set(columns.values()) if each not in columns])
    for ours, series in taken.items():
        out[ours] = series
    return out


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _kind(frame: pd.DataFrame, kind: str | None) -> str:
    if kind is None:
        if "actor" in frame:
            return (
                "snapshots" if "date" in frame else "reports" if "valid_from" in frame else "panel"
            )
        return "events" if "date" in frame else "places" if "name" in frame else "panel"
    if kind not in KINDS:
        raise InputError(f"kind={kind!r} is none of {', '.join(KINDS)}")
    missing = [name for name in _NEEDED.get(kind, ()) if name not in frame]
    if missing:
        raise InputError(
            f"{kind} need the columns {', '.join(missing)}; say which they are with columns=, or "
            f"what they hold with constants=. There are {', '.join(map(str, frame.columns))}"
        )
    return kind


def _read_dates(frame: pd.DataFrame, notes: Notes, *, needed: set[str] | None) -> None:
    """Read the dates; where nobody needs them (None: all are needed) text may stay text."""
    for name in DATES:
        if name not in frame:
            continue
        try:
            frame[name] = to_utc_series(frame[name], what=name)
        except DateError as error:
            if needed is None or name in needed:
                notes.fault(f"column {name}: {error}")
            else:
                notes.say(f"the column {name} was left as it is: {str(error)[:200]}")


def _check_words(frame: pd.DataFrame, notes: Notes) -> None:
    for name, choices in _CHOICES.items():
        if name not in frame:
            continue
        found = {str(each) for each in frame[name].dropna()} - set(choices) - {""}
        if found:
            notes.fault(
                f"column {name}: {', '.join(sorted(found)[:5])[:200]} is none of "
                f"{', '.join(choices)}; give values={{{name!r}: {{theirs: ours}}}}"
            )


def _points(frame: pd.DataFrame, notes: Notes) -> np.ndarray | None:
    if not {"lon", "lat"} <= set(frame.columns):
        return None
    lon, lat = (_numbers(frame[name], name, notes) for name in ("lon", "lat"))
    for at in np.flatnonzero(np.isnan(lon) != np.isnan(lat)):
        notes.fault(f"row {int(at) + 1}: lon without lat, or lat without lon")
    points = shapely.points(lon, lat)
    points = np.atleast_1d(np.asarray(points, dtype=object))
    points[np.isnan(lon)] = None
    return points


def _numbers(series: pd.Series[Any], name: str, notes: Notes) -> np.ndarray:
    numbers = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float)
    filled = np.array([not (each is None or each == "" or each != each) for each in series])  # noqa: PLR0124 - NaN
    for at in np.flatnonzero(filled & np.isnan(numbers)):
        notes.fault(f"row {int(at) + 1}: {name} {str(series.iloc[at])[:60]!r} is no number")
    return numbers


def require(frame: pd.DataFrame, names: tuple[str, ...], *, path: Any) -> None:
    """Raise unless a table has some columns.

    Raises
    ------
    DataFileError
        Some are missing; the message names them and those that are there.
    """
    missing = [name for name in names if name not in frame]
    if missing:
        raise DataFileError(
            f"{path} lacks the columns {', '.join(missing)}; it has "
            f"{', '.join(map(str, frame.columns))}. The format may have changed",
            path=path,
        )
