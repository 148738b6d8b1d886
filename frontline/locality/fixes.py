"""From a locality and its places to a point, a radius, its parts and a region: one rule a kind."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline import geodesy, shapes
from frontline.errors import LocalitySyntaxError, UnresolvedFeatureError
from frontline.locality import calibration as cal
from frontline.locality import regions, sectors
from frontline.locality.claims import borrowed, check_edge, check_start, extra_deg
from frontline.locality.uncertainty import coordinate_precision_m, maximum_uncertainty_m
from frontline.units import km_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place
    from frontline.locality.model import Locality


@dataclasses.dataclass(slots=True)
class Task:
    """What the rules need: the locality, its places, the method's numbers, other evidence."""

    locality: Locality
    places: Sequence[Place]
    numbers: cal.Calibration
    gazetteer: Gazetteer
    paths: Mapping[str, Any]

    @property
    def standard(self) -> bool:
        """Whether the published standard is asked for to the letter."""
        return self.numbers.name == cal.STANDARD.name


@dataclasses.dataclass(slots=True)
class Fix:
    """A point with its radius, what that is made of, and how its region is drawn."""

    lon: float
    lat: float
    radius_m: float
    parts: dict[str, float]
    region: Callable[[], Any]
    remarks: tuple[str, ...] = ()
    #: Whether region and radius are fitted to a coverage, each for itself.
    fitted: bool = False


def bounds_m(locality: Locality) -> tuple[float, float, float, tuple[str, ...]]:
    """Return the distance to go, its bounds, and what was assumed to have them."""
    low, high = locality.distance_low_m, locality.distance_high_m
    remarks: tuple[str, ...] = ()
    if low is None or high is None:
        if locality.assumed_m is not None:
            low, high = locality.assumed_m  # the reading has said so in its remarks
        elif low is not None:
            high = low * cal.OPEN_END
            remarks = (f"the distance has no upper bound; an end of {km_text(high)} is assumed",)
        else:
            raise LocalitySyntaxError("the locality has no distance", text=locality.text)
    return (low + high) / 2.0, low, high, remarks


def half_angle_deg(task: Task) -> float:
    """Return half the angle that the heading leaves open, by the method."""
    locality = task.locality
    if locality.half_angle_deg is None or locality.points is None:
        return 180.0
    own = sectors.heading_half_angle_deg(np.array([locality.points]), task.numbers)
    return min(float(own[0]) + extra_deg(locality), 180.0)


def fuzz_m(task: Task, place: Place) -> float:
    """Return the doubt about where the extent ends."""
    return task.numbers.edge_fuzz.get(place.radius_source, 0.0) * place.radius_m


def offset_row(task: Task) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the fields of a row of `sectors.Offsets`, and what was assumed to have them."""
    locality, place = task.locality, task.places[0]
    check_start(task, place)
    azimuth = locality.azimuth_deg or 0.0
    stated, low, high, remarks = bounds_m(locality)
    edge = locality.reference == "edge"
    start = float(regions.crossings_m(place, np.array([azimuth]))[0]) if edge else 0.0
    regions.check_reach(start + stated)
    row = (
        *(place.lon, place.lat, azimuth, stated, low, high, locality.distance_precision_m or 0.0),
        fuzz_m(task, place) if edge else regions.radial_m(place),
        *(locality.points or 0, extra_deg(locality), start),
    )
    if edge:
        remark = (
            f"the distance runs from the edge of {place.name}, {km_text(start)} from its centre "
            f"on that heading (extent: {place.radius_source})"
        )
        remarks = (*remarks, remark)
    return row, (*remarks, *borrowed(task, place)[1])


def offset(task: Task) -> Fix:
    """Distance at a heading."""
    values, remarks = offset_row(task)
    row = sectors.Offsets.of(*values)
    place, edge = task.places[0], task.locality.reference == "edge"
    lons, lats = sectors.offset_points(row)
    parts = {name: float(each[0]) for name, each in sectors.offset_parts(row, task.numbers).items()}
    if edge:
        parts["edge"] = parts.pop("extent")

    def region() -> Any:
        if edge and place.outline_wkb is not None and not task.standard:
            return regions.bean_band(
                place, float(row.azimuth_deg[0]), *sectors.bean(row, task.numbers)
            )
        return sectors.offset_regions(row, task.numbers)[0]

    radius = sum(parts.values())
    fitted = borrowed(task, place)[0]
    return Fix(float(lons[0]), float(lats[0]), radius, _clean(parts), region, remarks, fitted)


def ring_row(task: Task) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the fields of a row of `sectors.Rings`, and what was assumed to have them."""
    locality, place = task.locality, task.places[0]
    check_start(task, place)
    _, low, high, remarks = bounds_m(locality)
    edge = locality.reference == "edge"
    extent = regions.radial_m(place)
    row = (
        *(place.lon, place.lat, low, high, locality.distance_precision_m or 0.0),
        *((fuzz_m(task, place), extent) if edge else (extent, 0.0)),
    )
    origin = f"the edge of {place.name}" if edge else place.name
    said = f"up to {km_text(high)} from {origin}"
    if low > 0.0:
        assumed = locality.distance_high_m is None
        way = km_text(high)
        if low < high:
            way = f"{km_text(low)} to {'an assumed ' if assumed else ''}{km_text(high)}"
        said = (
            f"on a ring {way} from {origin} and not at the point, which is the middle of the ring"
        )
    remarks += (f"no heading is stated: the place lies {said}",)
    return row, (*remarks, *borrowed(task, place)[1])


