"""Localities to locations: names are looked up, distances are laid off on the ellipsoid."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from frontline.errors import InputError
from frontline.locality.calibration import DEFAULT_COVERAGE, calibration
from frontline.locality.features import places_of
from frontline.locality.grammar import parse
from frontline.locality.known_paths import own_paths
from frontline.locality.model import Locality, Location
from frontline.partitions import by_partition, is_lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from frontline.gazetteer import Gazetteer


def locate(
    phrase: str | Locality,
    gazetteer: Gazetteer | None = None,
    *,
    method: str = "calibrated",
    coverage: float = DEFAULT_COVERAGE,
    near: Any = None,
    country: str | None = None,
    admin1: str | None = None,
    lang: str | None = None,
    paths: Any = None,
) -> Location:
    """Find the region that a phrase means.

    Parameters
    ----------
    phrase
        A phrase such as ``"5 km northeast of Hama's borders"``, or what `parse` made of one.
    gazetteer
        Where names are looked up; None takes the bundled one.
    method
        ``"calibrated"``: a region whose half-angle and bounds follow measured statements.
        ``"standard"``: the radius of the point-radius method to the letter; the region of a
        distance at a heading is its circle.
    coverage
        The share of true places that the region is to hold, and the circle for itself: 0.5, 0.68,
        0.9 or 0.95. Only the calibrated method has levels.
    near, country, admin1
        Decide between namesakes, as in `Gazetteer.place`.
    lang
        Language of the phrase; None tries every lexicon.
    paths
        Lines by name, for "on the M5 10 km south of Saraqib": a mapping of names to lines in
        longitude and latitude, a GeoSeries whose index holds the names, or a GeoDataFrame with a
        column ``name`` and optionally ``uncertainty_m``.

    Returns
    -------
    Location
        Point, radius in metres, region, and what the radius is made of. The point of a distance
        at a heading is the geodesic forward on WGS84. Unqualified distances run from the centre;
        words for the edge start where the heading leaves the feature's extent.

    Raises
    ------
    LocalitySyntaxError, UnresolvedFeatureError
        The phrase says no place; see `parse`.
    UnknownPlaceError, AmbiguousPlaceError
        A name is not known, or nothing decides between its bearers.
    InputError
        An unknown method or coverage, arguments of the wrong kind, or a path that is no line.

    References
    ----------
    Wieczorek J., Guo Q. & Hijmans R. J. (2004), IJGIS 18:745-767; Chapman A. D. & Wieczorek
    J. R. (2020), Georeferencing Best Practices, GBIF.

    Examples
    --------
    >>> found = locate("5 km northeast of Hama", method="standard")
    >>> round(found.point.x, 4), round(found.point.y, 4), found.features[0].name
    (36.7966, 35.1637, 'Hama')
    """
    from shapely import Point

    from frontline.locality import resolve

    numbers = calibration(method, coverage=coverage)
    lines = own_paths(paths)
    locality = _locality(phrase, lang)
    tool = _gazetteer(gazetteer)
    places, remarks = places_of(locality, tool, (near, country, admin1))
    found = resolve.fix(resolve.task_of(locality, places, numbers, tool, lines))
    return Location(
        point=Point(found.lon, found.lat),
        uncertainty_m=found.radius_m,
        region=found.region(),
        locality=locality,
        parts=found.parts,
        method=numbers.name,
        remarks=(*locality.remarks, *remarks, *found.remarks),
        features=tuple(places),
        coverage=numbers.coverage if found.fitted else None,
    )


def _locality(phrase: Any, lang: str | None) -> Locality:
    if isinstance(phrase, Locality):
        return phrase
    if isinstance(phrase, str):
        return parse(phrase, lang=lang)
    raise InputError(f"locate takes a phrase or a Locality, not {type(phrase).__name__}")


def _gazetteer(gazetteer: Gazetteer | None) -> Gazetteer:
    from frontline.gazetteer import Gazetteer as Class

    if gazetteer is None:
        return Class.bundled()
    if not hasattr(gazetteer, "place"):
        raise InputError(
            f"gazetteer must be a Gazetteer, not {type(gazetteer).__name__}; "
            "Gazetteer.from_frame makes one of a table"
        )
    return gazetteer


def locate_all(
    phrases: Iterable[str],
    gazetteer: Gazetteer | None = None,
    *,
    regions: bool = True,
    method: str = "calibrated",
    coverage: float = DEFAULT_COVERAGE,
    near: Any = None,
    country: str | None = None,
    admin1: str | None = None,
    lang: str | None = None,
    paths: Any = None,
    progress: bool | None = None,
) -> gpd.GeoDataFrame:
    """Locate a column of phrases.

    Parameters
    ----------
    phrases
        A Series (its index is kept), list or array. Each distinct phrase is read once, and
        phrases that differ only in numbers and names share a reading. A Dask Series is located
        partition by partition, when it is computed; the gazetteer reaches every worker once.
    gazetteer, method, coverage, near, country, admin1, lang, paths
        As in `locate`; the results are those of `locate` for every phrase.
    regions
        True: the geometry is the region; False: the point, which is cheaper.
    progress
        None: work that takes more than two seconds shows a bar, on stderr and only on a
        terminal; False: never; True: also where stderr is no terminal.

    Returns
    -------
    GeoDataFrame
        Columns ``phrase, kind, uncertainty_m, geometry, point, reason`` in EPSG:4326, aligned
        with the input. `reason` is None, or the sentence why a phrase could not be located.
        For a Dask Series a dask_geopandas.GeoDataFrame of the same columns.

    Raises
    ------
    InputError
        An unknown method or coverage, or `phrases` is a single text.
    MissingDependencyError
        A Dask Series without the extra ``dask``.

    Examples
    --------
    >>> frame = locate_all(["5 km north of Hama", "15 km from the city"])
    >>> frame.kind.tolist()[0], frame.reason.tolist()[1]
    ('offset', "the anchor 'the city' names no place; say which one is meant")
    """
    import pandas as pd

    from frontline.locality.columns import Column, frame_of
    from frontline.locality.progress import Bar

    numbers = calibration(method, coverage=coverage)
    lines = own_paths(paths)
    if isinstance(phrases, (str, Locality)):
        raise InputError("locate_all takes a column of phrases; for one phrase use locate")
    if isinstance(getattr(phrases, "_meta", phrases), pd.DataFrame):
        raise InputError("locate_all takes a column of phrases, not a frame; give frame['...']")
    if is_lazy(phrases):
        whole = partial(
            locate_all,
            gazetteer=gazetteer,
            regions=regions,
            method=method,
            coverage=coverage,
            near=near,
            country=country,
            admin1=admin1,
            lang=lang,
            paths=lines,
            progress=False,
        )
        return cast("gpd.GeoDataFrame", by_partition(_ask, whole, (phrases,), {}))
    column = phrases if isinstance(phrases, pd.Series) else pd.Series(list(phrases), dtype=object)
    tool = _gazetteer(gazetteer)
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    work = Column(tool, (near, country, admin1), numbers, lines, lang, regions)
    with Bar(progress) as bar:
        rows = work.locate(list(distinct), bar)
    return frame_of(column, codes, rows, regions=regions)


def _ask(whole: partial[gpd.GeoDataFrame], phrases: pd.Series[Any]) -> gpd.GeoDataFrame:
    return whole(phrases)
