"""Names with what is written onto and after them, where relation words follow their name.

"Hama kentinin kuzey girişinde": the name, its case, the sort of place, and the side, the edge
or the centre that is singled out. What relates it to the place that is meant follows, and is
read in `postposed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frontline.locality.facilities import is_body, noun_base
from frontline.locality.morphology import suffix_forms
from frontline.locality.quantity import quantity
from frontline.locality.tokens import fold

if TYPE_CHECKING:
    from frontline import compass
    from frontline.locality.phrase import Phrase

_MAX_NAME = 6
_MAX_ATTRIBUTES = 5
_SHORT = 4
_MAX_LIES = 14
#: Of entries of one length the first of these classes counts.
_ATTRIBUTES = ("centre", "edge", "countryside", "settlement", "governorate", "generic", "part")
_SINGLED_OUT = ("edge", "countryside", "part")
_ENDING = ("settlement", "governorate", "stop", "time")
_NO_NAME = ("common", "stop", "time", "movement", "length_noun", "negation", "body")


class Name(NamedTuple):
    """A name as written, its last word's possible (base form, case), and where it ends."""

    text: str
    forms: tuple[tuple[str, str], ...]
    end: int
    head: str = ""
    """The words before the last one."""
    whole: str = ""
    """The name with what was cut off as an ending, where one was."""
    others: tuple[str, ...] = ()
    """Other words that may stand before the last one, where the first are another name."""


class Noun(NamedTuple):
    """A name with its attributes; an empty name is a noun that names nothing ("the city")."""

    name: Name
    start: int
    end: int
    reference: str | None = None
    side: compass.Wind | None = None
    area: str | None = None
    land: bool = False
    locative: bool = False
    relative: bool = False
    sort: str = ""
    """The class of the first attribute."""
    capital: bool = False
    """Whether the words name its capital, and so not itself."""

    def bases(self, cases: tuple[str, ...]) -> tuple[str, ...]:
        """Return the base forms the name may have in one of the cases, best first.

        A name that an attribute follows has the case that the attribute asks for, not that of
        the relation: none before "city", a genitive or none before "edge".
        """
        found = self._bases(cases)
        last = found[0][len(self.name.head) :]
        longer = (head + last for head in self.name.others)
        return tuple(dict.fromkeys((*found, *longer)))

    def _bases(self, cases: tuple[str, ...]) -> tuple[str, ...]:
        written, whole = self.name.text, self.name.whole
        shown = {case for _, case in self.name.forms}
        if self.sort and whole and not shown & {"genitive", "instrumental"}:
            return (whole, written)  # "Sana'a şehri": that is no ending
        if whole:
            return tuple(dict.fromkeys((*self._in(cases), written, whole)))
        if self.sort:
            found = self._in(("genitive", "instrumental"))
            named = self.sort in {"settlement", "governorate", "generic"} and not self.land
            return tuple(dict.fromkeys((written, *found) if named else (*found, written)))
        return tuple(dict.fromkeys((*self._in(cases), written)))

    def _in(self, cases: tuple[str, ...]) -> list[str]:
        return [
            self.name.head + base
            for case in cases
            for base, shown in self.name.forms
            if shown == case
        ]


def noun(p: Phrase, i: int) -> Noun | None:
    """Read a name with its attributes, or a noun that stands for one, at a position."""
    found, before, j = _listed(p, i), None, i
    if not found:
        wind = p.wind(i)
        if wind and "adjective" in wind[0].forms:
            before, j = wind[0].wind, wind[1]  # "Kuzey Hama eteklerinde"
        found = name(p, j)
        if found and is_body(p, j, found.end, sided=before is not None):
            return None
    if not found:
        return None if before else _nameless(p, i)
    made = Noun(found, i, found.end, side=before, land=_is_land(p, j, found))
    case = p.token(found.end - 1).case
    made = made._replace(locative=case in {"locative", "relative"}, relative=case == "relative")
    return _attributes(p, made)


def _is_land(p: Phrase, i: int, found: Name) -> bool:
    if p.at(i, "land") == found.end:
        return True
    lands = {fold(base) for base, _ in found.forms if not found.head}
    groups = (p.words.entries.get(base) for base in lands)
    return any(group is not None and "land" in group.single for group in groups)


def written_small(p: Phrase, found: Noun) -> bool:
    """Tell whether nothing but its place marks a name: no capital, no apostrophe."""
    last = p.token(found.name.end - 1)
    return not (last.case or p.shouted or any(map(str.isupper, found.name.text)))


