"""Control reports as they come in: read, checked all at once, and put into one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.doubt import UNCERTAIN, read_doubt, settle
from frontline.control.frames import (
    CRS,
    Faults,
    each_distinct,
    in_degrees,
    objects,
    usable_points,
)
from frontline.dates import to_utc_series
from frontline.errors import (
    AmbiguousPlaceError,
    CRSError,
    DateError,
    InputError,
    UnknownPlaceError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

STATUSES = ("controlled", "advance", "infiltration", "contested", "no_data")
#: Best first: how far a statement is from what can be seen.
BASES = ("confirmed", "reported", "assessed", "claimed")
#: Whether a statement decides what is believed, or is only kept beside those that do.
REVIEWS = ("accepted", "conflict")
TABLE_COLUMNS = (
    "place",
    "kind",
    "actor",
    "status",
    "basis",
    "review",
    "valid_from",
    "valid_to",
    "recorded_from",
    "recorded_to",
    "valid_from_edtf",
    "valid_to_edtf",
    "confidence",
    "source",
    "note",
    "geometry",
)

_DATES = ("valid_from", "valid_to", "recorded_from", "recorded_to")
_POINT = 0
_AREA = 2


def read_statements(
    reports: Any,
    *,
    places: gpd.GeoDataFrame | None,
    gazetteer: Any = None,
    outline: Any = None,
) -> gpd.GeoDataFrame:
    """Check a frame of control reports and return it in the library's own columns.

    Parameters
    ----------
    reports
        See `ControlHistory.from_places`.
    places
        What `read_places` returned, or None.
    gazetteer
        Where place names are looked up that `places` does not hold; the bundled one if None.
    outline
        The theatre, to say which points lie outside it.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `TABLE_COLUMNS`, index `report` (0 .. n-1), in the order given.

    Raises
    ------
    InputError
        Anything that cannot be used, all of it in one message with its row.
    """
    if not isinstance(reports, pd.DataFrame):
        raise InputError(f"reports must be a DataFrame, not {type(reports).__name__}")
    if not len(reports):
        raise InputError("reports is empty; a history needs at least one report")
    reports = _placed(reports)
    faults = Faults("reports")
    columns = set(reports.columns)
    for name in ("actor", "valid_from"):
        if name not in columns:
            faults.add(f"column {name} is missing; found: {', '.join(map(str, reports.columns))}")
    if not {"place", "geometry"} & columns:
        faults.add("column place or geometry is missing: a report must say where")
    faults.raise_if_any()
    if isinstance(reports, gpd.GeoDataFrame):
        reports = in_degrees(reports, what="reports")
    labels = list(reports.index)
    table: dict[str, Any] = {
        "place": _written(_column(reports, "place"), "place", labels, faults),
        "actor": _texts(_column(reports, "actor"), "actor", labels, faults),
        "status": _choice(reports, "status", STATUSES, labels, faults),
        "basis": _choice(reports, "basis", BASES, labels, faults),
        "review": _choice(reports, "review", REVIEWS, labels, faults),
    }
    table.update(_dates(reports, labels, faults))
    for name in ("source", "note"):
        table[name] = _written(_column(reports, name), name, labels, faults)
    table["confidence"] = _column(reports, "confidence")
    geometry, given = _geometries(reports, labels, faults)
    _find(np.where(given, "", table["place"]), geometry, places, gazetteer, labels, faults)
    _inside(geometry, outline, labels, faults)
    faults.raise_if_any()
    kinds = shapely.get_type_id(geometry)
    area = np.where(_cut(reports, labels, faults), "area", "sites")
    faults.raise_if_any()
    table["kind"] = np.where(kinds == _POINT, "point", area).astype(object)
    # Whom nobody is said to hold is not held: one way to write it, whatever came in.
    nobody = pd.isna(table["actor"])
    unheld = (nobody & (table["status"] != "contested")) | (table["status"] == "no_data")
    table["status"][unheld] = "no_data"
    table["actor"][unheld] = None
    index = pd.RangeIndex(len(reports), name="report")
    made = {
        name: pd.DatetimeIndex(table[name])
        if name in _DATES
        else pd.Series(table[name], index=index, dtype=object)
        for name in TABLE_COLUMNS[:-1]
    }
    return gpd.GeoDataFrame(pd.DataFrame(made, index=index), geometry=geometry, crs=CRS)


def _placed(reports: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose shapes, if it has any, are in the column `geometry`."""
    if not isinstance(reports, gpd.GeoDataFrame):
        return reports
    name: str | None = reports.active_geometry_name
    if name is None:
        return pd.DataFrame(reports)
    if name != "geometry":
        reports = reports.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    return reports


def _column(frame: pd.DataFrame, name: str) -> np.ndarray:
    return objects(frame[name]) if name in frame else np.full(len(frame), None, dtype=object)


