"""Columns of text turned into numbers, instants and labels; what cannot be is marked."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.dates import to_utc
from frontline.errors import DateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_EXACT = 2.0**53
_LIMITS = {"lon": 180.0, "lat": 90.0}
# A date says its year: "now" and "12:30" would be read as dates of today.
_YEAR = re.compile(r"\d{4}")
_LONGEST_DATE = 64


@dataclass(frozen=True, slots=True)
class Checked:
    """A column after conversion.

    Attributes
    ----------
    column : pandas.Series
        What could be read; the rest is missing.
    bad : numpy.ndarray of bool
        Which cells hold something that cannot be read.
    empty : numpy.ndarray of bool
        Which cells hold nothing.
    expected : str
        What a cell should be, in words that follow "is not".
    """

    column: pd.Series[Any]
    bad: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    expected: str


def checked(
    texts: pd.Series[Any],
    kind: str,
    *,
    choices: Sequence[str] = (),
    low: float | None = None,
    high: float | None = None,
) -> Checked:
    """Convert a column of text.

    Parameters
    ----------
    texts
        Text cells; "" is empty.
    kind
        See `frontline.sources.schemas.Field`.
    choices, low, high
        As there.

    Examples
    --------
    >>> cells = checked(pd.Series(["1", "x", ""]), "integer")
    >>> cells.column.tolist(), cells.bad.tolist()
    ([1, <NA>, <NA>], [False, True, False])
    """
    if kind == "label":
        return _labels(texts, choices)
    empty = (texts == "").to_numpy(dtype=bool)
    if kind == "date":
        return _dates(texts, empty)
    if kind in ("integer", "number", "lon", "lat"):
        return _numbers(texts, empty, kind, choices, low, high)
    bad = np.zeros(len(texts), dtype=bool)
    expected = "a text"
    if choices:
        bad = ~empty & ~texts.isin(choices).to_numpy()
        expected = "one of " + ", ".join(choices)
    missing = empty | bad
    values = texts.where(~missing, None) if missing.any() else texts
    return Checked(values, bad, empty, expected)


def _labels(texts: pd.Series[Any], choices: Sequence[str]) -> Checked:
    """Look at each distinct text once; with choices, they are the categories, in their order."""
    codes, distinct = pd.factorize(texts)
    names = distinct.tolist()
    kept = list(choices) or sorted(name for name in names if name != "")
    place = {name: at for at, name in enumerate(kept)}
    table = np.array([place.get(name, -1) for name in names] or [-1])
    found = table[codes]
    empty = np.array([name == "" for name in names] or [True])[codes]
    values = pd.Categorical.from_codes(found, categories=pd.Index(kept, dtype="str"))
    expected = "one of " + ", ".join(choices) if choices else "a text"
    return Checked(pd.Series(values, index=texts.index), (found < 0) & ~empty, empty, expected)


def _numbers(
    texts: pd.Series[Any],
    empty: NDArray[np.bool_],
    kind: str,
    choices: Sequence[str],
    low: float | None,
    high: float | None,
) -> Checked:
    as_float = _floats(texts.where(~empty, "nan") if empty.any() else texts)
    with np.errstate(invalid="ignore"):
        bad = ~empty & ~np.isfinite(as_float)
        limit = _LIMITS.get(kind, np.inf)
        least = -limit if low is None else low
        most = limit if high is None else high
        bad |= ~empty & ((as_float < least) | (as_float > most))
        if kind == "integer":
            bad |= ~empty & ((np.abs(as_float) > _EXACT) | (as_float != np.round(as_float)))
        if choices:
            bad |= ~empty & ~np.isin(as_float, np.array(choices, dtype=float))
    expected = "a whole number" if kind == "integer" else "a number"
    if choices:
        expected = "one of " + ", ".join(choices)
    elif np.isfinite(least) and np.isfinite(most):
        expected += f" from {least:g} to {most:g}"
    elif np.isfinite(least):
        expected += f" of at least {least:g}"
    missing = bad | empty
    if kind == "integer":
        whole = np.where(missing, 0.0, as_float).astype(np.int64)
        values = pd.Series(whole, index=texts.index)
        if missing.any():
            values = values.astype("Int64").mask(missing)
    else:
        values = pd.Series(np.where(missing, np.nan, as_float), index=texts.index)
    return Checked(values, bad, empty, expected)


def _floats(texts: pd.Series[Any]) -> NDArray[np.float64]:
    """Turn texts into numbers, NaN where they are none; at once if all are."""
    if not texts.str.contains("_", regex=False).any():  # Python reads 1_000 as a number
        try:
            return texts.to_numpy(dtype=object).astype(float)
        except ValueError:
            pass
    return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def _dates(texts: pd.Series[Any], empty: NDArray[np.bool_]) -> Checked:
    """Read each distinct text once: a year of daily rows has 365 of them."""
    codes, distinct = pd.factorize(texts)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an unknown time zone is a warning of the parser only
        stamps = [_stamp(text) for text in distinct]
    table = pd.DatetimeIndex(stamps, tz="UTC").as_unit("us") if stamps else _no_dates()
    values = pd.Series(table.take(codes), index=texts.index)
    bad = values.isna().to_numpy() & ~empty
    return Checked(values, bad, empty, "a date that can be read in one way")


def _no_dates() -> pd.DatetimeIndex:
    return pd.DatetimeIndex([], tz="UTC").as_unit("us")


def _stamp(text: str) -> Any:
    if len(text) > _LONGEST_DATE or not _YEAR.search(text):
        return pd.NaT
    try:
        return to_utc(text)
    except (DateError, Warning):
        return pd.NaT
