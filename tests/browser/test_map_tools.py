"""What a reader can ask of the map: sources, distances, places, words for a spot, units, names."""

import random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

import frontline as fl
from frontline.maps import bundle, save, time_map
from tests.browser.map_case import SimpleNamespace, board_case
from tests.browser.test_map_folium import without_network

pytestmark = pytest.mark.browser

GEOD = Geodesic.WGS84
WINDS = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split()


# ---- a theatre of which everything is known -------------------------------------------------

SOURCES = pd.DataFrame(
    {
        "id": ["S1", "S2", "S3"],
        "publisher": ["A Paper", "An Agency", "A Blog"],
        "title": ["Map of the year", "Town taken", ""],
        "url": ["https://example.org/1", "http://example.org/2", "javascript:alert(1)"],
    }
)
LETTER = '<img src=x onerror="window.ran=1"> a letter'


def reported_history():
    """Return a history of two towns, with an area that a third side takes in the east."""
    rows = [
        ("West", "A", "2024-11-01", "assessed", "S1", shapely.Point(36.25, 35.5)),
        ("East", "B", "2024-11-01", "confirmed", "S1", shapely.Point(36.75, 35.5)),
        ("West", "B", "2024-12-02 06:30", "reported", "S2", shapely.Point(36.25, 35.5)),
        ("East", "A", "2024-12-03", "claimed", "S1; S3", shapely.Point(36.75, 35.5)),
        ("", "C", "2024-12-04 12:00", "reported", LETTER, shapely.box(36.6, 35.6, 36.9, 35.9)),
    ]
    names = ["place", "actor", "valid_from", "basis", "source", "geometry"]
    reports = gpd.GeoDataFrame(pd.DataFrame(rows, columns=names), geometry="geometry", crs=4326)
    reports["place"] = reports["place"].replace("", None)
    return fl.ControlHistory.from_places(
        reports, outline=shapely.box(36, 35, 37, 36), sources=SOURCES
    )


def reported_case(**changes):
    places = gpd.GeoDataFrame(
        {
            "name": ["West", "East", "Far Hill"],
            "name_ar": ["\u063a\u0631\u0628", "\u0634\u0631\u0642", ""],
            "population": [200_000, 90_000, None],
        },
        geometry=gpd.points_from_xy([36.25, 36.75, 36.4], [35.5, 35.5, 35.9]),
        crs=4326,
    )
    case = {
        "name": "reported",
        "history": reported_history(),
        "places": places,
        "sources": SOURCES,
        "meta": {"title": "Reported", "starts": "2024-12-01", "ends": "2024-12-05"},
    }
    return SimpleNamespace(**(case | changes))


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    return save(reported_case(), tmp_path_factory.mktemp("reported") / "reported.html")


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return save(board_case(), tmp_path_factory.mktemp("board") / "board.html")


@pytest.fixture(scope="module")
def syria(tmp_path_factory):
    case = fl.load("syria-2024")
    return case, save(case, tmp_path_factory.mktemp("syria") / "syria.html")


def click(page, lon, lat, zoom=None):
    """Click a spot on the map, brought to the middle first if a zoom is given."""
    if zoom:
        page.view(
            "(parts, [at, zoom]) => void parts.map.setView(at, zoom, {animate: false})",
            [[lat, lon], zoom],
        )
    at = page.view("(parts, at) => parts.map.latLngToContainerPoint(at)", [lat, lon])
    page.locator(".fl-map").click(position={"x": at["x"], "y": at["y"]})
    # The map glides until the answer is seen whole; what is clicked meanwhile is somewhere else.
    page.until("!window.frontlineMaps.opened.map._panAnim?._inProgress")
    return page.locator(".fl-popup").last


# ---- who says so ----------------------------------------------------------------------------


