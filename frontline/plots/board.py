"""A map on axes: base map, land, front, events and names, each an artist that can be moved on.

A still is drawn once; an animation keeps the artists and gives them other paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.transforms import Bbox

from frontline.palette import NOBODY
from frontline.plots.ground import Ground, draw_base, theatre_of
from frontline.plots.looks import INK, OUTLINE, WHITE, dress, shapes_of, symbol
from frontline.plots.paths import EMPTY, path_of_area, path_of_lines
from frontline.plots.sides import LINES, Shot, Sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

__all__ = ["Board"]

_SYMBOL_PT = 6.5
_LEAST_PX = 16.0  # a region narrower than this is smaller than its own symbol
#: Colour, width in points and dash of the strokes of each kind of line; the lowest first.
_STROKES: dict[str, tuple[tuple[Any, float, Any], ...]] = {
    "outside": ((OUTLINE, 0.8, "solid"),),
    "faint": ((NOBODY, 0.5, "solid"),),
    "unsure": ((WHITE, 2.6, "solid"), (INK, 1.1, (0, (4, 2.5)))),
    "front": ((WHITE, 3.5, "solid"), (INK, 1.6, "solid")),
}
_DASHED = ("unsure",)
_SEAM = shapely.MultiLineString([[(lon, -90), (lon, 90)] for lon in (-180, 180)])


@dataclass
class Board:
    """The artists of one map.

    Attributes
    ----------
    ax : Axes
        What they stand on.
    ground : Ground
        The coordinates.
    sides : Sides
        Colours and groups.
    """

    ax: Axes
    ground: Ground
    sides: Sides
    areas: dict[int, PathPatch] = field(default_factory=dict)
    lines: dict[str, list[PathPatch]] = field(default_factory=dict)
    events: list[Artist] = field(default_factory=list)
    shapes: dict[str, str] = field(default_factory=dict)
    crosses: bool = False

    @classmethod
    def on(cls, ax: Axes, ground: Ground, sides: Sides, *, front: bool = True) -> Board:
        """Prepare axes: window, base map, and empty artists for land and lines."""
        ground.fill(ax)
        ax.set_xticks([])
        ax.set_yticks([])
        for spine in ax.spines.values():
            spine.set_color("#b9bfc5")
            spine.set_linewidth(0.8)
        theatre = theatre_of(sides.content.history)
        draw_base(ax, ground, theatre)
        board = cls(ax, ground, sides, crosses=theatre[2] > 180.0)  # noqa: PLR2004 - degrees
        board.shapes = shapes_of(event["kind"] for event in sides.content.events)
        for number, (_, kind) in enumerate(sides.groups):
            patch = dress(PathPatch(EMPTY, zorder=1.0), kind, sides.colour(number))
            patch.set_gid(f"land-{number}")
            board.areas[number] = board.put(patch)
        for i, name in enumerate(("outside", "faint", "unsure", "front")):
            wanted = front or name in ("outside", "faint")
            board.lines[name] = [
                board.put(
                    PathPatch(
                        EMPTY,
                        facecolor="none",
                        edgecolor=colour,
                        linewidth=width_pt,
                        linestyle=dash,
                        joinstyle="round",
                        capstyle="butt" if name in _DASHED else "round",
                        zorder=2.0 + 0.1 * i + 0.01 * k,
                        gid=f"line-{name}",
                    )
                )
                for k, (colour, width_pt, dash) in enumerate(_STROKES[name] if wanted else ())
            ]
        return board

    def show(self, shot: Shot) -> None:
        """Draw what there is at one instant."""
        forward = self.ground.project
        for number, patch in self.areas.items():
            patch.set_path(
                path_of_area(shot.areas[number], forward) if number in shot.areas else EMPTY
            )
        for name in LINES:
            given = self.off_seam(shot.lines[name])
            if name in _DASHED and len(given):  # else each edge would begin its dashes anew
                given = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(given)))
            path = path_of_lines(given, forward) if len(given) else EMPTY
            for patch in self.lines[name]:
                patch.set_path(path)

    def off_seam(self, lines: Any) -> Any:
        """Return lines without what runs along 180 degrees, where cells are cut and end nowhere."""
        if not self.crosses or not len(lines):
            return lines
        rest = shapely.difference(lines, _SEAM)
        return rest[~shapely.is_empty(rest)]

    def show_events(self, events: Sequence[dict[str, Any]]) -> None:
        """Draw events: a symbol each, and the outline of where the words of a report place it."""
        for artist in self.events:
            artist.remove()
        self.events = []
        for event in events:
            if event["region"] is not None:
                self._region(event["region"])
        spots = self.ground.forward([(event["lon"], event["lat"]) for event in events])
        for kind in self.shapes:
            chosen = [i for i, event in enumerate(events) if event["kind"] == kind]
            if not chosen:
                continue
            (marks,) = self.ax.plot(
                *spots[chosen].T,
                linestyle="none",
                marker=symbol(self.shapes[kind]),
                markersize=_SYMBOL_PT * 1.3,
                markerfacecolor=INK,
                markeredgecolor="white",
                markeredgewidth=0.8,
                zorder=5,
                scalex=False,
                scaley=False,
            )
            marks.set_gid("events")
            self.events.append(marks)

    def _region(self, region: Any) -> None:
        path = path_of_area(region, self.ground.project)
        corners = self.ax.transData.transform(path.get_extents().get_points())
        if np.ptp(corners[:, 0]) < _LEAST_PX:
            return
        for face, edge, width_pt, dash in (
            ((1, 1, 1, 0.13), WHITE, 2.6, "solid"),
            ("none", INK, 1.0, (0, (4, 3))),
        ):
            self.events.append(
                self.put(
                    PathPatch(
                        path,
                        facecolor=face,
                        edgecolor=edge,
                        linewidth=width_pt,
                        linestyle=dash,
                        zorder=1.8,
                        gid="region",
                    )
                )
            )

    def moving(self) -> list[Artist]:
        """Return the artists that change from frame to frame, the lowest first."""
        still: list[Artist] = [*self.areas.values()]
        still += [patch for patches in self.lines.values() for patch in patches]
        return sorted([*still, *self.events], key=lambda artist: artist.get_zorder())

    def seen_now(self) -> set[int]:
        """Return the groups of which something is drawn in the window."""
        left, right = sorted(self.ax.get_xlim())
        bottom, top = sorted(self.ax.get_ylim())
        view = Bbox([[left, bottom], [right, top]])
        return {
            number
            for number, patch in self.areas.items()
            if len(patch.get_path()) and patch.get_path().intersects_bbox(view)
        }

    def fade(self, share: float) -> None:
        """Make the land paler, so that what is drawn over it stands out."""
        for patch in self.areas.values():
            red, green, blue, strength = to_rgba(patch.get_facecolor())
            patch.set_facecolor((red, green, blue, strength * share))

    def whole(self) -> bool:
        """Say whether the window shows the whole theatre."""
        west, east, south, north = self.ground.reach(theatre_of(self.sides.content.history))
        (left, right), (bottom, top) = self.ax.get_xlim(), self.ax.get_ylim()
        return bool(left <= west and bottom <= south and right >= east and top >= north)

    def cells_seen(self) -> NDArray[np.bool_]:
        """Say of each cell whether its box on the map meets the window."""
        polygons = self.sides.content.history.composite.polygons
        way = self.ground.project
        if way is not None:
            polygons = shapely.transform(way.bent(polygons), way)
        near = np.asarray(shapely.bounds(polygons))
        (left, right), (bottom, top) = self.ax.get_xlim(), self.ax.get_ylim()
        found: NDArray[np.bool_] = (near[:, 0] < right) & (near[:, 2] > left)
        return found & (near[:, 1] < top) & (near[:, 3] > bottom)

    def sees(self, lon: float, lat: float) -> bool:
        """Say whether a point lies in the window."""
        x, y = self.ground.forward([(lon, lat)])[0]
        (left, right), (bottom, top) = self.ax.get_xlim(), self.ax.get_ylim()
        return bool(left <= x <= right and bottom <= y <= top)

    def put(self, patch: PathPatch) -> PathPatch:
        """Add a patch that leaves the window as it is."""
        # add_patch would make the limits of the axes those of the patch.
        self.ax.add_artist(patch)
        patch.set_clip_path(self.ax.patch)
        return patch
