"""Who contradicts whom: statements on one cell that name different holders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.build import joined
from frontline.control.claims import AFTER, BEFORE, micros
from frontline.control.frames import object_series, objects
from frontline.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.timeline import Timeline

    Ints = NDArray[np.int64]

_CONTESTED = object()


def contradictions(
    table: pd.DataFrame, spoke: pd.DataFrame, *, within: Any, timeline: Timeline
) -> pd.DataFrame:
    """List pairs of statements that name different holders; see `ControlHistory.conflicts`.

    Parameters
    ----------
    table, spoke
        Statements and the cells for which they spoke; infill is left out.
    within
        How near the two `valid_from` must be, e.g. ``"1D"``, or None.
    timeline
        The spells, which say who is believed.
    """
    span = _span(within)
    # A statement names a holder or, where it names none, says that the cell is contested.
    claim = objects(table["actor"])
    status = objects(table["status"])
    claim[pd.isna(claim) & (status == "contested")] = _CONTESTED
    actor = pd.factorize(claim)[0]
    start = micros(table["valid_from"], open_end=BEFORE)
    end = micros(table["valid_to"], open_end=AFTER)
    said = (objects(table["kind"]) != "infill") & (actor >= 0)
    report, cell = spoke["report"].to_numpy(), spoke["cell"].to_numpy()
    keep = said[report]
    report, cell = report[keep], cell[keep]
    # Most cells hear of one holder only; nothing needs to be compared there.
    some = np.full(int(cell.max(initial=-1)) + 1, -1)
    some[cell] = actor[report]
    divided = np.unique(cell[some[cell] != actor[report]])
    keep = np.isin(cell, divided)
    report, cell = report[keep], cell[keep]
    stands = end[report]
    if span is None:
        stands = np.minimum(stands, _superseded(table, report, cell, start))
    row = np.arange(len(report))
    one, two = joined(row, cell, cell, row).T
    a, b = report[one], report[two]
    meet = (start[a] < start[b]) | ((start[a] == start[b]) & (a < b))
    meet &= (actor[a] != actor[b]) & (start[b] < stands[one])
    meet &= (start[b] < stands[two]) if span is None else _near(start[a], start[b], span)
    one, two = one[meet], two[meet]
    pair = report[one].astype(np.int64) * len(table) + report[two]
    pair, first, cells = np.unique(pair, return_index=True, return_counts=True)
    a, b = np.divmod(pair, max(len(table), 1))
    spell = timeline.spells_of(cell[one[first]], start[b])
    holder = objects([*timeline.spells["actor"], None])  # the last stands for "no spell"
    place = objects(table["place"])
    return pd.DataFrame(
        {
            "report_a": a,
            "report_b": b,
            "place": object_series(np.where(pd.isna(place[b]), place[a], place[b])),
            **{
                f"{name}_{side}": table[name].iloc[rows].reset_index(drop=True)
                for name in ("actor", "status", "valid_from", "source")
                for side, rows in (("a", a), ("b", b))
            },
            "cells": cells,
            "believed": object_series(holder[spell]),
        }
    )


def _span(within: Any) -> int | None:
    if within is None:
        return None
    try:
        return int(pd.Timedelta(within) // pd.Timedelta("1us"))
    except (ValueError, TypeError):
        raise InputError(f"within {within!r} is no length of time; use 1D, 12h or None") from None


def _near(first: Ints, second: Ints, span: int) -> NDArray[np.bool_]:
    # Statements of old have no number small enough to be subtracted from.
    return np.asarray(first >= np.maximum(second, BEFORE + span) - span)


def _superseded(table: pd.DataFrame, report: Ints, cell: Ints, start: Ints) -> Ints:
    """Return when each statement's own source next speaks on the same cell."""
    source = pd.factorize(objects(table["source"]))[0][report]
    order = np.lexsort((report, start[report], source, cell))
    out = np.full(len(report), AFTER, dtype=np.int64)
    same = (np.diff(cell[order]) == 0) & (np.diff(source[order]) == 0)
    same &= source[order][1:] >= 0
    out[order[:-1][same]] = start[report[order[1:][same]]]
    return out
