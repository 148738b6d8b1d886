"""The steps from dated maps to a `ControlHistory`, in order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from frontline.composite import CRS
from frontline.control.claims import AFTER, BEFORE, SPELL_COLUMNS, TIMES, paint, stamps
from frontline.control.frames import object_series, objects, outline_of
from frontline.control.overlaps import Rule
from frontline.control.snapshots import Findings, read_snapshots
from frontline.control.statements import TABLE_COLUMNS
from frontline.control.weave import Runs, weave
from frontline.dates import check_freq
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.control.record import H

    Ints = NDArray[np.int64]

#: What a map does not say of a spell.
_UNSAID = ("valid_from_edtf", "valid_to_edtf", "confidence")

#: (valid time, recorded time, source) of every frame.
Frames = list[tuple[int, int, str | None]]


def history_from_snapshots(
    cls: type[H],
    snapshots: Any,
    *,
    rest: str | None,
    outline: Any,
    actor: str | None,
    overlap: str,
    priority: Sequence[str] | None,
    sliver_km2: float,
    edges: str,
    freq: str | None,
    sources: pd.DataFrame | None,
    name: str | None,
) -> H:
    """Build a history; see `ControlHistory.from_snapshots`."""
    rule = Rule.of(overlap, priority, sliver_km2)
    given: tuple[tuple[str, Any], ...] = (("rest", rest), ("actor", actor))
    for what, value in given:
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise InputError(f"{what}={value!r} must be an actor's name")
    if sources is not None and not isinstance(sources, pd.DataFrame):
        raise InputError(f"sources must be a DataFrame, not {type(sources).__name__}")
    if freq is not None:
        check_freq(freq)
    findings = Findings()
    theatre = outline_of(outline)
    stream = read_snapshots(snapshots, actor=actor, edges=edges, findings=findings)
    woven = weave(stream, outline=theatre, rest=rest, rule=rule, findings=findings)
    meta = {
        "name": name or "",
        "outline_given": outline is not None,
        "max_km": None,
        "contested_km": None,
        "resolve": "latest",
        "rank": None,
        "infill": None,
        "made_from": "snapshots",
        "rest": rest,
        "actor": actor,
        "overlap": rule.overlap,
        "priority": list(dict.fromkeys([*rule.priority, *woven.actors])),
        "sliver_km2": rule.sliver_km2,
        "edges": edges,
        "freq": freq,
    }
    return cls(
        woven.composite,
        spells_of_runs(woven.runs, woven.frames),
        frames_table(woven.frames),
        pd.DataFrame({"report": [], "cell": []}, dtype="int64"),
        known_sources(sources, findings),
        meta,
        pd.DataFrame({"cell": [], "beside": []}, dtype="int64"),
        _findings=findings.frame(),
    )


def known_sources(sources: pd.DataFrame | None, findings: Findings) -> pd.DataFrame:
    """Return the sources as given, and those that came with the maps."""
    tables = [table for table in (sources, *findings.origins) if table is not None and len(table)]
    if not tables:
        return pd.DataFrame()
    whole = pd.concat(tables, ignore_index=True)
    said = whole.astype(str).duplicated()
    return whole[~said].reset_index(drop=True)


def frames_table(frames: Frames) -> gpd.GeoDataFrame:
    """Return a statement for every frame: this map was published, by whom and when."""
    count = len(frames)
    nothing = object_series([None] * count)
    table = pd.DataFrame(
        {
            **{name: nothing for name in TABLE_COLUMNS if name != "geometry"},
            "kind": object_series(["snapshot"] * count),
            "status": object_series(["controlled"] * count),
            "basis": object_series(["assessed"] * count),
            "review": object_series(["accepted"] * count),
            "valid_from": stamps(np.array([each[0] for each in frames], dtype=np.int64)),
            "valid_to": stamps(np.full(count, AFTER)),
            "recorded_from": stamps(np.array([each[1] for each in frames], dtype=np.int64)),
            "recorded_to": stamps(_withdrawn(frames)),
            "source": object_series(each[2] for each in frames),
        }
    )
    out = gpd.GeoDataFrame(table, geometry=objects([None] * count), crs=CRS)
    return out[list(TABLE_COLUMNS)].rename_axis("report")


def _withdrawn(frames: Frames) -> Ints:
    """Return when each frame was replaced by another one of the same valid time."""
    out = np.full(len(frames), AFTER, dtype=np.int64)
    for i, (one, two) in enumerate(pairwise(frames)):
        if one[0] == two[0]:
            out[i] = two[1]
    return out


def spells_of_runs(runs: Runs, frames: Frames) -> pd.DataFrame:
    """Return the spells of cells that are something from a frame on.

    Notes
    -----
    Without recorded times a run is a spell. With them the last map known on a day is what was
    believed on it of all later days, so a run is also believed beyond its end, until the map
    that ends it is on record.
    """
    last = np.ones(len(runs.cell), dtype=bool)
    last[:-1] = runs.cell[1:] != runs.cell[:-1]
    if all(each[1] == BEFORE for each in frames):
        moment = np.array([each[0] for each in frames], dtype=np.int64)
        begin = moment[runs.frame]
        end = np.where(last, AFTER, np.roll(begin, -1))
        times = np.column_stack(
            [begin, end, np.full(len(begin), BEFORE), np.full(len(begin), AFTER)]
        )
        return _spells(runs.cell, runs.code, runs.frame, times, runs.states, frames)
    return _painted(runs, frames)


def _spells(
    cell: Ints, code: Ints, frame: Ints, times: Ints, states: list[Any], frames: Frames
) -> pd.DataFrame:
    known = np.array([status != "no_data" for _, status, _ in states])[code]
    cell, code, frame, times = cell[known], code[known], frame[known], times[known]
    order = np.lexsort((times[:, 2], times[:, 0], cell))
    cell, code, frame, times = cell[order], code[order], frame[order], times[order]
    source = objects(each[2] for each in frames)
    columns = [objects(state[i] for state in states)[code] for i in range(3)]
    table = pd.DataFrame(
        {
            "cell": cell,
            **dict(zip(("actor", "status", "basis"), map(object_series, columns), strict=True)),
            **{name: stamps(times[:, i]) for i, name in enumerate(TIMES)},
            **{name: object_series([None] * len(cell)) for name in _UNSAID},
            "source": object_series(source[frame]),
            "report": frame,
        }
    )
    return table[list(SPELL_COLUMNS)].rename_axis("spell")


def _painted(runs: Runs, frames: Frames) -> pd.DataFrame:
    """Resolve runs whose maps were recorded at different times, perhaps corrected."""
    count = len(frames)
    moment = np.array([each[0] for each in frames], dtype=np.int64)
    recorded = np.array([each[1] for each in frames], dtype=np.int64)
    until = _withdrawn(frames)
    # A map says nothing new of a cell if the map before says the same and was known by then.
    odd = np.zeros(count, dtype=bool)
    odd[1:] = (recorded[1:] < recorded[:-1]) | (moment[1:] == moment[:-1])
    odd |= until != AFTER
    needed = odd.copy()
    needed[1:] |= odd[:-1]
    always = np.flatnonzero(needed)
    begin = np.flatnonzero(np.diff(runs.cell, prepend=-1))
    bounds = [*begin.tolist(), len(runs.cell)]
    known: dict[bytes, list[tuple[int, ...]]] = {}
    rows: list[tuple[int, ...]] = []
    owner: list[int] = []
    for first, end in pairwise(bounds):
        starts, codes = runs.frame[first:end], runs.code[first:end]
        key = starts.tobytes() + codes.tobytes()
        found = known.get(key)
        if found is None:
            number = np.union1d(starts, always)
            code = codes[np.searchsorted(starts, number, side="right") - 1]
            # Of two maps of one date the later record is painted later.
            layers: list[tuple[int, ...]] = [
                (int(moment[f]), AFTER, int(recorded[f]), int(until[f]), int(c) * count + int(f))
                for f, c in zip(number.tolist(), code.tolist(), strict=True)
            ]
            found = known[key] = _joined(paint(layers), count)
        rows.extend(found)
        owner.extend([int(runs.cell[first])] * len(found))
    flat = np.array(rows, dtype=np.int64).reshape(-1, 5)
    code, frame = flat[:, 4] // count, flat[:, 4] % count
    cell = np.array(owner, dtype=np.int64)
    return _spells(cell, code, frame, flat[:, :4], runs.states, frames)


def _joined(rectangles: list[tuple[int, ...]], count: int) -> list[tuple[int, ...]]:
    """Join rectangles that follow each other in valid time and say the same."""
    ends: dict[tuple[int, ...], int] = {}
    out: list[list[int]] = []
    for each in sorted(rectangles):
        begin, end, since, until, value = each
        at = ends.pop((begin, since, until, value // count), None)
        if at is None:
            at = len(out)
            out.append(list(each))
        else:
            out[at][1] = end
        ends[(end, since, until, value // count)] = at
    return [tuple(each) for each in out]
