"""VIINA: who controls each populated place of Ukraine, by several sources, and reports of events.

Three sorts of tables are told apart by their columns:

- control 2.0, long: a place (`geonameid`, or `kod` of the register KATOTTH) and a day a row, a
  column of status for each source and `status`, the vote of those columns, in which a tie goes to
  DeepStateMap;
- control 1.0, wide: a place a row, and a column ``ctr_YYYYMMDDHHMMSS`` for each instant;
- events: places named in news reports, with their day, place and (`t_*`, `a_*`) what a
  classifier made of the text. They are never turned into control: by their authors' own count
  the sort `t_control` is weak.

`SOURCES`, `ACTORS` and `CONTESTED` are what a panel needs to become a history.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from frontline.errors import DataFileError
from frontline.sources.decoding import header_list, header_of, read_members, save
from frontline.sources.model import Data, Format, Origin
from frontline.sources.viina_control import (
    ACTORS,
    CONTESTED,
    SOURCES,
    TIE,
    WIDE,
    at_places,
    decode_long,
    decode_wide,
    encode_long,
    encode_wide,
)
from frontline.sources.viina_events import GeoPrecision, decode_events, encode_events

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

__all__ = (
    "ACTORS",
    "CONTESTED",
    "FORMAT",
    "ORIGIN",
    "SOURCES",
    "TIE",
    "GeoPrecision",
    "at_places",
    "decode",
    "encode",
    "read",
    "write",
)

ORIGIN = Origin(
    name="VIINA",
    publisher="VIINA, Violent Incident Information from News Articles (Yuri M. Zhukov)",
    url="https://github.com/zhukovyuri/VIINA",
    licence="Open Database License (ODbL) 1.0",
    attribution="VIINA: Violent Incident Information from News Articles, github.com/zhukovyuri/"
    "VIINA, ODbL 1.0",
    redistributable=True,
    note="share-alike: a database derived from it stays under the ODbL",
)

_MEMBER = re.compile(
    r"(^|/)(k|c)ontrol_|(^|/)event(s|_info|_labels|_1pd)?_\w*\.csv$", re.IGNORECASE
)


def decode(
    content: bytes,
    *,
    name: str = "the VIINA file",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
    only_changes: bool = False,
) -> Data:
    r"""Read a table of control (1.0 or 2.0) or of events.

    Parameters
    ----------
    content
        The file's bytes (CSV).
    name
        How messages call it.
    limits
        At most `max_features` rows of events, or of what a panel keeps, are read.
    encoding
        Of bytes that are not UTF-8.
    invalid
        ``"raise"`` one error for all faults, or ``"drop"`` their rows and count them.
    only_changes
        Whether of a panel only the rows are kept in which a place's statuses differ from those of
        the row before it: a state holds until the next, so a history is the same.

    Returns
    -------
    Data
        Kind ``"panel"`` (`geonameid` or `kod`, `date`, the columns of status as categories) or
        ``"events"``.

    Raises
    ------
    DataFileError
        The columns are those of none of the three, or cells are not what they should be.

    Examples
    --------
    >>> text = ("geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status\n"
    ...         "706483,20220301,UA,CONTESTED,RU,,RU\n")
    >>> decode(text.encode()).frame[["status_wiki", "status_dsm", "status"]].values.tolist()
    [['UA', 'RU', 'RU']]
    """
    header = header_list(content[: 1 << 20])
    options: dict[str, Any] = {"name": name, "limits": limits, "encoding": encoding}
    options["invalid"] = invalid
    columns = set(header)
    if any(WIDE.match(column) for column in header):
        frame, remarks = decode_wide(content, header, only_changes=only_changes, **options)
        return Data("panel", frame, ORIGIN, remarks)
    if columns & {"event_id", "event_id_1pd"}:
        frame, remarks = decode_events(content, header, **options)
        return Data("events", frame, ORIGIN, remarks)
    if columns & {"geonameid", "kod", *SOURCES} and "date" in columns:
        frame, remarks = decode_long(content, only_changes=only_changes, **options)
        return Data("panel", frame, ORIGIN, remarks)
    raise DataFileError(
        f"{name} is no table of VIINA: expected geonameid or kod with date and status_* "
        "(control 2.0), columns ctr_YYYYMMDDHHMMSS (control 1.0), or event_id (events); found "
        f"{', '.join(header)[:300] or 'no header'}",
        path=name,
    )


def encode(data: Any, *, version: int = 2) -> bytes:
    """Write a panel or events in the columns of VIINA.

    Parameters
    ----------
    data
        What `decode` returned, or its frame.
    version
        Of a panel: 2 (long) or 1 (wide, of the column `status` alone).

    Raises
    ------
    InputError
        Columns are missing, or there is no such version.
    """
    frame = data.frame if isinstance(data, Data) else data
    if "event_id" in frame or "event_id_1pd" in frame:
        return encode_events(data)
    return encode_wide(data) if version == 1 else encode_long(data)


def detect(peek: Peek) -> float:
    """Say how surely a file is of VIINA."""
    if peek.members and any(_MEMBER.search(member) for member in peek.members):
        return 0.85
    header = header_of(peek)
    if len(header & set(SOURCES)) >= 2 or any(WIDE.match(each) for each in header):  # noqa: PLR2004 - two sources
        return 0.95
    if "viina_version" in header or {"event_id_1pd", "GEO_PRECISION"} <= header:
        return 0.95
    return 0.8 if {"event_id", "GEO_PRECISION", "GEO_API"} <= header else 0.0


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
    only_changes: bool = False,
) -> Data:
    """Read a CSV, or every CSV of a zip archive or folder (yearly files); see `decode`."""
    return read_members(
        path,
        decode,
        suffixes=(".csv",),
        limits=limits,
        encoding=encoding,
        invalid=invalid,
        only_changes=only_changes,
    )


def write(data: Any, path: Path | str, *, version: int = 2) -> Path:
    """Write a CSV in the columns of VIINA; see `encode`."""
    return save(encode(data, version=version), path)


FORMAT = Format(
    name="viina",
    title="VIINA control (1.0 wide, 2.0 long) and events (CSV, zip)",
    kind="panel",
    suffixes=(".csv", ".zip"),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
