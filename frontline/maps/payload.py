"""The payload of a map: everything it shows, in one small, deterministic block of bytes.

Layout before compression: ``FLM2``, the length of the head (four bytes, lowest first), the head
(JSON in UTF-8), then zigzag varints and, where it says so, plain bytes. Like stands beside like,
column by column, for that is what compresses:

1. frames: count, first instant (seconds since 1970), differences
2. lines: see `frontline.maps.arccode`
3. area of every state but the last in every frame in hectares, as differences in time; then by how
   much the sum of all states differs from that of the frame before, which gives the last one
4. changes: count; seconds since the last one, the first counting from the first frame; party
   before; party after; hectares; for the numbers of parties see `party_of`
5. each base map layer, then the regions of events: see `frontline.maps.steps`
6. the villages' longitudes and latitudes in ten-thousandths of a degree (10 m), as steps
7. the statements behind it all, if there are any: see `frontline.maps.statements_coding`

The whole is compressed with gzip without a time stamp, so equal maps are equal bytes, and written
as base64, whose alphabet is safe in HTML, in JavaScript and in templates.
"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from frontline._version import __version__
from frontline.errors import InputError
from frontline.maps import varint
from frontline.maps.arccode import coded_arcs
from frontline.maps.arcs import OUTSIDE, arcs_of
from frontline.maps.placelist import place_table, places_in_order
from frontline.maps.statements_coding import coded_statements
from frontline.maps.steps import coded_lines, coded_steps
from frontline.markup import whole
from frontline.palette import colours
from frontline.scene.basemap import drawn_window
from frontline.scene.content import NO_DATA, capped, kind_of_state
from frontline.scene.gridlines import lines_of
from frontline.sources.terms import NO_TERMS, Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from frontline.scene.basemap import Layer
    from frontline.scene.content import Content

__all__ = ["MAGIC", "Payload", "build_payload", "party_of"]

MAGIC = b"FLM2"
HECTARES_PER_KM2 = 100.0
NOBODY = -1
LESS_THAN_HOURS = ("day", "part")  # events dated to a day, or to a part of one
APART = ("contested", "claimed", "infiltration")  # what is counted apart from what a side holds


@dataclass(frozen=True, slots=True)
class Payload:
    """The coded map.

    Attributes
    ----------
    blob : bytes
        The compressed payload.
    frames : int
        Number of frames.
    arcs : int
        Number of lines.
    title, subtitle : str
        Of the map, for the page that carries it.
    bounds : tuple of float
        West, south, east, north of the theatre in degrees.
    terms : Terms
        Under which the data may be passed on.
    """

    blob: bytes
    frames: int
    arcs: int
    title: str
    subtitle: str
    bounds: tuple[float, float, float, float]
    terms: Terms = NO_TERMS

    @property
    def text(self) -> str:
        """The payload as base64."""
        return base64.b64encode(self.blob).decode("ascii")

    def retitled(self, title: str) -> Payload:
        """Return the same map under another heading."""
        raw = gzip.decompress(self.blob)
        size = int.from_bytes(raw[4:8], "little")
        head = json.loads(raw[8 : 8 + size])
        title = whole(title)
        head["meta"]["title"] = title
        return replace(self, blob=_packed(head, raw[8 + size :]), title=title)


def party_of(number: int) -> tuple[int, str]:
    """Read the number of a party to a change of control.

    Parameters
    ----------
    number : int
        From 0 on an actor who holds the land; -1 nobody. Below, in threes, what is contested,
        claimed and infiltrated: -2 to -4 by nobody named, -5 to -7 by actor 0, and so on.

    Returns
    -------
    (int, str)
        The actor, -1 for none, and held, no_data, contested, claimed or infiltration.

    Examples
    --------
    >>> [party_of(number) for number in (1, -1, -2, -6)]
    [(1, 'held'), (-1, 'no_data'), (-1, 'contested'), (0, 'claimed')]
    """
    if number >= NOBODY:
        return number, "held" if number > NOBODY else NO_DATA
    actor, kind = divmod(NOBODY - 1 - number, len(APART))
    return actor - 1, APART[kind]


def build_payload(
    content: Content,
    times: pd.DatetimeIndex,
    *,
    layers: list[Layer] | None = None,
    countries: Sequence[tuple[str, Sequence[tuple[float, float, float]]]] = (),
    precision_deg: float = 1e-5,
    made_on: str = "",
) -> Payload:
    """Code the parts of a map.

    Parameters
    ----------
    content : Content
        From `content_of`.
    times : pandas.DatetimeIndex
        The frames, from `frame_times`.
    layers : list of Layer, optional
        The base map.
    countries : sequence of (name, spots)
        Names for the surroundings, from `neighbours`.
    precision_deg : float
        The grid of the coordinates; 1e-5 degrees is about one metre.
    made_on : str
        A date to be shown as the day on which the map was made. Left out by default, so that equal
        input gives equal bytes.

    Raises
    ------
    InputError
        If `precision_deg` is no power of ten between 1e-7 and 1e-2.
    """
    per_degree = round(1 / precision_deg) if precision_deg > 0 else 0
    if per_degree not in (10**power for power in range(2, 8)):
        raise InputError(f"precision_deg={precision_deg} is no power of ten from 1e-7 to 1e-2")
    history = content.history
    codes, states = _states(history, times)
    if _is_endless(history):
        codes, states = _without_nobodys_land(codes, states)
    arcs = arcs_of(history.edges, codes, quantum_deg=precision_deg)
    areas_km2 = np.asarray(history.cells["area_km2"], dtype=float)
    per_state = _areas_by_state(codes, areas_km2, len(states))
    actors = _actors_by_area(states, per_state)
    index = {name: i for i, name in enumerate(actors)}
    palette = colours(actors, content.colours)
    layers = layers or []
    places, villages, spots = place_table(content.places)
    regions = [event["region"] for event in content.events if event["region"] is not None]
    west, south, east, north = (float(value) for value in history.cells.total_bounds)
    head = {
        "version": 1,
        "software": f"frontline {__version__}",
        "per_degree": per_degree,
        "meta": {**content.meta, **({"made_on": made_on} if made_on else {})},
        "bounds": [round(value, 5) for value in (west, south, east, north)],
        "window": [round(value, 2) for value in drawn_window((west, south, east, north))],
        "actors": [
            {"name": name, "label": capped(content.labels.get(name, name)), "colour": palette[name]}
            for name in actors
        ],
        "states": [
            [index.get(actor, -1) if actor else -1, kind_of_state(actor, status, basis), basis]
            for actor, status, basis in states
        ],
        "places": places,
        "villages": villages,
        "countries": list(countries),
        "events": _events(content.events),
        "sources": _sources(content),
        "layers": [[layer.name, layer.per_degree, int(layer.closed)] for layer in layers],
        "regions": len(regions),
        **_front_rules(history, index, content.labels),
        "gaps": _gaps(history),
        "before_gaps": _before_gaps(history),
    }
    told, statements = coded_statements(
        history,
        times,
        states,
        places=places_in_order(content.places, places, villages, spots),
        sources=content.sources,
    )
    stream = [
        varint.encode(_coded_times(times)),
        coded_arcs(arcs, states=len(states), frames=len(times)),
        varint.encode(_coded_areas(per_state)),
        varint.encode(_changes(history, times, index, areas_km2)),
        *(coded_lines(layer.lines) for layer in layers),
        *(coded_lines(lines_of(region, per_degree, closed=True)) for region in regions),
        coded_steps(spots),
        varint.encode(statements),
    ]
    head |= {"statements": told} if told else {}
    return Payload(
        blob=_packed(head, b"".join(stream)),
        frames=len(times),
        arcs=len(arcs.lines),
        title=content.meta["title"],
        subtitle=content.meta.get("subtitle", ""),
        bounds=(west, south, east, north),
    )


def _front_rules(history: Any, index: dict[str, int], labels: dict[str, str]) -> dict[str, Any]:
    """Say what counts as front: against nobody, and at the edge of all cells.

    `beyond` is the actor outside of all cells: -1 for nobody, the number after the last actor for
    one who holds no cell, whom `rest` names then; missing where an outline ends the theatre.
    """
    rules: dict[str, Any] = {"against_nobody": bool(getattr(history, "against_nobody", False))}
    if getattr(history, "unbounded", False):
        rest = history.rest
        rules["beyond"] = NOBODY if rest is None else index.get(rest, len(index))
        if rules["beyond"] == len(index):
            rules["rest"] = capped(labels.get(rest, rest))
    return rules


def _gaps(history: Any) -> list[list[int]]:
    """Return the stretches without a map: from, to, in seconds since 1970."""
    spans = getattr(history, "gap_spans", ())
    return [[int(span.left.timestamp()), int(span.right.timestamp())] for span in spans]


def _before_gaps(history: Any) -> list[int]:
    """Return the dates of the last maps before the stretches without one, in seconds since 1970."""
    spans: Any = getattr(history, "gap_spans", ())
    if not len(spans):
        return []
    dates = history.map_dates
    last = dates[dates.searchsorted(spans.left) - 1]
    return [int(moment.timestamp()) for moment in last]


def _packed(head: dict[str, Any], stream: bytes) -> bytes:
    # Names of sides come from elsewhere, and may hold halves of characters.
    text = whole(
        json.dumps(head, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    ).encode()
    return gzip.compress(MAGIC + len(text).to_bytes(4, "little") + text + stream, 9, mtime=0)


def _states(
    history: Any, times: pd.DatetimeIndex
) -> tuple[npt.NDArray[np.int32], list[tuple[str | None, str, str]]]:
    """Ask the history for its states; cells without any become 'no data'."""
    codes, given = history.state_codes(times)
    codes = np.array(codes, dtype=np.int32)
    states = [(actor or None, str(status), str(basis or "")) for actor, status, basis in given]
    if (codes < 0).any():
        codes[codes < 0] = len(states)
        states.append((None, NO_DATA, ""))
    used = np.unique(codes)
    renumbered = np.zeros(len(states), dtype=np.int32)
    renumbered[used] = np.arange(len(used), dtype=np.int32)
    return renumbered[codes], [states[i] for i in used]


def _is_endless(history: Any) -> bool:
    """Say whether land goes on beyond all cells and is nobody's there."""
    return getattr(history, "unbounded", False) and history.rest is None


