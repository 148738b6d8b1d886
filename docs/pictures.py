"""Make the pictures that the README and method.md show: ``make pictures``.

The page of the bundled case is built, opened in a headless browser without a network, and
photographed. Nothing is drawn by hand.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from method_picture import draw
from playwright.sync_api import sync_playwright
from plot_pictures import draw as draw_plots

import frontline as fl

HERE = Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
#: File name, date, width and height of the window.
PICTURES = (
    ("advance-2024-12-05.png", "2024-12-05T18:00Z", 1280, 800),
    ("advance-phone.png", "2024-12-05T18:00Z", 390, 844),
)


def main() -> None:
    """Write every picture to docs/pictures/."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"no browser here: none of {', '.join(BROWSERS)} is on the PATH")
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    draw(folder)
    draw_plots(folder)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as tool:
        page_file = Path(work) / "advance.html"
        fl.save(fl.load("syria-2024"), page_file)
        browser = tool.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, date, width, height in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{page_file.as_uri()}#{date}")
            page.wait_for_timeout(1000)
            page.screenshot(path=folder / name)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
