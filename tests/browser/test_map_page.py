"""The saved page in a real browser: nothing asked for, the slider moves, texts stay texts."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect

from frontline.maps import save
from tests.browser.map_case import COLUMNS, ROWS, STATES, board_case, centre
from tests.browser.texts import ALL, HOSTILE, LABELS, hostile_case

pytestmark = pytest.mark.browser

BLUES_SPOT = centre(1, 4)  # held by the Reds at first, by the Blues twelve hours later


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return save(board_case(), tmp_path_factory.mktemp("board") / "board.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return save(hostile_case(), tmp_path_factory.mktemp("hostile") / "hostile.html")


def test_nothing_is_asked_for_and_nothing_said(board, open_page):
    page = open_page(board)
    page.locator(".fl-slider").press("End")
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(600)
    assert page.requests == [f"file://{board}"]
    assert page.messages == []


def test_the_slider_moves_date_areas_and_pixels(board, open_page):
    page = open_page(board)
    slider = page.locator(".fl-slider")
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"
    assert slider.get_attribute("aria-valuetext") == "Wednesday 27 November 2024, 00:00 UTC"
    before, areas = page.pixel(*BLUES_SPOT), page.locator(".fl-areas").inner_text()
    slider.fill("8")
    assert page.date == "Thu 28 Nov 2024, 00:00 UTC"
    assert slider.get_attribute("aria-valuetext") == "Thursday 28 November 2024, 00:00 UTC"
    assert page.pixel(*BLUES_SPOT) != before
    assert page.locator(".fl-areas").inner_text() != areas
    page.wait_for_timeout(600)
    spoken = page.locator("[aria-live=polite]").inner_text()
    assert spoken.startswith("Thursday 28 November 2024, 00:00 UTC. The ")
    assert "The Blues" in spoken


def test_sides_look_different_and_no_data_faint(board, open_page):
    page = open_page(board, "#2024-11-28")
    colours = {
        name: page.pixel(lon + 0.013, lat + 0.017)
        for name, (lon, lat) in {
            "reds": centre(8, 1), "blues": centre(1, 1), "hole": centre(4, 2), "none": centre(1, 5),
        }.items()
    }  # fmt: skip
    assert colours["reds"] == colours["hole"]
    assert colours["reds"] != colours["blues"]
    assert colours["none"][3] < colours["reds"][3] / 2


def test_the_viewer_reads_who_held_every_cell_in_every_frame(board, open_page):
    page = open_page(board)
    frames = int(page.locator(".fl-slider").get_attribute("max")) + 1
    spots = [centre(i, j) for i in range(COLUMNS) for j in range(ROWS)]
    read = page.view(
        """(parts, spots) => spots.map(([lon, lat]) => {
            const f = window.frontlineMaps;
            const states = parts.model.statesAt(f.worldX(lon), f.worldY(lat));
            return [...states].map((s) => {
                const [actor, kind] = parts.model.states[s];
                return [actor < 0 ? null : parts.model.actors[actor].name, kind];
            });
        })""",
        spots,
    )
    case = board_case()
    times = [f"2024-11-{27 + k // 8}T{k % 8 * 3:02d}:00Z" for k in range(frames)]
    codes, _ = case.history.state_codes(pd.DatetimeIndex(times))
    cells = {
        (column, row): cell
        for cell, (column, row) in enumerate(
            zip(case.history.column.tolist(), case.history.row.tolist(), strict=True)
        )
    }
    kinds = {0: "held", 1: "held", 2: "claimed", 3: "contested", 4: "no_data"}
    at = 0
    for column in range(COLUMNS):
        for row in range(ROWS):
            expected = [
                [STATES[code][0], kinds[int(code)]] for code in codes[:, cells[column, row]]
            ]
            assert read[at] == expected, (column, row)
            at += 1


def test_keys(board, open_page):
    page = open_page(board)
    slider = page.locator(".fl-slider")
    slider.focus()
    steps = [
        ("ArrowRight", "03:00"), ("ArrowUp", "06:00"), ("ArrowLeft", "03:00"),
        ("PageUp", "28 Nov 2024, 03"), ("PageDown", "27 Nov 2024, 03"),
        ("End", "29 Nov 2024, 00"), ("ArrowRight", "29 Nov 2024, 00"),
        ("Home", "27 Nov 2024, 00"), ("ArrowLeft", "27 Nov 2024, 00"),
    ]  # fmt: skip
    for key, expected in steps:
        page.keyboard.press(key)
        assert expected in page.date, key
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert "03:00" in page.date
    page.locator(".fl-map").click(position={"x": 5, "y": 200})
    page.keyboard.press("ArrowRight")
    assert "03:00" in page.date  # the arrows move the map there
    page.keyboard.press("PageUp")
    assert "28 Nov 2024, 03" in page.date
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.until("document.querySelector('.fl-slider').value > 0")
    assert page.evaluate("window.scrollY") == 0


def test_it_plays_only_when_told(board, open_page):
    page = open_page(board)
    page.wait_for_timeout(700)
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"
    page.locator(".fl-slider").focus()
    page.keyboard.press("Space")
    page.until("document.querySelector('.fl-slider').value > 1")
    assert page.locator(".fl-play").get_attribute("aria-label") == "Pause"
    page.locator(".fl-play").click()
    stopped = page.date
    page.wait_for_timeout(600)
    assert page.date == stopped
    page.locator(".fl-speed").select_option("30")
    page.locator(".fl-play").click()
    page.until("document.querySelector('.fl-slider').value === '16'")
    page.until("document.querySelector('.fl-play').title === 'Play'")
    page.locator(".fl-play").click()
    page.until("Number(document.querySelector('.fl-slider').value) < 16")


def test_buttons_step(board, open_page):
    page = open_page(board)
    page.get_by_role("button", name="One step on").click()
    page.get_by_role("button", name="One step on").click()
    page.get_by_role("button", name="One step back").click()
    assert "03:00" in page.date


def test_links_to_dates(board, open_page):
    page = open_page(board, "#2024-11-28T06:00Z")
    assert page.date == "Thu 28 Nov 2024, 06:00 UTC"
    page.evaluate("window.location.hash = '#2024-11-29'")
    page.until("document.querySelector('.fl-slider').value === '16'")
    page.locator(".fl-slider").press("Home")
    page.until("window.location.hash === '#2024-11-27'")
    assert open_page(board, "#2024-11-28T06:00:59Z").date == "Thu 28 Nov 2024, 06:00 UTC"
    for odd in ("#%E0%A4%A", "#yesterday", "#2024-13-45"):
        assert open_page(board, odd).date == "Wed 27 Nov 2024, 00:00 UTC"
    assert open_page(board, "#2031-01-01").date == "Fri 29 Nov 2024, 00:00 UTC"


def test_labels_do_not_touch(board, open_page):
    page = open_page(board)
    for zoom in (8, 9, 10):
        page.view("(parts, zoom) => void parts.map.setZoom(zoom, {animate: false})", zoom)
        boxes = page.view("(parts) => parts.layer.labels")
        assert boxes
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_click_says_who_held_the_spot_and_since_when(board, open_page):
    page = open_page(board, "#2024-11-28")
    at = page.view(
        "(parts, [lon, lat]) => parts.map.latLngToContainerPoint([lat, lon])", list(centre(2, 3))
    )
    page.locator(".fl-map").click(position={"x": at["x"], "y": at["y"]})
    popup = page.locator(".fl-popup")
    assert popup.locator(".fl-holder").inner_text() == "The Blues"
    assert "since Wed 27 Nov 2024, 15:00 UTC" in popup.inner_text()
    assert "Village 2-3" in popup.inner_text()


def test_open_answers_follow_the_clock(board, open_page):
    page = open_page(board, "#2024-11-28")
    popup = popup_at(page, *centre(2, 3))
    assert popup.locator(".fl-holder").inner_text() == "The Blues"
    page.locator(".fl-slider").press("Home")
    assert popup.locator(".fl-holder").inner_text() == "The Reds"
    page.locator(".fl-slider").fill("3")
    popup = popup_at(page, 36.52, 35.28)
    assert "Clashes in the north" in popup.inner_text()
    page.locator(".fl-slider").fill("5")
    assert page.view("(parts) => parts.map.hasLayer(parts.map._popup)")
    page.locator(".fl-slider").fill("6")
    assert not page.view("(parts) => parts.map.hasLayer(parts.map._popup)")


def test_no_event_before_it_began_and_none_lost_between_frames(open_page, tmp_path):
    case = board_case()
    case.events["valid_from"] = ["2024-11-27 07:00", "2024-11-25"]
    case.events["valid_to"] = ["2024-11-27 08:00", "2024-11-26"]
    page = open_page(save(case, tmp_path / "short.html"))
    shown = page.view(
        """(parts) => [0, 1, 2, 3, 4].map((frame) => {
            parts.layer.frame = frame;
            return parts.layer.eventsNow().map((event) => event.title);
        })"""
    )
    assert shown == [[], [], [], ["Clashes in the north"], []]


def test_a_claimed_border_is_no_front(board, open_page):
    page = open_page(board)
    kinds = page.view(
        """(parts) => {
            const of = (kind, actor) => parts.model.groups.findIndex(
                (group) => group.kind === kind && (group.actor < 0 ||
                    parts.model.actors[group.actor].name === actor));
            const reds = of("held", "Reds");
            return ["held", "claimed", "no_data"].map(
                (kind) => frontlineMaps.lineKind(parts.model, reds, of(kind, "Blues")));
        }"""
    )
    assert kinds == ["front", "unsure", "faint"]
    assert "front as claimed, not confirmed" in page.locator(".fl-legend").inner_text()


def test_rows_of_the_areas_stay(board, open_page):
    page = open_page(board)
    heights = set()
    for frame in range(17):
        page.locator(".fl-slider").fill(str(frame))
        page.wait_for_timeout(100)  # many steps in a row are written at a slower pace
        heights.add(page.locator(".fl-areas").bounding_box()["height"])
    assert len(heights) == 1
    page.locator(".fl-slider").press("Home")
    no_data = page.locator(".fl-areas tr", has_text="No data")
    history = board_case().history
    km2 = history.cells["area_km2"].to_numpy()[history.row == ROWS - 1].sum()
    expect(no_data).to_contain_text(f"{km2:,.0f}")
    expect(page.locator(".fl-areas tr", has_text="The Blues")).to_contain_text("\u2013")


def test_licence_and_date_stand_on_the_map(board, open_page):
    text = open_page(board).locator(".leaflet-control-attribution").inner_text()
    assert "CC0, as of Sun 1 Dec 2024" in text


def test_labels_make_way_for_events(board, open_page):
    page = open_page(board)
    page.view("(parts) => void parts.map.setView([35.2, 36.6], 10, {animate: false})")
    labels, spots = page.view(
        """(parts) => [parts.layer.labels,
            parts.model.events.map((event) => parts.layer.place(...event.at))]"""
    )
    assert labels
    for x, y in spots:
        for left, top, right, bottom in labels:
            assert not (left - 7 < x < right + 7 and top - 7 < y < bottom + 7)


def test_events_come_and_go_with_the_clock(board, open_page):
    page = open_page(board)
    titles = "(parts) => parts.layer.eventsNow().map((event) => event.title)"
    seen = {}
    for frame in (0, 1, 2, 5, 6, 8, 15, 16):
        page.locator(".fl-slider").fill(str(frame))
        seen[frame] = page.view(titles)
    assert seen == {
        0: [], 1: [], 2: ["Clashes in the north"], 5: ["Clashes in the north"], 6: [],
        8: ["Airstrike"], 15: ["Airstrike"], 16: [],
    }  # fmt: skip
    page.locator(".fl-slider").fill("3")
    page.view("(parts) => void parts.map.setView([35.28, 36.52], 10, {animate: false})")
    at = page.view("(parts) => parts.map.latLngToContainerPoint([35.28, 36.52])")
    page.locator(".fl-map").click(position={"x": at["x"], "y": at["y"]})
    popup = page.locator(".fl-popup")
    assert "Clashes in the north" in popup.inner_text()
    assert "5 km northeast of Big City" in popup.inner_text()
    link = popup.get_by_role("link")
    assert link.get_attribute("href") == "https://example.org/a?b=1&c=2"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_reports_on_one_spot_can_all_be_read(open_page, tmp_path):
    case = board_case()
    case.events.loc[1, "geometry"] = case.events.geometry[0].centroid
    case.events.loc[1, "valid_from"] = "2024-11-27 06:00"
    page = open_page(save(case, tmp_path / "two.html"), "#2024-11-27T09:00Z")
    at = page.view("(parts) => parts.map.latLngToContainerPoint([35.28, 36.52])")
    page.locator(".fl-map").click(position={"x": at["x"], "y": at["y"]})
    titles = page.locator(".fl-popup h2").all_inner_texts()
    assert sorted(titles) == ["Airstrike", "Clashes in the north"]


def test_changes_stand_in_a_table(board, open_page):
    page = open_page(board)
    page.locator(".fl-changes summary").click()
    rows = page.locator(".fl-changes tbody tr").all_inner_texts()
    assert len(rows) == 9  # three days; Reds to claimed, claimed to contested, contested to Blues
    history = board_case().history
    taken = (history.column < 3) & (history.row < ROWS - 1)  # at six, twelve and eighteen o'clock
    km2 = history.cells["area_km2"].to_numpy()[taken].sum()
    assert f"Wed 27 Nov 2024\tThe Blues (contested)\tThe Blues\t{km2:,.0f}" in [
        row.strip() for row in rows
    ]


def test_the_page_serves_those_who_cannot_see_or_need_calm(board, open_page):
    page = open_page(board, reduced_motion="reduce")
    assert page.locator(".fl-map").get_attribute("role") == "region"
    assert page.locator(".fl-map").get_attribute("aria-label") == "Map: Board"
    assert page.locator(".fl-speed").input_value() == "2"
    assert page.view("(parts) => parts.map.options.zoomAnimation") is False
    assert page.locator("h1").inner_text() == "Board"
    for button in page.locator("button").all():
        assert button.get_attribute("aria-label")


def test_a_phone(board, open_page):
    page = open_page(
        board, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        device_scale_factor=2,
    )  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in (".fl-play", ".fl-slider", ".fl-date"):
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844, name
    assert page.locator(".fl-play").bounding_box()["height"] >= 44
    assert not page.locator(".fl-legend").is_visible()
    page.locator(".fl-key summary").click()
    assert page.locator(".fl-legend").is_visible()
    page.locator(".fl-play").tap()
    page.until("Number(document.querySelector('.fl-slider').value) > 0")


def test_without_scripts_a_sentence_says_so(board, open_page, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{board}")
    assert "Allow scripts" in page.locator("noscript").inner_text()
    assert page.locator("h1").inner_text() == "Board"
    context.close()


def test_damaged_data_say_so(board, open_page, tmp_path):
    text = board.read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(re.sub(r'(id="frontline-payload">)[^<]+', r"\1H4sI", text), encoding="utf-8")
    page = open_page(broken)
    assert page.locator("[role=alert]").inner_text()


def test_texts_stay_texts(hostile, open_page):
    page = open_page(hostile)
    page.locator(".fl-slider").press("ArrowRight")
    for summary in page.locator("summary").all():
        if summary.evaluate("(node) => !node.parentElement.open"):
            summary.click()
    assert page.locator("h1").inner_text() == f"title {ALL}"
    assert page.title() == f"title {ALL}"
    assert page.locator("header p").inner_text() == f"subtitle {ALL}"
    assert LABELS[0] in page.locator(".fl-areas").inner_text()
    assert LABELS[1] in page.locator(".fl-changes").inner_text()
    notes = page.locator(".fl-notes").inner_text()
    for field in ("disclaimer", "credits", "licence", "method"):
        assert f"{field} {ALL}"[:-1] in notes.replace("Licence: licence", "licence")
    assert f"{ALL}: {ALL}" in notes
    assert [node.get_attribute("href") for node in page.locator(".fl-sources a").all()] == [
        "https://example.org/"
    ]
    legend = page.locator(".fl-legend").inner_text()
    for i, text in enumerate(HOSTILE):
        assert text in legend
        popup = popup_at(page, 36.05 + 0.06 * i, 35.15)
        assert popup.locator("h2").inner_text() == text
        assert f"\u201c{text}\u201d" in popup.inner_text()
        assert popup.locator("a").count() == 0
        # A place without a dot is answered for only where it was searched for.
        page.view(
            "(parts, at) => void parts.answer.at(L.latLng(at), {place: parts.model.places.find("
            "(place) => Math.hypot(place[1] - at[1], place[2] - at[0]) < 0.001)})",
            [35.35, 36.05 + 0.06 * i],
        )
        popup = page.locator(".fl-popup").last
        assert popup.locator("h2").inner_text() == f"{text} {text}"
        holder = popup.locator(".fl-holder").inner_text()
        assert any(label in holder for label in LABELS)
    page.mouse.move(640, 300)
    assert page.evaluate("window.ran") is None
    assert page.locator("main img, main svg[onload]").count() == 0
    assert page.messages == []
    assert page.requests == [f"file://{hostile}"]


def popup_at(page, lon, lat):
    page.view("(parts) => void parts.map.closePopup()")
    spot = [lat, lon]
    page.view("(parts, spot) => void parts.map.setView(spot, 11, {animate: false})", spot)
    at = page.view("(parts, spot) => parts.map.latLngToContainerPoint(spot)", spot)
    page.locator(".fl-map").click(position={"x": at["x"], "y": at["y"]})
    return page.locator(".fl-popup").last
