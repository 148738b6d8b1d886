"""A sentence as the words that claims are looked for in, and the verbs of a language."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from frontline.reports import roles as r
from frontline.reports.tokens import CLAUSE
from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    from frontline.reports.matching import Hit
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
_GAP = "..."


class Verb(NamedTuple):
    """A verb of claims: its words after the first, what follows its object, the action, the form.

    The form is how its clause is built: ``after`` (the object follows), ``before``, ``vso``,
    ``passive``, ``fell`` (subject, verb, whom it fell to), ``fallen``, ``participle``.
    """

    rest: tuple[str, ...]
    tail: tuple[str, ...]
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
        head, _, tail = phrase.lower().partition(_GAP)
        first, *rest = head.split()
        found.setdefault(first, []).append(Verb(tuple(rest), tuple(tail.split()), action, form))

    participles = words.get("participles", frozenset())
    for action in STATUS:
        for phrase in data.get(action, ()):
            if phrase not in participles:
                add(phrase, action, form)
        for phrase in data.get("after", {}).get(action, ()):
            add(phrase, action, "fell")
        for phrase in data.get("alone", {}).get(action, ()):
            add(phrase, action, "fallen")
    passive = data.get("passive", {})
    actions = {p: a for a in STATUS for p in data.get(a, ())}
    for phrase in passive.get("verbs", ()):
        if phrase not in participles:
            add(phrase, actions.get(phrase, "captured"), "passive")
    for phrase in sorted(participles):
        add(phrase, actions.get(phrase, "captured"), "participle")
    words["passive"] = frozenset(passive.get("auxiliary", ()))
    words["by"] = frozenset(passive.get("by", ()))
    ordered = {
        w: tuple(sorted(v, key=lambda each: -len(each.rest) - len(each.tail)))
        for w, v in found.items()
    }
    return Verbs(ordered, words)


class Clause(NamedTuple):
    """The words of a sentence in small letters, with what is needed to look around in them."""

    scan: Scan
    first: int
    last: int
    small: list[str]
    words: dict[str, frozenset[str]]
    #: By word, the mention that it is in; by first word, the names of mentions.
    mentions: dict[int, int]
    hits: dict[int, Hit]

    def is_in(self, i: int, *classes: str) -> bool:
        """Tell whether the word at a position is of one of the classes."""
        word = self.small[i - self.first]
        return any(word in self.words.get(name, ()) for name in classes)

    def has(self, *classes: str) -> bool:
        """Tell whether any word of the sentence is of one of the classes."""
        return any(self.is_in(i, *classes) for i in range(self.first, self.last + 1))

    def gap(self, i: int) -> int:
        """Return what stands before a word."""
        return self.scan.text.gaps[i]

    def bits(self, i: int) -> int:
        """Return what a word can be in a locality."""
        return self.scan.bits(i)

    def between(self, i: int) -> str:
        """Return the signs before a word."""
        text = self.scan.text
        return text.text[text.ends[i - 1] if i else 0 : text.starts[i]]

    def behind(self) -> str:
        """Return the signs behind the sentence."""
        end = self.scan.text.ends[self.last]
        return self.scan.text.text[end : end + 4]

    def begins(self, i: int) -> int:
        """Return the first word of the part of the sentence that a word is in."""
        while i > self.first and self.gap(i) < CLAUSE:
            i -= 1
        return i


def clause_of(scan: Scan, at: int, numbers: list[int]) -> Clause | None:
    """Return the sentence of a word if one of its words may begin a verb of claims."""
    known = verbs(scan.lang(at))
    if not known.by_word:
        return None
    first, last = scan.bounds(at)
    small = [scan.text.word(i).lower() for i in range(first, last + 1)]
    if not any(word in known.by_word for word in small):
        return None
    held: dict[int, int] = {}
    for number in numbers:
        mention = scan.mentions[number]
        for i in range(mention.at, mention.last + 1):
            held.setdefault(i, number)
    hits = {
        i: scan.hits[i]
        for i in range(first, last + 1)
        if i in scan.hits and _is_named(scan, held, i)
    }
    return Clause(scan, first, last, small, known.words, held, hits)


def _is_named(scan: Scan, held: dict[int, int], i: int) -> bool:
    """Tell whether a name of the dictionary is one of a mention, and no other word of it."""
    hit = scan.hits[i]
    number = next((held[k] for k in range(hit.first, hit.last + 1) if k in held), None)
    if number is None:
        return False
    mention = scan.mentions[number]
    inside = mention.start <= hit.start and hit.end <= mention.end
    return inside and not (scan.bits(i) & r.SETTLEMENT and hit.name not in mention.names)
