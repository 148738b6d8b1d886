"""The places that a text mentions, as a layer of folium.

The mentions travel as base64 and reach the page as text nodes; no word of them passes through a
template or becomes HTML.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import folium
import shapely
from folium.map import Layer
from jinja2 import Template

from frontline.maps.tiles import tile_layer
from frontline.markup import escape
from frontline.scene.content import capped

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MentionsLayer", "map_of_mentions"]

_DECIMALS, _SIMPLE_DEG = 5, 0.0005
_WHOLE_WORLD = (-180.0, -60.0, 180.0, 75.0)


class MentionsLayer(Layer):
    """The regions and points of mentions.

    Parameters
    ----------
    rows : iterable of dict
        With ``text``, ``note``, ``lon``, ``lat`` and ``region`` (GeoJSON geometry or None).
    name : str
        What folium's `LayerControl` calls the layer; shown as text.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = (function () {
                var bytes = Uint8Array.from(atob("{{ this.payload }}"), function (letter) {
                    return letter.charCodeAt(0);
                });
                var rows = JSON.parse(new TextDecoder().decode(bytes));
                function label(row) {
                    var box = document.createElement("div");
                    var name = document.createElement("strong");
                    name.textContent = row.text;
                    var note = document.createElement("div");
                    note.textContent = row.note;
                    box.append(name, note);
                    return box;
                }
                var group = L.featureGroup();
                rows.forEach(function (row) {
                    if (row.region) {
                        L.geoJSON(row.region, {
                            style: {color: "#0072b2", weight: 1.5, fillOpacity: 0.15}
                        }).bindPopup(label(row)).addTo(group);
                    }
                    L.circleMarker([row.lat, row.lon], {
                        radius: 5, color: "#000000", weight: 1,
                        fillColor: "#e69f00", fillOpacity: 0.9
                    }).bindPopup(label(row)).addTo(group);
                });
                return group;
            })();
        {% endmacro %}
        """
    )

    def __init__(self, rows: Iterable[dict[str, Any]], *, name: str = "Mentions") -> None:
        super().__init__(name=escape(name), overlay=True, control=True, show=True)
        self._name = "MentionsLayer"
        # ASCII letters only, so that nothing in it can end a string or begin a tag.
        self.payload = base64.b64encode(json.dumps(list(rows)).encode()).decode("ascii")


def map_of_mentions(
    reading: Any, *, tiles: Any = "OpenStreetMap", regions: bool = True
) -> folium.Map:
    """Return a `folium.Map` of the mentions of a text.

    Parameters
    ----------
    reading : Reading
        What `read` returned.
    tiles : str, xyzservices.TileProvider or folium.TileLayer, default "OpenStreetMap"
        As in `time_map`; None for no base map.
    regions : bool, default True
        Whether regions are drawn, or points alone.

    Returns
    -------
    folium.Map
        Mentions that could not be placed are not on it.
    """
    frame = reading.mentions
    placed = frame[frame["reason"].isna()]
    seen: dict[tuple[str, float, float], dict[str, Any]] = {}
    for row in placed.to_dict("records"):
        point, region = row["point"], row["geometry"]
        key = (row["text"], round(point.x, _DECIMALS), round(point.y, _DECIMALS))
        if key in seen:
            continue
        note = f"{row['kind']}; within {row['uncertainty_m'] / 1000:,.1f} km"
        seen[key] = {
            "text": capped(row["text"]),
            "note": note,
            "lon": key[1],
            "lat": key[2],
            "region": _plain(region) if regions else None,
        }
    bounds = placed.total_bounds if len(placed) else _WHOLE_WORLD
    west, south, east, north = (float(value) for value in bounds)
    m = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=tile_layer(tiles),
        control_scale=True,
    )
    MentionsLayer(seen.values()).add_to(m)
    m.fit_bounds([[south, west], [north, east]], max_zoom=11)
    return m


def _plain(region: Any) -> Any:
    if region is None or region.is_empty or region.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    simple = shapely.set_precision(region.simplify(_SIMPLE_DEG), 10.0**-_DECIMALS)
    return simple.__geo_interface__ if not simple.is_empty else None
