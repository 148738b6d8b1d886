"""HTML for notebooks, built so that text from outside stays text.

Elements are made by `element`, which escapes every text and every value of an attribute. What it
returns is `Markup`; anything else is text. A result may be put into another page, into a popup of
folium or into a template: no sign that begins anything in HTML, in a script or in a template
language is left in it.

Colours follow the theme of the notebook; where there is none they follow the text around. Nothing
bears an id, as a notebook shows many results on one page.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "INK", "SOFT", "Markup", "card", "element", "escape", "stack", "swatch", "table", "whole",
]  # fmt: skip

INK = "var(--jp-content-font-color1, currentColor)"
"""The colour of text, light or dark as the notebook is."""

SOFT = "rgba(128, 128, 128, 0.35)"
"""The colour of lines between rows."""

LONGEST = 400
"""Letters of a value in a table; a longer one is cut."""

_TAGS = frozenset("b bdi caption circle div g i p path svg table tbody td text th tr".split())
_ATTRIBUTES = frozenset(
    "aria_hidden aria_label class_ cx cy d dir fill fill_opacity fill_rule font_size height "
    "r role scope stroke stroke_dasharray stroke_linejoin stroke_width style viewBox width x "
    "y".split()
)
_PLAIN = frozenset(" .,-:;()/+_\n\t")
_LAST_ASCII, _FIRST_PRINTING = "\x7f", " "
# Carriage returns would be read as line feeds; the others end a line in a script.
_NUMBERED = frozenset("\r\u2028\u2029")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"

# One class, "&" here, named after the rules, so that results of another version on the same page
# keep theirs. Notebooks set much of this for every table. No brace stands next to another sign
# that would begin anything in a template.
_RULES = """\
& {color:INK; display:flex; flex-wrap:wrap; align-items:flex-start; gap:6px 22px;
font-size:13px; line-height:1.4; max-width:780px}
& table {border-collapse:collapse; table-layout:auto; margin:0; color:inherit; font-size:inherit;
border:0; min-width:230px; max-width:480px}
& caption {caption-side:top; text-align:left; font-weight:600; font-size:14px; color:inherit;
padding:2px 0 4px}
& tr {background:none!important; vertical-align:top}
& tr+tr {border-top:1px solid SOFT}
& th, & td {text-align:left; vertical-align:top; font-weight:400; color:inherit;
padding:1px 14px 1px 0; white-space:normal}
& td {overflow-wrap:anywhere}
& .n {text-align:right; white-space:nowrap; font-variant-numeric:tabular-nums}
& i {font-style:normal; opacity:.75}
& b {display:inline-block; width:10px; height:10px; margin-right:6px; border:1px solid}
& svg {max-width:100%; height:auto; flex:none; color:inherit; margin-top:4px}
"""
_NAME = f"fl{zlib.crc32(_RULES.encode()):08x}"
_STYLE = _RULES.replace("&", f".{_NAME}").replace("INK", INK).replace("SOFT", SOFT)


class Markup(str):
    """Text that is HTML already: made by `element`, or escaped."""

    __slots__ = ()


def escape(value: Any) -> Markup:
    r"""Write a text so that HTML, scripts and template languages see nothing but text.

    What HTML cannot hold, NUL and halves of characters, becomes U+FFFD.

    Examples
    --------
    >>> escape("A & B {x}")
    'A &#38; B &#123;x&#125;'
    >>> escape("5 km (\N{ARABIC LETTER HAH})") == "5 km (\N{ARABIC LETTER HAH})"
    True
    """
    return Markup("".join(map(_letter, str(value))))


def whole(text: str) -> str:
    r"""Return a text with halves of characters replaced, which no file can hold.

    JSON from elsewhere may hold them; two that belong together are put together.

    Examples
    --------
    >>> whole("a\ud83d\ude00b\ud800c") == "a\U0001f600b\ufffdc"
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def element(tag: str, *children: Any, **attributes: Any) -> Markup:
    """Return an element of HTML or SVG.

    Parameters
    ----------
    tag : str
        Its name.
    *children
        `Markup` stands as it is, None is left out, anything else is text.
    **attributes
        By name, an underscore for a hyphen; None is left out. Values are escaped.

    Raises
    ------
    InputError
        If the tag or an attribute is none of those that results are made of: no script, no
        picture, no link, no handler of events.

    Examples
    --------
    >>> element("td", "a < b", style="color:red")
    '<td style="color:red">a &#60; b</td>'
    >>> element("p", element("b", "Hama"), None, " and more", aria_label="x")
    '<p aria-label="x"><b>Hama</b> and more</p>'
    """
    if tag not in _TAGS:
        raise InputError(f"<{tag}> is no element of a result; those are {', '.join(sorted(_TAGS))}")
    strange = sorted(set(attributes) - _ATTRIBUTES)
    if strange:
        raise InputError(f"<{tag}> of a result takes no attribute {', '.join(strange)}")
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(
        child if isinstance(child, Markup) else escape(child)
        for child in children
        if child is not None
    )
    return Markup(f"<{tag}{given}>{inner}</{tag}>")


