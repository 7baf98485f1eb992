"""The visible dates of the site: the Iranian calendar from a table of new years."""

from datetime import date, datetime, timedelta

from tests.newsroom.post import TEHRAN
from tests.newsroom.stories import persian_digits
from tests.newsroom.words import MONTHS

NEW_YEARS = {
    1402: date(2023, 3, 21),
    1403: date(2024, 3, 20),
    1404: date(2025, 3, 21),
    1405: date(2026, 3, 21),
    1406: date(2027, 3, 21),
    1407: date(2028, 3, 20),
    1408: date(2029, 3, 20),
}
"""The first day of each year; the newsroom publishes nothing older or newer."""


def jalali(day: date) -> tuple[int, int, int]:
    """
    >>> jalali(date(2025, 11, 20))
    (1404, 8, 29)
    """
    year = max(y for y, first in NEW_YEARS.items() if first <= day)
    left = (day - NEW_YEARS[year]) // timedelta(days=1)
    if left < 6 * 31:
        return year, left // 31 + 1, left % 31 + 1
    left -= 6 * 31
    return year, left // 30 + 7, left % 30 + 1


def spelled(moment: datetime) -> str:
    """As a reader sees it in Tehran: «۲۹ آبان ۱۴۰۴ - ۱۳:۰۰»."""
    local = moment.astimezone(TEHRAN)
    year, month, day = jalali(local.date())
    clock = (
        f"{persian_digits(local.hour).rjust(2, '۰')}:{persian_digits(local.minute).rjust(2, '۰')}"
    )
    return f"{persian_digits(day)} {MONTHS[month - 1]} {persian_digits(year)} - {clock}"
