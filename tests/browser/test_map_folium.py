"""The layer inside a map of folium; the installed Leaflet stands in for the network."""

import html
import re

import folium
import pytest

from frontline.maps import TimeMapLayer, bundle, payload_of, save, time_map
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


def test_two_layers_on_one_map_keep_their_own_clocks(open_map):
    m = time_map(board_case())
    TimeMapLayer(payload_of(board_case(), title="Second"), name="Second", fit=False).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    page = open_map(m)
    page.until("document.querySelectorAll('.fl-slider').length === 2")
    page.locator(".fl-slider").last.press("End")
    dates = page.locator(".fl-date").all_inner_texts()
    assert dates == ["Wed 27 Nov 2024, 00:00 UTC", "Fri 29 Nov 2024, 00:00 UTC"]
    boxes = [panel.bounding_box() for panel in page.locator(".fl-time").all()]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    names = [name.get_attribute("name") for name in page.locator("input[type=radio]").all()]
    assert len(set(names)) == 2
    control = page.locator(".leaflet-control-layers-overlays input")
    control.last.evaluate("(node) => node.click()")
    assert page.locator(".fl-date").all_inner_texts() == dates[:1]
    assert page.locator(".fl-canvases").count() == 1
    control.first.evaluate("(node) => node.click()")
    assert page.locator(".fl-inside").count() == 0
    control.last.evaluate("(node) => node.click()")
    assert page.locator(".fl-date").all_inner_texts() == dates[1:]
    assert page.messages == []


def test_tiles_are_asked_for_without_the_pages_address(browser, tmp_path):
    url = "https://tiles.example.org/{z}/{x}/{y}.png"
    asked = []

    def answer(route):
        asked.append((route.request.url, route.request.headers.get("referer")))
        without_network(route)

    m = time_map(board_case(), tiles=url)
    m.save(tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    context = browser.new_context(viewport={"width": 900, "height": 700}, color_scheme="dark")
    page = context.new_page()
    page.route("**/*", answer)
    page.route("https://news.example.com/**", lambda route: route.fulfill(
        body=text, content_type="text/html"
    ))  # fmt: skip
    page.goto("https://news.example.com/secret/draft.html?token=1")
    page.wait_for_selector(".fl-canvases", state="attached")
    page.wait_for_timeout(300)
    tiles = [referrer for address, referrer in asked if "tiles.example.org" in address]
    assert tiles
    assert set(tiles) == {"https://news.example.com/"}
    # Streets would be hidden below our base map, and light ink be lost on light tiles.
    shown = page.evaluate("frontlineMaps.opened.layer.shown.base")
    assert shown is False
    assert page.evaluate("frontlineMaps.theme.dark") is False
    context.close()


def without_outside(text):
    """Put Leaflet into the page and leave out all else that it loads."""
    text = re.sub(r"<link[^>]*>", "", text)
    text = re.sub(r'<script src="[^"]*"></script>', "", text)
    leaflet = f"<style>{bundle.leaflet_css()}</style><script>{bundle.leaflet_js()}</script>"
    return text.replace("<head>", "<head>" + leaflet, 1)


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'])
@pytest.mark.parametrize("kind", ["folium", "page"])
def test_a_notebook_shows_it_in_a_frame(browser, tmp_path, sandbox, kind):
    if kind == "folium":
        cell = time_map(board_case())._repr_html_()
        (inner,) = re.findall(r'srcdoc="([^"]*)"', cell)
        text = without_outside(html.unescape(inner))
    else:
        text = save(board_case(), tmp_path / "b.html").read_text(encoding="utf-8")
    (tmp_path / "note.html").write_text(
        f'<!doctype html><title>n</title><iframe {sandbox} width="800" height="600" '
        f'srcdoc="{html.escape(text)}"></iframe>',
        encoding="utf-8",
    )
    context = browser.new_context()
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route("**/*", without_network)
    page.goto(f"file://{tmp_path / 'note.html'}")
    frame = page.frame_locator("iframe")
    frame.locator(".fl-slider").press("End")
    assert frame.locator(".fl-date").inner_text() == "Fri 29 Nov 2024, 00:00 UTC"
    frame.locator(".fl-layers summary").click()
    frame.get_by_label("dark").check()
    page.wait_for_timeout(500)  # the address is written a moment after the step
    assert said == []
    context.close()


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
