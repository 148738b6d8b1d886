"""A history as it would have been written at an earlier instant.

To leave out the rows of later dates is not enough: the cells are cut along every line that was
ever drawn and every site that was ever named, so the later fronts would stand in their borders. A
history of reports is therefore built again from the reports that are left; in one of maps the
cells that no longer differ are joined, and the vertices where a later line met them go.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.composite import CRS, OUTSIDE, Composite, merge_faces
from frontline.control import ControlHistory, Infill
from frontline.control.claims import TIMES
from frontline.control.frames import objects
from frontline.dates import to_utc
from frontline.errors import InputError
from frontline.publication.later import tells_later
from frontline.publication.record import instant_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Geometries = NDArray[np.object_]

__all__ = ["cut_times", "history_until", "later_rows"]

_FROM = ("valid_from", "recorded_from", "recorded_at")
_TO = ("valid_to", "recorded_to")
#: Snap rounding moved lines by 0.71 steps of 1e-7 degrees where a later one met them; sites'
#: borders met the outline within a step of 1e-6.
_BENT_DEG, _MET_DEG = 1.5e-7, 1.5e-6
#: Share of all land by which it may differ once met vertices are taken out.
_LOST = 1e-5
_TRIANGLE = 4  # points of its ring
#: How far a report may lie outside its own cells, which are on a grid of 1e-6 degrees.
_BESIDE_DEG = 2e-6


def later_rows(frame: pd.DataFrame, until: pd.Timestamp) -> Bools:
    """Say which rows begin to be valid, or are on record, only after an instant."""
    late = np.zeros(len(frame), dtype=bool)
    for name in _FROM:
        if name in frame:
            late |= _after(frame[name], until)
    if "valid_from_edtf" in frame:
        late |= _told_later(frame["valid_from_edtf"], until)
    return late


def _told_later(texts: pd.Series[Any], until: pd.Timestamp) -> Bools:
    return np.array([isinstance(text, str) and tells_later(text, until) for text in texts], bool)


def _after(column: pd.Series[Any], until: pd.Timestamp) -> Bools:
    instants = pd.to_datetime(column, utc=True, errors="coerce")
    return np.asarray(instants > until, dtype=bool)


def cut_times(frame: Any, until: pd.Timestamp) -> Any:
    """Return the rows of a frame that were there at an instant; later ends become open."""
    kept = frame[~later_rows(frame, until)].copy()
    for name in _TO:
        if name in kept:
            late = _after(kept[name], until)
            kept[name] = kept[name].mask(late)
            words = f"{name}_edtf"
            if words in kept:
                kept[words] = kept[words].mask(late | _told_later(kept[words], until), None)
    return kept


def history_until(history: ControlHistory, until: pd.Timestamp) -> tuple[ControlHistory, int]:
    """Return a history as it would have been written at an instant, and the spells left out.

    Raises
    ------
    InputError
        Nothing was valid and on record by then.
    """
    spells = history.spells
    late = later_rows(spells[list(TIMES)], until)
    if late.all() or later_rows(history.reports, until).all():
        raise InputError(
            f"nothing in the history was valid and on record by {until:%Y-%m-%d %H:%M} UTC; "
            "choose a shorter delay"
        )
    if history.meta.get("made_from") == "snapshots":
        made = _maps_until(history, until)
    else:
        made = _reports_until(history, until)
    # What the record says of its own span must not reach further either.
    ends = history.meta.get("ends")
    last = until if not ends else min(until, to_utc(ends))
    meta = {**made.meta, "ends": instant_text(last)}
    starts = history.meta.get("starts")
    if starts and to_utc(starts) <= last:
        meta["starts"] = starts
    findings = history.findings if made.meta.get("made_from") == "snapshots" else made.findings
    found = findings[~_after(findings["date"], until)].reset_index(drop=True)
    return replace(made, meta=meta, _findings=found), int(late.sum())


def _reports_until(history: ControlHistory, until: pd.Timestamp) -> ControlHistory:
    """Build a history of reports again from those that are left."""
    meta = history.meta
    reports = cut_times(history.reports.drop(columns="cells"), until)
    reports = reports[reports["kind"] != "infill"]
    if not len(reports):
        raise InputError(f"no report was on record by {until:%Y-%m-%d %H:%M} UTC")
    reports["cut"] = objects((reports["kind"] != "sites").tolist())
    known = history._places  # noqa: SLF001 - what from_places was given
    places = None
    if known is not None and len(known):
        spots = shapely.points(known[["lon", "lat"]].to_numpy(dtype=float))
        places = gpd.GeoDataFrame(known[["name", "place_id"]].copy(), geometry=spots, crs=CRS)
    return ControlHistory.from_places(
        reports.drop(columns="kind"),
        outline=_outline(history, reports) if meta.get("outline_given") else None,
        max_km=meta.get("max_km"),
        contested_km=meta.get("contested_km"),
        places=places,
        resolve=meta["resolve"],
        rank=meta.get("rank"),
        sources=history.sources,
        infill=_infill(meta.get("infill"), reports, until),
        name=history.name,
    )


def _infill(
    given: dict[str, Any] | None, reports: gpd.GeoDataFrame, until: pd.Timestamp
) -> Infill | None:
    """Return the rule of infill as it could have been given then: of sides yet unnamed nothing."""
    if not given:
        return None
    rule = dict(given)
    if rule["start"] is not None and to_utc(rule["start"]) > until:
        rule["start"] = None
    if rule["actors"] is not None:
        met = set(reports["actor"].dropna())
        rule["actors"] = tuple(actor for actor in rule["actors"] if actor in met)
        if not rule["actors"]:
            return None
    return Infill(**rule)


def _outline(history: ControlHistory, reports: gpd.GeoDataFrame) -> Any:
    """Return the theatre, without the vertices where borders of cells meet it."""
    whole = shapely.simplify(shapely.coverage_union_all(history.composite.polygons), _MET_DEG)
    shapes = np.asarray(reports.geometry.array, dtype=object)
    shapely.prepare(whole)
    beside = shapes[~shapely.intersects(whole, shapes)]
    if not len(beside):
        return whole
    return shapely.union_all([whole, *shapely.buffer(beside, _BESIDE_DEG, cap_style="square")])


def _maps_until(history: ControlHistory, until: pd.Timestamp) -> ControlHistory:
    """Leave later maps out of a history of maps and join the cells that only they told apart."""
    table = history.reports.drop(columns="cells")
    kept = np.flatnonzero(~later_rows(table, until))
    number = np.full(len(table), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    spells = cut_times(history.spells, until)
    spells["report"] = number[spells["report"].to_numpy()]
    if (spells["report"] < 0).any():
        raise InputError("spells rest on maps of a later date; build the history anew")
    composite, origin = _joined(history, spells)
    meta = dict(history.meta)
    named = set(spells["actor"].dropna()) | {meta.get("actor"), meta.get("rest")}
    meta["priority"] = [actor for actor in meta["priority"] if actor in named]
    return replace(
        history,
        composite=composite,
        _spells=spread(spells, origin),
        _reports=cut_times(table, until).reset_index(drop=True).rename_axis("report"),
        meta=meta,
    )


def spread(rows: pd.DataFrame, origin: Ints, name: str = "cell") -> pd.DataFrame:
    """Give the rows of old cells to the new cells that come from them.

    Parameters
    ----------
    rows
        With the old cell in a column.
    origin
        For every new cell the old one.
    name
        The column.
    """
    order = np.argsort(rows[name].to_numpy(), kind="stable")
    cells = rows[name].to_numpy()[order]
    begin = np.searchsorted(cells, origin, side="left")
    size = np.searchsorted(cells, origin, side="right") - begin
    step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    out: pd.DataFrame = rows.iloc[order[np.repeat(begin, size) + step]].copy()
    out[name] = np.repeat(np.arange(len(origin)), size)
    out.index = pd.RangeIndex(len(out), name=rows.index.name)
    return out


def _joined(history: ControlHistory, spells: pd.DataFrame) -> tuple[Composite, Ints]:
    """Join cells of one story; return the composite and for every cell an old one in it."""
    old = history.composite
    columns = [name for name in spells.columns if name != "cell"]
    rows = zip(*(map(repr, spells[name].to_numpy(dtype=object)) for name in columns), strict=True)
    said = pd.factorize(objects(rows))[0].astype(np.int64)
    order = np.argsort(spells["cell"].to_numpy(), kind="stable")
    ends = np.searchsorted(spells["cell"].to_numpy()[order], np.arange(len(old) + 1))
    stories = objects(said[order][a:b].tobytes() for a, b in pairwise(ends))
    keys = np.asarray(pd.factorize(stories)[0], dtype=np.int64)
    polygons, _, source = merge_faces(old.polygons, keys)
    keep = _drawn(history, spells, polygons, source)
    polygons, source = polygons[keep], source[keep]
    if not len(polygons):
        raise InputError("no map had drawn anything by then; choose a shorter delay")
    faces = without_met(Composite.from_polygons(polygons))
    inside = shapely.point_on_surface(faces)
    at, number = shapely.STRtree(polygons).query(inside, predicate="within")
    origin = np.full(len(faces), OUTSIDE, dtype=np.int64)
    origin[at] = source[number]
    faces, origin = faces[origin != OUTSIDE], origin[origin != OUTSIDE]
    drawn, kept = (float(shapely.area(each).sum()) for each in (polygons, faces))
    if abs(kept - drawn) > _LOST * drawn:
        raise InputError(
            f"{abs(kept / drawn - 1):.1%} of the land would be lost between borders that nearly "
            "touch; build the history again from the maps that are to be published"
        )
    return composite_of(faces, origin, old), origin


def _drawn(
    history: ControlHistory, spells: pd.DataFrame, polygons: Geometries, source: Ints
) -> Bools:
    """Say which joined cells some map had drawn; land beyond all maps is no cell yet.

    In a theatre that is given every cell counts. Of the rest's land without one only what is
    enclosed by zones does, as when the history was built.
    """
    if history.meta.get("outline_given"):
        return np.ones(len(polygons), dtype=bool)
    rest = history.meta.get("rest")
    drawn = spells if rest is None else spells[spells["actor"] != rest]
    ever = np.isin(source, drawn["cell"].to_numpy())
    if rest is None or ever.all():
        return ever
    edges = Composite.from_polygons(polygons).edges
    shore = edges.loc[edges["right"] == OUTSIDE, "left"].to_numpy()
    return ever | ~np.isin(np.arange(len(polygons)), shore)


def without_met(composite: Composite) -> Geometries:
    """Draw cells again without the vertices at which other lines had only met their borders.

    Rings begin, and cells follow one another, by where they lie: in the order in which they were
    drawn, what was left out would still show.
    """
    lines = shapely.simplify(composite.lines, _BENT_DEG)
    for i in np.flatnonzero(shapely.is_closed(lines)):
        lines[i] = _ring_without_met(lines[i])
    # Both sides of a sliver may have become one line; doubled, it would close no face.
    lines = shapely.normalize(lines)
    lines = lines[np.unique(shapely.to_wkb(lines), return_index=True)[1]]
    faces: Geometries = shapely.normalize(shapely.get_parts(shapely.polygonize(lines)))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    return faces[np.lexsort(inside.T)]


def _ring_without_met(ring: Any) -> Any:
    """Take met vertices out of a ring, which begins anywhere, perhaps at one of them."""
    for _ in range(len(ring.coords)):
        xy = shapely.get_coordinates(ring)[:-1]
        turned = np.roll(xy, len(xy) // 2, axis=0)
        thinner = shapely.simplify(shapely.linestrings([*turned, turned[0]]), _BENT_DEG)
        if not _TRIANGLE <= shapely.get_num_points(thinner) <= len(xy):
            break
        ring = thinner
    return ring


def composite_of(faces: Geometries, origin: Ints, old: Composite) -> Composite:
    """Return a composite of faces with what the old cells say beside their geometry."""
    made = Composite.from_polygons(faces)
    cells = made.cells
    for place, name in enumerate(("site", "place", "beyond")):
        cells.insert(place, name, old.cells[name].to_numpy()[origin])
    return Composite(cells, made.edges)
