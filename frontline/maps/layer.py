"""The map as a layer of folium, which composes with every other layer of a `folium.Map`."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from branca.element import Element, Figure
from folium.map import Layer
from jinja2 import Template

from frontline.errors import InputError
from frontline.maps import bundle
from frontline.markup import escape

if TYPE_CHECKING:
    from frontline.maps.payload import Payload

__all__ = ["TimeMapLayer"]


class TimeMapLayer(Layer):
    """An animated map of control, with its slider and legend, for a `folium.Map`.

    The data are carried as base64 and shown as text; nothing of them passes through a template.

    Parameters
    ----------
    payload : Payload
        From `frontline.maps.payload_of`.
    name : str
        What folium's `LayerControl` calls it; the title of the map by default. That control knows
        layers by their names, so a second layer of the same name on one map gets a number.
    fit : bool
        Whether the map moves to the theatre.
    show, control : bool
        As in folium: shown at first, listed in `LayerControl`.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = frontlineMaps.folium(
                "{{ this.text }}", {fit: {{ this.fit }}}
            );
        {% endmacro %}
        """
    )

    def __init__(
        self,
        payload: Payload,
        *,
        name: str | None = None,
        fit: bool = True,
        show: bool = True,
        control: bool = True,
    ) -> None:
        title = payload.title if name is None else name
        super().__init__(name=str(escape(title)), overlay=True, control=control, show=show)
        self._name = "TimeMapLayer"
        self.payload = payload
        self.text = payload.text
        self.fit = "true" if fit else "false"

    def render(self, **kwargs: Any) -> str:
        """Add the viewer to the page's head, once for all layers, then the layer itself."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise InputError("the layer is in no map yet; add it to a folium.Map first")
        self.layer_name = self._own_name()
        # A fixed name, so that several layers on one page share one viewer.
        figure.header.add_child(
            Element(f"<style>{bundle.viewer_css()}</style>"), name="frontline_maps_css"
        )
        # In the body's script part, after Leaflet: scripts of the head run in their order.
        figure.header.add_child(
            Element(f"<script>{bundle.viewer_js()}</script>"), name="frontline_maps_js"
        )
        super().render(**kwargs)  # type: ignore[no-untyped-call]  # branca types it in part
        return ""

    def _own_name(self) -> str:
        """Return the name, with a number if a layer before this one on the map has it already."""
        taken = set()
        parent = self._parent
        # branca has no public way to the children of an element.
        for layer in parent._children.values() if parent is not None else ():  # noqa: SLF001
            if layer is self:
                break
            taken.add(getattr(layer, "layer_name", None))
        name = self.layer_name
        for number in count(2):
            if name not in taken:
                break
            name = f"{self.layer_name} {number}"
        return name
