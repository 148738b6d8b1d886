"""Frames as they come in: reference systems, missing values, and faults told all at once."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from geopandas.array import GeometryArray

from frontline.errors import CRSError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CRS = "EPSG:4326"

_SHOWN = 25
_AREAS = (3, 6)


class Faults:
    """Everything that is wrong with an input, gathered to be raised once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._found: list[str] = []
        self._kind: type[InputError] = InputError

    def add(self, message: str, *, kind: type[InputError] = InputError) -> None:
        """Note a fault; the first one's kind decides which error is raised."""
        if not self._found:
            self._kind = kind
        elif kind is not self._kind:
            self._kind = InputError
        self._found.append(message)

    def raise_if_any(self) -> None:
        """Raise one error that names all faults.

        Raises
        ------
        InputError
            At least one fault was noted.
        """
        if not self._found:
            return
        shown = self._found[:_SHOWN]
        if len(self._found) > _SHOWN:
            shown.append(f"... and {len(self._found) - _SHOWN} more")
        count = len(self._found)
        head = f"{self._what}: {count} fault{'s' if count > 1 else ''}"
        raise self._kind(head + "\n  - " + "\n  - ".join(shown))


def objects(values: Any) -> np.ndarray:
    """Return values as an object array in which what is missing is None."""
    if isinstance(values, (pd.Series, pd.Index, np.ndarray)) and values.ndim == 1:
        out = np.array(values, dtype=object)
    else:
        listed = list(values)
        out = np.fromiter(listed, dtype=object, count=len(listed))
    out[pd.isna(out)] = None
    kind = pd.api.types.infer_dtype(out, skipna=True)
    if kind in ("string", "mixed"):
        code, distinct = _coded(out) if kind == "string" else (np.arange(len(out)), out)
        blank = np.array([isinstance(v, str) and not v.strip() for v in distinct], dtype=bool)
        out[np.append(blank, False)[code]] = None  # the last stands for what is missing
    return out


def each_distinct(values: np.ndarray, function: Callable[[Any], Any]) -> np.ndarray:
    """Apply a function to the values that are not None, to equal texts only once."""
    if pd.api.types.infer_dtype(values, skipna=True) != "string":
        listed = [None if value is None else function(value) for value in values]
        return np.fromiter(listed, dtype=object, count=len(listed))
    code, distinct = _coded(values)
    answers = [*map(function, distinct), None]
    return np.fromiter(answers, dtype=object, count=len(answers)).take(code)


