"""Who is said to have taken, lost or held what: a verb of the list, its actor, its place.

Strict on purpose. A place counts only if it follows its verb (or precedes it, where the language
says so) with nothing but an article, what sort of place it is and a few adjectives between; any
word of negation, intention, possibility or denial in the clause, and there is no claim.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from frontline.reports import roles as r
from frontline.reports.actors import actor_before, actor_behind, actor_by
from frontline.reports.days import day_of
from frontline.reports.tokens import CLAUSE, COMMA
from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    import pandas as pd

    from frontline.reports.mention import Mention
    from frontline.reports.scan import Scan

#: What the place is after an action, as far as the words bear it out.
STATUS = {
    "captured": "controlled",
    "recaptured": "controlled",
    "holds": "controlled",
    "entered": "advance",
    "lost": None,
    "withdrew": None,
}
COLUMNS = (
    "actor", "action", "mention", "place", "status", "basis", "valid_from", "start", "end", "text",
)  # fmt: skip
_KINDS = frozenset({"feature", "part"})
_BETWEEN, _BEFORE = 6, 12


class Verb(NamedTuple):
    """A verb of claims: its words after the first, the action, and how its clause is built."""

    rest: tuple[str, ...]
    action: str
    form: str


class Verbs(NamedTuple):
    """The verbs of a language by their first word, and the words that bound their clauses."""

    by_word: dict[str, tuple[Verb, ...]]
    words: dict[str, frozenset[str]]


@functools.cache
def verbs(code: str) -> Verbs:
    """Return the verbs of a language, the longest first.

    Examples
    --------
    >>> [verb.action for verb in verbs("en").by_word["captured"]]
    ['captured', 'captured']
    """
    vocabulary = vocabularies().get(code)
    data = vocabulary.claims if vocabulary else {}
    words = {name: frozenset(each) for name, each in data.get("words", {}).items()}
    form = next(iter(words.get("order", {"after"})))
    found: dict[str, list[Verb]] = {}

    def add(phrase: str, action: str, form: str) -> None:
        first, *rest = phrase.lower().split()
        found.setdefault(first, []).append(Verb(tuple(rest), action, form))

    participles = words.get("participles", frozenset())
    for action in STATUS:
        for phrase in data.get(action, ()):
            if phrase not in participles:
                add(phrase, action, form)
        for phrase in data.get("after", {}).get(action, ()):
            add(phrase, action, "fell")
    passive = data.get("passive", {})
    actions = {p: a for a in STATUS for p in data.get(a, ())}
    for phrase in passive.get("verbs", ()):
        if phrase not in participles:
            add(phrase, actions.get(phrase, "captured"), "passive")
    for phrase in sorted(participles):
        add(phrase, actions.get(phrase, "captured"), "participle")
    words["passive"] = frozenset(passive.get("auxiliary", ()))
    words["by"] = frozenset(passive.get("by", ()))
    ordered = {w: tuple(sorted(v, key=lambda each: -len(each.rest))) for w, v in found.items()}
    return Verbs(ordered, words)


class Clause(NamedTuple):
    """The words of a sentence in small letters, with what is needed to look around in them."""

    scan: Scan
    first: int
    last: int
    small: list[str]
    words: dict[str, frozenset[str]]
    mentions: dict[int, int]

    def is_in(self, i: int, *classes: str) -> bool:
        """Tell whether the word at a position is of one of the classes."""
        word = self.small[i - self.first]
        return any(word in self.words.get(name, ()) for name in classes)

    def gap(self, i: int) -> int:
        """Return what stands before a word."""
        return self.scan.text.gaps[i]


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
    at = scan.mentions[numbers[0]].at
    known = verbs(scan.lang(at))
    if not known.by_word:
        return []
    first, last = scan.bounds(at)
    small = [scan.text.word(i).lower() for i in range(first, last + 1)]
    if not any(word in known.by_word for word in small):
        return []
    starts = {scan.mentions[number].at: number for number in numbers}
    clause = Clause(scan, first, last, small, known.words, starts)
    out: list[dict[str, Any]] = []
    taken: set[int] = set()
    i = first
    while i <= last:
        verb = _verb(clause, known, i)
        if verb is None:
            i += 1
            continue
        end = i + len(verb.rest)
        for actor, number in _said(clause, verb, i, end):
            if number not in taken:
                taken.add(number)
                out.append(_row(clause, verb, actor, number, published))
        i = end + 1
    return out


def _verb(clause: Clause, known: Verbs, i: int) -> Verb | None:
    for verb in known.by_word.get(clause.small[i - clause.first], ()):
        k = i - clause.first + 1
        if tuple(clause.small[k : k + len(verb.rest)]) != verb.rest:
            continue
        passive = i > clause.first and clause.is_in(i - 1, "passive")
        if (verb.form == "passive") != passive and verb.form in {"after", "passive"}:
            continue
        return verb
    return None


def _said(clause: Clause, verb: Verb, i: int, end: int) -> list[tuple[tuple[int, int] | None, int]]:
    """Return (words of the actor or None, mention) for what a verb is said of."""
    if _blocked(clause, i, end):
        return []
    if verb.form in {"passive", "fell"}:
        return _place_first(clause, verb, i, end)
    if verb.form == "participle" and (passive := _passive_around(clause, i)):
        return passive
    if verb.form in {"before", "participle"}:
        number = _mention_before(clause, i)
        told = [] if number is None else [number]
        return [(actor_before(clause, clause.scan.mentions[k].at), k) for k in told]
    if verb.form == "vso":
        return _verb_first(clause, end)
    objects = _objects(clause, end + 1)
    actor = actor_before(clause, i) if objects else None
    return [(actor, number) for number in objects]


def _place_first(
    clause: Clause, verb: Verb, i: int, end: int
) -> list[tuple[tuple[int, int] | None, int]]:
    """Read "Hama was captured by the rebels", "Hama fell to the rebels"."""
    passive = verb.form == "passive"
    number = _mention_before(clause, i - 1 if passive else i)
    actor = actor_by(clause, end + 1) if passive else actor_behind(clause, end + 1)
    if number is None or (actor is None and not passive):
        return []
    return [(actor, number)]


def _blocked(clause: Clause, i: int, end: int) -> bool:
    """Tell whether anything near the verb says that it did not, or not yet, happen."""
    for k in range(i - 1, max(i - 1 - _BEFORE, clause.first - 1), -1):
        if clause.is_in(k, "blockers"):
            return True
        if clause.gap(k + 1) >= CLAUSE:
            break
    end_of_words = clause.scan.text.ends[clause.last]
    tail = clause.scan.text.text[end_of_words : end_of_words + 3]
    if "?" in tail or "\u061f" in tail:
        return True
    return any(clause.is_in(k, "denials") for k in range(clause.first, clause.last + 1)) or (
        end < clause.last
        and clause.is_in(end + 1, "blockers")
        and not clause.is_in(end + 1, "adjectives")
    )


def _objects(clause: Clause, i: int) -> list[int]:
    """Return the mentions that follow a verb directly, and those joined to them."""
    out: list[int] = []
    steps = 0
    while i <= clause.last and steps <= _BETWEEN:
        number = clause.mentions.get(i)
        if number is not None:
            mention = clause.scan.mentions[number]
            if mention.kind not in _KINDS or (out and _describes(clause, i, mention)):
                break
            out.append(number)
            i, steps = mention.last + 1, 0
            if i > clause.last or clause.gap(i) > COMMA:
                break
            joined = bool(clause.scan.bits(i) & r.AND)
            if not joined and clause.gap(i) != COMMA:
                break
            i += joined
            continue
        if clause.gap(i) >= CLAUSE or (clause.gap(i) == COMMA and not out):
            break
        if not (clause.is_in(i, "adjectives") or clause.scan.bits(i) & (r.ARTICLE | r.GENERIC)):
            break
        i, steps = i + 1, steps + 1
    return out


def _describes(clause: Clause, i: int, mention: Mention) -> bool:
    """Tell whether a name after a comma says more about the one before: ", Syria's second"."""
    if clause.gap(i) != COMMA:
        return False
    wide = any(place.kind in {"country", "governorate"} for place in mention.places)
    return wide or clause.scan.text.text[mention.end : mention.end + 1] in {"'", "\u2019"}


def _governed(clause: Clause, mention: Mention) -> bool:
    """Tell whether a name only says where something else is: "villages near Hama were taken"."""
    i = mention.at - 1
    while i >= clause.first and clause.gap(i + 1) < COMMA:
        bits = clause.scan.bits(i)
        if bits & r.LINK and i > clause.first and clause.scan.bits(i - 1) & r.GENERIC:
            i -= 2
            continue
        if bits & (r.ARTICLE | r.GENERIC | r.DEMONYM) and not bits & r.LINK:
            i -= 1
            continue
        return bool(bits & (r.RELATION | r.LINK))
    return False


def _mention_before(clause: Clause, i: int) -> int | None:
    """Return the mention that stands before a verb, adverbs and sorts of places aside."""
    ends = {clause.scan.mentions[n].last: n for n in clause.mentions.values()}
    for k in range(i - 1, max(i - 1 - _BETWEEN, clause.first - 1), -1):
        number = ends.get(k)
        if number is not None:
            mention = clause.scan.mentions[number]
            return number if mention.kind in _KINDS and not _governed(clause, mention) else None
        skipped = clause.is_in(k, "auxiliary", "adjectives")
        if not (skipped or clause.scan.bits(k) & r.GENERIC) or clause.gap(k + 1) >= COMMA:
            return None
    return None


def _passive_around(clause: Clause, i: int) -> list[tuple[tuple[int, int] | None, int]]:
    """Read place, auxiliary, (by actor,) participle: the order of German."""
    for k in range(i - 1, max(i - _BEFORE, clause.first), -1):
        if clause.gap(k + 1) >= CLAUSE:
            break
        if clause.is_in(k, "passive"):
            number = _mention_before(clause, k)
            if number is None:
                return []
            by = next((j for j in range(k + 1, i) if clause.is_in(j, "by")), None)
            actor = (by + 1, i - 1) if by is not None and by + 1 < i else None
            return [(actor, number)]
    return []


def _verb_first(clause: Clause, end: int) -> list[tuple[tuple[int, int] | None, int]]:
    """Read verb, actor, (preposition,) place: the order of Arabic."""
    links = clause.words.get("links", frozenset())
    for k in range(end + 1, min(end + _BEFORE, clause.last + 1)):
        if clause.gap(k) >= CLAUSE:
            break
        number = clause.mentions.get(k)
        linked = clause.small[k - clause.first] in links
        if number is None and not linked:
            continue
        objects = _objects(clause, k + linked)
        actor = (end + 1, k - 1) if k > end + 1 else None
        while actor and clause.is_in(actor[1], "adjectives"):
            actor = (actor[0], actor[1] - 1) if actor[1] > actor[0] else None
        return [(actor, each) for each in objects]
    return []


def _row(
    clause: Clause,
    verb: Verb,
    actor: tuple[int, int] | None,
    number: int,
    published: pd.Timestamp | None,
) -> dict[str, Any]:
    scan = clause.scan
    text, mention = scan.text, scan.mentions[number]
    start, end = text.starts[clause.first], text.ends[clause.last]
    claimed = any(clause.is_in(k, "claimed") for k in range(clause.first, clause.last + 1))
    words = text.text[text.starts[actor[0]] : text.ends[actor[1]]] if actor else None
    return {
        "actor": words,
        "action": verb.action,
        "mention": number,
        "place": _name(mention),
        "status": STATUS[verb.action],
        "basis": "claimed" if claimed else "reported",
        "valid_from": day_of(clause, published),
        "start": start,
        "end": end,
        "text": text.text[start:end],
    }


def _name(mention: Mention) -> str | None:
    if mention.places:
        return mention.places[0].name
    return mention.names[0] if mention.names else None
