"""Names in a phrase: where one begins and ends, told by capitals or by the words around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontline.locality.facilities import facility
from frontline.locality.morphology import base_names
from frontline.locality.tokens import fold, plain

if TYPE_CHECKING:
    from frontline.locality.phrase import Phrase

_MAX_NAME = 10
_QUOTES = frozenset('"\u201c\u201d\u201e\u201f\u00ab\u00bb')
_MAX_LOWER = 4
_LOOK_BACK = 4
#: Classes that a word may be of and still begin a name where every noun has a capital.
_IN_NAMES = frozenset("particle name_noun name_of name_head direction_name case land".split())
#: Small words that a capital makes part of a name, and what leads to one.
_SMALL = frozenset({"inside", "at", "on"})
_LEADING = frozenset({"near", "link", "distance_link", "of"})
#: Classes that end a name where there are no capitals.
_ENDING = frozenset({"common", "settlement", "generic", "demonym", "governorate"})


def cases_at(p: Phrase, i: int) -> tuple[str, ...]:
    """Return the cases that the words before a position demand of the name there, best first.

    The last governing word counts; adjectives between it and the name are stepped over.
    """
    words = p.words
    if not words.inflections:
        return ()
    for _ in range(3):
        found = _cases_ending(p, i)
        if found is not None:
            return found
        before = p.token(i - 1)
        if i < 1 or before.kind != "word" or (before.cased and not p.wind(i - 1)):
            return ()
        i -= 1
    return ()


def _cases_ending(p: Phrase, i: int) -> tuple[str, ...] | None:
    """Return what an entry that ends at a position demands, None if none there demands a case."""
    demanded = p.words.cases
    for k in range(i - 1, max(i - 1 - _LOOK_BACK, -1), -1):
        roles = p.roles(k)
        said = roles.get("case")
        if said and said[1] == i:
            cases: tuple[str, ...] = said[0]
            return cases
        for role, (value, end) in roles.items():
            if end != i:
                continue
            if role == "wind_letters" or (role == "wind" and "governing" in value.forms):
                role = "governing"  # noqa: PLW2901 - what the word does here
            elif role == "wind" and "adjective" in value.forms:
                role = "adjective"  # noqa: PLW2901
            if role in demanded:
                return demanded[role]
    return None


def forms(
    p: Phrase, i: int, end: int, cases: tuple[str, ...], *, as_written: bool = False
) -> tuple[str, ...]:
    """Return what the name from one position to another may be in its base form, best first."""
    written = plain(_written(p, i, end))
    if p.is_coordinates(i):
        return (written,)
    head, rest = p.roles(i).get("name_head", (None, i))
    if head and fold(p.slice(i, rest)) == fold(head):  # in its base form: as it is written
        head = p.slice(i, rest) if p.words.inflections else ""
    if head and rest < end and p.token(rest).kind != "dash":  # "возле аэропорта Донецка"
        named = plain(p.slice(rest, end))
        bases = base_names(named, ("genitive", "apposition"), p.words)
        return tuple(dict.fromkeys(f"{head} {each}" for each in (named, *bases)))
    listed = p.roles(i).get("direction_name")
    if listed and listed[1] == end:
        return (written if fold(written) == fold(listed[0]) else listed[0],)
    found = base_names(written, cases, p.words) if cases else (written,)
    if as_written and found[0] != written:
        # "города Хама", but some endings can only be a case's: "города Покровска".
        sure = base_names(written, ("apposition",), p.words)[:-1]
        found = tuple(dict.fromkeys((*sure[:1], written, *found)))
    more: list[str] = []
    if i in p.cut:  # "and Homs", written as one word
        more.append(p.cut[i] + written[len(p.token(i).text) :])
    if not p.words.cased:  # with no capitals a name may end sooner
        more += [p.slice(i, j) for j in range(end - 1, i, -1) if p.token(j - 1).kind == "word"]
    return tuple(dict.fromkeys((*found, *more)))


def _written(p: Phrase, i: int, end: int) -> str:
    """Return a name as written, its owner without the ending: "Aleppo airport"."""
    for j in range(i + 1, end if p.words.possessives else 0):
        if p.token(j - 1).possessive and p.token(j - 1).cased and not p.token(j).cased:
            return f"{p.slice(i, j)} {p.slice(j, end)}"
    return p.slice(i, end)


def name(p: Phrase, i: int, *, lower: bool = True) -> int:
    """Return the position after a name, 0 if none begins here.

    Capitals make a name where the language has them; `lower` also lets small letters be one,
    up to the next word that the grammar knows.
    """
    listed = p.at(i, "direction_name") if p.token(i).cased else 0
    whole = i + 1 if p.is_coordinates(i) else listed or headed(p, i)
    if whole:
        return whole
    if letter(p, i):
        return i + 1
    text = p.token(i).text
    if p.token(i).kind != "word" or not p.token(i).folded or _short_of(p, i):
        return 0
    if not p.words.cased or text.lower() == text.upper():  # no capitals in this script
        return _run(p, i, cased=False)
    if starts(p, i):
        return _run(p, i, cased=True)
    return _small_run(p, i) if lower and not p.token(i).cased else 0


def quoted(p: Phrase, i: int) -> bool:
    """Tell whether a quotation mark stands directly before a position."""
    if not 0 < i < p.count:
        return False
    return not _QUOTES.isdisjoint(p.text[p.token(i - 1).end : p.token(i).start])


def _short_of(p: Phrase, i: int) -> bool:
    """Tell whether letters stand here for what the name in quotation marks is: 'MLRS "Grad"'."""
    text = p.token(i).text
    return len(text) > 1 and text.isupper() and not p.shouted and quoted(p, i + 1)


def letter(p: Phrase, i: int) -> bool:
    """Tell whether a name of one letter ends the phrase, as in "5 km north of A"."""
    text = p.token(i).text
    if len(text) != 1 or not text.isupper() or i == 0:
        return False
    if not all(p.token(j).kind == "sign" for j in range(i + 1, min(i + 3, p.count))):
        return False
    return i in {p.at(i - 1, "of"), p.at(i - 1, "link")}


def is_listed(p: Phrase, i: int) -> bool:
    """Tell whether a name that looks like words of the grammar stands here."""
    return bool(p.at(i, "direction_name")) and p.token(i).cased


def headed(p: Phrase, i: int) -> int:
    """Return the position after a name that begins with a noun ("Airport of Hama"), or 0."""
    end = p.at(i, "name_head")
    if not end:
        return 0
    end = p.skip(end, "adjective", "demonym", most=2)  # "base française de Gao"
    k = p.at(end, "of")
    if not k and p.words.possessives:
        return 0  # its nouns follow the name
    k = p.skip(k, "article", most=1) if k else end
    if p.at(k, "generic") and p.at(p.at(k, "generic"), "of"):
        return 0
    numbered = k == p.at(i, "name_head") and p.token(k).kind == "number"
    if numbered and p.words.cased and not p.unit(p.dash(k + 1)):
        return k + 1  # "высоты 234"
    return name(p, k, lower=False) if p.token(k).cased and not p.at(k, "name_head") else 0


def _large_article(p: Phrase, i: int) -> bool:
    """Tell whether a capital makes an article part of a name: "de El Fasher", "The Hague"."""
    token = p.token(i)
    if not (i and token.cased and p.words.cased and not p.shouted and p.at(i, "article") == i + 1):
        return False
    after = p.token(p.dash(i + 1))
    return token.text[:1].isupper() and after.cased and not p.closed(p.dash(i + 1))


def _large_word(p: Phrase, i: int) -> bool:
    """Tell whether a capital makes a small word part of a name: "near In Salah"."""
    token, before, after = p.token(i), p.token(i - 1), p.token(i + 1)
    if not i or not p.words.cased or p.words.nouns_cased or before.kind != "word" or before.cased:
        return False
    small = not _SMALL.isdisjoint(p.roles(i)) and not p.wind(i)
    led = not _LEADING.isdisjoint(p.roles(i - 1))
    return small and led and token.text[:1].isupper() and after.cased and not p.closed(i + 1)


def starts(p: Phrase, i: int) -> bool:  # noqa: PLR0911 - a list of cases
    """Tell whether a capital, or a small word that names begin with, begins a name here."""
    token = p.token(i)
    if token.kind != "word" or p.at(i, "time") or p.at(i, "organisation"):
        return False
    if token.cased:
        if _large_article(p, i) or _large_word(p, i):
            return True
        wind = p.wind(i)
        if wind and ("noun" not in wind[0].forms or p.shouted or p.words.nouns_cased):
            return False
        if p.words.nouns_cased and not _can_be_name(p, i):
            return False
        if p.at(i, "particle") and not p.shouted and p.token(p.dash(i + 1)).cased:
            return True  # "As-Sukhnah", "At Tanf"
        return not p.at(i, "stop") and not (p.shouted and p.closed(i))
    j = i  # "al-Bab", "tell Rifaat", "deir ez-Zor"
    for _ in range(3):
        # "de" goes on with a name, and begins none.
        if not p.at(j, "particle") or (j == i and p.at(j, "of")):
            return False
        j = p.dash(j + 1)
        if p.token(j).cased:
            return not p.at(j, "stop")
    return False


def _can_be_name(p: Phrase, i: int) -> bool:
    """Tell whether a word can be a name where every noun has a capital: if it is unknown."""
    if not p.roles(i).keys() <= _IN_NAMES:
        return False
    token = p.token(i)
    dash = p.token(i + 1).kind == "dash"
    return dash or not token.folded.endswith(p.words.noun_endings or ("\0",))


def _run(  # noqa: C901, PLR0912 - a list of the signs a name may hold, one branch each
    p: Phrase, i: int, *, cased: bool, most: int = _MAX_NAME
) -> int:
    """Return the position after the words of a name."""
    end = j = i
    while j < p.count and j - i < most * 2:
        token = p.token(j)
        if j > i and quoted(p, j):
            break
        if token.kind == "word":
            if j > i and not _continues(p, j, cased=cased):
                break
            leads = _through_particles(p, j) if j > i and cased and not token.cased else 0
            if leads:
                j = leads  # "de los Reyes": no name ends before its capital
                continue
            if j == i and not cased and (p.closed(j) or p.at(j, "common")):
                break
            if j == i and not cased and p.words.cased and _alone(p, p.at(j, "generic")):
                break  # a village, and no name of one
            large = token.cased and not p.shouted
            end = j = max(j + 1, 0 if large or j == i or not cased else facility(p, j))
            if token.case and not facility(p, j):
                break
        elif token.kind == "number" and j > i and cased and not p.unit(p.dash(j + 1)):
            if p.token(j - 1).kind == "dash" or p.sign(j + 1, "\u00b0/") or p.wind(j + 1):
                break
            end = j = j + 1  # "Brigade 87"
        elif token.kind == "dash" and j > i and p.attached(j) and p.attached(j + 1):
            if p.token(j + 1).kind != "word":
                break
            j += 1
        elif token.text == "." and p.attached(j) and p.token(j + 1).cased and j - i == 1:
            if len(p.token(j - 1).text) > 3:  # noqa: PLR2004 - "St. Petersburg", not "Hama. The"
                break
            j += 1
        else:
            break
        if end - i >= most:
            break
    tail = p.at(end, "name_tail") if end > i and cased else 0
    if tail and p.token(tail - 1).cased:
        return tail  # "Frankfurt an der Oder"
    return end if end > i else 0


def _alone(p: Phrase, end: int) -> bool:
    """Tell whether a noun such as "village" ends at a position with no name after it."""
    after = p.token(end)
    return bool(end) and (after.kind != "word" or p.closed(end) or bool(p.at(end, "common")))


def _small_run(p: Phrase, i: int) -> int:
    """Return the position after a name in small letters; nouns alone name nothing."""
    end = _run(p, i, cased=False, most=_MAX_LOWER)
    return 0 if all(p.at(j, "generic") for j in range(i, end)) else end


def _continues(p: Phrase, j: int, *, cased: bool) -> bool:  # noqa: PLR0911 - a list of cases
    token = p.token(j)
    if p.is_coordinates(j):
        return False
    joined = p.token(j - 1).kind == "dash"
    if p.wind(j) and not joined:
        return False
    if joined and not (cased and token.cased):
        return True
    if not cased:
        inner = p.at(j, "particle") or p.at(j, "name_noun")
        return bool(inner) or not (p.closed(j) or _ENDING & p.roles(j).keys())
    if token.cased:
        if p.words.nouns_cased and not joined and not _can_be_name(p, j):
            return False
        return joined or not (p.at(j, "stop") or (p.shouted and p.closed(j)))
    if p.at(j, "particle"):
        return _through_particles(p, j) > 0
    if p.at(j, "of") and p.at(j - 1, "name_of") and p.token(j - 1).cased:
        return p.token(j + 1).cased
    return bool(facility(p, j))


def _through_particles(p: Phrase, j: int) -> int:
    """Return where a capital stands that particles lead to, or 0: "San Vicente del Caguan"."""
    k = j
    for _ in range(3):
        if not p.at(k, "particle"):
            break
        k = p.dash(k + 1)
        if p.token(k).cased and p.token(k).kind == "word" and not p.at(k, "stop"):
            # "east of Hama at Khattab": a word that also leads a clause needs its dash.
            dashed = p.token(j + 1).kind == "dash"
            return k if dashed or p.at(j, "of") or not p.at(j, "stop") else 0
    return 0
