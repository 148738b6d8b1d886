"""The fit finds what it was given, and the bundled file is what the script writes."""

from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from frontline.compass import wind
from frontline.errors import InputError
from frontline.gazetteer import Gazetteer
from frontline.locality import calibrated, locate
from frontline.locality import calibration as cal

ROOT = Path(__file__).parents[1]
GEOD = Geod(ellps="WGS84")
BUNDLED = ROOT / "geodata" / "calibration.json"

# What the synthetic statements were made with: the density on the ground falls as exp(-score),
# score = (r - 0.94 d)^2 / (width d)^2 + (t / angle)^2.
CENTRE, INNER, OUTER = 0.94, 0.10, 0.06
ANGLE_DEG = {4: 20.0, 8: 15.0, 16: 8.0}
# The score of a plane normal density is exponential, but the area pulls it outwards a little.
BOUND_95 = -math.log(0.05)


@pytest.fixture(scope="module")
def script():
    """The modules of the fit script, importable as they are when it runs."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(str(ROOT / "geodata" / "build"))
    import calibration
    import calibration_fit
    import calibration_report

    yield calibration, calibration_fit, calibration_report
    patch.undo()


@pytest.fixture(scope="module")
def synthetic():
    rng = np.random.default_rng(20241205)
    count = 6000
    stated = rng.choice([3, 6, 9, 12, 17, 23, 31, 46, 64, 88, 130, 210], count) * 1.0
    names = rng.choice(["north", "east", "southwest", "northwest", "NNE", "ESE"], count)
    points = np.array([wind(each).points for each in names])
    z = rng.normal(0, math.sqrt(0.5), count)
    # Widths differ to both sides: the wider side is taken more often.
    side = np.where(rng.random(count) < INNER / (INNER + OUTER), -1.0, 1.0)
    ratio = CENTRE + side * np.abs(z) * np.where(side < 0, INNER, OUTER)
    keep = rng.random(count) < ratio / (CENTRE + 4 * OUTER)  # per area, not per metre
    angle = np.array([ANGLE_DEG[int(each)] for each in points])
    off = rng.normal(0, math.sqrt(0.5), count) * angle
    anchor = rng.integers(0, 300, count)
    lat, lon = rng.uniform(30, 50, 300)[anchor], rng.uniform(-20, 60, 300)[anchor]
    azimuth = np.array([wind(each).azimuth_deg for each in names]) + off
    there = GEOD.fwd(lon, lat, azimuth, ratio * stated * 1000)
    table = pd.DataFrame(
        {
            "number": stated.astype(int).astype(str),
            "unit": "km",
            "direction": names,
            "stated_km": stated,
            "anchor": [f"Anchor {each}" for each in anchor],
            "anchor_population": 0,
            "anchor_lat": lat,
            "anchor_lon": lon,
            "target_lat": there[1],
            "target_lon": there[0],
        }
    )
    return table[keep].head(1500).reset_index(drop=True)


@pytest.fixture(scope="module")
def fitted(script, synthetic):
    _, fit, _ = script
    pairs = fit.read_pairs(synthetic)
    return pairs, fit.parameters_as_written(fit.fit(pairs))


def test_the_fit_recovers_what_it_was_given(fitted):
    _, parameters = fitted
    model = calibrated.model_of(parameters)
    for metres in (6_000.0, 20_000.0, 90_000.0):
        d, e, p = (np.array([each]) for each in (metres, 500.0, 500.0))
        assert model.centre_m(d) / d == pytest.approx(CENTRE, abs=0.03)
        for points, angle in ANGLE_DEG.items():
            if points == 16:
                continue
            at = np.array([points])
            bound = model.region_level(0.95, at, d)
            half = model.half_angles_deg(at) * bound ** (1 / model.angle_exponents(at))
            assert half == pytest.approx(angle * math.sqrt(BOUND_95), rel=0.2)
            near = model.centre_m(d) - model.inner_m(d, e, p) * bound ** (1 / model.inner_exponent)
            outwards = model.at(model.outer_exponent, d)
            far = model.centre_m(d) + model.outer_m(d, e, p) * bound ** (1 / outwards)
            assert near / d == pytest.approx(CENTRE - INNER * math.sqrt(BOUND_95), abs=0.05)
            assert far / d == pytest.approx(CENTRE + OUTER * math.sqrt(BOUND_95), abs=0.05)
    for points, angle in ANGLE_DEG.items():
        found = parameters["heading_deg"]["0.95"][str(points)]
        assert found == pytest.approx(1.959964 * math.sqrt(0.5) * angle, rel=0.12)


def test_held_back_pairs_are_covered_as_often_as_is_said(script, fitted):
    _, _, reporting = script
    pairs, parameters = fitted
    model = calibrated.model_of(parameters)
    rows = np.arange(len(pairs.stated))
    assert sorted(np.concatenate(reporting.folds(pairs, 5, 0))) == rows.tolist()
    for fold in reporting.folds(pairs, 5, 0):
        assert not set(pairs.anchor[fold]) & set(pairs.anchor[np.setdiff1d(rows, fold)])
    held = reporting.hold_regions(model, pairs)
    assert held.inside.mean(axis=0) == pytest.approx([0.5, 0.68, 0.9, 0.95], abs=0.012)
    assert (np.diff(held.area_m2, axis=1) > 0).all()
    circles = reporting.hold_circles(np.full((len(rows), 4), 1e9), pairs)
    assert circles.inside.all()
    # A circle as large as the Earth covers everything, and the score sees through it.
    assert circles.log_score.mean() < held.log_score.mean() - 5


def test_the_log_score_is_the_density_of_nested_areas(script):
    _, _, reporting = script
    areas = np.array([[2e6, 4e6, 8e6, 16e6]] * 3)
    found = reporting.log_score(areas, np.array([1e6, 6e6, 32e6]))
    assert np.exp(found) == pytest.approx([0.5 / 2, 0.22 / 4, 0.05 * 16 / 32**2])


def test_wilson_as_published(script):
    # Newcombe (1998), Statistics in Medicine 17:857-872, table I: 81 of 263.
    assert script[2].wilson(81 / 263, 263) == pytest.approx([0.2553, 0.3662], abs=1e-4)


def test_the_bundled_file_is_what_the_script_writes(script, fitted):
    writing, _, _ = script
    text = BUNDLED.read_text(encoding="utf-8")
    found = json.loads(text)
    assert writing.as_text(found) == text

    def schema(value):
        if isinstance(value, dict):
            return {name: schema(each) for name, each in value.items()}
        return [schema(each) for each in value] if isinstance(value, list) else type(value)

    assert schema(found["parameters"]) == schema(fitted[1])
    assert found["report"]["n"] > 5000
    assert len(found["report"]["sha256"]) == 64


def test_the_bundled_report_holds_what_is_promised():
    report = json.loads(BUNDLED.read_text(encoding="utf-8"))["report"]
    for name in ("coverage_of_regions", "coverage_of_circles"):
        for row in report[name]:
            if row["n"] >= 200:
                assert 0.93 <= row["0.95"][0] <= 0.97, row
            low, high = row["0.95"][1:]
            assert low <= row["0.95"][0] <= high
    assert report["against_the_standard"]["region_of_it"] <= 0.55
    scores = {name: each["log_score"] for name, each in report["tried"].items()}
    assert scores["region"] > scores["circle"] > scores["the standard's circle, scaled"]


def test_levels_of_the_bundled_model_rise():
    model = calibrated.model()
    pairs = list(zip(cal.COVERAGES, cal.COVERAGES[1:], strict=False))
    for low, high in pairs:
        assert (model.ring_levels[low] <= model.ring_levels[high]).all()
        assert model.circle_extent[low] <= model.circle_extent[high]
        assert model.circle_precision[low] <= model.circle_precision[high]
        for points in calibrated.CLASSES:
            assert (model.region_levels[low][points] < model.region_levels[high][points]).all()
            assert (model.circle[low][points] <= model.circle[high][points]).all()
            assert model.heading_deg[low][points] < model.heading_deg[high][points]


@pytest.mark.parametrize("damage", ["knots_m", "circle", "half_angle_deg"])
def test_a_damaged_file_is_named(damage):
    parameters = json.loads(BUNDLED.read_text(encoding="utf-8"))["parameters"]
    del parameters[damage]
    with pytest.raises(InputError, match=r"calibration\.json"):
        calibrated.model_of(parameters)


@pytest.fixture(scope="module")
def places():
    frame = gpd.GeoDataFrame(
        {"name": ["Hama", "Homs"], "radius_m": [3358.0, 4000.0], "population": [460_602, 775_404]},
        geometry=gpd.points_from_xy([36.75783, 36.72339], [35.13179, 34.72682]),
        crs=4326,
    )
    return Gazetteer.from_frame(frame)


KINDS = [
    "9 km NE of Hama",
    "10-15 km north of Hama",
    "within 20 km west of Hama",
    "more than 20 km west of Hama",
    "a few kilometres east of Hama",
    "five kilometres northeast of Hama's borders",
    "15 km from Hama",
    "within 15 km of Hama",
    "15 km from the borders of Hama",
    "north of Hama",
    "6 km N and 4 km W of Hama",
    "between Hama and Homs",
    "near Hama",
    "in Hama",
    "Hama",
    "northern Hama",
    "on the outskirts of Hama",
    "10.27N 36.80E",
]


@pytest.mark.parametrize("method", ["calibrated", "standard"])
@pytest.mark.parametrize("phrase", KINDS)
def test_parts_add_up_and_are_said(places, phrase, method):
    found = locate(phrase, places, method=method)
    assert found.parts
    assert sum(found.parts.values()) == pytest.approx(found.uncertainty_m, rel=1e-9)
    assert all(value >= 0 for value in found.parts.values())
    for name in found.parts:
        assert name in found.explanation
    assert found.coverage == (
        0.95 if method == "calibrated" and found.locality.kind in {"offset", "distance"} else None
    )


@pytest.mark.parametrize("phrase", KINDS)
def test_lower_coverage_is_never_wider(places, phrase):
    found = [locate(phrase, places, coverage=each) for each in cal.COVERAGES]
    radii = [each.uncertainty_m for each in found]
    if found[0].locality.kind != "heading":  # the cone of a lesser angle may meet another end
        assert radii == sorted(radii)
    for each in found:
        assert each.region.is_valid
    assert len({(each.point.x, each.point.y) for each in found}) == 1 or phrase == "north of Hama"


def test_what_was_not_fitted_is_said(places):
    for phrase, words in (
        ("five kilometres northeast of Hama's borders", "from an edge are taken"),
        ("10-15 km north of Hama", "each bound"),
        ("15 km from Hama", "without a heading"),
        ("6 km N and 4 km W of Hama", "each leg"),
        ("5 km N by E of Hama", "16 winds"),
        ("near Hama", "near is read"),
    ):
        assert words in locate(phrase, places).explanation
    assert "taken" not in locate("9 km NE of Hama", places).explanation


def test_the_seed_phrase_at_every_level(places):
    phrase = "approximately five kilometers northeast of Hama's borders"
    hama, homs = ((36.75783, 35.13179), (36.72339, 34.72682))
    for level in cal.COVERAGES:
        found = locate(phrase, places, coverage=level)
        for town in (hama, homs):
            assert not found.region.covers(shapely.Point(town))
    for level in (0.68, 0.9, 0.95):
        brigade = shapely.Point(GEOD.fwd(*hama, 57, 8400)[:2])
        assert locate(phrase, places, coverage=level).region.covers(brigade)


def test_the_page_on_the_method_shows_the_report():
    patch = pytest.MonkeyPatch()
    with patch.context() as inner:
        inner.syspath_prepend(str(ROOT / "geodata" / "build"))
        import calibration_tables

        text = calibration_tables.PAGE.read_text(encoding="utf-8")
        found = json.loads(BUNDLED.read_text(encoding="utf-8"))
        assert calibration_tables.page(text, found) == text
