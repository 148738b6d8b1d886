"""Places: names in any spelling, points, extents and where they come from."""

from frontline.gazetteer.gazetteer import Gazetteer, place
from frontline.gazetteer.matches import Match
from frontline.gazetteer.model import Place

__all__ = ["Gazetteer", "Match", "Place", "place"]
