"""Grid references in text: MGRS and UTM, and geo URIs."""

from __future__ import annotations

import math
import re
import warnings
from typing import NamedTuple

from frontline.errors import LocalitySyntaxError
from frontline.locality.uncertainty import coordinate_precision_m

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
# Zone and band written together, as armies do: a number plate ("34 KLM 12") has a space there.
# Every repetition is bounded, so a search is linear in the length of the text.
_DIGITS = "|".join(rf"\d{{{count}}}\s\d{{{count}}}" for count in range(5, 0, -1))
_MGRS = re.compile(
    r"(?<![\w.,-])(?P<zone>\d{1,2})(?P<band>[C-HJ-NP-X])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])"
    rf"(?:\s?(?P<digits>{_DIGITS}|(?:\d\d){{1,5}}))?(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_UTM = re.compile(
    r"(?<![\w.,-])(?P<zone>\d{1,2})\s?(?P<band>[C-HJ-NP-X])[\s,]{1,2}(?P<east>\d{6}(?:\.\d{1,3})?)"
    r"\s?m?\s?E?[\s,]{1,2}(?P<north>\d{5,8}(?:\.\d{1,3})?)(?:\s?m)?(?:\s?N)?(?!\w)",
    re.IGNORECASE | re.ASCII,
)
_GEO = re.compile(
    r"(?<!\w)geo:(?P<lat>-?\d{1,2}(?:\.\d{1,15})?),(?P<lon>-?\d{1,3}(?:\.\d{1,15})?)"
    r"(?:,-?\d{1,6}(?:\.\d{1,6})?)?(?P<rest>(?:;[a-z0-9-]{1,20}=[\w.-]{1,30}){0,5})",
    re.IGNORECASE | re.ASCII,
)
_CUE = re.compile(r"(?:\bmgrs\b|\bgrid\b|\bgrid ref(?:erence)?\b|\busng\b)\W{0,4}$", re.IGNORECASE)
#: Fewer digits than these (1 km) are a grid reference only where the words say so.
_SURE_DIGITS = 4


class GridFix(NamedTuple):
    """A grid reference: the middle of its cell, and half the cell's diagonal in degrees' terms."""

    lon: float
    lat: float
    precision_deg: float
    span: tuple[int, int]
    remark: str


def grid(text: str) -> GridFix | None:
    """Find an MGRS or UTM reference or a geo URI in a text, None if there is none.

    Raises
    ------
    LocalitySyntaxError
        It is written like one, but there is no such cell.

    Examples
    --------
    >>> found = grid("a strike at 37S BU 79 89")
    >>> round(found.lon, 4), round(found.lat, 4), found.remark
    (36.5802, 35.1242, 'MGRS: the middle of a cell of 1 km')
    """
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    for pattern, read in ((_GEO, _geo), (_UTM, _utm), (_MGRS, _mgrs)):
        for match in pattern.finditer(text):
            found = read(text, match, match.start() <= first and match.end() >= last)
            if found:
                return found
    return None


def _degrees(lat: float, radius_m: float) -> float:
    """Return the step in degrees whose uncertainty on the ground is a radius."""
    return radius_m / coordinate_precision_m(lat, 1.0)


