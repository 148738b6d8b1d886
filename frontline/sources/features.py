"""GeoJSON and the feature sets of Esri's servers, read in Python: nothing in them is followed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.sources.geometry import area_of_rings, closed, positions, repaired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from frontline.sources.notes import Notes
    from frontline.sources.safety import Limits

_EPSG = re.compile(r"^(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)
_CRS84 = re.compile(r"CRS84$", re.IGNORECASE)
_LINE = 2
_MAX_DEPTH = 20
_WEB_MERCATOR = {102100: 3857, 102113: 3857}


@dataclass(frozen=True, slots=True)
class Features:
    """What a document of features holds.

    Attributes
    ----------
    rows : list of dict
        The properties, one row a feature.
    shapes : numpy.ndarray
        Their geometry as it is written; None where there is none.
    crs : str or None
        The reference system that it names; None: none is named where one has to be.
    top : dict
        What else stands at the top of the document, without the features.
    """

    rows: list[dict[str, Any]]
    shapes: np.ndarray
    crs: str | None
    top: dict[str, Any] = field(default_factory=dict)


def features_of(document: Any, notes: Notes, *, limits: Limits, partial: bool = False) -> Features:
    """Read the features of a GeoJSON document or of an Esri feature set.

    Parameters
    ----------
    document
        Parsed JSON: a FeatureCollection, a Feature, a geometry, or a set with `attributes`.
    notes
        Takes the faults and repairs; faults are raised.
    limits
        `max_features`.
    partial
        Whether an answer that its server cut short will do; then a remark says so.

    Raises
    ------
    DataFileError
        It is none of these, its server cut it short, or single features are broken.
    """
    esri = is_esri(document)
    found = _listed(document)
    if found is None:
        kind = document.get("type") if isinstance(document, dict) else type(document).__name__
        notes.fault(f"it is no GeoJSON and no feature set: its type is {str(kind)[:60]!r}")
        notes.raise_if_faulty()
    if _is_cut(document):
        cut = "the server cut the answer (exceededTransferLimit): features are missing"
        if partial:
            notes.say(cut)
        else:
            notes.fault(f"{cut}; ask for all pages, or give partial=True to read what is there")
    listed = found or []
    limits.check("max_features", len(listed), where=notes.name, what="features")
    rows: list[dict[str, Any]] = []
    shapes = np.empty(len(listed), dtype=object)
    key, build = ("attributes", _esri_shape) if esri else ("properties", shape_of)
    for number, each in enumerate(listed):
        where = f"feature {number + 1}"
        if not isinstance(each, dict):
            notes.fault(f"{where}: is no object")
            continue
        properties = each.get(key)
        rows.append(dict(properties) if isinstance(properties, dict) else {})
        _built(build, each.get("geometry"), shapes, number, notes, where)
    notes.raise_if_faulty()
    top = {k: v for k, v in document.items() if k not in ("features", "geometry")}
    return Features(rows, shapes, _crs_of(document, notes, esri=esri), top)


def _built(
    build: Callable[..., Any], value: Any, shapes: np.ndarray, at: int, notes: Notes, where: str
) -> None:
    try:
        shapes[at] = build(value, notes, where=where)
    except (ValueError, TypeError, OverflowError, shapely.GEOSException) as error:
        notes.fault(f"{where}: {error}")


def _listed(document: Any) -> list[Any] | None:
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("features"), list):
        return list(document["features"])
    if document.get("type") == "Feature":
        return [document]
    kind = document.get("type")
    if isinstance(kind, str) and (kind in _SHAPES or kind == "GeometryCollection"):
        return [{"geometry": document}]
    return None


def _is_cut(document: dict[str, Any]) -> bool:
    properties = document.get("properties")
    inner = properties if isinstance(properties, dict) else {}
    return any(each.get("exceededTransferLimit") is True for each in (document, inner))


def is_esri(document: Any) -> bool:
    """Say whether a document is a feature set of an Esri server rather than GeoJSON."""
    if not isinstance(document, dict) or document.get("type") == "FeatureCollection":
        return False
    if "geometryType" in document or "objectIdFieldName" in document:
        return True
    features = document.get("features")
    first = features[0] if isinstance(features, list) and features else None
    return isinstance(first, dict) and "attributes" in first and "properties" not in first


def _crs_of(document: dict[str, Any], notes: Notes, *, esri: bool) -> str | None:
    if esri:
        system = document.get("spatialReference")
        code = system.get("latestWkid", system.get("wkid")) if isinstance(system, dict) else None
        if isinstance(code, int) and not isinstance(code, bool):
            return f"EPSG:{_WEB_MERCATOR.get(code, code)}"
        return None
    if "crs" not in document:
        return "EPSG:4326"  # RFC 7946: longitude and latitude
    system = document["crs"]
    inner = system.get("properties") if isinstance(system, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    if isinstance(name, str):
        if _CRS84.search(name):
            return "EPSG:4326"
        code = _EPSG.match(name.strip())
        if code:
            if code[1] == "4326":
                notes.say("coordinates of EPSG:4326 were taken as longitude, latitude")
            return f"EPSG:{code[1]}"
    return None


def shape_of(value: Any, notes: Notes, *, where: object, depth: int = 0) -> Any:
    """Return a geometry of a GeoJSON object, None where there is none.

    Raises
    ------
    ValueError
        It is no geometry.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ValueError("the geometry is no object")  # noqa: TRY004 - a fault of the file
    kind = value.get("type")
    if kind == "GeometryCollection":
        inner = value.get("geometries")
        if not isinstance(inner, list) or depth > _MAX_DEPTH:
            raise ValueError("a GeometryCollection without a list of geometries, or too deep")
        parts = [shape_of(each, notes, where=where, depth=depth + 1) for each in inner]
        return shapely.geometrycollections([part for part in parts if part is not None])
    if not isinstance(kind, str) or kind not in _SHAPES:
        raise ValueError(f"{str(kind)[:60]!r} is no kind of geometry")
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list):
        raise ValueError("the geometry has no list of coordinates")  # noqa: TRY004
    return _SHAPES[kind](coordinates, notes, where) if coordinates else None


