"""Layers of the Institute for the Study of War: what a layer means is kept as status and basis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from frontline.control.frames import object_series
from frontline.dates import to_utc
from frontline.errors import DataFileError, DateError, InputError
from frontline.sources.decoding import json_keys, own_columns, says_origin
from frontline.sources.features import features_of
from frontline.sources.geometry import tidied, to_degrees
from frontline.sources.model import UNKNOWN_ACTOR, Data, Format, Origin
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, load_json, magic, read_bytes
from frontline.sources.shapefile import parts_beside, table_of

if TYPE_CHECKING:
    import numpy as np

    from frontline.sources.model import Peek

ORIGIN = Origin(
    name="ISW control of terrain",
    publisher="Institute for the Study of War and Critical Threats Project",
    url="https://www.understandingwar.org",
    licence="exclusive property of ISW; use needs its written consent (notice on every layer)",
    attribution="Institute for the Study of War and AEI's Critical Threats Project",
    redistributable=False,
    note="one live state, overwritten; a layer's name changes with its versions",
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What ISW says with a layer.

    Attributes
    ----------
    pattern : str
        What the names of its services have in common, without case, digits and underscores.
    status, basis, actor : str or None
        For the record of control; a status of None: it is none.
    says : str
        In words.
    """

    pattern: str
    status: str | None
    basis: str | None
    actor: str | None
    says: str


class Layer(Enum):
    """The published layers. The value is the name that `decode` takes."""

    CONTROL = "control"
    ADVANCE = "advance"
    INFILTRATION = "infiltration"
    CLAIMED_RUSSIAN = "claimed_russian"
    CLAIMED_UKRAINIAN = "claimed_ukrainian"
    GAINS_24H = "gains_24h"
    BEFORE_2022 = "before_2022"
    CONTESTED = "contested"
    PARTISANS = "partisans"
    FORTIFICATIONS = "fortifications"


_CONTROL = "russiacotin|assessedrussiancontrol|ukrainecontrolmap"
#: The order decides: the more special pattern comes first.
MEANINGS = {
    Layer.BEFORE_2022: Meaning(
        r"beforefeb|before24feb|pre2022|controlledbefore", "controlled", "assessed", "Russia",
        "held by Russia before 24 February 2022",
    ),
    Layer.GAINS_24H: Meaning(
        r"gains.*hours|gainsinthepast", "advance", "assessed", "Russia",
        "assessed Russian gains of the past 24 hours; they are in the layer of control too",
    ),
    Layer.INFILTRATION: Meaning(
        r"infiltration", "infiltration", "assessed", "Russia",
        "assessed Russian infiltration: presence without control (since December 2025)",
    ),
    Layer.CLAIMED_UKRAINIAN: Meaning(
        r"claimedukrainian|limitofukrainianadvance|ukrainiancounteroffensive", "advance",
        "claimed", "Ukraine", "claimed Ukrainian counteroffensives and limits of advance",
    ),
    Layer.CLAIMED_RUSSIAN: Meaning(
        r"claimedrussian|russianclaimed", "controlled", "claimed", "Russia",
        "Russian claims of control",
    ),
    Layer.ADVANCE: Meaning(
        r"assessedrussianadvance|russianadvances", "advance", "assessed", "Russia",
        "assessed Russian advances: operated in, control not assessed",
    ),
    Layer.CONTESTED: Meaning(
        r"contested", "contested", "assessed", UNKNOWN_ACTOR, "held by no side alone",
    ),
    Layer.PARTISANS: Meaning(
        r"partisan", None, None, None, "reported Ukrainian partisan warfare; no control",
    ),
    Layer.FORTIFICATIONS: Meaning(
        r"fortification", None, None, None, "field fortifications, lines; no control",
    ),
    Layer.CONTROL: Meaning(
        rf"{_CONTROL}|controlofterrain", "controlled",
        "assessed", "Russia", "assessed Russian control of terrain",
    ),
}  # fmt: skip
_DATES = ("EditDate", "pub_date", "Pub_Date", "editdate", "EDITDATE", "PUB_DATE")
_EPOCH_MS = 1e11  # numbers below it are seconds; in milliseconds they lie before 1973
_MARKS = ("GlobalID_2", "EditDate", "pub_date", "CreationDate")


