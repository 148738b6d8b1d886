"""The features of a locality, looked up with what the phrase and its reader say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from frontline.compass import nearest_wind
from frontline.errors import AmbiguousPlaceError, FrontlineError, UnknownPlaceError
from frontline.gazetteer.forms import form
from frontline.gazetteer.names import key
from frontline.geodesy import azimuth_difference_deg, inverse
from frontline.locality.coordinates import written_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontline.gazetteer import Gazetteer
    from frontline.gazetteer.model import Place
    from frontline.locality.model import Locality

    #: What decides between namesakes: near, country, admin1.
    Context: TypeAlias = tuple[Any, str | None, str | None]

#: Beyond this angle a heading is wrong, not rough.
_MAX_OFF_DEG = 60.0
_SETTLEMENTS = frozenset({"city", "town"})
_AREAS_OF_WITHIN = frozenset({"feature", "inside", "part"})
#: The city whose countryside is a governorate of its own, and that governorate.
_RING = {"Damascus": "Rif Dimashq"}


def places_of(
    locality: Locality, gazetteer: Gazetteer, context: Context
) -> tuple[list[Place], list[str]]:
    """Look the features up, with the clause that narrows them and each other as evidence."""
    remarks: list[str] = []
    if locality.within is not None:
        narrowed = _narrow(locality.within, gazetteer, context)
        if narrowed is None:
            remarks.append(f"{str(locality.within)!r} is not known and narrows nothing")
        else:
            near, country, admin1 = (
                own if own is not None else new for own, new in zip(context, narrowed, strict=True)
            )
            context = near, country, admin1
    found: list[tuple[Place, str] | None] = []
    for number in range(len(locality.features)):
        try:
            found.append(_any_form(locality, number, gazetteer, context))
        except AmbiguousPlaceError:
            if len(locality.features) == 1:
                raise
            found.append(None)
    for number in range(len(locality.features)):
        if found[number] is None:  # its companion decides, if that one is known
            other = next((each[0] for each in found if each is not None), None)
            beside = (other or context[0], *context[1:])
            found[number] = _any_form(locality, number, gazetteer, beside)
    places = [each[0] for each in found if each is not None]
    remarks += [each[1] for each in found if each is not None and each[1]]
    plain = locality.kind in {"feature", "inside"} and all(p.outline_wkb is None for p in places)
    if locality.within is not None and locality.within.kind not in _AREAS_OF_WITHIN and not plain:
        remarks.append(f"{str(locality.within)!r} is not read but to tell namesakes apart")
    remarks += [remark for place in places for remark in place.remarks]
    if locality.area == "countryside" and any(p.name in _RING.values() for p in places):
        remarks.append("the countryside of Damascus is the governorate Rif Dimashq")
    remarks += _elsewhere(locality, places, gazetteer, context)
    remarks += _city_or_governorate(locality, places, gazetteer)
    return places, list(dict.fromkeys(remarks))


def _elsewhere(
    locality: Locality, places: list[Place], gazetteer: Gazetteer, context: Context
) -> list[str]:
    """Say so if the place does not lie where the clause beside it puts it."""
    beside = locality.within
    if beside is None or beside.kind not in {"heading", "offset"} or not places:
        return []
    try:
        other = places_of(beside, gazetteer, (None, context[1], None))[0][0]
    except FrontlineError:
        return []
    way = inverse(other.lon, other.lat, places[0].lon, places[0].lat)
    off = abs(azimuth_difference_deg(way.azimuth_deg, beside.azimuth_deg or 0.0))
    if off <= max(_MAX_OFF_DEG, beside.half_angle_deg or 0.0) or way.distance_m < other.radius_m:
        return []
    side = nearest_wind(way.azimuth_deg, 8).name
    return [f"but {places[0].name} lies {side} of {other.name}: another of that name may be meant"]


def _city_or_governorate(
    locality: Locality, places: list[Place], gazetteer: Gazetteer
) -> list[str]:
    """Say that a part of a city is read where a governorate has the same name."""
    whole = locality.area is None and locality.reference is None and locality.wind is not None
    if locality.kind != "part" or not whole or not places or places[0].kind not in _SETTLEMENTS:
        return []
    city = places[0]
    try:
        area = gazetteer.area(city.name, country=city.country or None)
    except FrontlineError:
        return []
    if area.kind != "governorate" or not _is_called(area, city.name):
        return []
    other = "for the governorate of that name say 'governorate' or 'countryside'"
    return [f"read as the city of {city.name}: {other}"]


def _forms(locality: Locality, number: int) -> tuple[str, ...]:
    """Return the forms that the name of a feature may have, the likeliest first."""
    others = locality.readings[number] if number < len(locality.readings) else ()
    return (locality.features[number], *others)


def _any_form(
    locality: Locality, number: int, gazetteer: Gazetteer, context: Context
) -> tuple[Place, str]:
    """Look a feature up in the forms that its name may have; say which one it was.

    A form that is a name comes before one that is only like a name: whether "Хаме" is a form of
    "Хама" or of "Хаме" is for the gazetteer to say.

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError
        That of the likeliest form; ambiguous, if one is.
    """
    name, *others = _forms(locality, number)
    given = written_place(name, locality.lang)
    if given is not None:
        return given, ""
    if not others:
        return _place(name, locality.area, gazetteer, context), ""
    like: tuple[Place, str] | None = None
    failure: FrontlineError | None = None
    for each in (name, *others):
        try:
            found = _place(each, locality.area, gazetteer, context)
        except UnknownPlaceError as error:
            failure = failure or error
        except AmbiguousPlaceError as error:
            if each == name:
                raise
            failure = error if isinstance(failure, UnknownPlaceError) else failure
        else:
            remark = "" if each == name else f"{each!r} is taken for the name, not {name!r}"
            if _is_called(found, each):
                return found, remark
            like = like or (found, remark)
    if like is not None and not isinstance(failure, AmbiguousPlaceError):
        return like
    raise failure or UnknownPlaceError(f"no place called {name!r} is known", name=name)


def _place(name: str, area: str | None, gazetteer: Gazetteer, context: Context) -> Place:
    near, country, admin1 = context
    if area == "country":  # "the Iraqi border": no town is meant that sounds like it
        return gazetteer.place(name, country=country, kind="country")
    if area in {"governorate", "countryside"}:
        found = _area(name, area, gazetteer, country)
        if found is not None:
            return found
    try:
        return gazetteer.place(name, near=near, country=country, admin1=admin1)
    except UnknownPlaceError as unknown:
        # A context that rules the place out is no reason to take an area in its stead.
        if admin1 is not None:
            raise
        try:
            found = gazetteer.area(name, country=country)
        except UnknownPlaceError:
            raise unknown from None
        if not _is_called(found, name) or not _holds(found, near):
            raise
        return found


def _holds(area: Place, near: Any) -> bool:
    """Tell whether what a place is near to lies in an area: "in Syria, 5 km north of Hama"."""
    if near is None:
        return True
    point = getattr(near, "point", None)
    return point is not None and bool(area.extent.covers(point))


def _is_called(area: Place, name: str) -> bool:
    wanted = key(name)
    return any(form(each).key == wanted for each in (area.name, *area.names))


def _area(name: str, area: str, gazetteer: Gazetteer, country: str | None) -> Place | None:
    """Return the governorate or country that bears a name, or whose capital bears it."""
    try:
        found = gazetteer.area(name, country=country)
    except UnknownPlaceError:
        return None
    if not _is_called(found, name):
        try:
            capital = gazetteer.place(name, country=found.country, admin1=found.admin1 or None)
        except FrontlineError:
            return None
        # "Sweida countryside" is Suwayda's; "Adra countryside" is not Daraa's, though they sound
        # alike.
        if not _is_called(found, capital.name):
            return None
    if area == "countryside" and found.kind == "governorate" and found.name in _RING:
        return gazetteer.area(_RING[found.name], country="SY")
    return found


def _narrow(clause: Locality, gazetteer: Gazetteer, context: Context) -> Context | None:
    """Return what a clause says as near, country and admin1; None if it says nothing known."""
    _, country, _ = context
    if clause.kind in _AREAS_OF_WITHIN and clause.features:
        kind = clause.area or "governorate"
        areas = (_area(name, kind, gazetteer, country) for name in _forms(clause, 0))
        area = next((each for each in areas if each is not None), None)
        if area is not None:
            if area.kind == "country":
                return None, area.country, None
            return None, area.country or None, area.name
    try:
        place = places_of(clause, gazetteer, (None, country, None))[0]
    except FrontlineError:
        return None
    return (place[0], None, None) if place else None


class Remembering:
    """A gazetteer that looks each name of a column up once; it answers what `places_of` asks."""

    def __init__(self, gazetteer: Gazetteer, context: Context) -> None:
        self._gazetteer = gazetteer
        self._context = context
        self._known: dict[tuple[Any, ...], Any] = {}
        self.nearest = gazetteer.nearest

    def places_of(self, locality: Locality) -> tuple[list[Place], list[str]]:
        """Look the features of a locality up, as `places_of` does."""
        if locality.within is not None:
            return places_of(locality, cast("Gazetteer", self), self._context)
        said = (
            *(locality.features, locality.area, locality.readings, locality.kind == "between"),
            locality.lang,  # the letters of coordinates are a language's
        )
        return cast(
            "tuple[list[Place], list[str]]",
            self._ask(said, lambda: places_of(locality, cast("Gazetteer", self), self._context)),
        )

    def place(
        self,
        name: str,
        *,
        near: Any = None,
        country: str | None = None,
        admin1: str | None = None,
        kind: str | None = None,
    ) -> Place:
        """Look a name up, as `Gazetteer.place` does."""
        known_near = getattr(near, "place_id", "") or near
        if known_near is not None and not isinstance(known_near, str):  # need not be hashable
            return self._gazetteer.place(name, near=near, country=country, admin1=admin1, kind=kind)
        found = self._ask(
            ("place", name, known_near, country, admin1, kind),
            lambda: self._gazetteer.place(
                name, near=near, country=country, admin1=admin1, kind=kind
            ),
        )
        return cast("Place", found)

    def area(self, name: str, *, country: str | None = None) -> Place:
        """Look an area up, as `Gazetteer.area` does."""
        found = self._ask(
            ("area", name, country), lambda: self._gazetteer.area(name, country=country)
        )
        return cast("Place", found)

    def _ask(self, key: tuple[Any, ...], look: Callable[[], Any]) -> Any:
        if key not in self._known:
            try:
                self._known[key] = look()
            except FrontlineError as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, FrontlineError):
            raise found.with_traceback(None)  # or it grows with every phrase
        return found
