"""Questions of a history about dated points that lie in a Dask collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontline.partitions import by_partition, is_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frontline.control.record import Record


def dated(
    ask: Callable[..., Any], history: Record, points: Any, when: Any, options: Mapping[str, Any]
) -> Any:
    """Put a question about points and their dates to every partition.

    Parameters
    ----------
    ask
        A method of `ControlHistory` that takes points, dates and options.
    history
        The history; it reaches every worker once.
    points
        A Dask Series or DataFrame of points.
    when
        One date, or a Dask Series with the same partitions.
    options
        The options of the question.

    Returns
    -------
    dask.dataframe.Series or DataFrame
        What the question gives for the points of all partitions, lazily.

    Raises
    ------
    InputError
        Only one of points and dates is a Dask collection, or their partitions differ.
    """
    column = is_lazy(when) or (hasattr(when, "__len__") and not isinstance(when, str))
    if column or not is_lazy(points):
        return by_partition(ask, history, (points, when), options)
    return by_partition(ask, history, (points,), {"when": when, **options})
