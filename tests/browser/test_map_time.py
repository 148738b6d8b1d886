"""Time in the map: slider and chart, gaps, loop, trail, comparison, links, changes of the day."""

import html
import itertools

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from frontline.maps import save, time_map
from tests.browser.map_case import STEP, Board, board_case, centre
from tests.browser.slow_case import DAYS, START, SlowBoard, slow_case
from tests.browser.test_map_folium import without_network
from tests.browser.texts import HOSTILE, LABELS, hostile_case

pytestmark = pytest.mark.browser

CHART, BARS, INSET = 44, 12, 9  # pixels, as the track is drawn
VALUE = "document.querySelector('.fl-slider').value"
MODE = "document.querySelector('.fl-mode').value"


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return save(board_case(), tmp_path_factory.mktemp("board") / "board.html")


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    return save(slow_case(), tmp_path_factory.mktemp("slow") / "slow.html")


def inside(column, row):
    """Return a spot in a cell that no label, no line and no hatching covers."""
    lon, lat = centre(column, row)
    return lon + 0.013, lat + 0.017


def track_pixels(page):
    """Return the track as an array of rows, columns and red, green, blue, alpha."""
    width, height, data = page.evaluate(
        """() => {
            const canvas = document.querySelector(".fl-track");
            const { width, height } = canvas;
            return [width, height,
                [...canvas.getContext("2d").getImageData(0, 0, width, height).data]];
        }"""
    )
    return np.array(data, dtype=int).reshape(height, width, 4)


def x_of(page, frame, frames):
    width = page.locator(".fl-track").bounding_box()["width"]
    return INSET + frame / (frames - 1) * (width - 2 * INSET)


# ---- slider, playing, keys ----


def test_it_plays_in_a_loop_only_when_told(board, open_page):
    page = open_page(board)
    loop = page.get_by_role("button", name="Play in a loop")
    assert loop.get_attribute("aria-pressed") == "false"
    page.locator(".fl-speed").select_option("30")
    page.locator(".fl-slider").fill("15")
    loop.click()
    assert loop.get_attribute("aria-pressed") == "true"
    page.locator(".fl-play").click()
    page.until(f"{VALUE} === '16'")
    page.until(f"Number({VALUE}) < 8 && Number({VALUE}) > 0")
    assert page.locator(".fl-play").get_attribute("aria-label") == "Pause"
    areas = page.view("(parts) => { parts.clock.stop(); return parts.clock.frame; }")
    assert page.locator(".fl-slider").input_value() == str(areas)
    loop.click()
    assert loop.get_attribute("aria-pressed") == "false"
    page.locator(".fl-slider").fill("15")
    page.locator(".fl-play").click()
    page.until("document.querySelector('.fl-play').title === 'Play'")
    assert page.locator(".fl-slider").input_value() == "16"


def test_areas_are_right_after_a_loop_and_in_a_comparison(slow, open_page):
    page = open_page(slow)
    history = SlowBoard()
    page.view("(parts) => { parts.clock.loop = true; parts.clock.rate = 60; parts.clock.go(39); }")
    page.locator(".fl-play").click()
    page.until(f"Number({VALUE}) < 30 && Number({VALUE}) > 8")
    page.locator(".fl-play").click()
    page.locator(".fl-mode").select_option("tint")
    day = int(page.locator(".fl-slider").input_value())
    for now in (day, 20):
        page.locator(".fl-slider").fill(str(now))
        km2 = history.km2(history.blues(now))
        cells = page.locator(".fl-areas tbody tr", has_text="The Blues").locator("td")
        # After a fast play the table follows within a moment.
        expect(cells).to_have_text([f"{km2:,.0f}", f"+{km2:,.0f}"])  # none at first


BURST = """(parts, [first, last]) => new Promise((done) => {
    const written = { areas: 0, today: 0, date: 0, wrong: 0 };
    const watch = (name) => new MutationObserver(() => written[name]++).observe(
        document.querySelector(".fl-" + name), { characterData: true, subtree: true });
    for (const name of ["areas", "today", "date"]) watch(name);
    const start = performance.now();
    let frame = first;
    const step = () => {
        if (frame > last) return done({ ...written, ms: performance.now() - start });
        parts.clock.go(frame++);
        const day = new Date(1000 * parts.clock.times[parts.clock.frame]).getUTCDate();
        if (!document.querySelector(".fl-date").textContent.includes(` ${day} `)) written.wrong++;
        requestAnimationFrame(step);
    };
    step();
})"""


def test_a_few_steps_are_written_at_once_and_many_at_the_pace_of_a_reader(slow, open_page):
    page = open_page(slow)
    cells = page.locator(".fl-areas tbody tr", has_text="The Blues").locator("td")
    page.wait_for_timeout(500)
    for day in (4, 12, 20):  # by hand, one right after the other
        km2 = page.view(
            """(parts, day) => {
                parts.clock.go(day);
                return document.querySelectorAll(".fl-areas tbody tr")[1].innerText.split("\\t")[1];
            }""",
            day,
        )
        assert km2 == f"{SlowBoard().km2(SlowBoard().blues(day)):,.0f}"
    page.wait_for_timeout(500)
    written = page.view(BURST, [0, 36])
    assert written["wrong"] == 0  # the date is that of the map, always
    assert written["date"] >= 36
    least = 3  # before anything is held back
    for panel in ("areas", "today"):
        assert least <= written[panel] <= 5 + written["ms"] / 80, written
    expect(cells.first).to_have_text(f"{SlowBoard().km2(SlowBoard().blues(36)):,.0f}")
    expect(page.locator(".fl-today h2")).to_have_text("Changes on Thu 2 Jan 2025")


