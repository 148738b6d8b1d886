"""The hosts of the map: the packed page, the page in parts, frames of other pages, notebooks."""

import base64
import gzip
import json
import re

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
