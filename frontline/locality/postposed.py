"""Rules for languages whose relation words follow their name: "Hama kentinin 5 km kuzeyinde".

Which case goes with which relation is the same wherever the order is this one: what lies off
takes an ablative or a dative, what is a part or a side takes a genitive. The endings themselves
are data of the lexicon.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from frontline.errors import FrontlineError
from frontline.locality.nouns import Noun, noun, written_small
from frontline.locality.numerals import number
from frontline.locality.offsets import distance_fields
from frontline.locality.paths_in_text import check_line, with_path
from frontline.locality.quantity import Quantity, quantity
from frontline.locality.rules import MAX_DEPTH, Heading, bearing, legs, make, of_two, of_wind, only

if TYPE_CHECKING:
    from frontline.locality.model import Locality
    from frontline.locality.phrase import Phrase

_OFF = ("ablative", "dative", "genitive")
_OF = ("genitive", "ablative")
_IN = ("locative", "relative", "genitive", "ablative")
_NEAR = ("genitive",)
_COUNTED_WITHIN = 3
_MAX_CODE = 6


def _of(p: Phrase, found: Noun, cases: tuple[str, ...]) -> dict[str, Any]:
    """Return the attributes of a `Locality` that a noun says in one of the cases."""
    if not found.name.text or found.capital:
        raise p.nameless(found.start, found.end)
    first, *others = found.bases(cases)
    area = found.area if found.area != "part" else None
    fields: dict[str, Any] = {"features": (first,), "reference": found.reference, "area": area}
    return fields | {"readings": (tuple(others),)}


def relation(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read a locality that begins with its name."""
    side = p.wind(i)
    if side and "adjective" not in side[0].forms:
        return None
    found = noun(p, i)
    if not found:
        return None
    if found.land and found.reference == "edge":
        _check_border(p, found)
    inner = _possessed(p, found, depth)
    if inner:
        return inner
    made = (
        _between(p, found)
        or _measured(p, found)
        or _wind_of(p, found)
        or _near(p, found)
        or _settled(p, found)
    )
    if not made:
        if not found.name.text:
            _check_length(p, found.end)
        return None
    end = p.after(made.span[1])
    exact = made.kind in {"offset", "distance", "orthogonal"}
    _check_after(p, end, exact=exact)
    if not exact and (_idle_distance(p, end) or written_small(p, found)):
        return None  # "Humus'un girişinde 10 km'lik bir konvoy"
    if made.azimuth_deg is not None or made.distance_m is not None:
        check_line(p, found.name.text, found.end)
    made = _head_after(p, made, end, depth) or _on_path(p, made, end)
    return only(made) if _joined_before(p, i) and made.kind != "between" else made


def _joined_before(p: Phrase, i: int) -> bool:
    """Tell whether a name is joined to the one that begins here: "Hama ve Humus'un"."""
    j = next((k for k in range(i - 1, max(i - 3, -1), -1) if p.at(k, "and") == i), 0)
    before = p.token(j - 1)
    if j < 1 or before.kind != "word" or not before.cased:
        return False
    return not (p.at(j - 1, "common") or p.at(j - 1, "stop") or p.wind(j - 1))


def _check_border(p: Phrase, found: Noun) -> None:
    """Raise for the border of two countries: where along it is not said."""
    joined = p.at(found.start - 1, "and") == found.start
    k = found.start - 1 - joined
    other = noun(p, k) if k >= 0 and p.token(k).cased else None
    with_it = joined or (other and any(case == "instrumental" for _, case in other.name.forms))
    if other and with_it and other.land and other.end == k + 1:
        raise p.nameless(k, found.end)


def _check_length(p: Phrase, i: int) -> None:
    """Raise for a length soon after a noun that names nothing: no place is asked for."""
    for j in range(i, i + _COUNTED_WITHIN):
        said = quantity(p, j)
        if said and p.at(said.end, "length_noun"):
            raise p.wrong(f"{p.slice(j, p.at(said.end, 'length_noun'))!r} is a length", j)


def _possessed(p: Phrase, found: Noun, depth: int) -> Locality | None:
    """Read a place in a place: "Hama ilinin Suran ilçesinde"."""
    j = p.at(found.end, "of") or found.end
    possessor = (
        j > found.end
        or (found.area not in {None, "part"} and not found.side)
        or any(case == "genitive" for _, case in found.name.forms)
    )
    if depth >= MAX_DEPTH or not possessor or found.reference or not p.token(j).cased:
        return None
    if not found.name.text or p.wind(j) or p.at(j, "common") or p.at(j, "stop"):
        return None
    inner = relation(p, j, depth + 1)
    if not inner and j == found.end and found.locative:
        return None
    if not inner:
        other = noun(p, j)
        if not other or not other.name.text or other.end < p.count:
            return None
        inner = make(p, "feature", (j, other.end), **_of(p, other, ()))
    whole_of = _of(p, found._replace(capital=False), _OF)
    whole = make(p, "feature", (found.start, found.end), **whole_of)
    return _narrowed(inner, whole, p.token(found.start).start)


