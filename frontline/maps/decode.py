"""Read a payload back, as the viewer does: for tests and for checking a published file."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from frontline.errors import InputError
from frontline.maps import varint
from frontline.maps.arcs import Arcs
from frontline.maps.payload import HECTARES_PER_KM2, MAGIC, PLACES_PER_DEGREE
from frontline.maps.statements_coding import Statements, read_statements

__all__ = ["Decoded", "decode_payload"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a payload holds.

    Attributes
    ----------
    head : dict
        The JSON part: meta, actors, states, places, events, sources, layers.
    times : pandas.DatetimeIndex
    arcs : Arcs
    areas_km2 : numpy.ndarray, shape (frames, states)
    changes : pandas.DataFrame
        when, before, after (numbers of parties, see `frontline.maps.payload.party_of`), area_km2.
    layers, regions : list of list of numpy.ndarray
        Grid coordinates of the base map and of the events' regions.
    statements : Statements or None
        Who says so.
    """

    head: dict[str, Any]
    times: pd.DatetimeIndex
    arcs: Arcs
    areas_km2: npt.NDArray[np.float64]
    changes: pd.DataFrame
    layers: list[list[IntArray]]
    regions: list[list[IntArray]]
    statements: Statements | None = None

    def outline(self, frame: int, states: set[int]) -> Any:
        """Return the area of some states in a frame: the even-odd fill of their lines.

        Parameters
        ----------
        frame : int
            Number of the frame, from 0.
        states : set of int
            Numbers of states in ``head["states"]``.

        Returns
        -------
        shapely Polygon or MultiPolygon
            In longitude and latitude.
        """
        lines = []
        for line, runs in zip(self.arcs.lines, self.arcs.runs, strict=True):
            for start, count, left, right in runs.tolist():
                if start <= frame < start + count and (left in states) != (right in states):
                    lines.append(shapely.LineString(line / self.head["per_degree"]))
        faces = shapely.get_parts(shapely.polygonize(lines))
        # A face belongs when a ray from inside it crosses the outline an odd number of times.
        edges = shapely.union_all(lines)
        inside = []
        for face in faces:
            seed = face.representative_point()
            ray = shapely.LineString([seed, (seed.x + 720.0, seed.y + 1e-4)])
            crossings = shapely.get_num_geometries(shapely.intersection(ray, edges))
            if not shapely.is_empty(shapely.intersection(ray, edges)) and crossings % 2:
                inside.append(face)
        return shapely.union_all(inside)


class _Reader:
    """A cursor over the stream of integers."""

    def __init__(self, numbers: IntArray) -> None:
        self._numbers = numbers
        self._at = 0

    def take(self, count: int) -> IntArray:
        part = self._numbers[self._at : self._at + count]
        if len(part) < count:
            raise InputError("the payload ends too early; the file is cut short")
        self._at += count
        return part

    def one(self) -> int:
        return int(self.take(1)[0])

    def lines(self) -> list[IntArray]:
        counts = self.take(self.one())
        points = np.cumsum(self.take(2 * int(counts.sum())).reshape(-1, 2), axis=0)
        return np.split(points, np.cumsum(counts)[:-1]) if len(counts) else []

    @property
    def finished(self) -> bool:
        return self._at == len(self._numbers)


def decode_payload(payload: bytes | str) -> Decoded:
    """Read a payload.

    Parameters
    ----------
    payload : bytes or str
        The compressed block, or its base64.

    Raises
    ------
    InputError
        If it is no payload, or is damaged.
    """
    blob = base64.b64decode(payload) if isinstance(payload, str) else payload
    raw = gzip.decompress(blob)
    if raw[:4] != MAGIC:
        raise InputError("this is no map payload: it does not begin with FLM1")
    size = int.from_bytes(raw[4:8], "little")
    head = json.loads(raw[8 : 8 + size])
    reader = _Reader(varint.decode(raw[8 + size :]))
    frames = reader.one()
    times = pd.to_datetime(np.cumsum(reader.take(frames)), unit="s", utc=True)
    lines = reader.lines()
    counts = reader.take(len(lines)).tolist()
    arcs = Arcs(lines, [_runs(reader.take(4 * count).reshape(-1, 4)) for count in counts])
    states = len(head["states"])
    areas = np.cumsum(reader.take(states * frames).reshape(states, frames), axis=1).T
    changes = pd.DataFrame(
        reader.take(4 * reader.one()).reshape(-1, 4), columns=["seconds", "before", "after", "ha"]
    )
    changes["when"] = times[0] + pd.to_timedelta(changes.pop("seconds").cumsum(), unit="s")
    changes["area_km2"] = changes.pop("ha") / HECTARES_PER_KM2
    layers = [reader.lines() for _ in head["layers"]]
    regions = [reader.lines() for _ in range(head["regions"])]
    villages = head.pop("villages")
    spots = np.cumsum(reader.take(2 * len(villages)).reshape(2, -1), axis=1) / PLACES_PER_DEGREE
    head["places"] += [[*row] for row in zip(villages, *spots.tolist(), strict=True)]
    told = "statements" in head
    statements = read_statements(reader.take, head, times, head["places"]) if told else None
    if not reader.finished:
        raise InputError("the payload holds more than it should; the file is damaged")
    return Decoded(
        head, times, arcs, areas / HECTARES_PER_KM2, changes, layers, regions, statements
    )


def _runs(table: IntArray) -> IntArray:
    out = table.copy()
    end = 0
    for row in out:
        row[0] += end
        end = row[0] + row[1]
    return out
