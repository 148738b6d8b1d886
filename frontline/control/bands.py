"""The contested band: strips along borders that are front at some time, cut once for all.

A strip belongs to the cell on its side of the border and remembers the neighbour beyond it.
It is contested whenever the two are held by different actors, so the geometry never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from frontline.composite import OUTSIDE, Composite, faces_from_linework, merge_faces
from frontline.control.build import SLIVER_DEG2, Ground
from frontline.control.claims import TIMES, clip, meets, paint, stamps
from frontline.control.frames import object_series, objects
from frontline.control.timeline import Timeline
from frontline.planes import LocalPlane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_STRAIGHT_DEG = 0.1
_OVERSHOOT_DEG = 1e-4  # a rim runs past its cell's border by so much, so that it meets it
_QUARTER_SEGMENTS = 4


@dataclass(frozen=True, eq=False)
class Bands:
    """A ground whose cells are cut by strips.

    Attributes
    ----------
    ground : Ground
        The cut cells and who may speak for them.
    beside : pandas.DataFrame
        `cell` and `beside`: a strip, and a cell on the other side of its border.
    """

    ground: Ground
    beside: pd.DataFrame


def borders_ever_front(composite: Composite, *timelines: Timeline) -> Ints:
    """Return the edges that in some timeline at some instant lie between two actors."""
    left, right = composite.sides.T
    inner = np.flatnonzero(right != OUTSIDE)
    ever = np.zeros(len(inner), dtype=bool)
    a, b = left[inner], right[inner]
    for timeline in timelines:
        for when in timeline.changes():
            codes = timeline.actor_codes([when])[0]
            ever |= (codes[a] != codes[b]) & (codes[a] > 0) & (codes[b] > 0)
    return inner[ever].astype(np.int64)


def cut_bands(ground: Ground, edges: Ints, *, contested_km: float) -> Bands:
    """Cut strips of a width along edges out of the cells on both sides.

    Parameters
    ----------
    ground
        The cells.
    edges
        The edges along which strips run.
    contested_km
        Their width on either side. No strip reaches past the cells that touch its edge.
    """
    composite = ground.composite
    plane = LocalPlane.of([ground.outline])
    lines = plane.forward(shapely.segmentize(composite.lines[edges], _STRAIGHT_DEG))
    strips = plane.inverse(shapely.buffer(lines, contested_km * 1e3, quad_segs=_QUARTER_SEGMENTS))
    sides = composite.sides[edges]
    owner = np.tile(np.arange(len(edges)), 2)
    cells = shapely.buffer(composite.polygons[sides.T.ravel()], _OVERSHOOT_DEG)
    rims = shapely.get_parts(shapely.intersection(shapely.boundary(strips[owner]), cells))
    faces = faces_from_linework(
        np.concatenate([composite.lines, rims[shapely.get_dimensions(rims) == 1]])
    )
    spots = shapely.point_on_surface(faces)
    base = composite.cells_at(spots, reach_deg=0.0)
    faces, spots, base = faces[base >= 0], spots[base >= 0], base[base >= 0]
    strip, face = shapely.STRtree(spots).query(strips, predicate="intersects")
    own_left = sides[strip, 0] == base[face]
    own = own_left | (sides[strip, 1] == base[face])
    pairs = np.column_stack([face, np.where(own_left, sides[strip, 1], sides[strip, 0])])[own]
    pairs = np.unique(pairs, axis=0)
    polygons, _, source = merge_faces(
        faces, _keys(base, pairs), sliver_deg2=min(SLIVER_DEG2, (contested_km / 1e3) ** 2)
    )
    order = np.lexsort((source, base[source]))
    polygons, source = polygons[order], source[order]
    cut = Composite.from_polygons(polygons)
    old = composite.cells.drop(columns=["area_km2", "geometry"]).iloc[base[source]]
    for i, name in enumerate(old.columns):
        cut.cells.insert(i, name, old[name].reset_index(drop=True))
    spoke = ground.spoke.merge(
        pd.DataFrame({"base": base[source], "new": np.arange(len(source))}),
        left_on="cell",
        right_on="base",
    )
    spoke = pd.DataFrame({"report": spoke["report"], "cell": spoke["new"]})
    # All parts of a cell are spoken for by the same statements, so any part stands for it.
    stand_in = np.full(len(composite), OUTSIDE, dtype=np.int64)
    stand_in[base[source]] = np.arange(len(source))
    number = pd.DataFrame({"face": source, "cell": np.arange(len(source))})
    beside = number.merge(pd.DataFrame(pairs, columns=["face", "base"]), on="face")
    beside = pd.DataFrame({"cell": beside["cell"], "beside": stand_in[beside["base"]]})
    return Bands(
        Ground(cut, spoke.sort_values(["report", "cell"], ignore_index=True), ground.outline),
        beside[beside["beside"] != OUTSIDE].sort_values(["cell", "beside"], ignore_index=True),
    )


def _keys(base: Ints, pairs: Ints) -> Ints:
    """Give every combination of a cell and the borders along a face its number."""
    starts = np.searchsorted(pairs[:, 0], np.arange(len(base) + 1))
    flat = pairs[:, 1].tolist()
    known: dict[tuple[int, ...], int] = {}
    return np.array(
        [
            known.setdefault((cell, *flat[starts[i] : starts[i + 1]]), len(known))
            for i, cell in enumerate(base.tolist())
        ],
        dtype=np.int64,
    )


def contest(spells: pd.DataFrame, beside: pd.DataFrame, *, n_cells: int) -> pd.DataFrame:
    """Mark the spells of strips as contested while the other side is another actor's.

    Parameters
    ----------
    spells
        As `resolve_spells` returns them.
    beside
        As in `Bands`.
    n_cells
        How many cells there are.

    Notes
    -----
    Nobody contests with nobody: both sides must be held. A statement on the cell that says
    contested, infiltration or no data stays as it is.
    """
    if not len(beside):
        return spells
    timeline = Timeline(n_cells, spells)
    actor = pd.factorize(objects(spells["actor"]))[0].tolist()  # nobody is -1
    plain = spells["status"].isin(["controlled", "advance"]).tolist()
    boxes = list(zip(*(timeline.times[name].tolist() for name in TIMES), strict=True))
    first = np.searchsorted(timeline.cell, np.arange(n_cells + 1)).tolist()
    strips = beside.groupby("cell")["beside"].agg(list).to_dict()
    row_of: list[int] = []
    parts: list[tuple[int, ...]] = []
    for cell in range(n_cells):
        others = [
            row for other in strips.get(cell, ()) for row in range(first[other], first[other + 1])
        ]
        for row in range(first[cell], first[cell + 1]):
            box = boxes[row]
            layers = [(*box, 0)]
            if plain[row] and actor[row] >= 0:
                layers += [
                    clip((*boxes[other], 1), box)
                    for other in others
                    if actor[other] >= 0 and actor[other] != actor[row] and meets(boxes[other], box)
                ]
            found = paint(layers)
            parts.extend(found)
            row_of.extend([row] * len(found))
    flat = np.array(parts, dtype=np.int64).reshape(-1, 5)
    out = spells.iloc[row_of].reset_index(drop=True).rename_axis("spell")
    for i, name in enumerate(TIMES):
        out[name] = stamps(flat[:, i])
    status = objects(out["status"])
    status[flat[:, 4] == 1] = "contested"
    out["status"] = object_series(status)
    return out
