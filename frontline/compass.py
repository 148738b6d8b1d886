"""The compass rose of 32 winds: names, azimuths, and how finely a name divides the circle."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from frontline.errors import InputError

#: Azimuth between neighbouring winds of the full rose, in degrees.
STEP_DEG = 11.25

_WORDS = {"N": "north", "E": "east", "S": "south", "W": "west", "b": "by"}
_ABBREVIATIONS = (
    "N NbE NNE NEbN NE NEbE ENE EbN E EbS ESE SEbE SE SEbS SSE SbE "
    "S SbW SSW SWbS SW SWbW WSW WbS W WbN WNW NWbW NW NWbN NNW NbW"
).split()


@dataclass(frozen=True, slots=True)
class Wind:
    """One of the 32 winds.

    Attributes
    ----------
    abbreviation
        As on a chart: ``"NNE"``, ``"NEbN"``.
    name
        In words: ``"north-northeast"``, ``"northeast by north"``.
    azimuth_deg
        Clockwise from north.
    points
        The coarsest rose (4, 8, 16 or 32 winds) that has this wind.
    """

    abbreviation: str
    name: str
    azimuth_deg: float
    points: int


def _name(abbreviation: str) -> str:
    head, by, tail = abbreviation.partition("b")
    first = [_WORDS[letter] for letter in head]
    # Three letters read "north-northeast": the first stands alone, the pair is one word.
    words = "-".join([first[0], "".join(first[1:])]) if len(first) == 3 else "".join(first)  # noqa: PLR2004
    return f"{words} by {_WORDS[tail]}" if by else words


def _points(index: int) -> int:
    for points in (4, 8, 16):
        if index % (32 // points) == 0:
            return points
    return 32


#: All winds, clockwise from north.
WINDS: tuple[Wind, ...] = tuple(
    Wind(abbreviation, _name(abbreviation), index * STEP_DEG, _points(index))
    for index, abbreviation in enumerate(_ABBREVIATIONS)
)

_POINTS_PER_ROSE = (4, 8, 16, 32)


@functools.cache
def _spellings() -> dict[str, Wind]:
    table: dict[str, Wind] = {}
    for each in WINDS:
        table[each.abbreviation.casefold()] = each
        table[re.sub(r"[\s-]", "", each.name)] = each
    return table


def wind(text: str) -> Wind:
    """Return the wind that a name or an abbreviation means.

    Hyphens, spaces, points, capitals and the endings -ern, -erly, -ward, -wards do not matter.

    Raises
    ------
    InputError
        The text names none of the 32 winds.

    Examples
    --------
    >>> wind("north-eastern").azimuth_deg, wind("SSW").name, wind("N by E").points
    (45.0, 'south-southwest', 32)
    """
    words = re.sub(r"[\s.\-\u2010-\u2015]+", " ", text.strip()).casefold()
    words = re.sub(r"(north|south|east|west)(ern|erly|wards|ward)\b", r"\1", words)
    key = words.replace(" by ", "b" if len(words.replace(" ", "")) <= 5 else "by").replace(" ", "")  # noqa: PLR2004
    table = _spellings()
    if key in table:
        return table[key]
    raise InputError(f"{text!r} is no wind of the compass; write it as NE or northeast")


def nearest_wind(azimuth_deg: float, points: int = 16) -> Wind:
    """Return the wind nearest to an azimuth, on a rose of 4, 8, 16 or 32 winds.

    Examples
    --------
    >>> nearest_wind(197.1).abbreviation, nearest_wind(359.0, 8).abbreviation
    ('SSW', 'N')
    """
    if points not in _POINTS_PER_ROSE:
        raise InputError(f"a rose has 4, 8, 16 or 32 winds, not {points}")
    step = 32 // points
    return WINDS[round(azimuth_deg / (STEP_DEG * step)) * step % 32]


def half_angle_deg(points: int) -> float:
    """Return half the sector that one wind of a rose stands for.

    45, 22.5, 11.25 and 5.625 degrees for 4, 8, 16 and 32 winds (the point-radius standard;
    Wieczorek, Guo & Hijmans 2004).

    Examples
    --------
    >>> half_angle_deg(8)
    22.5
    """
    if points not in _POINTS_PER_ROSE:
        raise InputError(f"a rose has 4, 8, 16 or 32 winds, not {points}")
    return 180.0 / points
