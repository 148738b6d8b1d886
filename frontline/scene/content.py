"""What goes onto a map: a history or a case, brought into plain values.

Everything here is data from outside (names, notes, sources, links). It is carried as values and
ends in the payload; none of it is ever put into a template.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd
import shapely

from frontline.dates import to_utc
from frontline.errors import CRSError, InputError
from frontline.markup import whole
from frontline.palette import checked_colour
from frontline.scene.cities import CREDIT, cities
from frontline.sources.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NO_DATA", "Content", "capped", "cited_in", "content_of", "kind_of_state", "safe_url"]

NO_DATA = "no_data"
"""The status, and the kind, of land of which nothing is known."""

DISCLAIMER = (
    "Drawn from public statements. Lines and colours do not imply any position on borders or on "
    "the legitimacy of any side."
)

LONGEST = 120
"""Letters of a label or a kind; a longer one is cut."""

_META_TEXTS = ("title", "subtitle", "licence", "disclaimer", "credits", "method", "published")


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of a map, before they are coded.

    Attributes
    ----------
    history : object
        A `ControlHistory`: cells, edges, `state_codes`, `change_times`.
    meta : dict of str to str
        title, subtitle, licence, disclaimer, credits, method, published, as_of.
    labels, colours : dict of str to str
        Of actors, where they are given.
    places, events, sources : list of dict
        Plain values; a missing one is left out. Places are the case's; where it has none, bundled
        names of towns, which the credits then say.
    window : tuple of (date or None)
        The first and last instant that the case is about.
    """

    history: Any
    meta: dict[str, str]
    labels: dict[str, str] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    places: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    window: tuple[Any, Any] = (None, None)


def content_of(thing: Any, *, title: str | None = None, locations: Any = ()) -> Content:
    """Read a history or a case into the parts of a map.

    Parameters
    ----------
    thing : ControlHistory or Case
        A case is anything with a `history` and, as far as it has them, `places`, `events`,
        `sources`, `actors` and `meta`.
    title : str, optional
        Heading of the map; the case's title or name by default.
    locations : Location or iterable of Location
        Located phrases, drawn with their regions at every date.

    Raises
    ------
    InputError
        If `thing` is neither, a location has no point, or a colour, a geometry or an actors frame
        cannot be used.
    """
    history = getattr(thing, "history", thing)
    if not all(hasattr(history, name) for name in ("cells", "edges", "state_codes")):
        raise InputError(
            f"a {type(thing).__name__} cannot be drawn as an animated map; "
            "give a ControlHistory or a Case"
        )
    case = thing if history is not thing else None
    given = getattr(case, "meta", None) or {}
    of_thing = terms_of(thing)
    published = of_thing.published or {}
    given = {**given, "published": published.get("text")}
    meta = {key: _text(given.get(key)) for key in _META_TEXTS}
    name = _text(getattr(thing, "name", ""))
    meta["title"] = _text(title) or meta["title"] or name or "Who held what"
    meta["disclaimer"] = meta["disclaimer"] or DISCLAIMER
    terms = of_thing.of_data()
    meta["credits"] = meta["credits"] or _text(given.get("attribution")) or terms.attribution
    meta["licence"] = meta["licence"] or terms.licence
    meta["as_of"] = _day(given.get("as_of"))
    places = _places(getattr(case, "places", None))
    if not places:
        places = _cities(history)
        said = [meta["credits"].rstrip("."), CREDIT if places else ""]
        meta["credits"] = "; ".join(credit for credit in said if credit)
    labels, colours = _actors(getattr(case, "actors", None))
    sources = _sources(getattr(case, "sources", None), getattr(history, "sources", None))
    events = _events(getattr(case, "events", None), {row["id"]: row for row in sources})
    events += [_location(location) for location in _located(locations)]
    return Content(
        history=history,
        meta={key: value for key, value in meta.items() if value},
        labels=labels,
        colours=colours,
        places=places,
        events=events,
        sources=sources,
        window=(given.get("starts"), given.get("ends") or published.get("until")),
    )


