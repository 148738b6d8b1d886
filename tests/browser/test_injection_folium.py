"""Inside folium and inside a notebook: every kind of text stands there to the letter, none acts."""

import dataclasses
import os

import folium
import geopandas as gpd
import pytest
import shapely

import frontline as fl
from frontline.gazetteer import Place
from frontline.maps import TimeMapLayer, payload_of
from frontline.maps.mentions import MentionsLayer
from frontline.markup import escape
from tests.browser.map_case import board_case
from tests.browser.payloads import (
    DEED,
    EVERYTHING,
    HALF,
    PAYLOADS,
    RESULT,
    hostile_case,
    marked,
    nothing_done,
    spot,
    without_network,
)
from tests.browser.probe import comparable, missing, watched, words

pytestmark = pytest.mark.browser

TEXTS = (*PAYLOADS, HALF)
# A gazetteer refuses names with control characters.
NAMES = [text for text in PAYLOADS if "\x00" not in text]
READY = "!!window.frontlineMaps?.opened"
# What folium itself puts into a page.
OWN = "head > link[rel=stylesheet], head > script[src], iframe"

# Open every popup and tooltip that is on the map, and read them.
POPUPS = """() => {
    const map = Object.values(window).find((x) => x instanceof L.Map);
    const texts = [];
    map.eachLayer(function (layer) {
        if (layer.getTooltip?.()) {
            layer.openTooltip();
            texts.push(layer.getTooltip().getElement()?.textContent);
        }
        if (!layer.getPopup?.()) return;
        layer.openPopup(map.getCenter());
        texts.push(map.getPane("popupPane").textContent);
        map.closePopup();
    });
    return texts.join("\\n");
}"""


def reading(gazetteer):
    """Return a reading in which hostile names are found as places."""
    text = ". ".join(f"Clashes were reported near {marked('Qarya', each)}" for each in PAYLOADS)
    return fl.read(f"{text}.", gazetteer=gazetteer)


def values(case):
    """Return everything of the face that shows itself, made of hostile texts."""
    place = Place(
        EVERYTHING, 36.7, 35.1, names=TEXTS[-8:], kind=marked("kind", EVERYTHING[:300]),
        country=TEXTS[0], admin1=TEXTS[1], radius_m=900.0, radius_source=TEXTS[2],
        source=TEXTS[3], licence=TEXTS[4], remarks=TEXTS[:6],
    )  # fmt: skip
    near = fl.parse("5 km north of Hama")
    locality = dataclasses.replace(
        near, text=EVERYTHING, span=(0, len(EVERYTHING)), features=TEXTS[:6], remarks=TEXTS[6:12],
        within=dataclasses.replace(near, text=TEXTS[12], span=(0, 99)), path=TEXTS[13],
    )  # fmt: skip
    found = fl.locate("5 km north of Hama")
    location = dataclasses.replace(
        found, locality=locality, remarks=TEXTS[:9], features=(place,), method=TEXTS[9],
        parts=dict.fromkeys(TEXTS[10:16], 5.0),
    )  # fmt: skip
    distance = dataclasses.replace(
        fl.distance("Hama", "Homs"), first=EVERYTHING[:300], second=TEXTS[20], remarks=TEXTS[20:30]
    )
    description = dataclasses.replace(
        fl.describe((36.80, 35.16)), text=EVERYTHING[:200], place=place, reference=TEXTS[22]
    )
    names = gpd.GeoDataFrame(
        {"name": [marked("Qarya", text) for text in NAMES]},
        geometry=[shapely.Point(spot(i)) for i in range(len(NAMES))],
        crs=4326,
    )
    gazetteer = fl.Gazetteer.from_frame(names)
    origin = fl.sources.Origin(*TEXTS[23:28], None, TEXTS[28])
    data = fl.sources.Data(TEXTS[29], names.rename(columns={"name": TEXTS[30]}), origin, TEXTS)
    return {
        "case": case, "history": case.history, "place": place, "locality": locality,
        "location": location, "distance": distance, "description": description,
        "gazetteer": gazetteer, "data": data, "reading": reading(gazetteer),
    }  # fmt: skip


# What must stand in the table of each, uncut.
SHOWN = {
    "place": [*TEXTS[:6], TEXTS[-1]],
    "locality": TEXTS[:14],
    "location": TEXTS[:16],
    "distance": TEXTS[20:30],
    "description": [TEXTS[22]],
    "data": [*TEXTS[:8], *TEXTS[23:31]],
}