def _nameless(p: Phrase, i: int) -> Noun | None:
    """Read a noun that stands for a place without naming it: "the city", "here"."""
    j = p.skip(i, "determiner", "article", most=2)
    end = max(p.at(j, role) for role in ("generic", "anaphor", "edge", "countryside"))
    if not end or (i > 0 and p.token(j).cased and not p.shouted):
        return None
    made = Noun(Name("", (), end), i, end, reference="edge" if p.at(j, "edge") == end else None)
    return _attributes(p, made._replace(locative=p.at(j, "inside") == end))


def _attributes(p: Phrase, found: Noun) -> Noun:
    """Read the words after a name that say what sort of place it is, or single a part out."""
    j = found.end
    for _ in range(_MAX_ATTRIBUTES):
        one = p.roles(j).get("number")
        if one and one[0] == 1 and p.at(one[1], "edge"):  # "in a suburb of Damascus"
            j = one[1]
        wind = p.wind(j)
        if wind and "adjective" in wind[0].forms:
            role, end = _longest(p, wind[1], _SINGLED_OUT)
            if not role:
                break
            found = found._replace(side=wind[0].wind)
            j = wind[1]
        else:
            role, end = _longest(p, j, _ATTRIBUTES)
            if not role or p.at(j, "and") == end:
                break
        if role in {"edge", "centre"}:
            found = found._replace(reference=role)
        elif role in {"countryside", "governorate", "settlement"}:
            found = found._replace(area=role)
        elif role == "part":
            found = found._replace(area=found.area or "part")
        found = found._replace(
            end=end,
            sort=found.sort or role,
            capital=found.capital or p.at(j, "capital") == end,
            locative=p.at(j, "inside") == end or p.at(j, "relative") == end or _located(p, j, end),
            relative=p.at(j, "relative") == end or p.token(end - 1).case == "relative",
        )
        j = end
    return found


def _located(p: Phrase, i: int, end: int) -> bool:
    """Tell whether an attribute with an ending of its own is a place to be in."""
    token = p.token(end - 1)
    if token.case:
        return token.case in {"locative", "relative"}
    shown = {case for base, case in suffix_forms(token.text, p.words) if len(base) > 2}  # noqa: PLR2004
    return bool(shown & {"locative", "relative"}) and p.at(i, "inside") == end


def _longest(p: Phrase, i: int, roles: tuple[str, ...]) -> tuple[str, int]:
    """Return the class of the longest entry at a position, and the position after it."""
    best, end = "", 0
    for role in roles:
        if p.at(i, role) > end:
            best, end = role, p.at(i, role)
    return best, end


def name(p: Phrase, i: int) -> Name | None:  # noqa: C901 - one branch for each sign in a name
    """Read a name: capitals, or in a text without them what the lexicon does not know."""
    listed = _given(p, i) if p.is_coordinates(i) else _listed(p, i)
    if listed:
        return listed
    if not _begins(p, i):
        return None
    end, j = i, i
    while j < p.count and end - i < _MAX_NAME * 2:
        token = p.token(j)
        if token.kind == "word" and (j == i or _goes_on(p, j)):
            longer = p.at(j, "name_noun")
            end = j = max(j + 1, longer)
            if token.case or p.token(end - 1).case or _possessor(p, i, end):
                if p.at(end, "name_noun") and _owner(p, end - 1):
                    continue  # "Halep'in kalesi"
                break
        elif token.kind == "dash" and j > i and p.attached(j) and p.attached(j + 1):
            if p.token(j + 1).kind != "word":
                break
            case = _ending(p, j + 1)
            if case:  # "AES-in"
                return Name(p.slice(i, j), ((p.token(j - 1).text, case),), j + 2, _head(p, i, j))
            j += 1
        elif token.text == "." and j == i + 1 and p.attached(j) and _abbreviated(p, j):
            j += 1  # "St. Petersburg"
        elif token.kind == "number" and j > i and not _counts(p, j):
            end = j = j + 1
        else:
            break
    return _without_subject(p, i, _made(p, i, end)) if end > i else None


