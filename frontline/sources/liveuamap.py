"""Liveuamap: the polygons ("fields") of its map at an instant.

The answer holds no date: the file's name does (seconds since 1970, or 2022-03-01), or `date` says
it. A field has a name in free text ("Ukraine recaptured"), from which no actor can be told without
being told: `actors` says whom which name means; the names that it does not know are listed.

Schema: ``{"fields": {id: {"name", "description", "points"}}}``, the points as ``[{"lat", "lng"}]``,
as one flat list ``[lat, lon, lat, lon, ...]``, or as a list of such lists, one for each part.
Latitude comes first in all of them.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.dates import to_utc
from frontline.errors import DataFileError, DateError, InputError
from frontline.sources.decoding import CRS, frame_of, json_head, read_members, save
from frontline.sources.geometry import closed, tidied
from frontline.sources.model import Data, Format, Origin
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, load_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="Liveuamap",
    publisher="Liveuamap",
    url="https://liveuamap.com",
    licence="not stated in the file; see the publisher's page",
    attribution="Liveuamap, liveuamap.com",
    redistributable=None,
)

_UNIX = re.compile(r"(?<!\d)(\d{9,10})(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_STATUSES = ("controlled", "advance", "infiltration", "contested", "no_data")
_LONGEST = 200


def decode(
    content: bytes,
    *,
    name: str = "the Liveuamap answer",
    limits: Limits | None = None,
    encoding: str | None = None,
    date: Any = None,
    actors: Mapping[str, Any] | None = None,
) -> Data:
    r"""Read the fields of an answer.

    Parameters
    ----------
    content
        The file's bytes (JSON).
    name
        The file's name, from which the date is taken if it is not given.
    limits
        How many fields and vertices are read at most.
    encoding
        Of bytes that are not UTF-8.
    date
        When the fields were so.
    actors
        Whom a field's name means: an actor, or a pair of actor and status. A field whose name is
        not among them keeps no actor and the status "no_data".

    Returns
    -------
    Data
        Kind ``"snapshots"``: `date`, `actor`, `status`, `basis` "reported", `field`, `name`,
        `description`, geometry.

    Raises
    ------
    DataFileError
        It is no such answer, or points are no coordinates; all with their field.
    CRSError
        Coordinates are no degrees.
    InputError
        There is no date, or `actors` is no mapping of names.

    Examples
    --------
    >>> text = '{"fields": {"7": {"name": "N", "description": "", "points": [48,37,48,38,49,38]}}}'
    >>> frame = decode(text.encode(), date="2022-03-01", actors={"N": "A"}).frame
    >>> frame.actor[0], frame.geometry[0].bounds
    ('A', (37.0, 48.0, 38.0, 49.0))
    """
    limits = limits or Limits()
    meanings = _meanings(actors)
    stamp = _date(date, name)
    document = load_json(content, encoding=encoding, name=name, limits=limits)
    fields = document.get("fields") if isinstance(document, dict) else None
    if isinstance(fields, list):  # an empty table of PHP is written as a list
        fields = {str(number): each for number, each in enumerate(fields)}
    if not isinstance(fields, dict):
        raise DataFileError(f"{name} holds no 'fields'", path=name)
    limits.check("max_features", len(fields), where=name, what="fields")
    notes = Notes(name)
    shapes = [_shape(key, each, notes) for key, each in fields.items()]
    notes.raise_if_faulty()
    labels = [f"field {key[:60]}" for key in fields]
    array = tidied(shapes, notes, limits=limits, labels=labels, areas=True)
    names = [_said(each, "name") for each in fields.values()]
    known = [meanings.get(each, (None, "no_data")) for each in names]
    frame = gpd.GeoDataFrame(
        {
            "date": pd.Series(stamp, index=range(len(names)), dtype="datetime64[us, UTC]"),
            "actor": pd.Series([actor for actor, _ in known], dtype=object),
            "status": pd.Series([status for _, status in known], dtype=object),
            "basis": pd.Series("reported", index=range(len(names)), dtype=object),
            "field": pd.Series(list(fields), dtype=object),
            "name": pd.Series(names, dtype=object),
            "description": pd.Series(
                [_said(each, "description") for each in fields.values()], dtype=object
            ),
        },
        geometry=array,
        crs=CRS,
    )
    unknown = sorted({repr(each[:60]) for each in names if each not in meanings})
    remarks = list(notes.remarks())
    if unknown:
        remarks.append(
            f"names that actors= does not know, kept without an actor: {', '.join(unknown[:40])}"
        )
    out = frame[~shapely.is_missing(array)].reset_index(drop=True)
    return Data("snapshots", out, ORIGIN, tuple(remarks))


def _meanings(actors: Mapping[str, Any] | None) -> dict[str, tuple[str | None, str]]:
    out: dict[str, tuple[str | None, str]] = {}
    if actors is not None and not hasattr(actors, "items"):
        raise InputError("actors must map names of fields to actors")
    for key, value in (actors or {}).items():
        pair = value if isinstance(value, tuple) else (value, "controlled")
        fits = len(pair) == 2 and (pair[0] is None or isinstance(pair[0], str))  # noqa: PLR2004
        if not fits or pair[1] not in _STATUSES:
            raise InputError(
                f"actors[{key!r}] must be an actor or (actor, status), the status one of "
                f"{', '.join(_STATUSES)}"
            )
        out[str(key)] = pair
    return out


def _date(date: Any, name: str) -> pd.Timestamp:
    if date is not None:
        return to_utc(date)
    own = PurePosixPath(name).name  # a folder's name is that of an export, not of a state
    unix, day = _UNIX.search(own), _DAY.search(own)
    try:
        said = [to_utc(pd.Timestamp(int(unix[1]), unit="s"))] if unix else []
        if day:
            said.append(to_utc(day[1]))
    except DateError:
        said = []
    if len({f"{each:%Y-%m-%d}" for each in said}) > 1:
        raise InputError(
            f"{own} names two days, {said[0]:%Y-%m-%d} and {said[1]:%Y-%m-%d}; give date="
        )
    if said:
        return said[0]
    raise InputError(
        f"{name} does not say of when it is; give date=, or name the file by its seconds since "
        "1970 or its day (1646092800.json, 2022-03-01.json)"
    )


def _said(field: Any, key: str) -> str:
    value = field.get(key)
    return str(value).encode("utf-8", "replace").decode() if value is not None else ""


def _shape(key: str, field: Any, notes: Notes) -> Any:
    where = f"field {key[:60]}"
    if not isinstance(field, dict) or not isinstance(field.get("points"), list):
        notes.fault(f"{where}: it has no list of points")
        return None
    try:
        found = _rings(field["points"])
        if not all(np.isfinite(ring).all() for ring in found):
            notes.fault(f"{where}: its coordinates are not finite")
            return None
        rings = [closed(ring, notes, where=where) for ring in found]
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        notes.fault(f"{where}: {_why(error)}")
        return None
    parts = [shapely.polygons(ring) for ring in rings if ring is not None]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"a point has no {error}"
    return f"its points are no coordinates ({str(error)[:100]})"


def _rings(points: list[Any]) -> list[np.ndarray]:
    """Return rings of longitude and latitude from any of the ways in which points are written."""
    if not points:
        return []
    if isinstance(points[0], dict):
        pairs = [(each["lng"], each["lat"]) for each in points]
        return [np.array(pairs, dtype=float)]
    if not isinstance(points[0], list):
        return [_flat(points)]
    if all(len(each) == 2 for each in points):  # noqa: PLR2004 - pairs, not rings
        return [np.array(points, dtype=float)[:, ::-1]]
    if all(isinstance(cell, (dict, list)) for each in points for cell in each):
        return [ring for each in points for ring in _rings(each)]
    return [_flat(each) for each in points]


def _flat(numbers: list[Any]) -> np.ndarray:
    array = np.array(numbers, dtype=float)
    if array.ndim != 1 or len(array) % 2:
        raise ValueError("a flat list must hold a latitude and a longitude in turn")
    return array.reshape(-1, 2)[:, ::-1]


def encode(data: Any) -> bytes:
    """Write fields as Liveuamap does, each part of an area as a flat list, latitude first.

    Parameters
    ----------
    data
        What `decode` returned, or its frame.

    Raises
    ------
    InputError
        Columns are missing, there are several dates, or an area has a hole, which a field cannot.
    """
    frame = frame_of(data, "field", "name", "description", "date", "geometry")
    if len(frame["date"].unique()) > 1:
        raise InputError("an answer is of one date; give the rows of one")
    parts, owner = shapely.get_parts(frame["geometry"].to_numpy(), return_index=True)
    if shapely.get_num_interior_rings(parts).any():
        raise InputError("an area has a hole, which a field of Liveuamap cannot have")
    fields: dict[str, Any] = {}
    for row, (key, name, text) in enumerate(
        zip(frame["field"], frame["name"], frame["description"], strict=True)
    ):
        rings = [
            shapely.get_coordinates(part)[:, ::-1].ravel().tolist() for part in parts[owner == row]
        ]
        fields[str(key)] = {"name": name, "description": text, "points": rings}
    return json.dumps({"fields": fields}, ensure_ascii=False).encode()


def detect(peek: Peek) -> float:
    """Say how surely a file is an answer of Liveuamap."""
    head = json_head(peek.head)
    if '"fields"' not in head:
        return 0.0
    return 0.9 if '"points"' in head else 0.1


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    date: Any = None,
    actors: Mapping[str, Any] | None = None,
) -> Data:
    """Read an answer, or all of a zip archive or folder, whose names say their dates."""
    return read_members(
        path,
        decode,
        suffixes=(".json",),
        limits=limits,
        encoding=encoding,
        date=date,
        actors=actors,
    )


def write(data: Any, path: Path | str) -> Path:
    """Write JSON; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="liveuamap",
    title="Liveuamap fields (JSON)",
    kind="snapshots",
    suffixes=(".json",),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
