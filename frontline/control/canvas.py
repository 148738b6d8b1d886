"""Many cells at once: the plane of both times cut where a statement begins or ends.

Between two neighbouring instants of valid time and of record time nothing changes. So every
cell has a small table, record time down and valid time across, in which a rule decides field
by field who is believed; fields that say the same are joined into rectangles again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Codes = NDArray[np.int32]
    Bools = NDArray[np.bool_]

_FIELDS = 1_000_000  # how many fields are worked on at once


@dataclass(frozen=True, eq=False)
class Canvas:
    """The tables of some cells for which equally many statements speak.

    Attributes
    ----------
    key : numpy.ndarray
        The statements of each cell, the weightiest last, shape (cells, statements).
    valid, known : numpy.ndarray
        The instants between which the columns and the rows lie, microseconds, shape
        (cells, columns + 1) and (cells, rows + 1); the last one is repeated as padding.
    boxes : numpy.ndarray
        valid_from, valid_to, recorded_from, recorded_to of the statements in `key`, shape
        (cells, statements, 4).
    """

    key: Ints
    valid: Ints
    known: Ints
    boxes: Ints

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells, rows, columns."""
        return len(self.key), self.known.shape[1] - 1, self.valid.shape[1] - 1

    def empty(self) -> Codes:
        """Return a table for every cell in which nobody has spoken yet: -1."""
        return np.full(self.shape, -1, dtype=np.int32)

    def lay(self, table: Codes, nth: int, *, where: Bools | None = None) -> None:
        """Write `nth` wherever the statement of that number speaks, in the cells marked."""
        box = self.boxes[:, nth]
        if len(self.key) == 1:  # a large table: touch only what changes
            if where is None or where[0]:
                rows = slice(*np.searchsorted(self.known[0], box[0, 2:]))
                table[0, rows, slice(*np.searchsorted(self.valid[0], box[0, :2]))] = nth
            return
        start, begin = self.valid[:, :-1], self.known[:, :-1]
        across = (box[:, :1] <= start) & (start < box[:, 1:2])
        down = (box[:, 2:3] <= begin) & (begin < box[:, 3:])
        if where is not None:
            down &= where[:, None]
        np.copyto(table, np.int32(nth), where=down[:, :, None] & across[:, None, :])

    def rectangles(self, table: Codes | Ints) -> tuple[Ints, Ints]:
        """Join fields of equal value into rectangles, along valid time first.

        Returns
        -------
        cell, box
            The number of a cell in this canvas, and valid_from, valid_to, recorded_from,
            recorded_to and the value of each rectangle, shape (n, 5). Fields of -1 are left out.
        """
        _, rows, columns = self.shape
        change = np.ones((*table.shape[:2], columns + 1), dtype=bool)
        change[:, :, 1:-1] = table[:, :, 1:] != table[:, :, :-1]
        stop = np.where(change[:, :, 1:], np.arange(1, columns + 1), columns)
        stop = np.minimum.accumulate(stop[:, :, ::-1], axis=2)[:, :, ::-1]
        starts = change[:, :, :-1] & (table >= 0)
        goes_on = np.zeros((len(table), rows + 1, columns), dtype=bool)
        goes_on[:, 1:-1] = (
            starts[:, 1:]
            & starts[:, :-1]
            & (table[:, 1:] == table[:, :-1])
            & (stop[:, 1:] == stop[:, :-1])
        )
        last = np.where(goes_on[:, 1:], rows, np.arange(1, rows + 1)[:, None])
        last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
        cell, row, column = np.nonzero(starts & ~goes_on[:, :-1])
        box = np.column_stack(
            [
                self.valid[cell, column],
                self.valid[cell, stop[cell, row, column]],
                self.known[cell, row],
                self.known[cell, last[cell, row, column]],
                table[cell, row, column],
            ]
        )
        return cell.astype(np.int64), box.astype(np.int64)


def canvases(report: Ints, ends: Ints, boxes: Ints) -> Iterator[tuple[Ints, Canvas, Ints]]:
    """Make the canvases of all cells, those of one shape and of limited size together.

    Parameters
    ----------
    report
        The statements of all cells one after the other, the weightiest last in each.
    ends
        Where each cell's statements end in `report`.
    boxes
        The four times of every statement there is, shape (statements, 4).

    Yields
    ------
    cells, canvas, of
        Numbers of cells, a canvas, and for each of these cells its row in it: cells for which
        the same statements speak share one.
    """
    size = np.diff(ends, prepend=0)
    for count in np.unique(size[size > 0]):
        cells = np.flatnonzero(size == count)
        key = report[(ends[cells] - count)[:, None] + np.arange(count)]
        first, of = _alike(key)
        key = key[first]
        box = boxes[key]
        valid, known = _instants(box[:, :, :2]), _instants(box[:, :, 2:])
        columns, rows = (1 + (t[:, 1:] != t[:, :-1]).sum(axis=1) for t in (valid, known))
        order = np.lexsort((columns, rows))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        by_place = np.argsort(place[of], kind="stable")
        begin = 0
        while begin < len(order):
            width = np.maximum.accumulate(rows[order[begin:]]) * np.maximum.accumulate(
                columns[order[begin:]]
            )
            fits = np.searchsorted(width * np.arange(1, len(width) + 1), _FIELDS, side="right")
            end = begin + max(int(fits), 1)
            part = order[begin:end]
            canvas = Canvas(
                key[part],
                valid[part, : int(columns[part].max())],
                known[part, : int(rows[part].max())],
                box[part],
            )
            low, high = np.searchsorted(place[of][by_place], [begin, end])
            chosen = by_place[low:high]
            yield cells[chosen], canvas, place[of][chosen] - begin
            begin = end


def _alike(key: Ints) -> tuple[Ints, Ints]:
    """Return the first of each distinct row, and which of these every row is like."""
    code = np.zeros(len(key), dtype=np.int64)
    count = 1
    for column in key.T:
        code, distinct = pd.factorize(code * (int(column.max()) + 1) + column)
        count = len(distinct)
        if count == len(key):
            return np.arange(count), np.arange(count)
    first = np.full(count, len(key), dtype=np.int64)
    np.minimum.at(first, code, np.arange(len(key)))
    return first, code


def _instants(pairs: Ints) -> Ints:
    """Return the distinct instants of every row in order, the last repeated as padding."""
    times = np.sort(pairs.reshape(len(pairs), -1), axis=1)
    again = np.zeros(times.shape, dtype=bool)
    again[:, 1:] = times[:, 1:] == times[:, :-1]
    return np.sort(np.where(again, times[:, -1:], times), axis=1)
