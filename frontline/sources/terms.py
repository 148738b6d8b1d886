"""The terms under which data may be passed on: read off a history, carried into what is made of it.

A table of sources has two kinds of rows. Those that `Data.sources` makes have the scope "data": the
shapes themselves are somebody's. Others are reports that a history cites; a fact may be told after
a report whose text may not be copied, so that their terms stop nobody.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from frontline.errors import InputError, RestrictedDataError
from frontline.sources.model import DATA_SCOPE, Data, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARKS = {"yes": True, "no": False, "unknown": None}
_FIELDS = (
    "id", "name", "title", "publisher", "url", "archived_url", "licence", "attribution",
    "redistributable", "note", "scope",
)  # fmt: skip
_SEVERAL = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What has to be said beside data, and whether they may be passed on.

    Attributes
    ----------
    origin : Origin
        All origins as one.
    sources : tuple of dict
        A row for each source: texts, by the names of the table's columns.
    restricted : tuple of str
        The names of origins whose terms forbid passing them on.
    published : dict or None
        What `frontline.publish` left out, if the data went through it; see there.
    """

    origin: Origin
    sources: tuple[dict[str, str], ...] = ()
    restricted: tuple[str, ...] = ()
    published: dict[str, Any] | None = None

    def of_data(self) -> Origin:
        """Return the origin of the data themselves; its texts are empty if nobody owns them."""
        if any(row.get("scope") == DATA_SCOPE for row in self.sources):
            return self.origin
        return Origin(self.origin.name, "", "", "", "", None)

    def check(self, *, allow_restricted: bool, what: str) -> None:
        """Raise if the data may not be passed on and nobody has said that they may.

        Raises
        ------
        RestrictedDataError
            Some origin forbids it.
        """
        if self.restricted and not allow_restricted:
            raise RestrictedDataError(
                f"{what} would pass on data of {'; '.join(self.restricted)}, which their terms "
                f"do not allow ({self.origin.licence}). If their publisher has agreed, or the "
                "result stays with you, say allow_restricted=True; measures are not affected",
                origins=self.restricted,
            )


#: Of data on which nobody has said anything.
NO_TERMS = Terms(Origin("data of unstated origin", "unknown", "", "not stated", "", None))


def terms_of(thing: Any, *, sources: Any = None) -> Terms:
    """Return the terms of a history, a case, data, or a frame with its sources.

    Parameters
    ----------
    thing
        A ControlHistory, a Case, `Data` or a frame. A frame alone says nothing of its terms.
    sources
        Further sources: an `Origin`, `Data`, or a table as `ControlHistory.sources` gives it.

    Raises
    ------
    InputError
        The sources are none of these.

    Examples
    --------
    >>> origin = Origin("days", "me", "", "consent", "by me", False)
    >>> terms_of(Data("events", pd.DataFrame({"n": [1]}), origin)).restricted
    ('days',)
    """
    rows: list[dict[str, str]] = []
    if isinstance(thing, Data):
        rows += _rows(thing.sources())
    elif not isinstance(thing, pd.DataFrame):  # whose columns may be called anything
        history = getattr(thing, "history", None)
        rows += _rows(getattr(thing, "sources", None))
        rows += _rows(getattr(history, "sources", None))
    if isinstance(sources, Origin):
        sources = Data("panel", pd.DataFrame(), sources)
    if isinstance(sources, Data):
        sources = sources.sources()
    if sources is not None and not isinstance(sources, pd.DataFrame):
        raise InputError("sources must be a table of sources, an Origin or Data")
    rows = _distinct([*rows, *_rows(sources)])
    data = [row for row in rows if row.get("scope") == DATA_SCOPE]
    restricted = [_called(row) for row in data if row.get("redistributable") == "no"]
    published = _published(thing)
    origin = _origin(thing, data, rows)
    if published:
        note = " ".join(part for part in (origin.note, published["text"]) if part)
        origin = replace(origin, note=note)
    return Terms(origin, tuple(rows), tuple(dict.fromkeys(restricted)), published)


def _published(thing: Any) -> dict[str, Any] | None:
    """Return the record of a publication, as a history, a case or a frame carries it."""
    frame = thing.frame if isinstance(thing, Data) else thing
    if isinstance(frame, pd.DataFrame):
        found = frame.attrs.get("published")
    else:
        abouts = [getattr(each, "meta", None) for each in (thing, getattr(thing, "history", None))]
        records = [about.get("published") for about in abouts if isinstance(about, dict)]
        found = next((record for record in records if record), None)
    return found if isinstance(found, dict) and isinstance(found.get("text"), str) else None


def _rows(frame: Any) -> list[dict[str, str]]:
    if not isinstance(frame, pd.DataFrame) or not len(frame):
        return []
    table = frame if "id" in frame else frame.reset_index(names="id")
    records = table[[name for name in _FIELDS if name in table]].to_dict("records")
    return [{str(k): str(v) for k, v in row.items() if _filled(v)} for row in records]


def _filled(value: Any) -> bool:
    return not (value is None or value is pd.NA or value != value or str(value).strip() == "")  # noqa: PLR0124 - NaN


def _distinct(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return list({tuple(sorted(row.items())): row for row in rows}.values())


def _called(row: dict[str, str]) -> str:
    return row.get("name") or row.get("title") or row.get("publisher") or row["id"]


def _origin(thing: Any, data: list[dict[str, str]], rows: list[dict[str, str]]) -> Origin:
    """Put all origins into one; of data nobody owns, the reports that are cited."""
    if isinstance(thing, Data):
        return thing.origin
    known = {} if isinstance(thing, pd.DataFrame) else thing
    meta = getattr(known, "meta", None) or {}
    marks = {_MARKS.get(row.get("redistributable", "unknown")) for row in data}
    may = False if False in marks else True if marks == {True} else None
    named = str(meta.get("title") or getattr(known, "name", "") or "") or _joined(data, "name")
    credit = str(meta.get("attribution") or "") or _joined(data, "attribution")
    if not credit and rows:
        credit = f"After {_joined(rows, 'publisher') or _joined(rows, 'id')}"
    return Origin(
        name=named or "a history of control",
        publisher=_joined(data or rows, "publisher") or "unknown",
        url=_joined(data, "url"),
        licence=str(meta.get("licence") or "") or _joined(data, "licence") or "not stated",
        attribution=credit,
        redistributable=may,
        note=str(meta.get("disclaimer") or "") or _joined(data, "note"),
    )


def _joined(rows: list[dict[str, str]], key: str) -> str:
    found = list(dict.fromkeys(row[key] for row in rows if key in row))
    more = len(found) - _SEVERAL
    return "; ".join([*found[:_SEVERAL], *([f"and {more} more"] if more > 0 else [])])


def members(terms: Terms) -> dict[str, Any]:
    """Return the terms as plain values, for the head of a file."""
    return {
        "attribution": terms.origin.attribution,
        "licence": terms.origin.licence,
        "origin": asdict(terms.origin),
        "sources": [dict(row) for row in terms.sources],
        **({"published": terms.published} if terms.published else {}),
    }
