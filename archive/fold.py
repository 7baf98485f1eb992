"""A common spelling for comparing and searching, never applied to what is stored; and what
can be stored at all.

    >>> fold("مي‌گويند  ۱۲") == fold("میگویند 12")
    True

Persian pages spell one word in many ways: Arabic or Persian ye and kaf, three sets of
digits, half-spaces kept or lost, harakat, tatweel. Two texts that differ in nothing else
are the same text to a reader, so they fold to the same string.
"""

from __future__ import annotations

import re
import unicodedata

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
# Without these compatibility form changes nothing but the order of marks that are dropped, and
# folding takes half the time: characters of other blocks, Koranic marks, letters that take a
# hamza or madda, perhaps behind harakat.
_COMPATIBLE = re.compile(
    "[^\0-\x7f«»\u0600-\u060f\u061b-\u0674\u0679-\u06d5\u06ee-\u06ff\u200b-\u200f\u2013\u2014"
    "\u2018-\u201d]|[\u0622-\u0627\u0648\u064a\u06c0-\u06c2\u06d2\u06d3\u06d5]"
    "[\u064b-\u065f\u0670]*[\u0653-\u0655]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def fold(text: str) -> str:
    """`text` in the common spelling: letters, digits, no half-spaces, single blanks, lower case."""
    if _COMPATIBLE.search(text):
        # Compatibility form turns the presentation forms of old editors («ﺳﻼﻡ») into letters.
        text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        for found, common in _LETTERS:
            text = text.replace(found, common)
        if _OTHER_DIGIT.search(text):
            for found, common in _DIGITS:
                text = text.replace(found, common)
        text = _DROPPED.sub("", text)
    return " ".join(text.split()).casefold()


def well_formed(text: str) -> str:
    """`text` with every lone surrogate as U+FFFD: JSON escapes and command lines can bring
    them, but neither UTF-8 nor SQLite takes them."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
