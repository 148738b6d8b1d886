"""The report of the fit: what held-back pairs say about coverage, sharpness and score."""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from calibration_fit import LEVELS, Variant, fitted_model, hats
from calibration_order import bean_areas_m2
from calibration_pairs import NEAR_DEG, Pairs
from calibration_quantiles import quantile_fit

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
    Variant("no least widths", least=False),
)


#: Groups by extent (km, each without its lower end) and by half step (metres).
EXTENTS_KM = (0.0, 0.5, 1.0, 2.0, 5.0, 25.0)
HALF_STEPS_M = (0.0, 499.0, 501.0, 4_000.0, math.inf)


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


def hold_regions(model: Model, pairs: Pairs) -> Held:
    """Judge the regions of a model."""
    score = model.score(pairs.statement, pairs.true, pairs.off)[0]
    bounds = [
        model.region_level(level, pairs.points, pairs.stated + pairs.extent) for level in LEVELS
    ]
    areas = np.column_stack([bean_areas_m2(pairs.statement, model, each) for each in bounds])
    inside = np.column_stack([score <= each for each in bounds])
    return Held(inside, areas, log_score(areas, bean_areas_m2(pairs.statement, model, score)))


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
        half = model.half_angles_deg(pairs.points, pairs.stated, pairs.extent)
        across = (np.abs(pairs.off) / half) ** model.angle_exponents(pairs.points)
        return np.maximum(along, across)

    def areas(pairs: Pairs, bounds: np.ndarray) -> np.ndarray:
        centre = model.centre_m(pairs.stated)
        outwards = model.outer_exponent
        inner = model.inner_m(pairs.stated, pairs.extent, pairs.precision)
        outer = model.outer_m(pairs.stated, pairs.extent, pairs.precision)
        near = np.maximum(centre - inner * bounds ** (1.0 / model.inner_exponent), 0.0)
        far = centre + outer * bounds ** (1.0 / outwards)
        across = bounds ** (1.0 / model.angle_exponents(pairs.points))
        half = np.radians(model.half_angles_deg(pairs.points, pairs.stated, pairs.extent))
        half = np.minimum(half * across, np.pi)
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
    """Return the rows of each fold; no anchor and no target is in two."""
    order = np.random.default_rng(seed).permutation(pairs.group.max() + 1)
    number = order[pairs.group] % count
    return [np.flatnonzero(number == each) for each in range(count)]


def _fitted_without(task: tuple[Pairs, np.ndarray, Variant | None]) -> Model:
    pairs, rows, variant = task
    return fitted_model(pairs.take(np.setdiff1d(np.arange(len(pairs.stated)), rows)), variant)


def held_back(
    pairs: Pairs,
    judges: dict[str, Callable[[Model, Pairs, Pairs], Held]],
    *,
    repeats: int,
    count: int = 5,
    variant: Variant | None = None,
    workers: int | None = None,
) -> dict[str, Held]:
    """Fit without each fold, judge it on that fold, and average the repeats."""
    size = (len(pairs.stated), len(LEVELS))
    found = {name: Held(np.zeros(size), np.zeros(size), np.zeros(size[0])) for name in judges}
    parts = [rows for seed in range(repeats) for rows in folds(pairs, count, seed)]
    tasks = [(pairs, rows, variant) for rows in parts]
    with ProcessPoolExecutor(workers) as pool:
        models = pool.map(_fitted_without, tasks) if workers != 1 else map(_fitted_without, tasks)
        for rows, model in zip(parts, models, strict=True):
            rest = np.setdiff1d(np.arange(len(pairs.stated)), rows)
            train, test = pairs.take(rest), pairs.take(rows)
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
    groups += [
        (f"extent {low:g}-{high:g} km" if low else f"extent {high:g} km", member)
        for low, high in itertools.pairwise(EXTENTS_KM)
        for member in [(pairs.extent > low * 1000.0) & (pairs.extent <= high * 1000.0)]
    ]
    names = ("less than 0.5 km", "0.5 km", "a mile or so", "5 km and more")
    groups += [
        (f"half step {name}", (pairs.precision > low) & (pairs.precision <= high))
        for name, (low, high) in zip(names, itertools.pairwise(HALF_STEPS_M), strict=True)
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


def _bias(pairs: Pairs) -> dict[str, float]:
    """Return the median of true less stated distance up to 20 km, by the anchor's extent."""
    near = pairs.stated <= 20_000.0  # beyond, distances by road hide where they begin
    return {
        f"{low:g}-{high:g} km": round(float(np.median((pairs.true - pairs.stated)[rows])), 0)
        for low, high in itertools.pairwise(EXTENTS_KM)
        for rows in [near & (pairs.extent > low * 1000.0) & (pairs.extent <= high * 1000.0)]
        if rows.any()
    }


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
        held = held_back(pairs, own, repeats=repeats, variant=variant)
        tried[variant.name] = _summary(held["region"])
    return {
        "n": len(pairs.stated),
        "anchors": int(pairs.anchor.max()) + 1,
        "cross_validation": f"5 folds, {repeats} repeats; no target is in two folds, nor "
        f"are anchors within {NEAR_DEG:g} degrees of each other ({pairs.group.max() + 1} groups)",
        "coverage_of_regions": _coverage(found["region"], pairs),
        "coverage_of_circles": _coverage(found["circle"], pairs),
        "against_the_standard": _against_standard(pairs, found["region"], found["circle"]),
        "tried": tried,
        "true_less_stated_m": _bias(pairs),
    }
