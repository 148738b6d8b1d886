"""Letters that look like others."""

from __future__ import annotations

import pytest

from frontline.gazetteer import Gazetteer
from frontline.gazetteer.homoglyphs import to_latin
from frontline.gazetteer.names import fold
from frontline.locality import locate, parse

# By code points, from the Unicode charts: what a capital and a small letter look like.
CAPITALS = {
    "\u0391": "A", "\u0392": "B", "\u0395": "E", "\u0396": "Z", "\u0397": "H", "\u0399": "I",
    "\u039a": "K", "\u039c": "M", "\u039d": "N", "\u039f": "O", "\u03a1": "P", "\u03a4": "T",
    "\u03a5": "Y", "\u03a7": "X", "\u0410": "A", "\u0412": "B", "\u0415": "E",
    "\u041a": "K", "\u041c": "M", "\u041d": "H", "\u041e": "O", "\u0420": "P", "\u0421": "C",
    "\u0422": "T", "\u0423": "Y", "\u0425": "X", "\u0406": "I", "\u0408": "J", "\u0405": "S",
    "\u051a": "Q", "\u051c": "W", "\uff28": "H", "\U0001d407": "H", "\U0001d5a7": "H",
}  # fmt: skip
SMALL = {
    "\u03b1": "a", "\u03bf": "o", "\u03bd": "v", "\u03c1": "p", "\u03b9": "i", "\u03ba": "k",
    "\u03b7": "n", "\u03c5": "u", "\u03c7": "x", "\u0430": "a", "\u0435": "e",
    "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y", "\u0445": "x", "\u0456": "i",
    "\u0458": "j", "\u0455": "s", "\u0501": "d", "\u04bb": "h", "\u051b": "q", "\u051d": "w",
    "\uff41": "a", "\U0001d41a": "a", "\U0001d4ea": "a",
}  # fmt: skip


@pytest.mark.parametrize(("letter", "latin"), [*CAPITALS.items(), *SMALL.items()])
def test_a_word_of_two_alphabets_is_the_latin_one(letter, latin):
    assert fold(f"{letter}zzf") == fold(f"{latin}zzf")


@pytest.mark.parametrize(
    "written",
    ["\u0397ama", "H\u03b1m\u03b1", "\uff28\uff41\uff4d\uff41", "\U0001d407ama", "\u041dama"],
)
def test_hama_however_it_is_disguised(written):
    assert Gazetteer.bundled().place(written).name == "Hama"
    assert locate(f"5 km north of {written}").features[0].name == "Hama"


def test_words_of_the_grammar_are_read_through_the_disguise():
    assert parse("5 km n\u03bfrth \u03bff Hama", lang="en").azimuth_deg == 0.0
    assert parse("5 \u03bam north of Hama", lang="en").distance_m == 5_000.0


def test_words_of_one_alphabet_stay_as_they_are():
    for text in ("\u0391\u03b8\u03ae\u03bd\u03b1", "\u0425\u0430\u043c\u0430", "Hama", "Ham\u0101"):
        assert to_latin(text) == text
    mixed = "\u0425\u0430\u043c\u0430 and Hama"
    assert to_latin(mixed) == mixed
    assert to_latin("\u041dama", only_greek=True) == "\u041dama"
