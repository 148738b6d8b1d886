"""Files from strangers: named plainly, opened once, measured before they are believed.

What a file is, its first bytes say, never its name: a driver that trusts names can be led to other
files. Everything is read as bytes under limits; nothing here follows a reference in them.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import stat
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontline.errors import DataFileError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How much of a file detection sees.
HEAD_BYTES = 65_536
_CHUNK = 1 << 20

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+:")
_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"fgb\x03", "flatgeobuf"),
    (b"%PDF", "pdf"),
)
# Taken as a whole or not at all (++), so that no text makes it slow.
_NUMBERS = re.compile(r"\[[\[\]\d\s.,eE+\-]{60,}+")
_OBJECTS_A_FEATURE = 4  # itself, its properties, its geometry, and one to spare
_LISTS_A_VERTEX = 2
_OUTLINE_BYTES = 1 << 25  # how far into a document detection looks for what is not numbers
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_APPLICATION_ID = slice(68, 72)  # where an SQLite file says what it is for


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's file is read; beyond it the file is refused.

    Attributes
    ----------
    max_bytes : int
        Bytes of a file, and of everything unpacked from an archive together.
    max_vertices : int
        Vertices of all geometry.
    max_features : int
        Features or rows.
    max_members : int
        Files in an archive or a folder.
    max_ratio : float
        How many bytes a packed byte may become.

    Raises
    ------
    InputError
        A limit is not above zero.

    Examples
    --------
    >>> Limits(max_bytes=1_000_000).max_features
    2000000
    """

    max_bytes: int = 500_000_000
    max_vertices: int = 20_000_000
    max_features: int = 2_000_000
    max_members: int = 10_000
    max_ratio: float = 200.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise InputError(f"{field.name} must be a number above 0, not {value!r}")

    def check(self, name: str, count: float, *, where: str, what: str) -> None:
        """Raise if there is more of something than allowed.

        Raises
        ------
        DataFileError
            More than the limit called `name`.
        """
        allowed = getattr(self, name)
        if count > allowed:
            raise DataFileError(
                f"{where} has {count:,.0f} {what}; at most {allowed:,.0f} are read. If you trust "
                f"it, give limits=Limits({name}=...)",
                path=where,
            )


def is_remote(path: Any) -> bool:
    """Say whether a path is a web address.

    Examples
    --------
    >>> is_remote("https://example.org/a.geojson"), is_remote("a.geojson")
    (True, False)
    """
    return isinstance(path, str) and path.lower().startswith(("http://", "https://"))


