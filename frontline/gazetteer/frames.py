"""Tables of places: checked on the way in, plain on the way out."""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from frontline.errors import CRSError, FrontlineError, InputError
from frontline.gazetteer.borders import swapped_sentence
from frontline.gazetteer.context import check_name, country_code, in_range
from frontline.gazetteer.extents import radius_m
from frontline.gazetteer.model import Place
from frontline.gazetteer.outlines import centre_and_radius

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS_OF_FRAME = (
    "city", "town", "village", "settlement", "hill", "airfield", "crossing", "military", "district",
    "governorate", "country",
)  # fmt: skip
SHOWN = 8


def places_of_frame(frame: gpd.GeoDataFrame) -> list[Place]:
    """Return the places of a table; see `Gazetteer.from_frame`.

    Raises
    ------
    CRSError
        The frame has no CRS.
    InputError
        All faults of the frame, together.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(
            f"a gazetteer is made from a GeoDataFrame, not {type(frame).__name__}; "
            "make one with geopandas.GeoDataFrame(..., geometry=..., crs=4326)"
        )
    missing = [c for c in ("name",) if c not in frame.columns]
    if frame.active_geometry_name is None:
        missing.append("geometry")
    if missing:
        raise InputError(
            f"the frame has no column {' and no column '.join(missing)}; add what is missing"
        )
    if frame.empty:
        raise InputError("the frame has no rows; a gazetteer needs at least one place")
    if frame.crs is None:
        raise CRSError(
            "the frame has no CRS; set it, for example frame.set_crs(4326) "
            "if it is in degrees lon, lat"
        )
    if not frame.crs.equals("EPSG:4326", ignore_axis_order=True):
        frame = frame.to_crs(4326)
    geometry = frame.geometry.to_numpy()
    columns = {name: frame[name].tolist() for name in frame.columns if name != frame.geometry.name}
    problems: list[str] = []
    places = []
    for number, shape in enumerate(geometry):
        row = {name: values[number] for name, values in columns.items()}
        try:
            places.append(_place(row, shape, number))
        except FrontlineError as error:
            problems.append(f"row {number} ({frame.index[number]!r}): {error}")
    if problems:
        more = f"\n... and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise InputError(
            f"{len(problems)} of {len(frame)} rows cannot be used as places:\n"
            + "\n".join(problems[:SHOWN])
            + more
        )
    return places


def _place(row: dict[str, Any], shape: Any, number: int) -> Place:
    name = check_name(row["name"]).strip()
    kind = _text(row.get("kind")) or "settlement"
    if kind not in KINDS_OF_FRAME:
        raise InputError(
            f"the kind {kind!r} is not known; it is one of {', '.join(KINDS_OF_FRAME)}"
        )
    population = _number(row.get("population"), "population")
    given_m = _number(row.get("radius_m"), "radius_m")
    country = country_code(row["country"]) if _text(row.get("country")) else ""
    lon, lat, outline_m = _position(shape)
    if country:
        sentence = swapped_sentence(lon, lat, country)
        if sentence:
            raise InputError(sentence)
    people = round(population) if population else None
    radius, radius_source = radius_m(kind, people)
    if outline_m is not None:
        radius, radius_source = outline_m, "polygon"
    elif given_m is not None:
        radius, radius_source = given_m, "given"
    return Place(
        name=name,
        lon=lon,
        lat=lat,
        names=_names(row.get("alternate_names")),
        kind=kind,
        country=country,
        admin1=_text(row.get("admin1")),
        population=people,
        radius_m=radius,
        radius_source=radius_source,
        source=_text(row.get("source")),
        licence=_text(row.get("licence")),
        place_id=_text(row.get("place_id")) or f"row:{number}",
        outline_wkb=shapely.to_wkb(shape) if outline_m is not None else None,
    )


def _position(shape: Any) -> tuple[float, float, float | None]:
    if shape is None or shape.is_empty:
        raise InputError("the geometry is empty; give a point or a polygon")
    if shape.geom_type not in ("Point", "Polygon", "MultiPolygon"):
        raise InputError(f"the geometry is a {shape.geom_type}; give a point or a polygon")
    west, south, east, north = shape.bounds
    if not all(map(math.isfinite, (west, south, east, north))):
        raise InputError("a coordinate is NaN or infinite; give numbers")
    if not (in_range(west, south) and in_range(east, north)):
        raise InputError(
            f"lon {west:g} to {east:g}, lat {south:g} to {north:g} is out of range; "
            "lon comes first, -180 to 180, lat -90 to 90"
        )
    if shape.geom_type == "Point":
        return float(shape.x), float(shape.y), None
    if not shape.is_valid:
        raise InputError(f"the polygon is not valid ({shapely.is_valid_reason(shape)}); repair it")
    return centre_and_radius(shape)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _text(value: Any) -> str:
    return "" if _is_missing(value) else str(value).strip()


def _number(value: Any, what: str) -> float | None:
    if _is_missing(value) or value == "":
        return None
    if not isinstance(value, numbers.Real):
        raise InputError(f"{what} must be a number, not {value!r}")
    if not math.isfinite(value) or value < 0:
        raise InputError(f"{what} must be 0 or more, not {value!r}")
    return float(value)


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(";")
    elif _is_missing(value):
        value = ()
    if not hasattr(value, "__iter__"):
        raise InputError(f"alternate_names must be a list or text split at ';', not {value!r}")
    return tuple(
        check_name(each, "alternate name").strip() for each in value if each not in ("", None)
    )


def frame_of_places(places: Sequence[Place]) -> gpd.GeoDataFrame:
    """Return places as a table in EPSG:4326; a known outline is the geometry."""
    names = (
        "place_id", "name", "kind", "country", "admin1", "population", "radius_m", "radius_source",
        "source", "licence",
    )  # fmt: skip
    data: dict[str, Any] = {name: [getattr(p, name) for p in places] for name in names}
    data["population"] = pd.array(data["population"], dtype="Int64")
    data["alternate_names"] = [";".join(p.names) for p in places]
    points = shapely.points([p.lon for p in places], [p.lat for p in places])
    for number, place in enumerate(places):
        if place.outline_wkb is not None:
            points[number] = shapely.from_wkb(place.outline_wkb)
    return gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4326")
