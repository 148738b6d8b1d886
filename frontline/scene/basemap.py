"""The base map: sea, borders, governorates, lakes and rivers, drawn as vectors.

It is bundled, so that a saved map asks no server for tiles. It is meant to be lighter than the
data: a few faint lines for orientation, cut to the surroundings of the theatre. Syria has files of
its own, with governorates; everywhere else the file of the world is read.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape

from frontline._resources import geodata_path
from frontline.scene.gridlines import lines_of
from frontline.scene.worldfile import open_world

__all__ = ["Layer", "base_layers", "drawn_window", "neighbours"]

PER_DEGREE = 10_000  # about 10 m: the sources are drawn for 1 : 10,000,000
_SIMPLIFY_DEG = 0.0008
_AROUND = 0.9  # of the theatre's width and height, on every side
_WIDE = 1.6  # the least width of the margin by its height: a view wider than the theatre is filled
_DRAWN = (30.0, 30.0, 47.5, 39.5)  # what the bundled files cover: DRAWING_BOX of boundaries.py
_OVERLAP_DEG, _BEYOND_DEG = 0.03, 0.02  # of the file of the world beyond that box

# name of the layer, file, rings (filled) or lines, and which of its features
_LAYERS: tuple[tuple[str, str, bool, dict[str, Any]], ...] = (
    ("sea", "basemap/sea.geojson", True, {}),
    ("lakes", "basemap/lakes.geojson", True, {}),
    ("rivers", "basemap/rivers.geojson", False, {}),
    ("districts", "boundaries/syria-adm1.geojson", False, {}),
    ("borders", "basemap/borders.geojson", False, {"disputed": False}),
    ("disputed", "basemap/borders.geojson", False, {"disputed": True}),
)
_DRAWN_LAYERS = ("sea", "lakes", "rivers", "borders", "disputed")  # of the world
_COUNTRIES = "boundaries/countries.geojson"
_OUTLINE = "boundaries/syria-outline.geojson"
_WORLD = "basemap/world.bin"
_WORLD_COUNTRIES = "basemap/world-countries.json"
_LABEL_STEPS = 1000  # in a degree, of the outlines of countries

# A map of the world's theatre shows it about this wide at first; twice as near, half a pixel is
# what the lines may be off.
_SHOWN_PIXELS = 900
_LEAST_DEG, _MOST_DEG = 0.0004, 0.1
_LEAST_RING_STEPS = 10  # four times what lines may be off
_HALF_WORLD_DEG = 100.0  # a window wider than this is cut from the coarse level
_MAIN_ONLY_DEG = 16.0  # a theatre wider than this shows no small lakes and rivers
_OWN_SHARE = 0.3  # a country of which the theatre covers more than this needs no name


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the base map on its own grid.

    Attributes
    ----------
    name : str
        sea, lakes, rivers, districts, borders or disputed (borders).
    per_degree : int
        Grid steps in a degree.
    closed : bool
        Rings to be filled, or lines.
    lines : list of numpy.ndarray of int64, shape (n, 2)
    """

    name: str
    per_degree: int
    closed: bool
    lines: list[npt.NDArray[np.int64]]


def base_layers(bounds: tuple[float, float, float, float]) -> list[Layer]:
    """Cut the bundled base map to the surroundings of a theatre.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of the theatre in degrees.

    Returns
    -------
    list of Layer
        Bottom first; a layer with nothing near the theatre is left out.
    """
    if not _is_syrian(bounds):
        return _world_layers(bounds)
    window = _window(bounds)
    beyond = _beyond(window)
    out = []
    for name, file, closed, wanted in _LAYERS:
        found = [geometry for properties, geometry in _read(file) if _fits(properties, wanted)]
        found += beyond.get(name, [])
        shown = _cut(found, window, _SIMPLIFY_DEG, closed=closed)
        lines = lines_of(shown, PER_DEGREE, closed=closed)
        if lines:
            out.append(Layer(name, PER_DEGREE, closed, lines))
    return out


