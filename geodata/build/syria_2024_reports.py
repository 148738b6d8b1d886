"""Build reports.csv and unplaced.csv of the case syria-2024 from the table of dated facts.

    python geodata/build/syria_2024_reports.py --facts SYRIA-2024-FACTS.csv

Every row of the facts table becomes one statement; the area statements of syria_2024_areas.py
and the few inferred ones of `INFERRED` follow. What a row says is kept: "captured" and
"withdrawn" with a named taker become control by the taker, "withdrawn" without one becomes
"nobody known", "repelled" says that the holder still holds, "contested" leaves the holder and
marks the place. Hours come from
syria_2024_times.csv, each with its reason.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parent))
from syria_2024_areas import STATEMENTS
from syria_2024_common import (
    CASE,
    GEODATA,
    GOVERNMENT,
    HTS,
    LOCAL,
    SEVERAL,
    read_csv,
    utc,
    write_csv,
)
from syria_2024_times import CONFLICTS, Times, When

from frontline.gazetteer.names import fold

COLUMNS = (
    "report site area from_actor actor status basis valid_from valid_to precision "
    "recorded_at recorded_to "
    "review confidence source note"
).split()
UNPLACED = (
    "report name name_ar from_actor actor status basis valid_from valid_to precision "
    "recorded_at recorded_to "
    "review confidence source note reason"
).split()

ACTORS = {
    "HTS-led opposition (MOC)": HTS,
    "local rebels (north Homs)": LOCAL,
    "local factions (Suwayda)": LOCAL,
    "opposition (several forces)": SEVERAL,
}

# Statements of one side; everything else is a report by a third party.
CLAIMED = {
    "aljazeera-mubasher-20241128",
    "syria-tv-klyoum-20241130",
    "enab-baladi-726497",
    "mandabpress-69022",
    "arabkhabar-3731573",
    "enab-baladi-726688",
    "dhamarnews-297574",
    "alomah-750533",
    "aljazeera-mubasher-20241203",
    "horrya-154493",
    "arabkhabar-3732563",
    "novinite-229717",
    "sana-menafn-1108944261",
    "alalam-7087868",
    "trt-d10e88c2b1b2",
    "menafn-1108943161",
    "shaam-menagh-20241201",
}

# What a later statement says of the time before it: the place must have changed hands unseen.
INFERRED = (
    ("Rahjan", "37.429", "35.405", HTS, "2024-12-01T06:00:00Z", "dhamarnews-297574"),
    ("al-Sa'an", "37.374", "35.264", HTS, "2024-12-01T06:00:00Z", "dhamarnews-297574"),
    ("Braydij", "36.461", "35.387", GOVERNMENT, "2024-12-02T17:00:00Z", "sohr-sadanews-181272"),
)
NEAR_KM = 0.35  # a coordinate of the facts table and the site of the same mark
NAMESAKE_KM = 3.5  # a site of the same name whose point comes from GeoNames


@dataclass(frozen=True, slots=True)
class Site:
    """A site and the spellings under which it is known."""

    key: str
    lon: float
    lat: float
    names: frozenset[str]


class Sites:
    """Finds the site that a locality of the facts table means."""

    def __init__(self) -> None:
        spellings = {
            p["place_id"]: {p["name"], *p["alternate_names"].split(";")}
            for p in read_csv(GEODATA / "places.csv")
            if p["country"] == "SY"
        }
        self._all: list[Site] = [
            Site(
                s["site"],
                float(s["lon"]),
                float(s["lat"]),
                frozenset(fold(n) for n in {s["name"], *spellings.get(s["site"], ())} if n),
            )
            for s in read_csv(CASE / "sites.csv")
        ]
        self._at = shapely.STRtree(shapely.points(self._plane([[s.lon, s.lat] for s in self._all])))
        self.matches = {
            m["locality"]: m for m in read_csv(Path(__file__).with_name("syria_2024_matches.csv"))
        }

    @staticmethod
    def _plane(lonlat: list[list[float]]) -> np.ndarray:
        plane: np.ndarray = np.asarray(lonlat) * np.array([111.2 * 0.815, 111.2])
        return plane

    def find(self, row: dict[str, str]) -> str:
        """Return the site of a row, or an empty string where there is no honest one."""
        match = self.matches.get(row["locality"])
        if match is not None:
            if match["site"] or not match["lon"]:
                return str(match["site"])
            names, lon, lat = {match["name"], row["locality"]}, match["lon"], match["lat"]
        elif row["lat"]:
            names, lon, lat = {row["locality"]}, row["lon"], row["lat"]
        else:
            return ""
        names |= {row["name_ar"]}
        point = shapely.Point(self._plane([[float(lon), float(lat)]])[0])
        near = self._at.query(point, predicate="dwithin", distance=NAMESAKE_KM)
        distance = {i: point.distance(self._at.geometries[i]) for i in near.tolist()}
        folded = {fold(name) for name in names if name}
        same = [i for i in distance if self._all[i].names & folded]
        best: int | None = min(
            same or [i for i in distance if distance[i] <= NEAR_KM],
            key=distance.__getitem__,
            default=None,
        )
        if best is None:
            raise ValueError(f"no site for {row['locality']!r} at {lat}, {lon}")
        return self._all[best].key


def _statement(row: dict[str, str], source: str, when: When) -> dict[str, str]:
    before = ACTORS.get(row["from_actor"], row["from_actor"])
    after = ACTORS.get(row["to_actor"], row["to_actor"])
    held = row["status"] in {"captured", "withdrawn"}
    actor = after if held else before
    status = "contested" if row["status"] == "contested" else "controlled" if actor else "no_data"
    basis = "claimed" if source in CLAIMED else "reported"
    return {
        "from_actor": before,
        "actor": actor,
        "status": status,
        "basis": basis,
        "valid_from": when.at,
        "valid_to": "",
        "precision": when.precision,
        "confidence": "0.5" if basis == "claimed" else "0.7",
        "source": source,
        "note": "; ".join(text for text in (row["status"], when.why) if text),
    }


def build(facts: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the rows of reports.csv and of unplaced.csv."""
    sources = read_csv(CASE / "sources.csv")
    by_text = {s["cited_as"]: s["id"] for s in sources if s["cited_as"]}
    published = {s["id"]: s["published"] for s in sources}
    sites, times = Sites(), Times()
    placed: list[dict[str, str]] = []
    unplaced: list[dict[str, str]] = []
    for row in read_csv(facts):
        source = by_text[row["source"]]
        when = times.when(row["locality"], row["date"], source)
        out = _statement(row, source, when)
        day = published[source] if len(published[source]) == 10 else row["date"]
        out["recorded_at"] = max(utc(max(day, row["date"])), when.at)
        conflict = CONFLICTS.get((row["locality"], row["date"], source))
        out["review"] = "conflict" if conflict and not conflict.until else "accepted"
        out["recorded_to"] = conflict.until if conflict else ""
        if conflict:
            out["note"] += "; " + conflict.why
            out["confidence"] = "0.3"
        site = sites.find(row)
        if site:
            match = sites.matches.get(row["locality"], {})
            if match.get("remark"):
                out["note"] += "; placed: " + match["remark"]
            placed.append({**out, "site": site, "area": ""})
        else:
            reason = sites.matches.get(row["locality"], {}).get("remark", "")
            unplaced.append(
                {
                    **out,
                    "name": row["locality"],
                    "name_ar": row["name_ar"],
                    "reason": reason or "no mark of this name in the neighbourhood of its list",
                }
            )
    placed += _also_ashrafieh(placed) + _inferred(sites) + _areas()
    return _numbered(placed, "r"), _numbered(unplaced, "u")