def _without_subject(p: Phrase, i: int, found: Name) -> Name:
    """Part "Morek Humus'un" where the first may be what the sentence speaks of.

    If a verb such as "lies" says so the last word is the name, else all of them; the gazetteer
    hears of both.
    """
    if i > 0 and p.token(i - 1).kind != "sign":
        return found
    starts = [k for k in range(i + 1, found.end) if _is_apart(p, k) and not p.at(k, "name_noun")]
    if not starts or not found.forms or not p.token(i).cased or p.shouted:
        return found
    heads = [found.head] + [_head(p, k, found.end) for k in starts]
    if _lies(p, found.end):
        heads.reverse()
        k = starts[-1]
        shorter = _made(p, k, found.end)
        return shorter._replace(others=(*heads[1:], *shorter.others))
    return found._replace(others=(*found.others, *reversed(heads[1:])))


def _is_apart(p: Phrase, k: int) -> bool:
    """Tell whether a name may begin with the second of two words with capitals."""
    token, before = p.token(k), p.token(k - 1)
    large = token.kind == before.kind == "word" and token.cased and before.cased
    return large and not (p.at(k - 1, "particle") or p.at(k - 1, "name_of") or p.at(k, "wind"))


def _lies(p: Phrase, i: int) -> bool:
    """Tell whether the sentence goes on to say that its subject lies there."""
    for j in range(i, i + _MAX_LIES):
        if p.at(j, "lies"):
            return any(_places(p, k, j) for k in range(max(j - 3, i), j))
        if p.token(j).kind == "sign" and p.token(j).text in ".;!?":
            return False
    return False


def _places(p: Phrase, i: int, end: int) -> bool:
    """Tell whether a relation word is all that stands from one position to another."""
    wind = p.wind(i)
    return bool(wind and wind[1] == end) or end in {p.at(i, "near"), p.at(i, "after_distance")}


def _given(p: Phrase, i: int) -> Name:
    """Read a pair of coordinates, with the ending of a case or without."""
    token = p.token(i)
    case = token.case
    end = i + 1
    if not case and p.token(end).kind == "dash" and p.attached(end):
        case = _ending(p, end + 1)  # "36.80E-dən"
        end += 2 if case else 0
    return Name(token.text, ((token.text, case),) if case else (), end)


def _ending(p: Phrase, i: int) -> str:
    """Return the case that an ending behind a dash shows, if the token is one."""
    folded = p.token(i).folded
    return next((case for ending, case in p.words.suffixes if ending == folded), "")


def _of_facility(p: Phrase, at: tuple[int, int, int], form: tuple[str, str]) -> Name:
    """Make the name of a facility, in its base form; its owner is part of it."""
    i, k, end = at
    head, owner = _head(p, i, end), p.token(k - 1)
    forms, others = ((form,) if form[1] else ()), tuple[str, ...]()
    if _owner(p, k - 1):
        rest = p.text[p.token(k).start : p.token(end - 1).start]
        if owner.case:  # "Halep'in kalesi"
            head = f"{p.slice(i, k)} {rest}"
        else:
            first = p.text[p.token(i).start : owner.start]
            others = tuple(
                f"{first}{base} {rest}"
                for base, case in suffix_forms(owner.text, p.words)
                if case == "genitive"
            )
    return Name(head + form[0], forms, end, head, others=others)


def _owner(p: Phrase, i: int) -> bool:
    """Tell whether a word in the genitive owns the facility that follows it."""
    token = p.token(i)
    if token.case or p.words.endings:
        return token.case == "genitive"
    return any(case == "genitive" for _, case in suffix_forms(token.text, p.words))


def _head(p: Phrase, i: int, end: int) -> str:
    return p.text[p.token(i).start : p.token(end - 1).start]


def _made(p: Phrase, i: int, end: int) -> Name:
    last, head = p.token(end - 1), _head(p, i, end)
    base, case, k = noun_base(p, i, end)
    if base and not last.case:
        return _of_facility(p, (i, k, end), (base, case))
    whole = ""
    if last.case:
        forms: tuple[tuple[str, str], ...] = ((last.text, last.case),)
        after = p.token(end).start if end < p.count else len(p.text)
        cut = p.text[last.end : after].split(maxsplit=1)
        whole = p.slice(i, end) + (cut[0] if cut else "")
    else:
        forms = tuple(suffix_forms(last.text, p.words)) if last.kind == "word" else ()
    return Name(p.slice(i, end), forms, end, head, whole)


