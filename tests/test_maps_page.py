"""The saved page and the folium layer, read as text."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import metadata
from types import SimpleNamespace

import folium
import pytest
import xyzservices

from frontline.errors import InputError, MissingDependencyError
from frontline.maps import TimeMapLayer, bundle, payload_of, save, time_map
from frontline.maps.decode import decode_payload
from frontline.maps.tiles import tile_service
from frontline.scene.content import safe_url
from tests.browser.map_case import board_case
from tests.browser.texts import HOSTILE, hostile_case


class Page(HTMLParser):
    """The elements of a page, its scripts and styles with their text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.texts = {}
        self.open = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open = True

    def handle_endtag(self, tag):
        self.open = False

    def handle_data(self, data):
        if self.open:
            self.texts[len(self.elements) - 1] = self.texts.get(len(self.elements) - 1, "") + data

    def all(self, tag):
        return [
            (attributes, self.texts.get(i, ""))
            for i, (name, attributes) in enumerate(self.elements)
            if name == tag
        ]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "board.html"
    assert save(board_case(), path) == path
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(saved):
    return Page(saved)


def policy_of(page):
    (content,) = [
        attributes["content"]
        for attributes, _ in page.all("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    return {rule.split()[0]: rule.split()[1:] for rule in content.split(";")}


def unpacked(page):
    """Return the (tag, text) pairs that the page carries compressed."""
    ((_, text),) = [entry for entry in page.all("script") if entry[0].get("id") == "frontline-code"]
    return json.loads(gzip.decompress(base64.b64decode(text)))


def test_policy_lists_hashes_and_nothing_else(page):
    policy = policy_of(page)
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["img-src"] == ["data:"]
    carried = unpacked(page)
    for rule, tag in (("script-src", "script"), ("style-src", "style")):
        plain = [text for attributes, text in page.all(tag) if "type" not in attributes]
        assert len(plain) == 1
        texts = plain + [text for kind, text in carried if kind == tag]
        digests = {hashlib.sha256(text.encode()).digest() for text in texts}
        expected = {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}
        assert set(policy[rule]) == expected


def test_scripts_are_carried_compressed_and_their_licences_readable(page, saved):
    texts = [text for _, text in unpacked(page)]
    assert texts == [
        bundle.leaflet_css(), bundle.viewer_css(), bundle.leaflet_js(), bundle.viewer_js()
    ]  # fmt: skip
    payload = next(t for a, t in page.all("script") if a.get("id") == "frontline-payload")
    assert len(saved) - len(payload) <= 135_000
    plain = re.sub(r"[A-Za-z0-9+/=]{200,}", "", saved)
    assert "Leaflet 1.9.3, BSD-2-Clause" in plain
    assert "(c) 2010-2022 Vladimir Agafonkin" in plain
    assert "frontline" in plain
    assert "BSD-3-Clause" in plain
    assert "Vladimir Agafonkin, (c) 2010-2011 CloudMade" in bundle.leaflet_js()[:300]


def test_page_names_itself_and_asks_for_nothing(page, saved):
    assert page.all("html")[0][0]["lang"] == "en"
    assert page.all("title")[0][1] == page.all("h1")[0][1] == "Board"
    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in page.elements
    assert page.all("noscript")
    for _, attributes in page.elements:
        assert not {"src", "href", "style", "srcset", "onload", "onclick"} & set(attributes)
    styles = [text for _, text in page.all("style")]
    styles += [text for tag, text in unpacked(page) if tag == "style"]
    assert re.findall(r"url\(([^)]*)", "".join(styles)) == []
    assert "@import" not in "".join(styles)


def test_the_data_are_one_inert_block_of_base64(page):
    ((attributes, text),) = [
        entry for entry in page.all("script") if entry[0].get("id") == "frontline-payload"
    ]
    assert attributes["type"] == "application/gzip"
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", text)
    assert decode_payload(text).head["meta"]["title"] == "Board"


def test_our_scripts_hold_no_sign_of_a_template():
    for text in (bundle.viewer_js(), bundle.viewer_css(), bundle.leaflet_js()):
        assert not re.search(r"\{\{|\{%|\{#", text)
        assert not re.search(r"</(script|style)", text, re.IGNORECASE)
    for name in ("innerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert name not in bundle.viewer_js()


def test_equal_input_gives_an_equal_page(saved, tmp_path):
    assert save(board_case(), tmp_path / "again.html").read_text(encoding="utf-8") == saved


def test_tiles_are_asked_for_and_named_in_the_policy(tmp_path):
    url = "https://{s}.tiles.example.org/{z}/{x}/{y}.png"
    with pytest.raises(InputError, match="offline=False"):
        save(board_case(), tmp_path / "t.html", tiles=url)
    path = save(board_case(), tmp_path / "t.html", offline=False, tiles=url)
    page = Page(path.read_text(encoding="utf-8"))
    assert policy_of(page)["img-src"] == [
        "data:", *(f"https://{name}.tiles.example.org" for name in "abc")
    ]  # fmt: skip
    for bad in ("http://a.org/{z}/{x}/{y}", "https://a.org/", "https://a.org; x/{z}{x}{y}"):
        with pytest.raises(InputError, match="tile service"):
            save(board_case(), tmp_path / "u.html", offline=False, tiles=bad)
    assert not (tmp_path / "u.html").exists()


def test_tiles_of_a_provider(tmp_path):
    provider = xyzservices.TileProvider(
        name="X",
        url="https://{s}.tiles.example.org/{z}/{x}/{y}{r}.png?key={apikey}",
        attribution='<a href="https://x.example.org">X & co</a>',
        subdomains=["one", "two"],
        max_zoom=11,
        apikey="<insert your API key here>",
    )
    with pytest.raises(InputError, match=r"'X' needs a key of yours.*apikey="):
        save(board_case(), tmp_path / "p.html", offline=False, tiles=provider)
    with pytest.raises(InputError, match="needs a key"):
        time_map(board_case(), tiles=provider)
    path = save(board_case(), tmp_path / "p.html", offline=False, tiles=provider(apikey="k1"))
    page = Page(path.read_text(encoding="utf-8"))
    assert policy_of(page)["img-src"][1:] == [
        "https://one.tiles.example.org", "https://two.tiles.example.org"
    ]  # fmt: skip
    ((attributes, _),) = page.all("main")
    tiles = json.loads(attributes["data-options"])["tiles"]
    assert tiles == {
        "url": "https://{s}.tiles.example.org/{z}/{x}/{y}.png?key=k1", "attribution": "X & co",
        "max_zoom": 11, "subdomains": ["one", "two"],
    }  # fmt: skip


def test_what_is_no_tile_service_is_refused():
    sound = "https://tiles.example.org/{z}/{x}/{y}.png"
    assert tile_service(sound).attribution == "Tiles: tiles.example.org"
    assert tile_service("OpenStreetMap").origins == ["https://tile.openstreetmap.org"]
    for bad in (
        "http://a.org/{z}/{x}/{y}", "https://a.org/{z}/{x}", "https:///{z}/{x}/{y}",
        "https://a.org/{z}/{x}/{y}?{{7*7}}", "https://a.org/{z}/{x}/{y}/{token}",
        "https://a.org; script-src *//{z}/{x}/{y}", "https://u@a.org/{z}/{x}/{y}",
        "https://[::1/{z}/{x}/{y}", "https://a.org:b/{z}/{x}/{y}", "https://a.org/{z}/{x}/{y}'",
        "https://*.org/{z}/{x}/{y}", "no such provider", 7,
    ):  # fmt: skip
        with pytest.raises(InputError, match="tiles="):
            tile_service(bad)
    odd = xyzservices.TileProvider(name="X", url=sound, attribution="", subdomains=["a b"])
    with pytest.raises(InputError, match="subdomains"):
        tile_service(odd)


def test_tiles_in_folium_name_their_source_as_text():
    provider = xyzservices.TileProvider(
        name="X", url="https://t.example.org/{z}/{x}/{y}.png", attribution="X {{ 7*7 }} <b>y</b>"
    )
    text = time_map(board_case(), tiles=provider).get_root().render()
    assert "https://t.example.org/{z}/{x}/{y}.png" in text
    assert '"referrerPolicy": "strict-origin"' in text
    assert "X \\u0026#123;\\u0026#123; 7\\u0026#42;7" in text
    assert "tile.openstreetmap" not in text
    assert " = L.tileLayer(" in text
    assert " = L.tileLayer(" not in time_map(board_case()).get_root().render()


def test_a_page_in_parts_holds_no_script_and_no_style(tmp_path):
    path = save(board_case(), tmp_path / "a #1: {x}.html", split=True)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == [f"a #1: {{x}}{suffix}" for suffix in (".css", ".data.js", ".html", ".js")]
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert page.all("style") == []
    addresses = [attributes["src"] for attributes, _ in page.all("script")]
    assert addresses == ["./a%20%231%3A%20%7Bx%7D.data.js", "./a%20%231%3A%20%7Bx%7D.js"]
    assert all(script == "" for _, script in page.all("script"))
    policy = policy_of(page)
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["default-src"] == ["'none'"]
    data = path.with_name("a #1: {x}.data.js").read_text(encoding="utf-8")
    (payload,) = re.fullmatch(
        r'/\*! frontline map \*/\nwindow\.frontlinePayload = "([A-Za-z0-9+/]+=*)";\n', data
    ).groups()
    assert decode_payload(payload).head["meta"]["title"] == "Board"
    for suffix in (".js", ".css"):
        assert "BSD-2-Clause" in path.with_name(f"a #1: {{x}}{suffix}").read_text("utf-8")[:400]


def test_a_page_in_parts_overwrites_its_own_files_only(tmp_path):
    save(board_case(), tmp_path / "case.html", split=True)
    save(board_case(), tmp_path / "case.html", split=True, title="Again")
    assert "Again" in (tmp_path / "case.html").read_text(encoding="utf-8")
    (tmp_path / "site.js").write_text("let mine;", encoding="utf-8")
    with pytest.raises(InputError, match=r"site\.js stands there already"):
        save(board_case(), tmp_path / "site.html", split=True)
    assert (tmp_path / "site.js").read_text(encoding="utf-8") == "let mine;"
    assert not list(tmp_path.glob("*site*.*ht*")) + list(tmp_path.glob("*site*css"))
    with pytest.raises(InputError, match=r"name it \.html"):
        save(board_case(), tmp_path / "case.js", split=True)


def test_what_holds_no_map_is_refused_and_nothing_is_written(tmp_path):
    empty = SimpleNamespace(map=lambda: folium.Map(tiles=None))
    for thing in (empty, folium.Map(tiles=None), 3, "case"):
        with pytest.raises(InputError, match="ControlHistory"):
            save(thing, tmp_path / "x.html")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="folder"):
        save(board_case(), tmp_path / "missing" / "x.html")


def test_a_folium_map_and_what_has_one_can_be_saved(tmp_path, saved):
    m = time_map(board_case())
    assert isinstance(m, folium.Map)
    for thing in (m, SimpleNamespace(map=lambda **_: m)):
        path = save(thing, tmp_path / "m.html")
        assert path.read_text(encoding="utf-8") == saved
    assert "Renamed" in save(m, path, title="Renamed").read_text(encoding="utf-8")
    with pytest.raises(InputError, match=r"from_=.*h\.map\(\)"):
        save(m, tmp_path / "n.html", from_="2024-11-28")
    assert not (tmp_path / "n.html").exists()


def test_the_layer_composes_and_brings_one_viewer_for_all():
    m = time_map(board_case())
    TimeMapLayer(payload_of(board_case()), name="A & B {x}", show=False).add_to(m)
    folium.Marker([35.3, 36.4]).add_to(m)
    folium.LayerControl().add_to(m)
    text = m.get_root().render()
    assert text.count("frontline.folium=folium") == 1
    assert text.count("frontlineMaps.folium(") == 2
    assert "A \\u0026#38; B \\u0026#123;x\\u0026#125;" in text
    names = re.findall(r"var (time_map_layer_\w+) = ", text)
    assert len(names) == len(set(names)) == 2


def test_layers_are_called_by_their_titles_each_otherwise():
    m = folium.Map(tiles=None)
    layers = [TimeMapLayer(payload_of(board_case())) for _ in range(3)]
    layers.append(TimeMapLayer(payload_of(board_case(), title="A <b>")))
    for layer in layers:
        layer.add_to(m)
    folium.LayerControl().add_to(m)
    for _ in range(2):  # to render it again changes nothing
        text = m.get_root().render()
        names = [layer.layer_name for layer in layers]
        assert names == ["Board", "Board 2", "Board 3", "A &#60;b&#62;"]
        assert [text.count(f'"{name}" : time_map_layer') for name in names[:3]] == [1, 1, 1]


def test_a_layer_without_a_map_says_so():
    with pytest.raises(InputError, match=r"add it to a folium\.Map"):
        TimeMapLayer(payload_of(board_case())).render()


def test_texts_reach_neither_page_nor_folium_as_markup(tmp_path):
    case = hostile_case()
    page_text = save(case, tmp_path / "h.html").read_text(encoding="utf-8")
    page = Page(page_text)
    assert len(page.all("script")) == 3
    assert page.all("img") == page.all("svg") == []
    assert page.all("h1")[0][1] == case.meta["title"]
    head = decode_payload(payload_of(case).text).head
    assert head["actors"][0]["label"] in set(case.actors["label"])
    m = time_map(case)
    TimeMapLayer(payload_of(case), name="".join(HOSTILE)).add_to(m)
    folium.LayerControl().add_to(m)
    text = m.get_root().render()
    for output in (page_text, text):
        assert "1337" not in re.sub(r"[A-Za-z0-9+/=]{200,}", "", output)
        assert "<img src=x" not in output


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.org", "https://", "ftp://example.org/x",
     'https://example.org/"><b', "https://exa mple.org", "https://[::1", None, float("nan")],
)  # fmt: skip
def test_only_web_addresses_become_links(address):
    assert safe_url(address) == ""


def test_a_missing_or_other_leaflet_is_named(monkeypatch):
    def gone(name):
        raise metadata.PackageNotFoundError(name)

    bundle.leaflet_js.cache_clear()
    monkeypatch.setattr(bundle.metadata, "distribution", gone)
    with pytest.raises(MissingDependencyError, match="xstatic-leaflet"):
        bundle.leaflet_js()
    monkeypatch.setattr(
        bundle.metadata, "distribution", lambda _: SimpleNamespace(version="1.7.1.0")
    )
    with pytest.raises(MissingDependencyError, match=r"1\.7\.1\.0 is installed"):
        bundle.leaflet_js()
