"""From statements that overlap and contradict to one view: spells in both times.

A statement speaks for a cell over [valid_from, valid_to) and is known over
[recorded_from, recorded_to). In that plane of two times each statement is a rectangle. They
are painted in order of their weight, the weightiest last, and what is seen in the end is cut
into rectangles again: the spells. Nothing is lost, for the statements stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from frontline.control.canvas import canvases
from frontline.control.doubt import micros as micros  # noqa: PLC0414 - other modules take it from here
from frontline.control.doubt import texts_of
from frontline.control.frames import objects
from frontline.control.statements import BASES
from frontline.control.verdicts import NOBODY, Voices, latest
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from frontline.control.verdicts import Verdict

    Ints = NDArray[np.int64]

#: Open ends in microseconds since 1970.
BEFORE = int(np.iinfo(np.int64).min)
AFTER = int(np.iinfo(np.int64).max)
RULES = ("latest", "source-rank", "vote", "most-cautious")
#: Rules that want to know which source is trusted most.
RANKED = ("source-rank", "vote")
KINDS = ("infill", "area", "sites", "point")
TIMES = ("valid_from", "valid_to", "recorded_from", "recorded_to")
SPELL_COLUMNS = (
    "cell",
    "actor",
    "status",
    "basis",
    *TIMES,
    "valid_from_edtf",
    "valid_to_edtf",
    "confidence",
    "source",
    "report",
)


def stamps(numbers: Ints) -> pd.DatetimeIndex:
    """Return microseconds as timestamps in UTC; open ends become NaT."""
    plain = np.where((numbers == BEFORE) | (numbers == AFTER), BEFORE, numbers)
    return pd.DatetimeIndex(plain.astype("datetime64[us]")).tz_localize("UTC")


def weights(table: pd.DataFrame, *, resolve: str, rank: Sequence[str] | None) -> Ints:
    """Rank statements: where two disagree, the one with the higher number is believed.

    Parameters
    ----------
    table
        Statements, as `read_statements` returns them.
    resolve
        ``"latest"``: the latest `valid_from` wins; of the same instant a report on a point
        beats one on an area and an assessment by infill comes last; then the basis decides
        (confirmed, reported, assessed, claimed), then what was recorded later, then the
        order of the rows. ``"source-rank"``: the source decides before all that.
        ``"vote"`` and ``"most-cautious"`` (see `frontline.control.verdicts`) rank the
        statements of one source among each other, as ``"latest"`` does.
    rank
        For ``"source-rank"`` and ``"vote"``: the sources, most trusted first; others follow
        after them.

    Raises
    ------
    InputError
        An unknown rule, or a rank that is missing or given to a rule that has none.
    """
    check_rule(resolve, rank)
    kind = _numbers(table["kind"], KINDS)
    trust = np.zeros(len(table), dtype=np.int64)
    if resolve == "source-rank":
        trust = trust_of(table["source"], rank)
        # Infill follows its neighbours' reports, whoever made them; it is never ranked below.
        trust[kind == KINDS.index("infill")] = trust.max(initial=0)
    order = np.lexsort(
        (
            np.arange(len(table)),
            micros(table["recorded_from"], open_end=BEFORE),
            -_numbers(table["basis"], BASES),
            kind,
            micros(table["valid_from"], open_end=BEFORE),
            trust,
        )
    )
    out = np.empty(len(table), dtype=np.int64)
    out[order] = np.arange(len(table))
    return out


def check_rule(resolve: str, rank: Sequence[str] | None) -> None:
    """Refuse a rule that is unknown, or a rank that does not go with it.

    Raises
    ------
    InputError
        As `weights` says.
    """
    if resolve not in RULES:
        raise InputError(f"resolve {resolve!r} is unknown; use {' or '.join(RULES)}")
    if (resolve in RANKED) != (rank is not None):
        raise InputError(
            f"resolve={resolve!r} " + ("needs" if resolve in RANKED else "has no") + " rank=[...]; "
            f"the sources in it, most trusted first, go with {' and '.join(RANKED)}"
        )
    if rank is not None and (isinstance(rank, str) or not isinstance(rank, Iterable)):
        raise InputError(f"rank={rank!r} must list sources, most trusted first")


def trust_of(sources: Any, rank: Sequence[str] | None) -> Ints:
    """Return for each source its place in a rank, the first the highest, 0 for the others."""
    listed = list(dict.fromkeys(str(source) for source in (() if rank is None else rank)))
    return len(listed) - _numbers(sources, tuple(listed))


def _numbers(values: Any, names: tuple[str, ...]) -> Ints:
    """Return the place of each value among some names, their count where it is none of them."""
    place = {name: i for i, name in enumerate(names)}
    code, distinct = pd.factorize(objects(values))
    found = [*(place.get(name, len(names)) for name in distinct), len(names)]
    return np.array(found, dtype=np.int64)[code]


def resolve_spells(
    table: pd.DataFrame, spoke: pd.DataFrame, *, weight: Ints, verdict: Verdict | None = None
) -> pd.DataFrame:
    """Resolve the statements of every cell into spells.

    Parameters
    ----------
    table
        Statements.
    spoke
        `report` and `cell`: which statement speaks for which cell.
    weight
        What `weights` returned.
    verdict
        How the statements that are valid and known at one instant are judged; if None the
        one of the highest weight is believed.

    Returns
    -------
    pandas.DataFrame
        `SPELL_COLUMNS`, sorted by cell, valid_from and recorded_from. At one instant of both
        times a cell has at most one spell. A contested cell keeps its last holder of record
        as actor; where there is none, the contender that the statement names.
    """
    voices = Voices.of(table)
    accepted = (table["review"] == "accepted").to_numpy()
    spoke = spoke[accepted[spoke["report"].to_numpy(dtype=np.int64)]]
    report = spoke["report"].to_numpy(dtype=np.int64)
    cell = spoke["cell"].to_numpy(dtype=np.int64)
    order = np.lexsort((weight[report], cell))
    report, cell = report[order], cell[order]
    bounds = np.flatnonzero(np.diff(cell, prepend=-1))  # cells count from 0
    ends = np.append(bounds, len(cell))[1:]
    boxes = np.column_stack(
        [micros(table[name], open_end=BEFORE if name.endswith("from") else AFTER) for name in TIMES]
    )
    verdict = verdict or latest
    parts = [np.empty((0, 8), dtype=np.int64)]
    for cells, canvas, of in canvases(report, ends, boxes):
        judged = verdict(canvas, voices)
        row, box = canvas.rectangles(judged.packed())
        winner, holder, contested = judged.unpacked(canvas.key[row], box[:, 4])
        found = np.column_stack([row, box[:, :4], winner, holder, contested])
        # Cells for which the same statements speak share one answer.
        size = np.bincount(row, minlength=len(canvas.key))
        begin = (np.cumsum(size) - size)[of]
        size = size[of]
        step = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        found = found[np.repeat(begin, size) + step]
        found[:, 0] = np.repeat(cell[bounds[cells]], size)
        parts.append(found)
    return _spells(table, np.concatenate(parts))


def _spells(table: pd.DataFrame, found: Ints) -> pd.DataFrame:
    """Return cell, times, winner, holder and contested as a frame of spells, sorted."""
    found = found[np.lexsort((found[:, 3], found[:, 1], found[:, 0]))]
    winner, holder = found[:, 5], found[:, 6]
    actor = objects([*table["actor"], None])  # the last stands for nobody
    held = ~pd.isna(actor)
    named = np.where((holder >= 0) & held[holder], holder, winner)
    status = objects(table["status"])[winner]
    status[found[:, 7] == 1] = "contested"
    columns = {name: objects(table[name])[winner] for name in ("basis", "confidence", "source")}
    columns |= {"actor": actor[np.where(holder == NOBODY, -1, named)], "status": status}
    index = pd.RangeIndex(len(found), name="spell")
    made: dict[str, Any] = {
        "cell": found[:, 0],
        **{name: pd.Series(values, index=index, dtype=object) for name, values in columns.items()},
        **{name: stamps(found[:, 1 + i]) for i, name in enumerate(TIMES)},
        "report": winner,
    }
    for name, texts in texts_of(table, found[:, 0], found[:, 1:3], winner).items():
        made[name] = pd.Series(texts, index=index, dtype=object)
    return pd.DataFrame({name: made[name] for name in SPELL_COLUMNS}, index=index)


def meets(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Say whether two rectangles of the two times share more than a border."""
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def clip(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Return what of `a` lies in `b`, with the value of `a`."""
    return (max(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), min(a[3], b[3]), a[4])


def paint(layers: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Paint rectangles over each other and cut what is seen into as few again.

    Parameters
    ----------
    layers
        (valid_from, valid_to, recorded_from, recorded_to, value), the topmost last.

    Returns
    -------
    list
        Rectangles of the same form that do not overlap, in order of time.

    Examples
    --------
    >>> paint([(0, 9, 0, 9, 1), (4, 9, 0, 9, 2)])
    [(0, 4, 0, 9, 1), (4, 9, 0, 9, 2)]
    >>> paint([(0, 9, 0, 9, 1), (4, 9, 5, 9, 2)])
    [(0, 4, 5, 9, 1), (0, 9, 0, 5, 1), (4, 9, 5, 9, 2)]
    """
    if len(layers) == 1:
        return list(layers)
    valid = sorted({t for layer in layers for t in layer[:2]})
    known = sorted({t for layer in layers for t in layer[2:4]})
    at_valid = {t: i for i, t in enumerate(valid)}
    at_known = {t: i for i, t in enumerate(known)}
    unpainted: list[int | None] = [None] * (len(valid) - 1)
    canvas = [unpainted.copy() for _ in known[1:]]
    for start, stop, first, last, value in layers:
        begin, end = at_valid[start], at_valid[stop]
        for row in canvas[at_known[first] : at_known[last]]:
            row[begin:end] = [value] * (end - begin)
    rectangles: list[tuple[int, ...]] = []
    growing: dict[tuple[int, int, int], int] = {}
    for number, row in enumerate([*canvas, unpainted]):
        runs = _runs(row)
        for run in [run for run in growing if run not in runs]:
            begin, end, value = run
            since = known[growing.pop(run)]
            rectangles.append((valid[begin], valid[end], since, known[number], value))
        for run in runs:
            growing.setdefault(run, number)
    return sorted(rectangles)


def _runs(row: list[int | None]) -> dict[tuple[int, int, int], None]:
    runs: dict[tuple[int, int, int], None] = {}
    begin = 0
    for i in range(1, len(row) + 1):
        if i == len(row) or row[i] != row[begin]:
            value = row[begin]
            if value is not None:
                runs[(begin, i, value)] = None
            begin = i
    return runs
