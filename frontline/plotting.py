"""The command `frontline plot`: read the arguments, call `frontline.plots.picture`, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from frontline.asked import Coarsen, Delay, Until, published


def plot(
    case: Annotated[
        str,
        typer.Argument(
            metavar="CASE", help="As for at and map: a bundled case, a history, reports, a file."
        ),
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="png, svg, pdf; of the kind map also gif, apng, mp4."),
    ],
    kind: Annotated[
        Literal["map", "many", "changes", "areas", "advance", "statements"],
        typer.Option(help="What to draw."),
    ] = "map",
    date: Annotated[str | None, typer.Option(help="Of a map: 2024-12-03T14:30Z.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="The first instant shown.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="The last instant shown.")] = None,
    freq: Annotated[str | None, typer.Option(help="The step in time: D, 6h, W.")] = None,
    towards: Annotated[
        list[str] | None, typer.Option(help="Of advance and statements: the place; repeatable.")
    ] = None,
    around: Annotated[str | None, typer.Option(help="The place in the middle of a map.")] = None,
    within_km: Annotated[
        float | None, typer.Option("--within-km", help="From there to the sides of the map.")
    ] = None,
    count: Annotated[int, typer.Option(help="Maps side by side, of the kind many.")] = 6,
    width: Annotated[int, typer.Option(help="Pixels.")] = 1280,
    height: Annotated[int, typer.Option(help="Pixels.")] = 800,
    fps: Annotated[float, typer.Option(help="Frames a second.")] = 4.0,
    title: Annotated[str | None, typer.Option(help="The heading.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was known on this date.")
    ] = None,
    delay: Delay = None,
    until: Until = None,
    coarsen: Coarsen = None,
    allow_restricted: Annotated[
        bool,
        typer.Option("--allow-restricted", help="Draw data whose terms forbid passing them on."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Draw a picture, a chart or an animation, without a browser."""
    from frontline.cases import open_any
    from frontline.plots import picture

    given = {"title": title, "around": around, "within_km": within_km, "as_of": as_of}
    picture(
        published(open_any(case), delay=delay, until=until, coarsen=coarsen),
        output,
        kind=kind,
        date=date,
        from_=from_,
        to=to,
        freq=freq,
        towards=towards,
        count=count,
        size=(width, height),
        fps=fps,
        allow_restricted=allow_restricted,
        **{name: value for name, value in given.items() if value is not None},
    )
    size = output.stat().st_size
    if as_json:
        from frontline.output import to_json

        typer.echo(to_json({"path": str(output), "kind": kind, "bytes": size}))
    else:
        typer.echo(f"wrote {output} ({size / 1000:,.0f} kB)", err=True)
