"""More than one machine: a question is put to a Dask collection partition by partition.

Dask is used for one thing, `map_partitions`; what is asked is the same function that answers for
a frame in memory. What every partition needs (a history, a gazetteer) is one node of the graph: it
travels once to each worker, not once with each task.
"""

from __future__ import annotations

from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4
from weakref import WeakKeyDictionary

from frontline._resources import import_optional
from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

_LOCK = RLock()
#: The name of each shared object in graphs, so that several questions share one node.
_NAMES: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


class Lean:
    """Something that is pickled without its cached properties, which it can compute again."""

    def __getstate__(self) -> dict[str, Any]:
        kind = type(self)
        return {
            name: value
            for name, value in self.__dict__.items()
            if not isinstance(getattr(kind, name, None), cached_property)
        }


class computed_once(cached_property[T]):  # noqa: N801 - used as `cached_property` is
    """A cached property that is dear: threads wait for the one that computes it."""

    def __get__(self, instance: object, owner: type[Any] | None = None) -> Any:
        if instance is None:
            return self
        with _LOCK:
            return super().__get__(instance, owner)


def is_lazy(*values: Any) -> bool:
    """Tell whether one of the values is a Dask collection, without importing Dask."""
    return any(hasattr(value, "__dask_graph__") for value in values)


def by_partition(
    ask: Callable[..., Any], shared: Any, columns: tuple[Any, ...], options: Mapping[str, Any]
) -> Any:
    """Return the lazy answers of `ask(shared, *parts, **options)` for the partitions of columns.

    The question is put once to empty columns at once: that gives the form of the answer, and
    wrong options are refused before anything is computed.

    Parameters
    ----------
    ask
        A function of a module or class, which workers import by its name.
    shared
        What all partitions need; it must not change.
    columns
        Dask Series or DataFrames with the same partitions.
    options
        Further arguments, small ones.

    Returns
    -------
    dask.dataframe.Series or DataFrame
        A dask_geopandas.GeoDataFrame if the answer is a GeoDataFrame.

    Raises
    ------
    InputError
        A Dask collection without columns, or columns whose partitions differ.
    MissingDependencyError
        The extra ``dask`` is not installed.
    """
    delayed = import_optional("dask", "dask").delayed
    import_optional("dask_geopandas", "dask")  # makes itself known to Dask: no GeoDataFrame is lost
    for column in columns:
        if not (hasattr(column, "map_partitions") and hasattr(column, "_meta")):
            kind = type(column).__name__
            raise InputError(
                f"{kind} is no Dask Series or DataFrame; make one of it first"
                if is_lazy(column)
                else f"points and dates must both be Dask collections, not {kind}; "
                "give one date, or a Dask Series with the same partitions"
            )
    first, *others = columns
    for other in others:
        if other.npartitions != first.npartitions or other.divisions != first.divisions:
            raise InputError(
                f"the {first.npartitions} partitions of points and {other.npartitions} of dates do "
                "not have the same divisions; take both from one Dask DataFrame, or repartition "
                "one as the other"
            )
    empty = [column._meta.iloc[:0] for column in columns]  # noqa: SLF001 - Dask's own word for it
    node = delayed(shared, name=_name_of(shared), traverse=False)
    return first.map_partitions(
        _answer,
        *others,
        node,
        ask=ask,
        options=dict(options),
        meta=ask(shared, *empty, **options),
        align_dataframes=False,
    )


def _answer(*parts: Any, ask: Callable[..., Any], options: Mapping[str, Any]) -> Any:
    *columns, shared = parts
    return ask(shared, *columns, **options)


def _name_of(shared: Any) -> str:
    return _NAMES.setdefault(shared, f"{type(shared).__name__}-{uuid4().hex}")
