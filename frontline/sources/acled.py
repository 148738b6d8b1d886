"""ACLED, the Armed Conflict Location and Event Data: events, with their codes of precision.

An event is no change of control. Three sub-events say that territory changed hands; they are
flagged, and nothing more is made of them. The order of `actor1` and `actor2` says nothing about who
attacked. The data live: rows are corrected and deleted after they were published, so keep the
`timestamp` (here `recorded_from` too) and compare releases with `differences`.

Schema: the codebook of the R package acledR 1.0.0, and the 31 columns of the CSV export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.errors import DataFileError
from frontline.sources.codes import Code, bare, coded, numbers_of, words_of
from frontline.sources.decoding import (
    ONE_DAY,
    at_points,
    csv_bytes,
    frame_of,
    header_of,
    json_head,
    placeless,
    read_members,
    repeated,
    save,
    share,
    swapped,
)
from frontline.sources.model import Data, Format, Origin
from frontline.sources.records import read_records
from frontline.sources.safety import load_json
from frontline.sources.schemas import Field, Table, read_fields

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

ORIGIN = Origin(
    name="ACLED",
    publisher="Armed Conflict Location and Event Data (ACLED)",
    url="https://acleddata.com",
    licence="ACLED's terms of use: no redistribution of the raw data",
    attribution="Armed Conflict Location & Event Data (ACLED), acleddata.com",
    redistributable=False,
    note="a living record: events are corrected and deleted after they were published",
)

EVENT_TYPES = (
    "Battles",
    "Explosions/Remote violence",
    "Violence against civilians",
    "Protests",
    "Riots",
    "Strategic developments",
)
#: Sub-events that say that territory changed hands.
TERRITORY_CHANGING = (
    "Government regains territory",
    "Non-state actor overtakes territory",
    "Non-violent transfer of territory",
)


class GeoPrecision(Code):
    """How exactly ACLED knows where (`geo_precision`)."""

    TOWN = "acled geo 1", 1, "a particular town, whose coordinates are known"
    NEAR_TOWN = (
        "acled geo 2",
        2,
        "a small part of a region or near a town, put at a representative town",
    )
    REGION = (
        "acled geo 3",
        3,
        "a larger region, put at the nearest natural feature or the provincial capital",
    )


class TimePrecision(Code):
    """How exactly ACLED knows when (`time_precision`).

    For 3 the sources disagree: the codebook's text says that only the month is known and its middle
    is given, a table of ACLED's own R package speaks of the middle of a week or a weekend.
    """

    DAY = "acled time 1", 1, "the actual date"
    WEEK = "acled time 2", 2, "within a week or the like"
    MONTH = "acled time 3", 3, "only the month is known; its middle is given"


FIELDS = (
    Field("event_id_cnty", required=True, filled=True),
    Field("event_date", "date", required=True, filled=True),
    Field("year", "integer"),
    Field(
        "time_precision",
        "integer",
        True,
        True,
        choices=numbers_of(TimePrecision),
        words=words_of(TimePrecision),
    ),
    Field("disorder_type", "label"),
    Field("event_type", "label", required=True, filled=True),
    Field("sub_event_type", "label", required=True),
    Field("actor1", "label", required=True),
    Field("assoc_actor_1", "label"),
    Field("inter1", "label"),
    Field("actor2", "label"),
    Field("assoc_actor_2", "label"),
    Field("inter2", "label"),
    Field("interaction", "label"),
    Field("civilian_targeting", "label"),
    Field("iso", "label"),
    Field("region", "label"),
    Field("country", "label"),
    Field("admin1", "label"),
    Field("admin2", "label"),
    Field("admin3", "label"),
    Field("location", "label"),
    Field("latitude", "lat", required=True, filled=True),
    Field("longitude", "lon", required=True, filled=True),
    Field(
        "geo_precision",
        "integer",
        True,
        True,
        choices=numbers_of(GeoPrecision),
        words=words_of(GeoPrecision),
    ),
    Field("source", "label"),
    Field("source_scale", "label"),
    Field("notes"),
    Field("fatalities", "integer", low=0),
    Field("tags", "label"),
    Field("timestamp", "integer", low=0, high=4_102_444_800),
)
COLUMNS = tuple(each.name for each in FIELDS)
_ADDED = ("title", "kind", "valid_from", "valid_to", "recorded_from", "territory_changing")


def decode(
    content: bytes,
    *,
    name: str = "the ACLED export",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    r"""Read an export (CSV) or an answer of the interface (JSON with a list `data`).

    Parameters
    ----------
    content
        The file's bytes.
    name
        How messages call it.
    limits
        At most `max_features` rows are read.
    encoding
        Of bytes that are not UTF-8, such as ``"cp1256"``.
    invalid
        ``"raise"`` one error for all faults, or ``"drop"`` their rows and count them.

    Returns
    -------
    Data
        Kind ``"events"``: all columns of the export under their names, and `valid_from` ..
        `valid_to`, within which the event was by its time precision; `recorded_from` from
        `timestamp`; `territory_changing`. `geo_precision` and `time_precision` are ordered
        categories of `GeoPrecision` and `TimePrecision`.

    Raises
    ------
    DataFileError
        Columns are missing, or cells are not what they should be; all with their lines.

    Examples
    --------
    >>> text = ("event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,"
    ...         "latitude,longitude,geo_precision\n"
    ...         "SYR1,2024-12-05,1,Battles,Non-state actor overtakes territory,A,35.13,36.76,1\n")
    >>> frame = decode(text.encode()).frame
    >>> bool(frame.territory_changing[0]), frame.geo_precision[0] == GeoPrecision.TOWN
    (True, True)
    """
    if json_head(content):
        table = _from_json(content, name, encoding, invalid, limits)
    else:
        table = read_fields(
            content, FIELDS, what=name, invalid=invalid, check=_check, encoding=encoding,
            limits=limits,
        )  # fmt: skip
    frame = table.frame
    remarks = table.remarks
    strange = sorted(set(frame["event_type"].dropna().unique()) - set(EVENT_TYPES))
    if strange:
        remarks.append(f"event types that are not in the codebook: {', '.join(strange)[:200]}")
    remarks += repeated(frame["event_id_cnty"], "event_id_cnty")
    frame["valid_from"], frame["valid_to"] = _span(frame)
    frame["title"] = frame["sub_event_type"].astype(object)
    frame["kind"] = frame["event_type"]
    if "timestamp" in frame:
        seconds = frame["timestamp"].to_numpy(dtype=float, na_value=np.nan)
        stamps = pd.to_datetime(pd.Series(seconds), unit="s", utc=True)
        frame["recorded_from"] = stamps.dt.as_unit("us")
    frame["territory_changing"] = frame["sub_event_type"].isin(TERRITORY_CHANGING)
    frame["geo_precision"] = coded(frame["geo_precision"], GeoPrecision)
    frame["time_precision"] = coded(frame["time_precision"], TimePrecision)
    remarks += swapped(frame, lon="longitude", lat="latitude", country="country", what=name)
    points = at_points(frame, lon="longitude", lat="latitude")
    remarks += placeless(points)
    flagged = int(frame["territory_changing"].sum())
    remarks.append(
        f"events that say that territory changed hands: {flagged:,}; they are flagged in "
        "territory_changing and never turned into control"
    )
    remarks.append("the order of actor1 and actor2 does not say who attacked")
    return Data("events", points, ORIGIN, tuple(remarks))


def _from_json(
    content: bytes, name: str, encoding: str | None, invalid: str, limits: Limits | None
) -> Table:
    answer = load_json(content, encoding=encoding, name=name, limits=limits)
    rows = answer.get("data") if isinstance(answer, dict) else answer
    if isinstance(answer, dict) and not isinstance(rows, list):
        raise DataFileError(
            f"{name} holds no list of events under 'data'; it holds "
            f"{', '.join(map(str, answer))[:200]}",
            path=name,
        )
    return read_records(rows, FIELDS, what=name, invalid=invalid, check=_check, limits=limits)


def _check(frame: pd.DataFrame) -> list[tuple[Any, str]]:
    if "year" not in frame:
        return []
    differs = frame["event_date"].dt.year != frame["year"]
    return [(differs.fillna(False), "year is not that of event_date")]


def _span(frame: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the half-open interval in which each event was.

    A day is its day. Within a week: any seven days that hold the date. A month: the calendar month
    of the date, since its middle is given.
    """
    day = frame["event_date"].dt.floor("D")
    code = frame["time_precision"].to_numpy(dtype=float)
    week = code == TimePrecision.WEEK.code
    month = code == TimePrecision.MONTH.code
    first = day.dt.tz_localize(None).dt.to_period("M")
    start = day.where(~week, day - 6 * ONE_DAY)
    start = start.where(~month, first.dt.start_time.dt.tz_localize("UTC").dt.as_unit("us"))
    end = (day + ONE_DAY).where(~week, day + 7 * ONE_DAY)
    following = (first + 1).dt.start_time.dt.tz_localize("UTC").dt.as_unit("us")
    return start, end.where(~month, following)


