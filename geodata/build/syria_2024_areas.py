"""Areas and area statements of the case syria-2024.

`areas()` gives the polygons, `STATEMENTS` what is said about them and by whom. A polygon with
`cut` true is a real line (a governorate, the 55 km circle, a piece of desert) and cuts the
cells; the others are drawn loosely round named localities and speak for the sites inside them,
so that no hand-drawn line shows on the map.

    python geodata/build/syria_2024_areas.py        # writes areas.geojson
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

sys.path.insert(0, str(Path(__file__).parent))
from syria_2024_common import (
    CASE,
    GOVERNMENT,
    HTS,
    LOCAL,
    OPENING,
    SDF,
    SEVERAL,
    SFA,
    SNA,
    SOUTH,
    governorates,
    outline,
    polygon,
    write_geojson,
)
from syria_2024_initial import (
    EAST_BANK,
    FRONT_2020,
    HASAKAH,
    QAMISHLI,
    SEVEN_VILLAGES,
    SHEIKH_MAQSOUD,
    TANF,
    TANF_RADIUS_M,
    TELL_RIFAAT,
)

from frontline.shapes import ring

# Drawn between named localities; the comment names those that decided the line.
LOOSE = {
    # Rashidin, Layramoun, the citadel, Ramouseh; without Sheikh Maqsoud and Ashrafieh
    "aleppo-city": "37.03 36.12, 37.03 36.27, 37.11 36.27, 37.165 36.262, 37.21 36.23, "
    "37.21 36.14, 37.15 36.12",
    # Sheikh Najjar, the infantry academy, Kafr Saghir
    "aleppo-north-east": "37.20 36.24, 37.165 36.262, 37.165 36.30, 37.20 36.352, 37.25 36.365, "
    "37.34 36.34, 37.34 36.25",
    # Nubl, Zahraa, Mayer, Hayyan, Bayanoun, Anadan, Haritan, Tamurah
    "aleppo-north": "36.93 36.265, 36.93 36.32, 36.95 36.32, 36.95 36.35, 36.965 36.36, "
    "36.99 36.39, 37.03 36.40, "
    "37.06 36.405, 37.12 36.39, 37.20 36.352, 37.165 36.30, 37.165 36.25, 37.04 36.25",
    # the 2020 front, Anjara, Khan al-Asal, al-Eis, al-Hader
    "aleppo-west": FRONT_2020.split(", 36.745")[0].strip()
    + ", 36.93 35.87, 36.94 35.93, 37.05 35.93, 37.10 35.95, 37.10 36.10, 37.06 36.14, "
    + "37.04 36.25, 36.93 36.29",
    # Tall al-Daman, Banan, Safira, al-Hajib, Khanasir
    "aleppo-south": "37.00 36.12, 37.21 36.14, 37.30 36.10, 37.42 36.13, 37.64 36.14, 37.62 36.03, "
    "37.55 35.95, 37.55 35.85, 37.58 35.70, 37.45 35.60, 37.25 35.52, 37.05 35.58, 36.95 35.80, "
    "36.88 35.90, 36.95 35.95",
    # Jibrin, Tal Hasil, Aabed
    "aleppo-east": "37.21 36.13, 37.21 36.25, 37.34 36.255, 37.40 36.20, 37.41 36.12, 37.30 36.09",
    # Tadef, Deir Qaq, Tall Maskur, Kuweires
    "dawn-of-freedom": "37.33 36.25, 37.33 36.36, 37.44 36.40, 37.545 36.38, 37.75 36.40, "
    "37.88 36.39, "
    "37.86 36.345, 37.78 36.33, 37.70 36.30, 37.66 36.24, 37.64 36.14, 37.42 36.13, 37.40 36.20",
    # Dayr Hafir, Jirah airbase, Maskanah
    "dayr-hafir": "37.63 36.13, 37.64 36.20, 37.66 36.24, 37.70 36.30, 37.78 36.33, 37.90 36.36, "
    "38.20 36.34, "
    "38.20 35.90, 38.18 35.83, 37.95 35.83, 37.85 35.88, 37.70 35.94, 37.62 36.05",
    "tell-rifaat": TELL_RIFAAT,
    # Qalaat al-Madiq, Karnaz, Tal Mallah, Halfaya, Taybat al-Imam, Maardis, Souran, Morek, Atshan
    "hama-north": "36.37 35.45, 36.37 35.402, 36.43 35.385, 36.44 35.33, 36.50 35.295, "
    "36.57 35.30, 36.58 35.255, 36.785 35.255, 36.785 35.37, 36.84 35.385, 36.87 35.47, "
    "36.87 35.55, 36.37 35.55",
    # Halfaya, Taybat al-Imam, Maardis, Souran
    "hama-towns": "36.585 35.255, 36.585 35.30, 36.69 35.305, 36.775 35.305, 36.83 35.26, "
    "36.83 35.228, 36.70 35.228",
    # Ma'an, al-Hamra, Suruj; the 66th brigade lies south of it
    "hama-north-east": "36.775 35.258, 36.775 35.50, 37.00 35.52, 37.20 35.47, 37.27 35.40, "
    "37.27 35.305, 36.95 35.305, 36.90 35.258",
    # the city, Khattab, Kafraa, Maar Shahur, Surayhin, Kafr Buhum
    "hama-city": "36.60 35.05, 36.60 35.25, 36.93 35.25, 36.96 35.12, 36.90 35.03",
    # Salamiyah, Barri Sharqi, Sabburah, al-Sa'an, Rahjan
    "salamiyah": "36.86 34.94, 36.93 35.25, 36.86 35.31, 37.27 35.31, 37.27 35.42, 37.50 35.45, "
    "37.58 35.20, 37.45 34.98, 37.20 34.90",
    # Mhardeh, Suqaylabiyah, Tremseh
    "mhardeh-suqaylabiyah": "36.33 35.42, 36.40 35.47, 36.62 35.30, 36.60 35.16, 36.42 35.18, "
    "36.33 35.30",
    # south of Hama to the Orontes at Rastan
    "hama-south": "36.58 34.93, 36.58 35.06, 36.90 35.04, 36.88 34.94, 36.78 34.93",
    # Rastan, Talbiseh, Teir Maalah, Dar al-Kabirah
    "rastan-talbiseh": "36.61 34.78, 36.60 34.95, 36.80 34.96, 36.80 34.80, 36.72 34.785",
    "seven-villages": SEVEN_VILLAGES,
    # Kanaker, Sa'sa', Zakiyah, Khan al-Shih, Artouz, Kiswah
    "damascus-south-west": "35.80 33.20, 36.05 33.10, 36.30 33.22, 36.30 33.36, 36.21 33.45, "
    "36.08 33.45, 35.88 33.37",
    "qamishli": QAMISHLI,
    "hasakah": HASAKAH,
    # Manbij, al-Arima
    "manbij-city": "37.60 36.37, 37.60 36.52, 37.72 36.58, 37.83 36.66, 37.98 36.70, "
    "38.03 36.66, 38.05 36.46, "
    "37.80 36.40",
    # to the Euphrates, the Qarah Qawzaq bridge and Abu Qalqal; the Tishrin dam outside
    "manbij-district": "37.60 36.37, 37.60 36.52, 37.72 36.58, 37.83 36.66, "
    "37.95 36.75, 38.02 36.80, 38.06 36.72, 38.09 36.66, 38.17 36.60, 38.19 36.52, 38.16 36.43, "
    "38.08 36.35, "
    "37.90 36.335, 37.78 36.345",
}

# Palmyra, Jabal Ghurab and the road from al-Tanf; al-Sukhnah and T4 outside.
PALMYRA = (
    "37.98 34.60, 38.12 34.66, 38.30 34.68, 38.50 34.66, 38.72 34.55, 39.00 34.40, "
    "39.20 34.15, 39.25 33.80, 38.60 33.45, 38.05 33.55, 37.98 33.85, 37.90 34.20"
)

# South of Resafa, Thawra and the villages of the south bank.
RESAFA = (
    "37.0 38.0, 37.0 35.75, 38.05 35.68, 38.25 35.53, 38.50 35.47, 38.80 35.46, 39.05 35.52, "
    "39.30 35.58, 39.60 35.62, 41.0 35.70, 41.0 38.0"
)


def areas() -> dict[str, tuple[Any, bool, str]]:
    """Return area id -> (polygon, cut, name)."""
    adm1, theatre = governorates(), outline()
    tanf = ring(*TANF, TANF_RADIUS_M)
    east_bank = polygon(EAST_BANK)
    raqqa = shapely.intersection(adm1["Raqqa"], shapely.box(37, 34, 41, 36.2))
    north = polygon(RESAFA)
    north_east = shapely.union_all([east_bank, adm1["Hasakah"]])
    palmyra = shapely.union(polygon(PALMYRA), tanf)
    west_of_374 = shapely.box(35, 32, 37.4, 38)
    kurdish = polygon(SHEIKH_MAQSOUD)
    deir_ez_zor = shapely.difference(adm1["Deir ez-Zor"], east_bank)
    river = shapely.buffer(shapely.boundary(east_bank), 0.15)
    damascus = shapely.union(adm1["Damascus"], adm1["Rif Dimashq"])
    found = {
        "base-government": (shapely.difference(shapely.difference(theatre, north_east), tanf),
                            "everything else far from a named locality"),
        "base-north-east": (shapely.intersection(theatre, north_east),
                            "east bank of the Euphrates and Hasakah"),
        "base-tanf-rim": (
            shapely.difference(shapely.intersection(theatre, ring(*TANF, 90_000.0)), tanf),
            "the desert round the 55 km zone"),
        "base-tanf": (shapely.intersection(theatre, tanf), "55 km round the al-Tanf garrison"),
        "idlib": (adm1["Idlib"], "Idlib governorate"),
        "daraa": (adm1["Daraa"], "Daraa governorate"),
        "quneitra": (adm1["Quneitra"], "Quneitra governorate"),
        "suwayda": (adm1["Suwayda"], "Suwayda governorate"),
        "raqqa-south-bank": (_lapped(shapely.intersection(raqqa, north), theatre),
                             "Raqqa governorate to Resafa and Thawra"),
        "raqqa-desert": (_lapped(shapely.difference(raqqa, north), theatre),
                         "Raqqa governorate south of Resafa"),
        "palmyra-tanf": (shapely.intersection(palmyra, theatre), "Palmyra and desert to al-Tanf"),
        "deir-ez-zor-desert": (shapely.difference(deir_ez_zor, river),
                               "Deir ez-Zor governorate, desert beyond the west bank"),
        "homs-rest": (shapely.difference(adm1["Homs"], palmyra),
                      "Homs governorate but for Palmyra and al-Tanf"),
        "damascus": (shapely.difference(damascus, palmyra), "Damascus and Rif Dimashq"),
        "hama": (adm1["Hama"], "Hama governorate"),
        "latakia": (adm1["Latakia"], "Latakia governorate"),
        "tartus": (adm1["Tartus"], "Tartus governorate"),
        "aleppo-south-rest": (
            shapely.intersection(adm1["Aleppo"], polygon("36.9 35.4, 36.9 36.0, 37.50 36.0, "
                                                         "37.72 35.98, 38.3 35.75, 38.3 35.4")),
            "Aleppo governorate south of Safira and Maskanah"),
    }  # fmt: skip
    out = {key: (shape, True, name) for key, (shape, name) in found.items()}
    for key, text in LOOSE.items():
        shape = polygon(text)
        if key == "aleppo-city":
            shape = shapely.difference(shape, kurdish)
        out[key] = (shape, False, key.replace("-", " "))
    bank = shapely.intersection(deir_ez_zor, shapely.buffer(river, 0.1))
    out["raqqa-south-bank-sites"] = (
        shapely.intersection(raqqa, north), False, "Raqqa governorate, places on the south bank"
    )  # fmt: skip
    out["homs-west"] = (
        shapely.intersection(adm1["Homs"], west_of_374), False, "Homs governorate, west"
    )  # fmt: skip
    out["aleppo-south-rest-sites"] = (
        found["aleppo-south-rest"][0], False, "Aleppo governorate, places south of Safira"
    )  # fmt: skip
    out["deir-ez-zor-bank"] = (bank, False, "Deir ez-Zor governorate, west bank")
    return dict(sorted(out.items()))


def _lapped(shape: Any, theatre: Any) -> Any:
    """Let an area lap 200 m over its neighbours, so that rounding leaves no crack between."""
    return shapely.intersection(shapely.buffer(shape, 0.002), theatre)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about an area."""

    area: str
    actor: str
    valid_from: str
    precision: str
    recorded_at: str
    basis: str
    source: str
    note: str
    status: str = "controlled"


