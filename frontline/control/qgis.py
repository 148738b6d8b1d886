"""A style for QGIS inside a GeoPackage: a colour for each actor, and the time of every row.

QGIS looks for the table `layer_styles` when it opens a layer. What a style has to say was read off
styles that QGIS 3.16 to 4.2 wrote: mode 2 of `temporal` takes the start and the end of a feature
from two fields, limit mode 0 includes the start and excludes the end, and a field that is NULL
leaves its side open.
"""

from __future__ import annotations

import re
import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from frontline.errors import InputError
from frontline.palette import NOBODY, colours

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["style_qml", "write_style"]

_BETWEEN_FIELDS = "2"  # Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields
_INCLUDE_START_ONLY = "0"  # Qgis.VectorTemporalLimitMode.IncludeBeginExcludeEnd
_OPACITY = 190  # of 255; the map below stays readable
_OUTLINE = "90,90,90,255"
_LABEL = 120
# What XML 1.0 cannot hold, not even escaped.
_UNSTORABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TABLE = """CREATE TABLE IF NOT EXISTS layer_styles (
id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP)"""
_LISTED = """INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', 0)"""
_ROW = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,
f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui,
update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)"""


#: Where a GeoPackage says when it was written.
_TIMES = (
    ("gpkg_contents", "last_change"),
    ("gpkg_metadata_reference", "timestamp"),
    ("layer_styles", "update_time"),
)


def style_qml(
    actors: Sequence[str], *, start: str | None = None, end: str | None = None, lines: bool = False
) -> str:
    """Return a style as QGIS keeps it, with one category for each actor.

    Parameters
    ----------
    actors
        The values of the field `actor`, in the order in which colours are given out.
    start, end
        The fields of the interval; None: the layer has no time.
    lines
        Whether the layer holds lines; then every row looks the same.

    Examples
    --------
    >>> style = ET.fromstring(style_qml(["<b>A</b>"], start="start", end="end"))
    >>> style.find("temporal").get("mode"), style.find("temporal").get("startField")
    ('2', 'start')
    >>> [each.get("value") for each in style.iter("category")]
    ['<b>A</b>', '']
    """
    root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology|Temporal")
    if start is not None and end is not None:
        _add_time(root, start, end)
    if lines:
        attributes = {"type": "singleSymbol"}
    else:
        attributes = {"type": "categorizedSymbol", "attr": "actor"}
    renderer = ET.SubElement(
        root, "renderer-v2", attributes, symbollevels="0", enableorderby="0", forceraster="0"
    )
    if lines:
        _add_line(ET.SubElement(renderer, "symbols"))
    else:
        _add_categories(renderer, actors)
    return ET.tostring(root, encoding="unicode")


def _add_time(root: ET.Element, start: str, end: str) -> None:
    temporal = ET.SubElement(
        root,
        "temporal",
        enabled="1",
        mode=_BETWEEN_FIELDS,
        limitMode=_INCLUDE_START_ONLY,
        startField=start,
        endField=end,
        startExpression="",
        endExpression="",
        durationField="",
        durationUnit="min",
        fixedDuration="0",
        accumulate="0",
    )
    fixed = ET.SubElement(temporal, "fixedRange")
    ET.SubElement(fixed, "start")
    ET.SubElement(fixed, "end")


def _add_categories(renderer: ET.Element, actors: Sequence[str]) -> None:
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    palette = colours(list(actors))
    # An empty value stands for all others, NULL among them.
    rows = [*((actor, actor, palette[actor]) for actor in actors), ("", "nobody known", NOBODY)]
    for number, (value, label, colour) in enumerate(rows):
        ET.SubElement(
            categories,
            "category",
            value=_storable(value),
            type="string",
            label=_storable(label)[:_LABEL],
            symbol=str(number),
            render="true",
        )
        looks = {
            "color": _rgba(colour, _OPACITY),
            "style": "solid",
            "outline_color": _OUTLINE,
            "outline_style": "no",
            "outline_width": "0.1",
            "joinstyle": "bevel",
        }
        _add_symbol(symbols, number, "fill", "SimpleFill", looks)


def _add_line(symbols: ET.Element) -> None:
    looks = {
        "line_color": "0,0,0,255",
        "line_style": "solid",
        "line_width": "0.6",
        "line_width_unit": "MM",
        "joinstyle": "round",
        "capstyle": "round",
    }
    _add_symbol(symbols, 0, "line", "SimpleLine", looks)


def _add_symbol(
    symbols: ET.Element, number: int, kind: str, layer: str, looks: dict[str, str]
) -> None:
    symbol = ET.SubElement(
        symbols, "symbol", type=kind, name=str(number), alpha="1", clip_to_extent="1", force_rhr="0"
    )
    drawn = ET.SubElement(symbol, "layer", {"class": layer}, enabled="1", locked="0")
    drawn.set("pass", "0")
    options = ET.SubElement(drawn, "Option", type="Map")
    for name, value in looks.items():
        ET.SubElement(options, "Option", type="QString", name=name, value=value)
    for name, value in looks.items():  # QGIS before 3.22 reads these
        ET.SubElement(drawn, "prop", k=name, v=value)


def _rgba(colour: str, alpha: int) -> str:
    return ",".join([*(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)), str(alpha)])


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def write_style(
    path: Path,
    layer: str,
    actors: Sequence[str],
    *,
    start: str | None = None,
    end: str | None = None,
    lines: bool = False,
) -> None:
    """Put a style into a finished GeoPackage as the default one of a layer.

    Parameters
    ----------
    path
        The file.
    layer
        A layer with geometry.
    actors, start, end, lines
        As in `style_qml`.

    Raises
    ------
    InputError
        The file has no such layer.
    """
    qml = style_qml(actors, start=start, end=end, lines=lines)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with closing(sqlite3.connect(path)) as database, database:
        row = database.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
        ).fetchone()
        if row is None:
            raise InputError(f"{path.name} has no layer {layer!r} with geometry")
        database.execute(_TABLE)
        database.execute(_LISTED)
        about = "Who held what: a colour for each actor, played by the temporal controller."
        database.execute(_ROW, (layer, row[0], "frontline", qml, about, now))


def set_times(path: Path, moment: str) -> None:
    """Give a finished GeoPackage another time of writing, and leave no older pages in it.

    A file that tells nothing later than an instant must not tell when it was written either.

    Parameters
    ----------
    path
        The file.
    moment
        ISO 8601, in UTC with Z.
    """
    with closing(sqlite3.connect(path)) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        with database:
            for table, column in _TIMES:
                if table in tables:
                    # Names of our own list; a value is bound.
                    database.execute(f"UPDATE {table} SET {column} = ?", (moment,))  # noqa: S608
        database.execute("VACUUM")