def _narrowed(inner: Locality, whole: Locality, start: int) -> Locality:
    within = inner.within or whole
    return dataclasses.replace(inner, within=within, span=(start, inner.span[1]))


def _heading(p: Phrase, i: int) -> Heading | None:
    """Read a wind, or two winds of which only the last has an ending ("kuzey ve doğusunda")."""
    first = p.wind(i, lower=False)
    if not first:
        return None
    word, end = first
    joined = p.at(end, "and")
    second = p.wind(joined) if joined else None
    if not second:
        return of_wind(word.wind, word.forms, end)
    both = of_two(word.wind, second[0].wind, second[0].forms, second[1])
    return both or of_wind(word.wind, word.forms, end)


def _stated(p: Phrase, i: int) -> Quantity | None:
    """Read a distance with the words around it; a bound may follow ("10 km'den az")."""
    found = quantity(p, i) or quantity(p, p.skip(i, "before_wind", most=2))
    if not found:
        return None
    end = found.end
    if p.at(end, "at_most_after") and found.high_m is not None:
        end = p.at(end, "at_most_after")
        found = found._replace(low_m=0.0)
    elif p.at(end, "at_least_after") and found.high_m is not None:
        end = p.at(end, "at_least_after")
        found = found._replace(high_m=None)
    if found.low_m != found.high_m and p.at(end, "between_after"):
        end = p.at(end, "between_after")  # "between 10 and 15 km"
    end = p.skip(end, "approx_after", "before_wind", "approx", most=2)
    return found._replace(start=i, end=end)


def _measured(p: Phrase, found: Noun) -> Locality | None:
    """Read an offset, an orthogonal pair or a distance after a name."""
    j = found.end + bool(p.sign(found.end, ",("))
    said = _stated(p, j)
    if not said:
        return _wind_first(p, found, j)
    towards = bearing(p, said.end) or _heading(p, said.end)
    if towards:
        return _orthogonal(p, found, said, towards) or _offset(p, found, said, towards)
    for role in ("around", "after_distance"):
        end = p.at(said.end, role)
        if not end:
            continue
        fields = _of(p, found, _OFF) | distance_fields(said)
        if role == "around" and said.assumed_m is None and said.low_m == said.high_m:
            fields["distance_low_m"] = 0.0
        if found.side:
            fields["remarks"] += (f"the {found.side.name} side of the feature is not singled out",)
        return make(p, "distance", (found.start, end), **fields)
    return None


def _offset(p: Phrase, found: Noun, said: Quantity, towards: Heading) -> Locality | None:
    end = p.skip(towards.end, "after_wind", most=1)
    if p.at(end, "movement") and "governing" not in towards.forms:
        return None  # "Hama'dan 5 km kuzeye ilerledi"
    if _moved_to(p, towards.end):
        raise p.wrong(f"{p.slice(found.start, end)!r} is where somebody moved to", found.start)
    cases: tuple[str, ...] = _OF if "governing" in towards.forms else _OFF
    if p.sign(found.end, ",("):  # "Hama (5 km KD)": what stands apart asks for no case
        cases = ()
        end += p.sign(found.end, "(") and p.sign(end, ")")
    fields = _of(p, found, cases) | distance_fields(said) | towards.fields()
    return make(p, "offset", (found.start, end), **fields)


def _moved_to(p: Phrase, i: int) -> bool:
    """Tell whether words that end here lead there, and a movement follows: "kuzeyine ilerledi"."""
    if not any(p.at(j, "moved_to") == i for j in range(max(i - 3, 0), i)):
        return False
    for j in range(i, i + _COUNTED_WITHIN):
        if p.at(j, "movement"):
            return True
        if p.token(j).kind != "word":
            return False
    return False


def _wind_first(p: Phrase, found: Noun, i: int) -> Locality | None:
    """Read "Həma, şimal-şərqə 5 km"."""
    towards = _heading(p, i)
    j = p.skip(towards.end, "after_wind") if towards else i
    comma = p.sign(j, ",")  # "Tikrit'in güneyinde, 10 km mesafede"
    said = _stated(p, j + bool(comma)) if towards else None
    if comma and said and not p.at(said.end, "after_distance"):
        return None
    if not said or not towards:
        return None
    end = p.at(said.end, "after_distance") or said.end
    loose = end == said.end and i == found.end and p.token(end).kind == "word"
    if loose or p.at(said.end, "length_noun") or p.at(said.end, "movement"):
        return None  # "5 km long" and its like
    cases: tuple[str, ...] = () if i > found.end else _OFF
    if "governing" in towards.forms:
        cases = _OF
    fields = _of(p, found, cases) | distance_fields(said) | towards.fields()
    return make(p, "offset", (found.start, end), **fields)


