"""Roads and rivers in a phrase: "on the M5", "along the Hama-Homs road"."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from frontline.errors import UnresolvedFeatureError
from frontline.locality import names_in_text as anchors
from frontline.locality.known_paths import known_path

if TYPE_CHECKING:
    from frontline.locality.model import Locality
    from frontline.locality.phrase import Phrase

_MAX_CODE = 6
#: Letters and a number: not every one is a road's ("T4" is a base).
_CODE = re.compile(r"[^\W\d_]-?\d{1,3}\Z")
_NOT_A_PATH = frozenset({"edge", "countryside", "governorate", "settlement", "generic", "part"})
_LATIN = str.maketrans("\u041c\u041d\u0410\u0412\u0415\u041a\u0420\u0421\u0422", "MHABEKPCT")


def path(p: Phrase, i: int) -> tuple[str, int] | None:
    """Read the name of a path: "the M5", "the Hama-Homs road", "the road from Hama to Homs"."""
    j = p.skip(i, "article", most=1)
    road = p.at(j, "road")
    return _after_noun(p, j, road) if road else _coded(p, j) or _named(p, j)


def _after_noun(p: Phrase, j: int, road: int) -> tuple[str, int] | None:
    """Read "the road from Hama to Homs", "highway M5", "Highway 5"."""
    coded = _coded(p, road)
    if coded:
        return coded
    k = p.at(road, "from") or road
    k = p.at(road, "between") or k
    coded = _coded(p, k)  # "highway M5": the noun may be inflected
    if coded:
        return coded
    if k == road and p.token(road).kind == "number" and not p.unit(p.dash(road + 1)):
        return p.slice(j, road + 1), road + 1  # "la nationale 7"
    first = anchors.name(p, k, lower=False)
    if not first:
        return None
    to = p.at(first, "to") or p.at(first, "range")
    second = anchors.name(p, to, lower=False) if to and k > road else 0
    if second:
        return f"{p.slice(k, first)}-{p.slice(to, second)} {p.slice(j, road)}", second
    end = first + (p.token(first).kind == "number")
    return p.slice(j, end), end


def _coded(p: Phrase, j: int) -> tuple[str, int] | None:
    """Read letters and a number: "the M5", "M-5"."""
    token = p.token(j)
    code = token.text.isalnum() and len(token.text) <= _MAX_CODE and token.text[:1].isalpha()
    if code and any(letter.isdigit() for letter in token.text):
        return _code(p.slice(j, j + 1)), p.at(j + 1, "road") or j + 1
    if code and p.token(j + 1).kind in {"dash", "number"} and token.text.isupper():
        k = p.dash(j + 1)  # "M-5", "Highway 5"
        if p.token(k).kind == "number" and p.attached(k) and (k > j + 1 or not p.unit(k + 1)):
            return _code(p.slice(j, k + 1)), p.at(k + 1, "road") or k + 1
    return None


def _named(p: Phrase, j: int) -> tuple[str, int] | None:
    """Read a name with its noun after it, or one that is known to be a path's."""
    end = anchors.name(p, j, lower=False)
    if not end:
        return None
    road = p.at(end, "road")
    if road:
        return p.slice(j, road), road
    if end > j + 1 and p.at(end - 1, "road"):  # "on the Euphrates River"
        return p.slice(j, end), end
    return _known(p, j, end)


def _known(p: Phrase, i: int, end: int) -> tuple[str, int] | None:
    """Return a name that is a bundled road's or river's, with no noun beside it."""
    if _NOT_A_PATH & p.roles(end).keys():
        return None  # "along the Jordan border"
    for stop in (end, i + 1) if not p.words.cased else (end,):
        if known_path(p.slice(i, stop)):
            return p.slice(i, stop), stop
    return None


def _code(label: str) -> str:
    """Return a road's letters and number in Latin letters."""
    return label if label.isascii() else label.translate(_LATIN)


def check_line(p: Phrase, name: str, end: int) -> None:
    """Raise for a name that ends here and is a road's: what lies off it is no single place.

    Raises
    ------
    UnresolvedFeatureError
        "5 km west of the M4".
    """
    road = p.at(end, "road")
    small = road and (p.words.nouns_cased or not p.token(end).cased)
    apart = p.at(end, "settlement") or p.at(road, "name_noun")
    coded = _CODE.match(name) and known_path(name)
    if (small and not apart) or coded:
        line = f"{name} {p.slice(end, road)}" if small else name
        raise UnresolvedFeatureError(
            f"{line!r} is a road, and from where along it is not said; start from a place",
            feature=name,
        )


def trailing(p: Phrase, found: Locality, i: int) -> Locality:
    """Read "10 km south of Saraqib on the M5": the path after the distance."""
    j = i + bool(p.sign(i, ","))
    on = p.at(j, "on")
    said = path(p, on) if on else None
    if not said:
        return found
    name, end = said
    span = (found.span[0], p.token(end - 1).end)
    return dataclasses.replace(found, kind="along", path=name, span=span)


def with_path(found: Locality, name: str, start: int) -> Locality:
    """Make a locality one along a path that was named before it."""
    return dataclasses.replace(found, kind="along", path=name, span=(start, found.span[1]))
