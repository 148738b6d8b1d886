"""The report of the fit: what held-back pairs say about coverage, sharpness and score."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from calibration_fit import LEVELS, Pairs, Variant, fitted_model, hats, quantile_fit

from frontline.locality import calibration as cal
from frontline.locality import sectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.locality.calibrated import Model

BANDS_KM = (0, 5, 10, 20, 50, 100, math.inf)
LEAST_ROWS = 200
#: Other shapes that were tried, each with one thing left out or held fixed.
VARIANTS = (
    Variant("one exponent for all", exponents="one"),
    Variant("all exponents 2 (half ellipses)", exponents="two"),
    Variant("no extent", extent=False),
    Variant("no written precision", precision=False),
)


def band_names() -> list[str]:
    """Return the names of the distance bands."""
    return [
        f">{low} km" if high == math.inf else f"{low}-{high} km"
        for low, high in itertools.pairwise(BANDS_KM)
    ]


def band_numbers(pairs: Pairs) -> np.ndarray:
    """Return the band of each pair; 10 km belongs to 5-10."""
    return np.digitize(pairs.stated / 1000.0 - 1e-9, BANDS_KM[1:-1])


def offsets_of(pairs: Pairs) -> sectors.Offsets:
    """Return the pairs as offsets from the equator; only distances and angles count."""
    none = np.zeros(len(pairs.stated))
    return sectors.Offsets(
        *(none, none, none, pairs.stated, pairs.stated, pairs.stated),
        *(pairs.precision, pairs.extent, pairs.points, none, none),
    )


@dataclass
class Held:
    """What held-back pairs say: rows by levels."""

    inside: np.ndarray
    area_m2: np.ndarray
    log_score: np.ndarray


def log_score(areas_m2: np.ndarray, needed_m2: np.ndarray) -> np.ndarray:
    """Return the log density that nested areas imply at the truth, in nats per km2.

    Between two levels the probability is spread evenly over the area between them; the rest
    falls off outside the last as the inverse square of the area.
    """
    areas, needed = areas_m2 / 1e6, needed_m2 / 1e6
    density = np.full(len(areas), np.nan)
    below, mass = np.zeros(len(areas)), 0.0
    for number, level in enumerate(LEVELS):
        rows = np.isnan(density) & (needed <= areas[:, number])
        density[rows] = (level - mass) / np.maximum(areas[:, number] - below, 1e-6)[rows]
        below, mass = areas[:, number], level
    rows = np.isnan(density)
    density[rows] = (1.0 - mass) * areas[rows, -1] / needed[rows] ** 2
    return np.log(density)


def _bean_areas_m2(pairs: Pairs, model: Model, bounds: np.ndarray) -> np.ndarray:
    """Return areas of the outlines with given bounds of the score, in the plane."""
    share = np.cos(np.linspace(0.0, np.pi, 65))
    across = model.angle_exponents(pairs.points)
    outwards = model.at(model.outer_exponent, pairs.stated)
    centre = model.centre_m(pairs.stated)
    inner = model.inner_m(pairs.stated, pairs.extent, pairs.precision)
    outer = model.outer_m(pairs.stated, pairs.extent, pairs.precision)
    found = sectors.Beans(
        centre,
        centre,
        inner * bounds ** (1.0 / model.inner_exponent),
        np.maximum(outer * bounds ** (1.0 / outwards), model.gap_m(pairs.stated)),
        np.minimum(model.half_angles_deg(pairs.points) * bounds ** (1.0 / across), 180.0),
        model.inner_exponent,
        outwards,
        across,
    )
    low, high = found.bounds_m(share)
    turns = np.radians(found.half_angle_deg)[:, None] * share
    return -np.trapezoid((high**2 - np.maximum(low, 0.0) ** 2) / 2.0, turns, axis=1)


def hold_regions(model: Model, pairs: Pairs) -> Held:
    """Judge the regions of a model."""
    score = model.score(pairs.statement, pairs.true, pairs.off)[0]
    bounds = [model.region_level(level, pairs.points, pairs.stated) for level in LEVELS]
    areas = np.column_stack([_bean_areas_m2(pairs, model, each) for each in bounds])
    inside = np.column_stack([score <= each for each in bounds])
    return Held(inside, areas, log_score(areas, _bean_areas_m2(pairs, model, score)))


def hold_circles(radii_m: np.ndarray, pairs: Pairs) -> Held:
    """Judge circles, rows by levels."""
    areas = np.pi * radii_m**2
    needed = np.pi * pairs.error_m**2
    return Held(needed[:, None] <= areas, areas, log_score(areas, needed))


def _circle_radii_m(model: Model, pairs: Pairs) -> np.ndarray:
    row = offsets_of(pairs)
    return np.column_stack(
        [
            sectors.offset_radius_m(row, cal.Calibration("calibrated", level, model))
            for level in LEVELS
        ]
    )


def _sector(train: Pairs, test: Pairs, model: Model) -> Held:
    """Judge plain ring sectors: the model's widths, straight sides, own bounds."""

    def shares(pairs: Pairs) -> np.ndarray:
        score, along = model.score(pairs.statement, pairs.true, pairs.off)
        del score
        across = (np.abs(pairs.off) / model.half_angles_deg(pairs.points)) ** model.angle_exponents(
            pairs.points
        )
        return np.maximum(along, across)

    def areas(pairs: Pairs, bounds: np.ndarray) -> np.ndarray:
        centre = model.centre_m(pairs.stated)
        outwards = model.at(model.outer_exponent, pairs.stated)
        inner = model.inner_m(pairs.stated, pairs.extent, pairs.precision)
        outer = model.outer_m(pairs.stated, pairs.extent, pairs.precision)
        near = np.maximum(centre - inner * bounds ** (1.0 / model.inner_exponent), 0.0)
        far = centre + outer * bounds ** (1.0 / outwards)
        across = bounds ** (1.0 / model.angle_exponents(pairs.points))
        half = np.minimum(np.radians(model.half_angles_deg(pairs.points)) * across, np.pi)
        return (far**2 - near**2) * half

    score, basis = np.log(shares(train)), hats(train.stated)
    coarse, held = train.points == 4, test.points == 4
    bounds = []
    for level in LEVELS:
        found = [quantile_fit(basis[rows], score[rows], level) for rows in (coarse, ~coarse)]
        both = [hats(test.stated) @ each for each in found]
        bounds.append(np.exp(np.where(held, *both)))
    own = shares(test)
    sizes = np.column_stack([areas(test, each) for each in bounds])
    inside = np.column_stack([own <= each for each in bounds])
    return Held(inside, sizes, log_score(sizes, areas(test, own)))