def test_an_empty_canvas_of_events_is_not_laid_over_the_map(slow, open_page):
    page = open_page(slow, "#2024-12-05")
    seen = "getComputedStyle(document.querySelector('.fl-canvas-events')).visibility"
    assert page.evaluate(seen) == "hidden"  # the event begins at 09:00
    page.view("(parts) => parts.clock.go(parts.clock.frame + 1)")
    assert page.evaluate(seen) == "visible"
    page.view("(parts) => parts.layer.toggle('events', false)")
    assert page.evaluate(seen) == "hidden"
    page.view("(parts) => { parts.layer.toggle('events', true); parts.clock.go(0); }")
    assert page.evaluate(seen) == "hidden"
    page.view("({ layer, map }) => { layer.remove(); layer.addTo(map); }")
    assert page.evaluate(seen) == "hidden"


def test_paper_has_one_date(slow, open_page):
    page = open_page(slow)
    texts = page.view(
        """({ clock }) => {
            for (let day = 1; day <= 36; day++) clock.go(day); // what stands beside the map lags
            window.dispatchEvent(new Event("beforeprint"));
            return [".fl-date", ".fl-today h2", ".fl-areas tbody tr:nth-child(2) td"].map(
                (part) => document.querySelector(part).textContent);
        }"""
    )
    km2 = f"{SlowBoard().km2(SlowBoard().blues(36)):,.0f}"
    assert texts == ["Thu 2 Jan 2025, 00:00 UTC", "Changes on Thu 2 Jan 2025", km2]


def test_another_width_leaves_title_and_list_of_one_day(slow, open_page):
    page = open_page(slow)
    page.wait_for_timeout(500)
    changed = page.view(
        """async ({ clock }) => {
            const text = () => [document.querySelector(".fl-today h2").textContent,
                document.querySelector(".fl-today ul").innerText];
            const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
            clock.go(8);
            await sleep(600);
            const there = text();
            for (const day of [7, 6, 5, 8, 12]) clock.go(day); // the last one is held back
            document.querySelector(".fl-today").style.width = "230px";
            await sleep(20);
            clock.go(8);
            await sleep(600);
            return [there, text()];
        }"""
    )
    there, after = changed
    assert there[0] == after[0] == "Changes on Thu 5 Dec 2024"
    assert there[1].split() == after[1].split()


def test_page_keys_move_by_a_week_where_frames_are_days(slow, open_page):
    page = open_page(slow)
    slider = page.locator(".fl-slider")
    seen = []
    for key in ("PageUp", "PageUp", "PageDown", "ArrowUp", "End", "PageUp", "PageDown", "Home"):
        slider.press(key)
        seen.append(int(slider.input_value()))
    assert seen == [7, 14, 7, 8, DAYS, DAYS, DAYS - 7, 0]


def test_a_click_on_the_chart_goes_to_its_frame(slow, open_page):
    page = open_page(slow)
    box = page.locator(".fl-slider").bounding_box()
    for frame in (40, 31, 3, 17, 0):
        page.mouse.click(box["x"] + x_of(page, frame, DAYS + 1), box["y"] + 30)
        assert page.locator(".fl-slider").input_value() == str(frame)


def test_calm_readers_get_steps_and_no_motion(slow, open_page):
    page = open_page(slow, reduced_motion="reduce")
    assert page.locator(".fl-speed").input_value() == "2"
    page.locator(".fl-play").click()
    page.until(f"Number({VALUE}) > 0")
    assert page.evaluate("document.getAnimations().length") == 0
    moving = """() => [...document.querySelectorAll("*")].filter((node) => {
        const style = getComputedStyle(node);
        return style.transitionDuration !== "0s" || style.animationName !== "none";
    }).map((node) => node.className)"""
    ours = [name for name in page.evaluate(moving) if "fl-" in str(name)]
    assert ours == []


# ---- the chart ----


def test_the_chart_is_true_to_the_areas(slow, open_page):
    page = open_page(slow)
    pixels = track_pixels(page)
    history = SlowBoard()
    whole = history.km2(history.row >= 0)
    order = page.view("(parts) => parts.model.actors.map((actor) => actor.name)")
    for day in (3, 7, 10, 18, 29, 37):
        blues = history.km2(history.blues(day)) / whole
        lower = blues if order[0] == "Blues" else 1 - blues
        column = pixels[:CHART, round(x_of(page, day + 0.5, DAYS + 1)), :3]
        border = CHART * (1 - lower)
        above, below = column[: max(0, int(border - 1))], column[int(np.ceil(border + 1)) :]
        assert len({tuple(pixel) for pixel in below}) == 1
        assert len({tuple(pixel) for pixel in above}) <= 1
        if len(above):
            assert tuple(above[0]) != tuple(below[0])


def test_bars_stand_where_land_changed_hands(slow, open_page):
    page = open_page(slow)
    strip = track_pixels(page)[CHART + 2]
    background = strip[round(x_of(page, 2, DAYS + 1))]
    for day in range(DAYS + 1):
        if day in (12, 13, 14, 23):  # in a gap, or on one's edge
            continue
        drawn = (strip[round(x_of(page, day, DAYS + 1))] != background).any()
        ticks = page.evaluate("document.querySelector('.fl-track').ticks.map((t) => t.frame)")
        if day not in ticks:
            assert drawn == (day in range(4, 41, 4)), day


