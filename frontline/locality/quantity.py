"""Numbers and distances in words or digits, with the bounds and the precision they state."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.uncertainty import distance_precision_m
from frontline.units import M_PER

if TYPE_CHECKING:
    from frontline.locality.phrase import Phrase

_MAX_DIGITS = 12
_MAX_WORDS = 8
_MAX_BEFORE = 4
_MAX_VALUE = 1e9
_TENS = 20
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


def number(p: Phrase, i: int) -> Number | None:
    """Read a number at a position: digits, fractions, or words."""
    token = p.token(i)
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
    end = p.at(p.dash(found.end), "and")
    part = _fraction(p, p.dash(p.skip(p.dash(end), "article", most=1))) if end else None
    if part and part.value < 1:  # "ten and a half", "three-and-a-half"
        return Number(found.value + part.value, f"{found.written} {part.written}", part.end)
    return found


def _in_digits(p: Phrase, i: int) -> Number | None:
    written = digits(p.token(i).text, p.words.decimal)
    if written is None:
        return None
    if p.sign(i + 1, "/\u2044") and p.token(i + 2).kind == "number":
        bottom = digits(p.token(i + 2).text)
        if bottom and written.isdigit() and bottom.isdigit() and 0 < int(bottom) <= 100:  # noqa: PLR2004
            return Number(int(written) / int(bottom), f"{int(written)}/{int(bottom)}", i + 3)
        return None
    value, end = float(written), i + 1
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
        roles = p.roles(p.dash(j) if j > i else j)
        if "number" in roles:
            value, end = roles["number"]
            # Only "twenty" and its like may be followed by another number word.
            if j > i and not (value < 10 <= last and last >= _TENS) and last < 100:  # noqa: PLR2004
                break
            current, last = current + value, value
        elif "scale" in roles:
            value, end = roles["scale"]
            current = max(current, 1.0) * value
            if value >= 1000:  # noqa: PLR2004
                total, current = total + current, 0.0
            last = value
        elif j > i and last >= 100 and "and" in roles and p.at(roles["and"][1], "number"):  # noqa: PLR2004
            end = roles["and"][1]
        else:
            break
        j = end
    if j > i:
        return Number(total + current, f"{total + current:.12g}", j)
    return part


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
        elif p.at(j, "approx"):
            j = p.at(j, "approx")
            j += p.token(j).text == "." and j + 1 < p.count
        else:
            break
    return j, bound


def quantity(p: Phrase, i: int) -> Quantity | None:
    """Read a distance at a position, with the words of approximation and bound before it."""
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
    end = p.skip(_conversion(p, end), "approx_after", most=1)
    if p.at(end, "at_least_after"):
        end, bound = p.at(end, "at_least_after"), "at_least"
    for each in (low, high):
        if unit in _SHORT_UNITS and _THOUSANDS.match(each.written):
            plain = each.written.replace(".", "")
            raise p.wrong(
                f"{each.written!r} {unit} may be {plain} or {float(each.written):g}: write "
                f"{plain} or {float(each.written):g}",
                i,
            )
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


def _vague(p: Phrase, i: int, *, start: int) -> Quantity | None:
    """Read "a few kilometres", or "kilometres" that no number goes before."""
    found = p.roles(i).get("vague")
    if found:
        (low, high), end = found
        unit = p.unit(p.skip(end, "of", most=1))
    else:
        low, high, unit = 1.0, 10.0, p.unit(i)
        bare = p.token(i)
        # "kilometres from Hama"; a lone "m" or "km" is more likely a slip.
        if not unit or len(bare.text) < 5 or unread(p, i):  # noqa: PLR2004
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


def _range(p: Phrase, i: int) -> tuple[Number, Number, str, int] | None:
    """Read "10-15 km", "10 km to 15 km", "between 10 and 15 km"."""
    between = p.at(i, "between") or (p.at(i, "from") if p.token(i + 1).kind == "number" else 0)
    first = number(p, between or i)
    if not first:
        return None
    own_unit = p.unit(first.end)
    j = own_unit[1] if own_unit else first.end
    if p.token(j).kind == "dash":
        j += 1
    elif p.at(j, "range"):
        j = p.at(j, "range")
    else:
        return None
    second = number(p, j)
    if not second:
        return None
    unit = p.unit(p.dash(second.end))
    if not unit or (own_unit and own_unit[0] != unit[0]):
        return None
    return first, second, unit[0], unit[1]


def _single(p: Phrase, i: int) -> tuple[Number, str, int] | None:
    """Read "5 km", "half a mile", "a kilometre", "a mile and a half"."""
    j = p.skip(i, "article", most=1)
    found = number(p, j)
    if found:
        end = p.dash(found.end)
        if p.sign(end, "(") and p.token(end + 1).kind == "number" and p.sign(end + 2, ")"):
            end += 3  # "five (5) kilometres"
        if "/" in found.written:  # "half a mile", "half-a-mile", "three quarters of a mile"
            end = p.dash(p.skip(end, "of", "article", most=2))
        unit = p.unit(end + p.sign(end, "+"))
        return (found, *unit) if unit else None
    unit = p.unit(j)
    if j == i or not unit or len(p.token(j).text) < 2:  # noqa: PLR2004
        return None
    found = Number(1.0, "1", unit[1])
    end = p.at(unit[1], "and")
    part = _fraction(p, p.skip(end, "article", most=1)) if end else None
    if part:
        return Number(1.0 + part.value, f"1 {part.written}", part.end), unit[0], part.end
    return found, unit[0], unit[1]


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
