"""Build geodata/syria-2024/initial.csv: who held each locality on 26 November 2024.

    python geodata/build/syria_2024_initial.py

The holder of mid-2017 of each site (sites.csv) is brought forward by the rules below, read from
top to bottom; the first rule that fits decides. A rule fits where the site lies in its polygon
(or governorates) and its mid-2017 holder is one of `held_by`. Every rule names its source.

The polygons are drawn by hand between the coordinates of named localities, so that each one
that a source names falls on its side. Between such localities they are approximations of a
kilometre or two, near the cease-fire line of 5 March 2020 as much as elsewhere.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parent))
from syria_2024_common import (
    CASE,
    GOVERNMENT,
    HTS,
    JOINT,
    OPENING,
    SDF,
    SFA,
    SNA,
    polygon,
    read_csv,
    write_csv,
)

from frontline.shapes import ring

COLUMNS = "site actor status basis valid_from recorded_at rule source".split()
RULE_COLUMNS = "rule actor source sites why".split()

OPPOSITION = ("opposition", "HTS (then JaN)", "opposition and JaN jointly")
CONTESTED = ("contested government/opposition",)
TANF = (38.618, 33.506)  # lon, lat of the garrison
TANF_RADIUS_M = 55_000.0

# The front of 5 March 2020 from the Afrin district to the Ghab, north to south, with the
# localities on either side (opposition | government).
FRONT_2020 = """
36.895 36.335, 36.900 36.295, 36.905 36.260, 36.885 36.225, 36.889 36.190, 36.865 36.165,
36.865 36.110, 36.870 36.085, 36.842 36.068, 36.846 36.045, 36.858 36.020, 36.825 35.992,
36.832 35.930, 36.832 35.897, 36.778 35.886, 36.745 35.865, 36.712 35.835, 36.706 35.810,
36.690 35.785, 36.682 35.755, 36.668 35.740, 36.666 35.700, 36.638 35.675, 36.580 35.655,
36.545 35.635, 36.508 35.618, 36.497 35.600, 36.465 35.584, 36.430 35.585, 36.410 35.572,
36.383 35.566, 36.372 35.600, 36.335 35.607, 36.308 35.615, 36.300 35.650, 36.290 35.665,
36.262 35.692, 36.245 35.700
""".replace("\n", " ")
# Darat Izza, Taqad, al-Saharah, Atarib, Kafr Nuran, Ketyan, Maarat al-Naasan, Taftanaz, Afes,
# Nayrab, Sarmin, Majdaliya, Ariha, Bara, Fatirah, Fulayfil, Ankawi, Qahira, Qarqur |
# Sheikh Aqil, Basratun, Urum al-Sughra, Arnaz, Miznaz, Kafr Halab, Bawabiyah, Saraqib, Turumbah,
# Dadikh, Kafr Battikh, Dana, Hantutin, Maarat al-Numan, Hazarin, Kafr Nabl, Kursaa, Kawkabah.

POCKET = FRONT_2020.strip() + ", 36.245 35.980, 36.340 36.260, 36.560 36.335"

# South of the Afrin district the SDF and the government kept the villages east of Barad.
AFRIN = """
36.50 36.20, 36.50 36.90, 37.02 36.90, 37.020 36.600, 36.950 36.590, 36.945 36.557,
36.953 36.520, 36.940 36.505, 36.945 36.475, 36.938 36.455, 36.925 36.440, 36.915 36.400,
36.915 36.345, 36.908 36.312, 36.70 36.325
""".replace("\n", " ")

TELL_RIFAAT = """
36.915 36.345, 36.915 36.400, 36.925 36.440, 36.938 36.455, 36.945 36.475, 36.940 36.505,
36.953 36.520, 36.945 36.557, 36.950 36.590, 37.045 36.575, 37.080 36.540, 37.110 36.510,
37.160 36.500, 37.260 36.460, 37.380 36.450, 37.440 36.400, 37.430 36.340, 37.330 36.310,
37.200 36.350, 37.120 36.390, 37.060 36.405, 37.030 36.400,
36.990 36.390, 36.960 36.360, 36.970 36.325, 37.020 36.315, 37.020 36.296, 36.950 36.297,
36.908 36.295, 36.908 36.312
""".replace("\n", " ")

EUPHRATES_SHIELD = """
37.02 36.70, 37.00 36.60, 37.045 36.565, 37.080 36.530, 37.110 36.500, 37.160 36.495,
37.185 36.450, 37.260 36.430, 37.300 36.400, 37.380 36.402, 37.425 36.385, 37.450 36.332,
37.500 36.335, 37.545 36.362, 37.620 36.355, 37.700 36.363, 37.730 36.400, 37.690 36.450,
37.720 36.520, 37.830 36.600, 37.900 36.660, 38.020 36.720, 38.060 36.850, 37.60 36.80
""".replace("\n", " ")

PEACE_SPRING = """
38.830 36.720, 38.850 36.600, 38.900 36.520, 39.000 36.470, 39.200 36.440, 39.500 36.460,
39.700 36.520, 39.900 36.600, 40.100 36.640, 40.200 36.690, 40.215 36.760, 40.170 36.860,
39.90 36.90, 39.40 36.76, 38.95 36.76
""".replace("\n", " ")

# East of the Euphrates from Raqqa to the Iraqi border, drawn between the towns on its banks.
EUPHRATES = """
39.00 35.925, 39.15 35.890, 39.28 35.838, 39.40 35.800, 39.50 35.805, 39.60 35.785, 39.70 35.760,
39.77 35.745, 39.80 35.700, 39.815 35.660, 39.835 35.635, 39.850 35.600, 39.878 35.580,
39.880 35.550, 39.910 35.525, 39.940 35.490, 39.980 35.460, 40.010 35.453, 40.050 35.440,
40.080 35.400, 40.110 35.375, 40.155 35.350, 40.200 35.315, 40.225 35.285, 40.255 35.270,
40.300 35.270, 40.335 35.255, 40.350 35.235, 40.380 35.212, 40.410 35.170, 40.415 35.130,
40.435 35.100, 40.445 35.070, 40.458 35.045, 40.470 35.025, 40.500 35.008, 40.525 34.995,
40.532 34.960, 40.570 34.935, 40.575 34.900, 40.600 34.875, 40.615 34.850, 40.590 34.810,
40.690 34.770, 40.750 34.735, 40.800 34.705, 40.830 34.670, 40.860 34.645, 40.885 34.610,
40.915 34.585, 40.925 34.550, 40.915 34.500, 40.932 34.465, 40.945 34.440, 41.25 34.38
""".replace("\n", " ")
EAST_BANK = EUPHRATES.strip() + ", 42.6 34.4, 42.6 37.5, 39.0 37.5"

# The seven villages on the east bank that the government held: Marrat, Mazlum, Hatlah,
# al-Husayniyah, al-Salihiyah, Khasham, al-Tabiyah.
SEVEN_VILLAGES = """
40.125 35.375, 40.170 35.385, 40.225 35.360, 40.270 35.335, 40.310 35.310, 40.330 35.285,
40.315 35.265, 40.255 35.270, 40.225 35.285, 40.200 35.315, 40.155 35.350
""".replace("\n", " ")

SHEIKH_MAQSOUD = "37.130 36.222, 37.131 36.245, 37.155 36.250, 37.162 36.236, 37.149 36.224"

QAMISHLI = "41.05 36.70, 41.05 37.06, 41.45 37.06, 41.45 36.70"
HASAKAH = "40.60 36.40, 40.60 36.62, 40.95 36.62, 40.95 36.40"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where, from whom, to whom, and who says so."""

    name: str
    to: str
    source: str
    why: str
    area: Any = None
    governorates: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    status: str = "controlled"


