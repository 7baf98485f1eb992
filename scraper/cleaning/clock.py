"""Reads the time of day beside a date: «۱۲:۳۰», «ساعت ۸ و ۳۰ دقیقه صبح», «04:05 pm».

All texts here are folded (archive.text.fold).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from typing import NamedTuple

# WordPress's «ب.ظ», which plugins for Persian digits print as «ب٫ظ».
_NOON = r"[ap]\.?m\b|[قب][.٫]?\s?ظ|(?:قبل|بعد)\s?از\s?ظهر"
_HALF = rf"{_NOON}|نیمه\s?شب|بامداد|صبح|ظهر|عصر|شب"
# What stands behind a day may begin with a dash: «1404/06/04-12:30».
CLOCK = re.compile(
    r"(?:(?<![\d:+-])|(?<=^-))(?P<hour>\d{1,2})\s?:\s?(?P<minute>\d{2})(?!\d)"
    r"(?::(?P<second>\d{2}))?(?:\.\d+)?\s*"
    rf"(?P<behind>(?:gmt|utc)?[+-]\d{{2}}:?\d{{2}}(?!\d)|(?:gmt|utc|z)(?!\w)|\+\d{{2}}(?![\w:/.-])|{_HALF})?"
)
"""A time in digits, with what stands behind it: a time zone, or the half of the day."""
_SPOKEN = re.compile(
    r"ساعت\s*:?\s*(?P<hour>\d{1,2})(?:\.(?P<dotted>\d{2})(?!\d)|\s?و\s?(?P<minute>\d{1,2})\s?دقیقه)"
    rf"\s*(?P<behind>{_HALF})?"
)
# Words before the length of a film or of reading.
# The half of the day may stand before its time, too: «بعدازظهر ۴:۰۵».
_BEFORE = re.compile(rf"(?:{_NOON})\s*$")
_LENGTH = re.compile(r"(?:مدت|طول|مطالعه|خواندن|فیلم|ویدیو|ویدئو|صوت|duration|length)[\s:]*$")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})?$")
_AFTERNOON = ("pm", "بظ", "بعدازظهر", "عصر")
_MORNING = ("am", "قظ", "قبلازظهر", "صبح", "بامداد", "نیمهشب")
_EVENING, _LATE_NOON = 6, 4
# The longest half of a day with its blanks, in characters.
_SPAN = 16


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
        half = said["behind"] or _half_before(text, found.start())
        hour = _hour(int(said["hour"]), re.sub(r"[.٫\s]", "", half))
        second = int(said.get("second") or 0)
        if hour > 23 or minute > 59 or second > 59 or _LENGTH.search(text, 0, found.start()):
            continue
        since = timedelta(hours=hour, minutes=minute, seconds=second)
        yield TimeOfDay(since, _offset(said["behind"] or ""))


def _half_before(text: str, start: int) -> str:
    found = _BEFORE.search(text, max(0, start - _SPAN), start)
    return found[0] if found else ""


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
    """The time zone behind a time: «z», «gmt», «+0330», «utc+03:30», «+00»."""
    sign = _OFFSET.search(text)
    if sign is None:
        return UTC if text in ("z", "gmt", "utc") else None
    shift = timedelta(hours=int(sign[2]), minutes=int(sign[3] or 0))
    return timezone(-shift if sign[1] == "-" else shift) if shift < timedelta(hours=24) else None
