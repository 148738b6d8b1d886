"""Hours of the case syria-2024, and the statements that others contradict.

A bare date in the facts table means the day, from 00:00 UTC. Where the source or its neighbours
give a part of the day or an hour, it stands in syria_2024_times.csv, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from syria_2024_common import read_csv, utc


@dataclass(frozen=True, slots=True)
class When:
    """An instant in UTC, how precise it is, and why."""

    at: str
    precision: str
    why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A statement that others contradict.

    With `until` it was believed until then (`recorded_to`); without, the contradiction is open
    and it decides nothing (`review` is conflict).
    """

    until: str
    why: str


class Times:
    """Answers when a row of the facts table holds."""

    def __init__(self) -> None:
        self._table = {
            (row["locality"], row["date"], row["source"]): When(
                utc(row["local"] if row["precision"] == "day" else row["local"] + "+03"),
                row["precision"],
                row["why"],
            )
            for row in read_csv(Path(__file__).with_name("syria_2024_times.csv"))
        }

    def when(self, locality: str, date: str, source: str) -> When:
        """Return the instant of a row: its own, its source's, or the start of its day."""
        own = self._table.get((locality, date, source)) or self._table.get(("*", date, source))
        return own or When(utc(date), "day", "")


CONFLICTS = {
    ("Qomhana", "2024-12-03", "isw-20241203"): Conflict(
        utc("2024-12-04T00:00Z"),
        "contradicted by other accounts: held as a pocket until 5 December",
    ),
    ("Jabal Zayn al-Abidin", "2024-12-03", "isw-20241203"): Conflict(
        utc("2024-12-04T00:00Z"), "contradicted by SOHR on 3, 4 and 5 December"
    ),
    ("Qalaat al-Madiq", "2024-12-02", "novinite-229717"): Conflict(
        "", "open contradiction: SOHR says that the attempts were repelled"
    ),
}
