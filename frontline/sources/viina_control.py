"""VIINA's tables of control: the long one of 2.0 with a column a source, the wide one of 1.0."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from frontline.errors import DataFileError, InputError
from frontline.sources.cells import checked
from frontline.sources.decoding import CRS, at_points, csv_bytes, frame_of
from frontline.sources.schemas import Field, read_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.sources.safety import Limits

#: Whose statement each column of control 2.0 is.
SOURCES = {
    "status_wiki": "Wikipedia",
    "status_boost": "Wikipedia with news reports",
    "status_dsm": "DeepStateMap",
    "status_isw": "ISW",
}
#: The source to which a tied vote goes.
TIE = "DeepStateMap"
#: What a code of status says: an actor, or a status that names nobody.
CONTESTED = "CONTESTED"
ACTORS = {"UA": "Ukraine", "RU": "Russia", CONTESTED: "contested"}

WIDE = re.compile(r"ctr_(\d{14})$")
_STATES = tuple(ACTORS)
_STATUSES = (*SOURCES, "status")
_LONG = (
    Field("geonameid", "integer", filled=True, low=0),
    Field("kod", "label", filled=True),
    Field("date", "date", required=True, filled=True),
    *(Field(name, "label", required=True, choices=_STATES) for name in SOURCES),
    Field("status", "label", required=True, choices=_STATES),
    Field("vcontrol_version", "label"),
)
_PLACE = (
    Field("geonameid", "integer", required=True, filled=True, low=0),
    Field("name"),
    Field("asciiname"),
    Field("alternatenames"),
    Field("longitude", "lon", required=True, filled=True),
    Field("latitude", "lat", required=True, filled=True),
    Field("feature_code", "label"),
)
_PLACE_NAMES = tuple(each.name for each in _PLACE)


def decode_long(
    content: bytes,
    *,
    name: str,
    limits: Limits | None,
    encoding: str | None,
    invalid: str,
    only_changes: bool,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read control 2.0; see `frontline.sources.viina.decode`."""
    table = read_fields(
        content, _LONG, what=name, invalid=invalid, encoding=encoding,
        limits=None if only_changes else limits,
    )  # fmt: skip
    frame, remarks = table.frame, table.remarks
    key = key_of(frame, name)
    twice = int(frame.duplicated([key, "date"]).sum())
    if twice:
        remarks.append(f"rows for a place and day that stood there before: {twice:,}; all are kept")
    silent = [column for column in SOURCES if frame[column].isna().all()]
    if silent and len(frame):
        remarks.append(f"sources that say nothing: {', '.join(silent)}")
    if only_changes:
        frame = _changes(frame, key, remarks)
        if limits is not None:
            limits.check("max_features", len(frame), where=name, what="rows")
    return frame, tuple(remarks)


def key_of(frame: pd.DataFrame, name: str = "the frame") -> str:
    """Return the column that names a panel's places: ``"geonameid"`` or ``"kod"``.

    Raises
    ------
    DataFileError
        There is neither.
    """
    found = [column for column in ("geonameid", "kod") if column in frame]
    if not found:
        raise DataFileError(
            f"{name}: neither the column geonameid nor kod is there to say which place is meant",
            path=name,
        )
    return found[0]


def _changes(frame: pd.DataFrame, key: str, remarks: list[str]) -> pd.DataFrame:
    """Keep the rows in which a place's statuses differ from those of its row before."""
    columns = [column for column in _STATUSES if column in frame]
    frame = frame.sort_values([key, "date"], kind="stable", ignore_index=True)
    places = pd.factorize(frame[key])[0]
    codes = np.column_stack([frame[column].cat.codes for column in columns])
    new = np.ones(len(frame), dtype=bool)
    if len(frame):
        new[1:] = (places[1:] != places[:-1]) | (codes[1:] != codes[:-1]).any(axis=1)
    remarks.append(f"rows that repeat the statuses before them, left out: {int((~new).sum()):,}")
    return frame[new].reset_index(drop=True)


