"""KML and KMZ with TimeSpan: read without following anything, written as plain text."""

from __future__ import annotations

import html
import json
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline._resources import atomic_write
from frontline.control.frames import object_series
from frontline.dates import to_utc
from frontline.errors import DataFileError, DateError, InputError
from frontline.sources.archives import named, unzip
from frontline.sources.columns import UNKNOWN, mapped
from frontline.sources.decoding import in_degrees
from frontline.sources.features import shape_of, shape_to_json
from frontline.sources.geojson import origin_in, plain
from frontline.sources.markup import parse_xml, storable
from frontline.sources.model import KINDS, Data, Format
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, magic, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from frontline.sources.columns import MappingOptions
    from frontline.sources.model import Peek

NAMESPACE = "http://www.opengis.net/kml/2.2"
_ORIGIN_KEY, _KIND_KEY = "frontline_origin", "frontline_kind"
_FOLDERS = ("Document", "Folder", "kml")
_LINKED = ("NetworkLinkControl", "Update")
_UNSEEN = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Model", "Track", "MultiTrack", "Tour")
_ENDS = ("valid_from", "valid_to")
_TEXTS = ("name", "description", "styleUrl", "address")


def decode(
    content: bytes,
    *,
    name: str = "the file",
    skip_links: bool = False,
    limits: Limits | None = None,
    **mapping: Unpack[MappingOptions],
) -> Data:
    """Read the placemarks of KML.

    Parameters
    ----------
    content
        A document.
    name
        How an error calls it.
    skip_links
        Whether NetworkLinks are left out and counted. They are never followed; a file that has
        any is refused otherwise, because what it shows elsewhere would be missing.
    limits
        How much is read.
    **mapping
        See `frontline.sources.columns.mapped`. The columns are `name`, `description`, `folder`,
        `style_url`, `address`, the extended data, and `valid_from` and `valid_to`, the time
        span of the placemark or else of the folder that it is in.

    Raises
    ------
    DataFileError
        The document is broken or unsafe.

    Examples
    --------
    >>> text = b'''<kml><Placemark><name>A</name><TimeSpan><begin>2024-12-05</begin></TimeSpan>
    ... <Point><coordinates>36.75,35.13</coordinates></Point></Placemark></kml>'''
    >>> decode(text, columns={"actor": "name"}).frame[["actor", "valid_from"]].values.tolist()
    [['A', Timestamp('2024-12-05 00:00:00+0000', tz='UTC')]]
    """
    limits = limits or Limits()
    notes = Notes(name)
    root = parse_xml(content, limits=limits, name=name)
    if root.tag not in (*_FOLDERS, "Placemark"):
        raise DataFileError(
            f"{name} is XML, but no KML: it begins with {root.tag[:40]!r}", path=name
        )
    marks, kind, origin = _placemarks(root, notes, skip_links=skip_links)
    limits.check("max_features", len(marks), where=name, what="placemarks")
    shapes = np.full(len(marks), None, dtype=object)
    for at, (mark, row) in enumerate(marks):
        where = f"placemark {at + 1} ({str(row['name'])[:40]})"
        try:
            shapes[at] = _shape(mark, notes, where)
        except ValueError as error:
            notes.fault(f"{where}: {error}")
    notes.raise_if_faulty()
    frame = _frame([row for _, row in marks])
    if mapping.get("kind") is None:
        mapping["kind"] = kind
    if mapping.get("origin") is None:
        mapping["origin"] = origin or UNKNOWN
    return mapped(frame, notes, limits=limits, shapes=shapes, found_crs="EPSG:4326", **mapping)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    data = {key: object_series([row.get(key) for row in rows]) for key in keys}
    for key in _ENDS:
        values = [row.get(key, pd.NaT) for row in rows]
        data[key] = pd.Series(pd.DatetimeIndex(values, tz="UTC").as_unit("us"))
    return pd.DataFrame(data, index=pd.RangeIndex(len(rows)))


