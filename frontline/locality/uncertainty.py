"""The point-radius standard's arithmetic: what each source of uncertainty is worth in metres.

The formulas are those of Wieczorek, Guo & Hijmans (2004), The point-radius method for
georeferencing locality descriptions, IJGIS 18:745-767, as the Georeferencing Calculator
computes them, with the distance precision of Chapman & Wieczorek (2020), Georeferencing Best
Practices (GBIF). Uncertainties are maximum errors: they add, they are not squared and summed.
"""

from __future__ import annotations

import math
import re

from frontline.errors import InputError
from frontline.units import to_m, unit_name

KINDS = (
    "feature coordinates near inside part distance heading offset orthogonal between along"
).split()

#: WGS84, the ellipsoid of GPS, OpenStreetMap and GeoNames.
_A_M = 6_378_137.0
_F = 1 / 298.257_223_563
_E2 = _F * (2 - _F)

#: Decimals that people write for a half and a quarter.
_FRACTIONS = {"5": 0.5, "25": 0.25, "75": 0.25}

_WRITTEN = re.compile(r"(?:(\d{1,15})(?:\.(\d{1,15}))?)?(?: ?(\d{1,4})/(\d{1,4}))?\Z")


def distance_precision_m(written: str | float, unit: str = "km") -> float:
    """Return the uncertainty that the way a distance is written implies, in metres.

    It is half the step in which the number is written. The step of a whole number is the
    largest power of ten that divides it; if it is one digit and zeros, the next lower power,
    but never less than one. Decimals count as a fraction: a half for .5, a quarter for .25 and
    .75, otherwise the place of the last digit, trailing zeros included.

    Parameters
    ----------
    written
        The number as written: ``"10"``, ``"10.0"``, ``"10 1/2"``, ``"2,000"``.
    unit
        One of ``m km mi nmi ft yd``, or its spelling.

    Raises
    ------
    InputError
        No number, or no unit of length.

    References
    ----------
    Chapman A. D. & Wieczorek J. R. (2020, rev. 2023), Georeferencing Best Practices, GBIF, the
    table of distance precision. The conventions of 2004 differ.

    Examples
    --------
    >>> [distance_precision_m(n, "km") for n in ("9", "10", "100", "140", "9.5", "10.0")]
    [500.0, 500.0, 5000.0, 5000.0, 250.0, 50.0]
    """
    return to_m(_step(written) / 2.0, unit_name(unit))


def _step(written: str | float) -> float:
    text = written if isinstance(written, str) else f"{written:.15g}"
    match = _WRITTEN.match(text.strip().replace(",", ""))
    if not match or not (match[1] or match[3]):
        raise InputError(f"{written!r} is no number of a distance; write it as 10, 10.5 or 10 1/2")
    whole, decimals, _, denominator = match.groups()
    if denominator is not None:
        if int(denominator) == 0:
            raise InputError(f"{written!r} divides by zero")
        return 1.0 / int(denominator)
    if decimals is not None:
        return _FRACTIONS.get(decimals, 10.0 ** -len(decimals))
    digits = whole.lstrip("0")
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros and len(digits) == zeros + 1:
        zeros -= 1
    return 10.0**zeros


def coordinate_precision_m(lat_deg: float, precision_deg: float) -> float:
    """Return the uncertainty of coordinates given to a precision, in metres.

    The diagonal of one step of latitude and longitude on WGS84.

    Parameters
    ----------
    lat_deg
        Latitude, degrees.
    precision_deg
        The step in which the coordinates are written: 0.01 for two decimals.

    Raises
    ------
    InputError
        A latitude beyond 90 degrees, or a negative or missing precision.

    Examples
    --------
    >>> round(coordinate_precision_m(10.27, 0.01), 1)
    1556.8
    """
    if not abs(lat_deg) <= 90:  # noqa: PLR2004 - NaN fails, too
        raise InputError(f"lat_deg must lie between -90 and 90, not {lat_deg}")
    if not 0 <= precision_deg <= 360:  # noqa: PLR2004
        raise InputError(f"precision_deg must lie between 0 and 360, not {precision_deg}")
    sine = math.sin(math.radians(lat_deg))
    w2 = 1.0 - _E2 * sine * sine
    meridian = _A_M * (1.0 - _E2) / w2**1.5
    prime_vertical = _A_M / math.sqrt(w2)
    step = math.radians(precision_deg)
    return math.hypot(meridian * step, prime_vertical * math.cos(math.radians(lat_deg)) * step)


def maximum_uncertainty_m(
    kind: str,
    *,
    offset_m: float = 0.0,
    half_angle_deg: float = 0.0,
    extent_m: float = 0.0,
    distance_precision_m: float = 0.0,
    coordinate_precision_m: float = 0.0,
    measurement_m: float = 0.0,
    datum_m: float = 0.0,
    map_m: float = 0.0,
) -> float:
    """Return the standard's radius of uncertainty for a kind of locality, in metres.

    With s the sum of extent, distance precision, measurement, datum and map error, and c the
    coordinate precision: for an offset ``sqrt((d + s - d cos a)^2 + (d sin a)^2) + c``; for a
    distance without a heading ``d + s + c``; for an orthogonal pair ``sqrt(2)`` times the distance
    precision and the rest; for a between half the distance of the centres (given as `offset_m`)
    and the rest; plain sums otherwise.

    Parameters
    ----------
    kind
        A `Locality.kind`. What a kind has no use for is ignored.
    offset_m
        Stated distance (between: the distance of the two centres).
    half_angle_deg
        Half the angle that the heading's name leaves open.
    extent_m
        From the feature's centre to its furthest boundary point.
    distance_precision_m, coordinate_precision_m
        See the functions of these names.
    measurement_m, datum_m, map_m
        Errors of measuring, of an unknown datum, of the map.

    Raises
    ------
    InputError
        An unknown kind, or a value that is negative or no number.

    References
    ----------
    Wieczorek J., Guo Q. & Hijmans R. J. (2004), IJGIS 18:745-767.

    Examples
    --------
    >>> radius_m = maximum_uncertainty_m("offset", offset_m=9000, half_angle_deg=22.5)
    >>> round(radius_m, 1)
    3511.6
    """
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no kind of locality; use one of {', '.join(KINDS)}")
    given = {
        "offset_m": offset_m,
        "half_angle_deg": half_angle_deg,
        "extent_m": extent_m,
        "distance_precision_m": distance_precision_m,
        "coordinate_precision_m": coordinate_precision_m,
        "measurement_m": measurement_m,
        "datum_m": datum_m,
        "map_m": map_m,
    }
    wrong = [name for name, value in given.items() if not 0 <= value < math.inf]
    if wrong:
        raise InputError(f"{', '.join(wrong)} must be zero or a positive number")
    other = measurement_m + datum_m + map_m
    if kind == "coordinates":
        return other + coordinate_precision_m
    fixed = extent_m + other
    if kind == "offset":
        s = fixed + distance_precision_m
        a = math.radians(half_angle_deg)
        ahead = offset_m + s - offset_m * math.cos(a)
        return math.hypot(ahead, offset_m * math.sin(a)) + coordinate_precision_m
    extra = {
        "distance": offset_m + distance_precision_m,
        "orthogonal": math.sqrt(2.0) * distance_precision_m,
        "along": distance_precision_m,
        "between": offset_m / 2.0,
    }.get(kind, 0.0)
    return fixed + extra + coordinate_precision_m
