"""The pictures of a history and of a case, each a door to `frontline.plots`."""

from __future__ import annotations

from typing import Any

from frontline import _doors


class Pictures:
    """What can be drawn of a `ControlHistory` or a `Case`, with matplotlib."""

    __slots__ = ()

    def plot(self, when: Any = None, **options: Any) -> Any:
        """Draw who held what at an instant; see `frontline.plots.plot`."""
        return _doors.picture_of(self, "plot", when, **options)

    def plot_many(self, when: Any = 6, **options: Any) -> Any:
        """Draw several instants side by side; see `frontline.plots.plot_many`."""
        return _doors.picture_of(self, "plot_many", when, **options)

    def plot_changes(self, t0: Any, t1: Any, **options: Any) -> Any:
        """Draw who gained what from whom; see `frontline.plots.plot_changes`."""
        return _doors.picture_of(self, "plot_changes", t0, t1, **options)

    def plot_areas(self, **options: Any) -> Any:
        """Draw the areas held over time; see `frontline.plots.plot_areas`."""
        return _doors.picture_of(self, "plot_areas", **options)

    def plot_advance(self, towards: Any, **options: Any) -> Any:
        """Draw how far the front was from places; see `frontline.plots.plot_advance`."""
        return _doors.picture_of(self, "plot_advance", towards, **options)

    def plot_statements(self, about: str, **options: Any) -> Any:
        """Draw competing statements of a distance; see `frontline.plots.plot_statements`."""
        return _doors.picture_of(self, "plot_statements", about, **options)
