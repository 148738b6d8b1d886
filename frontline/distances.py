"""How far apart two things are, from centre to centre or from edge to edge, and how sure that is.

Either side is a place, a name, a phrase, a located phrase, a point or a geometry. The geodesic
on WGS84 is exact; what is unsure is where in its extent each side is meant, and the bounds say
so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from frontline import _doors
from frontline.compass import nearest_wind
from frontline.errors import InputError, UnknownPlaceError
from frontline.gazetteer.model import Place
from frontline.geodesy import check_lonlat, inverse
from frontline.units import from_m, km_text

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from frontline.gazetteer import Gazetteer

Between = Literal["centres", "edges"]

#: How far an extent's edge may be off, as a share of its radius, by where the radius comes from.
#: A population's rule takes 13,000 people a square kilometre; the two published Syrian cities,
#: at 11,000 and 16,000, put the radius 9 % above and 10 % below it.
EDGE_DOUBT = {"polygon": 0.0, "published": 0.0, "given": 0.0, "population": 0.1, "kind": 0.5}

#: Outlines of countries and governorates are Natural Earth's, drawn to about 2 km.
DRAWN_DOUBT_M = 2_000.0
DRAWN_KINDS = ("country", "governorate")

_NUMBERS = re.compile(r"[\s\d.,;+-]+")


@dataclass(frozen=True, slots=True, repr=False)
class Distance:
    """A geodesic distance with its bounds.

    Attributes
    ----------
    m
        Metres on WGS84.
    low_m, high_m
        Bounds. Between centres: the nearest and farthest that two spots in the extents can be.
        Between edges: what the doubt about the edges themselves allows.
    azimuth_deg
        Direction at the first side, clockwise from north; NaN if they are in one spot.
    between
        ``"centres"`` or ``"edges"``.
    first, second
        What was measured from and to, in words.
    remarks
        Which namesake was meant, which rule gave an extent.
    """

    m: float
    low_m: float
    high_m: float
    azimuth_deg: float
    between: Between
    first: str
    second: str
    remarks: tuple[str, ...] = ()

    @property
    def km(self) -> float:
        """Kilometres."""
        return from_m(self.m, "km")

    @property
    def mi(self) -> float:
        """Statute miles."""
        return from_m(self.m, "mi")

    @property
    def heading(self) -> str | None:
        """The nearest of the 16 winds, ``"SSW"``; None if the sides are in one spot."""
        if self.azimuth_deg != self.azimuth_deg:  # NaN
            return None
        return nearest_wind(self.azimuth_deg, 16).abbreviation

    @property
    def explanation(self) -> str:
        """One sentence: from where to where, by what, how sure."""
        notes = "".join(f"; {remark}" for remark in self.remarks)
        return (
            f"{self} from {self.first} to {self.second}, between {self.between}, "
            f"geodesic on WGS84; between {km_text(self.low_m)} and {km_text(self.high_m)} "
            f"as the extents allow{notes}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes by name, ready for JSON."""
        names = (
            "m", "km", "mi", "low_m", "high_m", "azimuth_deg", "heading", "between",
            "first", "second", "remarks", "explanation",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        if self.heading is None:
            values["azimuth_deg"] = None
        values["remarks"] = list(self.remarks)
        return values

    def __repr__(self) -> str:
        return (
            f"Distance({self}, {self.first!r} to {self.second!r}, between {self.between}, "
            f"{km_text(self.low_m)} to {km_text(self.high_m)})"
        )

    def __str__(self) -> str:
        """Return the distance as read aloud: ``124.2 km SSW``."""
        return " ".join(part for part in (km_text(self.m), self.heading) if part)

    def _repr_html_(self) -> str:
        """Return a small table for notebooks; every value is escaped."""
        from frontline.markup import card, table

        heading = "" if self.heading is None else f"{self.heading} ({self.azimuth_deg:.1f} degrees)"
        rows = [
            ("from", self.first),
            ("to", self.second),
            ("between", self.between),
            ("direction", heading),
            ("at least, at most", f"{km_text(self.low_m)}, {km_text(self.high_m)}"),
            *(("note", remark) for remark in self.remarks),
        ]
        return card(table(str(self), [row for row in rows if row[1]]))


@dataclass(frozen=True, slots=True)
class _Side:
    """One end of a distance, whatever it was given as."""

    label: str
    lon: float
    lat: float
    reach_m: float  # how far from (lon, lat) the thing may be or may stretch
    edge_doubt_m: float  # how unsure the edge itself is
    shape: BaseGeometry | None  # None: the disc of reach_m
    remarks: tuple[str, ...] = ()
    is_region: bool = False  # a phrase's region, in which one spot is meant


def distance(
    first: Any,
    second: Any,
    *,
    between: Between = "centres",
    gazetteer: Gazetteer | None = None,
    method: Literal["calibrated", "standard"] = "calibrated",
) -> Distance:
    """Measure the geodesic distance between two places, phrases, points or geometries.

    Parameters
    ----------
    first, second
        A place's name, a phrase (``"5 km northeast of Hama"``), a `Place`, a `Location`, a
        `Locality`, a ``(lon, lat)`` pair, or a shapely geometry in longitude and latitude.
    between
        ``"centres"``, or ``"edges"``: between the extents of places, the regions of phrases and
        the outlines of geometries; 0 where they overlap.
    gazetteer
        Where names are looked up; default the bundled one.
    method
        How phrases are georeferenced; see `frontline.locate`.

    Returns
    -------
    Distance

    Raises
    ------
    InputError
        `between` is neither word, or a side is nothing that has a place.
    UnknownPlaceError, AmbiguousPlaceError
        A name is not known, or names several places.
    LocalitySyntaxError, UnresolvedFeatureError
        A phrase is no locality, or its feature cannot be found.

    Examples
    --------
    >>> print(distance("Aleppo", "Hama"))
    124.2 km SSW
    >>> print(distance((36.75783, 35.13179), (36.72559, 34.72405)))
    45.3 km S
    """
    for name, value, known in (
        ("between", between, ("centres", "edges")),
        ("method", method, ("calibrated", "standard")),
    ):
        if value not in known:
            raise InputError(f"{name} must be {' or '.join(map(repr, known))}, not {value!r}")
    sides = [_side(each, gazetteer, method) for each in (first, second)]
    a, b = sides
    centres = inverse(a.lon, a.lat, b.lon, b.lat)
    azimuth_deg = centres.azimuth_deg if centres.distance_m > 0 else float("nan")
    if between == "centres":
        metres, doubt = centres.distance_m, a.reach_m + b.reach_m
    elif a.shape is None and b.shape is None:
        metres = max(centres.distance_m - a.reach_m - b.reach_m, 0.0)
        doubt = a.edge_doubt_m + b.edge_doubt_m
        if metres == 0:
            azimuth_deg = float("nan")
    else:
        from frontline.nearness import nearest

        way = nearest(_outline(a), _outline(b))
        metres, doubt = way.distance_m, a.edge_doubt_m + b.edge_doubt_m
        azimuth_deg = way.azimuth_deg if metres > 0 else float("nan")
    high = metres + doubt
    if between == "edges" and (a.is_region or b.is_region):
        # A phrase means one spot somewhere in its region, perhaps at the far end of it.
        reach = sum(s.reach_m if s.is_region else -s.reach_m for s in sides)
        high = max(high, centres.distance_m + reach + doubt)
    return Distance(
        m=metres,
        low_m=max(metres - doubt, 0.0),
        high_m=high,
        azimuth_deg=azimuth_deg,
        between=between,
        first=a.label,
        second=b.label,
        remarks=a.remarks + b.remarks,
    )


def _side(thing: Any, gazetteer: Gazetteer | None, method: str) -> _Side:
    if isinstance(thing, str):
        thing = _named(thing, gazetteer, method)
    if isinstance(thing, Place):
        return _of_place(thing)
    if hasattr(thing, "uncertainty_m"):  # a Location
        return _Side(
            label=str(thing.locality),
            lon=thing.point.x,
            lat=thing.point.y,
            reach_m=thing.uncertainty_m,
            edge_doubt_m=0.0,
            shape=thing.region,
            remarks=thing.remarks,
            is_region=True,
        )
    if hasattr(thing, "features") and hasattr(thing, "kind"):  # a Locality
        from frontline.locality import locate

        return _side(locate(thing, gazetteer, method=method), gazetteer, method)
    if type(thing).__module__.partition(".")[0] == "shapely":
        return _of_geometry(thing)
    try:
        lon, lat = (float(each) for each in thing)
    except (TypeError, ValueError):
        raise InputError(
            f"cannot measure from {str(thing)[:60]!r}: give a name, a phrase, a (lon, lat) pair, "
            "a shapely geometry, a Place or a Location"
        ) from None
    check_lonlat(lon, lat, max_lon_deg=180.0)
    return _Side(_pair(lon, lat), lon, lat, 0.0, 0.0, None)


def _named(text: str, gazetteer: Gazetteer | None, method: str) -> Any:
    """Resolve a name, or else a phrase: a name is much the commoner, and cheaper to look up."""
    if _NUMBERS.fullmatch(text):
        raise InputError(f"{text!r} may be lon,lat or lat,lon; give a pair, (lon, lat)")
    tool = gazetteer if gazetteer is not None else _doors.default_gazetteer()
    try:
        return tool.place(text)
    except UnknownPlaceError as unknown:
        from frontline.locality import locate, parse

        locality = parse(text)
        if locality.kind == "feature":
            raise unknown from None
        return locate(locality, tool, method=method)


def _of_place(place: Place) -> _Side:
    shape = place.extent if place.outline_wkb is not None else None
    by_rule = place.radius_source in ("population", "kind")
    doubt = place.radius_m * EDGE_DOUBT.get(place.radius_source, 0.5)
    if place.kind in DRAWN_KINDS and shape is not None:
        doubt = DRAWN_DOUBT_M
    rule = (
        f"{place.name}'s extent is a circle of {km_text(place.radius_m)} "
        f"by its {place.radius_source}"
    )
    return _Side(
        label=str(place),
        lon=place.lon,
        lat=place.lat,
        reach_m=place.radius_m,
        edge_doubt_m=doubt,
        shape=shape,
        remarks=place.remarks + ((rule,) if by_rule else ()),
    )


def _of_geometry(geometry: BaseGeometry) -> _Side:
    import numpy as np
    import shapely

    from frontline.planes import LocalPlane

    if geometry.is_empty:
        raise InputError("cannot measure from an empty geometry")
    xy = shapely.get_coordinates(geometry)
    check_lonlat(xy[:, 0], xy[:, 1], what="geometry's vertex", max_lon_deg=180.0)
    if geometry.geom_type == "Point":
        lon, lat = (float(each) for each in xy[0])
        return _Side(_pair(lon, lat), lon, lat, 0.0, 0.0, geometry)
    # The corrected centre of the point-radius standard: that of the smallest enclosing circle.
    plane = LocalPlane.of([geometry])
    circle = shapely.minimum_bounding_circle(plane.forward(geometry))
    centre = circle.centroid
    lon, lat = (float(each) for each in plane.inverse_xy(np.array([[centre.x, centre.y]]))[0])
    reach = inverse(np.full(len(xy), lon), np.full(len(xy), lat), xy[:, 0], xy[:, 1]).distance_m
    label = f"a {geometry.geom_type} round {_pair(lon, lat)}"
    return _Side(label, lon, lat, float(reach.max()), 0.0, geometry)


def _outline(side: _Side) -> BaseGeometry:
    if side.shape is not None:
        return side.shape
    import shapely

    from frontline.shapes import ring

    if side.reach_m > 0:
        return ring(side.lon, side.lat, side.reach_m)
    return shapely.Point(side.lon, side.lat)


def _pair(lon: float, lat: float) -> str:
    return f"({lon:.5f}, {lat:.5f})"