def rules() -> list[Rule]:
    """Return the rules in their order."""
    return [
        Rule("tanf-55-km", SFA, "wikipedia-al-tanf",
             "55 km zone round the al-Tanf garrison", ring(*TANF, TANF_RADIUS_M)),
        Rule("sheikh-maqsoud", SDF, "menafn-1108943128",
             "Sheikh Maqsoud and Ashrafieh in Aleppo", polygon(SHEIKH_MAQSOUD)),
        Rule("peace-spring-2019", SNA, "wikipedia-peace-spring-2019",
             "Tell Abyad - Ras al-Ayn strip since October 2019", polygon(PEACE_SPRING)),
        Rule("tell-rifaat-pocket", JOINT, "shafaq-tell-rifaat-20241202",
             "pocket held jointly since 2018", polygon(TELL_RIFAAT),
             held_by=("SDF", "government and SDF jointly")),
        Rule("afrin-2018", SNA, "wikipedia-afrin-2018",
             "Afrin district since March 2018", polygon(AFRIN), held_by=("SDF",)),
        Rule("euphrates-shield", SNA, "wikipedia-euphrates-shield",
             "Azaz - Jarabulus - al-Bab since 2016-17", polygon(EUPHRATES_SHIELD),
             held_by=(*OPPOSITION, *CONTESTED, "government and SDF jointly", "Turkey")),
        Rule("euphrates-shield-north", SNA, "wikipedia-euphrates-shield",
             "the same, round Azaz and west of Jarabulus",
             polygon("36.97 36.545, 36.97 36.90, 38.10 36.90, 38.10 36.45, 37.40 36.45"),
             held_by=(*OPPOSITION, "Turkey")),
        Rule("north-aleppo-2018", GOVERNMENT, "wikipedia-afrin-2018",
             "Kafr Saghir, beside the industrial city of Aleppo",
             polygon("37.16 36.25, 37.16 36.33, 37.32 36.33, 37.32 36.25"), held_by=("SDF",)),
        Rule("idlib-pocket-2020", HTS, "wikipedia-nw-2019-2020",
             "north and west of the front of 5 March 2020", polygon(POCKET)),
        Rule("latakia-hills", HTS, "protocol-20200305",
             "front in the hills of north-east Latakia, as in 2017",
             polygon("36.00 35.68, 36.00 36.10, 36.40 36.10, 36.40 35.68"), held_by=OPPOSITION),
        Rule("idlib-offensives-2019-20", GOVERNMENT, "wikipedia-nw-2019-2020",
             "Khan Shaykhun, north Hama, Maarat al-Numan, Saraqib, the M5, south and west Aleppo",
             governorates=("Aleppo", "Hama", "Idlib", "Latakia"),
             held_by=(*OPPOSITION, *CONTESTED)),
        Rule("homs-pocket-2018", GOVERNMENT, "wikipedia-timeline-2018",
             "Rastan - Talbiseh - Houla pocket, May 2018; eastern Qalamoun",
             governorates=("Homs",), held_by=(*OPPOSITION, *CONTESTED)),
        Rule("damascus-2018", GOVERNMENT, "wikipedia-rif-dimashq-2018",
             "eastern Ghouta, eastern Qalamoun, southern Damascus, February-May 2018",
             governorates=("Damascus", "Rif Dimashq"), held_by=(*OPPOSITION, *CONTESTED, "IS")),
        Rule("south-2018", GOVERNMENT, "wikipedia-daraa-2018",
             "Daraa and Quneitra, June-August 2018, with settlement deals",
             governorates=("Daraa", "Quneitra", "Suwayda"),
             held_by=(*OPPOSITION, *CONTESTED, "IS")),
        Rule("seven-villages", GOVERNMENT, "historica-deir-ez-zor-2024",
             "government pocket on the east bank at Deir ez-Zor", polygon(SEVEN_VILLAGES)),
        Rule("east-bank", SDF, "wikipedia-deir-ez-zor-campaign",
             "east of the Euphrates, 2017-19", polygon(EAST_BANK),
             held_by=("IS", "contested SDF/IS")),
        Rule("raqqa-2017", SDF, "wikipedia-deir-ez-zor-campaign",
             "Raqqa city, October 2017",
             polygon("38.70 35.80, 38.70 36.10, 39.35 36.10, 39.25 35.83, 39.05 35.80"),
             held_by=("IS", "contested SDF/IS")),
        Rule("central-syria-2017", GOVERNMENT, "wikipedia-central-syria-2017",
             "Uqayribat and the Badia", governorates=("Homs", "Hama", "Raqqa"), held_by=("IS",)),
        Rule("west-bank-2017", GOVERNMENT, "wikipedia-eastern-syria-2017",
             "Deir ez-Zor, Mayadin, Abu Kamal and the west bank, September-November 2017",
             held_by=("IS",)),
        Rule("arima-posts", SDF, "wikipedia-peace-spring-2019",
             "west of Manbij: administered with the SDF, government and Russian posts",
             held_by=("government and SDF jointly",)),
        Rule("sdf-unchanged", SDF, "wikipedia-detailed-map",
             "held by the SDF in 2017; government and Russian posts since October 2019 noted",
             held_by=("SDF",)),
        Rule("hasakah-enclaves", GOVERNMENT, "wikipedia-detailed-map",
             "government posts in and near Qamishli and Hasakah",
             shapely.union(polygon(QAMISHLI), polygon(HASAKAH)), held_by=("Syrian government",)),
        Rule("government-unchanged", GOVERNMENT, "wikipedia-detailed-map",
             "held by the government in 2017", held_by=("Syrian government",)),
    ]  # fmt: skip


