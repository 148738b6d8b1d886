"""The command `frontline`: each command reads its arguments, calls the library, prints.

Data goes to stdout, everything else to stderr. Exit code 0, 1 (one clear sentence on stderr)
or 2 (the command was not called right).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from frontline.asked import Coarsen, Delay, Until, published
from frontline.conversion import convert
from frontline.errors import FrontlineError, InputError
from frontline.plotting import plot

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(
    name="frontline",
    help="Where a report says it happened, who held what when, and how sure that is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Longitudes and phrases may begin with a minus sign.
_NEGATIVE = {"ignore_unknown_options": True}

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsGeoJson = Annotated[bool, typer.Option("--geojson", help="Print GeoJSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Method = Annotated[
    Literal["calibrated", "standard"],
    typer.Option(
        help="How uncertainty is computed: calibrated regions, or the published standard."
    ),
]
CaseName = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A bundled case (syria-2024), a saved history (.gpkg or a folder), reports (.csv), or "
        "a file or folder of a public format.",
    ),
]
Near = Annotated[str | None, typer.Option(help="A place that the one meant is near to.")]
Country = Annotated[str | None, typer.Option(help="Country, as a two-letter code.")]
Admin1 = Annotated[str | None, typer.Option(help="Governorate, province or state.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="What was known on this date.")]


def _show_version(*, wanted: bool) -> None:
    if wanted:
        from frontline._version import __version__

        _emit(f"frontline {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _show_version(wanted=wanted),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Where a report says it happened, who held what when, and how sure that is."""


@app.command()
def place(
    name: Annotated[str, typer.Argument(help="A name, in any spelling.")],
    *,
    near: Near = None,
    country: Country = None,
    admin1: Admin1 = None,
    as_json: AsJson = False,
) -> None:
    """Look a place up by its name."""
    from frontline.gazetteer import place as look_up

    found = look_up(name, near=near, country=country, admin1=admin1)
    if as_json:
        from frontline.output import to_json

        _emit(to_json(_place_dict(found)))
        return
    _emit(f"{found}  {found.lon:.5f}, {found.lat:.5f}  {found.kind}")
    _emit(f"extent: radius {found.radius_m:,.0f} m ({found.radius_source})")
    _emit(f"source: {found.source} ({found.licence})")
    for remark in found.remarks:
        _emit(f"note: {remark}")


@app.command(context_settings=_NEGATIVE)
def distance(
    first: Annotated[str, typer.Argument(help="A name, a phrase or lon,lat.")],
    second: Annotated[str, typer.Argument(help="A name, a phrase or lon,lat.")],
    *,
    edges: Annotated[bool, typer.Option("--edges", help="From edge to edge.")] = False,
    method: Method = "calibrated",
    as_json: AsJson = False,
) -> None:
    """Measure the geodesic distance between two places or phrases."""
    from frontline.distances import distance as measure

    found = measure(
        _point_or_text(first),
        _point_or_text(second),
        between="edges" if edges else "centres",
        method=method,
    )
    if as_json:
        from frontline.output import to_json

        _emit(to_json(found.to_dict()))
    else:
        _emit(str(found))
        _note(found.explanation)


@app.command(context_settings=_NEGATIVE)
def locate(
    phrase: Annotated[str, typer.Argument(help="A phrase, or - to read one a line from stdin.")],
    *,
    near: Near = None,
    country: Country = None,
    admin1: Admin1 = None,
    method: Method = "calibrated",
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
) -> None:
    """Find the region that a phrase means, with its uncertainty; from stdin, a line each."""
    from frontline.locality import locate as find
    from frontline.output import to_json
    from frontline.units import km_text

    if as_json and as_geojson:
        raise typer.BadParameter("choose one of --json and --geojson")

    def answer(text: str) -> None:
        found = find(text, method=method, near=near, country=country, admin1=admin1)
        if as_geojson or as_json:
            value = found.__geo_interface__ if as_geojson else found.to_dict()
            _emit(to_json(value, one_line=phrase == "-"))
            return
        _emit(
            f"{found.point.x:.5f}, {found.point.y:.5f}  "
            f"within {km_text(found.uncertainty_m)} ({found.locality.kind}, {found.method})"
        )
        _note(found.explanation)

    _each(phrase, answer)


