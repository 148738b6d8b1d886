"""Who is drawn how, the same at every date, and what is drawn at one instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline.errors import InputError
from frontline.palette import NOBODY, colours
from frontline.plots.looks import KINDS
from frontline.scene.content import kind_of_state
from frontline.scene.frames import frame_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.scene.content import Content

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

__all__ = ["LINES", "Shot", "Sides"]

#: Kinds of lines, by what lies on their two sides.
LINES = ("front", "unsure", "faint", "outside")
_UNSURE = ("claimed", "infiltration")
_HELD = ("held", "advance")
_MOST = 400  # frames after which the sides are put in order
_OUTSIDE_GROUP = -1


@dataclass(frozen=True, slots=True)
class Shot:
    """What a history looks like at one instant.

    Attributes
    ----------
    areas : dict of int to geometry
        By the number of a group: one (multi)polygon, in longitude and latitude.
    area_km2 : dict of int to float
        The same areas on the ellipsoid.
    lines : dict of str to array of LineString
        By the kind of line; see `LINES`.
    """

    areas: dict[int, Any]
    area_km2: dict[int, float]
    lines: dict[str, Geometries]


@dataclass(frozen=True, eq=False)
class Sides:
    """The sides of a history with their colours, and the groups in which land is drawn.

    Attributes
    ----------
    content : Content
        The parts of the map.
    actors : tuple of str
        The one with the largest area over time first.
    labels, colours : dict of str to str
        A label and a colour for each.
    groups : tuple of (actor or None, kind)
        What is drawn alike: bottom first.
    """

    content: Content
    actors: tuple[str, ...]
    labels: dict[str, str]
    colours: dict[str, str]
    groups: tuple[tuple[str | None, str], ...]
    _group_of_state: Ints

    @classmethod
    def of(cls, content: Content) -> Sides:
        """Read the sides off the parts of a map.

        Raises
        ------
        InputError
            The history has no cells, or a coordinate in it is no number.
        """
        history = content.history
        if not len(history.cells):
            raise InputError("the history has no cells; there is nothing to draw")
        if not np.isfinite(np.asarray(history.cells.total_bounds)).all():
            raise InputError("the cells of the history hold a coordinate that is no number")
        states = [
            (actor or None, kind_of_state(actor, str(status), str(basis or "")))
            for actor, status, basis in history.state_codes([])[1]
        ]
        order = _by_area(content, [actor for actor, _ in states])
        groups = sorted(set(states), key=lambda g: _place_of(g, order))
        number = {group: i for i, group in enumerate(groups)}
        given = {name: colour for name, colour in content.colours.items() if name in order}
        return cls(
            content=content,
            actors=tuple(order),
            labels={name: content.labels.get(name, name) for name in order},
            colours=colours(order, given),
            groups=tuple(groups),
            _group_of_state=np.array([number[state] for state in states], dtype=np.int64),
        )

    def colour(self, group: int) -> str:
        """Return the colour of a group's side."""
        actor = self.groups[group][0]
        return self.colours[actor] if actor is not None else NOBODY

    def label_of(self, actor: str | None) -> str:
        """Return what a side is called."""
        return "nobody known" if actor is None else self.labels.get(actor, actor)

    def called(self, group: int) -> str:
        """Say in words what a group is."""
        actor, kind = self.groups[group]
        if kind == "no_data":
            return KINDS[kind]
        return self.label_of(actor) if kind == "held" else f"{self.label_of(actor)}, {KINDS[kind]}"

    def groups_at(self, when: Any, *, as_of: Any = None) -> Ints:
        """Return the group of every cell at an instant."""
        codes = self.content.history.state_codes([when], as_of=as_of)[0][0]
        out: Ints = self._group_of_state[codes]
        return out

    def shot(self, when: Any, *, as_of: Any = None) -> Shot:
        """Return what there is to draw at an instant."""
        return self.shot_of(self.groups_at(when, as_of=as_of))

    def shot_of(self, group: Ints) -> Shot:
        """Return what there is to draw where every cell belongs to a given group."""
        composite = self.content.history.composite
        present, shapes = composite.dissolve(group)
        km2 = np.bincount(group, weights=composite.area_km2, minlength=len(self.groups))
        numbers = [int(number) for number in present]
        return Shot(
            areas=dict(zip(numbers, shapes, strict=True)),
            area_km2={number: float(km2[number]) for number in numbers},
            lines=self._lines(group),
        )

    def _lines(self, group: Ints) -> dict[str, Geometries]:
        """Sort the edges between groups by what lies on their sides."""
        composite = self.content.history.composite
        beside = np.append(group, _OUTSIDE_GROUP)[composite.sides]  # -1 is the last: outside
        edge = np.flatnonzero(beside[:, 0] != beside[:, 1])
        kinds = self._kind_of_line()[beside[edge, 0], beside[edge, 1]]
        lines = composite.lines[edge]
        return {name: lines[kinds == i] for i, name in enumerate(LINES)}

    def _kind_of_line(self) -> Ints:
        """Return the kind of line between any two groups; the last row and column is outside."""
        count = len(self.groups)
        out = np.full((count + 1, count + 1), LINES.index("faint"), dtype=np.int64)
        open_land = self.content.history.unbounded
        for i, (actor, kind) in enumerate(self.groups):
            rim = "front" if open_land and kind in _HELD else "outside"
            out[i, count] = out[count, i] = LINES.index(rim)
            for j, (other, other_kind) in enumerate(self.groups):
                if actor is None or other is None or actor == other:
                    continue
                unsure = kind in _UNSURE or other_kind in _UNSURE
                out[i, j] = LINES.index("unsure" if unsure else "front")
        return out


def _place_of(group: tuple[str | None, str], order: list[str]) -> tuple[int, int]:
    actor, kind = group
    return (order.index(actor) if actor is not None else len(order), list(KINDS).index(kind))


def _by_area(content: Content, actors: list[str | None]) -> list[str]:
    """Name the actors of states, the one with the largest area over all frames first."""
    history = content.history
    names = sorted({actor for actor in actors if actor is not None})
    starts, ends = content.window
    changes = history.change_times()
    try:
        times = frame_times(changes, from_=starts or None, to=ends or None)
    except InputError:  # too many frames, or none
        times = changes
    times = times[:: max(1, -(-len(times) // _MOST))]
    number = {name: i for i, name in enumerate(names)}
    of_state = np.array([number.get(actor or "", len(names)) for actor in actors], dtype=np.int64)
    total = np.zeros(len(names) + 1)
    area_km2 = np.asarray(history.cells["area_km2"], dtype=float)
    for moment in times:
        codes = history.state_codes([moment])[0][0]
        total += np.bincount(of_state[codes], weights=area_km2, minlength=len(total))
    return sorted(names, key=lambda name: (-round(total[number[name]], 2), name))
