"""Attributes that are made when somebody first asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from frontline.partitions import Lean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Deferred(Lean):
    """A base for frozen values of which a part is made only when it is asked for.

    Frames of hundreds of thousands of rows are not worth copying for the sake of ten new ones
    if nobody looks at them.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Pair(Deferred):
    ...     small: int
    ...     large: int
    >>> pair = Pair.deferred({"small": 1}, {"large": lambda: 10**6})
    >>> "large" in vars(pair), pair.large, "large" in vars(pair)
    (False, 1000000, True)
    """

    @classmethod
    def deferred(cls, known: Mapping[str, Any], later: Mapping[str, Callable[[], Any]]) -> Self:
        """Make a value from attributes that are known and makers of the others."""
        new = object.__new__(cls)
        vars(new).update(known, _later=dict(later))
        return new

    def __getstate__(self) -> dict[str, Any]:
        for name in vars(self).get("_later", ()):  # the makers cannot travel
            getattr(self, name)
        state = super().__getstate__()
        state.pop("_later", None)
        return state

    if not TYPE_CHECKING:  # or every attribute would seem to exist

        def __getattr__(self, name: str) -> Any:
            """Make an attribute that is asked for the first time."""
            make = vars(self).get("_later", {}).get(name)
            if make is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = vars(self)[name] = make()
            return value