def _scaled_standard(train: Pairs, test: Pairs) -> Held:
    """Judge the standard's circles, scaled so that they hold what is asked."""
    ratio = train.error_m / sectors.offset_radius_m(offsets_of(train), cal.STANDARD)
    factors = np.quantile(ratio, LEVELS)
    radii = sectors.offset_radius_m(offsets_of(test), cal.STANDARD)
    return hold_circles(radii[:, None] * factors, test)


def folds(pairs: Pairs, count: int, seed: int) -> list[np.ndarray]:
    """Return the rows of each fold; all pairs of an anchor are in one."""
    order = np.random.default_rng(seed).permutation(pairs.anchor.max() + 1)
    number = order[pairs.anchor] % count
    return [np.flatnonzero(number == each) for each in range(count)]


def held_back(
    pairs: Pairs,
    judges: dict[str, Callable[[Model, Pairs, Pairs], Held]],
    *,
    repeats: int,
    count: int = 5,
    variant: Variant | None = None,
) -> dict[str, Held]:
    """Fit without each fold, judge it on that fold, and average the repeats."""
    size = (len(pairs.stated), len(LEVELS))
    found = {name: Held(np.zeros(size), np.zeros(size), np.zeros(size[0])) for name in judges}
    for seed in range(repeats):
        for rows in folds(pairs, count, seed):
            rest = np.setdiff1d(np.arange(len(pairs.stated)), rows)
            train, test = pairs.take(rest), pairs.take(rows)
            model = fitted_model(train, variant)
            for name, judge in judges.items():
                held = judge(model, train, test)
                found[name].inside[rows] += held.inside / repeats
                found[name].area_m2[rows] += held.area_m2 / repeats
                found[name].log_score[rows] += held.log_score / repeats
    return found


def wilson(share: float, count: int) -> list[float]:
    """Return the 95 % interval of a share."""
    z = 1.959964
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return [round((middle + side * spread) / (1 + z * z / count), 4) for side in (-1, 1)]


