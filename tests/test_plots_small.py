"""Small pictures can be read, and small areas are told."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from pyproj import Geod

from frontline.control import ControlHistory
from frontline.plots import plot, plot_advance, plot_areas, plot_changes, plot_many
from frontline.plots.furniture import credits_of, measuring
from frontline.plots.names import PlaceNames
from frontline.plots.reel import dpi_for
from frontline.scene.content import content_of
from tests import plots_case


def figure_of(size):
    dpi = dpi_for(size)
    figure = Figure(figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def draw(kind, case, figure):
    if kind == "many":
        plot_many(case, 4, figure=figure)
    elif kind == "changes":
        plot_changes(case, "2024-12-01", "2024-12-05", figure=figure)
    elif kind == "areas":
        plot_areas(case, figure=figure)
    elif kind == "advance":
        plot_advance(case, (36.4, 35.4), figure=figure)
    else:
        plot(case, "2024-12-05", figure=figure)


@pytest.mark.parametrize("size", [(480, 360), (390, 700)])
@pytest.mark.parametrize("kind", ["map", "many", "changes", "areas", "advance"])
def test_no_text_of_a_small_picture_is_under_eight_pixels(kind, size):
    case = plots_case.case(title="A rather long title of a made-up advance in some place far away")
    figure = figure_of(size)
    draw(kind, case, figure)
    renderer = measuring(figure)
    heights = {}
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            heights[text.get_text()] = renderer.points_to_pixels(text.get_fontsize())
    for names in figure.findobj(PlaceNames):
        for spot in names.spots(renderer):
            heights[spot.name] = renderer.points_to_pixels(spot.style[0] * names.scale)
    assert len(heights) > 4
    assert {text: high for text, high in heights.items() if high < 7.99} == {}
    for text in figure.findobj(Text):
        if text.get_gid() in ("title", "date", "record") and text.get_text():
            assert text.get_window_extent(renderer).x1 <= size[0], text.get_text()


def test_short_credits_keep_licence_and_disclaimer():
    case = plots_case.case()
    case.meta["attribution"] = "somebody and " * 30
    content = content_of(case)
    short, whole = credits_of(content, short=True), credits_of(content)
    assert len(short) < len(whole) - 200
    assert "Licence: CC BY 4.0." in short
    assert content.meta["disclaimer"].rstrip(".") in short


def test_small_areas_are_told():
    """A field of about 90 m by 111 m, of which half is lost."""
    field, half = shapely.box(36, 35, 36.001, 35.001), shapely.box(36, 35, 36.0005, 35.001)
    frame = gpd.GeoDataFrame(
        {"date": ["2024-12-01", "2024-12-03"], "actor": "A"}, geometry=[field, half], crs=4326
    )
    history = ControlHistory.from_snapshots(frame, rest="B", outline=field)
    m2 = abs(Geod(ellps="WGS84").geometry_area_perimeter(field)[0])
    assert 10_000 < m2 < 10_150
    ax = plot(history, "2024-12-01", figure=Figure((10, 7)))
    assert ax.get_legend().get_texts()[0].get_text() == f"A: {round(m2, -2):,.0f} m²"
    ax = plot_changes(history, "2024-12-01", "2024-12-03", figure=Figure((10, 7)))
    told = ax.get_legend().get_texts()[0].get_text()
    assert told == f"B: {round(m2 / 2, -1):,.0f} m²\nfrom A"
