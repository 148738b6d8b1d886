"""From dated maps to cells and spells: every line noded once, every change placed on its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from frontline.composite import Composite, merge_faces
from frontline.control.frames import object_series
from frontline.control.overlaps import Rule, states_of
from frontline.control.snapshots import stamps_text
from frontline.drawing import PER_DEG, Sheet, Strokes
from frontline.edges import areas_m2
from frontline.errors import InputError
from frontline.noding import Noded, node_segments
from frontline.windings import Faces, faces_between, winding_changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from frontline.control.snapshots import Findings, Layer, Snapshot
    from frontline.control.timeline import State

    Ints = NDArray[np.int64]

#: The layer of the outline; zones come after it.
THEATRE = 0


class Runs(NamedTuple):
    """What each cell is over frames: from a frame on, until the next run of the cell.

    Sorted by cell and frame; every cell has a run at frame 0. `code` is a number in `states`.
    """

    cell: Ints
    frame: Ints
    code: Ints
    states: list[State]


@dataclass(frozen=True, eq=False)
class Woven:
    """The cells of dated maps and what each is over time.

    Attributes
    ----------
    composite : Composite
        With `site`, `place` and `beyond` as all histories have them, here without meaning.
    runs : Runs
        Who holds which cell from which frame on.
    frames : list of (int, int, str or None)
        Valid time, recorded time and source of every frame.
    actors : list of str
        In order of first appearance.
    """

    composite: Composite
    runs: Runs
    frames: list[tuple[int, int, str | None]]
    actors: list[str]


def weave(
    snapshots: Iterable[Snapshot],
    *,
    outline: Any,
    rest: str | None,
    rule: Rule,
    findings: Findings,
) -> Woven:
    """Weave dated maps into one composite; see `ControlHistory.from_snapshots`."""
    sheet = Sheet()
    if outline is not None:
        sheet.draw(0, THEATRE, shapely.get_parts(np.array([outline], dtype=object)))
    layers: dict[Layer, int] = {}
    frames: list[tuple[int, int, str | None]] = []
    drawn: set[int] = set()
    nothing = np.empty(0, dtype=object)
    for snapshot in snapshots:
        number = len(frames)
        if frames and (snapshot.moment, snapshot.recorded) <= frames[-1][:2]:
            raise InputError(
                f"snapshots must come in order of date, once each; {stamps_text(snapshot.moment)} "
                f"follows {stamps_text(frames[-1][0])}; sort them, or join the zones of one date"
            )
        now = set()
        for layer, polygons in snapshot.zones.items():
            code = layers.setdefault(layer, len(layers) + 1)
            sheet.draw(number, code, polygons)
            now.add(code)
        for code in drawn - now:
            sheet.draw(number, code, nothing)
        drawn = now
        frames.append((snapshot.moment, snapshot.recorded, snapshot.source))
    if not frames:
        raise InputError("snapshots holds no dated map; a history needs at least one")
    strokes = sheet.strokes()
    pieces = node_segments(strokes.start, strokes.end)
    faces = faces_between(pieces)
    theatre, face, frame, mask = _masks(faces, pieces, strokes, count=len(layers))
    polygons = shapely.transform(faces.polygons, lambda xy: xy / PER_DEG)
    area_km2 = areas_m2(polygons) / 1e6
    moments = np.array([each[0] for each in frames], dtype=np.int64)
    ever = np.zeros(len(polygons), dtype=bool)
    ever[face[mask != 0]] = True
    if outline is None:
        # A hole that nobody ever drew is somebody's only if there is a rest.
        keep = np.ones(len(polygons), dtype=bool) if rest is not None else ever
    else:
        keep = theatre
        held = np.asarray(mask != 0, dtype=bool)
        _note_outside(area_km2, ever & ~theatre, face[held], frame[held], moments, findings)
    inside = keep[face]
    face, frame, mask = face[inside], frame[inside], mask[inside]
    codes, states = states_of(
        face, frame, mask, list(layers), rest=rest, rule=rule,
        area_km2=area_km2, moments=moments, polygons=polygons, findings=findings,
    )  # fmt: skip
    composite, runs = _cells(polygons, keep, face, frame, codes, states)
    return Woven(
        composite, runs, frames, list(dict.fromkeys(layer[0] for layer in layers if layer[0]))
    )


def _masks(
    faces: Faces, pieces: Noded, strokes: Strokes, *, count: int
) -> tuple[NDArray[np.bool_], Ints, Ints, Any]:
    """Return which faces lie in the theatre, and per face and frame the set of its layers.

    A set is a whole number with a bit for every layer, the first zone's being 1.
    """
    many = np.bincount(pieces.parent, minlength=len(strokes.start))
    offset = np.cumsum(many) - many
    size = many[strokes.segment]
    owner = np.repeat(np.arange(len(size)), size)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size)
    piece = offset[strokes.segment[owner]] + step
    # A piece keeps the direction of its segment.
    drawn = np.where(faces.forward[piece], 1, -1) * strokes.drawn[owner]
    changes = winding_changes(
        faces, strokes.layer[owner], strokes.frame[owner], faces.edge_of[piece], drawn
    )
    theatre = np.zeros(len(faces.polygons), dtype=bool)
    theatre[changes.face[(changes.layer == THEATRE) & (changes.winding > 0)]] = True
    zone = changes.layer != THEATRE
    layer, face, frame = changes.layer[zone], changes.face[zone], changes.frame[zone]
    member = changes.winding[zone] > 0
    fresh = np.ones(len(face), dtype=bool)
    fresh[1:] = (layer[1:] != layer[:-1]) | (face[1:] != face[:-1])
    moved = member != np.where(fresh, False, np.roll(member, 1))
    layer, face, frame, member = layer[moved], face[moved], frame[moved], member[moved]
    # Sets of more layers than 62 need whole numbers of any size.
    bits = np.array([1 << i for i in range(count)], dtype=np.int64 if count <= 62 else object)  # noqa: PLR2004
    sign = np.where(member, bits[layer - 1], -bits[layer - 1]) if count else np.zeros(0, np.int64)
    # Every face begins in frame 0, in no layer.
    face = np.concatenate([np.arange(len(faces.polygons)), face])
    frame = np.concatenate([np.zeros(len(faces.polygons), dtype=np.int64), frame])
    sign = np.concatenate([np.zeros(len(faces.polygons), dtype=np.int64), sign])
    order = np.lexsort((frame, face))
    face, frame, sign = face[order], frame[order], sign[order]
    last = np.ones(len(face), dtype=bool)
    last[:-1] = (face[1:] != face[:-1]) | (frame[1:] != frame[:-1])
    total = np.cumsum(sign)
    start = np.searchsorted(face, np.arange(len(faces.polygons)))
    base = np.concatenate([total[:1] * 0, total])[start]  # what faces before this one left over
    mask = total - base[face]
    return theatre, face[last], frame[last], mask[last]


def _note_outside(
    area_km2: NDArray[np.float64],
    outside: NDArray[np.bool_],
    face: Ints,
    frame: Ints,
    moments: Ints,
    findings: Findings,
) -> None:
    """Note what was drawn beyond the outline, which is left out."""
    if not outside.any():
        return
    first = np.full(len(area_km2), len(moments), dtype=np.int64)
    np.minimum.at(first, face, frame)
    total = float(area_km2[outside].sum())
    when = int(moments[min(int(first[outside].min()), len(moments) - 1)])
    findings.add(when, "outside", None, total, "drawn beyond the outline, left out")


def _cells(
    polygons: NDArray[np.object_],
    keep: NDArray[np.bool_],
    face: Ints,
    frame: Ints,
    code: Ints,
    states: list[State],
) -> tuple[Composite, Runs]:
    """Make cells of the faces that are kept; neighbours that never differ become one."""
    changed = np.ones(len(face), dtype=bool)
    changed[1:] = (face[1:] != face[:-1]) | (code[1:] != code[:-1])
    face, frame, code = face[changed], frame[changed], code[changed]
    kept = np.flatnonzero(keep)
    number = np.full(len(keep), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    cell = number[face]
    story = _stories(cell, frame, code, count=len(kept))
    shapes, _, source = merge_faces(polygons[kept], story)
    # The runs of the face for which a cell is named are the cell's.
    new = np.full(len(kept), -1, dtype=np.int64)
    new[source] = np.arange(len(source))
    use = new[cell] >= 0
    cell, frame, code = new[cell[use]], frame[use], code[use]
    order = np.lexsort((frame, cell))
    composite = Composite.from_polygons(shapes)
    composite.cells.insert(0, "site", np.full(len(shapes), -1, dtype=np.int64))
    composite.cells.insert(1, "place", object_series([None] * len(shapes)))
    composite.cells.insert(2, "beyond", np.zeros(len(shapes), dtype=bool))
    return composite, Runs(cell[order], frame[order], code[order], states)


def _stories(cell: Ints, frame: Ints, code: Ints, *, count: int) -> Ints:
    """Return one number for each cell, the same for those that are the same in all frames."""
    begin = np.searchsorted(cell, np.arange(count + 1))
    flat = np.column_stack([frame, code]).tobytes()
    width = 16
    texts = [flat[begin[i] * width : begin[i + 1] * width] for i in range(count)]
    return np.asarray(pd.factorize(np.array(texts, dtype=object))[0], dtype=np.int64)
