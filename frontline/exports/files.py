"""Write what a history says to a file of a public format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.control import ControlHistory
from frontline.errors import InputError
from frontline.exports.tables import tabulate
from frontline.exports.writers import WRITERS
from frontline.sources.model import Data
from frontline.sources.terms import terms_of

if TYPE_CHECKING:
    from frontline.sources.terms import Terms

__all__ = ["export", "format_named"]

SUFFIXES = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".parquet": "geoparquet",
    ".geoparquet": "geoparquet",
    ".gpkg": "gpkg",
    ".kml": "kml",
    ".kmz": "kml",
    ".csv": "csv",
}


def format_named(path: Path | str, format: str | None = None) -> str:  # noqa: A002 - see export
    """Return the format that is asked for, or else the one of the name's ending.

    Raises
    ------
    InputError
        No format of that name, or none of that ending.

    Examples
    --------
    >>> format_named("zones.kmz")
    'kml'
    """
    if format is None:
        found = SUFFIXES.get(Path(path).suffix.lower())
        if found is None:
            raise InputError(
                f"{Path(path).name!r} has no ending of a format that is written "
                f"({', '.join(SUFFIXES)}); name one with format=, of {', '.join(WRITERS)}"
            )
        return found
    if format not in WRITERS:
        raise InputError(f"format={format!r} is none of {', '.join(WRITERS)}")
    return format


def export(
    thing: Any,
    path: Path | str,
    format: str | None = None,  # noqa: A002 - the word that every such function uses
    *,
    what: str | None = None,
    sources: Any = None,
    spreadsheet: bool = True,
    allow_restricted: bool = False,
    **options: Any,
) -> Path:
    """Write what a history says, or a frame, for other programs.

    Parameters
    ----------
    thing
        A ControlHistory, a Case, `Data` from `open_source`, or a frame (in any reference system).
    path
        Where to write; what stands there is replaced when all is written.
    format
        ``"geojson"`` (RFC 7946), ``"geoparquet"``, ``"gpkg"`` (with a style that QGIS plays),
        ``"kml"`` (with TimeSpan; packed if the name ends in .kmz) or ``"csv"``. None: by the
        name's ending.
    what
        Of a history: ``"zones"`` (the default), ``"front"``, ``"changes"`` or ``"measures"``.
    sources
        Whose the data are, where `thing` does not say it or not all: a table as
        `ControlHistory.sources` gives it, an `Origin` or `Data`. A frame alone carries no terms.
    spreadsheet
        Whether CSV is made safe for spreadsheets: a text that one would take for a formula (it
        begins with ``= + - @``, a tab or a return) gets an apostrophe in front. `open_source`
        takes it back, as the file beside the table says so.
    allow_restricted
        Whether shapes whose terms forbid passing them on are written all the same. Measures,
        which hold none, always are.
    **options
        Of a history: those of `frontline.exports.tabulate` (`at`, `start`, `end`, `per`, `by`,
        `freq`, `between`, `as_of`).

    Returns
    -------
    pathlib.Path
        `path`. GeoJSON has the terms in members of the collection, KML in the document,
        GeoParquet in the metadata, GeoPackage in the table `frontline_origin` and in the layer's
        metadata, CSV in a file ``...-metadata.json`` beside it.

    Raises
    ------
    RestrictedDataError
        The terms of the data forbid that they are passed on.
    InputError
        An unknown format or option, or a format that cannot hold such a table.
    CRSError
        A frame without a reference system.

    Examples
    --------
    >>> import pathlib, tempfile, geopandas as gpd, shapely
    >>> frame = gpd.GeoDataFrame({"actor": ["A"]}, geometry=[shapely.box(36, 35, 37, 36)], crs=4326)
    >>> file = export(frame, pathlib.Path(tempfile.mkdtemp()) / "zones.geojson")
    >>> file.read_text()[:29]
    '{"type": "FeatureCollection",'
    """
    chosen = format_named(path, format)
    terms = terms_of(thing, sources=sources)
    data = _data(thing, what, terms, options)
    if not (what == "measures" and isinstance(_history(thing), ControlHistory)):
        terms.check(allow_restricted=allow_restricted, what=f"the file {Path(path).name}")
    target = Path(path)
    WRITERS[chosen](data, target, terms, what or "zones", spreadsheet=spreadsheet)
    return target


def _history(thing: Any) -> Any:
    # The columns of a frame may be called anything, and `Data.history` is a method.
    plain = isinstance(thing, (Data, pd.DataFrame))
    return thing if plain else getattr(thing, "history", thing)


def _data(thing: Any, what: str | None, terms: Terms, options: dict[str, Any]) -> Data:
    history = _history(thing)
    if isinstance(history, ControlHistory):
        try:
            frame = tabulate(history, what or "zones", **options)
        except TypeError as error:
            if "unexpected keyword argument" in str(error):
                raise InputError(f"export has no such option: {error}") from None
            raise
        return Data(_kind(frame), frame, terms.origin)
    given = [*options, *(["what"] if what is not None else [])]
    if given:
        raise InputError(f"{', '.join(given)}: these are for a history, not for a table")
    frame = thing.frame if isinstance(thing, Data) else thing
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"a {type(thing).__name__} cannot be exported; give a ControlHistory, a Case, Data "
            "or a frame"
        )
    frame = _in_degrees(frame)
    return Data(thing.kind if isinstance(thing, Data) else _kind(frame), frame, terms.origin)


def _in_degrees(frame: Any) -> Any:
    import geopandas as gpd

    if not isinstance(frame, gpd.GeoDataFrame):
        return frame.reset_index(drop=True)
    from frontline.control.frames import in_degrees

    flat = in_degrees(frame, what="the frame").reset_index(drop=True)
    several = [name for name in flat.columns if str(flat[name].dtype) == "geometry"]
    extra = [name for name in several if name != flat.geometry.name]
    if extra:
        raise InputError(f"{', '.join(map(str, extra))}: a file holds one column of geometry")
    return flat


def _kind(frame: Any) -> str:
    if "actor" in frame and "geometry" in frame:
        return "snapshots" if "date" in frame else "reports" if "valid_from" in frame else "panel"
    return "panel"
