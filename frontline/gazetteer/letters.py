"""Which of many keys share enough letters with one to be like it at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_BINS = 32
_MOST = 255
_WHOLE = 100.0


class Letters:
    """How often each letter stands in each of many texts.

    Letters are counted in 32 bins, whatever their alphabet: two in one bin can only make texts
    look more alike, so none is missed.

    Parameters
    ----------
    texts
        What is looked through.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._lengths = np.array([len(text) for text in texts], dtype=np.int64)
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
        at = np.repeat(np.arange(len(texts)), self._lengths) + (codes % _BINS) * len(texts)
        counts = np.bincount(at.astype(np.int64), minlength=_BINS * len(texts))
        self._counts = np.minimum(counts, _MOST).astype(np.uint8).reshape(_BINS, len(texts))

    def likely(self, text: str, least: float) -> list[str]:
        """Return, in their order, the texts whose likeness to one may reach a percentage.

        The likeness of rapidfuzz's ``fuzz.ratio`` is twice the letters in common, in order, by
        the letters of both; without their order it can only be more.

        Examples
        --------
        >>> Letters(["hama", "homs", "salamiya"]).likely("hamah", 70)
        ['hama']
        """
        if len(text) > _MOST:
            return list(self._texts)
        own = np.bincount([ord(each) % _BINS for each in text], minlength=_BINS)
        shared = np.zeros(len(self._texts), dtype=np.uint8)
        for letter in np.flatnonzero(own):
            shared += np.minimum(self._counts[letter], np.uint8(own[letter]))
        enough = 2 * _WHOLE * shared >= least * (self._lengths + len(text)) - 1e-6
        texts = self._texts
        return [texts[number] for number in np.flatnonzero(enough).tolist()]