def test_a_click_on_a_place_names_the_sources_of_all_that_was_said(reported, open_page):
    page = open_page(reported, "#2024-12-03")
    popup = click(page, 36.25, 35.5)
    assert popup.locator(".fl-holder").inner_text() == "B"
    rows = popup.locator(".fl-said li").all_inner_texts()
    assert [" ".join(row.split()) for row in rows] == [
        "before Sun 1 Dec 2024, 00:00 UTC: A (assessed) Source: A Paper: Map of the year",
        "Mon 2 Dec 2024, 06:30 UTC: B (reported) Source: An Agency: Town taken",
    ]
    assert "Nearest report" not in popup.inner_text()
    now = popup.locator("[aria-current=true]")
    assert now.inner_text().startswith("Mon 2 Dec")
    for node in popup.get_by_role("link").all():
        assert node.get_attribute("rel") == "noopener noreferrer"
        assert node.get_attribute("href") in ("https://example.org/1", "http://example.org/2")
    page.locator(".fl-slider").press("Home")
    assert popup.locator("[aria-current=true]").inner_text().startswith("before Sun 1 Dec")


def test_beside_a_place_the_nearest_report_speaks_and_says_how_far_it_is(reported, open_page):
    page = open_page(reported, "#2024-12-05")
    popup = click(page, 36.70, 35.45, 10)
    way = GEOD.Inverse(35.45, 36.70, 35.5, 36.75)
    assert 22.5 < way["azi1"] < 67.5  # so northeast
    said = popup.locator(".fl-said")
    km = way["s12"] / 1000
    found = said.locator("p").first.inner_text()
    assert found.startswith("Nearest report: East, ")
    assert found.endswith(" northeast of here")
    assert float(found.split(", ")[1].split(" km")[0]) == pytest.approx(km, abs=0.1)
    assert "A (claimed, not confirmed) (claimed)" in " ".join(said.inner_text().split())
    assert "Sources: A Paper: Map of the year; A Blog" in said.inner_text()
    assert said.get_by_role("link", name="A Blog").count() == 0  # its address is no link


def test_an_area_that_was_reported_is_told_apart_from_the_place(reported, open_page):
    page = open_page(reported, "#2024-12-05")
    popup = click(page, 36.75, 35.75, 10)
    assert popup.locator(".fl-holder").inner_text() == "C"
    last = popup.locator(".fl-said li").last.inner_text()
    assert "C (reported, of an area with this spot)" in last
    assert LETTER in last
    assert page.evaluate("window.ran") is None
    assert popup.locator("img").count() == 0


def test_in_every_cell_of_a_real_case_the_statement_in_force_is_the_history_s_own(syria, open_page):
    case, path = syria
    history = case.history
    cells = history.cells
    rng = np.random.default_rng(5)
    # Slivers of a few metres are finer than the grid of the map's lines.
    wide = np.flatnonzero(cells["area_km2"] > 0.01)
    chosen = rng.choice(wide, 250, replace=False)
    points = cells.geometry.iloc[chosen].representative_point()
    page = open_page(path)
    answers = page.view(
        """(parts, spots) => {
            const f = window.frontlineMaps, model = parts.model;
            return spots.map(([lon, lat]) => {
                const states = model.statesAt(f.worldX(lon), f.worldY(lat));
                const said = f.sayAt(model, lon, lat, states);
                if (!said || !said.sequence) return null;
                return [...model.times].map((now) => said.sequences.map((sequence) => {
                    const at = sequence.findLast((each) => each.from <= now);
                    return at ? [at.cited.join("; "), at.kind] : ["", "silence"];
                }));
            });
        }""",
        [[point.x, point.y] for point in points],
    )
    times = page.view("(parts) => [...parts.model.times]")
    moments = pd.to_datetime(times, unit="s", utc=True)
    spells = history.spells
    spells = spells[spells["recorded_to"].isna()]
    exact, several, missing = 0, 0, 0
    for cell, answer in zip(cells.index[chosen], answers, strict=True):
        own = spells[spells["cell"] == cell]
        if answer is None:
            missing += 1
            continue
        for moment, found in zip(moments[::12], answer[::12], strict=True):
            lasts = own["valid_to"].isna() | (own["valid_to"] > moment)
            now = own[(own["valid_from"] <= moment) & lasts]
            expected = now["source"].iloc[0] if len(now) else ""
            # Parts of one place's surroundings that look alike in every frame are not told apart.
            assert expected in [source for source, _ in found], (cell, moment)
            exact += len(found) == 1
            several += len(found) > 1
    assert exact > 2_000
    assert several <= 0.05 * exact
    assert missing <= 0.02 * len(chosen)


