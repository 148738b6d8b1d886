"""Thiessen cells: which site is nearest, as linework for the composite.

The lines are made in an azimuthal equidistant plane and never in degrees, where every sixth
point would fall into the cell of a site that is not the nearest. They are cut to the theatre
while still in the plane and only then taken back to longitude and latitude.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.errors import InputError
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Geometries = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GRID_DEG = 1e-6
DEFAULT_MARGIN_KM = 20.0

_STRAIGHT_M = 10_000.0  # so short that a straight piece here and on the map differ by < 12 m
_OVERSHOOT_M = 25.0  # an arc runs this far past the border it should meet, so that it meets it
_QUARTER_SEGMENTS = 32
_LINE, _RING = 1, 2
_HALF_GLOBE_DEG = 180.0


@dataclass(frozen=True, eq=False)
class Tessellation:
    """The nearest-site partition of a theatre, as lines and as an answer to "whose is it?".

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
    linework : numpy.ndarray
        All borders in longitude and latitude, the outline included, not yet noded.
    plane : LocalPlane
        Where the cells were made.
    """

    lon: Floats
    lat: Floats
    site_of: Ints
    outline: Any
    max_km: float | None
    linework: Geometries
    plane: LocalPlane
    _xy: Floats = field(repr=False)
    _discs: Geometries = field(repr=False)

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
        tree = shapely.STRtree(shapely.points(self._xy))
        site = np.asarray(tree.nearest(at), dtype=np.int64)
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
    _, first, inverse = np.unique(grid, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # sites keep the order in which they came
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    sites = lonlat[first[order]]
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
    borders, discs = _borders(xy, window, max_km)
    pieces = [shapely.get_parts(shapely.boundary(outline))]
    if len(borders):
        pieces.append(plane.inverse(shapely.segmentize(borders, _STRAIGHT_M)))
    return Tessellation(
        sites[:, 0],
        sites[:, 1],
        rank[inverse.ravel()].astype(np.int64),
        outline,
        max_km,
        np.concatenate(pieces),
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


def _borders(xy: Floats, window: Any, max_km: float | None) -> tuple[Geometries, Geometries]:
    """Return the borders between sites and the arcs at max_km, in the plane, and the discs."""
    discs = np.full(len(xy), None, dtype=object)
    sites = shapely.multipoints(xy)
    lines: list[Geometries] = []
    if len(xy) > 1:
        edges = shapely.voronoi_polygons(sites, extend_to=window, only_edges=True)
        lines.append(shapely.get_parts(shapely.intersection(edges, window)))
    if max_km is not None:
        if len(xy) > 1:
            cells = shapely.get_parts(
                shapely.voronoi_polygons(sites, extend_to=window, ordered=True)
            )
        else:
            cells = np.array([window], dtype=object)
        cells = shapely.intersection(cells, window)
        radius_m = max_km * 1e3
        reach = shapely.hausdorff_distance(shapely.points(xy), cells)
        far = np.flatnonzero(reach > radius_m)
        disc = shapely.buffer(shapely.points(xy[far]), radius_m, quad_segs=_QUARTER_SEGMENTS)
        discs[far] = disc
        room = shapely.buffer(cells[far], _OVERSHOOT_M)
        lines.append(shapely.get_parts(shapely.intersection(shapely.boundary(disc), room)))
    if not lines:
        return np.array([], dtype=object), discs
    merged = np.concatenate(lines)
    kinds = shapely.get_type_id(merged)
    return merged[(kinds == _LINE) | (kinds == _RING)], discs
