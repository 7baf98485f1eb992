"""What language a text is in: what the page says, if its letters do not deny it."""

from __future__ import annotations

import re

_ARABIC = re.compile("[\u0621-\u06d5]+")
_LATIN = re.compile("[A-Za-z]+")
_PERSIAN = re.compile("[پچژگیک]+")
_ARABIC_SCRIPT = frozenset(("fa", "ar", "ps", "ur", "ckb", "ku", "az", "sd", "ug", "uz", "pnb"))


def of(declared: str | None, text: str) -> str | None:
    """An ISO 639-1 code; `declared` is `<html lang>`. None when page and letters disagree."""
    code = (declared or "").replace("_", "-").partition("-")[0].lower()
    sample = text[:2000]
    arabic, latin = _count(_ARABIC, sample), _count(_LATIN, sample)
    if arabic > latin:
        if code in _ARABIC_SCRIPT:
            return code
        return "fa" if _count(_PERSIAN, sample) * 20 > arabic else "ar"
    if code and code not in _ARABIC_SCRIPT:
        return code
    return code if code and not latin else None


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))
