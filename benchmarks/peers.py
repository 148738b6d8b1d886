"""What others do for the same questions, and answers that owe nothing to the library.

The peers are geopandas and shapely in this process and PostGIS in its own. The independent answers
are slow and simple: point in polygon day by day, differences by GEOS, areas by quadrature over
the authalic latitude, and the shortest way to a line by a search along each of its edges.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

if TYPE_CHECKING:
    from pathlib import Path

    from postgis import Session

A_M, F = 6_378_137.0, 1 / 298.257_223_563
E2 = F * (2 - F)
GEOD = pyproj.Geod(ellps="WGS84")
SNAP_DEG = 1e-6


# --- independent answers ------------------------------------------------------------------------


def snapped(zones: np.ndarray) -> np.ndarray:
    """Return zones whose coordinates are rounded as the library says that it rounds them."""
    return np.asarray(shapely.transform(zones, lambda xy: np.rint(xy / SNAP_DEG) / 1e6))


def edges_of(zone: Any) -> np.ndarray:
    """Return the edges of a polygon or line as (k, 2, 2): ends, longitude and latitude."""
    parts = shapely.get_parts(zone)
    polygonal = shapely.get_type_id(parts) == 3
    curves = np.concatenate([shapely.get_rings(parts[polygonal]), parts[~polygonal]])
    xy, curve = shapely.get_coordinates(curves, return_index=True)
    joined = curve[1:] == curve[:-1]
    return np.stack([xy[:-1], xy[1:]], axis=1)[joined]


def area_km2(zone: Any) -> float:
    """Return the area of a zone whose edges are straight in longitude and latitude.

    The area south of an edge is the integral of the authalic function along it, by Gauss and
    Legendre; rings run counter-clockwise, holes clockwise.
    """
    e = np.sqrt(E2)
    nodes, weights = np.polynomial.legendre.leggauss(6)
    t = (nodes + 1) / 2
    edges = np.radians(edges_of(shapely.orient_polygons(zone)))
    lat = edges[:, 0, 1:] + t * (edges[:, 1, 1:] - edges[:, 0, 1:])
    # Measured from 45 degrees, so that large sums do not cancel.
    q = authalic(np.sin(lat), e) - authalic(np.sin(np.radians(45.0)), e)
    width = edges[:, 1, 0] - edges[:, 0, 0]
    parts = width * (q @ weights) / 2
    return float(-parts.sum() * A_M**2 * (1 - E2) / 2 / 1e6)


def authalic(sine: Any, e: Any) -> Any:
    """Return q / (1 - e^2) of Snyder (1987), equation 3-12, at a sine of the latitude."""
    return sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e


def distance_m(points: np.ndarray, line: Any) -> np.ndarray:
    """Return the shortest way of points to a line, by a search along every edge that may hold it.

    An edge of length L whose ends are dA and dB away comes no nearer than (dA + dB - L) / 2.
    Along those that can beat the best vertex the distance is searched by golden section.
    """
    edges = edges_of(line)
    length = GEOD.inv(*edges[:, 0].T, *edges[:, 1].T)[2] * 1.0001
    best = np.empty(len(points))
    for i, (lon, lat) in enumerate(points):
        here = np.full(len(edges), lon), np.full(len(edges), lat)
        ends = [GEOD.inv(*here, *edges[:, k].T)[2] for k in (0, 1)]
        nearest = min(ends[0].min(), ends[1].min())
        some = np.flatnonzero((ends[0] + ends[1] - length) / 2 < nearest)
        best[i] = min(nearest, searched(lon, lat, edges[some]).min())
    return best


def searched(lon: float, lat: float, edges: np.ndarray) -> np.ndarray:
    """Return the least distance of a point to each edge, to a relative 1e-8 of its length."""

    def at(t: np.ndarray) -> np.ndarray:
        spot = edges[:, 0] + t[:, None] * (edges[:, 1] - edges[:, 0])
        return np.asarray(GEOD.inv(np.full(len(t), lon), np.full(len(t), lat), *spot.T)[2])

    golden = (np.sqrt(5) - 1) / 2
    low, high = np.zeros(len(edges)), np.ones(len(edges))
    for _ in range(40):
        a, b = high - golden * (high - low), low + golden * (high - low)
        left = at(a) < at(b)
        low, high = np.where(left, low, a), np.where(left, b, high)
    return at((low + high) / 2)


def holders_by_day(zones: np.ndarray, lonlat: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return whether each point lies in the zone of its day; days as numbers into `zones`."""
    inside = np.zeros(len(lonlat), dtype=bool)
    order = np.argsort(day, kind="stable")
    bounds = np.searchsorted(day[order], np.arange(len(zones) + 1))
    for zone, first, last in zip(zones, bounds[:-1], bounds[1:], strict=True):
        rows = order[first:last]
        shapely.prepare(zone)
        inside[rows] = shapely.contains_xy(zone, *lonlat[rows].T)
        shapely.destroy_prepared(zone)
    return inside


