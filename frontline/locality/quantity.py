"""Numbers and distances in words or digits, with the bounds and the precision they state."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.uncertainty import distance_precision_m
from frontline.units import M_PER

if TYPE_CHECKING:
    from frontline.locality.phrase import Phrase, Roles

_MAX_DIGITS = 12
_MAX_WORDS = 8
_MAX_BEFORE = 6
_MAX_VALUE = 1e9
_TENS = 20
_NEXT = 2
_GROUP = 3
_SIGNS = frozenset("-+\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d")
# In much of the world "1.500 m" is a kilometre and a half.
_SHORT_UNITS = frozenset({"m", "ft", "yd"})
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")


class Number(NamedTuple):
    """A number, the way it is written in digits, and the position after it."""

    value: float
    written: str
    end: int


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


def digits(text: str, decimal: str = ".") -> str | None:
    """Return a number's digits with a point as decimal sign, None if it is no plain number.

    Examples
    --------
    >>> digits("2,000"), digits("7,5"), digits("10.0"), digits("1.2.3")
    ('2000', '7.5', '10.0', None)
    """
    if not text.isascii():
        text = "".join(
            str(unicodedata.digit(c)) if c.isdigit() else {"\u066b": ".", "\u066c": ""}.get(c, c)
            for c in text
        )
    if len(text) > _MAX_DIGITS:
        return None
    if decimal == ",":
        text = text.translate({ord(","): ".", ord("."): ","})
    text = text.replace(",", "") if _GROUPED.match(text) else text.replace(",", ".")
    return text if text.count(".") <= 1 else None


def number(p: Phrase, i: int) -> Number | None:  # noqa: PLR0911 - a list of cases
    """Read a number at a position: digits, fractions, or words."""
    token = p.token(i)
    if token.kind == "word" and not p.roles(i):
        return None
    if token.kind == "fraction":
        top, _, bottom = unicodedata.normalize("NFKC", token.text).partition("\u2044")
        if not (top and bottom) or bottom == "0":
            return None
        return Number(int(top) / int(bottom), f"{top}/{bottom}", i + 1)
    found = _in_digits(p, i) if token.kind == "number" else _in_words(p, i)
    if found and found.value > _MAX_VALUE:
        return None
    if found is None or "/" in found.written or "." in found.written:
        return found
    after = p.roles(found.end).get("fraction_after")
    if after:  # "beş buçuk"
        (top, bottom), end = after
        return Number(found.value + top / bottom, f"{found.written} {top}/{bottom}", end)
    end = _and(p, p.dash(found.end))
    part = _fraction(p, p.dash(p.skip(p.dash(end), "article", most=1))) if end else None
    if part and part.value < 1:  # "ten and a half", "three-and-a-half"
        return Number(found.value + part.value, f"{found.written} {part.written}", part.end)
    return found


def _and(p: Phrase, i: int) -> int:
    """Return the position after an "and" that may stand inside a number, 0 if there is none."""
    return p.at(i, "number_and") or p.at(i, "and")


def _grouped(p: Phrase, i: int) -> tuple[str, int]:
    """Return the digits at a position with groups of three that a space parts: "1 500"."""
    text, j = p.token(i).text, i + 1
    if " " in p.words.thousands and text.isdecimal() and 0 < len(text) <= _GROUP:
        while _grouping(p, j):
            text, j = text + p.token(j).text, j + 1
    return text, j


def _grouping(p: Phrase, j: int) -> bool:
    token = p.token(j)
    return token.kind == "number" and (
        token.text[:_GROUP].isdecimal()
        and (len(token.text) == _GROUP or token.text[_GROUP : _GROUP + 1] in {".", ","})
        and token.start - p.token(j - 1).end == 1
        and p.token(j - 1).text.isdecimal()
        and p.token(j - 1).text[0] != "0"
    )


def _in_digits(p: Phrase, i: int) -> Number | None:  # noqa: PLR0911 - a list of cases
    text, after = _grouped(p, i)
    written = digits(text, p.words.decimal)
    if written is None:
        return None
    if after > i + 1:
        return Number(float(written), written, after)
    if p.sign(i + 1, "/\u2044") and p.token(i + 2).kind == "number":
        bottom = digits(p.token(i + 2).text)
        if bottom and written.isdigit() and bottom.isdigit() and 0 < int(bottom) <= 100:  # noqa: PLR2004
            return Number(int(written) / int(bottom), f"{int(written)}/{int(bottom)}", i + 3)
        return None
    value, end = float(written), i + 1
    tied = p.token(end).kind == "dash" or p.sign(end, "'\u2019")
    if tied and p.attached(end) and p.attached(end + 1):
        end = p.at(end + 1, "number_ending") or end  # "5-ти км", "20'den"
    scale = p.roles(end).get("scale")
    if scale:
        value *= scale[0]
        return Number(value, f"{value:.12g}", scale[1])
    slashed = p.token(end).kind == "number" and p.sign(end + 1, "/\u2044")
    if written.isdigit() and (slashed or p.token(end).kind == "fraction"):
        part = number(p, end)
        if part and "/" in part.written and " " not in part.written and part.value < 1:
            return Number(value + part.value, f"{written} {part.written}", part.end)
    return Number(value, written, end)


def _in_words(p: Phrase, i: int) -> Number | None:
    part = _fraction(p, i)
    if part and part.end > max(p.at(i, "number"), p.at(i, "scale")):  # "three quarters"
        return part
    total, current, last, j = 0.0, 0.0, 100.0, i
    for _ in range(_MAX_WORDS):
        k = p.dash(j) if j > i else j
        joined = _and(p, k) if j > i else 0
        roles = p.roles(joined or k)
        if "number" in roles:
            value, end = roles["number"]
            fits = j == i or _adds(p, last, value, joined=bool(joined))
            if not fits:
                break
            current, last = current + value, min(value, last) if joined else value
        elif "scale" in roles and not (joined and value_of(roles) > last):
            value, end = roles["scale"]
            if joined:
                total, current = total + current, 0.0
            current = max(current, 1.0) * value
            if value >= 1000:  # noqa: PLR2004
                total, current = total + current, 0.0
            last = value
        else:
            break
        j = end
    if j > i:
        return Number(total + current, f"{total + current:.12g}", j)
    return part


def value_of(roles: Roles) -> float:
    """Return the value of a scale word."""
    return float(roles["scale"][0])


def _adds(p: Phrase, last: float, value: float, *, joined: bool) -> bool:
    """Tell whether a number word goes on with a number whose last word had the value `last`."""
    if joined and p.words.ones_first and last < 10 <= value < 100 and value % 10 == 0:  # noqa: PLR2004
        return True  # "five and twenty"
    if last >= 100:  # noqa: PLR2004
        return value < last
    # Only "twenty" and its like may be followed by another number word.
    tens = value < 10 <= last and last >= _TENS and last % 10 == 0  # noqa: PLR2004
    return tens and (not joined or "number_and" in p.words.classes)


def _fraction(p: Phrase, i: int) -> Number | None:
    found = p.roles(i).get("fraction")
    if not found:
        return None
    (top, bottom), end = found
    return Number(top / bottom, f"{top}/{bottom}", end)


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
    end = p.skip(_conversion(p, end), "approx_after", most=1)
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
    joined = _and(p, j)
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
        joined = _and(p, end)
        part = _fraction(p, p.skip(joined, "article", most=1)) if joined else None
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


def _conversion(p: Phrase, i: int) -> int:
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
    return i
