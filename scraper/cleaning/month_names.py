"""The names of months as Persian, Afghan and English pages spell them."""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo
from typing import NamedTuple

from archive.text.fold import fold

KABUL = timezone(timedelta(hours=4, minutes=30))

_IRANIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_DARI = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
_PASHTO = "وری غویی غبرگولی چنگاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب"
# Several spellings of a Gregorian month, Iranian first, then Afghan and English.
_GREGORIAN = (
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


class Month(NamedTuple):
    """A month's number (from 1), its calendar, and the time zone, if the name is only Afghan."""

    number: int
    jalali: bool
    zone: tzinfo | None


def _months() -> dict[str, Month]:
    table = {name: Month(n, True, None) for n, name in enumerate(_IRANIAN.split(), 1)}
    table |= {"امرداد": Month(5, True, None), "سپند": Month(12, True, None)}
    for names in (_DARI, _PASHTO):
        table |= {name: Month(n, True, KABUL) for n, name in enumerate(names.split(), 1)}
    for number, spellings in enumerate(_GREGORIAN, 1):
        table |= {name: Month(number, False, None) for name in spellings.split()}
    return {fold(name): month for name, month in table.items()}


MONTHS = _months()
