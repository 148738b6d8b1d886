"""Plain GeoPackage: its tables read with SQLite itself, which runs nothing that is in them."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.errors import CRSError, DataFileError
from frontline.sources.columns import UNKNOWN, mapped
from frontline.sources.depth import TOO_DEEP, from_wkb
from frontline.sources.geojson import origin_text
from frontline.sources.model import Data, Format
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, magic, read_bytes

if TYPE_CHECKING:
    from typing import Unpack

    from frontline.sources.columns import MappingOptions
    from frontline.sources.model import Peek

_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_PRAGMA,
}
_WRITE_VERSION = slice(18, 20)  # of the file format: 2 is a write-ahead log, which is not here
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_HEADER_BYTES = 8
_LITTLE = 0b1
_EMPTY = 0b10000
_WGS84 = 4326
#: The table in which an export keeps where its data come from.
ORIGIN_TABLE = "frontline_origin"


def decode(
    content: bytes,
    *,
    name: str = "the file",
    layer: str | None = None,
    limits: Limits | None = None,
    **mapping: Unpack[MappingOptions],
) -> Data:
    """Read a layer of a GeoPackage.

    Parameters
    ----------
    content
        The file.
    name
        How an error calls it.
    layer
        Which one; may be None if there is only one.
    **mapping
        `crs`, `columns`, `constants`, `values`, `kind`, `longitudes`, `within`, `origin`: see
        `frontline.sources.columns.mapped`.
    limits
        How much is read.

    Raises
    ------
    DataFileError
        The file is broken, has no such layer, or the layer is a view.
    CRSError
        The layer has no reference system.
    """
    limits = limits or Limits()
    notes = Notes(name)
    if magic(content[:100]) not in ("gpkg", "sqlite"):
        raise DataFileError(f"{name} is no GeoPackage", path=name)
    image = bytearray(content)
    image[_WRITE_VERSION] = b"\x01\x01"
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(bytes(image))
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            database.execute("PRAGMA trusted_schema = OFF")
            database.set_authorizer(_authorize)
            frame, shapes, found = _layer(database, notes, layer, limits)
            if mapping.get("origin") is None:
                mapping["origin"] = _origin(database)
    except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError, MemoryError) as error:
        raise DataFileError(f"{name} is a broken GeoPackage: {error}", path=name) from None
    return mapped(frame, notes, limits=limits, shapes=shapes, found_crs=found, **mapping)


def _authorize(action: int, *_: Any) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _layer(
    database: sqlite3.Connection, notes: Notes, layer: str | None, limits: Limits
) -> tuple[pd.DataFrame, np.ndarray, Any]:
    listed = database.execute(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"
    ).fetchmany(limits.max_members)
    layers = {str(row[0]): (str(row[1]), row[2]) for row in listed}
    shown = ", ".join(layers)[:500] or "none"
    if layer is None and len(layers) != 1:
        raise DataFileError(f"{notes.name} has the layers {shown}; name one with layer=")
    chosen = next(iter(layers)) if layer is None else layer
    if chosen not in layers:
        raise DataFileError(f"{notes.name} has no layer {chosen!r}; it has {shown}")
    column, srs = layers[chosen]
    kinds = database.execute(
        "SELECT type, sql FROM sqlite_master WHERE name = ?", (chosen,)
    ).fetchall()
    sql = str(kinds[0][1]).upper() if kinds else ""
    if not kinds or kinds[0][0] != "table" or not sql.lstrip().startswith("CREATE TABLE"):
        raise DataFileError(
            f"{notes.name}: the layer {chosen!r} is no plain table; views are not run"
        )
    quoted = '"' + chosen.replace('"', '""') + '"'
    cursor = database.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - quoted, and a known table
    rows = cursor.fetchmany(int(limits.max_features) + 1)
    limits.check("max_features", len(rows), where=notes.name, what="features")
    names = [each[0] for each in cursor.description]
    if column not in names:
        raise DataFileError(f"{notes.name}: the layer {chosen!r} has no column {column!r}")
    cells = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    shapes = _shapes(cells.pop(column), notes)
    for each in [each for each, found in cells.items() if any(isinstance(v, bytes) for v in found)]:
        notes.say(f"the column {each!r} holds bytes and was left out")
        del cells[each]
    frame = pd.DataFrame(
        {each: pd.Series(list(found)) for each, found in cells.items()},
        index=pd.RangeIndex(len(rows)),
    )
    return frame, shapes, _system(database, srs)


def _origin(database: sqlite3.Connection) -> Any:
    """Return the origin that an export keeps in a table of its own, None if there is none."""
    found = database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (ORIGIN_TABLE,)
    ).fetchone()
    if found is None:
        return None
    try:
        row = database.execute(
            f"SELECT value FROM {ORIGIN_TABLE} WHERE key = 'origin'"  # noqa: S608 - our own name
        ).fetchone()
    except sqlite3.Error:
        return None  # a table of that name, but none of ours
    return origin_text(row[0]) if row else None


def _shapes(blobs: Any, notes: Notes) -> np.ndarray:
    inner = np.full(len(blobs), None, dtype=object)
    for at, blob in enumerate(blobs):
        if blob is None:
            continue
        try:
            inner[at] = well_known(bytes(blob))
        except (ValueError, TypeError, struct.error):
            notes.fault(f"row {at + 1}: the geometry is none of a GeoPackage")
    shapes, deep = from_wkb(inner)
    broken = shapely.is_missing(shapes) & np.array([each is not None for each in inner], dtype=bool)
    for number in np.flatnonzero(broken):
        why = TOO_DEEP if number in deep else "the geometry cannot be read"
        notes.fault(f"row {number + 1}: {why}")
    notes.raise_if_faulty()
    out: np.ndarray = shapes
    return out


def well_known(blob: bytes) -> bytes | None:
    """Return the well-known binary inside a geometry of a GeoPackage, None of an empty one.

    Raises
    ------
    ValueError
        It is none (OGC 12-128r18, 2.1.3).
    """
    if len(blob) < _HEADER_BYTES or blob[:2] != b"GP":
        raise ValueError("no GeoPackage geometry")
    flags = blob[3]
    if flags & _EMPTY:
        return None
    start = _HEADER_BYTES + _ENVELOPES[(flags >> 1) & 7] if (flags >> 1) & 7 in _ENVELOPES else 0
    if not start or len(blob) <= start:
        raise ValueError("no GeoPackage geometry")
    return blob[start:]


def _system(database: sqlite3.Connection, srs: Any) -> Any:
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    if srs in (0, -1) or row is None:
        return None
    organization, code, definition = row
    if "undefined" in str(definition)[:40].lower():  # what GDAL writes where it knows of none
        return None
    if str(organization).upper() == "EPSG" and isinstance(code, int):
        return f"EPSG:{code}"
    if not isinstance(definition, str) or not definition.lstrip()[:4].isalpha():
        raise CRSError(f"the reference system {srs!r} of the layer has no definition")
    return definition


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a file; see `decode`."""
    file = Path(path)
    return decode(read_bytes(file, limits=limits), name=file.name, limits=limits, **options)


def detect(peek: Peek) -> float:
    """Say how surely a file is a GeoPackage."""
    kind = magic(peek.head)
    if kind == "gpkg":
        return 0.6
    return 0.4 if kind == "sqlite" and b"gpkg_geometry_columns" in peek.head else 0.0


FORMAT = Format(
    name="gpkg",
    title="GeoPackage, by column mapping",
    kind="snapshots",
    suffixes=(".gpkg",),
    origin=UNKNOWN,
    detect=detect,
    read=read,
)