def table(
    title: Any, rows: Iterable[tuple[Any, ...]], *, heads: tuple[Any, ...] | None = None
) -> Markup:
    """Return a table with a caption: in each row the first cell names the others.

    Parameters
    ----------
    title : text or Markup
        The caption; None for none.
    rows : iterable of tuple
        Texts or Markup. A text is set off from what surrounds it, whichever way it is written,
        and cut after 400 letters. Numbers stand to the right.
    heads : tuple, optional
        A line above the rows.

    Examples
    --------
    >>> "<td><bdi>b</bdi></td>" in table("t", [("a", "b")])
    True
    """
    lines = []
    kept = [tuple(row) for row in rows]
    if heads is not None:
        first = kept[0] if kept else heads
        lines.append(
            element(
                "tr",
                *(
                    element("th", element("i", head), scope="col", class_=_side(value))
                    for head, value in zip(heads, first, strict=True)
                ),
            )
        )
    for name, *values in kept:
        lines.append(
            element(
                "tr",
                element("th", _name(name), scope="row"),
                *(element("td", _apart(value), class_=_side(value)) for value in values),
            )
        )
    caption = None if title is None else element("caption", _apart(title))
    return element("table", caption, element("tbody", *lines))


def swatch(colour: str) -> Markup:
    """Return a small square in a colour, for a legend.

    Examples
    --------
    >>> swatch("#0072B2")
    '<b style="background:&#35;0072B2" aria-hidden="true"></b>'
    """
    return element("b", style=f"background:{colour}", aria_hidden="true")


def stack(*parts: Any) -> Markup:
    """Put tables one below the other."""
    return element("div", *parts)


def card(*parts: Any) -> Markup:
    """Put tables and pictures side by side, as the whole of what a notebook shows.

    Examples
    --------
    >>> card("text").count("<div")
    1
    """
    return element("div", Markup(f"<style>{_STYLE}</style>"), *parts, class_=_NAME)


def _letter(letter: str) -> str:
    if letter > _LAST_ASCII:
        if "\ud800" <= letter <= "\udfff":
            return _UNKNOWN
        return f"&#{ord(letter)};" if letter in _NUMBERED else letter
    if letter.isalnum() or letter in _PLAIN:
        return letter
    if letter == "\x00":
        return _UNKNOWN
    # A number does not stand for a control character in HTML; written as it is, it does no harm.
    control = letter < _FIRST_PRINTING or letter == _LAST_ASCII
    return letter if control and letter not in _NUMBERED else f"&#{ord(letter)};"


def _value(value: Any) -> str:
    return value if isinstance(value, Markup) else escape(value)


def _side(value: Any) -> str | None:
    return "n" if isinstance(value, (int, float)) else None


def _name(value: Any) -> Markup:
    return value if isinstance(value, Markup) else element("i", value)


def _apart(value: Any) -> Markup:
    """Keep the direction of a text from reaching beyond it."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, (int, float)):
        return escape(f"{round(value):,}")
    text = str(value)
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return element("bdi", text)
