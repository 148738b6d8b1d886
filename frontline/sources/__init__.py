"""Readers of the files that people keep their reports in, and of what others publish."""

from frontline.sources.model import Data, Format, Origin
from frontline.sources.registry import format_of, formats, open_source
from frontline.sources.reports import read_reports
from frontline.sources.safety import Limits
from frontline.sources.tables import Column, read_table

__all__ = [
    "Column",
    "Data",
    "Format",
    "Limits",
    "Origin",
    "format_of",
    "formats",
    "open_source",
    "read_reports",
    "read_table",
]
