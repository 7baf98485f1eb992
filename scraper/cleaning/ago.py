"""Reads a day that a text tells by the hour of reading: «۳ ساعت پیش», «دیروز», «امروز ۱۰:۳۰».

All texts here are folded (archive.text.fold).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from archive.times.days import TEHRAN
from scraper.cleaning.clock import CLOCK

_COUNTED = re.compile(r"(\d+|یک|دو|سه)\s*(ثانیه|دقیقه|ساعت|روز)\s*(?:پیش|قبل)")
_ENGLISH = re.compile(r"(\d+)\s*(second|minute|min|hour|day)s?\s*ago")
_FEW = re.compile(r"(?:لحظاتی|لحظه ای|دقایقی|چند (?:لحظه|ثانیه|دقیقه))\s*(?:پیش|قبل)")
AGO = rf"(?:{_COUNTED.pattern}|{_ENGLISH.pattern}|{_FEW.pattern}|دیروز)"
"""A pattern of such words, without «امروز»: alone that says nothing."""
_UNITS = {
    "ثانیه": timedelta(seconds=1), "second": timedelta(seconds=1),
    "دقیقه": timedelta(minutes=1), "minute": timedelta(minutes=1), "min": timedelta(minutes=1),
    "ساعت": timedelta(hours=1), "hour": timedelta(hours=1),
    "روز": timedelta(days=1), "day": timedelta(days=1),
}  # fmt: skip
_NUMBERS = {"یک": 1, "دو": 2, "سه": 3}
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LONGEST = 40


def day_of(folded: str, captured: datetime) -> datetime | None:
    """The midnight, local, of the day that a text tells by the instant of capture. «۳ ساعت پیش» is
    three to four hours ago: None if that may be two different days."""
    local = captured.astimezone(TEHRAN)
    if len(folded) < _LONGEST and "دیروز" in folded:
        return _midnight(local - _DAY)
    if len(folded) < _LONGEST and "امروز" in folded and CLOCK.search(folded):
        return _midnight(local)
    if _FEW.search(folded):
        return _same_day(local, timedelta(0), _HOUR)
    found = _COUNTED.search(folded) or _ENGLISH.search(folded)
    if not found:
        return None
    number, unit = _NUMBERS.get(found[1]) or int(found[1][:4]), _UNITS[found[2]]
    if unit >= _DAY:
        # WordPress's human_time_diff() rounds: "2 days" is anything from 1.5 to 2.5.
        return None if number > 1 else _same_day(local, unit * 0.96, unit * 1.5)
    return _same_day(local, unit * number, unit * (number + 1))


def _same_day(local: datetime, least: timedelta, most: timedelta) -> datetime | None:
    late, early = local - least, local - most
    return _midnight(late) if late.date() == early.date() else None


def _midnight(local: datetime) -> datetime:
    return datetime(local.year, local.month, local.day)
