"""Localities to locations: names are looked up, distances are laid off on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from frontline.errors import (
    FrontlineError,
    InputError,
)
from frontline.locality.calibration import DEFAULT_COVERAGE, calibration
from frontline.locality.features import Remembering, places_of
from frontline.locality.grammar import parse
from frontline.locality.model import Locality, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

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
    paths: Mapping[str, Any] | None = None,
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
        Lines in longitude and latitude by name, for "on the M5 10 km south of Saraqib".

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
        An unknown method or coverage, or arguments of the wrong kind.

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
    numbers = calibration(method, coverage=coverage)
    locality = _locality(phrase, lang)
    return _locate(locality, _gazetteer(gazetteer), numbers, (near, country, admin1), paths, True)


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


def _locate(
    locality: Locality,
    gazetteer: Gazetteer,
    numbers: Any,
    context: tuple[Any, str | None, str | None],
    paths: Mapping[str, Any] | None,
    regions: bool,  # noqa: FBT001
) -> Location:
    from shapely import Point

    from frontline.locality import fixes, parts, paths_on_ground

    places, remarks = places_of(locality, gazetteer, context)
    task = fixes.Task(locality, places, numbers, gazetteer, paths or {})
    rules = {**fixes.RULES, "part": parts.part, "along": paths_on_ground.along}
    rule = rules[locality.kind]
    fix = rule(task)
    region = fix.region() if regions else None
    return Location(
        point=Point(fix.lon, fix.lat),
        uncertainty_m=fix.radius_m,
        region=region,
        locality=locality,
        parts=fix.parts,
        method=numbers.name,
        remarks=(*locality.remarks, *remarks, *fix.remarks),
        features=tuple(places),
        coverage=numbers.coverage if fix.fitted else None,
    )


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
    paths: Mapping[str, Any] | None = None,
) -> gpd.GeoDataFrame:
    """Locate a column of phrases.

    Parameters
    ----------
    phrases
        A Series (its index is kept), list or array. Each distinct phrase is read once.
    gazetteer, method, coverage, near, country, admin1, lang, paths
        As in `locate`.
    regions
        True: the geometry is the region; False: the point, which is cheaper.

    Returns
    -------
    GeoDataFrame
        Columns ``phrase, kind, uncertainty_m, geometry, point, reason`` in EPSG:4326, aligned
        with the input. `reason` is None, or the sentence why a phrase could not be located.

    Raises
    ------
    InputError
        An unknown method or coverage, or `phrases` is a single text.

    Examples
    --------
    >>> frame = locate_all(["5 km north of Hama", "15 km from the city"])
    >>> frame.kind.tolist()[0], frame.reason.tolist()[1]
    ('offset', "the anchor 'the city' names no place; say which one is meant")
    """
    import geopandas as gpd
    import pandas as pd

    numbers = calibration(method, coverage=coverage)
    if isinstance(phrases, (str, Locality)):
        raise InputError("locate_all takes a column of phrases; for one phrase use locate")
    column = phrases if isinstance(phrases, pd.Series) else pd.Series(list(phrases), dtype=object)
    tool = cast("Gazetteer", Remembering(_gazetteer(gazetteer)))
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    rows: list[tuple[str | None, float, Any, Any, str | None]] = []
    for phrase in distinct:
        try:
            if not isinstance(phrase, (str, Locality)):
                raise InputError("no phrase given")
            found = _locate(
                _locality(phrase, lang), tool, numbers, (near, country, admin1), paths, regions
            )
        except FrontlineError as error:
            rows.append((None, float("nan"), None, None, str(error)))
        else:
            shape = found.region if regions else found.point
            rows.append((found.locality.kind, found.uncertainty_m, shape, found.point, None))
    picked = [rows[code] for code in codes]
    geometry = gpd.GeoSeries([row[2] for row in picked], index=column.index, crs=4326)
    return gpd.GeoDataFrame(
        {
            "phrase": column.to_numpy(),
            "kind": pd.Series([row[0] for row in picked], index=column.index, dtype=object),
            "uncertainty_m": pd.Series([row[1] for row in picked], index=column.index, dtype=float),
            "geometry": geometry,
            "point": gpd.GeoSeries([row[3] for row in picked], index=column.index, crs=4326),
            "reason": pd.Series([row[4] for row in picked], index=column.index, dtype=object),
        },
        geometry="geometry",
        index=column.index,
    )
