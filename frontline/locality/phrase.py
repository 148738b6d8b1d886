"""A phrase as the grammar sees it: tokens, and what the lexicon knows of each position."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from frontline.errors import LocalitySyntaxError, UnresolvedFeatureError
from frontline.locality.tokens import Token, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.locality.model import Locality
    from frontline.locality.vocabulary import Lexicon, WindWord

_END = Token("end", "", "", 0, 0)
_OPEN_CLASSES = frozenset({"common", "generic", "settlement", "name_noun", "demonym", "particle"})


class Phrase:
    """Tokens of a text with the lexicon's entries at every position, found when asked for.

    Positions are indices of tokens; a position past the end has an empty token and no entries,
    so that no caller has to look first.
    """

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text = text
        self.words = words
        self.tokens = tokenize(text, words.endings, elisions=words.elisions)
        self.count = len(self.tokens)
        self.shouted = text.isupper()
        self._small: bool | None = None
        #: Rules that may read a narrowing clause; the first also without a comma before it.
        self.clause_rules: tuple[Callable[[Phrase, int, int], Locality | None], ...] = ()
        self._roles: list[dict[str, tuple[Any, int]] | None] = [None] * self.count

    @property
    def small(self) -> bool:
        """Whether no name of this text can be told by its capitals ("north of hama")."""
        if self._small is None:
            self._small = not self.words.cased or not any(
                token.cased and i > 0 and token.kind == "word" and not self.roles(i)
                for i, token in enumerate(self.tokens)
            )
        return self._small

    def token(self, i: int) -> Token:
        """Return the token at a position."""
        return self.tokens[i] if 0 <= i < self.count else _END

    def roles(self, i: int) -> dict[str, tuple[Any, int]]:
        """Return by class the longest entry at a position: its value and the position after."""
        if not 0 <= i < self.count:
            return {}
        known = self._roles[i]
        if known is None:
            known = self._roles[i] = self._find(i)
        return known

    def _find(self, i: int) -> dict[str, tuple[Any, int]]:
        group = self.words.entries.get(self.tokens[i].folded)
        if group is None:
            return {}
        known = {role: (value, i + 1) for role, value in group.single.items()}
        if group.longer:
            longest: dict[str, tuple[Any, int]] = {}
            second = self._past(self.tokens[i].folded, i + 1)
            for entry in group.longer.get(self.token(second).folded, ()):
                if entry.role not in longest:
                    end = self._match(entry.words, second)
                    if end:
                        longest[entry.role] = (entry.value, end)
            known |= longest
        return known

    def _past(self, before: str, j: int) -> int:
        """Step over the dash, or the point of an abbreviation, between words of an entry."""
        token = self.token(j)
        return j + 1 if token.kind == "dash" or (token.text == "." and len(before) == 1) else j

    def _match(self, words: tuple[str, ...], second: int) -> int:
        """Return the position after an entry whose second word stands here; 0 if it goes on."""
        j = second + 1
        for before, word in itertools.pairwise(words[1:]):
            j = self._past(before, j)
            if self.token(j).folded != word:
                return 0
            j += 1
        return j

    def at(self, i: int, role: str) -> int:
        """Return the position after an entry of a class, or 0 if there is none here."""
        found = self.roles(i).get(role)
        return found[1] if found else 0

    def skip(self, i: int, *roles: str, most: int = 3) -> int:
        """Return the position after up to `most` entries of the classes."""
        for _ in range(most):
            end = max((self.at(i, role) for role in roles), default=0)
            if not end:
                break
            i = end
        return i

    def dash(self, i: int) -> int:
        """Return the position after a dash, or `i` if there is none."""
        return i + 1 if self.token(i).kind == "dash" else i

    def sign(self, i: int, signs: str) -> bool:
        """Tell whether one of the signs stands here."""
        token = self.token(i)
        return token.kind == "sign" and token.text in signs

    def attached(self, i: int) -> bool:
        """Tell whether no space parts this token from the one before."""
        return i > 0 and self.token(i).start == self.token(i - 1).end

    def wind(self, i: int, *, lower: bool = False) -> tuple[WindWord, int] | None:
        """Return the wind that is named here; small letters are abbreviations only on request."""
        roles = self.roles(i)
        name, letters = roles.get("wind"), roles.get("wind_letters")
        if name and not (letters and letters[1] > name[1]):
            return name
        if not letters:
            return None
        word, end = letters
        written = [t.text for t in self.tokens[i:end] if t.kind == "word"]
        large = all(each.isupper() or "b" in each for each in written)
        if large or (lower and len("".join(written)) <= len(word.wind.abbreviation)):
            return word, self._past_point(end)
        return None

    def _past_point(self, i: int) -> int:
        """Step over the full stop of an abbreviation, if the phrase goes on after it."""
        return i + 1 if self.token(i).text == "." and i + 1 < self.count else i

    def unit(self, i: int) -> tuple[str, int] | None:
        """Return the unit of length here and the position after."""
        found = self.roles(i).get("unit")
        if not found:
            return None
        unit, end = found
        if len(self.tokens[i].text) == 1 and end == i + 1 and not self._after_number(i):
            return None  # "5 k", but a lone letter is no unit
        if self.token(end).text == ".":  # "5 km. N of Hama", but not "5 km. Hama fell"
            after = self.token(end + 1)
            if not after.cased or self.wind(end + 1):
                end = self._past_point(end)
        return unit, end

    def _after_number(self, i: int) -> bool:
        before = self.token(i - 1 - (self.token(i - 1).kind in {"dash", "sign"}))
        return before.kind in {"number", "fraction"} or bool(
            {"number", "scale", "fraction"} & self.roles(i - 1).keys()
        )

    def closed(self, i: int) -> bool:
        """Tell whether the token belongs to the closed classes of the grammar."""
        return any(role not in _OPEN_CLASSES for role in self.roles(i))

    def column(self, i: int) -> int:
        """Return where in the text a position is, the end for one past it."""
        return self.tokens[i].start if i < self.count else len(self.text.rstrip())

    def slice(self, i: int, j: int) -> str:
        """Return the text from one position to another."""
        return self.text[self.tokens[i].start : self.tokens[j - 1].end] if j > i else ""

    def wrong(self, message: str, i: int) -> LocalitySyntaxError:
        """Make the error for a phrase that is no locality."""
        column = self.column(i)
        return LocalitySyntaxError(
            f"{message} (column {column} of {shorten(self.text)!r})", text=self.text, column=column
        )

    def nameless(self, i: int, j: int) -> UnresolvedFeatureError:
        """Make the error for an anchor that is no name."""
        anchor = self.slice(i, j)
        return UnresolvedFeatureError(
            f"the anchor {anchor!r} names no place; say which one is meant", feature=anchor
        )


def shorten(text: str, most: int = 80) -> str:
    """Cut a text for a message."""
    return text if len(text) <= most else text[: most - 3] + "..."
