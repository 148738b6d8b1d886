"""Read a payload back, as the viewer does: for tests and for checking a published file."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from frontline.errors import InputError
from frontline.maps.arccode import read_arcs
from frontline.maps.payload import HECTARES_PER_KM2, MAGIC
from frontline.maps.placelist import PLACES_PER_DEGREE
from frontline.maps.reading import Reader
from frontline.maps.statements_coding import Statements, read_statements

if TYPE_CHECKING:
    from frontline.maps.arcs import Arcs

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
        # Lines of other dates may end within these, so they are cut where they meet.
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
        # A face belongs when a ray from inside it crosses the lines an odd number of times.
        xy, owner = shapely.get_coordinates(lines, return_index=True)
        on = owner[1:] == owner[:-1]
        ends = np.stack([xy[:-1][on], xy[1:][on]], axis=1)
        seeds = shapely.get_coordinates(shapely.point_on_surface(faces))
        inside = [_crossings(ends, seed) % 2 == 1 for seed in seeds]
        return shapely.union_all(faces[np.array(inside, dtype=bool)])


def _crossings(ends: npt.NDArray[np.float64], seed: npt.NDArray[np.float64]) -> int:
    """Count the segments that a ray from a spot to the east crosses."""
    (x0, y0), (x1, y1) = ends[:, 0].T, ends[:, 1].T
    over = (y0 <= seed[1]) != (y1 <= seed[1])
    across = x0[over] + (seed[1] - y0[over]) / (y1 - y0)[over] * (x1 - x0)[over]
    return int((across > seed[0]).sum())


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
        raise InputError("this is no map payload: it does not begin with FLM2")
    size = int.from_bytes(raw[4:8], "little")
    head = json.loads(raw[8 : 8 + size])
    reader = Reader(raw[8 + size :])
    times = pd.to_datetime(np.cumsum(reader.take(reader.one())), unit="s", utc=True)
    states, frames = len(head["states"]), len(times)
    arcs = read_arcs(reader, states=states, frames=frames)
    areas = np.cumsum(reader.take(states * frames).reshape(states, frames), axis=1).T
    areas[:, -1] -= areas[:, :-1].sum(axis=1)
    table = reader.take(4 * reader.one()).reshape(4, -1).T
    changes = pd.DataFrame(table, columns=["seconds", "before", "after", "ha"])
    changes["when"] = times[0] + pd.to_timedelta(changes.pop("seconds").cumsum(), unit="s")
    changes["area_km2"] = changes.pop("ha") / HECTARES_PER_KM2
    layers = [reader.lines() for _ in head["layers"]]
    regions = [reader.lines() for _ in range(head["regions"])]
    villages = head.pop("villages")
    spots = np.cumsum(reader.steps(), axis=0) / PLACES_PER_DEGREE
    head["places"] += [[name, *spot] for name, spot in zip(villages, spots.tolist(), strict=True)]
    told = "statements" in head
    statements = read_statements(reader.take, head, times, head["places"]) if told else None
    if not reader.finished:
        raise InputError("the payload holds more than it should; the file is damaged")
    return Decoded(
        head, times, arcs, areas / HECTARES_PER_KM2, changes, layers, regions, statements
    )
