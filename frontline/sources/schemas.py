"""Big public tables: a schema of columns, read in chunks, every fault with its line at once."""

from __future__ import annotations

import csv
import difflib
import io
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from frontline.errors import DataFileError
from frontline.sources.cells import Checked, checked
from frontline.sources.faults import (
    CellFaults,
    lines_of,
    listed,
    rows_of,
    separator_of,
    shown,
    text_of,
)
from frontline.sources.safety import decode_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from frontline.sources.safety import Limits

#: Rows and cells that are converted at a time.
CHUNK_ROWS = 200_000
CHUNK_CELLS = 8_000_000
#: What readers of tables call the columns that they add.
RESERVED = frozenset(
    "title kind actor valid_from valid_to recorded_from territory_changing basis geometry".split()
)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # the marks of UTF-16 and UTF-32


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a public format.

    Attributes
    ----------
    name : str
        As the format's own documentation writes it.
    kind : str
        ``"text"``, ``"label"`` (a text of few values), ``"integer"``, ``"number"``, ``"lon"``,
        ``"lat"`` (degrees) or ``"date"`` (an instant; a bare day is its first).
    required : bool
        Whether the column must be there.
    filled : bool
        Whether no cell of it may be empty.
    also : tuple of str
        What the column is called in other versions of the format.
    choices : tuple of str
        The only values there are, as written in the file.
    words : tuple of (str, str)
        Other ways in which a value is written, and the way of `choices`.
    low, high : float or None
        Bounds of a number, both allowed.
    """

    name: str
    kind: Literal["text", "label", "integer", "number", "lon", "lat", "date"] = "text"
    required: bool = False
    filled: bool = False
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(slots=True)
class Table:
    """A table as it was read.

    Attributes
    ----------
    frame : pandas.DataFrame
        Columns in the order of the file, under the names of the schema; index 0 .. n-1.
    remarks : list of str
        What was renamed, unknown, left out.
    """

    frame: pd.DataFrame
    remarks: list[str] = field(default_factory=list)


def read_fields(
    source: bytes | BinaryIO,
    fields: Sequence[Field],
    *,
    what: str,
    sep: str | None = None,
    names: Sequence[str] | None = None,
    quoted: bool = True,
    invalid: str = "raise",
    unknown: str = "keep",
    keep: Callable[[pd.DataFrame], Any] | None = None,
    check: Callable[[pd.DataFrame], list[tuple[Any, str]]] | None = None,
    encoding: str | None = None,
    limits: Limits | None = None,
) -> Table:
    r"""Read a delimited text whose columns are known.

    Parameters
    ----------
    source
        UTF-8, a byte-order mark is allowed; bytes, or a binary file that can be rewound.
        Bytes of UTF-16 and UTF-32 are known by their mark.
    fields
        The schema; other columns are kept as text, and a remark names them.
    what
        How messages name the data.
    sep
        What stands between two cells; None: the one of ``, ; tab |`` that parts the first line
        into most.
    names
        The names of the columns of a text without a header.
    quoted
        Whether cells can stand in double quotes.
    invalid
        ``"raise"`` raises one error for all faults, ``"drop"`` leaves their rows out and counts
        them in a remark.
    unknown
        ``"keep"`` or ``"drop"`` columns that the schema does not know.
    keep
        Says of a chunk which rows are wanted, before they are put together.
    check
        Says of a converted chunk which rows (a mask) break a rule between columns, and how.
    encoding
        Of bytes that are not UTF-8 and do not say it, such as ``"cp1256"``.
    limits
        At most `max_features` rows are put together; None: any number.

    Raises
    ------
    DataFileError
        A required column is missing, or cells are not what the schema says.

    Examples
    --------
    >>> table = read_fields(b"id,lat\n1,35.1\n", [Field("id", "integer"), Field("lat", "lat")],
    ...                     what="the example")
    >>> table.frame["lat"].tolist()
    [35.1]
    >>> read_fields(b"id,latt\n1,35.1\n", [Field("lat", "lat", required=True)], what="the example")
    Traceback (most recent call last):
    frontline.errors.DataFileError: the example: column lat is missing; latt may be it, renamed...
    """
    stream = _stream(source, what, encoding)
    dialect = {
        "sep": _separator(stream) if sep is None else sep,
        "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    }
    found = CellFaults(what, invalid)
    parts: list[pd.DataFrame] = []
    kept = 0
    try:
        header = list(names) if names is not None else _header(stream, what, dialect)
        columns, remarks = _columns(header, fields, what)
        known = {each.name for each in fields}
        taken = [at for at, column in enumerate(columns) if unknown == "keep" or column in known]
        stream.seek(0)
        for chunk in _chunks(stream, columns, taken, has_header=names is None, dialect=dialect):
            part = _converted(chunk, fields, found, check)
            parts.append(part if keep is None else part[np.asarray(keep(part), dtype=bool)])
            kept += len(parts[-1])
            if limits is not None:
                limits.check("max_features", kept, where=what, what="rows")
        if found.fatal:
            raise found.error(lines_of(stream, found.rows(), dialect, header=names is None))
    except UnicodeDecodeError as error:
        raise DataFileError(
            f"{what} is not UTF-8 ({error.reason}); save it as UTF-8, or name its encoding, e.g. "
            "encoding='cp1256' for Arabic from older Windows programs"
        ) from None
    return Table(_joined(parts), remarks + found.remarks())


def convert(
    texts: pd.DataFrame,
    fields: Sequence[Field],
    *,
    what: str,
    invalid: str = "raise",
    check: Callable[[pd.DataFrame], list[tuple[Any, str]]] | None = None,
) -> Table:
    """Read a frame of text cells as `read_fields` reads a file; "" is an empty cell.

    Raises
    ------
    DataFileError
        A required column is missing, or cells are not what the schema says; rows are named by
        their index.
    """
    found = CellFaults(what, invalid, row="record")
    columns, remarks = _columns(list(texts.columns), fields, what)
    frame = _converted(texts.set_axis(columns, axis=1), fields, found, check, lines=False)
    if found.fatal:
        raise found.error({})
    return Table(frame.reset_index(drop=True), remarks + found.remarks())


def _stream(source: bytes | BinaryIO, what: str, encoding: str | None) -> BinaryIO:
    if isinstance(source, bytes):
        if encoding is not None or source.startswith(_WIDE):
            source = decode_text(source, encoding=encoding, name=what).encode()
        if b"\x00" in source:
            raise DataFileError(f"{what} holds NUL bytes, so it is no text")
        if not source.strip():
            raise DataFileError(f"{what} is empty")
        return io.BytesIO(source)
    source.seek(0)
    return source


def _separator(stream: BinaryIO) -> str:
    start = stream.read(1 << 20).decode("utf-8-sig", "replace")
    stream.seek(0)
    return separator_of(start)


def _header(stream: BinaryIO, what: str, dialect: dict[str, Any]) -> list[str]:
    text = text_of(stream)
    try:
        header = [name.strip() for name in next(rows_of(text, dialect), [])]
    except csv.Error as error:
        raise DataFileError(f"{what}: line 1 is no header ({error})") from None
    finally:
        text.detach()
    faults = []
    if not any(header):
        faults.append("line 1 holds no header")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        faults.append(f"the columns {listed(twice)} stand there more than once")
    if faults:
        raise DataFileError(f"{what}: {'; '.join(faults)}", problems=faults)
    return header


def _columns(header: list[str], fields: Sequence[Field], what: str) -> tuple[list[str], list[str]]:
    """Give the columns of a file the names of the schema."""
    columns = list(header)
    remarks = []
    for each in fields:
        other = next((name for name in each.also if name in columns), None)
        if each.name not in columns and other is not None:
            columns[columns.index(other)] = each.name
            remarks.append(f"column {shown(other)} was read as {each.name}")
    known = {each.name for each in fields}
    for at, name in enumerate(columns):
        if name in RESERVED and name not in known:
            columns[at] = f"{name}_given"
            remarks.append(f"column {name} was read as {name}_given: {name} is the library's word")
    strange = [name for name in columns if name not in known]
    faults = []
    for each in fields:
        if not each.required or each.name in columns:
            continue
        lower = {name.casefold(): name for name in strange}
        near = difflib.get_close_matches(each.name.casefold(), list(lower)[:500], 1, 0.7)
        hint = f"; {shown(lower[near[0]])} may be it, renamed" if near else ""
        faults.append(f"column {each.name} is missing{hint}")
    if faults:
        expected = ", ".join(each.name for each in fields if each.required)
        raise DataFileError(
            f"{what}: {'; '.join(faults)}. Expected at least {expected}; found {listed(header)}",
            problems=faults,
        )
    if strange:
        remarks.append(f"columns that the format is not known to have: {listed(strange)}")
    return columns, remarks


def _chunks(
    stream: BinaryIO,
    columns: list[str],
    taken: list[int],
    *,
    has_header: bool,
    dialect: dict[str, Any],
) -> Any:
    text = text_of(stream)
    try:
        with warnings.catch_warnings():
            # A row that is longer than the header would lose cells with a warning only.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            reader = pd.read_csv(
                text,
                # Never "category": pandas would turn the text 05 into the number 5.
                dtype=str,
                keep_default_na=False,
                na_filter=False,
                index_col=False,
                header=0 if has_header else None,
                names=columns,
                usecols=taken if len(taken) < len(columns) else None,
                skip_blank_lines=False,
                chunksize=max(min(CHUNK_CELLS // len(columns), CHUNK_ROWS), 1),
                engine="c",
                **dialect,
            )
            start = 0
            for chunk in reader:
                chunk.index = pd.RangeIndex(start, start + len(chunk))
                start += len(chunk)
                yield chunk
    except (pd.errors.ParserWarning, pd.errors.ParserError) as error:
        raise DataFileError(
            f"the rows do not fit the header of {len(columns)} columns "
            f"({str(error).strip()[:120]}); look for a cell with an unquoted {dialect['sep']!r} or "
            "a quote that is never closed"
        ) from None
    finally:
        text.detach()


def _converted(
    chunk: pd.DataFrame,
    fields: Sequence[Field],
    found: CellFaults,
    check: Callable[[pd.DataFrame], list[tuple[Any, str]]] | None,
    *,
    lines: bool = True,
) -> pd.DataFrame:
    blank = (chunk.iloc[:, 0] == "").to_numpy(copy=True)
    if blank.any() and lines:
        blank[blank] = (chunk[blank] == "").all(axis=1).to_numpy()
        found.empty += int(blank.sum())
        chunk = chunk[~blank]
    by_name = {each.name: each for each in fields}
    out: dict[str, Any] = {}
    wrong = np.zeros(len(chunk), dtype=bool)
    for name in chunk.columns:
        each = by_name.get(name, Field(name))
        texts = chunk[name]
        if each.words:
            texts = texts.map(dict(each.words)).fillna(texts)
        cells: Checked = checked(
            texts, each.kind, choices=each.choices, low=each.low, high=each.high
        )
        out[name] = cells.column
        bad = cells.bad | (cells.empty if each.filled else False)
        if bad.any():
            found.add(name, chunk[name], bad, cells.expected)
            wrong |= bad
    frame = pd.DataFrame(out, index=chunk.index)
    for mask, sentence in check(frame) if check is not None else ():
        broken = np.asarray(mask, dtype=bool) & ~wrong
        if broken.any():
            found.add("", pd.Series(sentence, index=frame.index), broken, sentence)
            wrong |= broken
    return frame[~wrong] if wrong.any() else frame


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    if len(parts) == 1:
        return parts[0].reset_index(drop=True)
    out = {}
    for name in list(parts[0].columns):
        pieces = [part.pop(name) for part in parts]
        if isinstance(pieces[0].dtype, pd.CategoricalDtype):
            out[name] = pd.Series(pd.api.types.union_categoricals(pieces))
        else:
            out[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(out)
