"""Pictures without a browser: maps and charts by matplotlib, animations by Pillow and PyAV."""

from __future__ import annotations

from frontline.plots.animation import animate
from frontline.plots.changed import plot_changes
from frontline.plots.charts import plot_advance, plot_areas
from frontline.plots.files import picture, save_figure
from frontline.plots.located import plot_location
from frontline.plots.many import plot_many
from frontline.plots.statements import plot_statements
from frontline.plots.still import plot

__all__ = [
    "animate",
    "picture",
    "plot",
    "plot_advance",
    "plot_areas",
    "plot_changes",
    "plot_location",
    "plot_many",
    "plot_statements",
    "save_figure",
]
