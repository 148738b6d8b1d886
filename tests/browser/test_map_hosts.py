"""The hosts of the map: the packed page, the page in parts, frames of other pages, notebooks."""

import base64
import functools
import gzip
import http.server
import json
import re
import threading

import pytest

from frontline.maps import save
from tests.browser.map_case import board_case

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return save(board_case(), tmp_path_factory.mktemp("hosts") / "board.html")


# ---- the page in one file ----


def repacked(board, path, change):
    """Write the page again with its packed scripts changed, but with the old policy."""
    text = board.read_text(encoding="utf-8")
    code = re.search(r'id="frontline-code">([^<]+)', text)[1]
    parts = change(json.loads(gzip.decompress(base64.b64decode(code))))
    packed = base64.b64encode(gzip.compress(json.dumps(parts).encode())).decode()
    path.write_text(text.replace(code, packed), encoding="utf-8")
    return path


def test_packed_again_as_it_was_the_page_works(board, open_page, tmp_path):
    page = open_page(repacked(board, tmp_path / "same.html", lambda parts: parts))
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"
    assert page.messages == []


def test_a_script_that_was_changed_does_not_run(board, open_page, tmp_path):
    def tamper(parts):
        return [
            [tag, text + "\nwindow.ran = 1;" if tag == "script" else text] for tag, text in parts
        ]

    page = open_page(repacked(board, tmp_path / "changed.html", tamper))
    assert "damaged or was changed" in page.locator("[role=alert]").inner_text()
    assert page.evaluate("window.ran") is None
    assert page.evaluate("window.L") is None
    assert any("Content Security Policy" in text for text in page.messages)


def test_a_script_that_was_added_does_not_run(board, open_page, tmp_path):
    page = open_page(
        repacked(
            board, tmp_path / "more.html", lambda parts: [*parts, ["script", "window.ran = 1"]]
        )
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"


def test_damaged_scripts_say_so(board, open_page, tmp_path):
    text = board.read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(re.sub(r'(id="frontline-code">)[^<]+', r"\1H4sI", text), encoding="utf-8")
    assert "damaged" in open_page(broken).locator("[role=alert]").inner_text()


def test_a_browser_that_cannot_unpack_is_told_so(board, browser):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(f"file://{board}")
    assert "too old" in page.locator("[role=alert]").inner_text()
    assert page.locator("h1").inner_text() == "Board"
    context.close()


# ---- the page in parts ----

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:"
)


