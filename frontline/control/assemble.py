"""The steps from a frame of reports to a `ControlHistory`, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.build import lay_ground
from frontline.control.claims import resolve_spells, weights
from frontline.control.statements import (
    Faults,
    outline_of,
    read_places,
    read_statements,
)
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from frontline.control.history import ControlHistory
    from frontline.control.infill import Infill


def history_from_places(
    cls: type[ControlHistory],
    reports: pd.DataFrame,
    *,
    outline: Any,
    max_km: float | None,
    contested_km: float | None,
    places: gpd.GeoDataFrame | None,
    gazetteer: Any,
    resolve: str,
    rank: Sequence[str] | None,
    sources: pd.DataFrame | None,
    infill: Infill | bool | None,
    name: str | None,
) -> ControlHistory:
    """Build a history; see `ControlHistory.from_places`."""
    for what, value in (("max_km", max_km), ("contested_km", contested_km)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise InputError(f"{what} must be a length above 0 km, not {value}")
    theatre = outline_of(outline)
    known = read_places(places, outline=theatre)
    table = read_statements(reports, places=known, gazetteer=gazetteer, outline=theatre)
    if sources is not None and not isinstance(sources, pd.DataFrame):
        raise InputError(f"sources must be a DataFrame, not {type(sources).__name__}")
    weights(table, resolve=resolve, rank=rank)
    ground = lay_ground(table, places=known, outline=theatre, max_km=max_km)
    spoke = ground.spoke
    spells = resolve_spells(table, spoke, weight=weights(table, resolve=resolve, rank=rank))
    meta = {
        "name": name or "",
        "outline_given": outline is not None,
        "max_km": max_km,
        "contested_km": contested_km,
        "resolve": resolve,
        "rank": list(rank) if rank is not None else None,
    }
    kept = pd.DataFrame() if sources is None else sources.copy()
    return cls(ground.composite, spells, table, spoke, kept, meta)
