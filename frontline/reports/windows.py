"""Where in a text the grammar is worth asking: the words around names, units and winds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from frontline.reports import roles as r
from frontline.reports.tokens import CLAUSE, COMMA, JOIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.reports.matching import Hit
    from frontline.reports.tokens import Text

_LEFT, _RIGHT, _BRIDGE, _NAME = 16, 12, 2, 4


class Window(NamedTuple):
    """Some words of a sentence, from one to another, and whether a relation is among them."""

    first: int
    last: int
    relation: bool


class Windows:
    """Makes the windows of a text.

    Parameters
    ----------
    text
    bits
        The roles of the word at a position, in the language of its sentence.
    capital
        By word, whether it has a capital in a script that has them.
    follows
        Whether relation words follow their name in the language of a word.
    """

    def __init__(
        self,
        text: Text,
        bits: Callable[[int], int],
        capital: Sequence[bool],
        follows: Callable[[int], bool],
    ) -> None:
        self._bits, self._capital, self._follows = bits, capital, follows
        self._gaps = text.gaps.tolist()
        self._count = len(text.words)

    def around(self, hits: Sequence[Hit], triggers: Sequence[int]) -> list[Window]:
        """Return the windows around names and triggers, from left to right, none overlapping."""
        named = np.zeros(self._count + 1, np.bool_)
        for hit in hits:
            named[hit.first : hit.last + 1] = True
        self._named = named.tolist()
        made = [self._window(hit.first, hit.last) for hit in hits]
        made += [self._window(i, i) for i in triggers]
        made.sort()
        merged: list[Window] = []
        for each in made:
            if merged and each.first <= merged[-1].last:
                last = merged[-1]
                merged[-1] = Window(
                    last.first, max(last.last, each.last), last.relation or each.relation
                )
            else:
                merged.append(each)
        return merged

    def _window(self, first: int, last: int) -> Window:
        left, before = self._to_left(first)
        right, behind = self._to_right(last)
        here = any(self._bits(i) & r.RELATION for i in range(first, last + 1))
        return Window(left, right, before or behind or here)

    def _to_left(self, first: int) -> tuple[int, bool]:
        left, relation, bridged = first, False, 0
        for i in range(first - 1, max(first - _LEFT, 0) - 1, -1):
            gap = self._gaps[i + 1]
            if gap >= CLAUSE or (gap == COMMA and bridged):
                break
            bits = self._bits(i)
            if bits & r.MATTER or self._named[i]:
                left, bridged = i, 0
                relation = relation or bool(bits & r.RELATION)
            elif bridged == 0 and not self._bits(left) & r.GENERIC:
                break  # adjectives are stepped over only before "town of", "city"
            else:
                bridged += 1
                if bridged > _BRIDGE or gap == COMMA or bits & r.STOP or self._capital[i]:
                    break
        while left < first and self._is_idle(left):
            left += 1
        return left, relation

    def _is_idle(self, i: int) -> bool:
        """Tell whether a word says nothing at the beginning of a locality."""
        bits = self._bits(i)
        idle = bits & (r.LINK | r.ARTICLE | r.AND | r.STOP) or not bits
        return bool(idle) and not bits & (r.RELATION | r.NUMBER | r.UNIT) and not self._named[i]

    def _to_right(self, last: int) -> tuple[int, bool]:
        right, strange = last, 0
        for i in range(last + 1, min(last + _RIGHT, self._count)):
            gap = self._gaps[i]
            if gap >= CLAUSE:
                break
            bits = self._bits(i)
            if bits & r.MATTER or self._named[i]:
                right = i
                strange = 0
            elif self._capital[i] and gap == JOIN and strange < _NAME and not bits & r.STOP:
                right, strange = i, strange + 1
            else:
                break
        while right > last and not self._named[right] and not self._capital[right]:
            bits = self._bits(right)
            if bits & (r.PREPOSITION | r.ARTICLE | r.AND) and not self._follows(right):
                right -= 1
            else:
                break
        return right, any(self._bits(i) & r.RELATION for i in range(last + 1, right + 1))
