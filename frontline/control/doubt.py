"""Dates in doubt: read beside the instants, kept with the spells, and asked at an instant.

A view needs one instant for each date. It takes the widest interval that uncertain ones
allow: from the earliest `valid_from` to the latest `valid_to`. So an end never comes before
its beginning, and no report loses ground to a date that is vague. What the dates leave open
is not lost but told by `doubtful`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.frames import each_distinct, objects
from frontline.dates import to_utc
from frontline.edtf import Edtf, looks_like_edtf, parse
from frontline.errors import DateError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.frames import Faults

    Ints = NDArray[np.int64]

#: The dates that may be given in EDTF, as they are or in a column of their own (`*_edtf`).
UNCERTAIN = ("valid_from", "valid_to")
#: The widest interval that the dates allow is the view's; what is open is told apart.
_STANDS_FOR = {"valid_from": "instant", "valid_to": "end"}

_BEFORE = int(np.iinfo(np.int64).min)
_AFTER = int(np.iinfo(np.int64).max)


def micros(stamps: Any, *, open_end: int) -> Ints:
    """Return timestamps as microseconds since 1970 UTC, with a number for NaT."""
    column = pd.DatetimeIndex(stamps)
    numbers = column.as_unit("us").asi8.copy()
    numbers[np.asarray(column.isna())] = open_end
    return np.asarray(numbers, dtype=np.int64)


def read_doubt(
    frame: pd.DataFrame, name: str, labels: list[Any], faults: Faults
) -> tuple[Any, np.ndarray]:
    """Return a column of dates without those in EDTF, and the texts of these.

    Parameters
    ----------
    frame
        Reports, with the column `name` or `name` and ``_edtf`` or both.
    name
        Which date.
    labels, faults
        The rows' names, and where to put what cannot be read.
    """
    beside = f"{name}_edtf"
    texts = np.full(len(frame), None, dtype=object)
    if beside in frame:
        texts = each_distinct(objects(frame[beside]), str)
    given = frame.get(name)
    if given is not None and pd.api.types.infer_dtype(given, skipna=True) in ("string", "mixed"):
        values = objects(given)
        marked = each_distinct(values, _marked)
        here = ~pd.isna(marked)
        if here.any():
            texts = np.where(here & pd.isna(texts), marked, texts)
            values[here] = None
            given = pd.Series(values, index=frame.index, dtype=object)
    found = each_distinct(texts, _read)
    for i in np.flatnonzero([isinstance(each, DateError) for each in found]):
        faults.add(f"row {labels[i]}: {beside}: {found[i]}", kind=DateError)
        texts[i] = None
    return given, each_distinct(texts, str.strip)


def _marked(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and looks_like_edtf(value) else None


def _read(text: str) -> Edtf | DateError:
    try:
        return parse(text)
    except DateError as error:
        return error


def settle(
    stamps: pd.Series[Any], texts: np.ndarray, name: str, labels: list[Any], faults: Faults
) -> pd.Series[Any]:
    """Fill dates that only EDTF gives, and refuse those that contradict it."""
    rows = np.flatnonzero(~pd.isna(texts))
    if not len(rows):
        return stamps
    read = each_distinct(texts[rows], parse)
    missing = stamps.isna().to_numpy()[rows]
    low = _bound(read, "doubt_from", _BEFORE)
    high = np.maximum(_bound(read, "doubt_to", _AFTER), _bound(read, "latest", _AFTER))
    at = micros(stamps, open_end=_BEFORE)[rows]
    for i in np.flatnonzero(~missing & ((at < low) | (at >= high))):
        faults.add(
            f"row {labels[rows[i]]}: {name} ({stamps[rows[i]]:%Y-%m-%d %H:%M}) is not within "
            f"{name}_edtf ({texts[rows[i]]})",
            kind=DateError,
        )
    numbers = micros(stamps, open_end=_BEFORE)
    numbers[rows[missing]] = _bound(read[missing], _STANDS_FOR[name], _BEFORE)
    return pd.Series(pd.DatetimeIndex(numbers.astype("datetime64[us]")).tz_localize("UTC"))


def _bound(read: np.ndarray, name: str, open_end: int) -> Ints:
    stamps = [getattr(each, name) for each in read]
    if not stamps:
        return np.array([], dtype=np.int64)
    return micros(pd.DatetimeIndex(stamps, tz="UTC"), open_end=open_end)


def texts_of(table: pd.DataFrame, cell: Ints, valid: Ints, winner: Ints) -> dict[str, np.ndarray]:
    """Return the EDTF of the beginnings and ends of spells, None where they have none.

    Parameters
    ----------
    table
        Statements; its columns of EDTF may be missing.
    cell, valid, winner
        The cell, the times (from, to) in microseconds and the statement of every spell, in
        order of cell and time.

    Notes
    -----
    A spell that begins or ends with its own statement has that statement's text. One that
    ends because the next begins has the next one's.
    """
    out = {f"{name}_edtf": np.full(len(cell), None, dtype=object) for name in UNCERTAIN}
    begin, end = out.values()
    for name, text, at, limit in (
        ("valid_from", begin, valid[:, 0], _BEFORE),
        ("valid_to", end, valid[:, 1], _AFTER),
    ):
        if f"{name}_edtf" not in table or table[f"{name}_edtf"].isna().all():
            continue
        own = micros(table[name], open_end=limit)[winner] == at
        text[own] = objects(table[f"{name}_edtf"])[winner[own]]
    follows = np.flatnonzero((cell[1:] == cell[:-1]) & (valid[1:, 0] == valid[:-1, 1]))
    follows = follows[pd.isna(end[follows])]
    end[follows] = begin[follows + 1]
    return out


def doubtful(
    table: pd.DataFrame, spoke: pd.DataFrame, n_cells: int, when: Any, *, as_of: Any
) -> NDArray[np.bool_]:
    """Say of which cells one cannot tell at an instant whether a report held yet or still.

    Parameters
    ----------
    table, spoke
        Statements and the cells for which they speak.
    n_cells
        How many cells there are.
    when, as_of
        The instant, and what was known then; None: what is known now.

    Notes
    -----
    That is so while the instant lies between the earliest and the latest that the EDTF of a
    report's `valid_from` or `valid_to` allows, dates marked ``~``, ``?`` or ``%`` widened by
    one unit (see `frontline.edtf.Edtf`). A date without EDTF is taken as it stands.
    """
    out = np.zeros(n_cells, dtype=bool)
    known = _AFTER - 1 if as_of is None else _micros(as_of)
    moment = _micros(when)
    open_now = np.zeros(len(table), dtype=bool)
    for name in UNCERTAIN:
        if f"{name}_edtf" not in table:
            continue
        texts = objects(table[f"{name}_edtf"])
        rows = np.flatnonzero(~pd.isna(texts))
        if len(rows):
            read = each_distinct(texts[rows], parse)
            low = _bound(read, "doubt_from", _BEFORE)
            high = _bound(read, "doubt_to", _AFTER)
            open_now[rows] |= (low <= moment) & (moment < high)
    open_now &= (table["review"] == "accepted").to_numpy()
    open_now &= micros(table["recorded_from"], open_end=_BEFORE) <= known
    open_now &= known < micros(table["recorded_to"], open_end=_AFTER)
    out[spoke["cell"].to_numpy()[open_now[spoke["report"].to_numpy()]]] = True
    return out


def _micros(when: Any) -> int:
    return int(to_utc(when).asm8.astype("datetime64[us]").astype(np.int64))
