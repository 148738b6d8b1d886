"""What the readers of formats share: members put together, points, days, the look at a header."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline._resources import atomic_write
from frontline.errors import DataFileError, InputError
from frontline.sources.archives import members_of, named
from frontline.sources.faults import separator_of
from frontline.sources.model import Data
from frontline.sources.safety import HEAD_BYTES, head_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

CRS = "EPSG:4326"
_SLACK_DEG = 0.1  # the bundled borders are off by up to 5 km
_COUNTRIES = 500  # more names than that are none of countries
_KEY = re.compile(r'"([^"\\\n]{1,100})"\s*:')
ONE_DAY = pd.Timedelta(days=1)


def read_members(
    path: Path | str,
    decode: Callable[..., Data],
    *,
    suffixes: tuple[str, ...],
    limits: Limits | None,
    fits: Callable[[str], bool] | None = None,
    **options: Any,
) -> Data:
    """Decode a file, or every fitting member of an archive or a folder, and put them together.

    `fits` says of a member's name, beyond its suffix, whether it is one.

    Raises
    ------
    DataFileError
        Nothing in it has one of the suffixes, or its members hold different kinds of data.
    """
    members = members_of(path, limits=limits)
    chosen = members if len(members) == 1 else list(named(members, *suffixes))
    if fits is not None and len(members) > 1:
        chosen = [each for each in chosen if fits(each.name)]
    if not chosen:
        raise DataFileError(f"{path} holds no file ending in {', '.join(suffixes)}", path=path)
    parts = [
        (each.name, decode(each.read(), name=each.name, limits=limits, **options))
        for each in chosen
    ]
    return joined(parts)


def joined(parts: Sequence[tuple[str, Data]]) -> Data:
    """Put data of one kind together; remarks name the member that they are about.

    Raises
    ------
    DataFileError
        The kinds or the columns that say what is meant differ.
    """
    if len(parts) == 1:
        return parts[0][1]
    kinds = sorted({data.kind for _, data in parts})
    if len(kinds) > 1:
        raise DataFileError(
            f"the members hold different data ({', '.join(kinds)}); read them one by one"
        )
    frames = [data.frame for _, data in parts]
    remarks = [f"{name}: {remark}" for name, data in parts for remark in data.remarks]
    everywhere = set.intersection(*(set(frame.columns) for frame in frames))
    lacking = list(dict.fromkeys(c for frame in frames for c in frame if c not in everywhere))
    if lacking:
        remarks.append(f"columns that not all members have: {', '.join(map(str, lacking[:40]))}")
    return Data(kinds[0], concat(frames), parts[0][1].origin, tuple(remarks))


def concat(frames: Sequence[Any]) -> Any:
    """Put frames below each other; categories stay categories."""
    if len(frames) == 1:
        return frames[0]
    for name in frames[0].columns:
        columns = [frame[name] for frame in frames if name in frame]
        same = {str(column.cat.categories.tolist()) for column in columns if _labels(column)}
        if len(columns) == len(frames) and all(map(_labels, columns)) and len(same) > 1:
            union = pd.api.types.union_categoricals(columns).categories
            for frame in frames:
                frame[name] = frame[name].cat.set_categories(union)
    return pd.concat(frames, ignore_index=True)


def _labels(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def at_points(frame: pd.DataFrame, *, lon: str, lat: str) -> gpd.GeoDataFrame:
    """Return the frame with a point of each row, or none where a coordinate is missing."""
    x = frame[lon].to_numpy(dtype=float)
    y = frame[lat].to_numpy(dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    points = np.full(len(frame), None, dtype=object)
    points[known] = shapely.points(x[known], y[known])
    return gpd.GeoDataFrame(frame, geometry=points, crs=CRS)


def placeless(frame: gpd.GeoDataFrame) -> list[str]:
    """Return a remark on rows without a place, if there are any."""
    count = int(frame.geometry.isna().sum())
    return [f"rows without coordinates: {count:,}"] if count else []


def swapped(frame: pd.DataFrame, *, lon: str, lat: str, country: str, what: str) -> list[str]:
    """Look for latitudes and longitudes that were written in each other's place.

    A row counts if it lies outside the box round its country, and inside with the two swapped.
    Where that is most of a country's rows they are refused, else a remark counts them: there are
    events at sea.

    Parameters
    ----------
    frame
        With degrees, and names or codes of countries; those without a bundled outline are passed
        over.
    lon, lat, country
        The columns.
    what
        How an error calls the data.

    Raises
    ------
    DataFileError
        Most rows of a country look so.
    """
    if country not in frame:
        return []
    codes, names = pd.factorize(frame[country])
    x, y = frame[lon].to_numpy(dtype=float), frame[lat].to_numpy(dtype=float)
    remarks = []
    for number, name in enumerate(names if len(names) <= _COUNTRIES else ()):
        box = _box_of(str(name))
        if box is None:
            continue
        rows = np.flatnonzero(codes == number)
        odd = rows[~_within(x[rows], y[rows], box) & _within(y[rows], x[rows], box)]
        if len(odd):
            sentence = (
                f"{len(odd):,} of {len(rows):,} rows of {str(name)[:60]} lie outside it, and "
                "inside if latitude and longitude are swapped, for example "
                f"longitude {x[odd[0]]:g}, latitude {y[odd[0]]:g}"
            )
            if 2 * len(odd) > len(rows):
                raise DataFileError(f"{what}: {sentence}", path=what, problems=(sentence,))
            remarks.append(sentence)
    return remarks


@lru_cache(maxsize=512)
def _box_of(country: str) -> tuple[float, float, float, float] | None:
    from frontline.gazetteer.areas import area_of_country
    from frontline.gazetteer.context import country_code

    try:
        area = area_of_country(country_code(country))
    except InputError:
        return None
    if area is None:
        return None
    west, south, east, north = area.extent.bounds
    return west - _SLACK_DEG, south - _SLACK_DEG, east + _SLACK_DEG, north + _SLACK_DEG


def _within(x: Any, y: Any, box: tuple[float, float, float, float]) -> Any:
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def repeated(column: pd.Series[Any], what: str) -> list[str]:
    """Return a remark on identifiers that stand there more than once."""
    count = int(column.duplicated().sum())
    return (
        [f"rows with an {what} that stood there before: {count:,}; all are kept"] if count else []
    )


def frame_of(data: Any, *columns: str) -> pd.DataFrame:
    """Return the frame of `Data`, or a frame as it is, if it has the columns.

    Raises
    ------
    InputError
        It is no frame, or columns are missing.
    """
    frame = data.frame if isinstance(data, Data) else data
    if not isinstance(frame, pd.DataFrame):
        raise InputError(f"give Data or a DataFrame, not {type(data).__name__}")
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(f"the frame has no column {', '.join(missing)}")
    found: pd.DataFrame = in_degrees(frame)
    return found


def in_degrees(frame: Any) -> Any:
    """Return a frame in EPSG:4326, which is what every format is written in."""
    crs = getattr(frame, "crs", None)
    return frame if crs is None or crs == CRS else frame.to_crs(CRS)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Write a table as UTF-8 CSV with a header; what is missing is empty."""
    text: str = frame.to_csv(index=False, lineterminator="\n")
    return text.encode()