def _texts(values: np.ndarray, what: str, labels: list[Any], faults: Faults) -> np.ndarray:
    texts = each_distinct(values, lambda value: value.strip() if isinstance(value, str) else None)
    for i in np.flatnonzero(pd.isna(texts) & ~pd.isna(values)):
        faults.add(f"row {labels[i]}: {what} {values[i]!r} is no text")
    return texts


def _written(values: np.ndarray, what: str, labels: list[Any], faults: Faults) -> np.ndarray:
    """Turn numbers and dates into text: a column of one type can be stored."""
    texts = each_distinct(values, _as_text)
    for i in np.flatnonzero(pd.isna(texts) & ~pd.isna(values)):
        faults.add(f"row {labels[i]}: {what} is a {type(values[i]).__name__}, not a text")
    return texts


def _as_text(value: Any) -> str | None:
    several = isinstance(value, (Mapping, bytes)) or pd.api.types.is_list_like(value)
    return None if several else str(value)


def _choice(
    frame: pd.DataFrame, name: str, choices: tuple[str, ...], labels: list[Any], faults: Faults
) -> np.ndarray:
    default = {"status": "controlled", "basis": "reported", "review": "accepted"}[name]
    values = _column(frame, name)
    texts = each_distinct(values, lambda value: str(value).strip().lower())
    texts[pd.isna(texts)] = default
    for i in np.flatnonzero(~np.isin(texts.astype(str), choices)):
        faults.add(f"row {labels[i]}: {name} {values[i]!r} is unknown; use {', '.join(choices)}")
    return texts


def _dates(frame: pd.DataFrame, labels: list[Any], faults: Faults) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in _DATES:
        given = frame.get(name)
        if name in UNCERTAIN:
            given, doubt = read_doubt(frame, name, labels, faults)
            out[f"{name}_edtf"] = doubt
        try:
            stamps = to_utc_series(given, what=name) if given is not None else _no_dates(len(frame))
        except DateError as error:
            for part in str(error).split("; row "):
                faults.add(part if part.startswith("row ") else f"row {part}", kind=DateError)
            stamps = _no_dates(len(frame))
            out[f"bad {name}"] = True
        out[name] = stamps.reset_index(drop=True)
        if name in UNCERTAIN:
            out[name] = settle(out[name], out[f"{name}_edtf"], name, labels, faults)
    bad_start = out.pop("bad valid_from", False)
    if not bad_start:
        for i in np.flatnonzero(out["valid_from"].isna()):
            faults.add(f"row {labels[i]}: valid_from is missing", kind=DateError)
    for start, end in (("valid_from", "valid_to"), ("recorded_from", "recorded_to")):
        for i in np.flatnonzero(out[end] <= out[start]):
            faults.add(
                f"row {labels[i]}: {end} ({out[end][i]:%Y-%m-%d %H:%M}) is not after {start} "
                f"({out[start][i]:%Y-%m-%d %H:%M}); intervals are half-open, [from, to)",
                kind=DateError,
            )
    return {name: out[name] for name in (*_DATES, *(f"{name}_edtf" for name in UNCERTAIN))}


def _no_dates(count: int) -> pd.Series[Any]:
    nothing = np.full(count, np.datetime64("NaT", "us"))
    return pd.Series(pd.DatetimeIndex(nothing).tz_localize("UTC"))


def _cut(frame: pd.DataFrame, labels: list[Any], faults: Faults) -> NDArray[np.bool_]:
    out = np.ones(len(frame), dtype=bool)
    if "cut" not in frame:
        return out
    for i, value in enumerate(_column(frame, "cut")):
        if value is not None and not isinstance(value, (bool, np.bool_)):
            faults.add(f"row {labels[i]}: cut {value!r} is neither True nor False")
        out[i] = value is None or bool(value)
    return out


def _geometries(
    frame: pd.DataFrame, labels: list[Any], faults: Faults
) -> tuple[np.ndarray, np.ndarray]:
    """Return the geometries that can be used, and which rows give one at all."""
    if isinstance(frame, gpd.GeoDataFrame):
        found = np.asarray(frame.geometry.array, dtype=object)
    else:
        found = _column(frame, "geometry")
    out = np.full(len(found), None, dtype=object)
    given = np.array([shape is not None for shape in found], dtype=bool)
    plain = usable_points(found)  # nearly all, so they are not looked at singly
    out[plain] = shapely.force_2d(found[plain])
    for i in np.flatnonzero(given & ~plain):
        shape = found[i]
        where = f"row {labels[i]}"
        if not isinstance(shape, shapely.Geometry):
            faults.add(f"{where}: geometry is {type(shape).__name__}, not a shapely geometry")
        elif shape.is_empty:
            faults.add(f"{where}: geometry is empty")
        elif not np.isfinite(shapely.get_coordinates(shape)).all():
            faults.add(f"{where}: geometry has coordinates that are not finite")
        elif (np.abs(shape.bounds) > [180, 90, 180, 90]).any():
            faults.add(
                f"{where}: geometry is beyond 180 and 90 degrees; give longitude and latitude",
                kind=CRSError,
            )
        elif shape.geom_type not in ("Point", "Polygon", "MultiPolygon"):
            faults.add(f"{where}: geometry is a {shape.geom_type}; give a point or a polygon")
        else:
            out[i] = _repaired(shape)
            if out[i] is None:
                faults.add(f"{where}: the ring of the geometry crosses itself and holds no area")
    return out, given


