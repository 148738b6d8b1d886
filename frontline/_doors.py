"""Doors, not stairs: the few conveniences on lower floors that end on a higher one.

`h.map()`, `h.publish()` or `location._repr_html_()` belong to objects of lower floors but need a
higher one. Each is one line there and one function here, and this module imports only when it is
called. The test of the architecture knows it by name.
"""

from __future__ import annotations

from typing import Any


def map_of(thing: Any, **options: Any) -> Any:
    """Return the `folium.Map` of a history, a case or a located phrase."""
    from frontline.maps import time_map

    return time_map(thing, **options)


def published(thing: Any, **terms: Any) -> Any:
    """Return a history with later dates left out and coordinates generalised."""
    from frontline.publication import publish

    return publish(thing, **terms)


def default_gazetteer() -> Any:
    """Return the bundled gazetteer."""
    from frontline.gazetteer import Gazetteer

    return Gazetteer.bundled()


def map_of_reading(reading: Any, **options: Any) -> Any:
    """Return the `folium.Map` of the mentions of a text."""
    from frontline.maps.mentions import map_of_mentions

    return map_of_mentions(reading, **options)


def picture_of(thing: Any, kind: str, *arguments: Any, **options: Any) -> Any:
    """Draw a history, a case or a located phrase with the function of `frontline.plots`."""
    from frontline import plots

    return getattr(plots, kind)(thing, *arguments, **options)