def _placemarks(
    root: ET.Element, notes: Notes, *, skip_links: bool
) -> tuple[list[tuple[ET.Element, dict[str, Any]]], str | None, Any]:
    """Walk the folders; a time span holds for all below it that have none of their own."""
    found = []
    kind: str | None = None
    origin = None
    waiting: list[tuple[ET.Element, str | None, dict[str, Any]]] = [(root, None, {})]
    while waiting:
        element, folder, span = waiting.pop()
        if element.tag == "NetworkLink":
            if not skip_links:
                raise DataFileError(
                    f"{notes.name} has a NetworkLink to {_href(element)!r}, which is never "
                    "followed; fetch that file yourself, or say skip_links=True",
                    path=notes.name,
                )
            notes.count("NetworkLinks left out", _href(element))
        elif element.tag == "Placemark":
            found.append((element, _row(element, folder, span, notes)))
        elif element.tag in _LINKED:
            notes.count(f"elements {element.tag} left out: what it would change is elsewhere")
        elif element.tag in _UNSEEN:
            notes.count(f"elements {element.tag} left out")
        elif element.tag in _FOLDERS or element is root:
            extended = _extended(element)
            kind = extended.get(_KIND_KEY, kind)
            origin = origin or _origin(extended.get(_ORIGIN_KEY))
            inner = _span(element, notes) or span
            named_so = element.findtext("name") if element.tag == "Folder" else None
            waiting.extend((each, named_so or folder, inner) for each in reversed(element))
    return found, kind if kind in KINDS else None, origin


def _href(link: ET.Element) -> str:
    return next((each.text or "" for each in link.iter("href")), "")[:100]


def _origin(text: str | None) -> Any:
    try:
        return origin_in({"origin": json.loads(text or "")})
    except (ValueError, RecursionError):
        return None