def decide(sites: list[dict[str, str]]) -> list[Rule]:
    """Return for each site the rule that decides.

    Raises
    ------
    ValueError
        A site that no rule fits.
    """
    points = shapely.points([[float(s["lon"]), float(s["lat"])] for s in sites])
    holder = np.array([s["holder_mid_2017"] for s in sites])
    admin1 = np.array([s["admin1"] for s in sites])
    chosen: list[Rule | None] = [None] * len(sites)
    for rule in rules():
        fits = np.ones(len(sites), dtype=bool)
        if rule.area is not None:
            fits &= shapely.intersects(rule.area, points)
        if rule.governorates:
            fits &= np.isin(admin1, rule.governorates)
        if rule.held_by:
            fits &= np.isin(holder, rule.held_by)
        for i in np.flatnonzero(fits):
            chosen[i] = chosen[i] or rule
    left = [s["name"] for s, rule in zip(sites, chosen, strict=True) if rule is None]
    if left:
        raise ValueError(f"no rule fits {len(left)} sites: {', '.join(left[:20])}")
    return [rule for rule in chosen if rule is not None]


def main() -> None:
    """Write initial.csv and, to be read beside it, rules.csv."""
    sites = read_csv(CASE / "sites.csv")
    chosen = decide(sites)
    rows = [
        {
            "site": site["site"],
            "actor": rule.to,
            "status": rule.status,
            "basis": "assessed",
            "valid_from": OPENING,
            "recorded_at": OPENING,
            "rule": rule.name,
            "source": rule.source,
        }
        for site, rule in zip(sites, chosen, strict=True)
    ]
    write_csv(CASE / "initial.csv", COLUMNS, rows)
    count = Counter(rule.name for rule in chosen)
    write_csv(
        CASE / "rules.csv",
        RULE_COLUMNS,
        [
            {
                "rule": r.name,
                "actor": r.to,
                "source": r.source,
                "sites": count[r.name],
                "why": r.why,
            }
            for r in rules()
        ],
    )


if __name__ == "__main__":
    main()
