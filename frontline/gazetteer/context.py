"""What narrows a name: countries, governorates, kinds, and words around the name."""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from frontline._resources import geodata_path
from frontline.errors import InputError
from frontline.gazetteer.forms import form
from frontline.gazetteer.names import fold, key

LONGEST_NAME = 200
_HALF_TURN_DEG, _QUARTER_TURN_DEG = 180.0, 90.0

# In the ten languages of reports.
COUNTRIES = {
    "SY": (
        "Syria", "Syrian Arab Republic", "سوريا", "سورية", "Syrie", "Syrien", "Siria", "Síria",
        "Suriye", "Suriya", "Сирия", "Сирія",
    ),
    "TR": (
        "Turkey", "Türkiye", "تركيا", "Turquie", "Türkei", "Turquía", "Turquia", "Türkiyə",
        "Турция", "Туреччина",
    ),
    "LB": ("Lebanon", "Liban", "لبنان", "Libanon", "Líbano", "Lübnan", "Livan", "Ливан", "Ліван"),
    "IL": ("Israel", "إسرائيل", "Israël", "İsrail", "Израиль", "Ізраїль"),
    "JO": (
        "Jordan", "الأردن", "Jordanie", "Jordanien", "Jordania", "Jordânia", "Ürdün",
        "İordaniya", "Иордания", "Йорданія",
    ),
    "IQ": ("Iraq", "Irak", "العراق", "Iraque", "Ирак", "Ірак"),
    "PS": (
        "Palestine", "Palestinian Territories", "فلسطين", "Palästina", "Palestina", "Filistin",
        "Fələstin", "Палестина",
    ),
}  # fmt: skip

# Names of Syria's governorates; likeness adds to them only where three consonants agree.
_ADMIN1_ALIASES = {
    "Aleppo": ("Halab", "Haleb", "Alep", "حلب"),
    "Damascus": ("Dimashq", "Damas", "دمشق"),
    "Daraa": ("Dara", "Deraa", "Dar'a", "Dara'a", "Der'a", "درعا"),
    "Deir ez-Zor": (
        "Deir Ezzor", "Dayr az-Zawr", "Deir al-Zor", "Deir ez-Zour", "Der Zor", "دير الزور",
    ),
    "Hama": ("Hamah", "حماة"),
    "Hasakah": ("Hasaka", "Hassakeh", "Hassake", "Hassaka", "Hasakeh", "Haseke", "الحسكة"),
    "Homs": ("Hims", "Hums", "حمص"),
    "Idlib": ("Idleb", "Edlib", "Edleb", "إدلب"),
    "Latakia": ("Lattakia", "Latakiya", "Lattakiya", "Ladhiqiyah", "Lattaquie", "اللاذقية"),
    "Quneitra": ("Qunaytra", "Qunaytirah", "Qunaitra", "Kuneitra", "القنيطرة"),
    "Raqqa": ("Rakka", "Raqqah", "Raqa", "Raqah", "Rakkah", "الرقة"),
    "Rif Dimashq": (
        "Rural Damascus", "Damascus Countryside", "Rif Damascus", "Reef Damascus",
        "Reef Dimashq", "Rif Dimashk", "Rif-e Dimashq", "ريف دمشق",
    ),
    "Suwayda": (
        "Sweida", "Swaida", "Swayda", "Suweida", "Suwaida", "Sueida", "Soueida",
        "Jabal al-Druze", "السويداء",
    ),
    "Tartus": ("Tartous", "Tartoos", "Tartos", "طرطوس"),
}  # fmt: skip
# How alike two spellings of one governorate must sound, in percent, and how many consonants
# they must share: two are shared by Iraq and Raqqa too.
_ADMIN1_LIKENESS, _ADMIN1_CONSONANTS = 85.0, 3

_AREA_WORDS = (
    "governorate", "province", "muhafazat", "muhafazah", "gouvernorat", "countryside", "محافظة",
)  # fmt: skip
_CLASS_BEFORE = re.compile(
    r"^(?:the )?(?:(?:city|town|village|hamlet|district|area) of )?(?:the )?(?P<name>\S.*)$"
)
_CLASS_AFTER = re.compile(r"^(?P<name>.*\S) (?:city|town|village|hamlet)$")
_ARABIC_CLASS = ("مدينه ", "بلده ", "قريه ")


