"""What texts must not tell: later dates, and coordinates finer than the grid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.frames import object_series
from frontline.dates import to_utc
from frontline.errors import DateError, InputError
from frontline.publication.finer import tells_place
from frontline.publication.later import names_later, tells_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Texts"]

_LONGEST = 60


@dataclass
class Texts:
    """Takes out of texts what a publication must not tell, and counts them.

    Attributes
    ----------
    until : pandas.Timestamp or None
        Later dates are not told.
    step_deg : float or None
        Finer coordinates are not told.
    count : int
        How many texts were taken out so far.
    columns : list of str
        Which columns were: "events.lng"; one whose name tells too much is "events.?".
    """

    until: pd.Timestamp | None
    step_deg: float | None
    count: int = 0
    columns: list[str] = field(default_factory=list)
    _known: dict[str, bool] = field(default_factory=dict)

    def bad(self, text: str) -> bool:
        """Say whether a text tells what it must not."""
        found = self._known.get(text)
        if found is None:
            found = (self.until is not None and tells_later(text, self.until)) or (
                self.step_deg is not None and tells_place(text, self.step_deg)
            )
            self._known[text] = found
        return found

    def column(self, what: str, name: Any) -> None:
        """Note that a column of a table was taken out."""
        told = name if isinstance(name, str) and not self.bad(name) else "?"
        self.columns.append(f"{what}.{told[:_LONGEST]}")

    def is_later(self, value: Any) -> bool:
        """Say whether a value is an instant after the last one."""
        if self.until is None or not isinstance(value, (dt.date, np.datetime64)):
            return False
        found = instant_or_none(value)
        return found is not None and bool(found > self.until)

    def clean(self, value: Any, *, numbers: bool = False) -> Any:
        """Return a value without what it must not tell: None for a text, its like for a list.

        With `numbers` those are looked at as they would be written.
        """
        if isinstance(value, str):
            if self.bad(value):
                self.count += 1
                return None
            return value
        if isinstance(value, dict):
            return {
                key: self.clean(each, numbers=numbers)
                for key, each in value.items()
                if not (isinstance(key, str) and self.bad(key))
            }
        if isinstance(value, (list, tuple)):
            return type(value)(self.clean(each, numbers=numbers) for each in value)
        told = numbers and isinstance(value, Real) and self.bad(str(value))
        if told or self.is_later(value):
            self.count += 1
            return None
        return value

    def clean_columns(self, frame: Any, names: Iterable[str]) -> Any:
        """Return a frame with columns cleaned; a later instant in one becomes NaT."""
        out = frame.copy()
        for name in names:
            column = out[name]
            if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
                if self.until is not None:
                    late = (pd.to_datetime(column, utc=True) > self.until).to_numpy()
                    self.count += int(late.sum())
                    out[name] = column.mask(late)
            elif column.dtype == object or isinstance(column.dtype, pd.StringDtype):
                values = [self.clean(each) for each in column.to_numpy(dtype=object)]
                out[name] = object_series(values).set_axis(out.index)
        return out

    def names(self, column: Any) -> Any:
        """Return a column of names of places; one that tells too much is taken out."""
        return object_series(self._name(each) for each in column).set_axis(column.index)

    def _name(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        late = self.until is not None and names_later(value, self.until)
        if late or (self.step_deg is not None and tells_place(value, self.step_deg)):
            self.count += 1
            return None
        return value

    def check_names(self, names: Iterable[Any], *, what: str) -> None:
        """Raise if a name, which cannot be left out, holds a later date or a finer place.

        Raises
        ------
        InputError
            With all such names.
        """
        given = sorted({str(each) for each in names if each})
        if self.step_deg is not None:
            bad = [each for each in given if tells_place(each, self.step_deg)]
            if bad:
                raise InputError(
                    f"{what} {'; '.join(map(repr, bad[:10]))} holds a coordinate finer than "
                    f"{self.step_deg:g} degrees; rename it before publishing"
                )
        if self.until is None:
            return
        bad = sorted({each for each in given if names_later(each, self.until)})
        if bad:
            raise InputError(
                f"{what} {'; '.join(map(repr, bad[:10]))} holds a date after "
                f"{self.until:%Y-%m-%d %H:%M} UTC; rename it before publishing"
            )

    def renamed(self, keys: Iterable[Any]) -> Callable[[Any], Any]:
        """Return a function that gives keys of sources another name where theirs tells too much.

        Keys cited together ("a; b") are looked at one by one. The new names number the old ones
        in order, so that every table gets the same.
        """
        single = {part for key in keys for part in _parts(key)}
        new = {
            old: f"source-{number}"
            for number, old in enumerate(sorted(each for each in single if self.bad(each)), start=1)
        }
        while set(new.values()) & single:  # a name that is taken
            new = {old: f"{name}-x" for old, name in new.items()}
        self.count += len(new)

        def name(key: Any) -> Any:
            parts = _parts(key)
            if not any(part in new for part in parts):
                return key
            return "; ".join(new.get(part, part) for part in parts)

        return name


def _parts(key: Any) -> list[str]:
    return [part.strip() for part in key.split(";")] if isinstance(key, str) else []


def instant_or_none(value: Any) -> pd.Timestamp | None:
    """Return an instant as the library reads one, None for what is none."""
    try:
        found = to_utc(value, allow_nat=True)
    except DateError:
        return None
    return found if found == found else None  # noqa: PLR0124 - NaT alone is unlike itself
