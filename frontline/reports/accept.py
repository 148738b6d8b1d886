"""From hits and windows to mentions: the grammar first, then the names that are left."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from frontline.reports import roles as r
from frontline.reports.engine import Name, pieces
from frontline.reports.judging import ENOUGH
from frontline.reports.mention import Mention
from frontline.reports.resolving import distance_km
from frontline.reports.tokens import COMMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontline.gazetteer.model import Place
    from frontline.locality.model import Locality
    from frontline.reports.engine import Piece
    from frontline.reports.judging import Surface
    from frontline.reports.matching import Hit
    from frontline.reports.resolving import Found
    from frontline.reports.scan import Scan
    from frontline.reports.windows import Window

_BIG, _MIDDLE = 50_000, 5_000
_CLOSE_KM, _REGION_KM = 60.0, 300.0
_HOPELESS = -3.0
#: What speaks for itself: a distance or a heading governs the name.
STRONG = frozenset({"offset", "distance", "orthogonal", "heading", "between", "along"})
_WIDE = frozenset({"country", "governorate"})


class Judged(NamedTuple):
    """A name with what is known of it."""

    hit: Hit
    surface: Surface
    found: Found | None
    score: float


def _size(found: Found) -> float:
    if found.place is None:
        return 0.5 if any((p.population or 0) >= _BIG for p in found.candidates) else 0.0
    people = found.place.population or 0
    if found.place.kind in _WIDE or people >= _BIG:
        return 2.0
    return 1.0 if people >= _MIDDLE or found.place.kind in {"city", "town"} else 0.0


class Accepting:
    """Decides what of a text is a mention."""

    def __init__(self, scan: Scan, hits: Sequence[Hit], surfaces: Sequence[Surface]) -> None:
        self._scan = scan
        self._judged = [self._judge(hit, s) for hit, s in zip(hits, surfaces, strict=True)]
        self._settle()
        self._judged = [self._with_neighbours(k) for k in range(len(self._judged))]
        self._settle()

    def _judge(self, hit: Hit, surface: Surface) -> Judged:
        if surface.score <= _HOPELESS:
            return Judged(hit, surface, None, surface.score)
        if hit.base:
            base = self._scan.resolver.found(hit.base)
            if base.place is None and not base.candidates:
                return Judged(hit, surface, None, _HOPELESS)
            found = self._scan.resolver.tell(hit.name, hit.means)
            return Judged(hit, surface, found, surface.score + _size(base))
        found = self._scan.resolver.found(hit.name)
        if found.place is None and not found.candidates:
            return Judged(hit, surface, None, _HOPELESS)
        return Judged(hit, surface, found, surface.score + _size(found))

    def _settle(self) -> None:
        self._scan.resolver.settle(
            [
                (each.hit.first, each.found.place)
                for each in self._judged
                if each.found and each.found.place and each.score >= ENOUGH
            ]
        )

    def _with_neighbours(self, k: int) -> Judged:
        """Let the places beside a name speak for it."""
        each = self._judged[k]
        if each.found is None or each.score >= ENOUGH or each.score < ENOUGH - 3.0:
            return each
        bonus = 0.0
        for other in self._judged[max(k - 1, 0) : k] + self._judged[k + 1 : k + 2]:
            if other.score >= ENOUGH and self._enumerated(each.hit, other.hit):
                bonus = 2.0
        places = each.found.candidates or (each.found.place,)
        for beside in self._scan.resolver.beside(each.hit.first):
            bonus = max((bonus, *(_nearness(p, beside) for p in places if p is not None)))
        if each.surface.risky:
            bonus = min(bonus, 1.0)
        return each._replace(score=each.score + bonus)

    def _enumerated(self, one: Hit, other: Hit) -> bool:
        first, second = sorted((one, other), key=lambda hit: hit.first)
        text, scan = self._scan.text, self._scan
        between = second.first - first.last - 1
        if (
            between < 0
            or between > 1
            or any(text.gaps[i] > COMMA for i in range(first.last + 1, second.first + 1))
        ):
            return False
        if between == 0:
            return text.gaps[second.first] == COMMA
        return bool(scan.bits(first.last + 1) & r.AND)

    def mentions(self, windows: Sequence[Window]) -> list[Mention]:
        """Return the mentions of the text, from left to right."""
        made: list[Mention] = []
        taken = [False] * len(self._judged)
        k = 0
        for window in windows:
            while k < len(self._judged) and self._judged[k].hit.first < window.first:
                k += 1
            inside = []
            j = k
            while j < len(self._judged) and self._judged[j].hit.last <= window.last:
                inside.append(j)
                j += 1
            if window.relation:
                made += self._localities(window, inside, taken)
        for number, each in enumerate(self._judged):
            if not taken[number] and each.score >= ENOUGH:
                made.append(self._feature(each))
        made.sort(key=lambda mention: (mention.start, -mention.end))
        return made

    def _localities(
        self, window: Window, inside: Sequence[int], taken: list[bool]
    ) -> list[Mention]:
        scan = self._scan
        start = scan.text.starts[window.first]
        end = scan.text.ends[window.last]
        made = []
        code = scan.lang(window.first)
        names = [self._judged[k].hit for k in inside]
        # A thing that bears a place's name is one name; how it is inflected the grammar knows.
        given = [
            Name(n.start - start, n.end - start, n.name)
            for n in names
            if n.start >= start and (code == "en" or not n.base)
        ]
        for piece in pieces(scan.text.text[start:end], code, given):
            first, last = start + piece.start, start + piece.end
            held = [k for k in inside if _is_in(self._judged[k].hit, first, last)]
            mention = self._locality(piece, window, held, start)
            if mention is not None:
                made.append(mention)
                for k in held:
                    taken[k] = True
        return made

    def _locality(
        self, piece: Piece, window: Window, held: Sequence[int], start: int
    ) -> Mention | None:
        scan, found = self._scan, piece.locality
        span = start + piece.start, start + piece.end
        code = scan.lang(window.first)
        if found is None:
            measured = any(scan.bits(i) & r.UNIT for i in range(window.first, window.last + 1))
            if held or not measured:
                return None
            first = next(
                i
                for i in range(window.first, window.last + 1)
                if scan.bits(i) & (r.NUMBER | r.UNIT)
            )
            begin = max(scan.text.starts[first], span[0])
            return Mention(begin, span[1], None, code, first, window.last, reason=piece.reason)
        if not found.features and found.path is None:
            return None
        things = [self._judged[k].hit for k in held if self._judged[k].hit.base]
        if things:
            found = _with_things(found, things)
            span = min(span[0], things[0].start), max(span[1], things[-1].end)
        if found.kind not in STRONG and not self._sure(found.features, held):
            return None
        if found.kind in STRONG and not held and not self._plausible(found.features, window):
            return None
        at, last = self._words(span, window)
        return Mention(*span, found.kind, code, at, last, found.features, (), found)

    def _words(self, span: tuple[int, int], window: Window) -> tuple[int, int]:
        """Return the first and last word of a span in a window."""
        starts = self._scan.text.starts
        at, last = window.first, window.last
        while at < last and starts[at + 1] <= span[0]:
            at += 1
        while last > at and starts[last] >= span[1]:
            last -= 1
        return at, last

    def _sure(self, names: Sequence[str], held: Sequence[int]) -> bool:
        """Tell whether the features of a locality are names that are places here."""
        for name in names:
            fitting = [self._judged[k] for k in held if self._judged[k].hit.name in name]
            if not any(each.score >= ENOUGH for each in fitting):
                return False
            if not any(each.hit.name == name for each in fitting):
                known = self._scan.resolver.found(name)
                if known.place is None and not known.candidates:
                    return False
        return True

    def _plausible(self, names: Sequence[str], window: Window) -> bool:
        """Tell whether unknown names can be places: written large, no mere abbreviation."""
        del window
        return all(
            any(part != part.lower() or part.lower() == part.upper() for part in name.split())
            for name in names
        )

    def _feature(self, each: Judged) -> Mention:
        hit, scan = each.hit, self._scan
        found = scan.resolver.place(hit.name, hit.first)
        places = (found.place,) if found.place is not None else ()
        return Mention(
            hit.start,
            hit.end,
            "feature",
            scan.lang(hit.first),
            hit.first,
            hit.last,
            (hit.name,),
            places,
            None,
            None if places else found.reason,
        )


def _is_in(hit: Hit, first: int, last: int) -> bool:
    """Tell whether a name lies in a span; a thing of two names belongs to where it begins."""
    if hit.base:
        return hit.start < last and first < hit.end
    return hit.start >= first and hit.end <= last


def _with_things(found: Locality, things: Sequence[Hit]) -> Locality:
    """Put the whole name of a thing for the name of the place in it: never the place itself."""
    features, readings = list(found.features), list(found.readings)
    for thing in things:
        for k, name in enumerate(features):
            inside = thing.base.lower() in name.lower() or name.lower() in thing.name.lower()
            taken = any(name == other.name for other in things if other is not thing)
            if inside and not taken:
                features[k] = thing.name
                if k < len(readings):
                    readings[k] = ()
                break
        else:
            if len(features) == 1:
                features, readings = [thing.name], [()]
    return dataclasses.replace(found, features=tuple(features), readings=tuple(readings))


def _nearness(place: Place, other: Place) -> float:
    if other.kind in _WIDE:
        if place.kind == "country" and place.country != other.country:
            return 1.0
        return 1.0 if place.country == other.country else 0.0
    apart = distance_km(place, other)
    if apart < 0.001:  # noqa: PLR2004 - the same place elsewhere in the text is no evidence
        return 0.0
    if apart <= _CLOSE_KM:
        return 2.0
    return 1.0 if apart <= _REGION_KM else 0.0