_GENERIC = (Layer.CONTESTED, Layer.PARTISANS, Layer.FORTIFICATIONS)


def layer_in(name: str) -> Layer | None:
    """Return the layer that the name of a file or a service speaks of, None if it does not.

    Examples
    --------
    >>> layer_in("View_AssessedRussianInfiltrationAreasinUkraine_V4.geojson")
    <Layer.INFILTRATION: 'infiltration'>
    """
    plain = _letters(name)
    return next((each for each, m in MEANINGS.items() if re.search(m.pattern, plain)), None)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def decode(
    content: bytes,
    *,
    layer: Layer | str | None = None,
    date: Any = None,
    name: str = "the file",
    actor: str | None = None,
    limits: Limits | None = None,
    partial: bool = False,
) -> Data:
    """Read a layer as GeoJSON, or as the JSON of a feature server (rings; clockwise is outer).

    Parameters
    ----------
    content
        The document.
    layer
        Which layer it is; None: from the name. No layer says in its content what it means.
    date
        When the state was published; None: the latest date of editing in the file.
    name
        The file's name.
    actor
        Who, where the layer is not of the war in Ukraine.
    limits
        How much is read.
    partial
        Whether an answer that its server cut short will do.

    Returns
    -------
    Data
        Snapshots: `date`, `actor`, `status`, `basis`, `source`, `layer`, `edited`, geometry. The
        layers on partisans and fortifications are no control; they come as events.

    Raises
    ------
    DataFileError
        The layer or its date is not known, or the file is broken.
    """
    limits = limits or Limits()
    notes = Notes(name)
    found = features_of(
        load_json(content, name=name, limits=limits), notes, limits=limits, partial=partial
    )
    frame = pd.DataFrame(found.rows, index=pd.RangeIndex(len(found.rows)))
    return _data(frame, found.shapes, found.crs, layer, date, actor, notes, limits)


def _data(
    frame: pd.DataFrame, shapes: np.ndarray, crs: Any, layer: Layer | str | None, date: Any,
    actor: str | None, notes: Notes, limits: Limits,
) -> Data:  # fmt: skip
    chosen = _chosen(layer, notes)
    meaning = MEANINGS[chosen]
    edited = _edited(frame, notes, date)
    when = _when(edited, date, notes)
    drawn = meaning.status is not None
    tidy = tidied(to_degrees(shapes, crs, name=notes.name), notes, limits=limits, areas=drawn)
    count = len(frame)
    notes.say(f"the layer {chosen.value}: {meaning.says}")
    unknown = sorted(set(map(str, frame.columns)) - {*_MARKS, *_DATES})
    if unknown:
        notes.say(f"properties left out: {', '.join(unknown)[:300]}")
    who = meaning.actor if actor is None else actor
    columns = {
        "date": pd.Series([when] * count, dtype="datetime64[us, UTC]"),
        "actor": object_series([who] * count),
        "status": object_series([meaning.status] * count),
        "basis": object_series([meaning.basis] * count),
        "source": object_series(["ISW"] * count),
        "layer": object_series([chosen.value] * count),
        "edited": edited,
    }
    if not drawn:
        columns = {key: columns[key] for key in ("date", "source", "layer", "edited")}
    out = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(tidy, index=range(count)), crs=4326)
    if not drawn:
        return Data("events", out, ORIGIN, notes.remarks())
    out = out[out.geometry.notna()].reset_index(drop=True)
    return Data("snapshots", out, ORIGIN, notes.remarks())


def _chosen(layer: Layer | str | None, notes: Notes) -> Layer:
    if layer is None:
        found = layer_in(notes.name)
        if found is None:
            raise DataFileError(
                f"{notes.name}: its name is that of no known layer; say what it is with layer=, "
                f"one of {', '.join(each.value for each in Layer)}",
                path=notes.name,
            )
        return found
    try:
        return Layer(layer)
    except ValueError:
        raise InputError(
            f"layer={layer!r} is none of {', '.join(each.value for each in Layer)}"
        ) from None


