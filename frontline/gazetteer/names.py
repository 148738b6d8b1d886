# ruff: noqa: RUF001, RUF002  (letters that look alike are the subject of this module)
"""One place, many spellings: folding, keys and consonant skeletons of names.

Three views of a name, each coarser than the one before:

``fold``
    the text without case, marks, quotes, hyphens and invisible characters;
``key``
    the folded words without articles, with the common transliteration variants of words
    such as *Tall*, *Kafr* or *Shaykh* written one way, joined without spaces;
``skeletons``
    the consonants alone, the same for Latin and Arabic script.

Names are equal for the lookup when their keys are; skeletons only propose candidates.
"""

from __future__ import annotations

import re
import unicodedata

from frontline.gazetteer.homoglyphs import to_latin

# Letters that Unicode does not take apart, as ASCII.
_LETTERS = str.maketrans(
    {
        "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ə": "a", "ħ": "h", "æ": "ae", "œ": "oe",
        "þ": "th", "ð": "d", "ŋ": "n", "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "", "ˈ": "", "ʹ": "",
        "ˊ": "", "ʽ": "", "ـ": "", "ء": "", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك",
        "ڪ": "ك", "ھ": "ه", "ہ": "ه", "ە": "ه", "ٱ": "ا", "گ": "ك", "پ": "ب", "چ": "ج", "ژ": "ز",
        "ڤ": "ف",
    }
)  # fmt: skip

# Apostrophes and quotes inside a word vanish (Nu'man); every other mark parts words.
_QUOTES = str.maketrans(
    dict.fromkeys(
        "'`\"\u00b4\u2018\u2019\u201b\u2032\u02cb\u02ba\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a",
        "",
    )
)

_GAP = re.compile(r"[\W_]+")
_ARABIC = re.compile(r"[\u0620-\u06ff]")

_ARTICLE_AND_LETTER, _SHORT = 3, 4
# Where names are written in Arabic, and Latin spellings are transliterations that vary.
ARABIC_COUNTRIES = frozenset(
    "AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TD TN YE".split()
)
_MOST_WORDS, _MOST_READINGS = 12, 8
_FEW = 2
_ARTICLES = frozenset(("al", "el", "ul", "il", "эль", "аль", "ель"))
# As-Safira, Ed-Dana, Ez-Zor: the article takes the sound of the sun letter that follows.
_ASSIMILATED = re.compile(r"^(?:[aeiu](dh|th|sh|ch|[dtnrszl])|[эеа]([дтнрсзлш]))$")
_GLUED = re.compile(r"^[ae](dh|th|sh|[dtnrszl])(?=\1)")

_VARIANTS = {
    "tall": "tall tell tal tel til tall",
    "tallat": "tallat tallet telat talat tellet",
    "jabal": "jabal jebel jabel jebal jbel djebel djabal gebel gabal mount mt mont",
    "kafr": "kafr kfar kafar kefr kfr kefer kfer",
    "bayt": "bayt beit bait beyt bet",
    "ayn": "ayn ain ein aayn",
    "dayr": "dayr deir dair deyr dir",
    "abu": "abu abou abo",
    "umm": "umm um oum omm om",
    "shaykh": "shaykh sheikh shaikh sheik cheikh sheykh shekh shaik",
    "qalat": "qalat qalaat qalaa kalaat qalet",
    "wadi": "wadi ouadi",
    "burj": "burj borj bourj burdj",
    "qasr": "qasr kasr",
    "bir": "bir beer",
    "jisr": "jisr jisir djisr",
    "jubb": "jubb jub joub",
    "ras": "ras raas",
    "khirbat": "khirbat khirbet kherbet khurbat khirba khirbah",
    "maarrat": "maarrat maarat maaret maarret marrat",
    "nahr": "nahr nahir",
}  # fmt: skip
_TRAILING = {"mountain": "jabal", "mountains": "jabal", "hill": "tall", "hills": "tall"}
_CANONICAL = {
    spelling: word for word, spellings in _VARIANTS.items() for spelling in spellings.split()
}

_DIGRAPHS = re.compile(r"kh|gh|sh|ch|th|dh|dj|tch|ph|[a-z]")
_CONSONANTS = (
    dict.fromkeys("aeiouyw", "")
    | {"kh": "x", "gh": "g", "sh": "$", "ch": "$", "tch": "$", "th": "t", "dh": "d", "dj": "j"}
    | {"ph": "f", "q": "k", "c": "k", "p": "b", "v": "f"}
)
_ARABIC_CONSONANTS = dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "bttjhxddrzs$sdtzgfkklmnh", strict=True))


