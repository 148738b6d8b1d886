"""Pockets: by hand on squares of the graticule, and by walking from square to square."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.edges import areas_m2, lengths_m
from frontline.errors import InputError
from tests.patchwork import meridian_km, parallel_km, patchwork, square, square_km2

DAY1, DAY2, DAY3, DAY4 = (f"2024-12-0{i}" for i in range(1, 5))


def at(day):
    return pd.Timestamp(day, tz="UTC")


def test_a_pocket_by_hand():
    h = patchwork({DAY1: ["AAAA", "ABBA", "AAAA"]})
    row = h.pockets(DAY2).iloc[0]
    assert (row.actor, row.encircled_by, row.since) == ("B", ("A",), at(DAY1))
    assert row.area_km2 == pytest.approx(square_km2(35.1, 35.2, 0.2), abs=1e-6)
    around = 2 * meridian_km(35.1, 35.2) + parallel_km(35.1, 0.2) + parallel_km(35.2, 0.2)
    assert row.perimeter_km == pytest.approx(around, abs=1e-6)
    assert shapely.equals(row.geometry, shapely.box(36.1, 35.1, 36.3, 35.2))
    assert len(h.pockets(DAY2)) == 1
    assert h.pockets("2024-11-30").empty


@pytest.mark.parametrize(
    ("picture", "shut"),
    [
        (["AAAA", "BBBA", "AAAA"], []),  # at the outline
        (["AABA", "ABAA", "AAAA"], ["B"]),  # a corner is no way out
        (["AAAAA", "ABAAA", "AABAA", "AAAAA"], ["B", "B"]),  # nor do two such hang together
        (["AAAA", "AB.A", "AAAA"], ["B"]),  # nobody's ground that leads nowhere
        (["AA.A", "AB.A", "AAAA"], []),  # and that leads out
        (["AAAAA", "A.B.A", "AAAAA"], ["B"]),
        (["AAAAAA", "AB..BA", "AAAAAA"], ["B", "B"]),  # two zones that nobody known parts
    ],
)
def test_what_is_shut_in(picture, shut):
    table = patchwork({DAY1: picture}).pockets(DAY1)
    assert table["actor"].tolist() == shut
    assert all(each == ("A",) for each in table["encircled_by"])


def test_a_hole_encircles_nobody_and_may_be_a_pocket_itself():
    ring = ["DDDDD", "DBBBD", "DBABD", "DBBBD", "DDDDD"]
    table = patchwork({DAY1: ring}).pockets(DAY1)
    assert table["actor"].tolist() == ["B", "A"]
    assert table["encircled_by"].tolist() == [("D",), ("B",)]
    assert table["area_km2"].iloc[0] == pytest.approx(
        sum(areas_m2([square(r, c, rows=5)])[0] for r in (1, 2, 3) for c in (1, 2, 3)) / 1e6
        - table["area_km2"].iloc[1],
        abs=1e-6,
    )
    assert lengths_m(table.geometry) / 1e3 == pytest.approx(table["perimeter_km"], abs=1e-9)


def test_several_may_encircle():
    table = patchwork({DAY1: ["AAC", "ABC", "AAC"]}).pockets(DAY1)
    assert table["encircled_by"].tolist() == [("A", "C")]


def test_whose_and_how_large():
    h = patchwork({DAY1: ["AAAAAA", "ABBACA", "AAAAAA"]})
    assert h.pockets(DAY1)["actor"].tolist() == ["B", "C"]
    assert h.pockets(DAY1, actor="C")["actor"].tolist() == ["C"]
    assert h.pockets(DAY1, min_area_km2=150)["actor"].tolist() == ["B"]
    assert h.pockets(DAY1, actor="A").empty
    with pytest.raises(InputError, match="actor names 'X'"):
        h.pockets(DAY1, actor="X")
    with pytest.raises(InputError, match="min_area_km2"):
        h.pockets(DAY1, min_area_km2=float("nan"))


def test_since_is_when_it_closed_for_the_last_time():
    h = patchwork(
        {
            DAY1: ["AAAA", "ABBA", "AAAA"],
            DAY2: ["AABA", "ABBA", "AAAA"],  # opened
            DAY3: ["AAAA", "ABBA", "AAAA"],  # closed again
            DAY4: ["AAAA", "AABA", "AAAA"],  # and made smaller
        }
    )
    assert h.pockets(DAY1)["since"].tolist() == [at(DAY1)]
    assert h.pockets(DAY2).empty
    assert h.pockets(DAY3)["since"].tolist() == [at(DAY3)]
    assert h.pockets(DAY4)["since"].tolist() == [at(DAY3)]


def test_since_follows_a_pocket_that_moves_and_one_that_is_new():
    h = patchwork(
        {
            DAY1: ["AAAAAA", "ABAAAA", "AAAAAA"],
            DAY2: ["AAAAAA", "ABBAAA", "AAAAAA"],
            DAY3: ["AAAAAA", "AABBAA", "AAAAAA"],
            DAY4: ["AAAAAA", "CABAAA", "AAAAAA"],
        }
    )
    # On the last day it shares no square with that of the first, but came from it.
    assert h.pockets(DAY4)["since"].tolist() == [at(DAY1)]
    taken = patchwork({DAY1: ["AAA", "AAA", "AAA"], DAY2: ["AAA", "ABA", "AAA"]})
    assert taken.pockets(DAY3)["since"].tolist() == [at(DAY2)]


def test_as_of_knows_only_what_was_known():
    pictures = {DAY1: ["AAA", "AAA", "AAA"], DAY2: ["AAA", "ABA", "AAA"]}
    h = patchwork(pictures, recorded={DAY1: DAY1, DAY2: DAY4})
    assert len(h.pockets(DAY3)) == 1
    assert h.pockets(DAY3, as_of=DAY3).empty


# --- brute force ------------------------------------------------------------------------------


def walked(grid, actor):
    """Return the squares of each zone of an actor that cannot be left, by flooding."""

    def flood(start, may):
        seen, todo = {start}, [start]
        while todo:
            r, c = todo.pop()
            for spot in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
                if spot in grid and spot not in seen and grid[spot] in may:
                    seen.add(spot)
                    todo.append(spot)
        return frozenset(seen)

    rows, columns = (max(each) for each in zip(*grid, strict=True))
    zones = {flood(spot, {actor}) for spot, letter in grid.items() if letter == actor}
    return {
        zone
        for zone in zones
        if not any(r in (0, rows) or c in (0, columns) for r, c in flood(min(zone), {actor, "."}))
    }


@settings(max_examples=40)
@given(
    st.integers(3, 6).flatmap(
        lambda n: st.lists(st.text("AAB.C", min_size=n, max_size=n), min_size=3, max_size=6)
    )
)
def test_pockets_are_the_zones_that_cannot_be_left(picture):
    h = patchwork({DAY1: picture})
    grid = {(r, c): letter for r, line in enumerate(picture) for c, letter in enumerate(line)}
    table = h.pockets(DAY1)
    found = set()
    for row in table.itertuples():
        spots = frozenset(
            (r, c)
            for r, c in grid
            if row.geometry.contains(square(r, c, rows=len(picture)).centroid)
        )
        found.add((row.actor, spots))
        assert row.actor not in row.encircled_by
        assert row.perimeter_km == pytest.approx(lengths_m([row.geometry])[0] / 1e3, abs=1e-9)
        assert row.area_km2 == pytest.approx(areas_m2([row.geometry])[0] / 1e6, abs=1e-9)
    wanted = {(actor, zone) for actor in "ABC" for zone in walked(grid, actor)}
    assert found == wanted
    assert np.all(np.diff(table["area_km2"]) <= 1e-9)
