"""A history on a coarse grid: the borders are rounded as a whole, so that the cells still tile.

All borders together are snap rounded (Hobby 1999): every vertex and crossing goes to the nearest
corner of the grid, and a line that passes a corner so taken is led through it. Borders can
meet but never cross, so neighbours still share every vertex. A face is what most of it was;
cells smaller than the grid vanish between their neighbours.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from frontline.composite import merge_faces
from frontline.control.frames import object_series
from frontline.errors import InputError
from frontline.publication.delay import composite_of, spread

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from frontline.composite import Composite
    from frontline.control import ControlHistory
    from frontline.publication.grid import Grid

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

__all__ = ["history_on_grid"]


def history_on_grid(history: ControlHistory, grid: Grid) -> ControlHistory:
    """Return a history whose every coordinate lies on a grid.

    Raises
    ------
    InputError
        The theatre is smaller than the grid.
    """
    faces, owner = _faces(history.composite, grid)
    if not len(faces):
        raise InputError(
            f"the whole theatre vanishes on a grid of {grid.step_deg:g} degrees; take a finer one"
        )
    polygons, origin, _ = merge_faces(faces, owner)
    order = np.argsort(origin, kind="stable")
    polygons, origin = polygons[order], origin[order]
    composite = composite_of(polygons, origin, history.composite)
    beside = spread(history._beside, origin)  # noqa: SLF001 - all that a history consists of
    return replace(
        history,
        composite=composite,
        _spells=spread(history.spells, origin),
        _spoke=_sorted(spread(history._spoke, origin)),  # noqa: SLF001
        _beside=_other_side(beside, origin, len(history.composite)),
        _reports=_reports(history, grid),
        _places=_places(history._places, grid),  # noqa: SLF001
        _findings=_with_vanished(history, origin, grid),
        _gazetteer=None,
    )


def _faces(composite: Composite, grid: Grid) -> tuple[Geometries, Ints]:
    """Round all borders; return the faces between them, and the old cell that each mostly was."""
    noded = shapely.union_all(composite.lines, grid_size=grid.step_deg)
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = shapely.transform(found, grid.corners)
    tree = shapely.STRtree(composite.polygons)
    face, cell = tree.query(faces, predicate="intersects")
    shared = shapely.area(shapely.intersection(faces[face], composite.polygons[cell]))
    # What no cell covers lies outside the theatre, and counts like one cell more.
    beyond = shapely.area(faces) - np.bincount(face, weights=shared, minlength=len(faces))
    order = np.lexsort((-cell, shared, face))  # the largest comes last; of equals the first cell
    face, cell, shared = face[order], cell[order], shared[order]
    last = np.flatnonzero(np.append(face[1:] != face[:-1], len(face) > 0))
    inside = last[(shared[last] > 0) & (shared[last] >= beyond[face[last]])]
    return faces[face[inside]], np.asarray(cell[inside], dtype=np.int64)


def _sorted(spoke: pd.DataFrame) -> pd.DataFrame:
    return spoke.sort_values(["report", "cell"], ignore_index=True)


def _other_side(beside: pd.DataFrame, origin: Ints, count: int) -> pd.DataFrame:
    """Give the cells beside contested strips their new numbers too."""
    turned = spread(beside, origin, "beside") if count else beside
    return turned.sort_values(["cell", "beside"], ignore_index=True)


def _reports(history: ControlHistory, grid: Grid) -> gpd.GeoDataFrame:
    table = history.reports.drop(columns="cells")
    return table.set_geometry(shapes_on_grid(table.geometry, grid), crs=table.crs)


def shapes_on_grid(shapes: gpd.GeoSeries, grid: Grid) -> Geometries:
    """Put points to the centres of their cells, and the corners of areas onto the grid."""
    given = np.asarray(shapes.array, dtype=object)
    out = np.full(len(given), None, dtype=object)
    point = shapely.get_type_id(given) == 0
    out[point] = grid.points(given[point])
    for i in np.flatnonzero(~point & ~shapely.is_missing(given)):
        middle = shapely.get_coordinates(shapely.point_on_surface(given[i]))
        out[i] = grid.area(given[i], middle[0]) if len(middle) else None
    return out


def _places(places: pd.DataFrame | None, grid: Grid) -> pd.DataFrame | None:
    if places is None or not len(places):
        return places
    lon, lat = grid.centres(places[["lon", "lat"]].to_numpy(dtype=float)).T
    return places.assign(lon=lon, lat=lat)


def _with_vanished(history: ControlHistory, origin: Ints, grid: Grid) -> pd.DataFrame:
    findings = history.findings
    gone = np.setdiff1d(np.arange(len(history.composite)), origin)
    if not len(gone):
        return findings
    area_km2 = float(history.composite.area_km2[gone].sum())
    row = pd.DataFrame(
        {
            "date": pd.DatetimeIndex([pd.NaT]).tz_localize("UTC").as_unit("us"),
            "kind": object_series(["generalised"]),
            "actor": object_series([None]),
            "area_km2": [area_km2],
            "note": object_series(
                [f"{len(gone)} cells smaller than {grid.step_deg:g} degrees went to neighbours"]
            ),
        }
    )
    return row if not len(findings) else pd.concat([findings, row], ignore_index=True)
