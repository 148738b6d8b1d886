"""Texts that must be shown as they are, wherever they stand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from tests.browser.map_case import Board, board_case

HOSTILE = (
    '<img src=x onerror="window.ran=1">',
    "</script><script>window.ran=2</script>",
    "`${window.ran=3}`",
    "${window.ran=4}",
    "`",
    "{{ 7*191 }}",
    "{% if 7*191 %}x{% endif %}",
    "{# kept #}",
    "Al-{{Bab",
    "Camp {% x",
    '"><svg onload="window.ran=5">',
    "' onmouseover='window.ran=6",
    "&lt;b&gt;&amp;",
    "\\u0041\\",
    "javascript:window.ran=7",
)
ALL = " | ".join(HOSTILE)
# Labels of sides are cut after 120 letters: what matters stands in what is left.
LABELS = ("The Reds " + " | ".join(HOSTILE[:3]), "The Blues " + " | ".join(HOSTILE[4:10]))


class HostileBoard(Board):
    """The board with sides that bear such names."""

    def state_codes(self, times):
        codes, states = super().state_codes(times)
        renamed = [
            (
                f"{actor} {ALL}" if actor else None,
                status,
                f"{basis} {ALL}" if basis == "reported" else basis,
            )
            for actor, status, basis in states
        ]
        return codes, renamed


def hostile_case():
    """Return a case with every such text in every field that holds a text."""
    places = gpd.GeoDataFrame(
        {
            "name": list(HOSTILE),
            "name_ar": list(HOSTILE),
            "population": range(1000, 1000 + len(HOSTILE)),
        },
        geometry=[shapely.Point(36.05 + 0.06 * i, 35.35) for i in range(len(HOSTILE))],
        crs=4326,
    )
    events = gpd.GeoDataFrame(
        [
            {
                "title": text, "kind": text, "valid_from": "2024-11-27", "valid_to": "2024-12-30",
                "locality": text, "source": source, "note": text,
                "geometry": shapely.Point(36.05 + 0.06 * i, 35.15),
            }
            for i, text in enumerate(HOSTILE)
            for source in ("S1",)
        ],
        crs=4326,
    )  # fmt: skip
    events.loc[1, "source"] = "javascript:window.ran=8"
    sources = pd.DataFrame(
        {
            "id": ["S1", "S2"],
            "publisher": [ALL, "B"],
            "title": [ALL, "C"],
            "url": ["javascript:window.ran=9", "https://example.org/"],
            "licence": [ALL, ALL],
        }
    )
    actors = pd.DataFrame({"name": [f"Reds {ALL}", f"Blues {ALL}"], "label": list(LABELS)})
    texts = ("title", "subtitle", "licence", "disclaimer", "credits", "method")
    return board_case(
        history=HostileBoard(), places=places, events=events, sources=sources, actors=actors,
        meta={key: f"{key} {ALL}" for key in texts},
    )  # fmt: skip