def _row(
    mark: ET.Element, folder: str | None, span: dict[str, Any], notes: Notes
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": mark.findtext("name"), "folder": folder}
    for key in _TEXTS[1:]:
        text = mark.findtext(key)
        if text is not None:
            row["style_url" if key == "styleUrl" else key] = text
    extended = _extended(mark)
    row.update(_span(mark, notes) or span)
    for key in _ENDS:
        text = extended.pop(key, None)
        if key not in row and text is not None:
            row[key] = _read_instant(text, notes)
    return row | extended


def _extended(element: ET.Element) -> dict[str, Any]:
    data = element.find("ExtendedData")
    if data is None:
        return {}
    pairs = [(each.get("name"), each.findtext("value")) for each in data.findall("Data")]
    pairs += [(each.get("name"), each.text) for each in data.iter("SimpleData")]
    return {key: value for key, value in pairs if key}


def _span(element: ET.Element, notes: Notes) -> dict[str, Any] | None:
    span, stamp = element.find("TimeSpan"), element.find("TimeStamp")
    if span is None and stamp is None:
        return None
    if span is None:
        return {"valid_from": _instant(stamp, "when", notes)}
    begin, end = (_instant(span, each, notes) for each in ("begin", "end"))
    return {"valid_from": begin, "valid_to": end}


def _instant(element: ET.Element | None, tag: str, notes: Notes) -> Any:
    return _read_instant(element.findtext(tag) if element is not None else None, notes)


def _read_instant(text: str | None, notes: Notes) -> Any:
    try:
        return to_utc((text or "").strip(), allow_nat=True)
    except DateError:
        notes.count("times that cannot be read", text)
        return pd.NaT


def _shape(element: ET.Element, notes: Notes, where: str) -> Any:
    parts = [_geometry(each, notes) for each in element]
    parts = [part for part in parts if part is not None]
    if not parts:
        return None
    if len(parts) == 1:
        return shape_of(parts[0], notes, where=where)
    return shape_of({"type": "GeometryCollection", "geometries": parts}, notes, where=where)


def _geometry(element: ET.Element, notes: Notes) -> dict[str, Any] | None:
    """Return an element as a GeoJSON object, whose reader is the one that judges it."""
    tag = element.tag
    if tag == "Point":
        spots = _coordinates(element)
        return {"type": "Point", "coordinates": spots[0] if spots else []}
    if tag in ("LineString", "LinearRing"):
        return {"type": "LineString", "coordinates": _coordinates(element)}
    if tag == "Polygon":
        rings = [_coordinates(each) for each in element.iterfind("outerBoundaryIs/LinearRing")]
        holes = [_coordinates(each) for each in element.iterfind("innerBoundaryIs/LinearRing")]
        return {"type": "Polygon", "coordinates": rings[:1] + holes if rings else []}
    if tag == "MultiGeometry":
        several = [_geometry(each, notes) for each in element]
        parts = [part for part in several if part is not None]
        if parts and all(part["type"] == "Polygon" for part in parts):
            return {"type": "MultiPolygon", "coordinates": [p["coordinates"] for p in parts]}
        return {"type": "GeometryCollection", "geometries": parts}
    if tag in _UNSEEN:
        notes.count(f"elements {tag} left out")
    return None


def _coordinates(element: ET.Element) -> list[list[float]]:
    text = element.findtext("coordinates") or ""
    try:
        return [[float(each) for each in spot.split(",") if each] for spot in text.split()]
    except ValueError:
        raise ValueError(f"coordinates {text.strip()[:40]!r} are no numbers") from None


def encode(data: Data, *, colours: Mapping[str, str] | None = None) -> bytes:
    """Write data as KML; every value is text, and the origin is kept in the document.

    A snapshot lasts until the next date of its data. Columns are kept as extended data. With
    `colours` (``#rrggbb``, by actor) the shapes of an actor are drawn in its colour.

    Raises
    ------
    InputError
        The data have no geometry.
    """
    frame = in_degrees(data.frame)
    if not hasattr(frame, "geometry"):
        raise InputError("KML needs geometry; write these data as CSV")
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}kml")
    document = _add(root, "Document")
    _add(document, "name", data.origin.name)
    # Of all that is written this alone is HTML to those who show KML.
    about_it = f"{data.origin.attribution} ({data.origin.licence})"
    _add(document, "description", html.escape(about_it, quote=False))
    styles = _add_styles(document, colours or {})
    about = {_KIND_KEY: data.kind, _ORIGIN_KEY: json.dumps(asdict(data.origin))}
    _add_extended(document, about)
    actors = list(frame["actor"]) if styles and "actor" in frame else [None] * len(frame)
    begins, ends = _spans(data)
    names = next((frame[key] for key in ("name", "place", "actor", "title") if key in frame), None)
    flat = frame.drop(columns=frame.geometry.name)
    for at, shape in enumerate(frame.geometry.array):
        mark = _add(document, "Placemark")
        title = None if names is None else plain(names.iloc[at])
        _add(mark, "name", "" if title is None else str(title))
        if begins is not None and not (pd.isna(begins.iloc[at]) and pd.isna(ends.iloc[at])):
            span = _add(mark, "TimeSpan")
            for tag, when in (("begin", begins.iloc[at]), ("end", ends.iloc[at])):
                if not pd.isna(when):
                    _add(span, tag, str(plain(when)))
        if actors[at] in styles:
            _add(mark, "styleUrl", styles[actors[at]])
        row = {str(key): plain(flat.iloc[at, n]) for n, key in enumerate(flat.columns)}
        _add_extended(mark, row)
        _add_shape(mark, shape_to_json(shape))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_styles(document: ET.Element, colours: Mapping[str, str]) -> dict[Any, str]:
    """Add a style for each actor and return their addresses; KML writes a colour as aabbggrr."""
    out = {}
    for number, (actor, colour) in enumerate(colours.items()):
        style = _add(document, "Style")
        style.set("id", f"actor-{number}")
        turned = f"{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()
        for tag, alpha in (("LineStyle", "ff"), ("PolyStyle", "99")):
            _add(_add(style, tag), "color", alpha + turned)
        out[actor] = f"#actor-{number}"
    return out


