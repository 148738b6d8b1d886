"""UCDP GED, the Georeferenced Event Dataset: lethal events, an interval of days for each.

`date_start` and `date_end` are the earliest and the latest possible day, both included; here they
become the half-open `valid_from` .. `valid_to`. Events are never turned into control.

Schema: the 49 columns of the releases since 18.1. Files of the candidate dataset carry the same
columns; some were published without a header and are known by their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.sources.codes import Code, bare, coded, numbers_of, words_of
from frontline.sources.decoding import (
    ONE_DAY,
    at_points,
    csv_bytes,
    frame_of,
    header_list,
    placeless,
    read_members,
    repeated,
    save,
    share,
    swapped,
)
from frontline.sources.model import Data, Format, Origin
from frontline.sources.schemas import Field, read_fields

if TYPE_CHECKING:
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

ORIGIN = Origin(
    name="UCDP GED",
    publisher="Uppsala Conflict Data Program, Uppsala University",
    url="https://ucdp.uu.se/downloads",
    licence="not stated in the file; see the publisher's page",
    attribution="Uppsala Conflict Data Program (UCDP) Georeferenced Event Dataset",
    redistributable=None,
    note="releases are versioned; monthly candidate events are replaced by the yearly release",
)


class WherePrecision(Code):
    """How exactly UCDP knows where (`where_prec`)."""

    EXACT = "ucdp where 1", 1, "the exact place"
    NEAR = "ucdp where 2", 2, "a limited area around a place, about 25 km"
    ADM2 = "ucdp where 3", 3, "the second-order division, put at its centroid"
    ADM1 = "ucdp where 4", 4, "the first-order division, put at its centroid"
    VAGUE = (
        "ucdp where 5",
        5,
        "more than a first-order division, between two places, or a line or vague region",
    )
    COUNTRY = "ucdp where 6", 6, "the country, put at its centroid"
    WATER = "ucdp where 7", 7, "water or the airspace of no country"


class DatePrecision(Code):
    """How exactly UCDP knows when (`date_prec`)."""

    DAY = "ucdp date 1", 1, "the exact day"
    DAYS = "ucdp date 2", 2, "two to six days"
    WEEK = "ucdp date 3", 3, "a known week"
    MONTH = "ucdp date 4", 4, "a known month"
    YEAR = "ucdp date 5", 5, "a known year"


class Clarity(Code):
    """How clear the reports were about the event (`event_clarity`)."""

    CLEAR = "ucdp clarity 1", 1, "clear: the event could be told apart"
    LESS_CLEAR = "ucdp clarity 2", 2, "less clear: part of what was reported together"


class Violence(Code):
    """The type of violence (`type_of_violence`); a sort, not a rank."""

    STATE_BASED = "ucdp violence 1", 1, "state-based conflict"
    NON_STATE = "ucdp violence 2", 2, "non-state conflict"
    ONE_SIDED = "ucdp violence 3", 3, "one-sided violence"


CODES: dict[str, type[Code]] = {
    "where_prec": WherePrecision,
    "date_prec": DatePrecision,
    "event_clarity": Clarity,
    "type_of_violence": Violence,
}


def _code(name: str) -> Field:
    return Field(
        name,
        "integer",
        required=True,
        filled=True,
        choices=numbers_of(CODES[name]),
        words=words_of(CODES[name]),
    )


FIELDS = (
    Field("id", "integer", required=True, filled=True),
    Field("relid"),
    Field("year", "integer"),
    Field("active_year", "label"),
    Field("code_status", "label"),
    _code("type_of_violence"),
    Field("conflict_dset_id", "label"),
    Field("conflict_new_id", "label"),
    Field("conflict_name", "label"),
    Field("dyad_dset_id", "label"),
    Field("dyad_new_id", "label"),
    Field("dyad_name", "label"),
    Field("side_a_dset_id", "label"),
    Field("side_a_new_id", "label"),
    Field("side_a", "label", required=True),
    Field("side_b_dset_id", "label"),
    Field("side_b_new_id", "label"),
    Field("side_b", "label", required=True),
    Field("number_of_sources", "integer", low=-1),
    Field("source_article"),
    Field("source_office"),
    Field("source_date"),
    Field("source_headline"),
    Field("source_original"),
    _code("where_prec"),
    Field("where_coordinates", "label"),
    Field("where_description"),
    Field("adm_1", "label"),
    Field("adm_2", "label"),
    Field("latitude", "lat", required=True, filled=True),
    Field("longitude", "lon", required=True, filled=True),
    Field("geom_wkt"),
    Field("priogrid_gid", "label"),
    Field("country", "label"),
    Field("country_id", "label"),
    Field("region", "label"),
    _code("event_clarity"),
    _code("date_prec"),
    Field("date_start", "date", required=True, filled=True),
    Field("date_end", "date", required=True, filled=True),
    Field("deaths_a", "integer", low=0),
    Field("deaths_b", "integer", low=0),
    Field("deaths_civilians", "integer", low=0),
    Field("deaths_unknown", "integer", low=0),
    Field("best", "integer", required=True, filled=True, low=0, also=("best_est",)),
    Field("high", "integer", required=True, filled=True, low=0, also=("high_est",)),
    Field("low", "integer", required=True, filled=True, low=0, also=("low_est",)),
    Field("gwnoa", "label"),
    Field("gwnob", "label"),
)
COLUMNS = tuple(each.name for each in FIELDS)
_ADDED = ("title", "kind", "valid_from", "valid_to")
_MISSING = -1


def decode(
    content: bytes,
    *,
    name: str = "the UCDP file",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    r"""Read a release or a candidate file (CSV).

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
        ``"raise"`` one error for all faults, or ``"drop"`` their rows and count them.

    Returns
    -------
    Data
        Kind ``"events"``: the file's columns under their names, `where_prec`, `date_prec`,
        `event_clarity` and `type_of_violence` as categories of their codes, a
        `number_of_sources` of -1 as missing, and `valid_from` .. `valid_to`.

    Raises
    ------
    DataFileError
        Columns are missing, cells are not what they should be, `low` <= `best` <= `high` does
        not hold, or an event ends before it begins; all with their lines.

    Examples
    --------
    >>> text = ("id,type_of_violence,side_a,side_b,where_prec,latitude,longitude,event_clarity,"
    ...         "date_prec,date_start,date_end,best,high,low\n"
    ...         "1,1,A,B,2,35.13,36.76,1,2,2024-12-03,2024-12-05,4,9,3\n")
    >>> frame = decode(text.encode()).frame
    >>> str(frame.valid_to[0]), frame.where_prec[0] == WherePrecision.NEAR
    ('2024-12-06 00:00:00+00:00', True)
    """
    header = header_list(content[:65_536])
    bare_rows = len(header) == len(COLUMNS) and "id" not in header and "date_start" not in header
    table = read_fields(
        content,
        FIELDS,
        what=name,
        names=COLUMNS if bare_rows else None,
        invalid=invalid,
        check=_check,
        encoding=encoding,
        limits=limits,
    )
    frame, remarks = table.frame, table.remarks
    if bare_rows:
        remarks.append("there is no header; the 49 columns of the releases were taken")
    remarks += repeated(frame["id"], "id")
    for column, kind in CODES.items():
        frame[column] = coded(frame[column], kind)
    if "number_of_sources" in frame:
        unknown = (frame["number_of_sources"] == _MISSING).fillna(False).to_numpy(dtype=bool)
        if unknown.any():
            frame["number_of_sources"] = frame["number_of_sources"].astype("Int64").mask(unknown)
            remarks.append(f"number_of_sources is -1, that is missing: {int(unknown.sum()):,}")
    frame["valid_from"] = frame["date_start"].dt.floor("D")
    frame["valid_to"] = frame["date_end"].dt.floor("D") + ONE_DAY
    frame["title"] = frame["side_a"].astype(object) + " - " + frame["side_b"].astype(object)
    frame["kind"] = frame["type_of_violence"]
    remarks += swapped(frame, lon="longitude", lat="latitude", country="country", what=name)
    points = at_points(frame, lon="longitude", lat="latitude")
    remarks += placeless(points)
    vague = int((frame["where_prec"] >= WherePrecision.ADM2.value).sum())
    remarks.append(
        f"events whose point is a centroid or vague (where_prec 3 to 7): {vague:,}; "
        "events are never turned into control"
    )
    return Data("events", points, ORIGIN, tuple(remarks))


def _check(frame: pd.DataFrame) -> list[tuple[Any, str]]:
    deaths = [
        frame[each].to_numpy(dtype=float, na_value=np.nan) for each in ("low", "best", "high")
    ]
    low, best, high = deaths
    with np.errstate(invalid="ignore"):
        unordered = (low > best) | (best > high)
    return [
        (unordered, "the deaths are not low <= best <= high"),
        (frame["date_end"] < frame["date_start"], "date_end is before date_start"),
    ]


def encode(data: Any) -> bytes:
    """Write events in the columns of the releases, the codes as bare numbers.

    Parameters
    ----------
    data
        What `decode` returned, or its frame.

    Raises
    ------
    InputError
        It is no frame, or columns of codes or dates are missing.
    """
    frame = frame_of(data, "id", "date_start", "date_end", *CODES)
    more = [n for n in frame.columns if n not in COLUMNS and n not in (*_ADDED, "geometry")]
    out = pd.DataFrame(frame[[n for n in COLUMNS if n in frame] + more])
    for column, kind in CODES.items():
        out[column] = bare(frame[column], kind)
    for column in ("date_start", "date_end"):
        out[column] = frame[column].dt.strftime("%Y-%m-%d %H:%M:%S.000")
    if "number_of_sources" in out:
        out["number_of_sources"] = frame["number_of_sources"].astype("Int64").fillna(_MISSING)
    return csv_bytes(out)


def detect(peek: Peek) -> float:
    """Say how surely a file is of UCDP GED."""
    if any(member.lower().startswith("gedevent") for member in peek.members):
        return 0.9
    header = header_list(peek.head)
    signs = ("type_of_violence", "where_prec", "date_prec", "event_clarity", "date_start", "best")
    found = share(set(header), signs)
    if found >= 0.5:  # noqa: PLR2004 - most of the signs
        return found
    # Without a header: 49 cells, of which the sixth is a type of violence.
    of_type = header[5:6] and header[5] in numbers_of(Violence)
    return 0.5 if len(header) == len(COLUMNS) and of_type else 0.0


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
) -> Data:
    """Read a file, or every CSV of a zip archive or folder; see `decode`."""
    return read_members(
        path, decode, suffixes=(".csv",), limits=limits, encoding=encoding, invalid=invalid
    )


def write(data: Any, path: Path | str) -> Path:
    """Write a CSV in the columns of the releases; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="ucdp",
    title="UCDP GED events (CSV)",
    kind="events",
    suffixes=(".csv",),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