@dataclass(frozen=True, slots=True)
class Query:
    """A name as asked for, and the context that stood beside it."""

    text: str
    name: str
    beside: str = ""


@cache
def admin1_names() -> dict[tuple[str, str], str]:
    """Return English names of first-order divisions by country and GeoNames' code.

    Examples
    --------
    >>> admin1_names()["SY", "10"]
    'Hama'
    """
    import csv

    with geodata_path("admin1-names.csv").open(encoding="utf-8", newline="") as file:
        return {(row["country"], row["code"]): row["name"] for row in csv.DictReader(file)}


def check_name(name: object, what: str = "name") -> str:
    """Return the name if it can be looked up at all.

    Raises
    ------
    InputError
        Not a text, empty, too long, or without a letter or digit.
    """
    if not isinstance(name, str):
        raise InputError(f"a {what} must be text, not {type(name).__name__}; write it in quotes")
    if len(name) > LONGEST_NAME:
        raise InputError(
            f"a {what} has at most {LONGEST_NAME} characters, this one {len(name)}; "
            "give the name alone"
        )
    categories = {unicodedata.category(char) for char in name if char not in "\t\n\r"}
    if "Cc" in categories:
        raise InputError(f"the {what} {name!a} holds control characters; give the name alone")
    if "Cs" in categories:
        raise InputError(f"the {what} {name!a} is broken text (lone surrogates); decode it again")
    if not key(name):
        raise InputError(f"the {what} {name!a} has no letter or digit; give the name of a place")
    return name


def queries(text: str) -> list[Query]:
    """Return the ways to read a name, the literal one first.

    Examples
    --------
    >>> [(q.name, q.beside) for q in queries("village of Suran (Hama)")][-1]
    ('suran', 'Hama')
    """
    literal = fold(text)
    found = [Query(text, literal)]
    name, beside = text, ""
    bracket = re.fullmatch(r"\s*(?P<name>[^(),]+?)\s*\((?P<beside>[^()]+)\)\s*", text)
    comma = re.fullmatch(r"\s*(?P<name>[^(),]+?)\s*[,\u060c]\s*(?P<beside>[^()]+?)\s*", text)
    match = bracket or comma
    if match is not None:
        name, beside = match["name"], match["beside"]
    stripped = without_class_words(fold(name))
    for each in (fold(name), stripped):
        if each and all(each != q.name or beside != q.beside for q in found):
            found.append(Query(text, each, beside))
    return found


def without_class_words(folded: str) -> str:
    """Return a folded name without "the city of", "town" and the like.

    Examples
    --------
    >>> without_class_words("the city of homs"), without_class_words("hama city")
    ('homs', 'hama')
    """
    for prefix in _ARABIC_CLASS:
        folded = folded.removeprefix(prefix)
    before = _CLASS_BEFORE.match(folded)
    folded = before["name"] if before else folded
    after = _CLASS_AFTER.match(folded)
    return after["name"] if after else folded


def without_area_words(folded: str) -> str:
    """Return a folded name without "governorate", "province" and the like.

    Examples
    --------
    >>> without_area_words("hama governorate"), without_area_words("the province of idlib")
    ('hama', 'idlib')
    """
    kept = [w for w in folded.split(" ") if w not in _AREA_WORDS_FOLDED]
    return re.sub(r"^(the )?(of )?", "", " ".join(kept)).strip() or folded


_AREA_WORDS_FOLDED = frozenset(fold(word) for word in _AREA_WORDS)
_FORMAL_WORDS = _AREA_WORDS_FOLDED - {"countryside"}


def names_an_area(folded: str) -> bool:
    """Tell whether a folded name asks for a governorate rather than its town."""
    return any(word in _AREA_WORDS_FOLDED for word in folded.split(" "))


