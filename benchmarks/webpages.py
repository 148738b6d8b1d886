"""Pages in a headless Chromium: what they weigh, when they stand, what a step in time costs.

The peers' pages load scripts from elsewhere. Those without which they show nothing are fetched once
by npm into a folder outside of the repository and served from there; all others are answered with
nothing, which can only make a peer faster. Nothing else leaves the machine.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import subprocess
import tarfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from measuring import TARGETS_RATE, geod_rate
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
UNCAPPED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]
SIZE = {"width": 1280, "height": 800}
STEPS, PLAYED = 300, 150
#: Of the scripts that a peer's page asks for: a part of the address, the package, the file in it.
SCRIPTS = (
    ("/leaflet.js", "leaflet@1.9.3", "dist/leaflet.js"),
    ("/leaflet.css", "leaflet@1.9.3", "dist/leaflet.css"),
    ("/jquery", "jquery@3.7.1", "dist/jquery.min.js"),
    ("/leaflet.timeline", "leaflet.timeline@1.6.0", "dist/leaflet.timeline.js"),
    ("/moment", "moment@2.18.1", "min/moment.min.js"),
    ("/iso8601", "iso8601-js-period@0.2.1", "iso8601.js"),
    ("/leaflet.timedimension.min.js", "leaflet-timedimension@1.1.1",
     "dist/leaflet.timedimension.min.js"),
)  # fmt: skip

FIRST = """
(() => {
    const look = () => {
        let there = false;
        try { there = !!(READY); } catch { /* not yet */ }
        if (!there) requestAnimationFrame(look);
        else requestAnimationFrame(() => setTimeout(() => { window.stoodAt = performance.now(); }));
    };
    requestAnimationFrame(look);
})();
"""
TIMED = """
([count, frames]) => new Promise((done) => {
    const step = STEP;
    const taken = [];
    let k = 0;
    const next = () => {
        if (k === count) return done(taken);
        const frame = (k++ * 263 + 131) % frames;
        const start = performance.now();
        step(frame);
        taken.push(performance.now() - start);
        requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
})
"""
PLAY = """
([first, count]) => new Promise((done) => {
    const step = STEP;
    let k = 0;
    const start = performance.now();
    const next = () => {
        if (k === count) return done(1000 * count / (performance.now() - start));
        step(first + k++);
        requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
})
"""


@dataclass
class Page:
    """A page to be measured.

    Attributes
    ----------
    path
        Its file.
    ready, step
        JavaScript: an expression that is true when a zone is drawn, and a function of the number of
        a frame that shows it.
    frames
        How many frames it has.
    build_s
        Processor seconds to make it.
    """

    path: Path
    ready: str
    step: str
    frames: int
    build_s: float = 0.0
    found: dict[str, float] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

    @property
    def packed(self) -> int:
        """Bytes of the file after gzip."""
        return len(gzip.compress(self.path.read_bytes(), 9, mtime=0))


def browser_path() -> str | None:
    """Return where a Chromium is."""
    names = (os.environ.get("CHROMIUM", ""), *BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def scripts(folder: Path) -> dict[str, Path]:
    """Fetch the peers' scripts with npm, unless they are there; return address part to file."""
    found = {}
    npm = shutil.which("npm")
    for part, package, file in SCRIPTS:
        home = folder / package
        if not (home / file).exists() and npm:
            home.mkdir(parents=True, exist_ok=True)
            command = [npm, "pack", package, "--silent", "--pack-destination", str(home)]
            done = subprocess.run(command, check=False, capture_output=True, cwd=home)
            for archive in home.glob("*.tgz") if not done.returncode else ():
                with tarfile.open(archive) as packed:
                    packed.extractall(home, filter="data")
                for path in (home / "package").iterdir():
                    path.rename(home / path.name)
        if (home / file).exists():
            found[part] = home / file
    return found


@contextmanager
def chromium(*extra: str) -> Iterator[Any]:
    """Start a browser and stop it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=[*ARGUMENTS, *extra]
        )
        yield browser
        browser.close()


def opened(browser: Any, page: Page, served: dict[str, Path], *, slow: int = 1) -> Any:
    """Open a page, slowed down so many times, and wait until a zone stands; note what it asks."""
    context = browser.new_context(viewport=SIZE)
    tab = context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
    page.requests.clear()
    page.said.clear()
    tab.on("request", lambda request: page.requests.append(request.url))
    tab.on("console", lambda message: page.said.append(message.text))
    tab.on("pageerror", lambda error: page.said.append(str(error)))

    def answer(route: Any) -> None:
        url = route.request.url
        file = next((path for part, path in served.items() if part in url), None)
        if url.startswith("file:"):
            route.continue_()
        elif file:
            route.fulfill(path=file)
        else:
            route.fulfill(body="", content_type="text/css" if "css" in url else "text/javascript")

    # Own pages ask for nothing, and are not slowed down by somebody who listens.
    if served:
        tab.route("**/*", answer)
    tab.add_init_script(FIRST.replace("READY", page.ready))
    tab.goto(f"file://{page.path}", wait_until="commit")
    ends = time.monotonic() + 120
    while not tab.evaluate("window.stoodAt || 0"):
        if time.monotonic() > ends:
            raise SystemExit(f"{page.path.name} never drew a zone; it said {page.said[:3]}")
        time.sleep(0.02)
    return tab, session


def script_s(session: Any) -> float:
    """Return the seconds that a page's scripts have taken so far, whatever called them."""
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration")


def measure(page: Page, served: dict[str, Path], rounds: int) -> None:
    """Measure a page; of several rounds the best one counts, as other work only adds."""
    names = ("first", "slow", "median", "p95", "script", "fps")
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        with chromium() as browser:
            tab, session = opened(browser, page, served)
            found["first"].append(tab.evaluate("window.stoodAt"))
            time.sleep(1.0)  # what waits for a pause
            session.send("HeapProfiler.enable")
            session.send("HeapProfiler.collectGarbage")
            heap = session.send("Runtime.getHeapUsage")["usedSize"]
            page.found["heap"] = min(page.found.get("heap", heap), heap)
            before = script_s(session)
            taken = sorted(tab.evaluate(TIMED.replace("STEP", page.step), [STEPS, page.frames]))
            found["script"].append(1e3 * (script_s(session) - before) / STEPS)
            found["median"].append(statistics.median(taken))
            found["p95"].append(taken[int(0.95 * len(taken))])
        with chromium() as browser:
            tab, _ = opened(browser, page, served, slow=6)
            found["slow"].append(tab.evaluate("window.stoodAt"))
        with chromium(*UNCAPPED) as browser:
            tab, _ = opened(browser, page, served)
            time.sleep(1.0)
            count = min(PLAYED, page.frames)
            first = (page.frames - count) // 2
            play = PLAY.replace("STEP", page.step)
            found["fps"] += [tab.evaluate(play, [first, count]) for _ in range(3)]
    page.found |= {name: min(values) for name, values in found.items()}
    page.found["fps"] = max(found["fps"])


def machine() -> str:
    """Say how fast and how busy the machine is."""
    busy = os.getloadavg()[0]
    return (
        f"Geod.inv {geod_rate() / 1e6:.2f} M pairs/s ({TARGETS_RATE} where the targets were set); "
        f"load {busy:.1f} on {os.cpu_count()} processors"
    )