def _coverage(held: Held, pairs: Pairs) -> list[dict[str, Any]]:
    bands, names = band_numbers(pairs), band_names()
    groups = [("all", np.ones(len(bands), dtype=bool))]
    groups += [(f"{name} winds", pairs.points == name) for name in (4, 8, 16)]
    groups += [(name, bands == number) for number, name in enumerate(names)]
    groups += [
        (f"{points} winds, {name}", (pairs.points == points) & (bands == number))
        for points in (4, 8)
        for number, name in enumerate(names)
    ]
    rows = []
    for name, member in groups:
        count = int(member.sum())
        if not count or (", " in name and count < LEAST_ROWS):
            continue
        row: dict[str, Any] = {"group": name, "n": count}
        for number, level in enumerate(LEVELS):
            share = float(held.inside[member, number].mean())
            row[str(level)] = [round(share, 4), *wilson(share, count)]
        rows.append(row)
    return rows


def _summary(held: Held) -> dict[str, Any]:
    last = len(LEVELS) - 1
    return {
        "coverage": {
            str(lv): round(float(held.inside[:, k].mean()), 4) for k, lv in enumerate(LEVELS)
        },
        "median_area_km2": {
            str(lv): round(float(np.median(held.area_m2[:, k])) / 1e6, 1)
            for k, lv in enumerate(LEVELS)
        },
        "mean_log_area_95": round(float(np.log(held.area_m2[:, last] / 1e6).mean()), 4),
        "log_score": round(float(held.log_score.mean()), 4),
    }


def _against_standard(pairs: Pairs, regions: Held, circles: Held) -> dict[str, Any]:
    """Compare the median 95 % region with the standard's circle, as it is and at equal coverage."""
    radii = sectors.offset_radius_m(offsets_of(pairs), cal.STANDARD)
    area = np.pi * radii**2
    ratio = pairs.error_m / radii
    own = float((ratio <= 1.0).mean())
    reached = float(regions.inside[:, -1].mean())
    factor = float(np.quantile(ratio, reached))
    found = {
        "standard_coverage": round(own, 4),
        "standard_coverage_by_winds": {
            str(k): round(float((ratio <= 1.0)[pairs.points == k].mean()), 4) for k in (4, 8, 16)
        },
        "standard_median_km2": round(float(np.median(area)) / 1e6, 1),
        "factor_at_equal_coverage": round(factor, 4),
        "median_at_equal_coverage_km2": round(float(np.median(area)) * factor**2 / 1e6, 1),
    }
    for name, held in (("region", regions), ("circle", circles)):
        share = np.median(held.area_m2[:, -1]) / (np.median(area) * factor**2)
        found[f"{name}_of_it"] = round(float(share), 4)
    found["region_of_it_by_band"] = [
        round(
            float(np.median(regions.area_m2[member, -1]) / np.median(area[member]))
            / float(np.quantile(ratio[member], regions.inside[member, -1].mean())) ** 2,
            4,
        )
        for number in range(len(BANDS_KM) - 1)
        for member in [band_numbers(pairs) == number]
        if member.any()
    ]
    # At the standard's own coverage: the area that the regions need for it, between two levels.
    levels = regions.inside.mean(axis=0)
    logs = np.array([np.interp(own, levels, row) for row in np.log(regions.area_m2)])
    share = math.exp(float(np.median(logs))) / float(np.median(area))
    found["region_of_it_at_the_standards_coverage"] = round(share, 4)
    return found


def report(pairs: Pairs, *, repeats: int, variants: bool) -> dict[str, Any]:
    """Return the cross-validated report."""
    judges: dict[str, Callable[[Model, Pairs, Pairs], Held]] = {
        "region": lambda model, _, test: hold_regions(model, test),
        "circle": lambda model, _, test: hold_circles(_circle_radii_m(model, test), test),
        "ring sector of the same widths": lambda model, train, test: _sector(train, test, model),
        "the standard's circle, scaled": lambda _, train, test: _scaled_standard(train, test),
    }
    found = held_back(pairs, judges, repeats=repeats)
    tried = {name: _summary(held) for name, held in found.items()}
    for variant in VARIANTS if variants else ():
        own = {"region": judges["region"]}
        tried[variant.name] = _summary(held_back(pairs, own, repeats=1, variant=variant)["region"])
    return {
        "n": len(pairs.stated),
        "anchors": int(pairs.anchor.max()) + 1,
        "cross_validation": f"5 folds, no anchor in two of them, {repeats} repeats",
        "coverage_of_regions": _coverage(found["region"], pairs),
        "coverage_of_circles": _coverage(found["circle"], pairs),
        "against_the_standard": _against_standard(pairs, found["region"], found["circle"]),
        "tried": tried,
    }
