"""Bundled cases: a history with its places, events and sources, read from `geodata/`."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from frontline import _doors
from frontline._resources import geodata_path
from frontline.control import ControlHistory, Infill
from frontline.control.pictures import Pictures
from frontline.control.store import is_saved
from frontline.control.summary import summary_of
from frontline.errors import InputError, UnknownCaseError
from frontline.gazetteer import Gazetteer, Place
from frontline.gazetteer.arabic import arabic_name
from frontline.locality import locate
from frontline.markup import card, stack, table
from frontline.publication import publish
from frontline.sources import Column, Data, open_source, read_reports, read_table
from frontline.sources.delimited import COMPANION

CRS = "EPSG:4326"
#: Inhabitants from which a map names a town right after the seats of the governorates.
LARGE_TOWN = 40_000
#: How many places, the largest first, get the Arabic name that the gazetteer knows.
ARABIC_NAMES = 150

_STATEMENT = (
    Column("actor"),
    Column("status", required=True),
    Column("basis", required=True),
    Column("valid_from", "utc", required=True),
    Column("valid_to", "utc"),
    Column("recorded_at", "utc"),
    Column("confidence", "number"),
    Column("source", required=True),
)
_SITES = (
    Column("site", required=True),
    Column("name", required=True),
    Column("lon", "lon", required=True),
    Column("lat", "lat", required=True),
)
_EVENTS = (
    Column("title", required=True),
    Column("kind", required=True),
    Column("valid_from", "utc", required=True),
    Column("valid_to", "utc"),
    Column("lon", "lon"),
    Column("lat", "lat"),
    Column("locality"),
    Column("source", required=True),
)


@dataclass(frozen=True, slots=True, repr=False)
class Case(Pictures):
    """A conflict over a span of time, with everything needed to map and to cite it.

    Attributes
    ----------
    name
        Short name, as given to `load`.
    history
        Who held what when.
    places
        Its localities: name, name_ar, kind, admin1, population, geometry.
    events
        What happened without changing control by itself: title, kind, valid_from, valid_to,
        locality, geometry (a point or an uncertainty region), source, note.
    sources
        Who says so: id, publisher, url, licence and more.
    actors
        name, label, colour, note.
    meta
        title, licence, attribution, disclaimer, as_of and the parameters of the build.
    """

    name: str
    history: ControlHistory
    places: gpd.GeoDataFrame
    events: gpd.GeoDataFrame
    sources: pd.DataFrame
    actors: pd.DataFrame
    meta: dict[str, Any] = field(default_factory=dict)

    def map(self, **options: Any) -> Any:
        """Return the `folium.Map` of the case; see `frontline.maps.time_map`."""
        return _doors.map_of(self, **options)

    def publish(self, **terms: Any) -> Case:
        """Return a case that is safe to hand out: later dates gone, coordinates on a grid.

        Takes `delay`, `until`, `coarsen` and `made_on`; see `frontline.publish`.
        """
        made: Case = publish(self, **terms)
        return made

    def __repr__(self) -> str:
        return (
            f"Case({self.name!r}, {len(self.history.cells):,} cells, "
            f"{len(self.history.reports):,} statements, {len(self.events)} events, "
            f"{len(self.sources)} sources)"
        )

    def _repr_html_(self) -> str:
        """Return a table, the areas held and a sketch for notebooks; every value is escaped."""
        meta = self.meta
        rows = (
            ("name", self.name),
            (
                "dates",
                " to ".join(str(meta[key])[:10] for key in ("starts", "ends") if meta.get(key)),
            ),
            ("as of", meta.get("as_of")),
            ("from", f"{len(self.history.reports):,} statements, {len(self.sources):,} sources"),
            ("with", f"{len(self.places):,} places, {len(self.events):,} events"),
            ("licence", meta.get("licence")),
            ("credits", meta.get("credits") or meta.get("attribution")),
            ("note", meta.get("disclaimer")),
        )
        labels, given = (self._of_actors(column) for column in ("label", "colour"))
        shown = summary_of(self.history, labels=labels, given=given)
        title = meta.get("title") or self.name
        return card(
            stack(table(title, [row for row in rows if row[1]]), shown.areas), shown.picture
        )

    def _of_actors(self, column: str) -> dict[str, str]:
        """Return a column of the actors by their names, as far as it is filled."""
        if column not in self.actors:
            return {}
        filled = self.actors[self.actors[column].notna()]
        return {
            str(name): str(value)
            for name, value in zip(filled["name"], filled[column], strict=True)
        }


def names() -> tuple[str, ...]:
    """Return the names of the bundled cases.

    Examples
    --------
    >>> names()
    ('syria-2024',)
    """
    return tuple(sorted(each.parent.name for each in geodata_path().glob("*/case.toml")))


def load(name: str = "syria-2024", *, infill: bool = True) -> Case:
    """Load a bundled case.

    Parameters
    ----------
    name
        One of `names()`.
    infill
        Whether localities that no report names are assessed by the infill rule.

    Raises
    ------
    UnknownCaseError
        No case of that name is bundled.

    Examples
    --------
    >>> case = load("syria-2024")
    >>> case.name, len(case.history.at("2024-12-03")) > 5
    ('syria-2024', True)
    """
    if name not in names():
        raise UnknownCaseError(
            f"no case is called {str(name)[:60]!r}; bundled are: {', '.join(names())}"
        )
    folder = geodata_path(name)
    meta = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    sites = _read_sites(folder)
    sources = read_table(folder / "sources.csv", (Column("id", required=True),)).reset_index(
        drop=True
    )
    actors = read_table(folder / "actors.csv", (Column("actor", required=True),)).reset_index(
        drop=True
    )
    statements = _statements(folder, sites)
    _check_references(name, statements, sources, actors)
    history = ControlHistory.from_places(
        statements,
        outline=gpd.read_file(geodata_path(*str(meta["outline"]).split("/"))),
        places=sites[["name", "geometry"]],
        max_km=meta["tessellation"]["max_km"],
        infill=Infill(**meta["infill"]) if infill else None,
        sources=sources,
        name=name,
    )
    span = {"starts": meta["starts"], "ends": meta["ends"]}
    return Case(
        name=name,
        history=replace(history, meta={**history.meta, **span}),
        places=sites,
        events=_read_events(folder),
        sources=sources,
        actors=actors.rename(columns={"actor": "name"}),
        meta=meta,
    )


def open_any(
    what: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - as open_source
    **options: Any,
) -> Case | ControlHistory:
    """Open a bundled case by its name, a saved history, reports, or a file of a public format.

    Parameters
    ----------
    what
        ``"syria-2024"``; a ``.gpkg`` file or a folder that `ControlHistory.save` wrote; a CSV
        table for `read_reports`; or anything that `open_source` reads as a record of control.
    format, **options
        As `open_source` takes them, for a file of a public format.

    Raises
    ------
    UnknownCaseError
        It is neither a bundled case nor an existing file.
    DataFileError, InputError
        The file cannot be used.
    """
    found = read_any(what, format=format, **options)
    return found.history(name=Path(what).stem) if isinstance(found, Data) else found


def read_any(
    what: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - as open_source
    **options: Any,
) -> Case | ControlHistory | Data:
    """Open anything as `open_any` does, but what is no record of control as it is: `Data`."""
    if format is None and str(what) in names():
        return load(str(what))
    path = Path(what)
    if not path.exists():
        raise UnknownCaseError(
            f"{str(what)[:120]!r} is no bundled case ({', '.join(names())}) and no file to open; "
            "give a saved history (.gpkg or a folder), a table of reports (.csv) or a file of a "
            "public format"
        )
    if format is None and is_saved(path):
        return ControlHistory.open(path)
    if format is None and not options and path.suffix.lower() == ".csv" and _are_reports(path):
        return ControlHistory.from_places(read_reports(path), name=path.stem)
    return open_source(path, format, **options)


def _are_reports(path: Path) -> bool:
    """Say whether a table is one of our own reports: dated, and placed by names or by points."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = {name.strip().strip('"') for name in file.readline(10_000).split(",")}
    exported = path.with_name(path.name + COMPANION).is_file()  # that file says what this one is
    return "valid_from" in header and "geometry" not in header and not exported