def _spans(data: Data) -> tuple[Any, Any]:
    frame = data.frame
    if "valid_from" in frame:
        ends = frame["valid_to"] if "valid_to" in frame else pd.Series([pd.NaT] * len(frame))
        return frame["valid_from"], ends
    if "date" not in frame:
        return None, None
    dates = sorted(frame["date"].dropna().unique())
    following = dict(zip(dates, [*dates[1:], pd.NaT], strict=True)) if dates else {}
    ends = pd.Series([following.get(each, pd.NaT) for each in frame["date"]])
    return frame["date"], ends if data.kind == "snapshots" else frame["date"]


def _add(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    if text is not None:
        element.text = storable(text)
    return element


def _add_extended(parent: ET.Element, values: dict[str, Any]) -> None:
    filled = {key: value for key, value in values.items() if value is not None}
    if not filled:
        return
    extended = _add(parent, "ExtendedData")
    for key, value in filled.items():
        data = _add(extended, "Data")
        data.set("name", storable(key))
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        _add(data, "value", text)


def _add_shape(parent: ET.Element, shape: dict[str, Any] | None) -> None:
    if shape is None:
        return
    kind = shape["type"]
    if kind == "GeometryCollection" or kind.startswith("Multi"):
        many = _add(parent, "MultiGeometry")
        if kind == "GeometryCollection":
            parts = shape["geometries"]
        else:
            single = kind.removeprefix("Multi")
            parts = [{"type": single, "coordinates": each} for each in shape["coordinates"]]
        for part in parts:
            _add_shape(many, part)
        return
    element = _add(parent, kind)
    if kind != "Polygon":
        spots = [shape["coordinates"]] if kind == "Point" else shape["coordinates"]
        _add(element, "coordinates", _written(spots))
        return
    for number, ring in enumerate(shape["coordinates"]):
        border = _add(element, "innerBoundaryIs" if number else "outerBoundaryIs")
        _add(_add(border, "LinearRing"), "coordinates", _written(ring))


def _written(spots: list[list[float]]) -> str:
    return " ".join(",".join(repr(float(each)) for each in spot[:2]) for spot in spots)


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a KML or KMZ file; of a KMZ its ``doc.kml``, or else its first KML. See `decode`."""
    limits = limits or Limits()
    file = Path(path)
    content = read_bytes(file, limits=limits)
    if magic(content[:100]) == "zip":
        members = list(named(unzip(content, limits=limits, name=file.name), ".kml"))
        if not members:
            raise DataFileError(f"{file.name} holds no KML", path=file)
        content = next((m for m in members if m.name.lower() == "doc.kml"), members[0]).read()
    return decode(content, name=file.name, limits=limits, **options)


def write(data: Data, path: Path | str, *, colours: Mapping[str, str] | None = None) -> Path:
    """Write KML, or KMZ if the name ends so; see `encode`."""
    target = Path(path)
    content = encode(data, colours=colours)
    with atomic_write(target) as temporary:
        if target.suffix.lower() == ".kmz":
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                # No time of writing: equal data make equal files.
                entry = zipfile.ZipInfo("doc.kml")
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        else:
            temporary.write_bytes(content)
    return target


def detect(peek: Peek) -> float:
    """Say how surely a file is KML or KMZ."""
    if magic(peek.head) == "kml":
        return 0.9
    return 0.9 if any(each.lower().endswith(".kml") for each in peek.members) else 0.0


FORMAT = Format(
    name="kml",
    title="KML and KMZ with TimeSpan",
    kind="reports",
    suffixes=(".kml", ".kmz"),
    origin=UNKNOWN,
    detect=detect,
    read=read,
    write=write,
)
