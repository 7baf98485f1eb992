"""The words, numbers and dates of a page in one language.

>>> page = PageLanguage("fa")
>>> page.direction, page.number(1404), page.day(date(2025, 11, 20))
('rtl', '۱٬۴۰۴', '۱۴۰۴/۰۸/۲۹')

In Persian dates are those of the Jalali calendar. A day and an hour are Iran's in both languages.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archive.times.days import in_iran, jalali_day

LANGUAGES = ("fa", "en")
_DIGITS = str.maketrans("0123456789,-", "۰۱۲۳۴۵۶۷۸۹٬/")


class PageLanguage:
    """One of LANGUAGES. `words` are the tables of its TOML file (`fa.toml`)."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.direction = "rtl" if code == "fa" else "ltr"
        path = Path(__file__).with_name(f"{code}.toml")
        self.words: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))

    def number(self, count: int) -> str:
        """`count` with its thousands apart."""
        return self._told(f"{count:,}")

    def day(self, day: date | str) -> str:
        """A day in Iran; a text is its ISO form."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        if self.code != "fa":
            return day.isoformat()
        try:
            return self._told(jalali_day(day))
        except ValueError:  # it has no Jalali date
            return day.isoformat()

    def month(self, name: str) -> str:
        """A Jalali month, such as `1404-08`."""
        return self._told(name)

    def moment(self, moment: datetime | str) -> str:
        """An instant (ISO 8601 if it is a text) as the day and the hour in Iran."""
        instant = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        there = in_iran(instant)
        return f"{self.day(there.date())} {self._told(f'{there:%H:%M}')}"

    def named(self, value: str, table: str) -> str:
        """What a reader calls a word of the ledgers, such as `erased`; the word itself if there is
        no name for it."""
        return str(self.words[table].get(value, value))

    def _told(self, text: str) -> str:
        return text.translate(_DIGITS) if self.code == "fa" else text
