"""Who says so: the statements behind what a map shows, coded for the payload and read back.

A cell of a history made from reports has a sequence of statements. Many cells share one, so each
distinct statement and each distinct sequence is written once, and every place that lends its name
to a cell carries the numbers of the sequences of that cell and of the parts into which reported
areas cut it. A spot is then answered by the nearest place with a sequence that says what the map
shows there. A history made from maps carries the dates of the maps and their sources instead.

What is written, after the head's ``statements`` (``cited``: for every source its number among the
head's sources or its text; ``named``: sites that are none of the places):

1. statements: count; seconds since the first frame, as differences; state; kind; source
2. sequences: count; length of each; numbers of statements, as differences within each
3. how many sequences each place has, in the order of the payload, then each further site; and
   their numbers
4. the further sites' longitudes, then latitudes, as differences, in ten-thousandths of a degree
5. maps: count; seconds since the first frame, as differences; source
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.scene.content import cited_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    IntArray = npt.NDArray[np.int64]
    State = tuple[str | None, str, str]

__all__ = ["KINDS", "Statements", "coded_statements", "read_statements"]

KINDS = ("point", "area", "infill", "silence")
"""What a statement is: on a place, on an area, assessed by the infill rule, or the end of one."""

UNITS_PER_DEGREE = 10_000
NO_SOURCE = -1
_AREAS = ("area", "sites")


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a payload, read back.

    Attributes
    ----------
    sites : list of (name, lon, lat, sequences)
        Each sequence is a list of (instant, state, kind, cited), the state as its number in the
        head, cited as texts and as ids of sources.
    maps : list of (instant, cited)
    """

    sites: list[tuple[str, float, float, list[list[tuple[pd.Timestamp, int, str, list[str]]]]]]
    maps: list[tuple[pd.Timestamp, list[str]]]


@dataclass(frozen=True, slots=True)
class _Sites:
    """Named spots, and the numbers of the sequences of each; the places of the payload first."""

    sequences: list[list[int]]
    named: list[str]
    spots: list[tuple[float, float]]


class _Cited:
    """The sources in the order of their first use."""

    def __init__(self, sources: Sequence[Mapping[str, Any]]) -> None:
        self._known = {source["id"]: i for i, source in enumerate(sources)}
        self.rows: list[list[int | str]] = []
        self._number: dict[str, int] = {}

    def number(self, value: Any) -> int:
        found = cited_in(value, self._known)
        if not found:
            return NO_SOURCE
        key = "\0".join(found)
        if key not in self._number:
            self._number[key] = len(self.rows)
            self.rows.append([self._known.get(text, text) for text in found])
        return self._number[key]


def coded_statements(
    history: Any,
    times: pd.DatetimeIndex,
    states: Sequence[State],
    *,
    places: Sequence[tuple[str, float, float]],
    sources: Sequence[Mapping[str, Any]],
) -> tuple[dict[str, Any] | None, IntArray]:
    """Code the statements behind a map.

    Parameters
    ----------
    history : ControlHistory
        One without `spells` and `reports` has nothing to say.
    times : pandas.DatetimeIndex
        The frames.
    states : sequence of (actor, status, basis)
        Those of the payload, in its order. A statement whose state no frame shows is left out.
    places : sequence of (name, lon, lat)
        Those of the payload, in its order.
    sources : sequence of mapping
        Those of the payload; each with an `id`.

    Returns
    -------
    dict or None, numpy.ndarray of int64
        What the head carries, None if there are no statements; and the integers.
    """
    reports, spells = getattr(history, "reports", None), getattr(history, "spells", None)
    if reports is None or spells is None or not len(reports):
        return None, np.zeros(0, dtype=np.int64)
    cited = _Cited(sources)
    kinds = reports["kind"].astype(object)
    maps: list[tuple[int, int]] = []
    table: list[tuple[int, int, int, int]] = []
    sequences: list[list[int]] = []
    if (kinds == "snapshot").any():
        maps = _maps(reports[reports["recorded_to"].isna()], times, cited)
        sites = _Sites([[] for _ in places], [], [])
    else:
        table, sequences, of_cell = _sequences(spells, kinds, times, states, cited)
        sites = _sites(history.cells, reports, places, of_cell)
    if not maps and not sequences:
        return None, np.zeros(0, dtype=np.int64)
    head = {"cited": cited.rows, **({"named": sites.named} if sites.named else {})}
    columns = np.array(table, dtype=np.int64).reshape(-1, 4)
    columns[:, 0] = np.diff(columns[:, 0], prepend=0)
    dated = np.array(maps, dtype=np.int64).reshape(-1, 2)
    dated[:, 0] = np.diff(dated[:, 0], prepend=0)
    spots = np.rint(np.array(sites.spots).reshape(-1, 2) * UNITS_PER_DEGREE).astype(np.int64)
    parts: list[Any] = [
        [len(columns)],
        columns.T.ravel(),
        [len(sequences), *(len(sequence) for sequence in sequences)],
        *(np.diff(sequence, prepend=0) for sequence in sequences),
        [len(numbers) for numbers in sites.sequences],
        *sites.sequences,
        np.diff(spots, axis=0, prepend=0).T.ravel(),
        [len(dated)],
        dated.T.ravel(),
    ]
    return head, np.concatenate([np.asarray(part, dtype=np.int64) for part in parts])


