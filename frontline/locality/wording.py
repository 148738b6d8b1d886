"""The words of `describe`, filled into the templates of a language's lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.gazetteer.names import fold, skeletons

if TYPE_CHECKING:
    from frontline import compass
    from frontline.gazetteer.model import Place
    from frontline.locality.lexicon import Lexicon

_SCRIPTS = {"Latin": (0x0041, 0x024F), "Cyrillic": (0x0400, 0x04FF), "Arabic": (0x0600, 0x06FF)}
#: Letters of a script that the language does not write: a name with one is another language's.
_FOREIGN = {
    "ru": "іїєґўђјљњћџәғқңөұүһҳҷҡҫҙӀӏ",
    "uk": "ыэёъўђјљњћџәғқңөұүһҳҷҡҫҙӀӏ",
    "ar": "پچژگکیەۆێۇڕڵێھہےٹڈڑں",
}
#: How Cyrillic letters sound, roughly: enough to tell which of a place's names is nearest to its
#: English one.
_SOUNDS = dict(
    zip(
        "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя",
        "a b v g g d e ye yo zh z i i yi y k l m n o p r s t u f h ts ch sh shch  y  e yu ya".split(
            " "
        ),
        strict=True,
    )
)
_MOST_NAMES = 3


def names_in(place: Place, words: Lexicon) -> list[str]:
    """Return the names of a place by which a language may call it, the likeliest first."""
    own = _table(words, "names").get(place.name)
    found = [own] if own else []
    if _is_written_in(place.name, words.script):
        found.append(place.name)
    else:
        others = {
            name: _likeness(name, place.name)
            for name in place.names
            if _is_written_in(name, words.script) and not set(name.casefold()) & foreign(words.code)
        }
        found += sorted(others, key=lambda name: (-others[name], name))
        found.append(place.name)
    return list(dict.fromkeys(found))[:_MOST_NAMES]


def has_own_name(place: Place, words: Lexicon) -> bool:
    """Tell whether a place has a name that the language can write."""
    return _is_written_in(names_in(place, words)[0], words.script)


def foreign(code: str) -> set[str]:
    """Return letters of its script that a language does not write."""
    return set(_FOREIGN.get(code, ""))


def _is_written_in(name: str, script: str) -> bool:
    low, high = _SCRIPTS.get(script, _SCRIPTS["Latin"])
    letters = [ord(each) for each in name if each.isalpha()]
    return bool(letters) and all(
        low <= each <= high or (low < 0x100 and 0x1E00 <= each <= 0x1EFF)  # noqa: PLR2004
        for each in letters
    )


def _likeness(name: str, english: str) -> float:
    from rapidfuzz import fuzz

    if len(name.split()) > len(english.split()):  # a slip of the gazetteer, or an explanation
        return 0.0
    sounds = "".join(_SOUNDS.get(each, each) for each in name.casefold())
    bones, others = skeletons(name), skeletons(english)
    near = max((fuzz.ratio(a, b) for a in bones for b in others), default=0.0)
    return float(near + fuzz.ratio(fold(sounds), fold(english)))


def inside(place: Place, name: str, words: Lexicon) -> str:
    """Return "in Hama" in the language."""
    said = _kind(words, "inside_kinds", place).format(name=name)
    template: str = words.phrases.get("inside", "in {inside}")
    return _filled(template, words, name, inside=said, place=said, name=name)


def offset(
    place: Place, name: str, km: float, wind: compass.Wind, words: Lexicon, *, edge: bool
) -> str | None:
    """Return "5 km northeast of Hama" in the language, None if it has no words for that."""
    template = words.phrases.get("offset_edge" if edge else "offset")
    said = wind_name(wind, words)
    if template is None or said is None:
        return None
    unit, number = ("km", f"{km:g}") if km >= 1.0 else ("m", f"{km * 1000:g}")
    units = _table(words, "units")
    return _filled(
        template,
        words,
        name,
        distance=number,
        unit=units.get(unit) or words.unit_names[unit][0],
        wind=said,
        place=_kind(words, "kinds", place).format(name=name),
        name=name,
    )


def wind_name(wind: compass.Wind, words: Lexicon) -> str | None:
    """Return the wind in the form of the templates, None if the language has no name for it."""
    found = _table(words, "winds") or words.wind_names
    return found.get(wind.abbreviation)


def _kind(words: Lexicon, table: str, place: Place) -> str:
    kinds = _table(words, table)
    found: str = kinds.get(place.kind) or kinds.get("other") or "{name}"
    return found


def _table(words: Lexicon, name: str) -> dict[str, Any]:
    found = words.phrases.get(name, {})
    return found if isinstance(found, dict) else {}


def _filled(template: str, words: Lexicon, start: str, **values: str) -> str:
    """Fill a template; what is elided before a vowel is ("d'Alep")."""
    if start[:1].casefold() in set(words.phrases.get("vowels", "")):
        for full, short in _table(words, "elide").items():
            for slot in ("{name}", "{place}", "{inside}"):
                if values.get(slot[1:-1], "").startswith(start):
                    template = template.replace(full + slot, short + slot)
    return template.format(**values)
