"""fold(): one spelling for comparing and searching, never for what is stored; and
well_formed(): what can be stored at all.

>>> fold("كتاب‌هاي ۱۲")
'کتاب های 12'
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا",
        "آ": "ا", "ٱ": "ا", "ؤ": "و", "ـ": None, "\u200c": " ", "\u200d": None,
        **{digit: str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")},
        **{digit: str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")},
    }
)  # fmt: skip
_MARKS = re.compile("[\u064b-\u065f\u0670\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def well_formed(text: str) -> str:
    """`text` with every lone surrogate as U+FFFD: JSON escapes and command lines can bring
    them, but neither UTF-8 nor SQLite takes them."""
    return _SURROGATE.sub("\ufffd", text)


def fold(text: str) -> str:
    """`text` with one form a letter and digit, without harakat, tatweel and bidi marks,
    half-spaces as blanks and runs of white space as one."""
    plain = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    return " ".join(_MARKS.sub("", plain).split())
