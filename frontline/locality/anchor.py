"""The anchor of a locality: a name, what stands before and after it, and what is no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from frontline import compass
    from frontline.locality.phrase import Phrase

_MAX_NAME = 10
_MAX_LOWER = 4
_LOOK_AHEAD = 5


class Anchor(NamedTuple):
    """A name with the side, the edge or the area of the feature that the words single out."""

    name: str
    end: int
    reference: str | None = None
    side: compass.Wind | None = None
    area: str | None = None
    central: bool = False


def anchor(p: Phrase, i: int) -> Anchor | None:
    """Read an anchor at a position; None if nothing here could be one.

    Raises
    ------
    UnresolvedFeatureError
        Words stand for the feature ("the city", "here") but do not name it.
    """
    j, reference, side, area, central = i, None, None, None, False
    for _ in range(4):  # "the northern outskirts of the countryside of ..."
        k = p.skip(j, "article", most=1)
        wind = p.wind(k)
        if wind and "adjective" in wind[0].forms and not _is_name(p, k):
            after = wind[1]
            if p.at(after, "edge") or p.at(after, "part") or p.at(after, "countryside"):
                side, k = wind[0].wind, after
            elif p.token(after).cased or p.at(after, "central"):
                side, j = wind[0].wind, after
                continue
            else:
                return None
        for role in ("edge", "centre", "countryside", "part"):
            end = p.at(k, role)
            of = p.at(end, "edge_link" if role == "edge" else "of") if end else 0
            # "Rif Dimashq" and "Rural Damascus" are written large, "Downtown Hama" is a name.
            bare = role == "countryside" or (role == "centre" and not p.token(k).cased)
            if end and (of or (bare and p.token(end).cased)):
                j = of or end
                if role in {"edge", "centre"}:
                    reference = role
                elif role == "countryside":
                    area = "countryside"
                break
        else:
            if p.at(k, "central") and not p.token(k).cased:
                j, central = p.at(k, "central"), True
                continue
            break
    return _named(p, j, Anchor("", j, reference, side, area, central))


def _named(p: Phrase, i: int, found: Anchor) -> Anchor | None:
    j = i if _letter(p, i) else p.skip(i, "article", most=1)
    article = j > i
    if p.at(j, "determiner") or (p.at(j, "anaphor") and not article):
        raise p.nameless(i, _lower_run(p, max(p.at(j, "determiner"), p.at(j, "anaphor"))))
    j, area = _generic(p, j)
    demonym = p.roles(j).get("demonym")
    if demonym and p.at(demonym[1], "edge"):
        end = p.at(demonym[1], "edge")
        return found._replace(name=demonym[0], end=end, reference="edge", area="country")
    end = name(p, j, lower=p.small and not article)
    if not end:
        token = p.token(j)
        if p.at(j, "anaphor") or (token.kind == "word" and not token.cased and article):
            raise p.nameless(i, _lower_run(p, j))
        if p.at(j, "generic") and not token.cased:
            raise p.nameless(i, p.at(j, "generic"))
        return None
    text = p.slice(j, end)
    return _after(p, end, found._replace(name=text, end=end, area=found.area or area))


def _generic(p: Phrase, i: int) -> tuple[int, str | None]:
    """Step over "the Syrian city of", "village"; return what sort of area it asks for."""
    j, large = i, False
    for _ in range(_LOOK_AHEAD):
        end = p.at(j, "generic")
        if end and large and not p.token(j).cased:
            break  # "the Hamidiyah neighbourhood of Homs" has a name of its own
        if end and not (p.token(j).cased and not p.at(end, "of")):
            area = "settlement" if p.at(j, "settlement") else None
            if p.at(j, "governorate"):
                area = "governorate"
            of = p.at(end, "of")
            if of and p.token(of).kind == "word" and (p.token(of).cased or not p.at(of, "stop")):
                return of, area
            if p.token(end).cased and not p.token(j).cased:
                return end, area
        if p.token(j).kind not in {"word", "dash"} or p.at(j, "stop") or p.token(j).possessive:
            break
        large = large or (p.token(j).cased and not p.at(j, "demonym"))
        j += 1
    return i, None


def _after(p: Phrase, i: int, found: Anchor) -> Anchor:
    """Read what may follow a name: "city", "province", "'s northern borders", "countryside"."""
    j, area, reference, side = i, found.area, found.reference, found.side
    for role in ("countryside", "governorate", "settlement"):
        if p.at(j, role) and not p.at(j, "edge") and (role != "settlement" or _small(p, j)):
            j = p.at(j, role)
            area = role
            break
    k = j
    if p.token(j - 1).possessive:
        k = p.skip(k, "settlement", most=1)
    wind = p.wind(k)
    if wind and "adjective" in wind[0].forms:
        after = wind[1]
        ends = [p.at(after, role) for role in ("edge", "countryside", "part")]
        if any(ends):
            if ends[0]:
                reference = "edge"
            elif ends[1]:
                area = "countryside"
            return found._replace(end=max(ends), side=wind[0].wind, reference=reference, area=area)
    edge = p.at(k, "edge")
    if edge and _small(p, k):
        return found._replace(end=edge, reference="edge", area=area)
    centre = p.at(k, "centre")
    if centre and _small(p, k):
        return found._replace(end=centre, reference="centre", area=area)
    return found._replace(end=j, area=area, side=side)


def _small(p: Phrase, i: int) -> bool:
    """Tell whether a word is written small, as far as this text's letters can say."""
    return p.shouted or not p.words.cased or not p.token(i).cased


