"""Pockets: zones of one actor from which no way leads out except through others' cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.control.claims import stamps
from frontline.control.frames import geo_frame, is_number, object_series
from frontline.control.network import parts_of, sums
from frontline.control.timeline import instant
from frontline.dates import to_utc
from frontline.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from frontline.control.fronts import Fronts
    from frontline.control.network import Network

    Codes = NDArray[np.int32]
    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class _Ground:
    """Where an actor could go without entering a cell that another is known to hold.

    Attributes
    ----------
    actor
        The number of the actor.
    codes
        The actor of every cell.
    open
        Which cells are its own or nobody's.
    part
        The connected part of every open cell; of no meaning for others.
    shut
        For every part whether it is shut in: it does not reach the outline.
    """

    actor: int
    codes: Codes
    open: Flags
    part: Ints
    shut: Flags

    @classmethod
    def of(cls, network: Network, codes: Codes, actor: int) -> _Ground:
        open_ = (codes == actor) | (codes == 0)
        left, right = network.composite.sides[network.inner].T
        both = open_[left] & open_[right]
        part = parts_of(len(codes), left[both], right[both])
        shut = np.ones(int(part.max(initial=-1)) + 1, dtype=bool)
        shut[part[open_ & network.on_outline]] = False
        return cls(actor, codes, open_, part, shut)

    def held_in(self, parts: Ints) -> Ints:
        """Return the actor's own cells in some parts."""
        return np.flatnonzero((self.codes == self.actor) & np.isin(self.part, parts))

    def inside(self, parts: Ints) -> Ints:
        """Return the cells of some parts, nobody's among them."""
        return np.flatnonzero(self.open & np.isin(self.part, parts))

    def around(self, network: Network, part: int) -> list[int]:
        """Return the actors round a part that is shut in, without those in holes of it."""
        inside = self.inside(np.array([part]))
        beside, _ = network.neighbours(inside)
        outer = np.setdiff1d(beside, inside)
        if len(np.unique(self.codes[outer])) > 1:
            # What does not hang together with the outline lies in a hole and encircles nobody.
            left, right = network.composite.sides[network.inner].T
            here = np.zeros(len(self.codes), dtype=bool)
            here[inside] = True
            away = ~here[left] & ~here[right]
            rest = parts_of(len(here), left[away], right[away])
            reaches = np.unique(rest[network.on_outline & ~here])
            outer = outer[np.isin(rest[outer], reaches)]
        return sorted(set(self.codes[outer].tolist()))


def pockets_at(
    fronts: Fronts, when: Any, *, actor: str | None, min_area_km2: Any, as_of: Any
) -> gpd.GeoDataFrame:
    """Return the pockets at an instant.

    Parameters
    ----------
    fronts
        Cells, spells, and the cells as a graph.
    when, as_of
        The instant, and what was known.
    actor
        Whose pockets; None: everybody's.
    min_area_km2
        Smaller zones are left out.

    Returns
    -------
    geopandas.GeoDataFrame
        As `ControlHistory.pockets` says.
    """
    timeline, network, composite = fronts.timeline, fronts.network, fronts.composite
    if not (is_number(min_area_km2) and np.isfinite(min_area_km2) and min_area_km2 >= 0):
        raise InputError(f"min_area_km2={min_area_km2!r} must be a number of km2, 0 or more")
    wanted = [fronts.number_of(actor, what="actor")] if actor is not None else None
    codes = timeline.actor_codes([when], as_of=as_of)[0]
    left, right = composite.sides[network.inner].T
    alike = codes[left] == codes[right]
    zone = parts_of(len(codes), left[alike], right[alike])
    count = int(zone.max(initial=-1)) + 1
    area = sums(zone, composite.area_km2, count)
    rim = network.inner[~alike]
    perimeter = np.zeros(count)
    for side in composite.sides[rim].T:
        length = composite.length_km[rim]
        perimeter += sums(zone[side], length, count)
    _, lead = np.unique(zone, return_index=True)
    found: list[tuple[int, int, list[int]]] = []
    for number in wanted or np.unique(codes[codes > 0]).tolist():
        ground = _Ground.of(network, codes, number)
        mine = np.flatnonzero((codes[lead] == number) & (area >= min_area_km2))
        for each in mine[ground.shut[ground.part[lead[mine]]]].tolist():
            by = ground.around(network, int(ground.part[lead[each]]))
            if by:
                found.append((each, number, by))
    found.sort(key=lambda row: -area[row[0]])
    zones = np.array([row[0] for row in found], dtype=np.int64)
    cells = [np.flatnonzero(zone == each) for each in zones]
    since = _closed_since(fronts, when, [row[1] for row in found], cells, as_of=as_of)
    names = timeline.actors
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [shapely.coverage_union_all(composite.polygons[each]) for each in cells]
    return geo_frame(
        {
            "actor": object_series(names[number] for _, number, _ in found),
            "area_km2": area[zones],
            "perimeter_km": perimeter[zones],
            "encircled_by": pd.Series(
                [tuple(names[i] for i in by) for *_, by in found], dtype=object
            ),
            "since": stamps(since),
        },
        shapes,
    )


def _closed_since(
    fronts: Fronts, when: Any, actors: list[int], cells: list[Ints], *, as_of: Any
) -> Ints:
    """Return when each pocket closed, microseconds, going back from change to change."""
    timeline, network = fronts.timeline, fronts.network
    out = np.zeros(len(cells), dtype=np.int64)
    times = timeline.changes(as_of)
    times = times[times <= to_utc(when)]
    following = dict(enumerate(cells))
    watched: dict[int, Ints] = {}  # while none of these changes, no way opens
    later: Codes | None = None
    for i in range(len(times) - 1, -1, -1):
        codes = timeline.actor_codes([times[i]], as_of=as_of)[0]
        moved = None if later is None else codes != later
        later = codes
        grounds: dict[int, _Ground] = {}
        for each, ours in list(following.items()):
            if moved is not None and not moved[watched[each]].any():
                continue
            number = actors[each]
            if number not in grounds:
                grounds[number] = _Ground.of(network, codes, number)
            ground = grounds[number]
            held = ours[codes[ours] == number]
            parts = np.unique(ground.part[held])
            if len(held) and ground.shut[parts].all():
                following[each] = ground.held_in(parts)
                inside = ground.inside(parts)
                watched[each] = np.append(inside, network.neighbours(inside)[0])
            else:
                out[each] = instant(times[i + 1])
                del following[each]
        if not following:
            break
    for each in following:
        out[each] = instant(times[0])
    return out
