"""A history at a glance for notebooks: the zones at its end, and what each side held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.errors import InputError
from frontline.markup import Markup, element, swatch, table
from frontline.palette import checked_colour, colours
from frontline.sketches import Drawn, sketch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontline.control.record import Record

__all__ = ["Summary", "span_of", "summary_of"]

MOST_CELLS = 60_000
"""Cells up to which zones are put together for a sketch: a glance must not take seconds."""

MOST_SIDES = 10
"""Sides named in the table; the others are summed up."""

LEAST_KM2 = 0.5
"""Less rounds to nothing."""

_HELD = ("controlled", "advance")
_UNSURE = "contested, claimed or infiltrated"
_FAINT = 0.15


@dataclass(frozen=True, slots=True)
class Summary:
    """The parts of a notebook's view of a history.

    Attributes
    ----------
    span : str
        The first and the last day of a change.
    areas : Markup or None
        A table: area held by each side at the first and the last instant; None without dates.
    picture : Markup or None
        The zones at the last instant; None where there is nothing to draw.
    """

    span: str
    areas: Markup | None = None
    picture: Markup | None = None


def summary_of(
    history: Record,
    *,
    labels: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
) -> Summary:
    """Sum a history up.

    Parameters
    ----------
    history : ControlHistory
        What to show.
    labels, given : mapping of str to str, optional
        What the sides are called, and their colours; what is no colour is passed over.
    """
    times = history.timeline.changes()
    if not len(times) or not len(history.composite):
        return Summary(span_of(times))
    first, last = _ends(history, times)
    codes = history.timeline.codes([first, last])
    group_of, actors = _groups(history)
    groups = group_of[codes]
    area_km2 = history.composite.area_km2
    held_km2 = np.array([_sums(line, area_km2, len(actors) + 1) for line in groups])
    order = sorted(range(len(actors)), key=lambda n: (-held_km2[:, n].max(), actors[n]))
    palette = colours([actors[n] for n in order], _sound(given or {}))
    days = [f"{moment:%Y-%m-%d %H:%M}".removesuffix(" 00:00") for moment in (first, last)]
    rows: list[tuple[Any, ...]] = []
    order = [n for n in order if held_km2[:, n].max() >= LEAST_KM2]
    for n in order[:MOST_SIDES]:
        name = (labels or {}).get(actors[n], actors[n])
        head = Markup(swatch(palette[actors[n]]) + element("bdi", name[:120]))
        rows.append((head, *_numbers(held_km2[:, n])))
    rest = order[MOST_SIDES:]
    if rest:
        rows.append((f"{len(rest)} others", *_numbers(held_km2[:, rest].sum(axis=1))))
    if held_km2[:, -1].max() >= LEAST_KM2:
        rows.append((_UNSURE, *_numbers(held_km2[:, -1])))
    heads = ("held, km\u00b2", *days, "difference")
    return Summary(
        span=span_of(times),
        areas=table(None, rows, heads=heads),
        picture=_picture(history, groups[1], [palette[name] for name in actors], days[1]),
    )


def span_of(times: pd.DatetimeIndex) -> str:
    """Write the first and the last of the instants of change as days."""
    return f"{times[0]:%Y-%m-%d} to {times[-1]:%Y-%m-%d}" if len(times) else "no dates"


def _ends(history: Record, times: pd.DatetimeIndex) -> tuple[Any, Any]:
    """Return the first and the last instant at which anything is known."""
    first, last = times[0], times[-1]
    starts = history.meta.get("starts")
    if starts is not None:
        start = pd.Timestamp(starts)
        start = start.tz_localize("UTC") if start.tz is None else start
        first = max(first, min(start, last))
    if not history.timeline.codes([last]).any():  # all that is known ends there
        last = max(first, last - pd.Timedelta(1, "us"))
    return first, last


def _groups(history: Record) -> tuple[np.ndarray, list[str]]:
    """Return for every state its side, the number after the last for what is unsure, or -1."""
    states = history.timeline.states
    actors = sorted({state[0] for state in states if state[0] is not None})
    number = {actor: n for n, actor in enumerate(actors)}
    groups = []
    for actor, status, basis in states:
        if status == "no_data" or (actor is None and status in _HELD):
            groups.append(-1)
        elif actor is not None and status in _HELD and basis != "claimed":
            groups.append(number[actor])
        else:
            groups.append(len(actors))
    return np.array(groups, dtype=np.int64), actors


def _sums(groups: np.ndarray, area_km2: np.ndarray, count: int) -> np.ndarray:
    inside = groups >= 0
    return np.bincount(groups[inside], weights=area_km2[inside], minlength=count)


def _numbers(km2: np.ndarray) -> tuple[float, float, float]:
    before, after = (float(value) for value in km2)
    return before, after, after - before


def _sound(given: Mapping[str, str]) -> dict[str, str]:
    sound = {}
    for name, colour in given.items():
        try:
            sound[name] = checked_colour(str(colour), what="a colour")
        except InputError:
            continue
    return sound


def _picture(history: Record, groups: np.ndarray, palette: list[str], day: str) -> Markup | None:
    if len(history.composite) > MOST_CELLS:
        return None
    found, shapes = history.composite.dissolve(groups)
    drawn = [
        Drawn(shape, fill=palette[n], opacity=0.85, width_px=0.7)
        if n < len(palette)
        else Drawn(shape, fill="currentColor", opacity=_FAINT, width_px=0.5, dashed=True)
        for n, shape in zip(found.tolist(), shapes, strict=True)
    ]
    return sketch(drawn, label=f"Sketch of the zones held on {day}")
