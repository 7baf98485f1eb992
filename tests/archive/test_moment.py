"""Dates as WARC files have them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.times.warc_date import moment

TEN = datetime(2019, 3, 1, 10, tzinfo=UTC)
MIDNIGHT = datetime(2019, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2019-03-01T10:00:00Z", "2019-03-01t10:00:00z", "2019-03-01T10:00:00.000000000Z",
        "2019-03-01T10:00:00", "2019-03-01 10:00:00", "2019-03-01T10:00Z", "2019-03-01 10:00",
        "2019/03/01 10:00:00", "20190301100000", "201903011000", "20190301T100000Z",
        "20190301100000000", "2019-03-01T13:30:00+03:30", "2019-03-01T13:30:00+0330",
        "2019-03-01T05:00:00-05", "2019-03-01 10:00:00 UTC", " 2019-03-01T10:00:00Z ",
        "Fri, 01 Mar 2019 10:00:00 GMT", "Fri, 01 Mar 2019 13:30:00 +0330",
        "Friday, 01-Mar-19 10:00:00 GMT", "Fri Mar  1 10:00:00 2019",
    ],
)  # fmt: skip
def test_an_instant_however_it_is_written(text: str) -> None:
    assert moment(text) == TEN
    found = moment(text)
    assert found is not None and found.utcoffset() == MIDNIGHT.utcoffset()


@pytest.mark.parametrize("text", ["2019-03-01", "20190301", "2019-03", "2019-03-01T00:00:00Z"])
def test_what_is_missing_is_the_first_instant(text: str) -> None:
    assert moment(text) == MIDNIGHT


def test_parts_of_a_second_and_a_leap_second() -> None:
    assert moment("2019-03-01T10:00:00.123456789Z") == TEN.replace(microsecond=123456)
    assert moment("2019-03-01T10:00:00.5Z") == TEN.replace(microsecond=500000)
    assert moment("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [None, "", "yesterday", "2019-13-01", "2019-02-30T10:00:00Z", "00000000000000", "2019-03-01T25",
     "0000-00-00 00:00:00", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-01:00", "1" * 5000,
     "Fri, 99 Mar 2019 10:00:00 GMT", "۲۰۱۹-۰۳-۰۱", "2019-03-01T10:00:00Z, 2019"],
)  # fmt: skip
def test_what_names_no_instant(text: str | None) -> None:
    assert moment(text) is None


@given(st.text(max_size=40) | st.from_regex(r"[0-9TZ:.,+ -]{0,30}", fullmatch=True))
def test_any_text_gives_an_instant_in_utc_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is UTC
