"""Coordinates in text: decimal degrees, degrees with minutes and seconds, grid references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from frontline.errors import LocalitySyntaxError
from frontline.locality.grids import grid
from frontline.locality.sides import LETTERS, OF_LANGUAGE, plain, side_of
from frontline.locality.uncertainty import coordinate_precision_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.gazetteer.model import Place

_NAMES = {"N": "north", "S": "south", "E": "east", "W": "west"}
_NUMBER = r"(?<![\d.,])(?P<{0}deg>\d{{1,3}}(?:[.,]\d{{1,12}})?)"
_HALF = (
    r"(?P<{0}sign>[+\-\u2212])?(?P<{0}before>(?<!\w)(?:[NSEWnsewO])\s?)?" + _NUMBER + r"(?:"
    r"\s?(?P<{0}mark>[\u00b0\u00ba\u02da]|\bdeg(?:rees)?\b)\s?"
    r"(?:(?P<{0}min>\d{{1,2}}(?:[.,]\d{{1,10}})?)\s?['\u2019\u2032\u02b9]\s?"
    r"(?:(?P<{0}sec>\d{{1,2}}(?:[.,]\d{{1,8}})?)\s?(?:\"|\u201d|\u2033|''|\u2019\u2019|\u2032\u2032)\s?)?)?"
    # Without marks minutes count only if a letter follows: "35 09 36 N".
    r"|\s(?P<{0}baremin>\d{{1,2}}(?:[.,]\d{{1,10}})?)(?:\s(?P<{0}baresec>\d{{1,2}}(?:[.,]\d{{1,8}})?))?"
    r"(?=\s?(?:{1})(?!\w))"
    r")?(?:\s?(?P<{0}after>{1})(?!\w)\.?)?"
)
# Every repetition is bounded, so a search is linear in the length of the text.
_PAIR = re.compile(
    _HALF.format("a", LETTERS)
    + r"\s{0,3}(?P<comma>[,;/])?\s{0,3}"
    + _HALF.format("b", LETTERS)
    + r"(?![\d.]\d)",
    re.IGNORECASE,
)
# Without a decimal, a mark or a letter behind a number there are none; most texts end here.
_MAYBE = re.compile(
    rf"\d[.,]\d|[\u00b0\u00ba\u02da]|\d\s?(?:deg|(?:{LETTERS})(?!\w))|(?<!\w)[NSEWO]\s?\d",
    re.IGNORECASE,
)
# Digits and signs of other scripts, one for one, so that a span counts in the text as given.
_PLAIN = str.maketrans(
    {
        **{chr(0x0660 + i): str(i) for i in range(10)},
        **{chr(0x06F0 + i): str(i) for i in range(10)},
        "\u066b": ".",
        "\u060c": ",",
        "\u061b": ";",
        **dict.fromkeys("\u00a0\u202f\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069", " "),
    }
)

#: A phrase starts from two at most; more are a list.
_MOST_PAIRS = 4
_DIGIT = re.compile(r"\d")


class Coordinates(NamedTuple):
    """A pair of coordinates in text."""

    lon: float
    lat: float
    precision_deg: float
    span: tuple[int, int]
    remarks: tuple[str, ...]


class _Half(NamedTuple):
    value: float
    precision_deg: float
    side: str


def coordinates(text: str, *, lang: str | None = None) -> Coordinates | None:
    """Find a pair of coordinates in a text, None if there is none.

    Decimal degrees (with a comma if letters or marks are there), degrees with minutes and seconds,
    geo URIs, MGRS and UTM.

    Parameters
    ----------
    text
        A phrase.
    lang
        Language of the letters: "O" is west in French, Spanish and Portuguese, and east in
        German.

    Raises
    ------
    LocalitySyntaxError
        The pair is written like coordinates, but lies off the globe, or its letters have more
        than one meaning.

    Examples
    --------
    >>> found = coordinates("a strike at 35.16N 36.80E")
    >>> found.lon, found.lat, found.precision_deg
    (36.8, 35.16, 0.01)
    >>> coordinates("35,16 N 36,80 O", lang="de").lon
    36.8
    """
    if not _DIGIT.search(text):
        return None
    readable = text.translate(_PLAIN)
    found = grid(readable)
    if found:
        return Coordinates(found.lon, found.lat, found.precision_deg, found.span, (found.remark,))
    if not _MAYBE.search(readable):
        return None
    for match in _PAIR.finditer(readable):
        if _is_pair(match, lang):
            halves = [_half(text, match, prefix, lang) for prefix in "ab"]
            start, end = match.span()
            # A full stop is the sentence's, if the letters are no abbreviation with one.
            end -= match[0].endswith(".") and "." not in (match["bafter"] or ".")
            return _pair(text, (start, end), halves)
    return None


def pairs(text: str, *, lang: str | None = None) -> tuple[Coordinates, ...]:
    """Find the pairs of coordinates in a text, four at most, from left to right.

    Raises
    ------
    LocalitySyntaxError
        As `coordinates` does.

    Examples
    --------
    >>> [found.lat for found in pairs("between 35.16N 36.80E and 34.73N 36.71E")]
    [35.16, 34.73]
    """
    found: list[Coordinates] = []
    while len(found) < _MOST_PAIRS:
        pair = coordinates(text, lang=lang)
        if pair is None:
            break
        found.append(pair)
        start, end = pair.span
        text = text[:start] + "\0" * (end - start) + text[end:]
    return tuple(sorted(found, key=lambda pair: pair.span))


def written_place(name: str, lang: str | None = None) -> Place | None:
    """Return the place that a name which is a pair of coordinates stands for, else None.

    Its extent is what the way of writing leaves open.

    Examples
    --------
    >>> place = written_place("35.16N 36.80E")
    >>> place.lon, place.lat, round(place.radius_m)
    (36.8, 35.16, 1436)
    """
    found = coordinates(name, lang=lang) if _DIGIT.search(name) else None
    if found is None or name[slice(*found.span)] != name.strip():
        return None
    from frontline.gazetteer.model import Place

    return Place(
        name.strip(),
        found.lon,
        found.lat,
        kind="coordinates",
        radius_m=coordinate_precision_m(found.lat, found.precision_deg),
        radius_source="given",
        remarks=(
            *found.remarks,
            "the coordinates are on WGS84; what their digits leave open stands for an extent",
        ),
    )


def _is_pair(match: re.Match[str], lang: str | None) -> bool:
    """Tell whether two numbers are written as coordinates are."""
    letters = [match[p + "before"] or match[p + "after"] or "" for p in "ab"]
    marked = bool(match["amark"] and match["bmark"])
    if not any(letters):
        points = all("." in match[p + "deg"] for p in "ab")
        commas = all("," in match[p + "deg"] for p in "ab") and match["comma"] in {";", "/"}
        return points or commas or marked
    # "2 d, 3 d" is nothing, "36,8 O" beside a latitude is something.
    sure = [bool(side_of(each)) or lang in OF_LANGUAGE.get(plain(each), {}) for each in letters]
    return all(letters) and (marked or all(sure) or (any(sure) and "o" in map(plain, letters)))


def _half(text: str, match: re.Match[str], prefix: str, lang: str | None) -> _Half:
    degrees = match[prefix + "deg"].replace(",", ".")
    minutes = (match[prefix + "min"] or match[prefix + "baremin"] or "").replace(",", ".")
    seconds = (match[prefix + "sec"] or match[prefix + "baresec"] or "").replace(",", ".")
    if float(minutes or 0) >= 60.0 or float(seconds or 0) >= 60.0:  # noqa: PLR2004
        raise LocalitySyntaxError(
            f"{match[0]!r} has 60 minutes or seconds, or more", text=text, column=match.start()
        )
    value = float(degrees) + float(minutes or 0) / 60.0 + float(seconds or 0) / 3600.0
    finest, scale = (seconds, 3600.0) if seconds else (minutes, 60.0) if minutes else (degrees, 1.0)
    precision = 10.0 ** -len(finest.partition(".")[2]) / scale
    side = _side(text, match, match[prefix + "before"] or match[prefix + "after"] or "", lang)
    if (match[prefix + "sign"] or "+") != "+" or side in {"S", "W"}:
        value = -value
    return _Half(value, precision, side)


def _side(text: str, match: re.Match[str], written: str, lang: str | None) -> str:
    if not written:
        return ""
    meanings = OF_LANGUAGE.get(plain(written), {})
    found = side_of(written) or meanings.get(lang or "")
    if found:
        return found
    said = "; ".join(f"{_NAMES[side]} in {code!r}" for code, side in meanings.items())
    raise LocalitySyntaxError(
        f"{written.strip()!r} in {match[0]!r} has no meaning of its own ({said}): write N, S, E or "
        "W, or give the language",
        text=text,
        column=match.start(),
    )


def _pair(text: str, span: tuple[int, int], halves: Sequence[_Half]) -> Coordinates:
    first, second = halves
    axes = ["lat" if half.side in {"N", "S"} else "lon" if half.side else "" for half in halves]
    remarks: list[str] = []
    if axes[0] and axes[0] == axes[1]:
        raise LocalitySyntaxError(
            f"{text[slice(*span)]!r} gives the {axes[0]} twice", text=text, column=span[0]
        )
    swapped = "lon" in axes[:1] or "lat" in axes[1:]
    if not any(axes):
        swapped = abs(first.value) > 90 >= abs(second.value)  # noqa: PLR2004
        remarks.append(
            "the first number is read as the longitude, it is beyond 90"
            if swapped
            else "the first number is read as the latitude, as is usual in text"
        )
    lon, lat = (first.value, second.value) if swapped else (second.value, first.value)
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004
        raise LocalitySyntaxError(
            f"{text[slice(*span)]!r} is not on the globe: latitudes end at 90, longitudes at 180",
            text=text,
            column=span[0],
        )
    precision_deg = max(first.precision_deg, second.precision_deg)
    return Coordinates(lon, lat, precision_deg, span, tuple(remarks))
