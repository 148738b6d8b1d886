"""Geometry that no serious library may stumble over, as far as it comes in through files."""

import importlib.util
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.edges import area_m2
from frontline.errors import CRSError, DataFileError, InputError
from frontline.sources import Limits, geojson, open_source, registry
from frontline.sources.features import area_of_esri_rings, features_of, shape_of, shape_to_json
from frontline.sources.notes import Notes


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Detect among the formats whose modules are here; that all are is tested elsewhere."""
    there = {k: v for k, v in registry.MODULES.items() if importlib.util.find_spec(v)}
    monkeypatch.setattr(registry, "MODULES", there)


SQUARE = [[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 36.0], [36.0, 35.0]]
HOLE = [[36.4, 35.4], [36.4, 35.6], [36.6, 35.6], [36.6, 35.4], [36.4, 35.4]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def document(*shapes, **top):
    listed = [
        {"type": "Feature", "properties": {"actor": "A", "date": "2024-12-05"}, "geometry": shape}
        for shape in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed, **top}).encode()


def read(*shapes, top=None, **options):
    return geojson.decode(document(*shapes, **(top or {})), name="a.geojson", **options)


def only(*shapes, **options):
    (shape,) = read(*shapes, **options).frame.geometry
    return shape


def test_no_geometry_is_left_out_and_counted():
    data = read(None, polygon(SQUARE))
    assert len(data.frame) == 1
    assert "without geometry: 1 (feature 1)" in data.remarks


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
    ],
)
def test_empty_geometry_is_left_out_and_counted(shape):
    data = read(shape, polygon(SQUARE))
    assert len(data.frame) == 1
    assert any(remark.startswith("without geometry: 1") for remark in data.remarks)


def test_a_document_of_nothing():
    data = geojson.decode(b'{"type": "FeatureCollection", "features": []}', kind="panel")
    assert len(data.frame) == 0
    assert data.frame.crs.to_epsg() == 4326


def test_bow_tie():
    bow = [[36.0, 35.0], [37.0, 36.0], [37.0, 35.0], [36.0, 36.0], [36.0, 35.0]]
    data = read(polygon(bow))
    (shape,) = data.frame.geometry
    assert shape.is_valid
    assert shape.area == pytest.approx(0.5)  # two triangles of a quarter each
    assert "invalid shapes repaired: 1 (feature 1)" in data.remarks


def test_ring_that_touches_itself():
    ring = [[0, 0], [4, 0], [4, 4], [2, 0], [0, 4], [0, 0]]
    shape = only(polygon(ring))
    assert shape.is_valid
    assert shape.area == pytest.approx(8.0)


def test_hole_outside_is_no_area():
    outside = [[38.0, 35.0], [39.0, 35.0], [39.0, 36.0], [38.0, 35.0]]
    shape = only(polygon(SQUARE, outside))
    assert shape.equals(shapely.Polygon(SQUARE))


def test_parts_that_overlap_are_joined_and_not_cut_out():
    other = [[x + 0.5, y] for x, y in SQUARE]
    shape = only({"type": "MultiPolygon", "coordinates": [[SQUARE], [other]]})
    assert shape.area == pytest.approx(1.5)


def test_duplicate_points_change_nothing():
    shape = only(polygon([p for p in SQUARE for _ in range(3)]))
    assert shape.equals(shapely.Polygon(SQUARE))


def test_sliver_without_area_is_left_out_and_counted():
    data = read(polygon([[36, 35], [37, 35], [36, 35], [36, 35]]), polygon(SQUARE))
    assert len(data.frame) == 1
    assert any("no areas left out: 1" in remark for remark in data.remarks)


def test_open_ring_is_closed_and_counted():
    data = read(polygon(SQUARE[:-1]))
    assert data.frame.geometry.iloc[0].equals(shapely.Polygon(SQUARE))
    assert any(remark.startswith("open rings closed: 1") for remark in data.remarks)


def test_winding_does_not_matter_and_is_written_right():
    right = only(polygon(SQUARE, HOLE))
    wrong = only(polygon(SQUARE[::-1], HOLE[::-1]))
    assert right.equals(wrong)
    rings = shape_to_json(wrong)["coordinates"]
    assert [shapely.is_ccw(shapely.LinearRing(ring)) for ring in rings] == [True, False]


def test_collection_from_an_overlay_keeps_its_areas():
    parts = [
        polygon(SQUARE), {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
    ]  # fmt: skip
    data = read({"type": "GeometryCollection", "geometries": parts})
    assert data.frame.geometry.iloc[0].equals(shapely.Polygon(SQUARE))
    assert any("no areas left out: 1" in remark for remark in data.remarks)


def test_heights_are_left_out():
    data = read(polygon([[*p, 100.0] for p in SQUARE]))
    assert not data.frame.geometry.has_z.any()
    mixed = read(polygon([[*p, 1.0] if n % 2 else p for n, p in enumerate(SQUARE)]))
    assert mixed.frame.geometry.iloc[0].equals(shapely.Polygon(SQUARE))


def test_heights_and_measures_in_binary_files_are_left_out(tmp_path):
    file = tmp_path / "a.gpkg"
    shape = shapely.force_3d(shapely.Polygon(SQUARE), 9.0)
    gpd.GeoDataFrame({"name": ["x"]}, geometry=[shape], crs=4326).to_file(file)
    data = open_source(file, "gpkg")
    assert not data.frame.geometry.has_z.any()
    assert "heights and measures were left out" in data.remarks


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1e300"])
def test_infinite_coordinates_are_refused(number):
    text = document(polygon(SQUARE)).replace(b"37.0", number.encode())
    with pytest.raises(DataFileError, match=r"feature 1: coordinates are (not finite|beyond)"):
        geojson.decode(text)


def test_nan_in_binary_files_is_refused(tmp_path):
    file = tmp_path / "a.parquet"
    with np.errstate(invalid="ignore"):
        shape = shapely.LineString([[36.0, 35.0], [np.nan, 36.0]])
    gpd.GeoDataFrame({"name": ["x"]}, geometry=[shape], crs=4326).to_parquet(file)
    with pytest.raises(DataFileError, match="not finite"):
        open_source(file, "geoparquet")


@pytest.mark.parametrize(
    "spots", [[["36", "35"]], [[None, 1.0]], [[True, False]], [[1.0]], [1.0], "x", {"a": 1}]
)
def test_coordinates_that_are_none_are_refused(spots):
    with pytest.raises(DataFileError, match="feature 1"):
        read({"type": "LineString", "coordinates": spots})


def test_every_broken_feature_is_named_at_once():
    bad = {"type": "Point", "coordinates": ["x", "y"]}
    with pytest.raises(DataFileError) as caught:
        read(bad, polygon(SQUARE), bad, {"type": "Circle", "coordinates": [1]})
    assert [problem[:9] for problem in caught.value.problems] == [
        "feature 1", "feature 3", "feature 4",
    ]  # fmt: skip


# --- where on the globe ---------------------------------------------------------------------


def test_swapped_beyond_the_pole_is_seen():
    east = [[y, x + 100.0] for x, y in SQUARE]  # latitude 35, longitude 136: Japan
    with pytest.raises(CRSError, match="look swapped"):
        read(polygon(east))


def test_swapped_where_both_orders_exist_needs_a_box():
    swapped = polygon([[y - 0.5, x + 0.5] for x, y in SQUARE])
    syria = (35.5, 32.0, 42.5, 37.5)
    assert len(read(swapped).frame) == 1  # 35, 37 is a place too; nothing can be known
    with pytest.raises(CRSError, match="feature 1 lies outside longitude"):
        read(polygon([[30.0, 50.0], [31.0, 50.0], [31.0, 51.0], [30.0, 50.0]]), within=syria)
    ukraine = (22.0, 44.0, 41.0, 53.0)
    north = polygon([[48.0, 37.0], [48.5, 37.0], [48.5, 37.5], [48.0, 37.0]])
    with pytest.raises(CRSError, match="look swapped"):
        read(north, within=ukraine)


@pytest.mark.parametrize("lon", [181.0, 200.0, 359.0])
def test_longitudes_beyond_180_are_asked_about(lon):
    with pytest.raises(CRSError, match="longitudes='0-360'"):
        read({"type": "Point", "coordinates": [lon, 10.0]}, kind="events")


def test_longitudes_of_0_to_360_are_turned():
    point = {"type": "Point", "coordinates": [350.0, 10.0]}
    shape = only(point, kind="events", longitudes="0-360")
    assert (shape.x, shape.y) == (-10.0, 10.0)
    with pytest.raises(CRSError):
        read({"type": "Point", "coordinates": [-10.0, 10.0]}, kind="events", longitudes="0-360")
    with pytest.raises(InputError):
        read(point, longitudes="0-400")


def test_an_area_across_180_is_cut_there():
    ring = [[179.0, 10.0], [181.0, 10.0], [181.0, 11.0], [179.0, 11.0], [179.0, 10.0]]
    shape = only(polygon(ring), longitudes="0-360")
    assert shape.equals(
        shapely.union(shapely.box(179, 10, 180, 11), shapely.box(-180, 10, -179, 11))
    )
    whole = shapely.box(10, 10, 12, 11)
    assert area_m2(shape) == pytest.approx(area_m2(whole), rel=1e-9)


def test_at_and_round_a_pole():
    assert only({"type": "Point", "coordinates": [0.0, 90.0]}, kind="events").y == 90.0
    cap = [[-180.0, 80.0], [180.0, 80.0], [180.0, 90.0], [-180.0, 90.0], [-180.0, 80.0]]
    assert only(polygon(cap)).bounds == (-180.0, 80.0, 180.0, 90.0)


def test_metres_labelled_as_degrees():
    mercator = [[4_000_000.0 + x, 4_100_000.0 + y] for x, y in SQUARE]
    with pytest.raises(CRSError, match="may be metres or feet"):
        read(polygon(mercator))


def test_metres_with_a_reference_system_are_read():
    square = gpd.GeoSeries([shapely.Polygon(SQUARE)], crs=4326).to_crs(3857)
    shape = shape_to_json(square.iloc[0])
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    found = only(shape, top={"crs": crs})
    assert shapely.hausdorff_distance(found, shapely.Polygon(SQUARE)) < 1e-9
    again = only(shape, crs="EPSG:3857")
    assert again.equals(found)


def test_feet_with_a_reference_system_are_read(tmp_path):
    # EPSG:2263, New York Long Island, counts in US survey feet.
    spot = gpd.GeoSeries([shapely.Point(-74.0, 40.7)], crs=4326)
    file = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"name": ["x"]}, geometry=spot.to_crs(2263)).to_file(file)
    data = open_source(file)
    assert shapely.distance(data.frame.geometry.iloc[0], spot.iloc[0]) < 1e-8


@pytest.mark.parametrize("crs", [None, {"type": "link", "properties": {"href": "http://x"}}, 5])
def test_a_crs_member_that_says_nothing(crs):
    with pytest.raises(CRSError, match="does not say"):
        read(polygon(SQUARE), top={"crs": crs})


def test_an_unknown_reference_system():
    with pytest.raises(CRSError, match="not known here"):
        read(polygon(SQUARE), crs="EPSG:999999")


@pytest.mark.parametrize("name", ["a.gpkg", "a.parquet", "a.shp"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided", "ignore:Column names longer")
def test_a_missing_reference_system_is_asked_for(tmp_path, name):
    file = tmp_path / name
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Polygon(SQUARE)])
    if name.endswith(".parquet"):
        frame.to_parquet(file)
    else:
        frame.to_file(file)
    with pytest.raises(CRSError, match="does not say"):
        open_source(file)
    data = open_source(file, crs="EPSG:4326")
    assert data.frame.geometry.iloc[0].equals(shapely.Polygon(SQUARE))


def test_a_million_vertices(tmp_path):
    angles = np.linspace(0.0, 2.0 * np.pi, 1_000_001)[:-1]
    ring = np.column_stack([36.0 + np.cos(angles), 35.0 + np.sin(angles)])
    file = tmp_path / "a.parquet"
    gpd.GeoDataFrame(geometry=[shapely.LineString(ring)], crs=4326).to_parquet(file)
    data = open_source(file)
    assert shapely.get_num_coordinates(data.frame.geometry.iloc[0]) == 1_000_000
    with pytest.raises(DataFileError, match="max_vertices"):
        open_source(file, limits=Limits(max_vertices=999_999))


# --- the rings of Esri ----------------------------------------------------------------------


def esri(*rings):
    notes = Notes("a.json")
    return area_of_esri_rings([list(map(list, ring)) for ring in rings], notes, where=1), notes


def test_esri_rings_outer_is_clockwise():
    island = [[36.45, 35.45], [36.45, 35.55], [36.55, 35.55], [36.55, 35.45], [36.45, 35.45]]
    shape, _ = esri(SQUARE[::-1], HOLE[::-1], island)
    expected = shapely.union(shapely.Polygon(SQUARE, [HOLE]), shapely.Polygon(island))
    assert shape.normalize().equals(expected)
    assert shape.area == pytest.approx(1.0 - 0.04 + 0.01)


def test_esri_rings_in_any_order():
    first, _ = esri(HOLE[::-1], SQUARE[::-1])
    assert first.equals(shapely.Polygon(SQUARE, [HOLE]))


def test_esri_rings_all_counter_clockwise_are_outer():
    shape, notes = esri(SQUARE)
    assert shape.equals(shapely.Polygon(SQUARE))
    assert any("against the clock" in remark for remark in notes.remarks())


def test_esri_many_rings_are_matched_at_once():
    def square(x, y, size, *, clockwise):
        ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
        return ring[::-1] if clockwise else ring

    corners = [(x * 2.0, y * 2.0) for x in range(40) for y in range(40)]
    rings = [square(x, y, 1.0, clockwise=True) for x, y in corners]
    rings += [square(x + 0.25, y + 0.25, 0.5, clockwise=False) for x, y in corners]
    shape, notes = esri(*rings)
    assert len(shape.geoms) == 1600
    assert shape.area == pytest.approx(1600 * 0.75)
    assert notes.remarks() == ()


def test_faults_of_very_many_features_are_told_shortly():
    points = [{"type": "Point", "coordinates": [500.0, 1.0]}] * 3000
    with pytest.raises(CRSError, match=r"201 faults"):
        read(*points, kind="events")


def test_esri_hole_outside_every_ring():
    far = [[x + 5.0, y] for x, y in HOLE[::-1]]
    shape, notes = esri(SQUARE[::-1], far)
    assert shape.equals(shapely.Polygon(SQUARE))
    assert any("outside every outer ring" in remark for remark in notes.remarks())


def test_esri_reference_systems():
    about = {"spatialReference": {"wkid": 102100, "latestWkid": 3857}, "features": []}
    found = features_of({"geometryType": "x", **about}, Notes("a"), limits=Limits())
    assert found.crs == "EPSG:3857"
    old = {"geometryType": "x", "spatialReference": {"wkid": 102100}, "features": []}
    assert features_of(old, Notes("a"), limits=Limits()).crs == "EPSG:3857"
    none = {"geometryType": "x", "features": []}
    assert features_of(none, Notes("a"), limits=Limits()).crs is None


# --- there and back -------------------------------------------------------------------------

SPOTS = st.tuples(st.integers(-1800, 1800), st.integers(-900, 900)).map(
    lambda spot: (spot[0] / 10, spot[1] / 10)
)


@settings(max_examples=50)
@given(spots=st.lists(SPOTS, min_size=3, max_size=12))
def test_a_shape_comes_back_from_json(spots):
    ring = shapely.Polygon(spots)
    shape = shapely.make_valid(ring, method="structure", keep_collapsed=False)
    if shape.is_empty:
        return
    back = shape_of(shape_to_json(shape), Notes("a"), where=1)
    assert back.normalize() == shape.normalize()
