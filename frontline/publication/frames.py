"""Events and places as they are published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import in_degrees, object_series, objects
from frontline.publication.coarse import shapes_on_grid
from frontline.publication.columns import EVENTS, PLACE_NAMES, PLACES, known_columns
from frontline.publication.delay import cut_times
from frontline.publication.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontline.publication.record import Terms
    from frontline.publication.texts import Texts

__all__ = ["events_published", "places_published"]

_NAMES = PLACE_NAMES
_LON, _LAT = ("lon", "longitude", "x"), ("lat", "latitude", "y")
_POINT = 0


def events_published(events: Any, terms: Terms, texts: Texts) -> Any:
    """Return the events that may be told, as far as they may be told.

    One whose title tells a later date is left out; a title that holds coordinates gives way to
    the kind of event.
    """
    out = in_degrees(events, what="the events") if len(events) else events
    out = known_columns(out, EVENTS, texts, what="events")
    if terms.until is not None:
        out = cut_times(out, terms.until)
        if "title" in out:
            # Without the title an event says nothing, so it goes with it.
            late = [_later(texts, title) for title in out["title"]]
            out = out[~np.array(late, dtype=bool)]
    out = out.reset_index(drop=True)
    if terms.grid_deg is not None and len(out):
        out = _generalised(out, Grid(terms.grid_deg), withheld=terms.withheld)
    if "title" in out:
        kinds = out["kind"] if "kind" in out else ["event"] * len(out)
        titles = [
            kind if isinstance(title, str) and texts.clean(title) is None else title
            for title, kind in zip(out["title"], kinds, strict=True)
        ]
        out["title"] = object_series(titles)
    out = texts.clean_columns(out, _texts(out, but=("title", "source")))
    if "kind" in out:
        out["kind"] = out["kind"].where(out["kind"].notna(), "event")
    return out


def places_published(places: Any, terms: Terms, texts: Texts) -> Any:
    """Return the places, each in the middle of its cell."""
    out = in_degrees(places, what="the places") if len(places) else places
    out = known_columns(out, PLACES, texts, what="places")
    out = out.reset_index(drop=True)
    for name in _NAMES:
        if name in out:
            out[name] = texts.names(out[name])
    if terms.grid_deg is not None and len(out):
        grid = Grid(terms.grid_deg)
        out = _numbers_on_grid(out, grid)
        for name in _shaped(out):
            out = _with_shapes(out, name, shapes_on_grid(out[name], grid))
    return texts.clean_columns(out, _texts(out, but=(*_NAMES, "source")))


def _later(texts: Texts, title: Any) -> bool:
    from frontline.publication.later import tells_later

    return isinstance(title, str) and texts.until is not None and tells_later(title, texts.until)


def _texts(frame: Any, *, but: tuple[str, ...]) -> list[str]:
    shaped = set(_shaped(frame))
    return [name for name in frame.columns if name not in but and name not in shaped]


def _shaped(frame: Any) -> list[str]:
    """Return the columns that hold shapes, whether pandas knows it or not."""
    return [str(name) for name in frame.columns if any(_shapes(frame[name]))]


def _shapes(column: Any) -> Iterator[bool]:
    if str(column.dtype) == "geometry":
        yield True
    elif column.dtype == object:
        yield from (isinstance(each, shapely.Geometry) for each in column)


def _with_shapes(frame: Any, name: str, shapes: Any) -> Any:
    if isinstance(frame, gpd.GeoDataFrame) and name == frame.active_geometry_name:
        return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    out = frame.copy()
    out[name] = object_series(shapes).set_axis(out.index)
    return out


def _numbers_on_grid(frame: Any, grid: Grid) -> Any:
    out = frame.copy()
    for name in out.columns:
        kind = str(name).lower()
        if kind in (*_LON, *_LAT):
            numbers = pd.to_numeric(out[name], errors="coerce").to_numpy(dtype=float)
            spots = np.column_stack([numbers, numbers if kind in _LON else np.zeros(len(numbers))])
            if kind in _LAT:
                spots = spots[:, ::-1]
            out[name] = grid.centres(spots)[:, 0 if kind in _LON else 1]
    return out


def _generalised(events: Any, grid: Grid, *, withheld: bool) -> Any:
    """Return events at the centres of their cells, with what that adds to their uncertainty."""
    out = _numbers_on_grid(events, grid)
    shapes = np.asarray(out.geometry.array, dtype=object)
    points = _points(out, shapes)
    there = ~shapely.is_missing(points)
    known_m = (
        pd.to_numeric(out["uncertainty_m"], errors="coerce").to_numpy(dtype=float)
        if "uncertainty_m" in out
        else np.full(len(out), np.nan)
    )
    centres = grid.points(points)
    added_m = np.array(
        [grid.half_diagonal_m(point.y) if point is not None else np.nan for point in centres]
    )
    areas = np.full(len(out), None, dtype=object)
    for i in np.flatnonzero(there):
        areas[i] = grid.region(shapes[i], points[i])
    if withheld:
        areas[:], centres[:] = None, None
        for name in out.columns:
            if str(name).lower() in (*_LON, *_LAT):
                out[name] = np.nan
    radius_m = np.nan_to_num(known_m) + added_m
    out["uncertainty_m"] = np.full(len(out), np.nan) if withheld else radius_m
    if "locality" in out:
        # Words that say more than the published circle would undo it.
        vague = (known_m >= added_m) & (not withheld)
        out["locality"] = object_series(
            text if keep else None for text, keep in zip(out["locality"], vague, strict=True)
        )
    for name in _shaped(out):
        if name not in ("point", out.active_geometry_name):
            out[name] = object_series([None] * len(out))
    out["point"] = object_series(centres)
    return _with_shapes(out, out.active_geometry_name, areas)


def _points(events: Any, shapes: Any) -> Any:
    """Return the point of every event: as given, else the middle of its shape."""
    given = objects(events["point"]) if "point" in events else objects([None] * len(events))
    out = np.full(len(events), None, dtype=object)
    for i, (point, shape) in enumerate(zip(given, shapes, strict=True)):
        if shape is None or shape.is_empty:
            continue
        if getattr(point, "geom_type", "") == "Point" and not point.is_empty:
            out[i] = point
        else:
            out[i] = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
    return out
