r"""A history in PostGIS: the same tables as in a file, instants as timestamps, all or nothing.

Every value goes to the server as data (rows of COPY, or a bound parameter), every name is checked
and quoted. The rows are copied here and not by geopandas: in the CSV that it sends, an empty text
is no text, and a line of a note that reads ``\.`` ends the table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from frontline._resources import import_optional
from frontline.control import ControlHistory
from frontline.control.store import MARK, from_tables, to_tables
from frontline.errors import DataFileError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

__all__ = ["from_postgis", "to_postgis"]

EXTRA = "postgis"
SRID = 4326
# What PostgreSQL takes; the longest table of ours must still fit into its 63 bytes.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_OPTIONAL = ("findings",)


def to_postgis(
    history: ControlHistory,
    engine: Any,
    *,
    schema: str = "public",
    prefix: str = "frontline_",
    replace: bool = False,
) -> list[str]:
    """Write all that a history consists of into a database with PostGIS.

    Parameters
    ----------
    history
        Who held what when.
    engine
        An engine or a connection of SQLAlchemy, with the driver psycopg
        (``create_engine("postgresql+psycopg://...")``). On a connection the transaction is the
        caller's; with an engine all tables appear at once or none does.
    schema
        Where to; it must exist.
    prefix
        What every table's name begins with; other histories have another one.
    replace
        Whether the history that stands under this prefix is replaced. Otherwise it is an error.

    Returns
    -------
    list of str
        The names of the tables, with a spatial index where they have geometry. `spells_cells` is
        for QGIS: a polygon a spell with `start` and `end`.

    Raises
    ------
    InputError
        A name that is no plain identifier, a history that stands there already, or an engine
        that cannot be used.
    MissingDependencyError
        Without the extra ``postgis``.

    Notes
    -----
    Origins and terms are kept with the history. Whether others may read the database is up to
    its owner, so that nothing is refused here.
    """
    sqlalchemy = _libraries()
    if not isinstance(history, ControlHistory):
        raise InputError(f"to_postgis writes a ControlHistory, not a {type(history).__name__}")
    _check_names(schema=schema, prefix=prefix)
    tables, meta = to_tables(history)
    tables[MARK] = pd.DataFrame({"key": list(meta), "value": list(meta.values())})
    with _connected(engine) as connection:
        there = _tables_there(sqlalchemy, connection, schema, prefix)
        ours = [f"{prefix}{name}" for name in (*tables, *_OPTIONAL)]
        taken = sorted(there & set(ours))
        if taken and not replace:
            raise InputError(
                f"{schema} has the tables {', '.join(taken)}; choose another prefix, or "
                "replace=True"
            )
        for name in taken:
            table = sqlalchemy.Table(name, sqlalchemy.MetaData(), schema=schema)
            connection.execute(sqlalchemy.schema.DropTable(table))
        for name, frame in tables.items():
            _write(frame, f"{prefix}{name}", connection, schema)
    return [f"{prefix}{name}" for name in tables]


def from_postgis(engine: Any, *, schema: str = "public", prefix: str = "frontline_") -> Any:
    """Read a history that `to_postgis` wrote.

    Parameters
    ----------
    engine
        An engine or a connection of SQLAlchemy.
    schema, prefix
        As it was written.

    Returns
    -------
    ControlHistory
        The same, to the last digit and microsecond.

    Raises
    ------
    DataFileError
        No history stands under this prefix, or it is not complete.
    InputError
        A name that is no plain identifier.
    """
    sqlalchemy = _libraries()
    _check_names(schema=schema, prefix=prefix)
    with _connected(engine, isolation_level="REPEATABLE READ") as connection:
        # All tables are read as they were at one instant.
        there = _tables_there(sqlalchemy, connection, schema, prefix)
        if f"{prefix}{MARK}" not in there:
            raise DataFileError(f"{schema} has no history under the prefix {prefix!r}")

        def read(name: str) -> Any:
            if f"{prefix}{name}" not in there:
                if name in _OPTIONAL:
                    return None
                raise DataFileError(f"{schema} lacks the table {prefix}{name}; write it again")
            return _read(sqlalchemy, connection, f"{prefix}{name}", schema)

        mark = read(MARK)
        meta = dict(zip(mark["key"], mark["value"], strict=True))
        return from_tables(ControlHistory, {k: v or "" for k, v in meta.items()}, read)


def _libraries() -> Any:
    import_optional("geoalchemy2", EXTRA)
    return import_optional("sqlalchemy", EXTRA)


def _check_names(**names: Any) -> None:
    for what, name in names.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InputError(
                f"{what}={name!r} must be letters without accents, digits and underscores, at "
                "most 40, and not begin with a digit"
            )


def _connected(engine: Any, **options: Any) -> AbstractContextManager[Any]:
    """Give a connection: the caller's own, or one of the engine with a transaction of ours."""
    from contextlib import nullcontext

    dialect = getattr(engine, "dialect", None)
    if dialect is None or not hasattr(engine, "execution_options"):
        raise InputError(f"a {type(engine).__name__} is no engine or connection of SQLAlchemy")
    if (dialect.name, dialect.driver) != ("postgresql", "psycopg"):
        raise InputError(
            f"the engine uses {dialect.name}+{dialect.driver}; make it with "
            "create_engine('postgresql+psycopg://...')"
        )
    if hasattr(engine, "execute"):
        return nullcontext(engine)
    connects: AbstractContextManager[Any] = engine.execution_options(**options).begin()
    return connects


