"""The words of a language, read from `lexicon/<code>.toml` once.

What a file may hold, and what each key does, stands in `docs/languages.md`; the file is checked
in `lexicon_tables`.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from frontline.errors import DataFileError, InputError
from frontline.locality.lexicon_tables import build
from frontline.locality.vocabulary import Lexicon

__all__ = ["FOLDER", "Lexicon", "languages", "lexicon"]

FOLDER = Path(__file__).resolve().parent / "lexicon"


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a lexicon.

    Examples
    --------
    >>> "en" in languages()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@functools.cache
def lexicon(code: str = "en") -> Lexicon:
    """Return the lexicon of a language.

    Raises
    ------
    InputError
        No lexicon has that code.
    DataFileError
        The lexicon's file is wrong; every fault is listed.

    Examples
    --------
    >>> lexicon("en").name
    'English'
    """
    if code not in languages():
        raise InputError(f"no lexicon for {code!r}; there is one for {', '.join(languages())}")
    path = FOLDER / f"{code}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(
            f"the lexicon {path} is no TOML: {error}", path=path, problems=(str(error),)
        ) from error
    return build(data, path=str(path))
