"""The command `frontline convert`: from any source to any export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from frontline.asked import Coarsen, Delay, Until, published
from frontline.errors import InputError

__all__ = ["convert"]

HISTORY = "history"


def convert(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="A bundled case, a saved history, or any source.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    *,
    from_: Annotated[
        str | None, typer.Option("--from", help="Format of IN; else found by its content.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="geojson, geoparquet, gpkg, kml, csv, or history: a saved history, which opens "
            "again with all that was said. Else by the ending of OUT.",
        ),
    ] = None,
    what: Annotated[
        Literal["zones", "front", "changes", "measures"], typer.Option(help="What is written.")
    ] = "zones",
    at: Annotated[str | None, typer.Option("--at", help="At this date only.")] = None,
    per: Annotated[
        Literal["state", "spell"],
        typer.Option(help="A row for each shape of a zone, or for each patch that changed hands."),
    ] = "state",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was known on this date.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="An option of the reader: layer=control, columns.actor=side. Again for more.",
        ),
    ] = None,
    allow_restricted: Annotated[
        bool,
        typer.Option("--allow-restricted", help="Write data whose terms forbid passing them on."),
    ] = False,
    delay: Delay = None,
    until: Until = None,
    coarsen: Coarsen = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Convert any source, saved history or case to a file for other programs."""
    from frontline.cases import read_any

    found = read_any(source, format=from_, **_options(option or []))
    for remark in getattr(found, "remarks", ()):
        typer.echo(f"note: {remark}", err=True)
    found = published(found, delay=delay, until=until, coarsen=coarsen)
    if to == HISTORY or (to is None and not target.suffix):
        _save(found, target, at=at, as_of=as_of, what=what)
    else:
        _export(found, target, to, what=what, at=at, per=per, as_of=as_of, allowed=allow_restricted)
    size = sum(each.stat().st_size for each in _files(target))
    if as_json:
        from frontline.output import to_json

        typer.echo(to_json({"path": str(target), "bytes": size}))
    else:
        typer.echo(f"wrote {target} ({size / 1000:,.0f} kB)", err=True)


def _options(given: list[str]) -> dict[str, Any]:
    """Read the options of a reader; a dot in a name makes a mapping.

    Examples
    --------
    >>> _options(["layer=control", "columns.actor=side", "columns.date=day"])
    {'layer': 'control', 'columns': {'actor': 'side', 'date': 'day'}}
    """
    out: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        outer, dot, inner = name.partition(".")
        if not (equals and outer.isidentifier()) or (dot and not inner):
            raise InputError(f"--set {each!r}: write it as name=value or name.key=value")
        if not dot:
            out[outer] = value
        elif isinstance(out.setdefault(outer, {}), dict):
            out[outer][inner] = value
        else:
            raise InputError(f"--set {each!r}: {outer} has a value already")
    return out


def _history(found: Any) -> Any:
    from frontline.sources import Data

    return found.history() if isinstance(found, Data) else getattr(found, "history", found)


def _save(found: Any, target: Path, **views: Any) -> None:
    given = [
        f"--{name.replace('_', '-')}"
        for name, value in views.items()
        if value not in (None, "zones")
    ]
    if given:
        raise InputError(f"a saved history holds everything; {', '.join(given)} is for exports")
    _history(found).save(target)


def _export(found: Any, target: Path, to: str | None, *, allowed: bool, **views: Any) -> None:
    from frontline.exports import export
    from frontline.sources import Data

    control = not isinstance(found, Data) or found.kind in ("snapshots", "reports")
    if not control:
        given = [f"--{name}" for name in ("at", "as_of") if views[name] is not None]
        if given or views["what"] != "zones":
            raise InputError(f"{found.kind} are no record of control; they are written as they are")
        export(found, target, to, allow_restricted=allowed)
        return
    # A case carries terms of its own; its history would say less.
    thing = _history(found) if isinstance(found, Data) else found
    export(thing, target, to, allow_restricted=allowed, **views)


def _files(target: Path) -> list[Path]:
    return [each for each in target.iterdir() if each.is_file()] if target.is_dir() else [target]
