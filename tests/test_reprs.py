"""What every value shows in a notebook: small, complete, safe, in any theme."""

import re
from html.parser import HTMLParser

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import frontline as fl
from frontline import markup, palette
from frontline.errors import InputError
from frontline.gazetteer import Place
from frontline.maps import payload_of
from frontline.maps.decode import decode_payload
from frontline.sketches import Drawn, sketch
from tests.browser.map_case import board_case
from tests.browser.payloads import PAYLOADS
from tests.timing import processor_time

LARGEST = 8_000  # bytes; a notebook may hold hundreds of results


class Shown(HTMLParser):
    """The elements of a result, its words, and whether all that opens is closed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)


@pytest.fixture(scope="module")
def values():
    case = fl.load("syria-2024")
    return {
        "place": fl.place("Hama"),
        "location": fl.locate("5 km northeast of Hama's borders"),
        "locality": fl.parse("5 km northeast of Hama's borders"),
        "distance": fl.distance("Aleppo", "Hama"),
        "description": fl.describe((36.80, 35.16)),
        "gazetteer": fl.Gazetteer.bundled(),
        "reading": fl.read("Insurgents captured Aleppo. Clashes 5 km north of Hama."),
        "history": case.history,
        "case": case,
        "data": fl.sources.Data(
            "places", pd.DataFrame({"name": ["Hama"]}),
            fl.sources.Origin("names", "me", "", "CC0", "", True), ("one row was skipped",),
        ),
    }  # fmt: skip


SAYS = {
    "place": ["Hama", "city", "GeoNames", "CC BY 4.0"],
    "location": ["5 km northeast of Hama's borders", "36.82", "calibrated", "95%"],
    "locality": ["offset", "NE", "edge", "5000.0"],
    "distance": ["124.2 km SSW", "Aleppo, SY", "Hama, SY", "centres"],
    "description": ["5 km northeast of Hama", "5.0 km", "Hama, SY"],
    "gazetteer": ["places"],
    "reading": ["2 mentions, 1 claim", "Aleppo", "5 km north of Hama"],
    "history": ["2024-11-25 to 2024-12-11", "Syrian government", "SDF", "difference"],
    "case": ["Syria, 26 November – 11 December 2024", "24 events", "97 sources", "CC BY-SA 4.0"],
    "data": ["places: names", "1", "CC0", "one row was skipped"],
}


@pytest.mark.parametrize("name", SAYS)
def test_a_result_is_small_whole_and_harmless(values, name):
    html = values[name]._repr_html_()
    assert len(html.encode()) < LARGEST
    shown = Shown(html)
    for text in SAYS[name]:
        assert text in shown.text, text
    assert set(shown.tags) <= {
        "div", "style", "table", "caption", "tbody", "tr", "th", "td", "bdi", "i", "b",
        "svg", "path", "circle", "g", "text",
    }  # fmt: skip
    named = {each[1] for each in shown.attributes}
    assert not {each for each in named if each.startswith("on")}
    assert not named & {"id", "src", "href", "srcset", "action", "data"}
    assert "url(" not in html
    assert "@import" not in html
    assert "http" not in html.replace("https&#", "")
    for sign in ("{{", "{%", "{#", "`", "${"):
        assert sign not in html


@pytest.mark.parametrize("name", SAYS)
def test_the_plain_text_is_a_line_or_two(values, name):
    text = repr(values[name])
    assert 10 < len(text) < 200
    assert "\n" not in text
    assert "0x" not in text


@pytest.mark.parametrize("name", ["place", "location", "history", "case"])
def test_a_sketch_says_in_words_what_it_shows(values, name):
    shown = Shown(values[name]._repr_html_())
    of_svg = {key: value for tag, key, value in shown.attributes if tag == "svg"}
    assert of_svg["role"] == "img"
    assert of_svg["aria-label"].startswith("Sketch of ")
    assert re.search(r"\d k?m$", shown.text.strip())
    # In any theme: what is no side's colour is the colour of the text around.
    colours = {value for _, key, value in shown.attributes if key in ("fill", "stroke")}
    sides = {*palette.colours([str(n) for n in range(12)]).values()}
    sides |= {str(each).upper() for each in values["case"].actors["colour"]}
    assert colours - {"none", "currentColor"} <= sides


def test_the_areas_shown_are_those_of_the_history(values):
    history = values["history"]
    shown = Shown(history._repr_html_())
    for when in ("2024-11-26", "2024-12-11"):
        held = history.at(when).query("status in ('controlled', 'advance')")
        for actor, km2 in held.groupby("actor")["area_km2"].sum().items():
            if actor in ("Syrian government", "SDF", "Syrian Free Army"):
                assert f"{round(km2):,}" in shown.words, (actor, km2)


def test_a_sketch_costs_little(values):
    for name in ("place", "location", "history"):
        values[name]._repr_html_()
        spent = []
        for _ in range(5):
            with processor_time() as one:
                values[name]._repr_html_()
            spent.append(one.seconds)
        # 0.03 s on a quiet machine; on a busy one even the time of the processor is longer.
        assert min(spent) < 0.15, (name, spent)


def test_a_history_without_anything_shows_itself():
    frame = gpd.GeoDataFrame(
        {"actor": ["A"], "valid_from": ["2024-12-01"]}, geometry=[shapely.Point(36, 35)], crs=4326
    )
    history = fl.ControlHistory.from_places(frame, outline=shapely.box(35, 34, 37, 36))
    shown = Shown(history._repr_html_())
    assert "Control history" in shown.text
    assert "2024-12-01" in shown.text
    with pytest.raises(InputError):
        markup.element("script", "x")
    with pytest.raises(InputError):
        markup.element("p", "x", onclick="x")


def test_colours_that_are_none_are_passed_over(values):
    case = values["case"]
    actors = case.actors.assign(colour='"><script>')
    odd = fl.Case(
        name="x", history=case.history, places=case.places, events=case.events,
        sources=case.sources, actors=actors,
    )  # fmt: skip
    assert "script" not in odd._repr_html_()


# --- sketches -------------------------------------------------------------------------------


def numbers_of(picture):
    return [float(each) for each in re.search(r'viewBox="([^"]*)"', picture)[1].split()]


def test_a_sketch_is_true_to_scale():
    """A box of known size, against the bar: both measured on the drawing."""
    height_deg = 50 / 110.95  # kilometres in a degree of latitude there
    picture = sketch([Drawn(shapely.box(36, 35, 36.2, 35 + height_deg))], label="x")
    start, moves = re.search(r'd="M(\d+ \d+)l([^z]*)z"', picture).groups()
    steps = [int(each) for each in re.findall(r"-?\d+", moves)]
    assert start
    ys, total = [0], 0
    for step in steps[1::2]:
        total += step
        ys.append(total)
    box_km = max(ys) - min(ys)
    left, right = re.search(r'd="M(\d+) \d+v\d+H(\d+)v', picture).groups()
    bar_km = float(re.search(r"(\d+) km<", picture)[1])
    assert box_km / (int(right) - int(left)) * bar_km == pytest.approx(50, rel=0.03)


def test_a_sketch_of_very_much_stays_small():
    spikes = shapely.Polygon(
        [(36 + (i % 2) * 0.5 + i / 1e6, 35 + i / 20_000) for i in range(20_000)]
    )
    picture = sketch([Drawn(spikes.buffer(0), fill="red")], label="x")
    assert len(picture) < 40_000
    dust = shapely.MultiPoint([(36 + i / 5_000, 35) for i in range(5_000)])
    assert sketch([Drawn(dust)], label="x").count("<circle") == 1_500


def test_a_sketch_across_the_date_line_is_in_one_piece():
    both = shapely.MultiPolygon([shapely.box(179, 10, 180, 11), shapely.box(-180, 10, -179, 11)])
    _, _, width, height = numbers_of(sketch([Drawn(both)], label="x"))
    assert 1.2 < width / height < 3
    one = sketch([Drawn(shapely.box(36, 89.9, 37, 90))], label="x")
    assert "nan" not in one
    assert sketch([Drawn(shapely.Point(float("nan"), 1))], label="x") is None


# --- text, whatever it is -------------------------------------------------------------------

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@given(st.text())
def test_the_builder_gives_every_text_back(text):
    shown = Shown(markup.element("p", text, aria_label=text))
    expected = UNSTORABLE.sub("\ufffd", text)
    assert shown.text == expected
    assert ("p", "aria-label", expected) in shown.attributes
    assert shown.tags == ["p"]
    escaped = markup.escape(text)
    assert not set("<>&\"'`${}\\") & set(re.sub(r"&#\d+;", "", escaped))
    escaped.encode("utf-8")


@given(st.lists(st.sampled_from(PAYLOADS) | st.text(max_size=30), min_size=1, max_size=5))
def test_a_table_holds_texts_and_nothing_of_them_acts(texts):
    html = markup.card(markup.table(texts[0], [(text, text) for text in texts]))
    shown = Shown(html)
    own = {"div", "style", "table", "caption", "tbody", "tr", "th", "td", "i", "bdi"}
    assert set(shown.tags) == own
    assert shown.text.count(UNSTORABLE.sub("\ufffd", texts[-1])) >= 2 * (texts[-1] != "")


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_a_title_goes_through_the_payload_and_back(text):
    payload = BOARD.retitled(text)
    title = decode_payload(payload.text).head["meta"]["title"]
    assert title == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", payload.text)


@given(name=st.text(min_size=1, max_size=60), note=st.text(max_size=60))
def test_a_place_of_any_name_shows_itself(name, note):
    html = Place(name, 36.7, 35.1, source=note, radius_m=500.0)._repr_html_()
    html.encode("utf-8")
    assert UNSTORABLE.sub("\ufffd", name) in Shown(html).text


BOARD = payload_of(board_case())
