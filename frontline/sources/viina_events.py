"""VIINA's events: places named in news reports, and what a classifier made of the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.sources.codes import Code
from frontline.sources.decoding import ONE_DAY, at_points, csv_bytes, frame_of, placeless
from frontline.sources.schemas import Field, read_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from frontline.sources.safety import Limits


class GeoPrecision(Code):
    """How exactly the place of a VIINA event is known (`GEO_PRECISION`); the code is its rank."""

    STREET = "STREET", 1, "a street or an address"
    ADM3 = "ADM3", 2, "a place or a third-order division"
    ADM2 = "ADM2", 3, "a second-order division (rayon)"
    ADM1 = "ADM1", 4, "a first-order division (oblast)"


_FIELDS = (
    Field("viina_version", "label"),
    Field("event_id"),
    Field("event_id_1pd"),
    Field("date", "date", required=True, filled=True),
    Field("time"),
    Field("n_reports", "integer", low=0),
    Field("event_ids"),
    Field("sources"),
    Field("geonameid", "integer", low=0),
    Field("feature_code", "label"),
    Field("asciiname", "label"),
    Field("ADM1_NAME", "label"),
    Field("ADM1_CODE", "label"),
    Field("ADM2_NAME", "label"),
    Field("ADM2_CODE", "label"),
    Field("longitude", "lon", required=True),
    Field("latitude", "lat", required=True),
    Field("GEO_PRECISION", "label"),
    Field("GEO_API", "label"),
    Field("location", "label"),
    Field("address", "label"),
    Field("report_id"),
    Field("source", "label"),
    Field("url"),
    Field("text"),
    Field("lang", "label"),
    Field("tid"),
)
_SORT = re.compile(r"[ta]_[a-z]\w*$")
_ADDED = ("title", "kind", "valid_from", "valid_to", "geometry")


def decode_events(
    content: bytes,
    header: Sequence[str],
    *,
    name: str,
    limits: Limits | None,
    encoding: str | None,
    invalid: str,
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Read events, their labels or the files of one report a day; see `viina.decode`."""
    sorts = [Field(column, "number", low=0, high=1) for column in header if _SORT.match(column)]
    table = read_fields(
        content, (*_FIELDS, *sorts), what=name, invalid=invalid, encoding=encoding, limits=limits
    )
    frame, remarks = table.frame, table.remarks
    if "GEO_PRECISION" in frame:
        given = frame["GEO_PRECISION"]
        ranked = given.cat.set_categories([each.value for each in GeoPrecision], ordered=True)
        strange = given[ranked.isna() & given.notna()].unique().tolist()
        if strange:
            remarks.append(f"GEO_PRECISION that is not known, left empty: {strange[:10]}")
        frame["GEO_PRECISION"] = ranked
    frame["valid_from"] = frame["date"].dt.floor("D")
    frame["valid_to"] = frame["valid_from"] + ONE_DAY
    for column in ("text", "asciiname", "address"):
        if column in frame:
            frame["title"] = frame[column].astype(object)
            break
    frame["kind"] = "report"
    points = at_points(frame, lon="longitude", lat="latitude")
    remarks += placeless(points)
    remarks += [
        "date is the day of the report, and time is kept as text: its zone is not said",
        "events are never turned into control; t_control is a weak sign of it",
    ]
    return points, tuple(remarks)


def encode_events(data: Any) -> bytes:
    """Write events in the columns of VIINA, in the order in which they came."""
    frame = frame_of(data, "date", "longitude", "latitude")
    out = pd.DataFrame(frame[[c for c in frame.columns if c not in _ADDED]])
    out["date"] = frame["date"].dt.strftime("%Y%m%d")
    return csv_bytes(out)
