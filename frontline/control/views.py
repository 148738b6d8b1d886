"""Views of a history at an instant: who held what, who held a point."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import CRS, OUTSIDE
from frontline.control.claims import BEFORE, micros
from frontline.control.frames import (
    in_degrees,
    names_among,
    object_series,
    objects,
    usable_points,
)
from frontline.control.timeline import instant
from frontline.dates import to_utc_series
from frontline.errors import CRSError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from frontline.composite import Composite
    from frontline.control.timeline import Timeline

    Floats = NDArray[np.float64]

COORDINATES = ("lon", "lat")
FIELDS = ("actor", "status", "basis")
#: What else `at` can tell apart: whether a date leaves open who held a cell.
DATING = "dating"


def control_at(
    composite: Composite,
    timeline: Timeline,
    when: Any,
    *,
    as_of: Any,
    by: Sequence[str],
    unsure: Callable[[], NDArray[np.bool_]] | None = None,
) -> gpd.GeoDataFrame:
    """Dissolve the theatre by what is known of its cells at an instant.

    `unsure` says, when it is asked, of which cells the dating is unsure at that instant.
    """
    fields = names_among((*FIELDS, DATING), by, what="by")
    if not fields:
        raise InputError(f"by={by!r} must name one or more of {', '.join((*FIELDS, DATING))}")
    code = timeline.codes([when], as_of=as_of)[0].astype(np.int64) * 2
    if DATING in fields and unsure is not None:
        code += unsure()
    rows = [
        tuple(dating if name == DATING else state[FIELDS.index(name)] for name in fields)
        for state in timeline.states
        for dating in ("sure", "unsure")
    ]
    groups = sorted(set(rows), key=_nobody_last)
    number = {row: i for i, row in enumerate(groups)}
    group = np.array([number[row] for row in rows], dtype=np.int64)[code]
    present, shapes = composite.dissolve(group)
    area = np.bincount(group, weights=composite.area_km2, minlength=len(groups))[present]
    columns = {
        name: object_series(groups[i][k] for i in present.tolist()) for k, name in enumerate(fields)
    }
    return gpd.GeoDataFrame({**columns, "area_km2": area}, geometry=shapes, crs=CRS)


def _nobody_last(row: tuple[str | None, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in row)


def points_of(points: Any) -> gpd.GeoSeries:
    """Return points as a GeoSeries in EPSG:4326.

    Raises
    ------
    InputError
        Something else than points, or coordinates that are missing.
    """
    if isinstance(points, gpd.GeoDataFrame):
        points = in_degrees(points, what="points").geometry
    elif isinstance(points, pd.DataFrame):
        lon, lat = _columns(points)
        return gpd.GeoSeries(shapely.points(lon, lat), index=points.index, crs=CRS)
    if isinstance(points, gpd.GeoSeries):
        series = in_degrees(points, what="points")
    elif isinstance(points, shapely.Geometry):
        series = gpd.GeoSeries([points], crs=CRS)
    elif hasattr(points, "point"):  # a Place or a Location
        series = gpd.GeoSeries([points.point], crs=CRS)
    else:
        series = _listed(points)
    array = np.asarray(series.array, dtype=object)
    bad = np.flatnonzero(~usable_points(array))
    if len(bad):
        raise InputError(
            f"points: rows {series.index[bad[:20]].tolist()} are no points with finite "
            "coordinates; give shapely points or (lon, lat)"
        )
    return series


def lonlat_of(points: Any) -> tuple[Floats, Floats, pd.Index[Any]]:
    """Return the longitudes and latitudes of points, and their index; see `points_of`.

    From the columns of a frame no geometries are made: that would take longer than the answers.
    """
    if isinstance(points, pd.DataFrame) and not isinstance(points, gpd.GeoDataFrame):
        return *_columns(points), points.index
    series = points_of(points)
    array = np.asarray(series.array, dtype=object)
    return shapely.get_x(array), shapely.get_y(array), series.index


def _columns(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    if not set(COORDINATES) <= set(frame.columns):
        raise InputError(
            "a frame of points needs the columns lon and lat, or a geometry, and has "
            f"{', '.join(map(str, frame.columns[:20]))}; rename them, or make a GeoDataFrame of it"
        )
    try:
        lon, lat = (frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in COORDINATES)
    except (TypeError, ValueError) as error:
        raise InputError(f"points: lon and lat must be numbers ({error})") from None
    finite = np.isfinite(lon) & np.isfinite(lat)
    if not finite.all():
        rows = frame.index[np.flatnonzero(~finite)[:20]].tolist()
        raise InputError(f"points: lon or lat are missing in rows {rows}; drop or mend them")
    if (np.abs(lon) > 180.0).any() or (np.abs(lat) > 90.0).any():  # noqa: PLR2004 - the globe
        raise CRSError(
            "points: lon and lat hold numbers beyond 180 and 90 degrees; these may be metres, or "
            "swapped"
        )
    return lon, lat


def _listed(points: Any) -> gpd.GeoSeries:
    try:
        listed = list(points)
    except TypeError:
        raise InputError(
            f"points must be a GeoSeries, shapely points or (lon, lat), not {points!r}"
        ) from None
    index = points.index if isinstance(points, pd.Series) else None
    if len(listed) == 2 and all(isinstance(value, Real) for value in listed):  # noqa: PLR2004 - one (lon, lat)
        listed, index = [listed], None
    return gpd.GeoSeries([_point(each) for each in listed], index=index, crs=CRS)


def _point(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return value
    if hasattr(value, "point"):
        return value.point
    try:
        lon, lat = value
        return shapely.Point(float(lon), float(lat))
    except (TypeError, ValueError):
        raise InputError(f"{value!r} is no point; give a shapely Point or (lon, lat)") from None


def moments_of(when: Any, index: pd.Index[Any]) -> np.ndarray:
    """Return one instant a point, in microseconds, from a date or a column of dates."""
    if isinstance(when, (pd.Series, pd.Index, np.ndarray, list, tuple)):
        if len(when) != len(index):
            raise InputError(f"{len(when)} dates for {len(index)} points; give one each, or one")
        series = to_utc_series(pd.Series(when), what="date", allow_nat=False)
        if isinstance(when, pd.Series) and not when.index.equals(index):
            if not (when.index.is_unique and index.isin(when.index).all()):
                raise InputError("the dates' index does not match the points' index")
            series = series.reindex(index)
        return micros(series.reset_index(drop=True), open_end=BEFORE)
    return np.full(len(index), instant(when), dtype=np.int64)


def holder_of(
    composite: Composite,
    timeline: Timeline,
    points: Any,
    when: Any,
    *,
    as_of: Any,
    beyond: tuple[str, int] | None = None,
) -> pd.Series[Any]:
    """Return who held each point; None where nobody is known to, or outside the theatre.

    `beyond` is who holds all land outside of the cells, and from which microsecond on.
    """
    lon, lat, index = lonlat_of(points)
    moments = moments_of(when, index)
    cell = composite.cells_of(lon, lat)
    spell = timeline.spells_of(cell, moments, as_of=as_of)
    actor = objects([*timeline.spells["actor"], None])  # the last stands for "no spell"
    found = actor[spell]
    if beyond is not None:
        found[(cell == OUTSIDE) & (moments >= beyond[1])] = beyond[0]
    return pd.Series(found, index=index, name="actor", dtype=object)
