"""A history in a file: a GeoPackage that QGIS opens, or a folder of GeoParquet.

Both hold the same tables, but for the edges, which the folder leaves out: the cells tell
them. In a GeoPackage instants stand as ISO 8601 text to the microsecond, because GDAL's
datetime ends at the millisecond. The layer `spells_cells` is for people: a polygon a
spell, with real `start` and `end` for QGIS's temporal controller and a style that plays them;
it is not read back.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from frontline._resources import atomic_write, folder_written, import_optional
from frontline.composite import CRS, Composite
from frontline.control.claims import BEFORE, SPELL_COLUMNS, TIMES, micros, stamps
from frontline.control.frames import object_series, objects
from frontline.control.qgis import set_times, write_style
from frontline.control.statements import TABLE_COLUMNS
from frontline.errors import DataFileError, FrontlineError, InputError
from frontline.markup import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frontline.control.record import H, Record

FORMAT = "frontline control history"
VERSION = 1
MARK = "frontline_metadata"
#: The layer for people.
PEOPLE = "spells_cells"

_SQLITE = b"SQLite format 3\x00"
_SPATIAL = ("cells", "edges", "reports")
_PLAIN = ("spells", "spoke", "beside")
_OPTIONAL = ("findings", "edges")
_PACKED: dict[str, Any] = {"compression": "zstd", "compression_level": 15}
_PLACES = ("name", "place_id", "lon", "lat")
_TEXTS = ("actor", "status", "basis", "review", "source", "place", "kind", "note")


def save_history(history: Record, path: Path | str) -> Path:
    """Write a history; see `ControlHistory.save`."""
    target = _path(path)
    gpkg = target.suffix.lower() == ".gpkg"
    tables, meta = _tables(history, times_as_text=gpkg), _metadata(history)
    if gpkg:
        with atomic_write(target) as temporary:
            temporary.unlink()
            _write_gpkg(temporary, tables, meta, _for_people(history))
            until = (history.meta.get("published") or {}).get("until")
            if until:
                set_times(temporary, until)
    elif target.is_dir() or not target.suffix:
        import_optional("pyarrow", "parquet")
        with _new_folder(target) as temporary:
            del tables["edges"]  # half of the file, and drawn again from the cells
            for name, table in tables.items():
                table.to_parquet(temporary / f"{name}.parquet", index=False, **_PACKED)
            text = json.dumps(meta, ensure_ascii=False, indent=1)
            (temporary / f"{MARK}.json").write_text(text, encoding="utf-8")
    else:
        raise InputError(f"{target.name}: a history is saved to a name.gpkg or to a folder")
    return target


def open_history(cls: type[H], path: Path | str) -> H:
    """Read a history; see `ControlHistory.open`."""
    source = _path(path)
    if not source.exists():
        raise DataFileError(f"{source} does not exist", path=source)
    try:
        meta, read = _open_folder(source) if source.is_dir() else _open_gpkg(source)
        return _history(cls, meta, read)
    except FrontlineError:
        raise
    except Exception as error:
        raise DataFileError(
            f"{source} is marked as a {FORMAT} but cannot be read: {error}", path=source
        ) from error


def _path(path: Any) -> Path:
    if not isinstance(path, (str, PathLike)):
        raise InputError(f"a path must be a text or a Path, not {path!r}")
    return Path(path)


# --- tables -------------------------------------------------------------------------------


def _tables(history: Record, *, times_as_text: bool) -> dict[str, Any]:
    spells = history.spells
    reports = gpd.GeoDataFrame(history._reports.copy())  # noqa: SLF001 - same package
    for frame in (spells, reports):
        for name in TIMES if times_as_text else ():
            frame[name] = _as_text(frame[name])
        frame["confidence"] = object_series(_as_json(value) for value in frame["confidence"])
    tables = {
        "cells": history.cells.reset_index(),
        "edges": history.edges.reset_index(),
        "reports": reports.reset_index(),
        "spells": spells.reset_index(),
        "spoke": history._spoke.reset_index(drop=True),  # noqa: SLF001 - same package
        "beside": history._beside.reset_index(drop=True),  # noqa: SLF001 - same package
    }
    findings = history.findings
    if len(findings):
        if times_as_text:
            findings["date"] = _as_text(findings["date"])
        tables["findings"] = findings
    return tables


def _metadata(history: Record) -> dict[str, str]:
    sources = history.sources
    licences: Any = sources["licence"].dropna().unique() if "licence" in sources else []
    table = {
        "columns": [str(name) for name in sources.columns],
        "rows": [[_plain(value) for value in row] for row in sources.itertuples(index=False)],
    }
    published = history.meta.get("published")
    about = {
        "format": FORMAT,
        "version": str(VERSION),
        "name": history.name,
        "licence": "; ".join(str(licence) for licence in licences),
        "parameters": json.dumps(history.meta, ensure_ascii=False),
        "sources": json.dumps(table, ensure_ascii=False, default=str),
        "places": json.dumps(_rows(history._places), ensure_ascii=False),  # noqa: SLF001 - same package
        **({"published": published["text"]} if published else {}),
    }
    return {key: whole(value) for key, value in about.items()}


def _rows(places: pd.DataFrame | None) -> list[list[Any]]:
    if places is None:
        return []
    rows = places[list(_PLACES)].itertuples(index=False)
    return [[_plain(value) for value in row] for row in rows]


def _for_people(history: Record) -> gpd.GeoDataFrame:
    now = history.spells.iloc[history.timeline.current()]
    cells = history.cells
    frame = now.merge(cells[["place", "geometry"]], left_on="cell", right_index=True)
    frame = frame.rename(columns={"valid_from": "start", "valid_to": "end"})
    columns = ["cell", "place", "actor", "status", "basis", "start", "end", "source"]
    return gpd.GeoDataFrame(frame[columns], geometry=frame["geometry"].to_numpy(), crs=CRS)


def _with_columns(frame: Any, names: tuple[str, ...]) -> Any:
    """Return the columns named; one that older files do not have is empty."""
    for name in names:
        if name.endswith("_edtf"):
            texts = frame[name] if name in frame else [None] * len(frame)
            frame[name] = object_series(texts).set_axis(frame.index)
    return frame[list(names)]


def _as_text(column: pd.Series[Any]) -> pd.Series[Any]:
    numbers = micros(column, open_end=BEFORE).astype("datetime64[us]")
    texts = np.datetime_as_string(numbers, unit="us").tolist()
    return object_series(None if text == "NaT" else f"{text}Z" for text in texts).set_axis(
        column.index
    )


def _instants(column: pd.Series[Any]) -> pd.DatetimeIndex:
    """Return times that stand as such or, in a GeoPackage, as text."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.DatetimeIndex(column).as_unit("us")
    texts = [None if value is None else value.removesuffix("Z") for value in objects(column)]
    numbers = np.array([np.datetime64("NaT") if t is None else np.datetime64(t) for t in texts])
    return stamps(numbers.astype("datetime64[us]").astype(np.int64))


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, (list, tuple, dict)) and pd.isna(value)):
        return None
    value = value.item() if isinstance(value, np.generic) else value
    return value if isinstance(value, (bool, int, float, str, list, dict)) else str(value)


