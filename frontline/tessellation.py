"""Thiessen cells: which site is nearest, as rings for the composite.

The cells are made in an azimuthal equidistant plane and never in degrees, where every sixth
point would fall into the cell of a site that is not the nearest. They are cut to a window round
the theatre while still in the plane and only then taken back to longitude and latitude.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.errors import InputError
from frontline.planes import LocalPlane
from frontline.rings import GRID_DEG, Rings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DEFAULT_MARGIN_KM = 20.0

_STRAIGHT_M = 10_000.0  # so short that a straight piece here and on the map differ by < 12 m
_OVERSHOOT_M = 25.0  # an arc runs this far past the border it should meet, so that it meets it
_QUARTER_SEGMENTS = 32
_LINE, _RING, _MULTIPOLYGON = 1, 2, 6
_HALF_GLOBE_DEG = 180.0


@dataclass(frozen=True, eq=False)
class Tessellation:
    """The nearest-site partition of a theatre, as rings and as an answer to "whose is it?".

    Attributes
    ----------
    lon, lat : numpy.ndarray
        The distinct sites; coordinates that agree to 1e-6 degrees are one site.
    site_of : numpy.ndarray
        For every input point the number of its site.
    outline : shapely.Polygon or MultiPolygon
        The theatre.
    max_km : float or None
        How far a site speaks for its cell.
    rings : Rings
        The border of every site's cell on the grid, not cut at the outline. Neighbours share
        their vertices; rounding may have turned the smallest cells inside out.
    arcs : numpy.ndarray
        Lines at `max_km` from a site within its cell, longitude and latitude.
    plane : LocalPlane
        Where the cells were made.
    """

    lon: Floats
    lat: Floats
    site_of: Ints
    outline: Any
    max_km: float | None
    rings: Rings
    arcs: Geometries
    plane: LocalPlane
    _xy: Floats = field(repr=False)
    _discs: Geometries = field(repr=False)

    @cached_property
    def linework(self) -> Geometries:
        """All borders in longitude and latitude, the outline included, not yet noded."""
        outline = shapely.get_parts(shapely.boundary(self.outline))
        return np.concatenate([outline, self.rings.segments(), self.arcs])

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.points(self._xy))

    def nearest(self, points: Geometries) -> Ints:
        """Return the nearest site of each point in longitude and latitude."""
        at = shapely.points(self.plane.forward_xy(shapely.get_coordinates(points)))
        return np.asarray(self._tree.nearest(at), dtype=np.int64)

    def origins(self, points: Geometries) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the nearest site of each point, and whether it lies beyond `max_km`.

        Parameters
        ----------
        points
            Points in longitude and latitude.

        Examples
        --------
        >>> import shapely
        >>> cells = thiessen([36.0, 37.0], [35.0, 35.0], max_km=30)
        >>> site, beyond = cells.origins(shapely.points([[36.1, 35.0], [37.3, 35.6]]))
        >>> site.tolist(), beyond.tolist()
        ([0, 1], [False, True])
        """
        at = shapely.points(self.plane.forward_xy(shapely.get_coordinates(points)))
        site = np.asarray(self._tree.nearest(at), dtype=np.int64)
        beyond = np.zeros(len(at), dtype=bool)
        if self.max_km is not None:
            disc = self._discs[site]
            far = shapely.distance(at, shapely.points(self._xy[site])) > self.max_km * 1e3
            drawn = ~shapely.is_missing(disc)
            # Where an arc is drawn the polygon decides, so that no face is split by the
            # difference between the circle and its chords.
            beyond = np.where(drawn, ~shapely.intersects(disc, at), far)
        return site, beyond


