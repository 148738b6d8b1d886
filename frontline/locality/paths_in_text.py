"""Roads and rivers in a phrase: "on the M5", "along the Hama-Homs road"."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from frontline.locality import names_in_text as anchors

if TYPE_CHECKING:
    from frontline.locality.model import Locality
    from frontline.locality.phrase import Phrase

_MAX_CODE = 6


def path(p: Phrase, i: int) -> tuple[str, int] | None:  # noqa: PLR0911 - a list of cases
    """Read the name of a path: "the M5", "the Hama-Homs road", "the road from Hama to Homs"."""
    j = p.skip(i, "article", most=1)
    road = p.at(j, "road")
    if road:
        k = p.at(road, "from") or road
        k = p.at(road, "between") or k
        first = anchors.name(p, k, lower=False)
        if not first:
            return None
        to = p.at(first, "range")
        second = anchors.name(p, to, lower=False) if to and k > road else 0
        if second:
            return f"{p.slice(k, first)}-{p.slice(to, second)} {p.slice(j, road)}", second
        end = first
        if p.token(first).kind == "number":
            end = first + 1
        return p.slice(j, end), end
    token = p.token(j)
    code = token.text.isalnum() and len(token.text) <= _MAX_CODE and token.text[:1].isalpha()
    if code and any(letter.isdigit() for letter in token.text):
        return p.slice(j, j + 1), p.at(j + 1, "road") or j + 1
    if code and p.token(j + 1).kind in {"dash", "number"} and token.text.isupper():
        k = p.dash(j + 1)  # "M-5", "Highway 5"
        if p.token(k).kind == "number" and not p.unit(k + 1) and p.attached(k):
            return p.slice(j, k + 1), p.at(k + 1, "road") or k + 1
    end = anchors.name(p, j, lower=False)
    if not end:
        return None
    road = p.at(end, "road")
    if road:
        return p.slice(j, road), road
    # "on the Euphrates River": the noun is part of the name.
    return (p.slice(j, end), end) if end > j + 1 and p.at(end - 1, "road") else None


def trailing(p: Phrase, found: Locality, i: int) -> Locality:
    """Read "10 km south of Saraqib on the M5": the path after the distance."""
    j = i + bool(p.sign(i, ","))
    on = p.at(j, "on")
    said = path(p, on) if on else None
    if not said:
        return found
    name, end = said
    span = (found.span[0], p.token(end - 1).end)
    return dataclasses.replace(found, kind="along", path=name, span=span)


def with_path(found: Locality, name: str, start: int) -> Locality:
    """Make a locality one along a path that was named before it."""
    return dataclasses.replace(found, kind="along", path=name, span=(start, found.span[1]))