def _coded(texts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each text, -1 for None, and the distinct texts."""
    code, distinct = pd.factorize(texts)
    return code, np.asarray(distinct, dtype=object)


def object_series(values: Any) -> pd.Series[Any]:
    """Return values as an object Series; pandas would turn None into NaN in a text column."""
    return pd.Series(objects(values), dtype=object)


@functools.cache
def _crs() -> Any:
    return pyproj.CRS(CRS)


def geo_frame(columns: dict[str, Any], shapes: np.ndarray) -> gpd.GeoDataFrame:
    """Return a frame in EPSG:4326; the constructor's own way to it takes three times as long."""
    geometry = GeometryArray(shapes, crs=_crs())
    return gpd.GeoDataFrame({**columns, "geometry": geometry}, geometry="geometry")


def names_among(choices: Sequence[str], given: Any, *, what: str) -> tuple[str, ...]:
    """Return names given as a text or as several, all of them among the choices.

    Raises
    ------
    InputError
        Something else than names, or a name that is no choice.
    """
    several = isinstance(given, Iterable) and not isinstance(given, str)
    names = tuple(given) if several else (given,)
    if not all(isinstance(name, str) and name in choices for name in names):
        raise InputError(f"{what}={given!r} must be among {', '.join(choices)}")
    return names


def is_number(value: Any, *, kind: type = Real) -> bool:
    """Say whether a value is a number of a kind; True and False are none."""
    return isinstance(value, kind) and not isinstance(value, (bool, np.bool_))


def length_km(value: Any, *, what: str) -> float | None:
    """Return a length above zero, or None as it is.

    Raises
    ------
    InputError
        Something else.
    """
    if value is None:
        return None
    if not (is_number(value) and np.isfinite(value) and value > 0):
        raise InputError(f"{what} must be a length above 0 km, not {value!r}")
    return float(value)


def in_degrees(frame: Any, *, what: str) -> Any:
    """Return a GeoDataFrame in EPSG:4326.

    Raises
    ------
    InputError
        The frame has no geometry.
    CRSError
        The frame says of no reference system, or its numbers are no degrees.
    """
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is None:
        raise InputError(f"{what} has no geometry column; set one with frame.set_geometry(...)")
    if frame.crs is None:
        raise CRSError(
            f"{what} has no CRS; say which one its numbers are in, e.g. frame.set_crs('EPSG:4326')"
        )
    if not frame.crs.equals(CRS, ignore_axis_order=True):
        frame = frame.to_crs(CRS)
    bounds = frame.total_bounds
    if np.isfinite(bounds).all() and (np.abs(bounds) > [180, 90, 180, 90]).any():
        raise CRSError(
            f"{what} is labelled as longitude and latitude but holds numbers beyond 180 and 90 "
            "degrees; these may be metres, or swapped"
        )
    return frame


def outline_of(outline: Any) -> Any:
    """Return an outline, given as a geometry or a frame, as one polygon in degrees.

    Raises
    ------
    InputError
        It is empty or no area.
    """
    if outline is None:
        return None
    if isinstance(outline, (gpd.GeoDataFrame, gpd.GeoSeries)):
        if not len(outline):
            raise InputError("the outline is an empty frame; give one polygon or more")
        array = np.asarray(in_degrees(outline, what="the outline").geometry.array, dtype=object)
        _require_finite(array)
        outline = shapely.union_all(array)
    if not isinstance(outline, shapely.Geometry):
        raise InputError(
            "the outline must be a polygon or a GeoDataFrame of polygons, "
            f"not {type(outline).__name__}"
        )
    _require_finite(outline)
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    parts = shapely.get_parts(outline)
    parts = parts[np.isin(shapely.get_type_id(parts), _AREAS)]
    if not len(parts) or not shapely.area(parts).sum() > 0:
        raise InputError("the outline must be a polygon with an area")
    outline = shapely.force_2d(parts[0] if len(parts) == 1 else shapely.union_all(parts))
    if (np.abs(outline.bounds) > [180, 90, 180, 90]).any():
        raise CRSError("the outline's numbers are beyond 180 and 90 degrees; give lon, lat")
    return outline


def _require_finite(outline: Any) -> None:
    if not np.isfinite(shapely.get_coordinates(outline)).all():
        raise InputError("the outline has coordinates that are not finite")


def read_places(places: Any, *, outline: Any) -> gpd.GeoDataFrame:
    """Return the known localities of a theatre: name, place_id, geometry (points, degrees).

    Raises
    ------
    InputError
        The frame has no names, or rows without a point.
    """
    if places is None:
        return gpd.GeoDataFrame(
            {"name": object_series([]), "place_id": object_series([])}, geometry=[], crs=CRS
        )
    if not isinstance(places, gpd.GeoDataFrame):
        raise InputError("places must be a GeoDataFrame with name (or place_id) and points")
    if not {"name", "place_id"} & set(places.columns):
        raise InputError("places needs a column name or place_id")
    faults = Faults("places")
    frame = in_degrees(places, what="places")
    points = np.asarray(frame.geometry.array, dtype=object)
    for i in np.flatnonzero(~usable_points(points)):
        faults.add(f"row {frame.index[i]}: geometry is no point with finite coordinates")
    faults.raise_if_any()
    name = _texts(frame["name" if "name" in frame else "place_id"])
    key = _texts(frame["place_id"]) if "place_id" in frame else objects([None] * len(frame))
    keep = np.ones(len(frame), bool) if outline is None else shapely.intersects(outline, points)
    return gpd.GeoDataFrame(
        {"name": object_series(name[keep]), "place_id": object_series(key[keep])},
        geometry=points[keep],
        crs=CRS,
    )


def _texts(values: Any) -> np.ndarray:
    return each_distinct(objects(values), str)


def usable_points(found: np.ndarray) -> np.ndarray:
    """Say which values are points with finite coordinates in degrees."""
    try:
        out = np.asarray(shapely.get_type_id(found) == 0)
    except TypeError:  # something else than geometries among them
        out = np.array([isinstance(shape, shapely.Point) for shape in found], dtype=bool)
    out[out] = ~shapely.is_empty(found[out])  # GEOS refuses to say where an empty point lies
    x, y = shapely.get_x(found[out]), shapely.get_y(found[out])
    with np.errstate(invalid="ignore"):
        out[out] = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)  # noqa: PLR2004 - the globe
    return out
