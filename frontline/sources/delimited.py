"""Plain CSV: whose columns are called what, the caller says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline._resources import atomic_write
from frontline.control.frames import object_series
from frontline.errors import DataFileError, InputError
from frontline.markup import whole
from frontline.sources.archives import only_member
from frontline.sources.columns import UNKNOWN, mapped
from frontline.sources.decoding import in_degrees
from frontline.sources.depth import TOO_DEEP, from_wkt
from frontline.sources.faults import SEPARATORS, separator_of
from frontline.sources.geojson import origin_in, plain
from frontline.sources.model import KINDS, Data, Format
from frontline.sources.notes import Notes
from frontline.sources.safety import (
    HEAD_BYTES,
    Limits,
    decode_text,
    head_text,
    load_json,
    magic,
    read_bytes,
)

if TYPE_CHECKING:
    from typing import Unpack

    from frontline.sources.columns import MappingOptions
    from frontline.sources.model import Peek

# What a spreadsheet takes for a formula (OWASP, CSV injection).
#: Under which key of the file beside it a table keeps its origin and kind.
ABOUT = "frontline"
_ABOUT = Limits(max_bytes=10_000_000)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: What follows the name of a table in the name of the file that describes it.
COMPANION = "-metadata.json"


def decode(
    content: bytes,
    *,
    name: str = "the file",
    encoding: str | None = None,
    delimiter: str | None = None,
    spreadsheet: bool = False,
    limits: Limits | None = None,
    **mapping: Unpack[MappingOptions],
) -> Data:
    r"""Read a table with a header. Columns `lon` and `lat`, or `geometry` (WKT), place its rows.

    Parameters
    ----------
    content
        The file.
    name
        How an error calls it.
    encoding
        Where it is not UTF-8 and does not say so, such as ``"cp1256"``.
    delimiter
        Between the fields; None: the one of ``, ; tab |`` that the header uses most.
    spreadsheet
        Whether to take back the apostrophe that `encode` puts before what looks like a formula.
    **mapping
        `crs`, `columns`, `constants`, `values`, `kind`, `longitudes`, `within`, `origin`: see
        `frontline.sources.columns.mapped`.
    limits
        How much is read.

    Raises
    ------
    DataFileError, CRSError
        Rows of other lengths than the header, columns that are there twice, and what `mapped`
        finds.

    Examples
    --------
    >>> data = decode("lon;lat;name\n36.75;35.13;حماة\n".encode(), kind="places")
    >>> data.frame.name.tolist()
    ['حماة']
    """
    limits = limits or Limits()
    notes = Notes(name)
    kind = magic(content[:HEAD_BYTES])
    if kind not in ("text", "json", "binary"):  # a header may begin with a bracket
        raise DataFileError(f"{name} is {kind} and no table", path=name)
    text = decode_text(content, encoding=encoding, name=name)
    frame = table_of(text, notes, delimiter=delimiter, limits=limits)
    if spreadsheet:
        frame = frame.apply(lambda column: object_series(map(_unquoted, column)))
    shapes = None
    given = mapping.get("columns")
    columns = given if isinstance(given, Mapping) else {}
    wkt = columns.get("geometry", "geometry")
    if wkt in frame:
        shapes = _shapes(frame[wkt], notes)
        frame = frame.drop(columns=[wkt])
        mapping["columns"] = {each: columns[each] for each in columns if each != "geometry"}
    return mapped(frame, notes, limits=limits, shapes=shapes, found_crs="EPSG:4326", **mapping)


def table_of(
    text: str, notes: Notes, *, limits: Limits, delimiter: str | None = None
) -> pd.DataFrame:
    """Return a table of texts, empty fields None.

    Raises
    ------
    DataFileError
        No header, columns that are there twice, rows of another length.
    """
    if delimiter is None:
        delimiter = separator_of(text)
    elif len(delimiter) != 1:
        raise InputError(f"delimiter={delimiter!r} must be one character")
    rows: list[list[str]] = []
    header: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    # An outline in WKT is longer than what the module allows a field by default.
    before = csv.field_size_limit(max(int(limits.max_bytes), 1))
    try:
        header = [each.strip() for each in next(reader, [])]
        for row in reader:
            if len(row) == len(header):
                rows.append(row)
            elif row:
                notes.fault(
                    f"line {reader.line_num}: {len(row)} fields where the header has {len(header)}"
                )
            limits.check("max_features", len(rows), where=notes.name, what="rows")
    except (csv.Error, OverflowError) as error:
        notes.fault(f"line {reader.line_num}: {error}")
    finally:
        csv.field_size_limit(before)
    if not any(header):
        notes.fault("line 1: the header is missing")
    twice = sorted({each for each in header if header.count(each) > 1})
    if twice:
        notes.fault(f"line 1: the columns {', '.join(map(repr, twice))} are there more than once")
    notes.raise_if_faulty()
    cells = zip(*rows, strict=True) if rows else [()] * len(header)
    data = {
        each: pd.Series([value or None for value in column], dtype=object)
        for each, column in zip(header, cells, strict=True)
    }
    return pd.DataFrame(data)


def _shapes(texts: pd.Series[Any], notes: Notes) -> np.ndarray:
    filled = texts.notna().to_numpy(copy=True)
    shapes = np.full(len(texts), None, dtype=object)
    shapes[filled], deep = from_wkt(texts[filled])
    for at in (deep_at := np.flatnonzero(filled)[deep]):
        notes.fault(f"row {at + 1}: {TOO_DEEP}")
    filled[deep_at] = False
    for at in np.flatnonzero(filled & shapely.is_missing(shapes)):
        notes.fault(f"row {at + 1}: {str(texts.iloc[at])[:40]!r} is no geometry in WKT")
    return shapes


def _unquoted(value: Any) -> Any:
    if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(_FORMULA):
        return value[1:]
    return value


def encode(data: Data, *, spreadsheet: bool = False) -> bytes:
    r"""Write data as CSV; points as `lon` and `lat`, other geometry as WKT.

    Parameters
    ----------
    data
        What to write.
    spreadsheet
        Whether texts that a spreadsheet would take for a formula get an apostrophe before them.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ['=HYPERLINK("x")'], "count": [-1]})
    >>> encode(Data("places", frame, UNKNOWN), spreadsheet=True)
    b'name,count\n"\'=HYPERLINK(""x"")",-1\n'
    """
    frame = in_degrees(data.frame)
    columns: dict[str, list[Any]] = {}
    shapes = np.asarray(frame.geometry.array, dtype=object) if hasattr(frame, "geometry") else None
    for name in frame.columns:
        if shapes is None or name != frame.geometry.name:
            columns[str(name)] = [_cell(each, spreadsheet=spreadsheet) for each in frame[name]]
    if shapes is not None:
        columns |= _placed(shapes)
    out = io.StringIO(newline="")
    minimal = csv.writer(out, lineterminator="\n")
    # Python's own rule leaves a carriage return bare, where it would end the line.
    quoted = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    header = tuple(_cell(name, spreadsheet=spreadsheet) for name in columns)
    for row in (header, *zip(*columns.values(), strict=True)):
        bare = not any(isinstance(each, str) and "\r" in each for each in row)
        (minimal if bare else quoted).writerow(row)
    return out.getvalue().encode("utf-8", "replace")


def _placed(shapes: np.ndarray) -> dict[str, list[Any]]:
    there = ~shapely.is_missing(shapes)
    if (shapely.get_type_id(shapes[there]) == 0).all():
        xy = [(shapely.get_x(s), shapely.get_y(s)) if s is not None else ("", "") for s in shapes]
        return {"lon": [repr(float(x)) if x != "" else "" for x, _ in xy],
                "lat": [repr(float(y)) if y != "" else "" for _, y in xy]}  # fmt: skip
    texts = shapely.to_wkt(shapes, rounding_precision=-1)
    return {"geometry": ["" if text is None else text for text in texts]}


def _cell(value: Any, *, spreadsheet: bool) -> Any:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        value = value.replace("\x00", "\ufffd")
        if spreadsheet and value.startswith(_FORMULA):
            return "'" + value
    return value


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a file, and what `write` left beside it; see `decode`.

    A zip archive will do if it holds one file.
    """
    file = Path(path)
    content, name = only_member(file, limits=limits)
    about = _beside(file)
    if about is not None:
        if options.get("origin") is None:
            options["origin"] = origin_in(about)
            if options.get("kind") is None and options["origin"] and about.get("kind") in KINDS:
                options["kind"] = about["kind"]
        options.setdefault("spreadsheet", about.get("spreadsheet") is True)
    return decode(content, name=name, limits=limits, **options)


