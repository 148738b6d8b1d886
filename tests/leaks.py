"""Everything a file tells, dug out byte by byte: its texts, its instants, its coordinates.

The files are opened with other tools than those that wrote them, and what those tools would hide
(footers, freed pages, indexes, envelopes of blobs, members of archives) is read too.
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import gzip
import json
import re
import sqlite3
import struct
import xml.etree.ElementTree as ET  # our own output
import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass, field

import numpy as np
import pyarrow.parquet
import shapely

from frontline.maps.decode import decode_payload
from frontline.scene import cities as scene_cities

MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
NUMERIC = re.compile(r"(?<!\d)(20\d\d)[-/.]?([01]\d)[-/.]?([0-3]\d)(?:[T ](\d\d):?(\d\d))?")
LOOSE = re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](20\d\d)(?!\d)")
WORDED = re.compile(
    r"(?:(?<!\d)(\d{1,2})\s+)?\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?:\s+(\d{1,2})\b(?!:))?,?(?:\s+(20\d\d))?",
    re.IGNORECASE,
)
PAIR = re.compile(r"(?<![\d.])(-?\d{1,3}\.\d+)[^\d-]{1,12}(-?\d{1,3}\.\d+)")


@dataclass
class Told:
    """What was found in a file."""

    texts: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    instants: list[dt.datetime] = field(default_factory=list)
    lonlat: list[np.ndarray] = field(default_factory=list)
    single: list[np.ndarray] = field(default_factory=list)  # 32 bits wide: indexes
    points: list[np.ndarray] = field(default_factory=list)

    def shape(self, geometry) -> None:
        if geometry is not None and not geometry.is_empty:
            self.lonlat.append(shapely.get_coordinates(geometry))
            if geometry.geom_type == "Point":
                self.points.append(shapely.get_coordinates(geometry))


def told_by(path) -> Told:
    """Dig out what a file, or a folder of files, tells."""
    told = Told()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    companion = path.with_name(path.name + "-metadata.json")
    for file in [*files, *([companion] if companion.exists() else [])]:
        told.texts.append(file.name if file is not path else "")
        content = file.read_bytes()
        told.raw.append(content)
        if content[:4] == b"PAR1":
            _parquet(file, told)
        elif content[:6] == b"SQLite":
            _sqlite(file, told)
        elif content[:2] == b"PK":
            with zipfile.ZipFile(file) as archive:
                for entry in archive.infolist():
                    told.instants.append(dt.datetime(*entry.date_time, tzinfo=dt.UTC))
                    told.raw.append(archive.read(entry))
                    _text(archive.read(entry).decode(), told)
        elif file.suffix == ".csv":
            _table(content.decode(), told)
        else:
            _text(content.decode(), told)
    return told


def _table(text: str, told: Told) -> None:
    head, *rows = csv.reader(text.splitlines())
    for row in rows:
        for name, cell in zip(head, row, strict=True):
            if name in ("geometry", "point") and cell:
                told.shape(shapely.from_wkt(cell))
            else:
                told.texts.append(cell)


def _text(text: str, told: Told) -> None:
    if text.lstrip().startswith("<!doctype html") or "<html" in text[:200].lower():
        _page(text, told)
        return
    told.texts.append(text)
    if text.startswith("{"):
        _json(json.loads(text), told)
    elif text.startswith("<?xml"):
        for each in ET.fromstring(text).iter():  # noqa: S314 - our own output
            if each.tag.endswith("}coordinates"):
                spots = [[float(x) for x in spot.split(",")[:2]] for spot in each.text.split()]
                told.lonlat.append(np.array(spots))


def _json(value, told: Told) -> None:
    if isinstance(value, dict):
        if "coordinates" in value and "type" in value:
            told.shape(shapely.geometry.shape(value))
        for each in value.values():
            _json(each, told)
    elif isinstance(value, list):
        for each in value:
            _json(each, told)
    elif isinstance(value, str):
        told.texts.append(value)


def _page(text: str, told: Told) -> None:
    coded = re.search(r'id="frontline-payload">([A-Za-z0-9+/=]+)<', text)[1]
    payload = gzip.decompress(base64.b64decode(coded))
    told.raw.append(payload)
    body = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    told.texts.append(body)
    decoded = decode_payload(coded)
    head = decoded.head
    told.texts.append(json.dumps({k: v for k, v in head.items() if k != "countries"}))
    told.texts[-1] = re.sub(r"\[[^\[\]]*\]", "", told.texts[-1])  # numbers are looked at below
    for each in (head["meta"], head["events"], head["sources"], head["actors"], head["places"]):
        _strings(each, told)
    told.instants += [each.to_pydatetime() for each in decoded.times]
    told.instants += [each.to_pydatetime() for each in decoded.changes["when"]]
    for event in head["events"]:
        told.points.append(np.array([event["at"]], dtype=float))
        told.instants += [
            dt.datetime.fromtimestamp(event[key], tz=dt.UTC)
            for key in ("from", "to")
            if key in event
        ]
    # The cities of the base map are public, and say nothing of the history.
    cities = (
        (c["name"], c["lon"], c["lat"]) for c in scene_cities.cities((-180, -90, 180, 90), 10**6)
    )
    public = {(name, round(lon, 3), round(lat, 3)) for name, lon, lat in cities}
    for place in head["places"]:
        if (place[0], round(place[1], 3), round(place[2], 3)) not in public:
            told.points.append(np.array([place[1:3]], dtype=float))
    if decoded.statements is not None:
        for name, lon, lat, sequences in decoded.statements.sites:
            told.texts.append(name)
            told.points.append(np.array([[lon, lat]], dtype=float))
            told.instants += [step[0].to_pydatetime() for one in sequences for step in one]
            told.texts += [cited for one in sequences for step in one for cited in step[3]]
        told.instants += [when.to_pydatetime() for when, _ in decoded.statements.maps]
        told.texts += [each for _, cited in decoded.statements.maps for each in cited]
    per_degree = head["per_degree"]
    told.lonlat += [np.asarray(line) / per_degree for line in decoded.arcs.lines]
    told.lonlat += [np.asarray(ring) / per_degree for region in decoded.regions for ring in region]
    told.lonlat.append(np.array(head["bounds"], dtype=float).reshape(2, 2))
    told.lonlat += told.points


def _strings(value, told: Told) -> None:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _strings(each, told)
    elif isinstance(value, str):
        told.texts.append(value)


def _parquet(file, told: Told) -> None:
    whole = pyarrow.parquet.ParquetFile(file)
    about = whole.schema_arrow.metadata or {}
    for key, value in about.items():
        if key != b"ARROW:schema":  # the same again, packed
            _value(value.decode(), told)
    columns = json.loads(about[b"geo"])["columns"] if b"geo" in about else {}
    for column in columns.values():
        if np.isfinite(column.get("bbox", [np.nan])).all():
            told.lonlat.append(np.array(column["bbox"], dtype=float).reshape(2, 2))
    groups = [whole.metadata.row_group(n) for n in range(whole.metadata.num_row_groups)]
    chunks = [group.column(n) for group in groups for n in range(group.num_columns)]
    for chunk in chunks:
        if chunk.statistics is not None and chunk.statistics.has_min_max:
            _value(chunk.statistics.min, told)
            _value(chunk.statistics.max, told)
    table = whole.read()
    for name in table.column_names:
        for value in table[name].to_pylist():
            if name in columns and value is not None:
                told.shape(shapely.from_wkb(value))
            else:
                _value(value, told)


def _value(value, told: Told) -> None:
    if isinstance(value, dt.datetime):
        told.instants.append(value if value.tzinfo else value.replace(tzinfo=dt.UTC))
    elif isinstance(value, str):
        told.texts.append(value)
        if value[:1] in "{[":
            with suppress(ValueError):  # a text that only begins so
                _json(json.loads(value), told)
    elif isinstance(value, bytes):
        told.raw.append(value)


def _sqlite(file, told: Told) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA freelist_count").fetchone() == (0,)
        for table, sql in database.execute("SELECT name, sql FROM sqlite_master").fetchall():
            told.texts.append(sql or "")
            if not sql or not sql.lower().startswith("create table"):
                continue
            cursor = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own file
            columns = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes) and value[:2] == b"GP":
                        _geopackage(value, told)
                    elif isinstance(value, bytes) and table.startswith("rtree_"):
                        _index_page(value, told)
                    else:
                        _value(value, told)
                if table == "gpkg_contents" and row[columns.index("min_x")] is not None:
                    box = [row[columns.index(n)] for n in ("min_x", "min_y", "max_x", "max_y")]
                    told.lonlat.append(np.array(box, dtype=float).reshape(2, 2))


def _geopackage(blob: bytes, told: Told) -> None:
    """Read a geometry blob: flags, envelope, WKB (OGC 12-128r18, 2.1.3)."""
    size = {0: 0, 1: 4, 2: 6, 3: 6, 4: 8}[(blob[3] >> 1) & 7]
    envelope = struct.unpack(f"{'<' if blob[3] & 1 else '>'}{size}d", blob[8 : 8 + 8 * size])
    if size == 4 and np.isfinite(envelope).all():
        told.lonlat.append(np.array(envelope).reshape(2, 2).T)
    told.shape(shapely.from_wkb(blob[8 + 8 * size :]))


def _index_page(page: bytes, told: Told) -> None:
    """Read a node of an R-tree: depth, count, then cells of a number and four floats."""
    count = struct.unpack(">H", page[2:4])[0]
    for k in range(count):
        cell = page[4 + 24 * k : 28 + 24 * k]
        x0, x1, y0, y1 = struct.unpack(">4f", cell[8:])
        told.single.append(np.array([[x0, y0], [x1, y1]]))
    assert not any(page[4 + 24 * count :]), "an old cell is left in the index"


def dates_in(text: str, year: int):
    """Yield the dates of a text, by rules of these tests' own."""
    for y, m, d, hour, minute in NUMERIC.findall(text):
        yield from _date(y, m, d, hour, minute)
    for y, m, d in LOOSE.findall(text):
        yield from _date(y, m, d)
    for a, b, y in DAY_FIRST.findall(text):
        yield from (*_date(y, b, a), *_date(y, a, b))
    for before, month, after, y in WORDED.findall(text):
        day = before or after or ("1" if y else "")
        if day:
            yield from _date(y or year, MONTHS[month.lower()], day)


