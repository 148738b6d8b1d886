"""Coordinates in running text that are finer than a grid.

What might be a coordinate counts as one: the text is then left out as a whole. A number alone is
enough, where it has more decimals than the grid; half a pair tells half of the place.
"""

from __future__ import annotations

import re

from frontline.publication.plain import plain

__all__ = ["tells_place"]

_LARGEST = 180
#: "10.5281/zenodo.1" is the address of a publication; what looks so and is two numbers is none.
_DOI = re.compile(
    r"(?:doi(?:\.org/|:)\s*|(?<![\d.]))10\.\d{4,9}/(?=[^\W\d])|doi\S{0,9}10\.\d{4,9}/"
)
#: With a point; of "5.12.2024" and "1.25.3" no part is a number, unless it is longer than a day.
_DOT = re.compile(r"(?<![\d.])(\d{1,3})[.\u00b7\u066b\u2396](\d+)(?:(?!\d|\.\d)|(?<=\d{4}))")
_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}),(\d+)(?!\d)(?!,\d{3}(?!\d))")
_THOUSANDS = 3
_BETWEEN = r"\s*[°NSEWnsew]?\s*[;/|]\s*"
_LAT, _LON = "[NS]", "[EWO]"
_DEG = (
    r"(?:°|d(?=\s*\d{1,2}\s*[m'\u2032])|deg(?:rees?)?\b\.?|degr[eé]s?\b|grad(?:os?|i)?\b|graus?\b"
)
_DEG += r"|derece\b|град[^\W\d_]*\.?|درجة)"
_MINUTES = r"[\s:°_-]{1,3}\d{1,2}(?:[.,]\d+)?"
_SECONDS = r"(?:['\u2032\s:_-]{1,3}\d{1,2}(?:[.,]\d+)?)?[\"\u2033']*"
_PARTS = rf"\d{{1,3}}{_MINUTES}{_SECONDS}"
#: "5 Dec 2024" has the form of MGRS.
_DATE = (
    r"\d{1,2}\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|fev|avr|mai|abr|ago|set|okt|dez)\s?(?:19|20)\d\d(?!\s?\d)"
)
_RUN = r"\d{4,7}(?:[.,]\d+)?"
_LONG_RUN = r"\d{5,8}(?:[.,]\d+)?"
_GAP = r"[\s,;/_-]{0,4}"
_EASTING = r"0?\d{3}[ ,.']?\d{3}(?:\.\d+)?"
_NORTHING = r"\d{1,2}[ ,.']?\d{3}[ ,.']?\d{3}(?:\.\d+)?"

_MARKS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # degrees and minutes, in signs, letters and words
        (rf"\d{{1,3}}\s*{_DEG}\s*\d{{1,2}}", re.IGNORECASE),
        # the same by blanks or colons, with a wind to both, before or behind
        (rf"{_PARTS}\s*{_LAT}(?!\w){_GAP}{_PARTS}\s*{_LON}(?!\w)", re.IGNORECASE),
        (rf"{_PARTS}\s*{_LON}(?!\w){_GAP}{_PARTS}\s*{_LAT}(?!\w)", re.IGNORECASE),
        (rf"(?<!\w){_LAT}\s*{_PARTS}{_GAP}{_LON}\s*{_PARTS}", re.IGNORECASE),
        (rf"(?<!\w){_LON}\s*{_PARTS}{_GAP}{_LAT}\s*{_PARTS}", re.IGNORECASE),
        # and without anything between, 350755N 0364525E; so are metres of UTM
        (rf"(?<!\d){_RUN}\s*{_LAT}{_GAP}{_LONG_RUN}\s*{_LON}(?!\w)", re.IGNORECASE),
        (rf"(?<!\d){_LONG_RUN}\s*{_LON}{_GAP}{_RUN}\s*{_LAT}(?!\w)", re.IGNORECASE),
        (rf"(?<!\w){_LAT}\s*{_RUN}{_GAP}{_LON}\s*{_LONG_RUN}(?!\d)", re.IGNORECASE),
        # metres of UTM, with zone, with winds, or two bare numbers of their length
        (
            rf"(?<!\d)\d{{1,2}}\s?[C-X]\s+{_EASTING}\s*m?\s*E?{_GAP}{_NORTHING}(?!\d)",
            re.IGNORECASE,
        ),
        (rf"(?<!\d){_EASTING}\s*m?\s*E{_GAP}{_NORTHING}\s*m?\s*N(?!\w)", re.IGNORECASE),
        (rf"(?<!\d){_NORTHING}\s*m?\s*N{_GAP}{_EASTING}\s*m?\s*E(?!\w)", re.IGNORECASE),
        (r"(?<![\d.,])-?\d{6,7}(?:\.\d+)?\s*m?[,;/|\s]{1,3}-?\d{7}(?:\.\d+)?(?!\d)", 0),
        # MGRS with its zone, or the square alone
        (
            rf"(?<![^\W_])(?!{_DATE})\d{{1,2}}\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z]{{2}}\s?\d{{2,5}}\s?\d{{2,5}}(?!\d)",
            re.IGNORECASE,
        ),
        (
            r"(?<![^\W_])[A-HJ-NP-Z][A-HJ-NP-V]\s?(?:\d{3}\s\d{3}|\d{4}\s?\d{4}|\d{5}\s?\d{5})(?!\d)",
            0,
        ),
        # codes, and addresses that lead to one spot
        (r"(?<!\w)[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}(?!\w)", re.IGNORECASE),
        (r"///[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+", 0),
        (r"(?:what3words\.com|w3w\.co)/\S", re.IGNORECASE),
        (r"geohash\W{0,3}\w*[/=:\s]\s*[0-9b-hjkmnp-z]{5,}", re.IGNORECASE),
        (
            r"goo\.gl/maps/|maps\.app\.goo\.gl/|(?:openstreetmap|osm)\.org/(?:node|way|go)/",
            re.IGNORECASE,
        ),
        # thousands have no semicolon between: 35,132; 36,757
        (rf"(?<![\d.,])\d{{1,3}},\d{{3}}{_BETWEEN}\d{{1,3}},\d{{3}}(?![\d,])", 0),
    )
)


def tells_place(text: str, step_deg: float) -> bool:
    r"""Say whether a text holds coordinates finer than a grid, in any of the usual notations.

    Parameters
    ----------
    text
        A note, a title, an address.
    step_deg
        The step of the grid.

    Examples
    --------
    >>> [tells_place(text, 0.01) for text in ("at 35.1319, 36.757", "@35.13,36.76", "UTM 37S")]
    [True, False, False]
    >>> tells_place("35\N{DEGREE SIGN}07'55\"N 36\N{DEGREE SIGN}45'25\"E", 0.01)
    True
    >>> tells_place("some 5,000 fighters, 3.5 km away", 0.01)
    False
    """
    read = plain(text)
    if any(mark.search(read) for mark in _MARKS):
        return True
    decimals = len(f"{step_deg:.6f}".rstrip("0").partition(".")[2])
    flat = _DOI.sub(" ", read)
    for whole, part in _DOT.findall(flat):
        if len(part) > decimals and int(whole) <= _LARGEST:
            return True
    # A comma behind a number with a point parts it from the next one.
    rest = _DOT.sub(" # ", flat)
    return any(
        len(part) > decimals and len(part) != _THOUSANDS and int(whole) <= _LARGEST
        for whole, part in _COMMA.findall(rest)
    )
