"""Infill: an optional rule that assesses the cells between those on which somebody reported.

Reports name some localities; the villages between them are taken without a word. Flipping the
named ones alone leaves a rash of islands. This rule lets a cell of which nothing is said
follow its surroundings, marks it ``assessed``, and never speaks over a report of the cell.

For every instant at which a report changes something, until nothing moves any more:

1. The **border share** of a side is the part of a cell's border that it shares with cells
   which that side holds and which changed hands since the start.
2. The **nearest share** of a side is the part, by inverse squared distance, that it holds of the
   nearest cells with a report of their own since the start. Cells that are reported to hold
   out, or that fall later, count against the side, so the line runs between the reports.
3. A cell goes over to the side whose larger share reaches `share`, if it touches that side.
   It goes back by the same rule.

A cell with a report of its own on its site after the start is never filled, before or after
that report. A report on an area ends what was filled in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from frontline.composite import OUTSIDE
from frontline.control.claims import AFTER, BEFORE, micros, stamps
from frontline.control.frames import CRS, is_number, object_series
from frontline.control.statements import TABLE_COLUMNS
from frontline.control.timeline import Timeline, instant
from frontline.errors import InputError
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.build import Ground

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SOURCE = "infill rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Infill:
    """Parameters of the infill rule.

    Attributes
    ----------
    share : float
        Share that a side must reach, above 0 and up to 1.
    nearest : int
        How many of the nearest reported cells are asked; 0: only borders count.
    reach_km : float
        How far a reported cell is asked.
    start : date, optional
        The opening state: what is valid by then is no change. The first `valid_from` if None.
    actors : tuple of str, optional
        Only these sides may gain by infill; all if None.
    fill_empty : bool
        Whether cells within `max_km` of a locality for which nobody spoke by the start take
        the side that holds most of their border.
    rounds : int
        Bound on the rounds at one instant.

    Examples
    --------
    >>> Infill(share=0.6).reach_km
    8.0
    """

    share: float = 0.5
    nearest: int = 0
    reach_km: float = 8.0
    start: Any = None
    actors: tuple[str, ...] | None = None
    fill_empty: bool = True
    rounds: int = 50

    def __post_init__(self) -> None:
        """Check the types and the ranges."""
        for name, kind in (
            ("share", Real),
            ("nearest", Integral),
            ("reach_km", Real),
            ("rounds", Integral),
        ):
            value = getattr(self, name)
            if not is_number(value, kind=kind):
                raise InputError(f"infill {name} must be a number, not {value!r}")
        if not isinstance(self.fill_empty, (bool, np.bool_)):
            raise InputError(f"infill fill_empty must be True or False, not {self.fill_empty!r}")
        actors = self.actors
        listed = isinstance(actors, Iterable) and not isinstance(actors, str)
        if actors is not None and not (listed and all(isinstance(a, str) for a in actors)):
            raise InputError(f"infill actors must be several names, ('A',), not {actors!r}")
        if not 0 < self.share <= 1:
            raise InputError(f"infill share must be above 0 and at most 1, not {self.share}")
        if self.nearest < 0 or self.rounds < 1 or not self.reach_km > 0:
            raise InputError("infill needs nearest >= 0, rounds >= 1 and reach_km > 0")


def infill_parameters(rule: Infill) -> dict[str, Any]:
    """Return the parameters as plain values, for a history's record of itself."""
    values = {name: getattr(rule, name) for name in Infill.__dataclass_fields__}
    # numpy's numbers are no JSON
    values = {k: v.item() if isinstance(v, np.generic) else v for k, v in values.items()}
    values["start"] = None if rule.start is None else str(rule.start)
    values["actors"] = None if rule.actors is None else list(rule.actors)
    return values


@dataclass(eq=False)
class _Field:
    """The cells as the rule sees them; numbers of actors, 0 is nobody."""

    rule: Infill
    n_actors: int
    may_gain: Flags
    a: Ints
    b: Ints
    length: Floats
    near: Ints
    weight: Floats

    def shares(self, held: Ints, active: Flags, own: Flags) -> tuple[Floats, Flags]:
        """Return each side's larger share of every cell, and whether it touches the cell."""
        n, k = len(held), self.n_actors
        edge = np.zeros(n * k)
        touch = np.zeros(n * k)
        whole = np.zeros(n)
        for here, there in ((self.a, self.b), (self.b, self.a)):
            counts = held[there] > 0
            slot = here * k + held[there]
            whole += np.bincount(here, weights=self.length * counts, minlength=n)
            edge += np.bincount(slot, weights=self.length * active[there], minlength=n * k)
            touch += np.bincount(slot, weights=self.length, minlength=n * k)
        share = edge.reshape(n, k) / np.maximum(whole, 1e-9)[:, None]
        if self.near.size:
            slot = np.arange(n)[:, None] * k + held[self.near]
            weight = self.weight * active[self.near]
            near = np.bincount(slot.ravel(), weights=weight.ravel(), minlength=n * k)
            share = np.maximum(share, near.reshape(n, k) * own[:, None])
        share[:, 0] = 0.0
        return share, touch.reshape(n, k) > 0