def kind_of_state(actor: str | None, status: str, basis: str) -> str:
    """Say how a state is drawn: held, advance, contested, claimed, infiltration or no_data.

    Examples
    --------
    >>> kind_of_state("A", "controlled", "confirmed")
    'held'
    >>> kind_of_state("A", "controlled", "claimed")
    'claimed'
    >>> kind_of_state(None, "controlled", "reported")
    'no_data'
    """
    if status in ("contested", "infiltration"):
        return status
    if actor is None or status == NO_DATA:
        return "no_data"
    if basis == "claimed":
        return "claimed"
    return "advance" if status == "advance" else "held"


def capped(text: str) -> str:
    """Cut a label to the letters that a panel has room for.

    Examples
    --------
    >>> capped("a side"), len(capped("side " * 50))
    ('a side', 120)
    """
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def safe_url(value: Any) -> str:
    """Return a link if it is an absolute http or https one, else nothing.

    Examples
    --------
    >>> safe_url("https://example.org/a?b=1")
    'https://example.org/a?b=1'
    >>> safe_url("javascript:alert(1)")
    ''
    """
    text = _text(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    plain = not any(
        letter.isspace() or not letter.isprintable() or letter in '<>"\\' for letter in text
    )
    return text if plain and parts.scheme in ("http", "https") and parts.hostname else ""


def cited_in(value: Any, sources: Mapping[str, Any]) -> list[str]:
    """Return what a text cites: ids where all of it are ids of sources, else the text as given.

    Examples
    --------
    >>> cited_in("S1; S2", {"S1": 0, "S2": 1}), cited_in("S1; a letter", {"S1": 0})
    (['S1', 'S2'], ['S1; a letter'])
    """
    text = _text(value)
    if text in sources:
        return [text]
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return parts if parts and all(part in sources for part in parts) else [text] if text else []


def _actors(frame: pd.DataFrame | None) -> tuple[dict[str, str], dict[str, str]]:
    if frame is None:
        return {}, {}
    if "name" not in frame:
        raise InputError("the actors frame has no column 'name'; it needs name, label, colour")
    labels, colours = {}, {}
    for row in frame.to_dict("records"):
        name = _text(row["name"])
        labels[name] = capped(_text(row.get("label")) or name)
        if _text(row.get("colour")):
            colours[name] = checked_colour(_text(row["colour"]), what=f"the colour of {name!r}")
    return labels, colours


def _cities(history: Any) -> list[dict[str, Any]]:
    """Return bundled names in and around the land that a history is about."""
    if not len(history.cells):
        return []
    west, south, east, north = (float(value) for value in history.cells.total_bounds)
    known = all(math.isfinite(value) for value in (west, south, east, north))
    return cities((west, south, east, north)) if known else []


def _places(frame: Any) -> list[dict[str, Any]]:
    out = []
    for row, geometry in _rows(frame, "places"):
        point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
        arabic = next(
            (_text(row[key]) for key in ("name_ar", "arabic", "name_arabic") if key in row), ""
        )
        out.append(
            {
                "name": _text(row.get("name")),
                "lon": point.x,
                "lat": point.y,
                "rank": _number(row.get("rank")),
                "population": _number(row.get("population")),
                "ar": arabic,
            }
        )
    return [place for place in out if place["name"]]


def _events(frame: Any, sources: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    out = []
    for row, geometry in _rows(frame, "events"):
        given_point = row.get("point")
        out.append(
            {
                "title": _text(row.get("title")),
                "kind": capped(_text(row.get("kind"))) or "event",
                "from": _instant(row.get("valid_from"), "valid_from of an event"),
                "to": _instant(row.get("valid_to"), "valid_to of an event"),
                "precision": _text(row.get("precision")),
                "locality": _text(row.get("locality")),
                "note": _text(row.get("note")),
                "sources": cited_in(row.get("source"), sources),
                **_shape(geometry, given_point),
            }
        )
    return out


def _located(locations: Any) -> list[Any]:
    given = [locations] if hasattr(locations, "point") or isinstance(locations, str) else locations
    try:
        rows = list(given)
    except TypeError:
        rows = [given]
    odd = [type(row).__name__ for row in rows if getattr(row, "point", None) is None]
    if odd:
        raise InputError(
            f"locations= takes located phrases (what locate() returns); a {odd[0]} has no point"
        )
    return rows


def _location(location: Any) -> dict[str, Any]:
    """Bring a located phrase to the form of an event that lasts the whole map."""
    locality = getattr(location, "locality", "")
    text = _text(getattr(locality, "text", locality))
    radius_m = _number(getattr(location, "uncertainty_m", None))
    note = f"Uncertainty {radius_m / 1000:.1f} km." if radius_m else ""
    return {
        "title": text or "Located phrase",
        "kind": "located phrase",
        "from": None,
        "to": None,
        "precision": "",
        "locality": "",
        "note": note,
        "sources": [],
        **_shape(getattr(location, "region", None) or location.point, location.point),
    }


def _shape(geometry: Any, given_point: Any) -> dict[str, Any]:
    """Return the point to mark and the region to outline, if there is one."""
    region = geometry if geometry.geom_type in ("Polygon", "MultiPolygon") else None
    if getattr(given_point, "geom_type", "") == "Point":
        point = given_point
    elif geometry.geom_type == "Point":
        point = geometry
    else:
        point = geometry.centroid
        if region is not None and not region.contains(point):
            point = geometry.representative_point()
    if point.is_empty or not (math.isfinite(point.x) and math.isfinite(point.y)):
        raise InputError("the point of an event is empty or no number; give a Point(lon, lat)")
    return {"lon": point.x, "lat": point.y, "region": region}


def _sources(*frames: Any) -> list[dict[str, Any]]:
    """Read the first sources frame that holds anything; `id` may be its index."""
    for frame in frames:
        if frame is None or not len(frame):
            continue
        table = frame if "id" in frame or "source" in frame else frame.reset_index(names="id")
        key = "id" if "id" in table else "source"
        return [
            {
                "id": _text(row.get(key)),
                "title": _text(row.get("title")) or _text(row.get("name")),
                "publisher": _text(row.get("publisher")),
                "url": safe_url(row.get("url")),
                "archived": safe_url(row.get("archived_url")),
                "licence": _text(row.get("licence")),
            }
            for row in table.to_dict("records")
        ]
    return []


def _rows(frame: Any, what: str) -> Iterable[tuple[dict[str, Any], Any]]:
    """Yield the rows of a geo frame as plain dictionaries with their geometry in EPSG:4326."""
    if frame is None or not len(frame):
        return
    if getattr(frame, "crs", None) is None:
        raise CRSError(f"the {what} frame has no CRS; set it, for instance set_crs('EPSG:4326')")
    table = frame.to_crs("EPSG:4326")
    geometries = table.geometry.array
    for row, geometry in zip(table.to_dict("records"), geometries, strict=True):
        if geometry is None or geometry.is_empty:
            continue
        if not all(math.isfinite(bound) for bound in geometry.bounds):
            raise InputError(f"the {what} frame holds a coordinate that is no number")
        yield row, shapely.force_2d(geometry)


def _text(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    return whole(str(value)).strip()


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _instant(value: Any, what: str) -> pd.Timestamp | None:
    moment = to_utc(value, what=what, allow_nat=True)
    return moment if moment == moment else None  # noqa: PLR0124  # NaT alone is unlike itself


def _day(value: Any) -> str:
    if not _text(value):
        return ""
    return to_utc(value, what="as_of").strftime("%Y-%m-%d")
