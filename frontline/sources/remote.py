"""Fetching a file from the web: only when asked for, only http and https, never beyond a limit."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from frontline.errors import DataFileError
from frontline.sources.safety import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frontline.sources.safety import Limits

TIMEOUT_S = 60.0


@contextmanager
def fetched(url: str, *, limits: Limits) -> Iterator[Path]:
    """Fetch a file into a temporary folder that is gone after the block.

    Parameters
    ----------
    url
        An http or https address. A redirection to anything else is not followed.
    limits
        At most `max_bytes` are taken.

    Yields
    ------
    Path
        The file, under the last part of its address.

    Raises
    ------
    DataFileError
        It cannot be fetched, or is too large.
    """
    opener = urllib.request.OpenerDirector()
    # Only these: the usual opener would read file:// and ftp:// too.
    for handler in (
        urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler,
        urllib.request.HTTPRedirectHandler, urllib.request.HTTPErrorProcessor,
        urllib.request.HTTPDefaultErrorHandler, urllib.request.UnknownHandler,
    ):  # fmt: skip
        opener.add_handler(handler())
    shown = url[:200]
    with TemporaryDirectory(prefix="frontline-") as folder:
        try:
            path = urllib.parse.unquote(urllib.parse.urlsplit(url).path)
            name = PurePosixPath(path.replace("\\", "/").replace("\x00", "")).name
            file = Path(folder) / (name[-100:] or "download")
            allowed = int(limits.max_bytes)
            size = 0
            with opener.open(url, timeout=TIMEOUT_S) as answer, file.open("wb") as out:
                for piece in chunks(answer, limit=allowed):
                    size += len(piece)
                    out.write(piece)
        except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
            raise DataFileError(f"{shown} cannot be fetched: {error}", path=shown) from None
        limits.check("max_bytes", size, where=shown, what="bytes")
        yield file