def _s(*fields: str) -> Statement:
    return Statement(*fields)


STATEMENTS = (
    _s("base-government", GOVERNMENT, OPENING, "day", OPENING, "assessed",
       "wikipedia-detailed-map", "desert between the posts; cells of armed groups are not control"),
    _s("base-north-east", SDF, OPENING, "day", OPENING, "assessed",
       "wikipedia-deir-ez-zor-campaign", "steppe between the villages"),
    _s("base-tanf", SFA, "2024-11-26", "day", "2024-11-26", "assessed", "wikipedia-al-tanf",
       "deconfliction zone with United States forces"),
    _s("base-tanf-rim", GOVERNMENT, "2024-11-26", "day", "2024-11-26", "assessed",
       "wikipedia-al-tanf", "government posts round the zone"),
    _s("aleppo-west", HTS, "2024-11-30T03:00Z", "part", "2024-12-01", "assessed",
       "wikipedia-2024-offensives", "west and south-west countryside as the city is taken"),
    _s("aleppo-city", HTS, "2024-11-30T03:00Z", "part", "2024-12-01", "reported",
       "afp-cna-20241202", "the city but for the Kurdish-held districts (SOHR)"),
    _s("aleppo-north-east", SDF, "2024-11-30T06:00Z", "part", "2024-12-01", "reported",
       "historica-battle-of-aleppo", "SDF moves in as the army leaves"),
    _s("aleppo-north-east", HTS, "2024-12-01T15:00Z", "part", "2024-12-02", "assessed",
       "wikipedia-dawn-of-freedom", "the corridor cut, clashes at Sheikh Najjar"),
    _s("dayr-hafir", SDF, "2024-11-30T12:00Z", "part", "2024-12-02", "assessed",
       "wikipedia-dawn-of-freedom", "SDF in the towns that the army left; still there in late "
       "December (wikipedia-east-aleppo-2024)"),
    _s("idlib", HTS, "2024-11-30T15:00Z", "part", "2024-11-30", "reported", "trt-18238502",
       "the whole governorate"),
    _s("hama-north", HTS, "2024-11-30T15:00Z", "part", "2024-11-30", "reported",
       "syrianpc-20241130", "north countryside of Hama on the evening of 30 November"),
    _s("aleppo-north", HTS, "2024-12-01", "day", "2024-12-05", "reported",
       "enab-baladi-nubl-20241205", "all of the northern countryside; the day is assessed"),
    _s("aleppo-south", HTS, "2024-12-01T06:00Z", "part", "2024-12-01", "claimed",
       "arabkhabar-3731573", "south and south-east countryside to Safira and Khanasir"),
    _s("aleppo-east", HTS, "2024-12-01T06:00Z", "part", "2024-12-01", "assessed",
       "wikipedia-2024-offensives", "between the airport and Kuweires"),
    _s("dawn-of-freedom", SNA, "2024-12-01T06:00Z", "part", "2024-12-01", "claimed",
       "wikipedia-dawn-of-freedom", "Tadef to Kuweires; about 850 km2 claimed with the rest"),
    _s("hama-towns", GOVERNMENT, "2024-12-01", "day", "2024-12-01", "claimed",
       "sana-menafn-1108944261", "counter-attack north of Hama"),
    _s("tell-rifaat", SNA, "2024-12-01T15:00Z", "part", "2024-12-02", "reported",
       "shafaq-tell-rifaat-20241202", "the pocket (SOHR)"),
    _s("hama-towns", HTS, "2024-12-03", "day", "2024-12-03", "reported", "isw-20241203",
       "the towns taken again"),
    _s("seven-villages", SDF, "2024-12-03", "day", "2024-12-03", "reported", "novinite-229717",
       "seven villages on the east bank"),
    _s("hama-north-east", HTS, "2024-12-04T12:00Z", "part", "2024-12-04", "claimed",
       "mandabpress-69022", "north-east countryside to Suruj"),
    _s("hama-city", HTS, "2024-12-05T16:00Z", "part", "2024-12-06", "reported",
       "wikipedia-2024-offensives", "the city's surroundings after its fall"),
    _s("salamiyah", HTS, "2024-12-06", "day", "2024-12-06", "assessed",
       "syrian-press-agency-8503", "east countryside after Salamiyah"),
    _s("mhardeh-suqaylabiyah", HTS, "2024-12-06", "day", "2024-12-06", "assessed",
       "wikipedia-hama-offensive", "west of the fallen city; the day is assessed"),
    _s("hama-south", HTS, "2024-12-06", "day", "2024-12-06", "assessed", "anews-rastan-20241206",
       "between Hama and Rastan"),
    _s("rastan-talbiseh", HTS, "2024-12-06", "day", "2024-12-06", "reported",
       "anews-rastan-20241206", "to the northern edge of Homs"),
    _s("raqqa-south-bank", SDF, "2024-12-06", "day", "2024-12-06", "assessed",
       "historica-deir-ez-zor-2024",
       "the army left Resafa and Thawra on 5 December; SDF assessed to have followed"),
    _s("raqqa-south-bank-sites", SDF, "2024-12-06", "day", "2024-12-06", "assessed",
       "historica-deir-ez-zor-2024", "the same for the places, whose cells reach past the limit"),
    _s("deir-ez-zor-bank", SDF, "2024-12-06T12:00Z", "part", "2024-12-06", "reported",
       "babel-113370", "city, west bank and the crossing at Abu Kamal"),
    _s("deir-ez-zor-desert", "", "2024-12-06T12:00Z", "part", "2024-12-06", "assessed",
       "kurdpress-159833", "army gone, taker not named", "no_data"),
    _s("daraa", SOUTH, "2024-12-06T20:00Z", "part", "2024-12-07", "reported",
       "shaam-daraa-20241206", "the city and most of the governorate; all of it by the 7th "
       "(dawn-1877304)"),
    _s("suwayda", LOCAL, "2024-12-07", "day", "2024-12-07", "reported", "dawn-1877304",
       "the governorate"),
    _s("quneitra", SOUTH, "2024-12-07", "day", "2024-12-07", "reported", "dawn-1877304",
       "the governorate; the buffer zone that Israeli forces entered on 8 December is not drawn"),
    _s("palmyra-tanf", SFA, "2024-12-07", "day", "2024-12-07", "reported",
       "wikipedia-palmyra-2024", "Palmyra and the desert south of it"),
    _s("damascus-south-west", SOUTH, "2024-12-07T15:00Z", "part", "2024-12-07", "claimed",
       "shafaq-damascus-10km", "to about 10 km from the capital; denied by the defence ministry"),
    _s("homs-west", HTS, "2024-12-08", "day", "2024-12-08", "reported", "cgtn-20241208",
       "Homs and its countryside in the night to 8 December"),
    _s("damascus", SEVERAL, "2024-12-08T03:00Z", "part", "2024-12-08", "reported",
       "wikipedia-fall-of-assad", "the government falls"),
    _s("hama", HTS, "2024-12-08T03:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "the rest of the governorate: the Ghab, Masyaf, the east"),
    _s("aleppo-south-rest", HTS, "2024-12-08T03:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "what the army still held there"),
    _s("aleppo-south-rest-sites", HTS, "2024-12-08T03:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "the same for the places, whose cells reach past the limit"),
    # Claims that nobody is left to dispute stop being claims.
    _s("aleppo-south", HTS, "2024-12-08T03:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "claimed on 1 December; no other claimant is left"),
    _s("hama-north-east", HTS, "2024-12-08T03:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "claimed on 4 December; no other claimant is left"),
    _s("dawn-of-freedom", SNA, "2024-12-08T03:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "claimed on 1 December; the army that disputed it is gone"),
    _s("qamishli", SDF, "2024-12-08T12:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "government posts end with the government"),
    _s("hasakah", SDF, "2024-12-08T12:00Z", "part", "2024-12-08", "assessed",
       "wikipedia-fall-of-assad", "government posts end with the government"),
    _s("tartus", HTS, "2024-12-08T18:00Z", "part", "2024-12-09", "assessed",
       "wikipedia-fall-of-assad", "8-9 December"),
    _s("latakia", HTS, "2024-12-08T18:00Z", "part", "2024-12-09", "assessed",
       "wikipedia-fall-of-assad", "8-9 December"),
    _s("homs-rest", HTS, "2024-12-08T18:00Z", "part", "2024-12-09", "assessed",
       "wikipedia-deir-ez-zor-2024", "advance eastwards through Homs governorate"),
    _s("raqqa-desert", HTS, "2024-12-08T18:00Z", "part", "2024-12-09", "assessed",
       "wikipedia-deir-ez-zor-2024", "with the desert of Homs"),
    _s("deir-ez-zor-desert", HTS, "2024-12-09", "day", "2024-12-11", "assessed",
       "wikipedia-deir-ez-zor-2024", "opposition in the governorate since 9 December"),
    _s("manbij-city", SNA, "2024-12-09", "day", "2024-12-11", "reported", "wikipedia-manbij-2024",
       "the city, entered 8-9 December"),
    _s("damascus", HTS, "2024-12-10", "day", "2024-12-10", "assessed", "wikipedia-fall-of-assad",
       "caretaker authorities led by HTS"),
    _s("manbij-district", SNA, "2024-12-11", "day", "2024-12-11", "reported",
       "menafn-1108992994", "cease-fire; SDF to leave the district"),
    _s("deir-ez-zor-bank", HTS, "2024-12-11", "day", "2024-12-11", "reported",
       "wikipedia-deir-ez-zor-2024", "Deir ez-Zor, Mayadin and Abu Kamal by 11 December"),
)  # fmt: skip


def main() -> None:
    """Write areas.geojson."""
    found = areas()
    missing = {s.area for s in STATEMENTS} ^ set(found)
    if missing:
        raise ValueError(f"areas without a statement or statements without an area: {missing}")
    grounds = {True: "governorate limits, published radius or open desert",
               False: "drawn round named localities; speaks for the sites inside"}  # fmt: skip
    write_geojson(
        CASE / "areas.geojson",
        [
            ({"area": key, "name": name, "cut": cut, "grounds": grounds[cut]}, shape)
            for key, (shape, cut, name) in found.items()
        ],
    )


if __name__ == "__main__":
    main()
