"""Numbers in a phrase: digits with their signs, fractions, and words in every order."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from frontline.locality.phrase import Phrase, Roles

_MAX_DIGITS = 12
_MAX_WORDS = 8
_MAX_VALUE = 1e9
_TENS = 20
_GROUP = 3
_YEAR = 4
_TIMES = frozenset("x\u00d7*\u0445")
#: After these a number is a date's, or an angle.
_NAMED = frozenset({"time", "bearing"})
_UNITS_OF_FORCES = frozenset({"organisation", "name_noun", "common"})
#: What may also be a number's word, but stands for something else before a distance.
_NOT_NUMBERS = frozenset("article vague part generic counted anaphor of and time".split())
_APOSTROPHES = "'\u2019\u02bc"
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")


class Number(NamedTuple):
    """A number, the way it is written in digits, and the position after it."""

    value: float
    written: str
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
    if token.kind == "number" and _is_type(p, i):
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
        value = found.value + top / bottom
        return _scaled(p, Number(value, f"{found.written} {top}/{bottom}", end))
    end = joining(p, p.dash(found.end))
    part = fraction(p, p.dash(p.skip(p.dash(end), "article", most=1))) if end else None
    if part and part.value < 1:  # "ten and a half", "three-and-a-half"
        value = found.value + part.value
        return _scaled(p, Number(value, f"{found.written} {part.written}", part.end))
    return found


def _scaled(p: Phrase, found: Number) -> Number:
    """Multiply a number by the scale after it: "two and a half thousand"."""
    scale = p.roles(found.end).get("scale")
    if not scale:
        return found
    value = found.value * scale[0]
    return Number(value, f"{value:.12g}", scale[1])


def preceding(p: Phrase, i: int) -> int:  # noqa: PLR0911 - a list of cases
    """Return where a number ends that the one at `i` only goes on with, 0 if there is none.

    "5 x 10 km", "5, 6 km", "two thousand, three hundred": the second number alone is not what
    is said. A year, a time, a date or the number of a unit stands for itself.
    """
    j, end = i - 1, i
    apart = p.sign(j, ",") or p.token(j).folded in _TIMES
    j -= bool(apart)
    if j < 0:
        return 0
    token, roles = p.token(j), p.roles(j)
    end = j + 1
    if token.kind == "fraction":
        return end
    if token.kind == "number":
        if p.sign(i - 1, ",") and p.token(i).kind == "word":
            return 0  # "killing 12, five kilometres north"
        return 0 if _stands_alone(p, j) else end
    if p.sign(i - 1, ",") and p.token(i).kind == "number":
        return 0  # "killing two, 5 km north"
    if roles.keys() & _NOT_NUMBERS or (token.cased and p.words.cased and not p.shouted and j):
        return 0
    word = {"number", "scale", "fraction", "fraction_after"} & roles.keys()
    ends = any(roles[role][1] == end and roles[role][0] != 1 for role in word)
    return end if ends else 0


def _stands_alone(p: Phrase, j: int) -> bool:
    """Tell whether a number in digits is a year, a time, a date, or part of a name."""
    text, before = p.token(j).text, p.token(j - 1)
    if len(text) == _YEAR and text[:2] in {"19", "20"}:
        return True
    if j and (p.sign(j - 1, ":/") or (before.kind == "dash" and p.token(j - 2).kind == "word")):
        return True
    if before.kind == p.token(j - 3).kind == "dash":
        return True  # "2024-10-05"
    if digits(text, p.words.decimal) is None or p.roles(j - 1).keys() & _NAMED:
        return True
    named = not p.roles(j - 1) or p.roles(j - 1).keys() & _UNITS_OF_FORCES
    return j > 0 and before.kind == "word" and before.cased and bool(named)


def _is_type(p: Phrase, i: int) -> bool:
    """Tell whether letters and a dash make a type of the digits here: "Shahed-136", "Su-25"."""
    word = p.token(i - 2)
    dashed = i > 1 and p.token(i - 1).kind == "dash" and p.attached(i) and p.attached(i - 1)
    return dashed and word.kind == "word" and word.cased and not p.roles(i - 2)


def joining(p: Phrase, i: int) -> int:
    """Return the position after an "and" that may stand inside a number, 0 if there is none."""
    return p.at(i, "number_and") or p.at(i, "and")


def _grouped(p: Phrase, i: int) -> tuple[str, int]:
    """Return the digits at a position with groups of three: "1 500", "1\u2019500"."""
    text, j = p.token(i).text, i + 1
    if text.isdecimal() and 0 < len(text) <= _GROUP and unicodedata.digit(text[0]):
        while (k := _grouping(p, j)) >= 0:
            text, j = text + p.token(k).text, k + 1
    return text, j


def _grouping(p: Phrase, j: int) -> int:
    """Return where the next group of three digits stands, -1 if there is none."""
    if not p.token(j - 1).text.isdecimal():
        return -1
    mark = p.sign(j, _APOSTROPHES) and p.attached(j) and p.attached(j + 1)
    k = j + mark
    token = p.token(k)
    apart = token.start - p.token(j - 1).end == 1  # one space, of whichever width
    whole = token.text[:_GROUP].isdecimal() and len(token.text) >= _GROUP
    if token.kind != "number" or not whole or not (mark or apart):
        return -1
    return k if len(token.text) == _GROUP or token.text[_GROUP] in ".," else -1


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
        end = scale[1]
        end += p.token(end).text == "." and bool(p.roles(end + 1))  # "2 Tsd. Meter"
        return Number(value, f"{value:.12g}", end)
    slashed = p.token(end).kind == "number" and p.sign(end + 1, "/\u2044")
    if written.isdigit() and (slashed or p.token(end).kind == "fraction"):
        part = number(p, end)
        if part and "/" in part.written and " " not in part.written and part.value < 1:
            return Number(value + part.value, f"{written} {part.written}", part.end)
    return Number(value, written, end)


def _in_words(p: Phrase, i: int) -> Number | None:
    part = fraction(p, i)
    if part and part.end > max(p.at(i, "number"), p.at(i, "scale")):  # "three quarters"
        return part
    total, current, last, j = 0.0, 0.0, 100.0, i
    for _ in range(_MAX_WORDS):
        k = p.dash(j) if j > i else j
        joined = joining(p, k) if j > i else 0
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


def fraction(p: Phrase, i: int) -> Number | None:
    """Read the word for a fraction: "half", "three quarters"."""
    found = p.roles(i).get("fraction")
    if not found:
        return None
    (top, bottom), end = found
    return Number(top / bottom, f"{top}/{bottom}", end)