def _without_nobodys_land(
    codes: npt.NDArray[np.int32], states: list[tuple[str | None, str, str]]
) -> tuple[npt.NDArray[np.int32], list[tuple[str | None, str, str]]]:
    """Give cells of which nothing is known the number of what is outside.

    Where no theatre was given, cells are what anybody ever held. Drawn on a date before, they
    would show what nobody knew then, and their area is not that of the land that is unknown.
    """
    known = [kind_of_state(*state) != NO_DATA for state in states]
    numbers = np.where(known, np.cumsum(known) - 1, OUTSIDE).astype(np.int32)
    return numbers[codes], [state for state, keep in zip(states, known, strict=True) if keep]


def _areas_by_state(
    codes: npt.NDArray[np.int32], areas_km2: npt.NDArray[np.float64], states: int
) -> npt.NDArray[np.int64]:
    """Return hectares by frame and state."""
    frames = len(codes)
    # A column more, which comes first, for what is outside.
    slot = codes - OUTSIDE + np.arange(frames)[:, None] * (states + 1)
    weights = np.broadcast_to(areas_km2, codes.shape).ravel()
    sums = np.bincount(slot.ravel(), weights=weights, minlength=frames * (states + 1))
    hectares: npt.NDArray[np.int64] = np.rint(sums * HECTARES_PER_KM2).astype(np.int64)
    return hectares.reshape(frames, states + 1)[:, 1:]


