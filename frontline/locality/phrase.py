"""A phrase as the grammar sees it: tokens, and what the lexicon knows of each position."""

from __future__ import annotations

import bisect
import itertools
import operator
from typing import TYPE_CHECKING, Any, NamedTuple

from frontline.errors import LocalitySyntaxError, UnresolvedFeatureError
from frontline.locality.compounds import compound
from frontline.locality.morphology import bare, known, separated
from frontline.locality.tokens import Token, fold, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frontline.locality.model import Locality
    from frontline.locality.vocabulary import Group, Lexicon, WindWord

_START = operator.attrgetter("start")
_END = Token("end", "", "", 0, 0)
_PAD = (_END,) * 8
_OPEN_CLASSES = frozenset(
    "common generic settlement name_noun demonym particle name_head direction_name land "
    "land_part case governorate body".split()
)
#: After these a name is expected, so that its first letter is its own.
_BEFORE_NAMES = frozenset(
    "link distance_link of inside at near between wind generic settlement governorate article "
    "name_head edge centre countryside part on road range and particle edge_link around from "
    "radius_link central to".split()
)
_MIN_CUT = 3
_NEVER_DEFINITE = frozenset({"stop"})
#: What the lexicon sees of a pair of coordinates: no word.
COORDINATES = "\0coordinates"
_SIGNS = {"\u060c": ",", "\u061b": ";", "\u061f": "?", "\uff0c": ",", "\u3001": ","}
#: A letter that is also one of these is a wind only beside a unit or a link.
_SMALL_WORDS = frozenset({"article", "and", "range", "of", "number_and", "to", "inside"})
Roles = dict[str, tuple[Any, int]]
_NONE: Roles = {}


class Given(NamedTuple):
    """Where a pair of coordinates stands, and where it does with the words that announce it."""

    span: tuple[int, int]
    around: tuple[int, int]