def test_gaps_are_hatched_and_said(slow, open_page):
    page = open_page(slow, "#2024-12-10")
    note = "no map for this day; the last one is of Sun 8 Dec 2024"
    assert page.date == "Tue 10 Dec 2024, 00:00 UTC"
    assert page.locator(".fl-gap").inner_text() == note
    slider = page.locator(".fl-slider")
    assert slider.get_attribute("aria-valuetext").endswith("2024, 00:00 UTC: " + note)
    page.wait_for_timeout(600)
    assert note in page.locator(".fl-hidden[aria-live]").inner_text()
    assert page.locator(".fl-today").inner_text().endswith(note)
    said = {}
    for day in range(DAYS + 1):
        slider.fill(str(day))
        text = page.locator(".fl-gap").inner_text()
        if text:
            said[day] = text.partition(" of ")[2]
    assert said == {12: "Sun 8 Dec 2024", 13: "Sun 8 Dec 2024", 23: "Thu 19 Dec 2024"}
    pixels = track_pixels(page)
    left, right = (round(x_of(page, day, DAYS + 1)) for day in (12, 14))
    hatched = pixels[: CHART - 1, left + 2 : right - 2].reshape(-1, 4)
    beside = pixels[: CHART - 1, right + 3 : right + 9].reshape(-1, 4)
    light = (hatched[:, :3].min(axis=1) > 240).mean()
    assert 0.2 < light < 0.9  # paper with strokes: no area is drawn there
    assert (beside[:, :3].min(axis=1) > 240).mean() == 0


def test_the_chart_is_drawn_once_and_again_for_another_width(slow, open_page):
    page = open_page(slow)
    page.evaluate(
        """() => {
            const ctx = document.querySelector(".fl-track").getContext("2d");
            ctx.fillStyle = "#ff00ff";
            ctx.fillRect(100, 20, 4, 4);
        }"""
    )
    marked = [255, 0, 255, 255]
    page.locator(".fl-slider").press("End")
    page.locator(".fl-slider").press("PageDown")
    page.wait_for_timeout(200)
    assert track_pixels(page)[21, 101].tolist() == marked
    page.set_viewport_size({"width": 1100, "height": 800})
    page.wait_for_timeout(300)
    assert track_pixels(page)[21, 101].tolist() != marked


def spans():
    """Return frames of many kinds, in seconds."""
    kinds = {
        "15 days by the hour": pd.date_range("2024-11-26", periods=361, freq="h"),
        "769 days": pd.date_range("2024-07-08", periods=769),
        "two days by 3 hours": pd.date_range("2024-11-27", periods=17, freq="3h"),
        "twelve hours": pd.date_range("2024-11-27 06:00", periods=13, freq="h"),
        "ten years by weeks": pd.date_range("2014-02-03", periods=520, freq="W"),
        "forty years by months": pd.date_range("1984-01-01", periods=480, freq="MS"),
        "two": pd.DatetimeIndex(["2024-01-01", "2024-06-01"]),
        "one": pd.DatetimeIndex(["2024-01-01"]),
        "at odd times": pd.DatetimeIndex(
            ["2024-01-01", "2024-01-02", "2024-01-03 07:00", "2024-09-30", "2025-01-01 12:30"]
        ),
    }
    return {
        kind: [int(moment.timestamp()) for moment in times.tz_localize("UTC")]
        for kind, times in kinds.items()
    }


def test_dates_below_the_chart_never_touch(board, open_page):
    page = open_page(board)
    counts = {}
    for kind, times in spans().items():
        for width in (180, 240, 320, 358, 600, 872, 1240, 1900):
            rows = page.evaluate(
                """([times, width]) => {
                    const ctx = document.createElement("canvas").getContext("2d");
                    ctx.font = "11px " + window.frontlineMaps.FONT;
                    return window.frontlineMaps.ticks(times, width,
                        (text) => ctx.measureText(text).width);
                }""",
                [times, width],
            )
            rows.sort(key=lambda row: row["left"])
            for row in rows:
                assert row["left"] >= 0
                assert row["right"] <= width
                assert row["right"] - row["left"] > 10
            for a, b in itertools.pairwise(rows):
                assert a["right"] + 8 <= b["left"], (kind, width)
                assert a["frame"] < b["frame"]
            assert rows[-1]["frame"] == len(times) - 1
            counts[kind, width] = len(rows)
    for kind in list(spans())[:6]:
        assert counts[kind, 872] >= 4, (kind, counts[kind, 872])
        assert counts[kind, 358] >= 3, (kind, counts[kind, 358])
    shown = page.evaluate("document.querySelector('.fl-track').ticks.map((tick) => tick.text)")
    assert shown[0] == "27 Nov 2024"
    assert shown[-1] == "29 Nov 2024"
    assert "28 Nov" in shown


# ---- the trail ----