def checked_path(path: Any, *, folders: bool = False) -> Path:
    """Return a path of a plain file that is there, or say what is wrong with it.

    Parameters
    ----------
    path
        A text or a `pathlib.Path`.
    folders
        Whether a folder will do too.

    Raises
    ------
    DataFileError
        It is no plain path (a driver's address, a document instead of a name, a URL), nothing
        is there, or it is no regular file.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise InputError(f"a path must be a text or a Path, not {type(path).__name__}")
    text = os.fspath(path)
    if not isinstance(text, str):
        raise InputError("a path must be a text, not bytes")
    _refuse_addresses(text)
    file = Path(text)
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        dangling = _is_link(file)
        reason = "is a link that leads nowhere" if dangling else "does not exist"
        raise DataFileError(f"{_short(text)} {reason}", path=text[:200]) from None
    if stat.S_ISDIR(mode):
        if folders:
            return file
        raise DataFileError(f"{text} is a folder; name a file in it", path=text)
    if not stat.S_ISREG(mode):
        raise DataFileError(f"{text} is no regular file (a pipe or a device)", path=text)
    return file


def _refuse_addresses(text: str) -> None:
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise DataFileError("the path is empty; name a file")
    if "\x00" in text:
        raise DataFileError("the path holds a NUL character")
    if start.startswith(("{", "[", "<")):
        raise DataFileError(
            f"{_short(text)} is a document, not a path; save it to a file and name that"
        )
    if start.lower().replace("\\", "/").startswith("/vsi"):
        raise DataFileError(
            f"{_short(text)} is an address of GDAL, which is not followed; name a plain file"
        )
    if _SCHEME.match(start) and not _DRIVE.match(start):
        hint = "say allow_remote=True to fetch it" if is_remote(start) else "name a plain file"
        raise DataFileError(f"{_short(text)} is an address and no file; {hint}")


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")  # noqa: PLR2004 - for messages


def _is_link(file: Path) -> bool:
    try:
        return file.is_symlink()
    except (OSError, ValueError):
        return False


def read_head(file: Path) -> bytes:
    """Return the first bytes of a file, at most `HEAD_BYTES`; of JSON, those that say what it is.

    Raises
    ------
    DataFileError
        It cannot be read.
    """
    try:
        with file.open("rb") as handle:
            head = handle.read(HEAD_BYTES)
            if len(head) < HEAD_BYTES or magic(head) != "json":
                return head
            return condensed(head + handle.read(_OUTLINE_BYTES))
    except OSError as error:
        raise _unreadable(file, error) from None


def condensed(content: bytes) -> bytes:
    """Return the beginning of a JSON document without its long lists of numbers.

    A feature may write an outline of megabytes before it says what it is.

    Examples
    --------
    >>> condensed(b'{"coordinates": [[' + b"36.5, 35.5], [" * 9999 + b'1, 2]], "name": "A"}')
    b'{"coordinates": [], "name": "A"}'
    """
    text = head_text(content)
    if text is None:
        return content[:HEAD_BYTES]
    short = _NUMBERS.sub(lambda found: "[]" + found[0].rpartition("]")[2], text)
    return short[:HEAD_BYTES].encode("utf-8", "replace")[:HEAD_BYTES]


def read_bytes(path: Any, *, limits: Limits | None = None) -> bytes:
    """Return a whole file, refusing one that is empty or beyond the limit.

    Raises
    ------
    DataFileError
        See `checked_path`; or no bytes, too many, or no permission.
    """
    file = checked_path(path)
    limits = limits or Limits()
    try:
        with file.open("rb") as handle:
            size = os.fstat(handle.fileno()).st_size
            limits.check("max_bytes", size, where=file.name, what="bytes")
            # A file may grow between the look and the reading.
            content = handle.read(int(limits.max_bytes) + 1)
    except OSError as error:
        raise _unreadable(file, error) from None
    limits.check("max_bytes", len(content), where=file.name, what="bytes")
    if not content:
        raise DataFileError(f"{file.name} is empty (0 bytes)", path=file)
    return content


def _unreadable(file: Path, error: OSError) -> DataFileError:
    return DataFileError(f"{file.name} cannot be read: {error.strerror or error}", path=file)


def magic(head: bytes) -> str:
    """Say what a file is by its first bytes.

    Returns
    -------
    str
        ``"zip"``, ``"gzip"``, ``"parquet"``, ``"gpkg"``, ``"sqlite"``, ``"shapefile"``,
        ``"flatgeobuf"``, ``"pdf"``, ``"vrt"``, ``"kml"``, ``"xml"``, ``"json"``, ``"text"``,
        ``"empty"`` or ``"binary"``.

    Examples
    --------
    >>> magic(b'{"type": "FeatureCollection"}'), magic(b"<OGRVRTDataSource>")
    ('json', 'vrt')
    """
    if not head:
        return "empty"
    for start, name in _MAGIC:
        if head.startswith(start):
            if name == "sqlite" and head[_APPLICATION_ID] in _GPKG_IDS:
                return "gpkg"
            return name
    text = head_text(head)
    return "binary" if text is None else _kind_of_text(text.lstrip("\ufeff \t\r\n"))


def _kind_of_text(text: str) -> str:
    if text.startswith("<"):
        lower = text[:20_000].lower()
        if "<ogrvrtdatasource" in lower or "<vrtdataset" in lower:
            return "vrt"
        return "kml" if re.search(r"<([\w.\-]+:)?kml[\s>]", lower) else "xml"
    return "json" if text.startswith(("{", "[")) else "text"


def head_text(head: bytes) -> str | None:
    """Return the first bytes of a file as text, None if they are none.

    The last character may be cut in two; it is left out.
    """
    encoding = _marked(head) or _unmarked_utf16(head) or "utf-8"
    try:
        text = codecs.getincrementaldecoder(encoding)(errors="strict").decode(head)
    except UnicodeDecodeError:
        if b"\x00" in head:
            return None
        text = head.decode("latin-1")  # some older encoding; its ASCII part is what is looked at
    return None if "\x00" in text else text


def decode_text(content: bytes, *, encoding: str | None = None, name: str = "the file") -> str:
    r"""Return bytes as text: UTF-8, UTF-16 and UTF-32 by their marks, others only if named.

    Parameters
    ----------
    content
        A whole file.
    encoding
        The encoding, where the file does not say it, for instance ``"cp1256"`` for Arabic text
        from older Windows programs.
    name
        How an error calls it.

    Raises
    ------
    DataFileError
        The bytes are no text in that encoding, or hold NUL.
    InputError
        Nobody knows an encoding of that name.

    Examples
    --------
    >>> decode_text("حماة".encode("utf-16"))
    'حماة'
    >>> decode_text("حماة".encode("cp1256"), name="names.csv")
    Traceback (most recent call last):
    frontline.errors.DataFileError: names.csv is not UTF-8 (byte 0); ...
    """
    if encoding is not None and not isinstance(encoding, str):
        raise InputError(f"encoding={encoding!r} must be a text")
    chosen = _marked(content) or encoding or _unmarked_utf16(content) or "utf-8"
    try:
        text = content.decode(chosen)
    except LookupError:
        raise InputError(f"encoding={encoding!r} is none that Python knows") from None
    except (UnicodeError, AttributeError, TypeError) as error:
        at = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise DataFileError(
            f"{name} is not {chosen.upper().replace('-SIG', '')}{at}; save it as UTF-8, or name "
            "its encoding, e.g. encoding='cp1256' for Arabic from older Windows programs",
            path=name,
        ) from None
    if not isinstance(text, str):
        raise InputError(f"encoding={encoding!r} gives no text")
    if "\x00" in text:
        raise DataFileError(f"{name} holds NUL characters, so it is no text", path=name)
    return text.removeprefix("\ufeff")


def _marked(content: bytes) -> str | None:
    return next((name for mark, name in _BOMS if content.startswith(mark)), None)


def _unmarked_utf16(content: bytes) -> str | None:
    # Text formats begin with ASCII; in UTF-16 every second byte of it is zero.
    start = content[:64]
    if len(start) < 8 or len(start) % 2:  # noqa: PLR2004 - too short to tell
        return None
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if not any(start[first::2]) and all(start[1 - first :: 2]):
            return name
    return None


def load_json(
    content: bytes,
    *,
    encoding: str | None = None,
    name: str = "the file",
    limits: Limits | None = None,
) -> Any:
    r"""Read JSON; numbers that are none (NaN) are refused, as the standard does.

    Objects and lists are counted before they are built: an empty one of two bytes takes fifty.

    Raises
    ------
    DataFileError
        There are more objects or lists than a file within the limits has; the text is no JSON,
        is cut short or nested too deeply.

    Examples
    --------
    >>> load_json(b'{"type": "FeatureColl', name="a.geojson")
    Traceback (most recent call last):
    frontline.errors.DataFileError: a.geojson is no JSON: Unterminated string ... (line 1, ...
    """
    text = decode_text(content, encoding=encoding, name=name)
    limits = limits or Limits()
    objects = text.count("{") / _OBJECTS_A_FEATURE
    limits.check("max_features", objects, where=name, what="features, by its objects")
    lists = text.count("[") / _LISTS_A_VERTEX
    limits.check("max_vertices", lists, where=name, what="vertices, by its lists")
    try:
        document = json.loads(text, parse_constant=_no_number)
        return _whole(document) if _SURROGATE.search(text) else document
    except json.JSONDecodeError as error:
        cut = "; the file seems to be cut short" if error.pos >= len(text.rstrip()) - 1 else ""
        raise DataFileError(
            f"{name} is no JSON: {error.msg} (line {error.lineno}, column {error.colno}){cut}",
            path=name,
        ) from None
    except RecursionError:
        raise DataFileError(f"{name} nests its brackets too deeply", path=name) from None
    except ValueError as error:  # a number of thousands of digits, or NaN
        raise DataFileError(f"{name} is no JSON: {error}", path=name) from None


def _whole(value: Any) -> Any:
    """Replace halves of characters, which JSON can write but no text can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return value


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")


def chunks(handle: Any, *, limit: int) -> Iterator[bytes]:
    """Yield what a stream gives until it ends or has given more than `limit` bytes.

    The last piece may go beyond the limit, so that a reader can tell.
    """
    seen = 0
    while seen <= limit:
        piece = handle.read(min(_CHUNK, limit + 1 - seen))
        if not piece:
            return
        seen += len(piece)
        yield piece