def fold(text: str) -> str:
    """Strip a name of everything that does not tell names apart.

    Compatibility forms, case, combining marks, Arabic harakat and tatweel, alef, yeh and
    heh variants, apostrophes, hyphens, zero-width and bidirectional controls go; words are
    parted by one space. Folding is idempotent.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        The folded name; empty if no letter or digit is left.

    Examples
    --------
    >>> fold("Ḩamāh"), fold("Ma‘arrat an-Nu‘mān"), fold("حَمـَاة") == fold("حماه")
    ('hamah', 'maarrat an numan', True)
    """
    folded = _fold_once(text)
    while not folded.isascii() and (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(text: str) -> str:
    if text.isascii():
        return _GAP.sub(" ", text.lower().translate(_QUOTES)).strip()
    text = to_latin(unicodedata.normalize("NFKC", text))  # a Greek Eta is an H while it is large
    text = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        _as_digit(char)
        for char in text
        if unicodedata.category(char) not in ("Mn", "Me", "Cf", "Cs")
    )
    text = "".join(kept).translate(_LETTERS).translate(_QUOTES)
    return unicodedata.normalize("NFKC", _GAP.sub(" ", text).strip())


def _as_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def words(folded: str) -> list[str]:
    """Split a folded name into its words, without articles and with variants written one way.

    Parameters
    ----------
    folded : str
        What `fold` returned.

    Returns
    -------
    list of str

    Examples
    --------
    >>> words("deir ez zor"), words("tell al sultan"), words("الزربه")
    (['dayr', 'zor'], ['tall', 'sultan'], ['زربه'])
    """
    raw = folded.split(" ") if folded else []
    out: list[str] = []
    for word, following in zip(raw, [*raw[1:], ""], strict=False):
        if following and (word in _ARTICLES or _is_assimilated(word, following)):
            continue
        bare = _without_article(word, first=not out)
        out.append(_CANONICAL.get(bare, bare))
    if len(out) > 1 and out[-1] in _TRAILING:  # "Zayn al-Abidin mountain" is a Jabal
        out = [_TRAILING[out[-1]], *out[:-1]]
    if out[-2:] == ["air", "base"]:
        out[-2:] = ["airbase"]
    return out


def has_article(folded: str) -> bool:
    """Tell whether a folded name begins with the Arabic article.

    Examples
    --------
    >>> has_article("al hamah"), has_article("ar raqqah"), has_article("hama")
    (True, True, False)
    """
    word, _, rest = folded.partition(" ")
    if word.startswith("ال"):
        return len(word) > _ARTICLE_AND_LETTER
    return bool(rest) and (word in _ARTICLES or _is_assimilated(word, rest))


def _without_article(word: str, *, first: bool) -> str:
    """Return a word without an article written onto it: الزور, and (not at first) Ezzor."""
    if word.startswith("ال") and len(word) > _ARTICLE_AND_LETTER:
        return word[2:]
    return word if first or len(word) <= _SHORT else _GLUED.sub("", word)


def _is_assimilated(word: str, following: str) -> bool:
    match = _ASSIMILATED.match(word)
    return match is not None and following.startswith(match[1] or match[2])


def key(text: str) -> str:
    """Return the key under which a name is looked up.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    str
        Empty if the text holds no letter or digit.

    Examples
    --------
    >>> key("Ar-Raqqah"), key("Raqqa"), key("Deir Ezzor") == key("Deir ez-Zor")
    ('raqqa', 'raqqa', True)
    >>> key("حماة") == key("حماه"), key("Hamad") == key("Hamah")
    (True, False)
    """
    return key_of_words(words(fold(text)))


def key_of_words(parts: list[str]) -> str:
    """Return the key of words that `words` returned."""
    joined = "".join(_one_way(word) for word in parts)
    return joined or "".join(parts)


def _one_way(word: str) -> str:
    if not word.isascii():
        return word
    word = word.replace("ou", "u").replace("oo", "u").replace("ee", "i").replace("dj", "j")
    word = word.replace("iyy", "iy")
    if len(word) >= _SHORT and word[-1] == "h" and word[-2] in "ae":
        word = word[:-1]
    return word