def thiessen(
    lon: Any, lat: Any, *, outline: Any = None, max_km: float | None = None
) -> Tessellation:
    """Tessellate a theatre by the nearest of its sites.

    Parameters
    ----------
    lon, lat
        Sites, degrees, one array each.
    outline
        The theatre, a polygon in longitude and latitude. Without it: the convex hull of the
        sites, widened by `max_km` or, if that is not given, by 20 km.
    max_km
        Beyond this distance a cell is cut off from its site.

    Raises
    ------
    InputError
        No sites, coordinates out of range, an outline that is no area, or a theatre that
        spans more than 180 degrees of longitude.

    Notes
    -----
    Nearest in the plane and nearest on the ellipsoid differ for at most one point in a
    thousand, all of them near a border, in a theatre of 1,000 km.

    Examples
    --------
    >>> cells = thiessen([36.0, 37.0, 36.0], [35.0, 35.0, 35.0])
    >>> len(cells.lon), cells.site_of.tolist()
    (2, [0, 1, 0])
    """
    lonlat = np.column_stack([np.atleast_1d(lon), np.atleast_1d(lat)]).astype(float)
    if not len(lonlat):
        raise InputError("a tessellation needs at least one site")
    if not np.isfinite(lonlat).all() or (np.abs(lonlat) > [180.0, 90.0]).any():
        raise InputError("sites must be finite longitudes and latitudes in degrees")
    if max_km is not None and not max_km > 0:
        raise InputError(f"max_km must be above 0, not {max_km}")
    grid = np.rint(lonlat / GRID_DEG).astype(np.int64)
    # Sites keep the order in which they came.
    site_of, seen = pd.factorize(grid[:, 0] * 1_000_000_000 + grid[:, 1])
    first = np.full(len(seen), len(site_of), dtype=np.int64)
    np.minimum.at(first, site_of, np.arange(len(site_of)))
    sites = lonlat[first]
    if outline is not None and shapely.area(outline) <= 0:
        raise InputError("the outline must be a polygon with an area")
    spots = shapely.points(sites)
    check_span(spots if outline is None else np.append(spots, outline))
    if outline is None:
        outline = _hull(LocalPlane.of(spots), sites, max_km)
        check_span([outline])
    plane = LocalPlane.of([outline])
    xy = plane.forward_xy(sites)
    window = shapely.box(*plane.forward(_dense(outline)).buffer(1_000.0).bounds)
    cells = _cells(xy, window)
    arcs, discs = _arcs(xy, cells, max_km)
    return Tessellation(
        sites[:, 0],
        sites[:, 1],
        site_of.astype(np.int64),
        outline,
        max_km,
        Rings.of(_straight(cells), plane.inverse_xy),
        plane.inverse(shapely.segmentize(arcs, _STRAIGHT_M)) if len(arcs) else arcs,
        plane,
        xy,
        discs,
    )


def check_span(geometries: Any) -> None:
    """Refuse a theatre that seems wider than half the globe.

    Raises
    ------
    InputError
        The geometries span more than 180 degrees of longitude, as those on both sides of the
        antimeridian do.
    """
    west, _, east, _ = shapely.total_bounds(np.asarray(geometries, dtype=object))
    if east - west > _HALF_GLOBE_DEG:
        raise InputError(
            f"the theatre spans longitudes {west:g} to {east:g}, so it crosses 180 degrees; "
            "not supported yet"
        )


def _hull(plane: LocalPlane, sites: Floats, max_km: float | None) -> Any:
    # A hair less than max_km, so that the rim lies within the discs and no slivers run along it.
    margin_m = (max_km or DEFAULT_MARGIN_KM) * 999.0
    hull = shapely.convex_hull(shapely.multipoints(plane.forward_xy(sites)))
    grown = shapely.buffer(hull, margin_m, quad_segs=_QUARTER_SEGMENTS)
    return plane.inverse(shapely.segmentize(grown, _STRAIGHT_M))


def _dense(outline: Any) -> Any:
    return shapely.segmentize(outline, 0.1)


def _cells(xy: Floats, window: Any) -> Geometries:
    """Return the cell of every site in the plane, none of them reaching past the window."""
    if len(xy) == 1:
        return np.array([window], dtype=object)
    sites = shapely.multipoints(xy)
    cells: Geometries = shapely.get_parts(
        shapely.voronoi_polygons(sites, extend_to=window, ordered=True)
    )
    # What lies far out has no place on the globe, so it is cut before it is taken back.
    low, high = np.reshape(window.bounds, (2, 2))
    bounds = shapely.bounds(cells)
    out = (bounds[:, :2] < low).any(axis=1) | (bounds[:, 2:] > high).any(axis=1)
    cells[out] = shapely.intersection(cells[out], window)
    return cells


def _straight(cells: Geometries) -> Geometries:
    """Break borders that are too long to stay straight on the map."""
    bounds = shapely.bounds(cells)
    long = np.hypot(*(bounds[:, 2:] - bounds[:, :2]).T) > _STRAIGHT_M
    cells = cells.copy()
    cells[long] = shapely.segmentize(cells[long], _STRAIGHT_M)
    return cells


def _arcs(xy: Floats, cells: Geometries, max_km: float | None) -> tuple[Geometries, Geometries]:
    """Return the arcs at max_km in the plane, and the discs of the cells that reach past it."""
    discs = np.full(len(xy), None, dtype=object)
    if max_km is None:
        return np.array([], dtype=object), discs
    radius_m = max_km * 1e3
    corner, cell = shapely.get_coordinates(cells, return_index=True)
    past = np.hypot(*(corner - xy[cell]).T) > radius_m
    far = np.unique(cell[past])
    disc = shapely.buffer(shapely.points(xy[far]), radius_m, quad_segs=_QUARTER_SEGMENTS)
    discs[far] = disc
    room = shapely.buffer(cells[far], _OVERSHOOT_M)
    arcs = shapely.get_parts(shapely.intersection(shapely.boundary(disc), room))
    kinds = shapely.get_type_id(arcs)
    return arcs[(kinds == _LINE) | (kinds == _RING)], discs
