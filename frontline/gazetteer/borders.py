"""Whether a point lies where its country says, or was written latitude first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import shapely

from frontline.gazetteer.areas import area_of_country

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# How far outside its country, in degrees, a point may lie before it looks misplaced: the
# bundled borders are off by up to 5 km.
BORDER_SLACK_DEG = 0.1


@cache
def _country_outline(code: str) -> BaseGeometry | None:
    place = area_of_country(code)
    return None if place is None else place.extent.buffer(BORDER_SLACK_DEG)


def swapped_sentence(lon: float, lat: float, country: str) -> str:
    """Say so if a point lies outside its country and the swapped one inside.

    Parameters
    ----------
    lon, lat : float
        Degrees.
    country : str
        ISO code.

    Returns
    -------
    str
        Empty if nothing is wrong, or the country's outline is not bundled.
    """
    outline = _country_outline(country)
    if outline is None or outline.intersects(shapely.Point(lon, lat)):
        return ""
    if outline.intersects(shapely.Point(lat, lon)):
        return (
            f"lon {lon:g}, lat {lat:g} lies outside {country}, "
            "but with the two swapped it lies inside; "
            "geometry is (lon, lat), so give the longitude first"
        )
    return ""
