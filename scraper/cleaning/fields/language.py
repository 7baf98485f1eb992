"""The language of a text: what the page declares, unless the letters are of another one."""

from __future__ import annotations

import re
from itertools import accumulate

_ARABIC = re.compile("[\u0621-\u06d5]+")
_LATIN = re.compile(b"[A-Za-z]+")
_PERSIAN = "پچژگیک"
_ARABIC_SCRIPT = frozenset(("fa", "ar", "ps", "ur", "ckb", "ku", "az", "sd", "ug", "uz", "pnb"))


def of(declared: str | None, text: str) -> str | None:
    """An ISO 639-1 code; `declared` is `<html lang>`. None when page and letters disagree."""
    code = (declared or "").replace("_", "-").partition("-")[0].lower()
    sample = text[:2000]
    latin = sum(map(len, _LATIN.findall(sample.encode("ascii", "ignore"))))
    # The first words decide it; counting them all would take as long as any other field.
    counted = accumulate(len(found[0]) for found in _ARABIC.finditer(sample))
    if any(arabic > latin for arabic in counted):
        if code in _ARABIC_SCRIPT:
            return code
        arabic = sum(map(len, _ARABIC.findall(sample)))
        return "fa" if sum(map(sample.count, _PERSIAN)) * 20 > arabic else "ar"
    if code and code not in _ARABIC_SCRIPT:
        return code
    return code if code and not latin else None
