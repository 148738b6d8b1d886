"""The steps from a frame of reports to a `ControlHistory`, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.composite import GRID_DEG
from frontline.control.bands import borders_ever_front, contest, cut_bands
from frontline.control.build import lay_ground
from frontline.control.claims import AFTER, BEFORE, check_rule, resolve_spells, trust_of, weights
from frontline.control.doubt import micros, texts_of
from frontline.control.frames import length_km, object_series, outline_of, read_places
from frontline.control.infill import Infill, infill_parameters, infill_statements
from frontline.control.statements import gazetteer_or_bundled, read_statements
from frontline.control.timeline import Timeline
from frontline.control.verdicts import verdict_of
from frontline.errors import AmbiguousPlaceError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from frontline.control.record import H, Record


def history_from_places(
    cls: type[H],
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
) -> H:
    """Build a history; see `ControlHistory.from_places`."""
    max_km = length_km(max_km, what="max_km")
    contested_km = length_km(contested_km, what="contested_km")
    if gazetteer is not None and not callable(getattr(gazetteer, "place", None)):
        raise InputError(f"gazetteer must have place(name), as a Gazetteer has, not {gazetteer!r}")
    theatre = outline_of(outline)
    known = read_places(places, outline=theatre)
    table = read_statements(reports, places=known, gazetteer=gazetteer, outline=theatre)
    if sources is not None and not isinstance(sources, pd.DataFrame):
        raise InputError(f"sources must be a DataFrame, not {type(sources).__name__}")
    check_rule(resolve, rank)
    ground = lay_ground(table, places=known, outline=theatre, max_km=max_km)
    rule = Infill() if infill is True else (infill or None)
    if rule is not None and not isinstance(rule, Infill):
        raise InputError(f"infill must be an Infill, True or None, not {type(rule).__name__}")
    spells = bare = resolve_by(table, ground.spoke, resolve=resolve, rank=rank)
    if rule is not None:
        further, pairs = infill_statements(rule, ground, table, spells)
        if len(further):
            table = pd.concat([table, further])
            ground = replace(ground, spoke=pd.concat([ground.spoke, pairs], ignore_index=True))
            spells = resolve_by(table, ground.spoke, resolve=resolve, rank=rank)
    beside = pd.DataFrame({"cell": [], "beside": []}, dtype="int64")
    if contested_km is not None:
        # Strips run along the fronts without the infill too, so that it can be taken back.
        both = [spells] if spells is bare else [spells, bare]
        timelines = [Timeline(len(ground.composite), each) for each in both]
        edges = borders_ever_front(ground.composite, *timelines)
        if len(edges):
            bands = cut_bands(ground, edges, contested_km=contested_km)
            ground, beside = bands.ground, bands.beside
            spells = resolve_by(table, ground.spoke, resolve=resolve, rank=rank)
            spells = _contested(table, spells, beside, len(ground.composite))
    meta = {
        "name": name or "",
        "outline_given": outline is not None,
        "max_km": max_km,
        "contested_km": contested_km,
        "resolve": resolve,
        "rank": None if rank is None else [str(source) for source in rank],
        "infill": None if rule is None else infill_parameters(rule),
    }
    kept = pd.DataFrame() if sources is None else sources.copy()
    named = pd.DataFrame(
        {
            "name": known["name"],
            "place_id": known["place_id"],
            "lon": known.geometry.x,
            "lat": known.geometry.y,
        }
    )
    return cls(ground.composite, spells, table, ground.spoke, kept, meta, beside, named, gazetteer)


def resolve_by(
    table: pd.DataFrame, spoke: pd.DataFrame, *, resolve: str, rank: Sequence[str] | None
) -> pd.DataFrame:
    """Resolve statements into spells by the rule that is named; see `weights`."""
    return resolve_spells(
        table,
        spoke,
        weight=weights(table, resolve=resolve, rank=rank),
        verdict=verdict_of(resolve, trust_of(table["source"], rank)),
    )


def _contested(
    table: pd.DataFrame, spells: pd.DataFrame, beside: pd.DataFrame, n_cells: int
) -> pd.DataFrame:
    """Contest the strips, and tell the dates of the spells that this cut anew."""
    spells = contest(spells, beside, n_cells=n_cells)
    valid = np.column_stack(
        [
            micros(spells["valid_from"], open_end=BEFORE),
            micros(spells["valid_to"], open_end=AFTER),
        ]
    )
    cell, report = (spells[name].to_numpy(dtype=np.int64) for name in ("cell", "report"))
    texts = {name: object_series(v) for name, v in texts_of(table, cell, valid, report).items()}
    return spells.assign(**{name: text.set_axis(spells.index) for name, text in texts.items()})


def strip_infill(history: H) -> H:
    """Resolve a history again without the statements of the infill rule."""
    table, spoke = history._reports, history._spoke  # noqa: SLF001 - same package
    kept = (table["kind"] != "infill").to_numpy()
    if kept.all():
        return history
    # The rule's statements stand last, so the others keep their numbers.
    spoke = spoke[kept[spoke["report"].to_numpy()]].reset_index(drop=True)
    table = table[kept]
    meta = {**history.meta, "infill": None}
    spells = resolve_by(table, spoke, resolve=meta["resolve"], rank=meta["rank"])
    beside = history._beside  # noqa: SLF001 - same package
    spells = _contested(table, spells, beside, len(history.composite))
    return replace(history, _spells=spells, _reports=table, _spoke=spoke, meta=meta)


def point_named(name: str, history: Record) -> Any:
    """Return the point of a place: as the reports name it, the places given, the gazetteer.

    Raises
    ------
    AmbiguousPlaceError
        The name stands for several points, and nothing decides between them.
    UnknownPlaceError
        Nobody knows the name.
    """
    name = name.strip()
    table, known = history._reports, history._places  # noqa: SLF001 - same package
    rows = (table["place"] == name) & (table["kind"] == "point")
    found = [shapely.get_coordinates(table.geometry.array[rows.to_numpy()])]
    if known is not None:
        rows = (known["name"] == name) | (known["place_id"] == name)
        found.append(known.loc[rows, ["lon", "lat"]].to_numpy(dtype=float))
    for lonlat in found:
        spots = np.unique(np.rint(lonlat / GRID_DEG), axis=0, return_index=True)[1]
        if len(spots) > 1:
            listed = "; ".join(f"({lon:g}, {lat:g})" for lon, lat in lonlat[spots[:10]])
            raise AmbiguousPlaceError(
                f"{name!r} names {len(spots)} points of this history: {listed}; give one of them",
                name=name,
                candidates=[shapely.Point(xy) for xy in lonlat[spots]],
            )
        if len(spots):
            return shapely.Point(lonlat[spots[0]])
    return gazetteer_or_bundled(history._gazetteer).place(name).point  # noqa: SLF001 - same package