def _beside(file: Path) -> dict[str, Any] | None:
    """Return what the file beside a table says of it, None where there is none, or another's."""
    beside = file.with_name(file.name + COMPANION)
    try:
        about = load_json(read_bytes(beside, limits=_ABOUT), name=beside.name)
    except DataFileError:
        return None
    found = about.get(ABOUT) if isinstance(about, dict) and about.get("url") == file.name else None
    return found if isinstance(found, dict) else None


def write(
    data: Data,
    path: Path | str,
    *,
    spreadsheet: bool = False,
    members: Mapping[str, Any] | None = None,
) -> Path:
    """Write a file and, beside it, its origin as ``...-metadata.json`` (W3C, CSV on the Web)."""
    target = Path(path)
    origin = data.origin
    about = {
        **{f"frontline:{key}": value for key, value in (members or {}).items()},
        "@context": "http://www.w3.org/ns/csvw",
        "url": target.name,
        "dc:title": origin.name,
        "dc:publisher": origin.publisher,
        "dc:source": origin.url,
        "dc:license": origin.licence,
        "dc:rights": origin.attribution,
        ABOUT: {"kind": data.kind, "origin": asdict(origin), "spreadsheet": spreadsheet},
    }
    with atomic_write(target) as temporary:
        temporary.write_bytes(encode(data, spreadsheet=spreadsheet))
    with atomic_write(target.with_name(target.name + COMPANION)) as temporary:
        text = whole(json.dumps(about, ensure_ascii=False, indent=1))
        temporary.write_text(text, encoding="utf-8")
    return target


def detect(peek: Peek) -> float:
    """Say how surely a file is a plain table; more special formats score higher."""
    if magic(peek.head) != "text":
        return 0.0
    lines = (head_text(peek.head) or "").splitlines()[:5]
    for delimiter in SEPARATORS:
        counts = {len(cells) for line in lines if (cells := _cells(line, delimiter)) is not None}
        if len(counts) == 1 and counts.pop() > 1:
            return 0.35
    return 0.2 if peek.suffix == ".csv" and lines and "," in lines[0] else 0.0


def _cells(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of a line, None of one that does not stand alone."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


FORMAT = Format(
    name="csv",
    title="CSV, by column mapping",
    kind="reports",
    suffixes=(".csv", ".tsv", ".txt"),
    origin=UNKNOWN,
    detect=detect,
    read=read,
    write=write,
)
