"""Audit the map's pages with tools of others: axe, the Nu checker, html-validate, Lighthouse.

``make audit`` installs them at fixed versions and runs this. Pages are written from the bundled
case and from a series of drawn maps, opened from this machine only, and judged as a reader meets
them: light and dark, desktop and phone, whole and in a frame, with every panel open and with an
answer open. The checkers of HTML read both the file and what the scripts made of it.

What is printed must be 0 violations, 0 errors, 0 errors and 100 of 100; else the exit code is 1.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely
from playwright.sync_api import sync_playwright
from webpages import browser_path

import frontline as fl

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN_ALL = "for (const part of document.querySelectorAll('details')) part.open = true"
CLICK = """() => {
    const { map, model } = window.frontlineMaps.opened;
    const place = model.places[0];
    const at = [place[2], place[1]];
    map.fire("click", { latlng: L.latLng(at), containerPoint: map.latLngToContainerPoint(at) });
}"""
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
# name, page, what follows in the address, the browser's settings, what is done first
VISITS = [
    ("the case", "case.html", "", DESKTOP, ""),
    ("all panels open", "case.html", "#2024-12-05", DESKTOP, OPEN_ALL),
    ("an answer open", "case.html", "#2024-12-05", DESKTOP, CLICK),
    ("dark", "case.html", "", DESKTOP | {"color_scheme": "dark"}, OPEN_ALL),
    ("dark, an answer open", "case.html", "", DESKTOP | {"color_scheme": "dark"}, CLICK),
    ("phone", "case.html", "", PHONE, OPEN_ALL),
    ("drawn maps", "drawn.html", "", DESKTOP, OPEN_ALL),
    ("in a frame", "case.html", "?embed", DESKTOP, ""),
    ("in a frame, phone", "case.html", "?embed", PHONE, OPEN_ALL),
    ("in parts", "parts.html", "", DESKTOP, ""),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and keeps no log."""

    def log_message(self, *_: object) -> None:
        """Keep no log."""


def write_pages(folder: Path) -> None:
    """Write the pages that are judged."""
    case = fl.load("syria-2024")
    fl.save(case, folder / "case.html")
    fl.save(case, folder / "parts.html", split=True)
    days = pd.date_range("2024-11-27", periods=6, tz="UTC")
    drawn = gpd.GeoDataFrame(
        {"date": days, "actor": "North"},
        geometry=[shapely.box(36.0, 36.0 - 0.1 * day, 38.0, 37.0) for day in range(len(days))],
        crs=4326,
    )
    history = fl.ControlHistory.from_snapshots(
        drawn, rest="South", outline=shapely.box(36.0, 35.0, 38.0, 37.0)
    )
    fl.save(history, folder / "drawn.html", title="Drawn maps of a made-up week")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine and yield its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def visit_all(address: str, folder: Path, axe: str, browser: str) -> int:
    """Run axe on every visit, keep what the scripts made of the page, and count violations."""
    total = 0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for i, (name, page_name, follows, settings, action) in enumerate(VISITS):
            context = chromium.new_context(**settings)
            page = context.new_page()
            page.goto(f"{address}/{page_name}{follows}")
            page.wait_for_selector(".fl-canvases", state="attached")
            if action:
                page.evaluate(action)
            page.wait_for_timeout(700)
            page.evaluate(axe)
            found = page.evaluate("axe.run()")["violations"]
            print(f"axe  {name}: {len(found)}")
            for violation in found:
                print(f"     {violation['id']}: {violation['help']}")
                for node in violation["nodes"][:3]:
                    print(f"       {node['html'][:160]}")
            total += len(found)
            (folder / f"made-{i}.html").write_text(page.content(), encoding="utf-8")
            context.close()
        chromium.close()
    return total


def errors_of_nu(jar: Path, pages: list[Path]) -> int:
    """Count the errors of the Nu HTML checker."""
    java = shutil.which("java")
    if java is None:
        sys.exit("the Nu HTML checker needs java, which is not on this machine")
    run = subprocess.run(
        [java, "-jar", str(jar), "--format", "json", "--errors-only", *map(str, pages)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [m for m in json.loads(run.stderr)["messages"] if m["type"] != "info"]
    for message in found[:20]:
        print(f"     {Path(message.get('url', '')).name}: {message['message']}")
    return len(found)


def errors_of_html_validate(program: Path, pages: list[Path]) -> int:
    """Count the errors of html-validate with its recommended rules."""
    with tempfile.TemporaryDirectory() as folder:
        # To a file: into a pipe it writes only the beginning of a long report.
        report_path = Path(folder) / "report.json"
        subprocess.run(
            [
                str(program),
                "--preset",
                "recommended",
                "--formatter",
                f"json={report_path}",
                *map(str, pages),
            ],
            capture_output=True,
            check=False,
        )
        reports = json.loads(report_path.read_text(encoding="utf-8"))
    found = [
        (Path(report["filePath"]).name, message)
        for report in reports
        for message in report["messages"]
        if message["severity"] == 2
    ]
    for name, message in found[:20]:
        print(f"     {name}:{message['line']}: {message['ruleId']}: {message['message']}")
    return len(found)


def lighthouse_score(program: Path, address: str, browser: str) -> float:
    """Return Lighthouse's accessibility score of a page, out of 100."""
    run = subprocess.run(
        [
            str(program),
            address,
            "--only-categories=accessibility",
            "--output=json",
            "--quiet",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"CHROME_PATH": browser},
    )
    report = json.loads(run.stdout)
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 1:
            print(f"     {audit['id']}: {audit['title']}")
    return 100 * float(report["categories"]["accessibility"]["score"])


def main() -> int:
    """Write the pages, judge them, print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tools", type=Path, required=True, help="folder with node_modules")
    parser.add_argument("--keep", type=Path, help="where the pages are left to be looked at")
    given = parser.parse_args()
    modules = given.tools / "node_modules"
    browser = browser_path()
    if browser is None:
        parser.error("no Chromium on this machine")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write_pages(folder)
        with served(folder) as address:
            axe = (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
            violations = visit_all(address, folder, axe, browser)
            pages = sorted(folder.glob("*.html"))
            nu = errors_of_nu(modules / "vnu-jar" / "build" / "dist" / "vnu.jar", pages)
            print(f"Nu HTML checker: {nu} errors in {len(pages)} pages")
            raw = [page for page in pages if not page.name.startswith("made-")]
            valid = errors_of_html_validate(modules / ".bin" / "html-validate", raw)
            print(f"html-validate: {valid} errors in {len(raw)} pages")
            scores = [
                lighthouse_score(modules / ".bin" / "lighthouse", f"{address}/{name}", browser)
                for name in ("case.html", "drawn.html", "case.html?embed", "parts.html")
            ]
            print(f"Lighthouse accessibility: {', '.join(f'{score:.0f}' for score in scores)}")
    print(f"axe {violations} / Nu {nu} / html-validate {valid} / Lighthouse {min(scores):.0f}")
    return 0 if violations + nu + valid == 0 and min(scores) == 100 else 1


if __name__ == "__main__":
    sys.exit(main())
