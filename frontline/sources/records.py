"""Lists of JSON objects, read by the same schemas as tables of text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.errors import DataFileError
from frontline.sources.schemas import Field, Table, convert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.sources.safety import Limits

_SHOWN = 20


def read_records(
    rows: Any,
    fields: Sequence[Field],
    *,
    what: str,
    invalid: str = "raise",
    check: Callable[[pd.DataFrame], list[tuple[Any, str]]] | None = None,
    limits: Limits | None = None,
) -> Table:
    """Read a list of objects whose keys are known; see `frontline.sources.schemas.read_fields`.

    A key need not be in every object; what is missing or null is an empty cell. Faults name the
    record, counted from 0.

    Raises
    ------
    DataFileError
        It is no list of objects, or its values are not what the schema says.

    Examples
    --------
    >>> rows = [{"id": 7, "lat": 35.1}, {"id": 8}]
    >>> fields = [Field("id", "integer"), Field("lat", "lat")]
    >>> read_records(rows, fields, what="the example").frame["lat"].tolist()
    [35.1, nan]
    """
    if not isinstance(rows, list):
        raise DataFileError(f"{what} holds no list of records", path=what)
    if limits is not None:
        limits.check("max_features", len(rows), where=what, what="records")
    wrong = [number for number, row in enumerate(rows) if not isinstance(row, dict)]
    if wrong:
        problems = [f"record {number} is no object" for number in wrong]
        raise DataFileError(f"{what}: {'; '.join(problems[:_SHOWN])}", path=what, problems=problems)
    names = list(dict.fromkeys(str(key) for row in rows for key in row))
    if not names:  # nothing in it: the columns of the schema, without rows
        names = [each.name for each in fields]
    texts = pd.DataFrame(
        {
            name: pd.Series([_text(row.get(name), what) for row in rows], dtype="str")
            for name in names
        }
    )
    return convert(texts, fields, what=what, invalid=invalid, check=check)


def dumped(value: Any, what: str) -> str:
    """Write a value that was read from JSON as JSON again.

    Raises
    ------
    DataFileError
        Its brackets are nested too deeply.
    """
    try:
        return json.dumps(value)
    except RecursionError:
        raise DataFileError(f"{what} nests its brackets too deeply", path=what) from None


def _text(value: Any, what: str) -> str:
    """Return a value as a cell of a table would hold it; broken surrogates are written out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        value = dumped(value, what) if isinstance(value, (dict, list)) else repr(value)
    text: str = value
    return text.encode("utf-8", "backslashreplace").decode()
