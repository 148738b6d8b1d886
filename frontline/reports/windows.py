"""Where in a text the grammar is worth asking: the words around names, units and winds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
    table
        The roles of the distinct words, by number, in the language of the word at a position.
    follows
        Whether relation words follow their name in the language of a word.
    named
        By word, whether it belongs to a name of the dictionary.
    """

    def __init__(
        self,
        text: Text,
        table: Callable[[int], dict[int, int]],
        follows: Callable[[int], bool],
        named: bytearray,
    ) -> None:
        self._text, self._table, self._follows, self._named = text, table, follows, named

    def around(self, hits: Sequence[Hit], triggers: Sequence[int]) -> list[Window]:
        """Return the windows around names and triggers, from left to right, none overlapping."""
        made = [self._around(hit) for hit in hits]
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

    def _around(self, hit: Hit) -> Window:
        window = self._window(hit.first, hit.last)
        # An ending may be the relation: "Humus'ta" is in it.
        ended = hit.end < self._text.ends[hit.last] and self._follows(hit.last)
        return window._replace(relation=True) if ended else window

    def _window(self, first: int, last: int) -> Window:
        table, ids = self._table(first), self._text.ids
        left = self._to_left(first, table)
        right = self._to_right(last, table)
        bits = 0
        for i in range(left, right + 1):
            bits |= table[ids[i]]
        # "3 km from Hama", "N of Hama": letters of a wind are none without a link.
        relation = bits & (r.RELATION | r.UNIT) or (bits & r.WIND and bits & r.LINK)
        return Window(left, right, bool(relation))

    def _to_left(self, first: int, table: dict[int, int]) -> int:
        left, bridged = first, 0
        gaps, ids, named = self._text.gaps, self._text.ids, self._named
        for i in range(first - 1, max(first - _LEFT, 0) - 1, -1):
            gap = gaps[i + 1]
            if gap >= CLAUSE or (gap == COMMA and bridged):
                break
            bits = table[ids[i]]
            if bits & r.MATTER or named[i]:
                left, bridged = i, 0
            elif bridged == 0 and not table[ids[left]] & r.GENERIC:
                break  # adjectives are stepped over only before "town of", "city"
            else:
                bridged += 1
                if bridged > _BRIDGE or gap == COMMA or bits & r.STOP or self._capital(i):
                    break
        while left < first and not named[left] and _is_idle(table[ids[left]]):
            left += 1
        return left

    def _to_right(self, last: int, table: dict[int, int]) -> int:
        right, strange = last, 0
        gaps, ids, named = self._text.gaps, self._text.ids, self._named
        for i in range(last + 1, min(last + _RIGHT, len(ids))):
            gap = gaps[i]
            if gap >= CLAUSE:
                break
            bits = table[ids[i]]
            if bits & r.MATTER or named[i]:
                right = i
                strange = 0
            elif gap == JOIN and strange < _NAME and not bits & r.STOP and self._capital(i):
                right, strange = i, strange + 1
            else:
                break
        ends = r.ARTICLE | r.AND | r.STOP
        while right > last and not named[right] and not self._capital(right):
            bits = table[ids[right]]
            if not bits & (r.PREPOSITION | ends) or self._follows(right):
                break
            right -= 1
        return right

    def _capital(self, i: int) -> bool:
        initial = self._text.word(i)[:1]
        return initial != initial.lower()


def _is_idle(bits: int) -> bool:
    """Tell whether a word says nothing at the beginning of a locality."""
    idle = bits & (r.LINK | r.ARTICLE | r.AND | r.STOP) or not bits
    return bool(idle) and not bits & (r.RELATION | r.NUMBER | r.UNIT)