def _orthogonal(p: Phrase, found: Noun, said: Quantity, first: Heading) -> Locality | None:
    j = first.end + bool(p.sign(first.end, ",;"))
    second = _stated(p, p.at(j, "and") or j)
    other = _heading(p, second.end) if second else None
    pair = legs(said, first, second, other) if second and other else None
    if not other or not pair:
        return None
    fields = _of(p, found, _OF if "governing" in other.forms else _OFF) | pair
    return make(p, "orthogonal", (found.start, other.end), **fields)


def _wind_of(p: Phrase, found: Noun) -> Locality | None:
    """Read "Hama kentinin kuzeyinde": a heading; of an area it is the part that lies in it."""
    said = _heading(p, p.skip(found.end, "before_wind", "approx", most=2))
    if not said or not said.forms & {"governing", "adverb"}:
        return None
    end = p.skip(said.end, "after_wind", most=1)
    if p.at(end, "movement") and "governing" not in said.forms:
        return None
    fields = _of(p, found, _OF if "governing" in said.forms else _OFF) | said.fields()
    within = found.land or found.area in {"countryside", "governorate", "part"}
    kind = "part" if within and "governing" in said.forms else "heading"
    return make(p, kind, (found.start, end), **fields)


def _near(p: Phrase, found: Noun) -> Locality | None:
    j = p.skip(found.end, "before_wind", "approx", most=2)
    joined = p.at(found.end, "and")  # "in Homs and around it"
    end = p.at(j, "near") or p.at(found.end, "near") or (p.at(joined, "near") if joined else 0)
    out = p.at(j, "outside")
    town = found.area in {None, "settlement"} and not (found.land or found.side or found.reference)
    if out and town and not end:
        return _made(p, "near", found._replace(reference="edge"), out, _OF)
    if not end:
        return None
    asked = p.roles(j).get("case") or p.roles(found.end).get("case")
    return _made(p, "near", found, end, asked[0] if asked else _NEAR)


def _settled(p: Phrase, found: Noun) -> Locality | None:  # noqa: PLR0911 - a list of cases
    """Read what needs no relation word: an edge, a centre, a part, and a name in the locative."""
    end = p.at(found.end, "inside")
    middle = p.at(p.skip(found.end, "before_wind", "approx", most=1), "halfway")
    if middle:  # "right in the middle of Kherson"
        return _made(p, "inside", found._replace(reference="centre"), middle, _OF)
    if not found.name.text and _idle_distance(p, end or found.end):
        return None  # "they advanced 3 km in the area": a movement, whichever area it is
    whole = found.end == found.name.end and not (found.land or found.locative)
    if found.side and whole and (found.end < p.count or found.name.head):
        return None  # "North Korean soldiers", "North Atlantic Council"
    if found.side or found.reference or found.area == "countryside":
        return _made(p, "feature", found, end or found.end, _OF)
    if end:
        return _made(p, "inside", found, end, _OF)
    if found.locative or (
        found.end == found.name.end
        and any(case in {"locative", "relative"} for _, case in found.name.forms)
    ):
        if p.at(found.end, "length_noun"):
            return None
        return _made(p, "inside", found, found.end, _IN)
    return None


def _made(p: Phrase, kind: str, found: Noun, end: int, cases: tuple[str, ...]) -> Locality:
    """Make a locality of a relation and a noun; what the noun singles out decides the kind."""
    fields = _of(p, found, cases)
    if found.side:
        kind, fields = "part", of_wind(found.side).fields() | fields
    elif found.reference == "edge":
        kind = "near"
    elif kind in {"inside", "feature"} and (found.reference or found.area == "countryside"):
        kind = "part"
    return make(p, kind, (found.start, end), **fields)


def _between(p: Phrase, found: Noun) -> Locality | None:
    """Read "between Hama and Humus", where "between" comes last, and "half-way"."""
    joined = p.at(found.end, "and") or p.at(found.end, "range")
    bare = p.token(found.end).cased and any(c == "instrumental" for _, c in found.name.forms)
    if not joined and (p.token(found.end - 1).case == "instrumental" or bare):
        joined = found.end
    second = noun(p, joined) if joined else None
    end = (p.at(second.end, "between_after") or p.at(second.end, "halfway")) if second else 0
    share = number(p, second.end) if second and not end else None
    way = 0
    if second and not end and p.at(second.end, "of_the_way"):
        share = number(p, p.at(second.end, "of_the_way"))
    if share and second and share.value < 1:
        way = p.at(second.end, "of_the_way")
    if not second or not (end or way):
        return None
    if "edge" in {found.reference, second.reference}:
        raise p.nameless(found.start, second.end)
    first_fields, fields = _of(p, found, ("instrumental",)), _of(p, second, _OF)
    stated = bool(p.at(second.end, "halfway")) or bool(way)
    return make(
        p,
        "between",
        (found.start, end or (share.end if share else second.end)),
        features=first_fields["features"] + fields["features"],
        readings=first_fields["readings"] + fields["readings"],
        reference=found.reference,
        area=found.area or second.area,
        fraction=share.value if way and share else 0.5,
        remarks=() if stated else ("read as half-way, with both ends possible",),
    )


