"""The tables of a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from frontline.reports.ground import Grounded
    from frontline.reports.mention import Mention


def frame_of_mentions(
    text: str, mentions: Sequence[Mention], grounded: Sequence[Grounded]
) -> gpd.GeoDataFrame:
    """Return one row per mention; see `Reading.mentions`."""
    import geopandas as gpd
    import numpy as np

    localities = [mention.locality for mention in mentions]
    nan = float("nan")

    def said(name: str) -> list[float]:
        found = [getattr(each, name) if each else None for each in localities]
        return [nan if value is None else value for value in found]

    return gpd.GeoDataFrame(
        {
            "start": np.array([m.start for m in mentions], np.int64),
            "end": np.array([m.end for m in mentions], np.int64),
            "text": _objects([text[m.start : m.end] for m in mentions]),
            "kind": _objects([m.kind for m in mentions]),
            "features": _objects([m.names for m in mentions]),
            "places": _objects([tuple(p.name for p in g.places) for g in grounded]),
            "place_ids": _objects([tuple(p.place_id for p in g.places) for g in grounded]),
            "lang": _objects([m.lang for m in mentions]),
            "distance_m": np.array(said("distance_m"), np.float64),
            "azimuth_deg": np.array(said("azimuth_deg"), np.float64),
            "reference": _objects([each.reference if each else None for each in localities]),
            "uncertainty_m": np.array([g.uncertainty_m for g in grounded], np.float64),
            "point": gpd.GeoSeries([g.point for g in grounded], crs=4326),
            "geometry": gpd.GeoSeries([g.region for g in grounded], crs=4326),
            "reason": _objects([g.reason for g in grounded]),
            "remarks": _objects([g.remarks for g in grounded]),
        },
        geometry="geometry",
        crs=4326,
    )


def _objects(values: list[Any]) -> Any:
    """Return a column of anything; pandas would take tuples for rows of a table."""
    import numpy as np
    import pandas as pd

    column = np.empty(len(values), dtype=object)
    for number, value in enumerate(values):
        column[number] = value
    return pd.Series(column, dtype=object)


def flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table of mentions without columns of tuples or points."""
    points = frame["point"]
    out = frame.drop(columns=["point"])
    for name in ("features", "places", "place_ids", "remarks"):
        out[name] = _objects(["; ".join(each) for each in frame[name]])
    at = frame.columns.get_loc("point")
    out.insert(at, "lon", points.x)
    out.insert(at + 1, "lat", points.y)
    return out
