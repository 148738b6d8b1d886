"""Which language a phrase is in: by its script, its letters, and the words of the lexicons."""

from __future__ import annotations

import functools
import itertools
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
_LATIN = frozenset({"Latin"})
#: A word of the grammar says more than a word that reports have in common.
_WEIGHTS = {"common": 0.7, "time": 0.7, "particle": 0.0, "wind_letters": 0.2, "case": 0.0} | {
    "land": 0.2
}
#: What a letter says, shared among the languages that have it; names travel with their letters.
_LETTER, _LETTER_OF_NAME, _ASCII = 2.0, 0.5, 0.2
_ENDING = 0.8
#: What two words that are one entry add to what is known of each of them.
_PAIR = 0.3
_WIND_LETTERS = 3
#: A small word with a capital begins a sentence, or it belongs to a name.
_LARGE = 0.5
#: So much less than the best score still lets another language try: less than a word. What a
#: language refuses must not be read by one that knows the refusing word for a name.
_SLACK = 0.45
#: A phrase of so many names and no other word may be in any language.
_NAMES = 1


class _Signs(NamedTuple):
    code: str
    script: str
    letters: frozenset[str]
    own_words: frozenset[str]
    own_parts: tuple[str, ...]


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
        own_words = frozenset(map(str, language.get("own_words", ())))
        own_parts = tuple(map(str, language.get("own_parts", ())))
        script = str(language.get("script", "Latin"))
        found.append(_Signs(code, script, letters, own_words, own_parts))
    found.sort(key=lambda signs: (signs.code != FIRST, signs.code))
    return tuple(found)


@functools.cache
def _telling() -> frozenset[str]:
    """Return the letters that tell any language from another."""
    return frozenset().union(*(signs.letters for signs in _signs()))


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
    """Return the languages worth trying: those that know as much as the likeliest, or nearly.

    A phrase that is refused in its own language must not be read by the few words that another
    language happens to share.
    """
    ranked = _ranked(text)
    if not ranked:
        return ()
    best = ranked[0][1]
    if best <= 0.0:
        return (ranked[0][0],)
    return tuple(code for code, score in ranked if score >= max(best - _SLACK, best / 2.0))


def _ranked(text: str) -> list[tuple[str, float]]:
    head = text[:_HEAD]
    candidates = _of_scripts(_scripts(head))
    if not candidates:
        return [(signs.code, 0.0) for signs in _signs()]
    chunks = head.split(maxsplit=_MAX_WORDS)[:_MAX_WORDS]
    tokens = [token for chunk in chunks for token in _words(chunk)]
    first = candidates[0]
    if first.code == FIRST and head.isascii() and _surely_first(tokens, first.own_words):
        return [(signs.code, float(signs.code == FIRST)) for signs in candidates]
    if len(candidates) == 1:
        return [(candidates[0].code, 1.0)]
    letters = _letters(tokens, candidates)
    codes = tuple(signs.code for signs in candidates)
    # What each language knows of each word, added up by language.
    said = [_scores(chunk, codes) for chunk in chunks]
    said += [_of_pair(a.folded, b.folded, codes) for a, b in itertools.pairwise(tokens)]
    known_by = [sum(each) for each in zip(*said, strict=True)]
    scored = [
        (code, letters[code] + score if _loads(code) else -1.0)
        for code, score in zip(codes, known_by or [0.0] * len(codes), strict=True)
    ]
    scored.sort(key=lambda pair: -pair[1])
    return scored


def _scripts(head: str) -> frozenset[str]:
    """Return the scripts of a text; one or two Latin words ("M5") make no other text Latin."""
    if head.isascii():
        return _LATIN if any(map(str.isalpha, head)) else frozenset()
    counts = {name: len(letters.findall(head)) for name, letters in _SCRIPTS}
    total = sum(counts.values())
    return frozenset(name for name, count in counts.items() if count and 3 * count >= total)


@functools.cache
def _of_scripts(scripts: frozenset[str]) -> tuple[_Signs, ...]:
    return tuple(signs for signs in _signs() if signs.script in scripts)


@functools.lru_cache(maxsize=1 << 15)
def _words(chunk: str) -> tuple[Token, ...]:
    """Return the words of a piece of text without spaces."""
    return tuple(token for token in tokenize(chunk) if token.kind == "word")


