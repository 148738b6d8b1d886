"""Which place a name means: candidates, their order, and when context may decide.

The rules, in order:

1. Candidates are the places one of whose names has the same key; where none is left, those
   with the same consonant skeleton whose spelling is also close. A place that bears the
   name only as a former or foreign one gives way to those that bear it, unless it is twice
   as large; a place of almost that name and five times the size joins the candidates, but
   not in a gazetteer made from a table. A gazetteer of a home country makes no guess
   abroad: a likeness found only there is none, unless a context was given; and to a name in
   Arabic that is met only abroad, the places at home join that sound so and whose Arabic
   name is not known.
2. ``country=``, ``admin1=`` and ``kind=`` keep only what fits; so does the governorate,
   country or neighbour written beside the name ("Suran, Hama"). A governorate or a country
   is never a neighbour: where nothing lies in it, the name is unknown. Beside "Damascus",
   the governorate around it counts too.
3. A settlement or crossing is meant before a hill, an airfield or a military site, unless
   ``near=`` is given.
4. Candidates of one country within 3 km of each other are one locality; the largest stands
   for it.
5. ``near=`` decides if the nearest candidate is at most 100 km away and the next at least
   10 km farther and twice as far; so that a hamlet beside the reference does not capture
   the name of a city, a candidate 100 times as large within 150 km comes first. A mere
   likeness (rule 1) more than 100 km from ``near=`` is none.
6. Size decides if the largest counts at least 10,000 inhabitants and ten times the next (50
   times, if namesakes lie in other countries and it has less than 100,000); never for a
   likeness or a former name against those that bear the name itself. Among likenesses the
   largest must also be the most alike, and all must lie in one country. Between countries
   it decides only for a place whose own name it is; in a gazetteer of a home country never
   for one abroad against one at home, nor against another city or town.
7. Else the name is ambiguous, and the candidates are listed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from frontline.errors import AmbiguousPlaceError, UnknownPlaceError
from frontline.gazetteer.context import country_code, known_admin1, queries, same_admin1
from frontline.gazetteer.forms import form
from frontline.gazetteer.likeness import spelled_alike
from frontline.gazetteer.matches import (
    SETTLEMENTS,
    USUAL_SIZE,
    Context,
    Match,
    distance_km,
    label,
    size_of,
)
from frontline.gazetteer.names import (
    ARABIC_COUNTRIES,
    fold,
    has_article,
    is_arabic,
    key,
    key_of_words,
    skeletons_of_words,
    words,
)
from frontline.gazetteer.respelling import respelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frontline.gazetteer.context import Query
    from frontline.gazetteer.model import Place
    from frontline.gazetteer.store import Store

MEANT_FIRST = SETTLEMENTS | {"crossing", "district"}
ONE_LOCALITY_KM = 3.0
NEAR_KM = 100.0
# Beside a place 100 times as large, a hamlet is not meant, unless the large one is farther.
OVERSHADOWS = 5
HUGE, HUGE_KM = 100, 150.0
CITY, DOMINANT, DOMINANT_LIKENESS = 10_000, 10, 88.0
METROPOLIS, DOMINANT_ABROAD = 100_000, 50
LISTED, MANY_NAMES = 6, 3
# A name, another spelling of it, another name altogether, and the most a likeness counts.
NAME, ALTERNATE, OTHER_NAME, ONLY_ALIKE = 100.0, 95.0, 90.0, 89.0


def candidates(store: Store, query: Query, context: Context) -> list[Match]:
    """Return the places one of whose names has the key of a reading, unordered."""
    parts = words(query.name)
    name_key = key_of_words(parts)
    found = []
    with_article = has_article(query.name)
    for place in store.by_key(name_key):
        if not context.keeps(place) or (with_article and _is_without_article(place)):
            continue
        own = form(place.name)
        if own.key == name_key:
            found.append(Match(place, NAME, "name"))
        else:
            alike = bool(skeletons_of_words(parts) & own.bones)
            found.append(Match(place, ALTERNATE if alike else OTHER_NAME, "alternate name"))
    return found


def _is_without_article(place: Place) -> bool:
    """Tell whether a place has many names and none with the article: al-Hamah is not Hama."""
    return (
        place.country in ARABIC_COUNTRIES
        and len(place.names) >= MANY_NAMES
        and not any(form(name).article for name in (place.name, *place.names))
    )


def readings(store: Store, text: str, context: Context) -> Iterator[tuple[Query, list[Match]]]:
    """Yield the ways to read a name with what they find: the letter first, likeness last."""
    ways = queries(text)
    for query in ways:
        if found := candidates(store, query, context):
            yield (
                query,
                [
                    *_bearing_it(found),
                    *_overshadowing(store, found, query, context),
                    *_unwritten(store, found, query, context),
                ],
            )
    near = context.near  # a mere likeness far from what is near is none

    last = ways[-1]
    with_article = has_article(last.name)

    def may(place: Place) -> bool:
        if with_article and _is_without_article(place):
            return False
        return context.keeps(place) and (near is None or _from(near, place) <= NEAR_KM)

    alike = _alike(store, words(last.name), may)
    if not alike:  # as another language may write it
        best: dict[str, Match] = {}
        for parts in respelled(last.name if last.beside else text):
            for match in _alike(store, parts, may):
                known = best.get(match.place.place_id)
                if known is None or known.score < match.score:
                    best[match.place.place_id] = match
        alike = list(best.values())
    if alike:
        yield last, alike


def _bearing_it(found: list[Match]) -> list[Match]:
    """Leave out who bears the name as a former or foreign one, beside who bears it itself.

    Jericho is called Ariha in Arabic; it stays a candidate for "Ariha" only if it is twice
    as large as the largest place of that name.
    """
    largest = max((size_of(m.place) for m in found if m.how == "name"), default=0)
    if not largest:
        return found
    return [m for m in found if m.score > OTHER_NAME or size_of(m.place) >= 2 * largest]


def _overshadowing(store: Store, found: list[Match], query: Query, context: Context) -> list[Match]:
    """Return larger places of nearly the same name: al-Zahra may well be the town Zahraa."""
    largest = max(size_of(m.place) for m in found)
    if largest >= CITY or not context.overshadowing:
        return []
    known = {m.place.place_id for m in found}
    least = OVERSHADOWS * max(largest, USUAL_SIZE["village"])

    def may(place: Place) -> bool:
        return size_of(place) >= least and place.place_id not in known and context.keeps(place)

    return [m for m in _alike(store, words(query.name), may) if m.score >= DOMINANT_LIKENESS]


def _unwritten(store: Store, found: list[Match], query: Query, context: Context) -> list[Match]:
    """Return the places at home that may bear an Arabic name met only abroad.

    Most villages are known by their Latin spelling alone; a city abroad does not take the
    name because somebody wrote down its Arabic one.
    """
    if not context.home or not is_arabic(query.name):
        return []
    if any(m.place.country == context.home for m in found):
        return []

    def may(place: Place) -> bool:
        return (
            place.country == context.home
            and not any(map(is_arabic, place.names))
            and context.keeps(place)
        )

    return [m for m in _alike(store, words(query.name), may) if m.score >= DOMINANT_LIKENESS]


def _alike(store: Store, parts: list[str], keeps: Callable[[Place], bool]) -> list[Match]:
    return [
        Match(place, min(score, ONLY_ALIKE), "spelling")
        for place, score in spelled_alike(store, parts, keeps)
    ]


def find(store: Store, text: str, context: Context, locate: Callable[[str], Place | None]) -> Place:
    """Return the one place that a name means.

    Parameters
    ----------
    store : Store
    text : str
        The name, checked.
    context : Context
    locate : callable
        Finds the place that a neighbour's name means, or None.

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError
    """
    abroad: list[Match] = []
    for query, found in readings(store, text, context):
        if query.beside and not _is_remark(query.beside):
            narrowed = _beside(found, query.beside, context, locate)
            if narrowed:
                return _decide(text, narrowed, context, store, query)
        elif _is_guess_abroad(found, context):
            abroad = found
        else:
            return _decide(text, found, context, store, query)
    raise _unknown(store, text, abroad)


def _is_guess_abroad(found: list[Match], context: Context) -> bool:
    """Tell whether nothing but a likeness, and nothing that was said, leads out of home."""
    said = context.near or context.country or context.admin1
    return (
        bool(context.home)
        and not said
        and all(m.how == "spelling" and m.place.country != context.home for m in found)
    )


def _is_remark(beside: str) -> bool:
    """Tell whether what stands beside a name names nothing: "5 km ring", "city, most of"."""
    return not any(char.isupper() or char >= "\u0600" for char in beside)


def _beside(
    found: list[Match], beside: str, context: Context, locate: Callable[[str], Place | None]
) -> list[Match]:
    """Narrow by what is written beside the name: a governorate, a country or a neighbour."""
    inside = [m for m in found if same_admin1(beside, m.place.admin1)]
    if inside:
        if len(inside) < len(found):
            context.remarks.append(
                f"{inside[0].place.admin1} governorate, as written beside the name"
            )
        return inside
    if governorate := known_admin1(beside):
        # the capital is a governorate of its own; its suburbs lie in the one around it
        around = "Rif Dimashq" if governorate == "Damascus" else ""
        return [m for m in found if around and m.place.admin1 == around]
    try:
        code = country_code(beside)
    except ValueError:
        code = ""
    if code:
        return [m for m in found if m.place.country == code]
    neighbour = locate(beside)
    if neighbour is None:
        return []
    context.near = (neighbour.lon, neighbour.lat)
    context.near_text = f"{neighbour.name}, as written beside the name"
    return [m for m in found if _from(context.near, m.place) <= NEAR_KM]


def _from(near: tuple[float, float], place: Place) -> float:
    return distance_km(*near, place.lon, place.lat)


def _decide(text: str, found: list[Match], context: Context, store: Store, query: Query) -> Place:
    remarks = list(context.remarks)
    for asked, word in ((context.admin1, "governorate"), (context.country, "country")):
        if asked and len(found) < len(candidates(store, query, Context())):
            remarks.append(f"the {word} {asked} was given")
    if context.kind is None and context.near is None:
        meant = [m for m in found if m.place.kind in MEANT_FIRST]
        if len(meant) < len(found) and any(m.how != "spelling" for m in meant):
            remarks.append("a settlement is meant before a hill or a site of that name")
            found = meant
    groups = one_per_locality(found)
    if len(groups) > 1:
        winner, reason = _winner(groups, context)
        if winner is None:
            raise _ambiguous(text, groups, context)
        remarks.append(reason)
    else:
        winner = groups[0]
    if winner.how == "spelling":
        remarks.append(f"{text!r} read as a spelling of {winner.place.name}")
    return replace(winner.place, remarks=tuple(remarks)) if remarks else winner.place


def one_per_locality(found: list[Match]) -> list[Match]:
    """Keep the largest of one country's candidates within 3 km of each other, largest first."""
    order = sorted(found, key=lambda m: (-size_of(m.place), -m.score, m.place.place_id))
    kept: list[Match] = []
    for match in order:
        here = match.place
        if all(
            here.country != k.place.country
            or distance_km(here.lon, here.lat, k.place.lon, k.place.lat) > ONE_LOCALITY_KM
            for k in kept
        ):
            kept.append(match)
    return kept


