"""Gazetteers: places found by name, by position, and areas by name."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeAlias

from frontline._resources import geodata_path
from frontline.errors import FrontlineError, InputError, UnknownPlaceError
from frontline.gazetteer import lookup
from frontline.gazetteer.context import (
    check_lon_lat,
    check_name,
    check_whole,
    country_code,
    names_an_area,
    pair_of,
)
from frontline.gazetteer.matches import Context
from frontline.gazetteer.model import Place
from frontline.gazetteer.names import fold, key
from frontline.gazetteer.store import CsvStore, MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd
    from shapely import Point

    from frontline.gazetteer.matches import Match
    from frontline.gazetteer.store import Store

    Near: TypeAlias = Place | tuple[float, float] | Point | str

KINDS = (
    "city", "town", "village", "settlement", "hill", "airfield", "crossing", "military",
    "district", "governorate", "country",
)  # fmt: skip


class Gazetteer:
    """Places that can be found by any spelling of their names.

    Use `bundled`, `world` or `from_frame`.

    Examples
    --------
    >>> g = Gazetteer.bundled()
    >>> g.place("Hama")
    Place('Hama', city, 'Hama', 36.75783, 35.13179)
    >>> g.place("حماة") == g.place("Hamah") == g.place("Ḩamāh")
    True
    """

    def __init__(
        self, store: Store, title: str = "places", *, home: str = "", overshadowing: bool = True
    ) -> None:
        self._store = store
        self._title = title
        self._home = home
        self._overshadowing = overshadowing

    @classmethod
    @functools.cache
    def bundled(cls) -> Gazetteer:
        """Return the gazetteer of Syria and its six neighbours that comes with the package.

        Returns
        -------
        Gazetteer
            GeoNames, CC BY 4.0, and Wikipedia's Syrian Civil War detailed map, CC BY-SA 4.0.
        """
        store = CsvStore(geodata_path("places.csv"))
        return cls(store, "Syria and its neighbours", home="SY")

    @classmethod
    def world(cls) -> Gazetteer:
        """Return GeoNames' places of 500 inhabitants and more, the extra ``world``.

        The first call builds an index in the user's cache folder, which takes some seconds.

        Returns
        -------
        Gazetteer

        Raises
        ------
        MissingDependencyError
            The extra is not installed.
        """
        from frontline.gazetteer.world import world_store

        return cls(world_store(), "the world")

    @classmethod
    def from_frame(cls, frame: gpd.GeoDataFrame) -> Gazetteer:
        """Make a gazetteer from a table of places.

        Parameters
        ----------
        frame : GeoDataFrame
            Columns ``name`` and ``geometry`` (a point, or a polygon, which becomes the
            extent); optional ``alternate_names`` (a list, or text split at ";"),
            ``population``, ``country`` (ISO code or name), ``admin1``, ``radius_m``, ``kind``,
            ``source``, ``licence``. Another CRS than EPSG:4326 is transformed.

        Returns
        -------
        Gazetteer

        Raises
        ------
        CRSError
            The frame has no CRS.
        InputError
            Missing columns, no rows, or rows that cannot be used; all of them are listed.

        Examples
        --------
        >>> import geopandas as gpd
        >>> frame = gpd.GeoDataFrame(
        ...     {"name": ["Camp North"]}, geometry=gpd.points_from_xy([36.8], [35.2]), crs=4326
        ... )
        >>> Gazetteer.from_frame(frame).place("camp north").radius_source
        'kind'
        """
        from frontline.gazetteer.frames import places_of_frame

        store = MemoryStore(places_of_frame(frame))
        return cls(store, "your own table", overshadowing=False)

    def place(
        self,
        name: str,
        *,
        near: Near | None = None,
        country: str | None = None,
        admin1: str | None = None,
        kind: str | None = None,
    ) -> Place:
        """Return the one place that a name means, or say why there is none.

        Parameters
        ----------
        name : str
            Any spelling; a governorate, country or neighbour may stand beside it, as in
            "Suran (Hama)" or "Suran, Hama".
        near : Place, (lon, lat), Point or str, optional
            Decides between namesakes if one of them is clearly the nearest.
        country : str, optional
            ISO code or name; keeps only places there.
        admin1 : str, optional
            Name of the governorate; keeps only places there.
        kind : str, optional
            Keeps only places of that kind; "settlement" takes any size.

        Returns
        -------
        Place
            Its `remarks` say which context decided, if any did.

        Raises
        ------
        UnknownPlaceError
            With similar names.
        AmbiguousPlaceError
            With the candidates, when nothing decides between them.
        InputError
            The name or the context is not usable.

        Notes
        -----
        The rules are written out in `frontline.gazetteer.lookup`.

        Examples
        --------
        >>> g = Gazetteer.bundled()
        >>> g.place("Suran")
        Traceback (most recent call last):
        frontline.errors.AmbiguousPlaceError: 'Suran' may be 3 places: ...
        >>> g.place("Suran", admin1="Hama").remarks
        ('the governorate Hama was given',)
        """
        text = check_name(name)
        context = self._context(near, country, admin1, kind)
        if (kind in ("governorate", "country") or names_an_area(fold(text))) and near is None:
            from frontline.gazetteer.areas import find_area

            area = find_area(text, context.country, kind)
            if area is not None:
                return area
        try:
            return lookup.find(self._store, text, context, self._neighbour)
        except UnknownPlaceError:
            area = self._area_named(text, (near, country, admin1, kind))
            if area is None:
                raise
            return area

    def search(
        self,
        name: str,
        *,
        limit: int = 5,
        near: Near | None = None,
        country: str | None = None,
        admin1: str | None = None,
        kind: str | None = None,
    ) -> list[Match]:
        """Return the places that a name may mean, best first.

        Parameters
        ----------
        name : str
        limit : int, default 5
        near, country, admin1, kind
            As in `place`.

        Returns
        -------
        list of Match
            With `how`: "name", "alternate name", "spelling" or "similar" (a guess).

        Raises
        ------
        InputError
            The name or the context is not usable.

        Examples
        --------
        >>> [m.place.admin1 for m in Gazetteer.bundled().search("Suran", limit=2)]
        ['Hama', 'Aleppo']
        """
        context = self._context(near, country, admin1, kind)
        most = check_whole(limit, "limit")
        return lookup.search(self._store, check_name(name), context, most)

    def area(self, name: str, *, country: str | None = None) -> Place:
        """Return a governorate or a country with its outline.

        Parameters
        ----------
        name : str
            Any spelling, with or without "governorate".
        country : str, optional
            ISO code or name.

        Returns
        -------
        Place
            Its kind is "governorate" or "country", its radius comes from the polygon.

        Raises
        ------
        UnknownPlaceError
            No such area is bundled.

        Examples
        --------
        >>> Gazetteer.bundled().area("Idleb")
        Place('Idlib', governorate, 'Idlib', ...)
        """
        from frontline.gazetteer.areas import area

        return area(check_name(name), country_code(country) if country is not None else None)

    def nearest(
        self,
        lon: float,
        lat: float,
        *,
        count: int = 10,
        max_km: float | None = None,
        kinds: Iterable[str] | None = None,
    ) -> list[Place]:
        """Return the places nearest to a point, nearest first.

        Parameters
        ----------
        lon, lat : float
            Degrees.
        count : int, default 10
            How many at most.
        max_km : float, optional
            No farther than that.
        kinds : iterable of str, optional
            Only these kinds.

        Returns
        -------
        list of Place
            Sorted by geodesic distance on the WGS84 ellipsoid.

        Raises
        ------
        InputError
            A coordinate out of range, an unknown kind.

        Examples
        --------
        >>> [p.name for p in Gazetteer.bundled().nearest(36.76, 35.13, count=1)]
        ['Hama']
        """
        from frontline.gazetteer.nearest import nearest

        lon, lat = check_lon_lat(lon, lat, "the point")
        most = check_whole(count, "count")
        if max_km is not None and not max_km >= 0:
            raise InputError(f"max_km must be 0 or more, not {max_km!r}")
        asked = None if kinds is None else frozenset(_check_kind(each) for each in kinds)
        return nearest(self._store, lon, lat, most, max_km, asked)

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield every name of every place, for a dictionary of them.

        Yields
        ------
        (str, int)
            A name as written, and the number by which `take` returns its place. No `Place` is
            made; `frontline.gazetteer.names` has `fold` and `key` for comparing.

        Examples
        --------
        >>> g = Gazetteer.bundled()
        >>> numbers = {number for name, number in g.spellings() if name == "حماة"}
        >>> [place.name for place in g.take(numbers)]
        ['Hama']
        """
        return self._store.spellings()

    def take(self, numbers: Iterable[int]) -> list[Place]:
        """Return the places that have these numbers in `spellings`.

        Parameters
        ----------
        numbers : iterable of int

        Returns
        -------
        list of Place
            In that order.
        """
        return self._store.take(list(numbers))

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return all places as a table in EPSG:4326.

        Returns
        -------
        GeoDataFrame
            The columns that `from_frame` reads, and place_id, radius_source.
        """
        from frontline.gazetteer.frames import frame_of_places

        return frame_of_places(list(self))

    def __len__(self) -> int:
        return len(self._store)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._store)

    def __repr__(self) -> str:
        return f"<Gazetteer: {len(self):,} places, {self._title}>"

    def _repr_html_(self) -> str:
        """Return a small table for notebooks; every value is escaped."""
        from frontline.markup import card, table

        return card(table("Gazetteer", [("places", f"{len(self):,}"), ("from", self._title)]))

    def _area_named(self, text: str, said: tuple[object, ...]) -> Place | None:
        """Return the area that a name without a place spells exactly, if nothing else was said."""
        if not self._home or any(each is not None for each in said):
            return None
        from frontline.gazetteer.areas import find_area

        area = find_area(text, None, None, exactly=True)
        if area is not None and self._store.by_key(key(area.name)):
            return None  # its seat may be meant, in a spelling that is not known
        return area

    def _context(
        self, near: Near | None, country: str | None, admin1: str | None, kind: str | None
    ) -> Context:
        context = Context(
            country=None if country is None else country_code(country),
            admin1=None if admin1 is None else check_name(admin1, "governorate"),
            kind=None if kind is None else _check_kind(kind),
            home=self._home,
            overshadowing=self._overshadowing,
        )
        if near is not None:
            context.near, context.near_text = self._near(near)
        return context

    def _near(self, near: Near) -> tuple[tuple[float, float], str]:
        if isinstance(near, str):
            near = self.place(near)
            if near.kind == "country":
                raise InputError(f"near= cannot be {near.name}, a country; give country= instead")
        if isinstance(near, Place):
            return (near.lon, near.lat), near.name
        lon, lat = check_lon_lat(*pair_of(near), "near")
        return (lon, lat), f"{lat:.3f} N {lon:.3f} E"

    def _neighbour(self, name: str) -> Place | None:
        try:
            return self.place(name) if "," not in name else None
        except FrontlineError:
            return None


def _check_kind(kind: object) -> str:
    if kind not in KINDS:
        raise InputError(f"the kind {kind!r} is not known; it is one of {', '.join(KINDS)}")
    return str(kind)


def place(
    name: str,
    *,
    near: Near | None = None,
    country: str | None = None,
    admin1: str | None = None,
    kind: str | None = None,
) -> Place:
    """Return the one place of the bundled gazetteer that a name means.

    Parameters
    ----------
    name : str
        Any spelling.
    near, country, admin1, kind
        Context that decides between namesakes; see `Gazetteer.place`.

    Returns
    -------
    Place

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError, InputError

    Examples
    --------
    >>> place("Ḩimş").name, round(place("Hama").radius_m)
    ('Homs', 3358)
    """
    return Gazetteer.bundled().place(name, near=near, country=country, admin1=admin1, kind=kind)
