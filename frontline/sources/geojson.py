"""Plain GeoJSON: whose properties are called what, the caller says."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline._resources import atomic_write
from frontline.errors import InputError
from frontline.markup import whole
from frontline.sources.archives import only_member
from frontline.sources.columns import UNKNOWN, mapped
from frontline.sources.decoding import in_degrees, json_keys, own_columns, says_origin
from frontline.sources.features import features_of, shape_to_json
from frontline.sources.model import KINDS, Data, Format, Origin
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, head_text, load_json, magic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from frontline.sources.columns import MappingOptions
    from frontline.sources.model import Peek


def decode(
    content: bytes,
    *,
    name: str = "the file",
    encoding: str | None = None,
    limits: Limits | None = None,
    partial: bool = False,
    **mapping: Unpack[MappingOptions],
) -> Data:
    """Read GeoJSON, or a feature set of an Esri server.

    Parameters
    ----------
    content
        The document.
    name
        How an error calls it.
    encoding
        Where it is not UTF-8, against the standard.
    **mapping
        `crs`, `columns`, `constants`, `values`, `kind`, `longitudes`, `within`, `origin`: see
        `frontline.sources.columns.mapped`.
    limits
        How much is read.
    partial
        Whether an answer that its server cut short will do.

    Raises
    ------
    DataFileError, CRSError
        See `frontline.sources.features.features_of` and `mapped`.

    Examples
    --------
    >>> text = b'''{"type": "Feature", "properties": {"side": "A", "day": "2024-12-05"},
    ...   "geometry": {"type": "Polygon", "coordinates":
    ...     [[[36.0, 35.0], [36.2, 35.0], [36.2, 35.1], [36.0, 35.0]]]}}'''
    >>> data = decode(text, columns={"actor": "side", "date": "day"})
    >>> data.kind, data.frame.actor.tolist()
    ('snapshots', ['A'])
    """
    limits = limits or Limits()
    notes = Notes(name)
    document = load_json(content, encoding=encoding, name=name, limits=limits)
    found = features_of(document, notes, limits=limits, partial=partial)
    frame = pd.DataFrame(found.rows, index=pd.RangeIndex(len(found.rows)))
    if mapping.get("origin") is None:
        mapping["origin"] = origin_in(found.top) or UNKNOWN
        own = mapping["origin"] is not UNKNOWN and found.top.get("kind") in KINDS
        if own and mapping.get("kind") is None:
            mapping["kind"] = found.top["kind"]
    return mapped(frame, notes, limits=limits, shapes=found.shapes, found_crs=found.crs, **mapping)


def origin_in(top: Mapping[str, Any]) -> Origin | None:
    """Return the origin that a document written by `encode` carries, if it does."""
    given = top.get("origin")
    if not isinstance(given, dict) or set(given) != {each.name for each in fields(Origin)}:
        return None
    texts = {key: value for key, value in given.items() if key != "redistributable"}
    if not all(isinstance(value, str) for value in texts.values()):
        return None
    if given["redistributable"] not in (True, False, None):
        return None
    return Origin(**given)


def origin_text(text: Any) -> Origin | None:
    """Return the origin that a text in another format carries, if it does."""
    try:
        given = json.loads(text) if isinstance(text, (str, bytes)) else None
    except (ValueError, RecursionError):
        return None
    return origin_in({"origin": given})


def encode(data: Data, *, members: Mapping[str, Any] | None = None) -> bytes:
    """Write data as GeoJSON (RFC 7946), with members ``origin`` and ``kind`` of their own.

    Dates become texts in UTC. Values that JSON lacks become null or text. Further members of the
    collection are given by `members`.

    Raises
    ------
    InputError
        The data have no geometry.
    """
    frame = in_degrees(data.frame)
    if not hasattr(frame, "geometry"):
        raise InputError("GeoJSON needs geometry; write these data as CSV")
    flat = frame.drop(columns=frame.geometry.name)
    names = [str(name) for name in flat.columns]
    cells = [[plain(each) for each in flat[column]] for column in flat.columns]
    shapes = [shape_to_json(shape) for shape in frame.geometry.array]
    rows = zip(*cells, strict=True) if cells else [()] * len(shapes)
    listed = [
        {"type": "Feature", "properties": dict(zip(names, row, strict=True)), "geometry": shape}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    document = {
        "type": "FeatureCollection",
        **(members or {}),
        "kind": data.kind,
        "origin": asdict(data.origin),
        "features": listed,
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return whole(text).encode("utf-8")


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None  # JSON has no other numbers
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if hasattr(value, "item"):  # a scalar of numpy
        return plain(value.item())
    return value if isinstance(value, (bool, int, str)) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a file, or a zip archive that holds one; see `decode`."""
    content, name = only_member(Path(path), limits=limits)
    return decode(content, name=name, limits=limits, **options)


def write(data: Data, path: Path | str) -> Path:
    """Write a file; see `encode`. What stands there is replaced when all is written."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(encode(data))
    return Path(path)


def detect(peek: Peek) -> float:
    """Say how surely a file is plain GeoJSON; more special formats score higher."""
    if magic(peek.head) != "json":
        return 0.0
    keys = json_keys(peek.head)
    if says_origin(keys):
        return 1.0  # written by `encode`, whatever the file is called
    text = head_text(peek.head) or ""
    if '"FeatureCollection"' in text or '"Feature"' in text:
        return 0.95 if own_columns(keys) else 0.5
    esri = '"geometryType"' in text or '"attributes"' in text
    return 0.4 if esri or ('"coordinates"' in text and '"type"' in text) else 0.0


FORMAT = Format(
    name="geojson",
    title="GeoJSON or an Esri feature set, by column mapping",
    kind="snapshots",
    suffixes=(".geojson", ".json"),
    origin=UNKNOWN,
    detect=detect,
    read=read,
    write=write,
)
