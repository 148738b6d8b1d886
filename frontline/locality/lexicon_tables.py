"""A lexicon's tables, checked key by key: every fault is gathered and told at once."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from frontline import compass
from frontline.errors import DataFileError
from frontline.locality.tokens import fold, tokenize
from frontline.locality.vocabulary import Entry, Group, Inflection, Lexicon, WindWord
from frontline.units import M_PER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Every class of words that a lexicon may fill; the grammar asks for no other.
WORD_CLASSES = frozenset(
    "article determiner anaphor approx approx_after at_most at_least at_least_after range between "
    "from and of link distance_link radius_link before_wind after_wind within radius near inside "
    "at edge centre part central countryside governorate settlement generic name_noun road on "
    "around halfway of_the_way bearing degrees movement movement_noun length_noun counted stop "
    "common time particle name_of edge_link negation other_unit no_number number_and "
    "before_quantity after_distance on_road to_wind name_head movement_after between_after to "
    "at_most_after moved_by towards axis counted_alone number_ending refused organisation capital "
    "adjective relative remote lies moved_to body outside".split()
)
SCRIPTS = frozenset({"Latin", "Arabic", "Cyrillic"})
_TABLES = frozenset(
    "language numbers units winds words cases inflection suffixes demonyms names describe".split()
)
_NEEDED = {"code": str, "name": str, "possessives": list, "decimal": str, "cased": bool}
_OPTIONAL = {
    "script": str,
    "letters": str,
    "own_words": list,
    "own_parts": list,
    "thousands": str,
    "nouns_cased": bool,
    "noun_endings": list,
    "elisions": list,
    "proclitics": list,
    "joined_articles": list,
    "direct": bool,
    "postpositions": bool,
    "length_first": bool,
}
_NUMBER_FLAGS = ("ones_first", "joined")
_NAME_KEYS = set("with_direction known forms heads lands towns tails articles".split())
#: Tables of numbers that hold pairs, with the class of their entries.
_PAIRS = (
    ("fraction", "fractions"),
    ("fraction_after", "after"),
    ("vague", "vague"),
    ("measure", "units"),
)
_WIND_FORMS = {"names": "noun", "adjectives": "adjective", "adverbs": "adverb"} | {
    "governing": "governing"
}
_WIND_KEYS = {*_WIND_FORMS, "adjective_endings", "adverb_endings", "by", "abbreviations"} | {
    "prefixes"
}


class _Tables:
    """Reads tables and gathers entries and every fault in them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.entries: dict[tuple[tuple[str, ...], str], Any] = {}
        self.problems = [f"[{key}] is no table of a lexicon" for key in data if key not in _TABLES]
        self.language = self._language()
        self.elisions = self.folded("elisions")

    def _language(self) -> dict[str, Any]:
        table = self.table("language")
        self.problems += [f"[language] lacks {key}" for key in _NEEDED if key not in table]
        known: dict[str, type] = _NEEDED | _OPTIONAL
        for key, value in table.items():
            if key not in known:
                self.problems.append(f"[language] {key} is no key of a lexicon")
            elif not isinstance(value, known[key]) or (
                isinstance(value, list) and not all(isinstance(each, str) for each in value)
            ):
                wanted = "a list of texts" if known[key] is list else known[key].__name__
                self.problems.append(f"[language] {key} must be {wanted}")
        if table.get("decimal", ".") not in (".", ","):
            self.problems.append("[language] decimal must be '.' or ','")
        if table.get("script", "Latin") not in SCRIPTS:
            self.problems.append(f"[language] script must be one of {', '.join(sorted(SCRIPTS))}")
        return table

    def folded(self, key: str) -> tuple[str, ...]:
        value = self.language.get(key, [])
        found = [fold(each) for each in value if isinstance(each, str)]
        return tuple(sorted(found, key=len, reverse=True))

    def table(self, name: str, within: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a table by its name, an empty one where there is none."""
        found = (self.data if within is None else within).get(name, {})
        if isinstance(found, dict):
            return found
        self.problems.append(f"[{name}] must be a table")
        return {}

    def texts(self, value: Any, where: str) -> Iterator[str]:
        """Yield the texts of a list."""
        if not isinstance(value, list):
            self.problems.append(f"{where} must be a list of texts")
            return
        for each in value:
            if isinstance(each, str):
                yield each
            else:
                self.problems.append(f"{where} holds {each!r}, which is no text")

    def add(self, phrase: str, role: str, value: Any = None) -> None:
        """Add one entry; the first of its words and class holds."""
        tokens = tokenize(phrase, elisions=self.elisions)
        words = tuple(t.folded for t in tokens if t.kind != "dash")
        if not words:
            self.problems.append(f"an entry of {role} has no word")
            return
        known = self.entries.setdefault((words, role), value)
        if isinstance(value, WindWord) and known is not value:
            if known.wind is value.wind:
                value = WindWord(value.wind, known.forms | value.forms)
                self.entries[words, role] = value
            else:
                self.problems.append(
                    f"[winds] {phrase!r} names both {known.wind.abbreviation} and "
                    f"{value.wind.abbreviation}"
                )

    def pairs(self, value: Any, where: str) -> tuple[tuple[str, str], ...]:
        """Read a list of pairs of texts."""
        if not isinstance(value, list) or not all(
            isinstance(each, list) and len(each) == 2 and all(isinstance(x, str) for x in each)  # noqa: PLR2004
            for each in value
        ):
            self.problems.append(f"{where} must be a list of pairs of texts")
            return ()
        return tuple((fold(met), base) for met, base in value)

    def by_text(self, name: str, within: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Return a table of texts by texts."""
        found = self.table(name, within)
        wrong = [key for key, value in found.items() if not isinstance(value, str)]
        self.problems += [f"[{name}] {key} must be a text" for key in wrong]
        return {key: value for key, value in found.items() if key not in wrong}

    def numbers(self) -> None:
        """Add number words, scales, fractions, vague numbers and words that hold a unit."""
        table = self.table("numbers")
        known = {"words", "scales", "fractions", "after", "vague", "units", *_NUMBER_FLAGS}
        self.problems += [f"[numbers] {key} is no key" for key in table if key not in known]
        for flag in _NUMBER_FLAGS:
            if not isinstance(table.get(flag, False), bool):
                self.problems.append(f"[numbers] {flag} must be true or false")
        for role, name in (("number", "words"), ("scale", "scales")):
            for word, value in self.table(name, table).items():
                if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
                    self.add(word, role, value)
                else:
                    self.problems.append(f"[numbers.{name}] {word} must be a number")
        for role, name in _PAIRS:
            for word, value in self.table(name, table).items():
                self._pair(word, role, name, value)

    def joined_scales(self) -> tuple[tuple[str, float], ...]:
        """Return the scales that numbers in one word are made of, the largest first."""
        table = self.table("numbers")
        if not table.get("joined"):
            return ()
        found = [(fold(word), float(value)) for word, value in self.table("scales", table).items()]
        return tuple(sorted(found, key=lambda pair: -pair[1]))

    def _pair(self, word: str, role: str, name: str, value: Any) -> None:
        wrong = f"[numbers.{name}] {word}: "
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004
            self.problems.append(wrong + "must be a pair")
            return
        first, second = value
        if role == "measure" and (second not in M_PER or not isinstance(first, int | float)):
            self.problems.append(wrong + f"must be a number and one of {', '.join(M_PER)}")
        elif role in {"fraction", "fraction_after"} and not (
            isinstance(first, int) and isinstance(second, int) and first > 0 and second > 0
        ):
            self.problems.append(wrong + "must be two whole numbers above 0")
        elif role == "vague" and not (
            all(isinstance(x, int | float) for x in value) and 0 <= first < second
        ):
            self.problems.append(wrong + "bounds must rise")
        elif role == "vague":
            self.add(word, role, (float(first), float(second)))
        else:
            self.add(word, role, (first, second))

    def units(self) -> dict[str, tuple[str, ...]]:
        """Add the spellings of units; return them by unit."""
        found: dict[str, tuple[str, ...]] = {}
        for unit, words in self.table("units").items():
            if unit not in M_PER:
                self.problems.append(f"[units] {unit} is none of {', '.join(M_PER)}")
                continue
            found[unit] = tuple(self.texts(words, f"[units] {unit}"))
            for word in found[unit]:
                self.add(word, "unit", unit)
        return found

    def words(self) -> None:
        """Add the classes of words."""
        for role, words in self.table("words").items():
            if role not in WORD_CLASSES:
                self.problems.append(f"[words] {role} is no class of words")
                continue
            for word in self.texts(words, f"[words] {role}"):
                self.add(word, role, word)

    def winds(self) -> dict[str, str]:
        """Add the names of the winds in all their forms; return each wind's first name."""
        table = self.table("winds")
        self.problems += [f"[winds] {key} is no key" for key in table if key not in _WIND_KEYS]
        first: dict[str, str] = {}
        endings = {
            "adjective": tuple(
                self.texts(table.get("adjective_endings", []), "[winds] adjective_endings")
            ),
            "adverb": tuple(self.texts(table.get("adverb_endings", []), "[winds] adverb_endings")),
        }
        for key, form in _WIND_FORMS.items():
            for abbreviation, names in self.table(key, table).items():
                wind = self._wind(abbreviation, key)
                for name in self.texts(names, f"[winds.{key}] {abbreviation}"):
                    if wind is None:
                        continue
                    self.add(name, "wind", WindWord(wind, frozenset({form})))
                    if form != "noun":
                        continue
                    first.setdefault(abbreviation, name)
                    for other, tails in endings.items():
                        for tail in tails:
                            self.add(name + tail, "wind", WindWord(wind, frozenset({other})))
        self._abbreviations(table)
        return first

    def _abbreviations(self, table: Mapping[str, Any]) -> None:
        """Add the abbreviations of the winds, with full stops ("N.E.") and spelled-out by."""
        written: dict[str, list[str]] = {letter: [letter] for letter in "NESWb"}
        for letter, values in self.table("abbreviations", table).items():
            if letter not in "NESW":
                self.problems.append("[winds] abbreviations must be for N, E, S and W")
            each = [values] if isinstance(values, str) else values
            written[letter] = list(self.texts(each, f"[winds] abbreviations {letter}"))
        by = table.get("by", "")
        if not isinstance(by, str):
            self.problems.append("[winds] by must be a text")
            by = ""
        for wind in compass.WINDS:
            value = WindWord(wind, frozenset({"abbreviation"}))
            for parts in itertools.product(*(written[letter] for letter in wind.abbreviation)):
                self.add("".join(parts), "wind_letters", value)
                if len(parts) > 1:  # the stops between are skipped when words are compared
                    self.add(" ".join(parts), "wind_letters", value)
                    self.add(f"{parts[0]} {''.join(parts[1:])}", "wind_letters", value)  # "N-NE"
                if "b" in parts and by:
                    at = parts.index("b")
                    spelled = f"{''.join(parts[:at])} {by} {''.join(parts[at + 1 :])}"
                    self.add(spelled, "wind_letters", value)

    def _wind(self, abbreviation: str, table: str) -> compass.Wind | None:
        found = next((w for w in compass.WINDS if w.abbreviation == abbreviation), None)
        if found is None:
            self.problems.append(f"[winds.{table}] {abbreviation} is no wind of the compass")
        return found

    def cases(self) -> dict[str, tuple[str, ...]]:
        """Add the governing words; return the cases that whole classes of words demand."""
        of_words: dict[str, list[str]] = {}
        of_classes: dict[str, tuple[str, ...]] = {}
        for case, words in self.table("cases").items():
            for word in self.texts(words, f"[cases] {case}"):
                role = word[1:] if word.startswith("@") else ""
                if not role:
                    of_words.setdefault(word, []).append(case)
                elif role in WORD_CLASSES or role in {"wind", "governing", "adjective"}:
                    of_classes[role] = (*of_classes.get(role, ()), case)
                else:
                    self.problems.append(f"[cases] {word} is no class of words")
        for word, each in of_words.items():
            self.add(word, "case", tuple(each))
        return of_classes

    def inflections(self) -> tuple[dict[str, Inflection], tuple[tuple[str, str], ...]]:
        """Return what each case does to a name, and the endings that show a case."""
        found: dict[str, Inflection] = {}
        endings: list[tuple[str, str]] = []
        for table, keys in (
            ("inflection", {"rules", "modifiers"}),
            ("suffixes", {"endings", "rules", "modifiers"}),
        ):
            tables = self.table(table)
            for case in tables:
                if (table, case) == ("inflection", "exceptions"):
                    continue
                each, where = self.table(case, tables), f"[{table}.{case}]"
                self.problems += [f"{where} {key} is no key" for key in each if key not in keys]
                if {"rules", "modifiers"} & set(each):
                    found[case] = Inflection(
                        self.pairs(each.get("rules", []), f"{where} rules"),
                        self.pairs(each.get("modifiers", []), f"{where} modifiers"),
                    )
                if table == "suffixes":
                    texts = self.texts(each.get("endings", []), f"{where} endings")
                    endings += [(fold(ending), case) for ending in texts]
        endings.sort(key=lambda pair: -len(pair[0]))
        return found, tuple(endings)

    def names(self) -> None:
        """Add names that look like words of the grammar, and words for a country's people."""
        table = self.table("names")
        for name, base in self.by_text("forms", table).items():
            self.add(name, "direction_name", base)
        for head, base in self.by_text("heads", table).items():
            self.add(head, "name_head", base)
        for key in table:
            if key not in _NAME_KEYS:
                self.problems.append(f"[names] {key} is no key")
        for key, role in (
            ("with_direction", "direction_name"),
            ("known", "direction_name"),
            ("lands", "land"),
            ("tails", "name_tail"),
        ):
            for name in self.texts(table.get(key, []), f"[names] {key}"):
                self.add(name, role, name)
        for word, country in self.by_text("demonyms").items():
            self.add(word, "demonym", country)
        self._prefixed(table.get("lands", []), "country")
        self._prefixed(table.get("towns", []), None)

    def _prefixed(self, lands: list[str], area: str | None) -> None:
        """Add what names a wind and a country, or a wind and an edge or a part, in one word."""
        found: list[tuple[str, compass.Wind]] = []
        for abbreviation, prefixes in self.table("prefixes", self.table("winds")).items():
            wind = self._wind(abbreviation, "prefixes")
            texts = self.texts(prefixes, f"[winds.prefixes] {abbreviation}")
            found += [(fold(prefix), wind) for prefix in texts if wind]
        words = self.table("words")
        sided = [fold(w) for role in ("edge", "part") for w in words.get(role, []) if found]
        for prefix, wind in sorted(found, key=lambda pair: -len(pair[0])):
            for land in lands:  # "Nordsyrien"
                self.add(f"{prefix}{land}", "land_part", (wind, land, area))
            for word in sided:  # "Ostrand"
                if word.startswith(prefix):
                    self.add(word, "sided", wind)

    def index(self) -> dict[str, Group]:
        """Return all entries by their first word."""
        found: dict[str, list[Entry]] = {}
        for (words, role), value in self.entries.items():
            found.setdefault(words[0], []).append(Entry(words, role, value))
        return {word: _group(entries) for word, entries in found.items()}


def _group(entries: list[Entry]) -> Group:
    single: dict[str, Any] = {}
    longer: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: -len(entry.words)):
        if len(entry.words) == 1:
            single.setdefault(entry.role, entry.value)
        else:
            longer.setdefault(entry.words[1], []).append(entry)
    return Group(single, {word: tuple(each) for word, each in longer.items()})