def _listed(p: Phrase, i: int) -> Name | None:
    """Read a name that the lexicon lists, with an ending or without."""
    if not (p.token(i).cased or p.small):
        return None
    found = p.roles(i).get("direction_name")
    if found and not _begins_longer(p, found[1]):
        made = _made(p, i, found[1])
        # What ends like a case is the name's own ending ("Bərdə").
        return made if p.token(found[1] - 1).case else made._replace(forms=())
    token = p.token(i)
    forms = [] if token.case else suffix_forms(token.text, p.words)
    known = tuple((base, case) for base, case in forms if _is_known(p, base))
    if known:  # "Zəngilandan": the lexicon tells where the ending begins
        return Name(token.text, known, i + 1)
    group = p.words.entries.get(token.folded)
    for each in group.longer.values() if group else ():
        for entry in each:
            end = _inflected(p, i, entry.words) if entry.role == "direction_name" else 0
            if end:
                return _made(p, i, end)
    return None


def _is_known(p: Phrase, base: str) -> bool:
    group = p.words.entries.get(fold(base))
    return bool(group and "direction_name" in group.single)


def _begins_longer(p: Phrase, end: int) -> bool:
    """Tell whether a name goes on behind a listed one ("Bərdə" and "Bərdə Yolu")."""
    return p.token(end - 1).case == "" and p.token(end).kind == "word" and _goes_on(p, end)


def _inflected(p: Phrase, i: int, words: tuple[str, ...]) -> int:
    """Return the position after a listed name whose last word has an ending, else 0."""
    j = i
    for word in words[:-1]:
        if p.token(j).folded != word:
            return 0
        j = p.dash(j + 1)
    token = p.token(j)
    if not token.folded.startswith(words[-1]):
        return 0
    rest = token.folded[len(words[-1]) :]
    return j + 1 if any(rest == ending for ending, _ in p.words.suffixes) else 0


def _begins(p: Phrase, i: int) -> bool:  # noqa: PLR0911 - a list of cases
    """Tell whether a name may begin at a position."""
    token = p.token(i)
    if token.kind != "word":
        return False
    if token.cased and token.case and not p.shouted and i == 0 and not p.at(i, "time"):
        return True  # only names have the apostrophe, whatever else the word may be
    if any(p.at(i, role) for role in _NO_NAME):
        return False
    if token.cased and not p.shouted:
        # The first word of a sentence has its capital for that.
        return not (i == 0 and (p.closed(i) or p.at(i, "generic")))
    if p.at(i, "particle") and p.token(p.dash(i + 1)).cased:
        return True
    if not (p.small or p.shouted) and not token.case:
        return False
    if p.closed(i) or p.at(i, "generic") or len(token.text) == 1:
        return False
    if token.case or p.shouted:
        return True
    # Where an apostrophe marks names, a small word without it is a noun; elsewhere what is a
    # form of a known word is one.
    groups = (p.words.entries.get(fold(base)) for base, _ in suffix_forms(token.text, p.words))
    return not p.words.endings and all(group is None for group in groups)


def _goes_on(p: Phrase, j: int) -> bool:  # noqa: PLR0911 - a list of cases
    """Tell whether a name goes on with a word."""
    token = p.token(j)
    if p.token(j - 1).kind == "dash":
        return True
    if p.is_coordinates(j) or any(p.at(j, role) for role in _ENDING):
        return False
    if p.at(j, "name_noun"):
        return True
    if p.at(j, "countryside") or p.at(j, "edge") or p.at(j, "centre"):
        return False
    if p.at(j, "particle") and p.token(p.dash(j + 1)).cased:
        return True
    if p.shouted or p.small:
        return not p.roles(j) and (token.cased or p.small) and not p.shouted
    return token.cased and not (p.wind(j) or p.at(j, "common"))


def _possessor(p: Phrase, i: int, end: int) -> bool:
    """Tell whether a bare ending makes the words a possessor of the name that follows."""
    token, after = p.token(end - 1), p.token(end)
    if p.words.endings or after.kind != "word" or not after.cased or p.at(i, "direction_name"):
        return False
    return any(
        case == "genitive" and len(base) > 2  # noqa: PLR2004
        for base, case in suffix_forms(token.text, p.words)
    )


def _counts(p: Phrase, j: int) -> bool:
    """Tell whether a number counts or measures what follows ("Füzulinin 12 kəndi")."""
    forms = suffix_forms(p.token(j - 1).text, p.words)
    possessor = not p.words.endings and any(case == "genitive" for _, case in forms)
    after = (p.at(j + 1, "counted") or p.at(j + 1, "generic")) if possessor else 0
    return bool(after or p.at(j + 1, "other_unit") or p.wind(j + 1) or quantity(p, j))


def _abbreviated(p: Phrase, j: int) -> bool:
    return len(p.token(j - 1).text) < _SHORT and p.token(j + 1).cased and not p.attached(j + 1)
