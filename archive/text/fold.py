"""A common spelling of texts, for comparing and searching only; and text that can be stored.

    >>> fold("مي‌گويند  ۱۲") == fold("میگویند 12")
    True

Persian pages spell one word in many ways: Arabic or Persian ye and kaf, three sets of
digits, half-spaces kept or lost, harakat, tatweel. Texts that differ only in this are the same
text to a reader, so they fold to the same string. A stored text is never folded.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
_LETTERS = (
    ("ي", "ی"),  # Arabic ye
    ("ى", "ی"),  # alef maksura
    ("ك", "ک"),  # Arabic kaf
    ("ۀ", "ه"),  # he with hamza, also spelt in two characters or not at all
    ("ة", "ه"),
)
_DIGITS = tuple((chr(first + n), str(n)) for first in (0x06F0, 0x0660) for n in range(10))
_OTHER_DIGIT = re.compile("[\u06f0-\u06f9\u0660-\u0669]")
# Harakat, hamza above, tatweel, half-spaces and joiners, direction marks, soft hyphen, BOM.
_DROPPED = re.compile(
    "[\u064b-\u065f\u0670\u0640\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\u00ad\ufeff]+"
)
# Only in a text with one of these does NFKC change anything that is not dropped: characters of
# other blocks, Koranic marks, and the hamza and madda that join a letter. Without NFKC folding
# takes a third of the time.
_COMPATIBLE = re.compile(
    "[^\0-\x7f«»\u0600-\u060f\u061b-\u0652\u0656-\u0674\u0679-\u06d5\u06ee-\u06ff\u200b-\u200f"
    "\u2013\u2014\u2018-\u201d]"
)
_NOT_ALNUM = re.compile(r"[\W_]+")
_PARAGRAPH = 2000
_SURROGATE = re.compile("[\ud800-\udfff]")


def _folded(text: str) -> str:
    """`text` folded, with any characters in it."""
    if _COMPATIBLE.search(text):
        # NFKC turns the presentation forms of old editors («ﺳﻼﻡ») into letters.
        text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        for found, common in _LETTERS:
            text = text.replace(found, common)
        if _OTHER_DIGIT.search(text):
            for found, common in _DIGITS:
                text = text.replace(found, common)
        text = _DROPPED.sub("", text)
    return " ".join(text.split()).casefold()


# The characters of nearly every text, as a code page: a character's place in it is its byte.
# Folding bytes by a table takes a quarter of the time. No character here changes its neighbour.
PAGE = "".join(
    chr(code)
    for first, last in (
        (0x00, 0x7F),
        (0xA0, 0xA0),
        (0x0621, 0x063A),
        (0x0640, 0x0652),
        (0x0660, 0x0669),
        (0x06F0, 0x06F9),
        (0x200B, 0x200F),
    )
    for code in range(first, last + 1)
)
PAGE += "پچژکگیۀ«»،؛؟٪٫٬–—‘’“”"
# str.split splits at these, too, bytes.split does not.
_BLANKS = bytes.maketrans(b"\x1c\x1d\x1e\x1f\x80", b"     ")
_CODES = codecs.charmap_build(PAGE)
DROPPED_BYTES = bytes(byte for byte, found in enumerate(PAGE) if _DROPPED.match(found))
"""The codes of the characters that folding drops."""
# Folded between two letters, since a blank alone would be stripped.
_FOLDED = "".join(_folded(f"a{found}a")[1:-1] or found for found in PAGE)
_SQUASHED_BYTES = DROPPED_BYTES + bytes(
    byte for byte, found in enumerate(_FOLDED) if _NOT_ALNUM.match(found)
)


def remembered(answer: Callable[[str], T]) -> Callable[[str], T]:
    """`answer`, which remembers what it gave for paragraphs: several steps ask for the same ones,
    and all pages of a site have its menus. What is longer would fill the memory."""
    kept = lru_cache(maxsize=1024)(answer)

    @wraps(answer)
    def given(text: str) -> T:
        return kept(text) if len(text) <= _PARAGRAPH else answer(text)

    return given


@remembered
def fold(text: str) -> str:
    """`text` in the common spelling: letters, digits, no half-spaces, single blanks, lower case."""
    try:
        data = coded(text)
    except UnicodeEncodeError:
        return _folded(text)
    words = data.translate(_BLANKS, DROPPED_BYTES).split()
    folded, _ = codecs.charmap_decode(b" ".join(words), "strict", _FOLDED)
    return folded


def coded(text: str) -> bytes:
    """`text` by the code page `PAGE`; UnicodeEncodeError if another character is in it."""
    # The hamza of «هٔ» is only dropped; with other letters it may make another letter.
    data, _ = codecs.charmap_encode(text.replace("هٔ", "ه"), "strict", _CODES)
    return data


def well_formed(text: str) -> str:
    """`text` with every lone surrogate replaced by U+FFFD. JSON escapes and command lines may
    hold surrogates, but neither UTF-8 nor SQLite takes them."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def utf8(text: str) -> bytes:
    """`text` as UTF-8, well formed."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return well_formed(text).encode()


@remembered
def squash(text: str) -> str:
    """`fold` without blanks and punctuation: «شبکه های» and «شبکه‌های» become one."""
    try:
        data = coded(text)
    except UnicodeEncodeError:
        return _NOT_ALNUM.sub("", _folded(text))
    squashed, _ = codecs.charmap_decode(data.translate(None, _SQUASHED_BYTES), "strict", _FOLDED)
    return squashed
