"""Readers of the files that people keep their reports in."""

from frontline.sources.reports import read_reports
from frontline.sources.tables import Column, read_table

__all__ = ["Column", "read_reports", "read_table"]
