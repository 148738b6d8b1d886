"""Pictures without a browser: maps and charts by matplotlib, animations by Pillow and PyAV."""

from __future__ import annotations

from frontline.plots.still import plot

__all__ = ["plot"]