def _read_sites(folder: Path) -> gpd.GeoDataFrame:
    """Read the localities, with the population and the rank that decide on their labels."""
    table = read_table(folder / "sites.csv", _SITES).reset_index(drop=True)
    known = {place.place_id: place for place in Gazetteer.bundled()}
    places = [known.get(key) for key in table["place_id"]]
    table["population"] = [place.population if place else None for place in places]
    table["rank"] = [_rank(place) for place in places]
    order = table.sort_values(["rank", "population"], ascending=[True, False], kind="stable").index
    for row in order[:ARABIC_NAMES]:
        place = places[row]
        if place is not None and pd.isna(table.loc[row, "name_ar"]):
            table.loc[row, "name_ar"] = arabic_name(place) or None
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)


def _rank(place: Place | None) -> int:
    """Return how soon a map names a place: 1 for the seat of a governorate, 5 for a village."""
    if place is None:
        return 5
    if place.kind == "city" and place.name == place.admin1:
        return 1
    if (place.population or 0) >= LARGE_TOWN:
        return 2
    return {"city": 3, "town": 4}.get(place.kind, 5)


def _statements(folder: Path, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the initial state, the reports on sites and those on areas into one table."""
    areas = {
        feature["properties"]["area"]: feature
        for feature in json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))[
            "features"
        ]
    }
    shapes = {key: shapely.geometry.shape(each["geometry"]) for key, each in areas.items()}
    initial = read_table(folder / "initial.csv", (Column("site", required=True), *_STATEMENT))
    reports = read_table(
        folder / "reports.csv", (Column("site"), Column("area"), Column("review"), *_STATEMENT)
    )
    spots = dict(zip(sites["site"], sites.geometry, strict=True))
    table = pd.concat([initial, reports], ignore_index=True)
    unknown = [
        each
        for column, known in (("site", spots), ("area", shapes))
        for each in sorted({key for key in table[column] if isinstance(key, str)} - set(known))
    ]
    if unknown:
        raise InputError(f"{folder.name}: no such sites or areas: {', '.join(unknown[:20])}")
    geometry = [
        shapes[area] if isinstance(area, str) else spots[site]
        for site, area in zip(table["site"], table["area"], strict=True)
    ]
    table["cut"] = [
        bool(areas[area]["properties"].get("cut", True)) if isinstance(area, str) else None
        for area in table["area"]
    ]
    table = table.rename(columns={"recorded_at": "recorded_from"})
    return gpd.GeoDataFrame(table, geometry=geometry, crs=CRS)


def _check_references(
    name: str, statements: pd.DataFrame, sources: pd.DataFrame, actors: pd.DataFrame
) -> None:
    faults = []
    for column, known in (("source", sources["id"]), ("actor", actors["actor"])):
        strangers = sorted(set(statements[column].dropna()) - set(known))
        if strangers:
            faults.append(f"{column} not in its table: {', '.join(strangers[:20])}")
    if faults:
        raise InputError(f"case {name}: {'; '.join(faults)}")


def _read_events(folder: Path) -> gpd.GeoDataFrame:
    """Read the events; a phrase becomes its uncertainty region, never a pin."""
    table = read_table(folder / "events.csv", _EVENTS).reset_index(drop=True)
    shapes, points, uncertain = [], [], []
    for lon, lat, locality in zip(table["lon"], table["lat"], table["locality"], strict=True):
        if pd.notna(lon):
            shapes.append(shapely.Point(lon, lat))
            points.append(shapes[-1])
            uncertain.append(float("nan"))
        else:
            location = locate(locality)
            shapes.append(location.region)
            points.append(location.point)
            uncertain.append(location.uncertainty_m)
    table["uncertainty_m"] = uncertain
    table["point"] = points
    return gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=shapes, crs=CRS)
