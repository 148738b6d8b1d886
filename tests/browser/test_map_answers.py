"""What a click is told: of the spot itself, of the date drawn there, and no more than is known."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

import frontline as fl
from frontline.maps import TimeMapLayer, payload_of, save
from tests.browser.map_case import SimpleNamespace, board_case
from tests.browser.test_map_folium import without_network
from tests.browser.test_map_tools import click, reported_case

pytestmark = pytest.mark.browser

ALEPPO = "\u062d\u0644\u0628"


@pytest.fixture(scope="module")
def syria(tmp_path_factory):
    case = fl.load("syria-2024")
    return case, save(case, tmp_path_factory.mktemp("syria") / "syria.html")


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    return save(reported_case(), tmp_path_factory.mktemp("reported") / "reported.html")


def asked(page, lon, lat):
    """Ask about a spot, as a click there does, and return the words."""
    page.view("(parts, [lon, lat]) => void parts.answer.at(L.latLng(lat, lon), {})", [lon, lat])
    return page.locator(".fl-popup").last.inner_text()


def maps_of(rows, **options):
    """Return a history of maps on which a side holds the land from 36 degrees to `east`."""
    frame = gpd.GeoDataFrame(
        {"date": [date for date, _ in rows], "actor": "A"},
        geometry=[shapely.box(36, 35, east, 36) for _, east in rows],
        crs=4326,
    )
    return fl.ControlHistory.from_snapshots(frame, **options)


# ---- the spot itself ------------------------------------------------------------------------


def test_random_spots_are_answered_as_the_history_answers(syria, open_page):
    case, path = syria
    page = open_page(path, "#2024-12-03", reduced_motion="reduce")
    rng = np.random.default_rng(11)
    west, south, east, north = case.history.cells.total_bounds
    spots = np.column_stack([rng.uniform(west, east, 300), rng.uniform(south, north, 300)])
    answers = page.view(
        """(parts, spots) => spots.map(([lon, lat]) => {
            const spot = L.latLng(lat, lon);
            const at = parts.map.latLngToContainerPoint(spot);
            const near = parts.layer.named.some((place) =>
                at.distanceTo(parts.map.latLngToContainerPoint([place[2], place[1]])) < 12);
            const size = parts.map.getSize();
            const seen = at.x >= 0 && at.y >= 0 && at.x <= size.x && at.y <= size.y;
            parts.answer.at(spot, {});
            const popup = document.querySelector(".fl-popup");
            return [popup.querySelector(".fl-holder")?.textContent, near, seen,
                popup.querySelector(".fl-words")?.textContent,
                popup.querySelector("h2")?.textContent];
        })""",
        spots.tolist(),
    )
    holders = case.history.holder(spots, "2024-12-03")
    labels = dict(zip(case.actors["name"], case.actors["label"], strict=True))
    inside = case.history.cells.union_all()
    checked = 0
    for (lon, lat), (text, near, seen, words, heading), actor in zip(
        spots, answers, holders, strict=True
    ):
        if near or text is None:  # a place that is drawn, or an event
            continue
        assert heading is None
        assert words.split("(")[-1].rstrip(")") == f"{lat:.4f}, {lon:.4f}"
        if not inside.contains(shapely.Point(lon, lat)):
            assert text == "Outside the area of this map"
        elif actor is not None:
            assert text.split(" (")[0] in (labels[actor].split(" (")[0], "Contested"), (lon, lat)
        else:
            assert text in ("No data", "Contested")
        checked += seen
    assert checked > 150


def test_a_place_is_meant_only_where_its_dot_is_drawn(syria, open_page):
    _, path = syria
    page = open_page(path, reduced_motion="reduce")
    hidden, shown = page.view(
        """(parts) => {
            const drawn = parts.layer.named;
            const away = (a, b) => Math.hypot(a[1] - b[1], a[2] - b[2]);
            const lone = parts.model.places.filter((place) => !drawn.includes(place) &&
                drawn.every((other) => away(place, other) > 0.3));
            return [lone[0], drawn[0]];
        }"""
    )
    text = asked(page, hidden[1] + 0.01, hidden[2])
    assert page.locator(".fl-popup h2").count() == 0
    assert f"{hidden[2]:.4f}, {hidden[1] + 0.01:.4f}" in text
    asked(page, shown[1] + 0.01, shown[2])
    assert page.locator(".fl-popup h2").inner_text().startswith(shown[0])
    page.view("(parts) => void parts.layer.toggle('names', false)")
    asked(page, shown[1] + 0.01, shown[2])
    assert page.locator(".fl-popup h2").count() == 0


def test_land_that_no_map_draws_is_nobody_s_or_the_rest_s(open_page, tmp_path):
    rows = [("2024-01-01", 36.4), ("2024-01-02", 36.6), ("2024-01-03", 36.6)]
    far = (37.2, 35.5)
    expected = "Nobody: no map draws this spot"
    for number, (options, told) in enumerate(
        [({}, expected), ({"rest": "B"}, "B"), ({"outline": shapely.box(36, 35, 37, 36)}, None)]
    ):
        history = maps_of(rows, **options)
        page = open_page(save(history, tmp_path / f"maps{number}.html"), "#2024-01-01")
        asked(page, *far)
        holder = history.holder([far], "2024-01-01").iloc[0]
        text = page.locator(".fl-holder").inner_text()
        assert text == (told or "Outside the area of this map")
        assert (holder == text) or (holder is None and told != "B")
    page = open_page(
        save(maps_of(rows), tmp_path / "later.html"), "#2024-01-01", reduced_motion="reduce"
    )
    assert expected in asked(page, 36.5, 35.5)  # drawn from the second map on
    page.locator(".fl-slider").press("End")
    assert page.locator(".fl-holder").inner_text() == "A"
    page.locator(".fl-slider").press("Home")
    page.view("(parts) => void parts.map.closePopup().setView([35.5, 36.5], 9, {animate: false})")
    page.locator(".fl-map").focus()
    page.keyboard.press("Enter")
    assert page.locator(".fl-holder").inner_text() == expected


def test_a_rest_that_holds_no_cell_is_named(open_page, tmp_path):
    history = maps_of([("2024-01-01", 36.5), ("2024-01-02", 36.5)], rest="Others")
    page = open_page(save(history, tmp_path / "rest.html"))
    asked(page, 37.2, 35.5)
    assert page.locator(".fl-holder").inner_text() == "Others"
    assert history.holder([(37.2, 35.5)], "2024-01-02").iloc[0] == "Others"


def test_outside_of_a_theatre_that_ends_there_is_no_holder(open_page, tmp_path):
    page = open_page(save(board_case(), tmp_path / "board.html"))
    asked(page, 37.06, 35.3)
    assert page.locator(".fl-holder").inner_text() == "Outside the area of this map"
    assert "since" not in page.locator(".fl-popup").inner_text()


# ---- since when, and on what basis ----------------------------------------------------------


def test_before_is_said_only_where_a_statement_says_so(syria, reported, open_page, tmp_path):
    page = open_page(reported, "#2024-12-01")
    click(page, 36.25, 35.5)  # of 1 November, a month before the first date
    assert "since before Sun 1 Dec 2024, 00:00 UTC" in page.locator(".fl-popup").inner_text()
    case, path = syria
    spot, first = shapely.Point(38.7, 33.6), pd.Timestamp(case.meta["starts"])
    cells, spells = case.history.cells, case.history.spells
    own = spells[spells["cell"].isin(cells.index[cells.contains(spot)])]
    own = own[own["recorded_to"].isna() & (own["valid_from"] <= first)]
    assert own["valid_from"].max() == first  # the statement in force begins on the first date
    text = asked(open_page(path), 38.7, 33.6)
    assert "since before" not in text
    assert "at least since Tue 26 Nov 2024, 00:00 UTC, the first date shown" in text
    history = maps_of([("2024-01-01", 36.5), ("2024-01-02", 36.6)])
    text = asked(open_page(save(history, tmp_path / "maps.html")), 36.2, 35.5)
    assert "at least since Mon 1 Jan 2024" in text
    assert "before" not in text


def test_after_days_without_a_map_the_day_is_not_known(open_page, tmp_path):
    rows = [("2023-12-30", 36.4), ("2023-12-31", 36.4), ("2024-01-01", 36.4), ("2024-01-08", 36.7)]
    history = maps_of(rows, rest="B", outline=shapely.box(36, 35, 37, 36))
    assert len(history.gaps) == 6
    page = open_page(save(history, tmp_path / "gap.html"), "#2024-01-08")
    asked(page, 36.6, 35.5)
    since = "since a day between Mon 1 Jan 2024 and Mon 8 Jan 2024"
    assert page.get_by_text(since, exact=True).count() == 1
    rows = page.locator(".fl-spells li").all_inner_texts()
    assert rows == ["at first B", "a day between Mon 1 Jan 2024 and Mon 8 Jan 2024 A"]


def test_the_basis_is_that_of_the_date_shown(open_page, tmp_path):
    rows = [("2024-12-01", "assessed"), ("2024-12-03", "confirmed")]
    reports = gpd.GeoDataFrame(
        {"place": "West", "actor": "A", "valid_from": [row[0] for row in rows],
         "basis": [row[1] for row in rows], "source": "S1"},
        geometry=[shapely.Point(36.5, 35.5)] * 2, crs=4326,
    )  # fmt: skip
    history = fl.ControlHistory.from_places(reports, outline=shapely.box(36, 35, 37, 36))
    page = open_page(save(history, tmp_path / "basis.html"), "#2024-12-01")
    asked(page, 36.5, 35.5)
    popup = page.locator(".fl-popup")
    assert "Basis: assessed" in popup.inner_text()
    page.locator(".fl-slider").press("End")
    assert "Basis: confirmed" in popup.inner_text()
    assert "Basis: assessed" not in popup.inner_text()


def test_the_infill_rule_is_no_source(syria, open_page):
    _, path = syria
    page = open_page(path)
    page.locator(".fl-slider").press("End")
    page.view(
        """(parts) => {
            const { sites } = parts.model.statements;
            const one = sites.find((site) => site.sequences[0].at(-1).kind === "infill");
            parts.answer.at(L.latLng(one.place[2], one.place[1]), {place: one.place});
        }"""
    )
    text = page.locator(".fl-popup").inner_text()
    assert "assessed from the reports around it; nobody reported it" in text
    assert "infill" not in text.lower()


def test_every_answer_says_of_which_date_it_is(syria, open_page):
    _, path = syria
    page = open_page(path, "#2024-11-27")
    asked(page, 38.7, 33.6)
    line = page.locator(".fl-popup section > p").first
    assert line.inner_text() == "On Wed 27 Nov 2024, 00:00 UTC:"
    page.locator(".fl-slider").press("ArrowRight")
    assert line.inner_text() == f"On {page.date}:" != "On Wed 27 Nov 2024, 00:00 UTC:"


# ---- two dates on one map -------------------------------------------------------------------


def swiped(page, share):
    box = page.locator(".fl-map").bounding_box()
    bar = page.locator(".fl-swipe").bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 2, box["y"] + box["height"] / 3)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 3)
    page.mouse.up()


def test_each_half_answers_for_its_own_date(reported, open_page):
    page = open_page(reported, "#2024-12-05")
    page.view("(parts) => parts.compare.set(0, 'swipe')")
    popup = click(page, 36.25, 35.5)
    assert popup.locator(".fl-holder").inner_text() == "A"
    assert "On Sun 1 Dec 2024" in popup.inner_text()
    popup.page.locator(".fl-swipe").press("Home")
    assert popup.locator(".fl-holder").inner_text() == "B"
    assert "On Thu 5 Dec 2024" in popup.inner_text()
    page.view("(parts) => parts.compare.set(0, 'off')")
    page.locator(".fl-slider").press("Home")
    assert popup.locator(".fl-holder").inner_text() == "A"


def test_events_stand_on_the_half_of_their_date(open_page, tmp_path):
    page = open_page(save(board_case(), tmp_path / "board.html"), "#2024-11-28")
    drawn = """(parts, [lon, lat]) => {
        const canvas = document.querySelector(".fl-canvas-events");
        const box = canvas.getBoundingClientRect();
        const frame = parts.map.getContainer().getBoundingClientRect();
        const at = parts.map.latLngToContainerPoint([lat, lon]);
        const ratio = canvas.width / box.width;
        const data = canvas.getContext("2d").getImageData(
            (at.x + frame.left - box.left - 8) * ratio,
            (at.y + frame.top - box.top - 8) * ratio, 16, 16).data;
        return data.some((value) => value > 0);
    }"""
    strike = [36.86, 35.12]  # on 28 November only
    assert page.view(drawn, strike)
    page.view("(parts) => parts.compare.set(0, 'swipe')")
    assert page.view(drawn, strike)  # in the east, on the later half
    page.locator(".fl-swipe").press("End")
    assert not page.view(drawn, strike)
    assert "Airstrike" not in asked(page, *strike)
    page.locator(".fl-swipe").press("Home")
    assert page.view(drawn, strike)
    assert "Airstrike" in asked(page, *strike)
    page.view("(parts) => parts.compare.set(0, 'off')")
    page.locator(".fl-slider").press("Home")
    assert not page.view(drawn, strike)


# ---- events ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("precision", "ends", "text"),
    [
        ("day", None, "Wed 27 Nov 2024"),
        ("day", "2024-11-28", "Wed 27 Nov 2024"),
        ("day", "2024-11-29", "Wed 27 Nov 2024 to Thu 28 Nov 2024"),
        ("part", None, "Wed 27 Nov 2024, about 00:00 UTC"),
        ("minute", None, "Wed 27 Nov 2024, 00:00 UTC"),
    ],
)
def test_an_event_is_dated_no_finer_than_its_source_does(
    open_page, tmp_path, precision, ends, text
):
    events = gpd.GeoDataFrame(
        {"title": ["Raid"], "kind": ["clashes"], "valid_from": ["2024-11-27"], "valid_to": [ends],
         "precision": [precision], "source": ["S1"]},
        geometry=[shapely.Point(36.52, 35.32)], crs=4326,
    )  # fmt: skip
    page = open_page(save(board_case(events=events), tmp_path / "event.html"))
    asked(page, 36.52, 35.32)
    assert page.locator(".fl-popup h2").inner_text() == "Raid"
    assert page.locator(".fl-popup .fl-soft").inner_text() == text


def test_a_day_of_the_bundled_case_is_a_day(syria, open_page):
    case, path = syria
    event = case.events[case.events["title"] == "Drone strike on commanders"].iloc[0]
    assert event["precision"] == "day"
    page = open_page(path, "#2024-12-02")
    asked(page, event["point"].x, event["point"].y)
    assert "Mon 2 Dec 2024" in page.locator(".fl-popups").inner_text()
    assert "Mon 2 Dec 2024, 00:00" not in page.locator(".fl-popups").inner_text()


# ---- names ----------------------------------------------------------------------------------


def test_a_city_is_not_in_a_part_of_itself(syria, open_page):
    case, path = syria
    page = open_page(path)
    page.get_by_role("button", name="Find a place").click()
    page.keyboard.type("aleppo")
    first = page.locator(".fl-found [role=option]").first
    assert first.locator("span span").first.inner_text() == "Aleppo"
    where = first.locator("small").inner_text()
    assert not where.startswith("in ")
    assert "Citadel" not in where
    aleppo = case.places[case.places["name"] == "Aleppo"].geometry.iloc[0]
    if where:
        km = float(where.split(" km")[0])
        other = case.places[case.places["name"] == where.split(" of ")[1]].geometry.iloc[0]
        way = Geodesic.WGS84.Inverse(aleppo.y, aleppo.x, other.y, other.x)["s12"]
        assert km * 1000 == pytest.approx(way, rel=0.1)


def test_arabic_finds_the_main_cities_of_the_bundled_case(syria, open_page):
    _, path = syria
    assert path.stat().st_size <= 300_000
    page = open_page(path)
    assert page.get_by_role("button", name="Names of places in Arabic").count() == 1
    names = {"Aleppo": ALEPPO, "Damascus": "\u062f\u0645\u0634\u0642", "Homs": "\u062d\u0645\u0635",
             "Hama": "\u062d\u0645\u0627\u0629", "Tartus": "\u0637\u0631\u0637\u0648\u0633",
             "Raqqa": "\u0627\u0644\u0631\u0642\u0629",
             "Idlib": "\u0625\u062f\u0644\u0628"}  # fmt: skip
    for name, arabic in names.items():
        found = page.view(
            "(parts, query) => window.frontlineMaps.find(parts.model, query)[0].slice()", arabic
        )
        assert (found[0], found[4]) == (name, arabic)
    assert page.view("(parts) => parts.layer.named.slice(0, 20).every((place) => place[4])")


def test_few_arabic_names_are_no_language(open_page, tmp_path):
    places = reported_case().places
    places["name_ar"] = [ALEPPO, "", ""]
    page = open_page(save(reported_case(places=places), tmp_path / "few.html"))
    assert page.get_by_role("button", name="Names of places in Arabic").count() == 0


# ---- several layers -------------------------------------------------------------------------


def two_layers(open_page, tmp_path):
    import folium

    m = folium.Map(tiles=None, location=[35.5, 36.5], zoom_start=8)
    for title in ("First", "Second"):
        case = reported_case(meta=reported_case().meta | {"title": title})
        TimeMapLayer(payload_of(SimpleNamespace(**vars(case)))).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    m.save(tmp_path / "two.html")
    page = open_page(tmp_path / "two.html", route=without_network)
    page.until("document.querySelectorAll('.fl-slider').length === 2")
    return page


def clicked(page, lon, lat):
    page.view("(parts, at) => void parts.map.fire('click', {latlng: L.latLng(at)})", [lat, lon])


def test_one_answer_for_all_layers(open_page, tmp_path):
    page = two_layers(open_page, tmp_path)
    clicked(page, 36.3, 35.4)
    assert page.locator(".leaflet-popup").count() == 1
    titles = page.locator(".fl-popup .fl-kind")
    assert sorted(titles.all_text_contents()) == ["First", "Second"]
    holders = page.locator(".fl-popup .fl-holder")
    assert holders.all_inner_texts() == ["A", "A"]
    page.locator(".fl-slider").first.press("End")
    assert sorted(holders.all_inner_texts()) == ["A", "B"]
    page.locator(".leaflet-control-layers-overlays input").first.evaluate("(node) => node.click()")
    page.until("document.querySelectorAll('.leaflet-popup').length === 0")
    clicked(page, 36.3, 35.4)
    assert page.locator(".fl-popup .fl-holder").count() == 1
    assert titles.count() == 0


def test_while_one_layer_measures_no_layer_answers(open_page, tmp_path):
    page = two_layers(open_page, tmp_path)
    rulers = page.get_by_role("button", name="Measure distances")
    rulers.nth(0).click()
    clicked(page, 36.3, 35.4)
    assert page.locator(".leaflet-popup").count() == 0
    rulers.nth(1).click()  # ends the other one
    assert [each.get_attribute("aria-pressed") for each in rulers.all()] == ["false", "true"]
    for spot in ((36.3, 35.4), (36.5, 35.4)):
        clicked(page, *spot)
    assert page.locator(".fl-legs li").count() == 1
    assert page.locator(".leaflet-popup").count() == 0
    rulers.nth(1).click()
    clicked(page, 36.3, 35.4)
    assert page.locator(".leaflet-popup").count() == 1


def test_enter_opens_one_answer_for_two_layers(open_page, tmp_path):
    page = two_layers(open_page, tmp_path)
    page.locator(".leaflet-container").focus()
    page.keyboard.press("Enter")
    assert page.locator(".leaflet-popup").count() == 1
    assert page.locator(".fl-popup .fl-holder").count() == 2
    page.keyboard.press("Escape")
    page.until("document.querySelectorAll('.fl-popup').length === 0")
