"""All public formats that can be read, and which of them a file is of."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from frontline.errors import DataFileError, InputError
from frontline.sources.archives import listed_folder, plain_members, unzip
from frontline.sources.model import Data, Format, Peek
from frontline.sources.options import check_options
from frontline.sources.safety import (
    HEAD_BYTES,
    Limits,
    checked_path,
    condensed,
    is_remote,
    magic,
    read_bytes,
    read_head,
)

#: Where each format lives; a module is imported when it is first needed.
MODULES = {
    name: f"frontline.sources.{name}"
    for name in (
        "acled",
        "cshapes",
        "deepstate",
        "deepstate_history",
        "geoconfirmed",
        "geojson",
        "geonames",
        "geoparquet",
        "gpkg",
        "isw",
        "kml",
        "liveuamap",
        "nzz",
        "shapefile",
        "uawardata",
        "ucdp",
        "viina",
        "wikipedia",
    )
} | {"csv": "frontline.sources.delimited"}

# Below this nothing has recognised the content; within this of the best, two have.
_LEAST = 0.2
_APART = 0.1

_REFUSED = {
    "vrt": "a VRT, a file that only points to others, which are not followed; open the file itself",
    "pdf": "a PDF; save its table as CSV",
    "gzip": "packed with gzip; unpack it first",
    "empty": "empty (0 bytes)",
}


def formats() -> dict[str, Format]:
    """Return every format by its name.

    Returns
    -------
    dict of str to Format
        In the order of their names.
    """
    return {name: load_format(name) for name in MODULES}


def load_format(name: str) -> Format:
    """Return one format.

    Raises
    ------
    InputError
        There is none of that name.

    Examples
    --------
    >>> load_format("kml").suffixes
    ('.kml', '.kmz')
    """
    if name not in MODULES:
        raise InputError(f"format={name!r} is none of {', '.join(MODULES)}")
    found: Format = importlib.import_module(MODULES[name]).FORMAT
    return found


def peek(path: Any, *, limits: Limits | None = None) -> Peek:
    """Look at the beginning of a file, and at the member names of an archive or a folder.

    Raises
    ------
    DataFileError
        There is no such file, or its archive is not safe.
    """
    limits = limits or Limits()
    file = checked_path(path, folders=True)
    if file.is_dir():
        members = listed_folder(file, limits=limits)
        head = _head(members[0].read()) if members else b""
        return Peek(file.name, "", head, tuple(member.name for member in members))
    head = read_head(file)
    names: tuple[str, ...] = ()
    if magic(head) == "zip":
        members = unzip(read_bytes(file, limits=limits), limits=limits, name=file.name)
        names = tuple(each.name for each in members)
    return Peek(file.name, file.suffix.lower(), head, names)


def _head(content: bytes) -> bytes:
    head = content[:HEAD_BYTES]
    return condensed(content) if len(content) > HEAD_BYTES and magic(head) == "json" else head


def format_of(path: Any, *, limits: Limits | None = None) -> Format:
    """Say of which format a file is, by its content.

    Parameters
    ----------
    path
        A file, or a folder of files of one format.
    limits
        How much is read.

    Raises
    ------
    DataFileError
        No format fits, or several do: then the message lists them.
    """
    seen = peek(path, limits=limits)
    kind = magic(seen.head)
    if kind == "empty" and not seen.suffix and checked_path(path, folders=True).is_dir():
        raise DataFileError(f"the folder {seen.name} has no file with content", path=seen.name)
    refused = _REFUSED.get(kind) if not seen.members else None
    if refused:
        raise DataFileError(f"{seen.name} is {refused}", path=seen.name)
    scores = _scores(seen)
    if kind == "zip" and max(scores.values()) < _LEAST:  # its names say nothing: look inside
        members = plain_members(unzip(read_bytes(path, limits=limits), limits=limits or Limits()))
        if members:
            first = members[0]
            scores = _scores(Peek(first.name, Path(first.name).suffix.lower(), _head(first.read())))
    ranked = sorted(scores, key=lambda name: (-scores[name], name))
    best = scores[ranked[0]]
    if best < _LEAST:
        raise DataFileError(
            f"{seen.name} is of no format that is known here (its content looks like "
            f"{magic(seen.head)}); name one with format=, of {', '.join(MODULES)}",
            path=seen.name,
        )
    near = [name for name in ranked if scores[name] > best - _APART]
    if best >= 1.0:  # it says itself what it is
        near = [name for name in near if scores[name] == best]
    if len(near) > 1:
        listed = ", ".join(f"{name} ({scores[name]:.2f})" for name in near)
        raise DataFileError(
            f"{seen.name} could be of several formats: {listed}; name one with format=",
            path=seen.name,
        )
    return load_format(ranked[0])


def _scores(seen: Peek) -> dict[str, float]:
    return {each.name: _score(each, seen) for each in formats().values()}


def _score(each: Format, seen: Peek) -> float:
    return min(max(float(each.detect(seen)), 0.0), 1.0)


def open_source(
    path: Path | str,
    format: str | None = None,  # noqa: A002 - the word that every such function uses
    *,
    allow_remote: bool = False,
    limits: Limits | None = None,
    **options: Any,
) -> Data:
    r"""Read a file of any public format that is known here.

    Parameters
    ----------
    path
        A file, a zip archive, or a folder of the files of one series. With `allow_remote`, an
        http or https address too.
    format
        One of `frontline.sources.formats`; None: found out by the content.
    allow_remote
        Whether an address is fetched. Nothing else ever leaves this machine.
    limits
        How many bytes, vertices, features and members are read at most.
    **options
        Those of the format's reader, such as ``columns={"actor": "side"}`` for plain tables.

    Returns
    -------
    Data
        Its `frame`, its `origin` (publisher, licence, attribution) and `remarks` on all that was
        repaired, skipped or unknown.

    Raises
    ------
    DataFileError
        The file is missing, unsafe, broken, of no known format, or not what its format says.
    InputError
        An unknown format or option.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "sides.csv"
    >>> _ = file.write_text("lon,lat,side,day\n36.75,35.13,A,2024-12-05\n")
    >>> data = open_source(file, "csv", columns={"actor": "side", "valid_from": "day"})
    >>> data.kind, data.frame.actor.tolist()
    ('reports', ['A'])
    """
    check_options({**options, "limits": limits})
    if format is not None and not isinstance(format, str):
        raise InputError(f"format={format!r} must be a text, one of {', '.join(MODULES)}")
    limits = limits or Limits()
    if is_remote(path) and allow_remote:
        from frontline.sources.remote import fetched

        with fetched(str(path), limits=limits) as file:
            return _read(file, format, limits, options)
    return _read(checked_path(path, folders=True), format, limits, options)


def _read(file: Path, name: str | None, limits: Limits, options: dict[str, Any]) -> Data:
    chosen = load_format(name) if name is not None else format_of(file, limits=limits)
    try:
        return chosen.read(file, limits=limits, **options)
    except TypeError as error:
        if "unexpected keyword argument" in str(error):
            raise InputError(f"the format {chosen.name} has no such option: {error}") from None
        raise
