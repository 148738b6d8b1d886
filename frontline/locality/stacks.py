"""Rows of a column that one template reads: their values without a `Locality` for each of them.

What a row of `sectors` holds comes of the place in some columns and of the words in the others.
Each distinct name and each distinct number is worked out once, by the rules of `fixes`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from frontline.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.gazetteer.model import Place
    from frontline.locality.filling import Template
    from frontline.locality.model import Locality

    #: Makes the row of values of a locality at a place.
    RowOf = Callable[[Locality, Place], tuple[float, ...] | None]

_ANY_M = 1000.0


@dataclass(slots=True)
class Stack:
    """Rows that one template reads, with the parts that fill it."""

    rows: list[int] = field(default_factory=list)
    parts: list[list[str]] = field(default_factory=list)


class Places(dict[str, "Place | FrontlineError"]):
    """The places of names in localities that are alike but for the name; or why there is none.

    Parameters
    ----------
    example
        One of those localities.
    place_of
        Looks the feature of a locality up.
    """

    def __init__(self, example: Locality, place_of: Callable[[Locality], Place]) -> None:
        self._example = example
        self._place_of = place_of

    def __missing__(self, name: str) -> Place | FrontlineError:
        found: Place | FrontlineError
        try:
            found = self._place_of(dataclasses.replace(self._example, features=(name,)))
        except FrontlineError as error:
            found = error
        self[name] = found
        return found


class Names(dict[str, int]):
    """Names as numbers: of a row of `found`, or below 0 of one of `reasons`.

    Parameters
    ----------
    example
        A locality of those that ask; only its name varies, and how far it is.
    places
        The places of names.
    row_of
        Returns the values of a locality's row at a place; None where it has to be located by
        itself.
    columns
        Which of the values come of the place.
    """

    def __init__(
        self, example: Locality, places: Places, row_of: RowOf, columns: Sequence[int]
    ) -> None:
        self._example = dataclasses.replace(
            example, distance_m=_ANY_M, distance_low_m=_ANY_M, distance_high_m=_ANY_M
        )
        self._places = places
        self._row_of = row_of
        self._columns = columns
        self.found: list[list[float]] = []
        self.reasons: list[str | None] = []

    def __missing__(self, name: str) -> int:
        place = self._places[name]
        row = reason = None
        if isinstance(place, FrontlineError):
            reason = str(place)
        else:
            try:
                row = self._row_of(self._example, place)
            except FrontlineError as error:
                reason = str(error)
        if row is None:
            self.reasons.append(reason)
            number = -len(self.reasons)
        else:
            number = len(self.found)
            self.found.append([row[column] for column in self._columns])
        self[name] = number
        return number


def stated(
    template: Template,
    stack: Stack,
    phrases: Sequence[str],
    row_of: Callable[[Locality], tuple[float, ...] | None],
) -> tuple[Any, Any]:
    """Return the values that come of the words, and which of them each row has; -1 for none.

    Parameters
    ----------
    template, stack
        What reads the rows.
    phrases
        All phrases of the column.
    row_of
        Returns the values of a locality at any place at all.
    """
    known: dict[Any, int] = {}
    found: list[tuple[float, ...]] = []
    codes: list[int] = []
    numbers = template.numbers
    for row, parts in zip(stack.rows, stack.parts, strict=True):
        said = parts[numbers[0]] if len(numbers) == 1 else tuple([parts[at] for at in numbers])
        code = known.get(said)
        if code is None:
            values = row_of(template.fill(phrases[row], parts))
            code = known[said] = -1 if values is None else len(found)
            if values is not None:
                found.append(values)
        codes.append(code)
    return np.array(found, dtype=float), np.array(codes, dtype=np.intp)