def _also_ashrafieh(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {**r, "site": "case:aleppo-ashrafieh"}
        for r in rows
        if r["site"] == "case:aleppo-sheikh-maqsoud"
    ]


def _inferred(sites: Sites) -> list[dict[str, str]]:
    return [
        {
            "site": sites.find({"locality": name, "name_ar": "", "lon": lon, "lat": lat}),
            "area": "",
            "from_actor": "",
            "actor": actor,
            "status": "controlled",
            "basis": "assessed",
            "valid_from": at,
            "valid_to": "",
            "precision": "part",
            "recorded_at": "2024-12-03T00:00:00Z",
            "recorded_to": "",
            "review": "accepted",
            "confidence": "0.3",
            "source": source,
            "note": "inferred: that it changed hands again implies it; the hour is assessed",
        }
        for name, lon, lat, actor, at, source in INFERRED
    ]


def _areas() -> list[dict[str, str]]:
    weight = {"reported": "0.7", "claimed": "0.5", "assessed": "0.5"}
    return [
        {
            "site": "",
            "area": s.area,
            "from_actor": "",
            "actor": s.actor,
            "status": s.status,
            "basis": s.basis,
            "valid_from": utc(s.valid_from),
            "valid_to": "",
            "precision": s.precision,
            "recorded_at": max(utc(s.recorded_at), utc(s.valid_from)),
            "recorded_to": "",
            "review": "accepted",
            "confidence": weight[s.basis],
            "source": s.source,
            "note": s.note,
        }
        for s in STATEMENTS
    ]


def _numbered(rows: list[dict[str, str]], letter: str) -> list[dict[str, str]]:
    """Sort by time, then by what keeps the file stable, and number."""
    rows = sorted(
        rows,
        key=lambda r: (
            r["valid_from"],
            r.get("site", ""),
            r.get("area", ""),
            r.get("name", ""),
            r["source"],
        ),
    )
    return [{"report": f"{letter}{i:03d}", **row} for i, row in enumerate(rows, 1)]


def main() -> None:
    """Write reports.csv and unplaced.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=Path, required=True)
    placed, unplaced = build(parser.parse_args().facts)
    write_csv(CASE / "reports.csv", COLUMNS, placed)
    write_csv(CASE / "unplaced.csv", UNPLACED, unplaced)


if __name__ == "__main__":
    main()
