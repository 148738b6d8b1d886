"""Rules without a distance: near, inside, part, heading, between, along, and the bare name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.errors import UnresolvedFeatureError
from frontline.locality import offsets
from frontline.locality.anchor import anchor
from frontline.locality.around_names import is_area
from frontline.locality.morphology import base_names
from frontline.locality.names_in_text import is_listed
from frontline.locality.numerals import number
from frontline.locality.paths_in_text import check_line, path, with_path
from frontline.locality.quantity import quantity
from frontline.locality.rules import Heading, bearing, finish, heading, make, of_anchor, of_wind

if TYPE_CHECKING:
    from frontline.locality.around_names import Anchor
    from frontline.locality.model import Locality
    from frontline.locality.phrase import Phrase

_MAX_BARE_SMALL = 4
_MAX_ACRONYM = 5
#: What may follow the adjective of a country that ends a place ("le nord-est syrien et ...").
_STARTS_CLAUSE = frozenset({"and", "near", "inside", "on", "stop", "range", "between"})


def _settled(p: Phrase, kind: str, i: int, found: Anchor, depth: int, **fields: Any) -> Locality:
    """Make a locality of a relation and an anchor; what the anchor singles out decides the kind."""
    values: dict[str, Any] = of_anchor(found) | fields
    if found.side:
        kind, heading_fields = "part", of_wind(found.side).fields()
        values = heading_fields | values
    elif found.reference == "edge":
        joined = p.at(found.end, "and")
        if p.at(joined, "land"):  # the border of two lands: where along it?
            raise p.nameless(i, p.at(joined, "land"))
        kind = "near"
    elif found.reference == "centre" and kind in {"inside", "feature"}:
        kind = "part"
    elif found.central or found.area == "countryside":
        kind = "part"
        if found.central:
            values["reference"] = "centre"
    return finish(make(p, kind, (i, found.end), **values), p, found.end, depth)


def near(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "near Hama", "outside Hama"."""
    out = p.at(i, "outside")
    end = max(out, p.at(i, "near"))  # "за пределами" goes on further than "за"
    found = anchor(p, end) if end else None
    if found and end == out:
        turned = _turns(p, found.end)  # "outside Hama, to the east"
        found = None if turned or is_area(p, end, found) else found._replace(reference="edge")
    return _settled(p, "near", i, found, depth) if found else None


def _turns(p: Phrase, i: int) -> bool:
    """Tell whether a heading follows behind a comma, or without one."""
    j = i + bool(p.sign(i, ","))
    return heading(p, p.skip(j, "to_wind", "before_wind", "article", most=2)) is not None


#: Of these and "in" that begin at one word the longest entry is meant ("à côté de").
_LONGER = ("near", "halfway", "within", "between", "on", "around", "approx", "before_quantity")


