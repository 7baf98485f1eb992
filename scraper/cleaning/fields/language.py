"""Finds the language of a text by its letters, its commonest words and the page's `lang`."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate

from scraper.cleaning import rules

_ARABIC = re.compile("[\u0621-\u06d5]+")
_LATIN = re.compile(b"[A-Za-z]+")
_PERSIAN = "پچژگیک"
_ARABIC_SCRIPT = frozenset(("fa", "ar", "ps", "ur", "ckb", "ku", "az", "sd", "ug", "uz", "pnb"))
# Letters that only this one of the related languages has, and how many of 100 must be such letters.
_OWN_LETTERS = (
    ("ckb", re.compile("[ێۆڵڕە]"), 8),
    ("ur", re.compile("[ٹڈڑںھےہ]"), 6),
    ("ps", re.compile("[ټډړږښڼځڅۍې]"), 3),
)
# Other languages with these letters, which are believed if the page declares them.
_KIN = {
    "ckb": frozenset(("ku", "ug")), "ur": frozenset(("pnb", "sd")), "ps": frozenset(("ug",)),
}  # fmt: skip
# Languages that are known by their letters or words, so that a declaration alone is no proof.
_TOLD = frozenset(("fa", "ar", "ckb", "ur", "ps"))
_WORD = re.compile("[\u0621-\u06d5]+|[a-z']+")
_PASHTO = "ښېړ"
_PERSIAN_WORDS = (" به ", " از ", " در ", " که ", " را ")
_FEW = 3
_SAMPLE = 1000


def of(declared: str | None, text: str) -> str | None:
    """The language's code of ISO 639. `declared` is the `lang` of `<html>`. None if that and the
    letters of `text` disagree, and its words do not tell."""
    code = (declared or "").replace("_", "-").partition("-")[0].lower()
    sample = text[:_SAMPLE]
    latin = sum(map(len, _LATIN.findall(sample.encode("ascii", "ignore"))))
    # The first words decide it; counting all takes as long as another field.
    counted = accumulate(len(found[0]) for found in _ARABIC.finditer(sample))
    if any(arabic > latin for arabic in counted):
        return _in_arabic_letters(code, sample)
    if code and code not in _ARABIC_SCRIPT:
        return code
    return (code if code and not latin else None) or _by_words(sample, ("en",))


def _in_arabic_letters(code: str, sample: str) -> str:
    # True for nearly every page: counting these words is fast.
    persian = code == "fa" and sum(map(sample.count, _PERSIAN_WORDS)) >= _FEW
    # «به» is a word of Pashto, too.
    if persian and not any(letter in sample for letter in _PASHTO):
        return code
    letters = sum(map(len, _ARABIC.findall(sample)))
    for name, own, least in _OWN_LETTERS:
        if len(own.findall(sample)) * 100 >= least * letters:
            return code if code == name or code in _KIN[name] else name
    if code in _ARABIC_SCRIPT - _TOLD:
        return code
    if told := _by_words(sample, ("fa", "ar")):
        return told
    lettered = sum(map(sample.count, _PERSIAN)) * 20 > letters
    return code if code in _ARABIC_SCRIPT else "fa" if lettered else "ar"


def _by_words(sample: str, codes: tuple[str, ...]) -> str | None:
    """The language whose commonest words the text has: at least three of them, 5 % of all words,
    and three times as many as of the others; else None."""
    found = _WORD.findall(sample.lower())
    count = {code: sum(map(_commonest(code).__contains__, found)) for code in codes}
    most = max(count, key=lambda code: count[code])
    others = sum(count.values()) - count[most]
    enough = count[most] >= max(_FEW, 3 * others) and count[most] * 20 >= len(found)
    return most if enough else None


@cache
def _commonest(code: str) -> frozenset[str]:
    return frozenset(rules.load("fields/fields")["commonest"][code].split())