class Strict(http.server.SimpleHTTPRequestHandler):
    """A host that lets nothing stand in a page itself, and checks the kinds of files."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", STRICT)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def strict_host(tmp_path):
    handler = functools.partial(Strict, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def watched(browser, address, **options):
    """Open an address; return the page and all that was said and refused."""
    context = browser.new_context(**({"viewport": {"width": 1000, "height": 700}} | options))
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script(
        "window.refused = []; document.addEventListener('securitypolicyviolation',"
        " (e) => window.refused.push(e.violatedDirective + ' ' + e.blockedURI))"
    )
    page.goto(address)
    return page, said


def test_the_page_in_parts_works_at_a_strict_host(browser, strict_host, tmp_path):
    save(board_case(), tmp_path / "the board.html", split=True)
    page, said = watched(browser, f"{strict_host}/the%20board.html#2024-11-28")
    page.wait_for_selector(".fl-canvases", state="attached")
    assert page.locator(".fl-date").inner_text() == "Thu 28 Nov 2024, 00:00 UTC"
    page.locator(".fl-key summary").click()
    page.locator(".fl-map").click(position={"x": 400, "y": 200})
    page.locator(".leaflet-control-zoom-in").click()
    page.locator(".fl-slider").press("End")
    page.wait_for_timeout(500)
    assert page.evaluate("window.refused") == []
    assert [text for text in said if "favicon" not in text] == []
    page.context.close()


def test_one_file_keeps_its_heading_where_the_host_forbids_its_script(
    browser, strict_host, tmp_path
):
    save(board_case(), tmp_path / "one.html")
    page, said = watched(browser, f"{strict_host}/one.html")
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in text for text in said)
    assert page.locator(".fl-canvases").count() == 0
    assert page.locator("h1").inner_text() == "Board"
    page.context.close()


def test_the_page_in_parts_works_from_a_folder(open_page, tmp_path):
    page = open_page(save(board_case(), tmp_path / "case.html", split=True))
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"
    assert page.messages == []
    names = [url.rsplit("/", 1)[1] for url in page.requests]
    assert sorted(names) == ["case.css", "case.data.js", "case.html", "case.js"]


# ---- in a frame of another page ----

PARENT = """<!doctype html><title>An article</title><body style="margin:0">
<div style="height:300px">Text above</div>
<iframe src="board.html{how}" width="600" height="400" style="border:0"></iframe>
<div style="height:1500px">Text below</div>
<script>
window.heights = [];
addEventListener("message", (event) => {{
  if (event.source !== document.querySelector("iframe").contentWindow) return;
  if (event.data?.type !== "frontline-height") return;
  heights.push(event.data.height);
  document.querySelector("iframe").height = event.data.height;
}});
</script>"""


@pytest.fixture(scope="module")
def article(board):
    def written(how):
        path = board.with_name(f"article{len(how)}.html")
        path.write_text(PARENT.format(how=how), encoding="utf-8")
        return f"file://{path}"

    return written


@pytest.mark.parametrize("how", ["?embed", "#embed", "#2024-11-28&embed"])
def test_an_embedded_page_is_compact_and_tells_its_height(article, browser, how):
    page, said = watched(browser, article(how))
    frame = page.frame_locator("iframe")
    frame.locator(".fl-canvases").wait_for(state="attached")
    page.wait_for_function("window.heights.length > 0")
    page.wait_for_timeout(400)
    told = page.evaluate("window.heights.at(-1)")
    assert told == page.frames[1].evaluate("document.documentElement.scrollHeight")
    assert page.frames[1].evaluate("document.documentElement.scrollWidth") <= 600
    assert frame.locator("h1").bounding_box()["height"] <= 1
    assert frame.locator(".fl-disclaimer").is_visible()
    frame.locator(".fl-layers summary").click()
    page.wait_for_function(f"window.heights.at(-1) > {told}")
    assert len(page.evaluate("window.heights")) < 12  # it settles
    assert said == []
    page.context.close()


def test_an_embedded_page_leaves_the_wheel_to_the_article(article, browser):
    page, _ = watched(browser, article("?embed"))
    frame = page.frame_locator("iframe")
    frame.locator(".fl-canvases").wait_for(state="attached")
    zoom = "frontlineMaps.opened.map.getZoom()"
    before = page.frames[1].evaluate(zoom)
    page.mouse.move(300, 450)
    page.mouse.wheel(0, 120)
    page.wait_for_timeout(500)
    assert page.frames[1].evaluate(zoom) == before
    assert page.evaluate("scrollY") > 0
    assert "scroll to zoom" in frame.locator(".fl-hint").inner_text()
    assert frame.locator(".fl-hint").is_visible()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(600)
    page.keyboard.up("Control")
    assert page.frames[1].evaluate(zoom) > before
    page.context.close()


def test_one_finger_scrolls_the_article_and_two_move_the_map(board, browser):
    page, _ = watched(browser, f"file://{board}?embed", has_touch=True, is_mobile=True,
                      viewport={"width": 390, "height": 700})  # fmt: skip
    page.wait_for_selector(".fl-canvases", state="attached")
    session = page.context.new_cdp_session(page)

    def touch(kind, points):
        session.send("Input.dispatchTouchEvent", {
            "type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, x, y in points],
        })  # fmt: skip

    def gesture(points, steps=8, by=(0, -12)):
        touch("touchStart", points)
        for step in range(1, steps + 1):
            touch("touchMove", [(i, x + step * by[0], y + step * by[1]) for i, x, y in points])
            page.wait_for_timeout(20)
        touch("touchEnd", [])
        page.wait_for_timeout(400)

    centre = "(() => { const c = frontlineMaps.opened.map.getCenter(); return [c.lat, c.lng]; })()"
    before = page.evaluate(centre)
    gesture([(0, 200, 220)])
    assert page.evaluate(centre) == before
    assert page.evaluate("scrollY") > 20
    assert "two fingers" in page.locator(".fl-hint").inner_text()
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("frontlineMaps.opened.map.setZoom(10, {animate: false})")
    before = page.evaluate(centre)
    gesture([(0, 150, 150), (1, 250, 150)], by=(0, 8))
    assert page.evaluate(centre) != before
    assert page.evaluate("scrollY") == 0
    page.context.close()


def test_the_whole_page_is_a_link_away(board, browser):
    page, _ = watched(browser, f"file://{board}?embed#2024-11-28")
    link = page.locator(".fl-whole a")
    assert link.get_attribute("href") == f"file://{board}"
    assert link.get_attribute("target") == "_blank"
    page.context.close()