@pytest.fixture(scope="module")
def shown(browser, tmp_path_factory):
    """A notebook's page: what each value shows, then the same in popups and tooltips of folium."""
    case = hostile_case()
    html = {name: value._repr_html_() for name, value in values(case).items()}
    folder = tmp_path_factory.mktemp("shown")
    notebook = folder / "notebook.html"
    map_of_case = case.map()
    cells = "".join(f'<div id="{name}">{text}</div>' for name, text in html.items())
    notebook.write_text(
        f"<!doctype html><meta charset=utf-8><title>n</title><body>{cells}"
        f"<div id=map>{map_of_case._repr_html_()}</div>",
        encoding="utf-8",
    )
    m = folium.Map(tiles=None, location=[35.2, 36.4], zoom_start=9)
    TimeMapLayer(payload_of(case), name=EVERYTHING).add_to(m)
    TimeMapLayer(payload_of(board_case()), name=HALF, show=False).add_to(m)
    rows = [
        {"text": marked("said", text), "note": marked("note", text),
         "lon": spot(i)[0], "lat": spot(i)[1], "region": None}
        for i, text in enumerate(TEXTS)
    ]  # fmt: skip
    for text in TEXTS:
        MentionsLayer([], name=marked("layer", text)).add_to(m)
    MentionsLayer(rows).add_to(m)
    for i, text in enumerate(html.values()):
        popup = folium.Popup(text, max_width=700)
        folium.CircleMarker([35.0, 36.0 + i / 20], popup=popup, tooltip=text).add_to(m)
    folium.LayerControl(collapsed=False).add_to(m)
    saved = folder / "map.html"
    m.save(saved)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield html, notebook, saved, context
    context.close()


def test_values_show_text_in_a_notebook(shown):
    html, notebook, _, context = shown
    record = watched(context, f"file://{notebook}", without_network)
    for name, expected in SHOWN.items():
        words_ = record.page.evaluate(f"document.getElementById('{name}').textContent")
        assert missing(expected, comparable(words_)) == [], name
    frame = next(each for each in record.page.frames if each.parent_frame)
    record.until(READY, frame=frame)
    assert missing([marked("title", EVERYTHING)], words(frame)) == []
    record.check(own=OWN)
    svgs = record.page.evaluate("document.querySelectorAll('svg[role=img][aria-label]').length")
    assert svgs >= 4
    assert record.page.evaluate("document.querySelectorAll('[id]').length") == len(html) + 1
    assert nothing_done()


def test_maps_of_folium_show_text(shown):
    _, _, saved, context = shown
    text = saved.read_text(encoding="utf-8")
    assert RESULT not in text.replace(EVERYTHING, "")
    record = watched(context, f"file://{saved}", without_network)
    record.until(READY)
    record.page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    on_page = words(record.page)
    names = [marked("layer", each) for each in TEXTS]
    assert missing([*names, EVERYTHING, HALF], on_page) == []
    assert missing([marked("label", each) for each in PAYLOADS], on_page) == []
    popups = comparable(record.page.evaluate(POPUPS))
    said = [marked(field, each) for field in ("said", "note") for each in TEXTS]
    assert missing(said, popups) == []
    for name, expected in SHOWN.items():
        assert missing(expected, popups) == [], name
    record.check(own=OWN)
    assert nothing_done()


def test_the_probes_would_tell(browser, tmp_path):
    """The same texts put into folium as they are: all that is watched for then happens."""
    m = folium.Map(tiles=None, location=[35, 36])
    folium.Marker([35, 36], popup=PAYLOADS[0], tooltip="{{ 7777777*1111 }}").add_to(m)
    folium.Marker([35, 36], popup="{{" + PAYLOADS[24].strip("{}") + "}}").add_to(m)
    path = tmp_path / "m.html"
    try:
        m.save(path)
        assert not nothing_done()
    finally:
        os.environ.pop(DEED, None)
    assert RESULT in path.read_text(encoding="utf-8")
    context = browser.new_context()
    record = watched(context, f"file://{path}", without_network)
    record.until("window.__ran === 1")
    context.close()


def test_escaped_text_comes_back_through_a_template():
    for text in TEXTS:
        m = folium.Map(tiles=None)
        folium.Popup(escape(text)).add_to(folium.Marker([35, 36]).add_to(m))
        page = m.get_root().render()
        assert RESULT not in page
        assert nothing_done()