def decode_wide(
    content: bytes,
    header: Sequence[str],
    *,
    name: str,
    limits: Limits | None,
    encoding: str | None,
    invalid: str,
    only_changes: bool,
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Read control 1.0 and make it long; see `frontline.sources.viina.decode`."""
    instants = [column for column in header if WIDE.match(column)]
    stamps = checked(pd.Series([_written(column) for column in instants]), "date")
    if stamps.bad.any():
        wrong = [column for column, bad in zip(instants, stamps.bad, strict=True) if bad]
        raise DataFileError(
            f"{name}: these columns name no instant (ctr_YYYYMMDDHHMMSS): {', '.join(wrong[:20])}",
            path=name,
            problems=wrong,
        )
    fields = (*_PLACE, *(Field(column, "label", choices=_STATES) for column in instants))
    table = read_fields(content, fields, what=name, invalid=invalid, encoding=encoding)
    remarks = table.remarks
    codes = np.empty((len(table.frame), len(instants)), dtype=np.int8)
    for at, column in enumerate(instants):
        codes[:, at] = table.frame[column].cat.codes
    order = np.argsort(stamps.column.to_numpy(), kind="stable")
    codes = codes[:, order]
    said = codes >= 0
    if only_changes:
        said[:, 1:] &= codes[:, 1:] != codes[:, :-1]
        left_out = int((codes >= 0).sum() - said.sum())
        remarks.append(f"cells that repeat the status before them, left out: {left_out:,}")
    row, when = np.nonzero(said)
    if limits is not None:
        limits.check("max_features", len(row), where=name, what="statuses")
    empty = int((codes < 0).sum())
    if empty:
        remarks.append(f"cells without a status: {empty:,}")
    places = at_points(
        table.frame[[column for column in table.frame if column not in instants]],
        lon="longitude",
        lat="latitude",
    )
    out = {c: places[c].take(row).array for c in places if c != "geometry"}
    out["date"] = stamps.column.iloc[order].take(when).array
    out["status"] = pd.Categorical.from_codes(codes[row, when], categories=pd.Index(_STATES))
    geometry = places.geometry.to_numpy()[row]
    remarks.append("control 1.0 names no sources: its one column is status")
    return gpd.GeoDataFrame(out, geometry=geometry, crs=CRS), tuple(remarks)


def _written(column: str) -> str:
    """Turn ctr_20220224060000 into 2022-02-24T06:00:00."""
    d = column[4:]
    return f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:10]}:{d[10:12]}:{d[12:14]}"


def encode_long(data: Any) -> bytes:
    """Write a panel in the columns of control 2.0."""
    frame = frame_of(data, "date", "status")
    key = key_of(frame)
    names = [key, "date", *SOURCES, "status"]
    out = pd.DataFrame({c: frame.get(c, "") for c in names}, index=frame.index)
    out["date"] = frame["date"].dt.strftime("%Y%m%d")
    if "vcontrol_version" in frame:
        out["vcontrol_version"] = frame["vcontrol_version"]
    return csv_bytes(out)


def encode_wide(data: Any) -> bytes:
    """Write the column `status` of a panel in the columns of control 1.0."""
    frame = frame_of(data, "geonameid", "longitude", "latitude", "date", "status")
    place, places = pd.factorize(frame["geonameid"])
    at, stamps = pd.factorize(frame["date"], sort=True)
    if len(frame) and pd.Series(place.astype(np.int64) * len(stamps) + at).duplicated().any():
        raise InputError("a place has two statuses at one instant; keep one of them")
    texts = np.full((len(places), len(stamps)), "", dtype=object)
    texts[place, at] = frame["status"].astype(object).where(frame["status"].notna(), "")
    first = frame.drop_duplicates("geonameid")
    about = pd.DataFrame(first[[c for c in _PLACE_NAMES if c in first]]).reset_index(drop=True)
    names = [f"ctr_{stamp:%Y%m%d%H%M%S}" for stamp in stamps]
    return csv_bytes(pd.concat([about, pd.DataFrame(texts, columns=names)], axis=1))


def at_places(panel: Any, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give the rows of a panel the geometry and the name of their places.

    Parameters
    ----------
    panel
        What `frontline.sources.viina.decode` returned, or its frame.
    places
        With `geonameid` (or `kod`) and geometry: VIINA's tessellation, or a GeoNames dump read by
        `frontline.sources.geonames`, whose `place_id` is understood too.

    Raises
    ------
    InputError
        The places have no such column, or name one twice.
    """
    frame = frame_of(panel, "date")
    key = key_of(frame)
    if not isinstance(places, gpd.GeoDataFrame):
        raise InputError("places must be a GeoDataFrame")
    if key in places:
        ids = places[key]
    elif key == "geonameid" and "place_id" in places:
        ids = pd.to_numeric(
            places["place_id"].astype(str).str.removeprefix("geonames:"), errors="coerce"
        )
    else:
        raise InputError(f"places has no column {key}")
    if ids.dropna().duplicated().any():
        raise InputError(f"places names some {key} twice; keep one row of each")
    at = pd.Index(ids).get_indexer(frame[key])
    geometry = places.geometry.to_numpy()[at]
    geometry[at < 0] = None
    out = gpd.GeoDataFrame(pd.DataFrame(frame), geometry=geometry, crs=places.crs)
    if "name" in places:
        names = places["name"].astype(object).to_numpy()[at]
        names[at < 0] = None
        out["name"] = names
    return out
