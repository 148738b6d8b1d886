"""The names of a GeoNames dump: which can be looked up, and the table of alternate names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.sources.decoding import frame_of
from frontline.sources.model import Data
from frontline.sources.schemas import Field, read_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from frontline.sources.safety import Limits

_LONGEST = 200  # characters of a name that a gazetteer takes
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
# A name has a letter or a digit; an underscore and the Arabic tatweel are none.
_LETTER = r"[^\W_\u0640]"
_BETWEEN = r"(^|,)(?:[^\w,]|[_\u0640])*(?=,|$)"
_OVERLONG = rf"(^|,)[^,]{{{_LONGEST + 1},}}(?=,|$)"

_FIELDS = (
    Field("alternateNameId", "integer", required=True, filled=True),
    Field("geonameid", "integer", required=True, filled=True),
    Field("isolanguage", "label"),
    Field("alternate_name", required=True),
    Field("isPreferredName", "label"),
    Field("isShortName", "label"),
    Field("isColloquial", "label"),
    Field("isHistoric", "label"),
    Field("from"),
    Field("to"),
)
#: Codes in the column of languages that are none: links, postal codes, codes of airports.
NO_LANGUAGES = (
    "link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "abbr", "phon", "piny",
)  # fmt: skip


def usable_names(names: pd.Series[Any]) -> NDArray[np.bool_]:
    """Say which names a gazetteer can look up: text with a letter or digit, not too long."""
    texts = names.astype("str")
    good = texts.str.contains(_LETTER, regex=True) & ~texts.str.contains(_CONTROL, regex=True)
    good &= texts.str.len() <= _LONGEST
    return good.fillna(False).to_numpy(dtype=bool)


def alternate_names_text(names: pd.Series[Any]) -> pd.Series[Any]:
    """Turn names between commas into names between semicolons, without those that are none.

    Examples
    --------
    >>> alternate_names_text(pd.Series(["Hama,,-,Hamath", None])).tolist()
    ['Hama;Hamath', '']
    """
    texts = names.fillna("").astype("str").str.replace(";", " ", regex=False)
    texts = texts.str.replace(_CONTROL, "", regex=True)
    for pattern in (_BETWEEN, _OVERLONG):
        texts = texts.str.replace(pattern, "", regex=True)
    return texts.str.strip(",").str.replace(",", ";", regex=False)


def decode_alternate_names(
    content: bytes,
    *,
    name: str = "the table of alternate names",
    limits: Limits | None = None,
    invalid: str = "raise",
    languages: Iterable[str] | None = None,
) -> pd.DataFrame:
    r"""Read alternateNamesV2.txt.

    Parameters
    ----------
    content
        The file's bytes.
    name
        How messages call it.
    limits
        At most `max_features` of the rows that are kept are read.
    invalid
        ``"raise"`` one error for all faults, or ``"drop"`` their rows.
    languages
        Codes of the languages that are wanted, "" for names of none; None: all that are
        languages, not links or codes of airports.

    Returns
    -------
    pandas.DataFrame
        geonameid, isolanguage, alternate_name and the file's other columns.

    Examples
    --------
    >>> text = "1\t170017\tar\t\u062d\u0645\u0627\u0629\t1\t\t\t\t\t\n2\t170017\tlink\thttp://x\t\t\t\t\t\t\n"
    >>> decode_alternate_names(text.encode()).isolanguage.tolist()
    ['ar']
    """
    wanted = None if languages is None else {*([languages] if languages == "" else languages)}

    def keep(chunk: pd.DataFrame) -> Any:
        code = chunk["isolanguage"].astype(object).fillna("")
        fits = ~code.isin(NO_LANGUAGES) if wanted is None else code.isin(wanted)
        return fits.to_numpy(dtype=bool) & usable_names(chunk["alternate_name"])

    return read_fields(
        content, _FIELDS, what=name, sep="\t", names=[each.name for each in _FIELDS], quoted=False,
        invalid=invalid, keep=keep, limits=limits,
    ).frame  # fmt: skip


def with_alternate_names(data: Any, names: pd.DataFrame) -> Any:
    """Add names of the table of alternate names to places.

    Parameters
    ----------
    data
        What `frontline.sources.geonames.decode` returned, or its frame.
    names
        What `decode_alternate_names` returned, of whichever languages.

    Returns
    -------
    Data or geopandas.GeoDataFrame
        As given, with longer `alternate_names`; a name that is there already is not repeated.
    """
    frame = frame_of(data, "geonameid", "alternate_names").copy()
    frame_of(names, "geonameid", "alternate_name")
    there = names[names["geonameid"].isin(frame["geonameid"])]
    more = pd.DataFrame(
        {"geonameid": there["geonameid"], "each": there["alternate_name"].str.replace(";", " ")}
    )
    given = frame["alternate_names"].fillna("").astype("str").str.split(";").explode()
    first = pd.DataFrame({"geonameid": frame["geonameid"].reindex(given.index), "each": given})
    both = pd.concat([first, more])
    both = both[both["each"] != ""].drop_duplicates()
    joined = both.groupby("geonameid", sort=False)["each"].agg(";".join)
    frame["alternate_names"] = frame["geonameid"].map(joined).fillna("")
    if not isinstance(data, Data):
        return frame
    added = len(both) - int((first["each"] != "").sum())
    remark = f"names added from the table of alternate names: {added:,}"
    return Data(data.kind, frame, data.origin, (*data.remarks, remark))
