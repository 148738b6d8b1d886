"""A plane for what must be done in one: azimuthal equidistant on WGS84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.enums import TransformDirection

from frontline.geodesy import check_lonlat


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """An azimuthal equidistant plane on WGS84: metres east and north of its centre.

    Distances and directions from the centre are exact; elsewhere they are true to about
    (distance / 6,400 km)^2 / 6.
    """

    lon: float
    lat: float
    _plane: Transformer

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
        # Written out: to have it found between two reference systems takes 300 times as long.
        degrees = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
        plane = f"+proj=pipeline {degrees} +step +proj=aeqd {centre} +ellps=WGS84"
        return cls(lon, lat, Transformer.from_pipeline(plane))

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
        return shapely.transform(geometries, self.forward_xy)

    def inverse(self, geometries: Any) -> Any:
        """Take geometries (one or an array) from the plane to longitude and latitude."""
        return shapely.transform(geometries, self.inverse_xy)

    def forward_xy(self, lonlat: np.ndarray) -> np.ndarray:
        """Take an (n, 2) array of longitudes and latitudes to the plane."""
        xy = np.asarray(lonlat, dtype=float)
        return np.column_stack(self._plane.transform(xy[:, 0], xy[:, 1]))

    def inverse_xy(self, xy: np.ndarray) -> np.ndarray:
        """Take an (n, 2) array of plane metres to longitudes and latitudes."""
        xy = np.asarray(xy, dtype=float)
        back = TransformDirection.INVERSE
        return np.column_stack(self._plane.transform(xy[:, 0], xy[:, 1], direction=back))
