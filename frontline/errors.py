"""Every exception that `frontline` raises on purpose.

Each is a `FrontlineError` and also the builtin that a caller would expect, so that
``except ValueError`` keeps working. A message says what is wrong, where, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any


class FrontlineError(Exception):
    """Base of all errors of this library."""


class InputError(FrontlineError, ValueError):
    """An argument, a column or a value cannot be used."""


class RestrictedDataError(InputError):
    """The terms of the data forbid that they are passed on; `origins` names whose they are."""

    def __init__(self, message: str, *, origins: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.origins = tuple(origins)


class UnwritableError(InputError, OSError):
    """Nothing can be written to a folder; the cause is the system's own error."""


class CRSError(InputError):
    """A frame has no coordinate reference system, or one that does not fit its numbers."""


class DateError(InputError):
    """A date or an interval cannot be read or does not exist."""


class LocalitySyntaxError(FrontlineError, ValueError):
    """A phrase is no locality.

    Parameters
    ----------
    message
        What was expected.
    text
        The phrase.
    column
        Where in `text` it was expected, counted from 0.
    """

    def __init__(self, message: str, *, text: str = "", column: int = 0) -> None:
        super().__init__(message)
        self.text = text
        self.column = column


class UnresolvedFeatureError(FrontlineError, LookupError):
    """A locality is well formed, but what it starts from cannot be named or found."""

    def __init__(self, message: str, *, feature: str = "") -> None:
        super().__init__(message)
        self.feature = feature


class UnknownPlaceError(FrontlineError, LookupError):
    """No place of that name is known; `near_names` holds the nearest spellings."""

    def __init__(self, message: str, *, name: str = "", near_names: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.near_names = tuple(near_names)


class AmbiguousPlaceError(FrontlineError, LookupError):
    """Several places bear that name and nothing decides between them; see `candidates`."""

    def __init__(self, message: str, *, name: str = "", candidates: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.candidates = tuple(candidates)


class UnknownCaseError(FrontlineError, LookupError):
    """No bundled case has that name."""


class DataFileError(FrontlineError, ValueError):
    """A file cannot be used; `problems` lists every fault with its line."""

    def __init__(
        self, message: str, *, path: Path | str = "", problems: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.path = str(path)
        self.problems = tuple(problems)


class MissingDependencyError(FrontlineError, ImportError):
    """An optional package is needed; the message holds the line that installs it."""
