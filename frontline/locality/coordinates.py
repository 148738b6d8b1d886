"""Coordinates in text: decimal degrees and degrees, minutes and seconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from frontline.errors import LocalitySyntaxError

if TYPE_CHECKING:
    from collections.abc import Sequence

_HALF = (
    r"(?P<{0}sign>[+\-\u2212])?(?P<{0}before>(?<!\w)[NSEWnsew]\s?)?(?<![\d.])(?P<{0}deg>\d{{1,3}}(?:\.\d{{1,12}})?)"
    r"(?:\s?(?P<{0}mark>[\u00b0\u00bad\u02da])\s?"
    r"(?:(?P<{0}min>\d{{1,2}}(?:\.\d{{1,10}})?)\s?['\u2019\u2032\u02b9]\s?"
    r"(?:(?P<{0}sec>\d{{1,2}}(?:\.\d{{1,8}})?)\s?(?:\"|\u201d|\u2033|''|\u2019\u2019)\s?)?)?)?"
    r"(?:\s?(?P<{0}after>[NSEWnsew])(?![\w]))?"
)
# Every repetition is bounded, so a search is linear in the length of the text.
_PAIR = re.compile(_HALF.format("a") + r"\s{0,3}[,;/]?\s{0,3}" + _HALF.format("b") + r"(?![\d.]\d)")


class Coordinates(NamedTuple):
    """A pair of coordinates in text."""

    lon: float
    lat: float
    precision_deg: float
    span: tuple[int, int]
    remarks: tuple[str, ...]


def coordinates(text: str) -> Coordinates | None:
    """Find a pair of coordinates in a text, None if there is none.

    Raises
    ------
    LocalitySyntaxError
        The pair is written like coordinates, but lies off the globe.

    Examples
    --------
    >>> found = coordinates("a strike at 35.16N 36.80E")
    >>> found.lon, found.lat, found.precision_deg
    (36.8, 35.16, 0.01)
    """
    for match in _PAIR.finditer(text):
        halves = [_half(match, prefix) for prefix in "ab"]
        letters = [half[2] for half in halves]
        marked = bool(match["amark"]) and bool(match["bmark"])
        decimals = "." in match["adeg"] and "." in match["bdeg"]
        if not (decimals or marked or all(letters)):
            continue
        return _pair(text, match.span(), halves, letters)
    return None


def _half(match: re.Match[str], prefix: str) -> tuple[float, float, str]:
    degrees, minutes, seconds = (match[prefix + part] for part in ("deg", "min", "sec"))
    value = float(degrees) + float(minutes or 0) / 60.0 + float(seconds or 0) / 3600.0
    finest, scale = degrees, 1.0
    if seconds:
        finest, scale = seconds, 3600.0
    elif minutes:
        finest, scale = minutes, 60.0
    precision = 10.0 ** -len(finest.partition(".")[2]) / scale
    letter = (match[prefix + "before"] or match[prefix + "after"] or "").strip().upper()
    if (match[prefix + "sign"] or "+") != "+" or letter in {"S", "W"}:
        value = -value
    return value, precision, letter


def _pair(
    text: str,
    span: tuple[int, int],
    halves: Sequence[tuple[float, float, str]],
    letters: Sequence[str],
) -> Coordinates:
    (first, first_step, _), (second, second_step, _) = halves
    axes = ["lat" if x and x in "NS" else "lon" if x else "" for x in letters]
    remarks: list[str] = []
    if axes[0] and axes[0] == axes[1]:
        raise LocalitySyntaxError(
            f"{text[slice(*span)]!r} gives the {axes[0]} twice", text=text, column=span[0]
        )
    swapped = "lon" in axes[:1] or "lat" in axes[1:]
    if not any(axes):
        swapped = abs(first) > 90 >= abs(second)  # noqa: PLR2004
        remarks.append(
            "the first number is read as the longitude, it is beyond 90"
            if swapped
            else "the first number is read as the latitude, as is usual in text"
        )
    lon, lat = (first, second) if swapped else (second, first)
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004
        raise LocalitySyntaxError(
            f"{text[slice(*span)]!r} is not on the globe: latitudes end at 90, longitudes at 180",
            text=text,
            column=span[0],
        )
    return Coordinates(lon, lat, max(first_step, second_step), span, tuple(remarks))
