"""The files: one function a format, each writing a temporary file that takes the place of the old.

A writer takes `Data`, the path, the terms and what the table is (it names the layer).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline._resources import atomic_write, import_optional
from frontline.control.qgis import set_times, write_style
from frontline.errors import InputError
from frontline.markup import whole
from frontline.palette import colours
from frontline.sources import delimited, geojson, kml
from frontline.sources.geoparquet import ORIGIN_KEY
from frontline.sources.gpkg import ORIGIN_TABLE
from frontline.sources.terms import members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from frontline.sources.model import Data
    from frontline.sources.terms import Terms

__all__ = ["WRITERS"]

_ENDS = ("valid_from", "valid_to")
_AREAS = ("Polygon", "MultiPolygon")


def write_geojson(
    data: Data, path: Path, terms: Terms, what: str, *, spreadsheet: bool = False
) -> None:
    """Write GeoJSON (RFC 7946): times ISO 8601 with Z, rings by the right-hand rule."""
    del what, spreadsheet
    content = geojson.encode(data, members=members(terms))
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def write_kml(
    data: Data, path: Path, terms: Terms, what: str, *, spreadsheet: bool = False
) -> None:
    """Write KML with a time span for every row that has times."""
    del terms, what, spreadsheet
    kml.write(data, path, colours=colours(_actors(data.frame)))


def write_csv(data: Data, path: Path, terms: Terms, what: str, *, spreadsheet: bool) -> None:
    """Write CSV, and beside it a file that says whose the data are."""
    del what
    said = members(terms)
    about: dict[str, Any] = {k: said[k] for k in ("sources", "published") if k in said}
    delimited.write(data, path, spreadsheet=spreadsheet, members=about)


def write_geoparquet(
    data: Data, path: Path, terms: Terms, what: str, *, spreadsheet: bool = False
) -> None:
    """Write GeoParquet, or Parquet if there is no geometry, with the terms in its metadata."""
    del what, spreadsheet
    import_optional("pyarrow", "parquet")
    parquet = import_optional("pyarrow.parquet", "parquet")
    with atomic_write(path) as temporary:
        _storable(data.frame).to_parquet(temporary, index=False)
        # A further key in the metadata means writing the table again.
        table = parquet.ParquetFile(temporary).read()
        about = dict(table.schema.metadata or {})
        about[ORIGIN_KEY] = _json(asdict(data.origin)).encode()
        about[b"frontline_sources"] = _json(members(terms)["sources"]).encode()
        if terms.published:
            about[b"frontline_published"] = _json(terms.published).encode()
        parquet.write_table(table.replace_schema_metadata(about), temporary, compression="zstd")


def write_gpkg(
    data: Data, path: Path, terms: Terms, what: str, *, spreadsheet: bool = False
) -> None:
    """Write a GeoPackage: a layer with its style, and the terms in a table and as metadata."""
    del spreadsheet
    import pyogrio

    frame = _storable(data.frame)
    origin = data.origin
    about = {
        "NAME": _clean(origin.name),
        "ATTRIBUTION": _clean(origin.attribution),
        "LICENCE": _clean(origin.licence),
        "REDISTRIBUTABLE": {True: "yes", False: "no", None: "unknown"}[origin.redistributable],
    }
    rows = [("origin", _json(asdict(origin))), ("sources", _json(members(terms)["sources"]))]
    if terms.published:
        rows.append(("published", _json(terms.published)))
        about["PUBLISHED"] = terms.published["text"]
    mark = pd.DataFrame(rows, columns=["key", "value"])
    with atomic_write(path) as temporary:
        temporary.unlink()
        options: dict[str, Any] = {"layer": what, "driver": "GPKG", "layer_metadata": about}
        if _has_shapes(frame):
            options["geometry_type"] = _geometry_type(frame)
        try:
            pyogrio.write_dataframe(frame, temporary, **options)
            pyogrio.write_dataframe(mark, temporary, layer=ORIGIN_TABLE, driver="GPKG")
        except (pyogrio.errors.DataSourceError, ValueError, RuntimeError) as error:
            raise InputError(f"{path.name} cannot be written as a GeoPackage: {error}") from error
        _add_style(temporary, what, frame)
        if terms.published and terms.published["until"]:
            set_times(temporary, terms.published["until"])


def _add_style(path: Path, layer: str, frame: Any) -> None:
    kind = _geometry_type(frame) if _has_shapes(frame) else "Unknown"
    lines = "LineString" in kind
    if not (lines or (kind in _AREAS and "actor" in frame)):
        return
    dated = set(_ENDS) <= set(frame.columns)
    start, end = _ENDS if dated else (None, None)
    write_style(path, layer, _actors(frame), start=start, end=end, lines=lines)


def _actors(frame: Any) -> list[str]:
    """Return the actors of a frame, the one of the largest area first."""
    if "actor" not in frame:
        return []
    named = frame[frame["actor"].notna()]
    weight = named["area_km2"] if "area_km2" in named else pd.Series(1.0, index=named.index)
    sums = weight.groupby(named["actor"].astype(str)).sum()
    return [str(each) for each in sums.sort_values(ascending=False, kind="stable").index]


def _has_shapes(frame: Any) -> bool:
    return hasattr(frame, "geometry")


def _geometry_type(frame: Any) -> str:
    """Return one type for a whole layer, as a GeoPackage wants it."""
    kinds = set(frame.geometry.geom_type.dropna())
    for single in ("Polygon", "LineString", "Point"):
        if kinds and kinds <= {single, f"Multi{single}"}:
            return single if kinds == {single} else f"Multi{single}"
    return "Unknown"


def _storable(frame: Any) -> Any:
    """Return a frame in which every column is of one type that a table can hold."""
    out = frame.copy()
    out.columns = [str(name) for name in out.columns]
    for name in out.columns:
        if out[name].dtype == object:
            out[name] = pd.Series(list(_texts(out[name])), index=out.index, dtype=object)
    return out


def _texts(values: Iterable[Any]) -> Iterable[Any]:
    plain = [geojson.plain(each) for each in values]
    kinds = {type(each) for each in plain if each is not None}
    if len(kinds) <= 1 and kinds <= {str, int, float, bool}:
        return [_clean(each) for each in plain]
    return [
        None if each is None else _clean(each if isinstance(each, str) else _json(each))
        for each in plain
    ]


def _clean(value: Any) -> Any:
    """Replace what no database holds: NUL, and halves of characters."""
    if not isinstance(value, str):
        return value
    return whole(value.replace("\x00", "\ufffd"))


def _json(value: Any) -> str:
    return whole(json.dumps(value, ensure_ascii=False, default=str))


WRITERS: dict[str, Callable[..., None]] = {
    "geojson": write_geojson,
    "geoparquet": write_geoparquet,
    "gpkg": write_gpkg,
    "kml": write_kml,
    "csv": write_csv,
}
