"""uawardata: where units were reported to be in Ukraine, from February to September 2022.

A unit's point is about where its headquarters might have been; it is no control, and the order of
battle of one day is not that of another. The tables are written by hand: rows that cannot be used
are left out and counted, unless `invalid="raise"`.

Schema: units_*.csv and btgs_*.csv; columns were added over time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.sources.codes import Code
from frontline.sources.decoding import (
    ONE_DAY,
    at_points,
    csv_bytes,
    frame_of,
    header_of,
    placeless,
    read_members,
    save,
    share,
)
from frontline.sources.model import Data, Format, Origin
from frontline.sources.schemas import Field, read_fields

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

ORIGIN = Origin(
    name="uawardata",
    publisher="uawardata.com",
    url="https://www.uawardata.com",
    licence="free to use with citation",
    attribution="uawardata.com",
    redistributable=None,
    note="positions are approximate; the series ends in September 2022",
)


class Country(Code):
    """Whose unit it is (`country`); a sort, not a rank."""

    RU = "ru", 1, "Russia"
    UA = "ua", 2, "Ukraine"
    NA = "na", 3, "not known"


FIELDS = (
    Field("date", "date", required=True, filled=True),
    Field("lat", "lat", required=True, filled=True, also=("latitude",)),
    Field("lng", "lon", required=True, filled=True, also=("lon", "longitude")),
    Field("icon", "label"),
    Field("icon15", "label"),
    Field("type", "label"),
    Field("strength", "label"),
    Field("strength_in_btg_number", "number", low=0),
    Field("strength_in_btg_text", "label"),
    Field("unit", "label"),
    Field("unitnumber", "label"),
    Field("subordinate_to", "label"),
    Field("sources_url"),
    Field("sources_date"),
    Field("notes"),
    Field("country", "label", choices=tuple(each.value for each in Country)),
    Field("stacked", "label"),
)
COLUMNS = tuple(each.name for each in FIELDS)
_ADDED = ("title", "kind", "actor", "valid_from", "valid_to", "geometry")


def decode(
    content: bytes,
    *,
    name: str = "the uawardata file",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "drop",
) -> Data:
    r"""Read a table of units or of battalion tactical groups (CSV).

    Parameters
    ----------
    content
        The file's bytes.
    name
        How messages call it.
    limits
        At most `max_features` rows are read.
    encoding
        Of bytes that are not UTF-8.
    invalid
        ``"drop"`` rows with faults and count them, or ``"raise"`` one error for all.

    Returns
    -------
    Data
        Kind ``"events"``: the file's columns, `actor` ("Russia", "Ukraine" or missing), and
        `valid_from` .. `valid_to`, the day of the report.

    Raises
    ------
    DataFileError
        Columns are missing, or, with ``invalid="raise"``, cells are not what they should be.

    Examples
    --------
    >>> text = "date,lat,lng,unit,country\n2022-03-04,50.6,30.2,36th,ru\n"
    >>> decode(text.encode()).frame[["unit", "actor"]].values.tolist()
    [['36th', 'Russia']]
    """
    table = read_fields(
        content, FIELDS, what=name, invalid=invalid, encoding=encoding, limits=limits
    )
    frame, remarks = table.frame, table.remarks
    frame["valid_from"] = frame["date"].dt.floor("D")
    frame["valid_to"] = frame["valid_from"] + ONE_DAY
    frame["kind"] = "unit position"
    if "unit" in frame:
        frame["title"] = frame["unit"].astype(object)
    if "country" in frame:
        known = {each.value: each.meaning for each in Country if each is not Country.NA}
        frame["actor"] = frame["country"].astype(object).map(known)
    points = at_points(frame, lon="lng", lat="lat")
    remarks += placeless(points)
    remarks.append("a unit's point is about its headquarters; it is no control")
    return Data("events", points, ORIGIN, tuple(remarks))


def encode(data: Any) -> bytes:
    """Write units in the columns of the project's tables."""
    frame = frame_of(data, "date", "lat", "lng")
    more = [name for name in frame if name not in COLUMNS and name not in _ADDED]
    out = pd.DataFrame(frame[[name for name in COLUMNS if name in frame] + more])
    out["date"] = frame["date"].dt.strftime("%Y-%m-%d")
    return csv_bytes(out)


def detect(peek: Peek) -> float:
    """Say how surely a file is a table of uawardata."""
    header = header_of(peek)
    if not {"date", "lat", "lng"} <= header:
        return 0.0
    signs = ("icon", "strength", "unit", "unitnumber", "subordinate_to", "strength_in_btg_text")
    found = share(header, signs)
    return 0.4 + found / 2 if found > 0.3 else 0.0  # noqa: PLR2004 - two signs


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "drop",
) -> Data:
    """Read a CSV, or every CSV of a zip archive or folder; see `decode`."""
    return read_members(
        path, decode, suffixes=(".csv",), limits=limits, encoding=encoding, invalid=invalid
    )


def write(data: Any, path: Path | str) -> Path:
    """Write a CSV in the columns of the project's tables; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="uawardata",
    title="uawardata units and battalion tactical groups (CSV)",
    kind="events",
    suffixes=(".csv",),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
