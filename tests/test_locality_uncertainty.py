"""The standard's arithmetic against its formulas and its printed worked numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontline.errors import InputError
from frontline.locality import (
    coordinate_precision_m,
    distance_precision_m,
    maximum_uncertainty_m,
    sectors,
)
from frontline.locality.calibration import calibration

metres = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("written", "unit", "half_step"),
    [
        # Best Practices (2020), table of distance precision, and its rule for the rest.
        ("9", "km", 500),
        ("15", "km", 500),
        ("33", "km", 500),
        ("10", "km", 500),
        ("30", "mi", 0.5 * 1609.344),
        ("100", "km", 5000),
        ("200", "mi", 5 * 1609.344),
        ("140", "km", 5000),
        ("1000", "m", 50),
        ("2000", "m", 50),
        ("2,000", "m", 50),
        ("10.1", "km", 50),
        ("10.6", "mi", 0.05 * 1609.344),
        ("10.5", "km", 250),
        ("10.25", "mi", 0.125 * 1609.344),
        ("10.75", "km", 125),
        ("10.0", "km", 50),
        ("9.5", "km", 250),
        ("9.6", "km", 50),
        ("9.75", "km", 125),
        ("10 1/2", "km", 250),
        ("1/4", "mi", 0.125 * 1609.344),
        (9, "km", 500),
        (9.5, "kilometres", 250),
    ],
)
def test_distance_precision_is_half_the_step_it_is_written_in(written, unit, half_step):
    assert distance_precision_m(written, unit) == pytest.approx(half_step, rel=1e-12)


@pytest.mark.parametrize("written", ["", "five", "1/0", "1.2.3", "-5", "nan", float("nan")])
def test_distance_precision_refuses_what_is_no_number(written):
    with pytest.raises(InputError):
        distance_precision_m(written, "km")


def test_distance_precision_refuses_an_unknown_unit():
    with pytest.raises(InputError, match="parsec"):
        distance_precision_m("5", "parsec")


@pytest.mark.parametrize(
    ("lat", "precision", "metres", "tolerance"),
    [
        (10.27, 0.01, 1556.8, 0.05),
        # The quick guide's table at latitude 30, as printed.
        (30, 1.0, 147_000, 500),
        (30, 0.1, 14_700, 50),
        (30, 0.01, 1_470, 5),
        (30, 0.001, 147, 0.5),
        (30, 0.0001, 15, 0.5),
        (30, 1 / 60, 2_450, 5),
        (30, 1 / 3600, 41, 0.5),
    ],
)
def test_coordinate_precision_as_printed(lat, precision, metres, tolerance):
    assert coordinate_precision_m(lat, precision) == pytest.approx(metres, abs=tolerance)


@pytest.mark.parametrize(("lat", "precision"), [(91, 1), (math.nan, 1), (0, -1), (0, math.inf)])
def test_coordinate_precision_refuses(lat, precision):
    with pytest.raises(InputError):
        coordinate_precision_m(lat, precision)


@pytest.mark.parametrize(
    ("d", "s", "printed"),
    [(9000, 0, 3511.6), (10_000, 0, 3901.8), (9000, 4119, 5918), (10_000, 4119, 6210)],
)
def test_offset_as_printed_in_the_worked_example(d, s, printed):
    found = maximum_uncertainty_m("offset", offset_m=d, half_angle_deg=22.5, extent_m=s)
    # The printed figures with s were made with an s about 10 m larger.
    assert found == pytest.approx(printed, abs=10 if s else 0.05)


@pytest.mark.parametrize(("d", "printed"), [(10_000, 3_900), (5_000, 1_950)])
def test_direction_alone_is_a_chord(d, printed):
    # The direction uncertainty of "NE" as the guides print it: 2 d sin(a / 2).
    found = maximum_uncertainty_m("offset", offset_m=d, half_angle_deg=22.5)
    assert found == pytest.approx(printed, abs=2)
    assert found == pytest.approx(2 * d * math.sin(math.radians(22.5) / 2), rel=1e-12)


@pytest.mark.parametrize(("d", "radius"), [(9000, 5911), (10_000, 6202)])
def test_the_worked_example_by_its_own_formula(d, radius):
    found = maximum_uncertainty_m("offset", offset_m=d, half_angle_deg=22.5, extent_m=4119)
    assert found == pytest.approx(radius, abs=0.6)


def test_an_orthogonal_pair_with_steps_of_a_kilometre():
    # Quick Reference Guide: distance precision alone gives sqrt(2) / 2 = 0.707 km.
    found = maximum_uncertainty_m("orthogonal", distance_precision_m=distance_precision_m("6"))
    assert found == pytest.approx(1000 * math.sqrt(2) / 2, rel=1e-12)


@given(
    d=metres,
    points=st.sampled_from([4, 8, 16, 32, 0]),
    e=metres,
    p=metres,
    extra=st.sampled_from([0.0, 11.25]),
    ranged=st.floats(0, 1),
)
def test_columns_of_the_standard_are_its_formula(d, points, e, p, extra, ranged):
    low, high = d - ranged * d, d + ranged * d
    row = sectors.Offsets.of(36.7, 35.1, 45.0, d, low, high, p, e, points, extra, 0.0)
    expected = maximum_uncertainty_m(
        "offset",
        offset_m=d,
        half_angle_deg={4: 45, 8: 22.5, 16: 11.25, 32: 5.625, 0: 1}[points] + extra,
        extent_m=e,
        distance_precision_m=p + ranged * d,
    )
    found = sectors.offset_radius_m(row, calibration("standard"))[0]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)
    ring = sectors.Rings.of(36.7, 35.1, d, d, p, e, 0.0)
    expected = maximum_uncertainty_m("distance", offset_m=d, distance_precision_m=p, extent_m=e)
    found = sectors.ring_radius_m(ring, calibration("standard"))[0]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(d=metres, a=st.floats(0, 90), e=metres, p=metres, c=metres, m=metres, g=metres, k=metres)
def test_every_kind_is_its_formula(d, a, e, p, c, m, g, k):
    given_terms = {
        "offset_m": d,
        "half_angle_deg": a,
        "extent_m": e,
        "distance_precision_m": p,
        "coordinate_precision_m": c,
        "measurement_m": m,
        "datum_m": g,
        "map_m": k,
    }
    s = e + p + m + g + k
    x, y = d + s - d * math.cos(math.radians(a)), d * math.sin(math.radians(a))
    expected = {
        "offset": math.sqrt(x * x + y * y) + c,
        "distance": d + s + c,
        "orthogonal": math.sqrt(2) * p + e + m + g + k + c,
        "feature": e + m + g + k + c,
        "near": e + m + g + k + c,
        "inside": e + m + g + k + c,
        "part": e + m + g + k + c,
        "heading": e + m + g + k + c,
        "coordinates": m + g + k + c,
        "along": s + c,
        "between": d / 2 + e + m + g + k + c,
    }
    for kind, radius in expected.items():
        assert maximum_uncertainty_m(kind, **given_terms) == pytest.approx(
            radius, rel=1e-9, abs=1e-6
        )


def test_all_terms_default_to_nothing():
    assert maximum_uncertainty_m("offset") == 0.0
    assert maximum_uncertainty_m("between", offset_m=45_330) == 22_665


@pytest.mark.parametrize(
    ("kind", "terms"),
    [("region", {}), ("offset", {"offset_m": -1.0}), ("feature", {"extent_m": math.nan})],
)
def test_wrong_terms_are_refused(kind, terms):
    with pytest.raises(InputError):
        maximum_uncertainty_m(kind, **terms)