def _actors_by_area(
    states: list[tuple[str | None, str, str]], per_state: npt.NDArray[np.int64]
) -> list[str]:
    """Name the actors, the one with the largest area over all frames first."""
    totals: dict[str, int] = {}
    for (actor, _, _), hectares in zip(states, per_state.sum(axis=0), strict=True):
        if actor:
            totals[actor] = totals.get(actor, 0) + int(hectares)
    return sorted(totals, key=lambda name: (-totals[name], name))


def _coded_times(times: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
    seconds = np.array([int(moment.timestamp()) for moment in times], dtype=np.int64)
    return np.concatenate(([len(seconds)], np.diff(seconds, prepend=0)))


def _coded_areas(per_state: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the differences of all states but the last, then those of the sum."""
    sums = per_state.sum(axis=1, keepdims=True)
    told = np.concatenate([per_state[:, :-1], sums], axis=1)
    return np.diff(told, axis=0, prepend=0).T.ravel()


def _changes(
    history: Any,
    times: pd.DatetimeIndex,
    index: dict[str, int],
    areas_km2: npt.NDArray[np.float64],
) -> npt.NDArray[np.int64]:
    """Return when who lost how much to whom: at the true instants, not at the next frame.

    Only land held counts for a side: what it contests, merely claims or infiltrates is a party of
    its own.
    """
    moments = times[:1].union(_within(history.change_times(), times))
    codes, states = _states(history, moments)
    holder = np.array([_holder(state, index) for state in states], dtype=np.int64)[codes]
    rows: list[tuple[int, int, int, int]] = []
    last = int(times[0].timestamp())
    for i in range(1, len(holder)):
        before, after = holder[i - 1], holder[i]
        moved = before != after
        if not moved.any():
            continue
        pairs, slot = np.unique(
            np.stack([before[moved], after[moved]]), axis=1, return_inverse=True
        )
        sums = np.bincount(slot.ravel(), weights=areas_km2[moved])
        now = int(moments[i].timestamp())
        for (lost, gained), km2 in zip(pairs.T.tolist(), sums.tolist(), strict=True):
            rows.append((now - last, lost, gained, round(km2 * HECTARES_PER_KM2)))
            last = now
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return np.append(len(rows), columns.ravel())


def _within(changes: Any, times: pd.DatetimeIndex) -> Any:
    """Return the instants of change between the first and the last frame."""
    moments = times[:0].append(changes)
    return moments[(moments > times[0]) & (moments <= times[-1])]


def _holder(state: tuple[str | None, str, str], index: dict[str, int]) -> int:
    kind = kind_of_state(*state)
    if kind in ("held", "advance"):
        return index.get(state[0] or "", NOBODY)
    if kind not in APART:
        return NOBODY
    actor = index.get(state[0] or "", NOBODY)
    return NOBODY - 1 - APART.index(kind) - len(APART) * (actor + 1)


def _events(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    out = []
    region = 0
    for event in events:
        row = {
            "title": event["title"],
            "kind": event["kind"],
            "at": [round(event["lon"], 5), round(event["lat"], 5)],
            "locality": event["locality"],
            "note": event["note"],
            "sources": event["sources"],
        }
        for key in ("from", "to"):
            if event[key] is not None:
                row[key] = int(event[key].timestamp())
        if event["from"] is not None and event["precision"] in LESS_THAN_HOURS:
            row["precision"] = event["precision"]
        if event["region"] is not None:
            row["region"] = region
            region += 1
        out.append({key: value for key, value in row.items() if value not in ("", [])})
    return out


def _sources(content: Content) -> list[dict[str, Any]]:
    return [{key: value for key, value in source.items() if value} for source in content.sources]
