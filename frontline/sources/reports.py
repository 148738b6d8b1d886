"""Control reports kept as a CSV table: who is said to hold which place from when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.control.statements import BASES, STATUSES
from frontline.errors import DataFileError
from frontline.sources.tables import Column, read_table

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = (
    Column("place"),
    Column("lon", "lon"),
    Column("lat", "lat"),
    Column("actor"),
    Column("status", choices=STATUSES),
    Column("basis", choices=BASES),
    Column("valid_from", "utc", required=True),
    Column("valid_to", "utc"),
    Column("recorded_from", "utc"),
    Column("confidence", "number"),
    Column("source"),
    Column("note"),
)


def read_reports(path: Path | str) -> Any:
    r"""Read a CSV table of control reports for `ControlHistory.from_places`.

    Parameters
    ----------
    path
        A UTF-8 file with a header. Columns: `valid_from`, `actor`, and `place` (a name) or
        `lon` and `lat`; optional `status`, `basis`, `valid_to`, `recorded_from`, `confidence`,
        `source`, `note`. Further columns are kept.

    Returns
    -------
    pandas.DataFrame or geopandas.GeoDataFrame
        A GeoDataFrame in EPSG:4326 where coordinates are given.

    Raises
    ------
    DataFileError
        Broken rows, all named by line and column.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "reports.csv"
    >>> _ = file.write_text("place,actor,valid_from\nHama,opposition,2024-12-05T15:50Z\n")
    >>> read_reports(file).actor.tolist()
    ['opposition']
    """
    frame = read_table(path, COLUMNS)
    problems = []
    if "actor" not in frame:
        problems.append("line 1: the column actor is missing")
    placed = {"lon", "lat"} <= set(frame.columns)
    if "place" not in frame and not placed:
        problems.append("line 1: give a column place, or the columns lon and lat")
    if placed:
        half = frame["lon"].isna() != frame["lat"].isna()
        problems += [
            f"line {line}: lon without lat, or lat without lon" for line in frame.index[half]
        ]
    named = frame["place"].notna() if "place" in frame else frame["valid_from"].isna()
    if placed:
        named |= frame["lon"].notna()
    problems += [f"line {line}: neither a place nor lon and lat" for line in frame.index[~named]]
    if problems:
        raise DataFileError(
            f"{path} has {len(problems)} faults and was not used:\n" + "\n".join(problems[:50]),
            path=path,
            problems=problems,
        )
    if not placed or frame["lon"].isna().all():
        return frame.drop(columns=["lon", "lat"], errors="ignore")
    import geopandas as gpd

    points = gpd.points_from_xy(frame["lon"], frame["lat"])
    points[frame["lon"].isna().to_numpy()] = None
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=points, crs="EPSG:4326")
