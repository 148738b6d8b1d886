"""One locality to its fix: its places are looked up and the rule of its kind is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.locality import fixes, parts, paths_on_ground

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place
    from frontline.locality.calibration import Calibration
    from frontline.locality.model import Locality

RULES = {**fixes.RULES, "part": parts.part, "along": paths_on_ground.along}


def task_of(
    locality: Locality,
    places: Sequence[Place],
    numbers: Calibration,
    gazetteer: Gazetteer,
    paths: Mapping[str, Any] | None,
) -> fixes.Task:
    """Return what the rules need."""
    return fixes.Task(locality, places, numbers, gazetteer, paths or {})


def fix(task: fixes.Task) -> fixes.Fix:
    """Apply the rule of a locality's kind."""
    return RULES[task.locality.kind](task)
