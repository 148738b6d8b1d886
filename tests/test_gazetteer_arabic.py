"""Every Arabic name of the bundled gazetteer, read as a phrase of its own, is that name."""

from __future__ import annotations

import re

import pytest

from frontline.errors import FrontlineError
from frontline.gazetteer import Gazetteer
from frontline.locality import parse
from frontline.locality.tokens import fold, plain

_ARABIC = re.compile(r"[\u0620-\u06ff]")
#: Letters that Arabic does not write, Latin letters, and several names in one.
_OTHER = re.compile(r"[پچژگکیەۆێۇڕڵھہےٹڈڑںې()،,/A-Za-z]")
#: Nouns before a name: "the city of Homs" is Homs.
_NOUNS = frozenset("مدينة قرية ناحية محافظة حي مزرعة تلة منطقه".split())

# Ordinary words ("the city", "the quarter", "in motion", "a volcano"), joined names, units, and
# nouns that single a part out; nothing but the context can tell these.
NOT_ALONE = frozenset(
    {
        "البارقية",
        "الحي",
        "الرام وضاحية البريد",
        "الزاوية",
        "السبع بيار",
        "الشبلي - أم الغنم",
        "الشهداء",
        "الصورة",
        "الطيبة- خنزيرة",
        "الفوج 111",
        "القدس القديمة",
        "القرية البدوية المسلخ",
        "الكعابنه تجمع بدوي",
        "اللواء 52",
        "المدينة",
        "المزرعة",
        "المزرعة الشرقية",
        "المزرعة القبلية",
        "المصدر",
        "النبطية والطهطا",
        "بحركة",
        "برقة",
        "بركان",
        "بركه",
        "بصير",
        "بلعين",
        "بليلا",
        "بيوك",
        "تلمى بيلو",
        "جوبة برغال",
        "حجة",
        "روش بينا",
        "سبع بيار",
        "سروج ومعسكرها",
        "سوف",
        "صور باهر",
        "ضلع بلدن",
        "عرب بينار",
        "عنة",
        "عنة القديمة",
        "عنه الجديدة",
        "غور المزرعة",
        "قسطينة ب",
        "كفار بلوم",
        "كفر بهم",
        "كفر كلا",
        "مدينة عنة الجديدة",
        "مركز بحركة",
        "مركز دارتو",
        "مركز عينكاوة",
        "مركز قضاء القائم",
        "مركز قوشتبة",
        "مركز كسنزان",
        "مركز ناحية خوشان",
        "مزارع النوباني",
        "مزكيرت باتيا",
        "مستودعات خطاب",
        "ميركه سور",
        "ناحية السبع بيار",
        "وان",
    }
)


def _names():
    for place in Gazetteer.bundled():
        for name in place.names:
            if _ARABIC.search(name) and not _OTHER.search(name):
                yield name


def _is_itself(name):
    try:
        found = parse(name, lang="ar")
    except FrontlineError:
        return False
    if found.kind != "feature":
        return False
    said = fold(found.features[0])
    noun, _, rest = name.partition(" ")
    return said == fold(plain(name)) or (noun in _NOUNS and said == fold(plain(rest)))


def test_every_arabic_name_stands_for_itself():
    names = set(_names())
    assert len(names) > 1_800
    wrong = {name for name in names if not _is_itself(name)}
    assert wrong <= NOT_ALONE, sorted(wrong - NOT_ALONE)
    assert len(NOT_ALONE) <= 0.035 * len(names)


@pytest.mark.parametrize(
    "name",
    [
        "بانياس",
        "وادي بردى",
        "بنش",
        "لبنان",
        "كفرنبل",
        "فيق",
        "بصرى",
        "بيروت",
        "بغداد",
        "بعلبك",
        "القريتين",
    ],
)
def test_a_first_letter_that_may_be_a_word_is_the_names_own(name):
    for phrase, kind in (
        (name, "feature"),
        (f"في {name}", "inside"),
        (f"على بعد 5 كم شمال {name}", "offset"),
    ):
        found = parse(phrase, lang="ar")
        assert (found.kind, found.features) == (kind, (name,))


def test_words_written_onto_a_name_are_cut_off_still():
    assert parse("بحماة", lang="ar").features == ("حماة",)
    assert parse("ببيروت", lang="ar").features == ("بيروت",)
