"""One more map at the end of a history, without building it anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import OUTSIDE
from frontline.control.assemble_snapshots import frames_table, known_sources
from frontline.control.claims import AFTER, BEFORE, micros, stamps
from frontline.control.frames import object_series, objects
from frontline.control.overlaps import Rule, states_of
from frontline.control.record import unpublished
from frontline.control.snapshots import Findings, read_snapshots, stamps_text
from frontline.control.timeline import NO_DATA
from frontline.control.web import Web, memberships
from frontline.edges import areas_m2
from frontline.errors import InputError
from frontline.patching import Patch, patch, unique_rows, without

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.record import H
    from frontline.control.snapshots import Layer, Snapshot
    from frontline.control.timeline import State

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


#: What lies beyond an outline by its rounding alone is not worth a finding.
_NOTED_KM2 = 0.01


def append_snapshots(history: H, snapshots: Any) -> H:
    """Add maps to a history; see `ControlHistory.append`."""
    meta = history.meta
    if meta.get("made_from") != "snapshots":
        raise InputError("append adds a map to a history made by from_snapshots; this one is not")
    findings = Findings()
    given = [snapshots] if isinstance(snapshots, tuple) else snapshots
    drawn = meta["priority"]  # all actors that were ever drawn
    actor = meta["actor"] or (drawn[0] if len(drawn) == 1 else None)
    for each in read_snapshots(given, actor=actor, edges=meta["edges"], findings=findings):
        history = _with_map(history, each, findings)
    found = pd.concat([history.findings, findings.frame()], ignore_index=True)
    sources = known_sources(history.sources, findings)
    return replace(history, _findings=found, _sources=sources)


def _with_map(history: H, snapshot: Snapshot, findings: Findings) -> H:
    table = history._reports  # noqa: SLF001 - same package
    _check_time(table, snapshot)
    web = Web(history.composite)
    layers = list(snapshot.zones)
    drawn = [web.drawn(snapshot.zones[layer]) for layer in layers]
    every = np.vstack([np.empty((0, 4), dtype=np.int64), *(each.segments for each in drawn)])
    fresh = unique_rows(web.fresh(every))[0]
    bounded, rest = bool(history.meta["outline_given"]), history.meta["rest"]
    patched = patch(history.composite, fresh, keep_voids=not bounded)
    zones = [snapshot.zones[layer] for layer in layers]
    inside = memberships(patched, drawn, zones, bounded=bounded)
    if bounded:
        _note_beyond(zones, inside, patched.composite.area_km2, snapshot, findings)
    if not bounded and rest is None:
        # Land beyond all cells that the map does not claim is nobody's, and no cell.
        keep = (patched.origin != OUTSIDE) | inside.any(axis=0)
        composite = without(patched.composite, keep)
        patched = replace(patched, composite=composite, origin=patched.origin[keep])
        inside = inside[:, keep]
    spells = _divided(history, patched)
    now = _open_rows(spells, len(patched.origin))
    before = _held(spells, now)
    states = _states(before, inside, layers, patched, history, snapshot, findings)
    frame = frames_table([(snapshot.moment, snapshot.recorded, snapshot.source)])
    reports = pd.concat([_corrected(table, snapshot), frame.set_axis([len(table)])])
    drawn_by = dict.fromkeys([*history.meta["priority"], *(layer[0] for layer in layers)])
    meta = {
        **unpublished(history.meta),
        "priority": [actor for actor in drawn_by if actor is not None],
    }
    return replace(
        history,
        meta=meta,
        composite=patched.composite,
        _spells=_continued(spells, now, before, states, snapshot, number=len(table)),
        _reports=gpd.GeoDataFrame(reports.rename_axis("report"), crs=table.crs),
    )


def _note_beyond(
    zones: list[NDArray[np.object_]],
    inside: Bools,
    area_km2: NDArray[np.float64],
    snapshot: Snapshot,
    findings: Findings,
) -> None:
    """Note what a map draws beyond the outline, which is left out."""
    every = [shapely.union_all(polygons) for polygons in zones if len(polygons)]
    whole = float(areas_m2([shapely.union_all(every)])[0] / 1e6)
    beyond = whole - float(area_km2[inside.any(axis=0)].sum())
    if beyond > _NOTED_KM2:
        note = "drawn beyond the outline, left out"
        findings.add(snapshot.moment, "outside", None, beyond, note)


def _check_time(table: pd.DataFrame, snapshot: Snapshot) -> None:
    last = int(micros(table["valid_from"], open_end=BEFORE).max())
    recorded = int(micros(table["recorded_from"], open_end=BEFORE).max())
    date, newest = stamps_text(snapshot.moment), stamps_text(last)
    if snapshot.moment < last or snapshot.recorded < recorded:
        raise InputError(
            f"append: the map of {date} is older than the last one ({newest}), or was recorded "
            "before it; build the history anew with from_snapshots"
        )
    if (snapshot.moment, snapshot.recorded) == (last, recorded):
        raise InputError(
            f"append: there is a map of {newest} already; a correction of it needs a later "
            "recorded_from"
        )


def _corrected(table: gpd.GeoDataFrame, snapshot: Snapshot) -> gpd.GeoDataFrame:
    """Close the record of a map that this one replaces."""
    same = micros(table["valid_from"], open_end=BEFORE) == snapshot.moment
    until = micros(table["recorded_to"], open_end=AFTER)
    until[same & (until == AFTER)] = snapshot.recorded
    return table.assign(recorded_to=stamps(until))


def _divided(history: H, patched: Patch) -> pd.DataFrame:
    """Give the parts of a cell its spells, and cells on new land those of the rest."""
    spells = history._spells  # noqa: SLF001 - same package
    origin = patched.origin
    cell = spells["cell"].to_numpy(dtype=np.int64)
    parts = np.flatnonzero((origin != np.arange(len(origin))) & (origin != OUTSIDE))
    begin = np.searchsorted(cell, origin[parts])
    size = np.searchsorted(cell, origin[parts], side="right") - begin
    rows = np.repeat(begin, size) + np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    tables = [spells]
    if len(rows):
        tables.append(spells.iloc[rows].assign(cell=np.repeat(parts, size)))
    new, rest = np.flatnonzero(origin == OUTSIDE), history.meta["rest"]
    if len(new) and rest is not None:
        first = history._reports.iloc[[0] * len(new)]  # noqa: SLF001 - same package
        rows = _rows(new, [(rest, "controlled", "assessed")] * len(new), first["source"].iloc[0], 0)
        times = {name: first[name].to_numpy() for name in ("valid_from", "recorded_from")}
        tables.append(rows.assign(**{k: pd.DatetimeIndex(v, tz="UTC") for k, v in times.items()}))
    return _sorted(tables)


def _open_rows(spells: pd.DataFrame, count: int) -> Ints:
    """Return for every cell the spell that is believed now of all time to come, or -1."""
    still = np.flatnonzero((spells["valid_to"].isna() & spells["recorded_to"].isna()).to_numpy())
    out = np.full(count, -1, dtype=np.int64)
    out[spells["cell"].to_numpy(dtype=np.int64)[still]] = still
    return out


def _states(
    before: list[State],
    inside: Bools,
    layers: list[Layer],
    patched: Patch,
    history: H,
    snapshot: Snapshot,
    findings: Findings,
) -> list[State]:
    """Return what every cell is in the new map."""
    count, meta = len(before), history.meta
    # What a cell was before is a set of its own, so that a contested one finds its last holder.
    earlier = {state: i for i, state in enumerate(dict.fromkeys(s for s in before if s[0]))}
    known: list[Any] = [*layers, *earlier]
    kind = object if len(known) > 62 else np.int64  # noqa: PLR2004 - bits of a number
    bit = np.array([1 << i for i in range(len(known))], dtype=kind)
    was = np.array(
        [bit[len(layers) + earlier[s]] if s in earlier else 0 for s in before], dtype=kind
    )
    now_in = (inside * bit[: len(layers), None]).sum(axis=0) if layers else was * 0
    composite = patched.composite
    codes, states = states_of(
        np.repeat(np.arange(count), 2),
        np.tile([0, 1], count),
        np.column_stack([was, now_in]).ravel(),
        known,
        rest=meta["rest"],
        rule=Rule(meta["overlap"], tuple(meta["priority"]), meta["sliver_km2"]),
        area_km2=composite.area_km2,
        moments=np.array([snapshot.moment, snapshot.moment]),
        polygons=composite.polygons,
        findings=findings,
    )
    return [states[code] for code in codes[1::2].tolist()]


def _held(spells: pd.DataFrame, rows: Ints) -> list[State]:
    known = np.flatnonzero(rows >= 0)
    out: list[State] = [NO_DATA] * len(rows)
    columns = [objects(spells[name].iloc[rows[known]]) for name in ("actor", "status", "basis")]
    for place, state in zip(known.tolist(), zip(*columns, strict=True), strict=True):
        out[place] = state
    return out


def _continued(
    spells: pd.DataFrame,
    now: Ints,
    before: list[State],
    states: list[State],
    snapshot: Snapshot,
    *,
    number: int,
) -> pd.DataFrame:
    """End the spells of cells that are something else in the new map, and begin new ones.

    What was believed before the map was on record stays: the old spell goes on in a row whose
    record ends with it.
    """
    changed = np.array([a != b for a, b in zip(before, states, strict=True)], dtype=bool)
    rows = now[changed & (now >= 0)]
    moment, recorded = stamps(np.array([snapshot.moment]))[0], snapshot.recorded
    ended = spells.iloc[rows]
    kept = np.ones(len(spells), dtype=bool)
    kept[rows] = False
    tables = [spells[kept]]
    closed = ended.assign(valid_to=moment)
    tables.append(closed[ended["valid_from"] < moment])
    if recorded != BEFORE:
        when = stamps(np.array([recorded]))[0]
        start = ended["valid_from"].where(ended["valid_from"] > moment, moment)
        held = ended.assign(valid_from=start, recorded_to=when)
        tables.append(held[ended["recorded_from"].isna() | (ended["recorded_from"] < when)])
    cells = np.flatnonzero(changed)
    cells = cells[[states[cell] != NO_DATA for cell in cells.tolist()]]
    fresh = _rows(cells, [states[c] for c in cells.tolist()], snapshot.source, number)
    tables.append(
        fresh.assign(valid_from=moment, recorded_from=stamps(np.full(len(cells), recorded)))
    )
    return _sorted(tables)


def _rows(cells: Ints, states: list[State], source: str | None, number: int) -> pd.DataFrame:
    """Return open spells of cells; when they begin is still to be said."""
    count = len(cells)
    open_end = stamps(np.full(count, AFTER))
    return pd.DataFrame(
        {
            "cell": cells.astype(np.int64),
            **{
                name: object_series(state[i] for state in states)
                for i, name in enumerate(("actor", "status", "basis"))
            },
            "valid_from": open_end,
            "valid_to": open_end,
            "recorded_from": open_end,
            "recorded_to": open_end,
            "valid_from_edtf": object_series([None] * count),
            "valid_to_edtf": object_series([None] * count),
            "confidence": object_series([None] * count),
            "source": object_series([source] * count),
            "report": np.full(count, number, dtype=np.int64),
        }
    )


def _sorted(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of spells together, in order of cell and both times."""
    full = [each for each in tables if len(each)] or tables[:1]
    whole = pd.concat(full, ignore_index=True) if len(full) > 1 else full[0]
    order = np.lexsort(
        (
            micros(whole["recorded_from"], open_end=BEFORE),
            micros(whole["valid_from"], open_end=BEFORE),
            whole["cell"].to_numpy(),
        )
    )
    return whole.iloc[order].reset_index(drop=True).rename_axis("spell")
