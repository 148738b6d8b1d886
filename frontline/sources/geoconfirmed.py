"""GeoConfirmed: clips whose place volunteers found; a placemark a clip.

`dateCreated` is when the placemark was made, not when something happened: it is `recorded_from`
here. Only where a placemark carries a `date` of its own is there a `valid_from`. A placemark is no
control.

Schema: ``/api/Placemark/v2/{conflict}/{skip}/{take}``, a list of objects, or an object with
`items` and `count`; the names of the coordinates have changed between versions.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.errors import DataFileError
from frontline.sources.decoding import (
    ONE_DAY,
    at_points,
    frame_of,
    json_head,
    placeless,
    read_members,
    repeated,
    save,
)
from frontline.sources.model import Data, Format, Origin
from frontline.sources.records import read_records
from frontline.sources.safety import load_json
from frontline.sources.schemas import Field

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

ORIGIN = Origin(
    name="GeoConfirmed",
    publisher="GeoConfirmed volunteers",
    url="https://geoconfirmed.org",
    licence="not stated in the file; see the publisher's page",
    attribution="GeoConfirmed, geoconfirmed.org",
    redistributable=None,
)

FIELDS = (
    Field("id", required=True, filled=True),
    Field("name"),
    Field("description"),
    Field("lat", "lat", required=True, filled=True, also=("la", "latitude")),
    Field("lng", "lon", required=True, filled=True, also=("lo", "lon", "longitude")),
    Field("dateCreated", "date"),
    Field("date", "date"),
    Field("gear"),
    Field("sources", also=("originalSource",)),
    Field("geolocation"),
    Field("plusCode"),
    Field("icon"),
)
COLUMNS = tuple(each.name for each in FIELDS)
_ADDED = ("title", "kind", "valid_from", "valid_to", "recorded_from", "geometry")


def decode(
    content: bytes,
    *,
    name: str = "the GeoConfirmed answer",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    """Read one answer of the interface (JSON).

    Parameters
    ----------
    content
        The file's bytes.
    name
        How messages call it.
    limits
        At most `max_features` placemarks are read.
    encoding
        Of bytes that are not UTF-8.
    invalid
        ``"raise"`` one error for all faults, or ``"drop"`` their placemarks and count them.

    Returns
    -------
    Data
        Kind ``"events"``: the placemarks' fields, `recorded_from`, `valid_from` .. `valid_to`
        where a date is given.

    Raises
    ------
    DataFileError
        It is no list of placemarks, or their values are not what they should be.

    Examples
    --------
    >>> text = '[{"id": "a1", "name": "clip", "lat": 48.0, "lng": 37.8}]'
    >>> decode(text.encode()).frame.title.tolist()
    ['clip']
    """
    answer = load_json(content, encoding=encoding, name=name, limits=limits)
    rows = answer.get("items") if isinstance(answer, dict) else answer
    if not isinstance(rows, list):
        raise DataFileError(f"{name} holds no list of placemarks, nor one under 'items'", path=name)
    table = read_records(rows, FIELDS, what=name, invalid=invalid, limits=limits)
    frame, remarks = table.frame, table.remarks
    total = answer.get("count") if isinstance(answer, dict) else None
    if isinstance(total, int) and total > len(rows):
        remarks.append(f"this is a page: {len(rows):,} of {total:,} placemarks")
    remarks += repeated(frame["id"], "id")
    nothing = pd.Series(pd.DatetimeIndex([pd.NaT] * len(frame), tz="UTC").as_unit("us"))
    frame["recorded_from"] = frame.get("dateCreated", nothing)
    frame["valid_from"] = frame.get("date", nothing).dt.floor("D")
    frame["valid_to"] = frame["valid_from"] + ONE_DAY
    undated = int(frame["valid_from"].isna().sum())
    if undated:
        remarks.append(
            f"placemarks without a date of the event: {undated:,}; dateCreated is only when the "
            "placemark was made"
        )
    frame["kind"] = "geolocated"
    if "name" in frame:
        frame["title"] = frame["name"].astype(object)
    points = at_points(frame, lon="lng", lat="lat")
    remarks += placeless(points)
    return Data("events", points, ORIGIN, tuple(remarks))


def encode(data: Any) -> bytes:
    """Write placemarks as a list of objects under the interface's names."""
    frame = frame_of(data, "id", "lat", "lng")
    rows = pd.DataFrame(frame[[name for name in frame if name not in _ADDED]])
    for column in ("dateCreated", "date"):
        if column in rows:
            rows[column] = frame[column].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return json.dumps(records, ensure_ascii=False).encode()


def detect(peek: Peek) -> float:
    """Say how surely a file is an answer of GeoConfirmed."""
    head = json_head(peek.head)
    if '"FeatureCollection"' in head:
        return 0.0
    signs = ('"dateCreated"', '"plusCode"', '"gear"', '"geolocation"', '"originalSource"')
    found = sum(sign in head for sign in signs)
    return {0: 0.0, 1: 0.4, 2: 0.8}.get(found, 0.95)


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    """Read an answer, or all the pages in a zip archive or folder; see `decode`."""
    return read_members(
        path, decode, suffixes=(".json",), limits=limits, encoding=encoding, invalid=invalid
    )


def write(data: Any, path: Path | str) -> Path:
    """Write JSON; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="geoconfirmed",
    title="GeoConfirmed placemarks (JSON)",
    kind="events",
    suffixes=(".json",),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
