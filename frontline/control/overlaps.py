"""Which of several zones on one spot is believed, and the report of what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import is_number
from frontline.control.snapshots import stamps_text
from frontline.control.statements import BASES, STATUSES
from frontline.control.timeline import NO_DATA
from frontline.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.snapshots import Findings, Layer
    from frontline.control.timeline import State

    Ints = NDArray[np.int64]

POLICIES = ("raise", "priority", "contested")
_SHOWN = 10
_WEAK = ("infiltration", "no_data")


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens where zones of several actors overlap.

    Attributes
    ----------
    overlap : str
        ``"raise"``, ``"priority"`` or ``"contested"``.
    priority : tuple of str
        Actors, the first prevails; others follow in the order in which they first appear.
    sliver_km2 : float
        An overlap of a smaller area, in all on one map, is no contradiction but a border drawn
        twice; it goes by priority whatever the policy.
    """

    overlap: str = "raise"
    priority: tuple[str, ...] = ()
    sliver_km2: float = 0.01

    @classmethod
    def of(cls, overlap: Any, priority: Any, sliver_km2: Any) -> Rule:
        """Check the three settings.

        Raises
        ------
        InputError
            An unknown policy, a priority that lists no names, an area below zero.
        """
        if overlap not in POLICIES:
            raise InputError(f"overlap={overlap!r} must be {', '.join(POLICIES)}")
        listed = isinstance(priority, Iterable) and not isinstance(priority, str)
        names = tuple(priority) if listed else ()
        if priority is not None and not (listed and all(isinstance(n, str) for n in names)):
            raise InputError(f"priority={priority!r} must list actors, the strongest first")
        if overlap == "priority" and not names:
            raise InputError("overlap='priority' needs priority=[...], the strongest actor first")
        if not (is_number(sliver_km2) and np.isfinite(sliver_km2) and sliver_km2 >= 0):
            raise InputError(f"sliver_km2={sliver_km2!r} must be an area of 0 km2 or more")
        return cls(overlap, names, float(sliver_km2))


def states_of(
    face: Ints,
    frame: Ints,
    mask: Any,
    layers: list[Layer],
    *,
    rest: str | None,
    rule: Rule,
    area_km2: NDArray[np.float64],
    moments: Ints,
    polygons: NDArray[np.object_],
    findings: Findings,
) -> tuple[Ints, list[State]]:
    """Turn sets of layers into states, and note every overlap.

    Parameters
    ----------
    face, frame, mask
        From a frame on a face lies in the layers of a set; sorted by face and frame.
    layers
        (actor, status, basis) of every bit of a set, in order of first appearance.
    rest
        Who holds what nobody drew.
    rule
        What happens where several actors are drawn.
    area_km2, polygons
        Of the faces.
    moments
        Valid time of the frames.
    findings
        Where overlaps are noted.

    Returns
    -------
    codes, states
        A number for every row of `mask`, and what it stands for; 0 is the rest.

    Raises
    ------
    InputError
        Zones overlap, and the policy is to raise.

    Notes
    -----
    Infiltration and no data count only where nobody holds. Of zones on one spot those with the
    best basis count (confirmed, reported, assessed, claimed), and of one actor's the strongest
    status. Only if two actors are left does the rule decide.
    """
    states: list[State] = [NO_DATA if rest is None else (rest, "controlled", "assessed")]
    number: dict[State, int] = {states[0]: 0}
    order = {actor: i for i, actor in enumerate(dict.fromkeys([*rule.priority, *_actors(layers)]))}
    distinct, inverse = _factorized(mask)
    best = [_best([layer for i, layer in enumerate(layers) if m >> i & 1], order) for m in distinct]
    plain = np.zeros(len(distinct), dtype=np.int64)
    for i, kept in enumerate(best):
        if kept:
            plain[i] = number.setdefault(kept[0], len(number))
    codes = plain[inverse]
    several = np.array([len(kept) > 1 for kept in best])
    rows = np.flatnonzero(several[inverse])
    if len(rows):
        large = _large(rows, face, frame, inverse, area_km2, rule.sliver_km2)
        _report(rows, large, face, frame, inverse, best, rule, area_km2, moments, findings)
        if rule.overlap == "raise" and large.any():
            _raise(rows[large], face, frame, inverse, best, area_km2, moments, polygons)
        if rule.overlap == "contested":
            for row in rows[large].tolist():
                claimants = best[inverse[row]]
                before = row - 1
                while before >= 0 and face[before] == face[row] and several[inverse[before]]:
                    before -= 1
                holder = None
                if before >= 0 and face[before] == face[row]:
                    last = best[inverse[before]]
                    holder = last[0][0] if last else rest  # what nobody drew was the rest's
                names = [claim[0] for claim in claimants]
                actor = holder if holder in names else names[0]
                state = (actor, "contested", claimants[0][2])
                codes[row] = number.setdefault(state, len(number))
    return codes, list(number)


