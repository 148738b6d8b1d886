"""Every kind of text that must be shown as it is, in every field, and the probes that tell."""

from __future__ import annotations

import os

import geopandas as gpd
import pandas as pd
import shapely

import frontline as fl
from frontline.maps import bundle

# What Python would do if it were asked: a result that can be searched for, and a deed.
RESULT = "8641110247"
DEED = "FRONTLINE_TEST_RAN"
_SET = f"cycler.__init__.__globals__.os.environ.__setitem__('{DEED}','1')"

PAYLOADS = (
    '<img src=x onerror="window.__ran=1">',
    "<script>window.__ran=2</script>",
    "</script><script>window.__ran=3</script>",
    "</title></style></textarea><svg onload=window.__ran=4>",
    '"><svg/onload="window.__ran=5">',
    "' onmouseover='window.__ran=6' x='",
    '<iframe srcdoc="<script>parent.__ran=7</script>"></iframe>',
    '<a href="javascript:window.__ran=8" autofocus onfocus=window.__ran=8>x</a>',
    '<form action="https://evil.example/"><button>x</button></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/"><link rel=stylesheet href=//evil.example/x>',
    "<style>*{display:none}</style>",
    "<math><mtext></p><img src=x onerror=window.__ran=9></math>",
    "<!--<img src=x onerror=window.__ran=10>-->",
    "--><img src=x onerror=window.__ran=11><!--",
    "]]><img src=x onerror=window.__ran=12>",
    "`",
    "`+(window.__ran=13)+`",
    "${window.__ran=14}",
    "`${window.__ran=15}`",
    "&#36;{window.__ran=16}",
    "\\`\\${window.__ran=17}\\u0041\\",
    "{{ 7777777*1111 }}",
    "&#123;&#123; 7777777*1111 &#125;&#125;",
    "{{" + _SET + "}}",
    "{% if " + _SET + " %}x{% endif %}",
    "{# kept #}",
    "Al-{{Bab",
    "Camp {% x",
    "Tell }} Abiad %}",
    "{{{ 7777777*1111 }}}",
    "{z}/{x}/{y}{s}",
    "&lt;b&gt;&amp;&#60;&NotAnEntity;",
    "javascript:window.__ran=18",
    "data:text/html,<script>window.__ran=19</script>",
    "vbscript:MsgBox(1)",
    'https://evil.example/"onclick="window.__ran=20',
    "one\u2028two\u2029three",
    "nul\x00and\x07bell",
    "left \u202eevil\u202c \u2066isolated",
    '=HYPERLINK("https://evil.example";"x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "$\\frac{1}{0}$ $[name] %s %(x)s",
    "__proto__",
    "constructor",
    "'; alert(1); //",
    "حماة </td></tr></table>",
)

# pandas takes no halves of characters into a column; into a title they come with JSON.
HALF = "half \ud800 a character"
#: Every text in one line, for the fields of which there is one only.
EVERYTHING = " \u00b7 ".join((*PAYLOADS, HALF))
PERIOD = ("2024-12-01", "2024-12-05")
COLUMNS = 8


def spot(number, *, row=0.0):
    """Return where the number stands on the ground."""
    return 36.05 + 0.1 * (number % COLUMNS), 35.05 + 0.1 * (number // COLUMNS) + row


def marked(field, text):
    """Mark a text with its field, so that one that got lost is known by its name."""
    return f"{field} {text}"


def hostile_case():
    """Return a case of the library's own making with every text in every field that takes one."""
    points = [shapely.Point(spot(i)) for i in range(len(PAYLOADS))]
    sources = pd.DataFrame(
        {
            field: [marked(field, text) for text in PAYLOADS]
            for field in ("publisher", "title", "name", "licence", "attribution", "note", "quote")
        }
    )
    sources.insert(0, "id", [marked("id", text) for text in PAYLOADS])
    sources["url"] = PAYLOADS
    sources["archived_url"] = PAYLOADS
    sources.loc[0, ["url", "archived_url"]] = ["https://example.org/a?b=1&c=<2", "http://[::1"]
    sources.loc[1, ["url", "archived_url"]] = [
        "https://example.org/a?b='1'&c=${2}",
        "//evil.example",
    ]
    reports = gpd.GeoDataFrame(
        {
            "actor": [marked("actor", text) for text in PAYLOADS],
            "place": [marked("site", text) for text in PAYLOADS],
            "valid_from": PERIOD[0],
            "status": "controlled",
            "basis": "reported",
            "source": sources["id"],
            "note": [marked("said", text) for text in PAYLOADS],
        },
        geometry=points,
        crs=4326,
    )
    later = reports.iloc[:2].assign(
        actor=reports["actor"].iloc[[1, 0]].to_numpy(), valid_from=PERIOD[1]
    )
    outline = shapely.box(36, 35, 36 + 0.1 * COLUMNS, 35.1 + 0.1 * (len(PAYLOADS) // COLUMNS))
    history = fl.ControlHistory.from_places(
        pd.concat([reports, later], ignore_index=True), outline=outline, sources=sources,
        name=marked("history", EVERYTHING),
    )  # fmt: skip
    places = gpd.GeoDataFrame(
        {
            "name": [marked("place", text) for text in PAYLOADS],
            "name_ar": [marked("arabic", text) for text in PAYLOADS],
            "population": range(1000, 1000 + len(PAYLOADS)),
        },
        geometry=points,
        crs=4326,
    )
    events = gpd.GeoDataFrame(
        {
            **{
                field: [marked(field, text) for text in PAYLOADS]
                for field in ("title", "kind", "locality", "note")
            },
            "valid_from": PERIOD[0],
            "valid_to": "2024-12-30",
            "source": [id_ if i % 2 else PAYLOADS[i] for i, id_ in enumerate(sources["id"])],
        },
        geometry=[shapely.Point(spot(i, row=0.03)) for i in range(len(PAYLOADS))],
        crs=4326,
    )
    actors = pd.DataFrame(
        {
            "name": [marked("actor", text) for text in PAYLOADS],
            "label": [marked("label", text) for text in PAYLOADS],
            "note": PAYLOADS,
        }
    )
    meta = {
        field: marked(field, EVERYTHING)
        for field in ("title", "subtitle", "licence", "disclaimer", "credits", "method")
    }
    return fl.Case(
        name=marked("case", EVERYTHING), history=history, places=places, events=events,
        sources=sources, actors=actors, meta=meta,
    )  # fmt: skip


def on_screen(text):
    """Return a text as a page shows it: halves of characters cannot be shown."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def nothing_done():
    """Say whether Python did nothing that a text asked for."""
    return DEED not in os.environ


# What folium asks of jQuery, and no more: an element made of HTML.
_JQUERY = """window.$ = function (html) {
    const box = document.createElement("div");
    box.innerHTML = html.trim();
    return [...box.childNodes];
};"""


def without_network(route):
    """Serve Leaflet, the page itself, a word of jQuery, and nothing for the rest of folium."""
    url = route.request.url
    if url.startswith("file:"):
        route.continue_()
    elif url.endswith("/leaflet.js"):
        route.fulfill(body=bundle.leaflet_js(), content_type="text/javascript")
    elif url.endswith("/leaflet.css"):
        route.fulfill(body=bundle.leaflet_css(), content_type="text/css")
    elif "jquery" in url and url.endswith(".js"):
        route.fulfill(body=_JQUERY, content_type="text/javascript")
    else:
        kind = "text/css" if url.endswith(".css") else "text/javascript"
        route.fulfill(body="", content_type=kind)
