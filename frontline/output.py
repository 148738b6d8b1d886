"""Results as text: tables for people; JSON, GeoJSON and CSV for programs."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from frontline.markup import whole

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Decimals of coordinates in GeoJSON; six are about 0.1 m, the grid of the composite.
DECIMALS = 6
#: A cell of a CSV that begins so may run as a formula in a spreadsheet; it gets an apostrophe.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows: no NaN, no NaT, times as ISO 8601 in UTC.

    Examples
    --------
    >>> import pandas as pd
    >>> plain({"when": pd.Timestamp("2024-12-03", tz="UTC"), "km": float("nan"), "n": (1, 2)})
    {'when': '2024-12-03T00:00:00Z', 'km': None, 'n': [1, 2]}
    """
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    if hasattr(value, "strftime"):
        return None if str(value) == "NaT" else value.strftime(_INSTANT)
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if hasattr(value, "__geo_interface__"):
        return plain(value.__geo_interface__)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def to_json(value: Any, *, one_line: bool = False) -> str:
    """Write a value as JSON, indented or on one line; letters of every script stay readable.

    Examples
    --------
    >>> print(to_json({"name": "حماة"}))
    {
      "name": "حماة"
    }
    """
    indent = None if one_line else 2
    return whole(json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as plain values, without its geometry."""
    table = frame.drop(columns=_geometry_name(frame), errors="ignore")
    return [plain(row) for row in table.to_dict("records")]


def to_geojson(frame: gpd.GeoDataFrame) -> str:
    """Write a frame as a GeoJSON FeatureCollection (RFC 7946), coordinates to 1e-6 degrees.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> frame = gpd.GeoDataFrame({"actor": ["x"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    >>> print(to_geojson(frame))
    {"type": "FeatureCollection", "features": [{"type": "Feature", "properties":
    {"actor": "x"}, "geometry": {"type": "Point", "coordinates": [1.0, 2.0]}}]}
    """
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if geometry is None else _rounded(plain(geometry)),
        }
        for properties, geometry in zip(records(frame), frame.geometry, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return whole(json.dumps(collection, ensure_ascii=False, allow_nan=False))


def to_csv(frame: pd.DataFrame) -> str:
    """Write a frame as CSV without geometry, safe to open in a spreadsheet.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.

    Examples
    --------
    >>> import pandas as pd
    >>> print(to_csv(pd.DataFrame({"place": ["=1+1", "Hama"], "km": [-1.5, 2.0]})), end="")
    place,km
    '=1+1,-1.5
    Hama,2.0
    """
    import csv
    import io

    rows = records(frame)
    out = io.StringIO()
    names = [str(name) for name in frame.columns if name not in _geometry_name(frame)]
    plain_rows = csv.writer(out, lineterminator="\n")
    # A bare carriage return ends a line for some readers; the csv module does not quote it.
    quoted_rows = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in [names, *([row[name] for name in names] for row in rows)]:
        cells = ["" if cell is None else _safe(cell) for cell in row]
        broken = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoted_rows if broken else plain_rows).writerow(cells)
    return out.getvalue()


def to_text(frame: pd.DataFrame, *, title: str = "") -> str:
    """Write a frame as a table for people, numbers rounded to what they can bear.

    Examples
    --------
    >>> import pandas as pd
    >>> print(to_text(pd.DataFrame({"actor": ["A", None], "area_km2": [1234.56, 0.5]})))
    actor   area_km2
    A        1,234.6
    nobody       0.5
    """
    rows = records(frame)
    names = [str(name) for name in frame.columns if name not in _geometry_name(frame)]
    cells = [[_shown(name, row[name]) for name in names] for row in rows]
    right = [any(isinstance(row[name], (int, float)) for row in rows) for name in names]
    widths = [max([len(name), *(len(line[k]) for line in cells)]) for k, name in enumerate(names)]
    lines = [
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in [names, *cells]
    ]
    return "\n".join([*([title] if title else []), *lines])


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "nobody" if "actor" in name else "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.1f}"
    # Control characters of hostile names must not reach a terminal.
    text = "".join(letter if letter.isprintable() else "?" for letter in str(value))
    return text.removesuffix("T00:00:00Z").replace(":00Z", "Z")


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _geometry_name(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns if str(frame[name].dtype) == "geometry"]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
