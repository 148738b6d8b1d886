"""The time axis of charts: its days, and gaps in the record, which end lines and are hatched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.patches import Patch

from frontline.plots.days import short_day
from frontline.plots.record import breaks_between, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.plots.record import OnRecord

    Floats = NDArray[np.float64]
    Span = tuple[pd.Timestamp, pd.Timestamp]

__all__ = ["beyond", "broken", "date_axis", "hatch", "hatched", "numbers", "specks"]

_TICKS = 9
_TICK_PT = 42.0  # of width for a day
_LOOK: dict[str, Any] = {
    "facecolor": "#f3f4f5",
    "edgecolor": "#b9bfc5",
    "hatch": "///",
    "linewidth": 0.0,
}


def numbers(dates: Any) -> Floats:
    """Return dates as matplotlib counts them, in UTC whatever its settings."""
    naive = pd.DatetimeIndex(dates).tz_convert("UTC").tz_localize(None)
    counted = mdates.date2num(naive.to_numpy())  # type: ignore[no-untyped-call]
    return np.asarray(counted, dtype=np.float64)


def broken(dates: Any, values: Any, gaps: Sequence[Span]) -> tuple[Floats, Floats]:
    """Return the points of a line that ends where a gap begins.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-12-02", "2024-12-03", "2024-12-04"], tz="UTC")
    >>> broken(days, [1, 2, 3], [(days[1], days[2])])[1].tolist()
    [1.0, nan, nan, 3.0]
    """
    moments = list(dates)
    x = numbers(dates)
    unknown = [within(moment, gaps) for moment in moments]
    y = np.where(unknown, np.nan, np.asarray(values, dtype=float))
    at = np.flatnonzero(breaks_between(moments, gaps)) + 1
    return np.insert(x, at, x[at]), np.insert(y, at, np.nan)


def specks(ax: Any, dates: Any, values: Any, gaps: Sequence[Span], *, colour: str) -> None:
    """Draw a dot for each date with a gap on both sides, which a line would leave out."""
    if not gaps:
        return
    x, y = broken(dates, values, gaps)
    known = np.isfinite(y)
    beside = np.concatenate([[False], known, [False]])
    alone = known & ~beside[:-2] & ~beside[2:]
    ax.scatter(x[alone], y[alone], s=14, color=colour, zorder=3)


def date_axis(ax: Any, times: pd.DatetimeIndex) -> None:
    """Put few days under a chart, the year with the first."""
    days = pd.DatetimeIndex(times).normalize().unique()
    if not len(days):
        return
    room = ax.get_window_extent().width / ax.figure.dpi * 72.0 / _TICK_PT
    chosen = days[:: max(1, -(-len(days) // min(_TICKS, max(int(room), 2))))]
    labels = [
        short_day(day) + (f"\n{day.year}" if i == 0 or day.year != chosen[i - 1].year else "")
        for i, day in enumerate(chosen)
    ]
    ax.set_xticks(numbers(chosen), labels)


def hatch(ax: Any, gaps: Sequence[Span], times: pd.DatetimeIndex) -> None:
    """Hatch the gaps, as far as the dates of a chart reach."""
    for start, end in gaps:
        left, right = numbers([start, min(end, times[-1])])
        ax.axvspan(left, right, gid="gap", zorder=0.5, **_LOOK)


def hatched() -> Patch:
    """Return the legend's patch of a gap."""
    return Patch(**_LOOK)


def beyond(record: OnRecord, times: pd.DatetimeIndex) -> str:
    """Say where a chart reaches beyond the record."""
    if not len(times):
        return ""
    said = [record.doubt(moment) for moment in (times[0], times[-1])]
    return "; ".join(text for text in said if text.startswith("the record"))