def drawn_window(
    bounds: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    """Return the surroundings for which there is a base map, to which a view is kept.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of the theatre in degrees.

    Returns
    -------
    tuple of float
        West, south, east, north. They may reach beyond 180 degrees east or west.

    Examples
    --------
    >>> drawn_window((36.0, 34.0, 42.0, 37.0))
    (30.6, 31.3, 47.4, 39.7)
    """
    west, south, east, north = (round(value, 9) for value in _window(bounds))
    return west, south, east, north


def neighbours(
    bounds: tuple[float, float, float, float],
) -> list[tuple[str, list[tuple[float, float, float]]]]:
    """Return names of the countries around a theatre, with spots for them.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north of the theatre in degrees.

    Returns
    -------
    list of (name, list of (lon, lat, room_deg))
        Each spot is the middle of the widest room that the country leaves near the theatre, in
        surroundings of three widths; a map takes the first that it shows and that is wide enough,
        so that whether a country is named depends on nothing but room.
    """
    theatre = shapely.box(*bounds)
    windows = [shapely.box(*_window(bounds, around)) for around in (0.15, 0.4, _AROUND)]
    out = []
    for name, whole in _countries(bounds, windows[-1]):
        if shapely.intersection(whole, theatre).area > _OWN_SHARE * whole.area:
            continue
        spots = []
        for window in windows:
            shown = shapely.intersection(whole, window)
            if shown.area > 0:
                radial = shapely.maximum_inscribed_circle(shown, 0.05)
                lon, lat = radial.coords[0]
                spots.append((round(lon, 3), round(lat, 3), round(radial.length, 3)))
        if spots:
            out.append((name, spots))
    return out


def _is_syrian(bounds: tuple[float, float, float, float]) -> bool:
    """Say whether the theatre lies in what the files of Syria cover, and touches Syria."""
    theatre = shapely.box(*bounds)
    if not shapely.box(*_DRAWN).contains(theatre):
        return False
    return any(geometry.intersects(theatre) for _, geometry in _read(_OUTLINE))


def _beyond(window: tuple[float, float, float, float]) -> dict[str, list[Any]]:
    """Read from the file of the world what lies in a window outside of the files of Syria.

    Seldom looked at, it is coarser. It reaches into them by more than it is simplified, so that
    areas grow together.
    """
    outside = shapely.difference(shapely.box(*window), shapely.box(*_DRAWN))
    if outside.is_empty:
        return {}
    outside = shapely.buffer(outside, _OVERLAP_DEG, join_style="mitre")
    found = open_world(geodata_path(*_WORLD.split("/"))).tiles(window, level=0)
    out = {}
    for name in _DRAWN_LAYERS:
        shapes = shapely.intersection(shapely.make_valid(np.array(found[name])), outside)
        parts = shapely.get_parts(shapely.simplify(shapely.union_all(shapes), _BEYOND_DEG))
        # Islands and ponds of a few pixels are left out.
        small = (name in ("sea", "lakes")) & (shapely.area(parts) < _BEYOND_DEG**2)
        out[name] = list(parts[~small])
    return out


def _countries(bounds: tuple[float, float, float, float], window: Any) -> list[tuple[str, Any]]:
    """Return names and shapes of the countries that a window touches."""
    if _is_syrian(bounds):
        return [
            (str(facts["name"]), shapely.make_valid(shape)) for facts, shape in _read(_COUNTRIES)
        ]
    out = []
    for name, whole in _world_countries():
        for east_deg in _turns(window.bounds):
            turned = shapely.transform(whole, lambda xy, by=east_deg: xy + np.array([by, 0.0]))
            if turned.intersects(window):
                out.append((name, turned))
    return out


@lru_cache(maxsize=1)
def _world_countries() -> list[tuple[str, Any]]:
    text = geodata_path(*_WORLD_COUNTRIES.split("/")).read_text(encoding="utf-8")
    out = []
    for name, outlines in json.loads(text):
        rings = [np.array(steps).reshape(-1, 2).cumsum(axis=0) / _LABEL_STEPS for steps in outlines]
        whole = shapely.make_valid([shapely.Polygon(ring) for ring in rings])
        out.append((str(name), shapely.union_all(whole)))
    return out


def _turns(bounds: tuple[float, float, float, float]) -> list[int]:
    """Return by how many degrees the world is to be turned to fill a window."""
    west, _, east, _ = bounds
    first, last = math.floor((west + 180) / 360), math.ceil((east + 180) / 360)
    return [turn * 360 for turn in range(first, max(last, first + 1))]


def _world_layers(bounds: tuple[float, float, float, float]) -> list[Layer]:
    """Cut the file of the world: the wider the theatre, the less detail."""
    west, south, east, north = bounds
    window = _window(bounds)
    level = 1 if window[2] - window[0] > _HALF_WORLD_DEG else 0
    found = open_world(geodata_path(*_WORLD.split("/"))).tiles(window, level=level)
    width_deg = max(east - west, (north - south) * _WIDE)
    tolerance_deg = min(max(width_deg / _SHOWN_PIXELS / 3.5, _LEAST_DEG), _MOST_DEG)
    # Rounding to the grid adds a fifth of the tolerance at most.
    per_degree = math.ceil(2.5 / tolerance_deg)
    detailed = width_deg <= _MAIN_ONLY_DEG
    out = []
    for name in _DRAWN_LAYERS:
        closed = name in ("sea", "lakes")
        shapes = [*found[name], *(found.get(f"small {name}", []) if detailed else [])]
        lines = lines_of(
            _cut(shapes, window, tolerance_deg, closed=closed), per_degree, closed=closed
        )
        if closed:  # islands and ponds of a pixel or two are left out
            lines = [ring for ring in lines if np.ptp(ring, axis=0).max() >= _LEAST_RING_STEPS]
        if lines:
            out.append(Layer(name, per_degree, closed, lines))
    return out


def _window(
    bounds: tuple[float, float, float, float], around: float = _AROUND
) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    high = max(north - south, 0.5) * around
    nearest_deg = min(abs(south + north) / 2, 80.0)
    wide = max(max(east - west, 0.5) * around, _WIDE * high / math.cos(math.radians(nearest_deg)))
    # The projection of the web ends at 85 degrees; of a theatre beyond, the last degree is shown.
    low, top = min(max(south - high, -85.0), 84.0), max(min(north + high, 85.0), -84.0)
    return west - wide, low, east + wide, top


def _fits(properties: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(properties.get(key) == value for key, value in wanted.items())


def _read(file: str) -> list[tuple[dict[str, Any], Any]]:
    text = geodata_path(*file.split("/")).read_text(encoding="utf-8")
    return [
        (feature["properties"], shape(feature["geometry"]))
        for feature in json.loads(text)["features"]
        if feature["geometry"]
    ]


def _cut(
    given: list[Any],
    window: tuple[float, float, float, float],
    tolerance_deg: float,
    *,
    closed: bool,
) -> Any:
    """Clip to the window and drop what is finer than the map shows.

    Borders are turned into lines first: a clipped polygon would show the window's own edges, and a
    border shared by two countries would be drawn twice.
    """
    box = shapely.box(*window)
    geometries = np.array(given, dtype=object)
    near = geometries[shapely.intersects(geometries, box)]
    if not len(near):
        return shapely.GeometryCollection()
    if closed:
        merged = shapely.intersection(shapely.make_valid(near), box)
        return shapely.simplify(shapely.union_all(merged), tolerance_deg)
    polygonal = np.isin(shapely.get_type_id(near), (3, 6))
    near[polygonal] = shapely.boundary(near[polygonal])
    lines = shapely.line_merge(shapely.union_all(shapely.intersection(near, box)))
    return shapely.simplify(lines, tolerance_deg)
