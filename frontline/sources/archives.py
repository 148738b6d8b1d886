"""Archives and folders: member names that stay inside, sizes that are what they say."""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from frontline.errors import DataFileError
from frontline.sources.safety import Limits, checked_path, chunks, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Unpacked sizes below this are no bomb, however well they pack.
_HARMLESS_BYTES = 10_000_000
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive or a folder.

    Attributes
    ----------
    name : str
        Its path inside, with slashes.
    read : callable
        Gives its bytes, checked against the limits.
    """

    name: str
    read: Callable[[], bytes]


def unzip(
    content: bytes, *, limits: Limits | None = None, name: str = "the archive"
) -> list[Member]:
    """List the files of a zip archive; none is unpacked before it is read.

    Parameters
    ----------
    content
        The archive.
    limits
        Bytes are counted over all members together.
    name
        How an error calls it.

    Raises
    ------
    DataFileError
        It is no archive or broken; a member's name leads out of it or is there twice; a member is
        a link, encrypted, or packed beyond `max_ratio`; there are too many or too large ones.

    Examples
    --------
    >>> import io, zipfile
    >>> file = io.BytesIO()
    >>> with zipfile.ZipFile(file, "w") as archive:
    ...     archive.writestr("../../evil.geojson", "{}")
    >>> unzip(file.getvalue(), name="a.zip")
    Traceback (most recent call last):
    frontline.errors.DataFileError: a.zip: the member '../../evil.geojson' leads out of the archive
    """
    limits = limits or Limits()
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise DataFileError(
            f"{name} is no zip archive or a broken one: {error}", path=name
        ) from None
    limits.check("max_members", len(listed), where=name, what="members")
    total = 0
    members: dict[str, Member] = {}
    for info in listed:
        inner = _inner_name(info, name)
        if info.is_dir():
            continue
        if inner in members:
            raise DataFileError(f"{name}: the member {inner!r} is there twice", path=name)
        total += info.file_size
        limits.check("max_bytes", total, where=name, what="bytes when unpacked")
        _refuse_bomb(info.file_size, info.compress_size, limits, f"{name}: {inner}")
        members[inner] = Member(inner, _reader(archive, info, limits, f"{name}: {inner}"))
    return list(members.values())


def _inner_name(info: zipfile.ZipInfo, name: str) -> str:
    inner = info.filename.replace("\\", "/")
    parts = PurePosixPath(inner).parts
    if inner.startswith("/") or ".." in parts or ":" in (parts[0] if parts else ""):
        raise DataFileError(
            f"{name}: the member {info.filename[:100]!r} leads out of the archive", path=name
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise DataFileError(f"{name}: the member {inner[:100]!r} is a link", path=name)
    if info.flag_bits & _ENCRYPTED:
        raise DataFileError(
            f"{name}: the member {inner[:100]!r} is encrypted; unpack it first", path=name
        )
    return unicodedata.normalize("NFC", inner)


def _refuse_bomb(unpacked: float, packed: float, limits: Limits, where: str) -> None:
    if unpacked > _HARMLESS_BYTES and unpacked > limits.max_ratio * max(packed, 1):
        raise DataFileError(
            f"{where} would grow {unpacked / max(packed, 1):,.0f}-fold when unpacked; at most "
            f"{limits.max_ratio:,.0f} is allowed. If you trust it, give "
            "limits=Limits(max_ratio=...)",
            path=where,
        )


def _reader(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, where: str
) -> Callable[[], bytes]:
    def read() -> bytes:
        # The size in the directory may lie: what comes out is counted too.
        allowed = int(min(info.file_size, limits.max_bytes))
        try:
            with archive.open(info) as handle:
                content = b"".join(chunks(handle, limit=allowed))
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
            ValueError,
        ) as error:  # fmt: skip
            raise DataFileError(f"{where} cannot be unpacked: {error}", path=where) from None
        if len(content) > allowed:
            raise DataFileError(f"{where} is larger than the archive says", path=where)
        return content

    return read


def listed_folder(
    folder: Any, *, limits: Limits | None = None, stem: str | None = None
) -> list[Member]:
    """List the files of a folder, not those of folders in it, sorted by name.

    With a `stem`, only those that are called so, whatever their ending.

    Raises
    ------
    DataFileError
        A file is a link that leads out of the folder, or there are too many.
    """
    limits = limits or Limits()
    root = checked_path(folder, folders=True)
    try:
        names = sorted(each.name for each in root.iterdir())
    except OSError as error:
        raise DataFileError(f"{root} cannot be listed: {error.strerror}", path=root) from None
    if stem is not None:
        names = [each for each in names if PurePosixPath(each).stem == stem]
    limits.check("max_members", len(names), where=root.name, what="files")
    members = []
    home = root.resolve()
    for each in names:
        file = root / each
        if each.startswith(".") or file.is_dir():
            continue
        if file.is_symlink() and not file.resolve().is_relative_to(home):
            raise DataFileError(f"{file} is a link that leads out of its folder", path=file)
        members.append(Member(each, _file_reader(file, limits)))
    return members


def _file_reader(file: Path, limits: Limits) -> Callable[[], bytes]:
    return lambda: read_bytes(file, limits=limits)


def members_of(path: Any, *, limits: Limits | None = None) -> list[Member]:
    """List the members of a folder or of a zip archive; any other file is its own only member.

    Raises
    ------
    DataFileError
        See `unzip`, `listed_folder` and `checked_path`.
    """
    limits = limits or Limits()
    place = checked_path(path, folders=True)
    if place.is_dir():
        return listed_folder(place, limits=limits)
    content = read_bytes(place, limits=limits)
    if content.startswith(b"PK"):
        return unzip(content, limits=limits, name=place.name)
    return [Member(place.name, lambda: content)]


def only_member(path: Any, *, limits: Limits | None = None) -> tuple[bytes, str]:
    """Return the content and the name of a file, or of the one file in a zip archive.

    Raises
    ------
    DataFileError
        The archive holds several files, or none.
    """
    place = checked_path(path)
    members = plain_members(members_of(place, limits=limits))
    if len(members) != 1:
        listed = ", ".join(each.name for each in members)[:300] or "none"
        raise DataFileError(f"{place.name} must hold one file; it holds {listed}", path=place)
    return members[0].read(), PurePosixPath(members[0].name).name


def plain_members(members: list[Member]) -> list[Member]:
    """Return members without what file managers put beside them."""
    hidden = (".", "__MACOSX")
    return [each for each in members if not any(
        part.startswith(hidden) for part in PurePosixPath(each.name).parts
    )]  # fmt: skip


def named(members: list[Member], *suffixes: str) -> Iterator[Member]:
    """Yield the members whose names end in one of some suffixes, in any case."""
    for member in members:
        base = PurePosixPath(member.name).name
        if base.lower().endswith(suffixes) and not base.startswith("._"):
            yield member
