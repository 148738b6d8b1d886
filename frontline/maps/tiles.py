"""A tile service below the data: what a caller may give, checked and brought to one form.

Nothing is asked of any server unless a caller names one. What is named is put into the page's
policy, to the letter, and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import folium
import xyzservices

from frontline.errors import InputError
from frontline.markup import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TileService", "tile_layer", "tile_service"]

_MAX_ZOOM = 18
_PLACEHOLDERS = ("{z}", "{x}", "{y}", "{s}")
_MOST_SUBDOMAINS = 16


@dataclass(frozen=True, slots=True)
class TileService:
    """A tile service.

    Attributes
    ----------
    url : str
        An https address with ``{z}``, ``{x}``, ``{y}`` and at most ``{s}``.
    attribution : str
        Whom to name on the map, as plain text.
    max_zoom : int
        The closest zoom it serves.
    subdomains : tuple of str
        What ``{s}`` stands for.
    """

    url: str
    attribution: str
    max_zoom: int
    subdomains: tuple[str, ...]

    @property
    def origins(self) -> list[str]:
        """The origins that serve it, for a content security policy.

        Examples
        --------
        >>> tile_service("https://{s}.tile.example.org/{z}/{x}/{y}.png").origins
        ['https://a.tile.example.org', 'https://b.tile.example.org', 'https://c.tile.example.org']
        """
        host = urlsplit(self.url).netloc
        if "{s}" not in host:
            return [f"https://{host}"]
        return [f"https://{host.replace('{s}', name)}" for name in self.subdomains]

    @property
    def options(self) -> dict[str, Any]:
        """What the viewer needs to know, as JSON takes it."""
        return {
            "url": self.url,
            "attribution": self.attribution,
            "max_zoom": self.max_zoom,
            "subdomains": list(self.subdomains),
        }


def tile_service(tiles: Any) -> TileService:
    """Check a tile service.

    Parameters
    ----------
    tiles : str or xyzservices.TileProvider
        An https address with ``{z}``, ``{x}`` and ``{y}``, a provider, or a provider's name.

    Returns
    -------
    TileService

    Raises
    ------
    InputError
        If it is neither, or a provider whose key is not set.

    Examples
    --------
    >>> service = tile_service("https://tile.example.org/{z}/{x}/{y}.png")
    >>> service.origins, service.max_zoom
    (['https://tile.example.org'], 18)
    """
    if isinstance(tiles, str) and "{" not in tiles and "/" not in tiles:
        tiles = _named(tiles)
    if isinstance(tiles, str):
        url, attribution, max_zoom, given = tiles, "", _MAX_ZOOM, "abc"
    elif callable(getattr(tiles, "build_url", None)):
        _check_key(tiles)
        url = tiles.build_url(x="{x}", y="{y}", z="{z}", fill_subdomain=False)
        attribution = _plain(tiles)
        max_zoom, given = int(tiles.get("max_zoom", _MAX_ZOOM)), tiles.get("subdomains", "abc")
    else:
        raise InputError(
            f"tiles= takes an https address or a provider of xyzservices, not a "
            f"{type(tiles).__name__}"
        )
    _check_address(url)
    attribution = attribution or f"Tiles: {urlsplit(url).netloc.removeprefix('{s}.')}"
    return TileService(url, attribution, max_zoom, _subdomains(given))


def _named(name: str) -> Any:
    """Look a provider up by its name, as folium does."""
    wanted = "OpenStreetMap Mapnik" if name.lower() == "openstreetmap" else name
    try:
        return xyzservices.providers.query_name(wanted)
    except ValueError as error:
        raise InputError(
            f"tiles={name!r} is the name of no provider of xyzservices; give one, such as "
            "'OpenTopoMap', or an https address with {z}, {x} and {y}"
        ) from error


def _check_key(provider: Any) -> None:
    """Refuse a provider whose key is still the invitation to put one in."""
    missing = [
        name
        for name, value in provider.items()
        if isinstance(value, str) and value.startswith("<insert your")
    ]
    if missing:
        given = ", ".join(f"{name}=..." for name in missing)
        raise InputError(
            f"the tile service {provider.get('name', '')!r} needs a key of yours: pass "
            f"tiles=provider({given})"
        )


def _check_address(url: str) -> None:
    """Refuse what is no tile address, or would say more in a page's policy than one origin."""
    bare = url
    for placeholder in _PLACEHOLDERS:
        bare = bare.replace(placeholder, "0")
    try:
        parts = urlsplit(bare)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = None, None
    sound = (
        parts is not None
        and parts.scheme == "https"
        and host is not None
        and all(name in url for name in ("{z}", "{x}", "{y}"))
        and re.fullmatch(r"[A-Za-z0-9.:-]+", parts.netloc) is not None
        and re.search(r"[\s{}\"'<>\\`]", bare) is None
    )
    if not sound:
        raise InputError(
            f"tiles={url!r} is no tile service; give an https address with {{z}}, {{x}} and {{y}}, "
            "or a provider of xyzservices"
        )


def _subdomains(given: str | Sequence[str]) -> tuple[str, ...]:
    names = tuple(str(name) for name in given)
    if len(names) > _MOST_SUBDOMAINS or not all(
        re.fullmatch(r"[A-Za-z0-9-]+", name) for name in names
    ):
        raise InputError(f"subdomains {names[:3]} ... of a tile service: give letters and digits")
    return names


def _plain(provider: Any) -> str:
    """Return the attribution as text: providers carry it as text and as HTML."""
    text = str(provider.get("attribution") or "")
    return unescape(re.sub(r"<[^>]*>", "", text)).strip()


def tile_layer(tiles: Any) -> folium.TileLayer | None:
    """Bring a tile service to a layer of folium, its attribution as text."""
    if tiles is None or isinstance(tiles, folium.TileLayer):
        return tiles
    service = tile_service(tiles)
    return folium.TileLayer(
        tiles=service.url,
        attr=str(escape(service.attribution)),
        name="Tiles",
        max_zoom=service.max_zoom,
        subdomains=list(service.subdomains),  # type: ignore[arg-type]  # Leaflet takes both
        referrer_policy="strict-origin",
    )
