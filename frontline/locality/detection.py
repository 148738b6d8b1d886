"""Which language a phrase is in: by its script, its letters, and the words of the lexicons."""

from __future__ import annotations

import functools
import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from frontline.errors import DataFileError
from frontline.locality.lexicon import FOLDER, languages, lexicon
from frontline.locality.morphology import known, separated
from frontline.locality.tokens import tokenize

if TYPE_CHECKING:
    from frontline.locality.tokens import Token
    from frontline.locality.vocabulary import Lexicon

#: Read first where nothing tells the languages apart: a bare name, an abbreviation.
FIRST = "en"
_MAX_WORDS = 60
_HEAD = 2_000
_SCRIPTS = (
    ("Arabic", re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")),
    ("Cyrillic", re.compile("[\u0400-\u052f]")),
    ("Latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
)
#: A word of the grammar says more than a word that reports have in common.
_WEIGHTS = {"common": 0.7, "time": 0.7, "particle": 0.0, "wind_letters": 0.2, "case": 0.0}
_LETTERS = 3.0
#: Part of the best score that lets another language try, too.
_NEARLY = 0.8


class _Signs(NamedTuple):
    code: str
    script: str
    letters: frozenset[str]


@functools.cache
def _signs() -> tuple[_Signs, ...]:
    """Return script and letters of every language, read from the head of its file alone."""
    found = []
    for code in languages():
        head, _, _ = (FOLDER / f"{code}.toml").read_text(encoding="utf-8").partition("\n[numbers")
        try:
            language = tomllib.loads(head).get("language", {})
        except tomllib.TOMLDecodeError:
            language = {}
        letters = frozenset(str(language.get("letters", "")))
        found.append(_Signs(code, str(language.get("script", "Latin")), letters))
    found.sort(key=lambda signs: (signs.code != FIRST, signs.code))
    return tuple(found)


def detect(text: str) -> tuple[str, ...]:
    """Return the codes of the languages that a phrase may be in, the likeliest first.

    All languages of the scripts in the text are named; a text in none of them could be any.

    Examples
    --------
    >>> detect("5 km north of Hama")[0]
    'en'
    """
    return tuple(code for code, _ in _ranked(text))


def likely(text: str) -> tuple[str, ...]:
    """Return the languages worth trying: those that know nearly as much as the likeliest.

    A phrase that is refused in its own language must not be read by the few words that another
    language happens to share.
    """
    ranked = _ranked(text)
    if not ranked:
        return ()
    least = _NEARLY * ranked[0][1]
    return tuple(code for code, score in ranked if score >= least > 0) or (ranked[0][0],)


def _ranked(text: str) -> list[tuple[str, float]]:
    head = text[:_HEAD]
    counts = {name: len(letters.findall(head)) for name, letters in _SCRIPTS}
    # A Latin word or two ("M5", "SDF") make no text of another script Latin.
    total = sum(counts.values())
    scripts = {name for name, count in counts.items() if count and 3 * count >= total}
    candidates = [signs for signs in _signs() if signs.script in scripts]
    if not candidates:
        candidates = list(_signs())
        return [(signs.code, 0.0) for signs in candidates]
    tokens = [t for t in tokenize(head) if t.kind == "word"][:_MAX_WORDS]
    if candidates[0].code == FIRST and head.isascii() and _all_known(tokens):
        return [(signs.code, float(signs.code == FIRST)) for signs in candidates]
    if len(candidates) == 1:
        return [(candidates[0].code, 1.0)]
    letters = set(head.lower())
    scored = [
        (signs.code, _LETTERS * len(letters & signs.letters) + _score(head, tokens, signs.code))
        for signs in candidates
    ]
    scored.sort(key=lambda pair: -pair[1])
    return scored


def _all_known(tokens: list[Token]) -> bool:
    """Tell whether the first language knows every word that is no name: then it is the one."""
    names = [t for t in tokens if t.cased]
    if len(names) == len(tokens):
        return True
    words = lexicon(FIRST)
    small = [t for t in tokens if not t.cased]
    return all(t.folded in words.entries for t in small)


def _score(head: str, tokens: list[Token], code: str) -> float:
    try:
        words = lexicon(code)
    except DataFileError:
        return -1.0
    if words.elisions:
        tokens = [t for t in tokenize(head, elisions=words.elisions) if t.kind == "word"]
    return sum(_of_word(token, words) for token in tokens[:_MAX_WORDS])


def _of_word(token: Token, words: Lexicon) -> float:
    group = words.entries.get(token.folded)
    if group is None:
        if words.proclitics and separated(token.folded, words):
            return 1.0
        return 1.0 if words.joined_articles and known(token.folded, words) else 0.0
    weight = max((_WEIGHTS.get(role, 1.0) for role in group.single), default=0.3)
    # "a", "de", "o" are words of several languages.
    return weight * min(1.0, 0.4 + 0.15 * len(token.folded))