class Phrase:
    """Tokens of a text with the lexicon's entries at every position.

    Positions are indices of tokens; a position past the end has an empty token and no entries,
    so that no caller has to look first.
    """

    def __init__(self, text: str, words: Lexicon, coordinates: Sequence[Given] = ()) -> None:
        self.text = text
        self.words = words
        tokens = tokenize(text, words.endings, elisions=words.elisions)
        if "#" in text:  # "3 km N of #Khattab"
            tokens = [token for token in tokens if token.text != "#"]
        for given in coordinates:
            tokens = _joined(tokens, text, given)
        #: Positions of words that may be names with a word written onto them, by what is cut.
        self.cut: dict[int, str] = {}
        self.tokens = self._separate(tokens) if words.proclitics else tokens
        self.count = len(self.tokens)
        self.shouted = text.isupper()
        self._small: bool | None = None
        #: Rules that may read a narrowing clause; the first also without a comma before it.
        self.clause_rules: tuple[Callable[[Phrase, int, int], Locality | None], ...] = ()
        self._padded = (*self.tokens, *_PAD)
        self._roles: list[Roles] = [_NONE] * (self.count + len(_PAD))
        entries = words.entries
        for i, token in enumerate(self.tokens):
            if token.folded in entries:
                self._roles[i] = self._find(i, entries[token.folded])
            elif words.compounds and token.kind == "word":
                value = compound(token.folded, words)
                if value is not None:
                    self._roles[i] = {"number": (value, i + 1)}
            if words.joined_articles and token.kind == "word":
                group = entries.get(bare(token.folded, words))
                # "الإمام" is no "in front of" with an article: such words have none.
                if group is not None and group.single.keys() != _NEVER_DEFINITE:
                    self._roles[i] = self._find(i, group) | self._roles[i]

        self._has_road: bool | None = None
        #: Distances that were read, by position: several rules ask for the same one.
        self.quantities: dict[int, Any] = {}

    def _separate(self, tokens: list[Token]) -> list[Token]:
        """Cut off the words that are written onto others, and onto names where one may stand."""
        found: list[Token] = []
        for token in tokens:
            pieces: list[str] = []
            if token.kind == "word" and token.folded != COORDINATES:
                pieces = separated(token.folded, self.words)
                if not pieces:
                    pieces = self._off_name(token, found)
            letters = [k for k, letter in enumerate(token.text) if fold(letter)]
            if not pieces or len(letters) != len(token.folded):
                found.append(token)
                continue
            at = 0
            for piece in pieces:
                start, at = letters[at], at + len(piece)
                end = letters[at] if at < len(letters) else len(token.text)
                text = token.text[start:end]
                kind = "number" if piece.isdecimal() else "word"
                found.append(
                    Token(kind, text, piece, token.start + start, token.start + end, cased=True)
                )
        return found

    def _off_name(self, token: Token, before: list[Token]) -> list[str]:
        """Cut a word off what may be a name, or off a number ("\u06487")."""
        words = self.words
        if known(token.folded, words):
            return []
        after = words.entries.get(before[-1].folded) if before else None
        named = bool(before) and before[-1].kind in {"word", "number"} and after is None
        if named and before[-1].kind == "word":
            named = bare(before[-1].folded, words) not in words.entries
        for front in words.proclitics:
            rest = token.folded[len(front) :]
            if not token.folded.startswith(front) or not rest or front not in words.entries:
                continue
            if rest.isdecimal():
                return [front, rest]
            roles = words.entries[front].single.keys()
            if len(rest) < _MIN_CUT:
                continue
            expected = after is not None and bool(_BEFORE_NAMES & after.single.keys())
            # After "the northern" no name follows directly, so "of" may be written onto it.
            linked = "of" in roles and bool(before) and self._is_definite_wind(before[-1])
            if ("and" in roles and named) or ("inside" in roles and not expected) or linked:
                self.cut[len(before) + 1] = token.text
                return [front, rest]
        return []

    def _is_definite_wind(self, token: Token) -> bool:
        group = self.words.entries.get(token.folded)
        definite = bare(token.folded, self.words) != token.folded
        return definite and group is not None and "wind" in group.single

    @property
    def small(self) -> bool:
        """Whether no name of this text can be told by its capitals ("north of hama")."""
        if self._small is None:
            self._small = not self.words.cased or not any(
                token.cased and i > 0 and token.kind == "word" and not self.roles(i)
                for i, token in enumerate(self.tokens)
            )
        return self._small

    @property
    def has_road(self) -> bool:
        """Whether a word for a road or a river stands anywhere."""
        if self._has_road is None:
            self._has_road = any("road" in roles for roles in self._roles)
        return self._has_road

    def token(self, i: int) -> Token:
        """Return the token at a position."""
        try:
            return self._padded[i]
        except IndexError:
            return _END

    def roles(self, i: int) -> Roles:
        """Return by class the longest entry at a position: its value and the position after."""
        try:
            return self._roles[i]
        except IndexError:
            return _NONE

    def is_coordinates(self, i: int) -> bool:
        """Tell whether a pair of coordinates stands here, which names a place as names do."""
        return self.token(i).folded == COORDINATES

    def definite(self, i: int) -> bool:
        """Tell whether a word has an article written onto it."""
        folded = self.token(i).folded
        return bool(self.words.joined_articles) and bare(folded, self.words) != folded

    def _find(self, i: int, group: Group) -> Roles:
        known = {role: (value, i + 1) for role, value in group.single.items()}
        if group.longer:
            longest: dict[str, tuple[Any, int]] = {}
            second = self._past(self.tokens[i].folded, i + 1)
            folded = self.token(second).folded
            for word in {folded, bare(folded, self.words)}:
                for entry in group.longer.get(word, ()):
                    if entry.role not in longest:
                        end = self._match(entry.words, second)
                        if end and not self._takes_article(i, end):
                            longest[entry.role] = (entry.value, end)
            known |= longest
        return known

    def _takes_article(self, i: int, end: int) -> bool:
        """Tell whether an entry ends in an article that is the name's own: "de La Rochelle"."""
        last = self.token(end - 1)
        if not last.cased or self.token(i).cased or self.shouted or not self.words.cased:
            return False
        group = self.words.entries.get(last.folded)
        return group is not None and "article" in group.single and self.token(end).cased

    def _past(self, before: str, j: int) -> int:
        """Step over the dash, or the point of an abbreviation, between words of an entry."""
        token = self.token(j)
        return j + 1 if token.kind == "dash" or (token.text == "." and len(before) == 1) else j

    def _match(self, words: tuple[str, ...], second: int) -> int:
        """Return the position after an entry whose second word stands here; 0 if it goes on."""
        j = second + 1
        for before, word in itertools.pairwise(words[1:]):
            j = self._past(before, j)
            folded = self.token(j).folded
            if folded != word and bare(folded, self.words) != word:
                return 0
            j += 1
        return j

    def at(self, i: int, role: str) -> int:
        """Return the position after an entry of a class, or 0 if there is none here."""
        try:
            found = self._roles[i].get(role)
        except IndexError:  # far past the end
            return 0
        return found[1] if found else 0

    def skip(self, i: int, *roles: str, most: int = 3) -> int:
        """Return the position after up to `most` entries of the classes."""
        for _ in range(most):
            known = self.roles(i)
            if not known:
                break
            end = i
            for role in roles:
                found = known.get(role)
                if found and found[1] > end:
                    end = found[1]
            if end == i:
                break
            i = end
        return i

    def dash(self, i: int) -> int:
        """Return the position after a dash, or `i` if there is none."""
        return i + 1 if self.token(i).kind == "dash" else i

    def sign(self, i: int, signs: str) -> bool:
        """Tell whether one of the signs stands here."""
        token = self.token(i)
        return token.kind == "sign" and _SIGNS.get(token.text, token.text) in signs

    def attached(self, i: int) -> bool:
        """Tell whether no space parts this token from the one before."""
        return i > 0 and self.token(i).start == self.token(i - 1).end

    def wind(self, i: int, *, lower: bool = False) -> tuple[WindWord, int] | None:
        """Return the wind that is named here; small letters are abbreviations only on request."""
        roles = self.roles(i)
        if not roles:
            return None
        name, letters = roles.get("wind"), roles.get("wind_letters")
        if name and not (letters and letters[1] > name[1]):
            return name
        if not letters or self._abbreviated(i):
            return None
        word, end = letters
        written = [t.text for t in self.tokens[i:end] if t.kind == "word"]
        if len(written) == 1 == len(written[0]) and _SMALL_WORDS & roles.keys():
            beside = {"unit", "measure"} & self.roles(i - 1).keys()
            if not beside and not self.at(self._past_point(end), "link"):
                return None
        # "PnSkh": letters of an alphabet that needs two of them for a wind.
        large = all(
            each.isupper() or "b" in each or (len(each) > 1 and _mixed(each)) for each in written
        )
        if large or (lower and len("".join(written)) <= len(word.wind.abbreviation)):
            return word, self._past_point(end)
        return None

    def _abbreviated(self, i: int) -> bool:
        """Tell whether a letter is not the first one of an abbreviation: "U.S."."""
        point = self.attached(i) and self.token(i - 1).text == "."
        return point and len(self.token(i - 2).text) == 1

    def _past_point(self, i: int) -> int:
        """Step over the full stop of an abbreviation, if the phrase goes on after it."""
        return i + 1 if self.token(i).text == "." and i + 1 < self.count else i

    def unit(self, i: int) -> tuple[str, int] | None:
        """Return the unit of length here and the position after."""
        roles = self.roles(i)
        found = roles.get("unit")
        if not found:
            one = roles.get("measure")  # a word for one kilometre is also the unit's
            if not one or one[0][0] != 1:
                return None
            found = (one[0][1], one[1])
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
        return not _OPEN_CLASSES.issuperset(self.roles(i))

    def after(self, column: int) -> int:
        """Return the position of the first token from a column of the text on."""
        return bisect.bisect_left(self.tokens, column, key=_START)

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


def _joined(tokens: list[Token], text: str, given: Given) -> list[Token]:
    """Make one token of those of a pair of coordinates."""
    first, last = given.around
    inside = [i for i, token in enumerate(tokens) if token.start < last and token.end > first]
    if not inside:
        return tokens
    start, end = given.span
    case = tokens[inside[-1]].case
    whole = Token("word", text[start:end], COORDINATES, start, end, cased=True, case=case)
    return [*tokens[: inside[0]], whole, *tokens[inside[-1] + 1 :]]


def _mixed(word: str) -> bool:
    return word[0].isupper() and any(letter.isupper() for letter in word[1:])


def shorten(text: str, most: int = 80) -> str:
    """Cut a text for a message."""
    return text if len(text) <= most else text[: most - 3] + "..."
