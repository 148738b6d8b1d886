"""The columns that are published: those that are known, and in them values of known kinds.

What nobody knows cannot be made safe: a column `lng`, a pair in a tuple, a day as a number. So
there is a list of what stays, and the rest is named in the record.
"""

from __future__ import annotations

import datetime as dt
import re
from numbers import Real
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import object_series

if TYPE_CHECKING:
    from frontline.publication.texts import Texts

__all__ = ["ACTORS", "EVENTS", "PLACES", "PLACE_NAMES", "SOURCES", "known_columns", "known_value"]

TEXT, TIME, NUMBER, SHAPE, COLOUR = "text", "time", "number", "shape", "colour"

PLACE_NAMES = ("name", "name_ar", "arabic", "name_arabic")
_NUMBERS = ("lon", "lat", "longitude", "latitude", "x", "y", "uncertainty_m", "population", "rank")
_TIMES = ("valid_from", "valid_to", "recorded_from", "recorded_to", "recorded_at")


def _kinds(*texts: str) -> dict[str, str]:
    return dict.fromkeys(texts, TEXT)


def _of(kind: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, kind)


EVENTS = {
    **_kinds("event", "title", "kind", "precision", "locality", "admin1", "source", "note"),
    **_kinds("valid_from_edtf", "valid_to_edtf"),
    **_of(TIME, *_TIMES),
    **_of(NUMBER, *_NUMBERS[:-2]),
    **_of(SHAPE, "point", "geometry"),
}
PLACES = {
    **_kinds("site", "place_id", *PLACE_NAMES, "kind", "admin1", "source", "note"),
    **_of(NUMBER, *_NUMBERS),
    **_of(SHAPE, "point", "geometry"),
}
SOURCES = _kinds(
    "id", "source", "publisher", "name", "title", "url", "archived_url", "accessed", "published",
    "language", "licence", "attribution", "redistributable", "reliability", "credibility", "note",
    "cited_as", "scope",
)  # fmt: skip
ACTORS = {**_kinds("name", "label", "note"), "colour": COLOUR}

_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}")


def known_columns(frame: Any, known: dict[str, str], texts: Texts, *, what: str) -> Any:
    """Return a frame with the columns that are known, in them only what their kind allows.

    Texts are looked at later; here what is no text goes, if it could hold a date or a place.
    The frame's own notes (`attrs`) go too.
    """
    frame = frame.copy()
    if isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name not in (None, "geometry"):
        if "geometry" in frame:
            frame = frame.drop(columns="geometry")
        frame = frame.rename_geometry("geometry")
    stays = [
        isinstance(name, str) and name in known and not again
        for name, again in zip(frame.columns, frame.columns.duplicated(), strict=True)
    ]
    for name in frame.columns[~np.array(stays, dtype=bool)]:
        texts.column(what, name)
    out = frame.loc[:, stays]
    out = out.copy()
    for name in out.columns:
        if str(out[name].dtype) != "geometry":
            out[name] = _of_kind(out[name], known[name], texts)
    out.attrs = {}
    out.columns.name = None
    return out


def _of_kind(column: pd.Series[Any], kind: str, texts: Texts) -> Any:
    if kind == NUMBER:
        return pd.to_numeric(column.astype(object), errors="coerce")
    if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
        return column
    values = column.to_numpy(dtype=object)
    made = object_series(known_value(each, kind, texts) for each in values)
    return made.set_axis(column.index)


def known_value(value: Any, kind: str, texts: Texts) -> Any:
    """Return a value of a kind; None, counted as a text left out, for anything else.

    Numbers and truths stand in columns of texts too (ids, grades); they stay if, written out,
    they would.
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if kind == SHAPE:
        good = isinstance(value, shapely.Geometry)
    elif kind == COLOUR:
        good = isinstance(value, str) and bool(_COLOUR.fullmatch(value))
    elif isinstance(value, (str, dt.date, np.datetime64)):
        good = True  # looked at by what cleans texts and instants
    else:
        good = kind == TEXT and isinstance(value, (Real, np.bool_)) and not texts.bad(str(value))
    if good:
        return value
    if value is not pd.NA:
        texts.count += 1
    return None
