"""Distances in words or digits, with the bounds and the precision they state."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.numerals import Number, fraction, joining, number, preceding
from frontline.locality.uncertainty import distance_precision_m
from frontline.units import M_PER

if TYPE_CHECKING:
    from frontline.locality.phrase import Phrase

_MAX_BEFORE = 6
_NEXT = 2
_SIGNS = frozenset("-+\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d")
# In much of the world "1.500 m" is a kilometre and a half.
_SHORT_UNITS = frozenset({"m", "ft", "yd"})
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}\Z")


#: A conversion is rounded: it may be so much off.
_SAME = 0.2


class Quantity(NamedTuple):
    """A distance as stated: middle, bounds, precision, and bounds assumed for vague words."""

    value_m: float | None
    low_m: float | None
    high_m: float | None
    precision_m: float | None
    unit: str
    assumed_m: tuple[float, float] | None
    start: int
    end: int


def _before(p: Phrase, i: int) -> tuple[int, str]:
    """Step over words of approximation and bound; return the position and the last bound."""
    j, bound = i, ""
    for _ in range(_MAX_BEFORE):
        if p.roles(j).get("vague") and _vague(p, j, start=i):
            break
        role = next((each for each in ("at_most", "at_least") if p.at(j, each)), "")
        if role:
            j, bound = p.at(j, role), role
        elif p.sign(j, "<\u2264>\u2265"):
            bound = "at_most" if p.token(j).text in "<\u2264" else "at_least"
            j += 1
        elif p.sign(j, "~\u2248\u00b1\u223c"):
            j += 1
        elif p.at(j, "before_quantity"):
            j = p.at(j, "before_quantity")
        elif p.at(j, "approx"):
            j = p.at(j, "approx")
            j += p.token(j).text == "." and j + 1 < p.count
        else:
            break
    return j, bound


def quantity(p: Phrase, i: int) -> Quantity | None:
    """Read a distance at a position, with the words of approximation and bound before it."""
    first = p.token(i)
    if first.kind == "word" and not p.roles(i):
        return None
    if i not in p.quantities:
        p.quantities[i] = _quantity(p, i)
    found: Quantity | None = p.quantities[i]
    return found


def _quantity(p: Phrase, i: int) -> Quantity | None:
    j, bound = _before(p, i)
    sign = p.token(j - 1)
    if (
        p.token(j).kind in {"number", "fraction"}
        and sign.text in _SIGNS
        and p.attached(j)
        and not p.attached(j - 1)
        and (_single(p, j) or _range(p, j))
    ):
        raise p.wrong(f"{p.slice(j - 1, j + 1)!r} is a signed distance: write it without", j - 1)
    _check_money(p, j)
    vague = _vague(p, j, start=i)
    if vague:
        return vague
    ranged = _range(p, j)
    if ranged:
        low, high, unit, end = ranged
    else:
        single = _single(p, j)
        if not single:
            return None
        low, unit, end = single
        high = low
        if low.end < end and p.at(p.dash(low.end), "at_least_after"):
            bound = "at_least"
    before = preceding(p, j)
    if before:
        raise p.wrong(
            f"{p.slice(max(before - 1, 0), end)!r} begins inside a number that is not understood; "
            "write the distance as '2.5 km'",
            before - 1,
        )
    end = p.skip(_conversion(p, end, (low.value * M_PER[unit], unit)), "approx_after", most=1)
    for role in ("at_least", "at_most"):
        if p.at(end, f"{role}_after"):
            end, bound = p.at(end, f"{role}_after"), role
    _check_thousands(p, i, (low, high), unit)
    scale = M_PER[unit]
    low_m, high_m = sorted((low.value * scale, high.value * scale))
    precision_m = max(distance_precision_m(n.written, unit) for n in (low, high))
    return Quantity(
        (low_m + high_m) / 2.0,
        0.0 if bound == "at_most" else low_m,
        None if bound == "at_least" else high_m,
        precision_m,
        unit,
        None,
        i,
        end,
    )


def _check_money(p: Phrase, i: int) -> None:
    """Raise for a sum: "$5m" is none of metres."""
    sign = p.token(i - 1)
    if i and sign.kind == "sign" and unicodedata.category(sign.text[:1]) == "Sc":
        raise p.wrong(f"{p.slice(i - 1, i + 1)!r} is a sum of money and no distance", i - 1)


def _check_thousands(p: Phrase, i: int, numbers: tuple[Number, Number], unit: str) -> None:
    """Raise for "1.500 m", which much of the world reads as a kilometre and a half."""
    for each in numbers:
        if unit in _SHORT_UNITS and _THOUSANDS.match(each.written):
            plain = each.written.replace(".", "")
            raise p.wrong(
                f"{each.written!r} {unit} may be {plain} or {float(each.written):g}: write "
                f"{plain} or {float(each.written):g}",
                i,
            )


def _vague(p: Phrase, i: int, *, start: int) -> Quantity | None:
    """Read "a few kilometres", or "kilometres" that no number goes before."""
    found = p.roles(i).get("vague")
    unit = p.unit(p.skip(found[1], "of", "article", most=2)) if found else p.unit(i)
    if not found and unit and (after := p.roles(unit[1]).get("vague")):
        found, unit = after, (unit[0], after[1])  # "كيلومترات قليلة"
    if found:
        (low, high) = found[0]
    else:
        low, high = 1.0, 10.0
        bare = p.token(i)
        # "kilometres from Hama"; a lone "m" or "km" is more likely a slip.
        if not unit or len(bare.text) < 5 or unread(p, i) or p.at(i, "measure"):  # noqa: PLR2004
            return None
        last = i - 1 - (p.token(i - 1).text == ".")
        if i and p.token(last).kind == "word" and not (last == i - 1 and p.roles(last)):
            return None  # what should be a number is not understood
        if i and p.at(i - 1, "other_unit") >= unit[1]:
            return None  # "square kilometres"
        if not p.at(unit[1], "distance_link") and not p.wind(p.skip(unit[1], "before_wind")):
            return None
    if not unit:
        return None
    scale = M_PER[unit[0]]
    assumed = (low * scale, high * scale)
    return Quantity(None, None, None, None, unit[0], assumed, start, unit[1])


def unread(p: Phrase, i: int) -> bool:
    """Tell whether something that should be a number stands before a position ("NaN", "5e3")."""
    before = p.token(i - 1)
    glued = before.kind == "word" and p.attached(i - 1) and p.token(i - 2).kind == "number"
    return before.kind == "number" or glued or (i > 0 and p.at(i - 1, "no_number") == i)


def _follows(p: Phrase, first: Number, i: int) -> bool:
    """Tell whether the next number in words is the next one: "two three kilometres"."""
    j = i + p.sign(i, ",")
    words = p.token(i - 1).kind == p.token(j).kind == "word"
    second = number(p, j) if words else None
    return second is not None and 0.0 < second.value - first.value <= _NEXT


def _range(p: Phrase, i: int) -> tuple[Number, Number, str, int] | None:
    """Read "10-15 km", "10 km to 15 km", "between 10 and 15 km"."""
    between = p.at(i, "between") or (p.at(i, "from") if p.token(i + 1).kind == "number" else 0)
    first = number(p, between or i)
    own_unit: tuple[str, int] | None
    if first:
        own_unit = p.unit(first.end)
    else:
        measure = _measure(p, between or i)
        if not measure:
            return None
        first, own_unit = measure[0], measure[1:]
    j = own_unit[1] if own_unit else first.end
    joined = joining(p, j)
    if p.token(j).kind == "dash":
        j += 1
    elif p.at(j, "range"):
        j = p.at(j, "range")
    elif not own_unit and _follows(p, first, j):
        j += p.sign(j, ",")  # "zwei, drei Kilometer"
    else:
        return None
    second = number(p, p.skip(j, "before_quantity", most=1))
    if not second or (joined and own_unit and second.value < 1):
        return None  # "three kilometres and half a kilometre" is one distance
    unit = p.unit(p.dash(second.end))
    if not unit and own_unit and own_unit[1] == first.end:  # "كيلومترين أو ثلاثة"
        unit = (own_unit[0], second.end)
    if not unit or (own_unit and own_unit[0] != unit[0]):
        return None
    return first, second, unit[0], unit[1]


def _measure(p: Phrase, i: int) -> tuple[Number, str, int] | None:
    """Read one word for number and unit: "polkilometra", "kilometrayn"."""
    found = p.roles(i).get("measure")
    if not found:
        return None
    (value, unit), end = found
    return Number(float(value), f"{value:.12g}", end), unit, end


def _and_half(p: Phrase, found: Number, unit: str, end: int) -> tuple[Number, str, int]:
    """Add what stands after the unit: "ten kilometres and a half"."""
    after = p.roles(end).get("fraction_after")
    part: Number | None = None
    if after:
        (top, bottom), stop = after
        part = Number(top / bottom, f"{top}/{bottom}", stop)
    else:
        joined = joining(p, end)
        part = fraction(p, p.skip(joined, "article", most=1)) if joined else None
    whole = found.value >= 1 and found.value % 1 == 0 and "/" not in found.written
    again = p.unit(part.end) if part else None
    if part and part.value < 1 and whole and (not again or again[0] == unit):
        return (
            Number(found.value + part.value, f"{found.written} {part.written}", end),
            unit,
            again[1] if again else part.end,
        )
    return found, unit, end


def _single(p: Phrase, i: int) -> tuple[Number, str, int] | None:
    """Read "5 km", "half a mile", "a kilometre", "a mile and a half"."""
    j = p.skip(i, "article", most=1)
    for start in (i, j) if j > i and p.at(i, "number") else (j,):
        found = number(p, start)
        if not found:
            continue
        end = p.dash(found.end)
        if p.sign(end, "(") and p.token(end + 1).kind == "number" and p.sign(end + 2, ")"):
            end += 3  # "five (5) kilometres"
        end = p.at(end, "at_least_after") or end  # "in twenty-odd kilometres"
        end = p.skip(end, "approx_after", most=1)  # "a hundred or so metres"
        if "/" in found.written:  # "half a mile", "half-a-mile", "three quarters of a mile"
            end = p.dash(p.skip(end, "of", "article", most=2))
        unit = p.unit(end + p.sign(end, "+"))
        if unit:
            return _and_half(p, found, *unit)
    measure = _measure(p, j)
    if measure:
        return _and_half(p, *measure)
    unit = p.unit(j)
    if j == i or not unit or len(p.token(j).text) < 2:  # noqa: PLR2004
        return None
    return _and_half(p, Number(1.0, "1", unit[1]), *unit)


def _conversion(p: Phrase, i: int, stated: tuple[float, str] | None = None) -> int:
    """Step over a conversion, "(20 miles)" or "/ 20 mi": the first number rules."""
    if p.sign(i, "(["):
        j = i + 1
        for _ in range(3):
            j = p.skip(j + p.sign(j, "~\u2248"), "approx", most=1)
        inner = _range(p, j) or _single(p, j)
        if inner and p.sign(inner[-1], ")]"):
            return inner[-1] + 1
    elif p.sign(i, "/"):
        inner = _single(p, i + 1)
        if inner:
            return inner[-1]
    elif stated and (p.token(i).kind == "dash" or p.sign(i, ",")):
        return _in_between(p, i, stated)
    return i


def _in_between(p: Phrase, i: int, stated: tuple[float, str]) -> int:
    """Step over the same distance in another unit: "40 km - 25 miles - south of"."""
    j = p.at(i + 1, "range") or i + 1
    inner = _single(p, p.skip(j, "approx", most=1))
    if not inner or inner[1] == stated[1]:
        return i
    again_m, end = inner[0].value * M_PER[inner[1]], inner[2]
    closed = p.token(end).kind == p.token(i).kind and p.token(end).text == p.token(i).text
    return end + 1 if closed and abs(again_m - stated[0]) <= _SAME * stated[0] else i
