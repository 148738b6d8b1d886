"""Rows of the gazetteer under construction, and how one finds its twin in another source."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from frontline.gazetteer.names import key, skeletons


@dataclass
class Row:
    """One place under construction."""

    place_id: str
    name: str
    lon: float
    lat: float
    kind: str
    country: str
    source: str
    licence: str
    admin1: str = ""
    population: int = 0
    names: list[str] = field(default_factory=list)
    rank: int = 0  # of the display name: the higher wins

    def spellings(self) -> list[str]:
        """Return the name and all alternate names."""
        return [self.name, *self.names]


class Index:
    """Finds the row that a name and a point mean."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._by_key: dict[str, list[Row]] = defaultdict(list)
        self._by_bones: dict[str, list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """Take a row in under all its names."""
        self.rows.append(row)
        self.learn(row, row.spellings())

    def learn(self, row: Row, names: list[str]) -> None:
        """Find a row under these names too."""
        for name in names:
            for table, keys in ((self._by_key, [key(name)]), (self._by_bones, skeletons(name))):
                for each in keys:
                    if each and row not in table[each]:
                        table[each].append(row)

    def at(self, names: list[str], lon: float, lat: float, group: str) -> Row | None:
        """Return the nearest row of that name there, if any; see the module's rule."""
        found: list[tuple[float, str, Row]] = []
        for name in names:
            same = self._by_key[key(name)]
            found += [(distance_km(row, lon, lat), row.place_id, row) for row in same]
            for bones in skeletons(name):
                alike = self._by_bones[bones] if len(bones) > 1 else []
                # 1.5 km of skeleton distance count like the 3 km of an equal key
                found += [(2 * distance_km(row, lon, lat), row.place_id, row) for row in alike]
        near = [hit for hit in found if hit[0] <= 3.0 and group_of(hit[2].kind) == group]
        return min(near, key=lambda hit: hit[:2])[2] if near else None

    def standing_at(self, lon: float, lat: float) -> Row | None:
        """Return the row that stands within 0.3 km, if any."""
        nearest = min(self.rows, key=lambda row: (distance_km(row, lon, lat), row.place_id))
        return nearest if distance_km(nearest, lon, lat) <= 0.3 else None

    def only(self, name: str, name_ar: str, admin1: set[str]) -> Row | None:
        """Return the one Syrian row of that name in those governorates, if there is one."""
        hits = {id(row): row for row in self._by_key[key(name)]}
        if not hits:
            bones = skeletons(name) & (skeletons(name_ar) or skeletons(name))
            hits = {id(r): r for each in bones if len(each) > 2 for r in self._by_bones[each]}
        rows = [r for r in hits.values() if r.country == "SY" and r.admin1 in admin1]
        return rows[0] if len(rows) == 1 else None


def group_of(kind: str) -> str:
    """Settlements merge with settlements; a hill is not the village of that name."""
    return kind if kind in ("hill", "airfield", "crossing", "military") else "settlement"


def distance_km(row: Row, lon: float, lat: float) -> float:
    """Return a distance good enough to tell 3 km from 4."""
    east = math.radians(lon - row.lon) * math.cos(math.radians((lat + row.lat) / 2))
    return 6371.0 * math.hypot(east, math.radians(lat - row.lat))


def plain(name: str) -> str:
    """Return a name without diacritics, as newspapers print it."""
    text = re.sub("[\u2018\u2019\u02bb\u02bc\u02bf\u02be`\u00b4]", "'", name)
    text = text.replace("\u0131", "i")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", re.sub(r"(^|\s)'(?=\w)", r"\1", text)).strip()


def worth_keeping(name: str) -> bool:
    """Latin, Arabic and Cyrillic spellings; neither airport codes nor ASCII transcriptions."""
    if any(unicodedata.category(c) == "Cf" for c in name):
        return False  # hidden direction marks; the same name stands there without
    if re.fullmatch(r"[A-Z]{3,4}|[a-z].*", name) or len(name) > 60 or ";" in name:
        return False
    letters = [c for c in name if c.isalpha()]
    scripts = {unicodedata.name(c, "?").split()[0] for c in letters}
    return bool(letters) and scripts <= {"LATIN", "ARABIC", "CYRILLIC", "MODIFIER"}
