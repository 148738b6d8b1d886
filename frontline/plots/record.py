"""What the record lacks of a date: it lies before it, after it, or there is no map of it.

A picture of such a date shows what held last. It must say so, or it passes for an observation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.dates import to_utc
from frontline.plots.days import day_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from frontline.scene.content import Content

    Span = tuple[pd.Timestamp, pd.Timestamp]

__all__ = ["OnRecord", "breaks_between", "short_doubt", "within"]

_DAY = pd.Timedelta(days=1)
_TICK = pd.Timedelta(1, "us")


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The span of a record and the dates of its maps.

    Attributes
    ----------
    first, last : pandas.Timestamp or None
        Those that a case names; else of the first and the last map or statement.
    map_dates : pandas.DatetimeIndex
        The dates of the maps from which a history was made.
    gaps : tuple of (from, to)
        The stretches without a map, as the history counts them: up to the next map.
    maps_alone : bool
        Whether the history is made of maps and of nothing else.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from frontline.control import ControlHistory
    >>> from frontline.scene.content import content_of
    >>> days = gpd.GeoDataFrame(
    ...     {"date": ["2024-12-01", "2024-12-02", "2024-12-20"], "actor": "A"},
    ...     geometry=[shapely.box(36, 35, x, 36) for x in (37, 38, 39)], crs=4326)
    >>> record = OnRecord.of(content_of(ControlHistory.from_snapshots(days)))
    >>> record.doubt(pd.Timestamp("2024-12-10", tz="UTC"))
    'no map of this date; the last is of 2 December 2024'
    >>> record.doubt(pd.Timestamp("2024-12-25", tz="UTC"))
    'the record ends on 20 December 2024'
    >>> record.doubt(pd.Timestamp("2024-11-25", tz="UTC"))
    'the record begins on 1 December 2024'
    >>> record.doubt(pd.Timestamp("2024-12-20 12:00", tz="UTC"))
    ''
    """

    first: pd.Timestamp | None
    last: pd.Timestamp | None
    map_dates: pd.DatetimeIndex
    gaps: tuple[Span, ...]
    maps_alone: bool

    @classmethod
    def of(cls, content: Content) -> OnRecord:
        """Read it off the parts of a map."""
        history = content.history
        meta = getattr(history, "meta", {})
        starts = content.window[0] or meta.get("starts")
        ends = content.window[1] or meta.get("ends")
        reports = history.reports
        said = _said(history, reports)
        return cls(
            first=to_utc(starts, what="the start of the case") if starts else said[0],
            last=to_utc(ends, what="the end of the case") if ends else said[1],
            map_dates=history.map_dates,
            gaps=tuple((span.left, span.right) for span in history.gap_spans),
            maps_alone=len(reports) > 0 and bool((reports["kind"] == "snapshot").all()),
        )

    def doubt(self, moment: pd.Timestamp, *, named: bool = False) -> str:
        """Say what the record lacks of a date; nothing if it lacks nothing.

        Parameters
        ----------
        moment : pandas.Timestamp
            The instant drawn, in UTC.
        named : bool
            Whether the sentence names the date that it is about.
        """
        if self.first is not None and moment < self.first.floor("D"):
            return f"the record begins on {day_words(self.first)}"
        # A map or a report of a day stands for the whole of it.
        if self.last is not None and moment > self.last.ceil("D") and not _same(moment, self.last):
            return f"the record ends on {day_words(self.last)}"
        before = self._map_before(moment)
        if before is None:
            return ""
        date = day_words(moment) if named else "this date"
        return f"no map of {date}; the last is of {day_words(before)}"

    def doubt_of(self, moments: Iterable[pd.Timestamp]) -> str:
        """Say what the record lacks of several dates, each sentence once."""
        said = (self.doubt(each, named=True) for each in moments)
        return "; ".join(dict.fromkeys(text for text in said if text))

    def holes(self, start: pd.Timestamp, end: pd.Timestamp) -> list[Span]:
        """Return the stretches between two instants of which the record knows nothing.

        A gap between maps counts from the first date that is missing. What lies before the first
        and after the last instant on record is a stretch too.
        """
        out = list(self.gaps)
        if self.first is not None and start < self.first.floor("D"):
            out.append((start, self.first))
        if self.last is not None and end > self.last.ceil("D"):
            out.append((self.last + _TICK, end + _TICK))
        return sorted((max(a, start), b) for a, b in out if a <= end and b > start)

    def _map_before(self, moment: pd.Timestamp) -> pd.Timestamp | None:
        """Return the date of the last map, if there is none of the day of an instant.

        Where statements stand beside the maps, only what the history calls gaps counts.
        """
        earlier = self.map_dates[self.map_dates < moment.normalize() + _DAY]
        if not len(earlier) or _same(earlier[-1], moment):
            return None
        if not self.maps_alone and not within(moment, self.gaps):
            return None
        found: pd.Timestamp = earlier[-1]
        return found


def short_doubt(text: str) -> str:
    """Return what `OnRecord.doubt` said in fewer letters, for a small map.

    Examples
    --------
    >>> short_doubt("no map of this date; the last is of 2 December 2024")
    'no map; last: 2 December 2024'
    >>> short_doubt("the record ends on 20 December 2024")
    'record ends 20 December 2024'
    """
    return (
        text.replace("no map of this date; the last is of ", "no map; last: ")
        .replace("the record ends on ", "record ends ")
        .replace("the record begins on ", "record begins ")
    )


def within(moment: pd.Timestamp, spans: Iterable[Span]) -> bool:
    """Say whether an instant lies in one of several stretches."""
    return any(a <= moment < b for a, b in spans)


def breaks_between(times: Sequence[pd.Timestamp], spans: Iterable[Span]) -> NDArray[np.bool_]:
    """Say between which neighbours among instants a stretch lies; one fewer than the instants.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-12-02", "2024-12-09", "2024-12-23"], tz="UTC")
    >>> gap = (days[0] + pd.Timedelta("1D"), days[0] + pd.Timedelta("3D"))
    >>> breaks_between(days, [gap]).tolist()
    [True, False]
    """
    given = list(spans)
    return np.array(
        [any(one < b and a < two for a, b in given) for one, two in pairwise(times)], dtype=bool
    )


def _same(one: pd.Timestamp, other: pd.Timestamp) -> bool:
    return bool(one.normalize() == other.normalize())


def _said(history: Any, reports: Any) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first and the last instant of which anything was said."""
    moments = list(history.change_times())
    for name in ("valid_from", "valid_to"):
        known = reports[name].dropna()
        moments += [known.min(), known.max()] if len(known) else []
    return (min(moments), max(moments)) if moments else (None, None)
