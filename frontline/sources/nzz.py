"""NZZ: areas of a window of days, as unchanged, gained or lost since it began.

The windows are not days: a gain happened somewhere between `_datefrom` and `_dateto`, and the file
does not say when. It is dated to the end of its window here, the first instant of which it is known
that it had happened; `window_from` and `window_to` stay beside it.

Schema: ``{"value": {"type": "FeatureCollection", "features": [...]}}`` with the properties `type`
(`nochange`, `gains`, `losses`), `date`, `_datefrom`, `_dateto`, `view`. The areas come from
Liveuamap; Crimea is not among them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from frontline.errors import InputError
from frontline.sources.decoding import CRS, frame_of, json_head, read_members, save
from frontline.sources.features import features_of
from frontline.sources.geometry import tidied, to_degrees
from frontline.sources.model import Data, Format, Origin
from frontline.sources.notes import Notes
from frontline.sources.records import read_records
from frontline.sources.safety import Limits, load_json
from frontline.sources.schemas import Field

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="NZZ map of the front",
    publisher="Neue Zürcher Zeitung, after Liveuamap",
    url="https://www.nzz.ch",
    licence="not stated in the file; the areas are Liveuamap's",
    attribution="Neue Zürcher Zeitung, Liveuamap",
    redistributable=None,
    note="works in windows of days, not in days",
)

#: What a window says of an area.
TYPES = ("nochange", "gains", "losses")
FIELDS = (
    Field("type", required=True, filled=True, choices=TYPES),
    Field("date"),
    Field("_datefrom", "date", required=True),
    Field("_dateto", "date", required=True, filled=True),
    Field("view"),
)
_EPOCH_MS = 1e11  # numbers above it are milliseconds since 1970, not years


def decode(
    content: bytes,
    *,
    name: str = "the NZZ file",
    limits: Limits | None = None,
    encoding: str | None = None,
    holder: str = "Russia",
    other: str = "Ukraine",
) -> Data:
    """Read the areas of a window.

    Parameters
    ----------
    content
        The file's bytes (JSON).
    name
        How messages call it.
    limits
        How many areas and vertices are read at most.
    encoding
        Of bytes that are not UTF-8.
    holder
        Who holds what is `nochange` and what is under `gains`.
    other
        Who holds what is under `losses`.

    Returns
    -------
    Data
        Kind ``"snapshots"``: `date` (the window's end), `actor`, `status` "controlled", `basis`
        "reported", `change` (the type), `window_from`, `window_to`, `view`, geometry.

    Raises
    ------
    DataFileError
        It is no such document, or areas and dates are not what they should be.
    CRSError
        Coordinates are no degrees.
    """
    named: tuple[Any, ...] = (holder, other)
    if not all(isinstance(each, str) and each.strip() for each in named):
        raise InputError("holder and other must be names")
    limits = limits or Limits()
    document = load_json(content, encoding=encoding, name=name, limits=limits)
    value = document.get("value") if isinstance(document, dict) else None
    notes = Notes(name)
    found = features_of(document if value is None else value, notes, limits=limits)
    rows = [{key: _instant(key, cell) for key, cell in row.items()} for row in found.rows]
    table = read_records(rows, FIELDS, what=name, limits=limits)
    shapes = to_degrees(found.shapes, found.crs, name=name)
    shapes = tidied(shapes, notes, limits=limits, areas=True)
    frame = table.frame
    start = frame["_datefrom"]
    for row in (frame["_dateto"] < start).to_numpy().nonzero()[0]:
        notes.fault(f"feature {row + 1}: _dateto is before _datefrom")
    notes.raise_if_faulty()
    out = gpd.GeoDataFrame(
        {
            "date": frame["_dateto"],
            "actor": frame["type"].map({"nochange": holder, "gains": holder, "losses": other}),
            "status": "controlled",
            "basis": "reported",
            "change": frame["type"].astype("category"),
            "window_from": start,
            "window_to": frame["_dateto"],
        },
        geometry=shapes,
        crs=CRS,
    )
    for column in ("date", "view"):
        if column in frame:
            out["given_date" if column == "date" else column] = frame[column]
    there = ~shapely.is_missing(shapes)
    remarks = [*table.remarks, *notes.remarks()]
    windows = (out["window_to"] - out["window_from"]).dropna().dt.days
    if len(windows):
        remarks.append(
            f"windows of {windows.min()} to {windows.max()} days are no days: changes are dated to "
            "the end of their window"
        )
    remarks.append(f"{holder} holds what is unchanged or gained, {other} what is lost")
    return Data("snapshots", out[there].reset_index(drop=True), ORIGIN, tuple(remarks))


def _instant(key: str, cell: Any) -> Any:
    """Write milliseconds since 1970 as text; whatever else stays as it is."""
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if key not in ("_datefrom", "_dateto") or not is_number or not _EPOCH_MS < abs(cell) < 1e14:  # noqa: PLR2004 - year 5138
        return cell
    return pd.Timestamp(int(cell), unit="ms").isoformat()


def encode(data: Any) -> bytes:
    """Write areas in NZZ's document.

    Parameters
    ----------
    data
        What `decode` returned, or its frame.

    Raises
    ------
    InputError
        Columns are missing.
    """
    frame = frame_of(data, "change", "window_from", "window_to", "geometry")
    texts = pd.DataFrame({"type": frame["change"].astype("str")}, index=frame.index)
    if "given_date" in frame:
        texts["date"] = frame["given_date"]
    for column, stamps in (("_datefrom", frame["window_from"]), ("_dateto", frame["window_to"])):
        texts[column] = stamps.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    if "view" in frame:
        texts["view"] = frame["view"]
    properties = texts.astype(object).where(texts.notna(), None).to_dict("records")
    geometry = shapely.to_geojson(frame["geometry"].to_numpy())
    features = [
        {"type": "Feature", "properties": each, "geometry": json.loads(shape)}
        for each, shape in zip(properties, geometry, strict=True)
    ]
    document = {"value": {"type": "FeatureCollection", "features": features}}
    return json.dumps(document, ensure_ascii=False).encode()


def detect(peek: Peek) -> float:
    """Say how surely a file is one of NZZ's windows."""
    head = json_head(peek.head)
    if '"_dateto"' in head and '"_datefrom"' in head:
        return 0.95
    # The properties may follow coordinates that are longer than what is seen.
    return 0.3 if '"value"' in head[:200] and '"Feature' in head else 0.0


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    holder: str = "Russia",
    other: str = "Ukraine",
) -> Data:
    """Read a window, or all of a zip archive or folder; see `decode`."""
    return read_members(
        path,
        decode,
        suffixes=(".json",),
        limits=limits,
        encoding=encoding,
        holder=holder,
        other=other,
    )


def write(data: Any, path: Path | str) -> Path:
    """Write JSON; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="nzz",
    title="NZZ areas by window (JSON)",
    kind="snapshots",
    suffixes=(".json",),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