def test_a_history_of_maps_names_the_map_in_force(open_page, tmp_path):
    maps = gpd.GeoDataFrame(
        {
            "date": ["2024-12-01", "2024-12-02", "2024-12-04"],
            "actor": "A",
            "source": ["S1", "S2", "S3"],
        },
        geometry=[shapely.box(36, 35, x, 36) for x in (36.5, 36.6, 36.7)],
        crs=4326,
    )
    history = fl.ControlHistory.from_snapshots(
        maps, rest="B", outline=shapely.box(36, 35, 37, 36), sources=SOURCES
    )
    page = open_page(save(history, tmp_path / "maps.html"), "#2024-12-03")
    popup = click(page, 36.3, 35.5)
    said = popup.locator(".fl-said")
    assert said.inner_text() == "Map of Mon 2 Dec 2024, 00:00 UTC. Source: An Agency: Town taken"
    page.locator(".fl-slider").press("End")
    assert "Map of Wed 4 Dec 2024, 00:00 UTC. Source: A Blog" in said.inner_text()
    assert said.get_by_role("link").count() == 0


# ---- distances ------------------------------------------------------------------------------


def pairs_of_points():
    """Return pairs of every kind: short, long, antipodal, on a meridian, on the equator, polar."""
    rng = random.Random(20)  # noqa: S311
    out = []
    for i in range(6_000):
        lon, lat = rng.uniform(-180, 180), rng.uniform(-90, 90)
        if i % 6 == 0:
            other = (rng.uniform(-180, 180), rng.uniform(-90, 90))
        elif i % 6 == 1:
            end = GEOD.Direct(lat, lon, rng.uniform(0, 360), 10 ** rng.uniform(-2, 6.5))
            other = (end["lon2"], end["lat2"])
        elif i % 6 == 2:
            other = (lon + 180 + rng.uniform(-1, 1), -lat + rng.uniform(-1, 1))
        elif i % 6 == 3:
            lat, other = 0.0, (rng.uniform(-180, 180), 0.0)
        elif i % 6 == 4:
            other = (lon + rng.choice([0, 180]), rng.uniform(-90, 90))
        else:
            lat = rng.choice([90.0, -90.0, 0.0, lat])
            other = (rng.choice([lon, lon + 180, 3.0]), rng.choice([90.0, -90.0, 0.0, -lat]))
        out.append((lon, lat, other[0], max(-90.0, min(90.0, other[1]))))
    return out


def test_the_shortest_way_is_exact_everywhere(board, open_page):
    pairs = pairs_of_points()
    found = open_page(board).view(
        """(parts, pairs) => pairs.map((pair) => {
            const way = window.frontlineMaps.inverse(...pair);
            return [way.m, way.azimuth, way.arrival];
        })""",
        pairs,
    )
    for (lon1, lat1, lon2, lat2), (metres, azimuth, arrival) in zip(pairs, found, strict=True):
        way = GEOD.Inverse(lat1, lon1, lat2, lon2)
        assert metres == pytest.approx(way["s12"], abs=1e-6)
        # Where many ways are the shortest, another azimuth is as true: follow it to the end.
        if metres > 0:
            end = GEOD.Direct(lat1, lon1, azimuth, metres)
            assert GEOD.Inverse(end["lat2"], end["lon2"], lat2, lon2)["s12"] < 2e-6
            back = GEOD.Direct(lat2, lon2, arrival + 180, metres)
            assert GEOD.Inverse(back["lat2"], back["lon2"], lat1, lon1)["s12"] < 2e-6


