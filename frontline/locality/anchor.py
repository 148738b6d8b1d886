"""The anchor of a locality: a name with what is said of it, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.locality.around_names import Anchor, after_name, generic, may_start, part_of
from frontline.locality.facilities import asks, is_body, owned
from frontline.locality.morphology import modified
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
    from frontline.locality.phrase import Phrase

_LOOK_AHEAD = 5
_MAX_LED = 14
_LEADING = frozenset({"near", "wind", "number", "approx", "at_most", "at_least", "vague"})


def anchor(p: Phrase, i: int, cases: tuple[str, ...] | None = None) -> Anchor | None:
    """Read an anchor at a position; None if nothing here could be one.

    `cases` are those of the name that this one is joined to; None lets the words before it say.

    Raises
    ------
    UnresolvedFeatureError
        Words stand for the feature ("the city", "here") but do not name it.
    """
    if "relative" in p.words.classes:
        i = _led_to(p, i)
    found, j, plain = Anchor("", i), i, True
    for _ in range(4):  # "the northern outskirts of the countryside of ..."
        k = p.skip(j, "article", most=1)
        wind = p.wind(k)
        if wind and "adjective" in wind[0].forms and not is_listed(p, k):
            after = wind[1]
            if p.at(after, "edge") or p.at(after, "part") or p.at(after, "countryside"):
                found, k, plain = found._replace(side=wind[0].wind), after, False
            elif may_start(p, after) or p.at(after, "central"):
                found, j = found._replace(side=wind[0].wind), after
                continue
            else:
                return None
        step = part_of(p, k, found)
        if step is None:
            middle = p.at(k, "central") and not headed(p, k)
            if middle and (not p.token(k).cased or not p.words.cased):
                j, found = p.at(k, "central"), found._replace(central=True)
                continue
            break
        if step.name:
            return step
        j, found, plain = step.end, step, False
    if not plain:
        cases = None
    return _named(p, j, found, cases)


def _led_to(p: Phrase, i: int) -> int:
    """Step over what is said of a name before it: "im 5 km westlich von Homs gelegenen Suran"."""
    j = p.skip(i, "article", most=1)
    if not (p.token(j).kind == "number" or not _LEADING.isdisjoint(p.roles(j))):
        return i
    for k in range(j + 1, min(j + _MAX_LED, p.count)):
        end = p.at(k, "relative")
        if end and may_start(p, p.skip(end, "settlement", most=1)):
            return end
        if p.token(k).kind == "sign" and p.token(k).text != ".":
            break
    return i


def _named(p: Phrase, i: int, found: Anchor, cases: tuple[str, ...] | None) -> Anchor | None:
    large = p.at(i, "article") and starts(p, i)
    j = i if letter(p, i) or large else p.skip(i, "article", most=1)
    article = j > i
    hyphened = p.token(j).cased and p.token(j + 1).kind == "dash"  # "Notre-Dame"
    if (p.at(j, "determiner") and not hyphened) or (p.at(j, "anaphor") and not article):
        raise p.nameless(i, _lower_run(p, max(p.at(j, "determiner"), p.at(j, "anaphor"))))
    start = j
    j, area = (j, None) if headed(p, j) or is_listed(p, j) else generic(p, j)
    country = _country(p, j, found)
    if country:
        return country
    j = next((k for k in (p.at(j, "demonym"),) if k and headed(p, k)), j)
    end = name(p, j, lower=p.small and (not article or j > start))
    if not end:
        _check_named(p, i, j, article=article)
        return None
    if p.at(end, "axis"):  # "на покровском направлении": a front, and no place
        raise p.nameless(i, p.at(end, "axis"))
    whole = p.token(j).cased and not (found.area or found.reference)
    if whole and is_body(p, j, end, sided=found.side is not None):
        return None
    if cases is None:
        cases = cases_at(p, start)
    facility = _facility(p, j, end, cases)
    if facility:
        return found._replace(name=facility, end=p.at(end, "name_head"))
    after = after_name(p, end, found._replace(end=end, area=found.area or area))
    of_it = _owned(p, (j, end), after, found)
    if of_it:
        return of_it
    return _in_base_form(p, (start, j, end), after, cases)


def _in_base_form(
    p: Phrase, at: tuple[int, int, int], after: Anchor, cases: tuple[str, ...]
) -> Anchor:
    """Give an anchor its name in the base form, with the other forms it may have."""
    start, j, end = at
    if not cases and after.end > end and not p.token(end - 1).case:
        cases = ("genitive",)  # "Hamas Grenzen"
    best, *others = forms(p, j, end, cases, as_written=j > start)
    joined = _with_noun(p, j, end, cases) if after.area == "governorate" else None
    if joined:
        others, best = [best, *others], joined
    with_article = _articled(p, j, best)
    if with_article and with_article not in others:
        others = [*others, with_article]
    return after._replace(name=best, readings=tuple(others), cases=cases)


def _articled(p: Phrase, i: int, name: str) -> str:
    """Return a name with the article that stands before it, or in a word: "du Havre"."""
    before = p.token(i - 1)
    if not i or before.kind != "word":
        return ""
    article = p.words.articled.get(before.folded, "")
    large = before.cased and p.words.cased and not p.shouted and p.at(i - 1, "article") == i
    if large and not p.words.nouns_cased:
        article = before.text
    return f"{article}{'' if article.endswith(chr(39)) else ' '}{name}" if article else ""


def _owned(p: Phrase, at: tuple[int, int], after: Anchor, found: Anchor) -> Anchor | None:
    """Read what a name owns: "Syria's Idlib", "Syria's second city of Homs".

    Raises
    ------
    UnresolvedFeatureError
        It owns what names no place: "Hama's security chief".
    """
    i, end = at
    if p.words.possessives and p.at(i, "demonym") == end and p.token(end).kind == "word":
        raise p.nameless(i, end)  # "the Russian consul"
    called = p.at(p.at(end, "settlement") or p.at(end, "edge"), "of")
    if called and asks(p, end) and starts(p, called):
        if not p.at(end, "settlement"):
            raise p.nameless(i, called)  # "the Damascus suburb of Daraya": which is in which?
        return _named(p, called, found, ())  # "the Idlib town of Saraqib"
    owner = bool(p.words.possessives) and p.token(end - 1).possessive and not p.shouted
    if owner and p.at(end, "demonym"):  # "Damascus's Russian embassy"
        raise p.nameless(i, p.at(end, "demonym"))
    if after.end > end or after.reference != found.reference:
        return None
    if owner:
        inner = generic(p, end)[0]
        if starts(p, inner) and p.token(inner).cased and not p.at(inner, "demonym"):
            return _named(p, end, found, ())
        wind = p.wind(end)
        if wind and "adjective" in wind[0].forms and starts(p, wind[1]):
            return _named(p, wind[1], found._replace(side=wind[0].wind), ())
    noun = owned(p, end)
    if noun:
        raise p.nameless(i, noun)
    return None


def _country(p: Phrase, i: int, found: Anchor) -> Anchor | None:
    """Read a country in another word: "Nordsyrien", "the Turkish border"."""
    land_part = p.roles(i).get("land_part")
    if land_part:
        (wind, land, area), end = land_part
        return found._replace(name=land, end=end, side=wind, area=area)
    twofold = p.roles(i + 2).get("demonym") if p.token(i + 1).kind == "dash" else None
    line = p.at(twofold[1], "edge") if twofold else 0
    if line:  # "украинско-российской границы": where along it?
        raise p.nameless(i, line)
    demonym = p.roles(i).get("demonym")
    edge = p.at(demonym[1], "edge") if demonym else 0
    if not demonym or not edge or p.at(demonym[1], "name_noun") > edge:
        return None
    if p.token(i - 1).kind == "dash" and p.at(i - 2, "demonym"):
        raise p.nameless(i - 2, edge)  # "the Israeli-Lebanese border": a line, not a place
    return found._replace(name=demonym[0], end=edge, reference="edge", area="country")


def _check_named(p: Phrase, i: int, j: int, *, article: bool) -> None:
    """Raise if the words from `i` stand for a place that they do not name."""
    token = p.token(j)
    if p.at(j, "time") or p.at(j, "other_unit"):
        return
    small = not token.cased or p.words.nouns_cased
    if p.at(j, "anaphor") or (token.kind == "word" and small and article):
        raise p.nameless(i, _lower_run(p, j))
    if p.at(j, "generic") and (small or not p.words.cased):
        raise p.nameless(i, p.at(j, "generic"))
    edge = p.at(j, "edge")
    if edge and p.at(edge, "between"):  # "the border between Mali and Niger": where along it?
        raise p.nameless(i, p.at(edge, "between"))


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


def _facility(p: Phrase, i: int, end: int, cases: tuple[str, ...]) -> str | None:
    """Return "Donetsk airport" where an adjective of the town stands before the noun."""
    head = p.roles(end).get("name_head", (None, 0))[0]
    if not head or end != i + 1:
        return None
    word = p.token(i).text
    known = p.words.inflections
    tables = [known[c] for c in (*cases, *known) if c in known]
    made = (modified(f"{word} ", table).strip() for table in tables)
    bare = p.slice(end, p.at(end, "name_head")).casefold() == head
    found = None if bare else next((each for each in made if each != word), None)
    if found is None and any(word.endswith(b) for t in tables for _, b in t.modifiers if b):
        found = word
    return f"{found} {head}" if found else None


def _related(first: str, second: str) -> bool:
    return first[:-2] == second[: len(first) - 2] and len(first) > 3  # noqa: PLR2004


def _lower_run(p: Phrase, i: int) -> int:
    """Return the position after the small words that an anaphor goes on with."""
    j = max(i, 1)
    while j < p.count and j - i < _LOOK_AHEAD:
        token = p.token(j)
        if token.kind != "word" or token.cased or p.at(j, "stop"):
            break
        j += 1
    return j
