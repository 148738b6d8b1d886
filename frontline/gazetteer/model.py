"""A place: a name, a point, an extent and where they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from frontline.palette import BLUE

if TYPE_CHECKING:
    from shapely import Point
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Place:
    """A named place with its extent.

    Attributes
    ----------
    name : str
        The name to print.
    lon, lat : float
        The point, degrees, WGS84.
    names : tuple of str
        Other spellings, Arabic among them.
    kind : str
        "city", "town", "village", "settlement" (size unknown), "hill", "airfield",
        "crossing", "military", "district", "governorate" or "country".
    country : str
        ISO 3166-1 alpha-2 code, or "" if unknown.
    admin1 : str
        The governorate in English ("Hama"), or "" if unknown.
    population : int or None
    radius_m : float
        Radius of the extent, metres.
    radius_source : str
        Where the radius comes from: "polygon", "published", "population" (a rule), "kind"
        (a rule) or "given".
    source, licence : str
        Who says so, and under which licence.
    place_id : str
        Stable identifier, such as "geonames:170017".
    outline_wkb : bytes or None
        The extent as well-known binary where a polygon is known; not compared.
    remarks : tuple of str
        The context that decided between namesakes, in words; not compared.

    Examples
    --------
    >>> Place("Hama", 36.75783, 35.13179, kind="city", radius_m=3358.0, radius_source="population")
    Place('Hama', city, 36.75783, 35.13179)
    """

    name: str
    lon: float
    lat: float
    names: tuple[str, ...] = ()
    kind: str = "settlement"
    country: str = ""
    admin1: str = ""
    population: int | None = None
    radius_m: float = 0.0
    radius_source: str = "given"
    source: str = ""
    licence: str = ""
    place_id: str = ""
    outline_wkb: bytes | None = field(default=None, compare=False, repr=False)
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def point(self) -> Point:
        """The place as a shapely point (lon, lat)."""
        from shapely import Point

        return Point(self.lon, self.lat)

    @property
    def extent(self) -> BaseGeometry:
        """The known outline, else the geodesic circle of `radius_m`; a point if that is 0."""
        if self.outline_wkb is not None:
            import shapely

            return shapely.from_wkb(self.outline_wkb)
        if self.radius_m <= 0:
            return self.point
        from frontline.shapes import ring

        return ring(self.lon, self.lat, self.radius_m)

    def __str__(self) -> str:
        """Return the name with the governorate and country, as read aloud."""
        where = self.admin1 if self.admin1 != self.name else ""
        return ", ".join(part for part in (self.name, where, self.country) if part)

    def __repr__(self) -> str:
        where = f", {self.admin1!r}" if self.admin1 else ""
        return f"Place({self.name!r}, {self.kind}{where}, {self.lon:.5f}, {self.lat:.5f})"

    def _repr_html_(self) -> str:
        """Return a small table and a sketch for notebooks; every value is escaped."""
        from frontline.markup import card, table
        from frontline.sketches import Drawn, sketch

        population = f"{self.population:,}" if self.population else "unknown"
        rows = [
            ("kind", self.kind),
            ("where", ", ".join(part for part in (self.admin1, self.country) if part)),
            ("lon, lat", f"{self.lon:.5f}, {self.lat:.5f}"),
            ("population", population),
            ("extent", f"radius {self.radius_m:,.0f} m ({self.radius_source})"),
            ("also", "; ".join(self.names[:8])),
            ("source", ", ".join(part for part in (self.source, self.licence) if part)),
            ("remarks", "; ".join(self.remarks)),
        ]
        extent = self.extent
        drawn = [Drawn(self.point, fill="currentColor")]
        if extent.geom_type != "Point":
            drawn.insert(0, Drawn(extent, fill=BLUE, dashed=self.outline_wkb is None))
        words = "outline" if self.outline_wkb is not None else f"extent, {self.radius_m:,.0f} m"
        return card(
            table(self.name, [row for row in rows if row[1]]),
            sketch(drawn, label=f"Sketch of {self.name}: its point and its {words}", width_px=160),
        )
