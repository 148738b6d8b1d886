"""How far the areas of sides on a grid are from those before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.frames import object_series
from frontline.publication.record import WORTH_SAYING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control import ControlHistory

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["area_change", "with_change_said"]

#: Areas below this are none: what is left of sums and differences of floats.
_NOTHING_KM2 = 1e-6


def area_change(before: ControlHistory, after: ControlHistory) -> pd.DataFrame:
    """Return by how much the area of each side changed at most, as the last record has it.

    Returns
    -------
    pandas.DataFrame
        Columns actor, date (when), before_km2, after_km2 and share, of the area before; the
        largest first. Only instants at which a side held something before are looked at.
    """
    rows: list[dict[str, Any]] = []
    one, two = _stepwise(before), _stepwise(after)
    for actor, (instants, areas) in one.items():
        others = _at(*two.get(actor, (instants[:0], areas[:0])), instants)
        held = areas > _NOTHING_KM2
        if not held.any():
            continue
        shares = np.where(held, np.abs(others - areas) / np.where(held, areas, 1.0), 0.0)
        k = int(shares.argmax())
        rows.append(
            {
                "actor": actor,
                "date": pd.Timestamp(int(instants[k]), unit="us", tz="UTC"),
                "before_km2": float(areas[k]),
                "after_km2": max(float(others[k]), 0.0),
                "share": float(shares[k]),
            }
        )
    columns = ["actor", "date", "before_km2", "after_km2", "share"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values(["share", "actor"], ascending=[False, True], ignore_index=True)


def with_change_said(history: ControlHistory, changes: pd.DataFrame) -> ControlHistory:
    """Return a history whose findings name the sides that a grid changed."""
    told = changes[changes["share"] > WORTH_SAYING]
    if not len(told):
        return history
    rows = pd.DataFrame(
        {
            "date": told["date"].dt.as_unit("us").to_numpy(),
            "kind": object_series(["generalised"] * len(told)),
            "actor": object_series(told["actor"]),
            "area_km2": (told["after_km2"] - told["before_km2"]).abs().to_numpy(),
            "note": object_series(
                f"the grid changes the area of this side by up to {100 * share:.0f} %"
                for share in told["share"]
            ),
        }
    )
    rows["date"] = pd.to_datetime(rows["date"], utc=True).dt.as_unit("us")
    findings = history.findings
    joined = rows if not len(findings) else pd.concat([findings, rows], ignore_index=True)
    return replace(history, _findings=joined)


def _stepwise(history: ControlHistory) -> dict[str, tuple[Ints, Floats]]:
    """Return for every side the instants at which its area changes, and the area from then on."""
    spells = history.spells
    spells = spells[spells["recorded_to"].isna() & spells["actor"].notna()]
    area_km2 = history.composite.area_km2[spells["cell"].to_numpy()]
    first = spells["valid_from"].dt.as_unit("us").astype("int64").to_numpy()
    ends = spells["valid_to"].notna().to_numpy()
    last = spells["valid_to"].dt.as_unit("us").astype("int64").to_numpy()
    actors = spells["actor"].to_numpy(dtype=object)
    out: dict[str, tuple[Ints, Floats]] = {}
    for actor in sorted(set(actors)):
        own = actors == actor
        when = np.concatenate([first[own], last[own & ends]])
        change = np.concatenate([area_km2[own], -area_km2[own & ends]])
        instants, place = np.unique(when, return_inverse=True)
        areas = np.cumsum(np.bincount(place, weights=change)).astype(np.float64)
        out[str(actor)] = (np.asarray(instants, dtype=np.int64), areas)
    return out


def _at(instants: Ints, areas: Floats, when: Ints) -> Floats:
    """Return the areas that hold at instants."""
    place = np.searchsorted(instants, when, side="right")
    return np.concatenate([[0.0], areas])[place]
