"""Options of readers, looked at before a file is: what is wrong with one is said in its name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from frontline.errors import InputError
from frontline.sources.model import Origin
from frontline.sources.safety import Limits

_TEXTS = ("encoding", "delimiter", "holder", "other", "invalid", "longitudes")
_TEXT_TO_TEXT = ("columns", "legend", "colours", "admin1")
_BOX = 4


def check_options(options: Mapping[str, Any]) -> None:
    """Raise if an option that is given is not of its kind; None is always the default.

    Raises
    ------
    InputError
        Says which option, and what it must be.

    Examples
    --------
    >>> check_options({"columns": {"actor": "side"}, "within": (35.7, 32.0, 42.4, 37.3)})
    >>> check_options({"columns": {"actor": ["side"]}})
    Traceback (most recent call last):
    frontline.errors.InputError: columns={'actor': ['side']} must map texts to texts
    """
    given = {name: value for name, value in options.items() if value is not None}
    for name in _TEXTS:
        _need(given, name, str, "must be a text")
    for name in _TEXT_TO_TEXT:
        _need(given, name, Mapping, "must map texts to texts, {'actor': 'side'}")
        for key, value in given.get(name, {}).items():
            if not isinstance(key, str) or not isinstance(value, str):
                raise InputError(f"{name}={given[name]!r} must map texts to texts"[:300])
    for name in ("constants", "actors"):
        _need(given, name, Mapping, "must map our names to what they hold")
    for name, words in _mapping(given, "values").items():
        if not isinstance(words, Mapping):
            raise InputError(f"values={{{name!r}: {words!r}}} must map their words to ours"[:300])
    _need(given, "countries", Iterable, "must be two-letter codes")
    _need(given, "origin", Origin, "must be an Origin(...)")
    _need(given, "limits", Limits, "must be Limits(...)")
    if "within" in given:
        checked_box(given["within"])


def checked_box(value: Any) -> tuple[float, float, float, float]:
    """Return west, south, east and north in degrees.

    Raises
    ------
    InputError
        It is no such box.
    """
    numbers = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else []
    fits = len(numbers) == _BOX and all(
        isinstance(each, (int, float)) and math.isfinite(each) for each in numbers
    )
    if not fits or numbers[0] >= numbers[2] or numbers[1] >= numbers[3]:
        raise InputError(
            f"within={value!r} must be (west, south, east, north) in degrees, west of east and "
            "south of north"
        )
    west, south, east, north = map(float, numbers)
    return west, south, east, north


def _mapping(given: dict[str, Any], name: str) -> Mapping[Any, Any]:
    _need(given, name, Mapping, "must be a mapping")
    found: Mapping[Any, Any] = given.get(name, {})
    return found


def _need(given: dict[str, Any], name: str, kind: Any, must: str) -> None:
    if name in given and not isinstance(given[name], kind):
        raise InputError(f"{name}={given[name]!r} {must}"[:300])
