"""`ControlHistory`: cells that never change and the spells during which somebody held them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontline import _doors
from frontline.control.pictures import Pictures
from frontline.control.questions import Questions
from frontline.control.roads import Roads


@dataclass(frozen=True, eq=False, repr=False)
class ControlHistory(Roads, Questions, Pictures):
    """The record of who held what in a theatre.

    Make one with `from_places`, `from_snapshots` or `open`; every question is then a view.

    Notes
    -----
    Dates are anything pandas reads; naive means UTC. Intervals are half-open, [from, to).

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> reports = gpd.GeoDataFrame(
    ...     {"actor": ["A", "B", "A"],
    ...      "valid_from": ["2024-12-01", "2024-12-01", "2024-12-03 14:00"],
    ...      "recorded_from": ["2024-12-01", "2024-12-01", "2024-12-04"]},
    ...     geometry=gpd.points_from_xy([36.0, 36.2, 36.2], [35.0, 35.0, 35.0]), crs=4326)
    >>> h = ControlHistory.from_places(reports, outline=shapely.box(35.9, 34.9, 36.3, 35.1))
    >>> h
    ControlHistory('': 2 cells, 4 spells of 2 actors, 2024-12-01 to 2024-12-03)
    >>> h.front("2024-12-02")[["actor_left", "actor_right", "length_km"]].round(1)
      actor_left actor_right  length_km
    0          A           B       22.2
    >>> h.changes("2024-12-02", "2024-12-04")[["from_actor", "to_actor", "area_km2"]].round(1)
      from_actor to_actor  area_km2
    0          B        A     405.1
    >>> h.holder([(36.2, 35.0)], "2024-12-03 15:00").tolist()
    ['A']
    >>> h.holder([(36.2, 35.0)], "2024-12-03 15:00", as_of="2024-12-03 16:00").tolist()
    ['B']
    >>> h.measures().query("actor == 'A'")["gained_km2"].round(1).tolist()
    [0.0, 0.0, 0.0, 405.1]
    >>> h.distance_to_front([(36.0, 35.0)], "2024-12-02").round(-1).tolist()
    [9130.0]
    """

    # --- doors ------------------------------------------------------------------------------

    def map(self, **options: Any) -> Any:
        """Return a `folium.Map` with the time control; see `frontline.maps`."""
        return _doors.map_of(self, **options)

    def publish(self, **terms: Any) -> ControlHistory:
        """Return a history that is safe to hand out: later dates gone, coordinates on a grid.

        Takes `delay`, `until`, `coarsen` and `made_on`; see `frontline.publish`.
        """
        made: ControlHistory = _doors.published(self, **terms)
        return made
