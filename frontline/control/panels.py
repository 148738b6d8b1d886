"""Panels: one row a place and day, one column a source, melted to what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from frontline.control.frames import Faults, objects
from frontline.control.statements import STATUSES
from frontline.dates import to_utc_series
from frontline.errors import InputError


def statements_from_panel(
    frame: pd.DataFrame,
    *,
    sources: Mapping[str, str],
    actors: Mapping[Any, str],
    place: str = "place",
    date: str = "date",
    carry: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Turn a panel with a column for each source into statements, one for each change.

    Parameters
    ----------
    frame
        One row for each place and date, with a column of codes for each source, as in VIINA
        2.0 (`status_wiki`, `status_boost`, `status_dsm`, `status_isw`).
    sources
        Which column holds whose statements: ``{"status_wiki": "Wikipedia"}``.
    actors
        What each code stands for: an actor, or one of the statuses contested and no_data.
    place, date
        The columns that say where and when. A number such as 20220224 is read as a date.
    carry
        Further columns (a geometry, a note) that each statement takes from its row.

    Returns
    -------
    pandas.DataFrame
        `place`, `actor`, `status`, `valid_from`, `source` and what is carried, for
        `ControlHistory.from_places`; sorted by source, place and date.

    Raises
    ------
    InputError
        A column that is missing, codes that `actors` does not explain, or two rows for one
        place and date.

    Notes
    -----
    A code that is missing says nothing: what the source said before stands. A statement says
    from when on; so a source that repeats itself for a year is one statement.

    Examples
    --------
    >>> panel = pd.DataFrame({
    ...     "place": ["Kherson"] * 3, "date": [20221109, 20221110, 20221111],
    ...     "status_wiki": ["RU", "RU", "UA"], "status_isw": ["RU", "CONTESTED", None]})
    >>> found = statements_from_panel(
    ...     panel, sources={"status_wiki": "wiki", "status_isw": "isw"},
    ...     actors={"RU": "Russia", "UA": "Ukraine", "CONTESTED": "contested"})
    >>> found[["source", "actor", "status"]].values.tolist()[:2]
    [['isw', 'Russia', 'controlled'], ['isw', None, 'contested']]
    >>> len(found)
    4
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"a panel must be a DataFrame, not {type(frame).__name__}")
    if not sources or not all(isinstance(each, Mapping) for each in (sources, actors)):
        raise InputError("sources and actors must be mappings, such as {'status_isw': 'ISW'}")
    faults = Faults("panel")
    for name in (place, date, *sources, *carry):
        if name not in frame:
            faults.add(f"column {name} is missing; found: {', '.join(map(str, frame.columns))}")
    faults.raise_if_any()
    days = _days(frame[date])
    where = pd.factorize(frame[place])[0]
    order = np.lexsort((days.asi8, where))
    sorted_place, sorted_day = where[order], days.asi8[order]
    twice = (np.diff(sorted_place) == 0) & (np.diff(sorted_day) == 0)
    for i in np.flatnonzero(twice)[:20]:
        faults.add(f"row {frame.index[order[i + 1]]}: a second row for the same {place} and {date}")
    for i in np.flatnonzero(where < 0)[:20]:
        faults.add(f"row {frame.index[i]}: {place} is missing")
    parts: list[pd.DataFrame] = []
    for column in sorted(sources, key=lambda name: str(sources[name])):
        code, distinct = pd.factorize(frame[column])
        unknown = [value for value in distinct if value not in actors]
        for value in unknown[:20]:
            faults.add(f"column {column}: code {value!r} is not explained in actors")
        if unknown:
            continue
        says = order[code[order] >= 0]
        new = np.ones(len(says), dtype=bool)
        new[1:] = (np.diff(where[says]) != 0) | (np.diff(code[says]) != 0)
        rows = says[new]
        meaning = [actors[value] for value in distinct]
        part = {"place": objects(frame[place].iloc[rows].astype(str)), "valid_from": days[rows]}
        part |= {name: frame[name].array[rows] for name in carry}
        parts.append(_statements(part, meaning, code[rows], str(sources[column])))
    faults.raise_if_any()
    return pd.concat(parts, ignore_index=True)


def _statements(part: dict[str, Any], meaning: list[str], code: Any, source: str) -> pd.DataFrame:
    state = [meant if meant in STATUSES else "controlled" for meant in meaning]
    actor = [None if meant in STATUSES else str(meant) for meant in meaning]
    part["actor"] = objects([*actor, None])[code]
    part["status"] = objects([*state, None])[code]
    part["source"] = objects([source] * len(code))
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=object) if values.dtype == object else values
            for name, values in part.items()
        }
    )


def _days(column: pd.Series[Any]) -> pd.DatetimeIndex:
    """Read dates; whole numbers are YYYYMMDD."""
    if pd.api.types.is_integer_dtype(column.dtype):
        code, distinct = pd.factorize(column.astype("int64"))
        texts = pd.Series(
            [f"{n // 10000:04d}-{n // 100 % 100:02d}-{n % 100:02d}" for n in distinct]
        )
        found = to_utc_series(texts, what="date", allow_nat=False)
        return pd.DatetimeIndex(found).take(code)
    return pd.DatetimeIndex(to_utc_series(column, what="date", allow_nat=False))
