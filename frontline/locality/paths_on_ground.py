"""Localities along a road or a river: distances measured on the line itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.ops import substring

from frontline import geodesy, shapes
from frontline.edges import split_edges
from frontline.errors import InputError, UnresolvedFeatureError
from frontline.locality import calibration as cal
from frontline.locality import regions
from frontline.locality.fixes import Fix, Task, bounds_m
from frontline.planes import LocalPlane
from frontline.units import km_text

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place


def _line(task: Task) -> Any:
    """Return the path's line, or say that none was given."""
    name = task.locality.path or ""
    wanted = name.casefold()
    for key, line in task.paths.items():
        if key.casefold() in {wanted, wanted.replace(" road", "").replace(" highway", "")}:
            if getattr(line, "geom_type", "") not in {"LineString", "MultiLineString"}:
                raise InputError(f"paths[{key!r}] must be a line in longitude and latitude")
            merged = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
            parts = shapely.get_parts(merged)
            return parts[np.argmax(shapely.length(parts))]
    raise UnresolvedFeatureError(
        f"the course of the path {name!r} is not known; give its line as paths={{{name!r}: line}}",
        feature=name,
    )


def along(task: Task) -> Fix:
    """Find a path, or the stretch of it that a distance, a heading or a place singles out."""
    line = _line(task)
    locality = task.locality
    if not task.places:
        return _whole(line)
    place = task.places[0]
    plane = LocalPlane.around(place.lon, place.lat)
    flat = plane.forward(split_edges(line))
    start = float(shapely.line_locate_point(flat, shapely.Point(0, 0)))
    aside = float(shapely.distance(flat, shapely.Point(0, 0)))
    extent = regions.radial_m(place)
    if locality.distance_m is None and locality.assumed_m is None:
        low = high = stated = 0.0
        precision = extent + cal.NEAR_M
        remarks: tuple[str, ...] = ("the stretch at the feature is meant",)
    else:
        stated, low, high, remarks = bounds_m(locality)
        precision = (locality.distance_precision_m or 0.0) + (high - low) / 2.0
    ways = (1.0,) if stated == 0.0 else _ways(flat, start, stated, locality.azimuth_deg, place)
    spread = extent + precision
    at = start + ways[0] * stated
    here = shapely.line_interpolate_point(flat, at)
    lon, lat = plane.inverse_xy(np.array([[here.x, here.y]]))[0]
    stretches = [
        substring(flat, start + w * stated - spread, start + w * stated + spread) for w in ways
    ]
    whole = shapely.union_all([shapely.buffer(each, cal.PATH_M) for each in stretches])
    region = plane.inverse(whole)
    radius = regions.reach_m(float(lon), float(lat), region)
    parts = {"distance precision": precision, "extent": extent, "width of the path": cal.PATH_M}
    parts["bends of the path"] = radius - sum(parts.values())
    remarks += (f"measured along {locality.path}, {km_text(aside)} from {place.name}",)
    if len(ways) > 1:
        remarks += ("no heading is stated: both directions along the path are meant",)
    return Fix(float(lon), float(lat), radius, parts, lambda: region, remarks)


def _ways(
    flat: Any, start: float, stated: float, azimuth: float | None, place: Place
) -> tuple[float, ...]:
    """Return which way along the line the heading points, both ways if there is none."""
    reachable = [w for w in (1.0, -1.0) if 0.0 <= start + w * stated <= flat.length]
    if not reachable:
        raise UnresolvedFeatureError(
            f"the path as given ends within {km_text(stated)} of {place.name}", feature=place.name
        )
    if azimuth is None:
        return tuple(reachable)

    def off(way: float) -> float:
        there = shapely.line_interpolate_point(flat, start + way * stated)
        towards = np.degrees(np.arctan2(there.x, there.y))
        return float(abs(geodesy.azimuth_difference_deg(towards, azimuth)))

    best = min(reachable, key=off)
    if off(best) > 90.0:  # noqa: PLR2004 - the path never runs that way
        raise UnresolvedFeatureError(
            f"the path as given does not lead that way from {place.name}", feature=place.name
        )
    return (best,)


def _whole(line: Any) -> Fix:
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    region = shapes.buffer_m(line, cal.PATH_M)
    radius = regions.reach_m(middle.x, middle.y, region)
    parts = {"length of the path": radius}
    return Fix(middle.x, middle.y, radius, parts, lambda: region, ("the whole path is meant",))
