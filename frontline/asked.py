"""The terms of publishing as the commands ask for them: --delay, --until, --coarsen."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = ["Coarsen", "Delay", "Until", "published"]

Delay = Annotated[
    str | None,
    typer.Option(help='Leave out what is younger than this: "7 days", "36 hours".'),
]
Until = Annotated[
    str | None, typer.Option(help="Leave out what is later than this date (instead of --delay).")
]
Coarsen = Annotated[
    str | None,
    typer.Option(help="Generalise coordinates: 0.1, 0.01 or 0.001 degrees, or withhold."),
]


def published(found: Any, **asked: Any) -> Any:
    """Return what was opened as it is to be published, as it is if nothing is asked for."""
    if all(value is None for value in asked.values()):
        return found
    from frontline.publication import publish
    from frontline.sources import Data

    made = publish(found.history() if isinstance(found, Data) else found, **asked)
    typer.echo(f"note: {made.meta['published']['text']}", err=True)
    return made
