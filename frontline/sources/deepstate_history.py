"""DeepState's live map as its service hands it out: areas with a status, and points apart."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import object_series
from frontline.dates import to_utc
from frontline.errors import DataFileError, DateError, InputError
from frontline.sources.deepstate import THEATRE
from frontline.sources.features import features_of
from frontline.sources.geometry import tidied, to_degrees
from frontline.sources.model import UNKNOWN_ACTOR, Data, Format, Origin
from frontline.sources.notes import Notes, drifted
from frontline.sources.safety import Limits, head_text, load_json, magic, read_bytes

if TYPE_CHECKING:
    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="DeepStateMap, live map",
    publisher="DeepState UA",
    url="https://deepstatemap.live",
    licence="no open licence is stated",
    attribution="DeepStateMap (deepstatemap.live)",
    redistributable=False,
    note="the service is undocumented; published two to three days late by policy",
)


class Status(Enum):
    """What an area's key in its name says; the value is the key's last part."""

    OCCUPIED = "occupied"
    """Held by Russia since 2022."""
    DISMISSED = "dismissed"
    """Liberated by Ukraine."""
    UNKNOWN = "unknown"
    """The grey zone; since 2026 it shows infiltration, so that old and new do not compare."""
    BEFORE_2022 = "before-2022"
    """Crimea, Tuzla, and the parts of Donetsk and Luhansk regions held since 2014 or 2015."""
    ELSEWHERE = "elsewhere"
    """Outside this war, satire included: Transnistria, Abkhazia, the Kuril Islands and so on."""


#: Fill colours, where the name has no key.
FILLS = {
    "#a52714": Status.OCCUPIED,
    "#0f9d58": Status.DISMISSED,
    "#0288d1": Status.DISMISSED,
    "#01579b": Status.DISMISSED,
    "#bcaaa4": Status.UNKNOWN,
    "#bdbdbd": Status.UNKNOWN,
    "#880e4f": Status.BEFORE_2022,
    "#ff5252": Status.ELSEWHERE,
}
GREY_CHANGED = pd.Timestamp("2026-01-01", tz="UTC")

_KEY = re.compile(r"geoJSON\.([\w.\-]+)")
_STATUS_KEYS = {
    "status.occupied": Status.OCCUPIED,
    "status.dismissed": Status.DISMISSED,
    "status.dismissed_at": Status.DISMISSED,
    "status.liberated": Status.DISMISSED,
    "status.unknown": Status.UNKNOWN,
    "territories.crimea": Status.BEFORE_2022,
    "territories.ordlo": Status.BEFORE_2022,
    "territories.tuzla": Status.BEFORE_2022,
}
_ICON = re.compile(r"icon=([\w\-]+)")
_ARROW = re.compile(r"arrow_(\d{1,2})$")
_SIXTEENTH_DEG = 22.5
_POINTS = (0, 4)


def names_in(text: Any) -> tuple[str, str, str]:
    """Split a name into its Ukrainian and English parts and its key, each "" if it is missing.

    Examples
    --------
    >>> names_in("Окуповано /// Occupied /// geoJSON.status.occupied")
    ('Окуповано', 'Occupied', 'status.occupied')
    """
    if not isinstance(text, str):
        return "", "", ""
    parts = [part.strip() for part in text.split("///")]
    key = next((found[1] for part in parts if (found := _KEY.match(part))), "")
    words = [part for part in parts if not _KEY.match(part)] + ["", ""]
    return words[0], words[1], key


def status_of(key: str, fill: Any) -> Status | None:
    """Return what a key says; a fill colour speaks only where there is no key. None: not known.

    Examples
    --------
    >>> status_of("territories.abkhazia", None), status_of("", "#A52714")
    (<Status.ELSEWHERE: 'elsewhere'>, <Status.OCCUPIED: 'occupied'>)
    """
    if key in _STATUS_KEYS:
        return _STATUS_KEYS[key]
    if key.startswith("territories."):
        return Status.ELSEWHERE
    if key:  # a new key with an old colour means something new
        return None
    return FILLS.get(fill.strip().lower()) if isinstance(fill, str) else None


def decode(
    content: bytes,
    *,
    date: Any = None,
    part: str = "areas",
    grey: str | None = None,
    name: str = "the file",
    limits: Limits | None = None,
) -> Data:
    """Read one version of the live map.

    Parameters
    ----------
    content
        An answer ``{"id", "datetime", "map": {...}}``, or its bare feature collection.
    date
        When the version was published; None: its `datetime`, or its `id`, which is in seconds
        since 1970.
    part
        ``"areas"``: snapshots. ``"points"``: the symbols, as events, with the heading of arrows.
    grey
        What the grey zone is: ``"contested"`` or ``"infiltration"``; None: contested before 2026.
    name
        How an error calls the file.
    limits
        How much is read.

    Returns
    -------
    Data
        Areas: `date`, `actor`, `status`, `basis`, `source`, `name`, `name_uk`, `key`, geometry.
        Nobody is said to hold the grey zone: its actor is ``"unknown"``, unless it is
        infiltration.
        Points: `date`, `name`, `name_uk`, `key`, `icon`, `heading_deg`, geometry.

    Raises
    ------
    DataFileError
        The document is another, or no date can be found.
    """
    limits = limits or Limits()
    if part not in ("areas", "points"):
        raise InputError(f"part={part!r} must be 'areas' or 'points'")
    if grey not in (None, "contested", "infiltration"):
        raise InputError(f"grey={grey!r} must be 'contested' or 'infiltration'")
    notes = Notes(name)
    document = load_json(content, name=name, limits=limits)
    inner = document.get("map", document) if isinstance(document, dict) else document
    found = features_of(inner, notes, limits=limits)
    when = _published(document, date, notes)
    names = [names_in(row.get("name")) for row in found.rows]
    if found.rows and not any(row.get("name") for row in found.rows):
        raise drifted(
            name, what="no feature has the property", missing="name", expected="name and fill"
        )
    pointed = np.isin(shapely.get_type_id(found.shapes), _POINTS)
    shapes = to_degrees(found.shapes, found.crs, name=name)
    where = np.flatnonzero(pointed if part == "points" else ~pointed)
    other = int(len(found.rows) - len(where))
    notes.count("points kept apart (part='points')" if part == "areas" else "areas kept apart",
                number=other)  # fmt: skip
    rows = [found.rows[at] for at in where]
    labels = [names[at][1] or f"feature {at + 1}" for at in where]
    names = [names[at] for at in where]
    if part == "points":
        return _points(shapes[where], rows, names, labels, when, notes, limits)
    return _areas(shapes[where], rows, names, labels, when, grey, notes, limits)


def _published(document: Any, date: Any, notes: Notes) -> pd.Timestamp:
    if date is not None:
        return to_utc(date)
    top = document if isinstance(document, dict) else {}
    try:
        return to_utc(top.get("datetime"), what="datetime")
    except DateError:
        pass
    number = top.get("id")
    if isinstance(number, int) and not isinstance(number, bool) and 1e9 < number < 1e10:  # noqa: PLR2004 - seconds, from 2001 on
        notes.say("the date was taken from the version's id, in seconds since 1970")
        return to_utc(pd.Timestamp(number, unit="s", tz="UTC"))
    raise DataFileError(
        f"{notes.name} does not say when it was published; give date=", path=notes.name
    )


def _areas(
    shapes: np.ndarray, rows: list[dict[str, Any]], names: list[tuple[str, str, str]],
    labels: list[str], when: pd.Timestamp, grey: str | None, notes: Notes, limits: Limits,
) -> Data:  # fmt: skip
    found = [status_of(n[2], row.get("fill")) for n, row in zip(names, rows, strict=True)]
    for label, name, status in zip(labels, names, found, strict=True):
        if status is None:
            notes.count("areas of unknown status left out", name[2] or label)
        elif status is Status.ELSEWHERE:
            notes.count("areas outside this war left out", label)
    kept = [at for at, each in enumerate(found) if each not in (None, Status.ELSEWHERE)]
    if grey is None:
        grey = "contested" if when < GREY_CHANGED else "infiltration"
    if Status.UNKNOWN in found:
        notes.say(
            f"the grey zone is taken as {grey}; in 2026 it came to mean infiltration, so that "
            "greys before and after do not compare"
        )
    tidy = tidied(
        shapes[kept], notes, limits=limits, labels=[labels[at] for at in kept], areas=True,
        theatre=THEATRE if kept else None,
    )  # fmt: skip
    infiltrated = "Russia" if grey == "infiltration" else UNKNOWN_ACTOR
    meaning = {
        Status.OCCUPIED: ("Russia", "controlled"),
        Status.BEFORE_2022: ("Russia", "controlled"),
        Status.DISMISSED: ("Ukraine", "controlled"),
        Status.UNKNOWN: (infiltrated, grey),
    }
    said = [meaning[found[at]] for at in kept]  # type: ignore[index]  # None is left out above
    frame = gpd.GeoDataFrame(
        {
            "date": pd.Series([when] * len(kept), dtype="datetime64[us, UTC]"),
            "actor": object_series([actor for actor, _ in said]),
            "status": object_series([status for _, status in said]),
            "basis": object_series(["assessed"] * len(kept)),
            "source": object_series(["DeepState"] * len(kept)),
            "name": object_series([names[at][1] for at in kept]),
            "name_uk": object_series([names[at][0] for at in kept]),
            "key": object_series([names[at][2] for at in kept]),
        },
        geometry=gpd.GeoSeries(tidy, index=range(len(kept))),
        crs="EPSG:4326",
    )
    frame = frame[frame.geometry.notna()].reset_index(drop=True)
    return Data("snapshots", frame, ORIGIN, notes.remarks())


def _points(
    shapes: np.ndarray, rows: list[dict[str, Any]], names: list[tuple[str, str, str]],
    labels: list[str], when: pd.Timestamp, notes: Notes, limits: Limits,
) -> Data:  # fmt: skip
    tidy = tidied(shapes, notes, limits=limits, labels=labels)
    icons = []
    for row in rows:
        found = _ICON.search(str(row.get("description", "")))
        icons.append(found[1] if found else None)
    frame = gpd.GeoDataFrame(
        {
            "date": pd.Series([when] * len(rows), dtype="datetime64[us, UTC]"),
            "name": object_series([each[1] for each in names]),
            "name_uk": object_series([each[0] for each in names]),
            "key": object_series([each[2] for each in names]),
            "icon": object_series(icons),
            "heading_deg": pd.Series([_heading_deg(icon) for icon in icons], dtype=float),
        },
        geometry=gpd.GeoSeries(tidy, index=range(len(rows))),
        crs="EPSG:4326",
    )
    return Data("events", frame, ORIGIN, notes.remarks())


def _heading_deg(icon: str | None) -> float | None:
    found = _ARROW.match(icon or "")
    # Sixteen arrows, clockwise; the sixteenth points north.
    return int(found[1]) * _SIXTEENTH_DEG % 360.0 if found else None


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a file; see `decode`."""
    file = Path(path)
    return decode(read_bytes(file, limits=limits), name=file.name, limits=limits, **options)


def detect(peek: Peek) -> float:
    """Say how surely a file is such a version."""
    if magic(peek.head) != "json":
        return 0.0
    text = head_text(peek.head) or ""
    if "geoJSON.status." in text or "geoJSON.territories." in text:
        return 0.95
    return 0.6 if '"map"' in text and " /// " in text else 0.0


FORMAT = Format(
    name="deepstate_history",
    title="DeepState, a version of the live map (JSON)",
    kind="snapshots",
    suffixes=(".json", ".geojson"),
    origin=ORIGIN,
    detect=detect,
    read=read,
)
