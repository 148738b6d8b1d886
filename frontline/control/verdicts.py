"""Who is believed where several statements are valid and known at the same instant.

A verdict looks at the table of a cell field by field. Each source has one voice in a field:
the latest of its statements that is valid and known there. Statements without a source share
one voice. An assessment by infill has none, but is believed while it is later than all that
was reported, for it is made where nobody reports.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.frames import objects
from frontline.control.statements import BASES
from frontline.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from frontline.control.canvas import Canvas

    Ints = NDArray[np.int64]
    Codes = NDArray[np.int32]
    Bools = NDArray[np.bool_]

Verdict = Callable[["Canvas", "Voices"], "Judged"]

#: In place of the statement that names the holder: the winner's own actor, or nobody.
OWN, NOBODY = -1, -2

_ABSTAINS = -1
_CONTESTED = 0


@dataclass(frozen=True, eq=False)
class Voices:
    """What is asked of every statement, as numbers.

    Attributes
    ----------
    source : numpy.ndarray
        The number of its source.
    infill, contested : numpy.ndarray
        Whether it is an assessment by infill, and whether it says contested.
    holder : numpy.ndarray
        The number of the actor that holds the cell, 0 for contested, -1 where it says no data.
    option : numpy.ndarray
        The same, infiltration by an actor apart from holding.
    weakness : numpy.ndarray
        Place of its basis among confirmed, reported, assessed, claimed.
    """

    source: Ints
    infill: Bools
    contested: Bools
    holder: Ints
    option: Ints
    weakness: Ints

    @classmethod
    def of(cls, table: pd.DataFrame) -> Voices:
        """Read a table of statements."""
        status = objects(table["status"])
        contested, silent = status == "contested", status == "no_data"
        actor = pd.factorize(objects(table["actor"]))[0] + 1
        source = pd.factorize(objects(table["source"]))[0]
        holder = np.where(contested, _CONTESTED, np.where(silent, _ABSTAINS, actor * 2 + 2))
        entered = (status == "infiltration") & (holder > _CONTESTED)
        basis = pd.Categorical(objects(table["basis"]), categories=BASES)
        return cls(
            (source + 1).astype(np.int64),
            np.asarray(objects(table["kind"]) == "infill", dtype=bool),
            np.asarray(contested, dtype=bool),
            holder.astype(np.int64),
            (holder + entered).astype(np.int64),
            basis.codes.astype(np.int64),
        )


@dataclass(frozen=True, eq=False)
class Judged:
    """What is believed in every field of a canvas.

    Attributes
    ----------
    count : int
        How many statements speak for each cell.
    winner : numpy.ndarray
        The place in `Canvas.key` of the statement that is believed, -1 where none speaks.
    holder : numpy.ndarray
        That of the statement from which the actor is taken, or `OWN` or `NOBODY`.
    contested : numpy.ndarray
        Whether the field is contested though the winner does not say so.
    """

    count: int
    winner: Codes
    holder: Codes
    contested: Bools

    def packed(self) -> Ints:
        """Return one number for each field, equal where the judgement is."""
        both = self.winner.astype(np.int64) * (self.count + 2) + self.holder - NOBODY
        return np.where(self.winner < 0, -1, both * 2 + self.contested)

    def unpacked(self, key: Ints, packed: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the statements and the mark that stand behind packed numbers."""
        winner, holder = np.divmod(packed // 2, self.count + 2)
        holder += NOBODY
        row = np.arange(len(key))
        named = key[row, np.maximum(holder, 0)]
        return key[row, winner], np.where(holder < 0, holder, named), packed % 2


def verdict_of(resolve: str, trust: Ints) -> Verdict:
    """Return the verdict that a rule of `ControlHistory.from_places` stands for.

    Parameters
    ----------
    resolve
        The name of the rule.
    trust
        How much the source of every statement is trusted; higher is more.

    Raises
    ------
    InputError
        The rule is unknown.
    """
    if resolve in ("latest", "source-rank"):
        return latest
    if resolve == "vote":
        return lambda canvas, voices: vote(canvas, voices, trust)
    if resolve == "most-cautious":
        return most_cautious
    raise InputError(f"resolve {resolve!r} is unknown")


def latest(canvas: Canvas, voices: Voices) -> Judged:
    """Believe the statement of the highest weight.

    A contested field takes its holder from the weightiest statement that says who holds it.
    """
    winner = canvas.empty()
    for nth in range(canvas.key.shape[1]):
        canvas.lay(winner, nth)
    holder = _held_before(canvas, voices, winner)
    return Judged(canvas.key.shape[1], winner, holder, np.zeros(winner.shape, dtype=bool))


def vote(canvas: Canvas, voices: Voices, trust: Ints) -> Judged:
    """Believe what most sources say; of a tie, what the most trusted of the tied says.

    A source votes for an actor, for an actor's infiltration, or for contested; one that says
    no data abstains. Among those who voted for the winner the latest statement is believed,
    and it stands in the spell. This is how VIINA 2.0 joins its four sources.
    """
    count = canvas.key.shape[1]
    top, said = _voices(canvas, voices)
    option = [_look(voices.option[canvas.key], each, _ABSTAINS) for each in said]
    score = canvas.empty().astype(np.int64)
    chosen = np.full(score.shape, _ABSTAINS, dtype=np.int64)
    # One number orders first by votes, then by trust, then by weight.
    high = int(trust[canvas.key].max(initial=0)) + 1
    for own, speaks in zip(option, said, strict=True):
        votes = sum((own == other).astype(np.int64) for other in option)
        trusted = _look(trust[canvas.key], speaks, 0)
        mine = (votes * high + trusted) * (count + 1) + speaks + 1
        better = (own != _ABSTAINS) & (mine > score)
        chosen[better], score[better] = own[better], mine[better]
    winner = canvas.empty()
    for own, speaks in zip(option, said, strict=True):
        np.maximum(winner, np.where(own == chosen, speaks, -1), out=winner)
    winner = _with_infill(canvas, voices, top, winner)
    holder = _held_before(canvas, voices, winner)
    return Judged(count, winner, holder, np.zeros(winner.shape, dtype=bool))


def most_cautious(canvas: Canvas, voices: Voices) -> Judged:
    """Believe only what no source contradicts, at its weakest.

    While all sources that say anything name the same holder, the statement with the weakest
    basis stands (claimed before assessed, reported, confirmed; of equal ones the latest).
    While they disagree, or one says contested, the field is contested and its holder is the
    one they last agreed on, nobody if they never did.
    """
    count = canvas.key.shape[1]
    top, said = _voices(canvas, voices)
    low = np.full(canvas.shape, np.iinfo(np.int64).max)
    high = np.full(canvas.shape, _ABSTAINS, dtype=np.int64)
    winner, score = canvas.empty(), canvas.empty().astype(np.int64)
    silent = canvas.empty()
    for speaks in said:
        own = _look(voices.holder[canvas.key], speaks, _ABSTAINS)
        votes = own != _ABSTAINS
        low = np.where(votes, np.minimum(low, own), low)
        high = np.maximum(high, own)
        mine = _look(voices.weakness[canvas.key], speaks, 0) * (count + 1) + speaks
        weaker = votes & (mine > score)
        winner[weaker], score[weaker] = speaks[weaker], mine[weaker]
        np.maximum(silent, speaks, out=silent)
    spoken = winner >= 0
    agreed = spoken & (low == high) & (high != _CONTESTED)
    column = np.where(agreed, np.arange(canvas.shape[2]), -1)
    column = np.maximum.accumulate(column, axis=2)
    before = np.take_along_axis(winner, np.maximum(column, 0), axis=2)
    holder = np.where(column < 0, NOBODY, before).astype(np.int32)
    winner = _with_infill(canvas, voices, top, np.where(spoken, winner, silent))
    by_rule = _look(voices.infill[canvas.key], winner, False)
    contested = spoken & ~agreed & ~by_rule
    holder = np.where(contested, holder, OWN).astype(np.int32)
    return Judged(count, winner, holder, contested)


def _voices(canvas: Canvas, voices: Voices) -> tuple[Codes, list[Codes]]:
    """Return the weightiest statement in every field, and the one of each source in turn."""
    source = np.where(voices.infill[canvas.key], -1, voices.source[canvas.key])
    first = np.argmax(source[:, :, None] == source[:, None, :], axis=2)
    opens = first == np.arange(source.shape[1])
    opens &= source >= 0
    slot = np.take_along_axis(np.cumsum(opens, axis=1) - 1, first, axis=1)
    slot[source < 0] = -1
    top = canvas.empty()
    said = [canvas.empty() for _ in range(int(slot.max(initial=-1)) + 1)]
    for nth in range(source.shape[1]):
        canvas.lay(top, nth)
        for number in np.unique(slot[:, nth]):
            if number >= 0:
                canvas.lay(said[number], nth, where=slot[:, nth] == number)
    return top, said


def _with_infill(canvas: Canvas, voices: Voices, top: Codes, winner: Codes) -> Codes:
    by_rule = _look(voices.infill[canvas.key], top, False)
    return np.where(by_rule, top, winner).astype(np.int32)


def _held_before(canvas: Canvas, voices: Voices, winner: Codes) -> Codes:
    """Return for contested fields the weightiest statement that says who holds them."""
    holder = np.full(winner.shape, OWN, dtype=np.int32)
    contested = voices.contested[canvas.key]
    some = contested.any(axis=1)
    if not some.any():
        return holder
    record = canvas.empty()
    for nth in range(canvas.key.shape[1]):
        canvas.lay(record, nth, where=some & ~contested[:, nth])
    return np.where(_look(contested, winner, False), record, holder)


def _look(values: NDArray[Any], table: NDArray[Any], missing: Any) -> NDArray[Any]:
    """Return for every field what belongs to its statement; `missing` where none speaks."""
    row = np.arange(len(values))[:, None, None]
    found: NDArray[Any] = values[row, np.maximum(table, 0)]
    return np.where(table < 0, missing, found)