def _seconds(values: Any) -> list[int | None]:
    return [None if pd.isna(each) else int(each.timestamp()) for each in values]


def _maps(reports: pd.DataFrame, times: pd.DatetimeIndex, cited: _Cited) -> list[tuple[int, int]]:
    """Return (seconds since the first frame, source) of every map that says where it is from."""
    first, last = int(times[0].timestamp()), int(times[-1].timestamp())
    rows = [
        (seconds, cited.number(source))
        for seconds, source in zip(_seconds(reports["valid_from"]), reports["source"], strict=True)
        if seconds is not None and seconds <= last
    ]
    if all(source == NO_SOURCE for _, source in rows):
        return []
    rows.sort(key=lambda row: row[0])
    before = [i for i, (seconds, _) in enumerate(rows) if seconds <= first]
    return [(seconds - first, source) for seconds, source in rows[max(before, default=0) :]]


def _sequences(
    spells: pd.DataFrame,
    kinds: pd.Series[Any],
    times: pd.DatetimeIndex,
    states: Sequence[State],
    cited: _Cited,
) -> tuple[list[tuple[int, int, int, int]], list[list[int]], dict[int, int]]:
    """Return the distinct statements, the distinct sequences, and which one each cell has."""
    known = spells[spells["recorded_to"].isna()].sort_values(["cell", "valid_from"])
    number = {state: i for i, state in enumerate(states)}
    silent = next((i for i, state in enumerate(states) if state[1] == "no_data"), None)
    first, last = int(times[0].timestamp()), int(times[-1].timestamp())
    columns = [known[name].tolist() for name in ("cell", "actor", "status", "basis", "source")]
    kind_of = [_kind(kind) for kind in kinds.reindex(known["report"]).tolist()]
    whens = zip(_seconds(known["valid_from"]), _seconds(known["valid_to"]), strict=True)
    of_cell: dict[int, list[tuple[int, int, int, int]]] = {}
    ends: dict[int, int | None] = {}
    for (cell, actor, status, basis, source), kind, (begin, end) in zip(
        zip(*columns, strict=True), kind_of, whens, strict=True
    ):
        since = first if begin is None else begin
        if since > last or (end is not None and end <= first):
            continue
        row = of_cell.setdefault(cell, [])
        _end(row, ends.get(cell), since, silent, first)
        named = actor if isinstance(actor, str) and actor else None
        state = number.get((named, str(status), _plain(basis)))
        if state is not None:
            row.append((max(since - first, -1), state, kind, cited.number(source)))
        ends[cell] = end
    for cell, row in of_cell.items():
        _end(row, ends[cell], last + 1, silent, first)
    table = sorted({statement for row in of_cell.values() for statement in row})
    place = {statement: i for i, statement in enumerate(table)}
    listed = {cell: tuple(place[each] for each in row) for cell, row in of_cell.items() if row}
    counts = Counter(listed.values())
    order = sorted(counts, key=lambda sequence: (-counts[sequence], sequence))
    rank = {sequence: i for i, sequence in enumerate(order)}
    return table, [list(each) for each in order], {cell: rank[s] for cell, s in listed.items()}


