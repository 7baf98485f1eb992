"""Finds desk codes: the numbers and initials of the desks that an agency's dispatch went through.

They stand alone on a last line or behind the last full stop: «۹۹۲۳**۶۰۸۱», «۲۳۰/۱۴۱», «م/۴۰». A
date, a score, a phone number, a price or a year is no desk code, nor is a number at the end of a
sentence.
"""

from __future__ import annotations

import re

from archive.text.fold import fold

_LONGEST = 40
_MOST_PARTS = 6
_LETTER = "[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06ccA-Za-z]"
_PART = re.compile(rf"\d{{1,8}}|{_LETTER}(?:[.\u200c]{_LETTER})?(?!{_LETTER})")
_WORD = re.compile(_LETTER * 2)
_BETWEEN = re.compile(r"[\s/\\*|.,،\-–—_()\[\]\u200c]*")
_STRONG = re.compile(r"[/\\*|]")
_LABELLED = re.compile(
    r"\W*کد\s?(?:خبرنگار|دبیر|گزارشگر|ویراستار|نویسنده|سرویس|عکاس|مترجم|میز|تحریریه)"
    r"(?:ی|ان)?\s*\W*\s*(?P<code>.{1,30})$"
)
# A word of two letters at least, its full stop, and what may be a code; «ش. ۱۲۳۴» has no word.
_GLUED = re.compile(
    rf"(?:(?<={_LETTER}{_LETTER})[.!؟…]|(?<={_LETTER})[»)][.!؟]?|(?<=[.!؟…])»|(?<=[»)])\.)"
    r"[ \u200c\n]*(?P<code>[^\u200c\n]{2,40})$"
)
_END = 45


def is_code(line: str) -> bool:
    """Whether a line is nothing but a desk code.

    >>> is_code("۷۳۸۸* ۶۱۰۱"), is_code("۱۴۰۵/۸/۳۰"), is_code("۰۲۱-۷۶۳۲۰۰۰۰")
    (True, False, False)
    """
    if len(line) > _LONGEST or not any(c.isalnum() for c in line):
        return False
    if _WORD.search(line):
        labelled = _LABELLED.match(fold(line))
        return labelled is not None and any(character.isdigit() for character in labelled["code"])
    parts = _parts(line)
    if not parts or len(parts) > _MOST_PARTS:
        return False
    numbers = [part for part in parts if part.isdigit()]
    initials = [part for part in parts if not part.isdigit()]
    if _STRONG.search(line):
        return _is_parted(numbers, initials, line)
    return _is_bare(numbers, initials, line)


def behind_end(text: str) -> int | None:
    """Where in `text` a desk code begins right behind the last sentence; None without one."""
    tail = text[-_END:]
    if not tail[-1:].isdigit() and not _STRONG.search(tail):
        return None
    found = _GLUED.search(tail)
    if found is None or not is_code(found["code"]):
        return None
    # Behind a quotation or a bracket a bare number belongs to it: «بند «ب» ۱۲۳۴».
    if tail[found.start()] in "»)" and not _STRONG.search(found["code"]):
        return None
    return len(text) - len(tail) + found.start("code")


def _parts(line: str) -> list[str]:
    """The numbers and initials of a line; none when anything else is in it."""
    parts: list[str] = []
    text, at = _latin(line.strip()), 0
    while at < len(text):
        at = _skip(text, at)
        found = _PART.match(text, at)
        if found is None:
            return parts if at >= len(text) else []
        parts.append(found[0])
        at = found.end()
    return parts


def _skip(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _latin(text: str) -> str:
    return "".join(str(int(c)) if c.isdigit() and c.isdecimal() else c for c in text)


def _is_parted(numbers: list[str], initials: list[str], line: str) -> bool:
    """Whether parts with slashes or stars between them are a code; dates, decimals and phone
    numbers have slashes, too."""
    if not numbers:
        return all(len(part) == 1 for part in initials) and len(initials) > 1
    if _is_phone(numbers) or _is_date(numbers):
        return False
    if initials or "*" in line:
        return True
    if len(numbers) == 1:
        return len(numbers[0]) > 1
    return min(map(len, numbers)) > 1 and max(map(len, numbers)) > 2


def _is_bare(numbers: list[str], initials: list[str], line: str) -> bool:
    """Whether parts with only blanks between them are a code: «۲۷۲۱۵», «۷۳۸۸ ۶۱۰۱», «ت ۱۰۰»."""
    if any(dash in line for dash in "-–—_.,،()"):
        return False
    if initials:
        single = len(numbers) == 1 and len(numbers[0]) > 1
        return single and "و" not in initials and len(initials) == 1
    usual = all(4 <= len(n) <= 6 and not _is_year(n) and n[0] != "0" for n in numbers)
    return usual and len(numbers) <= 2


def _is_phone(numbers: list[str]) -> bool:
    return any(n[0] == "0" and len(n) > 2 for n in numbers) and sum(map(len, numbers)) > 6


def _is_date(numbers: list[str]) -> bool:
    if all(_is_year(n) for n in numbers):
        return True
    years = [n for n in numbers if _is_year(n)]
    days = [n for n in numbers if len(n) <= 2]
    return len(numbers) == 3 and len(days) >= 2 and (len(years) == 1 or len(days) == 3)


def _is_year(number: str) -> bool:
    return len(number) == 4 and (1200 <= int(number) <= 1500 or 1700 <= int(number) <= 2100)
