"""Faults of the cells of a table, gathered while it is read and told at once with their lines."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline.errors import DataFileError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    import pandas as pd

#: What may stand between two cells, the likeliest first.
SEPARATORS = ",;\t|"
_FIRST_LINE = re.compile(r"[^\r\n]*")
_SHOWN = 25
_KEPT_PER_COLUMN = 50


class CellFaults:
    """Faults of cells, counted all and remembered up to a number for each column.

    Parameters
    ----------
    what
        How messages name the data.
    invalid
        ``"raise"`` or ``"drop"``.
    row
        How messages name a row whose line is not known.

    Raises
    ------
    InputError
        `invalid` is neither.
    """

    def __init__(self, what: str, invalid: str, *, row: str = "row") -> None:
        if invalid not in ("raise", "drop"):
            raise InputError(f"invalid={invalid!r} must be 'raise' or 'drop'")
        self._what = what
        self._row = row
        self._raise = invalid == "raise"
        self._seen: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self.empty = 0

    @property
    def fatal(self) -> bool:
        """Whether there are faults that have to be raised."""
        return self._raise and bool(self._counts)

    def add(self, column: str, values: pd.Series[Any], bad: Any, expected: str) -> None:
        """Note the cells of a column that are not what is expected; "" is a rule of rows."""
        kept = self._seen.setdefault((column, expected), [])
        rows = values.index.to_numpy()[bad][: _KEPT_PER_COLUMN - len(kept)]
        kept.extend((int(row), str(values.loc[row])) for row in rows)
        key = (column, expected)
        self._counts[key] = self._counts.get(key, 0) + int(np.count_nonzero(bad))

    def rows(self) -> list[int]:
        """Return the rows that are remembered, sorted."""
        return sorted({row for kept in self._seen.values() for row, _ in kept})

    def error(self, lines: dict[int, int]) -> DataFileError:
        """Return the error that names all faults, those of rows with known lines by them."""
        noted = sorted(
            (row, column, value, expected)
            for (column, expected), kept in self._seen.items()
            for row, value in kept
        )
        problems = [
            f"{self._where(row, lines)}: {expected}"
            if not column
            else f"{self._where(row, lines)}, column {shown(column)}: "
            + (f"{shown(value)!r} is not {expected}" if value else f"empty, not {expected}")
            for row, column, value, expected in noted
        ]
        first = problems[:_SHOWN]
        count = sum(self._counts.values())
        if count > len(first):
            first.append(f"... and {count - len(first):,} more")
        head = f"{self._what}: {count:,} fault{'s' if count > 1 else ''}"
        return DataFileError(head + "\n  - " + "\n  - ".join(first), problems=problems)

    def remarks(self) -> list[str]:
        """Return what was left out, counted, with an example of each sort."""
        out = []
        for (column, expected), count in self._counts.items():
            value = self._seen[column, expected][0][1]
            rows = f"{count:,} row{'s' if count > 1 else ''} left out"
            if column:
                out.append(f"{rows}: {column} is not {expected}, for example {shown(value)!r}")
            else:
                out.append(f"{rows}: {expected}")
        if self.empty:
            out.append(f"empty lines passed over: {self.empty:,}")
        return out

    def _where(self, row: int, lines: dict[int, int]) -> str:
        return f"line {lines[row]}" if row in lines else f"{self._row} {row}"


def text_of(stream: BinaryIO) -> io.TextIOWrapper:
    """Return a stream as UTF-8 text with its line breaks as they are; detach it after use."""
    return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def rows_of(text: io.TextIOWrapper, dialect: dict[str, Any]) -> Any:
    """Return a reader of rows, with the `sep` and `quoting` of a dialect."""
    return csv.reader(text, delimiter=dialect["sep"], quoting=dialect["quoting"])


def separator_of(text: str) -> str:
    r"""Return which of ``, ; tab |`` parts the first line into most cells, the comma if none.

    Examples
    --------
    >>> separator_of('"a,b,c";"d"\r1;2'), separator_of("a")
    (';', ',')
    """
    line = _FIRST_LINE.match(text)[0]  # type: ignore[index]  # it matches everything
    cells = {}
    for sep in SEPARATORS:
        try:
            cells[sep] = len(next(csv.reader([line], delimiter=sep), []))
        except csv.Error:
            cells[sep] = 0
    return max(cells, key=lambda sep: cells[sep])


def lines_of(
    stream: BinaryIO, rows: list[int], dialect: dict[str, Any], *, header: bool
) -> dict[int, int]:
    """Find the lines on which rows begin: a quoted cell can hold line breaks."""
    stream.seek(0)
    text = text_of(stream)
    wanted = set(rows)
    out = {}
    before = 0
    try:
        reader = rows_of(text, dialect)
        for number, _ in enumerate(reader, start=-1 if header else 0):
            if number in wanted:
                out[number] = before + 1
            if number >= rows[-1]:
                break
            before = reader.line_num
    except csv.Error:  # a cell of more than 128 kB; the rows found until here keep their lines
        pass
    finally:
        text.detach()
    return out


def shown(text: str) -> str:
    """Return a text short enough for a message."""
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - fits a line


def listed(names: Sequence[str]) -> str:
    """Return names between commas, the first forty of them."""
    first = [shown(name) for name in names[:40]]
    return ", ".join(first) + (f" and {len(names) - 40} more" if len(names) > 40 else "")  # noqa: PLR2004 - a paragraph