def _as_json(value: Any) -> str | None:
    plain = _plain(value)
    return None if plain is None else json.dumps(plain, ensure_ascii=False, default=str)


# --- GeoPackage -----------------------------------------------------------------------------


def _write_gpkg(
    path: Path, tables: dict[str, Any], meta: dict[str, str], people: gpd.GeoDataFrame
) -> None:
    import pyogrio

    pyogrio.write_dataframe(people, path, layer=PEOPLE, driver="GPKG")
    for name, table in tables.items():
        pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=False)
    mark = pd.DataFrame({"key": list(meta), "value": list(meta.values())})
    pyogrio.write_dataframe(mark, path, layer=MARK, driver="GPKG")
    area = people.groupby("actor")["cell"].count().sort_values(ascending=False, kind="stable")
    write_style(path, PEOPLE, list(area.index), start="start", end="end")


def _open_gpkg(path: Path) -> tuple[dict[str, str], Callable[[str], Any]]:
    import pyogrio

    with path.open("rb") as file:
        head = file.read(len(_SQLITE))
    if head != _SQLITE:
        raise DataFileError(f"{path} is no GeoPackage (not an SQLite file)", path=path)
    try:
        layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except pyogrio.errors.DataSourceError as error:
        raise DataFileError(f"{path} is no GeoPackage: {error}", path=path) from error
    _require(path, MARK in layers, f"its layers are {', '.join(layers) or 'none'}")
    mark = pyogrio.read_dataframe(path, layer=MARK, read_geometry=False)
    meta = dict(zip(objects(mark["key"]), objects(mark["value"]), strict=True))
    meta = {key: value or "" for key, value in meta.items()}
    _check_version(path, meta)
    _require_tables(path, layers)

    def read(name: str) -> Any:
        if name in _OPTIONAL and name not in layers:
            return None
        return pyogrio.read_dataframe(path, layer=name, read_geometry=name in _SPATIAL)

    return meta, read


def _require(path: Path, good: bool, found: str) -> None:  # noqa: FBT001 - reads like a check
    if not good:
        raise DataFileError(f"{path} holds no {FORMAT}; {found}", path=path)


def _require_tables(path: Path, found: list[str]) -> None:
    needed = [name for name in (*_SPATIAL, *_PLAIN) if name not in _OPTIONAL]
    missing = [name for name in needed if name not in found]
    if missing:
        raise DataFileError(
            f"{path} is incomplete: {', '.join(missing)} missing", path=path, problems=missing
        )


def _check_version(path: Path, meta: dict[str, str]) -> None:
    _require(path, meta.get("format") == FORMAT, f"it says {meta.get('format')!r}")
    version = meta.get("version", "")
    if not version.isdigit() or int(version) > VERSION:
        raise DataFileError(
            f"{path} is written in version {version or 'unknown'} of the format; this library "
            f"reads up to {VERSION}; update it",
            path=path,
        )


