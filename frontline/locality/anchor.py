"""The anchor of a locality: a name, what stands before and after it, and what is no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.names_in_text import (
    cases_at,
    forms,
    headed,
    is_listed,
    letter,
    name,
    starts,
)

if TYPE_CHECKING:
    from frontline import compass
    from frontline.locality.phrase import Phrase

_LOOK_AHEAD = 5
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


def anchor(p: Phrase, i: int, cases: tuple[str, ...] | None = None) -> Anchor | None:
    """Read an anchor at a position; None if nothing here could be one.

    `cases` are those of the name that this one is joined to; None lets the words before it say.

    Raises
    ------
    UnresolvedFeatureError
        Words stand for the feature ("the city", "here") but do not name it.
    """
    found, j, plain = Anchor("", i), i, True
    for _ in range(4):  # "the northern outskirts of the countryside of ..."
        k = p.skip(j, "article", most=1)
        wind = p.wind(k)
        if wind and "adjective" in wind[0].forms and not is_listed(p, k):
            after = wind[1]
            if p.at(after, "edge") or p.at(after, "part") or p.at(after, "countryside"):
                found, k, plain = found._replace(side=wind[0].wind), after, False
            elif _name_may_start(p, after) or p.at(after, "central"):
                found, j = found._replace(side=wind[0].wind), after
                continue
            else:
                return None
        step = _part_of(p, k, found)
        if step is None:
            if p.at(k, "central") and (not p.token(k).cased or not p.words.cased):
                j, found = p.at(k, "central"), found._replace(central=True)
                continue
            break
        if step.name:
            return step
        j, found, plain = step.end, step, False
    if not plain:
        cases = None
    return _named(p, j, found._replace(end=j), cases)


def _name_may_start(p: Phrase, i: int) -> bool:
    token = p.token(i)
    if p.words.cased and not p.words.nouns_cased:
        return token.cased or bool(p.at(i, "governorate") and p.words.inflections)
    return token.kind == "word" and token.cased and not (p.closed(i) or p.at(i, "common"))


def _part_of(p: Phrase, k: int, found: Anchor) -> Anchor | None:
    """Step over "outskirts of", "countryside", "northern part of" at a position, if they are here.

    The wind may stand after its noun ("campagne nord de", "barrios del este de").
    """
    for role in _PARTS:
        end = p.at(k, role)
        if not end or headed(p, k):
            continue
        side, after = found.side, end
        wind = p.wind(end)
        if wind and "adjective" in wind[0].forms and not is_listed(p, end):
            side, after = wind[0].wind, wind[1]
        of = p.at(after, "edge_link") if role == "edge" else 0
        of = of or (p.at(after, "of") if role != "edge" or after > end else 0)
        if of and after == end:
            inner = p.wind(p.skip(of, "article", most=1))
            if inner and "noun" in inner[0].forms and p.at(inner[1], "of"):
                side, of = inner[0].wind, p.at(inner[1], "of")
        found_here = found._replace(side=side)
        demonym = p.roles(after).get("demonym")
        if role == "edge" and demonym and not of:  # "la frontière turque"
            return found_here._replace(
                name=demonym[0], end=demonym[1], reference="edge", area="country"
            )
        direct = (p.words.direct or role in p.words.cases) and not p.definite(k)
        if direct:
            bare = _name_may_start(p, after) or bool(p.at(after, "generic"))
        else:
            # "Rif Dimashq" and "Rural Damascus" are written large, "Downtown Hama" is a name.
            small = not p.token(k).cased or p.words.nouns_cased
            bare = (role == "countryside" or (role == "centre" and small)) and p.token(after).cased
        if not of and not bare:
            continue
        found_here = found_here._replace(end=of or after)
        if role in {"edge", "centre"}:
            return found_here._replace(reference=role)
        if role == "countryside":
            return found_here._replace(area="countryside")
        return found_here._replace(partial=True)
    return None


def _named(p: Phrase, i: int, found: Anchor, cases: tuple[str, ...] | None) -> Anchor | None:
    large = p.at(i, "article") and starts(p, i)
    j = i if letter(p, i) or large else p.skip(i, "article", most=1)
    article = j > i
    if p.at(j, "determiner") or (p.at(j, "anaphor") and not article):
        raise p.nameless(i, _lower_run(p, max(p.at(j, "determiner"), p.at(j, "anaphor"))))
    start = j
    j, area = (j, None) if headed(p, j) or is_listed(p, j) else _generic(p, j)
    land_part = p.roles(j).get("land_part")
    if land_part:  # "Nordsyrien"
        (wind, land), end = land_part
        return found._replace(name=land, end=end, side=wind, area="country")
    demonym = p.roles(j).get("demonym")
    if demonym and p.at(demonym[1], "edge"):
        end = p.at(demonym[1], "edge")
        return found._replace(name=demonym[0], end=end, reference="edge", area="country")
    end = name(p, j, lower=p.small and not article)
    if not end:
        token = p.token(j)
        if p.at(j, "time"):
            return None
        unknown = token.kind == "word" and (not token.cased or p.words.nouns_cased)
        if p.at(j, "anaphor") or (unknown and article):
            raise p.nameless(i, _lower_run(p, j))
        if p.at(j, "generic") and (not token.cased or not p.words.cased or p.words.nouns_cased):
            raise p.nameless(i, p.at(j, "generic"))
        return None
    if cases is None:
        cases = cases_at(p, start)
    after = _after(p, end, found._replace(end=end, area=found.area or area))
    if not cases and after.end > end and not p.token(end - 1).case:
        cases = ("genitive",)  # "Hamas Grenzen"
    best, *others = forms(p, j, end, cases, as_written=j > start)
    joined = _with_noun(p, j, end, cases) if after.area == "governorate" else None
    if joined:
        others, best = [best, *others], joined
    return after._replace(name=best, readings=tuple(others), cases=cases)


def _with_noun(p: Phrase, i: int, end: int, cases: tuple[str, ...]) -> str | None:
    """Return "Donetsk oblast" where the name is an adjective that its noun completes."""
    modifiers = [
        pair
        for case in (*cases, *p.words.inflections)
        for pair in (p.words.inflections[case].modifiers if case in p.words.inflections else ())
    ]
    word, noun = p.token(end - 1).text, p.roles(end).get("governorate")
    if not noun or end != i + 1:
        return None
    nominative = next((base for base in p.words.governorates if _related(base, noun[0])), noun[0])
    for met, base in modifiers:
        if word.casefold().endswith(met):
            return f"{word[: len(word) - len(met)]}{base} {nominative}"
    if any(word.casefold().endswith(base) for _, base in modifiers if base):
        return f"{word} {nominative}"
    return None


def _related(first: str, second: str) -> bool:
    return first[:-2] == second[: len(first) - 2] and len(first) > 3  # noqa: PLR2004


def _generic(p: Phrase, i: int) -> tuple[int, str | None]:
    """Step over "the Syrian city of", "village"; return what sort of area it asks for."""
    j, large = i, False
    for _ in range(_LOOK_AHEAD):
        end = p.at(j, "generic")
        small = not p.token(j).cased or p.words.nouns_cased or not p.words.cased
        if end and large and small and p.words.cased:
            break  # "the Hamidiyah neighbourhood of Homs" has a name of its own
        if end and (small or p.at(end, "of")):
            area = "settlement" if p.at(j, "settlement") else None
            if p.at(j, "governorate"):
                area = "governorate"
            of = p.at(end, "of")
            named = p.token(of).cased or not p.at(of, "stop") or starts(p, of)
            if of and p.token(of).kind == "word" and named:
                return p.skip(of, "article", most=1) if not starts(p, of) else of, area
            demonym = p.at(end, "demonym")
            called = demonym + bool(demonym and p.sign(demonym, ","))
            if demonym and starts(p, called):
                return called, area  # "la capitale ukrainienne Kiev"
            if p.token(end).cased and small and not p.definite(j) and _direct(p, end):
                return end, area
        if p.token(j).kind not in {"word", "dash"} or p.at(j, "stop") or p.token(j).case:
            break
        if not p.words.cased and not (p.at(j, "demonym") or p.at(j, "common") or end):
            break  # no capitals: an unknown word is a name already
        unknown = p.token(j).cased and not p.at(j, "demonym")
        large = large or (unknown and not (p.words.nouns_cased and p.roles(j)))
        j += 1
    return i, None


def _direct(p: Phrase, i: int) -> bool:
    """Tell whether a name follows its noun with no link: "the town Hama", "der Stadt Hama"."""
    if p.words.cased and not p.words.nouns_cased:
        return True
    return bool(p.at(i, "generic")) or bool(name(p, i, lower=False))


def _after(p: Phrase, i: int, found: Anchor) -> Anchor:
    """Read what may follow a name: "city", "province", "'s northern borders", "countryside"."""
    j, area, reference, side = i, found.area, found.reference, found.side
    for role in ("countryside", "governorate", "settlement"):
        if p.at(j, role) and not p.at(j, "edge") and (role != "settlement" or _small(p, j)):
            j = p.at(j, role)
            area = role
            break
    k = j
    if p.token(j - 1).possessive:
        k = p.skip(k, "settlement", most=1)
    wind = p.wind(k)
    if wind and "adjective" in wind[0].forms:
        after = wind[1]
        ends = [p.at(after, role) for role in ("edge", "countryside", "part")]
        if any(ends):
            if ends[0]:
                reference = "edge"
            elif ends[1]:
                area = "countryside"
            return found._replace(end=max(ends), side=wind[0].wind, reference=reference, area=area)
        partial = area == "countryside" or reference == "edge" or found.partial
        if partial and side is None and not (p.at(after, "link") or p.token(i - 1).case):
            # "rif Hama al-shamali": the adjective belongs to the noun before the name.
            return found._replace(end=after, side=wind[0].wind, area=area)
    edge = p.at(k, "edge")
    if edge and _small(p, k):
        return found._replace(end=edge, reference="edge", area=area)
    centre = p.at(k, "centre")
    if centre and _small(p, k):
        return found._replace(end=centre, reference="centre", area=area)
    demonym = p.at(j, "demonym")
    if demonym and not any(p.at(demonym, role) for role in _NOUNS_AFTER) and _small(p, j):
        j = demonym  # "مدينة حماة السورية"
    return found._replace(end=j, area=area, side=side)


def _small(p: Phrase, i: int) -> bool:
    """Tell whether a word is written small, as far as this text's letters can say."""
    return p.shouted or not p.words.cased or p.words.nouns_cased or not p.token(i).cased


def _lower_run(p: Phrase, i: int) -> int:
    """Return the position after the small words that an anaphor goes on with."""
    j = max(i, 1)
    while j < p.count and j - i < _LOOK_AHEAD:
        token = p.token(j)
        if token.kind != "word" or token.cased or p.at(j, "stop"):
            break
        j += 1
    return j
