"""Maps across 180 degrees and near a pole."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure
from pyproj import Geod, Transformer

from frontline.control import ControlHistory
from frontline.plots import plot, plot_changes, plot_many
from frontline.plots.ground import theatre_of

FIJI = shapely.MultiPolygon([shapely.box(177, -19, 180, -15), shapely.box(-180, -19, -178, -15)])
ISLES = shapely.MultiPolygon([shapely.box(178, -18, 180, -16), shapely.box(-180, -18, -179, -16)])


def history(rows, outline) -> ControlHistory:
    frame = gpd.GeoDataFrame(
        {"date": [date for date, _ in rows], "actor": "A"},
        geometry=[shape for _, shape in rows],
        crs=4326,
    )
    return ControlHistory.from_snapshots(frame, rest="B", outline=outline)


@pytest.fixture(scope="module")
def fiji():
    return history([("2024-12-01", ISLES), ("2024-12-02", shapely.box(178, -18, 180, -17))], FIJI)


@pytest.fixture(scope="module")
def polar():
    rows = [
        ("2024-12-01", shapely.box(-10, 85, 80, 89)),
        ("2024-12-03", shapely.box(-10, 84, 80, 89)),
    ]
    return history(rows, shapely.box(-60, 82, 120, 89.9))


def drawn(ax, start):
    found = [a for a in ax.get_children() if str(a.get_gid() or "").startswith(start)]
    return [a.get_path() for a in found if len(a.get_path())]


def test_the_theatre_is_taken_across_180_degrees(fiji):
    assert theatre_of(fiji) == (177.0, -19.0, 182.0, -15.0)


@pytest.mark.parametrize("draw", ["one", "many", "changes"])
def test_a_map_across_180_degrees_shows_its_theatre_and_no_globe(fiji, draw):
    figure = Figure((11, 7))
    if draw == "one":
        ax = plot(fiji, "2024-12-01", figure=figure)
    elif draw == "many":
        ax = plot_many(fiji, 2, figure=figure)[0]
    else:
        ax = plot_changes(fiji, "2024-12-01", "2024-12-02", figure=figure)
    left, right = ax.get_xlim()
    assert left < 177
    assert right > 182
    assert right - left < 15
    for path in drawn(ax, "land-") + drawn(ax, "change-") + drawn(ax, "line-"):
        assert path.vertices[:, 0].min() >= 177 - 1e-9
        assert path.vertices[:, 0].max() <= 182 + 1e-9


@pytest.mark.parametrize("crs", [None, "local"])
def test_the_cut_at_180_degrees_is_not_drawn(fiji, crs):
    ax = plot(fiji, "2024-12-01", figure=Figure((11, 7)), crs=crs)
    middle = "+proj=aeqd +lat_0=-17 +lon_0=179.5 +ellps=WGS84"
    back = Transformer.from_crs(middle, "EPSG:4326", always_xy=True)
    for path in drawn(ax, "line-"):
        at = path.vertices
        if crs is not None:
            at = np.column_stack(back.transform(at[:, 0], at[:, 1]))
        on_cut = np.abs(np.abs(at[:, 0]) - 180) < 1e-6
        joined = on_cut[:-1] & on_cut[1:] & (path.codes[1:] != path.MOVETO)
        assert not (joined & (np.abs(np.diff(at[:, 1])) > 1e-6)).any()
    texts = {text.get_text() for text in ax.get_legend().get_texts()}
    assert {text.split(":")[0] for text in texts} == {"A", "B", "front line"}
    area, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(ISLES, 0.001))
    assert f"A: {abs(area) / 1e6:,.0f} km²" in texts


def test_a_window_beyond_180_degrees_can_be_asked_for(fiji):
    ax = plot(fiji, "2024-12-01", figure=Figure((11, 7)), around=(179.9, -17), within_km=60)
    left, right = ax.get_xlim()
    assert 178 < left < 179.9
    assert 180 < right < 182
    west = plot(fiji, "2024-12-01", figure=Figure((9, 9)), extent=(-180, -19, -178, -15))
    assert west.get_xlim()[0] < -179
    (patch,) = [p for p in drawn(west, "land-") if p.vertices[:, 0].max() < -178.5]
    assert patch.vertices[:, 0].max() == pytest.approx(-179)


def test_parallels_are_bent_and_no_side_is_lost_near_a_pole(polar):
    ax = plot(polar, "2024-12-01", figure=Figure((9, 9)), crs="local")
    labels = [text.get_text().split(":")[0] for text in ax.get_legend().get_texts()]
    assert set(labels) == {"A", "B", "front line"}
    # The plane of the map: azimuthal equidistant about the middle of the window.
    south, north = 82 - 7.9 * 0.05, 89.0
    plane = f"+proj=aeqd +lat_0={(south + north) / 2} +lon_0=30 +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    along = np.linspace(-10, 80, 400)
    parallel = shapely.LineString(np.column_stack(to_plane.transform(along, np.full(400, 85.0))))
    lines = shapely.union_all([shapely.LineString(p) for p in split(drawn(ax, "line-front")[-1])])
    # Within a four-hundredth of its length; the chord would be some 160 km off.
    assert (
        shapely.hausdorff_distance(parallel, shapely.intersection(parallel.buffer(2000), lines))
        < 2500
    )


def split(path):
    starts = [*np.flatnonzero(path.codes == path.MOVETO), len(path.codes)]
    return [path.vertices[a:b] for a, b in itertools.pairwise(starts)]
