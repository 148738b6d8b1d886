"""The values of this package: a locality as words mean it, and a location as the ground has it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from frontline import _doors
from frontline.markup import card, table
from frontline.palette import BLUE, ORANGE
from frontline.units import km_text

if TYPE_CHECKING:
    from shapely import MultiPolygon, Point, Polygon

    from frontline.gazetteer.model import Place
    from frontline.markup import Markup

#: Attributes of a locality that its table leaves out: they are its title, or for programs.
_UNSHOWN = frozenset({"text", "span", "within", "readings"})


@dataclass(frozen=True, slots=True, repr=False)
class Locality:
    """What a phrase says about a place, before any map is looked at.

    Attributes
    ----------
    text
        The phrase as given.
    kind
        ``feature coordinates near inside part distance heading offset orthogonal between along``.
    features
        Names as written, possessive and case endings off; none for coordinates.
    distance_m, distance_low_m, distance_high_m
        Stated distance (a range: its middle) and the bounds that the words state; None where
        they state none.
    distance_precision_m
        Half the step in which the distance is written.
    azimuth_deg, half_angle_deg
        Heading, clockwise from north, and half the angle its name leaves open.
    reference
        ``"centre"``, ``"edge"``, or None when unstated.
    lang
        Code of the language.
    span
        Where in `text` the locality stands.
    legs
        An orthogonal pair's ``(distance_m, azimuth_deg)``, twice.
    fraction
        Of the way from the first feature to the second, for a between.
    within
        The clause that narrows the feature.
    wind, unit
        The heading's abbreviation; the short name of the unit that was written.
    points
        The coarsest rose of 4, 8, 16 or 32 winds that has the heading's name; 0 for degrees.
    area
        What sort of area the words ask for: ``"governorate"``, ``"countryside"``,
        ``"country"``, ``"settlement"`` or None.
    path
        The road or river of an along.
    lon, lat, precision_deg
        Of coordinates.
    assumed_m
        Bounds read into a vague distance ("a few kilometres"); None otherwise.
    remarks
        Assumptions made in reading, in words.
    readings
        For each of `features` the other forms that its name may have, best first: other stems of
        an inflected form, a shorter or longer run of words, the form as written.
    """

    text: str
    kind: str
    features: tuple[str, ...] = ()
    distance_m: float | None = None
    distance_low_m: float | None = None
    distance_high_m: float | None = None
    distance_precision_m: float | None = None
    azimuth_deg: float | None = None
    half_angle_deg: float | None = None
    reference: str | None = None
    lang: str = "en"
    span: tuple[int, int] = (0, 0)
    legs: tuple[tuple[float, float], ...] = ()
    fraction: float | None = None
    within: Locality | None = None
    wind: str | None = None
    unit: str | None = None
    points: int | None = None
    area: str | None = None
    path: str | None = None
    lon: float | None = None
    lat: float | None = None
    precision_deg: float | None = None
    assumed_m: tuple[float, float] | None = None
    remarks: tuple[str, ...] = ()
    readings: tuple[tuple[str, ...], ...] = ()

    def __repr__(self) -> str:
        distance = "" if self.distance_m is None else f", {km_text(self.distance_m)}"
        heading = "" if self.azimuth_deg is None else f", {self.azimuth_deg:g} degrees"
        names = "".join(f", {name!r}" for name in self.features)
        return f"Locality({str(self)!r}, {self.kind}{distance}{heading}{names})"

    def __str__(self) -> str:
        """Return the words of the locality, without what stands around them."""
        start, end = self.span
        return self.text[start:end]

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes by name, ready for JSON."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        values["within"] = self.within.to_dict() if self.within else None
        return values

    def _repr_html_(self) -> str:
        """Return a small table for notebooks; every value is escaped."""
        rows = [
            (name, "; ".join(map(str, value)) if isinstance(value, tuple) else str(value))
            for name, value in self.to_dict().items()
            if value not in (None, (), "") and name not in _UNSHOWN
        ]
        if self.within is not None:
            rows.append(("within", str(self.within)))
        return card(table(str(self), rows))


@dataclass(frozen=True, slots=True, repr=False)
class Location:
    """Where a locality is, how sure that is, and why.

    Attributes
    ----------
    point
        The most likely place, lon/lat.
    uncertainty_m
        Radius about `point`, metres. By the calibrated method the circle holds the true place in
        as many cases as `coverage` says, and so does `region`: two statements, each for itself.
        By the standard, and for kinds of locality of which nothing is fitted, the circle
        encloses `region`; of a calibrated distance at a heading it does not.
    region
        Polygon or MultiPolygon of the places that the words may mean, lon/lat.
    locality
        What was read.
    parts
        Contribution of every source of uncertainty to the radius, metres; they add up to it.
    method
        ``"calibrated"`` or ``"standard"``.
    remarks
        Assumptions made, in words.
    features
        The places that the names were found to mean.
    coverage
        The share of true places that region and circle are fitted to hold. Distances from an
        edge, between bounds, without a heading or at finer ones than 16 winds borrow the errors
        of what was fitted, and a remark says so. None by the standard method, for other kinds,
        where an end is assumed ("over 20 km") and for extents unlike those in the data.
    """

    point: Point
    uncertainty_m: float
    region: Polygon | MultiPolygon
    locality: Locality
    parts: dict[str, float] = field(hash=False)
    method: str
    remarks: tuple[str, ...] = ()
    features: tuple[Place, ...] = ()
    coverage: float | None = None

    def __repr__(self) -> str:
        return (
            f"Location({str(self.locality)!r}, {self.point.x:.5f}, {self.point.y:.5f}, "
            f"within {km_text(self.uncertainty_m)}, {self.method})"
        )

    @property
    def explanation(self) -> str:
        """One sentence: where, how far off at most, and what that is made of."""
        made_of = ", ".join(f"{name} {km_text(value)}" for name, value in self.parts.items())
        notes = "; ".join(self.remarks)
        level = f" in {self.coverage:.0%} of such cases" if self.coverage else ""
        north_south = "N" if self.point.y >= 0 else "S"
        east_west = "E" if self.point.x >= 0 else "W"
        return (
            f"{str(self.locality)!r} ({self.locality.kind}) is within "
            f"{km_text(self.uncertainty_m)} of {abs(self.point.y):.5f} {north_south} "
            f"{abs(self.point.x):.5f} {east_west} by the {self.method} method{level}"
            f"{f' ({made_of})' if made_of else ''}{f'; {notes}' if notes else ''}."
        )

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """The region as a GeoJSON feature."""
        properties = self.to_dict()
        region = properties.pop("region")
        return {"type": "Feature", "properties": properties, "geometry": region}

    def plot(self, **options: Any) -> Any:
        """Draw region, circle and point with matplotlib; see `frontline.plots.plot_location`."""
        return _doors.picture_of(self, "plot_location", **options)

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes by name, geometries as GeoJSON, ready for JSON."""
        from shapely.geometry import mapping

        return {
            "point": mapping(self.point),
            "uncertainty_m": self.uncertainty_m,
            "region": mapping(self.region),
            "locality": self.locality.to_dict(),
            "parts": dict(self.parts),
            "method": self.method,
            "coverage": self.coverage,
            "remarks": list(self.remarks),
            "features": [
                {"name": p.name, "lon": p.lon, "lat": p.lat, "radius_m": p.radius_m}
                for p in self.features
            ],
            "explanation": self.explanation,
        }

    def _repr_html_(self) -> str:
        """Return a small table for notebooks; every value is escaped."""
        rows: list[tuple[str, object]] = [
            ("kind", self.locality.kind),
            ("lon, lat", f"{self.point.x:.5f}, {self.point.y:.5f}"),
            ("uncertainty", km_text(self.uncertainty_m)),
            *((f"of it {name}", km_text(value)) for name, value in self.parts.items()),
            ("method", self.method),
            *((("coverage", f"{self.coverage:.0%}"),) if self.coverage else ()),
            *(("note", remark) for remark in self.remarks),
        ]
        return card(table(str(self.locality), rows), self._sketch())

    def _sketch(self) -> Markup | None:
        from frontline.shapes import MAX_RADIUS_M, ring
        from frontline.sketches import Drawn, sketch

        drawn = [Drawn(self.region, fill=BLUE, line=BLUE, width_px=1.5)]
        if 0.0 < self.uncertainty_m < MAX_RADIUS_M:
            disc = ring(self.point.x, self.point.y, self.uncertainty_m, vertices=72)
            drawn.append(Drawn(disc, dashed=True))
        drawn += [Drawn(place.point, fill="none", width_px=1.5) for place in self.features]
        drawn.append(Drawn(self.point, fill=ORANGE))
        return sketch(
            drawn,
            label=f"Sketch of where {self.locality} is: region, point, and a circle of "
            f"{km_text(self.uncertainty_m)}; rings mark the places it names",
        )


