"""The numbers of ``method="calibrated"``, in one table, with where they come from.

The standard's radius holds the true place less often than it claims, above all for NE, SE, SW,
NW and finer winds. The half-angles and the bounds below were read off encyclopaedia statements
of the form "12 km southwest of X" whose two ends are both in GeoNames: 45/33.75/22.5 degrees for
4, 8 and 16 winds lifted the coverage of the circle from 92.3 to 96.4 %; a ring sector from 0.7 to
1.1 times the distance, less and plus the extent, needs a third less area than the circle.
They are not yet the result of a cross-validated fit; a committed script that makes one from
the pairs replaces this table later. Battle reports may behave otherwise than encyclopaedias.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from frontline.errors import InputError


@dataclass(frozen=True, slots=True)
class Calibration:
    """Parameters of a method.

    Attributes
    ----------
    half_angles_deg
        By the points of the rose; key 0 is a bearing in degrees.
    inner, outer
        Nearest and farthest true distance as a share of the stated one.
    edge_fuzz
        Doubt about an extent's edge as a share of its radius, by where the radius comes from.
    """

    name: str
    half_angles_deg: dict[int, float]
    inner: float
    outer: float
    edge_fuzz: dict[str, float]
    coverage: float | None = None


#: What a calibrated region and circle can be asked to hold.
COVERAGES = (0.5, 0.68, 0.9, 0.95)
DEFAULT_COVERAGE = 0.95

_FUZZ = {"polygon": 0.0, "published": 0.0, "given": 0.0, "population": 0.25, "kind": 0.5}

STANDARD = Calibration(
    "standard", {0: 1.0, 4: 45.0, 8: 22.5, 16: 11.25, 32: 5.625}, 1.0, 1.0, _FUZZ
)
CALIBRATED = Calibration(
    "calibrated", {0: 5.0, 4: 45.0, 8: 33.75, 16: 22.5, 32: 22.5}, 0.7, 1.1, _FUZZ
)

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


def calibration(method: str, *, coverage: float = DEFAULT_COVERAGE) -> Calibration:
    """Return the parameters of a method.

    Raises
    ------
    InputError
        Neither ``"calibrated"`` nor ``"standard"``, or a coverage that was not fitted.
    """
    if method not in {CALIBRATED.name, STANDARD.name}:
        raise InputError(f"method must be 'calibrated' or 'standard', not {method!r}")
    if coverage not in COVERAGES:
        raise InputError(f"coverage must be one of {COVERAGES}, not {coverage!r}")
    if method == CALIBRATED.name:
        return replace(CALIBRATED, coverage=coverage)
    if coverage != DEFAULT_COVERAGE:
        raise InputError("the standard method has no levels of coverage; leave coverage out")
    return STANDARD