def border(day, row=3):
    """Return a spot on the border between Reds and Blues of a day."""
    return 36 + STEP * (day // 4), centre(0, row)[1] + 0.021


def test_the_trail_fades_with_age_and_is_off_at_first(slow, open_page):
    page = open_page(slow)
    page.view("(parts) => void parts.map.setView([35.35, 36.3], 11, {animate: false})")
    page.locator(".fl-slider").fill("21")  # five columns; the border moved on days 20, 16, 12, 8
    wide = page.view("(p) => 360 / (256 * 2 ** p.map.getZoom())")  # degrees in a pixel

    def light(day):
        lon, lat = border(day)
        return sum(sum(page.pixel(lon + k * wide, lat)[:3]) for k in range(-3, 4))

    plain = {day: light(day) for day in (8, 12, 16, 20)}
    assert page.locator(".fl-trail").input_value() == "0"
    page.locator(".fl-trail").select_option("7")  # days 14 to 20: the borders since days 12 and 16
    week = {day: light(day) for day in (8, 12, 16, 20)}
    assert week[8] == plain[8]
    assert week[20] == plain[20]  # the front itself
    inks = [plain[day] - week[day] for day in (16, 12)]
    assert inks[0] > 1.3 * inks[1] > 0  # the younger the darker
    page.locator(".fl-trail").select_option("30")
    assert light(8) < plain[8]
    page.locator(".fl-trail").select_option("0")
    assert {day: light(day) for day in (8, 12, 16, 20)} == plain


def test_the_trail_takes_one_frame_a_day(board, open_page):
    page = open_page(board)
    for times in list(spans().values())[:5]:
        for frame in (0, len(times) // 2, len(times) - 1):
            for days in (3, 30):
                expected = []
                for age in range(1, days + 1):
                    until = times[frame] - age * 86400
                    past = [f for f, seconds in enumerate(times) if seconds <= until]
                    if past and (not expected or expected[-1]["frame"] != past[-1]):
                        expected.append({"frame": past[-1], "age": age})
                found = page.evaluate(
                    """([times, frame, days]) =>
                        window.frontlineMaps.earlier({ times: times }, frame, days)""",
                    [times, frame, days],
                )
                assert found == expected


# ---- comparison ----


def compared(page, mode, since=None, until=None):
    page.locator(".fl-mode").select_option(mode)
    if since:
        page.locator(".fl-since").fill(since)
    if until:
        page.locator(".fl-until").fill(until)


def test_what_changed_between_two_dates_is_marked(slow, open_page):
    page = open_page(slow, "#2024-12-15")  # day 18: columns 0 to 3 are the Blues'
    page.view("(parts) => void parts.map.setView([35.35, 36.3], 11, {animate: false})")
    spots = [inside(column, 3) for column in (0, 2, 3, 5)]
    plain = [page.pixel(*spot) for spot in spots]
    compared(page, "tint", since="2024-12-06")  # day 9: columns 0 and 1
    marked = [page.pixel(*spot) for spot in spots]
    assert marked[0] == plain[0]
    assert marked[3] == plain[3]
    assert marked[1][3] > plain[1][3]
    assert marked[2][3] > plain[2][3]
    # The Reds lost columns 2 and 3: an outline in their colour inside of them.
    reds = page.view("(p) => p.model.actors.find((actor) => actor.name === 'Reds').colour")
    west, east = 36 + 2 * STEP, 36 + 4 * STEP
    wide = page.view("(p) => 360 / (256 * 2 ** p.map.getZoom())")  # degrees in a pixel
    lat = inside(2, 3)[1] + 0.011
    colour = [int(reds[i : i + 2], 16) for i in (1, 3, 5)]
    for lon, inward in ((west, 1), (east, -1)):
        edge = [page.pixel(lon + inward * k * wide, lat)[:3] for k in range(1, 6)]
        assert any(pixel == pytest.approx(colour, abs=2) for pixel in edge)
    middle = page.pixel((west + east) / 2 + 3 * wide, lat)[:3]
    assert middle != pytest.approx(colour, abs=2)
    assert "front on 6 Dec" in page.locator(".fl-marks").inner_text()
    compared(page, "off")
    assert [page.pixel(*spot) for spot in spots] == plain
    assert not page.locator(".fl-marks").is_visible()


def gross(page):
    rows = page.locator(".fl-gross tbody tr").all_inner_texts()
    return {row.split("\t")[0]: row.split("\t")[1:] for row in rows}


def test_gains_and_losses_between_two_dates_stand_in_a_table(slow, open_page):
    history = SlowBoard()
    page = open_page(slow, "#2024-12-15")
    compared(page, "tint", since="2024-12-01")  # day 4 to day 18; cell 0-0 goes and comes back
    taken = history.km2((history.column >= 1) & (history.column <= 3))
    twice = history.km2((history.column == 0) & (history.row == 0))
    expected = [f"{taken + twice:,.0f}", f"{twice:,.0f}", f"+{taken:,.0f}"]
    assert gross(page)["The Blues"] == expected
    assert gross(page)["The Reds"] == [*expected[1::-1], f"\u2212{taken:,.0f}"]
    caption = page.locator(".fl-gross caption").inner_text()
    assert "1 Dec 2024 to 15 Dec 2024" in caption
    # Net is what the areas say, on any two days.
    areas = "(parts, f) => parts.model.areasAt(f).actors.map((side) => side.held)"
    for first, second in [(0, 40), (7, 9), (11, 30)]:
        sums = page.evaluate(
            """([first, second]) => window.frontlineMaps.grossChanges(
                window.frontlineMaps.opened.model, first, second)""",
            [first, second],
        )
        before, after = page.view(areas, first), page.view(areas, second)
        for side, change in enumerate(sums):
            net = after[side] - before[side]
            assert change["gained"] - change["lost"] == pytest.approx(net, abs=0.1)


def test_two_dates_can_be_chosen_in_any_order(slow, open_page):
    page = open_page(slow)
    page.locator(".fl-mode").select_option("tint")
    since, until = page.locator(".fl-since"), page.locator(".fl-until")
    assert (since.input_value(), until.input_value()) == ("2024-11-27", "2025-01-06")
    until.fill("2024-12-05")
    since.fill("2024-12-01")
    assert page.view("(p) => [p.compare.pin, p.clock.frame].sort((a, b) => a - b)") == [4, 8]
    since.fill("2024-12-20")  # later than the other one: they change places
    assert (since.input_value(), until.input_value()) == ("2024-12-05", "2024-12-20")
    page.locator(".fl-slider").press("Home")
    assert since.input_value() == "2024-11-27"
    for odd in ("", "1900-01-01", "2999-12-31"):
        since.fill(odd)
    assert page.messages == []


def swiped(page):
    box = page.locator(".fl-swipe").bounding_box()
    frame = page.locator(".fl-map, .folium-map").first.bounding_box()
    return (box["x"] + box["width"] / 2 - frame["x"]) / frame["width"]


def test_a_divider_parts_two_dates(slow, open_page):
    page = open_page(slow, "#2024-12-20")
    page.view("(parts) => void parts.map.setView([35.25, 36.5], 9, {animate: false})")
    left, right = inside(3, 3), inside(6, 3)
    page.locator(".fl-slider").fill("0")
    before = [page.pixel(*spot) for spot in (left, right)]
    page.locator(".fl-slider").fill("40")
    after = [page.pixel(*spot) for spot in (left, right)]
    compared(page, "swipe", since="2024-11-27")
    bar = page.get_by_role("slider", name="Divider between the two dates")
    assert [page.pixel(*spot) for spot in (left, right)] == [before[0], after[1]]
    assert page.locator(".fl-swipe-left").inner_text() == "27 Nov 2024"
    assert page.locator(".fl-swipe-right").inner_text() == "6 Jan 2025"
    assert bar.get_attribute("aria-valuenow") == "50"
    assert bar.get_attribute("aria-valuetext") == "left 50 percent: 27 Nov 2024; right: 6 Jan 2025"
    # Keys move the divider, not the map and not the date.
    middle = page.view("(parts) => parts.map.getCenter()")
    for key, percent in [("ArrowRight", 52), ("PageDown", 42), ("Home", 0), ("End", 100)]:
        bar.press(key)
        assert bar.get_attribute("aria-valuenow") == str(percent)
    assert [page.pixel(*spot) for spot in (left, right)] == before
    bar.press("Home")
    assert [page.pixel(*spot) for spot in (left, right)] == after
    assert page.view("(parts) => [parts.map.getCenter().equals(parts.map.getCenter())]") == [True]
    assert page.view("(parts) => parts.map.getCenter()") == middle
    assert page.locator(".fl-slider").input_value() == "40"
    # So does the mouse.
    box = bar.bounding_box()
    frame = page.locator(".fl-map").bounding_box()
    page.mouse.move(box["x"] + 24, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.5, box["y"] + 210, steps=4)
    page.mouse.up()
    assert swiped(page) == pytest.approx(0.5, abs=0.01)
    assert [page.pixel(*spot) for spot in (left, right)] == [before[0], after[1]]
    assert page.view("(parts) => parts.map.getCenter()") == middle
    # The map moves below the divider.
    page.view("(parts) => void parts.map.panBy([-400, 0], {animate: false})")
    assert swiped(page) == pytest.approx(0.5, abs=0.01)
    assert page.pixel(*left) == after[0]
    compared(page, "off")
    assert page.locator(".fl-swipe").count() == 0
    assert page.pixel(*left) == after[0]
    assert page.messages == []


def test_the_divider_lies_below_an_answer(slow, open_page):
    page = open_page(slow, "#2024-12-01..2024-12-15")
    page.locator(".fl-mode").select_option("swipe")
    page.view(
        """(parts) => {
            const half = L.point(parts.map.getSize().x / 2, parts.map.getSize().y / 2);
            parts.map.fire("click", {
                latlng: parts.map.containerPointToLatLng(half), containerPoint: half });
        }"""
    )
    page.wait_for_timeout(500)
    covered = """() => {
        const bar = document.querySelector(".fl-swipe").getBoundingClientRect();
        const box = document.querySelector(".leaflet-popup-content").getBoundingClientRect();
        const x = bar.x + bar.width / 2;
        const top = document.elementFromPoint(x, box.y + box.height / 2);
        return [box.left < x && x < box.right, !!top.closest(".leaflet-popup")];
    }"""
    assert page.evaluate(covered) == [True, True]


def test_the_divider_stays_while_the_map_is_dragged(slow, open_page):
    page = open_page(slow, "#2024-11-27..2025-01-06")
    page.locator(".fl-mode").select_option("swipe")
    frame = page.locator(".fl-map").bounding_box()
    page.mouse.move(frame["x"] + 300, frame["y"] + 200)
    page.mouse.down()
    page.mouse.move(frame["x"] + 420, frame["y"] + 230, steps=5)
    page.wait_for_timeout(100)
    x, y = frame["width"] / 2, frame["height"] / 2 + 40
    spots = page.view(
        """(parts, [x, y]) => [x - 40, x + 40].map((at) => {
            const spot = parts.map.containerPointToLatLng([at, y]);
            return [spot.lng, spot.lat];
        })""",
        [x, y],
    )
    held = [page.pixel(*spot) for spot in spots]
    page.mouse.up()
    assert held[0][:3] != held[1][:3]  # the Reds' still, the Blues' now


# ---- links ----


def test_a_link_names_two_dates(slow, open_page):
    page = open_page(slow, "#2024-12-01..2024-12-15")
    assert page.locator(".fl-mode").input_value() == "tint"
    assert page.view("(p) => [p.compare.pin, p.clock.frame]") == [4, 18]
    page.locator(".fl-slider").fill("20")
    page.until("window.location.hash === '#2024-12-01..2024-12-17'")
    page.locator(".fl-mode").select_option("swipe")
    page.until("window.location.hash === '#2024-12-01..2024-12-17&swipe'")
    page.evaluate("window.location.hash = '#2024-12-25..2024-12-05&swipe'")  # the later one first
    page.until(f"{VALUE} === '28'")
    assert page.view("(p) => [p.compare.pin, p.compare.mode]") == [8, "swipe"]
    page.evaluate("window.location.hash = '#2024-12-05..2024-12-25'")
    page.until(f"{MODE} === 'tint'")
    page.evaluate("window.location.hash = '#2024-12-02'")
    page.until(f"{VALUE} === '5'")
    assert page.locator(".fl-mode").input_value() == "off"
    assert page.locator(".fl-swipe").count() == 0


@pytest.mark.parametrize("words", ["&swipe&embed", "&embed&swipe"])
def test_a_link_opens_two_dates_side_by_side(slow, open_page, words):
    page = open_page(slow, "#2024-12-01..2024-12-15" + words)
    assert page.view("(p) => [p.compare.pin, p.clock.frame, p.compare.mode]") == [4, 18, "swipe"]
    assert page.locator(".fl-swipe").count() == 1
    page.locator(".fl-slider").fill("19")
    page.until("window.location.hash === '#2024-12-01..2024-12-16&swipe&embed'")


@pytest.mark.parametrize("viewport", [(1280, 800), (390, 844), (320, 640), (844, 390)])
@pytest.mark.parametrize("hours", [False, True])
def test_the_dates_of_both_halves_are_covered_by_nothing(slow, board, open_page, viewport, hours):
    size = dict(zip(("width", "height"), viewport, strict=True))
    link = "#2024-11-27T06:00Z..2024-11-28T18:00Z" if hours else "#2024-12-01..2024-12-15"
    page = open_page(board if hours else slow, link + "&swipe", viewport=size)
    boxes = page.evaluate(
        """() => {
            const box = (node) => node.getBoundingClientRect().toJSON();
            const controls = document.querySelectorAll(".fl-map .leaflet-control");
            return [[...document.querySelectorAll(".fl-swipe-left, .fl-swipe-right")].map(box),
                [...controls].map(box), box(document.querySelector(".fl-map"))];
        }"""
    )
    dates, controls, frame = boxes
    assert len(dates) == 2
    assert len(controls) >= 3
    for date in dates:
        assert frame["left"] <= date["left"] < date["right"] <= frame["right"]
        for control in controls:
            assert (
                date["right"] <= control["left"] or control["right"] <= date["left"]
                or date["bottom"] <= control["top"] or control["bottom"] <= date["top"]
            )  # fmt: skip


def test_links_with_hours(board, open_page):
    page = open_page(board, "#2024-11-27T06:00Z..2024-11-28T18:00Z")
    assert page.view("(p) => [p.compare.pin, p.clock.frame]") == [2, 14]
    assert page.locator(".fl-since").input_value() == "2024-11-27T06:00"
    page.locator(".fl-slider").press("ArrowRight")
    page.until("window.location.hash === '#2024-11-27T06:00Z..2024-11-28T21:00Z'")


def test_links_and_fields_keep_seconds(open_page, tmp_path):
    path = save(board_case(), tmp_path / "odd.html", freq="5430s")
    page = open_page(path)
    page.locator(".fl-slider").press("ArrowRight")
    page.until("window.location.hash === '#2024-11-27T01:30:30Z'")
    page = open_page(path, "#2024-11-27T01:30:30Z..2024-11-27T03:01Z")
    assert page.view("(p) => [p.compare.pin, p.clock.frame]") == [1, 2]
    assert page.locator(".fl-since").input_value() == "2024-11-27T01:30:30"
    assert page.locator(".fl-since").evaluate("(field) => field.validity.valid")


@pytest.mark.parametrize(
    "odd",
    [
        "#%E0%A4%A", "#..", "#2024-12-03..", "#..2024-12-03", "#2024-12-03..yesterday",
        "#2024-12-01..2024-12-02..2024-12-03", "#2024-13-45..2024-12-01", "#__proto__",
        "#<img src=x onerror=window.ran=1>", "#" + "2024-12-03.." * 2000,
        "#javascript:window.ran=1", "#&swipe", "#swipe",
        "#2024-12&swipe-01", "#2024-12-01&swiped", "#2024-12-01&2024-12-15",
    ],
)  # fmt: skip
def test_odd_links_do_nothing(slow, open_page, odd):
    page = open_page(slow, odd)
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"
    assert page.view("(p) => p.compare.mode") == "off"
    assert page.evaluate("window.ran") is None
    assert page.messages == []


def test_the_word_that_asks_for_a_compact_page_stays_in_the_link(slow, open_page):
    page = open_page(slow, "#2024-12-01..2024-12-15&embed")
    assert page.view("(p) => [p.compare.pin, p.clock.frame]") == [4, 18]
    page.locator(".fl-slider").fill("19")
    page.until("window.location.hash === '#2024-12-01..2024-12-16&embed'")
    page = open_page(slow, "#embed")
    page.locator(".fl-slider").fill("4")
    page.until("window.location.hash === '#2024-12-01&embed'")


def test_the_link_waits_until_playing_stops(board, open_page):
    page = open_page(board)
    page.locator(".fl-slider").press("ArrowRight")
    page.until("window.location.hash === '#2024-11-27T03:00Z'")
    length = page.evaluate("history.length")
    page.locator(".fl-play").click()
    page.until(f"Number({VALUE}) > 3")
    assert page.evaluate("window.location.hash") == "#2024-11-27T03:00Z"
    page.locator(".fl-play").click()
    page.until("window.location.hash !== '#2024-11-27T03:00Z'")
    assert page.evaluate("history.length") == length  # no heap of pages to go back through


def test_a_sandbox_without_an_address_is_no_trouble(slow, open_page, tmp_path):
    inner = html.escape(slow.read_text(encoding="utf-8"), quote=True)
    outer = tmp_path / "outer.html"
    outer.write_text(
        "<!doctype html><html lang=en><title>Outer</title>"
        "<script>window.frontlineMaps = {opened: true}</script>"
        f'<iframe sandbox="allow-scripts" width="900" height="700" srcdoc="{inner}"></iframe>',
        encoding="utf-8",
    )
    page = open_page(outer)
    frame = page.page.frame_locator("iframe")
    frame.locator(".fl-slider").press("End")
    page.wait_for_timeout(600)
    assert frame.locator(".fl-date").inner_text() == "Mon 6 Jan 2025, 00:00 UTC"
    assert frame.locator(".fl-linking").count() == 0  # there is no address to copy
    assert page.messages == []


def test_the_link_is_copied_or_shown_to_be_copied(slow, open_page):
    page = open_page(slow, "#2024-12-01..2024-12-15")
    page.evaluate(
        """() => Object.defineProperty(window.navigator, "clipboard", {
            configurable: true, value: { writeText: async (text) => { window.copied = text; } },
        })"""
    )
    button = page.get_by_role("button", name="Copy a link to what is shown")
    button.click()
    page.until("document.querySelector('.fl-link-said').textContent === 'Link copied'")
    assert page.evaluate("window.copied") == f"file://{slow}#2024-12-01..2024-12-15"
    page.evaluate(
        """() => Object.defineProperty(window.navigator, "clipboard", {
            value: { writeText: async () => { throw new Error("barred"); } },
        })"""
    )
    button.click()
    page.until("!document.querySelector('.fl-link-text').hidden")
    chosen = """() => {
        const field = document.activeElement;
        return field.value.slice(field.selectionStart, field.selectionEnd);
    }"""
    assert page.evaluate(chosen) == f"file://{slow}#2024-12-01..2024-12-15"
    on_top = """() => {
        const field = document.querySelector(".fl-link-text");
        const { left, right, top, bottom } = field.getBoundingClientRect();
        const at = (x, y) => document.elementFromPoint(
            left + x * (right - left), top + y * (bottom - top));
        return [0.02, 0.5, 0.98].flatMap((x) => [0.1, 0.5, 0.9].map((y) => at(x, y) === field));
    }"""
    assert all(page.evaluate(on_top))  # no control of the map lies over it
    assert page.messages == []


# ---- changes of the day ----


def test_changes_of_the_day_stand_beside_the_map(slow, open_page):
    history = SlowBoard()
    page = open_page(slow, "#2024-12-05")  # day 8: column 1 is taken, cell 0-0 goes back
    column = history.km2(history.column == 1)
    cell = history.km2((history.column == 0) & (history.row == 0))
    today = page.locator(".fl-today")
    assert today.locator("h2").inner_text() == "Changes on Thu 5 Dec 2024"
    assert today.locator("li").all_inner_texts() == [
        f"{column:,.0f} km\u00b2 The Reds \u2192 The Blues",
        f"{cell:,.0f} km\u00b2 The Blues \u2192 The Reds",
        "Clashes in the north",
    ]
    page.wait_for_timeout(600)
    spoken = page.locator(".fl-hidden[aria-live=polite]").inner_text()
    held = history.km2(history.blues(8))
    assert spoken.startswith("Thursday 5 December 2024, 00:00 UTC. ")
    assert f"The Blues {held:,.0f} km\u00b2" in spoken
    assert f"{column:,.0f} km\u00b2 from The Reds to The Blues" in spoken
    assert "Clashes in the north" in spoken
    page.locator(".fl-slider").press("ArrowRight")
    assert today.locator("li").all_inner_texts() == ["no change"]


def test_nothing_jumps_and_nothing_is_said_while_it_plays(slow, open_page):
    page = open_page(slow)
    page.wait_for_timeout(600)
    live = ".fl-hidden[aria-live=polite]"
    before = page.locator(live).inner_text()
    heights = set()
    for day in (0, 4, 8, 9, 12, 23, 40):
        page.locator(".fl-slider").fill(str(day))
        page.wait_for_timeout(100)  # many steps in a row are written at a slower pace
        heights.add(
            tuple(page.locator(name).bounding_box()["height"] for name in (".fl-time", ".fl-side"))
        )
    assert len(heights) == 1
    page.locator(".fl-slider").press("Home")
    page.locator(".fl-speed").select_option("5")
    page.locator(".fl-play").click()
    page.until(f"Number({VALUE}) > 5")
    assert page.locator(live).inner_text() == before
    page.locator(".fl-play").click()
    page.until(f"document.querySelector('{live}').textContent !== {before!r}")


def test_where_frames_are_rare_changes_since_the_last_one_are_listed(open_page, tmp_path):
    history = SlowBoard()
    page = open_page(save(slow_case(), tmp_path / "weeks.html", freq="10D"))
    page.locator(".fl-slider").fill("1")
    km2 = [history.km2(history.column == k) for k in (0, 1)]
    assert page.locator(".fl-today h2").inner_text() == "Changes between 27 Nov and 7 Dec 2024"
    first = page.locator(".fl-today li").first.inner_text()
    assert first == f"{sum(km2):,.0f} km\u00b2 The Reds \u2192 The Blues"


class GappyBoard(SlowBoard):
    """No map from 10 to 12 December; land changes hands on 9 and on 13 December (days 12, 16)."""

    gap_spans = pd.IntervalIndex.from_tuples(
        [tuple(pd.Timestamp(day, tz="UTC") for day in ("2024-12-10", "2024-12-13"))], closed="left"
    )
    map_dates = pd.date_range(START, periods=DAYS + 1).difference(
        pd.date_range("2024-12-10", "2024-12-12", tz="UTC")
    )


@pytest.mark.parametrize("freq", ["1D", "6h"])
def test_what_changed_in_a_gap_is_dated_to_no_day(open_page, tmp_path, freq):
    history = GappyBoard()
    path = save(slow_case(history=history), tmp_path / "gap.html", freq=freq)
    page = open_page(path, "#2024-12-13")
    gained = f"{history.km2(history.column == 3):,.0f}"
    assert page.locator(".fl-today h2").inner_text() == "Changes between 9 and 13 Dec 2024"
    assert page.locator(".fl-today li").all_inner_texts() == [
        f"{gained} km\u00b2 The Reds \u2192 The Blues"
    ]
    page.wait_for_timeout(600)
    spoken = page.locator(".fl-hidden[aria-live=polite]").inner_text()
    assert f"Changes between 9 and 13 Dec 2024: {gained} km" in spoken
    page.locator(".fl-changes summary").click()
    page.until("document.querySelectorAll('.fl-changes tbody tr').length > 8")
    rows = [text.split("\t") for text in page.locator(".fl-changes tbody tr").all_inner_texts()]
    days = [row[0] for row in rows]
    assert days.count("between 9 and 13 Dec 2024") == 1
    assert "Mon 9 Dec 2024" in days
    assert "Fri 13 Dec 2024" not in days
    page.locator(".fl-slider").press("ArrowRight" if freq == "1D" else "PageUp")
    assert page.locator(".fl-today h2").inner_text() == "Changes on Sat 14 Dec 2024"


class EndedBoard(Board):
    """The last column falls at 18:00 on 28 November, none at the midnight that ends the map."""

    def state_codes(self, times):
        end = START + pd.Timedelta(hours=42)
        return super().state_codes(pd.DatetimeIndex([min(moment, end) for moment in times]))


def test_the_last_midnight_stands_for_the_day_it_ends(board, open_page, tmp_path):
    page = open_page(save(board_case(history=EndedBoard()), tmp_path / "ended.html"))
    page.locator(".fl-slider").press("End")
    assert page.date == "Fri 29 Nov 2024, 00:00 UTC"
    assert page.locator(".fl-today h2").inner_text() == "Changes on Thu 28 Nov 2024"
    assert "km" in page.locator(".fl-today li").first.inner_text()
    # Where land changes hands at that very midnight, it is a change of the day that begins then.
    page = open_page(board)
    page.locator(".fl-slider").press("End")
    assert page.locator(".fl-today h2").inner_text() == "Changes on Fri 29 Nov 2024"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_no_line_of_the_changes_is_cut(open_page, tmp_path, width):
    case = slow_case()
    case.actors = case.actors.assign(label=["The Reds of the far " + "north " * 4, "The Blues"])
    page = open_page(
        save(case, tmp_path / "long.html"), "#2024-12-05", viewport={"width": width, "height": 800}
    )
    page.wait_for_timeout(100)
    seen, lines = page.evaluate(
        """() => {
            const box = document.querySelector(".fl-today [role=region]");
            const top = box.getBoundingClientRect().top;
            const edges = [...box.querySelectorAll("li")].flatMap(function (item) {
                const { top, bottom } = item.getBoundingClientRect();
                return [top, bottom];
            });
            return [box.clientHeight, edges.map((y) => y - top)];
        }"""
    )
    assert seen % 18 == 0
    assert all(line % 18 == pytest.approx(0, abs=0.1) for line in lines)
    assert seen >= min(max(lines), 108)  # of six lines


def test_other_units_reach_every_area(slow, open_page):
    page = open_page(slow, "#2024-12-01..2024-12-15")
    page.locator(".fl-changes summary").click()
    page.evaluate(
        """() => {
            window.frontlineMaps.areaUnit = () => "u";
            document.dispatchEvent(new Event("units"));
        }"""
    )
    assert page.locator(".fl-areas thead").inner_text().split("\t")[1].strip() == "u"
    assert page.locator(".fl-changes thead").inner_text().strip().endswith("u")
    assert page.locator(".fl-gross caption").inner_text().startswith("u held")


def test_names_in_the_parts_of_time_stay_texts(open_page, tmp_path):
    page = open_page(save(hostile_case(), tmp_path / "hostile.html"), "#2024-11-27..2024-11-28")
    page.wait_for_timeout(600)
    today = page.locator(".fl-today").inner_text()
    spoken = page.locator(".fl-hidden[aria-live=polite]").inner_text()
    assert LABELS[0] in today
    assert LABELS[0] in page.locator(".fl-gross").inner_text()
    assert LABELS[0] in spoken
    assert HOSTILE[0] in spoken
    for text in HOSTILE:
        assert text in today
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, main svg[onload]").count() == 0
    assert page.messages == []


# ---- in a map of folium ----


def test_all_of_it_in_a_map_of_folium(open_page, tmp_path):
    time_map(slow_case()).save(tmp_path / "map.html")
    page = open_page(tmp_path / "map.html", "#2024-12-01..2024-12-15", route=without_network)
    assert page.date == "Sun 15 Dec 2024, 00:00 UTC"
    assert page.view("(p) => [p.compare.pin, p.compare.mode]") == [4, "tint"]
    assert gross(page)["The Blues"][0] != "\u2013"
    page.locator(".fl-mode").select_option("swipe")
    bar = page.get_by_role("slider", name="Divider between the two dates")
    bar.press("Home")
    page.locator(".fl-slider").fill("13")
    assert "no map for this day" in page.locator(".fl-gap").inner_text()
    page.until("window.location.hash === '#2024-12-01..2024-12-10&swipe'")
    page.get_by_role("button", name="Play in a loop").click()
    page.locator(".fl-slider").press("End")
    page.locator(".fl-slider").press("PageDown")
    assert page.locator(".fl-slider").input_value() == str(DAYS - 7)
    page.view("(p) => void p.map.removeLayer(p.layer)")
    assert page.locator(".fl-swipe").count() == 0
    page.view("(p) => void p.map.addLayer(p.layer)")
    assert page.locator(".fl-swipe").count() == 1
    assert page.messages == []


def test_a_foreign_hash_of_a_page_stays(open_page, tmp_path):
    time_map(slow_case()).save(tmp_path / "map.html")
    page = open_page(tmp_path / "map.html", "#section-2", route=without_network)
    page.locator(".fl-slider").press("End")
    page.wait_for_timeout(600)
    assert page.evaluate("window.location.hash") == "#section-2"


def test_the_days_of_the_case_are_as_said():
    """The made-up war itself: its days, so that the numbers above mean what they say."""
    history = SlowBoard()
    assert START.strftime("%a %d %b") == "Wed 27 Nov"
    assert history.blues(3).sum() == 0
    assert history.blues(4).sum() == 6
    assert history.blues(9).sum() == 11
    assert history.blues(40).sum() == 60
