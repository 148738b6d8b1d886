"""XML from strangers: no document type, no entities of its own, nothing fetched, no depth."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from frontline.errors import DataFileError

if TYPE_CHECKING:
    from frontline.sources.safety import Limits

MAX_DEPTH = 100
# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse_xml(content: bytes, *, limits: Limits, name: str = "the file") -> ET.Element:
    """Return the root of a document; names are without their namespace.

    Parameters
    ----------
    content
        The document, in any encoding that it declares and Python knows.
    limits
        At most `max_vertices` elements.
    name
        How an error calls it.

    Raises
    ------
    DataFileError
        It is no XML, or has a document type: there a file could define entities that grow
        without bound or name other files.

    Examples
    --------
    >>> from frontline.sources.safety import Limits
    >>> bomb = b'<!DOCTYPE k [<!ENTITY a "ha">]><kml>&a;</kml>'
    >>> parse_xml(bomb, limits=Limits(), name="a.kml")
    Traceback (most recent call last):
    frontline.errors.DataFileError: a.kml has a document type (DOCTYPE), which may define...
    """
    builder = ET.TreeBuilder()
    reader = _Reader(builder, limits, name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    parser.ExternalEntityRefHandler = reader.refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(content, True)
        return builder.close()
    except expat.ExpatError as error:
        raise DataFileError(
            f"{name} is no XML: {expat.ErrorString(error.code)} (line {error.lineno}); it may be "
            "cut short",
            path=name,
        ) from None
    except (LookupError, ValueError, TypeError, AssertionError) as error:
        if isinstance(error, DataFileError):
            raise
        raise DataFileError(f"{name} is no XML: {error}", path=name) from None


class _Reader:
    """Counts what a document has while it is read."""

    def __init__(self, builder: ET.TreeBuilder, limits: Limits, name: str) -> None:
        self._builder = builder
        self._limits = limits
        self._name = name
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise DataFileError(f"{self._name} nests its elements too deeply", path=self._name)
        self._limits.check("max_vertices", self._elements, where=self._name, what="elements")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._builder.start(tag.rpartition(" ")[2], plain)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag.rpartition(" ")[2])

    def refuse(self, *_: Any) -> int:
        raise DataFileError(
            f"{self._name} has a document type (DOCTYPE), which may define entities that grow or "
            "name other files; remove it",
            path=self._name,
        )


def storable(text: str) -> str:
    r"""Return text with what XML cannot hold replaced.

    Examples
    --------
    >>> storable("a\x00b")
    'a\ufffdb'
    """
    return _FORBIDDEN.sub("\ufffd", text)
