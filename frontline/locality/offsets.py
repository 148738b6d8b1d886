"""Rules that begin with a distance: offset, distance only, orthogonal pair, along a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.errors import UnresolvedFeatureError
from frontline.locality import paths_in_text
from frontline.locality.anchor import anchor
from frontline.locality.names_in_text import is_listed, name
from frontline.locality.quantity import Quantity, quantity
from frontline.locality.rules import Heading, bearing, finish, heading, legs, make, of_anchor

if TYPE_CHECKING:
    from frontline.locality.around_names import Anchor
    from frontline.locality.model import Locality
    from frontline.locality.phrase import Phrase

#: No two points of the ellipsoid are farther apart.
MAX_DISTANCE_M = 20_003_900.0
_CLAUSE = 8


def distance_fields(found: Quantity) -> dict[str, Any]:
    """Return the attributes of a `Locality` that say the distance."""
    return {
        "distance_m": found.value_m,
        "distance_low_m": found.low_m,
        "distance_high_m": found.high_m,
        "distance_precision_m": found.precision_m,
        "unit": found.unit,
        "assumed_m": found.assumed_m,
        "remarks": _vague_remark(found),
    }


def _vague_remark(found: Quantity) -> tuple[str, ...]:
    if found.assumed_m is None:
        return ()
    low, high = (f"{value / 1000:g} km" for value in found.assumed_m)
    return (f"the distance states no number and is read as {low} to {high}",)


def is_movement(p: Phrase, i: int) -> bool:
    """Tell whether the distance at `i` is one that somebody went."""
    for j in range(max(i - 4, 0), i):
        end = max(p.at(j, "movement"), p.at(j, "movement_noun"))
        if not end or (j and p.at(j - 1, "counted") > j):  # "un poste avancé situé à 5 km"
            continue
        between = p.at(end, "of") or p.at(end, "moved_by")
        # "отступили на десять километров": the entry may hold the word before the distance.
        moved = end == i and p.at(i, "moved_by")  # "продвижение на 3 км"
        if p.at(j, "movement") >= i or between == i or moved:
            return True
        if p.at(j, "movement") and end == i - 1 and p.at(end, "common") == i:
            return True  # "forces advanced troops 5 km", and where the verb comes first
    return False


def _length(p: Phrase, i: int) -> int | None:
    """Return where a noun stands that makes a length of the distance after it ("a range of")."""
    first = p.words.length_first and not p.at(i, "remote")
    for j in range(max(i - 4, 0), i):
        end = p.at(j, "length_noun")
        between = p.skip(end, "of", "before_quantity", "approx", most=2) if end else 0
        if end > i:  # the entry holds the word before the distance: "дальностью в"
            return j
        # "in range, 5 km north of": the noun stands directly before, or joined by "of".
        if end and (between == i > end or (end == i and first)):
            return j
    return None


def _moved_after(p: Phrase, i: int) -> int:
    """Return the position after a word of movement that ends the clause: "2 km vor"."""
    for j in range(i, min(i + _CLAUSE, p.count)):
        if p.token(j).kind == "sign" and not p.at(j, "approx"):
            return 0
        end = p.at(j, "movement_after")
        if end and (end >= p.count or p.token(end).kind == "sign" or p.at(end, "stop")):
            return end
    return 0


def _check_traps(p: Phrase, i: int, found: Quantity) -> None:
    """Raise for a distance that is a movement or a length, and for one from "here"."""
    if is_movement(p, i):
        raise p.wrong(f"{p.slice(i - 1, found.end)!r} is a movement and says no place", i - 1)
    moved = _moved_after(p, found.end) if "movement_after" in p.words.classes else 0
    if moved:
        raise p.wrong(f"{p.slice(i, moved)!r} is a movement and says no place", i)
    long = _length(p, i)
    if long is not None:
        raise p.wrong(f"{p.slice(long, found.end)!r} is a length and no distance", long)
    if max(found.high_m or 0.0, found.value_m or 0.0) > MAX_DISTANCE_M:
        raise p.wrong("no place on Earth is that far from another", i)
    end = p.dash(found.end)
    for gone in (end, p.skip(end, "before_wind", most=1)):
        if p.at(gone, "anaphor") and not p.at(gone, "article"):  # "a 10 km daqui"
            raise p.nameless(gone, p.at(gone, "anaphor"))


def from_quantity(p: Phrase, i: int, depth: int = 0) -> Locality | None:
    """Read a locality that begins with a distance."""
    within = 0
    if p.at(i, "within"):
        within = p.at(i, "within")
        within = p.skip(p.skip(p.skip(within, "article"), "radius"), "of", most=1)
    found = quantity(p, within or i)
    if not found:
        return None if within else _bearing_first(p, i, depth)
    _check_traps(p, i, found)
    end = p.dash(found.end)
    radius = p.at(end, "radius")
    around = p.at(radius, "radius_link") if radius else p.at(end, "around")
    if within or radius or around:
        found = _from_zero(found)
    if radius or around:  # "a 5 km radius of Hama", "5 km around Hama"
        target = anchor(p, around) if around else None
        return _distance(p, i, found, target, depth)
    exact = _orthogonal(p, i, found, depth) or _offset(p, i, found, depth)
    exact = exact or _plain(p, i, found, depth)
    if not exact and p.at(found.end, "determiner"):  # pt "a 12 km desta cidade"
        raise p.nameless(found.end, p.at(found.end, "determiner") + 1)
    return exact


def _bearing_first(p: Phrase, i: int, depth: int) -> Locality | None:
    """Read "at 45 degrees 5 km from Hama"."""
    if not p.at(i, "bearing") and p.token(i).kind != "number":
        return None
    said = bearing(p, i)
    found = quantity(p, said.end + p.sign(said.end, ",;")) if said else None
    link = p.at(found.end, "distance_link") if found else 0
    target = anchor(p, link) if link else None
    if not said or not found or not target:
        return None
    return _offset_of(p, (i, 0), found, said, target, depth)


def _from_zero(found: Quantity) -> Quantity:
    """Let a distance that bounds an area begin at its middle; a range keeps its ends."""
    if found.assumed_m:
        return found._replace(assumed_m=(0.0, found.assumed_m[1]))
    return found._replace(low_m=0.0) if found.low_m == found.high_m else found


def _towards(p: Phrase, i: int) -> Heading | None:
    """Read a heading after a distance, with the words around it."""
    said = bearing(p, i)
    if said:
        return said
    i = p.skip(i, "after_distance", most=2)
    j = p.skip(i, "to_wind", "before_wind", "approx")
    said = heading(p, j, lower=True)
    if not said:
        return None
    # "5 km northern Hama" is no offset; "in a north-easterly direction" is.
    if said.only_adjective and j == i and not p.at(said.end, "after_wind"):
        return None
    return said._replace(end=p.skip(said.end, "after_wind"))


def _offset(p: Phrase, i: int, found: Quantity, depth: int) -> Locality | None:
    said = _towards(p, found.end)
    if not said:
        return None
    if p.at(said.end, "anaphor") and not p.at(said.end, "article"):
        raise p.nameless(said.end, p.at(said.end, "anaphor"))
    link = p.at(said.end, "link")
    target = None
    if link:
        target = anchor(p, link)
    elif p.token(said.end).cased or governs(p, said):  # "5 km NE Palmetto", as on museum labels
        target = anchor(p, said.end)
    return _offset_of(p, (i, 0), found, said, target, depth) if target else None


def _offset_of(
    p: Phrase,
    span: tuple[int, int],
    found: Quantity,
    said: Heading,
    target: Anchor,
    depth: int,
) -> Locality:
    paths_in_text.check_line(p, target.name, target.end)
    end = span[1] or target.end
    fields = of_anchor(target) | distance_fields(found) | said.fields()
    locality = make(p, "offset", (span[0], end), **fields)
    locality = paths_in_text.trailing(p, locality, end)
    return finish(locality, p, p.after(locality.span[1]), depth)


def _names(p: Phrase, i: int) -> bool:
    """Tell whether a name stands here, as far as letters can say."""
    return p.token(i).cased and not p.roles(i)


def governs(p: Phrase, said: Heading) -> bool:
    """Tell whether a wind takes the name after it with no link ("nördlich der Stadt Hama")."""
    if "governing" in said.forms:
        return True
    return p.words.direct and "noun" in said.forms and not p.definite(said.end - 1)


def _leads_on(p: Phrase, said: Heading) -> bool:
    """Tell whether a heading starts from what stands behind it, and not from a name before it."""
    if p.at(said.end, "link") or _names(p, said.end):
        return True
    try:
        return governs(p, said) and anchor(p, said.end) is not None
    except UnresolvedFeatureError:  # "Hama, 5 km north of the city": that one is meant
        return True


def after_heading(p: Phrase, i: int, said: Heading, target: Anchor, depth: int) -> Locality | None:
    """Read "north of Hama, by 5 km": the distance comes last and leads to no other place."""
    j = target.end + bool(p.sign(target.end, ","))
    found = quantity(p, j)
    if not found or found.high_m is None or is_movement(p, i):
        return None
    after = p.skip(found.end, "after_distance", most=1)
    leads = p.at(after, "distance_link") or p.at(after, "link") or _towards(p, after)
    ends = after >= p.count or p.token(after).kind == "sign" or p.at(after, "stop")
    if leads or not ends:
        return None
    return _offset_of(p, (i, after), found, said, target, depth)


def after_name(p: Phrase, i: int, target: Anchor, depth: int) -> Locality | None:
    """Read "Hama, 5 km northeast": the distance after the name, and no anchor after it."""
    found = quantity(p, target.end + bool(p.sign(target.end, ",:(;")))
    said = _towards(p, found.end) if found else None
    if not found or not said or _leads_on(p, said):
        return None
    end = said.end + bool(p.sign(said.end, ")"))
    return _offset_of(p, (i, end), found, said, target, depth)


def _orthogonal(p: Phrase, i: int, found: Quantity, depth: int) -> Locality | None:
    first = _towards(p, found.end)
    if not first:
        return None
    j = first.end + bool(p.sign(first.end, ",;"))
    j = p.at(j, "and") or j
    second = quantity(p, j) if j > first.end or p.token(j).kind == "number" else None
    other = _towards(p, second.end) if second else None
    if not second or not other:
        return None
    linked = p.at(other.end, "link") or p.token(other.end).cased or governs(p, other)
    if not linked:
        return None
    pair = legs(found, first, second, other)
    target = anchor(p, p.at(other.end, "link") or other.end) if pair else None
    if not target or not pair:
        return None
    paths_in_text.check_line(p, target.name, target.end)
    locality = make(p, "orthogonal", (i, target.end), **(of_anchor(target) | pair))
    return finish(locality, p, target.end, depth)


def _plain(p: Phrase, i: int, found: Quantity, depth: int) -> Locality | None:
    link = p.at(found.end, "distance_link") or p.at(
        p.skip(found.end, "after_wind", "after_distance", most=2), "distance_link"
    )
    target = anchor(p, link) if link else None
    if target and found.low_m == found.high_m:
        _check_way(p, i, target)
    return _distance(p, i, found, target, depth) if target else None


def _check_way(p: Phrase, i: int, target: Anchor) -> None:
    """Raise for the length of a way: "the 47 km from Hama to Homs"."""
    j = target.end
    # Of a word that also means "in" the case would have to tell.
    alike = p.at(j, "and") or (p.at(j, "inside") and p.words.inflections)
    to = max(p.at(j, "to"), 0 if alike else p.at(j, "range"))
    if not to or p.token(to).kind != "word" or not (p.token(to).cased or not p.words.cased):
        return
    if p.wind(p.skip(j, "to_wind", "before_wind")) or is_listed(p, to):
        return
    end = name(p, to, lower=False)
    if end and not p.at(j, "approx"):
        raise p.wrong(f"{p.slice(i, end)!r} is the length of a way and no distance", i)


def _distance(
    p: Phrase, i: int, found: Quantity, target: Anchor | None, depth: int
) -> Locality | None:
    if target is None:
        return None
    paths_in_text.check_line(p, target.name, target.end)
    # "5 km from Hama, to the northeast": the heading comes last.
    j = target.end + bool(p.sign(target.end, ","))
    said = _towards(p, j)
    if said and not _leads_on(p, said):
        return _offset_of(p, (i, said.end), found, said, target, depth)
    fields = of_anchor(target) | distance_fields(found)
    if target.side:
        fields["remarks"] += (f"the {target.side.name} side of the feature is not singled out",)
    end = p.skip(target.end, "after_distance", most=2)  # "5 km von Hama entfernt"
    locality = make(p, "distance", (i, end), **fields)
    locality = paths_in_text.trailing(p, locality, end)
    return finish(locality, p, p.after(locality.span[1]), depth)
