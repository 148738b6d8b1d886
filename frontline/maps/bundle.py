"""The viewer's files and Leaflet, as text to be put into a page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from frontline._version import __version__
from frontline.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LEAFLET_VERSION",
    "integrity",
    "leaflet_css",
    "leaflet_js",
    "licences",
    "packed",
    "page_css",
    "viewer_css",
    "viewer_js",
]

LEAFLET_VERSION = "1.9.3"
"""The version that folium 0.20 loads as well: the viewer meets the same one in both hosts."""

_ASSETS = Path(__file__).resolve().parent / "assets"
# In the order in which each needs the ones before it.
_SCRIPTS = (
    *("codec", "arcs", "model", "dom", "units", "geodesic", "theme", "style", "labels", "base"),
    *("outlines", "canvas", "clock", "spans", "track", "timepanel", "legend", "notes", "areas"),
    *("changes", "trail", "compare", "swipe", "hash", "statements", "search", "describe", "popups"),
    *("measure", "toolbar", "layers", "embed", "print", "viewer"),
)
_STYLES = ("viewer", "time", "notes", "tools", "dark", "hosts", "embed", "narrow", "print")
_GZIP = 16 + zlib.MAX_WBITS  # a stream with the head of gzip, in which no time is written
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_DISTRIBUTION = "XStatic-Leaflet"


def asset(name: str) -> str:
    """Return one of the viewer's files as text."""
    return (_ASSETS / name).read_text(encoding="utf-8")


@cache
def viewer_js() -> str:
    """Return the viewer as one script, without comments and the space that means nothing.

    Each file is a function of its own in strict mode, so they can stand one after the other.
    """
    return _bare_js("\n".join(asset(f"{name}.js") for name in _SCRIPTS))


@cache
def boot_js() -> str:
    """Return the script that unpacks the others."""
    return _bare_js(asset("boot.js"))


@cache
def viewer_css() -> str:
    """Return the viewer's style sheet, without comments and spaces."""
    return _bare_css("".join(asset(f"{name}.css") for name in _STYLES))


@cache
def page_css() -> str:
    """Return the style of what a page shows before its scripts run."""
    return _bare_css(asset("page.css"))


def licences() -> str:
    """Return whose work a page carries besides its data, for its readers.

    Examples
    --------
    >>> print(licences())
    Viewer: frontline ..., BSD-3-Clause.
    Maps by Leaflet 1.9.3, BSD-2-Clause, https://leafletjs.com
    (c) 2010-2022 Vladimir Agafonkin, (c) 2010-2011 CloudMade
    """
    return (
        f"Viewer: frontline {__version__}, BSD-3-Clause.\n"
        f"Maps by Leaflet {LEAFLET_VERSION}, BSD-2-Clause, https://leafletjs.com\n"
        "(c) 2010-2022 Vladimir Agafonkin, (c) 2010-2011 CloudMade"
    )


def packed(parts: Iterable[tuple[str, str]]) -> str:
    """Return styles and scripts as one compressed block of base64.

    Parameters
    ----------
    parts : iterable of (tag, text)
        What ``boot.js`` makes of them: elements with that tag, in this order.

    Returns
    -------
    str
        JSON, compressed without a time stamp, so that equal parts are equal text.
    """
    text = json.dumps(list(parts), ensure_ascii=False, separators=(",", ":"))
    coder = zlib.compressobj(level=9, wbits=_GZIP, memLevel=9)
    blob = coder.compress(text.encode("utf-8")) + coder.flush()
    return base64.b64encode(blob).decode("ascii")


def _bare_js(text: str) -> str:
    """Drop comment lines and the space that means nothing; no line ends in a comment.

    Lines with a slash or a backtick, which may open a pattern or a template, keep their spaces, and
    so do texts in quotes. Plus and minus keep theirs: `a - -b` is not `a--b`. A line is joined to
    the next only where it ends in a sign after which no statement can end.
    """
    lines = re.sub(r"^(?:[ ]*//.*\n|[ ]+|\n)", "", text, flags=re.MULTILINE).split("\n")
    return re.sub(r"([;{(\[,])\n", r"\1", "\n".join(map(_tight, lines)))


def _tight(line: str) -> str:
    if "`" in line or "/" in line:
        return line
    parts = _QUOTED.split(line)
    parts[::2] = [re.sub(r"\s*([=*?:<>&|,;(){}\[\]])\s*", r"\1", part) for part in parts[::2]]
    return "".join(parts)


def _bare_css(text: str) -> str:
    """Drop comments and the spaces round braces, colons, commas and so on; no string holds any."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bare = re.sub(r"\s*([{};,>])\s*", r"\1", bare).replace(";}", "}")
    return re.sub(r":[ ]+(?=[^{}]*[;}])", ":", bare).strip() + "\n"


@cache
def leaflet_js() -> str:
    """Return Leaflet from the installed package, without the pointer to its source map."""
    text = _leaflet_text("leaflet.js")
    return re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", text)


@cache
def leaflet_css() -> str:
    """Return Leaflet's style sheet without its pictures, so that no request leaves the page.

    They are those of the layers control and the default marker, which the viewer does not use; what
    is for browsers of the last century goes as well.
    """
    text = _leaflet_text("leaflet.css")
    text = re.sub(r"\s*behavior:[^;]*;", "", text)
    return re.sub(r"url\(['\"]?images/[\w.-]+\.png['\"]?\)", "none", _bare_css(text))


def integrity(text: str) -> str:
    """Return the source expression of an inline script or style for a content security policy.

    Examples
    --------
    >>> integrity("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _leaflet_text(name: str) -> str:
    """Return a file as a browser reads it: with plain line ends, on which the hashes depend."""
    return _leaflet(name).decode("utf-8").replace("\r\n", "\n")


def _leaflet(name: str) -> bytes:
    """Read a file of the installed Leaflet package, found by its metadata."""
    try:
        distribution = metadata.distribution(_DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise MissingDependencyError(
            "Leaflet is not installed; it comes with: pip install 'xstatic-leaflet==1.9.3.*'"
        ) from error
    if not distribution.version.startswith(f"{LEAFLET_VERSION}."):
        raise MissingDependencyError(
            f"{_DISTRIBUTION} {distribution.version} is installed, but the viewer is made for "
            f"Leaflet {LEAFLET_VERSION}: pip install 'xstatic-leaflet=={LEAFLET_VERSION}.*'"
        )
    path = Path(str(distribution.locate_file("xstatic/pkg/leaflet/data"))) / name
    return path.read_bytes()
