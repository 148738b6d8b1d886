"""Plain GeoParquet: whose columns are called what, the caller says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline._resources import import_optional
from frontline.errors import DataFileError
from frontline.sources.columns import UNKNOWN, mapped
from frontline.sources.depth import TOO_DEEP, deep_rows
from frontline.sources.geojson import origin_text
from frontline.sources.model import Data, Format
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, magic, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from frontline.sources.columns import MappingOptions
    from frontline.sources.model import Peek

#: Where in the metadata of a file its origin stands.
ORIGIN_KEY = b"frontline_origin"


def decode(
    content: bytes,
    *,
    name: str = "the file",
    limits: Limits | None = None,
    **mapping: Unpack[MappingOptions],
) -> Data:
    """Read GeoParquet, or Parquet with the columns `lon` and `lat`.

    Parameters
    ----------
    content
        The file.
    name
        How an error calls it.
    **mapping
        `crs`, `columns`, `constants`, `values`, `kind`, `longitudes`, `within`, `origin`: see
        `frontline.sources.columns.mapped`.
    limits
        Rows and unpacked bytes are counted before anything is unpacked.

    Raises
    ------
    DataFileError, CRSError
        The file is broken or beyond the limits, and what `mapped` finds.
    MissingDependencyError
        Without the extra ``parquet``.
    """
    limits = limits or Limits()
    notes = Notes(name)
    arrow = import_optional("pyarrow", "parquet")
    parquet = import_optional("pyarrow.parquet", "parquet")
    broken = (
        arrow.ArrowException, ValueError, OSError, KeyError, TypeError, NotImplementedError,
        AttributeError, IndexError, MemoryError, RuntimeError, shapely.errors.ShapelyError,
    )  # fmt: skip
    try:
        head = parquet.ParquetFile(io.BytesIO(content)).metadata
        rows = head.num_rows
        groups = [head.row_group(n) for n in range(head.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
    except broken as error:
        raise DataFileError(
            f"{name} is a broken Parquet file: {_first(error)}", path=name
        ) from None
    limits.check("max_features", rows, where=name, what="rows")
    limits.check("max_bytes", size, where=name, what="bytes when unpacked")
    try:
        size = _expanded_bytes(content, groups, limits)
    except broken as error:
        raise DataFileError(f"{name} is broken Parquet: {_first(error)}", path=name) from None
    limits.check("max_bytes", size, where=name, what="bytes when unpacked")
    about = head.metadata or {}
    if mapping.get("origin") is None:
        mapping["origin"] = origin_text(about.get(ORIGIN_KEY))
    try:
        frame, shapes, found = _read(content, about)
    except broken as error:
        raise DataFileError(
            f"{name} is a broken Parquet file: {_first(error)}", path=name
        ) from None
    return mapped(frame, notes, limits=limits, shapes=shapes, found_crs=found, **mapping)


def _expanded_bytes(content: bytes, groups: list[Any], limits: Limits) -> int:
    """Return how many bytes the texts of dictionaries become when they are written out.

    A header counts a text that a million rows share once. Only columns for which that could
    matter are looked at, and their dictionaries are not expanded for it.
    """
    compute = import_optional("pyarrow.compute", "parquet")
    parquet = import_optional("pyarrow.parquet", "parquet")
    suspects = {
        chunk.path_in_schema
        for group in groups
        for chunk in (group.column(n) for n in range(group.num_columns))
        if chunk.physical_type == "BYTE_ARRAY"
        and chunk.has_dictionary_page
        and chunk.num_values * chunk.total_uncompressed_size > limits.max_bytes
    }
    total = 0
    for column in sorted(suspects):
        file = parquet.ParquetFile(io.BytesIO(content), read_dictionary=[column])
        for batch in file.iter_batches(columns=[column], use_threads=False):
            for array in batch.columns:
                if hasattr(array, "dictionary"):
                    lengths = compute.binary_length(array.dictionary)
                    total += compute.sum(lengths.take(array.indices)).as_py() or 0
                else:
                    total += array.nbytes
    return total


def _read(content: bytes, about: Mapping[bytes, bytes]) -> tuple[Any, np.ndarray | None, Any]:
    import geopandas as gpd
    import pandas as pd

    if b"geo" not in about:
        return pd.read_parquet(io.BytesIO(content)).reset_index(drop=True), None, None
    described = json.loads(about[b"geo"])
    if not isinstance(described, dict):
        raise ValueError("its description of the geometry is no object")  # noqa: TRY004
    _check_depth(content, described["columns"])
    with np.errstate(all="ignore"):  # what is no number is found, and named, later on
        frame = gpd.read_parquet(io.BytesIO(content)).reset_index(drop=True)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    crs = frame.crs
    others = [
        each for each in frame.columns if isinstance(frame[each].dtype, type(frame.geometry.dtype))
    ]
    return pd.DataFrame(frame.drop(columns=others)), shapes, crs


def _check_depth(content: bytes, columns: Mapping[str, Any]) -> None:
    """Look at the bytes of the geometry before GEOS does."""
    parquet = import_optional("pyarrow.parquet", "parquet")
    for batch in parquet.ParquetFile(io.BytesIO(content)).iter_batches(columns=list(columns)):
        for column in batch.columns:
            values = getattr(column, "storage", column)
            if not str(values.type).startswith(("struct", "list")) and deep_rows(
                values.to_pylist()
            ):
                raise ValueError(TOO_DEEP)


def _first(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a file; see `decode`."""
    file = Path(path)
    return decode(read_bytes(file, limits=limits), name=file.name, limits=limits, **options)


def detect(peek: Peek) -> float:
    """Say how surely a file is GeoParquet."""
    return 0.6 if magic(peek.head) == "parquet" else 0.0


FORMAT = Format(
    name="geoparquet",
    title="GeoParquet, by column mapping",
    kind="snapshots",
    suffixes=(".parquet", ".geoparquet"),
    origin=UNKNOWN,
    detect=detect,
    read=read,
)
