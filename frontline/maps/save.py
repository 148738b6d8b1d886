"""Make maps: `time_map` for folium, `save` for a page of its own."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import numpy as np

from frontline._resources import atomic_write
from frontline.dates import to_utc
from frontline.errors import InputError
from frontline.maps.layer import TimeMapLayer
from frontline.maps.page import MARK, render_page, render_parts
from frontline.maps.payload import Payload, build_payload
from frontline.maps.tiles import tile_layer
from frontline.scene.basemap import base_layers, neighbours
from frontline.scene.content import content_of
from frontline.scene.frames import frame_times
from frontline.sources.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["payload_of", "save", "time_map"]


def payload_of(
    thing: Any,
    *,
    title: str | None = None,
    from_: Any = None,
    to: Any = None,
    freq: str | None = None,
    frames: Iterable[Any] | None = None,
    locations: Any = (),
    precision_deg: float = 1e-5,
    made_on: Any = None,
) -> Payload:
    """Code a history or a case as the payload of a map.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to show.
    title : str, optional
        Heading of the map.
    from_, to : date, optional
        First and last instant shown, both included; `to` as a bare date means the end of that day.
        By default those that the case is about, else the first and the last change.
    freq, frames
        See `frontline.scene.frames.frame_times`.
    locations : Location or iterable of Location
        Located phrases, drawn with their regions.
    precision_deg : float
        The grid of the coordinates, a power of ten; 1e-5 is about one metre.
    made_on : date, optional
        Shown as the day on which the map was made. Without it equal input gives equal bytes.

    Raises
    ------
    InputError
        If `thing` cannot be drawn, or the frames hold nothing.
    """
    content = content_of(thing, title=title, locations=locations)
    history = content.history
    if not len(history.cells):
        raise InputError("the history has no cells; there is nothing to draw")
    starts, ends = content.window
    times = frame_times(
        history.change_times(),
        frames=frames,
        freq=freq,
        from_=from_ if from_ is not None or frames is not None else starts or None,
        to=to if to is not None or frames is not None else ends or None,
    )
    west, south, east, north = (float(value) for value in history.cells.total_bounds)
    if not np.isfinite([west, south, east, north]).all():
        raise InputError("the cells of the history hold a coordinate that is no number")
    day = to_utc(made_on, what="made_on").strftime("%Y-%m-%d") if made_on is not None else ""
    payload = build_payload(
        content,
        times,
        layers=base_layers((west, south, east, north)),
        countries=neighbours((west, south, east, north)),
        precision_deg=precision_deg,
        made_on=day,
    )
    return replace(payload, terms=terms_of(thing))


def time_map(thing: Any, *, tiles: Any = None, **options: Any) -> folium.Map:
    """Return a `folium.Map` with the animated map on it.

    Parameters
    ----------
    thing : ControlHistory or Case
        What to show.
    tiles : str, xyzservices.TileProvider or folium.TileLayer, optional
        An https address with ``{z}``, ``{x}`` and ``{y}``, a provider or its name; none by default,
        as the layer brings its own base map.
    **options
        As in `payload_of`.

    Returns
    -------
    folium.Map
        Other layers can be added to it. The `TimeMapLayer` is among its children.

    Raises
    ------
    InputError
        If `tiles` are no tile service, or one whose key is not set.
    """
    ground = tile_layer(tiles)
    payload = payload_of(thing, **options)
    west, south, east, north = payload.bounds
    m = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=6,
        tiles=ground,
        control_scale=True,
        # Tiles are pictures: between their zooms they would be blurred.
        zoom_snap=0.25 if ground is None else 1,
    )
    TimeMapLayer(payload).add_to(m)
    return m


def save(
    thing: Any,
    path: str | Path,
    *,
    offline: bool = True,
    title: str | None = None,
    tiles: Any = None,
    split: bool = False,
    allow_restricted: bool = False,
    **options: Any,
) -> Path:
    """Write a map as one self-contained file, or as four beside each other.

    Parameters
    ----------
    thing : ControlHistory, Case or folium.Map
        What to show. Of a `folium.Map`, and of anything else with a `map()`, the `TimeMapLayer` on
        it is saved; other layers of folium need folium's own `save`.
    path : path
        Where to write. The file appears when it is complete.
    offline : bool
        Whether the page must work without a network: then `tiles` are refused.
    title : str, optional
        Heading of the page.
    tiles : str or xyzservices.TileProvider, optional
        A tile service below the data; only with it does the page ask a server for anything.
    split : bool
        Whether script, style and data are written beside the page instead of into it, for a host
        that allows no script in a page: of ``case.html`` they are ``case.js``, ``case.css`` and
        ``case.data.js``. All four are needed. They also work from a folder.
    allow_restricted : bool
        Whether shapes whose terms forbid passing them on are written into the page all the same.
    **options
        As in `payload_of`; not for a `folium.Map`, whose map is made already.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    RestrictedDataError
        If the terms of the data forbid that they are passed on.
    InputError
        If `thing` holds no animated map, `tiles` are given for an offline page, or options for a
        `folium.Map`.
    """
    if offline and tiles is not None:
        raise InputError("tiles come from a server; with tiles= also give offline=False")
    payload = _payload(thing, title=title, options=options)
    target = Path(path)
    payload.terms.check(allow_restricted=allow_restricted, what=f"the page {target.name}")
    if split:
        _write_parts(target, payload, tiles)
        return target
    page = render_page(payload, tiles=tiles)
    with atomic_write(target) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return target


def _write_parts(target: Path, payload: Payload, tiles: Any) -> None:
    """Write the page and what it needs; the page itself appears last, when all is there."""
    if target.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            f"{target.name} gets a script and a style beside it; with split=True name it .html"
        )
    parts = render_parts(payload, target.stem, tiles=tiles)
    with ExitStack() as stack:
        for suffix, text in parts.items():
            path = target if suffix == ".html" else target.with_name(target.stem + suffix)
            if path != target and path.exists() and not _ours(path):
                raise InputError(
                    f"{path} stands there already and is no part of a saved map; "
                    "name the page otherwise, or move that file"
                )
            # Left in the other order than entered: the page first in, last out.
            stack.enter_context(atomic_write(path)).write_text(text, encoding="utf-8")


def _ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK.encode()


def _payload(thing: Any, *, title: str | None, options: dict[str, Any]) -> Payload:
    history = getattr(thing, "history", thing)
    if hasattr(history, "state_codes"):
        return payload_of(thing, title=title, **options)
    if not isinstance(thing, folium.Map) and callable(getattr(thing, "map", None)):
        thing, options = thing.map(**options), {}
    layers = [
        child
        for child in getattr(thing, "_children", {}).values()
        if isinstance(child, TimeMapLayer)
    ]
    if len(layers) != 1:
        raise InputError(
            f"a {type(thing).__name__} with {len(layers)} animated maps cannot be saved as one "
            "page; give a ControlHistory, a Case or a folium.Map with one TimeMapLayer"
        )
    if options:
        names = ", ".join(f"{name}=" for name in options)
        raise InputError(
            f"{names} cannot change a folium.Map that is made already; give such options to "
            "h.map(), or save the history or case itself"
        )
    return layers[0].payload.retitled(title) if title else layers[0].payload
