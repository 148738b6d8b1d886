"""A slow war on the chessboard: a column in four days, a cell that goes back, days without maps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from tests.browser.map_case import COLUMNS, Board, board_case

START = pd.Timestamp("2024-11-27", tz="UTC")
DAYS = 40
GAPS = [("2024-12-09", "2024-12-11"), ("2024-12-20", "2024-12-21")]  # the last map is a day before
BACK = (8, 12)  # from the one day to the other the first cell is with the Reds again


class SlowBoard(Board):
    """The Blues take column k on day 4 k + 4; cell 0-0 goes back for a while. No claims."""

    gap_spans = pd.IntervalIndex.from_tuples(
        [tuple(pd.Timestamp(day, tz="UTC") for day in gap) for gap in GAPS], closed="left"
    )
    map_dates = pd.date_range(START, periods=DAYS + 1).difference(
        pd.DatetimeIndex(["2024-12-09", "2024-12-10", "2024-12-20"], tz="UTC")
    )

    def blues(self, day):
        """Return which cells the Blues hold on a day."""
        held = 4 * self.column + 4 <= day
        first = (self.column == 0) & (self.row == 0)
        return held & ~(first & (BACK[0] <= day < BACK[1]))

    def state_codes(self, times):
        codes = np.zeros((len(times), len(self.cells)), dtype=np.int32)
        for frame, moment in enumerate(times):
            codes[frame, self.blues((moment - START).days)] = 1
        return codes, [("Reds", "controlled", "confirmed"), ("Blues", "controlled", "confirmed")]

    def change_times(self):
        return START + pd.to_timedelta([0, *range(4, 4 * COLUMNS + 1, 4)], unit="D")

    def km2(self, cells):
        """Return the area of chosen cells."""
        return float(self.cells["area_km2"].to_numpy()[cells].sum())


def slow_case(**changes):
    """Return a case of the slow war with one event, on 5 December."""
    case = board_case(history=SlowBoard())
    case.events = case.events.iloc[:1].assign(
        valid_from="2024-12-05 09:00",
        valid_to="2024-12-05 18:00",
        geometry=[shapely.Point(36.95, 35.55)],
    )
    for name, value in changes.items():
        setattr(case, name, value)
    return case