def leg_text(one, two):
    way = GEOD.Inverse(one[1], one[0], two[1], two[0])
    azimuth = way["azi1"] % 360
    km = way["s12"] / 1000
    text = f"{km:.2f}" if km < 9.995 else f"{km:.1f}"
    return f"{text} km, {azimuth:.1f}\u00b0 {WINDS[round(azimuth / 22.5) % 16]}", km


def test_distances_with_the_mouse(board, open_page):
    page = open_page(board)
    button = page.get_by_role("button", name="Measure distances")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    spots = []
    for x, y in ((420, 200), (600, 260), (640, 420)):
        page.locator(".fl-map").click(position={"x": x, "y": y})
        page.wait_for_timeout(350)  # two clicks at once would be one on two points
        at = page.view("(parts, at) => parts.map.containerPointToLatLng(at)", [x, y])
        spots.append((at["lng"], at["lat"]))
    (one, first), (two, second) = leg_text(*spots[:2]), leg_text(*spots[1:])
    assert page.locator(".fl-legs li").all_inner_texts() == [one, two]
    assert page.locator(".fl-total").inner_text() == f"Total {first + second:.1f} km"
    assert page.locator(".fl-popup").count() == 0  # a click measures, it asks nothing
    spoken = page.locator(".fl-measure [role=status]").inner_text()
    assert spoken == f"Leg 2: {two}. Total {first + second:.1f} km"
    page.get_by_role("button", name="Take back the last point").click()
    assert page.locator(".fl-legs li").all_inner_texts() == [one]
    page.get_by_role("button", name="End measuring").click()
    assert not page.locator(".fl-measure").is_visible()
    assert page.locator("path.leaflet-interactive, .leaflet-overlay-pane path").count() == 0
    assert page.messages == []


def test_distances_with_the_keyboard(board, open_page):
    page = open_page(board, reduced_motion="reduce")
    page.get_by_role("button", name="Measure distances").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('fl-map')")
    assert page.locator(".fl-cross").is_visible()
    spots = []
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press("Enter")
        at = page.view("(parts) => parts.map.getCenter()")
        spots.append((at["lng"], at["lat"]))
        page.keyboard.press(key)
        page.wait_for_timeout(500)  # until the map stands still again
    page.keyboard.press("Enter")
    at = page.view("(parts) => parts.map.getCenter()")
    spots.append((at["lng"], at["lat"]))
    assert spots[0] != spots[1] != spots[2]
    expected = [leg_text(*spots[:2])[0], leg_text(*spots[1:])[0]]
    assert page.locator(".fl-legs li").all_inner_texts() == expected
    page.keyboard.press("Backspace")
    assert page.locator(".fl-legs li").all_inner_texts() == expected[:1]
    page.keyboard.press("Escape")
    assert not page.locator(".fl-measure").is_visible()
    assert page.evaluate("document.activeElement.title") == "Measure distances"
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"


# ---- a spot in words ------------------------------------------------------------------------