def infill_statements(
    rule: Infill, ground: Ground, table: gpd.GeoDataFrame, spells: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Apply the rule and return what it assesses as further statements.

    Parameters
    ----------
    rule
        The parameters.
    ground, table, spells
        Cells, statements and their resolution without infill.

    Returns
    -------
    statements, spoke
        Rows like `table`'s, numbered after it, and the cells for which they speak.
        Each is recorded when the last of the reports of its side by then was.

    Raises
    ------
    InputError
        The rule names an actor of whom no report speaks.
    """
    _check_actors(rule, table)
    composite = ground.composite
    n = len(composite)
    timeline = Timeline(n, spells)
    actors = timeline.actors
    valid_from = micros(table["valid_from"], open_end=BEFORE)
    start = int(valid_from.min()) if rule.start is None else instant(rule.start, what="start")
    first = _first_reports(table, ground.spoke, valid_from, start=start, n=n)
    reach = ~composite.cells["beyond"].to_numpy(dtype=bool)
    field = _field(rule, ground, first["point"] < AFTER, actors)
    opening = timeline.actor_codes([stamps(np.array([start]))[0]])[0].astype(np.int64)
    rows: list[tuple[int, int, int, int]] = []
    filled = np.full(n, -1, dtype=np.int64)
    if rule.fill_empty:
        empty = (opening == 0) & reach & (_first_any(ground.spoke, valid_from, n=n) > start)
        opening = _fill_empty(field, opening, empty)
        filled = np.where(empty & (opening > 0), opening, -1)
        rows += [(start, int(filled[c]), -1, int(c)) for c in np.flatnonzero(filled >= 0)]
    may_move = reach & (first["point"] == AFTER) & (opening > 0)
    for when in timeline.changes():
        moment = instant(when)
        if moment <= start:
            continue
        reported = timeline.actor_codes([when])[0].astype(np.int64)
        own = may_move & (first["area"] > moment)
        silent = (filled >= 0) & (first["point"] > moment) & (first["area"] > moment)
        before = np.where(silent, filled, reported)
        after = _settle(field, opening, before, own, reported_by=first, moment=moment)
        moved = np.flatnonzero(after != before)
        filled[moved] = after[moved]
        rows += [(moment, int(after[c]), int(before[c]), int(c)) for c in moved]
    end = np.minimum(first["point"], first["area"])
    return _as_statements(rows, end, table, actors, ground)


def _check_actors(rule: Infill, table: pd.DataFrame) -> None:
    known = sorted(set(table["actor"].dropna()))
    unknown = [name for name in rule.actors or () if name not in known]
    if unknown:
        raise InputError(
            f"infill actors names {unknown[0]!r}, of whom no report speaks; use {', '.join(known)}"
        )


def _first_reports(
    table: pd.DataFrame, spoke: pd.DataFrame, valid_from: Ints, *, start: int, n: int
) -> dict[str, Ints]:
    """Return when each cell is first spoken for after the start, by a point and by an area."""
    report, cell = spoke["report"].to_numpy(), spoke["cell"].to_numpy()
    later = valid_from[report] > start
    out: dict[str, Ints] = {}
    for kind in ("point", "area"):
        # A report on the sites within an area is one on an area.
        kinds = (kind, "sites") if kind == "area" else (kind,)
        chosen = later & table["kind"].isin(kinds).to_numpy()[report]
        out[kind] = np.full(n, AFTER, dtype=np.int64)
        np.minimum.at(out[kind], cell[chosen], valid_from[report[chosen]])
    return out


def _first_any(spoke: pd.DataFrame, valid_from: Ints, *, n: int) -> Ints:
    out = np.full(n, AFTER, dtype=np.int64)
    np.minimum.at(out, spoke["cell"].to_numpy(), valid_from[spoke["report"].to_numpy()])
    return out


def _field(rule: Infill, ground: Ground, informed: Flags, actors: list[str | None]) -> _Field:
    composite = ground.composite
    left, right = composite.sides.T
    inner = right != OUTSIDE
    wanted = set(actors[1:]) if rule.actors is None else set(rule.actors)
    near, weight = np.empty((len(composite), 0), dtype=np.int64), np.empty((len(composite), 0))
    asked = np.flatnonzero(informed & ~composite.cells["beyond"].to_numpy(dtype=bool))
    count = min(rule.nearest, len(asked))
    if count:
        plane = LocalPlane.of([ground.outline])
        spots = plane.forward_xy(
            shapely.get_coordinates(shapely.point_on_surface(composite.polygons))
        )
        distance, found = cKDTree(spots[asked]).query(spots, k=np.arange(1, count + 1))
        near = asked[found]
        weight = (distance <= rule.reach_km * 1e3) / np.maximum(distance, 1.0) ** 2
        weight /= np.maximum(weight.sum(axis=1), 1e-300)[:, None]
    return _Field(
        rule,
        len(actors),
        np.array([actor in wanted for actor in actors]),
        left[inner],
        right[inner],
        composite.length_km[inner],
        near,
        weight,
    )


def _fill_empty(field: _Field, held: Ints, empty: Flags) -> Ints:
    held = held.copy()
    everybody = np.ones(len(held), dtype=bool)
    nobody = np.zeros(len(held), dtype=bool)
    for _ in range(field.rule.rounds):
        share, _ = field.shares(held, everybody, nobody)
        best = share.argmax(axis=1)
        move = empty & (held == 0) & (share[np.arange(len(held)), best] > 0)
        if not move.any():
            break
        held[move] = best[move]
    return held


def _settle(
    field: _Field,
    opening: Ints,
    held: Ints,
    own: Flags,
    *,
    reported_by: dict[str, Ints],
    moment: int,
) -> Ints:
    """Let the silent cells follow until nothing moves."""
    held = held.copy()
    line = np.arange(len(held))
    spoken = (reported_by["point"] <= moment) | (reported_by["area"] <= moment)
    gains = field.may_gain[None, :]
    for _ in range(field.rule.rounds):
        changed = held != opening
        forth, touch = field.shares(held, changed | spoken, own)
        # Against those who gained stands everyone who held on, reported or not.
        back, _ = field.shares(held, ~changed, own)
        ahead = np.where(touch & gains, forth, 0.0)
        ahead[line, opening] = 0.0
        best = ahead.argmax(axis=1)
        strength = ahead[line, best]
        leave = own & ~changed & (strength >= field.rule.share)
        swap = own & changed & (best != held) & (strength >= field.rule.share)
        swap &= ahead[line, held] < field.rule.share
        resists = back[line, opening]
        retreat = own & changed & ~swap & (resists >= field.rule.share)
        retreat &= ahead[line, held] < field.rule.share
        if not (leave | swap | retreat).any():
            break
        held = np.where(leave | swap, best, np.where(retreat, opening, held))
    return held


def _as_statements(
    rows: list[tuple[int, int, int, int]],
    end: Ints,
    table: gpd.GeoDataFrame,
    actors: list[str | None],
    ground: Ground,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    flat = np.array(rows, dtype=np.int64).reshape(-1, 4)
    moment, actor, cell = flat[:, 0], flat[:, 1], flat[:, 3]
    # One statement speaks for all cells that follow the same side at the same instant.
    group = pd.MultiIndex.from_arrays([moment, actor, end[cell]])
    codes, keys = group.factorize()
    number = len(table) + codes
    spoke = pd.DataFrame({"report": number, "cell": cell}).drop_duplicates()
    when = np.array([key[0] for key in keys], dtype=np.int64)
    side = [actors[key[1]] for key in keys]
    until = np.array([key[2] for key in keys], dtype=np.int64)
    count = len(keys)
    first = np.unique(codes, return_index=True)[1] if count else np.arange(0)
    spots = shapely.point_on_surface(ground.composite.polygons[cell[first]])
    columns: dict[str, Any] = {name: object_series([None] * count) for name in TABLE_COLUMNS[:-1]}
    columns |= {
        "kind": object_series(["infill"] * count),
        "actor": object_series(side),
        "status": object_series(["controlled"] * count),
        "basis": object_series(["assessed"] * count),
        "review": object_series(["accepted"] * count),
        "valid_from": stamps(when),
        "valid_to": stamps(until),
        "recorded_from": stamps(_known_since(table, when, side)),
        "recorded_to": stamps(np.full(count, AFTER, dtype=np.int64)),
        "source": object_series([SOURCE] * count),
    }
    frame = gpd.GeoDataFrame(columns, geometry=spots, crs=CRS)
    frame.index = pd.RangeIndex(len(table), len(table) + count, name="report")
    return frame[list(TABLE_COLUMNS)], spoke


def _known_since(table: pd.DataFrame, when: Ints, side: list[str | None]) -> Ints:
    """Return when the last report of a side by an instant was recorded."""
    start = micros(table["valid_from"], open_end=BEFORE)
    recorded = micros(table["recorded_from"], open_end=BEFORE)
    actor = table["actor"].to_numpy()
    out = np.full(len(when), BEFORE, dtype=np.int64)
    for i, (moment, name) in enumerate(zip(when, side, strict=True)):
        rows = (start <= moment) & (actor == name)
        if rows.any():
            out[i] = recorded[rows].max()
    return out
