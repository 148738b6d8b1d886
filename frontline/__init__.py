"""frontline: where a report says it happened, who held what when, and how sure that is.

The names below are the face of the library. Each is imported when it is first used, so that
``import frontline`` and a distance cost no geopandas, no folium and no matplotlib.

Examples
--------
>>> import frontline as fl
>>> print(fl.distance("Aleppo", "Hama"))
124.2 km SSW
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

from frontline._version import __version__

if TYPE_CHECKING:
    from frontline.cases import Case as Case
    from frontline.cases import load as load
    from frontline.control import ControlHistory as ControlHistory
    from frontline.distances import Distance as Distance
    from frontline.distances import distance as distance
    from frontline.errors import AmbiguousPlaceError as AmbiguousPlaceError
    from frontline.errors import CRSError as CRSError
    from frontline.errors import DataFileError as DataFileError
    from frontline.errors import DateError as DateError
    from frontline.errors import FrontlineError as FrontlineError
    from frontline.errors import InputError as InputError
    from frontline.errors import LocalitySyntaxError as LocalitySyntaxError
    from frontline.errors import MissingDependencyError as MissingDependencyError
    from frontline.errors import RestrictedDataError as RestrictedDataError
    from frontline.errors import UnknownCaseError as UnknownCaseError
    from frontline.errors import UnknownPlaceError as UnknownPlaceError
    from frontline.errors import UnresolvedFeatureError as UnresolvedFeatureError
    from frontline.exports import export as export
    from frontline.exports import from_postgis as from_postgis
    from frontline.exports import to_postgis as to_postgis
    from frontline.gazetteer import Gazetteer as Gazetteer
    from frontline.gazetteer import Place as Place
    from frontline.gazetteer import place as place
    from frontline.locality import Description as Description
    from frontline.locality import Locality as Locality
    from frontline.locality import Location as Location
    from frontline.locality import describe as describe
    from frontline.locality import locate as locate
    from frontline.locality import locate_all as locate_all
    from frontline.locality import parse as parse
    from frontline.maps.save import save as save
    from frontline.plots import animate as animate
    from frontline.plots import picture as picture
    from frontline.publication import publish as publish
    from frontline.reports import Reading as Reading
    from frontline.reports import read as read
    from frontline.sources import open_source as open_source
    from frontline.sources import read_reports as read_reports

_HOMES = {
    "AmbiguousPlaceError": "errors",
    "CRSError": "errors",
    "Case": "cases",
    "ControlHistory": "control",
    "DataFileError": "errors",
    "DateError": "errors",
    "Description": "locality",
    "Distance": "distances",
    "FrontlineError": "errors",
    "Gazetteer": "gazetteer",
    "InputError": "errors",
    "Locality": "locality",
    "LocalitySyntaxError": "errors",
    "Location": "locality",
    "MissingDependencyError": "errors",
    "Place": "gazetteer",
    "Reading": "reports",
    "RestrictedDataError": "errors",
    "UnknownCaseError": "errors",
    "UnknownPlaceError": "errors",
    "UnresolvedFeatureError": "errors",
    "animate": "plots",
    "describe": "locality",
    "distance": "distances",
    "export": "exports",
    "from_postgis": "exports",
    "load": "cases",
    "locate": "locality",
    "locate_all": "locality",
    "open_source": "sources",
    "parse": "locality",
    "picture": "plots",
    "place": "gazetteer",
    "publish": "publication",
    "read": "reports",
    "read_reports": "sources",
    "save": "maps",
    "to_postgis": "exports",
}

__all__ = [
    "AmbiguousPlaceError",
    "CRSError",
    "Case",
    "ControlHistory",
    "DataFileError",
    "DateError",
    "Description",
    "Distance",
    "FrontlineError",
    "Gazetteer",
    "InputError",
    "Locality",
    "LocalitySyntaxError",
    "Location",
    "MissingDependencyError",
    "Place",
    "Reading",
    "RestrictedDataError",
    "UnknownCaseError",
    "UnknownPlaceError",
    "UnresolvedFeatureError",
    "__version__",
    "animate",
    "describe",
    "distance",
    "export",
    "from_postgis",
    "load",
    "locate",
    "locate_all",
    "open_source",
    "parse",
    "picture",
    "place",
    "publish",
    "read",
    "read_reports",
    "save",
    "to_postgis",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    """Import a name of the face when it is first asked for."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the face, imported or not."""
    return sorted({*globals(), *__all__})