def scattered_case(count=160):
    """Return the board with places of all sizes under names that are nothing like each other."""
    rng = random.Random(8)  # noqa: S311
    letters = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    names = {"".join(rng.sample(letters, 3)).capitalize() for _ in range(3 * count)}
    names = sorted(names)[:: len(names) // count][:count]
    people = [round(10 ** rng.uniform(2.2, 6.2)) if i % 3 else None for i in range(len(names))]
    lons = [round(rng.uniform(36, 37), 4) for _ in names]
    lats = [round(rng.uniform(35, 35.6), 4) for _ in names]
    frame = gpd.GeoDataFrame(
        {"name": names, "population": people}, geometry=gpd.points_from_xy(lons, lats), crs=4326
    )
    return board_case(places=frame), frame


def spoken_differently(page, gazetteer, spots):
    """Return what the page and the library say of spots, where the two differ."""
    texts = page.view(
        """(parts, spots) => spots.map(
            (at) => window.frontlineMaps.describe(parts.model, ...at).text
        )""",
        spots,
    )
    said = [str(fl.describe(spot, gazetteer=gazetteer)) for spot in spots]
    return [pair for pair in zip(texts, said, strict=True) if pair[0] != pair[1]]


def test_a_spot_is_described_as_the_library_does(open_page, tmp_path):
    case, frame = scattered_case()
    page = open_page(save(case, tmp_path / "scattered.html"))
    rng = random.Random(9)  # noqa: S311
    spots = [
        [round(rng.uniform(35.9, 37.1), 5), round(rng.uniform(34.9, 35.7), 5)] for _ in range(600)
    ]
    spots += [[36.5, 30.0], [40.0, 35.3], [37.5, 35.2]]  # far away: steps of 5, 10 and 100 km
    assert spoken_differently(page, fl.Gazetteer.from_frame(frame), spots) == []


def test_of_a_real_case_nearly_every_spot_is_described_so(syria, open_page):
    # A page knows no second spellings and no two names that sound alike; the library does.
    case, path = syria
    page = open_page(path)
    rows = page.view("(parts) => parts.model.places.map((place) => place.slice(0, 5))")
    names, lons, lats, people, arabic = zip(*rows, strict=True)
    frame = gpd.GeoDataFrame(
        {"name": names, "population": [each or None for each in people], "alternate_names": arabic},
        geometry=gpd.points_from_xy(lons, lats),
        crs=4326,
    )
    rng = np.random.default_rng(3)
    west, south, east, north = case.history.cells.total_bounds
    spots = np.column_stack([rng.uniform(west, east, 400), rng.uniform(south, north, 400)])
    different = spoken_differently(page, fl.Gazetteer.from_frame(frame), spots.round(5).tolist())
    assert len(different) <= 0.03 * len(spots), different


def test_the_words_can_be_copied(reported, open_page):
    page = open_page(reported, permissions=["clipboard-read", "clipboard-write"])
    popup = click(page, 36.30, 35.53, 10)
    words = popup.locator(".fl-words").inner_text()
    assert words.startswith(str(fl.describe((36.30, 35.53), gazetteer=fl.Gazetteer.from_frame(
        reported_case().places.assign(population=[200_000, 90_000, None])))))  # fmt: skip
    lat, lon = (float(each) for each in words.split("(")[1].rstrip(")").split(", "))
    assert (lon, lat) == pytest.approx((36.30, 35.53), abs=0.002)
    popup.get_by_role("button", name="Copy the description").click()
    page.until("document.querySelector('.fl-described [role=status]').textContent === ' Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == words


def test_without_leave_to_copy_the_words_are_selected(reported, open_page):
    page = open_page(reported)
    page.evaluate(
        """() => {
            navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
            document.execCommand = () => false;
        }"""
    )
    popup = click(page, 36.30, 35.53, 10)
    popup.get_by_role("button", name="Copy the description").click()
    page.until("document.querySelector('.fl-described [role=status]').textContent.length > 5")
    assert "Selected" in popup.locator(".fl-described [role=status]").inner_text()
    selected = page.evaluate("String(window.getSelection())")
    assert selected == popup.locator(".fl-words").inner_text()


# ---- finding a place ------------------------------------------------------------------------

SPELLINGS = [
    ("Al-B\u0101b", ""), ("Ma\u2018arrat an-Nu\u2018m\u0101n", ""), ("\u00c9r\u00e9t\u00ed", ""),
    ("Hama", "\u062d\u0645\u0627\u0629"), ("Idlib", "\u0625\u062f\u0644\u0628"),
    ("Kafr Hama", ""), ("Hamadan", ""), ("Wadi", ""),
]  # fmt: skip


def named_case(extra=2_500):
    names = [name for name, _ in SPELLINGS] + [f"Farm {i:04d}" for i in range(extra)]
    arabic = [name for _, name in SPELLINGS] + [""] * extra
    rng = np.random.default_rng(1)
    return board_case(
        places=gpd.GeoDataFrame(
            {
                "name": names,
                "name_ar": arabic,
                "population": [5_000] * len(SPELLINGS) + [None] * extra,
            },
            geometry=gpd.points_from_xy(
                rng.uniform(36, 37, len(names)).round(4), rng.uniform(35, 35.6, len(names)).round(4)
            ),
            crs=4326,
        )
    )


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    return save(named_case(), tmp_path_factory.mktemp("named") / "named.html")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bab", ["Al-B\u0101b"]),
        ("EL BAB", ["Al-B\u0101b"]),
        ("maarrat al numan", ["Ma\u2018arrat an-Nu\u2018m\u0101n"]),
        ("ma'arrat an-nu'man", ["Ma\u2018arrat an-Nu\u2018m\u0101n"]),
        ("ereti", ["\u00c9r\u00e9t\u00ed"]),
        ("hama", ["Hama", "Hamadan", "Kafr Hama"]),  # the name, what begins so, what holds it
        ("\u062d\u0645\u0627\u0647", ["Hama"]),  # heh for teh marbuta
        ("\u062d\u064e\u0645\u064e\u0627\u0629", ["Hama"]),  # with vowel signs
        ("\u0627\u062f\u0644\u0628", ["Idlib"]),  # a bare alef for one with hamza
        ("\u0648\u0627\u062f\u0649", []),  # no Arabic name is given for Wadi
        ("xyz", []),
        ("(*[\\", []),
    ],
)  # fmt: skip
def test_any_spelling_finds_a_place(named, open_page, query, names):
    found = open_page(named).view(
        "(parts, query) => window.frontlineMaps.find(parts.model, query).map((place) => place[0])",
        query,
    )
    assert found == names