def _repaired(shape: Any) -> Any:
    """Return a shape in two dimensions and valid; None for an area that has no extent."""
    flat = shapely.force_2d(shape)
    if flat.is_valid:
        return flat
    # A spike becomes a line beside the area, a bow-tie several areas: only areas are kept.
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(flat)))
    parts = parts[shapely.get_dimensions(parts) == _AREA]
    return shapely.union_all(parts) if len(parts) else None


def _find(
    names: np.ndarray,
    geometry: np.ndarray,
    places: gpd.GeoDataFrame | None,
    gazetteer: Any,
    labels: list[Any],
    faults: Faults,
) -> None:
    """Put a point where only a place is named."""
    for i in np.flatnonzero(pd.isna(names)):
        faults.add(f"row {labels[i]}: neither place nor geometry says where")
    rows = np.flatnonzero(~pd.isna(names) & (names != ""))  # "": the row gives a geometry
    if not len(rows):
        return
    known = {} if places is None else _known(places)
    lookup: Callable[[str], Any] | None = None
    code, distinct = pd.factorize(names[rows])
    answers = np.full(len(distinct), None, dtype=object)
    for k, name in enumerate(distinct):
        text = str(name)
        spots = known.get(text, ())
        if len(spots) == 1:
            answers[k] = spots[0]
        elif spots:
            answers[k] = f"{text!r} names {len(spots)} places; give a place_id or a geometry"
        else:
            lookup = lookup or gazetteer_or_bundled(gazetteer).place
            answers[k] = _look_up(lookup, text)
    wrong = np.array([isinstance(answer, str) for answer in answers], dtype=bool)
    for i in np.flatnonzero(wrong[code]):
        faults.add(f"row {labels[rows[i]]}: place {answers[code[i]]}")
    answers[wrong] = None
    geometry[rows] = answers[code]


def _known(places: gpd.GeoDataFrame) -> dict[str, list[Any]]:
    """Return the distinct points for which each name or key stands."""
    points = np.asarray(places.geometry.array, dtype=object)
    both = pd.DataFrame(
        {
            "text": np.concatenate([objects(places["name"]), objects(places["place_id"])]),
            "lon": np.tile(shapely.get_x(points), 2),
            "lat": np.tile(shapely.get_y(points), 2),
            "row": np.tile(np.arange(len(points)), 2),
        }
    )
    both = both.dropna(subset=["text"]).drop_duplicates(["text", "lon", "lat"])
    known: dict[str, list[Any]] = {}
    for text, row in zip(both["text"], both["row"], strict=True):
        known.setdefault(str(text), []).append(points[row])
    return known


def _look_up(lookup: Callable[[str], Any], name: str) -> Any:
    try:
        return lookup(name).point
    except UnknownPlaceError as error:
        near = ", ".join(error.near_names)
        return f"{name!r} is unknown" + (f"; near names: {near}" if near else "")
    except AmbiguousPlaceError as error:
        return f"{name!r} names {len(error.candidates)} places; give a geometry or a place_id"


def gazetteer_or_bundled(gazetteer: Any) -> Any:
    """Return a gazetteer, the bundled one for None."""
    if gazetteer is not None:
        return gazetteer
    from frontline.gazetteer import Gazetteer

    return Gazetteer.bundled()


def _inside(geometry: np.ndarray, outline: Any, labels: list[Any], faults: Faults) -> None:
    if outline is None:
        return
    shapely.prepare(outline)
    out = ~shapely.is_missing(geometry) & ~shapely.intersects(outline, geometry)
    for i in np.flatnonzero(out):
        shape = geometry[i]
        if shape.geom_type != "Point":
            faults.add(f"row {labels[i]}: the area lies outside the outline")
            continue
        swapped = shapely.intersects(outline, shapely.Point(shape.y, shape.x))
        hint = "; with longitude and latitude swapped it would be inside" if swapped else ""
        faults.add(f"row {labels[i]}: ({shape.x:g}, {shape.y:g}) lies outside the outline{hint}")
