"""`publish`: a history or a case with later dates left out and coordinates generalised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.composite import Composite
from frontline.control import ControlHistory
from frontline.control.frames import object_series
from frontline.dates import to_utc
from frontline.errors import InputError
from frontline.publication.areas import area_change, with_change_said
from frontline.publication.coarse import history_on_grid
from frontline.publication.columns import ACTORS, SOURCES, known_columns
from frontline.publication.delay import history_until
from frontline.publication.frames import events_published, places_published
from frontline.publication.grid import Grid
from frontline.publication.record import as_of_made, earlier, instant_text, terms_given
from frontline.publication.texts import Texts, instant_or_none
from frontline.sources.model import DATA_SCOPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.publication.record import Terms

__all__ = ["publish"]

RECORD = "published"
_KEY_COLUMNS = ("id", "source")
#: What a history says of its making, all of it in terms of the library.
_HISTORY_META = {
    "name", "outline_given", "max_km", "contested_km", "resolve", "rank", "infill", "made_from",
    "rest", "actor", "overlap", "priority", "sliver_km2", "edges", "freq", "starts", "ends", RECORD,
}  # fmt: skip
#: In these parts of a case's meta numbers are lengths, shares and levels of a map.
_MEASURED = ("tessellation", "infill", "view")


def publish(
    thing: Any,
    *,
    delay: Any = None,
    until: Any = None,
    coarsen: Any = None,
    made_on: Any = None,
) -> Any:
    """Return a history or a case that is safe to hand out.

    Parameters
    ----------
    thing : ControlHistory or Case
        It stays as it is.
    delay
        How old everything must be: ``7`` (days), ``"7 days"``, ``"36 hours"`` or a Timedelta. What
        was valid or on record only later is left out, as if the file had been written then.
    until
        The same, by the last instant; a bare date is its first instant. Instead of `delay`.
    coarsen
        A preset: 0.1, 0.01 or 0.001 degrees, or ``"withhold"``: events have no coordinates at all,
        and control is drawn on the grid of 0.1 degrees.
    made_on
        From when the delay counts back; by default the case's `as_of`, else now.

    Returns
    -------
    ControlHistory or Case
        Of the kind given. ``meta["published"]`` is the record of what was done: `until`,
        `delay_days`, `coarsen_deg`, `withheld`, `removed` (how many spells, events,
        sources, texts and columns), `columns` (which), `area_change` (by which share the area of
        a side changed most) and `text`, the sentence that maps and exports carry.

    Raises
    ------
    InputError
        Nothing is asked for, or nothing would be left; a preset that is none; a name that holds
        a later date.

    Notes
    -----
    A point goes to the centre of its cell, the same one every time. The borders of control are
    rounded to corners of the grid together, so that areas still tile; lengths and areas are
    those of what is published. In a history of reports borders come of where its sites truly are
    (docs/publishing.md says how much that tells). An event's uncertainty grows by half the
    diagonal of a cell. Texts that may tell a later date or a finer coordinate are left out as a
    whole, and so are columns that are not known (docs/publishing.md names those that are).

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from frontline.control import ControlHistory
    >>> maps = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-05"], "actor": "A"},
    ...     geometry=[shapely.box(36, 35, x, 36) for x in (36.5123, 36.7123)], crs=4326)
    >>> h = ControlHistory.from_snapshots(maps, rest="B", outline=shapely.box(36, 35, 37, 36))
    >>> given = publish(h, delay="2 days", made_on="2024-12-06", coarsen=0.01)
    >>> given
    ControlHistory('': 2 cells, 2 spells of 2 actors, 2024-12-01 to 2024-12-01)
    >>> given.at("2024-12-06").total_bounds.tolist()
    [36.0, 35.0, 37.0, 36.0]
    >>> print(given.meta["published"]["text"])
    Published with a delay of 2 days: nothing after 4 December 2024, 00:00 UTC. Coordinates
    generalised to 0.01 degrees (about 1 km).
    """
    history = getattr(thing, "history", thing)
    if not isinstance(history, ControlHistory):
        raise InputError(f"a {type(thing).__name__} cannot be published; give a history or a case")
    case = None if history is thing else thing
    about = history.meta if case is None else case.meta
    made = as_of_made(made_on, about.get("as_of"))
    terms = terms_given(delay=delay, until=until, coarsen=coarsen, made_on=made)
    terms = earlier(terms, about.get(RECORD) or history.meta.get(RECORD))
    texts = Texts(terms.until, terms.grid_deg)
    before = _cited(history, case)
    history, spells, changed = _history(history, terms, texts)
    parts: dict[str, Any] = {}
    if case is not None:
        parts["events"] = events_published(case.events, terms, texts)
        parts["places"] = places_published(case.places, terms, texts)
        unmet = set(case.history.actors) - set(history.actors)
        parts["actors"] = _actors(case.actors[~case.actors["name"].isin(unmet)], texts)
        built = _built(case.meta, history)
        parts["meta"] = _meta({**case.meta, **built}, terms, texts)
        parts["name"] = _name(case.name, texts)
    # Sources last: who cites them is known, and what they are called may have to change.
    gone = before - _cited(history, parts.get("events"), parts.get("places"))
    sources = history.sources if case is None else case.sources
    rename = texts.renamed([*_ids(history.sources), *_ids(sources), *before])
    history = _renamed(history, gone, texts, rename)
    if case is not None:
        parts["sources"] = _sources(sources, gone, texts, rename)
    events = len(case.events) - len(parts["events"]) if case is not None else 0
    cited = int(_dropped(sources, gone).sum()) if len(sources) else 0
    counts = {
        "spells": spells,
        "events": events,
        "sources": cited,
        "texts": texts.count,
        "columns": len(set(texts.columns)),
    }
    terms = terms.adding(counts, columns=texts.columns, area_change=changed)
    record = terms.as_record()
    history = replace(history, meta={**history.meta, RECORD: record})
    if case is None:
        return history
    for name in ("events", "places"):
        frame = parts[name]
        if "source" in frame:
            frame["source"] = object_series(map(rename, frame["source"])).set_axis(frame.index)
        frame.attrs[RECORD] = record
    parts["meta"][RECORD] = record
    return replace(case, history=history, **parts)


def _history(
    history: ControlHistory, terms: Terms, texts: Texts
) -> tuple[ControlHistory, int, float]:
    """Cut, coarsen and clean a history.

    Returns also how many spells were left out, and by which share a side's area changed most.
    """
    spells, changed = 0, 0.0
    if terms.until is not None:
        history, spells = history_until(history, terms.until)
    if terms.grid_deg is not None:
        fine, history = history, history_on_grid(history, Grid(terms.grid_deg))
        changes = area_change(fine, history)
        changed = float(changes["share"].max()) if len(changes) else 0.0
        history = with_change_said(history, changes)
    texts.check_names([*history.actors, history.meta.get("rest")], what="the actor")
    reports = texts.clean_columns(
        history.reports.drop(columns="cells"), ("confidence", "review", "note")
    )
    reports["place"] = texts.names(reports["place"])
    cells = history.cells
    cells["place"] = texts.names(cells["place"])
    table = history.spells
    table["confidence"] = reports["confidence"].reindex(table["report"]).to_numpy()
    places = history._places  # noqa: SLF001 - all that a history consists of
    if places is not None:
        places = places.assign(**{name: texts.names(places[name]) for name in ("name", "place_id")})
    made = replace(
        history,
        composite=Composite(cells, history.composite.edges),
        _spells=table,
        _reports=reports,
        _places=places,
        _findings=texts.clean_columns(history.findings, ("note",)),
        meta={**_known_meta(history.meta, texts), "name": _name(history.name, texts)},
        _gazetteer=None,
    )
    return made, spells, changed


def _known_meta(meta: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """Return of what a history says of its making the parts that are known."""
    for name in meta:
        if name not in _HISTORY_META:
            texts.column("meta", name)
    return {name: value for name, value in meta.items() if name in _HISTORY_META}


def _name(name: str, texts: Texts) -> str:
    return "" if name and texts.bad(name) else name


def _cited(history: ControlHistory, *others: Any) -> set[str]:
    """Return the sources that are cited, each of several in one text by itself."""
    frames = [history.reports]
    for other in others:
        frames += [other] if isinstance(other, pd.DataFrame) else []
        frames += [other.events, other.places] if hasattr(other, "events") else []
    texts = {
        text
        for frame in frames
        if "source" in frame
        for text in frame["source"].dropna().unique()
        if isinstance(text, str)
    }
    return {part.strip() for text in texts for part in text.split(";")}


def _ids(sources: pd.DataFrame) -> list[Any]:
    return [] if not len(sources) else _keyed(sources)[0].tolist()


def _keyed(sources: pd.DataFrame) -> tuple[pd.Series[Any], str | None]:
    """Return the keys of a table of sources, and the column that holds them, None for the index."""
    name = next((each for each in _KEY_COLUMNS if each in sources), None)
    return (sources.index.to_series() if name is None else sources[name]), name


def _dropped(sources: pd.DataFrame, gone: set[str]) -> np.ndarray:
    """Say which sources nobody cites any more; terms of the data themselves always stay."""
    late = _keyed(sources)[0].isin(gone).to_numpy(dtype=bool)
    if "scope" in sources:
        late = late & (sources["scope"] != DATA_SCOPE).to_numpy(dtype=bool)
    return np.asarray(late, dtype=bool)


def _sources(
    sources: pd.DataFrame, gone: set[str], texts: Texts, rename: Callable[[Any], Any]
) -> pd.DataFrame:
    if not len(sources):
        return sources
    kept = known_columns(sources[~_dropped(sources, gone)], SOURCES, texts, what="sources")
    keys, name = _keyed(kept)
    names = object_series(map(rename, keys)).set_axis(kept.index)
    cleaned: pd.DataFrame = texts.clean_columns(
        kept, [each for each in kept.columns if each != name]
    )
    if name is None:
        return cleaned.set_axis(pd.Index(names, name=kept.index.name))
    cleaned[name] = names
    return cleaned.reset_index(drop=True)


def _renamed(
    history: ControlHistory, gone: set[str], texts: Texts, rename: Callable[[Any], Any]
) -> ControlHistory:
    reports, spells = history.reports.drop(columns="cells"), history.spells
    for frame in (reports, spells):
        frame["source"] = object_series(map(rename, frame["source"])).set_axis(frame.index)
    rank = history.meta.get("rank")
    meta = {**history.meta, "rank": None if rank is None else [rename(each) for each in rank]}
    sources = _sources(history.sources, gone, texts, rename)
    return replace(history, _reports=reports, _spells=spells, _sources=sources, meta=meta)


def _actors(actors: pd.DataFrame, texts: Texts) -> pd.DataFrame:
    actors = known_columns(actors, ACTORS, texts, what="actors")
    texts.check_names(actors["name"], what="the actor")
    names = [each for each in actors.columns if each not in ("name", "colour")]
    cleaned: pd.DataFrame = texts.clean_columns(actors, names)
    return cleaned


def _built(meta: dict[str, Any], history: ControlHistory) -> dict[str, Any]:
    """Return what a case says of how its history was built, as it was built now."""
    return {"infill": history.meta["infill"]} if "infill" in meta else {}


def _meta(meta: dict[str, Any], terms: Terms, texts: Texts) -> dict[str, Any]:
    """Return what is said of a case, its last dates brought back to the last instant."""
    out = {name: value for name, value in meta.items() if name != RECORD}
    if terms.until is not None:
        for name in ("as_of", "ends"):
            found = instant_or_none(out.get(name))
            last = terms.until if found is None else min(found, terms.until)
            out[name] = f"{last:%Y-%m-%d}" if name == "as_of" else instant_text(last)
        starts = instant_or_none(out.get("starts"))
        if starts is not None and starts > to_utc(out["ends"]):
            out["starts"] = out["ends"]
    if terms.grid_deg is not None and isinstance(out.get("view"), dict):
        centre = out["view"].get("centre")
        if centre is not None:
            spot = Grid(terms.grid_deg).corners(centre).tolist()
            out["view"] = {**out["view"], "centre": spot}
    return {
        name: cleaned
        for name, value in out.items()
        if not texts.bad(str(name))
        and (cleaned := texts.clean(value, numbers=name not in _MEASURED)) is not None
    }