def save(content: bytes, path: Path | str) -> Path:
    """Write a file whole or not at all, and return its path."""
    from pathlib import Path as Location

    target = Location(path)
    with atomic_write(target) as temporary:
        temporary.write_bytes(content)
    return target


def header_of(peek: Peek) -> set[str]:
    """Return the column names of what may be a delimited text."""
    return set(header_list(peek.head))


def header_list(head: bytes) -> list[str]:
    r"""Return the cells of the first line, none if it is no text.

    Examples
    --------
    >>> header_list(b"id,date\n1,2022")
    ['id', 'date']
    """
    text = head_text(head)
    if text is None:
        return []
    line = text.lstrip("\ufeff").split("\n", 1)[0]
    try:
        row = next(csv.reader([line], delimiter=separator_of(line)), [])
        return [name.strip() for name in row]
    except csv.Error:
        return []


def json_head(content: bytes) -> str:
    r"""Return the beginning of what looks like JSON as text, "" of anything else.

    Examples
    --------
    >>> json_head('\ufeff [1, 2'.encode("utf-16")), json_head(b"id,date")
    ('[1, 2', '')
    """
    text = (head_text(content[:HEAD_BYTES]) or "").lstrip("\ufeff \t\r\n")
    return text if text.startswith(("{", "[")) else ""


def json_keys(head: bytes) -> set[str]:
    """Return the keys that stand anywhere in the beginning of a JSON document.

    Examples
    --------
    >>> sorted(json_keys(b'{"a": {"b": "c: d"}, "e": [1'))
    ['a', 'b', 'e']
    """
    return set(_KEY.findall(json_head(head)))


def own_columns(keys: set[str]) -> bool:
    """Say whether features carry the library's own columns: who, and since when."""
    return "actor" in keys and bool(keys & {"date", "valid_from"})


def says_origin(keys: set[str]) -> bool:
    """Say whether a document carries an origin as the library writes it."""
    return keys >= {"origin", "publisher", "licence", "attribution", "redistributable"}


def share(found: set[str], expected: Sequence[str]) -> float:
    """Say which share of the expected names is there.

    Examples
    --------
    >>> share({"id", "date", "more"}, ["id", "date", "place", "actor"])
    0.5
    """
    return len(found.intersection(expected)) / len(expected)