def _end(
    row: list[tuple[int, int, int, int]],
    end: int | None,
    following: int,
    silent: int | None,
    first: int,
) -> None:
    """Say that nobody speaks any more, if a statement ends before the next begins."""
    if row and end is not None and end < following and silent is not None:
        row.append((end - first, silent, KINDS.index("silence"), NO_SOURCE))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _kind(kind: Any) -> int:
    return KINDS.index("area" if kind in _AREAS else "infill" if kind == "infill" else "point")


def _sites(
    cells: Any,
    reports: Any,
    places: Sequence[tuple[str, float, float]],
    of_cell: Mapping[int, int],
) -> _Sites:
    """Find the sites of the cells: places that lend their name to one, then reported points."""
    points = reports[(reports["kind"] == "point").to_numpy()]
    told = shapely.get_coordinates(points.geometry.array)
    spots = [*((lon, lat) for _, lon, lat in places), *map(tuple, told.tolist())]
    site, named = cells["site"].to_numpy(), cells["place"].tolist()
    labels = cells.index.to_numpy()
    at = np.full(len(spots), -1, dtype=np.int64)
    if spots:
        hits = shapely.STRtree(cells.geometry.array).query(
            shapely.points(np.array(spots)), predicate="intersects"
        )
        at[hits[0][::-1]] = hits[1][::-1]  # the first of several counts
    variants: dict[int, list[int]] = {}
    for row in np.argsort(site, kind="stable").tolist():
        if int(labels[row]) in of_cell:
            variants.setdefault(int(site[row]), []).append(row)
    seen: set[int] = set()
    found = _Sites([], [], [])
    for i, ((lon, lat), cell) in enumerate(zip(spots, at.tolist(), strict=True)):
        own = int(site[cell]) if cell >= 0 else -1
        given = i < len(places)
        fits = cell >= 0 and own not in seen and (not given or named[cell] == places[i][0])
        rows = variants.get(own, []) if fits else []
        # Its own cell first, then the parts that reported areas cut off.
        rows = sorted(rows, key=lambda row: row != cell)
        numbers = list(dict.fromkeys(of_cell[int(labels[row])] for row in rows))
        if numbers:
            seen.add(own)
        if given or numbers:
            found.sequences.append(numbers)
        if not given and numbers:
            found.named.append(named[cell] or "")
            found.spots.append((lon, lat))
    return found


def read_statements(
    take: Callable[[int], IntArray],
    head: Mapping[str, Any],
    times: pd.DatetimeIndex,
    places: Sequence[Sequence[Any]],
) -> Statements:
    """Read what `coded_statements` wrote.

    Parameters
    ----------
    take : callable
        Returns the next integers of the stream.
    head : mapping
        With `statements` and `sources`.
    times : pandas.DatetimeIndex
        The frames.
    places : sequence of (name, lon, lat, ...)
        In the order of the payload.
    """
    given, ids = head["statements"], [source["id"] for source in head["sources"]]

    def cited(number: int) -> list[str]:
        row = given["cited"][number] if number >= 0 else []
        return [ids[each] if isinstance(each, int) else str(each) for each in row]

    def moments(steps: IntArray) -> list[pd.Timestamp]:
        return list(times[0] + pd.to_timedelta(np.cumsum(steps), unit="s"))

    count = int(take(1)[0])
    columns = take(4 * count).reshape(4, count)
    statements = [
        (moment, int(state), KINDS[kind], cited(int(source)))
        for moment, state, kind, source in zip(moments(columns[0]), *columns[1:], strict=True)
    ]
    lengths = take(int(take(1)[0])).tolist()
    sequences = [[statements[i] for i in np.cumsum(take(length))] for length in lengths]
    named = given.get("named", [])
    counts = take(len(places) + len(named)).tolist()
    numbers = [take(each).tolist() for each in counts]
    lon, lat = np.cumsum(take(2 * len(named)).reshape(2, -1), axis=1) / UNITS_PER_DEGREE
    rows = [*((row[0], row[1], row[2]) for row in places), *zip(named, lon, lat, strict=True)]
    sites = [
        (name, float(x), float(y), [sequences[i] for i in own])
        for (name, x, y), own in zip(rows, numbers, strict=True)
        if own
    ]
    count = int(take(1)[0])
    dated = take(2 * count).reshape(2, count)
    maps = [
        (when, cited(int(source))) for when, source in zip(moments(dated[0]), dated[1], strict=True)
    ]
    return Statements(sites, maps)
