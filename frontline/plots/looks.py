"""How things look on a picture: the colours, hatchings and symbols of the map page, for print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.path import Path

from frontline.palette import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.patches import PathPatch

__all__ = [
    "BASE",
    "FILL",
    "INK",
    "KINDS",
    "LAND",
    "SOFT",
    "dress",
    "shapes_of",
    "symbol",
]

INK = "#1d2329"
SOFT = "#59626b"
LAND = "#f6f5f1"
OUTLINE = "#6b7178"
WHITE = (1.0, 1.0, 1.0, 0.85)

#: How strongly a kind of control is filled.
FILL = {
    "held": 0.55,
    "advance": 0.4,
    "contested": 0.2,
    "claimed": 0.14,
    "infiltration": 0.14,
    "no_data": 0.1,
}
KINDS = {
    "held": "held",
    "advance": "advance",
    "contested": "contested",
    "claimed": "claimed, not confirmed",
    "infiltration": "infiltration",
    "no_data": "no data",
}
#: Contested: strokes rising to the right. Claimed: thin ones falling. Advance: level ones.
_HATCH = {
    "advance": ("---", 0.7),
    "contested": ("///", 1.6),
    "claimed": ("\\\\\\", 0.7),
    "infiltration": ("...", 0.7),
    "no_data": ("..", 0.4),
}
#: Fill, line and width (points) of the layers of the base map, and whether the line is dashed.
BASE: dict[str, tuple[str | None, Any, float, bool]] = {
    "sea": ("#dde6ec", "none", 0.0, False),
    "lakes": ("#dde6ec", "#b9c9d4", 0.5, False),
    "rivers": (None, "#b4c9d8", 0.8, False),
    "districts": (None, (0.353, 0.376, 0.408, 0.28), 0.6, True),
    "borders": (None, "#b3b0a8", 0.9, False),
    "disputed": (None, "#b3b0a8", 0.9, True),
}

_SHAPES = ("cross", "triangle", "square", "diamond", "circle", "star", "down")
_USUAL = {
    "clashes": "cross",
    "clash": "cross",
    "airstrike": "down",
    "strike": "down",
    "capture": "square",
    "withdrawal": "diamond",
    "statement": "circle",
    "located phrase": "star",
}


def dress(patch: PathPatch, kind: str, colour: str = NOBODY) -> PathPatch:
    """Give a patch the fill and the hatching of a kind of control in a side's colour."""
    nobody = kind == "no_data"
    patch.set_facecolor(to_rgba(NOBODY if nobody else colour, FILL[kind]))
    patch.set_linewidth(0.0)
    if kind not in _HATCH:
        patch.set_edgecolor("none")
        return patch
    hatch, width_pt = _HATCH[kind]
    patch.set_edgecolor(to_rgba(NOBODY, 0.7) if nobody else to_rgba(colour, 0.85))
    patch.set_hatch(hatch)
    if hasattr(patch, "set_hatch_linewidth"):  # from matplotlib 3.10 on
        patch.set_hatch_linewidth(width_pt)
    return patch


def shapes_of(kinds: Iterable[str]) -> dict[str, str]:
    """Choose a shape for each kind of event: the usual one, else the next that is free.

    Examples
    --------
    >>> shapes_of(["clashes", "protest", "statement"])
    {'clashes': 'cross', 'statement': 'circle', 'protest': 'triangle'}
    """
    names = list(dict.fromkeys(kinds))
    out = {kind: _USUAL[kind] for kind in names if kind in _USUAL}
    free = [shape for shape in _SHAPES if shape not in out.values()]
    others = [kind for kind in names if kind not in out]
    return out | {kind: free[i % len(free)] if free else "circle" for i, kind in enumerate(others)}


def symbol(shape: str) -> Path:
    """Return the outline of a symbol about the origin, one unit high to each side."""
    if shape == "circle":
        return Path.circle((0, 0), 0.9)
    if shape == "star":
        turn = np.arange(10) * np.pi / 5
        radius = np.where(np.arange(10) % 2, 0.5, 1.2)
        corners = np.column_stack([radius * np.sin(turn), radius * np.cos(turn)])
    elif shape == "cross":  # crossed arms
        half = [(0, 0.4), (0.7, 1.1), (1.1, 0.7), (0.4, 0), (1.1, -0.7), (0.7, -1.1)]
        corners = np.array([*half, *((-x, -y) for x, y in half)], dtype=float)
    else:
        corners = np.array(
            {
                "square": [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)],
                "diamond": [(0, 1.1), (1.1, 0), (0, -1.1), (-1.1, 0)],
                "triangle": [(0, 1.05), (1, -0.75), (-1, -0.75)],
                "down": [(0, -1.05), (1, 0.75), (-1, 0.75)],
            }[shape],
            dtype=float,
        )
    return Path(np.concatenate([corners, corners[:1]]), closed=True)