def build(data: Mapping[str, Any], *, path: str = "") -> Lexicon:
    """Make a lexicon of the tables of its file.

    Raises
    ------
    DataFileError
        Listing every fault.
    """
    found = _Tables(data)
    language = found.language
    found.numbers()
    units = found.units()
    found.words()
    wind_names = found.winds()
    found.names()
    cases = found.cases()
    inflections, suffixes = found.inflections()
    phrases = found.table("describe")
    exceptions = found.by_text("exceptions", found.table("inflection"))
    articles = found.by_text("articles", found.table("names"))
    if found.problems:
        raise DataFileError(
            f"the lexicon {path or language.get('code', '?')} is wrong: "
            f"{'; '.join(found.problems)}",
            path=path,
            problems=found.problems,
        )
    decimal = language["decimal"]
    language_words = found.table("words")
    return Lexicon(
        code=language["code"],
        name=language["name"],
        possessives=tuple(language["possessives"]),
        decimal=decimal,
        thousands=language.get("thousands", "," if decimal == "." else "."),
        cased=language["cased"],
        nouns_cased=language.get("nouns_cased", False),
        noun_endings=tuple(language.get("noun_endings", ())),
        script=language.get("script", "Latin"),
        letters=frozenset(language.get("letters", "")),
        elisions=found.elisions,
        proclitics=found.folded("proclitics"),
        joined_articles=found.folded("joined_articles"),
        direct=language.get("direct", False),
        postpositions=language.get("postpositions", False),
        ones_first=found.table("numbers").get("ones_first", False),
        compounds=found.joined_scales(),
        entries=found.index(),
        cases=cases,
        inflections=inflections,
        articled={fold(word): article for word, article in articles.items()},
        exceptions={fold(form): base for form, base in exceptions.items()},
        endings=(
            *((fold(each), "genitive") for each in language["possessives"]),
            *(pair for pair in suffixes if "'" in pair[0]),
        ),
        suffixes=tuple(pair for pair in suffixes if "'" not in pair[0]),
        length_first=language.get("length_first", decimal == ","),
        classes=frozenset(language_words),
        governorates=tuple(language_words.get("governorate", ())),
        phrases=phrases,
        wind_names=wind_names,
        unit_names=units,
    )
