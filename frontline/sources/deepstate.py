"""DeepState's daily outlines, as the archive of cyterat keeps them: one file and one area a day."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from frontline._resources import atomic_write
from frontline.dates import to_utc
from frontline.errors import DataFileError, DateError, InputError
from frontline.sources.archives import Member, members_of, named
from frontline.sources.decoding import in_degrees
from frontline.sources.features import features_of, shape_to_json
from frontline.sources.geometry import tidied, to_degrees
from frontline.sources.model import Data, Format, Origin
from frontline.sources.notes import Notes, drifted
from frontline.sources.safety import Limits, head_text, load_json, magic, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="DeepStateMap, daily outlines",
    publisher="DeepState UA; daily copies by cyterat/deepstate-map-data",
    url="https://deepstatemap.live",
    licence="no open licence is stated for the data (the copies' GPL-3.0 covers their code)",
    attribution="DeepStateMap (deepstatemap.live)",
    redistributable=False,
    note="ask DeepState before publishing the outlines; published two to three days late",
)

#: Longitude and latitude of everything that DeepState draws of this war.
THEATRE = (20.0, 43.0, 50.0, 60.0)
ACTOR = "Russia"
MERGED = (
    "one area a day: 'Occupied', 'CADR and CALR' and 'Occupied Crimea' are merged; the grey zone "
    "and what was liberated are not in these files"
)

_NAME = re.compile(r"deepstatemap_data_(\d{8})\.geojson$", re.IGNORECASE)
_EMPTY_PROPERTIES = re.compile(r'"properties"\s*:\s*(\{\s*\}|null)')


def date_in(name: str) -> pd.Timestamp | None:
    """Return the day that a file is named after, None if its name holds none.

    Examples
    --------
    >>> date_in("deepstatemap_data_20241205.geojson")
    Timestamp('2024-12-05 00:00:00+0000', tz='UTC')
    """
    found = _NAME.search(name)
    if found is None:
        return None
    try:
        return to_utc(f"{found[1][:4]}-{found[1][4:6]}-{found[1][6:]}")
    except DateError:
        return None


def decode(
    content: bytes,
    *,
    date: Any = None,
    name: str = "the file",
    actor: str = ACTOR,
    limits: Limits | None = None,
) -> Data:
    """Read one day.

    Parameters
    ----------
    content
        The file.
    date
        The day of the update; None: from its name.
    name
        The file's name.
    actor
        What the holder is called.
    limits
        How much is read.

    Returns
    -------
    Data
        Snapshots: `date`, `actor`, `status` (controlled), `basis` (assessed), `source`, geometry.

    Raises
    ------
    DataFileError
        No day is known, the file is broken, or its features are not one unnamed area.
    """
    limits = limits or Limits()
    notes = Notes(name)
    day = date_in(name) if date is None else to_utc(date)
    if day is None:
        raise DataFileError(
            f"{name} is not called deepstatemap_data_YYYYMMDD.geojson; give its date=", path=name
        )
    found = features_of(load_json(content, name=name, limits=limits), notes, limits=limits)
    if not found.rows:
        raise drifted(name, what="it holds", missing="no feature", expected="one area")
    known = sorted({key for row in found.rows for key in row})
    if known:
        raise drifted(
            name,
            what="its features have the properties",
            missing=", ".join(known)[:300],
            expected="none (plain files with properties are read with format='geojson')",
        )
    shapes = to_degrees(found.shapes, found.crs, name=name)
    shapes = tidied(shapes, notes, limits=limits, areas=True, theatre=THEATRE)
    kept = shapes[~shapely.is_missing(shapes)]
    if not len(kept):
        raise DataFileError(f"{name} holds no area", path=name)
    area = kept[0] if len(kept) == 1 else shapely.union_all(kept)
    frame = gpd.GeoDataFrame(
        {
            "date": pd.Series([day]),
            "actor": [actor],
            "status": ["controlled"],
            "basis": ["assessed"],
            "source": ["DeepState"],
        },
        geometry=[area],
        crs="EPSG:4326",
    )
    notes.say(MERGED)
    return Data("snapshots", frame, ORIGIN, notes.remarks())


def stream(
    source: Path | str | Iterable[Path | str], *, limits: Limits | None = None, **options: Any
) -> Iterator[Data]:
    """Yield one day after another, so that never more than one is held.

    Parameters
    ----------
    source
        A folder, a zip archive, a file, or paths of files.
    limits
        Per file.
    **options
        Those of `decode`.

    Raises
    ------
    DataFileError
        No file is named after a day, or two are named after the same.
    """
    limits = limits or Limits()
    dated: dict[pd.Timestamp, Member] = {}
    for member in _members(source, limits):
        day = date_in(PurePosixPath(member.name).name)
        if day is None:
            continue
        if day in dated:
            raise DataFileError(f"{member.name} and {dated[day].name} are of the same day")
        dated[day] = member
    if not dated:
        raise DataFileError(
            "no file is called deepstatemap_data_YYYYMMDD.geojson", path=str(source)[:200]
        )
    for day in sorted(dated):
        member = dated[day]
        name = PurePosixPath(member.name).name
        yield decode(member.read(), name=name, limits=limits, **options)


def _members(source: Path | str | Iterable[Path | str], limits: Limits) -> Iterable[Member]:
    if isinstance(source, (str, Path)):
        return list(named(members_of(source, limits=limits), ".geojson"))
    return [
        Member(Path(each).name, lambda each=each: read_bytes(each, limits=limits))  # type: ignore[misc]
        for each in source
    ]


def read(path: Path, *, limits: Limits | None = None, date: Any = None, actor: str = ACTOR) -> Data:
    """Read a file, a folder or a zip archive of days; see `decode` and `stream`.

    The remarks name the days that are missing between the first and the last.
    """
    limits = limits or Limits()
    file = Path(path)
    if date is not None:
        return decode(
            read_bytes(file, limits=limits), date=date, name=file.name, actor=actor, limits=limits
        )
    frames = []
    remarks: dict[str, None] = {}
    if file.is_dir() or date_in(file.name) is None:
        for day in stream(file, limits=limits, actor=actor):
            frames.append(day.frame)
            when = day.frame["date"].iloc[0]
            for each in day.remarks:
                remarks[each if each == MERGED else f"{when:%Y-%m-%d}: {each}"] = None
    else:
        return decode(read_bytes(file, limits=limits), name=file.name, actor=actor, limits=limits)
    frame = pd.concat(frames, ignore_index=True)
    total = int(shapely.get_num_coordinates(frame.geometry.array).sum())
    limits.check("max_vertices", total, where=file.name, what="vertices")
    gaps = pd.date_range(frame["date"].min(), frame["date"].max(), freq="D").difference(
        pd.DatetimeIndex(frame["date"])
    )
    if len(gaps):
        shown = ", ".join(f"{day:%Y-%m-%d}" for day in gaps[:10])
        more = ", ..." if len(gaps) > 10 else ""  # noqa: PLR2004 - as many as are shown
        remarks[f"days without a file: {len(gaps)} ({shown}{more})"] = None
    return Data("snapshots", frame, ORIGIN, tuple(remarks))


def encode(data: Data) -> dict[str, bytes]:
    """Write snapshots as the files of this format: their names and contents.

    Raises
    ------
    InputError
        The data are no snapshots, not all of one actor, of more than one instant a day, from
        somebody else, or say more than that it was assessed to be controlled: the files of this
        format could not tell.
    """
    if data.kind != "snapshots" or len(set(data.frame["actor"])) > 1:
        raise InputError("this format holds one area of one actor a day")
    if data.origin.publisher != ORIGIN.publisher:
        raise InputError(
            f"these data are from {data.origin.publisher}; files of this format would pass for "
            "DeepState's. Write GeoJSON"
        )
    frame = in_degrees(data.frame)
    for column, only in (("status", "controlled"), ("basis", "assessed")):
        others = sorted({str(each) for each in frame.get(column, ())} - {only})
        if others:
            raise InputError(
                f"the {column} {', '.join(others)[:100]} would be lost: this format means {only}"
            )
    dates = frame["date"].drop_duplicates()
    twice = dates[dates.dt.floor("D").duplicated()]
    if len(twice):
        raise InputError(f"{twice.iloc[0]:%Y-%m-%d} has several instants; a file is of a day")
    files = {}
    for day, group in frame.groupby("date"):
        area = shapely.union_all(np.asarray(group.geometry.array, dtype=object))
        name = f"deepstatemap_data_{day:%Y%m%d}"
        document = {
            "type": "FeatureCollection",
            "name": name,
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            "features": [
                {"type": "Feature", "properties": {}, "geometry": shape_to_json(area)},
            ],
        }
        files[f"{name}.geojson"] = json.dumps(document).encode()
    return files


def write(data: Data, path: Path | str) -> Path:
    """Write a zip archive of one file a day."""
    with (
        atomic_write(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in encode(data).items():
            archive.writestr(name, content)
    return Path(path)


def detect(peek: Peek) -> float:
    """Say how surely a file holds such outlines; their days stand in the names alone."""
    listed = [each for each in peek.members if each.lower().endswith((".geojson", ".json"))]
    if listed:
        return 0.9 if all(_NAME.search(each) for each in listed) else 0.0
    text = (head_text(peek.head) or "") if magic(peek.head) == "json" else ""
    if not ("FeatureCollection" in text and _EMPTY_PROPERTIES.search(text)):
        return 0.0
    return 0.9 if _NAME.search(peek.name) else 0.3


FORMAT = Format(
    name="deepstate",
    title="DeepState, daily outlines (a file, a folder or a zip archive)",
    kind="snapshots",
    suffixes=(".geojson", ".zip"),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