def _winner(groups: list[Match], context: Context) -> tuple[Match | None, str]:
    first, second = groups[0], groups[1]
    if context.near is not None:
        near = context.near
        huge = size_of(first.place) >= HUGE * size_of(second.place)
        if huge and _from(near, first.place) <= HUGE_KM and first.score >= ALTERNATE:
            return first, "by far the largest place of that name"
        by_distance = sorted(groups, key=lambda m: _from(near, m.place))
        nearest = _from(near, by_distance[0].place)
        following = _from(near, by_distance[1].place)
        clear_of = max(nearest + 10, 2 * nearest)
        if nearest <= NEAR_KM and following >= clear_of:
            return by_distance[0], (
                f"the nearest of that name to {context.near_text} ({nearest:.0f} km; "
                f"the next is {following:.0f} km away)"
            )
        if nearest <= NEAR_KM:
            groups = [m for m in groups if _from(near, m.place) < clear_of]
            first, second = groups[0], groups[1]
    size, next_size = size_of(first.place), size_of(second.place)
    others = groups[1:]
    # neither a likeness nor a former name takes the name from those that bear it
    likely = first.score >= min(ALTERNATE, max(m.score for m in others))
    at_home = all(m.place.country == first.place.country for m in others)
    if first.how == "spelling":
        likely = at_home and first.score > max(m.score for m in others)
    elif not at_home:
        likely = likely and _may_win_abroad(first, others, context.home)
    times = DOMINANT if at_home or size >= METROPOLIS else DOMINANT_ABROAD
    if likely and first.score >= DOMINANT_LIKENESS and size >= max(CITY, times * next_size):
        return first, "by far the largest place of that name"
    return None, ""


