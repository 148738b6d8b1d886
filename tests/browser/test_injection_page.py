"""The page of its own: every kind of text in every field stands there to the letter, none acts."""

import base64
import gzip
import re
from html.parser import HTMLParser

import pytest

from frontline.maps import bundle, save
from tests.browser.payloads import (
    EVERYTHING,
    PAYLOADS,
    RESULT,
    hostile_case,
    marked,
    nothing_done,
    spot,
    without_network,
)
from tests.browser.probe import comparable, missing, watched, words

pytestmark = pytest.mark.browser

READY = "!!(window.frontlineMaps?.opened || document.querySelector('[role=alert]'))"

# Click on the map at a spot, as a reader does, and read what the map answers.
ANSWERS = """(spots) => {
    const map = window.frontlineMaps.opened.map;
    return spots.map(function ([lon, lat]) {
        map.closePopup();
        map.setView([lat, lon], 11, { animate: false });
        const at = map.latLngToContainerPoint([lat, lon]);
        map.fire("click", { latlng: L.latLng(lat, lon), containerPoint: at,
            layerPoint: map.containerPointToLayerPoint(at),
            originalEvent: new MouseEvent("click") });
        return map.getPane("popupPane").textContent;
    });
}"""


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """The page of the hostile case, opened, with everything unfolded."""
    path = save(hostile_case(), tmp_path_factory.mktemp("hostile") / "h.html")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    record = watched(context, f"file://{path}", without_network)
    record.path = path
    record.until(READY)
    record.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    yield record
    context.close()


def test_every_field_of_the_page_is_text(page):
    shown = words(page.page)
    for field in ("title", "subtitle", "disclaimer", "credits", "licence", "method"):
        assert missing([marked(field, EVERYTHING)], shown) == [], field
    for field in ("label", "kind", "licence"):
        assert missing([marked(field, text) for text in PAYLOADS], shown) == [], field
    cited = [f"{marked('publisher', text)}: {marked('title', text)}" for text in PAYLOADS]
    assert missing(cited, shown) == []
    page.check()


# A place without a dot is answered for only where it was searched for: ask as the search does.
PLACES = """(spots) => {
    const parts = window.frontlineMaps.opened;
    return spots.map(function ([lon, lat]) {
        parts.map.closePopup();
        const gap = (place) => Math.hypot(place[1] - lon, place[2] - lat);
        const place = parts.model.places.find((place) => gap(place) < 0.001);
        parts.answer.at(L.latLng(lat, lon), { place: place });
        return parts.map.getPane("popupPane").textContent;
    });
}"""


def test_answers_of_the_map_are_text(page):
    places = page.page.evaluate(PLACES, [spot(i) for i in range(len(PAYLOADS))])
    events = page.page.evaluate(ANSWERS, [spot(i, row=0.03) for i in range(len(PAYLOADS))])
    for i, text in enumerate(PAYLOADS):
        expected = [marked(field, text) for field in ("place", "arabic", "label")]
        assert missing(expected, comparable(places[i])) == [], text
        fields = ("title", "kind", "locality", "note")
        expected = [marked(field, text) for field in fields]
        expected.append(marked("publisher", text) if i % 2 else text)
        assert missing(expected, comparable(events[i])) == [], text
    page.check()


def test_moving_on_in_time_changes_nothing_of_that(page):
    for key in ("End", "ArrowLeft", "Home"):
        page.page.locator("input[type=range]").first.press(key)
    page.page.mouse.move(640, 300)
    page.page.wait_for_timeout(500)
    page.check()
    assert nothing_done()


