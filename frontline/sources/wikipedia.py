"""Wikipedia's detailed maps of conflicts: Lua modules of points, whose icons say who holds them."""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from frontline.control.frames import object_series
from frontline.dates import to_utc
from frontline.errors import DataFileError, InputError
from frontline.sources.lua import Name, Table, tables_of, walk
from frontline.sources.model import Data, Format, Origin
from frontline.sources.notes import Notes, drifted
from frontline.sources.safety import Limits, decode_text, head_text, magic, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="Wikipedia, detailed map module",
    publisher="Wikipedia contributors",
    url="https://en.wikipedia.org/wiki/Template:Syrian_Civil_War_detailed_map",
    licence="CC BY-SA 4.0",
    attribution="Wikipedia contributors, CC BY-SA 4.0; name the page and its revision",
    redistributable=True,
    note="references stand in the page's history only; who passes it on must keep the licence",
)

#: What the keys of the icons' table mean in the known modules; `legend` adds to it.
LEGEND = {
    "gov": "government",
    "opp": "opposition",
    "SDF": "SDF",
    "IS": "Islamic State",
    "JaN": "Jabhat al-Nusra",
    "rus": "Russia",
    "ukr": "Ukraine",
}
#: Endings of keys that say what stands there.
SITES = ("hill", "base", "air", "oil", "industry")
#: Icons from this size on are pictures of a whole map, no places.
PICTURE_SIZE = 40

_STABLE = "stable"
_DOT = re.compile(r"^(?:file:)?location dot ([\w#]+)\.svg$", re.IGNORECASE)
_ANIMATED = re.compile(r"^(?:file:)?\d+x\d+-([\w#]+)-([\w#]+)-anim\.gif$", re.IGNORECASE)
_LINK = re.compile(r"\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_MARKUP = re.compile(r"'{2,5}|<[^<>]{0,200}>")
_LON_KEYS = ("long", "lon")


def decode(
    content: bytes,
    *,
    date: Any = None,
    legend: Mapping[str, str] | None = None,
    colours: Mapping[str, str] | None = None,
    name: str = "the module",
    source: str = "Wikipedia",
    limits: Limits | None = None,
) -> Data:
    """Read the marks of a module; nothing in it is run.

    Parameters
    ----------
    content
        The source text of the module.
    date
        When the revision was saved. The module itself has no dates.
    legend
        Who an icon stands for, by its key (``"gov"`` of ``m.gov``) or its file name; beside
        `LEGEND`.
    colours
        Who a colour stands for, for icons called ``Location dot red.svg`` and for the animated
        ones of two colours, which are contested. It differs from map to map.
    name
        How an error calls it.
    source
        How the reports name their source.
    limits
        How much is read.

    Returns
    -------
    Data
        Reports: `place`, `actor`, `valid_from`, `status`, `basis` (reported), `source`, `note`,
        `icon`, `site`, `population_class` (the mark's size), `link`, points. Icons of two sides
        are contested; the first is the actor and the note names both. Icons nobody knows are left
        out and counted in the remarks.

    Raises
    ------
    InputError
        No date.
    DataFileError
        The text is no module with marks.
    """
    if date is None:
        raise InputError(f"{name}: a module has no date; give date=, when its revision was saved")
    limits = limits or Limits()
    notes = Notes(name)
    when = to_utc(date)
    found = tables_of(decode_text(content, name=name), name=name)
    icons = {variable: table for variable, table in found if variable is not None and table.fields}
    tables = [each for _, table in found for each in walk(table)]
    marks = [each for each in tables if "lat" in each.fields and _lon(each) is not None]
    if not marks:
        raise drifted(name, what="it has", missing="no marks", expected="tables of lat and long")
    limits.check("max_features", len(marks), where=name, what="marks")
    speller = _Legend({**LEGEND, **(legend or {})}, dict(colours or {}), icons)
    rows = [row for mark in marks if (row := _row(mark, speller, notes)) is not None]
    _say_unknown(speller, notes)
    kept = [row for row in rows if row["status"] is not None]
    columns = ("place", "actor", "status", "note", "icon", "site", "link")
    frame = gpd.GeoDataFrame(
        {
            **{key: object_series([row[key] for row in kept]) for key in columns},
            "valid_from": pd.Series([when] * len(kept), dtype="datetime64[us, UTC]"),
            "basis": object_series(["reported"] * len(kept)),
            "source": object_series([source] * len(kept)),
            "population_class": pd.Series([row["size"] for row in kept], dtype=float),
        },
        geometry=shapely.points([row["xy"] for row in kept]) if kept else [],
        crs="EPSG:4326",
    )
    return Data("reports", frame, ORIGIN, notes.remarks())


def _lon(mark: Table) -> Any:
    return next((mark.fields[key] for key in _LON_KEYS if key in mark.fields), None)


def _row(mark: Table, speller: _Legend, notes: Notes) -> dict[str, Any] | None:
    where = f"line {mark.line}"
    lat, lon, size = (_number(v) for v in (mark.fields["lat"], _lon(mark), _size(mark)))
    if lat is None or lon is None or abs(lat) > 90.0 or abs(lon) > 180.0:  # noqa: PLR2004 - the globe
        notes.count("marks without a usable lat and long left out", where)
        return None
    if size is not None and size >= PICTURE_SIZE:
        notes.count("pictures of a map left out", where)
        return None
    icon = mark.fields.get("mark")
    if not isinstance(icon, (str, Name)):
        notes.count("marks without an icon left out", where)
        return None
    label, link = label_of(mark.fields.get("label"))
    actor, status, note, site = speller.read(icon)
    return {
        "place": label,
        "actor": actor,
        "status": status,
        "note": note,
        "icon": ".".join(icon.path) if isinstance(icon, Name) else icon,
        "site": site,
        "link": mark.fields["link"] if isinstance(mark.fields.get("link"), str) else link,
        "size": size,
        "xy": (lon, lat),
    }


def _size(mark: Table) -> Any:
    return mark.fields.get("marksize")


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value.strip())
        except ValueError:
            return None
    if isinstance(value, float) and math.isfinite(value):
        return value
    return None


