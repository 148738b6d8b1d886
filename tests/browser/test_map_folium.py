"""The layer inside a map of folium; the installed Leaflet stands in for the network."""

import folium
import pytest

from frontline.maps import TimeMapLayer, bundle, payload_of, time_map
from tests.browser.map_case import board_case, centre
from tests.browser.texts import ALL, HOSTILE, LABELS, hostile_case

pytestmark = pytest.mark.browser


def without_network(route):
    """Serve Leaflet, the page itself, and nothing for all the rest that folium loads."""
    url = route.request.url
    if url.startswith("file:"):
        route.continue_()
    elif url.endswith("/leaflet.js"):
        route.fulfill(body=bundle.leaflet_js(), content_type="text/javascript")
    elif url.endswith("/leaflet.css"):
        route.fulfill(body=bundle.leaflet_css(), content_type="text/css")
    else:
        kind = "text/css" if url.endswith(".css") else "text/javascript"
        route.fulfill(body="", content_type=kind)


@pytest.fixture
def open_map(open_page, tmp_path):
    def opened(m):
        m.save(tmp_path / "map.html")
        return open_page(tmp_path / "map.html", route=without_network)

    return opened


def test_it_works_beside_other_layers(open_map):
    m = time_map(board_case())
    folium.CircleMarker([35.3, 36.4], radius=9).add_to(m)
    folium.LayerControl().add_to(m)
    page = open_map(m)
    lon, lat = centre(1, 4)
    before = page.pixel(lon, lat)
    page.locator(".fl-slider").press("End")
    assert page.date == "Fri 29 Nov 2024, 00:00 UTC"
    assert page.pixel(lon, lat) != before
    assert page.locator("path.leaflet-interactive").count() == 1
    assert page.messages == []
    page.locator(".leaflet-control-layers").hover()
    reached = """() => {
        const node = document.querySelector(".leaflet-control-layers-overlays input");
        const box = node.getBoundingClientRect();
        const x = box.x + box.width / 2, y = box.y + box.height / 2;
        return document.elementFromPoint(x, y) === node;
    }"""
    assert page.evaluate(reached)
    assert "Licence: CC0" not in page.locator(".leaflet-control-attribution").inner_text()
    assert "CC0, as of Sun 1 Dec 2024" in page.locator(".leaflet-control-attribution").inner_text()
    layers = page.locator(".leaflet-control-layers-overlays input").first
    layers.evaluate("(node) => node.click()")
    assert page.locator(".fl-canvases").count() == 0
    assert page.locator(".fl-inside").count() == 0
    layers.evaluate("(node) => node.click()")
    assert page.locator(".fl-canvases").count() == 1
    assert page.date == "Fri 29 Nov 2024, 00:00 UTC"


def test_two_maps_on_one_page(open_map):
    figure = folium.Figure()
    for left in ("0%", "50%"):
        m = folium.Map(tiles=None, position="absolute", left=left, width="50%", location=[35, 36])
        TimeMapLayer(payload_of(board_case())).add_to(m)
        figure.add_child(m)
    page = open_map(figure)
    page.until("document.querySelectorAll('.fl-slider').length === 2")
    page.locator(".fl-slider").first.press("End")
    dates = page.locator(".fl-date").all_inner_texts()
    assert dates == ["Fri 29 Nov 2024, 00:00 UTC", "Wed 27 Nov 2024, 00:00 UTC"]


def test_texts_stay_texts(open_map):
    m = time_map(hostile_case())
    for text in HOSTILE:
        TimeMapLayer(payload_of(board_case()), name=text, show=False).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    page = open_map(m)
    names = page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
    assert [name.strip() for name in names[1:]] == list(HOSTILE)
    assert page.locator(".fl-fold > summary").inner_text() == f"title {ALL}"
    assert LABELS[0] in page.locator(".fl-areas").inner_text()
    assert page.evaluate("window.ran") is None
    assert page.messages == []