def _check_after(p: Phrase, i: int, *, exact: bool) -> None:
    """Raise for what follows and says that there is no such place: a denial, a count."""
    if p.at(i, "negation"):
        raise p.wrong(f"{p.slice(i, p.at(i, 'negation'))!r} says where something is not", i)
    if exact:
        return
    i = p.skip(i, "approx", most=1)
    if quantity(p, i):
        return
    vague = p.roles(i).get("vague")
    counted = None if vague else number(p, i)
    if not vague and (not counted or counted.value == 1):
        return
    j = vague[1] if vague else counted.end if counted else i
    j = p.skip(j, "at_least_after", "at_most_after", "of", most=1)
    for _ in range(_COUNTED_WITHIN):
        if p.at(j, "counted"):
            raise p.wrong(f"{p.slice(i, p.at(j, 'counted'))!r} is a count, not one place", i)
        if p.token(j).kind != "word" or p.at(j, "stop"):
            return
        j += 1


def _idle_distance(p: Phrase, i: int) -> bool:
    """Tell whether a distance follows that leads to no place: a length, a movement."""
    return quantity(p, p.skip(i, "article", most=1)) is not None


def _head_after(p: Phrase, found: Locality, i: int, depth: int) -> Locality | None:
    """Read the place that a relation is said of: "Hama kentinin kuzeyindeki Suran"."""
    if depth >= MAX_DEPTH or not p.token(i).cased:
        return None
    if not any(p.at(j, "relative") == i for j in range(max(i - 4, 0), i)) and (
        p.token(i - 1).case != "relative"
    ):
        return None
    if p.at(i, "common") or p.at(i, "stop") or p.wind(i):
        return None
    try:
        inner = relation(p, i, depth + 1)
    except FrontlineError:
        inner = None
    if not inner:
        other = noun(p, i)
        if not other or not other.name.text:
            return None
        inner = make(p, "feature", (i, other.end), **_of(p, other, ()))
    return _narrowed(inner, found, found.span[0])


def _road(p: Phrase, i: int) -> tuple[str, int] | None:
    """Read a path that something is on: "M5 karayolu üzerinde", "Tovuz-Qazax yolunda"."""
    token = p.token(i)
    j = i + 1
    short = token.text.isalnum() and len(token.text) <= _MAX_CODE and token.text[:1].isalpha()
    code = short and any(letter.isdigit() for letter in token.text)
    if not code:
        k = p.dash(j)
        if token.text.isupper() and p.token(k).kind == "number" and k > j:
            j, code = k + 1, True  # "M-5"
        else:
            found = noun(p, i)
            if not found or not found.name.text:
                return None
            j = found.name.end
            if p.at(j - 1, "road") == j:  # "Dicle Nehri": the noun is part of the name
                on = p.at(j, "on")
                return (p.slice(i, j), on) if on else None
    on_road = p.at(j, "on_road")
    if on_road:
        return p.slice(i, on_road), p.at(on_road, "on") or on_road
    road = p.at(j, "road")
    on = p.at(road or j, "on") if road or code else 0
    return (p.slice(i, road or j), on) if on else None


def along(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "M5 karayolu üzerinde Serakib'in 10 km güneyinde", "M4 karayolu boyunca"."""
    if not p.token(i).cased:
        return None
    said = _road(p, i)
    if not said:
        return None
    label, end = said
    rest = relation(p, end + bool(p.sign(end, ",")), depth + 1) if depth < MAX_DEPTH else None
    if rest and rest.kind in {"offset", "distance", "heading", "near", "between"}:
        return with_path(rest, label, p.token(i).start)
    return make(p, "along", (i, end), path=label)


def _on_path(p: Phrase, found: Locality, i: int) -> Locality:
    """Read "Serakib'in 10 km güneyinde, M5 karayolu üzerinde": the path comes last."""
    j = i + bool(p.sign(i, ","))
    said = _road(p, j) if found.kind in {"offset", "distance"} and p.token(j).cased else None
    if not said:
        return found
    span = (found.span[0], p.token(said[1] - 1).end)
    return dataclasses.replace(found, kind="along", path=said[0], span=span)


RULES = (along, relation)
