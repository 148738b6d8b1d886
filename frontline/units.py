"""Lengths: exact constants and the spellings of their units. Inside, everything is metres."""

from __future__ import annotations

import math

from frontline.errors import InputError

#: Metres in one unit, exact by definition (international foot, yard, mile and nautical mile).
M_PER: dict[str, float] = {
    "m": 1.0,
    "km": 1000.0,
    "mi": 1609.344,
    "nmi": 1852.0,
    "ft": 0.3048,
    "yd": 0.9144,
}

_SPELLINGS: dict[str, str] = {
    spelling: unit
    for unit, spellings in {
        "m": "m meter meters metre metres",
        "km": "km kms kilometer kilometers kilometre kilometres",
        "mi": "mi mile miles",
        "nmi": "nmi nm nautical-mile nautical-miles",
        "ft": "ft foot feet",
        "yd": "yd yds yard yards",
    }.items()
    for spelling in spellings.split()
}


def unit_name(text: str) -> str:
    """Return the short name of a unit of length.

    Parameters
    ----------
    text
        A unit in any English spelling.

    Returns
    -------
    str
        One of ``m km mi nmi ft yd``.

    Raises
    ------
    InputError
        The text is no unit of length.

    Examples
    --------
    >>> unit_name("Kilometres"), unit_name("nautical miles"), unit_name("mi.")
    ('km', 'nmi', 'mi')
    """
    key = "-".join(text.strip().rstrip(".").casefold().replace("-", " ").split())
    try:
        return _SPELLINGS[key]
    except KeyError:
        raise InputError(f"{text!r} is no unit of length; use one of {', '.join(M_PER)}") from None


def to_m(value: float, unit: str) -> float:
    """Convert a length to metres.

    Examples
    --------
    >>> to_m(5, "km"), to_m(1, "mi"), to_m(1, "nm")
    (5000.0, 1609.344, 1852.0)
    """
    return value * M_PER[unit_name(unit)]


def from_m(value_m: float, unit: str) -> float:
    """Convert metres to a unit.

    Examples
    --------
    >>> from_m(1852.0, "nmi")
    1.0
    """
    return value_m / M_PER[unit_name(unit)]


def km_text(value_m: float) -> str:
    """Write a length in kilometres with as many digits as a reader can use.

    Examples
    --------
    >>> km_text(124_170.4), km_text(840.0), km_text(1_250_000.0)
    ('124.2 km', '0.84 km', '1,250 km')
    """
    value_km = value_m / 1000.0
    if not math.isfinite(value_km):
        return "unknown"
    if abs(value_km) < 1.0:
        return f"{value_km:.2f} km"
    if abs(value_km) < 1000.0:  # noqa: PLR2004 - four digits before the point say enough
        return f"{value_km:.1f} km"
    return f"{value_km:,.0f} km"