def _date(year, month, day, hour=0, minute=0):
    try:
        yield dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=dt.UTC
        )
    except ValueError:
        return


def later_dates(told: Told, until: dt.datetime) -> list:
    """Return all that is later than an instant, as it was found."""
    found = [each for each in told.instants if each > until]
    for text in told.texts:
        found += [(text[:80], each) for each in dates_in(text, until.year) if each > until]
    for raw in told.raw:  # whatever else is in the bytes, freed or hidden
        flat = raw.decode("latin-1")
        for y, m, d, hour, minute in re.findall(
            r"(?<![0-9A-Za-z+/])(20\d\d)-([01]\d)-([0-3]\d)(?:[T ](\d\d):(\d\d))?", flat
        ):
            found += [(raw[:20], each) for each in _date(y, m, d, hour, minute) if each > until]
    return found


def off_grid(told: Told, step_deg: float) -> list:
    """Return coordinates that are no multiples of half a step, wherever they were found."""
    found = []
    # SQLite widens the boxes of its index outwards, to numbers of 32 bits.
    for arrays, tolerance in ((told.lonlat, 1e-9), (told.single, 1.2e-5)):
        for xy in arrays:
            steps = np.asarray(xy, dtype=float) * 2 / step_deg
            odd = np.abs(steps - np.rint(steps)) * step_deg / 2 > tolerance
            found += np.asarray(xy)[odd.any(axis=1)].tolist()
    decimals = len(f"{step_deg:g}".partition(".")[2]) + 1
    for text in told.texts:
        if '"coordinates"' in text or "<coordinates>" in text or "bbox" in text:
            continue  # read as numbers above
        for pair in PAIR.findall(text):
            if any(len(number.partition(".")[2]) > decimals for number in pair):
                found.append((pair, text[:60]))
    return found


def not_centred(told: Told, step_deg: float) -> list:
    """Return points that are not in the middle of a cell of the grid."""
    found = []
    for xy in told.points:
        steps = np.asarray(xy, dtype=float) / step_deg - 0.5
        odd = np.abs(steps - np.rint(steps)) > 1e-6
        found += np.asarray(xy)[odd.any(axis=1)].tolist()
    return found
