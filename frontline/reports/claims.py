"""Who is said to have taken, lost or held what: a verb of the list, its actor, its place.

Strict on purpose: a false claim of control is the worst error. Subject, verb and object must be
plainly one clause, and the object must be the place itself (`frontline.reports.objects`): of a
part of a place, of a thing or of people that bear its name there is no claim. Any word of
negation, intention, possibility or denial in the clause, a question, a match or a film, and there
is none either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frontline.reports import roles as r
from frontline.reports.actors import actor_behind, actor_by, is_actor, subject_before
from frontline.reports.clauses import STATUS, Clause, Verb, Verbs, clause_of, verbs
from frontline.reports.days import day_of
from frontline.reports.objects import objects_before, objects_from, subjects_before
from frontline.reports.tokens import CLAUSE, COMMA

if TYPE_CHECKING:
    import pandas as pd

    from frontline.reports.matching import Hit
    from frontline.reports.scan import Scan

COLUMNS = (
    "actor", "action", "mention", "place", "status", "basis", "valid_from", "start", "end", "text",
)  # fmt: skip
_KINDS = frozenset({"feature", "inside"})
_BEFORE = 12
_QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')


class Said(NamedTuple):
    """What a verb says: the words of its actor if they are named, and its places."""

    actor: tuple[int, int] | None
    hits: list[Hit]


def claims_of(scan: Scan, published: pd.Timestamp | None) -> pd.DataFrame:
    """Return the claims of a text; see `Reading.claims`."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    by_sentence: dict[int, list[int]] = {}
    for number, mention in enumerate(scan.mentions):
        by_sentence.setdefault(scan.sentence(mention.at), []).append(number)
    for numbers in by_sentence.values():
        rows += _in_sentence(scan, numbers, published)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["valid_from"] = pd.to_datetime(frame["valid_from"], utc=True)
    for name in ("actor", "action", "place", "status", "basis", "text"):
        frame[name] = pd.Series([row[name] for row in rows], dtype=object)
    return frame.astype({"mention": "int64", "start": "int64", "end": "int64"})


def _in_sentence(
    scan: Scan, numbers: list[int], published: pd.Timestamp | None
) -> list[dict[str, Any]]:
    clause = clause_of(scan, scan.mentions[numbers[0]].at, numbers)
    if clause is None or _is_elsewhere(clause):
        return []
    known = verbs(scan.lang(clause.first))
    out: list[dict[str, Any]] = []
    taken: set[int] = set()
    i = clause.first
    while i <= clause.last:
        said, end = None, i
        for verb in _verbs_at(clause, known, i):
            end = i + len(verb.rest)
            said = None if _blocked(clause, i, end) else _said(clause, verb, i, end)
            if said is not None:
                break
        if said is not None:
            for hit in said.hits:
                number = _mention(clause, hit, verb.action)
                if number is not None and hit.first not in taken:
                    taken.add(hit.first)
                    out.append(_row(clause, verb, said.actor, (hit, number), published))
        i = end + 1
    return out


def _verbs_at(clause: Clause, known: Verbs, i: int) -> list[Verb]:
    out = []
    for verb in known.by_word.get(clause.small[i - clause.first], ()):
        k = i - clause.first + 1
        if tuple(clause.small[k : k + len(verb.rest)]) != verb.rest:
            continue
        passive = _auxiliary(clause, i) is not None
        if (verb.form == "passive") != passive and verb.form in {"after", "passive"}:
            continue
        out.append(verb)
    return out


def _auxiliary(clause: Clause, i: int) -> int | None:
    """Return where the auxiliary of a passive is: "was (again) captured"."""
    k = i - 1
    while k > clause.first and not clause.is_in(k, "passive") and clause.is_in(k, "auxiliary"):
        k -= 1
    return k if k >= clause.first and clause.is_in(k, "passive") else None


def _mention(clause: Clause, hit: Hit, action: str) -> int | None:
    """Return the mention of a name that may be claimed; None for what is not sure to be one."""
    number = clause.mentions.get(hit.first)
    if number is None:
        return None
    mention = clause.scan.mentions[number]
    if mention.kind not in _KINDS or not mention.start <= hit.start < mention.end:
        return None
    found = clause.scan.resolver.place(hit.name, hit.first)
    if found.place is None and not found.candidates:
        return None
    wide = found.place is not None and found.place.kind == "country"
    return None if wide and action not in {"entered", "withdrew"} else number


def _said(clause: Clause, verb: Verb, i: int, end: int) -> Said | None:
    """Return what a verb says, None if it is not plain."""
    if verb.form in {"passive", "fell", "fallen"}:
        return _place_first(clause, verb, i, end)
    if verb.form in {"before", "participle"}:
        return _place_before(clause, verb, i)
    if verb.form == "vso":
        return _verb_first(clause, verb, end)
    hits = objects_from(clause, end + 1, linked=True)
    if not hits or not _has_tail(clause, verb, hits[-1].last + 1):
        return None
    return _of_subject(clause, verb, i, hits)


