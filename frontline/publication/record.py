"""The terms of a publication: up to when, on which grid, and the sentence that says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.dates import to_utc
from frontline.errors import DateError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GRIDS", "WITHHOLD", "WORTH_SAYING", "Terms", "earlier", "terms_given"]

WITHHOLD = "withhold"
#: The generalisation presets for sensitive places, degrees, and what they are in words.
GRIDS = {0.1: "about 11 km", 0.01: "about 1 km", 0.001: "about 100 m"}
#: Where points are withheld the control geometry still needs a grid: the coarsest.
COARSEST_DEG = 0.1

_DAY = pd.Timedelta(days=1)
#: From which share on a change of areas stands in the sentence.
WORTH_SAYING = 0.05


@dataclass(frozen=True, slots=True)
class Terms:
    """What a publication leaves out.

    Attributes
    ----------
    until : pandas.Timestamp or None
        Nothing later than this instant is left; None: nothing is left out for its date.
    delay_days : float or None
        The delay that was asked for, None where `until` was given.
    grid_deg : float or None
        The step of the grid of coordinates.
    withheld : bool
        Whether events have no coordinates at all.
    removed : dict of str to int
        How many spells, events, sources, texts and columns were left out.
    columns : tuple of str
        Which columns.
    area_change : float
        By which share the area of a side changed most at any time, on the grid.
    """

    until: pd.Timestamp | None
    delay_days: float | None
    grid_deg: float | None
    withheld: bool
    removed: dict[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    area_change: float = 0.0

    def sentence(self) -> str:
        """Say in one or two plain sentences what was left out.

        Examples
        --------
        >>> print(terms_given(delay=7, made_on="2024-12-05", coarsen=0.01).sentence())
        Published with a delay of 7 days: nothing after 28 November 2024, 00:00 UTC. Coordinates
        generalised to 0.01 degrees (about 1 km).
        >>> print(terms_given(until="2024-11-28 12:00").sentence())
        Published with nothing after 28 November 2024, 12:00 UTC.
        """
        parts = []
        if self.until is not None:
            last = f"nothing after {self.until.day} {self.until:%B %Y, %H:%M} UTC"
            if self.delay_days is None:
                parts.append(f"Published with {last}.")
            else:
                days = f"{self.delay_days:g} day{'' if self.delay_days == 1 else 's'}"
                parts.append(f"Published with a delay of {days}: {last}.")
        if self.grid_deg is not None:
            size = f"{self.grid_deg:g} degrees ({GRIDS[self.grid_deg]})"
            if self.withheld:
                parts.append(f"Coordinates of events withheld, all others generalised to {size}.")
            else:
                parts.append(f"Coordinates generalised to {size}.")
        if self.area_change > WORTH_SAYING:
            share = f"{100 * self.area_change:.0f} %"
            parts.append(f"Areas of sides differ by up to {share} from the ungeneralised ones.")
        return " ".join(parts)

    def adding(
        self,
        removed: dict[str, int],
        *,
        columns: Iterable[str] = (),
        area_change: float = 0.0,
    ) -> Terms:
        """Return the same terms with more left out, and the larger of both changes of areas."""
        names = {**self.removed, **removed}
        counts = {name: self.removed.get(name, 0) + removed.get(name, 0) for name in names}
        return replace(
            self,
            removed=counts,
            columns=tuple(sorted({*self.columns, *columns})),
            area_change=max(self.area_change, area_change),
        )

    def as_record(self) -> dict[str, Any]:
        """Return the record that a published history carries, as plain values.

        The day on which it was made is not among them: it is later than `until`, and nothing
        later may be left. Where a delay was given it is `until` and the delay.
        """
        return {
            "until": None if self.until is None else instant_text(self.until),
            "delay_days": self.delay_days,
            "coarsen_deg": self.grid_deg,
            "withheld": self.withheld,
            "removed": dict(self.removed),
            "columns": list(self.columns),
            "area_change": round(self.area_change, 3),
            "text": self.sentence(),
        }


def instant_text(moment: pd.Timestamp) -> str:
    """Return an instant as text, to the last digit that it has.

    Examples
    --------
    >>> instant_text(to_utc("2024-11-28 12:00"))
    '2024-11-28T12:00:00Z'
    """
    return moment.tz_convert(None).isoformat() + "Z"


def terms_given(
    *, delay: Any = None, until: Any = None, coarsen: Any = None, made_on: Any = None
) -> Terms:
    """Read what a caller asks for; see `publish`.

    Raises
    ------
    InputError
        Nothing is asked for, `delay` and `until` both, a delay that is none, a grid that is no
        preset.
    DateError
        A date that cannot be read.

    Examples
    --------
    >>> terms_given(delay="36 hours", made_on="2024-12-05").until.isoformat()
    '2024-12-03T12:00:00+00:00'
    >>> terms_given(coarsen=0.02)
    Traceback (most recent call last):
    frontline.errors.InputError: coarsen=0.02 is no preset; use 'withhold', 0.1, 0.01 or 0.001 ...
    """
    if delay is not None and until is not None:
        raise InputError("delay= and until= exclude each other; give one of them")
    if delay is None and until is None and coarsen is None:
        raise InputError("nothing to leave out; give delay=, until= or coarsen=")
    days, cutoff = None, None
    if until is not None:
        cutoff = to_utc(until, what="until")
    elif delay is not None:
        length = _length(delay)
        made = pd.Timestamp.now("UTC") if made_on is None else to_utc(made_on, what="made_on")
        days = length / _DAY
        cutoff = (made - length).as_unit("us")
    grid_deg, withheld = _grid(coarsen)
    return Terms(cutoff, days, grid_deg, withheld)


def earlier(terms: Terms, record: Any) -> Terms:
    """Join terms to the record of an earlier publication: the stricter of each holds."""
    if not record:
        return terms
    until, days = terms.until, terms.delay_days
    before = None if record["until"] is None else to_utc(record["until"])
    if before is not None and (until is None or before < until):
        until, days = before, record["delay_days"]
    grids = [each for each in (terms.grid_deg, record["coarsen_deg"]) if each is not None]
    return Terms(
        until, days, max(grids, default=None), terms.withheld or record["withheld"]
    ).adding(
        record["removed"],
        columns=record.get("columns", ()),
        area_change=record.get("area_change", 0.0),
    )


def _length(delay: Any) -> pd.Timedelta:
    wrong = f"delay={delay!r} is no length of time; write it as 7 (days), '7 days' or '36 hours'"
    if isinstance(delay, bool):
        raise InputError(wrong)
    try:
        if isinstance(delay, Real):
            length = pd.Timedelta(days=float(delay))
        elif isinstance(delay, (str, dt.timedelta)):
            plain = isinstance(delay, str) and delay.strip().isdecimal()
            length = pd.Timedelta(days=int(delay)) if plain else pd.Timedelta(delay)  # type: ignore[arg-type]
        else:
            raise InputError(wrong)
    except (ValueError, OverflowError):
        raise InputError(wrong) from None
    if not length >= pd.Timedelta(0):  # NaT is none either
        raise InputError(f"delay={delay!r} must not be negative")
    return length


def _grid(coarsen: Any) -> tuple[float | None, bool]:
    if coarsen is None:
        return None, False
    if coarsen == WITHHOLD:
        return COARSEST_DEG, True
    try:
        step = float(coarsen)
    except (TypeError, ValueError):
        step = float("nan")
    if isinstance(coarsen, bool) or step not in GRIDS:
        raise InputError(
            f"coarsen={coarsen!r} is no preset; use 'withhold', 0.1, 0.01 or 0.001 (degrees)"
        )
    return step, False


def as_of_made(made_on: Any, as_of: Any) -> Any:
    """Return from when a delay counts back: as given, else as of when the record stands.

    Examples
    --------
    >>> as_of_made(None, "2024-12-12"), as_of_made("2025-01-01", "2024-12-12"), as_of_made(None, "")
    ('2024-12-12', '2025-01-01', None)
    """
    if made_on is not None:
        return made_on
    try:
        return as_of if as_of and to_utc(as_of) is not None else None
    except DateError:
        return None
