"""Codes of precision as types of their own: 1 of one project is not 1 of another."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self


class Code(StrEnum):
    """A code with its meaning; the members of a subclass stand from the best to the worst.

    A member is a text, so that it can be stored and compared in a column, and the text names the
    project, so that it equals no code of another. Columns of codes are ordered categories: to
    compare them with a code of another sort raises a TypeError.

    Attributes
    ----------
    code : int
        The bare number (or its rank, where the project writes a text).
    meaning : str
        What it says.

    Examples
    --------
    >>> class Depth(Code):
    ...     SHALLOW = "example depth 1", 1, "one can stand"
    ...     DEEP = "example depth 2", 2, "one cannot"
    >>> Depth.DEEP.code, Depth.DEEP.meaning
    (2, 'one cannot')
    >>> column = coded([2, 1], Depth)
    >>> (column <= Depth.SHALLOW).tolist()
    [False, True]
    """

    code: int
    meaning: str

    def __new__(cls, text: str, code: int, meaning: str) -> Self:
        """Make a member of its text, its number and its meaning."""
        member = str.__new__(cls, text)
        member._value_ = text
        member.code = code
        member.meaning = meaning
        return member


def numbers_of(kind: type[Code]) -> tuple[str, ...]:
    """Return the codes as a file writes them."""
    return tuple(str(each.code) for each in kind)


def words_of(kind: type[Code]) -> tuple[tuple[str, str], ...]:
    """Return the texts of `coded`, as a table of ours has them, with the codes they stand for."""
    return tuple((each.value, str(each.code)) for each in kind)


def coded(numbers: Any, kind: type[Code]) -> pd.Series[Any]:
    """Turn bare numbers into an ordered category of the texts of `kind`; others are missing.

    Parameters
    ----------
    numbers
        A column of numbers, missing ones allowed.
    kind
        The sort of code.
    """
    series = numbers if isinstance(numbers, pd.Series) else pd.Series(list(numbers))
    members = list(kind)
    values = series.to_numpy(dtype=float, na_value=np.nan)
    codes = np.array([each.code for each in members], dtype=float)
    order = np.argsort(codes)
    place = np.clip(np.searchsorted(codes[order], np.nan_to_num(values)), 0, len(codes) - 1)
    found = order[place]
    found = np.where(codes[found] == values, found, -1)
    return _category(found, (each.value for each in members), series.index)


def bare(column: pd.Series[Any], kind: type[Code]) -> pd.Series[Any]:
    """Turn a column of `coded` back into whole numbers, missing ones allowed."""
    numbers = {each.value: each.code for each in kind}
    return column.astype(object).map(numbers).astype("Int64")


def _category(found: Any, texts: Iterable[str], index: Any) -> pd.Series[Any]:
    categories = pd.Index(list(texts))
    values = pd.Categorical.from_codes(np.asarray(found), categories=categories, ordered=True)
    return pd.Series(values, index=index)