def distance(task: Task) -> Fix:
    """Distance without a heading: a ring round the feature, in a circle that encloses it."""
    values, remarks = ring_row(task)
    row = sectors.Rings.of(*values)
    place, edge = task.places[0], task.locality.reference == "edge"
    parts = {name: float(each[0]) for name, each in sectors.ring_parts(row, task.numbers).items()}
    start = parts.pop("start")
    if edge:
        parts = {**parts, "edge": parts["extent"], "extent": start}

    def region() -> Any:
        if edge and place.outline_wkb is not None:
            near, far = (float(each[0]) for each in sectors.ring_bounds_m(row, task.numbers))
            low = near if row.low_m[0] > 0.0 else -start
            return regions.band(place, 0.0, 180.0, low, far)
        return sectors.ring_regions(row, task.numbers)[0]

    radius = sum(parts.values())
    fitted = borrowed(task, place)[0]
    return Fix(place.lon, place.lat, radius, _clean(parts), region, remarks, fitted)


def orthogonal(task: Task) -> Fix:
    """Two distances at right angles."""
    locality, place = task.locality, task.places[0]
    check_start(task, place)
    east = sum(d * math.sin(math.radians(a)) for d, a in locality.legs)
    north = sum(d * math.cos(math.radians(a)) for d, a in locality.legs)
    at = math.hypot(east, north)
    regions.check_reach(at)
    lon, lat, _ = geodesy.forward(
        place.lon, place.lat, math.degrees(math.atan2(east, north)) % 360.0, at
    )
    precision = locality.distance_precision_m or 0.0
    extent = regions.radial_m(place)
    radius = maximum_uncertainty_m("orthogonal", distance_precision_m=precision, extent_m=extent)
    parts = {"distance precision": math.sqrt(2.0) * precision, "extent": extent}
    remarks: tuple[str, ...] = ()
    if not task.standard:
        parts = {"distance": _legs_m(task, precision), "extent": extent}
        radius = sum(parts.values())
        remarks = ("each leg is taken to be as good as a distance without a heading",)
    return Fix(lon, lat, radius, _clean(parts), _disc(lon, lat, radius), remarks)


def _legs_m(task: Task, precision: float) -> float:
    """Return the diagonal of what two calibrated legs leave open, each for itself."""
    square = 0.0
    for leg, _ in task.locality.legs:
        row = sectors.Rings.of(0.0, 0.0, leg, leg, precision, 0.0, 0.0)
        near, far = sectors.ring_bounds_m(row, task.numbers)
        square += max(leg - float(near[0]), float(far[0]) - leg) ** 2
    return math.sqrt(square)


def feature(task: Task) -> Fix:
    """Take the feature itself, or its inside."""
    place = task.places[0]
    extent = max(regions.radial_m(place), 1.0)
    remark = (f"extent of {place.name}: {km_text(extent)} ({place.radius_source})",)
    return Fix(
        place.lon, place.lat, extent, {"extent": extent}, lambda: regions.extent_of(place), remark
    )


def near(task: Task) -> Fix:
    """Near a feature; or on its rim, where the words name the edge."""
    place = task.places[0]
    check_edge(task, place)
    extent = regions.radial_m(place)
    if task.locality.reference == "edge":
        rim = max(cal.RIM * place.radius_m, cal.RIM_M) + fuzz_m(task, place)
        remark = (
            f"the rim is read as {km_text(rim)} to both sides of the edge; the place lies on it "
            "and not at the point, which is the middle"
        )
        return Fix(
            place.lon,
            place.lat,
            extent + rim,
            {"extent": extent, "width of the rim": rim},
            lambda: regions.band(place, 0.0, 180.0, -rim, rim),
            (remark,),
        )
    beyond = max(cal.NEAR_M, place.radius_m)
    return Fix(
        place.lon,
        place.lat,
        extent + beyond,
        {"extent": extent, "nearness": beyond},
        lambda: regions.band(place, 0.0, 180.0, -2.0 * extent - 1.0, beyond),
        (f"near is read as up to {km_text(beyond)} beyond the extent",),
    )