def inside(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "in Hama", "inside the city of Hama", and "at Hama"."""
    end, kind = p.at(i, "inside"), "inside"
    if not end:
        end, kind = p.at(i, "at"), "feature"
    if not end or p.at(p.skip(end, "article", most=1), "time"):
        return None
    if any(p.at(i, role) > end for role in _LONGER):
        return None
    turned = p.at(i, "to_wind")
    if turned and p.wind(turned):
        return None  # "au nord de Hama" is no part of it
    narrower = part(p, p.skip(end, "article", most=1), depth) or _side_of(p, i, depth)
    if narrower:
        return narrower
    found = anchor(p, end)
    to = p.at(i, "towards") == end
    if not found or _is_noun(p, found) or (to and _unchanged(p, end, found)):
        return None
    return _settled(p, kind, i, found, depth)


def _is_noun(p: Phrase, found: Anchor) -> bool:
    """Tell whether a word may be any noun: "in a workshop 4 km west of", with no capitals."""
    return not p.words.cased and not found.area and bool(p.at(found.end, "remote"))


def _unchanged(p: Phrase, i: int, found: Anchor) -> bool:
    """Tell whether a name stands as it is where "in" would change it: "на Хаму" is "to Hama"."""
    single = not (found.side or found.reference or found.area)
    return single and p.slice(i, found.end) == found.name and not p.at(i, "direction_name")


def _side_of(p: Phrase, i: int, depth: int) -> Locality | None:
    """Read "in the north of Hama": a part, where "to the north of Hama" is a heading."""
    j = p.skip(p.at(i, "inside"), "article", most=1)
    said = heading(p, j) if p.at(i, "inside") else None
    if not said or "noun" not in said.forms or is_listed(p, j):
        return None
    after = p.skip(said.end, "part")
    found = anchor(p, p.at(after, "of") or after) if _takes(p, after) else None
    if not found:
        return None
    fields = of_anchor(found) | said.fields()
    return finish(make(p, "part", (i, found.end), **fields), p, found.end, depth)


def part(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "northern Hama countryside", "southern outskirts of Hama", "central Hama"."""
    roles = p.roles(i)
    wind = p.wind(i)
    whole = _country_side(p, i, depth) if wind and "noun" in wind[0].forms else None
    if whole:
        return whole
    starts = (
        (wind and wind[0].forms & {"adjective", "noun"})
        or "central" in roles
        or "land_part" in roles
        or "part" in roles
        or "countryside" in roles
        or "edge" in roles
        or "centre" in roles
    )
    if not starts or ("direction_name" in roles and p.token(i).cased):
        return None
    if p.token(i).cased and p.token(i - 1).cased and not p.shouted and not p.roles(i - 1):
        return None  # "Operation Northern Storm" is a name
    found = None
    if wind and wind[0].forms & {"adjective", "noun"} == {"adjective", "noun"}:
        found = anchor(p, i) if p.at(wind[1], "edge") or p.at(wind[1], "countryside") else None
    if found:
        pass
    elif wind and "noun" in wind[0].forms:
        # "north Hama", "the west side of Hama"; "Northeast Syria" is a name of its own.
        after = p.at(wind[1], "part") or p.at(wind[1], "edge")
        of = p.at(after, "of") if after else 0
        target = of or wind[1]
        large = p.token(i).cased and p.words.cased and not p.words.nouns_cased
        named = p.token(target).cased and not p.closed(target)
        if not of and (large or not (named or p.at(target, "generic"))):
            return None
        found = anchor(p, target)
        if found and p.at(wind[1], "edge"):
            found = found._replace(reference="edge")
        found = found._replace(side=wind[0].wind) if found else None
    else:
        found = anchor(p, i)
    if not found or not (found.side or found.central or found.area or found.reference):
        return None
    return _settled(p, "feature", i, found, depth)


def heading_of(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "north of Hama", "to the northeast of Hama", "N Palmetto", "bearing 045 from Hama"."""
    said = bearing(p, i) if p.at(i, "bearing") or p.token(i).kind == "number" else None
    if not said:
        turned = p.at(i, "to_wind")
        said = heading(p, turned if turned and p.wind(turned) else i)
    if not said or is_listed(p, i):
        return None
    if p.at(i, "to_wind") and p.at(said.end, "anaphor") and not p.at(said.end, "article"):
        raise p.nameless(said.end, p.at(said.end, "anaphor"))  # pt "a norte dela"
    j = p.skip(said.end, "after_wind", most=1)
    link = p.at(j, "link")
    if said.only_adjective and not (link and j > said.end):
        return None  # "in an easterly direction from Hama" is a heading, "eastern Hama" is none
    # On labels "N Palmetto" is read as the wider "north of Palmetto".
    label = "abbreviation" in said.forms and p.token(said.end).cased
    target = link or (said.end if label or offsets.governs(p, said) else 0)
    found = anchor(p, target) if target else None
    if not found:
        return None
    check_line(p, found.name, found.end)
    hung = offsets.after_heading(p, i, said, found, depth)
    if hung:
        return hung
    if link and p.at(j, "from") and any(p.at(k, "movement") == i for k in range(max(i - 3, 0), i)):
        raise p.wrong(f"{p.slice(i - 1, found.end)!r} is a movement and says no place", i - 1)
    fields = of_anchor(found) | said.fields()
    whole = not link and p.words.direct and (found.area == "governorate" or p.at(target, "land"))
    # With no word between them "north Syria" is a part of it, as "north Hama governorate" is.
    kind = "part" if _of_a_side(p, i, said) or whole else "heading"
    return finish(make(p, kind, (i, found.end), **fields), p, found.end, depth)


def _takes(p: Phrase, i: int) -> bool:
    """Tell whether a wind noun leads on to the name it is a part of."""
    if p.at(i, "of") or p.words.direct:
        return True
    governed = "wind" in p.words.cases and p.token(i).cased and not p.closed(i)
    return governed or (bool(p.at(i, "generic") or p.at(i, "article")) and "wind" in p.words.cases)


def _of_a_side(p: Phrase, i: int, said: Heading) -> bool:
    """Tell whether "of" goes before a wind noun: "the villages of the north of Syria"."""
    j = i - 1 if p.at(i - 1, "article") == i else i
    return "noun" in said.forms and j > 0 and p.at(j - 1, "of") == j and not p.at(i, "to_wind")


def _country_side(p: Phrase, i: int, depth: int) -> Locality | None:
    """Read "le nord-est syrien": the part of a country that its adjective names."""
    said = heading(p, i)
    demonym = p.roles(said.end).get("demonym") if said else None
    if not said or not demonym or p.token(demonym[1]).kind == "word":
        known = said and demonym and p.roles(demonym[1]).keys() & _STARTS_CLAUSE
        if not said or not demonym or not known:
            return None
    name, end = demonym
    fields = {"features": (name,), "readings": ((),), "area": "country"} | said.fields()
    return finish(make(p, "part", (i, end), **fields), p, end, depth)


def between(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "between Hama and Homs", "halfway between", "a third of the way from Hama to Homs"."""
    if i and p.at(i, "between") and p.at(i - 1, "edge") == i:
        raise p.nameless(i - 1, p.at(i, "between"))  # a border line, not what lies between
    j, fraction, stated = i, 0.5, False
    if p.at(j, "halfway"):
        j, stated = p.at(j, "halfway"), True
    else:
        share = number(p, p.skip(j, "article", "to_wind", "before_quantity", "inside", most=2))
        way = p.at(share.end, "of_the_way") if share and share.value < 1 else 0
        if share and way:
            j, fraction, stated = way, share.value, True
    start = p.at(j, "between") or (p.at(j, "from") if stated else 0)
    first = anchor(p, start) if start else None
    joined = 0
    if first:
        # The longest: "et de" goes on further than "et".
        joined = max(p.at(first.end, role) for role in ("and", "to", "range"))
    governed = joined and p.at(joined - 1, "and") == joined
    second = anchor(p, joined, first.cases if first and governed else None) if joined else None
    if not first or not second:
        return None
    if "edge" in {first.reference, second.reference}:
        raise p.nameless(start, second.end)  # "between Aleppo and the border": where along it?
    locality = make(
        p,
        "between",
        (i, second.end),
        features=(first.name, second.name),
        readings=(first.readings, second.readings),
        reference=first.reference,
        area=first.area or second.area,
        fraction=fraction,
        remarks=() if stated else ("read as half-way, with both ends possible",),
    )
    return finish(locality, p, second.end, depth)


def along(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read "on the M5 10 km south of Saraqib", "along the M4"."""
    on = p.at(i, "on")
    if not on:
        return _road_first(p, i, depth)
    said = path(p, on) if not is_listed(p, p.skip(on, "article", most=1)) else None
    if not said:
        return None
    label, end = said
    j = end + bool(p.sign(end, ","))
    for rule in (offsets.from_quantity, heading_of, near, between):
        found = rule(p, p.skip(j, "before_wind") if rule is heading_of else j, depth + 1)
        if found:
            return with_path(found, label, p.token(i).start)
    if quantity(p, j):
        return None  # "on the Euphrates 10 km downstream of": not read, and not dropped
    road = p.at(p.skip(on, "article", most=1), "road")
    if p.at(road, "between"):  # no stretch of the road is singled out: its two ends say where
        return between(p, road, depth)
    return make(p, "along", (i, end), path=label)


def _road_first(p: Phrase, i: int, depth: int) -> Locality | None:
    """Read "the Aleppo-Damascus highway south of Homs"."""
    if not (p.at(i, "article") or (p.token(i).cased and not p.roles(i))) or not p.has_road:
        return None
    said = path(p, i)
    if not said or not p.at(said[1] - 1, "road"):
        return None
    for rule in (offsets.from_quantity, heading_of, near, between):
        found = rule(p, said[1], depth + 1)
        if found:
            return with_path(found, said[0], p.token(i).start)
    return None


def name_first(  # noqa: PLR0911 - a list of cases
    p: Phrase, i: int, depth: int = 0
) -> Locality | None:
    """Read "Hama, 5 km northeast", "Hama's outskirts", "Hama countryside"."""
    if not p.token(i).cased and i > 0:
        return None
    if p.at(i, "common") or p.at(i, "article"):
        return None
    found = anchor(p, i)
    if not found:
        return None
    offset = offsets.after_name(p, i, found, depth)
    if offset:
        return offset
    if found.reference or found.side or found.area == "countryside":
        return _settled(p, "feature", i, found, depth)
    side = _possessed_side(p, i, found)
    if side:
        return side
    # With no capitals any word before a comma might be a name; these are for sure.
    named = p.words.cased or i == 0 or bool(p.at(i, "settlement"))
    if named and p.sign(found.end, ",("):
        whole = _settled(p, "feature", i, found, depth)
        if whole.within and whole.within.kind not in {"feature", "inside"}:
            return whole
    return _named_beside(p, i, found, depth)


def _possessed_side(p: Phrase, i: int, found: Anchor) -> Locality | None:
    """Read "Hama's north", "Syriens Norden"."""
    side = heading(p, found.end)
    if not side or "noun" not in side.forms:
        return None
    if not p.token(found.end - 1).possessive:
        base, *others = base_names(found.name, ("genitive",), p.words)
        if not p.words.nouns_cased or not others:
            return None
        found = found._replace(name=base, readings=tuple(others))
    return make(p, "part", (i, side.end), **of_anchor(found) | side.fields())


def _named_beside(p: Phrase, i: int, found: Anchor, depth: int) -> Locality | None:
    """Read "Nayrab near Aleppo", "the village of Suran north of Hama": the first is meant."""
    settled = bool(p.at(i, "settlement"))
    heads = settled or i == 0 or i in {p.at(i - 1, "of"), p.at(i - 1, "generic")}
    if not heads or not (p.words.cased or settled) or not _may_name(p, i, found):
        return None
    whole = _settled(p, "feature", i, found, depth)
    # "Morek in the northern Hama countryside": the part begins behind its "in".
    led = p.skip(p.at(found.end, "inside"), "article", most=1)
    first = {p.token(found.end).start, p.token(led or found.end).start}
    return whole if whole.within and whole.within.span[0] in first else None


def _may_name(p: Phrase, i: int, found: Anchor) -> bool:
    """Tell whether a name at the head of a phrase can be a place's, and not an actor's ("SDF")."""
    short = p.token(i).text.isupper() and found.end == i + 1
    return not (short and not p.shouted and 1 < len(p.token(i).text) <= _MAX_ACRONYM)


def name_alone(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read a name as a clause of its own: ", Syria"."""
    del depth  # it is the innermost clause
    if not p.token(i).cased or p.at(i, "time") or p.at(i, "common"):
        return None
    found = anchor(p, i)
    if not found or p.at(found.end, "and"):
        return None
    return make(p, "feature", (i, found.end), **of_anchor(found))


def bare(p: Phrase) -> Locality:
    """Read a phrase that is a name and nothing else.

    Raises
    ------
    LocalitySyntaxError
        It is more, or something else.
    UnresolvedFeatureError
        It is "the city" or its like.
    """
    road = path(p, 0)
    if road and road[1] == p.count and p.at(p.count - 1, "road"):
        return make(p, "along", (0, p.count), path=road[0])
    try:
        found = anchor(p, 0)
    except UnresolvedFeatureError:
        if any(p.at(j, "common") and not p.at(j, "generic") for j in range(p.count)):
            found = None  # "the offensive continued" stands for no feature
        else:
            raise
    if not found:
        raise p.wrong("no place name and no relation to one found", 0)
    whole = f"{p.token(0).text} {found.name}"
    if whole in found.readings and not p.at(1, "land"):  # "Le Havre", and nothing else
        others = (found.name, *(each for each in found.readings if each != whole))
        found = found._replace(name=whole, readings=others)
    locality = _settled(p, "feature", 0, found, 0)
    end = found.end
    while end < p.count and p.token(end).start < locality.span[1]:
        end += 1
    end += sum(1 for j in range(end, p.count) if p.sign(j, ".,;:!?)\"'"))
    names = range(found.end)
    small = [j for j in names if p.words.cased and p.token(j).kind == "word" and _is_small(p, j)]
    first_name = next((j for j in names if p.token(j).text == found.name.split()[0]), 0)
    plain = len([j for j in small if j >= first_name]) == found.end - first_name
    if end < p.count or (plain and len(small) > _MAX_BARE_SMALL):
        raise p.wrong("words that say no place follow", min(end, p.count))
    return locality


def _is_small(p: Phrase, j: int) -> bool:
    return not p.token(j).cased


RULES = (between, along, heading_of, part, inside, near, name_first)