def name(p: Phrase, i: int, *, lower: bool = True) -> int:
    """Return the position after a name, 0 if none begins here.

    Capitals make a name where the language has them; `lower` also lets small letters be one,
    up to the next word that the grammar knows.
    """
    listed = p.at(i, "direction_name")
    if listed and p.token(i).cased:
        return listed
    if _letter(p, i):
        return i + 1
    text = p.token(i).text
    if p.token(i).kind != "word":
        return 0
    if not p.words.cased or text.lower() == text.upper():  # no capitals in this script
        return _run(p, i, cased=False)
    if _starts(p, i):
        return _run(p, i, cased=True)
    return _run(p, i, cased=False, most=_MAX_LOWER) if lower and not p.token(i).cased else 0


def _letter(p: Phrase, i: int) -> bool:
    """Tell whether a name of one letter ends the phrase, as in "5 km north of A"."""
    token = p.token(i)
    last = all(p.token(j).kind == "sign" for j in range(i + 1, min(i + 3, p.count)))
    after = i > 0 and i in {p.at(i - 1, "of"), p.at(i - 1, "link")}
    return len(token.text) == 1 and token.text.isupper() and last and after


def _is_name(p: Phrase, i: int) -> bool:
    return bool(p.at(i, "direction_name")) and p.token(i).cased


def _starts(p: Phrase, i: int) -> bool:  # noqa: PLR0911 - a list of cases
    token = p.token(i)
    if token.kind != "word" or p.at(i, "time"):
        return False
    if token.cased:
        wind = p.wind(i)
        if wind and ("noun" not in wind[0].forms or p.shouted):
            return False
        if p.at(i, "particle") and not p.shouted and p.token(p.dash(i + 1)).cased:
            return True  # "As-Sukhnah", "At Tanf"
        return not p.at(i, "stop") and not (p.shouted and p.closed(i))
    j = i  # "al-Bab", "tell Rifaat", "deir ez-Zor"
    for _ in range(3):
        if not p.at(j, "particle"):
            return False
        j = p.dash(j + 1)
        if p.token(j).cased:
            return not p.at(j, "stop")
    return False


def _run(  # noqa: C901, PLR0912 - a list of the signs a name may hold, one branch each
    p: Phrase, i: int, *, cased: bool, most: int = _MAX_NAME
) -> int:
    """Return the position after the words of a name."""
    end = j = i
    while j < p.count and j - i < most * 2:
        token = p.token(j)
        if token.kind == "word":
            if j > i and not _continues(p, j, cased=cased):
                break
            if j == i and not cased and (p.closed(j) or p.at(j, "common")):
                break
            end = j = j + 1
            if token.possessive:
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
    return end if end > i else 0


def _continues(p: Phrase, j: int, *, cased: bool) -> bool:  # noqa: PLR0911 - a list of cases
    token = p.token(j)
    joined = p.token(j - 1).kind == "dash"
    if not cased:
        return joined or not (p.closed(j) or p.at(j, "common") or p.at(j, "settlement"))
    if token.cased:
        if p.wind(j) and not joined:
            return False
        return joined or not (p.at(j, "stop") or (p.shouted and p.closed(j)))
    if joined:
        return True
    if p.at(j, "particle"):
        k = j
        for _ in range(3):
            if not p.at(k, "particle"):
                break
            k = p.dash(k + 1)
            if p.token(k).cased and p.token(k).kind == "word" and not p.at(k, "stop"):
                # "east of Hama at Khattab": a word that also leads a clause needs its dash.
                return p.token(j + 1).kind == "dash" or not p.at(j, "stop")
        return False
    if p.at(j, "of") and p.at(j - 1, "name_of") and p.token(j - 1).cased:
        return p.token(j + 1).cased
    return bool(p.at(j, "name_noun")) and not (p.at(j, "edge") or p.at(j, "countryside"))


def _lower_run(p: Phrase, i: int) -> int:
    """Return the position after the small words that an anaphor goes on with."""
    j = max(i, 1)
    while j < p.count and j - i < _LOOK_AHEAD:
        token = p.token(j)
        if token.kind != "word" or token.cased or p.at(j, "stop"):
            break
        j += 1
    return j
