"""GeoNames dumps: places with their names, ready for `Gazetteer.from_frame`.

Schema: ``XX.txt``, ``allCountries.txt`` and ``cities*.txt``, 19 columns between tabs without a
header, and ``alternateNamesV2.txt``, 10 columns. Quotation marks mean nothing in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from frontline.errors import DataFileError, InputError
from frontline.gazetteer.extents import CITY, TOWN
from frontline.sources.decoding import at_points, frame_of, read_members, save, swapped
from frontline.sources.geonames_names import (
    alternate_names_text,
    decode_alternate_names,
    usable_names,
    with_alternate_names,
)
from frontline.sources.model import Data, Format, Origin
from frontline.sources.safety import head_text
from frontline.sources.schemas import Field, read_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from frontline.sources.model import Peek
    from frontline.sources.safety import Limits

__all__ = (
    "FORMAT",
    "KINDS",
    "ORIGIN",
    "decode",
    "decode_alternate_names",
    "encode",
    "read",
    "with_alternate_names",
    "write",
)

ORIGIN = Origin(
    name="GeoNames",
    publisher="GeoNames",
    url="https://www.geonames.org",
    licence="CC BY 4.0",
    attribution="GeoNames, geonames.org, CC BY 4.0",
    redistributable=True,
)

FIELDS = (
    Field("geonameid", "integer", required=True, filled=True, low=0),
    Field("name", required=True, filled=True),
    Field("asciiname"),
    Field("alternatenames"),
    Field("latitude", "lat", required=True, filled=True),
    Field("longitude", "lon", required=True, filled=True),
    Field("feature_class", "label"),
    Field("feature_code", "label"),
    Field("country_code", "label"),
    Field("cc2", "label"),
    Field("admin1_code", "label"),
    Field("admin2_code", "label"),
    Field("admin3_code", "label"),
    Field("admin4_code", "label"),
    Field("population", "integer", low=0),
    Field("elevation", "integer"),
    Field("dem", "integer"),
    Field("timezone", "label"),
    Field("modification_date", "date", required=True, filled=True),
)
COLUMNS = tuple(each.name for each in FIELDS)

#: What a feature code is to a gazetteer; others of class P are cities .. settlements by population.
KINDS = {
    "PCLI": "country",
    "PCLS": "country",
    "ADM1": "governorate",
    "ADM2": "district",
    "PPLC": "city",
    "AIRP": "airfield",
    "AIRF": "airfield",
    "AIRB": "airfield",
    "HLL": "hill",
    "HLLS": "hill",
    "MT": "hill",
    "PK": "hill",
    "MILB": "military",
    "INSM": "military",
    "PSTB": "crossing",
}
_MEMBER = re.compile(r"(^|/)([A-Z]{2}|allCountries|cities\d+|no-country)\.txt$")
_COUNTRY = re.compile(r"[A-Z]{2}")


def decode(
    content: bytes,
    *,
    name: str = "the GeoNames dump",
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
    countries: Iterable[str] | None = None,
    admin1: Mapping[str, str] | None = None,
    features: str = "places",
) -> Data:
    r"""Read a dump of places.

    Parameters
    ----------
    content
        The file's bytes.
    name
        How messages call it.
    limits
        At most `max_features` of the rows that are kept are read.
    encoding
        Of bytes that are not UTF-8.
    invalid
        ``"raise"`` one error for all faults, or ``"drop"`` their rows and count them.
    countries
        Two-letter codes of the countries that are wanted; None: all.
    admin1
        Names of first-order divisions by ``"SY.05"``, as in admin1CodesASCII.txt.
    features
        ``"places"`` keeps what is a kind of place to a gazetteer (`KINDS` and class P),
        ``"all"`` also rivers and the like, whose `kind` is missing.

    Returns
    -------
    Data
        Kind ``"places"``: `place_id` ("geonames:170017"), `name`, `alternate_names` (text split
        at ";"), `kind`, `country`, `admin1`, `population` (missing where the dump says 0),
        `source`, `licence`, the dump's other columns, points.

    Raises
    ------
    DataFileError
        Cells are not what they should be; all with their lines.

    Examples
    --------
    >>> line = ("170017\tHamah\tHamah\tHama,Hamath,\u062d\u0645\u0627\u0629\t35.13179\t36.75783\tP"
    ...         "\tPPLA\tSY\t\t05\t\t\t\t460602\t\t276\tAsia/Damascus\t2019-01-01\n")
    >>> frame = decode(line.encode(), admin1={"SY.05": "Hama"}).frame
    >>> frame[["place_id", "kind", "admin1"]].values.tolist()
    [['geonames:170017', 'city', 'Hama']]
    """
    if features not in ("places", "all"):
        raise InputError(f"features={features!r} must be 'places' or 'all'")
    wanted = None if countries is None else _codes(countries)
    _need_columns(content, name)
    others: dict[str, int] = {}

    def keep(chunk: pd.DataFrame) -> Any:
        mask = np.ones(len(chunk), dtype=bool)
        if wanted is not None:
            mask &= chunk["country_code"].isin(wanted).to_numpy()
        if features == "places":
            unfit = mask & kinds_of(chunk).isna().to_numpy()
            for code, count in chunk["feature_code"][unfit].value_counts().items():
                if count:
                    others[str(code)] = others.get(str(code), 0) + int(count)
            mask &= ~unfit
        return mask

    table = read_fields(
        content, FIELDS, what=name, sep="\t", names=COLUMNS, quoted=False, invalid=invalid,
        keep=keep, encoding=encoding, limits=limits,
    )  # fmt: skip
    frame, remarks = table.frame, table.remarks
    if others:
        ranked = sorted(others.items(), key=lambda each: -each[1])
        listed = ", ".join(f"{code} {count:,}" for code, count in ranked[:8])
        remarks.append(
            f"features that are no kind of place to a gazetteer, left out: "
            f"{sum(others.values()):,} ({listed}); features='all' keeps them"
        )
    usable = usable_names(frame["name"])
    if not usable.all():
        remarks.append(
            f"names without a letter or with control characters, left out: {(~usable).sum():,}"
        )
        frame = frame[usable].reset_index(drop=True)
    out = {
        "place_id": "geonames:" + frame["geonameid"].astype("str"),
        "name": frame["name"],
        "alternate_names": alternate_names_text(frame["alternatenames"]),
        "kind": kinds_of(frame),
        "country": frame["country_code"],
        "admin1": _division(frame, admin1 or {}),
        "population": frame["population"].astype("Int64").mask(frame["population"] == 0),
        "source": "GeoNames",
        "licence": ORIGIN.licence,
    }
    kept = ("name", "population", "country_code", "alternatenames")
    out |= {column: frame[column] for column in COLUMNS if column not in kept}
    remarks += swapped(frame, lon="longitude", lat="latitude", country="country_code", what=name)
    points = at_points(pd.DataFrame(out), lon="longitude", lat="latitude")
    points = points.drop(columns=["longitude", "latitude"])
    return Data("places", points, ORIGIN, tuple(remarks))


def _codes(countries: Iterable[str]) -> set[str]:
    given = [countries] if isinstance(countries, str) else [str(each) for each in countries]
    wrong = [each for each in given if not _COUNTRY.fullmatch(each)]
    if wrong:
        raise InputError(f"countries must be two capital letters each, not {wrong[:5]}")
    return set(given)


def _need_columns(content: bytes, name: str) -> None:
    """Refuse a table that is none of GeoNames before its cells are blamed."""
    line = _first_line(content[:65_536])
    if line is not None and len(line) != len(COLUMNS):
        raise DataFileError(
            f"{name} has {len(line)} columns between tabs; a GeoNames dump has {len(COLUMNS)} and "
            f"no header: {', '.join(COLUMNS)}",
            path=name,
        )


def _first_line(head: bytes) -> list[str] | None:
    text = head_text(head)
    stripped = text.lstrip("\ufeff\r\n") if text else ""
    return stripped.split("\n", 1)[0].rstrip("\r").split("\t") if stripped else None


def kinds_of(frame: pd.DataFrame) -> pd.Series[Any]:
    """Return the kind of place of each feature, missing where it is none to a gazetteer."""
    kinds = frame["feature_code"].astype(object).map(KINDS)
    settled = (frame["feature_class"] == "P").to_numpy() & kinds.isna().to_numpy()
    people = frame["population"].to_numpy(dtype=float, na_value=0.0)
    sizes = np.select(
        [people >= CITY, people >= TOWN, people > 0], ["city", "town", "village"], "settlement"
    )
    return kinds.astype(object).mask(settled, pd.Series(sizes, index=frame.index))


def _division(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.Series[Any]:
    codes = frame["country_code"].astype(object) + "." + frame["admin1_code"].astype(object)
    return codes.map(dict(names)).astype(object)


def encode(data: Any) -> bytes:
    """Write places as a dump of 19 columns between tabs.

    Parameters
    ----------
    data
        What `decode` returned, or its frame; other frames need `place_id` ("geonames:170017"),
        `name`, points and `modification_date`.

    Raises
    ------
    InputError
        Columns are missing, an identifier is none of GeoNames, or a text holds a tab or a line
        break.
    """
    frame = frame_of(data, "place_id", "name", "modification_date", "geometry")
    ids = frame["place_id"].astype("str")
    if not ids.str.fullmatch(r"geonames:\d+").all():
        raise InputError("place_id must be 'geonames:' and a number")
    points = gpd.GeoSeries(frame["geometry"])
    out = pd.DataFrame({name: frame.get(name, "") for name in COLUMNS}, index=frame.index)
    out["geonameid"] = ids.str.removeprefix("geonames:")
    out["latitude"], out["longitude"] = points.y, points.x
    out["country_code"] = frame.get("country", "")
    if "alternate_names" in frame:
        out["alternatenames"] = frame["alternate_names"].fillna("").str.replace(";", ",")
    out["population"] = frame["population"].fillna(0) if "population" in frame else 0
    out["modification_date"] = frame["modification_date"].dt.strftime("%Y-%m-%d")
    texts = out[["name", "asciiname", "alternatenames"]].astype("str")
    if texts.apply(lambda column: column.str.contains(r"[\t\r\n]")).any(axis=None):
        raise InputError("names hold tabs or line breaks, which a dump cannot")
    cells = [
        out[name].astype(object).where(out[name].notna(), "").astype("str") for name in COLUMNS
    ]
    lines = cells[0].str.cat(pd.concat(cells[1:], axis=1), sep="\t")
    return "".join(f"{line}\n" for line in lines).encode()


def detect(peek: Peek) -> float:
    """Say how surely a file is a dump of GeoNames."""
    if any(_MEMBER.search(member) for member in peek.members):
        return 0.85
    cells = _first_line(peek.head) or []
    if len(cells) != len(COLUMNS) or not cells[0].isdigit():
        return 0.0
    try:
        lat, lon = float(cells[4]), float(cells[5])
    except ValueError:
        return 0.0
    fits = abs(lat) <= 90.0 and abs(lon) <= 180.0 and len(cells[6]) <= 1  # noqa: PLR2004 - degrees
    return 0.95 if fits else 0.0


def read(
    path: Path | str,
    *,
    limits: Limits | None = None,
    encoding: str | None = None,
    invalid: str = "raise",
    countries: Iterable[str] | None = None,
    admin1: Mapping[str, str] | None = None,
    features: str = "places",
) -> Data:
    """Read a dump, or those in a zip archive or folder; see `decode`."""
    return read_members(
        path,
        decode,
        suffixes=(".txt",),
        fits=lambda member: _MEMBER.search(member) is not None,
        limits=limits,
        encoding=encoding,
        invalid=invalid,
        countries=countries,
        admin1=admin1,
        features=features,
    )


def write(data: Any, path: Path | str) -> Path:
    """Write a dump; see `encode`."""
    return save(encode(data), path)


FORMAT = Format(
    name="geonames",
    title="GeoNames dumps (text between tabs, zip)",
    kind="places",
    suffixes=(".txt", ".zip"),
    origin=ORIGIN,
    detect=detect,
    read=read,
    write=write,
)