def _may_win_abroad(first: Match, others: list[Match], home: str) -> bool:
    """Tell whether size may decide at all between namesakes in several countries."""
    if first.how != "name":
        return False
    if not home:
        return True
    if first.place.country != home and any(m.place.country == home for m in others):
        return False
    return all(m.place.kind not in ("city", "town") for m in others)


def _ambiguous(text: str, groups: list[Match], context: Context) -> AmbiguousPlaceError:
    order = groups
    if context.near is not None:
        near = context.near
        order = sorted(groups, key=lambda m: _from(near, m.place))
    listed = "; ".join(label(m.place) for m in order[:LISTED])
    more = f" and {len(order) - LISTED} more" if len(order) > LISTED else ""
    return AmbiguousPlaceError(
        f"{text!r} may be {len(order)} places: {listed}{more}; "
        "say which by admin1=, near=, country= or kind=",
        name=text,
        candidates=tuple(m.place for m in order),
    )


def _unknown(store: Store, text: str, abroad: list[Match]) -> UnknownPlaceError:
    if abroad:
        listed = "; ".join(label(m.place) for m in abroad[:LISTED])
        return UnknownPlaceError(
            f"no place called {text!r} is known; spelled alike, in another country, is {listed}; "
            "give country= if that is meant",
            name=text,
            near_names=tuple(dict.fromkeys(m.place.name for m in abroad)),
        )
    elsewhere = [m.place for _, found in readings(store, text, Context()) for m in found]
    if elsewhere:
        listed = "; ".join(dict.fromkeys(map(label, elsewhere[:4])))
        return UnknownPlaceError(
            f"no place called {text!r} fits the context given; known is {listed}",
            name=text,
            near_names=tuple(dict.fromkeys(p.name for p in elsewhere[:5])),
        )
    alike = store.similar(key(queries(text)[-1].name), 8)
    near = tuple(dict.fromkeys(p.name for p, _ in alike))[:5]
    hint = f"; similar names: {', '.join(near)}" if near else ""
    return UnknownPlaceError(
        f"no place called {text!r} is known{hint}; check the spelling or give coordinates",
        name=text,
        near_names=near,
    )


def search(store: Store, text: str, context: Context, limit: int) -> list[Match]:
    """Return the places that a name may mean, best first; a guess is marked as one."""
    found: dict[str, Match] = {}
    for _, matches in readings(store, text, context):
        for match in matches:
            found.setdefault(match.place.place_id, match)
    if len(found) < limit:
        for place, score in store.similar(key(fold(text)), 4 * limit):
            if context.keeps(place):
                found.setdefault(place.place_id, Match(place, round(0.8 * score, 1), "similar"))
    near = context.near

    def rank(match: Match) -> tuple[int, float, float, str]:
        place = match.place
        tier = ("name", "alternate name", "spelling", "similar").index(match.how)
        then = _from(near, place) if near is not None else -size_of(place)
        likeness = -match.score if match.how == "similar" else 0.0
        return (max(tier, 1), likeness, then, place.place_id)

    return sorted(found.values(), key=rank)[:limit]
