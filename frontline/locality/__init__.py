"""Localities: phrases such as "5 km northeast of Hama's borders", and the regions they mean.

Examples
--------
>>> from frontline.locality import parse
>>> parse("ten miles north of Homs").distance_m
16093.44
"""

from __future__ import annotations

from frontline.locality.georeference import locate, locate_all
from frontline.locality.grammar import parse
from frontline.locality.inverse import describe
from frontline.locality.model import Description, Locality, Location
from frontline.locality.uncertainty import (
    coordinate_precision_m,
    distance_precision_m,
    maximum_uncertainty_m,
)

__all__ = [
    "Description",
    "Locality",
    "Location",
    "coordinate_precision_m",
    "describe",
    "distance_precision_m",
    "locate",
    "locate_all",
    "maximum_uncertainty_m",
    "parse",
]
