"""Write the tables of docs/method.md from the report in geodata/calibration.json.

python geodata/build/calibration_tables.py
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "method.md"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f}"


def _with_interval(values: list[float]) -> str:
    share, low, high = values
    return f"{_percent(share)} ({_percent(low)} to {_percent(high)})"


def _coverage(rows: list[dict[str, Any]], levels: list[str]) -> str:
    body = [
        [
            row["group"],
            str(row["n"]),
            *(_percent(row[level][0]) for level in levels[:-1]),
            _with_interval(row[levels[-1]]),
        ]
        for row in rows
    ]
    return _table(["statements", "n", *(f"{float(each):.0%}" for each in levels)], body)


def _tried(tried: dict[str, Any]) -> str:
    body = [
        [
            name,
            _percent(each["coverage"]["0.95"]),
            f"{each['median_area_km2']['0.5']:.0f}",
            f"{each['median_area_km2']['0.95']:.0f}",
            f"{each['mean_log_area_95']:.3f}",
            f"{each['log_score']:.3f}",
        ]
        for name, each in tried.items()
    ]
    head = (
        "shape",
        "held at 95 %",
        "median km², 50 %",
        "median km², 95 %",
        "mean log area",
        "log score",
    )
    return _table(list(head), body)


def _parameters(own: dict[str, Any]) -> str:
    names = {"centre": "centre m", "inner": "inner width", "outer": "outer width"}
    rows = [[text, *(f"{each:.3f}" for each in own[name])] for name, text in names.items()]
    for level in ("0.5", "0.95"):
        for points in ("4", "8"):
            values = own["region_levels"][level][points]
            text = f"bound of the score, {float(level):.0%}, {points} winds".replace("%", " %")
            rows.append([text, *(f"{each:.2f}" for each in values)])
    head = ["at", *(f"{each / 1000.0:g} km" for each in own["knots_m"])]
    circles = [
        [f"{points} winds, {float(level):.0%}".replace("%", " %"), *_in_km(radii)]
        for level in ("0.5", "0.95")
        for points, radii in own["circle"][level].items()
        if points in {"4", "8", "16"}
    ]
    other = ["radius, km, at", *(f"{each / 1000.0:g} km" for each in own["circle_knots_m"])]
    return f"{_table(head, rows)}\n{_table(other, circles)}"


def _in_km(metres: list[float]) -> list[str]:
    return [f"{each / 1000.0:.2f}" for each in metres]


def _paragraph(*sentences: str) -> str:
    """Wrap sentences as the page's other paragraphs are."""
    return textwrap.fill(" ".join(sentences), 120, break_long_words=False) + "\n"


def _against(other: dict[str, Any]) -> str:
    by_winds = other["standard_coverage_by_winds"].items()
    shares = ", ".join(f"{_percent(share)} % for {name} winds" for name, share in by_winds)
    bands = ", ".join(_percent(each) for each in other["region_of_it_by_band"])
    return _paragraph(
        f"The standard's circle holds {_percent(other['standard_coverage'])} % ({shares}), with a",
        f"median of {other['standard_median_km2']:.0f} km². Scaled by",
        f"{other['factor_at_equal_coverage']:.3f} it holds as much as the 95 % region, with a",
        f"median of {other['median_at_equal_coverage_km2']:.0f} km². The median region is",
        f"**{_percent(other['region_of_it'])} %** of that, the median calibrated circle",
        f"{_percent(other['circle_of_it'])} %. At the standard's own coverage the region needs",
        f"{_percent(other['region_of_it_at_the_standards_coverage'])} % of its area. By band of",
        f"distance, each at its own equal coverage: {bands} %.",
    )


def tables(found: dict[str, Any]) -> str:
    """Return the tables as Markdown."""
    own, report = found["parameters"], found["report"]
    levels = [str(each) for each in report["levels"]]
    circle = own["circle"]["0.95"]
    angles = ", ".join(
        f"{own['half_angle_deg'][k]:.1f} for {k} winds (exponent {own['angle_exponent'][k]:.2f})"
        for k in ("4", "8", "16")
    )
    head = _paragraph(
        f"**Fit of {report['date']}**: {report['n']:,} statements about {report['anchors']:,}",
        f"anchors; cross-validation: {report['cross_validation']}. sha256 of the table of pairs:",
        f"`{report['sha256']}`.",
    )
    rest = _paragraph(
        f"Inner exponent {own['inner_exponent']:.2f}, outer {own['outer_exponent']:.2f}.",
        f"Half-angles h: {angles} degrees far from the feature; beside it they grow by the share",
        f"({own['turn_m'] / 1000.0:.2f} km + {own['turn_extent']:.2f} extents) / (distance +",
        f"{own['turn_from_m'] / 1000.0:g} km + extent). The widths gain",
        f"{own['inner_extent']:.3f} (inwards) and {own['outer_extent']:.3f} (outwards) of the",
        f"extent, {own['precision']:.3f} of the half step, and {own['inner_least_m']:.0f} m and",
        f"{own['outer_least_m']:.0f} m in any case; the radius of the 95 % circle gains",
        f"{circle['extent']:.2f} of the extent and {circle['precision']:.2f} of the half step.",
    )
    bias = ", ".join(f"{each:+.0f}" for each in report["true_less_stated_m"].values())
    start = _paragraph(
        "Where distances begin: the median of true less stated distance, up to 20 km, is",
        f"{bias} m by rising extent (the groups of the tables above): from the centre, for towns",
        "of every size; from the edge, it would be about the extent.",
    )
    return f"""\
{head}
### Parameters

{_parameters(own)}
{rest}
### Coverage of regions, held back, %

With the 95 % interval of Wilson for the last level.

{_coverage(report["coverage_of_regions"], levels)}
### Coverage of circles, held back, %

{_coverage(report["coverage_of_circles"], levels)}
{start}
### Against the standard

{_against(report["against_the_standard"])}
### What was tried

{_tried(report["tried"])}"""


def page(text: str, found: dict[str, Any]) -> str:
    """Return the page with its tables renewed."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{tables(found)}\n{END}{after}"


def main() -> None:
    """Renew the page."""
    found = json.loads((ROOT / "geodata" / "calibration.json").read_text(encoding="utf-8"))
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
