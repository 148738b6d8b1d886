"""A name in all its views at once, computed once: what comparing many names needs."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from frontline.gazetteer.names import (
    fold,
    has_article,
    key_of_words,
    skeletons_of_words,
    sounds,
    words,
)

_MOST_REMEMBERED = 1 << 17
_VOWELS_AT_START = frozenset("aeiou\u0627\u0639")  # and alef and ain


class Form(NamedTuple):
    """The key, the skeletons and the sound of a name.

    `opens` tells whether it begins with a vowel, `article` whether with the Arabic article.
    """

    key: str
    bones: frozenset[str]
    heard: str
    opens: bool
    article: bool = False


def form_of_words(parts: list[str]) -> Form:
    """Return the views of words that `frontline.gazetteer.names.words` returned."""
    name_key = key_of_words(parts)
    return Form(
        name_key, skeletons_of_words(parts), sounds(name_key), name_key[:1] in _VOWELS_AT_START
    )


@lru_cache(maxsize=_MOST_REMEMBERED)
def form(name: str) -> Form:
    """Return the views of a name; the names of a gazetteer are met again and again.

    Examples
    --------
    >>> form("Qamhanah").key, sorted(form("Qamhanah").bones), form("Qamhanah").heard
    ('qamhana', ['kmhn'], 'kamhana')
    """
    folded = fold(name)
    return form_of_words(words(folded))._replace(article=has_article(folded))