def label_of(value: Any) -> tuple[str | None, str | None]:
    """Return what a label shows and where its link leads, each None if it has none.

    Examples
    --------
    >>> label_of("[[Jat, Syria|Jat]]"), label_of("'''Hama'''")
    (('Jat', 'Jat, Syria'), ('Hama', None))
    """
    if not isinstance(value, str):
        return None, None
    found = _LINK.search(value)
    link = (found[1].strip().lstrip(":") or None) if found else None
    shown = _LINK.sub(lambda match: match[2] or match[1], value)
    text = " ".join(html.unescape(_MARKUP.sub("", shown)).split())
    return text or None, link


class _Legend:
    """Who an icon stands for; counts those that it does not know."""

    def __init__(
        self, actors: dict[str, str], colours: dict[str, str], icons: dict[str, Table]
    ) -> None:
        self._actors = actors
        self._colours = {key.lower(): value for key, value in colours.items()}
        self._icons = icons
        self.unknown: Counter[str] = Counter()

    def read(self, icon: str | Name) -> tuple[str | None, str | None, str | None, str | None]:
        """Return actor, status, note and site; a status of None: unknown."""
        names = [icon] if isinstance(icon, str) else self._names(icon)
        for each in names:
            if each in self._actors:
                return self._actors[each], "controlled", None, None
        for each in names:
            found = self._of_key(each) or self._of_file(each)
            if found is not None:
                return found
        self.unknown[names[0]] += 1
        return None, None, None, None

    def _names(self, icon: Name) -> list[str]:
        names = [icon.path[-1]]
        table = self._icons.get(icon.path[0])
        file = table.fields.get(icon.path[-1]) if table is not None else None
        return [*names, file] if isinstance(file, str) else names

    def _of_key(self, key: str) -> tuple[str, str, str | None, str | None] | None:
        parts = key.split("_")
        site = parts.pop() if len(parts) > 1 and parts[-1] in SITES else None
        stable = len(parts) > 1 and parts[0] == _STABLE
        sides = [self._actors.get(part) for part in parts[stable:]]
        if not sides or None in sides:
            return None
        found = [str(side) for side in sides]
        if len(found) == 1:
            return found[0], "controlled", None, site
        how = "held together" if stable else "mixed"
        return found[0], "contested", f"{how}: {', '.join(found)}", site

    def _of_file(self, file: str) -> tuple[str, str, str | None, str | None] | None:
        dot, animated = _DOT.match(file), _ANIMATED.match(file)
        if dot is not None:
            actor = self._colours.get(dot[1].lower())
            return None if actor is None else (actor, "controlled", None, None)
        if animated is not None:
            sides = [self._colours.get(animated[n].lower()) for n in (1, 2)]
            if None not in sides:
                return str(sides[0]), "contested", f"between {sides[0]} and {sides[1]}", None
        return None


def _say_unknown(speller: _Legend, notes: Notes) -> None:
    if speller.unknown:
        listed = ", ".join(f"{icon[:60]} {n}" for icon, n in speller.unknown.most_common(20))
        notes.say(
            f"marks of unknown icons left out: {sum(speller.unknown.values())} ({listed}); say who "
            "they stand for with legend= or colours="
        )


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a file; see `decode`."""
    file = Path(path)
    content = read_bytes(file, limits=limits)
    if magic(content[:1000]) not in ("text", "json"):
        raise DataFileError(f"{file.name} is no text, so it is no Lua module", path=file)
    return decode(content, name=file.name, limits=limits, **options)


def detect(peek: Peek) -> float:
    """Say how surely a file is such a module."""
    if magic(peek.head) != "text":
        return 0.0
    text = head_text(peek.head) or ""
    keyed = all(re.search(rf"\b{key}\s*=", text) for key in ("lat", "mark"))
    if not (keyed and re.search(r"\blong?\s*=", text)):
        return 0.0
    return 0.95 if re.search(r"\breturn\b|\bmarks\s*=", text) else 0.5


FORMAT = Format(
    name="wikipedia",
    title="Wikipedia, detailed map module (Lua)",
    kind="reports",
    suffixes=(".lua", ".txt"),
    origin=ORIGIN,
    detect=detect,
    read=read,
)
