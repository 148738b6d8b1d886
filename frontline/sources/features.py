"""The features of a GeoJSON document inside other formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from frontline.errors import DataFileError
from frontline.sources.records import dumped

if TYPE_CHECKING:
    from collections.abc import Sequence


def features_of(document: Any, name: str) -> list[dict[str, Any]]:
    """Return the features of a collection, each with an object of properties.

    Raises
    ------
    DataFileError
        It is no collection of features.

    Examples
    --------
    >>> features_of({"features": [{"geometry": None}]}, "the example")
    [{'geometry': None, 'properties': {}}]
    """
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise DataFileError(f"{name} holds no FeatureCollection", path=name)
    wrong = [f"feature {n + 1} is no object" for n, each in enumerate(features) if not _whole(each)]
    if wrong:
        raise DataFileError(f"{name}: {'; '.join(wrong[:20])}", path=name, problems=wrong)
    return [{**each, "properties": each.get("properties") or {}} for each in features]


def _whole(feature: Any) -> bool:
    if not isinstance(feature, dict):
        return False
    properties = feature.get("properties")
    return properties is None or isinstance(properties, dict)


def shapes_of(features: Sequence[dict[str, Any]], name: str) -> np.ndarray:
    """Return the geometry of features, None where there is none.

    Raises
    ------
    DataFileError
        Some are no GeoJSON; all are named.
    """
    given = [each.get("geometry") for each in features]
    texts = np.empty(len(given), dtype=object)
    texts[:] = [None if shape is None else dumped(shape, name) for shape in given]
    shapes: np.ndarray = shapely.from_geojson(texts, on_invalid="ignore")
    broken = [
        f"feature {at + 1}: its geometry is no GeoJSON"
        for at in np.flatnonzero(shapely.is_missing(shapes))
        if given[at] is not None
    ]
    if broken:
        raise DataFileError(f"{name}: {'; '.join(broken[:20])}", path=name, problems=broken)
    return shapes