@dataclass(frozen=True, slots=True, repr=False)
class Description:
    """A point in words.

    Attributes
    ----------
    text
        The words: ``"5 km northeast of Hama"``; also what `str` gives.
    distance_km
        As said, rounded.
    distance_m
        Exact: from the place's centre, or from its edge if `reference` says so.
    heading
        Abbreviation of the wind in the words, None if they have none.
    azimuth_deg
        Exact, at the place.
    place
        The feature, None if the words are coordinates.
    reference
        ``"centre"`` or ``"edge"``: what the distance is from.
    """

    text: str
    distance_km: float | None
    distance_m: float | None
    heading: str | None
    azimuth_deg: float | None
    place: Place | None
    reference: str | None = None

    def __repr__(self) -> str:
        exactly = "" if self.distance_m is None else f", exactly {km_text(self.distance_m)}"
        return f"Description({self.text!r}{exactly})"

    def __str__(self) -> str:
        """Return the words."""
        return self.text

    @property
    def explanation(self) -> str:
        """One sentence: what the words round off."""
        if self.place is None or self.distance_m is None or self.azimuth_deg is None:
            return f"{self.text}: no known feature is near enough to be named."
        start = self.reference or "centre"
        return (
            f"{self.text}: exactly {km_text(self.distance_m)} from the {start} of "
            f"{self.place.name} at {self.azimuth_deg:.1f} degrees."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes by name, ready for JSON; the place by its name."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        values["place"] = self.place.name if self.place else None
        return values

    def _repr_html_(self) -> str:
        """Return a small table for notebooks; every value is escaped."""
        rows = [
            ("exactly", "" if self.distance_m is None else km_text(self.distance_m)),
            ("from the", "" if self.distance_m is None else self.reference or "centre"),
            ("of", "" if self.place is None else str(self.place)),
            ("at", "" if self.azimuth_deg is None else f"{self.azimuth_deg:.1f} degrees"),
            ("note", "no known feature is near enough to be named" if self.place is None else ""),
        ]
        return card(table(self.text, [row for row in rows if row[1]]))