@app.command()
def read(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="A text, UTF-8; - is stdin.")] = "-",
    *,
    published: Annotated[str | None, typer.Option(help="When the text was published.")] = None,
    country: Country = None,
    lang: Annotated[str | None, typer.Option(help="Language of the text, as a code.")] = None,
    claims: Annotated[bool, typer.Option("--claims", help="Claims instead of mentions.")] = False,
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Read a text: the places it mentions, or who is said to have taken or lost them."""
    from frontline.reports import read as read_text

    found = read_text(_text_of(file), published, country=country, lang=lang)
    if claims and as_geojson:
        raise typer.BadParameter("claims have no geometry; choose --json or --csv")
    frame = found.claims if claims else found.table()
    if not (as_json or as_geojson or as_csv or claims):
        frame = frame[["start", "text", "kind", "places", "uncertainty_m", "reason"]]
    _print_frame(frame, as_json=as_json, as_geojson=as_geojson, as_csv=as_csv)


@app.command(context_settings=_NEGATIVE)
def describe(
    point: Annotated[str, typer.Argument(metavar="LON,LAT", help="Or - for one a line on stdin.")],
    *,
    winds: Annotated[int, typer.Option(help="8 or 16 winds.")] = 8,
    lang: Annotated[str, typer.Option(help="Language of the words: en, ar, fr, ru ...")] = "en",
    edge: Annotated[bool, typer.Option("--edge", help="Tell from the feature's edge.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say in words where a point is; from stdin, a line each."""
    from frontline.locality import describe as say
    from frontline.output import to_json

    def answer(text: str) -> None:
        reference = "edge" if edge else "centre"
        found = say(_point(text), winds=winds, lang=lang, reference=reference)
        _emit(to_json(found.to_dict(), one_line=point == "-") if as_json else str(found))

    _each(point, answer)