def skeletons(text: str) -> frozenset[str]:
    """Return the consonant skeletons of a name, the same for Latin and Arabic script.

    Articles, vowels, y, w and a final h go, emphatic and plain consonants merge, doubled
    letters count once. A ta marbuta inside a name is read both ways (*Maarra*, *Maarrat*),
    so a name may have two skeletons.

    Parameters
    ----------
    text : str
        A name in any script.

    Returns
    -------
    frozenset of str
        Empty for scripts other than Latin and Arabic.

    Examples
    --------
    >>> sorted(skeletons("Qomhana")), skeletons("قمحانة") == skeletons("Qamhanah")
    (['kmhn'], True)
    >>> bool(skeletons("معرة النعمان") & skeletons("Maarat al-Numan"))
    True
    """
    return skeletons_of_words(words(fold(text)))


def skeletons_of_words(parts: list[str]) -> frozenset[str]:
    """Return the skeletons of words that `words` returned."""
    if not parts or len(parts) > _MOST_WORDS:
        return frozenset()
    found = {""}
    last = len(parts) - 1
    for index, word in enumerate(parts):
        forms = _word_forms(word, final=index == last)
        if not forms:
            return frozenset()
        found = {head + form for head in found for form in forms}
        if len(found) > _MOST_READINGS:  # a name of many constructs: one reading must do
            found = {min(found)}
    found.discard("")
    return frozenset(found)


def _word_forms(word: str, *, final: bool) -> set[str]:
    if _ARABIC.search(word):
        stem = word.removesuffix("ه")
        bones = "".join(
            _ARABIC_CONSONANTS.get(char, char if char.isdigit() else "") for char in stem
        )
        if stem is word or final:
            return {bones}
        return {bones, bones + "t"} if len(bones) > _FEW else {bones + "t"}
    if not word.isascii():
        return set()
    stem = re.sub(r"([a-z])\1+", r"\1", re.sub(r"(kh|gh|sh|th|dh)\1", r"\1", word))
    if len(stem) > _FEW and stem[-1] == "h" and stem[-2] in "ae":
        stem = stem[:-1]
    bones = "".join(
        _CONSONANTS.get(part, part) for part in re.findall(r"\d|" + _DIGRAPHS.pattern, stem)
    )
    if (
        not final
        and len(bones) > _FEW
        and stem != "tallat"
        and stem[-1] == "t"
        and stem[-2] in "aei"
    ):
        return {bones, bones[:-1]}
    return {bones}


def is_arabic(text: str) -> bool:
    """Tell whether a text holds a letter of the Arabic script.

    Examples
    --------
    >>> is_arabic("حماة"), is_arabic("Hama")
    (True, False)
    """
    return _ARABIC.search(text) is not None


_VOWEL_SOUNDS = {"a": "a", "e": "a", "i": "i", "y": "i", "o": "u", "u": "u", "w": "u"}
_ARABIC_SOUNDS = {"ا": "a", "و": "u", "ي": "i"}
_LONG = re.compile(r"([aiu])\1+")


def sounds(name_key: str) -> str:
    """Return how a key sounds, roughly, in letters that Latin and Arabic share.

    Consonants as in the skeleton, but doubled ones kept; a, i and u for the vowels. Arabic
    writes the long ones only.

    Parameters
    ----------
    name_key : str
        What `key` returned.

    Returns
    -------
    str
        Empty for other scripts.

    Examples
    --------
    >>> sounds("qomhana"), sounds("قمحانه"), sounds("saraqib") == sounds("serakyb")
    ('kumhana', 'kmhana', True)
    """
    if _ARABIC.search(name_key):
        ends_open = "a" if name_key.endswith("ه") else ""
        stem = name_key.removesuffix("ه")
        letters = _ARABIC_CONSONANTS | _ARABIC_SOUNDS
        heard = "".join(letters.get(c, c if c.isdigit() else "") for c in stem) + ends_open
    elif name_key.isascii():
        letters = _CONSONANTS | _VOWEL_SOUNDS
        heard = "".join(
            letters.get(part, part) for part in re.findall(r"\d|" + _DIGRAPHS.pattern, name_key)
        )
    else:
        return ""
    return _LONG.sub(r"\1", heard)
