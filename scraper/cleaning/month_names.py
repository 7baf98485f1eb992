"""The names of months as Persian, Afghan and English pages spell them."""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo
from typing import NamedTuple

from archive.text.fold import fold

KABUL = timezone(timedelta(hours=4, minutes=30))

_IRANIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
# As Iranian plugins write them in Latin letters.
_LATIN = (
    "farvardin",
    "ordibehesht",
    "khordad",
    "tir",
    "mordad amordad",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey day",
    "bahman",
    "esfand",
)
_DARI = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
_PASHTO = "وری غویی غبرگولی چنگاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"
# Several spellings of a Gregorian month, Iranian first, then Afghan, English
# and Arabic.
_GREGORIAN = (
    "ژانویه جنوری january jan يناير",
    "فوریه فبروری february feb فبراير",
    "مارس مارچ march mar",
    "آوریل اپریل april apr أبريل",
    "مه می may مايو",
    "ژوئن جون june jun يونيو",
    "ژوئیه ژوییه جولای july jul يوليو",
    "اوت آگوست اگست اگوست august aug أغسطس",
    "سپتامبر سپتمبر september sept sep سبتمبر",
    "اکتبر اکتوبر october oct أكتوبر",
    "نوامبر نومبر november nov نوفمبر",
    "دسامبر دسمبر december dec ديسمبر",
)


# The days of a month as a newspaper writes them: «سه‌شنبه چهارم شهریور».
_ORDINALS = (
    "اول یکم", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم", "یازدهم",
    "دوازدهم", "سیزدهم", "چهاردهم", "پانزدهم", "شانزدهم", "هفدهم", "هجدهم هیجدهم", "نوزدهم",
    "بیستم",
)  # fmt: skip


class Month(NamedTuple):
    """A month's number (from 1), its calendar, and the time zone, if the name is only Afghan."""

    number: int
    jalali: bool
    zone: tzinfo | None


def _months() -> dict[str, Month]:
    table = {name: Month(n, True, None) for n, name in enumerate(_IRANIAN.split(), 1)}
    for number, spellings in enumerate(_LATIN, 1):
        table |= {name: Month(number, True, None) for name in spellings.split()}
    table |= {"اردی بهشت": Month(2, True, None)}
    table |= {"امرداد": Month(5, True, None), "سپند": Month(12, True, None)}
    for names in (_DARI, _PASHTO):
        table |= {name: Month(n, True, KABUL) for n, name in enumerate(names.split(), 1)}
    for number, spellings in enumerate(_GREGORIAN, 1):
        table |= {name: Month(number, False, None) for name in spellings.split()}
    return {fold(name): month for name, month in table.items()}


def _days() -> dict[str, int]:
    table = {name: n for n, names in enumerate(_ORDINALS, 1) for name in names.split()}
    units = {name: n for name, n in table.items() if n < 10}
    table |= {f"بیست و {name}": 20 + n for name, n in units.items()}
    table |= {"سیام": 30, "سی ام": 30, "سی و یکم": 31, "سی و اول": 31}
    return {fold(name): n for name, n in table.items()}


MONTHS = _months()
DAYS = _days()
