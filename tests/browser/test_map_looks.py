"""How the page looks and reads: dark and light, paper, phones, layers, words; judged by axe too."""

import gzip
import json
import re
from dataclasses import replace

import pytest
from axe_core_python.sync_playwright import Axe

from frontline.maps import payload_of, save
from frontline.maps.page import render_page
from frontline.scene.content import DISCLAIMER
from tests.browser.map_case import board_case, centre

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True,
    "device_scale_factor": 2,
}  # fmt: skip
SIDEWAYS = PHONE | {"viewport": {"width": 844, "height": 390}}
SMALL = PHONE | {"viewport": {"width": 320, "height": 640}}
OPEN_ALL = "for (const part of document.querySelectorAll('details')) part.open = true"


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return save(board_case(), tmp_path_factory.mktemp("looks") / "board.html")


# ---- colours ----


def luminance(red, green, blue):
    """Relative luminance as WCAG 2.2 defines it."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (red / 255, green / 255, blue / 255)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dim = sorted((luminance(*one), luminance(*other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def colour(text):
    if text.startswith("#"):
        return [int(text[i : i + 2], 16) for i in (1, 3, 5)]
    return [float(part) for part in re.findall(r"[\d.]+", text)[:3]]


def over(alpha_colour, ground):
    """Lay a colour with an alpha on a ground."""
    *top, alpha = [float(part) for part in re.findall(r"[\d.]+", alpha_colour)]
    return [alpha * a + (1 - alpha) * b for a, b in zip(top, ground, strict=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_on_the_canvas_stand_out(board, open_page, scheme):
    page = open_page(board, color_scheme=scheme)
    theme = page.evaluate("({...window.frontlineMaps.theme})")
    assert theme["dark"] is (scheme == "dark")
    land, sea = colour(theme["land"]), colour(theme["sea"])
    assert contrast(colour(theme["country"]), land) >= 4.5
    assert contrast(colour(theme["outside"]), land) >= 3
    for ground in (land, sea):
        assert contrast(colour(theme["ink"]), over(theme["halo"], ground)) >= 7
    # On every side's colour too, the halo keeps the name readable, and the casing the front.
    fills = page.view("(parts) => parts.model.actors.map((a) => frontlineMaps.tone(a.colour))")
    for fill in fills:
        for rim in ("halo", "casing"):
            assert contrast(colour(theme["ink"]), over(theme[rim], colour(fill))) >= 7, (fill, rim)


def test_deep_colours_are_lifted_in_the_dark(board, open_page):
    page = open_page(board, color_scheme="dark")
    land = colour(page.evaluate("frontlineMaps.theme.land"))
    for deep in ("#000000", "#0072b2", "#4b4b5f"):
        shown = colour(page.evaluate(f"frontlineMaps.tone('{deep}')"))
        assert contrast(shown, land) > max(2.5, contrast(colour(deep), land))
    assert page.evaluate("frontlineMaps.tone('#f5c710')") == "#f5c710"


def test_the_reader_chooses_light_or_dark(board, open_page):
    page = open_page(board, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    swatch = "document.querySelector('.fl-areas .fl-swatch').toDataURL()"
    track = "document.querySelector('.fl-track').toDataURL()"
    base = "document.querySelector('.fl-canvas-base').toDataURL()"
    before = [page.evaluate(picture) for picture in (swatch, track, base)]
    page.locator(".fl-layers summary").click()
    page.get_by_label("light").check()
    assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
    after = [page.evaluate(picture) for picture in (swatch, track, base)]
    assert all(a != b for a, b in zip(before, after, strict=True))
    page.reload()
    page.until("!!window.frontlineMaps?.opened")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.locator(".fl-layers summary").click()
    page.get_by_label("auto").check()
    assert page.evaluate(ground) == dark
    page.page.emulate_media(color_scheme="light")
    page.until(f"{ground} === 'rgb(255, 255, 255)'")


# ---- layers ----


def test_layers_come_and_go_and_the_legend_with_them(board, open_page):
    page = open_page(board, "#2024-11-27T09:00Z")
    lon, lat = centre(8, 1)
    spot = (lon + 0.013, lat + 0.017)
    assert page.pixel(*spot)[3] > 0
    page.locator(".fl-layers summary").click()
    legend = page.locator(".fl-legend")
    assert "airstrike" in legend.inner_text()

    def turn(name):
        page.get_by_role("checkbox", name=name, exact=True).press("Space")

    turn("events")
    assert "airstrike" not in legend.inner_text()
    assert "where the words place it" not in legend.inner_text()
    assert page.view("(parts) => parts.layer.eventsNow().length") == 0
    turn("front line")
    assert "front" not in legend.inner_text()
    turn("areas of control")
    assert page.pixel(*spot)[3] == 0
    assert legend.inner_text().strip() == ""
    turn("names of places")
    assert page.view("(parts) => parts.layer.labels") == []
    turn("areas of control")
    assert page.pixel(*spot)[3] > 0
    assert page.get_by_role("checkbox", name="located phrases").count() == 0


# ---- paper ----


def test_paper_shows_the_map_light_whole_and_fine(board, open_page):
    page = open_page(
        board, "#2024-11-28", color_scheme="dark", viewport={"width": 700, "height": 500}
    )
    page.evaluate("frontlineMaps.opened.paper.before()")
    page.page.emulate_media(media="print", color_scheme="dark")
    theme = page.evaluate("frontlineMaps.theme.dark")
    assert theme is False
    width_mm, pixels, ratio = page.evaluate(
        """() => {
            const box = document.querySelector(".fl-map").getBoundingClientRect();
            const sheet = document.querySelector(".fl-sheet");
            const shown = parseFloat(sheet.style.width);
            return [box.width / 96 * 25.4, sheet.width, sheet.width / shown];
        }"""
    )
    assert width_mm == pytest.approx(180, abs=1)
    assert ratio * 96 >= 150
    assert pixels > 1000
    lon, lat = centre(1, 1)
    assert page.evaluate(
        """([lon, lat]) => {
            const { map } = frontlineMaps.opened;
            const sheet = document.querySelector(".fl-sheet").getBoundingClientRect();
            const frame = map.getContainer().getBoundingClientRect();
            const at = map.latLngToContainerPoint([lat, lon]);
            const canvas = document.querySelector(".fl-sheet");
            const scale = canvas.width / sheet.width;
            const x = (at.x + frame.left - sheet.left) * scale;
            const y = (at.y + frame.top - sheet.top) * scale;
            const [r, g, b, a] = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
            return a === 255 && r + g + b < 740;
        }""",
        [lon + 0.013, lat + 0.017],
    )
    for name in (".fl-map", ".fl-date", ".fl-areas", ".fl-legend", ".fl-disclaimer", ".fl-method p",
                 ".fl-sources li"):  # fmt: skip
        assert page.locator(name).first.is_visible(), name
    for name in (".fl-slider", ".fl-play", ".fl-speed", ".fl-layers", ".leaflet-control-zoom"):
        assert not page.locator(name).first.is_visible(), name
    page.page.emulate_media(media="screen", color_scheme="dark")
    page.evaluate("frontlineMaps.opened.paper.after()")
    assert page.locator(".fl-sheet").count() == 0
    assert page.evaluate("frontlineMaps.theme.dark")
    assert not page.locator(".fl-method p").first.is_visible()


def test_paper_says_what_is_compared(board, open_page):
    page = open_page(board, "#2024-11-27T06:00Z..2024-11-28")
    shown = {
        name: page.locator(name).first
        for name in (
            ".fl-paper",
            ".fl-marks",
            ".fl-gross caption",
            ".fl-trail",
            ".fl-mode",
            ".fl-since",
        )
    }

    def seen():
        page.page.emulate_media(media="print")
        page.evaluate("frontlineMaps.opened.paper.before()")
        out = {name for name, part in shown.items() if part.is_visible()}
        page.page.emulate_media(media="screen")
        page.evaluate("frontlineMaps.opened.paper.after()")
        return out

    assert not shown[".fl-paper"].is_visible()
    assert seen() == {".fl-paper", ".fl-marks", ".fl-gross caption"}
    assert shown[".fl-paper"].text_content() == "Compared with 27 Nov 2024, 06:00 UTC"
    page.locator(".fl-mode").select_option("off")
    page.locator(".fl-trail").select_option("7")
    assert seen() == {".fl-trail"}


def test_a_pdf_holds_the_map_as_one_fine_picture(board, open_page):
    page = open_page(board, color_scheme="dark")
    pdf = page.page.pdf(format="A4")
    sizes = re.findall(rb"/Subtype /Image\s*/Width (\d+)\s*/Height (\d+)", pdf)
    widths = sorted(int(width) for width, _ in sizes)
    # The map is 180 mm wide, and its canvas a quarter more.
    assert widths[-1] >= 180 / 25.4 * 150
    assert page.evaluate("frontlineMaps.theme.dark")
    assert page.locator(".fl-slider").is_visible()


# ---- phones ----


@pytest.mark.parametrize("settings", [PHONE, SIDEWAYS, SMALL], ids=["phone", "sideways", "small"])
def test_phones(board, open_page, settings):
    page = open_page(board, **settings)
    width = settings["viewport"]["width"]
    page.evaluate(OPEN_ALL)
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            "button, select, summary, input, .leaflet-bar a")].flatMap((node) => {
            const target = node.closest("label.fl-choice") || node;
            const { width, height } = target.getBoundingClientRect();
            const hidden = !node.checkVisibility();
            return !hidden && (height < 44 || width < 44) ? [node.outerHTML.slice(0, 80)] : [];
        })"""
    )
    assert small == []
    # No word of the table is broken within, none cut off.
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".fl-areas th, .fl-areas td, .fl-also")]
            .filter((node) => node.scrollWidth > node.clientWidth + 1)
            .map((node) => node.innerText)"""
    )
    assert cut == []


@pytest.mark.parametrize("height", [568, 844])
@pytest.mark.parametrize("row", [0, 4])
def test_an_answer_fits_on_the_map_of_a_phone(board, open_page, height, row):
    page = open_page(board, **PHONE | {"viewport": {"width": 320, "height": height}})
    page.view(
        """(parts, at) => void parts.map.fire("click", {
            latlng: L.latLng(at), containerPoint: parts.map.latLngToContainerPoint(at) })""",
        list(reversed(centre(0, row))),
    )
    page.wait_for_timeout(900)  # it fades in, the map makes room
    top, right, reached = page.evaluate(
        """() => {
            const map = document.querySelector(".fl-map").getBoundingClientRect();
            const close = document.querySelector(".leaflet-popup-close-button");
            const title = document.querySelector(".fl-popup h2, .fl-popup .fl-holder");
            const reached = [close, title].map(function (part) {
                const box = part.getBoundingClientRect();
                const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return part === at || part.contains(at);
            });
            const box = close.getBoundingClientRect();
            return [box.top - map.top, map.right - box.right, reached];
        }"""
    )
    assert top >= 0
    assert right >= 0
    assert reached == [True, True]


# ---- words ----


def test_the_words_are_all_there(open_page, tmp_path):
    text = "Shown 14 days late and on a grid of 0.1 degrees: <b>see</b> {{ why }}."
    payload = payload_of(board_case(), made_on="2024-12-02")
    raw = gzip.decompress(payload.blob)
    size = int.from_bytes(raw[4:8], "little")
    head = json.loads(raw[8 : 8 + size])
    head["meta"]["published"] = text
    coded = json.dumps(head).encode()
    blob = gzip.compress(raw[:4] + len(coded).to_bytes(4, "little") + coded + raw[8 + size :])
    path = tmp_path / "words.html"
    path.write_text(render_page(replace(payload, blob=blob)), encoding="utf-8")
    page = open_page(path)
    published = page.locator("header .fl-published")
    assert published.inner_text() == text
    assert published.bounding_box()["y"] < page.locator(".fl-map").bounding_box()["y"]
    page.evaluate(OPEN_ALL)
    notes = page.locator(".fl-notes").inner_text()
    for words in (
        DISCLAIMER, "As of Sun 1 Dec 2024.", "Made on Mon 2 Dec 2024.",
        "Licence: CC0.", "Method and uncertainty", "Borders are approximate", "interpolated",
        "Areas count what is held. What is contested, claimed is not added to any side.",
        "strokes rising to the right: contested", "thin falling strokes: claimed", "A Paper",
    ):  # fmt: skip
        assert words in notes, words
    assert "level strokes" not in notes  # no advance on this map


# ---- axe ----

STATES = {
    "light": ({}, ""),
    "dark": ({"color_scheme": "dark"}, ""),
    "all open": ({}, OPEN_ALL),
    "dark, all open": ({"color_scheme": "dark"}, OPEN_ALL),
    "phone": (PHONE, OPEN_ALL),
    "small": (SMALL | {"color_scheme": "dark"}, OPEN_ALL),
    "an answer": ({}, "popup"),
    "dark, an answer": ({"color_scheme": "dark"}, "popup"),
}


@pytest.mark.parametrize(
    ("state", "fragment"),
    [(state, "") for state in STATES]
    + [(state, "?embed") for state in ("all open", "small", "dark, an answer")],
)
def test_axe_finds_nothing(board, open_page, state, fragment):
    settings, action = STATES[state]
    page = open_page(board, fragment, **settings)
    if action == "popup":
        page.view(
            """(parts, at) => void parts.map.fire("click", {
                latlng: L.latLng(at), containerPoint: parts.map.latLngToContainerPoint(at) })""",
            list(reversed(centre(2, 3))),
        )
        assert page.locator(".fl-popup").is_visible()
        page.wait_for_timeout(400)  # it fades in
    elif action:
        page.evaluate(action)
    found = Axe().run(page.page)["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:2]]) for v in found] == []
