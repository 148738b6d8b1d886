"""Nouns around a name: outskirts of, the countryside of, the city of, and what follows a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.morphology import base_names
from frontline.locality.names_in_text import headed, is_listed, name, quoted, starts
from frontline.locality.tokens import fold

if TYPE_CHECKING:
    from frontline import compass
    from frontline.locality.phrase import Phrase

_LOOK_AHEAD = 5
_ABBREVIATED = 4
_PARTS = ("edge", "centre", "countryside", "part")
#: What may follow the adjective of a country without its being the country's own.
_NOUNS_AFTER = ("edge", "generic", "settlement", "governorate", "countryside", "part", "common")


class Anchor(NamedTuple):
    """A name with the side, the edge or the area of the feature that the words single out."""

    name: str
    end: int
    reference: str | None = None
    side: compass.Wind | None = None
    area: str | None = None
    central: bool = False
    #: Whether "part of", "districts of" stands before the name.
    partial: bool = False
    #: Other forms that the name may have.
    readings: tuple[str, ...] = ()
    #: The cases that were demanded of the name; they hold for one that is joined to it.
    cases: tuple[str, ...] = ()


def may_start(p: Phrase, i: int) -> bool:
    """Tell whether a name may start here, as far as one look can tell."""
    token = p.token(i)
    if p.words.cased and not p.words.nouns_cased:
        return token.cased or bool(p.at(i, "governorate") and p.words.inflections)
    return token.kind == "word" and token.cased and not (p.closed(i) or p.at(i, "common"))


def is_area(p: Phrase, i: int, found: Anchor) -> bool:
    """Tell whether an anchor is a country, a province or a part: outside it is everywhere else."""
    group = p.words.entries.get(fold(found.name))
    land = bool(group and "land" in group.single)
    land = land or any(p.at(k, "land") for k in range(i, found.end))
    return land or bool(found.side or found.reference) or found.area not in {None, "settlement"}


def part_of(p: Phrase, k: int, found: Anchor) -> Anchor | None:
    """Step over "outskirts of", "countryside", "northern part of" at a position, if they are here.

    The wind may stand after its noun ("campagne nord de", "barrios del este de").
    """
    for role in _PARTS:
        end = p.at(k, role)
        if not end or headed(p, k):
            continue
        side, after, of = _turned(p, role, end)
        sided = p.roles(k).get("sided")  # "Ostrand"
        side = side or (sided[0] if sided and sided[1] == end else None)
        found_here = found._replace(side=side or found.side)
        demonym = p.roles(after).get("demonym")
        if role == "edge" and demonym and not of:  # "la frontière turque"
            other = p.at(demonym[1] + (p.token(demonym[1]).kind == "dash"), "demonym")
            if other:  # "الحدود السورية التركية": where along it?
                raise p.nameless(k, other)
            return found_here._replace(
                name=demonym[0], end=demonym[1], reference="edge", area="country"
            )
        if not of and not _bare(p, role, k, after):
            continue
        found_here = found_here._replace(end=of or after)
        if role in {"edge", "centre"}:
            return found_here._replace(reference=role)
        if role == "countryside":
            return found_here._replace(area="countryside")
        return found_here._replace(partial=True)
    return None


def _turned(p: Phrase, role: str, end: int) -> tuple[compass.Wind | None, int, int]:
    """Read a wind after the noun that ends here, and the link to the name.

    Returns the wind, the position after it, and the position after the link, 0 without one.
    """
    side, after = None, end
    wind = p.wind(end)
    if wind and "adjective" in wind[0].forms and not is_listed(p, end):
        side, after = wind[0].wind, wind[1]
    of = p.at(after, "edge_link") if role == "edge" else 0
    of = of or (p.at(after, "of") if role != "edge" or after > end else 0)
    of = of or _described(p, after)
    if of and after == end:
        inner = p.wind(p.skip(of, "article", most=1))
        if inner and "noun" in inner[0].forms and p.at(inner[1], "of"):
            side, of = inner[0].wind, p.at(inner[1], "of")
    return side, after, of


def _described(p: Phrase, i: int) -> int:
    """Step over adjectives after a noun and the link to a name: "ville portuaire d'Odessa"."""
    j = p.skip(i, "adjective", "demonym", most=2)
    of = p.at(j, "of") if j > i else 0
    return of if of and starts(p, p.skip(of, "article", most=1)) else 0


def _bare(p: Phrase, role: str, k: int, after: int) -> bool:
    """Tell whether a noun takes its name with no link."""
    if (p.words.direct or role in p.words.cases) and not p.definite(k):
        return may_start(p, after) or bool(p.at(after, "generic"))
    # "Rif Dimashq" and "Rural Damascus" are written large, "Downtown Hama" is a name.
    small = not p.token(k).cased or p.words.nouns_cased
    return (role == "countryside" or (role == "centre" and small)) and p.token(after).cased


def generic(p: Phrase, i: int) -> tuple[int, str | None]:
    """Step over "the Syrian city of", "village"; return what sort of area it asks for."""
    j, large = i, False
    demonym = p.at(i, "demonym")
    if demonym and not p.token(i).cased and p.token(demonym).cased and starts(p, demonym):
        return demonym, None  # "im syrischen Asas"
    for _ in range(_LOOK_AHEAD):
        if j > i and headed(p, j):
            return j, None  # "международного аэропорта Донецка"
        end = p.at(j, "generic")
        small = not p.token(j).cased or p.words.nouns_cased or not p.words.cased
        small = small or bool(end and quoted(p, end))
        if p.at(j, "capital") == end > 0 and _land_of(p, j - 1) == j and starts(p, end):
            return end, "settlement"  # "Syriens Hauptstadt Damaskus"
        if end and large and small and p.words.cased:
            break  # "the Hamidiyah neighbourhood of Homs" has a name of its own
        called = _called(p, j, end, small=small) if end else 0
        if called:
            area = "settlement" if p.at(j, "settlement") else None
            return called, "governorate" if p.at(j, "governorate") else area
        if p.token(j).kind not in {"word", "dash"} or p.at(j, "stop") or p.token(j).case:
            break
        if not p.words.cased and not (p.at(j, "demonym") or p.at(j, "common") or end):
            break  # no capitals: an unknown word is a name already
        unknown = p.token(j).cased and not p.at(j, "demonym")
        large = large or (unknown and not (p.words.nouns_cased and p.roles(j)))
        j += 1
    return i, None


def _called(p: Phrase, j: int, end: int, *, small: bool) -> int:
    """Return where the name begins that the noun from `j` to `end` leads to, 0 if to none."""
    end += p.token(end).text == "." and end - j < _ABBREVIATED and p.token(end + 1).cased
    if p.at(j, "capital"):
        seat = _seat(p, j, end)
        if seat:
            return seat
    of = p.at(end, "of") or _described(p, end)
    if not small and not of:
        return 0
    if of and p.token(of).kind == "word":
        begins = starts(p, of)
        if begins:
            return of
        if p.token(of).cased or not p.at(of, "stop"):
            return p.skip(of, "article", most=1)
    demonym = p.at(end, "demonym")
    called = demonym + bool(demonym and p.sign(demonym, ","))
    if demonym and starts(p, called):
        return called  # "la capitale ukrainienne Kiev"
    # "العاصمة الخرطوم": a noun that is listed with its article may stand before a name.
    group = p.words.entries.get(p.token(j).folded)
    loose = not p.definite(j) or bool(group and "generic" in group.single)
    direct = p.token(end).cased and small and loose and _direct(p, end)
    return end if direct else 0


def _seat(p: Phrase, j: int, end: int) -> int:
    """Return where the name of a capital begins: "the capital of Mali, Bamako" is not Mali.

    Raises
    ------
    UnresolvedFeatureError
        The capital of what is said, and not what it is called.
    """
    if p.sign(end, ",") and starts(p, end + 1):
        return end + 1
    land = p.at(end, "land") or _land_of(p, end)  # with no "of": "столицы Судана Хартума"
    if land and starts(p, land):
        return land
    of = p.at(end, "of") or (end if land else 0)
    if not of:
        return 0
    of = p.skip(of, "article", most=1)
    whole = name(p, generic(p, of)[0], lower=False)
    if whole and p.sign(whole, ",") and starts(p, whole + 1):
        return whole + 1
    raise p.nameless(j, whole or of)


def _land_of(p: Phrase, i: int) -> int:
    """Return the position after a land in the genitive: "der Hauptstadt Syriens"."""
    bases = base_names(p.token(i).text, ("genitive",), p.words) if p.words.inflections else ()
    groups = (p.words.entries.get(fold(base)) for base in bases)
    return i + 1 if any(group is not None and "land" in group.single for group in groups) else 0


def _direct(p: Phrase, i: int) -> bool:
    """Tell whether a name follows its noun with no link: "the town Hama", "der Stadt Hama"."""
    if p.words.cased and not p.words.nouns_cased:
        return True
    return bool(p.at(i, "generic")) or bool(name(p, i, lower=False))


def after_name(p: Phrase, i: int, found: Anchor) -> Anchor:
    """Read what may follow a name: "city", "province", "'s northern borders", "countryside"."""
    j, area = i, found.area
    if quoted(p, i):
        return found._replace(end=i)  # 'the "Azov" outskirts of Kherson'
    for role in ("countryside", "governorate", "settlement"):
        if p.at(j, role) and not p.at(j, "edge") and (role != "settlement" or _small(p, j)):
            j = p.at(j, role)
            area = role
            break
    k = p.skip(j, "settlement", most=1) if p.token(j - 1).possessive else j
    turned = _side_after(p, i, k, found._replace(area=area)) if p.roles(k) else None
    if turned:
        return turned
    for role in ("edge", "centre"):
        if p.at(k, role) and _small(p, k):
            return found._replace(end=p.at(k, role), reference=role, area=area)
    demonym = p.at(j, "demonym")
    if demonym and not any(p.at(demonym, role) for role in _NOUNS_AFTER) and _small(p, j):
        j = demonym  # "مدينة حماة السورية"
    return found._replace(end=j, area=area)


def _side_after(p: Phrase, i: int, k: int, found: Anchor) -> Anchor | None:
    """Read an adjective after a name: "Hama northern countryside", "rif Hama al-shamali"."""
    wind, middle = p.wind(k), p.at(k, "central")
    if middle and found.area == "countryside":
        return found._replace(end=middle, central=True)
    if not wind or "adjective" not in wind[0].forms:
        return None
    after = wind[1]
    for role in ("edge", "countryside", "part"):
        end = p.at(after, role)
        if end:
            found = found._replace(end=end, side=wind[0].wind)
            if role == "edge":
                return found._replace(reference="edge")
            return found._replace(area="countryside") if role == "countryside" else found
    partial = found.area == "countryside" or found.reference == "edge" or found.partial
    if partial and found.side is None and not (p.at(after, "link") or p.token(i - 1).case):
        return found._replace(end=after, side=wind[0].wind)  # of the noun before the name
    return None


def _small(p: Phrase, i: int) -> bool:
    """Tell whether a word is written small, as far as this text's letters can say."""
    return p.shouted or not p.words.cased or p.words.nouns_cased or not p.token(i).cased