def _factorized(mask: Any) -> tuple[list[int], Ints]:
    codes, distinct = pd.factorize(np.asarray(mask))
    return [int(each) for each in distinct], codes.astype(np.int64)


def _actors(layers: list[Layer]) -> list[str | None]:
    return [actor for actor, _, _ in layers]


def _best(claims: list[Layer], order: dict[str | None, int]) -> list[Layer]:
    """Return the strongest claim of each actor with the best basis, by priority."""
    # What nobody knows of, or somebody only passes through, gives way to who holds it.
    claims = [claim for claim in claims if claim[1] not in _WEAK] or claims
    claims = [claim for claim in claims if claim[0] is not None] or claims
    if not claims:
        return []
    basis = min(BASES.index(claim[2]) for claim in claims)
    own: dict[str | None, Layer] = {}
    for claim in sorted(claims, key=lambda claim: STATUSES.index(claim[1])):
        if BASES.index(claim[2]) == basis:
            own.setdefault(claim[0], claim)
    return sorted(own.values(), key=lambda claim: order[claim[0]])


def _large(
    rows: Ints,
    face: Ints,
    frame: Ints,
    inverse: Ints,
    area_km2: NDArray[np.float64],
    sliver_km2: float,
) -> Any:
    """Say which overlaps are, with all of their kind on the same map, more than a sliver."""
    events: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for row in rows.tolist():
        kind, size = int(inverse[row]), float(area_km2[face[row]])
        events[kind].append((int(frame[row]), size))
        after = row + 1
        if after < len(face) and face[after] == face[row]:
            events[kind].append((int(frame[after]), -size))
    total: dict[tuple[int, int], float] = {}
    for kind, listed in events.items():
        now = 0.0
        for number, change in sorted(listed):
            now += change
            total[kind, number] = now
    found = [total[int(inverse[row]), int(frame[row])] for row in rows.tolist()]
    return np.array([area > 0 and area >= sliver_km2 for area in found], dtype=bool)


def _grouped(
    rows: Ints, face: Ints, frame: Ints, inverse: Ints, area_km2: NDArray[np.float64]
) -> dict[tuple[int, int], tuple[float, int]]:
    """Return the area and one face of every set of claims that overlap from a frame on."""
    groups: dict[tuple[int, int], tuple[float, int]] = {}
    for row in rows.tolist():
        key = (int(frame[row]), int(inverse[row]))
        area, largest = groups.get(key, (0.0, int(face[row])))
        if area_km2[face[row]] > area_km2[largest]:
            largest = int(face[row])
        groups[key] = (area + float(area_km2[face[row]]), largest)
    return dict(sorted(groups.items()))


def _report(
    rows: Ints,
    large: Any,
    face: Ints,
    frame: Ints,
    inverse: Ints,
    best: list[list[Layer]],
    rule: Rule,
    area_km2: NDArray[np.float64],
    moments: Ints,
    findings: Findings,
) -> None:
    for chosen, kind in ((large, "overlap"), (~large, "sliver")):
        for (number, of), (area, _) in _grouped(
            rows[chosen], face, frame, inverse, area_km2
        ).items():
            names = [str(claim[0]) for claim in best[of]]
            contested = kind == "overlap" and rule.overlap == "contested"
            outcome = "contested" if contested else f"{names[0]} prevails"
            note = f"{' and '.join(names)} overlap; {outcome}"
            findings.add(int(moments[number]), kind, names[0], area, note)


def _raise(
    rows: Ints,
    face: Ints,
    frame: Ints,
    inverse: Ints,
    best: list[list[Layer]],
    area_km2: NDArray[np.float64],
    moments: Ints,
    polygons: NDArray[np.object_],
) -> None:
    found = []
    groups = _grouped(rows, face, frame, inverse, area_km2)
    for (number, of), (area, largest) in list(groups.items())[:_SHOWN]:
        spot = shapely.point_on_surface(polygons[largest])
        when = stamps_text(int(moments[number]))
        names = " and ".join(str(claim[0]) for claim in best[of])
        found.append(
            f"{when}: {names} overlap on {area:.3f} km2, for one at {spot.x:.4f}, {spot.y:.4f}"
        )
    if len(groups) > _SHOWN:
        found.append(f"... and {len(groups) - _SHOWN} more")
    raise InputError(
        "snapshots: zones of several actors overlap; pass overlap='contested', or "
        "overlap='priority' with priority=[...]\n  - " + "\n  - ".join(found)
    )
