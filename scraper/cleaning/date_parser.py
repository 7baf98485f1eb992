"""Reads a date in a text: Jalali or Gregorian, with the month as a name or as a number.

    >>> scan("چهارشنبه ۲۰ دی ۱۴۰۲ - ۲۲:۳۵").at
    datetime.datetime(2024, 1, 10, 19, 5, tzinfo=datetime.timezone.utc)

A year from 1250 to 1430 is Jalali wherever it stands, also in ISO strings: WP-Parsidate and
WP-Jalali write «1402-10-20T22:35:00+00:00» into meta names and JSON-LD, with a wrong offset. From
1431 to 1500 it is a year of the lunar calendar, which is not read. A text without a real day gives
None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple
from urllib.parse import unquote

from persiantools.jdatetime import JalaliDate

from archive.text.fold import fold
from archive.times.days import TEHRAN
from scraper.cleaning import ago
from scraper.cleaning.clock import CLOCK, time_of_day
from scraper.cleaning.month_names import DAYS, MONTHS, Month

_JALALI = range(1250, 1501)
# Later than that a number is a year of the lunar calendar: 1431 began in 2009.
_LUNAR = 1431
_LUNAR_AHEAD = range(40, 45)
_GREGORIAN = range(1990, 2100)


class Moment(NamedTuple):
    """An instant in UTC; `exact` is False when only the day is known (then noon, local)."""

    at: datetime
    exact: bool


class _Written(NamedTuple):
    """A day as a text writes it; `named` is its month if that is a word."""

    year: int
    month: int
    day: int
    named: Month | None
    found: re.Match[str]


_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
# No month is shorter, so a date in digits need not be searched for names.
_WORD = re.compile(r"[^\W\d_]{2}")
_DAY_NAME_YEAR = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:ام|م|st|nd|rd|th)?\s*(?P<name>{_NAME})(?:\s*ماه)?\.?\s*[,،]?"
    r"\s*(?:سال\s+)?(?P<year>\d{4})(?!\d)"
)
_SPOKEN_DAY = re.compile(
    rf"(?<!\w)(?P<day>{'|'.join(sorted(DAYS, key=len, reverse=True))})\s+(?P<name>{_NAME})"
    r"(?:\s*ماه)?\s*[,،]?\s*(?:سال\s+)?(?P<year>\d{4})(?!\d)"
)
_NAME_DAY_YEAR = re.compile(
    rf"(?<!\w)(?P<name>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:ام|م|st|nd|rd|th)?\s*[,،]?"
    r"\s*(?P<year>\d{4})(?!\d)"
)
_YEAR_NAME_DAY = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})\s*[,،]?\s*(?P<name>{_NAME})\s*(?P<day>\d{{1,2}})(?![\d:])"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([-/.٫])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(?:\d\d)?(z|[+-]\d\d:?\d\d)?)?")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.٫])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d/.:-])(\d\d)\s?/\s?(\d{1,2})\s?/\s?(\d{1,2})(?![\d/.])")
_NAMED_SHORT = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s*(?P<name>{_NAME})(?:\s*ماه)?\s*(?P<year>[7-9]\d|0\d)(?=\s*(?:$|[-–|،,]|ساعت|\d\d?:))"
)
_PERSIAN_DIGIT = re.compile("[\u06f0-\u06f9\u0660-\u0669]")
_LUNAR_BEHIND = re.compile(r"\s*[(،,]?\s*(?:هجری\s*)?(?:قمری|ه\s?\.?\s?ق(?!\w)|lunar|ah(?!\w))")
# Rank Math's date through WP-Parsidate: the offset stands before the time as well.
_DOUBLED = re.compile(r"[+-]\d{4}(?=\d\d:\d\d:\d\d[+-])")
# Words that a line may have beside its date: weekdays, calendars, labels, counters.
_BESIDE = re.compile(
    r"(?<!\w)(?:(?:یک|دو|سه|چهار|پنج)?\s?شنبه|جمعه|آدینه|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|در|روز|ساعت|تاریخ|زمان|انتشار|درج|ارسال|ثبت|نوشته|منتشر|شده|خورشیدی|شمسی|قمری|میلادی|هجری"
    r"|ه|ش|ق|م|مورخ|کد|شناسه|شماره|خبر|مطلب|مقاله|بازدید|نظر|دیدگاه|دقیقه|مطالعه|خواندن|ماه|سال"
    r"|on|at|posted|published|date|by)(?!\w)"
)
# A label right before a date, a weekday or a clock between them.
_LABEL = re.compile(r"([^\W\d_]+)\s*:\s*(?:[^\W\d_]*شنبه|جمعه)?[\s،,\d:-]*$")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_PARTS = re.compile(r"\s[-–—/]\s|[|•·]|\s(?:برابر|مصادف|مطابق) با\s")
# A date in digits with blanks beside its slashes, which separate no parts.
_SPACED = re.compile(r"(?<!\d)(\d{1,4}) ?/ ?(\d{1,2}) ?/ ?(\d{1,4})(?!\d)")
_RELATIVE = re.compile(rf"(?:{_BESIDE.pattern}|[\s:،])*+{ago.AGO}")
_IN_PATH = re.compile(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:/|-|$)")
# Years of two digits are from 1374 on: older than that no news site is.
_SHORT_FIRST = 74
_SHORT_LATEST = datetime(2036, 1, 1)


def scan(text: str, captured: datetime | None = None, zone: tzinfo | None = None) -> Moment | None:
    """The first date in the first 300 characters of `text`; None if there is none.

    A relative one («۳ ساعت پیش») is read only if the instant of capture is given. A date without a
    time is noon of that day, so that it is the same day in Iran and in UTC. `zone` is the site's
    time zone, for a text that names none; without it Tehran's is used.
    """
    folded = _DOUBLED.sub(" ", fold(text[:300]).replace("\\", " "))
    if compact := _COMPACT.fullmatch(folded.strip()):
        folded = f"{compact[1]}-{compact[2]}-{compact[3]}"
        folded += f" {compact[4]}:{compact[5]}{compact[6] or ''}" if compact[4] else ""
    found = _day(folded) or _short(text, folded, captured)
    if found is None:
        return _relative(folded, captured) if captured else None
    day, named, jalali, (start, end) = found
    return _at(day, named or zone or TEHRAN, folded[end:], folded[:start], jalali)


def told_by_address(url: str) -> str | None:
    """The day in an address such as /1404/08/29/slug/, as text for `scan`.

    >>> told_by_address("https://khabar.example/1404/08/29/baran/")
    '1404-08-29'
    """
    found = _IN_PATH.search(unquote(url))
    return "-".join(found.groups()) if found else None


def is_bare(text: str) -> bool:
    """Whether a part of a short line is a date and nothing else of meaning: «شنبه ۳۰ آبان ۱۴۰۵».

    >>> is_bare("منتشر شده: ۳ ساعت پیش"), is_bare("سه روز پیش در بم چه شد")
    (True, False)
    >>> is_bare("نسترن | شنبه ۳۰ آبان ۱۴۰۵ - ۰۸:۱۵"), is_bare("از زلزلهٔ ۵ دی ۱۳۸۲ تا امروز")
    (True, False)
    """
    for part in _PARTS.split(_SPACED.sub(r"\1/\2/\3", fold(text[:300]))):
        if _RELATIVE.fullmatch(part.strip()):
            return True
        if found := _day(part) or _short(text, part, None):
            start, end = found[3]
            beside = _BESIDE.sub(" ", CLOCK.sub(" ", f"{part[:start]} {part[end:]}"))
            if not _WORD.search(beside):
                return True
    return False


def is_labelled_so(text: str, most: int | None) -> bool:
    """Whether the date in a text may be that of a publication by what stands around it: no label of
    another day («مهلت: ۱۲ دی ۱۴۰۵»), and at most `most` other words (None: any number).

    >>> is_labelled_so("تاریخ: ۱۲ دی ۱۴۰۵", 3), is_labelled_so("مهلت: ۱۲ دی ۱۴۰۵", 3)
    (True, False)
    """
    folded = fold(text[:300])
    found = _day(folded) or _short(text, folded, None)
    if found is None or is_bare(text):
        return True
    start, end = found[3]
    label = _LABEL.search(folded, 0, start)
    if (label and not _BESIDE.fullmatch(label[1]) and label[1] != "است") or folded[
        end:
    ].lstrip().startswith("؛"):
        return False
    beside = _BESIDE.sub(" ", CLOCK.sub(" ", f"{folded[:start]} {folded[end:]}"))
    return most is None or len(_WORDS.findall(beside)) <= most


def _day(folded: str) -> tuple[datetime, tzinfo | None, bool, tuple[int, int]] | None:
    """The first real day in a folded text: its midnight, the time zone of its month's name if it
    has one, whether it is Jalali, and its place in the text."""
    days = sorted(_days(folded), key=lambda day: day.found.start())
    for year, number, day, named, found in days:
        jalali = year in _JALALI
        if (named and named.jalali != jalali) or (jalali and _is_lunar(year, days, folded, found)):
            continue
        date = _gregorian(year, number, day, jalali)
        if date:
            return date, named.zone if named else None, jalali, found.span()
    return None


def _days(folded: str) -> Iterator[_Written]:
    if _WORD.search(folded):
        for pattern in (_DAY_NAME_YEAR, _SPOKEN_DAY, _NAME_DAY_YEAR, _YEAR_NAME_DAY):
            for found in pattern.finditer(folded):
                month, day = MONTHS[found["name"]], DAYS.get(found["day"]) or int(found["day"])
                yield _Written(int(found["year"]), month.number, day, month, found)
    for found in _YEAR_FIRST.finditer(folded):
        year, number, day = map(int, found.group(1, 3, 4))
        yield _Written(year, number, day, None, found)
    for found in _YEAR_LAST.finditer(folded):
        day, number, year = map(int, found.group(1, 3, 4))
        if "/" in found[0] and year not in _JALALI:
            # 03/04/2024 may be the third of April or the fourth of March; 8/26/2025 is clear.
            if max(day, number) <= 12 and day != number:
                continue
            day, number = (number, day) if number > 12 else (day, number)
        yield _Written(year, number, day, None, found)


def _is_lunar(year: int, days: list[_Written], folded: str, found: re.Match[str]) -> bool:
    """Whether a year is of the lunar calendar: a word behind it says so, or it is 1431 or later, or
    a date of the solar calendar stands beside it."""
    return (
        year >= _LUNAR
        or bool(_LUNAR_BEHIND.match(folded, found.end()))
        or any(year - other.year in _LUNAR_AHEAD for other in days)
    )


def _short(
    text: str, folded: str, captured: datetime | None
) -> tuple[datetime, tzinfo | None, bool, tuple[int, int]] | None:
    """A date such as «۹۸/۰۸/۳۰» or «۳۰ آبان ۹۸» in Persian digits, if only one reading of it is a
    possible day."""
    if not _PERSIAN_DIGIT.search(text):
        return None
    if found := _SHORT_YEAR.search(folded):
        first, number, last = map(int, found.groups())
        read = {(first, last), (last, first)}
    elif (found := _NAMED_SHORT.search(folded)) and MONTHS[found["name"]].jalali:
        number, read = MONTHS[found["name"]].number, {(int(found["year"]), int(found["day"]))}
    else:
        return None
    latest = (captured or _SHORT_LATEST).replace(tzinfo=None) + timedelta(days=2)
    readings = {
        date
        for year, day in read
        if (date := _gregorian(year + (1300 if year >= _SHORT_FIRST else 1400), number, day, True))
        and date <= latest
    }
    return (readings.pop(), None, True, found.span()) if len(readings) == 1 else None


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
    time = time_of_day(after[:40], before[-40:])
    if time is None:
        return Moment((day + timedelta(hours=12)).replace(tzinfo=zone).astimezone(UTC), False)
    # A plugin that made the date Jalali wrote local time, so its "+00:00" is wrong.
    if time.offset is not None and not (jalali and not time.offset.utcoffset(None)):
        zone = time.offset
    return Moment((day + time.since_midnight).replace(tzinfo=zone).astimezone(UTC), True)


def _relative(folded: str, captured: datetime) -> Moment | None:
    day = ago.day_of(folded, captured)
    return _at(day, TEHRAN, folded, "", True) if day else None