def _mgrs(text: str, match: re.Match[str], alone: bool) -> GridFix | None:  # noqa: FBT001
    digits = re.sub(r"\s", "", match["digits"] or "")
    written = match[0]
    cued = bool(_CUE.search(text[max(match.start() - 20, 0) : match.start()]))
    small = any(letter.islower() for letter in written)
    sure = len(digits) >= _SURE_DIGITS and not (small and " " in written)
    if not (cued or alone or sure):
        return None
    zone = int(match["zone"])
    name = f"{zone}{match['band']}{match['square']}".upper() + digits
    found = _cell(name)
    band = -80.0 + 8.0 * _BANDS.index(match["band"].upper())
    if found is None or not (1 <= zone <= 60 and band - 1.0 <= found[0] <= band + 13.0):  # noqa: PLR2004
        if not (cued or alone):
            return None
        raise LocalitySyntaxError(
            f"{written!r} is written like an MGRS reference, but there is no such cell",
            text=text,
            column=match.start(),
        )
    lat, lon = found
    size_m = 10.0 ** (5 - len(digits) // 2)
    size = f"{size_m / 1000:g} km" if size_m >= 1000.0 else f"{size_m:g} m"  # noqa: PLR2004
    half = size_m * math.sqrt(0.5)
    remark = f"MGRS: the middle of a cell of {size}"
    return GridFix(lon, lat, _degrees(lat, half), match.span(), remark)


def _cell(name: str) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of a cell, None if there is no such cell."""
    import mgrs
    from mgrs.core import MGRSError

    try:
        with warnings.catch_warnings():
            # It warns of cells that straddle their band; the band is looked at here.
            warnings.simplefilter("ignore")
            lat, lon = mgrs.MGRS().toLatLon(name)
    except (MGRSError, ValueError):
        return None
    return float(lat), float(lon)


def _utm(text: str, match: re.Match[str], _: bool) -> GridFix | None:  # noqa: FBT001
    import pyproj

    zone, letter = int(match["zone"]), match["band"].upper()
    east, north = float(match["east"]), float(match["north"])
    if not (1 <= zone <= 60 and 100_000 <= east <= 900_000 and north <= 10_000_000):  # noqa: PLR2004
        return None
    band = -80.0 + 8.0 * _BANDS.index(letter)
    found = None
    for south in (False, True):
        code = (32700 if south else 32600) + zone
        to_globe = pyproj.Transformer.from_crs(code, 4326, always_xy=True)
        lon, lat = to_globe.transform(east, north)
        if math.isfinite(lat) and (lat < 0.0) == south and band - 1.0 <= lat <= band + 13.0:
            found = lon, lat, f"the band {letter}"
        elif found is None and letter in "NS" and south == (letter == "S") and math.isfinite(lat):
            found = lon, lat, "the southern hemisphere" if south else "the northern hemisphere"
    if found is None:
        raise LocalitySyntaxError(
            f"{match[0]!r} is written like a UTM reference, but band and northing do not agree",
            text=text,
            column=match.start(),
        )
    lon, lat, read = found
    step = min(_step(match["east"]), _step(match["north"]))
    remark = f"UTM: {letter!r} is read as {read}, the reference as exact to {step:g} m"
    radius = step * math.sqrt(0.5)
    return GridFix(lon, lat, _degrees(lat, radius), match.span(), remark)


def _step(number: str) -> float:
    """Return the step in which metres are written, at most a kilometre."""
    whole, _, fraction = number.partition(".")
    if fraction:
        return 10.0 ** -len(fraction)
    zeros = len(whole) - len(whole.rstrip("0"))
    return 10.0 ** min(zeros, 3)


def _geo(text: str, match: re.Match[str], _: bool) -> GridFix | None:  # noqa: FBT001
    lat, lon = float(match["lat"]), float(match["lon"])
    facts = dict(each.split("=", 1) for each in match["rest"].lower().split(";") if each)
    if abs(lat) > 90.0 or abs(lon) > 180.0:  # noqa: PLR2004
        raise LocalitySyntaxError(
            f"{match[0]!r} is not on the globe", text=text, column=match.start()
        )
    if facts.get("crs", "wgs84") != "wgs84":
        raise LocalitySyntaxError(
            f"{match[0]!r} is not in WGS84; give it in longitude and latitude of WGS84",
            text=text,
            column=match.start(),
        )
    if re.fullmatch(r"\d{1,7}(?:\.\d{1,3})?", facts.get("u", "")):
        stated = float(facts["u"])
        remark = f"geo URI: its own uncertainty of {stated:g} m"
        return GridFix(lon, lat, _degrees(lat, stated), match.span(), remark)
    places = min(len(match[each].partition(".")[2]) for each in ("lat", "lon"))
    return GridFix(lon, lat, 10.0**-places, match.span(), "geo URI: latitude before longitude")