def _point(values: list[Any], _notes: Notes, _where: object) -> Any:
    return shapely.points(positions([values])[0])


def _points(values: list[Any], _notes: Notes, _where: object) -> Any:
    return shapely.multipoints(shapely.points(positions(values)))


def _line(values: list[Any], notes: Notes, where: object) -> Any:
    found = positions(values)
    if len(found) < _LINE:
        notes.count("lines of fewer than two positions left out", where)
        return None
    return shapely.linestrings(found)


def _lines(values: list[Any], notes: Notes, where: object) -> Any:
    return _several(shapely.multilinestrings, (_line(each, notes, where) for each in values))


def _area(values: list[Any], notes: Notes, where: object) -> Any:
    return area_of_rings(values, notes, where=where)


def _areas(values: list[Any], notes: Notes, where: object) -> Any:
    if not all(isinstance(each, list) for each in values):
        raise ValueError("coordinates are no list of polygons")
    return _several(shapely.multipolygons, (_area(each, notes, where) for each in values))


def _several(build: Callable[..., Any], parts: Iterable[Any]) -> Any:
    kept = [part for part in parts if part is not None]
    return build(kept) if kept else None


_SHAPES: dict[str, Callable[[list[Any], Notes, object], Any]] = {
    "Point": _point,
    "MultiPoint": _points,
    "LineString": _line,
    "MultiLineString": _lines,
    "Polygon": _area,
    "MultiPolygon": _areas,
}


def _esri_shape(value: Any, notes: Notes, *, where: object) -> Any:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise ValueError("the geometry is no object")  # noqa: TRY004 - a fault of the file
    if "curveRings" in value or "curvePaths" in value:
        raise ValueError("it has true curves, which are not read; ask with returnTrueCurves=false")
    if "rings" in value:
        return area_of_esri_rings(value["rings"], notes, where=where)
    if "paths" in value:
        return _lines(_list(value["paths"]), notes, where)
    if "points" in value:
        return _points(_list(value["points"]), notes, where)
    if value.get("x") in (None, "NaN"):  # how these servers write an empty point
        return None
    return _point([value["x"], value.get("y")], notes, where)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("coordinates are no list")  # noqa: TRY004 - a fault of the file
    return value


def area_of_esri_rings(rings: Any, notes: Notes, *, where: object) -> Any:
    """Return the area of Esri's rings: clockwise ones are outer, the others holes.

    A hole belongs to the smallest outer ring round it. Where no ring is clockwise, as writers
    that know only GeoJSON leave it, all are outer.
    """
    lines = [closed(positions(each), notes, where=where) for each in _list(rings)]
    lines = [line for line in lines if line is not None]
    if not lines:
        return None
    hole = shapely.is_ccw(np.array(lines, dtype=object))
    if hole.all():
        notes.count("areas whose rings all ran against the clock, taken as outer", where)
        hole = ~hole
    solid = np.array([repaired(shapely.polygons(line)) for line in lines], dtype=object)
    area = shapely.area(solid)
    shells = np.flatnonzero(~hole)
    shells = shells[np.argsort(area[shells], kind="stable")]
    inner = np.flatnonzero(hole)
    spots = shapely.point_on_surface(solid[inner])
    which, around = shapely.STRtree(solid[shells]).query(spots, predicate="intersects")
    # An island in a lake holds the middle of the lake's ring, but is smaller than it.
    larger = area[shells[around]] > area[inner[which]]
    order = np.lexsort((around[larger], which[larger]))
    owned, first = np.unique(which[larger][order], return_index=True)
    holes: dict[int, list[Any]] = {int(each): [] for each in shells}
    for at, shell in zip(inner[owned], shells[around[larger][order][first]], strict=True):
        holes[int(shell)].append(lines[at])
    notes.count("holes outside every outer ring left out", where, number=len(inner) - len(owned))
    parts = [shapely.polygons(lines[at], holes=rings or None) for at, rings in holes.items()]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def shape_to_json(shape: Any) -> dict[str, Any] | None:
    """Return a geometry as a GeoJSON object, its rings wound as RFC 7946 asks."""
    if shape is None or shape.is_empty:
        return None
    wound = shapely.orient_polygons(shape)
    return json.loads(shapely.to_geojson(wound))  # type: ignore[no-any-return]  # json is untyped
