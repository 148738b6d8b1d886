"""What may be claimed of a fix: whose errors it has, and which starts are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.edges import length_m
from frontline.errors import UnresolvedFeatureError
from frontline.locality import calibration as cal
from frontline.locality import regions
from frontline.units import km_text

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place
    from frontline.locality.fixes import Task
    from frontline.locality.model import Locality

#: Roses of which there were enough statements to fit.
FITTED_POINTS = frozenset({4, 8, 16})
_AREAS = frozenset({"country", "governorate", "district"})


def extra_deg(locality: Locality) -> float:
    """Return by how much the words widen a heading beyond what its name leaves open."""
    if locality.half_angle_deg is None or locality.points is None:
        return 0.0
    return max(locality.half_angle_deg - cal.HALF_ANGLES_DEG[locality.points], 0.0)


def check_edge(task: Task, place: Place) -> None:
    """Raise for the border of an area, which is a line and no rim of a town.

    Raises
    ------
    UnresolvedFeatureError
        With the length of that line.
    """
    if task.locality.reference != "edge" or place.kind not in _AREAS:
        return
    raise UnresolvedFeatureError(
        f"the border of {place.name} is a line{_border_text(place)}: name a place on it",
        feature=place.name,
    )


def check_start(task: Task, place: Place) -> None:
    """Raise for a distance from an area, whose centre nobody measures from.

    Raises
    ------
    UnresolvedFeatureError
        With the length of the border along which the distance may begin.
    """
    check_edge(task, place)
    if place.kind not in _AREAS:
        return
    raise UnresolvedFeatureError(
        f"a distance from {place.name} begins somewhere along its border{_border_text(place)}: "
        "name a place that it is from",
        feature=place.name,
    )


def _border_text(place: Place) -> str:
    if place.outline_wkb is None:
        return ""
    return f" of {km_text(length_m(place.extent))}"


def borrowed(task: Task, place: Place) -> tuple[bool, tuple[str, ...]]:
    """Return whether the level of coverage may be claimed, and whose errors were borrowed.

    An end that is assumed has no level, nor has an extent unlike any in the data.
    """
    locality, remarks = task.locality, []
    if task.standard:
        return False, ()
    assumed = locality.distance_low_m is None or locality.distance_high_m is None
    extent = regions.radial_m(place)
    low, high = cal.FITTED_EXTENT_M
    unlike = not low <= extent <= high
    if unlike:
        remarks.append(
            f"an extent of {km_text(extent)} is unlike those in the data ({km_text(low)} to "
            f"{km_text(high)}): no coverage is claimed"
        )
    elif assumed:
        remarks.append("an end of the distance is assumed: no coverage is claimed")
    if locality.reference == "edge":
        remarks.append("errors as from a centre: none were measured from an edge")
    if locality.kind == "distance":
        remarks.append("errors as of a distance at a heading: none were measured without one")
    if locality.distance_low_m != locality.distance_high_m and not assumed:
        remarks.append("errors as of a single number for each bound")
    if locality.kind == "offset" and (locality.points or 0) not in FITTED_POINTS:
        remarks.append("errors as of 16 winds: none were measured for so fine a heading")
    if locality.kind == "offset" and extra_deg(locality):
        remarks.append("errors as of one wind, beyond the outermost of several")
    return not assumed and not unlike, tuple(remarks)
