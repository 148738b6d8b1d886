"""Roads and rivers by their names: the bundled ones, and those that a reader gives."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontline._resources import geodata_path
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Longer names are none; the key of a name takes time in proportion to its length.
_MAX_NAME = 120
# Tatweel goes; dotless i, teh marbuta and alef maksura are what they are often written as.
_ODD = str.maketrans({"\u0640": "", "\u0131": "i", "\u0629": "\u0647", "\u0649": "\u064a"})
# "M5", "M-5", also with the letter's Cyrillic twin or its name in Arabic (alef, meem).
_CODE = re.compile(r"\b(?:m|\u043c|\u0627\u0645)[\s\-\u2010-\u2015]{0,2}(?=\d)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Path:
    """A road or river.

    Attributes
    ----------
    name
        Its English name, or the name under which it was given.
    kind
        ``"road"``, ``"river"``, or ``"line"`` for one that was given.
    line
        LineString or MultiLineString in longitude and latitude.
    uncertainty_m
        How far off the line is drawn, in 95 % of the points looked at; None if nobody said so.
    bends
        The share by which the way along the line may be too short.
    bundled
        Whether it is one of geodata/paths.geojson.
    """

    name: str
    kind: str
    line: Any
    uncertainty_m: float | None = None
    bends: float = 0.0
    bundled: bool = False


def path_key(name: str) -> str:
    """Return what is left of a path's name without its noun, its article and its accents.

    Examples
    --------
    >>> path_key("the M-5 highway"), path_key("autoroute M5"), path_key("River Jordan")
    ('m5', 'm5', 'jordan')
    """
    return _strip(name, _bundled()[0])


def _fold(name: str) -> str:
    text = unicodedata.normalize("NFKD", name[:_MAX_NAME].casefold())
    text = "".join(
        c for c in text if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return _CODE.sub("m", digits.translate(_ODD))


def _strip(name: str, generic: frozenset[str]) -> str:
    words = _WORD.findall(_fold(name))
    return " ".join(word for word in words if word not in generic) or " ".join(words)


@functools.cache
def _bundled() -> tuple[frozenset[str], dict[str, Any], dict[str, str]]:
    """Return the generic words, the features by name, and the names by key."""
    data = json.loads(geodata_path("paths.geojson").read_text(encoding="utf-8"))
    generic = frozenset(word for each in data["generic"] for word in _WORD.findall(_fold(each)))
    features = {feature["properties"]["name"]: feature for feature in data["features"]}
    keys: dict[str, str] = {}
    for name, feature in features.items():
        for names in feature["properties"]["names"].values():
            for each in (name, *names):
                keys.setdefault(_strip(each, generic), name)
    return generic, features, keys


def known_path(name: str) -> str | None:
    """Return the English name of a bundled road or river, None if there is none of that name.

    Examples
    --------
    >>> known_path("Euphrat"), known_path("autoroute M5"), known_path("the A1")
    ('Euphrates', 'M5', None)
    """
    return _bundled()[2].get(path_key(name))


@functools.cache
def _drawn(name: str) -> Path:
    from shapely.geometry import shape

    feature = _bundled()[1][name]
    facts = feature["properties"]
    return Path(
        name,
        facts["kind"],
        shape(feature["geometry"]),
        float(facts["uncertainty_m"]),
        float(facts["bends"]),
        bundled=True,
    )


def bundled_path(name: str) -> Path | None:
    """Return a bundled road or river by any of its names.

    Examples
    --------
    >>> path = bundled_path("the M5")
    >>> path.name, path.kind, path.uncertainty_m
    ('M5', 'road', 2500.0)
    """
    known = known_path(name)
    return _drawn(known) if known else None


def own_paths(paths: Any) -> dict[str, Path]:
    """Take the lines that a reader gives as paths by name.

    Parameters
    ----------
    paths
        None, a mapping of names to lines, a GeoSeries whose index holds the names, or a
        GeoDataFrame with a column ``name`` and optionally ``uncertainty_m``.

    Raises
    ------
    InputError
        What is given is none of these, lacks its CRS, or holds what is no line; all faults.

    Examples
    --------
    >>> from shapely import LineString
    >>> own_paths({"my road": LineString([(36, 35), (37, 35)])})["my road"].kind
    'line'
    """
    if paths is None:
        return {}
    if hasattr(paths, "to_crs"):
        rows = _rows_of_frame(paths)
    elif hasattr(paths, "items"):
        rows = [(name, line, None) for name, line in paths.items()]
    else:
        raise InputError(
            "paths must be a mapping of names to lines, a GeoSeries or a GeoDataFrame, not "
            f"{type(paths).__name__}"
        )
    found: dict[str, Path] = {}
    faults = []
    for name, line, uncertainty_m in rows:
        if isinstance(line, Path):
            found[str(name)] = line
        elif (
            getattr(line, "geom_type", "") not in {"LineString", "MultiLineString"} or line.is_empty
        ):
            faults.append(f"paths[{name!r}] must be a line in longitude and latitude")
        elif not _on_globe(line):
            faults.append(f"paths[{name!r}] leaves the globe: give longitude and latitude")
        elif uncertainty_m is not None and not 0.0 <= uncertainty_m < float("inf"):
            faults.append(f"paths[{name!r}]: uncertainty_m must be 0 or more, not {uncertainty_m}")
        else:
            found[str(name)] = Path(str(name), "line", line, uncertainty_m)
    if faults:
        raise InputError("; ".join(faults))
    return found


def _rows_of_frame(frame: Any) -> list[tuple[Any, Any, float | None]]:
    if frame.crs is None:
        raise InputError("paths has no CRS; set it with set_crs(4326)")
    frame = frame.to_crs(4326)
    if not hasattr(frame, "columns"):
        return [(name, line, None) for name, line in frame.items()]
    if "name" not in frame.columns:
        raise InputError("paths lacks the column 'name'")
    count = len(frame)
    stated = frame["uncertainty_m"].tolist() if "uncertainty_m" in frame.columns else [None] * count
    doubts = [None if each is None or each != each else float(each) for each in stated]  # noqa: PLR0124 - NaN
    return list(zip(frame["name"].tolist(), frame.geometry.tolist(), doubts, strict=True))


def _on_globe(line: Any) -> bool:
    # A line across the antimeridian may count on beyond 180 degrees.
    west, south, east, north = line.bounds
    return bool(max(-west, east) <= 540.0 and max(-south, north) <= 90.0)  # noqa: PLR2004


def path_of(name: str, own: Mapping[str, Any]) -> Path | None:
    """Return the path of a name: one that was given, else a bundled one.

    Examples
    --------
    >>> path_of("Ring Road", {}) is None
    True
    """
    key = path_key(name)
    for each, path in own_paths(own).items():
        if path_key(each) == key:
            return path
    return bundled_path(name)
