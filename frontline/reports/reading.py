"""Running text to mentions and claims: `read`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from frontline import _doors
from frontline.dates import to_utc
from frontline.errors import InputError
from frontline.gazetteer import Gazetteer
from frontline.gazetteer.context import country_code
from frontline.locality.lexicon import lexicon
from frontline.markup import card, table
from frontline.reports.claims import claims_of
from frontline.reports.collection import no_collection
from frontline.reports.frames import flat, frame_of_mentions
from frontline.reports.ground import ground, location
from frontline.reports.scan import Scan
from frontline.reports.vocabulary import vocabularies

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from frontline.locality import Location

_SHOWN = 20


class Reading:
    """What a text says about places; `read` makes one.

    Attributes
    ----------
    text
        As given.
    published
        When the text was published, UTC; None if that is not known.

    Examples
    --------
    >>> found = read("Clashes broke out 5 km northeast of Hama. Insurgents captured Aleppo.")
    >>> found
    <Reading: 2 mentions, 1 claim>
    >>> found.mentions[["kind", "text"]].values.tolist()
    [['offset', '5 km northeast of Hama'], ['feature', 'Aleppo']]
    """

    def __init__(self, scan: Scan, published: pd.Timestamp | None) -> None:
        self._scan = scan
        self.text = scan.text.text
        self.published = published

    @cached_property
    def mentions(self) -> gpd.GeoDataFrame:
        """The localities and features of the text, in order, laid onto the ground.

        Columns: start, end (span in the text), text, kind, features (names, endings off), places
        and place_ids (what they mean), lang, distance_m, azimuth_deg, reference, uncertainty_m,
        point, geometry (the region, EPSG:4326), reason (None, or why it cannot be placed),
        remarks. A name inside a locality is not a row of its own.

        What bears the name of a known place ("Hama Central Prison") and what a distance or a
        direction is said of is a row even if the gazetteer lacks it, with the reason; it is never
        taken for the place whose name it bears. Other names that nobody knows are no rows.
        """
        found, scan = self._scan.mentions, self._scan
        with no_collection():
            return frame_of_mentions(self.text, found, ground(found, scan.resolver, scan.gazetteer))

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Who is said to have taken, lost or held what.

        Columns: actor (its words, None where none is named), action, mention (row of
        `mentions`), place, status, basis ("reported" or "claimed"), valid_from, start, end, text.
        What is denied, planned, tried or feared is left out, and so is what is said of a part of
        a place ("parts of Hama", "eastern Toretsk", "the Hama countryside"), of people or of a
        thing that the gazetteer lacks: the place is then not the object. `status` is None where
        the words put it into a past that may be over ("in 2012", "had captured"). A claim is what
        a text says: it is never control by itself.
        """
        return claims_of(self._scan, self.published)

    def location(self, row: int) -> Location:
        """Return a mention as `locate` finds it, with its parts and its explanation.

        Parameters
        ----------
        row : int
            Of `mentions`.

        Raises
        ------
        InputError
            There is no such row.
        FrontlineError
            Why it cannot be placed.

        Examples
        --------
        >>> read("Fighting went on near Hama.").location(0).features[0].name
        'Hama'
        """
        if not 0 <= row < len(self._scan.mentions):
            raise InputError(f"there is no mention {row}; there are {len(self._scan.mentions)}")
        mention = self._scan.mentions[row]
        return location(mention, self._scan.resolver, self._scan.gazetteer)

    def table(self) -> gpd.GeoDataFrame:
        """Return the mentions flat, for files: lon and lat for point, texts for tuples.

        Examples
        --------
        >>> read("Fighting went on near Hama.").table()[["features", "reason"]].values.tolist()
        [['Hama', None]]
        """
        return flat(self.mentions)

    def map(self, **options: Any) -> Any:
        """Return a `folium.Map` of the mentions with their regions."""
        return _doors.map_of_reading(self, **options)

    def __len__(self) -> int:
        return len(self._scan.mentions)

    def __repr__(self) -> str:
        many, said = len(self), len(self.claims)
        return f"<Reading: {many} mention{'s' * (many != 1)}, {said} claim{'s' * (said != 1)}>"

    def _repr_html_(self) -> str:
        """Return a small table for notebooks; every value is escaped."""
        shown = [
            (str(each.start), self.text[each.start : each.end], each.kind, ", ".join(each.names))
            for each in self._scan.mentions[:_SHOWN]
        ]
        more = len(self) - _SHOWN
        if more > 0:
            shown.append((f"and {more:,} more", "", "", ""))
        many, said = len(self), len(self.claims)
        title = f"Reading: {many:,} mention{'s' * (many != 1)}, {said:,} claim{'s' * (said != 1)}"
        return card(table(title, shown, heads=("at", "text", "kind", "features")))


def read(
    text: str,
    published: Any = None,
    *,
    gazetteer: Gazetteer | None = None,
    lang: str | None = None,
    country: str | None = None,
    near: Any = None,
) -> Reading:
    """Read running text: the places it mentions, and who is said to have taken or lost them.

    Parameters
    ----------
    text : str
        Reports in any of the languages that have a lexicon; they may be mixed.
    published : date, optional
        When the text was published; anything pandas reads, naive means UTC.
    gazetteer : Gazetteer, optional
        Whose places are looked for; the bundled one by default.
    lang : str, optional
        Code of the language; None detects it sentence by sentence.
    country : str, optional
        Keeps only places there, ISO code or name.
    near : Place, (lon, lat), Point or str, optional
        Decides between namesakes, as in `Gazetteer.place`.

    Returns
    -------
    Reading
        With `mentions` (GeoDataFrame), `claims` (DataFrame) and `map()`.

    Raises
    ------
    InputError
        `text` is no text, or an argument cannot be used.
    DateError
        `published` is no date.

    Notes
    -----
    Names are matched by dictionary over the whole gazetteer: the longest match at the edges of
    words, in any script. An ordinary word or a person's name that is also a place is judged by
    the words around it, and rather left out. Words that stand for a place ("the city", "there")
    are never guessed.

    What is read once is remembered and not read again: the distinct words, names and phrases of
    a text, and between texts the names that a gazetteer was asked for, the lexicon's words and
    the phrases that differ in names and numbers only. Time and memory are in proportion to the
    length of the text.

    Examples
    --------
    >>> found = read("Heavy fighting was reported 5 km north of Hama.")
    >>> found.mentions.features.tolist()[-1], found.mentions.reason.tolist()[-1]
    (('Hama',), None)
    """
    if not isinstance(text, str):
        raise InputError(f"read takes a text, not {type(text).__name__}")
    if lang is not None:
        lexicon(lang)
        if lang not in vocabularies():
            raise InputError(
                f"reports in {lang!r} cannot be read: its lexicon is there, but "
                f"reports/words/{lang}.toml is not"
            )
    tool = Gazetteer.bundled() if gazetteer is None else gazetteer
    if not isinstance(tool, Gazetteer):
        raise InputError(
            f"gazetteer must be a Gazetteer, not {type(tool).__name__}; "
            "Gazetteer.from_frame makes one of a table"
        )
    code = None if country is None else country_code(country)
    when = None if published is None else to_utc(published, what="published")
    if near is not None:
        tool.search("x", near=near, limit=1)  # raises for what is no position
    with no_collection():
        scan = Scan(text, tool, lang=lang, country=code, near=near)
    return Reading(scan, cast("Any", when))
