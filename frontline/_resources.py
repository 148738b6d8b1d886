"""Where the bundled data stand, how optional packages are asked for, how files are written."""

from __future__ import annotations

import importlib
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from frontline.errors import InputError, MissingDependencyError, UnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_PACKAGE = Path(__file__).resolve().parent


def geodata_path(*parts: str) -> Path:
    """Return the path of a bundled data file or folder.

    In an installed package `geodata/` lies inside it; in a checkout it is its neighbour.

    Parameters
    ----------
    *parts
        Folder and file names below `geodata/`.

    Raises
    ------
    InputError
        No such file is bundled.

    Examples
    --------
    >>> geodata_path("places.csv").name
    'places.csv'
    """
    for root in (_PACKAGE / "geodata", _PACKAGE.parent / "geodata"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise InputError(
        f"geodata/{'/'.join(parts)} is not among the bundled data; reinstall frontline-maps"
    )


def import_optional(module: str, extra: str) -> ModuleType:
    """Import a package that only an extra installs, or say how to install it.

    Parameters
    ----------
    module
        Name of the module.
    extra
        Name of the extra of `frontline-maps` that brings it.

    Raises
    ------
    MissingDependencyError
        The module is not installed.

    Examples
    --------
    >>> import_optional("no_such_module", "world")
    Traceback (most recent call last):
    frontline.errors.MissingDependencyError: no_such_module is not installed; it comes with:
    pip install 'frontline-maps[world]'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingDependencyError(
            f"{module} is not installed; it comes with: pip install 'frontline-maps[{extra}]'"
        ) from error


def cache_dir() -> Path:
    """Return the user's cache folder for derived data, created if needed.

    `FRONTLINE_CACHE` overrides it; else `XDG_CACHE_HOME`, else ``~/.cache``.
    """
    own = os.environ.get("FRONTLINE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME")
    path = Path(own) if own else (Path(base) if base else Path.home() / ".cache") / "frontline"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def folder_written(folder: Path) -> Iterator[None]:
    """Name the folder, and not a hidden file in it, where nothing can be put into it.

    Raises
    ------
    UnwritableError
        With the system's own error as its cause.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnwritableError(
            f"the folder {folder} cannot be written to ({reason}); choose another"
        ) from error


@contextmanager
def atomic_write(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place when the block succeeds.

    A reader never sees half a file, and an error leaves what was there before.

    Parameters
    ----------
    path
        The file to be written.

    Yields
    ------
    Path
        Where to write; it keeps the suffix of `path`.

    Raises
    ------
    InputError
        The folder does not exist, or cannot be written to (then also an OSError); `path` is a
        folder.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError(f"the folder {target.parent} does not exist; make it first")
    if target.is_dir():
        raise InputError(f"{target} is a folder; name a file")
    with folder_written(target.parent):
        handle, name = tempfile.mkstemp(
            prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent
        )
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes private files; what a user saves should have the usual mode.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
