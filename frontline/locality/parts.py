"""Parts of areas: one side, the middle, the countryside, one side of the rim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline import geodesy, shapes
from frontline.errors import FrontlineError
from frontline.gazetteer import Gazetteer
from frontline.gazetteer.outlines import centre_and_radius
from frontline.locality import calibration as cal
from frontline.locality import regions
from frontline.locality.claims import check_edge
from frontline.locality.fixes import Fix, Task, fuzz_m
from frontline.planes import LocalPlane
from frontline.units import km_text

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place


_STEP_M = 100.0


def part(task: Task) -> Fix:
    """One side of an area, its middle, its countryside, or one side of its rim."""
    locality, place = task.locality, task.places[0]
    check_edge(task, place)
    azimuth = locality.azimuth_deg
    angle = cal.PART_HALF_ANGLE_DEG.get(locality.points or 0, cal.PART_HALF_ANGLE_FINER_DEG)
    centre: tuple[float, float] | None = (place.lon, place.lat)
    remarks: tuple[str, ...]
    if locality.reference == "edge" and azimuth is not None:
        rim = max(cal.RIM * place.radius_m, cal.RIM_M) + fuzz_m(task, place)
        whole = regions.band(place, azimuth, angle, -rim, rim)
        edge = float(regions.crossings_m(place, np.array([azimuth]))[0])
        lon, lat, _ = geodesy.forward(place.lon, place.lat, azimuth, edge)
        centre = (lon, lat)
        remarks = (f"the rim is read as {km_text(rim)} to both sides of the edge",)
    elif locality.area == "countryside" and place.outline_wkb is None:
        whole, remarks = _countryside(place, azimuth, angle)
        centre = None if azimuth is not None else centre
    elif azimuth is not None:
        whole, remarks = _side(task, place, azimuth, angle)
        centre = None
    elif locality.reference == "centre":
        extent = regions.extent_of(place)
        middle = shapes.ring(place.lon, place.lat, max(regions.radial_m(place), 1.0) / 2.0)
        whole = shapely.intersection(middle, extent)
        whole = whole if whole.area > 0.0 else middle
        remarks = ("the centre is read as the inner half",)
    else:
        whole = regions.extent_of(place)
        remarks = ("the countryside is read as the whole area",)

    at = centre if centre is not None else centre_and_radius(whole)[:2]
    if not shapely.covers(whole, shapely.Point(at)) and not (
        locality.area == "countryside" and centre
    ):
        # A corrected centre on the rim may fall off it by rounding: a step inside is enough.
        step = _polygonal(shapely.intersection(whole, shapes.ring(*at, _STEP_M)))
        inner = shapely.point_on_surface(whole if step.is_empty else step)
        at = (float(inner.x), float(inner.y))
    radius = regions.reach_m(*at, whole)
    return Fix(*at, radius, {"extent of the part": radius}, lambda: whole, remarks)


def _countryside(place: Place, azimuth: float | None, angle: float) -> tuple[Any, tuple[str, ...]]:
    """Return the land around a place whose area nobody drew."""
    beyond = max(cal.COUNTRYSIDE_M, cal.COUNTRYSIDE * place.radius_m)
    half = 180.0 if azimuth is None else angle
    whole = regions.band(place, azimuth or 0.0, half, 0.0, beyond)
    said = f"the countryside of {place.name} is read as up to {km_text(beyond)} beyond its extent"
    if azimuth is None:
        return whole, (f"{said}: the point is the middle and lies outside of it",)
    return whole, (f"{said}, {angle:g} degrees to both sides of the heading",)


def _side(task: Task, place: Place, azimuth: float, angle: float) -> tuple[Any, tuple[str, ...]]:
    """Return one side of an area, as seen from its middle and from its capital."""
    extent = regions.extent_of(place)
    radial = max(regions.radial_m(place), 1.0)
    side = regions.wedge((place.lon, place.lat), azimuth, angle, 0.0, radial * 1.01)
    whole = _polygonal(shapely.intersection(extent, side))
    if whole.is_empty:
        whole = side
    degrees = f"{angle:g} degrees to both sides of its heading"
    capital = _capital(task, place) if place.kind == "governorate" else None
    if capital is None:
        return whole, (f"the part is read as {degrees}",)
    # Reports see a governorate from its capital: the towns north of the city of Hama are
    # "northern Hama", though they lie in the west of the governorate.
    far = regions.reach_m(capital.lon, capital.lat, extent) * 1.01
    seen = regions.wedge((capital.lon, capital.lat), azimuth, angle, 0.0, far)
    seen = _polygonal(shapely.intersection(extent, seen))
    said = f"the part is read as {degrees}, as seen from the city of {capital.name}"
    if seen.area > 0.0 and not shapely.covers(extent, capital.point):
        # Rif Dimashq surrounds Damascus, and its own middle is in the steppe.
        return seen, (said,)
    return shapely.union(whole, seen), (f"{said} and from the middle of its governorate",)


def _capital(task: Task, area: Place) -> Place | None:
    """Return the settlement that a governorate has its name from, if it lies in or beside it."""
    # "Rif Dimashq" is the countryside of Damascus: the phrase names the city.
    plane = LocalPlane.around(area.lon, area.lat)
    around = shapely.convex_hull(plane.forward(area.extent))
    for gazetteer in (task.gazetteer, Gazetteer.bundled()):
        for name in dict.fromkeys((area.name, *task.locality.features)):
            for admin1 in (area.name, None):
                try:
                    found = gazetteer.place(name, country=area.country, admin1=admin1)
                except FrontlineError:
                    continue
                here = plane.forward(found.point)
                if found.kind in _SETTLEMENTS and shapely.covers(around, here):
                    return found
    return None


_SETTLEMENTS = frozenset({"city", "town", "village", "settlement"})


def _polygonal(geometry: Any) -> Any:
    """Drop what an intersection leaves of lines and points."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = [each for each in shapely.get_parts(geometry) if each.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else shapely.Polygon()