def test_the_search_is_a_combobox(named, open_page):
    page = open_page(named, reduced_motion="reduce")
    button = page.get_by_role("button", name="Find a place")
    button.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("combobox", name="Find a place")
    assert box.evaluate("(node) => node === document.activeElement")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.type("hama")
    assert box.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("listbox").get_attribute("id") == box.get_attribute("aria-controls")
    options = page.locator(".fl-found [role=option]")
    assert options.count() == 3
    assert page.locator(".fl-search [role=status]").inner_text() == "3 places"
    assert box.get_attribute("aria-activedescendant") is None
    for key, chosen in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", 2)):
        page.keyboard.press(key)
        current = options.nth(chosen)
        assert box.get_attribute("aria-activedescendant") == current.get_attribute("id")
        assert [each.get_attribute("aria-selected") for each in options.all()].index(
            "true"
        ) == chosen
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Escape")
    assert box.input_value() == ""
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert button.evaluate("(node) => node === document.activeElement")
    assert page.date == "Wed 27 Nov 2024, 00:00 UTC"  # no key of these was one of the clock


def test_a_found_place_is_gone_to_marked_and_explained(named, open_page):
    page = open_page(named, reduced_motion="reduce")
    page.get_by_role("button", name="Find a place").click()
    page.keyboard.type("farm 1999")
    page.keyboard.press("Enter")
    popup = page.locator(".fl-popup")
    assert popup.locator("h2").inner_text() == "Farm 1999"
    place = page.view("(parts) => parts.model.places.find((place) => place[0] === 'Farm 1999')")
    at = page.view("(parts) => parts.map.getCenter()")
    assert page.view("(parts) => parts.map.getZoom()") >= 10
    away = GEOD.Inverse(at["lat"], at["lng"], place[2], place[1])["s12"]
    assert away < 30_000  # the popup may have moved the map to be seen whole
    ring = page.locator(".leaflet-overlay-pane path")
    assert ring.count() == 1
    inside = "document.activeElement.classList.contains('leaflet-popup')"
    assert page.evaluate(inside)
    assert popup.locator("xpath=ancestor::*[@role='dialog']").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".fl-popup").count() == 0
    assert ring.count() == 0


