"""Plain shapefiles, as a rule in a zip archive: whose columns are called what, the caller says."""

from __future__ import annotations

import codecs
import warnings
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from frontline.control.frames import object_series
from frontline.errors import DataFileError
from frontline.sources.archives import Member, listed_folder, members_of, named
from frontline.sources.columns import UNKNOWN, mapped
from frontline.sources.model import Data, Format
from frontline.sources.notes import Notes
from frontline.sources.safety import Limits, checked_path, magic

if TYPE_CHECKING:
    from typing import Unpack

    from frontline.sources.columns import MappingOptions
    from frontline.sources.model import Peek

DRIVER = "ESRI Shapefile"
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_LANGUAGE = slice(29, 30)  # of a .dbf: the number of a code page, 0 if it does not say
_BYTE_FOR_BYTE = "ISO-8859-1"
_WHOLE = (".shp", ".dbf")


def decode(
    members: list[Member],
    *,
    name: str = "the file",
    layer: str | None = None,
    encoding: str | None = None,
    limits: Limits | None = None,
    **mapping: Unpack[MappingOptions],
) -> Data:
    """Read a shapefile of its parts.

    Parameters
    ----------
    members
        The files of an archive or folder.
    name
        How an error calls it.
    layer
        Which one, by its name without the ending; may be None if there is only one.
    encoding
        Of the texts, where the file does not say it.
    **mapping
        `crs`, `columns`, `constants`, `values`, `kind`, `longitudes`, `within`, `origin`: see
        `frontline.sources.columns.mapped`. Column names have ten characters at most.
    limits
        How much is read.

    Raises
    ------
    DataFileError, CRSError
        Parts are missing or broken, and what `mapped` finds.
    """
    limits = limits or Limits()
    notes = Notes(name)
    frame, shapes, found = table_of(members, notes, layer=layer, encoding=encoding, limits=limits)
    return mapped(frame, notes, limits=limits, shapes=shapes, found_crs=found, **mapping)


def table_of(
    members: list[Member],
    notes: Notes,
    *,
    limits: Limits,
    layer: str | None = None,
    encoding: str | None = None,
) -> tuple[pd.DataFrame, np.ndarray, Any]:
    """Return the table, the geometry and the reference system of a shapefile.

    The parts are copied under plain names into a folder of their own, so that GDAL sees nothing
    else, and the driver is checked.

    Raises
    ------
    DataFileError
        No such layer, a part is missing, or GDAL cannot read it.
    """
    import pyogrio

    parts = _parts_of(members, notes, layer)
    silent = encoding is None and ".cpg" not in parts and parts[".dbf"][_LANGUAGE] == b"\x00"
    with TemporaryDirectory(prefix="frontline-") as folder:
        for suffix, content in parts.items():
            (Path(folder) / f"layer{suffix}").write_bytes(content)
        file = Path(folder) / "layer.shp"
        try:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                _check_driver(pyogrio.read_info(file), notes, limits)
                frame = pyogrio.read_dataframe(
                    file,
                    encoding=_BYTE_FOR_BYTE if silent else encoding,
                    on_invalid="ignore",
                    use_arrow=False,
                )
        except DataFileError:
            raise
        except (
            RuntimeError, ValueError, LookupError, OverflowError, shapely.errors.ShapelyError,
            NameError,  # pyogrio stumbles over its own error on a reference system in odd bytes
        ) as error:  # fmt: skip
            text = str(error).replace(str(folder), "").splitlines()
            raise DataFileError(
                f"{notes.name} is a broken shapefile: {(text or [''])[0][:200]}", path=notes.name
            ) from None
    for each in said:
        notes.say(str(each.message).replace(str(folder), "")[:200])
    if not hasattr(frame, "geometry"):
        raise DataFileError(f"{notes.name} has no geometry", path=notes.name)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return _as_utf8(table, notes) if silent else table, shapes, frame.crs


def _as_utf8(table: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Read texts of which the file does not say how they are encoded: UTF-8, or nobody knows."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        # A field of fixed width may cut its last character in two.
        found = codecs.getincrementaldecoder("utf-8")().decode(value.encode(_BYTE_FOR_BYTE))
        if len(found.encode()) < len(value):
            notes.count("texts whose last character was cut, left without it", found)
        return found

    try:
        out = table.rename(columns={each: read(each) for each in table.columns})
        for name in out.columns[[str(each) in ("object", "str") for each in out.dtypes]]:
            out[name] = object_series(map(read, out[name]))
    except UnicodeDecodeError:
        raise DataFileError(
            f"{notes.name} does not say how its texts are encoded (no .cpg, no language in its "
            ".dbf), and they are not UTF-8; name it, e.g. encoding='cp1256' or 'cp1251'",
            path=notes.name,
        ) from None
    return out


def _check_driver(about: dict[str, Any], notes: Notes, limits: Limits) -> None:
    if about["driver"] != DRIVER:
        raise DataFileError(f"{notes.name} was taken for {about['driver']}", path=notes.name)
    limits.check("max_features", about["features"], where=notes.name, what="features")


def _parts_of(members: list[Member], notes: Notes, layer: str | None) -> dict[str, bytes]:
    stems: dict[str, dict[str, Member]] = {}
    for member in named(members, *_PARTS):
        path = PurePosixPath(member.name)
        stems.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = member
    layers = {stem: found for stem, found in stems.items() if ".shp" in found}
    listed = ", ".join(PurePosixPath(stem).name for stem in layers)[:500] or "none"
    if layer is not None:
        layers = {s: f for s, f in layers.items() if layer in (s, PurePosixPath(s).name)}
    if len(layers) != 1:
        raise DataFileError(
            f"{notes.name} holds the shapefiles {listed}; name one with layer=", path=notes.name
        )
    found = next(iter(layers.values()))
    missing = [suffix for suffix in _WHOLE if suffix not in found]
    if missing:
        raise DataFileError(f"{notes.name} lacks the part {', '.join(missing)}", path=notes.name)
    parts = {suffix: member.read() for suffix, member in found.items()}
    if magic(parts[".shp"][:100]) != "shapefile":
        raise DataFileError(f"{notes.name}: its .shp is no shapefile", path=notes.name)
    return parts


def parts_beside(path: Path, *, limits: Limits) -> list[Member]:
    """Return the members of an archive, or of a ``.shp`` file and what belongs to it."""
    file = checked_path(path, folders=True)
    if file.is_dir() or file.suffix.lower() != ".shp":
        return members_of(file, limits=limits)
    return listed_folder(file.parent, limits=limits, stem=file.stem)


def read(path: Path, *, limits: Limits | None = None, **options: Any) -> Data:
    """Read a zip archive, a folder or a ``.shp`` with its neighbours; see `decode`."""
    limits = limits or Limits()
    members = parts_beside(Path(path), limits=limits)
    return decode(members, name=Path(path).name, limits=limits, **options)


def detect(peek: Peek) -> float:
    """Say how surely a file is a shapefile."""
    if magic(peek.head) == "shapefile":
        return 0.5
    return 0.5 if any(each.lower().endswith(".shp") for each in peek.members) else 0.0


FORMAT = Format(
    name="shapefile",
    title="Shapefile, as a rule in a zip archive, by column mapping",
    kind="snapshots",
    suffixes=(".zip", ".shp"),
    origin=UNKNOWN,
    detect=detect,
    read=read,
)