def country_code(text: object) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country.

    Raises
    ------
    InputError
        Neither a two-letter code nor the name of a country of the bundled gazetteer.

    Examples
    --------
    >>> country_code("Syria"), country_code("sy"), country_code("Türkiye")
    ('SY', 'SY', 'TR')
    """
    name = check_name(text, "country")
    if known := _country_keys().get(key(name)):
        return known
    if re.fullmatch(r"[A-Za-z]{2}", name.strip()):
        return name.strip().upper()
    raise InputError(f"the country {name!r} is not known by name; give its two-letter ISO code")


@cache
def _country_keys() -> dict[str, str]:
    return {key(each): code for code, names in COUNTRIES.items() for each in names}


@cache
def _admin1_keys() -> dict[str, str]:
    return {
        key(name): admin1
        for admin1, aliases in _ADMIN1_ALIASES.items()
        for name in (admin1, *aliases)
    }


def known_admin1(asked: str) -> str:
    """Return the Syrian governorate that is written so, or an empty text.

    The whole name is tried before its area words go: "Damascus countryside" is not Damascus.

    Examples
    --------
    >>> known_admin1("Damascus countryside"), known_admin1("Halab governorate")
    ('Rif Dimashq', 'Aleppo')
    >>> known_admin1("Iraq")
    ''
    """
    folded = fold(asked)
    formal = " ".join(w for w in folded.split(" ") if w not in _FORMAL_WORDS)
    for way in (folded, re.sub(r"^(the )?(of )?", "", formal), without_area_words(folded)):
        if found := _admin1_keys().get(key(way)):
            return found
    return ""


def same_admin1(asked: str, admin1: str) -> bool:
    """Tell whether two spellings name one governorate.

    Examples
    --------
    >>> same_admin1("Idleb", "Idlib"), same_admin1("Halab governorate", "Aleppo")
    (True, True)
    >>> same_admin1("Damascus", "Rif Dimashq"), same_admin1("Iraq", "Raqqa")
    (False, False)
    """
    if not admin1:
        return False
    if known := known_admin1(asked):
        return known == admin1
    asked = without_area_words(fold(asked))
    wanted, own = form(asked), form(admin1)
    if wanted.key == own.key:
        return True
    shared = wanted.bones & own.bones
    if not any(len(bones) >= _ADMIN1_CONSONANTS for bones in shared):
        return False
    from rapidfuzz import fuzz

    return float(fuzz.ratio(wanted.heard, own.heard)) >= _ADMIN1_LIKENESS


def check_whole(value: object, what: str) -> int:
    """Return a whole number above 0.

    Raises
    ------
    InputError
        It is something else.
    """
    if value is True or not isinstance(value, numbers.Integral) or int(value) < 1:
        raise InputError(f"{what} must be a whole number above 0, not {value!r}")
    return int(value)


def pair_of(near: Any) -> tuple[object, object]:
    """Return longitude and latitude of a point or a pair, unchecked.

    Raises
    ------
    InputError
        It is neither.
    """
    if getattr(near, "is_empty", False):
        raise InputError("near is an empty point; give a place, a name or (lon, lat)")
    if hasattr(near, "x") and hasattr(near, "y"):
        return near.x, near.y
    try:
        lon, lat = near
    except (TypeError, ValueError):
        raise InputError(f"near must be a place, a name or (lon, lat), not {near!r}") from None
    return lon, lat


def check_lon_lat(lon: object, lat: object, what: str) -> tuple[float, float]:
    """Return a longitude and a latitude in degrees.

    Raises
    ------
    InputError
        Not two numbers, or out of range.
    """
    if not (isinstance(lon, numbers.Real) and isinstance(lat, numbers.Real)):
        raise InputError(f"{what} needs two numbers, lon and lat, not {lon!r} and {lat!r}")
    x, y = float(lon), float(lat)
    if not (math.isfinite(x) and math.isfinite(y) and in_range(x, y)):
        raise InputError(
            f"{what}: lon {x:g}, lat {y:g} is out of range; "
            "lon comes first, -180 to 180, lat -90 to 90"
        )
    return x, y


def in_range(lon: float, lat: float) -> bool:
    """Tell whether a longitude and a latitude are on the globe."""
    return abs(lon) <= _HALF_TURN_DEG and abs(lat) <= _QUARTER_TURN_DEG
