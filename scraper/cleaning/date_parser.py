"""Reads one date out of a text: Jalali or Gregorian, in Persian, English or machine spelling.

    >>> scan("چهارشنبه ۲۰ دی ۱۴۰۲ - ۲۲:۳۵").at
    datetime.datetime(2024, 1, 10, 19, 5, tzinfo=datetime.timezone.utc)

A year from 1250 to 1500 is Jalali wherever it stands, in ISO strings too: WP-Parsidate and
WP-Jalali write «1402-10-20T22:35:00+00:00» into meta names and JSON-LD, with a wrong
offset. A text that names no real day gives None, never a guess.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from persiantools.jdatetime import JalaliDate

from archive.text.fold import fold
from archive.times.days import TEHRAN

_JALALI = range(1250, 1501)
_GREGORIAN = range(1990, 2100)
_KABUL = timezone(timedelta(hours=4, minutes=30))

_IRANIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_AFGHAN = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
# Several spellings of a Gregorian month, Iranian first, then Afghan and English.
_GREGORIAN_MONTHS = (
    "ژانویه جنوری january jan",
    "فوریه فبروری february feb",
    "مارس مارچ march mar",
    "آوریل اپریل april apr",
    "مه می may",
    "ژوئن جون june jun",
    "ژوئیه ژوییه جولای july jul",
    "اوت آگوست اگست اگوست august aug",
    "سپتامبر سپتمبر september sept sep",
    "اکتبر اکتوبر october oct",
    "نوامبر نومبر november nov",
    "دسامبر دسمبر december dec",
)


class Moment(NamedTuple):
    """An instant in UTC; `exact` is False when only the day is known (then noon, local)."""

    at: datetime
    exact: bool


class _Month(NamedTuple):
    number: int
    jalali: bool
    zone: tzinfo | None


def _months() -> dict[str, _Month]:
    table = {name: _Month(n, True, None) for n, name in enumerate(_IRANIAN.split(), 1)}
    table |= {"امرداد": _Month(5, True, None), "سپند": _Month(12, True, None)}
    table |= {name: _Month(n, True, _KABUL) for n, name in enumerate(_AFGHAN.split(), 1)}
    for number, names in enumerate(_GREGORIAN_MONTHS, 1):
        table |= {name: _Month(number, False, None) for name in names.split()}
    return {fold(name): month for name, month in table.items()}


_MONTHS = _months()
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
# No month is shorter: a stamp of a machine need not be searched for names.
_WORD = re.compile(r"[^\W\d_]{2}")
_DAY_NAME_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:ام|م|st|nd|rd|th)?\s+({_NAME})(?:\s*ماه)?\.?\s*[,،]?\s*(?:سال\s+)?(\d{{4}})(?!\d)"
)
_NAME_DAY_YEAR = re.compile(
    rf"(?<!\w)({_NAME})\.?\s+(\d{{1,2}})(?:ام|م|st|nd|rd|th)?\s*[,،]?\s*(\d{{4}})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.٫]\s?(\d{1,2})\s?[-/.٫]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.٫]\s?(\d{1,2})\s?[-/.٫]\s?(\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:+-])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*"
    r"(z(?!\w)|[+-]\d{2}:?\d{2}(?!\d)|[ap]\.?m\b|ق\.?\s?ظ|ب\.?\s?ظ"
    r"|قبل از ظهر|بعد از ظهر|صبح|عصر|شب)?"
)
_AGO = re.compile(r"(\d+|یک|دو|سه)\s*(ثانیه|دقیقه|ساعت|روز)\s*(?:پیش|قبل)")
_AGO_ENGLISH = re.compile(r"(\d+)\s*(second|minute|min|hour|day)s?\s*ago")
_UNITS = {
    "ثانیه": timedelta(seconds=1), "second": timedelta(seconds=1),
    "دقیقه": timedelta(minutes=1), "minute": timedelta(minutes=1), "min": timedelta(minutes=1),
    "ساعت": timedelta(hours=1), "hour": timedelta(hours=1),
    "روز": timedelta(days=1), "day": timedelta(days=1),
}  # fmt: skip
_NUMBERS = {"یک": 1, "دو": 2, "سه": 3}


def scan(text: str, captured: datetime | None = None) -> Moment | None:
    """The first date in `text`; relative ones («۳ ساعت پیش») only with the capture's instant.

    A date without time is that day's noon, so that it is the same day in Iran and in UTC.
    """
    folded = fold(text[:300]).replace("\\", " ")
    found = _day(folded)
    if found is None:
        return _relative(folded, captured) if captured else None
    day, zone, jalali, span = found
    return _at(day, zone or TEHRAN, folded[span[1] :], folded[: span[0]], jalali)


def _day(folded: str) -> tuple[datetime, tzinfo | None, bool, tuple[int, int]] | None:
    """The first real day in the text: midnight, its zone if named, calendar, place."""
    candidates: list[tuple[int, int, int, int, _Month | None, re.Match[str]]] = []
    worded = folded if _WORD.search(folded) else ""
    for found in _DAY_NAME_YEAR.finditer(worded):
        month = _MONTHS[found[2]]
        candidates.append((found.start(), int(found[3]), month.number, int(found[1]), month, found))
    for found in _NAME_DAY_YEAR.finditer(worded):
        month = _MONTHS[found[1]]
        candidates.append((found.start(), int(found[3]), month.number, int(found[2]), month, found))
    for found in _YEAR_FIRST.finditer(folded):
        year, number, day = map(int, found.groups())
        candidates.append((found.start(), year, number, day, None, found))
    for found in _YEAR_LAST.finditer(folded):
        day, number, year = map(int, found.groups())
        # 03/04/2024 is the third of April or the fourth of March: nobody can tell.
        if "/" in found[0] and year not in _JALALI and day <= 12 and day != number:
            continue
        candidates.append((found.start(), year, number, day, None, found))
    for _, year, number, day, named, found in sorted(candidates, key=lambda item: item[0]):
        jalali = year in _JALALI
        if named and named.jalali != jalali:
            continue
        date = _gregorian(year, number, day, jalali)
        if date:
            return date, named.zone if named else None, jalali, found.span()
    return None


def _gregorian(year: int, month: int, day: int, jalali: bool) -> datetime | None:
    try:
        if jalali:
            # persiantools carries no annotations.
            date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
            return datetime(date.year, date.month, date.day)
        return datetime(year, month, day) if year in _GREGORIAN else None
    except ValueError:
        return None


def _at(day: datetime, zone: tzinfo, after: str, before: str, jalali: bool) -> Moment:
    clock = _CLOCK.search(after[:40]) or _CLOCK.search(before[-40:])
    time = _time(clock) if clock else None
    if clock is None or time is None:
        return Moment((day + timedelta(hours=12)).replace(tzinfo=zone).astimezone(UTC), False)
    offset = _offset(clock[4] or "")
    # A plugin that turned the date into Jalali wrote local time; its "+00:00" is not true.
    if offset is not None and not (jalali and not offset.utcoffset(None)):
        zone = offset
    return Moment((day + time).replace(tzinfo=zone).astimezone(UTC), True)


def _time(clock: re.Match[str]) -> timedelta | None:
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    half = (clock[4] or "").replace(".", "").replace(" ", "")
    if half in ("pm", "بظ", "بعدازظهر", "عصر", "شب") and hour < 12:
        hour += 12
    elif half in ("am", "قظ", "قبلازظهر", "صبح") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _offset(text: str) -> timezone | None:
    if text == "z":
        return UTC
    if text[:1] not in ("+", "-"):
        return None
    digits = text[1:].replace(":", "")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if text[0] == "-" else shift) if shift < timedelta(hours=24) else None


def _relative(folded: str, captured: datetime) -> Moment | None:
    """«۳ ساعت پیش» means from three to four hours ago: a day only if both ends agree on it."""
    local = captured.astimezone(TEHRAN)
    if len(folded) < 40 and "دیروز" in folded:
        return _at(_midnight(local - timedelta(days=1)), TEHRAN, folded, "", True)
    found = _AGO.search(folded) or _AGO_ENGLISH.search(folded)
    if not found:
        return None
    number, unit = _NUMBERS.get(found[1]) or int(found[1][:4]), _UNITS[found[2]]
    if unit >= timedelta(days=1):
        # WordPress's human_time_diff() rounds: "2 days" is anything from 1.5 to 2.5.
        return None if number > 1 else _same_day(local, unit * 0.96, unit * 1.5)
    return _same_day(local, unit * number, unit * (number + 1))


def _same_day(local: datetime, least: timedelta, most: timedelta) -> Moment | None:
    late, early = local - least, local - most
    if late.date() != early.date():
        return None
    noon = _midnight(late) + timedelta(hours=12)
    return Moment(noon.replace(tzinfo=TEHRAN).astimezone(UTC), False)


def _midnight(local: datetime) -> datetime:
    return datetime(local.year, local.month, local.day)