def test_many_places_are_searched_at_once(named, open_page):
    page = open_page(named)
    page.get_by_role("button", name="Find a place").click()
    page.keyboard.type("farm")
    assert page.locator(".fl-found [role=option]").count() == 30
    assert (
        page.locator(".fl-search [role=status]").inner_text() == "2500 places, the first 30 listed"
    )
    spent = page.view(
        """(parts) => {
            const start = performance.now();
            for (let i = 0; i < 20; i++) window.frontlineMaps.find(parts.model, "farm 1" + i);
            return (performance.now() - start) / 20;
        }"""
    )
    assert spent < 100  # milliseconds


# ---- units and languages --------------------------------------------------------------------


def test_miles_are_exact_everywhere_and_remembered(reported, open_page):
    page = open_page(reported, "#2024-12-05")
    miles = page.get_by_role("button", name="Miles")
    assert miles.get_attribute("aria-pressed") == "false"
    popup = click(page, 36.70, 35.45, 10)
    scale = page.locator(".leaflet-control-scale-line")
    in_km = scale.bounding_box()["width"] / float(scale.inner_text().removesuffix(" km"))
    read = "() => [1, 2589988.110336 / 1e6, 1e5].map((v) => window.frontlineMaps.areaText(null, v))"
    assert page.evaluate(read) == ["1.0 km\u00b2", "2.6 km\u00b2", "100,000 km\u00b2"]
    miles.click()
    assert miles.get_attribute("aria-pressed") == "true"
    # A square mile has 1.609344 x 1.609344 square kilometres; 1e5 of these are 38,610 square miles.
    assert page.evaluate(read) == ["0.4 sq mi", "1.0 sq mi", "38,610 sq mi"]
    lengths = "() => [30, 1609.344, 160934.4].map((v) => window.frontlineMaps.lengthText(v))"
    assert page.evaluate(lengths) == ["98 ft", "1.00 mi", "100.0 mi"]
    found = popup.locator(".fl-said p").first.inner_text()
    way = GEOD.Inverse(35.45, 36.70, 35.5, 36.75)["s12"] / 1609.344
    assert float(found.split(", ")[1].split(" mi")[0]) == pytest.approx(way, abs=0.06)
    in_miles = scale.bounding_box()["width"] / float(scale.inner_text().removesuffix(" mi"))
    assert in_miles / in_km == pytest.approx(1.609344, rel=0.05)  # the bar ends on a whole pixel
    page.reload()
    page.until("!!window.frontlineMaps?.opened")
    assert miles.get_attribute("aria-pressed") == "true"
    assert " mi" in scale.inner_text()


def test_a_sandboxed_frame_forgets_but_works(reported, open_page, tmp_path):
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<iframe sandbox="allow-scripts" width="900" height="700" src="file://{reported}"></iframe>'
        "<script>window.frontlineMaps = {opened: true}</script>",
        encoding="utf-8",
    )
    page = open_page(outer)
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Miles").click()
    scale = frame.locator(".leaflet-control-scale-line")
    assert scale.inner_text().endswith("mi")
    assert [text for text in page.messages if "SecurityError" in text] == []


def test_arabic_names_are_drawn_and_spoken_as_such(reported, open_page):
    page = open_page(reported, "#2024-12-05")
    shot = """() => {
        const canvas = document.querySelector(".fl-canvas-labels");
        return canvas.toDataURL().length;
    }"""
    before = page.evaluate(shot)
    button = page.get_by_role("button", name="Names of places in Arabic")
    drawn = """(parts) => {
        const texts = [];
        const draw = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
            texts.push([text, this.direction, this.textAlign]);
            return draw.call(this, text, ...at);
        };
        document.querySelector("[aria-label='Names of places in Arabic']").click();
        CanvasRenderingContext2D.prototype.fillText = draw;
        return texts;
    }"""
    texts = page.view(drawn)
    assert ["\u063a\u0631\u0628", "rtl", "left"] in texts
    assert ["Far Hill", "ltr", "left"] in texts  # of which no Arabic name is given
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate(shot) != before
    popup = click(page, 36.25, 35.5)
    title = popup.locator("h2 [lang=ar]")
    assert (title.inner_text(), title.get_attribute("dir")) == ("\u063a\u0631\u0628", "rtl")
    assert "West" in popup.locator("h2").inner_text()
    button.click()
    assert popup.locator("h2 [lang=ar]").count() == 1  # still there, behind the other
    assert popup.locator("h2").inner_text().startswith("West")


