"""What the rules of the grammar share: winds in sequence, trailing clauses, the value they make."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

from frontline import compass, geodesy
from frontline.errors import LocalitySyntaxError, UnresolvedFeatureError
from frontline.locality.model import Locality
from frontline.locality.names_in_text import starts

if TYPE_CHECKING:
    from frontline.locality.around_names import Anchor
    from frontline.locality.phrase import Phrase
    from frontline.locality.quantity import Quantity

#: How deep a clause may narrow a clause.
MAX_DEPTH = 1

#: How many of the rules for a narrowing clause hold without a comma: in, north of, near.
BARE_CLAUSES = 3

#: Half the angle of a bearing in degrees, by the Georeferencing Calculator.
BEARING_HALF_ANGLE_DEG = 1.0

RIGHT_ANGLE_DEG = 90.0
_TOLERANCE_DEG = 1e-6

NOUN = frozenset({"noun"})
_ADJECTIVE = frozenset({"adjective"})


class Heading(NamedTuple):
    """A heading with the angle that its name leaves open."""

    azimuth_deg: float
    half_angle_deg: float
    wind: str | None
    points: int
    forms: frozenset[str]
    end: int

    @property
    def only_adjective(self) -> bool:
        """Whether the word cannot stand for the heading itself ("northern")."""
        return self.forms == _ADJECTIVE

    def fields(self) -> dict[str, Any]:
        """Return the attributes of a `Locality` that say the heading."""
        return {
            "azimuth_deg": self.azimuth_deg,
            "half_angle_deg": self.half_angle_deg,
            "wind": self.wind,
            "points": self.points,
        }


def of_wind(wind: compass.Wind, forms: frozenset[str] = NOUN, end: int = 0) -> Heading:
    """Make a heading of a wind."""
    half = compass.half_angle_deg(wind.points)
    return Heading(wind.azimuth_deg, half, wind.abbreviation, wind.points, forms, end)


def heading(p: Phrase, i: int, *, lower: bool = False) -> Heading | None:
    """Read a wind, or two winds that together name a wider heading ("north and east")."""
    first = p.wind(i, lower=lower)
    if not first:
        return None
    word, end = first
    joined = p.at(end, "and")
    # "au nord et à l'est de"
    joined = joined and p.skip(joined, "to_wind", "before_wind", most=1)
    second = p.wind(joined, lower=lower) if joined else None
    if not second or not second[0].forms & word.forms:
        return of_wind(word.wind, word.forms, end)
    both = of_two(word.wind, second[0].wind, word.forms, second[1])
    return both or of_wind(word.wind, word.forms, end)


def of_two(
    first: compass.Wind, second: compass.Wind, forms: frozenset[str], end: int
) -> Heading | None:
    """Make the heading that lies between two winds, and is as wide as both; None if opposite."""
    turn = geodesy.azimuth_difference_deg(second.azimuth_deg, first.azimuth_deg)
    if abs(turn) > RIGHT_ANGLE_DEG:
        return None
    points = max(first.points, second.points)
    return Heading(
        (first.azimuth_deg + turn / 2.0) % 360.0,
        abs(turn) / 2.0 + compass.half_angle_deg(points),
        f"{first.abbreviation} and {second.abbreviation}",
        points,
        forms,
        end,
    )


def legs(
    found: Quantity, first: Heading, second: Quantity, other: Heading
) -> dict[str, Any] | None:
    """Return the attributes of a `Locality` of two legs, None if they make no right angle."""
    turn = geodesy.azimuth_difference_deg(other.azimuth_deg, first.azimuth_deg)
    if abs(abs(turn) - RIGHT_ANGLE_DEG) > _TOLERANCE_DEG:
        return None
    if found.value_m is None or second.value_m is None:
        return None
    return {
        "legs": ((found.value_m, first.azimuth_deg), (second.value_m, other.azimuth_deg)),
        "distance_precision_m": max(found.precision_m or 0.0, second.precision_m or 0.0),
        "unit": found.unit,
    }


def bearing(p: Phrase, i: int) -> Heading | None:
    """Read a bearing in degrees: "on a bearing of 045 degrees"."""
    j = p.skip(i, "bearing", most=2)
    token = p.token(j)
    degrees = p.at(j + 1, "degrees")
    if not degrees and p.sign(j + 1, "\u00b0\u00ba\u02da"):
        degrees = j + 2
    # "at 45 degrees", or "bearing 045" where the word says what the number is.
    said = j > i and not p.at(i, "approx")
    if token.kind != "number" or not (degrees or said) or p.unit(p.dash(j + 1)):
        return None
    if len(token.text) > 6:  # noqa: PLR2004
        return None
    try:
        value = float(token.text)
    except ValueError:
        return None
    if not 0.0 <= value <= 360.0:  # noqa: PLR2004
        return None
    end = degrees or j + 1
    return Heading(value % 360.0, BEARING_HALF_ANGLE_DEG, None, 0, frozenset({"bearing"}), end)


def make(p: Phrase, kind: str, span: tuple[int, int], **fields: Any) -> Locality:
    """Make the locality that the tokens of a span say."""
    start, end = span
    return Locality(
        p.text,
        kind,
        lang=p.words.code,
        span=(p.token(start).start, p.token(end - 1).end),
        **fields,
    )


def of_anchor(found: Anchor) -> dict[str, Any]:
    """Return the attributes of a `Locality` that an anchor says."""
    return {
        "features": (found.name,),
        "readings": (found.readings,),
        "reference": found.reference,
        "area": found.area,
    }


def clause(p: Phrase, i: int, depth: int, *, bare: int = 1) -> tuple[Locality | None, int]:
    """Read the clause that narrows what goes before it: ", Syria", "in northern Idlib".

    So many of the rules, `bare`, also hold without a comma before the clause.
    """
    if depth >= MAX_DEPTH or i >= p.count:
        return None, i
    generic = p.at(i, "generic")
    if generic and p.at(generic, "of"):  # "Hamidiyah neighbourhood of Homs"
        found = p.clause_rules[-1](p, p.at(generic, "of"), depth + 1)
        return found, p.after(found.span[1]) if found else i
    opened = p.sign(i, "(")
    j = i + 1 if p.sign(i, ",(;") else i
    for rule in p.clause_rules if j > i else p.clause_rules[:bare]:
        try:
            found = rule(p, j, depth + 1)
        except (UnresolvedFeatureError, LocalitySyntaxError):
            continue
        end = p.after(found.span[1]) if found else j
        if found and found.kind in {"feature", "inside"} and p.is_coordinates(end - 1):
            return None, i  # "near Hama, 35.16N 36.80E": they stand for themselves
        if found:
            if opened and p.sign(end, ")"):
                end += 1
            return found, end
    return None, i


def _is_joined(p: Phrase, i: int) -> bool:
    """Tell whether a name is joined to the one that ends here: "and Al Bab", "ou de Homs"."""
    joined = max(p.at(i, "and"), p.at(i, "range"))
    if not joined or p.token(i).kind != "word":
        return False
    j = p.skip(joined, "of", "link", "distance_link", "article", most=2)
    large = next((k for k in (j, joined) if p.token(k).cased and starts(p, k)), -1)
    return large >= 0 and not (p.at(large, "common") or p.at(large, "anaphor") or p.wind(large))


def only(found: Locality) -> Locality:
    """Say that what is joined to a place is not read."""
    remark = f"only {found.features[0]} is read, not what is joined to it"
    if remark in found.remarks:
        return found
    return dataclasses.replace(found, remarks=(*found.remarks, remark))


def finish(found: Locality, p: Phrase, end: int, depth: int) -> Locality:
    """Add the clause that narrows a locality, if one follows."""
    # "Suran north of Hama" and "in Nayrab near Aleppo" are about the first name; "5 km north of
    # Hama near Qomhana" says two things, and the second is noted as not read.
    bare = BARE_CLAUSES if found.kind in {"feature", "inside", "near"} else 1
    bare += found.area == "governorate" and bare > 1  # "in Kyiv oblast 30 km from Kyiv"
    within, after = clause(p, end, depth, bare=bare)
    if within is None:
        if found.kind not in {"between", "along"} and _is_joined(p, end):
            return only(found)
        return found
    exact = {"offset", "orthogonal", "distance"}
    if found.area in {"governorate", "countryside"} and within.kind in exact:
        # The more specific statement is the locality; the other narrows it.
        return dataclasses.replace(within, within=found, span=(found.span[0], within.span[1]))
    return dataclasses.replace(found, within=within, span=(found.span[0], p.token(after - 1).end))
