"""New statements on known sites: only the cells for which they speak are resolved again."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.assemble import resolve_by
from frontline.control.build import joined
from frontline.control.frames import CRS, Faults
from frontline.control.record import unpublished
from frontline.control.statements import read_statements
from frontline.errors import InputError
from frontline.rings import pack_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.record import H, Record

    Ints = NDArray[np.int64]


def history_with(history: H, more: pd.DataFrame) -> H:
    """Append statements on known sites; see `ControlHistory.with_reports`.

    Examples
    --------
    >>> from frontline.control import ControlHistory
    >>> def report(actors, date, lon):
    ...     points = gpd.GeoSeries(gpd.points_from_xy(lon, [35.0] * len(lon)), crs=4326)
    ...     return gpd.GeoDataFrame({"actor": actors, "valid_from": date}, geometry=points)
    >>> h = ControlHistory.from_places(report(["A", "B"], "2024-12-01", [36.0, 36.2]))
    >>> later = history_with(h, report(["A"], "2024-12-03", [36.2]))
    >>> later.at("2024-12-04")["actor"].tolist(), h.at("2024-12-04")["actor"].tolist()
    (['A'], ['A', 'B'])
    """
    rule = history.meta.get("resolve")
    for name in ("infill", "contested_km"):
        if history.meta.get(name) is not None:
            raise InputError(
                f"a history with {name} is drawn by its reports; build it anew with from_places"
            )
    if rule is None or history.meta.get("made_from") == "snapshots":
        raise InputError("reports can be added only to a history that from_places built")
    table = read_statements(more, places=_places_named(history, more), gazetteer=history._gazetteer)  # noqa: SLF001 - same package
    cell, report = _cells_of(history, table)
    old = history._spoke  # noqa: SLF001 - same package
    before, count = history._reports, len(history._reports)  # noqa: SLF001 - same package
    touched = np.zeros(len(history.composite), dtype=bool)
    touched[cell] = True
    also = np.flatnonzero(touched[old["cell"].to_numpy()])
    said, spoken = old["report"].to_numpy()[also], old["cell"].to_numpy()[also]
    # The statements keep their order, so they keep their weights among each other.
    rows, said = np.unique(said, return_inverse=True)
    # Plain frames: geopandas looks after geometry at every step, and none is needed here.
    part = pd.concat([pd.DataFrame(before).iloc[rows], pd.DataFrame(table)], ignore_index=True)
    spoke = pd.DataFrame(
        {
            "report": np.concatenate([said, len(rows) + report]),
            "cell": np.concatenate([spoken, cell]),
        }
    )
    spells = resolve_by(part, spoke, resolve=rule, rank=history.meta.get("rank"))
    number = np.concatenate([rows, count + np.arange(len(table))])
    spells["report"] = number[spells["report"].to_numpy()]
    timeline = history.timeline.replaced(np.flatnonzero(touched), spells)
    names = {each.name for each in fields(history)} - {"_spells", "_reports", "_spoke"}
    kept = {name: getattr(history, name) for name in names}
    kept["meta"] = unpublished(history.meta)
    return type(history).deferred(
        {**kept, "timeline": timeline, "_sites": history._sites},  # noqa: SLF001 - same package
        {
            "_spells": lambda: timeline.spells,
            "_reports": partial(_longer, before, table),
            "_spoke": partial(_spoke_longer, old, cell, report + count),
        },
    )


def _longer(before: gpd.GeoDataFrame, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return pd.concat([before, table], ignore_index=True).rename_axis("report")


def _spoke_longer(old: pd.DataFrame, cell: Ints, report: Ints) -> pd.DataFrame:
    order = np.lexsort((cell, report))
    new = pd.DataFrame({"report": report[order], "cell": cell[order]})
    return pd.concat([old, new], ignore_index=True)


def _places_named(history: Record, more: Any) -> gpd.GeoDataFrame | None:
    """Return those of the history's places that new reports name."""
    known = history._places  # noqa: SLF001 - same package
    if known is None or not isinstance(more, pd.DataFrame) or "place" not in more:
        return None
    known = known[known["name"].isin(more["place"]) | known["place_id"].isin(more["place"])]
    return gpd.GeoDataFrame(
        known[["name", "place_id"]].reset_index(drop=True),
        geometry=shapely.points(known["lon"].astype(float), known["lat"].astype(float)),
        crs=CRS,
    )


def _cells_of(history: Record, table: gpd.GeoDataFrame) -> tuple[Ints, Ints]:
    """Return the cells for which each statement speaks, and the statement's row."""
    faults = Faults("reports")
    for i in np.flatnonzero(table["kind"] != "point"):
        faults.add(f"row {i}: an area draws new cells; build the history anew with from_places")
    faults.raise_if_any()
    points = np.asarray(table.geometry.array, dtype=object)
    here = pack_lonlat(shapely.get_coordinates(points))
    known = history._sites  # noqa: SLF001 - same package
    at = np.minimum(np.searchsorted(known, here), len(known) - 1)
    for i in np.flatnonzero(known[at] != here):
        faults.add(
            f"row {i}: ({points[i].x:g}, {points[i].y:g}) is no site of this history, and a new "
            "one would draw new cells; build the history anew with from_places"
        )
    faults.raise_if_any()
    cells = history.composite.cells
    home = history.composite.cells_at(points)
    site = cells["site"].to_numpy()
    near = np.flatnonzero(~cells["beyond"].to_numpy())
    pairs = joined(np.arange(len(table)), site[home], site[near], near)
    return pairs[:, 1], pairs[:, 0]
