"""Text on a picture: letters as they were given, and nothing else.

Names come from strangers. Matplotlib takes ``$`` for mathematics, warns of letters that its font
lacks, and fails on half a surrogate pair. Here a text is shown letter by letter.
"""

from __future__ import annotations

import math
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any

from matplotlib.patheffects import Stroke
from matplotlib.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Words", "adopt", "area_words", "clean", "wrapped"]

_ROUND_KM2, _SMALL_KM2 = 100.0, 0.1
LONGEST = 120
"""Letters of a name or a label; a longer one is cut."""

_BROKEN = ("Cc", "Cs", "Cn")  # controls, halves of a pair, letters that are none
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def clean(text: Any, *, most: int = LONGEST) -> str:
    r"""Return a text in one line, without what no font and no file can hold.

    Line breaks and tabs become spaces, as on a page. Control letters and halves of a surrogate
    pair become the sign for a letter that could not be read.

    Examples
    --------
    >>> clean("Tall\n$x^2$ \\alpha\x00")
    'Tall $x^2$ \\alpha\ufffd'
    >>> len(clean("a" * 500))
    120
    """
    line = " ".join(str(text).split())
    if not line.isascii() or not line.isprintable():
        line = "".join(_INSTEAD if unicodedata.category(c) in _BROKEN else c for c in line)
    return line if len(line) <= most else line[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"


def area_words(area_km2: float) -> str:
    """Return an area with three digits that count; below a tenth of a km2 in m2.

    From 100 km2 on it has no decimals.

    Examples
    --------
    >>> [area_words(km2) for km2 in (10066.4, 45.31, 3.4159, 0.4321, 0.01011, 0.0)]
    ['10,066 km²', '45.3 km²', '3.42 km²', '0.432 km²', '10,100 m²', '0 km²']
    """
    unit = "km\N{SUPERSCRIPT TWO}"
    if area_km2 >= _ROUND_KM2 or area_km2 <= 0:
        return f"{area_km2:,.0f} {unit}"
    value = area_km2
    if area_km2 < _SMALL_KM2:
        value, unit = area_km2 * 1e6, "m\N{SUPERSCRIPT TWO}"
    digits = 2 - math.floor(math.log10(value))
    return f"{round(value, digits):,.{max(digits, 0)}f} {unit}"


class Words(Text):
    """A text that is shown as it is, with a halo if it lies on a map.

    Parameters
    ----------
    x, y : float
        Where it stands.
    text : str
        What it says; see `clean`.
    halo_pt : float
        Width of the white line round the letters, in points; 0 for none. The letters themselves
        stay text in SVG and PDF.
    most : int
        Letters from which on it is cut.
    **kwargs
        As `matplotlib.text.Text` takes them.
    """

    def __init__(
        self,
        x: float = 0,
        y: float = 0,
        text: str = "",
        *,
        halo_pt: float = 0.0,
        most: int = LONGEST,
        **kwargs: Any,
    ) -> None:
        kept = "\n".join(clean(line, most=most) for line in text.split("\n"))
        super().__init__(x, y, kept, **{"parse_math": False, "usetex": False, **kwargs})
        self.halo_pt = halo_pt

    def draw(self, renderer: Any) -> None:
        """Draw the halo, then the letters."""
        with warnings.catch_warnings():
            _be_quiet()
            if getattr(self, "halo_pt", 0.0) and self.get_visible() and self.get_text():
                self._draw_halo(renderer)
            super().draw(renderer)

    def _draw_halo(self, renderer: Any) -> None:
        """Stroke the letters' outlines in white, without the figure being told of a change."""
        told, self.stale_callback = self.stale_callback, None
        around: list[Any] = [
            Stroke(linewidth=self.halo_pt, foreground="white", alpha=0.9, joinstyle="round")
        ]
        self.set_path_effects(around)
        try:
            super().draw(renderer)
        finally:
            self.set_path_effects([])
            self.stale_callback = told

    def get_window_extent(self, renderer: Any = None, dpi: Any = None) -> Any:
        """Return the box of the letters in pixels."""
        with warnings.catch_warnings():
            _be_quiet()
            return super().get_window_extent(renderer, dpi)


def adopt(text: Text, *, most: int = LONGEST) -> Text:
    """Make a text that matplotlib has made, of a title or a legend, one that is shown as it is."""
    text.set_parse_math(False)
    text.set_usetex(False)
    text.set_text("\n".join(clean(line, most=most) for line in text.get_text().split("\n")))
    if type(text) is Text:
        text.__class__ = Words  # the same object: a legend keeps hold of it
    return text


def wrapped(artist: Words, text: str, width_px: float, renderer: Any, *, lines: int) -> str:
    """Break a text into lines that are no wider than so many pixels.

    What does not fit into so many lines is cut, and the cut is marked.
    """
    words = clean(text, most=10_000).split(" ")
    out: list[str] = []
    for word in _short(words):
        longer = f"{out[-1]} {word}" if out else word
        artist.set_text(longer)
        if out and artist.get_window_extent(renderer).width <= width_px:
            out[-1] = longer
        else:
            out.append(word)
    if len(out) > lines:
        out = [*out[: lines - 1], f"{out[lines - 1]} \N{HORIZONTAL ELLIPSIS}"]
    artist.set_text("\n".join(out))
    return "\n".join(out)


def _short(words: list[str], most: int = 60) -> Iterator[str]:
    """Cut words, such as links, that would be wider than a line."""
    for word in words:
        for start in range(0, max(len(word), 1), most):
            yield word[start : start + most]


def _be_quiet() -> None:
    """Let a letter without a picture in the font be a box: the file keeps the letter."""
    warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from", category=UserWarning)
    warnings.filterwarnings("ignore", message=r"Matplotlib currently does not support")
