"""Statements and true places as columns, and which of them belong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from frontline.compass import wind
from frontline.gazetteer.extents import radius_m
from frontline.geodesy import inverse
from frontline.locality import distance_precision_m


@dataclass(frozen=True)
class Pairs:
    """Statements and true places as columns: metres, degrees."""

    stated: np.ndarray
    extent: np.ndarray
    precision: np.ndarray
    points: np.ndarray
    true: np.ndarray
    off: np.ndarray
    anchor: np.ndarray
    group: np.ndarray

    def take(self, rows: np.ndarray) -> Pairs:
        """Return some of the rows."""
        return Pairs(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def statement(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """What `Model.score` takes."""
        return self.stated, self.extent, self.precision, self.points

    @property
    def error_m(self) -> np.ndarray:
        """From the nominal point to the true place, in the plane round the anchor."""
        cosine = np.cos(np.radians(self.off))
        square = self.stated**2 + self.true**2 - 2.0 * self.stated * self.true * cosine
        return np.sqrt(np.maximum(square, 0.0))


def read_pairs(table: pd.DataFrame) -> Pairs:
    """Read a table of pairs: extents by the gazetteer's rule, precision by the library's."""
    table = table[table["stated_km"] > 0]
    winds = [wind(each) for each in table["direction"]]
    columns = [table[f"{end}_{axis}"].to_numpy() for end in ("anchor", "target") for axis in _AXES]
    way = inverse(*columns)
    azimuths = np.array([each.azimuth_deg for each in winds])
    people = table["anchor_population"].fillna(0).astype(int)
    anchors = table["anchor"] + table["anchor_lat"].astype(str) + table["anchor_lon"].astype(str)
    return Pairs(
        stated=table["stated_km"].to_numpy(dtype=float) * 1000.0,
        extent=np.array([radius_m("settlement", each)[0] for each in people]),
        precision=np.array(
            [
                distance_precision_m(*each)
                for each in zip(table["number"], table["unit"], strict=True)
            ]
        ),
        points=np.array([each.points for each in winds]),
        true=way.distance_m,
        off=(way.azimuth_deg - azimuths + 180.0) % 360.0 - 180.0,
        anchor=pd.factorize(anchors)[0],
        group=groups(table),
    )


_AXES = ("lon", "lat")
#: Anchors nearer to each other than this are taken for one.
NEAR_DEG = 0.05


def groups(table: pd.DataFrame) -> np.ndarray:
    """Return numbers of groups: pairs of two groups share neither anchor nor target.

    Anchors within `NEAR_DEG` of each other count as one.
    """
    anchors = cKDTree(table[["anchor_lat", "anchor_lon"]].to_numpy())
    near = anchors.query_pairs(NEAR_DEG, output_type="ndarray")
    targets = pd.factorize(table["target_lat"].astype(str) + " " + table["target_lon"].astype(str))
    order = np.argsort(targets[0], kind="stable")
    same = np.flatnonzero(np.diff(targets[0][order]) == 0)
    links = np.concatenate([near, np.column_stack([order[same], order[same + 1]])])
    graph = sparse.coo_matrix((np.ones(len(links)), links.T), shape=(len(table),) * 2)
    return np.asarray(csgraph.connected_components(graph, directed=False)[1])