@app.command()
def at(
    case: CaseName,
    date: Annotated[str, typer.Argument(help="2024-12-03 or 2024-12-03T14:30Z.")],
    *,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Say who held what at a date."""
    frame = _at_date(case, "at", date, as_of)
    _print_frame(frame, as_json=as_json, as_geojson=as_geojson, as_csv=as_csv)


@app.command()
def front(
    case: CaseName,
    date: Annotated[str, typer.Argument(help="2024-12-03 or 2024-12-03T14:30Z.")],
    *,
    stretches: Annotated[
        bool, typer.Option("--stretches", help="A row a connected stretch, with its age.")
    ] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Trace the front between the actors at a date."""
    frame = _at_date(case, "stretches" if stretches else "front", date, as_of)
    _print_frame(frame, as_json=as_json, as_geojson=as_geojson, as_csv=as_csv)


@app.command()
def changes(
    case: CaseName,
    start: Annotated[str, typer.Argument(help="The first date.")],
    end: Annotated[str, typer.Argument(help="The second date.")],
    *,
    freq: Annotated[str | None, typer.Option(help="Every step apart: D, 6h, W.")] = None,
    min_area_km2: Annotated[
        float, typer.Option("--min-area-km2", help="Smaller connected parts are slivers.")
    ] = 0.0,
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_geojson: AsGeoJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what changed hands between two dates."""
    frame = _history(case).changes(start, end, as_of=as_of, freq=freq, min_area_km2=min_area_km2)
    _print_frame(frame, as_json=as_json, as_geojson=as_geojson, as_csv=as_csv)


@app.command()
def measures(
    case: CaseName,
    *,
    freq: Annotated[str, typer.Option(help="The step: D, 6h, W.")] = "D",
    as_of: AsOf = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Tabulate area, gain, loss and front of every actor by date."""
    frame = _history(case).measures(freq=freq, as_of=as_of)
    _print_frame(frame, as_json=as_json, as_geojson=False, as_csv=as_csv)


@app.command("map")
def map_(
    case: CaseName,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page to write.")],
    offline: Annotated[
        bool, typer.Option("--offline", help="One file that asks for nothing (always so).")
    ] = True,
    from_: Annotated[str | None, typer.Option("--from", help="The first instant shown.")] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="The last instant shown; a date: to its end.")
    ] = None,
    delay: Delay = None,
    until: Until = None,
    coarsen: Coarsen = None,
    split: Annotated[
        bool,
        typer.Option("--split", help="Script, style and data beside the page, for strict hosts."),
    ] = False,
    allow_restricted: Annotated[
        bool,
        typer.Option("--allow-restricted", help="Write data whose terms forbid passing them on."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the animated map of the advance as one page."""
    from frontline.cases import open_any
    from frontline.maps import save

    save(
        published(open_any(case), delay=delay, until=until, coarsen=coarsen),
        output,
        offline=offline,
        from_=from_,
        to=to,
        split=split,
        allow_restricted=allow_restricted,
    )
    size = output.stat().st_size
    if as_json:
        from frontline.output import to_json

        _emit(to_json({"path": str(output), "bytes": size}))
    else:
        _note(f"wrote {output} ({size / 1000:,.0f} kB)")


app.command()(convert)
app.command()(plot)


def main() -> None:
    """Run the command line; every error of ours is one sentence and exit code 1."""
    try:
        app()
    except FrontlineError as error:
        _note(f"frontline: {error}")
        raise SystemExit(1) from None
    except BrokenPipeError:
        # The reader went away (``frontline ... | head``): nothing is wrong.
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        _note(f"frontline: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
        raise SystemExit(1) from None


def _emit(text: str) -> None:
    typer.echo(text)


def _note(text: str) -> None:
    typer.echo(text, err=True)


def _history(case: str) -> Any:
    from frontline.cases import open_any

    opened = open_any(case)
    return getattr(opened, "history", opened)


def _each(argument: str, answer: Callable[[str], None]) -> None:
    """Answer an argument, or for ``-`` every line of stdin, a fault in one being no end."""
    if argument != "-":
        answer(argument)
        return
    failed = False
    for number, line in enumerate(sys.stdin, start=1):
        try:
            if line.strip():
                answer(line.strip())
        except FrontlineError as error:
            _note(f"frontline: line {number}: {error}")
            failed = True
    if failed:
        raise typer.Exit(1)


def _at_date(case: str, view: str, date: str, as_of: str | None) -> Any:
    """Ask a history about a date, and say when it is not one of those that it is about."""
    from frontline.dates import to_utc

    history = _history(case)
    frame = getattr(history, view)(date, as_of=as_of)
    when, start, end = to_utc(date), history.meta.get("starts"), history.meta.get("ends")
    if start and end and not to_utc(start) <= when <= to_utc(end):
        _note(f"note: {when:%Y-%m-%d %H:%M} UTC is outside the case, {start[:10]} to {end[:10]}")
    return frame


def _text_of(file: str) -> str:
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8 and read it again"
        ) from None


def _point(text: str) -> tuple[float, float]:
    found = _point_or_text(text)
    if isinstance(found, str):
        raise InputError(f"{text!r} is no point; write it as lon,lat: 36.80,35.16")
    return found


def _point_or_text(text: str) -> tuple[float, float] | str:
    try:
        numbers = [float(each) for each in text.split(",")]
    except ValueError:
        return text
    if len(numbers) != 2:  # noqa: PLR2004 - a point has two coordinates
        raise InputError(f"{text!r} is no point; write it as lon,lat: 36.80,35.16")
    return numbers[0], numbers[1]


def _place_dict(found: Any) -> dict[str, Any]:
    names = (
        "name", "names", "lon", "lat", "kind", "country", "admin1", "population", "radius_m",
        "radius_source", "source", "licence", "place_id", "remarks",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names}


def _print_frame(frame: Any, *, as_json: bool, as_geojson: bool, as_csv: bool) -> None:
    from frontline import output

    if as_json + as_geojson + as_csv > 1:
        raise typer.BadParameter("choose one of --json, --geojson and --csv")
    if as_geojson:
        _emit(output.to_geojson(frame))
    elif as_json:
        _emit(output.to_json(output.records(frame)))
    elif as_csv:
        typer.echo(output.to_csv(frame), nl=False)
    else:
        _emit(output.to_text(frame))
