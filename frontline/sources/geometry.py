"""Geometry from strangers: built without trust, brought to degrees, repaired and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from frontline.errors import CRSError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.sources.notes import Notes
    from frontline.sources.safety import Limits

    Box = tuple[float, float, float, float]

Longitudes = Literal["-180-180", "0-360"]

_POLYGON, _MULTIPOLYGON = 3, 6
_AREAS = (_POLYGON, _MULTIPOLYGON)
_MULTIPOINT = 4  # from here on the kinds hold others
_TRIANGLE = 3  # positions that a ring needs before it is closed
_HALF_TURN = 180.0
_TURN = 360.0
_POLE = 90.0
_PAIR = 2
_NAMED = 200
_FARTHEST = 1e9  # metres or feet of any system stay below; squares of it are still numbers


def positions(values: Any, *, depth: int = 1) -> np.ndarray:
    """Return a list of positions as an array of longitude and latitude; further numbers are cut.

    Raises
    ------
    ValueError
        They are no numbers, or fewer than two each.
    """
    if not isinstance(values, (list, tuple)):
        raise ValueError("coordinates are no list")  # noqa: TRY004 - gathered as a fault of the file
    if not values:
        return np.empty((0, 2))
    try:
        array = np.array(values)
    except ValueError:  # some positions have a height and others none
        try:
            array = np.array([position[:2] for position in values])
        except (ValueError, TypeError):
            raise ValueError("coordinates are not lists of two numbers or more") from None
    if array.dtype.kind not in "iuf" or array.ndim != depth + 1 or array.shape[-1] < _PAIR:
        raise ValueError("coordinates are not lists of two numbers or more")
    out: np.ndarray = array[..., :2].astype(float)
    if not np.isfinite(out).all():
        raise ValueError("coordinates are not finite")
    if np.abs(out).max() > _FARTHEST:
        raise ValueError("coordinates are beyond every reference system")
    return out


def area_of_rings(rings: Sequence[Any], notes: Notes, *, where: object) -> Any:
    """Return a polygon of a list of rings, the outer one first; None if it has no area.

    Open rings are closed and rings of fewer than three positions left out; both are counted.
    """
    lines = []
    for number, ring in enumerate(rings):
        found = positions(ring)
        line = closed(found, notes, where=where)
        if line is None:
            if number == 0:
                return None
            continue
        lines.append(line)
    return shapely.polygons(lines[0], holes=lines[1:] or None) if lines else None


def closed(ring: np.ndarray, notes: Notes, *, where: object) -> Any:
    """Return positions as a closed ring, None if there are too few."""
    if len(ring) and (ring[0] != ring[-1]).any():
        notes.count("open rings closed", where)
        ring = np.vstack([ring, ring[:1]])
    if len(ring) <= _TRIANGLE:
        notes.count("rings of fewer than three positions left out", where)
        return None
    return shapely.linearrings(ring)


def to_degrees(shapes: np.ndarray, crs: Any, *, name: str) -> np.ndarray:
    """Return geometry of a reference system in longitude and latitude.

    Parameters
    ----------
    shapes
        Geometries; None where there is none.
    crs
        Anything that pyproj reads; None: nobody says.
    name
        How an error calls the file.

    Raises
    ------
    CRSError
        There is no reference system, or it is unknown.
    """
    import pyproj
    from pyproj.exceptions import ProjError

    if crs is None:
        raise CRSError(
            f"{name} does not say in which reference system its numbers are; if they are longitude "
            "and latitude, give crs='EPSG:4326'"
        )
    try:
        system = pyproj.CRS.from_user_input(crs)
        if system.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True):
            return shapes
        change = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    except (ProjError, TypeError, ValueError, UnicodeError):
        raise CRSError(
            f"{name} is in a reference system that is not known here: {str(crs)[:100]!r}"
        ) from None

    def moved(xy: np.ndarray) -> np.ndarray:
        x, y = change.transform(xy[:, 0], xy[:, 1])
        return np.column_stack([x, y])

    out: np.ndarray = shapely.transform(shapes, moved)
    return out


def tidied(
    shapes: Any,
    notes: Notes,
    *,
    limits: Limits,
    labels: Sequence[object] | None = None,
    areas: bool = False,
    longitudes: str = "-180-180",
    theatre: Box | None = None,
    strict: bool = False,
) -> np.ndarray:
    """Return geometry that is finite, flat, on the globe and valid; all faults are gathered.

    Parameters
    ----------
    shapes
        Geometries in longitude and latitude; None where there is none.
    notes
        Takes remarks on repairs, and faults, which it raises.
    limits
        `max_features` and `max_vertices`.
    labels
        How messages call each; its number, counted from 1, if None.
    areas
        Whether only areas are wanted: other parts are left out and counted.
    longitudes
        ``"0-360"`` where they count eastwards all the way round.
    theatre
        West, south, east and north of where all of it must lie. A part of a feature that would
        lie there with its coordinates swapped is a fault.
    strict
        Whether parts that lie outside either way are faults too; else remarks count them.

    Returns
    -------
    numpy.ndarray
        As long as `shapes`; None where nothing is left.

    Raises
    ------
    CRSError, DataFileError
        Numbers that are no degrees, are not finite or lie outside the theatre.
    """
    if longitudes not in ("-180-180", "0-360"):
        raise InputError(f"longitudes={longitudes!r} must be '-180-180' or '0-360'")
    out = np.empty(len(shapes), dtype=object)
    out[:] = list(shapes)
    names: list[object] = [f"feature {n + 1}" for n in range(len(out))]
    if labels is not None:
        names = list(labels)
    limits.check("max_features", len(out), where=notes.name, what="features")
    total = int(shapely.get_num_coordinates(out).sum())
    limits.check("max_vertices", total, where=notes.name, what="vertices")
    for at in np.flatnonzero(shapely.is_missing(out) | shapely.is_empty(out)):
        out[at] = None
        notes.count("without geometry", names[at])
    if shapely.has_z(out).any() or shapely.has_m(out).any():
        out = shapely.force_2d(out)
        notes.say("heights and measures were left out")
    _check_numbers(out, names, notes, longitudes=longitudes, theatre=theatre, strict=strict)
    notes.raise_if_faulty()
    if longitudes == "0-360":
        out = _turned(out)
    return _valid(out, names, notes, areas=areas)


def _check_numbers(
    shapes: np.ndarray,
    names: list[object],
    notes: Notes,
    *,
    longitudes: str,
    theatre: Box | None,
    strict: bool,
) -> None:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.isfinite(xy).all(axis=1)
    for at in _first(np.unique(owner[~finite]), notes):
        notes.fault(f"{names[at]}: coordinates are not finite")
    west, east = (0.0, _TURN) if longitudes == "0-360" else (-_HALF_TURN, _HALF_TURN)
    x, y = xy[:, 0], xy[:, 1]
    off = finite & ((x < west) | (x > east) | (np.abs(y) > _POLE))
    found, first = np.unique(owner[off], return_index=True)
    spots = xy[off][first]
    for at, spot in zip(_first(found, notes, off_globe=True), spots, strict=False):
        notes.fault(f"{names[at]}: {_why_off(spot, longitudes)}", off_globe=True)
    if theatre is not None and not off.any() and finite.all() and len(xy):
        _check_theatre(shapes, names, theatre, notes, strict=strict)


def _first(found: np.ndarray, notes: Notes, *, off_globe: bool = False) -> np.ndarray:
    """Return as many as are worth naming, and note that there are more."""
    if len(found) > _NAMED:
        notes.fault(f"{len(found) - _NAMED:,} more features are so too", off_globe=off_globe)
    return found[:_NAMED]


def _why_off(spot: np.ndarray, longitudes: str) -> str:
    x, y = float(spot[0]), float(spot[1])
    said = f"({x:g}, {y:g}) is no longitude and latitude"
    if max(abs(x), abs(y)) > _TURN:
        return f"{said}; these may be metres or feet: give their crs="
    if abs(y) > _POLE and abs(x) <= _POLE:
        return f"{said}; latitude and longitude look swapped"
    if _HALF_TURN < x <= _TURN and longitudes != "0-360":
        return f"{said}; if they count from 0 to 360, give longitudes='0-360'"
    return said


def _check_theatre(
    shapes: np.ndarray, names: list[object], theatre: Box, notes: Notes, *, strict: bool
) -> None:
    west, south, east, north = theatre
    parts, owner = shapely.get_parts(shapes, return_index=True)
    left, low, right, high = shapely.bounds(parts).T
    with np.errstate(invalid="ignore"):  # empty parts have no bounds and lie nowhere
        outside = (right < west) | (left > east) | (high < south) | (low > north)
        # Latitudes within the longitudes and the other way round.
        turned = (low >= west) & (high <= east) & (left >= south) & (right <= north)
    box = f"longitude {west:g} to {east:g} and latitude {south:g} to {north:g}"
    if outside.all() and not turned.all() and not strict:
        notes.fault(f"nothing lies within {box}", off_globe=True)
        return
    for at in _first(np.unique(owner[outside & turned]), notes, off_globe=True):
        notes.fault(
            f"{names[at]} lies outside {box}; latitude and longitude look swapped", off_globe=True
        )
    far = np.unique(owner[outside & ~turned])
    if strict:
        for at in _first(far, notes, off_globe=True):
            notes.fault(f"{names[at]} lies outside {box}", off_globe=True)
    else:
        for at in far:
            notes.count(f"features with parts outside {box}", names[at])


def _turned(shapes: np.ndarray) -> np.ndarray:
    """Bring longitudes of 0 to 360 to -180 to 180; what crosses 180 is cut there (RFC 7946)."""
    east = shapely.box(-_TURN, -_POLE, _HALF_TURN, _POLE)
    west = shapely.box(_HALF_TURN, -_POLE, _TURN, _POLE)
    out = shapes.copy()
    bounds = shapely.bounds(shapes)
    beyond = np.flatnonzero(bounds[:, 2] > _HALF_TURN)
    for at in beyond:
        shape = out[at] if shapely.is_valid(out[at]) else shapely.make_valid(out[at])
        far = shapely.transform(shapely.intersection(shape, west), lambda xy: xy - [_TURN, 0.0])
        near = shapely.intersection(shape, east)
        out[at] = far if bounds[at, 0] >= _HALF_TURN else shapely.union(near, far)
    return out


def _valid(shapes: np.ndarray, names: list[object], notes: Notes, *, areas: bool) -> np.ndarray:
    out = shapes.copy()
    there = ~shapely.is_missing(out)
    for at in np.flatnonzero(there & ~shapely.is_valid(out)):
        out[at] = repaired(out[at])
        notes.count("invalid shapes repaired", names[at])
    if not areas:
        return out
    kinds = shapely.get_type_id(out)
    for at in np.flatnonzero(there & ~(np.isin(kinds, _AREAS) & (shapely.area(out) > 0.0))):
        parts = _areal_parts(out[at])
        notes.count("parts that are no areas left out", names[at])
        out[at] = None
        if len(parts):
            out[at] = parts[0] if len(parts) == 1 else shapely.union_all(parts)
    return out


def repaired(shape: Any) -> Any:
    """Return a valid shape that covers what the rings say: shells joined, less their holes.

    GEOS alone would fill a hole that lies outside its shell, and its older method would cut out
    where two parts overlap.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> repaired(bow).area
    2.0
    """
    areas, others = [], []
    for part in _single_parts(shape):
        if part.geom_type != "Polygon":
            others.append(shapely.make_valid(part))
            continue
        shell, *holes = (
            shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)
            for ring in shapely.get_rings(part)
        )
        areas.append(shapely.difference(shell, shapely.union_all(holes)) if holes else shell)
    area = shapely.union_all(areas)
    if not others:
        return area
    return shapely.geometrycollections([*([] if area.is_empty else [area]), *others])


def _single_parts(shape: Any) -> np.ndarray:
    parts: np.ndarray = shapely.get_parts([shape])
    while (shapely.get_type_id(parts) >= _MULTIPOINT).any():  # collections hold collections
        parts = shapely.get_parts(parts)
    return parts


def _areal_parts(shape: Any) -> np.ndarray:
    parts = _single_parts(shape)
    found: np.ndarray = parts[(shapely.get_type_id(parts) == _POLYGON) & (shapely.area(parts) > 0)]
    return found
