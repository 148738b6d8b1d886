"""A plane for what must be done in one: azimuthal equidistant on WGS84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer

from frontline.geodesy import check_lonlat


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """An azimuthal equidistant plane on WGS84: metres east and north of its centre.

    Distances and directions from the centre are exact; elsewhere they are true to about
    (distance / 6,400 km)^2 / 6.
    """

    lon: float
    lat: float
    _forward: Transformer
    _inverse: Transformer

    @classmethod
    def around(cls, lon: float, lat: float) -> LocalPlane:
        """Make the plane that touches the globe at a point.

        Examples
        --------
        >>> plane = LocalPlane.around(36.75783, 35.13179)
        >>> plane.forward(shapely.Point(36.75783, 35.13179)).coords[0]
        (0.0, 0.0)
        """
        check_lonlat(lon, lat, what="centre")
        # A number of numpy would print its type into the definition.
        centre = f"+lat_0={float(lat)!r} +lon_0={float(lon)!r}"
        plane = CRS.from_proj4(f"+proj=aeqd {centre} +datum=WGS84 +units=m")
        globe = CRS.from_epsg(4326)
        return cls(
            lon,
            lat,
            Transformer.from_crs(globe, plane, always_xy=True),
            Transformer.from_crs(plane, globe, always_xy=True),
        )

    @classmethod
    def of(cls, geometries: Any) -> LocalPlane:
        """Make the plane that touches the globe in the middle of the geometries' bounds."""
        west, south, east, north = shapely.total_bounds(np.asarray(geometries, dtype=object))
        lon = float(west + east) / 2.0
        # Lines that cross the antimeridian may count on beyond 180 degrees.
        lon -= 360.0 * round(lon / 360.0)
        return cls.around(lon, float(south + north) / 2.0)

    def forward(self, geometries: Any) -> Any:
        """Take geometries (one or an array) from longitude and latitude to the plane."""
        return shapely.transform(geometries, lambda xy: self._apply(self._forward, xy))

    def inverse(self, geometries: Any) -> Any:
        """Take geometries (one or an array) from the plane to longitude and latitude."""
        return shapely.transform(geometries, lambda xy: self._apply(self._inverse, xy))

    def forward_xy(self, lonlat: np.ndarray) -> np.ndarray:
        """Take an (n, 2) array of longitudes and latitudes to the plane."""
        return self._apply(self._forward, np.asarray(lonlat, dtype=float))

    def inverse_xy(self, xy: np.ndarray) -> np.ndarray:
        """Take an (n, 2) array of plane metres to longitudes and latitudes."""
        return self._apply(self._inverse, np.asarray(xy, dtype=float))

    @staticmethod
    def _apply(transformer: Transformer, xy: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