def _edited(frame: pd.DataFrame, notes: Notes, given: Any) -> pd.Series[Any]:
    column = next((each for each in _DATES if each in frame), None)
    out: list[Any] = [pd.NaT] * len(frame)
    for at, value in enumerate(frame[column]) if column else ():
        try:
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                if value == value:  # noqa: PLR0124 - not NaN
                    if given is None and abs(value) < _EPOCH_MS:
                        notes.fault(
                            f"feature {at + 1}: {column} is {value!r}, and no milliseconds since "
                            "1970; give the date="
                        )
                        continue
                    out[at] = to_utc(pd.Timestamp(int(value), unit="ms", tz="UTC"))
            else:
                out[at] = to_utc(value, allow_nat=True)
        except (DateError, ValueError, OverflowError):
            notes.count("dates of editing that cannot be read", at + 1)
    if given is None:
        notes.raise_if_faulty()
    return pd.Series(pd.DatetimeIndex(out, tz="UTC").as_unit("us"))


def _when(edited: pd.Series[Any], date: Any, notes: Notes) -> pd.Timestamp:
    if date is not None:
        return to_utc(date)
    latest = edited.max()
    if pd.isna(latest):
        raise DataFileError(
            f"{notes.name} has no {' or '.join(_DATES[:2])}; give its date=", path=notes.name
        )
    notes.say("the date is the latest on which a feature was edited")
    return pd.Timestamp(latest)


def read(
    path: Path,
    *,
    limits: Limits | None = None,
    layer: Layer | str | None = None,
    date: Any = None,
    actor: str | None = None,
    partial: bool = False,
) -> Data:
    """Read GeoJSON, feature server JSON, or a shapefile in a zip archive; see `decode`."""
    limits = limits or Limits()
    file = Path(path)
    content = b"" if file.is_dir() else read_bytes(file, limits=limits)
    if magic(content[:100]) == "json":
        return decode(
            content, layer=layer, date=date, name=file.name, actor=actor, limits=limits,
            partial=partial,
        )  # fmt: skip
    notes = Notes(file.name)
    if content and magic(content[:100]) not in ("zip", "shapefile"):
        raise DataFileError(f"{file.name} is neither JSON nor a shapefile", path=file)
    frame, shapes, crs = table_of(parts_beside(file, limits=limits), notes, limits=limits)
    return _data(frame, shapes, crs, layer, date, actor, notes, limits)


def detect(peek: Peek) -> float:
    """Say how surely a file is such a layer: its content, and the name that alone says which."""
    inside = " ".join(peek.members)
    shape = any(each.lower().endswith(".shp") for each in peek.members)
    if shape:
        # Only names speak here, so words that others use too will not do.
        return 0.7 if _only_theirs(inside) or _only_theirs(peek.name) else 0.0
    if magic(peek.head) != "json":
        return 0.0
    keys = json_keys(peek.head)
    marked = len(keys.intersection(_MARKS))
    # A name only adds to what the content says: others' files speak of partisans too.
    if not marked or "features" not in keys or own_columns(keys) or says_origin(keys):
        return 0.0
    known = layer_in(peek.name) is not None
    return min(0.3 + 0.2 * min(marked, 2) + 0.3 * known, 0.95)


def _only_theirs(name: str) -> bool:
    """Say whether a name has words that nobody but ISW uses."""
    layer = layer_in(name)
    if layer is Layer.CONTROL:
        return re.search(_CONTROL, _letters(name)) is not None
    return layer is not None and layer not in _GENERIC


FORMAT = Format(
    name="isw",
    title="ISW layers (GeoJSON, feature server JSON, shapefile)",
    kind="snapshots",
    suffixes=(".geojson", ".json", ".zip"),
    origin=ORIGIN,
    detect=detect,
    read=read,
)
