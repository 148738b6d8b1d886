"""Dask: a column of phrases partition by partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline._resources import import_optional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def located(phrases: Any, locate_all: Callable[..., Any], options: Mapping[str, Any]) -> Any:
    """Return a lazy frame whose partitions are located one by one, each by `locate_all`.

    Parameters
    ----------
    phrases
        A Dask Series of texts.
    locate_all
        What a partition is given to.
    options
        Its arguments.

    Raises
    ------
    MissingDependencyError
        The extra ``dask`` is not installed.
    """
    import_optional("dask_geopandas", "dask")
    pattern = locate_all(phrases._meta.iloc[:0], **options)  # noqa: SLF001 - Dask's own word for it
    return phrases.map_partitions(locate_all, **options, meta=pattern)
