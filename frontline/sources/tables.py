"""Strict reading of CSV: every fault with its line, its column and what was expected, at once."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from frontline.dates import to_utc
from frontline.errors import DataFileError, DateError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A table of more bytes than this is refused rather than read into memory.
MAX_BYTES = 200_000_000
_SHOWN = 50
_LIMITS = {"lon": 180.0, "lat": 90.0}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of a table must hold.

    Attributes
    ----------
    name
        As in the header.
    kind
        ``"text"``, ``"number"``, ``"lon"``, ``"lat"`` (degrees) or ``"utc"`` (an instant).
    required
        Whether the column must be there and every row must fill it.
    choices
        The only values allowed, if given.
    """

    name: str
    kind: Literal["text", "number", "lon", "lat", "utc"] = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


def read_table(path: Path | str, columns: Sequence[Column]) -> pd.DataFrame:
    r"""Read a CSV file whose columns are known; other columns are kept as text.

    Parameters
    ----------
    path
        A UTF-8 file (a byte-order mark is allowed) with a header.
    columns
        What is expected of its columns.

    Returns
    -------
    pandas.DataFrame
        One row per record; missing values are None, NaN or NaT. The index is the line number
        in the file on which the record ends, so that later complaints can name it too.

    Raises
    ------
    DataFileError
        The file cannot be read, or some rows are broken: all of them are listed, and nothing
        of the file is used.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "reports.csv"
    >>> _ = file.write_text("place,valid_from\nHama,2024-12-05\nHoms,2024-12-35\n")
    >>> read_table(file, [Column("place", required=True), Column("valid_from", "utc")])
    Traceback (most recent call last):
    frontline.errors.DataFileError: reports.csv has 1 fault and was not used:
    line 3, column valid_from: valid_from '2024-12-35' does not exist or cannot be read; ...
    """
    file = Path(path)
    text = _read_text(file)
    problems: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(file, header, columns)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                problems.append(
                    f"line {reader.line_num}: {len(row)} fields where the header has {len(header)}"
                )
                continue
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: {error}")
    expected = {column.name: column for column in columns}
    data: dict[str, list[Any]] = {}
    for number, name in enumerate(header):
        column = expected.get(name, Column(name))
        values = [row[number].strip() for row in rows]
        data[name] = _convert(values, column, lines, problems)
    if problems:
        problems.sort(key=lambda each: int(each.split()[1].rstrip(":,")))
        raise _broken(file, problems)
    frame = pd.DataFrame(
        {name: _series(values, expected.get(name)) for name, values in data.items()}
    )
    frame.index = pd.Index(lines, name="line", dtype="int64")
    return frame


def _read_text(file: Path) -> str:
    if not file.is_file():
        raise DataFileError(f"there is no file {file}", path=file)
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise DataFileError(f"{file.name} has {size:,} bytes; at most {MAX_BYTES:,} are read")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataFileError(
            f"{file.name} is not UTF-8 (byte {error.start}); save it as 'CSV UTF-8'", path=file
        ) from None
    if "\x00" in text:
        raise DataFileError(f"{file.name} holds NUL bytes, so it is no CSV text", path=file)
    return text


def _check_header(file: Path, header: list[str], columns: Sequence[Column]) -> None:
    faults = []
    if not any(header):
        faults.append("line 1: the header is missing")
    missing = [each.name for each in columns if each.required and each.name not in header]
    if missing:
        faults.append(f"line 1: the columns {', '.join(missing)} are missing")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        faults.append(f"line 1: the columns {', '.join(twice)} stand there more than once")
    if faults:
        raise _broken(file, faults)


def _convert(values: list[str], column: Column, lines: list[int], problems: list[str]) -> list[Any]:
    out: list[Any] = []
    for value, line in zip(values, lines, strict=True):
        try:
            out.append(_value(value, column))
        except ValueError as error:
            out.append(None)
            problems.append(f"line {line}, column {column.name}: {error}")
    return out


def _value(value: str, column: Column) -> Any:
    if not value:
        if column.required:
            raise ValueError("the field is empty")
        return pd.NaT if column.kind == "utc" else None
    if column.choices and value not in column.choices:
        raise ValueError(f"{value[:60]!r} is none of {', '.join(column.choices)}")
    if column.kind == "text":
        return value
    if column.kind == "utc":
        try:
            return to_utc(value, what=column.name)
        except DateError as error:
            raise ValueError(str(error)) from None
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"{value[:60]!r} is no number") from None
    limit = _LIMITS.get(column.kind, math.inf)
    if not math.isfinite(number) or abs(number) > limit:
        raise ValueError(f"{value[:60]!r} is not between -{limit:g} and {limit:g}")
    return number


def _series(values: list[Any], column: Column | None) -> pd.Series[Any]:
    kind = column.kind if column else "text"
    if kind == "utc":
        return pd.Series(pd.DatetimeIndex(values, tz="UTC").as_unit("us"))
    if kind == "text":
        return pd.Series(values, dtype=object)
    return pd.Series(values, dtype=float)


def _broken(file: Path, problems: list[str]) -> DataFileError:
    count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
    more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
    listing = "\n".join(problems[:_SHOWN] + more)
    return DataFileError(
        f"{file.name} has {count} and was not used:\n{listing}", path=file, problems=problems
    )
