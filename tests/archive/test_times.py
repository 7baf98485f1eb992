"""Days are Iran's, by either calendar: where they begin, and how people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.times.days import (
    Days,
    begin_of,
    day_in_iran,
    end_of,
    gregorian,
    jalali,
    read_days,
    utc,
)  # fmt: skip

READ = {
    "2026-11-22": (date(2026, 11, 22), date(2026, 11, 22)),
    "1405-09-01": (date(2026, 11, 22), date(2026, 11, 22)),
    "1405/9/1": (date(2026, 11, 22), date(2026, 11, 22)),
    "۱۴۰۵/۰۹/۰۱": (date(2026, 11, 22), date(2026, 11, 22)),
    "١٤٠٥-٠٩-٠١": (date(2026, 11, 22), date(2026, 11, 22)),
    "1404-05": (date(2025, 7, 23), date(2025, 8, 22)),
    "1404": (date(2025, 3, 21), date(2026, 3, 20)),
    "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
    "2024-12": (date(2024, 12, 1), date(2024, 12, 31)),
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    # 1403 is a leap year, 1404 is none.
    "1403-12-30": (date(2025, 3, 20), date(2025, 3, 20)),
    "1403-12": (date(2025, 2, 19), date(2025, 3, 20)),
    "1404-12": (date(2026, 2, 20), date(2026, 3, 20)),
}
NO_DATES = ["", "soon", "1404-12-30", "1404-13", "1404-07-31", "2026-02-29", "1404-", "404", "0000"]
NO_DATES += ["1404-05-01-01", "9999", "01-05-1404", "1404-00", "2026-11-22T08:00"]


@pytest.mark.parametrize(("text", "days"), READ.items())
def test_a_date_as_people_write_it(text: str, days: tuple[date, date]) -> None:
    assert read_days(text) == Days(*days)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_days(text)


@pytest.mark.parametrize(
    ("day", "begin"),
    [
        (date(2025, 3, 21), "2025-03-20T20:30:00Z"),
        (date(2026, 7, 23), "2026-07-22T20:30:00Z"),
        # Summer time of 1401, the last: it began at the midnight that ends its first day of
        # spring, which that day's clock therefore never showed.
        (date(2022, 3, 22), "2022-03-21T20:30:00Z"),
        (date(2022, 3, 23), "2022-03-22T19:30:00Z"),
        (date(2022, 9, 21), "2022-09-20T19:30:00Z"),
        (date(2022, 9, 22), "2022-09-21T20:30:00Z"),
        (date(2012, 7, 1), "2012-06-30T19:30:00Z"),
    ],
)
def test_where_a_day_begins(day: date, begin: str) -> None:
    assert utc(begin_of(day)) == begin


@given(st.dates(date(1996, 1, 1), date(2060, 1, 1)))
def test_a_day_holds_the_instants_whose_jalali_day_it_is(day: date) -> None:
    begin, end = begin_of(day), end_of(day)
    assert jalali(begin) == jalali(end - timedelta(seconds=1))
    assert jalali(begin - timedelta(seconds=1)) != jalali(begin) != jalali(end)
    assert read_days(jalali(begin) or "") == Days(day, day)


def test_a_jalali_date_in_a_gregorian_place() -> None:
    assert gregorian(date(1404, 5, 1)) == date(2025, 7, 23)
    assert gregorian(date(2025, 7, 23)) == date(2025, 7, 23)
    with pytest.raises(ValueError, match="day"):
        gregorian(date(1404, 10, 31))


def test_strings_compare_as_their_instants() -> None:
    moments = [datetime(622, 3, 22, tzinfo=UTC), begin_of(date(2025, 3, 21)), datetime.now(UTC)]
    assert sorted(map(utc, moments)) == [utc(moment) for moment in moments]


def test_the_last_hours_of_the_calendar_have_a_day() -> None:
    """In Iran it is a year that no date can name."""
    assert day_in_iran("9999-12-31T23:59:59Z") == date(9999, 12, 31)
    assert day_in_iran("0001-01-01T00:00:00Z") == date(1, 1, 1)
