"""A bar on the terminal while a long work goes on."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

_Item = TypeVar("_Item")
#: What takes less long needs no bar, seconds.
PATIENCE_S = 2.0
_EVERY = 256


class Bar:
    """Shows how far a work is, on stderr, once it has taken a while; a context manager.

    Parameters
    ----------
    wanted
        None: only if stderr is a terminal; True: always; False: never.
    """

    def __init__(self, wanted: bool | None) -> None:  # noqa: FBT001 - the argument of the face
        self._shown = sys.stderr.isatty() if wanted is None else wanted
        self._start = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def over(self, items: Sequence[_Item], what: str) -> Iterator[_Item]:
        """Yield the items and show how many are done."""
        if not self._shown:
            yield from items
            return
        task = None
        for number, item in enumerate(items):
            if number % _EVERY == 0 or len(items) < _EVERY:
                task = self._show(task, what, number, len(items))
            yield item
        if task is not None:
            self._bar.update(task, completed=len(items))

    def _show(self, task: Any, what: str, done: int, total: int) -> Any:
        if time.monotonic() - self._start < PATIENCE_S:
            return None
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True))
            self._bar.start()
        if task is None:
            task = self._bar.add_task(what, total=total)
        self._bar.update(task, completed=done)
        return task
