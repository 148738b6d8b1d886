"""Governorates and countries: areas with an outline, found by name."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from frontline._resources import geodata_path
from frontline.errors import InputError, UnknownPlaceError
from frontline.gazetteer.context import (
    COUNTRIES,
    country_code,
    known_admin1,
    same_admin1,
    without_area_words,
)
from frontline.gazetteer.forms import form
from frontline.gazetteer.model import Place
from frontline.gazetteer.names import fold

SOURCE, LICENCE = "Natural Earth", "public domain"
_CODE_LETTERS = 2


@cache
def _features(file: str) -> tuple[dict[str, Any], ...]:
    try:
        path = geodata_path("boundaries", file)
    except InputError:
        return ()
    return tuple(json.loads(path.read_text(encoding="utf-8"))["features"])


@cache
def _governorates() -> tuple[Place, ...]:
    return tuple(
        _area_place(feature, "governorate", "SY") for feature in _features("syria-adm1.geojson")
    )


@cache
def area_of_country(code: str) -> Place | None:
    """Return a country by ISO code, or None if its outline is not bundled."""
    for feature in _features("countries.geojson"):
        if feature["properties"]["iso2"] == code:
            return _area_place(feature, "country", code)
    return None


def _area_place(feature: dict[str, Any], kind: str, country: str) -> Place:
    import shapely
    from shapely.geometry import shape

    from frontline.gazetteer.outlines import centre_and_radius

    outline = shape(feature["geometry"])
    lon, lat, radius = centre_and_radius(outline)
    properties = feature["properties"]
    name = str(properties["name"])
    names = [
        *properties.get("names", ()),
        *(COUNTRIES.get(country, ()) if kind == "country" else ()),
    ]
    return Place(
        name=name,
        lon=lon,
        lat=lat,
        names=tuple(dict.fromkeys(n for n in names if n != name)),
        kind=kind,
        country=country,
        admin1=name if kind == "governorate" else "",
        radius_m=round(radius, 0),
        radius_source="polygon",
        source=SOURCE,
        licence=LICENCE,
        place_id=f"iso3166:{properties.get('code', country)}",
        outline_wkb=shapely.to_wkb(outline),
    )


def find_area(
    name: str, country: str | None, kind: str | None, *, exactly: bool = False
) -> Place | None:
    """Return the governorate or country of that name, or None.

    The names of governorates come first, then those of countries, then what is like the
    name of a governorate: Iraq is no spelling of Raqqa.

    Parameters
    ----------
    name : str
    country : str or None
        ISO code; only areas there.
    kind : str or None
        "governorate" or "country".
    exactly : bool, default False
        No likeness, and no country by its two-letter code.

    Returns
    -------
    Place or None
    """
    bare = without_area_words(fold(name))
    governorates = _governorates() if kind != "country" and country in (None, "SY") else ()
    known = known_admin1(name)
    for each in governorates:
        if (
            known == each.admin1
            if known
            else form(bare).key in {form(n).key for n in (each.name, *each.names)}
        ):
            return each
    if kind != "governorate":
        code = _code(bare, exactly=exactly)
        if code and country in (None, code):
            return area_of_country(code)
    if exactly:
        return None
    return next((each for each in governorates if same_admin1(bare, each.admin1)), None)


def _code(name: str, *, exactly: bool) -> str:
    if exactly and len(name) <= _CODE_LETTERS:
        return ""
    try:
        return country_code(name)
    except InputError:
        return ""


def area(name: str, country: str | None) -> Place:
    """Return the governorate or country of that name; see `Gazetteer.area`.

    Raises
    ------
    UnknownPlaceError
        No such area is bundled.
    """
    found = find_area(name, country, None)
    if found is not None:
        return found
    known = tuple(g.name for g in _governorates())
    raise UnknownPlaceError(
        f"no governorate or country called {name!r} is bundled; "
        f"known are {', '.join(known) or 'none'} and the neighbours of Syria",
        name=name,
        near_names=known,
    )
