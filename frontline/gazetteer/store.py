"""Where the places of a gazetteer stand, and how they are found by key."""

from __future__ import annotations

import csv
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from frontline.gazetteer.model import Place
from frontline.gazetteer.names import key, skeletons
from frontline.partitions import Lean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from frontline.gazetteer.letters import Letters

#: How much of two keys must agree for one to be shown for the other, in percent.
_LEAST_SIMILAR = 70


class Store(Protocol):
    """What the lookup asks of a collection of places."""

    def by_key(self, name_key: str) -> list[Place]:
        """Return the places one of whose names has this key."""

    def by_skeleton(self, bones: str) -> list[Place]:
        """Return the places one of whose names has this consonant skeleton."""

    def similar(self, name_key: str, limit: int) -> list[tuple[Place, float]]:
        """Return places with keys like this one, best first, scores up to 100."""

    def lon_lat(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the coordinates of all places, degrees."""

    def take(self, numbers: Sequence[int]) -> list[Place]:
        """Return the places with these positions in `lon_lat`."""

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every name of every place with the place's position in `lon_lat`."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Place]: ...


class MemoryStore(Lean):
    """Places held in memory.

    Parameters
    ----------
    places : iterable of Place
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = list(places)

    @cached_property
    def _keys(self) -> dict[str, list[int]]:
        return _index([{key(n) for n in (p.name, *p.names)} for p in self._places])

    @cached_property
    def _bones(self) -> dict[str, list[int]]:
        return _index(
            [frozenset().union(*map(skeletons, (p.name, *p.names))) for p in self._places]
        )

    @cached_property
    def _all_keys(self) -> list[str]:
        return list(self._keys)

    @cached_property
    def _letters(self) -> Letters:
        from frontline.gazetteer.letters import Letters

        return Letters(self._all_keys)

    def by_key(self, name_key: str) -> list[Place]:
        """Return the places one of whose names has this key."""
        return self.take(self._keys.get(name_key, ()))

    def by_skeleton(self, bones: str) -> list[Place]:
        """Return the places one of whose names has this consonant skeleton."""
        return self.take(self._bones.get(bones, ()))

    def similar(self, name_key: str, limit: int) -> list[tuple[Place, float]]:
        """Return places with keys like this one, best first, scores up to 100."""
        from rapidfuzz import fuzz, process

        may = self._letters.likely(name_key, _LEAST_SIMILAR)
        hits = process.extract(
            name_key, may, scorer=fuzz.ratio, limit=3 * limit, score_cutoff=_LEAST_SIMILAR
        )
        best: dict[int, float] = {}
        for found, score, _ in hits:
            for number in self._keys[found]:
                best[number] = max(score, best.get(number, 0.0))
        order = sorted(best, key=lambda n: (-best[n], n))[:limit]
        return [(place, best[n]) for n, place in zip(order, self.take(order), strict=True)]

    @cached_property
    def _lon_lat(self) -> NDArray[np.float64]:
        import numpy as np

        return np.array([(p.lon, p.lat) for p in self], dtype=np.float64).reshape(-1, 2)

    def lon_lat(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the coordinates of all places, degrees."""
        return self._lon_lat[:, 0], self._lon_lat[:, 1]

    def take(self, numbers: Sequence[int]) -> list[Place]:
        """Return the places with these positions."""
        return [self._places[n] for n in numbers]

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every name of every place with the place's position."""
        for number, place in enumerate(self._places):
            for name in (place.name, *place.names):
                yield name, number

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.take(range(len(self))))


class CsvStore(MemoryStore):
    """The bundled table, whose keys were computed when it was built.

    A row becomes a `Place` when it is asked for.

    Parameters
    ----------
    path : Path
        A table with the columns of geodata/places.csv.
    """

    def __init__(self, path: Path) -> None:
        csv.field_size_limit(sys.maxsize)
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            self._column = {name: number for number, name in enumerate(next(reader))}
            self._rows = list(reader)
        self._made: dict[int, Place] = {}

    @cached_property
    def _keys(self) -> dict[str, list[int]]:
        column = self._column["keys"]
        return _index([row[column].split(";") for row in self._rows])

    @cached_property
    def _bones(self) -> dict[str, list[int]]:
        column = self._column["skeletons"]
        return _index([row[column].split(";") for row in self._rows])

    @cached_property
    def _lon_lat(self) -> NDArray[np.float64]:
        import numpy as np

        lon, lat = self._column["lon"], self._column["lat"]
        return np.array([(row[lon], row[lat]) for row in self._rows], dtype=np.float64)

    def take(self, numbers: Sequence[int]) -> list[Place]:
        """Return the places with these positions."""
        return [self._made.get(n) or self._make(n) for n in numbers]

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every name of every place with the place's position; no `Place` is made."""
        own, other = self._column["name"], self._column["alternate_names"]
        for number, row in enumerate(self._rows):
            yield row[own], number
            for name in filter(None, row[other].split(";")):
                yield name, number

    def _make(self, number: int) -> Place:
        row = dict(zip(self._column, self._rows[number], strict=True))
        place = Place(
            name=row["name"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            names=tuple(filter(None, row["alternate_names"].split(";"))),
            kind=row["kind"],
            country=row["country"],
            admin1=row["admin1"],
            population=int(row["population"]) if row["population"] else None,
            radius_m=float(row["radius_m"]),
            radius_source=row["radius_source"],
            source=row["source"],
            licence=row["licence"],
            place_id=row["place_id"],
        )
        self._made[number] = place
        return place

    def __len__(self) -> int:
        return len(self._rows)


def _index(keys_of_rows: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, keys in enumerate(keys_of_rows):
        for each in keys:
            if each:
                found.setdefault(each, []).append(number)
    return found
