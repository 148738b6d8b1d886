"""Shared by the build scripts of the case syria-2024: reading, writing, polygons, times."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline._resources import atomic_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GEODATA = Path(__file__).resolve().parents[1]
CASE = GEODATA / "syria-2024"

GOVERNMENT = "Syrian government"
HTS = "HTS-led opposition"
SNA = "Syrian National Army"
SDF = "SDF"
JOINT = "SDF and Syrian government"
SOUTH = "Southern Operations Room"
SFA = "Syrian Free Army"
LOCAL = "local factions"
SEVERAL = "opposition (several forces)"

# The opening state is dated the day before the case starts, so that the 55 km circle, dated
# the day itself, cuts the cells of the posts on its rim and not the other way about.
OPENING = "2024-11-25T00:00:00Z"


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read a table; comment lines start with #."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write a table in the order given, all at once or not at all."""
    with (
        atomic_write(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)


def write_geojson(path: Path, features: Sequence[tuple[dict[str, Any], Any]]) -> None:
    """Write polygons with 5 decimals (about a metre), one feature a line."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": json.loads(shapely.to_geojson(_rounded(shape))),
            },
            ensure_ascii=False,
        )
        for properties, shape in features
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _rounded(shape: Any) -> Any:
    return shapely.make_valid(shapely.transform(shape, lambda xy: np.round(xy, 5)))


def polygon(text: str) -> Any:
    """Return a polygon from "lon lat, lon lat, ..."."""
    ring = [tuple(float(number) for number in pair.split()) for pair in text.split(",")]
    shape = shapely.Polygon(ring)
    if not shape.is_valid:
        raise ValueError(f"a hand-drawn ring crosses itself: {text[:60]}")
    return shape


def governorates() -> dict[str, Any]:
    """Return the fourteen governorates by their English name."""
    path = GEODATA / "boundaries" / "syria-adm1.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    return {
        feature["properties"]["name"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in collection["features"]
    }


def outline() -> Any:
    """Return the theatre: Syria as Natural Earth draws it."""
    path = GEODATA / "boundaries" / "syria-outline.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    return shapely.union_all(
        [shapely.from_geojson(json.dumps(f["geometry"])) for f in collection["features"]]
    )


def utc(text: str) -> str:
    """Return a time as it stands in the tables: ``2024-12-05T08:14:00Z``.

    A bare date means 00:00 UTC; a time with ``+03`` is Syrian local time.
    """
    text = text.strip()
    if len(text) == 10:
        text += "T00:00"
    stamp = dt.datetime.fromisoformat(text.replace("Z", "+00:00").replace("+03", "+03:00"))
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=dt.UTC)
    return stamp.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
