"""What every reader of a public format shares: the data it gives, where they come from, itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from frontline.control import ControlHistory

#: What a frame of `Data` can hold.
KINDS = ("snapshots", "reports", "events", "places", "panel")

_SHOWN = 8  # remarks in a notebook

#: Who holds a zone of which a source draws the shape but does not say who holds it.
UNKNOWN_ACTOR = "unknown"


#: In the column `scope` of a table of sources: these terms are those of the data themselves.
DATA_SCOPE = "data"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where data come from; it travels with them into every export.

    Attributes
    ----------
    name : str
        What the data are called.
    publisher : str
        Who publishes them.
    url : str
        Where.
    licence : str
        Under which terms, in words.
    attribution : str
        What has to be said beside every use.
    redistributable : bool or None
        Whether the terms let them be passed on; None: nobody says.
    note : str
        What a user should know.
    """

    name: str
    publisher: str
    url: str
    licence: str
    attribution: str
    redistributable: bool | None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Data:
    """What was read from a file.

    Attributes
    ----------
    kind : str
        ``"snapshots"`` (date, actor, status, basis, geometry), ``"reports"`` (place or geometry,
        actor, valid_from, status, basis, source), ``"events"``, ``"places"`` or ``"panel"``.
    frame : geopandas.GeoDataFrame or pandas.DataFrame
        The rows, in EPSG:4326 where they have geometry.
    origin : Origin
        Where they come from.
    remarks : tuple of str
        What was repaired, skipped, unknown, counted; nothing is lost silently.

    Examples
    --------
    >>> import pandas as pd
    >>> origin = Origin("places", "me", "", "CC0", "", True)
    >>> Data("places", pd.DataFrame({"name": ["Hama"]}), origin).history()
    Traceback (most recent call last):
    frontline.errors.InputError: places are no record of control; snapshots and reports are
    """

    kind: str
    frame: Any
    origin: Origin
    remarks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        noted = f", {len(self.remarks)} remarks" if self.remarks else ""
        return f"Data({self.kind}, {len(self.frame):,} rows, from {self.origin.name!r}{noted})"

    def _repr_html_(self) -> str:
        """Return a table of what it is and whose, for notebooks; every value is escaped."""
        from frontline.markup import card, table

        origin = self.origin
        passed_on = {True: "yes", False: "no", None: "nobody says"}[origin.redistributable]
        rows = [
            ("rows", f"{len(self.frame):,}"),
            ("columns", ", ".join(map(str, self.frame.columns))),
            ("publisher", origin.publisher),
            ("address", origin.url),
            ("licence", origin.licence),
            ("attribution", origin.attribution),
            ("may be passed on", passed_on),
            ("note", origin.note),
            *(("remark", remark) for remark in self.remarks[:_SHOWN]),
            ("", f"and {len(self.remarks) - _SHOWN:,} more remarks"),
        ][: None if len(self.remarks) > _SHOWN else -1]
        return card(table(f"{self.kind}: {origin.name}", [row for row in rows if row[1]]))

    def history(self, **options: Any) -> ControlHistory:
        """Return the history of control that the data record.

        Parameters
        ----------
        **options
            Those of `ControlHistory.from_snapshots` or `ControlHistory.from_places`.

        Raises
        ------
        InputError
            The data are neither snapshots nor reports.
        """
        from frontline.control import ControlHistory

        roads = {"snapshots": "from_snapshots", "reports": "from_places"}
        if self.kind not in roads:
            raise InputError(f"{self.kind} are no record of control; snapshots and reports are")
        build: Callable[..., ControlHistory] = getattr(ControlHistory, roads[self.kind])
        options["sources"] = self._beside(options.get("sources"))
        return build(self.frame, **options)

    def _beside(self, given: Any) -> Any:
        """Put the origin under the caller's own sources; the terms are never lost that way."""
        import pandas as pd

        if not isinstance(given, pd.DataFrame):
            return self.sources() if given is None else given
        named = given if "id" in given else given.reset_index(names="id")
        return pd.concat([named, self.sources()], ignore_index=True)

    def sources(self) -> pd.DataFrame:
        """Return the origin as a table of sources, one row for each that the rows name.

        Returns
        -------
        pandas.DataFrame
            `id` (as in the column `source`), `name`, `publisher`, `url`, `licence`,
            `attribution`, `redistributable` (yes, no or unknown), `note`, and `scope`, which is
            "data": the terms are those of the data themselves, not of a report they cite.

        Examples
        --------
        >>> import pandas as pd
        >>> origin = Origin("days", "me", "", "CC0", "", True)
        >>> data = Data("reports", pd.DataFrame({"source": ["a", "b", "a"]}), origin)
        >>> data.sources()[["id", "publisher", "redistributable"]].values.tolist()
        [['a', 'me', 'yes'], ['b', 'me', 'yes']]
        """
        import pandas as pd

        named = self.frame["source"].dropna().unique() if "source" in self.frame else []
        about = asdict(self.origin)
        about["redistributable"] = {True: "yes", False: "no", None: "unknown"}[
            self.origin.redistributable
        ]
        ids = [str(each) for each in named] or [self.origin.name]
        return pd.DataFrame([{"id": each, **about, "scope": DATA_SCOPE} for each in ids])


@dataclass(frozen=True, slots=True)
class Peek:
    """What detection sees of a file.

    Attributes
    ----------
    name : str
        Its name without the folder.
    suffix : str
        The name's ending, lower case, with the dot.
    head : bytes
        Never more than the first 64 kB; of JSON, without its long lists of numbers; of a folder,
        those of its first member.
    members : tuple of str
        The names inside an archive or a folder.
    """

    name: str
    suffix: str
    head: bytes
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A public format: how to know it, read it and write it.

    Attributes
    ----------
    name : str
        As `open_source` takes it.
    title : str
        For people.
    kind : str
        What its data are; see `Data`.
    suffixes : tuple of str
        Usual endings of its files, lower case, with the dot.
    origin : Origin
        Where data of this format come from.
    detect : callable
        From a `Peek` to 0..1: how surely the content is of this format.
    read : callable
        ``read(path, *, limits, **options)`` gives `Data`.
    write : callable or None
        ``write(data, path, **options)`` gives the path, where writing makes sense.
    """

    name: str
    title: str
    kind: str
    suffixes: tuple[str, ...]
    origin: Origin
    detect: Callable[[Peek], float]
    read: Callable[..., Data]
    write: Callable[..., Path] | None = None
