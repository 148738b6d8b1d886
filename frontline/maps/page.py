"""The page of its own: one file with the map, its viewer and its data, or four beside each other.

Data are carried as a base64 payload and shown as text. The few words that stand in the page itself
(the title and the line below it) are passed to a template with automatic escaping, as values. A
strict content security policy lists the scripts and styles by their hashes and allows nothing else;
of the page in several files it allows what comes from where the page itself does.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, Template
from markupsafe import Markup

from frontline._version import __version__
from frontline.maps import bundle
from frontline.maps.tiles import tile_service

if TYPE_CHECKING:
    from frontline.maps.payload import Payload
    from frontline.maps.tiles import TileService

__all__ = ["MARK", "render_page", "render_parts"]

MARK = "/*! frontline map"
"""How the script, the style and the data beside a page begin."""


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
    service = _service(tiles)
    scripts = (bundle.leaflet_js(), bundle.viewer_js())
    styles = (bundle.leaflet_css(), bundle.viewer_css())
    shown, boot = bundle.page_css(), bundle.boot_js()
    parts = [("style", text) for text in styles] + [("script", text) for text in scripts]
    return _template().render(
        **_words(payload, service),
        policy=_policy(
            script=[bundle.integrity(text) for text in (boot, *scripts)],
            style=[bundle.integrity(text) for text in (shown, *styles)],
            service=service,
        ),
        style=Markup(shown),  # noqa: S704  # our own file, not data
        boot=Markup(boot),  # noqa: S704  # likewise
        code=bundle.packed(parts),
        payload=payload.text,
    )


def render_parts(payload: Payload, stem: str, *, tiles: Any = None) -> dict[str, str]:
    """Return a map as a page and the files beside it, for hosts that allow no script in a page.

    The data are a script too, so that they load from a folder as well as from a server: a string
    of base64 and nothing else.

    Parameters
    ----------
    payload : Payload
        The map.
    stem : str
        The page's name without its suffix; the other files are named after it.
    tiles : str or xyzservices.TileProvider, optional
        As in `render_page`.

    Returns
    -------
    dict of str to str
        The text of each file by its suffix: ``.html``, ``.js``, ``.css``, ``.data.js``.

    Raises
    ------
    InputError
        As in `render_page`.
    """
    service = _service(tiles)
    # "./" and the escapes: a name with a colon or a hash is still a name.
    beside = {suffix: f"./{quote(stem)}{suffix}" for suffix in (".js", ".css", ".data.js")}
    page = _template().render(
        **_words(payload, service),
        policy=_policy(script=["'self'"], style=["'self'"], service=service),
        css=beside[".css"],
        js=[beside[".data.js"], beside[".js"]],
    )
    head = f"{MARK}\n{bundle.licences()}\n*/\n"
    styles = (bundle.page_css(), bundle.leaflet_css(), bundle.viewer_css())
    return {
        ".html": page,
        ".js": f"{head}{bundle.leaflet_js()}\n{bundle.viewer_js()}",
        ".css": head + "\n".join(styles),
        ".data.js": f'{MARK} */\nwindow.frontlinePayload = "{payload.text}";\n',
    }


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, keep_trailing_newline=True)
    return environment.from_string(bundle.asset("page.html"))


def _service(tiles: Any) -> TileService | None:
    return None if tiles is None else tile_service(tiles)


def _words(payload: Payload, service: TileService | None) -> dict[str, Any]:
    """Return what stands in a page of either kind."""
    return {
        "title": payload.title,
        "subtitle": payload.subtitle,
        "generator": f"frontline {__version__}",
        "licences": bundle.licences(),
        "options": json.dumps({"tiles": service.options} if service else {}, sort_keys=True),
    }


def _policy(*, script: list[str], style: list[str], service: TileService | None) -> str:
    rules = {
        "default-src": ["'none'"],
        "script-src": script,
        "style-src": style,
        "img-src": ["data:", *(service.origins if service else [])],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())
