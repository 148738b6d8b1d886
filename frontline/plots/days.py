"""Dates in words, the same in every locale, and the events of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.dates import to_utc
from frontline.scene.frames import is_day

if TYPE_CHECKING:
    from frontline.scene.content import Content

__all__ = ["date_words", "day_words", "events_at", "short_day"]

_DAY = pd.Timedelta(days=1)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_words(moment: pd.Timestamp) -> str:
    """Return a day in words.

    Examples
    --------
    >>> day_words(pd.Timestamp("2024-12-03"))
    '3 December 2024'
    """
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def short_day(moment: pd.Timestamp) -> str:
    """Return a day in few letters.

    Examples
    --------
    >>> short_day(pd.Timestamp("2024-12-03"))
    '3 Dec'
    """
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]}"


def date_words(moment: pd.Timestamp) -> str:
    """Return an instant in words.

    Examples
    --------
    >>> date_words(pd.Timestamp("2024-12-03 06:30"))
    'Tuesday 3 December 2024, 06:30 UTC'
    """
    return f"{_DAYS[moment.weekday()]} {day_words(moment)}, {moment:%H:%M} UTC"


def events_at(content: Content, when: Any, *, day: bool | None = None) -> list[dict[str, Any]]:
    """Return the events of a day, or those that last at an instant.

    An event without an end is taken to last a day, one without a beginning always.

    Parameters
    ----------
    content : Content
        The parts of a map.
    when : date
        A date without a time stands for the whole day.
    day : bool, optional
        Whether it does; read off `when` by default.
    """
    start = to_utc(when, what="the date")
    end = start + _DAY if (is_day(when) if day is None else day) else None
    return [event for event in content.events if _meets(event, start, end)]


def _meets(event: dict[str, Any], start: pd.Timestamp, end: pd.Timestamp | None) -> bool:
    begins = event["from"]
    if begins is None:
        return True
    ends = event["to"] if event["to"] is not None else begins + _DAY
    if end is None:
        return bool(begins <= start < ends)
    return bool(begins < end and (ends > start or begins >= start))