class Loads(HTMLParser):
    """Every attribute of a file that would make a browser load something."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = {"src", "href", "srcset", "poster", "data", "action", "background", "style"}
        self.found += [(tag, *each) for each in attrs if each[0] in names]


def test_the_file_names_nothing_that_loads(page):
    text = page.path.read_text(encoding="utf-8")
    assert Loads("<p><img src=x>").found == [("img", "src", "x")]
    assert Loads(text).found == []
    for style in re.findall(r"<style>(.*?)</style>", text, re.DOTALL):
        assert "@import" not in style
        assert set(re.findall(r"url\(([^)]*)", style)) <= {"#default#VML"}
    assert RESULT not in re.sub(r"[A-Za-z0-9+/=]{200,}", "", text)
    asked = [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))]
    assert asked == []


def test_the_policy_allows_hashes_alone(page):
    text = page.path.read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.replace("&#39;", "'").split(";")}
    assert rules["default-src"] == ["'none'"]
    for rule in ("base-uri", "form-action"):
        assert rules[rule] == ["'none'"]
    for rule, sources in rules.items():
        for source in sources:
            assert not source.startswith("'unsafe"), (rule, source)
            assert "*" not in source, (rule, source)
            assert not source.startswith(("http", "//")), (rule, source)
    for rule in ("script-src", "style-src"):
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", each) for each in rules[rule])
    assert '<meta name="referrer" content="no-referrer">' in text


RAN = "(window.__all=window.__all||[]).push"
# Each would run, were it not for the policy.
TAMPERED = (
    f"<script>{RAN}(0)</script>",
    f"<script type=module>{RAN}(1)</script>",
    f"<svg onload='{RAN}(2)'></svg>",
    f"<img src=data:, onerror='{RAN}(3)'>",
    f"<a id=tamper href='javascript:{RAN}(4);void 0'>x</a>",
    f"<button id=press onclick='{RAN}(5)'>x</button>",
    "<iframe srcdoc='<script>(parent.__all=parent.__all||[]).push(6)</script>'></iframe>",
    f"<script src='data:text/javascript,{RAN}(7)'></script>",
    "<style>body{display:none}</style>",
)


def run_of(context, path):
    """Open a page, press what can be pressed, and return what ran, whether it shows, and it."""
    record = watched(context, f"file://{path}", without_network)
    record.until(READY)
    for name in ("tamper", "press"):
        record.page.evaluate(f"document.getElementById('{name}').click()")
    record.page.wait_for_timeout(300)
    ran = record.page.evaluate("window.__all || []")
    return sorted(ran), record.page.locator("h1").is_visible(), record


def test_what_is_put_into_the_page_later_does_not_run(page, browser, tmp_path):
    whole = page.path.read_text(encoding="utf-8").replace("</body>", "".join(TAMPERED) + "</body>")
    path, bare = tmp_path / "guarded.html", tmp_path / "bare.html"
    path.write_text(whole, encoding="utf-8")
    bare.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", whole), encoding="utf-8")
    context = browser.new_context()
    ran, seen, record = run_of(context, path)
    assert (ran, seen) == ([], True)
    told = [text for text in record.messages if "Content Security Policy" in text]
    assert len(told) >= len(TAMPERED) - 1
    # The same page without its policy: all of it runs, so there was something to stop.
    ran, seen, _ = run_of(context, bare)
    assert (ran, seen) == (list(range(8)), False)
    context.close()


def test_a_payload_of_others_making_stays_text(page, browser, tmp_path):
    """A head that our own code would never write: links, colours and names are checked again."""
    text = page.path.read_text(encoding="utf-8")
    (blob,) = re.findall(r'id="frontline-payload"[^>]*>([^<]+)<', text)
    raw = gzip.decompress(base64.b64decode(blob))
    size = int.from_bytes(raw[4:8], "little")
    head = raw[8 : 8 + size].decode()
    changed = head.replace("https://example.org/a?b=1&c=", "javascript:window.__ran=9;//")
    changed = re.sub(r'("colour":")#[0-9A-F]{6}', r"\1;x'onload=window.__ran=9", changed).encode()
    assert changed != head.encode()
    again = gzip.compress(raw[:4] + len(changed).to_bytes(4, "little") + changed + raw[8 + size :])
    path = tmp_path / "p.html"
    path.write_text(text.replace(blob, base64.b64encode(again).decode()), encoding="utf-8")
    context = browser.new_context()
    record = watched(context, f"file://{path}", without_network)
    record.until(READY)
    record.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    record.messages.clear()  # a colour that is none may be told of
    record.check()
    context.close()


def test_our_code_makes_elements_and_text_only():
    never = """innerHTML insertAdjacentHTML document.write eval( new\\x20Function srcdoc
        createContextualFragment DOMParser setHTMLUnsafe setAttribute("on"""
    for name in never.split():
        assert name.replace("\\x20", " ") not in bundle.viewer_js(), name