def heading(task: Task) -> Fix:
    """Follow a heading without a distance up to half-way to the next like feature."""
    locality, place = task.locality, task.places[0]
    check_edge(task, place)
    azimuth, angle = locality.azimuth_deg or 0.0, half_angle_deg(task)
    # The end is the same for every level: only the angle depends on what is to be held.
    named = cal.HALF_ANGLES_DEG[locality.points] if locality.points is not None else 180.0
    far, remark = _cone_end(task, place, azimuth, named + extra_deg(locality))
    extent = regions.radial_m(place)
    start = extent if locality.reference == "edge" else 0.0
    far = max(far, extent + cal.HEADING_BEYOND_M)
    at = (min(extent, far) + far) / 2.0
    lon, lat, _ = geodesy.forward(place.lon, place.lat, azimuth, at)
    radius = regions.corner_m(at, angle, start, far)
    width = regions.corner_m(at, angle, at, at)
    parts = {"direction": min(width, radius), "length of the cone": max(radius - width, 0.0)}
    remarks = [remark]
    if not task.standard:
        remarks.append(f"the heading is held to {angle:.0f} degrees to both sides")
    return Fix(
        lon,
        lat,
        radius,
        _clean(parts),
        lambda: regions.wedge((place.lon, place.lat), azimuth, angle, start, far),
        tuple(remarks),
    )


_RANKS = {"city": 3, "town": 2, "village": 1, "settlement": 1, "governorate": 5, "country": 6}


def _is_like(place: Place, other: Place) -> bool:
    """Tell whether a writer could as well have started from the other place."""
    if place.population and other.population:
        return other.population >= cal.LIKE_POPULATION * place.population
    return not place.population


def _cone_end(task: Task, place: Place, azimuth: float, angle: float) -> tuple[float, str]:
    rank = _RANKS.get(place.kind, 1)
    kinds = [kind for kind, of in _RANKS.items() if rank <= of < 5] or None  # noqa: PLR2004
    found = task.gazetteer.nearest(
        place.lon, place.lat, count=200, max_km=2.0 * cal.HEADING_MAX_M / 1000.0, kinds=kinds
    )
    for other in found:
        way = geodesy.inverse(place.lon, place.lat, other.lon, other.lat)
        if way.distance_m <= max(place.radius_m, 1.0) or not _is_like(place, other):
            continue
        if abs(geodesy.azimuth_difference_deg(way.azimuth_deg, azimuth)) <= angle:
            half = way.distance_m / 2.0
            return half, (
                f"the heading is followed half-way to {other.name}, the next {other.kind} there "
                f"({km_text(half)})"
            )
    return cal.HEADING_MAX_M, (
        f"no like feature lies that way; the heading is followed for {km_text(cal.HEADING_MAX_M)}"
    )


def between(task: Task) -> Fix:
    """Between two features, or a stated share of the way from one to the other."""
    first, second = task.places[:2]
    way = geodesy.inverse(first.lon, first.lat, second.lon, second.lat)
    if way.distance_m < 1.0:
        raise UnresolvedFeatureError(
            f"{first.name} and {second.name} are the same place, nothing lies between",
            feature=second.name,
        )
    share = task.locality.fraction if task.locality.fraction is not None else 0.5
    lon, lat, _ = geodesy.forward(first.lon, first.lat, way.azimuth_deg, share * way.distance_m)
    radius = max(share, 1.0 - share) * way.distance_m
    return Fix(
        lon,
        lat,
        radius,
        {"half the way" if share == 0.5 else "longer share of the way": radius},  # noqa: PLR2004
        lambda: regions.lens(first, second, cal.LENS),
        (
            f"the two are {km_text(way.distance_m)} apart",
            "what lies between is read as a lens half as wide as they are apart",
        ),
    )


def coordinates(task: Task) -> Fix:
    """Coordinates, as exact as they are written."""
    locality = task.locality
    lon, lat = locality.lon or 0.0, locality.lat or 0.0
    radius = coordinate_precision_m(lat, locality.precision_deg or 0.0)
    drawn = max(radius, 1.0)
    return Fix(
        lon, lat, radius, {"coordinate precision": radius}, _disc(lon, lat, drawn), ("on WGS84",)
    )


def _disc(lon: float, lat: float, radius_m: float) -> Callable[[], Any]:
    return lambda: shapes.ring(lon, lat, max(radius_m, 1.0))


def _clean(parts: dict[str, float]) -> dict[str, float]:
    """Leave out what adds nothing."""
    return {name: value for name, value in parts.items() if abs(value) > 1e-9}  # noqa: PLR2004


RULES: dict[str, Callable[[Task], Fix]] = {
    "feature": feature,
    "inside": feature,
    "near": near,
    "distance": distance,
    "heading": heading,
    "offset": offset,
    "orthogonal": orthogonal,
    "between": between,
    "coordinates": coordinates,
}