def geos_changes(zones: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the seconds of all differences both ways, and km2 gained and lost by step."""
    start = time.process_time()
    both = [shapely.difference(zones[1:], zones[:-1]), shapely.difference(zones[:-1], zones[1:])]
    taken = time.process_time() - start
    areas = [[0.0 if each.is_empty else area_km2(each) for each in side] for side in both]
    return taken, np.array(areas).T


# --- geopandas ----------------------------------------------------------------------------------


def sjoin_by_day(zones: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> float:
    """Return the seconds of a spatial join for every day."""
    start = time.process_time()
    by_day = dict(tuple(points.groupby("day")))
    for day in range(len(zones)):
        if day in by_day:
            gpd.sjoin(by_day[day], zones.iloc[day : day + 1][["geometry"]], predicate="within")
    return time.process_time() - start


def utm_of(line: gpd.GeoSeries) -> Any:
    """Return the UTM zone that geopandas thinks best."""
    return line.estimate_utm_crs()


def nearest_in_utm(line: gpd.GeoSeries, points: gpd.GeoSeries) -> tuple[float, np.ndarray]:
    """Return the seconds of `sjoin_nearest` to the line's edges in UTM, and the distances."""
    start = time.process_time()
    crs = utm_of(line)
    pieces = gpd.GeoDataFrame(geometry=shapely.linestrings(edges_of(line.iloc[0])), crs=4326)
    asked = gpd.GeoDataFrame(geometry=points.to_crs(crs))
    found = asked.sjoin_nearest(pieces.to_crs(crs), distance_col="metres")
    distance = found["metres"].groupby(level=0).min().to_numpy()
    return time.process_time() - start, distance


def overlay_changes(zones: gpd.GeoDataFrame, steps: np.ndarray) -> float:
    """Return the seconds of `overlay` both ways for some steps."""
    start = time.process_time()
    for step in steps.tolist():
        a, b = zones.iloc[step : step + 1], zones.iloc[step + 1 : step + 2]
        gpd.overlay(b, a, how="difference")
        gpd.overlay(a, b, how="difference")
    return time.process_time() - start


# --- PostGIS ------------------------------------------------------------------------------------


def fill_zones(session: Session, path: Path) -> None:
    """Load the zones, a file of date and hexadecimal WKB."""
    session.run("CREATE TABLE raw (date date, geom geometry)")
    session.copy("raw", path)
    session.run(
        "CREATE TABLE zones AS SELECT (row_number() OVER (ORDER BY date) - 1)::int AS day, "
        "ST_SetSRID(geom, 4326) AS geom FROM raw"
    )
    session.run("CREATE UNIQUE INDEX ON zones (day)")
    session.run("ANALYZE zones")


def fill_points(session: Session, table: str, lonlat: np.ndarray, day: Any, path: Path) -> None:
    """Load points with the number of their day."""
    frame = pd.DataFrame(
        {"id": np.arange(len(lonlat)), "day": day, "lon": lonlat[:, 0], "lat": lonlat[:, 1]}
    )
    frame.to_csv(path, sep="\t", header=False, index=False)
    session.run(f"CREATE TABLE {table}_raw (id int, day int, lon float8, lat float8)")
    session.copy(f"{table}_raw", path)
    session.run(
        f"CREATE TABLE {table} AS SELECT id, day, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom "
        f"FROM {table}_raw"
    )
    session.run(f"ANALYZE {table}")


def postgis_holders(session: Session) -> tuple[float, int]:
    """Return the seconds to find the holders of dated points, and how many the zone has."""
    taken, lines = session.cpu_s(
        "SELECT count(*) FROM (SELECT * FROM dated ORDER BY day) p JOIN LATERAL (SELECT 1 FROM "
        "zones z WHERE z.day = p.day AND ST_Contains(z.geom, p.geom)) z ON true"
    )
    return taken, int(lines[0])


def postgis_distances(session: Session, table: str, day: int) -> tuple[float, np.ndarray]:
    """Return the seconds of geodesic distances to a day's line, and the distances."""
    session.run("DROP TABLE IF EXISTS line")
    session.run(
        f"CREATE TABLE line AS SELECT ST_Boundary(geom)::geography AS g FROM zones WHERE day={day}"
    )
    query = f"SELECT ST_Distance(p.geom::geography, g) AS m FROM {table} p, line ORDER BY p.id"
    taken, _ = session.cpu_s(f"SELECT sum(m) FROM ({query}) AS found")
    return taken, np.array(session.run(query), dtype=float)


def postgis_changes(session: Session, steps: np.ndarray) -> float:
    """Return the seconds of differences both ways for some steps."""
    listed = ",".join(str(step) for step in steps.tolist())
    taken, _ = session.cpu_s(
        "SELECT sum(ST_NPoints(ST_Difference(b.geom, a.geom)) + "
        "ST_NPoints(ST_Difference(a.geom, b.geom))) FROM zones a JOIN zones b "
        f"ON b.day = a.day + 1 WHERE a.day IN ({listed})"
    )
    return taken
