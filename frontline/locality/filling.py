"""A reading with holes: what a phrase has in common with all that differ in what is copied."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from frontline.locality.lexicon import lexicon
from frontline.locality.model import Locality
from frontline.locality.numerals import digits
from frontline.locality.uncertainty import distance_precision_m
from frontline.units import M_PER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.locality.wordclasses import Word

    #: A value, or how it is made of a phrase and its parts.
    Fill: TypeAlias = Any

_FIELDS = tuple(each.name for each in dataclasses.fields(Locality))
_METRES = frozenset(("distance_m", "distance_low_m", "distance_high_m"))
_OF_ONE_NAME = _METRES | {"text", "span", "features", "distance_precision_m"}
#: How a distance may come of the numbers of a phrase, and of how many.
_RULES: tuple[tuple[Callable[[list[float]], float], int], ...] = (
    (lambda metres: metres[0], 1),
    (min, 2),
    (max, 2),
    (lambda metres: (min(metres) + max(metres)) / 2.0, 2),
)


class Variable(NamedTuple):
    """A part of a phrase that is copied: where it stands, its word, None for a number."""

    at: int
    word: Word | None
    blank: str


class UnfollowedError(Exception):
    """Something of a reading does not come from the phrase in a way that can be followed."""


class Template:
    """What the readings of many phrases have in common, with how to fill in the rest.

    Parameters
    ----------
    made
        The parts of a phrase in which blanks stand for what is copied.
    variables
        The blanks.
    pattern
        The reading of `made`.
    example
        The parts of a true phrase, and its reading, against which every rule is checked.

    Raises
    ------
    UnfollowedError
        Something cannot be followed.
    """

    def __init__(
        self,
        made: list[str],
        variables: list[Variable],
        pattern: Locality,
        example: tuple[list[str], Locality],
    ) -> None:
        self._made = made
        self._words = [v for v in variables if v.word is not None]
        self._numbers = [v.at for v in variables if v.word is None]
        self._starts = list(itertools.accumulate(map(len, made), initial=0))
        self._value = _Values(lexicon(pattern.lang).decimal)
        self._followed: set[int] = set()
        self._base, self._holes = self._compile(pattern, example)
        #: The kind of the readings; which parts are numbers.
        self.kind = pattern.kind
        self.numbers = tuple(self._numbers)
        #: The part that is the only name, where nothing but it and distances varies; or None.
        self.name_at = self._only_name(pattern)
        if len(self._followed) < len(self._numbers):
            raise UnfollowedError

    def fill(self, phrase: str, parts: list[str]) -> Locality:
        """Return the reading of a phrase with these parts."""
        row = self._base.copy()
        for number, fill in self._holes:
            row[number] = fill(phrase, parts)
        return Locality(*row)

    def _only_name(self, pattern: Locality) -> int | None:
        varied = {_FIELDS[number] for number, _ in self._holes}
        if not varied <= _OF_ONE_NAME or len(pattern.features) != 1 or len(self._words) != 1:
            return None
        (only,) = self._words
        whole = only.word is not None and not only.word.head and not only.word.tail
        return only.at if whole and pattern.features[0] == only.blank else None

    def _compile(
        self, pattern: Locality, example: tuple[list[str], Locality]
    ) -> tuple[list[Any], list[tuple[int, Fill]]]:
        parts, read = example
        fills: list[Fill] = []
        for name in _FIELDS:
            value, wanted = getattr(pattern, name), getattr(read, name)
            if name == "text":
                fills.append(lambda phrase, parts: phrase)  # noqa: ARG005
            elif name == "span":
                fills.append(self._span(value))
            elif name in _METRES:
                fills.append(self._metres(value, wanted, pattern.unit, parts))
            elif name == "distance_precision_m":
                fills.append(None)  # when the numbers are known
            elif name == "legs":
                fills.append(self._legs(value, wanted, pattern.unit, parts))
            elif name == "within" and value is not None:
                fills.append(self._within(value, wanted, parts))
            else:
                fills.append(self._copied(value, wanted))
        precision = self._precision(
            pattern.distance_precision_m, read.distance_precision_m, pattern.unit, parts
        )
        fills[_FIELDS.index("distance_precision_m")] = precision
        holes = [(number, fill) for number, fill in enumerate(fills) if callable(fill)]
        return fills, holes

    def _within(self, value: Locality, wanted: Any, parts: list[str]) -> Fill:
        if not isinstance(wanted, Locality):
            raise UnfollowedError
        base, holes = self._compile(value, (parts, wanted))

        def fill(phrase: str, parts: list[str]) -> Locality:
            row = base.copy()
            for number, each in holes:
                row[number] = each(phrase, parts)
            return Locality(*row)

        return fill

    def _copied(self, value: Any, wanted: Any) -> Fill:
        """Return how a value is filled in that holds nothing but words of the phrase."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, tuple):
            if not isinstance(wanted, tuple) or len(wanted) != len(value):
                raise UnfollowedError
            fills = [self._copied(v, w) for v, w in zip(value, wanted, strict=True)]
            if not any(map(callable, fills)):
                return value
            if len(fills) == 1:
                (only,) = fills
                return lambda phrase, parts: (only(phrase, parts),)
            return lambda phrase, parts: tuple(
                [each(phrase, parts) if callable(each) else each for each in fills]
            )
        if value != wanted:
            raise UnfollowedError
        return value

    def _text(self, value: str) -> Fill:
        pieces: list[str | Variable] = [value]
        for variable in self._words:
            split: list[str | Variable] = []
            for piece in pieces:
                if isinstance(piece, str):
                    first, *others = piece.split(variable.blank)
                    split += [first, *(each for other in others for each in (variable, other))]
                else:
                    split.append(piece)
            pieces = split
        cuts = [
            piece if isinstance(piece, str) else (piece.at, *_cut(piece.word))
            for piece in pieces
            if piece
        ]
        if all(isinstance(cut, str) for cut in cuts):
            return value
        if len(cuts) == 1 and cuts[0][1:] == (0, None):
            at = cuts[0][0]
            return lambda phrase, parts: parts[at]  # noqa: ARG005
        return (
            lambda phrase, parts: "".join(  # noqa: ARG005
                [cut if isinstance(cut, str) else parts[cut[0]][cut[1] : cut[2]] for cut in cuts]
            )
        )

    def _span(self, value: tuple[int, int]) -> Fill:
        (start, more), (end, rest) = (self._position(each) for each in value)
        if (start, more, end, rest) == (0, 0, len(self._made), 0):
            return lambda phrase, parts: (0, len(phrase))  # noqa: ARG005
        return (
            lambda phrase, parts: (  # noqa: ARG005
                sum(map(len, parts[:start])) + more,
                sum(map(len, parts[:end])) + rest,
            )
        )

    def _position(self, position: int) -> tuple[int, int]:
        """Return a position as a number of whole parts before it and characters more."""
        starts = self._starts
        if position == starts[-1]:
            return len(self._made), 0
        at = next(n for n in range(len(starts)) if starts[n] >= position)
        if starts[at] == position:
            return at, 0
        at -= 1
        more = position - starts[at]
        word = next((v.word for v in self._words if v.at == at), None)
        if word is not None and more > len(word.head):
            rest = len(self._made[at]) - more
            if rest > len(word.tail):
                raise UnfollowedError
            return at + 1, -rest
        if at in self._numbers:
            raise UnfollowedError
        return at, more

    def _metres(self, value: float | None, wanted: float | None, unit: Any, parts: Any) -> Fill:
        if value is None or wanted is None or unit not in M_PER:
            return self._copied(value, wanted)
        scale, number = M_PER[unit], self._value
        for rule, many in _RULES:
            for chosen in itertools.combinations(self._numbers, many):
                if all(
                    rule([number[each[at]] * scale for at in chosen]) == result
                    for each, result in ((self._made, value), (parts, wanted))
                ):
                    self._followed.update(chosen)
                    if many == 1:
                        (one,) = chosen
                        return lambda phrase, parts, at=one: number[parts[at]] * scale  # noqa: ARG005
                    return lambda phrase, parts, chosen=chosen, rule=rule: rule(  # noqa: ARG005
                        [number[parts[at]] * scale for at in chosen]
                    )
        return self._copied(value, wanted)

    def _precision(self, value: float | None, wanted: Any, unit: Any, parts: Any) -> Fill:
        chosen = sorted(self._followed)
        if value is None or wanted is None or unit not in M_PER or not chosen:
            return self._copied(value, wanted)
        found = _Precisions(self._value.decimal, unit)

        def precision(phrase: str, parts: Sequence[str]) -> float:
            del phrase
            return max([found[parts[at]] for at in chosen])

        if precision("", self._made) != value or precision("", parts) != wanted:
            raise UnfollowedError
        return precision

    def _legs(self, value: Any, wanted: Any, unit: Any, parts: Any) -> Fill:
        if not value or len(value) != len(wanted):
            return self._copied(value, wanted)
        fills = [
            (self._metres(v[0], w[0], unit, parts), self._copied(v[1], w[1]))
            for v, w in zip(value, wanted, strict=True)
        ]
        if not any(callable(metres) for metres, _ in fills):
            return value
        return lambda phrase, parts: tuple(
            (metres(phrase, parts) if callable(metres) else metres, azimuth)
            for metres, azimuth in fills
        )


def _cut(word: Word | None) -> tuple[int, int | None]:
    """Return where a word's stem begins and ends."""
    if word is None:
        raise UnfollowedError
    return len(word.head), -len(word.tail) or None


class _Values(dict[str, float]):
    """The numbers that digits stand for."""

    def __init__(self, decimal: str) -> None:
        self.decimal = decimal

    def __missing__(self, written: str) -> float:
        value = self[written] = float(digits(written, self.decimal) or "nan")
        return value


class _Precisions(dict[str, float]):
    """The precision of numbers as written, in metres."""

    def __init__(self, decimal: str, unit: str) -> None:
        self._decimal, self._unit = decimal, unit

    def __missing__(self, written: str) -> float:
        plain = digits(written, self._decimal) or ""
        value = self[written] = distance_precision_m(plain, self._unit)
        return value
