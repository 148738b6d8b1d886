"""CShapes: the territory of states since 1886, each polygon with the days on which it was valid.

The data count a polygon as valid from `gwsdate` to `gwedate`, **both days included**; here that is
the half-open `valid_from` .. `valid_to`, the end being the day after. A polygon that ends with the
last day of the data did not end there: the data did (`ends_with_data`).

Schema: CShapes 2.0 as GeoJSON or a table with a column of well-known text. Dates are written
day first ("01.01.1886 00:00:00") or as three columns of whole numbers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.errors import DataFileError
from frontline.sources.decoding import (
    CRS,
    ONE_DAY,
    frame_of,
    header_list,
    json_head,
    read_members,
    save,
    share,
)
from frontline.sources.depth import TOO_DEEP, from_wkt
from frontline.sources.features import features_of
from frontline.sources.geometry import tidied, to_degrees
from frontline.sources.model import Data, Format, Origin
from frontline.sources.notes import Notes
from frontline.sources.records import read_records
from frontline.sources.safety import Limits, load_json
from frontline.sources.schemas import Field, Table, read_fields

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="CShapes 2.0",
    publisher="International Conflict Research, ETH Zurich",
    url="https://icr.ethz.ch/data/cshapes/",
    licence="not stated in the file; see the publisher's page",
    attribution="CShapes 2.0 (Schvitz, Girardin, Ruegger, Weidmann, Cederman, Gleditsch 2022)",
    redistributable=None,
    note="membership in the system of states after Gleditsch and Ward; de jure, not who held what",
)

_DATE_PARTS = ("year", "month", "day")
_GEOMETRY = "the_geom"
FIELDS = (
    Field("cntry_name", required=True, filled=True, also=("country_name",)),
    Field("gwcode", "integer", required=True, filled=True),
    Field("gwsdate", also=("start",)),
    *(Field(f"gws{part}", "integer") for part in _DATE_PARTS),
    Field("gwedate", also=("end",)),
    *(Field(f"gwe{part}", "integer") for part in _DATE_PARTS),
    Field("area", "number", low=0),
    Field("capname"),
    Field("caplong", "lon"),
    Field("caplat", "lat"),
    Field("status"),
    Field("owner"),
    Field(_GEOMETRY),
)
_RENAMED = {"cntry_name": "actor", "status": "membership"}


def decode(
    content: bytes,
    *,
    name: str = "the CShapes file",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    """Read CShapes as GeoJSON, or as CSV with the polygons as well-known text in `the_geom`.

    Parameters
    ----------
    content
        The file's bytes.
    name
        How messages call it.
    limits
        How many polygons and vertices are read at most.
    encoding
        Of bytes that are not UTF-8.
    invalid
        ``"raise"`` one error for all faults, or ``"drop"`` their rows and count them.

    Returns
    -------
    Data
        Kind ``"reports"``: `actor` (the state), `valid_from`, `valid_to`, `status` "controlled",
        `basis` "assessed", `source`, `ends_with_data`, the file's other columns, geometry.

    Raises
    ------
    DataFileError
        Columns are missing, dates do not exist or contradict each other, or a polygon is none.
    """
    notes = Notes(name)
    limits = limits or Limits()
    if json_head(content):
        document = load_json(content, encoding=encoding, name=name, limits=limits)
        table, shapes, labels = _from_json(document, notes, invalid, limits)
    else:
        table = read_fields(
            content, FIELDS, what=name, invalid=invalid, encoding=encoding, limits=limits
        )
        if _GEOMETRY not in table.frame:
            raise DataFileError(f"{name}: the column {_GEOMETRY} with the polygons is missing")
        shapes = _from_wkt(table.frame.pop(_GEOMETRY), notes)
        labels = [f"row {at}" for at in range(len(shapes))]
    frame = table.frame
    start = _dates(frame, "gws", labels, notes)
    end = _dates(frame, "gwe", labels, notes)
    for row in np.flatnonzero((end < start).to_numpy()):
        notes.fault(f"{labels[row]}: gwedate is before gwsdate")
    notes.raise_if_faulty()
    shapes = tidied(shapes, notes, limits=limits, labels=labels, areas=True)
    out = frame.drop(columns=[c for c in frame if str(c).startswith(("gws", "gwe"))]).rename(
        columns=_RENAMED
    )
    out["valid_from"], out["valid_to"] = start, end + ONE_DAY
    out["status"], out["basis"], out["source"] = "controlled", "assessed", ORIGIN.name
    last = end.max()
    out["ends_with_data"] = (end == last).to_numpy()
    there = ~shapely.is_missing(shapes)
    remarks = [
        *table.remarks,
        *notes.remarks(),
        "gwsdate and gwedate are both included; valid_to is the day after gwedate",
    ]
    if not there.all():
        remarks.append(f"rows without an area, left out: {int((~there).sum()):,}")
    if len(out):
        count = int(out["ends_with_data"].sum())
        remarks.append(
            f"the data end on {last:%Y-%m-%d}: the {count:,} states that reach it did not end there"
        )
    result = gpd.GeoDataFrame(out, geometry=shapes, crs=CRS)[there].reset_index(drop=True)
    return Data("reports", result, ORIGIN, tuple(remarks))


def _from_json(
    document: Any, notes: Notes, invalid: str, limits: Limits
) -> tuple[Table, Any, list[str]]:
    found = features_of(document, notes, limits=limits)
    rows = [{**row, "feature": at} for at, row in enumerate(found.rows)]
    fields = (*FIELDS, Field("feature", "integer"))
    table = read_records(rows, fields, what=notes.name, invalid=invalid)
    at = table.frame.pop("feature").to_numpy(dtype=int)
    shapes = to_degrees(found.shapes[at], found.crs, name=notes.name)
    return table, shapes, [f"feature {each + 1}" for each in at]


def _from_wkt(texts: pd.Series[Any], notes: Notes) -> Any:
    given = texts.astype(object).where(texts.notna(), None).to_numpy()
    shapes, deep = from_wkt(given)
    for at in np.flatnonzero(shapely.is_missing(shapes) & texts.notna().to_numpy()):
        why = f"holds {TOO_DEEP}" if at in deep else "is no well-known text"
        notes.fault(f"row {at}: {_GEOMETRY} {why}")
    return shapes


def _dates(frame: pd.DataFrame, start: str, labels: list[str], notes: Notes) -> pd.Series[Any]:
    """Read a date from three columns of numbers, or from one that may be written day first."""
    written = f"{start}date"
    parts = [f"{start}{part}" for part in _DATE_PARTS]
    numbers = all(part in frame for part in parts)
    if not numbers and written not in frame:
        raise DataFileError(f"{notes.name}: {written} (or {', '.join(parts)}) is missing")
    found = []
    if numbers:
        columns = {part: frame[f"{start}{part}"].astype("Float64") for part in _DATE_PARTS}
        found.append(pd.to_datetime(pd.DataFrame(columns), errors="coerce", utc=True))
    if written in frame:
        texts = frame[written].fillna("").astype("str")
        day_first = texts.str.replace(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})", r"\3-\2-\1", regex=True)
        found.append(pd.to_datetime(day_first, errors="coerce", utc=True, format="ISO8601"))
    stamps: pd.Series[Any] = found[0].dt.as_unit("us").dt.floor("D")
    other = found[-1].dt.as_unit("us").dt.floor("D")
    for row in np.flatnonzero(stamps.isna()):
        notes.fault(f"{labels[row]}: {written} is no date")
    for row in np.flatnonzero(stamps.notna() & (stamps != other)):
        notes.fault(f"{labels[row]}: {written} and {', '.join(parts)} are different days")
    return stamps


def encode(data: Any) -> bytes:
    """Write states as CShapes 2.0 in GeoJSON, with closed intervals of days again.

    Parameters
    ----------
    data
        What `decode` returned, or its frame.

    Raises
    ------
    InputError
        Columns are missing.
    """
    frame = frame_of(data, "actor", "gwcode", "valid_from", "valid_to", "geometry")
    added = ("status", "basis", "source", "ends_with_data", "geometry", "valid_from", "valid_to")
    kept = frame[[column for column in frame if column not in added]]
    rows = pd.DataFrame(kept).rename(columns={new: old for old, new in _RENAMED.items()})
    for start, stamps in (("gws", frame["valid_from"]), ("gwe", frame["valid_to"] - ONE_DAY)):
        rows[f"{start}date"] = stamps.dt.strftime("%d.%m.%Y %H:%M:%S")
        for part in _DATE_PARTS:
            rows[f"{start}{part}"] = getattr(stamps.dt, part).astype(int)
    properties = rows.astype(object).where(rows.notna(), None).to_dict("records")
    geometry = shapely.to_geojson(frame.geometry.to_numpy())
    features = [
        {"type": "Feature", "properties": each, "geometry": json.loads(shape)}
        for each, shape in zip(properties, geometry, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return text.encode()


def detect(peek: Peek) -> float:
    """Say how surely a file is of CShapes."""
    signs = ("cntry_name", "country_name", "gwcode", "gwsdate", "gwsyear", "gwedate", "caplong")
    head = json_head(peek.head)
    if head:
        found = sum(f'"{sign}"' in head for sign in signs)
        return 0.95 if found >= 4 else 0.0  # noqa: PLR2004 - of seven signs
    found_share = share(set(header_list(peek.head)), signs)
    return 0.9 if found_share > 0.5 else 0.0  # noqa: PLR2004 - most of the signs


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    """Read a file, or what a zip archive or folder holds of it; see `decode`."""
    return read_members(
        path,
        decode,
        suffixes=(".geojson", ".json", ".csv"),
        limits=limits,
        encoding=encoding,
        invalid=invalid,
    )


def write(data: Any, path: Path | str) -> Path:
    """Write GeoJSON; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="cshapes",
    title="CShapes 2.0, the territory of states (GeoJSON, CSV)",
    kind="reports",
    suffixes=(".geojson", ".json", ".csv"),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