def test_without_arabic_names_there_is_no_choice_of_them(board, open_page):
    assert open_page(board).get_by_role("button", name="Names of places in Arabic").count() == 0


# ---- keyboard, phone, folium ----------------------------------------------------------------


def test_a_spot_can_be_asked_about_with_the_keyboard(reported, open_page):
    page = open_page(reported, "#2024-12-05")
    page.locator(".fl-map").focus()
    page.keyboard.press("Enter")
    popup = page.locator(".fl-popup")
    assert popup.locator(".fl-holder").count() == 1
    assert page.evaluate("document.activeElement.getAttribute('role')") == "dialog"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("A", "BUTTON", "DIV")
    assert page.evaluate("!!document.activeElement.closest('.leaflet-popup')")
    page.keyboard.press("Escape")
    page.until("document.querySelectorAll('.fl-popup').length === 0")
    assert page.evaluate("document.activeElement.classList.contains('fl-map')")
    click(page, 36.3, 35.5)  # a click leaves the focus where the mouse put it
    assert page.evaluate("document.activeElement.classList.contains('fl-map')")
    assert not page.locator(".fl-cross").is_visible()


def test_the_tools_on_a_phone(reported, open_page):
    page = open_page(
        reported, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True,
        device_scale_factor=2,
    )  # fmt: skip
    tools = page.locator(".fl-tool").all()
    assert len(tools) == 4
    frame = page.locator(".fl-map").bounding_box()
    for tool in tools:
        box = tool.bounding_box()
        assert box["width"] >= 40
        assert box["height"] >= 40
        assert box["y"] + box["height"] <= frame["y"] + frame["height"]
        assert tool.get_attribute("aria-label")
    page.get_by_role("button", name="Find a place").tap()
    for name in (".fl-search", ".fl-measure"):
        if name == ".fl-measure":
            page.get_by_role("button", name="Measure distances").tap()
        box = page.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [390, 1280])
def test_beside_the_controls_of_folium(open_page, tmp_path, width):
    import folium
    from folium.plugins import Fullscreen

    m = time_map(reported_case())
    Fullscreen().add_to(m)
    folium.LayerControl().add_to(m)
    m.save(tmp_path / "map.html")
    page = open_page(
        tmp_path / "map.html", route=without_network, viewport={"width": width, "height": 844}
    )
    covered = page.evaluate(
        """() => {
            const controls = ".fl-tool, .leaflet-control-zoom a, .leaflet-control-layers";
            return [...document.querySelectorAll(controls)].filter((node) => {
                const box = node.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                return !node.contains(document.elementFromPoint(x, y));
            }).map((node) => node.outerHTML);
        }"""
    )
    assert covered == []
    assert page.locator(".fl-tool").count() == 4
    page.view("(parts) => void parts.map.closePopup()")
    page.get_by_role("button", name="Measure distances").click()
    assert page.locator(".fl-measure").is_visible()


def test_the_layer_takes_its_tools_away_and_brings_them_back(open_page, tmp_path):
    import folium

    m = time_map(reported_case())
    folium.LayerControl(collapsed=False).add_to(m)
    m.save(tmp_path / "map.html")
    page = open_page(tmp_path / "map.html", route=without_network)
    shown = page.locator(".leaflet-control-layers-overlays input").first
    for count in (0, 4, 0, 4):
        shown.evaluate("(node) => node.click()")
        assert page.locator(".fl-tool").count() == count
        assert page.locator(".fl-cross").count() == count // 4


def test_no_file_of_the_viewer_holds_a_sign_of_a_template():
    for sign in ("{{", "{%", "{#"):
        assert sign not in bundle.viewer_js()
