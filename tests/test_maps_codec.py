"""The coding of the map: integers, lines, frames, colours."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from frontline.errors import DateError, InputError
from frontline.maps import varint
from frontline.maps.reading import Reader
from frontline.maps.steps import coded_lines, coded_steps
from frontline.palette import NOBODY, OKABE_ITO, colours
from frontline.scene.frames import frame_times
from frontline.scene.gridlines import lines_of

STEP = st.integers(min_value=-(2**40), max_value=2**40)
LONG = st.integers(min_value=-(2**63), max_value=2**63 - 1)


@given(st.lists(LONG))
def test_varints_come_back(values):
    assert varint.decode(varint.encode(values)).tolist() == values


def test_varints_are_those_of_protocol_buffers():
    # The table of the Protocol Buffers encoding guide: 0, -1, 1, -2, 2147483647, -2147483648.
    assert varint.encode([0, -1, 1, -2]) == bytes([0, 1, 2, 3])
    assert varint.encode([2147483647]) == b"\xfe\xff\xff\xff\x0f"
    assert varint.encode([-2147483648]) == b"\xff\xff\xff\xff\x0f"


@pytest.mark.parametrize("damaged", [b"\x80", b"\x02\xff", b"\x80" * 10 + b"\x01"])
def test_damaged_varints_are_refused(damaged):
    with pytest.raises(InputError):
        varint.decode(damaged)


@given(st.lists(st.tuples(STEP, STEP)))
def test_steps_come_back(steps):
    given = np.array(steps, dtype=np.int64).reshape(-1, 2)
    assert Reader(coded_steps(given)).steps().tolist() == given.tolist()


def test_a_step_is_a_coarse_and_a_fine_part():
    # 300 = 1 * 256 + 44, and -130 = -1 * 256 + 126; fine parts are written with 128 added.
    coarse = varint.encode([1, 1, -1])
    assert coded_steps(np.array([[300, -130]])) == coarse + bytes([44 + 128, 126 + 128])


def test_lines_come_back():
    lines = [np.array([[1, 2], [4, 6]]), np.array([[4, 6], [4, 5], [9_000, -70_000]])]
    reader = Reader(coded_lines(lines))
    assert [line.tolist() for line in reader.lines()] == [line.tolist() for line in lines]
    assert reader.finished
    assert Reader(coded_lines([])).lines() == []


@pytest.mark.parametrize(
    "damaged",
    [
        varint.encode([5, 0]),
        varint.encode([-1, 0]),
        varint.encode([1, 3]) + coded_steps(np.zeros((2, 2), int)),
        varint.encode([2, 2, 0]) + coded_steps(np.zeros((2, 2), int)),
        coded_lines([np.zeros((3, 2), int)])[:-1],
    ],
)
def test_damaged_lines_are_refused(damaged):
    with pytest.raises(InputError):
        Reader(damaged).lines()


def test_rings_lose_their_last_point_and_slivers_vanish():
    shape = shapely.union_all([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 2.001, 2.001)])
    rings = lines_of(shape, 100, closed=True)
    assert [len(ring) for ring in rings] == [4]
    assert sorted(map(tuple, rings[0].tolist())) == [(0, 0), (0, 100), (100, 0), (100, 100)]


def test_polygons_become_lines_where_lines_are_wanted():
    rings = lines_of(shapely.box(0, 0, 1, 1), 10, closed=False)
    assert len(rings) == 1
    assert rings[0][0].tolist() == rings[0][-1].tolist()


def test_short_spans_with_hours_get_three_hours():
    times = frame_times(["2024-11-27", "2024-11-29 07:00"])
    assert times[0] == pd.Timestamp("2024-11-27", tz="UTC")
    assert (times[1:] - times[:-1] == pd.Timedelta(hours=3)).all()
    assert times[-1] >= pd.Timestamp("2024-11-29 07:00", tz="UTC")


def test_long_spans_and_whole_days_get_days():
    assert len(frame_times(["2024-01-01", "2024-12-31 05:00"])) == 367
    assert len(frame_times(["2024-01-01", "2024-01-03"])) == 3


def test_frames_can_be_given_and_cut():
    times = frame_times([], frames=["2024-01-05", "2024-01-01", "2024-01-05"], to="2024-01-04")
    assert times.tolist() == [pd.Timestamp("2024-01-01", tz="UTC")]
    cut = frame_times(["2024-01-01", "2024-02-01"], from_="2024-01-10", to="2024-01-12")
    assert cut.day.tolist() == [10, 11, 12, 13]  # to the midnight that ends the twelfth


@pytest.mark.parametrize(
    ("to", "last"),
    [
        ("2024-01-12", "2024-01-13"), ("20240112", "2024-01-13"), ("12 Jan 2024", "2024-01-13"),
        (dt.date(2024, 1, 12), "2024-01-13"), ("2024-01-12T00:00Z", "2024-01-12"),
        ("2024-01-12 10:30", "2024-01-12 10:30"),
        (dt.datetime(2024, 1, 12, tzinfo=dt.UTC), "2024-01-12"),
        (pd.Timestamp("2024-01-12 01:00"), "2024-01-12 01:00"),
    ],
)  # fmt: skip
def test_both_ends_are_frames(to, last):
    for freq in ("D", "W", "5h"):
        times = frame_times(
            ["2024-01-01", "2024-02-01"], freq=freq, from_="2024-01-10 03:20", to=to
        )
        assert times[0] == pd.Timestamp("2024-01-10 03:20", tz="UTC")
        assert times[-1] == pd.Timestamp(last, tz="UTC")
        assert times.is_monotonic_increasing
        assert times.is_unique


@pytest.mark.parametrize(
    "bad",
    [
        {"changes": []},
        {"changes": ["2024-01-01"], "from_": "2024-02-02", "to": "2024-02-01"},
        {"changes": ["2024-01-01"], "freq": "fortnightly"},
        {"changes": ["2004-01-01", "2024-01-01"], "freq": "1min"},
        {"changes": ["2024-01-01"], "freq": "D", "frames": ["2024-01-01"]},
        {"changes": [], "frames": []},
    ],
)
def test_impossible_frames_are_refused(bad):
    with pytest.raises(InputError):
        frame_times(**bad)


def test_impossible_dates_are_refused():
    with pytest.raises(DateError):
        frame_times(["2024-01-01"], to="2024-02-30")


def test_given_colours_stay_and_are_not_given_twice():
    out = colours(["a", "b", "c"], {"b": OKABE_ITO[0].lower()})
    assert out["b"] == OKABE_ITO[0]
    assert len(set(out.values())) == 3


def test_many_actors_all_have_their_own_colour():
    names = [f"side {i}" for i in range(20)]
    out = colours(names)
    assert [out[name] for name in names[:7]] == list(OKABE_ITO)
    assert len(set(out.values())) == 20
    assert NOBODY.upper() not in out.values()
    mixed = colours(names, {"side 3": out["side 8"]})
    assert len({mixed[name] for name in names[:20]}) == 20
    assert len(set(colours([*names, "one more"]).values())) == 20


def test_no_red_among_the_colours():
    for colour in OKABE_ITO:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert not (red > 180 and green < 120 and blue < 120), colour


@pytest.mark.parametrize("bad", ["red", "#12345", "#1234567", "url(x)", "#00000g", ""])
def test_what_is_no_colour_is_refused(bad):
    with pytest.raises(InputError, match="#rrggbb"):
        colours(["a"], {"a": bad})
