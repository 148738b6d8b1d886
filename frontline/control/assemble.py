"""The steps from a frame of reports to a `ControlHistory`, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.bands import borders_ever_front, contest, cut_bands
from frontline.control.build import lay_ground
from frontline.control.claims import resolve_spells, weights
from frontline.control.frames import outline_of, read_places
from frontline.control.infill import Infill, infill_parameters, infill_statements
from frontline.control.statements import read_statements
from frontline.control.timeline import Timeline
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from frontline.control.history import ControlHistory


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
    rule = Infill() if infill is True else (infill or None)
    if rule is not None and not isinstance(rule, Infill):
        raise InputError(f"infill must be an Infill, True or None, not {type(rule).__name__}")
    spells = _resolve(table, ground.spoke, resolve=resolve, rank=rank)
    if rule is not None:
        further, pairs = infill_statements(rule, ground, table, spells)
        if len(further):
            table = pd.concat([table, further])
            ground = replace(ground, spoke=pd.concat([ground.spoke, pairs], ignore_index=True))
            spells = _resolve(table, ground.spoke, resolve=resolve, rank=rank)
    beside = pd.DataFrame({"cell": [], "beside": []}, dtype="int64")
    if contested_km is not None:
        timeline = Timeline(len(ground.composite), spells)
        edges = borders_ever_front(ground.composite, timeline)
        if len(edges):
            bands = cut_bands(ground, edges, contested_km=contested_km)
            ground, beside = bands.ground, bands.beside
            spells = _resolve(table, ground.spoke, resolve=resolve, rank=rank)
            spells = contest(spells, beside, n_cells=len(ground.composite))
    meta = {
        "name": name or "",
        "outline_given": outline is not None,
        "max_km": max_km,
        "contested_km": contested_km,
        "resolve": resolve,
        "rank": list(rank) if rank is not None else None,
        "infill": None if rule is None else infill_parameters(rule),
    }
    kept = pd.DataFrame() if sources is None else sources.copy()
    return cls(ground.composite, spells, table, ground.spoke, kept, meta, beside)


def _resolve(
    table: pd.DataFrame, spoke: pd.DataFrame, *, resolve: str, rank: Sequence[str] | None
) -> pd.DataFrame:
    return resolve_spells(table, spoke, weight=weights(table, resolve=resolve, rank=rank))


def strip_infill(history: ControlHistory) -> ControlHistory:
    """Resolve a history again without the statements of the infill rule."""
    table, spoke = history._reports, history._spoke  # noqa: SLF001 - same package
    kept = (table["kind"] != "infill").to_numpy()
    if kept.all():
        return history
    # The rule's statements stand last, so the others keep their numbers.
    spoke = spoke[kept[spoke["report"].to_numpy()]].reset_index(drop=True)
    table = table[kept]
    meta = {**history.meta, "infill": None}
    spells = _resolve(table, spoke, resolve=meta["resolve"], rank=meta["rank"])
    beside = history._beside  # noqa: SLF001 - same package
    spells = contest(spells, beside, n_cells=len(history.composite))
    return replace(history, _spells=spells, _reports=table, _spoke=spoke, meta=meta)


def point_named(name: str, table: gpd.GeoDataFrame) -> Any:
    """Return the point of a place that the reports name, else the gazetteer's."""
    rows = table[(table["place"] == name) & (table["kind"] == "point")]
    if len(rows):
        return rows.geometry.iloc[0]
    from frontline.gazetteer import Gazetteer

    return Gazetteer.bundled().place(name).point
