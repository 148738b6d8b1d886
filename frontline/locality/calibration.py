"""The numbers of both methods: what is fitted, what is the standard's, and what is assumed.

The standard's half-angles are those of Wieczorek, Guo & Hijmans (2004). What is fitted stands in
``geodata/calibration.json`` with the report of the fit, read by `calibrated`. The constants here
are neither: no data were there to fit them, so every remark that uses one names it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from frontline.errors import InputError
from frontline.locality import calibrated

#: The standard's half-angles. A bearing in degrees is taken to one degree, as the calculator does.
HALF_ANGLES_DEG: dict[int, float] = {0: 1.0, 4: 45.0, 8: 22.5, 16: 11.25, 32: 5.625}
EDGE_FUZZ: dict[str, float] = {
    "polygon": 0.0,
    "published": 0.0,
    "given": 0.0,
    "population": 0.25,
    "kind": 0.5,
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """Parameters of a method.

    Attributes
    ----------
    name
        ``"calibrated"`` or ``"standard"``.
    coverage
        What a region or circle is to hold; None by the standard, which has no levels.
    model
        What was fitted; None by the standard.
    half_angles_deg
        The standard's, by the points of the rose; key 0 is a bearing in degrees.
    edge_fuzz
        Doubt about an extent's edge as a share of its radius, by where the radius comes from.
    """

    name: str
    coverage: float | None = None
    model: calibrated.Model | None = field(default=None, repr=False, compare=False)
    half_angles_deg: dict[int, float] = field(default_factory=lambda: dict(HALF_ANGLES_DEG))
    edge_fuzz: dict[str, float] = field(default_factory=lambda: dict(EDGE_FUZZ))

    @property
    def fitted(self) -> tuple[calibrated.Model, float] | None:
        """The model and the level; None by the standard."""
        if self.model is None or self.coverage is None:
            return None
        return self.model, self.coverage


#: What a calibrated region and circle can be asked to hold.
COVERAGES = (0.5, 0.68, 0.9, 0.95)
DEFAULT_COVERAGE = 0.95

#: Extents of the places that the fitted statements start from.
FITTED_EXTENT_M = (500.0, 25_000.0)

STANDARD = Calibration("standard")

#: "Near": this far beyond the extent, or as far again as its radius.
NEAR_M = 2_000.0
#: Half the width of a city's rim ("on the outskirts"), as a share of its radius, and at least.
RIM = 0.25
RIM_M = 500.0
#: Half the angle of "the northern part", for 4 winds and for finer ones.
PART_HALF_ANGLE_DEG = {4: 60.0}
PART_HALF_ANGLE_FINER_DEG = 45.0
#: The countryside of a place without an outline: as many radii beyond its extent, and at least.
COUNTRYSIDE = 5.0
COUNTRYSIDE_M = 10_000.0
#: A heading alone ends half-way to the next like feature, or here.
HEADING_MAX_M = 50_000.0
HEADING_BEYOND_M = 2_000.0
#: A like feature has at least this share of the population.
LIKE_POPULATION = 0.1
#: "More than 20 km" has no end: twice the distance is read.
OPEN_END = 2.0
#: A lens between two places is this wide in the middle, as a share of their distance.
LENS = 0.5
#: Half the width of a path whose course is drawn schematically.
PATH_M = 1_000.0


@functools.cache
def _calibrated(coverage: float) -> Calibration:
    return Calibration("calibrated", coverage, calibrated.model())


def calibration(method: str, *, coverage: float = DEFAULT_COVERAGE) -> Calibration:
    """Return the parameters of a method.

    Raises
    ------
    InputError
        Neither ``"calibrated"`` nor ``"standard"``, or a coverage that was not fitted.
    """
    if method not in {"calibrated", STANDARD.name}:
        raise InputError(f"method must be 'calibrated' or 'standard', not {method!r}")
    if isinstance(coverage, bool) or coverage not in COVERAGES:
        raise InputError(f"coverage must be one of {COVERAGES}, not {coverage!r}")
    if method == STANDARD.name:
        if coverage != DEFAULT_COVERAGE:
            raise InputError("the standard method has no levels of coverage; leave coverage out")
        return STANDARD
    return _calibrated(float(coverage))