@functools.cache
def _loads(code: str) -> bool:
    """Tell whether the lexicon of a language is right; a wrong one is told when asked for."""
    try:
        lexicon(code)
    except DataFileError:
        return False
    return True


def _surely_first(tokens: list[Token], own_words: frozenset[str]) -> bool:
    """Tell whether a phrase is a name alone, or in words that the first language has to itself.

    Then the other lexicons need not be loaded.
    """
    small = [t for t in tokens if not t.cased]
    if not small:
        return len(tokens) <= _NAMES
    words = lexicon(FIRST)
    known_words = words.entries
    return any(t.folded in own_words for t in small) and all(t.folded in known_words for t in small)


def _letters(tokens: list[Token], candidates: tuple[_Signs, ...]) -> dict[str, float]:
    """Return by language what the letters say."""
    weights: dict[str, float] = {}
    for token in tokens:
        weight = _LETTER_OF_NAME if token.cased else _LETTER
        for letter in set(token.text.lower()) & _telling():
            part = _ASCII if letter.isascii() else 1.0  # "q" tells Azerbaijani, but "Saraqib"
            weights[letter] = max(weights.get(letter, 0.0), part * weight)
    found = dict.fromkeys((signs.code for signs in candidates), 0.0)
    for letter, weight in weights.items():
        having = [signs.code for signs in candidates if letter in signs.letters]
        for code in having:
            found[code] += weight / len(having)
    for signs in candidates:  # "ськ" in a name is Ukrainian, though every letter is Russian too
        own = signs.own_parts
        if own and any(part in token.text.lower() for token in tokens for part in own):
            found[signs.code] += _LETTER
    return found


@functools.lru_cache(maxsize=1 << 15)
def _scores(chunk: str, codes: tuple[str, ...]) -> tuple[float, ...]:
    """Return how much each language knows of a piece of text without spaces."""
    return tuple(_score(chunk, lexicon(code)) if _loads(code) else 0.0 for code in codes)


def _score(chunk: str, words: Lexicon) -> float:
    tokens = tokenize(chunk, words.endings, elisions=words.elisions)
    known_words = [token for token in tokens if token.kind == "word"][:_MAX_WORDS]
    return sum(_of_word(token, words) + (_ENDING if token.case else 0.0) for token in known_words)


@functools.lru_cache(maxsize=1 << 15)
def _of_pair(first: str, second: str, codes: tuple[str, ...]) -> tuple[float, ...]:
    """Return what two words say that mean something only together: "mais de" is no French."""
    found = []
    for code in codes:
        group = lexicon(code).entries.get(first) if _loads(code) else None
        longer = group.longer.get(second, ()) if group is not None else ()
        found.append(_PAIR * any(len(entry.words) == len((first, second)) for entry in longer))
    return tuple(found)


def _of_word(token: Token, words: Lexicon) -> float:
    group = words.entries.get(token.folded)
    if group is None:
        if words.proclitics and separated(token.folded, words):
            return 1.0
        return 1.0 if words.joined_articles and known(token.folded, words) else 0.0
    weight = max((_WEIGHTS.get(role, 1.0) for role in group.single), default=0.3)
    if token.text.isupper() and len(token.text) <= _WIND_LETTERS:
        weight = min(weight, _WEIGHTS["wind_letters"])  # "NE", and "NO", are no small words here
    elif token.cased and words.cased and len(token.text) <= _WIND_LETTERS:
        weight *= _LARGE  # "Al-Mayadin" is no Spanish, though "al" is
    # "a", "de", "o" are words of several languages.
    return weight * min(1.0, 0.4 + 0.15 * len(token.folded))


def settled(text: str) -> bool:
    """Tell whether the small words of a phrase settle that it is in the first language.

    Then it is so with any other names in it, and no other lexicon is looked at.

    Examples
    --------
    >>> settled("5 km north of Hama"), settled("5 km au nord de Hama"), settled("Hama")
    (True, False, False)
    """
    if not text[:_HEAD].isascii():
        return False
    first = _of_scripts(_LATIN)[0]
    chunks = text[:_HEAD].split(maxsplit=_MAX_WORDS)[:_MAX_WORDS]
    tokens = [token for chunk in chunks for token in _words(chunk)]
    small = any(not token.cased for token in tokens)
    return first.code == FIRST and small and _surely_first(tokens, first.own_words)