# --- folder of GeoParquet --------------------------------------------------------------------


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `target` when the block succeeds."""
    if not target.parent.is_dir():
        raise InputError(f"the folder {target.parent} does not exist; make it first")
    ours = not target.exists() or (target / f"{MARK}.json").is_file() or not any(target.iterdir())
    if not ours:
        raise InputError(f"{target} holds other files; name an empty folder or a saved history")
    with folder_written(target.parent):
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh, old = work / "new", work / "old"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _open_folder(path: Path) -> tuple[dict[str, str], Callable[[str], Any]]:
    mark = path / f"{MARK}.json"
    _require(path, mark.is_file(), f"{mark.name} is not in it")
    import_optional("pyarrow", "parquet")
    try:
        meta = json.loads(mark.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataFileError(f"{mark} is no JSON: {error}", path=mark) from error
    _require(path, isinstance(meta, dict), f"{mark.name} is something else")
    _check_version(path, meta)
    _require_tables(path, [file.stem for file in path.glob("*.parquet")])

    def read(name: str) -> Any:
        file = path / f"{name}.parquet"
        if name in _OPTIONAL and not file.exists():
            return None
        reader = gpd.read_parquet if name in _SPATIAL else pd.read_parquet
        return reader(file)

    return meta, read


# --- back again ------------------------------------------------------------------------------


def _history(cls: type[H], meta: dict[str, str], read: Callable[[str], Any]) -> H:
    cells, edges = _indexed(read("cells"), "cell"), read("edges")
    if edges is None:
        drawn = np.asarray(cells.geometry.array, dtype=object)
        composite = Composite(cells, Composite.from_polygons(drawn).edges)
    else:
        composite = Composite(cells, _indexed(edges, "edge"))
    composite.cells["place"] = object_series(composite.cells["place"])
    composite.cells["beyond"] = composite.cells["beyond"].astype(bool)
    reports = _decoded(_indexed(read("reports"), "report"))
    spells = _decoded(_indexed(read("spells"), "spell"))
    table = json.loads(meta["sources"])
    sources = pd.DataFrame(
        {
            name: object_series(row[i] for row in table["rows"])
            for i, name in enumerate(table["columns"])
        }
    ).infer_objects()
    return cls(
        composite,
        _with_columns(spells, SPELL_COLUMNS),
        _with_columns(reports, TABLE_COLUMNS),
        read("spoke").astype("int64"),
        sources,
        json.loads(meta["parameters"]),
        read("beside").astype("int64"),
        _places(meta.get("places") or "[]"),
        _findings=_found(read("findings")),
    )


def _found(table: pd.DataFrame | None) -> pd.DataFrame | None:
    if table is None:
        return None
    for name in ("kind", "actor", "note"):
        table[name] = object_series(table[name])
    return table.assign(date=_instants(table["date"]))


def _places(text: str) -> pd.DataFrame:
    rows = json.loads(text)  # files of the first edition have none
    return pd.DataFrame(
        {name: object_series(row[i] for row in rows) for i, name in enumerate(_PLACES)}
    )


def _indexed(frame: Any, name: str) -> Any:
    return frame.sort_values(name).set_index(name)


def _decoded(frame: Any) -> Any:
    for name in TIMES:
        frame[name] = _instants(frame[name])
    for name in _TEXTS:
        if name in frame:
            frame[name] = object_series(frame[name]).set_axis(frame.index)
    values = [None if text is None else json.loads(text) for text in objects(frame["confidence"])]
    frame["confidence"] = object_series(values).set_axis(frame.index)
    return frame


# --- for other stores --------------------------------------------------------------------------


def to_tables(history: Record) -> tuple[dict[str, Any], dict[str, str]]:
    """Return all that a history consists of, for a store that keeps instants as such.

    Returns
    -------
    tables, meta
        Frames by name, and texts by name. `PEOPLE` is among the tables but is not read back.
    """
    tables = _tables(history, times_as_text=False)
    return {**tables, PEOPLE: _for_people(history)}, _metadata(history)


def from_tables(cls: type[H], meta: dict[str, str], read: Callable[[str], Any]) -> H:
    """Return the history that `to_tables` took apart; `read` gives a table, or None.

    Raises
    ------
    DataFileError
        The texts are of no history, or of a later version of the format.
    """
    where = Path("the database")
    _require(where, meta.get("format") == FORMAT, f"it says {meta.get('format')!r}")
    _check_version(where, meta)
    return _history(cls, meta, read)


def is_saved(path: Path | str) -> bool:
    """Say whether a path is marked as a history that `save_history` wrote."""
    place = _path(path)
    if place.is_dir():
        return (place / f"{MARK}.json").is_file()
    try:
        with place.open("rb") as file:
            if file.read(len(_SQLITE)) != _SQLITE:
                return False
        address = f"{place.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as database:
            mark = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
            return database.execute(mark, (MARK,)).fetchone() is not None
    except (OSError, sqlite3.Error):
        return False
