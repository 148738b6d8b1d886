"""A mention: what one row of `Reading.mentions` says, before it is laid onto the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frontline.gazetteer.model import Place
    from frontline.locality.model import Locality


@dataclass(frozen=True, slots=True)
class Mention:
    """A locality or a feature in running text.

    Attributes
    ----------
    start, end
        Its span in the text as given.
    kind
        A kind of locality; None if what it starts from is not named.
    lang
        Code of the sentence's language.
    at, last
        Its first and last word.
    names
        The features as named, endings off.
    places
        The places they mean; empty where that is not known.
    locality
        What the grammar read, None for a plain feature.
    reason
        Why it cannot be placed, None if it can.
    """

    start: int
    end: int
    kind: str | None
    lang: str
    at: int
    last: int
    names: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    locality: Locality | None = None
    reason: str | None = None
