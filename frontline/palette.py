"""The colours of the actors.

The default is the palette of Okabe and Ito, made for readers who do not tell red from green, with
amber in the place of its yellow (which is too faint on white) and without its vermilion, so that no
two sides are ever told apart as red against green.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from frontline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BLUE", "NOBODY", "OKABE_ITO", "ORANGE", "checked_colour", "colours"]

OKABE_ITO: tuple[str, ...] = (
    "#0072B2",
    "#E69F00",
    "#CC79A7",
    "#56B4E9",
    "#F5C710",
    "#009E73",
    "#4D4D4D",
)
"""Blue, orange, purple, sky blue, amber, green, dark grey, in the order of giving out."""

BLUE, ORANGE = OKABE_ITO[:2]

_SHADE = 0.4  # of black or white in the shades that follow when the palette is given out

NOBODY = "#8A8F94"
"""The grey of land that nobody is known to hold."""

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


def checked_colour(text: str, *, what: str) -> str:
    """Return a colour written as ``#rrggbb``, or say what is wrong with it.

    Raises
    ------
    InputError
        If `text` is anything but a hash and six hexadecimal digits.

    Examples
    --------
    >>> checked_colour("#0072b2", what="the colour of A")
    '#0072B2'
    """
    if not _HEX.fullmatch(text.strip()):
        raise InputError(f"{what} is {text!r}; write it as #rrggbb, for instance {OKABE_ITO[0]!r}")
    return text.strip().upper()


def colours(actors: Sequence[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give every actor a colour.

    Parameters
    ----------
    actors : sequence of str
        In the order in which the palette is given out; the largest area first.
    given : mapping of str to str, optional
        Colours already settled, as ``#rrggbb``.

    Returns
    -------
    dict of str to str
        A colour per actor, each another one than those given. After seven come the same colours
        darker, then lighter, twenty in all; only after those does the palette start again.

    Examples
    --------
    >>> colours(["A", "B"], {"B": "#000000"})
    {'A': '#0072B2', 'B': '#000000'}
    >>> colours([])
    {}
    """
    settled = {
        name: checked_colour(colour, what=f"the colour of {name!r}")
        for name, colour in (given or {}).items()
    }
    taken = {settled[name] for name in actors if name in settled}
    every = _palette()
    free = [colour for colour in every if colour not in taken] or every
    out: dict[str, str] = {}
    turn = 0
    for name in actors:
        if name in settled:
            out[name] = settled[name]
        else:
            out[name] = free[turn % len(free)]
            turn += 1
    return out


def _palette() -> list[str]:
    """Return the palette and its shades: darker, then lighter (the grey would be `NOBODY` then)."""
    darker = [_mixed(colour, 0) for colour in OKABE_ITO]
    lighter = [_mixed(colour, 255) for colour in OKABE_ITO[:-1]]
    return [*OKABE_ITO, *darker, *lighter]


def _mixed(colour: str, other: int) -> str:
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(c + _SHADE * (other - c)):02X}" for c in channels)