def _tables_there(sqlalchemy: Any, connection: Any, schema: str, prefix: str) -> set[str]:
    found = connection.execute(
        sqlalchemy.text(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema "
            "AND left(table_name, :length) = :prefix"
        ),
        {"schema": schema, "prefix": prefix, "length": len(prefix)},
    )
    return {str(row[0]) for row in found}


def _write(frame: Any, name: str, connection: Any, schema: str) -> None:
    from geoalchemy2 import Geometry
    from sqlalchemy import types

    table = pd.DataFrame(frame.copy())
    kinds: dict[str, Any] = {
        str(column): types.Text() for column in table.columns if table[column].dtype == object
    }
    if isinstance(frame, gpd.GeoDataFrame):
        column = frame.geometry.name
        shapes = shapely.set_srid(frame.geometry.to_numpy(), SRID)
        table[column] = shapely.to_wkb(shapes, hex=True, include_srid=True)
        kinds[column] = Geometry(srid=SRID)
    table.to_sql(
        name, connection, schema=schema, if_exists="fail", index=False, dtype=kinds,
        method=_copy,
    )  # fmt: skip


def _copy(table: Any, connection: Any, keys: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows by COPY, one by one, so that the driver writes every value as data."""
    quote = connection.dialect.identifier_preparer
    where = f"{quote.quote_schema(table.table.schema)}.{quote.quote(table.table.name)}"
    columns = ", ".join(quote.quote(key) for key in keys)
    statement = f"COPY {where} ({columns}) FROM STDIN"
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _plain(rows):
            copy.write_row(row)


def _plain(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple(_text(value) if isinstance(value, str) else value for value in row)


def _text(value: str) -> str:
    # PostgreSQL holds neither NUL nor halves of characters.
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _read(sqlalchemy: Any, connection: Any, name: str, schema: str) -> Any:
    table = sqlalchemy.table(name, schema=schema)
    query = sqlalchemy.select(sqlalchemy.literal_column("*")).select_from(table)
    frame = pd.read_sql(query, connection)
    for column in frame.columns:
        if isinstance(frame[column].dtype, pd.DatetimeTZDtype):
            frame[column] = frame[column].dt.tz_convert("UTC").dt.as_unit("us")
    if "geometry" not in frame:
        return frame
    shapes = shapely.set_srid(shapely.from_wkb(frame["geometry"].to_numpy(dtype=object)), 0)
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=SRID)
