"""Processor time of a piece of work, as little disturbed by what else goes on as can be."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from types import SimpleNamespace


@contextmanager
def processor_time():
    """Measure a block: `.seconds` of the processor, known when it has ended.

    The garbage collector waits meanwhile: one pass over what the tests before have left in memory
    takes half a second and more, and would be counted to whoever is measured.
    """
    spent = SimpleNamespace(seconds=None)
    collecting = gc.isenabled()
    gc.disable()
    begun = time.process_time()
    try:
        yield spent
    finally:
        spent.seconds = time.process_time() - begun
        if collecting:
            gc.enable()
