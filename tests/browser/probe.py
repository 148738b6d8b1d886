"""A page under watch: what ran, what was asked for, what stands in it that text must not make."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

from tests.browser.payloads import on_screen

WATCH = """
window.__seen = [];
document.addEventListener("securitypolicyviolation", function (event) {
    window.__seen.push(event.violatedDirective + " " + event.blockedURI);
});
"""

# Elements and attributes that no text may have made. Links lead to the web alone, and tell
# nobody where from; Leaflet's own stays on the page or names Leaflet.
INTRUDERS = """(own) => {
    const found = [];
    const strange = "img, iframe, object, embed, form, base, math, textarea, frame, portal, " +
        "link, meta[http-equiv=refresh], [srcdoc], [autofocus], [formaction], [ping]";
    for (const node of document.querySelectorAll(strange)) {
        if (!own || !node.matches(own)) found.push(node.outerHTML.slice(0, 200));
    }
    for (const node of document.querySelectorAll("*")) {
        for (const { name, value } of node.attributes) {
            if (name.startsWith("on")) found.push(name + ": " + node.outerHTML.slice(0, 200));
            if (!["href", "src", "xlink:href", "action"].includes(name)) continue;
            if (own && node.matches(own)) continue;
            const to = new URL(value, "https://here.invalid/");
            if (!["http:", "https:"].includes(to.protocol)) found.push(name + ": " + value);
            const outside = !["here.invalid", "leafletjs.com"].includes(to.hostname);
            const rel = node.relList;
            const closed = rel?.contains("noopener") && rel.contains("noreferrer");
            if (outside && !closed) found.push(name + " without rel: " + value);
        }
    }
    for (const node of document.querySelectorAll("script, style")) {
        const text = node.textContent;
        if (/^\\s*(window|parent)\\.__ran/.test(text) || text.startsWith("*{display:none")) {
            found.push(text.slice(0, 200));
        }
    }
    return found;
}"""

# What is written on the page: text, and what is read aloud or shown when asked for.
WORDS = """() => {
    const words = [document.title];
    for (const node of document.body.children) {
        if (!node.matches("script, style, noscript")) words.push(node.textContent);
    }
    for (const name of ["aria-label", "title", "alt", "aria-description"]) {
        for (const node of document.querySelectorAll(`[${name}]`)) {
            words.push(node.getAttribute(name));
        }
    }
    return words.join("\\n");
}"""


@dataclass
class Watched:
    """A page, and everything that it did."""

    page: object
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def until(self, expression, seconds=40, frame=None):
        """Wait until an expression is true; asked from here, as a policy may bar eval."""
        ends = time.monotonic() + seconds
        while not (frame or self.page).evaluate(expression):
            if time.monotonic() > ends:
                pytest.fail(f"never true in {seconds} s: {expression}; {self.messages}")
            time.sleep(0.05)

    def check(self, own=""):
        """Fail if anything ran, was asked for or stands in the page that text has made."""
        for frame in self.page.frames:
            for told in ("window.__ran || []", "window.__seen"):
                found = frame.evaluate(told)
                assert found == [], found
            found = frame.evaluate(INTRUDERS, own)
            assert found == [], found
        assert self.messages == [], self.messages
        assert [url for url in self.requests if "evil" in url or "here.invalid" in url] == []


def words(frame):
    """Return all words of a page, as `shown` compares them."""
    return comparable(frame.evaluate(WORDS))


def missing(texts, where):
    """Return the texts that do not stand in the words, each to the letter."""
    return [text for text in texts if comparable(text) not in where]


def comparable(text):
    """Leave out what HTML cannot hold at all, and the marks in its place."""
    return on_screen(text).replace("\x00", "").replace("\ufffd", "")


def watched(context, address, route):
    """Open an address in a context under watch."""
    context.add_init_script(WATCH)
    page = context.new_page()
    record = Watched(page)

    def said(message):
        if "willReadFrequently" not in message.text:
            record.messages.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: record.messages.append(f"error: {error}"))
    page.on("popup", lambda popup: record.messages.append(f"popup: {popup.url}"))
    page.on("request", lambda request: record.requests.append(request.url))

    def asked(dialog):
        record.messages.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", asked)
    page.route("**/*", route)
    page.goto(address)
    return record
