"""Localities along a road or a river: distances measured on the line itself.

The way is measured from where the path crosses the feature; a heading only says which way along
it is meant and adds no doubt of its own (Wieczorek, Guo & Hijmans 2004; the best practices of
Chapman & Wieczorek 2020 call it "distance along a path").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from frontline import geodesy, shapes
from frontline.errors import UnresolvedFeatureError
from frontline.locality import calibration as cal
from frontline.locality import regions
from frontline.locality.courses import Course, Crossing, courses
from frontline.locality.fixes import Fix, Task, bounds_m
from frontline.locality.known_paths import Path, path_of
from frontline.units import km_text

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place

#: A path that passes farther away has nothing to do with a place.
_FAR_M = 50_000.0
#: The least that a stretch reaches beyond its feature.
_BEYOND_M = 2_000.0
_SETTLEMENTS = ("city", "town", "village", "settlement")


def along(task: Task) -> Fix:
    """Find a path, or the stretch of it that a distance, a heading or places single out."""
    path = _path(task)
    parts = courses(path.line)
    if not task.places:
        return _whole(task, path, parts)
    course, crossings = _nearest(parts, task.places, path)
    if len(task.places) > 1:
        found = _between(task, path, course, crossings)
    elif task.locality.distance_m is not None or task.locality.assumed_m is not None:
        found = _at_distance(task, path, course, crossings[0])
    elif task.locality.azimuth_deg is not None:
        found = _heading(task, path, course, crossings[0])
    else:
        found = _near(task, path, course, crossings[0])
    aside = [
        f"{km_text(c.aside_m)} from {place.name}"
        for c, place in zip(crossings, task.places, strict=False)
    ]
    found.remarks = (*_notes(path, f"it passes {' and '.join(aside)}"), *found.remarks)
    return found


def _path(task: Task) -> Path:
    name = task.locality.path or ""
    found = path_of(name, task.paths)
    if found is None:
        raise UnresolvedFeatureError(
            f"the course of the path {name!r} is not known; give its line as "
            f"paths={{{name!r}: line}}",
            feature=name,
        )
    return found


def _notes(path: Path, passes: str) -> tuple[str, ...]:
    if not path.bundled:
        return (f"measured along {path.name} as given; {passes}",)
    off = km_text(_off_m(path))
    said = (
        f"measured along the {path.name}, whose bundled course is schematic: usually within {off}"
    )
    return (f"{said}; {passes}",)


def _off_m(path: Path) -> float:
    """Return how far off the line is; a line of unknown quality has the width of a valley."""
    return cal.PATH_M if path.uncertainty_m is None else path.uncertainty_m


def _nearest(parts: tuple[Course, ...], places: Any, path: Path) -> tuple[Course, list[Crossing]]:
    """Return the part of the path that passes nearest to the places, and where it does."""
    best: tuple[float, Course, list[Crossing]] | None = None
    for part in parts:
        found = [
            part.crossing(p.lon, p.lat, p.extent if p.outline_wkb or p.radius_m > 0 else None)
            for p in places[:2]
        ]
        aside = sum(each.aside_m for each in found)
        if best is None or aside < best[0]:
            best = aside, part, found
    if best is None:
        raise UnresolvedFeatureError(f"the path {path.name} has no length", feature=path.name)
    for place, each in zip(places, best[2], strict=False):
        if each.aside_m > _FAR_M + regions.radial_m(place):
            raise UnresolvedFeatureError(
                f"{path.name} passes {km_text(each.aside_m)} from {place.name}: another place or "
                "path may be meant",
                feature=place.name,
            )
    return best[1], best[2]


def _at_distance(task: Task, path: Path, course: Course, start: Crossing) -> Fix:
    """So far along the path from where it crosses the feature."""
    locality, place = task.locality, task.places[0]
    stated, low, high, remarks = bounds_m(locality)
    edge = locality.reference == "edge"
    extent = regions.radial_m(place)
    shift = extent if edge else 0.0
    doubt = 0.0 if edge else extent
    ways = _ways(course, start.at_m, shift + stated, locality.azimuth_deg, place)
    precision = locality.distance_precision_m or 0.0
    ranged = (high - low) / 2.0
    short = 0.0 if task.standard else path.bends * high
    off = _off_m(path)
    parts = {
        "distance precision": precision,
        "distance range": ranged,
        "extent": doubt,
        "course of the path": off,
        "bends of the path": short,
    }
    near = shift + low - doubt - precision - short
    far = shift + high + doubt + precision
    at = start.at_m + ways[0] * (shift + stated)
    if len(ways) > 1:
        at = start.at_m
        parts = {"distance": shift + stated, **parts}
        remarks += (
            "no heading is stated: both ways along the path are meant, and the point is between",
        )
    radius = sum(parts.values())
    stretches = [sorted((start.at_m + way * near, start.at_m + way * far)) for way in ways]
    if locality.distance_low_m == 0.0:  # "within 20 km of Homs"
        stretches = [sorted((start.at_m - doubt * way, start.at_m + way * far)) for way in ways]
    lon, lat = course.at(at)
    return _fix(task, course, (lon, lat), radius, parts, stretches, off, remarks)


def _fix(
    task: Task,
    course: Course,
    point: tuple[float, float],
    radius: float,
    parts: dict[str, float],
    stretches: list[list[float]],
    width_m: float,
    remarks: tuple[str, ...],
) -> Fix:
    # A hair less, so that rounding puts nothing outside of the radius.
    width = max(width_m, 1.0) * (1.0 - 1e-6)

    def region() -> Any:
        if task.standard:  # the standard knows a circle
            return shapes.ring(*point, max(radius, 1.0))
        pieces = [course.around(first, last, width) for first, last in stretches]
        return pieces[0] if len(pieces) == 1 else pieces[0].union(pieces[1])

    kept = {name: value for name, value in parts.items() if abs(value) > 1e-9}  # noqa: PLR2004
    return Fix(*point, radius, kept, region, remarks)


def _reaching(
    task: Task,
    path: Path,
    course: Course,
    at: float,
    first: float,
    last: float,
    name: str,
    remarks: tuple[str, ...],
) -> Fix:
    """Make the fix of a stretch with its point on it."""
    first, last = max(first, 0.0), min(last, course.length_m)
    off = _off_m(path)
    parts = {name: max(at - first, last - at), "course of the path": off}
    return _fix(
        task, course, course.at(at), sum(parts.values()), parts, [[first, last]], off, remarks
    )


def _near(task: Task, path: Path, course: Course, start: Crossing) -> Fix:
    place = task.places[0]
    beyond = regions.radial_m(place) + cal.NEAR_M
    first, last = start.at_m - beyond, start.at_m + beyond
    remark = f"the stretch up to {km_text(cal.NEAR_M)} beyond the extent is meant"
    return _reaching(task, path, course, start.at_m, first, last, "stretch", (remark,))


def _between(task: Task, path: Path, course: Course, crossings: list[Crossing]) -> Fix:
    """Take the stretch between two places, or a stated share of the way along it."""
    first, second = task.places[:2]
    a, b = (each.at_m for each in crossings)
    if abs(b - a) < 1.0:
        raise UnresolvedFeatureError(
            f"{path.name} passes {first.name} and {second.name} at the same point",
            feature=second.name,
        )
    share = 0.5 if task.locality.fraction is None else task.locality.fraction
    at = a + share * (b - a)
    remark = f"the two are {km_text(abs(b - a))} apart along it"
    return _reaching(task, path, course, at, min(a, b), max(a, b), "stretch", (remark,))


def _heading(task: Task, path: Path, course: Course, start: Crossing) -> Fix:
    """Follow the path in a heading, half-way to the next like place on it."""
    place = task.places[0]
    extent = regions.radial_m(place)
    least = extent + _BEYOND_M
    (way,) = _ways(course, start.at_m, least, task.locality.azimuth_deg, place)
    far, remark = cal.HEADING_MAX_M, f"followed for {km_text(cal.HEADING_MAX_M)}"
    rank = _SETTLEMENTS.index(place.kind) if place.kind in _SETTLEMENTS else len(_SETTLEMENTS) - 1
    kinds = _SETTLEMENTS[: rank + 1]
    others = [
        other
        for other in task.gazetteer.nearest(
            place.lon, place.lat, count=200, max_km=2.0 * far / 1000.0, kinds=kinds
        )
        if other != place and _is_like(place, other)
    ]
    if others:
        lonlat = np.array([(other.lon, other.lat) for other in others])
        ways_m, asides_m = course.passing(place.lon, place.lat, lonlat)
        for other, at_m, aside_m in zip(others, ways_m, asides_m, strict=True):
            half = way * (at_m - start.at_m) / 2.0
            if aside_m <= _off_m(path) + other.radius_m and least < half < far:
                far = float(half)
                remark = f"followed half-way to {other.name}, the next {other.kind} on it"
    at = start.at_m + way * (extent + far) / 2.0
    first, last = sorted((start.at_m + way * min(extent, far), start.at_m + way * far))
    return _reaching(task, path, course, at, first, last, "stretch", (remark,))


def _is_like(place: Place, other: Place) -> bool:
    """Tell whether a writer could as well have named the other, which is of no lesser kind."""
    if place.population and other.population:
        return other.population >= cal.LIKE_POPULATION * place.population
    return True


def _ways(
    course: Course, start_m: float, stated_m: float, azimuth: float | None, place: Place
) -> tuple[float, ...]:
    """Return which way along the line the heading points, both ways if there is none."""
    reachable = [w for w in (1.0, -1.0) if 0.0 <= start_m + w * stated_m <= course.length_m]
    if not reachable:
        raise UnresolvedFeatureError(
            f"the path as given ends within {km_text(stated_m)} of {place.name}",
            feature=place.name,
        )
    if azimuth is None or stated_m == 0.0:
        return tuple(reachable) if stated_m else (1.0,)
    origin = course.at(start_m)

    def off(way: float) -> float:
        towards = geodesy.inverse(*origin, *course.at(start_m + way * stated_m)).azimuth_deg
        return float(abs(geodesy.azimuth_difference_deg(towards, azimuth)))

    best = min(reachable, key=off)
    if off(best) > 90.0:  # noqa: PLR2004 - the path never runs that way
        raise UnresolvedFeatureError(
            f"the path as given does not lead that way from {place.name}", feature=place.name
        )
    return (best,)


def _whole(task: Task, path: Path, parts: tuple[Course, ...]) -> Fix:
    if not parts:
        raise UnresolvedFeatureError(f"the path {path.name} has no length", feature=path.name)
    off = max(_off_m(path), 1.0)
    lon, lat = parts[0].at(parts[0].length_m / 2.0)
    xy = np.vstack([part.xy for part in parts])
    count = np.zeros(len(xy))
    lons = xy[:, 0] - 360.0 * np.round(xy[:, 0] / 360.0)
    reach = float(geodesy.inverse(lon + count, lat + count, lons, xy[:, 1]).distance_m.max())
    found = {"length of the path": reach, "course of the path": off}

    def region() -> Any:
        if task.standard:
            return shapes.ring(lon, lat, reach + off)
        whole = parts[0].around(0.0, parts[0].length_m, off)
        for part in parts[1:]:
            whole = whole.union(part.around(0.0, part.length_m, off))
        return whole

    passes = "the whole path is meant; name a place on it"
    return Fix(lon, lat, reach + off, found, region, _notes(path, passes))