def _of_subject(clause: Clause, verb: Verb, i: int, hits: list[Hit]) -> Said | None:
    plain, actor = subject_before(clause, i)
    if not plain or not is_actor(clause, actor, verb.action):
        return None
    return Said(actor, hits)


def _has_tail(clause: Clause, verb: Verb, k: int) -> bool:
    """Tell whether the second part of a verb follows: "zogen sich aus Hama *zurück*"."""
    if not verb.tail:
        return True
    while k <= clause.last and clause.gap(k) < CLAUSE:
        at = k - clause.first
        if tuple(clause.small[at : at + len(verb.tail)]) == verb.tail:
            return True
        k += 1
    return False


def _place_first(  # noqa: PLR0911 - a list of what is not plain
    clause: Clause, verb: Verb, i: int, end: int
) -> Said | None:
    """Read "Hama was captured by the rebels", "Hama fell to the rebels", "Hama has fallen"."""
    k = _auxiliary(clause, i) if verb.form == "passive" else i
    hits = [] if k is None else subjects_before(clause, k)
    if not hits:
        return None
    if verb.form == "fell":
        actor = actor_behind(clause, end + 1)
        if actor is None or clause.bits(end + 1) & r.NUMBER:
            return None
        return Said(actor, hits) if is_actor(clause, actor, verb.action) else None
    behind = end + 1
    if behind <= clause.last and clause.gap(behind) < COMMA and not _may_follow(clause, behind):
        return None
    actor = actor_by(clause, behind) if verb.form == "passive" else None
    by = behind <= clause.last and clause.is_in(behind, "by")
    if by and verb.form == "passive" and not is_actor(clause, actor, verb.action):
        return None
    if actor is None and verb.action in {"entered", "withdrew", "lost", "holds"}:
        return None  # whoever did it: a town is evacuated by its people
    return Said(actor, hits)


def _may_follow(clause: Clause, k: int) -> bool:
    """Tell whether a word may stand behind "was captured", "has fallen"."""
    if clause.is_in(k, "by", "past", "today", "yesterday", "months", "closers", "said"):
        return True
    word = clause.small[k - clause.first]
    english = clause.scan.lang(k) == "en" and word.endswith("ly")
    known = clause.bits(k) & (r.TIME | r.AND) or clause.is_in(k, "follows")
    return bool(known) or english or word.isdecimal()


def _place_before(  # noqa: PLR0911 - a list of what is not plain
    clause: Clause, verb: Verb, i: int
) -> Said | None:
    """Read subject, object, verb: Turkish; and German, whose auxiliary stands before both."""
    if verb.form == "participle" and (passive := _passive_around(clause, verb, i)) is not None:
        return passive
    hits = objects_before(clause, i)
    if not hits:
        return None
    start = hits[0].first
    while (
        start > clause.first
        and clause.gap(start) < COMMA
        and (
            clause.bits(start - 1) & (r.ARTICLE | r.SETTLEMENT)
            or clause.is_in(start - 1, "adjectives", "settlements", "before_object")
        )
    ):
        start -= 1
    if verb.form == "before":
        return _of_subject(clause, verb, start, hits)
    begin = clause.begins(start)
    auxiliary = next(
        (k for k in range(start - 1, begin - 1, -1) if clause.is_in(k, "object_before")), None
    )
    if auxiliary is None:
        return _of_subject(clause, verb, start, hits)
    between = _without_adverbs(clause, auxiliary + 1, start)
    ahead = [k for k in range(begin, auxiliary) if not clause.is_in(k, "and_words")]
    if ahead and not (clause.is_in(ahead[0], "openers") or clause.bits(ahead[0]) & r.TIME):
        if between is not None:
            return None  # something stands between them that the object may belong to
        return _of_subject(clause, verb, auxiliary, hits)
    actor = between
    if actor is not None and actor[0] == actor[1] and clause.is_in(actor[0], "pronouns"):
        actor = None
    elif actor is None or not is_actor(clause, actor, verb.action):
        return None
    return Said(actor, hits)


def _without_adverbs(clause: Clause, first: int, stop: int) -> tuple[int, int] | None:
    """Return the words of a span that are no adverbs, dates or sources; None if there are none."""
    last = stop - 1
    k = first
    while k <= last:
        small = clause.small[k - clause.first : k - clause.first + 3]
        if small == ["nach", "eigenen", "angaben"]:
            k += 3
        elif (
            clause.bits(k) & (r.TIME | r.ARTICLE)
            or clause.small[k - clause.first].isdecimal()
            or clause.is_in(k, "auxiliary", "today", "yesterday", "past", "claimed")
        ):
            k += 1
        else:
            break
    return (k, last) if k <= last else None


