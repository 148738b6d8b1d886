"""A real browser for the tests of the map, and a page that records all it does."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Opened:
    """A page, and what it asked for and said."""

    page: object
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def said(self, text):
        # Chromium's advice about reading pixels back, which only these tests do.
        if "willReadFrequently" not in text:
            self.messages.append(text)

    def __getattr__(self, name):
        return getattr(self.page, name)

    def view(self, script, argument=None):
        """Evaluate a function of (map's parts, argument) in the page."""
        return self.page.evaluate(f"(x) => ({script})(window.frontlineMaps.opened, x)", argument)

    def until(self, expression, seconds=20):
        """Wait until an expression is true; polled from here, as the page's policy bars eval."""
        ends = time.monotonic() + seconds
        while not self.page.evaluate(expression):
            if time.monotonic() > ends:
                pytest.fail(f"never true in {seconds} s: {expression}")
            time.sleep(0.03)

    @property
    def date(self):
        return self.page.locator(".fl-date").first.inner_text()

    def pixel(self, lon, lat):
        """Return red, green, blue, alpha of the data canvas at a spot."""
        return self.view(
            """(parts, [lon, lat]) => {
                const canvas = document.querySelector(".fl-canvas-data");
                const box = canvas.getBoundingClientRect();
                const frame = parts.map.getContainer().getBoundingClientRect();
                const at = parts.map.latLngToContainerPoint([lat, lon]);
                const ratio = canvas.width / box.width;
                const x = Math.round((at.x + frame.left - box.left) * ratio);
                const y = Math.round((at.y + frame.top - box.top) * ratio);
                return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
            }""",
            [lon, lat],
        )


def only_files(route):
    if route.request.url.startswith("file:"):
        route.continue_()
    else:
        route.abort()


@pytest.fixture(scope="session")
def browser(browser_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Return a function that opens a file and waits until its map stands."""
    contexts = []

    def opened(path, fragment="", *, route=None, **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        page = context.new_page()
        record = Opened(page)
        page.on("request", lambda request: record.requests.append(request.url))
        page.on("console", lambda message: record.said(message.text))
        page.on("pageerror", lambda error: record.messages.append(str(error)))
        # Nothing leaves the machine, whatever the page tries: what is no file is cut off here.
        page.route("**/*", route or only_files)
        page.goto(f"file://{path}{fragment}")
        record.until("!!(window.frontlineMaps?.opened || document.querySelector('.fl-sorry'))")
        return record

    yield opened
    for context in contexts:
        context.close()
