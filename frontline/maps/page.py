"""The page of its own: one file that carries the map, its viewer and its data.

Data are carried as a base64 payload and shown as text. The few words that stand in the page itself
(the title and the line below it) are passed to a template with automatic escaping, as values. A
strict content security policy lists the scripts and styles by their hashes and allows nothing else.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, Template
from markupsafe import Markup

from frontline._version import __version__
from frontline.errors import InputError
from frontline.maps import bundle

if TYPE_CHECKING:
    from frontline.maps.payload import Payload

__all__ = ["render_page"]


def render_page(payload: Payload, *, tiles: Any = None) -> str:
    """Return the page of a map.

    Parameters
    ----------
    payload : Payload
        The map.
    tiles : str or xyzservices.TileProvider, optional
        A tile service to draw below the data. Only with it does the page ask a server for anything.

    Returns
    -------
    str
        A complete HTML document.

    Raises
    ------
    InputError
        If `tiles` is no https address with ``{z}``, ``{x}`` and ``{y}``.
    """
    provider = _provider(tiles)
    scripts = (bundle.leaflet_js(), bundle.viewer_js())
    styles = (bundle.leaflet_css(), bundle.viewer_css())
    shown, boot = bundle.page_css(), bundle.boot_js()
    parts = [("style", text) for text in styles] + [("script", text) for text in scripts]
    return _template().render(
        **_words(payload, provider),
        policy=_policy(
            script=[bundle.integrity(text) for text in (boot, *scripts)],
            style=[bundle.integrity(text) for text in (shown, *styles)],
            provider=provider,
        ),
        style=Markup(shown),  # noqa: S704  # our own file, not data
        boot=Markup(boot),  # noqa: S704  # likewise
        code=bundle.packed(parts),
        payload=payload.text,
    )


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, keep_trailing_newline=True)
    return environment.from_string(bundle.asset("page.html"))


def _words(payload: Payload, provider: dict[str, Any] | None) -> dict[str, Any]:
    """Return what stands in a page of either kind."""
    return {
        "title": payload.title,
        "subtitle": payload.subtitle,
        "generator": f"frontline {__version__}",
        "licences": bundle.licences(),
        "options": json.dumps({"tiles": provider} if provider else {}, sort_keys=True),
    }


def _policy(*, script: list[str], style: list[str], provider: dict[str, Any] | None) -> str:
    rules = {
        "default-src": ["'none'"],
        "script-src": script,
        "style-src": style,
        "img-src": ["data:", *([provider["origin"]] if provider else [])],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


def _provider(tiles: Any) -> dict[str, Any] | None:
    """Bring a tile service to an address, an attribution and the origin for the policy."""
    if tiles is None:
        return None
    if isinstance(tiles, str):
        url, attribution, max_zoom = tiles, "", 18
    else:
        url = tiles.build_url(x="{x}", y="{y}", z="{z}", fill_subdomain=False)
        attribution = str(tiles.get("attribution", ""))
        max_zoom = int(tiles.get("max_zoom", 18))
    host = urlsplit(url).netloc
    named = all(part in url for part in ("{z}", "{x}", "{y}"))
    plain = all(letter.isalnum() or letter in ".-:{}" for letter in host)
    if not url.startswith("https://") or not host or not named or not plain:
        raise InputError(
            f"tiles={url!r} is no tile service; give an https address with {{z}}, {{x}} and {{y}}, "
            "or a provider of xyzservices"
        )
    origin = "https://" + host.replace("{s}.", "*.")
    return {"url": url, "attribution": attribution, "max_zoom": max_zoom, "origin": origin}