def _passive_around(clause: Clause, verb: Verb, i: int) -> Said | None:
    """Read place, auxiliary, (by actor,) participle: the order of German."""
    for k in range(i - 1, max(i - _BEFORE, clause.first), -1):
        if clause.gap(k + 1) >= CLAUSE:
            break
        if clause.is_in(k, "passive"):
            hits = subjects_before(clause, k)
            by = next((j for j in range(k + 1, i) if clause.is_in(j, "by")), None)
            actor = (by + 1, i - 1) if by is not None and by + 1 < i else None
            if by is None and _without_adverbs(clause, k + 1, i) is not None:
                return Said(None, [])
            if not hits or (actor and not is_actor(clause, actor, verb.action)):
                return Said(None, [])
            while actor and actor[0] < actor[1] and clause.bits(actor[0]) & r.ARTICLE:
                actor = (actor[0] + 1, actor[1])
            return Said(actor, hits)
    return None


def _verb_first(clause: Clause, verb: Verb, end: int) -> Said | None:
    """Read verb, actor, (preposition,) place: the order of Arabic."""
    links = clause.words.get(f"links_{verb.action}", frozenset())
    needed = clause.is_in(end, "linked_verbs")
    for k in range(end + 1, min(end + _BEFORE, clause.last + 1)):
        if clause.gap(k) >= CLAUSE:
            return None
        word = clause.small[k - clause.first]
        settled = bool(clause.bits(k) & r.SETTLEMENT) or clause.is_in(k, "settlements")
        named = k in clause.hits
        if word in links:
            return _arabic(clause, verb, (end, k), objects_from(clause, k + 1))
        if named or settled:
            if needed or (named and clause.hits[k].start > clause.scan.text.starts[k]):
                return None
            return _arabic(clause, verb, (end, k), objects_from(clause, k))
        if clause.is_in(k, "prepositions") or clause.bits(k) & (r.PREPOSITION | r.RELATION):
            return None
    return None


def _arabic(clause: Clause, verb: Verb, span: tuple[int, int], hits: list[Hit]) -> Said | None:
    first, last = span[0] + 1, span[1] - 1
    while last >= first and clause.is_in(last, "adjectives", "control"):
        last -= 1
    actor = (first, last) if last >= first else None
    if not hits or not is_actor(clause, actor, verb.action):
        return None
    return Said(actor, hits)


def _is_elsewhere(clause: Clause) -> bool:
    """Tell whether a sentence asks, denies, supposes, or speaks of a match or a film."""
    tail = clause.behind()
    if "?" in tail or "\u061f" in tail or clause.has("denials", "elsewhere"):
        return True
    return clause.is_in(clause.first, "inverted")


def _blocked(clause: Clause, i: int, end: int) -> bool:
    """Tell whether anything near the verb says that it did not, or not yet, happen."""
    if clause.scan.text.hyphens[i] and clause.between(i):
        return True  # "rebel-held"
    for k in range(i - 1, max(i - 1 - _BEFORE, clause.first - 1), -1):
        if clause.gap(k + 1) >= CLAUSE:
            break
        if clause.is_in(k, "blockers"):
            return True
    for k in range(end + 1, clause.last + 1):
        if clause.gap(k) >= CLAUSE:
            break
        if clause.is_in(k, "spoilers"):
            return True
    follows = end < clause.last and clause.is_in(end + 1, "follows")
    return end < clause.last and clause.is_in(end + 1, "blockers") and not follows


def _row(
    clause: Clause,
    verb: Verb,
    actor: tuple[int, int] | None,
    found: tuple[Hit, int],
    published: pd.Timestamp | None,
) -> dict[str, Any]:
    scan = clause.scan
    text, (hit, number) = scan.text, found
    start, end = text.starts[clause.first], text.ends[clause.last]
    words = text.text[text.starts[actor[0]] : text.ends[actor[1]]] if actor else None
    place = scan.resolver.place(hit.name, hit.first).place
    day, past = day_of(clause, published)
    status = STATUS[verb.action]
    return {
        "actor": words,
        "action": verb.action,
        "mention": number,
        "place": place.name if place is not None else hit.name,
        "status": None if past and status == "controlled" else status,
        "basis": "claimed" if _is_claimed(clause, actor, hit) else "reported",
        "valid_from": day,
        "start": start,
        "end": end,
        "text": text.text[start:end],
    }


def _is_claimed(clause: Clause, actor: tuple[int, int] | None, hit: Hit) -> bool:
    """Tell whether a party says it of itself: it claims, says so of "they", or is quoted."""
    if clause.has("claimed"):
        return True
    if actor is None and clause.has("said"):
        return True
    quoted = clause.scan.text.text[clause.scan.text.starts[clause.first] - 1 : hit.start]
    return bool(_QUOTES & set(quoted))
