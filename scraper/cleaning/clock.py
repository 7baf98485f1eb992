"""Reads the time of day beside a date: «۱۲:۳۰», «ساعت ۸ و ۳۰ دقیقه صبح», «04:05 pm».

All texts here are folded (archive.text.fold).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from typing import NamedTuple

_HALF = (
    r"[ap]\.?m\b|ق\.?\s?ظ|ب\.?\s?ظ|قبل\s?از\s?ظهر|بعد\s?از\s?ظهر|نیمه\s?شب|بامداد|صبح|ظهر|عصر|شب"
)
CLOCK = re.compile(
    r"(?<![\d:+-])(?P<hour>\d{1,2})\s?:\s?(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2}))?(?:\.\d+)?\s*"
    rf"(?P<behind>z(?!\w)|[+-]\d{{2}}:?\d{{2}}(?!\d)|{_HALF})?"
)
"""A time in digits, with what stands behind it: a time zone, or the half of the day."""
_SPOKEN = re.compile(
    r"ساعت\s*:?\s*(?P<hour>\d{1,2})(?:\.(?P<dotted>\d{2})(?!\d)|\s?و\s?(?P<minute>\d{1,2})\s?دقیقه)"
    rf"\s*(?P<behind>{_HALF})?"
)
# Words before the length of a film or of reading.
_LENGTH = re.compile(r"(?:مدت|طول|مطالعه|خواندن|فیلم|ویدیو|ویدئو|صوت|duration|length)[\s:]*$")
_AFTERNOON = ("pm", "بظ", "بعدازظهر", "عصر")
_MORNING = ("am", "قظ", "قبلازظهر", "صبح", "بامداد", "نیمهشب")
_EVENING, _LATE_NOON = 6, 4


class TimeOfDay(NamedTuple):
    """How long after midnight, and the time zone's offset if the text has one."""

    since_midnight: timedelta
    offset: timezone | None


def time_of_day(*texts: str) -> TimeOfDay | None:
    """The first real time of day in the first of `texts` that has one.

    >>> time_of_day("ساعت 8 و 30 دقیقه عصر").since_midnight
    datetime.timedelta(seconds=73800)
    """
    return next((time for text in texts for time in _times(text)), None)


def _times(text: str) -> Iterator[TimeOfDay]:
    for found in (*CLOCK.finditer(text), *_SPOKEN.finditer(text)):
        said = found.groupdict()
        minute = int(said["minute"] or said["dotted"])
        hour = _hour(int(said["hour"]), re.sub(r"[.\s]", "", said["behind"] or ""))
        second = int(said.get("second") or 0)
        if hour > 23 or minute > 59 or second > 59 or _LENGTH.search(text, 0, found.start()):
            continue
        since = timedelta(hours=hour, minutes=minute, seconds=second)
        yield TimeOfDay(since, _offset(said["behind"] or ""))


def _hour(hour: int, half: str) -> int:
    """The hour of 24: «۸ شب» is 20, «۱۲ شب» is 0 and «۱ شب» is 1."""
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    if half == "شب" and _EVENING <= hour < 12:
        return hour + 12
    if half == "ظهر" and hour < _LATE_NOON:
        return hour + 12
    return 0 if half in (*_MORNING, "شب") and hour == 12 else hour


def _offset(text: str) -> timezone | None:
    if text == "z":
        return UTC
    if text[:1] not in ("+", "-"):
        return None
    digits = text[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if text[0] == "-" else shift) if shift < timedelta(hours=24) else None