def encode(data: Any) -> bytes:
    """Write events in the columns of the export, the codes as bare numbers.

    Parameters
    ----------
    data
        What `decode` returned, or its frame. Columns that the export does not have, apart from
        those that `decode` adds, are kept at the end.

    Raises
    ------
    InputError
        It is no frame, or has no event_id_cnty.
    """
    frame = frame_of(data, "event_id_cnty", "event_date", "geo_precision", "time_precision")
    known = [name for name in COLUMNS if name in frame]
    more = [n for n in frame.columns if n not in COLUMNS and n not in (*_ADDED, "geometry")]
    out = pd.DataFrame(frame[known + more])
    out["event_date"] = frame["event_date"].dt.strftime("%Y-%m-%d")
    out["geo_precision"] = bare(frame["geo_precision"], GeoPrecision)
    out["time_precision"] = bare(frame["time_precision"], TimePrecision)
    return csv_bytes(out)


def differences(older: Any, newer: Any) -> pd.DataFrame:
    """Say which events were added, removed or changed from one release to a later one.

    Parameters
    ----------
    older, newer
        What `decode` returned, or its frames; an event's last row counts.

    Returns
    -------
    pandas.DataFrame
        ``event_id_cnty``, ``change`` ("added", "removed", "changed") and ``columns``, a tuple of
        the names of those that changed (without `timestamp`).
    """
    left, right = (
        frame_of(each, "event_id_cnty").drop_duplicates("event_id_cnty", keep="last")
        .set_index("event_id_cnty")
        for each in (older, newer)
    )  # fmt: skip
    both = left.index.intersection(right.index, sort=False)
    names = [c for c in COLUMNS if c in left and c in right and c != "timestamp"]
    differs = np.zeros((len(both), len(names)), dtype=bool)
    for at, name in enumerate(names):
        a, b = left.loc[both, name].astype(object), right.loc[both, name].astype(object)
        differs[:, at] = ~((a == b) | (a.isna() & b.isna())).fillna(False).to_numpy(dtype=bool)
    changed = np.flatnonzero(differs.any(axis=1))
    removed = left.index.difference(right.index, sort=False)
    added = right.index.difference(left.index, sort=False)
    which = [tuple(np.array(names)[row].tolist()) for row in differs[changed]]
    return pd.DataFrame(
        {
            "event_id_cnty": [*added, *removed, *both[changed]],
            "change": np.repeat(
                ["added", "removed", "changed"], [len(added), len(removed), len(changed)]
            ),
            "columns": [()] * (len(added) + len(removed)) + which,
        }
    )


def detect(peek: Peek) -> float:
    """Say how surely a file is an ACLED export."""
    signs = ("event_id_cnty", "event_date", "sub_event_type", "geo_precision", "time_precision")
    found = share(header_of(peek), signs)
    if found >= 0.5:  # noqa: PLR2004 - most of the signs
        return found
    head = json_head(peek.head)
    return 0.95 if '"event_id_cnty"' in head and '"FeatureCollection"' not in head else 0.0


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    """Read a file, or every CSV and JSON of a zip archive or folder; see `decode`."""
    return read_members(
        path, decode, suffixes=(".csv", ".json"), limits=limits, encoding=encoding, invalid=invalid
    )


def write(data: Any, path: Path | str) -> Path:
    """Write a CSV in the columns of the export; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="acled",
    title="ACLED events (CSV export or JSON of the interface)",
    kind="events",
    suffixes=(".csv", ".json"),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
