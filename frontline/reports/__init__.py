"""Reports: running text to mentions of places and claims about them."""

from __future__ import annotations

from frontline.reports.reading import Reading, read

__all__ = ["Reading", "read"]
